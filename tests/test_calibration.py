"""The assumed parts of chongqing-knowledge@2023 reproduce the published averages (decision 0004)."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys

import numpy as np
import pytest

from ipcredit.assess import assess
from ipcredit.fields import FIELDS
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.population import population

POLICY = Policy.load("chongqing-knowledge@2023")
ON = dt.date(2025, 6, 30)
DRAW_RATE = 0.75
WAN = 1_000_000


@pytest.fixture(scope="module", params=[7, 11])
def result(request):
    return assess(POLICY, population(20_000, request.param), on=ON)


@pytest.fixture(scope="module")
def script(root):
    path = root / "benchmarks" / "calibration.py"
    spec = importlib.util.spec_from_file_location("calibration", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["calibration"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def eligible(result, part):
    return result.part(part)[result.status == 0] / WAN


def test_the_mean_disbursed_loan_is_the_published_average(result):
    line = eligible(result, "knowledge")
    error = DRAW_RATE * line.std(ddof=1) / len(line) ** 0.5
    assert 165 <= DRAW_RATE * line.mean() <= 175
    assert 165 <= DRAW_RATE * line[line > 0].mean() <= 175
    assert error < 1.1
    assert line.mean() > 175  # the mean line lies above what is drawn


def test_commercial_loans_follow_knowledge_loans_as_published(result):
    ratio = eligible(result, "base").mean() / eligible(result, "knowledge").mean()
    assert abs(ratio - 163.45 / 236.46) < 0.03


def test_three_in_four_are_eligible_and_tiers_are_a_pyramid(result):
    assert 0.70 <= (result.status == 0).mean() <= 0.85
    for kind in ("", "graded"):
        tiers = result.codes["tier", kind][result.status == 0]
        shares = np.bincount(tiers, minlength=5) / len(tiers)
        assert len(shares) == 5
        assert (np.diff(shares) > 0).all()
        assert shares[0] <= 0.11


def test_no_firm_of_the_population_is_incomplete_or_invalid(result):
    assert set(np.unique(result.status)) == {0, 1}


def test_the_public_lines_are_the_only_ones_of_a_firm_without_credit(result):
    firms = result.firms.columns
    held = firms["knowledge_loans_here"] + firms["knowledge_loans_elsewhere"]
    line = result.part("knowledge")[(result.status == 0) & (held == 0)]
    assert set(np.unique(line) // WAN) == {80, 160, 300, 400, 500}


def test_everything_fitted_is_marked_assumed():
    for path in ("tiers", "base.methods.commercial-value", "ip", "rd", "operating"):
        under = [number for number in POLICY.numbers if number.path.startswith(path + ".")]
        assert under
        assert all(number.evidence == "assumed" and number.assumed for number in under)


# -- raising what is favourable ---------------------------------------------------------------------------


@pytest.mark.checkout
@pytest.mark.parametrize("name", ["chongqing-knowledge@2023", "cn-tech-sme@2017"])
def test_raising_a_favourable_figure_never_lowers_tier_or_line(script, name):
    policy = Policy.load(name)
    found = list(script.fallen(policy, population(4000, 3)))
    assert {field for field, *_ in found} == set(policy.rules.favourable)
    assert [(field, by, fell) for field, by, _, fell in found if fell] == []
    assert all(any(rose for f, _, rose, _ in found if f == field) for field, *_ in found)


@pytest.mark.checkout
def test_under_a_small_lender_the_sum_never_falls_but_the_base_part_may(script):
    """The single-client limit cuts the base part first: a higher tier then takes its room."""
    firms = population(4000, 3)
    small = np.full(len(firms), 40_000_000_00, np.int64)  # a tenth is 400 万元
    firms = Firms(firms.n, {**firms.columns, "lender_net_capital": small}, firms.texts)
    before = assess(POLICY, firms, on=ON)
    after = assess(POLICY, script.raised(firms, "class1_related", 7), on=ON)
    assert (after.part("total") >= before.part("total")).all()
    assert (after.part("knowledge") >= before.part("knowledge")).all()
    assert (after.part("base") < before.part("base")).any()


def test_lender_capital_is_there_and_binds_nowhere():
    firms = population(4000, 3)
    with_limit = assess(POLICY, firms, on=ON)
    without = {k: v for k, v in firms.columns.items() if k != "lender_net_capital"}
    skipped = assess(POLICY, Firms(firms.n, without, firms.texts), on=ON)
    assert np.array_equal(with_limit.part("total"), skipped.part("total"))


def test_blanks_leave_some_firms_open_and_change_no_closed_one():
    whole = assess(POLICY, population(4000, 3), on=ON)
    gaps = assess(POLICY, population(4000, 3, missing=0.1), on=ON)
    closed = gaps.status != 2
    assert 0.02 < (~closed).mean() < 0.1
    assert np.array_equal(whole.status[closed], gaps.status[closed])
    assert np.array_equal(whole.part("total")[closed], gaps.part("total")[closed])


# -- the decision quotes what is measured -------------------------------------------------------------------


@pytest.mark.checkout
@pytest.mark.slow
def test_the_decision_quotes_the_tables_of_the_script(root, script):
    decision = (root / "docs/decisions/0004-chongqing-calibration.md").read_text(encoding="utf-8")
    lines = [line for _, table in script.tables(script.N, script.SEED) for line in table]
    assert [line for line in lines if line not in decision] == []


@pytest.mark.checkout
def test_the_script_prints_what_the_tests_measure(script, result):
    f = script.figures(POLICY, result.firms)
    assert f.drawn.value == pytest.approx(DRAW_RATE * eligible(result, "knowledge").mean())
    assert f.base.value == pytest.approx(eligible(result, "base").mean())
    assert FIELDS["rd_expense"].kind in script.STEPS
