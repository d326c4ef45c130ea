"""Read a book of loans from a CSV or XLSX file, a data frame or arrays into typed columns."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.firms import check_currency
from ipcredit.portfolio_cells import CellColumn
from ipcredit.portfolio_columns import COLUMNS, Heading, heading_of, nearest_column
from ipcredit.portfolio_draft import Draft
from ipcredit.sheets import Sheet, open_sheet
from ipcredit.values import is_missing, shown

_CHUNK: Final = 16_384
_PD: Final = ("pd", "score", "rating")
_SCHEDULE: Final = ("start", "term_months", "repayment")


def draft_of_sheet(path: str | Path, currency: str, given: Mapping[str, Any]) -> Draft:
    """The columns of a file, one loan a row.

    Raises:
        UsageError: the file cannot be read, or its header is wrong.
    """
    check_currency(currency)
    sheet = open_sheet(path)
    first, header = next(sheet.rows, (0, []))
    if not header:
        raise UsageError(Problem("file.no-rows", sheet.file))
    headings = _headings(header, currency, given, lambda at: sheet.place(first, at), sheet.file)
    readers = [(at, CellColumn(heading, currency)) for at, heading in headings.items()]
    places = {heading.column.name: at for at, heading in headings.items()}
    lines = array("q")

    def place(row: int, name: str) -> str:
        return sheet.file if row < 0 else sheet.place(lines[row], places.get(name, 0))

    draft = Draft(0, currency, place)
    with _no_collection():
        _take_rows(sheet, len(header), headings, readers, lines, draft)
    draft.n = len(lines)
    for _, reader in readers:
        draft.take(reader)
    return _filled(draft, given)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Rows hold no cycles, and looking for some in a million rows takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _take_rows(
    sheet: Sheet,
    width: int,
    headings: Mapping[int, Heading],
    readers: list[tuple[int, CellColumn]],
    lines: array[int],
    draft: Draft,
) -> None:
    while rows := list(islice(sheet.rows, _CHUNK)):
        start = len(lines)
        lines.extend(number for number, _ in rows)
        cells = [row for _, row in rows]
        if any(len(row) != width for row in cells):
            cells = [_fitted(row, width, start + at, draft) for at, row in enumerate(cells)]
        columns = list(zip(*cells, strict=True))
        for at, reader in readers:
            reader.extend(columns[at])
        _strays(columns, headings, start, draft)


def draft_of_frame(data: Any, currency: str, source: str, given: Mapping[str, Any]) -> Draft:
    """The columns of a data frame or of a mapping, headed as a file is.

    Raises:
        UsageError: wrong columns.
    """
    check_currency(currency)
    names = list(data.columns) if hasattr(data, "columns") else list(data)
    headings = _headings(names, currency, given, lambda _: source, source)
    columns = {names[at]: (heading, data[names[at]]) for at, heading in headings.items()}
    return _filled(_draft(columns, currency, source), given)


def draft_of_arrays(columns: Mapping[str, Any], currency: str, source: str) -> Draft:
    """The columns given as arrays in column units; the loans are numbered if they have no names.

    Raises:
        UsageError: wrong columns.
    """
    check_currency(currency)
    # A keyword of Python cannot name an argument.
    named = {
        name.removesuffix("_"): values for name, values in columns.items() if values is not None
    }
    unknown = [_unknown(name, source) for name in named if name not in COLUMNS]
    lacking = _lacking(named, source, number_loans=True)
    if unknown or lacking:
        raise UsageError([*unknown, *lacking])
    units = {
        name: (Heading(name, COLUMNS[name], minor=COLUMNS[name].kind == "money"), values)
        for name, values in named.items()
    }
    draft = _draft(units, currency, source)
    if "loan" not in named:
        draft.loans = [str(number) for number in range(1, draft.n + 1)]
    return draft


def _draft(columns: Mapping[str, tuple[Heading, Any]], currency: str, source: str) -> Draft:
    lengths = {name: _length(values) for name, (_, values) in columns.items()}
    sizes = {size for size in lengths.values() if size >= 0}
    if len(sizes) > 1:
        found = ", ".join(f"{name} {size}" for name, size in lengths.items() if size >= 0)
        raise UsageError(Problem("portfolio.length", source, args={"found": found}))
    n = sizes.pop() if sizes else 1
    draft = Draft(n, currency, lambda row, _: source if row < 0 else f"{source}[{row}]")
    problems: list[Problem] = []
    for heading, values in columns.values():
        try:
            draft.take_values(heading, values)
        except UsageError as error:
            problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return draft


def _length(values: Any) -> int:
    """How many entries, -1 for one value that stands for all loans."""
    if isinstance(values, str) or not hasattr(values, "__len__"):
        return -1
    return -1 if getattr(values, "ndim", 1) == 0 else len(values)


def _filled(draft: Draft, given: Mapping[str, Any]) -> Draft:
    """The draft with the columns that stand as one value in the arguments."""
    for name, value in given.items():
        if _length(value) not in (-1, draft.n):
            args = {"found": f"{name} {_length(value)}, loans {draft.n}"}
            raise UsageError(Problem("portfolio.length", key=name, args=args))
        draft.take_values(Heading(name, COLUMNS[name.removesuffix("_")]), value)
    return draft


# -- headings --------------------------------------------------------------------------------


def _headings(
    names: Iterable[Any],
    currency: str,
    given: Mapping[str, Any],
    place: Callable[[int], str],
    file: str,
) -> dict[int, Heading]:
    found: dict[int, Heading] = {}
    seen: dict[str, str] = {name.removesuffix("_"): name for name in given}
    problems = [_unknown(name, "") for name in given if name.removesuffix("_") not in COLUMNS]
    for at, name in enumerate(names):
        heading = heading_of(name, currency)
        if heading is None:
            if not is_missing(name):
                problems.append(_unknown(str(name), place(at)))
        elif heading.column.name in seen:
            args = {"other": seen[heading.column.name]}
            problems.append(Problem("portfolio.column-twice", place(at), str(name), args))
        else:
            seen[heading.column.name] = str(name)
            found[at] = heading
    problems.extend(_lacking(seen, file))
    if problems:
        raise UsageError(problems)
    return found


def _lacking(names: Mapping[str, Any], where: str, *, number_loans: bool = False) -> list[Problem]:
    problems = [
        Problem("portfolio.no-column", where, name)
        for name, column in COLUMNS.items()
        if column.required and name not in names and not (number_loans and name == "loan")
    ]
    if not any(name in names for name in _PD):
        problems.append(Problem("portfolio.no-pd-column", where, "pd"))
    if "outstanding" not in names and not all(name in names for name in _SCHEDULE):
        problems.append(Problem("portfolio.no-owed-column", where, "outstanding"))
    return problems


def _unknown(name: str, where: str) -> Problem:
    near = nearest_column(name)
    code = "portfolio.unknown-column-near" if near else "portfolio.unknown-column"
    return Problem(code, where, shown(name), {"nearest": near, "allowed": ", ".join(COLUMNS)})


# -- rows ------------------------------------------------------------------------------------


def _fitted(row: list[Any], width: int, at: int, draft: Draft) -> list[Any]:
    """A row as wide as the header; a cell beyond it is a problem."""
    for cell in row[width:]:
        if not is_missing(cell):
            draft.stray(at, cell)
    return [*row[:width], *[None] * (width - len(row))]


def _strays(columns: list[Any], headings: Mapping[int, Heading], start: int, draft: Draft) -> None:
    """Cells under an empty heading."""
    for at, column in enumerate(columns):
        if at not in headings:
            for row, cell in enumerate(column):
                if not is_missing(cell):
                    draft.stray(start + row, cell)
