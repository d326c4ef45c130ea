"""The fund commands as their users meet them: real files, absent answers, wrong files."""

from __future__ import annotations

import json

import pytest

from ipcredit.fund.fund import funds
from ipcredit.fund.scenario import scenarios
from ipcredit.resources import config_dir
from test_cli import program, run  # noqa: F401

EXAMPLES = config_dir() / "examples"
BOOK = EXAMPLES / "portfolios" / "synthetic-chongqing.csv"
CLAIMS = EXAMPLES / "claims"
AS_OF = ("--as-of", "2025-06-30")
MONEY = ("--set", "capital.committed=6000 万元", "--set", "capital.paid_in=2000 万元")
ASKED = (BOOK, "--fund", "chongqing-knowledge", "--scenario", "chongqing-assumed", *AS_OF, *MONEY)
PAY = (
    CLAIMS / "claims.csv", "--fund", "chongqing-knowledge", "--positions",
    CLAIMS / "positions.csv", "--recoveries", CLAIMS / "recoveries.csv", "--money",
    CLAIMS / "money.csv",
)  # fmt: skip


def test_every_fund_and_scenario_is_listed_and_shown(run):  # noqa: F811
    code, out, _ = run("fund", "list", "--lang", "en")
    assert code == 0
    assert all(name in out.replace("\n", "") for name in funds())
    code, out, _ = run("fund", "scenarios", "--lang", "both")
    assert code == 0
    assert all(name in out for name in scenarios())
    code, out, _ = run("fund", "show", "hubei", "--lang", "zh")
    assert code == 0
    assert "8%" in out.replace(" ", "")
    code, out, _ = run("fund", "show", "hubei", "--format", "json")
    assert json.loads(out)["id"] == "hubei"


def test_a_simulation_answers_first_and_then_shows_the_years(run):  # noqa: F811
    code, out, _ = run("fund", "simulate", *ASKED, "--paths", 500, "--lang", "en")
    assert code == 0
    assert out.startswith(
        "Chongqing risk-compensation fund for knowledge-value credit loans (2019): "
    )
    assert "runs\ndry with probability" in out or "runs dry with probability" in out
    assert "500 paths" in out
    code, short, _ = run("fund", "simulate", *ASKED, "--one-year", "--lang", "en")
    assert code == 0
    assert out.startswith(short.rstrip("\n"))


def test_a_simulation_as_json_holds_both_and_no_nan(run):  # noqa: F811
    code, out, _ = run("fund", "simulate", *ASKED, "--paths", 300, "--format", "json")
    assert code == 0
    data = json.loads(out, parse_constant=lambda word: pytest.fail(word))
    assert data["version"] == 1
    assert data["one_year"]["fund"]["id"] == "chongqing-knowledge"
    assert data["one_year"]["assumed"]
    assert data["years"]["paths"] == 300


def test_what_a_scenario_lacks_is_asked_for_all_at_once(run):  # noqa: F811
    code, out, err = run("fund", "simulate", BOOK, "--fund", "hubei", *AS_OF, "--lang", "en")
    assert (code, out) == (2, "")
    assert "factor.correlation" in err
    assert "severity.recovery" in err


def test_scored_firms_are_a_book_too(run, tmp_path):  # noqa: F811
    firms = tmp_path / "firms.csv"
    assert run("population", "--n", 300, "--seed", 7, "--out", firms)[0] == 0
    words = (firms, "--policy", "chongqing-knowledge@2023", *ASKED[1:5], "--as-of", "2023-08-11")
    code, out, _ = run("fund", "simulate", *words, *MONEY, "--one-year", "--lang", "en")
    assert code == 0
    assert "firms owe" in out.replace("\n", " ")


def test_the_size_that_a_target_asks_for(run):  # noqa: F811
    code, out, _ = run("fund", "size", *ASKED, "--target", 0.01, "--format", "json")
    assert code == 0
    data = json.loads(out)
    assert data["reached"]["value"] <= 0.01
    assert data["supported_lending"]["scale"] > 1  # the present capital is more than it needs
    code, text, _ = run(
        "fund", "size", *ASKED, "--target", 0.01, "--vary", "cover.rules.principal.share=0.7,0.8",
        "--capital", "3000 万元,6000 万元", "--lang", "zh",
    )  # fmt: skip
    assert code == 0
    assert text.count("0.7 ") >= 2


def test_claims_are_paid_with_their_clause(run, tmp_path):  # noqa: F811
    code, out, _ = run("fund", "pay", *PAY, "--lang", "en")
    assert code == 0
    assert "CNY 960,000" in out
    code, out, _ = run("fund", "pay", *PAY, "--format", "json")
    found = json.loads(out)
    assert (code, found["format"]) == (0, "ipcredit-fund-pay")
    rows = tmp_path / "rows.csv"
    assert run("fund", "pay", *PAY, "--out", rows)[0] == 0
    assert rows.read_text(encoding="utf-8-sig").count("\n") > 6


def test_a_bad_claim_does_not_lose_a_good_one(run, tmp_path):  # noqa: F811
    text = (CLAIMS / "claims.csv").read_text(encoding="utf-8-sig")
    wrong = tmp_path / "claims.csv"
    wrong.write_text(text.replace("80 万元", "-80 万元", 1), encoding="utf-8")
    code, out, _ = run("fund", "pay", wrong, *PAY[1:], "--lang", "en")
    assert code == 1
    assert "CNY 960,000" in out
    assert "claims.csv:3" in out.replace("\n", "")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("fund", "show", "hubai"), 2, 'did you mean "hubei"'),
        (("fund", "show", "hubei", "--set", "cover.rules.principal.share=1.2"), 3, "1.2"),
        (("fund", "show", "hubei", "--set", "cover.share=0.5"), 2, "cover.share"),
        (("fund", "show", "hubei", "--set", "cover.rules.principal.share=0.80"), 2, "nothing"),
        (("fund", "show", "hubei", "--format", "csv"), 2, "text and json"),
        (("fund", "simulate", BOOK, "--fund", "hubei", "--scenario", "clam"), 2, '"calm"'),
        (("fund", "size", *ASKED, "--target", "2"), 2, "2"),
        (("fund", "size", *ASKED, "--target", "0.01", "--vary", "cover"), 2, "--vary"),
        (("fund", "pay", *PAY[:3]), 2, "positions"),
    ],
)
def test_what_cannot_be_asked_is_said(run, words, code, says):  # noqa: F811
    found, _, err = run(*words, "--lang", "en")
    assert found == code, err
    assert says in err


def test_a_wrong_fund_file_is_listed_with_lines(run, tmp_path):  # noqa: F811
    source = (config_dir() / "funds" / "hubei" / "2025.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "hubei.toml"
    wrong.write_text(
        source.replace("share   = 0.80", "share   = 1.80").replace(
            'over    = { value = "balance"', 'ovr     = { value = "balance"', 1
        ),
        encoding="utf-8",
    )
    code, out, _ = run("fund", "check", wrong, "--lang", "en")
    assert code == 3
    assert f"{wrong}:" in out
    assert out.count("\n") >= 3


def test_a_book_with_a_wrong_row_gives_the_list_and_no_figure(run, tmp_path):  # noqa: F811
    text = BOOK.read_text(encoding="utf-8-sig").split("\n")
    text[1] = text[1].replace("0.015", "1.5")
    wrong = tmp_path / "book.csv"
    wrong.write_text("\n".join(text), encoding="utf-8")
    code, out, err = run("fund", "simulate", wrong, *ASKED[1:], "--lang", "en")
    assert (code, out) == (1, "")
    assert "book.csv:2" in err


def test_pictures_are_written(run, tmp_path):  # noqa: F811
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    picture = tmp_path / "fund.png"
    assert run("fund", "simulate", *ASKED, "--paths", 300, "--plot", picture)[0] == 0
    assert picture.stat().st_size > 20_000
    other = tmp_path / "size.svg"
    words = ("--target", 0.01, "--capital", "1000 万元,3000 万元,6000 万元", "--plot", other)
    assert run("fund", "size", *ASKED, *words)[0] == 0
    assert other.stat().st_size > 5_000


def test_scoring_loads_nothing_of_the_fund():
    code = (
        "import sys; from ipcredit import cli; sys.argv = ['ipcredit', 'policy', 'list'];\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith('ipcredit.fund')])"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
    assert program("fund", "list", "--lang", "en").returncode == 0
