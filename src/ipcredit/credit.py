"""From points to money on a frame: tiers, raised tiers, the parts of the line, their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import numpy as np

from ipcredit.baseline import (
    MethodResult,
    combine,
    rest_of,
    share_of_sales,
    tax_multiple,
    working_capital,
)
from ipcredit.conditions import Test
from ipcredit.counting import Codes, Scores, sum_of
from ipcredit.exactness import floor_of_product
from ipcredit.frame import Bools, Frame, Ints
from ipcredit.rules import BaseMethod, JointLimit, Limit, LimitCase, Part, Raise, Tiers
from ipcredit.scoring import UNKNOWN, Table
from ipcredit.working_capital import Code

NO_LINE = int(np.iinfo(np.int64).min)
"""Amount of a line that does not exist or is not known."""
BOUNDLESS = 2**61
"""No limit; above every amount, and the sum of three still fits."""


@dataclass(slots=True, eq=False)
class Money:
    """Bounds of an amount in minor units; ``lo is hi`` where all is known."""

    lo: Ints
    hi: Ints


@dataclass(slots=True)
class Trace:
    """What an explanation shows beside the codes: points as bounds, and money after each stage.

    ``money`` holds ``(part, stage, key, amount)``: stage is ``tier``, ``method``, ``chosen``,
    ``limit``, ``deduct``, ``gate``, ``round``, ``joint``; key names the rule or field.
    """

    points: dict[str, tuple[int, int]] = field(default_factory=dict)
    money: list[tuple[str, str, str, Money]] = field(default_factory=list)

    def note(self, part: str, stage: str, key: str, money: Money) -> None:
        """Remember an amount (of a frame of one row)."""
        self.money.append((part, stage, key, money))


def _money(lo: Ints, hi: Ints) -> Money:
    return Money(lo, lo) if lo is hi else Money(lo, hi)


# -- tiers -----------------------------------------------------------------------------------


class Grade:
    """The tier of every row: 0 is the best, ``len(labels)`` is none; bounds are best, worst."""

    def __init__(self, rule: Tiers, raises: Sequence[Raise], scales: dict[str, int]) -> None:
        self.rule = rule
        self.none = len(rule.labels)
        self._table = None
        if rule.indicator is not None:
            self._table = Table(rule.indicator, scales, 1, outside=True)
        if self._table is None:
            cells = np.array(rule.matrix, np.int8)
            self._matrix = np.where(cells < 0, np.int8(self.none), cells)
        self._raises = [(item, Test(item.condition, scales)) for item in raises]

    def run(self, frame: Frame, scores: Scores) -> tuple[Codes, Codes, Codes, Codes]:
        """The tier as graded, the best and worst possible after raising, and which raise counted.

        Returns ``(graded, best, worst, raised)``: ``graded`` is the tier before raising
        (``UNKNOWN`` where open), ``raised`` the index of the raise that counted (-1: none).
        """
        best, worst = self._graded(frame, scores)
        graded = best if best is worst else np.where(best == worst, best, np.int8(UNKNOWN))
        raised = np.full(frame.rows, -1, np.int8)
        start = (best, worst)
        for at, (rule, test) in enumerate(self._raises):
            holds = test.run(frame, scores)
            # Raises do not add up: each starts from the tier as graded, the largest counts.
            new_best, new_worst = self._up(start[0], rule), self._up(start[1], rule)
            lifted = holds.must & (new_worst < worst)
            raised[lifted] = at
            known = best is worst and holds.must is holds.may
            best = np.where(holds.may, np.minimum(best, new_best), best)
            worst = best if known else np.where(lifted, new_worst, worst)
        return graded, best, worst, raised

    def _up(self, tier: Codes, rule: Raise) -> Codes:
        """The tier raised: only a firm that has one, never above ``not_above``, never down."""
        up = np.maximum(tier - np.int8(rule.tiers), np.int8(rule.not_above))
        return np.where(tier < self.none, np.minimum(tier, up), tier)

    def _graded(self, frame: Frame, scores: Scores) -> tuple[Codes, Codes]:
        if self._table is not None:
            found = self._table.run(frame, scores)
            return found.first, (found.first if found.unknown is None else found.last)
        return self._looked_up(frame)

    def _looked_up(self, frame: Frame) -> tuple[Codes, Codes]:
        rows, columns = frame.raw(self.rule.rows), frame.raw(self.rule.columns)
        none = (rows == -127) | (columns == -127)
        missing = (rows == -128) | (columns == -128)
        cell = self._matrix[np.where(rows < 0, 0, rows), np.where(columns < 0, 0, columns)]
        cell = np.where(none, np.int8(self.none), cell)
        if not (frame.bounded and missing.any()):
            return cell, cell
        best, worst = cell.copy(), cell.copy()
        for row in np.flatnonzero(missing & ~none):
            at = slice(None) if rows[row] < 0 else slice(rows[row], rows[row] + 1)
            to = slice(None) if columns[row] < 0 else slice(columns[row], columns[row] + 1)
            best[row], worst[row] = self._matrix[at, to].min(), self._matrix[at, to].max()
        return best, worst


# -- limits ----------------------------------------------------------------------------------


class Cap:
    """An upper limit on every row, as bounds; ``BOUNDLESS`` where no case fits."""

    def __init__(self, rule: Limit, scales: dict[str, int]) -> None:
        self.rule = rule
        self._whens = [None if c.when is None else Test(c.when, scales) for c in rule.cases]

    def run(self, frame: Frame, scores: Scores) -> Money:
        """The limit, its deductions taken off, never below 0."""
        lo = np.full(frame.rows, BOUNDLESS, np.int64)
        hi = np.full(frame.rows, -1, np.int64)
        reach = np.ones(frame.rows, np.bool_)
        for case, when in zip(self.rule.cases, self._whens, strict=True):
            here, surely = reach, reach
            if when is not None:
                holds = when.run(frame, scores)
                here, surely = reach & holds.may, holds.must
            amount = self._amount(case, frame)
            lo = np.where(here, np.minimum(lo, amount.lo), lo)
            hi = np.where(here, np.maximum(hi, amount.hi), hi)
            reach = reach & ~surely
        hi = np.where(reach, BOUNDLESS, hi)
        for name in self.rule.less:
            held = frame.amounts(name)
            lo = np.where(lo < BOUNDLESS, np.maximum(lo - held.hi, 0), lo)
            hi = np.where(hi < BOUNDLESS, np.maximum(hi - held.lo, 0), hi)
        if not frame.bounded:
            return Money(lo, lo)
        if self.rule.skip:  # a figure that this firm's limit needs is missing
            lo = np.where(lo == hi, lo, BOUNDLESS)
            hi = lo
        return Money(lo, hi)

    def _amount(self, case: LimitCase, frame: Frame) -> Money:
        if case.amount is not None:
            flat = np.full(frame.rows, case.amount, np.int64)
            return Money(flat, flat)
        assert case.share is not None
        assert case.of is not None
        whole = sum_of(frame, case.of)
        lo = _share_of(whole.lo, case.share, case.of.scale)
        hi = lo if whole.lo is whole.hi else _share_of(whole.hi, case.share, case.of.scale)
        return _money(lo, hi)


def _share_of(whole: Ints, share: Fraction, scale: int) -> Ints:
    product = floor_of_product([np.maximum(whole, 0), share.numerator], [share.denominator, scale])
    return np.minimum(product, BOUNDLESS)


# -- parts -----------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class PartResult:
    """One part of the line before joint limits: money, and which method and limit decided."""

    money: Money
    method: Codes | None
    method_codes: tuple[Codes, ...]
    limit: Codes
    gate_failed: Codes


class Component:
    """A part of the line, ready to run."""

    def __init__(self, rule: Part, scales: dict[str, int]) -> None:
        self.rule = rule
        self.caps = [Cap(item, scales) for item in rule.limits]
        self.gates = [Test(item.condition, scales) for item in rule.gates]
        self.tables = [
            None if m.indicator is None else Table(m.indicator, scales, 1) for m in rule.methods
        ]
        if rule.tiers:
            amounts = [0 if amount is None else amount for amount in rule.tiers]
            self._amounts = np.array([*amounts, 0], np.int64)

    def run(
        self,
        frame: Frame,
        scores: Scores,
        tiers: tuple[Codes, Codes] | None,
        trace: Trace | None = None,
    ) -> PartResult:
        """The part of every row: amount, limits, credit already held, gates, rounding down."""
        name = self.rule.name
        method: Codes | None = None
        codes: tuple[Codes, ...] = ()
        if self.rule.tiers:
            assert tiers is not None
            best, worst = tiers
            hi = self._amounts[best]
            lo = hi if best is worst else np.minimum(hi, self._amounts[worst])
            money = _money(lo, hi)
        else:
            money, method, codes = self._by_methods(frame, scores, trace)
        if trace is not None:
            trace.note(name, "tier" if self.rule.tiers else "chosen", "", money)
        limit = np.full(frame.rows, -1, np.int8)
        for at, cap in enumerate(self.caps):
            bound = cap.run(frame, scores)
            limit[bound.hi < money.lo] = at
            lo = np.minimum(money.lo, bound.lo)
            same = money.lo is money.hi and bound.lo is bound.hi
            money = Money(lo, lo) if same else Money(lo, np.minimum(money.hi, bound.hi))
            if trace is not None:
                trace.note(name, "limit", cap.rule.name, bound)
        for held_name in self.rule.deduct:
            held = frame.amounts(held_name)
            lo = np.maximum(money.lo - held.hi, 0)
            same = money.lo is money.hi and held.known
            money = Money(lo, lo) if same else Money(lo, np.maximum(money.hi - held.lo, 0))
            if trace is not None:
                trace.note(name, "deduct", held_name, money)
        money, failed = self._gated(frame, scores, money)
        money = self.rounded(money)
        if trace is not None:
            trace.note(name, "round", "", money)
        return PartResult(money, method, codes, limit, failed)

    def rounded(self, money: Money) -> Money:
        """The amount rounded down to the part's unit; what a joint limit has cut is again."""
        step = self.rule.step
        if step == 1:
            return money
        lo = money.lo - money.lo % step
        return Money(lo, lo) if money.lo is money.hi else Money(lo, money.hi - money.hi % step)

    def _gated(self, frame: Frame, scores: Scores, money: Money) -> tuple[Money, Codes]:
        failed = np.full(frame.rows, -1, np.int8)
        for at, gate in enumerate(self.gates):
            holds = gate.run(frame, scores)
            failed[~holds.may & (failed < 0)] = at
            lo = np.where(holds.must, money.lo, 0)
            same = money.lo is money.hi and holds.must is holds.may
            money = Money(lo, lo) if same else Money(lo, np.where(holds.may, money.hi, 0))
        return money, failed

    def _by_methods(
        self, frame: Frame, scores: Scores, trace: Trace | None
    ) -> tuple[Money, Codes, tuple[Codes, ...]]:
        results = [
            self._method(rule, table, frame, scores)
            for rule, table in zip(self.rule.methods, self.tables, strict=True)
        ]
        if trace is not None:
            for rule, result in zip(self.rule.methods, results, strict=True):
                trace.note(self.rule.name, "method", rule.name, Money(result.amount, result.amount))
        line = combine(results, self.rule.pick)  # type: ignore[arg-type]
        codes = tuple(result.code for result in results)
        lo, hi = line.lo, np.minimum(line.hi, BOUNDLESS)
        return (_money(lo, hi) if line.missing.any() else Money(lo, lo)), line.winner, codes

    def _method(
        self, rule: BaseMethod, table: Table | None, frame: Frame, scores: Scores
    ) -> MethodResult:
        if rule.method == "working_capital":
            spec = rule.option("rule")
            columns = {name: cast(Ints, frame.raw(name)) for name in spec.fields}  # type: ignore[attr-defined]
            return working_capital(columns, spec)  # type: ignore[arg-type]
        if rule.method == "share_of":
            whole, *less = [cast(Ints, frame.raw(name)) for name in method_fields(rule)]
            own = cast(Fraction | None, rule.option("less_own_margin"))
            of = rest_of(whole, less) if less else whole
            return share_of_sales(of, cast(Fraction, rule.option("share")), less_own_margin=own)
        if rule.method == "tax_multiple":
            years = int(cast(Fraction, rule.option("years")))
            taxes = [cast(Ints, frame.raw("tax_paid" + s)) for s in ("", "_prev", "_prev2")]
            return tax_multiple(taxes, cast(Fraction, rule.option("multiple")), years=years)
        assert table is not None
        return self._scorecard(rule, table, frame, scores)

    @staticmethod
    def _scorecard(rule: BaseMethod, table: Table, frame: Frame, scores: Scores) -> MethodResult:
        graded = table.run(frame, scores)
        amounts = np.array(rule.amounts, np.int64)
        worth = amounts[graded.first]
        open_ = worth != amounts[graded.last]
        code = np.where(open_, np.int8(Code.MISSING_INPUT), np.int8(Code.OK))
        amount = np.where(open_, NO_LINE, worth)
        return MethodResult(amount, code, ("scorecard",))


def method_fields(rule: BaseMethod) -> tuple[str, ...]:
    """The fields a base-line method reads."""
    if rule.method == "working_capital":
        return cast(tuple[str, ...], rule.option("rule").fields)  # type: ignore[attr-defined]
    if rule.method == "share_of":
        return (*cast(tuple[str, ...], rule.option("of")), *share_less(rule))
    if rule.method == "tax_multiple":
        # Columns of all three years are handed over; only those averaged are looked at.
        return ("tax_paid", "tax_paid_prev", "tax_paid_prev2")
    assert rule.indicator is not None
    return rule.indicator.measure.fields


def share_less(rule: BaseMethod) -> tuple[str, ...]:
    """The fields a share is not taken of (method ``share_of``)."""
    return cast(tuple[str, ...], rule.option("less") or ())


# -- joint limits ----------------------------------------------------------------------------


class Joint:
    """A limit on the sum of parts, ready to run."""

    def __init__(self, rule: JointLimit, scales: dict[str, int]) -> None:
        self.rule = rule
        self.cap = Cap(rule.limit, scales)
        first = rule.cuts_first
        others = [name for name in reversed(rule.over) if name != first]
        self._order = [first, *others] if first != "pro_rata" else []

    def run(
        self, frame: Frame, scores: Scores, parts: dict[str, Money], trace: Trace | None = None
    ) -> Bools:
        """Cut ``parts`` in place to the limit; rows that were cut."""
        bound = self.cap.run(frame, scores)
        if trace is not None:
            trace.note("total", "joint", self.rule.limit.name, bound)
        over = [parts[name] for name in self.rule.over]
        total_lo, total_hi = sum(m.lo for m in over), sum(m.hi for m in over)
        if not np.any(total_hi > bound.lo):
            return np.zeros(frame.rows, np.bool_)
        certain = all(m.lo is m.hi for m in over) and bound.lo is bound.hi
        lows = {name: parts[name].lo for name in self.rule.over}
        highs = {name: parts[name].hi for name in self.rule.over}
        # More of one part never leaves more of another, and a higher limit never leaves less.
        least = self._left(lows, highs, bound.lo)
        most = least if certain else self._left(highs, lows, bound.hi)
        for name in self.rule.over:
            parts[name] = _money(least[name], most[name])
        return total_lo > bound.hi

    def _left(self, own: dict[str, Ints], beside: dict[str, Ints], bound: Ints) -> dict[str, Ints]:
        """What the limit leaves of each part where the parts beside it amount to ``beside``."""
        found = {}
        if self._order:
            room = bound
            for name in reversed(self._order):  # the part that gives way last takes first
                found[name] = np.minimum(own[name], room)
                room = np.maximum(room - beside[name], 0)
            return found
        whole = sum(beside.values())
        for name, amount in own.items():
            total = amount + (whole - beside[name])
            rows = np.flatnonzero(total > bound)
            found[name] = amount.copy()
            found[name][rows] = floor_of_product([amount[rows], bound[rows]], [total[rows]])
        return found
