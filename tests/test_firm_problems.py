"""What is wrong with a firm's data, word for word in both languages."""

from __future__ import annotations

import pytest

from ipcredit.errors import FirmError
from ipcredit.firm import Firm


def only(mapping, **options):
    """The one problem of a firm."""
    (problem,) = Firm.from_dict(mapping, **options).problems
    return problem


@pytest.mark.parametrize(
    ("mapping", "en", "zh"),
    [
        (
            {"salse": "1 元"},
            'salse: unknown field; did you mean "sales"? [firm.unknown-field]',
            "salse: 未知字段；是否指“sales”？ [firm.unknown-field]",
        ),
        (
            {"研发费用总额": "1 元"},
            '研发费用总额: unknown field; did you mean "rd_expense"? [firm.unknown-field]',
            "研发费用总额: 未知字段；是否指“rd_expense”？ [firm.unknown-field]",
        ),
        (
            {"qqqq": 1},
            "qqqq: unknown field; no field has a similar name; see the empty firm file for the "
            "list [firm.unknown-field-none]",
            "qqqq: 未知字段；没有名称相近的字段；字段清单见空白企业文件 [firm.unknown-field-none]",
        ),
        (
            {"talents": {"staff_total": 1}},
            "talents: unknown group of fields; allowed are identity, talent, rd, ip, products, "
            "titles, finance, operations, credit, related, negative, core_receivables, expert, guarantee; move its fields or correct "
            "the name [firm.unknown-group]",
            "talents: 未知的字段分组；应为 identity, talent, rd, ip, products, titles, finance, "
            "operations, credit, related, negative, core_receivables, expert, guarantee 之一；请移动其中的字段或更正名称 "
            "[firm.unknown-group]",
        ),
        (
            {"staff_total": "many"},
            'staff_total: "many" is not a number; allowed is a number such as 36; correct it, or '
            "leave it out if it is not known [firm.not-a-number]",
            "staff_total: “many”不是数字；应为数字，如 36；请更正，未知则留空 [firm.not-a-number]",
        ),
        (
            {"market_share": "5%"},
            'market_share: "5%" is a percentage; allowed is a plain number; write 0.05 '
            "[firm.percent]",
            "market_share: “5%”是百分数；应为小数；请写成 0.05 [firm.percent]",
        ),
        (
            {"staff_total": -3},
            'staff_total: "-3" is negative; allowed is 0 or more; correct it [firm.negative]',
            "staff_total: “-3”为负数；应为 0 或以上；请更正 [firm.negative]",
        ),
        (
            {"sales": "-3 万元"},
            'sales: "-3 万元" is negative; allowed is 0 or more; correct it [firm.negative]',
            "sales: “-3 万元”为负数；应为 0 或以上；请更正 [firm.negative]",
        ),
        (
            {"uscc": "911100006000373411"},
            'uscc: "911100006000373411" ends in "1"; by the other 17 characters the check '
            'character is "L"; copy it again from the business licence [firm.uscc-check]',
            "uscc: “911100006000373411”的末位是“1”；按前 17 位计算，校验码应为“L”；"
            "请按营业执照重新填写 [firm.uscc-check]",
        ),
        (
            {"uscc": "9111000060003734"},
            'uscc: "9111000060003734" has 16 characters; allowed is a unified social credit code '
            "of 18 (or an old registration number of 15 digits); copy it again from the business "
            "licence [firm.uscc-length]",
            "uscc: “9111000060003734”为 16 位；统一社会信用代码应为 18 位（旧注册号为 15 位数字）；"
            "请按营业执照重新填写 [firm.uscc-length]",
        ),
        (
            {"uscc": "9111000060003734IL"},
            'uscc: "9111000060003734IL" contains "I"; a unified social credit code has digits and '
            "capital letters without I, O, S, V, Z; copy it again from the business licence "
            "[firm.uscc-character]",
            "uscc: “9111000060003734IL”含有字符“I”；统一社会信用代码由数字和除 I、O、S、V、Z "
            "外的大写字母组成；请按营业执照重新填写 [firm.uscc-character]",
        ),
        (
            {"market_share": 6},
            'market_share: "6" is not a share; allowed is a number from 0 to 1; write 6 percent '
            "as 0.06 [firm.share-range]",
            "market_share: “6”不是比例；应为 0 至 1 之间的数；百分之六请写成 0.06 "
            "[firm.share-range]",
        ),
        (
            {"sales": 3200},
            'sales: the amount "3200" has no unit; an amount needs its unit; write it as in '
            '"450 万元" [money.no-unit]',
            "sales: 金额“3200”没有单位；金额必须带单位；请写成“450 万元”的形式 [money.no-unit]",
        ),
        (
            {"sales": "3200"},
            'sales: the amount "3200" has no unit; an amount needs its unit; write it as in '
            '"450 万元" [money.no-unit]',
            "sales: 金额“3200”没有单位；金额必须带单位；请写成“450 万元”的形式 [money.no-unit]",
        ),
        (
            {"sales": "100001 亿元"},
            'sales: the amount "100001 亿元" is out of range; amounts go up to 100,000 亿元 either '
            "way; check the number and its unit [firm.amount-range]",
            "sales: 金额“100001 亿元”超出范围；绝对值不超过 100,000 亿元；请核对数字和单位 "
            "[firm.amount-range]",
        ),
        (
            {"rd_institution": "village"},
            'rd_institution: "village" is not one of the choices; allowed are none, enterprise, '
            "city, provincial, national; write one of them [firm.choice]",
            "rd_institution: “village”不在可选项中；可选项为 none, enterprise, city, provincial, "
            "national；请填写其中之一 [firm.choice]",
        ),
        (
            {"registered_on": "1/3/2020"},
            'registered_on: "1/3/2020" is not a date; allowed is year, month, day; write it as in '
            "2025-03-01 [firm.not-a-date]",
            "registered_on: “1/3/2020”不是日期；应为年、月、日；请写成 2025-03-01 的形式 "
            "[firm.not-a-date]",
        ),
        (
            {"overdue_now": "perhaps"},
            'overdue_now: "perhaps" is neither yes nor no; allowed are yes, no, true, false, 1, 0, '
            "是, 否; write one of them [firm.not-a-flag]",
            "overdue_now: “perhaps”既不是“是”也不是“否”；可填 是、否、yes、no、true、false、1、0；"
            "请填写其中之一 [firm.not-a-flag]",
        ),
        (
            {"staff_total": 36.5},
            'staff_total: "36.5" is not a whole number; allowed are whole numbers; correct it '
            "[firm.not-whole]",
            "staff_total: “36.5”不是整数；应为整数；请更正 [firm.not-whole]",
        ),
        (
            {"market_share": "0.1234567"},
            'market_share: "0.1234567" has more than 6 decimals; allowed are at most 6; round it '
            "yourself [firm.too-fine]",
            "market_share: “0.1234567”的小数超过 6 位；最多 6 位；请自行取整 [firm.too-fine]",
        ),
        (
            {"brand_score": 101},
            'brand_score: "101" is out of range; allowed is 0 to 100; correct it '
            "[firm.out-of-range]",
            "brand_score: “101”超出范围；应为 0 至 100；请更正 [firm.out-of-range]",
        ),
        (
            {"sales_fen": "450.5"},
            'sales_fen: "450.5" is not a whole number of minor units; allowed is a whole number '
            "(fen for CNY); write it as in 450000000, or give the amount with its unit under the "
            'name without "_fen" [firm.not-minor]',
            "sales_fen: “450.5”不是整数个最小货币单位；应为整数（人民币以分计）；请写成 450000000 "
            "的形式，或使用不带“_fen”的字段名并写明单位 [firm.not-minor]",
        ),
        (
            {"currency": "KRW", "sales_fen": 1},
            "sales_fen: this name is for amounts in fen; the currency here is KRW; use "
            "sales_minor [firm.minor-name]",
            "sales_fen: 此字段名用于以分计的金额；此处币种为 KRW；请使用 sales_minor "
            "[firm.minor-name]",
        ),
        (
            {"name": 36},
            "name: 36 is a number or another value where text belongs; allowed is text, so that "
            "no digit gets lost; write it in quotes, in a spreadsheet format the cell as text "
            "[firm.not-text]",
            "name: 36 是数字或其他值，此处应为文字；须为文字，以免丢失数位；请加引号，"
            "在电子表格中请将单元格设为文本格式 [firm.not-text]",
        ),
        (
            {"sales": ["1 元"]},
            "sales: a list stands where one value belongs; allowed is one value; correct it "
            "[firm.not-a-value]",
            "sales: 此处应为单个值，而不是 a list；只能填写一个值；请更正 [firm.not-a-value]",
        ),
        (
            {"staff_total": "#N/A"},
            'staff_total: the cell shows the error "#N/A"; allowed is a value, or blank if it is '
            "not known; correct the cell [firm.error-cell]",
            "staff_total: 单元格显示错误“#N/A”；应为数值，未知则留空；请更正该单元格 "
            "[firm.error-cell]",
        ),
        (
            {"sales": "… 万元"},
            'sales: "… 万元" is the mark of the empty firm file; allowed is a value; fill it in, '
            "or leave the line out if it is not known [firm.placeholder]",
            "sales: “… 万元”是空白企业文件中的占位符；应为实际值；请填写，未知则删去该行 "
            "[firm.placeholder]",
        ),
        (
            {"sales": "1 元", "sales_fen": 100},
            'sales_fen: given twice, also as "sales"; allowed is once; delete one of the two '
            "[firm.given-twice]",
            "sales_fen: 重复填写，另见“sales”；只能填写一次；请删去其中一处 [firm.given-twice]",
        ),
        (
            {"staff_total": 10, "rd_staff": 11},
            "rd_staff: 11 is more than staff_total, which is 10; a part cannot exceed the whole; "
            "correct one of the two [firm.part-of]",
            "rd_staff: 11 大于 staff_total（10）；部分不能大于整体；请更正其中之一 [firm.part-of]",
        ),
        (
            {"rd_expense_prev": "3 万元", "rd_domestic_prev": "3.01 万元"},
            "rd_domestic_prev: 3.01 万元 is more than rd_expense_prev, which is 3 万元; a part "
            "cannot exceed the whole; correct one of the two [firm.part-of]",
            "rd_domestic_prev: 3.01 万元 大于 rd_expense_prev（3 万元）；部分不能大于整体；"
            "请更正其中之一 [firm.part-of]",
        ),
        (
            {"finance": [{"year": 2025}, {"year": 2023}]},
            "fiscal_year_prev: fiscal year 2023 is not 1 before 2025; fiscal years must be "
            "consecutive; correct the years or add the one that is missing [firm.years]",
            "fiscal_year_prev: 会计年度 2023 与 2025 之间应相差 1 年；会计年度必须连续；"
            "请更正年份或补充缺少的年度 [firm.years]",
        ),
        (
            {"currency": "RMB"},
            'currency: unknown currency "RMB"; known are CNY, KRW, USD, EUR, GBP, CAD, INR, JPY; '
            "use one of these codes [money.unknown-currency]",
            "currency: 未知币种“RMB”；已知币种为 CNY, KRW, USD, EUR, GBP, CAD, INR, JPY；"
            "请使用其中之一 [money.unknown-currency]",
        ),
    ],
)
def test_says_what_is_wrong(mapping, en, zh):
    problem = only(mapping)
    assert problem.text("en") == en
    assert problem.text("zh") == zh


def test_all_problems_come_in_one_run():
    firm = Firm.from_dict({"salse": 1, "staff_total": "x", "sales": 3, "market_share": 6})
    codes = ["firm.unknown-field", "firm.not-a-number", "money.no-unit", "firm.share-range"]
    assert [p.code for p in firm.problems] == codes
    with pytest.raises(FirmError) as caught:
        firm.check()
    assert caught.value.problems == firm.problems
    Firm.from_dict({"staff_total": 3}).check()
