"""What a firm lacks for a better result, in its own units.

The levers are the fields that a policy declares favourable: more of them never lowers the
result.  Each lever's next levels are computed from the policy's own thresholds; every candidate
firm is then judged by the one core, in one batch.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS, MILLION
from ipcredit.firms import Firms
from ipcredit.frame import Bools
from ipcredit.plan import ELIGIBLE
from ipcredit.reader import Title
from ipcredit.rules import (
    AllOf,
    AnyOf,
    ByClass,
    Compare,
    Condition,
    Cut,
    Indicator,
    Measure,
    Rules,
    Term,
)
from ipcredit.wording import say, value_text

_MOST_TOGETHER = 3
_MOST_CANDIDATES = 40_000


@dataclass(frozen=True, slots=True)
class Lever:
    """One field raised from ``now`` to ``then`` (column units)."""

    field: str
    now: int
    then: int

    def text(self, currency: str, lang: str) -> str:
        """The lever in words: how much more, and of what."""
        spec = FIELDS[self.field]
        label = spec.label(lang)
        if spec.kind == "flag":
            return label
        more = value_text(self.field, self.then - self.now, currency, lang)
        return say("lift.more", lang, label=label, more=more,
                   then=value_text(self.field, self.then, currency, lang))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lift:
    """Levers that together reach ``target``; everything else stays as it is."""

    levers: tuple[Lever, ...]
    target: str

    def title(self, currency: str) -> Title:
        """The lift in both languages."""

        def side(lang: str) -> str:
            texts = [lever.text(currency, lang) for lever in self.levers]
            return say("lift.and", lang).join(texts)

        return Title(side("zh"), side("en"))


def what_is_missing(
    assessment: Assessment, target: str | None = None, row: int = 0
) -> tuple[Lift, ...]:
    """What one firm needs for tier ``target`` (default: the next better one), fewest levers first.

    For a policy without tiers the target is to be eligible.  Empty where the firm is there
    already, where figures are missing, or where no (up to three) favourable fields reach it.

    Raises:
        UsageError: the policy has no such tier.

    >>> from ipcredit import Policy, assess
    >>> firm = {"staff_total": 100, "sci_tech_staff": 8}
    >>> what_is_missing(assess(Policy.load("cn-tech-sme@2017"), firm))
    ()
    """
    rules = assessment.policy.rules
    if assessment.status_of(row) in ("invalid", "incomplete"):
        return ()
    goal = _goal(assessment, target, row)
    if goal is None:
        return ()
    levels = {name: _levels(assessment, rules, name, row) for name in rules.favourable}
    levels = {name: found for name, found in levels.items() if found}
    for together in range(1, _MOST_TOGETHER + 1):
        candidates = list(itertools.islice(_combinations(levels, together), _MOST_CANDIDATES))
        reached = _judged(assessment, candidates, goal, row)
        found = _smallest(assessment, candidates, reached, row)
        if found:
            label = rules.tiers.labels[goal] if rules.tiers is not None else "eligible"
            return tuple(Lift(levers, label) for levers in found)
    return ()


def _goal(assessment: Assessment, target: str | None, row: int) -> int | None:
    """Index of the tier to reach (0 for a policy without tiers); ``None`` if it is reached."""
    tiers = assessment.policy.rules.tiers
    eligible = assessment.status[row] == ELIGIBLE
    if tiers is None:
        return None if eligible else 0
    now = assessment.tier_of(row)
    at = len(tiers.labels) if now is None else tiers.labels.index(now)
    if target is None:
        return at - 1 if at > 0 else None
    if target not in tiers.labels:
        args = {"given": target, "allowed": ", ".join(tiers.labels)}
        raise UsageError(Problem("lift.no-tier", key="tier", args=args))
    goal = tiers.labels.index(target)
    return goal if goal < at else None


# -- levels -------------------------------------------------------------------------------------


def _levels(assessment: Assessment, rules: Rules, name: str, row: int) -> list[int]:
    """Values of a field above its own at which some rule's outcome changes."""
    spec = FIELDS[name]
    column = assessment.firms.columns.get(name)
    if column is None or column[row] <= np.iinfo(column.dtype).min + 1:
        return []
    now = int(column[row])
    top = spec.hi if spec.hi is not None else 10**15
    if spec.part_of:
        whole = assessment.firms.columns.get(spec.part_of)
        if whole is not None and whole[row] > np.iinfo(whole.dtype).min + 1:
            top = min(top, int(whole[row]))
    if spec.kind == "flag":
        return [1] if now == 0 else []
    found = set()
    for about, cut in _cuts(rules):
        level = _level(assessment, about, cut, name, now, row)
        if level is not None and now < level <= top:
            found.add(level)
    return sorted(found)


def _cuts(rules: Rules) -> Iterator[tuple[Measure, Cut]]:
    tables: list[Indicator] = [i for d in rules.dimensions for i in d.indicators]
    tables += [m.indicator for p in rules.parts for m in p.methods if m.indicator is not None]
    for table in tables:
        for band in table.bands:
            if band.cut is not None:
                yield table.measure, band.cut
    conditions: list[Condition] = [g.condition for g in rules.gates]
    conditions += [c.condition for c in rules.confirmations]
    conditions += [r.condition for r in rules.raises]
    for rule in conditions:
        yield from _compared(rule)


def _compared(rule: Condition) -> Iterator[tuple[Measure, Cut]]:
    if isinstance(rule, Compare):
        if rule.cut is not None:
            yield rule.measure, rule.cut
    elif isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from _compared(part)
    elif isinstance(rule, ByClass):
        for _, _, then in rule.cases:
            yield from _compared(then)


def _level(
    assessment: Assessment, about: Measure, cut: Cut, name: str, now: int, row: int
) -> int | None:
    """The least value of the field at which the measure meets the cut, all else equal."""
    if about.num is None or about.kind not in ("field", "ratio"):
        return None
    weight = sum(w for n, w in about.num.fields if n == name)
    if weight <= 0 or (about.den is not None and any(n == name for n, _ in about.den.fields)):
        return None
    rest = _sum(assessment, about.num, row)
    if rest is None:
        return None
    bound = cut.at
    if about.kind == "ratio":
        assert about.den is not None
        den = _sum(assessment, about.den, row)
        if den is None or den <= 0:
            return None
        bound = bound * den
    unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
    need = now + (bound - rest) * about.num.scale * unit / weight
    level = math.floor(need) + 1 if cut.strict else math.ceil(need)
    # Whole yuan and the like: nobody budgets a fen, and the next whole unit meets the cut too.
    if FIELDS[name].kind == "money":
        whole = 100 if assessment.currency not in ("KRW", "JPY") else 1
        level = now + math.ceil(Fraction(level - now, whole)) * whole
    return level


def _sum(assessment: Assessment, term: Term, row: int) -> Fraction | None:
    total = Fraction(0)
    for name, weight in term.fields:
        column = assessment.firms.columns.get(name)
        if column is None or column[row] <= np.iinfo(column.dtype).min + 1:
            return None
        unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
        total += Fraction(int(column[row]) * weight, term.scale * unit)
    return total


# -- candidates -----------------------------------------------------------------------------------


def _combinations(levels: dict[str, list[int]], together: int) -> Iterator[dict[str, int]]:
    for names in itertools.combinations(levels, together):
        for values in itertools.product(*(levels[name] for name in names)):
            yield dict(zip(names, values, strict=True))


def _judged(
    assessment: Assessment, candidates: Sequence[dict[str, int]], goal: int, row: int
) -> Bools:
    """Which candidate firms reach the goal."""
    if not candidates:
        return np.zeros(0, np.bool_)
    columns = {}
    for name, column in assessment.firms.columns.items():
        copy = np.full(len(candidates), column[row], column.dtype)
        for at, candidate in enumerate(candidates):
            if name in candidate:
                copy[at] = candidate[name]
        columns[name] = copy
    batch = Firms(len(candidates), columns, {}, assessment.firms.currency)
    found = assess(assessment.policy, batch, on=assessment.on)
    reached = found.status == ELIGIBLE
    if assessment.policy.rules.tiers is not None:
        tier = found.codes["tier", ""]
        reached = reached & (tier >= 0) & (tier <= goal)
    return reached


def _smallest(
    assessment: Assessment, candidates: Sequence[dict[str, int]], reached: Bools, row: int
) -> list[tuple[Lever, ...]]:
    """For each set of fields, candidates no other one of the set undercuts; levers from ``now``."""
    best: dict[tuple[str, ...], list[dict[str, int]]] = {}
    for candidate, good in zip(candidates, reached, strict=True):
        if good:
            kept = best.setdefault(tuple(candidate), [])
            if not any(all(k[n] <= candidate[n] for n in k) for k in kept):
                kept.append(candidate)
    columns = assessment.firms.columns
    return [
        tuple(Lever(name, int(columns[name][row]), value) for name, value in candidate.items())
        for kept in best.values()
        for candidate in kept
    ]
