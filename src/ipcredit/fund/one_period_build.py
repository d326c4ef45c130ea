"""From a fund's terms and a book of loans to the one-period problem.

Everything that is settled firm by firm is settled here, because a firm's loans default together:
conditions, cover, limits of a claim and of a firm.  What depends on who else defaults becomes a
clause on cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.covering import covering, holds
from ipcredit.fund.one_period import (
    STOPPING,
    Bools,
    Clause,
    Factor,
    Floats,
    Ints,
    OnePeriod,
    Purse,
    Severity,
    Trip,
    first_rows,
    several,
    sums,
)
from ipcredit.fund.one_period_groups import with_groups
from ipcredit.fund.scenario_terms import Amounts, Opening
from ipcredit.fund.terms import SCOPES, Ceiling, Limit, Terms
from ipcredit.portfolio import Portfolio
from ipcredit.traits import PARTS

QUOTA: Final = "quota"
UNKNOWN: Final = "-"
"""Stands for a district or tier that is not known."""
_WIDE = ("lender", "district", "fund")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the terms and the book leave open: factor, severity, money, positions.

    ``recovery``: mean share of principal recovered of loans whose own is not known (``None``: a
    loan without its own is refused).  ``money``: committed, paid-in, cash in minor units, over
    the fund's own.  ``opening``: where fund, lenders and districts stand on the first day.
    """

    factor: Factor
    recovery: float | None
    severity: Severity = field(default_factory=Severity)
    money: Mapping[str, int] | None = None
    opening: Opening = field(default_factory=Opening)


def compile_one_period(terms: Terms, book: Portfolio, assumed: Assumptions) -> OnePeriod:
    """The problem of one period for the loans of ``book`` that the fund covers.

    Raises:
        UsageError: no loan is covered, or the recovery or the tested capital is not given.
        PortfolioError: a clause asks for an attribute that a loan does not have.
    """
    book = covered_book(terms, book, assumed.factor.by)
    loss_share = _loss_shares(book, assumed)
    cover = covering(terms, book.traits)
    share = np.where(cover.index >= 0, cover.float64[cover.index], 0.0)
    if terms.cover.of_liability is not None:
        share = np.minimum(share, float(terms.cover.of_liability))
    eligible = book.outstanding.astype(np.float64)
    if not terms.claim.advance:
        eligible = np.floor(eligible * loss_share)
    overdue = eligible
    eligible = np.where(cover.index >= 0, eligible, 0.0)
    accepted = eligible
    money = _money(terms, assumed)
    maker = _Maker(terms, book, assumed, money)
    eligible = maker.settle_claims(eligible)
    folded = not maker.wide_claims and not maker.dynamic
    maker.folded = folded
    due = maker.settle_payouts(eligible * share) if folded else eligible
    if folded:
        share = np.ones_like(share)
    return with_groups(maker.problem(due, share, overdue, accepted, loss_share), book)


def covered_book(terms: Terms, book: Portfolio, by: str = "") -> Portfolio:
    """The loans of the part that the fund covers; what its clauses (and groups) ask is known.

    Raises:
        UsageError: there are none, or a district has no money of its own.
        PortfolioError: loans lack what a clause asks for.
    """
    if terms.covers != "any" and not (book.part == PARTS.index(terms.covers)).any():
        args = {"covers": terms.covers}
        raise UsageError(Problem("fund-results.no-loans", book.source, "covers", args))
    book = book.covered(terms.covers)
    pers = {*(limit.per for limit in terms.limits), *(item.per for item in terms.breakers)}
    bases = {*(limit.ceiling.base for limit in terms.limits), *(b.over for b in terms.breakers)}
    asked = ["district"] if "district" in pers or any(p.by_district for p in terms.pots) else []
    asked += [by] if by in ("district", "class") and by not in asked else []
    book.need(*asked, *(["start"] if "year-volume" in bases else []))
    if (book.district < 0).any():
        district = np.where(book.district < 0, len(book.districts), book.district)
        labels = (*book.districts, UNKNOWN)
        book = replace(book, district=district.astype(np.int32), districts=labels)
    named = dict(terms.money.districts)
    if named and any(pot.by_district for pot in terms.pots):
        absent = [name for name in book.groups("district") if name.label not in named]
        if absent:
            args = {"names": ", ".join(group.label for group in absent)}
            raise UsageError(
                Problem("fund-results.district-money", key="money.districts", args=args)
            )
    return book


def _loss_shares(book: Portfolio, assumed: Assumptions) -> Floats:
    own = np.asarray(book.recovery, dtype=np.float64)
    unknown = np.isnan(own)
    if unknown.any() and assumed.recovery is None:
        args = {"loan": book.loans[int(np.flatnonzero(unknown)[0])], "count": int(unknown.sum())}
        raise UsageError(Problem("fund-results.no-recovery", args=args))
    result: Floats = 1.0 - np.where(unknown, assumed.recovery or 0.0, own)
    return result


def _money(terms: Terms, assumed: Assumptions) -> dict[str, float]:
    """The capitals that are known, the tested one among them."""
    given = dict(assumed.money or {})
    committed = given.get("committed", terms.money.committed)
    paid_in = given.get("paid-in", terms.money.paid_in)
    if paid_in is None and committed is not None and terms.money.paid_in_least is not None:
        paid_in = int(committed * terms.money.paid_in_least)
    cash = given.get("cash", terms.money.cash)
    found = {"committed": committed, "paid-in": paid_in, "cash": cash}
    if found[terms.money.tested] is None:
        tested = terms.money.tested
        args = {"capital": tested, "key": tested.replace("-", "_")}
        raise UsageError(Problem("fund-results.no-capital", key=terms.money.path, args=args))
    before = assumed.opening.whole
    back = before.recovered or 0 if terms.recoveries.to_pot else 0
    gone = max((before.paid or 0) - back, 0)
    # Cash is what is there today; of the others, what was paid is spent.
    left = {
        name: a if name == "cash" or a is None else max(a - gone, 0) for name, a in found.items()
    }
    return {name: float(amount) for name, amount in left.items() if amount is not None}


class _Maker:
    """Turns clauses into cells for one book."""

    def __init__(
        self, terms: Terms, book: Portfolio, assumed: Assumptions, money: dict[str, float]
    ) -> None:
        self.terms, self.book, self.assumed, self.money = terms, book, assumed, money
        self.applies = {limit.name: holds(limit.when, book.traits) for limit in terms.limits}
        ordered = sorted(terms.limits, key=lambda limit: SCOPES.index(limit.per))
        self.claims = [limit for limit in ordered if limit.measure == "claims"]
        self.payouts = [limit for limit in ordered if limit.measure == "payouts"]
        self.wide_claims = [limit for limit in self.claims if limit.per in _WIDE]
        self.stops = [b for b in terms.breakers if b.stops in STOPPING and b.measure == "overdue"]
        # A firm's own limit is settled with its other loans only if they stop together.
        self.split_firms = self._split_firms()
        self.dynamic: list[Limit] = []
        self.folded = True

    def _split_firms(self) -> Bools:
        split = np.zeros(len(self.book.firms), dtype=np.bool_)
        for per in {b.per for b in self.stops} - {"fund"}:
            column = self.book.lender if per == "lender" else self.book.district
            split |= several(self.book.firm, column, len(split))
        return split

    # -- settled firm by firm ----------------------------------------------------------------

    def settle_claims(self, eligible: Floats) -> Floats:
        """Limits on claims of one claim and one firm."""
        for limit in self.claims:
            if limit.per == "claim":
                eligible = self._cut(limit, eligible, np.arange(len(eligible)))
            elif limit.per == "firm":
                eligible = self._cut_firms(limit, eligible)
        return eligible

    def settle_payouts(self, pay: Floats) -> Floats:
        """Limits on payouts of one claim and one firm, where no wider limit is before them."""
        for limit in self.payouts:
            if limit.per == "claim" and not self.dynamic:
                pay = self._cut(limit, pay, np.arange(len(pay)))
            elif limit.per == "firm":
                pay = self._cut_firms(limit, pay)
        return pay

    def _cut_firms(self, limit: Limit, amounts: Floats) -> Floats:
        cut = self._cut(limit, amounts, self.book.firm)
        split = self.split_firms[self.book.firm] & self.applies[limit.name]
        if split.any() and limit not in self.dynamic:
            self.dynamic.append(limit)
        return np.where(split, amounts, cut)

    def _cut(self, limit: Limit, amounts: Floats, scope: npt.NDArray[np.intp] | Ints) -> Floats:
        fits = self.applies[limit.name]
        counted = np.where(fits, amounts, 0.0)
        total = np.bincount(scope, counted)[scope]
        left = float(self.ceiling(limit.ceiling, "fund", 0))
        kept = np.maximum(total - left, 0.0) if limit.deductible else np.minimum(total, left)
        factor = np.where(total > 0, kept / np.where(total > 0, total, 1.0), 1.0)
        return np.where(fits, amounts * factor, amounts)

    # -- positions ---------------------------------------------------------------------------

    def scopes(self, per: str) -> tuple[Ints, int]:
        """The scope of every loan, and how many scopes there are."""
        book = self.book
        columns = {
            "lender": (book.lender, len(book.lenders)),
            "district": (book.district, len(book.districts)),
            "firm": (book.firm, len(book.firms)),
            "claim": (np.arange(len(book.loans), dtype=np.int32), len(book.loans)),
            "fund": (np.zeros(len(book.loans), dtype=np.int32), 1),
        }
        column, count = columns[per]
        return column.astype(np.int32), count

    def position(self, base: str, per: str, at: int) -> int:
        """A denominator of one scope, in minor units."""
        book = self.book
        if base == "capital":
            return int(self.money[self.terms.money.tested])
        here = np.ones(len(book.loans), dtype=np.bool_)
        if per in ("lender", "district"):
            here = self.scopes(per)[0] == at
        name = {"opening-balance": "balance"}.get(base, base.replace("-", "_"))
        given = getattr(self.opening(per, at), name) if base != "balance" else None
        if given is not None:
            return int(given)
        if base == "year-volume":
            new_year = np.datetime64(f"{book.as_of.year}-01-01", "D").astype(np.int64)
            here &= book.start >= new_year
        column = book.principal if base in ("volume", "year-volume") else book.outstanding
        return int(column[here].sum())

    def ceiling(self, ceiling: Ceiling, per: str, at: int) -> int:
        """What a limit allows one scope."""
        if ceiling.amount is not None:
            return ceiling.amount
        return ceiling.of(self.position(ceiling.base, per, at))

    def opening(self, per: str, at: int) -> Amounts:
        """Where one scope stands on the first day."""
        start = self.assumed.opening
        if per == "lender":
            return start.lenders.get(self.book.lenders[at], Amounts())
        if per == "district":
            return start.districts.get(self.book.districts[at], Amounts())
        return start.whole if per == "fund" else Amounts()

    def used(self, limit: Limit | None, per: str, at: int) -> int:
        """What one scope has used of a limit (``None``: of its quota) before the first day."""
        before = self.opening(per, at)
        if limit is not None and limit.yearly:
            return 0
        if limit is not None and limit.measure == "claims":
            return before.claims or 0
        back = before.recovered or 0 if limit is not None and limit.net else 0
        return max((before.paid or 0) - back, 0)

    # -- cells -------------------------------------------------------------------------------

    def clauses(self) -> list[tuple[Limit | None, Bools]]:
        """What acts on cells, in order; ``None`` stands for the quota."""
        rows = np.ones(len(self.book.loans), dtype=np.bool_)
        found: list[tuple[Limit | None, Bools]] = []
        for limit in (*self.claims, *self.payouts):
            fits = self.applies[limit.name]
            late = limit.measure == "payouts" and not self.folded
            if limit.per in _WIDE or (late and limit.per in ("claim", "firm")):
                found.append((limit, fits))
            elif limit in self.dynamic:
                found.append((limit, fits & self.split_firms[self.book.firm]))
        if self.terms.quota is not None:
            after = [i for i, (limit, _) in enumerate(found) if _before_quota(limit)]
            found.insert(after[-1] + 1 if after else 0, (None, rows))
        return found

    def problem(
        self,
        due: Floats,
        share: Floats,
        overdue: Floats,
        accepted: Floats,
        loss_share: Floats,
    ) -> OnePeriod:
        """Gather loans into items and cells."""
        book, acting = self.book, self.clauses()
        keys: list[npt.NDArray[np.int64]] = []
        pers = {limit.per if limit else "lender" for limit, _ in acting}
        pers |= {breaker.per for breaker in self.terms.breakers}
        if any(pot.by_district for pot in self.terms.pots):
            pers.add("district")
        keys += [self.scopes(per)[0].astype(np.int64) for per in sorted(pers - {"fund"})]
        keys += [fits.astype(np.int64) for _, fits in acting]
        if not self.folded:
            keys.append(np.unique(share, return_inverse=True)[1].astype(np.int64))
        cell_loan, cell = first_rows(keys, len(due))
        order = np.argsort(book.pd, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        used = np.unique(place[book.firm])
        firm = np.searchsorted(used, place[book.firm])
        item_loan, item = first_rows([firm, cell, book.lender, book.district], len(due))
        net_due = _total(item, due * loss_share, len(item_loan))
        items_due = _total(item, due, len(item_loan))
        plain = _total(item, book.outstanding * loss_share, len(item_loan))
        owed = _total(item, book.outstanding.astype(np.float64), len(item_loan))
        mean_loss = plain / np.where(owed > 0, owed, 1.0)
        net = np.where(items_due > 0, net_due / np.where(items_due > 0, items_due, 1.0), mean_loss)
        if not self.terms.claim.advance:
            net = np.ones_like(net)  # paid after recovery: nothing comes back
        first = np.searchsorted(firm[item_loan], np.arange(len(used) + 1))
        return OnePeriod(
            pd=np.asarray(book.pd, dtype=np.float64)[order][used],
            tier=np.asarray(book.tier, dtype=np.int32)[order][used],
            first=first.astype(np.int64),
            cell=cell[item_loan].astype(np.int32),
            lender=book.lender[item_loan].astype(np.int32),
            district=book.district[item_loan].astype(np.int32),
            due=items_due,
            owed=owed,
            overdue=_total(item, overdue, len(item_loan)),
            accepted=_total(item, accepted, len(item_loan)),
            loss=plain,
            net=net,
            share=share[cell_loan],
            folded=self.folded,
            clauses=tuple(self._clause(limit, fits, cell_loan) for limit, fits in acting),
            breakers=self._breakers(cell_loan),
            purses=self._purses(cell_loan),
            capital=dict(self.money),
            tested=self.terms.money.tested,
            factor=self.assumed.factor,
            severity=self.assumed.severity,
            lenders=book.lenders,
            districts=book.districts,
            tiers=book.tiers,
            multi_lender=int(several(firm, book.lender, len(used)).sum()),
        )

    def _clause(self, limit: Limit | None, fits: Bools, cell_loan: npt.NDArray[np.intp]) -> Clause:
        per = "lender" if limit is None else limit.per
        scope, groups = self.scopes(per)
        if limit is None:
            ceiling = [self._quota(at) for at in range(groups)]
        elif per in ("lender", "district", "fund"):
            ceiling = [self.ceiling(limit.ceiling, per, at) for at in range(groups)]
        else:
            ceiling = [self.ceiling(limit.ceiling, "fund", 0)] * groups
        group = np.where(fits, scope, -1)[cell_loan].astype(np.int32)
        known = (QUOTA, self.terms.quota.path if self.terms.quota else "", None)
        name, path, title = (limit.name, limit.path, limit.title) if limit else known
        measure = limit.measure if limit else "payouts"
        deductible = bool(limit and limit.deductible)
        room = [max(c - self.used(limit, per, at), 0) for at, c in enumerate(ceiling)]
        ceilings = np.array(room, dtype=np.float64)
        return Clause(name, path, title, measure, per, group, ceilings, deductible)

    def _quota(self, at: int) -> int:
        quota = self.terms.quota
        if quota is None:
            raise AssertionError
        allowance = int(quota.rate * self.position("volume", "lender", at))
        if quota.most is None:
            return allowance
        return min(allowance, int(quota.most * self.position("balance", "lender", at)))

    def _breakers(self, cell_loan: npt.NDArray[np.intp]) -> tuple[Trip, ...]:
        found = []
        for b in self.terms.breakers:
            scope, groups = self.scopes(b.per)
            # The least whole number of minor units that trips it: exact where a float is not.
            base = [b.at * self.position(b.over, b.per, at) for at in range(groups)]
            threshold = np.array([_reach(x, b.strict) for x in base], dtype=np.float64)
            group = scope[cell_loan].astype(np.int32)
            found.append(Trip(b.name, b.path, b.title, b.measure, b.per, b.stops, group, threshold))
        return tuple(found)

    def _purses(self, cell_loan: npt.NDArray[np.intp]) -> tuple[Purse, ...]:
        every = np.ones(len(cell_loan), dtype=np.bool_)
        if not self.terms.pots:
            return (Purse("fund", "", 1.0, every, dict(self.money)),)
        found = []
        district = self.book.district[cell_loan]
        weights = self._district_shares()
        for pot in self.terms.pots:
            share = float(pot.share)
            money = {name: amount * share for name, amount in self.money.items()}
            if not pot.by_district:
                found.append(Purse(pot.name, "", share, every, money))
                continue
            for at, name in enumerate(self.book.districts):
                own = {kind: float(amount * weights[at]) for kind, amount in money.items()}
                part = float(weights[at])
                found.append(Purse(pot.name, name, share, district == at, own, part))
        return tuple(found)

    def _district_shares(self) -> Sequence[float]:
        named = dict(self.terms.money.districts)
        if not named:
            owed = np.bincount(
                self.book.district, self.book.outstanding, minlength=len(self.book.districts)
            )
            return list(owed / owed.sum() if owed.sum() else owed)
        whole = sum(named.values())
        return [float(named.get(name, Fraction(0)) / whole) for name in self.book.districts]


def _before_quota(limit: Limit | None) -> bool:
    return limit is not None and (
        limit.measure == "claims" or limit.per in ("claim", "firm", "lender")
    )


def _reach(base: Fraction, strict: bool) -> int:
    """The least whole amount at or above ``base`` (above it, if strict)."""
    whole = -((-base.numerator) // base.denominator)
    return whole + 1 if strict and whole == base else whole


def _total(item: npt.NDArray[np.intp], values: Floats, items: int) -> Floats:
    return sums(item, values, items)
