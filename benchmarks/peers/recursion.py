"""The recursion over loans and loss units (Andersen, Sidenius and Basu 2003) as FinancePy has it.

FinancePy's own compiled function where it is installed; else the same double loop, one node
after another, with NumPy's slices in place of the inner one (a fair stand-in: the slices do
the inner loop at the speed of memory).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

LOWEST_Z = -6.0

try:
    from financepy.models.gauss_copula_onefactor import loss_dbn_recursion_gcd
    from financepy.models.loss_dbn_builder import indep_loss_dbn_recursion_gcd

    WHO = "FinancePy's recursion"
except ImportError:
    loss_dbn_recursion_gcd = None
    indep_loss_dbn_recursion_gcd = None
    WHO = "the recursion (plain NumPy stand-in)"


def independent(pds: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Masses of the loss in units when firms default independently."""
    if indep_loss_dbn_recursion_gcd is not None:
        return indep_loss_dbn_recursion_gcd(units.size, pds, units)
    masses = np.zeros(int(units.sum()) + 1)
    masses[0] = 1.0
    for pd, unit in zip(pds, units.astype(int), strict=True):
        following = masses * (1.0 - pd)
        following[unit:] += masses[: masses.size - unit] * pd
        masses = following
    return masses


def distribution(pds: np.ndarray, units: np.ndarray, beta: np.ndarray, nodes: int) -> np.ndarray:
    """Masses of the loss under one Gaussian factor, FinancePy's nodes."""
    if loss_dbn_recursion_gcd is not None:
        return loss_dbn_recursion_gcd(units.size, pds, units, beta, nodes)
    step = -2.0 * LOWEST_Z / nodes
    z = LOWEST_Z + np.arange(nodes) * step
    conditional = ndtr((ndtri(pds) - beta * z[:, None]) / np.sqrt(1.0 - beta**2))
    return with_given_pds(conditional, units, np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) * step)


def with_given_pds(conditional: np.ndarray, units: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mixture over nodes of the recursion with PDs [nodes, firms] given to it."""
    return sum(w * independent(row, units) for w, row in zip(weights, conditional, strict=True))
