"""Results of a batch as a table: one row a firm, none lost, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from typing import IO

from ipcredit.assess import Assessment
from ipcredit.fields import FIELDS
from ipcredit.figures import Figures, chinese
from ipcredit.layout import folded, pad, printable, width
from ipcredit.needs import needs_of
from ipcredit.plan import FAIL, NO_POINTS, STATUSES
from ipcredit.reader import Title
from ipcredit.rules import Gate
from ipcredit.scoring import NONE, UNKNOWN
from ipcredit.steps import condition_title
from ipcredit.wording import amount, band_text, plain, say

_SEPARATOR = "; "
# A cell that begins with one of these is taken for a formula by spreadsheet programs.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


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
    """The rows of the result table, in the firms' order.

    ``missing`` names the fields on which an incomplete firm's answer depends.  Texts that a
    spreadsheet would take for a formula begin with an apostrophe.
    """
    names = assessment.firms.texts.get("name")
    codes = assessment.firms.texts.get("uscc")
    reasons = _Reasons(assessment, lang)
    for row in range(len(assessment)):
        status = assessment.status_of(row)
        found = [
            str(row + 1),
            harmless((names[row] if names else None) or ""),
            harmless((codes[row] if codes else None) or ""),
            status,
            assessment.tier_of(row) or "",
            _points(assessment, row),
        ]
        if assessment.parts:
            amounts = [assessment.line_of(name, row) for name in (*assessment.parts, "total")]
            found += ["" if value is None else str(value) for value in amounts]
            total = amounts[-1]
            found.append("" if total is None else amount(total, assessment.currency, lang))
        missing = [name for name, _ in needs_of(assessment, row)]
        found.append(harmless(_SEPARATOR.join(reasons.of(row))))
        found.append(_SEPARATOR.join(missing))
        yield found


def harmless(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula: an apostrophe before the sign.

    >>> harmless("=HYPERLINK(1)"), harmless("重庆某公司")
    ("'=HYPERLINK(1)", '重庆某公司')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _points(assessment: Assessment, row: int) -> str:
    column = assessment.codes.get(("points", "total"))
    if column is None or column[row] == NO_POINTS or assessment.status_of(row) == "invalid":
        return ""
    return plain(Fraction(int(column[row]), assessment.plan.scales["total"])).replace(",", "")


def short_reasons(assessment: Assessment, row: int, lang: str) -> list[str]:
    """Why a firm is not eligible, one short text each; empty where it is.

    >>> from ipcredit import Policy, assess
    >>> short_reasons(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}), 0, "en")
    ['At most 500 staff: not met (Staff: 501; required: ≤ 500)']
    """
    return _Reasons(assessment, lang).of(row)


class _Reasons:
    """Why firms of a batch are not eligible, in one language."""

    def __init__(self, assessment: Assessment, lang: str) -> None:
        self.a, self.lang = assessment, lang
        rules, currency = assessment.policy.rules, assessment.currency
        titles = Figures(assessment, 0).titles if len(assessment) else {}
        self.gates: list[tuple[Gate, Title]] = [
            (gate, condition_title(gate, currency, titles)) for gate in rules.gates
        ]

    def of(self, row: int) -> list[str]:
        """The reasons of one row."""
        status = self.a.status_of(row)
        if status == "refused":
            return self._refused(row)
        if status == "incomplete":
            labels = [FIELDS[name].label(self.lang) for name, _ in needs_of(self.a, row)]
            fields = say("words.list-comma", self.lang).join(labels)
            return [say("reason.incomplete", self.lang, fields=fields)]
        if status == "invalid":
            problems = self.a.firms.problems.get(row)
            if problems:
                return [problem.text(self.lang) for problem in problems]
            return [say("reason.expert-short", self.lang)]
        return []

    def _no_tier(self, figures: Figures) -> str:
        """What the tier is by, and what the lowest one needs."""
        tiers = self.a.policy.rules.tiers
        if tiers is None or tiers.indicator is None:
            return say("reason.no-tier", self.lang)
        table = tiers.indicator
        args = {
            "figure": figures.figure_text(table.measure, self.lang),
            "tier": tiers.labels[-1],
            "condition": band_text(table.bands[-1], table, self.a.currency, self.lang),
        }
        return say("step.tier-none", self.lang, **args)

    def _may_be_waived(self, gate: Gate, row: int) -> bool:
        return any(
            gate.name in item.waives and self.a.codes["confirm", item.name][row] == UNKNOWN
            for item in self.a.policy.rules.confirmations
        )

    def _refused(self, row: int) -> list[str]:
        figures = Figures(self.a, row)
        found = []
        for gate, title in self.gates:
            if self.a.codes["gate", gate.name][row] == FAIL and not self._may_be_waived(gate, row):
                given = figures.required(gate.condition, self.lang)
                outcome = say("step.gate-not-met", self.lang, given=given)
                text = say("reason.rule", self.lang, title=title.text(self.lang), outcome=outcome)
                found.append(chinese(text) if self.lang == "zh" else text)
        tier = self.a.codes.get(("tier", ""))
        if tier is not None and tier[row] == NONE:
            found.append(self._no_tier(figures))
        return found


def write_csv(assessment: Assessment, stream: IO[str], lang: str) -> None:
    """Write the result table as CSV (the caller opens the stream with ``newline=""``)."""
    writer = csv.writer(stream)
    writer.writerow(columns_of_result(assessment))
    writer.writerows(rows_of_result(assessment, lang))


def table_text(assessment: Assessment, lang: str, columns: int = 100) -> Iterator[str]:
    """The result table to be read: a line a firm, its reasons below it, the counts at the end.

    ``lang`` is ``zh`` or ``en``; lines are folded at ``columns``.
    """
    heads = ["row", "name", "status", "tier", "points", "line"]
    has_tiers = assessment.policy.rules.tiers is not None
    kept = [True, True, True, has_tiers, ("points", "total") in assessment.codes,
            bool(assessment.parts)]  # fmt: skip
    header = [say(f"table.{head}", lang) for head in heads]
    names = assessment.firms.texts.get("name")
    widest = max([width(header[1]), *(width(name or "") for name in names or ())])
    room = [max(len(str(len(assessment))), width(header[0])), min(widest, columns // 3),
            *(12, max(width(header[3]), 4), 8, 0)]  # fmt: skip
    yield _line(header, room, kept)
    reasons = _Reasons(assessment, lang)
    for row in range(len(assessment)):
        total = assessment.line_of("total", row) if assessment.parts else None
        cells = [
            str(row + 1),
            printable((names[row] if names else None) or ""),
            say(f"status.{assessment.status_of(row)}", lang),
            assessment.tier_of(row) or "-",
            _points(assessment, row) or "-",
            "-" if total is None else amount(total, assessment.currency, lang),
        ]
        yield _line(cells, room, kept)
        indent = " " * (room[0] + 2)
        for reason in reasons.of(row):
            yield from folded(printable(reason), columns, f"{indent}- ", f"{indent}  ")
    yield ""
    yield from folded(counts_text(assessment, lang), columns)


def _line(cells: list[str], room: list[int], kept: list[bool]) -> str:
    chosen = [pad(cell, size) for cell, size, keep in zip(cells, room, kept, strict=True) if keep]
    return "  ".join(chosen).rstrip()


def counts_text(assessment: Assessment, lang: str) -> str:
    """How many firms ended how, and the sum of the comprehensive lines of the eligible ones."""
    tally = {name: int((assessment.status == at).sum()) for at, name in enumerate(STATUSES)}
    text = say("cli.counts", lang, total=len(assessment), **tally)
    if not assessment.parts:
        return text
    eligible = (assessment.status == 0).nonzero()[0].tolist()
    total = sum(assessment.line_of("total", row) or 0 for row in eligible)
    money = amount(total, assessment.currency, lang)
    return text + say("words.semicolon", lang) + say("cli.sum", lang, sum=money)
