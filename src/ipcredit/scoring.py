"""Band tables and dimensions on a frame: decision codes and points, as bounds.

Every evaluator is built once from a frozen rule and holds nothing but thresholds in column
units; calling it on a :class:`~ipcredit.frame.Frame` gives bounds and small decision codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ipcredit.counting import Codes, Counter, Points, Scores
from ipcredit.fields import FIELDS, MILLION
from ipcredit.frame import Bools, Frame, alone, choose, either, without
from ipcredit.rules import Dimension, Indicator
from ipcredit.scales import Kind

UNKNOWN = -1
"""Decision code: depends on something missing."""
NONE = -2
"""Decision code: the figure does not exist; the lowest band holds."""


@dataclass(slots=True, eq=False)
class Graded:
    """What a band table says: codes, points as bounds, and where the figure does not exist."""

    codes: Codes
    lo: Points
    hi: Points
    none: Bools | None
    unknown: Bools | None
    first: Codes
    last: Codes
    doubt: Bools | None = None
    """Where the figure may or may not exist."""


class Table:
    """A band table, ready to run. ``scale``: points are whole in ``1/scale``.

    ``outside``: a firm may be in no band (a tier table); its code is the number of bands.
    ``kind``: the type of whole numbers that holds every number of points (see
    :func:`ipcredit.scales.kind_of`).
    """

    def __init__(
        self,
        rule: Indicator,
        scales: dict[str, int],
        scale: int,
        *,
        outside: bool = False,
        kind: Kind = np.int32,
    ) -> None:
        self.rule, self.scale = rule, scale
        self.size = len(rule.bands) + outside
        cuts = [b.cut for b in rule.bands if b.cut is not None]
        if rule.otherwise >= 0 and len(cuts) == len(rule.bands):
            cuts.pop()  # the last band is the complement of the one before
        self.cuts = tuple(reversed(cuts)) if rule.rising else tuple(cuts)
        beyond = [0] * outside
        low = [int(b.points[0] * scale) for b in rule.bands] + beyond
        high = [int(b.points[1] * scale) for b in rule.bands] + beyond
        self._low: Points = np.array(low, kind)
        self._high: Points = np.array(high, kind)
        # An array of one: NumPy takes twice as long over a scalar when there are few rows.
        self._best, self._rising = alone(len(self.cuts), np.int8), rule.rising
        self._bottom = np.int8(self.size - 1)
        # Least and most points of the bands from one to another, by (first, last).
        pairs = [range(a, b + 1) or (a,) for a in range(self.size) for b in range(self.size)]
        self._least: Points = np.array([self._low[list(pair)].min() for pair in pairs], kind)
        self._most: Points = np.array([self._high[list(pair)].max() for pair in pairs], kind)
        self._spread = bool((self._low != self._high).any())
        self._step = None if self._spread else _even_step(self._low)
        self._base = self._low[:1] if self._low[0] else None
        if rule.categorical:
            self._code_of = self._lookup(rule, self.size - 1)
        else:
            counter = Counter(rule.measure, self.cuts, scales, rule.zero_denominator)
            self._count = counter.count

    @staticmethod
    def _lookup(rule: Indicator, bottom: int) -> Codes:
        """Band of each choice; the last slots are the sentinels of a small column."""
        assert rule.measure.num is not None
        found = np.full(256, rule.otherwise if rule.otherwise >= 0 else bottom, np.int8)
        for at, band in enumerate(rule.bands):
            found[list(band.values)] = at
        found[128:130] = (UNKNOWN, NONE)
        return found

    def run(self, frame: Frame, scores: Scores) -> Graded:
        """Grade every row."""
        if self.rule.categorical:
            assert self.rule.measure.num is not None
            column = frame.raw(self.rule.measure.num.fields[0][0])
            codes = self._code_of[column.view(np.uint8)]
            return self._categories(frame, codes)
        met = self._count(frame, scores)
        low: Codes = self._best - met.hi if self._rising else met.lo  # type: ignore[assignment]
        if met.known:
            return self._graded(frame, low, low, met.none, met.none)
        high: Codes = self._best - met.lo if self._rising else met.hi  # type: ignore[assignment]
        return self._graded(frame, low, high, met.none, met.maybe)

    def _categories(self, frame: Frame, codes: Codes) -> Graded:
        if codes.size == 0 or codes.min() >= 0:
            return self._graded(frame, codes, codes, None, None)
        none, unknown = codes == NONE, codes == UNKNOWN
        if not frame.bounded:
            none = none | unknown
            return self._graded(frame, np.where(none, 0, codes), None, none, none)
        low = np.where(codes < 0, np.int8(0), codes)
        high = np.where(unknown, np.int8(self.size - 1), low)
        return self._graded(frame, low, high, none, none)

    def _graded(
        self,
        frame: Frame,
        first: Codes,
        last: Codes | None,
        none: Bools | None,
        maybe: Bools | None,
    ) -> Graded:
        """Points and codes from the first and last band possible."""
        bottom = self._bottom
        known = last is None or last is first
        if none is not None:
            first = choose(none, bottom, first)
        last = first if known or last is None else last
        if maybe is none and known:
            codes = first if none is None else choose(none, np.int8(NONE), first)
            points = self._points(first)
            if self._spread:
                return self._with_expert(
                    frame, Graded(codes, points, self._high[first], none, None, first, first)
                )
            return Graded(codes, points, points, none, None, first, first)
        last = choose(maybe, bottom, last) if maybe is not None else last
        unknown = first != last
        doubt: Bools | None = None
        if maybe is not None and maybe is not none:
            doubt = maybe if none is None else maybe & ~none
            unknown = unknown | doubt
        codes = choose(unknown, np.int8(UNKNOWN), first)
        if none is not None:
            codes = choose(none, np.int8(NONE), codes)
        lo, hi = self._range(first, last)
        return self._with_expert(frame, Graded(codes, lo, hi, none, unknown, first, last, doubt))

    def _points(self, codes: Codes) -> Points:
        """The points of each band, the least of them where an expert gives them."""
        if self._step is None:
            return self._low.take(codes, mode="wrap")
        # Evenly spaced bands, as most are: a product is several times as fast as a look-up.
        points: Points = codes * self._step
        if self._base is not None:
            points = points + self._base
        return points

    def _range(self, first: Codes, last: Codes) -> tuple[Points, Points]:
        """Least and most points of the bands from ``first`` to ``last``."""
        if self._step is not None:
            ends = self._points(last), self._points(first)
            return ends if self._step[0] <= 0 else ends[::-1]
        cell = first.astype(np.intp) * self.size + last
        return self._least.take(cell), self._most.take(cell)

    def _with_expert(self, frame: Frame, graded: Graded) -> Graded:
        """An expert's whole points inside the band; outside of it the row is invalid (see core)."""
        if not self.rule.expert:
            return graded
        settled = graded.unknown is None
        lo, hi = _by_expert(frame, self.rule.expert, self.scale, graded.lo, graded.hi, settled)
        unknown = either(graded.unknown, None if hi is lo else (lo != hi))
        return replace(graded, lo=lo, hi=hi, unknown=unknown)

    def expert_outside(self, frame: Frame, graded: Graded) -> Bools | None:
        """Rows whose expert points lie outside their band."""
        if not self.rule.expert:
            return None
        return _outside(
            frame, self.rule.expert, self.scale, *self._range(graded.first, graded.last)
        )


def _by_expert(
    frame: Frame, name: str, scale: int, low: Points, high: Points, settled: bool
) -> tuple[Points, Points]:
    """The expert's points in the field ``name``, inside the range from ``low`` to ``high``.

    ``settled``: the range itself is certain.
    """
    given = frame.span(name)
    unit = MILLION if FIELDS[name].kind == "decimal" else 1
    value_lo = (given.lo * scale // unit).clip(0, 2**30).astype(np.int32)
    value_hi = (given.hi * scale // unit).clip(0, 2**30).astype(np.int32)
    lo = np.clip(value_lo, low, high)
    return lo, lo if given.known and settled else np.clip(value_hi, low, high)


def _outside(frame: Frame, name: str, scale: int, low: Points, high: Points) -> Bools:
    """Rows whose points in the field ``name`` lie outside the range from ``low`` to ``high``."""
    given = frame.span(name)
    unit = MILLION if FIELDS[name].kind == "decimal" else 1
    points = given.lo * scale
    outside = (points < low.astype(np.int64) * unit) | (points > high.astype(np.int64) * unit)
    known: Bools = given.lo == given.hi
    return outside & known


class Group:
    """A dimension, ready to run after the dimensions it is made of."""

    def __init__(self, rule: Dimension, scales: dict[str, int], kind: Kind = np.int32) -> None:
        self.rule, self._kind = rule, kind
        self.scale = scales[rule.name]
        self.tables = [Table(item, scales, self.scale, kind=kind) for item in rule.indicators]
        self._experts = any(item.expert for item in rule.indicators)
        self.cap = None if rule.cap is None else int(rule.cap * self.scale)
        self.children = [(name, Fraction(self.scale, scales[name])) for name in rule.of]
        # The better of two options is one call, and which one it was another.  An option that
        # may not exist has its lowest points then, and if those are least of all, the best of
        # the two is what it is without that option.
        self._harmless = rule.pick == "best" and _least_at_bottom(rule.indicators)
        self._duel: tuple[np.ufunc, np.ufunc] | None = None
        if len(self.tables) == 2 and rule.pick in ("best", "worst"):
            duels = {"best": (np.maximum, np.greater), "worst": (np.minimum, np.less)}
            self._duel = duels[rule.pick]
        if rule.pick == "declared":
            choices = FIELDS[rule.declared].choices
            self._option = np.full(256, -3, np.int8)
            for at, item in enumerate(rule.indicators):
                self._option[choices.index(item.name)] = at

    def run(
        self, frame: Frame, scores: Scores, weights: dict[str, Fraction]
    ) -> tuple[list[Graded], Codes | None, Bools | None]:
        """Grade the indicators, put the points into ``scores``.

        Gives the graded tables, the winner, and rows with expert points outside their range.
        """
        graded = [table.run(frame, scores) for table in self.tables]
        winner: Codes | None = None
        if self.children:
            parts = []
            for name, factor in self.children:
                whole = int(factor * weights[name])
                lo, hi = scores.points[name]
                low = lo if whole == 1 else lo * self._kind(whole)
                parts.append((low, low if lo is hi else hi * self._kind(whole)))
            lo, hi = self._combine(parts)
        elif len(graded) == 1:
            lo, hi = graded[0].lo, graded[0].hi
        elif self.rule.pick == "sum":
            lo, hi = _total([(g.lo, g.hi) for g in graded])
        else:
            lo, hi, winner = self._pick(frame, graded)
        if self.cap is not None:
            low = np.minimum(lo, self._kind(self.cap))
            hi = low if hi is lo else np.minimum(hi, self._kind(self.cap))
            lo = low
        outside: Bools | None = None
        if self._experts:
            for table, found in zip(self.tables, graded, strict=True):
                outside = either(outside, table.expert_outside(frame, found))
        if self.rule.expert:
            outside = either(outside, _outside(frame, self.rule.expert, self.scale, lo, hi))
            settled = all(g.unknown is None for g in graded)
            lo, hi = _by_expert(frame, self.rule.expert, self.scale, lo, hi, settled)
        scores.points[self.rule.name] = (lo, hi)
        return graded, winner, outside

    def _combine(self, parts: list[tuple[Points, Points]]) -> tuple[Points, Points]:
        if self.rule.pick in ("sum", "declared"):
            return _total(parts)
        if self.rule.pick == "first":
            return parts[0]
        join = np.minimum if self.rule.pick == "worst" else np.maximum
        lo = join.reduce([p[0] for p in parts])
        if all(low is high for low, high in parts):
            return lo, lo
        return lo, join.reduce([p[1] for p in parts])

    def _pick(self, frame: Frame, graded: list[Graded]) -> tuple[Points, Points, Codes]:
        if self.rule.pick == "declared":
            return self._declared(frame, graded)
        certain = exist = True
        for one in graded:  # certain: no range is left open to an expert either
            certain = certain and one.unknown is None and one.lo is one.hi
            exist = exist and one.none is None and one.doubt is None
        alike = (exist or self._harmless) and (certain or self.rule.missing_option != "others")
        if self._duel is not None and alike:
            return self._better(graded[0], graded[1], self._duel, certain)
        out = self._left_out(graded)
        points = graded[0].lo
        winner = np.zeros(frame.rows, np.int8)
        excluded = out[0]
        for at, option in enumerate(graded[1:], 1):
            if self.rule.pick == "first":
                better = np.zeros(frame.rows, np.bool_)
            else:
                better = option.lo > points if self.rule.pick == "best" else option.lo < points
            if excluded is not None:  # nothing so far counts: this option does
                better = better | excluded
            gone = out[at]
            if gone is not None:  # this option does not count: what there was stays
                better = better & ~gone
            excluded = None if excluded is None or gone is None else excluded & gone
            points = choose(better, option.lo, points)
            np.copyto(winner, np.int8(at), where=better)
        if certain:
            return points, points, winner
        lo, hi = self._bounds(graded, out)
        # A range left to an expert is no doubt about the winner; a figure not known is.
        for option in graded:
            if option.unknown is not None:
                winner[option.unknown & (lo != hi)] = UNKNOWN
        return lo, hi, winner

    @staticmethod
    def _better(
        first: Graded, second: Graded, duel: tuple[np.ufunc, np.ufunc], certain: bool
    ) -> tuple[Points, Points, Codes]:
        """The better of two options, and which it is: the first if there is nothing between."""
        join, beats = duel
        lo = join(first.lo, second.lo)
        won: Bools = beats(second.lo, first.lo)
        if first.none is not None:
            alone_there = first.none if second.none is None else without(first.none, second.none)
            won = won | alone_there
        winner = won.view(np.int8)
        if certain:
            return lo, lo, winner
        hi = join(first.hi, second.hi)
        # A range left to an expert is no doubt about the winner; a figure not known is.
        unknown = either(first.unknown, second.unknown)
        if unknown is not None:
            winner = choose(unknown & (lo != hi), np.int8(UNKNOWN), winner)
        return lo, hi, winner

    def _bounds(self, graded: list[Graded], out: list[Bools | None]) -> tuple[Points, Points]:
        """Least and most points, whichever options exist."""
        least, most = np.iinfo(self._kind).min, np.iinfo(self._kind).max
        rows = len(graded[0].lo)
        lo, hi = np.full(rows, most, self._kind), np.full(rows, least, self._kind)
        # The bound that an option sets only where it surely takes part.
        firm = np.full(rows, least if self.rule.pick == "best" else most, self._kind)
        reach = np.ones(rows, np.bool_)
        for option, gone in zip(graded, out, strict=True):
            here = reach if gone is None else reach & ~gone
            lo = choose(here, np.minimum(lo, option.lo), lo)
            hi = choose(here, np.maximum(hi, option.hi), hi)
            sure = here if option.doubt is None else here & ~option.doubt
            if self.rule.pick == "first":
                reach = reach & ~sure
            elif self.rule.pick == "best":
                firm = choose(sure, np.maximum(firm, option.lo), firm)
            else:
                firm = choose(sure, np.minimum(firm, option.hi), firm)
        if self.rule.pick == "best":
            lo = np.maximum(lo, firm)
        elif self.rule.pick == "worst":
            hi = np.minimum(hi, firm)
        return lo, hi

    def _left_out(self, graded: list[Graded]) -> list[Bools | None]:
        """Rows in which each option takes no part; where none would, all do."""
        out = [self._excluded(g, graded) for g in graded]
        masks = [mask for mask in out if mask is not None]
        if len(masks) == len(out):
            nobody = np.logical_and.reduce(masks)
            if nobody.any():
                return [mask & ~nobody for mask in masks]
        return out

    def _excluded(self, option: Graded, graded: list[Graded]) -> Bools | None:
        """Rows in which an option does not take part: it does not exist, or is left to others."""
        if self.rule.missing_option != "others" or option.unknown is None:
            return option.none
        known_elsewhere = np.zeros(len(option.lo), np.bool_)
        for other in graded:
            if other is not option:
                open_ = either(other.unknown, other.none)
                known_elsewhere |= True if open_ is None else ~open_
        return either(option.none, option.unknown & known_elsewhere)

    def _declared(self, frame: Frame, graded: list[Graded]) -> tuple[Points, Points, Codes]:
        option = self._option[frame.raw(self.rule.declared).view(np.uint8)]
        unknown = frame.missing(self.rule.declared)
        lo = np.min([t._low.min() for t in self.tables]) * np.ones(frame.rows, self._kind)
        hi = lo.copy()
        for at, item in enumerate(graded):
            chosen = option == at
            lo[chosen], hi[chosen] = item.lo[chosen], item.hi[chosen]
            if frame.bounded:
                hi[unknown] = np.maximum(hi, item.hi)[unknown]
        winner = np.where(option < 0, np.int8(UNKNOWN), option)
        certain = all(g.unknown is None and g.lo is g.hi for g in graded) and not (
            frame.bounded and unknown.any()
        )
        kind = self._kind
        return lo.astype(kind), (lo if certain else hi).astype(kind), winner


def _total(parts: list[tuple[Points, Points]]) -> tuple[Points, Points]:
    lo = parts[0][0]
    for low, _ in parts[1:]:
        lo = lo + low
    if all(low is high for low, high in parts):
        return lo, lo
    hi = parts[0][1]
    for _, high in parts[1:]:
        hi = hi + high
    return lo, hi


def _least_at_bottom(rules: Sequence[Indicator]) -> bool:
    """Whether the bottom band of every table has the least points that any of them gives."""
    least = min((band.points[0] for rule in rules for band in rule.bands), default=0)
    return all(rule.bands[-1].points == (least, least) for rule in rules)


def _even_step(points: Points) -> Points | None:
    """What each band adds to the one before it, in an array of one; ``None`` if it varies."""
    whole = points.tolist()
    steps = {after - before for before, after in pairwise(whole)}
    reach = abs(whole[-1] - whole[0])
    if len(steps) != 1 or reach > np.iinfo(points.dtype).max:
        return None
    return np.array([*steps], points.dtype)
