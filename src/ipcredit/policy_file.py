"""Read a whole policy file: its head, its sources, and its rules in the order they depend."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ipcredit.grammar import MISSING_OPTION, ZERO_DENOMINATOR, confirmation, dimension, gate
from ipcredit.head import HEAD, Head, Reading, read_file, read_head
from ipcredit.lines import cover, joint, loan, part, raise_, tiers
from ipcredit.measures import Names, known_field
from ipcredit.patents.terms import PatentTerms, patent_terms
from ipcredit.reader import Cursor, Report, Source, nearest
from ipcredit.rules import Dimension, Rules
from ipcredit.source import KeyPath

SECTIONS = (
    *HEAD, "silent", "favourable", "gates", "confirm", "tiers", "raise", "line", "base",
    "receivables", "limits", "loan", "cover", "patents",
)  # fmt: skip
# Keys of the parts of the line, in the order in which they stand in every result.
PARTS = {"line": "knowledge", "base": "base", "receivables": "receivables"}
_TABLES = ("gates", "confirm", "tiers", "raise", *PARTS, "limits", "loan", "cover", "patents")


@dataclass(frozen=True, slots=True)
class Content(Head):
    """Everything a policy file says, checked."""

    rules: Rules
    patents: PatentTerms | None = None


def read_content(
    raw: dict[str, Any],
    edition: str,
    where: Callable[[KeyPath], str],
    changed: frozenset[str],
) -> Reading[Content]:
    """The content of a policy, its amounts by path in minor units, and all problems."""

    def content(top: Cursor, sources: tuple[Source, ...]) -> Content:
        start = read_head(top, edition, sources)
        rules, patents = _patents(top, _rules(top))
        top.finish(SECTIONS)
        report = top.report
        return Content(*start, tuple(report.numbers), report.scopes, rules, patents)

    return read_file(raw, Report(where, changed=changed), content)


def _patents(top: Cursor, rules: Rules) -> tuple[Rules, PatentTerms | None]:
    """The section on patents; its loan-to-value caps become a limit of the part they name."""
    table = top.child("patents")
    if table is None:
        return rules, None
    keys = {key: name for key, name in PARTS.items() if top.has(key)}
    terms = patent_terms(table, tuple(keys))
    if terms.ltv is None:
        return rules, terms
    capped, limit = keys[terms.ltv.part], terms.ltv.limit()
    parts = tuple(
        part._replace(limits=(*part.limits, limit)) if part.name == capped else part
        for part in rules.parts
    )
    return rules._replace(parts=parts), terms


def _silent(top: Cursor) -> dict[str, str]:
    table = top.child("silent")
    defaults = {"zero_denominator": "", "missing_option": "", "none_scores": "lowest"}
    if table is None:
        return defaults
    defaults["zero_denominator"] = table.word("zero_denominator", ZERO_DENOMINATOR)
    defaults["missing_option"] = table.word("missing_option", MISSING_OPTION)
    for key in ("zero_denominator", "missing_option"):
        if table.has(key):
            table.record(table.take(key), key)
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
    names = _names(tables, likely, defaults)
    found_dimensions = []
    for key in tables:
        near = nearest(key, SECTIONS)
        if key not in likely:
            top.take(key)
            code = "policy.not-a-section-near" if near else "policy.not-a-section"
            top.problem(code, key, nearest=near, allowed=", ".join(_TABLES))
            continue
        table = top.child(key)
        assert table is not None  # a dict, see above
        if key == "total":
            top.problem("policy.reserved-name", key)
        found_dimensions.append(dimension(key, table, names))
    dimensions = tuple(found_dimensions)
    if not _check_nesting(top, dimensions):
        _check_fineness(top, dimensions)
    gate_tables = top.children("gates")
    gates = tuple(g for key, table in gate_tables if (g := gate(key, table, names)) is not None)
    gate_names = tuple(key for key, _ in gate_tables)
    confirmations = tuple(
        c
        for key, table in top.children("confirm")
        if (c := confirmation(key, table, names, gate_names)) is not None
    )
    tier_table = top.child("tiers")
    found_tiers = tiers(tier_table, names) if tier_table is not None else None
    labels = found_tiers.labels if found_tiers is not None else ()
    for key in ("line", "raise"):
        if top.has(key) and not top.has("tiers"):
            top.problem("policy.needs-tiers", key)
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
    for at, name in enumerate(favourable):
        known_field(top, name, "favourable", at)
    return Rules(
        dimensions, gates, confirmations, found_tiers, raises, tuple(parts), joints,
        loan(loan_table) if loan_table is not None else None, favourable, defaults["none_scores"],
    )  # fmt: skip


def _names(
    tables: Mapping[str, dict[str, Any]], likely: set[str], defaults: dict[str, str]
) -> Names:
    """What measures may refer to, known before the tables are read."""
    listed = [table.get("of") for table in tables.values()]
    inner = {child for of in listed if isinstance(of, list) for child in of if type(child) is str}
    dimensions = tuple(key for key in tables if key in likely)
    total = any(d not in inner and tables[d].get("role") != "separate" for d in dimensions)
    return Names(dimensions, defaults, total=total)


def _check_nesting(top: Cursor, dimensions: tuple[Dimension, ...]) -> bool:
    """Whether a dimension belongs to two others, or to itself: then problems are recorded."""
    parent: dict[str, str] = {}
    twice = False
    for item in dimensions:
        for child in item.of:
            if child in parent:
                other = parent[child]
                top.problem("policy.two-parents", item.name, given=child, other=other)
                twice = True
            parent[child] = item.name
    for name in parent:
        seen, at = {name}, parent.get(name)
        while at is not None:
            if at in seen:
                top.problem("policy.nesting-cycle", name)
                return True
            seen.add(at)
            at = parent.get(at)
    return twice


def _check_fineness(top: Cursor, dimensions: tuple[Dimension, ...]) -> None:
    """Points and weights must leave totals that are whole 32-bit numbers in some unit."""
    by_name = {item.name: item for item in dimensions}
    seen: dict[str, tuple[int, Fraction]] = {}  # unit (1/n), largest points either way

    def reach(item: Dimension) -> tuple[int, Fraction]:
        if item.name not in seen:
            points = [[p for b in i.bands for p in b.points] for i in item.indicators]
            unit = math.lcm(1, *(p.denominator for each in points for p in each))
            most = sum((max(map(abs, each), default=Fraction(0)) for each in points), Fraction(0))
            inner = [by_name[child] for child in item.of if child in by_name]
            unit, most = _joined(unit, most, [(*reach(child), _weight(child)) for child in inner])
            seen[item.name] = math.lcm(unit, item.cap.denominator if item.cap else 1), most
        return seen[item.name]

    inner = {child for item in dimensions for child in item.of}
    counted = [d for d in dimensions if d.name not in inner and d.role != "separate"]
    total = _joined(1, Fraction(0), [(*reach(item), _weight(item)) for item in counted])
    for item in dimensions:
        unit, most = reach(item)
        if unit * most >= 2**31:
            top.problem("policy.too-fine", item.name)
            return
    if total[0] * total[1] >= 2**31:
        top.problem("policy.too-fine", counted[0].name)


def _joined(
    unit: int, most: Fraction, parts: list[tuple[int, Fraction, Fraction]]
) -> tuple[int, Fraction]:
    for part_unit, part_most, weight in parts:
        unit = math.lcm(unit, part_unit * weight.denominator)
        most += part_most * weight
    return unit, most


def _weight(item: Dimension) -> Fraction:
    return Fraction(1) if item.role == "bonus" else item.weight
