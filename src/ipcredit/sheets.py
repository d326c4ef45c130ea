"""Raw rows from CSV and XLSX, with the place of every cell: the only reader of both.

Cells come out as they are stored.  What a spreadsheet shows in place of a value (``#N/A``, a
formula that was never calculated) comes out as :class:`CellError`, never as a blank.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from ipcredit.errors import Problem, UsageError

SHEET_SUFFIXES: Final = (".csv", ".xlsx")

_CHUNK: Final = 1 << 20
# Byte-order marks first, then UTF-8, then what Chinese spreadsheet programs write.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS: Final = ("utf-8", "gb18030")
_DELIMITERS: Final = (",", "\t", ";")


class CellError(str):
    """What a cell shows in place of a value: ``#N/A``, or ``=...`` for a formula without a
    saved result."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one sheet that are not blank, each with its number as a person counts (from 1).

    ``rows`` can be walked once; a CSV file is read as it is walked.
    """

    file: str
    name: str
    rows: Iterator[tuple[int, list[Any]]]

    def place(self, row: int, column: int = 0) -> str:
        """``firm.csv:5``, or ``book.xlsx:Sheet1!C5``; ``column`` counts from 0.

        >>> Sheet("book.xlsx", "Sheet1", iter(())).place(5, 2)
        'book.xlsx:Sheet1!C5'
        """
        if not self.name:
            return f"{self.file}:{row}"
        return f"{self.file}:{self.name}!{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """Letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def open_sheet(path: str | Path, sheet: str | None = None) -> Sheet:
    """The rows of a CSV file, or of a sheet of an XLSX file (the first visible one by default).

    Raises:
        UsageError: the file cannot be read, or has no such sheet.  For a CSV file also while
            its rows are walked, when a line is broken.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _open_xlsx(path, sheet)
    if suffix == ".csv":
        return Sheet(str(path), "", _csv_rows(path))
    args = {"suffix": suffix, "known": ", ".join(SHEET_SUFFIXES)}
    raise UsageError(Problem("file.suffix", str(path), args=args))


def _blank(cells: list[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def unreadable(path: Path, error: OSError) -> UsageError:
    """The error for a file the system does not let us read."""
    reason = error.strerror or str(error)
    return UsageError(Problem("file.unreadable", str(path), args={"reason": reason}))


# CSV


def _csv_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        encoding = csv_encoding(path)
        with path.open(encoding=encoding, newline="") as stream:
            yield from _parsed(stream, path)
    except OSError as error:
        raise unreadable(path, error) from None


def _parsed(stream: IO[str], path: Path) -> Iterator[tuple[int, list[Any]]]:
    head = stream.readline()
    stream.seek(0)
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1  # where the record starts; a quoted cell may span lines
        try:
            cells: list[Any] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            args = {"reason": str(error)}
            raise UsageError(Problem("file.csv", f"{path}:{line}", args=args)) from None
        if not _blank(cells):
            yield line, cells


def csv_encoding(path: str | Path) -> str:
    """The encoding of a text table: by its byte-order mark, else UTF-8, else GB18030.

    Raises:
        UsageError: it is in none of them; the problem names the line.
        OSError: the file cannot be read.
    """
    path = Path(path)
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            bad = _undecodable(path, encoding)
            break
    else:
        for encoding in _ENCODINGS:
            bad = _undecodable(path, encoding)
            if not bad:
                break
    if bad:
        raise UsageError(Problem("file.csv-encoding", f"{path}:{bad}"))
    return encoding


def _undecodable(path: Path, encoding: str) -> int:
    """The first line that is not in this encoding, 0 if all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                return line + bytes(error.object[: error.start]).count(b"\n")
            if not chunk:
                return 0


# XLSX


def _open_xlsx(path: Path, sheet: str | None) -> Sheet:
    # Loaded only when a spreadsheet is read.
    import python_calamine as calamine

    from ipcredit import workbook

    try:
        with path.open("rb"):
            pass
        with calamine.CalamineWorkbook.from_path(path) as book:
            visible = [
                found.name
                for found in book.sheets_metadata
                if found.typ == calamine.SheetTypeEnum.WorkSheet
                and found.visible == calamine.SheetVisibleEnum.Visible
            ]
            if sheet is None and visible:
                sheet = visible[0]
            if sheet is None or sheet not in book.sheet_names:
                names = ", ".join(book.sheet_names)
                args = {"sheet": sheet or "", "names": names}
                raise UsageError(Problem("file.sheet", str(path), args=args))
            grid: list[list[Any]] = list(
                book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            )
        for (row, column), text in workbook.flaws(path, sheet).items():
            grid.extend([] for _ in range(row + 1 - len(grid)))
            grid[row].extend("" for _ in range(column + 1 - len(grid[row])))
            grid[row][column] = CellError(text)
    except OSError as error:
        raise unreadable(path, error) from None
    except (calamine.CalamineError, *workbook.BROKEN) as error:
        args = {"reason": str(error) or type(error).__name__}
        raise UsageError(Problem("file.xlsx", str(path), args=args)) from None
    rows = ((number, cells) for number, cells in enumerate(grid, 1) if not _blank(cells))
    return Sheet(str(path), sheet, rows)
