"""Through ``assess`` itself: what the text says at the threshold, for a million firms of each kind.

Every row is checked against whole numbers (cross products, in Python integers where 64 bits do not
hold them), a sample of rows against ``fractions.Fraction``; ``IPCREDIT_ALL_ROWS=1`` takes all rows
as the sample.  The same rows judged in floats are wrong by the ten thousand, which is the point.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from ipcredit.assess import assess
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from oracles.small import ON, T, policy

ROWS = 1_000_000
SAMPLE = slice(None) if os.environ.get("IPCREDIT_ALL_ROWS") else slice(0, None, 97)
WAN = 10**6  # 万元 in fen
CENT = 10**4  # 0.01 万元 in fen: two decimals

RATIO = f"""
[rd]
{T}
points = {{ A = 2, B = 1, C = 0 }}
[rd.indicators.share]
ratio = ["rd_expense", "sales"]
unit  = "share"
A = {{ %s = 0.06 }}
B = {{ %s = 0.05 }}
"""


def bands(text: str, name: str, columns: dict[str, np.ndarray]) -> np.ndarray:
    """The band codes of a column of firms; money in fen."""
    firms = Firms.from_columns(columns)
    assert not firms.problems
    return assess(policy(text), firms, on=ON).codes["band", name]


def in_order(met: list[np.ndarray]) -> np.ndarray:
    """The code of the first band that is met, of falling thresholds."""
    return sum(~one for one in met).astype(np.int8)  # type: ignore[union-attr]


def around(rng: np.random.Generator, exact: np.ndarray, unit: int) -> np.ndarray:
    """A third of the values as they are, a third one unit below, a third one unit above."""
    return exact + rng.integers(-1, 2, len(exact)) * unit


def check(codes: np.ndarray, exact: np.ndarray, one: Callable[[int], int]) -> None:
    """All rows against whole numbers, a sample against Fractions."""
    wrong = np.flatnonzero(codes != exact)
    assert not wrong.size, (wrong.size, wrong[:3])
    for row in range(len(codes))[SAMPLE]:
        assert codes[row] == one(row), row
    assert len(np.unique(codes)) > 1


@pytest.mark.parametrize("words", [("at_least", "at_least"), ("more_than", "more_than")])
def test_a_ratio_of_amounts_typed_in_ten_thousands_with_two_decimals(words):
    rng = np.random.default_rng(1)
    sales = rng.integers(1, 10**8, ROWS) * (20 * CENT)  # 5 % of it has two decimals too
    share = rng.choice([5, 6], ROWS)
    rd = around(rng, sales // 100 * share // CENT * CENT, CENT)
    codes = bands(RATIO % words, "rd.share", {"rd_expense_fen": rd, "sales_fen": sales})
    strict = words[0] == "more_than"
    met = [(100 * rd > p * sales) if strict else (100 * rd >= p * sales) for p in (6, 5)]

    def one(row: int) -> int:
        ratio = Fraction(int(rd[row]), int(sales[row]))
        return sum(
            not (ratio > at if strict else ratio >= at)
            for at in (Fraction(6, 100), Fraction(5, 100))
        )

    check(codes, in_order(met), one)
    on = 100 * rd == share * sales
    assert on.sum() > ROWS // 7
    # What everybody writes first: amounts in 万元 as floats, against 0.05 of the sales.
    in_floats = (rd / WAN >= share / 100 * (sales / WAN))[on]
    assert not in_floats.all()
    assert (~in_floats).mean() > 0.05


def test_amounts_read_from_text_are_the_same_firms():
    rng = np.random.default_rng(2)
    sales = rng.integers(1, 10**8, 3_000) * (20 * CENT)
    rd = around(rng, sales // 20, CENT)
    columns = {"rd_expense_fen": rd, "sales_fen": sales}
    codes = bands(RATIO % ("at_least", "at_least"), "rd.share", columns)
    rows = [
        {"rd_expense": f"{a / WAN:.2f} 万元", "sales": f"{b / WAN:.2f} 万元"}
        for a, b in zip(rd.tolist(), sales.tolist(), strict=True)
    ]
    typed = assess(
        policy(RATIO % ("at_least", "at_least")),
        Firms.from_firms(Firm.from_dict(row) for row in rows),
        on=ON,
    )
    np.testing.assert_array_equal(typed.codes["band", "rd.share"], codes)


def test_a_ratio_of_the_largest_amounts_there_are():
    """Up to 10**15 fen the cross products have 35 digits."""
    rng = np.random.default_rng(3)
    sales = rng.integers(9 * 10**14, 10**15, ROWS) // 100 * 100
    rd = around(rng, sales // 100 * rng.choice([5, 6], ROWS), 1)
    columns = {"rd_expense_fen": rd, "sales_fen": sales}
    codes = bands(RATIO % ("at_least", "more_than"), "rd.share", columns)
    big, whole = rd.astype(object), sales.astype(object)
    met = [np.asarray(100 * big >= 6 * whole, bool), np.asarray(100 * big > 5 * whole, bool)]

    def one(row: int) -> int:
        ratio = Fraction(int(rd[row]), int(sales[row]))
        return (not ratio >= Fraction(6, 100)) + (not ratio > Fraction(5, 100))

    check(codes, in_order(met), one)


def test_sums_over_years_with_a_part_that_counts_four_fifths():
    text = f"""
[rd]
{T}
points = {{ A = 1, B = 0 }}
[rd.indicators.share]
ratio = [["rd_domestic.sum3", {{ of = "rd_outsourced.sum3", times = 0.8 }}], "sales.sum3"]
unit  = "share"
A = {{ at_least = 0.03 }}
"""
    rng = np.random.default_rng(4)
    own, others, sales = (
        [rng.integers(1, most, ROWS) * 500 for _ in range(3)] for most in (10**5, 10**5, 10**7)
    )
    own[2] = around(rng, 3 * sum(sales) // 100 - 4 * sum(others) // 5 - own[0] - own[1], 1)
    keep = own[2] >= 0
    names = ("", "_prev", "_prev2")
    columns = {}
    for name, years in (("rd_domestic", own), ("rd_outsourced", others), ("sales", sales)):
        columns |= {f"{name}{s}_fen": y[keep] for s, y in zip(names, years, strict=True)}
    codes = bands(text, "rd.share", columns)
    top = 500 * sum(own)[keep] + 400 * sum(others)[keep]
    bottom = 15 * sum(sales)[keep]

    def one(row: int) -> int:
        at = np.flatnonzero(keep)[row]
        rd = sum(int(y[at]) for y in own) + Fraction(4, 5) * sum(int(y[at]) for y in others)
        return int(not Fraction(rd, sum(int(y[at]) for y in sales)) >= Fraction(3, 100))

    check(codes, (top < bottom).astype(np.int8), one)
    assert (top == bottom).sum() > 10_000


GROWTH = f"""
[growth]
{T}
points = {{ A = 2, B = 1, C = 0 }}
[growth.indicators.sales]
growth = "sales"
method = "%s"
unit   = "share"
A = {{ at_least = 0.15 }}
B = {{ more_than = 0.05 }}
"""


def growth(method: str, years: list[np.ndarray]) -> np.ndarray:
    names = ("sales_fen", "sales_prev_fen", "sales_prev2_fen")
    columns = dict(zip(names, reversed(years), strict=False))
    return bands(GROWTH % method, "growth.sales", columns)


def test_growth_year_on_year():
    rng = np.random.default_rng(5)
    first = rng.integers(1, 10**9, ROWS) * 20
    last = around(rng, first // 20 * rng.choice([21, 23], ROWS), 1)
    codes = growth("year_on_year", [first, last])
    met = [100 * last >= 115 * first, 100 * last > 105 * first]

    def one(row: int) -> int:
        rate = Fraction(int(last[row]), int(first[row])) - 1
        return (not rate >= Fraction(15, 100)) + (not rate > Fraction(5, 100))

    check(codes, in_order(met), one)


def test_growth_as_the_mean_of_two_years():
    """½(Y2/Y1 + Y3/Y2) − 1 at exactly 15 % with two unequal years: floats miss most of them."""
    rng = np.random.default_rng(6)
    q = rng.integers(1, 60, ROWS) * 20
    p = rng.integers(q // 2, 2 * q)  # Y2 / Y1 = p / q
    twice = rng.choice([46, 42], ROWS)  # Y2/Y1 + Y3/Y2 = 2.3 or 2.1
    size = rng.integers(1, 10**4, ROWS)
    first, second = q * q * size, p * q * size
    last = around(rng, (twice * q // 20 - p) * p * size, 1)
    keep = last > 0
    first, second, last = first[keep], second[keep], last[keep]
    codes = growth("mean_of_ratios", [first, second, last])
    y1, y2, y3 = (y.astype(object) for y in (first, second, last))
    total, unit = y2 * y2 + y1 * y3, y1 * y2
    met = [np.asarray(10 * total >= 23 * unit, bool), np.asarray(10 * total > 21 * unit, bool)]

    def one(row: int) -> int:
        a, b, c = int(first[row]), int(second[row]), int(last[row])
        rate = (Fraction(b, a) + Fraction(c, b)) / 2 - 1
        return (not rate >= Fraction(15, 100)) + (not rate > Fraction(5, 100))

    check(codes, in_order(met), one)
    on = np.asarray(10 * total == 23 * unit, bool)
    assert on.sum() > 50_000
    in_floats = ((second / first + last / second) / 2 - 1 >= 0.15)[on]
    assert (~in_floats).mean() > 0.2


def test_compound_growth_over_two_years():
    rng = np.random.default_rng(7)
    size = rng.integers(1, 10**9, ROWS)
    first = 400 * size
    last = around(rng, size * rng.choice([441, 529], ROWS), 1)  # 1.05 and 1.15 squared
    middle = rng.integers(1, 10**12, ROWS)
    codes = growth("cagr", [first, middle, last])
    met = [400 * last >= 529 * first, 400 * last > 441 * first]

    def one(row: int) -> int:
        factor = Fraction(int(last[row]), int(first[row]))
        return (not factor >= Fraction(115, 100) ** 2) + (not factor > Fraction(105, 100) ** 2)

    check(codes, in_order(met), one)


WEIGHTS = {"ip": 35, "rd": 40, "ops": 25}
FIELDS = {"ip": "class2_related", "rd": "class1_related", "ops": "innovative_products"}
TOTAL = (
    "".join(
        f"""
[{name}]
{T}
weight = 0.{weight}
[{name}.indicators.count]
input = "{FIELDS[name]}"
step  = {{ every = 1, points = 1, max = 100 }}
"""
        for name, weight in WEIGHTS.items()
    )
    + """
[tiers]
input = "total.points"
A = { at_least = 60 }
B = { more_than = 55 }
C = { at_least = 33.15 }
[line]
title = { zh = "额度", en = "line" }
[line.tiers]
A = { amount = "300 万元" }
B = { amount = "200 万元" }
C = { amount = "100 万元" }
"""
)


def test_weighted_totals_on_the_cut_off():
    rng = np.random.default_rng(8)
    counts = {name: rng.integers(0, 101, ROWS) for name in WEIGHTS}
    # Every combination that is exactly on a cut-off, again and again.
    grid = np.array(np.meshgrid(*[np.arange(101)] * 3)).reshape(3, -1)
    exact = sum(w * g for w, g in zip(WEIGHTS.values(), grid, strict=True))  # hundredths
    on = grid[:, np.isin(exact, [6_000, 5_500, 3_315])]
    assert on.shape[1] > 100
    some = rng.integers(0, on.shape[1], ROWS // 2)
    for name, chosen in zip(WEIGHTS, on, strict=True):
        counts[name][: ROWS // 2] = chosen[some]
    result = assess(
        policy(TOTAL), Firms.from_columns({FIELDS[k]: v for k, v in counts.items()}), on=ON
    )
    total = sum(w * counts[name] for name, w in WEIGHTS.items())
    met = [total >= 6_000, total > 5_500, total >= 3_315]
    codes = result.codes["tier", "graded"]

    def one(row: int) -> int:
        points = sum(Fraction(w, 100) * int(counts[name][row]) for name, w in WEIGHTS.items())
        missed = [points < 60, points <= 55, points < Fraction("33.15")]
        return -2 if all(missed) else sum(missed)

    expected = in_order(met)
    expected[expected == 3] = -2
    check(codes, expected, one)
    np.testing.assert_array_equal(np.rint(result.total * 100), total)
    lines = np.array([300, 200, 100, 0])[np.where(codes < 0, 3, codes)] * WAN
    np.testing.assert_array_equal(result.part("knowledge"), lines)
    in_floats = 0.35 * counts["ip"] + 0.40 * counts["rd"] + 0.25 * counts["ops"]
    assert ((in_floats >= 60) != (total >= 6_000)).sum() > 1_000


def test_a_share_of_an_amount_is_floored_to_the_fen():
    text = f"""
[d]
{T}
[d.indicators.i]
input  = "staff_total"
points = {{ A = 1, B = 0 }}
A = {{ at_least = 0 }}
[base]
title = {{ zh = "基础", en = "base" }}
[base.methods.share]
method = "share_of"
of     = "sales"
share  = 0.07
less_own_margin = 0.013
[base.limits.assets]
share = 0.33
of    = "total_assets"
"""
    rng = np.random.default_rng(9)
    sales = rng.integers(0, 10**15, ROWS)
    assets = (sales * 0.1727 + rng.integers(-(10**6), 10**6, ROWS)).astype(np.int64).clip(0, 10**15)
    columns = {
        "sales_fen": sales,
        "total_assets_fen": assets,
        "staff_total": np.ones(ROWS, np.int64),
    }
    result = assess(policy(text), Firms.from_columns(columns), on=ON)
    exact = np.minimum(57 * sales.astype(object) // 1000, 33 * assets.astype(object) // 100)
    np.testing.assert_array_equal(result.part("base"), exact.astype(np.int64))
    for row in range(ROWS)[SAMPLE]:
        least = min(Fraction(57, 1000) * int(sales[row]), Fraction(33, 100) * int(assets[row]))
        assert result.part("base")[row] == least // 1
