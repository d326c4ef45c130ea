"""The policy language: lines by tier, limits, methods, joint limits.

Small made-up policies, one sentence each, expected values by hand.
"""

from __future__ import annotations

import pytest

from oracles.small import BASE, DIM, FIXED, WAN, judge, judge_all, lines

SHARE = """
[base.methods.share]
method = "share_of"
of     = "sales"
share  = 0.5
"""

TIERED = (
    DIM
    + """
[d.indicators.i]
input = "class2_related"
A = { at_least = 3 }
B = { at_least = 2 }
C = { at_least = 1 }
[tiers]
input = "d.points"
X = { at_least = 20 }
Y = { at_least = 10 }
Z = { at_least = 0 }
[line]
title = { zh = "额度", en = "line" }
%s
[line.tiers]
X = { amount = "500 万元" }
Y = { amount = "80 万元" }
Z = { none = true }
"""
)


def test_a_tier_without_a_line_gives_none_and_not_nothing():
    some = judge_all(TIERED % "", [{"class2_related": n} for n in (3, 1, 0)])
    assert [one.line_of("knowledge") for one in some] == [500 * WAN, 80 * WAN, None]
    assert [one.line_of("total") for one in some] == [500 * WAN, 80 * WAN, 0]
    assert {one.status_of() for one in some} == {"eligible"}


def test_an_open_tier_leaves_the_line_open():
    result = judge(TIERED % "", {"class1_related": 1})
    assert (result.status_of(), result.line_of("knowledge")) == ("incomplete", None)


def test_an_open_gate_leaves_the_line_open():
    text = TIERED % "" + '[gates.g]\ninput = "filed_tech_firm"\nis = true\n'
    result = judge(text, {"class2_related": 3})
    assert (result.status_of(), result.line_of("knowledge")) == ("incomplete", None)
    assert judge(text, {"class2_related": 3, "filed_tech_firm": False}).line_of("knowledge") == 0


@pytest.mark.parametrize(
    ("firm", "amount"),
    [
        ({"knowledge_loans_here": "120 万元", "other_loans_here": "30 万元"}, 350),
        ({"knowledge_loans_here": "500 万元", "other_loans_here": "0 元"}, 0),
        ({"knowledge_loans_here": "900 万元", "other_loans_here": "0 元"}, 0),
        ({"knowledge_loans_here": "900 万元"}, 0),  # the other cannot make it more
        ({"knowledge_loans_here": "100 万元"}, None),
    ],
)
def test_credit_already_held_is_deducted(firm, amount):
    text = TIERED % 'deduct = ["knowledge_loans_here", "other_loans_here"]'
    result = judge(text, {"class2_related": 3, **firm})
    line = result.line_of("knowledge")
    assert (None if line is None else line / WAN) == amount
    assert result.status_of() == ("incomplete" if amount is None else "eligible")


@pytest.mark.parametrize(
    ("held", "amount"), [(0, 500), (1, 490), (10 * WAN, 490), (10 * WAN + 1, 480)]
)
def test_the_line_is_rounded_down_to_its_unit(held, amount):
    text = TIERED % 'deduct = ["knowledge_loans_here"]\nround_down_to = "10 万元"'
    result = judge(text, {"class2_related": 3, "knowledge_loans_here_fen": held})
    assert result.line_of("knowledge") == amount * WAN


CLASSES = (
    TIERED
    % """
[line.limits.class.cases.giant]
when   = { input = "sme_title", is = "little_giant" }
amount = "400 万元"
[line.limits.class.cases.special]
when   = { input = "sme_title", one_of = ["specialised", "little_giant"] }
share  = 0.10
of     = "sales"
%s
"""
)


@pytest.mark.parametrize(
    ("title", "sales", "amount"),
    [
        ("little_giant", 1000, 400),  # the first case that fits, not the smallest
        ("specialised", 1000, 100), ("specialised", 9000, 500), ("specialised", 0, 0),
        ("tech", 1000, 500),  # no case fits: no limit
        ("little_giant", None, 400),  # its case does not ask for sales
        ("tech", None, 500), ("specialised", None, None), (None, 6000, None), (None, 1000, None),
    ],
)  # fmt: skip
def test_limits_by_class_of_firm(title, sales, amount):
    firm = {"class2_related": 3, **({} if title is None else {"sme_title": title})}
    firm |= {} if sales is None else {"sales": f"{sales} 万元"}
    line = judge(CLASSES % "", firm).line_of("knowledge")
    assert (None if line is None else line / WAN) == amount


@pytest.mark.parametrize(
    ("title", "sales", "amount"),
    [
        ("specialised", None, 500),  # the figure it needs is missing: left out
        ("specialised", 1000, 100),
        ("little_giant", None, 400),  # needs no sales: it stands
        ("tech", None, 500),
    ],
)
def test_a_limit_may_be_left_out_where_a_figure_it_needs_is_missing(title, sales, amount):
    text = CLASSES % '[line.limits.class]\nwhen_missing = "skip"'
    # TOML: the key of the table itself stands before its cases.
    text = text.replace('[line.limits.class]\nwhen_missing = "skip"', "").replace(
        "[line.limits.class.cases.giant]",
        '[line.limits.class]\nwhen_missing = "skip"\n[line.limits.class.cases.giant]',
    )
    firm = {"class2_related": 3, "sme_title": title}
    firm |= {} if sales is None else {"sales": f"{sales} 万元"}
    result = judge(text, firm)
    assert (result.line_of("knowledge"), result.status_of()) == (amount * WAN, "eligible")


def test_a_limit_takes_off_what_is_drawn_and_never_falls_below_nothing():
    text = (
        TIERED
        % """
[line.limits.room]
amount = "300 万元"
less   = ["other_loans_here"]
"""
    )
    for held, amount in (("0 元", 300), ("299.99 万元", 0.01), ("301 万元", 0)):
        firm = {"class2_related": 3, "other_loans_here": held}
        assert judge(text, firm).line_of("knowledge") == round(amount * WAN)


def test_the_least_of_several_limits_counts():
    text = (
        TIERED
        % """
[line.limits.one]
amount = "300 万元"
[line.limits.two]
share = 0.5
of    = "total_assets"
"""
    )
    for assets, amount, which in ((700, 300, 0), (500, 250, 1), (600, 300, 0)):
        result = judge(text, {"class2_related": 3, "total_assets": f"{assets} 万元"})
        assert result.line_of("knowledge") == amount * WAN
        assert result.codes["limit", "knowledge"][0] == which


METHODS = (
    FIXED
    + BASE
    + """
pick = "%s"
[base.methods.first]
method  = "working_capital"
margin  = "gross"
turns   = "stated"
average = "both-years"
growth  = 0
[base.methods.second]
method = "share_of"
of     = "projected_sales"
share  = 0.25
less_own_margin = 0.05
[base.methods.third]
method   = "tax_multiple"
multiple = 6
years    = 2
"""
)
OWN = {f"working_capital_{name}": "0 元" for name in ("own_funds", "loans", "other_sources")}
FIRM = {
    "sales": "1000 万元", "cost_of_sales": "900 万元", "working_capital_turns": 3,
    "projected_sales": "2000 万元", "tax_paid": "60 万元", "tax_paid_prev": "40 万元", **OWN,
}  # fmt: skip


@pytest.mark.parametrize(
    ("pick", "firm", "amount", "winner"),
    [
        # 900 / 3 = 300; 20 % of 2,000 = 400; 6 x 50 = 300
        ("least", FIRM, 300, 0),
        ("most", FIRM, 400, 1),
        ("first", FIRM, 300, 0),
        # Without sales the first does not apply and is passed over.
        ("first", {**FIRM, "sales": "0 元", "cost_of_sales": "0 元"}, 400, 1),
        ("least", {**FIRM, "sales": "0 元", "cost_of_sales": "0 元"}, 300, 2),
        # What is missing could be anything.
        ("least", {**FIRM, "projected_sales": None}, None, 0),
        ("most", {**FIRM, "projected_sales": None}, None, 0),
        ("first", {**FIRM, "projected_sales": None}, 300, 0),
        (
            "least",
            {**FIRM, "projected_sales": None, "tax_paid": "0 元", "tax_paid_prev": "0 元"},
            0,
            2,
        ),
        ("first", {**FIRM, "sales": None}, None, -1),
    ],
)
def test_the_base_line_by_several_methods(pick, firm, amount, winner):
    known = {key: value for key, value in firm.items() if value is not None}
    result = judge(METHODS % pick, {"class1_related": 1, **known})
    line = result.line_of("base")
    assert (None if line is None else line / WAN) == amount
    assert result.codes["method", "base"][0] == winner
    assert result.status_of() == ("incomplete" if amount is None else "eligible")


def test_a_share_of_what_is_left_after_other_amounts():
    text = FIXED + BASE + SHARE + 'less = ["receivables", "inventory"]\n'
    firm = {"sales": "100 万元", "receivables": "30 万元", "inventory": "20 万元"}
    assert lines(text, firm)["base"] == 25
    assert lines(text, {**firm, "inventory": "80 万元"})["base"] == 0
    assert lines(text, {**firm, "receivables": "100 万元"})["base"] == 0
    partly = {"sales": "100 万元", "receivables": "100 万元"}
    assert lines(text, partly)["base"] == 0  # the rest cannot matter any more
    assert lines(text, {"sales": "100 万元", "receivables": "1 元"})["base"] is None


def test_the_balances_of_both_year_ends_are_averaged():
    text = (
        FIXED
        + BASE
        + """
[base.methods.need]
method  = "working_capital"
margin  = "gross"
turns   = "balances"
average = "last-if-single"
growth  = "stated"
"""
    )
    firm = {
        "sales": "3600 万元", "cost_of_sales": "1800 万元", "expected_growth": 0, **OWN,
        "receivables": "600 万元", "inventory": "0 元", "payables": "0 元", "prepayments": "0 元",
        "advance_receipts": "0 元",
    }  # fmt: skip
    # 60 days of the year: 1,800 x 60 / 360 = 300; with nothing a year ago half of it.
    assert lines(text, firm)["base"] == 300
    assert lines(text, {**firm, "receivables_prev": "0 元"})["base"] == 150
    assert lines(text, {**firm, "receivables_prev": "1200 万元"})["base"] == 450
    both = text.replace("last-if-single", "both-years")
    assert lines(both, firm)["base"] is None


def test_gates_of_a_part_take_that_part_alone():
    text = TIERED % "" + BASE + SHARE + '[base.gates.clean]\ninput = "tax_breach"\nis = false\n'
    firm = {"class2_related": 3, "sales": "100 万元"}
    assert lines(text, {**firm, "tax_breach": False}) == {
        "knowledge": 500,
        "base": 50,
        "total": 550,
    }
    assert lines(text, {**firm, "tax_breach": True}) == {"knowledge": 500, "base": 0, "total": 500}
    assert lines(text, firm) == {"knowledge": 500, "base": None, "total": None}
    assert lines(text, {**firm, "sales": "0 元"})["base"] == 0
    assert judge(text, {**firm, "tax_breach": True}).status_of() == "eligible"


JOINT = (
    TIERED % ""
    + BASE
    + SHARE
    + """
[limits.client]
over       = ["knowledge", "base"]
share      = 0.10
of         = "lender_net_capital"
less       = ["other_loans_here"]
cuts_first = "%s"
"""
)


@pytest.mark.parametrize(
    ("first", "capital", "held", "knowledge", "base"),
    [
        ("base", 7000, 0, 500, 200), ("base", 6999, 0, 500, 199.9), ("base", 6000, 100, 500, 0),
        ("base", 4000, 0, 400, 0), ("base", 1000, 200, 0, 0),
        ("knowledge", 6999, 0, 499.9, 200), ("knowledge", 1000, 0, 0, 100),
        ("pro_rata", 3500, 0, 250, 100), ("pro_rata", 7001, 0, 500, 200), ("pro_rata", 0, 0, 0, 0),
    ],
)  # fmt: skip
def test_a_joint_limit_cuts_the_part_that_the_policy_names_first(
    first, capital, held, knowledge, base
):
    firm = {"class2_related": 3, "sales": "400 万元", "lender_net_capital": f"{capital} 万元",
            "other_loans_here": f"{held} 万元"}  # fmt: skip
    found = lines(JOINT % first, firm)
    assert found == {"knowledge": knowledge, "base": base, "total": knowledge + base}


def test_pro_rata_rounds_every_part_down():
    firm = {"class2_related": 3, "sales": "200 万元", "other_loans_here": "0 元"}
    result = judge(JOINT % "pro_rata", {**firm, "lender_net_capital_fen": 10_000_000})
    # 1,000,000 fen for 500 and 100 万元: 833,333.3 and 166,666.6
    assert (result.line_of("knowledge"), result.line_of("base")) == (833_333, 166_666)
    assert result.line_of("total") == 999_999


def test_a_joint_limit_that_is_not_known():
    firm = {"class2_related": 3, "sales": "400 万元", "other_loans_here": "0 元"}
    assert lines(JOINT % "base", firm) == {"knowledge": None, "base": None, "total": None}
    skip = (JOINT % "base") + 'when_missing = "skip"\n'
    assert lines(skip, firm) == {"knowledge": 500, "base": 200, "total": 700}
    # Where nothing is left whatever is missing, that is known.
    gone = {**firm, "lender_net_capital": "0 元"}
    del gone["other_loans_here"]
    assert lines(JOINT % "base", gone) == {"knowledge": 0, "base": 0, "total": 0}
    assert lines(skip, gone) == {"knowledge": 0, "base": 0, "total": 0}


def test_what_a_joint_limit_has_cut_is_rounded_down_again():
    text = (JOINT % "base").replace(
        "[base.methods.share]", 'round_down_to = "1 万元"\n[base.methods.share]'
    )
    firm = {"class2_related": 3, "sales": "400 万元", "other_loans_here": "0 元"}
    found = lines(text, {**firm, "lender_net_capital": "6999 万元"})
    assert found == {"knowledge": 500, "base": 199, "total": 699}


def test_three_parts_under_one_limit():
    text = (JOINT % "base").replace('over       = ["knowledge", "base"]',
                                    'over       = ["knowledge", "base", "receivables"]')  # fmt: skip
    text += """
[receivables]
title = { zh = "应收账款额度", en = "receivables line" }
[receivables.methods.share]
method = "share_of"
of     = "receivables_core"
share  = 0.8
less   = ["receivables_core_disputed"]
"""
    firm = {"class2_related": 3, "sales": "400 万元", "other_loans_here": "0 元",
            "receivables_core": "100 万元", "receivables_core_disputed": "50 万元"}  # fmt: skip
    whole = {"knowledge": 500, "base": 200, "receivables": 40, "total": 740}
    assert lines(text, {**firm, "lender_net_capital": "8000 万元"}) == whole
    # Base first, then the others from the last named back.
    cut = lines(text, {**firm, "lender_net_capital": "5200 万元"})
    assert cut == {"knowledge": 500, "base": 0, "receivables": 20, "total": 520}
    cut = lines(text, {**firm, "lender_net_capital": "4000 万元"})
    assert cut == {"knowledge": 400, "base": 0, "receivables": 0, "total": 400}
    # Two amounts without an upper bound: the limit is cut from them first, whatever they are.
    open_ = {k: v for k, v in firm.items() if k not in ("sales", "receivables_core")}
    cut = lines(text, {**open_, "lender_net_capital": "4000 万元"})
    assert cut == {"knowledge": 400, "base": 0, "receivables": 0, "total": 400}
    cut = lines(text, {**open_, "lender_net_capital": "5200 万元"})
    assert cut["knowledge"] in (500, None)
    assert cut["base"] is cut["total"] is None


def test_two_joint_limits_cut_one_after_the_other():
    text = (
        JOINT % "base"
        + """
[limits.all]
over       = ["base"]
amount     = "150 万元"
cuts_first = "base"
"""
    )
    firm = {"class2_related": 3, "sales": "400 万元", "other_loans_here": "0 元"}
    found = lines(text, {**firm, "lender_net_capital": "6900 万元"})
    assert found == {"knowledge": 500, "base": 150, "total": 650}
    found = lines(text, {**firm, "lender_net_capital": "6000 万元"})
    assert found == {"knowledge": 500, "base": 100, "total": 600}


def test_a_refused_firm_gets_nothing_and_says_so():
    text = JOINT % "base" + '[gates.g]\ninput = "filed_tech_firm"\nis = true\n'
    found = lines(text, {"class2_related": 3, "filed_tech_firm": False})
    assert found == {"knowledge": 0, "base": 0, "total": 0}


def test_a_scorecard_by_points_of_another_dimension():
    text = (
        DIM
        + """
[d.indicators.i]
input = "class2_related"
A = { at_least = 3 }
B = { at_least = 2 }
C = { at_least = 1 }
[base]
title = { zh = "基础", en = "base" }
[base.methods.card]
method  = "scorecard"
input   = "d.points"
amounts = { X = "300 万元", Y = "100 万元", Z = "0 元" }
X = { at_least = 30 }
Y = { more_than = 10 }
"""
    )
    some = judge_all(text, [{"class2_related": n} for n in (3, 2, 1, 0)])
    assert [one.line_of("base") for one in some] == [300 * WAN, 100 * WAN, 0, 0]
    assert judge(text, {"class1_related": 1}).line_of("base") is None


def test_what_is_open_stays_open_when_rounded_unless_it_rounds_to_one_amount():
    held = TIERED % 'deduct = ["knowledge_loans_here"]\nround_down_to = "10 万元"'
    assert judge(held, {"class2_related": 3}).line_of("knowledge") is None
    # Sales are at least the main revenue, so the limit is 250 万元 or more, and the line 250.4.
    limit = '[line.limits.half]\nshare = 0.5\nof = "sales"'
    text = (TIERED % f'round_down_to = "1 万元"\n{limit}').replace("500 万元", "250.4 万元")
    text += '[gates.main]\ninput = "main_revenue"\nmore_than = "0 元"\n'
    firm = {"class2_related": 3, "main_revenue": "500 万元"}
    assert judge(text, firm).line_of("knowledge") == 250 * WAN
    assert judge(text, firm).status_of() == "eligible"
    assert judge(text, {**firm, "main_revenue": "499.99 万元"}).line_of("knowledge") is None
