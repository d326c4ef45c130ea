"""Which missing figures an incomplete firm's answer depends on, and which rules need them.

Read off the decision codes: from what is open (a condition, the tier, a part of the line) back
to the figures behind it.  A figure that a policy reads but that cannot change the answer is not
named.
"""

from __future__ import annotations

from collections.abc import Iterable

from ipcredit.assess import Assessment
from ipcredit.conditions import column_fields
from ipcredit.credit import NO_LINE, method_fields
from ipcredit.fields import FIELDS
from ipcredit.plan import FAIL, INCOMPLETE, NO_POINTS
from ipcredit.reading import limit_fields
from ipcredit.rules import (
    AllOf,
    AnyOf,
    BaseMethod,
    Compare,
    Condition,
    Dimension,
    Limit,
    Measure,
    Part,
)
from ipcredit.scoring import UNKNOWN
from ipcredit.working_capital import Code
from ipcredit.working_capital_steps import working_capital_steps

Needs = tuple[tuple[str, tuple[str, ...]], ...]


def needs_of(assessment: Assessment, row: int = 0) -> Needs:
    """The missing fields on which one incomplete row depends, each with the paths of the rules
    that need it; empty for every other row.

    >>> from ipcredit import Policy, assess
    >>> result = assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501})
    >>> needs_of(result)  # refused, whatever is missing
    ()
    """
    if assessment.status[row] != INCOMPLETE:
        return ()
    return _Needs(assessment, row).found()


class _Needs:
    def __init__(self, assessment: Assessment, row: int) -> None:
        self.a, self.row = assessment, row
        self.rules = assessment.policy.rules
        self.missing = assessment.missing_of(row)
        self._found: dict[str, dict[str, None]] = {}
        self._seen: set[str] = set()

    def found(self) -> Needs:
        """Go back from everything that is open."""
        for gate in self.rules.gates:
            code = self._code("gate", gate.name)
            if code == UNKNOWN:
                self._condition(gate.path, gate.condition)
            if code in (UNKNOWN, FAIL):  # what is not met may still be waived
                for way_out in self.rules.confirmations:
                    if gate.name in way_out.waives:
                        self._open_confirmation(way_out.name, way_out.path, way_out.condition)
        self._tier()
        for part in self.rules.parts:
            if self._is_open(part.name):
                self._part(part)
        for joint in self.rules.joint:
            if not joint.limit.skip and any(map(self._is_open, joint.over)):
                self._limit(joint.limit, joint.path)
        return tuple(
            (name, tuple(self._found[name])) for name in self.missing if name in self._found
        )

    def _code(self, kind: str, name: str) -> int | None:
        column = self.a.codes.get((kind, name))
        return None if column is None else int(column[self.row])

    def _is_open(self, part: str) -> bool:
        return NO_LINE in (self._code("part", part), self._code("before", part))

    def _add(self, path: str, fields: Iterable[str]) -> None:
        for name in fields:
            if name in self.missing:
                self._found.setdefault(name, {})[path] = None

    # -- rules -----------------------------------------------------------------------------------

    def _open_confirmation(self, name: str, path: str, rule: Condition) -> None:
        if self._code("confirm", name) == UNKNOWN:
            self._condition(path, rule)

    def _condition(self, path: str, rule: Condition) -> None:
        if isinstance(rule, Compare):
            self._measure(path, rule.measure)
        elif isinstance(rule, AllOf | AnyOf):
            for part in rule.parts:
                self._condition(path, part)
        else:
            for _, when, then in rule.cases:
                if when is not None:
                    self._condition(path, when)
                self._condition(path, then)

    def _measure(self, path: str, about: Measure) -> None:
        if about.kind != "points":
            self._add(path, about.fields)
        elif about.of == "total":
            for item in self.rules.top:
                self._dimension(item)
        else:
            self._dimension(self.rules.dimension(about.of))

    def _dimension(self, item: Dimension) -> None:
        if self._code("points", item.name) != NO_POINTS or item.name in self._seen:
            return
        self._seen.add(item.name)
        for table in item.indicators:
            if self._code("band", f"{item.name}.{table.name}") == UNKNOWN:
                self._add(table.path, table.measure.fields)
            self._add(table.path, [table.expert] if table.expert else [])
        self._add(item.path, [name for name in (item.declared, item.expert) if name])
        for child in item.of:
            self._dimension(self.rules.dimension(child))

    def _tier(self) -> None:
        tiers = self.rules.tiers
        if tiers is None or self._code("tier", "") != UNKNOWN:
            return
        if self._code("tier", "graded") == UNKNOWN:
            if tiers.indicator is not None:
                self._measure(tiers.path, tiers.indicator.measure)
            else:
                self._add(tiers.path, (tiers.rows, tiers.columns))
        for item in self.rules.raises:
            self._condition(item.path, item.condition)

    def _part(self, part: Part) -> None:
        for method in part.methods:
            if self._code("method-code", f"{part.name}.{method.name}") == Code.MISSING_INPUT:
                self._method(method)
        for limit in part.limits:
            self._limit(limit, limit.path)
        self._add(f"{part.path}.deduct", part.deduct)
        for gate in part.gates:
            self._condition(gate.path, gate.condition)

    def _method(self, rule: BaseMethod) -> None:
        if rule.indicator is not None:
            self._measure(rule.path, rule.indicator.measure)
            return
        self._add(rule.path, method_needs(self.a, self.row, rule))

    def _limit(self, rule: Limit, path: str) -> None:
        if rule.skip:
            return
        for case in rule.cases:
            if case.when is not None and not column_fields(case.when):
                self._condition(path, case.when)
        self._add(path, limit_fields(rule))


def method_needs(assessment: Assessment, row: int, rule: BaseMethod) -> tuple[str, ...]:
    """The missing fields of a base-line method that works on figures alone."""
    if rule.method == "working_capital":
        steps = working_capital_steps(assessment.firms.columns, row, rule.option("rule"))  # type: ignore[arg-type]
        return steps.missing
    fields = method_fields(rule)
    if rule.method == "tax_multiple":
        fields = fields[: int(rule.option("years") or 1)]  # type: ignore[call-overload]
    columns = assessment.firms.columns
    return tuple(
        name for name in fields
        if name not in columns or int(columns[name][row]) == FIELDS[name].missing
    )  # fmt: skip
