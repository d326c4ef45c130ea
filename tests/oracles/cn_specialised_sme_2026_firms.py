"""Seeded firms loaded onto the gates of 专精特新 (2026), for the oracle of that name."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from .scheme_loading import GRAIN, INSTITUTIONS, ON, WAN, above, amount, awards, below, ceil_of

FAIL = 0.05  # of each gate


def quality(rng: random.Random, least: int) -> Decimal:
    pick = rng.random()
    if pick < FAIL:
        return least - Decimal(rng.choice(("0.01", "0.1", "1")))
    if pick < 0.5:
        return Decimal(least) + Decimal(rng.choice(("0", "0.0", "0.01")))
    return Decimal(rng.randint(least * 100, 10_000)) / 100


def _revenue(rng: random.Random) -> tuple[int, int]:
    """(revenue, equity of 2 years): either may carry the gate, seldom none."""
    least, equity = 1500 * WAN, 2000 * WAN
    short = rng.choice((least - 1, least - GRAIN, amount(rng, 200 * WAN, least)))
    pick = rng.random()
    if pick < 0.04:
        return short, rng.choice((0, equity - 1, equity - GRAIN))
    if pick < 0.05:
        return 0, equity
    if pick < 0.25:
        return short, rng.choice((equity, equity + 1, amount(rng, equity, 4 * equity)))
    # 3 % of 3,333.33 万元 is the other floor of R&D, 100 万元
    near = amount(rng, 2500 * WAN, 5000 * WAN)
    revenue = rng.choice((least, least + 1, near, near, amount(rng, least, 30 * least)))
    return revenue, rng.choice((0, 0, equity - 1, equity))


def _rd(rng: random.Random, revenue: int) -> int:
    return max(0, above(rng, max(100 * WAN, ceil_of(revenue, 3)), FAIL / 2))


def _firm(rng: random.Random, on: date) -> dict:
    revenue, equity = _revenue(rng)
    before: int | str = amount(rng, 500 * WAN, 8000 * WAN)
    rd_before: int | str = _rd(rng, before)
    pick = rng.random()
    if pick < 0.01:
        before = rd_before = "none"
    elif pick < 0.02:
        before = 0
    assets = 10 * GRAIN * rng.randint(500, 10**5) if rng.random() < 0.995 else 0
    applied = rng.choices((0, 1, 2, 5), (35, 40, 15, 10))[0]
    waived = applied == 0 and rng.random() < 0.6
    return {
        "sme_title": rng.choices(("none", "tech", "innovative", "specialised", "little_giant"),
                                 (4, 46, 46, 2, 2))[0],
        "years_in_niche": max(0, above(rng, 3, FAIL, (1,))),
        "sales": revenue,
        "sales_prev": before,
        "total_revenue": revenue,
        "total_revenue_prev": before,
        "equity_raised_2y": equity,
        "main_revenue": min(revenue, max(0, above(rng, ceil_of(revenue, 80), FAIL))),
        "total_assets": assets,
        "total_debt": below(rng, assets * 80 // 100, FAIL),
        "rd_expense": _rd(rng, revenue),
        "rd_expense_prev": rd_before,
        "class1_applied": applied,
        **awards(rng, on, 0.5 if waived else 0.1, (1, 2, 3, 3, 4, 6)),
        "rd_institution": rng.choices(INSTITUTIONS, (30, 20, 15, 30, 5) if waived
                                      else (50, 25, 20, 4, 1))[0],
        "market_leader": rng.random() >= FAIL,
        "platform_quality_score": quality(rng, 50),
    }  # fmt: skip


def firms(n: int, seed: int, on: date = ON) -> list[dict]:
    rng = random.Random(seed)
    return [_firm(rng, on) for _ in range(n)]
