"""How the values of many rights make one, and loan-to-value caps: read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from ipcredit.patents.right import KINDS
from ipcredit.patents.terms import LTV_CLASSES, figure
from ipcredit.reader import Cursor, shown


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How the values of many rights make one (see :mod:`ipcredit.patents.portfolio`).

    ``times`` is what each next family adds of what it would have added one place higher;
    ``kinds`` and ``bought`` are factors of a right's value; ``ages`` are the lower ends of the
    age bands, in years.
    """

    times: Fraction
    kinds: Mapping[str, Fraction]
    bought: Fraction
    ages: tuple[int, ...]


def aggregation(top: Cursor) -> Aggregation:
    """The table ``[portfolio]`` of the file of methods."""
    cur = top.child("portfolio")
    if cur is None:
        top.problem("policy.required", "portfolio")
        return Aggregation(Fraction(0), {}, Fraction(1), (0,))
    times = figure(cur, "next", "times", low=0, high=1)
    kinds: dict[str, Fraction] = {}
    table = cur.child("kinds")
    if table is not None:
        for name in table.rest():
            if name in ("source", "assumed"):
                continue
            if name not in KINDS:
                args = {"given": name, "allowed": ", ".join(KINDS)}
                table.problem("policy.not-one-of", name, **args)
            kinds[name] = figure(table, name, "times", low=0, high=1) or Fraction(0)
        table.finish()
    bought = _bought(cur)
    ages = _ages(cur)
    cur.finish(("next", "kinds", "bought", "age_bands"))
    utility = max(kinds.get(k, Fraction(1)) for k in ("utility_model", "pct_utility"))
    if times is not None and times > 1 - utility * bought:
        most = float(1 - utility * bought)
        cur.problem("value.not-concave", "next", given=float(times), most=most)
    return Aggregation(times or Fraction(0), MappingProxyType(kinds), bought, ages)


def _bought(cur: Cursor) -> Fraction:
    table = cur.child("bought")
    if table is None:
        cur.problem("policy.required", "bought")
        return Fraction(1)
    factor = table.number("times", low=0, high=1, required=True)
    table.finish(("times",))
    return Fraction(1) if factor is None else factor


def _ages(cur: Cursor) -> tuple[int, ...]:
    table = cur.child("age_bands")
    if table is None:
        cur.problem("policy.required", "age_bands")
        return (0,)
    raw = table.take("from")
    good = isinstance(raw, list) and all(type(age) is int and 0 <= age <= 100 for age in raw)
    if not good or raw[:1] != [0] or raw != sorted(set(raw)):
        table.problem("value.ages", "from", given=shown(raw))
        return (0,)
    table.record(raw, "from")
    table.finish(("from",))
    return tuple(raw)


def read_ltv(cur: Cursor | None) -> dict[str, Fraction]:
    """Loan-to-value caps by class of right: shares of the appraised value."""
    if cur is None:
        return {}
    found = {}
    for name in LTV_CLASSES:
        share = figure(cur, name, "share", low=0, high=1) if cur.has(name) else None
        if share is not None:
            found[name] = share
    cur.finish(LTV_CLASSES)
    return found
