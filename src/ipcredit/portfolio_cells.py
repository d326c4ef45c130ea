"""Cells of a book read column by column: each spelling is read once, every problem is kept.

A million rows hold few different amounts, dates and probabilities, so a column remembers what it
has read; what is new goes through the parser of single values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem
from ipcredit.money import MAX_MINOR, MoneyError, parse_money, plain
from ipcredit.portfolio_columns import BookColumn, Heading, folded_words, word_codes
from ipcredit.sheets import CellError
from ipcredit.traits import MISSING
from ipcredit.values import BadValue, is_missing, minor_of, shown, text_of, value_of

AnyArray = npt.NDArray[Any]

BAD: Final = MISSING + 1
"""Stands for a cell that cannot be used while a column is read."""
BAD_REAL: Final = -np.inf
NO_TAGS: Final = "none"
"""Written where it is known that a loan has no tag; a blank cell says nothing."""
_REMEMBERED: Final = 50_000
_ALL: Final = 10**9
# The plain shape of a number; everything else takes the slow way and gets its message there.
_REAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_REALS: Final = re.compile(r"[-+.0-9eE]*")
_AMOUNT: Final = re.compile(
    r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,8}))? ?([^0-9.,\s]+)"
)
_SEPARATORS: Final = re.compile(r"[;；]")


class _Memo(dict[Any, Any]):
    """What each spelling of a column stands for; a new one is read when it is first met."""

    def __init__(self, read: Callable[[Any], Any], most: int) -> None:
        super().__init__()
        self._read, self._most = read, most

    def __missing__(self, key: Any) -> Any:
        value = self._read(key)
        if len(self) < self._most:
            self[key] = value
        return value


class _Odd:
    """A cell that cannot be a key of a dict: a list, a table."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _key(cell: Any) -> tuple[type, Any]:
    return type(cell), cell if getattr(cell, "__hash__", None) is not None else _Odd(cell)


def _raw(key: Any) -> Any:
    """The cell that a key stands for."""
    if type(key) is not tuple:
        return key
    return key[1].value if type(key[1]) is _Odd else key[1]


class CellColumn:
    """One column of a book while it is read; :meth:`extend` takes the cells of some rows."""

    def __init__(self, heading: Heading, currency: str) -> None:
        self.heading, self.column, self.currency = heading, heading.column, currency
        self.bad: dict[Any, BadValue] = {}  # by spelling
        self.labels: list[str] = []
        self._field = self.column.field
        self._codes: dict[str, int] = {}
        self._units: dict[str, int | None] = {}
        self._words = word_codes(self.column)
        # Labels are kept in any case; amounts and probabilities may all be different.
        most = _ALL if self.column.kind == "label" else _REMEMBERED
        self._memo = _Memo(self._reader(), most)
        self._parts: list[AnyArray] = []
        self._texts: list[str] = []
        self._wrong: list[tuple[int, BadValue]] = []
        self.rows = 0

    # -- taking cells ------------------------------------------------------------------------

    def extend(self, cells: Sequence[Any]) -> None:
        """Read the cells of the next rows."""
        keys: Sequence[Any] = cells
        plain_texts = set(map(type, cells)) == {str}
        if not plain_texts:
            # 1, 1.0 and True are one key of a dict and three different cells.
            keys = [cell if type(cell) is str else _key(cell) for cell in cells]
        whole = self._all_reals(cells) if plain_texts and self.column.kind == "real" else None
        if self.column.kind == "text":
            self._extend_texts(keys)
        elif whole is not None:
            self._parts.append(whole)
        else:
            kind, mark = self._kind()
            found = np.array([self._memo[key] for key in keys], dtype=kind)
            for at in np.flatnonzero(found == mark).tolist():
                self._wrong.append((self.rows + at, self._why(keys[at])))
            self._parts.append(found)
        self.rows += len(cells)

    def _all_reals(self, cells: Sequence[str]) -> AnyArray | None:
        """The cells as floats, if every one is a plain number in bounds; ``None``: one by one."""
        if not _REALS.fullmatch("".join(cells)):
            return None
        try:
            found = np.array(cells, dtype=np.float64)
        except ValueError:
            return None
        lo, hi = self.column.lo, self.column.hi
        inside = bool(np.isfinite(found).all())
        if lo is not None and hi is not None:
            inside = inside and bool(((found >= lo) & (found <= hi)).all())
        return found if inside else None

    def _extend_texts(self, keys: Sequence[Any]) -> None:
        for at, key in enumerate(keys):
            text = key.strip() if type(key) is str else self._text(key)
            if text is None:
                self._wrong.append((self.rows + at, self._why(key)))
            self._texts.append(text or "")

    def _kind(self) -> tuple[Any, Any]:
        if self.column.kind == "real":
            return np.float64, BAD_REAL
        return (np.int32, -2) if self.column.kind in ("label", "tags", "word") else (np.int64, BAD)

    def _why(self, key: Any) -> BadValue:
        if key not in self.bad:
            self._memo._read(key)  # forgotten because the column holds too many spellings
        return self.bad[key]

    # -- what was read -----------------------------------------------------------------------

    @property
    def array(self) -> AnyArray:
        """Codes (-1 blank), minor units, days, millionths (MISSING blank) or floats (NaN blank).

        A cell that cannot be used is blank here and among :meth:`problems`.
        """
        kind, mark = self._kind()
        whole = np.concatenate(self._parts) if self._parts else np.empty(0, kind)
        blank: Any = {np.float64: np.nan, np.int32: -1}.get(kind, MISSING)
        if self._wrong:
            whole[whole == mark] = blank
        return whole

    @property
    def texts(self) -> list[str]:
        """The texts of a column of texts, empty where blank."""
        return self._texts

    @property
    def wrong(self) -> npt.NDArray[np.intp]:
        """Rows whose cell cannot be used."""
        return np.array([row for row, _ in self._wrong], dtype=np.intp)

    def problems(self, place: Callable[[int, str], str]) -> list[tuple[int, Problem]]:
        """What is wrong, by row."""
        name = self.column.name
        return [
            (row, Problem(bad.code, place(row, name), self.heading.key, dict(bad.details)))
            for row, bad in self._wrong
        ]

    # -- one cell ----------------------------------------------------------------------------

    def _reader(self) -> Callable[[Any], Any]:
        readers: dict[str, Callable[[Any], Any]] = {
            "real": self._real,
            "label": self._label,
            "tags": self._tags,
            "word": self._word,
            "money": self._money,
        }
        return readers.get(self.column.kind, self._other)

    def _refuse(self, key: Any, bad: BadValue) -> None:
        self.bad[key] = bad

    def _text(self, key: Any) -> str | None:
        """A cell as text; a whole number of a spreadsheet is the digits a person sees."""
        if type(key) is str and key.isascii() and key[:1] != "#":
            return key.strip()
        raw = _raw(key)
        if type(raw) is float and raw.is_integer() and abs(raw) < 1e15:
            raw = int(raw)
        if type(raw) is int:
            return str(raw)
        try:
            return text_of(self._field, raw) or ""
        except BadValue as bad:
            self._refuse(key, bad)
            return None

    def _label(self, key: Any) -> int:
        text = self._text(key)
        if not text:
            return -2 if text is None else -1
        return self._code(text)

    def _code(self, text: str) -> int:
        code = self._codes.setdefault(text, len(self._codes))
        if code == len(self.labels):
            self.labels.append(text)
        return code

    def _tags(self, key: Any) -> int:
        text = self._text(key)
        if not text:
            return -2 if text is None else -1
        tags = sorted({tag.strip() for tag in _SEPARATORS.split(text)} - {"", NO_TAGS, "无"})
        return self._code(";".join(tags))

    def _word(self, key: Any) -> int:
        text = self._text(key)
        if not text:
            return -2 if text is None else -1
        code = self._words.get(folded_words([text])[0])
        if code is None:
            words = ", ".join(self.column.words)
            self._refuse(key, BadValue("portfolio.word", value=shown(text), allowed=words))
            return -2
        return code

    def _other(self, key: Any) -> int:
        raw = _raw(key)
        try:
            return value_of(self._field, raw, self.currency)
        except BadValue as bad:
            self._refuse(key, bad)
            return BAD

    def _money(self, key: Any) -> int:
        heading = self.heading
        raw = _raw(key)
        if heading.unit and not is_missing(raw) and not isinstance(raw, CellError):
            raw = f"{_number(raw)} {heading.unit}"
        if type(raw) is str and not heading.minor:
            fast = self._fast(raw)
            if fast is not None:
                return fast
        try:
            if not heading.minor:
                return value_of(self._field, raw, self.currency)
            if heading.fen and self.currency != "CNY":
                name = self.column.name
                raise BadValue("firm.minor-name", currency=self.currency, name=name)
            return minor_of(self._field, raw, self.currency)
        except BadValue as bad:
            self._refuse(key, bad)
            return BAD

    def _fast(self, text: str) -> int | None:
        """An amount of the plain shape ``450.5 万元``; ``None``: let the parser of amounts say."""
        found = _AMOUNT.fullmatch(text)
        if found is None:
            return None
        whole, part, unit = found[1], found[2] or "", found[3]
        if unit not in self._units:
            try:
                self._units[unit] = parse_money(f"1 {unit}", self.currency)
            except MoneyError:
                self._units[unit] = None
        minor = self._units[unit]
        if minor is None:
            return None
        amount, finer = divmod(int(whole.replace(",", "") + part) * minor, int(10 ** len(part)))
        return None if finer or amount > MAX_MINOR else amount

    def _real(self, key: Any) -> float:
        raw = _raw(key)
        if is_missing(raw):
            return np.nan
        text = plain(raw) if isinstance(raw, str) else repr(raw)
        is_number = isinstance(raw, str | int | float) and not isinstance(raw, bool)
        if is_number and not isinstance(raw, CellError) and _REAL.fullmatch(text):
            value = float(text)
            code = out_of_bounds(self.column, value)
            if not code:
                return value
            self._refuse(key, bounds_problem(self.column, code, shown(raw)))
            return BAD_REAL
        try:  # the parser of single values knows percentages, error cells and so on
            value_of(self._field_of_share, raw, self.currency)
        except BadValue as bad:
            if bad.code == "firm.not-a-number":
                example = "0.02" if self.column.hi == 1 else "12"
                bad = BadValue("portfolio.not-a-number", value=shown(raw), example=example)
            self._refuse(key, bad)
            return BAD_REAL
        return float(text.replace(",", ""))

    @property
    def _field_of_share(self) -> Any:
        return BookColumn(self.column.name, "millionths", self.column.unit).field


def out_of_bounds(column: BookColumn, value: float) -> str:
    """The code of the problem of a number outside the column's bounds, else empty."""
    if (column.lo is None or value >= column.lo) and (column.hi is None or value <= column.hi):
        return "" if np.isfinite(value) else "portfolio.range"
    if column.hi == 1:
        return "portfolio.probability" if column.name == "pd" else "portfolio.share"
    return "portfolio.range"


def bounds_problem(column: BookColumn, code: str, value: str) -> BadValue:
    """A number outside the column's bounds."""
    lo, hi = ("-∞" if column.lo is None else column.lo), ("∞" if column.hi is None else column.hi)
    return BadValue(code, value=value, lo=str(lo), hi=str(hi))


def _number(raw: Any) -> str:
    """A cell before its unit; a float is the decimal that is printed for it."""
    return f"{Decimal(repr(raw)):f}" if isinstance(raw, float) else str(raw)
