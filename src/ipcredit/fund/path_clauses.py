"""The waterfall for many paths at once: a period is one date, claims are added up by group.

A group is what every cut treats alike (lender, district, share, which limits apply); cutting a
sum pro rata and cutting its claims pro rata is the same.  Amounts are float64 minor units and
are not rounded: each claim is within one unit of the exact waterfall.  Arrays are
[groups, paths].  What a period merges is in ``docs/methods/fund-paths.md``.
"""

from __future__ import annotations

import numpy as np

from ipcredit.fund.path_cohorts import WIDE, Cohort, Debt, Flow, ceiling
from ipcredit.fund.path_money import Array, Bools
from ipcredit.fund.path_state import State
from ipcredit.fund.terms import Limit


class Clauses(State):
    """A fund on many paths; :meth:`step` takes it one period on."""

    # -- recoveries ------------------------------------------------------------------------------

    def _recover(self, at: int) -> Array | None:
        total: Array | None = None
        for cohort in self.cohorts:
            share = cohort.recoveries.pop(at, None)
            if share is None:
                continue
            amount = share * cohort.principal
            self._note("overdue", -amount, yearly=cohort.born == self._year)
            if cohort.waiting is None:
                total = self._shared(cohort, amount, total)
                continue
            before = np.minimum(cohort.waiting, amount)
            decided = cohort.waiting <= 0
            if cohort.paid is not None and decided.any():
                total = self._shared(cohort, np.where(decided, amount, 0.0), total)
            cohort.waiting = cohort.waiting - before
            cohort.left = cohort.left - before
        self.cohorts = [c for c in self.cohorts if c.recoveries]
        return total

    def _shared(self, cohort: Cohort, amount: Array, total: Array | None) -> Array | None:
        """Money recovered after payment: the fund's part goes back to the purses."""
        if cohort.paid is None or cohort.by_pot is None:
            return total
        order = self.terms.recoveries.order
        share, is_rest = self._lender_part
        if order == "pro-rata":
            part = amount / np.where(cohort.left > 0, cohort.left, 1.0)
            np.minimum(part, 1.0, out=part)
            back = part * cohort.paid
        else:
            got = np.zeros_like(amount) if cohort.back is None else cohort.back
            if order == "fund-first":
                back = np.minimum(amount, cohort.paid - got)
            else:
                borne = cohort.borne
                if borne is None:
                    borne = cohort.left * share - (cohort.paid if is_rest else 0.0)
                to_lender = np.minimum(amount, np.maximum(borne, 0.0))
                cohort.borne = borne - to_lender
                back = np.minimum(amount - to_lender, cohort.paid - got)
            cohort.back = got + back
            part = back / np.where(cohort.paid > 0, cohort.paid, 1.0)
        single = len(self.purses) == 1
        for state, paid in zip(self.purses, cohort.by_pot, strict=True):
            state.back(back if single else part * paid)
        if self._owing:
            part = amount / np.where(cohort.left > 0, cohort.left, 1.0)
            got = part * np.maximum(cohort.left * self._rest_part - cohort.paid, 0.0)
            if order != "pro-rata":
                got = amount - back
            cohort.rest_got = got if cohort.rest_got is None else cohort.rest_got + got
        self._free(cohort, amount, back)
        return back if total is None else total + back

    def _free(self, cohort: Cohort, amount: Array, back: Array) -> None:
        if self._clawing:
            self._out -= back
        for limit in self.limits:
            if limit.net and not (limit.yearly and cohort.year != self._year):
                freed = back
                if limit.measure == "claims":
                    counted = cohort.counted[limit.name]
                    freed = np.minimum(amount, counted)
                    cohort.counted[limit.name] = counted - freed
                self._release(limit, freed)

    # -- limits ----------------------------------------------------------------------------------

    def _cut(self, limit: Limit, amount: Array, flow: Flow) -> Array:
        scope = self.scopes[limit.per]
        applies = self.groups.limited.get(limit.name)
        counted = amount if applies is None else amount * applies[:, None]
        total = scope.sum(counted)
        used = self.used[limit.name]
        base = self.base(limit.ceiling.base, limit.per) if limit.ceiling.base else np.zeros((1, 1))
        left = np.maximum(ceiling(limit.ceiling, base) - used, 0.0)
        if limit.deductible:
            used += total
            taken = np.minimum(total, left)
            if not taken.any():
                return amount
            factor = 1 - taken / np.where(total > 0, total, 1.0)
        else:
            kept = np.minimum(total, left)
            if limit.measure == "claims":  # payouts count what is paid in the end
                used += kept
            over = total > left
            if not over.any():
                return amount
            factor = np.where(over, kept / np.where(total > 0, total, 1.0), 1.0)
        flow.limited[limit.name] = (total * (1 - factor)).sum(axis=0)
        if applies is None:
            return amount * scope.spread(factor)
        wide = np.broadcast_to(scope.spread(factor), amount.shape)
        cut: Array = np.where(applies[:, None], amount * wide, amount)
        return cut

    def _limits(self, eligible: Array, cover: Array, flow: Flow, counts: dict[str, Array]) -> Array:
        """What is owed after every limit; ``counts``: by limits on claims that count net."""
        amount = eligible
        for per in WIDE:
            for limit in self.limits:
                if limit.measure == "claims" and limit.per == per:
                    amount = self._cut(limit, amount, flow)
                    if limit.net:
                        counts[limit.name] = amount
        pay = amount * cover
        for per in WIDE:
            for limit in self.limits:
                if limit.measure == "payouts" and limit.per == per:
                    pay = self._cut(limit, pay, flow)
            if per == "lender" and self.quota is not None:
                pay = self._quota(pay, flow)
        return pay

    def _quota(self, pay: Array, flow: Flow) -> Array:
        assert self.quota is not None
        scope = self.scopes["lender"]
        total = scope.sum(pay)
        kept = np.minimum(total, self.quota)
        short = total > kept
        if not short.any():
            return pay
        flow.limited["quota"] = (total - kept).sum(axis=0)
        return pay * scope.spread(np.where(short, kept / np.where(total > 0, total, 1.0), 1.0))

    def _count(self, final: Array) -> None:
        """Limits on payouts and the quota count what is paid or owed in the end."""
        for limit in self.limits:
            if limit.measure == "payouts" and not limit.deductible:
                applies = self.groups.limited.get(limit.name)
                counted = final if applies is None else final * applies[:, None]
                self.used[limit.name] += self.scopes[limit.per].sum(counted)
        if self.quota is not None:
            left = self.quota - self.scopes["lender"].sum(final)
            self.quota = np.maximum(left, 0.0)
        if self._clawing:
            self._out += final

    def _clawback(self, flow: Flow) -> None:
        """Where a ceiling has fallen below what is counted, lenders pay the excess back."""
        for limit in self.limits:
            if not limit.clawback or limit.measure != "payouts" or not limit.ceiling.base:
                continue
            scope, used = self.scopes[limit.per], self.used[limit.name]
            top = ceiling(limit.ceiling, self.base(limit.ceiling.base, limit.per))
            excess = np.maximum(used - top, 0.0)
            if not excess.any():
                continue
            applies = self.groups.limited.get(limit.name)
            out = self._out if applies is None else self._out * applies[:, None]
            total = scope.sum(out)
            part = np.minimum(excess, total) / np.where(total > 0, total, 1.0)
            back = out * scope.spread(part)
            self._out = self._out - back
            for other in self.limits:
                if other.measure == "payouts" and (other.net or other.clawback):
                    self._release(other, back)
            for cohort in self.cohorts:
                if cohort.paid is not None:
                    cohort.paid = cohort.paid - cohort.paid * scope.spread(part) * (
                        1.0 if applies is None else applies[:, None]
                    )
            flow.clawed = back if flow.clawed is None else flow.clawed + back
            for state in self.purses:
                state.back(back * state.purse.share, can_pay=True)

    def _release(self, limit: Limit, amount: Array) -> None:
        applies = self.groups.limited.get(limit.name)
        freed = amount if applies is None else amount * applies[:, None]
        used = self.used[limit.name]
        np.maximum(used - self.scopes[limit.per].sum(freed), 0.0, out=used)

    # -- one period ------------------------------------------------------------------------------

    def step(self, at: int, cohort: Cohort | None) -> Flow:
        """Everything of one period after its positions; ``cohort``: the period's defaults."""
        back = self._recover(at)
        zero = np.zeros((len(self.groups), self.paths))
        flow = Flow(zero, zero if back is None else back)
        if self._clawing:
            self._clawback(flow)
        for state in self.purses:
            state.begin()
        if cohort is not None:
            cohort.born = self._year
            self.pending.append(cohort)
            self.cohorts.append(cohort)
            self._note("overdue", cohort.principal)
        if self.breakers:
            self._measure()
        if self._owing:
            self._old_debts(flow)
        self._pay(at, flow)
        return flow

    def _old_debts(self, flow: Flow) -> None:
        """What a purse still owes from earlier periods, oldest first."""
        stop = self.stopped("payment")
        for pot, state in enumerate(self.purses):
            rest = []
            for same_day in state.owed:
                for debt in same_day:
                    lacking = np.minimum(debt.amount, self._lacking(debt.cohort))
                    debt.amount = lacking if stop is None else np.where(stop, debt.amount, lacking)
                ready = np.sum([debt.amount for debt in same_day], axis=0)
                if stop is not None:
                    ready = np.where(stop, 0.0, ready)
                paid, _ = state.pay(ready)
                part = paid / np.where(ready > 0, ready, 1.0)
                for debt in same_day:
                    _settle_late(debt.cohort, pot, debt.amount * part)
                    debt.amount = debt.amount * (1 - part)
                flow.paid = flow.paid + paid
                self._note("payouts", paid)
                if self._clawing:
                    self._out += paid
                left = [debt for debt in same_day if debt.amount.any()]
                if left:
                    rest.append(left)
            state.owed = rest

    def _lacking(self, cohort: Cohort) -> Array:
        """What the party that carried a loss still lacks of it."""
        lack = cohort.left * self._rest_part
        if cohort.paid is not None:
            lack = lack - cohort.paid
        if cohort.rest_got is not None:
            lack = lack - cohort.rest_got
        return np.maximum(lack, 0.0)

    def _pay(self, at: int, flow: Flow) -> None:
        batch = [c for c in self.pending if c.due <= at and c.waiting is not None]
        if not batch:
            return
        refuse, defer = self.stopped("acceptance"), self.stopped("payment")
        going = [self._going(cohort, at, refuse, defer, flow) for cohort in batch]
        eligible = going[0] if len(going) == 1 else np.sum(going, axis=0)
        wanted = [g * c.cover for g, c in zip(going, batch, strict=True)]
        whole = wanted[0] if len(wanted) == 1 else np.sum(wanted, axis=0)
        cover = batch[0].cover
        if len(batch) > 1:
            cover = whole / np.where(eligible > 0, eligible, 1.0)
        counts: dict[str, Array] = {}
        pay = self._limits(eligible, cover, flow, counts)
        parts: list[tuple[Cohort, Array | float]] = [
            (c, 1.0 if len(batch) == 1 else want / np.where(whole > 0, whole, 1.0))
            for c, want in zip(batch, wanted, strict=True)
        ]
        by_pot, owed = self._from_purses(pay, parts, flow)
        paid = by_pot[0] if len(by_pot) == 1 else np.sum(by_pot, axis=0)
        flow.paid = flow.paid + paid
        self._note("payouts", paid)
        self._count(paid if owed is None else paid + owed)
        for cohort, part in parts:
            _settle(cohort, [a * part for a in by_pot] if len(batch) > 1 else by_pot)
            cohort.year = self._year
            for name, amount in counts.items():
                before = cohort.counted.get(name, 0.0)
                cohort.counted[name] = before + amount * part
        self.pending = [c for c in self.pending if c.waiting is not None]

    def _going(
        self, cohort: Cohort, at: int, refuse: Bools | None, defer: Bools | None, flow: Flow
    ) -> Array:
        """What of a cohort is decided today; the rest waits."""
        waiting = cohort.waiting
        assert waiting is not None
        cohort.waiting = None
        settled = waiting
        if refuse is not None and cohort.due == at:
            out = np.where(refuse, waiting * cohort.eligible, 0.0)
            flow.refused = out if flow.refused is None else flow.refused + out
            waiting = np.where(refuse, 0.0, waiting)
        if cohort.due == at:
            self._note("claims", waiting * self._covered)
        if defer is not None:
            # What the fund does not cover is settled at once, with nothing paid.
            later = defer & self._covered
            cohort.waiting = np.where(later, waiting, 0.0)
            settled = settled - cohort.waiting
            waiting = np.where(later, 0.0, waiting)
            if not cohort.waiting.any():
                cohort.waiting = None
        flow.settled = settled if flow.settled is None else flow.settled + settled
        return waiting * cohort.eligible

    def _from_purses(
        self, pay: Array, parts: list[tuple[Cohort, Array | float]], flow: Flow
    ) -> tuple[list[Array], Array | None]:
        paid, owed = [], None
        for state in self.purses:
            wanted = pay if state.purse.share == 1 else pay * state.purse.share
            got, short = state.pay(wanted)
            if short:
                missing = wanted - got
                lost = missing.sum(axis=0)
                flow.short = lost if flow.short is None else flow.short + lost
                if self._owing:
                    state.owed.append([Debt(missing * part, cohort) for cohort, part in parts])
                    owed = missing if owed is None else owed + missing
            paid.append(got)
        return paid, owed


def _settle(cohort: Cohort, by_pot: list[Array]) -> None:
    """Remember what was paid on a cohort, to share what comes in later."""
    if cohort.by_pot is not None:
        by_pot = [a + b for a, b in zip(cohort.by_pot, by_pot, strict=True)]
    cohort.by_pot = list(by_pot)
    cohort.paid = by_pot[0] if len(by_pot) == 1 else np.sum(by_pot, axis=0)


def _settle_late(cohort: Cohort, pot: int, paid: Array) -> None:
    if cohort.by_pot is not None and cohort.paid is not None:
        cohort.by_pot[pot] = cohort.by_pot[pot] + paid
        cohort.paid = cohort.paid + paid
