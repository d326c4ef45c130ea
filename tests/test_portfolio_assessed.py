"""Scored firms become loans: everything stated, draws that stay with the firm."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit import Firms, Policy, assess
from ipcredit.default_rates import Curve, load_curve
from ipcredit.errors import PortfolioError, UsageError
from ipcredit.population import population
from ipcredit.portfolio import Portfolio

DAY = dt.date(2025, 6, 30)
POLICY = Policy.load("chongqing-knowledge@2023")
SCORED = assess(POLICY, population(400, seed=7), on=DAY)
GAPS = assess(POLICY, population(200, seed=7, missing=0.1), on=DAY)
GIVEN = {
    "draw_rate": {"knowledge": 0.8, "base": 0.55},
    "take_up": 0.5,
    "pd": load_curve("chongqing-assumed"),
    "lenders": {"A": 0.6, "B": 0.4},
    "seed": 7,
    "term_months": 12,
    "repayment": "bullet",
}


def drawn(scored=SCORED, **changes):
    return Portfolio.from_assessments(scored, **{**GIVEN, **changes})


def refused(scored=SCORED, **changes):
    with pytest.raises(UsageError) as caught:
        drawn(scored, **changes)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_is_assumed_in_silence():
    with pytest.raises(UsageError) as caught:
        Portfolio.from_assessments(SCORED)
    assert [p.key for p in caught.value.problems] == list(GIVEN)
    assert str(caught.value.problems[1]) == (
        "take_up: not given, and nothing is assumed in its place; needed to make loans of scored "
        "firms; give it as in take_up=0.4 [portfolio.not-given]"
    )
    book = drawn()
    assert [note.en for note in book.assumed[1:]] == [
        "share of the line that is drawn: knowledge 0.8, base 0.55",
        f"{int((SCORED.status == 0).sum() and _taken())} of {int((SCORED.status == 0).sum())} eligible "
        "firms take loans up: probability 0.5, seed 7",
        "all loans are paid out on 2025-06-30 for 12 months, repayment bullet",
        "lenders are drawn with the shares A 0.6, B 0.4",
    ]
    assert book.assumed[0].en.startswith("Chongqing has published no default")


def _taken() -> int:
    # Of the firms that take loans up some have lines of 0; all of them draw under take_up 0.5.
    whole = Portfolio.from_assessments(SCORED, **{**GIVEN, "take_up": 1})
    assert len(whole.firms) <= int((SCORED.status == 0).sum())
    note = drawn().assumed[2].en
    return int(note.split(" of ")[0])


def test_loans_are_shares_of_the_lines_rounded_down():
    book = drawn(take_up=1, draw_rate={"knowledge": "0.333333", "base": 1})
    names = SCORED.firms.texts["name"]
    for part, rate in (("knowledge", Fraction("0.333333")), ("base", Fraction(1))):
        some = book.covered(part)
        lines = dict(zip(names, SCORED.part(part).tolist(), strict=True))
        for loan in range(len(some)):
            firm = some.firms[some.firm[loan]]
            assert some.principal[loan] == (lines[firm] * rate).__floor__()
        eligible = [n for n, status in zip(names, SCORED.status, strict=True) if status == 0]
        assert set(some.firms) == {name for name in eligible if lines[name] > 0}
    assert book.outstanding.tolist() == book.principal.tolist()
    assert {loan.rpartition("/")[2] for loan in book.loans} == {"knowledge", "base"}


def test_another_policy_keeps_the_same_firms_and_lenders():
    wider = POLICY.change("line.tiers.B.amount", "450 万元")
    one, other = drawn(), drawn(assess(wider, SCORED.firms, on=DAY))
    assert (one.firms, one.loans) == (other.firms, other.loans)
    assert one.lender.tolist() == other.lender.tolist()
    assert one.pd.tolist() == other.pd.tolist()
    more = other.principal - one.principal
    tiers = [one.tiers[code] for code in one.tier[one.firm]]
    assert {tier for tier, rise in zip(tiers, more.tolist(), strict=True) if rise} == {"B"}


def test_more_firms_do_not_move_the_others():
    more = assess(POLICY, population(450, seed=7), on=DAY)
    one, other = drawn(), drawn(more)
    kept = {loan: at for at, loan in enumerate(other.loans)}
    assert set(one.loans) <= set(kept)
    assert [one.lenders[c] for c in one.lender] == [
        other.lenders[other.lender[kept[loan]]] for loan in one.loans
    ]


@settings(max_examples=15)
@given(st.floats(0.02, 1), st.floats(0.02, 1), st.integers(0, 2**64 - 1))
def test_a_higher_take_up_only_adds_firms(low, high, seed):
    low, high = sorted((low, high))
    one, other = drawn(take_up=low, seed=seed), drawn(take_up=high, seed=seed)
    assert set(one.loans) <= set(other.loans)


def test_the_tier_moves_no_probability():
    kinder = POLICY.change("tiers.B.at_least", 66)
    one, other = drawn(take_up=1), drawn(assess(kinder, SCORED.firms, on=DAY), take_up=1)
    assert one.firms == other.firms
    assert one.tier.tolist() != other.tier.tolist()
    assert one.pd.tolist() == other.pd.tolist()


def test_probabilities_may_be_one_figure_or_one_for_each_firm():
    assert set(drawn(pd=0.03).pd.tolist()) == {0.03}
    figures = np.linspace(0.01, 0.05, len(SCORED))
    book = drawn(pd=figures)
    by_name = dict(zip(SCORED.firms.texts["name"], figures.tolist(), strict=True))
    assert book.pd.tolist() == [by_name[firm] for firm in book.firms]
    curve = Curve.rated("agency", {"BB": 0.02, "B": 0.04})
    rated = drawn(pd=curve, ratings=["BB", "B"] * 200)
    assert set(rated.pd.tolist()) == {0.02, 0.04}
    assert refused(pd=curve) == [
        "ratings: not given, and nothing is assumed in its place; needed to make loans of scored "
        'firms; give it as in ratings=["BB", "B", …], one for each firm [portfolio.not-given]'
    ]


def test_lenders_and_districts():
    assert drawn(lenders="工行").lenders == ("工行",)
    each = [f"bank {row % 3}" for row in range(len(SCORED))]
    assert set(drawn(lenders=each).lenders) == set(each)
    own = drawn()
    districts = dict(zip(SCORED.firms.texts["name"], SCORED.firms.texts["district"], strict=True))
    assert [own.districts[code] for code in own.district] == [
        districts[own.firms[code]] for code in own.firm
    ]
    assert drawn(districts={"n": 0.5, "s": 0.5}).districts == ("n", "s")
    shares = np.bincount(drawn(take_up=1).lender) / len(drawn(take_up=1))
    assert shares[0] == pytest.approx(0.6, abs=0.06)


def test_revenue_is_the_sales_of_the_firm():
    book = drawn()
    sales = dict(
        zip(SCORED.firms.texts["name"], SCORED.firms.columns["sales"].tolist(), strict=True)
    )
    assert book.traits.numbers["revenue"].tolist() == [sales[book.firms[c]] for c in book.firm]


def test_firms_that_are_not_decided_stop_the_run():
    incomplete = int((GAPS.status == 2).sum() + ((GAPS.status == 0) & np.isnan(GAPS.total)).sum())
    assert incomplete > int((GAPS.status == 2).sum()) > 0
    with pytest.raises(PortfolioError) as caught:
        drawn(GAPS)
    assert len(caught.value.problems) == incomplete
    assert 'leave_out=["incomplete"]' in str(caught.value.problems[0])
    book = drawn(GAPS, leave_out=["incomplete"])
    assert book.assumed[-1].en == f"{incomplete} firms with incomplete data are left out"
    bad = assess(POLICY, Firms.from_columns({"sales_fen": [-1]}), on=DAY)
    with pytest.raises(PortfolioError) as invalid:
        drawn(bad)
    assert str(invalid.value) == (
        'the data of the firm "1" (row 1) are invalid, so its loan is not known, and left out in '
        'silence it would understate the risk; correct its data, or state leave_out=["invalid"] '
        "[portfolio.firm-invalid]"
    )


def test_one_firm_twice():
    twice = Firms.from_firms([SCORED.firms.row(0), SCORED.firms.row(0)])
    with pytest.raises(PortfolioError) as caught:
        drawn(assess(POLICY, twice, on=DAY))
    assert caught.value.problems[0].code == "portfolio.firm-twice"


def test_a_policy_without_a_line_or_without_points():
    sme = assess(Policy.load("cn-tech-sme@2017"), SCORED.firms, on=DAY)
    assert refused(sme) == [
        "assessment: the policy gives no line, so there is nothing to draw; a policy with a knowledge "
        "or base line is needed; assess the firms by one [portfolio.no-line]"
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"draw_rate": {"knowledge": 0.8}}, "draw_rate.base: not given"),
        ({"draw_rate": 1.5}, 'draw_rate: "1.5" is not a share'),
        ({"take_up": "half"}, 'take_up: "half" is not a share'),
        ({"lenders": {"A": 0.6, "B": 0.5}}, "lenders: the shares 0.6, 0.5 do not add up to 1"),
        ({"lenders": ["A"]}, "lenders: the columns have different lengths: lenders 1, firms 400"),
        ({"pd": [0.1]}, "pd: the columns have different lengths: pd 1, firms 400"),
        ({"seed": -1}, 'seed: "-1" is out of range'),
        ({"leave_out": ["refused"]}, 'leave_out: "refused" is not one of the choices'),
    ],
)
def test_arguments_that_cannot_be_used(changes, text):
    found = refused(**changes)
    assert text in found[0]


def test_a_wrong_probability_of_a_firm_is_a_problem_of_the_book():
    with pytest.raises(PortfolioError) as caught:
        drawn(pd=1.5)
    assert {problem.code for problem in caught.value.problems} == {"portfolio.probability"}


def test_nobody_draws_is_an_empty_book():
    with pytest.raises(PortfolioError) as caught:
        drawn(take_up=0)
    assert [problem.code for problem in caught.value.problems] == ["portfolio.empty"]
