"""Variance-based sensitivity of any function of numbers in ranges: Sobol indices with errors.

The estimators are SciPy's (:func:`scipy.stats.sobol_indices`: Saltelli 2010 for the first order,
Jansen for the total).  The points are ours: SciPy's plain Sobol sequence, shifted by raw Philox
bits, so that a seed gives the same points in every version of SciPy and NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.population.draws import uniforms

Floats = npt.NDArray[np.float64]
CONFIDENCE: Final = 0.95
# What rounding leaves of the variance of a number that does not move, relative to its square.
_STILL: Final = 1e-20


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Points at which a function is asked: two independent samples and their mixtures.

    ``a`` and ``b`` float64[d, n]; ``mixed(i)`` is ``a`` with row i from ``b``.
    """

    a: Floats
    b: Floats

    @property
    def points(self) -> int:
        """How many points there are: n (d + 2)."""
        d, n = self.a.shape
        return int(n * (d + 2))

    def all(self) -> Floats:
        """Every point as a column, float64[d, n (d + 2)]: a, b, then the mixtures in order."""
        mixtures = []
        for at in range(len(self.a)):
            one = self.a.copy()
            one[at] = self.b[at]
            mixtures.append(one)
        return np.hstack([self.a, self.b, *mixtures])


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """First-order and total indices, float64[s, d], for s outputs of d parameters.

    ``first_low`` … ``total_high``: bootstrap confidence limits (:data:`CONFIDENCE`).  ``moves``
    bool[s]: an output that never moves has indices NaN.  ``mean`` and ``deviation`` float64[s].
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    moves: npt.NDArray[np.bool_]
    mean: Floats
    deviation: Floats


def design(ranges: Sequence[tuple[float, float]], n: int, seed: int) -> Design:
    """Points uniform over a box of ranges; ``n`` a power of two.

    >>> found = design([(0, 1), (10, 20)], 4, seed=7)
    >>> found.a.shape, found.points, bool((found.b[1] >= 10).all())
    ((2, 4), 16, True)
    """
    from scipy.stats import qmc

    d = len(ranges)
    plain = qmc.Sobol(2 * d, scramble=False).random_base2(n.bit_length() - 1)
    shift = uniforms(seed, 0, "sensitivity.shift", 2 * d)
    unit = ((plain + shift) % 1.0).T
    low = np.array([low for low, _ in ranges])[:, None]
    width = np.array([high - low for low, high in ranges])[:, None]
    return Design(low + width * unit[:d], low + width * unit[d:])


def indices(values: Floats, d: int, *, seed: int, resamples: int) -> Indices:
    """Indices from the values float64[s, n (d + 2)] at :meth:`Design.all`."""
    s, count = values.shape
    n = count // (d + 2)
    f_a, f_b = values[:, :n], values[:, n : 2 * n]
    f_ab = np.stack([values[:, (2 + at) * n : (3 + at) * n] for at in range(d)])
    both = values[:, : 2 * n]
    mean, deviation = both.mean(axis=1), both.std(axis=1)
    moves = deviation**2 > _STILL * np.maximum(mean**2, 1e-300)
    shape = (s, d)
    found = [np.full(shape, np.nan) for _ in range(6)]
    if moves.any():
        one, two, mixed = f_a[moves], f_b[moves], f_ab[:, moves]
        first, total = _estimate(one, two, mixed, d)
        draws = np.array([
            _estimate(one[:, rows], two[:, rows], mixed[..., rows], d)
            for rows in _resampled(n, resamples, seed)
        ])  # fmt: skip
        tail = 100 * (1 - CONFIDENCE) / 2
        for at, value in enumerate((first, total)):
            found[3 * at][moves] = value
            found[3 * at + 1][moves] = np.percentile(draws[:, at], tail, axis=0)
            found[3 * at + 2][moves] = np.percentile(draws[:, at], 100 - tail, axis=0)
    lows = found[0], found[1], found[2], found[3], found[4], found[5]
    return Indices(*lows, moves, mean, deviation)


def sobol(
    function: Callable[[Floats], Any],
    ranges: Sequence[tuple[float, float]],
    *,
    n: int = 1024,
    seed: int = 7,
    resamples: int = 200,
) -> Indices:
    """Indices of a function of float64[d, m] that gives float64[s, m] or float64[m].

    >>> found = sobol(lambda x: 2 * x[0] + x[1], [(0, 1), (0, 1)])
    >>> found.first.round(1).tolist(), found.total.round(1).tolist()
    ([[0.8, 0.2]], [[0.8, 0.2]])
    """
    values = np.atleast_2d(np.asarray(function(design(ranges, n, seed).all()), np.float64))
    return indices(values, len(ranges), seed=seed, resamples=resamples)


def _estimate(f_a: Floats, f_b: Floats, f_ab: Floats, d: int) -> tuple[Floats, Floats]:
    """First and total indices, float64[s, d], by SciPy."""
    from scipy.stats import sobol_indices

    s, n = f_a.shape
    # No randomness is asked for, so the name under which versions take a seed does not matter.
    found = sobol_indices(func={"f_A": f_a, "f_B": f_b, "f_AB": f_ab}, n=n)
    first = np.asarray(found.first_order, np.float64).reshape(s, d)
    return first, np.asarray(found.total_order, np.float64).reshape(s, d)


def _resampled(n: int, resamples: int, seed: int) -> npt.NDArray[np.intp]:
    """Rows drawn with replacement, intp[resamples, n]."""
    draws = uniforms(seed, 0, "sensitivity.bootstrap", n * resamples)
    return (draws * n).astype(np.intp).reshape(resamples, n)
