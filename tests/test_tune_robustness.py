"""Robustness: recombined totals are those of the core, the law of the weights, firms near a cut-off."""

import datetime as dt
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

import ipcredit.tune.robustness as module
from ipcredit import Firms, Policy, UsageError, assess
from ipcredit.fields import FIELDS
from ipcredit.population import population
from ipcredit.tune.grading import GRID, graded_rows, grading, settled_rows, weighted
from ipcredit.tune.near import near
from ipcredit.tune.robustness import draw_weights, judged_again, robustness
from ipcredit.tune.varied import varied

ON = dt.date(2026, 3, 1)
POLICY = Policy.load("chongqing-knowledge@2023")
FIRMS = population(400, seed=7, missing=0.1)
SCORED = ("chongqing-knowledge@2017", "chongqing-knowledge@2023", "hubei-knowledge@2025")


def problems(error):
    return [problem.text("en") for problem in error.value.problems]


# -- recombining totals ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCORED)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_recombined_totals_and_tiers_are_those_of_the_core(name, data):
    policy = Policy.load(name)
    judged = assess(policy, FIRMS, on=ON)
    fast = grading(judged)
    assert fast is not None
    weights = [data.draw(st.integers(1, 9_000)) for _ in fast.drawn]
    values = {f"{item.path}.weight": times / GRID
              for item, times in zip(fast.drawn, weights, strict=True)}  # fmt: skip
    totals, tiers = judged_again(judged, values, fast.rows)
    mine = fast.totals(weights)
    # Exact: as fractions, not as floats.
    again = assess(varied(policy, values), FIRMS, on=ON)
    scale = again.plan.scales["total"]
    theirs = [Fraction(int(x), scale) for x in again.codes["points", "total"][fast.rows]]
    assert [Fraction(int(x), fast.scale) for x in mine] == theirs
    assert fast.tiers(mine).tolist() == tiers.tolist()
    np.testing.assert_allclose(mine / fast.scale, totals, rtol=1e-12)


def test_at_the_weights_as_they_are_every_tier_is_as_it_is():
    judged = assess(POLICY, FIRMS, on=ON)
    fast = grading(judged)
    tier = judged.codes["tier", ""][fast.rows]
    assert fast.weights == (4000, 3500, 2500)
    assert fast.tiers(fast.totals(fast.weights)).tolist() == np.where(tier < 0, 5, tier).tolist()


def test_firms_whose_raise_is_open_are_left_out():
    firms = population(50, seed=7)
    columns = {**firms.columns, "high_growth_filed": firms.columns["high_growth_filed"].copy()}
    columns["high_growth_filed"][:10] = FIELDS["high_growth_filed"].missing
    judged = assess(POLICY, Firms(50, columns, firms.texts, "CNY"), on=ON)
    rows = settled_rows(judged, "total")
    assert rows.min() >= 10
    assert set(rows) <= set(graded_rows(judged, "total"))
    assert len(grading(judged).rows) == len(rows)
    judged = assess(POLICY, firms, on=ON)
    assert settled_rows(judged, "total").tolist() == graded_rows(judged, "total").tolist()


def test_firms_that_are_not_graded_are_left_out():
    judged = assess(POLICY, FIRMS, on=ON)
    rows = set(graded_rows(judged, "total").tolist())
    for row in range(len(judged)):
        gates = [int(c[row]) for (kind, _), c in judged.codes.items() if kind == "gate"]
        known = not np.isnan(judged.total[row]) and judged.codes["tier", ""][row] != -1
        assert (row in rows) == (known and min(gates) > 0)


def test_where_weights_change_more_than_tiers_the_core_is_asked(monkeypatch):
    quick = robustness(POLICY, FIRMS, draws=5, on=ON)
    monkeypatch.setattr(module, "grading", lambda judged: None)
    slow = robustness(POLICY, FIRMS, draws=5, on=ON)
    assert slow.flips.tolist() == quick.flips.tolist()
    assert slow.elsewhere.tolist() == quick.elsewhere.tolist()
    np.testing.assert_allclose(slow.shift, quick.shift)


def test_a_policy_with_finer_weights_goes_by_the_core():
    fine = POLICY.change("ip.weight", 0.41234)
    assert grading(assess(fine, FIRMS, on=ON)) is None
    assert robustness(fine, FIRMS, draws=3, on=ON).draws == 3


# -- the law of the weights ----------------------------------------------------------------------


@given(
    st.lists(st.floats(0.05, 1), min_size=2, max_size=6),
    st.floats(0.01, 0.5),
    st.integers(0, 2**64 - 1),
)
@settings(max_examples=40, deadline=None)
def test_weights_keep_their_sum_and_are_not_below_zero(values, spread, seed):
    found = draw_weights(values, spread, 20, seed)
    assert set(found.sum(axis=1).tolist()) == {round(sum(values) * GRID)}
    assert found.min() >= 0


def test_weights_have_the_mean_and_spread_that_is_said():
    found = draw_weights([0.25] * 4, 0.1, 40_000, 7) / GRID
    np.testing.assert_allclose(found.mean(axis=0), 0.25, atol=0.001)
    np.testing.assert_allclose(found.std(axis=0), 0.025, rtol=0.02)
    uneven = draw_weights([0.4, 0.35, 0.25], 0.2, 40_000, 7) / GRID
    np.testing.assert_allclose(uneven.mean(axis=0), [0.4, 0.35, 0.25], atol=0.002)
    # Dirichlet: var = m (1 - m) / (strength + 1), strength + 1 = (d - 1) / spread².
    expected = [np.sqrt(m * (1 - m) * 0.2**2 / 2) for m in (0.4, 0.35, 0.25)]
    np.testing.assert_allclose(uneven.std(axis=0), expected, rtol=0.02)


def test_more_draws_begin_with_the_same_ones():
    few, many = (draw_weights([0.4, 0.35, 0.25], 0.1, n, 7) for n in (5, 50))
    assert many[:5].tolist() == few.tolist()
    assert draw_weights([0.4, 0.35, 0.25], 0.1, 5, 8).tolist() != few.tolist()


# -- the answer ------------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_draws():
    before = POLICY.fingerprint
    found = robustness(POLICY, FIRMS, draws=20, on=ON)
    assert POLICY.fingerprint == before
    judged = assess(POLICY, FIRMS, on=ON)
    drawn = weighted(POLICY)
    flips = np.zeros(found.graded)
    for at, weights in enumerate(found.weights.tolist()):
        values = {f"{item.path}.weight": times / GRID
                  for item, times in zip(drawn, weights, strict=True)}  # fmt: skip
        totals, tiers = judged_again(judged, values, found.rows)
        changed = tiers != found.tier
        flips += changed
        assert found.moved[at] == pytest.approx(changed.mean())
        rho = spearmanr(totals, judged.total[found.rows]).statistic
        assert found.spearman[at] == pytest.approx(rho, abs=1e-9)
    assert found.flips.tolist() == (flips / 20).tolist()
    assert found.mean_flips == pytest.approx(found.flips.mean())
    risky = found.at_risk()
    assert (np.diff(found.flips[risky]) <= 0).all()
    assert (found.elsewhere[risky] != found.tier[risky]).all()
    calm = np.setdiff1d(np.arange(found.graded), risky)
    assert (found.elsewhere[calm] == found.tier[calm]).all()


def test_less_spread_moves_fewer_firms():
    shares = [robustness(POLICY, FIRMS, spread=s, draws=50, on=ON).mean_flips
              for s in (0.01, 0.1, 0.4)]  # fmt: skip
    assert shares == sorted(shares)
    assert shares[0] < shares[2]


def test_the_same_seed_gives_the_same_answer_to_the_byte():
    one, two = (robustness(POLICY, FIRMS, draws=10, on=ON) for _ in range(2))
    assert one.to_json() == two.to_json()
    data = json.loads(one.to_json())
    assert (data["version"], data["kind"], data["draws"]) == (1, "tune-robustness", 10)
    frame = one.frame()
    assert len(frame) == one.graded
    assert list(frame["flips"]) == sorted(frame["flips"], reverse=True)
    name = one.name(int(one.at_risk()[0]))
    for lang in ("zh", "en", "both"):
        assert name in one.text(lang)


@pytest.mark.parametrize(
    ("name", "kwargs", "said"),
    [
        (
            "chongqing-knowledge@2023",
            {"spread": 0.7, "draws": 0},
            ["spread: 0.7 is outside what is allowed; allowed: more than 0, at most 0.5 "
             "[tune-sweep.share]",
             "draws: 0 is not allowed; allowed: a whole number from 1 [tune-sweep.whole]"],
        ),
        (
            "cn-tech-sme@2017",
            {},
            ["cn-tech-sme: tiers: the policy has no tiers that are cut from points, so there are no "
             "cut-offs to ask about; choose a policy with [tiers] over points "
             "[tune-sweep.no-tiers]"],
        ),
    ],
)  # fmt: skip
def test_bad_questions_are_refused(name, kwargs, said):
    with pytest.raises(UsageError) as error:
        robustness(Policy.load(name), FIRMS, on=ON, **kwargs)
    assert problems(error) == said


def test_nobody_graded_is_said():
    with pytest.raises(UsageError) as error:
        robustness(POLICY, {"staff_total": 5}, on=ON)
    assert problems(error) == [
        "firms: no firm has points that are known and passes the conditions; give firms that are "
        "graded [tune-sweep.no-firms]"
    ]


# -- near a cut-off --------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [0.05, 0.5, 3])
def test_firms_near_a_cut_off_are_found_on_both_sides(points):
    found = near(POLICY, FIRMS, points=points, on=ON)
    judged = assess(POLICY, FIRMS, on=ON)
    expected = set()
    for row in graded_rows(judged, "total").tolist():
        total = Fraction(int(judged.codes["points", "total"][row]), judged.plan.scales["total"])
        for cut in (85, 70, 55, 40, 25):
            if abs(total - cut) <= Fraction(str(points)):
                expected.add((row, total, Fraction(cut), total >= cut))
    assert {(f.row, f.points, f.cut_off, f.reaches) for f in found.firms} == expected
    assert all(f.distance == f.points - f.cut_off for f in found.firms)
    assert all(f.name == FIRMS.texts["name"][f.row] for f in found.firms)
    assert sum(above + below for *_, above, below in found.cuts) == len(found.firms)
    distances = [abs(f.distance) for f in found.firms]
    assert distances == sorted(distances)
    assert found.count <= len(found.firms)


def test_near_is_told_in_both_languages_and_as_data():
    found = near(POLICY, FIRMS, on=ON)
    data = json.loads(found.to_json())
    assert (data["version"], data["kind"], data["near"]) == (1, "tune-near", found.count)
    assert len(found.frame()) == len(found.firms)
    for lang in ("zh", "en", "both"):
        assert found.firms[0].name in found.text(lang)


def test_nobody_near_is_no_error():
    found = near(POLICY, {"staff_total": 5}, on=ON)
    assert (found.count, found.graded) == (0, 0)
    assert "0 of 0" in found.text("en")


@pytest.mark.parametrize("points", [0, -1, 101])
def test_a_distance_out_of_range_is_refused(points):
    with pytest.raises(UsageError) as error:
        near(POLICY, FIRMS, points=points, on=ON)
    assert problems(error) == [
        f"points: {points} is outside what is allowed; allowed: more than 0, at most 100 "
        "[tune-sweep.share]"
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_is_drawn(tmp_path, lang):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    robustness(POLICY, FIRMS, draws=10, on=ON).save(tmp_path / "it.png", lang)
    assert (tmp_path / "it.png").stat().st_size > 10_000
