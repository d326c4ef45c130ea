"""The lending schemes beside chongqing-knowledge@2023: what is public about each, and what is not said."""

from __future__ import annotations

import datetime as dt
import json
from itertools import product

import numpy as np
import pytest

from ipcredit.assess import assess
from ipcredit.errors import UsageError
from ipcredit.explain import explain
from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.policy import Policy
from ipcredit.policy_tables import show_text
from ipcredit.population import population
from ipcredit.report_text import score_text
from ipcredit.resources import config_dir
from ipcredit.results import result_of
from ipcredit.verify import verify

ON = dt.date(2026, 6, 30)
COMMERCIAL = Policy.load("chongqing-commercial@2023")
HUBEI = Policy.load("hubei-knowledge@2025")
KIBO = Policy.load("kibo@undated")
LAUNCH = Policy.load("chongqing-knowledge@2017")
MAKER = Firm.read(config_dir() / "examples" / "firms" / "chongqing-maker.toml")
BILLION = 10**9


def publicly_known(policy):
    """Paths of the numbers that have a source, with their evidence."""
    return {n.path: n.evidence for n in policy.numbers if n.evidence != "assumed"}


def day(text):
    return dt.date.fromisoformat(text)


# -- what is public, and nothing more ----------------------------------------------------------------


def test_the_commercial_loan_gives_a_source_to_its_highest_lines_alone():
    assert publicly_known(COMMERCIAL) == {
        "base.limits.class.cases.specialised.amount": "secondary",
        "base.limits.class.cases.other.amount": "official",
        "cover.base.fund": "secondary",
    }
    assert [item.name for item in COMMERCIAL.rules.top] == [
        "innovation", "operation", "brand", "social",
    ]  # fmt: skip


def test_hubei_gives_a_source_to_two_lines_and_the_term_alone():
    assert publicly_known(HUBEI) == {
        "line.tiers.A.amount": "secondary",
        "line.tiers.E.amount": "secondary",
        "loan.max_term_months": "official",
        "cover.knowledge.fund": "secondary",
    }
    assert HUBEI.rules.loan.max_term_months == 36
    assert len(HUBEI.rules.top) == 7
    assert sum(item.weight for item in HUBEI.rules.top) == 1


def test_kibo_gives_a_source_to_its_limits_alone():
    known = publicly_known(KIBO)
    assert set(known.values()) == {"official"}
    assert {path.split(".")[1] for path in known} == {"tiers", "limits"}
    assert len(known) == 9 + 4


def test_the_launch_has_no_rate_rule_and_a_term_that_is_assumed():
    loan = LAUNCH.rules.loan
    assert (loan.rate_spread, loan.max_term_months) == (None, 12)
    assert {n.evidence for n in LAUNCH.under("loan")} == {"assumed"}


@pytest.mark.parametrize("policy", [COMMERCIAL, HUBEI, KIBO, LAUNCH], ids=lambda p: p.id)
def test_every_assumption_has_a_reason_in_both_languages(policy):
    for number in policy.assumed():
        assert len(number.assumed.zh) > 8
        assert len(number.assumed.en) > 20
        assert number.assumed.zh != number.assumed.en


@pytest.mark.parametrize("policy", [COMMERCIAL, HUBEI, KIBO, LAUNCH], ids=lambda p: p.id)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_can_be_printed_and_signed(policy, lang):
    text = show_text(policy, lang)
    assert policy.title.text(lang) in text
    assert policy.fingerprint in text


# -- days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "first"),
    [
        ("chongqing-commercial", "2023-11-30"),
        ("hubei-knowledge", "2025-12-31"),
        ("kibo", "2025-12-31"),
    ],
)
def test_no_day_before_a_scheme_was_seen_is_answered(scheme, first):
    seen = day(first)
    with pytest.raises(UsageError) as caught:
        Policy.load(scheme, on=seen - dt.timedelta(days=1))
    assert caught.value.problems[0].code == "policy.before-first"
    assert Policy.load(scheme, on=seen).last_confirmed is None
    assert Policy.load(scheme, on=ON).last_confirmed == seen


def test_no_first_day_is_claimed_where_none_is_public():
    for policy in (COMMERCIAL, HUBEI, KIBO, LAUNCH):
        assert policy.in_force.start is None
        assert {n.evidence for n in policy.under("in_force")} == {"assumed"}


# -- a scheme without a knowledge line ----------------------------------------------------------------


def test_a_scheme_without_a_knowledge_line_gives_null_and_not_nothing():
    result = result_of(assess(COMMERCIAL, MAKER, on=ON))
    assert result["knowledge_line_fen"] is None
    assert result["base_line_fen"] == result["comprehensive_line_fen"] == 500_000_000
    assert result["tier"] is None
    refused = result_of(assess(COMMERCIAL, {**MAKER.to_dict(), "overdue_now": True}, on=ON))
    assert refused["status"] == "refused"
    assert refused["knowledge_line_fen"] is None
    assert refused["base_line_fen"] == 0


@pytest.mark.parametrize("changes", [{}, {"overdue_now": True}, {"health_score": None}])
def test_its_result_is_explained_printed_saved_and_verified(changes):
    given = {**MAKER.to_dict(), **changes}
    firm = {key: value for key, value in given.items() if value is not None}
    found = assess(COMMERCIAL, firm, on=ON)
    assert explain(found).steps
    for lang, title in (("zh", "商业价值信用贷款额度"), ("en", "Commercial-value credit line")):
        text = score_text(found, 0, lang)
        assert title in text
        assert "None" not in text
        for absent in ("知识价值信用授信额度", "Knowledge-value credit line"):
            assert absent not in text
    assert verify(json.loads(json.dumps(result_of(found)))).recomputes


def test_its_line_is_the_base_line_of_the_knowledge_loan_where_both_admit_a_firm():
    firms = population(5000, 5)
    ours = assess(COMMERCIAL, firms, on=ON)
    theirs = assess(Policy.load("chongqing-knowledge@2023"), firms, on=ON)
    both = (ours.status == 0) & (theirs.status == 0)
    assert both.sum() > 3000
    assert np.array_equal(ours.part("base")[both], theirs.part("base")[both])


def test_decision_0008_quotes_what_the_commercial_loan_gives():
    firms = population(20_000, 7)
    found = assess(COMMERCIAL, firms, on=dt.date(2025, 6, 30))
    line = found.part("base")[found.status == 0] / 1e6
    assert 0.75 * line.mean() == pytest.approx(122.6, rel=0.02)
    assert 0.75 * line.mean() == pytest.approx(73e4 / 6000, rel=0.03)  # published, end of 2021


# -- KIBO ------------------------------------------------------------------------------------------------

RATING = {
    "AAA": 7,
    "AA": 7,
    "A": 6,
    "BBB": 5,
    "BB": 4,
    "B": 3,
    "CCC": 1,
    "CC": 1,
    "C": 1,
    "D": None,
}
PURPOSE = {
    "general": 3, "technology_valuation": 5, "research_cooperation": 5, "raw_materials": 5,
    "technology_intensive": 5, "trade_export": 7, "letter_of_credit": 7, "green": 7,
    "excellent_technology": 7, "fixed_assets_replacement": 10,
}  # fmt: skip


def test_kibo_lines_are_the_lower_of_two_limits_for_every_grade_risk_and_purpose():
    grades, risks = FIELDS["technology_grade"].choices, FIELDS["risk_grade"].choices
    assert set(PURPOSE) == set(FIELDS["guarantee_purpose"].choices)
    every = list(product(grades, risks, PURPOSE))
    firms = [Firm.from_dict({"currency": "KRW", "technology_grade": grade, "risk_grade": risk,
                             "guarantee_purpose": purpose}) for grade, risk, purpose in every]  # fmt: skip
    found = assess(KIBO, firms, on=ON)
    for row, (_, _, purpose) in enumerate(every):
        limit = RATING[found.tier_of(row)]
        line = found.line_of("knowledge", row)
        assert line == (None if limit is None else min(limit, PURPOSE[purpose]) * BILLION)
    middle = [
        found.tier_of(row) == grade for row, (grade, risk, _) in enumerate(every) if risk == "R3"
    ]
    assert all(middle)


def test_a_better_grade_or_lower_risk_never_lowers_a_kibo_rating():
    cells = np.array(KIBO.rules.tiers.matrix)
    assert (np.diff(cells, axis=0) >= 0).all()
    assert (np.diff(cells, axis=1) >= 0).all()


def test_kibo_rating_d_carries_no_line_and_the_explanation_says_so():
    firm = Firm.from_dict({"currency": "KRW", "technology_grade": "D", "risk_grade": "R1",
                           "guarantee_purpose": "general"})  # fmt: skip
    found = assess(KIBO, firm, on=ON)
    result = result_of(found)
    assert (result["tier"], result["knowledge_line_minor"]) == ("D", None)
    assert "this tier carries no line" in score_text(found, 0, "en")
    assert "该等级不设额度" in score_text(found, 0, "zh")
    assert verify(json.loads(json.dumps(result))).recomputes


def test_the_explanation_of_a_matrix_names_both_grades():
    firm = Firm.from_dict({"currency": "KRW", "technology_grade": "BBB", "risk_grade": "R2",
                           "guarantee_purpose": "green"})  # fmt: skip
    (step,) = [s for s in explain(assess(KIBO, firm, on=ON)).steps if s.path == "tiers"]
    assert "BBB" in step.outcome.en
    assert "R2" in step.outcome.zh
    assert {one.field for one in step.inputs} == {"technology_grade", "risk_grade"}
