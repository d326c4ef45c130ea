"""The policy language: steps, experts, options, bands, weights.

Small made-up policies, one sentence each, expected values by hand.
"""

from __future__ import annotations

import pytest

from oracles.small import DIM, T, band, gate, judge, judge_all, points


@pytest.mark.parametrize(
    ("years", "worth"), [(0, 0), (1, 0), (2, 1), (3, 1), (9, 4), (10, 5), (11, 5), (100, 5)]
)
def test_one_point_for_each_full_two_years_at_most_five(years, worth):
    text = f"""
[d]
{T}
[d.indicators.years]
input = "years_in_niche"
step  = {{ every = 2, points = 1, max = 5 }}
"""
    assert points(judge(text, {"years_in_niche": years})) == worth


def test_a_step_in_money_and_in_half_points():
    text = f"""
[d]
{T}
[d.indicators.rd]
input = "rd_expense"
step  = {{ every = "0.5 万元", points = 0.5, max = 1.5 }}
"""
    firms = [{"rd_expense_fen": fen} for fen in (0, 499_999, 500_000, 1_499_999, 1_500_000, 10**9)]
    assert [points(one) for one in judge_all(text, firms)] == [0, 0, 0.5, 1, 1.5, 1.5]


EXPERT = f"""
[d]
{T}
[d.indicators.quality]
input  = "class1_related"
expert = "health_score"
points = {{ A = [7, 8], B = [3, 6], C = 0 }}
A = {{ at_least = 5 }}
B = {{ at_least = 1 }}
"""


@pytest.mark.parametrize(
    ("count", "given", "status", "worth"),
    [(5, 7, "eligible", 7), (5, 8, "eligible", 8), (5, 6, "invalid", None), (5, 9, "invalid", None),
     (1, 3, "eligible", 3), (1, 7, "invalid", None), (0, 0, "eligible", 0), (0, 1, "invalid", None)],
)  # fmt: skip
def test_an_expert_gives_whole_points_inside_the_band(count, given, status, worth):
    result = judge(EXPERT, {"class1_related": count, "health_score": given})
    assert result.status_of() == status
    if worth is not None:
        assert points(result) == worth


def test_where_the_experts_points_are_missing_the_band_bounds_them():
    text = EXPERT + '[gates.g]\ninput = "d.points"\nat_least = 7\n'
    firms = [{"class1_related": 5}, {"class1_related": 1}, {"health_score": 7}, {"health_score": 4}]
    some = judge_all(text, firms)
    assert [gate(one, "g") for one in some] == ["pass", "fail", "pass", "fail"]
    assert [band(one, "d.quality") for one in some] == ["A", "B", "open", "open"]
    assert [one.status_of() for one in some[:2]] == ["eligible", "refused"]


def test_an_expert_over_several_options_stays_inside_the_better_band():
    text = f"""
[d]
{T}
pick   = "best"
expert = "health_score"
points = {{ A = [7, 8], B = [3, 6], C = 0 }}
[d.indicators.one]
input = "class1_related"
A = {{ at_least = 1 }}
[d.indicators.two]
input = "class2_related"
B = {{ at_least = 1 }}
"""
    firms = [
        {"class1_related": a, "class2_related": b, "health_score": x}
        for a, b, x in ((1, 1, 7), (1, 1, 6), (0, 1, 6), (0, 1, 7), (0, 0, 0))
    ]
    some = judge_all(text, firms)
    assert [one.status_of() for one in some] == [
        "eligible", "invalid", "eligible", "invalid", "eligible",
    ]  # fmt: skip
    assert [points(some[at]) for at in (0, 2, 4)] == [7, 6, 0]
    # An option that is not known cannot beat the best band there is.
    open_ = judge(text, {"class1_related": 1, "health_score": 8})
    assert (open_.status_of(), points(open_)) == ("eligible", 8)


# -- options ---------------------------------------------------------------------------------

OPTIONS = """
[d.indicators.to-sales]
ratio = ["rd_expense", "sales"]
unit  = "share"
A = { at_least = 0.10 }
B = { at_least = 0.05 }
[d.indicators.to-cost]
ratio = ["rd_expense", "total_cost"]
unit  = "share"
B = { at_least = 0.20 }
C = { at_least = 0.10 }
"""


def option(pick: str, firm: dict, more: str = "") -> tuple[float | None, int]:
    text = DIM.replace("points =", f'pick = "{pick}"\n{more}\npoints =') + OPTIONS
    result = judge(text, {"rd_expense": "10 万元", **firm})
    return points(result), int(result.codes["winner", "d"][0])


@pytest.mark.parametrize(
    ("pick", "sales", "cost", "worth", "winner"),
    [
        ("best", 100, 50, 30, 0),  # 10 % of sales A, 20 % of cost B
        ("best", 300, 50, 20, 1),  # 3.3 % D, 20 % B
        ("best", 200, 50, 20, 0),  # B and B: the first
        ("worst", 100, 50, 20, 1),
        ("worst", 100, 100, 10, 1),
        ("worst", 300, 100, 0, 0),
        ("first", 300, 50, 0, 0),
        ("sum", 100, 50, 50, None),
        # A ratio to nothing does not exist: the other one counts, and if none does, the lowest.
        ("best", 0, 100, 10, 1),
        ("worst", 0, 50, 20, 1),
        ("worst", 100, 0, 30, 0),
        ("first", 0, 50, 20, 1),
        ("first", 0, 0, 0, 0),
        ("best", 0, 0, 0, 0),
        ("sum", 0, 50, 20, None),
    ],
)
def test_how_options_combine(pick, sales, cost, worth, winner):
    firm = {"sales": f"{sales} 万元", "total_cost": f"{cost} 万元", "rd_expense": "10 万元"}
    text = DIM.replace("points =", f'pick = "{pick}"\npoints =') + OPTIONS
    result = judge(text, firm)
    assert points(result) == worth
    assert ("winner", "d") in result.codes or winner is None
    if winner is not None:
        assert result.codes["winner", "d"][0] == winner


def test_where_no_option_exists_the_lowest_bands_are_compared():
    """Two tables with different lowest points: the best of 0 and 5 is 5, the worst is 0."""
    text = f"""
[d]
{T}
pick = "%s"
[d.indicators.a]
ratio  = ["rd_expense", "sales"]
unit   = "share"
points = {{ A = 10, B = 0 }}
A = {{ at_least = 0.1 }}
[d.indicators.b]
ratio  = ["rd_expense", "total_cost"]
unit   = "share"
points = {{ A = 8, B = 5 }}
A = {{ at_least = 0.1 }}
"""
    firm = {"rd_expense": "1 元", "sales": "0 元", "total_cost": "0 元"}
    assert [points(judge(text % pick, firm)) for pick in ("best", "worst", "first")] == [5, 0, 0]


@pytest.mark.parametrize(
    ("pick", "known", "expected"),
    [
        # 10 万元 R&D; what is not given could be anything, and could be 0: then the rest counts.
        ("best", {"sales": "100 万元"}, 30),  # A already, the other gives at most B
        ("best", {"total_cost": "50 万元"}, None),
        ("worst", {"sales": "300 万元"}, 0),  # D, and cost could not exist or give less than D
        ("worst", {"sales": "100 万元"}, None),
        ("worst", {"total_cost": "50 万元"}, None),  # B; sales could give D
        ("first", {"sales": "100 万元"}, 30),
        ("first", {"total_cost": "50 万元"}, None),
        ("sum", {"sales": "100 万元"}, None),
    ],
)
def test_an_option_that_is_missing_leaves_open_what_depends_on_it(pick, known, expected):
    text = DIM.replace("points =", f'pick = "{pick}"\npoints =') + OPTIONS
    assert points(judge(text, {"rd_expense": "10 万元", **known})) == expected


def test_the_worst_of_options_of_which_one_may_not_exist_is_not_capped_by_it():
    """B of sales is 20; cost not known: 0 to 20, or no such ratio, which leaves the 30 of sales."""
    text = DIM.replace("points =", 'pick = "worst"\npoints =') + OPTIONS
    result = judge(
        text + '[gates.g]\ninput = "d.points"\nat_most = 20\n',
        {"rd_expense": "10 万元", "sales": "100 万元"},
    )
    assert gate(result, "g") == "open"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"sales": "300 万元"}, 0),  # judged on sales alone
        ({"total_cost": "50 万元"}, 20),
        ({"sales": "300 万元", "total_cost": "50 万元"}, 20),
        ({"total_cost": "0 元"}, None),  # there is no other option to judge on
        ({"sales": "0 元"}, None),
        ({}, None),
    ],
)
def test_a_missing_option_may_be_left_to_the_others(known, expected):
    text = DIM.replace("points =", 'pick = "best"\nmissing_option = "others"\npoints =') + OPTIONS
    assert points(judge(text, {"rd_expense": "10 万元", **known})) == expected


@pytest.mark.parametrize(("declared", "expected"), [("to-sales", 0), ("to-cost", 20), (None, None)])
def test_the_firm_declares_which_option_counts(declared, expected):
    more = 'pick = "declared"\ndeclared = "rd_option"\npoints ='
    text = DIM.replace("points =", more) + OPTIONS
    firm = {"rd_expense": "10 万元", "sales": "300 万元", "total_cost": "50 万元"}
    result = judge(text, {**firm, **({"rd_option": declared} if declared else {})})
    assert points(result) == expected


@pytest.mark.parametrize(
    ("zero", "word", "label"),
    [
        # The ratio counts as lower, or higher, than every threshold.
        ("none", "at_least", "none"), ("lowest", "at_least", "D"), ("highest", "at_least", "A"),
        ("none", "at_most", "none"), ("lowest", "at_most", "A"), ("highest", "at_most", "D"),
    ],
)  # fmt: skip
def test_what_a_denominator_of_zero_means_is_declared(zero, word, label):
    cuts = (0.5, 0.4, 0.3) if word == "at_least" else (0.3, 0.4, 0.5)
    text = (
        DIM
        + f"""
[d.indicators.debt]
ratio = ["total_debt", "total_assets"]
unit  = "share"
zero_denominator = "{zero}"
A = {{ {word} = {cuts[0]} }}
B = {{ {word} = {cuts[1]} }}
C = {{ {word} = {cuts[2]} }}
"""
    )
    result = judge(text, {"total_debt": "1 元", "total_assets": "0 元"})
    assert band(result, "d.debt") == label
    assert points(result) == {"A": 30, "D": 0, "none": 0}[label]
    missing = judge(text, {"total_debt": "1 元"})
    assert band(missing, "d.debt") == "open"


# -- bands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value", "label"),
    [
        ("A = { at_least = 5 }\nB = { more_than = 3 }", 5, "A"),
        ("A = { at_least = 5 }\nB = { more_than = 3 }", 4, "B"),
        ("A = { at_least = 5 }\nB = { more_than = 3 }", 3, "D"),
        ("A = { more_than = 3 }\nB = { at_least = 3 }", 4, "A"),
        ("A = { more_than = 3 }\nB = { at_least = 3 }", 3, "B"),
        ("A = { at_most = 2 }\nB = { less_than = 5 }", 2, "A"),
        ("A = { at_most = 2 }\nB = { less_than = 5 }", 4, "B"),
        ("A = { at_most = 2 }\nB = { less_than = 5 }", 5, "D"),
        ("A = { less_than = 3 }\nB = { at_most = 3 }", 2, "A"),
        ("A = { less_than = 3 }\nB = { at_most = 3 }", 3, "B"),
        ("A = { at_least = 3 }\nB = { less_than = 3 }", 3, "A"),
        ("A = { at_least = 3 }\nB = { less_than = 3 }", 2, "B"),
        ("A = { at_most = 3 }\nB = { more_than = 3 }", 4, "B"),
    ],
)
def test_the_comparison_word_decides_at_the_threshold(words, value, label):
    text = DIM + f'[d.indicators.i]\ninput = "class2_related"\n{words}\n'
    assert band(judge(text, {"class2_related": value}), "d.i") == label


def test_a_category_without_a_band_is_in_the_lowest():
    text = (
        DIM
        + '[d.indicators.i]\ninput = "sme_title"\nA = { one_of = ["little_giant", "specialised"] }\nB = { is = "innovative" }\n'
    )
    titles = ("little_giant", "specialised", "innovative", "tech", "none")
    some = judge_all(text, [{"sme_title": title} for title in titles])
    assert [points(one) for one in some] == [30, 30, 20, 0, 0]
    missing = judge(text, {"class1_related": 1})
    assert (band(missing, "d.i"), points(missing)) == ("open", None)


def test_weights_bonus_points_caps_and_separate_scores():
    text = f"""
[base-part]
{T}
weight = 0.4
max    = 50
[base-part.indicators.i]
input  = "class1_related"
points = {{ A = 60, B = 0 }}
A = {{ at_least = 1 }}
[extra]
{T}
role = "bonus"
[extra.indicators.i]
input  = "class2_related"
points = {{ A = 7.5, B = 0 }}
A = {{ at_least = 1 }}
[apart]
{T}
role   = "separate"
weight = 0.5
[apart.indicators.i]
input  = "innovative_products"
points = {{ A = 99, B = 0 }}
A = {{ at_least = 1 }}
"""
    result = judge(text, {"class1_related": 1, "class2_related": 1, "innovative_products": 1})
    assert points(result, "base-part") == 50
    assert points(result, "extra") == 7.5
    assert points(result, "apart") == 99
    assert points(result) == 27.5  # 0.4 x 50 + 7.5
    without = judge(text, {"class1_related": 1, "class2_related": 1})
    assert points(without) == 27.5
    assert without.status_of() == "eligible"


def test_a_dimension_made_of_others_weighs_them():
    text = f"""
[outer]
{T}
pick = "sum"
of   = ["one", "two"]
max  = 40
[one]
{T}
weight = 0.25
[one.indicators.i]
input  = "class1_related"
points = {{ A = 100, B = 0 }}
A = {{ at_least = 1 }}
[two]
{T}
weight = 0.5
[two.indicators.i]
input  = "class2_related"
points = {{ A = 61, B = 0 }}
A = {{ at_least = 1 }}
"""
    some = judge_all(
        text, [{"class1_related": a, "class2_related": b} for a, b in ((1, 0), (0, 1), (1, 1))]
    )
    assert [points(one) for one in some] == [25, 30.5, 40]
    first = text.replace('pick = "sum"', 'pick = "first"\nmissing_option = "unknown"')
    # The first counts; what the second could give does not open it.
    assert points(judge(first, {"class1_related": 1})) == 25
