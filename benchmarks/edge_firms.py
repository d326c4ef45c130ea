"""Firms loaded on the thresholds of cn-tech-sme, as columns; seeded and vectorised.

Half of the firms are ordinary (lognormal sizes, beta ratios), half are edge firms, in random
order.  Every amount is a whole number of 万元 with two decimals (a multiple of 10,000 fen),
except that an edge firm's deciding amount may then be moved by one fen.

An edge firm has one edge of its own, on which it stands or beside which it is moved by one:

* staff: sci-tech staff / all staff at a threshold, or one person beside it;
* R&D option 1 or 2: R&D expense exactly a threshold of sales (or of total cost), or one fen
  beside it, the other option at least one band lower;
* a gate: sales or assets at 2 亿元 or one fen beside it, or staff at 500 or one person beside it.

``side`` says which. Apart from its own edge, an edge firm's staff ratio and (unless its edge is
option 2 or the sales gate) its R&D to sales stand exactly on some threshold as well.

Dates of awards and standards stay clear of the five-year limit (under 4 or over 7 years old)
and certificates clear of the day, so that no reading of "the last 5 years" is put to the test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

ON = date(2026, 6, 30)
SEED = 20260630
STEP = 10_000  # fen in 0.01 万元
LIMIT = 200_000_000_00  # 2 亿元 in fen
STAFF_LIMIT = 500
SHARES = np.array([30, 25, 20, 15, 10])  # per cent, staff and R&D option 2
TO_SALES = np.array([6, 5, 4, 3, 2])  # per cent, R&D option 1

ORDINARY, BELOW, AT, ABOVE = range(4)
SIDES = ("ordinary", "one below", "exactly at", "one above")
STAFF, OPTION_1, OPTION_2, GATE_SALES, GATE_ASSETS, GATE_STAFF = range(6)

MISSABLE = (
    "sales",
    "total_cost",
    "total_assets",
    "rd_expense",
    "staff_total",
    "sci_tech_staff",
    "class1_related",
    "class2_related",
)
BREACHES = (
    "major_accident",
    "environmental_breach",
    "integrity_breach",
    "abnormal_list",
    "dishonest_list",
)


@dataclass(frozen=True, slots=True)
class EdgeFirms:
    """Columns with the package's dtypes and sentinels, and the side each firm stands on."""

    columns: dict[str, np.ndarray]
    side: np.ndarray  # int8, index into SIDES


def missing(dtype: np.dtype) -> int:
    """The sentinel of an unknown cell."""
    return int(np.iinfo(dtype).min)


def none(dtype: np.dtype) -> int:
    """The sentinel of a cell known not to exist."""
    return int(np.iinfo(dtype).min) + 1


def make(
    n: int,
    *,
    seed: int = SEED,
    on: date = ON,
    missing_share: float = 0.0,
    missing_in: Iterable[str] = MISSABLE,
) -> EdgeFirms:
    """N firms; ``missing_share`` of the cells of ``missing_in`` are made unknown.

    >>> firms = make(1000)
    >>> len(firms.columns["sales"]), firms.columns["sales"].dtype.name
    (1000, 'int64')
    """
    rng = np.random.default_rng(seed)
    columns = _ordinary(rng, n)
    side = np.zeros(n, dtype=np.int8)
    edge = np.sort(rng.permutation(n)[: n // 2])
    _put_on_edges(rng, columns, side, edge)
    columns |= _flags_and_titles(rng, n, on)
    for name in missing_in if missing_share else ():
        column = columns[name]
        column[rng.random(n) < missing_share] = missing(column.dtype)
    return EdgeFirms(columns, side)


def _amount(yuan: np.ndarray) -> np.ndarray:
    """Fen, rounded to 万元 with two decimals, at least 1 万元."""
    return np.maximum(np.rint(yuan / 100).astype(np.int64), 100) * STEP


def _whole_wan(yuan: np.ndarray) -> np.ndarray:
    """Fen, rounded to whole 万元, at least 1 万元."""
    return np.maximum(np.rint(yuan / 10_000).astype(np.int64), 1) * 100 * STEP


def _ordinary(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    sales_yuan = rng.lognormal(np.log(15e6), 1.3, n)
    sales = _amount(sales_yuan)
    cost = _amount(sales_yuan * rng.lognormal(np.log(0.92), 0.15, n))
    staff = np.maximum(np.rint((sales_yuan / 400_000) ** 0.9 * rng.lognormal(0, 0.5, n)), 3)
    staff = staff.astype(np.int64)
    return {
        "fiscal_year": np.full(n, 2025, dtype=np.int64),
        "sales": sales,
        "total_cost": cost,
        "total_assets": _amount(sales_yuan * rng.lognormal(np.log(1.1), 0.7, n)),
        # Spending is at most the cost, so no firm draws the "may be capitalised" remark.
        "rd_expense": np.minimum(_amount(sales_yuan * rng.beta(1.6, 22, n)), cost),
        "staff_total": staff,
        "sci_tech_staff": rng.binomial(staff, rng.beta(2.5, 8, n)).astype(np.int64),
        "class1_related": rng.poisson(0.25, n).astype(np.int64),
        "class2_related": rng.poisson(2.5, n).astype(np.int64),
    }


def _put_on_edges(
    rng: np.random.Generator,
    columns: dict[str, np.ndarray],
    side: np.ndarray,
    edge: np.ndarray,
) -> None:
    """Rewrite the rows ``edge`` in place."""
    n = len(edge)
    kind = rng.choice(6, size=n, p=[0.2, 0.3, 0.3, 0.08, 0.06, 0.06])
    shift = rng.integers(-1, 2, n)
    band = rng.integers(0, 5, n)

    # A multiple of 1 万元 gives exact percentages with two decimals; most lie within 2 亿元.
    sales = _whole_wan(rng.lognormal(np.log(30e6), 0.9, n))
    cost = _whole_wan(sales / 100 * rng.uniform(0.7, 1.1, n))
    # Option 2 decides only where option 1 stays more than a band below it: sales 11 times cost
    # (30 % of the cost is then under 3 % of sales, 10 % of it under 1 %).
    cost = np.where(kind == OPTION_2, _whole_wan(cost / 100 / 6), cost)
    sales = np.where(kind == OPTION_2, cost * 11, sales)
    rd = np.where(
        kind == OPTION_2,
        cost // 100 * SHARES[band] + shift,
        sales // 100 * TO_SALES[band] + np.where(kind == OPTION_1, shift, 0),
    )
    assets = _amount(sales / 100 * rng.uniform(0.4, 1.2, n))
    sales = np.where(kind == GATE_SALES, LIMIT + shift, sales)
    assets = np.where(kind == GATE_ASSETS, LIMIT + shift, assets)

    staff = 20 * rng.integers(1, 26, n)  # every staff threshold is a whole number of persons
    sci_tech = staff * SHARES[rng.integers(0, 5, n)] // 100
    sci_tech = np.where(kind == STAFF, staff * SHARES[band] // 100 + shift, sci_tech)
    staff = np.where(kind == GATE_STAFF, STAFF_LIMIT + shift, staff)

    # What a limit forbids, more is worse: a gate's "above" fails.
    side[edge] = AT + shift
    columns["sales"][edge] = sales
    columns["total_cost"][edge] = np.where(kind == GATE_SALES, np.maximum(cost, LIMIT // 2), cost)
    columns["total_assets"][edge] = assets
    columns["rd_expense"][edge] = rd
    columns["staff_total"][edge] = staff
    columns["sci_tech_staff"][edge] = sci_tech
    columns["class1_related"][edge] = rng.random(n) < 0.1
    columns["class2_related"][edge] = rng.integers(0, 6, n)


def _flags_and_titles(rng: np.random.Generator, n: int, on: date) -> dict[str, np.ndarray]:
    day = (on - date(1970, 1, 1)).days

    def flag(share: float) -> np.ndarray:
        return (rng.random(n) < share).astype(np.int8)

    def dated(given: np.ndarray, low: int, high: int) -> np.ndarray:
        # Recent (under 4 years) or old (over 7): never near the five-year limit.
        recent, old = rng.integers(low, 4 * 365, n), rng.integers(7 * 366, high, n)
        ago = np.where(rng.random(n) < 0.6, recent, old)
        return np.where(given, day - ago, none(np.dtype(np.int64)))

    certificate = flag(0.03)
    # Valid for at least another month, or ended at least a month ago.
    left = np.where(rng.random(n) < 0.7, rng.integers(31, 1000, n), -rng.integers(31, 1000, n))
    award = rng.random(n) < 0.01
    standard = rng.random(n) < 0.01
    level = rng.choice(5, size=n, p=[0.85, 0.08, 0.05, 0.015, 0.005]).astype(np.int8)
    return {
        "resident_enterprise": flag(0.995),
        "restricted_industry": flag(0.004),
        # The flag says "valid": what has ended is none.
        "has_high_tech_certificate": (certificate == 1).astype(np.int8)
        * (left > 0).astype(np.int8),
        "high_tech_until": np.where(certificate == 1, day + left, none(np.dtype(np.int64))),
        "national_award_rank": np.where(award, rng.integers(1, 7, n), none(np.dtype(np.int64))),
        "national_award_on": dated(award, 1, 12 * 365),
        "rd_institution": level,
        "standard_led_on": dated(standard, 1, 12 * 365),
        **{name: flag(0.003) for name in BREACHES},
    }
