"""The reference population's file: how each quantity is spread, and what moves together.

``config/reference/population.toml`` is data like a policy: read table by table with every
problem reported at its line, and every number carries a source or the reason it is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS
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
_POSITIVE: Final = frozenset({"sigma", "sd", "median", "count"})

ALL: Final = (
    "step", "months_least", "cost_least", "current_to_total", "own_funds_least", "drift",
    "margin_drift", "certified_tax", "ordinary_tax", "lender_net_capital",
)  # fmt: skip
"""What holds for all firms, under ``[all]``."""

MARGINALS: Final = (
    "sales", "staff", "months", "growth", "growth_before", "rd_intensity", "rd_domestic",
    "rd_outsourced", "sci_tech_share", "rd_staff_share", "postgraduate_share", "senior_talent",
    "class1", "class2", "class1_bought", "class1_high_value", "class2_kept", "software_share",
    "design_share", "pledged", "rd_institution", "rd_option", "main_share", "high_tech_share",
    "innovative_products", "niche_share", "market_share", "certificate", "certificate_days",
    "high_growth", "title", "award", "award_rank", "award_days", "standard_led", "standard_days",
    "margin", "other_cost", "assets", "debt", "receivable_days", "inventory_days", "payable_days",
    "prepayment_days", "advance_days", "value_added_tax", "invoiced", "audited", "expected_growth",
    "own_funds", "other_sources", "other_loans", "other_loans_working", "other_loans_here",
    "knowledge_held", "commercial_held", "held_elsewhere", "health", "brand", "social",
    "related_credit", "related_sales", "guarantees", "loan_purpose", "district", "industry",
    "filed", "resident", "restricted", "overdue", "abnormal", "dishonest", "tax_breach",
    "litigation", "accident", "environment", "integrity",
)  # fmt: skip
"""The quantities a firm is built from; the file gives each exactly once."""


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
    found = {name: _figure(cur, name, required=True) for name in ALL}
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
    kind = cur.word("kind", KINDS, required=True)
    labels: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    if kind == "choice":
        labels, shares = _choice(cur)
    elif kind == "ranked":
        labels = (cur.text("label", required=True),)
    wanted = KINDS.get(kind, {})
    given = {key: _figure(cur, key, required=must) for key, must in wanted.items()}
    known = {key: value for key, value in given.items() if value is not None}
    if known.get("low", -math.inf) > known.get("high", math.inf):
        cur.problem("policy.out-of-unit", "low", given=known["low"], low="-∞", high=known["high"])
    if kind == "logit" and not 0 < known.get("median", 0.5) < 1:
        cur.problem("policy.out-of-unit", "median", given=known["median"], low=0, high=1)
    cur.finish(("kind", "shares", "label", *wanted))
    return Marginal(name, kind, MappingProxyType(known), labels, shares)


def _choice(cur: Cursor) -> tuple[tuple[str, ...], tuple[float, ...]]:
    table = cur.child("shares")
    if table is None:
        cur.problem("policy.required", "shares")
        return (), ()
    found = [(key, table.number(key, low=0, high=1)) for key in table.rest()]
    table.finish()
    exact = [(key, share) for key, share in found if share is not None]
    total = sum(share for _, share in exact)
    if len(exact) == len(found) and total != 1:
        cur.problem("population.shares", "shares", total=float(total))
    return tuple(key for key, _ in exact), tuple(float(share) for _, share in exact)


def _figure(cur: Cursor, key: str, *, required: bool) -> float | None:
    """A number, an amount in fen, or ``{ value = … }`` of either with a source of its own."""
    low = 0 if key in _SHARES or key in _POSITIVE else None
    high = 1 if key in _SHARES else None
    raw = cur.raw.get(key)
    if isinstance(raw, dict):
        table = cur.child(key)
        assert table is not None
        value = _plain(table, "value", low, high)
        if not table.has("value"):
            table.problem("policy.required", "value")
        table.finish(("value",))
    else:
        value = _plain(cur, key, low, high)
        if value is None and required and raw is None:
            cur.problem("policy.required", key)
    if value is not None and key in _POSITIVE and value == 0:
        cur.problem("policy.out-of-unit", key, given=0, low="> 0", high="∞")
    return value


def _plain(cur: Cursor, key: str, low: int | None, high: int | None) -> float | None:
    if isinstance(cur.raw.get(key), str):
        minor = cur.money(key)
        return None if minor is None else float(minor)
    exact = cur.number(key, low=low, high=high)
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
    matrix = [
        [1.0 if a == b else pairs.get(frozenset((a, b)), 0.0) for b in names] for a in names
    ]
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
        raise UsageError(Problem("policy.not-whole", key=key, args={"given": str(value)}))
    number = int(value)
    if not low <= number <= high:
        args = {"given": str(value), "low": low, "high": high}
        raise UsageError(Problem("population.range", key=key, args=args))
    return number
