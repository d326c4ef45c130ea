"""Many years of a fund: vintages, an autocorrelated factor, breakers, recoveries with delay, cash.

The two engines and the choice between them are described in ``docs/methods/fund-paths.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np

from ipcredit import messages
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.path_firms import FirmPaths, Lines, lines
from ipcredit.fund.path_plan import Assumptions, Plan, compiled
from ipcredit.fund.path_result import Gathered, PathsResult
from ipcredit.fund.path_run import Array, Chunk, Engine, Job, cells, prepared, run
from ipcredit.fund.scenario import Scenario
from ipcredit.portfolio import Portfolio
from ipcredit.reader import Title

MOST_PATHS: Final = 10_000_000
_NEEDED: Final = (
    "factor.kind", "factor.correlation", "factor.autocorrelation", "severity.recovery",
    "severity.delay_months", "horizon.years", "horizon.step", "simulation.seed",
)  # fmt: skip
# Below so many expected defaults a path, firm by firm is exact and quick enough.
_FEW_DEFAULTS: Final = 30.0
_SLOTS, _DEFAULTS = 2**15, 2**17

Progress = Callable[[int, int], None]


def simulate_paths(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    *,
    paths: int | None = None,
    executor: Executor | None = None,
    progress: Progress | bool | None = None,
    engine: str = "auto",
    breaker_costs: bool = True,
) -> PathsResult:
    """Simulate a fund over the years of a scenario.

    ``paths``: how many, instead of the scenario's.  ``executor``: anything with the ``submit`` of
    ``concurrent.futures`` (default: this process); the numbers do not depend on it.  ``progress``:
    called with paths done and paths in all; True shows a bar, None shows one on a terminal or in
    a notebook only.  ``engine``: ``cells``, ``firms``, or ``auto``.  ``breaker_costs``: run every
    path again without each breaker, to say what it costs whom.

    Raises:
        UsageError: the scenario lacks values, or the capital that bounds payments is not known.
        PortfolioError: loans lack something a clause or the simulation needs.
    """
    plan = plan_of(book, fund, scenario, paths)
    chosen, reason = chosen_engine(plan, engine)
    job = job_of(plan, chosen)
    if breaker_costs:
        job = replace(
            job, without=tuple(b.name for b in plan.terms.breakers if b.stops != "warning")
        )
    with _reporting(progress) as report:
        chunks = run_all(job, plan.assumed.paths, executor, report)
    made = Gathered(job, chunks)
    return PathsResult(
        engine=chosen, reason=reason, paths=made.paths, seed=plan.assumed.seed,
        currency=fund.currency,
        fund={"id": fund.id, "edition": fund.edition, "fingerprint": fund.fingerprint},
        scenario={"id": scenario.id, "fingerprint": scenario.fingerprint},
        book={"loans": len(plan.principal), "firms": len(plan.pd), "fingerprint": book.fingerprint},
        periods=labels(plan.assumed), fans=made.fans(), dry=made.dry(), need=made.need(),
        breakers=made.breakers(), cut=made.totals("limit:"), bearers=made.totals("party:"),
        by_tier=made.split("tier"), by_lender=made.split("lender"),
        by_district=made.split("district"), money=plan.money, tested=plan.terms.money.tested,
        assumed=_assumed(book, fund, scenario), notes=_notes(plan, chosen),
        pots={pot.name: pot.title for pot in fund.terms.pots if pot.title is not None},
    )  # fmt: skip


def plan_of(book: Portfolio, fund: Fund, scenario: Scenario, paths: int | None) -> Plan:
    """The compiled problem of a book, a fund and a scenario.

    Raises:
        UsageError: they are in different currencies, or as :func:`simulate_paths`.
        PortfolioError: as :func:`simulate_paths`.
    """
    for key, currency in (("book", book.currency), ("scenario", scenario.currency)):
        if currency != fund.currency:
            args = {"given": currency, "fund": fund.currency}
            raise UsageError(Problem("fund-paths.currency", key=key, args=args))
    return compiled(book, fund.terms, assumptions(scenario, paths), lag_days(fund))


def assumptions(scenario: Scenario, paths: int | None = None) -> Assumptions:
    """What a scenario says that a simulation of years needs.

    Raises:
        UsageError: values are absent (all are listed) or of a kind that years cannot be run with.
    """
    terms = scenario.terms
    needed = _NEEDED if paths is not None else (*_NEEDED, "simulation.paths")
    kind, correlation, carried, recovery, delay, years, step, seed, *rest = scenario.need(*needed)
    count = paths if paths is not None else rest[0]
    problems = []
    if kind != "gaussian":
        problems.append(
            Problem("fund-paths.gaussian-only", key="factor.kind", args={"given": kind})
        )
    if terms.factor.by is not None:
        args = {"given": terms.factor.by}
        problems.append(Problem("fund-paths.one-factor", key="factor.by", args=args))
    if not 0 <= correlation < 1:
        problems.append(
            Problem("fund-paths.correlation", key="factor.correlation", args={"given": correlation})
        )
    if not 1 <= count <= MOST_PATHS:
        problems.append(
            Problem("fund-paths.count", key="paths", args={"given": count, "most": MOST_PATHS})
        )
    if problems:
        raise UsageError(problems)
    if terms.severity.kind == "beta":
        scenario.need("severity.sd")
    curve = terms.timing.curve
    if not curve and terms.timing.months:
        curve = terms.timing.by_year(-(-terms.timing.months[-1] // 12))
    lending = terms.lending.new
    if lending:
        lending = tuple(lending[min(at, len(lending) - 1)] for at in range(years))
    capital = {
        "committed": terms.capital.committed,
        "paid-in": terms.capital.paid_in,
        "cash": terms.capital.cash,
    }
    return Assumptions(
        years=years, step=step, correlation=float(correlation), autocorrelation=float(carried),
        seed=seed, paths=int(count), recovery=float(recovery),
        recovery_sd=float(terms.severity.sd or 0.0) if terms.severity.kind == "beta" else 0.0,
        slope=float(terms.severity.slope or 0.0), delay_months=float(delay), timing=curve,
        amortised=terms.timing.exposure != "start", stress=terms.stress.multipliers(years),
        factors=_factors(scenario, years), lending=tuple(float(x) for x in lending),
        rollover=float(terms.lending.rollover or 0.0),
        capital={name: float(value) for name, value in capital.items() if value is not None},
        opening=_opening(scenario),
    )  # fmt: skip


def _factors(scenario: Scenario, years: int) -> tuple[float | None, ...]:
    stress = scenario.terms.stress
    after = stress.factor[-1] if stress.factor and stress.then == "hold" else None
    return tuple(stress.factor[at] if at < len(stress.factor) else after for at in range(years))


def _opening(scenario: Scenario) -> dict[tuple[str, str, str], float]:
    state = scenario.terms.opening
    found = {}
    places = [("fund", "", state.whole)]
    places += [("lender", name, amounts) for name, amounts in state.lenders.items()]
    places += [("district", name, amounts) for name, amounts in state.districts.items()]
    for per, place, amounts in places:
        for name in ("volume", "year_volume", "balance", "claims", "paid", "recovered"):
            value = getattr(amounts, name)
            if value is not None:
                found[per, place, name] = float(value)
    return found


def labels(assumed: Assumptions) -> tuple[str, ...]:
    """The periods' names: 1, 2 … for years, 1Q1, 1Q2 … for quarters."""
    if assumed.steps == 1:
        return tuple(str(at + 1) for at in range(assumed.years))
    return tuple(
        f"{t // assumed.steps + 1}Q{t % assumed.steps + 1}" for t in range(assumed.periods)
    )


def lag_days(fund: Fund) -> int:
    """Days from the first day overdue to the day a claim falls due."""
    return fund.terms.claim.overdue_days + fund.terms.claim.waiting_days


def chosen_engine(plan: Plan, engine: str = "auto") -> tuple[str, Title]:
    """The engine for a plan and why.

    Raises:
        UsageError: there is no such engine.
    """
    if engine not in ("auto", "cells", "firms"):
        allowed = {"given": engine, "allowed": "auto, cells, firms"}
        raise UsageError(Problem("fund-paths.engine", key="engine", args=allowed))
    if engine != "auto":
        return engine, _title("fund-paths.engine-asked")
    expected = expected_defaults(plan)
    args = {"expected": round(expected, 1), "most": int(_FEW_DEFAULTS)}
    if expected <= _FEW_DEFAULTS:
        return "firms", _title("fund-paths.engine-few", **args)
    if plan.shared_firms * 5 > len(plan.pd):
        return "firms", _title("fund-paths.engine-shared", count=plan.shared_firms)
    return "cells", _title("fund-paths.engine-many", **args)


def expected_defaults(plan: Plan) -> float:
    """How many units default on a path, about."""
    total = 0.0
    for at, block in enumerate(plan.blocks):
        for t in range(block.start, plan.assumed.periods):
            total += float(plan.hazard(at, t).sum())
    return total


def job_of(plan: Plan, engine: str) -> Job:
    """Everything that is found once, and the size of a chunk of paths.

    The size depends on the plan alone: it is part of what a seed means.
    """
    if engine == "cells":
        size = int(2 ** np.floor(np.log2(max(_SLOTS / len(plan.groups), 64))))
        return prepared(plan, engine, min(size, 2048))
    size = int(2 ** np.floor(np.log2(max(_DEFAULTS / max(expected_defaults(plan), 1.0), 16))))
    return prepared(plan, engine, min(size, 2048), lines(plan))


def maker(job: Job, chunk: int, factor: Array) -> Engine:
    """The engine of one chunk."""
    if job.engine == "cells":
        return cells(job, chunk, factor)
    assert isinstance(job.firms, Lines)
    return FirmPaths(job.plan, job.firms, chunk, factor)


def run_batch(job: Job, batch: tuple[tuple[int, int], ...]) -> list[Chunk]:
    """Some chunks (number, paths) one after the other; what a worker does."""
    return [run(job, chunk, paths, maker) for chunk, paths in batch]


def run_all(
    job: Job,
    paths: int,
    executor: Executor | None = None,
    report: Progress | None = None,
    first: int = 0,
) -> list[Chunk]:
    """All chunks from number ``first`` on, in their order, however many workers there are."""
    sizes = [min(job.size, paths - done) for done in range(0, paths, job.size)]
    numbered = tuple(enumerate(sizes, start=first))
    width = max(1, min(16, len(numbered) // 16)) if executor is not None else 1
    batches = [numbered[at : at + width] for at in range(0, len(numbered), width)]
    done, found = 0, []
    work = partial(run_batch, job)
    waiting = None if executor is None else [executor.submit(work, batch) for batch in batches]
    for at, batch in enumerate(batches):
        found += work(batch) if waiting is None else waiting[at].result()
        done += sum(size for _, size in batch)
        if report is not None:
            report(done, paths)
    return found


@contextmanager
def _reporting(progress: Progress | bool | None) -> Iterator[Progress | None]:
    """The caller's callback, or a bar where a person is looking."""
    if callable(progress):
        yield progress
        return
    if progress is False or (progress is None and not _watched()):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=console.is_terminal) as bar:
        task = bar.add_task(messages.text("fund-paths.running", "both"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _watched() -> bool:
    """Whether a person sees what is written: a terminal or a notebook."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def _title(code: str, **args: Any) -> Title:
    return Title(messages.text(code, "zh", **args), messages.text(code, "en", **args))


def _assumed(book: Portfolio, fund: Fund, scenario: Scenario) -> tuple[Title, ...]:
    found = [*book.assumed]
    for rules in (fund, scenario):
        for number in rules.numbers:
            if number.evidence == "assumed" and number.assumed is not None:
                reason = number.assumed
                found.append(Title(f"{number.path}：{reason.zh}", f"{number.path}: {reason.en}"))
    return tuple(dict.fromkeys(found))


def _notes(plan: Plan, engine: str) -> tuple[Title, ...]:
    notes = [_title("fund-paths.note-period")]
    if engine == "cells" and plan.shared_firms:
        notes.append(_title("fund-paths.note-shared", count=plan.shared_firms))
    if engine == "cells" and plan.narrow:
        notes.append(_title("fund-paths.note-narrow"))
    unpublished = [
        Title(
            messages.text("fund-paths.note-unpublished", "zh", clause=item.title.zh),
            messages.text("fund-paths.note-unpublished", "en", clause=item.title.en),
        )
        for item in plan.terms.unpublished
    ]
    return (*notes, *unpublished)
