"""CSV and XLSX: every cell with its place, errors never as blanks, broken files with a reason."""

from __future__ import annotations

import codecs
import datetime as dt
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ipcredit.errors import UsageError
from ipcredit.fields import MISSING
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.sheets import CellError, column_letters, csv_encoding, open_sheet


def book(path, *sheets, **options):
    """A workbook; each sheet is a name and rows of cells, ``=...`` with a pair for its result."""
    with xlsxwriter.Workbook(str(path), options) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = made.add_worksheet(name.removeprefix("-"))
            if name.startswith("-"):
                sheet.hide()
            else:
                sheet.activate()
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, tuple):
                        sheet.write_formula(i, j, cell[0], None, cell[1])
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(i, j, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(i, j, cell)
                    elif cell is not None:
                        sheet.write(i, j, cell)
    return path


def rewrite(path, part, change):
    """Change the text of one part of a workbook, as other programs would have written it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)


def saved(path):
    """As a spreadsheet program saves it: all formulas calculated."""
    rewrite(path, "xl/workbook.xml", lambda text: text.replace(' fullCalcOnLoad="1"', ""))


def rows_of(path, **options):
    return list(open_sheet(path, **options).rows)


def problems(firm):
    return [(p.where.rpartition("/")[2], p.code) for p in firm.problems]


@pytest.mark.parametrize(
    ("mark", "encoding", "found"),
    [
        (b"", "utf-8", "utf-8"),
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (b"", "gb18030", "gb18030"),
        (b"", "gbk", "gb18030"),
    ],
)
def test_csv_in_every_encoding_programs_write(tmp_path, mark, encoding, found):
    path = tmp_path / "firms.csv"
    path.write_bytes(mark + "企业名称,职工总数\r\n甲公司,36\r\n".encode(encoding))
    assert csv_encoding(path) == found
    assert rows_of(path) == [(1, ["企业名称", "职工总数"]), (2, ["甲公司", "36"])]


def test_csv_lines_are_those_a_person_counts(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text('name,sales\n\n"a\nb","1,000 元"\n , \n"say ""hi""",2 元\n', encoding="utf-8")
    assert rows_of(path) == [
        (1, ["name", "sales"]), (3, ["a\nb", "1,000 元"]), (6, ['say "hi"', "2 元"]),
    ]  # fmt: skip
    assert open_sheet(path).place(6, 1) == f"{path}:6"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_csv_with_other_separators(tmp_path, mark):
    path = tmp_path / "firms.csv"
    path.write_text(f"name{mark}sales\na{mark}1,5 元\n", encoding="utf-8")
    assert rows_of(path) == [(1, ["name", "sales"]), (2, ["a", "1,5 元"])]


@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_a_usage_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        assert all(number >= 1 for number, _ in rows_of(path))
    except UsageError as error:
        assert all(p.where.startswith(str(path)) for p in error.problems)  # noqa: PT017


@pytest.mark.parametrize(
    ("name", "data", "en"),
    [
        (
            "a.csv",
            b'name\n"a" b\n',
            "a.csv:2: the line is not CSV: ',' expected after '\"'; correct it (a quote inside a "
            "quoted cell is written twice) [file.csv]",
        ),
        (
            "a.csv",
            b"name\n\xff\xff\n",
            "a.csv:2: the text is neither UTF-8 nor GB18030 from this line on; allowed are these "
            "two; save the file again as UTF-8 [file.csv-encoding]",
        ),
        (
            "a.xls",
            b"x",
            'a.xls: the file kind ".xls" is not known; allowed are .csv, .xlsx; save it as one of '
            "them [file.suffix]",
        ),
        (
            "missing.csv",
            None,
            "missing.csv: cannot be read: No such file or directory; a file that exists and may be read is needed; check the path "
            "[file.unreadable]",
        ),
        (
            "missing.xlsx",
            None,
            "missing.xlsx: cannot be read: No such file or directory; a file that exists and may be read is needed; check the path "
            "[file.unreadable]",
        ),
    ],
)
def test_broken_tables(tmp_path, name, data, en):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        rows_of(path)
    assert caught.value.text().replace(f"{tmp_path}/", "") == en
    assert caught.value.text("zh") != caught.value.text("en")


def test_not_a_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"name\na\n")
    with pytest.raises(UsageError, match="cannot be read as XLSX"):
        open_sheet(path)


def test_sheets_are_chosen_by_name_or_the_first_one_shown(tmp_path):
    path = book(tmp_path / "a.xlsx", ("-Hidden", [["h"]]), ("Shown", [["s"]]), ("More", [["m"]]))
    assert rows_of(path) == [(1, ["s"])]
    assert rows_of(path, sheet="Hidden") == [(1, ["h"])]
    assert open_sheet(path).place(5, 2) == f"{path}:Shown!C5"
    with pytest.raises(UsageError) as caught:
        open_sheet(path, sheet="Firms")
    assert caught.value.text().endswith(
        'there is no sheet "Firms"; the book has Hidden, Shown, More; name one of them [file.sheet]'
    )


def test_cells_keep_their_kind_and_place(tmp_path):
    rows = [[], [None, "000123", 36, 0.05, True, dt.date(2025, 3, 1), "#N/A"], [], [None, "x"]]
    path = book(tmp_path / "a.xlsx", ("S", rows))
    assert rows_of(path) == [
        (2, ["", "000123", 36.0, 0.05, True, dt.date(2025, 3, 1), "#N/A"]),
        (4, ["", "x", "", "", "", "", ""]),
    ]


def test_errors_and_formulas_without_a_result_are_not_blank(tmp_path):
    row = [("=1/0", "#DIV/0!"), ("=NA()", "#N/A"), ("=1+1", 2), ("=A1&B1", "ab"), ('=""', "")]
    path = book(tmp_path / "a.xlsx", ("S", [row, ["last", None, ("=2*3", 6)]]))
    # Written by a program that does not calculate: no formula has a result one may rely on.
    (_, cells), _ = rows_of(path)
    assert cells == ["#DIV/0!", "#N/A", "=1+1", "=A1&B1", '=""']
    assert all(isinstance(cell, CellError) for cell in cells)
    saved(path)
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<f>2*3</f><v>6</v>", "<f>2*3</f>").replace(
            '<c r="E1"><f>""</f>', '<c r="E1" t="str"><f>""</f>'
        ),
    )
    (_, cells), (_, below) = rows_of(path)
    assert cells[2:] == [2.0, "ab", ""]
    assert [type(cell) for cell in cells[:3]] == [CellError, CellError, float]
    assert below[:3] == ["last", "", "=2*3"]
    assert isinstance(below[2], CellError)


def test_column_letters():
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


UPRIGHT = [
    ["field", "label", "unit", "value", "definition"],
    ["name", "Firm name", "", "甲公司", ""],
    ["uscc", "", "", 915001130000000001, ""],
    ["staff_total", "", "", 36, ""],
    ["sales", "", "", "3,200.5 万元", ""],
    ["sales_prev", "", "", 5, ""],
    ["registered_on", "", "", dt.date(2025, 3, 1), ""],
    ["overdue_now", "", "", False, ""],
    ["salse", "", "", "", ""],
    ["", "市场占有率", "", 0.05, ""],
    ["staff_total", "", "", 36, ""],
    ["net_profit", "", "", ("=1/0", "#DIV/0!"), ""],
]


def test_one_firm_upright(tmp_path):
    firm = Firm.read(book(tmp_path / "a.xlsx", ("Firm", UPRIGHT)))
    assert dict(firm.values) == {
        "staff_total": 36, "sales": 3_200_500_000, "registered_on": 20_148, "overdue_now": 0,
        "market_share": 50_000,
    }  # fmt: skip
    assert problems(firm) == [
        ("a.xlsx:Firm!D3", "firm.not-text"),
        ("a.xlsx:Firm!D6", "money.no-unit"),
        ("a.xlsx:Firm!D9", "firm.unknown-field"),
        ("a.xlsx:Firm!D11", "firm.given-twice"),
        ("a.xlsx:Firm!D12", "firm.error-cell"),
    ]
    assert firm.problems[3].args["other"].endswith("a.xlsx:Firm!D4")
    many = Firms.read(tmp_path / "a.xlsx")
    assert many.row(0) == firm


def test_one_firm_upright_as_csv_in_chinese(tmp_path):
    path = tmp_path / "firm.csv"
    text = "字段,名称,值\n,企业名称,甲公司\n职工总数,,36\nsales,,3200\nx,y,1\ncurrency,,CNY\n"
    path.write_bytes(text.encode("gb18030"))
    firm = Firm.read(path)
    assert (firm.texts["name"], firm.values["staff_total"]) == ("甲公司", 36)
    assert problems(firm) == [
        ("firm.csv:4", "money.no-unit"), ("firm.csv:5", "firm.unknown-field-none"),
    ]  # fmt: skip


def test_one_firm_in_a_row(tmp_path):
    path = tmp_path / "firm.csv"
    path.write_text("name,staff_total,currency,sales\n甲,36,KRW,70 억원,\n", encoding="utf-8")
    firm = Firm.read(path)
    assert (firm.currency, dict(firm.values)) == ("KRW", {"staff_total": 36, "sales": 7 * 10**9})
    assert Firms.read(path).row(0) == firm
    path.write_text("name\n甲\n乙\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Firm.read(path)
    assert caught.value.text().endswith(
        "the table has 2 firms; allowed is one here; read it as a list of firms [file.many-firms]"
    )


@pytest.mark.parametrize("text", ["", "\n\n", "name,sales\n"])
def test_tables_without_a_firm(tmp_path, text):
    path = tmp_path / "firms.csv"
    path.write_text(text, encoding="utf-8")
    for read in (Firm.read, Firms.read):
        with pytest.raises(UsageError, match="the table has no firm"):
            read(path)


MANY = """name,职工总数,rd_staff,sales,sales_prev_fen,registered_on,
甲,36,37,3200.5 万元,100,2025-03-01
乙,-1,1,"1,000 元",1.5,2025-02-30

丙,36.0,,#N/A,,,extra
丁
"""


def test_many_firms_keep_their_problems(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text(MANY, encoding="utf-8")
    firms = Firms.read_csv(path)
    assert len(firms) == 4
    assert firms.texts["name"] == ["甲", "乙", "丙", "丁"]
    assert firms.columns["sales"].tolist() == [3_200_500_000, 100_000, MISSING, MISSING]
    assert [
        (row, p.where.rpartition("/")[2], p.key, p.code)
        for row, found in firms.problems.items()
        for p in found
    ] == [
        (0, "firms.csv:2", "rd_staff", "firm.part-of"),
        (1, "firms.csv:3", "staff_total", "firm.negative"),
        (1, "firms.csv:3", "sales_prev_fen", "firm.not-minor"),
        (1, "firms.csv:3", "registered_on", "firm.not-a-date"),
        (2, "firms.csv:5", "sales", "firm.error-cell"),
        (2, "firms.csv:5", "", "firm.extra-cell"),
    ]
    assert not firms.row(3).problems


def test_many_firms_in_a_workbook_name_the_cell(tmp_path):
    rows = [["name", "staff_total", "rd_staff"], ["甲", 36, 37], ["乙", 36, ("=1+1", 0)]]
    firms = Firms.read(book(tmp_path / "b.xlsx", ("List", rows)))
    assert [p.where.rpartition("/")[2] for p in firms.problems[0]] == ["b.xlsx:List!C2"]
    assert [p.text().rpartition("/")[2] for p in firms.problems[1]] == [
        'b.xlsx:List!C3: rd_staff: the formula "=1+1" has no saved result; allowed is a value; '
        "open the book in a spreadsheet program and save it, or type the value [firm.no-result]"
    ]


def test_headers_are_checked_all_at_once(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("salse,staff_total,Staff,qqqq\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Firms.read(path)
    assert caught.value.text().replace(f"{tmp_path}/", "") == (
        'firms.csv:1: salse: unknown field; did you mean "sales"? [firm.unknown-field]\n'
        'firms.csv:1: Staff: given twice, also as "staff_total"; allowed is once; delete one of '
        "the two [firm.given-twice]\n"
        "firms.csv:1: qqqq: unknown field; no field has a similar name; see the empty firm file "
        "for the list [firm.unknown-field-none]"
    )


def test_one_currency_a_file(tmp_path):
    path = tmp_path / "firms.csv"
    path.write_text("currency,sales\nKRW,1 원\n,2 원\nUSD,3 USD\n", encoding="utf-8")
    firms = Firms.read(path)
    assert (firms.currency, firms.columns["sales"].tolist()) == ("KRW", [1, 2, MISSING])
    assert [p.code for p in firms.problems[2]] == ["firm.currency-mixed", "money.currency"]
    path.write_text("currency,sales\nRMB,1 元\n", encoding="utf-8")
    with pytest.raises(UsageError, match='unknown currency "RMB"'):
        Firms.read(path)


CELLS = st.sampled_from(
    ["", "36", "36.0", "-1", "x", "5%", "0.05", "450 万元", "450", "-3 元", "是", "no", "none", "无",
     "2025-03-01", "2025/3/1", "CN", "国家级", "#N/A", "91110000600037341l", "甲", "…"]
)  # fmt: skip
HEADER = ["staff_total", "rd_staff", "market_share", "sales", "net_profit", "overdue_now",
          "high_tech_until", "country", "rd_institution", "uscc", "name"]  # fmt: skip


@given(
    st.lists(st.lists(CELLS, min_size=len(HEADER), max_size=len(HEADER)), min_size=1, max_size=4)
)
def test_a_row_of_a_file_is_the_same_firm_alone(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    path.write_text(
        "\n".join(",".join(row) for row in [HEADER, *([*r[:-1], "甲"] for r in rows)]),
        encoding="utf-8",
    )
    firms = Firms.read(path)
    for index, row in enumerate(rows):
        mapping = dict(zip(HEADER, [*row[:-1], "甲"], strict=True))
        alone = Firm.from_dict(mapping, where=f"{path}:{index + 2}")
        assert firms.row(index) == alone
        assert firms.row(index).remarks == alone.remarks
