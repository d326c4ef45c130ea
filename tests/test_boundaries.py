"""Both sides of every threshold of every shipped edition, generated from the files themselves.

For each band, gate, confirmation, raise, limit and tier: complete firms exactly at the written
threshold, one unit below and one unit above (a fen, a person, a day, the last written digit).  What
must come out is reckoned in Fractions by an interpreter that shares no code with the engine.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from ipcredit.assess import assess
from ipcredit.fields import FIELDS
from oracles.grounds import (
    decision,
    differences,
    editions,
    engine_says,
    ground,
    name_of,
    raw_of,
    sides,
)
from oracles.makers import batch
from oracles.naive_words import OPS
from oracles.thresholds import ON, Leaf, leaves

EDITIONS = [pytest.param(path, id=name_of(path)) for path in editions()]
LEAVES = [
    pytest.param(path, leaf, id=f"{name_of(path)}:{leaf.path}={leaf.threshold}")
    for path in editions()
    for leaf in leaves(raw_of(path))
]


def plain(leaf: Leaf) -> bool:
    """A band, or a gate of one comparison."""
    kind, _ = leaf.owner
    if leaf.categorical or len(leaf.shifts) > 1 or "step" in leaf.about:
        return False
    return kind == "band" or (kind == "gate" and leaf.path.count(".") == 2)


PLAIN = [item for item in LEAVES if plain(item.values[1])]


def judged(found, firms):
    """What the engine says of complete firms, in the interpreter's words."""
    result = assess(found.policy, batch(firms, found.policy.currency), on=ON)
    return [engine_says(found.policy, result, row) for row in range(len(firms))]


def signs(found, leaf: Leaf, firm, verdict) -> set[int]:
    """How the figure lies to the threshold: -1, 0, 1 (several where several years are judged)."""
    if leaf.points_of:
        points, threshold = verdict["points"][leaf.points_of], Fraction(leaf.threshold)
        return {(points > threshold) - (points < threshold)}
    measured = (found.naive.measured(leaf.about, firm, shift=shift) for shift in leaf.shifts)
    return {place(leaf.threshold) for place in measured if place is not None}


def beyond(leaf: Leaf) -> set[str]:
    """Sides on which a single field has no value left."""
    name = leaf.about.get("input", "")
    if name not in FIELDS or FIELDS[name].kind == "money":
        return set()
    spec, unit = FIELDS[name], 10**6 if FIELDS[name].kind in ("share", "decimal") else 1
    at = leaf.threshold * unit
    return {side for side, bound in (("below", spec.lo), ("above", spec.hi)) if at == bound}


@pytest.mark.parametrize(("path", "leaf"), LEAVES)
def test_both_sides_of_every_threshold(path, leaf):
    found = ground(path)
    around = sides(found, leaf)
    kinds = {kind for kind, _, _ in around}
    if leaf.categorical:
        assert kinds == {"in", "out"} or (kinds == {"in"} and leaf.op == "one_of"), kinds
    elif leaf.points_of:  # no points below the least and above the most there are
        assert "at" in kinds, kinds
        assert len(kinds) >= 2, kinds
    else:
        # Where a threshold is the least or the most a field can hold there is no further side.
        assert "at" in kinds, kinds
        assert kinds == {"below", "at", "above"} - beyond(leaf), kinds
        for kind, firm, verdict in around:
            assert {"below": -1, "at": 0, "above": 1}[kind] in signs(found, leaf, firm, verdict)
    said = judged(found, [firm for _, firm, _ in around])
    for (kind, firm, expected), got in zip(around, said, strict=True):
        assert not differences(got, expected), (kind, firm)
    assert len({repr(decision(verdict, leaf.owner)) for _, _, verdict in around}) > 1, (
        "no firm found whose decision hangs on this threshold"
    )


@pytest.mark.parametrize(("path", "leaf"), PLAIN)
def test_the_comparison_word_alone_says_what_a_firm_on_the_threshold_gets(path, leaf):
    """The same once more without the interpreter's logic of bands and conditions."""
    found = ground(path)
    kind, name = leaf.owner
    around = [side for side in sides(found, leaf) if side[0] == "at"]
    assert around
    for got in judged(found, [firm for _, firm, _ in around]):
        if kind == "gate":
            assert (got["gate"][name] == "pass") == OPS[leaf.op](0)
        else:
            assert (got["band"][name] == leaf.path.split(".")[-2]) == OPS[leaf.op](0)


@pytest.mark.parametrize("path", EDITIONS)
def test_every_firm_of_a_large_pool(path):
    found = ground(path)
    said = judged(found, found.pool)
    wrong = [
        (differences(got, expected), firm)
        for got, expected, firm in zip(said, found.verdicts, found.pool, strict=True)
        if differences(got, expected)
    ]
    assert not wrong, (len(wrong), wrong[0])
    assert len({verdict["status"] for verdict in found.verdicts}) > 1 or found.policy.id == "kibo"


@pytest.mark.parametrize("path", EDITIONS)
def test_every_tier_and_every_band_is_reached(path):
    found = ground(path)
    tiers = {verdict["tier"] for verdict in found.verdicts}
    if found.policy.rules.tiers is not None:
        assert set(found.policy.rules.tiers.labels) <= tiers
    for item in found.policy.rules.dimensions:
        for table in item.indicators:
            key = f"{item.name}.{table.name}"
            if "step" in table.bands[0].path:
                continue  # first and last step are among the thresholds above
            met = {verdict["band"][key] for verdict in found.verdicts}
            met |= {v["band"][key] for leaf in found.maker.leaves for _, _, v in sides(found, leaf)}
            assert {band.label for band in table.bands} <= met, key
