"""The distribution of a book's loss in one period, without sampling: what callers use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.edgeworth import REFERENCE_TAILS, Diagnostics
from ipcredit.fund.tail.laws import Atoms
from ipcredit.fund.tail.mixing import Floats

ErrorKind: TypeAlias = Literal["round-off", "bound", "estimate"]

# Root search: relative width of the bracket at which it stops, and the most steps.
_CLOSE: Final = 1e-11
_STEPS: Final = 100


@dataclass(frozen=True)
class Error:
    """How wrong a tail may be: largest relative error of P(L > x) at tails of 1e-2 to 1e-6.

    ``kind`` says what the value is: ``"round-off"`` of an exact method, a rigorous
    ``"bound"``, or an ``"estimate"``.
    """

    kind: ErrorKind
    value: float


class Law(Protocol):
    """What a method must offer: all amounts in the exposures' unit."""

    @property
    def largest(self) -> float:
        """The largest possible loss (infinite if none)."""

    def tail(self, x: float) -> float:
        """P(L > x)."""

    def stop_loss(self, x: float) -> float:
        """E[(L - x)+]."""

    def at_tail(self, probability: float) -> float:
        """The smallest loss exceeded with at most this probability."""


def no_error() -> Error:
    """The error of a law known in closed form."""
    return Error("round-off", 1e-15)


@dataclass(frozen=True, eq=False)
class Distribution:
    """The loss of one period; every amount in the unit of the exposures.

    ``mean`` is the expected loss; ``method`` is ``"expansion"``, ``"lattice"``,
    ``"comonotone"`` or ``"large pool"`` and ``reason`` why it was chosen; ``nodes`` the
    number of factor values used; ``diagnostics`` what the choice was based on, if anything.

    >>> from ipcredit.fund.tail.laws import lattice_law
    >>> law = lattice_law(np.array([0.9, 0.1]), 5.0, smooth=False)
    >>> loss = Distribution(law, 0.5, "lattice", "an example", 1)
    >>> print(loss.tail([0.0, 5.0]), loss.quantile(0.95), loss.stop_loss(1.0))
    [0.1 0. ] 5.0 0.4
    """

    law: Law = field(repr=False)
    mean: float
    method: str
    reason: str
    nodes: int
    diagnostics: Diagnostics | None = None
    certain: float = 0.0
    _error: Callable[[], Error] = field(default=no_error, repr=False)
    _known: list[Error] = field(default_factory=list, repr=False)

    @property
    def error(self) -> Error:
        """How wrong the tail may be; worked out when first asked for."""
        if not self._known:
            self._known.append(self._error())
        return self._known[0]

    @property
    def largest(self) -> float:
        """The largest possible loss."""
        return self.certain + self.law.largest

    @property
    def points(self) -> Floats | None:
        """Possible losses, shape [K], where the law is given by atoms; else None."""
        return self.certain + self.law.values if isinstance(self.law, Atoms) else None

    @property
    def probabilities(self) -> Floats | None:
        """Probabilities of ``points``, shape [K]; None for the expansion."""
        return self.law.probabilities if isinstance(self.law, Atoms) else None

    def tail(self, x: npt.ArrayLike) -> float | Floats:
        """P(L > x): a number for a number, else an array of the same shape."""
        return self._each(x, self.law.tail)

    def stop_loss(self, x: npt.ArrayLike) -> float | Floats:
        """E[(L - x)+], what a cover of the losses above x costs on average."""
        return self._each(x, self.law.stop_loss)

    def _each(self, x: npt.ArrayLike, function: Callable[[float], float]) -> float | Floats:
        values = np.asarray(x, dtype=np.float64)
        if values.ndim == 0:
            return function(float(values) - self.certain)
        flat = [function(float(value) - self.certain) for value in values.ravel()]
        return np.array(flat).reshape(values.shape)

    def at_tail(self, probability: float) -> float:
        """The smallest loss exceeded with at most this probability: the size a fund needs.

        ValueError outside [0, 1].

        >>> from ipcredit.fund.tail.laws import lattice_law
        >>> law = lattice_law(np.array([0.9, 0.1]), 5.0, smooth=False)
        >>> Distribution(law, 0.5, "lattice", "an example", 1).at_tail(0.01)
        5.0
        """
        if not 0.0 <= probability <= 1.0:
            raise ValueError("a probability lies in [0, 1]")
        return self.certain + (0.0 if probability == 1.0 else self.law.at_tail(probability))

    def quantile(self, level: float) -> float:
        """The smallest x with P(L <= x) >= level (value at risk).

        Below tails of about 1e-12 ask :meth:`at_tail`, which needs no difference from 1.
        """
        if not 0.0 <= level <= 1.0:
            raise ValueError("a level lies in [0, 1]")
        # Compared in terms of P(L > x), a level of 0.9 must not ask for 0.09999999999999998.
        return self.at_tail(float(np.nextafter(1.0 - level, 1.0)) if level else 1.0)

    def shortfall(self, level: float) -> float:
        """Expected shortfall: the mean of the worst 1 - level of all cases, 0 <= level < 1."""
        if not 0.0 <= level < 1.0:
            raise ValueError("the level of a shortfall lies in [0, 1)")
        x = self.quantile(level)
        return x + float(self.stop_loss(x)) / (1.0 - level)


def root(tail: Callable[[float], float], probability: float, guess: float, largest: float) -> float:
    """Where a falling tail passes a probability, on the probit scale, where it is nearly straight.

    >>> x = root(lambda x: float(np.exp(-x)), 1e-6, 10.0, 1000.0)
    >>> round(x, 8)
    13.81551056
    """
    from scipy.special import ndtri

    target = float(ndtri(probability))
    low, high = 0.0, largest
    if probability <= 0.0:
        return largest
    x = min(max(guess, 1e-9 * largest), (1.0 - 1e-9) * largest)
    previous: tuple[float, float] | None = None
    for _ in range(_STEPS):
        value = tail(x)
        gap = float(ndtri(value)) - target if 0.0 < value < 1.0 else (np.inf if value else -np.inf)
        if gap == 0.0:
            return x
        if gap > 0.0:
            low = x
        else:
            high = x
        if high - low <= _CLOSE * high:
            break
        step = _secant(x, gap, previous)
        previous = (x, gap)
        following = x + step if np.isfinite(step) else 0.5 * (low + high)
        if abs(following - x) <= _CLOSE * abs(x):
            return following
        x = following if low < following < high else 0.5 * (low + high)
    return x


def _secant(x: float, gap: float, previous: tuple[float, float] | None) -> float:
    if previous is None or gap == previous[1]:
        # A first step of 2 % in the direction known, to learn the slope.
        return 0.02 * x * float(np.sign(gap)) if np.isfinite(gap) else np.inf
    return -gap * (x - previous[0]) / (gap - previous[1])


def relative_spread(low: Law, high: Law, central: Law) -> float:
    """Largest relative distance of two bracketing tails from the one between, for the error."""
    worst = 0.0
    for level in REFERENCE_TAILS:
        x = central.at_tail(level)
        value = central.tail(x)
        if value > 0.0:
            worst = max(worst, high.tail(x) / value - 1.0, 1.0 - low.tail(x) / value)
    return worst
