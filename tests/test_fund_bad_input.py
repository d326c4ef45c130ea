"""What a fund says to input that is wrong, and to input that is only extreme: never a NaN."""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import Any

import pytest

from ipcredit.errors import UsageError
from ipcredit.fund.exact import simulate
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import required_capital, scales_with_book, supported_lending
from ipcredit.fund.sizing import sizing
from ipcredit.portfolio import Portfolio
from test_cli import program, run  # noqa: F401
from test_fund_cli import AS_OF, BOOK

KNOWLEDGE = ("--fund", "chongqing-knowledge", "--scenario", "chongqing-assumed", *AS_OF)
ROW = {
    "loan": "1", "firm": "F", "lender": "X", "district": "north", "part": "knowledge",
    "principal": "100 万元", "start": "2025-01-01", "term_months": "24", "repayment": "bullet",
    "pd": "0.02",
}  # fmt: skip


@pytest.fixture
def book(tmp_path):
    """A book of rows, each the plain loan with something changed."""

    def write(*rows: dict[str, str], columns: tuple[str, ...] = tuple(ROW)) -> str:
        path = tmp_path / "book.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            table = csv.DictWriter(stream, columns, extrasaction="ignore")
            table.writeheader()
            table.writerows({**ROW, "loan": str(at), "firm": f"F{at}", **row}
                            for at, row in enumerate(rows, 1))  # fmt: skip
        return str(path)

    return write


def said(run, *words: Any) -> tuple[int, str]:  # noqa: F811
    code, out, err = run(*words, "--lang", "en")
    assert "Traceback" not in err
    assert out == ""
    return code, err.strip()


def one_year(run, path: str, *more: Any) -> dict[str, Any]:  # noqa: F811
    code, out, err = run("fund", "simulate", path, *more, "--one-year", "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out, parse_constant=lambda word: pytest.fail(word))["one_year"]
    assert isinstance(found, dict)
    return found


# -- cells and rows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"pd": "1.2"}, 'pd: "1.2" is not a probability; allowed is a number from 0 to 1; write 2 '
         "percent as 0.02 [portfolio.probability]"),
        ({"pd": "nan"}, 'pd: "nan" is not a number; allowed is a number such as 0.02; correct it, or '
         "leave the cell empty if it is not known [portfolio.not-a-number]"),
        ({"principal": "-5 万元"}, 'principal: "-5 万元" is negative; allowed is 0 or more; correct it '
         "[firm.negative]"),
        ({"principal": "many"}, 'principal: "many" is not an amount; allowed is a number with its '
         'unit; write it as in "450 万元" [money.not-an-amount]'),
        ({"start": "2025-02-30"}, 'start: "2025-02-30" is not a date; allowed is year, month, day; '
         "write it as in 2025-03-01 [firm.not-a-date]"),
        ({"principal": "5 million EUR"}, 'principal: "5 million EUR" is in EUR; amounts here are in '
         'CNY; convert it and write it as in "450 万元" [money.currency]'),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_place(run, book, cell, text):  # noqa: F811
    path = book({}, cell)
    code, err = said(run, "fund", "simulate", path, *KNOWLEDGE)
    assert (code, err) == (1, f"{path}:3: {text}")


def test_a_book_without_loans_or_without_covered_loans(run, book):  # noqa: F811
    path = book()
    assert said(run, "fund", "simulate", path, *KNOWLEDGE) == (
        1,
        f"{path}: the book has no loan; at least one is needed; check the file or the selection "
        "[portfolio.empty]",
    )
    path = book({"part": "base"})
    assert said(run, "fund", "simulate", path, *KNOWLEDGE) == (
        2,
        f'{path}: covers: the fund covers "knowledge" and the book has no such loan; check the part '
        "of the loans, or choose a fund that covers them [fund-results.no-loans]",
    )


def test_what_is_wrong_with_every_loan_is_one_problem(run, book):  # noqa: F811
    code, err = said(run, "fund", "simulate", BOOK, "--fund", "kibo", *AS_OF)
    assert (code, err) == (
        1,
        f"{BOOK}: principal: every amount of this book is in CNY (364 loans); amounts here are in "
        "KRW, as the fund counts; choose a fund in CNY, or convert the book and write amounts as in "
        '"70 억원" [portfolio.currency]',
    )
    path = book({}, {"start": "2025-03-01"})
    code, err = said(run, "fund", "simulate", path, *KNOWLEDGE[:-1], "2024-12-31")
    assert (code, err) == (
        1,
        f"{path}: start: every loan starts after the day of the book, 2024-12-31: the first on "
        "2025-01-01, the last on 2025-03-01; allowed are loans paid out by then; correct the day of "
        "the book [portfolio.all-start-later]",
    )


def test_cover_rules_declared_are_asked_for_and_checked(run, book):  # noqa: F811
    won = {"principal": "100,000,000 KRW"}
    asked = ("--fund", "kibo", "--scenario", "chongqing-assumed", *AS_OF,
             "--set", "capital.cash=4 billion KRW")  # fmt: skip
    code, err = said(run, "fund", "simulate", book(won), *asked)
    assert (code, err) == (
        1,
        "cover_rule: 1 loans do not say which cover rule of the fund was declared for them; allowed "
        "are base, agreement, young-founder, young-founder-full; add the column cover_rule and fill "
        "it in for every loan [fund-pay.loans-lack-rule]",
    )
    columns = (*ROW, "cover_rule")
    path = book(won, {**won, "cover_rule": "bas"}, columns=columns)
    code, err = said(run, "fund", "simulate", path, *asked)
    assert code == 1
    path = book({**won, "cover_rule": "base"}, {**won, "cover_rule": "bas"}, columns=columns)
    code, err = said(run, "fund", "simulate", path, *asked)
    assert (code, err) == (
        1,
        'cover_rule: the cover rule "bas" is not one of the fund; allowed are base, agreement, '
        "young-founder, young-founder-full; declare one of them [fund-pay.no-rule]",
    )
    path = book({**won, "cover_rule": "base"}, {**won, "cover_rule": "agreement"}, columns=columns)
    found = one_year(run, path, *asked)
    # 2 % of 100 million won twice, at 85 % and 90 %.
    assert found["gross"]["mean"]["value_minor"] == 3_500_000
    assert "_fen" not in json.dumps(found)


# -- options ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["0", "1", "-0.1", "nan"])
def test_a_target_that_is_no_probability(run, target):  # noqa: F811
    code, err = said(run, "fund", "size", BOOK, *KNOWLEDGE, "--target", target)
    assert (code, err) == (
        2,
        f"target: {target} is out of range; allowed is 0 < target < 1; choose a number in between "
        "[fund-results.out-of-range]",
    )


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("--set", "foo.bar=1"), 2, "foo.bar: the fund has no such value; `ipcredit fund show` lists "
         "all; correct the path [fund.no-such-path]"),
        (("--set", "factor.correlation=0.09"), 2, "factor.correlation: the scenario says 0.09 here "
         "already; a change must change something; give another value or drop the change "
         "[scenario.changes-nothing]"),
        (("--set", "factor.correlation"), 2, '--set: "factor.correlation" is not a change; allowed is '
         "PATH=VALUE; write it as in cover.rules.principal.share=0.7 or factor.correlation=0.12 "
         "[fund-cli.set]"),
        (("--plot", "x.gif"), 2, 'x.gif: a picture with the ending ".gif" is not drawn; allowed are '
         ".png, .svg, .pdf; choose one [chart.suffix]"),
        (("--paths", "0"), 2, "--paths: the value is not allowed; a whole number of 1 or more is "
         "needed; correct it [cli.whole-from]"),
    ],
)  # fmt: skip
def test_a_wrong_option_stops_before_anything_is_printed(run, words, code, text):  # noqa: F811
    assert said(run, "fund", "simulate", BOOK, *KNOWLEDGE, *words) == (code, text)


@pytest.mark.parametrize("value", ["1.2", "-0.1"])
def test_a_correlation_outside_0_and_1(run, value):  # noqa: F811
    changed = ("--set", f"factor.correlation={value}")
    code, err = said(run, "fund", "simulate", BOOK, *KNOWLEDGE, *changed)
    assert code == 2
    assert err.endswith(
        f'factor.correlation.value: "{value}" is out of range for a share; allowed is 0 to 1; write '
        "6 % as 0.06 [scenario.out-of-unit]"
    )


def test_a_folder_is_no_file_to_write(run, tmp_path):  # noqa: F811
    code, err = said(run, "fund", "simulate", BOOK, *KNOWLEDGE, "--out", tmp_path)
    assert (code, err) == (
        2,
        f"{tmp_path}: --out: this is a folder; allowed is a file ending in .txt or .json; add the "
        "file's name [fund-cli.folder]",
    )


def test_without_a_scenario_all_that_is_lacking_is_listed(run):  # noqa: F811
    code, err = said(run, "fund", "simulate", BOOK, "--fund", "chongqing-knowledge", *AS_OF)
    assert code == 2
    assert err.splitlines()[0] == (
        "--scenario: no scenario was named, and nothing is assumed in its place; shipped are calm, "
        "chongqing-assumed, kibo-rise, vintage-2005-08; name one of them or a file of your own, or "
        "give each value with --set [fund-cli.no-scenario]"
    )
    assert [line.split(":")[1].strip() for line in err.splitlines()[1:3]] == [
        "factor.correlation", "severity.recovery",
    ]  # fmt: skip


def test_a_scenario_with_amounts_in_another_currency():
    book = Portfolio.from_arrays(
        as_of=dt.date(2025, 6, 30), firm=["a"], lender="x", district="n",
        part="knowledge", principal=[1000], outstanding=[1000], pd=0.5,
    )  # fmt: skip
    won = Scenario.load("chongqing-assumed").in_currency("KRW")
    assert simulate(book, Fund.load("chongqing-knowledge"), won).gross.mean.value == 400.0
    rich = won.change("capital.committed", "70 억원")
    with pytest.raises(UsageError) as caught:
        simulate(book, Fund.load("chongqing-knowledge"), rich)
    assert (
        caught.value.problems[0]
        .text("en")
        .endswith(
            "currency: the scenario gives amounts in KRW (capital) and the fund counts in CNY; amounts "
            "must be in the fund's currency; convert them and set currency to CNY, or leave them out "
            "[scenario.other-currency]"
        )
    )
    with pytest.raises(UsageError, match="other-currency"):
        rich.in_currency("CNY")


# -- extreme, and right ----------------------------------------------------------------------------


@pytest.mark.parametrize("correlation", [0, 1])
def test_the_ends_of_the_correlation(run, correlation):  # noqa: F811
    changed = ("--set", f"factor.correlation={correlation}")
    found = one_year(run, BOOK, *KNOWLEDGE, *changed)
    # What is expected to be owed does not depend on who defaults together.
    assert found["gross"]["mean"]["value_fen"] == pytest.approx(921_200_000, rel=1e-3)


def test_one_loan_larger_than_the_fund(run, book):  # noqa: F811
    path = book({"principal": "100 亿元", "pd": "0.03"}, {})
    found = one_year(run, path, *KNOWLEDGE)
    assert found["dry"]["committed"]["value"] == pytest.approx(0.03, abs=1e-9)
    assert found["gross"]["quantiles"]["0.99"]["value_fen"] >= 8 * 10**11


@pytest.mark.parametrize(("pd", "owed"), [("0", 0), ("1", 160_000_000)])
def test_nobody_or_everybody_defaults(run, book, pd, owed):  # noqa: F811
    path = book({"pd": pd}, {"pd": pd})
    found = one_year(run, path, *KNOWLEDGE)
    assert found["gross"]["mean"]["value_fen"] == owed
    assert found["dry"]["committed"]["value"] == 0
    code, out, _ = run("fund", "size", path, *KNOWLEDGE, "--target", "0.01", "--format", "json")
    size = json.loads(out, parse_constant=lambda word: pytest.fail(word))
    assert (code, size["capital_fen"], size["certain_fen"]) == (0, owed, 160_000_000)
    assert (size["supported_lending"] is None) == (owed == 0)


def test_loans_that_no_clause_covers_are_said(run, book):  # noqa: F811
    path = book({"class": "first"}, {"class": "1"}, columns=(*ROW, "class"))
    code, out, _ = run(
        "fund", "simulate", path, "--fund", "national-tech", "--scenario", "chongqing-assumed",
        *AS_OF, "--set", "capital.committed=1000 万元", "--one-year", "--lang", "en",
    )  # fmt: skip
    assert code == 0
    assert "the fund pays nothing for 1 of the 2 loans" in out


def test_one_firm_is_one_and_its_purse_has_a_name(run, book):  # noqa: F811
    path = book({"principal": "100 亿元"})
    _, out, _ = run("fund", "simulate", path, *KNOWLEDGE, "--one-year", "--lang", "en")
    assert "1 firm owes" in out
    assert "1 loan," in out
    assert "district of the firm/north" in out
    assert f"as of {AS_OF[1]}" in out
    _, out, _ = run("fund", "simulate", path, *KNOWLEDGE, "--one-year", "--lang", "zh")
    assert "1 家企业共 1 笔贷款" in out
    assert "district/" not in out


# -- amounts that scale ----------------------------------------------------------------------------


def test_a_larger_book_is_a_smaller_fund():
    from ipcredit.fund.size import _scaled

    day = dt.date(2025, 6, 30)
    book = Portfolio.read(BOOK, as_of=day)
    fund, how = Fund.load("chongqing-knowledge"), Scenario.load("chongqing-assumed")
    assert scales_with_book(fund, how)
    found = supported_lending(book, fund, how, 0.01)
    assert found.evaluations == 1
    larger = required_capital(_scaled(book, found.value), fund, how, 0.01)
    assert larger.capital == pytest.approx(310_000_000_000, rel=1e-3)
    assert not scales_with_book(fund, how.change("opening.paid", "100 万元"))
    assert not scales_with_book(Fund.load("canada-csbfp"), how)
    page = sizing(book, fund, how, 0.01).text("zh")
    assert "district" not in page


def test_the_most_that_can_be_owed_knows_limits(run, book):  # noqa: F811
    path = book(*({"principal": "1 million GBP"} for _ in range(4)))
    code, out, _ = run(
        "fund", "size", path, "--fund", "uk-efg", "--scenario", "chongqing-assumed", *AS_OF,
        "--set", "capital.committed=5 million GBP", "--target", "0.01", "--format", "json",
    )  # fmt: skip
    found = json.loads(out)
    # Claims up to 13 % of 4 million, of which the fund bears 75 %.
    assert (code, found["certain_minor"]) == (0, 39_000_000)
    assert "_fen" not in out
