"""One-period loss distributions: closed forms, edges, and the two engines against each other."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy.stats import beta as beta_law
from scipy.stats import multivariate_normal, norm

from ipcredit.fund.tail import Gamma, Gaussian, Mixing, Severity, total_loss
from ipcredit.fund.tail.closed import binomial_tail, large_pool_tail
from oracles import loss_convolution as oracle

LONG = os.environ.get("IPCREDIT_LONG") == "1"


def standard_book(firms: int = 2000, step: float = 10_000.0, seed: int = 2026):
    """The book of docs/methods/fund-tail.md: 0.5 to 5 million, PD 1 to 6 %."""
    draw = np.random.default_rng(seed)
    low, high = round(500_000 / step), round(5_000_000 / step)
    return draw.integers(low, high + 1, firms) * step, draw.uniform(0.01, 0.06, firms)


# ------------------------------------------------------------------ closed forms


@pytest.mark.parametrize(("firms", "pd"), [(1, 0.1), (7, 0.5), (300, 0.03), (1000, 0.4), (50, 0.9)])
def test_without_correlation_the_binomial(firms: int, pd: float) -> None:
    loss = total_loss(np.ones(firms), pd, Gaussian(0.0))
    k = np.arange(firms)
    assert np.abs(loss.tail(k) - binomial_tail(firms, pd, k)).max() < 1e-12
    assert loss.mean == pytest.approx(firms * pd, rel=1e-14)


@pytest.mark.parametrize("mixing", [Gaussian(0.0), Gaussian(0.3), Gaussian(1.0), Gamma(0.5)])
@pytest.mark.parametrize("pd", [0.0, 1e-9, 0.02, 0.7, 1.0])
def test_one_firm_is_bernoulli(mixing: Mixing, pd: float) -> None:
    loss = total_loss([5.0], [pd], mixing, Severity(0.4))
    assert loss.tail(1.9) == pytest.approx(pd, abs=1e-14)
    assert loss.tail(2.0) == 0.0
    assert loss.mean == pytest.approx(2 * pd, rel=1e-14)


def test_an_infinitely_fine_book_is_the_large_pool() -> None:
    loss = total_loss(np.ones(1_000_000), 0.03, Gaussian(0.15))
    rates = np.array([0.02, 0.05, 0.1, 0.2, 0.3])
    assert loss.tail(rates * 1e6) == pytest.approx(large_pool_tail(0.03, 0.15, rates), rel=2e-4)
    assert loss.method == "expansion"


@pytest.mark.parametrize("rho", [0.05, 0.4, 0.9, 0.999])
def test_two_firms_are_the_bivariate_normal(rho: float) -> None:
    both = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf(norm.ppf([0.3, 0.1]))
    loss = total_loss([1.0, 2.0], [0.3, 0.1], Gaussian(rho))
    assert loss.tail(2.5) == pytest.approx(both, abs=1e-7)


def test_the_mean_is_exact() -> None:
    exposures, pds = standard_book(400)
    for severity in (Severity(0.6), Severity(0.45, 0.2)):
        expected = exposures @ pds * severity.mean
        for method in ("lattice", "expansion"):
            loss = total_loss(exposures, pds, Gaussian(0.15), severity, method=method)
            assert loss.mean == pytest.approx(expected, rel=1e-14)
            assert float(loss.stop_loss(0.0)) == pytest.approx(expected, rel=1e-9)


# ------------------------------------------------------------------ edges


def test_correlation_one_defaults_in_the_order_of_the_default_probability() -> None:
    loss = total_loss([1.0, 2.0, 4.0], [0.1, 0.3, 0.2], Gaussian(1.0))
    assert loss.method == "comonotone"
    assert list(loss.tail([0.0, 2.0, 6.0, 7.0])) == [0.3, 0.2, 0.1, 0.0]
    near = total_loss([1.0, 2.0, 4.0], [0.1, 0.3, 0.2], Gaussian(0.9999))
    assert near.tail([0.0, 2.0, 6.0]) == pytest.approx([0.3, 0.2, 0.1], abs=0.01)
    random = total_loss([1.0, 2.0], [0.1, 0.3], Gaussian(1.0), Severity(0.5, 0.1))
    assert random.mean == pytest.approx(0.35)
    assert random.tail(0.0) == pytest.approx(0.3, abs=1e-3)


def test_sure_firms_and_sure_survivors() -> None:
    loss = total_loss([1.0, 2.0, 4.0], [0.0, 1.0, 0.25], Gaussian(0.2))
    assert list(np.round(loss.tail([-1.0, 1.9, 2.0, 5.9, 6.0]), 14)) == [1, 1, 0.25, 0.25, 0]
    assert total_loss([1.0, 2.0], [0.0, 0.0], Gaussian(0.2)).quantile(0.999) == 0.0
    assert total_loss([1.0, 2.0], [1.0, 1.0], Gaussian(0.2)).shortfall(0.9) == 3.0
    everything = total_loss([0.0], [0.3], Gaussian(0.2))
    assert everything.tail(0.0) == 0.0


@pytest.mark.parametrize(
    ("exposures", "pds", "mixing", "text"),
    [
        ([], [], lambda: Gaussian(0.1), "exposures: expected a non-empty"),
        ([1.0], [1.1], lambda: Gaussian(0.1), r"must lie in \[0, 1\]"),
        ([1.0], [float("nan")], lambda: Gaussian(0.1), r"must lie in \[0, 1\]"),
        ([-1.0], [0.1], lambda: Gaussian(0.1), "exposures must be at least 0"),
        ([float("inf")], [0.1], lambda: Gaussian(0.1), "exposures must be at least 0"),
        ([1.0, 2.0], [0.1, 0.1, 0.1], lambda: Gaussian(0.1), "2 exposures and 3"),
        ([1.0], [0.1], lambda: Gaussian(1.5), r"correlation must lie in \[0, 1\]"),
        ([1.0], [0.1], lambda: Gaussian(np.array([0.5, 1.0])), "for all firms or for none"),
        ([1.0], [0.1], lambda: Gaussian(np.array([0.5, 0.1])), "one number for each firm"),
        ([1.0], [0.1], lambda: Gamma(-1.0), "variance of the gamma factor"),
    ],
)
def test_bad_input_is_told(exposures, pds, mixing, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        total_loss(exposures, pds, mixing())


def test_bad_severities_and_levels_are_told() -> None:
    with pytest.raises(ValueError, match="mean severity"):
        Severity(1.2)
    with pytest.raises(ValueError, match="below sqrt"):
        Severity(0.5, 0.5)
    with pytest.raises(ValueError, match="sensitivity"):
        Severity(0.5, sensitivity=-1.0)
    loss = total_loss([1.0], [0.1], Gaussian(0.1))
    for ask in (lambda: loss.quantile(1.1), lambda: loss.shortfall(1.0), lambda: loss.at_tail(-1)):
        with pytest.raises(ValueError, match=r"level|probability"):
            ask()
    with pytest.raises(ValueError, match="method must be"):
        total_loss([1.0], [0.1], Gaussian(0.1), method="magic")  # type: ignore[arg-type]
    many = Severity(np.linspace(0.2, 0.8, 100), 0.1)
    with pytest.raises(ValueError, match="at most 64"):
        total_loss(np.ones(100), 0.1, Gaussian(0.1), many)


# ------------------------------------------------------------------ against the oracle


@pytest.mark.parametrize("rho", [0.05, 0.2, 0.6])
@pytest.mark.parametrize("highest_pd", [0.02, 0.3, 0.99])
def test_the_lattice_is_the_plain_convolution(rho: float, highest_pd: float) -> None:
    draw = np.random.default_rng(11)
    units = draw.integers(1, 13, 60)
    pds = draw.uniform(highest_pd / 20, highest_pd, 60)
    expected = oracle.tails(oracle.masses(units, pds, rho))
    loss = total_loss(units.astype(float), pds, Gaussian(rho), method="lattice")
    k = np.arange(expected.size)
    assert np.abs(loss.tail(k) - expected).max() < 2e-13
    assert loss.error.kind == "round-off"


def test_gamma_against_the_plain_convolution() -> None:
    from scipy.stats import gamma

    draw = np.random.default_rng(12)
    units, pds, variance = draw.integers(1, 9, 30), draw.uniform(0.01, 0.2, 30), 0.6
    grid = (np.arange(10_000) + 0.5) / 10_000
    factor = gamma.ppf(grid, 1 / variance, scale=variance)
    intensity = ((1 - pds) ** -variance - 1) / variance
    expected = oracle.tails(
        oracle.convolved(units, 1 - np.exp(-np.outer(factor, intensity))).mean(axis=0)
    )
    loss = total_loss(units.astype(float), pds, Gamma(variance))
    assert loss.tail(np.arange(expected.size)) == pytest.approx(expected, abs=2e-4)
    assert float(loss.points @ loss.probabilities) == pytest.approx(units @ pds, rel=1e-12)


def test_random_severity_against_sampling() -> None:
    draw = np.random.default_rng(13)
    exposures, pds = np.array([3.0, 5.0, 2.0, 1.0, 4.0]), np.full(5, 0.3)
    z = draw.standard_normal(200_000)
    thrown = draw.random((200_000, 5)) < oracle.conditional(pds, 0.3, z)
    mean, deviation = 0.5, 0.25
    spread = mean * (1 - mean) / deviation**2 - 1
    shares = beta_law(mean * spread, (1 - mean) * spread).rvs((200_000, 5), random_state=draw)
    sampled = (thrown * shares) @ exposures
    loss = total_loss(exposures, pds, Gaussian(0.3), Severity(mean, deviation))
    x = np.array([0.5, 2.0, 4.0, 7.0, 9.0])
    assert loss.tail(x) == pytest.approx((sampled[:, None] > x).mean(axis=0), abs=0.005)


def test_a_severity_that_moves_with_the_factor() -> None:
    exposures, pds = standard_book(1000, 50_000.0)
    severity = Severity(0.5, 0.2, sensitivity=0.3)
    by_expansion = total_loss(exposures, pds, Gaussian(0.15), severity)
    still = total_loss(exposures, pds, Gaussian(0.15), Severity(0.5, 0.2))
    assert by_expansion.mean > 1.02 * still.mean
    z, weights = oracle.factor_grid()
    share = norm.cdf(norm.ppf(0.5) * np.sqrt(1.09) - 0.3 * z)
    assert weights @ share == pytest.approx(0.5, rel=1e-12)
    mean = weights @ (oracle.conditional(pds, 0.15, z) @ exposures * share)
    assert by_expansion.mean == pytest.approx(mean, rel=1e-12)
    fixed = Severity(0.5, sensitivity=0.3)
    lattice = total_loss(exposures[:300], pds[:300], Gaussian(0.15), fixed, method="lattice")
    expansion = total_loss(exposures[:300], pds[:300], Gaussian(0.15), fixed, method="expansion")
    for level in (1e-2, 1e-4):
        x = lattice.at_tail(level)
        assert expansion.tail(x) == pytest.approx(level, rel=1e-4)


# ------------------------------------------------------------------ expansion against lattice


def test_expansion_equals_exact_lattice_on_the_standard_problem() -> None:
    # Steps of 50,000 keep the exact lattice small enough to run each time.
    exposures, pds = standard_book(2000, 50_000.0)
    book = exposures, pds, Gaussian(0.15), Severity(0.6)
    fast = total_loss(*book)
    exact = total_loss(*book, method="lattice", points=2**17)
    assert fast.method == "expansion"
    assert exact.error.kind == "round-off"
    for level in (1e-2, 1e-4, 1e-6):
        x = exact.at_tail(level)
        assert fast.tail(x) == pytest.approx(exact.tail(x), rel=1e-6)
        assert fast.stop_loss(x) == pytest.approx(exact.stop_loss(x), rel=1e-6)
        assert fast.at_tail(level) == pytest.approx(x, rel=1e-6)
        assert fast.shortfall(1 - level) == pytest.approx(exact.shortfall(1 - level), rel=1e-6)
    assert fast.error.value < 1e-5


def test_losses_so_low_that_a_few_defaults_decide() -> None:
    draw = np.random.default_rng(41)
    exposures, pds = draw.integers(1, 8, 1500) * 1.0, draw.uniform(0.002, 0.006, 1500)
    fast = total_loss(exposures, pds, Gaussian(0.35))
    exact = total_loss(exposures, pds, Gaussian(0.35), method="lattice")
    assert fast.method == "expansion"
    for level in (0.1, 0.3, 0.5, 0.8, 0.95):
        x = exact.at_tail(level)
        assert fast.tail(x) == pytest.approx(exact.tail(x), rel=1e-5)
        assert fast.at_tail(level) == pytest.approx(x, abs=1e-6)
    plain = total_loss(exposures, pds, Gaussian(0.35), method="expansion")
    assert abs(plain.tail(0.0) / exact.tail(0.0) - 1) > 1e-3


def test_a_book_of_equal_loans_is_taken_at_its_steps() -> None:
    fast = total_loss(np.ones(2000), 0.03, Gaussian(0.15))
    exact = total_loss(np.ones(2000), 0.03, Gaussian(0.15), method="lattice")
    assert fast.method == "expansion"
    for level in (1e-2, 1e-4, 1e-6):
        assert fast.at_tail(level) == exact.at_tail(level)
        x = exact.at_tail(level)
        assert fast.tail(x + 0.3) == pytest.approx(exact.tail(x), rel=1e-6)


def test_correlation_for_each_firm() -> None:
    exposures, pds = standard_book(1000, 100_000.0)
    rho = np.linspace(0.08, 0.24, 1000)
    fast = total_loss(exposures, pds, Gaussian(rho), method="expansion")
    exact = total_loss(exposures, pds, Gaussian(rho), method="lattice")
    for level in (1e-2, 1e-4, 1e-6):
        x = exact.at_tail(level)
        assert fast.tail(x) == pytest.approx(exact.tail(x), rel=1e-5)


@pytest.mark.parametrize("firms", [50, 100, 500])
def test_the_error_estimate_covers_the_error(firms: int) -> None:
    exposures, pds = standard_book(firms, 50_000.0)
    book = exposures, pds, Gaussian(0.15), Severity(0.6)
    fast = total_loss(*book, method="expansion")
    exact = total_loss(*book, method="lattice")
    worst = max(
        abs(fast.tail(x) / exact.tail(x) - 1) for x in map(exact.at_tail, (1e-2, 1e-4, 1e-6))
    )
    assert worst <= max(fast.error.value, 1e-7)


@pytest.mark.parametrize("share", [0.03, 0.09, 0.3])
def test_a_dominant_loan_goes_to_the_lattice_and_is_right(share: float) -> None:
    exposures, pds = standard_book(1000, 100_000.0)
    exposures[0] = np.rint(share / (1 - share) * exposures[1:].sum() / 1e5) * 1e5
    book = exposures, pds, Gaussian(0.15), Severity(0.6)
    chosen = total_loss(*book, points=2**13)
    exact = total_loss(*book, method="lattice")
    assert exact.error.kind == "round-off"
    assert chosen.method == "lattice"
    assert "one loan is" in chosen.reason
    for level in (1e-2, 1e-4, 1e-6):
        x = exact.at_tail(level)
        assert chosen.tail(x) == pytest.approx(exact.tail(x), rel=1e-4)


def test_loans_far_below_a_lattice_unit() -> None:
    exposures, pds = standard_book(5000)
    exposures[0] = 0.1 * exposures.sum()
    book = exposures, pds, Gaussian(0.15), Severity(0.6)
    coarse = total_loss(*book, points=2**11)
    fine = total_loss(*book, points=2**13)
    assert exposures[1:].max() * 0.6 < 2.0 * coarse.law.unit
    for level in (1e-2, 1e-4):
        x = fine.at_tail(level)
        assert coarse.tail(x) == pytest.approx(fine.tail(x), rel=2e-4)


def test_rounding_is_bounded_and_small() -> None:
    draw = np.random.default_rng(3)
    exposures, pds = draw.uniform(0.5, 5.0, 200) * np.pi, draw.uniform(0.01, 0.06, 200)
    coarse = total_loss(exposures, pds, Gaussian(0.15), method="lattice", points=2**13)
    fine = total_loss(exposures, pds, Gaussian(0.15), method="lattice", points=2**15)
    assert coarse.error.kind == "bound"
    for level in (1e-2, 1e-4, 1e-6):
        x = fine.at_tail(level)
        assert abs(coarse.tail(x) / fine.tail(x) - 1) < min(1e-4, coarse.error.value)
    assert float(coarse.points @ coarse.probabilities) == pytest.approx(coarse.mean, rel=1e-5)


def test_thirteen_loans_without_a_common_unit() -> None:
    amounts = np.sqrt(np.arange(2.0, 15.0))
    rounded = total_loss(amounts, 0.1, Gaussian(0.2), points=2**14)
    few = total_loss(amounts[:12], 0.1, Gaussian(0.2))
    assert "every outcome" in few.reason
    assert few.error.kind == "round-off"
    assert few.tail(float(amounts[:12].sum()) - 1e-9) > 0.0
    assert rounded.mean == pytest.approx(float(amounts.sum()) * 0.1)


@pytest.mark.skipif(not LONG, reason="set IPCREDIT_LONG=1")
def test_the_standard_problem_itself() -> None:
    exposures, pds = standard_book()
    book = exposures, pds, Gaussian(0.15), Severity(0.6)
    fast = total_loss(*book)
    exact = total_loss(*book, method="lattice", points=2**20)
    for level in (1e-2, 1e-4, 1e-6):
        x = exact.at_tail(level)
        assert fast.tail(x + 3000.0) == pytest.approx(exact.tail(x), rel=1e-5)
