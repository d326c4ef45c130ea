"""Several factors: against one factor, against a grid of two, and dominant loans."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from ipcredit.fund.tail import Gaussian, Severity, total_loss
from ipcredit.fund.tail.factors import factor_book
from oracles import loss_convolution as oracle


def small_book() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(31)
    return draw.integers(5, 50, 1500) * 1.0, draw.uniform(0.01, 0.06, 1500)


@pytest.mark.parametrize("level", [1e-2, 1e-4, 1e-6])
def test_one_factor_is_total_loss(level: float) -> None:
    exposures, pds = small_book()
    plain = total_loss(exposures, pds, Gaussian(0.15), Severity(0.6))
    book = factor_book(exposures, pds, np.zeros(1500, int), [[np.sqrt(0.15)]], Severity(0.6))
    x = plain.at_tail(level)
    # Between the steps of the loss, where both laws are smooth.
    found = book.tail(x + 0.3)
    assert abs(found.value - level) < max(5 * found.standard_error, 2e-3 * level)
    assert found.standard_error < 0.01 * level
    size = book.at_tail(level)
    assert abs(size.value - x) < max(5 * size.standard_error, 0.6)
    stop = book.stop_loss(x)
    assert abs(stop.value - plain.stop_loss(x)) < max(5 * stop.standard_error, 2e-3 * stop.value)


def test_two_sectors_against_a_grid_of_both_factors() -> None:
    exposures, pds = small_book()
    sector = np.arange(1500) % 2
    loadings = np.array([[0.3, 0.25], [0.3, -0.1]])
    book = factor_book(exposures, pds, sector, loadings)
    # Given both factors the book is nearly normal: the grid uses its mean and variance only.
    step = 0.12
    grid = np.arange(-6.0, 6.0, step)
    z = np.stack(np.meshgrid(grid, grid, indexing="ij"), -1).reshape(-1, 2)
    mean, variance = np.zeros(len(z)), np.zeros(len(z))
    for k in (0, 1):
        rho = loadings[k] @ loadings[k]
        mine = sector == k
        for part in np.array_split(np.arange(len(z)), 60):
            factor = z[part] @ loadings[k] / np.sqrt(rho)
            conditional = oracle.conditional(pds[mine], rho, factor)
            mean[part] += conditional @ exposures[mine]
            variance[part] += (conditional * (1 - conditional)) @ exposures[mine] ** 2
    weights = np.prod(norm.pdf(z) * step, axis=1)
    for x in (3000.0, 6000.0):
        expected = weights @ norm.sf((x - mean) / np.sqrt(variance))
        found = book.tail(x)
        assert found.value == pytest.approx(expected, rel=0.01)
        assert found.standard_error < 0.01 * found.value


def test_dominant_loans_are_conditioned_on() -> None:
    exposures, pds = small_book()
    exposures[:3] = [4000.0, 9000.0, 2500.0]
    exact = total_loss(exposures, pds, Gaussian(0.15), method="lattice")
    book = factor_book(exposures, pds, np.zeros(1500, int), [[np.sqrt(0.15)]])
    for level in (1e-4,):
        x = exact.at_tail(level)
        found = book.tail(x + 0.5)
        assert abs(found.value / float(exact.tail(x)) - 1) < 0.02


def test_the_same_seed_gives_the_same_number() -> None:
    exposures, pds = small_book()
    given = exposures, pds, np.arange(1500) % 3, 0.3 * np.eye(3)
    first, again = (factor_book(*given, seed=3).tail(3000.0) for _ in range(2))
    assert first == again
    assert factor_book(*given, seed=4).tail(3000.0) != first
    assert factor_book(*given).tail(-1.0).value == 1.0
    assert factor_book(*given).tail(1e9).value == 0.0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"loadings": [[1.0]]}, "less than 1"),
        ({"classes": [0, 1]}, "classes"),
        ({"points": 1000}, "power of 2"),
        ({"severity": Severity(np.array([0.5, 0.6]))}, "one severity"),
        ({"severity": Severity(0.5, 0.1)}, "sample instead"),
    ],
)
def test_bad_input_is_told(changes, text: str) -> None:
    given = {"exposures": [1.0, 2.0], "pds": 0.1, "classes": [0, 0], "loadings": [[0.3]]}
    with pytest.raises(ValueError, match=text):
        factor_book(**{**given, **changes})
    book = factor_book(**given)
    with pytest.raises(ValueError, match="between 0 and 1"):
        book.at_tail(0.0)
