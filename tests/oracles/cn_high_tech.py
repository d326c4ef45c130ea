"""Independent oracle for 国科发火〔2016〕32号 and 195号 (high-tech enterprise).

Written from the facts file alone (§5), naive on purpose; shares no code with the project.
Complete firms only; "none" is known not to exist (a year before the firm's life).
"""

from __future__ import annotations

from fractions import Fraction

WAN = 10**6  # 万元 in fen

# Each reading chosen by the project: docs/decisions/0010-readings-of-the-schemes.md.
# reading chosen by the project: domestic R&D over all R&D, both sides as spent ("spent"); the other
# reading takes the 80 % on the side of all R&D ("counted")
DOMESTIC_SHARE_OF = "spent"
# reading chosen by the project: a year of negative net assets is a year of 0; the other reading
# has no growth as soon as one year is negative (False)
NEGATIVE_YEAR_IS_ZERO = True
# reading chosen by the project: only what is reported as a serious violation is one; the other
# reading adds a research-integrity breach (True)
INTEGRITY_BREACH_IS_A_VIOLATION = False

IP = ("points_ip_advancedness", "points_ip_support", "points_ip_quantity",
      "points_ip_acquired", "points_ip_standards")  # fmt: skip
CONVERSION = ("points_conversion",)
ORGANISATION = ("points_rd_system", "points_rd_institution", "points_rd_incentives",
                "points_rd_training")  # fmt: skip
GROWTH = ("points_net_assets_growth", "points_sales_growth")
LEVEL = {"high": (7, 8), "fairly": (5, 6), "ordinary": (3, 4), "low": (1, 2), "none": (0, 0)}
ACQUIRED = {"own": (1, 6), "bought": (1, 3), "none": (0, 0)}
CONDUCT = ("major_accident", "environmental_breach", "serious_violation", "integrity_breach")


# ---- judging -----------------------------------------------------------------------------------
def band(value, steps):
    """The band of the first step reached, steps from the highest down; (0, 0) below the last."""
    return next((points for step, points in steps if value >= step), (0, 0))


def growth(y1, y2, y3):
    """½(Y2/Y1 + Y3/Y2) − 1; None where the text gives no growth (0 points)."""
    if NEGATIVE_YEAR_IS_ZERO:
        y1, y2, y3 = (y if y == "none" else max(y, 0) for y in (y1, y2, y3))
    if y2 in ("none", 0) or y2 < 0 or y3 < 0 or (y1 != "none" and y1 < 0):
        return None
    if y1 == "none" or y1 == 0:  # two years of life, or Y1 = 0: the last two years
        return Fraction(y3, y2) - 1
    return (Fraction(y2, y1) + Fraction(y3, y2)) / 2 - 1


def growth_band(y1, y2, y3):
    g = growth(y1, y2, y3)
    if g is None or g <= 0:
        return (0, 0)
    steps = [(Fraction(35, 100), (9, 10)), (Fraction(25, 100), (7, 8)),
             (Fraction(15, 100), (5, 6)), (Fraction(5, 100), (3, 4)), (0, (1, 2))]  # fmt: skip
    return band(g, steps)


def bands(f):
    """Where each expert's points must lie."""
    class_2 = band(f["class2_unused"], [(5, (5, 6)), (3, (3, 4)), (1, (1, 2))])
    net_assets = f["net_assets_prev2"], f["net_assets_prev"], f["net_assets"]
    sales = f["sales_prev2"], f["sales_prev"], f["sales"]
    a_year = [(5, (25, 30)), (4, (19, 24)), (3, (13, 18)), (2, (7, 12)), (1, (1, 6))]
    given = (LEVEL[f["ip_advancedness"]], LEVEL[f["ip_support"]],
             (7, 8) if f["class1_related"] >= 1 else class_2, ACQUIRED[f["ip_acquired"]], (0, 2),
             band(Fraction(f["conversions"], 3), a_year), (0, 6), (0, 6), (0, 4), (0, 4),
             growth_band(*net_assets), growth_band(*sales))  # fmt: skip
    return dict(zip(IP + CONVERSION + ORGANISATION + GROWTH, given, strict=True))


def rd_sums(f):
    """(R&D counted, R&D as spent, domestic R&D, sales) of the years that exist, each as a whole."""
    counted = spent = domestic = sales = 0
    for y in ("", "_prev", "_prev2"):
        year = f["rd_expense" + y], f["rd_outsourced" + y], f["rd_domestic" + y], f["sales" + y]
        if "none" not in year:
            counted += year[0] - Fraction(year[1], 5)  # given to others: 80 %
            spent += year[0]
            domestic += year[2]
            sales += year[3]
    return counted, spent, domestic, sales


def at_least(part, whole, percent):
    return whole != 0 and Fraction(part) / whole >= Fraction(percent, 100)


def judge(firm, on):
    f = firm
    ip = min(30, sum(f[name] for name in IP))
    points = {"ip": ip, "conversion": f["points_conversion"],
              "organisation": sum(f[name] for name in ORGANISATION),
              "growth": sum(f[name] for name in GROWTH)}  # fmt: skip
    points["total"] = sum(points.values())
    counted, spent, domestic, sales = rd_sums(f)
    percent = 5 if f["sales"] <= 5000 * WAN else 4 if f["sales"] <= 20_000 * WAN else 3
    gates = {
        "age": (on - f["registered_on"]).days >= 365,
        "core_ip": f["core_ip_owned"],
        "field": f["supported_field"],
        "staff": at_least(f["sci_tech_staff"], f["staff_total"], 10),
        "rd_intensity": at_least(counted, sales, percent),
        "domestic": at_least(domestic, spent if DOMESTIC_SHARE_OF == "spent" else counted, 60),
        "revenue": at_least(f["high_tech_revenue"], f["total_revenue"], 60),
        "conduct": not any(
            f[name] for name in CONDUCT if INTEGRITY_BREACH_IS_A_VIOLATION or name != CONDUCT[3]
        ),
        "score": points["total"] > 70,
    }
    valid = all(low <= f[name] <= high for name, (low, high) in bands(f).items())
    status = "eligible" if valid and all(gates.values()) else "refused"
    return {"status": status, "points": points, "gates": gates, "valid": valid}
