"""Independent oracle for 专精特新 under 工信部企业〔2026〕2号 (from 2026-04-01), gates only.

Written from the facts file alone (§7), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist. platform_quality_score: Decimal.
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen

# Each reading chosen by the project: docs/decisions/0010-readings-of-the-schemes.md.
# reading chosen by the project: revenue (营业收入) is the firm's sales; the other reading is the
# total revenue of the high-tech scheme ("total_revenue")
REVENUE = "sales"
# reading chosen by the project: an award in the top 3 counts without regard to its day; the other
# reading asks that it was given by the day of judgement (True)
AWARD_DAY_IS_READ = False
TITLES = ("tech", "innovative", "specialised", "little_giant")  # the first tier or above


# ---- judging -----------------------------------------------------------------------------------
def at_least(part, whole, percent):
    return whole != 0 and Fraction(part, whole) >= Fraction(percent, 100)


def rd_of_year(rd, revenue):
    if rd == "none" or revenue == "none":
        return False
    return rd >= 100 * WAN and at_least(rd, revenue, 3)


def waived(f, on):
    """A provincial award in the top 3, whenever given, or a provincial R&D institution."""
    if f["rd_institution"] in ("provincial", "national"):
        return True
    rank, day = f["provincial_award_rank"], f["provincial_award_on"]
    given = day != "none" and day <= on
    return rank in (1, 2, 3) and (given or not AWARD_DAY_IS_READ)


def judge(firm, on):
    f = firm
    assets = f["total_assets"]
    gates = {
        "title": f["sme_title"] in TITLES,
        "niche": f["years_in_niche"] >= 3,
        "revenue": f[REVENUE] >= 1500 * WAN or f["equity_raised_2y"] >= 2000 * WAN,
        "main_share": at_least(f["main_revenue"], f[REVENUE], 80),
        "debt": assets != 0 and Fraction(f["total_debt"], assets) <= Fraction(80, 100),
        "rd": rd_of_year(f["rd_expense"], f[REVENUE])
        and rd_of_year(f["rd_expense_prev"], f[REVENUE + "_prev"]),
        "class1": f["class1_applied"] >= 1 or waived(f, on),
        "market": f["market_leader"],
        "quality": Fraction(f["platform_quality_score"]) >= 50,
    }
    return {"status": "eligible" if all(gates.values()) else "refused", "gates": gates}
