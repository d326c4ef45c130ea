"""Hand-computed cases that pin the oracle itself."""

from __future__ import annotations

import random
from datetime import date

import pytest

from .cn_tech_sme import BAD_FLAGS, judge
from .cn_tech_sme_firms import ON, firms

YI = 10**8 * 100  # 亿元 in fen
WAN = 10**4 * 100  # 万元 in fen

# 30/100 staff = 20; R&D 40/1000 = 4 % of sales = 30 (40/900 = 4.4 % of cost = 0); two class II
# = 12. Total 62.
BASE = {
    "rd_expense": 40 * WAN, "sales": 1000 * WAN, "total_cost": 900 * WAN,
    "total_assets": 1000 * WAN, "staff_total": 100, "sci_tech_staff": 30,
    "class1_related": 0, "class2_related": 2, "resident_enterprise": True,
    **dict.fromkeys(BAD_FLAGS, False), "has_high_tech_certificate": False,
    "national_award_rank": "none", "national_award_on": "none", "rd_institution": "none",
    "standard_led_on": "none",
}  # fmt: skip

E, R, INC = "eligible", "refused", "incomplete"

# (changes to BASE, status, staff points, R&D points, IP points, total, direct)
CASES = {
    "base": ({}, E, 20, 30, 12, 62, False),
    "rd_one_fen_below_4_pct": ({"rd_expense": 40 * WAN - 1}, R, 20, 20, 12, 52, False),
    "sales_one_fen_over_4_pct": ({"sales": 1000 * WAN + 1}, R, 20, 20, 12, 52, False),
    "sixty_six": ({"sci_tech_staff": 29, "class2_related": 3, "total_cost": 0,
                   "rd_expense": 30 * WAN, "class1_related": 1}, E, 16, 20, 30, 66, False),
    "sixty_on_the_nose": ({"sci_tech_staff": 20, "class2_related": 3}, E, 12, 30, 18, 60, False),
    "fifty_eight": ({"sci_tech_staff": 29}, R, 16, 30, 12, 58, False),
    "staff_score_zero_kills_80": ({"sci_tech_staff": 9, "rd_expense": 60 * WAN,
                                   "class1_related": 1}, R, 0, 50, 30, 80, False),
    "staff_10_pct": ({"sci_tech_staff": 10, "rd_expense": 60 * WAN, "class2_related": 1},
                     E, 4, 50, 6, 60, False),
    "option_2_chosen": ({"rd_expense": 10 * WAN, "total_cost": 40 * WAN}, E, 20, 40, 12, 72, False),
    "option_2_one_fen_short": ({"rd_expense": 10 * WAN - 1, "total_cost": 40 * WAN},
                               E, 20, 30, 12, 62, False),
    "no_sales_uses_cost": ({"sales": 0, "total_cost": 200 * WAN}, E, 20, 30, 12, 62, False),
    "no_sales_no_cost": ({"sales": 0, "total_cost": 0, "class1_related": 1},
                         R, 20, 0, 30, 50, False),
    "no_staff": ({"staff_total": 0, "sci_tech_staff": 0, "rd_expense": 60 * WAN,
                  "class1_related": 1}, R, 0, 50, 30, 80, False),
    "no_staff_but_certificate": ({"staff_total": 0, "sci_tech_staff": 0,
                                  "has_high_tech_certificate": True}, E, 0, 30, 12, 42, True),
    "staff_500": ({"staff_total": 500, "sci_tech_staff": 150}, E, 20, 30, 12, 62, False),
    "staff_501": ({"staff_total": 501, "sci_tech_staff": 151}, R, 20, 30, 12, 62, False),
    "sales_at_limit": ({"sales": 2 * YI, "rd_expense": 800 * WAN, "total_cost": 2 * YI},
                       E, 20, 30, 12, 62, False),
    "sales_over_limit": ({"sales": 2 * YI + 1, "rd_expense": 1300 * WAN, "total_cost": 2 * YI},
                         R, 20, 50, 12, 82, False),
    "assets_at_limit": ({"total_assets": 2 * YI}, E, 20, 30, 12, 62, False),
    "assets_over_limit_beats_certificate": ({"total_assets": 2 * YI + 1,
                                             "has_high_tech_certificate": True},
                                            R, 20, 30, 12, 62, False),
    "four_class_2": ({"class2_related": 4}, E, 20, 30, 24, 74, False),
    "award_rank_3_five_years_to_the_day": (
        {"sci_tech_staff": 0, "national_award_rank": 3, "national_award_on": date(2021, 6, 30)},
        E, 0, 30, 12, 42, True),
    "award_a_day_too_old": (
        {"sci_tech_staff": 0, "national_award_rank": 3, "national_award_on": date(2021, 6, 29)},
        R, 0, 30, 12, 42, False),
    "award_rank_4": ({"sci_tech_staff": 0, "national_award_rank": 4,
                      "national_award_on": date(2025, 1, 1)}, R, 0, 30, 12, 42, False),
    "standard_today": ({"sci_tech_staff": 0, "standard_led_on": ON}, E, 0, 30, 12, 42, True),
    "standard_tomorrow": ({"sci_tech_staff": 0, "standard_led_on": date(2026, 7, 1)},
                          R, 0, 30, 12, 42, False),
    "city_institution": ({"sci_tech_staff": 0, "rd_institution": "city"}, R, 0, 30, 12, 42, False),
    "provincial_institution": ({"sci_tech_staff": 0, "rd_institution": "provincial"},
                               E, 0, 30, 12, 42, True),
    # missing values
    "failed_condition_beats_missing": ({"major_accident": True, "sales": None,
                                        "staff_total": None}, R, None, None, 12, None, False),
    "missing_flag": ({"dishonest_list": None}, INC, 20, 30, 12, 62, False),
    "missing_flag_below_60": ({"dishonest_list": None, "class2_related": 0},
                              R, 20, 30, 0, 50, False),
    "missing_class_2_under_class_1": ({"class1_related": 1, "class2_related": None},
                                      E, 20, 30, 30, 80, False),
    # 42 + at least 20 is eligible whatever the count of class I
    "missing_class_1": ({"class1_related": None}, E, 20, 30, None, None, False),
    # at most 0 + 20 + 30 = 50
    "missing_rd_over_nothing": ({"sales": 0, "total_cost": 0, "rd_expense": None,
                                 "class1_related": None}, R, 20, 0, None, None, False),
    # cost option gives 50 already, but the sales may pass 2 亿元
    "missing_sales_with_50_on_cost": ({"sales": None, "total_cost": 40 * WAN},
                                      INC, 20, 50, 12, 82, False),
    # no R&D: 20 + 0 + 12, whatever the denominators
    "missing_denominators_of_no_rd": ({"rd_expense": 0, "sales": None, "total_cost": None},
                                      R, 20, 0, 12, 32, False),
    # 501 sci-tech staff need a staff over 500
    "sci_tech_501_of_unknown": ({"sci_tech_staff": 501, "staff_total": None},
                                R, None, 30, 12, None, False),
    # 500 of 500 may pass, 500 of 501 may not
    "sci_tech_500_of_unknown": ({"sci_tech_staff": 500, "staff_total": None},
                                INC, None, 30, 12, None, False),
    "missing_certificate_of_a_pass": ({"has_high_tech_certificate": None},
                                      E, 20, 30, 12, 62, None),
    "missing_award_day_of_rank_4": ({"sci_tech_staff": 0, "national_award_rank": 4,
                                     "national_award_on": None}, R, 0, 30, 12, 42, False),
    "missing_award_day_of_rank_1": ({"sci_tech_staff": 0, "national_award_rank": 1,
                                     "national_award_on": None}, INC, 0, 30, 12, 42, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_by_hand(name):
    changes, status, staff, rd, ip, total, direct = CASES[name]
    assert judge({**BASE, **changes}, ON) == {
        "status": status, "staff_points": staff, "rd_points": rd, "ip_points": ip,
        "total": total, "direct": direct,
    }  # fmt: skip


def test_determined_means_every_filling_agrees():
    """Fill the missing fields from other firms: nothing determined may change."""
    rng = random.Random(7)
    donors = firms(2000, seed=8)
    for firm in firms(1000, seed=9, missing=1.0):
        said = judge(firm, ON)
        for donor in rng.sample(donors, 12):
            full = {k: donor[k] if v is None else v for k, v in firm.items()}
            if full["sci_tech_staff"] > full["staff_total"]:
                continue
            got = judge(full, ON)
            for key, value in said.items():
                assert value in (None, INC, got[key]), (key, firm, full)


def test_firms_repeat_and_are_complete():
    assert firms(50, seed=1, missing=0.5) == firms(50, seed=1, missing=0.5)
    assert all(v is not None for firm in firms(200, seed=2) for v in firm.values())
    for firm in firms(200, seed=3, missing=1.0):
        assert 1 <= sum(v is None for v in firm.values()) <= 4
