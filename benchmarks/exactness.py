"""Rows on, one fen below and one fen above a threshold: how many are judged wrongly?

Firms are typed in 万元 with two decimals.  Run it for the whole million against
``fractions.Fraction`` (a minute or two)::

    python benchmarks/exactness.py [ROWS]

The tests use the same cases with integer oracles.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ipcredit.exactness import (
    Bands,
    Growth,
    Ints,
    band_of_int,
    band_of_ratio,
    growth_band,
    least_whole,
    weighted_total,
)

STEP = 10_000  # fen in 0.01 万元
RATIO_THRESHOLDS = [Fraction(k, 100) for k in (2, 3, 4, 5, 6)] + [Fraction(175, 1000)]
GROWTH_THRESHOLDS = [Fraction(k, 100) for k in (-5, 0, 5, 15, 25, 35)]
WEIGHTS = [Fraction(text) for text in ("0.35", "0.25", "0.15", "0.15", "0.1")]
TOTAL_THRESHOLDS = [Fraction(text) for text in ("50", "60", "67.5", "75", "80")]


@dataclass(frozen=True, slots=True)
class Case:
    """Columns and thresholds, our judgement, the plain float one, and the truth of a row."""

    name: str
    columns: list[Ints]
    thresholds: list[Fraction]
    ours: Callable[[list[Ints]], Bands]
    plain: Callable[[list[Ints]], Bands]
    truth: Callable[[list[int]], Fraction | None]  # the value compared; None: judged by `holds`
    holds: Callable[[list[int], Fraction], bool] | None = None

    def band(self, row: list[int]) -> int:
        """The band of one row by fractions alone."""
        if self.holds is not None:
            return sum(self.holds(row, threshold) for threshold in self.thresholds)
        value = self.truth(row)
        return sum(value is not None and value >= threshold for threshold in self.thresholds)


def _count(values: np.ndarray, thresholds: list[Fraction]) -> Bands:
    return sum((values >= float(t)).astype(np.int8) for t in thresholds)  # type: ignore[return-value]


def _off(rng: np.random.Generator, rows: int) -> Ints:
    """On the threshold, a fen below or a fen above."""
    return rng.integers(-1, 2, rows)


def ratio_case(rows: int, seed: int = 1) -> Case:
    """R&D against sales up to 100 亿元 (10**12 fen)."""
    rng = np.random.default_rng(seed)
    sales = rng.integers(1, 10**8, rows) * STEP
    picked = rng.integers(0, len(RATIO_THRESHOLDS), rows)
    tops = np.array([t.numerator for t in RATIO_THRESHOLDS])[picked]
    bottoms = np.array([t.denominator for t in RATIO_THRESHOLDS])[picked]
    rd = sales * tops // bottoms + _off(rng, rows)
    return Case(
        "ratio",
        [rd, sales],
        RATIO_THRESHOLDS,
        lambda c: band_of_ratio(c[0], c[1], RATIO_THRESHOLDS),
        # As people write it: yuan as float, a quotient, a literal.
        lambda c: _count((c[0] / 1e6) / (c[1] / 1e6), RATIO_THRESHOLDS),
        lambda r: Fraction(r[0], r[1]),
    )


def growth_case(method: Growth, rows: int, seed: int = 2) -> Case:
    """Three years of sales up to some 亿元 whose growth lies on a threshold."""
    rng = np.random.default_rng(seed)
    hundredths = np.array([int(t * 100) for t in GROWTH_THRESHOLDS])
    goal: Ints = 100 + hundredths[rng.integers(0, len(hundredths), rows)]
    first: Ints = rng.integers(1, 2_000, rows) * 4 * 10**6
    columns: list[Ints]
    if method == "mean_of_ratios":
        step = rng.integers(12, 30, rows)  # twentieths: Y2/Y1
        second: Ints = first * step // 20
        third: Ints = second * (2 * goal - 5 * step) // 100 + _off(rng, rows)
        columns = [first, second, third]
    elif method == "cagr2":
        last: Ints = first * goal * goal // 10_000 + _off(rng, rows)
        columns = [first, first, last]
    else:
        columns = [first, first * goal // 100 + _off(rng, rows)]
    plain: dict[str, Callable[[list[Ints]], np.ndarray]] = {
        "mean_of_ratios": lambda c: 0.5 * (c[1] / c[0] + c[2] / c[1]) - 1,
        "cagr2": lambda c: (c[2] / c[0]) ** 0.5 - 1,
        "year_on_year": lambda c: c[1] / c[0] - 1,
    }
    truth: dict[str, Callable[[list[int]], Fraction | None]] = {
        "mean_of_ratios": lambda r: (Fraction(r[1], r[0]) + Fraction(r[2], r[1])) / 2 - 1,
        "cagr2": lambda r: None,
        "year_on_year": lambda r: Fraction(r[1], r[0]) - 1,
    }
    return Case(
        method,
        columns,
        GROWTH_THRESHOLDS,
        lambda c: growth_band(c, method, GROWTH_THRESHOLDS),
        lambda c: _count(plain[method](c), GROWTH_THRESHOLDS),
        truth[method],
        (lambda r, t: Fraction(r[2], r[0]) >= (1 + t) ** 2) if method == "cagr2" else None,
    )


def total_case(rows: int, seed: int = 3) -> Case:
    """Five weighted dimensions in half points; the last is set so that the total is on, or a
    half point of that dimension off, a threshold where that is possible."""
    rng = np.random.default_rng(seed)
    parts: list[Ints] = [rng.integers(0, 201, rows) for _ in WEIGHTS]
    goal = np.array([int(t * 2) for t in TOTAL_THRESHOLDS])[rng.integers(0, 5, rows)]
    hundredths = [int(w * 100) for w in WEIGHTS]
    rest = goal * 100 - sum(w * p for w, p in zip(hundredths[:-1], parts[:-1], strict=True))
    parts[-1] = np.clip(rest // hundredths[-1] + _off(rng, rows), 0, 200)

    def ours(columns: list[Ints]) -> Bands:
        total, scale = weighted_total(columns, WEIGHTS)
        return band_of_int(total, [least_whole(2 * t, scale) for t in TOTAL_THRESHOLDS])

    return Case(
        "weighted_total",
        parts,
        TOTAL_THRESHOLDS,
        ours,
        lambda c: _count(
            np.sum([float(w) * (p / 2) for w, p in zip(WEIGHTS, c, strict=True)], axis=0),
            TOTAL_THRESHOLDS,
        ),
        lambda r: sum((w * p / 2 for w, p in zip(WEIGHTS, r, strict=True)), Fraction(0)),
    )


CASES: list[Callable[[int], Case]] = [
    ratio_case,
    lambda rows: growth_case("year_on_year", rows),
    lambda rows: growth_case("mean_of_ratios", rows),
    lambda rows: growth_case("cagr2", rows),
    total_case,
]


def main(rows: int) -> int:
    """Compare every row with fractions; the number of wrong ones is the exit code."""
    wrong = 0
    for make in CASES:
        case = make(rows)
        start = time.perf_counter()
        ours = case.ours(case.columns)
        took = time.perf_counter() - start
        table = zip(*(column.tolist() for column in case.columns), strict=True)
        truth = np.array([case.band(list(row)) for row in table])
        errors = int((ours != truth).sum())
        floats = int((case.plain(case.columns) != truth).sum())
        wrong += errors
        print(
            f"{case.name:15} rows {rows:>9,}  wrong {errors}  in {took * 1e3:6.1f} ms;"
            f"  plain float wrong {floats:>9,} ({floats / rows:.1%})"
        )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
