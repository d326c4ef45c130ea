"""Closed forms: what the engines must agree with where these hold.

The large pool is also the quickest look at a book, but its tail is 7 to 50 per cent too
light or too heavy for two thousand loans: it is offered as a landmark, not as an engine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.mixing import Floats


def _checked(pd: float, correlation: float) -> None:
    if not 0.0 <= pd <= 1.0:
        raise ValueError("default probabilities must lie in [0, 1]")
    if not 0.0 <= correlation < 1.0:
        raise ValueError("the correlation of a large pool must lie in [0, 1)")


def large_pool_quantile(pd: float, correlation: float, level: float) -> float:
    """Default rate of an infinitely fine book that is not exceeded with probability ``level``.

    Source: Vasicek, "The distribution of loan portfolio value", Risk, December 2002.
    ValueError outside the unit intervals.

    >>> round(large_pool_quantile(0.01, 0.12, 0.999), 6)
    0.090326
    """
    from scipy.special import ndtr, ndtri

    _checked(pd, correlation)
    if not 0.0 <= level <= 1.0:
        raise ValueError("a level lies in [0, 1]")
    if pd in (0.0, 1.0) or correlation == 0.0:
        return pd
    root = np.sqrt(correlation) * ndtri(level)
    return float(ndtr((ndtri(pd) + root) / np.sqrt(1.0 - correlation)))


def large_pool_tail(pd: float, correlation: float, rate: npt.ArrayLike) -> Floats:
    """Probability that an infinitely fine book's default rate exceeds ``rate`` (any shape).

    >>> round(float(large_pool_tail(0.01, 0.12, 0.090326)), 6)
    0.001
    """
    from scipy.special import ndtr, ndtri

    _checked(pd, correlation)
    x = np.asarray(rate, dtype=np.float64)
    if pd in (0.0, 1.0) or correlation == 0.0:
        sure: Floats = np.where(x < pd, 1.0, 0.0)
        return sure
    inside = np.clip(x, 0.0, 1.0)
    argument = np.sqrt(1.0 - correlation) * ndtri(inside) - ndtri(pd)
    tail: Floats = np.where(x < 0.0, 1.0, ndtr(-argument / np.sqrt(correlation)))
    return tail


def binomial_tail(firms: int, pd: float, defaults: npt.ArrayLike) -> Floats:
    """P(more than ``defaults`` of ``firms`` independent firms default), any shape.

    >>> print(binomial_tail(2, 0.1, [0, 1, 2]).round(6))
    [0.19 0.01 0.  ]
    """
    from scipy.special import bdtrc

    _checked(pd, 0.0)
    if firms < 1:
        raise ValueError("a book has at least one firm")
    k = np.minimum(np.floor(np.asarray(defaults, dtype=np.float64)), firms)
    result: Floats = np.where(k < 0.0, 1.0, bdtrc(np.maximum(k, 0.0), firms, pd))
    return result
