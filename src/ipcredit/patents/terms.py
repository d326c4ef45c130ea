"""What a policy says about patents: the section ``[patents]`` of its file.

Every policy file is read through here, so nothing slow is imported: no records, no values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from ipcredit.reader import Cursor, Title
from ipcredit.rules import Limit, LimitCase, Term

METHODS: Final = ("oecd4", "oecd6", "allison", "weighted")
"""The methods of the shipped file: what a policy may choose from."""
LTV_CLASSES: Final = ("invention", "utility_model", "trademark")
"""Classes of pledged rights for which a loan-to-value cap can be given."""
MISSING_VALUES: Final = ("unknown", "lowest")
WHEN_MISSING: Final = ("open", "skip")

APPRAISED: Final[Mapping[str, str]] = {
    "invention": "appraised_inventions",
    "utility_model": "appraised_utility_models",
    "trademark": "appraised_trademarks",
}
"""The firm's field with the appraised value of each class of pledged rights."""

_MOST: Final = 1_000  # finest cap: a tenth of a percent


@dataclass(frozen=True, slots=True)
class LoanToValue:
    """Caps by class of right, as shares of the appraised value, on the part called ``part``.

    ``skip``: where an appraisal is missing the caps are not applied, instead of leaving the
    line open.
    """

    caps: Mapping[str, Fraction]
    part: str
    skip: bool

    def limit(self) -> Limit:
        """The caps as one limit of a line: the sum of appraised values, each times its cap."""
        scale = math.lcm(*(cap.denominator for cap in self.caps.values()))
        fields = tuple((APPRAISED[name], int(cap * scale)) for name, cap in self.caps.items())
        of = Term(fields, scale, " + ".join(name for name, _ in fields))
        case = LimitCase("", None, None, Fraction(1), of, PATH)
        title = Title("质押率上限", "Loan-to-value caps")
        return Limit("patents-ltv", title, (case,), (), self.skip, PATH)


PATH: Final = "patents.ltv"


@dataclass(frozen=True, slots=True)
class PatentTerms:
    """How rights are valued under a policy.

    ``method`` is one of the shipped methods; ``missing`` says what an open value counts as
    (``unknown``: not known, ``lowest``: its lower bound); ``one_per_family`` and
    ``related_only`` say which rights count.
    """

    method: str
    missing: str
    one_per_family: bool
    related_only: bool
    ltv: LoanToValue | None = None


def patent_terms(cur: Cursor, parts: Sequence[str]) -> PatentTerms:
    """The section at ``cur``; ``parts`` are the parts of the line that the policy has."""
    method = cur.word("method", METHODS, required=True)
    missing = cur.word("missing", MISSING_VALUES, required=True)
    flags = {}
    for key in ("one_per_family", "related_only"):
        if not cur.has(key):
            cur.problem("policy.required", key)
        flags[key] = cur.flag(key)
    for key in ("method", "missing", *flags):
        if cur.has(key):
            cur.record(cur.raw[key], key)
    table = cur.child("ltv")
    ltv = None if table is None else _ltv(table, parts)
    cur.finish(("method", "missing", *flags, "ltv"))
    return PatentTerms(method, missing, flags["one_per_family"], flags["related_only"], ltv)


def _ltv(cur: Cursor, parts: Sequence[str]) -> LoanToValue | None:
    part = cur.word("part", parts, required=True)
    skip = cur.word("when_missing", WHEN_MISSING, WHEN_MISSING[0]) == "skip"
    caps: dict[str, Fraction] = {}
    given = [name for name in LTV_CLASSES if cur.has(name)]
    for name in given:
        cap = figure(cur, name, "share", low=0, high=1)
        if cap is not None and cap.denominator > _MOST:
            cur.problem("policy.times-size", name)
        elif cap is not None:
            caps[name] = cap
    if not given:
        cur.problem("policy.required-one", allowed=", ".join(LTV_CLASSES))
    cur.finish(("part", "when_missing", *LTV_CLASSES))
    if not caps or part not in parts:
        return None
    return LoanToValue(MappingProxyType(caps), part, skip)


def figure(cur: Cursor, key: str, inner: str, *, low: int, high: int) -> Fraction | None:
    """A number at ``key``, or ``{ inner = number, assumed = … }`` with provenance of its own."""
    value: Any = cur.raw.get(key)
    if not isinstance(value, dict):
        return cur.number(key, low=low, high=high, required=True)
    table = cur.child(key)
    assert table is not None  # it is a table
    found = table.number(inner, low=low, high=high, required=True)
    table.finish((inner,))
    return found
