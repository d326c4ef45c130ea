"""Hand-computed cases that pin the oracles of §5–§8, and checks of their firm generators."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from . import (
    cn_high_tech,
    cn_high_tech_firms,
    cn_innovative_sme,
    cn_innovative_sme_firms,
    cn_little_giant_2026,
    cn_little_giant_2026_firms,
    cn_specialised_sme_2022,
    cn_specialised_sme_2022_firms,
    cn_specialised_sme_2026,
    cn_specialised_sme_2026_firms,
    kibo_limits,
    kibo_limits_firms,
)
from .scheme_loading import ON, WAN

E, R = "eligible", "refused"
NO_AWARD = {"national_award_rank": "none", "national_award_on": "none",
            "provincial_award_rank": "none", "provincial_award_on": "none"}  # fmt: skip


# The cases were reckoned from the text before the project chose between its readings.
BEFORE = [
    (cn_high_tech, "DOMESTIC_SHARE_OF", "counted"),
    (cn_high_tech, "NEGATIVE_YEAR_IS_ZERO", False),
    (cn_high_tech, "INTEGRITY_BREACH_IS_A_VIOLATION", True),
    (cn_innovative_sme, "REVENUE", "total_revenue"),
    (cn_specialised_sme_2022, "REVENUE", "total_revenue"),
    (cn_specialised_sme_2026, "REVENUE", "total_revenue"),
    (cn_specialised_sme_2026, "AWARD_DAY_IS_READ", True),
    (cn_little_giant_2026, "REVENUE", "total_revenue"),
    (cn_little_giant_2026, "AWARD_DAY_IS_READ", True),
    (cn_little_giant_2026, "SIX_BASES_BY_NICHE_ROLE", True),
    (kibo_limits, "NO_LINE_IS_REFUSED", True),
]


@pytest.fixture(autouse=True)
def _other_readings(monkeypatch):
    for oracle, switch, value in BEFORE:
        assert getattr(oracle, switch) != value
        monkeypatch.setattr(oracle, switch, value)


def failed(said):
    return {name for name, passed in said["gates"].items() if not passed}


# ---- §5 high-tech enterprise -------------------------------------------------------------------
# Sales 2,800 + 5,200 + 7,900 = 15,900 万元, last year over 5,000: 4 % = 636 = 200 + 200 + 236.
# Domestic 60 % of 636 = 381.6. Sales growth 68.82 %: 9–10. Net assets +15 % twice: 5–6.
# IP 6 + 4 + 6 + 5 + 0 = 21, conversion 12/3 = 4 a year: 20, organisation 15, growth 5 + 10. 71.
HT = {
    "registered_on": date(2015, 1, 1), "staff_total": 100, "sci_tech_staff": 10,
    "core_ip_owned": True, "supported_field": True, "major_accident": False,
    "environmental_breach": False, "serious_violation": False, "integrity_breach": False,
    "net_assets_prev2": 1000 * WAN, "net_assets_prev": 1150 * WAN, "net_assets": 132_250 * WAN // 100,
    "sales_prev2": 2800 * WAN, "sales_prev": 5200 * WAN, "sales": 7900 * WAN,
    "rd_expense_prev2": 200 * WAN, "rd_expense_prev": 200 * WAN, "rd_expense": 236 * WAN,
    "rd_outsourced_prev2": 0, "rd_outsourced_prev": 0, "rd_outsourced": 0,
    "rd_domestic_prev2": 100 * WAN, "rd_domestic_prev": 100 * WAN, "rd_domestic": 1816 * WAN // 10,
    "total_revenue": 8000 * WAN, "high_tech_revenue": 4800 * WAN,
    "ip_advancedness": "fairly", "ip_support": "ordinary", "ip_acquired": "own",
    "class1_related": 0, "class2_unused": 5, "conversions": 12,
    "points_ip_advancedness": 6, "points_ip_support": 4, "points_ip_quantity": 6,
    "points_ip_acquired": 5, "points_ip_standards": 0, "points_conversion": 20,
    "points_rd_system": 6, "points_rd_institution": 6, "points_rd_incentives": 1,
    "points_rd_training": 2, "points_net_assets_growth": 5, "points_sales_growth": 10,
}  # fmt: skip
NONE_PREV2 = {n + "_prev2": "none" for n in ("net_assets", "sales", "rd_expense", "rd_outsourced",
                                             "rd_domestic")}  # fmt: skip
NONE_PREV = {n.removesuffix("2"): "none" for n in NONE_PREV2}

# (changes, total, failed gates, valid)
HIGH_TECH = {
    "base_71": ({}, 71, set(), True),
    "exactly_70_fails": ({"points_rd_training": 1}, 70, {"score"}, True),
    "rd_a_fen_short": ({"rd_expense": 236 * WAN - 1}, 71, {"rd_intensity"}, True),
    # 636 − 20 % of 100 = 616 counts
    "given_to_others": ({"rd_outsourced_prev": 100 * WAN}, 71, {"rd_intensity"}, True),
    # 656 − 20 = 636 counts; domestic 381.6 is 60 % of what counts, not of 656
    "given_to_others_made_up": ({"rd_outsourced_prev": 100 * WAN, "rd_expense": 256 * WAN},
                                71, set(), True),
    "given_to_others_fifth_of_a_fen": (
        {"rd_outsourced_prev": 100 * WAN + 1, "rd_expense": 256 * WAN}, 71, {"rd_intensity"}, True),
    "domestic_a_fen_short": ({"rd_domestic": 1816 * WAN // 10 - 1}, 71, {"domestic"}, True),
    # 2,800 + 5,200 + 5,000 = 13,000: 5 % = 650 > 636
    "sales_5000": ({"sales": 5000 * WAN}, 71, {"rd_intensity"}, True),
    # 4 % of 13,000 = 520
    "sales_over_5000": ({"sales": 5000 * WAN + 1}, 71, set(), True),
    # 2,800 + 5,200 + 20,000 = 28,000: 4 % = 1,120; above, 3 % = 840.0000003
    "sales_2_yi": ({"sales": 20_000 * WAN, "rd_expense": 441 * WAN, "rd_domestic": 400 * WAN},
                   71, {"rd_intensity"}, True),
    "sales_over_2_yi": ({"sales": 20_000 * WAN + 1, "rd_expense": 441 * WAN,
                         "rd_domestic": 400 * WAN}, 71, set(), True),
    "sales_over_2_yi_840": ({"sales": 20_000 * WAN + 1, "rd_expense": 440 * WAN,
                             "rd_domestic": 400 * WAN}, 71, {"rd_intensity"}, True),
    "no_sales_at_all": ({"sales": 0, "sales_prev": 0, "sales_prev2": 0, "points_sales_growth": 0},
                        61, {"rd_intensity", "score"}, True),
    "no_rd": ({n: 0 for n in HT if n.startswith("rd_")}, 71, {"rd_intensity", "domestic"}, True),
    "age_365": ({"registered_on": date(2025, 6, 30)}, 71, set(), True),
    "age_364": ({"registered_on": date(2025, 7, 1)}, 71, {"age"}, True),
    "staff_9_of_100": ({"sci_tech_staff": 9}, 71, {"staff"}, True),
    "staff_10_of_101": ({"staff_total": 101}, 71, {"staff"}, True),
    "no_staff": ({"staff_total": 0, "sci_tech_staff": 0}, 71, {"staff"}, True),
    "revenue_a_fen_short": ({"high_tech_revenue": 4800 * WAN - 1}, 71, {"revenue"}, True),
    "core_ip": ({"core_ip_owned": False}, 71, {"core_ip"}, True),
    "field": ({"supported_field": False}, 71, {"field"}, True),
    "accident": ({"major_accident": True}, 71, {"conduct"}, True),
    "environment": ({"environmental_breach": True}, 71, {"conduct"}, True),
    "violation": ({"serious_violation": True}, 71, {"conduct"}, True),
    "integrity": ({"integrity_breach": True}, 71, {"conduct"}, True),
    # two years: 13,100 · 4 % = 524 ≤ 436 fails; growth 7,900/5,200 and 1,322.5/1,150
    "two_years": (NONE_PREV2, 71, {"rd_intensity"}, True),
    "two_years_524": (NONE_PREV2 | {"rd_expense": 324 * WAN, "rd_domestic": 2144 * WAN // 10},
                      71, set(), True),
    # one year: 7,900 · 4 % = 316, no growth
    "one_year": (NONE_PREV2 | NONE_PREV | {
        "rd_expense": 316 * WAN, "rd_domestic": 1896 * WAN // 10, "points_rd_incentives": 4,
        "points_rd_training": 4, "points_net_assets_growth": 0, "points_sales_growth": 0},
        61, {"score"}, True),
    "one_year_growth_point": (NONE_PREV2 | NONE_PREV | {
        "rd_expense": 316 * WAN, "rd_domestic": 1896 * WAN // 10, "points_sales_growth": 1,
        "points_net_assets_growth": 0}, 57, {"score"}, False),
    "class_1_needs_7": ({"class1_related": 1}, 71, set(), False),
    "class_1": ({"class1_related": 1, "points_ip_quantity": 7}, 72, set(), True),
    "class_2_four": ({"class2_unused": 4}, 71, set(), False),
    "advancedness_7": ({"points_ip_advancedness": 7}, 72, set(), False),
    "support_none": ({"ip_support": "none"}, 71, set(), False),
    "bought_gives_3": ({"ip_acquired": "bought", "points_ip_acquired": 3}, 69, {"score"}, True),
    "bought_4": ({"ip_acquired": "bought", "points_ip_acquired": 4}, 70, {"score"}, False),
    "own_0": ({"points_ip_acquired": 0}, 66, {"score"}, False),
    "standards_2": ({"points_ip_standards": 2}, 73, set(), True),
    "standards_3": ({"points_ip_standards": 3}, 74, set(), False),
    # 8 + 8 + 8 + 6 + 2 = 32, counts 30
    "ip_at_most_30": ({"ip_advancedness": "high", "ip_support": "high", "class1_related": 1,
                       "points_ip_advancedness": 8, "points_ip_support": 8, "points_ip_quantity": 8,
                       "points_ip_acquired": 6, "points_ip_standards": 2}, 80, set(), True),
    "conversions_11": ({"conversions": 11}, 71, set(), False),
    "conversions_11_18": ({"conversions": 11, "points_conversion": 18}, 69, {"score"}, True),
    "conversions_15": ({"conversions": 15, "points_conversion": 25}, 76, set(), True),
    "conversions_2": ({"conversions": 2, "points_conversion": 0}, 51, {"score"}, True),
    "conversions_2_one_point": ({"conversions": 2, "points_conversion": 1}, 52, {"score"}, False),
    "organisation_7": ({"points_rd_system": 7}, 72, set(), False),
    "organisation_5": ({"points_rd_training": 5}, 74, set(), False),
    "net_assets_a_fen_under_15_pct": ({"net_assets": 132_250 * WAN // 100 - 1}, 71, set(), False),
    "net_assets_under_15_pct": ({"net_assets": 132_250 * WAN // 100 - 1,
                                 "points_net_assets_growth": 4}, 70, {"score"}, True),
}  # fmt: skip


@pytest.mark.parametrize("name", HIGH_TECH)
def test_high_tech(name):
    changes, total, gates, valid = HIGH_TECH[name]
    said = cn_high_tech.judge({**HT, **changes}, ON)
    assert (said["points"]["total"], failed(said), said["valid"]) == (total, gates, valid)
    assert said["status"] == (E if valid and not gates else R)


def test_high_tech_parts():
    said = cn_high_tech.judge(HT, ON)["points"]
    assert said == {"ip": 21, "conversion": 20, "organisation": 15, "growth": 15, "total": 71}


def test_growth_by_hand():
    """2,800 → 5,200 → 7,900: ½(1.857143 + 1.519231) − 1 = 0.688187."""
    assert round(cn_high_tech.growth(2800, 5200, 7900) * 10**4) == 6882
    grown = cn_high_tech.growth_band
    assert cn_high_tech.growth(0, 100, 135) == Fraction(35, 100)  # Y1 = 0: the last two years
    assert cn_high_tech.growth("none", 100, 135) == Fraction(35, 100)
    assert grown(100, 0, 500) == grown(0, 0, 500) == (0, 0)  # Y2 = 0
    assert grown("none", "none", 500) == (0, 0)
    assert grown(100, 100, 100) == (0, 0)
    assert grown(10**9, 10**9, 10**9 + 1) == (1, 2)
    assert grown(100, 50, 25) == (0, 0)
    assert grown(100, 50, 80) == (3, 4)  # ½(0.5 + 1.6) = 1.05
    assert grown(100, 50, 79) == (1, 2)
    assert grown(100, 300, 0) == (9, 10)  # ½(3 + 0) = 1.5
    assert grown(100, 110, 132) == (5, 6)  # ½(1.1 + 1.2) = 1.15
    assert grown(1000, 1100, 1319) == (3, 4)
    assert grown(100, 125, 156) == (5, 6)  # ½(1.25 + 1.248) = 1.249
    assert grown(100, 150, 150) == (7, 8)  # ½(1.5 + 1)
    assert grown(100, 170, 170) == (9, 10)  # ½(1.7 + 1)
    assert grown(-100, -200, -400) == grown(-100, 200, 400) == grown(100, 400, -50) == (0, 0)


# ---- §6 innovative SME -------------------------------------------------------------------------
# class II 5 + R&D 33/1,100 = 3 % 15; growth 660/600 = 10 % 15 + debt 75 % 5; field 5 + main
# 660/1,100 = 60 % 15. Total 20 + 20 + 20 = 60.
IN = {
    "class1_high_value": 0, "class1_owned": 0, "class1_held_1y": 0, "class1_related": 0,
    "class2_kept_2y": 1, "rd_expense": 33 * WAN, "main_revenue": 660 * WAN,
    "main_revenue_prev": 600 * WAN, "total_revenue": 1100 * WAN, "total_assets": 1000 * WAN,
    "total_debt": 750 * WAN, "strategic_industry": False, **NO_AWARD,
    "has_high_tech_certificate": False, "national_demo_title": False, "rd_institution": "city",
    "equity_raised_3y": 0,
}  # fmt: skip
RICH = {"main_revenue": 1100 * WAN, "strategic_industry": True, "total_debt": 550 * WAN}

# (changes, innovation, growth, specialisation, status)
INNOVATIVE = {
    "base_60": ({}, 20, 20, 20, E),
    "rd_a_fen_short": ({"rd_expense": 33 * WAN - 1}, 15, 20, 20, R),
    "rd_5_pct": ({"rd_expense": 55 * WAN}, 25, 20, 20, E),
    "rd_under_1_pct": ({"rd_expense": 11 * WAN - 1}, 5, 20, 20, R),
    "rd_1_pct": ({"rd_expense": 11 * WAN}, 10, 20, 20, R),
    "rd_2_pct": ({"rd_expense": 22 * WAN}, 15, 20, 20, R),
    "main_a_fen_short": ({"main_revenue": 660 * WAN - 1}, 20, 15, 15, R),
    "growth_15_pct": ({"main_revenue": 690 * WAN}, 20, 25, 20, E),
    "growth_under_15_pct": ({"main_revenue": 690 * WAN - 1}, 20, 20, 20, E),
    "growth_5_pct": ({"main_revenue": 630 * WAN}, 20, 15, 15, R),
    "growth_0": ({"main_revenue_prev": 660 * WAN}, 20, 10, 20, R),
    "growth_negative": ({"main_revenue_prev": 660 * WAN + 1}, 20, 5, 20, R),
    "no_year_before": ({"main_revenue_prev": "none"}, 20, 5, 20, R),
    "zero_year_before": ({"main_revenue_prev": 0}, 20, 5, 20, R),
    "debt_55_pct": ({"total_debt": 550 * WAN}, 20, 25, 20, E),
    "debt_over_55_pct": ({"total_debt": 550 * WAN + 1}, 20, 20, 20, E),
    "debt_over_75_pct": ({"total_debt": 750 * WAN + 1}, 20, 15, 20, R),
    "no_assets": ({"total_assets": 0, "total_debt": 0}, 20, 15, 20, R),
    "main_70_pct": ({"total_revenue": 6600 * WAN // 7}, 20, 20, 25, E),
    "main_55_pct": ({"total_revenue": 1200 * WAN, "rd_expense": 36 * WAN}, 20, 20, 15, R),
    "main_under_50_pct": ({"total_revenue": 1320 * WAN + 1, "rd_expense": 40 * WAN}, 20, 20, 5, R),
    "no_revenue": ({"main_revenue": 0, "total_revenue": 0}, 5, 5, 5, R),
    "high_value": ({"class1_high_value": 1, "class1_held_1y": 1}, 35, 20, 20, E),
    "own": ({"class1_owned": 1, "class1_held_1y": 1}, 30, 20, 20, E),
    "held_a_year": ({"class1_held_1y": 1}, 25, 20, 20, E),
    "just_bought": ({"class1_related": 1, "class2_kept_2y": 0}, 15, 20, 20, R),
    # 80 in all, but innovation 15 < 20
    "innovation_short": (RICH | {"class2_kept_2y": 0}, 15, 30, 30, R),
    # growth 5 + 5
    "growth_short": ({"main_revenue_prev": 1100 * WAN, "main_revenue": 1100 * WAN,
                      "strategic_industry": True, "rd_expense": 55 * WAN}, 25, 10, 30, R),
    # specialisation 5 + 5, total 65
    "specialisation_short": ({"total_revenue": 1320 * WAN, "rd_expense": 66 * WAN,
                              "main_revenue_prev": 500 * WAN, "total_debt": 0}, 25, 30, 10, R),
}  # fmt: skip

POOR = {"rd_expense": 0}
ALTERNATIVES = {
    "none": ({}, R),
    "equity_500": ({"equity_raised_3y": 500 * WAN}, E),
    "equity_a_fen_short": ({"equity_raised_3y": 500 * WAN - 1}, R),
    "certificate": ({"has_high_tech_certificate": True}, E),
    "demo_title": ({"national_demo_title": True}, E),
    "provincial_institution": ({"rd_institution": "provincial"}, E),
    "national_institution": ({"rd_institution": "national"}, E),
    "provincial_award_3_years_to_the_day": (
        {"provincial_award_rank": 9, "provincial_award_on": date(2023, 6, 30)}, E),
    "national_award_today": ({"national_award_rank": 1, "national_award_on": ON}, E),
    "award_a_day_too_old": (
        {"provincial_award_rank": 1, "provincial_award_on": date(2023, 6, 29)}, R),
    "award_tomorrow": ({"national_award_rank": 1, "national_award_on": date(2026, 7, 1)}, R),
}  # fmt: skip


@pytest.mark.parametrize("name", INNOVATIVE)
def test_innovative(name):
    changes, innovation, growth, specialisation, status = INNOVATIVE[name]
    said = cn_innovative_sme.judge({**IN, **changes}, ON)
    assert said["dimensions"] == {
        "innovation": innovation, "growth": growth, "specialisation": specialisation,
    }  # fmt: skip
    assert said["total"] == innovation + growth + specialisation
    assert said["status"] == status


@pytest.mark.parametrize("name", ALTERNATIVES)
def test_innovative_alternatives(name):
    changes, status = ALTERNATIVES[name]
    said = cn_innovative_sme.judge({**IN, **POOR, **changes}, ON)
    assert said["total"] == 45
    assert (said["status"], sum(said["alternatives"].values())) == (status, status == E)


def test_three_years_and_leap_days():
    within = cn_innovative_sme.within_3_years
    assert within(date(2024, 2, 29), date(2027, 2, 28))
    assert not within(date(2024, 2, 29), date(2027, 3, 1))
    assert not within(date(2025, 2, 28), date(2028, 2, 29))
    assert within(date(2025, 3, 1), date(2028, 2, 29))


# ---- §7 专精特新 2022 --------------------------------------------------------------------------
# main 1,210/1,512.5 = 80 % 5; 1,000 → 1,100 → 1,210 = 10 % 10; 4 years 2; field 0 = 17.
# digital 2: 3; two quality marks 5; margin 90.75/1,512.5 = 6 % 6; debt 60 % 3 = 17.
# province 7. class II 2; R&D 100/1,512.5 = 6.6 % 6; R&D staff 10 % 3; provincial 8 = 19. 60.
S22 = {
    "years_in_niche": 4, "rd_expense": 100 * WAN, "rd_expense_prev": 0,
    "total_revenue": 15_125 * WAN // 10, "main_revenue": 1210 * WAN,
    "main_revenue_prev": 1100 * WAN, "main_revenue_prev2": 1000 * WAN, "equity_raised_2y": 0,
    "niche_role": "none", "digital_level": 2, "quality_award": False, "iso9001": True,
    "own_brand": True, "standards_took_part": False, "net_profit": 9075 * WAN // 100,
    "total_assets": 1000 * WAN, "total_debt": 600 * WAN, "province_points": 7,
    "class1_high_value": 0, "class1_owned": 0, "class1_held_1y": 0, "class1_related": 0,
    "class2_kept_2y": 1, "rd_staff": 10, "staff_total": 100, "rd_institution": "provincial",
    **NO_AWARD, "maker_china_top500": False,
}  # fmt: skip
P59 = {"province_points": 6}
BIG = {"total_revenue": 4000 * WAN, "main_revenue": 4000 * WAN, "main_revenue_prev": 4000 * WAN,
       "main_revenue_prev2": 4000 * WAN, "net_profit": 0}  # fmt: skip

# (changes, items that differ, total, failed gates)
SPECIALISED_2022 = {
    "base_60": ({}, {}, 60, set()),
    "fifty_nine": (P59, {"province": 6}, 59, {"score_or_alternative"}),
    "main_a_fen_short": ({"main_revenue": 1210 * WAN - 1}, {"main_share": 3, "main_growth": 8}, 56,
                         {"score_or_alternative"}),
    # ½(1.3 + 0.9) = 1.1 though 1,170/1,000 is less than 1.1²
    "mean_not_compound": ({"main_revenue_prev": 1300 * WAN, "main_revenue": 1170 * WAN,
                           "total_revenue": 14_625 * WAN // 10}, {}, 60, set()),
    "growth_0": ({"main_revenue_prev2": 1210 * WAN, "main_revenue_prev": 1210 * WAN},
                 {"main_growth": 2}, 52, {"score_or_alternative"}),
    "growth_negative": ({"main_revenue_prev2": 1210 * WAN + 1, "main_revenue_prev": 1210 * WAN},
                        {"main_growth": 0}, 50, {"score_or_alternative"}),
    "growth_of_two_years_only": ({"main_revenue_prev2": "none"}, {"main_growth": 0}, 50,
                                 {"score_or_alternative"}),
    "growth_from_zero": ({"main_revenue_prev2": 0}, {"main_growth": 0}, 50,
                         {"score_or_alternative"}),
    "one_year_in_the_niche": ({"years_in_niche": 1, "province_points": 9},
                              {"niche_years": 0, "province": 9}, 60, {"niche"}),
    "three_years_count_as_two": ({"years_in_niche": 3}, {"niche_years": 1}, 59,
                                 {"score_or_alternative"}),
    "thirty_years": ({"years_in_niche": 30}, {"niche_years": 5}, 63, set()),
    "fills_gap": ({"niche_role": "fills_gap"}, {"field": 5}, 65, set()),
    "six_bases": ({"niche_role": "six_bases"}, {"field": 3}, 63, set()),
    "digital_4": ({"digital_level": 4}, {"digital": 5}, 62, set()),
    "digital_1": ({"digital_level": 1}, {"digital": 0}, 57, {"score_or_alternative"}),
    "one_quality_mark": ({"iso9001": False}, {"quality": 3}, 58, {"score_or_alternative"}),
    "four_quality_marks": ({"quality_award": True, "standards_took_part": True}, {}, 60, set()),
    "margin_a_fen_short": ({"net_profit": 9075 * WAN // 100 - 1}, {"margin": 4}, 58,
                           {"score_or_alternative"}),
    "loss": ({"net_profit": -1}, {"margin": 0}, 54, {"score_or_alternative"}),
    "debt_a_fen_over_60": ({"total_debt": 600 * WAN + 1}, {"debt": 1}, 58,
                           {"score_or_alternative"}),
    "debt_50": ({"total_debt": 500 * WAN}, {"debt": 5}, 62, set()),
    "debt_over_70": ({"total_debt": 700 * WAN + 1}, {"debt": 0}, 57, {"score_or_alternative"}),
    "no_assets": ({"total_assets": 0, "total_debt": 0}, {"debt": 0}, 57,
                  {"score_or_alternative"}),
    "high_value": ({"class1_high_value": 1}, {"ip": 10}, 68, set()),
    "own": ({"class1_owned": 1}, {"ip": 8}, 66, set()),
    "held": ({"class1_held_1y": 1}, {"ip": 6}, 64, set()),
    "rd_a_fen_under_100": ({"rd_expense": 100 * WAN - 1}, {}, 60, {"rd"}),
    "rd_200": ({"rd_expense": 200 * WAN}, {"rd": 10}, 64, set()),  # 13.2 %
    # 4,000 万元 revenue: 3 % = 120, 6 % = 240, 8 % = 320
    "rd_3_pct": (BIG | {"rd_expense": 120 * WAN},
                 {"rd": 2, "main_growth": 2, "margin": 0}, 42, {"score_or_alternative"}),
    "rd_under_3_pct": (BIG | {"rd_expense": 120 * WAN - 1},
                       {"rd": 2, "main_growth": 2, "margin": 0}, 42,
                       {"rd", "score_or_alternative"}),
    "rd_240_is_6_pct": (BIG | {"rd_expense": 240 * WAN},
                        {"rd": 6, "main_growth": 2, "margin": 0}, 46, {"score_or_alternative"}),
    "rd_200_is_5_pct": (BIG | {"rd_expense": 200 * WAN},
                        {"rd": 4, "main_growth": 2, "margin": 0}, 44, {"score_or_alternative"}),
    "rd_staff_9": ({"rd_staff": 9}, {"rd_staff": 1}, 58, {"score_or_alternative"}),
    "rd_staff_20": ({"rd_staff": 20}, {"rd_staff": 5}, 62, set()),
    "no_staff": ({"staff_total": 0, "rd_staff": 0}, {"rd_staff": 0}, 57,
                 {"score_or_alternative"}),
    "city": ({"rd_institution": "city"}, {"rd_institution": 4}, 56, {"score_or_alternative"}),
    "enterprise": ({"rd_institution": "enterprise"}, {"rd_institution": 2}, 54,
                   {"score_or_alternative"}),
    "revenue_1000": ({"total_revenue": 1000 * WAN, "main_revenue": 800 * WAN, "net_profit": 0,
                      "province_points": 15, "niche_role": "fills_gap",
                      "main_revenue_prev": 800 * WAN, "main_revenue_prev2": 800 * WAN},
                     {"main_growth": 2, "margin": 0, "province": 15, "field": 5, "rd": 10}, 63,
                     set()),
    "revenue_a_fen_short": ({"total_revenue": 1000 * WAN - 1, "main_revenue": 800 * WAN},
                            {"main_growth": 0, "margin": 8, "rd": 10}, 56,
                            {"revenue", "score_or_alternative"}),
    "equity_for_revenue": ({"total_revenue": 1000 * WAN - 1, "main_revenue": 800 * WAN,
                            "equity_raised_2y": 2000 * WAN},
                           {"main_growth": 0, "margin": 8, "rd": 10}, 56,
                           {"score_or_alternative"}),
    "equity_a_fen_short": ({"total_revenue": 1000 * WAN - 1, "main_revenue": 800 * WAN,
                            "equity_raised_2y": 2000 * WAN - 1},
                           {"main_growth": 0, "margin": 8, "rd": 10}, 56,
                           {"revenue", "score_or_alternative"}),
    # alternatives to the 60 points
    "rd_1000_on_average": (P59 | {"rd_expense_prev": 1900 * WAN}, {"province": 6}, 59, set()),
    "rd_average_a_fen_short": (P59 | {"rd_expense_prev": 1900 * WAN - 1}, {"province": 6}, 59,
                               {"score_or_alternative"}),
    "rd_of_one_year_only": (P59 | {"rd_expense": 5000 * WAN, "rd_expense_prev": "none",
                                   "years_in_niche": 2, "rd_institution": "none"},
                            {"province": 6, "rd": 10, "niche_years": 1, "rd_institution": 0}, 54,
                            {"score_or_alternative"}),
    "equity_6000": (P59 | {"equity_raised_2y": 6000 * WAN}, {"province": 6}, 59, set()),
    "equity_under_6000": (P59 | {"equity_raised_2y": 6000 * WAN - 1}, {"province": 6}, 59,
                          {"score_or_alternative"}),
    "maker_china": (P59 | {"maker_china_top500": True}, {"province": 6}, 59, set()),
    "provincial_3": (P59 | {"provincial_award_rank": 3, "provincial_award_on": date(2023, 6, 30)},
                     {"province": 6}, 59, set()),
    "provincial_3_too_old": (P59 | {"provincial_award_rank": 3,
                                    "provincial_award_on": date(2023, 6, 29)},
                             {"province": 6}, 59, {"score_or_alternative"}),
    "provincial_4": (P59 | {"provincial_award_rank": 4, "provincial_award_on": ON},
                     {"province": 6}, 59, {"score_or_alternative"}),
    "national_5": (P59 | {"national_award_rank": 5, "national_award_on": ON},
                   {"province": 6}, 59, set()),
    "national_6": (P59 | {"national_award_rank": 6, "national_award_on": ON},
                   {"province": 6}, 59, {"score_or_alternative"}),
}  # fmt: skip
ITEMS_22 = {
    "main_share": 5, "main_growth": 10, "niche_years": 2, "field": 0, "digital": 3, "quality": 5,
    "margin": 6, "debt": 3, "province": 7, "ip": 2, "rd": 6, "rd_staff": 3, "rd_institution": 8,
}  # fmt: skip


@pytest.mark.parametrize("name", SPECIALISED_2022)
def test_specialised_2022(name):
    changes, items, total, gates = SPECIALISED_2022[name]
    said = cn_specialised_sme_2022.judge({**S22, **changes}, ON)
    assert said["points"] == ITEMS_22 | items
    assert (said["total"], failed(said)) == (total, gates)
    assert said["status"] == (R if gates else E)
    assert sum(said["dimensions"].values()) == total


def test_specialised_2022_dimensions():
    assert cn_specialised_sme_2022.judge(S22, ON)["dimensions"] == {
        "specialisation": 17, "refinement": 17, "province": 7, "innovation": 19,
    }  # fmt: skip


# ---- §7 the 2026 edition -----------------------------------------------------------------------
# Everything on its threshold: main 1,200/1,500, debt 80 %, R&D 100 of 1,500 and of 3,333.33 (3 %).
S26 = {
    "sme_title": "innovative", "years_in_niche": 3, "total_revenue": 1500 * WAN,
    "total_revenue_prev": 10_000 * WAN // 3, "equity_raised_2y": 0, "main_revenue": 1200 * WAN,
    "total_assets": 1000 * WAN, "total_debt": 800 * WAN, "rd_expense": 100 * WAN,
    "rd_expense_prev": 100 * WAN, "class1_applied": 1, **NO_AWARD, "rd_institution": "city",
    "market_leader": True, "platform_quality_score": Decimal("50.0"),
}  # fmt: skip
SPECIALISED_2026 = {
    "base": ({}, set()),
    "tech_title": ({"sme_title": "tech"}, set()),
    "no_title": ({"sme_title": "none"}, {"title"}),
    "higher_title": ({"sme_title": "little_giant"}, set()),
    "two_years": ({"years_in_niche": 2}, {"niche"}),
    "revenue_a_fen_short": ({"total_revenue": 1500 * WAN - 1}, {"revenue"}),
    "equity_for_revenue": ({"total_revenue": 1500 * WAN - 1, "equity_raised_2y": 2000 * WAN},
                           set()),
    "equity_a_fen_short": ({"total_revenue": 1500 * WAN - 1, "equity_raised_2y": 2000 * WAN - 1},
                           {"revenue"}),
    "main_a_fen_short": ({"main_revenue": 1200 * WAN - 1}, {"main_share"}),
    "no_revenue": ({"total_revenue": 0, "main_revenue": 0, "equity_raised_2y": 2000 * WAN},
                   {"main_share", "rd"}),
    "debt_a_fen_over": ({"total_debt": 800 * WAN + 1}, {"debt"}),
    "no_assets": ({"total_assets": 0, "total_debt": 0}, {"debt"}),
    "rd_a_fen_short": ({"rd_expense": 100 * WAN - 1}, {"rd"}),
    "rd_before_a_fen_short": ({"rd_expense_prev": 100 * WAN - 1}, {"rd"}),
    "rd_before_under_3_pct": ({"total_revenue_prev": 10_000 * WAN // 3 + 1}, {"rd"}),
    "rd_one_year_only": ({"total_revenue_prev": "none", "rd_expense_prev": "none"}, {"rd"}),
    "no_right": ({"class1_applied": 0}, {"class1"}),
    "institution_waives": ({"class1_applied": 0, "rd_institution": "provincial"}, set()),
    "national_institution_waives": ({"class1_applied": 0, "rd_institution": "national"}, set()),
    "old_award_waives": ({"class1_applied": 0, "provincial_award_rank": 3,
                          "provincial_award_on": date(2010, 1, 1)}, set()),
    "award_rank_4": ({"class1_applied": 0, "provincial_award_rank": 4, "provincial_award_on": ON},
                     {"class1"}),
    "award_tomorrow": ({"class1_applied": 0, "provincial_award_rank": 1,
                        "provincial_award_on": date(2026, 7, 1)}, {"class1"}),
    "national_award_does_not_waive": ({"class1_applied": 0, "national_award_rank": 1,
                                       "national_award_on": ON}, {"class1"}),
    "not_a_leader": ({"market_leader": False}, {"market"}),
    "quality_short": ({"platform_quality_score": Decimal("49.99")}, {"quality"}),
}  # fmt: skip

# Revenue 5,000 → (5,200) → 5,512.5 = 1.05² exactly; R&D 600 + 600 = 1,200; main 4,961.25 = 90 %.
LG = {
    "sme_title": "specialised", "years_in_niche": 3, "total_revenue": 55_125 * WAN // 10,
    "total_revenue_prev": 20_000 * WAN, "total_revenue_prev2": 5000 * WAN,
    "main_revenue": 496_125 * WAN // 100, "total_assets": 1000 * WAN, "total_debt": 750 * WAN,
    "rd_expense": 600 * WAN, "rd_expense_prev": 600 * WAN, "class1_applied": 4, **NO_AWARD,
    "market_share": Decimal("0.10"), "national_market_rank": "none", "niche_role": "six_bases",
    "key_chain_position": False, "platform_quality_score": Decimal(60),
}  # fmt: skip
LITTLE_GIANT = {
    "base": ({}, set()),
    "little_giant_again": ({"sme_title": "little_giant"}, set()),
    "innovative_only": ({"sme_title": "innovative"}, {"title"}),
    "two_years": ({"years_in_niche": 2}, {"niche"}),
    "growth_a_fen_short": ({"total_revenue_prev2": 5000 * WAN + 1}, {"revenue"}),
    "revenue_5000": ({"total_revenue": 5000 * WAN, "total_revenue_prev2": 4500 * WAN,
                      "main_revenue": 4500 * WAN}, set()),
    "revenue_a_fen_under_5000": ({"total_revenue": 5000 * WAN - 1, "main_revenue": 4500 * WAN,
                                  "total_revenue_prev2": 4500 * WAN}, {"revenue"}),
    "from_zero": ({"total_revenue_prev2": 0}, {"revenue"}),
    "two_years_of_life": ({"total_revenue_prev2": "none"}, {"revenue"}),
    "main_a_fen_short": ({"main_revenue": 496_125 * WAN // 100 - 1}, {"main_share"}),
    "debt_a_fen_over": ({"total_debt": 750 * WAN + 1}, {"debt"}),
    "no_assets": ({"total_assets": 0, "total_debt": 0}, {"debt"}),
    "rd_sum_a_fen_short": ({"rd_expense": 600 * WAN - 1}, {"rd"}),
    "rd_before_under_3_pct": ({"rd_expense": 601 * WAN, "rd_expense_prev": 600 * WAN - 1}, {"rd"}),
    "rd_this_year_under_3_pct": ({"rd_expense": 165 * WAN, "rd_expense_prev": 1100 * WAN}, {"rd"}),
    "rd_this_year_3_pct": ({"rd_expense": 165_375 * WAN // 1000, "rd_expense_prev": 1100 * WAN},
                           set()),
    "rd_one_year_only": ({"rd_expense": 2000 * WAN, "rd_expense_prev": "none",
                          "total_revenue_prev": "none"}, {"rd"}),
    "three_rights": ({"class1_applied": 3}, {"class1"}),
    "national_award_waives": ({"class1_applied": 0, "national_award_rank": 3,
                               "national_award_on": date(2001, 1, 1)}, set()),
    "national_rank_4": ({"class1_applied": 3, "national_award_rank": 4, "national_award_on": ON},
                        {"class1"}),
    "provincial_award_does_not": ({"class1_applied": 3, "provincial_award_rank": 1,
                                   "provincial_award_on": ON}, {"class1"}),
    "share_short": ({"market_share": Decimal("0.0999")}, {"market"}),
    "rank_3": ({"market_share": Decimal(0), "national_market_rank": 3}, set()),
    "rank_4": ({"market_share": Decimal(0), "national_market_rank": 4}, {"market"}),
    "fills_gap": ({"niche_role": "fills_gap"}, {"chain"}),
    "key_link": ({"niche_role": "none", "key_chain_position": True}, set()),
    "quality_short": ({"platform_quality_score": Decimal("59.9")}, {"quality"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECIALISED_2026)
def test_specialised_2026(name):
    changes, gates = SPECIALISED_2026[name]
    said = cn_specialised_sme_2026.judge({**S26, **changes}, ON)
    assert (failed(said), said["status"]) == (gates, R if gates else E)


@pytest.mark.parametrize("name", LITTLE_GIANT)
def test_little_giant(name):
    changes, gates = LITTLE_GIANT[name]
    said = cn_little_giant_2026.judge({**LG, **changes}, ON)
    assert (failed(said), said["status"]) == (gates, R if gates else E)


# ---- §8 KIBO -----------------------------------------------------------------------------------
# (rating, purpose, line in billion won)
KIBO = [
    ("AAA", "general", 3), ("AAA", "green", 7), ("AA", "fixed_assets_replacement", 7),
    ("A", "letter_of_credit", 6), ("A", "fixed_assets_replacement", 6), ("A", "raw_materials", 5),
    ("BBB", "technology_valuation", 5), ("BBB", "excellent_technology", 5),
    ("BBB", "research_cooperation", 5), ("BB", "technology_intensive", 4), ("BB", "general", 3),
    ("B", "trade_export", 3), ("CCC", "general", 1), ("CC", "green", 1),
    ("C", "fixed_assets_replacement", 1), ("D", "fixed_assets_replacement", 0),
]  # fmt: skip


@pytest.mark.parametrize(("rating", "purpose", "billion"), KIBO)
def test_kibo(rating, purpose, billion):
    firm = {"technology_grade": "BB", "risk_grade": "R2", "guarantee_purpose": purpose}
    said = kibo_limits.judge(firm, ON, {("BB", "R2"): rating})
    assert (said["tier"], said["line"]) == (rating, billion * 1_000_000_000)
    assert said["status"] == (E if billion else R)


# ---- the generators ----------------------------------------------------------------------------
SCHEMES = {
    "high_tech": (cn_high_tech.judge, cn_high_tech_firms.firms),
    "innovative": (cn_innovative_sme.judge, cn_innovative_sme_firms.firms),
    "specialised_2022": (cn_specialised_sme_2022.judge, cn_specialised_sme_2022_firms.firms),
    "specialised_2026": (cn_specialised_sme_2026.judge, cn_specialised_sme_2026_firms.firms),
    "little_giant_2026": (cn_little_giant_2026.judge, cn_little_giant_2026_firms.firms),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_firms_repeat_are_complete_and_balanced(name):
    judge, firms = SCHEMES[name]
    assert firms(50, seed=1) == firms(50, seed=1) != firms(50, seed=2)
    many = firms(3000, seed=3)
    assert all(v is not None for firm in many for v in firm.values())
    assert len({frozenset(firm) for firm in many}) == 1
    passed = sum(judge(firm, ON)["status"] == E for firm in many)
    assert 0.35 < passed / len(many) < 0.65
    for other in (date(2026, 3, 31), date(2026, 12, 31)):  # dates follow the day of judging
        assert judge(firms(1, seed=4, on=other)[0], other)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_gate_and_alternative_decides(name):
    """Each gate is the only one failed, and each alternative the only one met, in some firm."""
    judge, firms = SCHEMES[name]
    said = [judge(firm, ON) for firm in firms(6000, seed=5)]
    gates = set(said[0].get("gates", ()))
    assert gates == {g for s in said for g in failed(s) if len(failed(s)) == 1} if gates else True
    for other in said[0].get("alternatives", ()):
        assert any(s["alternatives"][other] and sum(s["alternatives"].values()) == 1
                   and s["status"] == E and s["total"] < 60 for s in said)  # fmt: skip


def test_firms_sit_on_the_thresholds():
    """Growth exactly on each step and just under it; ages, days and totals at the limit."""
    many = cn_high_tech_firms.firms(6000, seed=6)
    years = [(f["sales_prev2"], f["sales_prev"], f["sales"]) for f in many]
    growths = [g for g in (cn_high_tech.growth(*y) for y in years) if g is not None]
    for pct in (0, 5, 15, 25, 35):
        step = Fraction(pct, 100)
        assert growths.count(step) > 20
        assert sum(step - Fraction(1, 10**5) < g < step for g in growths) > 5
        assert sum(step < g < step + Fraction(1, 10**5) for g in growths) > 5
    ages = [(ON - f["registered_on"]).days for f in many]
    assert min(ages.count(n) for n in (364, 365, 366)) > 100
    totals = [cn_high_tech.judge(f, ON)["points"]["total"] for f in many]
    assert min(totals.count(70), totals.count(71)) > 400
    sales = [f["sales"] for f in many]
    for limit in (5000 * WAN, 20_000 * WAN):
        assert min(sales.count(limit + n) for n in (-1, 0, 1)) > 20
    ago, day = date(2023, 6, 30), timedelta(days=1)
    awarded = [f["provincial_award_on"] for f in cn_innovative_sme_firms.firms(6000, seed=7)]
    assert min(awarded.count(n) for n in (ago - day, ago, ago + day, ON, ON + day)) > 20
    giants = cn_little_giant_2026_firms.firms(6000, seed=8)
    ends = [(f["total_revenue_prev2"], f["total_revenue"]) for f in giants]
    assert sum(a != "none" and 441 * a == 400 * b > 0 for a, b in ends) > 50


def test_points_outside_a_band_only_when_asked():
    many = cn_high_tech_firms.firms(3000, seed=9, invalid=0)
    assert all(cn_high_tech.judge(f, ON)["valid"] for f in many)
    many = cn_high_tech_firms.firms(300, seed=9, invalid=1)
    assert not any(cn_high_tech.judge(f, ON)["valid"] for f in many)
    many = cn_high_tech_firms.firms(3000, seed=9, negative=0)
    assert all(v == "none" or v >= 0 for f in many for n, v in f.items() if "net_assets" in n)


def test_kibo_firms_are_every_one():
    firms, matrix = kibo_limits_firms.firms(500, seed=1), kibo_limits_firms.assumed_matrix()
    assert len({tuple(f.values()) for f in firms}) == 500
    assert len(matrix) == len(kibo_limits_firms.random_matrix(1)) == 50
    lines = {kibo_limits.judge(f, ON, matrix)["line"] for f in firms}
    assert lines == {n * 10**9 for n in (0, 1, 3, 4, 5, 6, 7)}
