"""Whether a right is in force on a day, and whether the firm owns it then: yes, no or unknown.

A status in an export holds on the export's date.  Later it is carried for a year at most (an
annual fee falls due each year); earlier only the dates of events tell.  What ended, by its term,
by a lapse or by a decision, is over on every later day: time passing never revives a right.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.fields import MISSING, MISSING8
from ipcredit.patents.kinds import KindRules, kind_rules
from ipcredit.patents.right import ACQUIRED, KINDS, STATUSES, Coded, Rights, day_number

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
States = NDArray[np.int8]

NO: Final = 0
UNKNOWN: Final = 1
YES: Final = 2
"""Ordered so that the least of several answers is their "and", the greatest their "or"."""

REASONS: Final[dict[str, int]] = {
    # may it count at all
    "countable": YES,
    "kind-unknown": UNKNOWN,
    "kind-other": NO,
    "office-unknown": UNKNOWN,
    "foreign": NO,
    "no-number": UNKNOWN,
    # is it in force
    "in-force": YES,
    "dates-contradict": UNKNOWN,
    "invalidated": NO,
    "not-granted": NO,
    "expired": NO,
    "lapsed": NO,
    "status-contradicts": UNKNOWN,
    "before-status": UNKNOWN,
    "status-old": UNKNOWN,
    "status-undated": UNKNOWN,
    "status-unknown": UNKNOWN,
    "term-unknown": UNKNOWN,
    "grant-unknown": UNKNOWN,
    # does the firm own it
    "owned": YES,
    "not-asked": YES,
    "not-owned": NO,
    "owner-unknown": UNKNOWN,
    "before-transfer": UNKNOWN,
    "transfer-undated": UNKNOWN,
}
"""Every reason with the answer it gives."""

_CODES: Final = {reason: code for code, reason in enumerate(REASONS)}
_STATES: Final = np.array(list(REASONS.values()), np.int8)
_WORDS: Final = tuple(REASONS)


@dataclass(frozen=True, slots=True)
class Answers:
    """An answer for each right, as the code of its reason; ``state`` is YES, NO or UNKNOWN."""

    codes: States

    @property
    def state(self) -> States:
        """YES, NO or UNKNOWN for each right."""
        return _STATES[self.codes]

    def why(self, row: int) -> str:
        """The reason of one right, a key of ``REASONS``."""
        return _WORDS[int(self.codes[row])]


@dataclass(frozen=True, slots=True)
class Standing:
    """How rights stand on a day: countable at all, in force, owned by the firm.

    ``ends`` is the first day after the term (``MISSING`` when not known), ``place`` the firm's
    place among the owners from 1 (0 when not owned or not asked), ``how`` the way it was
    acquired (index into ``ACQUIRED``, ``MISSING8`` when not known).
    """

    on: dt.date
    basis: Answers
    force: Answers
    owner: Answers
    place: Ints
    how: States
    ends: Ints

    @property
    def state(self) -> States:
        """Whether each right is countable, in force and owned, all of it."""
        both = np.minimum(self.basis.state, self.force.state)
        return np.minimum(both, self.owner.state)

    def why(self, row: int) -> str:
        """The first reason why one right does not stand; ``owned`` or ``not-asked`` if it does."""
        answers = (self.basis, self.force, self.owner)
        worst = min(int(answer.state[row]) for answer in answers)
        if worst == YES:
            return self.owner.why(row)
        return next(answer.why(row) for answer in answers if answer.state[row] == worst)


def standing(
    rights: Rights,
    on: dt.date,
    owner: str | Iterable[str] | None = None,
    rules: KindRules | None = None,
) -> Standing:
    """How each right stands on a day.

    ``owner`` is the firm's name or all its names; without it ownership is not asked.

    >>> from ipcredit.patents.right import Right
    >>> record = Right("design", "CN", "CN201330000001.9", filed=dt.date(2013, 1, 5),
    ...                status="granted", status_on=dt.date(2022, 6, 30))
    >>> rights = Rights.of([record])
    >>> days = (dt.date(2022, 6, 30), dt.date(2023, 1, 5), dt.date(2020, 1, 1))
    >>> [standing(rights, day).why(0) for day in days]
    ['not-asked', 'expired', 'before-status']
    """
    rules = rules or kind_rules()
    ends = term_ends(rights, rules)
    who, place = _owner(rights, on, owner)
    return Standing(
        on,
        _basis(rights),
        _force(rights, on, ends, rules),
        who,
        place,
        _how(rights, owner),
        ends,
    )


def years_later(days: Ints, years: int | NDArray[Any]) -> Ints:
    """The same month and day so many years later, 29 February becoming 28; ``MISSING`` stays.

    >>> day = np.array([day_number(dt.date(2012, 2, 29)), MISSING])
    >>> years_later(day, 10).tolist() == [day_number(dt.date(2022, 2, 28)), MISSING]
    True
    """
    gone = days == MISSING
    known = np.where(gone, 0, days).astype("datetime64[D]")
    months = known.astype("datetime64[M]")
    later = months + np.asarray(years, np.int64) * 12
    last = (later + 1).astype("datetime64[D]") - 1
    found = np.minimum(later.astype("datetime64[D]") + (known - months), last)
    return np.where(gone, MISSING, found.astype(np.int64))


def term_ends(rights: Rights, rules: KindRules | None = None) -> Ints:
    """The first day on which each right is over by its term: as recorded, else by its kind.

    >>> from ipcredit.patents.right import Right
    >>> rights = Rights.of([Right("invention", filed=dt.date(2005, 3, 10))])
    >>> term_ends(rights).astype("datetime64[D]").tolist()
    [datetime.date(2025, 3, 10)]
    """
    rules = rules or kind_rules()
    kind, filed = rights.columns["kind"], rights.columns["filed"]
    years = np.zeros(len(rights), np.int64)
    for code, name in enumerate(KINDS):
        found = rules.kinds[name]
        if found.years is None:
            continue
        here = kind == code
        years[here] = found.years
        if found.change is not None and found.years_before is not None:
            years[here & (filed < day_number(found.change))] = found.years_before
    by_kind = np.where(years > 0, years_later(filed, years), MISSING)
    recorded = rights.columns["expires"]
    return np.where(recorded == MISSING, by_kind, recorded)


def _decide(size: int, cases: Sequence[tuple[Any, str]], otherwise: str) -> Answers:
    """The reason of the first case that applies to each right."""
    codes = np.full(size, _CODES[otherwise], np.int8)
    for applies, reason in reversed(cases):
        codes[applies] = _CODES[reason]
    return Answers(codes)


def _basis(rights: Rights) -> Answers:
    kind = rights.columns["kind"]
    office = rights.texts["office"]
    chinese = office.each(lambda word: int(word == "CN"), -1)
    texts = rights.texts
    names = ("application_no", "grant_no", "publication_no")
    nameless = np.logical_and.reduce([texts[name].codes < 0 for name in names])
    return _decide(
        len(rights),
        [
            (kind == KINDS.index("other"), "kind-other"),
            (chinese == 0, "foreign"),
            (kind == MISSING8, "kind-unknown"),
            (nameless, "no-number"),
            (chinese < 0, "office-unknown"),
        ],
        "countable",
    )


def _force(rights: Rights, on: dt.date, ends: Ints, rules: KindRules) -> Answers:
    day = day_number(on)
    columns = rights.columns
    filed, granted, lapsed = columns["filed"], columns["granted"], columns["lapsed"]
    as_of = columns["status_on"]
    status = {name: columns["status"] == code for code, name in enumerate(STATUSES)}
    has = {
        name: column != MISSING
        for name, column in (("granted", granted), ("lapsed", lapsed), ("end", ends), ("as", as_of))
    }
    free = np.isin(columns["kind"], [KINDS.index(k) for k in KINDS if rules.kinds[k].no_fees])

    def after(first: Ints, second: Ints) -> Bools:
        return np.asarray((first != MISSING) & (second != MISSING) & (first > second))

    contradict = (
        after(filed, granted) | after(filed, lapsed) | after(filed, ends)
        | after(granted, lapsed) | after(granted, ends)
    )  # fmt: skip
    no_longer = status["withdrawn"] | status["refused"]
    dead = no_longer | status["lapsed"] | status["expired"]
    # Over later than the day asked, so that in between it was in force.
    over_later = has["lapsed"] | (status["expired"] & has["end"])
    dated = status["granted"] & has["as"]
    # From here on the day asked lies on or after the grant, and before term and lapse, where known.
    cases: list[tuple[Any, str]] = [
        (contradict, "dates-contradict"),
        (status["invalidated"], "invalidated"),
        (has["granted"] & (day < granted), "not-granted"),
        (has["end"] & (day >= ends), "expired"),
        (has["lapsed"] & (day >= lapsed), "lapsed"),
        (no_longer & ~has["granted"] & ~has["lapsed"], "not-granted"),
        (dead & has["as"] & (day >= as_of) & status["expired"], "expired"),
        (dead & has["as"] & (day >= as_of), "lapsed"),
        (dead & has["granted"] & over_later, "in-force"),
        (dead & has["as"], "before-status"),
        (dead, "status-undated"),
        (status["pending"] & ~has["granted"], "not-granted"),
        (status["pending"], "status-contradicts"),
        (dated & (day < as_of) & has["granted"], "in-force"),
        (dated & (day < as_of), "before-status"),
        (dated & (day == as_of), "in-force"),
        (dated & ~free & (day > as_of + rules.carried_days), "status-old"),
        (dated & ~has["end"], "term-unknown"),
        (dated, "in-force"),
        (free & ~has["granted"], "grant-unknown"),
        (free & ~has["end"], "term-unknown"),
        (free, "in-force"),
        (status["granted"], "status-undated"),
        (has["granted"] & has["lapsed"], "in-force"),
    ]
    return _decide(len(rights), cases, "status-unknown")


# -- owner -----------------------------------------------------------------------------------------


def name_key(name: str) -> str:
    """A name as it is compared: width, white space and case do not matter.

    >>> name_key("重庆 甲（集团）公司") == name_key("重庆甲(集团)公司")
    True
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _firm(owner: str | Iterable[str] | None) -> frozenset[str]:
    names = (owner,) if isinstance(owner, str) else owner or ()
    return frozenset(name_key(name) for name in names) - {""}


def _places(column: Coded[tuple[str, ...]], firm: frozenset[str]) -> Ints:
    """The firm's place in each list from 1; 0 when it is not in it, -1 when no list is given."""

    def place(names: tuple[str, ...]) -> int:
        keys = [name_key(name) for name in names]
        return next((at for at, key in enumerate(keys, 1) if key in firm), 0) if keys else -1

    return column.each(place, -1)


def _groups(column: Coded[tuple[str, ...]], known: dict[frozenset[str], int]) -> Ints:
    """The same number for lists that hold the same names."""

    def group(names: tuple[str, ...]) -> int:
        return known.setdefault(frozenset(name_key(name) for name in names), len(known))

    return column.each(group, -1)


def _owner(rights: Rights, on: dt.date, owner: str | Iterable[str] | None) -> tuple[Answers, Ints]:
    size = len(rights)
    if owner is None:
        return _decide(size, [], "not-asked"), np.zeros(size, np.int64)
    day, firm = day_number(on), _firm(owner)
    texts, columns = rights.texts, rights.columns
    first, last = _places(texts["applicants"], firm), _places(texts["owners"], firm)
    known: dict[frozenset[str], int] = {}
    same = _groups(texts["applicants"], known) == _groups(texts["owners"], known)
    moved, as_of = columns["transferred_on"], columns["status_on"]
    dated = moved != MISSING
    shown = (as_of != MISSING) & (day >= as_of)  # the list of owners holds on this day
    taken = columns["acquired"] > ACQUIRED.index("own")
    early = dated & (day < moved)
    both = ~dated & (first >= 0) & (last >= 0)
    open_ = both & ~same & ~shown
    cases: list[tuple[Any, str]] = [
        (early & (first < 0), "before-transfer"),
        (early & (first > 0), "owned"),
        (early, "not-owned"),
        (dated & (last < 0), "owner-unknown"),
        (dated & (last > 0), "owned"),
        (dated, "not-owned"),
        (open_ & (first > 0) & (last > 0), "owned"),
        (open_ & (first == 0) & (last == 0), "not-owned"),
        (open_, "transfer-undated"),
        (~both & (last >= 0) & taken & ~shown, "transfer-undated"),
        (last > 0, "owned"),
        (last == 0, "not-owned"),
        (first > 0, "owned"),
        (first == 0, "not-owned"),
    ]
    found = _decide(size, cases, "owner-unknown")
    place = np.where(early | (last < 0), first, last)
    return found, np.where(found.state == YES, np.maximum(place, 0), 0)


def _how(rights: Rights, owner: str | Iterable[str] | None) -> States:
    """How the firm acquired each right: as recorded, else by whether it was an applicant."""
    given: States = rights.columns["acquired"]
    if owner is None:
        return given
    first = _places(rights.texts["applicants"], _firm(owner))
    told = np.where(first > 0, ACQUIRED.index("own"), ACQUIRED.index("transfer"))
    return np.where((given == MISSING8) & (first >= 0), told, given).astype(np.int8)
