"""Measures on a frame: exact sums, and how many cuts a measure meets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from ipcredit.exactness import band_of_int, band_of_ratio, growth_band, least_whole
from ipcredit.fields import FIELDS, MILLION
from ipcredit.frame import Bools, Frame, Ints, Span, day_number, either, months_before
from ipcredit.rules import Cut, Measure, Term

Codes = npt.NDArray[np.int8]
Points = npt.NDArray[np.int32]

_EXACT = 2**53  # integers up to here are floats without loss


class Scores:
    """Points found so far in one frame: by dimension, and ``total``; bounds in ``scale``."""

    def __init__(self) -> None:
        self.points: dict[str, tuple[Points, Points]] = {}


def sum_of(frame: Frame, term: Term) -> Span:
    """Bounds of ``sum(weight * field)``; where years do not exist they are left out if it says so."""
    spans = [(frame.span(name), weight) for name, weight in term.fields]
    if len(spans) == 1 and spans[0][1] == 1:
        return spans[0][0]
    known = all(span.known for span, _ in spans)
    lo = _weighted([(span.lo, weight) for span, weight in spans])
    hi = lo if known else _weighted([(span.hi, weight) for span, weight in spans])
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


class Counter:
    """How many ascending cuts a measure meets, as bounds (int8) with existence masks."""

    def __init__(
        self, about: Measure, cuts: Sequence[Cut], scales: dict[str, int], zero: str = "none"
    ) -> None:
        self.about, self.cuts, self.zero = about, tuple(cuts), zero
        self._strict = [cut.strict for cut in cuts]
        if about.kind == "field":
            assert about.num is not None
            kind = FIELDS[about.num.fields[0][0]].kind
            unit = MILLION if kind in ("share", "decimal") else 1
            self._whole = [least_whole(c.at * unit, about.num.scale, c.strict) for c in cuts]
        elif about.kind == "points":
            self._whole = [least_whole(c.at, scales[about.of], c.strict) for c in cuts]
        elif about.kind == "ratio":
            assert about.num is not None and about.den is not None
            factor = Fraction(about.num.scale, about.den.scale)
            self._ratios = [cut.at * factor for cut in cuts]
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

    def _counted(self, span: Span, whole: Sequence[int]) -> Span:
        low = band_of_int(span.lo, whole)
        high = low if span.lo is span.hi else band_of_int(span.hi, whole)
        return Span(low, high, span.none, span.maybe)  # type: ignore[arg-type]

    def _time(self, frame: Frame) -> Span:
        assert self.about.num is not None
        span = frame.span(self.about.num.fields[0][0])
        today = day_number(frame.on)
        if self.about.kind == "until":
            whole = [self._day(frame.on, -cut.at) + cut.strict for cut in self.cuts]
            return self._counted(span, whole)
        # Time passed grows as the date falls: compare negated dates. "More than n" is "at
        # least n, a day earlier". A date still to come has not happened: it does not exist.
        eve = frame.on - dt.timedelta(days=1)
        whole = [-self._day(eve if cut.strict else frame.on, cut.at) for cut in self.cuts]
        lo = -span.hi
        hi = lo if span.lo is span.hi else -span.lo
        to_come = span.lo > today
        none = either(span.none, to_come if to_come.any() else None)
        maybe = none if span.known else either(either(span.maybe, none), span.hi > today)
        return self._counted(Span(lo, hi, none, maybe), whole)

    def _day(self, on: dt.date, count: Fraction) -> int:
        if self.about.unit == "days":
            return day_number(on) - int(count)
        months = int(count) * (12 if self.about.unit == "years" else 1)
        return day_number(months_before(on, months))

    def _ratio(self, frame: Frame) -> Span:
        assert self.about.num is not None and self.about.den is not None
        num, den = sum_of(frame, self.about.num), sum_of(frame, self.about.den)
        none = either(num.none, den.none)
        known = num.known and den.known
        void = den.hi <= 0
        if not void.any():
            none_den, maybe_den = None, None
        else:
            none_den = maybe_den = void
        low = self._met(num.lo, den.hi)
        if known:
            high, maybe = low, none
        else:
            bottom = np.maximum(den.lo, 1)
            corners = [low, self._met(num.lo, bottom)]
            tops = [self._met(num.hi, bottom), self._met(num.hi, den.hi)]
            low, high = np.minimum(*corners), np.maximum(*tops)
            maybe = either(num.maybe, den.maybe)
            maybe_den = den.lo <= 0
        return self._without_denominator(Span(low, high, none, maybe), none_den, maybe_den)

    def _without_denominator(
        self, span: Span, surely: Bools | None, maybe: Bools | None
    ) -> Span:
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

    def _met(self, num: Ints, den: Ints) -> Codes:
        if num.size and max(int(num.max()), int(den.max()), -int(num.min())) > _EXACT:
            num, den = np.clip(num, -_EXACT, _EXACT), np.clip(den, None, _EXACT)
        return band_of_ratio(num, den, self._ratios, self._strict)

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
            method: Literal["year_on_year", "cagr2"] = (
                "cagr2" if self.about.method == "cagr" else "year_on_year"
            )
            series = [one[0], *values[1:]]
            count = growth_band(series, method, self._ratios, self._strict)
            none = either(none, base[0])
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
        count = growth_band([one[0], one[1], values[2]], "mean_of_ratios", self._ratios, self._strict)
        if base[0] is not None and base[0].any():
            two = growth_band([one[1], values[2]], "year_on_year", self._ratios, self._strict)
            count = np.where(base[0], two, count)
        if base[1] is not None and base[1].any():
            still = sum(cut.at < 0 or (cut.at == 0 and not cut.strict) for cut in self.cuts)
            count = np.where(base[1], np.int8(still), count)
        return count
