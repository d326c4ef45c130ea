"""What a person reads when a policy file, or a question about policies, is wrong.

Messages are public: every code has one minimal bad policy in ``policy_errors.toml`` with its exact
text in both languages.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ipcredit import Firm, Policy, PolicyError, UsageError, assess
from ipcredit.editions import InForce, choose
from ipcredit.messages.policy import TEXTS
from ipcredit.policy import check_file
from ipcredit.resources import config_dir
from ipcredit.source import read_toml

CATALOGUE = tomllib.loads(
    (Path(__file__).parent / "policy_errors.toml").read_text(encoding="utf-8")
)
BASE = CATALOGUE["base"]
SHIPPED = sorted((config_dir() / "policies").glob("*/*.toml"))


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """Writes a text to ``trial.toml`` and gives the problems of the file."""
    monkeypatch.chdir(tmp_path)

    def problems(text):
        Path("trial.toml").write_text(text, encoding="utf-8")
        return check_file("trial.toml")

    return problems


# -- one mistake, one problem --------------------------------------------------------------------


def test_the_policy_that_the_mistakes_are_made_in_is_right(trial):
    assert trial(BASE) == []


@pytest.mark.parametrize("case", CATALOGUE["case"], ids=lambda case: case["code"])
def test_a_mistake_gives_one_problem_with_its_line_and_exact_text(trial, case):
    text = case.get("text") or BASE.replace(case["old"].strip("\n"), case["new"].strip("\n"))
    assert "text" in case or BASE.count(case["old"].strip("\n")) == 1
    (line,) = [n for n, row in enumerate(text.splitlines(), 1) if row.endswith("# here")]
    start = f"trial.toml:{line}: {case['key']}: "
    (problem,) = trial(text)
    assert problem.code == case["code"]
    assert problem.text("en") == f"{start}{case['en']} [{case['code']}]"
    assert problem.text("zh") == f"{start}{case['zh']} [{case['code']}]"


# -- questions that cannot be answered -------------------------------------------------------------


def day(text):
    return dt.date.fromisoformat(text)


def cn_tech_sme():
    return Policy.load("cn-tech-sme@2017")


def between_states():
    # As the public record of Chongqing has it: two states seen, the change in between unknown.
    early = InForce(seen=day("2017-05-24"), last_seen=day("2018-08-29"))
    late = InForce(after=day("2018-08-29"), seen=day("2023-08-11"))
    choose("city-loan", [("2017", early), ("2023", late)], day("2020-01-01"))


def after_the_end():
    only = InForce(start=day("2017-01-01"), until=day("2019-12-31"))
    choose("city-loan", [("2017", only)], day("2020-01-01"))


QUESTIONS = {
    "policy.unknown": (
        lambda: Policy.load("zzzzzz"),
        "zzzzzz: no such policy; known are {known}; choose one, or give the path of a .toml file",
        "zzzzzz: 没有这项政策；已有 {known}；请选一项，或给出 .toml 文件的路径",
    ),
    "policy.unknown-near": (
        lambda: Policy.load("cn-tec-sme"),
        'cn-tec-sme: no such policy; known are {known}; did you mean "cn-tech-sme"?',
        "cn-tec-sme: 没有这项政策；已有 {known}；是否指“cn-tech-sme”？",
    ),
    "policy.unknown-edition": (
        lambda: Policy.load("cn-tech-sme@1999"),
        'policy: cn-tech-sme has no edition "1999"; known are 2017; choose one',
        "policy: cn-tech-sme 没有版本“1999”；已有 2017；请选一个",
    ),
    "policy.before-first": (
        lambda: Policy.load("cn-tech-sme", on=day("2000-01-01")),
        "on: cn-tech-sme is not known for 2000-01-01; the first edition known is 2017, in force "
        "2017-05-03 ..; ask for a later date or name an edition as cn-tech-sme@2017",
        "on: 2000-01-01 适用的 cn-tech-sme 未知；已知最早版本为 2017，施行期 2017-05-03 ..；"
        "请改用较晚日期，或指定版本，如 cn-tech-sme@2017",
    ),
    "policy.between": (
        between_states,
        "on: 2020-01-01 lies between two known states of city-loan; known are 2017 (<= 2017-05-24 .. "
        ">= 2018-08-29) and 2023 ((2018-08-29..2023-08-11] .. ?), which one held is not public; "
        "name one as city-loan@2017",
        "on: 2020-01-01 介于 city-loan 的两个已知版本之间；已知 2017（<= 2017-05-24 .. >= 2018-08-29）"
        "与 2023（(2018-08-29..2023-08-11] .. ?），当日适用哪一版未公开；请指定版本，如 city-loan@2017",
    ),
    "policy.ended": (
        after_the_end,
        "on: city-loan ended on 2019-12-31; the last edition known is 2017, none is known for "
        "2020-01-01; name an edition as city-loan@2017",
        "on: city-loan 已于 2019-12-31 终止；已知最后版本为 2017，2020-01-01 没有适用版本；"
        "请指定版本，如 city-loan@2017",
    ),
    "policy.no-such-path": (
        lambda: cn_tech_sme().change("zzz", 1),
        "zzz: the policy has no such value; `ipcredit policy show` lists all; correct the path",
        "zzz: 政策中没有该项；全部各项见 `ipcredit policy show`；请改正路径",
    ),
    "policy.no-such-path-near": (
        lambda: cn_tech_sme().change("gates.staff-size.at_least", 400),
        'gates.staff-size.at_least: the policy has no such value; the nearest is "gates.staff-size.'
        'at_most"; correct the path',
        "gates.staff-size.at_least: 政策中没有该项；最接近的是“gates.staff-size.at_most”；请改正路径",
    ),
    "policy.not-a-value": (
        lambda: cn_tech_sme().change("staff.indicators.share.A", 0.2),
        "staff.indicators.share.A: this names a table, not one value; inside it are "
        "staff.indicators.share.A.at_least; name one of them",
        "staff.indicators.share.A: 这是一个表，不是单个值；其中有 staff.indicators.share.A.at_least；"
        "请指定其一",
    ),
    "policy.no-value": (
        lambda: cn_tech_sme().change("gates.staff-size.at_most", None),
        "gates.staff-size.at_most: a change needs a value; a value is never removed by a change; "
        "give a number, text, date, true or false",
        "gates.staff-size.at_most: 修改须给出取值；修改不能删除原值；请给出数值、文本、日期、true 或 false",
    ),
    "policy.changes-nothing": (
        lambda: cn_tech_sme().change("gates.sales-size.at_most", "20000 万元"),
        'gates.sales-size.at_most: "20000 万元" is what the policy says already; a change must change '
        "something; remove it or give another value",
        "gates.sales-size.at_most: “20000 万元”与政策现值相同；修改须使政策有所变化；"
        "请删除该项修改或改用其他值",
    ),
    "assess.currency": (
        lambda: assess(cn_tech_sme(), Firm.from_dict({"sales": "5 억원"}, currency="KRW")),
        "currency: the firm is in KRW, the policy in CNY; amounts of two currencies are never mixed; "
        "choose another policy or restate the firm",
        "currency: 企业数据以 KRW 计，政策以 CNY 计；不同币种的金额不得混用；请换用政策或折算企业数据",
    ),
}


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_that_cannot_be_answered_says_why(code):
    ask, en, zh = QUESTIONS[code]
    known = ", ".join(sorted({path.parent.name for path in SHIPPED}))
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


# -- files that cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("at_most = 500 persons", "Expected newline or end of document after a statement"),
        ("at_most = 5%", "Expected newline or end of document after a statement"),
        ("at_most = ", "Invalid value"),
    ],
)
def test_broken_toml_is_refused_with_its_line(trial, line, reason):
    with pytest.raises(UsageError) as caught:
        trial(BASE.replace("at_most = 500", line))
    at = BASE.splitlines().index("at_most = 500") + 1
    (problem,) = caught.value.problems
    assert problem.text("en") == (
        f"trial.toml:{at}: this is not valid TOML: {reason}; correct the line [file.toml]"
    )
    assert problem.text("zh") == (
        f"trial.toml:{at}: 不是有效的 TOML：{reason}；请改正该行 [file.toml]"
    )


@pytest.mark.parametrize(
    "value",
    ["9" * 5000, "1e99999999999999999999", "[" * 5000 + "]" * 5000],
    ids=["digits", "exponent", "brackets"],
)
def test_numbers_and_nestings_without_bounds_are_refused(trial, value):
    with pytest.raises(UsageError) as caught:
        trial(BASE.replace("at_most = 500", f"at_most = {value}"))
    assert [problem.code for problem in caught.value.problems] == ["file.toml"]


def test_a_file_in_another_encoding_and_one_that_is_not_there(tmp_path):
    (tmp_path / "gbk.toml").write_bytes('title = "试行"'.encode("gbk"))
    for name, code in (("gbk.toml", "file.encoding"), ("none.toml", "file.unreadable")):
        with pytest.raises(UsageError) as caught:
            Policy.load(tmp_path / name)
        assert [problem.code for problem in caught.value.problems] == [code]


# -- all problems in one run ---------------------------------------------------------------------------

EIGHT = [
    ('currency   = "CNY"', 'currency   = "CNY"\nvalid = true', "policy.unknown-key"),
    ("B = { at_least = 0.03 }", "B = { at_least = 3 }", "policy.out-of-unit"),
    ("weight = 1", 'weight = "5%"', "policy.percent"),
    ('input   = "staff_total"', 'input   = "staff_totl"', "policy.unknown-field-near"),
    ("at_least = 60\n", "at_least = 60\nat_most  = 90\n", "policy.one-comparison"),
    ('B = { amount = "200 万元" }', "B = { amount = 200 }", "policy.money-unit"),
    ('cuts_first = "base"', 'cuts_first = "bank"', "policy.not-one-of"),
    ("max_term_months = 12", 'max_term_months = 12\nsource = "law"', "policy.unknown-source"),
]


def test_all_problems_of_a_file_come_in_one_run_in_line_order(trial):
    text, expected = BASE, []
    for old, new, _ in EIGHT:
        assert text.count(old) == 1
        text = text.replace(old, new)
    rows = text.splitlines()
    for _, new, code in EIGHT:
        # Two comparisons are a fault of the table; every other mistake stands on its own line.
        is_of_table = code == "policy.one-comparison"
        row = "[gates.enough-points]" if is_of_table else new.strip().split("\n")[-1]
        expected.append((f"trial.toml:{rows.index(row) + 1}", code))
    found = [(problem.where, problem.code) for problem in trial(text)]
    assert found == expected
    with pytest.raises(PolicyError) as caught:
        Policy.load("trial.toml")
    assert len(caught.value.text("zh").splitlines()) == len(EIGHT)


def test_problems_in_arrays_name_the_line_of_their_item(trial):
    text = BASE.replace(
        'input   = "staff_total"\nat_most = 500',
        'any_of = [\n  { input = "staff_total", at_most = 500 },\n'
        '  { input = "sales", at_most = 500 },\n]',
    ).replace('["rd_expense"]', '[\n  "rd_expense",\n  "rd_expenses",\n]')
    rows = text.splitlines()
    bad_name = rows.index('  "rd_expenses",') + 1
    bare_amount = rows.index('  { input = "sales", at_most = 500 },') + 1
    assert [(p.where, p.key, p.code) for p in trial(text)] == [
        (f"trial.toml:{bad_name}", "favourable.1", "policy.unknown-field-near"),
        (f"trial.toml:{bare_amount}", "gates.size.any_of.1.at_most", "policy.money-unit"),
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}@{path.stem}")
def test_the_line_of_every_value_of_a_shipped_policy_is_the_one_it_stands_on(path):
    document = read_toml(path)
    rows = document.text.splitlines()
    for place, value in leaves(document.data):
        row = rows[document.line(place) - 1]
        name = next(part for part in reversed(place) if isinstance(part, str))
        if isinstance(place[-1], str):
            assert name in row
        if isinstance(value, str):
            assert value in row


def leaves(node, place=()):
    if not isinstance(node, dict | list):
        yield place, node
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from leaves(value, (*place, key))


# -- editions in force -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "on", "answer"),
    [
        # An edition without a known end holds until the next one begins.
        (InForce(day("2018-01-01")), InForce(day("2020-07-01")), "2020-06-30", "old"),
        (InForce(day("2018-01-01")), InForce(day("2020-07-01")), "2020-07-01", "new"),
        (InForce(day("2018-01-01")), InForce(day("2020-07-01")), "2029-01-01", "new"),
        # The next one began on an unknown day: sure is only the time up to the day before.
        (InForce(day("2018-01-01")), InForce(after=day("2020-07-01"), seen=day("2021-01-01")),
         "2020-07-01", "old"),
        (InForce(day("2018-01-01")), InForce(after=day("2020-07-01"), seen=day("2021-01-01")),
         "2020-07-02", "policy.between"),
        (InForce(day("2018-01-01")), InForce(seen=day("2021-01-01")), "2018-01-01", "old"),
        (InForce(day("2018-01-01")), InForce(seen=day("2021-01-01")), "2018-01-02",
         "policy.between"),
        (InForce(day("2018-01-01")), InForce(seen=day("2021-01-01")), "2021-01-01", "new"),
        # A gap between an end and a beginning.
        (InForce(day("2018-01-01"), until=day("2019-12-31")), InForce(day("2021-01-01")),
         "2020-06-30", "policy.between"),
        (InForce(seen=day("2018-01-01")), InForce(day("2021-01-01")), "2017-12-31",
         "policy.before-first"),
        (InForce(day("2018-01-01")), InForce(day("2020-07-01"), until=day("2022-01-01")),
         "2022-01-02", "policy.ended"),
    ],
)  # fmt: skip
def test_which_of_two_editions_answers(first, second, on, answer):
    def ask():
        try:
            return choose("loan", [("old", first), ("new", second)], day(on)).edition
        except UsageError as error:
            return error.problems[0].code

    assert ask() == answer


def test_after_the_last_known_state_the_answer_says_when_it_was_last_confirmed():
    seen = InForce(after=day("2018-08-29"), seen=day("2023-08-11"))
    assert choose("loan", [("2023", seen)], day("2023-08-11")).last_confirmed is None
    assert choose("loan", [("2023", seen)], day("2026-01-01")).last_confirmed == day("2023-08-11")


# -- what-if ---------------------------------------------------------------------------------------------


@pytest.fixture
def policy(trial):
    assert trial(BASE) == []
    return Policy.load("trial.toml")


def test_changing_back_gives_the_same_policy_whatever_else_was_changed(policy):
    for start in (policy, Policy.from_canonical(policy.canonical)):
        # 52 for A is possible only while B is lower: nothing may look at A = 52, B = 60.
        moved = start.change("tiers.B.at_least", 50).change("tiers.A.at_least", 52)
        back = moved.change("tiers.B.at_least", 51).change("tiers.A.at_least", 80)
        assert [(c.path, c.old, c.new) for c in back.changes] == [("tiers.B.at_least", "60", "51")]
        again = back.change("tiers.B.at_least", "60")
        assert (again.changes, again.fingerprint) == ((), policy.fingerprint)


@pytest.mark.parametrize(
    "value", [0.4, "0.4", Decimal("0.4"), np.float64(0.4), np.array(0.4), Decimal("0.40")]
)
def test_a_number_may_come_in_any_shape_a_notebook_has(policy, value):
    assert policy.change("rights.weight", value).rules.dimension("rights").weight == Fraction(2, 5)


@pytest.mark.parametrize("value", [np.int64(70), np.int8(70), np.float32(70), "70"])
def test_whole_numbers_of_numpy_are_whole_numbers(policy, value):
    path = "gates.size.at_most"
    assert policy.change(path, value).fingerprint == policy.change(path, 70).fingerprint


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), object(), {}, [], "", Fraction(1, 3)]
)
def test_what_is_no_number_is_refused_with_a_problem(policy, value):
    with pytest.raises(PolicyError):
        policy.change("rights.weight", value)


def test_a_growth_of_0_is_not_the_growth_that_the_firm_states(trial):
    method = """method   = "working_capital"
margin   = "gross"
turns    = "balances"
average  = "both-years"
growth   = 0"""
    old = 'method   = "tax_multiple"\nmultiple = 6\nyears    = 2'
    assert trial(BASE.replace(old, method)) == []
    rule = Policy.load("trial.toml").rules.parts[1].methods[0].option("rule")
    assert rule.growth == 0
