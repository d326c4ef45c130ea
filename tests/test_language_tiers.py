"""The policy language: tiers by bands, by a matrix, by category, and raised tiers.

Small made-up policies, one sentence each, expected values by hand.
"""

from __future__ import annotations

import pytest

from ipcredit.fields import FIELDS
from oracles.small import DIM, FIXED, judge, judge_all

MATRIX = (
    FIXED
    + """
[tiers]
rows    = "guarantee_purpose"
columns = "rd_option"
labels  = ["A", "B"]
[tiers.matrix]
"""
)


def test_tiers_by_a_matrix_of_two_choices():
    purposes = FIELDS["guarantee_purpose"].choices
    rows = dict.fromkeys(purposes, ("B", "none")) | {
        purposes[0]: ("A", "B"),
        purposes[1]: ("A", "A"),
    }
    text = MATRIX + "".join(
        f'{p} = {{ to-sales = "{a}", to-cost = "{b}" }}\n' for p, (a, b) in rows.items()
    )

    def tier(**firm):
        result = judge(text, {"class1_related": 1, **firm})
        return result.tier_of(), result.status_of()

    assert tier(guarantee_purpose=purposes[0], rd_option="to-sales") == ("A", "eligible")
    assert tier(guarantee_purpose=purposes[0], rd_option="to-cost") == ("B", "eligible")
    assert tier(guarantee_purpose=purposes[2], rd_option="to-cost") == (None, "refused")
    assert tier(guarantee_purpose=purposes[1]) == ("A", "eligible")  # whatever the option
    assert tier(guarantee_purpose=purposes[0]) == (None, "incomplete")
    assert tier(rd_option="to-sales") == (None, "incomplete")


def test_a_firm_outside_all_tiers_has_none():
    text = (
        DIM
        + """
[d.indicators.i]
input = "class2_related"
A = { at_least = 3 }
B = { at_least = 2 }
C = { at_least = 1 }
[tiers]
input = "d.points"
X = { at_least = 20 }
Y = { more_than = 0 }
"""
    )
    some = judge_all(text, [{"class2_related": n} for n in (3, 2, 1, 0)])
    assert [one.tier_of() for one in some] == ["X", "X", "Y", None]
    assert [one.status_of() for one in some] == ["eligible"] * 3 + ["refused"]
    assert judge(text, {"class1_related": 1}).status_of() == "incomplete"


def test_tiers_by_category_leave_out_the_others():
    text = (
        FIXED + '[tiers]\ninput = "sme_title"\nX = { is = "little_giant" }\nY = { is = "tech" }\n'
    )
    titles = ("little_giant", "tech", "innovative")
    some = judge_all(text, [{"class1_related": 1, "sme_title": title} for title in titles])
    assert [one.tier_of() for one in some] == ["X", "Y", None]
    assert [one.status_of() for one in some] == ["eligible", "eligible", "refused"]


def test_tiers_by_a_ratio_that_does_not_exist_are_none():
    text = (
        FIXED
        + """
[tiers]
ratio = ["total_debt", "total_assets"]
unit  = "share"
X = { at_most = 0.5 }
Y = { more_than = 0.5 }
"""
    )
    firm = {"class1_related": 1, "total_debt": "1 元"}
    assert judge(text, {**firm, "total_assets": "0 元"}).tier_of() is None
    assert judge(text, {**firm, "total_assets": "0 元"}).status_of() == "refused"
    assert judge(text, {**firm, "total_assets": "2 元"}).tier_of() == "X"
    assert judge(text, {**firm, "total_assets": "1 元"}).tier_of() == "Y"
    assert judge(text, firm).status_of() == "incomplete"


RAISES = (
    DIM
    + """
[d.indicators.i]
input = "class2_related"
A = { at_least = 3 }
B = { at_least = 2 }
C = { at_least = 1 }
[tiers]
input = "d.points"
W = { at_least = 30 }
X = { at_least = 20 }
Y = { at_least = 10 }
Z = { more_than = 0 }
[raise.one]
input = "has_high_tech_certificate"
is    = true
tiers = 1
[raise.two]
input = "high_growth_filed"
is    = true
tiers = 2
not_above = "X"
"""
)


@pytest.mark.parametrize(
    ("count", "one", "two", "graded", "tier"),
    [
        (1, False, False, "Y", "Y"), (1, True, False, "Y", "X"), (1, False, True, "Y", "X"),
        (1, True, True, "Y", "X"),  # raises do not add up: two tiers, but not above X
        (2, True, False, "X", "W"), (2, False, True, "X", "X"), (2, True, True, "X", "W"),
        (3, True, True, "W", "W"),  # never down to X
        (0, True, True, None, None),  # no tier to raise
    ],
)  # fmt: skip
def test_raised_tiers(count, one, two, graded, tier):
    firm = {
        "class2_related": count, "has_high_tech_certificate": one, "high_growth_filed": two,
    }  # fmt: skip
    result = judge(RAISES, firm)
    labels = {-2: None, **dict(enumerate("WXYZ"))}
    assert labels[int(result.codes["tier", "graded"][0])] == graded
    assert result.tier_of() == tier


def test_a_raise_that_is_not_known_leaves_the_tier_open_only_if_it_matters():
    firm = {"class2_related": 3}
    assert judge(RAISES, firm).tier_of() == "W"
    assert judge(RAISES, {"class2_related": 2, "has_high_tech_certificate": True}).tier_of() == "W"
    assert judge(RAISES, {"class2_related": 2, "high_growth_filed": True}).tier_of() is None
    assert judge(RAISES, {"class2_related": 0}).status_of() == "refused"
