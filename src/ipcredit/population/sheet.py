"""Write firms as a CSV table that :meth:`ipcredit.firms.Firms.read_csv` reads back exactly.

Amounts are text with their unit (``1,832.07 万元``).  Whole fen would be as exact and could be
added up in a spreadsheet, but a person misreads them a hundredfold, and a spreadsheet program that
saves the file again turns twelve digits and more into ``1.8E+11``.  What carries its unit survives.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

from ipcredit.columns import IntColumn
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS, Field
from ipcredit.firms import Firms
from ipcredit.messages import text
from ipcredit.values import written_value

_ROWS = 10_000


def write_csv(firms: Firms, path: str | Path | IO[str], lang: str = "") -> None:
    """Write all firms, one a row, to a file or a text stream.

    A file is UTF-8 with a byte-order mark, so that Excel shows the Chinese.  ``lang``: ``""``
    for field names as header, ``zh`` or ``en`` for their labels in that language, with flags and
    choices in its words.  A blank cell is not known, ``none`` (``无``) known not to exist.
    Personal fields are not written, nor are the problems of invalid rows.

    Raises:
        UsageError: the file cannot be written.

    >>> import sys
    >>> firms = Firms.from_columns({"sales_fen": [320_050_000], "overdue_now": [0]})
    >>> write_csv(firms, sys.stdout, "en")
    Sales,Overdue now
    320.05 万元,no
    """
    if not isinstance(path, str | Path):
        _write(firms, path, lang)
        return
    try:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
            _write(firms, stream, lang, "\r\n")
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unwritable", str(path), args=args)) from None


def _write(firms: Firms, stream: IO[str], lang: str, end: str = "\n") -> None:
    texts = {name: rows for name, rows in firms.texts.items() if not FIELDS[name].personal}
    names = [
        name
        for name, field in FIELDS.items()
        if not field.personal and (name in texts or name in firms.columns)
    ]
    table = csv.writer(stream, lineterminator=end)
    head = [FIELDS[name].label(lang) if lang else name for name in names]
    foreign = [firms.currency] * (firms.currency != "CNY")
    table.writerow([*head, *["currency" for _ in foreign]])
    writers = {name: _writer(FIELDS[name], firms.currency, lang) for name in names}
    for start in range(0, len(firms), _ROWS):
        part = slice(start, min(start + _ROWS, len(firms)))
        columns = [
            _cells(texts[name][part])
            if name in texts
            else _written(firms.columns[name][part], writers[name])
            for name in names
        ]
        columns += [[currency] * (part.stop - part.start) for currency in foreign]
        table.writerows(zip(*columns, strict=True))


def _cells(texts: list[str | None]) -> list[str]:
    return ["" if cell is None else cell for cell in texts]


def _written(column: IntColumn, write: Callable[[int], str]) -> list[str]:
    """A column's cells; values that come again are worded once."""
    values, where = np.unique(column, return_inverse=True)
    words: list[str] = [write(value) for value in values.tolist()]
    return [words[at] for at in where.tolist()]


def _writer(field: Field, currency: str, lang: str) -> Callable[[int], str]:
    """How one value of a field is written in a cell."""
    # In a yes-or-no cell 无 means no.
    nothing = "无" if lang == "zh" and field.kind != "flag" else "none"

    def write(value: int) -> str:
        if value == field.missing:
            return ""
        if value == field.none:
            return nothing
        if lang and field.kind == "flag":
            return text("csv.yes" if value else "csv.no", lang)
        if lang and field.kind == "choice":
            return field.choice_label(field.choices[value], lang)
        return written_value(field, value, currency)

    return write
