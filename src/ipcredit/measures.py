"""Read measures, comparisons and conditions from a policy file.

Each function takes a :class:`~ipcredit.reader.Cursor` and returns a frozen rule, or ``None``
after recording what is wrong; reading goes on so that one run reports every problem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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

GROWTH = ("year_on_year", "mean_of_ratios", "cagr")
_GROWTH_YEARS = {"year_on_year": 2, "mean_of_ratios": 3, "cagr": 3}
_SUFFIX = ("", "_prev", "_prev2")
_MEASURES = ("input", "ratio", "sum", "growth", "since", "until")
_NUMERIC = ("money", "count", "share", "decimal", "number", "year")
_TIME_UNITS = ("days", "months", "years")


class Names:
    """Names a measure may refer to besides fields: points of dimensions and of the total."""

    def __init__(self, dimensions: tuple[str, ...], defaults: Mapping[str, str]) -> None:
        self.dimensions = dimensions
        self.defaults = defaults


# -- measures --------------------------------------------------------------------------------


def known_field(cur: Cursor, name: str, key: str) -> str | None:
    if name in FIELDS and FIELDS[name].kind != "text":
        return name
    near = nearest(name, (n for n, f in FIELDS.items() if f.kind != "text"))
    code = "policy.unknown-field-near" if near else "policy.unknown-field"
    cur.problem(code, key, given=name, nearest=near)
    return None


def _windowed(cur: Cursor, name: str, key: str) -> list[tuple[str, int]] | None:
    """``sales.sum3`` as its yearly fields with weights, ``sales`` as itself."""
    base, _, window = name.partition(".")
    if known_field(cur, base, key) is None:
        return None
    if not window:
        return [(base, 1)]
    years = int(window[3:]) if window[:3] == "sum" and window[3:] in ("2", "3") else 0
    if not years or not FIELDS[base].years:
        cur.problem("policy.window", key, given=name)
        return None
    return [(base + suffix, 1) for suffix in _SUFFIX[:years]]


def term(cur: Cursor, value: Any, key: str, *inner: int) -> Term | None:
    """A weighted sum: a field, a field over years, or a list of fields and ``{ of, times }``."""
    items = value if isinstance(value, list) else [value]
    weighted: list[tuple[str, Fraction]] = []
    for item in items:
        times = Fraction(1)
        if isinstance(item, dict):
            table = cur.at(key, item, *inner)
            factor = table.number("times", low=0, required=True)
            name = table.text("of", required=True)
            table.finish(("of", "times"))
            times = factor if factor is not None else times
        elif isinstance(item, str):
            name = item
        else:
            cur.problem("policy.not-field", key, given=shown(item))
            return None
        found = _windowed(cur, name, key)
        if found is None:
            return None
        weighted += [(field_name, weight * times) for field_name, weight in found]
    kinds = {FIELDS[name].kind for name, _ in weighted}
    if len(kinds) > 1 or not weighted:
        cur.problem("policy.mixed-kinds", key, given=", ".join(sorted(kinds)))
        return None
    scale = math.lcm(*(weight.denominator for _, weight in weighted))
    fields = tuple((name, int(weight * scale)) for name, weight in weighted)
    windows = any(isinstance(item, str) and "." in item for item in items)
    text = " + ".join(shown(item) if isinstance(item, str) else item["of"] for item in items)
    return Term(fields, scale, text, skip_none=windows)


def measure(cur: Cursor, names: Names) -> Measure | None:
    """The one measure named in this table."""
    given = [key for key in _MEASURES if cur.has(key)]
    if len(given) != 1:
        cur.problem("policy.one-measure", allowed=", ".join(_MEASURES), given=", ".join(given))
        for key in (*_MEASURES, "unit", "method"):
            cur.take(key)
        return None
    return _READERS[given[0]](cur, names)


def _input(cur: Cursor, names: Names) -> Measure | None:
    name = cur.text("input")
    base, dot, tail = name.partition(".")
    if dot and tail == "points":
        if base not in (*names.dimensions, "total"):
            near = nearest(base, names.dimensions)
            cur.problem("policy.unknown-dimension", "input", given=base, nearest=near)
            return None
        return Measure("points", "points", of=base)
    if known_field(cur, name, "input") is None:
        return None
    kind = FIELDS[name].kind
    unit = {"number": "count", "year": "count"}.get(kind, kind)
    if kind == "date":
        cur.problem("policy.date-input", "input", given=name)
        return None
    return Measure("field", unit, Term(((name, 1),), 1, name))


def _ratio(cur: Cursor, names: Names) -> Measure | None:
    value = cur.take("ratio")
    unit = cur.word("unit", ("share", "decimal"), "share", required=True)
    if not isinstance(value, list) or len(value) != 2:
        cur.problem("policy.ratio-two", "ratio", given=shown(value))
        return None
    num, den = term(cur, value[0], "ratio", 0), term(cur, value[1], "ratio", 1)
    if num is None or den is None:
        return None
    kinds = [FIELDS[side.fields[0][0]].kind for side in (num, den)]
    if kinds[0] != kinds[1] and "money" in kinds:
        cur.problem("policy.mixed-kinds", "ratio", given=", ".join(kinds))
        return None
    return Measure("ratio", unit, num, den)


def _sum(cur: Cursor, names: Names) -> Measure | None:
    found = term(cur, cur.take("sum"), "sum")
    if found is None:
        return None
    kind = FIELDS[found.fields[0][0]].kind
    if kind not in _NUMERIC:
        cur.problem("policy.mixed-kinds", "sum", given=kind)
        return None
    return Measure("field", {"number": "count"}.get(kind, kind), found)


def _growth(cur: Cursor, names: Names) -> Measure | None:
    name = cur.text("growth")
    method = cur.word("method", GROWTH, GROWTH[0], required=True)
    cur.word("unit", ("share",), "share", required=True)
    if known_field(cur, name, "growth") is None:
        return None
    if not FIELDS[name].years or FIELDS[name].kind not in ("money", "count"):
        cur.problem("policy.window", "growth", given=name)
        return None
    series = tuple(name + s for s in reversed(_SUFFIX[: _GROWTH_YEARS[method]]))
    return Measure("growth", "share", series=series, method=method)


def _time(cur: Cursor, names: Names) -> Measure | None:
    kind = "since" if cur.has("since") else "until"
    name = cur.text(kind)
    unit = cur.word("unit", _TIME_UNITS, "days", required=True)
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
        cur.problem(
            "policy.one-comparison", allowed=", ".join(Op), given=", ".join(given) or "-"
        )
        return None
    op, value = given[0], values[given[0]]
    if about.unit in ("flag", "choice"):
        return _category(cur, about, op, value)
    if op is Op.ONE_OF:
        cur.problem("policy.not-a-choice", op, given=shown(value))
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
        low: int | None = -1 if about.kind == "growth" else 0
        if about.kind == "ratio" and about.num is not None:
            low = -1 if any(_may_be_negative(name) for name in about.fields) else 0
        high = None if about.kind == "growth" else 1
        return cur.as_number(value, key, low=low, high=high)
    whole = about.unit in ("count", *_TIME_UNITS)
    return cur.as_number(value, key, whole=whole)


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
    """A condition tree: ``all_of``, ``any_of``, classes ``by``, or one comparison.

    ``extra`` are further keys of the same table that the caller reads itself.
    """
    path = ".".join(map(str, cur.path))
    for key, kind in (("all_of", AllOf), ("any_of", AnyOf)):
        if cur.has(key):
            parts = _parts(cur, key, names)
            cur.finish(extra)
            return None if parts is None else kind(parts, path)
    found: Condition | None
    about = measure(cur, names)
    years = cur.number("in_each_of", low=2, high=3, whole=True)
    if about is None:
        for op in Op:
            cur.take(op)
        cur.finish(extra)
        return None
    if cur.has("classes"):
        found = _classes(cur, about, names)
    else:
        compared = comparison(cur, about)
        found = None if compared is None else Compare(about, *compared, path)
        if years is not None and isinstance(found, Compare):
            found = _each_year(cur, found, int(years))
    cur.finish((*extra, *Op, "in_each_of", "classes", "all_of", "any_of", *_MEASURES))
    return found


def _parts(cur: Cursor, key: str, names: Names) -> tuple[Condition, ...] | None:
    value = cur.take(key)
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        cur.problem("policy.not-conditions", key, given=shown(value))
        return None
    parts = [condition(cur.at(key, item, at), names) for at, item in enumerate(value)]
    return None if None in parts else tuple(part for part in parts if part is not None)


def _classes(cur: Cursor, about: Measure, names: Names) -> Condition | None:
    cases: list[tuple[str, Condition | None, Condition]] = []
    for name, table in cur.children("classes"):
        when_table = table.child("when")
        when = None if when_table is None else condition(when_table, names)
        compared = comparison(table, about)
        table.finish((*Op, "when"))
        if compared is not None:
            path = ".".join(map(str, table.path))
            cases.append((name, when, Compare(about, *compared, path)))
    if not cases:
        cur.problem("policy.empty", "classes")
        return None
    return ByClass(tuple(cases), ".".join(map(str, cur.path)))


def _each_year(cur: Cursor, one: Compare, years: int) -> Condition | None:
    def shifted(side: Term | None, suffix: str) -> Term | None:
        if side is None:
            return None
        fields = tuple((name + suffix, weight) for name, weight in side.fields)
        return Term(fields, side.scale, side.text + suffix, side.skip_none)

    if one.measure.kind not in ("field", "ratio") or any(
        name + "_prev" not in FIELDS for name in one.measure.fields
    ):
        cur.problem("policy.window", "in_each_of", given=", ".join(one.measure.fields))
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
