"""Sampled figures in the shape of a result, each with its standard error."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np

from ipcredit.fund.exact_figures import name_of
from ipcredit.fund.one_period import Bools, Floats, OnePeriod
from ipcredit.fund.result import LEVELS, TAIL, ClauseRow, Figure, PurseRow, Spread
from ipcredit.fund.sampled import (
    Estimate,
    Executor,
    Sample,
    bad_year,
    mean_of,
    quantile_of,
    sample,
    shortfall_of,
)

METHOD: Final = "sampled"
# Below so many hits a probability is sampled again where bad years are frequent.
_FEW: Final = 400


class Sampled:
    """Figures from ``scenarios`` draws with one seed."""

    def __init__(
        self, problem: OnePeriod, scenarios: int, seed: int, executor: Executor | None
    ) -> None:
        self.problem, self.scenarios, self.seed, self.executor = problem, scenarios, seed, executor

    @cached_property
    def draws(self) -> Sample:
        """All scenarios."""
        return sample(
            self.problem, scenarios=self.scenarios, seed=self.seed, executor=self.executor
        )

    @cached_property
    def tilted(self) -> Sample | None:
        """As many scenarios in which bad years are frequent; none where no year is worse."""
        money = self.problem.capital[self.problem.tested]
        shift = bad_year(self.problem, money)
        if shift == 0:
            return None
        return sample(
            self.problem,
            scenarios=self.scenarios,
            seed=self.seed,
            shift=shift,
            executor=self.executor,
            parts=False,
        )

    def spread(self, name: str) -> Spread:
        """Mean, quantiles and shortfalls of loss, gross or net."""
        values: Floats = {"loss": self.draws.loss, "gross": self.draws.due, "net": self._net}[name]
        return Spread(
            _figure(mean_of(values)),
            tuple((level, _figure(quantile_of(values, level))) for level in LEVELS),
            tuple((level, _figure(shortfall_of(values, level))) for level in LEVELS),
        )

    @property
    def _net(self) -> Floats:
        return self.draws.net

    def dry(self, money: float) -> Figure:
        """The probability that more is owed than ``money``."""
        return self._chance(above(self.draws.due, money), lambda tilted: above(tilted.due, money))

    def _chance(self, hits: Bools, again: Callable[[Sample], Bools]) -> Figure:
        plain = chance_of(hits)
        if hits.sum() >= _FEW or self.tilted is None:
            return plain
        value = mean_of(again(self.tilted).astype(np.float64), self.tilted.weight)
        if value.value <= 0 or value.value > 1:
            return plain
        better = value.error / value.value < plain.error / max(plain.value, 1e-300)
        return _figure(value) if better or plain.value == 0 else plain

    def purse(self, at: int) -> PurseRow:
        """How one purse fares."""
        purse = self.problem.purses[at]
        wanted = self.draws.wanted[:, at]
        dry = {kind: self._purse_dry(at, money) for kind, money in purse.money.items()}
        over = np.maximum(wanted - purse.money[self.problem.tested], 0.0)
        return PurseRow(
            purse.pot,
            purse.district,
            purse.money,
            dry,
            _figure(mean_of(wanted)),
            _figure(mean_of(over)),
        )

    def _purse_dry(self, at: int, money: float) -> Figure:
        hits = above(self.draws.wanted[:, at], money)
        return self._chance(hits, lambda tilted: above(tilted.wanted[:, at], money))

    def limits(self) -> list[ClauseRow]:
        """How often each limit cuts, for everyone under it; of claims and firms: for any of them."""
        rows = []
        for clause, hits in zip(self.problem.clauses, self.draws.limited, strict=True):
            used = np.unique(clause.group[clause.group >= 0])
            many = clause.scope in ("claim", "firm")
            some = np.asarray(hits[:, used].any(axis=1))
            columns = [some] if many else [hits[:, at] for at in used]
            for at, column in zip(used.tolist(), columns, strict=False):
                who = name_of(self.problem, clause.scope, at)
                chance = chance_of(column)
                name, path, title = clause.name, clause.path, clause.title
                rows.append(ClauseRow(name, path, title, clause.scope, who, "", chance))
        return rows

    def breaker(self, number: int) -> list[ClauseRow]:
        """How often one breaker trips, for everyone whom it watches."""
        trip, hits = self.problem.breakers[number], self.draws.tripped[number]
        rows = []
        for at in np.unique(trip.group[trip.group >= 0]).tolist():
            who = name_of(self.problem, trip.scope, at)
            chance = chance_of(hits[:, at])
            row = ClauseRow(trip.name, trip.path, trip.title, trip.scope, who, trip.stops, chance)
            rows.append(row)
        return rows

    def _parts(self, scope: str) -> Floats:
        if scope == "tier":
            # Column 0 is for firms without a tier, which a result shows last.
            tiers = self.draws.tiers
            return tiers[:, 1:] if not (self.problem.tier < 0).any() else np.roll(tiers, -1, axis=1)
        return self.draws.lenders if scope == "lender" else self.draws.districts

    def parts_mean(self, scope: str) -> list[Figure]:
        """Each part of the expected payout."""
        return [_figure(mean_of(column)) for column in self._parts(scope).T]

    def parts_worst(self, scope: str) -> list[Figure]:
        """Each part of the expected shortfall, by what lies above the quantile."""
        due = self.draws.due
        quantile = quantile_of(due, TAIL).value
        worst = above(due, quantile)
        if not worst.any():
            # Caps are reached: what happens at the quantile decides.
            worst = ~above(np.full_like(due, quantile), due)
        whole = shortfall_of(due, TAIL)
        total = float(due[worst].sum())
        scale = whole.value / (total / worst.sum()) if total > 0 else 0.0
        figures = []
        for column in self._parts(scope)[worst].T:
            found = mean_of(column)
            error = found.error if math.isfinite(found.error) else found.value
            # Where the quantile lies is itself known only roughly.
            moved = found.value * whole.error / whole.value if whole.value > 0 else 0.0
            error = float(math.hypot(error, moved) * scale)
            figures.append(Figure(float(found.value * scale), error, METHOD))
        return figures


def above(values: Floats, money: float | Floats) -> Bools:
    """Where amounts are above ``money`` by more than the rounding of sums of floats.

    >>> above(np.array([32_680_000.000000004, 32_680_001.0]), 32_680_000.0).tolist()
    [False, True]
    """
    result: Bools = values > money * (1 + 1e-12) + 1e-3
    return result


def chance_of(hits: Bools) -> Figure:
    """A probability with its standard error; without a hit (or a miss) the error of one.

    >>> chance_of(np.array([False, False, False, True])).value
    0.25
    """
    count = len(hits)
    value = float(hits.mean())
    least = 1.0 / count
    error = math.sqrt(max(value * (1 - value), least * (1 - least)) / count)
    return Figure(value, error, METHOD)


def _figure(found: Estimate) -> Figure:
    return Figure(float(found.value), float(found.error), METHOD)
