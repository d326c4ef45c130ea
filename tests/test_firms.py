"""Firms in columns: the same value means the same alone, in an array and in a file."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.errors import UsageError
from ipcredit.fields import FIELDS, MISSING, MISSING8, NONE
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.money import MAX_MINOR
from ipcredit.values import REDACTED

USCC = "91110000600037341L"


def codes(firms):
    return {row: [p.code for p in found] for row, found in firms.problems.items()}


def same(row: Firm, alone: Firm) -> None:
    """A row of a batch is the firm alone, but for the place in its messages."""
    assert dict(row.values) == dict(alone.values)
    assert dict(row.texts) == dict(alone.texts)
    assert row.none == alone.none
    for found, expected in ((row.problems, alone.problems), (row.remarks, alone.remarks)):
        assert [(p.code, p.key, p.args) for p in found] == [
            (p.code, p.key, p.args) for p in expected
        ]


def test_arrays_are_taken_in_column_units():
    firms = Firms.from_columns(
        {
            "name": ["甲", None, "丙"],
            "staff_total": np.array([3, 4, MISSING]),
            "sales_fen": np.array([100, MISSING, 300], dtype=np.int64),
            "market_share": np.array([0.05, np.nan, 0.1 + 0.2]),
            "overdue_now": np.array([True, False, True]),
            "abnormal_list": np.array([1, 0, MISSING8], dtype=np.int8),
            "country": np.array([0, 2, MISSING8], dtype=np.int8),
            "registered_on": np.array(["2025-03-01", "NaT", "1970-01-01"], dtype="datetime64[ns]"),
            "high_tech_until": np.array([NONE, MISSING, 20_148]),
            "total_assets": ["450 万元", None, "1 元"],
            "expected_growth": [0, 1, -0.5],
        }
    )
    assert len(firms) == 3
    assert not firms.problems
    expected = {
        "staff_total": [3, 4, MISSING],
        "sales": [100, MISSING, 300],
        "market_share": [50_000, MISSING, 300_000],
        "overdue_now": [1, 0, 1],
        "abnormal_list": [1, 0, MISSING8],
        "country": [0, 2, MISSING8],
        "registered_on": [20_148, MISSING, 0],
        "high_tech_until": [NONE, MISSING, 20_148],
        "total_assets": [450_000_000, MISSING, 100],
        "expected_growth": [0, 1_000_000, -500_000],
    }
    assert {name: column.tolist() for name, column in firms.columns.items()} == expected
    assert all(str(c.dtype) == FIELDS[n].dtype for n, c in firms.columns.items())
    assert firms.texts == {"name": ["甲", None, "丙"]}
    assert firms.row(0).none == {"high_tech_until"}
    assert firms.row(-1).texts == {"name": "丙"}
    with pytest.raises(IndexError):
        firms.row(3)
    with pytest.raises(ValueError, match="read-only"):
        firms.columns["sales"][0] = 1


def test_a_column_nobody_gave_is_not_known():
    firms = Firms.from_columns({"staff_total": [1, 2]})
    assert firms.column("sales").tolist() == [MISSING, MISSING]
    assert firms.column("overdue_now").tolist() == [MISSING8, MISSING8]
    assert firms.column("overdue_now").dtype == np.int8
    assert firms.column("staff_total") is firms.columns["staff_total"]


def test_the_callers_array_is_left_alone():
    sales = np.array([-1, 5])
    firms = Firms.from_columns({"sales_fen": sales})
    assert sales.tolist() == [-1, 5]
    sales[1] = 7
    assert firms.columns["sales"].tolist() == [MISSING, 5]


def test_bad_values_are_problems_of_their_row():
    firms = Firms.from_columns(
        {
            "staff_total": np.array([-1, 10, 5, 10**9 + 1]),
            "rd_staff": [1, 11, 5, 1],
            "sales_fen": np.array([MAX_MINOR, MAX_MINOR + 1, -1, 0]),
            "market_share": np.array([6.0, 1 / 3, np.inf, 1.0]),
            "country": np.array([3, -1, 0, 1]),
            "registered_on": np.array([0, 10**7, -(10**7), 1]),
            "overdue_now": np.array([2, 1, 0, -1]),
            "fiscal_year": [2025, 2025, 2025, 2025],
            "fiscal_year_prev": [2024, 2023, MISSING, 2024],
            "fiscal_year_prev2": [2023, 2022, 2022, MISSING],
        }
    )
    assert codes(firms) == {
        0: ["firm.negative", "firm.share-range", "firm.choice", "firm.not-a-flag"],
        1: ["firm.amount-range", "firm.too-fine", "firm.choice", "firm.out-of-range",
            "firm.part-of", "firm.years"],
        2: ["firm.negative", "firm.not-a-number", "firm.out-of-range", "firm.years"],
        3: ["firm.out-of-range", "firm.not-a-flag"],
    }  # fmt: skip
    assert firms.columns["sales"].tolist() == [MAX_MINOR, MISSING, MISSING, 0]
    assert firms.problems[0][0].text() == (
        '[0]: staff_total: "-1" is negative; allowed is 0 or more; correct it [firm.negative]'
    )
    assert firms.problems[1][3].text().startswith('[1]: registered_on: "10000000" is out of range')
    same(firms.row(1), firms.row(1))


def test_data_frames_of_pandas():
    frame = pd.DataFrame(
        {
            "name": ["甲", pd.NA],
            "staff_total": pd.array([3, None], dtype="Int64"),
            "sales_fen": pd.array([2**53 - 1 - 2**52, None], dtype="Int64"),
            "overdue_now": pd.array([True, None], dtype="boolean"),
            "dishonest_list": pd.array([True, False], dtype="boolean"),
            "abnormal_list": [True, False],
            "designs": pd.array([3, None], dtype="UInt8"),
            "market_share": pd.array([0.05, None], dtype="Float64"),
            "country": pd.Categorical(["KR", None]),
            "registered_on": pd.to_datetime(["2025-03-01", None]),
            "standard_led_on": pd.to_datetime(["2025-03-01", None]).tz_localize("UTC"),
            "rd_expense_fen": [5.0, np.nan],
        }
    )
    firms = Firms.from_columns(frame)
    assert codes(firms) == {0: ["firm.amount-range"]}
    assert {name: column.tolist() for name, column in firms.columns.items()} == {
        "staff_total": [3, MISSING],
        "sales": [MISSING, MISSING],
        "overdue_now": [1, MISSING8],
        "dishonest_list": [1, 0],
        "abnormal_list": [1, 0],
        "designs": [3, MISSING],
        "market_share": [50_000, MISSING],
        "country": [1, MISSING8],
        "registered_on": [20_148, MISSING],
        "standard_led_on": [20_148, MISSING],
        "rd_expense": [5, MISSING],
    }
    assert firms.texts["name"] == ["甲", None]


@pytest.mark.parametrize(
    ("data", "en", "zh"),
    [
        (
            {"salse": [1], "staff_totl": [1]},
            'salse: unknown field; did you mean "sales"? [firm.unknown-field]\n'
            'staff_totl: unknown field; did you mean "staff_total"? [firm.unknown-field]',
            "salse: 未知字段；是否指“sales”？ [firm.unknown-field]\n"
            "staff_totl: 未知字段；是否指“staff_total”？ [firm.unknown-field]",
        ),
        (
            {"sales_fen": [1], "sales": ["1 元"]},
            'sales: given twice, also as "sales_fen"; allowed is once; delete one of the two '
            "[firm.given-twice]",
            "sales: 重复填写，另见“sales_fen”；只能填写一次；请删去其中一处 [firm.given-twice]",
        ),
        (
            {"sales": np.array([1, 2])},
            "sales: a column of plain numbers has no unit; an amount needs its unit; name it "
            'sales_fen if it holds whole fen, or write each amount as in "450 万元" '
            "[firm.column-unit]",
            "sales: 整列金额没有单位；金额必须带单位；以分计的整数请命名为 sales_fen，"
            "或逐个写成“450 万元”的形式 [firm.column-unit]",
        ),
        (
            {"staff_total": [1], "rd_staff": [1, 2]},
            "the columns have different lengths (staff_total 1, rd_staff 2); allowed is one value "
            "a firm in each; make them equal [firm.column-length]",
            "各列长度不一致（staff_total 1, rd_staff 2）；每列应每家企业一个值；请使其一致 "
            "[firm.column-length]",
        ),
        (
            {"staff_total": np.ones((2, 2))},
            "staff_total: this is not a column of values; allowed is one value a firm; give a "
            "one-dimensional array [firm.column-shape]",
            "staff_total: 这不是一列数值；每家企业应有一个值；请提供一维数组 [firm.column-shape]",
        ),
    ],
)
def test_columns_that_cannot_be_used(data, en, zh):
    with pytest.raises(UsageError) as caught:
        Firms.from_columns(data)
    assert caught.value.text("en") == en
    assert caught.value.text("zh") == zh


def test_one_currency_a_batch():
    with pytest.raises(UsageError, match="unknown currency"):
        Firms.from_columns({"staff_total": [1]}, currency="RMB")
    with pytest.raises(UsageError) as caught:
        Firms.from_firms([Firm(currency="KRW"), Firm()])
    assert caught.value.text() == (
        "the firms count in different currencies (CNY, KRW); allowed is one a batch; assess each "
        "currency on its own [firm.currencies]"
    )
    won = Firms.from_columns({"sales_minor": [7], "rd_expense_fen": [1]}, currency="KRW")
    assert codes(won) == {0: ["firm.minor-name"]}
    assert won.row(0).values == {"sales": 7}


def test_a_currency_column_names_the_one_currency():
    data = {"currency": ["KRW", None], "sales": ["1 원", "2 원"]}
    assert Firms.from_columns(data).currency == "KRW"
    data["currency"][1] = "CNY"
    with pytest.raises(UsageError, match="different currencies"):
        Firms.from_columns(data)
    with pytest.raises(UsageError, match="unknown field"):
        Firms.from_columns({"": ["x"]})


def test_firms_show_no_values():
    assert repr(Firms.from_columns({"staff_total": [1, -1]})) == "<Firms: 2 rows, 1 with problems>"


def test_remarks_by_row():
    firms = Firms.from_columns(
        {
            "uscc": ["500000000000001", USCC, "x"],
            "rd_expense_fen": [1, 2, 3],
            "total_cost_fen": [1, 1, MISSING],
        }
    )
    assert {row: [p.code for p in found] for row, found in firms.remarks.items()} == {
        0: ["firm.old-number"], 1: ["firm.rd-above-cost"],
    }  # fmt: skip
    assert codes(firms) == {2: ["firm.uscc-length"]}
    for row, code in enumerate(["500000000000001", USCC, "x"]):
        cost = {} if row == 2 else {"total_cost_fen": 1}
        same(firms.row(row), Firm.from_dict({"uscc": code, "rd_expense_fen": row + 1} | cost))


def test_no_firms():
    assert len(Firms.from_columns({})) == len(Firms.from_firms([])) == 0
    assert len(Firms.from_columns({"staff_total": [], "sales": []})) == 0


def test_redacted_values_stay_redacted():
    rows = {"contact_person": [REDACTED, None], "consent_tax_data": [REDACTED, "yes"]}
    firms = Firms.from_columns(rows)
    same(firms.row(0), Firm.from_dict({name: column[0] for name, column in rows.items()}))
    same(firms.row(1), Firm.from_dict({name: column[1] for name, column in rows.items()}))
    again = Firms.from_firms(list(firms))
    assert again.row(0) == firms.row(0)


VALUES = (
    st.none() | st.booleans() | st.integers(-5, 120) | st.integers(-(10**16), 10**16)
    | st.floats(-2, 120) | st.floats() | st.dates() | st.datetimes()
    | st.sampled_from([0.05, 1.0, "0.05", "36.0", "5%", "yes", "否", "none", "无", "CN", "国家级",
                       "2025-03-01", "450 万元", "450", "-1 元", "#N/A", " ", USCC, REDACTED])
    | st.text(max_size=5)
)  # fmt: skip
NAMES = st.lists(st.sampled_from(
    ["staff_total", "rd_staff", "sales", "main_revenue_fen", "rd_expense_fen", "rd_domestic",
     "total_cost", "market_share", "expected_growth", "overdue_now", "country", "rd_institution",
     "registered_on", "high_tech_until", "national_award_rank", "uscc", "name", "researchers",
     "consent_tax_data", "fiscal_year", "fiscal_year_prev", "fiscal_year_prev2"]
), unique=True, min_size=1, max_size=8)  # fmt: skip


@settings(max_examples=200)
@given(st.data(), NAMES, st.integers(1, 5))
def test_row_alone_is_row_in_batch(data, names, n):
    """Objects of any kind, by column, in the order of the columns."""
    columns = {name: data.draw(st.lists(VALUES, min_size=n, max_size=n)) for name in names}
    objects = {name: np.empty(n, dtype=object) for name in names}
    for name, column in columns.items():
        objects[name][:] = column
    firms = Firms.from_columns(objects)
    alone = [Firm.from_dict({name: c[row] for name, c in columns.items()}) for row in range(n)]
    for row, firm in enumerate(alone):
        same(firms.row(row), firm)
        same(Firms.from_firms(alone).row(row), firm)


NUMBERS = {
    "f": st.lists(st.floats() | st.integers(0, 10**6).map(lambda m: m / 10**6)
                  | st.floats(0, 1) | st.integers(-3, 3000).map(float), min_size=1, max_size=6),
    "i": st.lists(st.integers(-(10**16), 10**16) | st.integers(-2, 3000), min_size=1, max_size=6),
    "b": st.lists(st.booleans(), min_size=1, max_size=6),
}  # fmt: skip
NUMERIC = ["staff_total", "sales_fen", "net_profit_fen", "market_share",
                       "expected_growth", "overdue_now", "fiscal_year", "brand_score",
                       "national_award_rank", "working_capital_turns"]  # fmt: skip


@settings(max_examples=300)
@given(st.data(), st.sampled_from(NUMERIC), st.sampled_from("fib"))
def test_fast_arrays_mean_what_single_values_mean(data, name, kind):
    values = data.draw(NUMBERS[kind])
    array = np.array(values)
    if kind == "b" and name != "overdue_now":
        array = array.astype(object)
    firms = Firms.from_columns({name: array})
    from_list = Firms.from_columns({name: values})
    for row, value in enumerate(values):
        same(firms.row(row), Firm.from_dict({name: value}))
        same(from_list.row(row), Firm.from_dict({name: value}))


@given(st.lists(st.dates() | st.none(), min_size=1), st.sampled_from(["D", "s", "us"]))
def test_date_arrays_mean_what_single_dates_mean(days, unit):
    firms = Firms.from_columns({"registered_on": np.array(days, dtype=f"datetime64[{unit}]")})
    for row, day in enumerate(days):
        same(firms.row(row), Firm.from_dict({"registered_on": day}))


def test_times_of_day_are_not_dates():
    times = np.array(["2025-03-01T09:00", "2025-03-01T00:00"], dtype="datetime64[m]")
    firms = Firms.from_columns({"registered_on": times})
    assert codes(firms) == {0: ["firm.not-a-date"]}
    same(firms.row(0), Firm.from_dict({"registered_on": dt.datetime(2025, 3, 1, 9)}))


@pytest.mark.parametrize(
    ("values", "expected", "bad"),
    [
        ([True, 2], [MISSING, 2], {0: ["firm.not-a-number"]}),
        ([2**70, 1], [MISSING, 1], {0: ["firm.out-of-range"]}),
        (np.array([2**63 + 1, 1], dtype=np.uint64), [MISSING, 1], {0: ["firm.out-of-range"]}),
        (np.array([-128, 1], dtype=np.int8), [MISSING, 1], {}),
        (np.array([NONE, 1]), [MISSING, 1], {0: ["firm.negative"]}),
        (np.ma.array([5, 1], mask=[True, False]), [MISSING, 1], {}),
        (np.array(["36", "x"]), [36, MISSING], {1: ["firm.not-a-number"]}),
        (np.array([True, False]), [MISSING] * 2, {0: ["firm.not-a-number"], 1: ["firm.not-a-number"]}),
        (range(1, 3), [1, 2], {}),
        ([1.0, 2], [1, 2], {}),
    ],
)  # fmt: skip
def test_arrays_of_every_kind(values, expected, bad):
    firms = Firms.from_columns({"staff_total": values})
    assert firms.columns["staff_total"].tolist() == expected
    assert codes(firms) == bad


def test_whole_numbers_as_shares_are_shares():
    firms = Firms.from_columns({"market_share": np.array([0, 1, 2, MISSING, 10**18])})
    assert firms.columns["market_share"].tolist() == [0, 1_000_000, MISSING, MISSING, MISSING]
    assert codes(firms) == {2: ["firm.share-range"], 4: ["firm.share-range"]}
