"""How much of a bad year each tier, lender or district is to blame for, without sampling.

The part of a group in E[T; T > q] is the sum over its firms of x P(D = 1, T > q).  Given the
factor, with the tail S(t) = P(T > t) and r = p / (1 - p), taking one firm out of the total gives

    P(D = 1, T > q) = r S(q - x) - r^2 S(q - 2x) + r^3 S(q - 3x) - ...            (p <= 1/2)
                    = S(q) - S(q + x) / r + S(q + 2x) / r^2 - ...                 (p > 1/2)

On a lattice S is known to round-off, so the parts are.  For a book of many small loans, where the
expansion is used, the normal law of group and total given the factor takes its place:
E[X; T > q] = E[X] P(T > q) + Cov(X, T) f(q).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ipcredit.fund.one_period import Floats
from ipcredit.fund.tail.assembly import Book, book_parts, chosen_lattice, fine_nodes
from ipcredit.fund.tail.book import POINTS
from ipcredit.fund.tail.distribution import Distribution
from ipcredit.fund.tail.edgeworth import conditional_cumulants
from ipcredit.fund.tail.lattice import FEW, conditional_transforms, node_chunks
from ipcredit.fund.tail.mixing import Gamma, Gaussian, density
from ipcredit.fund.tail.severity import Severity

_SMALL: Final = 1e-12
# A tail below this is round-off of the transforms.
_NOTHING: Final = 1e-13
_TERMS: Final = 400
_GRID: Final = 2_001
# Firms of which every set of defaults is looked at.
_ALL: Final = 10
# Beyond so many node x firm terms the lattice sums take too long.
MOST_WORK: Final = 2_000_000


def blame(
    total: Distribution, amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, level: float
) -> tuple[Floats, float] | None:
    """Each firm's part of the expected shortfall at ``level``, float64[F], and a relative error.

    ``amounts`` and ``pd`` float64[F]; ``total`` is the distribution of T.  The parts add up to the
    shortfall exactly; where the quantile has a probability of its own, that part of it is split
    as what lies above it.  ``None`` where it would take too long.
    """
    q, worst = total.quantile(level), total.shortfall(level)
    if float(total.tail(q)) <= _NOTHING:
        # Nothing is above the quantile: what happens at it decides.
        points = total.points
        step = float(np.diff(points).min()) if points is not None and len(points) > 1 else 0.0
        q = max(q - max(0.5 * step, 1e-9 * q), -0.5)
    found = _above(total, amounts, pd, mixing, q)
    if found is None:
        return None
    whole = float(found.sum())
    if whole <= 0:
        return np.zeros_like(amounts), 0.0
    wanted = q * float(total.tail(q)) + float(total.stop_loss(q))
    missing = abs(whole / wanted - 1.0) if wanted > 0 else 0.0
    return found * (worst / whole), missing


def _above(
    total: Distribution, amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float
) -> Floats | None:
    """E[X; T > q] of each firm's amount X."""
    if mixing.comonotone:
        return _in_order(amounts, pd, q)
    sure = pd >= 1.0
    certain = float(amounts[sure].sum())
    free = (amounts > 0) & (pd > 0) & ~sure
    found = np.where(sure, amounts * float(total.tail(q)), 0.0)
    if free.any():
        count = int(free.sum())
        if count <= _ALL:
            found[free] = _every_outcome(amounts[free], pd[free], mixing, q - certain)
        elif total.method != "lattice":
            found[free] = _by_normal(amounts[free], pd[free], mixing, q - certain)
        else:
            book = Book(amounts[free], pd[free], mixing, Severity(1.0))
            # A few loans that share no unit: rounding them would decide who is above q.
            odd = count <= FEW and not chosen_lattice(book, POINTS).exact
            if odd or count * total.nodes > MOST_WORK:
                return None
            found[free] = _on_lattice(amounts[free], pd[free], mixing, q - certain)
    return found


def _in_order(amounts: Floats, pd: Floats, q: float) -> Floats:
    """Correlation 1: the firms with the highest probability default first."""
    levels = np.unique(pd)[::-1]
    sums = np.array([amounts[pd >= level].sum() for level in levels])
    over = np.flatnonzero(sums > q * (1 + 1e-12))
    if not over.size:
        return np.zeros_like(amounts)
    result: Floats = amounts * np.minimum(pd, levels[over[0]])
    return result


def _every_outcome(amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float) -> Floats:
    """The same for a handful of firms: all sets of defaults, weighted over the factor."""
    book = Book(amounts, pd, mixing, Severity(1.0))
    nodes = fine_nodes(book, conditional_cumulants(amounts, pd, mixing, Severity(1.0)))
    hit = (np.arange(2 ** len(pd))[:, None] >> np.arange(len(pd))) & 1
    above = hit[hit @ amounts > q * (1 + 1e-12)] == 1
    chance = np.zeros(len(above))
    coordinates = mixing.coordinates(pd)
    for z, weight in zip(nodes.z, nodes.weights, strict=True):
        p = mixing.conditional(coordinates, np.array([z]))[0]
        chance += weight * np.prod(np.where(above, p, 1.0 - p), axis=1)
    result: Floats = amounts * (chance @ above)
    return result


def _on_lattice(amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float) -> Floats:
    """The same, firm by firm, from the total's tail at every node."""
    book = Book(amounts, pd, mixing, Severity(1.0))
    lattice = chosen_lattice(book, POINTS)
    nodes = fine_nodes(book, conditional_cumulants(amounts, pd, mixing, Severity(1.0)))
    parts = book_parts(book, lattice)
    steps, level = amounts / lattice.unit, q / lattice.unit
    coordinates = mixing.coordinates(pd)
    found = np.zeros(len(amounts))
    for some in node_chunks(nodes.z.size, lattice.size, 4_000_000):
        phi = conditional_transforms(parts, mixing, nodes.z[some], lattice.size)
        masses = np.fft.irfft(phi, lattice.size, axis=1)
        tails = np.clip(np.cumsum(masses[:, ::-1], axis=1)[:, ::-1] - masses, 0.0, 1.0)
        chance = mixing.conditional(coordinates, nodes.z[some])
        for row, p, weight in zip(tails, chance, nodes.weights[some], strict=True):
            found += weight * _joint(row, p, steps, level)
    return found * amounts


def _joint(tail: Floats, p: Floats, steps: Floats, level: float) -> Floats:
    """P(D = 1, T > q) of each firm at one node; ``tail`` [K] at lattice points."""
    result = np.zeros_like(p)
    rare = p <= 0.5
    for mirrored in (False, True):
        at = np.flatnonzero(~rare if mirrored else rare)
        if not at.size:
            continue
        odds = p[at] / (1 - p[at]) if not mirrored else (1 - p[at]) / p[at]
        power = np.ones_like(odds) if mirrored else odds.copy()
        total = np.zeros_like(odds)
        for term in range(0 if mirrored else 1, _TERMS):
            place = level + term * steps[at] if mirrored else level - term * steps[at]
            sign = 1.0 if (term % 2 == 0) == mirrored else -1.0
            if mirrored:
                total += sign * power * _at(tail, place)
            else:
                # Once the total is surely above, the rest of the series is geometric.
                below = place < -1e-9
                total += np.where(below, sign * power / (1 + odds), sign * power * _at(tail, place))
                power = np.where(below, 0.0, power)
            power = power * odds
            if float(power.max()) < _SMALL:
                break
        result[at] = total
    return np.clip(result, 0.0, p)


def _at(tail: Floats, place: Floats) -> Floats:
    """The tail at a lattice place; between two points that of the lower one (it is a step)."""
    whole = np.floor(place + 1e-6).astype(np.int64)
    inside = tail[np.clip(whole, 0, len(tail) - 1)]
    result: Floats = np.where(whole < 0, 1.0, np.where(whole >= len(tail), 0.0, inside))
    return result


def _by_normal(amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float) -> Floats:
    """The same, by the normal law of a firm and the total given the factor.

    Smooth in the firm's coordinate, so it is worked out on a fine grid and interpolated.
    """
    from scipy.special import ndtr

    cumulants = conditional_cumulants(amounts, pd, mixing, Severity(1.0))
    nodes = cumulants.nodes
    deviation = np.sqrt(np.maximum(cumulants.second, 1e-300))
    y = (q - cumulants.first) / deviation
    skew = cumulants.third / deviation**3
    above = np.clip(ndtr(-y) + density(y) * skew * (y * y - 1.0) / 6.0, 0.0, 1.0)
    slope = density(y) * (1.0 + skew * (y**3 - 3.0 * y) / 6.0) / deviation
    coordinates = mixing.coordinates(pd)
    low, high = float(coordinates[0].min()), float(coordinates[0].max())
    grid = np.repeat(coordinates[:, :1], _GRID, axis=1)
    grid[0] = np.linspace(low, high, _GRID)
    chance = np.zeros(_GRID)
    spread = np.zeros(_GRID)
    for some in node_chunks(nodes.z.size, _GRID):
        p = mixing.conditional(grid, nodes.z[some])
        weight = nodes.weights[some]
        chance += (weight * above[some]) @ p
        spread += (weight * np.maximum(slope[some], 0.0)) @ (p * (1.0 - p))
    place = coordinates[0]
    moved = np.interp(place, grid[0], spread)
    result: Floats = amounts * (np.interp(place, grid[0], chance) + amounts * moved)
    return result
