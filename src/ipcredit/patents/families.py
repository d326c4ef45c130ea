"""Families and other offices: which rows belong together, where a right is granted abroad."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from ipcredit.fields import EPOCH
from ipcredit.patents.cells import BadCell, day_of, ipc_item
from ipcredit.patents.layouts import book, word_key
from ipcredit.patents.right import Citation, Coded

_MEMBER: Final = re.compile(r"([A-Z]{2})([0-9]{4,13})([A-Z][0-9]?)?")
_CITING: Final = re.compile(r"\s*([0-9]{4}[-/.年0-9月日]*)?[\s:：,]*([A-Za-z][0-9A-Za-z/ ]*)?\s*")


def office_of(text: str) -> str:
    """The two-letter code of an office, empty when the name is not known.

    >>> office_of("美国"), office_of("us"), office_of("CN 中国"), office_of("Atlantis")
    ('US', 'US', 'CN', '')
    """
    key = word_key(text)
    found = book().offices.get(key, "")
    if not found and (code := re.match(r"[a-z]{2}(?![a-z])", key)):
        # Codes of other offices are taken as they are: all that matters is that they are not CN.
        found = book().offices.get(code[0], code[0].upper())
    return found


def offices_of(column: Coded[tuple[str, ...]]) -> Coded[tuple[str, ...]]:
    """A column of names of offices as codes, without repetitions; unknown names stay as written."""
    return column.map(lambda names: tuple(dict.fromkeys(office_of(name) or name for name in names)))


def member_item(part: str) -> str:
    """The number of a family's member: capitals and digits only.

    >>> member_item(" us 9,254,383-B2 ")
    'US9254383B2'
    """
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", part).upper())


def grants_abroad(members: Coded[tuple[str, ...]]) -> Coded[tuple[str, ...]]:
    """Offices other than CN that granted a member of the family after examination.

    The kind code tells: B and C are the publications after examination (WIPO standard ST.16);
    utility models and designs have other letters.

    >>> grants_abroad(Coded.of([("CN107123456B", "US9254383B2", "JP2019001A")]))[0]
    ('US',)
    """

    def offices(numbers: tuple[str, ...]) -> tuple[str, ...]:
        found = (_MEMBER.fullmatch(number) for number in numbers)
        granted = [m[1] for m in found if m and m[3] and m[3][0] in "BC" and m[1] != "CN"]
        return tuple(dict.fromkeys(granted))

    return members.map(offices)


def family_of(own: Sequence[str | None], members: Coded[tuple[str, ...]]) -> Coded[str]:
    """One name for every family, from each row's own number and the list of its family.

    Lists may or may not name the row itself: rows are of one family when a chain of lists
    connects them.  The kind code does not matter, so an application and its grant are one.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (up := parent.setdefault(name, name)) != name:
            parent[name] = parent[up]
            name = up
        return name

    stems = [tuple(_stem(number) for number in numbers) for numbers in members.words]
    names: list[str | None] = []
    for row, code in enumerate(members.codes.tolist()):
        mine = _stem(own[row] or "")
        linked = [stem for stem in (mine, *(stems[code] if code >= 0 else ())) if stem]
        names.append(linked[0] if code >= 0 and linked else None)
        if code < 0:
            continue
        for stem in linked[1:]:
            first, second = sorted((root(linked[0]), root(stem)))
            parent[second] = first  # the smallest number names the family, whatever the order
    return Coded.of(None if name is None else root(name) for name in names)


def _stem(number: str) -> str:
    found = _MEMBER.fullmatch(number)
    return found[1] + found[2] if found else number


def citing_of(column: Coded[tuple[str, ...]]) -> Coded[tuple[Citation, ...]]:
    """Later patents with day and class, each written ``2019-05-01 H04L29/06``, either part alone too.

    >>> citing_of(Coded.of([("2019-05-01 H04L", "G06F")]))[0][1]
    Citation(on=None, ipc='G06F')
    """
    return column.map(lambda items: tuple(_citations(items)))


def _citations(items: Iterable[str]) -> Iterable[Citation]:
    for item in items:
        found = _CITING.fullmatch(item)
        if found is None:
            continue
        day = None
        if found[1]:
            try:
                day = dt.date.fromordinal(day_of(found[1]) + EPOCH)
            except BadCell:
                day = None
        yield Citation(day, ipc_item(found[2] or ""))
