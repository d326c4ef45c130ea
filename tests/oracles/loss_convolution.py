"""An independent answer: plain convolution firm by firm on a dense grid of factor values.

Shares no code with the engines and no trick: positive numbers only, one firm after another.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

Floats = npt.NDArray[np.float64]


def factor_grid(step: float = 0.02) -> tuple[Floats, Floats]:
    z = np.arange(-10.0, 10.0 + step / 2, step)
    weights = norm.pdf(z) * step
    return z, weights / weights.sum()


def conditional(pds: Floats, rho: float, z: Floats) -> Floats:
    """PDs [nodes, firms]."""
    return norm.cdf((norm.ppf(pds) - np.sqrt(rho) * z[:, None]) / np.sqrt(1 - rho))


def convolved(units: npt.NDArray[np.int64], pds: Floats) -> Floats:
    """Conditional masses [nodes, total + 1] of a sum of units, from PDs [nodes, firms]."""
    masses = np.zeros((pds.shape[0], int(units.sum()) + 1))
    masses[:, 0] = 1.0
    for unit, pd in zip(units, pds.T, strict=True):
        moved = np.zeros_like(masses)
        moved[:, unit:] = masses[:, : masses.shape[1] - unit]
        masses = masses * (1 - pd[:, None]) + moved * pd[:, None]
    return masses


def masses(units: npt.NDArray[np.int64], pds: Floats, rho: float, step: float = 0.02) -> Floats:
    z, weights = factor_grid(step)
    return weights @ convolved(units, conditional(pds, rho, z))


def tails(masses: Floats) -> Floats:
    """P(L > k) for k = 0, 1, ..."""
    return np.append(np.cumsum(masses[:0:-1])[::-1], 0.0)
