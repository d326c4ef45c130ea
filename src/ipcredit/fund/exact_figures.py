"""The figures of one period that need no sampling; ``None`` for those that do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from ipcredit.fund.exact_groups import classes_of, factors_total, one_factor
from ipcredit.fund.exact_laws import PLAIN, Owed, same
from ipcredit.fund.exact_layers import Accounts, Layer, separate
from ipcredit.fund.exact_parts import blame
from ipcredit.fund.one_period import Bools, Floats, Ints, OnePeriod, Purse, Trip, sums
from ipcredit.fund.result import TAIL, ClauseRow, Figure, Spread
from ipcredit.fund.tail.accounts import AccountLosses, account_losses
from ipcredit.fund.tail.assembly import Book, chosen_lattice
from ipcredit.fund.tail.book import LARGEST_SHARE, POINTS, WHOLE, total_loss
from ipcredit.fund.tail.distribution import Distribution
from ipcredit.fund.tail.mixing import Gamma, Gaussian
from ipcredit.fund.tail.severity import MOST_CLASSES, Severity

MOST_CONDITIONED: Final = 6
"""Firms at several accounts that are gone through case by case at most."""
# Relative accuracy asked of the expansion: for the headline, and for purses and clauses.
_FINE: Final = 1e-5
_COARSE: Final = 5e-3
_ROUGH: Final = 5e-2
_HALF: Final = 0.5  # thresholds are whole minor units: at or above x is above x - 1/2


class Exact:
    """Answers for one problem; every answer is worked out when it is first asked for."""

    def __init__(self, problem: OnePeriod) -> None:
        self.problem = problem
        self.mixing = problem.factor.mixing
        found = separate(problem)
        self.accounts: Accounts | None = found if isinstance(found, Accounts) else None
        self.reason = found if isinstance(found, str) else ""
        self.conditioned = 0
        self._purses: dict[str, Owed | None] = {}
        self._breakers: dict[str, list[ClauseRow] | None] = {}

    # -- laws --------------------------------------------------------------------------------

    def total(
        self,
        values: Floats,
        severity: Severity = WHOLE,
        rows: Bools | None = None,
        accuracy: float = _COARSE,
    ) -> Distribution | None:
        """The law of items' amounts added up over the firms that default.

        ``None`` with several factors where the expansion does not serve.
        """
        if rows is not None:
            values = np.where(rows, values, 0.0)
        by_firm = self.problem.by_firm(values)
        some = by_firm > 0
        if not some.any():
            some[:1] = True
        if severity is not WHOLE and np.ndim(severity.mean):
            mean = np.asarray(severity.mean)[some]
            spread = np.broadcast_to(severity.deviation, some.shape)[some]
            severity = Severity(mean, spread, severity.sensitivity)
        mixing: Gaussian | Gamma | None = self.mixing
        if self.problem.group is not None:
            # Alone in its group, a firm's severity still moves with the group's own factor.
            classes = classes_of(self.problem.group[some], alone=severity.sensitivity == 0.0)
            mixing = one_factor(classes, self.problem.factor)
        if mixing is None:
            book = by_firm[some], self.problem.pd[some], classes, self.problem.factor, severity
            found = factors_total(*book, fine=accuracy == _FINE)
            if found is None:
                self.reason = self.reason or "groups-law"
            return found
        return self._one_factor(by_firm[some], self.problem.pd[some], mixing, severity, accuracy)

    def _one_factor(
        self,
        amounts: Floats,
        pd: Floats,
        mixing: Gaussian | Gamma,
        severity: Severity,
        accuracy: float,
    ) -> Distribution:
        book = amounts, pd, mixing, severity
        if mixing.comonotone:
            return total_loss(*book)
        quick = total_loss(*book, method="expansion")
        about, error = quick.diagnostics, quick.error.value
        granular = about is None or about.largest_share <= LARGEST_SHARE
        # Where the lattice is exact it is worth a thousand times the time, else it is not: its
        # rounding is bounded, but not below what the expansion leaves out.
        if granular and (error <= accuracy or (error <= _COARSE and not self._on_lattice(*book))):
            return quick
        return total_loss(*book, accuracy=accuracy)

    @staticmethod
    def _on_lattice(
        amounts: Floats, pd: Floats, mixing: Gaussian | Gamma, severity: Severity
    ) -> bool:
        return chosen_lattice(Book(amounts, pd, mixing, severity), POINTS).exact

    def _random(self, amounts: Floats, share: Floats) -> Distribution | None:
        """The law of amounts x loss share, where the shares are as random as the scenario says.

        ``None``: to be sampled.
        """
        law = self.problem.severity
        if law.fixed:
            return self.total(amounts * share, accuracy=_FINE)
        if self.mixing.comonotone:
            return None
        owed = self.problem.by_firm(amounts)
        lost = self.problem.by_firm(amounts * share)
        mean = np.where(owed > 0, lost / np.where(owed > 0, owed, 1.0), 0.0).round(12)
        deviation = np.where((mean > 0) & (mean < 1), law.deviation, 0.0)
        if (deviation**2 >= mean * (1 - mean))[deviation > 0].any():
            return None
        values = np.unique(mean[owed > 0])
        if len(values) > MOST_CLASSES:
            return None
        severity = Severity(mean, deviation, law.sensitivity)
        if len(values) == 1:
            severity = Severity(float(values[0]), float(deviation.max()), law.sensitivity)
        if law.deviation and law.sensitivity and self.problem.group is None:
            # A lattice of its own for every factor value takes minutes: sampling is quicker.
            some = owed > 0
            arrays = np.ndim(severity.mean) > 0
            used = Severity(mean[some], deviation[some], law.sensitivity) if arrays else severity
            book = owed[some], self.problem.pd[some], self.mixing, used
            found = total_loss(*book, method="expansion")
            if found.error.value <= _ROUGH:
                return found
            self.reason = self.reason or "random-severity"
            return None
        return self.total(amounts, severity)

    @cached_property
    def loss(self) -> Owed | None:
        """Principal lost."""
        share = np.where(self.problem.owed > 0, self.problem.loss / _safe(self.problem.owed), 0.0)
        return _owed(self._random(self.problem.owed, share))

    @cached_property
    def gross(self) -> Owed | None:
        """What the fund owes under its clauses."""
        if self.accounts is None:
            return None
        if not self.accounts.split:
            total = self.total(self.accounts.amount, accuracy=_FINE)
            return _owed(total, self.accounts.top, least=self._least(self.accounts.amount))
        found = self._by_account
        return None if found is None else Owed(found.total, self.accounts.top)

    @cached_property
    def _by_account(self) -> AccountLosses | None:
        """What all accounts pay together, where F firms at several can be gone through."""
        accounts, problem = self.accounts, self.problem
        if self.problem.group is not None:
            self.reason = self.reason or "groups-accounts"
            return None
        if accounts is None or self.mixing.comonotone:
            self.reason = self.reason or "one-order"
            return None
        if any(layer.stop < math.inf for layer in accounts.layers):
            self.reason = "stopped-account"
            return None
        pays = accounts.amount > 0
        if not pays.any():
            return None
        if self._shared(pays) > MOST_CONDITIONED:
            self.reason = "shared-firms"
            return None
        found = account_losses(
            accounts.amount[pays],
            problem.firm[pays],
            accounts.account[pays],
            problem.pd,
            self.mixing,
            accounts.layers,
            most_shared=MOST_CONDITIONED,
        )
        self.conditioned = found.conditioned
        return found

    def _shared(self, pays: Bools) -> int:
        """Firms whose default hits several accounts."""
        if self.accounts is None:
            return 0
        pairs = np.unique(np.stack([self.problem.firm[pays], self.accounts.account[pays]]), axis=1)
        uncertain = (self.problem.pd > 0) & (self.problem.pd < 1)
        return int((np.bincount(pairs[0], minlength=self.problem.firms)[uncertain] > 1).sum())

    @cached_property
    def net(self) -> Owed | None:
        """What of it does not come back."""
        if self.accounts is None:
            return None
        pays = self.accounts.amount > 0
        share = self.problem.net[pays]
        if same(share) and (self.problem.severity.fixed or (share == 1).all()):
            gross = self.gross
            scale = float(share[0]) if share.size else 1.0
            return None if gross is None else replace(gross, scale=scale)
        if self.plain:
            return _owed(self._random(self.accounts.amount, self.problem.net))
        return None

    @property
    def plain(self) -> bool:
        """Whether no clause depends on who else defaults."""
        return self.accounts is not None and not self.accounts.split and self.accounts.top.plain

    def account(self, at: int) -> Owed | None:
        """What one account is paid before clauses of the whole fund."""
        if self.accounts is None:
            return None
        rows = self.accounts.account == at
        amount = self.accounts.amount
        least = self._least(np.where(rows, amount, 0.0))
        return _owed(self.total(amount, rows=rows), self.accounts.layers[at], least=least)

    @staticmethod
    def _least(values: Floats) -> float:
        """The smallest amount that is not 0."""
        some = values[values > 0]
        return float(some.min()) if some.size else 0.0

    # -- purses ------------------------------------------------------------------------------

    def purse(self, purse: Purse) -> Owed | None:
        """What a purse is asked for."""
        if purse.name not in self._purses:
            self._purses[purse.name] = self._asked(purse)
        return self._purses[purse.name]

    def _asked(self, purse: Purse) -> Owed | None:
        accounts = self.accounts
        if accounts is None:
            return None
        rows = purse.member[self.problem.cell]
        if rows[accounts.amount > 0].all():
            gross = self.gross
            return None if gross is None else replace(gross, scale=purse.share)
        if self.plain:
            least = self._least(np.where(rows, accounts.amount, 0.0))
            total = self.total(accounts.amount, rows=rows)
            return _owed(total, scale=purse.share, least=least)
        inside = np.unique(accounts.account[rows & (accounts.amount > 0)])
        whole = np.isin(accounts.account, inside) & (accounts.amount > 0)
        if not accounts.top.plain or len(inside) > 1 or (whole & ~rows).any():
            return None
        if not inside.size:
            return _owed(self.total(np.zeros_like(accounts.amount)))
        own = self.account(int(inside[0]))
        return None if own is None else replace(own, scale=purse.share)

    # -- clauses -----------------------------------------------------------------------------

    @cached_property
    def limits(self) -> list[ClauseRow] | None:
        """How often each limit cuts, for everyone under it."""
        accounts = self.accounts
        if accounts is None:
            return None
        found: list[ClauseRow] = []
        laws: dict[int, Owed] = {}
        for limit in accounts.limits:
            clause = self.problem.clauses[limit.clause]
            if limit.account not in laws:
                own = self.account(limit.account) if limit.account >= 0 else self.gross
                if own is None:
                    return None
                laws[limit.account] = own
            stop = (accounts.top if limit.account < 0 else accounts.layers[limit.account]).stop
            law = replace(laws[limit.account], layer=Layer(stop=stop))
            who = name_of(self.problem, clause.scope, limit.group)
            chance = law.chance(limit.above * (1 + 1e-12))
            title, path = clause.title, clause.path
            found.append(ClauseRow(clause.name, path, title, clause.scope, who, "", chance))
        return found

    def breaker(self, trip: Trip) -> list[ClauseRow] | None:
        """How often one breaker trips, for everyone whom it watches."""
        if trip.name not in self._breakers:
            self._breakers[trip.name] = self._trips(trip)
        return self._breakers[trip.name]

    def _trips(self, trip: Trip) -> list[ClauseRow] | None:
        if trip.measure == "payouts" or (trip.measure == "claims" and self.problem.stopping):
            return None
        values = self.problem.overdue if trip.measure == "overdue" else self.problem.accepted
        group = trip.group[self.problem.cell]
        found = []
        for at in np.unique(group[group >= 0]).tolist():
            law = _owed(self.total(values, rows=group == at), least=1.0)
            if law is None:
                return None
            least = max(float(trip.threshold[at]), 1.0)
            chance = law.chance(least - _HALF)
            who = name_of(self.problem, trip.scope, at)
            row = ClauseRow(trip.name, trip.path, trip.title, trip.scope, who, trip.stops, chance)
            found.append(row)
        return found

    # -- parts -------------------------------------------------------------------------------

    def parts_mean(self, codes: Ints, count: int, scope: str) -> list[Figure] | None:
        """Each part of the expected payout, in the order of the codes of items."""
        accounts = self.accounts
        if accounts is None:
            return None
        chance = self.problem.pd[self.problem.firm]
        if self.plain:
            found = sums(codes, accounts.amount * chance, count)
            return [Figure(float(x), 0.0, "exact") for x in found]
        if not accounts.split or accounts.scope != scope or not accounts.top.plain:
            return None
        losses = self._by_account
        if losses is None:
            return None
        error = losses.total.error.value
        return [Figure(float(x), error * float(x), "lattice") for x in losses.mean_payouts]

    @cached_property
    def _blame(self) -> tuple[Floats, float] | None:
        """Each firm's part of the expected shortfall, and a relative error."""
        gross = self.gross
        if gross is None or not self.plain or self.accounts is None:
            return None
        if self.problem.group is not None:
            self.reason = self.reason or "groups-parts"
            return None
        by_firm = self.problem.by_firm(self.accounts.amount)
        found = blame(gross.total, by_firm, self.problem.pd, self.mixing, TAIL)
        if found is None:
            self.reason = self.reason or "odd-amounts"
        return found

    def parts_worst(self, codes: Ints, count: int) -> list[Figure] | None:
        """Each part of the expected shortfall."""
        gross, found = self.gross, self._blame
        if gross is None or found is None or self.accounts is None:
            return None
        firm, amount = self.problem.firm, self.accounts.amount
        by_firm = self.problem.by_firm(amount)
        parts = sums(codes, amount * (found[0] / _safe(by_firm))[firm], count)
        error = max(found[1], gross.relative)
        return [Figure(float(x), error * float(x), gross.method) for x in parts]

    def spread(self, name: str) -> Spread | None:
        """The spread of loss, gross or net."""
        law: Owed | None = getattr(self, name)
        return None if law is None else law.spread()


def _owed(
    total: Distribution | None, layer: Layer = PLAIN, scale: float = 1.0, least: float = 0.0
) -> Owed | None:
    return None if total is None else Owed(total, layer, scale, least)


def _safe(values: Floats) -> Floats:
    return np.where(values > 0, values, 1.0)


def name_of(problem: OnePeriod, scope: str, group: int) -> str:
    """Who a group of a scope is; empty for the fund, a firm or a claim."""
    names: Mapping[str, Sequence[str]] = {
        "lender": problem.lenders,
        "district": problem.districts,
    }
    return names[scope][group] if scope in names else ""
