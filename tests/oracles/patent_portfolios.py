"""Random portfolios for :mod:`oracles.patent_counting`, loaded on the edges of its rules."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from ipcredit.patents.right import ACQUIRED, KINDS, STATUSES, Right

DAYS = (
    *(dt.date(2024, 2, day) for day in (28, 29)),
    *(dt.date(year, 2, 28) for year in (2021, 2022, 2025, 2026, 2030, 2034)),
    *(dt.date(year, 3, 1) for year in (2021, 2022, 2024, 2025, 2026, 2030, 2034)),
    *(dt.date(year, 2, 29) for year in (2020, 2028, 2032, 2036)),
    *(dt.date(year, 5, 31) for year in (2021, 2031, 2036)),
    *(dt.date(year, 6, day) for year in (2021, 2022, 2031, 2036) for day in (1, 2)),
    dt.date(2025, 12, 31),
    dt.date(2026, 1, 1),
    dt.date(2026, 6, 15),
)
FIRM = "Acme 科技 Co., Ltd."
ALIAS = "Straße Labs (Xi'an)"
SPELT = (
    FIRM,
    "ACME科技CO.,LTD.",
    "\uff21cme\u3000科技 Co.\uff0cLtd.",  # full width letter, space and comma
    " acme\t科技\u00a0co., ltd. ",
    "AcmeTechnology",  # another firm, nearly
    "Acme 科技 Co., Ltd",
)
SPELT_ALIAS = (ALIAS, "STRASSE LABS\uff08XI'AN\uff09", "strasselabs(xi'an)")
OTHERS = ("Beta Ltd", "BETA LTD", "Gamma GmbH", "丙公司", "丙 公司", "Delta", "Zhang San")
OWNERS: tuple[str | tuple[str, ...] | None, ...] = (
    *(FIRM,) * 4,
    *((FIRM, ALIAS),) * 3,
    (ALIAS, FIRM),
    (FIRM,),
    SPELT[2],
    "Nobody",
    None,
    None,
)
AWARDS = (
    "",
    "中国专利金奖",
    "第二十届中国专利优秀奖",
    "国家科学技术进步奖",
    "国家技术发明二等奖",
    "国家科技进步奖",
    "国家自然科学奖",
    "CHINA PATENT Gold Award",
    "national science AND technology award",
    "中国 专利",
    "省科技进步奖",
    "Provincial patent award",
)
ABROAD = ("US", "EP", "JP", "SG", "ZA", "CN", "CN", "TW", "HK", "WO", "NL", "CH")
GRANTED_KINDS = tuple(kind for kind in KINDS if kind != "other")
YEARS = (0, 0, 1, 2, 10, 15, 20)


@dataclass(frozen=True)
class Portfolio:
    """The rights, and what is asked of them."""

    rights: tuple[Right, ...]
    day: dt.date
    owner: str | tuple[str, ...] | None
    per_family: bool


def shifted(day: dt.date, years: int, days: int = 0) -> dt.date:
    """So many years (29 February: the last of February) and days away."""
    leap = day.month == 2 and day.day == 29
    try:
        moved = day.replace(year=day.year + years)
    except ValueError:
        moved = dt.date(day.year + years, 2, 28 if leap else day.day)
    return moved + dt.timedelta(days=days)


def edge(rng: random.Random) -> int:
    """A day before, the day, a day after; rarely two."""
    return rng.choice((-1, -1, -1, 0, 0, 0, 1, 1, 1, -2, 2))


def names(rng: random.Random) -> tuple[str, ...]:
    """Holders: the firm in some spelling at some place, or not."""
    found = [rng.choice(OTHERS) for _ in range(rng.choice((0, 0, 0, 1, 2, 3, 4)))]
    if rng.random() < 0.8:
        found.insert(rng.randint(0, len(found)), rng.choice(SPELT[:4] * 2 + SPELT[4:]))
    if rng.random() < 0.2:
        found.insert(rng.randint(0, len(found)), rng.choice(SPELT_ALIAS))
    return tuple(found)


def good(rng: random.Random, day: dt.date) -> dict[str, Any]:
    """A right of which everything is known and nearly everything speaks for it."""
    kind = rng.choice(GRANTED_KINDS if rng.random() < 0.6 else KINDS[:4])
    filed = shifted(day, -rng.randint(4, 9), rng.randint(-200, 200))
    holders = names(rng) if rng.random() < 0.4 else (FIRM,)
    return {
        "kind": kind,
        "office": "CN",
        "filed": filed,
        "granted": shifted(filed, 1, rng.randint(0, 200)),
        "expires": shifted(day, rng.randint(1, 9)) if rng.random() < 0.5 else None,
        "status": "granted",
        "status_on": shifted(day, 0, rng.choice((-30, -1, 0, 1, 30))),
        "applicants": holders,
        "owners": holders,
        "acquired": rng.choice(("own", "own", None)),
        "pledged": rng.random() < 0.6,
        "pledge_large": rng.random() < 0.3,
        "product_related": rng.random() < 0.95,
        "applied": rng.random() < 0.8,
        "used_before": rng.random() < 0.3,
        "foreign_grants": tuple(rng.sample(ABROAD, rng.randint(0, 3))),
        "award": rng.choice(AWARDS),
    }


def touched(  # noqa: C901, PLR0915 - one branch for one edge
    rng: random.Random, facts: dict[str, Any], day: dt.date
) -> None:
    """One thing of a right is put on an edge, or made unknown, or made unfavourable."""
    what = rng.randrange(18)
    if what == 0:
        facts["granted"] = shifted(day, -rng.choice(YEARS), edge(rng))
        if rng.random() < 0.7 and facts.get("filed") and facts["filed"] > facts["granted"]:
            facts["filed"] = shifted(facts["granted"], -rng.randint(0, 3), -rng.randint(0, 1))
    elif what == 1:
        facts["filed"] = shifted(day, -rng.choice((10, 15, 20)), edge(rng))
        facts["expires"] = None
        if rng.random() < 0.7:
            facts["granted"] = shifted(facts["filed"], rng.randint(0, 3), rng.randint(0, 1))
    elif what == 2:
        facts["filed"] = dt.date(2021, 6, 1) + dt.timedelta(days=edge(rng))
        facts["kind"] = rng.choice(("design", "design", "utility_model"))
        facts["expires"] = None
        if rng.random() < 0.8:
            facts["granted"] = shifted(facts["filed"], 0, rng.choice((0, 1, 90)))
    elif what == 3:
        facts["expires"] = shifted(day, 0, edge(rng))
    elif what == 4:
        facts["lapsed"] = shifted(day, 0, rng.choice((edge(rng), 400, -400)))
        facts["status"] = rng.choice(("lapsed", "lapsed", "expired", "granted", None))
    elif what == 5:
        gap = rng.choice((0, 0, 365, 365, 366, 364, 30))
        facts["status_on"] = shifted(day, 0, edge(rng) - gap)
    elif what == 6:
        facts["status"] = rng.choice((*STATUSES, None))
        if rng.random() < 0.5:
            facts["status_on"] = shifted(day, 0, edge(rng))
    elif what in (7, 8):
        facts["transferred_on"] = shifted(day, -rng.choice((0, 1, 1, 2)), edge(rng))
        facts["acquired"] = rng.choice((None, None, *ACQUIRED))
        facts["applicants"] = rng.choice((names(rng), ("Beta Ltd",), None, ()))
    elif what == 9:
        side = rng.choice(("applicants", "owners"))
        facts[side] = rng.choice((None, (), names(rng), names(rng), names(rng)))
    elif what == 10:
        same = list(facts.get("owners") or (FIRM,))
        rng.shuffle(same)
        facts["applicants"] = tuple(rng.choice((name, name.upper())) for name in same)
    elif what == 11:
        facts["acquired"] = rng.choice((None, *ACQUIRED))
        if rng.random() < 0.5:
            facts[rng.choice(("applicants", "owners"))] = None
    elif what == 12:
        facts["kind"] = rng.choice((None, "other", *KINDS))
    elif what == 13:
        facts["office"] = rng.choice((None, "US", "EP", "CN", "WO"))
    elif what == 14:  # nothing speaks for high value but the years, or not even they
        facts.update(foreign_grants=rng.choice(((), ("CN",), ("TW", "HK"), None)))
        facts.update(award=rng.choice(("", "", None)), pledge_large=rng.choice((False, None)))
        facts.update(pledged=rng.choice((True, False, None)))
        if rng.random() < 0.5:
            facts["granted"] = shifted(day, -10, edge(rng))
            facts["filed"] = shifted(facts["granted"], -rng.randint(1, 3))
    elif what == 15:  # two dates that meet
        first, second = rng.sample(("filed", "granted", "lapsed", "expires", "status_on"), 2)
        if facts.get(second) is not None:
            facts[first] = shifted(facts[second], 0, edge(rng))
    elif what == 16:
        leap = dt.date(rng.choice((2000, 2004, 2008, 2012, 2016, 2020, 2024)), 2, 29)
        facts[rng.choice(("filed", "granted", "transferred_on", "status_on"))] = leap
    else:
        for name in rng.sample(sorted(facts), rng.randint(1, 4)):
            facts[name] = None


def wild(rng: random.Random, day: dt.date) -> dict[str, Any]:
    """A right of anything."""

    def date() -> dt.date | None:
        return rng.choice((None, shifted(day, rng.randint(-21, 3), edge(rng))))

    def flag() -> bool | None:
        return rng.choice((True, True, False, None))

    facts: dict[str, Any] = {
        name: date()
        for name in ("filed", "granted", "lapsed", "expires", "status_on", "transferred_on")
    }
    flags = ("pledged", "pledge_large", "product_related", "applied", "used_before")
    facts.update({name: flag() for name in flags})
    return facts | {
        "kind": rng.choice((None, *KINDS)),
        "office": rng.choice(("CN", "CN", "CN", "CN", "US", None)),
        "status": rng.choice((None, "granted", "granted", *STATUSES)),
        "acquired": rng.choice((None, *ACQUIRED)),
        "applicants": rng.choice((None, (), names(rng), names(rng))),
        "owners": rng.choice((None, (), names(rng), names(rng))),
        "foreign_grants": rng.choice((None, (), ("CN",), ("TW",), ("US", "CN"))),
        "award": rng.choice((None, *AWARDS)),
    }


def portfolio(seed: int) -> Portfolio:
    """The portfolio of this number, always the same."""
    rng = random.Random(seed)
    day = rng.choice(DAYS) + dt.timedelta(days=rng.choice((0, 0, 0, 0, -1, 1)))
    size = rng.choice((0, 1, 1, 2, 3, 4, 5, 6, 8, 12)) if seed % 50 else 40
    families = [None, "F1", "F1", "F2", "F3", "CN100002"] if rng.random() < 0.8 else [None]
    rights: list[Right] = []
    for at in range(size):
        if rights and rng.random() < 0.15:  # nearly the same right once more
            old = rng.choice(rights)
            facts = {name: getattr(old, name) for name in good(rng, day)}
            touched(rng, facts, day)
        elif rng.random() < 0.85:
            facts = good(rng, day)
            for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 5))):
                touched(rng, facts, day)
        else:
            facts = wild(rng, day)
        given = rng.choice(("application_no",) * 12 + ("grant_no", "publication_no", "", "all"))
        for name, tail in (("application_no", ""), ("grant_no", "B"), ("publication_no", "A")):
            if given in (name, "all"):
                facts[name] = f"CN{100001 + at}{tail}"
        rights.append(Right(family=rng.choice(families), **facts))
    return Portfolio(tuple(rights), day, rng.choice(OWNERS), rng.random() < 0.75)
