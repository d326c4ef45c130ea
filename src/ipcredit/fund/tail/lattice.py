"""The loss on a lattice: exact for losses that are whole multiples of one unit.

Given the factor the generating function of the loss is a product over firms,
``1 - p + p g(u)`` with ``u`` on the unit circle; the distribution is its inverse Fourier
transform.  Three ways to the product, each used where it is cheap and accurate:

* *Series.*  While every p < 0.4, log(1 + r u^n) = sum of (-1)^(j+1) r^j u^(jn) / j with
  r = p/(1 - p): the terms are put at their lattice positions and one FFT sums them over all
  frequencies.  Where every p > 0.6 the mirrored series in 1/r serves.
* *Frequencies.*  In between the product is so small at most frequencies that nothing is lost
  by leaving it out there: |product| <= exp(-sum p q (1 - Re g)), one FFT.  Where it is not
  small, log(1 + p (g - 1)) is summed as a power series for small p |g - 1| ...
* *Direct.*  ... and firm by firm for the few loans with larger ones.

Errors: double-precision round-off, 1e-16 to 1e-14 absolute in a tail; one of 1e-6 has eight
digits or more, one of 1e-12 two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.grouping import grouped_by_row
from ipcredit.fund.tail.mixing import Floats, Mixing
from ipcredit.fund.tail.severity import SeverityClass

Complexes: TypeAlias = npt.NDArray[np.complex128]
Indices: TypeAlias = npt.NDArray[np.intp]
Rounding: TypeAlias = Literal["mean", "down", "up"]

# Below and above these conditional PDs of all firms the (mirrored) series converges fast.
_LOW: Final = 0.4
_HIGH: Final = 0.6
# Terms below this, and exp(-_GONE), are nothing beside 1 in double precision.
_TERM: Final = 1e-18
_GONE: Final = 42.0
# p |g - 1| up to which the power series is used.
_LIGHT: Final = 0.85
_NODES_AT_A_TIME: Final = 16
# Books up to so many loans that do not fit the lattice are split firm by firm.
FEW: Final = 64


@dataclass(frozen=True, eq=False)
class Part:
    """Loans of one severity law on the lattice.

    ``positions`` [G] are lattice points, ``weights`` [G, C] the loans there as weighted
    ``points`` [axes, C]; ``lower``, ``fraction`` [N] and ``coordinates`` [axes, N] the loans
    themselves: a loss of ``lower`` units, or one more with probability ``fraction``.
    ``each`` asks for firm-by-firm products throughout.  ``law`` is None for a fixed loss.
    """

    positions: Indices
    weights: Floats
    points: Floats
    lower: Indices
    fraction: Floats
    coordinates: Floats
    each: bool
    law: SeverityClass | None
    rounding: Rounding


def placed(
    losses: Floats,
    pds: Floats,
    mixing: Mixing,
    unit: float,
    law: SeverityClass | None = None,
    rounding: Rounding = "mean",
    coordinates: Floats | None = None,
    each: bool = False,
) -> Part:
    """Put loans on the lattice; ``losses`` are exposures where ``law`` is a random severity.

    ``rounding="mean"`` keeps each loss's mean (between neighbouring points), ``"down"`` and
    ``"up"`` bracket it; ``each`` asks for firm-by-firm products.  Losses within 1e-9 of a lattice point are taken to lie on it.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> part = placed(np.array([2.0, 2.0, 3.5]), np.full(3, 0.1), Gaussian(0.0), 1.0)
    >>> print(part.lower, part.fraction)
    [2 2 3] [0.  0.  0.5]
    """
    if coordinates is None:
        coordinates = mixing.coordinates(pds)
    units = losses / unit
    nearest = np.rint(units)
    units = np.where(np.abs(units - nearest) <= 1e-9 * np.maximum(1.0, units), nearest, units)
    units = {"mean": units, "down": np.floor(units), "up": np.ceil(units)}[rounding]
    active = (pds > 0.0) & (units > 0.0)
    units, coordinates = units[active], coordinates[:, active]
    lower = np.floor(units).astype(np.intp)
    fraction = units - lower
    sure = bool(np.isinf(coordinates).any())
    each = each or sure or (bool(fraction.any()) and units.size <= FEW)
    if each or units.size == 0:
        blank: Floats = np.zeros((0, 0))
        empty: Indices = np.zeros(0, dtype=np.intp)
        return Part(empty, blank, blank, lower, fraction, coordinates, True, law, rounding)
    owners, places, shares = _split(units, lower, fraction)
    positions, rows = np.unique(places, return_inverse=True)
    points, weights = grouped_by_row(coordinates[:, owners], rows.ravel(), shares, mixing.scales())
    return Part(positions, weights, points, lower, fraction, coordinates, False, law, rounding)


def _split(units: Floats, lower: Indices, fraction: Floats) -> tuple[Indices, Indices, Floats]:
    """Loans as weights at up to three lattice points that keep mean and square of the loss."""
    everyone = np.arange(units.size)
    if not fraction.any():
        return everyone, lower, np.ones(units.size)
    # What falls on point 0 has no effect and is left out: a loan below one unit is fine too.
    middle = np.maximum(np.rint(units).astype(np.intp), 1)
    f = units - middle
    below, above = 0.5 * f * (f - 1.0), 0.5 * f * (f + 1.0)
    owners = np.concatenate([everyone, everyone, everyone])
    places = np.concatenate([middle - 1, middle, middle + 1])
    shares = np.concatenate([below, 1.0 - below - above, above])
    kept = (shares != 0.0) & (places > 0)
    return owners[kept], places[kept], shares[kept]


def conditional_transforms(parts: list[Part], mixing: Mixing, z: Floats, size: int) -> Complexes:
    """Generating functions of the loss given z at the ``size``th roots of unity.

    Shape [nodes, size // 2 + 1], as :func:`numpy.fft.rfft` orders them.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> part = placed(np.array([1.0, 1.0]), np.full(2, 0.5), Gaussian(0.0), 1.0)
    >>> phi = conditional_transforms([part], Gaussian(0.0), np.zeros(1), 4)
    >>> print(np.fft.irfft(phi[0], 4))
    [0.25 0.5  0.25 0.  ]
    """
    result: Complexes = np.ones((z.size, size // 2 + 1), dtype=np.complex128)
    for part in parts:
        if part.lower.size:
            _multiply_part(result, part, mixing, z, size)
    return result


def _multiply_part(result: Complexes, part: Part, mixing: Mixing, z: Floats, size: int) -> None:
    everything = np.arange(z.size)
    if mixing.poisson:
        _poisson(result, part, mixing, z, size)
        return
    if part.each:
        _firm_by_firm(result, part, mixing, z, size)
        return
    pds = mixing.conditional(part.points, z)
    smallest, largest = pds.min(axis=1), pds.max(axis=1)
    middle = np.ones(z.size, dtype=bool)
    if part.law is None:
        for who, mirrored in ((largest <= _LOW, False), (smallest >= _HIGH, True)):
            nodes = everything[who]
            if nodes.size:
                _series(result, part, pds, nodes, mirrored)
                middle &= ~who
    rest = everything[middle]
    # Neighbours in size of PD need the same frequencies and as many terms.
    rest = rest[np.argsort(largest[rest])]
    for start in range(0, rest.size, _NODES_AT_A_TIME):
        nodes = rest[start : start + _NODES_AT_A_TIME]
        _by_frequency(result, part, mixing, z, pds, nodes)


def _series(result: Complexes, part: Part, pds: Floats, nodes: Indices, mirrored: bool) -> None:
    """Multiply by the product at nodes where every PD is low, or (mirrored) every one high."""
    size = 2 * (result.shape[1] - 1)
    pds = pds[nodes]
    order = np.argsort(pds.min(axis=1) if mirrored else -pds.max(axis=1))
    nodes, pds = nodes[order], pds[order]
    stay = pds if mirrored else 1.0 - pds
    ratio = (1.0 - stay) / stay
    by_point = part.weights.sum(axis=0)
    crowd = float(np.abs(part.weights).sum())
    table = np.zeros((nodes.size, size))
    power = np.ones_like(ratio)
    largest = ratio.max(axis=1)
    active, term = nodes.size, 0
    sign = -1 if mirrored else 1
    while active:
        term += 1
        power = power[:active] * ratio[:active]
        factor = (1.0 if term % 2 else -1.0) / term
        values = (power @ part.weights.T) * factor
        place = (sign * term * part.positions) % size
        _scatter(table[:active], place, values)
        bound = crowd * largest[:active] ** (term + 1) / (term + 1)
        active = int(np.count_nonzero(bound > _TERM))
    table[:, 0] += np.log(stay) @ by_point
    logs = np.fft.rfft(table, axis=1)
    if mirrored:
        logs = np.exp(logs) * _shift(float(part.positions @ part.weights.sum(axis=1)), size)
        result[nodes] *= logs
    else:
        result[nodes] *= np.exp(logs, out=logs)


def _scatter(table: Floats, place: Indices, values: Floats) -> None:
    """Add columns of values to the table's columns; collisions are added up too."""
    if np.unique(place).size == place.size:
        table[:, place] += values
    else:
        np.add.at(table.T, place, values.T)


def _roots(size: int) -> Complexes:
    result: Complexes = np.exp((-2j * np.pi / size) * np.arange(size))
    return result


def _shift(units: float, size: int) -> Complexes:
    """Transform of a constant loss, between two lattice points if it is not whole."""
    whole = int(np.floor(units + 1e-9))
    fraction = max(0.0, units - whole)
    frequencies = np.arange(size // 2 + 1)
    roots = _roots(size)
    result: Complexes = roots[(whole * frequencies) % size] * (
        1.0 - fraction + fraction * roots[frequencies]
    )
    return result


def severity_masses(units: int, law: SeverityClass, rounding: Rounding) -> Floats:
    """Probabilities of a beta loss of at most ``units`` lattice units at 0..units (+ 1).

    ``"mean"`` shares each loss between its neighbours, so the mean is exact.

    >>> masses = severity_masses(4, SeverityClass(0.5, 0.2, 0.0), "mean")
    >>> print(masses.round(4), round(float(masses @ np.arange(5)), 12))
    [0.0358 0.2605 0.4073 0.2605 0.0358] 2.0
    """
    from scipy.special import betainc

    spread = 1.0 / law.concentration - 1.0
    a, b = law.mean * spread, (1.0 - law.mean) * spread
    share = np.arange(units + 1) / units
    below = betainc(a, b, share)
    if rounding == "mean":
        # E[(t - X)+] at t = -1 .. units + 1; its second difference is the mass.
        price = units * (share * below - law.mean * betainc(a + 1.0, b, share))
        last = units * (1.0 - law.mean)
        masses: Floats = np.diff(np.concatenate([[0.0], price, [last + 1.0]]), n=2)
        return masses
    cells = np.diff(below)
    ends = ([cells, [0.0]]) if rounding == "down" else ([[0.0], cells])
    return np.concatenate(ends)


def _generators(
    law: SeverityClass | None,
    positions: Indices,
    frequencies: Indices,
    size: int,
    rounding: Rounding = "mean",
) -> Complexes:
    """g(u) - 1 of a loss at each position, shape [positions, frequencies]."""
    if law is None:
        roots = _roots(size)
        roots -= 1.0
        constant: Complexes = roots[np.multiply.outer(positions, frequencies) % size]
        return constant
    rows: Complexes = np.empty((positions.size, frequencies.size), dtype=np.complex128)
    for row, units in enumerate(positions):
        masses = severity_masses(int(units), law, rounding) if units else np.ones(1)
        rows[row] = np.fft.rfft(masses, size)[frequencies] - 1.0
    return rows


def _by_frequency(
    result: Complexes, part: Part, mixing: Mixing, z: Floats, pds: Floats, nodes: Indices
) -> None:
    """Multiply by the product where it is not negligible; put 0 elsewhere."""
    size = 2 * (result.shape[1] - 1)
    pds = pds[nodes]
    alive = _alive(part, pds, size)
    table = _generators(part.law, part.positions, alive, size, part.rounding)
    reach = np.abs(table).max(axis=1) * float(pds.max())
    light = reach <= _LIGHT
    logs = np.zeros((nodes.size, alive.size), dtype=np.complex128)
    if light.any():
        _power_series(logs, part.weights[light], table[light], pds)
    values = np.exp(logs)
    if not light.all():
        if part.fraction.any():
            # A loan between lattice points has weight at several: all or none.
            firms, values = np.arange(part.lower.size), np.ones_like(values)
        else:
            firms = np.flatnonzero(np.isin(part.lower, part.positions[~light]))
        _multiply_firms(values, part, mixing, z[nodes], firms, alive, size)
    product = np.zeros((nodes.size, result.shape[1]), dtype=np.complex128)
    product[:, alive] = values
    result[nodes] *= product


def _alive(part: Part, pds: Floats, size: int) -> Indices:
    """Frequencies at which some node's product may exceed exp(-_GONE)."""
    spread = (pds * (1.0 - pds)) @ part.weights.T
    if part.law is None:
        table = np.zeros((pds.shape[0], size))
        _scatter(table, part.positions % size, spread)
        damping = np.fft.rfft(table, axis=1).real
        damping = damping[:, :1] - damping
    else:
        everywhere = np.arange(size // 2 + 1)
        damping = (
            -spread @ _generators(part.law, part.positions, everywhere, size, part.rounding).real
        )
    return np.flatnonzero(damping.min(axis=0) < _GONE)


def _power_series(logs: Complexes, weights: Floats, table: Complexes, pds: Floats) -> None:
    """Add sum of weights * log(1 + p v) to ``logs`` [nodes, F]; v = table [G, F]."""
    reach = float(np.abs(table).max()) * float(pds.max())
    crowd = float(np.abs(weights).sum())
    power, share, term = table.copy(), pds.copy(), 1
    while True:
        factor = (1.0 if term % 2 else -1.0) / term
        logs += share @ ((weights.T * factor) @ power)
        term += 1
        if crowd * reach**term / term < _TERM * 1e3:
            return
        power *= table
        share *= pds


def _multiply_firms(
    values: Complexes,
    part: Part,
    mixing: Mixing,
    z: Floats,
    firms: Indices,
    frequencies: Indices,
    size: int,
) -> None:
    """Multiply ``values`` [nodes, F] by the generating function of each firm in turn."""
    pds = mixing.conditional(part.coordinates[:, firms], z)
    for start in range(0, firms.size, 256):
        chosen = firms[start : start + 256]
        needed = np.unique(np.concatenate([part.lower[chosen], part.lower[chosen] + 1]))
        table = _generators(part.law, needed, frequencies, size, part.rounding)
        where = np.searchsorted(needed, part.lower[chosen])
        for column, (row, f) in enumerate(zip(where, part.fraction[chosen], strict=True), start):
            step = table[row] if f == 0.0 else (1.0 - f) * table[row] + f * table[row + 1]
            factor = np.multiply.outer(pds[:, column], step)
            factor += 1.0
            values *= factor


def _firm_by_firm(result: Complexes, part: Part, mixing: Mixing, z: Floats, size: int) -> None:
    frequencies = np.arange(size // 2 + 1)
    firms = np.arange(part.lower.size)
    for start in range(0, z.size, 4 * _NODES_AT_A_TIME):
        nodes = slice(start, start + 4 * _NODES_AT_A_TIME)
        _multiply_firms(result[nodes], part, mixing, z[nodes], firms, frequencies, size)


def _poisson(result: Complexes, part: Part, mixing: Mixing, z: Floats, size: int) -> None:
    """Compound Poisson: the logarithm is linear in the intensities."""
    frequencies = np.arange(size // 2 + 1)
    if part.each:
        positions = part.lower
        rows = _generators(part.law, positions, frequencies, size, part.rounding)
        if part.fraction.any():
            after = _generators(part.law, positions + 1, frequencies, size, part.rounding)
            rows += part.fraction[:, None] * (after - rows)
        logs = mixing.conditional(part.coordinates, z) @ rows
    else:
        rows = _generators(part.law, part.positions, frequencies, size, part.rounding)
        logs = mixing.conditional(part.points, z) @ (part.weights.T @ rows)
    result *= np.exp(logs, out=logs)


def comonotone_transform(
    exposures: Floats, pds: Floats, laws: list[SeverityClass], unit: float, size: int
) -> Complexes:
    """Generating function, shape [size // 2 + 1], when firms default in the order of their PD.

    ``exposures`` and ``pds`` [N] and one severity law for each firm; keeps the mean.
    """
    frequencies = np.arange(size // 2 + 1)
    order = np.argsort(-pds, kind="stable")
    steps = np.append(pds[order], 0.0)
    product: Complexes = np.ones(frequencies.size, dtype=np.complex128)
    result: Complexes = product * (1.0 - steps[0])
    for firm, before, after in zip(order, steps[:-1], steps[1:], strict=True):
        law = laws[firm] if laws[firm].deviation > 0.0 else None
        units = exposures[firm] / unit * (1.0 if law else laws[firm].mean)
        lower = int(units)
        pair = _generators(law, np.array([lower, lower + 1]), frequencies, size)
        f = units - lower
        product = product * (1.0 + (1.0 - f) * pair[0] + f * pair[1])
        result += (before - after) * product
    return result


def node_chunks(nodes: int, size: int, most: int = 8_000_000) -> Iterator[slice]:
    """Slices of nodes such that ``nodes x size`` stays below ``most`` numbers.

    >>> list(node_chunks(5, 4, most=8))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(1, most // size)
    for start in range(0, nodes, step):
        yield slice(start, start + step)
