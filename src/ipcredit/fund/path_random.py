"""Random numbers that stay the same: raw Philox bits through our own inverse distributions.

A stream is keyed by the seed and the chunk of paths; within it, by what is drawn and for which
period.  So nothing depends on how many workers share the chunks, nor on NumPy's own samplers,
which change between its versions.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

# What a stream is for; part of the definition: another number gives other paths.
FACTOR: Final = 1
AMOUNT: Final = 2
DEFAULT: Final = 3
SEVERITY: Final = 4
_LEAST: Final = 2.0**-54


def uniforms(seed: int, chunk: int, kind: int, period: int, count: int) -> Array:
    """``count`` uniforms inside (0, 1), float64: the top 53 of each 64 raw bits.

    >>> float(uniforms(7, 0, FACTOR, 0, 1)[0]) == float(uniforms(7, 0, FACTOR, 0, 9)[0])
    True
    """
    key = np.array([seed, chunk], np.uint64)
    counter = np.array([0, 0, period, kind], np.uint64)
    bits = np.random.Philox(counter=counter, key=key).random_raw(count)
    bits >>= np.uint64(11)
    result = bits.astype(np.float64)
    result *= 2.0**-53
    np.maximum(result, _LEAST, out=result)
    return result


def normals(seed: int, chunk: int, kind: int, period: int, count: int) -> Array:
    """``count`` standard normal scores by the inverse distribution function."""
    from scipy.special import ndtri

    drawn = uniforms(seed, chunk, kind, period, count)
    scores: Array = ndtri(drawn, out=drawn)
    return scores


# The quantile of a gamma law with shape a and mean 1, to the power 1/3, is nearly linear in the
# normal score (Wilson and Hilferty 1931); the table holds that power over s = 1 / sqrt(a) and z.
_Z_LEAST, _Z_STEP, _Z_COUNT = -8.5, 1 / 16, 273
_S_STEP, _S_COUNT = 1 / 32, 161
S_MOST: Final = _S_STEP * (_S_COUNT - 1)
"""Shapes below 1 / S_MOST**2 = 0.04 are not in the table."""


@cache
def _table() -> Array:
    from scipy.special import gammaincinv, ndtr

    z = _Z_LEAST + _Z_STEP * np.arange(_Z_COUNT)
    s = _S_STEP * np.arange(1, _S_COUNT)
    shape = s[:, None] ** -2.0
    table = np.empty((_S_COUNT, _Z_COUNT))
    table[0] = 1.0
    table[1:] = np.cbrt(gammaincinv(shape, ndtr(z)[None, :]) / shape)
    upper = z > 0  # the distribution function is 1 there to the last digits: use its complement
    from_above = _upper(shape, ndtr(-z[upper]))
    table[1:, upper] = np.cbrt(from_above / shape)
    # What is not linear in the score is small and smooth; it is what is looked up.
    table -= 1 - (np.arange(_S_COUNT) * _S_STEP)[:, None] ** 2 / 9
    table -= (np.arange(_S_COUNT) * _S_STEP)[:, None] * z[None, :] / 3
    return table.ravel()


def _upper(shape: npt.NDArray[Any], tail: Array) -> Array:
    from scipy.special import gammainccinv

    found: Array = gammainccinv(shape, tail[None, :])
    return found


def gamma(score: Array, spread: Array) -> Array:
    """The quantile of a gamma law of mean 1 at a normal score.

    ``spread``: its standard deviation, 1 / sqrt(shape), up to :data:`S_MOST` (beyond it that).
    Both float64 of the same shape; within 1e-4 of the exact quantile times the mean.

    >>> bool(abs(gamma(np.array([0.0]), np.array([1.0]))[0] - np.log(2)) < 1e-4)
    True
    """
    table = _table()
    s = np.minimum(spread, S_MOST)
    row_at = s * (1 / _S_STEP)
    row = np.minimum(row_at.astype(np.int32), _S_COUNT - 2)
    row_at -= row
    column_at = np.clip(score, _Z_LEAST, -_Z_LEAST)
    line = s / 3
    line *= column_at
    column_at -= _Z_LEAST
    column_at *= 1 / _Z_STEP
    column = np.minimum(column_at.astype(np.int32), _Z_COUNT - 2)
    column_at -= column
    row *= _Z_COUNT
    row += column
    low = table.take(row)
    low += column_at * (table.take(row + 1) - low)
    row += _Z_COUNT
    high = table.take(row)
    row += 1
    high += column_at * (table.take(row) - high)
    high -= low
    high *= row_at
    low += high
    line += low
    line += 1
    s *= s
    s *= 1 / 9
    line -= s
    np.maximum(line, 0.0, out=line)
    cubed: Array = line * line
    cubed *= line
    return cubed


def beta(uniform: Array, mean: Array, sd: float) -> Array:
    """The quantile of a beta law with this mean and standard deviation; sd 0 gives the mean."""
    if sd <= 0:
        return np.broadcast_to(mean, uniform.shape).copy()
    from scipy.special import betaincinv

    inside = np.clip(mean, 1e-9, 1 - 1e-9)
    size = np.maximum(inside * (1 - inside) / sd**2 - 1, 1e-3)
    drawn: Array = betaincinv(inside * size, (1 - inside) * size, uniform)
    return drawn
