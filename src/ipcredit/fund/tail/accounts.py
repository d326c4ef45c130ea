"""Lenders' accounts with caps, first losses or steps, then their sum: exact, no sampling.

Given the factor, firms default independently, so accounts without a common firm are
independent: each account's conditional loss distribution is pushed through its own payout
function and the accounts are convolved, node by node.  A firm that borrows in several
accounts defaults in all of them at once: such firms are conditioned on first, by keeping a
default / no-default axis for each from the first account it appears in to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.tail.assembly import Book, Lattice, book_parts, chosen_lattice, fine_nodes
from ipcredit.fund.tail.book import WHOLE, checked_book
from ipcredit.fund.tail.distribution import Distribution, Error, Law
from ipcredit.fund.tail.edgeworth import conditional_cumulants
from ipcredit.fund.tail.lattice import Complexes, Indices, Part, conditional_transforms
from ipcredit.fund.tail.laws import WithTop, lattice_law
from ipcredit.fund.tail.mixing import Floats, Gaussian, Mixing
from ipcredit.fund.tail.payouts import Payout, at_most, checked, pushed, spread
from ipcredit.fund.tail.quadrature import Nodes
from ipcredit.fund.tail.severity import Severity
from ipcredit.fund.tail.unit import common_unit

ACCOUNT_POINTS: Final = 2**12
"""Lattice points of one account's loss where its loans share no unit."""

SUM_POINTS: Final = 2**13
"""Lattice points of the sum of payouts where these share no unit."""

MOST_SHARED: Final = 12
"""Firms in several accounts that are conditioned on at most, largest first."""

_CHUNK: Final = 2_000_000


@dataclass(frozen=True, eq=False)
class AccountLosses:
    """What all accounts pay together, and each alone; amounts in the exposures' unit.

    ``total`` is the distribution of the sum, ``accounts`` [A] that of each payout,
    ``mean_payouts`` [A] and ``mean_losses`` [A] their means.  ``shared`` firms borrow in
    several accounts, ``conditioned`` of them were taken into account exactly; where
    ``complete`` is false the others were treated as different firms in each account, the
    tail is too light, and the caller should sample instead.
    """

    total: Distribution
    accounts: tuple[Distribution, ...]
    mean_payouts: Floats
    mean_losses: Floats
    shared: int
    conditioned: int

    @property
    def complete(self) -> bool:
        """Whether every firm that borrows in several accounts was conditioned on."""
        return self.shared == self.conditioned


def account_losses(
    exposures: npt.ArrayLike,
    firms: npt.ArrayLike,
    accounts: npt.ArrayLike,
    pds: npt.ArrayLike,
    mixing: Mixing,
    payouts: Sequence[Payout],
    severity: Severity = WHOLE,
    *,
    points: int = SUM_POINTS,
    account_points: int = ACCOUNT_POINTS,
    most_shared: int = MOST_SHARED,
) -> AccountLosses:
    """What lenders' accounts pay together when each applies its own payout function.

    ``exposures``, ``firms`` and ``accounts`` [n] describe loans: amount, row of the firm in
    ``pds`` [F], number of the account in ``payouts`` [A].  Loans of one firm default
    together; ``severity`` is fixed (one number or one for each loan) or one random law, then
    drawn for each firm and account.  Cost grows with 2 to the number of conditioned firms
    open at once.  ValueError for input out of range, a payout that falls, a correlation of 1
    or per firm, Poisson defaults, or a severity that moves with the factor.

    >>> from ipcredit.fund.tail.mixing import Gaussian
    >>> from ipcredit.fund.tail.payouts import capped
    >>> found = account_losses(
    ...     [100.0, 100.0, 100.0], [0, 1, 1], [0, 0, 1], [0.1, 0.2], Gaussian(0.0),
    ...     [capped(1.0, 150.0), capped(1.0, 50.0)],
    ... )
    >>> print(found.mean_payouts.round(6), found.shared, found.complete)
    [29. 10.] 1 True
    >>> print(found.total.points, found.total.tail([0.0, 100.0, 150.0]).round(6))
    [  0.  50. 100. 150. 200.] [0.28 0.2  0.02]
    """
    loans = _Loans.of(exposures, firms, accounts, pds, mixing, payouts, severity)
    nodes = loans.nodes(points)
    shared = loans.shared()
    open_firms = shared[:most_shared]
    grids = [_Account.of(loans, a, account_points, open_firms) for a in range(len(payouts))]
    plan = _payout_lattice(grids, points)
    # One column more than frequencies: the probability that every account pays its most.
    mixture = np.zeros(plan.size // 2 + 2, dtype=np.complex128)
    own = [np.zeros(grid.lattice.size) for grid in grids]
    step = max(1, (_CHUNK // plan.size) >> min(open_firms.size, 6))
    for start in range(0, nodes.z.size, step):
        some = slice(start, start + step)
        mixture += _block(grids, plan, nodes.z[some], nodes.weights[some], own)
    return _result(loans, grids, plan, mixture, own, nodes, (shared.size, open_firms.size))


def _result(
    loans: _Loans,
    grids: list[_Account],
    plan: Lattice,
    mixture: Complexes,
    own: list[Floats],
    nodes: Nodes,
    shared: tuple[int, int],
) -> AccountLosses:
    means = np.array([masses @ grid.paid for grid, masses in zip(grids, own, strict=True)])
    exact = plan.exact and all(grid.lattice.exact for grid in grids)
    law: Law = (
        pushed(own[0], grids[0].paid)
        if exact and len(grids) == 1
        else _sum_law(grids, plan, mixture)
    )
    kind = "exact" if exact else "rounded keeping the mean"

    def error() -> Error:
        # Rounding inflates the variance by a sixth of a squared cell for each account.
        cell = 0.0 if exact else float(plan.unit * np.sqrt(len(grids) / 12.0))
        decay = 20.0 / max(law.at_tail(1e-6), 1e-300)
        return Error("round-off" if exact else "estimate", 2e-8 + nodes.error + (cell * decay) ** 2)

    def one(masses: Floats, grid: _Account, mean: float) -> Distribution:
        return Distribution(
            pushed(masses, grid.paid), mean, "lattice", "one account", nodes.z.size, _error=error
        )

    total = Distribution(
        law,
        float(means.sum()),
        "lattice",
        f"accounts with payout functions; {kind}",
        nodes.z.size,
        _error=error,
    )
    separate = tuple(
        one(masses, grid, float(mean)) for masses, grid, mean in zip(own, grids, means, strict=True)
    )
    losses = np.array([grid.mean_loss for grid in grids])
    return AccountLosses(total, separate, means, losses, *shared)


def _sum_law(grids: list[_Account], plan: Lattice, mixture: Complexes) -> Law:
    """The law of the sum; where it is rounded, the sum of all caps stays an exact atom."""
    transform, mass = mixture[:-1], float(mixture[-1].real)
    if plan.exact:
        most = plan.points(sum(grid.most for grid in grids))
        return lattice_law(np.fft.irfft(transform, plan.size)[:most], plan.unit, False)
    smeared = np.ones(plan.size // 2 + 1, dtype=np.complex128)
    for grid in grids:
        smeared *= np.fft.rfft(spread(grid.paid[-1:], plan.unit).apply(np.ones((1, 1)), plan.size))[
            0
        ]
    masses = np.fft.irfft(transform - mass * smeared, plan.size)
    rest = lattice_law(masses, plan.unit, True)
    return WithTop(rest, sum(grid.most for grid in grids), mass)


@dataclass(frozen=True, eq=False)
class _Loans:
    """Loans merged by firm and account: losses, or exposures under a random severity."""

    amounts: Floats
    firms: Indices
    accounts: Indices
    pds: Floats
    mixing: Mixing
    severity: Severity
    payouts: tuple[Payout, ...]

    @staticmethod
    def of(
        exposures: npt.ArrayLike,
        firms: npt.ArrayLike,
        accounts: npt.ArrayLike,
        pds: npt.ArrayLike,
        mixing: Mixing,
        payouts: Sequence[Payout],
        severity: Severity,
    ) -> _Loans:
        firm = np.atleast_1d(np.asarray(firms)).astype(np.intp)
        account = np.atleast_1d(np.asarray(accounts)).astype(np.intp)
        probabilities = np.atleast_1d(np.asarray(pds, dtype=np.float64))
        if not payouts:
            raise ValueError("accounts: expected at least one payout function")
        for name, values, count in (
            ("firm", firm, probabilities.size),
            ("account", account, len(payouts)),
        ):
            if values.size and not (values.min() >= 0 and values.max() < count):
                raise ValueError(f"{name} numbers must lie in 0..{count - 1}")
        if firm.shape != account.shape or firm.ndim != 1 or firm.size == 0:
            raise ValueError("firms and accounts: expected one number for each loan")
        amounts, _ = checked_book(exposures, probabilities[firm])
        if amounts.size != firm.size:
            raise ValueError("exposures, firms and accounts: expected one for each loan")
        checked_book(np.ones(probabilities.size), probabilities)
        if severity.sensitivity or mixing.comonotone or mixing.poisson:
            raise ValueError(
                "accounts: correlation 1, Poisson defaults or a severity that moves with the "
                "factor is not offered here; sample instead"
            )
        if np.size(getattr(mixing, "correlation", 0.0)) > 1:
            raise ValueError("accounts: expected one correlation for all firms")
        if severity.fixed:
            amounts, severity = amounts * severity.mean, WHOLE
        elif np.ndim(severity.mean) or np.ndim(severity.deviation):
            raise ValueError("accounts: expected one random severity for all loans")
        keys, place = np.unique(firm * len(payouts) + account, return_inverse=True)
        merged = np.bincount(place.ravel(), weights=amounts, minlength=keys.size)
        return _Loans(
            merged.astype(np.float64),
            keys // len(payouts),
            keys % len(payouts),
            probabilities,
            mixing,
            severity,
            tuple(payouts),
        )

    def nodes(self, points: int) -> Nodes:
        """Nodes that resolve the sum of all losses, firm by firm."""
        totals: Floats = np.bincount(
            self.firms, weights=self.amounts, minlength=self.pds.size
        ).astype(np.float64)
        book = Book(totals, self.pds, self.mixing, self.severity)
        return fine_nodes(book, conditional_cumulants(*_fields(book)))

    def shared(self) -> Indices:
        """Firms with loans in several accounts that may or may not default, largest first."""
        live = self.amounts > 0.0
        count = np.bincount(self.firms[live], minlength=self.pds.size)
        size = np.bincount(self.firms, weights=self.amounts, minlength=self.pds.size)
        several = np.flatnonzero((count > 1) & (self.pds > 0.0) & (self.pds < 1.0))
        return several[np.argsort(-size[several], kind="stable")]


def _fields(book: Book) -> tuple[Floats, Floats, Mixing, Severity]:
    return book.exposures, book.pds, book.mixing, book.severity


@dataclass(frozen=True, eq=False)
class _Account:
    """One account on its loss lattice, ready for any nodes.

    ``parts`` are its loans but those of ``firms``, the conditioned ones that borrow here;
    ``defaults`` the generating functions [F] of what these lose it; ``chances`` tells their
    PDs; ``paid`` is the payout at each lattice point, ``atop`` the part of a cell where it is
    largest.
    """

    mixing: Mixing
    lattice: Lattice
    parts: list[Part]
    firms: tuple[int, ...]
    defaults: list[Complexes]
    coordinates: Floats
    paid: Floats
    atop: Floats
    mean_loss: float

    @staticmethod
    def of(loans: _Loans, number: int, points: int, conditioned: Indices) -> _Account:
        here = np.flatnonzero((loans.accounts == number) & (loans.amounts > 0.0))
        amounts, firms = loans.amounts[here], loans.firms[here]
        book = Book(amounts, loans.pds[firms], loans.mixing, loans.severity)
        lattice = Lattice(1.0, 2, True)
        if here.size:
            lattice = chosen_lattice(book, points, limit=2 * points)
        grid: Floats = np.arange(lattice.size, dtype=np.float64) * lattice.unit
        paid = checked(loans.payouts[number], grid, number)
        apart = np.isin(firms, conditioned)
        mine = [firm for firm in conditioned.tolist() if firm in firms]
        defaults = []
        for firm in mine:
            one = Book(amounts[firms == firm], np.ones(1), Gaussian(0.0), loans.severity)
            parts = book_parts(one, lattice)
            defaults.append(conditional_transforms(parts, one.mixing, np.zeros(1), lattice.size)[0])
        kept = Book(amounts[~apart], loans.pds[firms[~apart]], loans.mixing, loans.severity)
        return _Account(
            loans.mixing,
            lattice,
            book_parts(kept, lattice) if kept.exposures.size else [],
            tuple(mine),
            defaults,
            loans.mixing.coordinates(loans.pds[mine]),
            paid,
            at_most(loans.payouts[number], paid, lattice.unit, lattice.exact),
            float((amounts * loans.severity.mean) @ loans.pds[firms]),
        )

    @property
    def most(self) -> float:
        """The largest payout."""
        return float(self.paid[-1])

    def payouts(self, z: Floats, weights: Floats, plan: Lattice, own: Floats) -> Complexes:
        """Generating functions of the payout, shape [nodes, 2, 2, ..., F + 1].

        An axis for each conditioned firm; the last column is the chance of the largest
        payout.  The account's own distribution over these nodes is added to ``own``.
        """
        scheme = spread(self.paid, plan.unit)
        base = conditional_transforms(self.parts, self.mixing, z, self.lattice.size)
        chances = self.mixing.conditional(self.coordinates, z)
        states = (2,) * len(self.firms)
        result: Complexes = np.empty((z.size, *states, plan.size // 2 + 2), dtype=np.complex128)
        for state in np.ndindex(*states):
            product, chance = base, weights
            for happens, default, pd in zip(state, self.defaults, chances.T, strict=True):
                product = product * default if happens else product
                chance = chance * (pd if happens else 1.0 - pd)
            masses = np.fft.irfft(product, self.lattice.size, axis=1)
            own += chance @ masses
            place = (slice(None), *state)
            result[(*place, slice(None, -1))] = np.fft.rfft(scheme.apply(masses, plan.size), axis=1)
            result[(*place, -1)] = masses @ self.atop
        return result


def _block(
    grids: list[_Account], plan: Lattice, z: Floats, weights: Floats, own: list[Floats]
) -> Complexes:
    """Generating function [F + 1] of the sum, weighted over some nodes.

    A firm's axis is opened by the first account it borrows in and summed out after the last.
    """
    product: Complexes = np.ones((z.size, 1), dtype=np.complex128)
    opened: list[int] = []
    for number, grid in enumerate(grids):
        table = grid.payouts(z, weights, plan, own[number])
        fresh = [firm for firm in grid.firms if firm not in opened]
        product = product.reshape(*product.shape[:-1], *(1,) * len(fresh), product.shape[-1])
        opened += fresh
        order = [grid.firms.index(firm) + 1 for firm in opened if firm in grid.firms]
        table = table.transpose(0, *order, table.ndim - 1)
        shape = [2 if firm in grid.firms else 1 for firm in opened]
        product = product * table.reshape(z.size, *shape, table.shape[-1])
        later = {firm for after in grids[number + 1 :] for firm in after.firms}
        chances = grid.mixing.conditional(grid.coordinates, z)
        for place, firm in enumerate(grid.firms):
            if firm in later:
                continue
            axis = opened.index(firm) + 1
            pd = chances[:, place].reshape(-1, *(1,) * (product.ndim - 2))
            stays, defaults = product.take(0, axis), product.take(1, axis)
            product = stays + pd * (defaults - stays)
            opened.remove(firm)
    mixed: Complexes = weights @ product
    return mixed


def _payout_lattice(grids: list[_Account], points: int) -> Lattice:
    """The lattice of the sum: the losses' own unit if every payout lies on it."""
    most = sum(grid.most for grid in grids)
    if most <= 0.0:
        return Lattice(1.0, 2, True)
    amounts = np.unique(np.concatenate([grid.paid for grid in grids]))
    exact = all(grid.lattice.exact for grid in grids)
    unit = common_unit(amounts[amounts > 0.0]) if exact else None
    if unit is not None and most / unit < 2 * points:
        return Lattice(unit, 1 << int(np.rint(most / unit)).bit_length(), True)
    size = 1 << (points - 1).bit_length()
    return Lattice(most / (size - len(grids) - 2), size, False)
