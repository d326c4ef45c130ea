"""Scenarios: every number with its source, nothing assumed in silence."""

from __future__ import annotations

import copy
import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.default_rates import Curve, default_rates, load_curve
from ipcredit.errors import UsageError
from ipcredit.fund.scenario import Scenario, check_scenario_file, scenarios
from ipcredit.fund.scenario_terms import KEYS, Stress, Timing

HEAD = """schema = 1
id = "t"
currency = "CNY"
assumed = { zh = "试", en = "trial" }
title = { zh = "试", en = "trial" }
"""


def loaded(tmp_path: Path, text: str, head: str = HEAD) -> Scenario:
    path = tmp_path / "t.toml"
    path.write_text(head + text, encoding="utf-8")
    return Scenario.load(path)


def refused(tmp_path: Path, text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(UsageError) as caught:
        loaded(tmp_path, text, head)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]


# -- what is shipped -------------------------------------------------------------------------------


def test_every_shipped_scenario_loads_and_says_what_it_rests_on():
    assert scenarios() == ["calm", "chongqing-assumed", "kibo-rise", "vintage-2005-08"]
    for name in scenarios():
        scenario = Scenario.load(name)
        assert scenario.id == name
        assert scenario.note is not None
        assert scenario.numbers
        for number in scenario.numbers:
            assert number.evidence in ("secondary", "assumed")
            if number.evidence == "assumed":
                assert number.assumed is not None
                assert len(number.assumed.zh) > 1
                assert number.assumed.zh != number.assumed.en


def test_chongqing_is_assumed_throughout():
    scenario = Scenario.load("chongqing-assumed")
    assert len(scenario.assumed()) == len(scenario.numbers)
    assert scenario.terms.pd == Scenario.load("chongqing-assumed").terms.pd
    assert scenario.terms.book.draw_rate["base"] == Fraction(3, 4)


def test_the_rise_of_kibo_is_the_published_path():
    stress = Scenario.load("kibo-rise").terms.stress
    assert (stress.base, stress.rates) == (0.0187, (0.0343, 0.0406, 0.0476))
    assert stress.multipliers(5) == tuple(
        pytest.approx(rate / 0.0187) for rate in (0.0343, 0.0406, 0.0476, 0.0476, 0.0476)
    )


def test_the_vintage_shock_is_the_published_one():
    terms = Scenario.load("vintage-2005-08").terms
    assert terms.stress.multipliers(1)[0] == pytest.approx(0.358 / 0.138)
    years = terms.timing.by_year(10)
    assert years[1] == pytest.approx(0.015 / 0.138)
    assert years[2] == pytest.approx(0.039 / 0.138)
    assert years[9] == pytest.approx(1)
    assert terms.factor.correlation == 0.09
    assert Scenario.load("calm").terms.factor.correlation == 0.015


def test_rates_of_kibo_are_facts_over_their_own_window():
    observed = default_rates().observed["kibo-2005-2007"]
    assert (observed.window_months, observed.firms) == (30, 8899)
    assert observed.rates == (
        ("AAA/AA", 0.0, None), ("A", 0.0031, 3), ("BBB", 0.007, 15), ("BB", 0.0157, 44),
        ("B", 0.0197, 56),
    )  # fmt: skip
    assert {number.evidence for number in observed.numbers} == {"secondary"}


def test_the_curve_of_chongqing_is_assumed_and_falls():
    curve = load_curve("chongqing-assumed")
    assert {number.evidence for number in curve.numbers} == {"assumed"}
    assert len(curve.assumed) == 1
    pds = curve.of_points(np.arange(0, 101, dtype=float))
    assert (np.diff(pds) <= 0).all()
    assert (pds[0], pds[85], pds[84], pds[100]) == (0.06, 0.01, 0.015, 0.01)
    assert np.isnan(curve.of_points(np.array([np.nan]))).all()


# -- asking ----------------------------------------------------------------------------------------


def test_what_is_absent_is_asked_for_all_at_once():
    scenario = Scenario.blank()
    with pytest.raises(UsageError) as caught:
        scenario.need("factor.correlation", "severity.recovery|severity.kind", "pd", "lending.new")
    assert [str(problem) for problem in caught.value.problems] == [
        "unnamed: factor.correlation: the scenario does not say this, and nothing is assumed in its "
        "place; write correlation = 0.09 under [factor] with a source or the reason it is assumed, or "
        "give --set factor.correlation=0.09 [scenario.lacks]",
        "unnamed: severity.recovery | severity.kind: the scenario does not say this, and nothing is "
        "assumed in its place; write recovery = 0.3 under [severity] with a source or the reason it "
        "is assumed, or give --set severity.recovery=0.3 [scenario.lacks]",
        "unnamed: pd: the scenario does not say this, and nothing is assumed in its place; write "
        'curve = "chongqing-assumed" under [pd] with a source or the reason it is assumed, or give '
        '--set pd.curve="chongqing-assumed" [scenario.lacks]',
        "unnamed: lending.new: the scenario does not say this, and nothing is assumed in its place; "
        'write new = "5 亿元" under [lending] with a source or the reason it is assumed, or give --set '
        'lending.new="5 亿元" [scenario.lacks]',
    ]


def test_what_is_there_comes_back_in_order():
    base = Scenario.load("chongqing-assumed")
    found = base.need("severity.recovery", "factor.variance|factor.correlation", "pd")
    assert found[:2] == (0.26, 0.09)
    assert isinstance(found[2], Curve)
    with pytest.raises(KeyError):
        base.need("factor.corelation")


def test_the_advice_of_every_absent_value_works():
    for path, example in KEYS.items():
        given = example.strip('"')
        scenario = Scenario.blank()
        if path in ("timing.months", "timing.cumulative", "stress.rates"):
            partner = {"timing.months": "timing.cumulative", "timing.cumulative": "timing.months"}
            other = partner.get(path, "stress.base")
            with pytest.raises(UsageError):
                scenario.change(path, given)
            if other == "stress.base":
                scenario = scenario.change(other, KEYS[other])
            else:
                continue
        if path == "factor.within":
            with pytest.raises(UsageError):
                scenario.change(path, given)
            scenario = scenario.change("factor.by", "lender")
        if path.startswith("stress.") and path not in ("stress.then", "stress.base"):
            scenario = scenario.change("stress.then", "back")
        assert scenario.change(path, given).need(path) != (None,)


@pytest.mark.parametrize("correlation", [0, 1, 0.5])
def test_the_ends_of_correlation_are_allowed(correlation):
    scenario = Scenario.blank().change("factor.correlation", correlation)
    assert scenario.need("factor.correlation") == (correlation,)


# -- what-if ---------------------------------------------------------------------------------------


def test_a_change_is_another_scenario_and_back_is_the_same():
    base = Scenario.load("chongqing-assumed")
    other = base.change("factor.correlation", 0.2)
    assert base.terms.factor.correlation == 0.09
    assert other.terms.factor.correlation == 0.2
    assert other.fingerprint != base.fingerprint
    back = other.change("factor.correlation", 0.09)
    assert (back.fingerprint, back.changes) == (base.fingerprint, ())
    assert [d.path for d in base.compare(other)] == ["factor.correlation.value"]


def test_an_absent_value_is_added_and_marked_as_changed():
    scenario = Scenario.load("kibo-rise").change("factor.correlation", "0.12")
    assert scenario.terms.factor.correlation == 0.12
    number = scenario.under("factor.correlation")[0]
    assert number.changed
    assert scenario.changes[0].old == "-"
    assert "factor.correlation" not in {number.path for number in scenario.assumed()}
    lenders = scenario.change("book.lenders", {"A": 0.5, "B": 0.5})
    assert lenders.terms.book.lenders == {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    opened = scenario.change("opening.lenders.A.paid", "1 万元")
    assert opened.terms.opening.lenders["A"].paid == 1_000_000


def test_lists_are_changed_as_a_whole():
    scenario = Scenario.load("kibo-rise")
    assert scenario.change("stress.rates", [0.05, 0.06]).terms.stress.rates == (0.05, 0.06)
    assert scenario.change("stress.rates.0", 0.05).terms.stress.rates[0] == 0.05


def test_another_curve_replaces_the_old_one(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'schema = 1\nid = "own"\ntitle = { zh = "自", en = "own" }\nsource = "s"\n'
        '[sources.s]\ndocument = "D"\nevidence = "secondary"\n'
        '[curves.branch]\nby = "rating"\nratings = { BB = 0.02, B = 0.04 }\n',
        encoding="utf-8",
    )
    base = Scenario.load("chongqing-assumed").change("pd.curve", f"{own}#branch")
    assert base.terms.pd.ratings == (("BB", 0.02), ("B", 0.04))
    assert base.terms.pd.by == "rating"
    own.unlink()
    again = Scenario.from_canonical(base.canonical)
    assert again.fingerprint == base.fingerprint
    assert again.terms.pd.ratings == base.terms.pd.ratings


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("factor.correlation", 1.2, '"1.2" is out of range for a share; allowed is 0 to 1'),
        ("factor.correlation", -0.1, '"-0.1" is out of range for a share'),
        ("factor.corelation", 0.2, 'the nearest is "factor.correlation.value"'),
        ("simulation.qqq", 0.2, "a scenario has no such value"),
        ("factor.correlation", 0.015, "a change must change something"),
        ("factor.correlation", None, "a change needs a value"),
        ("factor.correlation", "12%", "a share is written as a decimal"),
        ("factor", 1, "factor.kind"),
        ("pd.curve", "chongqin-assumed", 'the nearest is "chongqing-assumed"'),
        ("pd.curve", "zzz", 'there is no curve "zzz"'),
        ("capital.cash", "5", "has no unit"),
        ("capital.cash", "-5 元", "-5 元"),
        ("lending.new", "-5 元", "-5 元"),
        ("book.lenders", {"A": 0.5}, "add up to 0.5"),
        ("stress.pd", [], "is no list of values"),
    ],
)
def test_changes_that_cannot_be_made(path, value, text):
    with pytest.raises(UsageError) as caught:
        Scenario.load("calm").change("stress.then", "back").change(path, value)
    assert text in str(caught.value)


# -- wrong files -----------------------------------------------------------------------------------


def test_all_problems_of_a_file_with_their_lines(tmp_path):
    text = """
[factor]
kind = "gausian"
correlation = 1.5
corelation = 0.1

[severity]
kind = "beta"
recovery = 0.3
sd = 0.48

[timing]
curve = [0.5, 0.4, 0.9]

[stress]
rates = [0.03]

[seveity]
x = 1
"""
    assert refused(tmp_path, text) == [
        't.toml:8: factor.kind: "gausian" is not allowed; allowed are gaussian, gamma; choose '
        "one [scenario.not-one-of]",
        't.toml:9: factor.correlation: "1.5" is out of range for a share; allowed is 0 to 1; write '
        "6 % as 0.06 [scenario.out-of-unit]",
        't.toml:10: factor.corelation: unknown key; the nearest known one is "correlation"; correct or remove '
        "it [scenario.unknown-key-near]",
        "t.toml:15: severity.sd: a standard deviation of 0.48 is not possible for a share with mean "
        "0.3; allowed is less than 0.4583; make it smaller [scenario.spread]",
        "t.toml:18: timing.curve: the values fall; cumulative values and ages may only rise; correct "
        "the order [scenario.falls]",
        "t.toml:18: timing.curve: the curve ends at 0.9; the last year holds all defaults, so it must "
        "be 1; correct it [scenario.curve-end]",
        "t.toml:20: stress.base: the rates have no base above 0; each is divided by the rate of "
        "ordinary times; write base = 0.0187 beside them [scenario.no-base]",
        "t.toml:20: stress.then: this key is required here; allowed are hold, back; add it "
        "[scenario.required-word]",
        't.toml:23: seveity: unknown key; the nearest known one is "severity"; correct or remove it '
        "[scenario.unknown-key-near]",
    ]


def test_groups_of_firms_are_checked(tmp_path):
    alone = "[factor]\ncorrelation = 0.1\nwithin = 0.2\n"
    assert refused(tmp_path, alone) == [
        "t.toml:8: factor.within: a correlation within groups says nothing without groups; allowed "
        'for by are district, lender, class; write by = "district" beside it, or remove it '
        "[scenario.within-alone]"
    ]
    low = '[factor]\ncorrelation = 0.1\nby = "class"\nwithin = 0.05\n'
    assert refused(tmp_path, low) == [
        "t.toml:9: factor.within: firms of one group cannot move together less than all firms do; "
        "allowed is 0.1 (correlation) to 1, not 0.05; raise within or lower correlation "
        "[scenario.within-low]"
    ]
    gamma = '[factor]\nkind = "gamma"\nvariance = 0.5\nby = "lender"\nwithin = 0.2\n'
    assert refused(tmp_path, gamma) == [
        "t.toml:9: factor.by: groups of firms go with the gaussian factor only, and this one is "
        'gamma; remove by and within, or write kind = "gaussian" with a correlation '
        "[scenario.by-gamma]"
    ]
    unknown = '[factor]\ncorrelation = 0.1\nby = "sector"\nwithin = 0.2\n'
    assert refused(tmp_path, unknown) == [
        't.toml:8: factor.by: "sector" is not allowed; allowed are district, lender, class; choose '
        "one [scenario.not-one-of]"
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"within": 0.2},
            "未说明如何分组时，组内相关系数没有意义；by 可取 district, lender, class；",
        ),
        (
            {"by": "class", "within": 0.01},
            "同组企业的相关系数不能低于全体企业的相关系数；可取 0.09（correlation）至 1，而不是 0.01；",
        ),
        (
            {"by": "class", "kind": "gamma", "variance": 0.5},
            "分组只适用于高斯因子，而此处为伽马因子；请删去 by 与 within，",
        ),
    ],
)
def test_groups_of_firms_are_checked_in_chinese(changes, said):
    raw = copy.deepcopy(dict(Scenario.load("chongqing-assumed").canonical)) | {"assumed": "a trial"}
    raw["factor"] |= changes
    with pytest.raises(UsageError) as refusal:
        Scenario.from_canonical(raw)
    assert any(said in problem.text("zh") for problem in refusal.value.problems)


def test_within_can_be_changed_and_is_asked_for():
    base = Scenario.load("chongqing-assumed")
    grouped = base.change("factor.by", "district").change("factor.within", 0.3)
    assert (grouped.terms.factor.by, grouped.terms.factor.within) == ("district", 0.3)
    assert grouped.change("factor.within", 0.09).need("factor.within") == (0.09,)
    assert Scenario.from_canonical(grouped.canonical).terms.factor == grouped.terms.factor
    with pytest.raises(UsageError, match=r"factor\.within"):
        base.change("factor.by", "district").need("factor.within")


def test_a_number_without_a_source_does_not_load(tmp_path):
    head = HEAD.replace('assumed = { zh = "试", en = "trial" }\n', "")
    found = refused(tmp_path, "[factor]\ncorrelation = 0.1\n", head)
    assert len(found) == 1
    assert found[0].startswith("t.toml:6: factor.correlation: ")
    assert found[0].endswith("[scenario.no-source]")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[factor]\nkind = 'gamma'\ncorrelation = 0.1\n", "key-without-effect"),
        ("[factor]\nkind = 'gaussian'\nvariance = 0.1\n", "key-without-effect"),
        ("[severity]\nkind = 'fixed'\nsd = 0.1\n", "key-without-effect"),
        ("[timing]\nmonths = [12, 24]\ncumulative = [0.1]\n", "pairs"),
        ("[timing]\nmonths = [24, 12]\ncumulative = [0.1, 0.2]\n", "falls"),
        ("[timing]\nmonths = [12]\ncumulative = [0]\n", "no-defaults"),
        ("[timing]\ncurve = [1]\nmonths = [12]\n", "key-without-effect"),
        ("[stress]\npd = [2]\nrates = [0.1]\nthen = 'back'\n", "key-without-effect"),
        ("[horizon]\nyears = 1.5\n", "not-whole"),
        ("[simulation]\nseed = -1\n", "out-of-range"),
        ("[book]\nrepayment = 'later'\n", "not-one-of"),
        ("[book]\ndraw_rate = { knowledge = 2 }\n", "out-of-unit"),
        ("[book]\nlenders = { A = 0.7 }\n", "shares"),
        ("[capital]\ncash = 5\n", "money-unit"),
        ("[opening.lenders.A]\npayed = '5 元'\n", "unknown-key-near"),
        ("[factor]\nfactor = 1\n", "unknown-key"),
        ("factor = 1\n", "not-a-table"),
    ],
)
def test_what_a_file_may_not_say(tmp_path, text, code):
    found = refused(tmp_path, text)
    assert len(found) == 1
    assert found[0].endswith(f"[scenario.{code}]")


def test_a_curve_written_out(tmp_path):
    text = "[pd]\nby = 'points'\nsteps = [{ at_least = 80, pd = 0.01 }, { pd = 0.05 }]\n"
    curve = loaded(tmp_path, text).terms.pd
    assert curve.of_points(np.array([80.0, 79.0])).tolist() == [0.01, 0.05]
    for steps, code in (
        ("[]", "rates.steps"),
        ("[{ at_least = 80, pd = 0.01 }]", "rates.last-open"),
        ("[{ at_least = 60, pd = 0.01 }, { at_least = 80, pd = 0.1 }, { pd = 1 }]", "rates.order"),
        ("[{ pd = 1.1 }]", "scenario.out-of-unit"),
    ):
        found = refused(tmp_path, f"[pd]\nby = 'points'\nsteps = {steps}\n")
        assert found[-1].endswith(f"[{code}]")


def test_names_and_files(tmp_path):
    with pytest.raises(UsageError) as near:
        Scenario.load("chongqing")
    assert str(near.value).startswith("chongqing: no such scenario is shipped")
    with pytest.raises(UsageError) as gone:
        Scenario.load(tmp_path / "none.toml")
    assert gone.value.problems[0].code == "file.unreadable"
    path = tmp_path / "t.toml"
    path.write_text("schema = 2\n", encoding="utf-8")
    codes = {problem.code for problem in check_scenario_file(path)}
    assert {"scenario.schema", "scenario.required", "scenario.currency"} <= codes
    path.write_text(HEAD, encoding="utf-8")
    assert check_scenario_file(path) == []


# -- laws ------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.sampled_from(scenarios()), st.floats(0, 1), st.floats(0.01, 0.99))
def test_saved_and_read_it_is_the_same_scenario(name, correlation, recovery):
    shipped = Scenario.load(name)
    changed = shipped._set("factor.correlation", round(correlation, 12))
    changed = (
        changed._set("severity.recovery", round(recovery, 12))
        if name != "vintage-2005-08"
        else changed
    )
    for scenario in (shipped, changed):
        again = Scenario.from_canonical(scenario.canonical)
        assert again.fingerprint == scenario.fingerprint
        assert again.terms.factor == scenario.terms.factor
        assert again.terms.pd is None or again.terms.pd.steps == scenario.terms.pd.steps


ODD = st.sampled_from(
    [None, True, "", "x", "5 元", -1, 0, 2, 10**12, 0.5, 1e-9, [], [0.5], [[1]], ["x"], {}, {"value": 1},
     {"value": []}, {"x": {"y": 1}}, {"value": 0.5, "assumed": "why"}, [{}], [{"pd": 0.1}]]
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.sampled_from(scenarios()),
    st.dictionaries(
        st.sampled_from([*KEYS, "pd", "pd.by", "pd.steps", "factor", "title"]), ODD, max_size=3
    ),
)
def test_whatever_a_file_says_it_loads_or_lists_its_problems(name, changes):
    raw = copy.deepcopy(dict(Scenario.load(name).canonical)) | {"assumed": "a trial"}
    for path, value in changes.items():
        section, _, key = path.partition(".")
        holder = raw.setdefault(section, {}) if key else raw
        if isinstance(holder, dict):
            holder[key or section] = copy.deepcopy(value)
    try:
        found = Scenario.from_canonical(raw)
    except UsageError as error:
        problems = error.problems
    else:
        problems = ()
        assert Scenario.from_canonical(found.canonical).fingerprint == found.fingerprint
        found.terms.stress.multipliers(4)
        if found.terms.timing.curve or found.terms.timing.months:
            assert len(found.terms.timing.by_year(4)) == 4
    for problem in problems:
        assert problem.text("zh")
        assert problem.text("en")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(1, 30))
def test_timing_rises_to_one_and_no_further(shares, years):
    rising = tuple(sorted((*shares, 1.0)))
    found = Timing(curve=rising).by_year(years)
    assert len(found) == years
    assert all(a <= b for a, b in pairwise(found))
    assert found[-1] == (1.0 if years >= len(rising) else rising[years - 1])
    months = tuple(range(7, 7 + 13 * len(rising), 13))
    facts = Timing(months=months, cumulative=tuple(share / 2 + 0.01 for share in rising))
    curve = facts.by_year(years)
    assert all(
        0 < a <= b + 1e-12 <= 1 + 1e-9 for a, b in zip(curve, (*curve[1:], 1.0), strict=True)
    )


@given(
    st.lists(st.floats(0.1, 5), min_size=1, max_size=5),
    st.integers(1, 9),
    st.sampled_from(["hold", "back"]),
)
def test_a_stress_path_holds_or_goes_back(pd, years, then):
    found = Stress(pd=tuple(pd), then=then).multipliers(years)
    after = pd[-1] if then == "hold" else 1.0
    assert found == tuple(pd[at] if at < len(pd) else after for at in range(years))


def test_default_rates_are_refused_with_their_lines(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(
        'schema = 1\nid = "r"\ntitle = { zh = "率", en = "rates" }\n[curves.x]\nby = "rating"\n'
        "ratings = { BB = 1.5 }\n[observed.y]\nwindow_months = 0\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        default_rates(path)
    lines = [(p.where.rpartition(":")[2], p.code) for p in caught.value.problems]
    assert ("6", "policy.out-of-unit") in lines
    assert ("8", "policy.out-of-range") in lines
    with pytest.raises(UsageError) as unknown:
        load_curve("chongqing-asumed")
    assert str(unknown.value) == (
        'curve: there is no curve "chongqing-asumed"; the nearest is "chongqing-assumed"; correct it '
        "[rates.unknown-curve-near]"
    )
    with pytest.raises(UsageError):
        Curve.stepped("x", {60: 1.2}, otherwise=0.1)


@pytest.mark.checkout
def test_the_example_file_of_the_documents_loads(root, tmp_path):
    for name in ("scenario-file.md", "scenario-file.zh.md"):
        text = (root / "docs" / name).read_text(encoding="utf-8")
        block = text.partition("```toml\n")[2].partition("```")[0]
        assert tomllib.loads(block, parse_float=Decimal)["id"] == "branch-2026"
        scenario = loaded(tmp_path, block, head="")
        assert scenario.need("factor.correlation", "severity.recovery", "pd")[:2] == (0.12, 0.3)
