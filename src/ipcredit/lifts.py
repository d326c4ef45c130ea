"""What a firm lacks for a better result, in its own units.

The levers are the fields that a policy declares favourable: more of them never lowers the
result.  Each lever's next levels are computed from the policy's own thresholds; every candidate
firm is then judged by the one core, many in a batch, and searched for where no threshold tells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, cast

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.columns import IntColumn
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS, MILLION
from ipcredit.figures import in_both
from ipcredit.firms import Firms
from ipcredit.frame import Bools
from ipcredit.money import MINOR_DIGITS
from ipcredit.plan import ELIGIBLE
from ipcredit.reader import Title
from ipcredit.rule_words import comparisons
from ipcredit.rules import Condition, Cut, Indicator, Measure, Rules, Term
from ipcredit.wording import counted, plain, say, value_text

ELIGIBLE_TARGET = "eligible"
"""Target of a lift under a policy without tiers."""
_MOST_TOGETHER = 3
_MOST_ROWS = 20_000
_AT_ONCE = 64

Levels = Mapping[str, Sequence[int]]
Candidate = dict[str, int]


class Lever(NamedTuple):
    """One field raised from ``now`` to ``then`` (column units)."""

    field: str
    now: int
    then: int

    def text(self, currency: str, lang: str) -> str:
        """The lever in words: how much more, and of what.

        >>> Lever("class1_related", 2, 3).text("CNY", "zh")
        '与主要产品相关的Ⅰ类知识产权数增加 1 件（增至 3 件）'
        >>> Lever("rd_expense", 0, 8_000_000).text("CNY", "en")
        'R&D expense: CNY 80,000 more (to CNY 80,000)'
        """
        spec = FIELDS[self.field]
        label = spec.label(lang)
        if spec.kind in ("flag", "choice", "date", "year"):
            then = value_text(self.field, self.then, currency, lang)
            return say("lift.to", lang, label=label, then=then)
        if spec.kind == "share" or (spec.kind == "decimal" and spec.unit == "share"):
            more = plain(Fraction(self.then - self.now, MILLION // 100))
            then = plain(Fraction(self.then, MILLION // 100)) + " %"
            return say("lift.share", lang, label=label, more=more, then=then)
        more, then = (
            _amount(self.field, value, currency, lang)
            for value in (self.then - self.now, self.then)
        )
        return say("lift.more", lang, label=label, more=more, then=then)


def _amount(name: str, value: int, currency: str, lang: str) -> str:
    """So much of a field, in its natural unit."""
    spec = FIELDS[name]
    text = value_text(name, value, currency, lang)
    if spec.kind not in ("count", "number"):
        return text
    known = ("persons", "rights", "products", "points", "years", "months", "level")
    return counted(f"lift.{spec.unit if spec.unit in known else 'count'}", text, lang)


class Lift(NamedTuple):
    """Levers that together reach ``target``; everything else stays as it is."""

    levers: tuple[Lever, ...]
    target: str

    def title(self, currency: str) -> Title:
        """The lift in both languages."""
        return in_both(
            lambda lang: say("lift.and", lang).join(
                lever.text(currency, lang) for lever in self.levers
            )
        )


def what_is_missing(
    assessment: Assessment, target: str | None = None, row: int = 0
) -> tuple[Lift, ...]:
    """What one firm needs for tier ``target`` (default: the next better one), fewest levers first.

    For a policy without tiers the target is to be eligible.  Each lift reaches the target, and
    none of its levers can be one unit less (a count, a whole unit of the currency).  Empty where
    the firm is there already, where figures are missing, or where no (up to three) favourable
    fields reach it.

    Raises:
        UsageError: the policy has no such tier.

    >>> from ipcredit import Policy, assess
    >>> firm = {"staff_total": 100, "sci_tech_staff": 8}
    >>> what_is_missing(assess(Policy.load("cn-tech-sme@2017"), firm))
    ()
    """
    goal = goal_of(assessment, target, row)
    if goal is None or assessment.status_of(row) in ("invalid", "incomplete"):
        return ()
    tiers = assessment.policy.rules.tiers
    label = ELIGIBLE_TARGET if tiers is None else tiers.labels[goal]
    search = _Search(assessment, row, goal)
    return tuple(
        Lift(tuple(Lever(name, search.now[name], then) for name, then in found.items()), label)
        for found in search.run()
    )


def goal_of(assessment: Assessment, target: str | None, row: int) -> int | None:
    """Index of the tier to reach (0 for a policy without tiers); ``None`` if it is reached.

    Raises:
        UsageError: the policy has no such tier.
    """
    tiers = assessment.policy.rules.tiers
    if tiers is None:
        if target not in (None, ELIGIBLE_TARGET):
            raise UsageError(Problem("lift.no-tiers", key="tier", args={"given": target}))
        return None if assessment.status[row] == ELIGIBLE else 0
    now = assessment.tier_of(row)
    at = len(tiers.labels) if now is None else tiers.labels.index(now)
    if target is None:
        return at - 1 if at > 0 else None
    if target not in tiers.labels:
        args = {"given": target, "allowed": ", ".join(tiers.labels)}
        raise UsageError(Problem("lift.no-tier", key="tier", args=args))
    goal = tiers.labels.index(target)
    return goal if goal < at else None


# -- the search -----------------------------------------------------------------------------------


class _Search:
    """The least raises of favourable fields by which one firm reaches its goal."""

    def __init__(self, assessment: Assessment, row: int, goal: int) -> None:
        self.a, self.row, self.goal = assessment, row, goal
        self.rules = assessment.policy.rules
        read = assessment.plan.fields
        self.columns = {
            name: column[row : row + 1]
            for name, column in assessment.firms.columns.items()
            if name in read
        }
        self.now: dict[str, int] = {}
        self.top: dict[str, int] = {}
        for name in self.rules.favourable:
            self._lever(name)
        self.levels: Levels = {name: self._levels(name) for name in self.now}

    def _lever(self, name: str) -> None:
        """How far a field can be raised: to its bound, or to the whole that it is part of."""
        now, spec = self._known(name), FIELDS[name]
        if now is None or spec.kind in ("choice", "text"):
            return
        top = 10**15 if spec.hi is None else spec.hi
        whole = self._known(spec.part_of) if spec.part_of else None
        if whole is not None:
            top = min(top, whole)
        top = now + (top - now) // self._unit(name) * self._unit(name)
        if top > now:
            self.now[name], self.top[name] = now, top

    def _known(self, name: str) -> int | None:
        # Not only what the policy reads: a bound may be a figure it does not look at.
        column, spec = self.a.firms.columns.get(name), FIELDS[name]
        value = spec.missing if column is None else int(column[self.row])
        return None if value in (spec.missing, spec.none) else value

    def _unit(self, name: str) -> int:
        # Nobody budgets a fen: amounts are raised by whole units of the currency.
        digits = MINOR_DIGITS[self.a.currency] if FIELDS[name].kind == "money" else 0
        return int(10**digits)

    def run(self) -> list[Candidate]:
        """Fewest levers first; of one set of levers, only raises that none other undercuts."""
        if not self._reach([dict(self.top)])[0]:
            return []
        for together in range(1, _MOST_TOGETHER + 1):
            sets = list(itertools.combinations(self.now, together))
            tops = [{name: self.top[name] for name in names} for names in sets]
            able = [names for names, good in zip(sets, self._reach(tops), strict=True) if good]
            if able:
                return [found for names in able for found in self._least(names)]
        return []

    def _least(self, names: tuple[str, ...]) -> list[Candidate]:
        # The field without thresholds of its own, if there is one, is the one searched for.
        *fixed, last = sorted(names, key=lambda name: not self.levels[name])
        grids = [[*self.levels[name], self.top[name]] for name in fixed]
        starts: list[Candidate] = [
            dict(zip(fixed, values, strict=True)) for values in itertools.product(*grids)
        ]
        if fixed:
            able = self._reach([{**start, last: self.top[last]} for start in starts])
            starts = [start for start, good in zip(starts, able, strict=True) if good]
        found: list[Candidate] = []
        for start, least in zip(starts, self._lowest(starts, last), strict=True):
            candidate = self._refined({**start, last: least}, fixed)
            if not any(all(k[name] <= candidate[name] for name in k) for k in found):
                found = [k for k in found if any(candidate[n] > k[n] for n in k)]
                found.append(candidate)
        order = list(self.now)
        return [
            {name: one[name] for name in sorted(one, key=order.index) if one[name] > self.now[name]}
            for one in found
        ]

    def _refined(self, candidate: Candidate, names: Sequence[str]) -> Candidate:
        """The named levers in turn as low as they can be, the others as they are."""
        less = [{**candidate, name: candidate[name] - self._unit(name)} for name in names]
        for name, still in zip(names, self._reach(less), strict=True):
            if still:
                rest = {other: value for other, value in candidate.items() if other != name}
                candidate = {**candidate, name: self._lowest([rest], name)[0]}
        return candidate

    def _lowest(self, starts: Sequence[Candidate], name: str) -> list[int]:
        """For each start, which reaches the goal with ``name`` at its top, the least that does."""
        levels = [self.now[name], *self.levels[name], self.top[name]]
        good = self._reach([{**s, name: level} for s in starts for level in levels])
        firsts = [int(np.argmax(row)) for row in good.reshape(len(starts), len(levels))]
        # A threshold is met exactly at the level computed from it: mostly that is all.
        unit = self._unit(name)
        checks = [{**s, name: levels[at] - unit} for s, at in zip(starts, firsts, strict=True)]
        lower = self._reach(checks)
        return [
            self._between(start, name, levels[at - 1], levels[at] - unit)
            if at and still
            else levels[at]
            for start, at, still in zip(starts, firsts, lower, strict=True)
        ]

    def _between(self, start: Candidate, name: str, low: int, high: int) -> int:
        """The least value above ``low``, which does not reach the goal, up to ``high``."""
        unit = self._unit(name)
        while high - low > unit:
            steps = (high - low) // unit
            tries = sorted({low + unit * max(steps * k // _AT_ONCE, 1) for k in range(_AT_ONCE)})
            good = self._reach([{**start, name: value} for value in [*tries, high]])
            first = int(np.argmax(good))
            high = [*tries, high][first]
            low = tries[first - 1] if first else low
        return high

    def _reach(self, candidates: Sequence[Candidate]) -> Bools:
        """Which candidate firms reach the goal, by the one core."""
        parts = [
            self._judged(candidates[start : start + _MOST_ROWS])
            for start in range(0, len(candidates), _MOST_ROWS)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.bool_)

    def _judged(self, candidates: Sequence[Candidate]) -> Bools:
        rows = len(candidates)
        columns: dict[str, IntColumn] = {}
        for name, column in self.columns.items():
            if name in self.now:
                now = self.now[name]
                values = [candidate.get(name, now) for candidate in candidates]
                columns[name] = cast(IntColumn, np.array(values, column.dtype))
            else:
                columns[name] = column.repeat(rows)
        batch = Firms(rows, columns, {}, self.a.firms.currency)
        found = assess(self.a.policy, batch, on=self.a.on)
        reached: Bools = found.status == ELIGIBLE
        if self.rules.tiers is not None:
            tier = found.codes["tier", ""]
            reached = reached & (tier >= 0) & (tier <= self.goal)
        return reached

    # -- levels ----------------------------------------------------------------------------------

    def _levels(self, name: str) -> list[int]:
        """Values of a field above its own at which a threshold of the policy is met."""
        now, unit = self.now[name], self._unit(name)
        found = set()
        for about, cut in _cuts(self.rules):
            need = self._need(about, cut, name)
            if need is not None:
                level = math.floor(need) + 1 if cut.strict else math.ceil(need)
                level = now + -((now - level) // unit) * unit
                if now < level < self.top[name]:
                    found.add(level)
        return sorted(found)

    def _need(self, about: Measure, cut: Cut, name: str) -> Fraction | None:
        """The value of the field at which the measure is at the cut, all else equal."""
        if about.num is None or about.kind not in ("field", "ratio"):
            return None
        weight = sum(w for n, w in about.num.fields if n == name)
        if weight <= 0 or (about.den is not None and any(n == name for n, _ in about.den.fields)):
            return None
        rest, bound = self._sum(about.num), cut.at
        if about.den is not None:
            den = self._sum(about.den)
            if den is None or den <= 0:
                return None
            bound = bound * den
        if rest is None:
            return None
        unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
        return self.now[name] + (bound - rest) * about.num.scale * unit / weight

    def _sum(self, term: Term) -> Fraction | None:
        total = Fraction(0)
        for name, weight in term.fields:
            value = self._known(name)
            if value is None:
                return None
            unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
            total += Fraction(value * weight, term.scale * unit)
        return total


def _cuts(rules: Rules) -> Iterator[tuple[Measure, Cut]]:
    """Every threshold that points, conditions or raises depend on."""
    tables: list[Indicator] = [table for item in rules.dimensions for table in item.indicators]
    for table in tables:
        for band in table.bands:
            if band.cut is not None:
                yield table.measure, band.cut
    conditions: list[Condition] = [gate.condition for gate in rules.gates]
    conditions += [rule.condition for rule in rules.confirmations]
    conditions += [rule.condition for rule in rules.raises]
    for condition in conditions:
        for leaf in comparisons(condition):
            if leaf.cut is not None:
                yield leaf.measure, leaf.cut
