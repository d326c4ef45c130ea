"""The purses of a fund: what is in them, what they pay, what comes back, what they owe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ipcredit.fund.claims import FUND_POT, MoneyEvent, Position
from ipcredit.fund.terms import Money, Pot, Terms
from ipcredit.fund.waterfall_results import PotBalance
from ipcredit.fund.waterfall_state import Case, Purse, divided


def pots_of(terms: Terms) -> tuple[Pot, ...]:
    """The pots of a fund; where it names none, one that pays everything."""
    return terms.pots or (Pot(FUND_POT, None, Fraction(1), False, terms.money.path),)


def capital_kind(money: Money) -> str:
    """The attribute that holds the capital a payment must not exceed."""
    return money.tested.replace("-", "_")


def district_weights(terms: Terms, positions: Iterable[Position]) -> dict[str, int]:
    """How the districts' money is divided: the shares named, or the balances first reported.

    Balances are those of the earliest day on which any position is reported.
    """
    if terms.money.districts:
        shares = dict(terms.money.districts)
        scale = 1
        for share in shares.values():
            scale *= share.denominator
        return {district: int(share * scale) for district, share in shares.items()}
    first = sorted(positions, key=lambda item: item.day)
    found: dict[str, int] = {}
    for item in first:
        if item.day == first[0].day:
            found[item.district] = found.get(item.district, 0) + item.balance
    return dict(sorted(found.items()))


class Owed:
    """The part of a payment that a purse could not make and still owes."""

    __slots__ = ("amount", "case")

    def __init__(self, case: Case, amount: int) -> None:
        self.case, self.amount = case, amount


class Purses:
    """All purses of a fund, and the order in which they pay."""

    def __init__(self, terms: Terms, positions: Sequence[Position]) -> None:
        self.terms, self.pots = terms, pots_of(terms)
        self.kind = capital_kind(terms.money)
        self.is_deferred = terms.money.shortage == "deferred"
        self.found: dict[tuple[str, str], Purse] = {}
        self.queues: dict[Purse, list[list[Owed]]] = {}  # by the day since when, oldest first
        self.touched: set[Purse] = set()
        self._open(positions)

    def _open(self, positions: Sequence[Position]) -> None:
        total: int | None = getattr(self.terms.money, self.kind)
        if total is None:
            return
        for pot, amount in zip(self.pots, self.split(total), strict=True):
            if not pot.by_district:
                self.purse(pot, "").capital += amount
                continue
            weights = district_weights(self.terms, positions)
            for district, part in zip(
                weights, divided(list(weights.values()), amount), strict=True
            ):
                self.purse(pot, district).capital += part

    def purse(self, pot: Pot, district: str) -> Purse:
        """The purse of a pot that pays for a district."""
        key = (pot.name, district if pot.by_district else "")
        if key not in self.found:
            self.found[key] = Purse(pot, key[1])
        return self.found[key]

    def add(self, events: Iterable[MoneyEvent]) -> None:
        """Money joins the pots (or leaves them)."""
        by_name = {pot.name: pot for pot in self.pots}
        for event in events:
            amount: int | None = getattr(event, self.kind)
            if amount is not None:
                purse = self.purse(by_name[event.pot], event.district)
                purse.capital += amount
                self.touched.add(purse)

    @property
    def capital(self) -> int:
        """The fund's capital as it is tested: commitments and money paid in as they stand, cash
        after what was paid and what came back."""
        total = sum(purse.capital for purse in self.found.values())
        if self.kind == "cash":
            total += sum(purse.back - purse.paid for purse in self.found.values())
        return total

    def split(self, amount: int) -> list[int]:
        """An amount by the shares of the pots: rounded down, odd units in the order of the file."""
        parts = [amount * pot.share.numerator // pot.share.denominator for pot in self.pots]
        odd = amount - sum(parts)
        for at in range(min(odd, len(parts))):
            parts[at] += 1
        return parts

    def settle(self, batch: Sequence[Case]) -> None:
        """Pay what the batch is to get as far as each purse reaches; lowers the cases that it
        cannot pay in full, and notes what it owes them."""
        splits = [self.split(case.amount) for case in batch]
        for case in batch:
            case.wanted = (case.amount, len(case.cuts))
        for at, pot in enumerate(self.pots):
            groups: dict[Purse, list[tuple[Case, int]]] = {}
            for case, parts in zip(batch, splits, strict=True):
                if parts[at]:
                    purse = self.purse(pot, case.claim.district)
                    groups.setdefault(purse, []).append((case, parts[at]))
            for purse, wanted in groups.items():
                self._pay(purse, wanted)

    def _pay(self, purse: Purse, wanted: list[tuple[Case, int]]) -> None:
        amounts = [amount for _, amount in wanted]
        left = purse.left
        paid = amounts if sum(amounts) <= left else divided(amounts, left)
        owed: list[Owed] = []
        for (case, amount), got in zip(wanted, paid, strict=True):
            case.pots.append((purse, [got, 0]))
            if got < amount:
                case.lower(purse.pot.path, case.amount - amount + got)
                if self.is_deferred:
                    case.owed += amount - got
                    owed.append(Owed(case, amount - got))
        if owed:
            self.queues.setdefault(purse, []).append(owed)
        purse.paid += sum(paid)
        self.touched.add(purse)

    def pay_owed(
        self,
        may_pay: Callable[[Case], bool],
        still_lost: Callable[[Case], int],
        made: Callable[[Case, Purse, int], None],
    ) -> None:
        """Pay what purses owe as far as they reach, the oldest day first, pro rata within a day.

        A part is cut for good to what is ``still_lost`` to whoever has carried it; ``made`` is
        told of every payment.
        """
        order = [pot.name for pot in self.pots]
        for purse in sorted(self.queues, key=lambda one: (order.index(one.pot.name), one.district)):
            queue, kept = self.queues[purse], []
            for at, same_day in enumerate(queue):
                if not purse.left:
                    kept += queue[at:]
                    break
                self._pay_day(purse, [part for part in same_day if may_pay(part.case)],
                              still_lost, made)  # fmt: skip
                if left := [part for part in same_day if part.amount]:
                    kept.append(left)
            self.queues[purse] = kept

    def _pay_day(
        self,
        purse: Purse,
        ready: list[Owed],
        still_lost: Callable[[Case], int],
        made: Callable[[Case, Purse, int], None],
    ) -> None:
        for part in ready:
            lapsed = part.amount - min(part.amount, max(still_lost(part.case), 0))
            part.amount -= lapsed
            part.case.owed -= lapsed
        amounts = [part.amount for part in ready]
        left = purse.left
        paid = amounts if sum(amounts) <= left else divided(amounts, left)
        for part, amount in zip(ready, paid, strict=True):
            if amount:
                self._pay_part(purse, part, amount)
                made(part.case, purse, amount)

    def _pay_part(self, purse: Purse, part: Owed, amount: int) -> None:
        part.amount -= amount
        part.case.owed -= amount
        purse.paid += amount
        self.touched.add(purse)
        for mine, moved in part.case.pots:
            if mine is purse:
                moved[0] += amount

    def give_back(self, case: Case, amount: int, *, can_pay: bool) -> list[tuple[Purse, int]]:
        """Money that comes back for a claim, in proportion to what each purse paid for it.

        Rounded down, odd units in the order of the file; no purse gets more than it paid.
        """
        total = sum(paid for _, (paid, _) in case.pots)
        parts = [
            min(amount * paid // total if total else 0, paid - back)
            for _, (paid, back) in case.pots
        ]
        odd = amount - sum(parts)
        while odd:
            # One unit each, round after round; as many rounds at once as all that have room allow.
            room = [
                paid - back - part for (_, (paid, back)), part in zip(case.pots, parts, strict=True)
            ]
            able = [at for at, left in enumerate(room) if left > 0]
            least = min(room[at] for at in able)
            rounds = max(min(least, odd // len(able)), 1)
            for at in able[:odd]:
                parts[at] += rounds
                odd -= rounds
        made = []
        for (purse, moved), part in zip(case.pots, parts, strict=True):
            if part:
                moved[1] += part
                if can_pay:
                    purse.back += part
                    self.touched.add(purse)
                made.append((purse, part))
        return made

    def balances(self, day: dt.date | None) -> list[PotBalance]:
        """How the purses stand that have changed since the last time (at the start: all)."""
        if day is None:
            return [purse.balance(None) for _, purse in sorted(self.found.items())]
        changed = [purse for _, purse in sorted(self.found.items()) if purse in self.touched]
        self.touched.clear()
        return [purse.balance(day) for purse in changed]
