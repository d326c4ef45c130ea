"""Random complete firms for a policy, many of them on its thresholds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.plan import plan_of
from ipcredit.policy import Policy

from .naive import Naive
from .naive_words import EPOCH, NONE, OPS, named
from .thresholds import ON, PARTS, Leaf, around, leaves

# What a magnitude is for a firm of the kind these schemes judge.
COUNTS = (0, 0, 1, 2, 3, 4, 6, 9, 15, 25, 40, 60, 85, 100)
PEOPLE = (1, 5, 20, 50, 60, 100, 120, 200, 400, 500)


Expert = tuple[Mapping[str, Any], Callable[[dict[str, Any]], tuple[Any, Any]]]


class Maker:
    """Makes complete firms for one policy, many of them on its thresholds."""

    def __init__(self, raw: Mapping[str, Any], policy: Policy, seed: int) -> None:
        self.raw, self.policy = raw, policy
        self.rng = random.Random(seed)
        self.most = len(COUNTS)
        self.naive = Naive(raw, ON)
        self.experts = list(self._experts())
        self.leaves = list(leaves(raw))
        self.gates = [
            leaf
            for leaf in self.leaves
            if leaf.owner[0] in ("gate", "before") and not leaf.points_of
        ]
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
            high = min(spec.hi or 0, 10**8) if (spec.hi or 0) <= 10**8 else 6 * 10**6
            return rng.randint(max(spec.lo or 0, -500_000), high)
        if spec.kind == "year":
            return 2025 - spec.ago
        counts = PEOPLE if spec.unit == "persons" and not spec.part_of else COUNTS
        if spec.hi is not None and spec.hi <= 30:
            return rng.randint(spec.lo or 0, spec.hi)
        return min(max(rng.choice(counts[: self.most]), spec.lo or 0), spec.hi or 10**9)

    def firm(self, **fixed: Any) -> dict[str, Any]:
        """A complete firm, valid, on a few thresholds; some firms have little of everything."""
        self.most = self.rng.choice((2, 4, 8, len(COUNTS)))
        firm = {name: self.value(name) for name in self.fields}
        # Most conditions of a firm that applies are in order; some firms meet all they can.
        careful = self.rng.random() < 0.4
        for leaf in self.rng.sample(self.gates, len(self.gates)):
            if (leaf.categorical or careful) and self.rng.random() < (0.98 if careful else 0.9):
                met = [c for k, c in around(leaf, firm, self.rng) if _meets(leaf, k)]
                change = self.rng.choice(met or [{}])
                firm = tidy({**firm, **{k: v for k, v in change.items() if k in firm}}, {*change})
        held: dict[str, Any] = {}
        for _ in range(self.rng.randint(0, 1 if careful else 5)):
            near = around(self.rng.choice(self.leaves), firm, self.rng)
            if near:
                held = {**held, **self.rng.choice(near)[1]}
        firm.update({k: v for k, v in held.items() if k in firm}, **fixed)
        return self.judged(tidy(firm, {*held, *fixed}))

    def judged(self, firm: dict[str, Any]) -> dict[str, Any]:
        """The firm with expert points that lie inside their bands (nearly always)."""
        for part, spread in self.experts:
            low, high = spread(firm)
            spec = FIELDS[part["expert"]]
            points = self.rng.randint(int(low), int(high))
            if self.rng.random() < 0.03:
                points = self.rng.choice((int(low) - 1, int(high) + 1))
            points *= 10**6 if spec.kind == "decimal" else 1
            firm[part["expert"]] = min(max(points, spec.lo or 0), spec.hi or points)
        return firm

    def _experts(self) -> Iterator[Expert]:
        """Where an expert gives points, and between which points for a firm; inner ones first."""
        for table in self.naive.dimensions.values():
            for part in named(table.get("indicators", {})).values():
                if "expert" in part:
                    shared = table.get("points", {})
                    yield part, lambda f, p=part, s=shared: self.naive.indicator(p, f, s)[2]
        for name, table in self.naive.dimensions.items():
            if "expert" in table:
                yield table, lambda f, n=name: self.naive.spread(n, f, {"band": {}, "sound": True})

    def firms(self, count: int) -> list[dict[str, Any]]:
        return [self.firm() for _ in range(count)]


def _meets(leaf: Leaf, kind: str) -> bool:
    """Whether a firm on this side of a threshold meets it."""
    if leaf.categorical:
        return kind == "in"
    return OPS[leaf.op]({"below": -1, "at": 0, "above": 1}[kind])


def tidy(firm: dict[str, Any], held: set[str] | frozenset[str] = frozenset()) -> dict[str, Any]:
    """The firm with no part above its whole; what is ``held`` stays where possible."""
    for _ in range(3):  # parts of parts
        for part, whole in PARTS.items():
            if NONE in (firm.get(part), firm.get(whole)):
                continue
            if part in firm and whole in firm and firm[part] > firm[whole]:
                if part in held and whole not in held:
                    firm[whole] = firm[part]
                else:
                    firm[part] = firm[whole]
    return firm


def written(firm: Mapping[str, Any], currency: str = "CNY") -> dict[str, Any]:
    """A firm as :meth:`Firm.from_dict` takes it."""
    found: dict[str, Any] = {}
    for name, value in firm.items():
        kind = FIELDS[name].kind
        if value is None:
            continue
        if value == NONE:
            found[name] = "none"
        elif kind == "money":
            found[name + ("_fen" if currency == "CNY" else "_minor")] = value
        elif kind in ("share", "decimal"):
            found[name] = Decimal(value) / 10**6
        elif kind == "date":
            found[name] = EPOCH + timedelta(days=value)
        else:
            found[name] = value
    return found


def batch(firms: Sequence[Mapping[str, Any]], currency: str = "CNY") -> Firms:
    """Firms as columns, through the front door; all of them must be valid."""
    rows = (Firm.from_dict(written(firm, currency), currency=currency) for firm in firms)
    found = Firms.from_firms(rows)
    assert not found.problems, next(iter(found.problems.values()))
    return found
