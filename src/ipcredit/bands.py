"""Read a band table: ordered, without gap or overlap, each band with its points.

Bands are listed best first.  Rising tables say ``at_least`` / ``more_than`` with falling
thresholds; falling tables say ``at_most`` / ``less_than`` with rising ones; category tables say
``is`` / ``one_of``.  What no band covers belongs to the one label that has points and no band
("below all"), or to a last band that is the exact complement of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ipcredit.fields import FIELDS
from ipcredit.measures import comparison, threshold
from ipcredit.reader import Cursor, shown
from ipcredit.rules import Band, Cut, Measure, Op

_RISING = (Op.AT_LEAST, Op.MORE_THAN)
_COMPLEMENT = {
    Op.AT_LEAST: Op.LESS_THAN,
    Op.MORE_THAN: Op.AT_MOST,
    Op.AT_MOST: Op.MORE_THAN,
    Op.LESS_THAN: Op.AT_LEAST,
}

Points = dict[str, tuple[Fraction, Fraction]]


def points_table(cur: Cursor) -> Points:
    """``points = { A = 50, … }``, with ``[7, 8]`` where an expert gives points inside a band."""
    table = cur.child("points")
    if table is None:
        return {}
    return {
        label: found
        for label in table.rest()
        if label not in ("source", "assumed")
        and (found := read_points(table, label)) is not None
    }


def read_points(table: Cursor, key: str) -> tuple[Fraction, Fraction] | None:
    value = table.take(key)
    if isinstance(value, list) and len(value) == 2:
        low, high = (table.as_number(item, key, at, low=0) for at, item in enumerate(value))
        if low is not None and high is not None and low > high:
            table.problem("policy.bands-order", key, given=shown(value))
            return None
    else:
        low = high = table.as_number(value, key)
    return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True)
class BandTable:
    """A checked band table; see :class:`ipcredit.rules.Indicator` for the fields."""

    bands: tuple[Band, ...]
    rising: bool
    categorical: bool
    otherwise: int


def read_bands(
    cur: Cursor,
    about: Measure,
    points: Points,
    *,
    scored: bool,
    known: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
) -> BandTable | None:
    """The band table in this table: every key that is a table with a comparison is a band.

    ``scored``: each band needs points (its own or those of its label).  ``known``: keys the
    caller allows besides (for the message about unknown keys).
    """
    if cur.has("step"):
        return _steps(cur, about)
    bands: list[Band] = []
    for label in [key for key in cur.rest() if isinstance(cur.raw[key], dict)]:
        if label in ignore:
            continue
        table = cur.child(label)
        assert table is not None
        if scored and points and label not in points and not table.has("points"):
            cur.problem("policy.label-without-points", label, allowed=", ".join(points))
        own = read_points(table, "points") if scored and table.has("points") else None
        compared = comparison(table, about)
        table.finish((*Op, "points"))
        if compared is not None:
            op, cut, values, text = compared
            worth = own or points.get(label, (Fraction(0), Fraction(0)))
            path = ".".join(map(str, table.path))
            bands.append(Band(label, op, cut, values, worth, text, path))
    cur.finish((*known, "unit", "points", "title", *(b.label for b in bands), *points))
    if not bands:
        cur.problem("policy.no-bands")
        return None
    categorical = about.unit in ("flag", "choice")
    rest = [label for label in points if label not in {band.label for band in bands}]
    complete = _categories(cur, about, bands) if categorical else _ordered(cur, bands)
    otherwise = -1
    if complete is None:
        return None
    if complete:
        otherwise = len(bands) - 1 if not categorical else -1
    elif scored:
        otherwise = len(bands)
        if not rest:
            cur.problem("policy.gap", given=bands[-1].label)
            return None
        # Labels of the shared points that this indicator does not use are no gap: the last
        # label is the row "below all".
        label = rest[-1]
        path = ".".join(map(str, cur.path))
        bands.append(Band(label, None, None, (), points[label], "", f"{path}.{label}"))
    rising = bands[0].op in _RISING
    return BandTable(tuple(bands), rising, categorical, otherwise)


def _ordered(cur: Cursor, bands: list[Band]) -> bool | None:
    """Whether the bands cover every value; ``None`` after a problem."""
    rising = bands[0].op in _RISING
    for above, below in zip(bands, bands[1:], strict=False):
        assert above.op and below.op and above.cut and below.cut
        if (below.op in _RISING) != rising:
            last = below is bands[-1]
            if last and below.op is _COMPLEMENT[above.op] and below.cut.at == above.cut.at:
                return True
            code = "policy.bands-gap" if last else "policy.bands-direction"
            need = _COMPLEMENT[above.op]
            cur.problem(code, below.label, other=above.label, need=f"{need} = {above.shown}")
            return None
        if below.cut == above.cut:
            cur.problem("policy.bands-alike", below.label, other=above.label, given=below.shown)
            return None
        if (below.cut < above.cut) != rising:
            code = "policy.bands-order"
            cur.problem(code, below.label, other=above.label, given=below.shown)
            return None
    return False


def _categories(cur: Cursor, about: Measure, bands: list[Band]) -> bool | None:
    """Whether every choice has a band; ``None`` where two bands claim one choice."""
    assert about.num is not None
    spec = FIELDS[about.num.fields[0][0]]
    taken: dict[int, str] = {}
    for band in bands:
        for code in band.values:
            if code in taken:
                other = taken[code]
                cur.problem("policy.bands-alike", band.label, other=other, given=band.shown)
                return None
            taken[code] = band.label
    return len(taken) == (2 if spec.kind == "flag" else len(spec.choices))


def _steps(cur: Cursor, about: Measure) -> BandTable | None:
    """``step = { every = 2, points = 1, max = 5 }``: points for each full ``every``."""
    table = cur.child("step")
    assert table is not None
    every = None
    if table.has("every"):
        every = threshold(table, about, "every", table.take("every"))
    points = table.number("points", low=0, required=True)
    most = table.number("max", low=0, required=True)
    table.finish(("every", "points", "max"))
    cur.finish(("step", "unit", "title"))
    if not every or not points or most is None or (most / points).denominator != 1:
        cur.problem("policy.step", "step")
        return None
    path = ".".join(map(str, table.path))
    bands = []
    for count in range(int(most / points), 0, -1):
        worth = (points * count, points * count)
        at = every * count
        text = shown(_plain(at))
        cut = Cut(at, strict=False)
        bands.append(Band(f"{_plain(points * count)}", Op.AT_LEAST, cut, (), worth, text, path))
    bands.append(Band("0", None, None, (), (Fraction(0), Fraction(0)), "", path))
    return BandTable(tuple(bands), rising=True, categorical=False, otherwise=len(bands) - 1)


def _plain(value: Fraction) -> Any:
    return int(value) if value.denominator == 1 else float(value)
