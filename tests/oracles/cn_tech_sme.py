"""Independent oracle for 国科发政〔2017〕115号 (technology-based SME evaluation).

Written from the facts file alone, naive on purpose; shares no code with the project.
`judge(firm, on)` judges one firm. In `firm`, None is MISSING and "none" is known not to exist.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

MAX_FEN, MAX_COUNT = 10**15, 10**9
LIMIT_FEN = 2 * 10**8 * 100  # 2 亿元
PCT = {n: Fraction(n, 100) for n in (2, 3, 4, 5, 6, 10, 15, 20, 25, 30)}
STAFF_PCTS, SALES_PCTS, COST_PCTS = (30, 25, 20, 15, 10), (6, 5, 4, 3, 2), (30, 25, 20, 15, 10)
BAD_FLAGS = ("restricted_industry", "major_accident", "environmental_breach",
             "integrity_breach", "abnormal_list", "dishonest_list")  # fmt: skip


# ---- judging: every value known ----------------------------------------------------------------
def band(ratio, pcts, points):
    """Points of the first band reached, bands from the highest down; 0 below the last."""
    for pct, pts in zip(pcts, points, strict=True):
        if ratio >= PCT[pct]:
            return pts
    return 0


def staff_score(sci_tech, staff):
    if staff == 0:
        return 0  # the ratio does not exist: lowest band
    return band(Fraction(sci_tech, staff), STAFF_PCTS, (20, 16, 12, 8, 4))


def rd_score(rd, sales, cost):
    best = 0
    if sales != 0:
        best = max(best, band(Fraction(rd, sales), SALES_PCTS, (50, 40, 30, 20, 10)))
    if cost != 0:
        best = max(best, band(Fraction(rd, cost), COST_PCTS, (50, 40, 30, 20, 10)))
    return best


def ip_score(class1, class2):
    if class1 >= 1:
        return 30
    if class2 >= 4:
        return 24
    if class2 == 3:
        return 18
    if class2 == 2:
        return 12
    if class2 == 1:
        return 6
    return 0


def within_5_years(day, on):
    if day == "none" or day > on:
        return False
    if (day.month, day.day) == (2, 29):  # 5 years after a leap year is never one
        return on <= date(day.year + 5, 2, 28)
    return (on.year, on.month, on.day) <= (day.year + 5, day.month, day.day)


def direct_ground(certificate, rank, award_on, institution, standard_on, on):
    if certificate:
        return True
    if rank != "none" and rank <= 3 and within_5_years(award_on, on):
        return True
    if institution == "provincial" or institution == "national":
        return True
    return within_5_years(standard_on, on)


def clean(resident, assets, bad_flags):
    if not resident or any(bad_flags):
        return False
    return Fraction(assets, 100) <= 200_000_000


def status_of(common, staff_pts, rd_pts, ip_pts, ground):
    if not common:
        return "refused"
    if ground:
        return "eligible"
    if staff_pts != 0 and staff_pts + rd_pts + ip_pts >= 60:
        return "eligible"
    return "refused"


# ---- missing values: try them all --------------------------------------------------------------
def numerators(denominator, pcts):
    """Both sides of every step, for a missing numerator over a known denominator."""
    if denominator is None:
        return set()
    at = {-(-denominator * pct // 100) for pct in pcts}
    return at | {n - 1 for n in at}


def denominators(numerator, pcts):
    """Both sides of every step, for a missing denominator under a known numerator."""
    at = {numerator * 100 // pct for pct in pcts}
    return at | {n + 1 for n in at}


def tries(value, candidates, low, high):
    if value is not None:
        return [value]
    return sorted({n for n in {*candidates, 0, 1, low, high} if low <= n <= high})


def staff_outcomes(sci, staff):
    """Every reachable (at most 500 staff, staff points)."""
    out = set()
    top = MAX_COUNT if staff is None else staff
    for s in tries(sci, numerators(staff, STAFF_PCTS) | {2, 499, 500, 501}, 0, top):
        for t in tries(staff, denominators(s, STAFF_PCTS) | {499, 500, 501}, s, MAX_COUNT):
            out.add((t <= 500, staff_score(s, t)))
    return out


def money_outcomes(rd, sales, cost):
    """Every reachable (sales at most 2 亿元, R&D points)."""
    out = set()
    steps = numerators(sales, SALES_PCTS) | numerators(cost, COST_PCTS)
    for r in tries(rd, steps | {LIMIT_FEN}, 0, MAX_FEN):
        limits = {LIMIT_FEN, LIMIT_FEN + 1}
        costs = tries(cost, denominators(r, COST_PCTS), 0, MAX_FEN)
        for s in tries(sales, denominators(r, SALES_PCTS) | limits, 0, MAX_FEN):
            for c in costs:
                out.add((Fraction(s, 100) <= 200_000_000, rd_score(r, s, c)))
    return out


def any_of(value, *candidates):
    return candidates if value is None else (value,)


def one(values):
    return next(iter(values)) if len(values) == 1 else None


def judge(firm, on):
    """The five groups share no field, so every mix of their outcomes can happen."""
    f = firm
    sci, staff = f["sci_tech_staff"], f["staff_total"]
    if sci is not None and staff is not None and sci > staff:
        raise ValueError("sci_tech_staff > staff_total")
    staffs = staff_outcomes(sci, staff)
    moneys = money_outcomes(f["rd_expense"], f["sales"], f["total_cost"])
    class1, class2 = f["class1_related"], f["class2_related"]
    ips = {ip_score(a, b) for a in any_of(class1, 0, 1, MAX_COUNT)
           for b in any_of(class2, 0, 1, 2, 3, 4, 5, MAX_COUNT)}  # fmt: skip
    cleans = {clean(resident, assets, bad)
              for resident in any_of(f["resident_enterprise"], True, False)
              for assets in any_of(f["total_assets"], 0, LIMIT_FEN, LIMIT_FEN + 1, MAX_FEN)
              for bad in product(*(any_of(f[name], True, False) for name in BAD_FLAGS))
              }  # fmt: skip
    dates = ("none", date.min, on)
    grounds = {direct_ground(*values, on) for values in product(
        any_of(f["has_high_tech_certificate"], True, False),
        any_of(f["national_award_rank"], "none", 1, 3, 4, MAX_COUNT),
        any_of(f["national_award_on"], *dates),
        any_of(f["rd_institution"], "none", "enterprise", "city", "provincial", "national"),
        any_of(f["standard_led_on"], *dates),
    )}  # fmt: skip
    statuses, totals, directs = set(), set(), set()
    mixes = product(staffs, moneys, ips, cleans, grounds)
    for (few, staff_pts), (small, rd_pts), ip_pts, rest, ground in mixes:
        common = few and small and rest
        statuses.add(status_of(common, staff_pts, rd_pts, ip_pts, ground))
        totals.add(staff_pts + rd_pts + ip_pts)
        directs.add(common and ground)  # direct confirmation = common conditions + any one ground
    return {
        "status": one(statuses) or "incomplete",
        "staff_points": one({pts for _, pts in staffs}),
        "rd_points": one({pts for _, pts in moneys}),
        "ip_points": one(ips),
        "total": one(totals),
        "direct": one(directs),
    }
