"""Seeded firms loaded onto the gates of 小巨人 (2026), for the oracle in cn_little_giant_2026."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from .cn_specialised_sme_2026_firms import FAIL, quality
from .scheme_loading import GRAIN, ON, WAN, above, awards, below, ceil_of


def _revenue(rng: random.Random) -> list:
    """Three years of revenue, the last on 5,000 万元, the compound growth on 5 %, or both."""
    least = 5000 * WAN
    last = above(rng, least, FAIL)
    if rng.random() < 0.4:  # a multiple of 441 meets 1.05² exactly
        k = -(-max(last, least) // (441 * GRAIN))
        last = 441 * GRAIN * (k + rng.choice((0, 0, 5)) - (rng.random() < FAIL))
    first = last * 400 // 441  # the largest that still passes
    pick = rng.random()
    if pick < FAIL:
        first += rng.choice((1, GRAIN))
    elif pick > 0.6:
        first = int(first * rng.uniform(0.4, 0.99))
    middle = int((first * last) ** 0.5 * rng.uniform(0.7, 1.4))  # the mean rate is never lower
    years: list = [first, middle, last]
    pick = rng.random()
    if pick < 0.01:
        years[0] = rng.choice((0, "none"))
    elif pick < 0.015:
        years[0] = years[1] = "none"
    elif pick < 0.02:
        years[1] = 0
    elif pick < 0.025:
        years[2] = 0
    return years


def _rd(rng: random.Random, revenue: int, before: int | str) -> tuple[int, int | str]:
    if before == "none":
        return ceil_of(revenue, 5), "none"
    rd = max(0, above(rng, ceil_of(revenue, 3), FAIL / 2))
    last = max(0, above(rng, ceil_of(before, 3), FAIL / 2))
    short = 1200 * WAN - rd - last
    if short > 0 and rng.random() < 0.93:  # lift one of the two years to the sum
        lift = short + rng.choice((0, 0, 1, GRAIN, 100 * WAN))
        return (rd + lift, last) if rng.random() < 0.5 else (rd, last + lift)
    if short > 0 and rng.random() < 0.7:
        rd += max(0, short - rng.choice((1, GRAIN)))
    return rd, last


def _firm(rng: random.Random, on: date) -> dict:
    first, middle, last = _revenue(rng)
    rd, rd_before = _rd(rng, last, middle)
    assets = 20 * GRAIN * rng.randint(2000, 10**5) if rng.random() < 0.995 else 0
    applied = rng.choices((0, 3, 4, 5, 9), (8, 15, 45, 20, 12))[0]
    waived = applied < 4 and rng.random() < 0.8
    share = Decimal(rng.choice(("0.1", "0.10", "0.1001", "0.35"))) if rng.random() < 0.6 else (
        Decimal(rng.choice(("0.0999", "0.099", "0.05", "0"))))  # fmt: skip
    ranks: tuple = ("none", 1, 2, 3, 3, 4, 4, 10)
    rank = rng.choices(ranks, (60, 5, 5, 10, 5, 10, 3, 2) if share >= Decimal("0.1")
                       else (4, 15, 15, 25, 25, 8, 5, 3))[0]  # fmt: skip
    role = rng.choice(("none", "six_bases", "six_bases", "fills_gap"))
    return {
        "sme_title": rng.choices(("none", "tech", "innovative", "specialised", "little_giant"),
                                 (1, 1, 4, 84, 10))[0],
        "years_in_niche": max(0, above(rng, 3, FAIL, (1,))),
        "sales": last,
        "sales_prev": middle,
        "sales_prev2": first,
        "total_revenue": last,
        "total_revenue_prev": middle,
        "total_revenue_prev2": first,
        "main_revenue": min(last, max(0, above(rng, ceil_of(last, 90), FAIL))),
        "total_assets": assets,
        "total_debt": below(rng, assets * 75 // 100, FAIL),
        "rd_expense": rd,
        "rd_expense_prev": rd_before,
        "class1_applied": applied,
        **awards(rng, on, 0.9 if waived else 0.1, (1, 2, 3, 3, 4, 6)),
        "market_share": share,
        "national_market_rank": rank,
        "niche_role": role,
        "key_chain_position": rng.random() < (0.3 if role == "six_bases" else 0.88),
        "platform_quality_score": quality(rng, 60),
    }  # fmt: skip


def firms(n: int, seed: int, on: date = ON) -> list[dict]:
    rng = random.Random(seed)
    return [_firm(rng, on) for _ in range(n)]
