"""Rows of a batch with something missing: sorted by what they lack, and judged only on that.

Most of such rows lack one figure.  All that lack the same one are judged together, and only by
the rules that it touches: what the other rules say about them is already known, for a rule reads
its own figures and no more.  This is a matter of time alone: the rules are the same, on bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt

from ipcredit.counting import Points
from ipcredit.frame import FLOOR, Array, Bools, Ends, Rows, Truth, without
from ipcredit.scales import Kind

WORTH = 2_048
"""Rows that must lack one figure, and only that, to be judged on it alone."""

Key = tuple[str, str]


class Gaps:
    """The rows with something missing, collected chunk by chunk."""

    def __init__(self) -> None:
        self._found: list[tuple[int, dict[str, Rows]]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def look(self, columns: Mapping[str, Array], ends: Mapping[str, Ends], start: int) -> bool:
        """Note the rows of a chunk that begins at the row ``start``.

        Gives whether any row lacks no more than one figure, so that its other rules can be
        judged with the chunk.
        """
        gone = {name: is_missing(columns[name]) for name, (_, _, gap) in ends.items() if gap}
        if not gone:
            return True
        once, more = _counted(list(gone.values()))
        lone = {name: mask if more is None else without(mask, more) for name, mask in gone.items()}
        rows = {name: np.flatnonzero(mask) + start for name, mask in lone.items()}
        if more is not None:
            rows[""] = np.flatnonzero(more) + start
        self._found.append((start, rows))
        return more is None or len(rows[""]) < len(once)

    def sorted(self) -> Iterator[tuple[str, Rows]]:
        """A field, and the rows that lack this alone; last ``""`` and all other rows."""
        parts: defaultdict[str, list[Rows]] = defaultdict(list)
        for _, found in sorted(self._found, key=lambda item: item[0]):
            for name, some in found.items():
                parts[name].append(some)
        rest = parts.pop("", [])
        for name, some in parts.items():
            if sum(map(len, some)) < WORTH:
                rest += some
            else:
                yield name, np.concatenate(some)
        if rest:
            yield "", np.sort(np.concatenate(rest))


def is_missing(column: Array) -> Bools:
    """Where a column holds the sentinel "missing"."""
    found: Bools = column == FLOOR[column.itemsize]
    return found


def _counted(masks: list[Bools]) -> tuple[Bools, Bools | None]:
    """Rows that are in one mask or more, and in two or more (``None`` for a single mask)."""
    once: Bools = masks[0]
    more: Bools | None = None
    for mask in masks[1:]:
        both = once & mask
        more = both if more is None else more | both
        once = once | mask
    return once, more


class Taken(Mapping[str, Array]):
    """Some rows of columns, each taken when it is first asked for: few of them are."""

    def __init__(self, columns: Mapping[str, Array], rows: Rows) -> None:
        self._columns, self._rows = columns, rows
        self._taken: dict[str, Array] = {}

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

    def __init__(self, codes: Mapping[Key, Array], rows: Rows, touched: frozenset[Key]) -> None:
        self._codes, self._rows, self._touched = codes, rows, touched

    def stands(self, key: Key) -> bool:
        """Whether the answer is known."""
        return key not in self._touched

    def truth(self, key: Key) -> Truth:
        """Whether a condition holds, or a gate is passed or waived."""
        holds: Bools = self._codes[key].take(self._rows) > 0
        return Truth(holds, holds)

    def points(self, kind: Kind) -> dict[str, tuple[Points, Points]]:
        """Points that are known, looked up when they are asked for."""
        return _Points(self._codes, self._rows, kind)


class _Points(dict[str, tuple[Points, Points]]):
    def __init__(self, codes: Mapping[Key, Array], rows: Rows, kind: Kind) -> None:
        super().__init__()
        self._codes, self._rows, self._kind = codes, rows, kind

    def __missing__(self, name: str) -> tuple[Points, Points]:
        points: Points = self._codes["points", name].take(self._rows).astype(self._kind)
        found = self[name] = (points, points)
        return found
