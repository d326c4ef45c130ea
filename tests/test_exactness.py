"""A firm on the threshold gets what the text says: every answer equals that of fractions."""

from __future__ import annotations

import importlib.util
import math
import sys
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.exactness import (
    SATURATED,
    Bands,
    Growth,
    Ints,
    band_of_int,
    band_of_ratio,
    floor_of_product,
    floor_of_rational,
    growth_band,
    least_whole,
    ratio_at_least,
    weighted_total,
)
from ipcredit.fields import MISSING, NONE

MAX = 10**15
MILLION = 1_000_000


@pytest.fixture(scope="module")
def threshold_cases() -> Any:
    """The cases of the benchmark, which judges all rows by fractions."""
    path = Path(__file__).parent.parent / "benchmarks" / "exactness.py"
    spec = importlib.util.spec_from_file_location("benchmark_exactness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmark_exactness"] = module
    spec.loader.exec_module(module)
    return module


amounts = st.integers(-MAX, MAX)
positive = st.integers(1, MAX)
shares = st.fractions(min_value=-3, max_value=3, max_denominator=10**6)


def column(*values: int) -> Ints:
    return np.array(values, np.int64)


def band_by_fractions(
    value: Fraction, thresholds: list[Fraction], strict: list[bool] | None = None
) -> int:
    words = strict or [False] * len(thresholds)
    return sum(value > t if word else value >= t for t, word in zip(thresholds, words, strict=True))


@st.composite
def near_threshold(draw: st.DrawFn) -> tuple[int, int, Fraction]:
    """A ratio and a threshold equal to it or some units of its last digits away."""
    num, den = draw(amounts), draw(positive)
    stretch = draw(st.sampled_from([1, 2, 7, 1000, 10**6, 10**15, 10**25, 10**60]))
    return num, den, Fraction(num * stretch + draw(st.integers(-2, 2)), den * stretch)


class TestRatio:
    @given(
        st.lists(st.tuples(amounts, positive), min_size=1, max_size=20),
        st.lists(shares, max_size=5).map(sorted),
        st.data(),
    )
    def test_equals_fractions(
        self, rows: list[tuple[int, int]], thresholds: list[Fraction], data: st.DataObject
    ) -> None:
        count = len(thresholds)
        strict = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
        num, den = column(*(a for a, _ in rows)), column(*(b for _, b in rows))
        expected = [band_by_fractions(Fraction(a, b), thresholds, strict) for a, b in rows]
        assert band_of_ratio(num, den, thresholds, strict).tolist() == expected

    @given(st.lists(near_threshold(), min_size=1, max_size=8), st.booleans())
    @settings(max_examples=400)
    def test_equals_fractions_within_a_hair_of_the_threshold(
        self, rows: list[tuple[int, int, Fraction]], strict: bool
    ) -> None:
        num, den = column(*(r[0] for r in rows)), column(*(r[1] for r in rows))
        for _, _, threshold in rows:
            expected = [
                bool(band_by_fractions(Fraction(a, b), [threshold], [strict])) for a, b, _ in rows
            ]
            assert ratio_at_least(num, den, threshold, strict).tolist() == expected

    def test_different_fractions_with_the_same_float_are_told_apart(self) -> None:
        # 1 and 1 + 10**-15 differ by 4.5 ulps, but thresholds beside them do not.
        den = MAX
        for threshold in (
            1 - Fraction(1, 10**17),
            1 + Fraction(1, 10**17),
            1 + Fraction(1, 10**40),  # numerator beyond 2**63: Python integers decide
            Fraction(2**62 + 1, 2**62),  # numerator above 2**61: as well
            Fraction(2**60 + 1, 2**60),  # below: residues decide
        ):
            assert float(threshold) == 1.0
            for strict in (False, True):
                met = ratio_at_least(
                    column(den - 1, den, den + 1), column(*[den] * 3), threshold, strict
                )
                assert met.tolist() == [False, threshold <= 1, True]

    @pytest.mark.parametrize("power", range(35, 90))
    def test_cross_products_beyond_64_bits(self, power: int) -> None:
        q = 3**power
        for p in (q + (q >> 54), q - (q >> 55), q + (q >> 54) - 1, q - (q >> 55) + 1):
            assert float(Fraction(p, q)) == 1.0
            met = ratio_at_least(column(MAX, MAX - 7), column(MAX, MAX), Fraction(p, q))
            assert met.tolist() == [p <= q, False]

    def test_neighbouring_fractions_with_short_digits(self) -> None:
        # (b+1)/b and (b+2)/(b+1) round alike from about b = 2**26 on: b p just above 2**52.
        same = 0
        for b in range(2**26, int(2**26.9), 100_003):
            ratio, threshold = Fraction(b + 2, b + 1), Fraction(b + 1, b)
            same += float(ratio) == float(threshold)
            met = ratio_at_least(column(b + 2, b + 1), column(b + 1, b), threshold)
            assert met.tolist() == [False, True]
        assert same > 100

    @pytest.mark.parametrize("threshold", [0, Fraction(1, 10**400), -Fraction(1, 10**400)])
    def test_thresholds_at_and_next_to_zero(self, threshold: Fraction) -> None:
        num = column(-1, 0, 1)
        for strict in (False, True):
            expected = [
                bool(band_by_fractions(Fraction(a, MAX), [Fraction(threshold)], [strict]))
                for a in (-1, 0, 1)
            ]
            assert ratio_at_least(num, column(*[MAX] * 3), threshold, strict).tolist() == expected

    @pytest.mark.parametrize("sign", [1, -1])
    def test_thresholds_no_ratio_reaches(self, sign: int) -> None:
        met = ratio_at_least(column(MAX, -MAX), column(1, 1), Fraction(sign * 10**400))
        assert met.tolist() == [sign < 0] * 2

    def test_masked_rows_are_silent_and_do_not_touch_the_others(self) -> None:
        num, den = column(5, MISSING, NONE, 5, 0), column(100, 100, 100, 0, MISSING)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert band_of_ratio(num, den, [Fraction(5, 100)])[0] == 1

    def test_out_receives_the_ratios_and_blocks_join(self) -> None:
        rows = 100_000
        num = np.arange(rows, dtype=np.int64)
        den = np.full(rows, 1000, np.int64)
        out = np.empty(rows)
        band = band_of_ratio(num, den, [Fraction(50)], out=out)
        assert band.sum() == rows - 50_000
        assert np.array_equal(out, num / 1000)
        assert np.array_equal(band, band_of_ratio(num, den, [Fraction(50)]))

    def test_empty_and_narrow_columns(self) -> None:
        assert band_of_ratio(column(), column(), [Fraction(1)]).tolist() == []
        narrow = np.array([3], np.int32)
        assert band_of_ratio(narrow, narrow, [Fraction(1)]).tolist() == [1]  # type: ignore[arg-type]
        assert band_of_ratio(column(1), column(1), []).tolist() == [0]

    def test_a_word_for_every_threshold(self) -> None:
        with pytest.raises(ValueError, match="2 thresholds and 1 words"):
            band_of_ratio(column(1), column(1), [Fraction(1), Fraction(2)], [True])


class TestWhole:
    @given(st.lists(amounts), st.lists(amounts, max_size=6).map(sorted))
    def test_band_of_int(self, values: list[int], thresholds: list[int]) -> None:
        expected = [sum(v >= t for t in thresholds) for v in values]
        assert band_of_int(column(*values), thresholds).tolist() == expected

    def test_band_of_int_beyond_the_dtype(self) -> None:
        assert band_of_int(np.array([7], np.int8), [-(10**30), 7, 300, 10**30]).tolist() == [2]

    @given(amounts, shares, st.integers(1, 10**6), st.booleans())
    def test_least_whole(self, value: int, threshold: Fraction, scale: int, strict: bool) -> None:
        expected = band_by_fractions(Fraction(value, scale), [threshold], [strict])
        assert (value >= least_whole(threshold, scale, strict)) == bool(expected)

    @given(st.lists(st.tuples(st.integers(0, 10**6), shares), min_size=1, max_size=6))
    def test_weighted_total(self, rows: list[tuple[int, Fraction]]) -> None:
        try:
            total, scale = weighted_total([column(v) for v, _ in rows], [w for _, w in rows])
        except OverflowError:  # unrelated denominators: refused, never wrong
            assert math.lcm(*(w.denominator for _, w in rows)) > 10**10
            return
        assert Fraction(int(total[0]), scale) == sum(v * w for v, w in rows)

    def test_weighted_total_refuses(self) -> None:
        with pytest.raises(ValueError, match="1 columns and 0 weights"):
            weighted_total([column(1)], [])
        with pytest.raises(OverflowError, match="out of range"):
            weighted_total([column(MAX)], [10**4])
        empty, scale = weighted_total([column()], [Fraction(1, 2)])
        assert (empty.tolist(), scale) == ([], 2)


def growth_meets(row: tuple[int, ...], method: Growth, t: Fraction, strict: bool) -> bool:
    """The definition, without a root: y3/y1 against (1+t)**2 for 1+t >= 0."""
    if method == "year_on_year":
        value, goal = Fraction(row[1], row[0]) - 1, t
    elif method == "mean_of_ratios":
        value, goal = (Fraction(row[1], row[0]) + Fraction(row[2], row[1])) / 2 - 1, t
    elif 1 + t < 0:
        return row[2] >= 0
    else:
        value, goal = Fraction(row[2], row[0]), (1 + t) ** 2
    return value > goal if strict else value >= goal


class TestGrowth:
    @pytest.mark.parametrize("method", ["year_on_year", "mean_of_ratios", "cagr2"])
    @given(
        rows=st.lists(st.tuples(positive, positive, amounts), min_size=1, max_size=6),
        thresholds=st.lists(shares, max_size=4).map(sorted),
        strict=st.booleans(),
    )
    def test_equals_fractions(
        self,
        method: Growth,
        rows: list[tuple[int, int, int]],
        thresholds: list[Fraction],
        strict: bool,
    ) -> None:
        used = [row[1:] if method == "year_on_year" else row for row in rows]
        years = [column(*(row[i] for row in used)) for i in range(len(used[0]))]
        expected = [sum(growth_meets(row, method, t, strict) for t in thresholds) for row in used]
        assert growth_band(years, method, thresholds, strict).tolist() == expected

    @given(
        row=st.tuples(positive, positive, amounts),
        stretch=st.sampled_from([0, 1, 10**3, 10**20, 10**300]),
        off=st.integers(-2, 2),
    )
    @settings(max_examples=400)
    def test_mean_of_ratios_within_a_hair(
        self, row: tuple[int, int, int], stretch: int, off: int
    ) -> None:
        value = (Fraction(row[1], row[0]) + Fraction(row[2], row[1])) / 2 - 1
        near = value + (Fraction(off, value.denominator * stretch) if stretch else 0)
        years = [column(v) for v in row]
        for strict in (False, True):
            expected = growth_meets(row, "mean_of_ratios", near, strict)
            assert growth_band(years, "mean_of_ratios", [near], strict)[0] == expected

    @given(
        row=st.tuples(*[st.integers(1, 10**6)] * 2, st.integers(0, 10**6)),
        off=st.integers(-3, 3),
        power=st.integers(46, 58),
    )
    @settings(max_examples=600)
    def test_mean_of_ratios_within_some_ulps(
        self, row: tuple[int, int, int], off: int, power: int
    ) -> None:
        value = (Fraction(row[1], row[0]) + Fraction(row[2], row[1])) / 2 - 1
        near = value + (1 + value) * Fraction(off, 2**power)
        expected = growth_meets(row, "mean_of_ratios", near, False)
        assert growth_band([column(v) for v in row], "mean_of_ratios", [near])[0] == expected

    def test_cagr_at_and_below_minus_100_percent(self) -> None:
        years = [column(5, 5, 5), column(5, 5, 5), column(-1, 0, 1)]
        thresholds = [Fraction(-2), Fraction(-1)]
        assert growth_band(years, "cagr2", thresholds, strict=True).tolist() == [0, 1, 2]
        assert growth_band(years, "cagr2", thresholds).tolist() == [0, 2, 2]

    @given(st.tuples(st.integers(1, 10**6), st.integers(1, 10**3), st.integers(1, 10**3)))
    def test_cagr_on_the_threshold(self, given_: tuple[int, int, int]) -> None:
        scale, up, down = given_
        first, last = scale * down**2, scale * up**2
        threshold = Fraction(up, down) - 1
        years = [column(first)] * 3, [column(first)] * 2, [column(first)] * 2
        ends = (last - 1, last, last + 1)
        bands = [growth_band([*years[1], column(e)], "cagr2", [threshold])[0] for e in ends]
        assert bands == [0, 1, 1]

    def test_published_example(self) -> None:
        years = [column(2800), column(5200), column(7900)]  # 68.82 %
        exact = (Fraction(5200, 2800) + Fraction(7900, 5200)) / 2 - 1
        hair = Fraction(1, 10**30)
        bands = growth_band(years, "mean_of_ratios", [exact - hair, exact, exact + hair])
        assert bands.tolist() == [2]
        assert round(exact * 10_000) == 6882

    def test_a_loss_in_the_last_year(self) -> None:
        years = [column(100), column(100), column(-1)]
        assert growth_band(years, "cagr2", [Fraction(-2), Fraction(-1), Fraction(0)])[0] == 0

    def test_refuses(self) -> None:
        with pytest.raises(ValueError, match="cagr2"):
            growth_band([column(1)] * 2, "cagr2", [Fraction(0)])
        with pytest.raises(ValueError, match="median"):
            growth_band([column(1)] * 2, "median", [Fraction(0)])  # type: ignore[arg-type]


class TestFloors:
    @given(
        st.lists(
            st.tuples(st.fractions(min_value=-(10**15), max_value=10**15), st.floats(-1, 1)),
            min_size=1,
            max_size=10,
        )
    )
    def test_floor_of_rational(self, rows: list[tuple[Fraction, float]]) -> None:
        true = [value for value, _ in rows]
        approx = np.array([float(value) + off for value, off in rows])
        bound = np.array(
            [float(abs(Fraction(x) - v)) * (1 + 2**-50) for x, v in zip(approx, true, strict=True)]
        )
        floors = floor_of_rational(approx, bound, lambda idx: [true[i] for i in idx])
        assert floors.tolist() == [math.floor(value) for value in true]

    def test_only_doubtful_rows_are_asked(self) -> None:
        asked: list[int] = []

        def exact(rows: np.ndarray[Any, np.dtype[np.intp]]) -> list[Fraction]:
            asked.extend(rows.tolist())
            return [Fraction(3) - Fraction(1, 10**9)] * len(rows)

        # A float on a whole number whose bound vanishes in the subtraction is doubtful too.
        approx = np.array([2.5, 3.0, 3.0, np.nan, np.inf, 1e300])
        bound = np.array([0.1, 0.1, 1e-30, 0.0, 0.0, 1e290])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            floors = floor_of_rational(approx, bound, exact)
        assert floors[:5].tolist() == [2, 2, 2, 0, SATURATED]
        assert asked[:2] == [1, 2]
        assert 0 not in asked

    @given(
        st.lists(st.tuples(amounts, amounts, positive), min_size=1, max_size=8),
        st.integers(-(10**9), 10**9),
        st.integers(1, 10**9),
    )
    def test_floor_of_product(self, rows: list[tuple[int, int, int]], p: int, q: int) -> None:
        a, b, c = (column(*(row[i] for row in rows)) for i in range(3))
        expected = [max(-SATURATED, min(SATURATED, x * y * p // (z * q))) for x, y, z in rows]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert floor_of_product([a, b, p], [c, q]).tolist() == expected

    @given(st.integers(0, 10**11), st.integers(1, 10**7), st.integers(1, 10**7), st.integers(-1, 1))
    def test_floor_of_product_on_whole_numbers(self, k: int, b: int, c: int, off: int) -> None:
        a = (k * c + off) // b
        assert floor_of_product([column(a), column(b)], [column(c)])[0] == a * b // c


INTEGER_TRUTH: dict[str, Callable[[list[Ints], Fraction], Any]] = {
    "ratio": lambda c, t: c[0] * t.denominator >= c[1] * t.numerator,
    "year_on_year": lambda c, t: c[1] * t.denominator >= c[0] * (t.denominator + t.numerator),
    "cagr2": lambda c, t: c[2] * t.denominator**2 >= c[0] * (t.denominator + t.numerator) ** 2,
    "weighted_total": lambda c, t: (
        np.sum([w * p for w, p in zip((35, 25, 15, 15, 10), c, strict=True)], axis=0)
        >= int(t * 200)
    ),
}


def mean_truth(columns: list[Ints], t: Fraction) -> Any:
    """Y2**2 + Y3 Y1 >= 2 (1 + t) Y1 Y2 in Python integers."""
    y1, y2, y3 = (c.astype(object) for c in columns)
    return t.denominator * (y2 * y2 + y3 * y1) >= 2 * (t.denominator + t.numerator) * y1 * y2


@pytest.mark.checkout
@pytest.mark.parametrize("index", range(5))
def test_a_million_firms_on_the_threshold(threshold_cases: Any, index: int) -> None:
    """Amounts typed in 万元 with two decimals, on, a fen above or a fen below: 0 wrong.

    Judged by cross multiplication (int64 where it cannot overflow, else Python integers) and
    on 20,000 rows by fractions; ``benchmarks/exactness.py`` judges all by fractions.
    """
    case = threshold_cases.CASES[index](MILLION)
    truth = INTEGER_TRUTH.get(case.name, mean_truth)
    expected: Bands = sum(
        truth(case.columns, t).astype(bool).astype(np.int8) for t in case.thresholds
    )
    ours = case.ours(case.columns)
    assert int((ours != expected).sum()) == 0
    sample = np.random.default_rng(7).integers(0, MILLION, 20_000)
    rows = zip(*(c[sample].tolist() for c in case.columns), strict=True)
    assert ours[sample].tolist() == [case.band(list(row)) for row in rows]
    # The trap is real: floats as people write them are wrong for some of these rows.
    assert int((case.plain(case.columns) != expected).sum()) > 1000


def test_large_amounts_on_a_five_digit_threshold() -> None:
    """Ratios whose floats equal the threshold's without being it: b p > 2**51."""
    rng = np.random.default_rng(11)
    threshold = Fraction(33_333, 100_000)
    den = rng.integers(10**9, 10**10, 300_000) * 100_000 + rng.integers(0, 10**5, 300_000)
    num = den * 3 // 10 + (den * 3333 // 100_000) + rng.integers(-1, 3, 300_000)
    exact = num.astype(object) * 100_000 >= den.astype(object) * 33_333
    assert np.array_equal(ratio_at_least(num, den, threshold), exact.astype(bool))
