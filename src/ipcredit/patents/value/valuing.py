"""Value many rights by one method: the one way in, for one right and for 100,000."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.fields import MISSING8
from ipcredit.patents.right import KINDS, Rights
from ipcredit.patents.value import allison, oecd, weighted
from ipcredit.patents.value.figures import Figures
from ipcredit.patents.value.norms import Norms, shipped_norms
from ipcredit.patents.value.scored import Part
from ipcredit.patents.value.spec import Method, shipped

Floats = NDArray[np.float64]

STATES: Final = ("known", "open", "not_normalised", "outside")
"""``open``: a figure is missing and the value lies between two bounds; ``not_normalised``: there
is no norm for its cohort, so no value; ``outside``: the method is not made for this kind."""
KNOWN, OPEN, NOT_NORMALISED, OUTSIDE = range(len(STATES))


@dataclass(frozen=True, slots=True)
class Values:
    """Values of rights by one method on one day, one row each, none dropped.

    ``low`` and ``high`` bound the value in the method's own scale (0 to ``method.top``), equal
    where it is known, ``nan`` where there is none.  ``state`` indexes ``STATES``.  ``parts`` are
    its indicators, weighted into the value.
    """

    method: Method
    norms: Norms
    on: dt.date
    figures: Figures
    state: NDArray[np.int8]
    low: Floats
    high: Floats
    parts: tuple[Part, ...]

    @property
    def fields(self) -> NDArray[np.int64]:
        """Technology field of each right by ``norms`` (-1: none)."""
        return self.norms.fields_of(self.figures.rights)

    def __len__(self) -> int:
        return len(self.low)

    def state_of(self, row: int) -> str:
        """The state of one row as a word."""
        return STATES[int(self.state[row])]

    def points(self, side: str = "low") -> Floats:
        """The ``low`` or ``high`` value on a scale of 0 to 100 for every method.

        A value that does not exist is worth no points at the low side and, where it only lacks
        its norm, anything up to 100 at the high side.
        """
        found = np.asarray(getattr(self, side)) * (100 / float(self.method.top))
        unknown = 100.0 if side == "high" else 0.0
        found = np.where(self.state == NOT_NORMALISED, unknown, found)
        return np.where(self.state == OUTSIDE, 0.0, found)

    def counts(self) -> Mapping[str, int]:
        """How many rights are in each state."""
        found = np.bincount(self.state, minlength=len(STATES))
        return dict(zip(STATES, found.tolist(), strict=True))


def value_rights(
    rights: Rights | Figures,
    method: str | Method,
    norms: Norms | None = None,
    *,
    on: dt.date,
) -> Values:
    """The value of every right on a day, whether or not the right still stands.

    ``method`` is a name of the shipped file or a method read by ``read_methods``; ``norms`` are
    the cohort norms of a composite and the technology fields (default: the shipped synthetic
    ones).  Give :class:`Figures` in place of rights to value them by several methods.

    Raises:
        UsageError: there is no such method.
    """
    chosen = shipped().method(method) if isinstance(method, str) else method
    cohorts = shipped_norms() if norms is None else norms
    figures = rights if isinstance(rights, Figures) else Figures(rights, on)
    if chosen.form == "composite":
        scored = oecd.score(chosen, figures, cohorts)
    elif chosen.form == "points":
        scored = allison.score(chosen, figures)
    else:
        scored = weighted.score(chosen, figures)
    low, high = scored.total("low"), scored.total("high")
    state = np.where(low == high, KNOWN, OPEN).astype(np.int8)
    if scored.normal is not None:
        state[~scored.normal] = NOT_NORMALISED
    outside = ~_fits(chosen, figures.rights)
    state[outside] = OUTSIDE
    low[outside] = high[outside] = np.nan
    return Values(chosen, cohorts, figures.on, figures, state, low, high, scored.parts)


def _fits(method: Method, rights: Rights) -> NDArray[np.bool_]:
    """Whether the method is made for the kind of each right; not for one of unknown kind."""
    table = np.array([*(kind in method.kinds for kind in KINDS), False], np.bool_)
    kinds = rights.columns["kind"].astype(np.int64)
    return np.asarray(table[np.where(kinds == MISSING8, len(KINDS), kinds)])
