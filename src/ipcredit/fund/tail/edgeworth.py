"""The second-order Edgeworth expansion given the factor, for books of many small loans.

Given the factor the loss is a sum of independent losses; its first four cumulants come from
a few weighted points for every node at once, and the expansion turns them into P(L > x | z).
What the trapezoid in the factor adds up is accurate far into the tail because the factor,
not the single loan, decides there: an omitted term of order k counts as (decay of the tail
over one conditional standard deviation)^k.  That is also the error estimate used here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from ipcredit.fund.tail.grouping import grouped
from ipcredit.fund.tail.mixing import Floats, Mixing
from ipcredit.fund.tail.quadrature import Nodes, adaptive_nodes
from ipcredit.fund.tail.severity import Severity, SeverityClass

REFERENCE_TAILS: Final = (1e-2, 1e-4, 1e-6)
"""Tail probabilities at which errors are stated."""

_REFERENCE_Z: Final = (2.3263478740408408, 3.719016485455709, 4.753424308822899)
_ROOT_2PI: Final = math.sqrt(2.0 * math.pi)
# Beyond so many deviations a conditional probability is 0 or 1 in double precision.
_FAR: Final = 9.5
_BEND: Final = 1.5
_CHUNK: Final = 2_000_000


_Real = TypeVar("_Real", float, Floats)


def _neglected(skew: _Real, kurt: _Real, decay: _Real) -> _Real:
    """Third-order terms at a decay of the tail over one deviation; the fifth cumulant guessed."""
    fifth = skew * (kurt + skew * skew)
    return fifth * decay**5 / 120.0 + skew * kurt * decay**7 / 144.0 + skew**3 * decay**9 / 1296.0


@dataclass(frozen=True, eq=False)
class Cumulants:
    """Conditional mean, variance, third and fourth cumulant of the loss at each node."""

    nodes: Nodes
    first: Floats
    second: Floats
    third: Floats
    fourth: Floats


@dataclass(frozen=True)
class Diagnostics:
    """Why the expansion may be trusted: concentration and sizes of neglected terms.

    ``largest_share`` of one exposure in the book; ``skewness_term``, the first correction at
    a tail of 1e-6, relative; ``neglected``, an estimate of the largest relative error at
    tails of 1e-2, 1e-4 and 1e-6; ``quadrature``, the part due to the step in the factor;
    ``hazard``, the relative fall of the tail per unit of loss at 1e-6.
    """

    largest_share: float
    skewness_term: float
    neglected: float
    quadrature: float
    hazard: float


def conditional_cumulants(
    exposures: Floats, pds: Floats, mixing: Mixing, severity: Severity
) -> Cumulants:
    """Cumulants of the loss at nodes chosen for the book; amounts in the exposures' unit.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> book = np.ones(100), np.full(100, 0.02), Gaussian(0.0), Severity(0.5)
    >>> law = conditional_cumulants(*book)
    >>> print(law.first, law.second)
    [1.] [0.49]
    """
    coordinates = mixing.coordinates(pds)
    scales = mixing.scales()
    # Fixed shares are part of the loss; random ones keep a law of their own.
    parts: list[tuple[Floats, Floats, SeverityClass | None]] = []
    if severity.fixed:
        columns = powers(exposures * severity.mean)
        parts.append((*grouped(coordinates, columns, scales), None))
    else:
        for who, law in severity.classes(exposures.size):
            columns = powers(exposures[who])
            parts.append((*grouped(coordinates[:, who], columns, scales), law))
    means = [1.0 if law is None else law.mean for *_, law in parts]
    nodes = adaptive_nodes(
        mixing,
        np.hstack([points for points, *_ in parts]),
        np.concatenate([part[1][0] * mean for part, mean in zip(parts, means, strict=True)]),
        np.concatenate([part[1][1] * mean**2 for part, mean in zip(parts, means, strict=True)]),
    )
    totals = np.zeros((4, nodes.z.size))
    for points, weights, one in parts:
        share = None if one is None else one.moments_at(nodes.z)
        pd = mixing.conditional(points, nodes.z)
        totals += class_cumulants(pd, weights, share, mixing.poisson)
    return Cumulants(nodes, *totals)


def powers(losses: Floats) -> Floats:
    """Powers 1 to 4 of the losses, shape [4, N].

    >>> print(powers(np.array([2.0])).ravel())
    [ 2.  4.  8. 16.]
    """
    columns: Floats = np.empty((4, losses.size))
    columns[0] = losses
    np.multiply(losses, losses, out=columns[1])
    np.multiply(columns[1], losses, out=columns[2])
    np.multiply(columns[1], columns[1], out=columns[3])
    return columns


def class_cumulants(pd: Floats, weights: Floats, share: Floats | None, poisson: bool) -> Floats:
    """Cumulants [4, nodes] of firms of one severity law.

    ``pd`` [nodes, C] at the points, ``weights`` [4, C] the sums of the powers of the
    losses, ``share`` [4, nodes] raw moments of the share lost (None: 1).

    >>> found = class_cumulants(np.array([[0.5]]), np.ones((4, 1)), None, poisson=False)
    >>> print(found.ravel())
    [ 0.5    0.25   0.    -0.125]
    """
    s1, s2, s3, s4 = share if share is not None else (1.0, 1.0, 1.0, 1.0)
    p1 = weights @ pd.T
    if poisson:
        return np.stack([s1 * p1[0], s2 * p1[1], s3 * p1[2], s4 * p1[3]])
    power = pd * pd
    p2 = weights[1:] @ power.T
    power *= pd
    p3 = weights[2:] @ power.T
    power *= pd
    p4 = weights[3] @ power.T
    return np.stack(
        [
            s1 * p1[0],
            s2 * p1[1] - s1 * s1 * p2[0],
            s3 * p1[2] - 3.0 * s1 * s2 * p2[1] + 2.0 * s1**3 * p3[0],
            s4 * p1[3]
            - (4.0 * s1 * s3 + 3.0 * s2 * s2) * p2[2]
            + 12.0 * s1 * s1 * s2 * p3[1]
            - 6.0 * s1**4 * p4,
        ]
    )


class Expansion:
    """The loss distribution as a mixture of conditional expansions.

    ``unit`` is the losses' common unit where that matters: the tail is then taken half a
    unit further on, with Sheppard's corrections of the cumulants, as for a loss that moves
    in steps.
    """

    __slots__ = ("deviation", "kurtosis", "largest", "mean", "nodes", "skewness", "unit")

    def __init__(self, cumulants: Cumulants, largest: float, unit: float = 0.0) -> None:
        spread = np.maximum(cumulants.second - unit * unit / 12.0, 0.0)
        floor = 1e-12 * max(float(cumulants.first.max()), 1e-300)
        self.nodes = cumulants.nodes
        self.mean = cumulants.first
        self.deviation: Floats = np.maximum(np.sqrt(spread), floor)
        inverse = 1.0 / self.deviation
        moving = self.deviation > floor
        square = inverse * inverse
        self.skewness: Floats = cumulants.third * (square * inverse) * moving
        fourth = cumulants.fourth + unit**4 / 120.0 if unit else cumulants.fourth
        self.kurtosis: Floats = fourth * (square * square) * moving
        self.largest = largest
        self.unit = unit

    def _shifted(self, x: float) -> float:
        return (math.floor(x / self.unit + 1e-9) + 0.5) * self.unit if self.unit else x

    def tail(self, x: float) -> float:
        """P(L > x)."""
        if x < 0.0 or x >= self.largest:
            return 1.0 if x < 0.0 else 0.0
        return self.smooth_tail(self._shifted(x))

    def smooth_tail(self, x: float) -> float:
        """P(L > x) of the smooth law behind a loss that moves in steps."""
        from scipy.special import ndtr

        y = (x - self.mean) / self.deviation
        near = np.abs(y) < _FAR
        weights = self.nodes.weights
        sure = float(weights[y <= -_FAR].sum())
        y = y[near]
        square = y * y
        skewness = self.skewness[near]
        terms = skewness * (square - 1.0) * (1.0 / 6.0) + y * (
            self.kurtosis[near] * (square - 3.0) * (1.0 / 24.0)
            + skewness * skewness * ((square - 10.0) * square + 15.0) * (1.0 / 72.0)
        )
        terms *= np.exp(-0.5 * square)
        terms *= 1.0 / _ROOT_2PI
        terms += ndtr(-y)
        total = sure + float(weights[near] @ np.clip(terms, 0.0, 1.0, out=terms))
        return min(1.0, max(0.0, total))

    def stop_loss(self, x: float) -> float:
        """E[(L - x)+], in the unit of the losses."""
        from scipy.special import ndtr

        if x >= self.largest:
            return 0.0
        y = (x - self.mean) / self.deviation
        near = np.abs(y) < _FAR
        weights = self.nodes.weights
        above = y <= -_FAR
        total = float(weights[above] @ (self.mean[above] - x))
        y, skewness, deviation = y[near], self.skewness[near], self.deviation[near]
        square = y * y
        terms = 1.0 + (
            skewness * y * (1.0 / 6.0)
            + self.kurtosis[near] * (square - 1.0) * (1.0 / 24.0)
            + skewness * skewness * ((square - 6.0) * square + 3.0) * (1.0 / 72.0)
        )
        terms *= np.exp(-0.5 * square) * (1.0 / _ROOT_2PI)
        terms -= y * ndtr(-y)
        return max(0.0, total + float(weights[near] @ (deviation * np.maximum(terms, 0.0))))

    def doubt(self, x: float, decay: float) -> tuple[float, float]:
        """Neglected terms of P(L > x) and of its density, added up over the nodes.

        ``decay``: relative fall of the tail at x per unit of loss.
        """
        y = (x - self.mean) / self.deviation
        near = np.abs(y) < _FAR
        dense = self.nodes.weights[near] * np.exp(-0.5 * y[near] ** 2) / self.deviation[near]
        skew, kurt = np.abs(self.skewness[near]), np.abs(self.kurtosis[near])
        terms = np.minimum(_neglected(skew, kurt, decay * self.deviation[near]), 1.0)
        return float(dense @ terms), float(dense.sum())

    def guess(self, probability: float) -> float:
        """A first guess of the loss exceeded with a probability: every loan infinitely small."""
        from scipy.special import ndtri

        z = float(ndtri(probability))
        if self.nodes.z.size == 1:
            return float(self.mean[0] - z * self.deviation[0])
        return float(np.interp(z, self.nodes.z, self.mean))

    def reliable_from(self, allowed: float) -> float:
        """The loss above which the neglected terms stay below ``allowed``, relative.

        Below it only a few firms default in the years that decide: a normal law with
        corrections says little about them.
        """
        z = self.nodes.z
        if z.size < 3:
            return 0.0
        slope = np.gradient(self.mean, self.nodes.step)
        spread = np.hypot(slope, self.deviation)
        # In good years the density of the mean itself bends, on the scale of the mean.
        decay = (np.abs(z) + _BEND) * self.deviation / spread
        doubtful = _neglected(np.abs(self.skewness), np.abs(self.kurtosis), decay) > allowed
        doubtful &= z > -_REFERENCE_Z[0]
        first = int(np.argmax(doubtful))
        return float(self.mean[first]) if doubtful[first] else 0.0

    def diagnostics(self, largest_share: float) -> Diagnostics:
        """Concentration and neglected terms at the reference tails."""
        z, mean = self.nodes.z, self.mean
        skew_term, neglected, hazard = 0.0, 0.0, 0.0
        for level in _REFERENCE_Z:
            place = min(int(np.searchsorted(z, -level)), z.size - 1)
            if z.size > 1:
                after, before = min(place + 1, z.size - 1), max(place - 1, 0)
                slope = float(mean[after] - mean[before]) / float(z[after] - z[before])
            else:
                slope = 0.0
            deviation = float(self.deviation[place])
            spread = math.hypot(slope, deviation)
            # The factor takes only its part of the way into the tail.
            if z.size > 1:
                place = min(int(np.searchsorted(z, level * slope / spread)), z.size - 1)
            decay = level * float(self.deviation[place]) / spread
            skew, kurt = abs(float(self.skewness[place])), abs(float(self.kurtosis[place]))
            skew_term = skew * decay**3 / 6.0
            hazard = level / spread
            neglected = max(neglected, _neglected(skew, kurt, decay))
        return Diagnostics(largest_share, skew_term, neglected, self.nodes.error, hazard)
