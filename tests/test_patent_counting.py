"""What counts: each field with its conditions, families, and the join to a firm and its result."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit import messages
from ipcredit.assess import assess
from ipcredit.errors import UsageError
from ipcredit.fields import FIELDS as FIRM_FIELDS
from ipcredit.firm import Firm
from ipcredit.patents.counting import FIELDS, count_rights, with_rights
from ipcredit.patents.firm_rights import counted, firm_with_rights
from ipcredit.patents.listing import (
    COUNTED,
    LEFT_OUT,
    NOT_KNOWN,
    all_listed,
    rights_data,
    rights_text,
)
from ipcredit.patents.right import ACQUIRED, KINDS, STATUSES, Right, Rights
from ipcredit.patents.terms import PatentTerms
from ipcredit.policy import Policy
from ipcredit.resources import config_dir
from patent_files import FIRM, LATIN, number

ON = dt.date(2025, 6, 30)
DAY = dt.timedelta(days=1)
OWNER = "甲公司"
_AT = iter(range(10**6))


def right(kind: str = "invention", **facts: object) -> Right:
    """A right in force, owned, applied for by the firm, related to its main product."""
    given = {
        "kind": kind,
        "office": "CN",
        "application_no": f"CN{next(_AT)}",
        "filed": dt.date(2019, 1, 10),
        "granted": dt.date(2021, 3, 20),
        "status": "granted",
        "status_on": ON,
        "owners": (OWNER,),
        "applicants": (OWNER,),
        "product_related": True,
        "foreign_grants": (),
        "award": "",
        "pledged": False,
        "applied": True,
        "used_before": False,
    }
    if kind == "software_copyright":
        given["expires"] = dt.date(2071, 12, 31)
    elif kind not in ("invention", "pct_invention", "utility_model", "pct_utility", "design"):
        given["expires"] = dt.date(2039, 1, 10)
    return Right(**(given | facts))


def counts(*rights: Right, on: dt.date = ON, owner: object = OWNER, **options: object):
    found = count_rights(list(rights), on, owner, **options)
    return {name: value for name, value in found.counts.items() if value}


def opened(*rights: Right, on: dt.date = ON) -> dict[str, int]:
    found = count_rights(list(rights), on, OWNER)
    return {name: value for name, value in found.open.items() if value}


CLASS_1 = {"class1_related": 1, "class1_owned": 1, "class1_held_1y": 1, "class1_applied": 1}
CLASS_2 = {"class2_related": 1, "class2_kept_2y": 1, "class2_unused": 1}


# -- fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("invention", CLASS_1 | {"invention_patents": 1}),
        ("pct_invention", CLASS_1 | {"invention_patents": 1}),
        ("plant_variety", CLASS_1),
        ("crop_variety", CLASS_1),
        ("national_drug", CLASS_1),
        ("tcm_protection", CLASS_1),
        ("ic_layout", CLASS_1),
        ("utility_model", CLASS_2 | {"utility_models": 1}),
        ("pct_utility", CLASS_2 | {"utility_models": 1}),
        ("design", CLASS_2 | {"designs": 1}),
        ("software_copyright", CLASS_2 | {"software_copyrights": 1}),
        ("other", {}),
    ],
)
def test_each_kind_counts_in_its_fields(kind, expected):
    assert counts(right(kind)) == expected
    assert opened(right(kind)) == {}


def test_kind_not_known_is_open_everywhere_and_counts_nowhere():
    assert counts(right(kind=None)) == {}
    assert set(opened(right(kind=None))) == set(FIELDS) - {"class1_high_value", "patents_pledged"}


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "lapsed"},
        {"status": "expired"},
        {"status": "invalidated"},
        {"status": "pending", "granted": None},
        {"status": "refused", "granted": None},
        {"lapsed": ON},
        {"granted": ON + DAY},
        {"expires": ON},
        {"owners": ("乙公司",), "transferred_on": ON},
        {"office": "US"},
        {"kind": "other"},
    ],
)
def test_what_does_not_stand_never_counts_and_is_never_open(facts):
    assert counts(right(**facts)) == {}
    assert opened(right(**facts)) == {}


@pytest.mark.parametrize(
    "facts",
    [
        {"status": None},
        {"status_on": None},
        {"owners": None, "applicants": None},
        {"office": None},
        {"application_no": None},
        {"status_on": ON - 366 * DAY},
    ],
)
def test_what_is_not_known_is_open_and_does_not_count(facts):
    assert counts(right(**facts)) == {}
    assert opened(right(**facts))["class1_related"] == 1


def test_relation_to_the_main_product():
    assert counts(right(product_related=False)) == {"invention_patents": 1}
    assert counts(right(product_related=None)) == {"invention_patents": 1}
    assert opened(right(product_related=None)) == CLASS_1
    assert opened(right(product_related=False)) == {}


def test_own_application():
    bought = right(applicants=("乙",), transferred_on=dt.date(2022, 1, 1))
    assert counts(bought) == {"class1_related": 1, "class1_held_1y": 1, "invention_patents": 1}
    unsaid = right(applicants=None)
    assert opened(unsaid) == {"class1_owned": 1, "class1_held_1y": 1, "class1_applied": 1}


@pytest.mark.parametrize(
    ("day", "held"),
    [("2024-06-30", 1), ("2024-07-01", 0), ("2024-06-29", 1)],
)
def test_transferred_in_less_than_a_year_ago(day, held):
    bought = right(applicants=("乙",), transferred_on=dt.date.fromisoformat(day))
    assert counts(bought).get("class1_held_1y", 0) == held
    assert counts(bought)["class1_related"] == 1


def test_a_year_after_the_29th_of_february():
    bought = right(
        applicants=("乙",), transferred_on=dt.date(2024, 2, 29), status_on=dt.date(2025, 2, 1)
    )
    assert counts(bought, on=dt.date(2025, 2, 27)).get("class1_held_1y", 0) == 0
    assert counts(bought, on=dt.date(2025, 2, 28))["class1_held_1y"] == 1


@pytest.mark.parametrize(("place", "applied"), [(1, 1), (3, 1), (4, 0)])
def test_among_the_first_three_owners(place, applied):
    owners = (*(f"乙{n}" for n in range(place - 1)), OWNER)
    found = counts(right(owners=owners, applicants=owners))
    assert found.get("class1_applied", 0) == applied
    assert found["class1_owned"] == 1


@pytest.mark.parametrize(
    ("facts", "high"),
    [
        ({}, "no"),
        ({"foreign_grants": ("US",)}, "yes"),
        ({"foreign_grants": ("EP", "TW")}, "yes"),
        ({"foreign_grants": ("SG",)}, "yes"),
        ({"foreign_grants": ("TW",)}, "no"),
        ({"foreign_grants": ("CN",)}, "no"),
        ({"foreign_grants": None}, "open"),
        ({"award": "第二十四届中国专利优秀奖"}, "yes"),
        ({"award": "国家科技进步二等奖"}, "yes"),
        ({"award": "重庆市科技进步奖"}, "no"),
        ({"award": None}, "open"),
        ({"pledge_large": True}, "yes"),
        ({"pledge_large": False, "pledged": True}, "no"),
        ({"pledged": True}, "open"),
        ({"pledged": None}, "open"),
        ({"filed": dt.date(2012, 1, 1), "granted": dt.date(2015, 6, 30)}, "no"),
        ({"filed": dt.date(2012, 1, 1), "granted": dt.date(2015, 6, 29)}, "yes"),
        ({"granted": None}, "open"),
        ({"granted": None, "foreign_grants": ("JP",)}, "yes"),
    ],
)
def test_high_value(facts, high):
    item = right(**facts)
    assert counts(item).get("class1_high_value", 0) == (high == "yes")
    assert opened(item).get("class1_high_value", 0) == (high == "open")


@pytest.mark.parametrize(
    ("granted", "kept"), [("2023-06-30", 0), ("2023-06-29", 1), ("2025-06-30", 0)]
)
@pytest.mark.parametrize("kind", ["utility_model", "design"])
def test_kept_more_than_two_years_after_grant(kind, granted, kept):
    item = right(kind, granted=dt.date.fromisoformat(granted))
    assert counts(item).get("class2_kept_2y", 0) == kept
    assert counts(item)["class2_related"] == 1


def test_software_counts_with_any_age():
    item = right("software_copyright", granted=ON, filed=None)
    assert counts(item)["class2_kept_2y"] == 1


def test_class_two_serves_once():
    assert "class2_unused" not in counts(right("design", used_before=True))
    assert opened(right("design", used_before=None)) == {"class2_unused": 1}


def test_pledged_patents():
    assert counts(right(pledged=True, product_related=False))["patents_pledged"] == 1
    assert "patents_pledged" not in counts(right("ic_layout", pledged=True))
    assert opened(right("design", pledged=None)) == {"patents_pledged": 1}


def test_without_an_owner_everybodys_rights_count():
    item = right(owners=("乙",), applicants=("乙",), acquired="own")
    assert counts(item, owner=None) == CLASS_1 | {"invention_patents": 1}
    assert counts(item) == {}


def test_parts_are_never_above_their_wholes():
    for name in FIELDS:
        whole = FIRM_FIELDS[name].part_of
        if whole is not None:
            assert set(FIELDS[name]) >= set(FIELDS[whole])


# -- families ----------------------------------------------------------------------------------


def test_one_per_family_in_its_best_class():
    family = [right(family="F"), right(family="F"), right("utility_model", family="F")]
    assert counts(*family) == CLASS_1 | {"invention_patents": 1}
    assert counts(*family, per_family=False) == {
        name: value * (2 if name in CLASS_1 or name == "invention_patents" else 1)
        for name, value in (
            CLASS_1 | CLASS_2 | {"invention_patents": 1, "utility_models": 1}
        ).items()
    }


def test_family_is_saved_by_a_member_that_stands():
    assert counts(right(family="F", status="lapsed"), right(family="F")) == CLASS_1 | {
        "invention_patents": 1
    }


def test_class_two_member_counts_where_the_better_one_does_not_stand():
    family = [right(family="F", status="lapsed"), right("utility_model", family="F")]
    assert counts(*family) == CLASS_2 | {"utility_models": 1}


def test_unrelated_invention_does_not_take_the_class_from_its_family():
    family = [right(family="F", product_related=False), right("design", family="F")]
    assert counts(*family) == CLASS_2 | {"invention_patents": 1}


# -- properties --------------------------------------------------------------------------------

flags = st.one_of(st.none(), st.booleans())
days = st.one_of(st.none(), st.dates(dt.date(2012, 1, 1), dt.date(2027, 1, 1)))
owners = st.sampled_from([None, (OWNER,), ("乙",), ("乙", OWNER), ("乙", "丙", "丁", OWNER)])
any_right = st.builds(
    Right,
    kind=st.one_of(st.none(), st.sampled_from(KINDS)),
    office=st.sampled_from(["CN", "CN", "CN", "US", None]),
    filed=days,
    granted=days,
    lapsed=st.one_of(st.none(), days),
    expires=st.one_of(st.none(), days),
    status=st.one_of(st.none(), st.just("granted"), st.sampled_from(STATUSES)),
    status_on=st.sampled_from([ON, ON, None, ON - 10 * DAY, ON - 400 * DAY, ON + 10 * DAY]),
    family=st.sampled_from([None, None, "F1", "F2"]),
    applicants=owners,
    owners=owners,
    acquired=st.one_of(st.none(), st.sampled_from(ACQUIRED)),
    transferred_on=days,
    pledged=flags,
    pledge_large=flags,
    product_related=st.sampled_from([True, True, False, None]),
    applied=flags,
    used_before=flags,
    foreign_grants=st.sampled_from([None, (), ("US",), ("TW",)]),
    award=st.sampled_from([None, "", "中国专利金奖"]),
)
portfolios = st.lists(any_right, max_size=8).map(
    lambda rights: [replace(r, application_no=f"CN{at}") for at, r in enumerate(rights)]
)


@given(portfolios, st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter(rights, shuffled):
    plain = count_rights(rights, ON, OWNER)
    shuffled.shuffle(rights)
    mixed = count_rights(rights, ON, OWNER)
    assert (mixed.counts, mixed.open) == (plain.counts, plain.open)


@given(portfolios, any_right, st.sampled_from(["lapsed", "expired", "foreign", "other's", "later"]))
def test_adding_what_does_not_stand_never_raises_a_count(rights, extra, why):
    spoiled = {
        "lapsed": {"lapsed": ON},
        "expired": {"expires": ON},
        "foreign": {"office": "US"},
        "other's": {"owners": ("乙",), "applicants": ("乙",)},
        "later": {"granted": ON + DAY},
    }[why]
    before = count_rights(rights, ON, OWNER)
    extra = replace(extra, application_no="CN-extra", **spoiled)
    after = count_rights([*rights, extra], ON, OWNER)
    # Dates that contradict each other make it unknown instead; it counts neither way.
    assert after.counts == before.counts


@given(portfolios, any_right)
def test_second_member_of_a_family_that_counts_raises_nothing(rights, extra):
    before = count_rights(rights, ON, OWNER)
    after = count_rights([*rights, replace(extra, application_no="CN-x", family="F1")], ON, OWNER)
    members = np.array([right.family == "F1" for right in rights], bool)
    for name in FIELDS:
        if (before.states[name][members] == 2).any():
            assert after.counts[name] <= before.counts[name]
    classes = ("class1_related", "class2_related")
    if any((before.states[name][members] == 2).any() for name in classes):
        assert sum(after.counts[name] for name in classes) <= sum(
            before.counts[name] for name in classes
        )


@given(portfolios, any_right)
def test_more_records_never_lower_the_number_of_families_that_count(rights, extra):
    before = count_rights(rights, ON, OWNER)
    after = count_rights([*rights, replace(extra, application_no="CN-x")], ON, OWNER)
    for name in ("class1_related", "class1_owned", "class1_high_value", "invention_patents"):
        assert after.counts[name] >= before.counts[name]


@given(portfolios)
def test_counts_are_within_their_bounds(rights):
    found = count_rights(rights, ON, OWNER)
    for name in FIELDS:
        assert found.counts[name] + found.open[name] <= len(rights)
        whole = FIRM_FIELDS[name].part_of
        if whole is not None:
            assert found.counts[name] <= found.counts[whole]
    each = count_rights(rights, ON, OWNER, per_family=False)
    assert all(found.counts[name] <= each.counts[name] for name in FIELDS)


@given(portfolios)
def test_every_right_is_listed_once_with_a_reason(rights):
    found = count_rights(rights, ON, OWNER)
    items = all_listed(found)
    assert [item.number for item in items] == [right.number for right in rights]
    for item in items:
        assert item.verdict in (COUNTED, LEFT_OUT, NOT_KNOWN)
        assert bool(item.fields) == (item.verdict == COUNTED)
        assert item.reasons or item.fields
        assert all(reason.zh and reason.en and "{" not in reason.zh for reason in item.reasons)
    for lang in ("zh", "en"):
        text = rights_text(found, lang)
        assert all(right.number in text for right in rights)
    json.dumps(rights_data(found))


# -- the list ----------------------------------------------------------------------------------


def reasons(item: Right, on: dt.date = ON) -> tuple[str, ...]:
    return all_listed(count_rights([item], on, OWNER))[0].codes


@pytest.mark.parametrize(
    ("facts", "codes", "says"),
    [
        ({}, (), ""),
        ({"lapsed": dt.date(2023, 1, 2)}, ("lapsed",), "2023-01-02"),
        ({"status": "lapsed"}, ("lapsed",), "2025-06-30"),
        ({"expires": dt.date(2023, 1, 2)}, ("expired",), "2023-01-02"),
        ({"granted": dt.date(2025, 7, 1)}, ("not-granted",), "2025-07-01"),
        ({"status": "pending", "granted": None}, ("not-granted",), "pending"),
        ({"status_on": dt.date(2024, 1, 1)}, ("status-old",), "546 days"),
        ({"product_related": False}, ("not-related",), "main product"),
        ({"product_related": None}, ("related-unknown",), "not known"),
        ({"acquired": "gift", "transferred_on": dt.date(2025, 1, 2)}, ("own-no", "held-no"), "2025-01-02"),
        ({"kind": "utility_model", "granted": dt.date(2024, 1, 2)}, ("kept-no",), "2024-01-02"),
        ({"owners": ("a", "b", "c", OWNER)}, ("first-owners-no",), "number 4"),
    ],
)  # fmt: skip
def test_reasons_say_the_day(facts, codes, says):
    found = count_rights([right(**facts)], ON, OWNER)
    (item,) = all_listed(found)
    assert item.codes == codes
    assert says in " ".join(reason.en for reason in item.reasons)


def test_same_family_names_the_member_that_counts():
    invention = right(family="F", application_no="CN1")
    (_, item) = all_listed(count_rights([invention, right("design", family="F")], ON, OWNER))
    assert item.codes == ("same-family",)
    assert "CN1" in item.reasons[0].en


def test_every_reason_of_the_list_has_its_text():
    for name in ("own", "held", "kept"):
        for state in ("no", "unknown"):
            assert f"right.{name}-{state}" in messages.CATALOGUE


def test_long_lists_are_cut_in_the_text_and_whole_in_the_data():
    rights = [right() for _ in range(7)]
    found = count_rights(rights, ON, OWNER)
    assert "and 4 more" in rights_text(found, "en", most=3)
    assert len(rights_data(found)["rights"]) == 7
    both = rights_text(found, "both")
    assert "What counts" in both
    assert "计入的" in both


# -- the firm ----------------------------------------------------------------------------------


def firm(**values: int) -> Firm:
    return Firm.from_dict({"name": OWNER, **values})


def codes(found: Firm) -> list[tuple[str, str]]:
    return [(remark.code, remark.key) for remark in found.remarks]


def test_counts_replace_figures_given_without_records():
    found = with_rights(firm(class1_related=5), count_rights([right()], ON, OWNER), "list.csv")
    assert found.values["class1_related"] == 1
    assert found.values["class2_related"] == 0  # known to be none
    assert codes(found) == [("rights.replaced", "class1_related")]
    assert "5" in found.remarks[0].text("en")


def test_not_known_is_not_zero_in_the_firm():
    found = with_rights(firm(), count_rights([right(product_related=None)], ON, OWNER))
    assert "class1_related" not in found.values
    assert found.values["invention_patents"] == 1
    kept = with_rights(
        firm(class1_related=3), count_rights([right(product_related=None)], ON, OWNER)
    )
    assert kept.values["class1_related"] == 3
    assert codes(kept) == [("rights.given-kept", "class1_related")]


def test_given_part_above_the_counted_whole_is_dropped():
    found = with_rights(
        firm(class1_related=5, class1_owned=4),
        count_rights([right(applicants=None)], ON, OWNER),
    )
    assert found.values["class1_related"] == 1
    assert "class1_owned" not in found.values
    assert ("rights.given-dropped", "class1_owned") in codes(found)
    found.check()


def test_lower_bound_is_remarked():
    rights = [right(), right(product_related=None)]
    found = with_rights(firm(class1_related=2), count_rights(rights, ON, OWNER))
    assert found.values["class1_related"] == 1
    assert ("rights.replaced-open", "class1_related") in codes(found)
    assert ("rights.at-least", "class1_owned") in codes(found)


@given(portfolios, st.dictionaries(st.sampled_from(list(FIELDS)), st.integers(0, 3)))
def test_firm_with_rights_always_agrees_with_itself(rights, given_):
    whole = dict.fromkeys(("class1_related", "class2_related"), 9)
    plain = Firm.from_dict({"name": OWNER, **whole, **given_})
    if plain.problems:
        return
    joined = with_rights(plain, count_rights(rights, ON, OWNER))
    again = Firm.from_dict(joined.to_dict())
    assert again.problems == ()


@pytest.mark.parametrize(("rights", "points"), [(0, 0), (1, 6), (3, 18), (4, 24)])
def test_counts_decide_the_points_of_a_scheme(rights, points):
    """国科发政〔2017〕115号: class II rights 6, 12, 18, 24 points."""
    found = count_rights([right("design") for _ in range(rights)], ON, OWNER)
    result = assess(Policy.load("cn-tech-sme@2017"), with_rights(firm(), found), on=ON)
    scale = result.plan.scales["ip"]
    assert int(result.codes["points", "ip"][0]) == points * scale


# -- the command line --------------------------------------------------------------------------

EXAMPLES = Path(str(config_dir())) / "examples"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ipcredit", *words, "--on", "2025-06-30"],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_command_patents_lists_what_counts():
    path = str(EXAMPLES / "patents" / "cnipa-example.csv")
    done = run("patents", path, "--owner", FIRM, "--lang", "en")
    assert done.returncode == 1  # one number of the file is wrong
    for line in (
        "Class I rights related to the main product: 2 (up to 4 if what is not known were favourable)",
        "Class II rights related to the main product: 4",
        "What counts (8)", "What does not count (4)", "What is not known and hence does not count (1)",
        "lapsed on 2023-06-02", "its term ended on 2023-04-16", "[number.check]",
    ):  # fmt: skip
        assert line in done.stdout
    done = run("patents", path, "--owner", FIRM, "--lang", "zh")
    assert "计入的（8）" in done.stdout
    data = json.loads(run("patents", path, "--owner", FIRM, "--format", "json").stdout)
    assert data["fields"]["class1_related"] == {"count": 2, "open": 2}
    assert [item["verdict"] for item in data["rights"]].count("counted") == 8
    assert data["problems"][0]["code"] == "number.check"


def test_command_score_with_a_file_of_rights(tmp_path):
    words = ("score", str(EXAMPLES / "firms" / "chongqing-maker.toml"), "--patents")
    path = str(EXAMPLES / "patents" / "incopat-example.xlsx")
    done = run(*words, path, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    for line in (
        "与主要产品相关的Ⅰ类知识产权数：3",
        "不计入的（2）",
        "2025-01-15 受让，未满一年",
        "[rights.replaced]",
    ):
        assert line in done.stdout
    done = run(*words, path, "--format", "json")
    saved = json.loads(done.stdout)
    assert saved["firm"]["class1_related"] == 3
    assert saved["rights"]["fields"]["class1_related"]["count"] == 3
    result = tmp_path / "result.json"
    result.write_text(done.stdout, encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "ipcredit", "verify", str(result)], capture_output=True, check=False
    )
    assert again.returncode == 0


def test_command_score_with_a_map_and_another_name():
    done = run(
        "score", str(EXAMPLES / "firms" / "chongqing-maker.toml"), "--lang", "en",
        "--patents", str(EXAMPLES / "patents" / "lens-example.csv"),
        "--map", str(EXAMPLES / "patents" / "map-example.toml"), "--owner", LATIN,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "CN" + number("201910999001") in done.stdout
    assert "not a right granted in China" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--map", "m.toml"), "rights.map-alone"),
        (("--owner", "x"), "rights.map-alone"),
        (("--exported", "2025-06-30"), "rights.map-alone"),
        (("--patents", "nowhere.csv"), "file.unreadable"),
    ],
)
def test_command_line_mistakes(words, code):
    done = run("score", str(EXAMPLES / "firms" / "chongqing-maker.toml"), *words)
    assert done.returncode == 2
    assert code in done.stderr


def test_one_file_of_rights_belongs_to_one_firm(tmp_path):
    table = tmp_path / "firms.csv"
    table.write_text("name,staff_total\na,1\nb,2\n", encoding="utf-8")
    path = str(EXAMPLES / "patents" / "cnipa-example.csv")
    done = run("score", str(table), "--patents", path)
    assert done.returncode == 2
    assert "rights.one-firm" in done.stderr


def test_day_of_the_export_on_the_command_line(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text(
        f"申请号,法律状态,申请日\n{number('201910999001')},授权,2019-10-21\n", encoding="utf-8"
    )
    assert "status holds; give the day" in run("patents", str(table), "--lang", "en").stdout
    told = run("patents", str(table), "--lang", "en", "--exported", "2025-06-01").stdout
    assert "Invention patents: 1" in told


# -- in one step -------------------------------------------------------------------------------


def test_policy_terms_decide_families_and_value():
    plain = Firm.from_dict({"name": FIRM})
    path = EXAMPLES / "patents" / "incopat-example.xlsx"
    terms = PatentTerms("allison", "lowest", one_per_family=False, related_only=True)
    found = firm_with_rights(plain, path, ON, terms=terms)
    assert found.found.per_family is False
    assert found.worth is not None
    assert found.firm.values["patent_value"] == found.worth.value
    assert firm_with_rights(plain, path, ON).worth is None


def test_firm_without_a_name_is_not_asked_for_ownership():
    path = EXAMPLES / "patents" / "incopat-example.xlsx"
    found = firm_with_rights(Firm(), path, ON)
    assert found.found.owner is None
    assert "not asked" in rights_text(found.found, "en")


def test_counted_refuses_what_is_no_table(tmp_path):
    with pytest.raises(UsageError):
        counted(tmp_path / "nothing.csv", ON)


def test_hundred_thousand_are_counted_in_a_moment():
    draw = random.Random(1)
    few = [right(draw.choice(KINDS[:5]), family=f"F{n % 500}") for n in range(1000)]
    many = Rights.of(few).take(np.arange(100_000) % 1000)
    assert count_rights(many, ON, OWNER).counts == count_rights(few, ON, OWNER).counts
