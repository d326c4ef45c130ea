"""What clauses of a fund may ask about loans, in columns: books and claims share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

PARTS: Final = ("knowledge", "base", "receivables")
"""Parts of a firm's credit, as in the policies: each loan is one of them."""
WORDS: Final = ("class", "mode", "part", "lender", "district")
"""Attributes of a loan that are words."""
NUMERIC: Final = ("size", "revenue", "support_years", "collateral_share", "rate_over_benchmark")
"""Attributes that are numbers: size of the loan and the firm's revenue are amounts; years of
support; collateral over loan; (rate - benchmark) / benchmark."""
AMOUNTS: Final = ("size", "revenue")
"""The numeric attributes that are amounts, in minor units; the others are in millionths."""
MISSING: Final = int(np.iinfo(np.int64).min)
"""Stands for a number that is not known."""

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Attributes of ``n`` loans; an attribute that is not there is known of none of them.

    ``words``: codes int32[n] (-1: not known) and the labels they index.  ``tags``: bool[n] each;
    ``tags_known`` bool[n] says of which loans the tags are known.  ``numbers``: int64[n], amounts
    in minor units, the others in millionths, :data:`MISSING` where not known.
    """

    n: int
    words: Mapping[str, tuple[Codes, tuple[str, ...]]] = field(default_factory=dict)
    tags: Mapping[str, Bools] = field(default_factory=dict)
    tags_known: Bools | None = None
    numbers: Mapping[str, Ints] = field(default_factory=dict)

    def known(self, attribute: str) -> Bools:
        """Of which loans an attribute (or ``tags``) is known, bool[n].

        >>> Traits(2, numbers={"size": np.array([5, MISSING])}).known("size").tolist()
        [True, False]
        """
        if attribute in self.words:
            return self.words[attribute][0] >= 0
        if attribute in self.numbers:
            known: Bools = self.numbers[attribute] != MISSING
            return known
        if attribute == "tags" and self.tags_known is not None:
            return self.tags_known
        return np.zeros(self.n, dtype=np.bool_)

    def take(self, rows: npt.NDArray[np.intp] | Bools) -> Traits:
        """The traits of some of the loans."""
        words = {name: (codes[rows], labels) for name, (codes, labels) in self.words.items()}
        known = None if self.tags_known is None else self.tags_known[rows]
        tags = {name: column[rows] for name, column in self.tags.items()}
        numbers = {name: column[rows] for name, column in self.numbers.items()}
        count = int(np.count_nonzero(rows)) if rows.dtype == np.bool_ else len(rows)
        return Traits(count, words, tags, known, numbers)
