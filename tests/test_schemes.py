"""The shipped editions of the national schemes, beyond what their golden cases say.

Boundaries stand in ``tests/cases/<scheme>@<edition>.toml``; here are the sentences a person reads,
the dates, the evidence, and what the comparison of two editions promises.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit import Firm, Policy, PolicyError, UsageError, assess
from ipcredit.explain import explain
from ipcredit.policy import edition_files, schemes
from ipcredit.report_text import score_text
from ipcredit.resources import config_dir

ON = dt.date(2026, 6, 30)
NATIONAL = (
    "cn-tech-sme@2017",
    "cn-high-tech@2016",
    "cn-innovative-sme@2022",
    "cn-specialised-sme@2022",
    "cn-specialised-sme@2026",
    "cn-little-giant@2026",
)
WAN = 10**6

# Rights 30, conversion 25, organisation 15, growth of sales: 70 and what the expert gives for growth.
HIGH_TECH = {
    "registered_on": "2020-01-01", "core_ip_owned": True, "supported_field": True,
    "staff_total": 100, "sci_tech_staff": 30, "total_revenue": "8000 万元",
    "high_tech_revenue": "6000 万元", "class1_related": 1, "class2_unused": 0, "conversions": 15,
    "ip_advancedness": "high", "ip_support": "high", "ip_acquired": "own",
    "points_ip_advancedness": 8, "points_ip_support": 8, "points_ip_quantity": 8,
    "points_ip_acquired": 6, "points_ip_standards": 0, "points_conversion": 25,
    "points_rd_system": 5, "points_rd_institution": 5, "points_incentives": 3,
    "points_training": 2, "points_growth_assets": 0, "points_growth_sales": 0,
    "major_accident": False, "environmental_breach": False, "serious_violation": False,
    **{f"{name}{year}": amount
       for year in ("", "_prev", "_prev2")
       for name, amount in {
           "sales": "7900 万元", "rd_expense": "600 万元", "rd_domestic": "600 万元",
           "rd_outsourced": "0 元", "net_assets": "1000 万元",
       }.items()},
}  # fmt: skip


def high_tech(**changes):
    return assess(Policy.load("cn-high-tech@2016"), {**HIGH_TECH, **changes}, on=ON)


@pytest.fixture(scope="module")
def example():
    return Firm.read(config_dir() / "examples" / "firms" / "all-schemes.toml")


# -- high-tech enterprises ---------------------------------------------------------------------------


def test_growth_of_the_guidelines_example_is_read_as_68_82_percent():
    result = high_tech(sales_prev="5200 万元", sales_prev2="2800 万元", points_growth_sales=10)
    (step,) = (s for s in explain(result).steps if s.path == "growth.indicators.sales")
    assert step.outcome.en == "68.82 % → band A (≥ 35 %), 10 points, given by the expert"
    assert step.outcome.zh == "68.82% → A 档（≥ 35%），10 分（专家评分）"
    exact = (Fraction(5200, 2800) + Fraction(7900, 5200)) / 2 - 1
    assert round(exact * 10_000) == 6882


def test_a_score_of_exactly_70_is_refused_and_71_passes():
    assert high_tech().status_of() == "refused"
    assert high_tech(points_training=3).status_of() == "eligible"
    reasons = [reason.text.en for reason in explain(high_tech()).reasons]
    assert len(reasons) == 1
    assert "70" in reasons[0]


def test_a_refusal_on_a_rule_that_had_to_be_read_still_names_its_document():
    (reason,) = explain(high_tech(points_training=3, sci_tech_staff=9)).reasons
    assert reason.text.en.endswith("source: 国科发火〔2016〕32号, in part assumed")
    assert reason.text.zh.endswith("依据：国科发火〔2016〕32号，部分属假定")


def test_points_outside_their_band_make_the_firm_invalid_not_better():
    assert high_tech(points_ip_quantity=9).status_of() == "invalid"  # the field itself ends at 8
    assert high_tech(points_ip_quantity=6).status_of() == "invalid"
    assert high_tech(points_growth_sales=1).status_of() == "invalid"


def test_the_number_of_rights_is_scored_in_the_better_of_two_bands():
    both = {"class1_related": 1, "class2_related": 3, "class2_unused": 3}
    assert high_tech(**both).status_of() == "refused"  # 8 points lie in the band of class I
    assert high_tech(**{**both, "points_ip_quantity": 4}).status_of() == "invalid"
    only = {**both, "class1_related": 0, "points_ip_quantity": 4, "points_training": 4}
    assert high_tech(**only).status_of() == "refused"
    assert high_tech(**{**only, "points_ip_quantity": 5}).status_of() == "invalid"


# -- editions and dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "day", "edition"),
    [
        ("cn-specialised-sme", dt.date(2026, 3, 31), "2022"),
        ("cn-specialised-sme", dt.date(2026, 4, 1), "2026"),
        ("cn-little-giant", dt.date(2026, 4, 1), "2026"),
        ("cn-high-tech", dt.date(2016, 1, 1), "2016"),
        ("cn-innovative-sme", dt.date(2026, 3, 31), "2022"),
    ],
)
def test_the_edition_of_a_day(scheme, day, edition):
    policy = Policy.load(scheme, on=day)
    assert (policy.id, policy.edition, policy.last_confirmed) == (scheme, edition, None)


@pytest.mark.parametrize(
    ("scheme", "day"),
    [
        # The first day of the standards of 2022 is not in the record: no guess.
        ("cn-specialised-sme", dt.date(2026, 3, 30)),
        ("cn-innovative-sme", dt.date(2026, 3, 30)),
        ("cn-little-giant", dt.date(2026, 3, 31)),
        ("cn-high-tech", dt.date(2015, 12, 31)),
    ],
)
def test_a_day_that_the_record_does_not_cover_is_refused(scheme, day):
    with pytest.raises(UsageError) as caught:
        Policy.load(scheme, on=day)
    assert caught.value.problems[0].code == "policy.before-first"


def test_after_its_last_known_day_an_edition_says_when_it_was_confirmed():
    policy = Policy.load("cn-innovative-sme", on=ON)
    assert policy.last_confirmed == dt.date(2026, 3, 31)


# -- evidence ----------------------------------------------------------------------------------------

EVIDENCE = {
    # official, secondary, assumed: silences, readings, and what is not public
    "cn-tech-sme@2017": (0, 46, 3),
    "cn-high-tech@2016": (0, 102, 9),
    "cn-innovative-sme@2022": (0, 50, 5),
    "cn-specialised-sme@2022": (0, 102, 12),
    "cn-specialised-sme@2026": (0, 13, 8),
    "cn-little-giant@2026": (0, 14, 9),
}


@pytest.mark.parametrize("name", NATIONAL)
def test_how_many_values_are_official_secondary_and_assumed(name):
    assert tuple(Policy.load(name).evidence().values()) == EVIDENCE[name]


@pytest.mark.parametrize("name", NATIONAL)
def test_what_is_assumed_is_a_silence_a_reading_a_date_or_the_provinces_own(name):
    policy = Policy.load(name)
    other = {
        number.path
        for number in policy.assumed()
        if not number.is_reading and number.path.split(".")[0] not in ("silent", "in_force")
    }
    assert {path.split(".")[0] for path in other} <= {"province"}
    assert all(number.assumed.zh and number.assumed.en for number in policy.assumed())


def test_a_reading_keeps_the_source_of_its_rule():
    policy = Policy.load("cn-high-tech@2016")
    (share,) = policy.under("gates.domestic.at_least")
    (reading,) = policy.under("gates.domestic.reading")
    assert (share.source, share.evidence) == ("m32", "secondary")
    assert (reading.source, reading.evidence) == ("m32", "assumed")


# -- one firm for every scheme -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NATIONAL)
def test_the_example_firm_lacks_nothing_for_a_national_scheme(example, name):
    result = assess(Policy.load(name), example, on=ON)
    assert not example.problems
    assert result.missing_of() == ()
    assert result.status_of() == "eligible"
    for lang in ("zh", "en"):
        text = score_text(result, 0, lang)
        assert Policy.load(name).title.text(lang) in text


def test_the_example_firm_has_every_figure_that_any_scheme_in_its_currency_reads(example):
    for scheme in schemes():
        for edition in edition_files(scheme):
            policy = Policy.load(f"{scheme}@{edition}")
            if policy.currency == "CNY":
                assert assess(policy, example, on=ON).missing_of() == (), policy


# -- comparing editions ------------------------------------------------------------------------------


def carried_over(old, new):
    """``old`` with every listed change of a number that both have; what cannot stand alone waits."""
    shared = {number.path for number in old.numbers} & {number.path for number in new.numbers}
    waiting = [
        d for d in old.compare(new)
        if d.path in shared and not d.path.startswith("in_force") and "-" not in (d.before, d.after)
    ]  # fmt: skip
    while waiting:
        left = []
        for difference in waiting:
            try:
                old = old.change(difference.path, difference.after)
            except PolicyError:  # a band above its neighbour, until that one has moved
                left.append(difference)
        assert len(left) < len(waiting), left
        waiting = left
    return old


def test_the_editions_of_the_specialised_standard_differ_as_listed():
    old, new = (Policy.load(f"cn-specialised-sme@{year}") for year in ("2022", "2026"))
    listed = {d.path: (d.before, d.after) for d in old.compare(new)}
    assert listed["gates.years-in-niche.at_least"] == ("2", "3")
    assert listed["gates.revenue.any_of.0.at_least"] == ("1,000 万元", "1,500 万元")
    assert "gates.revenue.any_of.1.at_least" not in listed  # 2,000 万元 of new equity in both
    assert listed["gates.rd-share.in_each_of"] == ("-", "2")
    assert listed["gates.enough-points.at_least"] == ("60", "-")
    assert listed["gates.platform-score.at_least"] == ("-", "50")
    moved = carried_over(old, new)
    assert {c.path for c in moved.changes} == {
        "gates.years-in-niche.at_least",
        "gates.revenue.any_of.0.at_least",
    }
    numbers = {number.path: number.shown for number in new.numbers}
    left = {d.path for d in moved.compare(new) if d.before != "-" != d.after}
    assert not {path for path in left if path in numbers and not path.startswith("in_force")}


def test_a_specialised_firm_and_a_little_giant_differ_as_listed():
    old, new = Policy.load("cn-specialised-sme@2026"), Policy.load("cn-little-giant@2026")
    moved = carried_over(old, new)
    assert {c.path: (c.old, c.new) for c in moved.changes} == {
        "gates.main-share.at_least": ("0.80", "0.9"),
        "gates.debt.at_most": ("0.80", "0.75"),
        "gates.rd-amount.at_least": ("100 万元", "1,200 万元"),
        "gates.own-rights.at_least": ("1", "4"),
        "gates.platform-score.at_least": ("50", "60"),
    }


@settings(max_examples=60)
@given(st.data())
def test_an_edition_and_its_listed_changes_are_the_new_edition(data):
    old = Policy.load(data.draw(st.sampled_from(NATIONAL)))
    numbers = [n for n in old.numbers if _is_number(n.shown) and not n.path.startswith("silent")]
    new = old
    for number in data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=5)):
        step = Decimal(number.shown).as_tuple().exponent
        value = Decimal(number.shown) + data.draw(st.integers(-3, 3)) * Decimal(1).scaleb(step)
        try:
            new = new.change(number.path, value)
        except (PolicyError, UsageError):  # out of order, out of unit, or nothing changed
            continue
    assert carried_over(old, new) == new
    assert carried_over(new, old) == old
    assert old.compare(old) == new.compare(new) == ()


def _is_number(text):
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
