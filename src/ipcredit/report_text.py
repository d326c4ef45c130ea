"""One firm's result as text for a terminal, Chinese, English or both."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ipcredit.assess import Assessment
from ipcredit.explain import Explanation, Step, explain
from ipcredit.lifts import Lift, what_is_missing
from ipcredit.plan import NO_POINTS
from ipcredit.reader import Title
from ipcredit.rates import Series, months_after, rate_on
from ipcredit.wording import amount, percent, plain, say
from fractions import Fraction

_MOST_LIFTS = 5


def width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two.

    >>> width("A 级"), width("tier")
    (4, 4)
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns."""
    return text + " " * max(columns - width(text), 0)


def score_text(
    assessment: Assessment, row: int = 0, lang: str = "zh", rates: Series | None = None,
    *, steps: bool = True,
) -> str:  # fmt: skip
    """The whole answer for one firm: result, reasons, steps with sources, what would lift it.

    ``lang`` is ``zh``, ``en`` or ``both`` (Chinese first, then English).
    """
    if lang == "both":
        return "\n\n".join(
            score_text(assessment, row, one, rates, steps=steps) for one in ("zh", "en")
        )
    found = explain(assessment, row)
    lines = [*_head(assessment, row, lang), "", *_result(assessment, row, lang, rates or {})]
    if found.reasons:
        lines += ["", say("report.reasons", lang)]
        lines += [f"  - {reason.text(lang)}" for reason in found.reasons]
    lines += _lifts(assessment, row, lang)
    if steps and found.steps:
        lines += ["", *_steps(found, assessment, lang)]
    lines += _sources(found, assessment, lang)
    lines += _assumed(found, assessment, lang)
    lines += ["", *(f"* {note.text(lang)}" for note in found.notes)]
    return "\n".join(lines)


def _head(assessment: Assessment, row: int, lang: str) -> Iterator[str]:
    firm = assessment.firms.row(row)
    name = firm.texts.get("name", say("report.no-name", lang))
    code = firm.texts.get("uscc", "")
    yield f"{name}  {code}".rstrip()
    policy = assessment.policy
    yield say(
        "report.policy", lang, title=policy.title.text(lang), id=policy.id,
        edition=policy.edition, fingerprint=policy.fingerprint[:12], on=assessment.on.isoformat(),
    )  # fmt: skip
    for change in policy.changes:
        yield say("report.change", lang, path=change.path, old=change.old, new=change.new)


def _result(assessment: Assessment, row: int, lang: str, rates: Series) -> Iterator[str]:
    rows = [(say("report.status", lang), say(f"status.{assessment.status_of(row)}", lang))]
    if assessment.policy.rules.tiers is not None:
        rows.append((say("words.tier", lang), assessment.tier_of(row) or "-"))
    if ("points", "total") in assessment.codes:
        value = int(assessment.codes["points", "total"][row])
        scale = assessment.plan.scales["total"]
        points = "-" if value == NO_POINTS else plain(Fraction(value, scale))
        rows.append((say("words.total-points", lang, title=""), points))
    for part in assessment.policy.rules.parts:
        rows.append((part.title.text(lang), _line(assessment, part.name, row, lang)))
    if assessment.parts:
        rows.append((say("part.total", lang), _line(assessment, "total", row, lang)))
    rows += _loan(assessment, lang, rates) if assessment.parts else []
    columns = max(width(label) for label, _ in rows) + 2
    for label, value in rows:
        yield f"  {pad(label, columns)}{value}"


def _line(assessment: Assessment, name: str, row: int, lang: str) -> str:
    value = assessment.line_of(name, row)
    return "-" if value is None else amount(value, assessment.currency, lang)


def _loan(assessment: Assessment, lang: str, rates: Series) -> list[tuple[str, str]]:
    loan = assessment.policy.rules.loan
    if loan is None:
        return []
    rows = []
    if loan.rate_spread is not None:
        rate = rate_on(loan, rates, assessment.on)
        spread = percent(loan.rate_spread)
        if rate is None:
            text = say("report.rate-rule", lang, series=loan.rate_series, spread=spread)
        else:
            text = say("report.rate", lang, rate=percent(Fraction(str(rate.value))),
                       series=loan.rate_series, published=rate.published, spread=spread)  # fmt: skip
        rows.append((say("report.rate-label", lang), text))
    if loan.max_term_months is not None:
        text = say("report.term", lang, months=loan.max_term_months)
        rows.append((say("report.term-label", lang), text))
    if loan.valid_months is not None:
        until = months_after(assessment.on, loan.valid_months).isoformat()
        if loan.renewal is not None:
            until += say("words.brackets", lang, text=loan.renewal.text(lang))
        rows.append((say("report.valid-label", lang), until))
    return rows


def _lifts(assessment: Assessment, row: int, lang: str) -> list[str]:
    found = what_is_missing(assessment, row=row)
    return ["", *_lift_lines(found, assessment.currency, lang)] if found else []


def _lift_lines(found: tuple[Lift, ...], currency: str, lang: str) -> list[str]:
    target = found[0].target
    code = "report.lift-eligible" if target == "eligible" else "report.lift"
    lines = [say(code, lang, tier=target)]
    return lines + [f"  - {lift.title(currency).text(lang)}" for lift in found[:_MOST_LIFTS]]


def lifts_text(assessment: Assessment, tier: str, row: int, lang: str) -> str:
    """What one firm still needs for a tier, in words."""
    found = what_is_missing(assessment, tier, row)
    if not found:
        return say("report.lift-none", lang, tier=tier)
    return "\n".join(_lift_lines(found, assessment.currency, lang))


_SECTIONS = (
    ("report.points", ("indicator", "dimension", "total")),
    ("report.gates", ("gate", "confirm")),
    ("report.tier", ("tier", "raise")),
    ("report.line", ("method", "limit", "deduct", "part", "joint", "line")),
)


def _steps(found: Explanation, assessment: Assessment, lang: str) -> Iterator[str]:
    numbers = _numbered(found)
    for heading, kinds in _SECTIONS:
        steps = [step for step in found.steps if step.kind in kinds]
        if not steps:
            continue
        yield say(heading, lang)
        for step in steps:
            if step.kind == "confirm" and step.holds is False:
                continue  # a direct confirmation that does not hold decides nothing
            yield f"  {step.title.text(lang)}{say('words.colon', lang)}{step.outcome.text(lang)}" + (
                _marks(step, numbers, lang)
            )


def _numbered(found: Explanation) -> dict[str, int]:
    ids = dict.fromkeys(source for step in found.steps for source in step.sources)
    return {source: at for at, source in enumerate(ids, 1)}


def _marks(step: Step, numbers: dict[str, int], lang: str) -> str:
    marks = [f"[{numbers[source]}]" for source in step.sources]
    if step.assumed:
        marks.append(say("report.assumed-mark", lang))
    if step.changed:
        marks.append(say("report.changed-mark", lang))
    return "  " + "".join(marks) if marks else ""


def _sources(found: Explanation, assessment: Assessment, lang: str) -> list[str]:
    numbers = _numbered(found)
    if not numbers:
        return []
    lines = ["", say("report.sources", lang)]
    for source_id, at in numbers.items():
        source = assessment.policy.content.source(source_id)
        if source is None:
            continue
        title = source.title.text(lang) if source.title is not None else ""
        evidence = say(f"evidence.{source.evidence}", lang)
        date = source.published.isoformat() if source.published else ""
        parts = [part for part in (source.document, title, date, evidence) if part]
        lines.append(f"  [{at}] {say('words.comma', lang).join(parts)}")
    return lines


def _assumed(found: Explanation, assessment: Assessment, lang: str) -> list[str]:
    """Assumptions by reason, each with the rules it stands behind."""
    by_reason: dict[Title, list[str]] = {}
    for path, reason in found.assumed:
        by_reason.setdefault(reason, []).append(path)
    if not by_reason:
        return []
    lines = ["", say("report.assumed", lang, count=len(assessment.policy.assumed()))]
    for reason, paths in by_reason.items():
        lines.append(f"  - {reason.text(lang)}{say('words.brackets', lang, text=', '.join(paths[:4]))}")
    return lines
