"""Where a fund stands on many paths: positions, what limits and breakers have counted."""

from __future__ import annotations

import numpy as np

from ipcredit.fund.path_cohorts import WIDE, Cohort, Groups
from ipcredit.fund.path_money import HAIR, Array, Bools, Purse, PurseState
from ipcredit.fund.terms import LENDER, Breaker, Terms


class State:
    """Where a fund stands on ``paths`` paths: positions, what is counted, which breakers are tripped.

    ``length``: years a period; ``without``: the name of a breaker that is taken out.
    """

    def __init__(
        self,
        terms: Terms,
        groups: Groups,
        purses: tuple[Purse, ...],
        capital: dict[str, float],
        paths: int,
        *,
        length: float = 1.0,
        without: str = "",
    ) -> None:
        self.terms, self.groups, self.paths = terms, groups, paths
        self.capital, self.length = capital, length
        self.scopes = {per: groups.scope(per) for per in WIDE}
        self.breakers = tuple(b for b in terms.breakers if b.name != without)
        self.limits = tuple(limit for limit in terms.limits if limit.per in WIDE)
        uses = terms.money.uses
        self.purses = [
            PurseState(
                purse,
                self.scopes["district" if purse.by_district else "fund"],
                paths,
                terms.money.tested,
                unusable_share=min(1.0, sum(float(u.share) for u in uses if u.share is not None)),
                unusable_amount=float(sum(u.amount for u in uses if u.amount is not None)),
                to_pot=terms.recoveries.to_pot,
            )
            for purse in purses
        ]
        self.used = {lim.name: np.zeros((self.scopes[lim.per].count, paths)) for lim in self.limits}
        self.quota = np.zeros((groups.lenders, paths)) if terms.quota else None
        self.tripped: dict[str, Bools] = {
            b.name: np.zeros((self.scopes[b.per].count, paths), dtype=np.bool_)
            for b in self.breakers
        }
        measures = {b.measure for b in self.breakers}
        measures |= {s.measure for fee in terms.fees for s in fee.surcharges}
        shape = (len(groups), paths)
        self._measured = {name: np.zeros(shape) for name in measures}
        self._yearly = {b.measure: np.zeros(shape) for b in self.breakers if b.yearly}
        self._clawing = any(lim.clawback for lim in self.limits)
        self._out = np.zeros(shape)  # paid, not got back and not clawed back (where it matters)
        self._owing = terms.money.shortage == "deferred"
        self._year = 0
        self._covered = (groups.share > 0)[:, None]
        fixed = {p.name: float(p.share) for p in terms.parties if p.share is not None}
        rest = next((p.name for p in terms.parties if p.share is None), LENDER)
        # Of a loss, before the fund's part: what the lender and the party of the rest bear.
        self._lender_part = (
            1 - sum(fixed.values()) if rest == LENDER else fixed.get(LENDER, 0.0),
            rest == LENDER,
        )
        self._rest_part = 1 - sum(fixed.values())
        self._opening: dict[str, Array] = {}
        self.pending: list[Cohort] = []
        self.cohorts: list[Cohort] = []
        self.bases: dict[str, Array] = {}
        self._closing: Array | None = None

    # -- the positions ---------------------------------------------------------------------------

    def new_year(self) -> None:
        """Yearly limits and breakers start afresh."""
        self._year += 1
        for limit in self.limits:
            if limit.yearly:
                self.used[limit.name][:] = 0
        for breaker in self.breakers:
            if breaker.lifts == "year-end":
                self.tripped[breaker.name][:] = False
        for amounts in self._yearly.values():
            amounts[:] = 0
        if self._closing is not None:
            self.bases["opening-balance"] = self._closing
        self.bases.pop("year-volume", None)

    def capital_now(self, name: str) -> Array:
        """A capital of the whole fund as it stands, [paths]."""
        if name == "cash":
            cash: Array = np.sum([state.cash.sum(axis=0) for state in self.purses], axis=0)
            return cash
        whole: Array = np.full(self.paths, self.capital[name])
        if name == "paid-in":
            for state in self.purses:
                whole = whole + state.added.sum(axis=0)
        return whole

    def measured(self, measure: str) -> Array:
        """What has been counted of a measure so far, [groups, paths]."""
        return self._measured[measure]

    def open(self, state: dict[str, Array]) -> None:
        """Start from a fund that is not fresh: amounts [G, 1] by name, those that are known.

        ``volume``, ``year_volume``, ``balance`` (at the end of the year before), ``claims``,
        ``paid``, ``recovered``.
        """
        self._opening = state
        for name, measure in (("claims", "claims"), ("paid", "payouts")):
            amount = state.get(name)
            if amount is None:
                continue
            self._note(measure, np.broadcast_to(amount, (len(self.groups), self.paths)))
            for limit in self.limits:
                if limit.measure == measure:
                    applies = self.groups.limited.get(limit.name)
                    counted = amount if applies is None else amount * applies[:, None]
                    self.used[limit.name] += self.scopes[limit.per].sum(counted)
        paid = state.get("paid")
        if paid is not None:
            net = paid - state["recovered"] if "recovered" in state else paid
            for purse in self.purses:
                purse.net += purse.scope.sum(net) * purse.purse.share
        if "balance" in state:
            self.bases["opening-balance"] = state["balance"]

    def positions(self, lent: Array, balance: Array) -> None:
        """What has been lent since the last period and what is owed now, [G, 1] or [G, paths]."""
        bases = self.bases
        if "volume" not in bases and self._opening:
            year = self._opening.get("year_volume", lent)
            lent = self._opening.get("volume", lent)
            bases["year-volume"] = year - lent  # the book's own lending is added below
        bases["volume"] = bases["volume"] + lent if "volume" in bases else lent
        bases["year-volume"] = bases["year-volume"] + lent if "year-volume" in bases else lent
        bases["balance"] = balance
        bases.setdefault("opening-balance", balance)
        self._closing = balance
        if self.quota is not None and self.terms.quota is not None:
            scope = self.scopes["lender"]
            grown = self.quota + float(self.terms.quota.rate) * scope.sum(lent)
            if self.terms.quota.most is not None:
                grown = np.minimum(grown, float(self.terms.quota.most) * scope.sum(balance))
            self.quota = np.broadcast_to(grown, self.quota.shape).copy()

    def base(self, name: str, per: str) -> Array:
        """A denominator by scope, [scopes, 1] or [scopes, paths]."""
        if name == "capital":
            whole = self.capital[self.terms.money.tested]
            return np.full((1, 1), whole)
        return self.scopes[per].sum(self.bases[name])

    # -- breakers --------------------------------------------------------------------------------

    def _measure(self) -> None:
        for breaker in self.breakers:
            source = self._yearly if breaker.yearly else self._measured
            scope = self.scopes[breaker.per]
            measured = scope.sum(source[breaker.measure])
            level = float(breaker.at) * self.base(breaker.over, breaker.per)
            slack = HAIR * np.abs(level)
            over = measured > level + slack if breaker.strict else measured >= level - slack
            over &= measured > 0
            if breaker.lifts == "below":
                self.tripped[breaker.name] = over
            else:
                self.tripped[breaker.name] |= over

    def stopped(self, what: str) -> Bools | None:
        """Which groups a tripped breaker stops, bool[G, paths] (or broadcasts); None: nothing."""
        found: Bools | None = None
        for breaker in self.breakers:
            if breaker.stops == what and self.tripped[breaker.name].any():
                here = self._spread(breaker)
                found = here if found is None else found | here
        return found

    def _spread(self, breaker: Breaker) -> Bools:
        flags = self.tripped[breaker.name]
        scope = self.scopes[breaker.per]
        wide: Bools = np.broadcast_to(flags, (scope.count, self.paths))
        return wide if scope.count == 1 else wide[scope.index]

    def _note(self, measure: str, amount: Array, *, yearly: bool = True) -> None:
        if measure in self._measured:
            self._measured[measure] += amount
        if yearly and measure in self._yearly:
            self._yearly[measure] += amount
