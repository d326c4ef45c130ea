"""The working-capital method for one firm, in fractions, step by step.

What :mod:`ipcredit.working_capital` does on columns, spelled out for an explanation; a test
holds the two together on every code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeAlias

from ipcredit.fields import MILLION, MISSING, NONE
from ipcredit.money import MAX_MINOR
from ipcredit.working_capital import (
    DAYS,
    ON_COST,
    ON_SALES,
    Code,
    Columns,
    WorkingCapital,
)

Exact: TypeAlias = Fraction | Decimal | int | str


def working_capital_need(sales: Exact, margin: Exact, growth: Exact, turns: Exact) -> Fraction:
    """The need sales (1 - margin) (1 + growth) / turns, exactly, in the unit of ``sales``.

    Raises ``TypeError`` for a float, ``ValueError`` for turns not above 0.

    >>> working_capital_need(3000, "0.15", "0.10", 5)
    Fraction(561, 1)
    """
    if _number(turns) <= 0:
        raise ValueError(f"turns {turns}; above 0")
    return _number(sales) * (1 - _number(margin)) * (1 + _number(growth)) / _number(turns)


def _number(value: Exact) -> Fraction:
    if isinstance(value, float):
        raise TypeError(f"{value} is a float, not exact; give a Fraction, Decimal, int or text")
    return Fraction(value)


@dataclass(frozen=True, slots=True)
class WorkingCapitalSteps:
    """Every intermediate value of one row, exact; None where it does not exist.

    ``days`` and ``turns`` by balance (days unsigned; turns a year, none for a balance of 0 or
    less), then ``day_sum`` and the ``overall_turns``; ``need`` and ``line`` in minor units
    before the floor, ``amount`` after it; ``deductions`` those known; ``missing`` the fields
    that are not known, whether or not they matter.
    """

    code: Code
    missing: tuple[str, ...]
    margin: Fraction | None
    growth: Fraction | None
    days: Mapping[str, Fraction]
    turns: Mapping[str, Fraction]
    day_sum: Fraction | None
    overall_turns: Fraction | None
    need: Fraction | None
    deductions: Mapping[str, int]
    line: Fraction | None
    amount: int | None
    basis: tuple[str, ...]


class _Row:
    """One row's values; remembers the names of those not known."""

    def __init__(self, columns: Columns, row: int) -> None:
        self.columns, self.row = columns, row
        self.missing: dict[str, None] = {}

    def raw(self, name: str) -> int:
        column = self.columns.get(name)
        return MISSING if column is None else int(column[self.row])

    def money(self, name: str) -> Fraction | None:
        value = self.raw(name)
        if value == MISSING:
            self.missing[name] = None
            return None
        return Fraction(0 if value == NONE else value)

    def rate(self, name: str, given: str | Fraction) -> Fraction | None:
        if isinstance(given, Fraction):
            return given
        value = self.raw(name)
        if value <= NONE:
            self.missing[name] = None
            return None
        return Fraction(value, MILLION)

    def average(self, name: str, rule: WorkingCapital) -> Fraction | None:
        last, before = self.money(name), f"{name}_prev"
        if rule.average == "last-if-single" and self.raw(before) == MISSING:
            return last
        first = self.money(before)
        return None if last is None or first is None else (first + last) / 2


def working_capital_steps(columns: Columns, row: int, rule: WorkingCapital) -> WorkingCapitalSteps:
    """The steps of :func:`ipcredit.working_capital.working_capital` for one row.

    >>> import numpy as np
    >>> firm = {"sales": np.array([3000]), "expected_growth": np.array([100_000])}
    >>> rule = WorkingCapital(Fraction("0.15"), Fraction(5), "both-years", less=())
    >>> working_capital_steps(firm, 0, rule).need
    Fraction(561, 1)
    """
    one = _Row(columns, row)
    sales = one.money("sales")
    cost = one.money("cost_of_sales") if "cost_of_sales" in rule.fields else None
    margin = _margin(one, rule, sales, cost)
    growth = one.rate("expected_growth", rule.growth)
    days: dict[str, Fraction] = {}
    day_sum = None
    if rule.turns == "balances":
        divided = [sales, cost]
        days, day_sum = _days(one, rule, sales, cost)
        overall = DAYS / day_sum if day_sum else None
        fails = day_sum is not None and day_sum <= 0
    else:
        divided = [sales] if rule.margin in ("gross", "net") else []
        overall = one.rate("working_capital_turns", rule.turns)
        fails = overall is not None and overall <= 0
    need = None
    if sales is not None and margin is not None and growth is not None and overall and not fails:
        need = sales * (1 - margin) * (1 + growth) / overall
    held = {name: one.money(name) for name in rule.less}
    deductions = {name: int(value) for name, value in held.items() if value is not None}
    line = None if need is None else need - sum(deductions.values())
    if any(value is not None and value <= 0 for value in divided):
        code = Code.NOT_APPLICABLE_ZERO_DENOMINATOR
    elif fails:
        code = Code.NOT_APPLICABLE_DAY_SUM
    elif need is None or line is None or (len(deductions) < len(held) and floor(line) > 0):
        code = Code.MISSING_INPUT
    elif line < 0:
        code = Code.NEGATIVE_NEED if need < 0 else Code.NEED_COVERED
    else:
        code = Code.ABOVE_RANGE if floor(line) > MAX_MINOR else Code.OK
    exists = line is not None and code.applies
    return WorkingCapitalSteps(
        code=code,
        missing=tuple(one.missing),
        margin=margin,
        growth=growth,
        days=days,
        turns={name: DAYS / value for name, value in days.items() if value > 0},
        day_sum=day_sum,
        overall_turns=overall,
        need=need,
        deductions=deductions,
        line=line,
        amount=min(max(floor(line), 0), MAX_MINOR) if exists and line is not None else None,
        basis=rule.basis,
    )


def _margin(
    one: _Row, rule: WorkingCapital, sales: Fraction | None, cost: Fraction | None
) -> Fraction | None:
    if rule.margin not in ("gross", "net"):
        return one.rate("working_capital_margin", rule.margin)
    profit = one.money("net_profit") if rule.margin == "net" else None
    if rule.margin == "gross" and sales is not None and cost is not None:
        profit = sales - cost
    return profit / sales if profit is not None and sales else None


def _days(
    one: _Row, rule: WorkingCapital, sales: Fraction | None, cost: Fraction | None
) -> tuple[dict[str, Fraction], Fraction | None]:
    """Days of each balance known, and their signed sum where all are."""
    days: dict[str, Fraction] = {}
    total = Fraction(0)
    for items, turned_on in ((ON_SALES, sales), (ON_COST, cost)):
        for item, sign in items.items():
            average = one.average(item, rule)
            if average is not None and turned_on is not None and turned_on > 0:
                days[item] = DAYS * average / turned_on
                total += sign * days[item]
    return days, total if len(days) == len(ON_SALES) + len(ON_COST) else None
