"""Rows of a batch with something missing: sorted by what they lack, and judged only on that.

Most of such rows lack one figure.  All that lack the same one are judged together, and only by
the rules that it touches: what the other rules say about them is already known, for a rule reads
its own figures and no more.  This is a matter of time alone: the rules are the same, on bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ipcredit.counting import Points
from ipcredit.frame import FLOOR, Array, Bools, Ends, Rows, Truth

WORTH = 2_048
"""Rows that must lack one figure, and only that, to be judged on it alone."""

Key = tuple[str, str]
KEPT = "kept"
"""Kind of the columns that are no answers but spare rows with gaps from asking many of them."""


class Gaps:
    """What each row of a batch lacks: nothing (0), one field (its number), or several."""

    def __init__(self, fields: Sequence[str], rows: int) -> None:
        self._numbers = {name: number for number, name in enumerate(fields, 1)}
        kind = np.uint8 if len(fields) < np.iinfo(np.uint8).max else np.uint16
        self._several = int(np.iinfo(kind).max)
        self._lacks: npt.NDArray[np.unsignedinteger[Any]] = np.zeros(rows, kind)
        self.lacking: set[str] = set()
        """The fields that are missing somewhere."""

    def look(self, columns: Mapping[str, Array], ends: Mapping[str, Ends], part: slice) -> bool:
        """Note what the rows of a chunk lack.

        Gives whether any row lacks no more than one figure, so that its other rules can be
        judged with the chunk.
        """
        lacks = self._lacks[part]
        count = np.zeros_like(lacks)
        found = [name for name, (_, _, gap) in ends.items() if gap]
        for name in found:
            gone = is_missing(columns[name]).view(np.uint8)
            np.add(count, gone, out=count)
            lacks += np.multiply(gone, self._numbers[name], dtype=lacks.dtype)
        self.lacking.update(found)
        if len(found) < 2:
            return True
        more = (count > 1).view(np.uint8)
        np.maximum(lacks, np.multiply(more, self._several, dtype=lacks.dtype), out=lacks)
        return bool(count.min() < 2)

    def sorted(self) -> Iterator[tuple[str, Rows]]:
        """A field, and the rows that lack this alone; last ``""`` and all other rows."""
        if not self.lacking:
            return
        rows = np.flatnonzero(self._lacks != 0)  # of flags: NumPy is several times as fast
        lacks = self._lacks.take(rows)
        order = lacks.argsort(kind="stable")
        rows = rows.take(order)
        numbers = np.arange(1, len(self._numbers) + 2, dtype=lacks.dtype)
        # Where the rows of each field begin; those that lack several fields come last.
        starts = lacks.take(order).searchsorted(numbers)
        rest = [rows[starts[-1] :]]
        for field, (start, stop) in zip(self._numbers, pairwise(starts.tolist()), strict=True):
            if stop - start < WORTH:
                rest.append(rows[start:stop])
            else:
                yield field, rows[start:stop]
        if any(map(len, rest)):
            yield "", np.sort(np.concatenate(rest))


def is_missing(column: Array) -> Bools:
    """Where a column holds the sentinel "missing"."""
    found: Bools = column == FLOOR[column.itemsize]
    return found


class Taken(Mapping[str, Array]):
    """Some rows of columns, each taken when it is first asked for: few of them are.

    ``field``: one that is missing in all of these rows (``""``: none).
    """

    def __init__(self, columns: Mapping[str, Array], rows: Rows, field: str = "") -> None:
        self._columns, self._rows = columns, rows
        self._taken: dict[str, Array] = {}
        if field:
            kind = columns[field].dtype
            self._taken[field] = np.full(len(rows), FLOOR[kind.itemsize], kind)

    def __getitem__(self, name: str) -> Array:
        found = self._taken.get(name)
        if found is None:
            found = self._taken[name] = self._columns[name].take(self._rows)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class Earlier:
    """What is known of some rows from before: the answers of rules that their gap leaves alone."""

    def __init__(self, codes: Mapping[Key, Array], rows: Rows, touched: Set[Key]) -> None:
        self._codes, self._rows, self._touched = codes, rows, touched

    def stands(self, key: Key) -> bool:
        """Whether the answer is known."""
        return key not in self._touched

    def all_stand(self, keys: Iterable[Key]) -> bool:
        """Whether all of these answers are known."""
        return self._touched.isdisjoint(keys)

    def truth(self, key: Key) -> Truth:
        """Whether a condition holds, or a gate is passed or waived."""
        holds: Bools = self._codes[key].take(self._rows) > 0
        return Truth(holds, holds)

    def points(self) -> dict[str, tuple[Points, Points]]:
        """Points that are known, looked up when they are asked for."""
        return _Points(self._codes, self._rows)


class _Points(dict[str, tuple[Points, Points]]):
    def __init__(self, codes: Mapping[Key, Array], rows: Rows) -> None:
        super().__init__()
        self._codes, self._rows = codes, rows

    def __missing__(self, name: str) -> tuple[Points, Points]:
        points = cast(Points, self._codes[KEPT, f"points {name}"].take(self._rows))
        found = self[name] = (points, points)
        return found
