"""The working-capital method: every amount and code equals a naive calculation in fractions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.baseline import (
    Code,
    WorkingCapital,
    working_capital,
    working_capital_need,
    working_capital_steps,
)
from ipcredit.exactness import Ints
from ipcredit.fields import MISSING, NONE
from ipcredit.money import MAX_MINOR
from ipcredit.working_capital import OTHER_FUNDS

BALANCES = ("receivables", "advance_receipts", "inventory", "payables", "prepayments")
SIGNS = {
    "receivables": 1,
    "advance_receipts": -1,
    "inventory": 1,
    "payables": -1,
    "prepayments": 1,
}
ENDS = tuple(name + end for name in BALANCES for end in ("", "_prev"))
GROSS = WorkingCapital("gross", "balances", "both-years")

Row = dict[str, int]


def columns(*rows: Mapping[str, int]) -> dict[str, Ints]:
    return {name: np.array([row[name] for row in rows], np.int64) for name in rows[0]}


def firm(**changes: int) -> Row:
    """Sales 100 million fen, cost of sales 80 million, day sum above 0, no funds of its own."""
    row = {
        "sales": 100_000_000,
        "cost_of_sales": 80_000_000,
        "net_profit": 10_000_000,
        "expected_growth": 100_000,
        "working_capital_turns": 5_000_000,
        "working_capital_margin": 150_000,
        **dict.fromkeys(ENDS, 0),
        **dict.fromkeys(OTHER_FUNDS, 0),
        "receivables": 20_000_000,
        "receivables_prev": 20_000_000,
    }
    return {**row, **changes}


def naive(row: Row, rule: WorkingCapital) -> tuple[Code, int]:
    """The method as a person would write it; money NONE is 0, a rate NONE is not known."""
    gone = {MISSING}
    money: dict[str, Fraction | None] = {
        k: None if v in gone else Fraction(0 if v == NONE else v) for k, v in row.items()
    }
    rate = {k: None if v in (MISSING, NONE) else Fraction(v, 10**6) for k, v in row.items()}
    sales, cost, profit = money["sales"], money["cost_of_sales"], money["net_profit"]
    divided = [sales] if rule.margin in ("gross", "net") else []
    divided = [sales, cost] if rule.turns == "balances" else divided
    if any(v is not None and v <= 0 for v in divided):
        return Code.NOT_APPLICABLE_ZERO_DENOMINATOR, NONE
    if rule.turns == "balances":
        turns = naive_turns(row, money, rule)
        if turns is not None and turns <= 0:
            return Code.NOT_APPLICABLE_DAY_SUM, NONE
    else:
        turns = rate["working_capital_turns"] if rule.turns == "stated" else Fraction(rule.turns)
        if turns is not None and turns <= 0:
            return Code.NOT_APPLICABLE_DAY_SUM, NONE
    growth = rate["expected_growth"] if rule.growth == "stated" else Fraction(rule.growth)
    margin: Fraction | None = None
    if rule.margin == "stated":
        margin = rate["working_capital_margin"]
    elif rule.margin == "gross" and sales and cost is not None:
        margin = (sales - cost) / sales
    elif rule.margin == "net" and sales and profit is not None:
        margin = profit / sales
    elif isinstance(rule.margin, Fraction):
        margin = rule.margin
    if sales is None or margin is None or growth is None or turns is None:
        return Code.MISSING_INPUT, MISSING
    need = sales * (1 - margin) * (1 + growth) / turns
    held = [money[name] for name in rule.less]
    line = need - sum(v for v in held if v is not None)
    if None in held and math.floor(line) > 0:
        return Code.MISSING_INPUT, MISSING
    if line < 0:
        return (Code.NEGATIVE_NEED if need < 0 else Code.NEED_COVERED), 0
    amount = math.floor(line)
    return (Code.ABOVE_RANGE, MAX_MINOR) if amount > MAX_MINOR else (Code.OK, amount)


def naive_turns(
    row: Row, money: Mapping[str, Fraction | None], rule: WorkingCapital
) -> Fraction | None:
    """None: not known.  -1: the day sum is not above 0."""
    day_sum = Fraction(0)
    for name in BALANCES:
        end, begin = money[name], money[name + "_prev"]
        if begin is None and rule.average == "last-if-single":
            begin = end
        on_sales = name in ("receivables", "advance_receipts")
        turned = money["sales"] if on_sales else money["cost_of_sales"]
        if end is None or begin is None or turned is None:
            return None
        average = (end + begin) / 2
        if average:
            turnover = turned / average
            day_sum += SIGNS[name] * (360 / turnover)
    return 360 / day_sum if day_sum > 0 else Fraction(-1)


sentinels = st.sampled_from([MISSING, NONE])
balance = st.one_of(st.integers(0, 10**9), st.integers(0, MAX_MINOR), st.just(0))
sometimes = st.integers(0, 14)


@st.composite
def firms(draw: st.DrawFn) -> Row:
    large = st.one_of(st.integers(0, 3), st.integers(1, 10**9), st.integers(1, MAX_MINOR))
    row = {
        "sales": draw(large),
        "cost_of_sales": draw(large),
        "net_profit": draw(st.integers(-MAX_MINOR, MAX_MINOR)),
        "expected_growth": draw(st.integers(-1_100_000, 10**7)),
        "working_capital_turns": draw(st.integers(-1, 10**8)),
        "working_capital_margin": draw(st.integers(-(10**6), 2 * 10**6)),
        **{name: draw(balance) for name in ENDS},
        **{name: draw(st.one_of(st.just(0), balance)) for name in OTHER_FUNDS},
    }
    for name in draw(st.lists(st.sampled_from(sorted(row)), max_size=2)):
        row[name] = draw(sentinels)
    return row


rates = st.fractions(min_value=-2, max_value=3, max_denominator=10**4)
rules = st.builds(
    WorkingCapital,
    margin=st.one_of(st.sampled_from(["gross", "net", "stated"]), rates),
    turns=st.one_of(
        st.sampled_from(["balances", "balances", "stated"]),
        st.fractions(min_value=Fraction(1, 100), max_value=99, max_denominator=10**4),
    ),
    average=st.sampled_from(["both-years", "last-if-single"]),
    growth=st.one_of(st.just("stated"), rates),
    less=st.sampled_from([OTHER_FUNDS, OTHER_FUNDS[:1], ()]),
)


class TestWorkingCapital:
    @given(st.lists(firms(), min_size=1, max_size=6), rules)
    @settings(max_examples=600, deadline=None)
    def test_equals_the_naive_calculation(self, rows: list[Row], rule: WorkingCapital) -> None:
        result = working_capital(columns(*rows), rule)
        expected = [naive(row, rule) for row in rows]
        assert list(zip(result.code.tolist(), result.amount.tolist(), strict=True)) == expected

    @given(firms(), rules)
    @settings(max_examples=400, deadline=None)
    def test_steps_agree_and_add_up(self, row: Row, rule: WorkingCapital) -> None:
        data = columns(row)
        result, steps = working_capital(data, rule), working_capital_steps(data, 0, rule)
        assert steps.code == result.code[0]
        assert steps.basis == result.basis == rule.basis
        if steps.code.applies:
            assert steps.amount == result.amount[0]
            assert steps.need is not None
            assert steps.line == steps.need - sum(steps.deductions.values())
        else:
            assert steps.amount is None
        if steps.code == Code.MISSING_INPUT:
            assert steps.missing
        if steps.day_sum is not None:
            signed = sum(SIGNS[name] * days for name, days in steps.days.items())
            assert signed == steps.day_sum
        assert set(steps.missing) <= {*rule.fields} - {*rule.optional}

    @given(firms(), rules)
    @settings(deadline=None)
    def test_a_column_left_out_is_not_known(self, row: Row, rule: WorkingCapital) -> None:
        data = columns(row)
        for name in rule.fields[1:]:
            absent = {k: v for k, v in data.items() if k != name}
            missing = {**data, name: np.array([MISSING])}
            assert working_capital(absent, rule).code == working_capital(missing, rule).code
            assert working_capital_steps(absent, 0, rule) == working_capital_steps(missing, 0, rule)

    def test_published_example(self) -> None:
        row = firm(sales=3000_000_000, expected_growth=100_000)  # 3,000 万元 in fen
        rule = WorkingCapital("stated", "stated", "both-years")
        assert working_capital(columns(row), rule).amount.tolist() == [561_000_000]
        assert working_capital_need(3000, "0.15", Decimal("0.10"), Fraction(5)) == 561

    def test_the_scalar_refuses(self) -> None:
        with pytest.raises(TypeError, match="not exact"):
            working_capital_need(3000, 0.15, 0, 5)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="turns 0"):
            working_capital_need(3000, 0, 0, 0)

    def test_worked_by_hand(self) -> None:
        # Receivables 20/100 of sales = 72 days, inventory 40/80 of cost = 180, payables 10/80
        # = 45, prepayments 2/80 = 9, advances 5/100 = 18: 72 - 18 + 180 - 45 + 9 = 198 days.
        row = firm(
            advance_receipts=4_000_000, advance_receipts_prev=6_000_000,
            inventory=50_000_000, inventory_prev=30_000_000,
            payables=10_000_000, payables_prev=10_000_000,
            prepayments=4_000_000, prepayments_prev=0,
            working_capital_own_funds=8_400_000, working_capital_loans=10_000_000,
            working_capital_other_sources=1,
        )  # fmt: skip
        steps = working_capital_steps(columns(row), 0, GROSS)
        assert steps.days == {
            "receivables": 72, "advance_receipts": 18,
            "inventory": 180, "payables": 45, "prepayments": 9,
        }  # fmt: skip
        assert steps.day_sum == 198
        assert steps.overall_turns == Fraction(360, 198)
        assert steps.margin == Fraction(1, 5)
        assert steps.growth == Fraction(1, 10)
        assert steps.turns["receivables"] == 5
        assert steps.need == 80_000_000 * Fraction(11, 10) * Fraction(198, 360) == 48_400_000
        assert steps.amount == 48_400_000 - 18_400_001
        assert working_capital(columns(row), GROSS).amount.tolist() == [29_999_999]
        assert steps.basis == ("margin:gross", "turns:balances", "average:both-years")

    @pytest.mark.parametrize(("fen", "code"), [(-1, Code.OK), (0, Code.NOT_APPLICABLE_DAY_SUM),
                                               (1, Code.NOT_APPLICABLE_DAY_SUM)])  # fmt: skip
    @pytest.mark.parametrize("scale", [1, 10**3, 10**6])
    def test_day_sum_of_exactly_zero(self, fen: int, code: Code, scale: int) -> None:
        # 40 of receivables on sales of 100 balance 32 of payables on cost of 80.
        both = {"sales": 100 * 10**6 * scale, "cost_of_sales": 80 * 10**6 * scale}
        ends = dict.fromkeys(("receivables", "receivables_prev"), 20 * 10**6 * scale)
        ends |= dict.fromkeys(("payables", "payables_prev"), 16 * 10**6 * scale)
        ends["payables_prev"] += fen
        rule = WorkingCapital("gross", "balances", "both-years")
        row = firm(**both, **ends)
        result = working_capital(columns(row), rule)
        assert result.code.tolist() == [code]
        assert result.amount[0] == (naive(row, rule)[1] if code == Code.OK else NONE)

    @pytest.mark.parametrize("m", [10**9, 10**12, 5 * 10**14])
    def test_day_sum_too_near_to_zero_for_floats(self, m: int) -> None:
        # (m+1)/(m+2) is above m/(m+1), though both have the same float.
        ends = ("receivables", "receivables_prev"), ("payables", "payables_prev")
        above = {"sales": m + 2, "cost_of_sales": m + 1}
        above |= dict.fromkeys(ends[0], m + 1) | dict.fromkeys(ends[1], m)
        below = {"sales": m + 1, "cost_of_sales": m + 2}
        below |= dict.fromkeys(ends[0], m) | dict.fromkeys(ends[1], m + 1)
        result = working_capital(columns(firm(**above), firm(**below)), GROSS)
        assert (m + 1) / (m + 2) == m / (m + 1)
        assert result.code.tolist() == [Code.OK, Code.NOT_APPLICABLE_DAY_SUM]
        assert result.amount.tolist() == [0, NONE]

    def test_all_balances_zero_give_no_number(self) -> None:
        row = firm(receivables=0, receivables_prev=0)
        result = working_capital(columns(row), GROSS)
        assert (result.code[0], result.amount[0]) == (Code.NOT_APPLICABLE_DAY_SUM, NONE)
        assert working_capital_steps(columns(row), 0, GROSS).overall_turns is None

    @pytest.mark.parametrize(
        ("deducted", "amount", "code"),
        [(21, 1, Code.OK), (22, 0, Code.OK), (23, 0, Code.NEED_COVERED)],
    )
    def test_line_around_zero(self, deducted: int, amount: int, code: Code) -> None:
        # need = 100 * 1.1 / 5 = 22 exactly
        rule = WorkingCapital(Fraction(0), "stated", "both-years")
        row = firm(sales=100, working_capital_loans=deducted)
        result = working_capital(columns(row), rule)
        assert (result.amount[0], result.code[0]) == (amount, code)

    @pytest.mark.parametrize(("sales", "amount"), [(4, 0), (5, 1), (9, 1), (10, 2), (3, 0)])
    def test_only_the_final_line_is_floored(self, sales: int, amount: int) -> None:
        # need = sales / 5; halves and whole numbers included, never rounded to even
        rule = WorkingCapital(Fraction(0), "stated", "both-years", growth=Fraction(0))
        assert working_capital(columns(firm(sales=sales)), rule).amount[0] == amount

    def test_a_fraction_of_a_fen_is_not_lost_before_the_end(self) -> None:
        # need 2.5 less 3 is -0.5: covered, though both floors of parts would agree on less
        rule = WorkingCapital(Fraction(0), Fraction(2), "both-years", growth=Fraction(0))
        row = firm(sales=5, working_capital_loans=3)
        assert working_capital(columns(row), rule).code[0] == Code.NEED_COVERED
        row = firm(sales=5, working_capital_loans=2)
        assert working_capital(columns(row), rule).code[0] == Code.OK

    def test_a_deduction_not_known_matters_only_if_it_could(self) -> None:
        rule = WorkingCapital("gross", "stated", "both-years")
        data = columns(
            firm(working_capital_own_funds=MISSING, working_capital_loans=17_600_000),  # = need
            firm(working_capital_own_funds=MISSING, working_capital_loans=17_599_999),
            firm(working_capital_own_funds=MISSING, working_capital_loans=10**9),
        )
        result = working_capital(data, rule)
        assert result.code.tolist() == [Code.OK, Code.MISSING_INPUT, Code.NEED_COVERED]
        assert result.amount.tolist() == [0, MISSING, 0]

    def test_what_refuses_whatever_is_not_known(self) -> None:
        data = columns(
            firm(sales=0, inventory=MISSING),
            firm(cost_of_sales=0, sales=MISSING),
            firm(receivables=0, receivables_prev=0, expected_growth=MISSING),
            firm(receivables=0, receivables_prev=0, inventory=MISSING),
            firm(expected_growth=NONE),
        )
        assert working_capital(data, GROSS).code.tolist() == [
            Code.NOT_APPLICABLE_ZERO_DENOMINATOR,
            Code.NOT_APPLICABLE_ZERO_DENOMINATOR,
            Code.NOT_APPLICABLE_DAY_SUM,
            Code.MISSING_INPUT,
            Code.MISSING_INPUT,
        ]

    def test_sales_of_zero_where_nothing_is_divided_by_them(self) -> None:
        rule = WorkingCapital("stated", "stated", "both-years")
        result = working_capital(columns(firm(sales=0)), rule)
        assert (result.amount[0], result.code[0]) == (0, Code.OK)

    def test_single_year_end(self) -> None:
        last = WorkingCapital("gross", "balances", "last-if-single")
        known = columns(firm())
        unknown = columns(firm(receivables_prev=MISSING))
        new_firm = columns(firm(receivables_prev=NONE))  # no balance a year before: 0
        assert working_capital(unknown, GROSS).code[0] == Code.MISSING_INPUT
        full, half = working_capital(known, last).amount[0], working_capital(new_firm, last)
        assert working_capital(unknown, last).amount[0] == full == 17_600_000
        assert half.amount[0] == full // 2
        absent = {name: column for name, column in known.items() if name != "receivables_prev"}
        assert working_capital(absent, last).amount[0] == full
        assert "receivables_prev" in last.optional
        assert set(last.optional) < set(last.fields) == set(GROSS.fields)
        assert GROSS.optional == WorkingCapital("net", "stated", "last-if-single").optional == ()

    def test_negative_need(self) -> None:
        rule = WorkingCapital("net", "stated", "both-years")
        result = working_capital(columns(firm(net_profit=100_000_001)), rule)
        assert (result.amount[0], result.code[0]) == (0, Code.NEGATIVE_NEED)

    def test_beyond_the_range_of_amounts(self) -> None:
        rule = WorkingCapital(Fraction(0), Fraction(1), "both-years", growth=Fraction(0))
        rows = [firm(sales=MAX_MINOR), firm(sales=MAX_MINOR)]
        assert working_capital(columns(*rows), rule).code.tolist() == [Code.OK] * 2
        more = WorkingCapital(Fraction(0), Fraction(1), "both-years", growth=Fraction(1, MAX_MINOR))
        result = working_capital(columns(*rows), more)
        assert result.code.tolist() == [Code.ABOVE_RANGE] * 2
        assert result.amount.tolist() == [MAX_MINOR] * 2
        row = firm(sales=1, cost_of_sales=1, receivables=MAX_MINOR, net_profit=-MAX_MINOR)
        net = WorkingCapital("net", "balances", "both-years")
        assert working_capital(columns(row), net).code[0] == Code.ABOVE_RANGE

    def test_rows_are_judged_alone_and_in_blocks_alike(self) -> None:
        rng = np.random.default_rng(5)
        rows = 70_000
        data = {
            name: np.where(rng.random(rows) < 0.01, MISSING, rng.integers(0, 10**9, rows))
            for name in firm()
        }
        data["expected_growth"] = rng.integers(-(10**6), 10**6, rows)
        whole = working_capital(data, GROSS)
        for row in (*rng.integers(0, rows, 60).tolist(), 32_767, 32_768):
            alone = working_capital({k: v[row : row + 1] for k, v in data.items()}, GROSS)
            assert alone.amount[0] == whole.amount[row]
            assert alone.code[0] == whole.code[row]
        assert set(whole.code.tolist()) >= {0, 1, 2, 5}

    def test_no_rows(self) -> None:
        data = {name: np.array([], np.int64) for name in firm()}
        assert working_capital(data, GROSS).amount.tolist() == []

    @pytest.mark.parametrize(
        ("words", "text"),
        [
            ({"margin": "brutto"}, "margin 'brutto'"),
            ({"turns": "none"}, "turns 'none'"),
            ({"turns": Fraction(0)}, "turns 0; above 0"),
            ({"average": "best"}, "average 'best'"),
            ({"growth": 0.1}, "growth 0.1"),
        ],
    )
    def test_a_policy_word_unknown(self, words: dict[str, Any], text: str) -> None:
        given_: dict[str, Any] = {"margin": "gross", "turns": "stated", "average": "both-years"}
        with pytest.raises(ValueError, match=text):
            WorkingCapital(**{**given_, **words})


@pytest.mark.parametrize("turns", ["stated", "balances"])
def test_two_hundred_thousand_firms_on_whole_fen(turns: Literal["stated", "balances"]) -> None:
    """Lines that are whole fen, or an unwritable hair off: floats fall on the wrong side."""
    rng = np.random.default_rng(3)
    rows = 200_000
    sales = rng.integers(1, 10**6, rows) * 10_000
    data = {name: np.zeros(rows, np.int64) for name in firm()}
    data |= {"sales": sales, "cost_of_sales": sales // 2, "receivables": sales // 10}
    data |= {"receivables_prev": sales // 10, "inventory": rng.integers(0, 9, rows) * 10**4}
    data["expected_growth"] = rng.integers(-30, 60, rows) * 10_000
    data["working_capital_turns"] = rng.integers(10, 80, rows) * 100_000
    amount = working_capital(data, WorkingCapital("gross", turns, "both-years")).amount
    big = {name: column.astype(object) for name, column in data.items()}
    grown = 10**6 + big["expected_growth"]
    if turns == "stated":
        expected = big["cost_of_sales"] * grown // big["working_capital_turns"]
    else:
        turned = (big["receivables"] + big["receivables_prev"]) * big["cost_of_sales"]
        turned = turned + big["inventory"] * big["sales"]
        expected = grown * turned // (2 * 10**6 * big["sales"])
    assert int((amount != expected).sum()) == 0
    growth, turned_f = data["expected_growth"] / 1e6, data["working_capital_turns"] / 1e6
    plain = np.floor(sales / 100 * (1 - 0.5) * (1 + growth) / turned_f * 100)
    if turns == "stated":  # the trap is real
        assert int((plain != expected).sum()) > 100
