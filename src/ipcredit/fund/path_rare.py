"""Rare exhaustion: the factor's path is shifted towards bad years, and every path is weighted.

The shift is found by cross-entropy (Rubinstein 1997): the mean of the innovations among the worst
paths so far, level by level, until the worst ones run dry.  Below about 1e-6 one shift may miss
other ways to run dry; the standard error does not show that.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.path_money import Purse
from ipcredit.fund.path_plan import Plan
from ipcredit.fund.path_result import Sampled
from ipcredit.fund.path_run import Chunk, Job, innovations
from ipcredit.fund.paths import chosen_engine, job_of, plan_of, run_all
from ipcredit.fund.scenario import Scenario
from ipcredit.portfolio import Portfolio

_PILOT: Final = 4096
_ELITE: Final = 0.1
_LEVELS: Final = 12
# Pilot chunks and counted chunks must not share random numbers.
_PILOT_SEED: Final = 2**63


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """How likely the fund runs dry within the horizon, on the tested capital as one purse.

    ``by_period``: by the end of each period; ``shift``: of the factor's innovations, by period;
    ``paths`` were weighted, after ``pilot`` paths to find the shift; ``plain_paths``: how many
    paths without shift would have had the same error.
    """

    probability: Sampled
    by_period: tuple[Sampled, ...]
    shift: tuple[float, ...]
    paths: int
    pilot: int
    plain_paths: float
    engine: str
    tested: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "version": 1,
            "kind": "fund-exhaustion",
            "engine": self.engine,
            "tested": self.tested,
            "probability": self.probability.data(),
            "by_period": [item.data() for item in self.by_period],
            "shift": list(self.shift),
            "paths": self.paths,
            "pilot": self.pilot,
            "plain_paths": self.plain_paths,
        }


def exhaustion(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    *,
    error: float = 0.01,
    most: int = 2_000_000,
    engine: str = "auto",
    executor: Executor | None = None,
) -> Exhaustion:
    """The probability of running dry, to a relative standard ``error`` or until ``most`` paths.

    Raises:
        UsageError: as :func:`ipcredit.fund.paths.simulate_paths`, or the error is not above 0.
    """
    if not error > 0:
        raise UsageError(Problem("fund-paths.error", key="error", args={"given": error}))
    plan = plan_of(book, fund, scenario, _PILOT)
    return exhaustion_of(plan, chosen_engine(plan, engine)[0], error, most, executor)


def exhaustion_of(
    plan: Plan, engine: str, error: float, most: int, executor: Executor | None = None
) -> Exhaustion:
    """The same for a compiled plan."""
    job = job_of(plan, engine)
    shift, pilot = _shift(job, executor)
    job = replace(job, shift=shift)
    chunks: list[Chunk] = []
    want = 2 * _PILOT
    while True:
        chunks = _more(job, chunks, want, executor)
        found = _estimates(plan, chunks)
        last = found[-1]
        done = sum(chunk.paths for chunk in chunks)
        if done >= most or (last.value > 0 and last.error <= error * last.value):
            break
        ratio = (last.error / (error * last.value)) ** 2 if last.value > 0 else 4.0
        want = min(most, int(done * min(max(1.1 * ratio, 1.25), 4.0)))
    p = last.value
    plain = p * (1 - p) / last.error**2 if last.error > 0 else float(done)
    return Exhaustion(
        last, found, shift, done, pilot, plain, engine, plan.terms.money.tested
    )  # fmt: skip


def _more(job: Job, chunks: list[Chunk], want: int, executor: Executor | None) -> list[Chunk]:
    """Whole chunks up to at least ``want`` paths, going on where the last ones ended."""
    count = -(-want // job.size)
    new = run_all(job, (count - len(chunks)) * job.size, executor, first=len(chunks))
    return chunks + new


def _estimates(plan: Plan, chunks: list[Chunk]) -> tuple[Sampled, ...]:
    tested = plan.terms.money.tested
    weight = np.concatenate([_weight(chunk) for chunk in chunks])
    hits = np.concatenate([chunk.dry[tested, ""] for chunk in chunks], axis=1)
    count = len(weight)
    found = []
    for row in hits:
        values = row * weight
        found.append(Sampled(float(values.mean()), float(values.std(ddof=1) / np.sqrt(count))))
    return tuple(found)


def _weight(chunk: Chunk) -> Any:
    return np.ones(chunk.paths) if chunk.weight is None else chunk.weight


def _shift(job: Job, executor: Executor | None) -> tuple[tuple[float, ...], int]:
    """The shift of the innovations, and how many paths it took."""
    plan = job.plan
    tested = plan.terms.money.tested
    level = plan.money[tested]
    # Purses without end show by how much a path passes the capital.
    purses = tuple(_endless(purse) for purse in plan.purses)
    assumed = replace(plan.assumed, seed=plan.assumed.seed ^ _PILOT_SEED)
    pilot = replace(plan, purses=purses, assumed=assumed)
    shift = np.zeros(assumed.periods)
    used, number = 0, 0
    for _ in range(_LEVELS):
        trial = replace(job, plan=pilot, shift=tuple(shift.tolist()), without=())
        chunks = run_all(trial, _PILOT, executor, first=number)
        number += len(chunks)
        used += _PILOT
        need = np.concatenate([chunk.need for chunk in chunks])
        weight = np.concatenate([_weight(chunk) for chunk in chunks])
        moved = np.concatenate([innovations(plan, _factor(chunk)) for chunk in chunks], axis=1)
        reached = min(level, float(np.quantile(need, 1 - _ELITE)))
        elite = need >= reached
        total = weight[elite].sum()
        if total <= 0:
            break
        shift = (moved[:, elite] @ weight[elite]) / total
        if reached >= level:
            break
    return tuple(shift.tolist()), used


def _factor(chunk: Chunk) -> Any:
    assert chunk.factor is not None
    return chunk.factor


def _endless(purse: Purse) -> Purse:
    return replace(purse, money={name: value * 1e6 for name, value in purse.money.items()})
