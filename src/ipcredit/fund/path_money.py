"""The purses of a fund over many paths at once: what each may pay, has paid and has got back.

Amounts are float64 minor units; arrays are [scopes, paths].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.terms import CAPITALS, Pot, Terms

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]

# A sum of floats may pass a ceiling by its rounding alone.
HAIR: Final = 1e-9
_ONE: Final = Fraction(1)


def added(index: npt.NDArray[Any], weights: Array, size: int) -> Array:
    """Weights added up by index, float64[size].

    >>> added(np.array([0, 0, 2]), np.array([1.0, 2.0, 4.0]), 3).tolist()
    [3.0, 0.0, 4.0]
    """
    return np.asarray(np.bincount(index, weights, size), dtype=np.float64)


class Scope:
    """Groups added up by lender, district or fund, and spread back."""

    def __init__(self, index: npt.ArrayLike, count: int) -> None:
        self.index: Index = np.asarray(index, dtype=np.intp)
        self.count = count
        self._same = np.array_equal(self.index, np.arange(count))
        runs = np.flatnonzero(np.diff(self.index, prepend=-1))
        self._runs = runs if np.array_equal(self.index[runs], np.arange(count)) else None
        self._order = np.argsort(self.index, kind="stable")

    def sum(self, values: Array) -> Array:
        """[groups, paths] -> [count, paths]; a scope without groups is 0."""
        if self._same:
            return values
        if self.count == 1:
            total: Array = values.sum(axis=0, keepdims=True)
            return total
        if self._runs is not None:
            added: Array = np.add.reduceat(values, self._runs, axis=0)
            return added
        result = np.zeros((self.count, values.shape[1]))
        starts = np.flatnonzero(np.diff(self.index[self._order], prepend=-1))
        held = self.index[self._order][starts]
        result[held] = np.add.reduceat(values[self._order], starts, axis=0)
        return result

    def spread(self, values: Array) -> Array:
        """[count, paths] -> [groups, paths] (or something that broadcasts to it)."""
        return values if self._same or self.count == 1 else values[self.index]


@dataclass(frozen=True, slots=True, eq=False)
class Purse:
    """One pot of the fund, whole or divided by district.

    ``share``: its part of each payment; ``money``: by capital, float64[scopes, 1], only what is
    known; ``names``: one a scope.
    """

    pot: str
    share: float
    by_district: bool
    names: tuple[str, ...]
    money: dict[str, Array]


def purses_of(
    terms: Terms, money: dict[str, float], districts: Sequence[str], shares: Array
) -> tuple[Purse, ...]:
    """The purses: ``money`` by capital for the whole fund, ``shares`` of the districts."""
    pots = terms.pots or (Pot("fund", None, _ONE, False, "pots"),)
    made = []
    for pot in pots:
        part = shares.reshape(-1, 1) if pot.by_district else np.ones((1, 1))
        names = tuple(f"{pot.name}/{d}" for d in districts) if pot.by_district else (pot.name,)
        held = {name: float(pot.share) * value * part for name, value in money.items()}
        made.append(Purse(pot.name, float(pot.share), pot.by_district, names, held))
    return tuple(made)


@dataclass(slots=True, eq=False)
class PurseState:
    """What one purse has done on every path."""

    purse: Purse
    scope: Scope
    paths: int
    tested: str
    unusable_share: float = 0.0
    unusable_amount: float = 0.0
    to_pot: bool = True
    net: Array = field(init=False)
    cash: Array = field(init=False)
    added: Array = field(init=False)  # topped up so far
    owed: list[Any] = field(default_factory=list)  # deferred parts, oldest first
    dry: dict[str, Bools] = field(init=False)
    asked: Array = field(init=False)  # in this period
    opening: dict[str, Array] = field(init=False)  # room at the start of the period

    def __post_init__(self) -> None:
        shape = (self.scope.count, self.paths)
        self.net = np.zeros(shape)
        start = self.purse.money.get("cash", np.zeros((self.scope.count, 1)))
        self.cash = np.broadcast_to(start, shape).copy()
        self.added = np.zeros((self.scope.count, 1))
        self.dry = {name: np.zeros(shape, dtype=np.bool_) for name in self.purse.money}
        self.asked = np.zeros(shape)
        self.opening = {}

    def begin(self) -> None:
        """A period's payments begin."""
        self.asked = np.zeros_like(self.asked)
        self.opening = {name: self.room(name) for name in self.purse.money}

    def room(self, capital: str) -> Array:
        """What the capital leaves, [scopes, paths]."""
        if capital == "cash":
            return np.maximum(
                self.cash * (1 - self.unusable_share) - self.unusable_amount * self.purse.share, 0.0
            )
        held = self.purse.money[capital] + (self.added if capital == "paid-in" else 0.0)
        left: Array = np.maximum(held - self.net, 0.0)
        return left

    def pay(self, wanted: Array) -> tuple[Array, bool]:
        """Pay what is wanted [groups, paths] as far as there is room; paid, and whether cut.

        Wanted beyond what a capital leaves marks the purse dry on that capital from then on.
        """
        total = self.scope.sum(wanted)
        self.asked = self.asked + total
        for capital, room in self.opening.items():
            self.dry[capital] |= self.asked > room * (1 + HAIR) + HAIR
        if self.tested in self.purse.money:
            room = self.room(self.tested)
            short = total > room
            if short.any():
                factor = np.where(short, room / np.where(total > 0, total, 1.0), 1.0)
                paid = wanted * self.scope.spread(factor)
                done = np.minimum(total, room)
                self.net += done
                self.cash -= done
                return paid, True
        self.net += total
        self.cash -= total
        return wanted, False

    def back(self, amount: Array, *, can_pay: bool = False) -> None:
        """Money returns, [groups, paths]; it can pay again where the terms (or they) say so."""
        if self.to_pot or can_pay:
            total = self.scope.sum(amount)
            self.net -= total
            self.cash += total

    def earn(self, amount: Array) -> None:
        """Fees come in, [groups, paths]."""
        self.cash += self.scope.sum(amount)

    def top_up(self, to: float, most: float | None) -> Array:
        """The budget refills the cash to ``to`` x the start; what came in, [scopes, paths]."""
        start = self.purse.money.get("cash")
        if start is None:
            return np.zeros_like(self.cash)
        came = np.maximum(to * start - self.cash, 0.0)
        if most is not None:
            whole = came.sum(axis=0, keepdims=True)
            allowed = most * self.purse.share
            came *= np.minimum(1.0, allowed / np.where(whole > 0, whole, 1.0))
        self.cash += came
        self.added = self.added + came
        return came


def known(money: dict[str, float]) -> tuple[str, ...]:
    """The capitals that are known, in their order."""
    return tuple(name for name in CAPITALS if name in money)
