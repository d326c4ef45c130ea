"""Totals and tiers of firms as exact whole numbers, recombined under other weights.

Where weights alone change, what each dimension gives does not: one assessment is enough, and the
tiers follow from the recombined totals by the core's own grading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import Assessment
from ipcredit.conditions import column_fields
from ipcredit.counting import Scores
from ipcredit.credit import Grade
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS
from ipcredit.frame import Frame
from ipcredit.plan import FAIL, INVALID, NO_POINTS
from ipcredit.policy import Policy
from ipcredit.rule_words import comparisons
from ipcredit.rules import Condition, Dimension, Indicator
from ipcredit.scoring import weight

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.intp]
GRID: Final = 10_000
"""Weights are drawn as whole ten-thousandths."""
_MOST: Final = 2**31 - 1


def cut_table(policy: Policy) -> Indicator:
    """The table that cuts tiers from points, best tier first.

    Raises:
        UsageError: the policy has none.
    """
    tiers = policy.rules.tiers
    table = None if tiers is None else tiers.indicator
    if table is None or table.measure.kind != "points" or not table.rising:
        raise UsageError(Problem("tune-sweep.no-tiers", key=f"{policy.id}: tiers"))
    return table


def graded_rows(judged: Assessment, of: str) -> Rows:
    """Rows of firms that meet every condition and whose points are known, and their tier too.

    Whether they reach a tier does not matter.
    """
    known = judged.codes["points", of] != NO_POINTS
    known &= judged.status != INVALID
    for (kind, _), column in judged.codes.items():
        if kind == "gate":
            known &= (column != FAIL) & (column >= 0)
    return np.flatnonzero(known & (judged.codes["tier", ""] != -1))


def weighted(policy: Policy) -> tuple[Dimension, ...]:
    """The dimensions of the total whose weight the file states."""
    paths = {number.path for number in policy.numbers}
    return tuple(item for item in policy.rules.top if f"{item.path}.weight" in paths)


@dataclass(frozen=True, eq=False)
class Grading:
    """Totals and tiers of the graded firms under any weights of the total's dimensions.

    ``rows`` intp[m] of the assessment; ``drawn`` the dimensions that have a weight.  Totals are
    int32[m] in units of 1/``scale``, the same under every weight on the grid.
    """

    judged: Assessment
    rows: Rows
    drawn: tuple[Dimension, ...]
    scale: int
    _parts: Mapping[str, Ints]
    _fixed: Ints
    _grade: Grade
    _frame: Frame
    _scores: Mapping[str, npt.NDArray[np.int32]]

    def totals(self, weights: Sequence[int]) -> npt.NDArray[np.int32]:
        """Totals under weights in ten-thousandths, in the order of ``drawn``."""
        total = self._fixed.copy()
        for item, times in zip(self.drawn, weights, strict=True):
            total += self._parts[item.name] * times
        return total.astype(np.int32)

    def tiers(self, totals: npt.NDArray[np.int32]) -> Codes:
        """Tiers after raises: 0 is the best, as many as there are is none."""
        scores = _with_total(self._scores, totals)
        _, best, worst, _ = self._grade.run(self._frame, scores)
        # A firm whose raise hangs on something missing is not among the rows.
        assert best is worst or bool((best == worst).all())
        return np.asarray(best, np.int8)

    @property
    def weights(self) -> tuple[int, ...]:
        """The policy's own weights in ten-thousandths."""
        return tuple(int(item.weight * GRID) for item in self.drawn)


def grading(judged: Assessment) -> Grading | None:
    """The recombination, or ``None`` where weights change more than tiers.

    That is so where a condition looks at the total, or a weight of the policy is not a
    whole ten-thousandth, or totals would not be exact.

    Raises:
        UsageError: the policy has no tiers over points.
    """
    policy = judged.policy
    rules = policy.rules
    table = cut_table(policy)
    drawn = weighted(policy)
    if table.measure.of != "total" or _looks_at_total(policy):
        return None
    if any((item.weight * GRID).denominator != 1 for item in drawn):
        return None
    scales = judged.plan.scales
    scale = GRID * lcm(*(scales[item.name] * weight(item).denominator
                         if item not in drawn else scales[item.name] for item in rules.top))  # fmt: skip
    rows = graded_rows(judged, "total")
    parts: dict[str, Ints] = {}
    fixed = np.zeros(len(rows), np.int64)
    reach = 0
    for item in rules.top:
        points = judged.codes["points", item.name][rows].astype(np.int64)
        if item in drawn:
            parts[item.name] = points * (scale // GRID // scales[item.name])
            reach += int(np.abs(parts[item.name]).max(initial=0)) * GRID * len(drawn)
        else:
            fixed += points * int(weight(item) * scale / scales[item.name])
    reach += int(np.abs(fixed).max(initial=0))
    if reach > _MOST or any(b.cut is not None and b.cut.at * scale > _MOST for b in table.bands):
        return None
    tiers = rules.tiers
    assert tiers is not None
    names = {name for item in rules.raises for name in column_fields(item.condition)}
    columns = {}
    for name in names:
        column = judged.firms.columns.get(name)
        spec = FIELDS[name]
        columns[name] = (np.full(len(rows), spec.missing, spec.dtype)
                         if column is None else column[rows])  # fmt: skip
    asked = {one.measure.of for item in rules.raises for one in comparisons(item.condition)}
    if any((judged.codes["points", name][rows] == NO_POINTS).any() for name in asked - {""}):
        return None
    frame = Frame(columns, len(rows), judged.on, bounded=True)
    grade = Grade(tiers, rules.raises, {**scales, "total": scale})
    scores = {item.name: judged.codes["points", item.name][rows] for item in rules.dimensions}
    found = Grading(judged, rows, drawn, scale, parts, fixed, grade, frame, scores)
    _, best, worst, _ = grade.run(frame, _with_total(scores, found.totals(found.weights)))
    return found if bool((best == worst).all()) else None


def _with_total(
    points: Mapping[str, npt.NDArray[np.int32]], totals: npt.NDArray[np.int32]
) -> Scores:
    scores = Scores()
    scores.points.update({name: (column, column) for name, column in points.items()})
    scores.points["total"] = totals, totals
    return scores


def _looks_at_total(policy: Policy) -> bool:
    """Whether a condition other than the tiers hangs on the total."""
    return any(
        one.measure.kind == "points" and one.measure.of == "total"
        for condition in _conditions(policy)
        for one in comparisons(condition)
    )


def _conditions(policy: Policy) -> Iterator[Condition]:
    rules = policy.rules
    yield from (gate.condition for gate in rules.gates)
    yield from (item.condition for item in rules.confirmations)
    yield from (item.condition for item in rules.raises)


def exact_total(judged: Assessment, of: str, row: int) -> Fraction:
    """The points of one firm, exact."""
    return Fraction(int(judged.codes["points", of][row]), judged.plan.scales[of])
