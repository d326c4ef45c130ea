"""Tables of rights as people have them: layouts, encodings, headings, bad cells, rows of one number."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from ipcredit.errors import UsageError
from ipcredit.patents.cells import BadCell, count_of, day_of, flag_of
from ipcredit.patents.families import family_of, member_item
from ipcredit.patents.layouts import COLUMN_FIELDS, ColumnMap, book, read_map
from ipcredit.patents.read import read_rights
from ipcredit.patents.right import CHOICES, Citation, Coded, Rights
from ipcredit.sheets import open_sheet
from patent_files import (
    FIRM,
    cnipa_rows,
    google_rows,
    incopat_rows,
    lens_rows,
    number,
    write_all,
    write_csv,
    write_xlsx,
)

ON = dt.date(2025, 6, 30)
FIRST = "CN" + number("201910999001")


def by_number(rights: Rights) -> dict[str, object]:
    return {right.number: right for right in rights}


def facts(rights: Rights) -> list[object]:
    """The records without their places and remarks, in the order of their numbers."""
    return sorted(rights, key=lambda right: (right.number, str(right)))


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def texts(error: UsageError) -> str:
    return error.text("en") + error.text("zh")


# -- the shipped examples ----------------------------------------------------------------------


@pytest.mark.checkout
def test_shipped_examples_are_what_the_script_writes(root, tmp_path):
    shipped = root / "config" / "examples" / "patents"
    write_all(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in shipped.iterdir())
    for name in names:
        if name.endswith(".xlsx"):
            assert list(open_sheet(shipped / name).rows) == list(open_sheet(tmp_path / name).rows)
        else:
            assert (shipped / name).read_bytes() == (tmp_path / name).read_bytes()


def test_cnipa_style(tmp_path):
    rights = read_rights(write_csv(tmp_path / "c.csv", cnipa_rows()))
    assert len(rights) == 13
    assert [(p.code, p.where) for p in rights.problems] == [
        ("number.check", f"{tmp_path / 'c.csv'}:11")
    ]
    found = by_number(rights)
    first = found[FIRST]
    assert (first.kind, first.office, first.grant_no) == ("invention", "CN", "CN110999001B")
    assert (first.filed, first.granted) == (dt.date(2019, 10, 21), dt.date(2021, 5, 18))
    assert (first.status, first.status_on, first.inventors) == ("granted", ON, 3)
    assert (first.owners, first.applicants, first.acquired) == ((FIRM,), None, "own")
    assert first.where == f"{tmp_path / 'c.csv'}:2"
    second = found["CN" + number("202010999002")]
    assert second.owners == ("某某大学", FIRM)
    assert (second.filed, second.granted) == (dt.date(2020, 3, 9), dt.date(2022, 7, 5))
    software = found["2021SR0999007"]
    assert (software.kind, software.status) == ("software_copyright", None)
    assert software.expires == dt.date(2071, 12, 31)
    unsure = found["CN" + number("202020999011")]
    assert codes(unsure.remarks) == ["number.no-check"]


def test_incopat_style(tmp_path):
    rights = read_rights(write_xlsx(tmp_path / "i.xlsx", incopat_rows()))
    assert (len(rights), rights.problems) == (7, ())
    first = by_number(rights)[FIRST]
    # The row of the application and the row of the grant are one right.
    assert (first.publication_no, first.grant_no) == ("CN110999001A", "CN110999001B")
    assert (first.published, first.granted) == (dt.date(2020, 2, 11), dt.date(2021, 5, 18))
    assert (first.claims, first.backward_citations, first.forward_citations_5y) == (9, 6, 9)
    assert (first.foreign_grants, first.ipc) == (("US", "JP"), ("B30B15/00", "B30B15/26"))
    assert (first.pledged, first.licensed, first.litigated) == (True, False, False)
    assert first.where == f"{tmp_path / 'i.xlsx'}:专利!C2"
    assert codes(first.remarks) == ["rights.merged"]
    design = by_number(rights)["CN" + number("202230999006")]
    assert (design.filed, design.claims) == (dt.date(2022, 5, 11), None)  # a serial number; blank
    assert "rights.serial-dates" in codes(rights.notes)


def test_lens_style_with_a_map(tmp_path):
    path = write_csv(tmp_path / "l.csv", lens_rows(), "utf-8")
    (tmp_path / "m.toml").write_text(
        "[defaults]\nstatus_on = 2025-06-30\nproduct_related = true\n", encoding="utf-8"
    )
    rights = read_rights(path, read_map(tmp_path / "m.toml"))
    assert (len(rights), rights.problems) == (4, ())
    cn, us, pending, utility = rights
    assert (cn.number, cn.office, cn.granted) == (FIRST, "CN", dt.date(2021, 5, 18))
    assert codes(cn.remarks) == ["number.no-check"]
    assert (us.office, us.grant_no, us.kind) == ("US", "US11999001B2", None)
    assert cn.family == us.family == "CN110999001"
    assert cn.foreign_grants == ("US",)
    assert (pending.status, pending.publication_no) == ("pending", "CN117999008A")
    assert (utility.kind, utility.grant_no) == ("utility_model", "CN215999005U")
    assert all(right.status_on == ON and right.product_related for right in rights)


def test_google_style_skips_the_line_above_the_heading(tmp_path):
    rights = read_rights(write_csv(tmp_path / "g.csv", google_rows(), "utf-8"))
    granted, pending, utility = rights
    assert (granted.number, granted.granted) == ("CN110999001B", dt.date(2021, 5, 18))
    assert (pending.granted, pending.published) == (None, dt.date(2023, 12, 8))
    assert (utility.kind, granted.inventors) == ("utility_model", 3)
    assert granted.status is None
    lacking = next(note for note in rights.notes if note.code == "rights.lacking")
    assert "status" in lacking.args["fields"]


def test_names_of_people_are_not_kept(tmp_path):
    rights = read_rights(write_csv(tmp_path / "c.csv", cnipa_rows()))
    kept = "".join(str(right) for right in rights) + "".join(map(str, rights.texts.values()))
    for name in ("甲某", "乙某", "丙某", "丁某", "戊某"):
        assert name not in kept


# -- encodings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = write_csv(tmp_path / "c.csv", cnipa_rows(), encoding)
    plain = write_csv(tmp_path / "p.csv", cnipa_rows())
    assert facts(read_rights(path)) == facts(read_rights(plain))


def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path):
    path = tmp_path / "c.csv"
    lines = "\n".join(",".join(row) for row in cnipa_rows()).split("\n")
    path.write_bytes(
        "\n".join(lines[:4]).encode("utf-8-sig") + b"\n" + "\n".join(lines[4:]).encode("gb18030")
    )
    with pytest.raises(UsageError) as caught:
        read_rights(path)
    assert codes(caught.value.problems) == ["file.csv-encoding"]
    assert caught.value.problems[0].where == f"{path}:5"


# -- headings ----------------------------------------------------------------------------------


def test_file_without_a_column_of_numbers(tmp_path):
    rows = [[cell for at, cell in enumerate(row) if at not in (1, 4)] for row in cnipa_rows()]
    with pytest.raises(UsageError) as caught:
        read_rights(write_csv(tmp_path / "c.csv", rows))
    assert codes(caught.value.problems) == ["rights.no-number-column"]
    assert "申请号" in texts(caught.value)
    assert caught.value.problems[0].where == f"{tmp_path / 'c.csv'}:1"


def test_missing_columns_are_said_and_stay_not_known(tmp_path):
    rows = [row[:4] for row in cnipa_rows()]
    rights = read_rights(write_csv(tmp_path / "c.csv", rows))
    lacking = next(note for note in rights.notes if note.code == "rights.lacking")
    assert lacking.args["fields"] == "status, granted, owners, product_related"
    assert all(right.status is None and right.owners is None for right in rights)


def test_file_without_known_headings(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_rights(write_csv(tmp_path / "c.csv", [["a", "b"], ["1", "2"]]))
    assert codes(caught.value.problems) == ["rights.no-heading"]


def test_empty_file(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_rights(write_csv(tmp_path / "c.csv", [["", ""]]))
    assert codes(caught.value.problems) == ["rights.empty"]


def merged_headings(path, *, named: bool = True):
    """A sheet with a title, and headings in two rows whose upper cells are merged."""
    import xlsxwriter

    book_ = xlsxwriter.Workbook(str(path))
    sheet = book_.add_worksheet("清单")
    sheet.merge_range(0, 0, 0, 7, "某企业知识产权清单（2025 年）")
    sheet.merge_range(1, 0, 2, 0, "专利类型")
    sheet.merge_range(1, 1, 1, 2, "申请")
    sheet.merge_range(1, 3, 1, 4, "授权公告")
    sheet.merge_range(1, 5, 2, 5, "专利权人")
    sheet.merge_range(1, 6, 2, 6, "法律状态")
    if named:
        sheet.merge_range(1, 7, 2, 7, "数据日期")
    for at, name in enumerate(("号", "日", "号", "日"), 1):
        sheet.write(2, at, name)
    data = ["发明", number("201910999001"), "2019-10-21", "CN110999001B", "2021-05-18", FIRM]
    for at, cell in enumerate([*data, "有效", "2025-06-30"]):
        sheet.write(3, at, cell)
    book_.close()
    return path


def test_merged_heading_cells(tmp_path):
    rights = read_rights(merged_headings(tmp_path / "m.xlsx"))
    (right,) = rights
    assert rights.problems == ()
    assert (right.number, right.grant_no) == (FIRST, "CN110999001B")
    assert (right.filed, right.granted) == (dt.date(2019, 10, 21), dt.date(2021, 5, 18))
    assert (right.owners, right.status, right.status_on) == ((FIRM,), "granted", ON)
    assert right.where == f"{tmp_path / 'm.xlsx'}:清单!B4"


def test_data_under_no_heading_are_said_with_the_cell(tmp_path):
    rights = read_rights(merged_headings(tmp_path / "m.xlsx", named=False))
    (problem,) = rights.problems
    assert (problem.code, problem.where) == ("rights.no-name", f"{tmp_path / 'm.xlsx'}:清单!H2")
    assert rights.right(0).number == FIRST


def test_heading_repeated_in_the_middle_is_skipped(tmp_path):
    rows = cnipa_rows()
    twice = [*rows[:5], rows[0], *rows[5:]]
    rights = read_rights(write_csv(tmp_path / "c.csv", twice))
    assert len(rights) == 13
    assert "rights.repeated-heading" in codes(rights.notes)


def test_row_with_a_stray_separator_is_left_out_and_said(tmp_path):
    rows = cnipa_rows()
    rows[2] = [*rows[2], "more"]
    rights = read_rights(write_csv(tmp_path / "c.csv", rows))
    assert len(rights) == 12
    assert (rights.problems[0].code, rights.problems[0].where) == (
        "rights.row-length",
        f"{tmp_path / 'c.csv'}:3",
    )


# -- cells -------------------------------------------------------------------------------------


def one(tmp_path, **cells):
    heading = {
        "application_no": "申请号", "filed": "申请日", "granted": "授权公告日", "status": "法律状态",
        "kind": "专利类型", "claims": "权利要求数量", "pledged": "是否质押", "grant_no": "授权公告号",
        "owners": "专利权人", "product_related": "与主要产品相关", "award": "获奖情况",
        "foreign_grants": "海外授权国家", "office": "国别", "transfers": "转让次数",
        "applicants": "申请人", "status_event_on": "法律状态公告日", "status_on": "数据日期",
        "citing": "被引证明细", "registration_no": "登记号", "acquired": "取得方式",
        "publication_no": "公开（公告）号", "publication_on": "公开（公告）日",
    }  # fmt: skip
    row = {"application_no": FIRST, "title": "x", **cells}
    heading["title"] = "发明名称"
    rows = [[heading[name] for name in row], list(row.values())]
    return read_rights(write_xlsx(tmp_path / "one.xlsx", rows))


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2019, 10, 21), "2019-10-21", "2019/10/21", "2019.10.21", "20191021",
        "2019年10月21日", "２０１９-10-21", 43759, "43759", 20191021, "2019-10-21 00:00:00",
    ],
)  # fmt: skip
def test_dates_in_all_forms(tmp_path, cell):
    rights = one(tmp_path, filed=cell)
    assert (rights.right(0).filed, rights.problems) == (dt.date(2019, 10, 21), ())


@pytest.mark.parametrize("cell", ["2019-13-01", "2019-02-30", "2019", "2019-10", "soon", 7, -3])
def test_bad_dates_are_said_with_the_cell_and_the_row_is_kept(tmp_path, cell):
    rights = one(tmp_path, filed=cell, claims=9)
    (problem,) = rights.problems
    assert (problem.code, problem.where, problem.key) == (
        "rights.date",
        f"{tmp_path / 'one.xlsx'}:专利!C2",
        "申请日",
    )
    right = rights.right(0)
    assert (right.filed, right.claims, right.number) == (None, 9, FIRST)


@pytest.mark.parametrize(
    ("cell", "count"), [(9, 9), ("9", 9), ("9项", 9), ("1,200", 1200), ("无", 0)]
)
def test_counts(tmp_path, cell, count):
    assert one(tmp_path, claims=cell).right(0).claims == count


@pytest.mark.parametrize("cell", [-1, 2.5, "many", "1e3"])
def test_bad_counts(tmp_path, cell):
    rights = one(tmp_path, claims=cell)
    assert (codes(rights.problems), rights.right(0).claims) == (["rights.count"], None)


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("是", True), ("否", False), (2, True), (0, False), ("无", False), ("-", None)],
)
def test_flags(tmp_path, cell, flag):
    assert one(tmp_path, pledged=cell).right(0).pledged is flag


def test_bad_flag(tmp_path):
    assert codes(one(tmp_path, pledged="maybe").problems) == ["rights.flag"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("授权", "granted"), ("有效", "granted"), ("专利权维持", "granted"), ("ACTIVE", "granted"),
        ("专利权的无效宣告(专利权部分无效)", "granted"), ("无效宣告请求审查中", "granted"),
        ("年费滞纳金", "granted"), ("专利权质押合同登记的生效", "granted"),
        ("审中", "pending"), ("实质审查的生效", "pending"), ("等待实审提案", "pending"),
        ("驳回等复审请求", "pending"), ("未授权", "pending"), ("公开", "pending"),
        ("未缴年费专利权终止", "lapsed"), ("未缴年费专利权终止，等恢复", "lapsed"), ("失效", "lapsed"),
        ("避免重复授予专利权", "lapsed"), ("专利权的主动放弃", "lapsed"), ("INACTIVE", "lapsed"),
        ("专利权有效期届满", "expired"), ("期满终止失效", "expired"), ("EXPIRED", "expired"),
        ("驳回失效", "refused"), ("发明专利申请公布后的驳回", "refused"),
        ("视为撤回失效", "withdrawn"), ("撤回专利申请", "withdrawn"), ("DISCONTINUED", "withdrawn"),
        ("专利权全部无效", "invalidated"), ("宣告无效", "invalidated"),
        ("专利权的恢复", None), ("专利申请权、专利权的转移", None), ("UNKNOWN", None),
        # Histories: what ended goes before what lives.
        ("实质审查; 授权; 未缴年费专利权终止", "lapsed"), ("公开; 授权; 权利转移", None),
        ("公开|授权", "granted"),
    ],
)  # fmt: skip
def test_words_of_status(tmp_path, word, status):
    rights = one(tmp_path, status=word, status_on="2025-06-30")
    assert (rights.right(0).status, rights.problems) == (status, ())


def test_unknown_word_is_said_once_for_all_its_cells(tmp_path):
    rows = [["申请号", "法律状态"]] + [
        [number(f"2019109990{n:02d}"), "呜呼"] for n in range(20, 25)
    ]
    rights = read_rights(write_csv(tmp_path / "c.csv", rows))
    (problem,) = rights.problems
    assert (problem.code, problem.where, problem.args["count"]) == (
        "rights.word",
        f"{tmp_path / 'c.csv'}:2",
        5,
    )
    assert len(rights) == 5


def test_error_cells_are_said(tmp_path):
    import xlsxwriter

    path = tmp_path / "e.xlsx"
    book_ = xlsxwriter.Workbook(str(path))
    sheet = book_.add_worksheet("专利")
    sheet.write_row(0, 0, ["申请号", "申请日", "法律状态"])
    sheet.write_row(1, 0, [FIRST])
    sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    sheet.write_formula(2, 0, "=NA()", None, "#N/A")
    sheet.write(2, 2, "授权")
    book_.close()
    rights = read_rights(path)
    assert [(p.code, p.where.rpartition("!")[2]) for p in rights.problems] == [
        ("rights.cell-error", "B2"),
        ("rights.cell-error", "A3"),
    ]
    assert len(rights) == 2


def test_kind_and_number_that_disagree(tmp_path):
    rights = one(tmp_path, kind="实用新型")
    (problem,) = rights.problems
    assert (problem.code, problem.where) == (
        "rights.kind-clash",
        f"{tmp_path / 'one.xlsx'}:专利!A2",
    )
    assert rights.right(0).kind is None


def test_number_of_the_international_application_is_finer_than_the_word(tmp_path):
    rights = one(tmp_path, kind="发明授权", application_no=number("201980012345"))
    assert (rights.right(0).kind, rights.problems) == ("pct_invention", ())


def test_filing_date_after_the_year_of_the_number(tmp_path):
    rights = one(tmp_path, filed="2020-01-02")
    assert codes(rights.problems) == ["rights.filed-year"]
    assert rights.right(0).filed is None
    assert one(tmp_path, filed="2017-01-02").problems == ()  # a division keeps the older date


def test_two_different_numbers_in_one_row(tmp_path):
    rights = one(tmp_path, grant_no="CN110999001B", publication_no="CN110999002B")
    assert codes(rights.problems) == ["rights.two-numbers"]


def test_row_whose_number_is_rejected_is_kept_without_one(tmp_path):
    rights = one(tmp_path, application_no="201910999001.9", filed="2019-10-21")
    right = rights.right(0)
    assert (right.number, right.filed) == ("", dt.date(2019, 10, 21))
    assert codes(rights.problems) == ["number.check"]


def test_day_of_a_status_that_ended_and_of_one_that_lives(tmp_path):
    dead = one(tmp_path, status="失效", status_on="2025-06-30", status_event_on="2023-08-01")
    assert dead.right(0).status_on == dt.date(2023, 8, 1)
    alive = one(tmp_path, status="授权", status_on="2025-06-30", status_event_on="2021-05-18")
    assert alive.right(0).status_on == ON
    alone = one(tmp_path, status="授权", status_event_on="2021-05-18")
    assert alone.right(0).status_on == dt.date(2021, 5, 18)


def test_exported_fills_what_no_column_says(tmp_path):
    path = write_csv(tmp_path / "c.csv", [["申请号", "法律状态"], [FIRST, "授权"]])
    assert read_rights(path).right(0).status_on is None
    assert read_rights(path, exported=ON).right(0).status_on == ON


def test_grant_date_from_the_publication_of_the_grant(tmp_path):
    grant = one(tmp_path, publication_no="CN110999001B", publication_on="2021-05-18").right(0)
    assert (grant.granted, grant.published, grant.grant_no) == (
        dt.date(2021, 5, 18),
        None,
        "CN110999001B",
    )
    first = one(tmp_path, publication_no="CN110999001A", publication_on="2020-02-11").right(0)
    assert (first.granted, first.published) == (None, dt.date(2020, 2, 11))


def test_transfers_tell_who_applied(tmp_path):
    never = one(tmp_path, owners=FIRM, transfers=0).right(0)
    assert (never.applicants, never.acquired) == ((FIRM,), None)
    bought = one(tmp_path, owners=FIRM, transfers=2).right(0)
    assert (bought.applicants, bought.acquired) == (None, "transfer")
    told = one(tmp_path, owners=FIRM, transfers=2, acquired="并购").right(0)
    assert told.acquired == "acquisition"


def test_offices_and_awards(tmp_path):
    right = one(tmp_path, foreign_grants="美国;欧洲；jp", award="无").right(0)
    assert (right.foreign_grants, right.award) == (("US", "EP", "JP"), "")
    assert one(tmp_path, foreign_grants="无").right(0).foreign_grants == ()
    assert one(tmp_path, award="中国专利优秀奖").right(0).award == "中国专利优秀奖"
    abroad = one(tmp_path, application_no="16/123,456", office="美国").right(0)
    assert (abroad.office, abroad.number) == ("US", "US16123456")


def test_later_patents_with_their_classes(tmp_path):
    right = one(tmp_path, citing="2021-03-01 B30B15/00; G01L").right(0)
    assert right.citing == (Citation(dt.date(2021, 3, 1), "B30B15/00"), Citation(None, "G01L"))


def test_other_rights(tmp_path):
    rows = [
        ["知识产权类型", "登记号", "名称", "登记日期", "有效期至", "权利人", "状态"],
        ["植物新品种", "CNA20150123.4", "甲", "2018-01-01", "2033-01-01", FIRM, "授权"],
        ["集成电路布图设计", "BS.205001234", "乙", "2020-05-01", "2030-05-01", FIRM, "登记"],
        ["国家新药", "国药准字Z20200001", "丙", "2020-06-01", "", FIRM, "有效"],
        ["国家一级中药保护品种", "ZYB123", "丁", "2019-01-01", "2026-01-01", FIRM, "保护中"],
        ["国家级农作物品种", "国审稻20200001", "戊", "2020-01-01", "", FIRM, "有效"],
        ["商标", "12345678", "己", "2020-01-01", "", FIRM, "有效"],
    ]
    rights = read_rights(write_csv(tmp_path / "o.csv", rows))
    assert [right.kind for right in rights] == [
        "plant_variety", "ic_layout", "national_drug", "tcm_protection", "crop_variety", "other",
    ]  # fmt: skip
    assert rights.problems == ()
    assert all(right.grant_no for right in rights)


def test_every_known_heading_belongs_to_one_field():
    for layout in book().layouts:
        seen: dict[str, str] = {}
        for field, heads in layout.columns.items():
            assert field in COLUMN_FIELDS
            for head in heads:
                assert seen.setdefault(head, field) == field, head


@pytest.mark.parametrize("about", list(CHOICES))
def test_own_words_of_fields_are_understood(about):
    for word in CHOICES[about]:
        assert book().meaning(about, word) == word


# -- rows of one number ------------------------------------------------------------------------


def table(tmp_path, *rows):
    heading = ["申请号", "权利要求数量", "法律状态", "数据日期", "授权公告号", "标题"]
    return read_rights(write_csv(tmp_path / "t.csv", [heading, *rows]))


def test_two_rows_with_one_number_and_different_facts(tmp_path):
    rights = table(
        tmp_path,
        [FIRST, "9", "授权", "2025-06-30", "", "甲"],
        [number("202010999002"), "5", "授权", "2025-06-30", "", "乙"],
        [FIRST, "8", "授权", "2025-06-30", "", "甲"],
    )
    (problem,) = rights.problems
    assert (problem.code, problem.where, problem.key) == (
        "rights.two-facts",
        f"{tmp_path / 't.csv'}:4",
        "claims",
    )
    assert problem.args["other"] == f"{tmp_path / 't.csv'}:2"
    assert len(rights) == 2
    assert rights.right(0).claims is None  # neither is believed
    assert rights.right(0).status == "granted"
    assert rights.right(1).claims == 5


def test_same_rows_twice_are_one_right_without_a_problem(tmp_path):
    row = [FIRST, "9", "授权", "2025-06-30", "CN110999001B", "甲"]
    rights = table(tmp_path, row, row)
    assert (len(rights), rights.problems) == (1, ())


def test_later_status_holds(tmp_path):
    rights = table(
        tmp_path,
        [FIRST, "9", "失效", "2025-06-30", "", "甲"],
        [FIRST, "9", "授权", "2024-06-30", "", "甲"],
    )
    assert (rights.right(0).status, rights.right(0).status_on) == ("lapsed", ON)
    assert rights.problems == ()


def test_claims_of_the_grant_go_before_those_of_the_application(tmp_path):
    rights = table(
        tmp_path,
        [FIRST, "12", "授权", "2025-06-30", "", "甲"],
        [FIRST, "9", "授权", "2025-06-30", "CN110999001B", "甲"],
    )
    assert (rights.right(0).claims, rights.problems) == (9, ())


def test_publications_of_both_stages_are_one_right(tmp_path):
    rows = [
        ["公开（公告）号", "公开（公告）日", "标题"],
        ["CN110999001A", "2020-02-11", "甲"],
        ["CN110999001B", "2021-05-18", "甲"],
        ["CN100378905C", "2008-04-02", "乙"],
        ["CN100378905A", "2008-09-10", "丙"],
    ]
    rights = read_rights(write_csv(tmp_path / "t.csv", rows))
    assert len(rights) == 3  # before 2010 the letters C and A were different series
    assert (rights.right(0).published, rights.right(0).granted) == (
        dt.date(2020, 2, 11),
        dt.date(2021, 5, 18),
    )


def test_row_with_the_grant_alone_joins_its_application(tmp_path):
    rights = table(
        tmp_path,
        [FIRST, "9", "授权", "2025-06-30", "CN110999001B", "甲"],
        ["", "", "", "", "CN110999001B", "甲"],
    )
    assert len(rights) == 1


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_does_not_matter(tmp_path, seed):
    heading, *rows = incopat_rows()
    again = [[cell if at != 13 else 3 for at, cell in enumerate(row)] for row in rows[:3]]
    rows = [*rows, *again]  # facts that differ among them
    plain = read_rights(write_xlsx(tmp_path / "a.xlsx", [heading, *rows]))
    random.Random(seed).shuffle(rows)
    mixed = read_rights(write_xlsx(tmp_path / "b.xlsx", [heading, *rows]))
    assert facts(mixed) == facts(plain)
    assert sorted(codes(mixed.problems)) == sorted(codes(plain.problems))


def test_families_from_lists_with_or_without_the_row_itself():
    own = ["CN110999001B", "US11999001B2", "CN112000001B", "JP7999001B2"]
    lists = [("US11999001B2",), ("CN110999001A",), ("CN112000001B",), ("US11999001B2",)]
    members = Coded.of([tuple(member_item(item) for item in row) for row in lists])
    assert list(family_of(own, members).codes) == [0, 0, 1, 0]
    assert family_of(own, members)[0] == "CN110999001"


# -- a column map ------------------------------------------------------------------------------


def mapped(tmp_path, text, rows):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    return read_rights(write_csv(tmp_path / "t.csv", rows), read_map(tmp_path / "m.toml"))


def test_own_headings_words_and_defaults(tmp_path):
    rights = mapped(
        tmp_path,
        """
separators = ["/"]
[columns]
application_no = "No."
status = ["Zustand", "State"]
owners = "Holders"
[defaults]
status_on = "2025-06-30"
product_related = true
kind = "invention"
claims = 7
acquired = "own"
[words.status]
"alive and well" = "granted"
""",
        [
            ["No.", "State", "Holders"],
            [FIRST, "alive and well", f"{FIRM}/B"],
            [number("202010999002"), "失效", ""],
        ],
    )
    first, second = rights
    assert (first.status, first.owners, first.claims) == ("granted", (FIRM, "B"), 7)
    assert (second.status, second.product_related, second.status_on) == ("lapsed", True, ON)


def test_default_fills_blank_cells_only(tmp_path):
    rights = mapped(
        tmp_path,
        "[defaults]\nproduct_related = true\n",
        [["申请号", "与主要产品相关"], [FIRST, "否"], [number("202010999002"), ""]],
    )
    assert [right.product_related for right in rights] == [False, True]


def test_map_that_names_a_heading_that_is_not_there(tmp_path):
    with pytest.raises(UsageError) as caught:
        mapped(
            tmp_path,
            '[columns]\nstatus = "Statsu"\n',
            [["申请号", "标题", "Status"], [FIRST, "甲", "授权"]],
        )
    (problem,) = caught.value.problems
    assert (problem.code, problem.key) == ("rights.map-heading", "columns.status")
    assert problem.args["nearest"] == "Status"


def test_all_faults_of_a_map_at_once(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(
        'layout = "foo"\ncolums = 1\nsheet = 3\n[columns]\nstatsu = "a"\nfiled = 3\n'
        '[defaults]\nstatus_no = 1\nfiled = [1]\n[words.status]\nok = "fine"\n[words.colour]\n',
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        read_map(path)
    assert [(p.code, p.key, p.where.rpartition(":")[2]) for p in caught.value.problems] == [
        ("map.layout", "layout", "1"),
        ("map.unknown", "colums", "2"),
        ("map.shape", "sheet", "3"),
        ("map.unknown", "columns.statsu", "5"),
        ("map.shape", "columns.filed", "6"),
        ("map.unknown", "defaults.status_no", "8"),
        ("map.shape", "defaults.filed", "9"),
        ("map.word", "words.status.ok", "11"),
        ("map.unknown", "words.colour", "12"),
    ]
    assert texts(caught.value)


def test_default_that_cannot_be_read(tmp_path):
    with pytest.raises(UsageError) as caught:
        mapped(tmp_path, '[defaults]\nfiled = "soon"\n', [["申请号", "标题"], [FIRST, "a"]])
    assert [(p.code, p.key) for p in caught.value.problems] == [("rights.date", "defaults.filed")]


def test_map_chooses_the_sheet(tmp_path):
    path = write_xlsx(tmp_path / "i.xlsx", incopat_rows())
    assert len(read_rights(path, ColumnMap(sheet="专利"))) == 7
    with pytest.raises(UsageError):
        read_rights(path, ColumnMap(sheet="商标"))


# -- single cells ------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [day_of, count_of, flag_of])
def test_nonsense_is_refused(read):
    for cell in ("??", "1/2", "2025-99-99"):
        with pytest.raises(BadCell):
            read(cell)


def test_coded_columns():
    column = Coded.of(["a", None, "b", "a"])
    assert [column[row] for row in range(4)] == ["a", None, "b", "a"]
    assert column.map(str.upper).words == ("A", "B")
    assert column.map(lambda word: None).codes.tolist() == [-1] * 4
    assert column.map(lambda word: "x").codes.tolist() == [0, -1, 0, 0]
    assert Coded.absent(2).codes.tolist() == [-1, -1]
