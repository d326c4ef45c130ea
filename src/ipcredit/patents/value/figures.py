"""What a method may ask of a right, as columns of bounds.

A figure is known to lie between two bounds: where it is known the two are equal, where it is
not they are the least and the most it can be.  So no method ever takes "not known" for 0: it is
asked at both bounds.  Every figure is a whole number or a quotient of two, so a right on a
threshold is judged exactly.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.fields import MISSING
from ipcredit.patents.right import Citation, Rights, day_number
from ipcredit.patents.standing import term_ends
from ipcredit.rules import Cut

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BOUNDLESS: Final = 10**12
"""Upper bound of a count that is not known; with thresholds of at most ``FINEST`` in numerator
and denominator every comparison stays within 64 bits."""
FINEST: Final = 10**6

CLASS: Final = 4
"""Characters of an IPC subclass, as in G06F."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``low / den <= figure <= high / den`` for every row; ``den`` is ``None`` for 1."""

    low: Ints
    high: Ints
    den: Ints | None = None

    @property
    def known(self) -> Bools:
        """Whether the two bounds are one."""
        return np.asarray(self.low == self.high)

    def at(self, row: int) -> Fraction | None:
        """The figure of one row, exact; ``None`` where it is not known."""
        if self.low[row] != self.high[row]:
            return None
        den = 1 if self.den is None else int(self.den[row])
        return Fraction(int(self.low[row]), den) if den else None

    def reaches(self, cut: Cut, *, best: bool) -> Bools:
        """Whether the upper (``best``) or the lower bound reaches the cut."""
        num = self.high if best else self.low
        if cut.at.denominator != 1:
            num = num * cut.at.denominator
        right = cut.at.numerator if self.den is None else cut.at.numerator * self.den
        return np.asarray(num > right if cut.strict else num >= right)


class Figures:
    """The figures of some rights on a day, each worked out when it is first asked for."""

    def __init__(self, rights: Rights, on: dt.date) -> None:
        self.rights, self.on = rights, on
        self._found: dict[str, Figure] = {}

    def __len__(self) -> int:
        return len(self.rights)

    def figure(self, name: str) -> Figure:
        """The figure called ``name`` (one of ``FIGURES``)."""
        if name not in self._found:
            self._found[name] = FIGURES[name](self)
        return self._found[name]

    def column(self, name: str) -> Ints:
        """A column of days or counts, ``MISSING`` when not known."""
        return np.asarray(self.rights.columns[name], np.int64)

    @property
    def today(self) -> Ints:
        """The day asked for, as a column of one value."""
        return np.array([day_number(self.on)], np.int64)


def _count(name: str, least: int = 0) -> Callable[[Figures], Figure]:
    def read(of: Figures) -> Figure:
        column = of.column(name)
        gone = column == MISSING
        if not gone.any():
            return Figure(column, column)
        return Figure(np.where(gone, least, column), np.where(gone, BOUNDLESS, column))

    return read


def _flag(name: str) -> Callable[[Figures], Figure]:
    def read(of: Figures) -> Figure:
        column = of.rights.columns[name]
        return Figure((column == 1).astype(np.int64), (column != 0).astype(np.int64))

    return read


def _all_citations(of: Figures) -> Figure:
    """All later patents that refer to it: at least those of the first five years."""
    every, early = of.column("forward_citations"), of.column("forward_citations_5y")
    gone = every == MISSING
    least = np.where(early == MISSING, 0, early)
    return Figure(np.where(gone, least, every), np.where(gone, BOUNDLESS, every))


def _early_citations(of: Figures) -> Figure:
    """Those of the first five years: at most all of them."""
    every, early = of.column("forward_citations"), of.column("forward_citations_5y")
    gone = early == MISSING
    most = np.where(every == MISSING, BOUNDLESS, every)
    return Figure(np.where(gone, 0, early), np.where(gone, most, early))


_CENTURY: Final = 36_525


@functools.lru_cache(maxsize=4)
def _calendar(first: int, last: int) -> tuple[Ints, Ints, Ints, int]:
    """For the days from ``first`` to ``last``: month since 1970 and day of the month (from 0);
    for the months from that of ``first`` on: the day each begins; and that first month.

    Tables, because turning 100,000 days into dates takes longer than valuing them.
    """
    days = np.arange(first, last + 1)
    months = days.astype("M8[D]").astype("M8[M]").astype(np.int64)
    # Two centuries more: an anniversary may lie behind the last day.
    span = np.arange(months[0], months[-1] + 2400)
    begins = span.astype("M8[M]").astype("M8[D]").astype(np.int64)
    return months, days - begins[months - months[0]], begins, int(months[0])


def elapsed(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Years from ``start`` to ``end`` as numerator and denominator; 0 where it ends before.

    Full years count from anniversary to anniversary (29 February falls on the last day of the
    month), the rest is the share of the running year; so "more than 10 years" begins on the day
    after the tenth anniversary.  Both columns must be known.

    >>> num, den = elapsed(np.array([0]), np.array([365 + 73]))   # 1970-01-01, 1971-03-15
    >>> Fraction(int(num[0]), int(den[0]))
    Fraction(6, 5)
    """
    if not start.size or not end.size:
        return np.zeros(0, np.int64), np.ones(0, np.int64)
    end = np.maximum(start, end)
    first = int(start.min()) // _CENTURY * _CENTURY
    last = (int(end.max()) // _CENTURY + 1) * _CENTURY
    months, days, begins, origin = _calendar(first, last)
    month, day = months[start - first], days[start - first]
    years = (months[end - first] - month) // 12
    at = month - origin + 12 * years

    def anniversary(at: Ints) -> Ints:
        length = begins[at + 1] - begins[at]
        return np.asarray(begins[at] + np.minimum(day, length - 1))

    last_one = anniversary(at)
    early = last_one > end
    years, at = years - early, at - 12 * early
    last_one = np.where(early, anniversary(at), last_one)
    length = anniversary(at + 12) - last_one
    return years * length + (end - last_one), length


def _span(of: Figures, start: Ints, end: Ints) -> Figure:
    """Years from one day to another; not known where either is not."""
    gone = np.broadcast_to((start == MISSING) | (end == MISSING), len(of))
    num, den = elapsed(np.where(start == MISSING, 0, start), np.where(end == MISSING, 0, end))
    if not gone.any():
        return Figure(num, num, den)
    return Figure(np.where(gone, 0, num), np.where(gone, BOUNDLESS, num), np.where(gone, 1, den))


def _age(of: Figures) -> Figure:
    return _span(of, of.column("filed"), of.today)


def _remaining_life(of: Figures) -> Figure:
    return _span(of, of.today, term_ends(of.rights))


def _publication_lag(of: Figures) -> Figure:
    return _span(of, *_in_order(of, "published"))


def _grant_lag(of: Figures) -> Figure:
    """Days from filing to grant."""
    filed, granted = _in_order(of, "granted")
    gone = (filed == MISSING) | (granted == MISSING)
    days = granted - filed
    return Figure(np.where(gone, 0, days), np.where(gone, BOUNDLESS, days))


def _in_order(of: Figures, later: str) -> tuple[Ints, Ints]:
    """Day of filing and a later day; the later one is not known where it would be earlier."""
    filed, other = of.column("filed"), of.column(later)
    return filed, np.where(other < filed, MISSING, other)


def _citations_a_year(of: Figures) -> Figure:
    """All later patents that refer to it, by years since filing."""
    cited, age = of.figure("forward_citations"), of.figure("age")
    assert age.den is not None
    gone = ~age.known
    # Without an age, anything from none a year to any number.
    low = np.where(gone, 0, cited.low * age.den)
    high = np.where(gone, BOUNDLESS, np.minimum(cited.high, BOUNDLESS // 1000) * age.den)
    return Figure(low, np.where(gone & (cited.high == 0), 0, high), np.where(gone, 1, age.low))


def _generality(of: Figures) -> Figure:
    """1 less the sum of squared shares of citing classes; unknown without the citing patents.

    A right that nothing cites has no citing classes: its generality is what the method says
    (``uncited``), which :mod:`ipcredit.patents.value.oecd` puts in; here it is unknown.
    """
    citing = of.rights.texts["citing"]
    pairs = [concentration(word) for word in citing.words]
    squares = np.array([*(squares for squares, _ in pairs), 0], np.int64)[citing.codes]
    totals = np.array([*(total for _, total in pairs), 0], np.int64)[citing.codes]
    gone = totals == 0
    den = np.where(gone, 1, totals * totals)
    num = den - squares
    return Figure(np.where(gone, 0, num), np.where(gone, den, num), den)


def concentration(citing: tuple[Citation, ...]) -> tuple[int, int]:
    """Sum of squared counts of citing classes and the count of citations, both 0 if any class
    is not known.

    >>> concentration(tuple(Citation(None, c) for c in ("H04L29/06", "H04L9/00", "G06F1/00")))
    (5, 3)
    """
    classes = [citation.ipc[:CLASS] for citation in citing]
    if "" in classes:
        return 0, 0
    if len(classes) > 32:
        return sum(count * count for count in Counter(classes).values()), len(classes)
    # Each citation counted as often as its class occurs: the same sum, faster for short lists.
    return sum(map(classes.count, classes)), len(classes)


def uncited(of: Figures) -> Bools:
    """Rights that nothing cites: known to be so."""
    citing = of.rights.texts["citing"]
    empty = np.array([*(not word for word in citing.words), False], np.bool_)[citing.codes]
    every, early = of.column("forward_citations"), of.column("forward_citations_5y")
    # Without a count of all, none in the first five years is all a record usually says.
    none = np.where(every == MISSING, early == 0, every == 0)
    return np.asarray(empty | (none & (citing.codes < 0)))


def _offices(of: Figures) -> Figure:
    """Number of foreign offices that have granted it."""
    found = of.rights.texts["foreign_grants"].each(lambda offices: len(set(offices)))
    gone = found == MISSING
    return Figure(np.where(gone, 0, found), np.where(gone, BOUNDLESS, found))


def _breadth(of: Figures) -> Figure:
    """Number of IPC subclasses."""
    column = of.rights.texts["ipc"]
    counts = [len({code[:CLASS] for code in word}) for word in column.words]
    found = np.array([*counts, MISSING], np.int64)[column.codes]
    gone = found == MISSING
    return Figure(np.where(gone, 0, found), np.where(gone, BOUNDLESS, found))


FIGURES: Final[dict[str, Callable[[Figures], Figure]]] = {
    "claims": _count("claims"),
    "family_size": _count("family_size"),
    "forward_citations_5y": _early_citations,
    "forward_citations": _all_citations,
    "backward_citations": _count("backward_citations"),
    "inventors": _count("inventors"),
    "generality": _generality,
    "grant_lag": _grant_lag,
    "age": _age,
    "remaining_life": _remaining_life,
    "publication_lag": _publication_lag,
    "citations_a_year": _citations_a_year,
    "ipc_breadth": _breadth,
    "foreign_grants": _offices,
    "licensed": _flag("licensed"),
    "pledged": _flag("pledged"),
    "litigated": _flag("litigated"),
    "product_related": _flag("product_related"),
}
"""Every figure a method may name, and how it is worked out of the columns."""
