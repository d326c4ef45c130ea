"""The table of a batch: one row a firm, each with its reason, safe to open anywhere."""

from __future__ import annotations

import csv
import io
import time

import pytest

from ipcredit import assess
from ipcredit.layout import width
from ipcredit.population import population
from ipcredit.tables import (
    columns_of_result,
    counts_text,
    harmless,
    rows_of_result,
    short_reasons,
    table_text,
    write_csv,
)
from some_firms import MAIN, ON, example, policy


def firm(**changes: object) -> dict:
    found = {**example("chongqing-maker.toml"), **changes}
    return {key: value for key, value in found.items() if value is not ...}


BATCH = [
    firm(name="好企业"),
    firm(name="不良企业", dishonest_list=True),
    firm(name="缺数据", sales_fen=...),
    firm(name="坏数据", sci_tech_staff=1000),
]


def rows(data: list[dict], name: str = MAIN[0], lang: str = "zh") -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    write_csv(assess(policy(name), data, on=ON), stream, lang)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


def test_a_row_each_with_its_reason():
    found = rows(BATCH)
    assert [row["row"] for row in found] == ["1", "2", "3", "4"]
    assert [row["status"] for row in found] == ["eligible", "refused", "incomplete", "invalid"]
    assert [row["tier"] for row in found] == ["A", "", "", ""]
    assert [row["total_points"] for row in found] == ["87.5", "87.5", "", ""]
    assert [row["comprehensive_line_fen"] for row in found] == ["900000000", "0", "", ""]
    assert [row["comprehensive_line"] for row in found] == ["900 万元", "0 元", "", ""]
    assert [row["missing"] for row in found] == ["", "", "sales", ""]
    assert [row["reasons"] for row in found] == [
        "",
        "未列入严重违法失信名单：不满足（严重违法失信企业名单：是；要求：否）",
        "结果取决于缺失的数据：销售收入",
        "sci_tech_staff: 1000 大于 staff_total（86）；部分不能大于整体；请更正其中之一 [firm.part-of]",
    ]
    english = rows(BATCH, lang="en")
    assert english[1]["reasons"] == (
        "Not on the list of serious dishonesty: not met (On the list of serious dishonesty: yes; "
        "required: no)"
    )
    assert english[0]["comprehensive_line"] == "CNY 9 million"


def test_a_policy_without_lines_has_no_such_columns():
    (row,) = rows([firm(staff_total=501)], "cn-tech-sme@2017", "en")
    assert list(row) == [
        "row",
        "name",
        "uscc",
        "status",
        "tier",
        "total_points",
        "reasons",
        "missing",
    ]
    assert row["reasons"] == "At most 500 staff: not met (Staff: 501; required: ≤ 500)"


def test_below_the_lowest_tier():
    poor = firm(class1_related=0, class2_related=0, rd_expense_fen=0, sales_prev_fen=10**12,
                total_debt_fen=518_000_000_000, sme_title="none", senior_talent=0,
                sci_tech_staff=0, innovative_products=0, net_profit_fen=-1)  # fmt: skip
    assert short_reasons(assess(policy(MAIN[0]), poor, on=ON), 0, "en") == [
        "0 points; the lowest tier, E, needs ≥ 25 points"
    ]


def test_a_condition_that_may_be_waived_is_no_reason():
    data = firm(class1_related=0, class2_related=0, sci_tech_staff=0, rd_expense_fen=0,
                staff_total=501, has_high_tech_certificate=...)  # fmt: skip
    result = assess(policy("cn-tech-sme@2017"), data, on=ON)
    assert short_reasons(result, 0, "en") == [
        "At most 500 staff: not met (Staff: 501; required: ≤ 500)"
    ]


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠")
def test_no_cell_becomes_a_formula(sign):
    for name in (f"{sign}HYPERLINK(1)", f"  {sign}1"):
        assert harmless(name) == f"'{name}"
    (row,) = rows([firm(name=f"{sign}cmd|' /C calc'!A0")])
    assert not row["name"].startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert harmless("重庆（集团）=1") == "重庆（集团）=1"


def test_a_name_may_hold_anything_a_cell_can(tmp_path):
    name = 'a "quoted", name；换行'
    assert rows([firm(name=name)])[0]["name"] == name


def test_ten_thousand_firms_in_no_time():
    result = assess(policy(MAIN[0]), population(10_000, seed=5, missing=0.2), on=ON)
    assert (result.status == 2).sum() > 300
    start = time.process_time()
    write_csv(result, io.StringIO(newline=""), "zh")
    assert time.process_time() - start < 3


def test_columns_and_rows_agree():
    for name in (*MAIN, "kibo@undated"):
        data = {"currency": "KRW"} if name.startswith("kibo") else firm()
        result = assess(policy(name), [data], on=ON)
        header = columns_of_result(result)
        assert all(len(row) == len(header) for row in rows_of_result(result, "en"))
        assert len(set(header)) == len(header)


def test_the_counts():
    result = assess(policy(MAIN[0]), BATCH, on=ON)
    assert counts_text(result, "en") == (
        "firms: 4; eligible 1, refused 1, incomplete 1, invalid 1; comprehensive lines of the "
        "eligible firms: CNY 9 million"
    )
    assert counts_text(result, "zh") == (
        "共 4 户：符合 1，不符合 1，资料不全 1，数据有误 1；符合条件企业的综合授信额度合计：900 万元"
    )


@pytest.mark.parametrize("columns", [40, 60, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_to_be_read(lang, columns):
    data = [*BATCH, firm(name="很长的企业名称" * 10), firm(name="a\x1b[31m\nb")]
    lines = list(table_text(assess(policy(MAIN[0]), data, on=ON), lang, columns))
    assert len([line for line in lines if line[:1].isdigit()]) == len(data)
    assert "\x1b" not in "".join(lines)
    reasons = [line for line in lines if line.lstrip().startswith("- ")]
    assert len(reasons) == 3
    assert all(width(line) <= columns for line in lines if line.startswith(" "))
