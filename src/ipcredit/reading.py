"""Which fields the rules of a policy read, and what depends on a field."""

from __future__ import annotations

from collections.abc import Iterator

from ipcredit.conditions import column_fields, measures_of
from ipcredit.credit import method_fields
from ipcredit.gaps import Key
from ipcredit.rules import Condition, Dimension, Limit, Part, Rules
from ipcredit.scales import has_expert, in_order


def fields_of(rules: Rules) -> tuple[str, ...]:
    """Every field that the rules read, in the order of the rules."""
    found: list[str] = []
    for item in rules.dimensions:
        found += dimension_fields(item)
    for gate in rules.gates:
        found += column_fields(gate.condition)
    for confirmation in rules.confirmations:
        found += column_fields(confirmation.condition)
    if rules.tiers is not None:
        if rules.tiers.indicator is not None:
            found += rules.tiers.indicator.measure.fields
        else:
            found += [rules.tiers.rows, rules.tiers.columns]
    for item_ in rules.raises:
        found += column_fields(item_.condition)
    for part in rules.parts:
        found += part_fields(part)
    for joint in rules.joint:
        found += limit_fields(joint.limit)
    return tuple(dict.fromkeys(found))


def denominators(rules: Rules) -> Iterator[str]:
    """Fields of which it matters how small and how large they are: others are divided by them."""
    measures = [item.measure for rule in rules.dimensions for item in rule.indicators]
    tested = [rule.condition for rule in rules.gates]
    tested += [rule.condition for rule in rules.confirmations]
    tested += [rule.condition for rule in rules.raises]
    for condition in tested:
        measures += measures_of(condition)
    if rules.tiers is not None and rules.tiers.indicator is not None:
        measures.append(rules.tiers.indicator.measure)
    for measure in measures:
        if measure.den is not None:
            yield from (name for name, _ in measure.den.fields)


def touched(rules: Rules, field: str) -> frozenset[Key]:
    """The points, confirmations and gates that depend on a field, by the keys of their answers.

    Dimensions with a range of points always count: codes do not hold both ends of a range.
    """
    found: set[Key] = set()
    for item in in_order(rules.dimensions):
        ranged = any(
            low != high for i in item.indicators for b in i.bands for low, high in [b.points]
        )
        of = any(("points", name) in found for name in item.of)
        if of or ranged or has_expert(item) or field in dimension_fields(item):
            found.add(("points", item.name))
    if any(("points", item.name) in found for item in rules.top):
        found.add(("points", "total"))

    def reads(condition: Condition) -> bool:
        measures = measures_of(condition)
        return any(
            field in one.fields or (one.kind == "points" and ("points", one.of) in found)
            for one in measures
        )

    found |= {("confirm", rule.name) for rule in rules.confirmations if reads(rule.condition)}
    waived = {
        gate
        for rule in rules.confirmations
        if ("confirm", rule.name) in found
        for gate in rule.waives
    }
    found |= {
        ("gate", gate.name) for gate in rules.gates if gate.name in waived or reads(gate.condition)
    }
    return frozenset(found)


def dimension_fields(rule: Dimension) -> list[str]:
    """The fields a dimension reads itself."""
    found = [name for item in rule.indicators for name in item.measure.fields]
    found += [item.expert for item in rule.indicators if item.expert]
    return [*found, *(name for name in (rule.declared, rule.expert) if name)]


def limit_fields(rule: Limit) -> list[str]:
    """The fields a limit reads."""
    found: list[str] = []
    for case in rule.cases:
        found += column_fields(case.when) if case.when is not None else ()
        found += [name for name, _ in case.of.fields] if case.of is not None else []
    return [*found, *rule.less]


def part_fields(rule: Part) -> list[str]:
    """The fields a part of the line reads."""
    found = [name for method in rule.methods for name in method_fields(method)]
    for limit in rule.limits:
        found += limit_fields(limit)
    for gate in rule.gates:
        found += column_fields(gate.condition)
    return [*found, *rule.deduct]
