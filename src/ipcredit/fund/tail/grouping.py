"""A million firms as a few weighted points.

What the engines need of a book are sums over firms of ``column * f(coordinates)`` with ``f``
smooth.  Interpolating ``f`` at Chebyshev points turns them into sums over those points with
weights computed once, so the cost at a node no longer depends on the number of firms.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.mixing import Floats

# Rows worked on at a time: the working floats then stay in the processor's cache.
_BLOCK: Final = 16_384
# Beyond so many points on one axis interpolation has lost its sense.
_MOST_POINTS: Final = 240


def points_needed(half_width: float, accuracy: float = 1e-14) -> int:
    """Chebyshev points that interpolate ``Phi`` on an interval to the stated accuracy.

    ``half_width`` is in units of Phi's argument.  The nth derivative of Phi is about
    sqrt((n - 1)!) at most, which bounds the error by 2 (h/2)^n / sqrt(n!).

    >>> points_needed(0.0), points_needed(0.45), points_needed(3.0)
    (1, 14, 36)
    """
    if half_width <= 0.0:
        return 1
    bound, n = 2.0, 0
    while bound > accuracy and n <= _MOST_POINTS:
        n += 1
        bound *= half_width / (2.0 * math.sqrt(n))
    return n


def points_for_logarithm(half_width: float) -> int:
    """Chebyshev points for log(1 + p (u - 1)), |u| = 1, while p stays below 0.4.

    The function is singular at p = 1/2, a quarter away in Phi's argument; the ellipse of
    convergence that ends there gives the geometric rate.

    >>> points_for_logarithm(0.0), points_for_logarithm(0.45), points_for_logarithm(2.0)
    (1, 33, 67)
    """
    if half_width <= 0.0:
        return 1
    gap = 0.25 / half_width
    rate = math.log1p(gap + math.sqrt(gap * (gap + 2.0)))
    return max(math.ceil(33.0 / rate), points_needed(half_width))


class Axis:
    """Chebyshev points on the range of one coordinate, and the basis at given values."""

    __slots__ = ("centre", "count", "half", "points", "to_points")

    def __init__(
        self,
        low: float,
        high: float,
        scale: float,
        needed: Callable[[float], int] = points_needed,
    ) -> None:
        self.centre, self.half = 0.5 * (low + high), 0.5 * (high - low)
        # A range of rounding errors only is no range.
        if self.half <= 1e-13 * max(1.0, abs(self.centre)):
            self.half = 0.0
        self.count = needed(self.half / scale)
        angles = np.pi * (np.arange(self.count) + 0.5) / self.count
        self.points: Floats = self.centre + self.half * np.cos(angles)
        orders = np.arange(self.count)[:, None]
        self.to_points: Floats = np.cos(orders * angles) * (2.0 / self.count)
        self.to_points[0] *= 0.5

    def basis(self, values: Floats) -> Floats:
        """Chebyshev polynomials at the values, shape [count, values]."""
        result: Floats = np.empty((self.count, values.size))
        result[0] = 1.0
        if self.count > 1:
            unit = (values - self.centre) / self.half
            result[1] = unit
            unit = 2.0 * unit
            for order in range(2, self.count):
                np.multiply(unit, result[order - 1], out=result[order])
                result[order] -= result[order - 2]
        return result


def _axes(
    coordinates: Floats,
    scales: tuple[float, ...],
    needed: Callable[[float], int] = points_needed,
) -> list[Axis]:
    low, high = coordinates.min(axis=1), coordinates.max(axis=1)
    return [Axis(float(a), float(b), s, needed) for a, b, s in zip(low, high, scales, strict=True)]


def _tensor(axes: list[Axis]) -> Floats:
    grids = np.meshgrid(*(axis.points for axis in axes), indexing="ij")
    return np.stack([grid.ravel() for grid in grids])


def grouped(
    coordinates: Floats, columns: Floats, scales: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Points [axes, C] and weights [k, C] standing for firms [axes, N] with columns [k, N].

    Firms with an infinite coordinate (a PD of 1) keep points of their own; firms with
    coordinate minus infinity (a PD of 0) are dropped.  A book smaller than its grid stays
    as it is.

    >>> x = np.linspace(-2.0, -1.5, 1000)[None, :]
    >>> points, weights = grouped(x, np.ones((1, 1000)), (1.0,))
    >>> points.shape[1] < 14, bool(abs((weights @ points[0] ** 2 - (x**2).sum())[0]) < 1e-9)
    (True, True)
    """
    first = coordinates[0]
    if not (math.isfinite(first.min()) and math.isfinite(first.max())):
        sure = np.isposinf(first)
        finite = np.isfinite(first)
        ends = (coordinates[:, sure], columns[:, sure])
        if not finite.any():
            return _merged(*ends)
        points, weights = grouped(coordinates[:, finite], columns[:, finite], scales)
        kept_points, kept_weights = _merged(*ends)
        return np.hstack([points, kept_points]), np.hstack([weights, kept_weights])
    if first.size <= 8:
        return coordinates, columns
    axes = _axes(coordinates, scales)
    size = math.prod(axis.count for axis in axes)
    if size >= first.size or max(axis.count for axis in axes) > _MOST_POINTS:
        return coordinates, columns
    return _tensor(axes), _projected(coordinates, columns, axes)


def _merged(coordinates: Floats, columns: Floats) -> tuple[Floats, Floats]:
    """Sure firms: the factor does nothing to them, so one point stands for all."""
    if coordinates.shape[1] == 0:
        return coordinates, columns
    return coordinates[:, :1], columns.sum(axis=1, keepdims=True)


def _projected(coordinates: Floats, columns: Floats, axes: list[Axis]) -> Floats:
    """Weights [k, C]: moments of the columns against the basis, carried to the points."""
    shape = tuple(axis.count for axis in axes)
    rows = columns.shape[0]
    moments = np.zeros((rows, *shape))
    for start in range(0, columns.shape[1], _BLOCK):
        part = slice(start, start + _BLOCK)
        carried = columns[:, None, part]
        for axis, values in zip(axes[1:], coordinates[1:, part], strict=True):
            if axis.count > 1:
                carried = (carried[:, :, None] * axis.basis(values)).reshape(
                    rows, -1, carried.shape[-1]
                )
        basis = axes[0].basis(coordinates[0, part])
        block = carried.reshape(-1, carried.shape[-1]) @ basis.T
        moments += np.moveaxis(block.reshape(rows, *shape[1:], shape[0]), -1, 1)
    for place, axis in enumerate(axes, start=1):
        moments = np.moveaxis(np.tensordot(moments, axis.to_points, axes=(place, 0)), -1, place)
    return moments.reshape(rows, -1)


def grouped_by_row(
    coordinates: Floats, rows: npt.NDArray[np.intp], columns: Floats, scales: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Points [axes, C] and weights [R, C] for firms kept apart by row (lattice position).

    ``rows`` [N] numbers 0..R-1 and ``columns`` [N] the firms' weights; coordinates finite.
    Fine enough for the logarithm of a generating function.

    >>> points, weights = grouped_by_row(
    ...     np.zeros((1, 3)), np.array([0, 1, 1]), np.ones(3), (1.0,)
    ... )
    >>> print(points, weights.ravel())
    [[0.]] [1. 2.]
    """
    axes = _axes(coordinates, scales, points_for_logarithm)
    size = math.prod(axis.count for axis in axes)
    count = int(rows.max()) + 1
    if size >= coordinates.shape[1]:
        weights = np.zeros((count, coordinates.shape[1]))
        weights[rows, np.arange(rows.size)] = columns
        return coordinates, weights
    points = _tensor(axes)
    weights = np.zeros((count, size))
    for start in range(0, rows.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        values = columns[None, part]
        for axis, given in zip(axes, coordinates[:, part], strict=True):
            lagrange = axis.to_points.T @ axis.basis(given)
            values = (values[:, None, :] * lagrange).reshape(-1, values.shape[-1])
        for place in range(size):
            weights[:, place] += np.bincount(rows[part], values[place], minlength=count)
    return points, weights
