"""The engine's verdict beside the naive one, for every shipped edition and each of its thresholds."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ipcredit.assess import assess
from ipcredit.policy import Policy
from ipcredit.resources import config_dir

from .makers import Maker, batch, tidy
from .naive import Naive
from .naive_words import NONE
from .thresholds import FLIPS, ON, Leaf, around, flipped


def editions() -> list[Path]:
    """Every shipped edition."""
    return sorted((config_dir() / "policies").glob("*/*.toml"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}@{path.stem}"


def raw_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


# -- two verdicts -----------------------------------------------------------------------------


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
    """Where two verdicts differ, each as one line (of an invalid firm nothing more is said)."""
    if said["status"] == expected["status"] == "invalid":
        return []
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


Side = tuple[str, dict[str, Any], dict[str, Any]]  # below / at / above / in / out, firm, verdict


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
    known: dict[str, list[Side]] = field(default_factory=dict)


@cache
def ground(path: Path, size: int = 1500, seed: int = 7) -> Ground:
    """The ground of one shipped edition (made once in a test run)."""
    raw = raw_of(path)
    policy = Policy.load(name_of(path))
    naive = Naive(raw, ON)
    maker = Maker(raw, policy, seed)
    pool = maker.firms(size)
    return Ground(path, raw, policy, naive, maker, pool, [naive_says(naive, f) for f in pool])


# -- both sides of a threshold ------------------------------------------------------------------

_TRIES = 200
_ENOUGH = 12
_SEARCHES = 5


def sides(found: Ground, leaf: Leaf) -> list[Side]:
    """Complete firms on both sides of a threshold, between which the leaf's decision turns."""
    key = f"{leaf.path}={leaf.threshold}"
    if key not in found.known:
        found.known[key] = _sides(found, leaf)
    return found.known[key]


def _sides(found: Ground, leaf: Leaf) -> list[Side]:
    if leaf.points_of:
        return _sides_of_points(found, leaf)
    rng = random.Random(leaf.path)
    other = Naive(flipped(found.raw, leaf), ON) if leaf.op in FLIPS else None
    best: list[Side] = []
    most = 0
    for base in rng.sample(found.pool, min(_TRIES, len(found.pool))):
        here: list[Side] = []
        for kind, change in around(leaf, base, rng):
            firm = tidy({**base, **{k: v for k, v in change.items() if k in base}}, set(change))
            firm = found.maker.judged(firm)
            if all(firm[k] == v for k, v in change.items() if k in firm):
                here.append((kind, firm, naive_says(found.naive, firm)))
        worth = _worth(here, leaf, other)
        if worth > most:
            best, most = here, worth
        if worth == 3:
            break
    return best


def _worth(found: Sequence[Side], leaf: Leaf, flipped_: Naive | None) -> int:
    """1: the decision turns between the sides; 2: also with the comparison word at the threshold;
    3: and the points of the dimension with it (no other option or cap hides them)."""
    decisions = {repr(decision(verdict, leaf.owner)) for _, _, verdict in found}
    on = [(firm, verdict) for kind, firm, verdict in found if kind == "at"]
    if len(decisions) < 2 or not (on or leaf.categorical):
        return 0
    if flipped_ is not None and not any(
        decision(naive_says(flipped_, firm), leaf.owner) != decision(verdict, leaf.owner)
        for firm, verdict in on
    ):
        return 1
    if leaf.owner[0] != "band":
        return 3
    name = leaf.owner[1].partition(".")[0]
    return 3 if len({verdict["points"][name] for _, _, verdict in found}) > 1 else 2


def _with_points(found: Ground, name: str, wanted: Fraction) -> list[dict[str, Any]]:
    """New firms with exactly these points (the engine sieves; the naive verdict is what counts)."""
    firms = found.maker.firms(3000)
    points = assess(found.policy, batch(firms, found.policy.currency), on=ON).points(name)
    near = [firms[row] for row in np.flatnonzero(np.abs(points - float(wanted)) < 1e-6)]
    said = [(firm, naive_says(found.naive, firm)) for firm in near]
    exact = [f for f, v in said if v["points"][name] == wanted and v["status"] != "invalid"]
    return exact[:_ENOUGH]


def _sides_of_points(found: Ground, leaf: Leaf) -> list[Side]:
    """Firms of the pool whose points are exactly the threshold, and the nearest on each side.

    Among the first is one whose decision hangs on the comparison word.
    """
    name, written_ = leaf.points_of, Fraction(leaf.threshold)
    by_points: dict[Fraction, list[int]] = {}
    for at, verdict in enumerate(found.verdicts):
        if verdict["status"] == "invalid":
            continue
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
        if said["points"][leaf.points_of] != points or said["status"] == "invalid":
            continue
        if decision(said, leaf.owner) != decision(naive_says(other, firm), leaf.owner):
            chosen.append(firm)
        if len(chosen) == _ENOUGH:
            break
    return chosen
