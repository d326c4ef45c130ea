"""What a firm's rights are worth together: one value, and how it is spread.

Rights that count on the day are gathered by family, and a family is worth its best right: a
second member adds nothing of its own.  Families are sorted by value, and each next one adds a
fixed share of what it would have added one place higher.  So another family never lowers the
value, each adds less than one like it added before, and no number of rights adds up to more
than a fixed multiple of the best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipcredit import messages
from ipcredit.fields import MILLION
from ipcredit.patents.counting import Counts
from ipcredit.patents.right import ACQUIRED, KINDS, Rights
from ipcredit.patents.standing import YES, Standing
from ipcredit.patents.value.spec import shipped
from ipcredit.patents.value.together import Aggregation
from ipcredit.patents.value.valuing import NOT_NORMALISED, OPEN, OUTSIDE, Values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LIFE_YEARS: Final = 20
"""How far the curve of remaining life goes: the longest term of a patent."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rights that belong together: a field, an age band.

    ``points`` is the sum of their values (lowest), ``adds`` what they add to the portfolio; each
    family counts once, with its best right.
    """

    code: int
    rights: int
    points: float
    adds: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How rights are spread over groups, those that add most first.

    ``by_count`` and ``by_value`` are Herfindahl indices, the sum of squared shares (1: all in
    one group), ``None`` where there is nothing to share.  ``unknown`` rights belong to no known
    group and are left out; ``unknown_adds`` is what they add to the portfolio.
    """

    groups: tuple[Group, ...]
    unknown: int
    unknown_adds: float
    by_count: float | None
    by_value: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """Rights for which something is so, is not so, and is not known."""

    yes: int
    no: int
    unknown: int

    @property
    def share(self) -> float | None:
        """The share of those that say so, ``None`` where none does."""
        known = self.yes + self.no
        return self.yes / known if known else None


@dataclass(frozen=True, slots=True)
class Alive:
    """What is still protected so many full years from now, if every fee is paid."""

    years: int
    rights: int
    points: float


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The counted rights of a firm on a day.

    ``counted`` marks the rights; ``points_low`` and ``points_high`` are their values on the
    scale 0 to 100 after the factors of their kind and acquisition; ``factor`` is the factor at
    the low side.  ``lead`` holds, best first, the right that stands for each family, ``members``
    how many counted rights the family has, ``adds`` what it adds to ``low``.  ``low`` and
    ``high`` bound the portfolio's value, equal where nothing is open.  ``no_way`` counted rights
    do not say how they were acquired, ``no_family`` name no family.  Fields are coded as in
    :meth:`field_label`.
    """

    values: Values
    rule: Aggregation
    counted: Bools
    factor: Floats
    points_low: Floats
    points_high: Floats
    lead: Ints
    members: Ints
    adds: Floats
    low: float
    high: float
    no_way: int
    no_family: int
    fields: Spread
    families: Spread
    ages: Spread
    ipc_classes: tuple[str, ...]
    life: tuple[Alive, ...]
    life_unknown: int
    shares: Mapping[str, Share] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of counted rights."""
        return int(self.counted.sum())

    def field_label(self, code: int, lang: str) -> str:
        """The name of a technology field: declared with the norms, else an IPC class."""
        declared = self.values.norms.fields
        if code < len(declared):
            return self.values.norms.label(code, lang)
        return messages.text(
            "portfolio.ipc-class", lang, ipc=self.ipc_classes[code - len(declared)]
        )

    def states(self) -> Mapping[str, int]:
        """How many counted rights lack figures, a norm, or a method made for their kind."""
        state = self.values.state[self.counted]
        return {
            "open": int((state == OPEN).sum()),
            "not_normalised": int((state == NOT_NORMALISED).sum()),
            "outside": int((state == OUTSIDE).sum()),
        }

    def value(self, missing: str = "unknown") -> int | None:
        """The patent value in millionths of a point, as the firm's field holds it.

        ``missing`` is ``unknown`` (an open value is ``None``) or ``lowest`` (it is its lower
        bound).
        """
        low, high = (round(side * MILLION) for side in (self.low, self.high))
        return low if missing == "lowest" or low == high else None


def portfolio(
    values: Values,
    found: Counts,
    *,
    related_only: bool = False,
    rule: Aggregation | None = None,
) -> Portfolio:
    """The portfolio of the rights that count on the day, valued as in ``values``.

    A right counts if it is known to be in force and owned (``found``) and, with
    ``related_only``, related to the main product.  What is not known does not count.

    Raises:
        ValueError: the values and the counts are not of the same rights on the same day.

    >>> import datetime as dt
    >>> from ipcredit.patents.counting import count_rights
    >>> from ipcredit.patents.right import Right, Rights
    >>> from ipcredit.patents.value import value_rights
    >>> day = dt.date(2025, 6, 30)
    >>> rights = Rights.of([Right(kind="invention")])
    >>> portfolio(value_rights(rights, "allison", on=day), count_rights(rights, day)).value()
    0
    """
    rights = values.figures.rights
    if found.rights is not rights or found.on != values.on:
        raise ValueError("values and counts of different rights or days")
    rule = rule or shipped().aggregation
    counted = found.standing.state == YES
    if related_only:
        counted = counted & (found.conditions["related"] == YES)
    low_factor, high_factor = _factors(rights, found.standing, rule)
    low, high = values.points("low") * low_factor, values.points("high") * high_factor
    rows = _best_first(rights, np.flatnonzero(counted), low, high)
    codes = _renumbered(found.family[rows])
    # Rows come best first, so the first of a family leads it and families are in order.
    lead = rows[np.unique(codes, return_index=True)[1]]
    best = np.zeros(len(lead))
    np.maximum.at(best, codes, high[rows])
    times = float(rule.times)
    adds = low[lead] * _weights(times, len(lead))
    fields, names = _fields(values, rows)
    life, life_unknown = _life(values, rows, codes, low, times)
    return Portfolio(
        values=values,
        rule=rule,
        counted=counted,
        factor=low_factor,
        points_low=low,
        points_high=high,
        lead=lead,
        members=np.bincount(codes, minlength=len(lead)),
        adds=adds,
        low=concave(low[lead], times),
        high=concave(best, times),
        no_way=int((found.standing.how[rows] < 0).sum()),
        no_family=int((rights.texts["family"].codes[rows] < 0).sum()) * found.per_family,
        fields=_spread(fields, codes, low[rows], adds),
        families=_spread(codes, codes, low[rows], adds),
        ages=_spread(_ages(values, rows, rule), codes, low[rows], adds),
        ipc_classes=names,
        life=life,
        life_unknown=life_unknown,
        shares={name: _share(rights, rows, name) for name in ("pledged", "licensed")},
    )


def concave(points: Floats, times: float) -> float:
    """The value of several families together: the best in full, each next one ``times`` less.

    >>> concave(np.array([40.0, 80.0, 40.0]), 0.75)     # 80 + 30 + 22.5
    132.5
    """
    ordered = np.sort(points)[::-1]
    return math.fsum(ordered * _weights(times, len(ordered)))


def _weights(times: float, count: int) -> Floats:
    weights = np.full(count, times)
    weights[:1] = 1.0
    return np.asarray(np.cumprod(weights))


def _factors(rights: Rights, stand: Standing, rule: Aggregation) -> tuple[Floats, Floats]:
    """Factor of each right by kind and acquisition; where that is not known, its two bounds."""
    by_kind = np.array([float(rule.kinds.get(kind, Fraction(1))) for kind in KINDS])
    kinds = rights.columns["kind"].astype(np.int64)
    factor = by_kind[np.where(kinds < 0, 0, kinds)]
    bought = float(rule.bought)
    is_bought = np.isin(stand.how, [ACQUIRED.index(way) for way in ACQUIRED if way != "own"])
    low = factor * np.where(is_bought | (stand.how < 0), bought, 1.0)
    return low, factor * np.where(is_bought, bought, 1.0)


def _best_first(rights: Rights, rows: Ints, low: Floats, high: Floats) -> Ints:
    """Rows with the best first; between equals the number decides, not the order of the file."""
    numbers = [rights.number(row) for row in rows.tolist()]
    rank = np.empty(len(rows), np.int64)
    rank[sorted(range(len(rows)), key=numbers.__getitem__)] = np.arange(len(rows))
    return rows[np.lexsort((rank, -high[rows], -low[rows]))]


def _renumbered(families: Ints) -> Ints:
    """The same families, numbered in the order in which they come."""
    _, first, inverse = np.unique(families, return_index=True, return_inverse=True)
    place = np.empty(len(first), np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]


# -- how it is spread ------------------------------------------------------------------------


def _fields(values: Values, rows: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Technology field of each row: a declared one, else the class of its first IPC code.

    Codes below the number of declared fields are theirs; above it follow the classes in
    ``names``, in alphabetical order.  -1: the record gives no IPC code.
    """
    column = values.figures.rights.texts["ipc"]
    classes = [word[0][:3] if word else "" for word in column.words]
    codes = values.fields[rows]
    open_words = np.unique(column.codes[rows][codes < 0])
    names = sorted({classes[at] for at in open_words.tolist() if at >= 0 and classes[at]})
    declared = len(values.norms.fields)
    place = {name: declared + at for at, name in enumerate(names)}
    by_word = np.array([*(place.get(name, -1) for name in classes), -1], np.int64)
    return np.where(codes >= 0, codes, by_word[column.codes[rows]]), tuple(names)


def _ages(values: Values, rows: Ints, rule: Aggregation) -> Ints:
    """Age band of each row, -1 where the day of filing is not known."""
    age = values.figures.figure("age")
    assert age.den is not None  # a span of years
    years = age.low[rows] // age.den[rows]
    bands = np.searchsorted(np.array(rule.ages), years, side="right") - 1
    return np.where(age.known[rows], bands, -1)


def _spread(groups: Ints, families: Ints, low: Floats, adds: Floats) -> Spread:
    """Rights by group; the value of a family counts once, with its first row.

    ``adds`` is what each family adds, in the order of families.
    """
    known = groups >= 0
    led = np.unique(families, return_index=True)[1]
    size = int(groups.max(initial=-1)) + 1
    counts = np.bincount(groups[known], minlength=size)
    lead = groups[led]
    inside = lead >= 0
    points = np.bincount(lead[inside], weights=low[led][inside], minlength=size)
    added = np.bincount(lead[inside], weights=adds[inside], minlength=size)
    found = [
        Group(code, int(counts[code]), float(points[code]), float(added[code]))
        for code in np.flatnonzero(counts).tolist()
    ]
    found.sort(key=lambda group: (-group.adds, -group.points, -group.rights, group.code))
    return Spread(
        tuple(found),
        int((~known).sum()),
        math.fsum(adds[~inside]),
        _herfindahl(counts),
        _herfindahl(points),
    )


def _herfindahl(amounts: NDArray[np.int64] | Floats) -> float | None:
    """Sum of squared shares; ``None`` where nothing is shared."""
    whole = math.fsum(amounts)
    return math.fsum((amounts / whole) ** 2) if whole > 0 else None


def _life(
    values: Values, rows: Ints, codes: Ints, low: Floats, times: float
) -> tuple[tuple[Alive, ...], int]:
    """What is still protected after each full year from now."""
    life = values.figures.figure("remaining_life")
    assert life.den is not None  # a span of years
    known = life.known[rows]
    num, den, points = life.low[rows], life.den[rows], low[rows]
    found = []
    for years in range(LIFE_YEARS + 1):
        alive = known & (num > years * den)
        best = np.zeros(int(codes.max(initial=-1)) + 1)
        np.maximum.at(best, codes[alive], points[alive])
        found.append(Alive(years, int(alive.sum()), concave(best, times)))
    return tuple(found), int((~known).sum())


def _share(rights: Rights, rows: Ints, name: str) -> Share:
    flags = rights.columns[name][rows]
    return Share(int((flags == 1).sum()), int((flags == 0).sum()), int((flags < 0).sum()))
