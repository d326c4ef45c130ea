"""The section ``[patents]`` of a policy: read, checked with lines, and used by the evaluation."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from ipcredit import Policy, assess
from ipcredit.explain import explain
from ipcredit.patents.terms import APPRAISED, LTV_CLASSES
from ipcredit.patents.value import read_norms
from ipcredit.policy import check_file
from ipcredit.policy_tables import policy_blocks
from ipcredit.resources import config_dir

BASE = tomllib.loads((Path(__file__).parent / "policy_errors.toml").read_text(encoding="utf-8"))[
    "base"
]
SECTION = """
[patents]
method         = "oecd4"
missing        = "lowest"
one_per_family = true
related_only   = true
source         = "rule"

[patents.ltv]
part          = "line"
invention     = { share = 0.25, assumed = { zh = "实务所见", en = "seen in practice" } }
utility_model = 0.15
trademark     = 0.50
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def policy(section=SECTION, base=BASE):
        Path("trial.toml").write_text(base + section, encoding="utf-8")
        return Policy.load("trial.toml")

    return policy


def test_the_section_is_optional(load):
    assert load("").content.patents is None


def test_the_section_is_read_with_its_sources(load):
    policy = load()
    terms = policy.content.patents
    assert (terms.method, terms.missing) == ("oecd4", "lowest")
    assert terms.one_per_family
    assert terms.related_only
    assert dict(terms.ltv.caps) == {
        "invention": Fraction(1, 4), "utility_model": Fraction(3, 20), "trademark": Fraction(1, 2),
    }  # fmt: skip
    evidence = {n.path: n.evidence for n in policy.numbers if n.path.startswith("patents.")}
    assert evidence == {
        "patents.method": "secondary",
        "patents.missing": "secondary",
        "patents.one_per_family": "secondary",
        "patents.related_only": "secondary",
        "patents.ltv.invention.share": "assumed",
        "patents.ltv.utility_model": "secondary",
        "patents.ltv.trademark": "secondary",
    }


@pytest.mark.parametrize(
    ("code", "line", "old", "new"),
    [
        ("policy.not-one-of", "method", 'method         = "oecd4"', 'method         = "oecd5"'),
        ("policy.required-word", "[patents]", 'method         = "oecd4"\n', ""),
        ("policy.required-word", "[patents]", 'missing        = "lowest"\n', ""),
        ("policy.not-one-of", "missing", '"lowest"', '"zero"'),
        ("policy.required", "[patents]", "one_per_family = true\n", ""),
        ("policy.required", "[patents]", "related_only   = true\n", ""),
        ("policy.not-flag", "related_only", "related_only   = true", "related_only   = 1"),
        ("policy.unknown-key-near", "methods", "related_only ", "methods = 1\nrelated_only "),
        ("policy.not-one-of", "part", 'part          = "line"', 'part          = "pledge"'),
        ("policy.required-word", "[patents.ltv]", 'part          = "line"\n', ""),
        ("policy.out-of-unit", "trademark", "0.50", "50"),
        ("policy.percent", "trademark", "0.50", '"50%"'),
        ("policy.times-size", "trademark", "0.50", "0.50001"),
        ("policy.unknown-key", "design", "utility_model = 0.15", "design = 0.15"),
        ("policy.no-source", "method", 'source         = "rule"\n', ""),
        ("policy.unknown-source", "source", 'source         = "rule"', 'source         = "law"'),
    ],
)
def test_a_mistake_in_the_section_is_named_with_its_line(
    tmp_path, monkeypatch, code, line, old, new
):
    monkeypatch.chdir(tmp_path)
    assert SECTION.count(old) == 1
    base = BASE.replace('source     = "rule"\n', "", 1) if code == "policy.no-source" else BASE
    text = base + SECTION.replace(old, new)
    Path("trial.toml").write_text(text, encoding="utf-8")
    problems = [
        problem for problem in check_file("trial.toml") if problem.key.startswith("patents")
    ]
    assert code in {problem.code for problem in problems}
    where = next(problem.where for problem in problems if problem.code == code)
    assert text.splitlines()[int(where.rpartition(":")[2]) - 1].startswith(line)


def test_caps_need_at_least_one_class(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("trial.toml").write_text(
        BASE + SECTION[: SECTION.index("invention     =")], encoding="utf-8"
    )
    assert [problem.code for problem in check_file("trial.toml")] == ["policy.required-one"]


def test_the_section_is_part_of_the_policy_and_can_be_changed(load):
    policy = load()
    other = policy.change("patents.method", "allison")
    assert other.content.patents.method == "allison"
    assert other.fingerprint != policy.fingerprint
    assert Policy.from_canonical(policy.canonical).content.patents == policy.content.patents
    assert other.change("patents.method", "oecd4").fingerprint == policy.fingerprint


def test_every_number_of_the_section_is_printed(load):
    policy = load()
    printed = {
        path
        for block in policy_blocks(policy, "en")
        for row in (*block.facts, *block.rows)
        for path in row.paths
    }
    assert {n.path for n in policy.numbers if n.path.startswith("patents.")} <= printed


STRONG = {
    "rd_expense": "60 万元",
    "sales": "500 万元",
    "total_cost": "400 万元",
    "class1_related": 3,
    "staff_total": 40,
    "high_growth_filed": False,
    "has_high_tech_certificate": False,
    "tax_paid": "10 万元",
    "tax_paid_prev": "10 万元",
    "lender_net_capital": "600 亿元",
}


def test_the_caps_limit_the_line_they_name(load):
    policy, plain = load(), load("")
    appraised = {
        "appraised_inventions": "200 万元",
        "appraised_utility_models": "100 万元",
        "appraised_trademarks": "40 万元",
    }
    free = assess(plain, {**STRONG, **appraised})
    capped = assess(policy, {**STRONG, **appraised})
    line = free.line_of("knowledge", 0)
    # 200 x 0.25 + 100 x 0.15 + 40 x 0.5 = 50 + 15 + 20 = 85 万元
    assert line > 85_0000_00
    assert capped.line_of("knowledge", 0) == 85_0000_00
    (step,) = [s for s in explain(capped).steps if s.path == "patents.ltv"]
    assert "85 万元" in step.outcome.zh
    assert step.assumed
    assert step.assumed[0].en == "seen in practice"


def test_an_appraisal_that_is_missing_leaves_the_line_open_or_the_caps_out(load):
    given = {**STRONG, "appraised_inventions": "200 万元"}
    assert assess(load(), given).status_of(0) == "incomplete"
    skip = SECTION.replace('part          = "line"', 'part = "line"\nwhen_missing = "skip"')
    policy, plain = load(skip), load("")
    assert assess(policy, given).line_of("knowledge", 0) == assess(plain, given).line_of(
        "knowledge", 0
    )


def test_the_patent_value_is_a_measure_like_any_other(load):
    gate = '\n[gates.patents]\ninput    = "patent_value"\nat_least = 62.5\n'
    policy = load(gate + SECTION[: SECTION.index("[patents.ltv]")])
    for value, status in (("62.5", "eligible"), ("62.499999", "refused"), (None, "incomplete")):
        given = STRONG if value is None else {**STRONG, "patent_value": value}
        assert assess(policy, given).status_of(0) == status


def test_every_class_has_a_field_of_the_firm_and_a_reference_cap():
    assert tuple(APPRAISED) == LTV_CLASSES
    text = (config_dir() / "reference" / "patent-value.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)["ltv"]) - {"assumed"} == set(LTV_CLASSES)


@pytest.mark.checkout
@pytest.mark.parametrize("name", ["patent-value.md", "patent-value.zh.md"])
def test_the_files_shown_in_the_documents_load(root, tmp_path, name):
    text = (root / "docs" / "methods" / name).read_text(encoding="utf-8")
    norms, section = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "norms.toml").write_text(norms, encoding="utf-8")
    assert read_norms(tmp_path / "norms.toml").fields == ("communication",)
    (tmp_path / "policy.toml").write_text(f"{BASE}\n{section}", encoding="utf-8")
    assert check_file(tmp_path / "policy.toml") == []
