"""Where a table begins: the heading row among titles and notes, also in two rows with merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.patents.cells import is_blank
from ipcredit.patents.layouts import (
    NUMBER_FIELDS,
    ColumnMap,
    Layout,
    book,
    chosen,
    heading_key,
)
from ipcredit.sheets import Sheet

Row = tuple[int, list[Any]]

_SEARCHED: Final = 30  # rows above the data; exports put a title, a query and notes there
_LEAST: Final = 2  # headings that must be known before a row is taken for the heading


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a table: ``row`` as a person counts, names by column, column by field."""

    row: int
    names: tuple[str, ...]
    layout: Layout
    columns: dict[str, int]
    data: int  # index of the first row of data


def find_heading(sheet: Sheet, rows: Sequence[Row], own: ColumnMap) -> Heading:
    """The row, or two rows, with most known headings.

    Raises:
        UsageError: no row is a heading, or none of its columns gives a number.
    """
    best: Heading | None = None
    titles = [_names(cells) for _, cells in rows[: _SEARCHED + 1]]
    single = [(at, names, at + 1) for at, names in enumerate(titles[:_SEARCHED])]
    # Two rows have to know more headings than any row alone.
    double = [(at, _stacked(titles[at], titles[at + 1]), at + 2) for at in range(len(titles) - 1)]
    for at, names, data in single + double:
        layout, columns = chosen(names, own)
        if len(columns) > (len(best.columns) if best is not None else _LEAST - 1):
            best = Heading(rows[at][0], names, layout, columns, data)
    if best is None:
        raise UsageError(_no_heading(sheet, rows, own))
    _check(sheet, best, own)
    return best


def _names(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if is_blank(cell) else " ".join(str(cell).split()) for cell in cells)


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Two rows of headings as one: a merged cell above stands for all columns below it.

    >>> _stacked(("申请", "", "授权公告", "", "IPC"), ("号", "日", "号", "日", ""))
    ('申请号', '申请日', '授权公告号', '授权公告日', 'IPC')
    """
    known = {
        heading_key(head)
        for layout in book().layouts
        for heads in layout.columns.values()
        for head in heads
    }
    names = []
    group = ""
    for at in range(max(len(upper), len(lower))):
        over = upper[at] if at < len(upper) else ""
        under = lower[at] if at < len(lower) else ""
        group = over or group
        if not under:
            names.append(over)
        elif heading_key(group + under) in known or heading_key(under) not in known:
            names.append(group + under)
        else:
            names.append(under)
    return tuple(names)


def _no_heading(sheet: Sheet, rows: Sequence[Row], own: ColumnMap) -> Problem:
    number, cells = rows[0] if rows else (1, [])
    args = {
        "found": ", ".join(name for name in _names(cells) if name)[:120] or "-",
        "layouts": ", ".join(layout.name for layout in book().layouts),
    }
    return Problem("rights.no-heading", sheet.place(number), args=args)


def _check(sheet: Sheet, heading: Heading, own: ColumnMap) -> None:
    """A person's own headings must be there, and at least one column must give a number."""
    place = sheet.place(heading.row)
    problems = []
    there = {heading_key(name): name for name in heading.names if name}
    for field, heads in own.columns.items():
        if not any(heading_key(head) in there for head in heads):
            near = get_close_matches(heads[0], list(there.values()), 1)
            args = {
                "given": ", ".join(heads),
                "map": own.name,
                "nearest": near[0] if near else "-",
            }
            problems.append(Problem("rights.map-heading", place, f"columns.{field}", args))
    if not any(name in heading.columns for name in NUMBER_FIELDS):
        expected = heading.layout.columns
        args = {
            "layout": heading.layout.name,
            "found": ", ".join(name for name in heading.names if name),
            "expected": ", ".join(
                expected[name][0] for name in NUMBER_FIELDS if expected.get(name)
            ),
        }
        problems.append(Problem("rights.no-number-column", place, args=args))
    if problems:
        raise UsageError(problems)
