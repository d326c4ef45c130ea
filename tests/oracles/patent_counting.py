"""Which rights count, said a second time: one right after the other, one question after the other.

Written from the rules alone, without sight of the engine, with the standard library only.
``True`` is yes, ``False`` is no, ``None`` is not known.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

CLASS_1 = (
    "invention",
    "pct_invention",
    "plant_variety",
    "crop_variety",
    "national_drug",
    "tcm_protection",
    "ic_layout",
)
CLASS_2 = ("utility_model", "pct_utility", "design", "software_copyright")
INVENTIONS = ("invention", "pct_invention")
UTILITIES = ("utility_model", "pct_utility")
PATENTS = (*INVENTIONS, *UTILITIES, "design")
MAIN_OFFICES = "AR AU BR CA CN FR DE IN ID IT JP KR MX RU SA ZA TR GB US SG EP"
AWARDS = (
    "中国专利",
    "国家科学技术",
    "国家技术发明",
    "国家科技进步",
    "国家自然科学",
    "china patent",
    "national science and technology",
)
CLASS_FIELDS_2 = ("class2_related", "class2_kept_2y", "class2_unused")
KIND_FIELDS = ("invention_patents", "utility_models", "designs", "software_copyrights")
FIELDS = (
    "class1_related",
    "class1_owned",
    "class1_held_1y",
    "class1_applied",
    "class1_high_value",
    *CLASS_FIELDS_2,
    *KIND_FIELDS,
    "patents_pledged",
)

Answer = bool | None


def every(*answers: Answer) -> Answer:
    """One no makes it no; else one unknown makes it unknown."""
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def some(*answers: Answer) -> Answer:
    """One yes makes it yes; no when all are no; else unknown."""
    if any(answer is True for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day of a later year; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 2, 28)


def plain(name: str) -> str:
    """A name as it is compared."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def countable(r: Any) -> Answer:
    """Section 1."""
    kind = None if r.kind is None else r.kind != "other"
    office = None if r.office is None else r.office == "CN"
    nameless = r.application_no is None and r.grant_no is None and r.publication_no is None
    return every(kind, office, None if nameless else True)


def end_of(r: Any) -> dt.date | None:
    """Section 2."""
    if r.expires is not None:
        return r.expires  # type: ignore[no-any-return]
    if r.filed is None:
        return None
    if r.kind in INVENTIONS:
        return years_after(r.filed, 20)
    if r.kind in UTILITIES:
        return years_after(r.filed, 10)
    if r.kind == "design":
        return years_after(r.filed, 15 if r.filed >= dt.date(2021, 6, 1) else 10)
    return None


def after(first: dt.date | None, second: dt.date | None) -> bool:
    """Both are known and the first is later."""
    return first is not None and second is not None and first > second


def in_force(r: Any, day: dt.date) -> tuple[Answer, str]:
    """Section 3: the answer, and the line of the rules that gave it (lines 1 to 6)."""
    end = end_of(r)
    if after(r.filed, r.granted) or after(r.filed, r.lapsed) or after(r.filed, end):
        return None, "1 filed"
    if after(r.granted, r.lapsed) or after(r.granted, end):
        return None, "1 granted"
    if r.status == "invalidated":
        return False, "2"
    if r.granted is not None and day < r.granted:
        return False, "3"
    if end is not None and day >= end:
        return False, "4"
    if r.lapsed is not None and day >= r.lapsed:
        return False, "5"
    if r.status in ("withdrawn", "refused") and r.granted is None and r.lapsed is None:
        return False, "6"
    return by_status(r, day, end, r.status_on)


def by_status(
    r: Any, day: dt.date, end: dt.date | None, known: dt.date | None
) -> tuple[Answer, str]:
    """Section 3, lines 7 to 10."""
    if r.status in ("lapsed", "expired", "withdrawn", "refused"):
        if known is not None and day >= known:
            return False, "7 no"
        over = r.lapsed is not None or (r.status == "expired" and end is not None)
        return (True, "7 yes") if r.granted is not None and over else (None, "7 unknown")
    if r.status == "pending":
        return (False, "8 no") if r.granted is None else (None, "8 unknown")
    if r.status == "granted" and known is not None:
        if day < known:
            return (None, "9 before unknown") if r.granted is None else (True, "9 before yes")
        if day == known:
            return True, "9 same"
        if r.kind != "software_copyright" and (day - known).days > 365:
            return None, "9 old"
        return (None, "9 endless") if end is None else (True, "9 after")
    if r.kind == "software_copyright":
        if r.granted is not None and end is not None:
            return True, "10 software yes"
        return None, "10 software unknown"
    if r.status is None and r.granted is not None and r.lapsed is not None:
        return True, "10 yes"
    return None, "10 unknown"


def place_of(r: Any, day: dt.date, firm: set[str]) -> tuple[Answer, int | None, str]:
    """Section 4: owned, the place among the holders, and the line of the rules."""
    applicants = [plain(name) for name in r.applicants or ()]
    owners = [plain(name) for name in r.owners or ()]
    if r.transferred_on is not None:
        line = "1" if day < r.transferred_on else "2"
        holders = applicants if line == "1" else owners
    elif applicants and owners:
        line, holders = "3", owners
        if set(applicants) != set(owners):
            line = "4 later"
            if r.status_on is None or day < r.status_on:
                before, now = bool(firm & set(applicants)), bool(firm & set(owners))
                if before != now:
                    return None, None, "4 one"
                if not now:
                    return False, None, "4 neither"
                line = "4 both"
    elif owners:
        line, holders = "5", owners
        early = r.status_on is None or day < r.status_on
        if early and r.acquired in ("transfer", "gift", "acquisition"):
            return None, None, "5 unknown"
    else:
        line, holders = ("6" if applicants else "7"), applicants
    if not holders:
        return None, None, line + " unknown"
    for at, name in enumerate(holders, 1):
        if name in firm:
            return True, at, line + " yes"
    return False, None, line + " no"


def high_value(r: Any, day: dt.date) -> Answer:
    """Section 5: any of four."""
    abroad = kept = award = None
    if r.foreign_grants is not None:
        abroad = any(
            office in MAIN_OFFICES.split() and office != "CN" for office in r.foreign_grants
        )
    if r.granted is not None:
        kept = day > years_after(r.granted, 10)
    large = r.pledge_large
    if large is None and r.pledged is False:
        large = False
    if r.award is not None:
        award = any(word in r.award.casefold() for word in AWARDS)
    return some(abroad, kept, large, award)


def answers(r: Any, day: dt.date, owner: str | tuple[str, ...] | None) -> dict[str, Answer]:
    """Sections 1 to 6: what one right answers to every field."""
    how: str | None = r.acquired
    if owner is None:
        owned, first_three = True, True
    else:
        firm = {plain(name) for name in ((owner,) if isinstance(owner, str) else owner)}
        owned, place, _ = place_of(r, day, firm)  # type: ignore[assignment]
        first_three = None if place is None else place <= 3  # type: ignore[assignment]
        if how is None and r.applicants:
            how = "own" if any(plain(name) in firm for name in r.applicants) else "transfer"
    own = None if how is None else how == "own"

    held: Answer = None
    if how == "own":
        held = True
    elif r.transferred_on is not None:
        if day >= years_after(r.transferred_on, 1):
            held = True
        else:
            held = None if how is None else False

    kept: Answer = None
    if r.kind == "software_copyright":
        kept = True
    elif r.granted is not None:
        kept = day > years_after(r.granted, 2)

    def kind(*kinds: str) -> Answer:
        return None if r.kind is None else r.kind in kinds

    unused = None if r.used_before is None else not r.used_before
    base = every(countable(r), in_force(r, day)[0], owned)
    first = every(base, kind(*CLASS_1), r.product_related)
    second = every(base, kind(*CLASS_2), r.product_related)
    return {
        "class1_related": first,
        "class1_owned": every(first, own),
        "class1_held_1y": every(first, held),
        "class1_applied": every(first, own, r.applied, first_three),
        "class1_high_value": every(first, high_value(r, day)),
        "class2_related": second,
        "class2_kept_2y": every(second, kept),
        "class2_unused": every(second, unused),
        "invention_patents": every(base, kind(*INVENTIONS)),
        "utility_models": every(base, kind(*UTILITIES)),
        "designs": every(base, kind("design")),
        "software_copyrights": every(base, kind("software_copyright")),
        "patents_pledged": every(base, kind(*PATENTS), r.pledged),
    }


def count(
    rights: list[Any],
    day: dt.date,
    owner: str | tuple[str, ...] | None,
    per_family: bool = True,
) -> tuple[dict[str, int], dict[str, int]]:
    """Section 7: the families that count in every field, and those that are open."""
    families: dict[tuple[str, object], list[dict[str, Answer]]] = {}
    for at, r in enumerate(rights):
        single = r.family is None or not per_family
        key = ("single", at) if single else ("family", r.family)
        families.setdefault(key, []).append(answers(r, day, owner))
    counts, unsure = dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0)
    for members in families.values():
        whole = {name: some(*(member[name] for member in members)) for name in FIELDS}
        if whole["class1_related"]:
            for name in CLASS_FIELDS_2:
                whole[name] = False
        for at, name in enumerate(KIND_FIELDS):
            if any(whole[earlier] for earlier in KIND_FIELDS[:at]):
                whole[name] = False
        for name in FIELDS:
            if whole[name] is True:
                counts[name] += 1
            elif whole[name] is None:
                unsure[name] += 1
    return counts, unsure
