"""Two constructs the national schemes brought: an expert for a whole dimension, and readings."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipcredit import Policy, assess
from ipcredit.explain import explain
from ipcredit.policy import check_file
from ipcredit.policy_tables import show_text
from ipcredit.rules import Term
from ipcredit.wording import measure_text, side_text, term_text

HEAD = """
schema   = 1
id       = "trial"
currency = "CNY"
source   = "rule"
in_force = { from = 2020-01-01 }
title    = { zh = "试行", en = "Trial" }

[sources.rule]
document = "试行办法"
evidence = "secondary"

[silent]
zero_denominator = "none"
missing_option   = "unknown"
"""

RIGHTS = """
[rights]
title  = { zh = "数量", en = "Number" }
pick   = "best"
expert = "brand_score"
points = { A = [7, 8], B = [5, 6], C = [1, 2], D = 0 }

[rights.indicators.class1]
input = "class1_related"
A = { at_least = 1 }

[rights.indicators.class2]
input = "class2_related"
B = { at_least = 5 }
C = { at_least = 1 }

[gates.enough]
input    = "total.points"
at_least = 5
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def to(text, name="trial.toml"):
        Path(name).write_text(HEAD + text, encoding="utf-8")
        return name

    return to


@pytest.fixture
def judged(write):
    def judge(text, **firm):
        return assess(Policy.load(write(text)), firm)

    return judge


def points(result, name="rights"):
    value = int(result.codes["points", name][0])
    return None if value == -(2**31) else value


# -- an expert inside what several indicators leave --------------------------------------------------


@pytest.mark.parametrize(
    ("class1", "class2", "given", "status"),
    [
        (1, 0, 7, "eligible"), (1, 0, 8, "eligible"), (1, 0, 6, "invalid"),
        (1, 5, 8, "eligible"), (1, 5, 6, "invalid"),  # the better band, not both
        (0, 5, 5, "eligible"), (0, 5, 6, "eligible"), (0, 5, 7, "invalid"), (0, 5, 4, "invalid"),
        (0, 4, 2, "refused"), (0, 4, 3, "invalid"), (0, 4, 0, "invalid"),
        (0, 0, 0, "refused"), (0, 0, 1, "invalid"),
    ],
)  # fmt: skip
def test_the_expert_gives_points_inside_the_better_band(judged, class1, class2, given, status):
    result = judged(RIGHTS, class1_related=class1, class2_related=class2, brand_score=given)
    assert result.status_of() == status
    if status != "invalid":
        assert points(result) == given


@pytest.mark.parametrize(
    ("firm", "status"),
    [
        ({"class1_related": 1, "class2_related": 0}, "eligible"),  # 7 or 8
        ({"class1_related": 0, "class2_related": 1}, "refused"),  # 1 or 2
        ({"class1_related": 0, "brand_score": 2}, "refused"),  # 2 points, whatever the band
        ({"class2_related": 0, "brand_score": 0}, "refused"),
        ({"class1_related": 1, "brand_score": 8}, "eligible"),
        ({"class1_related": 1}, "eligible"),
        ({"class1_related": 0}, "incomplete"),
        ({"class1_related": 0, "class2_related": 5, "brand_score": 9}, "invalid"),
    ],
)
def test_what_is_missing_leaves_the_range_open(judged, firm, status):
    assert judged(RIGHTS, **firm).status_of() == status


def test_the_fields_an_open_firm_lacks_name_the_expert(judged):
    text = RIGHTS.replace("at_least = 5\n", "at_least = 6\n").rstrip()
    result = judged(text, class1_related=0, class2_related=5)
    assert result.status_of() == "incomplete"
    assert explain(result).missing == (("brand_score", ("rights",)),)


def test_a_step_of_the_explanation_shows_range_and_points(judged):
    result = judged(RIGHTS, class1_related=1, class2_related=2, brand_score=8)
    steps = {step.path: step for step in explain(result).steps}
    assert "7–8 points" in steps["rights.indicators.class1"].outcome.en
    assert steps["rights"].outcome.en.startswith("8 points")
    assert steps["total"].outcome.en.startswith("8 points")


@pytest.mark.parametrize(
    ("pick", "low", "high"), [("best", 7, 8), ("worst", 1, 2), ("first", 7, 8), ("sum", 8, 10)]
)
def test_the_range_is_that_of_the_pick(judged, pick, low, high):
    text = RIGHTS.replace('pick   = "best"', f'pick   = "{pick}"').rpartition("[gates")[0]
    firm = {"class1_related": 1, "class2_related": 1}
    found = [judged(text, **firm, brand_score=n).status_of() for n in range(low - 1, high + 2)]
    assert found == ["invalid", *["eligible"] * (high - low + 1), "invalid"]


def test_a_cap_ends_the_range(judged):
    text = RIGHTS.replace('pick   = "best"', 'pick = "sum"\nmax = 9').rpartition("[gates")[0]
    firm = {"class1_related": 1, "class2_related": 1}
    assert judged(text, **firm, brand_score=9).status_of() == "eligible"
    assert judged(text, **firm, brand_score=10).status_of() == "invalid"


def test_the_declared_option_leaves_its_own_range(judged):
    text = """
[research]
title    = { zh = "研发", en = "R&D" }
pick     = "declared"
declared = "rd_option"
expert   = "brand_score"
points   = { A = [7, 8], B = [1, 2], C = 0 }
[research.indicators.to-sales]
ratio = ["rd_expense", "sales"]
unit  = "share"
A = { at_least = 0.06 }
[research.indicators.to-cost]
ratio = ["rd_expense", "total_cost"]
unit  = "share"
B = { at_least = 0.10 }
"""
    firm = {"rd_expense": "10 万元", "sales": "100 万元", "total_cost": "100 万元"}
    assert judged(text, **firm, rd_option="to-sales", brand_score=7).status_of() == "eligible"
    assert judged(text, **firm, rd_option="to-sales", brand_score=2).status_of() == "invalid"
    assert judged(text, **firm, rd_option="to-cost", brand_score=2).status_of() == "eligible"


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        (RIGHTS.replace('"brand_score"', '"brand_scor"'), "rights.expert",
         "policy.unknown-field-near"),
        (RIGHTS.replace('"brand_score"', '"sales"'), "rights.expert", "policy.mixed-kinds"),
        (RIGHTS + '[all]\ntitle = { zh = "合计", en = "All" }\nof = ["rights"]\n'
         'expert = "health_score"\n', "all.expert", "policy.key-without-effect"),
    ],
)  # fmt: skip
def test_an_expert_that_cannot_be(write, text, key, code):
    (problem,) = check_file(write(text))
    assert (problem.key, problem.code) == (key, code)


@pytest.mark.parametrize("pick", ["best", "worst", "first"])
def test_a_range_without_an_expert_is_open_between_its_ends(judged, pick):
    text = RIGHTS.replace('expert = "brand_score"\n', "").replace('"best"', f'"{pick}"')
    text = text.replace("at_least = 5\n", "at_least = 8\n").replace(
        "B = { at_least = 8 }", "B = { at_least = 5 }"
    )
    result = judged(text, class1_related=1, class2_related=0)
    if pick == "worst":
        assert points(result) == 0
        return
    assert points(result) is None
    assert result.status_of() == "incomplete"


# -- readings ----------------------------------------------------------------------------------------


def gate_with(reading):
    return RIGHTS.rstrip() + f"\nreading = {reading}\n"


def test_a_reading_is_one_assumed_value_and_leaves_the_number_its_source(write):
    before = Policy.load(write(RIGHTS)).evidence()
    policy = Policy.load(write(gate_with('{ zh = "按合计", en = "together" }')))
    assert policy.evidence()["secondary"] == before["secondary"]
    assert policy.evidence()["assumed"] == before["assumed"] + 1
    (number,) = (n for n in policy.numbers if n.path == "gates.enough.at_least")
    assert (number.source, number.assumed) == ("rule", None)
    (reading,) = policy.assumed("gates.enough")
    assert reading.is_reading
    assert (reading.assumed.zh, reading.assumed.en, reading.source) == (
        "按合计",
        "together",
        "rule",
    )


def test_a_reading_holds_for_its_own_table_only(write):
    text = RIGHTS.replace('pick   = "best"', 'pick   = "best"\nreading = "one by one"')
    policy = Policy.load(write(text))
    assert [n.path for n in policy.assumed() if n.path.startswith("rights")] == ["rights.reading"]
    assert policy.scope("rights.indicators.class1") == ("rule", None)


def test_a_reading_is_told_and_shown_beside_its_source(judged, write):
    text = gate_with('"as of the year end"')
    result = judged(text, class1_related=1, class2_related=0, brand_score=8)
    (step,) = (s for s in explain(result).steps if s.path == "gates.enough")
    assert step.sources == ("rule",)
    assert [reason.en for reason in step.assumed] == ["as of the year end"]
    shown = show_text(Policy.load(write(text)), "en")
    (line,) = (row for row in shown.splitlines() if row.startswith("enough"))
    assert line.rstrip().endswith("[1], assumed 1")
    assert "as of the year end" in shown


@pytest.mark.parametrize(
    ("reading", "code", "key"),
    [
        ('""', "policy.no-reason", "gates.enough.reading"),
        ("5", "policy.not-text", "gates.enough.reading"),
        ('{ zh = "按合计" }', "policy.required", "gates.enough.reading.en"),
    ],
)
def test_a_reading_needs_its_words(write, reading, code, key):
    (problem,) = check_file(write(gate_with(reading)))
    assert (problem.code, problem.key) == (code, key)
    if code == "policy.no-reason":
        assert "reading without a reason" in problem.text("en")


def test_a_reading_is_part_of_the_fingerprint(write):
    policies = [Policy.load(write(gate_with(f'"{how}"'), f"{how}.toml")) for how in ("one", "two")]
    one, two = policies
    assert one != two
    assert [(d.path, d.before, d.after) for d in one.compare(two) if "reading" in d.path] == [
        ("gates.enough.reading", "one", "two")
    ]


# -- sums in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ('"rd_expense.sum3"', "R&D expense (sum of 3 years)", "研发费用（3 年合计）"),
        ('[{ of = "rd_expense.sum2", times = 0.5 }]', "R&D expense (sum of 2 years) × 0.5",
         "研发费用（2 年合计） × 0.5"),
        ('["rd_expense.sum3", { of = "rd_outsourced.sum3", times = -0.2 }]',
         "R&D expense (sum of 3 years) - Contracted-out R&D expense (sum of 3 years) × 0.2",
         "研发费用（3 年合计） - 委托外部研发费用（3 年合计） × 0.2"),
        ('["sales", "sales_prev"]', "Sales + Sales (year before)", "销售收入 + 销售收入（前一年度）"),
        ('[{ of = "sales", times = -1 }, "total_cost"]', "-Sales + Total cost and expense",
         "-销售收入 + 成本费用支出总额"),
    ],
)  # fmt: skip
def test_a_sum_reads_as_it_is_reckoned(write, written, en, zh):
    text = f'[gates.sum]\nsum = {written}\nat_least = "1 万元"\n'
    (gate,) = Policy.load(write(text)).rules.gates
    term = gate.condition.measure.num
    assert isinstance(term, Term)
    assert (term_text(term, "en"), term_text(term, "zh")) == (en, zh)


def test_a_sum_beside_a_sign_stands_in_brackets(write):
    text = """
[gates.share]
ratio    = [["rd_expense", { of = "rd_outsourced", times = -0.2 }], "sales"]
unit     = "share"
at_least = 0.05
"""
    (gate,) = Policy.load(write(text)).rules.gates
    said = measure_text(gate.condition.measure, "en")
    assert said.startswith("(R&D expense")
    assert said.endswith(" × 0.2) ÷ Sales")
    assert side_text(gate.condition.measure.den, "en") == "Sales"
