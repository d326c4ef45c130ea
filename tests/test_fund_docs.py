"""The reference of the fund language says what the reader of fund files does.

The keys are not listed a second time anywhere: the reader is run with a recording cursor, and what
it asks for must be what the tables of the documents list, table by table.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from decimal import Decimal

import pytest

from ipcredit.fund import terms as words
from ipcredit.fund.fund import Fund, FundError, fund_files, funds
from ipcredit.money import MINOR_DIGITS
from ipcredit.reader import _PROVENANCE, EVIDENCE, Cursor, has_own_source
from ipcredit.traits import PARTS

pytestmark = pytest.mark.checkout

NAMES = ("fund-file.md", "fund-file.zh.md")
# Tables whose keys the author chooses.
CONTAINERS = (
    "sources", "conditions", "parties", "pots", "limits", "breakers", "fees", "unpublished",
)  # fmt: skip
KIND_OF = {
    "sources": "source", "conditions": "condition", "parties": "party", "pots": "pot",
    "limits": "limit", "breakers": "breaker", "fees": "fee", "unpublished": "unpublished",
    "rules": "rule", "uplift": "uplift", "uses": "use", "surcharges": "surcharge",
}  # fmt: skip
WORDS = {
    *words.COVERS, *words.PICKS, *words.SCOPES, *words.BASES, *words.MEASURES,
    *words.BREAKER_MEASURES, *words.STOPS, *words.LIFTS, *words.CAPITALS, *words.SHORTAGES,
    *words.APPLIES, *words.BY, *words.KINDS, *words.POT_SCOPES, *words.RECOVERY_ORDERS, *PARTS,
    *MINOR_DIGITS, *EVIDENCE[:2], "lending", words.LENDER,
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


def spliced(text, example):
    """The piece put into the document's whole fund: named tables are added, a section replaced."""
    raw = tomllib.loads(examples(text)[0], parse_float=Decimal)
    if "schema" in example:
        return raw
    for key, value in tomllib.loads(example, parse_float=Decimal).items():
        raw[key] = {**raw.get(key, {}), **value} if key in CONTAINERS else value
    return raw


def kind_of(path):
    """Which kind of table stands at a path; empty for a table whose keys the author chooses."""
    if not path:
        return "head"
    first, last = path[0], path[-1]
    before = path[-2] if len(path) > 1 else ""
    if last in ("title", "note", "assumed", "reading"):
        return "label"
    if last == "when" or before == "when":
        return "when" if last == "when" else "bounds"
    if isinstance(last, int):
        kinds = {"cover": "band", "limits": "limit-band", "fees": "surcharge"}
        return kinds[first]
    if before in KIND_OF:
        return KIND_OF[before]
    if len(path) == 1:
        return "" if first in CONTAINERS else first
    return last if last in ("grows", "top_up") else ""


def recorded(raws, monkeypatch):
    """Every key that the reader asks for, by kind of table."""
    asked = defaultdict(set)
    plain = {name: getattr(Cursor, name) for name in ("take", "has", "finish")}

    def note(cursor, key):
        kind = kind_of(cursor.path)
        if kind and key not in _PROVENANCE and not has_own_source(cursor.raw):
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
        for raw in raws:
            Fund.from_canonical(raw)
    return dict(asked)


def test_the_documents_list_exactly_the_keys_that_the_reader_knows(text, monkeypatch):
    raws = [spliced(text, example) for example in examples(text)]
    asked = recorded(raws, monkeypatch)
    listed = {name: {key_of(row) for row in rows} for name, rows in tables(text).items()}
    assert listed.pop("provenance") == _PROVENANCE
    assert asked == listed


# -- what the documents say ----------------------------------------------------------------------


def test_every_example_loads(text):
    assert len(examples(text)) > 8
    for example in examples(text):
        try:
            Fund.from_canonical(spliced(text, example))
        except FundError as error:
            pytest.fail(f"{example}\n{error.text('en')}")


def test_the_example_of_every_row_is_that_key_and_loads_where_it_stands(text):
    for name, rows in tables(text).items():
        for row in rows:
            assert len(row) == 5, (name, row)
            assert all(row), (name, row)
            assert list(tomllib.loads(row[3].strip("`"))) == [key_of(row)], (name, row)


HOLDERS = {
    "head": (), "claim": ("claim",), "cover": ("cover",), "money": ("money",),
    "quota": ("quota",), "leverage": ("leverage",), "recoveries": ("recoveries",),
    "breaker": ("breakers", "stop"), "condition": ("conditions", "one-scheme"),
    "unpublished": ("unpublished", "top-up"), "pot": ("pots", "city"),
}  # fmt: skip


def test_examples_of_rows_are_accepted_in_the_whole_fund(text):
    count = 0
    for name, rows in tables(text).items():
        for row in rows:
            if name not in HOLDERS:
                continue
            raw = spliced(text, "schema")
            raw.setdefault("quota", {"rate": 0})
            raw.setdefault("leverage", {"most": 1, "capital": "cash"})
            holder = raw
            for key in HOLDERS[name]:
                holder = holder[key]
            found = tomllib.loads(row[3].strip("`"), parse_float=Decimal)
            if (name, key_of(row)) == ("condition", "when"):
                del holder["one_scheme"]  # it stands instead
            holder.update(found)
            if name == "head" and key_of(row) == "sources":
                holder["source"] = next(iter(found["sources"]))
            try:
                Fund.from_canonical(raw)
            except FundError as error:
                pytest.fail(f"{name}: {row[3]}\n{error.text('en')}")
            count += 1
    assert count > 50


def test_every_word_of_the_language_is_in_the_documents(text):
    assert {word for word in WORDS if not re.search(rf"[`\"]{re.escape(word)}[`\"]", text)} == set()


def used_keys():
    """Of every kind of table and key: the shipped funds in whose files it stands."""
    found = defaultdict(set)

    def walk(node, path, name):
        if isinstance(node, list):
            for at, item in enumerate(node):
                walk(item, (*path, at), name)
        if not isinstance(node, dict):
            return
        for key, value in node.items():
            kind = kind_of(path)
            if key in _PROVENANCE:
                found["provenance", key].add(name)
            if kind and not has_own_source(node):
                found[kind, key].add(name)
            walk(value, (*path, key), name)

    for name in funds():
        for path in fund_files(name).values():
            walk(tomllib.loads(path.read_text(encoding="utf-8")), (), name)
    return found


def test_seen_in_names_funds_whose_files_use_the_key(text):
    found = used_keys()
    for name, rows in tables(text).items():
        for row in rows:
            users = found[name, key_of(row)]
            named = re.findall(r"`([^`]+)`", row[4])
            if row[4] in ("all", "全部"):
                assert users == set(funds()), (name, row)
            elif row[4] == "-":
                assert users == set(), (name, row)
            else:
                assert named, (name, row)
                assert set(named) <= users, (name, row)


def test_links_inside_a_document_lead_somewhere(text, root):
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)

    def anchors(heads):
        return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}

    assert set(re.findall(r"\]\(#([^)]*)\)", text)) - anchors(heads) == set()
    for name, _, anchor in (
        link.partition("#") for link in re.findall(r"\]\(([^#)][^)]*)\)", text)
    ):
        other = (root / "docs" / name).read_text(encoding="utf-8")
        if anchor:
            assert anchor in anchors(re.findall(r"^#+ (.*)$", other, re.MULTILINE)), anchor


def test_both_languages_have_the_same_examples_and_the_same_rows(root):
    en, zh = ((root / "docs" / name).read_text(encoding="utf-8") for name in NAMES)
    assert [tomllib.loads(e) for e in examples(en)] == [tomllib.loads(z) for z in examples(zh)]
    assert list(tables(en)) == list(tables(zh))
    for name, rows in tables(en).items():
        others = tables(zh)[name]
        assert [(row[0], row[3]) for row in rows] == [(row[0], row[3]) for row in others]
        # Words, numbers and funds that may be written are the same in both.
        for row, other in zip(rows, others, strict=True):
            for cell in (1, 4):
                assert re.findall(r"`[^`]*`", row[cell]) == re.findall(r"`[^`]*`", other[cell])
            assert re.findall(r"\d+", row[1]) == re.findall(r"\d+", other[1]), row[0]
