"""From checked columns to the arrays of a book: firms, default probabilities, traits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ipcredit.default_rates import Curve
from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.messages import text
from ipcredit.portfolio_draft import Draft
from ipcredit.reader import Title
from ipcredit.traits import MISSING, PARTS, Traits
from ipcredit.values import shown

AnyArray = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Built:
    """The fields of a :class:`ipcredit.portfolio.Portfolio`."""

    currency: str
    as_of: dt.date
    firms: tuple[str, ...]
    lenders: tuple[str, ...]
    districts: tuple[str, ...]
    tiers: tuple[str, ...]
    pd: AnyArray
    tier: AnyArray
    loans: tuple[str, ...]
    firm: AnyArray
    lender: AnyArray
    district: AnyArray
    part: AnyArray
    principal: AnyArray
    outstanding: AnyArray
    start: AnyArray
    term_months: AnyArray
    repayment: AnyArray
    recovery: AnyArray
    recovery_months: AnyArray
    traits: Traits
    pd_source: tuple[Title, ...]
    assumed: tuple[Title, ...]
    score: AnyArray


def build(
    draft: Draft,
    as_of: dt.date | None,
    curve: Curve | None,
    *,
    lenders: Sequence[str] | None,
    districts: Sequence[str] | None,
    tiers: Sequence[str] | None,
) -> Built:
    """The arrays of a book, or everything that is wrong with it.

    Raises:
        UsageError: the day of the book is not given.
        PortfolioError: no loans, or at least one that is wrong.
    """
    if as_of is None:
        raise UsageError(Problem("portfolio.no-as-of", key="as_of"))
    if not draft.n:
        raise PortfolioError(Problem("portfolio.empty", draft.place(-1, "")))
    draft.check(as_of, {"lenders": lenders, "districts": districts, "tiers": tiers})
    owed = draft.owed(as_of)
    pd, notes, reasons = _probabilities(draft, curve)
    draft.settle()
    return _arrays(draft, as_of, owed, pd, notes, reasons)


def _probabilities(
    draft: Draft, curve: Curve | None
) -> tuple[AnyArray, tuple[Title, ...], tuple[Title, ...]]:
    """The probability of each firm, and where it comes from."""
    pd = _of_firm(draft, "pd")
    own = int(np.count_nonzero(~np.isnan(pd)))
    notes = [_note("portfolio.from-pd", count=own)] if own else []
    reasons: tuple[Title, ...] = ()
    if curve is not None:
        lacking = np.isnan(pd)
        pd = np.where(lacking, _from_curve(draft, curve), pd)
        count = int(np.count_nonzero(lacking & ~np.isnan(pd)))
        if count:
            notes.append(_note("portfolio.from-curve", count=count, curve=curve.id))
            reasons = curve.assumed
    _lacking(draft, pd)
    return pd, tuple(notes), reasons


def _from_curve(draft: Draft, curve: Curve) -> AnyArray:
    if curve.by == "points":
        return curve.of_points(_of_firm(draft, "score"))
    labels = draft.labels.get("rating", [])
    firm = _of_firm(draft, "rating")
    known = dict(curve.ratings)
    column, first = draft.columns.get("rating"), draft.first_of_firm("rating")
    if column is not None:
        unknown = {code for code, label in enumerate(labels) if label not in known}
        for row in first[first >= 0].tolist():
            if int(column[row]) in unknown:
                args = {
                    "curve": curve.id,
                    "value": shown(labels[int(column[row])]),
                    "allowed": ", ".join(known),
                }
                draft.add(row, "rating", "portfolio.no-rating", **args)
    return curve.of_ratings(firm, labels)


def _of_firm(draft: Draft, name: str) -> AnyArray:
    """What a column says about each firm: the first cell of its loans that is filled."""
    column = draft.columns.get(name)
    size = max(len(draft.labels["firm"]), 1)  # none where every cell of the firms is wrong
    if column is None:
        return np.full(size, np.nan)
    first = draft.first_of_firm(name)
    blank: Any = np.nan if column.dtype.kind == "f" else -1 if column.dtype == np.int32 else MISSING
    return np.where(first >= 0, column[np.maximum(first, 0)], np.array(blank, column.dtype))


def _lacking(draft: Draft, pd: AnyArray) -> None:
    """Say of each firm without a probability that it has none, unless its cell is said wrong."""
    firms = draft.columns["firm"]
    reported = np.zeros(len(pd), dtype=np.bool_)
    for name in ("pd", "score", "rating"):
        rows = draft.wrong.get(name, np.empty(0, np.intp))
        reported[firms[rows][firms[rows] >= 0]] = True
    said = {row for row, _, problem in draft.problems if problem.code == "portfolio.no-rating"}
    reported[firms[sorted(said)]] = True
    rows = np.flatnonzero((firms >= 0) & np.isnan(pd)[np.maximum(firms, 0)])
    _, at = np.unique(firms[rows], return_index=True)
    for row in rows[at].tolist():
        if not reported[firms[row]]:
            firm = shown(draft.labels["firm"][firms[row]])
            draft.add(row, "pd", "portfolio.no-pd", firm=firm)


def _arrays(
    draft: Draft,
    as_of: dt.date,
    owed: AnyArray,
    pd: AnyArray,
    notes: tuple[Title, ...],
    reasons: tuple[Title, ...],
) -> Built:
    n, columns = draft.n, draft.columns
    names = draft.labels["firm"]
    # In the order of their names, so that no result depends on the order of the rows.
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), np.int32)
    place[order] = np.arange(len(names), dtype=np.int32)

    def whole(name: str, dtype: Any, blank: int) -> AnyArray:
        found = columns.get(name)
        if found is None:
            return np.full(n, blank, dtype)
        return np.where(draft.empty(name), blank, found).astype(dtype)

    def real(name: str) -> AnyArray:
        return np.asarray(columns.get(name, np.full(n, np.nan)))

    tier = _of_firm(draft, "tier") if "tier" in columns else np.full(len(names), -1)
    return Built(
        currency=draft.currency,
        as_of=as_of,
        firms=tuple(names[i] for i in order),
        lenders=tuple(draft.labels["lender"]),
        districts=tuple(draft.labels["district"]),
        tiers=tuple(draft.labels["tier"]),
        pd=pd[order],
        tier=tier[order].astype(np.int32),
        loans=tuple(draft.loans),
        firm=place[columns["firm"]],
        lender=columns["lender"].astype(np.int32),
        district=whole("district", np.int32, -1),
        part=columns["part"].astype(np.int8),
        principal=columns["principal"],
        outstanding=owed,
        start=whole("start", np.int32, int(np.iinfo(np.int32).min)),
        term_months=whole("term_months", np.int16, -1),
        repayment=whole("repayment", np.int8, -1),
        recovery=real("recovery"),
        recovery_months=real("recovery_months"),
        traits=_traits(draft),
        pd_source=notes,
        assumed=reasons,
        score=_of_firm(draft, "score")[order],
    )


def _traits(draft: Draft) -> Traits:
    columns = draft.columns
    words: dict[str, tuple[AnyArray, tuple[str, ...]]] = {
        "part": (columns["part"].astype(np.int32), PARTS)
    }
    # A column that is blank for every loan says nothing, as if it were not there.
    for name in ("lender", "district", "class", "mode", "cover_rule"):
        if not draft.empty(name).all():
            words[name] = (columns[name].astype(np.int32), tuple(draft.labels[name]))
    numbers: dict[str, AnyArray] = {
        name: columns[name]
        for name in ("support_years", "collateral_share", "rate_over_benchmark")
        if not draft.empty(name).all()
    }
    size = columns.get("size", np.full(draft.n, MISSING, np.int64))
    numbers["size"] = np.where(size == MISSING, columns["principal"], size)
    if not draft.empty("revenue").all():
        # It says something about the firm: one of its loans says it for all.
        numbers["revenue"] = _of_firm(draft, "revenue")[columns["firm"]]
    tags: dict[str, AnyArray] = {}
    known = None
    if not draft.empty("tags").all():
        known = columns["tags"] >= 0
        for code, label in enumerate(draft.labels["tags"]):
            for tag in label.split(";"):
                if tag:
                    has = columns["tags"] == code
                    tags[tag] = tags[tag] | has if tag in tags else has
    return Traits(draft.n, words, dict(sorted(tags.items())), known, numbers)


def _note(code: str, **args: object) -> Title:
    return Title(text(code, "zh", **args), text(code, "en", **args))
