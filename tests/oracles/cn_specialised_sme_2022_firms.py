"""Seeded firms loaded onto the thresholds of 专精特新 (2022), for the oracle of that name."""

from __future__ import annotations

import random
from datetime import date

from .cn_innovative_sme_firms import _ip
from .cn_specialised_sme_2022 import QUALITY, items
from .scheme_loading import (
    GRAIN,
    INSTITUTIONS,
    ON,
    WAN,
    amount,
    awards,
    ceil_of,
    nudge,
)

TARGETS = (50, 58, 59, 59, 59, 60, 60, 60, 60, 60, 61, 62, 70)
STEP = 8400  # a main revenue u·v·8400·k meets every share and R&D step exactly


def _main(rng: random.Random) -> list:
    """Main revenue of three years, the mean of the two growth rates on a step."""
    pct = rng.choices((0, 4, 6, 8, 10, -5, 30), (12, 15, 15, 15, 25, 8, 10))[0]
    u = rng.randint(70, 140)
    v = 2 * (100 + pct) - u
    k = int(700 * WAN * 14 ** rng.random()) // (u * v)
    k = max(1, k // STEP) * STEP if rng.random() < 0.6 else max(1, k)
    years: list = [10_000 * k, 100 * u * k, u * v * k]
    if pct in (4, 6, 8, 10) and rng.random() < 0.15:
        years[1] = int((years[0] * years[2]) ** 0.5)  # even growth: mean and compound rate agree
    if rng.random() < 0.25:
        years[2] += rng.choice((-1, 1))
    pick = rng.random()
    if pick < 0.01:
        years[0] = 0
    elif pick < 0.02:
        years[1] = 0
    elif pick < 0.05:
        years[0] = "none"
    elif pick < 0.07:
        years[0] = years[1] = "none"
    return years


def _total(rng: random.Random, main: int) -> int:
    share = rng.choices((50, 60, 70, 80, 95), (5, 15, 25, 40, 15))[0]
    return max(main, main * 100 // share + nudge(rng))


def _rd(rng: random.Random, revenue: int) -> int:
    if rng.random() < 0.5:
        rd = ceil_of(revenue, rng.choice((3, 4, 6, 8, 10))) + nudge(rng)
    else:
        rd = rng.choice((100, 200, 300, 400, 500)) * WAN + nudge(rng)
    gate = max(100 * WAN, ceil_of(revenue, 3))
    if rd < gate and rng.random() < 0.9:
        rd = gate if rng.random() < 0.8 else gate + 1
    if rng.random() < 0.03:
        rd = gate - 1
    return max(0, rd)


def _rd_before(rng: random.Random, rd: int) -> int | str:
    pick, pair = rng.random(), 2000 * WAN  # 1,000 万元 on average of two years
    if pick < 0.12 and rd < pair:
        return pair - rd + rng.choice((0, 0, 1, -1, -1))
    if pick < 0.17:
        return "none"
    return int(rd * rng.uniform(0, 1.3))


def _equity(rng: random.Random) -> int:
    near = rng.choice((2000, 2000, 6000)) * WAN
    kinds = (0, near, near + 1, near - 1, near - GRAIN, amount(rng, GRAIN, near))
    return rng.choices(kinds, (65, 6, 4, 7, 7, 11))[0]


def _firm(rng: random.Random, on: date) -> dict:
    main = _main(rng)
    revenue = _total(rng, main[2])
    if rng.random() < 0.2:  # revenue on the gate of 1,000 万元
        revenue = 1000 * WAN + nudge(rng)
        main = [main[0], main[1], ceil_of(revenue, rng.choice((60, 70, 80))) + nudge(rng)]
    elif rng.random() < 0.01:
        revenue, main[2] = 0, 0
    rd = _rd(rng, revenue)
    margin = rng.choices((-5, 0, 2, 4, 6, 8, 10, 25), (4, 4, 12, 15, 15, 15, 25, 10))[0]
    assets = 10 * GRAIN * rng.randint(500, 10**5) if rng.random() < 0.99 else 0
    debt_step = rng.choices((30, 50, 60, 70, 95), (15, 30, 25, 25, 5))[0]
    staff = rng.choice((20 * rng.randint(1, 30), rng.randint(1, 400), rng.randint(1, 400)))
    if rng.random() < 0.01:
        staff = 0
    rd_staff = ceil_of(staff, rng.choice((5, 10, 20, 20))) + rng.choice((0, 0, -1, 1))
    firm = {
        "years_in_niche": rng.choices((0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 30),
                                      (1, 3, 14, 10, 10, 10, 10, 8, 8, 8, 8, 10))[0],
        "rd_expense": rd,
        "rd_expense_prev": _rd_before(rng, rd),
        "sales": revenue,
        "total_revenue": revenue,
        "main_revenue": main[2],
        "main_revenue_prev": main[1],
        "main_revenue_prev2": main[0],
        "equity_raised_2y": _equity(rng),
        "niche_role": rng.choice(("none", "six_bases", "fills_gap")),
        "digital_level": rng.choice((0, 1, 2, 3, 3, 4)),
        **{name: rng.random() < 0.4 for name in QUALITY},
        "net_profit": revenue * margin // 100 + (nudge(rng) if revenue else -GRAIN),
        "total_assets": assets,
        "total_debt": max(0, assets * debt_step // 100 + nudge(rng)),
        "province_points": 0,
        **_ip(rng),
        "rd_staff": max(0, min(rd_staff, staff)),
        "staff_total": staff,
        "rd_institution": rng.choices(INSTITUTIONS, (12, 23, 30, 22, 13))[0],
        **awards(rng, on, 0.05, (1, 2, 3, 3, 4, 5, 5, 6)),
        "maker_china_top500": rng.random() < 0.02,
    }  # fmt: skip
    spare = rng.choice(TARGETS) - sum(items(firm).values())
    firm["province_points"] = spare if 0 <= spare <= 15 else rng.choice((0, 7, 15))
    return firm


def firms(n: int, seed: int, on: date = ON) -> list[dict]:
    rng = random.Random(seed)
    return [_firm(rng, on) for _ in range(n)]
