"""Shared helpers of the firm generators of §5–§8: values on a threshold, give or take one unit."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

ON = date(2026, 6, 30)
WAN = 10**6  # 万元 in fen
GRAIN = 10**4  # 0.01 万元 in fen
DAY = timedelta(days=1)
INSTITUTIONS = ("none", "enterprise", "city", "provincial", "national")


def amount(rng: random.Random, low: int, high: int) -> int:
    """An amount of [low, high] fen, even over magnitudes, mostly in 万元 with two decimals."""
    fen = int(low * (high / low) ** rng.random())
    return max(fen // GRAIN, 1) * GRAIN if rng.random() < 0.8 else fen


def ceil_of(whole: int, percent: int) -> int:
    """The least part that reaches `percent` of the whole."""
    return -(-whole * percent // 100)


def above(rng: random.Random, least: int, fail: float, units: Sequence[int] = (1, GRAIN)) -> int:
    """A value for a gate `>= least`: one unit short with chance `fail`, else on it or over it."""
    unit = rng.choice(units)
    if rng.random() < fail:
        return least - unit
    pick = rng.random()
    if pick < 0.4:
        return least
    if pick < 0.55:
        return least + unit
    if units == (1,):
        return least + rng.randint(1, max(2, least))
    return amount(rng, max(least * 21 // 20, GRAIN), max(least * 4, 4 * GRAIN))


def below(rng: random.Random, most: int, fail: float) -> int:
    """A value for a gate `<= most` in fen."""
    unit = rng.choice((1, GRAIN))
    if rng.random() < fail:
        return most + unit
    pick = rng.random()
    if pick < 0.4:
        return most
    if pick < 0.55:
        return max(0, most - unit)
    return int(most * rng.uniform(0.2, 0.95))


def nudge(rng: random.Random) -> int:
    """A step from a threshold: mostly on it, else one unit off."""
    return rng.choice((0, 0, 0, -1, 1, -GRAIN, GRAIN))


def split(rng: random.Random, total: int, parts: int) -> list[int]:
    """`total` in `parts` amounts, all but one in whole 0.01 万元."""
    weights = [rng.uniform(0.3, 1) for _ in range(parts)]
    out = [int(total * w / sum(weights)) // GRAIN * GRAIN for w in weights]
    out[0] += total - sum(out)
    return out


def exact_growth(rng: random.Random, percent: int, low: int, high: int) -> tuple[int, int, int]:
    """Three years with ½(Y2/Y1 + Y3/Y2) − 1 exactly `percent` %; the last in about [low, high]."""
    u = rng.randint(60, 160)
    v = 2 * (100 + percent) - u
    k = int(low * (high / low) ** rng.random()) // (u * v)
    k = max(k // GRAIN, 1) * GRAIN if rng.random() < 0.6 else max(k, 1)
    return 10_000 * k, 100 * u * k, u * v * k


def day_near_3_years(rng: random.Random, on: date) -> date:
    ago = date(on.year - 3, on.month, on.day)
    return rng.choice((ago - DAY, ago, ago, ago + DAY, ago - 400 * DAY, ago + 300 * DAY,
                       on - DAY, on, on + DAY))  # fmt: skip


def awards(rng: random.Random, on: date, chance: float, ranks: Sequence[int]) -> dict:
    """National and provincial award, rank and day; both "none" without one."""
    out: dict = {}
    for level in ("national", "provincial"):
        has = rng.random() < chance
        out[f"{level}_award_rank"] = rng.choice(ranks) if has else "none"
        out[f"{level}_award_on"] = day_near_3_years(rng, on) if has else "none"
    return out
