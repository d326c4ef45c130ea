"""Seeded firms loaded onto the thresholds of 国科发政〔2017〕115号, for the oracle in cn_tech_sme."""

from __future__ import annotations

import random
from datetime import date, timedelta

ON = date(2026, 6, 30)
LIMIT = 2 * 10**8 * 100  # 2 亿元 in fen
GRAIN = 10**4  # 0.01 万元 in fen
STAFF_STEPS = {20: 30, 16: 25, 12: 20, 8: 15, 4: 10, 0: 10}  # points: percent to sit on
SALES_STEPS = {50: 6, 40: 5, 30: 4, 20: 3, 10: 2, 0: 2}
COST_STEPS = {50: 30, 40: 25, 30: 20, 20: 15, 10: 10, 0: 10}
IP_POINTS = (0, 6, 12, 18, 24, 30)
NEAR_60 = [(s, r, i) for s in STAFF_STEPS for r in SALES_STEPS for i in IP_POINTS
           if 54 <= s + r + i <= 64]  # fmt: skip
FIVE_YEARS_AGO = date(2021, 6, 30)
DAY = timedelta(days=1)
DATES = [FIVE_YEARS_AGO - DAY, FIVE_YEARS_AGO, FIVE_YEARS_AGO + DAY, ON - DAY, ON, ON + DAY,
         date(2024, 3, 15), date(2012, 11, 1)]  # fmt: skip
BAD_FLAGS = ("restricted_industry", "major_accident", "environmental_breach",
             "integrity_breach", "abnormal_list", "dishonest_list")  # fmt: skip


def _amount(rng: random.Random, low: int, high: int) -> int:
    """An amount of [low, high] fen, even over magnitudes, mostly in 万元 with two decimals."""
    fen = int(low * (high / low) ** rng.random())
    return max(fen // GRAIN, 1) * GRAIN if rng.random() < 0.8 else fen


def _staff(rng: random.Random, points: int, exact: bool) -> tuple[int, int]:
    pick = rng.random()
    if pick < 0.03:
        return 0, 0
    if pick < 0.30:
        staff = rng.choice((499, 500, 501))
    elif pick < 0.65:
        staff = 20 * rng.randint(1, 25)
    else:
        staff = rng.randint(1, 600 if pick > 0.95 else 120)
    sci = -(-staff * STAFF_STEPS[points] // 100)
    if exact:
        sci -= 1 if points == 0 else 0
    else:
        sci += rng.choice((-1, 0, 0, 1))
    if rng.random() < 0.05:
        sci = rng.randint(0, staff)
    return max(0, min(sci, staff)), staff


def _below(rng: random.Random, rd: int, pct: int) -> int:
    """A denominator that puts rd / denominator well under pct percent."""
    return rd * 100 // pct + _amount(rng, GRAIN, max(rd * 20, 10 * GRAIN))


def _money(rng: random.Random, points: int, exact: bool) -> tuple[int, int, int]:
    """(rd, sales, cost), one option or both on a step."""
    lean = rng.random()  # which option carries the points
    on_sales, on_cost = lean < 0.65, lean > 0.4
    # A multiple of 0.03 万元 divides by every step into a whole number of 0.01 万元.
    rd = _amount(rng, 10**5, 5 * 10**8)
    rd = max(rd // (3 * GRAIN), 1) * 3 * GRAIN if rd % GRAIN == 0 else rd
    sales_pct, cost_pct = SALES_STEPS[points], COST_STEPS[points]
    if not exact and rng.random() < 0.5:
        cost_pct = rng.choice(list(COST_STEPS.values()))
    nudges = (0, 0, -1) if exact else (0, 0, -1, 1)
    if points == 0 and exact:
        nudges = (1, 2, GRAIN)
    sales = rd * 100 // sales_pct + rng.choice(nudges) if on_sales else _below(rng, rd, 2)
    cost = rd * 100 // cost_pct + rng.choice(nudges) if on_cost else _below(rng, rd, 10)
    pick = rng.random()
    if pick < 0.12:  # sales at 2 亿元 give or take a fen, R&D on a step of it
        sales = LIMIT + rng.choice((-1, 0, 0, 1))
        rd = -(-sales * sales_pct // 100) + rng.choice((-1, 0, 1))
        cost = rd * 100 // cost_pct + rng.choice((-1, 0, 1, 10**6))
    elif pick < 0.30:  # one fen of R&D either side of a step
        base, pct = (sales, sales_pct) if on_sales else (cost, cost_pct)
        rd = max(0, -(-base * pct // 100) + rng.choice((-1, 0, 1)))
    elif pick < 0.34:
        sales = 0
    elif pick < 0.38:
        cost = 0
    elif pick < 0.40:
        sales = cost = 0
    elif pick < 0.42:
        rd = 0
    elif pick < 0.44:  # amounts of a few fen
        rd, sales, cost = rng.randint(0, 4), rng.randint(0, 60), rng.randint(0, 15)
    return rd, sales, cost


def _ip(rng: random.Random, points: int) -> tuple[int, int]:
    if rng.random() < 0.15:
        return rng.choice((0, 0, 1, 2, 3, 4, 5)), rng.randint(0, 5)
    if points == 30:
        return rng.choice((1, 1, 2, 5)), rng.randint(0, 5)
    return 0, rng.choice((4, 5)) if points == 24 else points // 6


def _firm(rng: random.Random) -> dict:
    exact = rng.random() < 0.5  # half of the firms aim at a total near 60
    if exact:
        staff_pts, rd_pts, ip_pts = rng.choice(NEAR_60)
    else:
        staff_pts, rd_pts = rng.choice(list(STAFF_STEPS)), rng.choice(list(SALES_STEPS))
        ip_pts = rng.choice(IP_POINTS)
    sci, staff = _staff(rng, staff_pts, exact)
    rd, sales, cost = _money(rng, rd_pts, exact)
    class1, class2 = _ip(rng, ip_pts)
    if rng.random() < 0.12:
        assets = LIMIT + rng.choice((-1, 0, 0, 1))
    else:
        assets = 0 if rng.random() < 0.02 else _amount(rng, 10**6, LIMIT)
    awarded = rng.random() < 0.12
    return {
        "rd_expense": rd,
        "sales": sales,
        "total_cost": cost,
        "total_assets": assets,
        "staff_total": staff,
        "sci_tech_staff": sci,
        "class1_related": class1,
        "class2_related": class2,
        "resident_enterprise": rng.random() >= 0.01,
        **{name: rng.random() < 0.01 for name in BAD_FLAGS},
        "has_high_tech_certificate": rng.random() < 0.05,
        "national_award_rank": rng.choice((1, 2, 3, 3, 4, 4)) if awarded else "none",
        "national_award_on": rng.choice(DATES) if awarded else "none",
        "rd_institution": rng.choices(
            ("none", "enterprise", "city", "provincial", "national"), (70, 12, 12, 3, 3)
        )[0],
        "standard_led_on": rng.choice(DATES) if rng.random() < 0.1 else "none",
    }


def firms(n: int, seed: int, missing: float = 0.0) -> list[dict]:
    """n firms; a share `missing` of them gets 1 to 4 fields set to None."""
    rng = random.Random(seed)
    out = []
    for _ in range(n):
        firm = _firm(rng)
        if rng.random() < missing:
            for name in rng.sample(sorted(firm), rng.randint(1, 4)):
                firm[name] = None
        out.append(firm)
    return out
