"""A synthetic reference population: firms that do not exist, drawn so that schemes can be tried.

>>> firms = population(3, seed=7)
>>> firms.row(0).texts["name"]
'合成企业 000001 (synthetic)'
"""

from __future__ import annotations

from pathlib import Path

from ipcredit.firms import Firms
from ipcredit.population.firms import drawn
from ipcredit.population.sheet import write_csv
from ipcredit.population.spec import Spec, read_spec, share, whole

__all__ = ["MOST", "Spec", "population", "read_spec", "write_csv"]

MOST = 10_000_000
"""Most firms of one population: more do not fit their number in the name."""


def population(
    n: int, seed: int, spec: Spec | str | Path | None = None, *, missing: float = 0.0
) -> Firms:
    """``n`` synthetic firms in columns, each marked synthetic in its name.

    ``seed``: a whole number from 0 to 2**64 - 1.  Firm ``i`` depends on the seed and ``i``
    alone, not on ``n``.  ``spec``: a population file or its path, by default the shipped
    ``config/reference/population.toml``.  ``missing``: the share of firms that leave one or two
    figures blank (those under ``[blank]`` in the file).  The figures of a third
    fiscal year are "none" where the firm is too young for it; the unified social credit code,
    personal fields and what only other schemes ask for are left out.

    Raises:
        UsageError: an argument out of range, or a wrong population file.

    >>> few, many = population(2, seed=7), population(500, seed=7)
    >>> few.columns["sales"].tolist() == many.columns["sales"][:2].tolist()
    True
    """
    count = whole(n, "n", 0, MOST)
    key = whole(seed, "seed", 0, 2**64 - 1)
    return drawn(spec if isinstance(spec, Spec) else read_spec(spec), count, key, share(missing))
