"""Sensitivity: the machinery against functions with known indices, and policies under ranges."""

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ipcredit.tune.sensitivity as module
from ipcredit import Policy, PolicyError, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.population import population
from ipcredit.tune.ranges import assumed_ranges, given_ranges
from ipcredit.tune.sensitivity import sensitivity
from ipcredit.tune.sobol import design, indices, sobol
from ipcredit.tune.varied import ladders, varied

ON = dt.date(2023, 8, 11)
POLICY = Policy.load("chongqing-knowledge@2023")
FIRMS = population(60, seed=7)
PI = np.pi


@cache
def assumed():
    return assumed_ranges(POLICY, 0.2)


def problems(error):
    return [problem.text("en") for problem in error.value.problems]


# -- functions with known indices ------------------------------------------------------------------


def ishigami(x, a=7.0, b=0.1):
    return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])


def ishigami_indices(a=7.0, b=0.1):
    """Ishigami and Homma 1990: partial variances in closed form."""
    one = 0.5 * (1 + b * PI**4 / 5) ** 2
    two = a**2 / 8
    pair = b**2 * PI**8 * (1 / 18 - 1 / 50)
    whole = one + two + pair
    return np.array([one, two, 0]) / whole, np.array([one + pair, two, pair]) / whole


@pytest.mark.parametrize("seed", [7, 20261123])
def test_ishigami(seed):
    first, total = ishigami_indices()
    found = sobol(ishigami, [(-PI, PI)] * 3, n=4096, seed=seed)
    np.testing.assert_allclose(found.first[0], first, atol=0.01)
    np.testing.assert_allclose(found.total[0], total, atol=0.01)
    assert np.all(found.first_low[0] <= first)
    assert np.all(first <= found.first_high[0])
    assert np.all(found.total_low[0] <= total)
    assert np.all(total <= found.total_high[0])


def test_the_estimate_is_that_of_scipy():
    from scipy.stats import sobol_indices

    ranges = [(-PI, PI)] * 3
    points = design(ranges, 256, 7)
    mixed = []
    for at in range(3):
        one = points.a.copy()
        one[at] = points.b[at]
        mixed.append(np.atleast_2d(ishigami(one)))
    theirs = sobol_indices(func={
        "f_A": np.atleast_2d(ishigami(points.a)),
        "f_B": np.atleast_2d(ishigami(points.b)),
        "f_AB": np.array(mixed),
    }, n=256)  # fmt: skip
    ours = sobol(ishigami, ranges, n=256, seed=7)
    np.testing.assert_allclose(ours.first[0], np.ravel(theirs.first_order), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ours.total[0], np.ravel(theirs.total_order), rtol=1e-12, atol=1e-14)


weights = st.lists(st.floats(0.2, 3.0), min_size=2, max_size=5)


@given(weights, st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_of_an_additive_function_first_is_total_and_they_sum_to_one(times, seed):
    found = sobol(lambda x: np.array(times) @ x, [(0, 1)] * len(times), n=2048, seed=seed,
                  resamples=16)  # fmt: skip
    shares = np.array(times) ** 2 / np.sum(np.array(times) ** 2)
    np.testing.assert_allclose(found.first[0], shares, atol=0.05)
    np.testing.assert_allclose(found.total[0], shares, atol=0.05)
    assert found.first[0].sum() == pytest.approx(1, abs=0.05)


@given(st.floats(0, 3), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_with_interaction_totals_are_not_below_first_and_sums_lie_around_one(pair, seed):
    found = sobol(lambda x: x[0] + 2 * x[1] + pair * x[0] * x[1] * x[2], [(-1, 1)] * 3, n=2048,
                  seed=seed, resamples=16)  # fmt: skip
    assert np.all(found.total[0] >= found.first[0] - 0.06)
    assert found.first[0].sum() <= 1.06
    assert found.total[0].sum() >= 0.94


@given(st.floats(0.1, 2), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_inputs_that_may_be_exchanged_have_equal_indices(pair, seed):
    found = sobol(lambda x: x[0] + x[1] + pair * x[0] * x[1], [(0, 1)] * 2, n=2048, seed=seed,
                  resamples=16)  # fmt: skip
    assert found.first[0, 0] == pytest.approx(found.first[0, 1], abs=0.06)
    assert found.total[0, 0] == pytest.approx(found.total[0, 1], abs=0.06)


@given(st.floats(0.01, 1e6), st.floats(-1e3, 1e3), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_neither_unit_nor_origin_matters(unit, origin, seed):
    def both(x):
        return np.array([ishigami(x), unit * (ishigami(x) + origin)])

    found = sobol(both, [(-PI, PI)] * 3, n=128, seed=seed, resamples=16)
    np.testing.assert_allclose(found.first[0], found.first[1], atol=1e-6)
    np.testing.assert_allclose(found.total_high[0], found.total_high[1], atol=1e-6)


def test_what_does_not_move_has_no_indices():
    found = sobol(lambda x: np.array([x[0], 0 * x[0] + 0.1]), [(0, 1)] * 2, n=64)
    assert found.moves.tolist() == [True, False]
    assert np.isnan(found.first[1]).all()
    assert np.isnan(found.total_low[1]).all()
    assert found.mean[1] == pytest.approx(0.1)


def test_a_seed_gives_the_same_points_and_another_seed_others():
    one, two, other = (design([(0, 1)] * 3, 32, seed).all() for seed in (7, 7, 8))
    assert one.tolist() == two.tolist()
    assert one.tolist() != other.tolist()


def test_points_are_inside_their_ranges_and_mixtures_take_one_row():
    points = design([(0, 1), (-5, 5)], 16, 7)
    every = points.all()
    assert every.shape == (2, points.points) == (2, 16 * 4)
    assert every[0].min() >= 0
    assert every[0].max() <= 1
    assert every[1].min() >= -5
    assert every[1].max() <= 5
    assert every[0, 32:48].tolist() == points.b[0].tolist()
    assert every[1, 32:48].tolist() == points.a[1].tolist()


def test_more_parameters_than_values_is_read_right():
    values = np.arange(8.0)[None, :].repeat(2, axis=0)
    assert indices(values, 2, seed=7, resamples=16).first.shape == (2, 2)


# -- ranges --------------------------------------------------------------------------------------


def test_ranges_of_assumed_numbers_are_cut_apart_and_every_end_is_allowed():
    found, left_out = assumed()
    by_path = {item.path: item for item in found}
    assert len(found) + len(left_out) == len(POLICY.assumed())
    b, c = by_path["tiers.B.at_least"], by_path["tiers.C.at_least"]
    assert (float(b.low), float(b.high), float(c.high)) == (62.5, 77.49, 62.49)
    assert b.cut
    assert not by_path["ip.weight"].cut
    assert (float(by_path["ip.weight"].low), float(by_path["ip.weight"].high)) == (0.32, 0.48)
    for ladder in ladders(POLICY):
        varying = sorted((by_path[path] for path in ladder if path in by_path),
                         key=lambda item: item.value)  # fmt: skip
        for lower, higher in pairwise(varying):
            assert lower.high < higher.low
    assert {item.reason for item in left_out} <= {"word", "zero", "fixed"}
    corners = [{item.path: item.written(item.low) for item in found},
               {item.path: item.written(item.high) for item in found}]  # fmt: skip
    for corner in corners:
        assert varied(POLICY, corner) != POLICY


def test_ends_that_are_not_allowed_are_drawn_in():
    policy = Policy.load("hubei-knowledge@2025")
    found, _ = assumed_ranges(policy, 1)
    for item in found:
        assert item.low <= item.value <= item.high
        assert item.low < item.high
        for end in (item.low, item.high):
            varied(policy, {item.path: item.written(end)})
    share = next(item for item in found if item.path == "services.indicators.share.A.at_least")
    assert share.cut
    assert share.high <= 1


@given(st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_values_are_on_the_grid_of_the_number(at):
    found, _ = assumed()
    for item in found:
        value = float(item.low) + at * float(item.high - item.low)
        written = item.at(value)
        if item.money:
            assert isinstance(written, str)
        elif item.path.endswith("class1.B.at_least"):
            assert isinstance(written, int)
        else:
            assert abs(written - value) <= item.step


def test_wrong_ranges_are_refused_together():
    with pytest.raises(UsageError) as error:
        given_ranges(POLICY, {
            "tiers.B.at_laest": (60, 70),
            "silent.missing_option": (0, 1),
            "ip.weight": (0.5, 0.3),
            "tiers.B.at_least": (50, 80),
            "limits.single-client.share": (0.05, 1.5),
        })  # fmt: skip
    assert problems(error) == [
        'tiers.B.at_laest: the policy has no such value; the nearest is "tiers.B.at_least"; correct '
        "the path [policy.no-such-path-near]",
        'silent.missing_option: "unknown" is not a number or an amount, so it has no range; leave '
        "it out [tune-sweep.no-number]",
        'ip.weight: "0.5, 0.3" is no range; give (low, high) with low below high, in the unit of '
        "the policy file [tune-sweep.range]",
        "tiers.B.at_least: its range reaches that of tiers.C.at_least, but the policy holds them in "
        "order; ranges of neighbours must not meet; with these limits they would not: "
        "(55.01, 80) [tune-sweep.overlap]",
        'limits.single-client.share = 1.5: limits.single-client.share: "1.5" is out of range for '
        "a share; allowed is 0 to 1; write 6 % as 0.06 [policy.out-of-unit]",
    ]


@pytest.mark.parametrize(("ends", "shown"), [(5, "5"), ("ab", "ab"), ((1, 2, 3), "1, 2, 3")])
def test_what_is_no_pair_is_no_range(ends, shown):
    with pytest.raises(UsageError) as error:
        given_ranges(POLICY, {"tiers.B.at_least": ends})
    assert problems(error) == [
        f'tiers.B.at_least: "{shown}" is no range; give (low, high) with low below high, in the unit '
        "of the policy file [tune-sweep.range]"
    ]


def test_ranges_of_neighbours_may_not_meet():
    with pytest.raises(UsageError) as error:
        given_ranges(POLICY, {"tiers.B.at_least": (60, 75), "tiers.C.at_least": (50, 65)})
    assert problems(error) == [
        "tiers.C.at_least: its range reaches that of tiers.B.at_least, but the policy holds them in "
        "order; ranges of neighbours must not meet; with these limits they would not: "
        "(50, 62.49) [tune-sweep.overlap]"
    ]
    fine = given_ranges(POLICY, {"tiers.B.at_least": (63, 75), "tiers.C.at_least": (50, 62)})
    assert [item.path for item in fine] == ["tiers.B.at_least", "tiers.C.at_least"]


# -- policies ------------------------------------------------------------------------------------


RANGES = {"tiers.E.at_least": (20, 30), "line.tiers.A.amount": ("450 万元", "600 万元")}


def test_what_drives_what_and_the_policy_is_untouched():
    before = POLICY.fingerprint
    found = sensitivity(POLICY, RANGES, FIRMS, on=ON, n=32)
    assert POLICY.fingerprint == before
    assert found.points == 32 * 4
    assert found.index("eligible", "tiers.E.at_least").first == pytest.approx(1, abs=0.1)
    assert found.index("eligible", "line.tiers.A.amount").total == pytest.approx(0, abs=1e-12)
    assert found.moves("lines")
    assert not found.moves("tier:C")
    assert np.isnan(found.index("tier:C", "tiers.E.at_least").first)
    assert found.ranked("eligible")[0].path == "tiers.E.at_least"
    assert len(found.frame()) == len(found.outputs) * 2


def test_the_same_seed_gives_the_same_answer_to_the_byte():
    one, two = (sensitivity(POLICY, RANGES, FIRMS, on=ON, n=16) for _ in range(2))
    assert one.to_json() == two.to_json()
    data = json.loads(one.to_json())
    assert (data["version"], data["kind"], data["policies"]) == (1, "tune-sensitivity", 64)
    still = next(item for item in data["outputs"] if item["name"] == "tier:C")
    assert still["indices"][0]["first"] is None
    for lang in ("zh", "en", "both"):
        text = one.text(lang)
        assert "tiers.E.at_least" in text
        assert "64" in text


def test_the_fund_is_an_output_too():
    fund = Fund.load("chongqing-knowledge").change("money.committed", "500 万元")
    few = population(30, seed=7)
    found = sensitivity(POLICY, {"line.tiers.A.amount": ("450 万元", "600 万元"),
                                 "tiers.A.at_least": (80, 90)}, few, on=ON, n=16, fund=fund,
                        scenario=Scenario.load("chongqing-assumed"), resamples=16)  # fmt: skip
    assert found.outputs[-4:] == ("expected", "net", "quantile", "dry")
    assert found.moves("expected")
    assert found.index("expected", "line.tiers.A.amount").total > 0
    assert found.to_dict()["fund"] == "chongqing-knowledge"
    assert "Probability of exhaustion" in found.text("en")


def test_assumed_numbers_of_a_policy_can_all_be_varied():
    small = Policy.load("chongqing-commercial@2023")
    found = sensitivity(small, None, FIRMS, assumed=0.1, on=ON, n=16, resamples=16)
    assert found.points == 16 * (len(found.ranges) + 2)
    assert all(item.assumed for item in found.ranges)
    assert len(found.ranges) + len(found.left_out) == len(small.assumed())


def test_bad_questions_are_refused():
    for kwargs, code in [
        ({}, "tune-sweep.both"),
        ({"ranges": RANGES, "assumed": 0.1}, "tune-sweep.both"),
        ({"ranges": RANGES, "firms": None}, "tune-sweep.firms-needed"),
        ({"ranges": {}}, "tune-sweep.no-parameters"),
        ({"ranges": RANGES, "n": 100}, "tune-sweep.power"),
        ({"ranges": RANGES, "n": 8}, "tune-sweep.power"),
        ({"ranges": RANGES, "n": 64.0}, "tune-sweep.power"),
        ({"ranges": RANGES, "resamples": 2}, "tune-sweep.whole"),
        ({"assumed": 1.5}, "tune-sweep.share"),
        ({"assumed": 0}, "tune-sweep.share"),
    ]:
        with pytest.raises(UsageError) as error:
            sensitivity(POLICY, **{"firms": FIRMS, "on": ON, **kwargs})
        assert error.value.problems[0].code == code


def test_combinations_that_are_no_policy_are_refused_before_anything_is_judged(monkeypatch):
    monkeypatch.setattr(module, "given_ranges", lambda policy, ranges: _unchecked())
    with pytest.raises(PolicyError) as error:
        sensitivity(POLICY, {"tiers.B.at_least": (50, 80)}, FIRMS, on=ON, n=16)
    assert error.value.problems[0].text("en").startswith("ranges: ")
    assert error.value.problems[0].code == "tune-sweep.draws"
    assert error.value.problems[1].code == "policy.bands-order"


def _unchecked():
    fine = given_ranges(POLICY, {"tiers.B.at_least": (60, 80)})
    return (replace(fine[0], low=Fraction(50)),)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_is_drawn(tmp_path, lang):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    found = sensitivity(POLICY, RANGES, FIRMS, on=ON, n=16)
    found.save(tmp_path / "it.png", lang)
    assert (tmp_path / "it.png").stat().st_size > 10_000
