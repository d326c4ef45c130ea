"""Write a book of loans so that reading it gives the same book."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import EPOCH, MILLION
from ipcredit.messages.portfolio import WORDS
from ipcredit.money import written
from ipcredit.portfolio_cells import NO_TAGS
from ipcredit.portfolio_columns import COLUMNS
from ipcredit.traits import MISSING, Traits

AnyArray = npt.NDArray[Any]

_ROWS: Final = 10_000


def write_book(book: Any, path: str | Path, lang: str = "") -> None:
    """Write a book as CSV, UTF-8 with a byte-order mark, amounts with their unit.

    Raises:
        UsageError: the file cannot be written.
    """
    values = {name: _raw(book, name) for name in COLUMNS}
    names = [name for name in COLUMNS if values[name] is not None]
    writers = {name: _writer(name, book.currency, lang) for name in names}
    try:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as stream:
            table = csv.writer(stream, lineterminator="\r\n")
            table.writerow([COLUMNS[name].label(lang) if lang else name for name in names])
            for start in range(0, len(book.loans), _ROWS):
                part = slice(start, start + _ROWS)
                cells = [_cells(values[name], part, writers[name]) for name in names]
                table.writerows(zip(*cells, strict=True))
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unwritable", str(path), args=args)) from None


def frame_of(book: Any) -> Any:
    """A book as a pandas data frame, amounts as whole minor units."""
    # Loaded only when somebody asks for a frame.
    import pandas as pd

    unit = "fen" if book.currency == "CNY" else "minor"
    found: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        raw = _raw(book, name)
        if raw is None:
            continue
        if isinstance(raw, _Labelled):
            found[name] = [raw.labels[code] if code >= 0 else None for code in raw.codes.tolist()]
        elif column.kind == "money":
            found[f"{name}_{unit}"] = pd.array(_nullable(raw), dtype="Int64")
        elif column.kind == "date":
            found[name] = [_day(value) if value != MISSING else None for value in raw.tolist()]
        elif column.kind == "whole":
            found[name] = pd.array(_nullable(raw), dtype="Int64")
        elif column.kind == "millionths":
            found[name] = np.where(raw == MISSING, np.nan, raw / MILLION)
        else:
            found[name] = raw
    return pd.DataFrame(found)


class _Labelled:
    """Codes (-1 blank) and what they stand for."""

    def __init__(self, codes: AnyArray, labels: Sequence[str]) -> None:
        self.codes, self.labels = codes, labels


def _raw(book: Any, name: str) -> Any:
    """A column as codes, whole numbers (MISSING blank), floats or texts; ``None``: not there."""
    found = _column(book, name)
    if isinstance(found, _Labelled):
        return found if (found.codes >= 0).any() else None
    if isinstance(found, np.ndarray):
        blank = np.isnan(found) if found.dtype.kind == "f" else found == MISSING
        return None if blank.all() else found
    return found


def _column(book: Any, name: str) -> Any:
    labels = {"lender": book.lenders, "district": book.districts, "firm": book.firms}
    traits: Traits = book.traits
    if name == "loan":
        return book.loans
    if name in labels:
        return _Labelled(getattr(book, name), labels[name])
    if name == "tier":
        return _Labelled(book.tier[book.firm], book.tiers)
    if COLUMNS[name].kind == "word":
        return _Labelled(getattr(book, name), COLUMNS[name].words)
    if name in ("pd", "score"):
        return getattr(book, name)[book.firm]
    if name in ("start", "term_months"):
        return np.where(book.known(name), getattr(book, name).astype(np.int64), MISSING)
    if name in traits.words:
        return _Labelled(*traits.words[name])
    if name == "size" and np.array_equal(traits.numbers["size"], book.principal):
        return None
    if name in traits.numbers:
        return traits.numbers[name]
    return _tags(traits) if name == "tags" else getattr(book, name, None)


def _tags(traits: Traits) -> _Labelled | None:
    if traits.tags_known is None:
        return None
    texts = [
        ";".join(tag for tag, has in zip(traits.tags, row, strict=True) if has) or NO_TAGS
        for row in zip(*(column.tolist() for column in traits.tags.values()), strict=True)
    ] or [NO_TAGS] * traits.n
    labels, codes = np.unique(np.array(texts, dtype=object), return_inverse=True)
    return _Labelled(np.where(traits.tags_known, codes, -1), labels.tolist())


def _nullable(values: AnyArray) -> list[int | None]:
    return [None if value == MISSING else value for value in values.tolist()]


def _day(days: int) -> date:
    return date.fromordinal(days + EPOCH)


def _cells(values: Any, part: slice, write: Callable[[Any], str]) -> list[str]:
    if isinstance(values, _Labelled):
        words = [*map(write, values.labels), ""]
        return [words[code] for code in values.codes[part].tolist()]
    if isinstance(values, np.ndarray):
        blank = MISSING
        some = values[part].tolist()
        return ["" if v == blank or v != v else write(v) for v in some]
    return [write(value) for value in values[part]]


def _writer(name: str, currency: str, lang: str) -> Callable[[Any], str]:
    column = COLUMNS[name]

    def write(value: Any) -> str:
        if column.kind == "money":
            return written(value, currency)
        if column.kind == "date":
            return _day(value).isoformat()
        if column.kind == "millionths":
            whole, rest = divmod(abs(value), MILLION)
            text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
            return f"-{text}" if value < 0 else text
        if column.kind == "real":
            return repr(value).removesuffix(".0")
        if column.kind == "word" and lang == "zh":
            return WORDS[name][value][0]
        return str(value)

    return write
