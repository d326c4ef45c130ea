"""Read a whole policy file: its head, its sources, and its rules in the order they depend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipcredit.editions import InForce, in_force
from ipcredit.errors import Problem
from ipcredit.grammar import MISSING_OPTION, ZERO_DENOMINATOR, confirmation, dimension, gate
from ipcredit.lines import cover, joint, loan, part, raise_, tiers
from ipcredit.measures import Names, known_field
from ipcredit.money import MINOR_DIGITS
from ipcredit.reader import EVIDENCE, Cursor, Number, Report, Title, nearest
from ipcredit.rules import Rules
from ipcredit.source import KeyPath

SCHEMA = 1
SECTIONS = (
    "schema", "id", "edition", "currency", "country", "in_force", "source", "assumed", "title",
    "sources", "silent", "favourable", "gates", "confirm", "tiers", "raise", "line", "base",
    "limits", "loan", "cover",
)  # fmt: skip
PARTS = {"line": "knowledge", "base": "base"}


@dataclass(frozen=True, slots=True)
class Source:
    """A document that numbers come from."""

    id: str
    document: str
    title: Title | None
    published: date | None
    evidence: str
    url: str
    note: Title | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a policy file says, checked."""

    id: str
    edition: str
    currency: str
    country: str
    title: Title
    in_force: InForce
    sources: tuple[Source, ...]
    rules: Rules
    numbers: tuple[Number, ...]
    scopes: Mapping[str, tuple[str, str]]

    def source(self, source_id: str) -> Source | None:
        """The source called ``source_id``."""
        return next((item for item in self.sources if item.id == source_id), None)


def read_content(
    raw: dict[str, Any],
    edition: str,
    where: Callable[[KeyPath], str],
    changed: frozenset[str],
) -> tuple[Content | None, Mapping[str, int], list[Problem]]:
    """The content of a policy, its amounts by path in minor units, and all problems."""
    report = Report(where, changed=changed)
    sources = _sources(raw, report)
    report.sources = {item.id: item.evidence for item in sources}
    currency = raw.get("currency")
    if isinstance(currency, str) and currency in MINOR_DIGITS:
        report.currency = currency
    else:
        report.problem("policy.currency", ("currency",), allowed=", ".join(MINOR_DIGITS))
    top = Cursor(raw, (), report)
    content = _content(top, edition, sources)
    problems = sorted(report.problems, key=_line)
    return (None if problems else content), report.money, problems


def _line(problem: Problem) -> int:
    tail = problem.where.rpartition(":")[2]
    return int(tail) if tail.isdigit() else 0


def _sources(raw: dict[str, Any], report: Report) -> list[Source]:
    table = raw.get("sources", {})
    if not isinstance(table, dict):
        report.problem("policy.not-a-table", ("sources",), given=str(table))
        return []
    found = []
    for name, value in table.items():
        if not isinstance(value, dict):
            report.problem("policy.not-a-table", ("sources", name), given=str(value))
            continue
        cur = Cursor(value, ("sources", name), report)
        found.append(
            Source(
                name,
                cur.text("document", required=True),
                cur.title(),
                cur.date("published"),
                cur.word("evidence", EVIDENCE[:2], required=True),
                cur.text("url"),
                cur.title("note"),
            )
        )
        cur.finish(("document", "title", "published", "evidence", "url", "note"))
    return found


def _content(top: Cursor, edition: str, sources: list[Source]) -> Content | None:
    schema = top.take("schema")
    if schema != SCHEMA:
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=str(schema))
    identity = top.text("id", required=True)
    edition = top.text("edition", edition)
    currency = top.text("currency", "CNY")
    country = top.text("country")
    title = top.title(required=True) or Title(identity, identity)
    top.take("sources")
    dates = top.child("in_force")
    if dates is None:
        top.problem("policy.required", "in_force")
    known = in_force(dates) if dates is not None else InForce()
    rules = _rules(top)
    top.finish(SECTIONS)
    return Content(
        identity, edition, currency, country, title, known, tuple(sources), rules,
        tuple(top.report.numbers), top.report.scopes,
    )  # fmt: skip


def _silent(top: Cursor) -> dict[str, str]:
    table = top.child("silent")
    defaults = {"zero_denominator": "", "missing_option": "", "none_scores": "lowest"}
    if table is None:
        return defaults
    defaults["zero_denominator"] = table.word("zero_denominator", ZERO_DENOMINATOR)
    defaults["missing_option"] = table.word("missing_option", MISSING_OPTION)
    for key in ("zero_denominator", "missing_option"):
        if table.has(key):
            table.record(table.raw[key], key)
    table.finish(("zero_denominator", "missing_option"))
    return defaults


def _rules(top: Cursor) -> Rules:
    defaults = _silent(top)
    tables = {
        key: value
        for key, value in top.raw.items()
        if key not in SECTIONS and isinstance(value, dict)
    }
    likely = {key for key, value in tables.items() if {"indicators", "of"} & set(value)}
    names = Names(tuple(key for key in tables if key in likely), defaults)
    found_dimensions = []
    for key in tables:
        near = nearest(key, SECTIONS)
        if key not in likely:
            top.take(key)
            code = "policy.not-a-section-near" if near else "policy.not-a-section"
            top.problem(code, key, nearest=near)
            continue
        table = top.child(key)
        assert table is not None
        found_dimensions.append(dimension(key, table, names))
    dimensions = tuple(d for d in found_dimensions if d is not None)
    _check_nesting(top, dimensions)
    gates = tuple(
        g for key, table in top.children("gates") if (g := gate(key, table, names)) is not None
    )
    gate_names = tuple(g.name for g in gates)
    confirmations = tuple(
        c
        for key, table in top.children("confirm")
        if (c := confirmation(key, table, names, gate_names)) is not None
    )
    tier_table = top.child("tiers")
    found_tiers = tiers(tier_table, names) if tier_table is not None else None
    labels = found_tiers.labels if found_tiers is not None else ()
    raises = tuple(
        r
        for key, table in top.children("raise")
        if (r := raise_(key, table, names, labels)) is not None
    )
    covered = top.child("cover")
    present = tuple(name for key, name in PARTS.items() if top.has(key))
    covers = cover(covered, present) if covered is not None else {}
    parts = []
    for key, name in PARTS.items():
        table = top.child(key)
        if table is not None:
            if key == "line" and not labels:
                table.problem("policy.line-needs-tiers")
            found = part(key, name, table, names, labels, covers.get(name, ""))
            if found is not None:
                parts.append(found)
    joints = tuple(
        j
        for key, table in top.children("limits")
        if (j := joint(key, table, names, present)) is not None
    )
    loan_table = top.child("loan")
    favourable = top.words("favourable")
    for name in favourable:
        known_field(top, name, "favourable")
    return Rules(
        dimensions, gates, confirmations, found_tiers, raises, tuple(parts), joints,
        loan(loan_table) if loan_table is not None else None, favourable, defaults["none_scores"],
    )  # fmt: skip


def _check_nesting(top: Cursor, dimensions: tuple[Any, ...]) -> None:
    """A dimension belongs to at most one other, and never to itself."""
    parent: dict[str, str] = {}
    for item in dimensions:
        for child in item.of:
            if child in parent:
                top.problem("policy.two-parents", item.name, given=child, other=parent[child])
            parent[child] = item.name
    for name in parent:
        seen, at = {name}, parent.get(name)
        while at is not None:
            if at in seen:
                top.problem("policy.nesting-cycle", name)
                return
            seen.add(at)
            at = parent.get(at)
