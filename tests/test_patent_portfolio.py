"""The value of many rights: hand-computed portfolios, properties, and a policy's own terms."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit import Firm
from ipcredit.patents.counting import count_rights
from ipcredit.patents.explain import explain_portfolio
from ipcredit.patents.portfolio import Share, concave, portfolio
from ipcredit.patents.right import Citation, Right, Rights
from ipcredit.patents.terms import PatentTerms
from ipcredit.patents.value import METHODS, shipped, shipped_norms, value_rights
from ipcredit.patents.worth import with_worth, worth

ON = dt.date(2025, 6, 30)
FIRM = "甲公司"


def right(number, **facts):
    """A strong own invention in force; 62.5 points by the Allison rule (5 of 8)."""
    known = {
        "kind": "invention",
        "office": "CN",
        "application_no": f"CN20131{number:07d}.0",
        "filed": dt.date(2013, 6, 30),
        "published": dt.date(2014, 12, 1),
        "granted": dt.date(2016, 6, 30),
        "status": "granted",
        "status_on": ON,
        "ipc": ("G06F17/30",),
        "claims": 20,
        "family": f"F{number}",
        "family_size": 4,
        "forward_citations": 13,
        "forward_citations_5y": 5,
        "backward_citations": 10,
        "citing": (Citation(None, "H04L1/00"), Citation(None, "G06F1/00")),
        "inventors": 4,
        "litigated": False,
        "licensed": False,
        "pledged": False,
        "product_related": True,
        "foreign_grants": (),
        "applicants": (FIRM,),
        "owners": (FIRM,),
        "acquired": "own",
    }
    return Right(**{**known, **facts})


def folio(records, method="allison", *, per_family=True, related_only=False, on=ON):
    rights = Rights.of(records)
    found = count_rights(rights, on, FIRM, per_family=per_family)
    return portfolio(value_rights(rights, method, on=on), found, related_only=related_only)


# -- by hand -----------------------------------------------------------------------------------------


def test_a_portfolio_by_hand():
    # Three families: 62.5 points, 50 (no longer four inventors) and a bought utility model.
    # The utility model: filed 2019, six years old; 13/6 > 1 (1), 10 made (1), no age point, four
    # years left (1), four inventors (1): 4 of 8, 50 points, times 0.5 (kind) times 0.5 (bought).
    bought = right(3, kind="utility_model", filed=dt.date(2019, 6, 30),
                   published=dt.date(2020, 1, 1), granted=dt.date(2020, 1, 1),
                   acquired="transfer", transferred_on=dt.date(2021, 1, 1),
                   applicants=("乙公司",))  # fmt: skip
    found = folio([right(1), right(2, inventors=2), bought])
    np.testing.assert_array_equal(found.lead, [0, 1, 2])
    assert found.factor.tolist() == [1, 1, 0.25]
    # 62.5 + 50 x 0.7 + 12.5 x 0.7^2 = 62.5 + 35 + 6.125
    assert found.adds.tolist() == pytest.approx([62.5, 35, 6.125])
    assert found.low == found.high == pytest.approx(103.625)
    assert found.value() == 103_625_000


def test_concentration_by_hand():
    records = [right(1), right(2), right(3), right(4, ipc=("H01M10/05",), inventors=2),
               right(5, ipc=None)]  # fmt: skip
    found = folio(records)
    # Rights by field: 3 computing, 1 electrical, 1 not known: (3/4)^2 + (1/4)^2 = 0.625.
    assert found.fields.by_count == pytest.approx(0.625)
    # Values: 187.5 and 50 of 237.5.
    assert found.fields.by_value == pytest.approx((187.5**2 + 50**2) / 237.5**2)
    assert found.fields.unknown == 1
    # Five families of one right; one age band.
    assert found.families.by_count == pytest.approx(0.2)
    assert found.ages.by_count == found.ages.by_value == 1
    assert found.field_label(found.fields.groups[0].code, "en") == "Computing"
    assert sum(g.adds for g in found.fields.groups) + found.fields.unknown_adds == pytest.approx(
        found.low
    )


def test_a_field_that_nobody_declared_stands_under_its_ipc_class():
    found = folio([right(1, ipc=("E21B43/00",)), right(2, ipc=("D01F9/12",))])
    names = {group.code: found.field_label(group.code, "en") for group in found.fields.groups}
    assert sorted(names.values()) == ["IPC class D01", "IPC class E21"]
    assert found.fields.by_count == 0.5


def test_the_curve_of_remaining_life_by_hand():
    # Ends 2033-06-30 (exactly 8 years), 2030-01-01 (4.5 years), and one that does not say.
    records = [right(1), right(2, expires=dt.date(2030, 1, 1)),
               right(3, kind="plant_variety", expires=None)]  # fmt: skip
    found = folio(records)
    assert (found.count, found.life_unknown) == (3, 1)
    alive = {item.years: (item.rights, item.points) for item in found.life}
    assert alive[0] == alive[4] == (2, 62.5 + 43.75)
    assert alive[5] == alive[7] == (1, 62.5)
    assert alive[8] == (0, 0)  # on the last day it is over


def test_shares_of_what_is_pledged_and_licensed():
    records = [right(1, pledged=True), right(2), right(3, pledged=None, licensed=None)]
    found = folio(records)
    assert found.shares["pledged"] == Share(1, 1, 1)
    assert found.shares["pledged"].share == 0.5
    assert found.shares["licensed"] == Share(0, 2, 1)
    assert Share(0, 0, 3).share is None


def test_nothing_counts_then_the_value_is_0_and_known():
    for records in ([], [right(1, owners=("乙公司",))], [right(1, status=None)]):
        found = folio(records)
        assert (found.low, found.high, found.value()) == (0, 0, 0)
        assert found.families.by_value is None
        assert explain_portfolio(found).steps[0].zh == "没有计入的权利，专利价值为 0"


def test_an_open_value_is_not_known_unless_the_policy_takes_the_lowest():
    found = folio([right(1), right(2, claims=None)])
    # Claims above 25 would give 75 in place of 62.5, and then the second would lead.
    assert (found.low, found.high) == (62.5 + 43.75, 75 + 43.75)
    assert found.value() is None
    assert found.value("lowest") == 106_250_000
    # How it was acquired is not known: between bought and own.
    other = folio([right(1, acquired=None, applicants=None)])
    assert (other.low, other.high, other.no_way) == (31.25, 62.5, 1)


def test_a_right_without_a_norm_could_be_worth_anything():
    found = folio([right(1, ipc=("E21B43/00",))], "oecd4")
    assert (found.low, found.high, found.value()) == (0, 100, None)
    assert found.states()["not_normalised"] == 1


def test_only_related_rights_count_where_the_policy_says_so():
    records = [right(1), right(2, product_related=False), right(3, product_related=None)]
    assert folio(records).count == 3
    assert folio(records, related_only=True).count == 1


def test_values_and_counts_must_be_of_the_same_rights_and_day():
    rights, others = Rights.of([right(1)]), Rights.of([right(1)])
    values = value_rights(rights, "allison", on=ON)
    with pytest.raises(ValueError, match="different rights"):
        portfolio(values, count_rights(others, ON, FIRM))
    with pytest.raises(ValueError, match="different rights"):
        portfolio(values, count_rights(rights, dt.date(2024, 1, 1), FIRM))


# -- a hundred bought utility models -------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [1, 100, 5000])
def test_bought_utility_models_never_beat_one_invention_as_good_as_each(method, count):
    facts = {"filed": dt.date(2018, 6, 30), "published": dt.date(2018, 12, 1),
             "granted": dt.date(2019, 1, 1), "expires": dt.date(2028, 6, 30),
             "foreign_grants": ("US",), "claims": 40, "litigated": True}  # fmt: skip
    invention = right(1, **facts)
    models = [
        right(at, kind="utility_model", acquired="transfer", applicants=("乙公司",),
              transferred_on=dt.date(2020, 1, 1), **facts)
        for at in range(2, count + 2)
    ]  # fmt: skip
    one, many = folio([invention], method), folio(models, method)
    assert many.count == count
    assert 0 < many.low < one.low


def test_the_rule_bounds_what_any_number_of_rights_can_add_up_to():
    times = float(shipped().aggregation.times)
    for count in (1, 10, 1000, 100_000):
        assert concave(np.full(count, 40.0), times) <= 40 / (1 - times) + 1e-9


points = st.lists(st.floats(0, 100), max_size=30)


@given(points, st.floats(0, 100), st.floats(0, 1))
def test_another_family_never_lowers_the_value_and_adds_at_most_its_own(values, more, times):
    before, after = concave(np.array(values), times), concave(np.array([*values, more]), times)
    assert before - 1e-9 <= after <= before + more + 1e-9


@given(points, st.floats(0, 100), st.sampled_from([0.0, 0.5, 0.75, 0.9]))
def test_each_equal_family_adds_less_than_the_one_before(values, same, times):
    totals = [concave(np.array([*values, *[same] * k]), times) for k in range(5)]
    steps = np.diff(totals)
    assert (np.diff(steps) <= 1e-9).all()


@given(points, st.integers(0, 29), st.floats(0, 50))
def test_a_better_right_never_lowers_the_value(values, at, more):
    if at < len(values):
        raised = [v + more * (k == at) for k, v in enumerate(values)]
        assert concave(np.array(raised), 0.7) >= concave(np.array(values), 0.7) - 1e-9


@given(points, st.randoms(use_true_random=False))
def test_the_sum_does_not_depend_on_the_order(values, rnd):
    mixed = list(values)
    rnd.shuffle(mixed)
    assert concave(np.array(mixed), 0.75) == concave(np.array(values), 0.75)


# -- what may not raise a value ------------------------------------------------------------------------


def random_records(rnd, count):
    return [
        right(
            at,
            kind=rnd.choice(["invention", "utility_model", "pct_invention", "software_copyright"]),
            filed=dt.date(rnd.randrange(2008, 2021), rnd.randrange(1, 13), 7),
            published=None,
            granted=dt.date(2022, 1, 1),
            family=rnd.choice([None, f"F{rnd.randrange(count)}"]),
            claims=rnd.choice([None, rnd.randrange(1, 40)]),
            family_size=rnd.randrange(1, 12),
            forward_citations_5y=rnd.randrange(0, 13),
            ipc=rnd.choice([None, ("G06F1/00",), ("H04L1/00",), ("E21B1/00",)]),
            acquired=rnd.choice(["own", "transfer", None]),
        )
        for at in range(count)
    ]


WORTHLESS = {
    "lapsed": {"status": "lapsed", "lapsed": dt.date(2024, 1, 1)},
    "expired": {"filed": dt.date(2001, 1, 1), "granted": dt.date(2004, 1, 1),
                "expires": dt.date(2021, 1, 1), "status": "expired"},
    "owned by another": {"owners": ("乙公司",)},
    "pending": {"status": "pending", "granted": None},
    "status not known": {"status": None},
    "foreign": {"office": "US"},
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("what", WORTHLESS)
def test_a_right_that_does_not_stand_never_changes_the_value(method, what):
    rnd = random.Random(f"{method} {what}")
    for trial in range(12):
        records = random_records(rnd, 8)
        best = {"claims": 60, "family_size": 30, "forward_citations_5y": 90, "ipc": ("G06F1/00",)}
        family = rnd.choice([None, f"F{rnd.randrange(8)}", "another"])
        added = right(900 + trial, **{**best, "family": family, **WORTHLESS[what]})
        before, after = folio(records, method), folio([*records, added], method)
        assert (after.low, after.high) == (before.low, before.high)
        assert after.count == before.count


@pytest.mark.parametrize("method", METHODS)
def test_a_second_member_raises_the_value_only_by_its_own_figures(method):
    rnd = random.Random(method)
    for trial in range(30):
        records = random_records(rnd, 8)
        at = rnd.randrange(8)
        records[at] = replace(records[at], family="shared")
        # A copy under another number adds nothing at all.
        twin = replace(records[at], application_no=f"CN20131{500 + trial:07d}.0")
        before = folio(records, method)
        assert folio([*records, twin], method).low == before.low
        # A better member counts in place of the first, not beside it.
        better = replace(twin, kind="invention", claims=60, family_size=30, acquired="own")
        after = folio([*records, better], method)
        instead = folio([*records[:at], better, *records[at + 1 :]], method)
        assert after.low == max(before.low, instead.low)
        assert after.low >= before.low
        # Where one per family is not the rule, both count.
        assert folio([*records, twin], method, per_family=False).low >= before.low


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_rows_does_not_change_a_word(method):
    rnd = random.Random(99)
    for _ in range(10):
        records = random_records(rnd, 15)
        mixed = list(records)
        rnd.shuffle(mixed)
        straight, turned = folio(records, method), folio(mixed, method)
        assert explain_portfolio(straight) == explain_portfolio(turned)
        assert (straight.low, straight.high) == (turned.low, turned.high)


def test_time_passing_never_raises_the_value_of_the_oecd_composite():
    records = [right(at, kind=kind, filed=dt.date(2010 + at, 6, 30), granted=dt.date(2016 + at, 1, 1),
                     status_on=dt.date(2025, 1, 1))
               for at, kind in enumerate(["invention", "utility_model", "invention"])]  # fmt: skip
    days = [dt.date(2025, 1, 1) + dt.timedelta(30 * k) for k in range(300)]
    values = [folio(records, "oecd4", on=day).low for day in days]
    assert all(later <= earlier for earlier, later in pairwise(values))
    assert values[0] > 0 == values[-1]


# -- a firm's value under a policy ---------------------------------------------------------------------


def terms(**changes):
    known = {"method": "allison", "missing": "unknown", "one_per_family": True,
             "related_only": False}  # fmt: skip
    return PatentTerms(**{**known, **changes})


def test_the_firm_gets_the_value_of_its_records():
    found = worth(count_rights([right(1), right(2)], ON, FIRM), terms())
    firm = with_worth(Firm.from_dict({"name": FIRM}), found, "patents.xlsx")
    assert firm.values["patent_value"] == 106_250_000  # 62.5 + 0.7 x 62.5
    assert not firm.remarks
    given = with_worth(Firm.from_dict({"patent_value": "12.5"}), found, "patents.xlsx")
    assert given.values["patent_value"] == 106_250_000
    (remark,) = given.remarks
    assert remark.text("en") == (
        "patents.xlsx: patent_value: the records give a patent value of 106.25 in place of the "
        "12.5 given; the records are used; compare the two [value.replaced]"
    )


def test_an_open_value_leaves_the_firms_own_figure_and_says_so():
    counts = count_rights([right(1), right(2, claims=None)], ON, FIRM)
    found = worth(counts, terms())
    assert found.value is None
    bare = with_worth(Firm.from_dict({}), found)
    assert "patent_value" not in bare.values
    assert [remark.code for remark in bare.remarks] == ["value.left-open"]
    kept = with_worth(Firm.from_dict({"patent_value": "12.5"}), found)
    assert kept.values["patent_value"] == 12_500_000
    assert [remark.code for remark in kept.remarks] == ["value.given-kept"]
    lowest = worth(counts, terms(missing="lowest"))
    assert with_worth(Firm.from_dict({}), lowest).values["patent_value"] == 106_250_000


def test_made_up_norms_are_remarked_with_the_firm():
    found = worth(count_rights([right(1)], ON, FIRM), terms(method="oecd4"))
    remarks = with_worth(Firm.from_dict({}), found).remarks
    assert [remark.code for remark in remarks] == ["value.made-up"]
    own = replace(shipped_norms(), synthetic=False)
    found = worth(count_rights([right(1)], ON, FIRM), terms(method="oecd4"), own)
    assert not with_worth(Firm.from_dict({}), found).remarks


@pytest.mark.parametrize("method", METHODS)
def test_the_value_as_data_is_plain_and_adds_up(method):
    records = [right(1), right(2, claims=None), right(3, ipc=None), right(4, kind="design")]
    found = worth(count_rights(records, ON, FIRM), terms(method=method, missing="lowest"))
    data = json.loads(json.dumps(found.data(), allow_nan=False))
    assert data["value"] == pytest.approx(data["low"], abs=1e-6)
    assert sum(family["adds"] for family in data["families"]) == pytest.approx(data["low"])
    assert [item["number"] for item in data["rights"]] == [r.application_no for r in records]
    assert data["synthetic_norms"] is method.startswith("oecd")


def test_counts_by_another_rule_on_families_are_refused():
    counts = count_rights([right(1)], ON, FIRM, per_family=False)
    with pytest.raises(ValueError, match="families"):
        worth(counts, terms())


def test_the_shipped_rule_is_the_one_that_the_documents_give():
    rule = shipped().aggregation
    assert rule.times == Fraction(7, 10)
    assert dict(rule.kinds) == {"utility_model": Fraction(1, 2), "pct_utility": Fraction(1, 2)}
    assert rule.bought == Fraction(1, 2)
    assert rule.times < 1 - rule.kinds["utility_model"] * rule.bought
    assert dict(shipped().ltv) == {
        "invention": Fraction(1, 4), "utility_model": Fraction(3, 20), "trademark": Fraction(1, 2),
    }  # fmt: skip
