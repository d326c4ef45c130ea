"""A naive second implementation of how a fund pays, written from the fund-file reference alone.

One loop over dates, loops over claims, whole numbers and exact fractions; nothing is vectorised,
nothing is kept that can be summed again.  It shares no code with ``ipcredit.fund`` except that it
reads the clauses from the frozen data classes.  Claims, recoveries, positions and money events
are anything that has the attributes of the same name.

Readings, where the reference leaves a choice:

*   A date of the stream is a date on which something is reported or falls due: a claim is first
    overdue, a claim is due, a recovery, a position, money.
*   All recoveries before payment go to the lender and reduce principal first; ``loss`` is what
    was claimed (with interest) less all of them, never below 0.
*   A claim that fails a condition or fits no cover rule is settled on its due day, whatever a
    breaker says.  Of it, and of one that is refused, the fixed parties bear their shares of what
    would have been eligible; it counts in no limit.  The rest bears what is left.
*   A rule whose last band is closed does not fit a loan beyond it, also with slices.
*   ``claims`` of a breaker counts a claim from the date after the one on which it was accepted,
    at the principal not recovered then; by year, the year in which it fell due.
*   ``overdue`` of one year counts the claims first overdue in that year, covered or not;
    ``payouts`` everything paid, also what was clawed back since.
*   A limit on claims counts what its own cut leaves.  A limit on payouts and the quota count what
    is paid, or put off for want of money, after all other cuts.  A deductible counts what
    stood before it, and what it takes away is shared out pro rata.
*   ``net``: what the fund recovers (on claims: all that was shared) gives room back in the year in
    which the claim was counted.
*   The quota is kept exactly; what it allows is rounded down when it is asked.
*   ``capital`` is the whole fund's; where cash is tested, the cash that is left.
*   Clawback comes after the recoveries of the day, limit by limit in file order; it gives room
    back in the limits on payouts that claw back or count net.  The lender bears what it returns.
*   What comes back to the pots goes by all that each has paid for the claim, up to what it is
    still out of.
*   Pro rata: first over the eligible loss, each by what it bore of it; then what was not eligible
    (interest) to the party that bears the rest.
*   No party gets more of the recoveries than it has borne, except the lender, who gets the rest.
*   A part put off for want of money waits while a breaker stops payment; parts of one day share
    what there is pro rata; they are paid before the batch of the day is looked at.  No more
    is paid than whoever carries it still lacks.
*   A claim paid in part is paid: what is recovered afterwards is shared by what each bears then.
*   A claim put off keeps the breaker that first put it off as its reason.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

LENDER = "lender"
MILLION = 1_000_000
AMOUNTS = ("size", "revenue")
LEVELS = ("claim", "firm", "lender", "district", "fund")
DAY = dt.timedelta(days=1)

Purse = tuple[str, str]
Key = tuple[str, str, int]  # of what a limit has counted: path, scope, year or 0


# ------------------------------------------------------------------------------ whole numbers


def floor(value: Fraction | int) -> int:
    return value.numerator // value.denominator


def cut_to(total: int, amounts: dict[str, int]) -> dict[str, int]:
    """Cut amounts pro rata to a total below their sum; odd units one each, in order of the ids."""
    whole = sum(amounts.values())
    if total >= whole:
        return dict(amounts)
    cut = {name: amount * total // whole for name, amount in amounts.items()}
    odd = total - sum(cut.values())
    for name in sorted(amounts):
        if odd > 0 and cut[name] < amounts[name]:
            cut[name] += 1
            odd -= 1
    return cut


def split(total: int, weights: list[tuple[Any, Fraction | int]]) -> dict[Any, int]:
    """Split a total by weights; odd units one each to those with a weight, in the order given."""
    whole = sum((Fraction(weight) for _, weight in weights), Fraction(0))
    if whole == 0:
        return {name: 0 for name, _ in weights}
    parts = {name: floor(total * Fraction(weight) / whole) for name, weight in weights}
    odd = total - sum(parts.values())
    for name, weight in weights:
        if odd > 0 and weight > 0:
            parts[name] += 1
            odd -= 1
    return parts


# ------------------------------------------------------------------------------ cover


def number(claim: Any, name: str) -> Fraction:
    value = Fraction(claim.numbers[name])
    return value if name in AMOUNTS else value / MILLION


def word(claim: Any, name: str) -> str:
    if name == "lender":
        return claim.lender
    if name == "district":
        return claim.district
    return claim.words[name]


def holds(when: Any, claim: Any) -> bool:
    for name, allowed in when.words:
        if word(claim, name) not in allowed:
            return False
    if when.tags and not any(tag in claim.tags for tag in when.tags):
        return False
    for name, bound in when.at_least:
        if not number(claim, name) >= bound:
            return False
    for name, bound in when.above:
        if not number(claim, name) > bound:
            return False
    for name, bound in when.at_most:
        if not number(claim, name) <= bound:
            return False
    return all(number(claim, name) < bound for name, bound in when.below)


def share_by_rule(rule: Any, claim: Any) -> Fraction | None:
    """The share that one rule gives a claim; ``None`` where it does not fit."""
    if not holds(rule.when, claim):
        return None
    if not rule.by:
        return rule.steps[0].rate
    value = number(claim, rule.by)
    last = rule.steps[-1].up_to
    if last is not None and value > last:
        return None
    if not rule.slices:
        for step in rule.steps:
            if step.up_to is None or value <= step.up_to:
                return step.rate
    below, covered = Fraction(0), Fraction(0)
    for step in rule.steps:
        top = value if step.up_to is None else min(value, step.up_to)
        if top > below:
            covered += (top - below) * step.rate
            below = top
    return covered / value


def cover_of(cover: Any, claim: Any) -> tuple[str, Fraction] | None:
    """The rule that decides and the share, uplifts included."""
    fits = []
    for rule in cover.rules:
        share = share_by_rule(rule, claim)
        if share is not None and (cover.pick != "declared" or claim.cover_rule == rule.name):
            fits.append((rule.name, share))
    if not fits:
        return None
    name, share = fits[0]
    for other, another in fits[1:]:
        if (cover.pick == "best" and another > share) or (
            cover.pick == "worst" and another < share
        ):
            name, share = other, another
    for uplift in cover.uplifts:
        if holds(uplift.when, claim):
            share += uplift.points
    if cover.most is not None:
        share = min(share, cover.most)
    return name, max(share, Fraction(0))


def failed_condition(conditions: Any, claim: Any) -> str:
    for condition in conditions:
        if condition.one_scheme:
            if claim.other_scheme:
                return condition.path
        elif not holds(condition.when, claim):
            return condition.path
    return ""


# ------------------------------------------------------------------------------ one claim


@dataclass
class Case:
    """A claim on its way through the fund."""

    claim: Any
    due: dt.date
    status: str = "open"  # open, deferred, refused, uncovered, settled
    reason: str = ""
    accepted: int | None = None  # eligible principal on the day it was accepted
    settled: dt.date | None = None
    before: int = 0  # recovered before payment
    after: int = 0  # recovered after payment and shared
    eligible: int = 0
    loss: int = 0
    share: Fraction = Fraction(0)
    rule: str = ""
    paid: dict[Purse, int] = field(default_factory=dict)  # net of what was clawed back
    gross: dict[Purse, int] = field(default_factory=dict)  # all that was ever paid
    owed: dict[Purse, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    clawed_back: int = 0
    got: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cuts: list[tuple[str, int, int]] = field(default_factory=list)
    back: dict[Purse, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def fund(self) -> int:
        return sum(self.paid.values())

    @property
    def over(self) -> bool:
        """Whether what is recovered now is shared."""
        return self.status in ("settled", "refused", "uncovered")

    def lowered(self, path: str, before: int, after: int) -> None:
        if after < before:
            self.cuts.append((path, before, after))


@dataclass(frozen=True)
class Result:
    """Everything the oracle decided: cases by id, dated rows, purses by day, breakers' changes."""

    cases: dict[str, Case]
    rows: dict[tuple[dt.date, str, str, str, str, str], int]
    pots: dict[tuple[dt.date, str, str], int]
    breakers: list[tuple[dt.date, str, str, bool, int, int]]
    used: dict[Key, int]


# ------------------------------------------------------------------------------ the fund


class Oracle:
    """The state of a fund from date to date."""

    def __init__(self, terms: Any, claims: Any, recoveries: Any, positions: Any, money: Any):
        self.terms = terms
        wait = (terms.claim.overdue_days + terms.claim.waiting_days) * DAY
        self.cases = {
            c.id: Case(c, c.overdue_on + wait) for c in sorted(claims, key=lambda c: c.id)
        }
        self.recoveries = sorted(recoveries, key=lambda r: (r.day, r.claim))
        self.positions = sorted(positions, key=lambda p: p.day)
        self.money = sorted(money, key=lambda m: m.day)
        self.day = dt.date.min
        self.rows: dict[Any, int] = defaultdict(int)
        self.pots: dict[Any, int] = {}
        self.trips: list[Any] = []
        self.counted: dict[Key, dict[str, int]] = defaultdict(dict)
        self.tripped_on: dict[tuple[str, str], dt.date] = {}
        self.tripped: set[tuple[str, str]] = set()
        self.quota: dict[str, Fraction] = defaultdict(Fraction)
        self.paid_on: list[tuple[dt.date, Case, int]] = []
        self.lenders = sorted(
            {c.lender for c in claims} | {p.lender for p in positions},
        )
        self.districts = sorted(
            {c.district for c in claims}
            | {p.district for p in positions}
            | {name for name, _ in terms.money.districts}
            | {m.district for m in money if m.district},
        )
        self.capital: dict[Purse, int] = {}
        self.spent: dict[Purse, int] = defaultdict(int)  # paid less what came back
        self.open_purses()

    def run(self) -> Result:
        self.pots = {(None, *purse): left for purse, left in self.capital.items() if left > 0}
        days = {case.due for case in self.cases.values()}
        days |= {case.claim.overdue_on for case in self.cases.values()}
        days |= {item.day for item in (*self.recoveries, *self.positions, *self.money)}
        for self.day in sorted(days):
            was = {purse: self.left(purse) for purse in self.capital}
            self.take_positions()
            self.take_money()
            self.take_recoveries()
            self.claw_back()
            self.measure_breakers()
            self.pay_late_parts()
            self.settle_batch(self.batch())
            for purse in self.capital:
                if self.left(purse) != was.get(purse):
                    self.pots[self.day, *purse] = self.left(purse)
        rows = {key: amount for key, amount in self.rows.items() if amount}
        used = {key: sum(parts.values()) for key, parts in self.counted.items()}
        return Result(self.cases, rows, self.pots, self.trips, used)

    # -------------------------------------------------------------- positions and money

    def last(self, lender: str, district: str, day: dt.date) -> tuple[int, int]:
        """Volume and balance as last reported on or before a day; nothing reported is nothing."""
        found = (0, 0)
        for item in self.positions:
            if (item.lender, item.district) == (lender, district) and item.day <= day:
                found = (item.volume, item.balance)
        return found

    def base(self, name: str, per: str, scope: str) -> int:
        """A denominator for a lender, a district, or the whole fund."""
        if name == "capital":
            if self.terms.money.tested == "cash":
                return sum(self.left(purse) for purse in self.capital)
            return sum(self.capital.values())
        year_before = dt.date(self.day.year - 1, 12, 31)
        total = 0
        for lender in self.lenders:
            for district in self.districts:
                if per == "lender" and lender != scope:
                    continue
                if per == "district" and district != scope:
                    continue
                volume, balance = self.last(lender, district, self.day)
                old_volume, old_balance = self.last(lender, district, year_before)
                total += {
                    "volume": volume,
                    "year-volume": volume - old_volume,
                    "balance": balance,
                    "opening-balance": old_balance,
                }[name]
        return total

    def take_positions(self) -> None:
        quota = self.terms.quota
        if quota is None:
            return
        for lender in self.lenders:
            if not any(p.lender == lender and p.day == self.day for p in self.positions):
                continue
            new = 0
            balance = 0
            for district in self.districts:
                volume, owed = self.last(lender, district, self.day)
                new += volume - self.last(lender, district, self.day - DAY)[0]
                balance += owed
            self.quota[lender] += quota.rate * new
            if quota.most is not None:
                self.quota[lender] = min(self.quota[lender], quota.most * balance)

    def pot_list(self) -> list[tuple[str, Fraction, bool]]:
        if not self.terms.pots:
            return [("fund", Fraction(1), False)]
        return [(pot.name, pot.share, pot.by_district) for pot in self.terms.pots]

    def open_purses(self) -> None:
        money = self.terms.money
        start = {"committed": money.committed, "paid-in": money.paid_in, "cash": money.cash}
        shares = split(start[money.tested] or 0, [(n, share) for n, share, _ in self.pot_list()])
        first = min((p.day for p in self.positions), default=self.day)
        for name, _, by_district in self.pot_list():
            if not by_district:
                self.capital[name, ""] = shares[name]
                continue
            weights: list[tuple[str, Fraction | int]] = list(money.districts)
            if not weights:
                for district in self.districts:
                    lent = sum(self.last(lender, district, first)[1] for lender in self.lenders)
                    weights.append((district, lent))
            parts = split(shares[name], weights)
            for district in self.districts:
                self.capital[name, district] = parts.get(district, 0)

    def take_money(self) -> None:
        for event in self.money:
            if event.day == self.day:
                joins = {"committed": event.committed, "paid-in": event.paid_in, "cash": event.cash}
                amount = joins[self.terms.money.tested] or 0
                self.capital[event.pot, event.district] += amount

    def left(self, purse: Purse) -> int:
        return max(self.capital[purse] - self.spent[purse], 0)

    # -------------------------------------------------------------- recoveries

    def take_recoveries(self) -> None:
        todays: dict[str, int] = defaultdict(int)
        for item in self.recoveries:
            if item.day == self.day:
                todays[item.claim] += item.amount
        for name in sorted(todays):
            self.recover(self.cases[name], todays[name])

    def recover(self, case: Case, amount: int) -> None:
        if not case.over:
            case.before += amount
            self.row(case, "recovery", LENDER, amount)
            return
        shared = min(amount, case.loss - case.after)
        case.after += shared
        parts = self.share_recovery(case, shared)
        for limit in self.terms.limits:
            if limit.net:
                self.uncount(limit, case, shared if limit.measure == "claims" else parts["fund"])
        parts[LENDER] += amount - sum(parts.values())
        for party, part in parts.items():
            case.got[party] += part
            if party == "fund":
                self.return_to_pots(case, part)
            else:
                self.row(case, "recovery", party, part)

    def share_recovery(self, case: Case, amount: int) -> dict[str, int]:
        """What each party gets; the lender gets whatever is not named here."""
        parts: dict[str, int] = defaultdict(int)
        if amount == 0:
            return parts
        order = self.terms.recoveries.order
        fund_lacks = max(case.fund - case.got["fund"], 0)
        if order == "pro-rata":
            # ``after`` counts this recovery already.
            so_far = case.after - amount
            principal = max(min(case.after, case.eligible) - min(so_far, case.eligible), 0)
            interest = amount - principal
            rest = next((p.name for p in self.terms.parties if p.share is None), LENDER)
            uncovered = case.loss - case.eligible
            for party, borne in [("fund", case.fund), *case.parties.items()]:
                of_eligible = max(borne - uncovered, 0) if party == rest else borne
                mine = principal * of_eligible // case.eligible if case.eligible else 0
                mine += interest if party == rest else 0
                lacks = fund_lacks if party == "fund" else max(borne - case.got[party], 0)
                parts[party] = min(mine, lacks)
        elif order == "fund-first":
            parts["fund"] = min(amount, fund_lacks)
        else:
            lender_lacks = max(case.parties[LENDER] - case.got[LENDER], 0)
            parts[LENDER] = min(amount, lender_lacks)
            parts["fund"] = min(amount - parts[LENDER], fund_lacks)
        return parts

    def by_purse(self, case: Case, amount: int) -> dict[Purse, int]:
        """Money that comes back, by what each purse has paid, never above what it is still out of.

        What then is left over goes one unit each in file order, round after round.
        """
        out = {purse: paid - case.back[purse] for purse, paid in case.paid.items()}
        assert 0 <= amount <= sum(out.values())
        gross = sum(case.gross.values())
        parts = {
            purse: min(amount * paid // gross, out[purse]) if gross else 0
            for purse, paid in case.gross.items()
        }
        over = amount - sum(parts.values())
        while over > 0:
            open_ones = [purse for purse in parts if parts[purse] < out[purse]]
            room = min(out[purse] - parts[purse] for purse in open_ones)
            each = min(room, max(over // len(open_ones), 1))  # many rounds at once
            for purse in open_ones[:over]:
                parts[purse] += each
                over -= each
        return parts

    def return_to_pots(self, case: Case, amount: int) -> None:
        for purse, part in self.by_purse(case, amount).items():
            case.back[purse] += part
            self.row(case, "recovery", "fund", part, purse)
            if self.terms.recoveries.to_pot:
                self.spent[purse] -= part

    def uncount(self, limit: Any, case: Case, amount: int) -> None:
        """Give a limit the room back that a claim has taken."""
        name = case.claim.id
        for key, parts in self.counted.items():
            if key[0] == limit.path and name in parts:
                parts[name] -= min(amount, parts[name])

    # -------------------------------------------------------------- clawback

    def claw_back(self) -> None:
        """By limit in file order; the ceilings of one limit are asked before it claws back."""
        for limit in self.terms.limits:
            if not limit.clawback or limit.measure != "payouts":
                continue
            ceilings = {
                key: self.ceiling(limit, key[1])
                for key in sorted(self.counted)
                if key[0] == limit.path and key[2] in (0, self.day.year)
            }
            for key, ceiling in ceilings.items():
                self.claw_back_scope(limit, key, ceiling)

    def claw_back_scope(self, limit: Any, key: Key, ceiling: int) -> None:
        counted = self.counted[key]
        excess = sum(counted.values()) - ceiling
        out = {
            name: min(amount, self.cases[name].fund - self.cases[name].got["fund"])
            for name, amount in counted.items()
        }
        if excess <= 0:
            return
        for name, amount in cut_to(excess, out).items():
            case = self.cases[name]
            for purse, part in self.by_purse(case, amount).items():
                case.paid[purse] -= part
                self.spent[purse] -= part
                self.row(case, "clawback", "fund", -part, purse)
            self.row(case, "clawback", LENDER, amount)
            case.clawed_back += amount
            case.parties[LENDER] += amount
            for other in self.terms.limits:
                if other.measure == "payouts" and (other.clawback or other.net):
                    self.uncount(other, case, amount)

    # -------------------------------------------------------------- breakers

    def scopes(self, per: str) -> list[str]:
        return {"lender": self.lenders, "district": self.districts, "fund": [""]}[per]

    def scope_of(self, claim: Any, per: str) -> str:
        return {
            "claim": claim.id,
            "firm": claim.firm,
            "lender": claim.lender,
            "district": claim.district,
            "fund": "",
        }[per]

    def measured(self, breaker: Any, scope: str) -> int:
        total = 0
        inside = [
            case for case in self.cases.values() if self.scope_of(case.claim, breaker.per) == scope
        ]
        for case in inside:
            if breaker.measure == "overdue":
                year, counts = case.claim.overdue_on.year, case.claim.overdue_on <= self.day
                left = case.claim.principal - case.before - case.after
            elif breaker.measure == "claims":
                year, counts = case.due.year, case.accepted is not None
                left = case.accepted or 0
            else:
                continue
            if counts and (year == self.day.year or not breaker.yearly):
                total += max(left, 0)
        if breaker.measure == "payouts":
            for day, case, amount in self.paid_on:
                if case in inside and (day.year == self.day.year or not breaker.yearly):
                    total += amount
        return total

    def measure_breakers(self) -> None:
        for breaker in self.terms.breakers:
            for scope in self.scopes(breaker.per):
                key = (breaker.path, scope)
                measure = self.measured(breaker, scope)
                base = self.base(breaker.over, breaker.per, scope)
                if base == 0:
                    over = measure > 0
                elif breaker.strict:
                    over = Fraction(measure, base) > breaker.at
                else:
                    over = Fraction(measure, base) >= breaker.at
                since = self.tripped_on.get(key)
                stays = since is not None and (
                    breaker.lifts == "never"
                    or (breaker.lifts == "year-end" and since.year == self.day.year)
                )
                if over and not stays:
                    self.tripped_on[key] = self.day
                if (over or stays) != (key in self.tripped):
                    self.trips.append((self.day, *key, over or stays, measure, base))
                    self.tripped ^= {key}

    def stopped(self, claim: Any, what: str) -> str:
        """The first breaker that stops something for a claim."""
        for breaker in self.terms.breakers:
            key = (breaker.path, self.scope_of(claim, breaker.per))
            if breaker.stops == what and key in self.tripped:
                return breaker.path
        return ""

    # -------------------------------------------------------------- claims due

    def batch(self) -> list[Case]:
        """The claims that go through the clauses today, by id."""
        ready = []
        for case in self.cases.values():
            if case.status != "deferred" and case.due != self.day:
                continue
            failed = failed_condition(self.terms.conditions, case.claim)
            cover = cover_of(self.terms.cover, case.claim)
            if failed or cover is None:
                self.leave(case, "uncovered", failed)
                continue
            refused = self.stopped(case.claim, "acceptance")
            if refused and case.due == self.day:
                self.leave(case, "refused", refused)
                continue
            if case.accepted is None:
                case.accepted = max(case.claim.principal - case.before, 0)
            case.rule, case.share = cover
            put_off = self.stopped(case.claim, "payment")
            if put_off:
                case.status, case.reason = "deferred", case.reason or put_off
            else:
                ready.append(case)
        return ready

    def close(self, case: Case, status: str, reason: str) -> None:
        case.status, case.reason, case.settled = status, reason, self.day
        claim = case.claim
        case.loss = max(claim.principal + claim.interest - case.before, 0)
        claimed = claim.principal + (claim.interest if self.terms.claim.interest else 0)
        case.eligible = max(claimed - case.before, 0)

    def leave(self, case: Case, status: str, reason: str) -> None:
        """The fund pays nothing: whoever bears the rest bears it all."""
        self.close(case, status, reason)
        self.bear(case)

    def settle_batch(self, batch: list[Case]) -> None:
        for case in batch:
            self.close(case, "settled", "")
        self.count_in_the_end: list[tuple[Key, str]] = []
        amounts = {case.claim.id: case.eligible for case in batch}
        for level in LEVELS:
            amounts = self.apply_limits("claims", level, amounts)
        amounts = {name: self.want(self.cases[name], amount) for name, amount in amounts.items()}
        for level in LEVELS:
            amounts = self.apply_limits("payouts", level, amounts)
            if level == "lender":
                amounts = self.apply_quota(amounts)
        self.pay(amounts)
        for case in batch:
            self.bear(case)
            self.quota[case.claim.lender] -= case.fund + sum(case.owed.values())
        for key, name in self.count_in_the_end:
            case = self.cases[name]
            self.counted[key][name] = case.fund + sum(case.owed.values())

    def want(self, case: Case, amount: int) -> int:
        want = floor(case.share * amount)
        of = self.terms.cover.of_liability
        if of is not None:
            most = max(floor(of * case.claim.own_liability) - case.claim.other_public, 0)
            case.lowered("cover.of_liability", want, min(want, most))
            want = min(want, most)
        return want

    def bear(self, case: Case) -> None:
        """Share the loss that the fund does not bear among the other parties."""
        rest = LENDER
        left = case.loss - case.fund
        case.parties = {LENDER: 0}
        for party in self.terms.parties:
            case.parties[party.name] = 0
            if party.share is None:
                rest = party.name
        for party in self.terms.parties:
            if party.share is not None:
                case.parties[party.name] = floor(party.share * case.eligible)
                left -= case.parties[party.name]
        case.parties[rest] += left
        for party, amount in case.parties.items():
            self.row(case, "loss", party, amount)

    # -------------------------------------------------------------- limits and quota

    def ceiling(self, limit: Any, scope: str) -> int:
        ceiling = limit.ceiling
        if ceiling.amount is not None:
            return ceiling.amount
        reach = self.base(ceiling.base, limit.per, scope) * ceiling.guarantee_rate
        if ceiling.growth is not None:
            grown = ceiling.growth
            rate = (1 + grown.unused * grown.share * grown.factor) * grown.initial
            return floor(reach * min(grown.most, rate))
        below, total = Fraction(0), Fraction(0)
        for step in ceiling.steps:
            top = reach if step.up_to is None or reach < step.up_to else step.up_to
            if top > below:
                total += (top - below) * step.rate
                below = top
        return floor(total)

    def apply_limits(self, measure: str, level: str, amounts: dict[str, int]) -> dict[str, int]:
        amounts = dict(amounts)
        for limit in self.terms.limits:
            if limit.measure != measure or limit.per != level:
                continue
            groups: dict[str, dict[str, int]] = {}
            for name, amount in amounts.items():
                claim = self.cases[name].claim
                if holds(limit.when, claim):
                    groups.setdefault(self.scope_of(claim, level), {})[name] = amount
            for scope, before in groups.items():
                key = (limit.path, scope, self.day.year if limit.yearly else 0)
                used = sum(self.counted[key].values())
                left = max(self.ceiling(limit, scope) - used, 0)
                if limit.deductible:
                    taken = cut_to(left, before)
                    after = {name: before[name] - taken[name] for name in before}
                else:
                    after = cut_to(left, before)
                for name in before:
                    self.counted[key][name] = (before if limit.deductible else after)[name]
                    self.cases[name].lowered(limit.path, before[name], after[name])
                    if measure == "payouts" and not limit.deductible:
                        self.count_in_the_end.append((key, name))
                amounts.update(after)
        return amounts

    def apply_quota(self, amounts: dict[str, int]) -> dict[str, int]:
        if self.terms.quota is None:
            return amounts
        amounts = dict(amounts)
        for lender in self.lenders:
            before = {n: x for n, x in amounts.items() if self.cases[n].claim.lender == lender}
            after = cut_to(floor(self.quota[lender]), before)
            for name, amount in before.items():
                self.cases[name].lowered(self.terms.quota.path, amount, after[name])
            amounts.update(after)
        return amounts

    # -------------------------------------------------------------- pots

    def purse(self, pot: str, by_district: bool, claim: Any) -> Purse:
        return (pot, claim.district if by_district else "")

    def pay(self, amounts: dict[str, int]) -> None:
        wanted: dict[Purse, dict[str, int]] = defaultdict(dict)
        for name, amount in amounts.items():
            parts = split(amount, [(pot, share) for pot, share, _ in self.pot_list()])
            for pot, _, by_district in self.pot_list():
                purse = self.purse(pot, by_district, self.cases[name].claim)
                self.cases[name].paid[purse] = self.cases[name].gross[purse] = 0
                wanted[purse][name] = parts[pot]
        for purse in self.capital:
            before = wanted[purse]
            after = cut_to(self.left(purse), before)
            for name, amount in after.items():
                case = self.cases[name]
                self.pay_part(case, purse, amount)
                short = before[name] - amount
                if self.terms.money.shortage == "deferred":
                    case.owed[purse] = short
                path = f"pots.{purse[0]}" if self.terms.pots else "money"
                case.lowered(path, amounts[name], amounts[name] - short)
                amounts[name] -= short

    def pay_part(self, case: Case, purse: Purse, amount: int) -> None:
        case.paid[purse] += amount
        case.gross[purse] += amount
        self.spent[purse] += amount
        self.paid_on.append((self.day, case, amount))
        self.row(case, "loss", "fund", amount, purse)

    def pay_late_parts(self) -> None:
        """Parts put off for want of money, oldest first."""
        rest = next((p.name for p in self.terms.parties if p.share is None), LENDER)
        waiting = [
            case
            for case in self.cases.values()
            if any(case.owed.values()) and not self.stopped(case.claim, "payment")
        ]
        for day in sorted({case.settled for case in waiting if case.settled}):
            for purse in self.capital:
                if self.left(purse) == 0:
                    continue
                for case in waiting:
                    if case.settled == day and case.owed.get(purse):
                        lacks = max(case.parties[rest] - case.got[rest], 0)
                        case.owed[purse] = min(case.owed[purse], lacks)
                owed = {
                    case.claim.id: case.owed[purse]
                    for case in waiting
                    if case.settled == day and case.owed.get(purse)
                }
                for name, amount in cut_to(self.left(purse), owed).items():
                    case = self.cases[name]
                    case.owed[purse] -= amount
                    case.parties[rest] -= amount
                    self.pay_part(case, purse, amount)
                    self.row(case, "loss", rest, -amount)

    def row(self, case: Case, kind: str, party: str, amount: int, purse: Purse = ("", "")) -> None:
        self.rows[self.day, case.claim.id, kind, party, *purse] += amount


def pay(terms: Any, claims: Any, recoveries: Any, positions: Any, money: Any) -> Result:
    """What a fund pays, claim by claim and day by day."""
    return Oracle(terms, claims, recoveries, positions, money).run()
