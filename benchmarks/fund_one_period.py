"""One period of a fund: the exact law, sparse sampling and a plain NumPy Monte Carlo, one run.

    python benchmarks/fund_one_period.py [--loans 2000] [--scenarios 50000] [--repeat 5]

The standard problem: exposures of 0.5 to 5 million in steps of 10,000, default probabilities of
1 to 6 % (seed 1), correlation .15, ten lenders, each with a cap of 6 % of what it lent.  The plain
program draws a normal for every loan in every scenario and cuts each lender's payments; both
samplers answer the same question (what each lender is paid).  Figures are printed, never asserted.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from pathlib import Path

import timing

timing.one_thread()

# After the thread settings, which numpy reads once when it is loaded.
import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT / "src", ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from fund_random import book_of, limit, terms_of  # noqa: E402
from ipcredit.fund.exact_figures import Exact  # noqa: E402
from ipcredit.fund.one_period import Factor  # noqa: E402
from ipcredit.fund.one_period_build import Assumptions, compile_one_period  # noqa: E402
from ipcredit.fund.sampled import mean_of, sample  # noqa: E402

CORRELATION, LENDERS, CAP = 0.15, 10, "0.06"
CHUNK = 1000


def standard(loans: int, capped: bool):
    """The standard problem, with the lenders' caps or without."""
    rng = np.random.default_rng(1)
    pd = rng.uniform(0.01, 0.06, loans)
    owed = rng.integers(50, 501, loans) * 1_000_000  # fen
    book = book_of(pd, owed, lender=rng.integers(0, LENDERS, loans))
    limits = (limit("cap", rate=Fraction(CAP)),) if capped else ()
    assumed = Assumptions(
        Factor("gaussian", CORRELATION), 0.4, money={"committed": int(owed.sum()) // 10}
    )
    return compile_one_period(terms_of(limits=limits), book, assumed)


def naive(problem, scenarios: int, seed: int):
    """What each scenario costs the fund, by a normal for every loan."""
    from scipy.special import ndtri

    rng = np.random.default_rng(seed)
    threshold = ndtri(problem.pd)
    common, own = np.sqrt(CORRELATION), np.sqrt(1 - CORRELATION)
    due = np.empty(scenarios)
    lenders = [np.flatnonzero(problem.lender == at) for at in range(LENDERS)]
    for low in range(0, scenarios, CHUNK):
        rows = min(CHUNK, scenarios - low)
        z = rng.standard_normal((rows, 1))
        hit = common * z + own * rng.standard_normal((rows, problem.firms)) < threshold
        paid = hit * problem.due
        by_lender = np.stack([paid[:, mine].sum(axis=1) for mine in lenders], axis=1)
        if problem.clauses:
            by_lender = np.minimum(by_lender, problem.clauses[0].ceiling)
        due[low : low + rows] = by_lender.sum(axis=1)
    return due


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--loans", type=int, default=2000)
    parser.add_argument("--scenarios", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    for capped in (False, True):
        problem = standard(given.loans, capped)
        share = max(given.scenarios // 10, 1)
        work = {
            "plain NumPy": (lambda: None, lambda _, p=problem, n=share: naive(p, n, 3)),
            "ipcredit, sampled": (
                lambda: None,
                lambda _, p=problem: sample(p, scenarios=given.scenarios, seed=3, parts=False),
            ),
            "ipcredit, sampled with parts": (
                lambda: None,
                lambda _, p=problem: sample(p, scenarios=given.scenarios, seed=3),
            ),
            "ipcredit, exact": (lambda: None, lambda _, p=problem: Exact(p).gross.tail(1e10)),
        }
        found = timing.interleaved(work, given.repeat)
        print(f"\n{given.loans} loans, {LENDERS} lenders, {'caps' if capped else 'no caps'}")
        rates = {}
        for name, seconds in found.items():
            if "exact" in name:
                print(f"  {name:32} {seconds['median_s'] * 1e3:10.1f} ms")
                continue
            drawn = share if "plain" in name else given.scenarios
            rates[name] = drawn * given.loans / seconds["median_s"] / 1e6
            ratio = rates[name] / rates["plain NumPy"]
            print(f"  {name:32} {rates[name]:10.0f} M loan-scenarios/s  {ratio:5.1f} x")
        truth = Exact(problem).gross.mean
        drawn = mean_of(sample(problem, scenarios=given.scenarios, seed=3, parts=False).due)
        print(f"  mean: exact {truth:.6g}, sampled {drawn.value:.6g} ± {drawn.error:.2g}")


if __name__ == "__main__":
    main()
