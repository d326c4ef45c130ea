"""A saved result: what it holds, that it recomputes, and that no edit goes unnoticed."""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings

from ipcredit import Firm, Policy, UsageError, assess
from ipcredit.errors import PolicyError
from ipcredit.firms import Firms
from ipcredit.results import (
    FORMAT_VERSION,
    fingerprint,
    read_results,
    result_of,
    to_json,
    write_list,
)
from ipcredit.verify import verify, verify_text
from some_firms import CHINESE, EXAMPLES, MAIN, ON, example, firms, policy

RATES = {"LPR-1Y": {dt.date(2026, 5, 20): Decimal("0.031")}}


def firm(**changes: object) -> dict:
    return {**example("chongqing-maker.toml"), **changes}


def saved(name: str, data: dict, **given: object) -> dict:
    """A result as it comes back from its file."""
    return json.loads(to_json(result_of(assess(policy(name), data, on=ON), 0, **given)))


FIRMS = {
    "eligible": firm(),
    "refused": firm(dishonest_list=True),
    "incomplete": {key: value for key, value in firm().items() if key != "sales_fen"},
    "invalid": firm(sci_tech_staff=100_000),
}
OUTCOMES = [(name, status) for name in MAIN for status in FIRMS]


# -- what it holds --------------------------------------------------------------------------------


def key_paths(value: object, path: str = "") -> set[str]:
    """Every key of a result as the documentation writes it."""
    if path in ("policy.content", "firm"):
        return {path}
    if isinstance(value, list):
        found = {f"{path}[]"}
        return found.union(*(key_paths(item, f"{path}[]") for item in value))
    if isinstance(value, dict):
        named = path in ("points", "policy.sources")
        names = {key: "NAME" if named else key for key in value}
        inner = [
            key_paths(item, f"{path}.{names[key]}" if path else names[key])
            for key, item in value.items()
        ]
        return {path}.union(*inner) if path else set().union(*inner)
    return {path}


def produced() -> set[str]:
    found: set[str] = set()
    for name, status in OUTCOMES:
        found |= key_paths(saved(name, FIRMS[status], rates=RATES))
    changed = policy(MAIN[0]).change("tiers.A.at_least", 90)
    firms_ = [firm(sme_title="none", has_high_tech_certificate=False), firm()]
    for row in (0, 1):
        found |= key_paths(result_of(assess(changed, firms_, on=ON), row))
    three_parts = Policy.load(EXAMPLES.parent / "policies" / "receivables-example.toml")
    found |= key_paths(result_of(assess(three_parts, firm(), on=ON)))
    return found


@pytest.mark.checkout
@pytest.mark.parametrize("page", ["result-format.md", "result-format.zh.md"])
def test_the_documented_keys_are_those_produced(root, page):
    lines = (root / "docs" / page).read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    documented = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])}
    keys = produced()
    keys |= {path.removesuffix("[]") for path in keys}
    # A table is documented by what is in it, a list of values by itself.
    inner = {path for path in keys if any(p.startswith((f"{path}.", f"{path}[]")) for p in keys)}
    assert documented - keys == set()
    assert keys - inner - documented == set()


@pytest.mark.parametrize(("name", "status"), OUTCOMES)
def test_the_four_outcomes(name, status):
    result = saved(name, FIRMS[status], rates=RATES)
    if (name, status) == ("cn-tech-sme@2017", "incomplete"):
        assert [one["field"] for one in result["missing"]] == ["sales"]
    assert result["status"] == status
    assert result["version"] == FORMAT_VERSION
    assert bool(result["reasons"]) == (status != "eligible")
    assert (result["steps"] == []) == (status == "invalid")
    assert result["notes"][-1]["en"] == "This is a calculation. A person decides."
    lending = name == MAIN[0]
    if lending:
        lines = [result[f"{part}_line_fen"] for part in ("knowledge", "base", "comprehensive")]
        assert (
            lines
            == {
                "eligible": [400_000_000, 500_000_000, 900_000_000],
                "refused": [0, 0, 0],
                "incomplete": [None, None, None],
                "invalid": [None, None, None],
            }[status]
        )
    else:
        assert result["knowledge_line_fen"] is result["comprehensive_line_fen"] is None
    loan = lending and status == "eligible"
    assert result["rate"] == (
        {"series": "LPR-1Y", "spread": "0", "base": "0.031", "published": "2026-05-20",
         "value": "0.031"} if loan else None
    )  # fmt: skip
    assert result["max_term_months"] == (12 if loan else None)
    assert result["valid_until"] == ("2027-06-30" if loan else None)
    if status == "invalid":
        assert set(result["points"].values()) == {None}


def test_a_result_is_the_same_to_the_byte():
    first, second = (to_json(saved(MAIN[0], firm())) for _ in range(2))
    assert first == second


def test_won_are_minor_units():
    data = {"currency": "KRW", "technology_grade": "AA", "risk_grade": "R2",
            "guarantee_purpose": "general"}  # fmt: skip
    result = json.loads(
        to_json(result_of(assess(policy("kibo@undated"), Firm.from_dict(data), on=ON)))
    )
    assert result["knowledge_line_minor"] == result["comprehensive_line_minor"] == 3_000_000_000
    assert result["base_line_minor"] is None
    assert verify(result).recomputes


def test_the_last_day_there_is():
    data, end = firm(), dt.date(9999, 12, 31)
    try:
        result = result_of(assess(policy(MAIN[0]), data, on=end))
    except OverflowError:
        pytest.skip("the core cannot judge on this day")
    assert result["valid_until"] == "9999-12-31"


# -- personal data --------------------------------------------------------------------------------

PEOPLE = {
    "contact_person": "张秘密",
    "legal_representative": "李秘密",
    "researchers": ["王秘密", "赵秘密"],
    "consent_tax_data": True,
    "consent_credit_data": True,
}


def test_no_person_is_named_anywhere(tmp_path, capsys, monkeypatch):
    import sys

    from ipcredit import cli

    path = tmp_path / "firm.json"
    outputs = []
    for extra in ({}, {"dishonest_list": True}, {"sales_fen": -1}, {"consent_tax_data": "秘密"},
                  {"contact_person": 5}, {"researchers": {"秘密": 1}}):  # fmt: skip
        path.write_text(json.dumps({**firm(), **PEOPLE, **extra}, ensure_ascii=False), "utf-8")
        for form in ("text", "json", "csv"):
            words = ["ipcredit", "score", str(path), "--format", form, "--lang", "both"]
            monkeypatch.setattr(sys, "argv", words)
            with pytest.raises(SystemExit):
                cli.main()
            outputs += capsys.readouterr()
        one = Firm.read(path)
        result = assess(policy(MAIN[0]), one, on=ON)
        outputs += [repr(one), str(one), repr(result), repr(Firms.from_firms([one]))]
        outputs += [str(problem) for problem in one.problems]
    text = "\n".join(outputs)
    assert "秘密" not in text
    assert '"contact_person": "[redacted]"' in text


def test_a_redacted_firm_recomputes():
    result = saved(MAIN[0], {**firm(), **PEOPLE})
    assert result["firm"]["researchers"] == "[redacted]"
    assert verify(result).recomputes


# -- verify ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), [o for o in OUTCOMES if o[1] != "invalid"])
def test_a_result_recomputes(name, status):
    found = verify(saved(name, FIRMS[status], rates=RATES))
    assert (found.recomputes, found.shipped) == (True, True)
    assert (found.differences, found.edited, found.policy_differences) == ((), (), ())


@pytest.mark.parametrize("name", CHINESE)
@settings(max_examples=8)
@given(data=firms())
def test_any_result_recomputes(name, data):
    result = saved(name, data)
    if result["status"] == "invalid":
        with pytest.raises(UsageError, match="invalid"):
            verify(result)
    else:
        assert verify(result).recomputes


def edited(result: dict, path: str, value: object) -> dict:
    found = copy.deepcopy(result)
    *above, last = path.split(".")
    node = found
    for key in above:
        node = node[int(key)] if isinstance(node, list) else node[key]
    assert node[last] != value
    node[last] = value
    return found


EDITS = {
    "status": ("status", "refused", ["status"]),
    "tier": ("tier", "B", ["tier"]),
    "points": ("points.total", 90, ["points.total"]),
    "knowledge line": ("knowledge_line_fen", 500_000_000, ["knowledge_line_fen"]),
    "base line": ("base_line_fen", None, ["base_line_fen"]),
    "comprehensive line": ("comprehensive_line_fen", 1, ["comprehensive_line_fen"]),
    "rate": ("rate.value", "0.02", ["rate.value"]),
    "spread": ("rate.spread", "0.01", ["rate.spread"]),
    "base of the rate": ("rate.base", "0.02", ["rate.value"]),
    "day of the rate": ("rate.published", "2026-07-20", ["rate.base", "rate.published", "rate.value"]),
    "term": ("max_term_months", 24, ["max_term_months"]),
    "validity": ("valid_until", "2030-01-01", ["valid_until"]),
    "reasons": ("reasons", [{"rule": "gates.filed", "zh": "", "en": ""}], ["reasons"]),
    "lifts": ("lifts", [{"to": "A", "levers": []}], ["lifts"]),
    "missing": ("missing", [{"field": "sales"}], ["missing"]),
    "day": ("on", "2025-06-30", ["valid_until"]),
    "a figure that decides": ("firm.class1_related", 0, ["firm", "points.ip", "firm.class1_related"]),
    "a figure that decides nothing": ("firm.sales_fen", 4_260_000_001, ["firm", "firm.sales"]),
    "a figure nobody reads": ("firm.industry", "C40", ["firm"]),
    "a figure in a step": ("steps.1.inputs.0.value", 7, ["firm.class1_related"]),
    "a policy number that decides": ("policy.content.tiers.A.at_least", 90, ["policy.content"]),
    "a policy number that decides nothing": (
        "policy.content.line.tiers.E.amount", "90 万元", ["policy.content"],
    ),
    "the fingerprint of the policy": ("policy.fingerprint", "0" * 64, ["policy.content"]),
    "the fingerprint of the firm": ("firm_fingerprint", "0" * 64, ["firm"]),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_found_and_its_key_named(name):
    path, value, keys = EDITS[name]
    result = saved(MAIN[0], {**firm(), "industry": "C35"}, rates=RATES)
    found = verify(edited(result, path, value))
    assert not found.recomputes
    named = [key for key, _, _ in (*found.edited, *found.differences)]
    assert set(keys) <= set(named), named
    for lang in ("zh", "en"):
        text = verify_text(found, lang)
        assert all(f"  - {key}" in text for key in keys)
    if path.startswith("policy.content."):
        dotted = path.removeprefix("policy.content.")
        assert found.shipped is False
        assert dotted in [difference[0] for difference in found.policy_differences]
        assert f"  - {dotted}: shipped" in verify_text(found, "en")


def test_a_new_fingerprint_does_not_hide_an_edited_policy():
    result = edited(saved(MAIN[0], firm()), "policy.content.line.tiers.E.amount", "90 万元")
    result["policy"]["fingerprint"] = Policy.from_canonical(result["policy"]["content"]).fingerprint
    found = verify(result)
    assert (found.recomputes, found.shipped) == (True, False)
    assert found.policy_differences == (("line.tiers.E.amount", "80 万元", "90 万元"),)
    assert verify_text(found, "zh").endswith(
        "所用政策与随附版本不一致。不同的数值：\n  - line.tiers.E.amount：随附版本 80 万元，结果中 90 万元"
    )


def test_a_declared_change_verifies_as_what_it_is():
    changed = (
        policy(MAIN[0]).change("line.tiers.A.amount", "450 万元").change("tiers.A.at_least", 86)
    )
    result = json.loads(to_json(result_of(assess(changed, firm(), on=ON))))
    found = verify(result)
    assert (found.recomputes, found.shipped) == (True, True)
    assert verify_text(found, "en").splitlines()[1:] == [
        "It recomputes: the same result.",
        "Its policy is the shipped edition with the changes it lists:",
        "  - line.tiers.A.amount: 500 万元 → 450 万元",
        "  - tiers.A.at_least: 85 → 86",
    ]
    result["policy"]["changes"].pop()
    found = verify(result)
    assert (found.recomputes, found.shipped) == (True, False)
    assert [path for path, _, _ in found.policy_differences] == ["tiers.A.at_least"]


def test_an_edition_that_is_not_shipped(tmp_path):
    result = saved(MAIN[0], firm())
    result["policy"]["content"]["edition"] = "2019"
    result["policy"]["fingerprint"] = Policy.from_canonical(result["policy"]["content"]).fingerprint
    found = verify(result)
    assert (found.recomputes, found.shipped) == (True, None)
    assert verify_text(found, "en").endswith(
        "No edition chongqing-knowledge@2019 is shipped with this version; its policy cannot be compared."
    )


def test_both_languages():
    found = verify(saved(MAIN[1], FIRMS["refused"]))
    assert verify_text(found, "both") == f"{verify_text(found, 'zh')}\n\n{verify_text(found, 'en')}"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"format": "other"}, "it lacks format"),
        ({"version": "x"}, "version cannot be read"),
        ({"on": "yesterday"}, "on cannot be read"),
        ({"policy": []}, "policy cannot be read"),
        ({"firm": None}, "firm cannot be read"),
        ({"rate": {"base": "x", "published": "2026-01-01", "series": "a"}}, "rate cannot be read"),
    ],
)
def test_what_is_no_result(change, text):
    with pytest.raises(UsageError, match=text) as error:
        verify({**saved(MAIN[0], firm()), **change})
    assert error.value.problems[0].code == "verify.not-a-result"


@pytest.mark.parametrize("key", ["format", "version", "on", "policy", "firm", "status", "currency"])
def test_a_result_that_lacks_something(key):
    result = saved(MAIN[0], firm())
    del result[key]
    with pytest.raises(UsageError, match=f"lacks {key}"):
        verify(result)


def test_a_later_format():
    with pytest.raises(UsageError) as error:
        verify({**saved(MAIN[0], firm()), "version": FORMAT_VERSION + 1})
    assert error.value.text("en") == (
        "version: result format 2 is not known here; allowed is up to 1; use a later ipcredit "
        "[verify.version]"
    )


def test_a_key_of_later_is_passed_over():
    assert verify({**saved(MAIN[0], firm()), "new_key": 1}).recomputes


def test_a_policy_that_is_not_valid_any_more():
    with pytest.raises(PolicyError):
        verify(edited(saved(MAIN[0], firm()), "policy.content.tiers.A.at_least", 10))


# -- files ----------------------------------------------------------------------------------------


def test_a_list_is_written_as_json_writes_it():
    results = [saved(MAIN[1], FIRMS["refused"]), saved(MAIN[1], FIRMS["eligible"])]
    for chosen in ([], results[:1], results):
        pieces: list[str] = []
        write_list(iter(chosen), pieces.append)
        assert "".join(pieces) == to_json(chosen)


def test_an_interrupted_list_is_a_list():
    def some():
        yield {"a": 1}
        raise KeyboardInterrupt

    pieces: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        write_list(some(), pieces.append)
    assert json.loads("".join(pieces)) == [{"a": 1}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[]", "verify.not-a-result"),
        (b"[1]", "verify.not-a-result"),
        (b"{", "file.json"),
        (b"[" * 100_000, "file.json"),
        (b"9" * 5000, "file.json"),
        (b"\xff\xfe\xfa", "file.encoding"),
    ],
)
def test_files_without_a_result(tmp_path, content, code):
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        read_results(path)
    assert error.value.problems[0].code == code


def test_a_byte_order_mark_is_no_matter(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(to_json(saved(MAIN[0], firm())), "utf-8-sig")
    assert verify(read_results(path)[0]).recomputes


def test_a_fingerprint_takes_any_text():
    assert fingerprint({"name": "\ud800"}) != fingerprint({"name": "x"})
