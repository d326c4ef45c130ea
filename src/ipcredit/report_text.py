"""One firm's result as text for a terminal, Chinese, English or both."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ipcredit.assess import Assessment
from ipcredit.explain import Explanation, Step, explain
from ipcredit.fields import FIELDS
from ipcredit.layout import folded, pad, printable, width
from ipcredit.lifts import ELIGIBLE_TARGET, Lift, goal_of, what_is_missing
from ipcredit.plan import NO_POINTS
from ipcredit.rates import Series
from ipcredit.reader import Title
from ipcredit.steps import rule_titles
from ipcredit.wording import amount, counted, plain, say

COLUMNS = 100
"""Width of a report that is not for a terminal of its own width."""
_NARROWEST = 40
_MOST_LIFTS = 5
_SECTIONS = ("score", "gates", "tier", "line", "terms")


def score_text(
    assessment: Assessment,
    row: int = 0,
    lang: str = "zh",
    rates: Series | None = None,
    *,
    tier: str | None = None,
    columns: int = COLUMNS,
) -> str:
    """The whole answer for one firm: result, reasons, what would lift it, steps with sources.

    ``lang`` is ``zh``, ``en`` or ``both`` (Chinese first, then English).  ``tier`` asks what
    that tier still needs (default: the next better one).  Lines are folded at ``columns``.

    Raises:
        UsageError: the policy has no such tier.
    """
    if lang == "both":
        return "\n\n".join(
            score_text(assessment, row, one, rates, tier=tier, columns=columns)
            for one in ("zh", "en")
        )
    goal_of(assessment, tier, row)  # an unknown tier is said before anything is printed
    report = _Report(assessment, row, lang, explain(assessment, row, rates), columns)
    return "\n".join(report.lines(tier))


class _Report:
    """The report on one firm in one language."""

    def __init__(
        self, assessment: Assessment, row: int, lang: str, found: Explanation, columns: int
    ) -> None:
        self.a, self.row, self.lang, self.found = assessment, row, lang, found
        self.columns = max(columns, _NARROWEST)
        self.status = assessment.status_of(row)
        ids = dict.fromkeys(source for step in found.steps for source in step.sources)
        self.numbers = {source: at for at, source in enumerate(ids, 1)}

    def say(self, code: str, **args: object) -> str:
        """The text of a message code."""
        return say(code, self.lang, **args)

    def folded(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        """A paragraph, folded to the width of the report."""
        rest = " " * width(first) if rest is None else rest
        return folded(text, self.columns, first, rest)

    def lines(self, tier: str | None) -> Iterator[str]:
        """Every line of the report, top to bottom."""
        yield from self._head()
        yield from self._result()
        yield from self._reasons()
        yield from self._lifts(tier)
        yield from self._steps()
        yield from self._sources()
        yield from self._assumed()
        yield ""
        for note in self.found.notes:
            yield from self.folded(note.text(self.lang), "* ")

    # -- result ----------------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        texts = self.a.firms.texts
        name, code = (texts[key][self.row] if key in texts else None for key in ("name", "uscc"))
        yield printable(f"{name or self.say('report.no-name')}  {code or ''}".rstrip())
        policy = self.a.policy
        yield from self.folded(
            self.say(
                "report.policy",
                title=policy.title.text(self.lang),
                id=policy.id,
                edition=policy.edition,
                fingerprint=policy.fingerprint[:12],
                on=self.a.on.isoformat(),
            )
        )
        for change in policy.changes:
            text = self.say("report.change", path=change.path, old=change.old, new=change.new)
            yield from self.folded(text)

    def _result(self) -> Iterator[str]:
        rows = [(self.say("report.status"), self.say(f"status.{self.status}"))]
        if self.status != "invalid":
            rows += self._figures()
        rows += [
            (step.title.text(self.lang), step.outcome.text(self.lang) + self._marks(step))
            for step in self.found.steps
            if step.section == "terms"
        ]
        columns = max(width(label) for label, _ in rows) + 4
        narrow = columns > self.columns // 2
        yield ""
        for label, value in rows:
            if narrow:
                yield from self.folded(f"{label}{self.say('words.colon')}{value}", "  ", "    ")
            else:
                yield from self.folded(value, pad(f"  {label}", columns))

    def _figures(self) -> Iterator[tuple[str, str]]:
        unknown = self.say("report.open" if self.status == "incomplete" else "report.none")
        rules = self.a.policy.rules
        if rules.tiers is not None:
            yield self.say("report.tier"), self.a.tier_of(self.row) or unknown
        if ("points", "total") in self.a.codes:
            value = int(self.a.codes["points", "total"][self.row])
            exact = Fraction(value, self.a.plan.scales["total"])
            yield self.say("report.total"), unknown if value == NO_POINTS else plain(exact)
        for part in rules.parts:
            yield part.title.text(self.lang), self._line(part.name, unknown)
        if rules.parts:
            yield self.say("part.total"), self._line("total", unknown)

    def _line(self, name: str, unknown: str) -> str:
        value = self.a.line_of(name, self.row)
        return unknown if value is None else amount(value, self.a.currency, self.lang)

    # -- why, and what would help ------------------------------------------------------------------

    def _reasons(self) -> Iterator[str]:
        reasons = self.found.reasons
        if not reasons:
            return
        yield ""
        if self.status == "incomplete" and self.found.missing:
            yield from self.folded(self.say("report.missing"))
            titles = rule_titles(self.a.policy.rules, self.a.currency)
            for name, paths in self.found.missing:
                rules = self.say("words.list-comma").join(
                    dict.fromkeys(titles[path].text(self.lang) for path in paths)
                )
                label = FIELDS[name].label(self.lang)
                yield from self.folded(
                    self.say("report.needed-by", field=label, rules=rules), "  - "
                )
            return
        yield self.say("report.problems" if self.status == "invalid" else "report.reasons")
        for reason in reasons:
            yield from self.folded(printable(reason.text.text(self.lang)), "  - ")

    def _lifts(self, tier: str | None) -> Iterator[str]:
        found = what_is_missing(self.a, tier, self.row)
        if found or tier is not None:
            yield ""
        if found:
            yield from self._lift_lines(found)
        elif tier is not None:
            word = "report.lift-none"
            if self.status in ("incomplete", "invalid"):
                word = "report.lift-open"
            elif goal_of(self.a, tier, self.row) is None:
                word = "report.lift-there"
            yield from self.folded(self.say(word, tier=tier))

    def _lift_lines(self, found: tuple[Lift, ...]) -> Iterator[str]:
        target = found[0].target
        code = "report.lift-eligible" if target == ELIGIBLE_TARGET else "report.lift"
        yield from self.folded(self.say(code, tier=target))
        for lift in found[:_MOST_LIFTS]:
            yield from self.folded(lift.title(self.a.currency).text(self.lang), "  - ")
        if len(found) > _MOST_LIFTS:
            count = str(len(found) - _MOST_LIFTS)
            yield f"    {counted('report.lift-more', count, self.lang)}"

    # -- how ----------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[str]:
        for section in _SECTIONS[:-1]:  # the terms of the loan stand beside the result
            steps = [step for step in self.found.steps if step.section == section]
            steps = [step for step in steps if not self._is_idle(step)]
            if steps:
                yield ""
                yield self.say(f"report.section.{section}")
            for step in steps:
                text = f"{step.title.text(self.lang)}{self.say('words.colon')}"
                indent = "  " * (step.level + 1)
                yield from self.folded(
                    text + step.outcome.text(self.lang) + self._marks(step), indent, f"{indent}  "
                )

    def _is_idle(self, step: Step) -> bool:
        """A direct confirmation that does not hold, or that nothing waits for, decides nothing."""
        if step.kind != "confirm" or step.holds:
            return False
        return step.holds is False or not any(step.path in paths for _, paths in self.found.missing)

    def _marks(self, step: Step) -> str:
        marks = [f"[{self.numbers[source]}]" for source in step.sources]
        marks += [self.say("report.assumed-mark")] if step.assumed else []
        marks += [self.say("report.changed-mark")] if step.changed else []
        return " " + "".join(marks) if marks else ""

    def _sources(self) -> Iterator[str]:
        if not self.numbers:
            return
        yield ""
        yield self.say("report.sources")
        for source_id, at in self.numbers.items():
            source = self.a.policy.content.source(source_id)
            if source is None:
                continue
            title = "" if source.title is None else source.title.text(self.lang)
            parts = [source.document, "" if title in source.document else title]
            parts.append(source.published.isoformat() if source.published else "")
            parts.append(self.say(f"evidence.{source.evidence}"))
            text = self.say("words.comma").join(part for part in parts if part)
            if source.note is not None:
                text += self.say("words.brackets", text=source.note.text(self.lang))
            yield from self.folded(text, f"  [{at}] ")

    def _assumed(self) -> Iterator[str]:
        """Assumptions by reason, each with the steps it stands behind."""
        by_reason: dict[Title, dict[str, None]] = {}
        for step in self.found.steps:
            for reason in step.assumed:
                by_reason.setdefault(reason, {})[step.title.text(self.lang)] = None
        if not by_reason:
            return
        yield ""
        count = len(self.a.policy.assumed())
        yield from self.folded(self.say("report.assumed", count=count))
        for reason, titles in by_reason.items():
            names = self.say("words.list-comma").join(titles)
            text = f"{names}{self.say('words.colon')}{reason.text(self.lang)}"
            yield from self.folded(text, "  - ")
