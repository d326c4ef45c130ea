"""From a book to its law on the lattice: unit, size, nodes, parts, mixture, error bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.distribution import Distribution, Error, Law, relative_spread
from ipcredit.fund.tail.edgeworth import Cumulants, Diagnostics
from ipcredit.fund.tail.grouping import grouped
from ipcredit.fund.tail.lattice import (
    FEW,
    Indices,
    Part,
    Rounding,
    comonotone_transform,
    conditional_transforms,
    node_chunks,
    placed,
)
from ipcredit.fund.tail.laws import Atoms, comonotone_law, lattice_law
from ipcredit.fund.tail.mixing import Floats, Mixing
from ipcredit.fund.tail.quadrature import STEP, Nodes, adaptive_nodes
from ipcredit.fund.tail.severity import Severity, SeverityClass
from ipcredit.fund.tail.unit import common_unit

EXACT_POINTS: Final = 2**16
"""Books whose losses have a common unit are exact up to so many units."""

_NO_SEVERITY: Final = Severity(1.0)
# Loans above this share of the book are multiplied in one by one.
_BIG: Final = 0.02
# A Poisson law can exceed the book: room in conditional deviations and in largest loans.
_POISSON_ROOM: Final = (9.0, 30.0)
# Books of so few loans are enumerated where they share no unit.
_FEWEST: Final = 12
# Round-off of the transforms, absolute, and the smallest tail at which errors are stated.
_ROUND_OFF: Final = 2e-14
_SMALLEST_TAIL: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Book:
    """Exposures [N], default probabilities [N], what joins them and what is lost."""

    exposures: Floats
    pds: Floats
    mixing: Mixing
    severity: Severity

    @property
    def largest(self) -> float:
        """The largest possible loss; infinite where a firm may default twice."""
        if self.mixing.poisson:
            return float("inf")
        if self.severity.fixed:
            return float(np.sum(self.exposures * self.severity.mean))
        return float(self.exposures.sum())


@dataclass(frozen=True)
class Lattice:
    """A lattice of ``size`` points ``unit`` apart; ``exact`` if every loss lies on it."""

    unit: float
    size: int
    exact: bool

    def points(self, largest: float) -> int:
        """How many of the points are needed up to the largest loss; more hold only round-off.

        >>> Lattice(5.0, 16, True).points(40.0), Lattice(5.0, 16, False).points(40.0)
        (9, 16)
        """
        if not self.exact or largest > self.unit * self.size:
            return self.size
        return int(np.rint(largest / self.unit)) + 1


def plain_mean(book: Book, cumulants: Cumulants) -> float:
    """Expected loss; from the nodes only where severity moves with the factor."""
    if book.severity.sensitivity:
        return float(cumulants.nodes.weights @ cumulants.first)
    return float((book.exposures * book.severity.mean) @ book.pds)


def _top(book: Book, cumulants: Cumulants | None) -> float:
    """The largest loss the lattice must hold."""
    if not book.mixing.poisson or cumulants is None:
        return float(np.sum(book.exposures * book.severity.mean))
    deviations, loans = _POISSON_ROOM
    reach = cumulants.first + deviations * np.sqrt(cumulants.second)
    return float(reach.max() + loans * book.exposures.max())


def chosen_lattice(
    book: Book, points: int, cumulants: Cumulants | None = None, limit: int = EXACT_POINTS
) -> Lattice:
    """The exact lattice if the losses share a unit that is not too fine, else ``points``.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> book = Book(np.array([30.0, 50.0]), np.full(2, 0.1), Gaussian(0.1), Severity(0.5))
    >>> chosen_lattice(book, 1024)
    Lattice(unit=5.0, size=16, exact=True)
    """
    active = book.exposures[book.exposures > 0.0]
    total = _top(book, cumulants)
    if book.severity.fixed:
        single = np.ndim(book.severity.mean) == 0
        scale = float(book.severity.mean) if single else 1.0
        amounts = active if single else book.exposures * book.severity.mean
        unit = common_unit(amounts[amounts > 0.0])
        if unit is not None and total / (unit * scale) < max(limit, points):
            size = 1 << int(np.rint(total / (unit * scale))).bit_length()
            return Lattice(unit * scale, max(size, 2), True)
    elif not book.mixing.poisson:
        total = float(active.sum())
    # Every loan of a small book may be rounded up by a unit.
    size = 1 << (points - 1).bit_length()
    size = max(size, 1 << (4 * min(active.size, FEW)).bit_length())
    return Lattice(total / (size - min(active.size, FEW) - 3), size, False)


def fine_nodes(book: Book, cumulants: Cumulants) -> Nodes:
    """Nodes that also resolve what remains when the largest loans are set aside.

    A dominant loan widens the conditional law without smoothing it: the rest decides.
    """
    if book.mixing.independent:
        return cumulants.nodes
    active = book.pds > 0.0
    losses = (book.exposures * book.severity.mean)[active]
    ordered = np.sort(losses[losses > 0.0])
    if ordered.size == 0:
        return cumulants.nodes
    ordered /= ordered[-1]
    ratios = np.sqrt(np.cumsum(ordered * ordered)) / np.cumsum(ordered)
    finer = float(ratios.min() / ratios[-1])
    coordinates = book.mixing.coordinates(book.pds)[:, active]
    columns = np.stack([losses, losses * losses])
    points, weights = grouped(coordinates, columns, book.mixing.scales())
    return adaptive_nodes(
        book.mixing, points, weights[0], weights[1], coordinates, fineness=STEP * finer
    )


def book_parts(book: Book, lattice: Lattice, rounding: Rounding = "mean") -> list[Part]:
    """The book on the lattice: by severity law, large loans apart."""
    everyone = np.arange(book.exposures.size)
    chosen: list[tuple[Indices, SeverityClass | None]] = [(everyone, None)]
    losses = book.exposures * book.severity.mean
    if not book.severity.fixed:
        losses = book.exposures
        laws = book.severity.classes(book.exposures.size)
        chosen = [(everyone[who], law) for who, law in laws]
    parts: list[Part] = []
    coordinates = book.mixing.coordinates(book.pds)
    big = losses > _BIG * losses.sum()
    for mine, law in chosen:
        random = law if law is not None and law.deviation > 0.0 else None
        scale = law.mean if law is not None and random is None else 1.0
        for some, each in ((mine[~big[mine]], False), (mine[big[mine]], True)):
            if some.size:
                parts.append(
                    placed(
                        losses[some] * scale,
                        book.pds[some],
                        book.mixing,
                        lattice.unit,
                        random,
                        rounding,
                        coordinates[:, some],
                        each,
                    )
                )
    return parts


def mixed_masses(book: Book, lattice: Lattice, nodes: Nodes, rounding: Rounding = "mean") -> Floats:
    """Probabilities [size] of the lattice points: one inverse transform for all nodes."""
    total = np.zeros(lattice.size // 2 + 1, dtype=np.complex128)
    if book.severity.sensitivity:
        for z, weight in zip(nodes.z, nodes.weights, strict=True):
            parts = book_parts(_at_node(book, float(z)), lattice, rounding)
            total += (
                weight * conditional_transforms(parts, book.mixing, np.array([z]), lattice.size)[0]
            )
        by_year: Floats = np.fft.irfft(total, lattice.size)
        return by_year
    parts = book_parts(book, lattice, rounding)
    for some in node_chunks(nodes.z.size, lattice.size):
        transforms = conditional_transforms(parts, book.mixing, nodes.z[some], lattice.size)
        total += nodes.weights[some] @ transforms
    masses: Floats = np.fft.irfft(total, lattice.size)
    return masses


def _at_node(book: Book, z: float) -> Book:
    """The book with its severity as it is in one year."""
    mean = np.empty(book.exposures.size)
    deviation = np.empty(book.exposures.size)
    for who, law in book.severity.classes(book.exposures.size):
        mean[who] = law.mean_at(np.array([z]))[0]
        k = law.concentration
        deviation[who] = np.sqrt(k * mean[who] * (1.0 - mean[who]))
    return Book(book.exposures, book.pds, book.mixing, Severity(mean, deviation))


def lattice_distribution(
    book: Book,
    cumulants: Cumulants,
    points: int,
    certain: float,
    reason: str,
    diagnostics: Diagnostics | None,
) -> Distribution:
    """The book's distribution on the lattice; its error bound is worked out when asked for."""
    lattice = chosen_lattice(book, points, cumulants)
    nodes = fine_nodes(book, cumulants)
    active = (book.exposures > 0.0) & (book.pds > 0.0)
    if (
        not lattice.exact
        and not book.mixing.poisson
        and book.severity.fixed
        and np.count_nonzero(active) <= _FEWEST
    ):
        return _enumerated(book, active, nodes, certain, reason)
    masses = mixed_masses(book, lattice, nodes)[: lattice.points(book.largest)]
    law = lattice_law(masses, lattice.unit, not lattice.exact)

    def error() -> Error:
        own = _ROUND_OFF / _SMALLEST_TAIL + nodes.error
        if lattice.exact:
            return Error("round-off", own)
        down, up = _brackets(book, lattice, nodes)
        return Error("bound", own + relative_spread(down, up, law))

    mean = certain + plain_mean(book, cumulants)
    exactly = "" if lattice.exact else f"; {lattice.size} points, rounded keeping the mean"
    return Distribution(
        law, mean, "lattice", reason + exactly, nodes.z.size, diagnostics, certain, error
    )


def _enumerated(
    book: Book, active: npt.NDArray[np.bool_], nodes: Nodes, certain: float, reason: str
) -> Distribution:
    """All 2^k outcomes of a few loans without a common unit."""
    losses = (book.exposures * book.severity.mean)[active]
    pds = book.mixing.conditional(book.mixing.coordinates(book.pds)[:, active], nodes.z)
    values, masses = np.zeros(1), np.ones((nodes.z.size, 1))
    for loss, pd in zip(losses, pds.T, strict=True):
        values = np.concatenate([values, values + loss])
        masses = np.hstack([masses * (1.0 - pd[:, None]), masses * pd[:, None]])
    order = np.argsort(values, kind="stable")
    mixed = (nodes.weights @ masses)[order]
    tails: Floats = np.append(np.cumsum(mixed[:0:-1])[::-1], 0.0)
    # The same loss in several ways: what counts is the tail after the last of them.
    last = np.append(np.diff(values[order]) > 0.0, True)
    law = Atoms(values[order][last], tails[last])
    mean = certain + float(losses @ book.pds[active])
    return Distribution(
        law,
        mean,
        "lattice",
        f"{reason}; {losses.size} loans without a common unit, every outcome",
        nodes.z.size,
        certain=certain,
        _error=lambda: Error("round-off", _ROUND_OFF / _SMALLEST_TAIL + nodes.error),
    )


def _brackets(book: Book, lattice: Lattice, nodes: Nodes) -> tuple[Law, Law]:
    """Laws of all losses rounded down and rounded up: the truth lies between."""
    size = 2 * lattice.size
    wide = Lattice(lattice.unit, size, False)
    down = lattice_law(mixed_masses(book, wide, nodes, "down"), lattice.unit, False)
    up = lattice_law(mixed_masses(book, wide, nodes, "up"), lattice.unit, False)
    return down, up


def comonotone_distribution(book: Book, points: int) -> Distribution:
    """Correlation 1: firms default in the order of their PD; exact where losses are fixed.

    ValueError for a severity that moves with the factor.
    """
    reason = "correlation 1: firms default in the order of their PD"
    losses = book.exposures * book.severity.mean
    mean = float(losses @ book.pds)
    if book.severity.fixed:
        return Distribution(comonotone_law(losses, book.pds), mean, "comonotone", reason, 1)
    if book.severity.sensitivity:
        raise ValueError("correlation 1 with a severity that moves with the factor is not offered")
    lattice = chosen_lattice(book, points)
    laws: list[SeverityClass] = [SeverityClass(1.0, 0.0, 0.0)] * book.exposures.size
    for who, one in book.severity.classes(book.exposures.size):
        for firm in np.arange(book.exposures.size)[who]:
            laws[firm] = one
    mixture = comonotone_transform(book.exposures, book.pds, laws, lattice.unit, lattice.size)
    atoms = lattice_law(np.fft.irfft(mixture, lattice.size), lattice.unit, True)
    return Distribution(
        atoms, mean, "comonotone", reason, 1, None, 0.0, lambda: Error("estimate", 1e-3)
    )
