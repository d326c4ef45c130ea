"""What a person reads about the value of a right and of a portfolio."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from ipcredit import messages
from ipcredit.patents.counting import count_rights
from ipcredit.patents.explain import decimals, explain_portfolio, explain_right
from ipcredit.patents.portfolio import portfolio
from ipcredit.patents.right import Citation, Right, Rights
from ipcredit.patents.terms import PatentTerms
from ipcredit.patents.value import METHODS, STATES, value_rights
from ipcredit.patents.value.figures import FIGURES
from ipcredit.patents.worth import worth

ON = dt.date(2025, 6, 30)
HAN = re.compile(r"[\u4e00-\u9fff]")

RECORD = Right(
    kind="invention",
    office="CN",
    application_no="CN201310000001.1",
    filed=dt.date(2013, 5, 20),
    published=dt.date(2014, 11, 5),
    granted=dt.date(2016, 5, 20),
    status="granted",
    status_on=ON,
    ipc=("G06F17/30",),
    claims=20,
    family="F1",
    family_size=5,
    forward_citations=14,
    forward_citations_5y=10,
    backward_citations=8,
    citing=tuple(Citation(None, code) for code in ("G06F1/00", "G06F1/00", "H04L1/00", "G16H1/00")),
    inventors=4,
    litigated=False,
    licensed=False,
    pledged=True,
    product_related=True,
    foreign_grants=("US",),
    owners=("甲公司",),
    applicants=("甲公司",),
)


def explained(method, **changes):
    rights = Rights.of([replace(RECORD, **changes)])
    return explain_right(value_rights(rights, method, on=ON), 0)


def whole(records, method="allison"):
    rights = Rights.of(records)
    found = count_rights(rights, ON, "甲公司")
    return portfolio(value_rights(rights, method, on=ON), found)


# -- one right ---------------------------------------------------------------------------------------


def test_the_allison_points_are_told_one_by_one():
    assert explained("allison").lines("en")[:9] == [
        "CN201310000001.1: 5 of 8 by Allison rule, 0 to 8 points, 62.5 points",
        "  citations received a year: 1.16, required > 1, points 1",
        "  citations made: 8, required ≥ 6, ≤ 18, points 1",
        "  age in years: 12.11, required > 10, points 1",
        "  remaining life in years: 7.89, required > 1, points 1",
        "  inventors: 4, required > 3, points 1",
        "  years from filing to publication: 1.46, required > 4, points 0",
        "  claims: 20, required > 25, points 0",
        "  litigated: no, required yes, points 0",
    ]
    assert explained("allison").lines("zh")[:3] == [
        "CN201310000001.1：Allison 规则（0–8 分）得 5，满值 8，62.5 分",
        "  年均被引次数：1.16，要求 > 1，得 1 分",
        "  引用文献数：8，要求 ≥ 6, ≤ 18，得 1 分",
    ]


def test_the_oecd_value_names_its_cohort_and_that_the_norms_are_made_up():
    found = explained("oecd4")
    assert found.steps[2].en == "claims: 20, norm 45, share 0.4444, weight 0.25"
    assert found.steps[3].zh == "通用性：0.625，基准 0.85，比值 0.7353，权重 0.25"
    assert found.notes[0].zh == "队列：计算机技术，2013 年申请"
    assert "made up" in found.notes[1].en
    assert "编造" in found.notes[1].zh
    assert [source.en for source in found.sources] == [
        "Squicciarini, Dernis, Criscuolo (2013), Measuring Patent Quality, OECD STI Working Papers "
        "2013/03"
    ]
    assert ("norms.computing.2013" in {path for path, _ in found.assumed}) is True


def test_a_weighted_score_is_told_by_dimension():
    lines = explained("weighted").lines("en")
    # 7.9 years left 60 x 0.4, 20 claims 100 x 0.4, one office 60 x 0.2: 76, times 0.35 is 26.6
    assert lines[1] == "  Legal value: 26.6 of 35"
    tops = [line for line in lines if re.search(r": [\d.]+ of \d+$", line)]
    total = sum(float(line.rpartition(": ")[2].split()[0]) for line in tops)
    assert lines[0].startswith(f"CN201310000001.1: {decimals(total, 4)} of 100")


def test_what_is_not_known_is_said_with_its_bounds():
    found = explained("allison", litigated=None, claims=None)
    assert found.title.en.startswith("CN201310000001.1: 5 to 7 of 8")
    assert found.steps[-1].zh == "曾涉诉：未知，要求 是，得 0 至 1 分"
    # All citations are known to be 10 at least.
    cited = explained("allison", forward_citations=None)
    assert cited.steps[0].en == (
        "citations received a year: 0.83 or more, required > 1, points 0 to 1"
    )


@pytest.mark.parametrize("changes", [{"ipc": ("E21B43/00",)}, {"ipc": None}, {"filed": None}])
def test_without_a_norm_the_explanation_says_not_normalised(changes):
    found = explained("oecd4", **changes)
    assert found.title.en == (
        "CN201310000001.1: not normalised: no norm for its cohort (OECD composite of four)"
    )
    assert found.steps[2].zh == "权利要求数：20，没有基准"
    assert found.notes[0] == explained("oecd4", ipc=()).notes[0]


def test_a_cohort_of_a_year_without_norms_is_named_all_the_same():
    found = explained("oecd4", filed=dt.date(1995, 5, 20))
    assert found.notes[0].en == "cohort: Computing, filed 1995"
    assert "not normalised" in found.title.en


def test_a_kind_that_the_method_does_not_value_has_no_steps():
    found = explained("oecd4", kind="software_copyright")
    assert found.steps == ()
    assert "方法不适用" in found.title.zh


def test_an_open_window_of_citations_is_noted():
    early = explained("oecd4", filed=dt.date(2019, 1, 1), published=dt.date(2020, 6, 30))
    assert "five years since publication are not over" not in str(early.notes)
    late = explained("oecd4", filed=dt.date(2019, 1, 1), published=dt.date(2020, 7, 1))
    assert "five years since publication are not over" in str(late.notes)
    leap = explained("oecd4", filed=dt.date(2019, 1, 1), published=dt.date(2024, 2, 29))
    assert "five years since publication are not over" in str(leap.notes)


@pytest.mark.parametrize("method", METHODS)
def test_both_languages_say_the_same_numbers(method):
    found = explained(method)
    for line in (found.title, *found.steps):
        numbers = [re.findall(r"\d+(?:\.\d+)?", text) for text in (line.zh, line.en)]
        assert sorted(numbers[0]) == sorted(numbers[1])
        assert HAN.search(line.zh)
        assert not HAN.search(line.en)


# -- the portfolio -----------------------------------------------------------------------------------


def test_the_families_are_told_with_what_each_adds():
    second = replace(RECORD, application_no="CN201310000002.X", family="F2", inventors=2)
    found = explain_portfolio(whole([RECORD, second]))
    assert found.title.zh == (
        "专利价值 97.5 分：计入 2 项权利、2 个同族，Allison 规则（0–8 分），2025-06-30"
    )
    assert [line.en for line in found.steps[:3]] == [
        "each next family adds 0.7 of what it would have added one place higher",
        "1. CN201310000001.1 (1 counted in its family): 62.5 points x 1 x 1 = 62.5",
        "2. CN201310000002.X (1 counted in its family): 50 points x 1 x 0.7 = 35",
    ]
    text = "\n".join(found.lines("en"))
    assert "pledged: 2 of 2 rights that say so (100 %); 0 do not say" in text
    assert "assumed (portfolio.bought): 3 / 6" in text


def test_what_the_steps_add_up_to_is_the_value():
    records = [
        replace(RECORD, application_no=f"CN2013100001{at:02d}.1", family=f"F{at}", claims=at + 10)
        for at in range(25)
    ]
    found = whole(records)
    lines = explain_portfolio(found).lines("en")
    adds = [float(line.rpartition("= ")[2]) for line in lines if " counted in its family" in line]
    (rest,) = [float(re.search(r"add ([\d.]+) together", line)[1]) for line in lines
               if "further families" in line]  # fmt: skip
    assert len(adds) == 10
    assert sum(adds) + rest == pytest.approx(found.low, abs=0.06)


def test_an_open_portfolio_says_what_is_missing():
    open_right = replace(RECORD, application_no="CN201310000002.X", family=None, claims=None)
    records = [RECORD, open_right, replace(RECORD, application_no="CN201310000003.8",
               family="F3", kind="software_copyright", ipc=None)]  # fmt: skip
    terms = PatentTerms("allison", "lowest", one_per_family=True, related_only=False)
    counts = count_rights(records, ON, "甲公司")
    text = "\n".join(worth(counts, terms).explain().lines("en"))
    assert "the value is open between 106.25 and 118.75: 1 of the rights lack figures" in text
    assert "missing figures count at their lowest, as the policy says" in text
    assert "1 counted rights are of kinds that the method does not value" in text
    assert "1 counted rights name no family" in text
    assert worth(counts, terms).explain_right(0).title.en.startswith("CN201310000001.1: 5 of 8")
    strict = worth(counts, replace(terms, missing="unknown")).explain()
    assert strict.title.en.startswith("patent value 106.25 to 118.75 points")


# -- the catalogue -------------------------------------------------------------------------------------


def test_every_figure_and_state_has_its_words():
    for name in FIGURES:
        assert f"figure.{name}" in messages.CATALOGUE
    for state in STATES:
        assert f"value.state.{state}" in messages.CATALOGUE


def test_numbers_never_look_whole_unless_they_are():
    assert decimals(9.9999) == "9.9999"
    assert decimals(10.00001) == "10.00001"
    assert decimals(12) == "12"
    assert decimals(1234.5) == "1,234.5"
