"""The receivables part: an advance on what is eligible, beside the knowledge and the base line."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ipcredit import cli
from ipcredit.assess import assess
from ipcredit.baseline import rest_of
from ipcredit.cases import run_cases
from ipcredit.explain import explain
from ipcredit.fields import MISSING, NONE
from ipcredit.firm import Firm
from ipcredit.policy import Policy, check_file
from ipcredit.policy_tables import show_text
from ipcredit.resources import config_dir
from ipcredit.results import result_of
from ipcredit.source import read_toml
from ipcredit.tables import columns_of_result, write_csv
from ipcredit.verify import verify

POLICY_FILE = config_dir() / "examples" / "policies" / "receivables-example.toml"
FIRM_FILE = config_dir() / "examples" / "firms" / "receivables-example.toml"
POLICY = Policy.load(POLICY_FILE)
FIRM = Firm.read(FIRM_FILE)
LESS = ("receivables_core_old", "receivables_core_disputed", "receivables_core_excess")


def judged(**changes):
    """The example firm with other figures, as data that a firm is read from."""
    return assess(POLICY, Firm.from_dict({**FIRM.to_dict(), **changes}))


# -- what is left to lend against --------------------------------------------------------------------

amounts = st.integers(0, 10**15)
cells = st.one_of(amounts, st.sampled_from([MISSING, NONE]))


@given(st.lists(st.tuples(cells, st.lists(cells, min_size=3, max_size=3)), min_size=1, max_size=20))
def test_the_rest_is_exact_and_open_only_where_it_depends_on_what_is_not_known(rows):
    whole = np.array([row[0] for row in rows], np.int64)
    less = [np.array([row[1][at] for row in rows], np.int64) for at in range(3)]
    found = rest_of(whole, less)
    for (of, taken), rest in zip(rows, found.tolist(), strict=True):
        known = [0 if value == NONE else value for value in taken if value != MISSING]
        left = max((0 if of == NONE else of) - sum(known), 0)
        if of == MISSING or (MISSING in taken and left > 0):
            assert rest == MISSING
        else:
            assert rest == left


@given(st.tuples(amounts, amounts, amounts, amounts), st.integers(0, 10**4))
def test_the_advance_is_the_floor_of_the_exact_product(figures, rate):
    policy = POLICY
    if Fraction(rate, 10**4) != Fraction(7, 10):
        policy = policy.change("receivables.methods.core.share", str(rate / 10**4))
    firm = Firm.from_dict({"litigation_as_defendant": False, "overdue_now": False,
                           "class1_related": 0, "invoiced_sales_fen": 0,
                           "receivables_core_fen": figures[0]})  # fmt: skip
    # Parts of the receivables that exceed them are a problem of the firm, so they are put in here.
    firm = Firm({**firm.values, **dict(zip(LESS, figures[1:], strict=True))})
    exact = Fraction(max(figures[0] - sum(figures[1:]), 0)) * Fraction(rate, 10**4)
    line = min(int(exact // 1), 1_000_000_000_00 // 100)  # at most 1,000 万元
    assert assess(policy, firm).line_of("receivables") == line - line % 1_000_000


# -- the part beside the others ----------------------------------------------------------------------


def test_every_sentence_about_the_example_holds():
    report = run_cases(Path(__file__).parent / "receivables_cases.toml", POLICY)
    assert [problem.text() for problem in report.failed] == []
    assert report.passed == 9


def test_parts_stand_in_one_order_whatever_the_file_does(tmp_path):
    assert [part.name for part in POLICY.rules.parts] == ["knowledge", "base", "receivables"]
    assert assess(POLICY, FIRM).parts == ("knowledge", "base", "receivables")
    first, middle = POLICY_FILE.read_text(encoding="utf-8").split("# -- knowledge:")
    middle, last = middle.split("# -- receivables:")
    path = tmp_path / "turned.toml"
    path.write_text(f"{first}# -- receivables:{last}\n# -- knowledge:{middle}", encoding="utf-8")
    turned = Policy.load(path)
    assert [part.name for part in turned.rules.parts] == ["knowledge", "base", "receivables"]


def test_the_parts_add_up_and_a_result_names_each():
    result = result_of(assess(POLICY, FIRM))
    lines = {key: value for key, value in result.items() if key.endswith("_line_fen")}
    assert lines == {
        "knowledge_line_fen": 50_000_000,
        "base_line_fen": 231_000_000,
        "receivables_line_fen": 584_000_000,
        "comprehensive_line_fen": 865_000_000,
    }
    assert verify(json.loads(json.dumps(result))).recomputes


def test_a_policy_without_the_section_has_no_such_key():
    result = result_of(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}))
    assert "receivables_line_fen" not in result


def test_a_table_of_firms_has_a_column_for_it():
    result = assess(POLICY, [FIRM, FIRM])
    stream = io.StringIO(newline="")
    write_csv(result, stream, "en")
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert "receivables_line_fen" in columns_of_result(result)
    assert [row["receivables_line_fen"] for row in rows] == ["584000000"] * 2


def test_a_joint_limit_and_a_fund_may_name_it():
    (joint,) = POLICY.rules.joint
    assert (joint.over, joint.cuts_first) == (("knowledge", "base", "receivables"), "receivables")
    raw = {**POLICY.canonical, "cover": {"receivables": "some-fund"}}
    assert Policy.from_canonical(raw).rules.parts[2].cover == "some-fund"


OPEN = ("invoiced_sales", "receivables_core", "receivables_core_disputed", "class1_related")


@given(
    st.sampled_from(["receivables", "base", "knowledge", "pro_rata"]),
    st.sampled_from(OPEN),
    st.tuples(st.integers(0, 4000), st.integers(0, 2500), st.integers(0, 500), st.integers(0, 4)),
    st.integers(1, 1500),
)
def test_what_is_said_with_a_figure_missing_holds_whatever_the_figure_is(first, gone, sizes, limit):
    policy = POLICY
    if limit != 1200:
        policy = policy.change("limits.comprehensive.amount", f"{limit} 万元")
    if first != "receivables":
        policy = policy.change("limits.comprehensive.cuts_first", first)
    known = dict(zip(OPEN, [*(size * 10**6 for size in sizes[:3]), sizes[3]], strict=True))
    rest = {"overdue_now": 0, "litigation_as_defendant": 0, LESS[0]: 0, LESS[2]: 0}
    open_ = assess(policy, Firm({**rest, **{k: v for k, v in known.items() if k != gone}}))
    tries = range(6) if gone == "class1_related" else range(0, 5000 * 10**6, 97 * 10**6)
    closed = [assess(policy, Firm({**rest, **known, gone: value})) for value in tries]
    for name in (*policy.rules.parts, None):
        part = "total" if name is None else name.name
        said = open_.line_of(part)
        assert said is None or {one.line_of(part) for one in closed} == {said}
    if open_.status_of() == "eligible":
        assert {one.status_of() for one in closed} == {"eligible"}


def test_two_open_parts_without_a_limit_of_their_own_leave_the_protected_one_known():
    raw = json.loads(json.dumps(POLICY.canonical))
    del raw["base"]["limits"], raw["receivables"]["limits"]
    firm = {"overdue_now": False, "litigation_as_defendant": False, "class1_related": 3}
    found = assess(Policy.from_canonical(raw), firm)
    assert found.status_of() == "incomplete"
    assert [found.line_of(name) for name in (*found.parts, "total")] == [200_000_000, *[None] * 3]


# -- in words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh", ("应收账款质押融资额度", "960 万元", "834.8 万元", "70%", "584.36 万元")),
        ("en", ("Receivables line", "CNY 9.6 million", "CNY 8,348,000", "70 %", "CNY 5,843,600")),
    ],
)
def test_the_explanation_says_what_is_left_and_what_it_carries(lang, parts):
    steps = explain(assess(POLICY, FIRM)).steps
    (step,) = [step for step in steps if step.path == "receivables.methods.core"]
    said = [f"{one.title.text(lang)}: {one.outcome.text(lang)}" for one in steps]
    assert all(any(part in text for text in said) for part in parts)
    assert all(part in step.outcome.text(lang) for part in parts[1:])
    assert {one.field for one in step.inputs} == {"receivables_core", *LESS}


def test_an_open_line_names_the_figure_it_lacks():
    firm = {key: value for key, value in FIRM.to_dict().items()
            if key != "receivables_core_disputed_fen"}  # fmt: skip
    found = explain(assess(POLICY, firm))
    assert [name for name, _ in found.missing] == ["receivables_core_disputed"]


@pytest.mark.parametrize(
    ("lang", "formula"),
    [("zh", "（对核心企业的应收账款 - 其中：账龄超限"), ("en", "70 % of (Receivables on core")],
)
def test_the_printed_policy_gives_the_formula(lang, formula):
    assert formula in " ".join(show_text(POLICY, lang, width=200).split())


def test_the_command_of_the_example_works():
    args = ["score", str(FIRM_FILE), "--policy", str(POLICY_FILE), "--on", "2026-06-30"]
    for lang, line in (("zh", "584 万元"), ("en", "CNY 5.84 million")):
        done = CliRunner().invoke(cli.app, [*args, "--lang", lang])
        assert done.exit_code == 0
        assert line in done.output


# -- mistakes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('less   = ["receivables_core_old", ', 'less   = ["receivables_core_odl", ',
         "receivables.methods.core.less.0", "policy.unknown-field-near"),
        ('less   = ["receivables_core_old", ', 'less   = ["staff_total", ',
         "receivables.methods.core.less.0", "policy.not-money"),
        ('"receivables"]\namount', '"recievables"]\namount',
         "limits.comprehensive.over", "policy.not-one-of"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path, old, new, key, code):
    text = POLICY_FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = check_file(path)
    assert [(problem.key, problem.code) for problem in found] == [(key, code)]


def test_everything_in_the_example_is_marked_assumed():
    assert {number.evidence for number in POLICY.numbers} == {"assumed"}
    assert not POLICY.content.sources
    assert "receivables-example" not in {
        path.stem for path in (config_dir() / "policies").rglob("*")
    }
    assert "invented" in read_toml(POLICY_FILE).text
