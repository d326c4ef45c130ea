"""In force and owned on a day: each rule with its boundary, and what time can never do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit import messages
from ipcredit.fields import MISSING
from ipcredit.patents.kinds import kind_rules
from ipcredit.patents.right import ACQUIRED, KINDS, STATUSES, Right, Rights, day_number
from ipcredit.patents.standing import (
    NO,
    REASONS,
    UNKNOWN,
    YES,
    name_key,
    standing,
    term_ends,
    years_later,
)

DAY = dt.timedelta(days=1)
E = dt.date(2024, 6, 30)  # the day of the export
RIGHT = Right(
    kind="invention",
    office="CN",
    application_no="CN201510999003.5",
    filed=dt.date(2015, 6, 2),
    granted=dt.date(2017, 9, 12),
    status="granted",
    status_on=E,
    owners=("甲公司",),
)


def force(on: dt.date, right: Right = RIGHT, **facts: object) -> str:
    return standing(Rights.of([replace(right, **facts)]), on).force.why(0)


def owned(on: dt.date, owner: object = "甲公司", **facts: object) -> str:
    return standing(Rights.of([replace(RIGHT, **facts)]), on, owner).owner.why(0)


# -- term --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "filed", "end"),
    [
        ("invention", "2005-03-10", "2025-03-10"),
        ("pct_invention", "2005-03-10", "2025-03-10"),
        ("utility_model", "2015-03-10", "2025-03-10"),
        ("pct_utility", "2015-03-10", "2025-03-10"),
        ("design", "2021-05-31", "2031-05-31"),  # the last day of the old term
        ("design", "2021-06-01", "2036-06-01"),
        ("utility_model", "2012-02-29", "2022-02-28"),  # no such day: the last of the month
        ("invention", "2004-02-29", "2024-02-29"),
        ("software_copyright", "2015-03-10", None),
        ("plant_variety", "2015-03-10", None),
        ("invention", None, None),
    ],
)
def test_term(kind, filed, end):
    right = Right(kind=kind, filed=filed and dt.date.fromisoformat(filed))
    expected = MISSING if end is None else day_number(dt.date.fromisoformat(end))
    assert term_ends(Rights.of([right])).tolist() == [expected]


def test_recorded_end_goes_before_the_kind():
    right = replace(RIGHT, expires=dt.date(2038, 1, 1))  # a term that was compensated
    assert term_ends(Rights.of([right])).tolist() == [day_number(dt.date(2038, 1, 1))]


@given(st.dates(dt.date(1960, 1, 1), dt.date(2080, 12, 31)), st.integers(0, 60))
def test_years_later_is_the_calendar(day, years):
    try:
        expected = day.replace(year=day.year + years)
    except ValueError:
        expected = dt.date(day.year + years, 2, 28)
    assert years_later(np.array([day_number(day)]), years).tolist() == [day_number(expected)]


@pytest.mark.parametrize(
    ("on", "why"),
    [(dt.date(2035, 6, 1), "in-force"), (dt.date(2035, 6, 2), "expired")],
)
def test_last_day_of_the_term(on, why):
    assert force(on, status_on=on) == why


# -- in force ----------------------------------------------------------------------------------


def test_status_holds_on_its_day_and_a_year_on():
    assert force(E) == "in-force"
    assert force(E + 365 * DAY) == "in-force"
    assert force(E + 366 * DAY) == "status-old"
    assert (
        force(E + 366 * DAY, kind="software_copyright", expires=dt.date(2070, 1, 1)) == "in-force"
    )


def test_before_the_export_only_dates_of_events_tell():
    assert force(E - DAY) == "in-force"  # granted before, and still at the export
    assert force(E - DAY, granted=None) == "before-status"
    assert force(E, granted=None) == "in-force"
    assert force(dt.date(2017, 9, 12)) == "in-force"
    assert force(dt.date(2017, 9, 11)) == "not-granted"


def test_status_without_a_day_tells_nothing():
    assert force(E, status_on=None) == "status-undated"
    assert force(E, status_on=None, status="lapsed") == "status-undated"
    assert force(E, status_on=None, status=None) == "status-unknown"


def test_lapse():
    lapsed = dt.date(2023, 6, 2)
    assert force(lapsed - DAY, status="lapsed", lapsed=lapsed) == "in-force"
    assert force(lapsed, status="lapsed", lapsed=lapsed) == "lapsed"
    assert force(E, status="lapsed") == "lapsed"
    assert force(E - DAY, status="lapsed") == "before-status"
    # A lapse goes before a status that says otherwise: nothing is revived.
    assert force(E, lapsed=lapsed) == "lapsed"
    # Two dates of events need no status.
    assert force(lapsed - DAY, status=None, lapsed=lapsed) == "in-force"


def test_expiry_by_status():
    assert force(E, status="expired", filed=None) == "expired"
    assert force(E - DAY, status="expired", filed=None) == "before-status"
    # It was kept to the end of its term, which the record tells.
    assert force(E - DAY, status="expired", status_on=dt.date(2036, 1, 1)) == "in-force"


@pytest.mark.parametrize("status", ["withdrawn", "refused"])
def test_never_granted(status):
    for on in (E - 999 * DAY, E, E + 999 * DAY):
        assert force(on, status=status, granted=None) == "not-granted"
    assert force(E, status=status) == "lapsed"  # granted, then given up
    assert force(E - DAY, status=status) == "before-status"


def test_invalidated_is_as_if_it_had_never_been():
    for on in (E - 999 * DAY, E, E + 999 * DAY):
        assert force(on, status="invalidated") == "invalidated"


def test_pending():
    assert force(E, status="pending", granted=None) == "not-granted"
    assert force(E + 99 * DAY, status="pending", granted=None) == "not-granted"
    assert force(E, status="pending") == "status-contradicts"


def test_after_the_export_the_term_must_be_known():
    assert force(E + DAY, filed=None) == "term-unknown"
    assert force(E, filed=None) == "in-force"


def test_software_needs_no_status():
    facts = {"kind": "software_copyright", "filed": None, "status_on": None}
    for status in (None, "granted"):
        assert force(E, status=status, expires=dt.date(2070, 12, 31), **facts) == "in-force"
        assert force(E, status=status, **facts) == "term-unknown"
        assert (
            force(E, status=status, expires=dt.date(2070, 12, 31), **(facts | {"granted": None}))
            == "grant-unknown"
        )
    assert force(dt.date(2070, 12, 31), expires=dt.date(2070, 12, 31), **facts) == "expired"


@pytest.mark.parametrize(
    "facts",
    [
        {"filed": dt.date(2018, 1, 1)},
        {"lapsed": dt.date(2016, 1, 1)},
        {"expires": dt.date(2017, 1, 1)},
        {"expires": dt.date(2014, 1, 1), "granted": None},
        {"filed": dt.date(2018, 1, 1), "lapsed": dt.date(2017, 12, 1), "granted": None},
    ],
)
def test_dates_that_contradict_each_other(facts):
    assert force(E, **facts) == "dates-contradict"


# -- may it count at all -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "countable"),
        ({"kind": None}, "kind-unknown"),
        ({"kind": "other"}, "kind-other"),
        ({"office": "US"}, "foreign"),
        ({"office": None}, "office-unknown"),
        ({"application_no": None}, "no-number"),
        ({"application_no": None, "publication_no": "CN110999001B"}, "countable"),
    ],
)
def test_countable(facts, why):
    assert standing(Rights.of([replace(RIGHT, **facts)]), E).basis.why(0) == why


# -- owned -------------------------------------------------------------------------------------


def test_owner_not_asked():
    assert owned(E, None) == "not-asked"


@pytest.mark.parametrize("name", ["甲公司", " 甲 公司 ", "甲\u3000公司"])
def test_names_are_compared_without_blanks(name):
    assert owned(E, name) == "owned"
    assert name_key("ＡＢＣ（Ｘ） Ltd") == name_key("abc(x)ltd")


def test_co_owner_counts_with_its_place():
    stand = standing(Rights.of([replace(RIGHT, owners=("乙", "丙", "甲公司"))]), E, "甲公司")
    assert (stand.owner.why(0), stand.place.tolist()) == ("owned", [3])
    assert owned(E, "丁", owners=("乙", "丙", "甲公司")) == "not-owned"
    assert owned(E, ("旧名", "甲公司")) == "owned"


def test_transfer_in_and_out():
    day = dt.date(2020, 5, 1)
    out = {"applicants": ("甲公司",), "owners": ("乙",), "transferred_on": day}
    assert owned(day - DAY, **out) == "owned"
    assert owned(day, **out) == "not-owned"
    back = {"applicants": ("乙",), "owners": ("甲公司",), "transferred_on": day}
    assert owned(day - DAY, **back) == "not-owned"
    assert owned(day, **back) == "owned"
    assert owned(day - DAY, owners=("甲公司",), transferred_on=day) == "before-transfer"
    assert owned(day, owners=None, applicants=("甲公司",), transferred_on=day) == "owner-unknown"


def test_transfer_on_a_day_not_known():
    moved = {"applicants": ("乙",), "owners": ("甲公司",)}
    assert owned(E, **moved) == "owned"
    assert owned(E - DAY, **moved) == "transfer-undated"
    assert owned(E, **moved, status_on=None) == "transfer-undated"
    assert owned(E - DAY, "丙", **moved) == "not-owned"
    joined = {"applicants": ("甲公司",), "owners": ("甲公司", "乙")}
    assert owned(E - DAY, **joined) == "owned"
    assert owned(E - DAY, acquired="transfer") == "transfer-undated"
    assert owned(E - DAY) == "owned"


def test_applicants_alone_and_nobody():
    assert owned(E, owners=None, applicants=("甲公司",)) == "owned"
    assert owned(E, owners=None, applicants=("乙",)) == "not-owned"
    assert owned(E, owners=None) == "owner-unknown"
    assert owned(E, owners=(), applicants=()) == "owner-unknown"


@pytest.mark.parametrize(
    ("facts", "how"),
    [
        ({}, None),
        ({"applicants": ("甲公司",)}, "own"),
        ({"applicants": ("乙",)}, "transfer"),
        ({"applicants": ("乙",), "acquired": "gift"}, "gift"),
    ],
)
def test_how_it_was_acquired(facts, how):
    code = standing(Rights.of([replace(RIGHT, **facts)]), E, "甲公司").how[0]
    assert (None if code < 0 else ACQUIRED[code]) == how


def test_worst_answer_is_the_reason():
    stand = standing(Rights.of([replace(RIGHT, kind=None, status="lapsed")]), E, "乙")
    assert (stand.state.tolist(), stand.why(0)) == ([NO], "lapsed")
    stand = standing(Rights.of([replace(RIGHT, kind=None)]), E, "甲公司")
    assert (stand.state.tolist(), stand.why(0)) == ([UNKNOWN], "kind-unknown")
    assert standing(Rights.of([RIGHT]), E, "甲公司").why(0) == "owned"


# -- what time can never do --------------------------------------------------------------------

days = st.one_of(st.none(), st.dates(dt.date(2010, 1, 1), dt.date(2040, 1, 1)))
names = st.one_of(st.none(), st.lists(st.sampled_from("甲乙丙"), max_size=3).map(tuple))
rights = st.builds(
    Right,
    kind=st.one_of(st.none(), st.sampled_from(KINDS)),
    office=st.sampled_from(["CN", "US", None]),
    application_no=st.just("CN201510999003.5"),
    filed=days,
    granted=days,
    lapsed=days,
    expires=days,
    status=st.one_of(st.none(), st.sampled_from(STATUSES)),
    status_on=days,
    owners=names,
    applicants=names,
    acquired=st.one_of(st.none(), st.sampled_from(ACQUIRED)),
    transferred_on=days,
)


@given(rights, st.dates(dt.date(2008, 1, 1), dt.date(2042, 1, 1)), st.integers(1, 4000))
def test_time_never_revives(right, on, later):
    before, after = (
        standing(Rights.of([right]), day).force.why(0) for day in (on, on + later * DAY)
    )
    if before in ("expired", "lapsed", "invalidated"):
        assert REASONS[after] == NO
    if REASONS[before] == YES and REASONS[after] == NO:
        assert after in ("expired", "lapsed")


@given(rights)
def test_a_lapse_of_the_day_leaves_nothing_in_force(right):
    on = dt.date(2025, 1, 1)
    assert standing(Rights.of([replace(right, lapsed=on)]), on).force.state[0] != YES


@given(st.lists(rights, min_size=1, max_size=6))
def test_a_right_alone_and_among_others_is_judged_alike(several):
    on = dt.date(2025, 1, 1)
    together = standing(Rights.of(several), on, "甲")
    for row, right in enumerate(several):
        alone = standing(Rights.of([right]), on, "甲")
        assert together.why(row) == alone.why(0)
        assert together.place[row] == alone.place[0]


def test_every_reason_has_its_text():
    for reason in REASONS:
        if REASONS[reason] != YES:
            assert f"right.{reason}" in messages.CATALOGUE


def test_reference_file_says_what_is_assumed():
    rules = kind_rules()
    assert [path for path, _, _ in rules.assumed] == [
        "kinds.software_copyright.no_fees",
        "status.carried_days",
        "one_per_family",
        "high_value.readings",
    ]
    classes = {1: set(), 2: set(), 0: set()}
    for kind in rules.kinds.values():
        classes[kind.cls].add(kind.name)
    assert classes == {
        1: {
            "invention", "pct_invention", "plant_variety", "crop_variety", "national_drug",
            "tcm_protection", "ic_layout",
        },
        2: {"utility_model", "pct_utility", "design", "software_copyright"},
        0: {"other"},
    }  # fmt: skip
