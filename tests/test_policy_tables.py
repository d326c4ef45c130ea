"""What a person reads of a policy: complete, aligned, in both languages, on any console.

The policy below uses every construct of the language; that it loads, judges a firm and prints is
a test of the language too.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import lru_cache
from pathlib import Path

import pytest
from rich.cells import cell_len

from ipcredit import Policy, assess
from ipcredit.paper import Block, Paper, Row
from ipcredit.policy import check_file, edition_files, schemes
from ipcredit.policy_tables import (
    check_text,
    compare_text,
    list_text,
    policy_blocks,
    show_text,
)

HEAD = """
schema = 1
id = "every-construct"
edition = "2020"
currency = "CNY"
country = "CN"
source = "circular"
in_force = { from = 2020-01-01, last_seen = 2021-03-01, until = 2021-12-31 }
favourable = ["rd_expense", "class1_related"]

[title]
zh = "综合示例"
en = "Every construct"

[sources.circular]
document = "示例〔2020〕1号"
title = { zh = "示例办法", en = "Sample measures" }
published = 2019-12-15
evidence = "official"
url = "https://example.invalid/1"
note = { zh = "虚构", en = "invented" }

[sources.press]
document = "示例日报"
evidence = "secondary"

[silent]
zero_denominator = "none"
missing_option = "unknown"
assumed = "the sample says nothing"
"""

SCORING = """
[staff]
title = { zh = "人员", en = "Staff" }
weight = 0.5
pick = "worst"
missing_option = "others"
points = { high = 20, middle = 10, low = 0 }
source = "press"

[staff.indicators.share]
title = { zh = "科技人员占比", en = "Share of sci-tech staff" }
ratio = [["rd_staff", { of = "sci_tech_staff", times = 0.5 }], "staff_total"]
unit = "share"
zero_denominator = "lowest"
high = { at_least = 0.3 }
middle = { more_than = 0.1, points = 12 }

[staff.indicators.size]
input = "staff_total"
high = { at_most = 300 }
middle = { less_than = 500 }

[rd]
title = { zh = "研发", en = "R&D" }
pick = "declared"
declared = "rd_option"
points = { A = 30, B = 15, C = 0 }

[rd.indicators.to-sales]
ratio = ["rd_expense.sum3", "sales.sum3"]
unit = "share"
zero_denominator = "highest"
A = { at_least = 0.06 }
B = { at_least = 0.03, assumed = "between the two" }

[rd.indicators.to-cost]
ratio = ["rd_expense", "total_cost"]
unit = "decimal"
A = { at_least = 0.1 }
B = { less_than = 0.1 }

[results]
title = { zh = "成果转化", en = "Conversion" }
pick = "first"
max = 30

[results.indicators.items]
title = { zh = "年均转化数", en = "Conversions a year" }
input = "innovative_products"
expert = "brand_score"
points = { A = [25, 30], B = [13, 18], C = 0 }
A = { at_least = 5 }
B = { at_least = 3 }

[results.indicators.growth]
growth = "net_assets"
method = "mean_of_ratios"
unit = "share"
points = { A = 10, B = 0 }
A = { more_than = 0 }

[growth]
title = { zh = "成长", en = "Growth" }
pick = "best"
[growth.indicators.year]
growth = "sales"
method = "year_on_year"
unit = "share"
points = { A = 5, B = 0 }
A = { at_least = 0.1 }
[growth.indicators.compound]
growth = "sales"
method = "cagr"
unit = "decimal"
points = { A = 5, B = 0 }
A = { at_least = 0.1 }

[experience]
title = { zh = "年限", en = "Experience" }
role = "bonus"
pick = "sum"
[experience.indicators.niche]
title = { zh = "从业年限", en = "Years in the niche" }
input = "years_in_niche"
step = { every = 2, points = 1, max = 5 }
[experience.indicators.age]
since = "registered_on"
unit = "years"
step = { every = 3, points = 0.5, max = 1.5 }
[experience.indicators.money]
sum = ["rd_expense.sum2", "high_tech_revenue"]
step = { every = "100 万元", points = 1, max = 3 }
[experience.indicators.certificate]
until = "high_tech_until"
unit = "months"
points = { A = 2, B = 1 }
A = { at_least = 12 }
B = { less_than = 12 }

[standing]
title = { zh = "资质", en = "Standing" }
role = "separate"
pick = "sum"
of = ["titles", "flags"]
[titles]
title = { zh = "称号", en = "Titles" }
weight = 0.7
[titles.indicators.title]
input = "sme_title"
points = { A = 2, B = 1, C = 0 }
A = { one_of = ["little_giant", "specialised"] }
B = { is = "innovative" }
[flags]
title = { zh = "证书", en = "Certificates" }
weight = 0.3
[flags.indicators.certificate]
input = "has_high_tech_certificate"
points = { yes = 1, no = 0 }
yes = { is = true }
no = { is = false }
"""

ADMISSION = """
[gates.size]
title = { zh = "规模", en = "Size" }
all_of = [
  { input = "staff_total", at_most = 500 },
  { any_of = [ { input = "sales", at_most = "2 亿元" }, { input = "total_assets", less_than = "2 亿元" } ] },
]

[gates.intensity]
title = { zh = "研发强度", en = "R&D intensity" }
ratio = ["rd_expense.sum3", "sales.sum3"]
unit = "share"
classes.small = { when = { input = "sales", at_most = "5000 万元" }, at_least = 0.05 }
classes.middle = { when = { input = "sales", at_most = "2 亿元" }, at_least = 0.04 }
classes.large = { at_least = 0.03 }

[gates.open-classes]
input = "market_share"
classes.chinese = { when = { input = "country", is = "CN" }, more_than = 0.01 }

[gates.two-years]
title = { zh = "两年盈利", en = "Profit in two years" }
input = "net_profit"
more_than = "0 元"
in_each_of = 2

[gates.audited]
input = "audited"
is = true
in_each_of = 3
assumed = "usual practice"

[gates.age]
since = "registered_on"
unit = "days"
at_least = 365

[gates.purpose]
input = "loan_purpose"
one_of = ["working_capital", "rd"]
assumed = "a purpose is a word"

[gates.points]
title = { zh = "总分", en = "Score" }
input = "total.points"
more_than = 20.5

[gates.staff-points]
input = "staff.points"
more_than = 0

[confirm.award]
title = { zh = "奖励", en = "Award" }
waives = ["points", "staff-points"]
all_of = [
  { input = "national_award_rank", at_most = 3 },
  { since = "national_award_on", unit = "years", at_most = 5 },
]

[confirm.capital]
waives = ["points"]
sum = ["net_assets"]
at_least = "500 万元"
"""

TIERS = """
[tiers]
input = "total.points"
titles.A = { zh = "优", en = "excellent" }
titles.B = { zh = "良", en = "good" }
titles.C = { zh = "中", en = "fair" }
A = { at_least = 60 }
B = { at_least = 40 }
C = { at_least = 20 }
"""

MATRIX = """
[tiers]
rows = "rd_option"
columns = "country"
labels = ["A", "B", "C"]
titles.A = { zh = "优", en = "excellent" }
titles.B = { zh = "良", en = "good" }
titles.C = { zh = "中", en = "fair" }
matrix.to-sales = { CN = "A", KR = "B", other = "C" }
matrix.to-cost = { CN = "B", KR = "C", other = "none" }
"""

LINE = """
[raise.class]
title = { zh = "重点企业", en = "Key firms" }
tiers = 2
not_above = "B"
any_of = [ { input = "high_growth_filed", is = true }, { input = "standing.points", at_least = 1.5 } ]

[line]
title = { zh = "知识额度", en = "Knowledge line" }
round_down_to = "10 万元"
deduct = ["knowledge_loans_here"]
[line.tiers]
A = { amount = "500 万元" }
B = { amount = "200 万元", source = "press" }
C = { none = true }
[line.limits.sales]
share = 0.3
of = ["sales", { of = "projected_sales", times = 0.5 }]
less = ["knowledge_loans_elsewhere"]
[line.limits.class]
title = { zh = "分类上限", en = "By class" }
cases.small = { when = { input = "sales", less_than = "1000 万元" }, amount = "100 万元" }
cases.rest = { when = { input = "sme_title", is = "tech" }, share = 0.2, of = "net_assets" }
[line.gates.clean]
title = { zh = "无逾期", en = "Not overdue" }
input = "overdue_now"
is = false

[base]
title = { zh = "基础额度", en = "Base line" }
pick = "first"
[base.methods.need]
method = "working_capital"
margin = "net"
turns = "stated"
average = "both-years"
growth = 0.15
[base.methods.balances]
title = { zh = "按余额测算", en = "From balances" }
method = "working_capital"
margin = "gross"
turns = "balances"
average = "last-if-single"
growth = "stated"
[base.methods.sales]
method = "share_of"
of = "projected_sales"
share = 0.25
less_own_margin = 0.05
[base.methods.invoices]
method = "share_of"
of = "invoiced_sales"
share = 0.1
[base.methods.tax]
method = "tax_multiple"
multiple = 7.5
years = 2
[base.methods.score]
method = "scorecard"
ratio = ["total_debt", "total_assets"]
unit = "share"
amounts = { A = "300 万元", B = "100 万元", C = "0 元" }
A = { at_most = 0.5 }
B = { at_most = 0.7 }

[limits.total]
title = { zh = "总额", en = "Total" }
over = ["knowledge", "base"]
amount = "1000 万元"
cuts_first = "pro_rata"
[limits.capital]
over = ["knowledge", "base"]
share = 0.1
of = "lender_net_capital"
less = ["other_loans_here"]
when_missing = "skip"
cuts_first = "base"
assumed = "a tenth"

[loan]
max_term_months = 36
rate = { series = "LPR-1Y", spread = -0.0025 }
validity = { months = 24, renewal = { zh = "重新评价", en = "a new evaluation" } }

[cover]
knowledge = "fund-a"
base = { fund = "fund-b", assumed = "our reading" }
"""

BANDED = HEAD + SCORING + ADMISSION + TIERS + LINE
LOOKED_UP = HEAD + SCORING + ADMISSION + MATRIX + LINE


def loaded(folder: Path, text: str = BANDED) -> Policy:
    path = folder / "2020.toml"
    path.write_text(text, encoding="utf-8")
    assert [problem.text("en") for problem in check_file(path)] == []
    return Policy.load(path)


@pytest.fixture(scope="module", params=["banded", "matrix"])
def synthetic(request, tmp_path_factory) -> Policy:
    text = BANDED if request.param == "banded" else LOOKED_UP
    return loaded(tmp_path_factory.mktemp(request.param), text)


def shipped() -> list[str]:
    return [f"{scheme}@{edition}" for scheme in schemes() for edition in edition_files(scheme)]


def is_whole(text: str) -> bool:
    """Whether a GBK console shows all of it; Hangul, in names of Korean documents, it cannot."""
    shown = re.sub("[\uac00-\ud7af]", "", text)
    return shown.encode("gbk", errors="ignore").decode("gbk") == shown


@lru_cache
def everything(policy: Policy, lang: str) -> str:
    """All of it, unbroken: no line is so long. Policies are alike if their fingerprints are."""
    return show_text(policy, lang, width=2000)


# -- complete ----------------------------------------------------------------------------------


def paths(blocks: tuple[Block, ...]) -> set[str]:
    return {path for block in blocks for row in (*block.facts, *block.rows) for path in row.paths}


@pytest.mark.parametrize("name", shipped())
def test_every_number_of_a_shipped_policy_is_shown_once_with_its_rule(name):
    policy = Policy.load(name)
    blocks = policy_blocks(policy, "zh")
    assert paths(blocks) == {number.path for number in policy.numbers}
    assert "其他数值" not in [block.heading for block in blocks]


def test_every_number_of_every_construct_is_shown_with_its_rule(synthetic):
    blocks = policy_blocks(synthetic, "en")
    assert paths(blocks) == {number.path for number in synthetic.numbers}
    assert "Other numbers" not in [block.heading for block in blocks]


def test_a_number_that_no_rule_uses_is_shown_all_the_same(tmp_path):
    unused = BANDED.replace(
        "points = { A = 2, B = 1, C = 0 }", "points = { A = 2, X = 9, B = 1, C = 0 }"
    )
    policy = loaded(tmp_path, unused)
    other = next(b for b in policy_blocks(policy, "en") if b.heading == "Other numbers")
    assert [row.cells for row in other.rows] == [("titles.indicators.title.points.X", "9", "[1]")]


@pytest.mark.parametrize("name", shipped())
def test_every_rule_has_its_title_in_the_text(name):
    policy = Policy.load(name)
    for lang in ("zh", "en"):
        text = everything(policy, lang)
        rules = policy.rules
        items = (*rules.dimensions, *rules.gates, *rules.confirmations, *rules.raises, *rules.parts)
        indicators = [one for item in rules.dimensions for one in item.indicators]
        titles = [item.title for item in (*items, *indicators) if item.title]
        wanted = [title.text(lang).replace(" %", "%") for title in titles]
        assert [title for title in wanted if title not in text.replace(" %", "%")] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_band_table_says_what_missing_and_below_all_mean(synthetic, lang):
    column = {"zh": "档次", "en": "Band"}[lang]
    missing, below, none = {
        "zh": (
            "缺失",
            {"低于以上各档", "高于以上各档", "其他", "无：以上各档已包括全部取值"},
            "不存在",
        ),
        "en": (
            "missing",
            {
                "below all",
                "above all",
                "all others",
                "nothing left: the bands above cover every value",
            },
            "none",
        ),
    }[lang]
    tables = [b for b in policy_blocks(synthetic, lang) if b.columns[:1] == (column,)]
    assert len(tables) == 15
    for table in tables:
        firsts = [row.cells[0] for row in table.rows]
        assert missing in firsts
        assert none in firsts
        assert sum(row.cells[1] in below for row in table.rows) == 1
        lowest = next(row for row in table.rows if row.cells[0] == none)
        bands = [row for row in table.rows if row.cells[0] not in (missing, none)]
        real = [row for row in bands if not row.cells[1].startswith(("无：", "nothing"))]
        assert lowest.cells[2] == real[-1].cells[2]


def test_assumed_numbers_stand_under_their_reason(synthetic):
    text = everything(synthetic, "en")
    reasons = dict.fromkeys(number.assumed.en for number in synthetic.assumed())
    assert set(reasons) >= {"the sample says nothing", "between the two", "a tenth", "our reading"}
    for reason in reasons:
        count = sum(number.assumed.en == reason for number in synthetic.assumed())
        assert re.search(rf"Assumed \d+ \(numbers: {count}\): {re.escape(reason)}", text)


def test_an_assumed_rule_without_a_number_is_listed_too(synthetic):
    text = everything(synthetic, "en")
    also = "Also assumed, what these rules say without a number: gates.purpose"
    assert f"(numbers: 0): a purpose is a word\n  {also}" in text


# -- wording of each construct -------------------------------------------------------------------

CONSTRUCTS = {
    "weighted ratio": ("（研发人员数 + 科技人员数 × 0.5） ÷ 职工总数", "(R&D staff + Science and technology staff × 0.5) ÷ Staff"),
    "declared": ("按企业申报的“研发投入指标选项”取其中一项", "the one the firm has declared in “R&D option”"),
    "worst": ("取最低，不存在的不计：", "the worst of those that exist:"),
    "first": ("依次取首个存在的：", "the first that exists of:"),
    "others": ("按其余各项评定", "judged on the others"),
    "range": ("25～30", "25–30"),
    "expert": ("填入“品牌影响力评分”", "as “Brand score”"),
    "step in years": ("每满 3 年得 0.5 分，最高 1.5 分", "0.5 for each full 3 years, at most 1.5 points"),
    "step in money": ("每满 100 万元得 1 分，最高 3 分", "1 for each full CNY 1 million, at most 3 points"),
    "growth": ("净资产增长率（两年平均）", "growth of Net assets, mean of two years"),
    "zero lowest": ("按最低一档", "lowest band"),
    "categories": ("= 专精特新“小巨人”企业或专精特新中小企业", "= little giant or specialised and innovative SME"),
    "any of": ("满足下列之一：", "any one of:"),
    "classes": ("销售收入 ≤ 5,000 万元的：", "if Sales ≤ CNY 50 million:"),
    "class left out": ("其他企业：视为不满足", "all other firms: not met"),
    "in each of": ("近 2 个会计年度每年净利润 > 0 元", "Net profit > CNY 0 in each of the last 2 fiscal years"),
    "audited": ("近 3 个会计年度每年财务报表经审计 = 是", "Audited = yes in each of the last 3 fiscal years"),
    "raise": ("2 级", "Tiers up"),
    "no line": ("不设额度", "carries no line"),
    "limit of a sum": ("（销售收入 + 预计销售收入 × 0.5） × 30%", "30 % of (Sales + Projected sales × 0.5)"),
    "no limit": ("不设限", "no limit"),
    "net margin": ("净利润 ÷ 销售收入", "Net profit ÷ Sales"),
    "stated turns": ("按企业填报的“营运资金周转次数”", "as stated by the firm: Turns of working capital"),
    "own margin": ("预计销售收入 ×（25% - 企业自有资金 5%）", "(25 % - 5 % from the firm itself) of Projected sales"),
    "tax": ("实缴税额近 2 年平均数的 7.5 倍", "7.5 times Tax paid, mean of 2 years"),
    "pro rata": ("各部分按比例压减", "all in proportion"),
    "spread": ("LPR-1Y 减 0.25 个百分点", "LPR-1Y less 0.25 percentage points"),
    "waives": ("免于要求", "Waives"),
    "until": ("2020-01-01 起施行，2021-03-01 仍见施行，2021-12-31 止", "from 2020-01-01, last seen in force 2021-03-01, until 2021-12-31"),
}  # fmt: skip


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_every_construct_is_said_in_words(synthetic, construct):
    zh, en = CONSTRUCTS[construct]
    assert zh in everything(synthetic, "zh")
    assert en in everything(synthetic, "en")


def test_a_matrix_is_shown_with_both_its_sides(tmp_path):
    text = everything(loaded(tmp_path, LOOKED_UP), "zh")
    assert "按“研发投入指标选项”（纵）与“注册国家”（横）对照评定。" in text
    assert re.search(r"研发费用占成本费用支出总额 +B +C +无等级 +\[1\]", text)
    assert re.search(r"A 优 +500 万元 +\[1\]", text)


def test_cut_offs_and_lines_of_tiers_stand_in_one_table(tmp_path):
    text = everything(loaded(tmp_path), "en")
    assert re.search(r"B good +≥ 40 points +CNY 2 million +condition \[1\]; amount \[2\]", text)
    assert re.search(r"below +below all +no tier: refused", text)
    assert re.search(r"missing +not given: open.* +open", text)


FIRM = {
    "staff_total": 200, "sci_tech_staff": 80, "rd_staff": 60,
    "sales": "4000 万元", "sales_prev": "3500 万元", "sales_prev2": "3000 万元",
    "rd_expense": "400 万元", "rd_expense_prev": "300 万元", "rd_expense_prev2": "300 万元",
    "total_cost": "3800 万元", "rd_option": "to-sales", "innovative_products": 6, "brand_score": 27,
    "net_assets": "900 万元", "net_assets_prev": "800 万元", "net_assets_prev2": "700 万元",
    "years_in_niche": 5, "registered_on": "2015-01-01", "high_tech_revenue": "0 元",
    "high_tech_until": "2022-06-01", "sme_title": "none", "has_high_tech_certificate": False,
    "total_assets": "3000 万元", "total_debt": "1000 万元", "country": "CN", "market_share": 0.05,
    "net_profit": "100 万元", "net_profit_prev": "80 万元", "loan_purpose": "rd",
    "audited": True, "audited_prev": True, "audited_prev2": True, "overdue_now": False,
    "high_growth_filed": False, "knowledge_loans_here": "45 万元", "knowledge_loans_elsewhere": "0 元",
    "projected_sales": "4000 万元", "working_capital_turns": 5,
    "working_capital_own_funds": "297 万元", "working_capital_loans": "0 元",
    "working_capital_other_sources": "0 元", "invoiced_sales": "0 元",
    "tax_paid": "0 元", "tax_paid_prev": "0 元", "expected_growth": 0.1,
}  # fmt: skip


def test_the_synthetic_policy_judges_a_firm(synthetic):
    found = assess(synthetic, FIRM, on=dt.date(2021, 6, 1))
    assert found.firms.problems == {}
    points = {name: found.points(name)[0] for name in ("staff", "rd", "results", "growth")}
    assert points == {"staff": 20, "rd": 30, "results": 27, "growth": 5}
    # 2 full spans of 2 years, 2 of 3, 7 times a million but at most 3, and 12 months left.
    assert found.points("experience")[0] == 2 + 1 + 3 + 2
    assert found.total[0] == 20 / 2 + 30 + 27 + 5 + 8
    assert (found.status_of(), found.tier_of()) == ("eligible", "A")
    # 500 - 45 万元, rounded down to 450; 4000 (1 - 0.025) 1.15 / 5 - 297 = 600; 1000 for both,
    # in proportion 428.57 and 571.43, and the first in full 10 万元 again.
    assert found.line_of("knowledge") == 420_000_000
    assert found.line_of("base") == 1_000_000_000 * 600 // 1050


def test_the_synthetic_policy_says_what_it_lacks(synthetic):
    refused = assess(synthetic, {"staff_total": 501})
    assert refused.status_of() == "refused"
    assert assess(synthetic, {}).status_of() == "incomplete"


# -- changes -------------------------------------------------------------------------------------


def test_changed_values_carry_old_and_new(tmp_path):
    policy = (
        loaded(tmp_path)
        .change("rd.indicators.to-sales.A.at_least", "0.07")
        .change("line.tiers.A.amount", "600 万元")
        .change("gates.audited.is", value=False)
        .change("base.pick", "most")
    )
    zh, en = everything(policy, "zh"), everything(policy, "en")
    assert re.search(r"≥ 7% +30 +条件 已改：6% → 7%；分值 \[1\]", zh)
    assert re.search(r"600 万元 +条件 \[1\]；额度 已改：500 万元 → 600 万元", zh)
    assert re.search(r"= no in each of the last 3 fiscal years +assumed \d, changed: yes → no", en)
    assert "changed: first → most" in en
    assert "line.tiers.A.amount: 500 万元 → 600 万元" in en
    assert "人工修改 2 个" in zh
    rows = [row for b in policy_blocks(policy, "en") for row in (*b.facts, *b.rows)]
    assert sum(row.changed for row in rows) == 5  # four values and the list of changes


def test_an_unchanged_policy_says_so():
    assert re.search(r"修改 +无\n", everything(Policy.load("cn-tech-sme@2017"), "zh"))


# -- on paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 100, 120])
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_lines_keep_within_the_width_and_a_gbk_console(lang, width):
    texts = [show_text(Policy.load(name), lang, width=width) for name in shipped()]
    texts.append(list_text(lang, width=width))
    for text in texts:
        assert is_whole(text)
        assert [line for line in text.split("\n") if cell_len(line) > width] == []
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\ue000-\uf8ff]", text)


@pytest.mark.parametrize("width", [60, 100])
def test_every_construct_keeps_within_the_width_and_a_gbk_console(synthetic, width):
    for lang in ("zh", "en"):
        text = show_text(synthetic, lang, width=width)
        assert is_whole(text)
        assert [line for line in text.split("\n") if cell_len(line) > width] == []


def test_columns_are_aligned_in_cells_not_characters():
    paper = Paper(60, "zh", color=False)
    paper.block(
        Block("表", 2, columns=("甲", "乙"), rows=(Row(("知识产权", "1")), Row(("R&D", "2"))))
    )
    rows = paper.text().split("\n")[3:]
    assert [cell_len(row[: row.rindex(end)]) for row, end in zip(rows, "12", strict=True)] == [
        13,
        13,
    ]


def test_a_chinese_line_does_not_begin_with_a_closing_mark():
    for name in shipped():
        for width in (60, 61, 80, 100):
            text = show_text(Policy.load(name), "zh", width=width)
            assert not re.search(r"^ *[、，。；：！？）」』】〕》”]", text, re.MULTILINE)


def test_both_is_chinese_then_english():
    policy = Policy.load("cn-tech-sme@2017")
    parts = [show_text(policy, lang, width=80) for lang in ("zh", "en")]
    assert show_text(policy, "both", width=80) == "\n\n".join(parts)


def test_colour_only_when_asked(monkeypatch):
    policy = Policy.load("cn-tech-sme@2017").change("gates.staff-size.at_most", 400)
    monkeypatch.setenv("FORCE_COLOR", "1")
    plain = show_text(policy, "zh", width=80)
    assert "\x1b" not in plain
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = show_text(policy, "zh", width=80, color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == plain.split()


def test_the_same_whatever_the_terminal_is_called(monkeypatch):
    policy = Policy.load("cn-tech-sme@2017")
    before = show_text(policy, "zh", width=90)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    assert show_text(policy, "zh", width=90) == before


# -- list, check, compare --------------------------------------------------------------------------


def test_the_list_names_every_edition():
    text = list_text("zh", width=200)
    for name in shipped():
        assert re.search(rf"^{re.escape(name)} ", text, re.MULTILINE)
    assert "2018-08-29 之后开始，2023-08-11 见于施行" in text
    assert "began after 2018-08-29, seen in force 2023-08-11" in list_text("en", width=200)
    assert re.search(r"CNY +\d+ +\d+% / \d+% / \d+%", text)


def test_an_edition_that_does_not_load_keeps_its_row(tmp_path, monkeypatch):
    folder = tmp_path / "policies" / "sample"
    folder.mkdir(parents=True)
    (folder / "2020.toml").write_text(BANDED, encoding="utf-8")
    (folder / "2021.toml").write_text(
        BANDED.replace("at_least = 60", "at_leest = 60"), encoding="utf-8"
    )
    monkeypatch.setattr("ipcredit.policy.config_dir", lambda: tmp_path)
    text = list_text("en", width=200)
    assert re.search(r"^sample@2020 +Every construct", text, re.MULTILINE)
    assert re.search(r"^sample@2021 +cannot be read, \d problems", text, re.MULTILINE)


def test_checking_a_sound_file_gives_fingerprint_and_counts(tmp_path):
    policy = loaded(tmp_path)
    path = tmp_path / "2020.toml"
    for lang in ("zh", "en"):
        text = check_text(path, check_file(path), lang)
        assert policy.fingerprint in text
        assert str(len(policy.numbers)) in text
    assert check_text(path, [], "en").splitlines()[0] == f"OK: {path}"
    assert "准入条件 9 项，直接确认 2 项，等级 3 级，额度组成 2 项" in check_text(path, [], "zh")


def test_checking_a_file_whose_name_could_be_a_scheme(tmp_path, monkeypatch):
    (tmp_path / "cn-tech-sme").write_text(BANDED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "every-construct@" in check_text("cn-tech-sme", [], "en")


def test_checking_a_wrong_file_gives_one_line_for_each_problem(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(
        BANDED.replace("at_least = 60", "at_leest = 60").replace('"rd_staff"', '"rd_stuff"'),
        encoding="utf-8",
    )
    problems = check_file(path)
    lines = check_text(path, problems, "zh").splitlines()
    assert lines[:-1] == [problem.text("zh") for problem in problems]
    assert lines[-1] == f"{path} 有 {len(problems)} 处问题"
    assert all(line.startswith(f"{path}:") for line in lines[:-1])


def test_comparing_says_what_it_was_and_is_and_why(tmp_path):
    before = loaded(tmp_path)
    after = before.change("rd.indicators.to-sales.B.at_least", "0.035").change(
        "line.tiers.B.amount", "250 万元"
    )
    text = compare_text(before, after, "en", width=200)
    assert "R&D  rd.indicators.to-sales\n" not in text  # has no title of its own
    assert re.search(
        r"indicators\.to-sales\.B\.at_least +3 % +3.5 % +assumed: between the two → changed", text
    )
    assert "Knowledge line  line\n" in text
    assert re.search(
        r"tiers\.B\.amount +CNY 2 million +CNY 2.5 million +示例日报 → changed by a person", text
    )
    assert text.endswith("2 values differ.")
    zh = compare_text(before, after, "zh", width=200)
    assert re.search(r"tiers\.B\.amount +200 万元 +250 万元 +示例日报 → 人工修改", zh)


def test_comparing_like_with_like():
    policy = Policy.load("cn-tech-sme@2017")
    assert compare_text(policy, policy, "zh").endswith("两项政策内容相同。")


def test_comparing_two_schemes_says_what_is_absent():
    first, second = (Policy.load(name) for name in ("cn-tech-sme@2017", "chongqing-knowledge@2023"))
    for lang, absent in (("zh", "无此项"), ("en", "absent")):
        text = compare_text(first, second, lang, width=100)
        assert absent in text
        assert is_whole(text)
        assert [line for line in text.split("\n") if cell_len(line) > 100] == []


def test_the_synthetic_policy_uses_every_key_of_the_language(synthetic):
    """The words of the grammar that this test would otherwise lose sight of."""
    keys: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, dict):
            keys.update(node)
            for inner in node.values():
                collect(inner)
        elif isinstance(node, list):
            for inner in node:
                collect(inner)

    collect(tomllib.loads(BANDED))
    collect(tomllib.loads(LOOKED_UP))
    wanted = """
        at_least more_than at_most less_than is one_of input ratio sum growth since until unit method
        all_of any_of classes when in_each_of waives indicators of times points pick role weight max
        declared missing_option zero_denominator expert step every titles matrix rows columns labels
        tiers not_above amount none share less when_missing cases limits gates deduct round_down_to
        methods margin turns average less_own_margin multiple years amounts over cuts_first
        max_term_months rate series spread validity months renewal fund assumed source favourable
    """
    assert set(wanted.split()) - keys == set()
