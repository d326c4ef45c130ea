"""chongqing-knowledge@2017 agrees with the published average of its first borrowers (decision 0007)."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys

import numpy as np
import pytest

from ipcredit.assess import assess
from ipcredit.errors import UsageError
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.population import population

POLICY = Policy.load("chongqing-knowledge@2017")
LATER = Policy.load("chongqing-knowledge@2023")
PUBLISHED = 20.1e4 / 844  # 万元 a firm, 2019-03
DRAW_RATE = 0.75  # decision 0004
WAN = 1_000_000


@pytest.fixture(scope="module", params=[7, 11])
def result(request):
    firms = population(20_000, request.param)
    none = np.zeros(firms.n, np.int64)
    held = {"knowledge_loans_here": none, "knowledge_loans_elsewhere": none}
    firms = Firms(firms.n, {**firms.columns, **held}, firms.texts)
    return assess(POLICY, firms, on=dt.date(2019, 3, 31))


@pytest.fixture(scope="module")
def script(root):
    path = root / "benchmarks" / "calibration_2017.py"
    spec = importlib.util.spec_from_file_location("calibration_2017", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["calibration_2017"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def lines(result):
    """Lines of the eligible firms in 万元, best tier first and best points first."""
    eligible = result.status == 0
    line, points = result.part("knowledge")[eligible] / WAN, result.total[eligible]
    return line[np.lexsort((-points, -line))]


# -- the fit ----------------------------------------------------------------------------------------


def test_one_loan_a_firm_cannot_give_the_published_average_at_this_draw_rate():
    highest = max(POLICY.rules.parts[0].tiers) / WAN
    assert DRAW_RATE * highest < PUBLISHED < highest


def test_the_mean_disbursed_to_the_selected_firms_is_the_published_average(result):
    line = lines(result)
    selected = line[: round(len(line) * 844 / 2000)]
    # A second loan for those whose first is a year old, first loans spread evenly over 15 months.
    loans = 1 + (89 + 3 * (844 - 89) / 15) / 844
    drawn = selected.mean() * DRAW_RATE * loans
    assert loans == pytest.approx(1.284, abs=1e-3)
    assert drawn == pytest.approx(PUBLISHED, rel=0.02)


def test_most_selected_firms_are_in_the_two_highest_tiers(result):
    line = lines(result)
    selected = line[: round(len(line) * 844 / 2000)]
    assert (selected >= 240).mean() > 0.65
    assert set(np.unique(line)) == {40, 90, 180, 240, 300}


def test_no_firm_of_the_population_is_incomplete_or_invalid(result):
    assert set(np.unique(result.status)) == {0, 1}


# -- what the edition says -----------------------------------------------------------------------------


def test_what_the_texts_do_not_tell_apart_is_assumed_as_in_2023():
    mine, later = POLICY.rules, LATER.rules
    assert mine.tiers.indicator.bands == later.tiers.indicator.bands
    assert mine.raises == later.raises
    for item in mine.dimensions:
        assert [i.bands for i in item.indicators] == [
            i.bands for i in later.dimension(item.name).indicators
        ]


def test_no_operating_factor_counts_before_2020():
    base = [item.name for item in POLICY.rules.top if item.role == "base"]
    bonus = [item.name for item in POLICY.rules.top if item.role == "bonus"]
    assert (base, bonus) == (["ip", "rd"], ["talent", "products", "status"])
    assert sum(POLICY.rules.dimension(name).weight for name in base) == 1


def test_the_lines_between_are_the_later_table_scaled_and_rounded_to_ten():
    later = [amount / WAN for amount in LATER.rules.parts[0].tiers]
    scaled = [40 + (x - 80) * 260 / 420 for x in later]
    assert [round(x, -1) for x in scaled] == [x / WAN for x in POLICY.rules.parts[0].tiers]


def test_only_the_highest_and_the_lowest_line_have_a_source():
    found = {n.path: n.evidence for n in POLICY.under("line.tiers")}
    known = {path for path, evidence in found.items() if evidence == "secondary"}
    assert known == {"line.tiers.A.amount", "line.tiers.E.amount"}


# -- which day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2018-05-17", "2018-06-01", "2018-08-29"])
def test_the_edition_answers_on_days_it_was_seen(on):
    policy = Policy.load("chongqing-knowledge", on=dt.date.fromisoformat(on))
    assert (policy.edition, policy.last_confirmed) == ("2017", None)


@pytest.mark.parametrize("on", ["2018-08-30", "2020-01-01", "2023-08-10"])
def test_between_the_two_editions_both_are_named_and_none_is_chosen(on):
    with pytest.raises(UsageError) as caught:
        Policy.load("chongqing-knowledge", on=dt.date.fromisoformat(on))
    (problem,) = caught.value.problems
    assert problem.code == "policy.between"
    for lang in ("zh", "en"):
        for known in ("2017", "<= 2018-05-17 .. >= 2018-08-29", "2023", "2023-08-11"):
            assert known in problem.text(lang)


def test_before_it_was_first_seen_no_day_is_guessed():
    with pytest.raises(UsageError) as caught:
        Policy.load("chongqing-knowledge", on=dt.date(2017, 12, 31))
    assert caught.value.problems[0].code == "policy.before-first"


def test_the_later_edition_answers_from_the_day_it_was_seen():
    assert Policy.load("chongqing-knowledge", on=dt.date(2023, 8, 11)).edition == "2023"


# -- the decision quotes what is measured ------------------------------------------------------------


@pytest.mark.checkout
@pytest.mark.slow
def test_the_decision_quotes_the_tables_of_the_script(root, script):
    decision = (root / "docs/decisions/0007-chongqing-2017.md").read_text(encoding="utf-8")
    found = [line for _, table in script.tables(script.N, script.SEED) for line in table]
    assert [line for line in found if line not in decision] == []


@pytest.mark.checkout
def test_the_script_prints_what_the_tests_measure(script, result):
    ours = lines(result)
    theirs = script.lines(POLICY, result.firms)
    assert np.array_equal(ours, theirs.line)
    assert script.average(*script.THEN) == pytest.approx(PUBLISHED)
