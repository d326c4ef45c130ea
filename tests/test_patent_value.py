"""Values of single rights: hand-computed cases, properties, and an independent oracle."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit import UsageError
from ipcredit.patents.right import Citation, Right, Rights
from ipcredit.patents.standing import term_ends
from ipcredit.patents.terms import METHODS
from ipcredit.patents.value import (
    Figures,
    read_methods,
    read_norms,
    shipped,
    shipped_norms,
    value_rights,
)
from ipcredit.patents.value.figures import FIGURES, elapsed
from ipcredit.patents.value.norms import norms_of
from ipcredit.patents.value.spec import spec_of
from ipcredit.resources import config_dir
from ipcredit.source import parse, read_toml

ON = dt.date(2025, 6, 30)

NORMS = """
schema    = 1
id        = "trial"
synthetic = false
title     = { zh = "试行", en = "Trial" }
[sources.office]
document = "Statistics of an office"
evidence = "official"
[fields.computing]
title  = { zh = "计算机", en = "Computing" }
ipc    = ["G06", "G06N"]
source = "office"
[fields.learning]
title  = { zh = "机器学习", en = "Machine learning" }
ipc    = ["G06Q"]
source = "office"
[norms.computing]
source = "office"
2013 = { forward_citations_5y = 20, family_size = 10, claims = 40, generality = 0.8, backward_citations = 50, grant_lag = 2000 }
2015 = { forward_citations_5y = 20, family_size = 10, claims = 40, generality = 0.8 }
"""
TRIAL = norms_of(parse(NORMS, "trial.toml"))


def citing(*classes):
    return tuple(Citation(None, code) for code in classes)


STRONG = Right(
    kind="invention",
    filed=dt.date(2013, 5, 20),
    published=dt.date(2014, 11, 5),
    granted=dt.date(2014, 10, 2),
    ipc=("G06F17/30", "G06F16/9535", "H04L29/08"),
    claims=30,
    family_size=4,
    forward_citations_5y=5,
    forward_citations=13,
    backward_citations=10,
    citing=citing("H04L29/06", "H04L9/32", "G06F17/30", "G01N21/88"),
    inventors=4,
    litigated=False,
    licensed=True,
    pledged=False,
    product_related=True,
    foreign_grants=("US", "EP"),
)


def one(right, method, norms=TRIAL, on=ON):
    return value_rights(Rights.of([right]), method, norms, on=on)


def bounds(right, method, norms=TRIAL, on=ON):
    found = one(right, method, norms, on)
    return float(found.low[0]), float(found.high[0]), found.state_of(0)


# -- OECD, by hand ---------------------------------------------------------------------------------


def test_oecd_of_four_by_hand():
    # citations 5/20 = 0.25, family 4/10 = 0.4, claims 30/40 = 0.75
    # citing classes H04L twice, G06F, G01N: 1 - (4 + 1 + 1)/16 = 0.625, over 0.8 = 0.78125
    # (0.25 + 0.4 + 0.75 + 0.78125) / 4 = 2.18125 / 4 = 0.5453125
    assert bounds(STRONG, "oecd4") == (
        pytest.approx(0.5453125, abs=1e-12),
        pytest.approx(0.5453125, abs=1e-12),
        "known",
    )


def test_oecd_of_six_by_hand():
    # as above, and citations made 10/50 = 0.2; 2013-05-20 to 2014-10-02 are 500 days, so
    # 1 - 500/2000 = 0.75: (2.18125 + 0.2 + 0.75) / 6 = 3.13125 / 6 = 0.521875
    assert bounds(STRONG, "oecd6")[:2] == pytest.approx((0.521875, 0.521875), abs=1e-12)


def test_a_figure_above_its_norm_counts_as_the_norm():
    # claims 80 of 40 count as 1: (0.25 + 0.4 + 1 + 0.78125) / 4 = 0.6078125
    assert bounds(replace(STRONG, claims=80), "oecd4")[0] == pytest.approx(0.6078125, abs=1e-12)
    # A grant after more than the longest lag counts as the longest: 1 - 1 = 0.
    late = replace(STRONG, granted=dt.date(2023, 1, 1))
    assert bounds(late, "oecd6")[0] == pytest.approx((2.18125 + 0.2) / 6, abs=1e-12)


def test_a_missing_figure_leaves_the_value_between_two_bounds():
    # without claims: 0 to 1 in place of 0.75, so (1.43125 + 0)/4 to (1.43125 + 1)/4
    low, high, state = bounds(replace(STRONG, claims=None), "oecd4")
    assert (low, high) == pytest.approx((0.3578125, 0.6078125), abs=1e-12)
    assert state == "open"


def test_a_right_that_nothing_cites_has_the_generality_that_the_method_says():
    # (0 + 0.4 + 0.75 + 0) / 4 = 0.2875
    never = replace(STRONG, forward_citations_5y=0, forward_citations=0, citing=())
    assert bounds(never, "oecd4") == (pytest.approx(0.2875), pytest.approx(0.2875), "known")
    assert bounds(replace(never, citing=None), "oecd4")[2] == "known"
    # Cited, but by whom is not known: generality is open.
    assert bounds(replace(STRONG, citing=None), "oecd4")[2] == "open"
    assert bounds(replace(STRONG, citing=citing("H04L1/00", "")), "oecd4")[2] == "open"


@pytest.mark.parametrize(
    "right",
    [
        replace(STRONG, filed=dt.date(2014, 5, 20)),  # a year without norms between two with
        replace(STRONG, filed=dt.date(1999, 5, 20)),
        replace(STRONG, filed=dt.date(2030, 5, 20)),
        replace(STRONG, filed=None),
        replace(STRONG, ipc=None),
        replace(STRONG, ipc=()),
        replace(STRONG, ipc=("H04L29/06",)),  # no field declared
        replace(STRONG, ipc=("G06Q40/00",)),  # a field without norms
    ],
)
def test_without_a_cohort_the_value_says_that_it_is_not_normalised(right):
    low, high, state = bounds(right, "oecd4")
    assert state == "not_normalised"
    assert np.isnan([low, high]).all()
    assert one(right, "allison").state_of(0) != "not_normalised"
    points = [float(one(right, "oecd4").points(side)[0]) for side in ("low", "high")]
    assert points == [0, 100]


def test_a_cohort_may_have_norms_for_one_composite_and_not_for_the_other():
    right = replace(STRONG, filed=dt.date(2015, 5, 20))
    assert bounds(right, "oecd4")[2] == "known"
    assert bounds(right, "oecd6")[2] == "not_normalised"


def test_the_longest_beginning_of_an_ipc_code_decides_on_the_field():
    codes = [("G06N3/08",), ("G06Q40/00",), ("G16H10/00",), ("G06Q40/00", "G06F1/00"), ()]
    assert [TRIAL.field_of(code) for code in codes] == [0, 1, -1, 1, -1]


# -- Allison, by hand --------------------------------------------------------------------------------

# Twelve years old to the day, 13 citations: 13/12 > 1 (1); 10 made (1); 12 > 10 years (1); ends
# 2033, 8 years left (1); 4 inventors (1); published after 1.5 years (0); 30 claims (1); never
# litigated (0): 6 points.
SIX = replace(STRONG, filed=dt.date(2013, 6, 30))
AGE, LEFT = "age", "remaining_life"


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 6),
        ({"forward_citations": 12}, 5),  # 12/12 is 1, not more
        ({"forward_citations": 0, "forward_citations_5y": 0}, 5),
        ({"backward_citations": 5}, 5),
        ({"backward_citations": 6}, 6),
        ({"backward_citations": 18}, 6),
        ({"backward_citations": 19}, 5),
        # ten years to the day: not more than 10
        ({"filed": dt.date(2015, 6, 30), "published": dt.date(2016, 1, 1)}, 5),
        ({"filed": dt.date(2015, 6, 29), "published": dt.date(2016, 1, 1)}, 6),
        ({"expires": dt.date(2026, 6, 30)}, 5),  # one year to the day: not more than 1
        ({"expires": dt.date(2026, 7, 1)}, 6),
        ({"expires": dt.date(2020, 1, 1)}, 5),
        ({"inventors": 3}, 5),
        ({"published": dt.date(2017, 6, 30)}, 6),  # four years to the day: not more than 4
        ({"published": dt.date(2017, 7, 1)}, 7),
        ({"claims": 25}, 5),
        ({"claims": 26}, 6),
        ({"litigated": True}, 7),
        ({"litigated": True, "published": dt.date(2018, 1, 1)}, 8),
    ],
)
def test_allison_by_hand(change, points):
    assert bounds(replace(SIX, **change), "allison") == (points, points, "known")


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ({"litigated": None}, 6, 7),
        ({"claims": None, "inventors": None}, 4, 6),
        # Five-year citations are a floor of all: 13 in five years are more than 12 in twelve.
        ({"forward_citations": None, "forward_citations_5y": 13}, 6, 6),
        ({"forward_citations": None, "forward_citations_5y": 12}, 5, 6),
        # Without a day of filing age, citations a year, publication lag and (by its term) the
        # remaining life are open; 10 made, 4 inventors and 30 claims are not.
        ({"filed": None}, 3, 7),
        ({"filed": None, "forward_citations": 0, "forward_citations_5y": 0}, 3, 6),
    ],
)
def test_what_is_not_known_leaves_allison_open(change, low, high):
    state = "known" if low == high else "open"
    assert bounds(replace(SIX, **change), "allison") == (low, high, state)


def test_a_utility_model_ends_after_ten_years():
    # filed 2013-06-30, over since 2023-06-30: no point for remaining life
    assert bounds(replace(SIX, kind="utility_model"), "allison")[0] == 5


# -- weighted, by hand --------------------------------------------------------------------------------


def test_weighted_by_hand():
    # legal 0.35: ends 2033-05-20, 7.9 years left, 60 points x 0.4; 30 claims 100 x 0.4; two
    #   offices 80 x 0.2: 24 + 40 + 16 = 80
    # technical 0.35: 5 citations 60 x 0.5; G06F and H04L 50 x 0.2; 10 made 100 x 0.1;
    #   4 inventors 75 x 0.2: 30 + 10 + 10 + 15 = 65
    # economic 0.30: related 100 x 0.4; family of 4 75 x 0.2; licensed 100 x 0.2; not pledged,
    #   never litigated: 40 + 15 + 20 = 75
    # 0.35 x 80 + 0.35 x 65 + 0.30 x 75 = 28 + 22.75 + 22.5 = 73.25
    assert bounds(STRONG, "weighted")[:2] == pytest.approx((73.25, 73.25), abs=1e-9)
    # Not known whether pledged: 100 x 0.1 x 0.3 = 3 more at most.
    low, high, state = bounds(replace(STRONG, pledged=None), "weighted")
    assert (low, high, state) == (pytest.approx(73.25), pytest.approx(76.25), "open")


def test_a_method_values_only_the_kinds_it_is_made_for():
    for kind in ("design", "software_copyright", "plant_variety", None):
        for method in METHODS:
            found = one(replace(STRONG, kind=kind), method)
            assert found.state_of(0) == "outside"
            assert found.points("low")[0] == found.points("high")[0] == 0


# -- the independent oracle -----------------------------------------------------------------------------


def naive_years(start, end):
    """Years between two days, by stepping from anniversary to anniversary."""

    def anniversary(count):
        year = start.year + count
        try:
            return start.replace(year=year)
        except ValueError:
            return dt.date(year, 2, 28)

    if end <= start:
        return Fraction(0)
    count = end.year - start.year
    while anniversary(count) > end:
        count -= 1
    last, following = anniversary(count), anniversary(count + 1)
    return count + Fraction((end - last).days, (following - last).days)


def naive_generality(right):
    if right.citing:
        if any(not citation.ipc for citation in right.citing):
            return None
        classes = Counter(citation.ipc[:4] for citation in right.citing)
        total = sum(classes.values())
        return 1 - sum(Fraction(n, total) ** 2 for n in classes.values())
    if right.citing == ():
        return Fraction(0)
    cited = (
        right.forward_citations
        if right.forward_citations is not None
        else right.forward_citations_5y
    )
    return Fraction(0) if cited == 0 else None


def naive_oecd(right, names):
    """The composite as a fraction, "none" without a cohort, ``None`` if a figure is missing."""
    start = (right.ipc or ("",))[0]
    if right.filed is None or not start.startswith("G06") or start.startswith("G06Q"):
        return "none"
    norms = {2013: (20, 10, 40, Fraction("0.8"), 50, 2000), 2015: (20, 10, 40, Fraction("0.8"))}
    norm = norms.get(right.filed.year, ())
    if len(norm) < names:
        return "none"
    lag = None
    if right.granted is not None and right.granted >= right.filed:
        lag = (right.granted - right.filed).days
    raw = [right.forward_citations_5y, right.family_size, right.claims, naive_generality(right)]
    raw += [right.backward_citations, lag]
    if any(x is None for x in raw[:names]):
        return None
    shares = [min(Fraction(x) / most, 1) for x, most in zip(raw[:names], norm, strict=False)]
    if names == 6:
        shares[5] = 1 - shares[5]
    return sum(shares) / names


def naive_allison(right, ends):
    """Points, ``None`` if any of the facts is missing."""
    facts = (right.filed, right.published, right.claims, right.inventors, right.litigated)
    if None in (*facts, right.forward_citations, right.backward_citations, ends):
        return None
    if right.published < right.filed:
        return None
    age = naive_years(right.filed, ON)
    points = 0
    if right.forward_citations > age:
        points += 1
    if 6 <= right.backward_citations <= 18:
        points += 1
    if age > 10:
        points += 1
    if naive_years(ON, ends) > 1:
        points += 1
    if right.inventors > 3:
        points += 1
    if naive_years(right.filed, right.published) > 4:
        points += 1
    if right.claims > 25:
        points += 1
    return points + (1 if right.litigated else 0)


def random_right(rnd):
    """A right whose figures lie on and around the thresholds; one fact in ten is missing."""

    def maybe(value):
        return None if rnd.random() < 0.03 else value

    filed = rnd.choice(
        [dt.date(2013, 6, 30), dt.date(2015, 6, 29), dt.date(2015, 6, 30), dt.date(2012, 2, 29),
         dt.date(rnd.randrange(2011, 2025), rnd.randrange(1, 13), rnd.randrange(1, 29))]
    )  # fmt: skip
    published = filed + dt.timedelta(rnd.choice([400, 1460, 1461, 1462, rnd.randrange(-5, 3000)]))
    classes = ["H04L1/00", "G06F1/00", "G06N1/00", "A61B1/00"]
    cited = rnd.randrange(0, 30)
    return Right(
        kind=rnd.choice(["invention", "utility_model", "pct_invention"]),
        filed=maybe(filed),
        published=maybe(published),
        granted=maybe(filed + dt.timedelta(rnd.randrange(-3, 2500))),
        expires=rnd.choice([None, ON, dt.date(2026, 6, 30), dt.date(2026, 7, 1)]),
        ipc=maybe((rnd.choice(["G06F1/00", "G06N3/00", "G06Q1/00", "H04L1/00"]),)),
        claims=maybe(rnd.choice([1, 24, 25, 26, 40, 60])),
        family_size=maybe(rnd.randrange(1, 15)),
        forward_citations=maybe(cited),
        forward_citations_5y=maybe(rnd.randrange(0, cited + 1)),
        backward_citations=maybe(rnd.choice([0, 5, 6, 7, 17, 18, 19])),
        citing=maybe(citing(*(rnd.choice(classes) for _ in range(rnd.randrange(0, 6))))),
        inventors=maybe(rnd.randrange(1, 7)),
        litigated=maybe(rnd.random() < 0.2),
    )


def test_the_engine_agrees_with_a_naive_one_on_20000_rights():
    rnd = random.Random(20250630)
    records = [random_right(rnd) for _ in range(20_000)]
    rights = Rights.of(records)
    ends = [dt.date(1970, 1, 1) + dt.timedelta(int(e)) if e > -(2**62) else None
            for e in term_ends(rights)]  # fmt: skip
    figures = Figures(rights, ON)
    found = {name: value_rights(figures, name, TRIAL, on=ON) for name in METHODS}
    seen = Counter()
    for row, right in enumerate(records):
        points = naive_allison(right, ends[row])
        allison = found["allison"]
        if points is None:
            assert allison.low[row] <= allison.high[row]
            seen["allison open"] += allison.state_of(row) == "open"
        else:
            assert (allison.low[row], allison.high[row]) == (points, points)
            seen["allison known"] += 1
        for name, count in (("oecd4", 4), ("oecd6", 6)):
            share, state = naive_oecd(right, count), found[name].state_of(row)
            seen[f"{name} {state}"] += 1
            if share == "none":
                assert state == "not_normalised"
            elif share is None:
                assert state in ("open", "known")
            else:
                assert state == "known"
                assert found[name].low[row] == pytest.approx(float(share), abs=1e-12)
    assert min(seen.values()) > 100, seen


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), st.integers(-400, 40_000))
def test_years_are_counted_from_anniversary_to_anniversary(start, days):
    end = start + dt.timedelta(days)
    first = dt.date(1970, 1, 1)
    num, den = elapsed(np.array([(start - first).days]), np.array([(end - first).days]))
    assert Fraction(int(num[0]), int(den[0])) == naive_years(start, end)


# -- properties -------------------------------------------------------------------------------------------

counts = st.one_of(st.none(), st.integers(0, 60))
rights_drawn = st.builds(
    Right,
    kind=st.just("invention"),
    filed=st.sampled_from([dt.date(2013, 2, 1), dt.date(2015, 3, 1)]),
    granted=st.one_of(st.none(), st.dates(dt.date(2015, 3, 1), dt.date(2022, 1, 1))),
    ipc=st.just(("G06F1/00",)),
    claims=counts,
    family_size=counts,
    forward_citations_5y=counts,
    backward_citations=counts,
    citing=st.one_of(
        st.none(),
        st.lists(st.sampled_from(["H04L", "G06F", "A61B", "G01N"]), max_size=8).map(
            lambda found: citing(*found)
        ),
    ),
)


@given(
    rights_drawn,
    st.sampled_from(["claims", "family_size", "forward_citations_5y", "backward_citations"]),
    st.integers(1, 30),
    st.sampled_from(["oecd4", "oecd6"]),
)
def test_more_claims_family_or_citations_never_lower_the_oecd_value(right, name, more, method):
    figure = getattr(right, name)
    less = one(right, method)
    greater = one(replace(right, **{name: more if figure is None else figure + more}), method)
    if less.state_of(0) == "not_normalised":
        return
    assert greater.low[0] >= less.low[0]
    if figure is not None:
        assert greater.high[0] >= less.high[0]


@given(rights_drawn, st.sampled_from(METHODS))
def test_values_lie_within_the_scale_of_their_method(right, method):
    found = one(right, method)
    if found.state_of(0) in ("known", "open"):
        assert 0 <= found.low[0] <= found.high[0] <= float(found.method.top) + 1e-12
        assert found.points("high")[0] <= 100 + 1e-9


@given(rights_drawn, st.sampled_from(METHODS), st.data())
def test_a_fact_that_becomes_known_only_narrows_the_bounds(right, method, data):
    missing = [name for name in ("claims", "family_size", "forward_citations_5y",
                                 "backward_citations") if getattr(right, name) is None]  # fmt: skip
    if not missing:
        return
    name = data.draw(st.sampled_from(missing))
    told = replace(right, **{name: data.draw(st.integers(0, 60))})
    wide, narrow = one(right, method), one(told, method)
    assert wide.state_of(0) == "not_normalised" or (
        wide.low[0] <= narrow.low[0] <= narrow.high[0] <= wide.high[0]
    )


@given(st.lists(st.sampled_from(["H04L", "G06F", "A61B", "G01N", "C07K"]), min_size=1, max_size=60))
def test_generality_is_one_less_the_squared_shares_of_citing_classes(classes):
    rights = Rights.of([Right(citing=citing(*(f"{code}1/00" for code in classes)))])
    found = Figures(rights, ON).figure("generality").at(0)
    total = len(classes)
    assert found == 1 - sum(Fraction(n, total) ** 2 for n in Counter(classes).values())
    assert 0 <= found < 1


def test_the_order_of_rows_does_not_matter():
    rnd = random.Random(7)
    records = [random_right(rnd) for _ in range(300)]
    places = list(range(300))
    rnd.shuffle(places)
    for method in METHODS:
        straight = value_rights(Rights.of(records), method, TRIAL, on=ON)
        mixed = value_rights(Rights.of([records[at] for at in places]), method, TRIAL, on=ON)
        for name in ("low", "high", "state"):
            np.testing.assert_array_equal(getattr(straight, name)[places], getattr(mixed, name))


def test_a_row_alone_is_a_row_of_many():
    rnd = random.Random(8)
    records = [random_right(rnd) for _ in range(60)]
    for method in METHODS:
        many = value_rights(Rights.of(records), method, TRIAL, on=ON)
        for row, record in enumerate(records):
            alone = one(record, method)
            np.testing.assert_array_equal(
                [alone.low[0], alone.high[0]], [many.low[row], many.high[row]]
            )


def test_no_rights_have_no_values():
    for method in METHODS:
        assert len(value_rights(Rights.of([]), method, on=ON)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_100000_rights_are_valued_in_columns(method):
    rnd = random.Random(1)
    rights = Rights.of([random_right(rnd) for _ in range(2_000)] * 50)
    best = 9.0
    for _ in range(9):
        start = time.perf_counter()
        value_rights(rights, method, TRIAL, on=ON)
        best = min(best, time.perf_counter() - start)
    # 50 ms on a quiet machine (benchmarks/patent_value.py); row by row it would be seconds.
    assert best < 0.15


# -- the reference files --------------------------------------------------------------------------------------


def test_every_number_of_the_reference_files_has_a_source_or_a_reason_in_both_languages():
    for numbers in (shipped().numbers, shipped_norms().numbers):
        assert numbers
        for number in numbers:
            if number.assumed is None:
                assert number.source, number.path
            else:
                assert number.assumed.zh != number.assumed.en, number.path


def test_the_shipped_norms_are_synthetic_and_every_number_says_so():
    norms = shipped_norms()
    assert norms.synthetic
    values = [number for number in norms.numbers if number.path.startswith("norms.")]
    assert values
    assert all("synthetic" in number.assumed.en for number in values)
    assert all("合成" in number.assumed.zh for number in values)


def test_every_weight_and_band_of_the_weighted_method_is_assumed():
    numbers = shipped().provenance("methods.weighted")
    assert {number.evidence for number in numbers} == {"assumed"}


def test_the_methods_a_policy_may_name_are_those_of_the_file():
    assert tuple(shipped().methods) == METHODS
    assert set(FIGURES) >= {name for m in shipped().methods.values() for name in m.figures}
    assert {m: shipped().method(m).top for m in METHODS} == {
        "oecd4": 1, "oecd6": 1, "allison": 8, "weighted": 100,
    }  # fmt: skip
    with pytest.raises(UsageError):
        shipped().method("smart5")


METHODS_TEXT = (config_dir() / "reference" / "patent-value.toml").read_text(encoding="utf-8")

BAD_METHODS = [
    ("policy.not-one-of", 'form   = "composite"', 'form   = "mean"'),
    ("policy.not-one-of", '"claims", "generality"]\n\n', '"claims", "novelty"]\n\n'),
    ("policy.not-one-of", 'above   = "cut"     #', 'above   = "keep"     #'),
    ("policy.out-of-unit", "uncited = 0         #", "uncited = 2         #"),
    ("policy.unknown-key-near", "inventors          = {", "inventor           = {"),
    ("policy.one-comparison", "claims             = { more_than = 25, ", "claims             = { "),
    ("policy.one-comparison", "{ more_than = 25, ", "{ more_than = 25, at_least = 26, "),
    ("value.too-fine", "{ more_than = 25, ", "{ more_than = 25.0000001, "),
    ("value.weights", "share = 0.30,", "share = 0.31,"),
    ("value.bands-order", "{ at_least = 3, points = 75 }", "{ at_least = 5, points = 75 }"),
    ("value.not-concave", "times = 0.7,", "times = 0.8,"),
    ("value.ages", "[0, 3, 6, 10, 15]", "[3, 0, 6]"),
    ("policy.not-one-of", "pct_utility   = {", "pct_model     = {"),
    ("policy.unknown-key", "trademark     = 0.50", "copyright     = 0.50"),
    ("policy.out-of-unit", "trademark     = 0.50", "trademark     = 50"),
    ("policy.no-source", 'source = "allison"\n', ""),
    ("policy.schema", "schema = 1", "schema = 2"),
]


@pytest.mark.parametrize(("code", "old", "new"), BAD_METHODS, ids=[c for c, *_ in BAD_METHODS])
def test_a_wrong_file_of_methods_is_refused_with_the_line(code, old, new):
    assert old in METHODS_TEXT
    text = METHODS_TEXT.replace(old, new, 1)
    with pytest.raises(UsageError) as caught:
        spec_of(parse(text, "value.toml"))
    problems = caught.value.problems
    assert code in {problem.code for problem in problems}
    line = next(int(p.where.rpartition(":")[2]) for p in problems if p.code == code)
    if new and code != "value.weights":  # the sum is a fault of the whole table
        around = text.splitlines()[max(line - 3, 0) : line + 3]
        assert any(part.strip() and part.strip() in "\n".join(around) for part in new.split("\n"))
    for problem in problems:
        assert problem.text("zh") != problem.text("en")


BAD_NORMS = [
    ("value.ipc", '["G06", "G06N"]', '["g06"]'),
    ("value.ipc", '["G06", "G06N"]', '["G06F17"]'),
    ("value.field-twice", '["G06Q"]', '["G06N"]'),
    ("value.year", "2015 =", "15 ="),
    ("value.norm-zero", "claims = 40, generality = 0.8, backward", "claims = 0, generality = 0.8, backward"),
    ("policy.out-of-unit", "generality = 0.8, backward", "generality = 1.8, backward"),
    ("policy.too-low", "grant_lag = 2000", "grant_lag = -1"),
    ("policy.unknown-key-near", "grant_lag = 2000", "grant_lags = 2000"),
    ("policy.not-one-of", "[norms.computing]", "[norms.compute]"),
    ("policy.required", "synthetic = false", ""),
    ("policy.no-source", '[norms.computing]\nsource = "office"', "[norms.computing]"),
    ("policy.required-one", "2015 = { forward_citations_5y = 20, family_size = 10, claims = 40, generality = 0.8 }", "2015 = {}"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new"), BAD_NORMS, ids=[c for c, *_ in BAD_NORMS])
def test_a_users_own_norms_are_checked(code, old, new):
    assert NORMS.count(old) == 1
    with pytest.raises(UsageError) as caught:
        norms_of(parse(NORMS.replace(old, new), "own.toml"))
    assert code in {problem.code for problem in caught.value.problems}
    assert all(problem.where.startswith("own.toml:") for problem in caught.value.problems)


def test_norms_and_methods_of_ones_own_are_read_from_a_path(tmp_path):
    (tmp_path / "norms.toml").write_text(NORMS, encoding="utf-8")
    (tmp_path / "value.toml").write_text(
        METHODS_TEXT.replace("{ more_than = 25, points = 1 }", "{ more_than = 30, points = 1 }"),
        encoding="utf-8",
    )
    norms, spec = read_norms(tmp_path / "norms.toml"), read_methods(tmp_path / "value.toml")
    assert not norms.synthetic
    rights = Rights.of([SIX])
    assert value_rights(rights, spec.method("allison"), norms, on=ON).low[0] == 5
    assert value_rights(rights, "oecd4", norms, on=ON).state_of(0) == "known"
    with pytest.raises(UsageError):
        read_norms(tmp_path / "none.toml")


def test_the_text_of_the_shipped_norms_says_that_they_are_made_up():
    document = read_toml(config_dir() / "reference" / "patent-cohorts.toml")
    assert "EVERY NUMBER HERE IS SYNTHETIC" in document.text
    assert document.data["synthetic"] is True
