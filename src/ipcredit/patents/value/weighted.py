"""A weighted legal, technical and economic score in the shape of GB/T 42748-2023.

The standard names three dimensions and leaves the weights to whoever uses it; weights and bands
stand in the file of methods, every one of them assumed.  Each indicator gets the points of the
best band it reaches (0 to 100), so does the weighted sum.
"""

from __future__ import annotations

import numpy as np

from ipcredit.patents.value.figures import Figure, Figures
from ipcredit.patents.value.scored import Floats, Part, Scored
from ipcredit.patents.value.spec import Indicator, Method


def score(method: Method, figures: Figures) -> Scored:
    """The score of every right, from 0 to 100; an unknown figure could reach any band."""
    parts = []
    for group in method.groups:
        for indicator in group.indicators:
            figure = figures.figure(indicator.figure)
            low = _banded(figure, indicator, best=False)
            high = low if figure.low is figure.high else _banded(figure, indicator, best=True)
            parts.append(Part(indicator.figure, float(indicator.weight), low, high))
    return Scored(tuple(parts))


def _banded(figure: Figure, indicator: Indicator, *, best: bool) -> Floats:
    """Points of the best band reached by the lower or the upper bound of a figure."""
    # Bands rise from the last to the first, so the bands reached are counted from the last.
    reached = np.zeros(len(figure.low), np.int8)
    for cut, _ in indicator.bands:
        reached += figure.reaches(cut, best=best)
    points = [0.0, *(float(value) for _, value in reversed(indicator.bands))]
    return np.array(points)[reached]
