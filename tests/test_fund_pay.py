"""Claims from files: what is read, what is left out, what is printed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fund_made import made
from ipcredit.errors import IpCreditError, PortfolioError, UsageError
from ipcredit.fund.claims import MoneyEvent, Position, Recovery
from ipcredit.fund.claims_file import (
    Ledger,
    read_claims,
    read_money,
    read_positions,
    read_recoveries,
)
from ipcredit.fund.fund import Fund
from ipcredit.fund.pay import PayResult, pay_claims, pay_json, pay_rows, write_pay_csv
from ipcredit.fund.pay_text import MOST_CLAIMS, pay_text
from ipcredit.portfolio_columns import COLUMNS
from ipcredit.resources import config_dir

Write = Callable[..., Path]
PART = COLUMNS["part"].label("zh")
HEAD = "claim,firm,lender,district,overdue_on,principal"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def one(*lines: str, name: str = "claims.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return one


def texts(error: IpCreditError | PayResult, file: Path) -> list[str]:
    return [problem.text("en").replace(str(file), file.name) for problem in error.problems]


# -- reading --------------------------------------------------------------------------------------


def test_claims_with_english_names_and_every_column(write: Write) -> None:
    path = write(
        f"{HEAD},loan,interest_fen,own_liability,other_public,other_scheme,cover_rule,class,mode,"
        "part,tags,size,revenue,support_years,collateral_share,rate_over_benchmark",
        "a,f,b,n,2025-01-02,1.5 万元,l,7,2 元,1 元,no,flat,A,direct,base,x;y,3 元,4 元,5.5,0.25,-0.1",
        "b,f,b,,2025/1/3,0 元,,,,,yes,,,,,none,,,,,",
        "c,f,b,,2025年1月3日,0 元,,0,,,,,,,,,,,,,",
    )
    found = read_claims(path, "CNY")
    assert found.problems == ()
    a, b, c = found.items
    assert (a.id, a.loan, a.firm, a.lender, a.district) == ("a", "l", "f", "b", "n")
    assert a.overdue_on == dt.date(2025, 1, 2)
    assert (a.principal, a.interest, a.own_liability, a.other_public) == (1_500_000, 7, 200, 100)
    assert (a.other_scheme, a.cover_rule, a.tags) == (False, "flat", frozenset({"x", "y"}))
    assert a.words == {"class": "A", "mode": "direct", "part": "base"}
    assert a.numbers == {
        "size": 300, "revenue": 400, "support_years": 5_500_000, "collateral_share": 250_000,
        "rate_over_benchmark": -100_000,
    }  # fmt: skip
    assert (b.loan, b.interest, b.own_liability, b.other_scheme) == ("b", None, None, True)
    assert (b.tags, b.numbers, b.words) == (frozenset(), {}, {})
    assert (c.interest, c.tags, c.other_scheme) == (0, None, None)
    assert [place.rpartition("/")[2] for place in found.places] == [
        "claims.csv:2", "claims.csv:3", "claims.csv:4",
    ]  # fmt: skip


def test_claims_with_chinese_labels_from_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "claims.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("代偿")
        head = ("代偿编号", "企业", "贷款机构", "区县", "逾期日", "逾期本金（万元）", PART)
        for at, name in enumerate(head):
            sheet.write(0, at, name)
        for at, value in enumerate(("c-1", "甲", "行", "北", None, 12.34, "知识价值")):
            sheet.write(1, at, value)
        sheet.write_datetime(
            1, 4, dt.datetime(2025, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"})
        )
        sheet.write_row(2, 0, ("c-2", "甲", "行", "北", "昨天", 1, "别的"))
    found = read_claims(path, "CNY")
    (claim,) = found.items
    assert (claim.id, claim.overdue_on, claim.principal) == ("c-1", dt.date(2025, 3, 1), 12_340_000)
    assert claim.words == {"part": "knowledge"}
    assert [text.rpartition("/")[2] for text in texts(found, path)] == [  # type: ignore[arg-type]
        'claims.xlsx:代偿!E3: 逾期日: "昨天" is not a date; allowed is year, month, day; write it '
        "as in 2025-03-01 [firm.not-a-date]",
        f'claims.xlsx:代偿!G3: {PART}: "别的" is not one of the choices; allowed are knowledge, '
        "base, receivables; write one of them [portfolio.word]",
    ]
    assert found.left_out == {"c-2"}


def test_every_bad_cell_is_said_and_the_good_rows_are_kept(write: Write) -> None:
    path = write(
        HEAD,
        "a,f,b,n,2025-01-01,-1 元",
        ",f,b,n,2025-01-01,1 元",
        "c,f,,n,2025-02-30,100",
        "d,f,b,n,2025-01-01,1 元,more",
        "e,f,b,n,2025-01-01,1 元",
    )
    found = read_claims(path, "CNY")
    assert [claim.id for claim in found.items] == ["e"]
    assert texts(found, path) == [  # type: ignore[arg-type]
        f'{path}:2: principal: "-1 元" is negative; allowed is 0 or more; correct it [firm.negative]'.replace(
            str(path), "claims.csv"
        ),
        "claims.csv:3: claim: this cell is empty; every row needs it; fill it in [fund-pay.blank]",
        "claims.csv:4: lender: this cell is empty; every row needs it; fill it in [fund-pay.blank]",
        'claims.csv:4: overdue_on: "2025-02-30" is not a date; allowed is year, month, day; write '
        "it as in 2025-03-01 [firm.not-a-date]",
        'claims.csv:4: principal: the amount "100" has no unit; an amount needs its unit; write it '
        'as in "450 万元" [money.no-unit]',
        'claims.csv:5: "more" stands under no field name; allowed are cells under the names of the '
        "header; delete it or name the column [firm.extra-cell]",
    ]
    assert found.left_out == {"a", "c", "d"}


def test_a_wrong_header_is_refused_with_all_that_is_wrong(write: Write) -> None:
    path = write("claim,firm,lendr,zzz,claim,principal_fen", "a,f,b,,,1")
    with pytest.raises(UsageError) as caught:
        read_claims(path, "CNY")
    lines = texts(caught.value, path)
    assert lines[0] == (
        'claims.csv:1: lendr: no such column; the nearest is "lender"; correct the heading or '
        "remove the column [portfolio.unknown-column-near]"
    )
    assert lines[1].startswith("claims.csv:1: zzz: no such column; known are claim, loan, firm,")
    assert lines[2].startswith('claims.csv:1: claim: given twice, also as "claim"')
    assert lines[3:] == [
        f"claims.csv:1: {name}: the table has no such column; it is needed; add it "
        "[fund-pay.no-column]"
        for name in ("lender", "overdue_on")
    ]
    with pytest.raises(UsageError) as caught:
        read_claims(write(name="claims.csv"), "CNY")
    assert texts(caught.value, path) == [
        "claims.csv: the table is empty; allowed is a header and rows below it; fill it in "
        "[fund-pay.no-rows]"
    ]


def test_a_header_without_rows_is_an_empty_list(write: Write) -> None:
    assert read_claims(write(HEAD), "CNY") == Ledger()


def test_the_other_tables(write: Write) -> None:
    day = dt.date(2025, 1, 1)
    recoveries = write("day,claim,amount", "2025-01-01,a,1 元", name="r.csv")
    assert read_recoveries(recoveries, "CNY").items == (Recovery(day, "a", 100),)
    positions = write("日期,贷款机构,区县,累计放款额,贷款余额_fen".replace("贷款余额_fen", "balance_fen"),
                      "2025-01-01,b,n,1 元,50", name="p.csv")  # fmt: skip
    assert read_positions(positions, "CNY").items == (Position(day, "b", "n", 100, 50),)
    money = write("day,pot,district,committed,cash", "2025-01-01,,,1 元,", "2025-01-01,city,n,,-2 元",
                  name="m.csv")  # fmt: skip
    assert read_money(money, "CNY").items == (
        MoneyEvent(day, "fund", "", committed=100),
        MoneyEvent(day, "city", "n", cash=-200),
    )
    dollars = write("day,claim,amount", "2025-01-01,a,1 USD", name="d.csv")
    assert read_recoveries(dollars, "USD").items == (Recovery(day, "a", 100),)
    assert read_recoveries(dollars, "CNY").problems[0].code == "money.currency"


# -- paying ---------------------------------------------------------------------------------------


def test_good_claims_are_paid_and_the_others_listed(write: Write) -> None:
    path = write(
        f"{HEAD},mode",
        "a,f,b,n,2025-01-01,100 元,direct",
        "b,f,b,n,2025-01-01,100 元,",
        "c,f,b,n,2025-01-01,bad,direct",
        "d,f,b,n,2025-01-01,1 元,direct",
        "d,f,b,n,2025-01-01,1 元,direct",
    )
    recoveries = write(
        "day,claim,amount", "2025-02-01,a,10 元", "2025-02-01,b,10 元", "2025-02-01,c,10 元",
        "2025-02-01,x,10 元", "2025-02-01,a,-1 元", name="r.csv",
    )  # fmt: skip
    fund = made(cover={"rules": {"direct": {"when": {"mode": "direct"}, "share": 0.5}}})
    result = pay_claims(fund, read_claims(path, "CNY"), read_recoveries(recoveries, "CNY"))
    assert [(item.claim.id, item.fund, item.returned) for item in result.payments.decisions] == [
        ("a", 5000, 500)
    ]
    assert not result.is_complete
    assert [line.rpartition("/")[2] for line in texts(result, path)] == [
        'claims.csv:4: principal: "bad" is not an amount; allowed is a number with its unit; write '
        'it as in "450 万元" [money.not-an-amount]',
        "claims.csv:3: b: mode: it is not known and a clause of the fund asks for it; allowed is a "
        "value for every claim; fill it in [fund-pay.lacks]",
        *(
            f'claims.csv:{row}: d: claim: the claim "d" is there more than once; allowed is one row '
            "a claim; number them apart or delete one [fund-pay.claim-twice]"
            for row in (5, 6)
        ),
        'r.csv:6: amount: "-1 元" is negative; allowed is 0 or more; correct it [firm.negative]',
        'r.csv:5: claim: there is no claim "x"; allowed are the claims of the list; correct the '
        "number [fund-pay.unknown-claim]",
    ]
    assert "Left out" in pay_text(result, "en")
    assert pay_json(result)["problems"][0]["code"] == "money.not-an-amount"


def test_a_lender_that_reports_nothing_is_left_out(write: Write) -> None:
    path = write(HEAD, "a,f,b,n,2025-01-01,1 元", "c,f,unknown,n,2025-01-01,1 元")
    limit = {"measure": "payouts", "per": "lender", "rate": 0.1, "of": "volume"}
    positions = Ledger((Position(dt.date(2025, 1, 1), "b", "n", 10_000, 10_000),))
    result = pay_claims(made(limits={"cap": limit}), read_claims(path, "CNY"), positions=positions)
    assert [item.claim.id for item in result.payments.decisions] == ["a"]
    assert texts(result, path) == [
        'claims.csv:3: c: lender: the lender "unknown" has reported no position by 2025-01-01, and a '
        "clause is measured over it; allowed is a report on or before that day; add it, or correct "
        "the name [fund-pay.no-position.lender]"
    ]


def test_wrong_positions_or_money_stop_everything(write: Write) -> None:
    claims = read_claims(write(HEAD, "a,f,b,n,2025-01-01,1 元"), "CNY")
    positions = write("day,lender,district,volume,balance", "2025-01-01,b,n,1 元,x", name="p.csv")
    money = write("day,pot,committed", "2025-01-01,city,1 元", name="m.csv")
    with pytest.raises(PortfolioError) as caught:
        pay_claims(
            made(),
            claims,
            positions=read_positions(positions, "CNY"),
            money=read_money(money, "CNY"),
        )
    assert [problem.code for problem in caught.value.problems] == [
        "money.not-an-amount", "fund-pay.unknown-pot",
    ]  # fmt: skip
    assert caught.value.problems[1].where.endswith("m.csv:2")


def test_what_a_clause_needs_and_nobody_gives_is_refused(write: Write) -> None:
    claims = read_claims(write(HEAD, "a,f,b,n,2025-01-01,1 元"), "CNY")
    with pytest.raises(UsageError) as caught:
        pay_claims(Fund.load("hubei"), claims)
    assert [problem.code for problem in caught.value.problems] == [
        "fund-pay.positions-needed", "fund-pay.no-capital.committed",
    ]  # fmt: skip


def test_interest_that_the_fund_shares_must_be_known(write: Write) -> None:
    claims = read_claims(write(HEAD, "a,f,b,n,2025-01-01,1 元"), "CNY")
    result = pay_claims(made(claim={"interest": True}), claims)
    assert [(item.code, item.key) for item in result.problems] == [
        ("fund-pay.lacks", "a: interest")
    ]
    assert pay_claims(made(), claims).is_complete


# -- what is shown --------------------------------------------------------------------------------


def example(until: dt.date | None = None, fund: str = "chongqing-knowledge@2019") -> PayResult:
    folder = config_dir() / "examples" / "claims"
    return pay_claims(
        Fund.load(fund),
        read_claims(folder / "claims.csv", "CNY"),
        read_recoveries(folder / "recoveries.csv", "CNY"),
        read_positions(folder / "positions.csv", "CNY"),
        read_money(folder / "money.csv", "CNY"),
        until,
    )


def test_the_example_is_paid_as_worked_out_by_hand() -> None:
    result = example()
    found = {item.claim.id[-3:]: item for item in result.payments.decisions}
    assert result.is_complete
    assert {key: item.fund for key, item in found.items()} == {
        "001": 96_000_000,  # .80 x 1,200,000
        "002": 64_000_000,
        "003": 160_000_000,
        "004": 0,  # base credit is not covered
        "005": 24_000_000,  # .80 x (333,300 - 33,300)
        "006": 120_000_000,
    }
    # 300,000 of 1,200,000 of principal recovered: 80 % of it goes back to the fund.
    assert found["001"].returned == 24_000_000
    assert found["004"].decided_by == "covers"
    assert {"synthetic", "合成"} & set(found["001"].claim.id.split("-"))


def test_the_text_says_who_owes_what_and_why() -> None:
    result = example()
    zh, en = pay_text(result, "zh"), pay_text(result, "en")
    for text in ("逾期未收回本金", "不属基金覆盖的贷款类别", "96 万元", "熔断机制存在", "假定 1",
                 "是否支付由基金管理人员决定", "chongqing-knowledge@2019"):  # fmt: skip
        assert text in pay_text(result, "zh", width=200), text
    for text in ("Who bears what", "CNY 960,000", "people responsible", "Clauses that exist"):
        assert text in en
    assert pay_text(result, "both") == f"{zh}\n\n{en}"
    widths = [len(line) for line in pay_text(result, "en", width=72).splitlines()]
    assert max(widths) <= 72


def test_breakers_limits_and_changes_are_shown(write: Write) -> None:
    clauses: dict[str, Any] = {
        "limits": {"cap": {"title": {"zh": "上限", "en": "the cap"}, "measure": "payouts",
                           "per": "lender", "amount": "50 元", "yearly": True}},
        "breakers": {"npl": {"title": {"zh": "熔断", "en": "the breaker"}, "measure": "overdue",
                             "over": "capital", "per": "lender", "at": 0.5, "stops": "payment",
                             "lifts": "below"}},
        "money": {"paid_in": "100 元", "tested": "paid-in", "shortage": "deferred"},
        "parties": {"insurer": {"title": {"zh": "保险公司", "en": "the insurer"}, "share": 0.1}},
    }  # fmt: skip
    path = write(
        HEAD,
        "a,f,b,n,2025-01-01,40 元", "b,f,b,n,2025-02-01,40 元", "c,f,x,n,2025-02-01,49.99 元",
        "d,f,y,n,2025-02-02,49 元",
    )  # fmt: skip
    recoveries = Ledger((Recovery(dt.date(2025, 3, 1), "a", 4000),))
    fund = made(**clauses).change("limits.cap.amount", "45 元")
    result = pay_claims(fund, read_claims(path, "CNY"), recoveries)
    text = pay_text(result, "en", width=200)
    for part in ("the cap", "b 2025", "the breaker", "tripped", "lifted", "80 %", "CNY 45",
                 "the insurer", "Changed", "limits.cap.amount"):  # fmt: skip
        assert part in text, part
    assert [event.tripped for event in result.payments.breakers] == [True, False]
    # What the pot owed d in February it has paid in March.
    early = pay_claims(fund, read_claims(path, "CNY"), recoveries, until=dt.date(2025, 2, 15))
    for part in ("the pot is short", "owed CNY 11.19", "1 put off"):
        assert part in pay_text(early, "en", width=200), part
    assert result.payments.of("d").decided_by == "cover.rules.flat"
    quiet = pay_text(pay_claims(fund, Ledger()), "en")
    assert "None has tripped." in quiet
    assert "Claim by claim" not in quiet


def test_many_claims_are_not_all_printed(write: Write) -> None:
    rows = [f"c{at:04},f,b,n,2025-01-01,1 元" for at in range(MOST_CLAIMS + 3)]
    result = pay_claims(made(), read_claims(write(HEAD, *rows), "CNY"))
    assert "3 more claims are not shown" in pay_text(result, "en")
    assert len(pay_json(result)["claims"]) == MOST_CLAIMS + 3


def test_json_holds_everything_with_units_in_its_keys() -> None:
    result = example(dt.date(2025, 4, 1))
    data = json.loads(json.dumps(pay_json(result), ensure_ascii=False))
    assert (data["format"], data["version"], data["until"]) == (
        "ipcredit-fund-pay",
        1,
        "2025-04-01",
    )
    # 272,000 + 181,000 + 460,000 + 65,000, and 510,000 and 1,540,000 that are not yet due
    assert data["totals"] == {"fund_fen": 344_000_000, "lender_fen": 302_800_000}
    first = data["claims"][0]
    assert first["status"] == "paid"
    assert first["share"] == "4/5"
    assert first["parties"] == {"lender_fen": 27_200_000}
    assert data["claims"][5]["status"] == "not-due"
    assert data["claims"][5]["decided_by"] == ""
    assert data["fund"]["id"] == "chongqing-knowledge"
    assert len(data["unpublished"]) == 3
    assert {item["path"] for item in data["assumed"]} >= {"money.tested", "recoveries.order"}
    paid = sum(row["amount_fen"] for row in data["payments"] if row["party"] == "fund")
    assert paid == 344_000_000


def test_rows_for_a_spreadsheet(write: Write) -> None:
    path = write(HEAD, "=a,f,b,n,2025-01-01,1 元")
    stream = io.StringIO()
    write_pay_csv(pay_claims(made(), read_claims(path, "CNY")), stream)
    rows = list(csv.reader(io.StringIO(stream.getvalue())))
    assert rows == [
        ["day", "claim", "kind", "party", "pot", "district", "amount_fen", "lender", "decided_by"],
        ["2025-01-01", "'=a", "loss", "fund", "fund", "", "80", "b", "cover.rules.flat"],
        ["2025-01-01", "'=a", "loss", "lender", "", "", "20", "b", "cover.rules.flat"],
    ]
    euro = made(currency="EUR", money={"committed": "1 EUR"})
    assert next(pay_rows(pay_claims(euro, Ledger())))[6] == "amount_minor"
