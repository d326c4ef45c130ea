"""The values in which two policies differ, each with what it rests on."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ipcredit.policy import Policy
from ipcredit.reader import Number, Title
from ipcredit.rule_words import units_by_path, written_text

ABSENT: Final = "-"
CHANGED: Final = Title("由使用者改动", "changed by the user")
# What identifies an edition is not a parameter of it.
_HEAD: Final = ("schema", "edition", "in_force", "sources.", "title.")


class Parameter(NamedTuple):
    """One value: how each policy's file writes it (``-``: not there), and what that rests on."""

    path: str
    before: str
    after: str
    basis_before: Title
    basis_after: Title
    shown_before: Title
    shown_after: Title


def parameters(policy: Policy, other: Policy) -> tuple[Parameter, ...]:
    """Every value in which ``other`` differs from ``policy``, in file order."""
    mine = {number.path: number for number in policy.numbers}
    theirs = {number.path: number for number in other.numbers}
    units = units_by_path(policy.rules), units_by_path(other.rules)
    return tuple(
        Parameter(
            item.path,
            item.before,
            item.after,
            _basis(policy, item.path, mine.get(item.path)),
            _basis(other, item.path, theirs.get(item.path)),
            _shown(item.before, item.path, units[0], policy.currency),
            _shown(item.after, item.path, units[1], other.currency),
        )
        for item in policy.compare(other)
        if not item.path.startswith(_HEAD)
    )


def _basis(policy: Policy, path: str, number: Number | None) -> Title:
    """A document, the reason of an assumption, or that a person changed the value."""
    if any(change.path in (path, f"{path}.value") for change in policy.changes):
        return CHANGED
    source, assumed = policy.scope(path)
    if number is not None:
        source, assumed = number.source, number.assumed
    if assumed is not None:
        return Title(f"假定：{assumed.zh}", f"assumed: {assumed.en}")
    document = policy.content.source(source)
    name = ABSENT if document is None else document.document
    return Title(name, name)


def _shown(value: str, path: str, units: Any, currency: str) -> Title:
    if value == ABSENT:
        return Title(value, value)
    return Title(*(written_text(value, path, units, currency, lang) for lang in ("zh", "en")))
