"""What share of a defaulted exposure is lost: fixed, random, or worse in bad years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.mixing import Floats

MOST_CLASSES: Final = 64
"""Different random severities one book may have; each costs a grouping of its own."""


@dataclass(frozen=True)
class SeverityClass:
    """One severity law: a share with ``mean``, standard ``deviation`` and ``sensitivity``."""

    mean: float
    deviation: float
    sensitivity: float

    @property
    def fixed(self) -> bool:
        """Whether the share lost is a constant."""
        return self.deviation == 0.0 and self.sensitivity == 0.0

    @property
    def concentration(self) -> float:
        """Variance over its largest possible value, mean (1 - mean); kept as the mean moves."""
        if self.deviation == 0.0:
            return 0.0
        return self.deviation**2 / (self.mean * (1.0 - self.mean))

    def mean_at(self, z: Floats) -> Floats:
        """Mean share lost given the factor, same shape as z.

        >>> law = SeverityClass(0.6, 0.0, 0.5)
        >>> print(law.mean_at(np.array([-2.0, 0.0, 2.0])).round(3))
        [0.9   0.612 0.237]
        """
        from scipy.special import ndtr, ndtri

        if self.sensitivity == 0.0:
            return np.full(z.shape, self.mean)
        s = self.sensitivity
        result: Floats = ndtr(ndtri(self.mean) * np.sqrt(1.0 + s * s) - s * z)
        return result

    def moments_at(self, z: Floats) -> Floats:
        """Raw moments 1 to 4 of the share lost given the factor, shape [4, nodes]."""
        mean, k = self.mean_at(z), self.concentration
        result: Floats = np.empty((4, z.size))
        # (alpha + i) / (alpha + beta + i) of a beta law, multiplied through by k / (1 - k).
        result[0] = mean
        for i in range(1, 4):
            result[i] = result[i - 1] * (mean * (1.0 - k) + i * k) / (1.0 - k + i * k)
        return result


@dataclass(frozen=True, eq=False)
class Severity:
    """Share of an exposure that is lost when its firm defaults.

    ``mean`` in [0, 1], standard ``deviation`` of a beta law around it (0: fixed): each one
    number or one for each exposure.  ``sensitivity`` s lets the mean move with the factor,
    Phi(Phi^-1(mean) sqrt(1 + s^2) - s z), so that bad years also recover less; its average
    over years stays ``mean``.  Severities of different firms are independent given the
    factor.  ValueError when out of range, or when the deviation is not below that of an
    all-or-nothing loss, sqrt(mean (1 - mean)).

    >>> Severity(0.6).mean, Severity(0.45, deviation=0.2).deviation
    (0.6, 0.2)
    """

    mean: float | Floats
    deviation: float | Floats = 0.0
    sensitivity: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        mean = np.asarray(self.mean, dtype=np.float64)
        deviation = np.asarray(self.deviation, dtype=np.float64)
        if mean.size == 0 or not (mean.min() >= 0.0 and mean.max() <= 1.0):
            raise ValueError("the mean severity must lie in [0, 1]")
        if deviation.size == 0 or not deviation.min() >= 0.0:
            raise ValueError("the deviation of the severity must be at least 0")
        if not np.all((deviation == 0.0) | (deviation**2 < mean * (1.0 - mean))):
            raise ValueError("the deviation of the severity must be below sqrt(mean (1 - mean))")
        if not 0.0 <= self.sensitivity < np.inf:
            raise ValueError("the sensitivity of the severity must be at least 0 and finite")

    @property
    def fixed(self) -> bool:
        """Whether every share lost is a constant."""
        return self.sensitivity == 0.0 and not np.any(self.deviation)

    def classes(self, count: int) -> Iterator[tuple[npt.NDArray[np.intp] | slice, SeverityClass]]:
        """Exposures by severity law: their indices and the law.

        ValueError for arrays of the wrong length or more than ``MOST_CLASSES`` laws.

        >>> [(law.mean, len(who)) for who, law in Severity(np.array([0.4, 0.6, 0.4])).classes(3)]
        [(0.4, 2), (0.6, 1)]
        """
        mean, deviation = np.asarray(self.mean), np.asarray(self.deviation)
        for values in (mean, deviation):
            if values.ndim and values.shape != (count,):
                raise ValueError("severity: expected a number or one number for each exposure")
        if mean.ndim == 0 and deviation.ndim == 0:
            yield slice(None), SeverityClass(float(mean), float(deviation), self.sensitivity)
            return
        pairs = np.stack([np.broadcast_to(mean, count), np.broadcast_to(deviation, count)], 1)
        laws, place = np.unique(pairs, axis=0, return_inverse=True)
        if len(laws) > MOST_CLASSES:
            raise ValueError(
                f"severity: {len(laws)} different random laws, at most {MOST_CLASSES}; band them"
            )
        for number, (m, d) in enumerate(laws):
            who = np.flatnonzero(place.ravel() == number)
            yield who, SeverityClass(float(m), float(d), self.sensitivity)
