"""The policy language: conditions, classes, years, growth, confirmations.

Small made-up policies, one sentence each, expected values by hand.
"""

from __future__ import annotations

import pytest

from ipcredit.assess import assess
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from oracles.small import DIM, FIXED, ON, band, gate, judge, passes, points, policy


@pytest.mark.parametrize(
    ("a", "b", "every", "some"),
    [
        (1, 1, "pass", "pass"), (1, 0, "fail", "pass"), (0, 0, "fail", "fail"),
        (1, None, "open", "pass"), (0, None, "fail", "open"), (None, None, "open", "open"),
    ],
)  # fmt: skip
def test_all_of_and_any_of_with_what_is_not_known(a, b, every, some):
    firm = {"class1_related": 1}
    firm |= {
        k: v for k, v in {"class2_related": a, "innovative_products": b}.items() if v is not None
    }
    for word, expected in (("all_of", every), ("any_of", some)):
        rule = f"""{word} = [
  {{ input = "class2_related", at_least = 1 }},
  {{ input = "innovative_products", at_least = 1 }},
]"""
        assert passes(rule, firm) == expected


@pytest.mark.parametrize(
    ("sales", "rd", "expected"),
    [
        (5000, 250, "pass"), (5000, 249, "fail"),  # up to 5,000: 5 %
        (5001, 201, "pass"), (5001, 200, "fail"),  # above, up to 20,000: 4 %
        (20000, 800, "pass"), (20000, 799, "fail"),
        (20001, 601, "pass"), (20001, 600, "fail"),  # above: 3 %
        (None, 800, "open"), (None, 0, "fail"),  # nothing of whatever sales there are
    ],
)  # fmt: skip
def test_a_gate_whose_threshold_depends_on_another_figure(sales, rd, expected):
    rule = """
ratio = ["rd_expense", "sales"]
unit  = "share"
[gates.g.classes.small]
when     = { input = "sales", at_most = "5000 万元" }
at_least = 0.05
[gates.g.classes.middle]
when     = { input = "sales", at_most = "20000 万元" }
at_least = 0.04
[gates.g.classes.large]
at_least = 0.03
"""
    firm = {"rd_expense": f"{rd} 万元", **({} if sales is None else {"sales": f"{sales} 万元"})}
    assert passes(rule, firm) == expected


def test_outside_all_classes_a_gate_fails():
    rule = """
input = "class2_related"
[gates.g.classes.one]
when     = { input = "sme_title", is = "tech" }
at_least = 1
"""
    assert passes(rule, {"class2_related": 9, "sme_title": "none"}) == "fail"
    assert passes(rule, {"class2_related": 9, "sme_title": "tech"}) == "pass"
    assert passes(rule, {"class2_related": 0}) == "fail"
    assert passes(rule, {"class2_related": 9}) == "open"


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((3, 3, 3), "pass"), ((3, 3, 2), "fail"), ((3, 2, 3), "fail"), ((2, 3, 3), "fail"),
        ((3, 3, None), "open"), ((3, None, 2), "fail"), ((3, 3, "none"), "fail"),
    ],
)  # fmt: skip
def test_in_each_of_three_years(years, expected):
    rule = 'ratio = ["rd_expense", "sales"]\nunit = "share"\nat_least = 0.03\nin_each_of = 3'
    firm = {}
    for suffix, share in zip(("", "_prev", "_prev2"), years, strict=True):
        if share is not None:
            firm[f"rd_expense{suffix}"] = "none" if share == "none" else f"{share} 万元"
            firm[f"sales{suffix}"] = "none" if share == "none" else "100 万元"
    assert passes(rule, firm) == expected


def test_in_each_of_two_years_does_not_ask_for_the_third():
    rule = 'input = "rd_expense"\nat_least = "100 万元"\nin_each_of = 2'
    firm = {"rd_expense": "100 万元", "rd_expense_prev": "100 万元", "rd_expense_prev2": "0 元"}
    assert passes(rule, firm) == "pass"
    assert passes(rule, {**firm, "rd_expense_prev": "99.99 万元"}) == "fail"


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((4, 4, 4), "pass"), ((4, 4, 3), "fail"),
        ((8, 4, "none"), "pass"), ((8, "none", "none"), "fail"), ((12, "none", "none"), "pass"),
        ((12, None, None), "pass"), ((4, 4, None), "open"),
    ],
)  # fmt: skip
def test_a_sum_over_years_leaves_out_years_that_did_not_exist(years, expected):
    firm = {
        f"rd_expense{suffix}": "none" if value == "none" else f"{value} 万元"
        for suffix, value in zip(("", "_prev", "_prev2"), years, strict=True)
        if value is not None
    }
    assert passes('sum = ["rd_expense.sum3"]\nat_least = "12 万元"', firm) == expected


def test_a_ratio_of_sums_takes_the_same_years():
    rule = 'ratio = ["rd_expense.sum3", "sales.sum3"]\nunit = "share"\nat_least = 0.05'
    old = {"rd_expense": "5 万元", "sales": "100 万元", "rd_expense_prev": "4 万元",
           "sales_prev": "100 万元", "rd_expense_prev2": "6 万元", "sales_prev2": "100 万元"}  # fmt: skip
    young = {**old, "rd_expense_prev2": "none", "sales_prev2": "none"}
    assert passes(rule, old) == "pass"  # 15 of 300
    assert passes(rule, young) == "fail"  # 9 of 200
    never = {k: "none" if "prev" in k else v for k, v in old.items()}
    assert passes(rule, never) == "pass"  # 5 of 100


def test_a_plain_sum_with_a_figure_that_does_not_exist_does_not_exist():
    rule = 'sum = ["class2_related", "national_award_rank"]\nat_least = 1'
    assert passes(rule, {"class2_related": 5, "national_award_rank": "none"}) == "fail"
    assert passes(rule, {"class2_related": 5, "national_award_rank": 1}) == "pass"


def test_a_weighted_sum_is_exact():
    rule = 'sum = ["rd_domestic", { of = "rd_outsourced", times = 0.8 }]\nat_least = "100 万元"'
    assert passes(rule, {"rd_domestic": "60 万元", "rd_outsourced": "50 万元"}) == "pass"
    assert passes(rule, {"rd_domestic": "60 万元", "rd_outsourced_fen": 49_999_999}) == "fail"


@pytest.mark.parametrize(
    ("method", "years", "label"),
    [
        ("year_on_year", (115, 100, 1), "A"), ("year_on_year", (114, 100, 1), "B"),
        ("year_on_year", (5, 0, 100), "none"), ("year_on_year", (5, "none", "none"), "none"),
        ("mean_of_ratios", (132, 120, 100), "A"),  # 20 % and 10 %
        ("mean_of_ratios", (131, 120, 100), "B"),
        ("mean_of_ratios", (115, 100, 0), "A"),  # without the first year the last two
        ("mean_of_ratios", (115, 100, "none"), "A"),
        ("mean_of_ratios", (115, 0, 100), "B"),  # nothing in the second: growth is 0
        ("mean_of_ratios", (115, "none", "none"), "B"),
        ("mean_of_ratios", (50, 100, 100), "D"),
        ("mean_of_two_rates", (132, 120, 100), "A"), ("mean_of_two_rates", (131, 120, 100), "B"),
        ("mean_of_two_rates", (115, 100, 0), "none"), ("mean_of_two_rates", (115, 0, 100), "none"),
        ("mean_of_two_rates", (115, 100, "none"), "none"),
        ("mean_of_two_rates", (115, "none", "none"), "none"),
        ("mean_of_two_rates", (0, 100, 100), "D"),
        ("cagr", (13225, 1, 10000), "A"), ("cagr", (13224, 1, 10000), "B"),
        ("cagr", (1, 1, 0), "none"), ("cagr", (0, 1, 5), "D"),
    ],
)  # fmt: skip
def test_growth(method, years, label):
    text = (
        DIM
        + f"""
[d.indicators.growth]
growth = "sales"
method = "{method}"
unit   = "share"
A = {{ at_least = 0.15 }}
B = {{ at_least = 0 }}
"""
    )
    firm = {
        f"sales{suffix}": "none" if value == "none" else f"{value} 元"
        for suffix, value in zip(("", "_prev", "_prev2"), years, strict=True)
    }
    assert band(judge(text, firm), "d.growth") == label


def test_a_missing_year_is_not_a_year_of_nothing():
    """Growth from an unknown year is open; from a year of 0 it does not exist."""
    text = (
        DIM
        + """
[d.indicators.growth]
growth = "sales"
method = "year_on_year"
unit   = "share"
A = { at_least = 0 }
"""
    )
    assert band(judge(text, {"sales": "1 元"}), "d.growth") == "open"
    assert band(judge(text, {"sales": "1 元", "sales_prev": "0 元"}), "d.growth") == "none"
    assert band(judge(text, {"sales_prev": "0 元"}), "d.growth") == "none"


def test_a_missing_category_is_not_the_first_one():
    """Found in the shipped Chongqing policy: a missing title once scored as the best title."""
    text = DIM + '[d.indicators.i]\ninput = "sme_title"\nA = { is = "tech" }\n'
    rows = ({"sme_title": "tech"}, {"class1_related": 1}, {"sme_title": "none"})
    firms = Firms.from_firms(Firm.from_dict(row) for row in rows)
    result = assess(policy(text), firms, on=ON)
    assert [points(result, "d", row) for row in range(3)] == [30, None, 0]


def test_a_confirmation_waives_the_gates_it_names_and_no_other():
    text = (
        FIXED
        + """
[gates.one]
input    = "class2_related"
at_least = 5
[gates.two]
input    = "innovative_products"
at_least = 5
[confirm.title]
input  = "has_high_tech_certificate"
is     = true
waives = ["one"]
"""
    )

    def said(**firm):
        result = judge(text, {"class1_related": 1, **firm})
        return gate(result, "one"), gate(result, "two"), result.status_of()

    yes, no = {"has_high_tech_certificate": True}, {"has_high_tech_certificate": False}
    assert said(class2_related=0, innovative_products=5, **yes) == ("waived", "pass", "eligible")
    assert said(class2_related=5, innovative_products=5, **yes) == ("pass", "pass", "eligible")
    assert said(class2_related=0, innovative_products=0, **yes) == ("waived", "fail", "refused")
    assert said(class2_related=0, innovative_products=5, **no) == ("fail", "pass", "refused")
    assert said(class2_related=0, innovative_products=5)[2] == "incomplete"
    assert said(class2_related=5, innovative_products=5)[2] == "eligible"
    assert said(innovative_products=5, **yes)[2] == "eligible"


def test_a_number_may_be_asked_for_exactly():
    rule = 'input = "class2_related"\nis = 3'
    assert [passes(rule, {"class2_related": n}) for n in (2, 3, 4)] == ["fail", "pass", "fail"]
    assert passes(rule, {}) == "open"
