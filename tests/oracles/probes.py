"""Firms that sit on the thresholds of a policy: exactly at, one unit below, one unit above.

Everything is generated from the raw TOML tree of a policy, so that a new edition is probed
without anybody writing a case.  Expectations come from :mod:`oracles.naive`; the engine is used
only to be tested.
"""

from __future__ import annotations

import copy
import math
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ipcredit.assess import assess
from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.plan import plan_of
from ipcredit.policy import Policy
from ipcredit.resources import config_dir

from .naive import Naive
from .naive_money import PARTS as LINES
from .naive_words import EPOCH, META, NONE, SUFFIXES, band_tables, comparison, fen, months_later, named

ON = date(2026, 6, 30)
FLIPS = {
    "at_least": "more_than",
    "more_than": "at_least",
    "at_most": "less_than",
    "less_than": "at_most",
}
WAN = 10**6  # 万元 in fen
PARTS = {name: spec.part_of for name, spec in FIELDS.items() if spec.part_of}
WHOLES = {whole: [p for p, w in PARTS.items() if w == whole] for whole in PARTS.values()}
# What a magnitude is for a firm of the kind these schemes judge.
COUNTS = (0, 0, 1, 2, 3, 4, 6, 9, 15, 25, 40, 60, 85, 100)
PEOPLE = (1, 5, 20, 50, 60, 100, 120, 200, 400, 500)


def editions() -> list[Path]:
    """Every shipped edition."""
    return sorted((config_dir() / "policies").glob("*/*.toml"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}@{path.stem}"


def raw_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


# -- where a policy compares ------------------------------------------------------------------


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
        for label, part in table.get("indicators", {}).items():
            if label in META:
                continue
            path, owner = f"{name}.indicators.{label}", ("band", f"{name}.{label}")
            if "step" in part:
                yield from _steps(part, path, owner)
            yield from _bands(part, path, owner)
    for kind in ("gates", "confirm"):
        for name, table in _named(raw.get(kind, {})):
            yield from _condition(table, f"{kind}.{name}", (kind.removesuffix("s"), name))
    if "matrix" not in raw.get("tiers", {}):
        yield from _bands(raw.get("tiers", {}), "tiers", ("tier", "graded"))
    for name, table in _named(raw.get("raise", {})):
        yield from _condition(table, f"raise.{name}", ("tier", "raised"))
    for key, part_name in (("line", "knowledge"), ("base", "base")):
        table = raw.get(key, {})
        owner = ("before", part_name)
        for name, limit in _named(table.get("limits", {})):
            yield from _limit(limit, f"{key}.limits.{name}", owner)
        for name, gate in _named(table.get("gates", {})):
            yield from _condition(gate, f"{key}.gates.{name}", owner)
        for name, method in _named(table.get("methods", {})):
            yield from _bands(method, f"{key}.methods.{name}", owner)
    for name, limit in _named(raw.get("limits", {})):
        yield from _limit(limit, f"limits.{name}", ("part", ""))


def _named(tables: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, table) for name, table in tables.items() if isinstance(table, dict))


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
    for name, case in _named(table.get("cases", {})):
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
    for name, case in _named(table.get("classes", {})):
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
    return [(kind, change) for kind, change in found if all(map(_fits, *zip(*change.items())))]


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
    others = sum((w * rest[n] for n, w in terms if n != name and rest[n] != NONE), Fraction(0))
    if others > target or NONE in rest.values():
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
        size = rng.choice((2 * 10**8, 10**9, 10**10)) if money else rng.choice((100, 500))
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


# -- random complete firms --------------------------------------------------------------------


class Maker:
    """Makes complete firms for one policy, many of them on its thresholds."""

    def __init__(self, raw: Mapping[str, Any], policy: Policy, seed: int) -> None:
        self.raw, self.policy = raw, policy
        self.rng = random.Random(seed)
        self.most = len(COUNTS)
        self.naive = Naive(raw, ON)
        self.experts = [
            (part, table.get("points", {}))
            for table in self.naive.dimensions.values()
            for _, part in _named(table.get("indicators", {}))
            if "expert" in part
        ]
        self.leaves = list(leaves(raw))
        self.held = {name for name in plan_of(policy).fields if "loans" in name or "_own_" in name}
        self.fields = sorted({*plan_of(policy).fields, *self._ends()})

    def _ends(self) -> list[str]:
        """Year ends of the balances that an average is taken of."""
        return [
            name
            for name in FIELDS
            if FIELDS[name].ago == 1 and FIELDS[name].base in plan_of(self.policy).fields
        ]

    def value(self, name: str) -> Any:
        """Some value of a field, as firms have it."""
        spec, rng = FIELDS[name], self.rng
        if spec.nullable and rng.random() < (0.06 if spec.years else 0.3):
            return NONE
        if spec.kind == "flag":
            return rng.random() < 0.5
        if spec.kind == "choice":
            return rng.choice(spec.choices)
        if spec.kind == "money":
            if name in self.held and rng.random() < 0.7:
                return rng.choice((0, 0, 1))
            if rng.random() < 0.1:
                return 0
            size = int(10 ** rng.uniform(6, 10.5))
            low = -size if spec.lo is not None and spec.lo < 0 and rng.random() < 0.2 else size
            return low // 10**4 * 10**4 if rng.random() < 0.5 else low
        if spec.kind == "date":
            return (ON - EPOCH).days - rng.choice((-30, 0, 100, 400, 1000, 1800, 1826, 4000))
        if spec.kind in ("share", "decimal"):
            span = (0, 10**6) if spec.kind == "share" else (max(spec.lo or 0, -500_000), 6 * 10**6)
            return rng.randint(*span)
        if spec.kind == "year":
            return 2025 - spec.ago
        counts = PEOPLE if spec.unit == "persons" and not spec.part_of else COUNTS
        return max(rng.choice(counts[: self.most]), spec.lo or 0)

    def firm(self, **fixed: Any) -> dict[str, Any]:
        """A complete firm, valid, on a few thresholds; some firms have little of everything."""
        self.most = self.rng.choice((2, 4, 8, len(COUNTS)))
        firm = {name: self.value(name) for name in self.fields}
        # Most flags of a firm that applies are in order.
        for leaf in self.leaves:
            if leaf.categorical and leaf.owner[0] in ("gate", "before") and self.rng.random() < 0.9:
                firm.update(self.rng.choice([c for k, c in around(leaf, firm, self.rng) if k == "in"]))
        held: dict[str, Any] = {}
        for _ in range(self.rng.randint(0, 5)):
            near = around(self.rng.choice(self.leaves), firm, self.rng)
            if near:
                held = {**held, **self.rng.choice(near)[1]}
        firm.update({k: v for k, v in held.items() if k in firm}, **fixed)
        return self.judged(tidy(firm, {*held, *fixed}))

    def judged(self, firm: dict[str, Any]) -> dict[str, Any]:
        """The firm with expert points that lie inside their bands (nearly always)."""
        for part, shared in self.experts:
            label, _ = self.naive.band(part, firm, part.get("points", shared))
            own = part.get(label, {})
            worth = own["points"] if "points" in own else part.get("points", shared)[label]
            low, high = worth if isinstance(worth, list) else (worth, worth)
            spec = FIELDS[part["expert"]]
            points = self.rng.randint(int(low), int(high)) + (self.rng.random() < 0.01)
            firm[part["expert"]] = points * (10**6 if spec.kind == "decimal" else 1)
        return firm

    def firms(self, count: int) -> list[dict[str, Any]]:
        return [self.firm() for _ in range(count)]


def tidy(firm: dict[str, Any], held: set[str] | frozenset[str] = frozenset()) -> dict[str, Any]:
    """The firm with no part above its whole; what is ``held`` stays where possible."""
    for part, whole in PARTS.items():
        if NONE in (firm.get(part), firm.get(whole)):
            continue
        if part in firm and whole in firm and firm[part] > firm[whole]:
            if part in held and whole not in held:
                firm[whole] = firm[part]
            else:
                firm[part] = firm[whole]
    return firm


def written(firm: Mapping[str, Any]) -> dict[str, Any]:
    """A firm as :meth:`Firm.from_dict` takes it."""
    found: dict[str, Any] = {}
    for name, value in firm.items():
        kind = FIELDS[name].kind
        if value is None:
            continue
        if value == NONE:
            found[name] = "none"
        elif kind == "money":
            found[name + "_fen"] = value
        elif kind in ("share", "decimal"):
            found[name] = Decimal(value) / 10**6
        elif kind == "date":
            found[name] = EPOCH + timedelta(days=value)
        else:
            found[name] = value
    return found


def batch(firms: Sequence[Mapping[str, Any]]) -> Firms:
    """Firms as columns, through the front door; all of them must be valid."""
    found = Firms.from_firms([Firm.from_dict(written(firm)) for firm in firms])
    assert not found.problems, next(iter(found.problems.values()))
    return found


# -- what the engine said, in the naive interpreter's words ---------------------------------------


def engine_says(policy: Policy, result: Any, row: int) -> dict[str, Any]:
    """Row ``row`` of an assessment in the shape of :meth:`Naive.judge` (``None``: open)."""
    codes, rules = result.codes, policy.rules
    band: dict[str, Any] = {}
    for item in rules.dimensions:
        for table in item.indicators:
            key = f"{item.name}.{table.name}"
            code = int(codes["band", key][row])
            labels = [b.label for b in table.bands]
            band[key] = NONE if code == -2 else None if code == -1 else labels[code]
    points = {}
    for (kind, name), column in codes.items():
        if kind == "points":
            value = int(column[row])
            open_ = value == -(2**31)
            points[name] = None if open_ else Fraction(value, result.plan.scales[name])
    words = {0: "fail", 1: "pass", 2: "waived", -1: None}
    out: dict[str, Any] = {
        "band": band,
        "points": points,
        "gate": {g.name: words[int(codes["gate", g.name][row])] for g in rules.gates},
        "confirm": {
            c.name: {0: False, 1: True, -1: None}[int(codes["confirm", c.name][row])]
            for c in rules.confirmations
        },
        "status": result.status_of(row),
        "graded": "-",
        "tier": "-",
    }
    if rules.tiers is not None:
        labels_ = {-2: "", -1: None, **dict(enumerate(rules.tiers.labels))}
        out["graded"] = labels_[int(codes["tier", "graded"][row])]
        out["tier"] = labels_[int(codes["tier", ""][row])]
    out["before"] = {p: _amount_of(codes["before", p][row]) for p in result.parts}
    out["parts"] = {p: _amount_of(codes["part", p][row]) for p in result.parts}
    if result.parts:
        out["total"] = _amount_of(codes["part", "total"][row])
    return out


def _amount_of(value: Any) -> int | None:
    return None if int(value) == -(2**63) else int(value)


def naive_says(naive: Naive, firm: Mapping[str, Any]) -> dict[str, Any]:
    """The naive verdict without what the engine does not say."""
    found = naive.judge(firm)
    del found["sound"]
    if not found["parts"]:
        del found["total"]
    return found


def differences(said: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """Where two verdicts differ, each as one line."""
    found = []
    for key, want in expected.items():
        got = said[key]
        if isinstance(want, dict):
            found += [f"{key} {k}: {got.get(k)} != {v}" for k, v in want.items() if got.get(k) != v]
        elif got != want:
            found.append(f"{key}: {got} != {want}")
    return found


def decision(verdict: Mapping[str, Any], owner: tuple[str, str]) -> Any:
    """The decision a leaf belongs to."""
    kind, name = owner
    if kind == "tier":
        return verdict["tier" if name == "raised" else "graded"]
    if kind == "part":
        return tuple(verdict["parts"].values())
    return verdict[kind][name]


@dataclass
class Ground:
    """A policy with its naive interpreter, its thresholds, and a pool of complete firms."""

    path: Path
    raw: dict[str, Any]
    policy: Policy
    naive: Naive
    maker: Maker
    pool: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]


@lru_cache(maxsize=None)
def ground(path: Path, size: int = 1500, seed: int = 7) -> Ground:
    """The ground of one shipped edition (made once in a test run)."""
    raw = raw_of(path)
    policy = Policy.load(name_of(path))
    naive = Naive(raw, ON)
    maker = Maker(raw, policy, seed)
    pool = maker.firms(size)
    return Ground(path, raw, policy, naive, maker, pool, [naive_says(naive, f) for f in pool])


# -- both sides of a threshold ------------------------------------------------------------------

Side = tuple[str, dict[str, Any], dict[str, Any]]  # below / at / above / in / out, firm, verdict
_TRIES = 200
_ENOUGH = 12
_SEARCHES = 5


def sides(found: Ground, leaf: Leaf) -> list[Side]:
    """Complete firms on both sides of a threshold, between which the leaf's decision turns."""
    if leaf.points_of:
        return _sides_of_points(found, leaf)
    rng = random.Random(leaf.path)
    best: list[Side] = []
    for base in rng.sample(found.pool, min(_TRIES, len(found.pool))):
        here: list[Side] = []
        for kind, change in around(leaf, base, rng):
            firm = tidy({**base, **{k: v for k, v in change.items() if k in base}}, set(change))
            firm = found.maker.judged(firm)
            if all(firm[k] == v for k, v in change.items() if k in firm):
                here.append((kind, firm, naive_says(found.naive, firm)))
        if not _turns(here, leaf):
            best = best or here
        elif leaf.owner[0] != "band" or _turns_points(here, leaf):
            return here
        else:  # the band turns, but another option or a cap hides its points
            best = here if not best or not _turns(best, leaf) else best
    return best


def _turns_points(found: Sequence[Side], leaf: Leaf) -> bool:
    name = leaf.owner[1].partition(".")[0]
    return len({v["points"][name] for _, _, v in found}) > 1


def _with_points(found: Ground, name: str, wanted: Fraction) -> list[dict[str, Any]]:
    """New firms with exactly these points (the engine sieves; the naive verdict is what counts)."""
    firms = found.maker.firms(3000)
    points = assess(found.policy, batch(firms), on=ON).points(name)
    near = [firms[row] for row in np.flatnonzero(np.abs(points - float(wanted)) < 1e-6)]
    return [f for f in near if naive_says(found.naive, f)["points"][name] == wanted][:_ENOUGH]


def _turns(found: Sequence[Side], leaf: Leaf) -> bool:
    """Whether the decision is not the same on all sides, and all sides are there."""
    kinds = {kind for kind, _, _ in found}
    return len({repr(decision(v, leaf.owner)) for _, _, v in found}) > 1 and (
        leaf.categorical or "at" in kinds
    )


def _sides_of_points(found: Ground, leaf: Leaf) -> list[Side]:
    """Firms of the pool whose points are exactly the threshold, and the nearest on each side.

    Among the first is one whose decision hangs on the comparison word.
    """
    name, written_ = leaf.points_of, Fraction(leaf.threshold)
    by_points: dict[Fraction, list[int]] = {}
    for at, verdict in enumerate(found.verdicts):
        by_points.setdefault(verdict["points"][name], []).append(at)
    for _ in range(_SEARCHES):
        if written_ in by_points:
            break
        for firm in _with_points(found, name, written_):
            by_points.setdefault(written_, []).append(len(found.pool))
            found.pool.append(firm)
            found.verdicts.append(naive_says(found.naive, firm))
    if written_ not in by_points:
        return []
    below = max((p for p in by_points if p < written_), default=None)
    above = min((p for p in by_points if p > written_), default=None)
    some: list[Side] = []
    for kind, points in (("below", below), ("above", above)):
        rows = [] if points is None else by_points[points]
        some += [(kind, found.pool[row], found.verdicts[row]) for row in rows[:_ENOUGH]]
    pivots = _pivots(found, leaf, written_, [found.pool[row] for row in by_points[written_]])
    return [*some, *(("at", firm, naive_says(found.naive, firm)) for firm in pivots)]


def _pivots(
    found: Ground, leaf: Leaf, points: Fraction, firms: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Firms with these points whose decision changes when the comparison word is flipped."""
    other, rng = Naive(flipped(found.raw, leaf), ON), random.Random(leaf.path)
    chosen = []
    for at in range(_TRIES):
        firm = dict(firms[at % len(firms)])
        if at >= len(firms):  # the same points, otherwise another firm
            for name in rng.sample(found.maker.fields, len(found.maker.fields) // 3):
                firm[name] = found.maker.value(name)
            firm = found.maker.judged(tidy(firm))
        said = naive_says(found.naive, firm)
        if said["points"][leaf.points_of] != points:
            continue
        if decision(said, leaf.owner) != decision(naive_says(other, firm), leaf.owner):
            chosen.append(firm)
        if len(chosen) == _ENOUGH:
            break
    return chosen


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
