"""The reference of the policy language says what the reader of policy files does.

The keys are not listed a second time anywhere: the grammar is run with a recording cursor, and
what it asks for must be what the tables of the documents list, table by table.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections import defaultdict
from decimal import Decimal

import pytest

from ipcredit import Policy, PolicyError, messages
from ipcredit.fields import FIELDS
from ipcredit.grammar import MISSING_OPTION, PICKS, ROLES, ZERO_DENOMINATOR
from ipcredit.lines import AVERAGES, METHODS, PART_PICKS, WHEN_MISSING
from ipcredit.measures import GROWTH, MEASURES, RATIO_UNITS, TIME_UNITS
from ipcredit.money import MINOR_DIGITS
from ipcredit.policy_file import PARTS
from ipcredit.reader import _PROVENANCE, EVIDENCE, Cursor
from ipcredit.rules import Op

pytestmark = pytest.mark.checkout

NAMES = ("policy-file.md", "policy-file.zh.md")
CONTAINERS = ("sources", "gates", "confirm", "raise", "limits")

# Which tables of the documents together list the keys of a kind of table in a policy.
CONDITION = ("condition", "measure", "comparison")
TABLES = {
    "policy": ("head",),
    "label": ("label",),
    "source": ("source",),
    "in_force": ("in_force",),
    "silent": ("silent",),
    "dimension": ("dimension",),
    "indicator": ("indicator", "measure"),
    "band": ("band", "comparison"),
    "step": ("step",),
    "weighted": ("weighted",),
    "gate": ("gate", *CONDITION),
    "confirm": ("confirm", *CONDITION),
    "raise": ("raise", *CONDITION),
    "when": CONDITION,
    "class": ("class", "comparison"),
    "tiers": ("tiers", "measure"),
    "tier": ("comparison",),
    "tier-amount": ("tier-amount",),
    "line": ("line",),
    "base": ("line", "base"),
    "working_capital": ("method", "working_capital"),
    "share_of": ("method", "share_of"),
    "tax_multiple": ("method", "tax_multiple"),
    "scorecard": ("method", "scorecard", "measure"),
    "limit": ("limit", "case"),
    "case": ("case",),
    "joint": ("joint", "limit", "case"),
    "loan": ("loan",),
    "rate": ("rate",),
    "validity": ("validity",),
    "cover": ("cover",),
    "cover-fund": ("cover-fund",),
}
EXCEPT = {"base": {"tiers"}}  # keys of the tables together that this kind does not have
WORDS = {
    *PICKS, *ROLES, *ZERO_DENOMINATOR, *MISSING_OPTION, *METHODS, *PART_PICKS, *WHEN_MISSING,
    *AVERAGES, *GROWTH, *TIME_UNITS, *RATIO_UNITS, *MINOR_DIGITS, *EVIDENCE, *PARTS.values(),
    "gross", "net", "balances", "stated", "pro_rata",
}  # fmt: skip


@pytest.fixture(scope="module", params=NAMES)
def text(request, root):
    return (root / "docs" / request.param).read_text(encoding="utf-8")


def examples(text):
    return re.findall(r"```toml\n(.*?)```", text, re.DOTALL)


def tables(text):
    """The key tables of a document by name: the rows, each as its cells."""
    found = {}
    for name, body in re.findall(r"<!-- keys: (\S+) -->\n((?:\|.*\n)+)", text):
        rows = [
            [cell.strip() for cell in line.strip("|\n").split("|")] for line in body.split("\n")
        ]
        found[name] = [row for row in rows[2:] if len(row) > 1]
    return found


def key_of(row):
    return row[0].strip("`")


def whole(text):
    return next(example for example in examples(text) if "schema" in example)


def spliced(text, example):
    """The piece put into the document's whole policy: a named table is added, a section replaced."""
    raw = tomllib.loads(whole(text), parse_float=Decimal)
    if "schema" in example:
        return raw
    for key, value in tomllib.loads(example, parse_float=Decimal).items():
        raw[key] = {**raw.get(key, {}), **value} if key in CONTAINERS else value
    labels = raw["line"]["tiers"] if "line" in raw else {}
    assert labels or "line" not in raw
    return raw


# -- what the grammar asks for -----------------------------------------------------------------------


def kind_of(path, raw):
    """Which kind of table stands at a path; empty for a table whose keys the author chooses."""
    first, last = path[0] if path else "", path[-1] if path else ""
    before = path[-2] if len(path) > 1 else ""
    if not path:
        return "policy"
    if last in ("title", "note", "renewal", "assumed") or before == "titles":
        return "label"
    if isinstance(last, int):
        return "when" if "any_of" in path or "all_of" in path else "weighted"
    if last == "when":
        return "when"
    if "points" in path or last in (
        "titles",
        "amounts",
        "indicators",
        "methods",
        "cases",
        "classes",
    ):
        return ""
    by_parent = {"classes": "class", "cases": "case", "indicators": "indicator", "step": "step"}
    if last == "step" or before in by_parent:
        return by_parent[last if last == "step" else before]
    if first == "tiers":
        return "" if "matrix" in path else "tiers" if len(path) == 1 else "tier"
    if len(path) == 1:
        named = ("in_force", "silent", "line", "loan", "cover")
        if first in PARTS and first != "line":
            return "base"
        return first if first in named else "" if first in CONTAINERS else "dimension"
    if first in ("sources", "gates", "confirm", "raise"):
        return {"sources": "source", "gates": "gate"}.get(first, first)
    if first in PARTS:
        if before == "methods":
            return raw["method"]
        if "methods" in path:
            return "band"
        inner = {"gates": "gate", "limits": "limit", "tiers": "tier-amount"}
        return inner.get(before, "")
    by_first = {"limits": "joint", "cover": "cover-fund", "loan": last}
    return by_first.get(first, "band")


def recorded(policies, monkeypatch):
    """Every key that the grammar asks for while it reads, by kind of table."""
    asked = defaultdict(set)
    plain = {name: getattr(Cursor, name) for name in ("take", "has", "finish")}

    def note(cursor, key):
        kind = kind_of(cursor.path, cursor.raw)
        if kind and key not in _PROVENANCE:
            asked[kind].add(str(key))

    def take(cursor, key):
        note(cursor, key)
        return plain["take"](cursor, key)

    def has(cursor, key):
        note(cursor, key)
        return plain["has"](cursor, key)

    def finish(cursor, known=()):
        for key in known:
            note(cursor, key)
        plain["finish"](cursor, known)

    with monkeypatch.context() as patch:
        for name, method in (("take", take), ("has", has), ("finish", finish)):
            patch.setattr(Cursor, name, method)
        for raw in policies:
            Policy.from_canonical(raw)
    return asked


def names_of(raw):
    """Names that the author of a policy has chosen: of dimensions, bands, tiers."""
    found = {
        key
        for key, value in raw.items()
        if isinstance(value, dict) and {"indicators", "of"} & set(value)
    }
    labels = re.compile(r"[A-Z]|low|middle|high")
    for _, key, value in walk(raw):
        if isinstance(key, str) and (labels.fullmatch(key) and isinstance(value, dict)):
            found.add(key)
    return found


def walk(node):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key, value
        if isinstance(value, dict | list):
            yield from walk(value)


def test_the_documents_list_exactly_the_keys_that_the_grammar_knows(text, monkeypatch):
    policies = [spliced(text, example) for example in examples(text)]
    asked = recorded(policies, monkeypatch)
    chosen = set().union(*map(names_of, policies))
    listed = {name: {key_of(row) for row in rows} for name, rows in tables(text).items()}
    assert set(asked) == set(TABLES)
    assert set(listed) == {part for parts in TABLES.values() for part in parts} | {"provenance"}
    assert listed["provenance"] == _PROVENANCE
    known = {kind: keys - chosen for kind, keys in asked.items()}
    said = {
        kind: set().union(*(listed[part] for part in parts)) - EXCEPT.get(kind, set())
        for kind, parts in TABLES.items()
    }
    # A table that several kinds share is known when one of them asks for all of it.
    shared = {part: [k for k, parts in TABLES.items() if part in parts] for part in listed}
    asked_for = {part: set().union(*(known[kind] for kind in shared[part])) for part in shared}
    assert {kind: known[kind] - said[kind] for kind in TABLES if known[kind] - said[kind]} == {}
    del listed["provenance"]
    assert {part: keys - asked_for[part] for part, keys in listed.items()} == {
        part: set() for part in listed
    }


def test_the_examples_use_every_measure_comparison_method_and_way_to_combine(text):
    values = defaultdict(set)
    for example in examples(text):
        for _, key, value in walk(tomllib.loads(example)):
            values[key].add(value if isinstance(value, str) else "")
    assert {*MEASURES, *map(str, Op)} <= set(values)
    assert set(METHODS) <= values["method"]
    assert {"best", "sum", "declared", "least"} <= values["pick"]


# -- what the documents say ------------------------------------------------------------------------------


def test_every_example_loads(text):
    assert len(examples(text)) > 10
    for example in examples(text):
        try:
            Policy.from_canonical(spliced(text, example))
        except PolicyError as error:
            pytest.fail(f"{example}\n{error.text('en')}")


def test_every_row_gives_what_is_allowed_a_reason_and_an_example(text):
    for name, rows in tables(text).items():
        for row in rows:
            assert len(row) == 4, (name, row)
            assert all(row), (name, row)
            parsed = tomllib.loads(row[3].strip("`"))
            assert list(parsed) == [key_of(row)], (name, row)


def test_every_word_of_the_language_is_in_the_documents(text):
    assert {word for word in WORDS if not re.search(rf"[`\"]{re.escape(word)}[`\"]", text)} == set()


def test_fields_and_words_in_the_examples_of_the_key_tables_exist(text):
    """What the rows show is not loaded as a whole; at least its fields must be fields."""
    quoted = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+)(?:\.sum[23])?"', text))
    words = {*WORDS, *(choice for spec in FIELDS.values() for choice in spec.choices)}
    assert {name for name in quoted if name not in FIELDS and name not in words} == set()


def test_links_inside_a_document_lead_somewhere(text, root):
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    assert {link for link in re.findall(r"\]\(#([^)]*)\)", text) if link not in anchors} == set()
    files = re.findall(r"\]\(([^#)][^)]*)\)", text)
    assert [name for name in files if not (root / "docs" / name).exists()] == []


def test_both_languages_have_the_same_examples_and_the_same_rows(root):
    en, zh = ((root / "docs" / name).read_text(encoding="utf-8") for name in NAMES)
    assert [tomllib.loads(e) for e in examples(en)] == [tomllib.loads(z) for z in examples(zh)]
    assert list(tables(en)) == list(tables(zh))
    for name, rows in tables(en).items():
        others = tables(zh)[name]
        assert [(row[0], row[3]) for row in rows] == [(row[0], row[3]) for row in others]
        # Words and numbers that may be written are the same in both.
        for row, other in zip(rows, others, strict=True):
            assert re.findall(r"`[^`]*`", row[1]) == re.findall(r"`[^`]*`", other[1]), row[0]


def test_a_piece_never_changes_the_policy_it_is_put_into(text):
    before = copy.deepcopy(tomllib.loads(whole(text), parse_float=Decimal))
    for example in examples(text):
        spliced(text, example)
    assert tomllib.loads(whole(text), parse_float=Decimal) == before


@pytest.mark.parametrize(
    "code",
    ["part.knowledge", "part.base", "part.total", "evidence.official", "evidence.secondary",
     "evidence.assumed", "words.missing", "words.none"],
)  # fmt: skip
def test_messages_use_the_words_of_the_glossary(code, root):
    rows = (root / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    en, zh = messages.CATALOGUE[code]
    assert any(row.startswith(f"| {en.lower()} | {zh} |") for row in rows)
