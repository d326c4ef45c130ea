"""A book of loans: what it holds, what it adds up to, what it refuses."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.default_rates import Curve
from ipcredit.errors import PortfolioError, UsageError
from ipcredit.portfolio import NO_START, Portfolio
from ipcredit.repayment import BULLET, INSTALMENTS, months_between, still_owed
from ipcredit.traits import MISSING

DAY = dt.date(2025, 9, 30)
EPOCH = dt.date(1970, 1, 1).toordinal()

# Three loans of two firms; the second firm at two lenders.
SMALL = {
    "loan": ["L1", "L2", "L3"],
    "firm": ["b", "a", "a"],
    "lender": ["y", "x", "y"],
    "part": ["base", "knowledge", "knowledge"],
    "principal": np.array([500, 300, 200]),
    "outstanding": np.array([450, 300, 200]),
    "pd": [0.05, 0.02, 0.02],
}


def small(**changes: object) -> Portfolio:
    return Portfolio.from_arrays(as_of=DAY, **{**SMALL, **changes})


def refused(code: str, **changes: object) -> list[str]:
    with pytest.raises(PortfolioError) as caught:
        small(**changes)
    assert {problem.code for problem in caught.value.problems} == {code}
    return [problem.text("en") for problem in caught.value.problems]


# -- what it holds -------------------------------------------------------------------------------


def test_firms_and_lenders_are_sorted_whatever_the_order_of_rows():
    book = small()
    assert book.firms == ("a", "b")
    assert book.lenders == ("x", "y")
    assert book.pd.tolist() == [0.02, 0.05]
    assert book.firm.tolist() == [1, 0, 0]


def test_every_array_is_read_only():
    book = small()
    for name in ("pd", "firm", "principal", "outstanding", "start", "recovery", "score"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(book, name)[0] = 0


def test_dtypes_are_those_promised():
    book = small(start="2025-01-31", term_months=12, repayment="bullet")
    wanted = {
        "pd": "float64", "tier": "int32", "firm": "int32", "lender": "int32", "district": "int32",
        "part": "int8", "principal": "int64", "outstanding": "int64", "start": "int32",
        "term_months": "int16", "repayment": "int8", "recovery": "float64",
        "recovery_months": "float64",
    }  # fmt: skip
    assert {name: str(getattr(book, name).dtype) for name in wanted} == wanted


def test_what_is_not_known_is_not_zero():
    book = small()
    assert set(book.start.tolist()) == {NO_START}
    assert set(book.term_months.tolist()) == {-1}
    assert set(book.district.tolist()) == {-1}
    assert np.isnan(book.recovery).all()
    assert not book.known("district").any()
    assert not book.traits.known("revenue").any()
    assert book.traits.numbers["size"].tolist() == [500, 300, 200]


def test_one_filled_cell_says_it_for_all_loans_of_a_firm():
    book = small(pd=[0.05, None, 0.02], revenue=[7, MISSING, 9])
    assert book.pd.tolist() == [0.02, 0.05]
    assert book.traits.numbers["revenue"].tolist() == [7, 9, 9]


def test_loans_are_numbered_where_they_have_no_names():
    columns = {name: values for name, values in SMALL.items() if name != "loan"}
    assert Portfolio.from_arrays(as_of=DAY, **columns).loans == ("1", "2", "3")


def test_tags_are_known_to_be_none_or_not_known():
    book = small(tags=["key-list; ip", "none", None])
    assert sorted(book.traits.tags) == ["ip", "key-list"]
    assert book.traits.tags["ip"].tolist() == [True, False, False]
    assert book.traits.known("tags").tolist() == [True, True, False]


def test_part_of_a_book_keeps_what_belongs_to_it():
    book = small(class_=["p", "q", "r"])
    some = book.covered("knowledge")
    assert (some.loans, some.firms, some.pd.tolist()) == (("L2", "L3"), ("a",), [0.02])
    assert some.lenders == book.lenders
    assert some.traits.n == 2
    assert some.take(np.array([1])).loans == ("L3",)
    assert book.covered("any") is book
    assert book.take(np.array([True, False, False])).firms == ("b",)


def test_a_part_nobody_drew_is_an_empty_book():
    with pytest.raises(PortfolioError) as caught:
        small().covered("receivables")
    assert caught.value.problems[0].code == "portfolio.empty"
    with pytest.raises(UsageError) as wrong:
        small().covered("patents")
    assert "allowed are knowledge, base, receivables, any" in str(wrong.value)


def test_need_names_each_column_once():
    with pytest.raises(PortfolioError) as caught:
        small(start=["2025-01-31", None, "2025-01-31"]).need("start", "term_months", "tier")
    assert [problem.text("en") for problem in caught.value.problems] == [
        "start: missing in 1 of the loans, the first is L2; this question needs it of every loan; add it "
        "to the book [portfolio.lacks]",
        "term_months: missing in 3 of the loans, the first is L1; this question needs it of every loan; "
        "add it to the book [portfolio.lacks]",
        "tier: missing in 3 of the loans, the first is L1; this question needs it of every loan; add it "
        "to the book [portfolio.lacks]",
    ]
    small(start="2025-01-31").need("start", "part", "lender")


def test_summary_adds_up():
    facts = small(tier=["A", "B", "B"]).summary()
    assert (facts.loans, facts.firms, facts.lenders, facts.firms_at_several_lenders) == (3, 2, 2, 1)
    assert (facts.principal, facts.outstanding) == (1000, 950)
    assert facts.largest_firm == pytest.approx(500 / 950)
    assert facts.largest_loan == pytest.approx(450 / 950)
    assert facts.mean_pd == pytest.approx((500 * 0.02 + 450 * 0.05) / 950)
    assert facts.expected_defaults == pytest.approx(0.07)
    assert [(g.label, g.loans, g.firms, g.outstanding) for g in facts.by_lender] == [
        ("x", 1, 1, 300),
        ("y", 2, 2, 650),
    ]
    assert [g.label for g in facts.by_tier] == ["A", "B"]
    assert [g.label for g in facts.by_district] == ["-"]


def test_sums_of_groups_are_exact_beyond_floats():
    book = small(principal=np.array([10**15, 10**15 - 1, 1]), outstanding=np.array([10**15, 7, 1]))
    assert sum(group.principal for group in book.groups("lender")) == 2 * 10**15
    assert book.owed_by_firms.tolist() == [8, 10**15]


# -- default probabilities -----------------------------------------------------------------------


def without_pd(**columns: object) -> dict[str, object]:
    return {**{name: values for name, values in SMALL.items() if name != "pd"}, **columns}


def test_a_curve_turns_points_into_probabilities():
    curve = Curve.stepped("mine", {80: 0.01, 60: 0.03}, otherwise=0.08)
    book = Portfolio.from_arrays(as_of=DAY, curve=curve, **without_pd(score=[80, 59.9, 59.9]))
    assert book.pd.tolist() == [0.08, 0.01]
    assert book.pd_source[0].en == "default probabilities of 2 firms from the curve mine"
    mixed = Portfolio.from_arrays(
        as_of=DAY, curve=curve, **{**SMALL, "score": 70, "pd": [0.5, None, None]}
    )
    assert mixed.pd.tolist() == [0.03, 0.5]
    assert [note.en for note in mixed.pd_source] == [
        "default probabilities of 1 firms as the book gives them",
        "default probabilities of 1 firms from the curve mine",
    ]


def test_a_curve_by_ratings_knows_its_ratings():
    curve = Curve.rated("agency", {"BB": 0.02, "B": 0.04})
    book = Portfolio.from_arrays(as_of=DAY, curve=curve, **without_pd(rating=["B", "BB", "BB"]))
    assert book.pd.tolist() == [0.02, 0.04]
    with pytest.raises(PortfolioError) as caught:
        Portfolio.from_arrays(as_of=DAY, curve=curve, **without_pd(rating=["CC", "BB", "BB"]))
    assert str(caught.value) == (
        '[0]: rating: the curve "agency" has no rating "CC"; known are BB, B; correct the rating or '
        "use another curve [portfolio.no-rating]"
    )


def test_no_probability_is_a_problem_of_the_firm_once():
    assert refused("portfolio.no-pd", pd=[0.05, None, None]) == [
        '[1]: pd: the firm "a" has no default probability; needed is pd, or a score or rating that '
        "the curve knows; fill it in [portfolio.no-pd]"
    ]


def test_the_tier_decides_no_probability():
    curve = Curve.stepped("mine", {60: 0.03}, otherwise=0.08)
    scores = {"score": [70, 50, 50]}
    one = Portfolio.from_arrays(
        as_of=DAY, curve=curve, **without_pd(tier=["A", "E", "E"], **scores)
    )
    other = Portfolio.from_arrays(as_of=DAY, curve=curve, **without_pd(tier="A", **scores))
    assert one.pd.tolist() == other.pd.tolist()


@pytest.mark.parametrize("pd", [0.0, 1.0])
def test_the_ends_of_a_probability_are_allowed(pd):
    assert set(small(pd=pd).pd.tolist()) == {pd}


# -- what it refuses -----------------------------------------------------------------------------


def test_a_probability_above_one():
    assert refused("portfolio.probability", pd=[1.02, 0.02, 0.02]) == [
        '[0]: pd: "1.02" is not a probability; allowed is a number from 0 to 1; write 2 percent as '
        "0.02 [portfolio.probability]"
    ]


def test_a_negative_principal():
    texts = refused("firm.negative", principal=np.array([-500, 300, 200]))
    assert texts == [
        '[0]: principal: "-5 元" is negative; allowed is 0 or more; correct it [firm.negative]'
    ]


def test_no_principal():
    columns = {"principal": np.array([0, 300, 200]), "outstanding": np.array([0, 300, 200])}
    assert refused("portfolio.no-principal", **columns) == [
        "[0]: principal: the principal is 0; a loan needs an amount above 0; correct it or remove "
        "the row [portfolio.no-principal]"
    ]


def test_more_owed_than_lent():
    assert refused("portfolio.above-principal", outstanding=np.array([501, 300, 200])) == [
        "[0]: outstanding: 5.01 元 is owed on a loan of 5 元; at most the principal can be owed; "
        "correct one of the two [portfolio.above-principal]"
    ]


def test_a_loan_of_tomorrow():
    assert refused("portfolio.starts-later", start=["2025-10-01", "2025-09-30", None]) == [
        "[0]: start: the loan starts on 2025-10-01, after the day of the book, 2025-09-30; allowed "
        "are loans paid out by then; correct the date or as_of [portfolio.starts-later]"
    ]


def test_the_same_loan_twice():
    assert refused("portfolio.duplicate", loan=["L1", "L2", "L1"]) == [
        '[2]: loan: the loan "L1" is in the book already, at [0]; each number stands once; correct '
        "or remove one [portfolio.duplicate]"
    ]


def test_two_probabilities_of_one_firm():
    assert refused("portfolio.disagree", pd=[0.05, 0.02, 0.03]) == [
        '[2]: pd: the firm "a" has 0.03 here and 0.02 at [1]; all loans of one firm must agree; '
        "correct one of the two [portfolio.disagree]"
    ]
    assert "has Z here and Y at [1]" in refused("portfolio.disagree", tier=["X", "Y", "Z"])[0]


def test_nan_is_no_number_but_a_blank():
    assert "has no default probability" in refused("portfolio.no-pd", pd=[np.nan, 0.02, 0.02])[0]
    assert (
        '"inf" is not a probability' in refused("portfolio.probability", pd=[np.inf, 0.02, 0.02])[0]
    )


@pytest.mark.parametrize(
    ("argument", "column"), [("lenders", "lender"), ("districts", "district"), ("tiers", "tier")]
)
def test_a_label_that_was_not_declared(argument, column):
    with pytest.raises(PortfolioError) as caught:
        small(**{argument: ["u", "v"], column: ["u", "w", "w"]})
    found = caught.value.problems
    assert {problem.code for problem in found} == {f"portfolio.unknown-{column}"}
    assert f'[1]: {column}: "w" is not one of the {argument} declared; allowed are u, v' in str(
        found[0]
    )


def test_declared_labels_keep_their_order_and_their_place():
    book = small(lenders=["z", "y", "x"])
    assert book.lenders == ("z", "y", "x")
    assert book.lender.tolist() == [1, 2, 1]
    assert small(districts=["n", "m"]).districts == ("n", "m")


def test_all_problems_of_one_run_and_no_figure():
    with pytest.raises(PortfolioError) as caught:
        small(
            loan=["L1", "L1", None], firm=["b", None, "a"], part=["base", "patents", "base"],
            principal=np.array([-1, 300, 200]), pd=[2.0, 0.02, None],
        )  # fmt: skip
    assert [(p.where, p.key, p.code) for p in caught.value.problems] == [
        ("[0]", "principal", "firm.negative"),
        ("[0]", "pd", "portfolio.probability"),
        ("[1]", "loan", "portfolio.duplicate"),
        ("[1]", "firm", "portfolio.blank"),
        ("[1]", "part", "portfolio.word"),
        ("[2]", "loan", "portfolio.blank"),
        ("[2]", "pd", "portfolio.no-pd"),
    ]


def test_an_empty_book():
    with pytest.raises(PortfolioError) as caught:
        Portfolio.from_arrays(as_of=DAY, **{name: [] for name in SMALL})
    assert caught.value.problems[0].text("en") == (
        "the book has no loan; at least one is needed; check the file or the selection "
        "[portfolio.empty]"
    )


def test_more_than_can_be_added_up():
    n = 5000
    with pytest.raises(PortfolioError) as caught:
        Portfolio.from_arrays(
            as_of=DAY, firm=np.arange(n), lender="x", part="base", pd=0.1,
            principal=np.full(n, 10**15), outstanding=np.full(n, 10**15),
        )  # fmt: skip
    assert caught.value.problems[0].code == "portfolio.total"


def test_what_is_owed_must_be_said_or_worked_out():
    columns = {name: values for name, values in SMALL.items() if name != "outstanding"}
    with pytest.raises(UsageError) as caught:
        Portfolio.from_arrays(as_of=DAY, **columns)
    assert caught.value.problems[0].code == "portfolio.no-owed-column"
    with pytest.raises(PortfolioError) as blank:
        Portfolio.from_arrays(
            as_of=DAY, start=["2025-01-31"] * 3, term_months=[12, -1, 12][0],
            repayment=["bullet", None, "bullet"], **columns,
        )  # fmt: skip
    assert str(blank.value) == (
        "[1]: outstanding: what is owed is not given and cannot be worked out, because repayment is "
        "empty; needed is outstanding, or start, term_months and repayment; fill them in "
        "[portfolio.owed]"
    )


def test_wrong_arguments_are_usage_and_come_together():
    with pytest.raises(UsageError) as caught:
        Portfolio.from_arrays(as_of=DAY, prinzipal=[1], lender=["x"])
    assert [(p.key, p.code) for p in caught.value.problems] == [
        ("prinzipal", "portfolio.unknown-column-near"),
        ("firm", "portfolio.no-column"),
        ("part", "portfolio.no-column"),
        ("principal", "portfolio.no-column"),
        ("pd", "portfolio.no-pd-column"),
        ("outstanding", "portfolio.no-owed-column"),
    ]
    with pytest.raises(UsageError) as lengths:
        small(principal=np.array([1, 2]))
    assert "principal 2" in str(lengths.value)
    with pytest.raises(UsageError) as no_day:
        Portfolio.from_arrays(**SMALL)
    assert no_day.value.problems[0].code == "portfolio.no-as-of"
    with pytest.raises(UsageError) as shape:
        small(pd=np.ones((3, 3)))
    assert shape.value.problems[0].code == "portfolio.shape"
    with pytest.raises(UsageError) as currency:
        small(currency="XYZ")
    assert currency.value.problems[0].code == "money.unknown-currency"


# -- repayment -----------------------------------------------------------------------------------

AMOUNTS = st.integers(1, 10**15)
TERMS = st.integers(1, 1200)


@given(AMOUNTS, TERMS)
def test_instalments_add_up_to_the_principal_fen_by_fen(principal, term):
    months = np.arange(term + 1)
    ones = np.ones(term + 1, np.int64)
    owed = still_owed(principal * ones, months, term * ones, INSTALMENTS * ones)
    paid = -np.diff(owed)
    assert owed[0] == principal
    assert owed[-1] == 0
    assert paid.sum() == principal
    assert paid.max() - paid.min() <= 1


@given(AMOUNTS, TERMS, st.integers(-5, 1300))
def test_what_is_owed_is_the_exact_rule(principal, term, months):
    one = np.array([1])
    passed = min(max(months, 0), term)
    equal = still_owed(principal * one, months * one, term * one, INSTALMENTS * one)[0]
    bullet = still_owed(principal * one, months * one, term * one, BULLET * one)[0]
    assert equal == principal - (Fraction(principal) * passed / term).__floor__()
    assert bullet == (0 if passed == term else principal)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.integers(0, 900), st.integers(0, 40))
def test_due_dates_are_counted_as_a_calendar_says(start, months, days):
    on = start + dt.timedelta(days=months * 30 + days)
    passed = 0
    while True:
        year, month = divmod(start.year * 12 + start.month - 1 + passed + 1, 12)
        first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        last = (first_of_next - dt.timedelta(days=1)).day
        if dt.date(year, month + 1, min(start.day, last)) > on:
            break
        passed += 1
    assert months_between(np.array([start.toordinal() - EPOCH]), on).tolist() == [passed]


def test_a_book_works_out_what_is_owed():
    columns = {name: values for name, values in SMALL.items() if name != "outstanding"}
    book = Portfolio.from_arrays(
        as_of=DAY, start=["2025-06-30", "2025-08-31", "2024-09-30"], term_months=12,
        repayment=["instalments", "instalments", "bullet"], **columns,
    )  # fmt: skip
    assert book.outstanding.tolist() == [500 - 500 * 3 // 12, 300 - 25, 0]


# -- laws ----------------------------------------------------------------------------------------


@st.composite
def columns_of_books(draw: st.DrawFn) -> dict[str, object]:
    n = draw(st.integers(1, 12))

    def some(strategy: st.SearchStrategy[object]) -> list[object]:
        return draw(st.lists(strategy, min_size=n, max_size=n))

    firm = some(st.sampled_from(["甲", "乙", "c", "d, e", '"f"', "7"]))
    known = {name: draw(st.floats(0, 1)) for name in firm}
    tier = {name: draw(st.sampled_from(["A", "B", None])) for name in firm}
    principal = np.array(some(st.integers(1, 10**12)))
    share = np.array(some(st.integers(0, 7)))
    return {
        "loan": [f"借-{at}" for at in range(n)],
        "firm": firm,
        "lender": some(st.sampled_from(["工行", "b", "中 行"])),
        "district": some(st.sampled_from(["渝中", "北碚", None])),
        "tier": [tier[name] for name in firm],
        "part": some(st.sampled_from(["knowledge", "base", "receivables"])),
        "principal": principal,
        "outstanding": principal * share // 7,
        "start": some(st.one_of(st.none(), st.dates(dt.date(2000, 1, 1), DAY))),
        "term_months": np.array(some(st.sampled_from([1, 12, 1200, MISSING]))),
        "repayment": some(st.sampled_from(["bullet", "instalments", None])),
        "pd": [known[name] for name in firm],
        "recovery": np.array(some(st.one_of(st.floats(0, 1), st.just(np.nan)))),
        "class_": some(st.sampled_from(["小型", "微型", None])),
        "tags": some(st.sampled_from(["none", "a", "a;b", None])),
        "size": np.array(some(st.sampled_from([MISSING, 5, 10**9]))),
        "rate_over_benchmark": some(st.sampled_from([-0.1, 0.25, 0.333333, None])),
    }


def same(one: Portfolio, other: Portfolio) -> bool:
    return one.fingerprint == other.fingerprint


@settings(max_examples=60)
@given(columns_of_books(), st.sampled_from(["", "zh", "en"]))
def test_written_and_read_it_is_the_same_book(tmp_path_factory, columns, lang):
    book = Portfolio.from_arrays(as_of=DAY, **columns)
    path = tmp_path_factory.mktemp("book") / "book.csv"
    book.write_csv(path, lang)
    assert same(Portfolio.read(path, as_of=DAY), book)


@settings(max_examples=20)
@given(columns_of_books())
def test_as_a_frame_and_back_it_is_the_same_book(columns):
    book = Portfolio.from_arrays(as_of=DAY, **columns)
    assert same(Portfolio.from_frame(book.to_frame(), as_of=DAY), book)


@settings(max_examples=40)
@given(columns_of_books(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(columns, random):
    book = Portfolio.from_arrays(as_of=DAY, **columns)
    order = list(range(len(book)))
    random.shuffle(order)
    turned = {
        name: values[order] if isinstance(values, np.ndarray) else [values[at] for at in order]
        for name, values in columns.items()
    }
    other = Portfolio.from_arrays(as_of=DAY, **turned)
    assert (other.firms, other.pd.tolist()) == (book.firms, book.pd.tolist())
    assert other.summary() == book.summary()
    assert other.owed_by_firms.tolist() == book.owed_by_firms.tolist()


@settings(max_examples=40)
@given(columns_of_books())
def test_parts_and_groups_add_up_to_the_whole(columns):
    book = Portfolio.from_arrays(as_of=DAY, **columns)
    whole = int(book.outstanding.sum())
    for name in ("part", "lender", "district", "tier"):
        groups = book.groups(name)
        assert sum(group.outstanding for group in groups) == whole
        assert sum(group.loans for group in groups) == len(book)
    parts = [group.label for group in book.groups("part")]
    assert sum(int(book.covered(part).outstanding.sum()) for part in parts) == whole
    assert book.owed_by_firms.sum() == whole


def test_the_fingerprint_sees_every_column():
    book = small(start="2025-01-31", district="d", class_="c", tags="t", revenue=5)
    changes = [
        {"pd": [0.05, 0.03, 0.03]}, {"outstanding": np.array([449, 300, 200])}, {"district": "e"},
        {"class_": "d"}, {"tags": "u"}, {"revenue": 6}, {"start": "2025-01-30"}, {"tier": "A"},
        {"lender": ["x", "x", "y"]}, {"loan": ["L1", "L2", "L4"]}, {"recovery": 0.5},
    ]  # fmt: skip
    base = {"start": "2025-01-31", "district": "d", "class_": "c", "tags": "t", "revenue": 5}
    prints = {small(**{**base, **change}).fingerprint for change in changes}
    assert len(prints | {book.fingerprint}) == len(changes) + 1
