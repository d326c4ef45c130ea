"""Independent oracle for 小巨人 under 工信部企业〔2026〕2号 (from 2026-04-01), gates only.

Written from the facts file alone (§7), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist. platform_quality_score: Decimal of 0..100;
market_share: Decimal of 0..1 (0.10 is 10 %).
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
# reading chosen by the project: "six bases or key link" is one field, key_chain_position; the other
# reading also takes the role of 2022 in the niche, which mixes in other grounds (True)
SIX_BASES_BY_NICHE_ROLE = False
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
    if "none" in (before, f[REVENUE + "_prev"]):
        return False
    each = at_least(rd, f[REVENUE], 3) and at_least(before, f[REVENUE + "_prev"], 3)
    return each and rd + before >= 1200 * WAN


def waived(f, on):
    """A national award in the top 3, whenever given."""
    rank, day = f["national_award_rank"], f["national_award_on"]
    given = day != "none" and day <= on
    return rank in (1, 2, 3) and (given or not AWARD_DAY_IS_READ)


def judge(firm, on):
    f = firm
    revenue, assets = f[REVENUE], f["total_assets"]
    gates = {
        "title": f["sme_title"] in TITLES,
        "niche": f["years_in_niche"] >= 3,
        "revenue": revenue >= 5000 * WAN and grown(f[REVENUE + "_prev2"], revenue),
        "main_share": at_least(f["main_revenue"], revenue, 90),
        "debt": assets != 0 and Fraction(f["total_debt"], assets) <= Fraction(75, 100),
        "rd": rd_enough(f),
        "class1": f["class1_applied"] >= 4 or waived(f, on),
        "market": Fraction(f["market_share"]) >= Fraction(10, 100)
        or f["national_market_rank"] in (1, 2, 3),
        "chain": f["key_chain_position"]
        or (SIX_BASES_BY_NICHE_ROLE and f["niche_role"] == "six_bases"),
        "quality": Fraction(f["platform_quality_score"]) >= 60,
    }
    return {"status": "eligible" if all(gates.values()) else "refused", "gates": gates}
