"""Covers of single loans and of columns of loans: bounds, picks, uplifts, conditions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund_made import terms_of
from ipcredit.errors import PortfolioError
from ipcredit.fund.claims import Claim, traits_of
from ipcredit.fund.covering import Covering, covering, holds, needed, sliced
from ipcredit.fund.terms import Step, Terms, When
from ipcredit.traits import MISSING, NUMERIC, Traits

DAY = dt.date(2026, 1, 1)
MILLION = 10**6


def claim(**more: Any) -> Claim:
    return Claim("c", "l", "f", "bank", "north", DAY, 1, **more)


def cover(terms: Terms, *claims: Claim) -> Covering:
    return covering(terms, traits_of(claims, {*needed(terms), "other_scheme"}))


def shares(terms: Terms, *claims: Claim) -> list[Fraction | None]:
    found = cover(terms, *claims)
    return [found.share_of(row) if found.index[row] >= 0 else None for row in range(len(claims))]


# -- tests of a rule ------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute", NUMERIC)
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("at_least", [False, True, True]),
        ("above", [False, False, True]),
        ("at_most", [True, True, False]),
        ("below", [True, False, False]),
    ],
)
def test_bounds_one_below_at_and_one_above(attribute: str, word: str, expected: list[bool]) -> None:
    scale = 1 if attribute in ("size", "revenue") else MILLION
    when = When(**{word: ((attribute, Fraction(300_000, scale)),)})
    column = np.array([299_999, 300_000, 300_001, MISSING])
    found = holds(when, Traits(4, numbers={attribute: column})).tolist()
    assert found == [*expected, False]
    assert not holds(when, Traits(1)).any()


@given(
    st.sampled_from(("at_least", "above", "at_most", "below")),
    st.fractions(max_denominator=10**15).filter(lambda bound: abs(bound) < 10**9),
    st.integers(-2, 2),
)
def test_bounds_between_millionths_are_exact(word: str, bound: Fraction, near: int) -> None:
    value = int(bound * MILLION) + near
    exact = Fraction(value, MILLION)
    expected = {
        "at_least": exact >= bound,
        "above": exact > bound,
        "at_most": exact <= bound,
        "below": exact < bound,
    }[word]
    column = {"collateral_share": np.array([value])}
    when = When(**{word: (("collateral_share", bound),)})
    assert holds(when, Traits(1, numbers=column)).tolist() == [expected]


def test_words_and_tags() -> None:
    a = claim(words={"class": "A", "mode": "direct"}, tags=frozenset({"x"}))
    b = claim(words={"class": "B", "mode": "direct"}, tags=frozenset({"y", "z"}))
    traits = traits_of([a, b], {"class", "mode", "tags", "lender", "district"})

    def test(**when: Any) -> list[bool]:
        return holds(When(**when), traits).tolist()

    assert test(words=(("class", ("A", "C")),)) == [True, False]
    assert test(words=(("class", ("A", "B")), ("mode", ("direct",)))) == [True, True]
    assert test(words=(("lender", ("bank",)), ("district", ("south",)))) == [False, False]
    assert test(words=(("part", ("base",)),)) == [False, False]
    assert test(tags=("y", "x")) == [True, True]
    assert test(tags=("w",)) == [False, False]
    assert test() == [True, True]


# -- which rule decides -----------------------------------------------------------------------------


def _overlapping(pick: str) -> Terms:
    rules = {
        "plain": {"share": 0.5},
        "pledged": {"when": {"mode": "pledge"}, "share": 0.6},
        "small": {"by": "size", "bands": [{"up_to": "1 万元", "share": 0.6},
                                          {"up_to": "2 万元", "share": 0.4}]},
    }  # fmt: skip
    return terms_of(cover={"pick": pick, "rules": rules})


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ("first", [0, 0, 0, 0]),
        ("best", [1, 2, 0, 0]),  # of two with .60 the first in the file
        ("worst", [0, 0, 2, 0]),
    ],
)
def test_the_best_the_worst_and_the_first(pick: str, expected: list[int]) -> None:
    sizes = ("pledge", 1_000_000), ("none", 1_000_000), ("none", 1_000_001), ("none", 2_000_001)
    claims = [claim(words={"mode": mode}, numbers={"size": size}) for mode, size in sizes]
    assert cover(_overlapping(pick), *claims).rule.tolist() == expected


def test_the_rule_declared_must_fit() -> None:
    terms = _overlapping("declared")
    claims = [
        claim(cover_rule=name, words={"mode": "none"}, numbers={"size": 5})
        for name in ("plain", "pledged", "small")
    ]
    assert shares(terms, *claims) == [Fraction(1, 2), None, Fraction(3, 5)]
    assert "cover_rule" in needed(terms)


def test_shares_that_no_float_tells_apart_are_told_apart() -> None:
    # In slices 1/2 - 1/(4 x 10^15 + 2) of the amount: as a float it is 1/2.
    size = 10**15
    rules = {
        "half": {"share": 0.5},
        "slices": {"by": "size", "applies": "slices", "bands": [
            {"up_to": "0.01 元", "share": 0.4}, {"share": 0.5}]},
    }  # fmt: skip
    best = terms_of(cover={"pick": "best", "rules": rules})
    worst = terms_of(cover={"pick": "worst", "rules": rules})
    one = claim(numbers={"size": size})
    exact = Fraction(1, 2) - Fraction(1, 10 * size)
    assert float(exact) == pytest.approx(0.5, abs=1e-15)
    assert shares(best, one) == [Fraction(1, 2)]
    assert shares(worst, one) == [exact]


@given(st.integers(1, 3000), st.lists(st.integers(1, 900), min_size=1, max_size=4))
def test_slices_add_up(amount: int, widths: list[int]) -> None:
    tops = [sum(widths[: at + 1]) for at in range(len(widths))]
    rates = [Fraction(at + 1, 7) for at in range(len(tops) + 1)]
    steps = tuple(
        Step(None if top is None else Fraction(top), rate)
        for top, rate in zip([*tops, None], rates, strict=True)
    )
    by_unit = sum(
        rates[next((at for at, top in enumerate(tops) if unit <= top), len(tops))]
        for unit in range(1, amount + 1)
    )
    assert sliced(steps, amount) * amount == by_unit


# -- uplifts, conditions ------------------------------------------------------------------------------


def test_uplifts_add_up_below_the_most_and_above_nothing() -> None:
    terms = terms_of(
        cover={
            "most": 0.5,
            "uplift": {
                "key": {"when": {"tags": ["key"]}, "points": 0.15},
                "late": {"when": {"tags": ["late"]}, "points": -0.3},
            },
            "rules": {"flat": {"share": 0.35}},
        }
    )
    claims = [claim(tags=frozenset(tags)) for tags in ((), ("key",), ("late",), ("key", "late"))]
    found = cover(terms, *claims)
    twentieths = [share * 20 if share is not None else None for share in shares(terms, *claims)]
    assert twentieths == [7, 10, 1, 4]
    assert found.uplift.tolist() == [0, 1, 2, 3]
    assert not found.most.any()
    uplifts = tuple(replace(item, points=-item.points) for item in terms.cover.uplifts)
    below = replace(terms, cover=replace(terms.cover, uplifts=(uplifts[0], uplifts[0], uplifts[0])))
    assert shares(below, claims[1]) == [0]
    lower = terms_of(cover={"most": 0.4, "rules": {"flat": {"share": 0.45}}})
    assert cover(lower, claim()).most.tolist() == [True]


def test_the_first_condition_that_fails_is_kept() -> None:
    terms = terms_of(
        conditions={
            "rate": {"when": {"rate_over_benchmark": {"at_most": 0.3}}},
            "one": {"one_scheme": True},
        }
    )
    claims = [
        claim(numbers={"rate_over_benchmark": rate}, other_scheme=other)
        for rate in (300_000, 300_001)
        for other in (False, True)
    ]
    found = cover(terms, *claims)
    assert found.condition.tolist() == [-1, 1, 0, 0]
    assert found.index.tolist() == [0, -1, -1, -1]
    # Of a book nobody has claimed: the condition is left to the claims.
    book = Traits(1, numbers={"rate_over_benchmark": np.array([0])})
    assert covering(terms, book).condition.tolist() == [-1]


# -- one and many -------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 3_000_000), st.booleans(), st.booleans()), max_size=20))
def test_a_loan_alone_is_the_loan_in_a_batch(loans: list[tuple[int, bool, bool]]) -> None:
    rules = {
        "small": {"by": "size", "applies": "slices", "bands": [
            {"up_to": "1 万元", "share": 0.6}, {"up_to": "2 万元", "share": 0.4}]},
        "pledged": {"when": {"mode": "pledge"}, "share": 0.5},
    }  # fmt: skip
    uplift = {"key": {"when": {"tags": ["key"]}, "points": 0.15}}
    terms = terms_of(cover={"pick": "best", "most": 0.6, "rules": rules, "uplift": uplift})
    claims = [
        claim(
            numbers={"size": size},
            words={"mode": "pledge" if pledged else "none"},
            tags=frozenset({"key"} if key else ()),
        )
        for size, pledged, key in loans
    ]
    found = cover(terms, *claims)
    assert [shares(terms, one)[0] for one in claims] == shares(terms, *claims)
    for row, one in enumerate(claims):
        assert cover(terms, one).rule[0] == found.rule[row]
        if found.index[row] >= 0:
            assert found.float64[found.index[row]] == float(found.share_of(row))
        else:
            assert found.share_of(row) == 0
    assert len(set(found.shares)) == len(found.shares) >= 1


def test_loans_that_lack_what_a_clause_asks_for_are_refused() -> None:
    traits = Traits(3, numbers={"size": np.array([1, MISSING, MISSING])})
    with pytest.raises(PortfolioError) as caught:
        covering(_overlapping("best"), traits)
    assert [problem.text("en") for problem in caught.value.problems] == [
        "mode: 3 loans lack it and a clause of the fund asks for it; allowed is a value for every "
        "loan; fill in the column [fund-pay.loans-lack]",
        "size: 2 loans lack it and a clause of the fund asks for it; allowed is a value for every "
        "loan; fill in the column [fund-pay.loans-lack]",
    ]
