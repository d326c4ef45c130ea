"""Conditions on a frame: what must hold and what may hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from ipcredit.counting import DIRECT, Counter, Scores, Threshold
from ipcredit.frame import FLOOR, Bools, Frame, Span, Truth, alone, without
from ipcredit.rules import AllOf, AnyOf, ByClass, Compare, Condition, Cut, Measure, Op

_RISING = (Op.AT_LEAST, Op.MORE_THAN)


class Test:
    """A condition tree, ready to run."""

    __test__ = False  # not a test case, whatever its name says to pytest

    def __init__(self, rule: Condition, scales: dict[str, int]) -> None:
        self.rule = rule
        self.flag: tuple[str, int] | None = None  # asks this field for this one code
        self._parts: list[Test] = []
        self._whens: list[Test | None] = []
        # Which way to run is settled here, once: a service runs a condition on one row a call.
        self.run: Callable[[Frame, Scores], Truth] = self._joined
        if isinstance(rule, AllOf | AnyOf):
            self._parts = [Test(part, scales) for part in rule.parts]
        elif isinstance(rule, ByClass):
            self._parts = [Test(then, scales) for _, _, then in rule.cases]
            self._whens = [None if w is None else Test(w, scales) for _, w, _ in rule.cases]
            self.run = self._by_class
        elif rule.cut is None:
            assert rule.measure.num is not None
            self._field = rule.measure.num.fields[0][0]
            self._codes = [alone(code, np.int8) for code in rule.values]
            if len(rule.values) == 1:
                self.flag = self._field, rule.values[0]
            self.run = self._category
        elif rule.op is not Op.IS and rule.measure.kind in DIRECT:
            self._threshold = Threshold(rule.measure, rule.cut, scales)
            self.run = self._direct
            self._up = (rule.op in _RISING) != (rule.measure.kind == "since")
        else:
            self._op = rule.op
            self.run = self._numeric
            both = [Cut(rule.cut.at, False), Cut(rule.cut.at, True)]
            self._counter = Counter(rule.measure, both if rule.op is Op.IS else [rule.cut], scales)

    def _joined(self, frame: Frame, scores: Scores) -> Truth:
        join = np.logical_and if isinstance(self.rule, AllOf) else np.logical_or
        parts = [part.run(frame, scores) for part in self._parts]
        must = reduce(join, [part.must for part in parts])
        known = all(part.must is part.may for part in parts)
        return Truth(must, must if known else reduce(join, [part.may for part in parts]))

    def _category(self, frame: Frame, scores: Scores) -> Truth:
        column = frame.columns[self._field]
        must: Bools = column == self._codes[0]
        if len(self._codes) > 1:
            for code in self._codes[1:]:
                must = must | (column == code)
        if not frame.bounded:
            return Truth(must, must)
        return Truth(must, must | frame.missing(self._field))

    def _direct(self, frame: Frame, scores: Scores) -> Truth:
        """A whole figure against one threshold: a single comparison."""
        at = self._threshold.at(frame.on)
        column = self._threshold.column(frame, up=self._up)
        if column is not None:
            must: Bools = column >= at if self._up else column < at
            return Truth(must, must)
        span = self._threshold.span(frame, scores)
        same = span.lo is span.hi
        if self._up:
            must = span.lo >= at
            may = must if same else span.hi >= at
        else:
            must = span.hi < at
            may = must if same else span.lo < at
        if span.none is None and span.maybe is None:
            return Truth(must, may)
        return _where_it_exists(Truth(must, may), span)

    def _numeric(self, frame: Frame, scores: Scores) -> Truth:
        met = self._counter.count(frame, scores)
        if self._op is Op.IS:
            must, may = (met.lo == 1) & (met.hi == 1), (met.lo <= 1) & (met.hi >= 1)
        elif self._op in _RISING:
            must = met.lo.view(np.bool_)
            may = must if met.hi is met.lo else met.hi.view(np.bool_)
        else:
            must = met.hi == 0
            may = must if met.hi is met.lo else met.lo == 0
        return _where_it_exists(Truth(must, may), met)

    def _by_class(self, frame: Frame, scores: Scores) -> Truth:
        parts = [part.run(frame, scores) for part in self._parts]
        must = np.zeros(frame.rows, np.bool_)
        may = np.zeros(frame.rows, np.bool_)
        # A row certainly reaches a class if all earlier whens certainly fail.
        surely, possibly = np.ones(frame.rows, np.bool_), np.ones(frame.rows, np.bool_)
        can_fail = np.zeros(frame.rows, np.bool_)
        for when, then in zip(self._whens, parts, strict=True):
            here = Truth(surely, possibly)
            if when is not None:
                found = when.run(frame, scores)
                here = Truth(surely & found.must, possibly & found.may)
                surely, possibly = surely & ~found.may, possibly & ~found.must
            else:
                surely = possibly = np.zeros(frame.rows, np.bool_)
            must |= here.may & then.must
            may |= here.may & then.may
            can_fail |= here.may & ~then.must
        can_fail |= possibly
        must &= ~can_fail
        return Truth(must, may)


class Flags:
    """Conditions that each ask one flag or choice for one code, answered together.

    A policy has many of them, and one call on their columns laid side by side costs hardly more
    than a call on one column: for one firm, calls are all the cost there is.
    """

    def __init__(self, asked: Sequence[tuple[str, int]]) -> None:
        self._fields = [name for name, _ in asked]
        self._codes = np.array([[code] for _, code in asked], np.int8)

    def run(self, frame: Frame) -> Truth:
        """What must and may hold, as bool[conditions, rows]."""
        given = np.array([frame.columns[name] for name in self._fields])
        must: Bools = given == self._codes
        if not frame.bounded:
            return Truth(must, must)
        return Truth(must, must | (given == FLOOR[1]))


def _where_it_exists(holds: Truth, of: Span) -> Truth:
    """A condition on a figure fails where the figure does not exist."""
    if of.maybe is None and of.none is None:
        return holds
    must = holds.must if of.maybe is None else without(holds.must, of.maybe)
    if holds.must is holds.may and of.maybe is of.none:
        return Truth(must, must)
    return Truth(must, holds.may if of.none is None else without(holds.may, of.none))


def column_fields(rule: Condition) -> tuple[str, ...]:
    """The fields a condition reads."""
    return tuple(name for measure in measures_of(rule) for name in measure.fields)


def measures_of(rule: Condition) -> tuple[Measure, ...]:
    """What a condition compares."""
    if isinstance(rule, Compare):
        return (rule.measure,)
    if isinstance(rule, ByClass):
        parts = [part for _, when, then in rule.cases for part in (when, then) if part is not None]
    else:
        parts = list(rule.parts)
    return tuple(measure for part in parts for measure in measures_of(part))
