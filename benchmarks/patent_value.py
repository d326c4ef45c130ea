"""Time to value 100,000 rights by each method: columns ready, figures worked out anew each time.

    python benchmarks/patent_value.py [RIGHTS]

The budget is 50 ms for each method on a quiet machine.
"""

from __future__ import annotations

import datetime as dt
import sys
import time

import numpy as np

from ipcredit.fields import MISSING, MISSING8
from ipcredit.patents.right import COUNTS, FLAGS, LISTS, WORDS, Coded, Rights
from ipcredit.patents.value import METHODS, value_rights

ON = dt.date(2025, 6, 30)
SUBCLASSES = (
    "G06F",
    "G06N",
    "H04L",
    "H04W",
    "H01M",
    "G01N",
    "B23K",
    "B60W",
    "A61B",
    "A61K",
    "C08L",
)


def rights_of(count: int, lists: int = 20_000, seed: int = 0) -> Rights:
    """Rights with one figure in twenty missing and so many different lists of IPC codes."""
    draw = np.random.default_rng(seed)

    def some(column, missing):
        return np.where(draw.random(count) < 0.05, missing, column).astype(column.dtype)

    filed = draw.integers(14_000, 20_000, count)
    columns = {
        "kind": draw.integers(0, 2, count).astype(np.int8),
        "status": np.zeros(count, np.int8),
        "acquired": draw.integers(0, 4, count).astype(np.int8),
        "filed": filed,
        "published": filed + draw.integers(100, 2_000, count),
        "granted": filed + draw.integers(100, 2_500, count),
        "lapsed": np.full(count, MISSING),
        "expires": np.full(count, MISSING),
        "status_on": np.full(count, 20_000),
        "transferred_on": np.full(count, MISSING),
    }
    columns |= {name: some(draw.integers(0, 2, count).astype(np.int8), MISSING8) for name in FLAGS}
    columns |= {name: some(draw.integers(0, 40, count), MISSING) for name in COUNTS}
    texts = {name: Coded(np.full(count, -1, np.int32), ()) for name in (*WORDS, *LISTS)}
    words = tuple(
        tuple(f"{SUBCLASSES[at]}{number}/00" for at in draw.integers(0, len(SUBCLASSES), 3))
        for number in range(lists)
    )
    texts["ipc"] = Coded(draw.integers(0, lists, count).astype(np.int32), words)
    return Rights(columns, texts, np.arange(1, count + 1))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rights = rights_of(count)
    for method in METHODS:
        times = []
        for _ in range(9):
            start = time.perf_counter()
            found = value_rights(rights, method, on=ON)
            times.append(1000 * (time.perf_counter() - start))
        states = ", ".join(f"{name} {n}" for name, n in found.counts().items() if n)
        print(
            f"{method:9} best {min(times):6.1f} ms, median {sorted(times)[4]:6.1f} ms  ({states})"
        )


if __name__ == "__main__":
    main()
