"""The reference population's file: how each quantity is spread, and what moves together.

``config/reference/population.toml`` is data like a policy: read table by table with every
problem reported at its line, and every number carries a source or the reason it is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS
from ipcredit.money import MAX_MINOR
from ipcredit.reader import EVIDENCE, Cursor, Number, Report, Title, nearest
from ipcredit.resources import config_dir
from ipcredit.source import Document, read_toml

SCHEMA: Final = 1
FILE: Final = "population.toml"

# Parameters of each kind, and for each whether the file must give it.
KINDS: Final[dict[str, dict[str, bool]]] = {
    "lognormal": {"median": True, "sigma": True, "low": False, "high": False},
    "normal": {"mean": True, "sd": True, "low": False, "high": False},
    "logit": {"median": True, "sigma": True},
    "uniform": {"low": True, "high": True},
    "some": {"none": True, "median": True, "sigma": True, "low": False, "high": False},
    "count": {"none": True, "median": True, "sigma": True, "high": False},
    "flag": {"share": True},
    "choice": {},
    "ranked": {"count": True, "exponent": True},
}
_SHARES: Final = frozenset({"none", "share"})
_AMOUNTS: Final = frozenset({"median", "low", "high"})
_POSITIVE: Final = frozenset({"sigma", "sd", "median", "count", "step", "current_to_total"})

ALL: Final[dict[str, tuple[int, int]]] = {
    "step": (0, MAX_MINOR),
    "months_least": (1, 1200),
    "cost_least": (0, 1),
    "current_to_total": (0, 1),
    "own_funds_least": (0, 1),
    "drift": (0, 1),
    "margin_drift": (0, 1),
    "certified_tax": (0, 1),
    "ordinary_tax": (0, 1),
    "lender_net_capital": (0, MAX_MINOR),
}
"""What holds for all firms, under ``[all]``, with its bounds."""
MONEY: Final = frozenset(
    {"step", "lender_net_capital", "sales", "knowledge_held", "commercial_held", "related_credit"}
)
"""What is an amount and so is written with its unit."""

# What a choice may say where it becomes a field of a firm.
_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "rd_institution": FIELDS["rd_institution"].choices,
    "rd_option": FIELDS["rd_option"].choices,
    "title": FIELDS["sme_title"].choices,
    "loan_purpose": FIELDS["loan_purpose"].choices,
    "award": ("none", "provincial", "national"),
}
_NUMBERS: Final = (
    "sales", "staff", "months", "growth", "growth_before", "rd_intensity", "rd_domestic",
    "rd_outsourced", "sci_tech_share", "rd_staff_share", "postgraduate_share", "senior_talent",
    "class1", "class2", "class1_high_value", "class2_kept", "software_share", "design_share",
    "main_share", "high_tech_share", "innovative_products", "niche_share", "market_share",
    "certificate_days", "award_rank", "award_days", "standard_days", "margin", "other_cost",
    "assets", "debt", "receivable_days", "inventory_days", "payable_days", "prepayment_days",
    "advance_days", "value_added_tax", "invoiced", "expected_growth", "own_funds",
    "other_sources", "other_loans", "other_loans_working", "knowledge_held", "commercial_held",
    "health", "brand", "social", "related_credit", "related_sales", "guarantees",
)  # fmt: skip
_FLAGS: Final = (
    "class1_bought", "pledged", "certificate", "high_growth", "standard_led", "audited",
    "other_loans_here", "held_elsewhere", "filed", "resident", "restricted", "overdue",
    "abnormal", "dishonest", "tax_breach", "litigation", "accident", "environment", "integrity",
)  # fmt: skip
MARGINALS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(_NUMBERS, ("lognormal", "normal", "logit", "uniform", "some", "count")),
    **dict.fromkeys(_FLAGS, ("flag",)),
    **dict.fromkeys(_LABELS, ("choice",)),
    **dict.fromkeys(("district", "industry"), ("choice", "ranked")),
}
"""The quantities a firm is built from, each once in the file, with the kinds it may be."""


@dataclass(frozen=True, slots=True)
class Marginal:
    """How one quantity is spread: a ``kind`` with its parameters (amounts in fen).

    ``labels`` and ``shares`` belong to a choice, in the order of the file: the firm with the
    highest normal score gets the last label.
    """

    name: str
    kind: str
    given: Mapping[str, float]
    labels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """A population file, checked: what :func:`ipcredit.population.population` draws from.

    ``together`` names the correlated quantities, ``factor`` is the lower Cholesky factor of
    their correlation matrix, row by row.  ``numbers`` holds every value with its source.
    """

    id: str
    title: Title
    as_of: date
    region: str
    constants: Mapping[str, float]
    marginals: Mapping[str, Marginal]
    together: tuple[str, ...]
    factor: tuple[tuple[float, ...], ...]
    blank: tuple[str, ...]
    numbers: tuple[Number, ...]
    file: str = ""

    def evidence(self) -> dict[str, int]:
        """How many of its numbers are official, secondary and assumed."""
        return {mark: sum(n.evidence == mark for n in self.numbers) for mark in EVIDENCE}


def read_spec(path: str | Path | None = None) -> Spec:
    """The population file at ``path``, by default the shipped reference population.

    Raises:
        UsageError: the file cannot be read or is wrong; holds all problems with their lines.

    >>> spec = read_spec()
    >>> spec.title.en
    'Reference population of Chongqing technology firms (synthetic)'
    """
    document = read_toml(config_dir() / "reference" / FILE if path is None else path)
    return spec_of(document)


def spec_of(document: Document) -> Spec:
    """The specification that a parsed file holds.

    Raises:
        UsageError: the file is wrong; holds all problems with their lines.
    """
    report = Report(document.where)
    top = Cursor(document.data, (), report)
    report.sources = _sources(top)
    if top.take("schema") != SCHEMA:
        given = str(document.data.get("schema"))
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=given)
    if top.text("currency", required=True) not in ("", "CNY"):
        top.problem("policy.currency", "currency", allowed="CNY")
    identity, title = top.text("id", required=True), top.title(required=True)
    as_of = top.date("as_of")
    if as_of is None and not top.has("as_of"):
        top.problem("policy.required", "as_of")
    region, constants = _all(top)
    marginals = dict(_marginals(top))
    together, factor = _together(top, marginals)
    blank = _blank(top)
    top.finish()
    if report.problems:
        raise UsageError(report.problems)
    assert title is not None and as_of is not None  # their absence is a problem  # noqa: PT018
    return Spec(
        identity,
        title,
        as_of,
        region,
        MappingProxyType(constants),
        MappingProxyType(marginals),
        together,
        factor,
        blank,
        tuple(report.numbers),
        document.name,
    )


def _sources(top: Cursor) -> dict[str, str]:
    found = {}
    for name, cur in top.children("sources"):
        cur.text("document", required=True)
        cur.title()
        cur.title("note")
        cur.date("published")
        found[name] = cur.word("evidence", EVIDENCE[:2], required=True)
        cur.finish()
    return found


def _all(top: Cursor) -> tuple[str, dict[str, float]]:
    cur = top.child("all")
    if cur is None:
        top.problem("policy.required", "all")
        return "", {}
    region = cur.text("region", required=True)
    found = {
        name: _figure(cur, name, bounds, required=True, money=name in MONEY)
        for name, bounds in ALL.items()
    }
    cur.finish(("region", *ALL))
    return region, {name: value for name, value in found.items() if value is not None}


def _marginals(top: Cursor) -> list[tuple[str, Marginal]]:
    tables = dict(top.children("marginals"))
    found = []
    for name in MARGINALS:
        if name not in tables:
            top.problem("policy.required", f"marginals.{name}")
    for name, cur in tables.items():
        if name not in MARGINALS:
            near = nearest(name, MARGINALS)
            code = "policy.unknown-key-near" if near else "policy.unknown-key"
            cur.problem(code, nearest=near, allowed=", ".join(MARGINALS))
            continue
        found.append((name, _marginal(name, cur)))
    return found


def _marginal(name: str, cur: Cursor) -> Marginal:
    kind = cur.word("kind", MARGINALS[name], required=True)
    labels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    if kind == "choice":
        labels, shares = _choice(cur, _LABELS.get(name, ()))
    elif kind == "ranked":
        labels = (cur.text("label", required=True),)
    wanted = KINDS.get(kind, {})
    given = {
        key: _figure(
            cur,
            key,
            (0, 1) if key in _SHARES else None,
            required=must,
            money=name in MONEY and key in _AMOUNTS,
        )
        for key, must in wanted.items()
    }
    known = {key: value for key, value in given.items() if value is not None}
    if known.get("low", -math.inf) > known.get("high", math.inf):
        cur.problem("policy.out-of-unit", "low", given=known["low"], low="-∞", high=known["high"])
    if kind == "logit" and not 0 < known.get("median", 0.5) < 1:
        cur.problem("policy.out-of-unit", "median", given=known["median"], low=0, high=1)
    cur.finish(("kind", "shares", "label", *wanted))
    return Marginal(name, kind, MappingProxyType(known), labels, shares)


def _choice(cur: Cursor, allowed: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    table = cur.child("shares")
    if table is None:
        cur.problem("policy.required", "shares")
        return (), ()
    found = [(key, table.number(key, low=0, high=1)) for key in table.rest()]
    table.finish()
    for key, _ in found:
        if allowed and key not in allowed:
            table.problem("policy.not-one-of", key, given=key, allowed=", ".join(allowed))
    exact = [(key, share) for key, share in found if share is not None]
    total = sum(share for _, share in exact)
    if len(exact) == len(found) and total != 1:
        cur.problem("population.shares", "shares", total=float(total))
    return tuple(key for key, _ in exact), tuple(float(share) for _, share in exact)


def _figure(
    cur: Cursor,
    key: str,
    bounds: tuple[int, int] | None,
    *,
    required: bool,
    money: bool = False,
) -> float | None:
    """A number, an amount in fen, or ``{ value = … }`` of either with a source of its own."""
    at, name = cur, key
    if isinstance(cur.raw.get(key), dict):
        table = cur.child(key)
        assert table is not None  # it is a table
        at, name = table, "value"
    low, high = bounds or (None, None)
    exact: Fraction | int | None
    if money:
        exact = at.money(name, required=required)
    else:
        exact = at.number(name, low=low, high=high, required=required)
    if at is not cur:
        at.finish(("value",))
    if exact is not None and exact <= 0 and key in _POSITIVE:
        at.problem("policy.out-of-unit", name, given=str(exact), low="> 0", high="∞")
    return None if exact is None else float(exact)


# -- what moves together ---------------------------------------------------------------------


def _together(
    top: Cursor, marginals: Mapping[str, Marginal]
) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    pairs: dict[frozenset[str], float] = {}
    for name, cur in top.children("correlation"):
        for other in cur.rest():
            if other in ("source", "assumed"):
                continue
            value = cur.number(other, low=-1, high=1)
            unknown = next((key for key in (name, other) if key not in marginals), None)
            if unknown is not None or name == other:
                near = nearest(unknown or other, marginals)
                cur.problem("policy.unknown-key-near", other, nearest=near)
            elif frozenset((name, other)) in pairs:
                cur.problem("population.twice", other)
            elif value is not None:
                pairs[frozenset((name, other))] = float(value)
        cur.finish()
    named = {name for pair in pairs for name in pair}
    names = tuple(name for name in MARGINALS if name in named)
    matrix = [[1.0 if a == b else pairs.get(frozenset((a, b)), 0.0) for b in names] for a in names]
    factor = cholesky(matrix)
    if isinstance(factor, int):
        top.problem("population.not-a-correlation", "correlation", name=names[factor])
        return (), ()
    return names, factor


def cholesky(matrix: list[list[float]]) -> tuple[tuple[float, ...], ...] | int:
    """The lower factor of a correlation matrix, or the first row at which there is none.

    Written out because a linear algebra library may order its sums by platform.

    >>> cholesky([[1.0, 0.6], [0.6, 1.0]]), cholesky([[1.0, 1.1], [1.1, 1.0]])
    (((1.0,), (0.6, 0.8)), 1)
    """
    rows: list[tuple[float, ...]] = []
    for at, line in enumerate(matrix):
        row: list[float] = []
        for column in range(at):
            done = sum(row[k] * rows[column][k] for k in range(column))
            row.append((line[column] - done) / rows[column][column])
        rest = line[at] - sum(value * value for value in row)
        if rest <= 1e-12:
            return at
        rows.append((*row, math.sqrt(rest)))
    return tuple(rows)


def _blank(top: Cursor) -> tuple[str, ...]:
    cur = top.child("blank")
    if cur is None:
        return ()
    names = cur.words("fields")
    for name in names:
        if name not in FIELDS:
            near = nearest(name, FIELDS)
            code = "policy.unknown-field-near" if near else "policy.unknown-field"
            cur.problem(code, "fields", given=name, nearest=near)
    cur.finish()
    return names


def whole(value: Any, key: str, low: int, high: int) -> int:
    """``value`` as a whole number from ``low`` to ``high``.

    Raises:
        UsageError: it is something else.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise UsageError(Problem("population.whole", key=key, args={"given": str(value)}))
    number = int(value)
    if not low <= number <= high:
        args = {"given": str(value), "low": low, "high": high}
        raise UsageError(Problem("population.range", key=key, args=args))
    return number


def share(value: Any, key: str = "missing") -> float:
    """``value`` as a share from 0 to 1.

    Raises:
        UsageError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        args = {"given": str(value), "low": 0, "high": 1}
        raise UsageError(Problem("population.range", key=key, args=args))
    return float(value)
