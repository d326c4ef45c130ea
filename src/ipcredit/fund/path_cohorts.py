"""What the period clauses work on: groups, the defaults of a period, what is owed, what comes of it.

Amounts are float64 minor units; arrays are [groups, paths] or [groups, 1].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ipcredit.fund.path_money import Array, Bools, Index, Scope
from ipcredit.fund.terms import Ceiling

WIDE: Final = ("lender", "district", "fund")
"""The scopes over which groups are added up; what acts on a claim or a firm acts before."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Where each group stands: ``lender``, ``district`` index[G], ``share`` float64[G].

    ``limited``: by the limit's name, bool[G], to which groups it applies (absent: to all).
    ``lenders``, ``districts``: how many there are.
    """

    lender: Index
    district: Index
    share: Array
    lenders: int
    districts: int
    limited: dict[str, Bools] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.share)

    def scope(self, per: str) -> Scope:
        """The groups added up per lender, district or fund."""
        if per == "lender":
            return Scope(self.lender, self.lenders)
        if per == "district":
            return Scope(self.district, self.districts)
        return Scope(np.zeros(len(self), dtype=np.intp), 1)


@dataclass(slots=True, eq=False)
class Cohort:
    """The defaults of one period: what is left to pay on them and how they recover.

    ``principal`` [G, paths]; ``eligible``, ``cover``: [G, 1] or [G, paths], eligible over
    principal after limits per claim and firm, and payment over eligible; ``recoveries``: by
    period, share of the principal recovered.
    """

    at: int
    due: int
    principal: Array
    eligible: Array | float
    cover: Array
    recoveries: dict[int, Array]
    left: Array = field(init=False)  # loss after what was recovered before payment
    waiting: Array | None = field(init=False)  # not decided yet; None: everything is
    paid: Array | None = None
    by_pot: list[Array] | None = None
    back: Array | None = None  # what the fund got back (only kept where the order needs it)
    borne: Array | None = None  # what the lender still lacks (likewise)
    rest_got: Array | None = None  # what the party of the rest got (where parts may be owed)
    born: int = 0  # the year first overdue
    year: int = 0  # in which it was settled
    counted: dict[str, Array] = field(default_factory=dict)  # by limits on claims that count net

    def __post_init__(self) -> None:
        self.left = self.principal
        self.waiting = self.principal


@dataclass(slots=True, eq=False)
class Debt:
    """A part of a payment on a cohort that a purse owes, [groups, paths]."""

    amount: Array
    cohort: Cohort


@dataclass(slots=True, eq=False)
class Flow:
    """What one period comes to, [groups, paths] unless said otherwise."""

    paid: Array
    back: Array
    settled: Array | None = None  # losses that were decided
    clawed: Array | None = None
    fees: Array | None = None
    limited: dict[str, Array] = field(default_factory=dict)  # cut off by each limit, [paths]
    refused: Array | None = None  # eligible, refused by a breaker
    short: Array | None = None  # what the purses could not pay, [paths]


def ceiling(rule: Ceiling, base: Array) -> Array:
    """The ceiling over an array of bases, not rounded.

    >>> ceiling(Ceiling(amount=5), np.array([1.0, 2.0])).tolist()
    [5.0, 5.0]
    """
    if rule.amount is not None:
        return np.full_like(base, float(rule.amount))
    reach = base * float(rule.guarantee_rate)
    if rule.growth is not None:
        grown: Array = reach * float(rule.growth.rate)
        return grown
    if len(rule.steps) == 1 and rule.steps[0].up_to is None:
        flat: Array = reach * float(rule.steps[0].rate)
        return flat
    total, below = np.zeros_like(base), 0.0
    for step in rule.steps:
        top = reach if step.up_to is None else np.minimum(reach, float(step.up_to))
        total += np.maximum(top - below, 0.0) * float(step.rate)
        below = below if step.up_to is None else max(below, float(step.up_to))
    return total
