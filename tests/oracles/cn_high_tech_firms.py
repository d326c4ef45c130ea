"""Seeded firms loaded onto the thresholds of 国科发火〔2016〕32号, for the oracle in cn_high_tech.

A year is "none" exactly when the firm was registered after it; then every amount of it is.
`negative` is the share of firms with a negative net-assets year, `invalid` that of firms with
points outside a band (one item, one point outside).
"""

from __future__ import annotations

import random
from datetime import date

from .cn_high_tech import ACQUIRED, CONDUCT, IP, LEVEL, bands
from .scheme_loading import DAY, GRAIN, ON, WAN, above, amount, ceil_of, exact_growth, split

YEARS = ("_prev2", "_prev", "")
SALES_LIMITS = (5000 * WAN, 20_000 * WAN)
# Totals to aim at, 70 and 71 above all
TARGETS = (60, 69, 70, 70, 71, 71, 71, 71, 71, 71, 72, 72, 72, 73, 75, 80, 85, 90, 100)
MODES = ("as_it_is", "zero_first", "zero_second", "zero_last", "shrinking", "steep")


def _registered(rng: random.Random, on: date) -> date:
    pick = rng.random()
    if pick < 0.20:
        return on - rng.choice((364, 365, 365, 365, 366)) * DAY
    if pick < 0.30:
        return on - rng.randint(366, 1300) * DAY
    return on - rng.randint(1300, 9000) * DAY


def _growing(rng: random.Random, low: int, high: int) -> list[int]:
    """Three years, mostly on a growth step, sometimes one fen off or an edge case."""
    pct = rng.choice((0, 5, 15, 25, 35, 35))
    y1, y2, y3 = exact_growth(rng, pct, low, high)
    y3 += rng.choice((0, 0, 0, -1, 1, GRAIN))
    mode = rng.choices(MODES, (86, 3, 3, 2, 3, 3))[0]
    if mode == "zero_first":  # the last two years, on the same step
        y1, y3 = 0, y2 * (100 + pct) // 100 + rng.choice((0, 0, -1, 1))
    elif mode == "zero_second":
        y1, y2 = rng.choice((y1, 0)), 0
    elif mode == "zero_last":  # the first growth alone carries the mean
        y2, y3 = y1 * rng.choice((2, 3)), 0
    elif mode == "shrinking":
        y3 = y2 // 2
    elif mode == "steep":
        y3 = 3 * y2
    return [y1, y2, y3]


def _sales(rng: random.Random) -> list[int]:
    if rng.random() >= 0.3:
        return _growing(rng, 50 * WAN, 60_000 * WAN)
    last = rng.choice(SALES_LIMITS)  # last year's sales on the limit of an R&D threshold
    if rng.random() < 0.5:
        u = rng.choice((100, 125))  # growth exactly 0 or 25 %
        k = last // (u * u)
        years = [10_000 * k, 100 * u * k, last]
    else:
        years = [amount(rng, last // 3, last), amount(rng, last // 2, last), last]
    years[2] += rng.choice((0, 0, 1, -1))
    return years


def _rd(rng: random.Random, sales: list[int]) -> list[tuple[int, int, int]]:
    """(R&D, given to others, domestic) of each year, the sums on the thresholds."""
    n, percent = len(sales), 5 if sales[-1] <= SALES_LIMITS[0] else 4
    percent = 3 if sales[-1] > SALES_LIMITS[1] else percent
    need = max(1, ceil_of(sum(sales), percent))
    need = max(0, above(rng, need, 0.05))
    others = int(need * rng.choice((0, 0.1, 0.25, 0.5, 1)) * rng.uniform(0.5, 1))
    if rng.random() < 0.8:
        others = others // GRAIN * GRAIN
    total = max(need + -(-others // 5), others)  # counts at `need`
    if rng.random() < 0.02:
        total = max(need, others)  # reaches it only without the 80 %
    base = 5 * total - others  # 60 % of (total − others/5)
    domestic = -(-3 * base // 25) if rng.random() < 0.7 else ceil_of(total, 60)
    domestic = min(total, max(0, above(rng, domestic, 0.04)))
    if total == 0:
        domestic = 0
    given = split(rng, others, n)
    own = split(rng, total - others, n)
    out, left = [], domestic
    for i in rng.sample(range(n), n):
        rd = given[i] + own[i]
        out.append((i, rd, given[i], min(rd, left)))
        left -= out[-1][3]
    return [(rd, others, home) for _, rd, others, home in sorted(out)]


def _money(rng: random.Random, life: int, negative: float) -> dict:
    """Amounts of the last `life` years; the years before are "none"."""
    assets, sales = _growing(rng, 20 * WAN, 50_000 * WAN), _sales(rng)
    if rng.random() < negative:
        assets[rng.randrange(3)] *= -1
    if rng.random() < 0.01:
        sales = [0, 0, 0]
    out: dict = {}
    parts = [("none",) * 3] * (3 - life) + _rd(rng, sales[3 - life :])
    for i, year in enumerate(YEARS):
        lived = i >= 3 - life
        out["net_assets" + year] = assets[i] if lived else "none"
        out["sales" + year] = sales[i] if lived else "none"
        for name, value in zip(("rd_expense", "rd_outsourced", "rd_domestic"), parts[i],
                               strict=True):  # fmt: skip
            out[name + year] = value
    extra = rng.choice((0, 0, sales[2] // 10, GRAIN))
    revenue = out["total_revenue"] = sales[2] + extra
    out["high_tech_revenue"] = min(revenue, max(0, above(rng, ceil_of(revenue, 60), 0.04)))
    return out


def _points(rng: random.Random, firm: dict, target: int) -> dict:
    """Points inside the bands, mostly at their ends, that add up to the target if they can."""
    given = bands(firm)
    points = {name: low for name, (low, _) in given.items()}

    def total() -> int:
        ip = min(30, sum(points[n] for n in IP))
        return ip + sum(v for n, v in points.items() if n not in IP)

    names = list(given)
    rng.shuffle(names)
    for name in names + names:
        room = min(given[name][1] - points[name], target - total())
        if room > 0:
            points[name] += room if rng.random() < 0.7 else rng.randint(0, room)
    return points


def _spoil(rng: random.Random, firm: dict) -> None:
    """One item one point outside its band, at either end."""
    given = bands(firm)
    name = rng.choice(list(given))
    low, high = given[name]
    outside = [n for n in (low - 1, high + 1) if n >= 0]
    firm[name] = rng.choice(outside)


def _firm(rng: random.Random, on: date, negative: float, invalid: float) -> dict:
    registered = _registered(rng, on)
    life = min(3, on.year - registered.year)  # full or begun fiscal years up to the last one
    strong = rng.random() < 0.92
    weights = (55, 38, 5, 1, 1) if strong else (20, 20, 20, 20, 20)
    staff = rng.choice((rng.randint(1, 40), 10 * rng.randint(1, 60), rng.randint(40, 900), 0))
    if staff == 0 and rng.random() < 0.9:
        staff = 100
    years = rng.choice((1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 6, 8))  # conversions a year to sit on
    firm = {
        "registered_on": registered,
        "staff_total": staff,
        "sci_tech_staff": min(staff, max(0, above(rng, ceil_of(staff, 10), 0.03, (1,)))),
        "core_ip_owned": rng.random() >= 0.02,
        "supported_field": rng.random() >= 0.02,
        **{name: rng.random() < 0.008 for name in CONDUCT},
        **_money(rng, life, negative),
        "ip_advancedness": rng.choices(tuple(LEVEL), weights)[0],
        "ip_support": rng.choices(tuple(LEVEL), weights)[0],
        "ip_acquired": rng.choices(tuple(ACQUIRED), (80, 15, 5))[0],
        "class1_related": rng.choice((0, 1, 1, 2, 7)),
        "class2_unused": rng.choice((0, 1, 2, 3, 4, 5, 5, 6, 12)),
        "conversions": max(0, 3 * years + rng.choice((-1, -1, 0, 0, 0, 1))),
    }
    firm |= _points(rng, firm, rng.choice(TARGETS))
    if rng.random() < invalid:
        _spoil(rng, firm)
    return firm


def firms(
    n: int, seed: int, on: date = ON, negative: float = 0.02, invalid: float = 0.06
) -> list[dict]:
    rng = random.Random(seed)
    return [_firm(rng, on, negative, invalid) for _ in range(n)]
