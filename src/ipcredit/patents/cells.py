"""Cells of an export read as dates, counts, flags and lists, a whole column at a time.

Exports repeat themselves: every distinct cell is read once.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.fields import EPOCH, MISSING, MISSING8
from ipcredit.patents.right import Coded
from ipcredit.sheets import CellError

Reader = Callable[[Any], int]

_BLANK: Final = frozenset({"", "-", "--", "—", "——", "/", "\\", "n/a", "na", "nan", "null", "nil"})
_LONGEST_BLANK: Final = max(map(len, _BLANK))
_NOTHING: Final = frozenset({"无", "none", "没有"})
_FLAGS: Final = {
    "是": 1, "yes": 1, "y": 1, "true": 1, "有": 1, "√": 1, "✓": 1,
    "否": 0, "no": 0, "n": 0, "false": 0, "无": 0, "none": 0, "没有": 0, "×": 0,
}  # fmt: skip
_DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?"
    r"|([0-9]{2})([0-9]{2}))(?:[T ]00:00:00(?:\.0+)?)?"
)
_WHOLE: Final = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?(?:件|项|次|个|人|篇)?")
# Days that spreadsheets count from 1899-12-30; outside these years a number is no date.
_SERIAL_ZERO: Final = dt.date(1899, 12, 30).toordinal() - EPOCH
_SERIALS: Final = (10_000, 80_000)
_MOST: Final = 10**9


class BadCell(ValueError):
    """A cell that cannot be used; ``code`` names the message."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers as read; ``bad`` are the codes of cells that cannot be used."""

    values: NDArray[Any]
    bad: dict[Any, str]


def is_blank(cell: Any) -> bool:
    """Whether a cell says nothing: empty, a dash, ``N/A``.

    >>> [is_blank(cell) for cell in (None, " — ", "n/a", 0, "无")]
    [True, True, True, False, False]
    """
    if cell is None:
        return True
    if isinstance(cell, str):
        if len(cell) > _LONGEST_BLANK:
            return cell.isspace()
        return not isinstance(cell, CellError) and cell.strip().casefold() in _BLANK
    return bool(cell != cell)  # NaN


def numbers(cells: Sequence[Any], read: Reader, missing: int = MISSING) -> Column:
    """A column read by ``read``; cells that cannot be used are missing and kept with the reason."""
    if read is count_of and set(map(type, cells)) == {float}:
        amounts = np.array(cells)
        if ((amounts >= 0) & (amounts <= _MOST) & (amounts == np.floor(amounts))).all():
            return Column(amounts.astype(np.int64), {})  # as spreadsheets hold counts
    table: dict[Any, int] = {}
    bad: dict[Any, str] = {}
    for cell in set(cells):
        if is_blank(cell):
            table[cell] = missing
            continue
        try:
            table[cell] = read(cell)
        except BadCell as error:
            table[cell] = missing
            bad[cell] = error.code
    dtype = np.int8 if missing == MISSING8 else np.int64
    return Column(np.fromiter(map(table.__getitem__, cells), dtype, len(cells)), bad)


def plain(cell: Any) -> str:
    """The text of a cell in half width, without blanks around it.

    Raises:
        BadCell: it shows an error, or a formula that was never calculated.
    """
    if isinstance(cell, CellError):
        raise BadCell("cell-error")
    text = str(cell).strip()
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def day_of(cell: Any) -> int:
    """Days since 1970-01-01 of a date cell, a date as text, or a spreadsheet's serial number.

    Raises:
        BadCell: no such day, or not a whole date.

    >>> [day_of(cell) - day_of(dt.date(2017, 3, 1)) for cell in
    ...  ("2017-03-01", "2017/3/1", "20170301", "2017年3月1日", 42795, "42795", 20170301.0)]
    [0, 0, 0, 0, 0, 0, 0]
    """
    if isinstance(cell, dt.date):  # a datetime is one
        return cell.toordinal() - EPOCH
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    text = plain(cell)
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", text):
        serial = int(float(text))
        if _SERIALS[0] <= serial < _SERIALS[1]:
            return _SERIAL_ZERO + serial
    found = _DATE.fullmatch(text)
    if found is None:
        raise BadCell("date")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return dt.date(year, month, day).toordinal() - EPOCH
    except ValueError:
        raise BadCell("date") from None


def is_serial(cell: Any) -> bool:
    """Whether a date stands as a spreadsheet's serial number."""
    return not isinstance(cell, dt.date) and bool(re.fullmatch(r"[0-9]{5}(\.0+)?", str(cell)))


def count_of(cell: Any) -> int:
    """A whole number of 0 or more, also as text, also with a measure word.

    Raises:
        BadCell: anything else.

    >>> count_of("12"), count_of(12.0), count_of("3项"), count_of("无")
    (12, 12, 3, 0)
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != int(cell) or not 0 <= cell <= _MOST:
            raise BadCell("count")
        return int(cell)
    text = plain(cell)
    if text.casefold() in _NOTHING:
        return 0
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise BadCell("count")
    return int(found[1].replace(",", ""))


def flag_of(cell: Any) -> int:
    """Yes (1) or no (0), also from a number of times.

    >>> flag_of("是"), flag_of("no"), flag_of("2次"), flag_of(0)
    (1, 0, 1, 0)
    """
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, str) and (word := plain(cell).casefold()) in _FLAGS:
        return _FLAGS[word]
    try:
        return int(count_of(cell) > 0)
    except BadCell:
        raise BadCell("flag") from None


def texts(cells: Sequence[Any]) -> Coded[str]:
    """A column of texts as they stand."""

    def read(cell: Any) -> str | None:
        if type(cell) is not str and (is_blank(cell) or isinstance(cell, CellError)):
            return None
        text = " ".join(str(cell).split())
        return None if len(text) <= _LONGEST_BLANK and is_blank(text) else text

    return Coded.of(cells).map(read)


def parts(text: str, separators: Sequence[str]) -> list[str]:
    """The text cut at every separator; blank parts are left out.

    >>> parts("甲；乙; ", (";", "；"))
    ['甲', '乙']
    """
    if not separators:
        return [text]
    first = separators[0]
    for other in separators[1:]:
        if other in text:
            text = text.replace(other, first)
    return [part for part in text.split(first) if part and not part.isspace()]


def lists(
    cells: Sequence[Any], separators: Sequence[str], item: Callable[[str], str]
) -> Coded[tuple[str, ...]]:
    """A column of lists: each cell cut at the separators, each part read by ``item``.

    A cell that says "none" is the empty list, which is known.
    """
    known: dict[str, str] = {}

    def read(cell: Any) -> tuple[str, ...] | None:
        if type(cell) is not str and (is_blank(cell) or isinstance(cell, CellError)):
            return None
        text = str(cell)
        if len(text) < 8:
            if is_blank(text):
                return None
            if text.strip().casefold() in _NOTHING:
                return ()
        made = []
        for part in parts(text, separators):
            word = known.get(part)
            if word is None:
                word = known[part] = item(part)
            if word:
                made.append(word)
        return tuple(made) or None

    return Coded.of(cells).map(read)


def name_item(part: str) -> str:
    """A person's or firm's name without stray blanks."""
    return " ".join(part.split())


def ipc_item(part: str) -> str:
    """A class of the IPC without blanks and edition.

    >>> ipc_item(" h04l 29/06 (2006.01) ")
    'H04L29/06'
    """
    text = "".join(part.split()).upper()
    return re.sub(r"\([^)]*\)", "", text) if "(" in text else text
