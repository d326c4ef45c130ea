"""Seeded firms loaded onto the thresholds of 工信部企业〔2022〕63号 annex 1 (innovative SME)."""

from __future__ import annotations

import random
from datetime import date

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

# A main revenue in multiples of this (53.13 万元) meets every growth and share step exactly.
EXACT = 53_130_000
IP_COUNTS = ("class1_high_value", "class1_owned", "class1_held_1y", "class1_related")


def _ip(rng: random.Random) -> dict:
    """Counts of class I, each kind a part of the next, and of class II."""
    first = rng.choices((0, 1, 2, 3, 4), (15, 20, 25, 10, 30))[0]  # the first kind held
    counts, held = {}, 0
    for i, name in enumerate(IP_COUNTS):
        if i >= first:
            held = max(held, 1) + rng.choice((0, 0, 0, 1))
        counts[name] = held
    if first == 0 and rng.random() < 0.3:
        counts["class1_owned"] = 0  # a high-value right held, but bought
    return counts | {"class2_kept_2y": rng.choice((0, 0, 1, 1, 2, 6))}


def _revenue(rng: random.Random) -> tuple[int, int, int]:
    """(main revenue, the year before, total revenue) on a growth and on a share step."""
    main = amount(rng, 20 * WAN, 40_000 * WAN)
    if rng.random() < 0.5:
        main = max(1, main // EXACT) * EXACT
    growth = rng.choices((0, 5, 10, 15, 15, -8, 40), (20, 15, 15, 20, 10, 10, 10))[0]
    before: int | str = max(0, main * 100 // (100 + growth) + nudge(rng))
    share = rng.choices((50, 55, 60, 70, 90, 30), (15, 15, 20, 35, 10, 5))[0]
    total = max(main, main * 100 // share + nudge(rng))
    pick = rng.random()
    if pick < 0.02:
        before = 0
    elif pick < 0.05:
        before = "none"
    elif pick < 0.06:
        main = 0
    elif pick < 0.07:
        main = total = 0
    return main, before, total


def _firm(rng: random.Random, on: date) -> dict:
    main, before, total = _revenue(rng)
    rd_step = rng.choices((0, 1, 2, 3, 5), (5, 15, 20, 30, 30))[0]
    rd = amount(rng, GRAIN, 50 * WAN) if total == 0 else ceil_of(total, rd_step) + nudge(rng)
    assets = 20 * GRAIN * rng.randint(100, 10**5) if rng.random() < 0.99 else 0
    if rng.random() < 0.3:
        assets = amount(rng, 10 * WAN, 50_000 * WAN)
    debt_step = rng.choices((30, 55, 75, 90, 120), (15, 40, 30, 10, 5))[0]
    equity = rng.choices((0, 1, 2, 3), (55, 20, 15, 10))[0]
    near = 500 * WAN
    return {
        **_ip(rng),
        "rd_expense": max(0, rd),
        "main_revenue": main,
        "main_revenue_prev": before,
        "sales": total,
        "total_revenue": total,
        "total_assets": assets,
        "total_debt": max(0, assets * debt_step // 100 + nudge(rng)),
        "strategic_industry": rng.random() < 0.5,
        **awards(rng, on, 0.08, (1, 2, 3, 4, 5, 6, 9)),
        "has_high_tech_certificate": rng.random() < 0.02,
        "national_demo_title": rng.random() < 0.02,
        "rd_institution": rng.choices(INSTITUTIONS, (60, 20, 17, 2, 1))[0],
        "equity_raised_3y": (
            0,
            near - rng.choice((1, GRAIN)),
            amount(rng, GRAIN, near - GRAIN),
            rng.choice((near, near, near + 1, amount(rng, near, 5 * near))),
        )[equity],
    }


def firms(n: int, seed: int, on: date = ON) -> list[dict]:
    rng = random.Random(seed)
    return [_firm(rng, on) for _ in range(n)]
