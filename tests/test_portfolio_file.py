"""Books in files and frames: headings, units, places of every problem."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.default_rates import load_curve
from ipcredit.errors import IpCreditError, PortfolioError, UsageError
from ipcredit.fund.scenario_terms import KEYS
from ipcredit.messages.portfolio import UNITS, WORDS
from ipcredit.portfolio import Portfolio
from ipcredit.portfolio_columns import COLUMNS
from ipcredit.portfolio_example import synthetic_book
from ipcredit.resources import config_dir

DAY = dt.date(2025, 9, 30)
HEAD = "loan,firm,lender,part,principal,outstanding,pd"


def written(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "book.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def read(tmp_path: Path, *rows: str, head: str = HEAD, **given: object) -> Portfolio:
    return Portfolio.read(written(tmp_path, *rows, head=head), as_of=DAY, **given)


def problems(tmp_path: Path, *rows: str, head: str = HEAD, **given: object) -> list[str]:
    with pytest.raises((PortfolioError, UsageError)) as caught:
        read(tmp_path, *rows, head=head, **given)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]


# -- reading ---------------------------------------------------------------------------------------


def test_headings_and_words_in_chinese(tmp_path):
    book = read(
        tmp_path,
        "1,甲,工行,商业信用,300,2025年3月1日,12,按月等额还本,0.02",
        "2,乙,工行,知识价值信用贷款,500.5,2025-03-01,12,到期一次还本,.05",
        head="借据编号,企业,贷款机构,额度组成部分,本金（万元）,发放日,期限（月）,还本方式,一年期违约概率",
    )
    assert book.principal.tolist() == [300_000_000, 500_500_000]
    assert book.outstanding.tolist() == [150_000_000, 500_500_000]
    assert book.part.tolist() == [1, 0]
    assert book.pd[list(book.firms).index("甲")] == 0.02


@pytest.mark.parametrize(
    ("head", "cell", "fen"),
    [
        ("principal", "450 万元", 450_000_000),
        ("principal", '"4,500,000.25 元"', 450_000_025),
        ("principal", "CNY 4.5 million", 450_000_000),
        ("principal", "４５０ 万元", 450_000_000),
        ("principal_fen", "450000000", 450_000_000),
        ("principal (万元)", "450.5", 450_500_000),
        ("principal（亿元）", '"1,000"', 10_000_000_000_000),
    ],
)
def test_amounts_are_read_to_the_fen(tmp_path, head, cell, fen):
    head = HEAD.replace("principal,outstanding", f"{head},start,term_months,repayment")
    book = read(tmp_path, f"1,a,x,base,{cell},2025-09-01,12,bullet,0.02", head=head)
    assert book.principal.tolist() == [fen]


def test_another_currency(tmp_path):
    head = HEAD.replace("principal,outstanding", "principal_minor,outstanding")
    book = read(tmp_path, "1,a,x,base,5000000,500 만원,0.02", head=head, currency="KRW")
    assert (book.principal[0], book.outstanding[0]) == (5_000_000, 5_000_000)


def test_a_column_for_all_loans_may_be_an_argument(tmp_path):
    head = HEAD.replace(",part", "")
    book = read(tmp_path, "1,a,x,5 元,5 元,0.1", "2,b,x,5 元,4 元,0.1", head=head, part="base")
    assert book.part.tolist() == [1, 1]
    assert problems(tmp_path, "1,a,x,5 元,5 元,0.1", head=head, part="b")[0] == (
        'book.csv:2: part: "b" is not one of the choices; allowed are knowledge, base, receivables; '
        "write one of them [portfolio.word]"
    )


def test_blank_lines_and_short_rows_keep_their_places(tmp_path):
    found = problems(tmp_path, "", "1,a,x,base,5 元,5 元,0.1", "", "2,b,x,base,5 元,5 元")
    assert found == [
        'book.csv:5: pd: the firm "b" has no default probability; needed is pd, or a score or rating '
        "that the curve knows; fill it in [portfolio.no-pd]"
    ]


def test_spreadsheets_say_the_cell(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Loans")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    head = ("loan", "firm", "lender", "part", "principal (万元)", "start", "term_months",
            "repayment", "pd")  # fmt: skip
    sheet.write_row(0, 0, head)
    for row, (loan, amount, chance) in enumerate([(1, 0.1, 0.02), (2, 450.5, 1), (3, 7, 1.5)], 1):
        sheet.write_row(row, 0, [loan, f"firm {row}", "x", "base", amount])
        sheet.write_datetime(row, 5, dt.datetime(2025, 3, 1), day)
        sheet.write_row(row, 6, [12, "instalments", chance])
    book.close()
    with pytest.raises(PortfolioError) as caught:
        Portfolio.from_xlsx(path, as_of=DAY)
    assert [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems] == [
        'book.xlsx:Loans!I4: pd: "1.5" is not a probability; allowed is a number from 0 to 1; write '
        "2 percent as 0.02 [portfolio.probability]"
    ]


def test_spreadsheet_numbers_are_the_decimals_a_person_sees(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(
        0, 0, ("loan", "firm", "lender", "part", "本金（万元）", "outstanding_fen", "pd")
    )
    sheet.write_row(1, 0, (1, 7, "x", "base", 1234567.1, 100, 1))
    sheet.write_row(2, 0, (2, "7", "x", "base", 0.3, 100, True))
    book.close()
    with pytest.raises(PortfolioError) as caught:
        Portfolio.read(path, as_of=DAY)
    assert [problem.code for problem in caught.value.problems] == ["portfolio.not-a-number"]
    sheet_free = Portfolio.from_frame(
        {
            "loan": [1.0, 2.0], "firm": [7, 8], "lender": "x", "part": "base",
            "本金（万元）": [1234567.1, 0.3], "outstanding_fen": [100, 100], "pd": 1,
        },
        as_of=DAY,
    )  # fmt: skip
    assert sheet_free.principal.tolist() == [1_234_567_100_000, 300_000]
    assert sheet_free.loans == ("1", "2")
    assert sheet_free.firms == ("7", "8")


def test_frames_refuse_numbers_without_a_unit():
    frame = pd.DataFrame(
        {"loan": ["1"], "firm": ["a"], "lender": ["x"], "part": ["base"], "principal": [5.0],
         "outstanding": ["5 元"], "pd": [0.1]}
    )  # fmt: skip
    with pytest.raises(UsageError) as caught:
        Portfolio.from_frame(frame, as_of=DAY)
    assert str(caught.value) == (
        'principal: whole numbers under "principal" do not say their unit; allowed are amounts with '
        "their unit as text, or whole minor units under principal_fen or principal_minor; rename the "
        "column [portfolio.no-unit]"
    )
    whole = frame.drop(columns="principal").assign(principal_fen=[500])
    book = Portfolio.from_frame(whole, as_of=DAY)
    assert book.principal.tolist() == [500]


def test_columns_as_pandas_keeps_them():
    frame = pd.DataFrame(
        {
            "loan": pd.Series(["1", "2"], dtype="string"),
            "firm": pd.Categorical(["a", "b"]),
            "lender": ["x", "y"],
            "district": [None, np.nan],
            "part": ["base", "knowledge"],
            "principal_fen": pd.array([1200, 2400], dtype="Int64"),
            "outstanding_fen": pd.array([None, 1], dtype="Int64"),
            "start": pd.to_datetime(["2025-03-01", "2025-03-01"]),
            "term_months": [12.0, np.nan],
            "repayment": ["instalments", None],
            "pd": pd.array([0.25, 0.5], dtype="Float64"),
            "recovery": [np.nan, 0.5],
        }
    )
    book = Portfolio.from_frame(frame, as_of=DAY)
    assert book.outstanding.tolist() == [600, 1]
    assert book.term_months.tolist() == [12, -1]
    assert book.pd.tolist() == [0.25, 0.5]
    assert np.isnan(book.recovery[0])
    assert not book.known("district").any()


def test_many_chunks_are_one_book(tmp_path):
    n = 40_000
    rows = [
        f"{at},{at % 9000},x{at % 7},base,{at + 1} 元,{at + 1} 元,0.0{at % 9000:05d}"
        for at in range(n)
    ]
    book = read(tmp_path, *rows)
    assert len(book) == n
    assert book.principal.tolist() == [100 * (at + 1) for at in range(n)]
    assert len(book.firms) == 9000
    at = book.firms.index("8999")
    assert book.pd[at] == 0.008999
    rows[n - 1] = rows[n - 1].replace("x", "").replace("40000 元,40000 元", "1 元,2 元")
    rows[20_000] = rows[20_000].replace("base", "bass")
    assert [text.split(":")[1] for text in problems(tmp_path, *rows)] == ["20002", "40001"]


# -- refusing --------------------------------------------------------------------------------------


def test_headings_are_refused_together(tmp_path):
    assert problems(tmp_path, "1", head="lone,firm,企业,zzz,lender,principal,pd") == [
        'book.csv:1: lone: no such column; the nearest is "loan"; correct the heading or remove the '
        "column [portfolio.unknown-column-near]",
        'book.csv:1: 企业: this column is there already as "firm"; each column stands once; remove '
        "one [portfolio.column-twice]",
        "book.csv:1: zzz: no such column; known are "
        + ", ".join(COLUMNS)
        + "; remove it or correct "
        "the heading [portfolio.unknown-column]",
        "book.csv: loan: the book has no such column; it is needed; add the column, or give one "
        "value for all loans as an argument [portfolio.no-column]",
        "book.csv: part: the book has no such column; it is needed; add the column, or give one "
        "value for all loans as an argument [portfolio.no-column]",
        "book.csv: outstanding: the book does not say what is owed; allowed is a column outstanding, "
        "or the columns start, term_months and repayment, from which it is worked out; add them "
        "[portfolio.no-owed-column]",
    ]


def test_a_book_with_bad_rows_lists_them_all(tmp_path):
    assert problems(
        tmp_path,
        "1,a,x,base,5 元,5 元,0.1",
        "2,b,x,base,450,5 元,2%",
        "3,c,,bases,-5 元,0 元,abc",
        "1,a,x,base,5 元,6 元,0.2",
        "5,d,x,base,5.001 元,5 元,1.2,stray",
    ) == [
        'book.csv:3: principal: the amount "450" has no unit; an amount needs its unit; write it as '
        'in "450 万元" [money.no-unit]',
        'book.csv:3: pd: "2%" is a percentage; allowed is a plain number; write 0.02 [firm.percent]',
        "book.csv:4: lender: this cell is empty; every loan needs it; fill it in [portfolio.blank]",
        'book.csv:4: part: "bases" is not one of the choices; allowed are knowledge, base, '
        "receivables; write one of them [portfolio.word]",
        'book.csv:4: principal: "-5 元" is negative; allowed is 0 or more; correct it [firm.negative]',
        'book.csv:4: pd: "abc" is not a number; allowed is a number such as 0.02; correct it, or '
        "leave the cell empty if it is not known [portfolio.not-a-number]",
        'book.csv:5: loan: the loan "1" is in the book already, at book.csv:2; each number stands '
        "once; correct or remove one [portfolio.duplicate]",
        "book.csv:5: outstanding: 6 元 is owed on a loan of 5 元; at most the principal can be owed; "
        "correct one of the two [portfolio.above-principal]",
        'book.csv:5: pd: the firm "a" has 0.2 here and 0.1 at book.csv:2; all loans of one firm must '
        "agree; correct one of the two [portfolio.disagree]",
        'book.csv:6: "stray" stands under no field name; allowed are cells under the names of the '
        "header; delete it or name the column [firm.extra-cell]",
        'book.csv:6: principal: the amount "5.001 元" is finer than the smallest unit; the smallest '
        "unit is 1 fen; round it yourself [money.too-fine]",
        'book.csv:6: pd: "1.2" is not a probability; allowed is a number from 0 to 1; write 2 '
        "percent as 0.02 [portfolio.probability]",
    ]


def test_the_same_problems_in_chinese(tmp_path):
    with pytest.raises(PortfolioError) as caught:
        read(tmp_path, "1,a,x,base,5 元,6 元,1.2")
    assert [problem.text("zh").partition(": ")[2] for problem in caught.value.problems] == [
        "outstanding: 余额 6 元 高于本金 5 元；余额不得超过本金；请更正其一 [portfolio.above-principal]",
        "pd: “1.2”不是概率；应为 0 至 1 之间的数；百分之二请写成 0.02 [portfolio.probability]",
    ]


def test_a_lender_or_district_nobody_declared(tmp_path):
    head = HEAD + ",district"
    rows = ("1,a,x,base,5 元,5 元,0.1,渝中", "2,a,y,base,5 元,5 元,0.1,北碚")
    assert problems(tmp_path, *rows, head=head, lenders=["x"], districts=["渝中", "南岸"]) == [
        'book.csv:3: lender: "y" is not one of the lenders declared; allowed are x; correct it or '
        "declare the lender [portfolio.unknown-lender]",
        'book.csv:3: district: "北碚" is not one of the districts declared; allowed are 渝中, 南岸; '
        "correct it or declare the district [portfolio.unknown-district]",
    ]


def test_an_empty_file_and_a_file_of_headings(tmp_path):
    assert problems(tmp_path, head="")[0].endswith("[file.no-rows]")
    assert problems(tmp_path) == [
        "book.csv: the book has no loan; at least one is needed; check the file or the selection "
        "[portfolio.empty]"
    ]


def test_files_that_cannot_be_read_or_written(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path / "book.pdf"):
        with pytest.raises(UsageError):
            Portfolio.read(path, as_of=DAY)
    with pytest.raises(UsageError) as caught:
        synthetic_book().write_csv(tmp_path / "no" / "book.csv")
    assert caught.value.problems[0].code == "file.unwritable"


def test_an_error_cell_is_no_blank(tmp_path):
    found = problems(tmp_path, "1,a,x,base,5 元,#N/A,#DIV/0!")
    assert [text.rpartition(" ")[2] for text in found] == ["[firm.error-cell]", "[firm.error-cell]"]


@pytest.mark.parametrize("cell", ["nan", "inf", "1_0", "0x1", "1e400", "--1", "0.1.2"])
def test_what_only_a_programming_language_calls_a_number(tmp_path, cell):
    found = problems(tmp_path, f"1,a,x,base,5 元,5 元,{cell}", "2,b,x,base,5 元,5 元,0.1")
    assert len(found) == 1
    assert "book.csv:2: pd: " in found[0]


def test_every_firm_blank_is_still_a_list_of_problems(tmp_path):
    found = problems(tmp_path, "1,,x,base,5 元,5 元,0.1", "2,,x,base,5 元,5 元,0.1")
    assert [text.rpartition(" ")[2] for text in found] == ["[portfolio.blank]"] * 2


def test_an_argument_for_all_loans_has_one_value(tmp_path):
    head = HEAD.replace(",part", "")
    row = "1,a,x,5 元,5 元,0.1"
    assert problems(tmp_path, row, head=head, part=["base", "base"]) == [
        "part: the columns have different lengths: part 2, loans 1; each needs one entry a loan; "
        "correct them [portfolio.length]"
    ]
    assert problems(tmp_path, row, head=head, part="base", tirr="A")[0].startswith("tirr: no such")
    assert problems(tmp_path, row, head=HEAD, part="base")[0].startswith("book.csv:1: part: this")


def test_cells_that_are_lists_and_tables():
    columns = {
        "loan": ["1", "2"], "firm": ["a", "b"], "lender": "x", "part": "base", "pd": 0.1,
        "principal": ["5 元", "5 元"], "outstanding": ["5 元", "5 元"],
    }  # fmt: skip
    book = Portfolio.from_frame({**columns, "tags": [["q", "p"], ()]}, as_of=DAY)
    assert book.traits.tags["p"].tolist() == [True, False]
    for name, cell in (("firm", ["a"]), ("principal", {}), ("pd", [1]), ("part", {}), ("loan", [])):
        with pytest.raises(PortfolioError) as caught:
            Portfolio.from_frame({**columns, name: [cell, columns["loan"][1]]}, as_of=DAY)
        assert {problem.key for problem in caught.value.problems} >= {name}


CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "a", "1", "-1", "0", "0.5", "1e308", "1e-400", "nan", "inf", "5 元", "-5 元", "1e5 元",
         "9" * 400 + " 元", "5.001 元", "5 USD", "2025-02-30", "2025-02-28", "9999-12-31", "0001-01-01",
         "12", "1201", "bullet", "base", "none", ";;", "#N/A", "…", "½", "٣", "\x00", "１２ 元", "50%"]
    ),
    st.text(max_size=6),
)  # fmt: skip


def attempted(columns: dict[str, object]) -> Portfolio | IpCreditError:
    try:
        return Portfolio.from_frame(columns, as_of=DAY)
    except (PortfolioError, UsageError) as error:
        return error


@settings(max_examples=100)
@given(st.data())
def test_whatever_stands_in_the_cells_it_is_a_book_or_a_list_of_problems(data):
    n = data.draw(st.integers(1, 4))
    names = [*COLUMNS, "principal_fen", "本金（万元）"]
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
    wanted = ["loan", "firm", "lender", "part", "principal", "outstanding", "pd"]
    given = {
        name: data.draw(st.lists(CELLS, min_size=n, max_size=n))
        for name in dict.fromkeys((*wanted, *chosen))
    }
    sound = {"loan": list(map(str, range(n))), "lender": "x", "part": "base", "pd": 0.1}
    for name in data.draw(st.lists(st.sampled_from([*sound]), unique=True)):
        given[name] = sound[name]
    book = attempted(given)
    if isinstance(book, IpCreditError):
        assert book.text("en")
        assert book.text("zh")
        return
    assert ((book.pd >= 0) & (book.pd <= 1)).all()
    assert ((book.outstanding >= 0) & (book.outstanding <= book.principal)).all()
    assert (book.principal > 0).all()


# -- what is shipped -------------------------------------------------------------------------------


def test_the_synthetic_book_is_the_one_its_function_makes(tmp_path):
    shipped = config_dir() / "examples" / "portfolios" / "synthetic-chongqing.csv"
    synthetic_book().write_csv(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == shipped.read_bytes()
    book = Portfolio.read(shipped, as_of=dt.date(2025, 6, 30))
    assert book.fingerprint == Portfolio.read(tmp_path / "again.csv", as_of=book.as_of).fingerprint
    assert all("synthetic" in firm and "合成" in firm for firm in book.firms)
    assert all("合成" in name for name in (*book.lenders, *book.districts))
    facts = book.summary()
    assert (len(book.lenders), len(book.districts)) == (5, 4)
    assert 180 <= facts.firms <= 220
    assert facts.firms_at_several_lenders >= 20
    assert {group.label for group in facts.by_part} == {"knowledge", "base"}


def test_probabilities_of_the_synthetic_book_are_those_of_the_curve():
    book = synthetic_book()
    curve = load_curve("chongqing-assumed")
    assert np.array_equal(book.pd, curve.of_points(book.score))


# -- documents -------------------------------------------------------------------------------------


@pytest.mark.checkout
@pytest.mark.parametrize(("name", "lang"), [("portfolio.md", "en"), ("portfolio.zh.md", "zh")])
def test_the_document_lists_every_column(root, name, lang):
    text = (root / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    yes = "是" if lang == "zh" else "yes"
    assert rows == [
        (
            c.name,
            c.label("zh"),
            UNITS[c.unit][lang == "zh"],
            yes if c.required else "",
            c.definition(lang),
        )
        for c in COLUMNS.values()
    ]
    for words in WORDS.values():
        for word in words:
            assert f"`{word}`" in text


@pytest.mark.checkout
@pytest.mark.parametrize(
    "name", ["portfolio.md", "portfolio.zh.md", "scenario-file.md", "scenario-file.zh.md"]
)
def test_the_examples_of_the_documents_run(root, name, monkeypatch):
    monkeypatch.chdir(root)
    text = (root / "docs" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert blocks
    exec("\n".join(blocks), {})


@pytest.mark.checkout
@pytest.mark.parametrize("name", ["scenario-file.md", "scenario-file.zh.md"])
def test_the_document_lists_every_value_of_a_scenario(root, name):
    text = (root / "docs" / name).read_text(encoding="utf-8")
    listed = re.findall(r"`([a-z]+\.\w+)`", "\n".join(re.findall(r"^\|.*", text, re.MULTILINE)))
    wanted = [*KEYS, "pd.curve", "pd.by", "pd.steps", "pd.ratings"]
    assert sorted(set(listed)) == sorted(wanted)
