"""Why a firm's result differs between two policies: the rules that came out otherwise, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ipcredit.assess import Assessment
from ipcredit.explain import Step, explain
from ipcredit.figures import both
from ipcredit.plan import REFUSED
from ipcredit.policy import Policy
from ipcredit.reader import Title
from ipcredit.rules import Rules
from ipcredit.steps import rule_titles

Key = tuple[str, str]
MOST: Final = 3
"""Reasons given for one firm."""
ABSENT: Final = Title("无此规则", "no such rule")
_ORDER: Final = (
    "gate",
    "confirm",
    "tier",
    "raise",
    "indicator",
    "method",
    "limit",
    "joint",
    "chosen",
)
_WORDED: Final = ("limit", "method", "part-gate")
_CONDITIONS: Final = ("gate", "confirm")


@dataclass(frozen=True, slots=True)
class Because:
    """A rule that came out otherwise: its ``kind`` and ``path``, and how it came out in each."""

    kind: str
    path: str
    title: Title
    before: Title
    after: Title

    def text(self, lang: str) -> str:
        """In one line.

        >>> Because("tier", "tiers", Title("等级", "Tier"), Title("C", "C"), Title("B", "B")).text("en")
        'Tier: C; now B'
        """
        args = {"title": self.title, "before": self.before, "after": self.after}
        return both("tune-compare.because", **args).text(lang)


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule of both policies and how many firms it decides otherwise."""

    kind: str
    path: str
    title: Title
    firms: int


def because(before: Assessment, after: Assessment, row: int) -> tuple[Because, ...]:
    """The rules by which one firm came out otherwise, the first to bind first.

    A condition that admits or refuses the firm is the whole reason; a line that follows from the
    tier is none of its own unless its amount was changed.
    """
    one = {(step.kind, step.path): step for step in explain(before, row).steps}
    two = {(step.kind, step.path): step for step in explain(after, row).steps}
    moved = before.tier_of(row) != after.tier_of(row)
    rules = _rules_of(before), _rules_of(after)
    found = []
    for kind, path in dict.fromkeys((*two, *one)):
        pair = one.get((kind, path)), two.get((kind, path))
        if any(step is None and path in has for step, has in zip(pair, rules, strict=True)):
            continue  # a rule that was not reached says nothing
        if kind in _ORDER and _differs(kind, *pair, moved=moved):
            some = pair[1] or pair[0]
            assert some is not None
            outcomes = [ABSENT if step is None else step.outcome for step in pair]
            found.append(Because(kind, path, some.title, outcomes[0], outcomes[1]))
    found.sort(key=lambda item: _ORDER.index(item.kind))
    if before.status_of(row) != after.status_of(row):
        gates = [item for item in found if item.kind in _CONDITIONS]
        found = gates or found
    changed = [item for item in found if item.kind != "chosen" or _named(two, item)]
    return tuple((changed or found)[:MOST])


def _rules_of(judged: Assessment) -> set[str]:
    return set(rule_titles(judged.policy.rules, judged.currency))


def _differs(kind: str, one: Step | None, two: Step | None, *, moved: bool) -> bool:
    if one is None or two is None:
        return kind in _CONDITIONS or (kind == "tier" and moved)
    if kind in _CONDITIONS:
        return one.holds != two.holds
    if kind == "tier":
        return moved and one.outcome != two.outcome
    if kind in ("limit", "joint", "method"):
        return one.outcome != two.outcome and bool(two.changed or one.changed)
    return one.outcome != two.outcome


def _named(steps: dict[tuple[str, str], Step], item: Because) -> bool:
    step = steps.get((item.kind, item.path))
    return step is not None and bool(step.changed)


def decisions(before: Assessment, after: Assessment) -> tuple[Decision, ...]:
    """Every rule that both policies have and that decides some firm otherwise, most firms first.

    Codes are compared as they stand: a band is the same one if it stands at the same place.
    """
    found = []
    paths = dict(_paths(after.policy.rules))
    titles = rule_titles(after.policy.rules, after.currency)
    ours = dict(_paths(before.policy.rules))
    # What a rule says of a firm that is refused either way makes no difference.
    counted = (before.status != REFUSED) | (after.status != REFUSED)
    for key, path in paths.items():
        if ours.get(key) != path:
            continue
        one, two = before.codes.get(key), after.codes.get(key)
        if one is None or two is None:
            continue
        if key == ("tier", ""):
            one, two = _common(before.policy, after.policy, one, two)
        count = int(np.count_nonzero((one != two) & counted))
        if count:
            title = titles.get(path, Title(path, path))
            if key[0] in _WORDED:
                title = both(f"tune-compare.rule.{key[0]}", title=title)
            elif key == ("tier", "raised"):
                title = both("tune-compare.rule.raised")
            found.append(Decision(key[0], path, title, count))
    return tuple(sorted(found, key=lambda item: -item.firms))


def _common(one: Policy, two: Policy, a: Any, b: Any) -> tuple[Any, Any]:
    """Tier codes of two policies in the labels of both together."""
    tiers = [policy.rules.tiers for policy in (one, two)]
    own = [() if item is None else item.labels for item in tiers]
    order = {label: at for at, label in enumerate(dict.fromkeys((*own[0], *own[1])))}
    # UNKNOWN and NONE are -1 and -2: they pick the last two.
    tables = [np.array([*(order[label] for label in labels), -2, -1], np.int16) for labels in own]
    return tables[0][a], tables[1][b]


def _paths(rules: Rules) -> Iterator[tuple[Key, str]]:
    """Where each decision's rule stands in the file."""
    for gate in rules.gates:
        yield ("gate", gate.name), gate.path
    for confirmation in rules.confirmations:
        yield ("confirm", confirmation.name), confirmation.path
    for item in rules.dimensions:
        for table in item.indicators:
            yield ("band", f"{item.name}.{table.name}"), table.path
    if rules.tiers is not None:
        yield ("tier", ""), rules.tiers.path
        yield ("tier", "raised"), "raise"
    for part in rules.parts:
        for kind in _WORDED:
            yield (kind, part.name), part.path
    for joint in rules.joint:
        yield ("joint", joint.limit.name), joint.path
