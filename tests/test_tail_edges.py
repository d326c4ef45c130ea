"""Refusals and rare paths of the loss tails: each says what is allowed."""

from __future__ import annotations

import numpy as np
import pytest

from ipcredit.fund.tail import Gamma, Gaussian, Severity, total_loss
from ipcredit.fund.tail.closed import binomial_tail, large_pool_quantile, large_pool_tail
from ipcredit.fund.tail.distribution import root
from ipcredit.fund.tail.quadrature import single_node, trapezoid


def test_closed_forms_refuse_and_degenerate() -> None:
    for ask in (
        lambda: large_pool_quantile(1.2, 0.1, 0.9),
        lambda: large_pool_quantile(0.1, 1.0, 0.9),
        lambda: large_pool_quantile(0.1, 0.1, 1.9),
        lambda: binomial_tail(0, 0.1, 1),
    ):
        with pytest.raises(ValueError, match=r"must lie|lies in|at least one"):
            ask()
    assert large_pool_quantile(0.1, 0.0, 0.9) == 0.1
    assert list(large_pool_tail(0.1, 0.0, [0.05, 0.1, 0.2])) == [1.0, 0.0, 0.0]
    assert binomial_tail(3, 0.5, -1) == 1.0


def test_amounts_out_of_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="smaller unit of money"):
        total_loss([1e-40], [0.1], Gaussian(0.1))
    with pytest.raises(ValueError, match="at least 2 points"):
        total_loss([1.0], [0.1], Gaussian(0.1), points=1)
    tiny = total_loss([1.0, 1e-20], [0.1, 0.5], Gaussian(0.1))
    assert tiny.tail(0.0) == pytest.approx(0.1)


def test_severity_arrays_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one number for each exposure"):
        total_loss([1.0, 2.0, 3.0], 0.1, Gaussian(0.1), Severity(np.array([0.5, 0.6]), 0.1))
    with pytest.raises(ValueError, match="deviation of the severity must be at least 0"):
        Severity(0.5, -0.1)
    with pytest.raises(ValueError, match='"bernoulli" or "poisson"'):
        Gamma(0.5, "geometric")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a number or one number for each firm"):
        Gaussian(np.zeros((2, 2)))


def test_different_random_severities_in_one_book() -> None:
    severity = Severity(np.array([0.4, 0.6, 0.4]), np.array([0.1, 0.2, 0.1]))
    loss = total_loss([1.0, 2.0, 3.0], [0.1, 0.2, 1.0], Gaussian(0.2), severity)
    assert loss.mean == pytest.approx(0.04 + 0.24 + 1.2)
    assert float(loss.points @ loss.probabilities) == pytest.approx(loss.mean, rel=1e-6)


@pytest.mark.parametrize("counts", ["poisson", "bernoulli"])
def test_gamma_books_by_both_engines(counts) -> None:
    exposures = np.arange(1.0, 16.0).repeat(400)
    mixing = Gamma(0.4, counts)
    fast = total_loss(exposures, 0.03, mixing)
    exact = total_loss(exposures, 0.03, mixing, method="lattice")
    assert fast.method == "expansion"
    for level in (0.5, 1e-2, 1e-4, 1e-6):
        x = exact.at_tail(level)
        assert fast.tail(x) == pytest.approx(exact.tail(x), rel=1e-5)
        assert fast.at_tail(level * 1.001) <= x <= fast.at_tail(level * 0.95)


def test_random_poisson_severity_keeps_the_mean() -> None:
    given = np.linspace(1.0, 2.0, 80) * np.pi, 0.05, Gamma(0.3, "poisson"), Severity(0.5, 0.2)
    fast = total_loss(*given, method="expansion")
    exact = total_loss(*given, method="lattice", points=2**12)
    assert float(exact.points @ exact.probabilities) == pytest.approx(exact.mean, rel=1e-8)
    x = exact.at_tail(1e-3)
    assert fast.tail(x) == pytest.approx(1e-3, rel=0.02)
    few = total_loss([np.pi, 1.0], 0.05, Gamma(0.3, "poisson"), points=2**10)
    assert few.mean == pytest.approx(0.05 * (np.pi + 1.0))


def test_roots_at_the_ends() -> None:
    assert root(lambda x: 0.5, 0.0, 1.0, 9.0) == 9.0
    assert root(lambda x: 1.0 if x < 3 else 0.0, 0.5, 8.0, 9.0) == pytest.approx(3.0)
    loss = total_loss(np.ones(1000), 0.03, Gaussian(0.2))
    assert loss.at_tail(1.0) == 0.0
    assert loss.at_tail(0.0) == 1000.0
    assert loss.quantile(0.0) == 0.0
    assert loss.points is None
    assert loss.probabilities is None
    assert single_node().error == 1e-16
    assert trapezoid(2.0, width=1.0).error > 1e-3


def test_what_the_result_says_about_itself() -> None:
    loss = total_loss(np.ones(1000), 0.03, Gaussian(0.2))
    assert "many small loans" in repr(loss)
    assert loss.largest == 1000.0
    assert loss.error is loss.error
    with pytest.raises(ValueError, match="a level lies"):
        loss.quantile(-0.1)


def test_nothing_is_ever_not_a_number() -> None:
    draw = np.random.default_rng(7)
    for _ in range(12):
        firms = int(draw.integers(1, 60))
        exposures = np.where(draw.random(firms) < 0.1, 0.0, draw.lognormal(0, 2, firms))
        pds = np.where(
            draw.random(firms) < 0.2, draw.integers(0, 2, firms), draw.random(firms) ** 3
        )
        mixing = (
            Gaussian(draw.random(firms) * 0.9),
            Gaussian(float(draw.choice([0.0, 0.9999, 1.0]))),
            Gamma(3 * draw.random(), "poisson"),
        )[draw.integers(3)]
        severity = (Severity(draw.random(firms)), Severity(0.5, 0.2))[draw.integers(2)]
        loss = total_loss(exposures, pds, mixing, severity, points=2**8)
        tail = np.asarray(loss.tail(np.linspace(-1.0, exposures.sum() + 1.0, 50)))
        assert tail.min() >= 0.0
        assert tail.max() <= 1.0
        assert np.diff(tail).max() <= 1e-9
        quantiles = [loss.quantile(level) for level in (0.0, 0.5, 0.99, 0.9999)]
        assert np.isfinite(quantiles).all()
        assert quantiles == sorted(quantiles)
        assert loss.shortfall(0.0) == pytest.approx(loss.mean, rel=1e-3, abs=1e-12)
