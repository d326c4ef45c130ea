"""An explanation says what happened, in words that agree with the decision."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ipcredit import Firm, Policy, assess
from ipcredit.explain import explain
from ipcredit.fields import FIELDS
from ipcredit.figures import Figures
from ipcredit.needs import needs_of
from ipcredit.rates import read_rates
from ipcredit.rules import Op
from ipcredit.steps import rule_titles
from some_firms import CHINESE, MAIN, ON, example, firms, policy


def told(name: str, firm: dict, **given: object) -> dict[str, list]:
    """The steps of a firm by path."""
    found: dict[str, list] = {}
    for step in explain(assess(policy(name), firm, on=ON), **given).steps:
        found.setdefault(step.path, []).append(step)
    return found


def firm(**changes: object) -> dict:
    return {**example("chongqing-maker.toml"), **changes}


# -- conditions -----------------------------------------------------------------------------------


def test_a_failed_condition_says_the_figure_the_requirement_and_the_source():
    found = explain(assess(policy("cn-tech-sme@2017"), firm(staff_total=501), on=ON))
    (reason,) = found.reasons
    assert reason.rule == "gates.staff-size"
    assert reason.text.en == (
        "At most 500 staff: not met (Staff: 501; required: ≤ 500); source: 国科发政〔2017〕115号"
    )
    assert reason.text.zh == (
        "职工总数不超过 500 人：不满足（职工总数：501；要求：≤ 500）；依据：国科发政〔2017〕115号"
    )
    (reason,) = explain(assess(policy(MAIN[0]), firm(overdue_now=True), on=ON)).reasons
    assert reason.text.zh == "当前无逾期贷款：不满足（当前逾期：是；要求：否）；属假定，未公开"
    assert reason.text.en == (
        "No loan overdue now: not met (Overdue now: yes; required: no); assumed, not public"
    )


def test_a_failed_condition_that_a_person_changed_says_so():
    wider = policy("cn-tech-sme@2017").change("gates.staff-size.at_most", 80)
    (reason,) = explain(assess(wider, firm(), on=ON)).reasons
    assert reason.text.en == (
        "At most 500 staff: not met (Staff: 86; required: ≤ 80); changed by the user"
    )
    (step,) = [s for s in explain(assess(wider, firm(), on=ON)).steps if s.changed]
    assert (step.sources, step.assumed) == ((), ())
    assert step.changed == ("gates.staff-size.at_most",)


def test_conditions_that_are_met_open_and_waived():
    steps = told("cn-tech-sme@2017", firm(sci_tech_staff=0))
    assert steps["gates.sales-size"][0].outcome.en == (
        "met (Sales: CNY 42.6 million; required: ≤ CNY 200 million)"
    )
    assert steps["gates.staff-points"][0].outcome.en == (
        "waived by direct confirmation: Valid high-tech enterprise certificate "
        "(points of Sci-tech staff: 0; required: > 0 points)"
    )
    assert steps["confirm.high-tech-certificate"][0].outcome.zh == (
        "成立（高新技术企业资格：是；要求：是）"
    )
    assert steps["confirm.national-award"][0].outcome.zh == (
        "不成立（国家级科技奖励排名：无，国家级科技奖励获奖日期：无；"
        "要求：国家级科技奖励排名 ≤ 3，且国家级科技奖励获奖日期（距今）≤ 5 年）"
    )
    bare = firm()
    del bare["total_assets_fen"]
    (step,) = told("cn-tech-sme@2017", bare)["gates.assets-size"]
    assert (step.holds, step.outcome.zh) == (None, "待定（资产总额：缺失；要求：≤ 2 亿元）")
    (step,) = told("cn-tech-sme@2017", firm(standard_led_on="2026-07-01"))["confirm.standard"]
    assert "Date of the last standard led: 2026-07-01, still to come;" in step.outcome.en


def test_a_condition_by_class_names_the_class_alone():
    steps = told("cn-high-tech@2016", example())
    (step,) = steps["gates.rd-intensity"] if "gates.rd-intensity" in steps else [
        found[0] for path, found in steps.items() if "研发费用（3 年合计）- " in found[0].outcome.zh
    ]  # fmt: skip
    assert step.outcome.zh == (
        "满足（销售收入：7,900 万元，（研发费用（3 年合计）- 委托外部研发费用（3 年合计）× 0.2）÷ "
        "销售收入（3 年合计）：9.55%；要求：销售收入 ≤ 2 亿元时：≥ 4%）"
    )


# -- points ---------------------------------------------------------------------------------------


def test_points_add_up_in_words():
    steps = told(MAIN[0], firm())
    assert steps["total"][0].outcome.en == (
        "75 × 40 % + 70 × 35 % + 80 × 25 % + 5 + 2 + 6 = 87.5 points"
    )
    assert steps["ip"][0].outcome.zh == "75 分（各项相加，最高 100），权重 40%"
    assert steps["rd.indicators.intensity"][0].outcome.zh == "6.14% → B 档（≥ 6%），50 分"
    assert steps["talent"][0].outcome.en == (
        "5 points (the best option counts: Holders of senior talent titles)"
    )
    # A category is its own condition.
    assert steps["status.indicators.title"][0].outcome.en == (
        "specialised and innovative SME → band B, 6 points"
    )


def test_one_point_is_singular():
    steps = told(MAIN[0], firm(sme_title="tech"))
    assert steps["status.indicators.title"][0].outcome.en.endswith("→ band D, 1 point")


def test_a_zero_denominator_is_said_and_its_reading_cited():
    (step,) = told(MAIN[0], firm(sales_fen=0, rd_expense_fen=0))["rd.indicators.intensity"]
    assert step.outcome.zh == "分母为零 → 最低档 F 档，0 分"
    assert [one.zh for one in step.assumed][1:] == ["公开文本未规定分母为零或数据缺失的情形"]


def test_an_open_figure_gives_a_range():
    bare = firm()
    del bare["sales_fen"]
    steps = told(MAIN[0], bare)
    assert steps["rd.indicators.intensity"][0].outcome.en == "open: missing"
    assert steps["rd"][0].outcome.en == ("20–80 points (added up, at most 100), weight 35 %")
    assert steps["tiers"][0].outcome.zh.startswith("待定：")


def test_a_rounded_figure_never_crosses_its_threshold():
    # 5.999999 % of sales is below the band of 6 %, and is shown so.
    steps = told(MAIN[0], firm(sales_fen=100_000_000, rd_expense_fen=5_999_999))
    assert steps["rd.indicators.intensity"][0].outcome.en.startswith("5.999999 % → band C (≥ 5 %)")


def test_an_expert_outside_the_band_is_named():
    bad = {**example(), "points_conversion": 30}
    result = assess(policy("cn-high-tech@2016"), bad, on=ON)
    assert result.status_of() == "invalid"
    (reason,) = explain(result).reasons
    assert reason.text.zh == "专家评分超出所在分档：专家评分：科技成果转化能力"


# -- tier and money -------------------------------------------------------------------------------


def test_the_way_to_the_line_in_words():
    steps = told(MAIN[0], firm())
    assert steps["tiers"][0].outcome.zh == "87.5 分 → A 级（≥ 85 分）"
    assert [(s.title.zh, s.outcome.zh) for s in steps["line.tiers.A"]] == [
        ("A 级对应额度", "500 万元")
    ]
    assert [(s.title.en, s.outcome.en) for s in steps["line.deduct"]] == [
        ("Less Knowledge-value loans at other lenders", "CNY 1 million, leaves CNY 4 million")
    ]
    method, days, need, less = steps["base.methods.working-capital"]
    assert method.outcome.zh.startswith("5,206,666.66 元（按毛利率，")
    assert days.outcome.zh == (
        "应收账款 88.73 + 存货 72.25 + 预付账款 9.82 - 预收账款 4.86 - 应付账款 64.01 = 101.94 天；"
        "周转次数 360 ÷ 101.94 = 3.53 次/年"
    )
    assert need.outcome.en == (
        "sales CNY 42.6 million × (1 - margin 33.33 %) × (1 + growth 12 %) ÷ turns 3.53 = "
        "CNY 9,006,666.66"
    )
    assert less.outcome.zh == "营运资金中的自有资金 180 万元，现有流动资金贷款余额 200 万元"
    assert steps["base.methods.commercial-value"][0].outcome.en == "71.25 points → CNY 5 million"
    assert steps["base.pick"][0].outcome.zh == "商业价值评分对应额度，500 万元"
    assert steps["base.limits.class.cases.specialised"][0].outcome.zh == "限额 1,000 万元，未触及"
    assert steps["limits.single-client"][0].outcome.en == (
        "not applied (not given: Lender's net capital, Other loans at this lender)"
    )
    assert steps["total"][1].outcome.zh == "400 万元 + 500 万元 = 900 万元"


def test_limits_that_cut():
    capped = told(MAIN[0], firm(sme_title="none", working_capital_own_funds_fen=0))
    (step,) = capped["base.limits.class.cases.other"]
    assert step.outcome.zh == "按限额 300 万元计"
    bank = {"lender_net_capital_fen": 6_000_000_000, "other_loans_here_fen": 0,
            "related_credit_here_fen": 0}  # fmt: skip
    steps = told(MAIN[0], firm(**bank))
    (step,) = steps["limits.single-client"]
    assert step.outcome.en == (
        "cut to CNY 6 million; Commercial-credit base line gives way first: 10 % of Lender's net "
        "capital CNY 60 million"
    )
    assert [s.outcome.zh for s in steps["base"] if s.kind == "line"] == ["200 万元"]
    assert steps["total"][1].outcome.zh == "400 万元 + 200 万元 = 600 万元"


def test_a_condition_of_a_part_takes_the_part_away():
    steps = told(MAIN[0], firm(tax_breach=True))
    (step,) = steps["base.gates.no-tax-breach"]
    assert step.outcome.zh == "不满足（重大税收违法行为：是；要求：否）；本部分额度为零"
    assert [s.outcome.zh for s in steps["base"]] == ["0 元"]
    assert steps["total"][1].outcome.zh == "400 万元 + 0 元 = 400 万元"


def test_a_method_without_a_number_says_why():
    steps = told(MAIN[0], firm(cost_of_sales_fen=0))
    assert steps["base.methods.working-capital"][0].outcome.zh.startswith(
        "不适用，不出具数值：销售收入或销售成本为 0"
    )
    covered = told(MAIN[0], firm(working_capital_own_funds_fen=10**12))
    assert covered["base.methods.working-capital"][0].outcome.en.startswith(
        "CNY 0: the need is covered by what the firm has"
    )


def test_a_raise_is_told():
    low = firm(class1_related=0, class2_related=0)
    (step,) = told(MAIN[0], low)["raise.high-tech"]
    assert step.outcome.zh == "高新技术企业资格：是：上调 1 级至 B 级"


def test_a_refused_firm_is_not_told_of_money():
    steps = told(MAIN[0], firm(dishonest_list=True))
    found = explain(assess(policy(MAIN[0]), firm(dishonest_list=True), on=ON)).steps
    money = [s for s in found if s.section in ("line", "terms")]
    assert [(s.title.zh, s.outcome.zh) for s in money] == [
        ("知识价值信用授信额度", "0 元：企业不符合准入条件"),
        ("商业信用基础授信额度", "0 元：企业不符合准入条件"),
        ("综合授信额度", "0 元：企业不符合准入条件"),
    ]
    assert steps["tiers"][0].outcome.en == (
        "87.5 points → tier A (≥ 85 points); not given, because the firm is refused"
    )


def test_a_firm_below_the_lowest_tier_is_told_the_figure_and_the_requirement():
    poor = firm(class1_related=0, class2_related=0, rd_expense_fen=0, sales_prev_fen=10**12,
                total_debt_fen=518_000_000_000, sme_title="none", senior_talent=0,
                sci_tech_staff=0, innovative_products=0, net_profit_fen=-1)  # fmt: skip
    result = assess(policy(MAIN[0]), poor, on=ON)
    assert result.status_of() == "refused"
    (reason,) = explain(result).reasons
    assert reason.text.zh == ("信用等级：0 分，未达到最低等级 E 级（≥ 25 分）；属假定，未公开")


def test_terms_of_the_loan(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("series,date,rate\nLPR-1Y,2026-05-20,0.031\n", encoding="utf-8")
    steps = told(MAIN[0], firm(), rates=read_rates(path))
    assert steps["loan.rate"][0].outcome.en == (
        "3.1 % a year: LPR-1Y of the day, no spread; LPR-1Y of 2026-05-20 is 3.1 %"
    )
    assert steps["loan.rate"][0].sources == ("rules-2022",)
    assert steps["loan.max_term_months"][0].outcome.zh == "最长 12 个月"
    assert steps["loan.validity"][0].outcome.en == "2027-06-30 (Renewal needs a new evaluation)"
    assert steps["loan.validity"][0].assumed
    spread = policy(MAIN[0]).change("loan.rate.spread", "-0.002")
    found = explain(assess(spread, firm(), on=ON), 0, read_rates(path))
    (step,) = [s for s in found.steps if s.path == "loan.rate"]
    assert step.outcome.zh == (
        "年利率 2.9%：当期 LPR-1Y 减 0.2 个百分点；2026-05-20 公布的 LPR-1Y 为 3.1%"
    )
    assert step.changed == ("loan.rate.spread",)


def test_a_guarantee_in_won():
    data = {"currency": "KRW", "technology_grade": "AA", "risk_grade": "R2",
            "guarantee_purpose": "general"}  # fmt: skip
    result = assess(policy("kibo@undated"), Firm.from_dict(data), on=ON)
    steps = {s.path: s for s in explain(result).steps}
    assert steps["tiers"].outcome.zh == "技术等级：AA，风险等级：R2 → AAA 级"
    assert steps["line.limits.purpose.cases.general"].outcome.en == (
        "cut to the limit of KRW 3 billion"
    )


# -- what holds for every firm --------------------------------------------------------------------

_SIGNS = {
    Op.AT_LEAST: Fraction.__ge__, Op.MORE_THAN: Fraction.__gt__,
    Op.AT_MOST: Fraction.__le__, Op.LESS_THAN: Fraction.__lt__,
}  # fmt: skip


@pytest.mark.parametrize("name", CHINESE)
@settings(max_examples=12)
@given(data=firms())
def test_a_shown_figure_is_in_the_band_it_is_said_to_be_in(name, data):
    # An expert's points that do not fit the band would hide it.
    data = {key: value for key, value in data.items() if not key.startswith("points_")}
    result = assess(policy(name), data, on=ON)
    figures = Figures(result, 0)
    for item in result.policy.rules.dimensions:
        for table in item.indicators:
            code = int(result.codes["band", f"{item.name}.{table.name}"][0])
            figure = figures.figure(table.measure) if not table.categorical else None
            if figure is None or code < 0 or table.measure.kind in ("since", "until"):
                continue
            for at, band in enumerate(table.bands):
                if band.op is None or band.cut is None:
                    continue
                meets = _SIGNS[band.op](figure, band.cut.at)
                assert meets == (code <= at), (name, table.path, figure)


@pytest.mark.parametrize("name", CHINESE)
@settings(max_examples=15)
@given(data=st.data())
def test_an_incomplete_firm_lacks_exactly_what_it_is_said_to_need(name, data):
    """With the figures named the answer is there; without any one of them it was open."""
    blank = data.draw(firms(policy(name).rules and assess(policy(name), {}).plan.fields))
    result = assess(policy(name), blank, on=ON)
    needs = needs_of(result)
    if result.status_of() != "incomplete":
        assert needs == ()
        return
    assert needs
    titles = rule_titles(result.policy.rules)
    assert all(paths and set(paths) <= set(titles) for _, paths in needs)
    assert {name for name, _ in needs} <= set(result.missing_of())
    filled = dict(blank)
    for field, _ in needs:
        spec = FIELDS[field]
        key = f"{field}_fen" if spec.kind == "money" else field
        filled[key] = example().get(key, "none" if spec.nullable else _any_value(field, blank))
    again = assess(result.policy, filled, on=ON)
    assume(again.status_of() != "invalid")
    assert again.status_of() != "incomplete", needs


def _any_value(field: str, firm: dict) -> object:
    spec = FIELDS[field]
    if spec.kind == "flag":
        return False
    if spec.kind == "choice":
        return spec.choices[0]
    return 0 if spec.kind != "decimal" else "0"


@pytest.mark.parametrize("name", CHINESE)
@settings(max_examples=12)
@given(data=firms())
def test_texts_are_whole_and_well_set(name, data):
    found = explain(assess(policy(name), data, on=ON))
    texts = [t for s in found.steps for t in (s.title, s.outcome, *s.assumed)]
    texts += [r.text for r in found.reasons] + list(found.notes)
    for text in texts:
        for side in (text.zh, text.en):
            assert side.strip() == side
            assert side
            assert not re.search(r"  |\{|\}|None|Fraction|\(\)|（）|: ;|：；|\bnan\b", side), side
        assert not re.search(
            r"[，。；：、（）] |[\u4e00-\u9fff] [\u4e00-\u9fff]| [，。；：、]", text.zh
        ), text.zh
        assert not re.search(r"(?<![\d.,])1 (points|months|years|days)\b| ,|\( | \)", text.en), (
            text.en
        )


@pytest.mark.parametrize("name", MAIN)
@settings(max_examples=15)
@given(data=firms())
def test_the_last_step_is_the_line(name, data):
    result = assess(policy(name), data, on=ON)
    found = explain(result)
    if result.parts and result.status_of() != "invalid":
        last = [s for s in found.steps if s.section == "line"][-1]
        value = result.line_of("total")
        assert last.path == "total"
        if value is None:
            assert last.outcome.zh in ("待定", "该等级不设额度")
        else:
            from ipcredit.wording import amount

            assert amount(value, "CNY", "zh") in last.outcome.zh
    assert bool(found.reasons) == (result.status_of() != "eligible")


def test_every_assumed_number_of_a_used_rule_is_told():
    found = explain(assess(policy(MAIN[0]), firm(), on=ON))
    chosen = policy(MAIN[0])
    told_reasons = {reason for _, reason in found.assumed}
    used = ["ip", "rd", "operating", "talent", "products", "status", "tiers", "gates",
            "base.methods", "base.pick", "limits", "loan.validity", "value-social"]  # fmt: skip
    for place in used:
        for number in chosen.assumed(place):
            assert number.assumed in told_reasons, number.path


def test_notes():
    named = explain(assess(policy("chongqing-knowledge@2023"), firm(), on=ON)).notes
    assert [note.en for note in named] == [
        "This edition was named by the user; it is not known to have been in force on 2026-06-30.",
        "This is a calculation. A person decides.",
    ]
    dated = Policy.load("chongqing-knowledge", on=ON).change("tiers.A.at_least", 90)
    odd = firm(rd_expense_fen=10**12, uscc="500000000000001")
    notes = [note.en for note in explain(assess(dated, odd, on=ON)).notes]
    assert any("15-digit registration number" in note for note in notes)
    assert notes[-3:] == [
        "The policy was last confirmed in force on 2023-08-11; later changes are not known.",
        "Values of the policy changed by the user: 1.",
        "This is a calculation. A person decides.",
    ]


def test_an_expert_of_a_whole_dimension_outside_its_range_is_named():
    # Eight points for the number of rights, and there are none.
    firm = {name: value for name, value in example().items() if not name.startswith("class")}
    firm |= {"class1_owned": 0, "class1_related": 0, "class2_related": 0, "points_ip_quantity": 8}
    result = assess(Policy.load("cn-high-tech@2016"), firm, on=ON)
    assert result.status_of() == "invalid"
    (reason,) = explain(result).reasons
    assert FIELDS["points_ip_quantity"].label("en") in reason.text.en
    assert FIELDS["points_ip_quantity"].label("zh") in reason.text.zh
