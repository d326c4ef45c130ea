"""Firms by district and by size of sales: codes once, sums for every policy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fields import NONE
from ipcredit.firms import Firms

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]

UNKNOWN: Final = "-"
"""Label of firms whose district or sales are not known."""
SIZE_BOUNDS: Final = {"CNY": (300_000_000, 2_000_000_000, 40_000_000_000)}
"""Classes by annual sales in minor units: from 0 to each bound (not included), and above the last.

CNY: the bounds of sales among those of industrial firms in 工信部联企业〔2011〕300号; staff, the
other criterion there, is not asked.  Another currency has no classes.
"""
SIZES: Final = ("micro", "small", "medium", "large")


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A group for every firm: ``codes`` int32[n] indexes ``labels``."""

    codes: Codes
    labels: tuple[str, ...]

    def count(self, rows: npt.NDArray[np.bool_] | None = None) -> Ints:
        """Firms in each group, of all or of some rows."""
        codes = self.codes if rows is None else self.codes[rows]
        return np.bincount(codes, minlength=len(self.labels))

    def sums(self, values: Ints) -> Ints:
        """Whole amounts added up in each group, exact."""
        found = np.zeros(len(self.labels), np.int64)
        np.add.at(found, self.codes, values)
        return found


def by_district(firms: Firms) -> Groups:
    """The firms' own districts, sorted; ``-`` last for those that name none."""
    found = firms.texts.get("district")
    if found is None:
        return Groups(np.zeros(len(firms), np.int32), (UNKNOWN,))
    labels = sorted({text for text in found if text})
    last = len(labels)
    place: dict[str | None, int] = {label: at for at, label in enumerate(labels)}
    place |= {None: last, "": last}
    codes = np.fromiter(map(place.__getitem__, found), np.int32, len(found))
    return Groups(codes, (*labels, UNKNOWN) if (codes == last).any() else tuple(labels))


def by_size(firms: Firms) -> Groups | None:
    """The firms by annual sales; ``None`` where their currency has no classes stated.

    >>> firms = Firms.from_columns({"sales_fen": [299_999_999, 300_000_000]})
    >>> found = by_size(firms)
    >>> [found.labels[code] for code in found.codes]
    ['micro', 'small']
    """
    bounds = SIZE_BOUNDS.get(firms.currency)
    if bounds is None:
        return None
    sales = firms.column("sales")
    codes = np.searchsorted(np.array(bounds), sales, side="right").astype(np.int32)
    unknown = sales <= NONE
    codes[unknown] = len(SIZES)
    return Groups(codes, (*SIZES, UNKNOWN) if unknown.any() else SIZES)


def ascending(names: list[str]) -> bool:
    """Whether every name comes after the one before it, so that none occurs twice."""
    return all(one < two for one, two in pairwise(names))
