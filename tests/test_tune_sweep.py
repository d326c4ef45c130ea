"""Sweeps: every step is the policy with that value, the baseline is marked and untouched."""

import datetime as dt
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit import Policy, PolicyError, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.population import population
from ipcredit.tune.outcome import outcome
from ipcredit.tune.sweep import sweep
from ipcredit.tune.varied import changed, number_of, value_at, varied

ON = dt.date(2023, 8, 11)
POLICY = Policy.load("chongqing-knowledge@2023")
FIRMS = population(300, seed=7, missing=0.05)
CUTS = [f"tiers.{label}.at_least" for label in "ABCDE"]


def problems(error):
    return [problem.text("en") for problem in error.value.problems]


# -- policies with numbers set ---------------------------------------------------------------------


@given(st.lists(st.integers(1, 99), min_size=5, max_size=5, unique=True))
@settings(max_examples=15, deadline=None)
def test_numbers_set_at_once_are_numbers_changed_one_by_one(cuts):
    values = dict(zip(CUTS, sorted(cuts, reverse=True), strict=True))
    before = POLICY.fingerprint
    once, steps = varied(POLICY, values), changed(POLICY, values)
    assert once == steps
    assert {c.path: c.new for c in steps.changes} == {
        path: str(value) for path, value in values.items() if value != value_at(POLICY, path)
    }
    assert POLICY.fingerprint == before


def test_what_stays_as_it_is_is_no_change():
    same = {"tiers.B.at_least": 70, "line.tiers.B.amount": "4000000 元", "ip.weight": "0.40"}
    assert changed(POLICY, same) is POLICY
    assert varied(POLICY, same) is POLICY
    assert varied(POLICY, {"ip.weight": np.float64(0.4)}) is POLICY


def test_a_value_with_its_own_source_is_named_by_its_key():
    fund_like = Policy.load("cn-tech-sme@2017")
    path = next(n.path for n in fund_like.numbers if n.path.endswith("at_least"))
    assert varied(fund_like, {path: value_at(fund_like, path)}) is fund_like


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "tiers.B.at_laest",
            'tiers.B.at_laest: the policy has no such value; the nearest is "tiers.B.at_least"; '
            "correct the path [policy.no-such-path-near]",
        ),
        (
            "line.tiers.B",
            "line.tiers.B: this names a table, not one value; inside it are line.tiers.B.amount; "
            "name one of them [policy.not-a-value]",
        ),
    ],
)
def test_a_path_that_is_none_is_said_as_a_change_says_it(path, said):
    with pytest.raises(UsageError) as error:
        varied(POLICY, {path: 1})
    assert problems(error) == [said]
    with pytest.raises(UsageError) as other:
        POLICY.change(path, 1)
    assert problems(other) == [said]


@pytest.mark.parametrize(
    ("value", "number"),
    [("1.5 万元", 1_500_000), (0.1, Fraction(1, 10)), (True, None), ("none", None), ("7", 7)],
)
def test_numbers_are_read_exactly(value, number):
    assert number_of(value, "CNY") == number


def test_changes_that_no_order_makes_valid_are_all_said():
    with pytest.raises(PolicyError, match="out of order"):
        changed(POLICY, {"tiers.A.at_least": 50, "tiers.B.at_least": 60})


# -- sweeps -----------------------------------------------------------------------------------------


def test_each_step_is_the_policy_changed_and_the_baseline_is_marked():
    before = POLICY.fingerprint
    found = sweep(POLICY, {"tiers.B.at_least": [60, 70, 80]}, FIRMS, on=ON)
    assert [row.is_baseline for row in found.rows] == [False, True, False]
    for row, value in zip(found.rows, (60, 70, 80), strict=True):
        policy = POLICY if value == 70 else POLICY.change("tiers.B.at_least", value)
        one = outcome(policy, FIRMS, on=ON)
        assert row.counts == one.counts
        assert row.lines == one.lines
        assert row.moved == int((one.state != outcome(POLICY, FIRMS, on=ON).state).sum())
    assert found.rows[1].moved == 0
    assert found.baseline.counts == found.rows[1].counts
    assert POLICY.fingerprint == before


def test_a_baseline_outside_the_grid_stands_on_its_own():
    found = sweep(POLICY, {"tiers.B.at_least": [60, 80]}, FIRMS, on=ON)
    assert not any(row.is_baseline for row in found.rows)
    assert found.baseline.is_baseline
    assert found.baseline.values == ("70",)
    assert "70 (as it is)" in found.text("en")


def test_two_axes_give_every_pair_and_one_axis_may_move_several_numbers():
    joint = ("tiers.B.at_least", "line.tiers.B.amount")
    grid = {joint: [(60, "450 万元"), (70, "400 万元")], "tiers.C.at_least": [50, 55]}
    found = sweep(POLICY, grid, FIRMS, on=ON)
    assert [row.places for row in found.rows] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [row.is_baseline for row in found.rows] == [False, False, False, True]
    one = POLICY.change("tiers.B.at_least", 60).change("line.tiers.B.amount", "450 万元")
    assert found.rows[1].lines == outcome(one, FIRMS, on=ON).lines
    frame = found.frame()
    assert list(frame["tiers.B.at_least"]) == [60, 60, 70, 70]
    assert next(iter(frame["line.tiers.B.amount"])) == "450 万元"
    assert list(frame["line_total_fen"]) == [row.total for row in found.rows]


def test_numbers_of_numpy_and_fractions_may_be_steps():
    plain = sweep(POLICY, {"ip.weight": [0.3, 0.4]}, FIRMS, on=ON)
    other = sweep(POLICY, {"ip.weight": np.array([0.3, 0.4])}, FIRMS, on=ON)
    third = sweep(POLICY, {"ip.weight": [Fraction(3, 10), Fraction(2, 5)]}, FIRMS, on=ON)
    assert plain.to_json() == other.to_json() == third.to_json()


def test_flags_and_words_may_be_swept_and_one_value_is_one_step():
    found = sweep(POLICY, {"gates.filed.is": [True, False]}, FIRMS, on=ON)
    assert [row.is_baseline for row in found.rows] == [True, False]
    assert "否" in found.text("zh")
    words = sweep(POLICY, {"silent.missing_option": "others"}, FIRMS, on=ON)
    assert [row.values for row in words.rows] == [("others",)]
    assert sweep(POLICY, {"tiers.B.at_least": 60}, FIRMS, on=ON).rows[0].values == ("60",)


def test_the_fund_is_asked_with_probabilities_of_the_baseline():
    fund, scenario = Fund.load("chongqing-knowledge"), Scenario.load("chongqing-assumed")
    few = population(60, seed=3)
    found = sweep(POLICY, {"tiers.B.at_least": [60, 70]}, few, fund=fund, scenario=scenario, on=ON)
    other = POLICY.change("tiers.B.at_least", 60)
    year = outcome(other, few, on=ON, fund=fund, scenario=scenario, baseline=POLICY).fund
    row = found.rows[0].fund
    assert (row.expected, row.net, row.quantile, row.dry) == (
        year.expected, year.net, year.quantile, year.dry,
    )  # fmt: skip
    assert row.worst == year.worst.name
    data = json.loads(found.to_json())
    assert data["rows"][0]["expected_fen"] == round(year.expected.value)
    assert (data["fund"], data["scenario"]) == ("chongqing-knowledge", "chongqing-assumed")
    for lang in ("zh", "en", "both"):
        assert found.text(lang)


def test_the_json_has_a_version_and_is_stable():
    grid = {"tiers.B.at_least": [60, 70]}
    one, two = (sweep(POLICY, grid, FIRMS, on=ON) for _ in range(2))
    assert one.to_json() == two.to_json()
    data = json.loads(one.to_json())
    assert (data["version"], data["kind"]) == (1, "tune-sweep")
    assert data["fingerprint"] == POLICY.fingerprint
    assert sum(data["rows"][0][f"firms_{state}"] for state in one.states) == len(FIRMS)


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (
            {},
            ["grid: 0 parameters; a sweep goes over one or two; let parameters move together by a "
             "tuple of paths, or ask `sensitivity` about many [tune-sweep.axes]"],
        ),
        (
            {path: [1] for path in CUTS[:3]},
            ["grid: 3 parameters; a sweep goes over one or two; let parameters move together by a "
             "tuple of paths, or ask `sensitivity` about many [tune-sweep.axes]"],
        ),
        (
            {"tiers.B.at_laest": [60], "ip.weight": []},
            ['tiers.B.at_laest: the policy has no such value; the nearest is "tiers.B.at_least"; '
             "correct the path [policy.no-such-path-near]",
             "ip.weight: no value is given; give at least one, as in [60, 65, 70] "
             "[tune-sweep.no-values]"],
        ),
        (
            {("tiers.A.at_least", "tiers.B.at_least"): [(80, 60), 70], "tiers.B.at_least": [70]},
            ['tiers.A.at_least, tiers.B.at_least: "70" has 1 values for 2 paths; give one value for '
             "each path of the tuple [tune-sweep.step]",
             "tiers.B.at_least: this path is on two axes; each parameter moves once; remove one "
             "[tune-sweep.twice]"],
        ),
    ],
)  # fmt: skip
def test_a_wrong_grid_is_refused_with_everything_that_is_wrong(grid, said):
    with pytest.raises(UsageError) as error:
        sweep(POLICY, grid, FIRMS, on=ON)
    assert problems(error) == said


def test_values_that_make_no_policy_are_all_named_and_nothing_is_reckoned():
    with pytest.raises(PolicyError) as error:
        sweep(POLICY, {"tiers.B.at_least": [50, 70, 90]}, FIRMS, on=ON)
    assert [problem.where for problem in error.value.problems] == [
        "tiers.B.at_least = 50",
        "tiers.B.at_least = 90",
    ]
    assert 'tiers.B.at_least = 90: tiers.B: threshold "90" is out of order' in problems(error)[1]


def test_a_fund_needs_a_scenario():
    with pytest.raises(UsageError, match="a fund needs a scenario"):
        sweep(POLICY, {"ip.weight": [0.3]}, FIRMS, fund=Fund.load("chongqing-knowledge"), on=ON)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pictures_are_drawn_and_have_units(tmp_path, lang):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from ipcredit.pictures import texts_of

    one = sweep(POLICY, {"tiers.B.at_least": [60, 70, 80]}, FIRMS, on=ON)
    two = sweep(POLICY, {"tiers.B.at_least": [60, 70], "tiers.C.at_least": [45, 55]}, FIRMS, on=ON)
    for name, found in (("one", one), ("two", two)):
        path = tmp_path / f"{name}.png"
        found.save(path, lang)
        assert path.stat().st_size > 10_000
        figure, _ = found.draw(lang)
        texts = set(texts_of(figure))
        assert any("CNY 10,000" in text or "万元" in text for text in texts)
        assert texts & {"firms", "企业（户）"}
