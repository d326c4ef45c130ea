"""Synthetic firms from draws: identity, people, rights, titles, credit, and what speaks against."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from ipcredit.columns import IntColumn
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import EPOCH, FIELDS, YEAR_SUFFIXES
from ipcredit.firms import Firms
from ipcredit.population.books import Books, Columns, amounts, working_capital_need
from ipcredit.population.draws import CHUNK, Draws, Floats, Ints
from ipcredit.population.spec import Spec
from ipcredit.values import written_value

Texts = dict[str, list[str | None]]

_FLAGS = {
    "filed_tech_firm": "filed",
    "resident_enterprise": "resident",
    "restricted_industry": "restricted",
    "has_high_tech_certificate": "certificate",
    "high_growth_filed": "high_growth",
    "overdue_now": "overdue",
    "abnormal_list": "abnormal",
    "dishonest_list": "dishonest",
    "tax_breach": "tax_breach",
    "litigation_as_defendant": "litigation",
    "major_accident": "accident",
    "environmental_breach": "environment",
    "integrity_breach": "integrity",
}
_CHOICES = {
    "rd_institution": "rd_institution",
    "rd_option": "rd_option",
    "sme_title": "title",
    "loan_purpose": "loan_purpose",
}


def drawn(spec: Spec, n: int, seed: int, missing: float) -> Firms:
    """``n`` firms, chunk by chunk."""
    columns: dict[str, list[IntColumn]] = {}
    texts: Texts = {name: [] for name in ("name", "region", "district", "industry")}
    for chunk in range(max(1, -(-n // CHUNK))):
        rows = min(CHUNK, n - chunk * CHUNK)
        draws = Draws(spec, seed, chunk, rows)
        for name, column in _columns(draws, missing).items():
            columns.setdefault(name, []).append(column)
        for name, found in _names(draws, chunk * CHUNK).items():
            texts[name] += found
    whole: dict[str, IntColumn] = {}
    for name in FIELDS:
        if name in columns:
            joined: IntColumn = np.concatenate(columns[name], dtype=FIELDS[name].dtype)
            joined.flags.writeable = False
            whole[name] = joined
    return Firms(n, whole, texts, "CNY", source=f"{spec.id}, seed {seed}")


def _names(draws: Draws, start: int) -> Texts:
    rows = range(start + 1, start + draws.rows + 1)
    return {
        "name": [f"合成企业 {row:06d} (synthetic)" for row in rows],
        "region": [draws.spec.region] * draws.rows,
        "district": draws.labels("district"),
        "industry": draws.labels("industry"),
    }


def _columns(draws: Draws, missing: float) -> dict[str, IntColumn]:
    """All columns of one chunk in the dtypes of their fields."""
    found: Columns = {name: draws.flag(key).astype(np.int64) for name, key in _FLAGS.items()}
    found |= {name: _choice(draws, name, key) for name, key in _CHOICES.items()}
    found["country"] = np.zeros(draws.rows, np.int64)
    found |= _age(draws)
    found |= _people(draws)
    found |= _rights(draws)
    found |= _products(draws, found["registered_on"])
    found |= _titles(draws, found["has_high_tech_certificate"])
    sales = amounts(draws.value("sales"), int(draws.spec.constants["step"]))
    found |= _credit(draws, sales)
    owed = sum((found[name] for name in _LOANS), start=np.zeros(draws.rows, np.int64))
    books = Books(draws, found["has_high_tech_certificate"], owed)
    found |= books.years(sales)
    found |= _years(draws)
    found |= _operations(draws, found)
    columns: dict[str, IntColumn] = {}
    for name, column in found.items():
        _check(name, column)
        columns[name] = column.astype(FIELDS[name].dtype)
    _leave_out_third_year(columns, draws)
    if missing:
        _leave_blank(columns, draws, missing)
    return columns


_LOANS = (
    "knowledge_loans_here",
    "knowledge_loans_elsewhere",
    "commercial_value_loans_here",
    "commercial_value_loans_elsewhere",
    "other_loans_here",
    "other_loans_elsewhere",
)


def _check(name: str, column: Ints) -> None:
    """Refuse a population file that gives a field values it cannot have."""
    field = FIELDS[name]
    known = column[column != field.none] if field.nullable else column
    lo, hi = field.lo, field.hi
    if known.size and (
        (lo is not None and known.min() < lo) or (hi is not None and known.max() > hi)
    ):
        args = {
            "low": written_value(field, int(known.min())),
            "high": written_value(field, int(known.max())),
            "lo": "-∞" if lo is None else written_value(field, lo),
            "hi": "∞" if hi is None else written_value(field, hi),
        }
        raise UsageError(Problem("population.field-range", key=name, args=args))


def _choice(draws: Draws, name: str, key: str) -> Ints:
    order = [FIELDS[name].choices.index(label) for label in draws.spec.marginals[key].labels]
    return np.array(order, np.int64)[draws.choice(key)]


def _share_of(whole: Ints, share: Floats) -> Ints:
    """A share of a count, to the nearest whole, at most the whole."""
    return np.minimum(np.rint(whole * share).astype(np.int64), whole)


# -- one part of a firm after the other --------------------------------------------------------


def _age(draws: Draws) -> Columns:
    months = np.maximum(draws.count("months"), int(draws.spec.constants["months_least"]))
    # On a day of the month that every month has and that lies before the day looked at.
    day = 1 + (draws.uniform("day") * min(draws.spec.as_of.day, 28)).astype(np.int64)
    as_of = draws.spec.as_of
    month = as_of.year * 12 + as_of.month - 1 - months
    first = (month // 12 - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    start = (first + (month % 12)).astype("datetime64[D]").astype(np.int64)
    return {"months_operating": months, "registered_on": start + day - 1}


def _people(draws: Draws) -> Columns:
    staff = draws.count("staff")
    tech = _share_of(staff, draws.value("sci_tech_share"))
    return {
        "staff_total": staff,
        "sci_tech_staff": tech,
        "rd_staff": _share_of(tech, draws.value("rd_staff_share")),
        "senior_talent": np.minimum(draws.count("senior_talent"), staff),
        "postgraduate_staff": _share_of(staff, draws.value("postgraduate_share")),
    }


def _rights(draws: Draws) -> Columns:
    """Class I are inventions; class II are software, designs and utility models."""
    first, second = draws.count("class1"), draws.count("class2")
    owned = np.where(draws.flag("class1_bought"), first - first // 2, first)
    software = _share_of(second, draws.value("software_share"))
    designs = _share_of(second - software, draws.value("design_share"))
    patents = first + second - software
    return {
        "class1_related": first,
        "class2_related": second,
        "class1_owned": owned,
        "class1_high_value": _share_of(first, draws.value("class1_high_value")),
        "class2_kept_2y": _share_of(second, draws.value("class2_kept")),
        "invention_patents": first,
        "utility_models": second - software - designs,
        "designs": designs,
        "software_copyrights": software,
        "patents_pledged": np.where(draws.flag("pledged"), np.minimum(patents, 2), 0),
    }


def _products(draws: Draws, registered: Ints) -> Columns:
    years = (date.toordinal(draws.spec.as_of) - EPOCH - registered) // 366
    return {
        "innovative_products": draws.count("innovative_products"),
        "years_in_niche": _share_of(years, draws.value("niche_share")),
        "market_share": _millionths(draws.value("market_share"), 100),
    }


def _titles(draws: Draws, certified: Ints) -> Columns:
    today = draws.spec.as_of.toordinal() - EPOCH
    award = np.array(draws.spec.marginals["award"].labels)[draws.choice("award")]
    rank = np.maximum(draws.count("award_rank"), 1)
    won = today - draws.count("award_days")
    led = today - draws.count("standard_days")
    found = {
        "high_tech_until": _or_none(
            certified == 1, today + draws.count("certificate_days"), "high_tech_until"
        ),
        "standard_led_on": _or_none(draws.flag("standard_led"), led, "standard_led_on"),
    }
    for level in ("national", "provincial"):
        for name, value in ((f"{level}_award_rank", rank), (f"{level}_award_on", won)):
            found[name] = _or_none(award == level, value, name)
    return found


def _or_none(has: npt.NDArray[np.bool_], value: Ints, name: str) -> Ints:
    return np.where(has, value, FIELDS[name].none)


def _millionths(value: Floats, step: int) -> Ints:
    return np.rint(value * (1_000_000 // step)).astype(np.int64) * step


def _credit(draws: Draws, sales: Ints) -> Columns:
    """Credit already held, in steps of 10,000 yuan as loans are."""
    ten_thousand = 1_000_000
    elsewhere = draws.flag("held_elsewhere")
    knowledge = amounts(draws.value("knowledge_held"), ten_thousand)
    commercial = amounts(draws.value("commercial_held"), ten_thousand)
    others = amounts(draws.value("other_loans") * sales, ten_thousand)
    working = amounts(others * draws.value("other_loans_working"), ten_thousand)
    here = draws.flag("other_loans_here")
    zero = np.int64(0)
    return {
        "knowledge_loans_here": np.where(elsewhere, zero, knowledge),
        "knowledge_loans_elsewhere": np.where(elsewhere, knowledge, zero),
        "commercial_value_loans_here": np.where(elsewhere, zero, commercial),
        "commercial_value_loans_elsewhere": np.where(elsewhere, commercial, zero),
        "working_capital_loans": knowledge + np.minimum(working, others),
        "other_loans_here": np.where(here, others, zero),
        "other_loans_elsewhere": np.where(here, zero, others),
        "lender_net_capital": np.full(
            draws.rows, int(draws.spec.constants["lender_net_capital"]), np.int64
        ),
        "related_credit_here": amounts(draws.value("related_credit"), ten_thousand),
        "related_sales_share": _millionths(draws.value("related_sales"), 10_000),
        "guarantees_given": amounts(draws.value("guarantees") * sales, ten_thousand),
    }


def _years(draws: Draws) -> Columns:
    found: Columns = {}
    audited = draws.flag("audited").astype(np.int64)
    for ago, suffix in enumerate(YEAR_SUFFIXES):
        year = draws.spec.as_of.year - 1 - ago
        found["fiscal_year" + suffix] = np.full(draws.rows, year, np.int64)
        found["audited" + suffix] = audited
    return found


def _operations(draws: Draws, firm: Columns) -> Columns:
    step = int(draws.spec.constants["step"])
    growth = _millionths(draws.value("expected_growth"), 10_000)
    need = working_capital_need(firm)
    own = np.maximum(
        need * draws.value("own_funds"), firm["sales"] * draws.spec.constants["own_funds_least"]
    )
    return {
        "expected_growth": growth,
        "projected_sales": amounts(firm["sales"] * (1 + growth / 1_000_000), step),
        "working_capital_own_funds": amounts(own, step),
        "working_capital_other_sources": amounts(
            draws.value("other_sources") * firm["sales"], step
        ),
        "brand_score": draws.count("brand"),
        "social_score": draws.count("social"),
        "health_score": draws.count("health"),
    }


# -- what is not known -------------------------------------------------------------------------


def _leave_out_third_year(columns: dict[str, IntColumn], draws: Draws) -> None:
    """A firm registered after the third year began has no figures of it: known not to exist."""
    first = date(draws.spec.as_of.year - 3, 1, 1).toordinal() - EPOCH
    young = columns["registered_on"] > first
    for name, column in columns.items():
        if FIELDS[name].ago == 2 and name != "fiscal_year_prev2":
            column[young] = FIELDS[name].none


def _leave_blank(columns: dict[str, IntColumn], draws: Draws, share: float) -> None:
    """One or two figures of the share of firms are not known."""
    names = draws.spec.blank
    gone = draws.uniform("blank") < share
    for turn in range(2):
        often = draws.uniform(f"blank-{turn}-too") < (1.0 if turn == 0 else 0.5)
        which = (draws.uniform(f"blank-{turn}") * len(names)).astype(np.int64)
        for at, name in enumerate(names):
            columns[name][gone & often & (which == at)] = FIELDS[name].missing
