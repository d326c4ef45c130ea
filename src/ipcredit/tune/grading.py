"""Totals and tiers of firms as exact whole numbers, recombined under other weights.

Where weights alone change, what each dimension gives does not: one assessment is enough, and the
tiers follow from the recombined totals by the core's own grading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import Assessment, assess
from ipcredit.conditions import column_fields
from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.exactness import least_whole
from ipcredit.fields import FIELDS
from ipcredit.plan import FAIL, INVALID, NO_POINTS
from ipcredit.policy import Policy
from ipcredit.rule_words import comparisons
from ipcredit.rules import Condition, Dimension, Indicator
from ipcredit.scales import weight
from ipcredit.tune.varied import cut_path, varied

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.intp]
GRID: Final = 10_000
"""Weights are drawn as whole ten-thousandths."""


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


def settled_rows(judged: Assessment, of: str) -> Rows:
    """The graded rows of firms that give every figure that a raise asks for.

    Whatever their points, nothing about their tier is open.
    """
    rows = graded_rows(judged, of)
    names = {name for item in judged.policy.rules.raises for name in column_fields(item.condition)}
    for name in sorted(names):
        column = judged.firms.columns.get(name)
        if column is None:
            return rows[:0]
        rows = rows[column[rows] != FIELDS[name].missing]
    return rows


def weighted(policy: Policy) -> tuple[Dimension, ...]:
    """The dimensions of the total whose weight the file states."""
    paths = {number.path for number in policy.numbers}
    return tuple(item for item in policy.rules.top if f"{item.path}.weight" in paths)


@dataclass(frozen=True, eq=False)
class Grading:
    """Totals and tiers of the graded firms under any weights of the total's dimensions.

    ``rows`` intp[m] of the assessment; ``drawn`` the dimensions that have a weight.  Totals are
    int64[m] in units of 1/``scale``, the same under every weight on the grid.
    """

    judged: Assessment
    rows: Rows
    drawn: tuple[Dimension, ...]
    scale: int
    _parts: Mapping[str, Ints]
    _fixed: Ints
    _cuts: Sequence[int]
    _raised: Codes

    def totals(self, weights: Sequence[int]) -> Ints:
        """Totals under weights in ten-thousandths, in the order of ``drawn``."""
        total = self._fixed.copy()
        for item, times in zip(self.drawn, weights, strict=True):
            total += self._parts[item.name] * times
        return total

    def tiers(self, totals: Ints) -> Codes:
        """Tiers after raises: 0 is the best, as many as there are is none."""
        graded = np.zeros(len(totals), np.int8)
        for cut in self._cuts:
            graded += totals < cut
        return self._raised[graded, np.arange(len(totals))]

    @property
    def weights(self) -> tuple[int, ...]:
        """The policy's own weights in ten-thousandths."""
        return tuple(int(item.weight * GRID) for item in self.drawn)


def grading(judged: Assessment) -> Grading | None:
    """The recombination for the settled rows, or ``None`` where weights change more than tiers.

    That is so where a condition looks at the total, or a weight of the policy is not a whole
    ten-thousandth.

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
    scale = GRID * lcm(*(
        scales[item.name] * (1 if item in drawn else weight(item).denominator)
        for item in rules.top
    ))  # fmt: skip
    rows = settled_rows(judged, "total")
    parts: dict[str, Ints] = {}
    fixed = np.zeros(len(rows), np.int64)
    for item in rules.top:
        points = judged.codes["points", item.name][rows].astype(np.int64)
        if item in drawn:
            parts[item.name] = points * (scale // GRID // scales[item.name])
        else:
            fixed += points * int(weight(item) * scale / scales[item.name])
    cuts = [least_whole(band.cut.at, scale, band.cut.strict)
            for band in table.bands if band.cut is not None]  # fmt: skip
    raised = _after_raises(judged, rows)
    if raised is None or any((judged.codes["points", d.name][rows] == NO_POINTS).any()
                             for d in rules.top):  # fmt: skip
        return None
    return Grading(judged, rows, drawn, scale, parts, fixed, cuts, raised)


def _after_raises(judged: Assessment, rows: Rows) -> Codes | None:
    """The tier of each firm after raises if its points put it into a tier, int8[tiers + 1, m].

    The core is asked: a policy whose cut-offs put every firm into one tier, for each of them.
    """
    policy = judged.policy
    bands = [band for band in cut_table(policy).bands if band.cut is not None]
    none = len(bands)
    found = np.full((none + 1, len(rows)), none, np.int8)
    if not policy.rules.raises:
        found[:-1] = np.arange(none, dtype=np.int8)[:, None]
        return found
    totals = judged.total[rows]
    above, below = ceil(totals.max(initial=0)) + 1, floor(totals.min(initial=0)) - 1
    for at in range(none):
        cuts = {
            cut_path(band): above + none - place if place < at else below - place
            for place, band in enumerate(bands)
        }
        try:
            one = varied(policy, cuts)
        except PolicyError:
            return None
        again = assess(one, judged.firms, on=judged.on).codes
        tier = again["tier", ""][rows]
        # A raise that hangs on something missing leaves the tier open.
        if (tier < 0).any() or (again["tier", "graded"][rows] != at).any():
            return None
        found[at] = tier
    return found


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
