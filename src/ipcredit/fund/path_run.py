"""One chunk of paths from the factor to the money, with either engine.

A chunk is keyed by its number; chunks may run in any order and on any worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.path_cells import CellPaths, Tables, tables
from ipcredit.fund.path_clauses import Clauses
from ipcredit.fund.path_cohorts import Cohort, Flow
from ipcredit.fund.path_fixed import Shares, shares
from ipcredit.fund.path_money import HAIR, Bools
from ipcredit.fund.path_plan import Plan
from ipcredit.fund.path_random import FACTOR, normals
from ipcredit.fund.terms import LENDER, Fee

Array: TypeAlias = npt.NDArray[np.float64]

SERIES = ("paid", "back", "fees", "topped_up", "defaulted")
"""What is kept of every path and period, for the whole fund."""
SPLITS = ("lender", "district", "tier")


class Engine(Protocol):
    """Where defaults come from: cells or firms."""

    def balance(self, period: int, made: dict[int, Array]) -> Array:
        """Owed at the start of a period, [G, paths]."""

    def defaults(self, period: int, made: dict[int, Array]) -> Array:
        """Principal defaulted in a period, [G, paths]."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Everything a worker needs: the plan, its tables and shares, and what to do with them.

    ``shift`` float64[T]: mean of the factor's innovations (importance sampling).  ``without``:
    breakers each of which is taken out once, on the same random numbers.
    """

    plan: Plan
    engine: str
    size: int
    shares: Shares
    tables: Tables | None = None
    shift: tuple[float, ...] = ()
    without: tuple[str, ...] = ()
    firms: object = None


@dataclass(slots=True, eq=False)
class Chunk:
    """The result of one chunk of paths.

    ``series``: by measure float64[T, paths]; ``cash``, ``room``: by pot likewise.  ``dry``: by
    capital and pot ("": the whole) bool[T, paths]; ``dry_purse``: by capital and pot, how many
    paths, int64[T, purses].  ``tripped``: by breaker bool[T, paths] (for anyone); ``periods``:
    how many periods, averaged over whom it is for, float64[paths].  ``totals``: over all periods
    float64[paths]; ``split``: by lender, district, tier the sums over paths of gross and net
    payments and of their squares, float64[4, n].  ``cost``: by breaker and party float64[paths],
    what the party bears more when the breaker is taken out.
    """

    paths: int
    weight: Array | None
    factor: Array | None = None
    series: dict[str, Array] = field(default_factory=dict)
    need: Array = field(default_factory=lambda: np.zeros(0))
    cash: dict[str, Array] = field(default_factory=dict)
    room: dict[str, Array] = field(default_factory=dict)
    dry: dict[tuple[str, str], Bools] = field(default_factory=dict)
    dry_purse: dict[tuple[str, str], Array] = field(default_factory=dict)
    tripped: dict[str, Bools] = field(default_factory=dict)
    periods: dict[str, Array] = field(default_factory=dict)
    totals: dict[str, Array] = field(default_factory=dict)
    split: dict[str, Array] = field(default_factory=dict)
    cost: dict[str, dict[str, Array]] = field(default_factory=dict)


Maker: TypeAlias = Callable[[Job, int, Array], Engine]


def factor_paths(
    plan: Plan, chunk: int, paths: int, shift: tuple[float, ...]
) -> tuple[Array, Array | None]:
    """The factor [T, paths] (AR(1), stationary), and the weight of each path if it is shifted."""
    assumed = plan.assumed
    phi = assumed.carried
    factor = np.empty((assumed.periods, paths))
    log_weight = np.zeros(paths)
    for t in range(assumed.periods):
        given = assumed.factor_of(t)
        drawn = normals(assumed.seed, chunk, FACTOR, t, paths)
        if shift and given is None and shift[t] != 0:
            log_weight -= shift[t] * drawn + shift[t] ** 2 / 2
            drawn += shift[t]
        if given is not None:
            factor[t] = given
        elif t == 0:
            factor[t] = drawn
        else:
            factor[t] = phi * factor[t - 1] + np.sqrt(1 - phi * phi) * drawn
    return factor, np.exp(log_weight) if shift else None


def innovations(plan: Plan, factor: Array) -> Array:
    """The innovations behind factor paths [T, paths], 0 where the factor is given."""
    assumed = plan.assumed
    phi = assumed.carried
    found = np.empty_like(factor)
    for t in range(len(factor)):
        if assumed.factor_of(t) is not None:
            found[t] = 0.0
        elif t == 0:
            found[t] = factor[t]
        else:
            found[t] = (factor[t] - phi * factor[t - 1]) / np.sqrt(max(1 - phi * phi, 1e-12))
    return found


def controlled(plan: Plan) -> bool:
    """Whether lending can stop or shrink on a path."""
    lending = len(plan.blocks) > 1 or plan.assumed.rollover > 0
    clauses = plan.terms.leverage is not None or any(
        b.stops == "lending" for b in plan.terms.breakers
    )
    return lending and clauses


def prepared(plan: Plan, engine: str, size: int, firms: object = None) -> Job:
    """The job of an engine, with everything that is found once."""
    made = tables(plan, controlled=controlled(plan)) if engine == "cells" else None
    fixed = shares(plan)
    if engine == "cells":
        # Workers are sent the job with every batch: a million loans would travel with it.
        plan = plan.slim(warm=controlled(plan))
    return Job(plan, engine, size, fixed, made, firms=firms)


def run(job: Job, chunk: int, paths: int, maker: Maker) -> Chunk:
    """One chunk, and again without each breaker in ``job.without``."""
    factor, weight = factor_paths(job.plan, chunk, paths, job.shift)
    result = _simulated(job, maker(job, chunk, factor), factor, weight, "")
    if job.shift:
        result.factor = factor
    for name in job.without:
        other = _simulated(job, maker(job, chunk, factor), factor, weight, name)
        result.cost[name] = {
            party: other.totals[f"party:{party}"] - result.totals[f"party:{party}"]
            for party in parties(job.plan)
        }
    return result


def parties(plan: Plan) -> tuple[str, ...]:
    """Who bears losses: the fund, the parties named, and the lender."""
    named = [party.name for party in plan.terms.parties if party.name != LENDER]
    return ("fund", *named, LENDER)


def cells(job: Job, chunk: int, factor: Array) -> Engine:
    """The cells of a chunk."""
    assert job.tables is not None
    return CellPaths(job.plan, job.tables, chunk, factor)


class _Books:
    """What one simulated chunk adds up."""

    def __init__(self, job: Job, paths: int, weight: Array | None) -> None:
        plan = job.plan
        self.plan, self.tier = plan, job.shares.tier
        self.shape = (plan.assumed.periods, paths)
        self.chunk = Chunk(paths, weight)
        self.chunk.series = {name: np.zeros(self.shape) for name in SERIES}
        self.chunk.need = np.zeros(paths)
        self.needed = np.zeros(paths)
        groups = (len(plan.groups), paths)
        self.gross, self.net = np.zeros(groups), np.zeros(groups)
        self.tiers = np.zeros((2, len(plan.tiers) + 1, paths))

    def add(self, name: str, values: Array) -> None:
        """Add to the totals of the paths."""
        totals = self.chunk.totals
        totals[name] = totals[name] + values if name in totals else values

    def close(self, clauses: Clauses) -> Chunk:
        """The splits, when every period is done."""
        for per in ("lender", "district"):
            scope = clauses.scopes[per]
            self.chunk.split[per] = _moments(scope.sum(self.gross), scope.sum(self.net))
        self.chunk.split["tier"] = _moments(self.tiers[0], self.tiers[1])
        return self.chunk


def _moments(gross: Array, net: Array) -> Array:
    return np.stack(
        [gross.sum(axis=1), (gross * gross).sum(axis=1), net.sum(axis=1), (net * net).sum(axis=1)]
    )


def _simulated(
    job: Job, engine: Engine, factor: Array, weight: Array | None, without: str
) -> Chunk:
    plan, paths = job.plan, factor.shape[1]
    clauses = Clauses(
        plan.terms, plan.groups, plan.purses, plan.money, paths,
        length=plan.length, without=without,
    )  # fmt: skip
    clauses.open(job.shares.opening)
    books = _Books(job, paths, weight)
    lending = _Lending(plan, clauses) if controlled(plan) else None
    steps = plan.assumed.steps
    for t in range(plan.assumed.periods):
        if t % steps == 0 and t:
            clauses.new_year()
            _topped_up(plan, clauses, books, t)
        if t:
            _interest(plan, clauses)
        made = {} if lending is None else lending.made(t, engine)
        owed = engine.balance(t, made)
        lent = job.shares.lent[t] if lending is None else lending.lent
        clauses.positions(lent, owed)
        defaulted = engine.defaults(t, made)
        fees = _fees(plan, clauses, owed)
        flow = clauses.step(t, _cohort(job, engine, t, defaulted, factor[t]))
        flow.fees = fees
        _record(books, clauses, t, defaulted, flow)
    return books.close(clauses)


def _cohort(job: Job, engine: Engine, period: int, defaulted: Array, factor: Array) -> Cohort:
    """The period's defaults with their cover and how they will recover."""
    own = getattr(engine, "cohort", None)
    due = period + job.plan.due_lag
    if own is not None:
        found: Cohort = own(period, due, defaulted)
        return found
    fixed, slope = job.shares, job.plan.assumed.slope
    recoveries = {}
    for lag, (weight, mean) in fixed.recovery[period].items():
        share = weight * mean if slope == 0 else weight * np.clip(mean + slope * factor, 0.0, 1.0)
        recoveries[period + lag] = share
    return Cohort(period, due, defaulted, fixed.eligible[period], fixed.cover[period], recoveries)


class _Lending:
    """New lending on each path, which breakers and leverage may stop."""

    def __init__(self, plan: Plan, clauses: Clauses) -> None:
        self.plan, self.clauses = plan, clauses
        self.state: dict[int, Array] = {}
        self.rolled: Array | None = None
        self.lent: Array = np.zeros((len(plan.groups), 1))

    def made(self, period: int, engine: Engine) -> dict[int, Array]:
        """The share of each vintage's loans that is lent, by block, and of what is rolled (-2)."""
        plan, clauses = self.plan, self.clauses
        fresh = [b for b, block in enumerate(plan.blocks) if block.start == period and b]
        shape = (len(plan.groups), clauses.paths)
        before = {**self.state, **{b: np.zeros(shape) for b in fresh}}
        if self.rolled is not None:
            before[-2] = self.rolled
        rolling = planned_rollover(plan, period)
        wanted = sum((plan.kept("balance", b, period, rolled=False) for b in fresh), rolling)
        allowed = self._allowed(np.asarray(wanted)[:, None], engine, period, before)
        for block in fresh:
            self.state[block] = allowed
        if plan.assumed.rollover > 0:
            self.rolled = self._roll(period, rolling, allowed)
            self.state[-2] = self.rolled
        base = plan.kept("principal", 0, 0) if period == 0 else np.zeros(shape[0])
        self.lent = base[:, None] + allowed * np.asarray(wanted)[:, None]
        return self.state

    def _roll(self, period: int, rolling: Array, allowed: Array) -> Array:
        """The share of the scheduled rolled balance that was really lent again."""
        whole = sum(
            self.plan.kept("balance", b, period)
            - self.plan.kept("balance", b, period, rolled=False)
            for b, block in enumerate(self.plan.blocks)
            if block.start <= period
        )
        new = np.where(whole > 0, rolling / np.where(whole > 0, whole, 1.0), 1.0)[:, None]
        new = np.clip(new, 0.0, 1.0)
        old = np.ones_like(allowed) if self.rolled is None else self.rolled
        result: Array = old * (1 - new) + allowed * new
        return result

    def _allowed(
        self, wanted: Array, engine: Engine, period: int, before: dict[int, Array]
    ) -> Array:
        clauses, plan = self.clauses, self.plan
        share = np.ones((len(plan.groups), clauses.paths))
        stopped = clauses.stopped("lending") if period else None
        if stopped is not None:
            share = np.where(stopped, 0.0, share)
        leverage = plan.terms.leverage
        if leverage is None or not wanted.any():
            return share
        owed = engine.balance(period, before).sum(axis=0)
        room = float(leverage.most) * clauses.capital_now(leverage.capital) - owed
        asked = (wanted * share).sum(axis=0)
        part = np.clip(room / np.where(asked > 0, asked, 1.0), 0.0, 1.0)
        result: Array = share * part
        return result


def planned_rollover(plan: Plan, period: int) -> Array:
    """Principal repaid in the period before that is to be lent again, had nobody defaulted, [G]."""
    total = np.zeros(len(plan.groups))
    if plan.assumed.rollover <= 0 or period == 0:
        return total
    for at, block in enumerate(plan.blocks):
        if block.start < period:
            total += plan.kept("relent", at, period)
    return total


def _topped_up(plan: Plan, clauses: Clauses, books: _Books, period: int) -> None:
    rule = plan.terms.money.top_up
    if rule is None:
        return
    most = None if rule.most is None else float(rule.most)
    came = [state.top_up(float(rule.to), most).sum(axis=0) for state in clauses.purses]
    books.chunk.series["topped_up"][period] = np.sum(came, axis=0)


def _interest(plan: Plan, clauses: Clauses) -> None:
    rate = float(plan.terms.money.interest)
    if rate:
        grown = (1 + rate) ** plan.length - 1
        for state in clauses.purses:
            state.cash += np.maximum(state.cash, 0.0) * grown


def _fees(plan: Plan, clauses: Clauses, owed: Array) -> Array | None:
    """Guarantee fees of a period on what is owed at its start, [G, paths]."""
    total: Array | None = None
    for fee in plan.terms.fees:
        if fee.waived:
            continue
        amount = owed * (float(fee.rate) * plan.length)
        if fee.surcharges:
            amount = amount * (1 + _surcharge(clauses, fee))
        total = amount if total is None else total + amount
    if total is not None:
        for state in clauses.purses:
            state.earn(total * state.purse.share)
    return total


def _surcharge(clauses: Clauses, fee: Fee) -> Array:
    """What each group's lender pays more: of every measure the highest step reached."""
    scope = clauses.scopes["lender"]
    added = np.zeros((scope.count, clauses.paths))
    owed = scope.sum(clauses.bases["balance"])
    for measure in dict.fromkeys(step.measure for step in fee.surcharges):
        found = np.zeros_like(added)
        counted = scope.sum(clauses.measured(measure))
        for step in sorted((s for s in fee.surcharges if s.measure == measure), key=lambda s: s.at):
            reached = (counted >= float(step.at) * owed) & (counted > 0)
            found = np.where(reached, float(step.add), found)
        added += found
    return scope.spread(added)


def _record(books: _Books, clauses: Clauses, at: int, defaulted: Array, flow: Flow) -> None:
    chunk, plan = books.chunk, books.plan
    back = flow.back if flow.clawed is None else flow.back + flow.clawed
    lost, whole, returned = defaulted.sum(axis=0), flow.paid.sum(axis=0), back.sum(axis=0)
    chunk.series["paid"][at] = whole
    chunk.series["back"][at] = returned
    chunk.series["defaulted"][at] = lost
    if flow.fees is not None:
        chunk.series["fees"][at] = flow.fees.sum(axis=0)
    books.needed += whole
    if plan.terms.recoveries.to_pot:
        books.needed -= returned
    # Within a period money comes back before it is paid out: the need is highest at its end.
    np.maximum(chunk.need, books.needed, out=chunk.need)
    net = flow.paid - back
    books.gross += flow.paid
    books.net += net
    books.tiers[0] += books.tier[at].T @ flow.paid
    books.tiers[1] += books.tier[at].T @ net
    _borne(books, lost, whole - returned, flow)
    for name, cut in flow.limited.items():
        books.add(f"limit:{name}", cut)
    if flow.refused is not None:
        books.add("refused", flow.refused.sum(axis=0))
    if flow.short is not None:
        books.add("short", flow.short)
    _purses(books, clauses, at)
    for breaker in clauses.breakers:
        flags = clauses.tripped[breaker.name]
        store = chunk.tripped.setdefault(breaker.name, np.zeros(books.shape, dtype=np.bool_))
        store[at] = flags.any(axis=0)
        periods = chunk.periods.setdefault(breaker.name, np.zeros(chunk.paths))
        periods += flags.mean(axis=0)


def _borne(books: _Books, lost: Array, fund: Array, flow: Flow) -> None:
    """Who bears the defaults: the fund what it pays, parties their share, one the rest."""
    books.add("party:fund", fund)
    rest = lost - fund
    parties = books.plan.terms.parties
    if flow.settled is not None:
        settled = flow.settled.sum(axis=0)
        for party in parties:
            if party.name != LENDER and party.share is not None:
                part = float(party.share) * settled
                rest = rest - part
                books.add(f"party:{party.name}", part)
    bearer = next((p.name for p in parties if p.share is None), LENDER)
    books.add(f"party:{bearer}", rest)


def _purses(books: _Books, clauses: Clauses, at: int) -> None:
    chunk, shape = books.chunk, books.shape
    for state in clauses.purses:
        pot = state.purse.pot
        chunk.cash.setdefault(pot, np.zeros(shape))[at] = state.cash.sum(axis=0)
        if "committed" in state.purse.money:
            chunk.room.setdefault(pot, np.zeros(shape))[at] = state.room("committed").sum(axis=0)
        for capital in books.plan.money:
            flags = state.dry[capital]
            store = chunk.dry.setdefault((capital, pot), np.zeros(shape, dtype=np.bool_))
            store[at] = flags.any(axis=0)
            if state.purse.by_district:
                counts = np.zeros((shape[0], len(flags)))
                chunk.dry_purse.setdefault((capital, pot), counts)[at] = flags.sum(axis=1)
    for capital in books.plan.money:
        asked = np.sum([state.asked.sum(axis=0) for state in clauses.purses], axis=0)
        room = np.sum([state.opening[capital].sum(axis=0) for state in clauses.purses], axis=0)
        store = chunk.dry.setdefault((capital, ""), np.zeros(shape, dtype=np.bool_))
        store[at] = (asked > room * (1 + HAIR) + HAIR) | (store[at - 1] if at else False)
