"""Policies with one value changed: does any firm of a fixed set notice?

Run ``python -m oracles.mutants`` in ``tests/`` for the full list, edition by edition (``--all``
also prints what survives).
"""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.errors import PolicyError
from ipcredit.fields import FIELDS
from ipcredit.firms import Firms
from ipcredit.policy import Policy

from .naive_words import META, SECTIONS, WORDS, fen
from .probes import FLIPS, ON, batch, digit, editions, ground, name_of, sides

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
    def walk(node: Any, where: Where) -> Iterator[tuple[Where, list[Change]]]:
        if isinstance(node, list):
            for at, item in enumerate(node):
                if isinstance(item, dict):
                    yield from walk(item, (*where, at))
            return
        yield where, list(_changes(node, where))
        for key, value in node.items():
            if isinstance(value, dict | list) and key not in ("title", "titles"):
                yield from walk(value, (*where, key))

    for key, value in raw.items():
        if key not in ASIDE and isinstance(value, dict):
            yield from walk(value, (key,))


def _changes(table: Mapping[str, Any], where: Where) -> Iterator[Change]:
    for key, value in table.items():
        if key in META or isinstance(value, dict):
            continue
        if key in WORDS:
            yield from _comparison(table, key, value)
        elif where[-1] in ("points", "amounts"):
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
        yield from (f"{fen(value) + step} 分" for step in (-1, 1))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            for new in _beside(item):
                yield [*value[:at], new, *value[at + 1 :]]
    else:
        step = Decimal(digit(value).numerator) / Decimal(digit(value).denominator)
        for new in (value - step, value + step):
            yield int(new) if isinstance(value, int) else new


def _comparison(table: Mapping[str, Any], word: str, value: Any) -> Iterator[Change]:
    name = table.get("input", "")
    kind = FIELDS[name].kind if name in FIELDS else ""
    choices = FIELDS[name].choices if kind == "choice" else ()
    if isinstance(value, bool):
        yield "word", word, word, not value
    elif word == "one_of":
        for at in range(len(value)):
            if len(value) > 1:
                yield "threshold", word, word, [*value[:at], *value[at + 1 :]]
        yield from (("threshold", word, word, [*value, c]) for c in choices if c not in value)
    elif word == "is" and isinstance(value, str):
        yield from (("threshold", word, word, c) for c in choices if c != value)
    else:
        if word in FLIPS:
            yield "word", word, FLIPS[word], value
        yield from (("threshold", word, word, new) for new in _beside(value))
        if isinstance(value, str):  # also the last written digit
            number, _, unit = value.partition(" ")
            if unit and "," not in number:
                for new in _beside(Decimal(number)):
                    yield "threshold", word, word, f"{new} {unit}"


# -- firms that have to notice ------------------------------------------------------------------


@lru_cache(maxsize=None)
def jury(path: Path) -> Firms:
    """A fixed set of firms on the thresholds of one edition."""
    found = ground(path)
    on_thresholds = [firm for leaf in found.maker.leaves for _, firm, _ in sides(found, leaf)]
    return batch([*on_thresholds, *found.pool])


def noticed(before: Assessment, tree: dict[str, Any], firms: Firms) -> bool:
    """Whether a mutant is refused at load, or changes a decision code or an amount."""
    try:
        policy = Policy.from_canonical(tree)
    except PolicyError:
        return True
    after = assess(policy, firms, on=ON)
    if before.codes.keys() != after.codes.keys():
        return True
    if any(not np.array_equal(c, after.codes[k]) for k, c in before.codes.items() if k[0] != "points"):
        return True
    scales, others = before.plan.scales, after.plan.scales
    return any(  # complete firms: every row has points, in units that may have changed
        not np.array_equal(c.astype(np.int64) * others[name], after.codes[kind, name] * scales[name])
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
    for path in editions():
        start = time.perf_counter()
        count, left = survivors(path)
        seconds = time.perf_counter() - start
        print(f"{name_of(path)}: {count} mutants, {len(left)} survive, {seconds:.1f} s")
        if "--all" in options:
            for mutant in left:
                print("   ", mutant)


if __name__ == "__main__":
    main(sys.argv[1:])
