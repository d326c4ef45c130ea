"""From rights to a firm's counts: class I, class II, high value, by kind, pledged.

A right counts in a field when every condition of the field is known to hold; one that is not
known never counts and is listed with the reason.  One family counts once, in its best class.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import Problem
from ipcredit.fields import FIELDS as FIRM_FIELDS
from ipcredit.fields import MISSING, MISSING8
from ipcredit.firm import Firm
from ipcredit.patents.kinds import KindRules, kind_rules
from ipcredit.patents.right import ACQUIRED, KINDS, Right, Rights, day_number
from ipcredit.patents.standing import (
    NO,
    UNKNOWN,
    YES,
    Standing,
    States,
    standing,
    years_later,
)

Bools = NDArray[np.bool_]

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "class1_related": ("class1", "related"),
    "class1_owned": ("class1", "related", "own"),
    "class1_held_1y": ("class1", "related", "held"),
    "class1_applied": ("class1", "related", "own", "applied", "first-owners"),
    "class1_high_value": ("class1", "related", "high-value"),
    "class2_related": ("class2", "related"),
    "class2_kept_2y": ("class2", "related", "kept"),
    "class2_unused": ("class2", "related", "unused"),
    "invention_patents": ("inventions",),
    "utility_models": ("utilities",),
    "designs": ("designs",),
    "software_copyrights": ("software",),
    "patents_pledged": ("patents", "pledged"),
}
"""The firm's fields and the conditions of each, beside countable, in force and owned."""

_KIND_GROUPS: Final = {
    "inventions": ("invention", "pct_invention"),
    "utilities": ("utility_model", "pct_utility"),
    "designs": ("design",),
    "software": ("software_copyright",),
    "patents": ("invention", "pct_invention", "utility_model", "pct_utility", "design"),
}
# A family that counts in an earlier group does not count in a later one.
_BEST_FIRST: Final = (
    (
        ("class1_related",),
        tuple(name for name in FIELDS if name.startswith("class2_")),
    ),
    (("invention_patents",), ("utility_models", "designs", "software_copyrights")),
    (("utility_models",), ("designs", "software_copyrights")),
    (("designs",), ("software_copyrights",)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What counts on a day.

    ``counts`` are the families (or rights) that count for certain in each field, ``open`` those
    that would count if a fact that is not known were favourable.  ``conditions`` and ``states``
    hold YES, NO or UNKNOWN for each right, by condition and by field; ``family`` is the same
    number for members of one family.
    """

    rights: Rights
    standing: Standing
    owner: tuple[str, ...] | None
    per_family: bool
    rules: KindRules
    family: NDArray[np.int64]
    conditions: Mapping[str, States]
    states: Mapping[str, States]
    counts: Mapping[str, int]
    open: Mapping[str, int]

    @property
    def on(self) -> dt.date:
        """The day asked."""
        return self.standing.on

    def known(self) -> dict[str, int]:
        """The fields that the records settle: not those where nothing counts and something is
        open, because not known is not zero."""
        return {name: count for name, count in self.counts.items() if count or not self.open[name]}


def count_rights(
    rights: Rights | Sequence[Right],
    on: dt.date,
    owner: str | Iterable[str] | None = None,
    *,
    per_family: bool | None = None,
    rules: KindRules | None = None,
) -> Counts:
    """What counts for the firm on a day; ``owner`` is its name, or all its names.

    The numbers of the rights are distinct (reading a file merges rows of one number).
    ``per_family``: one family counts once; by default as the reference file says.

    >>> record = Right("invention", "CN", "CN201710601862.3", filed=dt.date(2017, 7, 21),
    ...                granted=dt.date(2019, 5, 3), status="granted",
    ...                status_on=dt.date(2025, 6, 30), owners=("甲公司",), product_related=True)
    >>> found = count_rights([record], dt.date(2025, 6, 30), "甲公司")
    >>> found.counts["class1_related"], found.counts["class1_owned"], found.open["class1_owned"]
    (1, 0, 1)
    """
    if not isinstance(rights, Rights):
        rights = Rights.of(rights)
    rules = rules or kind_rules()
    per_family = rules.one_per_family if per_family is None else per_family
    names = None if owner is None else (owner,) if isinstance(owner, str) else tuple(owner)
    stands = standing(rights, on, names, rules)
    conditions = _conditions(rights, stands, names is not None, rules)
    base = stands.state
    states = {
        field: np.minimum.reduce([base, *(conditions[name] for name in needed)])
        for field, needed in FIELDS.items()
    }
    family = _families(rights, per_family)
    for better, worse in _BEST_FIRST if per_family else ():
        taken = np.isin(family, np.concatenate([family[states[name] == YES] for name in better]))
        for name in worse:
            states[name] = np.where(taken, NO, states[name]).astype(np.int8)
    sure = {name: np.unique(family[state == YES]) for name, state in states.items()}
    maybe = {name: np.unique(family[state == UNKNOWN]) for name, state in states.items()}
    return Counts(
        rights,
        stands,
        names,
        per_family,
        rules,
        family,
        conditions,
        states,
        {name: len(found) for name, found in sure.items()},
        {name: len(np.setdiff1d(maybe[name], sure[name])) for name in FIELDS},
    )


def _families(rights: Rights, per_family: bool) -> NDArray[np.int64]:
    alone = np.arange(len(rights), dtype=np.int64) + len(rights.texts["family"].words)
    if not per_family:
        return alone
    codes = rights.texts["family"].codes
    return np.where(codes < 0, alone, codes)


# -- conditions ------------------------------------------------------------------------------------


def _flag(rights: Rights, name: str) -> States:
    column = rights.columns[name]
    return np.where(column == MISSING8, UNKNOWN, np.where(column > 0, YES, NO)).astype(np.int8)


def _whether(holds: Any, known: Any = True) -> States:
    """YES or NO where it is known, else UNKNOWN."""
    return np.where(known, np.where(holds, YES, NO), UNKNOWN).astype(np.int8)


def _conditions(
    rights: Rights, stands: Standing, asked: bool, rules: KindRules
) -> dict[str, States]:
    kind = rights.columns["kind"]
    told = kind != MISSING8

    def among(names: Iterable[str]) -> States:
        return _whether(np.isin(kind, [KINDS.index(name) for name in names]), told)

    found = {name: among(kinds) for name, kinds in _KIND_GROUPS.items()}
    for cls in (1, 2):
        found[f"class{cls}"] = among(k.name for k in rules.kinds.values() if k.cls == cls)
    own = stands.how == ACQUIRED.index("own")
    found |= {
        "related": _flag(rights, "product_related"),
        "own": _whether(own, stands.how != MISSING8),
        "held": _held(rights, stands, rules),
        "applied": _flag(rights, "applied"),
        # Who does not own it has no place; that is judged before.
        "first-owners": _whether(stands.place <= rules.first_owners, True)
        if asked
        else _whether(np.ones(len(rights), bool)),
        "high-value": _high_value(rights, stands, rules),
        "kept": _kept(rights, stands, rules.kept_years),
        "unused": (YES - _flag(rights, "used_before")).astype(np.int8),
        "pledged": _flag(rights, "pledged"),
    }
    free = among(k.name for k in rules.kinds.values() if k.no_fees)
    found["kept"] = np.where(free == YES, YES, found["kept"]).astype(np.int8)
    return found


def _held(rights: Rights, stands: Standing, rules: KindRules) -> States:
    moved = rights.columns["transferred_on"]
    dated = moved != MISSING
    long = dated & (day_number(stands.on) >= years_later(moved, rules.held_years))
    own, told = stands.how == ACQUIRED.index("own"), stands.how != MISSING8
    return _whether(own | long, own | long | (dated & told))


def _kept(rights: Rights, stands: Standing, years: int) -> States:
    granted = rights.columns["granted"]
    return _whether(day_number(stands.on) > years_later(granted, years), granted != MISSING)


def _high_value(rights: Rights, stands: Standing, rules: KindRules) -> States:
    abroad = rights.texts["foreign_grants"].each(
        lambda offices: NO if rules.offices.isdisjoint(offices) else YES, UNKNOWN
    )
    award = rights.texts["award"].each(
        lambda text: YES if any(word in text.casefold() for word in rules.awards) else NO, UNKNOWN
    )
    large = _flag(rights, "pledge_large")
    none = (large == UNKNOWN) & (_flag(rights, "pledged") == NO)
    large = np.where(none, NO, large)
    kept = _kept(rights, stands, rules.high_value_years)
    best: States = np.maximum(np.maximum(abroad, award), np.maximum(large, kept)).astype(np.int8)
    return best


# -- the firm --------------------------------------------------------------------------------------


def with_rights(firm: Firm, found: Counts, source: str = "") -> Firm:
    """The firm with the counts of its rights in place of figures given without records.

    A field that the records leave open keeps the firm's own figure, unless that is above its
    whole as counted.  Every replacement is remarked.
    """
    values = dict(firm.values)
    remarks = list(firm.remarks)
    known = found.known()
    for name, count in known.items():
        given = values.get(name)
        values[name] = count
        if given is not None and given != count:
            args = {"given": given, "count": count, "open": found.open[name]}
            code = "rights.replaced-open" if found.open[name] else "rights.replaced"
            remarks.append(Problem(code, source, name, args))
        elif found.open[name]:
            args = {"count": count, "open": found.open[name]}
            remarks.append(Problem("rights.at-least", source, name, args))
    for name in found.counts:
        if name in known:
            continue
        whole = FIRM_FIELDS[name].part_of
        given = values.get(name)
        args = {"open": found.open[name], "given": given or 0}
        if given is None:
            continue  # not known before, not known now: the list of rights says why
        if whole is not None and given > values.get(whole, given):
            del values[name]
            remarks.append(Problem("rights.given-dropped", source, name, args))
        else:
            remarks.append(Problem("rights.given-kept", source, name, args))
    return replace(firm, values=values, remarks=tuple(remarks))
