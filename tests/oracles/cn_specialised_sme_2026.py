"""Independent oracle for 专精特新 under 工信部企业〔2026〕2号 (from 2026-04-01), gates only.

Written from the facts file alone (§7), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist. platform_quality_score: Decimal.
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen
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
    return rank in (1, 2, 3) and day != "none" and day <= on


def judge(firm, on):
    f = firm
    assets = f["total_assets"]
    gates = {
        "title": f["sme_title"] in TITLES,
        "niche": f["years_in_niche"] >= 3,
        "revenue": f["total_revenue"] >= 1500 * WAN or f["equity_raised_2y"] >= 2000 * WAN,
        "main_share": at_least(f["main_revenue"], f["total_revenue"], 80),
        "debt": assets != 0 and Fraction(f["total_debt"], assets) <= Fraction(80, 100),
        "rd": rd_of_year(f["rd_expense"], f["total_revenue"])
        and rd_of_year(f["rd_expense_prev"], f["total_revenue_prev"]),
        "class1": f["class1_applied"] >= 1 or waived(f, on),
        "market": f["market_leader"],
        "quality": Fraction(f["platform_quality_score"]) >= 50,
    }
    return {"status": "eligible" if all(gates.values()) else "refused", "gates": gates}
