"""Results of a batch as a table: one row a firm, none lost, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from typing import IO

from ipcredit.assess import Assessment
from ipcredit.fields import FIELDS
from ipcredit.plan import FAIL, NO_POINTS, STATUSES
from ipcredit.scoring import NONE
from ipcredit.wording import amount, plain, say

_SEPARATOR = "; "


def columns_of_result(assessment: Assessment) -> list[str]:
    """The header of the result table; amounts are whole minor units under ``_fen``/``_minor``.

    The lines of the policy come between points and reasons, the comprehensive line also as text.
    """
    unit = "fen" if assessment.currency == "CNY" else "minor"
    lines = [f"{name}_line_{unit}" for name in assessment.parts]
    if lines:
        lines += [f"comprehensive_line_{unit}", "comprehensive_line"]
    return ["row", "name", "uscc", "status", "tier", "total_points", *lines, "reasons", "missing"]


def rows_of_result(assessment: Assessment, lang: str) -> Iterator[list[str]]:
    """The rows of the result table, in the firms' order."""
    names = assessment.firms.texts.get("name")
    codes = assessment.firms.texts.get("uscc")
    for row in range(len(assessment)):
        status = assessment.status_of(row)
        found = [
            str(row + 1),
            (names[row] if names else None) or "",
            (codes[row] if codes else None) or "",
            status,
            assessment.tier_of(row) or "",
            _points(assessment, row),
        ]
        if assessment.parts:
            amounts = [assessment.line_of(name, row) for name in (*assessment.parts, "total")]
            found += ["" if value is None else str(value) for value in amounts]
            total = amounts[-1]
            found.append("" if total is None else amount(total, assessment.currency, lang))
        found.append(_SEPARATOR.join(short_reasons(assessment, row, lang)))
        found.append(
            _SEPARATOR.join(assessment.missing_of(row)) if status == "incomplete" else ""
        )
        yield found


def _points(assessment: Assessment, row: int) -> str:
    column = assessment.codes.get(("points", "total"))
    if column is None or column[row] == NO_POINTS:
        return ""
    return plain(Fraction(int(column[row]), assessment.plan.scales["total"]))


def short_reasons(assessment: Assessment, row: int, lang: str) -> list[str]:
    """Why a firm is not eligible, one short text each; empty where it is.

    >>> from ipcredit import Policy, assess
    >>> short_reasons(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}), 0, "en")
    ['not met: At most 500 staff']
    """
    status = assessment.status_of(row)
    if status == "invalid":
        problems = assessment.firms.problems.get(row)
        return [p.text(lang) for p in problems] if problems else [say("reason.expert", lang)]
    if status == "refused":
        failed = [
            say("reason.gate", lang, rule=gate.title.text(lang) if gate.title else gate.name)
            for gate in assessment.policy.rules.gates
            if assessment.codes["gate", gate.name][row] == FAIL
        ]
        tier = assessment.codes.get(("tier", ""))
        if tier is not None and tier[row] == NONE:
            failed.append(say("step.tier-none", lang))
        return failed
    if status == "incomplete":
        labels = [FIELDS[name].label(lang) for name in assessment.missing_of(row)]
        return [
            say("reason.incomplete", lang, fields=say("words.list-comma", lang).join(labels))
        ]
    return []


def write_csv(assessment: Assessment, stream: IO[str], lang: str) -> None:
    """Write the result table as CSV (the caller opens the stream with ``newline=""``)."""
    writer = csv.writer(stream)
    writer.writerow(columns_of_result(assessment))
    writer.writerows(rows_of_result(assessment, lang))


def counts_text(assessment: Assessment, lang: str) -> str:
    """How many firms ended how, and the sum of the comprehensive lines of those determined."""
    tally = {name: int((assessment.status == at).sum()) for at, name in enumerate(STATUSES)}
    total = "-"
    if assessment.parts:
        known = [assessment.line_of("total", row) or 0 for row in range(len(assessment))]
        total = amount(sum(known), assessment.currency, lang)
    return say("cli.counts", lang, total=len(assessment), sum=total, **tally)
