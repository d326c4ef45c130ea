"""Independent oracle for 工信部企业〔2022〕63号 annex 1 (innovative SME).

Written from the facts file alone (§6), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist.
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen

# Each reading chosen by the project: docs/decisions/0010-readings-of-the-schemes.md.
# reading chosen by the project: revenue (营业收入) is the firm's sales; the other reading is the
# total revenue of the high-tech scheme ("total_revenue")
REVENUE = "sales"


# ---- judging -----------------------------------------------------------------------------------
def within_3_years(day, on):
    if day == "none" or day > on:
        return False
    return (on.year - 3, on.month, on.day) <= (day.year, day.month, day.day)


def rising(part, whole, steps):
    """Points of the first step (percent) reached; 0 below the last or without a ratio."""
    if whole in ("none", 0):
        return 0
    return next((pts for pct, pts in steps if Fraction(part, whole) >= Fraction(pct, 100)), 0)


def falling(part, whole, steps):
    if whole == 0:
        return 0
    return next((pts for pct, pts in steps if Fraction(part, whole) <= Fraction(pct, 100)), 0)


def ip_points(f):
    if f["class1_high_value"] >= 1:
        return 20
    if f["class1_owned"] >= 1:
        return 15
    if f["class1_held_1y"] >= 1:
        return 10
    return 5 if f["class2_kept_2y"] >= 1 else 0


def judge(firm, on):
    f = firm
    this, last = f["main_revenue"], f["main_revenue_prev"]
    points = {
        "ip": ip_points(f),
        "rd": rising(f["rd_expense"], f[REVENUE], [(5, 20), (3, 15), (2, 10), (1, 5)]),
        # growth of 15 % = 115 % of the year before
        "main_growth": rising(this, last, [(115, 20), (110, 15), (105, 10), (100, 5)]),
        "debt": falling(f["total_debt"], f["total_assets"], [(55, 10), (75, 5)]),
        "field": 10 if f["strategic_industry"] else 5,
        "main_share": rising(this, f[REVENUE], [(70, 20), (60, 15), (55, 10), (50, 5)]),
    }
    dimensions = {
        "innovation": points["ip"] + points["rd"],
        "growth": points["main_growth"] + points["debt"],
        "specialisation": points["field"] + points["main_share"],
    }
    total = sum(dimensions.values())
    minima = {
        "innovation": dimensions["innovation"] >= 20,
        "growth": dimensions["growth"] >= 15,
        "specialisation": dimensions["specialisation"] >= 15,
    }
    alternatives = {
        "award": within_3_years(f["national_award_on"], on)
        or within_3_years(f["provincial_award_on"], on),
        "title": f["has_high_tech_certificate"] or f["national_demo_title"],
        "rd_institution": f["rd_institution"] in ("provincial", "national"),
        "equity": f["equity_raised_3y"] >= 500 * WAN,
    }
    scored = total >= 60 and all(minima.values())
    return {
        "status": "eligible" if scored or any(alternatives.values()) else "refused",
        "points": points,
        "dimensions": dimensions,
        "total": total,
        "minima": minima,
        "alternatives": alternatives,
    }
