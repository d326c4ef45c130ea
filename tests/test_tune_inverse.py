"""Inverse questions: cut-offs that reach shares without splitting ties; capital for firms."""

import datetime as dt
import json
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit import Policy, UsageError, assess
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.scored_book import scored_book
from ipcredit.fund.size import required_capital
from ipcredit.population import population
from ipcredit.tune.fund_need import fund_for
from ipcredit.tune.grading import graded_rows
from ipcredit.tune.inverse import _places, cutoffs_for

ON = dt.date(2023, 8, 11)
POLICY = Policy.load("chongqing-knowledge@2023")
FIRMS = population(400, seed=7, missing=0.1)


def problems(error):
    return [problem.text("en") for problem in error.value.problems]


def by_points(policy, firms):
    """Tiers of the graded firms by points alone, from the core."""
    judged = assess(policy, firms, on=ON)
    rows = graded_rows(judged, "total")
    return judged.codes["tier", "graded"][rows]


def test_the_changed_policy_puts_the_stated_firms_into_each_tier():
    before = POLICY.fingerprint
    found = cutoffs_for(POLICY, FIRMS, on=ON)
    assert POLICY.fingerprint == before
    tiers = by_points(found.changed, FIRMS)
    assert [tier.firms for tier in found.tiers] == [int((tiers == at).sum()) for at in range(5)]
    assert sum(tier.firms for tier in found.tiers) == found.graded == len(tiers)
    judged = assess(found.changed, FIRMS, on=ON)
    rows = graded_rows(judged, "total")
    raised = judged.codes["tier", ""][rows]
    assert [tier.raised for tier in found.tiers] == [int((raised == at).sum()) for at in range(5)]
    assert {c.path for c in found.changed.changes} <= {f"tiers.{t}.at_least" for t in "ABCDE"}


@given(st.lists(st.integers(1, 10), min_size=5, max_size=5))
@settings(max_examples=20, deadline=None)
def test_no_cut_off_is_nearer_to_what_is_asked(parts):
    shares = [Fraction(part, sum(parts)) for part in parts]
    found = cutoffs_for(POLICY, FIRMS, shares, on=ON)
    cuts = [tier.cut_off for tier in found.tiers]
    assert cuts == sorted(cuts, reverse=True)
    assert len(set(cuts)) == 5
    first = found.tiers[0]
    for other in (first.higher, first.lower):
        if other is not None:
            assert abs(other.firms - first.asked) >= abs(first.reached - first.asked)
    assert found.tiers[-1].reached == found.graded
    assert [tier.asked for tier in found.tiers] == [
        sum(shares[: at + 1], Fraction(0)) * found.graded for at in range(5)
    ]


@given(
    st.lists(st.integers(1, 6), min_size=3, max_size=9),
    st.lists(st.integers(1, 9), min_size=2, max_size=3),
)
def test_places_rise_and_the_first_is_the_nearest(sizes, parts):
    above = np.cumsum(sizes).tolist()
    targets = [Fraction(sum(parts[: at + 1]) * above[-1], sum(parts)) for at in range(len(parts))]
    found = _places(above, targets)
    assert list(found) in [list(c) for c in combinations(range(len(sizes)), len(parts))]
    assert found[-1] == len(sizes) - 1
    free = range(len(sizes) - len(parts) + 1)
    assert abs(above[found[0]] - targets[0]) == min(abs(above[at] - targets[0]) for at in free)


def test_cut_offs_are_the_roundest_with_their_effect():
    found = cutoffs_for(POLICY, FIRMS, on=ON)
    judged = assess(POLICY, FIRMS, on=ON)
    rows = graded_rows(judged, "total")
    totals = judged.total[rows]
    for tier in found.tiers[:-1]:
        reached = int((totals >= float(tier.cut_off)).sum())
        assert reached == tier.reached
        whole = [w for w in range(101) if int((totals >= w).sum()) == reached]
        assert (tier.cut_off in whole) == bool(whole)


def test_equal_points_are_never_split():
    one = FIRMS.row(int(graded_rows(assess(POLICY, FIRMS, on=ON), "total")[0])).to_dict(
        redact=False
    )
    twins = [{**one, "name": f"firm {at}"} for at in range(10)]
    with pytest.raises(UsageError) as error:
        cutoffs_for(POLICY, twins, on=ON)
    assert problems(error) == [
        "firms: the firms have 1 different totals, 5 tiers need at least as many; points are never "
        "split; give more firms or fewer tiers [tune-sweep.too-few]"
    ]


def test_asking_for_what_is_there_changes_nothing():
    cuts = cutoffs_for(POLICY, FIRMS, on=ON).changed
    tiers = by_points(cuts, FIRMS)
    shares = [Fraction(int((tiers == at).sum()), len(tiers)) for at in range(5)]
    again = cutoffs_for(cuts, FIRMS, shares, on=ON)
    assert again.changed is cuts
    assert "the cut-offs that the policy has" in again.text("en")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            (0.1, 0.2, 0.3, 0.25, 0.2),
            "shares: the shares add up to 1.05; they must add up to 1 and each be above 0; correct "
            "them [tune-sweep.shares-sum]",
        ),
        (
            (0, 0.2, 0.3, 0.25, 0.25),
            "shares: the shares add up to 1; they must add up to 1 and each be above 0; correct "
            "them [tune-sweep.shares-sum]",
        ),
        (
            (0.5, 0.5),
            "shares: 2 shares for 5 tiers (A, B, C, D, E); give one for each "
            "[tune-sweep.shares-count]",
        ),
    ],
)
def test_shares_that_are_none_are_refused(shares, said):
    with pytest.raises(UsageError) as error:
        cutoffs_for(POLICY, FIRMS, shares, on=ON)
    assert problems(error) == [said]


@pytest.mark.parametrize("name", ["cn-tech-sme@2017", "kibo@undated"])
def test_a_policy_without_tiers_by_points_is_refused(name):
    with pytest.raises(UsageError) as error:
        cutoffs_for(Policy.load(name), {}, on=ON)
    assert [p.code for p in error.value.problems] == ["tune-sweep.no-tiers"]


def test_nobody_graded_is_said():
    with pytest.raises(UsageError) as error:
        cutoffs_for(POLICY, {"staff_total": 5}, on=ON)
    assert [p.code for p in error.value.problems] == ["tune-sweep.no-firms"]


def test_cut_offs_are_told_in_both_languages_and_as_data():
    found = cutoffs_for(POLICY, FIRMS, on=ON)
    data = json.loads(found.to_json())
    assert (data["version"], data["kind"]) == (1, "tune-cutoffs")
    assert data["fingerprint"] == POLICY.fingerprint
    assert data["changed_fingerprint"] == found.changed.fingerprint
    assert list(found.frame()["firms"]) == [tier["firms"] for tier in data["tiers"]]
    assert found.to_json() == cutoffs_for(POLICY, FIRMS, on=ON).to_json()
    for lang in ("zh", "en", "both"):
        assert "15 %" in found.text(lang) or "15%" in found.text(lang)


# -- capital ---------------------------------------------------------------------------------------


def test_the_capital_is_that_of_the_scored_book():
    fund, scenario = Fund.load("chongqing-knowledge"), Scenario.load("chongqing-assumed")
    few = population(80, seed=3)
    found = fund_for(POLICY, few, fund, scenario, 0.05, on=ON)
    judged = assess(POLICY, few, on=ON)
    assert found.eligible == int((judged.status == 0).sum())
    everyone = scenario.change("book.take_up", 1)
    whole = required_capital(
        scored_book(judged, everyone).covered(fund.terms.covers), fund, everyone, 0.05
    )
    some = required_capital(
        scored_book(judged, scenario).covered(fund.terms.covers), fund, scenario, 0.05
    )
    assert found.all.capital == whole.capital
    assert found.borrowers.capital == some.capital
    assert found.all.capital > found.borrowers.capital
    assert found.gap == 0
    assert scenario.fingerprint == Scenario.load("chongqing-assumed").fingerprint
    data = json.loads(found.to_json())
    assert (data["version"], data["kind"]) == (1, "tune-fund-need")
    assert data["present_fen"] == 310_000_000_000
    assert list(found.frame()["capital_fen"]) == [whole.capital, some.capital]
    for lang in ("zh", "en", "both"):
        assert found.text(lang)
    assert "enough if all borrow" in " ".join(found.text("en").split())


def test_what_a_smaller_fund_lacks_is_said():
    fund, scenario = Fund.load("chongqing-knowledge"), Scenario.load("chongqing-assumed")
    small = fund.change("money.committed", "100 万元")
    found = fund_for(POLICY, population(80, seed=3), small, scenario, on=ON)
    assert found.present == 100_000_000
    assert found.gap == found.all.capital - 100_000_000 > 0
    assert "short if all borrow" in " ".join(found.text("en").split())


def test_a_fund_that_nobody_borrows_from_is_no_question():
    fund, scenario = Fund.load("chongqing-knowledge"), Scenario.load("chongqing-assumed")
    with pytest.raises(UsageError) as error:
        fund_for(POLICY, {"name": "one", "staff_total": 5}, fund, scenario, on=ON)
    assert [p.code for p in error.value.problems] == ["tune-sweep.no-firms"]
