"""Published numbers, reproduced by calling the engines: test code supplies the trimmings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from ipcredit.fund.tail import Gamma, Gaussian, Severity, total_loss
from ipcredit.fund.tail.accounts import account_losses
from ipcredit.fund.tail.closed import large_pool_quantile
from ipcredit.fund.tail.payouts import capped

WORST_IN_A_THOUSAND = -float(ndtri(0.999))

# ------------------------------------------------------------------ Basel II, annex 5


def _decline(pd: float, rate: float) -> float:
    return (1 - math.exp(-rate * pd)) / (1 - math.exp(-rate))


def _correlation(kind: str, pd: float) -> float:
    corporate = 0.12 * _decline(pd, 50) + 0.24 * (1 - _decline(pd, 50))
    other = 0.03 * _decline(pd, 35) + 0.16 * (1 - _decline(pd, 35))
    return {
        "corporate": corporate,
        "sme": corporate - 0.04,  # turnover of 5 million: the whole deduction
        "mortgage": 0.15,
        "other retail": other,
        "revolving": 0.04,
    }[kind]


def _risk_weight(kind: str, pd: float) -> float:
    rho = _correlation(kind, pd)
    conditional = float(Gaussian(rho).conditional_pd([pd], [WORST_IN_A_THOUSAND])[0, 0])
    capital = 0.45 * (conditional - pd)
    if kind in ("corporate", "sme"):
        b = (0.11852 - 0.05478 * math.log(pd)) ** 2
        capital /= 1 - 1.5 * b  # a maturity of 2.5 years
    return capital * 12.5 * 100


@pytest.mark.parametrize(
    ("pd", "published"),
    [
        (0.01, [92.32, 72.40, 56.40, 45.77, 17.22]),
        (0.0025, [49.47, 39.01, 21.30, 21.15, 5.76]),
    ],
)
def test_basel_risk_weights_follow_from_the_conditional_default_probability(
    pd: float, published: list[float]
) -> None:
    kinds = ("corporate", "sme", "mortgage", "other retail", "revolving")
    for kind, expected in zip(kinds, published, strict=True):
        assert _risk_weight(kind, pd) == pytest.approx(expected, abs=0.01), kind


# ------------------------------------------------------------------ CreditRisk+, example 1A

EXPOSURES = np.array(
    [
        358475, 1089819, 1799710, 1933116, 2317327, 2410929, 2652184, 2957685, 3137989,
        3204044, 4727724, 4830517, 4912097, 4928989, 5042312, 5320364, 5435457, 5517586,
        5764596, 5847845, 6466533, 6480322, 7727651, 15410906, 20238895,
    ],
    dtype=np.float64,
)  # fmt: skip
RATINGS = [
    "H",
    "H",
    "F",
    "G",
    "G",
    "G",
    "H",
    "G",
    "D",
    "D",
    "A",
    "D",
    "D",
    "H",
    "F",
    "E",
    "D",
    "C",
    "E",
    "C",
    "H",
    "H",
    "B",
    "F",
    "E",
]
MEAN_DEFAULT = {
    "A": 0.015, "B": 0.016, "C": 0.03, "D": 0.05, "E": 0.075, "F": 0.10, "G": 0.15, "H": 0.30,
}  # fmt: skip


def test_credit_risk_plus_example_1a_to_one_currency_unit() -> None:
    pds = np.array([MEAN_DEFAULT[rating] for rating in RATINGS])
    unit = math.ceil(EXPOSURES.max() / 100)
    bands = np.ceil(EXPOSURES / unit)
    # The mean loss is kept: a larger band defaults less often.
    banded = pds * EXPOSURES / (bands * unit)
    loss = total_loss(bands * unit, banded, Gamma(0.25, counts="poisson"), method="lattice")
    assert loss.mean == pytest.approx(14_221_863, abs=1)
    for level, published in ((0.99, 55_311_503), (0.995, 62_033_181)):
        above = loss.quantile(level)
        low, high = 1 - float(loss.tail(above - unit)), 1 - float(loss.tail(above))
        interpolated = above - unit + (level - low) / (high - low) * unit
        assert interpolated == pytest.approx(published, abs=1)


# ------------------------------------------------------------------ Vasicek 2002


@pytest.mark.parametrize(
    ("rho", "published", "half"),
    [
        (0.1, [1.19, 3.8, 7.0, 10.7], [0.005, 0.05, 0.05, 0.05]),
        (0.4, [0.55, 4.5, 11.0, 18.2], [0.005, 0.05, 0.05, 0.05]),
    ],
)
def test_vasicek_table_of_large_pools(
    rho: float, published: list[float], half: list[float]
) -> None:
    p = 0.01
    threshold = norm.ppf(p)
    from scipy.stats import multivariate_normal

    joint = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([threshold, threshold])
    deviation = math.sqrt(joint - p * p)
    pool = total_loss(np.ones(200_000), p, Gaussian(rho))
    for level, expected, tolerance in zip((0.9, 0.99, 0.999, 0.9999), published, half, strict=True):
        closed = (large_pool_quantile(p, rho, level) - p) / deviation
        engine = (pool.quantile(level) / 200_000 - p) / deviation
        assert closed == pytest.approx(expected, abs=tolerance + 1e-9)
        assert engine == pytest.approx(closed, abs=0.01)


# ------------------------------------------------------------------ Hull and White 2004, table 7


def _spread(attach: float, detach: float, dates: np.ndarray, expected: np.ndarray) -> float:
    """Spread in bp from expected tranche notional at the dates (one at date 0 included)."""
    discount = np.exp(-0.05 * dates)
    middle = np.exp(-0.05 * 0.5 * (dates[1:] + dates[:-1]))
    lost = -np.diff(expected)
    accrual = np.diff(dates)
    premium = np.sum(accrual * expected[1:] * discount[1:] + 0.5 * accrual * lost * middle)
    return float(np.sum(lost * middle) / premium * 1e4)


def test_hull_white_tranche_spreads() -> None:
    dates = np.arange(0.0, 5.01, 0.25)
    tranches = [(0.0, 0.03), (0.03, 0.06), (0.06, 0.10), (0.10, 1.0)]
    remaining = np.ones((len(tranches), dates.size))
    for place, date in enumerate(dates[1:], start=1):
        pool = total_loss(
            np.full(100, 0.01), -math.expm1(-0.01 * date), Gaussian(0.1), Severity(0.6),
            method="lattice",
        )  # fmt: skip
        for row, (low, high) in enumerate(tranches):
            lost = float(pool.stop_loss(low)) - float(pool.stop_loss(high))
            remaining[row, place] = 1 - lost / (high - low)
    for row, published in enumerate((2279, 450, 89, 1)):
        spread = _spread(*tranches[row], dates, remaining[row])
        assert abs(spread - published) <= max(0.04 * published, 2), (row, spread)


# ------------------------------------------------------------------ capped guarantee


def test_capped_guarantee_is_exhausted_at_a_loss_rate_of_20_percent() -> None:
    volume, rate, cap_rate = 100.0, 0.8, 0.2
    cap = volume * rate * cap_rate
    assert cap == 16.0
    assert volume / cap == 6.25
    book = np.full(100, volume / 100), np.arange(100), np.zeros(100, dtype=int)
    found = account_losses(*book, np.full(100, 0.1), Gaussian(0.3), [capped(rate, cap)])
    plain = total_loss(book[0], 0.1, Gaussian(0.3), method="lattice")
    assert found.total.largest == cap
    # The most is paid from a loss of 20 on, not from 19.
    assert found.total.tail(15.9) == pytest.approx(plain.tail(19.5), rel=1e-12)
    assert found.total.tail(16.0) == 0.0
