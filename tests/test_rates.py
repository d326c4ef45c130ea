"""Rate series from a user's table, and the policy's rule on them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from ipcredit import UsageError
from ipcredit.rates import Rate, day_of, rate_on, read_rates
from ipcredit.rules import Loan


def loan(spread: str | None = "0", series: str = "LPR-1Y") -> Loan:
    return Loan(12, series, None if spread is None else Fraction(spread), None, None, "loan")


def table(tmp_path, text: str, name: str = "rates.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """series,date,rate,note
LPR-1Y,2026-01-20,0.030,
LPR-5Y,2026-01-20,0.035,

LPR-1Y,2026-05-20,0.0305,cut
"""


def test_the_latest_value_published_by_the_day(tmp_path):
    series = read_rates(table(tmp_path, GOOD))
    days = {
        "2026-01-19": None,
        "2026-01-20": "0.030",
        "2026-05-19": "0.030",
        "2026-05-20": "0.0305",
        "2030-01-01": "0.0305",
    }
    for day, value in days.items():
        rate = rate_on(loan(), series, dt.date.fromisoformat(day))
        assert (rate is None) == (value is None)
        assert rate is None or rate.base == Decimal(value)
    assert rate_on(loan(None), series, dt.date(2026, 6, 1)) is None
    assert rate_on(loan(series="SHIBOR"), series, dt.date(2026, 6, 1)) is None
    assert rate_on(None, series, dt.date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("spread", "value"),
    [("0", "0.0305"), ("0.0065", "0.0370"), ("-0.0305", "0.0000"), ("-0.04", "-0.0095")],
)
def test_the_rate_is_exact(tmp_path, spread, value):
    rate = rate_on(loan(spread), read_rates(table(tmp_path, GOOD)), dt.date(2026, 6, 30))
    assert rate == Rate("LPR-1Y", dt.date(2026, 5, 20), Decimal("0.0305"), Fraction(spread))
    assert rate.value == Decimal(value)


def test_a_spreadsheet_is_read_too(tmp_path):
    import xlsxwriter

    path = tmp_path / "rates.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, name in enumerate(("Rate", "Series", "Date")):
            sheet.write_string(0, column, name)
        sheet.write_number(1, 0, 0.031)
        sheet.write_string(1, 1, "LPR-1Y")
        sheet.write_datetime(1, 2, dt.datetime(2026, 5, 20), date)
    assert read_rates(path) == {"LPR-1Y": {dt.date(2026, 5, 20): Decimal("0.031")}}


def test_all_problems_with_their_places(tmp_path):
    path = table(tmp_path, (
        "series,date,rate\n,2026-01-20,0.03\nA,2026-13-01,0.03\nA,20260120,3.1%\nA,2026-01-20,3.1\n"
        "A,2026-01-21,1e-999999999\nA,2026-01-22,nan\nA,2026-01-23,0.03\nA,2026-01-23,0.031\n"
        "A,2026-01-23,0.030\n"
    ))  # fmt: skip
    with pytest.raises(UsageError) as error:
        read_rates(path)
    assert error.value.text("en").splitlines() == [
        f"{path}:2: series: the series has no name; needed is one as in LPR-1Y; fill it in [rates.series]",
        f'{path}:3: date: date "2026-13-01" cannot be read; allowed is YYYY-MM-DD; write it as '
        "2026-01-20 [rates.date]",
        f'{path}:4: date: date "20260120" cannot be read; allowed is YYYY-MM-DD; write it as '
        "2026-01-20 [rates.date]",
        *(
            f'{path}:{row}: rate: rate "{given}" cannot be read; allowed is a yearly share between -1 '
            "and 1 with at most 12 decimals; write 3.1 % as 0.031 [rates.rate]"
            for row, given in ((4, "3.1%"), (5, "3.1"), (6, "1e-999999999"), (7, "nan"))
        ),
        f"{path}:9: rate: A of 2026-01-23 is 0.031 here and 0.03 above; one value a day is allowed; "
        "keep one [rates.twice]",
    ]
    assert "利率“3.1”无法识别；须为 -1 至 1 之间、至多 12 位小数的年利率；3.1% 请写作 0.031" in (
        error.value.text("zh")
    )


@pytest.mark.parametrize("text", ["", "series,rate\nA,0.03\n", "日期,利率\n"])
def test_columns_that_are_not_there(tmp_path, text):
    with pytest.raises(UsageError, match=r"the table lacks the columns .*date"):
        read_rates(table(tmp_path, text))


def test_a_header_alone_is_an_empty_series(tmp_path):
    assert read_rates(table(tmp_path, "series,date,rate\n")) == {}


def test_a_file_of_another_kind(tmp_path):
    with pytest.raises(UsageError, match=r"allowed are \.csv, \.xlsx"):
        read_rates(table(tmp_path, "", "rates.toml"))


def test_days():
    assert day_of("2024-02-29") == dt.date(2024, 2, 29)
    for text in (
        "2023-02-29",
        "20240229",
        "2024-W09-4",
        "2024-02-29T00:00",
        " 2024-02-29",
        "",
        "x",
    ):
        assert day_of(text) is None
