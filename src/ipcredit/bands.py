"""Read a band table: ordered, without gap or overlap, each band with its points.

Bands are listed best first.  Rising tables say ``at_least`` / ``more_than`` with falling
thresholds; falling tables say ``at_most`` / ``less_than`` with rising ones; category tables say
``is`` / ``one_of``.  What no band covers belongs to the last label, which has points and no band
("below all"), or to a last band that is the exact complement of the one before.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

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

# Points stay whole numbers of 32 bits in any scale that is allowed.
MOST_POINTS = 10_000
_MOST_STEPS = 100


def points_table(cur: Cursor) -> Points | None:
    """``points = { A = 50, … }``, with ``[7, 8]`` where an expert gives points inside a band.

    Empty where absent, ``None`` where it is no table.
    """
    table = cur.child("points")
    if table is None:
        return None if cur.has("points") else {}
    return {label: read_points(table, label) for label in table.rest()}


def read_points(table: Cursor, key: str) -> tuple[Fraction, Fraction]:
    """Lowest and highest points at ``key``; 0 after a problem."""
    value = table.take(key)
    if not isinstance(value, list):
        points = table.as_number(value, key, low=-MOST_POINTS, high=MOST_POINTS) or Fraction(0)
        return points, points
    if len(value) != 2:
        table.problem("policy.points-range", key, given=shown(value))
        return Fraction(0), Fraction(0)
    low, high = (
        table.as_number(item, key, at, low=0, high=MOST_POINTS, whole=True)
        for at, item in enumerate(value)
    )
    if low is None or high is None:
        return Fraction(0), Fraction(0)
    if low > high:
        table.problem("policy.points-range", key, given=shown(value))
    return low, high


class BandTable(NamedTuple):
    """A checked band table; see :class:`ipcredit.rules.Indicator` for the fields."""

    bands: tuple[Band, ...]
    rising: bool
    categorical: bool
    otherwise: int


def read_bands(
    cur: Cursor, about: Measure, points: Points, *, scored: bool, own: bool = True
) -> BandTable | None:
    """The band table in this table: every key that is a table with a comparison is a band.

    ``scored``: each band needs points, those of its label or (``own``) its own.
    """
    if scored and own and cur.has("step"):
        return _steps(cur, about)
    bands: list[Band] = []
    tried = [key for key in cur.rest() if _is_band(cur, key, points, scored=scored)]
    for label in tried:
        found = _band(cur, label, about, points, scored=scored, own=own)
        if found is not None:
            bands.append(found)
    cur.finish(("unit", "title", *(("points", "step") if scored and own else ())))
    if not tried:
        cur.problem("policy.no-bands")
    if len(bands) < len(tried) or not bands:
        return None
    categorical = about.unit in ("flag", "choice")
    complete = _categories(cur, about, bands) if categorical else _ordered(cur, bands)
    if complete is None:
        return None
    otherwise = -1
    if complete:
        otherwise = len(bands) - 1 if not categorical else -1
    elif scored:
        otherwise = len(bands)
        # Labels of the shared points that this indicator does not use are no gap: the last
        # label is the row "below all".
        label = next(reversed(points), "")
        if not label or label in tried:
            cur.problem("policy.gap", bands[-1].label, given=bands[-1].label)
            return None
        path = ".".join(map(str, cur.path))
        bands.append(Band(label, None, None, (), points[label], "", f"{path}.{label}"))
    return BandTable(tuple(bands), bands[0].op in _RISING, categorical, otherwise)


def _is_band(cur: Cursor, key: str, points: Points, *, scored: bool) -> bool:
    """Whether a key is meant as a band; a table that has nothing of one is a key gone wrong."""
    if scored and key in points:
        return True
    value = cur.raw[key]
    return isinstance(value, dict) and (not scored or bool({*Op, "points"} & set(value)))


def _band(
    cur: Cursor, label: str, about: Measure, points: Points, *, scored: bool, own: bool
) -> Band | None:
    table = cur.child(label)
    if table is None:
        return None
    worth = points.get(label, (Fraction(0), Fraction(0)))
    if scored and own and table.has("points"):
        worth = read_points(table, "points")
    elif scored and label not in points:
        cur.problem("policy.label-without-points", label, allowed=", ".join(points) or "-")
    compared = comparison(table, about)
    table.finish(tuple(Op))
    if compared is None:
        return None
    op, cut, values, text = compared
    if op is Op.IS and cut is not None:
        allowed = ", ".join(_COMPLEMENT)
        table.problem("policy.needs-number-word", op, given=op, allowed=allowed)
        return None
    return Band(label, op, cut, values, worth, text, ".".join(map(str, table.path)))


def _ordered(cur: Cursor, bands: list[Band]) -> bool | None:
    """Whether the bands cover every value; ``None`` after a problem."""
    rising = bands[0].op in _RISING
    for above, below in pairwise(bands):
        assert above.op is not None
        assert below.op is not None
        assert above.cut is not None
        assert below.cut is not None
        if (below.op in _RISING) != rising:
            last = below is bands[-1]
            if last and below.op is _COMPLEMENT[above.op] and below.cut.at == above.cut.at:
                return True
            code = "policy.bands-gap" if last else "policy.bands-direction"
            need = f"{_COMPLEMENT[above.op]} = {above.shown}"
            cur.problem(code, below.label, other=above.label, need=need)
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
    cur.finish(("unit", "title"))
    if table is None:
        return None
    every = None
    if not table.has("every"):
        table.problem("policy.required", "every")
    elif about.unit in ("flag", "choice"):
        table.problem("policy.step", "every", most=_MOST_STEPS)
    else:
        every = threshold(table, about, "every", table.take("every"))
    points = table.number("points", low=0, high=MOST_POINTS, required=True)
    most = table.number("max", low=0, high=MOST_POINTS, required=True)
    table.finish(("every",))
    if every is None or points is None or most is None:
        return None
    steps = most / points if points else Fraction(0)
    if every <= 0 or steps.denominator != 1 or not 0 < steps <= _MOST_STEPS:
        cur.problem("policy.step", "step", most=_MOST_STEPS)
        return None
    path = ".".join(map(str, table.path))
    bands = []
    for count in range(int(steps), 0, -1):
        at = every * count
        cut = Cut(at, strict=False)
        worth = (points * count, points * count)
        bands.append(Band(_plain(points * count), Op.AT_LEAST, cut, (), worth, _plain(at), path))
    bands.append(Band("0", None, None, (), (Fraction(0), Fraction(0)), "", path))
    return BandTable(tuple(bands), rising=True, categorical=False, otherwise=len(bands) - 1)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))
