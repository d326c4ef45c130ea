"""Who pays what, and when: claims on a fund, dated, exact to the minor unit.

Everything that falls on one day is one batch, days in ascending order.  The days of a stream are
those of its positions, money, recoveries, first days overdue and due days, and ``until``.  On each:

1. Positions and money of the day take effect, the quota is fed and cut to its most.  Money is
   added to what the fund file gives.  ``year-volume`` is the volume now less that at the end of the
   year before, ``opening-balance`` the balance at the end of the year before.
2. Recoveries, by claim id, those of one claim and day as one sum.  Before a claim is settled (not
   due, or put off by a breaker) they lower what is eligible, principal first, and stay with the
   lender.  Afterwards they are shared by ``recoveries.order`` over what each party has borne until
   then; a party gets at most what it still lacks, the lender everything that is left.  The fund's
   part goes back to its purses in proportion to what each paid, never above it.  Limits with
   ``net`` get room back in the year in which they counted: payouts by the fund's part, claims by
   what was shared.  Then clawbacks: where the ceiling of a payouts limit has fallen below what it
   counted, lenders pay the excess back, pro rata to what it counted of each claim (at most what
   the fund is still out of); the claim is uncounted in all payouts limits that claw back or count
   net, and the money can pay again.
3. Breakers are measured.  ``overdue`` is principal less all recoveries of claims overdue by now,
   covered or not; ``claims`` the eligible principal of covered claims that were due and not
   refused before today; ``payouts`` what the fund paid before today, gross.  ``yearly`` counts
   overdue by the year of the first day overdue, claims by that of the due day, payouts by that of
   the payment.  ``capital`` is always the whole fund's.  A breaker that lifts at the year's end is
   tripped until 31 December of the last year in which it was reached on some day of the stream.
4. Claims due today and claims put off earlier.  A claim is uncovered where it is said to be of
   another part than the fund covers, where a condition fails, or where no cover rule fits (a rule
   declared that does not fit covers nothing).  Uncovered ones are settled with nothing paid; a
   breaker that stops acceptance refuses for ever, on the due day only; one that stops payment puts
   off.  Of several the first in the file is the reason.
5. Eligible: principal (and interest, where claimable) less what was recovered before, principal
   first.  ``advance`` does not change this order: what comes before the payment lowers it either
   way.
6. Limits on claims, 7. the cover share and the liability cap, 8. limits on payouts, and the quota
   (an exact fraction, used by its whole units) after the limits of a lender.  Cuts are pro rata,
   odd units one each by claim id; of a deductible the amounts taken away are divided so.  A limit
   on claims counts what its own cut leaves (a deductible: what stood before it); a limit on payouts
   and the quota count what is paid or owed in the end, after all other cuts and the pots.
9. The pots pay.  What they owe from earlier days comes first (see 4: not where payment is stopped):
   the pots in the order of the file, the oldest day first, pro rata within a day, cut for good to
   what the party that carried it still lacks.  Then the batch.  A shortage that is paid off in full
   no longer counts among the clauses that lowered a claim.
10. The other parties bear their shares of what is eligible before limits, also where the fund pays
   nothing; the rest party bears the remainder of the loss: principal and interest claimed, less
   what was recovered before.  Until a claim is settled the lender carries all of it.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import numpy as np

from ipcredit.errors import UsageError
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery, traits_of
from ipcredit.fund.covering import OTHER_SCHEME, covering, holds, needed
from ipcredit.fund.terms import LENDER, Limit, Terms, When
from ipcredit.fund.waterfall_books import Books, Breakers, Totals
from ipcredit.fund.waterfall_limits import LimitBook
from ipcredit.fund.waterfall_needs import needs_of_stream
from ipcredit.fund.waterfall_pots import Purses
from ipcredit.fund.waterfall_recoveries import shares_of_recovery
from ipcredit.fund.waterfall_results import FUND, Cut, Payments, PotBalance, Row
from ipcredit.fund.waterfall_state import Case, Key, Purse, divided

_ANY = When()
_MANY = 1000
_T = TypeVar("_T")


def pay(
    terms: Terms,
    claims: Sequence[Claim],
    recoveries: Sequence[Recovery] = (),
    positions: Sequence[Position] = (),
    money: Sequence[MoneyEvent] = (),
    until: dt.date | None = None,
) -> Payments:
    """Turn dated claims and recoveries into dated payments of every party.

    Exact and deterministic; the order of the arguments' items does not matter.  ``until`` is the
    last day looked at (later events are left out, claims due later are ``not-due``).

    Raises:
        UsageError: something a clause needs is absent, or an item cannot be used; all are listed.
    """
    problems = needs_of_stream(terms, claims, recoveries, positions, money)
    if problems:
        raise UsageError(problems)
    with _no_collection(len(claims)):
        return _Run(terms, claims, recoveries, positions, money, until).payments()


@contextmanager
def _no_collection(claims: int) -> Iterator[None]:
    """Claims hold no cycles, and looking for some among many takes half of the time."""
    pause = claims >= _MANY and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def due_on(terms: Terms, claim: Claim) -> dt.date:
    """The day a claim falls due.

    >>> from ipcredit.fund.terms import Claim as C, Cover, Money, Recoveries
    >>> terms = Terms("any", C(False, True, 90, 0, ""), Cover((), "best"), None, None)
    >>> due_on(terms, Claim("c", "l", "f", "b", "d", dt.date(2026, 1, 1), 1)).isoformat()
    '2026-04-01'
    """
    return claim.overdue_on + dt.timedelta(terms.claim.overdue_days + terms.claim.waiting_days)


def _by_day(items: Iterable[_T], day: Callable[[_T], dt.date]) -> dict[dt.date, list[_T]]:
    found: dict[dt.date, list[_T]] = {}
    for item in items:
        found.setdefault(day(item), []).append(item)
    return found


class _Run:
    """One stream on its way through the waterfall."""

    def __init__(
        self,
        terms: Terms,
        claims: Sequence[Claim],
        recoveries: Sequence[Recovery],
        positions: Sequence[Position],
        money: Sequence[MoneyEvent],
        until: dt.date | None,
    ) -> None:
        self.terms = terms
        self.purses = Purses(terms, positions)
        self.books = Books(self.purses)
        self.limits = LimitBook(terms, self.books)
        self.totals = Totals(terms.breakers)
        self.breakers = Breakers(terms, self.totals, self.books)
        self.fixed = [(item.name, item.share) for item in terms.parties if item.share is not None]
        self.rest = next((item.name for item in terms.parties if item.share is None), LENDER)
        self.cases = _cases(terms, claims)
        self.by_id = {case.claim.id: case for case in self.cases}
        self.rows: list[Row] = []
        self.pots: list[PotBalance] = self.purses.balances(None)
        self.waiting: dict[tuple[str, str], list[Case]] = {}  # put off, by lender and district
        self.positions = _by_day(positions, lambda item: item.day)
        self.money = _by_day(money, lambda item: item.day)
        self.recoveries = _by_day(recoveries, lambda item: item.day)
        self.overdue = _by_day(self.cases, lambda case: case.claim.overdue_on)
        self.due = _by_day(self.cases, lambda case: case.due)
        days = {*self.positions, *self.money, *self.recoveries, *self.overdue, *self.due}
        if until is not None:
            days = {day for day in days if day <= until} | {until}
        self.days = sorted(days)

    def payments(self) -> Payments:
        """Go through the days, and what has come of it."""
        for day in self.days:
            self._day(day)
        return Payments(
            tuple(case.decision() for case in self.cases),
            tuple(self.rows),
            tuple(self.pots),
            tuple(self.breakers.log),
            tuple(use for counter in self.limits.all for use in counter.uses()),
            self.days[-1] if self.days else None,
        )

    def _day(self, day: dt.date) -> None:
        self.books.turn(day)
        if day in self.positions:
            lent = self.books.report(self.positions[day])
            if self.limits.quota is not None:
                self.limits.quota.feed(lent)
        if day in self.money:
            self.purses.add(self.money[day])
        if day in self.recoveries:
            self._recover(day)
        for counter in self.limits.clawing:
            for key, excess in counter.excess(day.year):
                self._claw_back(day, counter.limit, key, excess)
        for case in self.overdue.get(day, ()):
            case.is_overdue = True
            self.totals.add("overdue", case, case.principal_left, day.year)
        self.breakers.measure(day)
        batch = self._batch(day)
        if self.purses.queues:
            self.purses.pay_owed(
                lambda case: not self.breakers.stops("payment", case),
                lambda case: case.borne.get(self.rest, 0) - case.got.get(self.rest, 0),
                lambda case, purse, amount: self._pay_late(day, case, purse, amount),
            )
        if batch:
            self._settle(day, batch)
        self.pots += self.purses.balances(day)

    # -- recoveries and clawbacks ------------------------------------------------------------------

    def _recover(self, day: dt.date) -> None:
        sums: dict[str, int] = {}
        for item in self.recoveries[day]:
            sums[item.claim] = sums.get(item.claim, 0) + item.amount
        for claim, amount in sorted(sums.items()):
            case = self.by_id[claim]
            before = case.principal_left
            case.recovered += amount
            if case.is_overdue:
                paid_off = before - case.principal_left
                self.totals.add("overdue", case, -paid_off, case.claim.overdue_on.year)
            if case.is_settled:
                self._share(day, case, amount)
            elif amount:
                self.rows.append(Row(day, claim, "recovery", LENDER, "", "", amount))

    def _share(self, day: dt.date, case: Case, amount: int) -> None:
        parts, shared = shares_of_recovery(case, amount, self.terms.recoveries.order, self.rest)
        case.shared += shared
        returned = parts.pop(FUND, 0)
        if returned:
            self._to_pots(day, case, returned, "recovery", can_pay=self.terms.recoveries.to_pot)
            case.back += returned
        for party, part in parts.items():
            if part:
                case.got[party] = case.got.get(party, 0) + part
                self.rows.append(Row(day, case.claim.id, "recovery", party, "", "", part))
        self.limits.release(case, shared, returned)

    def _to_pots(self, day: dt.date, case: Case, amount: int, kind: str, *, can_pay: bool) -> None:
        sign = 1 if kind == "recovery" else -1
        for purse, part in self.purses.give_back(case, amount, can_pay=can_pay):
            pot, district = purse.pot.name, purse.district
            self.rows.append(Row(day, case.claim.id, kind, FUND, pot, district, sign * part))

    def _claw_back(self, day: dt.date, limit: Limit, key: Key, excess: int) -> None:
        found = []
        for case in self.cases:
            mine = [item for item in case.counted if item.limit is limit and item.key == key]
            if mine:
                found.append((case, min(sum(item.amount for item in mine), case.out)))
        most = [amount for _, amount in found]
        parts = most if sum(most) <= excess else divided(most, excess)
        for (case, _), part in zip(found, parts, strict=True):
            if not part:
                continue
            self._to_pots(day, case, part, "clawback", can_pay=True)
            case.clawed += part
            case.borne[LENDER] = case.borne.get(LENDER, 0) + part
            self.rows.append(Row(day, case.claim.id, "clawback", LENDER, "", "", part))
            for item in case.counted:
                if item.limit.measure == "payouts":
                    item.release(part)

    # -- who is paid today -------------------------------------------------------------------------

    def _batch(self, day: dt.date) -> list[Case]:
        """Claims to settle today by claim id: due now, or put off and no longer stopped."""
        batch = []
        for cell, cases in list(self.waiting.items()):
            if not self.breakers.stops("payment", cases[0]):
                batch += self.waiting.pop(cell)
        for case in self.due.get(day, ()):
            if case.status == "not-covered":
                batch.append(case)
                continue
            case.reason = self.breakers.stops("acceptance", case)
            if case.reason:
                case.status = "refused"
                batch.append(case)
                continue
            self.totals.add("claims", case, case.principal_left, day.year)
            case.reason = self.breakers.stops("payment", case)
            if case.reason:
                case.status = "deferred"
                cell = (case.claim.lender, case.claim.district)
                self.waiting.setdefault(cell, []).append(case)
            else:
                batch.append(case)
        return sorted(batch, key=lambda case: case.claim.id)

    # -- settling ----------------------------------------------------------------------------------

    def _settle(self, day: dt.date, batch: list[Case]) -> None:
        for case in batch:
            case.before = min(case.recovered, case.claim.whole)
            case.loss = case.claim.whole - case.before
            case.eligible = case.loss if self.terms.claim.interest else case.principal_left
            case.settled, case.is_settled = day, True
        accepted = [case for case in batch if case.status not in ("not-covered", "refused")]
        for case in accepted:
            case.amount, case.status, case.reason = case.eligible, "paid", ""
        self.limits.cut_claims(day, accepted)
        for case in accepted:
            self._apply_cover(case)
        self.limits.cut_payouts(day, accepted)
        self.purses.settle(accepted)
        self.limits.count_payouts(day, accepted)
        for case in batch:
            self._bear(day, case)

    def _apply_cover(self, case: Case) -> None:
        """The cover share, then the cap by the claimant's own liability."""
        share, claim = case.share, case.claim
        if case.most:
            case.cuts.append(Cut("cover.most", None, None))
        case.amount = case.amount * share.numerator // share.denominator
        most = self.terms.cover.of_liability
        if most is not None:
            own = (claim.own_liability or 0) * most.numerator // most.denominator
            left = max(own - (claim.other_public or 0), 0)
            if left < case.amount:
                case.lower("cover.of_liability", left)

    def _bear(self, day: dt.date, case: Case) -> None:
        """Who bears what of the loss: the fund, the parties with a share, and the rest."""
        claim = case.claim.id
        case.paid = sum(paid for _, (paid, _) in case.pots)
        left = case.loss - case.paid
        for name, share in self.fixed:
            part = min(case.eligible * share.numerator // share.denominator, left)
            case.borne[name] = part
            left -= part
        case.borne[self.rest] = case.borne.get(self.rest, 0) + left
        for purse, (paid, _) in case.pots:
            if paid:
                pot, district = purse.pot.name, purse.district
                self.rows.append(Row(day, claim, "loss", FUND, pot, district, paid))
        for party, amount in case.borne.items():
            if amount:
                self.rows.append(Row(day, claim, "loss", party, "", "", amount))
        if case.paid:
            self.totals.add("payouts", case, case.paid, day.year)

    def _pay_late(self, day: dt.date, case: Case, purse: Purse, amount: int) -> None:
        """A part owed is paid: whoever had carried it is relieved of it."""
        claim = case.claim.id
        case.paid += amount
        case.borne[self.rest] -= amount
        case.relieve()
        pot, district = purse.pot.name, purse.district
        self.rows.append(Row(day, claim, "loss", FUND, pot, district, amount))
        self.rows.append(Row(day, claim, "loss", self.rest, "", "", -amount))
        self.totals.add("payouts", case, amount, day.year)


def _cases(terms: Terms, claims: Sequence[Claim]) -> list[Case]:
    """The claims by id, each with its cover and the limits that apply to it."""
    ordered = sorted(claims, key=lambda claim: claim.id)
    names = {*needed(terms), OTHER_SCHEME} if terms.conditions else set(needed(terms))
    traits = traits_of(ordered, names)
    found = covering(terms, traits)
    everyone = np.ones(len(ordered), dtype=np.bool_)
    limits = [everyone if item.when == _ANY else holds(item.when, traits) for item in terms.limits]
    applies = list(zip(*(rows.tolist() for rows in limits), strict=True)) if limits else []
    index, rule = found.index.tolist(), found.rule.tolist()
    bits, most, failed = found.uplift.tolist(), found.most.tolist(), found.condition.tolist()
    cases = []
    for at, claim in enumerate(ordered):
        case = Case(claim, due_on(terms, claim))
        case.applies = applies[at] if limits else ()
        case.rule = terms.cover.rules[rule[at]].path if rule[at] >= 0 else ""
        case.uplifts = tuple(
            item.path for k, item in enumerate(terms.cover.uplifts) if bits[at] >> k & 1
        )
        if terms.covers != "any" and claim.words.get("part", terms.covers) != terms.covers:
            case.status, case.reason = "not-covered", "covers"
        elif index[at] < 0:
            case.status = "not-covered"
            case.reason = terms.conditions[failed[at]].path if failed[at] >= 0 else "cover"
        else:
            case.share, case.most = found.shares[index[at]], most[at]
        cases.append(case)
    return cases
