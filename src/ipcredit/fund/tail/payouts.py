"""What is paid on a lattice of losses: pushing conditional distributions through a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ipcredit.fund.tail.lattice import Indices
from ipcredit.fund.tail.laws import Atoms
from ipcredit.fund.tail.mixing import Floats

Payout: TypeAlias = Callable[[Floats], Floats]
"""Amount paid for an account's loss: any function of an array that never falls."""


def capped(share: float, cap: float) -> Payout:
    """A share of the loss, up to a cap.

    >>> print(capped(0.8, 16.0)(np.array([10.0, 20.0, 40.0])))
    [ 8. 16. 16.]
    """
    return lambda loss: np.minimum(share * loss, cap)


def layer(share: float, first_loss: float, cap: float) -> Payout:
    """A share of the loss above a first loss the lender bears, up to a cap.

    >>> print(layer(0.5, 10.0, 16.0)(np.array([10.0, 20.0, 100.0])))
    [ 0.  5. 16.]
    """
    return lambda loss: np.minimum(share * np.maximum(loss - first_loss, 0.0), cap)


def stepped(starts: Floats, shares: Floats) -> Payout:
    """A share for each slice of the loss: ``shares[i]`` from ``starts[i]`` on (``starts[0]`` 0).

    >>> print(stepped(np.array([0.0, 10.0]), np.array([0.8, 0.5]))(np.array([5.0, 20.0])))
    [ 4. 13.]
    """
    steps = np.diff(shares, prepend=0.0)

    def paid(loss: Floats) -> Floats:
        above = np.maximum(np.subtract.outer(loss, starts), 0.0)
        total: Floats = above @ steps
        return total

    return paid


def checked(payout: Payout, losses: Floats, account: int) -> Floats:
    """Amounts paid at the losses; ValueError unless finite, at least 0 and never falling.

    >>> print(checked(capped(1.0, 2.0), np.array([0.0, 1.0, 3.0]), 0))
    [0. 1. 2.]
    """
    paid = np.asarray(payout(losses), dtype=np.float64)
    if paid.shape != losses.shape or not np.isfinite(paid).all():
        raise ValueError(f"account {account}: the payout must be a finite amount for each loss")
    slack = 1e-9 * max(1.0, float(np.abs(paid).max()))
    if paid.min() < -slack or np.diff(paid).min(initial=0.0) < -slack:
        raise ValueError(f"account {account}: the payout must be at least 0 and never fall")
    return np.maximum.accumulate(np.maximum(paid, 0.0))


def at_most(payout: Payout, paid: Floats, unit: float, exact: bool) -> Floats:
    """Which part of each lattice cell pays the most, shape [K], 0 to 1.

    On an exact lattice a cell is a point.  Else it is a unit wide around its point, and the
    loss from which the payout is largest is searched inside the lattice interval.

    >>> print(at_most(capped(1.0, 1.8), np.array([0.0, 1.0, 1.8, 1.8]), 1.0, exact=False))
    [0.  0.  0.7 1. ]
    """
    most = float(paid[-1]) * (1.0 - 1e-12)
    first = int(np.searchsorted(paid, most))
    result: Floats = (np.arange(paid.size) >= first).astype(np.float64)
    if exact or first == 0:
        return result
    low, high = (first - 1) * unit, first * unit
    for _ in range(40):
        middle = 0.5 * (low + high)
        if float(np.asarray(payout(np.array([middle])))[0]) >= most:
            high = middle
        else:
            low = middle
    cells = np.arange(paid.size) + 0.5 - high / unit
    clipped: Floats = np.clip(cells, 0.0, 1.0)
    return clipped


def pushed(masses: Floats, paid: Floats) -> Atoms:
    """The law of the payout, given masses [K] of the losses and the amounts paid for them [K].

    >>> law = pushed(np.array([0.7, 0.2, 0.1]), np.array([0.0, 5.0, 5.0]))
    >>> print(law.values, law.tails.round(12))
    [0. 5.] [0.3 0. ]
    """
    tails: Floats = np.append(np.cumsum(masses[:0:-1])[::-1], 0.0)
    last = np.append(np.diff(paid) > 0.0, True)
    values, tails = paid[last], tails[last]
    if values[0] > 0.0:
        values, tails = np.insert(values, 0, 0.0), np.insert(tails, 0, 1.0)
    return Atoms(values, tails)


@dataclass(frozen=True, eq=False)
class Spread:
    """Loss lattice to payout lattice: each amount shared between its two neighbours.

    ``starts`` are the first losses of each stretch with the same ``lower`` payout point.
    """

    starts: Indices
    lower: Indices
    fraction: Floats

    def apply(self, masses: Floats, size: int) -> Floats:
        """Masses [nodes, K] of losses as masses [nodes, size] of payouts; the mean is kept."""
        # The amounts never fall, so each payout point is fed by one stretch of losses.
        everything = np.add.reduceat(masses, self.starts, axis=1)
        upper = np.add.reduceat(masses * self.fraction, self.starts, axis=1)
        result: Floats = np.zeros((masses.shape[0], size))
        result[:, self.lower] = everything - upper
        result[:, self.lower + 1] += upper
        return result


def spread(paid: Floats, unit: float) -> Spread:
    """How amounts [K], ascending, lie on a payout lattice.

    >>> plan = spread(np.array([0.0, 1.5, 1.5]), 1.0)
    >>> print(plan.apply(np.array([[0.5, 0.25, 0.25]]), 4))
    [[0.5  0.25 0.25 0.  ]]
    """
    places = paid / unit
    nearest = np.rint(places)
    places = np.where(np.abs(places - nearest) <= 1e-9 * np.maximum(1.0, places), nearest, places)
    lower = np.floor(places).astype(np.intp)
    starts = np.flatnonzero(np.diff(lower, prepend=-1))
    return Spread(starts, lower[starts], places - lower)
