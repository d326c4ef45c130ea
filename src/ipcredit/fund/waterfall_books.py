"""What clauses measure: the lenders' positions, running totals, and the breakers that watch them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ipcredit.fund.claims import Position
from ipcredit.fund.terms import Breaker, Terms
from ipcredit.fund.waterfall_pots import Purses
from ipcredit.fund.waterfall_results import BreakerEvent
from ipcredit.fund.waterfall_state import Case

_NONE = (0, 0)


class Books:
    """Volume lent and balance owed, by lender, by district and in all, as reported so far."""

    def __init__(self, purses: Purses) -> None:
        self.purses = purses
        self.year = 0
        self.cells: dict[tuple[str, str], tuple[int, int]] = {}
        self.now: dict[tuple[str, str], tuple[int, int]] = {}
        self.start: dict[tuple[str, str], tuple[int, int]] = {}

    def turn(self, day: dt.date) -> None:
        """Begin a day: on the first one of a year what stands becomes the year's opening."""
        if day.year != self.year:
            self.year, self.start = day.year, dict(self.now)

    def report(self, positions: Iterable[Position]) -> dict[str, int]:
        """Take in the positions of a day; what each lender that reports has newly lent."""
        lent: dict[str, int] = {}
        for item in positions:
            cell = (item.lender, item.district)
            volume, balance = self.cells.get(cell, _NONE)
            self.cells[cell] = (item.volume, item.balance)
            lent[item.lender] = lent.get(item.lender, 0) + item.volume - volume
            for key in (("lender", item.lender), ("district", item.district), ("fund", "")):
                there = self.now.get(key, _NONE)
                self.now[key] = (there[0] + item.volume - volume, there[1] + item.balance - balance)
        return lent

    def balance(self, lender: str) -> int:
        """What is owed to a lender now."""
        return self.now.get(("lender", lender), _NONE)[1]

    def base(self, name: str, per: str, scope: str) -> int:
        """A denominator of a limit or a breaker; of a claim or a firm it is the whole fund's."""
        if name == "capital":
            return self.purses.capital
        key = (per, scope) if per in ("lender", "district") else ("fund", "")
        volume, balance = self.now.get(key, _NONE)
        if name == "volume":
            return volume
        if name == "balance":
            return balance
        opening = self.start.get(key, _NONE)
        return max(volume - opening[0], 0) if name == "year-volume" else opening[1]


class Totals:
    """Running totals that breakers watch, only those that some breaker asks for."""

    def __init__(self, breakers: tuple[Breaker, ...]) -> None:
        wanted = {(item.measure, item.per, item.yearly) for item in breakers}
        self.wanted: dict[str, list[tuple[str, bool]]] = {}
        self.found: dict[tuple[str, str, bool], dict[tuple[str, int], int]] = {}
        for measure, per, yearly in sorted(wanted):
            self.wanted.setdefault(measure, []).append((per, yearly))
            self.found[measure, per, yearly] = {}

    def add(self, measure: str, case: Case, amount: int, year: int) -> None:
        """Count an amount of a claim; ``year`` is the one to which it belongs."""
        for per, yearly in self.wanted.get(measure, ()):
            found = self.found[measure, per, yearly]
            key = (case.scopes[per], year if yearly else 0)
            found[key] = found.get(key, 0) + amount


class Breakers:
    """Which breakers are tripped for whom."""

    def __init__(self, terms: Terms, totals: Totals, books: Books) -> None:
        self.all, self.totals, self.books = terms.breakers, totals, books
        self.tripped: dict[tuple[str, str], int] = {}  # path, scope -> year in which it tripped
        self.log: list[BreakerEvent] = []
        self.stopping = {
            stops: [item for item in terms.breakers if item.stops == stops]
            for stops in ("acceptance", "payment")
        }

    def measure(self, day: dt.date) -> None:
        """Trip and lift every breaker by what is known on a day."""
        for item in self.all:
            found = self.totals.found[item.measure, item.per, item.yearly]
            year = day.year if item.yearly else 0
            scopes = dict.fromkeys(scope for scope, counted in found if counted == year)
            scopes |= dict.fromkeys(scope for path, scope in self.tripped if path == item.path)
            for scope in sorted(scopes):
                self._judge(item, scope, day, found.get((scope, year), 0))

    def _judge(self, item: Breaker, scope: str, day: dt.date, measured: int) -> None:
        key = (item.path, scope)
        before = self.tripped.get(key)
        base = self.books.base(item.over, item.per, scope)
        if passes(item, measured, base):
            self.tripped[key] = day.year
        elif item.lifts == "below" or (item.lifts == "year-end" and before != day.year):
            self.tripped.pop(key, None)
        if (before is not None) != (key in self.tripped):
            is_on = key in self.tripped
            self.log.append(BreakerEvent(day, item.path, item.per, scope, is_on, measured, base))

    def stops(self, stops: str, case: Case) -> str:
        """Path of the first breaker that stops this for a claim, empty for none."""
        for item in self.stopping[stops]:
            if (item.path, case.scopes[item.per]) in self.tripped:
                return item.path
        return ""


def passes(item: Breaker, measured: int, base: int) -> bool:
    """Whether a breaker's ratio is reached, exactly; over nothing any amount passes it.

    >>> from fractions import Fraction
    >>> item = Breaker("npl", None, "overdue", "volume", "fund", Fraction(8, 100), "payment",
    ...                "below", strict=False, yearly=False, path="breakers.npl")
    >>> passes(item, 8, 100), passes(item, 799, 10_000), passes(item, 0, 0), passes(item, 1, 0)
    (True, False, False, True)
    """
    if base <= 0:
        return measured > 0
    left, right = measured * item.at.denominator, base * item.at.numerator
    return left > right if item.strict else left >= right
