"""What a person reads when a fund file, or a question about funds, is wrong.

Messages are public: every code has one minimal bad fund in ``fund_errors.toml`` with its exact text
in both languages.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from ipcredit.editions import InForce, choose
from ipcredit.errors import FundError, UsageError
from ipcredit.fund.fund import Fund, check_fund_file, funds
from ipcredit.messages.fund import TEXTS

CATALOGUE = tomllib.loads((Path(__file__).parent / "fund_errors.toml").read_text(encoding="utf-8"))
BASE = CATALOGUE["base"]


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """Writes a text to ``trial.toml`` and gives the problems of the file."""
    monkeypatch.chdir(tmp_path)

    def problems(text):
        Path("trial.toml").write_text(text, encoding="utf-8")
        return check_fund_file("trial.toml")

    return problems


def changed(case):
    text = case.get("text", BASE)
    for old, new in case.get("changes", ()):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# -- one mistake, one problem --------------------------------------------------------------------


def test_the_fund_that_the_mistakes_are_made_in_is_right(trial):
    assert trial(BASE) == []


@pytest.mark.parametrize("case", CATALOGUE["case"], ids=lambda case: case["code"])
def test_a_mistake_gives_one_problem_with_its_line_and_exact_text(trial, case):
    text = changed(case)
    (line,) = [n for n, row in enumerate(text.splitlines(), 1) if row.endswith("# here")]
    start = f"trial.toml:{line}: {case['key']}: "
    (problem,) = trial(text)
    assert problem.code == case["code"]
    assert problem.text("en") == f"{start}{case['en']} [{case['code']}]"
    assert problem.text("zh") == f"{start}{case['zh']} [{case['code']}]"


# -- more ways to the same messages --------------------------------------------------------------

MORE = {
    "a rule without a share": ("share = 0.20\n\n[cover.rules.by", "\n[cover.rules.by", "exactly-one"),
    "no ceiling at all": ('amount  = "5000 万元"\n', "", "exactly-one"),
    "a rate without its base": ("rate    = 0.01\nof      = ", "rate    = 0.01\nnot_of  = ", None),
    "the other bound": (
        "{ at_least = 0, at_most = 0.30 }",
        "{ above = 0, at_least = 0.1, at_most = 0.30 }",
        "bounds",
    ),
    "no bound": ("{ at_least = 0, at_most = 0.30 }", "{}", "bounds"),
    "equal bounds, one open": (
        "{ at_least = 0, at_most = 0.30 }",
        "{ at_least = 0.3, below = 0.30 }",
        "bounds-empty",
    ),
    "an empty test": ('when   = { support_years = { above = 10 } }', "when   = {}", "empty"),
    "an empty list of tags": ('tags = ["old-list"]', "tags = []", "empty"),
    "an empty list of words": ('mode = "direct"', "mode = []", "empty"),
    "an empty word": ('mode = "direct"', 'mode = ""', "required"),
    "an unknown part": ('part = ["knowledge", "base"]', 'part = ["line"]', "not-one-of"),
    "a condition of nothing": ("one_scheme = true", "one_scheme = false", "key-without-effect"),
    "a party that bears no rest": ("rest  = true", "rest  = false", "key-without-effect"),
    "a party below its least": ("share = 0.20\n\n[parties", "share = 0.20\nleast = 0.3\n\n[parties", "below-least"),
    "a surcharge out of order": ("at = 0.10, add = 0.15", "at = 0.05, add = 0.15", "band-order"),
    "a deductible is not paid back": (
        'kind    = "deductible"',
        'kind    = "deductible"\nclawback = true',
        "clawback",
    ),
    "districts that no pot has": ('per   = "district"', 'per   = "fund"', "key-without-effect"),
    "no word on districts": (
        "[money.districts]\nnorth = 0.50\nsouth = 0.50\n",
        "",
        "required-word",
    ),
    "a missing section": ('[recoveries]\norder  = "pro-rata"\nto_pot = true\n', "", "required"),
    "a missing flag": ("advance      = true\n", "", "required-word"),
    "no rules": ("[cover.rules.guaranteed]", "[cover.rules_guaranteed]", None),
}  # fmt: skip


@pytest.mark.parametrize("name", MORE)
def test_other_mistakes_are_found_too(trial, name):
    old, new, code = MORE[name]
    assert BASE.count(old) == 1
    codes = [problem.code for problem in trial(BASE.replace(old, new))]
    if code is None:
        assert codes
    else:
        assert codes == [f"fund.{code}"]


def test_a_breaker_lists_all_it_does_not_say(trial):
    start = BASE.index("[breakers.stop]")
    end = BASE.index("at      = 0.08", start)
    (problem,) = trial(
        BASE[:start] + "[breakers.stop]\n" + BASE[end:].replace('stops   = "payment"\n', "")
    )
    assert problem.args == {"given": "measure, over, per, stops"}


def test_shares_are_added_up_over_every_combination_of_uplifts_that_can_meet(trial):
    without = BASE.replace("most         = 0.60\n", "").replace("points = 0.10", "points = 0.45")
    assert [p.code for p in trial(without)] == ["fund.shares-above"]
    # Two uplifts that no loan can have together are not added.
    apart = without.replace("points = -0.05", "points = 0.10")
    assert [p.code for p in trial(apart.replace("points = 0.45", "points = 0.15"))] == [
        "fund.below-least"
    ]
    words = apart.replace("points = 0.45", "points = 0.15").replace(
        "when   = { support_years = { above = 10 } }",
        'when   = { part = "receivables" }',
    )
    assert trial(words) == []


# -- questions that cannot be answered -----------------------------------------------------------


def day(text):
    return dt.date.fromisoformat(text)


def anhui():
    return Fund.load("anhui@undated")


def between_states():
    early = InForce(seen=day("2017-05-24"), last_seen=day("2018-08-29"))
    late = InForce(after=day("2018-08-29"), seen=day("2023-08-11"))
    choose("city-fund", [("2017", early), ("2023", late)], day("2020-01-01"), "fund")


def after_the_end():
    only = InForce(start=day("2017-01-01"), until=day("2019-12-31"))
    choose("city-fund", [("2017", only)], day("2020-01-01"), "fund")


QUESTIONS = {
    "fund.unknown": (
        lambda: Fund.load("zzzzzz"),
        "zzzzzz: no such fund; known are {known}; choose one, or give the path of a .toml file",
        "zzzzzz: 没有这只基金；已有 {known}；请选一只，或给出 .toml 文件的路径",
    ),
    "fund.unknown-near": (
        lambda: Fund.load("anhiu"),
        'anhiu: no such fund; known are {known}; did you mean "anhui"?',
        "anhiu: 没有这只基金；已有 {known}；是否指“anhui”？",
    ),
    "fund.unknown-edition": (
        lambda: Fund.load("anhui@1999"),
        'fund: anhui has no edition "1999"; known are undated; choose one',
        "fund: anhui 没有版本“1999”；已有 undated；请选一个",
    ),
    "fund.before-first": (
        lambda: Fund.load("henan", on=day("2000-01-01")),
        "on: henan is not known for 2000-01-01; the first edition known is 2025, in force "
        "2025-05-21 ..; ask for a later date or name an edition as henan@2025",
        "on: 2000-01-01 适用的 henan 未知；已知最早版本为 2025，施行期 2025-05-21 ..；"
        "请改用较晚日期，或指定版本，如 henan@2025",
    ),
    "fund.between": (
        between_states,
        "on: 2020-01-01 lies between two known states of city-fund; known are 2017 (<= 2017-05-24 .. "
        ">= 2018-08-29) and 2023 ((2018-08-29..2023-08-11] .. ?), which one held is not public; "
        "name one as city-fund@2017",
        "on: 2020-01-01 介于 city-fund 的两个已知版本之间；已知 2017（<= 2017-05-24 .. >= 2018-08-29）"
        "与 2023（(2018-08-29..2023-08-11] .. ?），当日适用哪一版未公开；请指定版本，如 city-fund@2017",
    ),
    "fund.ended": (
        after_the_end,
        "on: city-fund ended on 2019-12-31; the last edition known is 2017, none is known for "
        "2020-01-01; name an edition as city-fund@2017",
        "on: city-fund 已于 2019-12-31 终止；已知最后版本为 2017，2020-01-01 没有适用版本；"
        "请指定版本，如 city-fund@2017",
    ),
    "fund.no-such-path": (
        lambda: anhui().change("zzz", 1),
        "zzz: the fund has no such value; `ipcredit fund show` lists all; correct the path",
        "zzz: 基金中没有该项；全部各项见 `ipcredit fund show`；请改正路径",
    ),
    "fund.no-such-path-near": (
        lambda: anhui().change("cover.rules.direct.shares", 1),
        "cover.rules.direct.shares: the fund has no such value; the nearest is "
        '"cover.rules.direct.share"; correct the path',
        "cover.rules.direct.shares: 基金中没有该项；最接近的是“cover.rules.direct.share”；请改正路径",
    ),
    "fund.not-a-value": (
        lambda: anhui().change("cover.uplift", 1),
        "cover.uplift: this names a table, not one value; inside it are cover.uplift.favoured; "
        "name one of them",
        "cover.uplift: 这是一个表，不是单个值；其中有 cover.uplift.favoured；请指定其一",
    ),
    "fund.no-value": (
        lambda: anhui().change("cover.rules.direct.share", None),
        "cover.rules.direct.share: a change needs a value; a value is never removed by a change; "
        "give a number, text, date, true or false",
        "cover.rules.direct.share: 修改须给出取值；修改不能删除原值；请给出数值、文本、日期、true 或 false",
    ),
    "fund.changes-nothing": (
        lambda: anhui().change("cover.rules.direct.share", 0.3),
        'cover.rules.direct.share: "0.3" is what the fund says already; a change must change '
        "something; remove it or give another value",
        "cover.rules.direct.share: “0.3”与基金现值相同；修改须使基金有所变化；请删除该项修改或改用其他值",
    ),
}


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_that_cannot_be_answered_says_why(code):
    ask, en, zh = QUESTIONS[code]
    known = ", ".join(funds())
    with pytest.raises(UsageError) as caught:
        ask()
    (problem,) = caught.value.problems
    assert problem.text("en") == f"{en.replace('{known}', known)} [{code}]"
    assert problem.text("zh") == f"{zh.replace('{known}', known)} [{code}]"


def test_every_code_is_reached_and_none_is_invented():
    shown = {case["code"] for case in CATALOGUE["case"]} | set(QUESTIONS)
    assert {code for code in shown if not code.startswith("money.")} == set(TEXTS)


@pytest.mark.parametrize("code", TEXTS)
def test_a_message_says_what_is_wrong_what_is_allowed_and_what_to_do(code):
    en, zh = TEXTS[code]
    assert en.count("; ") == zh.count("；") == 2


# -- all problems in one run ---------------------------------------------------------------------

SIX = [
    ('covers   = "knowledge"', 'covers   = "knowlege"', "fund.not-one-of"),
    ("overdue_days = 90", 'overdue_days = "90%"', "fund.percent"),
    ("points = 0.10", "points = 10", "fund.out-of-unit"),
    ('paid_in       = "2 亿元"', 'paid_in       = "2 亿"', "money.unknown-unit"),
    ("at      = 0.08", "at      = 8", "fund.out-of-unit"),
    ("most    = 20", "mots    = 20", "fund.unknown-key-near"),
]


def test_all_problems_of_a_file_come_in_one_run_in_line_order(trial):
    text = BASE
    for old, new, _ in SIX:
        assert text.count(old) == 1
        text = text.replace(old, new)
    rows = text.splitlines()
    expected = [(f"trial.toml:{rows.index(new) + 1}", code) for _, new, code in SIX]
    found = [(problem.where, problem.code) for problem in trial(text)]
    # A key that is misspelt is missing too: the table's own line says so.
    assert found.pop(-2) == (f"trial.toml:{rows.index('[leverage]') + 1}", "fund.required")
    assert found == expected
    with pytest.raises(FundError) as caught:
        Fund.load("trial.toml")
    assert len(caught.value.text("zh").splitlines()) == len(SIX) + 1
