"""Policies that nobody would write, judged twice: by the engine and by the naive interpreter.

Each example is a random small policy that mixes every construct of the language, with random firms
on its thresholds.  What the shipped schemes do not use is held to the same standard this way.
"""

from __future__ import annotations

import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipcredit.assess import assess
from ipcredit.plan import plan_of
from ipcredit.policy import Policy
from oracles.grounds import differences, engine_says, naive_says
from oracles.makers import Maker, batch
from oracles.naive import Naive
from oracles.naive_words import NONE
from oracles.random_policies import Author
from oracles.thresholds import ON, PARTS, around

seeds = st.integers(0, 2**32 - 1)
# Sections and words that a hundred policies together must have used.
CONSTRUCTS = (
    "all_of", "any_of", "classes", "in_each_of", "sum2", "sum3", "times", "since", "until",
    "year_on_year", "mean_of_ratios", "mean_of_two_rates", "cagr", "step", "expert", "declared", "worst", "first",
    "best", "sum", "bonus", "separate", "max", "outer", "matrix", "raise", "confirm", "none",
    "cases", "share_of", "tax_multiple", "scorecard", "working_capital", "receivables", "deduct",
    "less", "round_down_to", "pro_rata", "zero_denominator", "one_of", "less_than", "at_most",
)  # fmt: skip


def made(seed: int, firms: int):
    raw = Author(seed).policy()
    policy = Policy.from_canonical(raw)
    maker = Maker(raw, policy, seed)
    return raw, policy, maker, maker.firms(firms)


@given(seed=seeds)
@example(seed=0)
@settings(max_examples=120)
def test_complete_firms_are_judged_alike(seed):
    raw, policy, _, firms = made(seed, 25)
    naive = Naive(raw, ON)
    result = assess(policy, batch(firms), on=ON)
    for row, firm in enumerate(firms):
        assert not differences(engine_says(policy, result, row), naive_says(naive, firm)), firm


@given(seed=seeds)
@example(seed=0)
@settings(max_examples=40)
def test_what_is_said_of_incomplete_firms_holds_however_they_are_filled(seed):
    _, policy, maker, firms = made(seed, 12)
    rng = random.Random(seed)
    fields = plan_of(policy).fields
    if not fields:
        return
    gone = [rng.sample(fields, min(len(fields), rng.randint(1, 3))) for _ in firms]
    partial = [
        {k: None if k in names else v for k, v in firm.items()}
        for firm, names in zip(firms, gone, strict=True)
    ]
    said = assess(policy, batch(partial), on=ON)
    full, of = [], []
    for row, (firm, names) in enumerate(zip(firms, gone, strict=True)):
        for other in (firm, *(filled(maker, firm, names, rng) for _ in range(15))):
            if possible(other, firm, names):
                full.append(other)
                of.append(row)
    truth = assess(policy, batch(full), on=ON)
    for at, row in enumerate(of):
        if truth.status_of(at) == "invalid":
            continue
        claim, fact = engine_says(policy, said, row), engine_says(policy, truth, at)
        wrong = [
            (key, value, fact[key])
            for key, value in claim.items()
            if not isinstance(value, dict)
            and value not in (None, "incomplete")
            and fact[key] != value
        ]
        wrong += [
            (key, name, inner, fact[key].get(name))
            for key, value in claim.items()
            if isinstance(value, dict)
            for name, inner in value.items()
            if inner not in (None, fact[key].get(name))
            # A gate that fails may still be waived, one that is waived may also be met.
            and (inner, fact[key].get(name)) not in (("fail", "waived"), ("waived", "pass"))
        ]
        assert not wrong, (wrong, gone[row])


def filled(maker, firm, names, rng):
    """The firm with other values where something is missing, rich in thresholds."""
    other = {**firm, **{name: maker.value(name) for name in names}}
    for _ in range(3):
        near = around(rng.choice(maker.leaves), other, rng) if maker.leaves else []
        if near:
            change = rng.choice(near)[1]
            other.update({k: v for k, v in change.items() if k in names})
    return other


def possible(other, firm, names) -> bool:
    """Whether a filling keeps parts within wholes, and has the years of which a part is known."""
    for part, whole in PARTS.items():
        if part in other and whole in other:
            if NONE not in (other[part], other[whole]) and other[part] > other[whole]:
                return False
            if other[whole] == NONE and part not in names and other[part] not in (NONE, 0):
                return False
    return True


def test_the_random_policies_use_the_whole_language():
    written = [str(Author(seed).policy()) for seed in range(150)]
    unused = [word for word in CONSTRUCTS if not any(f"{word}" in text for text in written)]
    assert not unused
    policies = [Policy.from_canonical(Author(seed).policy()) for seed in range(30)]
    assert len({policy.fingerprint for policy in policies}) == 30
