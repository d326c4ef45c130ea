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

import math
from typing import Final

import numpy as np

from ipcredit.fund.one_period import Floats
from ipcredit.fund.tail.assembly import Book, book_parts, chosen_lattice, fine_nodes
from ipcredit.fund.tail.book import POINTS
from ipcredit.fund.tail.distribution import Distribution
from ipcredit.fund.tail.edgeworth import conditional_cumulants
from ipcredit.fund.tail.grouping import grouped
from ipcredit.fund.tail.lattice import conditional_transforms, node_chunks
from ipcredit.fund.tail.mixing import Gamma, Gaussian, density
from ipcredit.fund.tail.severity import Severity

_SMALL: Final = 1e-12
# A tail below this is round-off of the transforms.
_NOTHING: Final = 1e-13
_TERMS: Final = 400
# Beyond so many node x firm terms the lattice sums take too long.
MOST_WORK: Final = 2_000_000


def tail_parts(
    total: Distribution,
    amounts: Floats,
    pd: Floats,
    mixing: Gaussian | Gamma,
    q: float,
    groups: Floats,
) -> tuple[Floats, float] | None:
    """E[X_g; T > q] of each group, float64[G], and the relative error of their sum.

    ``amounts`` and ``pd`` float64[F]; ``groups`` float64[G, F]: each group's part of a firm's
    amount.  ``total`` is the distribution of T.  ``None`` where it would take too long or the
    factor has no conditional probabilities (correlation 1).
    """
    if mixing.comonotone:
        return _in_order(amounts, pd, q, groups), 0.0
    sure = pd >= 1.0
    certain = float(amounts[sure].sum())
    free = (amounts > 0) & (pd > 0) & ~sure
    share = np.where(amounts > 0, groups / np.where(amounts > 0, amounts, 1.0), 0.0)
    beyond = float(total.tail(q))
    found = (groups[:, sure].sum(axis=1)) * beyond
    if free.any():
        if total.method == "lattice":
            if free.sum() * total.nodes > MOST_WORK:
                return None
            each = _on_lattice(amounts[free], pd[free], mixing, q - certain)
            found = found + share[:, free] @ each
        else:
            found = found + _by_normal(
                amounts[free], pd[free], mixing, q - certain, groups[:, free]
            )
    wanted = q * beyond + float(total.stop_loss(q))
    missing = abs(float(found[:].sum()) / wanted - 1.0) if wanted > 0 else 0.0
    return found, missing


def _in_order(amounts: Floats, pd: Floats, q: float, groups: Floats) -> Floats:
    """Correlation 1: the firms with the highest probability default first."""
    order = np.argsort(-pd, kind="stable")
    owed = np.cumsum(amounts[order])
    # The first level of the factor at which the total is above q.
    levels = np.unique(-pd)
    sums = np.array([amounts[pd >= -level].sum() for level in levels])
    over = np.flatnonzero(sums > q * (1 + 1e-12))
    if not over.size or not owed.size:
        return np.zeros(len(groups))
    most = -float(levels[over[0]])
    result: Floats = groups @ np.minimum(pd, most)
    return result


def _on_lattice(amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float) -> Floats:
    """The amount times P(D = 1, T > q) of each firm."""
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


def _by_normal(
    amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, q: float, groups: Floats
) -> Floats:
    from scipy.special import ndtr

    cumulants = conditional_cumulants(amounts, pd, mixing, Severity(1.0))
    nodes = cumulants.nodes
    count = len(groups)
    columns = np.concatenate([groups, groups * amounts])
    points, weights = grouped(mixing.coordinates(pd), columns, mixing.scales())
    chance = mixing.conditional(points, nodes.z)
    mean = weights[:count] @ chance.T
    shared = weights[count:] @ (chance * (1.0 - chance)).T
    deviation = np.sqrt(np.maximum(cumulants.second, 1e-300))
    y = (q - cumulants.first) / deviation
    skew = cumulants.third / deviation**3
    above = np.clip(ndtr(-y) + density(y) * skew * (y * y - 1.0) / 6.0, 0.0, 1.0)
    slope = density(y) * (1.0 + skew * (y**3 - 3.0 * y) / 6.0) / deviation
    result: Floats = (mean * above + shared * np.maximum(slope, 0.0)) @ nodes.weights
    return result


def shortfall_parts(
    total: Distribution,
    amounts: Floats,
    pd: Floats,
    mixing: Gaussian | Gamma,
    level: float,
    groups: Floats,
    expected: Floats,
) -> tuple[Floats, float] | None:
    """Each group's part of the expected shortfall at ``level``, and a relative error.

    They add up to the shortfall exactly.  Where the quantile has a probability of its own, that
    part of it is split as what lies above it.
    """
    q = total.quantile(level)
    beyond = float(total.tail(q))
    worst = total.shortfall(level)
    if beyond <= _NOTHING:
        # Nothing is above the quantile: what happens at it decides.
        below = max(q * (1 - 1e-9) - 1e-9, 0.0)
        found = tail_parts(total, amounts, pd, mixing, below, groups)
    else:
        found = tail_parts(total, amounts, pd, mixing, q, groups)
    if found is None:
        return None
    parts, missing = found
    whole = float(parts.sum())
    if whole <= 0:
        whole, parts = float(expected.sum()), expected
    if whole <= 0:
        return np.zeros(len(groups)), 0.0
    if not math.isfinite(missing):
        raise AssertionError
    return parts * (worst / whole), missing
