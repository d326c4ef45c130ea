"""A fund, a book and a scenario as one frozen problem: what is owed when firms default on one date.

Claims that every cut treats alike are one *cell*; a firm's claims in one cell are one *item*.
The clauses that cannot be settled firm by firm (limits of a lender, a district or the fund,
quotas, breakers) act on cells, in the order of the waterfall; everything before them is already
in the items.  Amounts are float64 minor units: whole numbers below 2**53 stay exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.mixing import Gamma, Gaussian
from ipcredit.reader import Title

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

STOPPING: Final = ("acceptance", "payment")
"""Breakers that stop what the fund pays on the date."""
# A sum of floats may pass a ceiling by its rounding alone.
_HAIR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Factor:
    """The systematic factor: ``gaussian`` with a correlation, or ``gamma`` with a variance.

    ``by``: what firms are grouped by, empty for one factor; ``within``: the asset correlation of
    two firms of one group, ``value`` being that of all others.
    """

    kind: str
    value: float
    by: str = ""
    within: float = 0.0

    @property
    def mixing(self) -> Gaussian | Gamma:
        """How the factor moves default probabilities; with groups, how the common one does."""
        return Gamma(self.value) if self.kind == "gamma" else Gaussian(self.value)


@dataclass(frozen=True, slots=True)
class Severity:
    """Loss given default: its mean is in the items, this is how it varies around it.

    ``deviation``: standard deviation of one firm's loss share (beta law), 0 for none.
    ``sensitivity``: how far bad years raise the mean, as in
    :class:`ipcredit.fund.tail.severity.Severity`.
    """

    deviation: float = 0.0
    sensitivity: float = 0.0

    @property
    def fixed(self) -> bool:
        """Whether every default loses its mean share."""
        return self.deviation == 0 and self.sensitivity == 0


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A limit or quota that acts on cells.

    ``group`` int32[C]: the scope a cell belongs to, -1 where the clause does not apply;
    ``ceiling`` float64[G]: minor units of each scope.
    """

    name: str
    path: str
    title: Title | None
    measure: str  # claims | payouts
    scope: str  # claim | firm | lender | district | fund
    group: Ints
    ceiling: Floats
    deductible: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Trip:
    """A breaker: ``group`` int32[C] scope of each cell, ``threshold`` float64[G] in minor units.

    Tripped where the measure reaches the threshold, the least whole amount that trips it, and
    never where it is 0.  ``overdue`` is known on the date and stops its payments; ``claims`` and
    ``payouts`` are what the date leaves behind: they stop only what comes later.
    """

    name: str
    path: str
    title: Title | None
    measure: str
    scope: str
    stops: str
    group: Ints
    threshold: Floats

    @property
    def stopping(self) -> bool:
        """Whether it stops what the fund pays on the date."""
        return self.stops in STOPPING and self.measure == "overdue"

    def tripped(self, measured: Floats) -> Bools:
        """Which scopes are tripped, the shape of ``measured`` [..., G]."""
        result: Bools = (measured >= self.threshold) & (measured > 0)
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Purse:
    """One purse of money: a pot of the fund, or a district's part of it.

    ``share`` of each payment of the cells ``member`` bool[C] is its; ``money``: by capital
    (committed, paid-in, cash), minor units, only those that are known.  ``part``: the district's
    part of the pot's money.
    """

    pot: str
    district: str  # "" for a purse of the whole fund
    share: float
    member: Bools
    money: dict[str, float]
    part: float = 1.0

    @property
    def name(self) -> str:
        """The pot, and the district where the pot is divided."""
        return f"{self.pot}/{self.district}" if self.district else self.pot


@dataclass(frozen=True, slots=True, eq=False)
class OnePeriod:
    """The compiled problem; arrays of F firms (ascending default probability), I items, C cells.

    ``first`` int64[F + 1]: the items of firm f are first[f]:first[f + 1].  ``due`` float64[I]:
    eligible amount (``folded`` False) or candidate payment (True) after everything that is
    settled firm by firm; ``share`` float64[C] is the cover still to be applied (1 if folded).
    ``owed``: principal outstanding; ``loss``: times the mean loss share; ``net``: loss share of
    an item's payment; ``overdue`` and ``accepted``: what breakers measure of it.  ``group``
    int32[F]: the group of each firm, ``None`` where all have one factor.
    """

    pd: Floats
    tier: Ints
    first: npt.NDArray[np.int64]
    cell: Ints
    lender: Ints
    district: Ints
    due: Floats
    owed: Floats
    overdue: Floats
    accepted: Floats
    loss: Floats
    net: Floats
    share: Floats
    folded: bool
    clauses: tuple[Clause, ...]
    breakers: tuple[Trip, ...]
    purses: tuple[Purse, ...]
    capital: dict[str, float]
    tested: str
    factor: Factor
    severity: Severity
    lenders: tuple[str, ...]
    districts: tuple[str, ...]
    tiers: tuple[str, ...]
    multi_lender: int
    notes: tuple[Title, ...] = ()
    group: Ints | None = None

    @property
    def firms(self) -> int:
        """How many firms there are."""
        return len(self.pd)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.share)

    @property
    def firm(self) -> Ints:
        """The firm of each item."""
        return np.repeat(np.arange(self.firms, dtype=np.int32), np.diff(self.first))

    @property
    def stopping(self) -> tuple[Trip, ...]:
        """The breakers that stop payments on the date."""
        return tuple(trip for trip in self.breakers if trip.stopping)

    def by_firm(self, values: Floats) -> Floats:
        """Values of items added up by firm, float64[F]."""
        return sums(self.firm, values, self.firms)


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What a batch of S scenarios comes to.

    ``pay`` float64[S, C]: owed by the fund before its purses are asked; ``paid``: by them.
    ``limited`` by clause bool[S, G]: where it cut something; ``tripped`` by breaker bool[S, G];
    ``wanted`` float64[S, P]: asked of each purse.
    """

    pay: Floats
    paid: Floats
    limited: tuple[Bools, ...]
    tripped: tuple[Bools, ...]
    wanted: Floats

    @property
    def due(self) -> Floats:
        """The fund's payments before its purses are asked, float64[S]."""
        total: Floats = self.pay.sum(axis=1)
        return total


def sums(codes: npt.NDArray[np.integer], values: Floats, count: int) -> Floats:
    """Values added up by code, float64[count].

    >>> sums(np.array([1, 1]), np.array([0.5, 1.0]), 3).tolist()
    [0.0, 1.5, 0.0]
    """
    found: Floats = np.bincount(codes, values, minlength=count).astype(np.float64, copy=False)
    return found


def several(firm: npt.NDArray[np.integer], column: Ints, firms: int) -> Bools:
    """Which firms have loans in more than one group of ``column``, bool[firms].

    >>> several(np.array([0, 0, 1]), np.array([0, 1, 1], dtype=np.int32), 2).tolist()
    [True, False]
    """
    pairs = np.unique(np.stack([firm, column]), axis=1)
    result: Bools = np.bincount(pairs[0], minlength=firms) > 1
    return result


def first_rows(
    keys: Sequence[npt.NDArray[np.integer]], rows: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first row of each different key, keys ascending, and the key of every row.

    >>> first_rows([np.array([5, 3, 5])], 3)[1].tolist()
    [1, 0, 1]
    """
    code = np.zeros(rows, dtype=np.int64)
    for key in keys:
        # One key at a time keeps the code small whatever the ranges are.
        values, inverse = np.unique(key, return_inverse=True)
        code = np.unique(code * len(values) + inverse, return_inverse=True)[1]
    first, back = np.unique(code, return_index=True, return_inverse=True)[1:]
    return first, back


def grouped(values: Floats, group: Ints, groups: int) -> Floats:
    """Cells [S, C] added up by scope [S, G]; cells of scope -1 are left out.

    >>> grouped(np.array([[1.0, 2.0, 4.0]]), np.array([1, -1, 1], dtype=np.int32), 2).tolist()
    [[0.0, 5.0]]
    """
    if groups == 1 and (group == 0).all():
        alone: Floats = values.sum(axis=1, keepdims=True)
        return alone
    if groups == len(group) and (group == np.arange(groups)).all():
        return values
    member = np.zeros((len(group), groups))
    at = np.flatnonzero(group >= 0)
    member[at, group[at]] = 1.0
    result: Floats = values @ member
    return result


def settle(
    problem: OnePeriod,
    due: Floats,
    overdue: Floats | None = None,
    accepted: Floats | None = None,
) -> Settled:
    """Apply every clause that acts on cells, in the order of the waterfall.

    ``due``, ``overdue`` and ``accepted`` are float64[S, C]: of each scenario's defaults, the
    items' amounts added up by cell.  The last two are asked for only where a breaker measures
    them.
    """
    pay = due.copy()
    going = np.ones(1)
    tripped: list[Bools | None] = []
    for trip in problem.breakers:
        if trip.measure != "overdue" or overdue is None:
            tripped.append(None)
            continue
        over = trip.tripped(grouped(overdue, trip.group, len(trip.threshold)))
        tripped.append(over)
        if trip.stopping:
            going = going * _stopped(trip, over)
    if problem.stopping:
        pay *= going
    limited, covered = [], problem.folded
    for clause in problem.clauses:
        if clause.measure == "payouts" and not covered:
            pay, covered = pay * problem.share, True
        limited.append(_limit(clause, pay))
    if not covered:
        pay = pay * problem.share
    wanted = [purse.share * pay[:, purse.member].sum(axis=1) for purse in problem.purses]
    asked = np.stack(wanted, axis=1)
    paid = pay * _met(problem, asked)
    left = {"claims": accepted, "payouts": paid}
    for at, trip in enumerate(problem.breakers):
        if tripped[at] is None:
            measured = left.get(trip.measure)
            measured = np.zeros_like(pay) if measured is None else measured
            tripped[at] = trip.tripped(grouped(measured, trip.group, len(trip.threshold)))
    return Settled(pay, paid, tuple(limited), tuple(t for t in tripped if t is not None), asked)


def _stopped(trip: Trip, over: Bools) -> Floats:
    """0 for cells whose scope is tripped, else 1, [S, C]."""
    going = np.ones((len(over), len(trip.group)))
    at = np.flatnonzero(trip.group >= 0)
    going[:, at] = ~over[:, trip.group[at]]
    return going


def _limit(clause: Clause, pay: Floats) -> Bools:
    """Cut ``pay`` in place; where the clause cut something, bool[S, G]."""
    total = grouped(pay, clause.group, len(clause.ceiling))
    if clause.deductible:
        kept = np.maximum(total - clause.ceiling, 0.0)
        cut = (total > 0) & (clause.ceiling > 0)
    else:
        kept = np.minimum(total, clause.ceiling)
        cut = total > clause.ceiling * (1 + _HAIR) + _HAIR
    result: Bools = cut
    if cut.any():
        at = np.flatnonzero(clause.group >= 0)
        factor = np.where(total > 0, kept / np.where(total > 0, total, 1.0), 1.0)
        pay[:, at] *= factor[:, clause.group[at]]
    return result


def _met(problem: OnePeriod, wanted: Floats) -> Floats:
    """The share of what each cell is owed that the purses pay, [S, C]."""
    met = np.zeros((len(wanted), problem.cells))
    for at, purse in enumerate(problem.purses):
        asked, money = wanted[:, at], purse.money[problem.tested]
        reach = np.where(asked > money, money / np.where(asked > 0, asked, 1.0), 1.0)
        if purse.member.all():
            met += purse.share * reach[:, None]
        else:
            met[:, purse.member] += purse.share * reach[:, None]
    return met
