"""The working-capital method: what a firm needs to turn its sales, less what it has.

Columns are int64 (money in whole minor units, shares and decimals in millionths, the
sentinels ``MISSING`` and ``NONE``).  Nothing is rounded before the final line; the line is
floored to the minor unit and never below 0.  ``NONE`` ("known not to exist") counts as 0
for an amount of money and as not known for a rate.  Where the method does not apply there
is no number (the amount is ``NONE``), where an input is not known it is ``MISSING``: never 0.

Sources and edges: ``docs/methods/base-line.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.exactness import (
    Bands,
    Bools,
    Floats,
    Ints,
    blocks,
    floor_of_product,
    floor_of_rational,
)
from ipcredit.fields import MILLION, MISSING, NONE
from ipcredit.money import MAX_MINOR

Columns: TypeAlias = Mapping[str, Ints]

DAYS: Final = 360
"""Days of the year in the turnover formula."""
ON_SALES: Final = {"receivables": 1, "advance_receipts": -1}
"""Balances that turn on sales, with their sign in the day sum."""
ON_COST: Final = {"inventory": 1, "payables": -1, "prepayments": 1}
"""Balances that turn on cost of sales, with their sign in the day sum."""
OTHER_FUNDS: Final = (
    "working_capital_own_funds",
    "working_capital_loans",
    "working_capital_other_sources",
)
"""What the need is met from already: deducted to give the line."""


class Code(IntEnum):
    """How a base-line method ended for a row; see ``docs/methods/base-line.md``."""

    OK = 0
    MISSING_INPUT = 1
    NOT_APPLICABLE_DAY_SUM = 2
    NOT_APPLICABLE_ZERO_DENOMINATOR = 3
    NEGATIVE_NEED = 4
    NEED_COVERED = 5
    ABOVE_RANGE = 6

    @property
    def applies(self) -> bool:
        """Whether the method gives an amount."""
        return self in (Code.OK, Code.NEGATIVE_NEED, Code.NEED_COVERED, Code.ABOVE_RANGE)


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What a base-line method gives: ``amount`` int64[n], minor units, and ``code`` int8[n].

    ``amount`` is ``MISSING`` where an input is not known and ``NONE`` where the method does
    not apply.  ``basis`` is to be shown with the number (which margin, which turns).
    """

    amount: Ints
    code: Bands
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingCapital:
    """A policy's words for the working-capital method; every one must be said.

    ``margin``: ``gross`` ((sales - cost of sales) / sales), ``net`` (net profit / sales),
    ``stated`` (column ``working_capital_margin``) or a share.  ``turns``: ``balances``
    (computed), ``stated`` (column ``working_capital_turns``) or a number above 0.
    ``average`` of the balances: ``both-years`` needs both year ends, ``last-if-single`` uses
    the last year end alone where the one before is not known.  ``growth``: ``stated``
    (column ``expected_growth``) or a share.  ``less``: the money columns deducted.
    Raises ``ValueError`` for another word.

    >>> WorkingCapital("gross", "stated", "both-years").fields[:3]
    ('sales', 'cost_of_sales', 'expected_growth')
    """

    margin: Literal["gross", "net", "stated"] | Fraction
    turns: Literal["balances", "stated"] | Fraction
    average: Literal["both-years", "last-if-single"]
    growth: Literal["stated"] | Fraction = "stated"
    less: tuple[str, ...] = OTHER_FUNDS

    def __post_init__(self) -> None:
        for name, value, words in (
            ("margin", self.margin, ("gross", "net", "stated")),
            ("turns", self.turns, ("balances", "stated")),
            ("growth", self.growth, ("stated",)),
        ):
            if not isinstance(value, Fraction) and value not in words:
                raise ValueError(f"{name} {value!r}; a Fraction or one of {words}")
        if self.average not in ("both-years", "last-if-single"):
            raise ValueError(f"average {self.average!r}; both-years or last-if-single")
        if isinstance(self.turns, Fraction) and self.turns <= 0:
            raise ValueError(f"turns {self.turns}; above 0")

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns the method reads, in the order of the formula."""
        names = ["sales"]
        if self.margin == "gross" or self.turns == "balances":
            names.append("cost_of_sales")
        names += ["net_profit"] * (self.margin == "net")
        names += ["working_capital_margin"] * (self.margin == "stated")
        names += ["expected_growth"] * (self.growth == "stated")
        names += ["working_capital_turns"] * (self.turns == "stated")
        if self.turns == "balances":
            for item in (*ON_SALES, *ON_COST):
                names += [item, f"{item}_prev"]
        return (*names, *self.less)

    @property
    def optional(self) -> tuple[str, ...]:
        """Those of ``fields`` the method can do without."""
        single = self.turns == "balances" and self.average == "last-if-single"
        return tuple(f"{item}_prev" for item in (*ON_SALES, *ON_COST)) if single else ()

    @property
    def basis(self) -> tuple[str, ...]:
        """What must be recorded with the number."""
        words = [
            f"{name}:{value if isinstance(value, str) else 'policy'}"
            for name, value in (("margin", self.margin), ("turns", self.turns))
        ]
        return (*words, f"average:{self.average}") if self.turns == "balances" else tuple(words)


class _Reader:
    """Reads columns of one block; remembers the rows where one was not known."""

    def __init__(self, columns: Columns, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.missing: Bools = np.zeros(rows, np.bool_)

    def take_missing(self) -> Bools:
        """The rows so far, and start afresh."""
        taken, self.missing = self.missing, np.zeros(self.rows, np.bool_)
        return taken

    def money(self, name: str) -> Ints:
        """A money column: MISSING noted, both sentinels replaced by 0."""
        column = self.columns.get(name)
        if column is None:
            self.missing[:] = True
            return np.zeros(self.rows, np.int64)
        if int(column.min()) > NONE:
            return column
        self.missing |= column == MISSING
        return np.where(column > NONE, column, 0)

    def sum_of_ends(self, name: str, average: str) -> Ints:
        """Both year ends of a balance added: twice its average."""
        last, before = self.money(name), f"{name}_prev"
        if average == "both-years":
            return last + self.money(before)
        column = self.columns.get(before)
        if column is None:
            return last * 2
        return last + np.where(column == MISSING, last, np.where(column == NONE, 0, column))

    def rate(self, name: str, given: str | Fraction) -> tuple[Ints | int, int]:
        """A rate as numerator and denominator; both sentinels are not known."""
        if isinstance(given, Fraction):
            return given.numerator, given.denominator
        column = self.columns.get(name)
        if column is None:
            self.missing[:] = True
            return np.zeros(self.rows, np.int64), MILLION
        if int(column.min()) > NONE:
            return column, MILLION
        unknown = column <= NONE
        self.missing |= unknown
        return np.where(unknown, 0, column), MILLION


def working_capital(columns: Columns, rule: WorkingCapital) -> MethodResult:
    """The working-capital line of every row: need less what it is met from already.

    need = sales (1 - margin) (1 + growth) / turns; turns = 360 / day sum; a balance's days =
    360 average / what it turns on.  ``columns`` int64[n] by field name, one left out is not
    known.  Judged in this order: sales (for balances also cost of sales) not above 0 is
    ``NOT_APPLICABLE_ZERO_DENOMINATOR``; a day sum or stated turns not above 0
    ``NOT_APPLICABLE_DAY_SUM``; an input not known ``MISSING_INPUT``, unless only deductions
    are and the known ones meet the need; need below 0 ``NEGATIVE_NEED`` (0); deductions
    above the need ``NEED_COVERED`` (0); a line above 10**15 minor units ``ABOVE_RANGE``.
    Source: appendix of 流动资金贷款管理暂行办法 (2010, repealed; see the method note).

    >>> one = lambda value: np.array([value])
    >>> firm = {"sales": one(3000), "expected_growth": one(100_000), "working_capital_turns":
    ...         one(5_000_000), **{name: one(0) for name in OTHER_FUNDS}}
    >>> working_capital(firm, WorkingCapital(Fraction("0.15"), "stated", "both-years")).amount
    array([561])
    """
    rows = len(next(iter(columns.values())))
    amount, code = np.empty(rows, np.int64), np.empty(rows, np.int8)
    used = {name: np.asarray(columns[name], np.int64) for name in rule.fields if name in columns}
    for part in blocks(rows):
        block = {name: column[part] for name, column in used.items()}
        size = len(amount[part])
        amount[part], code[part] = _working_capital_block(_Reader(block, size), rule)
    return MethodResult(amount, code, rule.basis)


def _working_capital_block(read: _Reader, rule: WorkingCapital) -> tuple[Ints, Bands]:
    sales = read.money("sales")
    divided = rule.turns == "balances" or rule.margin in ("gross", "net")
    undefined = (sales <= 0) & ~read.missing & divided
    if rule.turns == "balances":
        before = read.take_missing()
        cost = read.money("cost_of_sales")
        undefined |= (cost <= 0) & ~read.missing
        read.missing |= before
        on_sales = _signed_ends(read, ON_SALES, rule.average)
        on_cost = _signed_ends(read, ON_COST, rule.average)
        turned = read.take_missing()
        base, factors, divisors = _base(read, rule, sales)
        need, day_sum_fails = _need_of_balances(
            base,
            factors,
            divisors,
            (on_sales, np.maximum(sales, 1)),
            (on_cost, np.maximum(cost, 1)),
        )
    else:
        before = read.take_missing()
        turns, unit = read.rate("working_capital_turns", rule.turns)
        turned = read.take_missing()
        read.missing |= before
        day_sum_fails = np.less_equal(turns, 0) & ~turned
        base, factors, divisors = _base(read, rule, sales)
        stated = turns if isinstance(turns, int) else np.maximum(turns, 1)
        need = floor_of_product([base, *factors, unit], [*divisors, stated])
    missing = read.take_missing() | turned
    known = np.zeros(read.rows, np.int64)
    for name in rule.less:
        known += read.money(name)
    line = need - known
    # No deduction is below 0: one not known cannot matter once the others meet the need.
    missing |= read.missing & (line > 0)
    amount, code = settled(line, missing, Code.NEED_COVERED)
    code[(need < 0) & (line < 0) & ~missing] = Code.NEGATIVE_NEED
    refuse(amount, code, day_sum_fails & ~turned, Code.NOT_APPLICABLE_DAY_SUM)
    refuse(amount, code, undefined, Code.NOT_APPLICABLE_ZERO_DENOMINATOR)
    return amount, code


def _signed_ends(read: _Reader, items: Mapping[str, int], average: str) -> Ints:
    total = np.zeros(read.rows, np.int64)
    for item, sign in items.items():
        ends = read.sum_of_ends(item, average)
        (np.add if sign > 0 else np.subtract)(total, ends, out=total)
    return total


def _base(
    read: _Reader, rule: WorkingCapital, sales: Ints
) -> tuple[Ints, list[Ints | int], list[int]]:
    """Sales (1 - margin) (1 + growth) as a column, more factors and whole divisors."""
    factors: list[Ints | int] = []
    divisors: list[int] = []
    base = sales
    if rule.margin == "gross":
        base = read.money("cost_of_sales")
    elif rule.margin == "net":
        base = sales - read.money("net_profit")
    else:
        margin, unit = read.rate("working_capital_margin", rule.margin)
        factors.append(unit - margin)
        divisors.append(unit)
    growth, unit = read.rate("expected_growth", rule.growth)
    factors.append(unit + growth)
    divisors.append(unit)
    return base, factors, divisors


def _need_of_balances(
    base: Ints,
    factors: list[Ints | int],
    divisors: list[int],
    on_sales: tuple[Ints, Ints],
    on_cost: tuple[Ints, Ints],
) -> tuple[Ints, Bools]:
    """Floor of the need, and where the day sum is not above 0 (there the need is 0).

    With R and K the signed sums of both year ends, the day sum is 180 (R/S + K/C) and the
    need base (R/S + K/C) / 2.  Floats carry at most 12 roundings, so 2**-49 of the sum of
    magnitudes bounds the error with room to spare; rows it leaves open are done exactly.
    """
    (r, s), (k, c) = on_sales, on_cost
    half = 2
    part, other = r / s, k / c
    turned = part + other
    size = np.abs(part) + np.abs(other)
    fails = turned <= 0
    # Rounding is monotone: unequal quotients may round alike, but never the wrong way round.
    for row in np.flatnonzero((turned == 0) & (size > 0)):
        fails[row] = int(r[row]) * int(c[row]) + int(k[row]) * int(s[row]) <= 0
    scaled: Floats = base.astype(np.float64)
    for factor in factors:
        scaled = scaled * factor
    for divisor in divisors:
        half *= divisor
    scaled = scaled / half
    approx = np.where(fails, np.nan, scaled * turned)

    def exact(rows: npt.NDArray[np.intp]) -> list[Fraction]:
        needs = []
        for row in rows:
            top = int(base[row])
            for factor in factors:
                top *= factor if isinstance(factor, int) else int(factor[row])
            x, y, u, v = int(r[row]), int(s[row]), int(k[row]), int(c[row])
            needs.append(Fraction(top * (x * v + u * y), half * y * v))
        return needs

    return floor_of_rational(approx, np.abs(scaled) * size * 2.0**-49, exact), fails


def settled(line: Ints, missing: Bools, below: Code) -> tuple[Ints, Bands]:
    """Amount and code of floored lines: never below 0, never above the range of amounts."""
    amount = np.clip(line, 0, MAX_MINOR)
    code = np.where(line < 0, np.int8(below), np.int8(Code.OK))
    code[line > MAX_MINOR] = Code.ABOVE_RANGE
    amount[missing] = MISSING
    code[missing] = Code.MISSING_INPUT
    return amount, code


def refuse(amount: Ints, code: Bands, rows: Bools, why: Code) -> None:
    """Take the number away from ``rows``, saying why."""
    amount[rows] = NONE
    code[rows] = why
