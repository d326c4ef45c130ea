"""Measures on a frame: exact sums, and how many cuts a measure meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from ipcredit.exactness import (
    FEW,
    Growth,
    RatioCuts,
    WholeCuts,
    band_of_int,
    band_of_ratio,
    growth_band,
    least_whole,
)
from ipcredit.fields import FIELDS, MILLION
from ipcredit.frame import (
    Bools,
    Frame,
    Ints,
    Span,
    alone,
    day_number,
    either,
    lowest,
    months_after,
    months_before,
)
from ipcredit.money import MAX_MINOR
from ipcredit.rules import Cut, Measure, Term

Codes = npt.NDArray[np.int8]
Points = npt.NDArray[np.signedinteger[Any]]

_EXACT = 2**53  # integers up to here are floats without loss

# Growth that does not exist without a year to grow from: the kernel, and how many years must be.
_RATES: Final[dict[str, tuple[Growth, int]]] = {
    "year_on_year": ("year_on_year", 1),
    "mean_of_two_rates": ("mean_of_ratios", 2),
    "cagr": ("cagr2", 1),
}


class Scores:
    """Points found so far in one frame: by dimension, and ``total``; bounds in ``scale``."""

    def __init__(self, points: dict[str, tuple[Points, Points]] | None = None) -> None:
        self.points = {} if points is None else points


def _plain(term: Term | None) -> str:
    """The field of a term that is one field as it stands, as most are; otherwise empty."""
    plain = term is not None and len(term.fields) == 1 and term.fields[0][1] == 1
    return term.fields[0][0] if term is not None and plain else ""


def sum_of(frame: Frame, term: Term) -> Span:
    """Bounds of ``sum(weight * field)``; where years do not exist they are left out if it says so."""
    if len(term.fields) == 1 and term.fields[0][1] == 1:
        return frame.span(term.fields[0][0])
    spans = [(frame.amounts(name), weight) for name, weight in term.fields]
    known = all(span.known for span, _ in spans)
    # What is deducted (a weight below 0) is least where the sum is most.
    lo = _weighted([(span.lo if weight > 0 else span.hi, weight) for span, weight in spans])
    hi = lo
    if not known:
        hi = _weighted([(span.hi if weight > 0 else span.lo, weight) for span, weight in spans])
    if term.skip_none:
        none = _every([span.none for span, _ in spans])
        maybe = none if known else _every([span.maybe for span, _ in spans])
    else:
        none, maybe = _any([s.none for s, _ in spans]), None
        maybe = none if known else _any([s.maybe for s, _ in spans])
    return Span(lo, hi, none, maybe)


def _weighted(parts: Sequence[tuple[Ints, int]]) -> Ints:
    total = parts[0][0] * parts[0][1]
    for values, weight in parts[1:]:
        total = total + values * weight
    return total


def _any(masks: Sequence[Bools | None]) -> Bools | None:
    found: Bools | None = None
    for mask in masks:
        found = either(found, mask)
    return found


def _every(masks: Sequence[Bools | None]) -> Bools | None:
    if any(mask is None for mask in masks):
        return None
    return cast(Bools, np.logical_and.reduce([m for m in masks if m is not None]))


DIRECT = ("field", "points", "since", "until")
"""Kinds of measures that are whole numbers in their column's unit."""


def dated(about: Measure, frame: Frame) -> Span:
    """The bounds of a date; for time passed, a date still to come has not happened."""
    assert about.num is not None
    span = frame.span(about.num.fields[0][0])
    if about.kind == "until":
        return span
    none = either(span.none, frame.counting(span.lo > frame.today))
    maybe = none if span.known else either(either(span.maybe, none), span.hi > frame.today)
    return Span(span.lo, span.hi, none, maybe)


def _day(about: Measure, on: dt.date, cut: Cut) -> int:
    """The first day from which an ``until`` meets the cut, or a ``since`` no longer does.

    "More than n passed" is "at least n passed, a day earlier".
    """
    sign = -1 if about.kind == "until" else 1
    strict = cut.strict
    base = on - dt.timedelta(days=1) if strict and sign > 0 else on
    if about.unit == "days":
        day = day_number(base) - sign * int(cut.at)
    else:
        months = int(cut.at) * (12 if about.unit == "years" else 1)
        day = day_number((months_before if sign > 0 else months_after)(base, months))
    return day + (1 if sign > 0 else int(strict))


class Threshold:
    """One cut of a whole measure: the figure, and the whole number to compare it with."""

    def __init__(self, about: Measure, cut: Cut, scales: dict[str, int]) -> None:
        self.about, self.cut = about, cut
        self._at: int | Ints | None = None
        self._day: tuple[dt.date, Ints] | None = None
        self.field = _plain(about.num) if about.kind == "field" else ""
        self._date = _plain(about.num) if about.kind == "since" else ""
        if about.kind in ("field", "points"):
            at = _whole_cuts(about, (cut,), scales).whole[0]
            # Points may be narrower than an array of one, and only a number leaves them so.
            self._at = alone(at) if about.kind == "field" else at

    def at(self, on: dt.date) -> int | Ints:
        """The threshold in column units, as of the day ``on``."""
        if self._at is not None:
            return self._at
        known = self._day  # of the last day asked for: a batch asks many times for one
        if known is None or known[0] != on:
            known = self._day = (on, alone(_day(self.about, on, self.cut)))
        return known[1]

    def column(self, frame: Frame, *, up: bool) -> Ints | None:
        """The figure as it stands, where comparing it needs no mask."""
        if self.field:
            return frame.comparable(self.field, up=up)
        if self._date and frame.most(self._date) <= frame.today[0]:  # no date is still to come
            return frame.comparable(self._date, up=up)
        return None

    def span(self, frame: Frame, scores: Scores) -> Span:
        """The figure's bounds."""
        if self.field:
            return frame.span(self.field)
        if self.about.kind == "points":
            lo, hi = scores.points[self.about.of]
            return Span(lo, hi)
        if self.about.kind == "field":
            assert self.about.num is not None
            return sum_of(frame, self.about.num)
        return dated(self.about, frame)


def _whole_cuts(about: Measure, cuts: Sequence[Cut], scales: dict[str, int]) -> WholeCuts:
    """Cuts of a field or of points, in column units."""
    if about.kind == "points":
        return WholeCuts([least_whole(c.at, scales[about.of], c.strict) for c in cuts])
    assert about.num is not None
    kind = FIELDS[about.num.fields[0][0]].kind
    unit = MILLION if kind in ("share", "decimal") else 1
    return WholeCuts([least_whole(c.at * unit, about.num.scale, c.strict) for c in cuts])


class Counter:
    """How many ascending cuts a measure meets, as bounds (int8) with existence masks."""

    def __init__(
        self, about: Measure, cuts: Sequence[Cut], scales: dict[str, int], zero: str = "none"
    ) -> None:
        self.about, self.cuts, self.zero = about, tuple(cuts), zero
        self._strict = [cut.strict for cut in cuts]
        if about.kind in ("field", "points"):
            self._whole = _whole_cuts(about, self.cuts, scales)
        elif about.kind == "ratio":
            assert about.num is not None
            assert about.den is not None
            factor = Fraction(about.num.scale, about.den.scale)
            # One amount is within 10**15; only weighted sums could leave the exact floats.
            reach = max(sum(abs(w) for _, w in side.fields) for side in (about.num, about.den))
            self._wide = reach * MAX_MINOR > _EXACT
            self._prepared = RatioCuts([cut.at * factor for cut in cuts], self._strict)
            sides = _plain(about.num), _plain(about.den)
            self._sides = sides if all(sides) else ("", "")
        else:
            self._ratios = [cut.at for cut in cuts]

    def count(self, frame: Frame, scores: Scores) -> Span:
        """Bounds of the number of cuts met, row by row."""
        kind = self.about.kind
        if kind == "points":
            lo, hi = scores.points[self.about.of]
            low = band_of_int(lo, self._whole)
            return Span(low, low if lo is hi else band_of_int(hi, self._whole))  # type: ignore[arg-type]
        if kind == "ratio":
            return self._ratio(frame)
        if kind == "growth":
            return self._growth(frame)
        assert self.about.num is not None
        if kind == "field":
            return self._counted(sum_of(frame, self.about.num), self._whole)
        return self._time(frame)

    def _counted(self, span: Span, whole: WholeCuts) -> Span:
        low = band_of_int(span.lo, whole)
        high = low if span.lo is span.hi else band_of_int(span.hi, whole)
        return Span(low, high, span.none, span.maybe)  # type: ignore[arg-type]

    def _time(self, frame: Frame) -> Span:
        days = [_day(self.about, frame.on, cut) for cut in self.cuts]
        span = dated(self.about, frame)
        if self.about.kind == "until":
            return self._counted(span, WholeCuts(days))
        # Time passed grows as the date falls: compare negated dates.
        lo = -span.hi
        hi = lo if span.lo is span.hi else -span.lo
        since = Span(lo, hi, span.none, span.maybe)
        return self._counted(since, WholeCuts([1 - day for day in days]))

    def _ratio(self, frame: Frame) -> Span:
        upper, lower = self._sides
        if upper and frame.least(lower) > 0 and (top := frame.whole(upper)) is not None:
            bottom = frame.whole(lower)
            assert bottom is not None
            met = self._met(top, bottom, frame.most(lower))
            return Span(met, met)  # type: ignore[arg-type]
        assert self.about.num is not None
        assert self.about.den is not None
        num, den = sum_of(frame, self.about.num), sum_of(frame, self.about.den)
        none = either(num.none, den.none)
        known = num.known and den.known
        none_den = maybe_den = None
        if lowest(den.hi) <= 0:
            fields = (name for name, _ in self.about.den.fields)
            none_den = maybe_den = frame.counting(den.hi <= 0, fields)
        low = self._met(num.lo, den.hi)
        if known:
            high, maybe = low, none
        else:
            bottom = np.maximum(den.lo, 1)
            high = self._met(num.hi, bottom)
            if lowest(num.lo) < 0:  # else a ratio is least over the largest whole, and so on
                low = np.minimum(low, self._met(num.lo, bottom))
                high = np.maximum(high, self._met(num.hi, den.hi))
            maybe = either(num.maybe, den.maybe)
            maybe_den = den.lo <= 0
        counted = Span(low, high, none, maybe)  # type: ignore[arg-type]
        return self._without_denominator(counted, none_den, maybe_den)

    def _without_denominator(self, span: Span, surely: Bools | None, maybe: Bools | None) -> Span:
        """What a denominator of zero (or less) means, as the policy declares it."""
        if maybe is None:
            return span
        if self.zero not in ("lowest", "highest"):
            none = either(span.none, surely)
            possibly = none if span.lo is span.hi else either(span.maybe, maybe)
            return Span(span.lo, span.hi, none, possibly)
        at = np.int8(0 if self.zero == "lowest" else len(self.cuts))
        low = np.where(maybe, np.minimum(span.lo, at), span.lo)
        high = np.where(maybe, np.maximum(span.hi, at), span.hi)
        if surely is not None:
            low, high = np.where(surely, at, low), np.where(surely, at, high)
        return Span(low, low if span.lo is span.hi else high, span.none, span.maybe)

    def _met(self, num: Ints, den: Ints, most: int | None = None) -> Codes:
        if self._wide and num.size:
            num, den = np.clip(num, -_EXACT, _EXACT), np.clip(den, None, _EXACT)
        if num.size <= FEW:
            found = self._prepared.few(num, den, most)
            if found is not None:
                return found
        return band_of_ratio(num, den, self._prepared, most=most)

    def _growth(self, frame: Frame) -> Span:
        spans = [frame.span(name) for name in self.about.series]
        values = [span.lo for span in spans]
        gone = [span.none if span.none is not None else None for span in spans]
        base = [either(mask, v <= 0) for mask, v in zip(gone, values, strict=True)]
        one = [np.where(b, 1, v) if b is not None else v for b, v in zip(base, values, strict=True)]
        none = _any(gone[-1:])
        if self.about.method == "mean_of_ratios":
            count = self._mean_of_ratios(one, values, base)
        else:
            method, needed = _RATES[self.about.method]
            series = [*one[:needed], *values[needed:]]
            count = growth_band(series, method, self._ratios, self._strict)
            for name, span, start in zip(self.about.series, spans, base[:needed], strict=False):
                # What is missing is not 0: it may or may not be a year to grow from.
                if start is not None and not span.known:
                    start = start & ~frame.missing(name)
                none = either(none, start)
        if all(span.known for span in spans):
            return Span(count, count, none, none)  # type: ignore[arg-type]
        missing = np.logical_or.reduce([frame.missing(name) for name in self.about.series])
        low = np.where(missing, np.int8(0), count)
        high = np.where(missing, np.int8(len(self.cuts)), count)
        return Span(low, high, either(none, None), either(none, missing))

    def _mean_of_ratios(
        self, one: list[Ints], values: list[Ints], base: list[Bools | None]
    ) -> Codes:
        """195号: without the first year, the last two; with nothing in the second, growth is 0."""
        count = growth_band(
            [one[0], one[1], values[2]], "mean_of_ratios", self._ratios, self._strict
        )
        if base[0] is not None and base[0].any():
            two = growth_band([one[1], values[2]], "year_on_year", self._ratios, self._strict)
            count = np.where(base[0], two, count)
        if base[1] is not None and base[1].any():
            still = sum(cut.at < 0 or (cut.at == 0 and not cut.strict) for cut in self.cuts)
            count = np.where(base[1], np.int8(still), count)
        return count
