"""One period by sampling: every clause as it stands, every number with its standard error.

Scenarios are drawn in chunks, each from its own Philox stream keyed by (seed, chunk): the same
numbers for any number of workers.  What is drawn are uniforms from raw bits; everything else is
our own inverse distribution functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from ipcredit.fund.one_period import Bools, Floats, OnePeriod, settle, sums
from ipcredit.fund.sampled_defaults import Drawer, Grouped, Places, Uniforms
from ipcredit.fund.tail.severity import SeverityClass
from ipcredit.population.draws import uniforms

# A chunk is drawn in one piece: these many defaults, these many cells, at most.
_DEFAULTS: Final = 300_000
_CELLS: Final = 4_000_000
_MOST: Final = 8_192
_LEAST: Final = 16


class Executor(Protocol):
    """What is asked of an executor; those of ``concurrent.futures`` and Dask's client have it."""

    def map(self, fn: Callable[[int], Any], *iterables: Iterable[int]) -> Iterable[Any]:
        """Apply ``fn`` to every item, in any order, results in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Scenario by scenario, float64[S] each unless said otherwise, amounts in minor units.

    ``z``: the factor; where firms are grouped, each group's own [S, G].
    ``weight``: likelihood ratio, 1 unless the factor was shifted.  ``loss``: principal lost.
    ``due``: owed by the fund; ``paid``: by its purses; ``net``: what of ``due`` does not come back.
    ``wanted`` [S, P]: asked of each purse.  ``limited`` and ``tripped``: bool [S, G] by clause
    and breaker.  ``tiers``, ``lenders``, ``districts`` [S, .]: their part of ``due``.
    """

    z: Floats
    weight: Floats
    loss: Floats
    due: Floats
    paid: Floats
    net: Floats
    wanted: Floats
    limited: tuple[Bools, ...]
    tripped: tuple[Bools, ...]
    tiers: Floats
    lenders: Floats
    districts: Floats

    @property
    def scenarios(self) -> int:
        """How many scenarios."""
        return len(self.z)


def sample(
    problem: OnePeriod,
    *,
    scenarios: int,
    seed: int,
    shift: float = 0.0,
    executor: Executor | None = None,
    parts: bool = True,
) -> Sample:
    """Draw ``scenarios`` of one period.

    ``shift``: the factor is drawn around it instead of 0, with weights (below 0: bad years).
    ``executor``: where chunks run; here, without one.  ``parts``: also split what is owed by
    tier, lender and district.
    """
    size = chunk_size(problem)
    chunks = range(-(-scenarios // size))
    work = partial(_chunk, problem, scenarios, size, seed, shift, parts)
    done = executor.map(work, chunks) if executor is not None else map(work, chunks)
    return _joined(list(done))


def chunk_size(problem: OnePeriod) -> int:
    """Scenarios drawn together: a matter of the problem alone, never of the workers."""
    expected = float(problem.pd.sum()) + 1.0
    most = min(_DEFAULTS / expected, _CELLS / max(problem.cells, 1), _MOST)
    return max(_LEAST, int(most))


def _joined(pieces: list[Sample]) -> Sample:
    if len(pieces) == 1:
        return pieces[0]
    columns: dict[str, Any] = {}
    for field in fields(Sample):
        values = [getattr(piece, field.name) for piece in pieces]
        if field.name in ("limited", "tripped"):
            columns[field.name] = tuple(np.concatenate(rows) for rows in zip(*values, strict=True))
        else:
            columns[field.name] = np.concatenate(values)
    return Sample(**columns)


def _chunk(
    problem: OnePeriod,
    scenarios: int,
    size: int,
    seed: int,
    shift: float,
    parts: bool,
    chunk: int,
) -> Sample:
    from scipy.special import ndtri

    rows = min(size, scenarios - chunk * size)
    draw = partial(uniforms, seed, chunk)
    # A name of its own for the factor; always a whole chunk, so that the last is no other.
    z: Floats = ndtri(draw("factor", size))[:rows] + shift
    weight: Floats = np.exp(shift * (0.5 * shift - z))
    if problem.group is not None:
        common, within = problem.factor.value, problem.factor.within
        drawer = Grouped(problem.pd, problem.group, common, within)
        z = drawer.own(z, draw, size)
        scenario, firm = drawer(z, draw)
    else:
        scenario, firm = Drawer(problem.pd, problem.factor.mixing)(z, draw)
    return evaluate(problem, z, weight, scenario, firm, draw, parts=parts)


def evaluate(
    problem: OnePeriod,
    z: Floats,
    weight: Floats,
    scenario: Places,
    firm: Places,
    draw: Uniforms | None = None,
    *,
    parts: bool = True,
) -> Sample:
    """What scenarios with given defaults come to; ``draw`` is needed for random severity.

    ``z``: the factor of each scenario [S]; where firms are grouped, each group's own [S, G].
    """
    scenario, item = items_of(problem, scenario, firm)
    rows, cells = len(z), problem.cells
    place = scenario * cells + problem.cell[item] if cells > 1 else scenario
    due = _by_cell(place, problem.due[item], rows, cells)
    asked = {trip.measure for trip in problem.breakers}
    owed = _by_cell(place, problem.overdue[item], rows, cells) if "overdue" in asked else None
    claims = _by_cell(place, problem.accepted[item], rows, cells) if "claims" in asked else None
    settled = settle(problem, due, owed, claims)
    loss, net = _severity(problem, z, scenario, item, draw)
    total = settled.due
    alike = problem.severity.fixed and problem.net.max() == problem.net.min()
    given = nothing = np.zeros((rows, 0))
    if parts or not alike:
        ratio = np.where(due > 0, settled.pay / np.where(due > 0, due, 1.0), 0.0).ravel()
        given = problem.due[item] * ratio[place]
    backed = total * problem.net[0] if alike else sums(scenario, given * net, rows)
    split = partial(_split, scenario, given, rows)
    tiers = problem.tier[problem.firm][item] + 1 if parts else item
    return Sample(
        z,
        weight,
        sums(scenario, loss, rows),
        total,
        settled.paid.sum(axis=1),
        backed,
        settled.wanted,
        settled.limited,
        settled.tripped,
        split(tiers, len(problem.tiers) + 1) if parts else nothing,
        split(problem.lender[item], len(problem.lenders)) if parts else nothing,
        split(problem.district[item], len(problem.districts)) if parts else nothing,
    )


def items_of(problem: OnePeriod, scenario: Places, firm: Places) -> tuple[Places, Places]:
    """Every item of the firms that defaulted, with its scenario.

    One item a firm: nothing to look up.
    """
    first = problem.first
    if first[-1] == problem.firms:
        return scenario, firm
    counts = np.diff(first)[firm]
    item = np.repeat(first[firm] - np.cumsum(counts) + counts, counts)
    item += np.arange(len(item))
    return np.repeat(scenario, counts), item


def _by_cell(place: Places, values: Floats, rows: int, cells: int) -> Floats:
    return sums(place, values, rows * cells).reshape(rows, cells)


def _split(
    scenario: Places, values: Floats, rows: int, group: npt.NDArray[np.integer], groups: int
) -> Floats:
    return _by_cell(scenario * groups + group, values, rows, groups)


def _severity(
    problem: OnePeriod, z: Floats, scenario: Places, item: Places, draw: Uniforms | None
) -> tuple[Floats, Floats]:
    """Principal lost on each item, and the share of its payment that does not come back."""
    loss, net, law = problem.loss[item], problem.net[item], problem.severity
    if law.fixed or draw is None:
        return loss, net
    owed = problem.owed[item]
    mean = loss / np.where(owed > 0, owed, 1.0)
    factor = z[scenario]
    if problem.group is not None:
        own = np.unique(problem.group, return_inverse=True)[1]
        factor = z[scenario, own[problem.firm[item]]]
    share = _shares(mean, law.deviation, law.sensitivity, factor, draw)
    # Paid after recovery: the claim is made for the mean loss, and nothing comes back.
    return owed * share, np.clip(net + share - mean, 0.0, 1.0) if (net < 1).any() else net


def _shares(
    mean: Floats, deviation: float, sensitivity: float, z: Floats, draw: Uniforms
) -> Floats:
    """Loss shares drawn from the beta laws of :class:`SeverityClass`."""
    from scipy.special import betaincinv

    share = np.empty_like(mean)
    drawn = draw("severity", len(mean)) if deviation else share
    for value in np.unique(mean):
        here = np.flatnonzero(mean == value)
        law = SeverityClass(float(value), deviation if 0 < value < 1 else 0.0, sensitivity)
        centre = law.mean_at(z[here])
        if law.concentration == 0.0:
            share[here] = centre
            continue
        if law.concentration >= 1.0:
            share[here] = drawn[here] < centre
            continue
        size = 1.0 / law.concentration - 1.0
        inside = np.clip(centre, 1e-12, 1 - 1e-12)
        share[here] = betaincinv(inside * size, (1.0 - inside) * size, drawn[here])
    return share


# -- estimates ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its standard error."""

    value: float
    error: float


def mean_of(values: Floats, weight: Floats | None = None) -> Estimate:
    """The mean, with its standard error.

    >>> mean_of(np.array([1.0, 3.0]))
    Estimate(value=2.0, error=1.0)
    """
    values = np.asarray(values, dtype=np.float64)
    if weight is not None:
        values = values * weight
    count = len(values)
    deviation = float(values.std(ddof=1)) if count > 1 else math.inf
    return Estimate(float(values.mean()), deviation / math.sqrt(count))


def quantile_of(values: Floats, level: float) -> Estimate:
    """The least value not exceeded with probability ``level``; its error from order statistics."""
    ordered = np.sort(values)
    count = len(ordered)
    at = min(count - 1, max(0, math.ceil(level * count - 1e-9) - 1))
    reach = math.sqrt(count * level * (1 - level))
    low, high = max(0, math.floor(at - reach)), min(count - 1, math.ceil(at + reach))
    return Estimate(float(ordered[at]), float(ordered[high] - ordered[low]) / 2)


def shortfall_of(values: Floats, level: float) -> Estimate:
    """The mean of the worst ``1 - level`` of the scenarios, with its standard error."""
    quantile = quantile_of(values, level).value
    over = np.maximum(values - quantile, 0.0)
    excess = mean_of(over)
    return Estimate(quantile + excess.value / (1 - level), excess.error / (1 - level))


def bad_year(problem: OnePeriod, capital: float) -> float:
    """The factor at which the fund is expected to owe ``capital``: where to look for rare ends.

    Between 0 and -8; what is owed in a year with all expected defaults is taken through the
    clauses as if it were certain.
    """
    mixing = problem.factor.mixing
    # With several factors there are several ways into a bad year: one shift would miss some.
    if mixing.independent or mixing.comonotone or problem.group is not None:
        return 0.0
    grid = np.linspace(0.0, -8.0, 33)
    if problem.firms * len(grid) > _CELLS:
        grid = grid[::2]
    chance = mixing.conditional_pd(problem.pd, grid)[:, problem.firm]

    def by_cell(values: Floats) -> Floats:
        return np.stack([sums(problem.cell, row, problem.cells) for row in chance * values])

    expected = settle(problem, by_cell(problem.due), by_cell(problem.overdue)).due
    over = np.flatnonzero(expected >= capital)
    if over.size:
        return float(grid[over[0]])
    return float(grid[int(np.argmax(expected))])
