"""The trapezoid in the factor, fine enough for the tail.

The integrand is a normal density times a probability that falls from 1 to 0 over a length of
(conditional standard deviation) / (slope of the conditional mean).  On an integrand that is
Gaussian of that width the trapezoid with step h errs by 2 exp(-2 pi^2 (width/h)^2), which is
3e-18 at h = 0.7 width; Gauss-Hermite spends its points where nothing happens and errs by
several per cent in the tail, so it is not offered.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ipcredit.fund.tail.mixing import Floats, Mixing, density

STEP: Final = 0.7
"""Step in units of the width over which the conditional loss moves by its own deviation."""

LOWEST: Final = -9.0
HIGHEST: Final = 7.5
"""Factor range: P(z < LOWEST) is 1e-19, the good years beyond HIGHEST weigh 3e-14."""

MOST_NODES: Final = 20_000
# The conditional law of one firm alone, and the density itself, also want resolving.
_ONE_FIRM: Final = 0.6
_DENSITY: Final = 0.5
_SURVEY: Final = 0.25


@dataclass(frozen=True, eq=False)
class Nodes:
    """Factor values in ascending order, weights that add up to 1, step and width it resolves."""

    z: Floats
    weights: Floats
    step: float
    width: float

    @property
    def error(self) -> float:
        """Relative quadrature error of a tail probability (a lower limit of 1e-16).

        >>> trapezoid(0.7, width=1.0).error
        1e-16
        """
        if self.step == 0.0:
            return 1e-16
        return max(1e-16, 2.0 * math.exp(-2.0 * (math.pi * self.width / self.step) ** 2))


def single_node() -> Nodes:
    """The whole quadrature when there is no factor.

    >>> print(single_node().weights)
    [1.]
    """
    return Nodes(np.zeros(1), np.ones(1), 0.0, 1.0)


def trapezoid(step: float, width: float = 1.0, lowest: float = LOWEST) -> Nodes:
    """Equally spaced nodes over the factor's range with normal weights that add up to 1.

    >>> nodes = trapezoid(0.5)
    >>> print(len(nodes.z), round(float(nodes.weights @ nodes.z**2), 9))
    34 1.0
    """
    z = np.arange(lowest, HIGHEST + 0.5 * step, step)
    weights = density(z) * step
    # What the truncated good years weigh is given to the last of them.
    weights[-1] += 1.0 - weights.sum()
    return Nodes(z, weights, step, width)


def adaptive_nodes(
    mixing: Mixing,
    points: Floats,
    loss: Floats,
    square: Floats,
    coordinates: Floats | None = None,
    fineness: float = STEP,
) -> Nodes:
    """Nodes that resolve the conditional loss of a book given as weighted points.

    ``points`` [axes, C] with weights ``loss`` and ``square`` [C] for the sums of losses and of
    squared losses.  ``coordinates`` adds firms whose own steepness must be resolved.
    """
    if mixing.independent:
        return single_node()
    survey = np.arange(-6.0, 6.0 + _SURVEY, _SURVEY)
    pds = mixing.conditional(points, survey)
    variance = pds @ square if mixing.poisson else (pds * (1.0 - pds)) @ square
    slope = np.abs(mixing.slope(points, survey) @ loss)
    moving = slope > 1e-12 * max(float(slope.max()), 1e-300)
    if not moving.any() or float(slope.max()) == 0.0:
        return trapezoid(_DENSITY)
    ratios = np.sqrt(np.maximum(variance[moving], 0.0)) / slope[moving]
    width = float(ratios.min())
    steep = mixing.steepness(points if coordinates is None else coordinates)
    step = min(fineness * width, _DENSITY, _ONE_FIRM / steep if steep > 0.0 else _DENSITY)
    smallest = (HIGHEST - LOWEST) / MOST_NODES
    return trapezoid(max(step, smallest), max(width, 1e-300))
