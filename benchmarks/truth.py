"""The exact answers of cn-tech-sme, written once more and on their own: integers only.

No division and no floating point: a ratio is compared by cross-multiplication in int64 (the
largest product is amount times 100, far below 2**63 for amounts up to 10**15).  Shares no
code with the package nor with the peers.  :func:`of_one` says the same for one firm with
Python's ``Fraction``; the benchmark compares the two on a sample before it trusts either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np

LIMIT_FEN = 200_000_000_00
NONE_OR_MISSING = np.iinfo(np.int64).min + 1


def _steps(part: np.ndarray, whole: np.ndarray, percents: tuple[int, ...]) -> np.ndarray:
    """How many of the thresholds part/whole reaches; none where there is no whole."""
    reached = sum((part * 100 >= whole * percent).astype(np.int64) for percent in percents)
    return np.where(whole > 0, reached, 0)


def of_columns(columns: Mapping[str, np.ndarray], on: date) -> tuple[np.ndarray, np.ndarray]:
    """Total points (int64) and eligibility (bool) of firms of which everything is known."""
    c = columns
    wide = (10, 15, 20, 25, 30)
    staff = 4 * _steps(c["sci_tech_staff"], c["staff_total"], wide)
    rd = 10 * np.maximum(
        _steps(c["rd_expense"], c["sales"], (2, 3, 4, 5, 6)),
        _steps(c["rd_expense"], c["total_cost"], wide),
    )
    ip = np.where(c["class1_related"] > 0, 30, np.minimum(c["class2_related"], 4) * 6)
    total = staff + rd + ip

    gates = (c["resident_enterprise"] == 1) & (c["restricted_industry"] == 0)
    gates &= (c["staff_total"] <= 500) & (c["sales"] <= LIMIT_FEN)
    gates &= c["total_assets"] <= LIMIT_FEN
    for breach in (
        "major_accident",
        "environmental_breach",
        "integrity_breach",
        "abnormal_list",
        "dishonest_list",
    ):
        gates &= c[breach] == 0

    today = np.datetime64(on, "D").astype(np.int64)
    since = np.datetime64(on.replace(year=on.year - 5), "D").astype(np.int64)
    rank = c["national_award_rank"]
    direct = (c["has_high_tech_certificate"] == 1) & (c["high_tech_until"] >= today)
    direct |= (rank >= 1) & (rank <= 3) & (c["national_award_on"] >= since)
    direct |= c["rd_institution"] >= 3
    direct |= c["standard_led_on"] >= since
    return total, gates & (direct | ((total >= 60) & (staff > 0)))


def of_one(firm: Mapping[str, int], on: date) -> tuple[int, bool]:
    """The same for one firm in Python's own exact numbers."""

    def steps(part: str, whole: str, lowest: Fraction, step: Fraction) -> int:
        if firm[whole] <= 0:
            return 0
        ratio = Fraction(firm[part], firm[whole])
        return max(0, min(5, (ratio - lowest) // step + 1))

    def within(name: str, since: date) -> bool:
        days = firm[name]
        return days > NONE_OR_MISSING and days >= (since - date(1970, 1, 1)).days

    five, one = Fraction(5, 100), Fraction(1, 100)
    staff = 4 * steps("sci_tech_staff", "staff_total", Fraction(1, 10), five)
    rd = 10 * max(
        steps("rd_expense", "sales", 2 * one, one),
        steps("rd_expense", "total_cost", Fraction(1, 10), five),
    )
    ip = 30 if firm["class1_related"] >= 1 else 6 * min(firm["class2_related"], 4)
    total = staff + rd + ip
    clean = not any(
        firm[name]
        for name in (
            "restricted_industry",
            "major_accident",
            "environmental_breach",
            "integrity_breach",
            "abnormal_list",
            "dishonest_list",
        )
    )
    small = firm["staff_total"] <= 500 and max(firm["sales"], firm["total_assets"]) <= LIMIT_FEN
    since = on.replace(year=on.year - 5)
    direct = (
        (firm["has_high_tech_certificate"] == 1 and within("high_tech_until", on))
        or (1 <= firm["national_award_rank"] <= 3 and within("national_award_on", since))
        or firm["rd_institution"] in (3, 4)
        or within("standard_led_on", since)
    )
    passed = direct or (total >= 60 and staff > 0)
    return total, bool(firm["resident_enterprise"] == 1 and clean and small and passed)
