"""The score of cn-tech-sme as a competent engineer writes it by hand in an hour.

Only the total points: no gates, no direct confirmation, no missing values, no reasons.
Whole columns, float64 ratios, no chunks.  A float64 division is correctly rounded, so a
ratio exactly on a threshold equals the literal: on amounts of this size it decides right.

Two spellings of the bands, because they differ in speed: :func:`score` sums comparisons
into bytes (the fastest of the plain ones tried), :func:`score_where` nests ``np.where``
(the one most often seen).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Column = np.ndarray
STAFF = (0.30, 0.25, 0.20, 0.15, 0.10)
RD_TO_SALES = (0.06, 0.05, 0.04, 0.03, 0.02)
RD_TO_COST = (0.30, 0.25, 0.20, 0.15, 0.10)


def ratio(part: Column, whole: Column) -> Column:
    """Part over whole as float64; 0 where there is no whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, 0.0)


def bands(value: Column, thresholds: tuple[float, ...]) -> Column:
    """How many thresholds the value reaches, 0 to 5, as int8."""
    reached = np.zeros(len(value), dtype=np.int8)
    for threshold in thresholds:
        reached += value >= threshold
    return reached


def bands_where(value: Column, thresholds: tuple[float, ...]) -> Column:
    """The same with nested ``np.where``, int64."""
    a, b, c, d, e = thresholds
    return np.where(
        value >= a,
        5,
        np.where(value >= b, 4, np.where(value >= c, 3, np.where(value >= d, 2, value >= e))),
    )


def score(
    columns: Mapping[str, Column],
    bands: Callable[[Column, tuple[float, ...]], Column] = bands,
) -> Column:
    """Total points, 0 to 100, one a firm."""
    staff = bands(ratio(columns["sci_tech_staff"], columns["staff_total"]), STAFF)
    to_sales = bands(ratio(columns["rd_expense"], columns["sales"]), RD_TO_SALES)
    to_cost = bands(ratio(columns["rd_expense"], columns["total_cost"]), RD_TO_COST)
    ip = np.where(columns["class1_related"] >= 1, 30, 6 * np.minimum(columns["class2_related"], 4))
    total: Column = 4 * staff + 10 * np.maximum(to_sales, to_cost) + ip
    return total


def score_where(columns: Mapping[str, Column]) -> Column:
    """Total points, 0 to 100, one a firm; bands by nested ``np.where``."""
    return score(columns, bands_where)
