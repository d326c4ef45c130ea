"""Random draws that stay the same: raw Philox bits, our own uniforms, normal scores, quantiles.

Every quantity has a stream of its own, keyed by the seed, the chunk of rows and the quantity's
name.  So a firm depends on its row and on nothing else: not on how many rows are drawn, not on
which other quantities exist, not on how many workers share the chunks.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.population.spec import Marginal, Spec

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

CHUNK: Final = 16_384
"""Rows that share a key. Part of the definition: another value gives other firms."""
# The least uniform: half of the smallest step, so that no normal score is infinite.
_LEAST: Final = 2.0**-54


@cache
def _stream(name: str) -> int:
    """The stream's number: from the name, so that a new quantity moves no other."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


def uniforms(seed: int, chunk: int, stream: str, rows: int) -> Floats:
    """``rows`` uniforms inside (0, 1), float64: the top 53 of each 64 raw bits.

    NumPy promises the raw bits of a Philox across its versions, not what it makes of them.

    >>> uniforms(7, 0, "sales", 2).tolist() == uniforms(7, 0, "sales", 1000)[:2].tolist()
    True
    """
    key = np.array([seed, chunk], np.uint64)
    counter = np.array([0, 0, 0, _stream(stream)], np.uint64)
    bits = np.random.Philox(counter=counter, key=key).random_raw(rows)
    return np.maximum((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53, _LEAST)


class Draws:
    """The quantities of one chunk of firms, drawn when they are asked for."""

    def __init__(self, spec: Spec, seed: int, chunk: int, rows: int) -> None:
        from scipy.special import ndtr, ndtri

        self.spec, self.rows = spec, rows
        self._seed, self._chunk = seed, chunk
        self._ndtr: Callable[..., Floats] = ndtr
        self._ndtri: Callable[..., Floats] = ndtri
        self._scores = self._correlated()

    def uniform(self, stream: str) -> Floats:
        """Uniforms of a stream, independent of every other."""
        return uniforms(self._seed, self._chunk, stream, self.rows)

    def normal(self, stream: str) -> Floats:
        """Normal scores of a stream, independent of every other."""
        return self._ndtri(self.uniform(stream))

    def _correlated(self) -> dict[str, Floats]:
        raw = [self.normal(name) for name in self.spec.together]
        mixed = {}
        for name, row in zip(self.spec.together, self.spec.factor, strict=True):
            # Term by term: a matrix product may add in another order for another shape.
            total = np.zeros(self.rows)
            for weight, score in zip(row, raw, strict=False):
                if weight:
                    total += weight * score
            mixed[name] = total
        return mixed

    def score(self, name: str) -> Floats:
        """The normal score of a quantity, correlated with others as the file says."""
        found = self._scores.get(name)
        return self.normal(name) if found is None else found

    def value(self, name: str) -> Floats:
        """A quantity as numbers (amounts in fen), not yet rounded."""
        marginal = self.spec.marginals[name]
        found = _QUANTILES[marginal.kind](self, marginal, self.score(name))
        low, high = marginal.given.get("low"), marginal.given.get("high")
        if marginal.kind == "some":
            return np.where(found > 0, np.clip(found, low, high), 0.0)
        return found if low is None and high is None else np.clip(found, low, high)

    def count(self, name: str) -> Ints:
        """A quantity as whole numbers, rounded to the nearest."""
        return np.rint(self.value(name)).astype(np.int64)

    def flag(self, name: str) -> npt.NDArray[np.bool_]:
        """Which firms have it: those with the highest normal scores."""
        share = self.spec.marginals[name].given["share"]
        return np.asarray(self.score(name) > -self._ndtri(np.float64(share)))

    def choice(self, name: str) -> npt.NDArray[np.int8]:
        """The index of the label of every firm, in the order of the file."""
        cuts = np.cumsum(self.spec.marginals[name].shares)[:-1]
        return np.searchsorted(self._ndtri(cuts), self.score(name)).astype(np.int8)

    def labels(self, name: str) -> list[str | None]:
        """The label of every firm."""
        marginal = self.spec.marginals[name]
        if marginal.kind == "choice":
            return [marginal.labels[at] for at in self.choice(name)]
        places = np.arange(1, int(marginal.given["count"]) + 1)
        weights = places ** -marginal.given["exponent"]
        cuts = np.cumsum(weights / weights.sum())[:-1]
        names = [f"{marginal.labels[0]}{place:02d}" for place in places]
        return [names[at] for at in np.searchsorted(cuts, self._ndtr(self.score(name)))]


def _lognormal(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    return np.exp(math.log(marginal.given["median"]) + marginal.given["sigma"] * score)


def _normal(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    return marginal.given["mean"] + marginal.given["sd"] * score


def _logit(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    middle = marginal.given["median"]
    odds = np.exp(math.log(middle / (1 - middle)) + marginal.given["sigma"] * score)
    return np.asarray(odds / (1 + odds))


def _uniform(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    low, high = marginal.given["low"], marginal.given["high"]
    return low + (high - low) * draws._ndtr(score)


def _some(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    """0 for the share ``none`` with the lowest scores, lognormal above it."""
    some = 1 - marginal.given["none"]
    above = draws._ndtr(-score) / some  # upper tails: exact where the score is high
    has = above < 1
    inner = -draws._ndtri(np.where(has, above, 0.5))
    return np.where(has, _lognormal(draws, marginal, inner), 0.0)


def _count(draws: Draws, marginal: Marginal, score: Floats) -> Floats:
    return np.minimum(np.ceil(_some(draws, marginal, score)), marginal.given.get("high", math.inf))


_QUANTILES: Final[dict[str, Callable[[Draws, Marginal, Floats], Floats]]] = {
    "lognormal": _lognormal,
    "normal": _normal,
    "logit": _logit,
    "uniform": _uniform,
    "some": _some,
    "count": _count,
}
