"""One firm from a dict: what is read, what is refused and in which words."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit import messages
from ipcredit.fields import EPOCH, FIELDS, MILLION, MISSING, Field
from ipcredit.firm import Firm
from ipcredit.messages.fields import CHOICES, GROUPS, LABELS, UNITS
from ipcredit.money import MAX_MINOR, MINOR_DIGITS
from ipcredit.names import slot_of
from ipcredit.values import REDACTED

USCC = "91110000600037341L"


def only(mapping, **options):
    """The one problem of a firm."""
    (problem,) = Firm.from_dict(mapping, **options).problems
    return problem


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("staff_total", 36, 36), ("staff_total", 36.0, 36), ("staff_total", "36", 36),
        ("staff_total", "36.0", 36), ("staff_total", "１，２３６", 1236),
        ("staff_total", Decimal("36.0"), 36), ("staff_total", np.int64(36), 36),
        ("staff_total", np.float64(36), 36),
        ("market_share", 0.05, 50_000), ("market_share", "0.05", 50_000),
        ("market_share", Decimal("0.05"), 50_000), ("market_share", 1, MILLION),
        ("market_share", 0.1 + 0.2, 300_000), ("market_share", "0.050000000", 50_000),
        ("expected_growth", "-0.15", -150_000), ("expected_growth", 2, 2 * MILLION),
        ("overdue_now", True, 1), ("overdue_now", 0, 0), ("overdue_now", 1.0, 1),
        ("overdue_now", "是", 1), ("overdue_now", "否", 0), ("overdue_now", "YES", 1),
        ("overdue_now", "False", 0), ("overdue_now", "1", 1), ("overdue_now", "0.0", 0),
        ("overdue_now", np.bool_(True), 1),
        ("registered_on", date(2025, 3, 1), 20_148), ("registered_on", "2025-03-01", 20_148),
        ("registered_on", "2025/3/1", 20_148), ("registered_on", "2025年3月1日", 20_148),
        ("registered_on", "2025.03.01", 20_148), ("registered_on", "2025-03-01 00:00:00", 20_148),
        ("registered_on", datetime(2025, 3, 1), 20_148),
        ("registered_on", pd.Timestamp("2025-03-01"), 20_148),
        ("registered_on", np.datetime64("2025-03-01"), 20_148),
        ("country", "CN", 0), ("country", "kr", 1), ("country", "中国", 0),
        ("rd_institution", "none", 0), ("rd_institution", "国家级", 4),
        ("rd_option", "to-cost", 1), ("sme_title", "Little Giant", 4),
        ("sales", "3,200.5 万元", 3_200_500_000), ("net_profit", "-1 元", -100),
        ("fiscal_year", "2025", 2025), ("working_capital_turns", "4.5", 4_500_000),
    ],
)  # fmt: skip
def test_reads_native_values_and_text_alike(name, raw, value):
    firm = Firm.from_dict({name: raw})
    assert firm.problems == ()
    assert dict(firm.values) == {name: value}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("staff_total", True), ("staff_total", "1e3"), ("staff_total", "3 persons"),
        ("staff_total", float("inf")), ("staff_total", "5%"), ("staff_total", "none"),
        ("staff_total", "1,23"), ("staff_total", 10**400), ("staff_total", Decimal("1e999999")),
        ("market_share", True), ("market_share", "5％"), ("market_share", 1 / 3),
        ("overdue_now", 2), ("overdue_now", "none"), ("overdue_now", date(2025, 1, 1)),
        ("registered_on", 45717.0), ("registered_on", "2025-02-30"), ("registered_on", "20250301"),
        ("registered_on", "2025-03-01日"), ("registered_on", "2025-3/1"), ("registered_on", True),
        ("registered_on", datetime(2025, 3, 1, 9)), ("registered_on", "none"),
        ("country", 0), ("country", True), ("uscc", 915001130000000001), ("uscc", 9.15e17),
        ("name", True), ("name", ["a"]), ("industry", 3521), ("sales", True), ("sales", 1.5),
        ("sales", "none"), ("sales_fen", True), ("sales_fen", "1 元"), ("sales_fen", 0.5),
        ("fiscal_year", 1899), ("national_award_rank", 0), ("working_capital_turns", 0),
        ("expected_growth", -1),
    ],
)  # fmt: skip
def test_refuses_what_could_mean_something_else(name, raw):
    firm = Firm.from_dict({name: raw})
    assert len(firm.problems) == 1
    assert not firm.values
    assert not firm.texts


@pytest.mark.parametrize(
    "raw", [None, "", "  ", float("nan"), Decimal("nan"), pd.NA, pd.NaT, np.datetime64("NaT")]
)
def test_blank_is_not_known_and_not_zero(raw):
    for name, field in FIELDS.items():
        if isinstance(raw, np.datetime64) and field.kind != "date":
            continue
        firm = Firm.from_dict({name: raw})
        assert (dict(firm.values), dict(firm.texts), firm.problems) == ({}, {}, ())


def test_none_is_known_not_to_exist():
    for text in ("none", "无", "None"):
        firm = Firm.from_dict({"high_tech_until": text, "national_award_rank": text})
        assert firm.none == {"high_tech_until", "national_award_rank"}
        assert not firm.values
        assert not firm.problems


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.lo is not None])
def test_bounds_are_inclusive(name):
    field = FIELDS[name]

    def problems(value):
        return Firm.from_dict({key: native(field, value)}).problems

    key = f"{name}_fen" if field.kind == "money" else name
    if field.kind in ("flag", "choice", "date"):
        return  # nothing outside can be written
    for bound, outside in ((field.lo, -1), (field.hi, 1)):
        assert problems(bound) == ()
        assert problems(bound - outside) == ()
        assert len(problems(bound + outside)) == 1


def native(field: Field, value: int):
    """A value in column units as Python has it."""
    if field.kind in ("share", "decimal"):
        return Decimal(value) / MILLION
    if field.kind == "date":
        return date.fromordinal(value + EPOCH)
    if field.kind == "choice":
        return field.choices[value]
    return bool(value) if field.kind == "flag" else value


def test_part_may_equal_the_whole():
    for part, whole in ((9, 10), (10, 10)):
        assert not Firm.from_dict({"rd_staff": part, "staff_total": whole}).problems
    assert Firm.from_dict({"rd_staff": 11, "staff_total": 10}).values["rd_staff"] == 11
    assert not Firm.from_dict({"rd_staff": 11}).problems
    other_year = Firm.from_dict({"rd_domestic_prev": "2 元", "rd_expense": "1 元"})
    assert not other_year.problems


def test_remarks_do_not_make_a_firm_invalid():
    firm = Firm.from_dict({"rd_expense": "2 元", "total_cost": "1 元", "uscc": "500000000000001"})
    assert firm.problems == ()
    assert [remark.text("en") for remark in firm.remarks] == [
        "rd_expense: R&D expense 2 元 is more than total cost and expense, 1 元; part of it may be "
        "capitalised; check that both are of the same year [firm.rd-above-cost]",
        "uscc: 500000000000001 is a 15-digit registration number from before the unified social "
        "credit code; it has been accepted; give the 18-character code if there is one "
        "[firm.old-number]",
    ]
    assert Firm.from_dict({"rd_expense": "1 元", "total_cost": "1 元"}).remarks == ()


def test_code_is_normalised_without_a_word():
    for text in (
        USCC.lower(),
        f" {USCC} ",
        "９１１１００００６０００３７３４１Ｌ",
        "9111 0000-6000 37341L",
    ):
        firm = Firm.from_dict({"uscc": text})
        assert (firm.texts["uscc"], firm.problems, firm.remarks) == (USCC, (), ())


def test_failing_organisation_code_inside_a_passing_code_is_no_error():
    from stdnum.cn import uscc

    # Characters 9 to 17 are an organisation code with a check digit of its own (GB 11714).
    for last in "012":
        body = "91500113ABCDEFGH" + last
        assert not Firm.from_dict({"uscc": body + uscc.calc_check_digit(body)}).problems


def test_personal_values_are_shown_nowhere():
    mapping = {"contact_person": 13800000000, "researchers": [42], "consent_tax_data": "perhaps"}
    firm = Firm.from_dict(mapping)
    for problem in firm.problems:
        assert REDACTED in problem.text()
        assert not any(word in problem.text() for word in ("138", "42", "perhaps"))
    known = Firm.from_dict({"contact_person": "张三", "researchers": ["李四", "王五"]})
    assert "张三" not in repr(known)
    assert known.to_dict() == {
        "currency": "CNY", "contact_person": REDACTED, "researchers": REDACTED,
    }  # fmt: skip
    assert known.to_dict(redact=False)["researchers"] == ["李四", "王五"]
    assert (
        Firm.from_dict({"researchers": "李四；王五、赵六"}).texts["researchers"]
        == "李四; 王五; 赵六"
    )


def test_yearly_figures_come_in_any_order():
    tables = [
        {"year": 2024, "sales": "2 元", "audited": True},
        {"year": 2025, "sales_fen": 300, "rd_expense": "1 元"},
        {"year": 2023, "sales": "1 元"},
    ]
    firm = Firm.from_dict({"finance": tables})
    assert not firm.problems
    assert dict(firm.values) == {
        "fiscal_year": 2025, "sales": 300, "rd_expense": 100,
        "fiscal_year_prev": 2024, "sales_prev": 200, "audited_prev": 1,
        "fiscal_year_prev2": 2023, "sales_prev2": 100,
    }  # fmt: skip
    assert Firm.from_dict({"finance": {"year": 2025, "sales_prev": "1 元"}}).values == {
        "fiscal_year": 2025, "sales_prev": 100,
    }  # fmt: skip
    assert Firm.from_dict({"finance": [{"sales": "1 元"}]}).values == {"sales": 100}


@pytest.mark.parametrize(
    ("tables", "codes"),
    [
        ([{"sales": "1 元"}, {"year": 2025}], ["firm.year-missing"]),
        ([{}, {"sales": "1 元"}], ["firm.year-missing"]),
        ([{"year": 2025}, {"year": 2025}], ["firm.year-twice"]),
        ([{"year": 2025}, {"year": "x"}], ["firm.not-a-number"]),
        ([{"year": y} for y in (2025, 2024, 2023, 2022)], ["firm.years-many"]),
        ([{"year": y} for y in (2025, 2023, 2022)], ["firm.years"]),
        ([{"year": 2025}, {"year": 2024, "sales_prev": "1 元"}], ["firm.unknown-field"]),
        ([{"year": 2025}, {"year": 2024, "staff_total": 3}], ["firm.unknown-field"]),
        ([{"year": 2025}, 3], ["firm.not-a-value"]),
        ([{"sales": 1}, {"year": 2025}], ["firm.year-missing", "money.no-unit"]),
    ],
)
def test_years_that_do_not_agree(tables, codes):
    assert [p.code for p in Firm.from_dict({"finance": tables}).problems] == codes


def test_fields_in_groups_and_flat_are_the_same():
    grouped = Firm.from_dict({"talent": {"staff_total": 3}, "rd": None, "related": {}})
    assert grouped == Firm.from_dict({"staff_total": 3})
    assert grouped == Firm.from_dict({"职工总数": 3}) == Firm.from_dict({" Staff ": 3})
    both = Firm.from_dict({"talent": {"staff_total": 3}, "staff_total": 3})
    assert [p.code for p in both.problems] == ["firm.given-twice"]
    assert both.problems[0].args["other"] == "talent.staff_total"


def test_places_reach_the_problems():
    assert only({"salse": 1}, where="firm.csv:5").where == "firm.csv:5"
    found = only({"rd": {"salse": 1}}, where=lambda path: ".".join(map(str, path)))
    assert found.where == "rd.salse"


def test_other_currencies():
    firm = Firm.from_dict({"currency": "KRW", "sales": "70 억원", "rd_expense_minor": 5})
    assert (dict(firm.values), firm.problems) == ({"sales": 7_000_000_000, "rd_expense": 5}, ())
    assert firm.to_dict() == {
        "currency": "KRW", "rd_expense_minor": 5, "sales_minor": 7_000_000_000,
    }  # fmt: skip
    assert firm == Firm.from_dict({"sales": "70 억원", "rd_expense_minor": 5}, currency="KRW")


def test_a_firm_cannot_be_changed_and_can_be_sent_to_workers():
    firm = Firm.from_dict({"staff_total": 3, "name": "甲"})
    with pytest.raises(TypeError):
        firm.values["staff_total"] = 4  # type: ignore[index]
    assert pickle.loads(pickle.dumps(firm)) == copy.deepcopy(firm) == firm


TEXT = (
    st.text(min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda t: t and t != "…" and not t.startswith("#"))
)
NAMES = st.lists(st.sampled_from(["张三", "李四", "O'Neil"]), min_size=1, max_size=3)


def known(field: Field):
    """Any value the field may have, as Python has it."""
    if field.name == "uscc":
        return st.just(USCC)
    if field.kind == "text":
        return NAMES if field.many else TEXT
    lo, hi = field.lo, field.hi
    return st.integers(lo, min(hi, MAX_MINOR)).map(lambda value: native(field, value))


@st.composite
def firms(draw):
    """Firms without problems."""
    currency = draw(st.sampled_from(sorted(MINOR_DIGITS)))
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=25))
    mapping = {"currency": currency}
    for name in names:
        field = FIELDS[name]
        none = field.nullable and draw(st.booleans())
        key = f"{name}_minor" if field.kind == "money" else name
        mapping[key] = "none" if none else draw(known(field))
    firm = Firm.from_dict(mapping)
    agree = {p.code for p in firm.problems} <= {"firm.part-of", "firm.years"}
    assert agree, firm.problems
    return firm


@given(firms())
def test_to_dict_reads_back_to_the_same_firm(firm):
    assert Firm.from_dict(firm.to_dict(redact=False)) == firm
    for lang in ("zh", "en"):
        again = Firm.from_dict(firm.to_dict(lang, redact=False))
        assert (again.values, again.texts, again.none) == (firm.values, firm.texts, firm.none)
    redacted = firm.to_dict()
    assert Firm.from_dict(redacted).to_dict() == redacted


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.decimals() | st.dates() | st.datetimes() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(
    [*FIELDS, *(f"{n}_fen" for n in FIELDS), *GROUPS, "currency", "year"]
) | st.text(max_size=8)


@settings(max_examples=300)
@given(st.dictionaries(KEYS, ANYTHING, max_size=8))
def test_nothing_that_is_given_raises(mapping):
    firm = Firm.from_dict(mapping)
    for problem in firm.problems + firm.remarks:
        assert "; " in problem.text("en")
        assert "；" in problem.text("zh")
    for name, value in firm.values.items():
        field = FIELDS[name]
        assert value > MISSING + 1
        assert field.lo is None or value >= field.lo
        assert field.hi is None or value <= field.hi


def test_every_field_is_explained_in_both_languages():
    assert len(LABELS) == len({f.base for f in FIELDS.values()})
    for field in FIELDS.values():
        assert field.unit in UNITS
        assert field.group in GROUPS
        assert field.definition("en").endswith(".")
        assert field.definition("zh").endswith("。")
        assert field.definition("zh").count("。") == 1
        assert field.part_of is None or FIELDS[field.part_of].ago == field.ago
        # Counts and dates may not exist; nor may years before the firm was founded.
        assert field.nullable <= (field.kind in ("count", "date") or field.ago > 0)
        for lang in ("en", "zh"):
            assert slot_of(field.label(lang)).field is field
            assert all(field.choice_label(choice, lang) for choice in field.choices)
    assert set(CHOICES) == {f.base for f in FIELDS.values() if f.kind == "choice"}


def test_labels_and_names_are_unique():
    names = [*FIELDS, *(f.en for f in FIELDS.values()), *(f.zh for f in FIELDS.values())]
    assert len(set(names)) == len(names)
    for texts in messages.firm.TEXTS.values():
        assert all(texts)
