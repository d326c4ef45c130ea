"""Conditions on a frame: what must hold and what may hold."""

from __future__ import annotations

import numpy as np

from ipcredit.counting import Counter, Scores
from ipcredit.frame import Bools, Frame, Truth
from ipcredit.rules import AllOf, AnyOf, ByClass, Compare, Condition, Cut, Op


class Test:
    """A condition tree, ready to run."""

    __test__ = False  # not a test case, whatever its name says to pytest

    def __init__(self, rule: Condition, scales: dict[str, int]) -> None:
        self.rule = rule
        self._parts: list[Test] = []
        self._whens: list[Test | None] = []
        if isinstance(rule, AllOf | AnyOf):
            self._parts = [Test(part, scales) for part in rule.parts]
        elif isinstance(rule, ByClass):
            self._parts = [Test(then, scales) for _, _, then in rule.cases]
            self._whens = [None if w is None else Test(w, scales) for _, w, _ in rule.cases]
        elif rule.cut is not None:
            both = [Cut(rule.cut.at, False), Cut(rule.cut.at, True)]
            self._counter = Counter(rule.measure, both if rule.op is Op.IS else [rule.cut], scales)

    def run(self, frame: Frame, scores: Scores) -> Truth:
        """Whether the condition holds, row by row."""
        rule = self.rule
        if isinstance(rule, Compare):
            if rule.cut is None:
                return self._category(frame, rule)
            return self._numeric(frame, scores, rule)
        parts = [part.run(frame, scores) for part in self._parts]
        if isinstance(rule, ByClass):
            return self._by_class(frame, scores, parts)
        join = np.logical_and if isinstance(rule, AllOf) else np.logical_or
        must = join.reduce([part.must for part in parts])
        known = all(part.must is part.may for part in parts)
        return Truth(must, must if known else join.reduce([part.may for part in parts]))

    def _category(self, frame: Frame, rule: Compare) -> Truth:
        assert rule.measure.num is not None
        name = rule.measure.num.fields[0][0]
        column = frame.raw(name)
        must: Bools = column == rule.values[0]
        for code in rule.values[1:]:
            must = must | (column == code)
        if not frame.bounded:
            return Truth(must, must)
        possible = len(rule.values) > 0
        return Truth(must, must | frame.missing(name) if possible else must)

    def _numeric(self, frame: Frame, scores: Scores, rule: Compare) -> Truth:
        met = self._counter.count(frame, scores)
        if rule.op is Op.IS:
            must, may = (met.lo == 1) & (met.hi == 1), (met.lo <= 1) & (met.hi >= 1)
        elif rule.op in (Op.AT_LEAST, Op.MORE_THAN):
            must = met.lo.view(np.bool_)
            may = must if met.hi is met.lo else met.hi.view(np.bool_)
        else:
            must = met.hi == 0
            may = must if met.hi is met.lo else met.lo == 0
        if met.maybe is None and met.none is None:
            return Truth(must, may)
        known = must is may and met.maybe is met.none
        must = must & ~met.maybe if met.maybe is not None else must
        if known:
            return Truth(must, must)
        return Truth(must, may & ~met.none if met.none is not None else may)

    def _by_class(self, frame: Frame, scores: Scores, parts: list[Truth]) -> Truth:
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


def column_fields(rule: Condition) -> tuple[str, ...]:
    """The fields a condition reads."""
    if isinstance(rule, Compare):
        return rule.measure.fields
    if isinstance(rule, ByClass):
        parts = [part for _, when, then in rule.cases for part in (when, then) if part is not None]
    else:
        parts = list(rule.parts)
    return tuple(name for part in parts for name in column_fields(part))
