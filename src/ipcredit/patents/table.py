"""One exported table: its rows under their headings, and its columns read with problems kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import MISSING8
from ipcredit.money import shortened
from ipcredit.patents.cells import (
    BadCell,
    day_of,
    is_blank,
    is_serial,
    lists,
    numbers,
    parts,
    plain,
    texts,
)
from ipcredit.patents.heading import Heading, Row
from ipcredit.patents.layouts import NUMBER_FIELDS, UNCLEAR, ColumnMap, book, word_key
from ipcredit.patents.right import CHOICES, STATUSES, Coded
from ipcredit.sheets import Sheet

# Columns without which many rights stay unknown; that they are absent is said once.
_WANTED: Final = ("status", "filed", "granted", "owners", "product_related")
# Of several words about a status the gravest holds: what ended goes before what lives.
_GRAVITY: Final = {code: code for code in range(len(STATUSES))} | {
    STATUSES.index("granted"): 1,
    STATUSES.index("pending"): 0,
}


class Table:
    """A table being read: columns by field; problems and notes are kept as they are found."""

    def __init__(
        self,
        sheet: Sheet,
        heading: Heading,
        own: ColumnMap,
        rows: Sequence[Row],
    ) -> None:
        self.sheet, self.heading, self.own = sheet, heading, own
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        kept = self._usable(rows)
        self.rows = [number for number, _ in kept]  # as a person counts
        self.size = len(kept)
        self.columns: list[Sequence[Any]] = list(zip(*(cells for _, cells in kept), strict=True))
        layout = heading.layout
        self.separators = layout.separators if own.separators is None else own.separators
        self.people = layout.people if own.separators is None else own.separators
        self._headings()

    # -- rows and headings -------------------------------------------------------------------

    def _usable(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Rows of data, all of the heading's width, without repeated headings."""
        width = len(self.heading.names)
        if {len(cells) for _, cells in rows} - {width}:
            rows = list(self._of_width(rows, width))
        at = self.columns_of_numbers()[0]
        name = self.heading.names[at]
        repeated = [number for number, cells in rows if cells[at] == name]
        if repeated:
            shown = ", ".join(map(str, repeated[:10]))
            self.note("rights.repeated-heading", rows=shown, count=len(repeated))
            rows = [row for row in rows if row[1][at] != name]
        return rows

    def _of_width(self, rows: Sequence[Row], width: int) -> Iterator[Row]:
        for number, cells in rows:
            over = [cell for cell in cells[width:] if not is_blank(cell)]
            if over and not self.sheet.name:
                # A CSV field with a stray separator: what follows stands under a wrong heading.
                args = {"cells": len(cells), "width": width}
                where = self.sheet.place(number)
                self.problems.append(Problem("rights.row-length", where, args=args))
                continue
            yield number, [*cells[:width], *[None] * (width - len(cells))]

    def _headings(self) -> None:
        names, used = self.heading.names, set(self.heading.columns.values())
        unused = [name for at, name in enumerate(names) if name and at not in used]
        if unused:
            self.note("rights.unused-columns", names=", ".join(unused))
        for at, name in enumerate(names):
            if not name and self.size and not all(map(is_blank, self.columns[at])):
                place = self.sheet.place(self.heading.row, at)
                left = next((names[b] for b in range(at - 1, -1, -1) if names[b]), "-")
                self.problems.append(Problem("rights.no-name", place, args={"left": left}))
        given = set(self.heading.columns) | set(self.own.defaults)
        if given & {"applicants", "applicants_owners"}:
            given.add("owners")
        if "publication_on" in given:
            given.add("granted")  # the day on which a grant was published
        lacking = [f for f in _WANTED if f not in given]
        if "status" in given and not given & {"status_on", "status_event_on"}:
            lacking.append("status_on")
        if lacking:
            self.note("rights.lacking", fields=", ".join(lacking))

    def columns_of_numbers(self) -> list[int]:
        """The columns that give numbers, the most telling first."""
        found = self.heading.columns
        return [found[field] for field in NUMBER_FIELDS if field in found]

    def note(self, code: str, **args: Any) -> None:
        """Keep something worth knowing about the whole table."""
        self.notes.append(Problem(code, self.sheet.place(self.heading.row), args=args))

    def place(self, row: int, field: str) -> str:
        """The place of a field's cell, by position of the row."""
        return self.sheet.place(self.rows[row], self.heading.columns[field])

    def name(self, field: str) -> str:
        """The heading of a field's column."""
        return self.heading.names[self.heading.columns[field]]

    def cells(self, field: str) -> Sequence[Any] | None:
        """The cells of a field's column, None where there is no such column."""
        at = self.heading.columns.get(field)
        return None if at is None else self.columns[at] if self.columns else ()

    # -- columns -----------------------------------------------------------------------------

    def figures(self, field: str, read: Callable[[Any], int], missing: int) -> NDArray[Any]:
        """A column of numbers; its bad cells become problems."""
        cells = self.cells(field)
        if cells is None:
            return self._default(field, read, missing)
        column = numbers(cells, read, missing)
        if column.bad:
            self._bad(field, cells, column.bad, each=field not in CHOICES)
        if read is day_of and any(is_serial(cell) for cell in set(cells) - column.bad.keys()):
            self.note("rights.serial-dates", name=self.name(field))
        values = column.values
        if field in self.own.defaults:
            values = np.where(values == missing, self._default(field, read, missing), values)
        return values

    def _default(self, field: str, read: Callable[[Any], int], missing: int) -> NDArray[Any]:
        given = self.own.defaults.get(field)
        value = missing
        if given is not None:
            try:
                value = read(given)
            except BadCell as error:
                raise UsageError(
                    Problem(f"rights.{error.code}", self.own.name, f"defaults.{field}",
                            {"value": shortened(str(given))})
                ) from None  # fmt: skip
        dtype = np.int8 if missing == MISSING8 else np.int64
        return np.full(self.size, value, dtype)

    def _bad(self, field: str, cells: Sequence[Any], bad: dict[Any, str], *, each: bool) -> None:
        """Problems of cells that cannot be used: each, or one for every distinct word."""
        seen: dict[Any, list[int]] = {}
        for row, cell in enumerate(cells):
            if cell in bad:
                seen.setdefault(cell, []).append(row)
        for cell, rows in seen.items():
            for row in rows if each else rows[:1]:
                args = {"value": shortened(str(cell)), "count": len(rows)}
                where = self.place(row, field)
                self.problems.append(Problem(f"rights.{bad[cell]}", where, self.name(field), args))

    def choice(self, field: str) -> NDArray[np.int8]:
        """A column of words from a list of choices; words that are not known become problems."""
        own = self.own.words.get(field, {})

        def read(cell: Any) -> int:
            text = plain(cell)
            found = own.get(word_key(text), "")
            several = parts(text, self.separators)
            means = [found] if found else [book().meaning(field, part) for part in several]
            if UNCLEAR in means:
                return MISSING8
            known = [CHOICES[field].index(word) for word in means if word]
            if not known:
                raise BadCell("word")
            # "granted; transferred; fee not paid": what ended goes before what lives.
            return max(known, key=_GRAVITY.__getitem__) if field == "status" else known[0]

        return self.figures(field, read, MISSING8)

    def words(self, field: str) -> Coded[Any]:
        """A column of texts, or the default of a person's own map."""
        cells = self._cells_or_default(field)
        return Coded.absent(self.size) if cells is None else texts(cells)

    def list_of(self, field: str, item: Callable[[str], str]) -> Coded[Any]:
        """A column of lists, each part read by ``item``."""
        cells = self._cells_or_default(field)
        if cells is None:
            return Coded.absent(self.size)
        return lists(cells, self.separators, item)

    def people_count(self, field: str) -> NDArray[np.int64]:
        """How many names stand in each cell; the names themselves are not kept."""
        cells = self.cells(field)
        assert cells is not None
        return numbers(cells, lambda cell: len(parts(str(cell), self.people))).values

    def _cells_or_default(self, field: str) -> Sequence[Any] | None:
        cells, default = self.cells(field), self.own.defaults.get(field)
        if default is None:
            return cells
        if cells is None:
            return [default] * self.size
        return [default if is_blank(cell) else cell for cell in cells]
