"""Every shipped policy with one word or one number changed: some firm must notice.

Comparison words are turned over at the threshold, thresholds moved by one unit (a fen, the last
written digit), points, amounts, weights, shares and caps moved by one, deductions left out.  What
nobody notices is proven not to matter, or stands below with its reason.

``python -m oracles.mutants --all`` (in ``tests/``) runs all mutants of all editions and lists them;
here the two founding schemes are run in full and the others by a fixed sample.
"""

from __future__ import annotations

import os
import random
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ipcredit.cases import run_cases
from ipcredit.errors import PolicyError
from ipcredit.policy import Policy
from oracles.grounds import editions, name_of, raw_of
from oracles.mutants import Mutant, attainable, mutants, proven, survivors

FULL = {"cn-tech-sme@2017", "chongqing-knowledge@2023"}
SAMPLE = 100
ROUNDED = "the line is rounded down to 1 万元: a fen more is nothing"
NEVER_MORE = "no method of the base line gives more than 1000 万元, so a higher cap cuts nothing"
RATING = "the highest rating limit is KRW 7 billion: this purpose limit never cuts"
# Mutants that no complete firm can tell from the policy (patterns of "path: before -> after").
EQUIVALENT: dict[str, dict[str, str]] = {
    "chongqing-knowledge@2023": {
        "talent.indicators.share.points.D: 0 -> -1": (
            "the other option gives 0 or more, and the better one counts"
        ),
        "base.methods.commercial-value.amounts.F: 0 元 -> 1 分": ROUNDED,
        "base.limits.class.cases.specialised.amount: 1000 万元 -> 1000000001 分": NEVER_MORE,
    },
    "chongqing-knowledge@2017": {
        "talent.indicators.share.points.D: 0 -> -1": (
            "the other option gives 0 or more, and the better one counts"
        ),
    },
    "cn-high-tech@2016": {
        f"{path}.points.A: *{highest}] -> *{highest + 1}]": "the field holds no more points"
        for path, highest in (
            ("ip-advancedness.indicators.level", 8),
            ("ip-support.indicators.level", 8),
            ("ip-quantity", 8),
            ("ip-acquired.indicators.way", 6),
            ("conversion.indicators.count", 30),
            ("growth", 10),
        )
    },
    "chongqing-commercial@2023": {
        "base.methods.score.amounts.F: 0 元 -> 1 分": ROUNDED,
        "base.limits.class.cases.specialised.amount: 1000 万元 -> 1000000001 分": NEVER_MORE,
    },
    "kibo@undated": {
        "line.limits.purpose.cases.trade.amount: * -> KRW 7000000001": RATING,
        "line.limits.purpose.cases.trade.when.one_of: *": RATING,
        "line.limits.purpose.cases.fixed-assets.amount: *": RATING,
        "line.limits.purpose.cases.fixed-assets.when.is: * -> excellent_technology": RATING,
    },
}


def chosen(name: str, every: list[Mutant]) -> list[Mutant] | None:
    """The mutants to run: all of them, or a fixed sample."""
    if name in FULL or os.environ.get("IPCREDIT_ALL_MUTANTS") or len(every) <= SAMPLE:
        return None
    return random.Random(name).sample(every, SAMPLE)


def matches(mutant: str, pattern: str) -> bool:
    """Whether a pattern stands for a mutant; brackets are themselves."""
    return fnmatch(mutant, pattern.replace("[", "[[]"))


@pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in editions()])
def test_every_mutant_is_noticed_or_proven_equivalent(path):
    name = name_of(path)
    every = [mutant for mutant, _ in mutants(raw_of(path))]
    assert len(set(every)) == len(every) > 20
    some = chosen(name, every)
    count, left = survivors(path, some)
    assert count == len(every if some is None else some)
    known = EQUIVALENT.get(name, {})
    unproven = [str(mutant) for mutant in left if not proven(raw_of(path), mutant)]
    unexplained = [m for m in unproven if not any(matches(m, k) for k in known)]
    assert not unexplained, "prove these equivalent, or find a firm that notices them"
    if some is None:
        stale = [k for k in known if not any(matches(m, k) for m in unproven)]
        assert not stale, "these are noticed: take them off the list"


def test_every_kind_of_value_is_mutated():
    every = [m for path in editions() for m, _ in mutants(raw_of(path))]
    kinds = {mutant.kind for mutant in every}
    assert kinds == {"word", "threshold", "points", "amount", "number", "left out"}
    flipped = {mutant.path.rpartition(".")[2] for mutant in every if mutant.kind == "word"}
    assert {"at_least", "more_than", "at_most", "is"} <= flipped


def test_the_proof_of_equivalence_is_no_free_pass():
    raw = raw_of(next(path for path in editions() if name_of(path) == "cn-tech-sme@2017"))
    assert min(attainable(raw, "total")) == 0
    assert max(attainable(raw, "total")) == 100
    gate = "gates.enough-points.at_least"
    assert proven(raw, Mutant(gate, "threshold", "60", "59"))  # totals are even
    assert not proven(raw, Mutant(gate, "threshold", "60", "58"))
    assert not proven(raw, Mutant(gate, "threshold", "60", "61"))
    assert not proven(raw, Mutant("staff.indicators.share.A.at_least", "threshold", "0.30", "0.31"))


def test_a_mutant_that_is_out_of_order_is_refused_at_load():
    policy = Policy.load("cn-tech-sme@2017")
    with pytest.raises(PolicyError, match=r"policy\.bands-"):
        policy.change("rd.indicators.to-sales.B.at_least", "0.06")


def test_the_golden_cases_alone_notice_every_comparison_of_115():
    """The case file is complete: one case on each side of every boundary of the text."""
    path = next(path for path in editions() if name_of(path) == "cn-tech-sme@2017")
    raw = raw_of(path)
    cases = Path(__file__).parent / "cases" / "cn-tech-sme.toml"
    assert not run_cases(cases, Policy.from_canonical(raw)).failed
    missed = []
    for mutant, tree in mutants(raw):
        if mutant.kind not in ("word", "threshold", "points") or proven(raw, mutant):
            continue
        try:
            policy = Policy.from_canonical(tree)
        except PolicyError:
            continue
        if not run_cases(cases, policy).failed:
            missed.append(str(mutant))
    assert not missed
