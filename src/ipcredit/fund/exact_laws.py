"""What the fund owes as a law: a loss distribution seen through a layer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from ipcredit.fund.exact_layers import Layer
from ipcredit.fund.one_period import Floats
from ipcredit.fund.result import LEVELS, Figure, Spread
from ipcredit.fund.tail.distribution import Distribution
from ipcredit.fund.tail.factor_law import FactorLaw

PLAIN = Layer()
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class Owed:
    """The law of ``scale`` x layer(T) for a total T with a known distribution.

    ``scale`` is what turns payments into what is asked about: a purse's share, a loss share.
    ``least``: T is 0 or at least this, so that nothing lies between, also where a lattice too
    coarse for the amounts smooths what lies between two of its points.
    """

    total: Distribution
    layer: Layer = PLAIN
    scale: float = 1.0
    least: float = 0.0

    @property
    def method(self) -> str:
        """Method of the total, as figures name it."""
        name = self.total.method
        return name if name in ("lattice", "expansion", "factors") else "exact"

    @cached_property
    def _stopped(self) -> float:
        """P(T >= stop)."""
        stop = self.layer.stop
        return float(self.total.tail(stop * (1 - _HAIR))) if stop < math.inf else 0.0

    def tail(self, x: float) -> float:
        """P(amount > x)."""
        if x < 0:
            return 1.0
        paid = x / self.scale if self.scale > 0 else math.inf
        if paid >= self.layer.cap or self.scale == 0:
            return 0.0
        above = float(self.total.tail(max(self.layer.deductible + paid, 0.5 * self.least)))
        return max(above - self._stopped, 0.0)

    def stop_loss(self, x: float) -> float:
        """E[(amount - x)+] for x >= 0."""
        if self.scale == 0:
            return 0.0
        layer, paid = self.layer, max(x, 0.0) / self.scale
        if paid >= layer.cap:
            return 0.0
        low, high = layer.deductible + paid, layer.deductible + layer.cap
        found = self._over(low) - self._over(high)
        if layer.stop < math.inf:
            first = max(min(layer.stop, high) - low, 0.0)
            lost = self._stopped * first
            lost += self._over(max(layer.stop, low)) - self._over(max(layer.stop, high))
            found -= lost
        return self.scale * max(found, 0.0)

    def _over(self, x: float) -> float:
        return 0.0 if x == math.inf else float(self.total.stop_loss(x))

    @cached_property
    def mean(self) -> float:
        """The expected amount."""
        return self.scale * self.total.mean if self.layer.plain else self.stop_loss(0.0)

    def at_tail(self, probability: float) -> float:
        """The smallest amount exceeded with at most this probability."""
        wanted = probability + self._stopped
        if wanted >= 1:
            return 0.0
        # So small a tail is below what a double can tell from the probability of 0.
        total = self.total.at_tail(wanted)
        paid = min(max(total - self.layer.deductible, 0.0), self.layer.cap)
        return self.scale * paid

    def quantile(self, level: float) -> float:
        """The smallest amount not exceeded with probability ``level``."""
        return self.at_tail(math.nextafter(1.0 - level, 1.0))

    def shortfall(self, level: float) -> float:
        """The mean of the worst 1 - level of all cases."""
        x = self.quantile(level)
        return x + self.stop_loss(x) / (1.0 - level)

    # -- figures -----------------------------------------------------------------------------

    @property
    def relative(self) -> float:
        """Relative error of its tails, 1 at most."""
        error = self.total.error.value
        return min(error, 1.0) if math.isfinite(error) else 1.0

    def relative_at(self, x: float) -> float:
        """Relative error at an amount, 1 at most; with several factors every one has its own."""
        law = self.total.law
        if not isinstance(law, FactorLaw):
            return self.relative
        paid = max(x, 0.0) / self.scale if self.scale > 0 else 0.0
        return min(law.error_at(self.layer.deductible + paid - self.total.certain), 1.0)

    def chance(self, x: float) -> Figure:
        """P(amount > x) with its error."""
        value = self.tail(x)
        return Figure(value, self.relative_at(x) * value, self.method)

    def expected(self) -> Figure:
        """The mean with its error; nothing is approximated where no layer cuts."""
        if self.layer.plain:
            return Figure(self.mean, 0.0, "exact")
        return Figure(self.mean, self.relative_at(0.0) * self.mean, self.method)

    def excess(self, x: float) -> Figure:
        """E[(amount - x)+] with its error."""
        value = self.stop_loss(x)
        return Figure(value, self.relative_at(x) * value, self.method)

    def spread(self) -> Spread:
        """Mean, quantiles and shortfalls with their errors."""
        quantiles, shortfalls = [], []
        for level in LEVELS:
            beyond = 1.0 - level
            value = self.quantile(level)
            relative = self.relative_at(value)
            low = self.at_tail(min(beyond * (1 + relative), 1.0))
            high = self.at_tail(beyond * (1 - relative))
            error = max(high - value, value - low, 0.0) if relative > 1e-12 else 0.0
            quantiles.append((level, Figure(value, error, self.method)))
            worst = self.shortfall(level)
            over = relative * (worst - value) + error
            shortfalls.append((level, Figure(worst, over, self.method)))
        return Spread(self.expected(), tuple(quantiles), tuple(shortfalls))


def same(values: Floats, tolerance: float = 1e-9) -> bool:
    """Whether all values are one (an empty set is).

    >>> import numpy as np
    >>> same(np.array([0.4, 0.4])), same(np.array([0.4, 0.5]))
    (True, False)
    """
    return values.size == 0 or float(values.max() - values.min()) <= tolerance
