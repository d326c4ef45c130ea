"""Distributions given by atoms: exact steps, or cells of a lattice that stand for a density."""

from __future__ import annotations

import numpy as np

from ipcredit.fund.tail.mixing import Floats


class Atoms:
    """A loss that takes finitely many values.

    ``values`` [K] ascending from 0 and ``tails`` [K], P(L > value).  With ``smooth`` the
    values are cells of width ``unit`` standing for losses between them, and the tail is
    interpolated through the middles of the cells.

    >>> law = Atoms(np.array([0.0, 10.0]), np.array([0.25, 0.0]))
    >>> law.tail(0.0), law.tail(10.0), law.stop_loss(4.0), law.at_tail(0.3), law.at_tail(0.2)
    (0.25, 0.0, 1.5, 0.0, 10.0)
    """

    __slots__ = ("above", "ends", "smooth", "tails", "unit", "values")

    def __init__(
        self, values: Floats, tails: Floats, unit: float = 0.0, smooth: bool = False
    ) -> None:
        self.values = values
        # Round-off may have left a tail that rises by 1e-17 somewhere, or dips below 0.
        falling = np.maximum.accumulate(np.clip(tails, 0.0, 1.0)[::-1])[::-1]
        self.tails: Floats = falling
        self.unit, self.smooth = unit, smooth
        areas = np.diff(values) * falling[:-1]
        self.above: Floats = np.append(np.cumsum(areas[::-1])[::-1], 0.0)
        self.ends: Floats = values + 0.5 * unit if smooth else values

    @property
    def largest(self) -> float:
        """The largest possible loss."""
        return float(self.values[-1])

    @property
    def probabilities(self) -> Floats:
        """Probability of each value, shape [K]; never negative."""
        result: Floats = -np.diff(self.tails, prepend=1.0)
        return result

    def _place(self, x: float) -> int:
        # A loss typed as 0.3 units of 3 must find its lattice point.
        slack = 1e-9 * self.unit
        return int(np.searchsorted(self.values, x + slack, side="right")) - 1

    def tail(self, x: float) -> float:
        """P(L > x)."""
        if x < 0.0:
            return 1.0
        if self.smooth:
            # Below the first middle the tail stays: no loss at all is a true atom.
            return float(np.interp(x, self.ends, self.tails))
        return float(self.tails[self._place(x)])

    def stop_loss(self, x: float) -> float:
        """E[(L - x)+]."""
        if x < 0.0:
            return float(self.above[0]) - x
        place = self._place(x)
        if place >= self.values.size - 1:
            return 0.0
        gap = float(self.values[place + 1]) - x
        return max(0.0, float(self.above[place + 1]) + gap * float(self.tails[place]))

    def at_tail(self, probability: float) -> float:
        """The smallest loss that is exceeded with at most this probability."""
        # The tails fall: search them from the end.
        place = self.tails.size - int(
            np.searchsorted(self.tails[::-1], probability * (1.0 + 1e-12), side="right")
        )
        place = min(place, self.tails.size - 1)
        if not self.smooth or place == 0:
            return float(self.values[place])
        high, low = float(self.tails[place - 1]), float(self.tails[place])
        part = (high - probability) / (high - low) if high > low else 0.0
        return float(self.ends[place - 1] + part * (self.ends[place] - self.ends[place - 1]))


class WithTop:
    """A law that misses some mass, and that mass as an atom at the largest loss.

    >>> rest = Atoms(np.array([0.0, 10.0]), np.array([0.25, 0.0]))
    >>> law = WithTop(rest, 20.0, 0.5)
    >>> law.tail(15.0), law.tail(5.0), law.at_tail(0.4), law.stop_loss(15.0)
    (0.5, 0.75, 20.0, 2.5)
    """

    __slots__ = ("mass", "rest", "top")

    def __init__(self, rest: Atoms, top: float, mass: float) -> None:
        self.rest, self.top, self.mass = rest, top, mass

    @property
    def largest(self) -> float:
        """The largest possible loss."""
        return self.top

    def tail(self, x: float) -> float:
        """P(L > x)."""
        if x < 0.0:
            return 1.0
        return min(1.0, self.rest.tail(x) + self.mass) if x < self.top else 0.0

    def stop_loss(self, x: float) -> float:
        """E[(L - x)+]."""
        return (
            self.rest.stop_loss(max(x, 0.0))
            + self.mass * max(self.top - max(x, 0.0), 0.0)
            + max(-x, 0.0)
        )

    def at_tail(self, probability: float) -> float:
        """The smallest loss that is exceeded with at most this probability."""
        if probability < self.mass * (1.0 - 1e-12):
            return self.top
        return min(self.top, self.rest.at_tail(max(probability - self.mass, 0.0)))


def lattice_law(masses: Floats, unit: float, smooth: bool) -> Atoms:
    """The law of masses at 0, unit, 2 unit, ...; sums from the top, so tails lose nothing.

    >>> lattice_law(np.array([0.5, 0.25, 0.25]), 2.0, smooth=False).tail(2.0)
    0.25
    """
    tails: Floats = np.append(np.cumsum(masses[:0:-1])[::-1], 0.0)
    values: Floats = np.arange(masses.size, dtype=np.float64) * unit
    return Atoms(values, tails, unit, smooth)


def comonotone_law(losses: Floats, pds: Floats) -> Atoms:
    """The law when firms default in the order of their PD: correlation 1, fixed losses.

    >>> law = comonotone_law(np.array([3.0, 5.0]), np.array([0.1, 0.2]))
    >>> print(law.values, law.tails)
    [0. 5. 8.] [0.2 0.1 0. ]
    """
    levels, place = np.unique(-pds, return_inverse=True)
    jumps = np.bincount(place.ravel(), weights=losses, minlength=levels.size)
    values = np.concatenate([[0.0], np.cumsum(jumps)])
    return Atoms(values, np.append(-levels, 0.0))
