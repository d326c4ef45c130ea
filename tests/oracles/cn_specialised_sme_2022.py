"""Independent oracle for 专精特新 under 工信部企业〔2022〕63号 (in force until 2026-03-31).

Written from the facts file alone (§7), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist. The period in force is not judged here.
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen

# Each reading chosen by the project: docs/decisions/0010-readings-of-the-schemes.md.
# reading chosen by the project: revenue (营业收入) is the firm's sales; the other reading is the
# total revenue of the high-tech scheme ("total_revenue")
REVENUE = "sales"
FIELD = {"fills_gap": 5, "six_bases": 3, "none": 0}
DIGITAL = {0: 0, 1: 0, 2: 3, 3: 5, 4: 5}
INSTITUTION = {"national": 10, "provincial": 8, "city": 4, "enterprise": 2, "none": 0}
QUALITY = ("quality_award", "iso9001", "own_brand", "standards_took_part")
MAIN_SHARE = [(80, 5), (70, 3), (60, 1)]  # percent reached, points
MAIN_GROWTH = [(10, 10), (8, 8), (6, 6), (4, 4), (0, 2)]
MARGIN = [(10, 10), (8, 8), (6, 6), (4, 4), (2, 2)]
DEBT = [(50, 5), (60, 3), (70, 1)]  # percent not passed, points
RD = [(500, 10, 10), (400, 8, 8), (300, 6, 6), (200, 4, 4), (100, 3, 2)]  # 万元, percent, points
RD_STAFF = [(20, 5), (10, 3), (5, 1)]
DIMENSIONS = {
    "specialisation": ("main_share", "main_growth", "niche_years", "field"),
    "refinement": ("digital", "quality", "margin", "debt"),
    "province": ("province",),
    "innovation": ("ip", "rd", "rd_staff", "rd_institution"),
}


# ---- judging -----------------------------------------------------------------------------------
def within_3_years(day, on):
    if day == "none" or day > on:
        return False
    return (on.year - 3, on.month, on.day) <= (day.year, day.month, day.day)


def ratio(part, whole):
    return None if whole == 0 else Fraction(part, whole)


def rising(value, steps):
    """Points of the first step (percent) reached; 0 below the last or without a ratio."""
    if value is None:
        return 0
    return next((pts for pct, pts in steps if value >= Fraction(pct, 100)), 0)


def mean_growth(y1, y2, y3):
    if y1 in ("none", 0) or y2 in ("none", 0):
        return None  # no three years, or a zero base
    return (Fraction(y2, y1) + Fraction(y3, y2)) / 2 - 1


def ip_points(f):
    counts = ("class1_high_value", "class1_owned", "class1_held_1y", "class2_kept_2y")
    return next((pts for n, pts in zip(counts, (10, 8, 6, 2), strict=True) if f[n] >= 1), 0)


def rd_points(rd, share):
    for wan, pct, pts in RD:
        if rd >= wan * WAN or (share is not None and share >= Fraction(pct, 100)):
            return pts
    return 0


def items(f):
    revenue, debt = f[REVENUE], ratio(f["total_debt"], f["total_assets"])
    main = f["main_revenue_prev2"], f["main_revenue_prev"], f["main_revenue"]
    low_debt = [] if debt is None else [pts for pct, pts in DEBT if debt <= Fraction(pct, 100)]
    return {
        "main_share": rising(ratio(main[2], revenue), MAIN_SHARE),
        "main_growth": rising(mean_growth(*main), MAIN_GROWTH),
        "niche_years": min(5, f["years_in_niche"] // 2),
        "field": FIELD[f["niche_role"]],
        "digital": DIGITAL[f["digital_level"]],
        "quality": min(5, 3 * sum(f[name] for name in QUALITY)),
        "margin": rising(ratio(f["net_profit"], revenue), MARGIN),
        "debt": max(low_debt, default=0),
        "province": f["province_points"],
        "ip": ip_points(f),
        "rd": rd_points(f["rd_expense"], ratio(f["rd_expense"], revenue)),
        "rd_staff": rising(ratio(f["rd_staff"], f["staff_total"]), RD_STAFF),
        "rd_institution": INSTITUTION[f["rd_institution"]],
    }


def award(f, on):
    if f["provincial_award_rank"] in (1, 2, 3) and within_3_years(f["provincial_award_on"], on):
        return True
    return f["national_award_rank"] in range(1, 6) and within_3_years(f["national_award_on"], on)


def judge(firm, on):
    f, points = firm, items(firm)
    total, rd, before = sum(points.values()), f["rd_expense"], f["rd_expense_prev"]
    alternatives = {"award": award(f, on), "rd": before != "none" and rd + before >= 2000 * WAN,
                    "equity": f["equity_raised_2y"] >= 6000 * WAN,
                    "maker_china": f["maker_china_top500"]}  # fmt: skip
    share = ratio(rd, f[REVENUE])
    gates = {
        "niche": f["years_in_niche"] >= 2,
        "rd": rd >= 100 * WAN and share is not None and share >= Fraction(3, 100),
        "revenue": f[REVENUE] >= 1000 * WAN or f["equity_raised_2y"] >= 2000 * WAN,
        "score_or_alternative": total >= 60 or any(alternatives.values()),
    }
    dimensions = {name: sum(points[n] for n in parts) for name, parts in DIMENSIONS.items()}
    return {"status": "eligible" if all(gates.values()) else "refused", "gates": gates,
            "points": points, "dimensions": dimensions, "total": total,
            "alternatives": alternatives}  # fmt: skip
