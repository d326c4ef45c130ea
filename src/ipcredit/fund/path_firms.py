"""Defaults firm by firm, at a cost that grows with the number of defaults, not of firms.

Given the factor, every firm of a block has a hazard in each period.  Along each path the firms
lie on a line, each as long as the largest hazard of its class; events of a Poisson process on
it are candidates, and each is kept with its own hazard over the largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.path_cells import conditional
from ipcredit.fund.path_cohorts import Cohort
from ipcredit.fund.path_fixed import Narrow
from ipcredit.fund.path_money import added
from ipcredit.fund.path_plan import Plan
from ipcredit.fund.path_random import DEFAULT, SEVERITY, Array, beta, uniforms

Ints: TypeAlias = npt.NDArray[np.int64]
_CLASSES: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The firms of a plan by class of default probability, found once.

    ``order``: firms by class; ``starts`` int64[classes + 1] into it.  ``loans``: by firm, loans
    ``loans[first[f]:first[f + 1]]``.
    """

    order: Ints
    starts: Ints
    first: Ints
    loans: Ints


def lines(plan: Plan) -> Lines:
    """Put firms of like hazard together and list each firm's loans."""
    order = np.argsort(plan.pd, kind="stable").astype(np.int64)
    ranked = plan.pd[order]
    # Classes by factor-of-1.5 steps: at most a third of the candidates is thrown away.
    level = np.floor(np.log(np.maximum(ranked, 1e-12)) / np.log(1.5)).astype(np.int64)
    starts = np.flatnonzero(np.diff(level, prepend=level[:1] - 1))
    if len(starts) > _CLASSES:
        starts = starts[:: len(starts) // _CLASSES + 1]
    loan_firm = plan.item_firm[plan.loan_item]
    loans = np.argsort(loan_firm, kind="stable").astype(np.int64)
    counts = np.bincount(loan_firm, minlength=len(plan.pd))
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Lines(order, np.append(starts, len(order)), first, loans)


class FirmPaths:
    """The defaults of one chunk of paths, firm by firm."""

    def __init__(self, plan: Plan, made: Lines, chunk: int, factor: Array) -> None:
        self.plan, self.lines, self.chunk, self.factor = plan, made, chunk, factor
        self.paths = factor.shape[1]
        self.narrow = Narrow(plan, plan.book_principal)
        events = [self._period(t) for t in range(plan.assumed.periods)]
        period = np.repeat(np.arange(len(events)), [len(e) for e in events])
        key = np.concatenate(events) if events else np.zeros(0, dtype=np.int64)
        # A unit defaults once: the first of its events.
        kept, at = np.unique(key, return_index=True)
        self.units, self.when = kept, period[at]
        self.mark = uniforms(plan.assumed.seed, chunk, DEFAULT, 10**6, len(kept))
        self.gone = [np.zeros(0, dtype=np.int64)] * len(plan.blocks)
        self.cohort_cache: Cohort | None = None

    def _period(self, period: int) -> Ints:
        """Candidates that default in a period: path x units + unit, int64."""
        plan = self.plan
        found = []
        for at, block in enumerate(plan.blocks):
            if block.start > period:
                continue
            hazard = plan.kept("hazard", at, period)
            owing = self._owing(at, period)
            hazard = np.where(owing, hazard, 0.0)
            for cls in range(len(self.lines.starts) - 1):
                firms = self.lines.order[self.lines.starts[cls] : self.lines.starts[cls + 1]]
                firms = firms[hazard[firms] > 0]
                if firms.size:
                    found.append(self._events(period, at, cls, firms, hazard[firms]))
        if not found:
            return np.zeros(0, dtype=np.int64)
        return np.concatenate(found)

    def _owing(self, block: int, period: int) -> npt.NDArray[np.bool_]:
        plan = self.plan
        owed = added(
            plan.item_firm[plan.loan_item], plan.kept("loans", block, period), len(plan.pd)
        )
        return np.asarray(owed > 0)

    def _events(self, period: int, block: int, cls: int, firms: Ints, hazard: Array) -> Ints:
        from scipy.special import ndtri

        plan = self.plan
        correlation = plan.assumed.correlation
        threshold = ndtri(hazard)
        top = conditional(threshold.max(keepdims=True), self.factor[period], correlation)[0]
        unit = -np.log1p(-np.minimum(top, 1 - 1e-15))
        length = unit * len(firms)
        ends = np.cumsum(length)
        places = self._poisson(period, block * 64 + cls, float(ends[-1]))
        path = np.searchsorted(ends, places, side="right")
        inside = places - (ends[path] - length[path])
        which = np.minimum((inside / unit[path]).astype(np.int64), len(firms) - 1)
        slots = np.unique(path * len(firms) + which)
        path, which = slots // len(firms), slots % len(firms)
        own = _at(threshold[which], self.factor[period][path], correlation)
        keep = uniforms(plan.assumed.seed, self.chunk, DEFAULT + 16, period * 8192 + block * 64 + cls,
                        len(path))  # fmt: skip
        kept = keep * top[path] < own
        path, which = path[kept], which[kept]
        result: Ints = path * plan.units + block * len(plan.pd) + firms[which]
        return result

    def _poisson(self, period: int, stream: int, end: float) -> Array:
        """The events of a Poisson process of rate 1 up to ``end``."""
        seed = self.plan.assumed.seed
        count = int(end + 8 * np.sqrt(end) + 16)
        while True:
            drawn = uniforms(seed, self.chunk, DEFAULT, period * 8192 + stream, count)
            places = np.cumsum(-np.log(drawn))
            if places[-1] >= end:
                return places[: int(np.searchsorted(places, end))]
            count *= 2

    # -- what the driver asks for ----------------------------------------------------------------

    def balance(self, period: int, made: dict[int, Array]) -> Array:
        """What is owed at the start of a period, [G, paths]; ``made``: share lent, by vintage."""
        plan = self.plan
        total = np.zeros((len(plan.groups), self.paths))
        before = self.when < period
        for at, block in enumerate(plan.blocks):
            if block.start > period:
                continue
            base = plan.kept("balance", at, period, rolled=not made)[:, None]
            total += base * made.get(at, 1.0) if made else base
            if -2 in made:
                whole = plan.kept("balance", at, period)[:, None]
                total += (whole - base) * made[-2]
            total -= self._defaulted(at, period, before, made)[0]
        np.maximum(total, 0.0, out=total)
        return total

    def defaults(self, period: int, made: dict[int, Array]) -> Array:
        """Principal defaulted in a period, [G, paths]; after :meth:`balance` of the period."""
        plan = self.plan
        now = self.when == period
        principal = np.zeros((len(plan.groups), self.paths))
        eligible, wanted = np.zeros_like(principal), np.zeros_like(principal)
        recovered: dict[int, Array] = {}
        for at, block in enumerate(plan.blocks):
            if block.start <= period:
                self._add(at, period, now, made, principal, eligible, wanted, recovered)
        whole = np.where(principal > 0, principal, 1.0)
        self.cohort_cache = Cohort(
            period, period + plan.due_lag, principal, eligible / whole,
            wanted / np.where(eligible > 0, eligible, 1.0),
            {period + lag: amount / whole for lag, amount in recovered.items()},
        )  # fmt: skip
        return principal

    def cohort(self, period: int, due: int, defaulted: Array) -> Cohort:
        """The period's defaults as claims, with what each claim itself decides."""
        assert self.cohort_cache is not None
        return self.cohort_cache

    def _events_of(
        self, block: int, chosen: npt.NDArray[np.bool_]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Path, firm, loan and event of every loan of the chosen events of a block."""
        plan, firms = self.plan, len(self.plan.pd)
        unit = self.units % plan.units
        event = np.flatnonzero(chosen & (unit // firms == block))
        path, firm = self.units[event] // plan.units, unit[event] % firms
        counts = self.lines.first[firm + 1] - self.lines.first[firm]
        total = int(counts.sum())
        offset = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        loan = self.lines.loans[np.repeat(self.lines.first[firm], counts) + offset]
        return (
            np.repeat(path, counts), np.repeat(firm, counts), loan, np.repeat(event, counts)
        )  # fmt: skip

    def _owed(
        self, block: int, period: int, path: Ints, loan: Ints, event: Ints, made: dict[int, Array]
    ) -> Array:
        """What each defaulted loan owes, with lending that was stopped left out."""
        plan = self.plan
        group = plan.item_group[plan.loan_item[loan]]
        if not made:
            result: Array = plan.kept("loans", block, period)[loan]
            return result
        base = plan.kept("loans", block, period, rolled=False)[loan]
        owed = base
        if block in made:
            # A vintage partly lent: that share of its firms, the same ones all along.
            owed = base * (self.mark[event] < made[block][group, path])
        if -2 in made:
            whole = plan.kept("loans", block, period)[loan]
            owed = owed + (whole - base) * made[-2][group, path]
        return owed

    def _defaulted(
        self, block: int, period: int, chosen: npt.NDArray[np.bool_], made: dict[int, Array]
    ) -> tuple[Array, None]:
        path, _, loan, event = self._events_of(block, chosen)
        owed = self._owed(block, period, path, loan, event, made)
        return self._by_cell(path, loan, owed), None

    def _by_cell(self, path: Ints, loan: Ints, values: Array) -> Array:
        groups = len(self.plan.groups)
        group = self.plan.item_group[self.plan.loan_item[loan]]
        flat = added(group * np.int64(self.paths) + path, values, groups * self.paths)
        return flat.reshape(groups, self.paths)

    def _add(
        self, block: int, period: int, now: npt.NDArray[np.bool_], made: dict[int, Array],
        principal: Array, eligible: Array, wanted: Array, recovered: dict[int, Array],
    ) -> None:  # fmt: skip
        plan = self.plan
        path, firm, loan, event = self._events_of(block, now)
        if not loan.size:
            return
        owed = self._owed(block, period, path, loan, event, made)
        principal += self._by_cell(path, loan, owed)
        unit = (path * len(plan.pd) + firm).astype(np.float64)
        part, want = self.narrow.amounts(owed, loan.astype(np.float64), unit)
        eligible += self._by_cell(path, loan, part)
        wanted += self._by_cell(path, loan, want)
        back = owed * self._recovery(period, block, path, loan)
        lag = plan.loan_lag[loan]
        for one in np.unique(lag):
            amount = self._by_cell(path, loan, back * (lag == one))
            recovered[int(one)] = recovered.get(int(one), 0.0) + amount

    def _recovery(self, period: int, block: int, path: Ints, loan: Ints) -> Array:
        assumed = self.plan.assumed
        mean = self.plan.loan_recovery[loan]
        if assumed.slope:
            mean = np.clip(mean + assumed.slope * self.factor[period][path], 0.0, 1.0)
        if assumed.recovery_sd <= 0:
            return mean
        drawn = uniforms(assumed.seed, self.chunk, SEVERITY, period * 64 + block, len(loan))
        return beta(drawn, mean, assumed.recovery_sd)


def _at(threshold: Array, factor: Array, correlation: float) -> Array:
    from scipy.special import ndtr

    inside = (threshold - np.sqrt(correlation) * factor) / np.sqrt(1 - correlation)
    result: Array = ndtr(inside)
    return result
