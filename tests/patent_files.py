"""Writes the example files of rights: python tests/patent_files.py DIRECTORY.

Firm, rights and numbers are invented; only the check digits are right.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from pathlib import Path
from typing import Any

from ipcredit.patents.numbers import check_digit

FIRM = "示例智造科技有限公司（合成 synthetic）"
LATIN = "EXAMPLE SMART MFG CO LTD"
CREATED = dt.datetime(2025, 6, 30)


def number(digits: str) -> str:
    return f"{digits}.{check_digit(digits)}"


def cnipa_rows() -> list[list[str]]:
    heading = [
        "知识产权类型", "申请号/专利号", "发明名称", "申请日", "公开（公告）号", "授权公告日",
        "申请（专利权）人", "发明（设计）人", "主分类号", "法律状态", "终止日期", "到期日", "数据日期",
        "取得方式", "与主要产品相关",
    ]  # fmt: skip
    on = "2025-06-30"
    rows = [
        ["发明", "ZL" + number("201910999001"), "一种伺服压装装置", "2019-10-21", "CN110999001B",
         "2021-05-18", FIRM, "甲某;乙某;丙某", "B30B15/00", "专利权维持", "", "", on, "自主研发", "是"],
        ["发明", "2020 1 0999002." + check_digit("202010999002"), "压力曲线判别方法", "2020年3月9日",
         "CN111999002B", "2022/7/5", f"某某大学；{FIRM}", "甲某、丁某", "G01L5/00", "专利权维持", "", "", on,
         "自主研发", "是"],
        ["发明", number("201510999003"), "送料机构", "20150602", "CN104999003B", "2017-09-12", FIRM, "乙某",
         "B23Q7/00", "未缴年费专利权终止", "2023-06-02", "", on, "自主研发", "是"],
        ["实用新型", number("201320999004"), "夹具", "2013-04-16", "CN203999004U", "2013-11-06", FIRM, "乙某",
         "B25B11/00", "专利权有效期届满", "", "", on, "自主研发", "是"],
        ["实用新型", number("202120999005"), "快换工装", "2021-08-30", "CN215999005U", "2022-02-15", FIRM,
         "丙某;丁某", "B25B11/02", "专利权维持", "", "", on, "自主研发", "是"],
        ["外观设计", number("202230999006"), "压装机", "2022-05-11", "CN307999006S", "2022-10-28", FIRM, "丙某",
         "15-09", "专利权维持", "", "", on, "自主研发", "是"],
        ["软件著作权", "2021SR0999007", "压装工艺监控软件 V2.0", "", "", "2021-06-08", FIRM, "", "", "",
         "", "2071-12-31", on, "原始取得", "是"],
        ["发明", number("202310999008"), "在线标定方法", "2023-09-14", "CN117999008A", "", FIRM, "甲某",
         "G01L25/00", "等待实审提案", "", "", on, "自主研发", "是"],
        ["发明", number("201810999009"), "电缸", "2018-02-27", "CN108999009B", "2020-04-03", "他人精密机械有限公司",
         "戊某", "F16H25/20", "专利权维持", "", "", on, "", "是"],
        ["发明", "201910999010." + ("1" if check_digit("201910999010") != "1" else "2"), "传感器支架",
         "2019-12-03", "", "2021-11-09", FIRM, "甲某", "G01L1/00", "专利权维持", "", "", on, "自主研发", "是"],
        ["实用新型", "202020999011", "护罩", "2020-06-17", "CN212999011U", "2021-01-26", FIRM, "丁某",
         "F16P3/00", "专利权维持", "", "", on, "自主研发", "是"],
        ["实用新型", number("202220999012"), "办公桌", "2022-03-24", "CN217999012U", "2022-09-13", FIRM, "丁某",
         "A47B17/00", "专利权维持", "", "", on, "自主研发", "否"],
        ["发明", number("201710999013"), "压头", "2017-11-08", "CN107999013B", "2019-12-24", FIRM, "甲某",
         "B30B15/02", "专利权维持", "", "", on, "受让", ""],
    ]  # fmt: skip
    return [heading, *rows]


def incopat_rows() -> list[list[Any]]:
    heading = [
        "序号", "标题（中文）", "申请号", "申请日", "公开（公告）号", "公开（公告）日", "专利类型", "专利有效性",
        "申请人", "当前权利人", "发明人", "IPC主分类", "IPC", "权利要求数量", "引证次数", "被引证次数",
        "5年内被引用次数", "简单同族", "简单同族个数", "转让次数", "转让生效日", "许可次数", "质押次数",
        "诉讼次数", "预估到期日", "导出日期", "是否与主导产品相关",
    ]  # fmt: skip
    on, day = dt.date(2025, 6, 30), dt.date
    first, second = "CN" + number("201910999001"), "CN" + number("202010999002")
    family = "CN110999001A; CN110999001B; US11999001B2; JP7999001B2"
    rows: list[list[Any]] = [
        ["一种伺服压装装置", first, day(2019, 10, 21), "CN110999001A", day(2020, 2, 11), "发明申请", "有效",
         FIRM, FIRM, "甲某; 乙某; 丙某", "B30B15/00", "B30B15/00; B30B15/26", 10, 6, 14, 9, family, 4, 0, None, 0, 1,
         0, day(2039, 10, 21), on, "是"],
        ["一种伺服压装装置", first, day(2019, 10, 21), "CN110999001B", day(2021, 5, 18), "发明授权", "有效",
         FIRM, FIRM, "甲某; 乙某; 丙某", "B30B15/00", "B30B15/00; B30B15/26", 9, 6, 14, 9, family, 4, 0, None, 0, 1,
         0, day(2039, 10, 21), on, "是"],
        ["压力曲线判别方法", second, "2020-03-09", "CN111999002B", "2022-07-05", "发明授权", "有效",
         f"某某大学; {FIRM}", f"某某大学; {FIRM}", "甲某; 丁某", "G01L5/00", "G01L5/00; G06F17/10", 8, 5, 3, 2,
         "CN111999002A; CN111999002B", 2, 0, None, 1, 0, 0, "2040-03-09", on, "是"],
        ["快换工装", "CN" + number("202120999005"), day(2021, 8, 30), "CN215999005U", day(2022, 2, 15),
         "实用新型", "有效", FIRM, FIRM, "丙某; 丁某", "B25B11/02", "B25B11/02", 6, 0, 1, 1, "CN215999005U", 1, 0,
         None, 0, 0, 0, day(2031, 8, 30), on, "是"],
        ["压装机", "CN" + number("202230999006"), 44692, "CN307999006S", 44862, "外观设计", "有效", FIRM, FIRM,
         "丙某", "15-09", "15-09", None, None, 0, 0, "CN307999006S", 1, 0, None, 0, 0, 0, day(2037, 5, 11), on, "是"],
        ["压头", "CN" + number("201710999013"), day(2017, 11, 8), "CN107999013B", day(2019, 12, 24), "发明授权",
         "有效", "他人精密机械有限公司", FIRM, "戊某", "B30B15/02", "B30B15/02", 7, 4, 6, 3, "CN107999013A; CN107999013B",
         2, 1, day(2025, 1, 15), 0, 0, 0, day(2037, 11, 8), on, "是"],
        ["送料机构", "CN" + number("201510999003"), day(2015, 6, 2), "CN104999003B", day(2017, 9, 12), "发明授权",
         "失效", FIRM, FIRM, "乙某", "B23Q7/00", "B23Q7/00", 5, 3, 2, 2, "CN104999003A; CN104999003B", 2, 0, None, 0,
         0, 0, day(2035, 6, 2), on, "是"],
        ["在线标定方法", "CN" + number("202310999008"), day(2023, 9, 14), "CN117999008A", day(2023, 12, 8),
         "发明申请", "审中", FIRM, FIRM, "甲某", "G01L25/00", "G01L25/00", 10, 0, 0, 0, "CN117999008A", 1, 0, None,
         0, 0, 0, None, on, "是"],
    ]  # fmt: skip
    return [heading, *([at, *row] for at, row in enumerate(rows, 1))]


def lens_rows() -> list[list[str]]:
    heading = [
        "#", "Jurisdiction", "Kind", "Display Key", "Lens ID", "Publication Date", "Publication Year",
        "Application Number", "Application Date", "Priority Numbers", "Earliest Priority Date", "Title",
        "Applicants", "Inventors", "Owners", "Document Type", "Cites Patent Count",
        "Cited by Patent Count", "Simple Family Size", "Simple Family Members",
        "IPCR Classifications", "Legal Status",
    ]  # fmt: skip
    family = "CN 110999001 A;;CN 110999001 B;;US 11999001 B2"
    rows = [
        ["CN", "B", "CN 110999001 B", "000-000-000-000-001", "2021-05-18", "2021", "CN 201910999001 A",
         "2019-10-21", "CN 201910999001 A", "2019-10-21", "Servo press", LATIN, "A A;;B B;;C C", LATIN,
         "Granted Patent", "6", "14", "3", family, "B30B15/00;;B30B15/26", "ACTIVE"],
        ["US", "B2", "US 11999001 B2", "000-000-000-000-002", "2023-03-07", "2023", "US 202017999001 A",
         "2020-10-19", "CN 201910999001 A", "2019-10-21", "Servo press", LATIN, "A A;;B B;;C C", LATIN,
         "Granted Patent", "11", "3", "3", family, "B30B15/00", "ACTIVE"],
        ["CN", "A", "CN 117999008 A", "000-000-000-000-003", "2023-12-08", "2023", "CN 202310999008 A",
         "2023-09-14", "CN 202310999008 A", "2023-09-14", "Calibration in operation", LATIN, "A A", "",
         "Patent Application", "0", "0", "1", "CN 117999008 A", "G01L25/00", "PENDING"],
        ["CN", "U", "CN 215999005 U", "000-000-000-000-004", "2022-02-15", "2022", "CN 202120999005 U",
         "2021-08-30", "CN 202120999005 U", "2021-08-30", "Quick-change tooling", LATIN, "C C;;D D", "",
         "Limited Patent", "0", "1", "1", "CN 215999005 U", "B25B11/02", "ACTIVE"],
    ]  # fmt: skip
    return [heading, *([str(at), *row] for at, row in enumerate(rows, 1))]


def google_rows() -> list[list[str]]:
    return [
        ["search URL:", f"https://patents.google.com/?assignee={LATIN.replace(' ', '+')}"],
        ["id", "title", "assignee", "inventor/author", "priority date", "filing/creation date",
         "publication date", "grant date", "result link", "representative figure link"],
        ["CN-110999001-B", "Servo press", LATIN, "A A, B B, C C", "2019-10-21", "2019-10-21", "2021-05-18",
         "2021-05-18", "", ""],
        ["CN-117999008-A", "Calibration in operation", LATIN, "A A", "2023-09-14", "2023-09-14",
         "2023-12-08", "", "", ""],
        ["CN-203999004-U", "Fixture", LATIN, "B B", "2013-04-16", "2013-04-16", "2013-11-06", "2013-11-06",
         "", ""],
    ]  # fmt: skip


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def write_xlsx(path: Path, rows: list[list[Any]], **options: Any) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **options})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("专利")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()))
            elif cell is not None:
                sheet.write(at, column, cell)
    book.close()
    return path


MAP = """\
# A column map: what the columns of a table of one's own mean (docs/methods/patents.md).
# 列对照文件：自有表格各列的含义（docs/methods/patents.zh.md）。

layout = "lens"                      # start from a known layout; leave out for none

[columns]                            # field = heading, or a list of headings
title = "Title"

[defaults]                           # facts that hold for every row without its own
status_on       = 2025-06-30         # the day of the export
product_related = true
acquired        = "own"

[words.status]                       # words of one's own tables
"in force (checked)" = "granted"
"""


def write_all(folder: Path) -> None:
    write_csv(folder / "cnipa-example.csv", cnipa_rows())
    write_xlsx(folder / "incopat-example.xlsx", incopat_rows())
    write_csv(folder / "lens-example.csv", lens_rows(), "utf-8")
    write_csv(folder / "google-example.csv", google_rows(), "utf-8")
    (folder / "map-example.toml").write_text(MAP, encoding="utf-8")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
