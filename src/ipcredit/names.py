"""Names under which a field may be given, and the nearest one to a name that is not known."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any, Final, NamedTuple

from ipcredit.fields import FIELDS, YEAR_SUFFIXES, Field
from ipcredit.money import plain


class Slot(NamedTuple):
    """A name found: its field, and whether the value is in whole minor units."""

    key: str
    field: Field
    minor: bool = False
    fen: bool = False

    def ago(self, years: int) -> str:
        """The same name for so many years before."""
        end = self.key.removeprefix(self.field.name) if self.minor else ""
        return self.field.base + YEAR_SUFFIXES[years] + end


def _slots() -> dict[str, Slot]:
    slots = {name: Slot(name, field) for name, field in FIELDS.items()}
    for name, field in FIELDS.items():
        if field.kind == "money":
            slots[f"{name}_fen"] = Slot(f"{name}_fen", field, minor=True, fen=True)
            slots[f"{name}_minor"] = Slot(f"{name}_minor", field, minor=True)
    return slots


_SLOTS: Final = _slots()


@cache
def _by_label() -> dict[str, Slot]:
    """Labels in both languages, folded, -> field: forms are filled in under their labels."""
    return {
        _folded(label): _SLOTS[name]
        for name, field in FIELDS.items()
        for label in (field.en, field.zh)
    }


def _folded(text: str) -> str:
    return "".join(plain(text).casefold().split())


def slot_of(key: Any) -> Slot | None:
    """The field of a name (``sales``, ``sales_fen``) or of a label in either language.

    >>> slot_of("sales_prev_fen").field.name, slot_of("职工总数").field.name, slot_of("salse")
    ('sales_prev', 'staff_total', None)
    """
    if not isinstance(key, str):
        return None
    slot = _SLOTS.get(key)
    if slot is None:
        slot = _SLOTS.get(plain(key)) or _by_label().get(_folded(key))
    return slot


def nearest(key: str) -> str:
    """The known name nearest to ``key``, empty when none is near.

    >>> nearest("salse"), nearest("qqq")
    ('sales', '')
    """
    folded = _folded(key)
    for words in (list(_SLOTS), list(_by_label())):
        found = get_close_matches(folded, words, n=1, cutoff=0.6)
        if found:
            return found[0] if found[0] in _SLOTS else _by_label()[found[0]].key
    return ""
