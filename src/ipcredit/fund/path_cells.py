"""Defaults of whole cells: zero mass and a gamma law with the exact conditional mean and variance.

Given the factor, firms default independently.  What a cell needs of its firms are sums over
default probabilities; they are taken once, over a few nodes of the normal score of the
probability, so that the cost of a path does not depend on the number of loans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.path_plan import Plan
from ipcredit.fund.path_random import AMOUNT, Array, gamma, uniforms

Codes: TypeAlias = npt.NDArray[np.int32]

_NEVER: Final = 1e-12  # a probability of no default below this is none
_FEW: Final = 12  # so many different probabilities are their own nodes


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Weights of some columns (block, age, node) on the groups, in one period.

    ``first``, ``second``: of balances and their squares; ``count``: of firms.  ``vintage``: the
    block whose lending can be stopped, -1 for what cannot, -2 for what is lent again.
    """

    columns: slice
    vintage: int
    first: Array
    second: Array
    count: Array


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Everything of a plan that the cells need, by period.

    ``threshold`` [T][columns]: normal score of the hazard; ``carry`` [T][G, 1]: scheduled balance
    of the next period over this one's; ``scheduled`` [T][G, 1].
    """

    columns: int
    threshold: tuple[Array, ...]
    layers: tuple[tuple[Layer, ...], ...]
    carry: tuple[Array, ...]
    scheduled: tuple[Array, ...]


def nodes_of(pd: Array) -> tuple[Array, Array]:
    """Nodes (default probabilities) [K] and the weight of each on each firm [F, K].

    A smooth function of the normal score of the probability is the weighted sum of its values at
    the nodes (Chebyshev, barycentric); probabilities of 0 and 1 are nodes of their own.

    >>> nodes_of(np.array([0.0, 0.02, 0.02]))[0].tolist()
    [0.0, 0.02]
    """
    different, at = np.unique(pd, return_inverse=True)
    if len(different) <= _FEW:
        return different, np.eye(len(different))[at.ravel()]
    from scipy.special import ndtr, ndtri

    inner = (pd > 0) & (pd < 1)
    score = ndtri(pd[inner])
    low, high = score.min(), score.max()
    count = 4 + int(np.ceil(3 * (high - low)))
    angle = (np.arange(count) + 0.5) * np.pi / count
    points = (low + high) / 2 + (high - low) / 2 * np.cos(angle)
    scale = np.sin(angle) * (-1.0) ** np.arange(count)
    gap = score[:, None] - points
    exact = gap == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = scale / gap
        weight = terms / terms.sum(axis=1, keepdims=True)
    hit = exact.any(axis=1)
    weight[hit] = exact[hit]
    weights = np.zeros((len(pd), count + 2))
    weights[inner, :count] = weight
    weights[pd <= 0, count] = 1.0
    weights[pd >= 1, count + 1] = 1.0
    used = weights.any(axis=0)
    return np.append(ndtr(points), [0.0, 1.0])[used], weights[:, used]


def tables(plan: Plan, *, controlled: bool) -> Tables:
    """The weights of a plan; ``controlled``: lending can stop, so vintages stay apart."""
    nodes, weights = nodes_of(plan.pd)
    assumed = plan.assumed
    width = len(nodes)
    columns: list[tuple[int, int]] = []
    for at, block in enumerate(plan.blocks):
        columns += [(at, int(age)) for age in np.unique(block.age % assumed.cycle)]
    maker = _Weights(plan, weights)
    layers = [_layers(plan, maker, columns, width, t, controlled) for t in range(assumed.periods)]
    totals, next_totals = [], []
    for t in range(assumed.periods):
        started = [b for b, block in enumerate(plan.blocks) if block.start <= t]
        now = sum(plan.by_group(plan.balance(b, t)) for b in started)
        then = sum(plan.by_group(plan.balance(b, t + 1)) for b in started)
        totals.append(np.asarray(now)[:, None])
        next_totals.append(np.asarray(then)[:, None])
    carry = tuple(b / np.where(a > 0, a, 1.0) for a, b in zip(totals, next_totals, strict=True))
    threshold = tuple(_thresholds(plan, nodes, columns, t) for t in range(assumed.periods))
    return Tables(len(columns) * width, threshold, tuple(layers), carry, tuple(totals))


class _Weights:
    """Sums of items over nodes, by group; those of later vintages are found once for each age."""

    def __init__(self, plan: Plan, weights: Array) -> None:
        self.plan = plan
        # One row a node: columns of a wide matrix are slow to walk.
        self.weights = np.ascontiguousarray(weights.T)
        self.known: dict[tuple[int, int, bool], tuple[Array, Array, Array]] = {}

    def of(self, block: int, period: int, age: int, rolled: bool) -> tuple[Array, Array, Array]:
        """First, second and count weights [G, K] of a block's firms of one age."""
        found = self.plan.blocks[block]
        since = period - found.start
        if block == 0:
            return self._sums(block, period, age, rolled)
        key = (since, age, rolled)
        if key not in self.known:
            first, second, count = self._sums(block, period, age, rolled)
            self.known[key] = (first / found.scale, second / found.scale**2, count)
        first, second, count = self.known[key]
        return first * found.scale, second * found.scale**2, count

    def _sums(self, block: int, period: int, age: int, rolled: bool) -> tuple[Array, Array, Array]:
        plan = self.plan
        size = (len(plan.groups), len(self.weights))
        sums = np.zeros((3, *size))
        if period < plan.blocks[block].start:
            return sums[0], sums[1], sums[2]
        balance = plan.balance(block, period, rolled=rolled)
        owing = balance > 0
        cycle = plan.assumed.cycle
        if cycle > 1:
            owing &= (plan.blocks[block].age % cycle)[plan.item_firm] == age
        item = np.flatnonzero(owing)
        group, firm, owed = plan.item_group[item], plan.item_firm[item], balance[item]
        for k, row in enumerate(self.weights):
            weight = row[firm]
            sums[2, :, k] = np.bincount(group, weight, minlength=size[0])
            weight *= owed
            sums[0, :, k] = np.bincount(group, weight, minlength=size[0])
            weight *= owed
            sums[1, :, k] = np.bincount(group, weight, minlength=size[0])
        return sums[0], sums[1], sums[2]


def _layers(
    plan: Plan,
    maker: _Weights,
    columns: list[tuple[int, int]],
    width: int,
    period: int,
    controlled: bool,
) -> tuple[Layer, ...]:
    def stacked(rolled: bool) -> list[Array]:
        parts = [maker.of(block, period, age, rolled) for block, age in columns]
        return [np.hstack([part[at] for part in parts]) for at in range(3)]

    everything = slice(0, len(columns) * width)
    if not controlled:
        return (Layer(everything, -1, *stacked(True)),)
    base = stacked(False)
    made = []
    for vintage, block in enumerate(plan.blocks):
        if block.start > period:
            continue
        mine = [at for at, (owner, _) in enumerate(columns) if owner == vintage]
        part = slice(mine[0] * width, (mine[-1] + 1) * width)
        name = vintage or -1
        made.append(Layer(part, name, *(matrix[:, part] for matrix in base)))
    if plan.assumed.rollover > 0:
        whole = stacked(True)
        made.append(Layer(everything, -2, *(a - b for a, b in zip(whole, base, strict=True))))
    return tuple(made)


def _thresholds(plan: Plan, nodes: Array, columns: list[tuple[int, int]], period: int) -> Array:
    from scipy.special import ndtri

    assumed = plan.assumed
    found = []
    for block, age in columns:
        if plan.blocks[block].start > period:
            found.append(np.full(len(nodes), -np.inf))
            continue
        years = (period - plan.blocks[block].start) // assumed.steps
        hazard = assumed.yearly(nodes, age + years)
        yearly = np.minimum(hazard * assumed.stress_of(period), 1.0)
        found.append(ndtri(1 - (1 - yearly) ** plan.length))
    result: Array = np.concatenate(found)
    return result


def conditional(threshold: Array, factor: Array, correlation: float) -> Array:
    """Default probabilities given the factor, [columns, paths]."""
    from scipy.special import ndtr

    # Vintages often have the same hazards; the distribution function costs more than a copy.
    different, at = np.unique(threshold, return_inverse=True)
    scale = 1 / np.sqrt(1 - correlation)
    inside: Array = (scale * different)[:, None] - (scale * np.sqrt(correlation)) * factor
    ndtr(inside, out=inside)
    order = at.ravel()
    return inside if np.array_equal(order, np.arange(len(different))) else inside[order]


class CellPaths:
    """The defaults of one chunk of paths, period by period."""

    def __init__(self, plan: Plan, made: Tables, chunk: int, factor: Array) -> None:
        self.plan, self.tables, self.chunk, self.factor = plan, made, chunk, factor
        paths = factor.shape[1]
        self.alive = np.ones((made.columns, paths))
        # How many more (in money) have defaulted than the factor let expect.
        self.excess = np.zeros((len(plan.groups), paths))

    def balance(self, period: int, made: dict[int, Array]) -> Array:
        """What is owed at the start of a period, [G, paths]; ``made``: share lent, by vintage."""
        expected = self._sum(period, 0, self.alive, made)
        owed = expected - self.excess
        np.maximum(owed, 0.0, out=owed)
        self._expected = expected
        self._owed = owed
        return owed

    def defaults(self, period: int, made: dict[int, Array]) -> Array:
        """Principal defaulted in a period, [G, paths]; after :meth:`balance` of the period."""
        probability = conditional(
            self.tables.threshold[period], self.factor[period], self.plan.assumed.correlation
        )
        hit = self.alive * probability
        self.alive -= hit
        mean = self._sum(period, 0, hit, made)
        variance = self._sum(period, 1, hit * (1 - hit), made)
        none = self._sum(period, 2, np.log1p(-np.minimum(hit, 1 - 1e-12)), made)
        kept = self._owed / np.where(self._expected > 0, self._expected, 1.0)
        actual = mean * kept
        variance *= kept
        none *= kept
        amount = self._drawn(period, actual, np.maximum(variance, 0.0), np.minimum(none, 0.0))
        np.minimum(amount, self._owed, out=amount)
        self.excess += amount
        self.excess -= mean
        self.excess *= self.tables.carry[period]
        return amount

    def _sum(self, period: int, which: int, values: Array, made: dict[int, Array]) -> Array:
        total: Array | None = None
        for layer in self.tables.layers[period]:
            weights = (layer.first, layer.second, layer.count)[which]
            part = weights @ values[layer.columns]
            if layer.vintage != -1 and layer.vintage in made:
                part *= made[layer.vintage]
            total = part if total is None else total + part
        assert total is not None
        return total

    def _drawn(self, period: int, mean: Array, variance: Array, log_none: Array) -> Array:
        from scipy.special import ndtri

        seed = self.plan.assumed.seed
        drawn = uniforms(seed, self.chunk, AMOUNT, period, mean.size).reshape(mean.shape)
        none = np.exp(log_none)
        if none.max() < _NEVER:
            spread = np.sqrt(variance)
            spread /= np.where(mean > 0, mean, 1.0)
            score: Array = ndtri(drawn, out=drawn)
            amount = gamma(score, spread)
            amount *= mean
            return amount
        some = -np.expm1(log_none)
        divisor = np.where(some > 0, some, 1.0)
        given = mean / divisor
        # E[D | D > 0] and its variance from those of D.
        inner = (variance + mean * mean) / divisor - given * given
        spread = np.sqrt(np.maximum(inner, 0.0)) / np.where(given > 0, given, 1.0)
        rank = (drawn - none) / divisor
        hits = rank > 0
        score = ndtri(np.where(hits, rank, 0.5))
        found: Array = np.where(hits, gamma(score, spread) * given, 0.0)
        return found
