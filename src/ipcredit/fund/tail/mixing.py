"""The systematic factor: what makes firms default together.

Every mixing distribution is written as a link of one standard normal factor ``z``, of which
*low* values are bad years: given ``z`` firms default independently with ``conditional(...)``.
A firm enters through its *coordinates*, one row for each way in which firms differ, chosen so
that the conditional probability is an entire function of them; that is what lets a million
firms be replaced by a few weighted points (see :mod:`ipcredit.fund.tail.grouping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = Literal["bernoulli", "poisson"]

# Logarithm of an intensity below which a conditional PD is as smooth as the factor itself.
_RARE: Final = -4.0
_ROOT_2PI: Final = float(np.sqrt(2.0 * np.pi))


def density(z: Floats) -> Floats:
    """The standard normal density.

    >>> print(round(float(density(np.array(0.0))), 6))
    0.398942
    """
    result: Floats = np.exp(-0.5 * z * z) / _ROOT_2PI
    return result


def checked_probabilities(pds: npt.ArrayLike) -> Floats:
    """Default probabilities as a one-dimensional float array; ValueError outside [0, 1].

    >>> print(checked_probabilities(0.02))
    [0.02]
    """
    values = np.atleast_1d(np.asarray(pds, dtype=np.float64))
    if values.ndim != 1 or values.size == 0:
        raise ValueError("default probabilities: expected a non-empty one-dimensional array")
    if not (values.min() >= 0.0 and values.max() <= 1.0):
        raise ValueError("default probabilities must lie in [0, 1]")
    return values


class Mixing(Protocol):
    """What the engines ask of a mixing distribution; see :class:`Gaussian`, :class:`Gamma`."""

    @property
    def poisson(self) -> bool:
        """Whether a firm's number of defaults is Poisson instead of at most one."""

    @property
    def independent(self) -> bool:
        """Whether there is no factor at all: one node is the whole quadrature."""

    @property
    def comonotone(self) -> bool:
        """Whether the factor decides alone: firms default in the order of their PD."""

    def coordinates(self, pds: Floats) -> Floats:
        """Coordinates of firms, shape [axes, firms]; infinite for a PD of 0 or 1."""

    def scales(self) -> tuple[float, ...]:
        """For each axis the length in which the conditional PD varies like ``Phi``."""

    def conditional(self, coordinates: Floats, z: Floats) -> Floats:
        """Conditional PDs (intensities if ``poisson``), shape [nodes, firms]."""

    def slope(self, coordinates: Floats, z: Floats) -> Floats:
        """Derivative of ``conditional`` in z, shape [nodes, firms]."""

    def steepness(self, coordinates: Floats) -> float:
        """Largest reciprocal length in z over which one firm's conditional PD moves."""


@dataclass(frozen=True, eq=False)
class Gaussian:
    """One Gaussian factor: p(z) = Phi((Phi^-1(p) - sqrt(rho) z) / sqrt(1 - rho)).

    ``correlation`` is the asset correlation rho in [0, 1]: one number for all firms, or one
    for each.  0 is independence, exactly; 1 (for all firms only) lets firms default in the
    order of their PD.  ValueError otherwise.  Source: Vasicek, "The distribution of loan
    portfolio value", Risk, December 2002.

    >>> print(Gaussian(0.15).conditional_pd([0.01], [-3.0902]).round(4))
    [[0.1103]]
    """

    correlation: float | Floats

    def __post_init__(self) -> None:
        """Check the correlation."""
        rho = np.asarray(self.correlation, dtype=np.float64)
        if rho.ndim > 1 or rho.size == 0:
            raise ValueError("correlation: expected a number or one number for each firm")
        if not (rho.min() >= 0.0 and rho.max() <= 1.0):
            raise ValueError("correlation must lie in [0, 1]")
        if rho.max() == 1.0 and rho.min() < 1.0:
            raise ValueError("correlation 1 must hold for all firms or for none")

    @property
    def poisson(self) -> bool:
        """A firm defaults at most once."""
        return False

    @property
    def independent(self) -> bool:
        """No firm depends on the factor."""
        return float(np.max(self.correlation)) == 0.0

    @property
    def comonotone(self) -> bool:
        """All firms depend on nothing else."""
        return float(np.min(self.correlation)) == 1.0

    def coordinates(self, pds: Floats) -> Floats:
        """Rows Phi^-1(p)/sqrt(1 - rho) and sqrt(rho/(1 - rho)), shape [2, firms]."""
        from scipy.special import ndtri

        rho = np.asarray(self.correlation, dtype=np.float64)
        if rho.ndim and rho.shape != pds.shape:
            raise ValueError("correlation: expected a number or one number for each firm")
        if self.comonotone:
            raise ValueError("correlation 1 has no conditional probabilities but 0 and 1")
        result: Floats = np.empty((2, pds.size))
        np.divide(ndtri(pds), np.sqrt(1.0 - rho), out=result[0])
        result[1] = np.sqrt(rho / (1.0 - rho))
        return result

    def scales(self) -> tuple[float, ...]:
        """1 for the threshold; the loading is multiplied by factors of up to about 8."""
        return (1.0, 0.125)

    def conditional(self, coordinates: Floats, z: Floats) -> Floats:
        """Conditional PDs, shape [nodes, firms]."""
        from scipy.special import ndtr

        result: Floats = ndtr(coordinates[0] - np.multiply.outer(z, coordinates[1]))
        return result

    def slope(self, coordinates: Floats, z: Floats) -> Floats:
        """Derivative of the conditional PD in z, shape [nodes, firms]; never positive."""
        argument = coordinates[0] - np.multiply.outer(z, coordinates[1])
        result: Floats = -density(argument) * coordinates[1]
        return result

    def steepness(self, coordinates: Floats) -> float:
        """The largest loading."""
        return float(coordinates[1].max())

    def conditional_pd(self, pds: npt.ArrayLike, z: npt.ArrayLike) -> Floats:
        """PDs given the factor, shape [nodes, firms]; low z are bad years.

        >>> print(Gaussian(0.0).conditional_pd([0.0, 0.3, 1.0], [-2.0, 2.0]))
        [[0.  0.3 1. ]
         [0.  0.3 1. ]]
        """
        from scipy.special import ndtr

        nodes = np.atleast_1d(np.asarray(z, dtype=np.float64))
        values = checked_probabilities(pds)
        if self.comonotone:
            result: Floats = (ndtr(nodes)[:, None] < values).astype(np.float64)
            return result
        return self.conditional(self.coordinates(values), nodes)


@dataclass(frozen=True)
class Gamma:
    """One gamma factor G with mean 1 and the stated ``variance``, as in CreditRisk+.

    With ``counts="poisson"`` a firm's number of defaults is Poisson with mean p G: the model
    as published, in which a firm may default twice.  With ``"bernoulli"`` (the default here)
    it defaults at most once, with probability 1 - exp(-p' G); p' is chosen so that the mean
    is p exactly, which clipping p G at 1 would not give.  Source: Credit Suisse Financial
    Products, "CreditRisk+", 1997.  ValueError for a negative or infinite variance.

    >>> print(Gamma(0.25, counts="poisson").conditional_pd([0.02], [-2.0, 0.0, 2.0]).round(4))
    [[0.0445]
     [0.0184]
     [0.0053]]
    """

    variance: float
    counts: Counts = "bernoulli"

    def __post_init__(self) -> None:
        """Check the variance."""
        if not 0.0 <= self.variance < np.inf:
            raise ValueError("the variance of the gamma factor must be at least 0 and finite")
        if self.counts not in ("bernoulli", "poisson"):
            raise ValueError('counts must be "bernoulli" or "poisson"')

    @property
    def poisson(self) -> bool:
        """Whether defaults are counted, not only noted."""
        return self.counts == "poisson"

    @property
    def independent(self) -> bool:
        """The factor never moves."""
        return self.variance == 0.0

    @property
    def comonotone(self) -> bool:
        """Never."""
        return False

    def coordinates(self, pds: Floats) -> Floats:
        """The logarithm of the intensity that gives the mean PD, shape [1, firms]."""
        with np.errstate(divide="ignore"):
            if self.poisson:
                intensity = pds
            elif self.independent:
                intensity = -np.log1p(-pds)
            else:
                intensity = np.expm1(-self.variance * np.log1p(-pds)) / self.variance
            return np.log(intensity)[None, :]

    def scales(self) -> tuple[float, ...]:
        """Half, because the exponential of an exponential turns faster than Phi."""
        return (0.5,)

    def factor(self, z: Floats) -> Floats:
        """The gamma variable at a standard normal z of which low values are bad years.

        >>> print(Gamma(0.25).factor(np.array([-3.0, 3.0])).round(3))
        [3.17  0.116]
        """
        from scipy.special import gammainccinv, gammaincinv, ndtr

        if self.independent:
            return np.ones_like(z)
        shape = 1.0 / self.variance
        low = gammainccinv(shape, ndtr(np.minimum(z, 0.0)))
        high = gammaincinv(shape, ndtr(-np.maximum(z, 0.0)))
        result: Floats = np.where(z < 0.0, low, high) * self.variance
        return result

    def conditional(self, coordinates: Floats, z: Floats) -> Floats:
        """Conditional PDs, or intensities, shape [nodes, firms]."""
        with np.errstate(invalid="ignore"):
            mean = np.multiply.outer(self.factor(z), np.exp(coordinates[0]))
        if self.poisson:
            intensity: Floats = mean
            return intensity
        result: Floats = -np.expm1(-np.where(np.isnan(mean), np.inf, mean))
        return result

    def slope(self, coordinates: Floats, z: Floats) -> Floats:
        """Derivative in z by a central difference, shape [nodes, firms]; steps need no more."""
        step = 1e-4
        difference = self.conditional(coordinates, z + step) - self.conditional(
            coordinates, z - step
        )
        result: Floats = difference / (2.0 * step)
        return result

    def steepness(self, coordinates: Floats) -> float:
        """How fast the factor's logarithm falls where the riskiest firm may default.

        Doubled, because 1 - exp(-exp(t)) turns less smoothly than Phi.
        """
        finite = coordinates[0][np.isfinite(coordinates[0])]
        if finite.size == 0 or self.independent:
            return 0.0
        z = np.arange(-8.0, 7.5, 0.125)
        with np.errstate(divide="ignore"):
            factor = np.log(self.factor(z))
        fall = -np.diff(factor) / 0.125
        there = factor[1:] + float(finite.max()) > _RARE
        return 2.0 * float(fall[there].max()) if there.any() else 0.0

    def conditional_pd(self, pds: npt.ArrayLike, z: npt.ArrayLike) -> Floats:
        """PDs (intensities if Poisson) given the factor, shape [nodes, firms].

        >>> print(Gamma(0.0).conditional_pd([0.0, 0.25, 1.0], [0.0]))
        [[0.   0.25 1.  ]]
        """
        nodes = np.atleast_1d(np.asarray(z, dtype=np.float64))
        return self.conditional(self.coordinates(checked_probabilities(pds)), nodes)
