"""The other base-line methods, and the pick among several: bounds say what could still be."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit.baseline import (
    NO_BOUND,
    Code,
    Combined,
    MethodResult,
    Pick,
    cap,
    combine,
    deduct,
    scorecard,
    share_of_invoiced,
    share_of_sales,
    tax_multiple,
)
from ipcredit.fields import MISSING, NONE
from ipcredit.money import MAX_MINOR

sentinels = st.sampled_from([MISSING, NONE])
money = st.one_of(st.integers(0, 10**4), st.integers(0, MAX_MINOR), sentinels)
shares = st.fractions(min_value=0, max_value=10, max_denominator=10**4)


class TestOtherMethods:
    @given(st.lists(money, min_size=1), shares, st.one_of(st.none(), shares))
    def test_share_of_sales(self, sales: list[int], share: Fraction, own: Fraction | None) -> None:
        column = np.array(sales, np.int64)
        result = share_of_sales(column, share, less_own_margin=own)
        for value, amount, code in zip(sales, result.amount, result.code, strict=True):
            known = 0 if value == NONE else value
            line = math.floor(known * (share - (own or 0)))
            if value == MISSING:
                assert (amount, code) == (MISSING, Code.MISSING_INPUT)
            elif line < 0:
                assert (amount, code) == (0, Code.NEGATIVE_NEED)
            elif line > MAX_MINOR:
                assert (amount, code) == (MAX_MINOR, Code.ABOVE_RANGE)
            else:
                assert (amount, code) == (line, Code.OK)
        invoiced = share_of_invoiced(column, share, less_own_margin=own)
        assert invoiced.amount.tolist() == result.amount.tolist()
        assert (result.basis, invoiced.basis) == (("share-of-sales",), ("share-of-invoiced",))

    @given(st.lists(st.tuples(money, money, money), min_size=1), shares, st.integers(1, 3))
    def test_tax_multiple(
        self, rows: list[tuple[int, int, int]], multiple: Fraction, years: int
    ) -> None:
        taxes = [np.array([row[i] for row in rows], np.int64) for i in range(3)]
        result = tax_multiple(taxes, multiple, years=years)
        for row, amount, code in zip(rows, result.amount, result.code, strict=True):
            used = row[:years]
            if MISSING in used:
                assert (amount, code) == (MISSING, Code.MISSING_INPUT)
                continue
            average = Fraction(sum(0 if v == NONE else v for v in used), years)
            line = math.floor(average * multiple)
            above = line > MAX_MINOR
            assert amount == min(line, MAX_MINOR)
            assert code == (Code.ABOVE_RANGE if above else Code.OK)

    @pytest.mark.parametrize("years", [0, 3])
    def test_tax_of_years_not_given(self, years: int) -> None:
        with pytest.raises(ValueError, match=f"{years} years"):
            tax_multiple([np.array([1]), np.array([1])], Fraction(5), years=years)

    def test_scorecard(self) -> None:
        table = [(600, 100), (700, 250), (800, 900)]
        points = np.array([599, 600, 699, 700, 800, 10**9, -5, MISSING, NONE])
        result = scorecard(points, table)
        assert result.amount.tolist() == [0, 100, 100, 250, 900, 900, 0, MISSING, MISSING]
        assert result.code.tolist() == [0] * 7 + [Code.MISSING_INPUT] * 2
        with pytest.raises(ValueError, match="ascend"):
            scorecard(points, [(600, 1), (600, 2)])
        with pytest.raises(ValueError, match="outside"):
            scorecard(points, [(600, -1)])
        assert scorecard(points, []).amount[0] == 0


states = st.one_of(
    st.tuples(st.sampled_from([Code.OK, Code.NEED_COVERED, Code.ABOVE_RANGE]), st.integers(0, 4)),
    st.tuples(
        st.sampled_from([Code.NOT_APPLICABLE_DAY_SUM, Code.NOT_APPLICABLE_ZERO_DENOMINATOR]),
        st.just(NONE),
    ),
    st.tuples(st.just(Code.MISSING_INPUT), st.just(MISSING)),
)
# What an input not known could turn out to give; None: does not apply.
POSSIBLE = (None, 0, 1, 2, 3, 4, 10**6)


def outcomes(row: list[tuple[Code, int]], pick: Pick) -> set[int]:
    """Every line the row could end with, whatever the inputs not known are."""
    worlds: list[list[int | None]] = [[]]
    for code, amount in row:
        options = POSSIBLE if code == Code.MISSING_INPUT else (amount if code.applies else None,)
        worlds = [[*world, option] for world in worlds for option in options]
    ends = set()
    for world in worlds:
        given_ = [amount for amount in world if amount is not None]
        if not given_:
            ends.add(0)
        elif pick == "first":
            ends.add(given_[0])
        else:
            ends.add(min(given_) if pick == "least" else max(given_))
    return ends


class TestCombine:
    @given(
        st.lists(st.lists(states, min_size=3, max_size=3), min_size=1, max_size=6),
        st.sampled_from(["least", "most", "first"]),
    )
    def test_bounds_are_what_could_be(self, rows: list[list[tuple[Code, int]]], pick: Pick) -> None:
        results = [
            MethodResult(
                np.array([row[i][1] for row in rows], np.int64),
                np.array([row[i][0] for row in rows], np.int8),
            )
            for i in range(3)
        ]
        line = combine(results, pick)
        for i, row in enumerate(rows):
            could = outcomes(row, pick)
            high = max(could) if max(could) < 10**6 else NO_BOUND
            assert (line.lo[i], line.hi[i]) == (min(could), high)
            assert line.missing[i] == (len(could) > 1)
            assert line.winner.dtype == np.int8
            if line.winner[i] >= 0:
                code, amount = row[line.winner[i]]
                assert code.applies
                assert amount in (line.lo[i], line.hi[i])
                earlier = [a for c, a in row[: line.winner[i]] if c.applies]
                assert pick == "first" or amount not in earlier

    def test_refuses(self) -> None:
        result = MethodResult(np.array([1]), np.zeros(1, np.int8))
        with pytest.raises(ValueError, match="of 0 methods"):
            combine([], "least")
        with pytest.raises(ValueError, match="'best'"):
            combine([result], "best")  # type: ignore[arg-type]

    def test_deduct_and_cap(self) -> None:
        line = Combined(
            np.array([10, 10, 0, 10, 3]),
            np.array([10, 10, NO_BOUND, 10, NO_BOUND]),
            np.zeros(5, np.int8),
            np.array([False, False, True, False, True]),
        )
        rest = deduct(line, [np.array([4, 11, 5, MISSING, NONE]), np.array([1, 1, 1, 1, 1])])
        assert rest.lo.tolist() == [5, 0, 0, 0, 2]
        assert rest.hi.tolist() == [5, 0, NO_BOUND, 9, NO_BOUND]
        assert rest.missing.tolist() == [False, False, True, True, True]
        capped = cap(line, np.array([4, MISSING, 0, NONE, 3]))
        assert capped.lo.tolist() == [4, 0, 0, 10, 3]
        assert capped.hi.tolist() == [4, 10, 0, 10, 3]
        assert capped.missing.tolist() == [False, True, False, False, False]
        assert cap(line, 3).missing.tolist() == [False, False, True, False, False]
