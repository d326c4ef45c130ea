"""One column of values, as an array or a sequence gives it, read into column units.

Whole arrays are converted without a Python loop; every element the fast path is not sure of
goes through :mod:`ipcredit.values`, so a value means the same alone and in a column.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import MILLION, MISSING, NONE, Field
from ipcredit.names import Slot
from ipcredit.values import REDACTED, BadValue, check_range, minor_of, shown, text_of, value_of

IntColumn = npt.NDArray[np.int64] | npt.NDArray[np.int8]
AnyArray = npt.NDArray[Any]

# Integers up to here are exact in a float64.
_EXACT_FLOAT: Final = 2**53
# Half the tolerance of a single value: what lies between is decided there.
_FLOAT_TOLERANCE: Final = 0.5e-9
# Choices, flags and dates repeat in a column; amounts hardly do.
_REMEMBERED: Final = 10_000


class Reader:
    """Reads the values of one column one by one, remembering text it has read."""

    def __init__(self, slot: Slot, currency: str) -> None:
        self.slot, self.currency = slot, currency
        self._known: dict[str, int] = {}

    def value(self, raw: Any) -> int:
        """The value in column units, ``MISSING`` or ``NONE``.

        Raises:
            BadValue: the value cannot be used.
        """
        if type(raw) is not str:
            return self._read(raw)
        value = self._known.get(raw)
        if value is None:
            value = self._read(raw)
            if len(self._known) < _REMEMBERED:
                self._known[raw] = value
        return value

    def _read(self, raw: Any) -> int:
        declared = self.slot.field
        if not self.slot.minor:
            return value_of(declared, raw, self.currency)
        if self.slot.fen and self.currency != "CNY":
            raise BadValue("firm.minor-name", currency=self.currency, name=declared.name)
        return minor_of(declared, raw, self.currency)


class Column:
    """One column being read: its numbers or texts, and the bad values by row."""

    def __init__(self, slot: Slot, currency: str) -> None:
        self.slot, self.field = slot, slot.field
        self.reader = Reader(slot, currency)
        self.bad: dict[int, BadValue] = {}
        self.redacted: set[int] = set()
        self.texts: list[str | None] = []
        self.numbers: array[int] = array("q")
        self.whole: AnyArray | None = None

    def __len__(self) -> int:
        return len(self.texts or self.numbers if self.whole is None else self.whole)

    def append(self, raw: Any) -> BadValue | None:
        """Read one more value; what is wrong with it is returned, and the row holds MISSING."""
        if self.field.personal and isinstance(raw, str) and raw == REDACTED:
            self.redacted.add(len(self))
            raw = None
        try:
            if self.field.kind == "text":
                self.texts.append(text_of(self.field, raw))
            else:
                self.numbers.append(self.reader.value(raw))
        except BadValue as bad:
            if self.field.kind == "text":
                self.texts.append(None)
            else:
                self.numbers.append(MISSING)
            return bad
        return None

    def extend(self, values: Iterable[Any]) -> None:
        """Read all values one by one."""
        for row, raw in enumerate(values):
            bad = self.append(raw)
            if bad:
                self.bad[row] = bad

    def array(self) -> IntColumn:
        """The column in its dtype, read-only."""
        numbers = np.array(self.numbers if self.whole is None else self.whole, dtype=np.int64)
        column: IntColumn = numbers
        if self.field.dtype == "int8":
            column = narrow(numbers, self.field)
        column.flags.writeable = False
        return column

    def text_rows(self) -> list[str | None]:
        """The texts by row; of a column of numbers only the marks of what was redacted."""
        rows: list[str | None] = self.texts or [None] * len(self)
        for row in self.redacted:
            rows[row] = REDACTED
        return rows


def narrow(numbers: npt.NDArray[np.int64], declared: Field) -> npt.NDArray[np.int8]:
    """Flags or choices as int8, with the sentinels of int8."""
    special = numbers <= NONE
    small = np.where(special, 0, numbers).astype(np.int8)
    small[numbers == MISSING] = declared.missing
    small[numbers == NONE] = declared.none
    return small


def read_column(slot: Slot, values: Any, currency: str) -> Column:
    """A column from a NumPy array, a sequence, or a pandas or Polars series.

    Raises:
        UsageError: not one-dimensional, or whole numbers for an amount that does not say its
            unit.
    """
    column = Column(slot, currency)
    found = as_array(values)
    if found.ndim != 1:
        raise UsageError(Problem("firm.column-shape", key=slot.key))
    kind = found.dtype.kind
    if slot.field.kind == "money" and not slot.minor and kind in "iuf" and len(found):
        raise UsageError(Problem("firm.column-unit", key=slot.key, args={"name": slot.field.name}))
    sure: AnyArray | None = None
    if slot.field.kind == "text" or (slot.fen and currency != "CNY"):
        pass
    elif kind in "iu":
        sure, numbers = _from_integers(slot, found)
    elif kind == "f":
        sure, numbers = _from_floats(slot, found)
    elif kind == "b" and slot.field.kind == "flag":
        sure, numbers = np.ones(len(found), dtype=np.bool_), found.astype(np.int64)
    elif kind == "M" and slot.field.kind == "date":
        sure, numbers, found = _from_dates(found)
    if sure is None:
        column.extend(found.tolist())
        return column
    lo, hi = slot.field.lo, slot.field.hi
    known = numbers > NONE
    if lo is not None:
        sure &= ~known | (numbers >= lo)
    if hi is not None:
        sure &= ~known | (numbers <= hi)
    for row in np.flatnonzero(~sure).tolist():
        try:
            numbers[row] = _unsure(column.reader, found[row].item(), kind)
        except BadValue as bad:
            numbers[row] = MISSING
            column.bad[row] = bad
    column.whole = numbers
    return column


def _unsure(reader: Reader, raw: Any, kind: str) -> int:
    """A value the fast path leaves to the parser of single values.

    Whole numbers of a column may be days or the index of a choice, which a person never writes.
    """
    declared = reader.slot.field
    if kind in "iu" and declared.kind == "date":
        check_range(declared, raw, shown(raw))
    return reader.value(raw)


def as_array(values: Any) -> AnyArray:
    """The values as an array whose dtype does not hide what they are."""
    if isinstance(values, np.ma.MaskedArray):
        return _objects([None if item is np.ma.masked else item for item in values.tolist()])
    if isinstance(values, np.ndarray):
        return values
    if hasattr(values, "to_numpy"):
        return _series(values)
    items = list(values)
    types = set(map(type, items))
    # NumPy would turn [True, 2] into whole numbers and [1, "x"] into text.
    if len(types) == 1 and types <= {int, float, bool}:
        try:
            return np.array(items, dtype=np.int64 if types == {int} else None)
        except OverflowError:
            pass
    return _objects(items)


def _objects(items: list[Any]) -> AnyArray:
    found = np.empty(len(items), dtype=object)
    found[:] = items
    return found


def _series(series: Any) -> AnyArray:
    """A pandas or Polars series; nullable integers and flags keep their exact values."""
    kind = getattr(series.dtype, "kind", "")
    if isinstance(series.dtype, np.dtype) or kind not in ("i", "u", "b"):
        found: AnyArray = np.asarray(series.to_numpy())
        return found
    absent = series.isna().to_numpy(dtype=bool)
    if kind != "i":
        return _objects([None if gone else item for item, gone in zip(series, absent, strict=True)])
    numbers: AnyArray = series.fillna(0).to_numpy(dtype=np.int64)
    numbers[absent] = MISSING
    return numbers


def _from_integers(slot: Slot, found: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Which elements are sure, and the column; sentinels are those of the array's own dtype."""
    declared = slot.field
    if found.dtype == np.uint64:
        sure = found <= np.iinfo(np.int64).max
        numbers = np.where(sure, found, 0).astype(np.int64)
        missing = none = np.zeros(len(found), dtype=np.bool_)
    else:
        numbers = found.astype(np.int64)
        sure = np.ones(len(found), dtype=np.bool_)
        least = int(np.iinfo(found.dtype).min)
        signed = found.dtype.kind == "i"
        missing = (numbers == least) & signed
        none = (numbers == least + 1) & signed & declared.nullable
    if declared.kind in ("share", "decimal"):
        sure &= np.abs(np.where(missing, 0, numbers)) <= _EXACT_FLOAT // MILLION
        numbers = np.where(sure, numbers, 0) * MILLION
    # A sentinel of a field that cannot be "none" is a number like any other, and far too low.
    sure &= (numbers > NONE) | missing | none
    numbers[missing] = MISSING
    numbers[none] = NONE
    return sure, numbers


def _from_floats(slot: Slot, found: AnyArray) -> tuple[AnyArray, AnyArray]:
    floats = found.astype(np.float64)
    missing = np.isnan(floats)
    scale = MILLION if slot.field.kind in ("share", "decimal") else 1
    usable = np.abs(floats) <= _EXACT_FLOAT  # false for NaN
    scaled = np.where(usable, floats, 0.5) * scale
    nearest = np.rint(scaled)
    tolerance = np.abs(nearest) * _FLOAT_TOLERANCE if scale > 1 else 0.0
    sure = (np.abs(scaled - nearest) <= tolerance) & (np.abs(nearest) <= _EXACT_FLOAT)
    sure &= usable
    if slot.field.kind in ("date", "choice"):
        sure = np.zeros(len(found), dtype=np.bool_)
    numbers = np.where(sure, nearest, 0.0).astype(np.int64)
    numbers[missing] = MISSING
    return sure | missing, numbers


def _from_dates(found: AnyArray) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Days since 1970-01-01; NaT is MISSING by NumPy's own choice of the smallest integer."""
    days = found.astype("datetime64[D]")
    sure = (days == found) | np.isnat(found)
    return sure, days.astype(np.int64), found.astype("datetime64[us]")
