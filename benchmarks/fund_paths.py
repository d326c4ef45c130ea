"""Many years of a fund: how fast, how far from firm by firm, and how much memory.

    python benchmarks/fund_paths.py [--quick] [--million]

Seconds are processor seconds of one thread, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import timing

timing.one_thread()

# After the thread settings, which numpy reads once when it is loaded.
import numpy as np  # noqa: E402

from ipcredit.fund import path_rare, paths  # noqa: E402
from ipcredit.fund.path_plan import Assumptions, Plan, compiled  # noqa: E402
from ipcredit.fund.path_random import uniforms  # noqa: E402
from ipcredit.fund.path_run import run  # noqa: E402
from ipcredit.fund.terms import (  # noqa: E402
    Breaker,
    Ceiling,
    Claim,
    Cover,
    CoverRule,
    Limit,
    Money,
    Recoveries,
    Step,
    Terms,
    When,
)
from ipcredit.portfolio import Portfolio  # noqa: E402
from peers import naive_paths  # noqa: E402

YEARS, LENDERS, STARTS, TERM = 5, 10, (0, 1, 2), 3
CORRELATION, CARRIED, RECOVERY = 0.15, 0.5, 0.4
CAP, STOP, SHARE = 0.04, 0.08, 0.8


def book(loans: int, seed: int = 20, districts: int = 1, tiers: int = 0) -> Portfolio:
    """Loans of 0.5 to 5 million, default probabilities 1 to 6 %, one loan a firm."""
    rng = np.random.default_rng(seed)
    amount = rng.integers(50, 501, loans) * 1_000_000
    columns: dict[str, Any] = {
        "district": [f"D{i % districts}" for i in range(loans)],
        "lender": [f"L{i // max(districts, 1) % LENDERS}" for i in range(loans)],
    }
    if tiers:
        columns["tier"] = [f"T{i % tiers}" for i in range(loans)]
        columns["class_"] = [("small", "medium", "large")[i % 3] for i in range(loans)]
    return Portfolio.from_arrays(
        as_of=dt.date(2025, 12, 31), firm=[f"f{i}" for i in range(loans)], part="knowledge",
        principal=amount, outstanding=amount, pd=rng.uniform(0.01, 0.06, loans),
        start=dt.date(2025, 12, 31), term_months=12 * TERM, repayment="instalments", **columns,
    )  # fmt: skip


def terms(cap: float = CAP, stop: float = STOP, classes: bool = False) -> Terms:
    """Ten lenders, each capped at a share of what it has lent; acceptance stops at 8 %."""

    def rule(name: str, share: str, when: When) -> CoverRule:
        return CoverRule(name, None, when, "", (Step(None, Fraction(share)),), False, "")

    rules = (rule("all", str(SHARE), When()),)
    if classes:
        rules = tuple(
            rule(name, share, When(words=(("class", (name,)),)))
            for name, share in (("small", "0.4"), ("medium", "0.35"), ("large", "0.3"))
        )
    limit = Limit(
        "cap", None, "payouts", "lender",
        Ceiling(base="volume", steps=(Step(None, Fraction(str(cap))),)),
        When(), False, False, False, False, "limits.cap",
    )  # fmt: skip
    breaker = Breaker(
        "stop", None, "overdue", "volume", "fund", Fraction(str(stop)), "acceptance", "never",
        False, False, "breakers.stop",
    )  # fmt: skip
    return Terms(
        "any", Claim(False, True, 0, 0, ""), Cover(rules, "first"),
        Money(None, None, None, None, "committed", "refused", (), Fraction(0), None, (), ""),
        Recoveries("pro-rata", True, ""), limits=(limit,), breakers=(breaker,) if stop < 1 else (),
    )  # fmt: skip


def plan_of(given: Portfolio, rules: Terms, capital: float = 1.0, years: int = YEARS) -> Plan:
    """Three vintages: the book, and as much again at the start of the second and third years."""
    total = float(given.principal.sum())
    lending = tuple(total if at in STARTS[1:] else 0.0 for at in range(years))
    return compiled(
        given, rules,
        Assumptions(years, "year", CORRELATION, CARRIED, 7, 4096, RECOVERY, delay_months=12.0,
                    lending=lending, capital={"committed": total * capital}),
    )  # fmt: skip


def seconds(work: Callable[[], Any], repeat: int = 3) -> float:
    """The least processor seconds of a few runs."""
    found = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def rates() -> dict[str, float]:
    """Random numbers a second of this machine, one thread, in millions."""
    count = 2_000_000
    rng = np.random.default_rng(1)
    return {
        "numpy_normals_m": count / seconds(lambda: rng.standard_normal(count)) / 1e6,
        "numpy_uniforms_m": count / seconds(lambda: rng.random(count)) / 1e6,
        "our_uniforms_m": count / seconds(lambda: uniforms(1, 1, 1, 1, count)) / 1e6,
    }


def naive(given: Portfolio, count: int) -> np.ndarray:
    return naive_paths.simulate(
        given.pd[given.firm], given.principal, given.lender, STARTS, YEARS, CORRELATION, CARRIED,
        SHARE, CAP, STOP, RECOVERY, count, TERM,
    )  # fmt: skip


def speed(loans: int, count: int, naive_count: int) -> dict[str, Any]:
    """Paths a second by cells and naively, and what is found once."""
    given = book(loans)
    plan = plan_of(given, terms())
    start = time.process_time()
    job = paths.job_of(plan, "cells")
    once = time.process_time() - start
    paths.run_all(job, job.size)
    ours = count / seconds(lambda: paths.run_all(job, count))
    start = time.process_time()
    peer = naive(given, naive_count)
    theirs = naive_count / (time.process_time() - start)
    chunks = paths.run_all(job, 4 * count)
    values = np.concatenate([chunk.series["paid"].sum(axis=0) for chunk in chunks])
    return {
        "loans": loans, "cells_paths_s": ours, "naive_paths_s": theirs, "times": ours / theirs,
        "once_s": once, "mean_paid": values.mean(),
        "naive_mean_paid": peer.sum(axis=1).mean(),
        "naive_error": peer.sum(axis=1).std() / np.sqrt(naive_count) / peer.sum(axis=1).mean(),
    }  # fmt: skip


def against_firms(loans: int, chunks: int, size: int) -> dict[str, Any]:
    """Mean payout by cells over that by firms on the same factor paths."""
    plan = plan_of(book(loans), terms())
    cells_job, firms_job = paths.job_of(plan, "cells"), paths.job_of(plan, "firms")
    start = time.process_time()
    by_firms = [run(firms_job, at, size, paths.maker) for at in range(chunks)]
    firms_s = time.process_time() - start
    by_cells = [run(cells_job, at, size, paths.maker) for at in range(chunks)]
    a = np.concatenate([chunk.series["paid"].sum(axis=0) for chunk in by_cells])
    b = np.concatenate([chunk.series["paid"].sum(axis=0) for chunk in by_firms])
    error = (a - b).std() / np.sqrt(a.size) / b.mean()
    return {
        "loans": loans, "paths": a.size, "difference": a.mean() / b.mean() - 1,
        "standard_error": error, "firms_paths_s": chunks * size / firms_s,
    }  # fmt: skip


def rare(loans: int, capital: float) -> dict[str, Any]:
    """A probability of about 3e-4 to 1 %, against plain sampling by the same engine."""
    plan = plan_of(book(loans), terms(cap=0.2, stop=1.0), capital)
    start = time.process_time()
    found = path_rare.exhaustion_of(plan, "cells", 0.01, 5_000_000)
    took = time.process_time() - start
    job = paths.job_of(plan, "cells")
    plain_rate = 40_960 / seconds(lambda: paths.run_all(job, 40_960), 2)
    p = found.probability.value
    plain_paths = (1 - p) / p / 0.01**2
    return {
        "probability": p, "error": found.probability.error / p, "seconds": took,
        "paths": found.paths, "plain_seconds": plain_paths / plain_rate,
        "times": plain_paths / plain_rate / took,
    }  # fmt: skip


def wide(loans: int, count: int) -> dict[str, Any]:
    """Ten years with 33 districts, 5 tiers and three size classes."""
    given = book(loans, districts=33, tiers=5)
    rules = replace(terms(classes=True))
    plan = plan_of(given, rules, years=10)
    start = time.process_time()
    job = paths.job_of(plan, "cells")
    once = time.process_time() - start
    took = seconds(lambda: paths.run_all(job, count), 1)
    return {"loans": loans, "groups": len(plan.groups), "once_s": once, "paths_s": count / took}


def million() -> dict[str, Any]:
    """One million loans: seconds from the book to ten thousand paths, and the peak of memory."""
    given = book(1_000_000)
    start = time.process_time()
    job = paths.job_of(plan_of(given, terms()), "cells")
    once = time.process_time() - start
    took = seconds(lambda: paths.run_all(job, 10_240), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"once_s": once, "paths_s": 10_240 / took, "peak_gib": peak / 2**30}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--million", action="store_true")
    asked = parser.parse_args()
    few = 4 if asked.quick else 1
    found: dict[str, Any] = {"machine": timing.machine(), "rates": rates()}
    if asked.million:
        found["million"] = million()
    else:
        found["speed"] = [speed(2_000, 20_480 // few, 4_000 // few),
                          speed(100_000, 20_480 // few, 160 // few)]  # fmt: skip
        found["against_firms"] = against_firms(2_000, 16 // few, 2048)
        found["rare"] = rare(2_000, 0.5)
        found["wide"] = wide(20_000, 512 // few)
    print(json.dumps(found, indent=1, default=float))


if __name__ == "__main__":
    main()
