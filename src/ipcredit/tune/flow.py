"""Bands from the states of a comparison to the states after it, as wide as the firms are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.pictures import BLUE, GREY, ORANGE, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP: Final = 0.025
"""Room between two states, as a part of the height."""
_LABEL: Final = 0.05
"""Room that a label needs."""
_WIDE: Final = 0.03
_COLOURS: Final = {1: (BLUE, 0.65), -1: (ORANGE, 0.75), 0: (GREY, 0.3)}


def draw_flow(axes: Axes, matrix: Any, better: Sequence[Sequence[int]], words: Words) -> None:
    """``matrix``: firms from rows to columns; ``better``: 1, -1 or 0 for each of its cells."""
    from matplotlib.patches import Patch

    total = max(int(matrix.sum()), 1)
    left = spots_of(matrix.sum(axis=1) / total)
    right = spots_of(matrix.sum(axis=0) / total)
    for x, spots, labels, sums, side in (
        (0.0, left, words["rows"], matrix.sum(axis=1), "right"),
        (1.0, right, words["columns"], matrix.sum(axis=0), "left"),
    ):
        middles = apart(np.array([(top + bottom) / 2 for top, bottom in spots]), _LABEL)
        for (top, bottom), label, count, middle in zip(spots, labels, sums, middles, strict=True):
            axes.fill_between([x - _WIDE / 2, x + _WIDE / 2], top, bottom, color="#444444")
            text = f"{label}  {count:,}"
            axes.text(x + (0.03 if x else -0.03), middle, text, ha=side, va="center", fontsize=8)
    _bands(axes, matrix / total, better, left, right)
    axes.set_xlim(-0.42, 1.42)
    axes.set_ylim(1.01, -0.01)
    axes.axis("off")
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=11)
    handles = [
        Patch(color=_COLOURS[sign][0], alpha=_COLOURS[sign][1], label=str(label))
        for sign, label in zip((1, -1, 0), words["legend"], strict=True)
    ]
    axes.legend(handles=handles, fontsize=8, frameon=False, ncols=3, loc="upper center",
                bbox_to_anchor=(0.5, 0.0))  # fmt: skip


def _bands(axes: Axes, shares: Any, better: Sequence[Sequence[int]], left: Any, right: Any) -> None:
    """Bands in the order of the states on both sides, so that few cross."""
    s = np.linspace(0.0, 1.0, 40)
    bend = s * s * (3 - 2 * s)
    x = _WIDE / 2 + s * (1 - _WIDE)
    scale = 1.0 - _GAP * max(shares.shape[0] - 1, 0), 1.0 - _GAP * max(shares.shape[1] - 1, 0)
    starts = [top for top, _ in left]
    ends = [top for top, _ in right]
    for row in range(shares.shape[0]):
        for column in range(shares.shape[1]):
            share = float(shares[row, column])
            if not share:
                continue
            a, b = starts[row], ends[column]
            c, d = a + share * scale[0], b + share * scale[1]
            starts[row], ends[column] = c, d
            colour, alpha = _COLOURS[better[row][column]]
            axes.fill_between(x, a + (b - a) * bend, c + (d - c) * bend, color=colour,
                              alpha=alpha, linewidth=0.8 if better[row][column] else 0)  # fmt: skip


def spots_of(shares: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Top and bottom of each state between 0 and 1, with room between them.

    >>> [(round(a, 4), round(b, 4)) for a, b in spots_of(np.array([0.5, 0.5]))]
    [(0.0, 0.4875), (0.5125, 1.0)]
    """
    room = 1.0 - _GAP * max(len(shares) - 1, 0)
    found, top = [], 0.0
    for share in shares.tolist():
        found.append((top, top + share * room))
        top += share * room + _GAP
    return found


def apart(places: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    """Ascending places moved as little as needed so that each is ``least`` from the next.

    >>> apart(np.array([0.1, 0.11, 0.9]), 0.1).round(3).tolist()
    [0.055, 0.155, 0.9]
    """
    # Places less i * least must ascend: the nearest such sequence is the pooled one.
    shifted = places - least * np.arange(len(places))
    pools: list[list[float]] = []
    for value in shifted.tolist():
        pools.append([value, 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value2, count2 = pools.pop()
            value1, count1 = pools.pop()
            count = count1 + count2
            pools.append([(value1 * count1 + value2 * count2) / count, count])
    pooled = np.repeat([value for value, _ in pools], [int(count) for _, count in pools])
    return np.asarray(pooled + least * np.arange(len(places)), np.float64)
