"""The steps of an explanation, each with the figures it used and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ipcredit.assess import Assessment
from ipcredit.credit import Trace
from ipcredit.fields import FIELDS
from ipcredit.figures import Figures, both, in_both
from ipcredit.frame import Frame
from ipcredit.plan import Outcome
from ipcredit.reader import Number, Title
from ipcredit.rules import (
    BaseMethod,
    Confirmation,
    Dimension,
    Gate,
    Indicator,
    Limit,
    Part,
    Raise,
    Rules,
)
from ipcredit.wording import condition_text, measure_text


class Input(NamedTuple):
    """A figure of the firm that a step used; ``value`` in column units, ``None`` if missing or
    known not to exist (the text says which)."""

    field: str
    value: int | None
    text: Title


class Step(NamedTuple):
    """One step of the way to the line.

    ``section``: ``score``, ``gates``, ``tier``, ``line`` or ``terms``; ``level``: how deep it
    stands under the step before it with a smaller one.
    ``kind``: ``indicator``, ``dimension``, ``total``, ``gate``, ``confirm``, ``tier``,
    ``raise``, ``part``, ``method``, ``working``, ``chosen``, ``limit``, ``deduct``, ``round``,
    ``joint``, ``line`` or ``term``.
    ``path`` is the rule's place in the policy; ``sources`` are ids of the policy's sources;
    ``assumed`` the reasons of assumed numbers it used; ``changed`` the paths changed by a person.
    ``holds``: for conditions (``None``: open).
    """

    section: str
    kind: str
    path: str
    title: Title
    outcome: Title
    level: int = 0
    inputs: tuple[Input, ...] = ()
    holds: bool | None = None
    sources: tuple[str, ...] = ()
    assumed: tuple[Title, ...] = ()
    changed: tuple[str, ...] = ()


class Reason(NamedTuple):
    """Why a firm is not eligible; ``rule`` is the path of the rule that says so, if it is one."""

    rule: str
    text: Title


class Explanation(NamedTuple):
    """The steps of one firm's result, why it is not eligible, the missing fields on which the
    answer depends with the paths of the rules that need them, and notes."""

    steps: tuple[Step, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[Reason, ...]
    notes: tuple[Title, ...] = ()

    @property
    def assumed(self) -> tuple[tuple[str, Title], ...]:
        """Assumed numbers that the steps used, as (path of the rule, reason)."""
        return tuple(dict.fromkeys((s.path, reason) for s in self.steps for reason in s.assumed))


class Steps:
    """One row, run once more through the plan of its policy, and the steps told of it so far.

    Nothing is judged anew: the trace of that run gives the amounts between the stages, all else
    is read off the decision codes.
    """

    def __init__(self, assessment: Assessment, row: int) -> None:
        self.a, self.row = assessment, row
        self.policy, self.rules = assessment.policy, assessment.policy.rules
        self.currency, self.status = assessment.currency, assessment.status_of(row)
        self.section, self.told = "", list[Step]()
        self.trace = Trace()
        self.out = self._run()
        scales = assessment.plan.scales
        self.figures = Figures(assessment, row, {
            name: (Fraction(lo, scales[name]), Fraction(hi, scales[name]))
            for name, (lo, hi) in self.trace.points.items()
        })  # fmt: skip

    def _run(self) -> Outcome:
        columns, gone = {}, False
        for name in self.a.plan.fields:
            spec, column = FIELDS[name], self.a.firms.columns.get(name)
            if column is None:
                column = np.full(1, spec.missing, spec.dtype)
            else:
                column = column[self.row : self.row + 1]
            gone = gone or int(column[0]) == spec.missing
            columns[name] = column
        return self.a.plan.run(Frame(columns, 1, self.a.on, bounded=gone), self.trace)

    def code(self, kind: str, name: str, default: int = -1) -> int:
        """A decision code or amount of the row; ``default`` where the policy has no such rule."""
        column = self.out.get((kind, name))
        return default if column is None else int(column[0])

    def add(
        self,
        kind: str,
        path: str,
        title: Title,
        outcome: Title,
        fields: Iterable[str] = (),
        *,
        holds: bool | None = None,
        level: int = 0,
        cite: str | None = None,
        also: Iterable[str] = (),
    ) -> None:
        """Tell a step; it cites the numbers under ``cite`` (default: ``path``) and ``also``."""
        sources, assumed, changed = self.provenance(path if cite is None else cite, also)
        inputs = tuple(
            Input(name, self.figures.value(name), self.figures.shown(name))
            for name in dict.fromkeys(fields)
        )
        self.told.append(
            Step(self.section, kind, path, title, outcome, level, inputs, holds, sources, assumed,
                 changed)
        )  # fmt: skip

    def provenance(
        self, place: str, also: Iterable[str] = ()
    ) -> tuple[tuple[str, ...], tuple[Title, ...], tuple[str, ...]]:
        """Sources, reasons if assumed, and changed paths of the numbers at a place.

        A rule without a number of its own rests on what holds for its table; an empty place on
        nothing.
        """
        numbers: list[Number] = list(self.policy.under(place))
        sources: list[str] = []
        assumed: list[Title] = []
        if place and not numbers:
            source, reason = self.policy.scope(place)
            sources, assumed = ([], [reason]) if reason else ([source] if source else [], [])
        for extra in also:
            numbers += self.policy.under(extra)
        kept = [number for number in numbers if not number.changed]
        sources += [n.source for n in kept if n.source and (n.is_reading or not n.assumed)]
        assumed += [number.assumed for number in kept if number.assumed]
        changed = tuple(number.path for number in numbers if number.changed)
        return tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(assumed)), changed


def indicator_title(table: Indicator, item: Dimension) -> Title:
    """What an indicator is called: its own title, or its measure under that of its dimension."""
    if table.title is not None:
        return table.title
    about = table.measure
    measure = in_both(lambda lang: measure_text(about, lang))
    if len(item.indicators) > 1:
        return measure
    units = {FIELDS[name].unit for name in about.fields}
    if about.kind == "field" and units & {"points", "choice", "yes_no"}:
        return item.title  # the field is named as the dimension is
    return Title(f"{item.title.zh}（{measure.zh}）", f"{item.title.en} ({measure.en})")


def condition_title(
    rule: Gate | Confirmation | Raise, currency: str, titles: Mapping[str, Mapping[str, str]]
) -> Title:
    """What a rule with a condition is called: its title, or the condition in words."""
    if rule.title is not None:
        return rule.title
    return in_both(
        lambda lang: condition_text(rule.condition, currency, lang, titles.get(lang, {}))
    )


def rule_titles(rules: Rules, currency: str = "CNY") -> dict[str, Title]:
    """What every rule is called, by its path in the policy file.

    >>> from ipcredit import Policy
    >>> rule_titles(Policy.load("cn-tech-sme@2017").rules)["gates.staff-size"].en
    'At most 500 staff'
    """
    found: dict[str, Title | None] = {}
    for item in rules.dimensions:
        found[item.path] = item.title
        found |= {table.path: indicator_title(table, item) for table in item.indicators}
    conditional: list[Gate | Confirmation | Raise] = [
        *rules.gates,
        *rules.confirmations,
        *rules.raises,
    ]
    found |= {rule.path: condition_title(rule, currency, {}) for rule in conditional}
    if rules.tiers is not None:
        found[rules.tiers.path] = both("words.tier")
    for part in rules.parts:
        found |= _part_titles(part)
    found |= {joint.path: joint.limit.title for joint in rules.joint}
    return {path: title or Title(path, path) for path, title in found.items()}


def _part_titles(part: Part) -> dict[str, Title | None]:
    found: dict[str, Title | None] = {part.path: part.title, f"{part.path}.deduct": part.title}
    rules: list[BaseMethod | Limit | Gate] = [*part.methods, *part.limits, *part.gates]
    return found | {rule.path: rule.title for rule in rules}
