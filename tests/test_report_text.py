"""The report a person reads: whole texts pinned, and what holds for every report."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings

from ipcredit import UsageError, assess
from ipcredit.layout import folded, pad, printable, width
from ipcredit.report_text import score_text
from some_firms import CHINESE, MAIN, ON, example, firms, policy


def firm(**changes: object) -> dict:
    found = {**example("chongqing-maker.toml"), **changes}
    return {key: value for key, value in found.items() if value is not ...}


def report(name: str, data: dict, lang: str = "en", **given_: object) -> str:
    return score_text(assess(policy(name), data, on=ON), 0, lang, **given_)


def test_a_whole_report_in_english():
    text = report("cn-tech-sme@2017", firm(staff_total=501, standard_led_on="2024-05-01"))
    assert (
        text
        == """\
示例智造科技有限公司（合成 synthetic）
Technology-based SME evaluation (cn-tech-sme@2017, fingerprint {fingerprint}), as of 2026-06-30

  Result        refused
  Total points  80

Why
  - At most 500 staff: not met (Staff: 501; required: ≤ 500); source: 国科发政〔2017〕115号

Evaluation
  Sci-tech staff (Science and technology staff ÷ Staff): 4.79 % → band F (below all), 0 points [1]
  R&D input: 50 points (the best option counts: R&D expense to sales) [1]
    R&D expense to sales: 6.14 % → band A (≥ 6 %), 50 points [1]
    R&D expense to total cost and expense: 6.7 % → band F (below all), 0 points [1]
  Sci-tech results (IP): 30 points (the best option counts: Class I rights) [1]
    Class I rights: 2 → band A (≥ 1), 30 points [1]
    Class II rights: 11 → band B (≥ 4), 24 points [1]
  Total points: 0 + 50 + 30 = 80 points [1]

Conditions of admission
  Resident enterprise: met (Resident enterprise: yes; required: yes) [1]
  At most 500 staff: not met (Staff: 501; required: ≤ 500) [1]
  Annual sales at most CNY 200 million: met (Sales: CNY 42.6 million; required: ≤ CNY 200 million)
    [1]
  Total assets at most CNY 200 million: met (Total assets: CNY 51.8 million; required:
    ≤ CNY 200 million) [1]
  Not prohibited, restricted or obsolete: met (Prohibited, restricted or obsolete: no; required: no)
    [1]
  No major accident, previous and current year: met (Major accident: no; required: no) [1]
  No serious environmental breach, previous and current year: met (Serious environmental breach: no;
    required: no) [1]
  No serious research-integrity breach, previous and current year: met (Serious research-integrity
    breach: no; required: no) [1]
  Not on the list of abnormal operations: met (On the list of abnormal operations: no; required: no)
    [1]
  Not on the list of serious dishonesty: met (On the list of serious dishonesty: no; required: no)
    [1]
  Score of at least 60: met (total points: 80; required: ≥ 60 points) [1]
  Sci-tech staff score not 0: waived by direct confirmation: Valid high-tech enterprise certificate,
    Led an international, national or industry standard in the last 5 years (points of Sci-tech
    staff: 0; required: > 0 points) [1]
  Valid high-tech enterprise certificate: holds (High-tech enterprise certificate: yes; required:
    yes) [1]
  Led an international, national or industry standard in the last 5 years: holds (Date of the last
    standard led: 2024-05-01; required: time since Date of the last standard led ≤ 5 years) [1]

Sources
  [1] 国科发政〔2017〕115号, Measures for the evaluation of technology-based SMEs, 2017-05-03,
      secondary (identical in four secondary copies)

* This is a calculation. A person decides.""".format(
            fingerprint=policy("cn-tech-sme@2017").fingerprint[:12]
        )
    )


def test_the_head_of_a_report_in_chinese():
    text = report(MAIN[0], firm(sme_title="none", has_high_tech_certificate=False), "zh")
    assert "\n\n评价指标\n" in text
    assert (
        text.split("\n\n评价指标\n")[0]
        == f"""\
示例智造科技有限公司（合成 synthetic）
重庆市科技型企业知识价值信用贷款（chongqing-knowledge@2023，指纹 {policy(MAIN[0]).fingerprint[:12]}），评价日 2026-06-30

  结论                  符合
  信用等级              B
  综合得分              81.5
  知识价值信用授信额度  300 万元
  商业信用基础授信额度  300 万元
  综合授信额度          600 万元
  利率                  当期 LPR-1Y，不加点（未提供 2026-06-30 前公布的 LPR-1Y） [1]
  期限                  最长 12 个月 [1]
  结果有效期至          2027-06-30（到期须重新评价） [假定]

达到 A 级还差（任选一项，其他不变）
  - 研发费用增加 38.5 万元（增至 300 万元）
  - 与主要产品相关的Ⅰ类知识产权数增加 2 件（增至 4 件）
  - 与主要产品相关的Ⅱ类知识产权数增加 9 件（增至 20 件）"""
    )


def test_an_incomplete_firm_is_told_what_is_missing_and_for_what():
    text = report(MAIN[0], firm(sales_fen=..., total_debt_fen=...), "zh")
    assert (
        """
缺少的数据（结果取决于这些数据）及所需规则
  - 销售收入：研发费用占销售收入的比例、销售收入增长率、销售净利率、流动资金贷款需求量
  - 负债总额：资产负债率
"""
        in text
    )
    assert "lender_net_capital" not in text
    text = report(MAIN[0], firm(sales_fen=..., total_debt_fen=...))
    assert (
        """
Missing figures on which the result depends, and the rules that need them
  - Sales: R&D expense to sales, Growth of sales, Net margin, Working-capital need
  - Total liabilities: Debt to assets
"""
        in text
    )


def test_an_invalid_firm_is_told_its_problems_and_nothing_else():
    text = report(MAIN[0], firm(sci_tech_staff=1000, sales_fen=-1), "zh")
    lines = text.splitlines()
    assert lines[3:5] == ["  结论  数据有误", ""]
    assert lines[5] == "数据问题"
    assert [line.split("[")[-1] for line in lines if line.endswith("]")] == [
        "firm.negative]", "firm.part-of]",
    ]  # fmt: skip
    assert lines[-1] == "* 本结果为测算，授信由人审定。"
    assert "利率" not in text


def test_both_languages_one_after_the_other():
    both = report(MAIN[0], firm(), "both")
    assert both == f"{report(MAIN[0], firm(), 'zh')}\n\n{report(MAIN[0], firm(), 'en')}"


def test_a_tier_is_asked_for():
    with pytest.raises(UsageError):
        report(MAIN[0], firm(), tier="Z")
    data = firm(sme_title="none", has_high_tech_certificate=False)
    assert "What would reach tier A" in report(MAIN[0], data, tier="A")
    assert "Tier C is reached already." in report(MAIN[0], data, tier="C")
    assert "Tier A is reached already." in report(MAIN[0], firm(), tier="A")
    assert "cannot be said before" in report(MAIN[0], firm(sales_fen=...), tier="A")


def test_more_ways_than_are_shown_are_counted(tmp_path):
    names = ["class1_related", "class2_related", "invention_patents", "utility_models", "designs",
             "software_copyrights", "senior_talent"]  # fmt: skip
    tests = ", ".join(f'{{ input = "{name}", at_least = 2 }}' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    path = tmp_path / "p.toml"
    path.write_text(
        'schema = 1\nid = "t"\nedition = "t"\ncurrency = "CNY"\nin_force = { from = 2020-01-01 }\n'
        f'assumed = "for a test"\nfavourable = [{listed}]\ntitle = {{ zh = "测试", en = "Test" }}\n'
        f'[gates.any]\ntitle = {{ zh = "任", en = "Any" }}\nany_of = [{tests}]\n',
        encoding="utf-8",
    )
    from ipcredit import Policy

    result = assess(Policy.load(path), dict.fromkeys(names, 1), on=ON)
    text = score_text(result, 0, "en")
    assert text.count(": 1 more (to 2)") == 5
    assert "\n    and 2 other ways\n" in text
    assert "\n    另有 2 种途径\n" in score_text(result, 0, "zh")


# -- what holds for every report ------------------------------------------------------------------


@pytest.mark.parametrize("name", CHINESE)
@settings(max_examples=8)
@given(data=firms())
def test_every_report_can_be_read(name, data):
    for lang in ("zh", "en"):
        text = report(name, data, lang)
        lines = text.splitlines()
        assert all(width(line) <= 100 for line in lines)
        assert all(line == line.rstrip() for line in lines)
        assert "\n\n\n" not in text
        assert not re.search(
            r"\{|\}|Fraction|None\b|[a-z]+\.[a-z-]+\.[a-z]", re.sub(r"\[.*?\]", "", text)
        )
        # No line says the same as the one before it.
        assert all(one != two for one, two in pairwise(lines) if one)
        sections = [line for line in lines if line and not line.startswith((" ", "*"))]
        assert len(set(sections)) == len(sections)
        marks = set(
            re.findall(
                r"\[(\d+)\]", text.split("\n依据文件\n" if lang == "zh" else "\nSources\n")[0]
            )
        )
        listed = set(re.findall(r"^  \[(\d+)\] ", text, re.MULTILINE))
        assert marks == listed
        reasons = "\n假定（" if lang == "zh" else "\nAssumed,"
        mark = "[假定]" if lang == "zh" else "[assumed]"
        assert (mark in text) == (reasons in text)


def test_control_characters_stay_off_the_terminal():
    text = report(MAIN[0], firm(name="甲\x1b]0;x\x07\r\n乙"))
    assert text.splitlines()[0] == "甲 ]0;x   乙"
    assert printable("好 a\tb\u200bc") == "好 a b c"


# -- lines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [10, 14, 20, 40])
def test_lines_are_folded_where_a_reader_expects_it(columns):
    text = "按《办法》规定，职工总数不超过 500 人，“年销售收入”不超过 2 亿元（含本数）。"
    lines = folded(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns for line in lines)
    assert not any(line[0] in "，。）》”" or line[-1] in "（《“" for line in lines)
    for tied in ("500 人", "2 亿"):
        assert any(tied in line for line in lines)


def test_marks_and_figures_are_not_torn():
    assert folded("met: sales CNY 42 million [assumed]", 16) == [
        "met: sales", "CNY 42 million", "[assumed]",
    ]  # fmt: skip
    assert folded("一二三四 [假定]", 12) == ["一二三四", "[假定]"]
    assert folded("averyveryverylongword x", 10, "- ", "  ") == ["- averyveryverylongword", "  x"]
    assert folded("", 10) == [""]


def test_widths():
    assert (width("A 级"), width("é"), width("e\u0301"), width("Ⅰ")) == (4, 1, 1, 1)
    assert pad("等级", 6) == "等级  "
    assert pad("longer", 3) == "longer"
