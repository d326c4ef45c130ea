"""Which clauses can be settled account by account, and what an account then pays.

An account is a lender or a district.  Given the factor its claims add up to one number; where
all its claims stand in one proportion to what its clauses measure, the account pays a *layer* of
that number: nothing up to a deductible, then everything up to a cap, and nothing at all from the
point where a breaker stops it.  Layers of layers are layers, so any order of clauses is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ipcredit.fund.one_period import Clause, Floats, Ints, OnePeriod, Trip

# Proportions of whole amounts differ by rounding alone below this.
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Layer:
    """What is paid of a claim total t: min(max(t - deductible, 0), cap), nothing from ``stop``.

    >>> layer = Layer(deductible=1.0, cap=5.0)
    >>> layer(np.array([0.5, 2.0, 9.0])).tolist()
    [0.0, 1.0, 5.0]
    >>> layer.capped(3.0).deducted(1.0)
    Layer(deductible=2.0, cap=2.0, stop=inf)
    """

    deductible: float = 0.0
    cap: float = math.inf
    stop: float = math.inf

    def __call__(self, total: Floats) -> Floats:
        """What is paid, same shape as ``total``."""
        paid: Floats = np.clip(total - self.deductible, 0.0, self.cap)
        return np.where(total >= self.stop, 0.0, paid)

    @property
    def plain(self) -> bool:
        """Whether everything is paid."""
        return self.deductible == 0 and self.cap == math.inf and self.stop == math.inf

    def capped(self, most: float) -> Layer:
        """At most ``most`` of what this layer pays."""
        return replace(self, cap=min(self.cap, most))

    def deducted(self, first: float) -> Layer:
        """Without the first ``first`` of what this layer pays."""
        if first == 0:
            return self
        cap = max(self.cap - first, 0.0)
        return replace(self, deductible=self.deductible + first, cap=cap)

    def reach(self, paid: float) -> float:
        """The total up to which at most ``paid`` is paid (while nothing stops)."""
        return math.inf if paid >= self.cap else self.deductible + paid


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a clause starts to cut one account: from claim totals above ``above``."""

    clause: int
    group: int
    account: int  # -1: the whole fund
    above: float


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """The problem in accounts.

    ``account`` int32[I] of each item (all 0: the fund is one account); ``amount`` float64[I]:
    candidate payment of each item before wide clauses; ``layers``: of each account; ``top``: of
    the sum of what the accounts pay; ``limits``: where each clause starts to cut.
    """

    scope: str
    names: tuple[str, ...]
    account: Ints
    amount: Floats
    layers: tuple[Layer, ...]
    top: Layer
    limits: tuple[Limit, ...]

    @property
    def split(self) -> bool:
        """Whether accounts must be told apart: some account does not pay everything."""
        return any(not layer.plain for layer in self.layers)


class _NotSeparable(Exception):
    """Carries the code of the reason."""


def separate(problem: OnePeriod) -> Accounts | str:
    """The problem in accounts, or the code of the reason why it has none."""
    try:
        return _Separator(problem).accounts()
    except _NotSeparable as reason:
        return str(reason)


class _Separator:
    def __init__(self, problem: OnePeriod) -> None:
        self.problem = problem
        self.amount = problem.due * problem.share[problem.cell]
        self.pays = self.amount > 0
        wide: list[Clause | Trip] = [*problem.clauses, *problem.stopping]
        scopes = {self._scope(item) for item in wide} - {"fund"}
        if scopes & {"claim", "firm"}:
            raise _NotSeparable("firm-after-wide")
        if len(scopes) > 1:
            raise _NotSeparable("lenders-and-districts")
        self.scope = next(iter(scopes), "fund")
        column, names = {
            "lender": (problem.lender, problem.lenders),
            "district": (problem.district, problem.districts),
            "fund": (np.zeros_like(problem.cell), ("",)),
        }[self.scope]
        self.account, self.names = column, names
        self.layers = [Layer() for _ in names]
        self.top = Layer()
        self.limits: list[Limit] = []

    def _scope(self, item: Clause | Trip) -> str:
        """A scope with one group that matters is the whole fund."""
        group = item.group[self.problem.cell[self.pays]]
        inside = np.unique(group)
        if len(inside) == 1 and inside[0] >= 0:
            return "fund"
        return item.scope if (group >= 0).any() else "fund"

    def accounts(self) -> Accounts:
        for trip in self.problem.stopping:
            self._stop(trip)
        shares = self._shares()
        for number, clause in enumerate(self.problem.clauses):
            ratio = None if clause.measure == "payouts" else shares
            self._limit(number, clause, ratio)
        return Accounts(
            self.scope,
            self.names,
            self.account,
            self.amount,
            tuple(self.layers),
            self.top,
            tuple(self.limits),
        )

    def _shares(self) -> Floats | None:
        """The cover of each account's claims where it is one; eligible = payment / cover."""
        if self.problem.folded:
            return None
        share = self.problem.share[self.problem.cell]
        found = np.ones(len(self.names))
        for at in range(len(self.names)):
            mine = share[self.pays & (self.account == at)]
            if mine.size:
                if np.ptp(mine) > _SAME:
                    raise _NotSeparable("cover-differs")
                # Claims that are not covered count towards the limit all the same.
                if ((self.problem.due > 0) & ~self.pays & (self.account == at)).any():
                    raise _NotSeparable("cover-differs")
                found[at] = mine[0]
        return found

    def _limit(self, number: int, clause: Clause, shares: Floats | None) -> None:
        group = clause.group[self.problem.cell]
        if self._scope(clause) == "fund":
            here = np.unique(group[self.pays])
            if here.size == 0 or here[0] < 0:
                if (group[self.pays] >= 0).any():
                    raise _NotSeparable("part-of-an-account")
                return
            share = 1.0
            if shares is not None:
                used = shares[np.unique(self.account[self.pays])]
                if np.ptp(used) > _SAME:
                    raise _NotSeparable("cover-differs")
                share = float(used[0])
            ceiling = float(clause.ceiling[here[0]]) * share
            self.limits.append(
                Limit(number, int(here[0]), -1, self._above(self.top, ceiling, clause))
            )
            self.top = _cut(self.top, clause, ceiling)
            return
        if not self.top.plain:
            raise _NotSeparable("account-after-fund")
        for at in range(len(self.names)):
            inside = np.unique(group[self.pays & (self.account == at)])
            if inside.size == 0 or (inside < 0).all():
                continue
            if inside.size > 1:
                raise _NotSeparable("part-of-an-account")
            share = 1.0 if shares is None else float(shares[at])
            ceiling = float(clause.ceiling[inside[0]]) * share
            above = self._above(self.layers[at], ceiling, clause)
            self.limits.append(Limit(number, int(inside[0]), at, above))
            self.layers[at] = _cut(self.layers[at], clause, ceiling)

    @staticmethod
    def _above(layer: Layer, ceiling: float, clause: Clause) -> float:
        if clause.deductible:
            return layer.deductible if ceiling > 0 else math.inf
        return layer.reach(ceiling)

    def _stop(self, trip: Trip) -> None:
        measured = self.problem.overdue
        group = trip.group[self.problem.cell]
        scope = self._scope(trip)
        accounts = [-1] if scope == "fund" else list(range(len(self.names)))
        if scope == "fund" and self.scope != "fund":
            raise _NotSeparable("fund-breaker")
        for at in accounts:
            here = np.ones(len(group), dtype=np.bool_) if at < 0 else self.account == at
            groups = np.unique(group[here & self.pays])
            if groups.size == 0:
                continue
            # Only the fund's own claims of the group decide, all of them in one proportion.
            inside = (group == groups[0]) & (measured > 0)
            if (inside & ~(here & self.pays)).any():
                raise _NotSeparable("breaker-measure")
            ratio = measured[inside] / self.amount[inside]
            if ratio.size and np.ptp(ratio) > _SAME * ratio[0]:
                raise _NotSeparable("breaker-measure")
            threshold = float(trip.threshold[groups[0]])
            stop = max(threshold * (1 - _SAME), 1.0) / float(ratio[0])
            if at < 0:
                self.top = replace(self.top, stop=min(self.top.stop, stop))
            else:
                self.layers[at] = replace(self.layers[at], stop=min(self.layers[at].stop, stop))


def _cut(layer: Layer, clause: Clause, ceiling: float) -> Layer:
    return layer.deducted(ceiling) if clause.deductible else layer.capped(ceiling)
