"""Policies with one value changed: does any firm of a fixed set notice?

Run ``python -m oracles.mutants`` in ``tests/`` for all mutants of all editions (or of those
named); ``--all`` also lists what survives.
"""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.errors import PolicyError
from ipcredit.fields import FIELDS
from ipcredit.firms import Firms
from ipcredit.policy import Policy

from .grounds import Ground, editions, ground, name_of, raw_of, sides
from .makers import Maker, batch
from .naive import Naive
from .naive_words import META, OPS, SECTIONS, WORDS, band_tables, named, one_more, sign
from .thresholds import FLIPS, ON, digit

# Not decisions on a firm: the head of the file, and the terms of the loan drawn on the line.
ASIDE = SECTIONS - {"gates", "confirm", "tiers", "raise", "line", "base", "limits"}
AMOUNTS = ("amount", "round_down_to")
NUMBERS = ("weight", "max", "share", "multiple", "less_own_margin", "times", "growth")
LISTS = ("deduct", "less", "waives")


@dataclass(frozen=True)
class Mutant:
    """One change: where, and from what to what."""

    path: str
    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path}: {self.before} -> {self.after}"


Where = tuple[str | int, ...]


def mutants(raw: Mapping[str, Any]) -> Iterator[tuple[Mutant, dict[str, Any]]]:
    """Every mutant of a policy with its raw tree."""
    for where, changes in _tables(raw):
        node: Any = raw
        for key in where:
            node = node[key]
        for kind, key, new_key, value in changes:
            tree = copy.deepcopy(dict(raw))
            holder: Any = tree
            for part in where:
                holder = holder[part]
            before = node[key]
            if new_key != key:
                _rename(holder, key, new_key)
            holder[new_key] = value
            path = ".".join(map(str, (*where, key)))
            said = (f"{new_key} " if new_key != key else "") + _text(value)
            yield Mutant(path, kind, _text(before), said), tree


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rename(table: dict[str, Any], old: str, new: str) -> None:
    items = [(new if key == old else key, value) for key, value in table.items()]
    table.clear()
    table.update(items)


Change = tuple[str, Any, Any, Any]  # kind, key, key afterwards, value afterwards


def _tables(raw: Mapping[str, Any]) -> Iterator[tuple[Where, list[Change]]]:
    def walk(node: Any, where: Where, about: str) -> Iterator[tuple[Where, list[Change]]]:
        if isinstance(node, list):
            for at, item in enumerate(node):
                if isinstance(item, dict):
                    yield from walk(item, (*where, at), about)
            return
        about = node.get("input", about)  # a band is judged by the measure of its table
        yield where, list(_changes(node, where, about))
        for key, value in node.items():
            if isinstance(value, dict | list) and key not in ("title", "titles"):
                yield from walk(value, (*where, key), about)

    for key, value in raw.items():
        if key not in ASIDE and isinstance(value, dict):
            yield from walk(value, (key,), "")


def _changes(table: Mapping[str, Any], where: Where, about: str) -> Iterator[Change]:
    for key, value in table.items():
        if key in META or isinstance(value, dict):
            continue
        if key in WORDS:
            yield from _comparison(about, key, value)
        elif where[-1] == "amounts" or (where[-1] == "points" and not isinstance(value, str)):
            yield from (("points", key, key, new) for new in _beside(value))
        elif key in AMOUNTS:
            yield from (("amount", key, key, new) for new in _beside(value))
        elif key == "points":
            yield from (("points", key, key, new) for new in _beside(value))
        elif key in NUMBERS and isinstance(value, int | Decimal):
            yield from (("number", key, key, new) for new in _beside(value))
        elif (where[0] == "raise" and key == "tiers") or key in ("years", "in_each_of"):
            yield from (("number", key, key, new) for new in (value - 1, value + 1))
        elif where[-1] == "step" or key == "every":
            yield from (("number", key, key, new) for new in _beside(value))
        elif key in LISTS:
            for at in range(len(value)):
                yield "left out", key, key, [*value[:at], *value[at + 1 :]]


def _beside(value: Any) -> Iterator[Any]:
    """A value one unit up and one down: a fen, or the last written digit."""
    if isinstance(value, str):
        yield from (one_more(value, step) for step in (-1, 1))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            for new in _beside(item):
                yield [*value[:at], new, *value[at + 1 :]]
    else:
        step = Decimal(digit(value).numerator) / Decimal(digit(value).denominator)
        for new in (value - step, value + step):
            yield int(new) if isinstance(value, int) else new


def _comparison(about: str, word: str, value: Any) -> Iterator[Change]:
    choices = FIELDS[about].choices if about in FIELDS else ()
    if isinstance(value, bool):
        yield "word", word, word, not value
    elif word == "one_of":
        for at in range(len(value) if len(value) > 1 else 0):
            yield "threshold", word, word, [*value[:at], *value[at + 1 :]]
    elif word == "is" and value in choices:
        other = choices[choices.index(value) - 1]  # the choice beside it
        yield "threshold", word, word, other
    else:
        if word in FLIPS:
            yield "word", word, FLIPS[word], value
        yield from (("threshold", word, word, new) for new in _beside(value))
        if isinstance(value, str):  # also the last written digit
            number, _, unit = value.partition(" ")
            if unit and number.replace(".", "").isdigit():
                for new in _beside(Decimal(number)):
                    yield "threshold", word, word, f"{new} {unit}"


# -- mutants that cannot matter -----------------------------------------------------------------


def proven(raw: Mapping[str, Any], mutant: Mutant) -> bool:
    """Whether no attainable number of points lies between a points threshold (or cap) and its mutant.

    What is attainable is reckoned too large: every sum and every choice of band points.
    """
    *where, key = mutant.path.split(".")
    table: Any = raw
    for part in where:
        table = table[int(part) if isinstance(table, list) else part]
    if key == "max" and len(where) == 1:
        free = attainable(
            {**raw, where[0]: {k: v for k, v in table.items() if k != "max"}}, where[0]
        )
        old, new = Fraction(mutant.before), Fraction(mutant.after)
        return all(min(value, old) == min(value, new) for value in free)
    about = table if "input" in table else _about(raw, where)
    name = about.get("input", "")
    if key not in OPS or mutant.kind != "threshold" or not name.endswith(".points"):
        return False
    op, old, new = OPS[key], Fraction(mutant.before), Fraction(mutant.after)
    every = attainable(raw, name.removesuffix(".points"))
    return all(op(sign(value, old)) == op(sign(value, new)) for value in every)


def _about(raw: Mapping[str, Any], where: Sequence[str]) -> Mapping[str, Any]:
    """The table that names the measure of a band standing at ``where``."""
    node: Any = raw
    for part in where[:-1]:
        node = node[int(part) if isinstance(node, list) else part]
    return node if isinstance(node, dict) else {}


def attainable(raw: Mapping[str, Any], name: str) -> set[Fraction]:
    """Points that a dimension (or the total) could have, and more."""
    dimensions = Naive(raw, ON).dimensions
    inner = {child for table in dimensions.values() for child in table.get("of", [])}
    if name == "total":
        parts = [
            _weighed(raw, dimension)
            for dimension, table in dimensions.items()
            if dimension not in inner and table.get("role") != "separate"
        ]
        return _sums(parts)
    table = dimensions[name]
    parts = [_of(part, table) for part in named(table.get("indicators", {})).values()]
    parts += [_weighed(raw, child) for child in table.get("of", [])]
    found = _sums(parts) if table.get("pick") == "sum" else set().union(*parts)
    return {min(value, Fraction(table["max"])) for value in found} if "max" in table else found


def _weighed(raw: Mapping[str, Any], name: str) -> set[Fraction]:
    table = raw[name]
    weight = Fraction(table.get("weight", 1)) if table.get("role") != "bonus" else Fraction(1)
    return {value * weight for value in attainable(raw, name)}


def _of(part: Mapping[str, Any], table: Mapping[str, Any]) -> set[Fraction]:
    if "step" in part:
        step = part["step"]
        count = int(Fraction(step["max"]) / Fraction(step["points"]))
        return {Fraction(step["points"]) * at for at in range(count + 1)}
    own = [band["points"] for band in band_tables(part).values() if "points" in band]
    shared = named(part.get("points", table.get("points", {}))).values()
    found: set[Fraction] = set()
    for worth in (*own, *shared):
        low, high = worth if isinstance(worth, list) else (worth, worth)
        found |= {Fraction(low) + at for at in range(int(high) - int(low) + 1)}
    return found


def _sums(parts: Sequence[set[Fraction]]) -> set[Fraction]:
    found = {Fraction(0)}
    for part in parts:
        found = {one + other for one in found for other in part}
    return found


# -- firms that have to notice ------------------------------------------------------------------


@cache
def jury(path: Path) -> Firms:
    """A fixed set of firms on the thresholds of one edition."""
    found = ground(path)
    on_thresholds = [firm for leaf in found.maker.leaves for _, firm, _ in sides(found, leaf)]
    others = Maker(found.raw, found.policy, seed=11).firms(2_500)
    every = [*on_thresholds, *found.pool, *others, *_unused(found)]
    return batch(every, found.policy.currency)


def _unused(found: Ground) -> Iterator[dict[str, Any]]:
    """The firms with the largest lines, their credit unused, or used by a single fen."""
    lines = [sum(verdict["before"].values()) for verdict in found.verdicts]
    largest = sorted(range(len(lines)), key=lambda row: -lines[row])[:200]
    held = sorted(found.maker.held)
    for row in largest if any(lines) else ():
        firm = {**found.pool[row], **dict.fromkeys(held, 0)}
        yield firm
        yield from ({**firm, name: 1} for name in held[:3])


def noticed(before: Assessment, tree: dict[str, Any], firms: Firms) -> bool:
    """Whether a mutant is refused at load, or changes a decision code or an amount."""
    try:
        policy = Policy.from_canonical(tree)
    except PolicyError:
        return True
    after = assess(policy, firms, on=ON)
    if before.codes.keys() != after.codes.keys():
        return True
    if any(
        not np.array_equal(c, after.codes[k]) for k, c in before.codes.items() if k[0] != "points"
    ):
        return True
    scales, others = before.plan.scales, after.plan.scales
    return any(  # complete firms: every row has points, in units that may have changed
        not np.array_equal(
            c.astype(np.int64) * others[name], after.codes[kind, name] * scales[name]
        )
        for (kind, name), c in before.codes.items()
        if kind == "points"
    )


def survivors(path: Path, some: Sequence[Mutant] | None = None) -> tuple[int, list[Mutant]]:
    """How many mutants there are (or ``some`` of them), and those that nobody notices."""
    found = ground(path)
    firms = jury(path)
    before = assess(found.policy, firms, on=ON)
    count, left = 0, []
    for mutant, tree in mutants(found.raw):
        if some is not None and mutant not in some:
            continue
        count += 1
        if not noticed(before, tree, firms):
            left.append(mutant)
    return count, left


def main(options: Sequence[str]) -> None:
    named = [word for word in options if not word.startswith("--")]
    for path in editions():
        if named and name_of(path) not in named:
            continue
        start = time.perf_counter()
        count, left = survivors(path)
        seconds = time.perf_counter() - start
        lines = [f"{name_of(path)}: {count} mutants, {len(left)} survive, {seconds:.1f} s"]
        shown = left if "--all" in options else ()
        lines += [f"    {m}{'  (proven)' if proven(raw_of(path), m) else ''}" for m in shown]
        sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
