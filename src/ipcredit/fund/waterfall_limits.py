"""Limits, deductibles and the quota: how much of what is counted may pass, and who it is cut from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from ipcredit.fund.terms import SCOPES, Ceiling, Limit, Quota, Terms
from ipcredit.fund.waterfall_books import Books
from ipcredit.fund.waterfall_results import LimitUse
from ipcredit.fund.waterfall_state import Case, Counted, Key, divided


def rate_of(ceiling: Ceiling) -> Fraction | None:
    """The one rate over the base (a growing one at its present height), ``None`` for several.

    >>> from ipcredit.fund.terms import Step
    >>> rate_of(Ceiling(base="volume", steps=(Step(None, Fraction(1, 5)),)))
    Fraction(1, 5)
    """
    if ceiling.growth is not None:
        return ceiling.guarantee_rate * ceiling.growth.rate
    if len(ceiling.steps) == 1 and ceiling.steps[0].up_to is None:
        return ceiling.guarantee_rate * ceiling.steps[0].rate
    return None


def _cut(path: str, cases: Sequence[Case], total: int) -> None:
    """Cut the amounts of these cases pro rata to a total."""
    parts = divided([case.amount for case in cases], total)
    for case, part in zip(cases, parts, strict=True):
        if part < case.amount:
            case.lower(path, part)


class LimitCounter:
    """One limit and what it has counted, scope by scope."""

    def __init__(self, limit: Limit, at: int, books: Books) -> None:
        self.limit, self.at, self.books = limit, at, books
        self.used: dict[Key, int] = {}
        self.ceilings: dict[Key, int] = {}
        self.gives_back = limit.net or limit.clawback
        self.rate = rate_of(limit.ceiling)

    def ceiling(self, key: Key) -> int:
        """What it allows one scope now."""
        limit = self.limit
        found = limit.ceiling.amount
        if found is None:
            base = self.books.base(limit.ceiling.base, limit.per, key[0])
            rate = self.rate
            found = (
                limit.ceiling.of(base)
                if rate is None
                else base * rate.numerator // rate.denominator
            )
        self.ceilings[key] = found
        return found

    def groups(self, day: dt.date, batch: Sequence[Case]) -> dict[Key, list[Case]]:
        """The cases it applies to, by scope."""
        year = day.year if self.limit.yearly else 0
        found: dict[Key, list[Case]] = {}
        for case in batch:
            if case.applies[self.at]:
                found.setdefault((case.scopes[self.limit.per], year), []).append(case)
        return found

    def act(self, day: dt.date, batch: Sequence[Case]) -> None:
        """Cut the batch's amounts to what the limit leaves (deductible: take that away)."""
        for key, cases in self.groups(day, batch).items():
            total = sum(case.amount for case in cases)
            left = min(max(self.ceiling(key) - self.used.get(key, 0), 0), total)
            if self.limit.deductible:
                for case in cases:
                    self.count(key, case, case.amount)
                self._deduct(cases, left)
                continue
            if left < total:
                _cut(self.limit.path, cases, left)
            if self.limit.measure == "claims":
                for case in cases:
                    self.count(key, case, case.amount)

    def _deduct(self, cases: Sequence[Case], total: int) -> None:
        taken = divided([case.amount for case in cases], total)
        for case, part in zip(cases, taken, strict=True):
            if part:
                case.lower(self.limit.path, case.amount - part)

    def count(self, key: Key, case: Case, amount: int) -> None:
        """Use up room."""
        self.used[key] = self.used.get(key, 0) + amount
        if self.gives_back and amount:
            case.counted.append(Counted(self.limit, self.used, key, amount))

    def excess(self, year: int) -> list[tuple[Key, int]]:
        """Scopes whose ceiling has fallen below what is used, and by how much."""
        year = year if self.limit.yearly else 0
        found = []
        for key, used in sorted(self.used.items()):
            if key[1] == year and (over := used - self.ceiling(key)) > 0:
                found.append((key, over))
        return found

    def uses(self) -> list[LimitUse]:
        """How far it is used, scope by scope."""
        limit = self.limit
        return [
            LimitUse(limit.path, limit.per, scope, year, used, self.ceilings.get((scope, year)))
            for (scope, year), used in sorted(self.used.items())
        ]


class QuotaCounter:
    """Each lender's allowance, fed by what it lends and used up by what it is paid."""

    def __init__(self, quota: Quota, books: Books) -> None:
        self.quota, self.books = quota, books
        self.left: dict[str, Fraction] = {}

    def feed(self, lent: dict[str, int]) -> None:
        """Loans of a day feed it, and it is cut to its most where the balance asks for it."""
        for lender, amount in lent.items():
            found = self.left.get(lender, Fraction(0)) + self.quota.rate * max(amount, 0)
            if self.quota.most is not None:
                found = min(found, self.quota.most * self.books.balance(lender))
            self.left[lender] = found

    def act(self, batch: Sequence[Case]) -> None:
        """Cut the batch's payments to what each lender has left."""
        groups: dict[str, list[Case]] = {}
        for case in batch:
            groups.setdefault(case.claim.lender, []).append(case)
        for lender, cases in groups.items():
            left = int(self.left.get(lender, Fraction(0)))
            if left < sum(case.amount for case in cases):
                _cut(self.quota.path, cases, left)

    def count(self, case: Case, amount: int) -> None:
        """Use it up."""
        if amount:
            self.left[case.claim.lender] -= amount


class LimitBook:
    """All limits of a fund, in the order in which they act: from the claim to the whole fund."""

    def __init__(self, terms: Terms, books: Books) -> None:
        found = [LimitCounter(item, at, books) for at, item in enumerate(terms.limits)]
        self.all = found
        ordered = sorted(found, key=lambda item: (SCOPES.index(item.limit.per), item.at))
        self.on_claims = [item for item in ordered if item.limit.measure == "claims"]
        self.on_payouts = [item for item in ordered if item.limit.measure == "payouts"]
        self.clawing = [
            item for item in found if item.limit.clawback and item.limit.measure == "payouts"
        ]
        self.quota = None if terms.quota is None else QuotaCounter(terms.quota, books)
        self.narrow = sum(
            SCOPES.index(item.limit.per) <= SCOPES.index("lender") for item in self.on_payouts
        )

    def cut_claims(self, day: dt.date, batch: Sequence[Case]) -> None:
        """Limits on what is claimed."""
        for item in self.on_claims:
            item.act(day, batch)

    def cut_payouts(self, day: dt.date, batch: Sequence[Case]) -> None:
        """Limits on what is paid; the quota comes after the other limits of a lender."""
        for item in self.on_payouts[: self.narrow]:
            item.act(day, batch)
        if self.quota is not None:
            self.quota.act(batch)
        for item in self.on_payouts[self.narrow :]:
            item.act(day, batch)

    def count_payouts(self, day: dt.date, batch: Sequence[Case]) -> None:
        """Use up room by what is paid or still owed in the end, after everything that cut it."""
        for item in self.on_payouts:
            if not item.limit.deductible:
                for key, cases in item.groups(day, batch).items():
                    for case in cases:
                        item.count(key, case, case.amount + case.owed)
        if self.quota is not None:
            for case in batch:
                self.quota.count(case, case.amount + case.owed)

    def release(self, case: Case, shared: int, returned: int) -> None:
        """Money recovered gives limits that count net their room back."""
        for item in case.counted:
            if item.limit.net:
                item.release(shared if item.limit.measure == "claims" else returned)
