"""Every written threshold of a policy, and firms that sit on it: below, at and above by one unit.

Everything is generated from the raw TOML tree, so that a new edition is probed without anybody
writing a case.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ipcredit.fields import FIELDS

from .naive import Naive
from .naive_money import PARTS as LINES
from .naive_words import (
    EPOCH,
    NONE,
    SUFFIXES,
    band_tables,
    comparison,
    fen,
    months_later,
    named,
)

ON = date(2026, 6, 30)
FLIPS = {
    "at_least": "more_than",
    "more_than": "at_least",
    "at_most": "less_than",
    "less_than": "at_most",
}
PARTS = {name: spec.part_of for name, spec in FIELDS.items() if spec.part_of}


@dataclass(frozen=True)
class Leaf:
    """One written threshold: where it stands, what is measured, and which decision it moves.

    ``owner``: ``(kind, name)`` of the decision in :meth:`Naive.judge`'s words.
    """

    path: str
    about: Mapping[str, Any] = field(repr=False)
    op: str
    threshold: Any
    owner: tuple[str, str]
    shifts: tuple[str, ...] = ("",)

    @property
    def points_of(self) -> str:
        """The dimension whose points are judged, or nothing."""
        name = self.about.get("input", "")
        return name.removesuffix(".points") if name.endswith(".points") else ""

    @property
    def categorical(self) -> bool:
        name = self.about.get("input", "")
        return name in FIELDS and FIELDS[name].kind in ("flag", "choice")


def leaves(raw: Mapping[str, Any]) -> Iterator[Leaf]:
    """Every threshold of a policy that a decision hangs on."""
    dimensions = Naive(raw, ON).dimensions
    for name, table in dimensions.items():
        for label, part in named(table.get("indicators", {})).items():
            path, owner = f"{name}.indicators.{label}", ("band", f"{name}.{label}")
            if "step" in part:
                yield from _steps(part, path, owner)
            yield from _bands(part, path, owner)
    for kind in ("gates", "confirm"):
        for name, table in named(raw.get(kind, {})).items():
            yield from _condition(table, f"{kind}.{name}", (kind.removesuffix("s"), name))
    if "matrix" not in raw.get("tiers", {}):
        yield from _bands(raw.get("tiers", {}), "tiers", ("tier", "graded"))
    for name, table in named(raw.get("raise", {})).items():
        yield from _condition(table, f"raise.{name}", ("tier", "raised"))
    for key, part_name in LINES.items():
        table = raw.get(key, {})
        owner = ("before", part_name)
        for name, limit in named(table.get("limits", {})).items():
            yield from _limit(limit, f"{key}.limits.{name}", owner)
        for name, gate in named(table.get("gates", {})).items():
            yield from _condition(gate, f"{key}.gates.{name}", owner)
        for name, method in named(table.get("methods", {})).items():
            yield from _bands(method, f"{key}.methods.{name}", owner)
    for name, limit in named(raw.get("limits", {})).items():
        yield from _limit(limit, f"limits.{name}", ("part", ""))


def _bands(table: Mapping[str, Any], path: str, owner: tuple[str, str]) -> Iterator[Leaf]:
    for label, word in band_tables(table).items():
        op, threshold = comparison(word)  # type: ignore[misc]
        yield Leaf(f"{path}.{label}.{op}", table, op, threshold, owner)


def _steps(table: Mapping[str, Any], path: str, owner: tuple[str, str]) -> Iterator[Leaf]:
    step = table["step"]
    count = int(Fraction(step["max"]) / Fraction(step["points"]))
    every = step["every"]
    for times in {1, count}:
        at = f"{fen(every) * times} 分" if isinstance(every, str) else every * times
        yield Leaf(f"{path}.step.every", table, "at_least", at, owner)


def _limit(table: Mapping[str, Any], path: str, owner: tuple[str, str]) -> Iterator[Leaf]:
    for name, case in named(table.get("cases", {})).items():
        if "when" in case:
            yield from _condition(case["when"], f"{path}.cases.{name}.when", owner)


def _condition(table: Mapping[str, Any], path: str, owner: tuple[str, str]) -> Iterator[Leaf]:
    for key in ("all_of", "any_of"):
        for at, part in enumerate(table.get(key, [])):
            yield from _condition(part, f"{path}.{key}.{at}", owner)
    shifts = SUFFIXES[: int(table.get("in_each_of", 1))]
    found = comparison(table)
    if found is not None:
        yield Leaf(f"{path}.{found[0]}", table, *found, owner, shifts)
    for name, case in named(table.get("classes", {})).items():
        op, threshold = comparison(case)  # type: ignore[misc]
        yield Leaf(f"{path}.classes.{name}.{op}", table, op, threshold, owner, shifts)
        if "when" in case:
            yield from _condition(case["when"], f"{path}.classes.{name}.when", owner)


# -- firms on a threshold ---------------------------------------------------------------------


def fields_in(value: Any) -> list[tuple[str, Fraction]]:
    """The yearly fields of a term with their weights."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        times = Fraction(item["times"]) if isinstance(item, dict) else Fraction(1)
        base, _, window = (item["of"] if isinstance(item, dict) else item).partition(".")
        years = int(window[3:]) if window else 1
        found += [(base + suffix, times) for suffix in SUFFIXES[:years]]
    return found


Around = list[tuple[str, dict[str, Any]]]


def around(leaf: Leaf, firm: Mapping[str, Any], rng: random.Random) -> Around:
    """Changes to ``firm`` that put the measure below, at and above the threshold."""
    about = leaf.about
    if leaf.points_of:
        return []
    if leaf.categorical:
        return _choices(leaf)
    found: Around = []
    for shift in leaf.shifts:
        if "ratio" in about:
            near = _ratio(leaf, rng)
        elif "growth" in about:
            near = _growth(leaf, rng)
        elif "since" in about or "until" in about:
            near = _days(leaf)
        else:
            near = _amount(leaf, firm, rng)
        found += [(kind, {n + shift: v for n, v in change.items()}) for kind, change in near]
    return [near for near in found if all(_fits(name, value) for name, value in near[1].items())]


def _fits(name: str, value: Any) -> bool:
    spec = FIELDS[name]
    if value == NONE:
        return spec.nullable
    return (spec.lo is None or value >= spec.lo) and (spec.hi is None or value <= spec.hi)


def _choices(leaf: Leaf) -> Around:
    name = leaf.about["input"]
    wanted = leaf.threshold if isinstance(leaf.threshold, list) else [leaf.threshold]
    values: Sequence[Any] = (
        (True, False) if FIELDS[name].kind == "flag" else tuple(FIELDS[name].choices)
    )
    return [("in" if value in wanted else "out", {name: value}) for value in values]


def digit(number: Any) -> Fraction:
    """One unit of the last written digit of a number."""
    return Fraction(10) ** Decimal(number).as_tuple().exponent  # type: ignore[operator]


def _amount(leaf: Leaf, firm: Mapping[str, Any], rng: random.Random) -> Around:
    terms = fields_in(leaf.about.get("input", leaf.about.get("sum")))
    kind = FIELDS[terms[0][0]].kind
    unit = 10**6 if kind in ("share", "decimal") else 1
    target = Fraction(fen(leaf.threshold)) if kind == "money" else Fraction(leaf.threshold) * unit
    name, weight = rng.choice([(n, w) for n, w in terms if w])
    rest = {n: firm[n] for n, _ in terms if n != name}
    unclear = any(value is None or value == NONE for value in rest.values())
    others = Fraction(0)
    if not unclear:
        others = sum((w * rest[n] for n, w in terms if n != name), Fraction(0))
    if unclear or others > target:
        rest, others = dict.fromkeys(rest, 0), Fraction(0)
    exact = (target - others) / weight
    low, high = math.floor(exact), math.ceil(exact)
    near = [("below", high - 1), ("above", low + 1)]
    near += [("at", low)] if low == high else []
    if kind in ("share", "decimal"):
        step = int(digit(leaf.threshold) * unit)
        near += [("below", low - step), ("above", high + step)]
    return [(word, {**rest, name: value}) for word, value in near]


def _ratio(leaf: Leaf, rng: random.Random) -> Around:
    top, bottom = (fields_in(side) for side in leaf.about["ratio"])
    (num, up), (den, down) = rng.choice(top), rng.choice(bottom)
    if num == den:
        return []
    rest = dict.fromkeys([n for n, _ in (*top, *bottom) if n not in (num, den)], 0)
    found: Around = []
    written = Fraction(leaf.threshold)
    step = digit(leaf.threshold)
    for word, share in (("at", written), ("below", written - step), ("above", written + step)):
        slope = share * down / up
        p, q = slope.numerator, slope.denominator
        money = FIELDS[den].kind == "money"
        size = rng.choice((2 * 10**8, 10**9, 10**10, 10**11)) if money else rng.choice((100, 500))
        times = max(int(size * rng.uniform(0.3, 1)) // q, 1)
        x, y = p * times, q * times
        found.append((word, {**rest, num: x, den: y}))
        if word == "at":
            found += [("below", {**rest, num: x - 1, den: y})]
            found += [("above", {**rest, num: x + 1, den: y})]
            if p > 0:
                found += [("below", {**rest, num: x, den: y + 1})]
                found += [("above", {**rest, num: x, den: y - 1})]
    return [item for item in found if _ordered(item[1])]


def _ordered(change: Mapping[str, Any]) -> bool:
    pairs = [(change[p], change[w]) for p, w in PARTS.items() if p in change and w in change]
    return all(NONE in pair or pair[0] <= pair[1] for pair in pairs)


def _growth(leaf: Leaf, rng: random.Random) -> Around:
    name, method = leaf.about["growth"], leaf.about["method"]
    rise = 1 + Fraction(leaf.threshold)
    p, q = rise.numerator, rise.denominator
    years = [1, Fraction(p, q)] if method == "year_on_year" else [1, rise, rise * rise]
    whole = q if method == "year_on_year" else q * q
    times = max(int(10**9 * rng.uniform(0.3, 2)) // whole, 1)
    series = [int(value * whole * times) for value in years]
    fields = [name + s for s in reversed(SUFFIXES[: len(series)])]
    found: Around = []
    for word, more in (("at", 0), ("below", -1), ("above", 1)):
        found.append((word, dict(zip(fields, (*series[:-1], series[-1] + more), strict=True))))
    return found


def _days(leaf: Leaf) -> Around:
    kind = "since" if "since" in leaf.about else "until"
    count, unit = int(leaf.threshold), leaf.about["unit"]
    back = -count if kind == "since" else count
    at = (
        ON + timedelta(days=back)
        if unit == "days"
        else months_later(ON, back * (12 if unit == "years" else 1))
    )
    day = (at - EPOCH).days
    name = leaf.about[kind]
    near = [("at", day), ("below", day + 1), ("above", day - 1)]
    if kind == "until":
        near = [("at", day), ("below", day - 1), ("above", day + 1)]
    return [(word, {name: value}) for word, value in near]


def flipped(raw: Mapping[str, Any], leaf: Leaf) -> dict[str, Any]:
    """The raw tree with the comparison word of one leaf turned over at the threshold."""
    tree = copy.deepcopy(dict(raw))
    node: Any = tree
    for key in leaf.path.split(".")[:-1]:
        node = node[int(key) if isinstance(node, list) else key]
    items = [(FLIPS[leaf.op] if key == leaf.op else key, v) for key, v in node.items()]
    node.clear()
    node.update(items)
    return tree
