"""Several factors (sectors, districts): quasi-random factor points, expansion given each.

Firms belong to classes; class k moves with loadings ``a_k`` on independent standard normal
factors, so its own factor is ``a_k . z`` and its correlation within |a_k|^2.  A scrambled Sobol
sequence is shifted to the likeliest factor point at which the expected loss reaches x; given
each point the conditional expansion (and the outcomes of a few dominant loans, one by one)
does the rest.  Independent scramblings give the standard error.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.book import LARGEST_SHARE, WHOLE, checked_book
from ipcredit.fund.tail.distribution import root
from ipcredit.fund.tail.edgeworth import Cumulants, Expansion, class_cumulants, powers
from ipcredit.fund.tail.grouping import grouped
from ipcredit.fund.tail.lattice import Indices
from ipcredit.fund.tail.mixing import Floats, Gaussian
from ipcredit.fund.tail.quadrature import Nodes
from ipcredit.fund.tail.severity import Severity, SeverityClass

MOST_DOMINANT: Final = 8
"""Loans above 2 % of the book that are conditioned on, default or not."""

_REPLICATES: Final = 8
_POINTS: Final = 2**11
_SEARCH: Final = 12


@dataclass(frozen=True)
class Sampled:
    """A value with its standard error, from independent scramblings."""

    value: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class _Class:
    """Firms of one class: weighted points, their mixing, and the direction of its factor."""

    points: Floats
    weights: Floats
    mixing: Gaussian
    direction: Floats
    law: SeverityClass

    def conditional(self, z: Floats) -> Floats:
        factor: Floats = z @ self.direction
        return self.mixing.conditional(self.points, factor)


class FactorBook:
    """A book under several factors; see :func:`factor_book`.

    >>> book = factor_book(np.ones(1000), 0.02, np.arange(1000) % 2, [[0.3, 0.2], [0.3, -0.2]])
    >>> found = book.tail(100.0)
    >>> bool(0.0 < found.standard_error < 0.01 * found.value)
    True
    """

    def __init__(
        self,
        classes: list[_Class],
        dominant: list[tuple[float, _Class]],
        largest: float,
        factors: int,
        sampling: tuple[int, int, int],
    ) -> None:
        self._classes, self._dominant = classes, dominant
        self._largest, self._factors = largest, factors
        self._points, self._replicates, self._seed = sampling

    def mean_given(self, z: npt.ArrayLike) -> Floats:
        """Expected loss given factor points [n, factors], shape [n]."""
        points = np.atleast_2d(np.asarray(z, dtype=np.float64))
        total: Floats = np.zeros(points.shape[0])
        for one in self._classes:
            share = one.law.mean_at(points @ one.direction)
            total += share * (one.conditional(points) @ one.weights[0])
        for loss, one in self._dominant:
            total += loss * one.conditional(points)[:, 0]
        return total

    def shift(self, x: float) -> Floats:
        """The likeliest factor point [factors] at which the expected loss is x.

        Found by following the gradient; a worse point costs accuracy, not truth.
        """
        rows = [one.direction * one.weights[0].sum() for one in self._classes]
        z: Floats = -np.sum(rows + [loss * one.direction for loss, one in self._dominant], axis=0)
        steps = 1e-4 * np.eye(self._factors)
        for _ in range(_SEARCH):
            length = float(np.linalg.norm(z))
            if length == 0.0:
                return z
            z = z / length * self._distance(z / length, x)
            gradient = (self.mean_given(z + steps) - self.mean_given(z - steps)) / 2e-4
            size = float(np.linalg.norm(gradient))
            if size <= 1e-12 * self._largest:
                return z
            z = gradient / size * max(float(np.linalg.norm(z)), 1e-6)
        length = float(np.linalg.norm(z))
        result: Floats = z / length * self._distance(z / length, x)
        return result

    def _distance(self, direction: Floats, x: float) -> float:
        low, high = 0.0, 8.0
        if float(self.mean_given(low * direction)[0]) >= x:
            return 0.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            if float(self.mean_given(middle * direction)[0]) < x:
                low = middle
            else:
                high = middle
        return high

    def _laws(self, x: float) -> list[list[tuple[float, Expansion]]]:
        """For each scrambling the outcomes of the dominant loans: their loss, and the rest."""
        from scipy.special import ndtri
        from scipy.stats import qmc

        centre = self.shift(x)
        laws = []
        for replicate in range(self._replicates):
            seed = np.random.SeedSequence([self._seed, replicate])
            sobol = qmc.Sobol(self._factors, seed=np.random.default_rng(seed))
            uniform = np.clip(sobol.random(self._points), 1e-15, 1.0 - 1e-15)
            z = ndtri(uniform) + centre
            weights = np.exp(0.5 * centre @ centre - z @ centre) / self._points
            laws.append(self.outcomes(z, weights))
        return laws

    @property
    def largest(self) -> float:
        """The largest possible loss."""
        return self._largest

    @property
    def factors(self) -> int:
        """How many factors there are."""
        return self._factors

    @property
    def dominant(self) -> int:
        """Loans that are gone through one by one."""
        return len(self._dominant)

    @property
    def directions(self) -> Floats:
        """Directions of the classes' own factors [K, factors], the class with most at stake first."""
        stake = [-float(one.weights[0].sum()) for one in self._classes]
        rows = [self._classes[at].direction for at in np.argsort(stake, kind="stable")]
        return np.array(rows).reshape(len(rows), self._factors)

    def outcomes(
        self, z: Floats, weights: Floats, unit: float = 0.0
    ) -> list[tuple[float, Expansion]]:
        """What the dominant loans lose together, and the law of the rest with their probability.

        ``z`` [n, factors] with ``weights`` [n]; ``unit`` as in :class:`Expansion`.
        """
        totals = np.zeros((4, z.shape[0]))
        for one in self._classes:
            share = one.law.moments_at(z @ one.direction)
            totals += class_cumulants(one.conditional(z), one.weights, share, False)
        chances = [one.conditional(z)[:, 0] for _, one in self._dominant]
        outcomes = []
        for state in itertools.product((False, True), repeat=len(chances)):
            chance, lost = weights, 0.0
            for happens, pd, (loss, _) in zip(state, chances, self._dominant, strict=True):
                chance = chance * (pd if happens else 1.0 - pd)
                lost += loss if happens else 0.0
            nodes = Nodes(np.arange(float(weights.size)), chance, 0.0, 1.0)
            outcomes.append((lost, Expansion(Cumulants(nodes, *totals), self._largest, unit)))
        return outcomes

    @staticmethod
    def _tail(outcomes: list[tuple[float, Expansion]], x: float) -> float:
        # What is left after the dominant losses may be below 0: then it is exceeded for sure.
        return sum(
            law.smooth_tail(x - lost) if x >= lost else float(law.nodes.weights.sum())
            for lost, law in outcomes
        )

    def tail(self, x: float) -> Sampled:
        """P(L > x) with its standard error."""
        if x < 0.0 or x >= self._largest:
            return Sampled(1.0 if x < 0.0 else 0.0, 0.0)
        return _summary([self._tail(outcomes, x) for outcomes in self._laws(x)])

    def stop_loss(self, x: float) -> Sampled:
        """E[(L - x)+] with its standard error."""
        return _summary(
            [
                sum(self._above(law, x - lost) for lost, law in outcomes)
                for outcomes in self._laws(max(x, 0.0))
            ]
        )

    @staticmethod
    def _above(law: Expansion, x: float) -> float:
        if x > 0.0:
            return law.stop_loss(x)
        return float(law.nodes.weights @ (law.mean - x))

    def at_tail(self, probability: float) -> Sampled:
        """The loss exceeded with this probability, 0 < probability < 1: the size of the fund."""
        if not 0.0 < probability < 1.0:
            raise ValueError("a probability here lies between 0 and 1")
        x = float(self.mean_given(np.zeros((1, self._factors)))[0])
        # The points are shifted to the loss they are to find, so look twice.
        for _ in range(2):
            x = self._root(list(itertools.chain(*self._laws(x))), probability, x)
        return _summary([self._root(one, probability, x, 1) for one in self._laws(x)])

    def _root(
        self,
        outcomes: list[tuple[float, Expansion]],
        probability: float,
        guess: float,
        replicates: int | None = None,
    ) -> float:
        """Where the mean tail of some scramblings passes the probability."""
        count = self._replicates if replicates is None else replicates

        def tail(x: float) -> float:
            return min(1.0, self._tail(outcomes, x) / count)

        return root(tail, probability, guess, self._largest)


def _summary(values: list[float]) -> Sampled:
    error = float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return Sampled(float(np.mean(values)), error)


def factor_book(
    exposures: npt.ArrayLike,
    pds: npt.ArrayLike,
    classes: npt.ArrayLike,
    loadings: npt.ArrayLike,
    severity: Severity = WHOLE,
    *,
    points: int = _POINTS,
    replicates: int = _REPLICATES,
    seed: int = 0,
) -> FactorBook:
    """A book whose classes of firms move with several factors.

    ``exposures``, ``pds`` [N]; ``classes`` [N] numbers into ``loadings`` [K, factors], whose
    rows have a squared length (the correlation within the class) below 1.  ``severity`` is
    one law for all, moving with each class's own factor if it moves.  ``points`` is a power
    of 2, ``replicates`` at least 2; the same seed gives the same numbers.  ValueError for
    input out of range, or for more than 8 loans above 2 % of the book.

    >>> book = factor_book([1.0] * 500, 0.02, [0] * 500, [[0.4]])
    >>> round(float(book.mean_given([[0.0]])[0]), 3)
    6.259
    """
    amounts, probabilities = checked_book(exposures, pds)
    rows = np.atleast_2d(np.asarray(loadings, dtype=np.float64))
    number = np.asarray(classes, dtype=np.intp)
    if number.shape != amounts.shape or number.min() < 0 or number.max() >= rows.shape[0]:
        raise ValueError(f"classes: expected a number in 0..{rows.shape[0] - 1} for each firm")
    squares = np.sum(rows * rows, axis=1)
    if not (np.isfinite(squares).all() and squares.max() < 1.0):
        raise ValueError("loadings: the squares of a class must add up to less than 1")
    if replicates < 2 or points < 2 or points & (points - 1):
        raise ValueError("points must be a power of 2, replicates at least 2")
    if np.ndim(severity.mean) or np.ndim(severity.deviation):
        raise ValueError("several factors: expected one severity for all loans")
    law = SeverityClass(float(severity.mean), float(severity.deviation), severity.sensitivity)
    total = float(amounts.sum())
    big = np.flatnonzero((amounts > LARGEST_SHARE * total) & (probabilities > 0.0))
    if big.size > MOST_DOMINANT or (big.size and not severity.fixed):
        raise ValueError(
            f"{big.size} loans above {LARGEST_SHARE:.0%} of the book: at most {MOST_DOMINANT}, "
            "with a fixed severity; sample instead"
        )
    small = np.ones(amounts.size, dtype=bool)
    small[big] = False

    def part(who: Indices) -> _Class:
        row = rows[number[who[0]]]
        rho = float(row @ row)
        mixing = Gaussian(rho)
        coordinates = mixing.coordinates(probabilities[who])
        group, weights = grouped(coordinates, powers(amounts[who]), mixing.scales())
        direction = row / np.sqrt(rho) if rho > 0.0 else row
        return _Class(group, weights, mixing, direction, law)

    parts = [
        part(np.flatnonzero(small & (number == k)))
        for k in range(rows.shape[0])
        if np.any(small & (number == k) & (probabilities > 0.0))
    ]
    dominant = [(float(amounts[i]) * law.mean, part(np.array([i]))) for i in big]
    largest = total * (law.mean if severity.fixed else 1.0)
    sampling = (points, replicates, seed)
    return FactorBook(parts, dominant, largest, rows.shape[1], sampling)
