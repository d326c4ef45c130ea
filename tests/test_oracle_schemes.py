"""The shipped editions of §5–§8 against independent oracles that have never seen the engine.

20,000 firms a scheme on the thresholds; ``IPCREDIT_ALL_FIRMS=1`` takes 100,000, and
``python -m oracles.schemes --all`` (in ``tests/``) shows the counts.  Where the text leaves a
choice, the oracle has a named switch; docs/decisions/0010-readings-of-the-schemes.md lists them.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

import pytest

from ipcredit.firms import Firms
from ipcredit.policy import Policy
from oracles import cn_high_tech, cn_little_giant_2026, cn_specialised_sme_2022, schemes
from oracles.schemes import ALL, FEW, SCHEMES, compared, compared_kibo, drawn

COUNT = ALL if os.environ.get("IPCREDIT_ALL_FIRMS") else FEW


@pytest.mark.parametrize("name", SCHEMES)
def test_no_difference(name):
    verdict = compared(name, COUNT)
    assert not verdict.differing, (len(verdict.differing), verdict.differing[:3])
    wanted = {"eligible", "refused"} | ({"invalid"} if name == "cn_high_tech" else set())
    assert set(verdict.statuses) == wanted
    assert min(verdict.statuses.values()) > COUNT // 50  # every status is met, none of them rarely


def test_no_difference_in_korea():
    verdict = compared_kibo(COUNT)
    assert not verdict.differing, (len(verdict.differing), verdict.differing[:3])


@pytest.mark.parametrize("name", ["cn_innovative_sme", "cn_specialised_sme_2022"])
def test_three_years_from_a_leap_day(name, monkeypatch):
    """2027-02-28 is three years after 2024-02-28 and, to the day, not after 2024-02-27."""
    monkeypatch.setitem(SCHEMES, name, replace(SCHEMES[name], on=date(2027, 2, 28)))
    assert not compared(name, 4_000, seed=3).differing


MOVED = {
    "cn_high_tech": ("gates.rd-intensity.classes.middle.at_least", "0.0401"),
    "cn_innovative_sme": ("growth.indicators.debt.A.at_most", "0.5501"),
    "cn_specialised_sme_2022": ("rd.indicators.amount.C.at_least", "300.01 万元"),
    "cn_specialised_sme_2026": ("gates.debt.at_most", "0.8001"),
    "cn_little_giant_2026": ("gates.growth.at_least", "0.0501"),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_oracles_can_disagree(name):
    """A policy with one threshold moved by its last digit differs from them at once."""
    other = Policy.load(SCHEMES[name].edition).change(*MOVED[name])
    assert len(compared(name, 4_000, policy=other).differing) > 10


def test_the_korean_oracle_can_disagree():
    other = Policy.load("kibo@undated").change("line.tiers.B.amount", "KRW 3000000001")
    assert compared_kibo(500, policy=other).differing


def test_the_other_reading_of_a_korean_d_differs(monkeypatch):
    monkeypatch.setattr(schemes.kibo_limits, "NO_LINE_IS_REFUSED", True)
    assert {what for what, *_ in compared_kibo(500).differing} == {"status"}


# Each switch of an oracle stands for one open reading of the text: with the other reading it
# must differ from the policy, or the switch (and the mark in the policy) says nothing.
OTHER_READINGS = [
    ("cn_high_tech", cn_high_tech, "DOMESTIC_SHARE_OF", "counted", {"status", "gate domestic"}),
    ("cn_high_tech", cn_high_tech, "NEGATIVE_YEAR_IS_ZERO", False, {"status"}),
    ("cn_high_tech", cn_high_tech, "INTEGRITY_BREACH_IS_A_VIOLATION", True, {"gate conduct"}),
    ("cn_little_giant_2026", cn_little_giant_2026, "SIX_BASES_BY_NICHE_ROLE", True, {"gate chain"}),
    ("cn_little_giant_2026", cn_little_giant_2026, "AWARD_DAY_IS_READ", True, {"gate class1"}),
    (
        "cn_specialised_sme_2026",
        schemes.cn_specialised_sme_2026,
        "AWARD_DAY_IS_READ",
        True,
        {"gate class1"},
    ),
    *(
        (name, getattr(schemes, name), "REVENUE", "total_revenue", {"status"})
        for name in SCHEMES
        if name != "cn_high_tech"
    ),
]


@pytest.mark.parametrize(("name", "oracle", "switch", "other", "kinds"), OTHER_READINGS)
def test_every_switch_is_a_reading_that_matters(name, oracle, switch, other, kinds, monkeypatch):
    monkeypatch.setattr(oracle, switch, other)
    assert kinds <= {what for what, *_ in compared(name, 8_000).differing}


# -- found by the comparison ------------------------------------------------------------------------


def test_high_tech_revenue_is_a_part_of_total_revenue():
    """Revenue from technology transfer or interest is no sale: high-tech revenue may exceed sales."""
    amounts = {"sales_fen": [100, 100], "total_revenue_fen": [120, 120]}
    firms = Firms.from_columns({**amounts, "high_tech_revenue_fen": [110, 121]})
    assert {row: [p.key for p in found] for row, found in firms.problems.items()} == {
        1: ["high_tech_revenue"]
    }


@pytest.mark.parametrize(
    ("years", "points"),
    [
        ((100, 110, 121), 10),  # 10 % and 10 %
        ((100, 120, 120), 10),  # 20 % and 0 %
        ((100, 119, 119), 8),
        ((0, 100, 110), 0),  # no first rate, so no mean of two
        (("none", 100, 110), 0),
        ((100, 0, 110), 0),  # no second rate: not a growth of 0, which would give 2 points
        (("none", "none", 110), 0),
        ((100, 100, 100), 2),
    ],
)
def test_two_year_growth_needs_both_years(years, points):
    firm = drawn(SCHEMES["cn_specialised_sme_2022"], 1, 5)[0]
    names = ("main_revenue_prev2", "main_revenue_prev", "main_revenue")
    firm |= dict(zip(names, years, strict=True)) | {"sales": 200}
    assert cn_specialised_sme_2022.items(firm)["main_growth"] == points
    scheme = replace(SCHEMES["cn_specialised_sme_2022"], draw=lambda *_: [dict(firm)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SCHEMES, "cn_specialised_sme_2022", scheme)
        assert not compared("cn_specialised_sme_2022", 1).differing
