"""Numbers of patents: the check digit, every spelling, and what modulo 11 can and cannot catch.

The mathematics.  With the check digit c (X = 10), a number is right when

    w1 d1 + ... + wn dn - c = 0  (mod 11),   w = 2..9, 2..5 (twelve digits) or 2..9 (eight).

So the weights are w1..wn and, for the check digit, -1; none of them is 0 modulo 11, which is prime.

* One digit changed by e: the sum moves by w e.  Digits lie in 0..9 and c in 0..10, so e is not 0
  modulo 11, neither is w: the sum moves.  Every single change is caught; there is no exception.
* Two neighbours a, b exchanged: the sum moves by (w - w')(b - a), which is 0 only if a = b or
  w = w' modulo 11.  Neighbouring weights differ by -1 (k, k + 1), by 7 (9, 2), by 6 (5 and the
  check digit's -1) and by 10 (9 and -1): none is 0.  Every exchange of unlike neighbours is caught.
* X stands for 10 in the last place only.  Exchanged with the digit before, it stands within the
  number and is no digit: caught by the form, not by the sum.
* What is *not* caught, from the same formula: exchanges of places with equal weights, which are
  eight apart (1 and 9, 2 and 10, 3 and 11, 4 and 12 of the twelve digits); never neighbours.  And a
  number written without its check digit guards nothing but its form.
"""

from __future__ import annotations

import itertools
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit import messages
from ipcredit.patents.numbers import (
    ACCEPTED,
    REJECTED,
    REMARKED,
    REMARKS,
    WEIGHTS,
    check_digit,
    parse_application,
    parse_foreign,
    parse_publication,
    parse_registration,
)

SIGNS = "0123456789X"


def plain_check(digits: str) -> str:
    """The rule written down once more, from the standard's own words."""
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    total = 0
    for place in range(len(digits)):
        total = total + int(digits[place]) * weights[place]
    rest = total % 11
    return "X" if rest == 10 else str(rest)


new_bodies = st.builds(
    lambda year, kind, serial: f"{year}{kind}{serial:07d}",
    st.integers(2003, 2099),
    st.sampled_from("12389"),
    st.integers(0, 9_999_999),
)
old_bodies = st.builds(
    lambda year, kind, serial: f"{year % 100:02d}{kind}{serial:05d}",
    st.integers(1985, 2003),
    st.sampled_from("12389"),
    st.integers(0, 99_999),
)
bodies = st.one_of(new_bodies, old_bodies)


@pytest.mark.parametrize(
    "number",
    # Published worked examples of the rule, of both forms, with X among them.
    ["201710601862.3", "95115608.X", "97101765.4", "200510113767.6", "01800565.9", "00814037.5"],
)
def test_published_numbers_pass(number):
    found = parse_application(number)
    assert (found.verdict, found.text) == (ACCEPTED, f"CN{number}")
    assert check_digit(number[:-2]) == number[-1] == plain_check(number[:-2])


@given(bodies)
def test_check_digit_is_the_rule(body):
    assert check_digit(body) == plain_check(body)


def test_no_weight_is_zero_and_no_neighbours_are_equal_modulo_11():
    for length in (8, 12):
        weights = [*WEIGHTS[:length], -1]
        assert all(weight % 11 for weight in weights)
        assert all((a - b) % 11 for a, b in itertools.pairwise(weights))
        equal = {
            (i + 1, j + 1)
            for i, j in itertools.combinations(range(length + 1), 2)
            if (weights[i] - weights[j]) % 11 == 0
        }
        # Eight apart, and in no form is the check digit's weight that of a digit.
        assert equal == ({(1, 9), (2, 10), (3, 11), (4, 12)} if length == 12 else set())


def spelled(body: str, check: str) -> str:
    return f"CN{body}.{check}"


@given(bodies)
def test_every_single_change_is_caught(body):
    """All of them for every number drawn: each place, each other sign, with and without dot."""
    check = check_digit(body)
    for place, sign in itertools.product(range(len(body) + 1), SIGNS):
        signs = [*body, check]
        if signs[place] == sign:
            continue
        signs[place] = sign
        changed = "".join(signs)
        for written in (f"{changed[:-1]}.{changed[-1]}", changed, f"ZL{changed}"):
            assert parse_application(written).verdict == REJECTED, written


@given(bodies)
def test_every_exchange_of_unlike_neighbours_is_caught(body):
    signs = [*body, check_digit(body)]
    for place in range(len(signs) - 1):
        if signs[place] == signs[place + 1]:
            continue
        other = signs.copy()
        other[place], other[place + 1] = other[place + 1], other[place]
        changed = "".join(other)
        for written in (f"{changed[:-1]}.{changed[-1]}", changed, f"ZL{changed}"):
            assert parse_application(written).verdict == REJECTED, written


@given(new_bodies)
def test_what_the_mathematics_says_is_not_caught_is_not_promised(body):
    """Places of equal weight exchanged keep the check digit: the sum cannot tell."""
    for first, second in ((0, 8), (1, 9), (2, 10), (3, 11)):
        signs = [*body]
        signs[first], signs[second] = signs[second], signs[first]
        assert check_digit("".join(signs)) == check_digit(body)


SPELLINGS = {
    "canonical": "CN{body}.{check}",
    "bare": "{body}.{check}",
    "ZL": "ZL{body}.{check}",
    "ZL and blank": "ZL {body}.{check}",
    "CN and blank": " CN {body}.{check} ",
    "no dot": "{body}{check}",
    "lower case": "zl{body}.{lower}",
    "full width": "{wide}",
    "grouped": "ZL {a} {b} {c}.{check}",
    "blanks in it": "{a}\u3000{b} {c} . {check}",
    "no-break blank": "{body}.\u00a0{check}",
    "ideographic stop": "{body}。{check}",
    "middle dot": "{body}·{check}",
    "comma": "{body},{check}",
    "dashes": "CN-{body}-{check}",
    "label": "专利号：ZL{body}.{check}",
    "label in Latin": "No. {body}.{check}",
    "both prefixes": "CN ZL{body}.{check}",
    "text mark": "'{body}.{check}",
    "formula of text": '="{body}.{check}"',
    "quoted": "“{body}.{check}”",
}


def written(spelling: str, body: str) -> str:
    check = check_digit(body)
    at = len(body) - 8
    return SPELLINGS[spelling].format(
        body=body,
        check=check,
        lower=check.lower(),
        a=body[: at or 2],
        b=body[at or 2 : (at or 2) + 1],
        c=body[(at or 2) + 1 :],
        wide="".join(chr(ord(sign) + 0xFEE0) for sign in f"ZL{body}.{check}"),
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(body=bodies)
def test_every_spelling_is_accepted_and_comes_round(spelling, body):
    found = parse_application(written(spelling, body))
    assert found.verdict == ACCEPTED, (found, written(spelling, body))
    assert found.text == f"CN{body}.{check_digit(body)}"
    again = parse_application(found.text)
    assert (again.verdict, again.text, again.notes) == (ACCEPTED, found.text, ())
    assert again.kind == found.kind
    assert again.year == found.year


@given(bodies)
def test_without_check_digit_it_is_used_with_a_remark(body):
    for text in (body, f"ZL{body}", f"CN {body}"):
        found = parse_application(text)
        assert found.verdict == REMARKED
        assert found.notes[-1] == "no-check"
        assert found.text == f"CN{body}.{check_digit(body)}"
        assert parse_application(found.text).verdict == ACCEPTED


@given(bodies)
def test_numbers_kept_as_amounts(body):
    """A spreadsheet keeps 201710601862.3 as a number; a last 0 is lost, an X cannot happen."""
    check = check_digit(body)
    if check == "X" or body[0] == "0":
        return
    for raw in (float(f"{body}.{check}"), int(body + check), float(body + check)):
        found = parse_application(raw)
        assert found.verdict == REMARKED
        assert "excel-number" in found.notes
        assert found.text == f"CN{body}.{check}"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        (None, "empty"),
        (float("nan"), "empty"),
        (True, "empty"),
        (" - ", "empty"),
        ("2.01711E+11", "scientific"),
        (2.01711e20, "scientific"),
        ("201710601862.3; 201720601862.6", "several"),
        ("201710601862.3\n201720601862.6", "several"),
        ("201710601862.3，201720601862.6", "several"),
        ("201710601862.4", "check"),
        ("951156080", "check"),
        ("200210601862.1", "year"),
        ("210010601862.1", "year"),
        ("84101765.4", "year"),
        ("04101765.4", "year"),
        ("201740601862.1", "kind-digit"),
        ("97401765.1", "kind-digit"),
        ("CN201710601862U", "letter"),
        ("CN202220601862B", "letter"),
        ("20171060186X.3", "x-place"),
        ("2017.10601862.3", "dot-place"),
        ("2017106018623.", "dot-place"),
        ("2017l0601862.3", "character"),
        ("2O1710601862.3", "character"),
        ("20171060186?.3", "character"),
        ("2017106018.3", "length"),
        ("9511560X", "length"),
        ("20171060186234.5", "length"),
        ("12345", "length"),
    ],
)
def test_each_rejection_has_its_reason(raw, reason):
    found = parse_application(raw)
    assert (found.verdict, found.reason, found.text) == (REJECTED, reason, "")
    for lang in ("zh", "en"):
        text = found.problem(raw, "list.csv:5", "申请号").text(lang)
        assert text.startswith("list.csv:5: 申请号: ")
        assert len(re.split(r"[;；] ?", text)) >= 3  # what, what is allowed, what to do
        assert "{" not in text


@pytest.mark.parametrize(
    ("raw", "text", "note"),
    [
        ("201710601862", "CN201710601862.3", "no-check"),
        ("CN 201710601862 A", "CN201710601862.3", "no-check"),
        ("ZL95115608.Х", "CN95115608.X", "other-x"),  # Cyrillic
        ("95115608×", "CN95115608.X", "other-x"),
        ("CN107123456B", "CN107123456B", "is-publication"),
        ("CN85100001A", "CN85100001.0", "no-check"),
        ("US-9254383-B2", "US9254383B2", "foreign"),
        ("PCT/CN2017/012345", "PCTCN2017012345", "foreign"),
    ],
)
def test_each_remark_is_said(raw, text, note):
    found = parse_application(raw)
    assert (found.verdict, found.text) == (REMARKED, text)
    assert note in found.notes
    for lang in ("zh", "en"):
        said = [remark.text(lang) for remark in found.remarks(raw)]
        assert any(f"[number.{note}]" in line and text in line for line in said)


@pytest.mark.parametrize(
    ("raw", "text", "kind", "stage"),
    [
        # 1985 to 1988: the application number with a letter
        ("CN85100001A", "CN85100001A", "invention", "application"),
        ("CN 86200002 U", "CN86200002U", "utility_model", "application"),
        # to 1992: B, U and S came before the grant
        ("CN1030001A", "CN1030001A", "invention", "application"),
        ("CN1030001B", "CN1030001B", "invention", "application"),
        ("CN2030002U", "CN2030002U", "utility_model", "application"),
        ("CN3003003S", "CN3003003S", "design", "application"),
        # to 2010: C, Y and D are grants
        ("CN1030001C", "CN1030001C", "invention", "grant"),
        ("CN2503333Y", "CN2503333Y", "utility_model", "grant"),
        ("CN100378905C", "CN100378905C", "invention", "grant"),
        ("CN201234567Y", "CN201234567Y", "utility_model", "grant"),
        ("CN300812345D", "CN300812345D", "design", "grant"),
        # since 2010: B, U and S are grants, one number for both stages
        ("CN107123456A", "CN107123456A", "invention", "application"),
        ("CN-107123456-B", "CN107123456B", "invention", "grant"),
        ("cn 209123456 u", "CN209123456U", "utility_model", "grant"),
        ("ＣＮ３０６１２３４５６Ｓ", "CN306123456S", "design", "grant"),
        # corrections and partial invalidity
        ("CN107123456B8", "CN107123456B8", "invention", "grant"),
        ("CN107123456A9", "CN107123456A9", "invention", "application"),
        ("CN100378905C2", "CN100378905C2", "invention", "grant"),
    ],
)
def test_publications_tell_kind_and_stage(raw, text, kind, stage):
    found = parse_publication(raw)
    assert (found.verdict, found.text, found.kind, found.stage) == (ACCEPTED, text, kind, stage)
    assert parse_publication(found.text)[:2] == (ACCEPTED, text)


def test_publication_without_letter_does_not_tell_the_stage():
    found = parse_publication("107123456")
    assert (found.verdict, found.text, found.stage) == (REMARKED, "CN107123456", "")
    assert found.notes == ("no-stage",)


@pytest.mark.parametrize("raw", ["CN107123456U", "CN207123456B", "CN306123456B", "CN86200002A"])
def test_letter_of_another_kind_is_rejected(raw):
    assert parse_publication(raw).reason == "letter"


def test_numbers_in_the_wrong_column_are_used_and_said():
    crossed = parse_publication("201710601862.3")
    assert (crossed.form, crossed.text) == ("application", "CN201710601862.3")
    assert "is-application" in crossed.notes


@given(bodies)
def test_a_failing_number_is_never_taken_for_another_kind(body):
    """A wrong check digit stays wrong in either column: it is no publication number."""
    check = check_digit(body)
    for sign in set(SIGNS) - {check}:
        for text in (f"{body}.{sign}", f"{body}{sign}"):
            assert parse_application(text).verdict == REJECTED
            assert parse_publication(text).verdict == REJECTED


@pytest.mark.parametrize(
    ("raw", "text", "kind"),
    [
        ("2020SR0123456", "2020SR0123456", "software_copyright"),
        ("2020sr0123456", "2020SR0123456", "software_copyright"),
        ("软著登字第1234567号", "软著登字第1234567号", "software_copyright"),
        ("CNA20150123.4", "CNA20150123.4", "plant_variety"),
        ("BS.205001234", "BS.205001234", "ic_layout"),
        ("国药准字Z20200001", "国药准字Z20200001", ""),
    ],
)
def test_other_rights_have_numbers_too(raw, text, kind):
    for parse in (parse_registration, parse_application):
        found = parse(raw)
        assert (found.verdict, found.text, found.kind) == (ACCEPTED, text, kind)
        assert found.form == "registration"


def test_unknown_registration_is_used_with_a_remark():
    assert parse_registration("农业部公告 17号")[:2] == (REMARKED, "农业部公告17号")
    assert parse_registration(" ").reason == "empty"


def test_foreign_numbers_are_never_checked_as_chinese():
    assert parse_foreign("201710601862.9", "KR").text == "KR2017106018629"
    assert parse_foreign("-", "US").reason == "empty"


@given(st.text(string.printable + "专利号公开ＣＮ０１．Ｘ。", max_size=24))
def test_any_text_gets_one_verdict(text):
    for parse in (parse_application, parse_publication, parse_registration):
        found = parse(text)
        assert found.verdict in (ACCEPTED, REMARKED, REJECTED)
        assert bool(found.text) == (found.verdict != REJECTED)
        assert bool(found.reason) == (found.verdict == REJECTED)
        assert (found.verdict == REMARKED) == bool(REMARKS & set(found.notes))
        if found.verdict == REJECTED:
            assert found.problem(text).text("zh")


def test_every_remark_and_reason_has_its_texts():
    codes = {code.partition(".")[2] for code in messages.CATALOGUE if code.startswith("number.")}
    assert codes >= REMARKS
    reasons = {
        "empty", "scientific", "several", "year", "kind-digit", "letter", "check", "x-place",
        "dot-place", "character", "length",
    }  # fmt: skip
    assert codes == REMARKS | reasons
