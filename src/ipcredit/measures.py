"""Read measures, comparisons and conditions from a policy file.

Each function takes a :class:`~ipcredit.reader.Cursor` and returns a frozen rule, or ``None``
after recording what is wrong; reading goes on so that one run reports every problem.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from ipcredit.fields import FIELDS
from ipcredit.reader import Cursor, nearest, shown
from ipcredit.rules import (
    AllOf,
    AnyOf,
    ByClass,
    Compare,
    Condition,
    Cut,
    Measure,
    Op,
    Term,
)

GROWTH = ("year_on_year", "mean_of_ratios", "mean_of_two_rates", "cagr")
RATIO_UNITS = ("share", "decimal")
_GROWTH_YEARS = {"year_on_year": 2, "mean_of_ratios": 3, "mean_of_two_rates": 3, "cagr": 3}
_SUFFIX = ("", "_prev", "_prev2")
MEASURES = ("input", "ratio", "sum", "growth", "since", "until")
# Kinds of figures that may be divided by each other or added; each group has one column unit.
_SAME_UNIT = (("money",), ("count", "number", "year"), ("share", "decimal"))
_NUMERIC = tuple(kind for kinds in _SAME_UNIT for kind in kinds)
# The longest time a rule may measure: nothing in the record of a firm is older.
TIME_UNITS = {"days": 100_000, "months": 3_000, "years": 250}
# Sums of amounts up to 10**15 stay exact in 64 bits below this sum of whole weights.
_MOST_WEIGHT = 9_000


class Names:
    """Names a measure may refer to besides fields: points of dimensions and of the total.

    ``points``: whether points are known where the measure stands (an indicator of a dimension
    is judged before there are any); ``total``: whether any dimension counts towards the total.
    """

    def __init__(
        self,
        dimensions: tuple[str, ...],
        defaults: Mapping[str, str],
        *,
        points: bool = True,
        total: bool = True,
    ) -> None:
        self.dimensions = dimensions
        self.defaults = defaults
        self.points = points
        self.total = total


# -- measures --------------------------------------------------------------------------------


def known_field(cur: Cursor, name: str, key: str, *inner: int) -> str | None:
    """``name`` if it is a field with figures; otherwise a problem, and ``None``."""
    if name in FIELDS and FIELDS[name].kind != "text":
        return name
    if not name and not inner and not isinstance(cur.raw.get(key), str):
        return None  # no text at all: that is reported already
    near = nearest(name, (n for n, f in FIELDS.items() if f.kind != "text"))
    code = "policy.unknown-field-near" if near else "policy.unknown-field"
    cur.report.problem(code, (*cur.path, key, *inner), given=name, nearest=near)
    return None


def _windowed(cur: Cursor, name: str, key: str, *inner: int) -> list[tuple[str, int]] | None:
    """``sales.sum3`` as its yearly fields with weights, ``sales`` as itself."""
    base, _, window = name.partition(".")
    if known_field(cur, base, key, *inner) is None:
        return None
    if not window:
        return [(base, 1)]
    years = int(window[3:]) if window in ("sum2", "sum3") else 0
    if not years or not _has_years(base):
        cur.report.problem("policy.window", (*cur.path, key, *inner), given=name)
        return None
    return [(base + suffix, 1) for suffix in _SUFFIX[:years]]


def _has_years(name: str) -> bool:
    """Whether the field is the newest of three fiscal years."""
    return FIELDS[name].years and FIELDS[name].ago == 0


def term(cur: Cursor, value: Any, key: str, *inner: int) -> Term | None:
    """A weighted sum: a field, a field over years, or a list of fields and ``{ of, times }``."""
    items = value if isinstance(value, list) else [value]
    weighted: list[tuple[str, Fraction]] = []
    texts: list[str] = []
    complete = True
    for at, item in enumerate(items):
        place = (*inner, at) if isinstance(value, list) else inner
        found = _item(cur, item, key, *place)
        if found is None:
            complete = False
            continue
        texts.append(found[0])
        weighted += found[1]
    if not complete:
        return None
    kinds = {FIELDS[name].kind for name, _ in weighted}
    if len(kinds) != 1 or not kinds <= set(_NUMERIC):
        given = ", ".join(sorted(kinds)) or "-"
        cur.report.problem("policy.mixed-kinds", (*cur.path, key, *inner), given=given)
        return None
    scale = math.lcm(*(weight.denominator for _, weight in weighted))
    fields = tuple((name, int(weight * scale)) for name, weight in weighted)
    if sum(abs(weight) for _, weight in fields) > _MOST_WEIGHT or scale > _MOST_WEIGHT:
        cur.report.problem("policy.times-size", (*cur.path, key, *inner))
        return None
    windows = any("." in text for text in texts)
    return Term(fields, scale, " + ".join(texts), skip_none=windows)


def _item(
    cur: Cursor, item: Any, key: str, *inner: int
) -> tuple[str, list[tuple[str, Fraction]]] | None:
    """One field of a sum, as written and as yearly fields with weights."""
    times: Fraction | None = Fraction(1)
    if isinstance(item, dict):
        table = cur.at(key, item, *inner)
        times = table.number("times", required=True)
        name = table.text("of", required=True)
        table.finish(("of", "times"))
        if not name:
            return None
    elif isinstance(item, str):
        name = item
    else:
        cur.report.problem("policy.not-field", (*cur.path, key, *inner), given=shown(item))
        return None
    found = _windowed(cur, name, key, *inner)
    if found is None or times is None:
        return None
    return name, [(field_name, weight * times) for field_name, weight in found]


def measure(cur: Cursor, names: Names) -> Measure | None:
    """The one measure named in this table."""
    given = [key for key in MEASURES if cur.has(key)]
    if len(given) != 1:
        found = ", ".join(given) or "-"
        cur.problem("policy.one-measure", allowed=", ".join(MEASURES), given=found)
        for key in (*MEASURES, "unit", "method"):
            cur.take(key)
        return None
    return _READERS[given[0]](cur, names)


def _input(cur: Cursor, names: Names) -> Measure | None:
    name = cur.text("input")
    base, dot, tail = name.partition(".")
    if dot and tail == "points":
        return _points(cur, base, names)
    if tail in ("sum2", "sum3") and base in FIELDS:
        cur.problem("policy.window-input", "input", given=name)
        return None
    if known_field(cur, name, "input") is None:
        return None
    kind = FIELDS[name].kind
    unit = {"number": "count", "year": "count"}.get(kind, kind)
    if kind == "date":
        cur.problem("policy.date-input", "input", given=name)
        return None
    return Measure("field", unit, Term(((name, 1),), 1, name))


def _points(cur: Cursor, name: str, names: Names) -> Measure | None:
    if not names.points:
        cur.problem("policy.points-here", "input", given=f"{name}.points")
        return None
    known = (*names.dimensions, *(("total",) if names.total else ()))
    if name not in known:
        unknown_dimension(cur, "input", name, known)
        return None
    return Measure("points", "points", of=name)


def unknown_dimension(cur: Cursor, key: str, name: str, known: Collection[str]) -> None:
    """Report a dimension that does not exist."""
    near = nearest(name, known)
    code = "policy.unknown-dimension-near" if near else "policy.unknown-dimension"
    cur.problem(code, key, given=name, nearest=near, allowed=", ".join(known) or "-")


def _ratio(cur: Cursor, names: Names) -> Measure | None:
    value = cur.take("ratio")
    unit = cur.word("unit", RATIO_UNITS, "share", required=True)
    if not isinstance(value, list) or len(value) != 2:
        cur.problem("policy.ratio-two", "ratio", given=shown(value))
        return None
    num, den = term(cur, value[0], "ratio", 0), term(cur, value[1], "ratio", 1)
    if num is None or den is None:
        return None
    kinds = [FIELDS[side.fields[0][0]].kind for side in (num, den)]
    if not any(set(kinds) <= set(same) for same in _SAME_UNIT):
        cur.problem("policy.mixed-kinds", "ratio", given=", ".join(kinds))
        return None
    return Measure("ratio", unit, num, den)


def _sum(cur: Cursor, names: Names) -> Measure | None:
    found = term(cur, cur.take("sum"), "sum")
    if found is None:
        return None
    kind = FIELDS[found.fields[0][0]].kind
    unit = {"number": "count", "year": "count"}.get(kind, kind)
    # Parts weighted with decimals do not add up to whole persons or rights.
    return Measure("field", "decimal" if unit == "count" and found.scale > 1 else unit, found)


def _growth(cur: Cursor, names: Names) -> Measure | None:
    name = cur.text("growth")
    method = cur.word("method", GROWTH, GROWTH[0], required=True)
    unit = cur.word("unit", RATIO_UNITS, "share", required=True)
    if known_field(cur, name, "growth") is None:
        return None
    if not _has_years(name) or FIELDS[name].kind not in ("money", "count"):
        cur.problem("policy.window", "growth", given=name)
        return None
    series = tuple(name + s for s in reversed(_SUFFIX[: _GROWTH_YEARS[method]]))
    return Measure("growth", unit, series=series, method=method)


def _time(cur: Cursor, names: Names) -> Measure | None:
    kind = "since" if cur.has("since") else "until"
    name = cur.text(kind)
    unit = cur.word("unit", TIME_UNITS, "days", required=True)
    if known_field(cur, name, kind) is None:
        return None
    if FIELDS[name].kind != "date":
        cur.problem("policy.needs-date", kind, given=name)
        return None
    return Measure(kind, unit, Term(((name, 1),), 1, name))


_READERS = {
    "input": _input,
    "ratio": _ratio,
    "sum": _sum,
    "growth": _growth,
    "since": _time,
    "until": _time,
}


# -- comparisons -----------------------------------------------------------------------------


def comparison(cur: Cursor, about: Measure) -> tuple[Op, Cut | None, tuple[int, ...], str] | None:
    """The one comparison word of this table with its threshold, in the measure's unit."""
    given = [op for op in Op if cur.has(op)]
    values = {op: cur.take(op) for op in given}
    if len(given) != 1:
        found = ", ".join(given) or "-"
        cur.problem("policy.one-comparison", allowed=", ".join(Op), given=found)
        return None
    op, value = given[0], values[given[0]]
    if about.unit in ("flag", "choice"):
        return _category(cur, about, op, value)
    if op is Op.ONE_OF:
        cur.problem("policy.needs-number-word", op, given=op, allowed=", ".join(list(Op)[:-1]))
        return None
    exact = threshold(cur, about, op, value)
    if exact is None:
        return None
    return op, Cut(exact, op in (Op.MORE_THAN, Op.AT_MOST)), (), shown(value)


def threshold(cur: Cursor, about: Measure, key: str, value: Any) -> Fraction | None:
    """``value`` in the unit of the measure: money in minor units, a share within 0 and 1."""
    if about.unit == "money":
        minor = cur.as_money(value, key)
        return None if minor is None else Fraction(minor)
    if about.unit == "share":
        negative = about.kind == "growth" or any(map(_may_be_negative, about.fields))
        return cur.as_number(value, key, low=-1 if negative else 0, high=1)
    if about.unit in TIME_UNITS:
        return cur.as_number(value, key, low=0, high=TIME_UNITS[about.unit], whole=True)
    return cur.as_number(value, key, whole=about.unit == "count")


def _may_be_negative(name: str) -> bool:
    low = FIELDS[name].lo
    return low is None or low < 0


def _category(
    cur: Cursor, about: Measure, op: Op, value: Any
) -> tuple[Op, Cut | None, tuple[int, ...], str] | None:
    assert about.num is not None
    spec = FIELDS[about.num.fields[0][0]]
    if op not in (Op.IS, Op.ONE_OF):
        cur.problem("policy.needs-is", op, given=spec.name)
        return None
    wanted = value if op is Op.ONE_OF and isinstance(value, list) else [value]
    if not wanted:
        cur.problem("policy.empty", op)
        return None
    codes: list[int] = []
    for item in wanted:
        if spec.kind == "flag" and isinstance(item, bool):
            codes.append(int(item))
        elif spec.kind == "choice" and item in spec.choices:
            codes.append(spec.choices.index(item))
        else:
            allowed = "true, false" if spec.kind == "flag" else ", ".join(spec.choices)
            cur.problem("policy.not-one-of", op, given=shown(item), allowed=allowed)
            return None
    return op, None, tuple(codes), shown(value)


# -- conditions ------------------------------------------------------------------------------


def condition(cur: Cursor, names: Names, *, extra: tuple[str, ...] = ()) -> Condition | None:
    """A condition tree: ``all_of``, ``any_of``, ``classes``, or one comparison.

    ``extra`` are further keys of the same table that the caller reads itself.
    """
    path = ".".join(map(str, cur.path))
    joined = [key for key in _JOINED if cur.has(key)]
    if joined:
        return _joined(cur, joined, names, extra, path)
    about = measure(cur, names)
    years = cur.number("in_each_of", low=2, high=3, whole=True)
    if about is None:
        for key in (*Op, "classes"):
            cur.take(key)
        cur.finish(extra)
        return None
    found: Condition | None
    if cur.has("classes"):
        found = _classes(cur, about, names)
        if cur.has("in_each_of"):
            cur.problem("policy.key-without-effect", "in_each_of")
    else:
        compared = comparison(cur, about)
        found = None if compared is None else Compare(about, *compared, path)
        if years is not None and isinstance(found, Compare):
            found = _each_year(cur, found, int(years))
    cur.finish((*extra, *Op))
    return found


_JOINED: dict[str, type[AllOf] | type[AnyOf]] = {"all_of": AllOf, "any_of": AnyOf}


def _joined(
    cur: Cursor, joined: list[str], names: Names, extra: tuple[str, ...], path: str
) -> Condition | None:
    """``all_of`` or ``any_of``: a list of conditions, and no measure beside it."""
    given = [*joined, *(key for key in MEASURES if cur.has(key))]
    if len(given) > 1:
        allowed = ", ".join((*_JOINED, *MEASURES))
        cur.problem("policy.one-measure", allowed=allowed, given=", ".join(given))
        for key in (*given, *Op, "unit", "method", "in_each_of", "classes"):
            cur.take(key)
        cur.finish(extra)
        return None
    key = joined[0]
    value = cur.take(key)
    cur.finish((*extra, *Op, "in_each_of", "classes", "unit", "method"))
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        cur.problem("policy.not-conditions", key, given=shown(value))
        return None
    parts = [condition(cur.at(key, item, at), names) for at, item in enumerate(value)]
    sound = tuple(part for part in parts if part is not None)
    return _JOINED[key](sound, path) if len(sound) == len(parts) else None


def _classes(cur: Cursor, about: Measure, names: Names) -> Condition | None:
    cases: list[tuple[str, Condition | None, Condition]] = []
    tables = cur.children("classes")
    for at, (name, table) in enumerate(tables):
        when_table = table.child("when")
        when = None if when_table is None else condition(when_table, names)
        compared = comparison(table, about)
        table.finish((*Op, "when"))
        if not table.has("when") and at < len(tables) - 1:
            cur.report.problem("policy.case-after-all", table.path, given=name)
        if compared is not None:
            path = ".".join(map(str, table.path))
            cases.append((name, when, Compare(about, *compared, path)))
    if cur.raw["classes"] == {}:
        cur.problem("policy.empty", "classes")
    return ByClass(tuple(cases), ".".join(map(str, cur.path))) if cases else None


def _each_year(cur: Cursor, one: Compare, years: int) -> Condition | None:
    def shifted(side: Term | None, suffix: str) -> Term | None:
        if side is None:
            return None
        fields = tuple((name + suffix, weight) for name, weight in side.fields)
        return Term(fields, side.scale, side.text + suffix, side.skip_none)

    if one.measure.kind not in ("field", "ratio") or any(
        name + "_prev" not in FIELDS for name in one.measure.fields
    ):
        given = ", ".join(one.measure.fields) or f"{one.measure.of}.points"
        cur.problem("policy.window", "in_each_of", given=given)
        return None
    parts = []
    for suffix in _SUFFIX[:years]:
        about = Measure(
            one.measure.kind,
            one.measure.unit,
            shifted(one.measure.num, suffix),
            shifted(one.measure.den, suffix),
        )
        parts.append(Compare(about, one.op, one.cut, one.values, one.shown, one.path))
    return AllOf(tuple(parts), one.path)
