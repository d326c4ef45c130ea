"""One right as a record says it is, and many of them as columns.

Not known is never zero: a fact that the record does not give is ``None`` in a :class:`Right`,
``MISSING`` in a column of numbers and ``-1`` in a column of words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import Problem
from ipcredit.fields import EPOCH, MISSING, MISSING8

KINDS: Final = (
    "invention",
    "utility_model",
    "design",
    "software_copyright",
    "plant_variety",
    "ic_layout",
    "national_drug",
    "tcm_protection",
    "crop_variety",
    "pct_invention",
    "pct_utility",
    "other",
)
"""What a right is; ``pct_*`` came into China through an international application.  ``other`` is
known to be none of the kinds before it (a trademark, a second-class protected medicine)."""

STATUSES: Final = (
    "granted",
    "pending",
    "lapsed",
    "expired",
    "withdrawn",
    "refused",
    "invalidated",
)
ACQUIRED: Final = ("own", "transfer", "gift", "acquisition")

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "status": STATUSES,
    "acquired": ACQUIRED,
}
"""Columns of codes: int8, the index of the word, ``MISSING8`` when not known."""
FLAGS: Final = (
    "licensed",
    "pledged",
    "pledge_large",
    "litigated",
    "product_related",
    "applied",
    "used_before",
)
"""Columns of yes (1), no (0) and not known (``MISSING8``): int8."""
DATES: Final = ("filed", "published", "granted", "lapsed", "expires", "status_on", "transferred_on")
"""Columns of days since 1970-01-01: int64, ``MISSING`` when not known."""
COUNTS: Final = (
    "claims",
    "family_size",
    "backward_citations",
    "forward_citations",
    "forward_citations_5y",
    "inventors",
)
"""Columns of whole numbers: int64, ``MISSING`` when not known."""
WORDS: Final = (
    "office",
    "application_no",
    "publication_no",
    "grant_no",
    "title",
    "family",
    "award",
)
LISTS: Final = ("ipc", "applicants", "owners", "foreign_grants", "citing")


@dataclass(frozen=True, slots=True)
class Citation:
    """A later patent that refers to this one: the day it was filed or published, and its IPC."""

    on: dt.date | None
    ipc: str


@dataclass(frozen=True, slots=True)
class Right:
    """One patent, software copyright, plant variety, layout or approved drug.

    Numbers are normalised (``CN201710123456.7``, ``CN107123456B``).  ``None`` is "not known";
    an empty list or text is "known to be none".  ``status`` holds on ``status_on``.
    ``granted`` is the day of grant or registration, ``expires`` the first day on which the
    right is over by its term, as the record says.  ``claims`` and the like are counts;
    ``inventors`` is their number, their names are not kept.  ``forward_citations`` are all
    later patents that refer to this one, ``forward_citations_5y`` those of the first five
    years, ``backward_citations`` those that this one refers to.  ``applied``: in use with
    economic benefit; ``used_before``: used in an earlier accreditation; ``pledge_large``: large
    pledge financing on it.  ``where`` is the sheet and cell of the record's number.

    >>> Right(kind="invention", filed=dt.date(2017, 3, 1)).claims is None
    True
    """

    kind: str | None = None
    office: str | None = None
    application_no: str | None = None
    publication_no: str | None = None
    grant_no: str | None = None
    title: str | None = None
    filed: dt.date | None = None
    published: dt.date | None = None
    granted: dt.date | None = None
    lapsed: dt.date | None = None
    expires: dt.date | None = None
    status: str | None = None
    status_on: dt.date | None = None
    ipc: tuple[str, ...] | None = None
    claims: int | None = None
    family: str | None = None
    family_size: int | None = None
    backward_citations: int | None = None
    forward_citations: int | None = None
    forward_citations_5y: int | None = None
    citing: tuple[Citation, ...] | None = None
    inventors: int | None = None
    applicants: tuple[str, ...] | None = None
    owners: tuple[str, ...] | None = None
    acquired: str | None = None
    transferred_on: dt.date | None = None
    licensed: bool | None = None
    pledged: bool | None = None
    pledge_large: bool | None = None
    litigated: bool | None = None
    product_related: bool | None = None
    applied: bool | None = None
    used_before: bool | None = None
    foreign_grants: tuple[str, ...] | None = None
    award: str | None = None
    where: str = field(default="", compare=False)
    remarks: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def number(self) -> str:
        """The number by which a person finds it: of application, else of grant or publication."""
        return self.application_no or self.grant_no or self.publication_no or ""


T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Coded(Generic[T]):
    """A column of words: ``words[codes[row]]``, ``-1`` when not known; each word stands once.

    >>> column = Coded.of(["H04L", None, "H04L"])
    >>> column.codes.tolist(), column.words, column[2], column[1]
    ([0, -1, 0], ('H04L',), 'H04L', None)
    """

    codes: NDArray[np.int32]
    words: tuple[T, ...]

    @classmethod
    def of(cls, items: Iterable[T | None]) -> Coded[T]:
        """The column of these items, hashable, in the order of their first appearance."""
        items = list(items)
        words = [word for word in dict.fromkeys(items) if word is not None]
        table: dict[T | None, int] = {word: code for code, word in enumerate(words)}
        table[None] = -1
        return cls(np.fromiter(map(table.__getitem__, items), np.int32, len(items)), tuple(words))

    @classmethod
    def absent(cls, size: int) -> Coded[T]:
        """A column of which nothing is known."""
        return cls(np.full(size, -1, np.int32), ())

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> T | None:
        code = int(self.codes[row])
        return None if code < 0 else self.words[code]

    def each(self, read: Callable[[T], int], missing: int = MISSING) -> NDArray[np.int64]:
        """A column of numbers from a function of the word, called once for each word."""
        table = np.array([*(read(word) for word in self.words), missing], np.int64)
        return table[self.codes]

    def map(self, read: Callable[[T], S | None]) -> Coded[S]:
        """A column of other words from a function of the word, called once for each word."""
        known: dict[S | None, int] = {None: -1}
        table = [known.setdefault(read(word), len(known) - 1) for word in self.words]
        words = tuple(word for word in known if word is not None)
        return Coded(np.array([*table, -1], np.int32)[self.codes], words)

    def take(self, rows: NDArray[Any]) -> Coded[T]:
        """The same column with only these rows."""
        return Coded(self.codes[rows], self.words)


def _no_place(row: int) -> str:
    return ""


class _Moved(Mapping[int, tuple[Problem, ...]]):
    """Remarks by the positions that some rights have now, looked up where they were before."""

    def __init__(self, remarks: Mapping[int, tuple[Problem, ...]], rows: Sequence[int]) -> None:
        self._remarks = remarks
        self._rows = {at: row for at, row in enumerate(rows) if row in remarks}

    def __getitem__(self, row: int) -> tuple[Problem, ...]:
        return self._remarks[self._rows[row]]

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, slots=True)
class Rights:
    """Many rights, one column for each fact; ``right(row)`` makes the record of one of them.

    ``columns`` holds every name of ``CHOICES``, ``FLAGS``, ``DATES`` and ``COUNTS``, ``texts``
    every name of ``WORDS`` and ``LISTS``.  ``rows`` are the rows of the sheet they come from
    (counted from 1) and ``place`` turns one into a place for messages.  ``remarks`` are those
    of single rights by position; ``problems`` and ``notes`` are those of the file: what could
    not be used, and what is worth knowing.

    >>> rights = Rights.of([Right(kind="design", claims=1), Right(kind="invention")])
    >>> len(rights), rights.columns["claims"].tolist() == [1, MISSING], rights.right(1).kind
    (2, True, 'invention')
    """

    columns: Mapping[str, NDArray[Any]]
    texts: Mapping[str, Coded[Any]]
    rows: NDArray[np.int64]
    place: Callable[[int], str] = _no_place
    remarks: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    source: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Right]:
        return (self.right(row) for row in range(len(self)))

    @classmethod
    def of(cls, rights: Sequence[Right]) -> Rights:
        """The columns of these records."""
        columns = {name: _numbers(name, (getattr(r, name) for r in rights)) for name in _NUMERIC}
        texts = {name: Coded.of(getattr(r, name) for r in rights) for name in (*WORDS, *LISTS)}
        places = [right.where for right in rights]
        return cls(
            columns,
            texts,
            np.arange(1, len(rights) + 1),
            lambda row: places[row - 1],
            {at: right.remarks for at, right in enumerate(rights) if right.remarks},
        )

    def right(self, row: int) -> Right:
        """The record at this position (from 0)."""
        found: dict[str, Any] = {name: self.texts[name][row] for name in (*WORDS, *LISTS)}
        for name in _NUMERIC:
            found[name] = plain_value(name, int(self.columns[name][row]))
        found["where"] = self.place(int(self.rows[row]))
        found["remarks"] = self.remarks.get(row, ())
        return Right(**found)

    def number(self, row: int) -> str:
        """The number of the record at this position, as :attr:`Right.number`."""
        names = ("application_no", "grant_no", "publication_no")
        return next((text for name in names if (text := self.texts[name][row])), "")

    def take(self, rows: NDArray[Any]) -> Rights:
        """Only these positions, in this order; problems and notes of the file stay."""
        return replace(
            self,
            columns={name: column[rows] for name, column in self.columns.items()},
            texts={name: column.take(rows) for name, column in self.texts.items()},
            rows=self.rows[rows],
            remarks=_Moved(self.remarks, rows.tolist()),
        )


_NUMERIC: Final = (*CHOICES, *FLAGS, *DATES, *COUNTS)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01, as columns hold a date.

    >>> day_number(dt.date(1970, 1, 2))
    1
    """
    return day.toordinal() - EPOCH


def missing_of(name: str) -> int:
    """What "not known" is in this column of numbers."""
    return MISSING8 if name in CHOICES or name in FLAGS else MISSING


def _numbers(name: str, items: Iterable[Any]) -> NDArray[Any]:
    """A column from the values of records."""
    missing = missing_of(name)
    found: list[int] = []
    for item in items:
        if item is None:
            found.append(missing)
        elif name in CHOICES:
            found.append(CHOICES[name].index(item))
        else:
            found.append(day_number(item) if name in DATES else int(item))
    return np.array(found, np.int8 if missing == MISSING8 else np.int64)


def plain_value(name: str, value: int) -> Any:
    """One value of a column as a record holds it."""
    if value == missing_of(name):
        return None
    if name in CHOICES:
        return CHOICES[name][value]
    if name in FLAGS:
        return bool(value)
    return dt.date.fromordinal(value + EPOCH) if name in DATES else value
