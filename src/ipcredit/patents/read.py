"""Rights from a table that somebody has exported: CSV or XLSX, in a known layout or with a map.

Columns are read, not rows: every distinct cell once, records only when somebody looks at one.
What cannot be used is a problem with sheet and cell, and the rest of its row is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import MISSING, MISSING8
from ipcredit.patents.cells import count_of, day_of, flag_of, ipc_item, name_item
from ipcredit.patents.families import (
    citing_of,
    family_of,
    grants_abroad,
    member_item,
    office_of,
    offices_of,
)
from ipcredit.patents.heading import find_heading
from ipcredit.patents.layouts import NUMBER_FIELDS, ColumnMap
from ipcredit.patents.merge import merged
from ipcredit.patents.numbers import Number
from ipcredit.patents.right import (
    ACQUIRED,
    COUNTS,
    DATES,
    FLAGS,
    STATUSES,
    Coded,
    Rights,
    day_number,
)
from ipcredit.patents.row_numbers import RowNumbers, read_numbers
from ipcredit.patents.table import Table
from ipcredit.sheets import open_sheet

Ints = NDArray[np.int64]

_DEAD: Final = [STATUSES.index(name) for name in STATUSES if name not in ("granted", "pending")]
_DIGITS: Final = re.compile(r"[0-9]+")


def read_rights(
    path: str | Path,
    column_map: ColumnMap | None = None,
    *,
    exported: dt.date | None = None,
) -> Rights:
    """The rights in a CSV or XLSX file.

    ``exported`` is the day of the export, on which the statuses hold, where no column says it.
    The result's ``problems`` are cells that could not be used, each with its place; its ``notes``
    are worth knowing.  Rows of one number are one right.

    Raises:
        UsageError: the file cannot be read, has no heading, or no column of numbers.
    """
    own = column_map or ColumnMap()
    sheet = open_sheet(path, own.sheet)
    rows = list(sheet.rows)
    if not rows:
        raise UsageError(Problem("rights.empty", str(path)))
    heading = find_heading(sheet, rows, own)
    table = Table(sheet, heading, own, rows[heading.data :])
    return merged(_rights(table, exported))


def _rights(table: Table, exported: dt.date | None) -> Rights:
    """All columns of a table, joined where two of them say one thing."""
    kinds = table.choice("kind")
    found = _numbers(table, kinds)
    columns: dict[str, NDArray[Any]] = {"kind": np.array(found.kind, np.int8)}
    columns |= {name: table.choice(name) for name in ("status", "acquired")}
    columns |= {name: table.figures(name, flag_of, MISSING8) for name in FLAGS}
    columns |= {name: table.figures(name, day_of, MISSING) for name in DATES}
    columns |= {name: table.figures(name, count_of, MISSING) for name in COUNTS}
    if "inventor_names" in table.heading.columns and "inventors" not in table.heading.columns:
        # Their number only: names of people are not kept.
        columns["inventors"] = table.people_count("inventor_names")
    _dates(table, columns, found, exported)
    words = _words(table, found)
    _people(table, columns, words)
    at = table.columns_of_numbers()[0]
    table.problems += found.problems
    return Rights(
        columns,
        words,
        np.array(table.rows, np.int64),
        lambda row: table.sheet.place(row, at),
        _Remarks(found.remarked, table.place, table.name),
        tuple(sorted(table.problems, key=_down_the_sheet)),
        tuple(table.notes),
        table.sheet.file,
    )


def _numbers(table: Table, kinds: NDArray[np.int8]) -> RowNumbers:
    offices = table.words("office")
    codes = offices.map(lambda word: office_of(word) or word)
    cells = {name: table.cells(name) for name in NUMBER_FIELDS if name in table.heading.columns}
    column = [codes[row] for row in range(table.size)] if offices.words else [None] * table.size
    return read_numbers(
        {name: found for name, found in cells.items() if found is not None},
        kinds,
        column,
        table.place,
        table.name,
    )


def _dates(
    table: Table, columns: dict[str, NDArray[Any]], found: RowNumbers, exported: dt.date | None
) -> None:
    """Dates that belong to a number or a status put where they belong."""
    stage = np.array(found.stage)
    out = table.figures("publication_on", day_of, MISSING)
    # The right takes effect on the day its grant is published.
    for name, when in (("granted", "grant"), ("published", "application")):
        fill = (columns[name] == MISSING) & (stage == when)
        columns[name] = np.where(fill, out, columns[name])
    if exported is not None:
        blank = columns["status_on"] == MISSING
        columns["status_on"] = np.where(blank, day_number(exported), columns["status_on"])
    # A status was true on the day it was announced, and at the export.  One that ended the right
    # holds from the earlier of the two, one that lives from the later.
    as_of, event = columns["status_on"], table.figures("status_event_on", day_of, MISSING)
    both = (as_of != MISSING) & (event != MISSING)
    dead = np.isin(columns["status"], _DEAD)
    joined = np.where(dead, np.minimum(as_of, event), np.maximum(as_of, event))
    columns["status_on"] = np.where(both, joined, np.where(as_of == MISSING, event, as_of))
    _filed(table, columns, np.array(found.year, np.int64))


def _filed(table: Table, columns: dict[str, NDArray[Any]], years: Ints) -> None:
    """A filing date after the year of the application number contradicts it and is not used."""
    filed = columns["filed"]
    of = np.where(filed == MISSING, 0, filed).astype("datetime64[D]").astype("datetime64[Y]")
    late = (years > 0) & (filed != MISSING) & (of.astype(np.int64) + 1970 > years)
    for row in np.flatnonzero(late).tolist():
        args = {
            "date": str(filed[row : row + 1].astype("datetime64[D]")[0]),
            "year": int(years[row]),
        }
        where = table.place(row, "filed") if "filed" in table.heading.columns else ""
        table.problems.append(Problem("rights.filed-year", where, "filed", args))
    columns["filed"] = np.where(late, MISSING, filed)


def _words(table: Table, found: RowNumbers) -> dict[str, Coded[Any]]:
    words: dict[str, Coded[Any]] = {
        "application_no": Coded.of(found.application_no),
        "publication_no": Coded.of(found.publication_no),
        "grant_no": Coded.of(found.grant_no),
        "office": Coded.of(found.office),
        "title": table.words("title"),
        "award": _award(table.words("award")),
        "family": table.words("family"),
        "ipc": _classes(table),
        "applicants": table.list_of("applicants", name_item),
        "owners": table.list_of("owners", name_item),
        "citing": citing_of(table.list_of("citing", name_item)),
        "foreign_grants": offices_of(table.list_of("foreign_grants", name_item)),
    }
    if "family_members" in table.heading.columns:
        members = table.list_of("family_members", member_item)
        own = [
            published or granted or None
            for published, granted in zip(found.publication_no, found.grant_no, strict=True)
        ]
        words["family"] = _filled(words["family"], family_of(own, members))
        words["foreign_grants"] = _filled(words["foreign_grants"], grants_abroad(members))
    return words


def _award(column: Coded[str]) -> Coded[str]:
    """Awards; a cell that says "none" is known to be none."""
    none = {"无", "none", "否", "没有"}
    return Coded.of("" if word in none else word for word in _items(column))


def _items(column: Coded[Any]) -> Iterator[Any]:
    return (None if code < 0 else column.words[code] for code in column.codes.tolist())


def _filled(first: Coded[Any], second: Coded[Any]) -> Coded[Any]:
    """The first column where it says something, else the second."""
    if not first.words:
        return second
    return Coded.of(
        b if a is None else a for a, b in zip(_items(first), _items(second), strict=True)
    )


def _classes(table: Table) -> Coded[tuple[str, ...]]:
    """Classes of the IPC, the main one first."""
    every = table.list_of("ipc", ipc_item)
    if "ipc_main" not in table.heading.columns:
        return every
    main = table.list_of("ipc_main", ipc_item)
    known: dict[tuple[str, ...], int] = {}
    heads = [c.each(lambda word: known.setdefault(word[:1], len(known)), -1) for c in (main, every)]
    if ((heads[0] == heads[1]) | (main.codes < 0)).all():
        return every  # as most exports have it
    return Coded.of(
        tuple(dict.fromkeys((*(first or ()), *(rest or ())))) or None
        for first, rest in zip(_items(main), _items(every), strict=True)
    )


def _people(table: Table, columns: dict[str, NDArray[Any]], words: dict[str, Coded[Any]]) -> None:
    """One column of holders, and how often a right changed hands, told apart."""
    holders = table.list_of("applicants_owners", name_item)
    words["owners"] = _filled(words["owners"], holders)
    if "transfers" not in table.heading.columns:
        return
    times = table.figures("transfers", count_of, MISSING)
    lone = (words["applicants"].codes < 0) & (words["owners"].codes >= 0)
    never = lone & (times == 0)
    if never.any():  # never transferred: who owns it applied for it
        words["applicants"] = Coded.of(
            owner if row else applicant
            for row, owner, applicant in zip(
                never.tolist(), _items(words["owners"]), _items(words["applicants"]), strict=True
            )
        )
    bought = lone & (times > 0) & (columns["acquired"] == MISSING8)
    code = ACQUIRED.index("transfer")
    columns["acquired"] = np.where(bought, code, columns["acquired"]).astype(np.int8)


def _down_the_sheet(problem: Problem) -> tuple[int, str]:
    """Problems in the order of their rows."""
    numbers = _DIGITS.findall(problem.where)
    return (int(numbers[-1]) if numbers else 0), problem.where


class _Remarks(Mapping[int, tuple[Problem, ...]]):
    """Remarks on numbers by position, worded when somebody asks."""

    def __init__(
        self,
        notes: Mapping[int, list[tuple[str, Number, Any]]],
        place: Callable[[int, str], str],
        name: Callable[[str], str],
    ) -> None:
        self._notes, self._place, self._name = notes, place, name

    def __getitem__(self, row: int) -> tuple[Problem, ...]:
        return tuple(
            remark
            for field, number, cell in self._notes[row]
            for remark in number.remarks(cell, self._place(row, field), self._name(field))
        )

    def __contains__(self, row: object) -> bool:
        return row in self._notes

    def __iter__(self) -> Iterator[int]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)
