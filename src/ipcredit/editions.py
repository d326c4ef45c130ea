"""Which edition of a scheme held on a day, and how sure that is.

Dates of public schemes are often known only in part.  Between two known states the answer is
refused and names both; after the last one it is given with the day it was last confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ipcredit.errors import Problem, UsageError
from ipcredit.reader import Cursor


class InForce(NamedTuple):
    """What is known about the days an edition holds; ``None`` where it is not public.

    ``start`` / ``until``: first and last day.  ``after``: it began after this day.  ``seen`` /
    ``last_seen``: first and last day on which it was seen in force.
    """

    start: dt.date | None = None
    until: dt.date | None = None
    after: dt.date | None = None
    seen: dt.date | None = None
    last_seen: dt.date | None = None

    @property
    def first_known(self) -> dt.date | None:
        """The first day on which it is known to hold."""
        return self.start or self.seen or self.last_seen

    @property
    def last_known(self) -> dt.date | None:
        """The last day on which it is known to hold; ``None`` where it is open-ended."""
        return self.until or self.last_seen or (None if self.start else self.seen)

    def holds(self, on: dt.date) -> bool:
        """Whether it is known to hold on that day."""
        first, last = self.first_known, self.last_known
        return first is not None and first <= on and (last is None or on <= last)

    def text(self) -> str:
        """The known dates in ISO form, ``?`` where not public.

        >>> InForce(after=dt.date(2018, 8, 29), seen=dt.date(2023, 8, 11)).text()
        '(2018-08-29..2023-08-11] .. ?'
        """
        if self.start:
            begins = self.start.isoformat()
        elif self.after and self.seen:
            begins = f"({self.after}..{self.seen}]"
        else:
            begins = f"<= {self.seen}" if self.seen else "?"
        if self.until:
            return f"{begins} .. {self.until}"
        if self.last_seen:
            return f"{begins} .. >= {self.last_seen}"
        return f"{begins} .. ?" if not self.start else f"{begins} .."


_KEYS = ("from", "until", "after", "seen", "last_seen")


def known_dates(table: Any) -> InForce | None:
    """The dates of a table ``in_force`` as it stands in a file, unchecked but for their type."""
    days = [table.get(key) for key in _KEYS] if isinstance(table, Mapping) else []
    if not any(days) or not all(day is None or type(day) is dt.date for day in days):
        return None
    return InForce(*days)


def in_force(cur: Cursor) -> InForce:
    """Read ``in_force = { from = …, until = … }`` or ``{ after = …, seen = …, last_seen = … }``."""
    found = InForce(*map(cur.date, _KEYS))
    for key in _KEYS:
        if cur.has(key):
            cur.record(cur.take(key), key)
    cur.finish(_KEYS)
    if not any(map(cur.has, ("from", "seen", "last_seen"))):
        cur.problem("policy.no-date")
    known = [day for day in (found.after, found.start, found.seen, found.last_seen) if day]
    if found.until:
        known.append(found.until)
    if known != sorted(known):
        cur.problem("policy.dates-order", given=", ".join(map(str, known)))
    return found


class Answer(NamedTuple):
    """The edition that answers for a day; ``last_confirmed`` where it is past what is known."""

    edition: str
    last_confirmed: dt.date | None = None


def _last_before(dates: InForce, following: InForce) -> dt.date:
    """The last day an edition is known to hold, given that another one followed."""
    if dates.last_known is not None:
        return dates.last_known
    if following.start is not None:
        return following.start - dt.timedelta(days=1)
    # How long it held is not known: until the day after which the next one began, if that is.
    return following.after or dates.first_known or dt.date.min


def choose(
    scheme: str, editions: Sequence[tuple[str, InForce]], on: dt.date, kind: str = "policy"
) -> Answer:
    """The edition of ``scheme`` that held on the day ``on``; ``kind``: of what there are editions.

    Raises:
        UsageError: the day lies before the first known state, between two known states, or
            after the scheme's last day; the problem names what is known.
    """
    known = sorted(editions, key=lambda item: item[1].first_known or dt.date.max)
    following: InForce | None = None
    for name, dates in reversed(known):  # where two overlap, the later one has replaced the other
        if dates.holds(on) and (following is None or on <= _last_before(dates, following)):
            return Answer(name)
        following = dates
    earlier = [(name, dates) for name, dates in known if (dates.first_known or on) < on]
    later = [(name, dates) for name, dates in known if (dates.first_known or on) > on]
    args = {"on": on.isoformat(), "scheme": scheme}
    if not earlier:
        name, dates = later[0]
        args |= {"edition": name, "dates": dates.text()}
        raise UsageError(Problem(f"{kind}.before-first", key="on", args=args))
    name, dates = earlier[-1]
    if later:
        other, other_dates = later[0]
        args |= {"edition": name, "dates": dates.text()}
        args |= {"other": other, "other_dates": other_dates.text()}
        raise UsageError(Problem(f"{kind}.between", key="on", args=args))
    if dates.until is not None:
        args |= {"edition": name, "until": dates.until.isoformat()}
        raise UsageError(Problem(f"{kind}.ended", key="on", args=args))
    return Answer(name, dates.last_known)
