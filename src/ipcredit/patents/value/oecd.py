"""The OECD composites: a mean of indicators, each divided by the norm of its cohort.

Squicciarini, Dernis and Criscuolo (2013).  Of four: citations received in five years, family
size, claims, generality.  Of six: with citations made, and with the grant lag as 1 less its
share of the longest.  Every indicator lies in 0 to 1, so does the mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ipcredit.patents.value.figures import Figures, uncited
from ipcredit.patents.value.norms import Norms
from ipcredit.patents.value.scored import Part, Scored
from ipcredit.patents.value.spec import Method

Floats = NDArray[np.float64]


def score(method: Method, figures: Figures, norms: Norms) -> Scored:
    """The composite of every right; ``normal`` says which have a norm for every indicator.

    Parts are the normalised indicators, ``nan`` where there is no norm.
    """
    fields = norms.fields_of(figures.rights)
    cohorts, inside = norms.cohorts(fields, figures.column("filed"))
    weight = 1 / len(method.figures)
    parts = []
    for name in method.figures:
        norm = np.where(inside, norms.norm(cohorts, name), np.nan)
        low, high = _bounds(method, figures, name)
        parts.append(_part(name, weight, low / norm, high / norm, less=name in method.less))
    normal = ~np.isnan(np.sum([part.low for part in parts], axis=0))
    return Scored(tuple(parts), normal)


def _bounds(method: Method, figures: Figures, name: str) -> tuple[Floats, Floats]:
    """The least and the most that a figure can be."""
    figure = figures.figure(name)
    den = 1 if figure.den is None else figure.den
    low, high = figure.low / den, figure.high / den
    if name == "generality" and method.uncited is not None:
        none = uncited(figures)
        share = float(method.uncited)
        low, high = np.where(none, share, low), np.where(none, share, high)
    return low, high


def _part(name: str, weight: float, low: Floats, high: Floats, *, less: bool) -> Part:
    """The share of the norm, a figure above its norm cut to it."""
    low, high = np.minimum(low, 1.0), np.minimum(high, 1.0)
    if less:
        low, high = 1.0 - high, 1.0 - low
    return Part(name, weight, low, high)
