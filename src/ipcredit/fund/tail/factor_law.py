"""The loss under several factors as one law: the same factor points for every question.

:class:`FactorBook` shifts its points to the one loss it is asked about, which is best for a
single number.  A result asks for many, and where groups of firms move nearly alone there is
more than one likeliest way to a large loss.  So the points here come from several shifts at
once: none, those to a few losses, and one for each of the largest groups.  A point counts with
the ratio of the densities of the plain law and of the whole mixture, which is never above the
number of shifts: no rare point can carry an estimate, and the standard error from independent
scramblings is one to rely on.  Source of the weights: Veach and Guibas, "Optimally combining
sampling techniques for Monte Carlo rendering", 1995 (the balance heuristic).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from ipcredit.fund.tail.distribution import root
from ipcredit.fund.tail.edgeworth import Expansion
from ipcredit.fund.tail.factors import FactorBook
from ipcredit.fund.tail.mixing import Floats

LADDER: Final = (1e-2, 1e-4, 1e-6)
"""Tail probabilities to whose losses points are shifted."""

MOST_MODES: Final = 8
"""Groups with points shifted to their own bad years."""

_REPLICATES: Final = 8
_MODE: Final = 3.7  # deviations of a group's own factor: a tail of 1e-4
# The neglected terms guess a cumulant: as for one factor, so many times are stated.
_SAFETY: Final = 20.0
_STEP: Final = 1e-3

Outcomes = list[tuple[float, Expansion]]


class FactorLaw:
    """P(L > x) and what follows from it, for every x, with its error.

    ``mean`` is the expected loss, known exactly; ``unit`` as in :class:`Expansion`; ``points`` a
    power of 2: factor points of each shift and scrambling.

    >>> from ipcredit.fund.tail.factors import factor_book
    >>> book = factor_book(np.ones(1000), 0.02, np.arange(1000) % 2, [[0.3, 0.2], [0.3, -0.2]])
    >>> law = FactorLaw(book, 20.0, unit=1.0, points=256)
    >>> bool(law.error_at(100.0) < 0.01)
    True
    """

    def __init__(
        self, book: FactorBook, mean: float, *, unit: float = 0.0, points: int, seed: int = 0
    ) -> None:
        self.mean, self._book, self._unit = mean, book, unit
        self.largest = book.largest
        shifts = [np.zeros(book.factors)]
        for probability in LADDER:
            self._replicates = self._laws(shifts, points, seed, 2)
            shifts.append(book.shift(min(self.at_tail(probability), 0.999 * self.largest)))
        shifts += [-_MODE * row for row in book.directions[:MOST_MODES]]
        self._replicates = self._laws(shifts, points, seed, _REPLICATES)
        self.nodes = len(shifts) * points

    def _laws(
        self, shifts: Sequence[Floats], points: int, seed: int, replicates: int
    ) -> list[Outcomes]:
        """For each scrambling the outcomes of the dominant loans, with the law of the rest."""
        from scipy.special import logsumexp

        centres = np.array(shifts)
        laws = []
        for replicate in range(replicates):
            z = np.concatenate(
                [
                    self._points((seed, replicate, number), points) + centre
                    for number, centre in enumerate(centres)
                ]
            )
            ratio = z @ centres.T - 0.5 * np.sum(centres * centres, axis=1)
            weights: Floats = np.exp(-logsumexp(ratio, axis=1)) / points
            laws.append(self._book.outcomes(z, weights, self._unit))
        return laws

    def _points(self, key: tuple[int, ...], count: int) -> Floats:
        """Standard normal points [count, factors] of one scrambling."""
        from scipy.special import ndtri
        from scipy.stats import qmc

        random = np.random.default_rng(np.random.SeedSequence(key))
        sobol = qmc.Sobol(self._book.factors, seed=random)
        result: Floats = ndtri(np.clip(sobol.random(count), 1e-15, 1.0 - 1e-15))
        return result

    # -- the law -----------------------------------------------------------------------------

    @staticmethod
    def _tail(outcomes: Outcomes, x: float) -> float:
        # What is left after the dominant losses may be below 0: then it is exceeded for sure.
        return sum(
            law.tail(x - lost) if x >= lost else float(law.nodes.weights.sum())
            for lost, law in outcomes
        )

    @staticmethod
    def _above(outcomes: Outcomes, x: float) -> float:
        return sum(
            law.stop_loss(x - lost)
            if x > lost
            else float(law.nodes.weights @ (law.mean + lost - x))
            for lost, law in outcomes
        )

    def tail(self, x: float) -> float:
        """P(L > x)."""
        if x < 0.0 or x >= self.largest:
            return 1.0 if x < 0.0 else 0.0
        return min(1.0, float(np.mean([self._tail(one, x) for one in self._replicates])))

    def stop_loss(self, x: float) -> float:
        """E[(L - x)+]."""
        if x <= 0.0:
            return self.mean - x
        return float(np.mean([self._above(one, x) for one in self._replicates]))

    def at_tail(self, probability: float) -> float:
        """The smallest loss exceeded with at most this probability."""
        if probability <= 0.0 or self.tail(0.0) <= probability:
            return 0.0 if probability > 0.0 else self.largest
        guess = min(max(self.mean, 1e-6 * self.largest), 0.5 * self.largest)
        x = root(self._smooth, probability, guess, self.largest)
        if not self._unit:
            return x
        return max(0.0, math.ceil(x / self._unit - 0.5 - 1e-9) * self._unit)

    def _smooth(self, x: float) -> float:
        """The tail without the steps in which the loss moves."""
        outcomes = itertools.chain(*self._replicates)
        total = sum(
            law.smooth_tail(x - lost) if x >= lost else float(law.nodes.weights.sum())
            for lost, law in outcomes
        )
        return min(1.0, total / len(self._replicates))

    # -- its error ---------------------------------------------------------------------------

    def error_at(self, x: float) -> float:
        """Relative error of tail and stop-loss at x: standard error, and what is neglected."""
        return self.standard_error(x) + self.neglected(x)

    def standard_error(self, x: float) -> float:
        """Relative standard error of the tail and of the stop-loss at x, the larger of the two."""
        worst = 0.0
        for of in (self._tail, self._above):
            values = [of(one, max(x, 0.0)) for one in self._replicates]
            mean = float(np.mean(values))
            if mean > 0.0:
                error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
                worst = max(worst, error / mean)
        return worst

    def neglected(self, x: float) -> float:
        """An estimate of the expansion's own relative error of P(L > x)."""
        step = _STEP * max(x, 1e-6 * self.largest)
        high, low = self._smooth(max(x - step, 0.0)), self._smooth(x + step)
        if low <= 0.0 or high <= low:
            return 0.0
        decay = math.log(high / low) / (2.0 * step)
        doubts = [
            law.doubt(x - lost, decay)
            for lost, law in itertools.chain(*self._replicates)
            if x >= lost
        ]
        dense = sum(whole for _, whole in doubts)
        return _SAFETY * sum(doubt for doubt, _ in doubts) / dense if dense > 0.0 else 0.0
