"""A batch of firms as the core sees it: each field with what it is, or could be.

The core never asks "is it missing?".  It asks for bounds: a known value has equal bounds, a
missing one the bounds of what it could be.  Where nothing is missing both bounds are the *same
array*, so every rule is computed once; this is how one path serves complete and incomplete rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ipcredit.fields import FIELDS
from ipcredit.money import MAX_MINOR

Array = npt.NDArray[np.integer[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

FLOOR = {1: -(2**7), 8: -(2**63)}
"""The sentinel "missing" by item size of a column; the one above it is "none"."""
_MISSING = {size: np.array([floor], f"i{size}") for size, floor in FLOOR.items()}
_NONE = {size: np.array([floor + 1], f"i{size}") for size, floor in FLOOR.items()}

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_EPOCH = dt.date(1970, 1, 1)
_FEW = 32
_BOUNDLESS = int(np.iinfo(np.int64).max)
# Days far outside any record: what a missing date could be.
_FAR = 200_000


Ends = tuple[int, int, bool]
"""Least and most value of a column, "none" included, "missing" not; whether any is missing."""


class Span(NamedTuple):
    """Bounds of a figure.  ``none``: certainly does not exist; ``maybe``: possibly not.

    ``lo is hi`` and ``maybe is none`` where everything is known; masks are ``None`` where empty.
    """

    lo: Ints
    hi: Ints
    none: Bools | None = None
    maybe: Bools | None = None

    @property
    def known(self) -> bool:
        """Whether every row is certain (same arrays)."""
        return self.lo is self.hi and self.maybe is self.none


class Truth(NamedTuple):
    """A condition's outcome: ``must`` holds whatever is missing, ``may`` could hold."""

    must: Bools
    may: Bools


def either(left: Bools | None, right: Bools | None) -> Bools | None:
    """Union of two masks of which either may be absent."""
    if left is None or right is None or left is right:
        return right if left is None else left
    found: Bools = left | right
    return found


def alone(value: int, dtype: npt.DTypeLike = np.int64) -> Any:
    """A whole number as an array of one, to compare columns with.

    NumPy takes twice as long over a Python number, which counts when there are few rows.
    """
    return np.array([value], dtype)


def some(mask: Bools) -> bool:
    """Whether any row is in the mask (a reduction costs too much for a few rows)."""
    return True in mask.tolist() if mask.size <= _FEW else bool(mask.any())


def without(mask: Bools, gone: Bools) -> Bools:
    """The rows of ``mask`` that are not in ``gone``, in one step."""
    found: Bools = np.greater(mask, gone)
    return found


def lowest(column: Array) -> int:
    """The smallest value of a column; 0 for none (a reduction costs too much for a few rows)."""
    if column.size <= _FEW:
        return min(column.tolist(), default=0)
    return int(column.min())


def ends(column: Array) -> Ends:
    """Bounds of a column's values; see :data:`Ends`.

    >>> ends(np.array([5, -128, 3], np.int8)), ends(np.array([-127, 3], np.int8))
    ((3, 5, True), (-127, 3, False))
    """
    floor = FLOOR[column.itemsize]
    if column.size <= _FEW:
        values = column.tolist()
        known = [value for value in values if value != floor] or [0]
        return min(known), max(known), floor in values
    least, most = int(column.min()), int(column.max())
    if least > floor:
        return least, most, False
    if most == floor:
        return 0, 0, True
    # Without their sign, what is missing lies above all that is not negative.
    unsigned = column.view(f"u{column.itemsize}")
    if int(unsigned.max()) == -floor:
        return int(unsigned.min()), most, True
    # One below the lowest number is the highest: what is missing is then no longer the least.
    return int((column - column.dtype.type(1)).min()) + 1, most, True


def rough_ends(column: Array) -> Ends:
    """Bounds of a column's values that may be wider than they are, in one pass as a rule.

    Without their sign, "missing" lies just above all that is not negative, "none" above it.

    >>> rough_ends(np.array([5, -128, 3] * 20, np.int8))
    (0, 9223372036854775807, True)
    """
    if column.size > _FEW:
        above = int(column.view(f"u{column.itemsize}").max()) + FLOOR[column.itemsize]
        if above < 0:
            return 0, above - FLOOR[column.itemsize], False
        if above == 0:
            return 0, _BOUNDLESS, True
    return ends(column)


def together(parts: Iterable[Ends]) -> Ends:
    """Bounds of a column from those of its pieces.

    >>> together([(3, 5, False), (1, 2, True)])
    (1, 5, True)
    """
    least, most, gaps = zip(*parts, strict=True)
    return min(least), max(most), any(gaps)


def choose(mask: Bools, yes: Any, no: Any) -> Any:
    """``np.where(mask, yes, no)`` for whole numbers of one type, several times as fast.

    Selecting by bits has no branch to mispredict; masks of real firms look random.

    >>> choose(np.array([True, False]), np.int8(-1), np.array([3, 4], np.int8)).tolist()
    [-1, 4]
    """
    if mask.size <= _FEW:
        return np.where(mask, yes, no)
    dtype = no.dtype
    bits = np.negative(mask.view(np.int8) if dtype.itemsize == 1 else mask.astype(dtype))
    return no ^ ((no ^ yes) & bits)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01, as date columns hold them."""
    return (day - _EPOCH).days


@lru_cache(maxsize=8)
def _day(day: dt.date) -> Ints:
    found: Ints = alone(day_number(day))
    return found


def months_before(day: dt.date, months: int) -> dt.date:
    """The latest date whose ``months``-th monthly anniversary is not after ``day``.

    Anniversaries that do not exist (31 April, 29 February) fall on the last day of the month.

    >>> months_before(dt.date(2026, 6, 30), 60), months_before(dt.date(2025, 2, 28), 12)
    (datetime.date(2021, 6, 30), datetime.date(2024, 2, 29))
    """
    anniversary = months_after(day, -months)
    ends_month = (day + dt.timedelta(days=1)).day == 1
    return _month_end(anniversary) if ends_month else anniversary


def months_after(day: dt.date, months: int) -> dt.date:
    """The ``months``-th monthly anniversary of ``day``; a month too short ends it.

    >>> months_after(dt.date(2026, 1, 31), 1), months_after(dt.date(2026, 2, 28), 1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, _month_end(dt.date(year, month + 1, 1)).day))


def _month_end(day: dt.date) -> dt.date:
    next_month = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return next_month - dt.timedelta(days=1)


class Frame:
    """Columns of some rows of a batch, read as bounds (see the module's text).

    ``bounded``: rows may have missing values and get bounds; otherwise the answer to a row with
    a missing value is unspecified for rules that read it (a bounded frame computes them again).
    """

    def __init__(
        self,
        columns: Mapping[str, Array],
        rows: int,
        on: dt.date,
        *,
        bounded: bool,
        ends: Mapping[str, Ends] = _NOTHING,
        unknown: str = "",
    ) -> None:
        """``ends``: bounds of columns, as far as they are known; what they settle for a whole
        column is not looked at row by row.

        ``unknown``: a field that is missing in every row of a bounded frame.
        """
        self._ends = ends
        self._unknown = unknown
        self.columns = columns
        self.rows = rows
        self.on = on
        self.bounded = bounded
        self._spans: dict[str, Span] = {}

    @property
    def today(self) -> Ints:
        """The day as date columns hold it, in an array of one."""
        return _day(self.on)

    def raw(self, name: str) -> Array:
        """The column as stored, sentinels included."""
        return self.columns[name]

    def whole(self, name: str) -> Ints | None:
        """The column if it is known to hold no sentinel: then there are no bounds to speak of."""
        if not self._complete(name):
            return None
        column = self.columns[name]
        return column if column.itemsize == 8 else None  # type: ignore[return-value]

    def least(self, name: str) -> int:
        """A bound of the column's values from below, of those that count in this frame."""
        known = self._ends.get(name)
        return FLOOR[8] if known is None or (self.bounded and known[2]) else known[0]

    def most(self, name: str) -> int:
        """A bound of the column's values from above."""
        known = self._ends.get(name)
        return MAX_MINOR if known is None else known[1]

    def comparable(self, name: str, *, up: bool) -> Ints | None:
        """The column if "at least" (``up``) or "less than" a threshold needs no mask.

        Sentinels are below every threshold, so a figure that does not exist is not "at least".
        """
        if up and not self.bounded and self.columns[name].itemsize == 8:
            return self.columns[name]  # type: ignore[return-value]
        return self.whole(name)

    def span(self, name: str) -> Span:
        """The bounds of a field."""
        found = self._spans.get(name)
        if found is None:
            found = self._spans[name] = self._read(name)
        return found

    def amounts(self, name: str) -> Span:
        """The bounds of a field to be added up: 0 where it does not exist."""
        found = self.span(name)
        if self.bounded:
            return found
        gone = found.none
        if self._gaps(name):  # a missing one is no number either: sums would overflow
            gone = self.columns[name] <= _NONE[self.columns[name].itemsize]
        if gone is None:
            return found
        value = np.where(gone, 0, found.lo)
        return Span(value, value, found.none, found.maybe)

    def counting(self, mask: Bools, names: Iterable[str] = ()) -> Bools | None:
        """The mask if a row is in it whose outcome counts; otherwise there is nothing to mask.

        In a frame without bounds no row counts in which one of the fields ``names`` is missing.
        """
        counts = mask
        for name in names:
            if self._gaps(name):
                counts = without(counts, self.missing(name))
        return mask if some(counts) else None

    def _gaps(self, name: str) -> bool:
        """Whether the field is known to be missing somewhere, in a frame that has no bounds."""
        return not self.bounded and name in self._ends and self._ends[name][2]

    def missing(self, name: str) -> Bools:
        """Rows in which the field is missing."""
        column = self.columns[name]
        found: Bools = column == _MISSING[column.itemsize]
        return found

    def _read(self, name: str) -> Span:
        if name == self._unknown:
            every = np.ones(self.rows, np.bool_) if FIELDS[name].nullable else None
            return Span(*self._domain(name, slice(None)), None, every)
        column = self.columns[name]
        wide: Ints = column if column.itemsize == 8 else column.astype(np.int64)  # type: ignore[assignment]
        if self._complete(name):
            return Span(wide, wide)
        if not self.bounded:
            # Sentinels stay in the values: whoever compares goes by the mask, whoever adds
            # takes :meth:`amounts`. Replacing them would cost more than all comparisons.
            gone = self.counting(column <= _NONE[column.itemsize], (name,))
            return Span(wide, wide, gone, gone)
        if lowest(column) > FLOOR[column.itemsize] + 1:
            return Span(wide, wide)
        missing, none = self.missing(name), column == _NONE[column.itemsize]
        certainly = none if some(none) else None
        lo = wide.copy()
        if certainly is not None:
            lo[none] = 0
        rows = np.flatnonzero(missing)
        if not rows.size:
            return Span(lo, lo, certainly, certainly)
        hi = lo.copy()
        lo[rows], hi[rows] = self._domain(name, rows)
        possibly = either(certainly, missing) if FIELDS[name].nullable else certainly
        return Span(lo, hi, certainly, possibly)

    def _complete(self, name: str) -> bool:
        """No sentinel is in the column, or only in rows that do not count in this frame."""
        known = self._ends.get(name)
        if known is None or (self.bounded and known[2]):
            return False
        return known[0] > FLOOR[1] + 1 or known[0] > FLOOR[self.columns[name].itemsize] + 1

    def _domain(self, name: str, rows: Rows | slice) -> tuple[Ints, Ints]:
        """What a missing value of the field could be in each of the rows."""
        spec = FIELDS[name]
        lo, hi = {"money": (-MAX_MINOR, MAX_MINOR), "date": (-_FAR, _FAR)}.get(
            spec.kind, (-MAX_MINOR, MAX_MINOR)
        )
        lo = lo if spec.lo is None else spec.lo
        hi = hi if spec.hi is None else spec.hi
        count = self.rows if isinstance(rows, slice) else rows.size
        low, high = np.full(count, lo, np.int64), np.full(count, hi, np.int64)
        # A part bounds its whole from below, a whole its parts from above.
        if spec.part_of and spec.part_of in self.columns:
            whole = self.columns[spec.part_of][rows]
            known = whole > np.iinfo(whole.dtype).min + 1
            high = choose(known, np.minimum(high, whole), high)
        for part in PARTS_OF.get(name, ()):
            if part in self.columns:
                column = self.columns[part][rows]
                known = column > np.iinfo(column.dtype).min + 1
                low = choose(known, np.maximum(low, column), low)
        return low, high


def _parts_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, spec in FIELDS.items():
        if spec.part_of:
            found[spec.part_of] = (*found.get(spec.part_of, ()), name)
    return found


PARTS_OF = _parts_of()
