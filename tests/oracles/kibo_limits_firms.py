"""Seeded firms and matrices for the oracle in kibo_limits.

The rule has only 500 distinct firms (grade × risk × purpose): n >= 500 holds each of them.
"""

from __future__ import annotations

import random
from itertools import product

from .kibo_limits import GRADES, PURPOSE, RISKS

EVERY = tuple(product(GRADES, RISKS, PURPOSE))


def assumed_matrix() -> dict[tuple[str, str], str]:
    """Ours, for tests only: R1 and R2 keep the grade, each further risk grade costs a notch."""
    return {(grade, risk): GRADES[min(i + max(0, j - 1), len(GRADES) - 1)]
            for i, grade in enumerate(GRADES) for j, risk in enumerate(RISKS)}  # fmt: skip


def random_matrix(seed: int) -> dict[tuple[str, str], str]:
    """No order at all: a judge must look the rating up, not reason about it."""
    rng = random.Random(seed)
    return {key: rng.choice(GRADES) for key in product(GRADES, RISKS)}


def firms(n: int, seed: int) -> list[dict]:
    rng = random.Random(seed)
    picked = [EVERY[i % len(EVERY)] for i in range(n)]
    rng.shuffle(picked)
    names = ("technology_grade", "risk_grade", "guarantee_purpose")
    return [dict(zip(names, one, strict=True)) for one in picked]
