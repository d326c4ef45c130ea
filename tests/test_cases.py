"""Golden cases: every shipped case holds, and what a case file says wrong is said back clearly."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ipcredit.cases import run_cases
from ipcredit.errors import PolicyError, UsageError
from ipcredit.policy import Policy
from ipcredit.resources import config_dir

FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
HEAD = """\
policy = "cn-tech-sme@2017"
on     = 2026-06-30

[firm]
staff_total               = 200
sci_tech_staff            = 60
rd_expense                = "40 万元"
sales                     = "1000 万元"
total_cost                = "1000 万元"
total_assets              = "2000 万元"
class1_related            = 0
class2_related            = 2
resident_enterprise       = true
restricted_industry       = false
major_accident            = false
environmental_breach      = false
integrity_breach          = false
abnormal_list             = false
dishonest_list            = false
has_high_tech_certificate = false
national_award_rank       = "none"
national_award_on         = "none"
rd_institution            = "none"
standard_led_on           = "none"
"""
CASE = """
[[case]]
name   = "a firm"
expect = {expect}
why    = "because"
source = "somewhere"
"""


def ran(tmp_path, text, policy=None):
    path = tmp_path / "cases.toml"
    path.write_text(text, encoding="utf-8")
    return run_cases(path, policy)


def said(tmp_path, text, lang="en"):
    """Problems as line: text, without the directory."""
    return [p.text(lang).rpartition("cases.toml:")[2] for p in ran(tmp_path, text).failed]


# -- the shipped cases ------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_case_holds(path):
    report = run_cases(path)
    assert not report.failed, "\n".join(problem.text() for problem in report.failed)
    assert report.passed == len(tomllib.loads(path.read_text(encoding="utf-8"))["case"]) > 0


def test_the_schemes_of_the_founding_region_and_of_the_country_have_cases():
    assert {"cn-tech-sme", "chongqing-knowledge"} <= {path.stem for path in FILES}


def test_cases_run_on_a_policy_that_a_person_has_changed():
    path = next(path for path in FILES if path.stem == "cn-tech-sme")
    wider = Policy.load("cn-tech-sme@2017").change("gates.enough-points.at_least", 56)
    report = run_cases(path, wider)
    names = {problem.args["name"] for problem in report.failed}
    assert "58 points do not pass" in names
    assert "exactly 60 points pass" not in names


def test_cases_run_on_a_policy_file_beside_them(tmp_path):
    source = config_dir() / "policies" / "cn-tech-sme" / "2017.toml"
    (tmp_path / "mine.toml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    text = (HEAD + CASE.format(expect='{ status = "eligible" }')).replace(
        "cn-tech-sme@2017", "mine.toml"
    )
    assert ran(tmp_path, text).passed == 1


# -- what differs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expect", "what", "got", "expected"),
    [
        ('{ status = "refused" }', "status", "eligible", "refused"),
        ("{ points = { total = 63 } }", "points.total", "62", "63"),
        ("{ points = { rd = 30.5 } }", "points.rd", "30", "30.5"),
        ('{ bands = { "rd.to-sales" = "B" } }', "bands.rd.to-sales", "C", "B"),
        ('{ gates = { staff-size = "fail" } }', "gates.staff-size", "pass", "fail"),
        ("{ confirm = { standard = true } }", "confirm.standard", "false", "true"),
        ('{ missing = ["sales"] }', "missing", "-", "sales"),
        ('{ comprehensive_line = "5 万元" }', "comprehensive_line", "none", "5 万元"),
    ],
)
def test_a_difference_says_what_came_and_what_was_expected(tmp_path, expect, what, got, expected):
    (line,) = said(tmp_path, HEAD + CASE.format(expect=expect))
    place = f"28: case.0.expect.{what}: "
    assert line == (
        f'{place}in "a firm", {what} is {got}; it should be {expected}; correct the case or the '
        "policy [case.mismatch]"
    )
    (line,) = said(tmp_path, HEAD + CASE.format(expect=expect), "zh")
    assert line == (
        f"{place}“a firm”：{what} 为 {got}；应为 {expected}；请更正案例或政策 [case.mismatch]"
    )


def test_money_is_shown_as_a_banker_writes_it(tmp_path):
    path = next(path for path in FILES if path.stem == "chongqing-knowledge")
    text = path.read_text(encoding="utf-8").partition("[[case]]")[0]
    (line,) = said(tmp_path, text + CASE.format(expect='{ knowledge_line = "450 万元" }'))
    assert "knowledge_line is 400 万元; it should be 450 万元" in line


def test_an_incomplete_firm_says_what_is_missing(tmp_path):
    text = HEAD.replace('sales                     = "1000 万元"\n', "")
    (line,) = said(tmp_path, text + CASE.format(expect='{ status = "eligible" }'))
    assert "status is incomplete (sales); it should be eligible" in line


def test_every_difference_is_reported_and_one_case_does_not_hide_another(tmp_path):
    text = HEAD
    text += CASE.format(expect='{ status = "refused", points = { rd = 1, ip = 12, total = 2 } }')
    text += CASE.format(expect='{ status = "eligible" }').replace("a firm", "another")
    report = ran(tmp_path, text)
    assert report.passed == 1
    assert [p.key.split("expect.")[1] for p in report.failed] == [
        "status",
        "points.rd",
        "points.total",
    ]


def test_a_case_changes_its_firm_and_no_other(tmp_path):
    text = HEAD + CASE.format(expect='{ status = "refused" }').replace(
        "expect", "firm = { staff_total = 501, sci_tech_staff = 160 }\nexpect"
    )
    text += CASE.format(expect='{ status = "eligible" }').replace("a firm", "another")
    assert ran(tmp_path, text).passed == 2


def test_an_amount_may_be_given_in_fen_over_one_in_yuan(tmp_path):
    text = HEAD + CASE.format(expect="{ points = { rd = 20 } }").replace(
        "expect", "firm = { rd_expense_fen = 39999999 }\nexpect"
    )
    assert ran(tmp_path, text).passed == 1


def test_a_firm_may_be_expected_to_be_invalid(tmp_path):
    wrong = CASE.replace("expect = ", "firm = {{ staff_total = -1 }}\nexpect = ")
    assert ran(tmp_path, HEAD + wrong.format(expect='{ status = "invalid" }')).passed == 1
    (line,) = said(tmp_path, HEAD + wrong.format(expect='{ status = "eligible" }'))
    assert line.startswith('28: staff_total: "-1" is negative')


# -- what is wrong with a case file ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("expects = {}", "[policy.unknown-key-near]"),
        ("", "the case expects nothing"),
        ("expect = {}", "the case expects nothing"),
        ('expect = { statsu = "eligible" }', '"status"'),
        ('expect = { status = "elligible" }', "allowed are eligible, refused, incomplete, invalid"),
        (
            "expect = { points = { rdd = 3 } }",
            'the policy has no "rdd" here; the nearest is "rd"; correct it',
        ),
        ("expect = { points = { zzzzz = 3 } }", "it has staff, rd, ip, total; name one of them"),
        ('expect = { points = { rd = "3" } }', "[policy.not-number]"),
        ('expect = { gates = { staffsize = "pass" } }', 'the nearest is "staff-size"'),
        ('expect = { gates = { staff-size = "ok" } }', "allowed are fail, pass, waived, open"),
        ('expect = { bands = { "rd.tosales" = "A" } }', 'the nearest is "rd.to-sales"'),
        ("expect = { gates = 3 }", "[policy.not-a-table]"),
        ('expect = { tier = "A" }', "allowed are none"),
        ("expect = { base_line = 3 }", '"3" is no amount; an amount with its unit'),
        ('expect = { base_line = "3" }', "has no unit"),
        ('firm = { salse = 3 }\nexpect = { status = "refused" }', '"sales"'),
        ('missing = ["salse"]\nexpect = { status = "refused" }', '"sales"'),
        (
            'missing = ["sales"]\nfirm = { sales = "1 元" }\nexpect = { status = "refused" }',
            "a figure is given or missing",
        ),
    ],
)
def test_what_is_wrong_in_a_case_is_said_with_its_line(tmp_path, text, expected):
    case = f'\n[[case]]\nname = "a firm"\nwhy = "because"\nsource = "somewhere"\n{text}\n'
    lines = said(tmp_path, HEAD + case)
    assert any(expected in line and 26 <= int(line.split(":")[0]) <= 32 for line in lines), lines
    for lang in ("zh", "en"):
        assert all(problem.text(lang) for problem in ran(tmp_path, HEAD + case).failed)


def test_name_reason_and_source_are_required(tmp_path):
    lines = said(tmp_path, HEAD + '\n[[case]]\nexpect = { status = "eligible" }\n')
    assert {line.split(": ")[1] for line in lines} == {"case.0.name", "case.0.why", "case.0.source"}


def test_two_cases_of_one_name_are_refused(tmp_path):
    text = HEAD + CASE.format(expect='{ status = "eligible" }') * 2
    (line,) = said(tmp_path, text)
    assert line.startswith('33: case.1.name: another case is called "a firm" already (line 27)')


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('policy = "cn-tech-sme@2017"', "", "1: policy: … [policy.required]"),
        ("cn-tech-sme@2017", "cn-tech-sm", "1: cn-tech-sm: … [policy.unknown-near]"),
        ("cn-tech-sme@2017", "cn-tech-sme@2016", "1: policy: … [policy.unknown-edition]"),
        ("on     = 2026-06-30", "", "1: on: … [policy.required]"),
        ("on     = 2026-06-30", 'on = "someday"', "2: on: … [policy.not-date]"),
        ("[firm]", "onn = 3\n[firm]", "4: onn: … [policy.unknown-key-near]"),
        (
            "staff_total               = 200",
            "staff_total = -200",
            "5: staff_total: … [firm.negative]",
        ),
    ],
)
def test_what_is_wrong_in_the_head_is_said_with_its_line(tmp_path, old, new, expected):
    text = (HEAD + CASE.format(expect='{ status = "eligible" }')).replace(old, new)
    lines = said(tmp_path, text)
    start, end = expected.split("…")
    assert any(line.startswith(start) and line.endswith(end) for line in lines), lines


def test_a_file_without_cases_is_refused(tmp_path):
    (line,) = said(tmp_path, HEAD)
    assert "the file has no case" in line
    report = ran(tmp_path, HEAD)
    assert report.passed == 0


def test_a_file_that_cannot_be_read_raises(tmp_path):
    with pytest.raises(UsageError, match=r"file\.unreadable"):
        run_cases(tmp_path / "nowhere.toml")
    (tmp_path / "broken.toml").write_text("policy = ", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.toml:1"):
        run_cases(tmp_path / "broken.toml")


def test_a_policy_file_that_is_wrong_raises_as_ever(tmp_path):
    (tmp_path / "mine.toml").write_text('schema = 1\nid = "x"\n', encoding="utf-8")
    text = HEAD.replace("cn-tech-sme@2017", "mine.toml")
    with pytest.raises(PolicyError):
        ran(tmp_path, text + CASE.format(expect='{ status = "eligible" }'))
