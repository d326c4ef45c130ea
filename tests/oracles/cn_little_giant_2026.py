"""Independent oracle for 小巨人 under 工信部企业〔2026〕2号 (from 2026-04-01), gates only.

Written from the facts file alone (§7), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist. platform_quality_score: Decimal of 0..100;
market_share: Decimal of 0..1 (0.10 is 10 %).
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen
TITLES = ("specialised", "little_giant")  # 专精特新 or above


# ---- judging -----------------------------------------------------------------------------------
def at_least(part, whole, percent):
    return whole != 0 and Fraction(part, whole) >= Fraction(percent, 100)


def grown(first, last):
    """2-year CAGR >= 5 %: last / first >= 1.05 squared = 441/400."""
    if first in ("none", 0):
        return False
    return Fraction(last, first) >= Fraction(441, 400)


def rd_enough(f):
    rd, before = f["rd_expense"], f["rd_expense_prev"]
    if "none" in (before, f["total_revenue_prev"]):
        return False
    each = at_least(rd, f["total_revenue"], 3) and at_least(before, f["total_revenue_prev"], 3)
    return each and rd + before >= 1200 * WAN


def waived(f, on):
    """A national award in the top 3, whenever given."""
    rank, day = f["national_award_rank"], f["national_award_on"]
    return rank in (1, 2, 3) and day != "none" and day <= on


def judge(firm, on):
    f = firm
    revenue, assets = f["total_revenue"], f["total_assets"]
    gates = {
        "title": f["sme_title"] in TITLES,
        "niche": f["years_in_niche"] >= 3,
        "revenue": revenue >= 5000 * WAN and grown(f["total_revenue_prev2"], revenue),
        "main_share": at_least(f["main_revenue"], revenue, 90),
        "debt": assets != 0 and Fraction(f["total_debt"], assets) <= Fraction(75, 100),
        "rd": rd_enough(f),
        "class1": f["class1_applied"] >= 4 or waived(f, on),
        "market": Fraction(f["market_share"]) >= Fraction(10, 100)
        or f["national_market_rank"] in (1, 2, 3),
        "chain": f["niche_role"] == "six_bases" or f["key_chain_position"],
        "quality": Fraction(f["platform_quality_score"]) >= 60,
    }
    return {"status": "eligible" if all(gates.values()) else "refused", "gates": gates}
