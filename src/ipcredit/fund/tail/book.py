"""The public entry: a book's loss distribution, by the method that suits the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.assembly import (
    Book,
    comonotone_distribution,
    lattice_distribution,
    plain_mean,
)
from ipcredit.fund.tail.distribution import Distribution, Error, Law, root
from ipcredit.fund.tail.edgeworth import Cumulants, Expansion, conditional_cumulants
from ipcredit.fund.tail.laws import Atoms
from ipcredit.fund.tail.mixing import Floats, Mixing, checked_probabilities
from ipcredit.fund.tail.severity import Severity
from ipcredit.fund.tail.unit import common_unit

Method: TypeAlias = Literal["auto", "expansion", "lattice"]

WHOLE: Final = Severity(1.0)
"""All of a defaulted exposure is lost."""

LARGEST_SHARE: Final = 0.02
"""One loan's share of the book above which the expansion is not used by itself."""

SKEWNESS_TERM: Final = 1e-3
"""First correction at a tail of 1e-6 above which the expansion is not used by itself."""

POINTS: Final = 2**14
"""Lattice points where the losses have no common unit, or too fine a one."""

_LARGEST: Final = 1e30
# Exposures below this share of the largest count as nothing.
_NOTHING: Final = 1e-15
# Estimates of neglected terms are multiplied by this: they are orders of magnitude.
_SAFETY: Final = 20.0
# Rounding and interpolation of the cumulants.
_LEAST: Final = 1e-9
# Losses with a tail near 1 need no more.
_LOW_ACCURACY: Final = 1e-5
_SAMPLE: Final = 64


def checked_book(exposures: npt.ArrayLike, pds: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Exposures and default probabilities as arrays of one length; ValueError otherwise.

    Exposures below 1e-15 of the largest become 0.

    >>> print(*checked_book([100, 200], 0.01))
    [100. 200.] [0.01 0.01]
    """
    amounts = np.atleast_1d(np.asarray(exposures, dtype=np.float64))
    if amounts.ndim != 1 or amounts.size == 0:
        raise ValueError("exposures: expected a non-empty one-dimensional array")
    smallest, largest = float(amounts.min()), float(amounts.max())
    if not (smallest >= 0.0 and largest <= _LARGEST):
        raise ValueError("exposures must be at least 0 and finite (at most 1e30)")
    if largest and smallest < _NOTHING * largest:
        # Squares and fourth powers of such amounts would be lost anyway.
        amounts = np.where(amounts < _NOTHING * largest, 0.0, amounts)
    if 0.0 < largest < 1.0 / _LARGEST:
        raise ValueError("exposures below 1e-30: choose a smaller unit of money")
    probabilities = checked_probabilities(pds)
    if probabilities.size == 1 and amounts.size > 1:
        probabilities = np.repeat(probabilities, amounts.size)
    if probabilities.size != amounts.size:
        raise ValueError(
            f"{amounts.size} exposures and {probabilities.size} default probabilities: "
            "expected one for each, or one for all"
        )
    return amounts, probabilities


def total_loss(
    exposures: npt.ArrayLike,
    pds: npt.ArrayLike,
    mixing: Mixing,
    severity: Severity = WHOLE,
    *,
    method: Method = "auto",
    accuracy: float = 1e-5,
    points: int = POINTS,
) -> Distribution:
    """The distribution of the total loss of a book of firms in one period.

    ``exposures`` [N] in any unit of money (results are in it too), ``pds`` [N] or one for
    all, in [0, 1]; one entry is one firm, the unit of default.  ``method="auto"`` takes the
    expansion when its estimated error is below ``accuracy`` (relative, of P(L > x) at tails
    of 1e-2 to 1e-6) and no loan dominates, else the lattice; ``reason`` in the result says
    which and why.  Losses so low that a few defaults decide are left to a lattice in any
    case; it is built when first asked for.  The lattice is exact when the losses share a unit of which the book has
    at most 2^16; else it has ``points`` points and the error is bounded.  ValueError for
    input out of range.  Method note: docs/methods/fund-tail.md.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> loss = total_loss([100.0, 50.0], [0.02, 0.04], Gaussian(0.0), Severity(0.5))
    >>> print(loss.method, loss.points, loss.tail([0.0, 25.0, 50.0]).round(6))
    lattice [ 0. 25. 50. 75.] [0.0592 0.02   0.0008]
    """
    amounts, probabilities = checked_book(exposures, pds)
    if method not in ("auto", "expansion", "lattice"):
        raise ValueError('method must be "auto", "expansion" or "lattice"')
    if points < 2:
        raise ValueError("a lattice needs at least 2 points")
    book = Book(amounts, probabilities, mixing, severity)
    if mixing.comonotone:
        return comonotone_distribution(book, points)
    book, certain = _without_certain(book)
    if not np.any((book.exposures > 0.0) & (book.pds > 0.0)) or not np.any(severity.mean):
        law = Atoms(np.zeros(1), np.zeros(1))
        return Distribution(law, certain, "lattice", "nothing is uncertain", 1, certain=certain)
    cumulants = conditional_cumulants(book.exposures, book.pds, mixing, book.severity)
    if method == "lattice":
        return lattice_distribution(book, cumulants, points, certain, "asked for", None)
    result = _by_expansion(book, cumulants, certain)
    if method == "expansion":
        return result
    objection = _objection(result, accuracy)
    if objection is None:
        return _with_low_losses(result, book, cumulants, points, max(accuracy, _LOW_ACCURACY))
    return lattice_distribution(book, cumulants, points, certain, objection, result.diagnostics)


def _without_certain(book: Book) -> tuple[Book, float]:
    """Only firms that may or may not default, and what the sure defaults lose.

    A random loss stays, however sure the default; so does every firm that may default twice.
    """
    idle = book.pds == 0.0
    losses = 0.0
    if book.severity.fixed and not book.mixing.poisson:
        sure = book.pds == 1.0
        losses = float((book.exposures * book.severity.mean) @ sure)
        idle |= sure
    if not idle.any():
        return book, 0.0
    exposures = np.where(idle, 0.0, book.exposures)
    pds = np.where(idle, 0.0, book.pds)
    return Book(exposures, pds, book.mixing, book.severity), losses


@dataclass(frozen=True, eq=False)
class _ExpansionLaw:
    """The expansion as a law: root search for its quantiles."""

    expansion: Expansion
    # Losses below this, where the expansion is not to be trusted, are left to the lattice.
    floor: float = 0.0
    low: Callable[[], Law] | None = None

    @property
    def largest(self) -> float:
        return self.expansion.largest

    def tail(self, x: float) -> float:
        if self.low is not None and 0.0 <= x < self.floor:
            return self.low().tail(x)
        return self.expansion.tail(x)

    def stop_loss(self, x: float) -> float:
        return self.expansion.stop_loss(x) if x > 0.0 else self._mean - x

    @property
    def _mean(self) -> float:
        return float(self.expansion.nodes.weights @ self.expansion.mean)

    def at_tail(self, probability: float) -> float:
        expansion = self.expansion
        if self.low is not None and probability > 0.0 and expansion.tail(self.floor) < probability:
            return self.low().at_tail(probability)
        if probability <= 0.0 or expansion.tail(0.0) <= probability:
            return 0.0 if probability > 0.0 else expansion.largest
        largest = expansion.largest
        if not np.isfinite(largest):
            largest = 4.0 * float(expansion.mean.max() + 40.0 * expansion.deviation.max())
        x = root(expansion.smooth_tail, probability, expansion.guess(probability), largest)
        if not expansion.unit:
            return x
        return float(np.ceil(x / expansion.unit - 0.5 - 1e-9)) * expansion.unit


def _by_expansion(book: Book, cumulants: Cumulants, certain: float) -> Distribution:
    expansion = Expansion(cumulants, book.largest)
    total = float(book.exposures.sum())
    diagnostics = expansion.diagnostics(float(book.exposures.max()) / total)
    unit = _step_that_matters(book, diagnostics.hazard)
    if unit:
        expansion = Expansion(cumulants, book.largest, unit)

    def error() -> Error:
        return Error("estimate", _LEAST + _SAFETY * diagnostics.neglected + diagnostics.quadrature)

    mean = plain_mean(book, cumulants)
    law = _ExpansionLaw(expansion)
    reason = "many small loans" if diagnostics.largest_share <= LARGEST_SHARE else "asked for"
    nodes = cumulants.nodes.z.size
    return Distribution(
        law, certain + mean, "expansion", reason, nodes, diagnostics, certain, error
    )


def _step_that_matters(book: Book, hazard: float) -> float:
    """The losses' common unit if half of it shows in the tail, else 0."""
    if not book.severity.fixed:
        return 0.0
    by_exposure = np.ndim(book.severity.mean) == 0
    scale = float(book.severity.mean) if by_exposure else 1.0
    amounts = book.exposures if by_exposure else book.exposures * book.severity.mean
    for some in (amounts[:_SAMPLE], amounts):
        unit = common_unit(some)
        if unit is None or hazard * unit * scale < 1e-7:
            return 0.0
    return unit * scale if unit else 0.0


def _with_low_losses(
    result: Distribution, book: Book, cumulants: Cumulants, points: int, accuracy: float
) -> Distribution:
    """The expansion, and the lattice for losses so low that a few defaults decide."""
    law = result.law
    if not isinstance(law, _ExpansionLaw):
        return result
    floor = law.expansion.reliable_from(accuracy / _SAFETY)
    if floor <= 0.0:
        return result

    @cache
    def low() -> Law:
        return lattice_distribution(book, cumulants, points, 0.0, "", None).law

    return replace(result, law=_ExpansionLaw(law.expansion, floor, low))


def _objection(result: Distribution, accuracy: float) -> str | None:
    """Why the expansion should not be used, or None."""
    found = result.diagnostics
    if found is None:
        return None
    if found.largest_share > LARGEST_SHARE:
        return f"one loan is {found.largest_share:.1%} of the book"
    if found.skewness_term > SKEWNESS_TERM:
        return f"the skewness term is {found.skewness_term:.1e}"
    if result.error.value > accuracy:
        return f"the expansion's error is about {result.error.value:.1e}"
    return None
