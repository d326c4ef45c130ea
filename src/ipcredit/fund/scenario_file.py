"""Read a scenario file section by section; every problem of a file is reported in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ipcredit.default_rates import Curve, load_curve, read_curve
from ipcredit.editions import InForce
from ipcredit.errors import UsageError
from ipcredit.fund.scenario_terms import (
    AMOUNTS,
    EXPOSURES,
    FACTORS,
    GROUPS,
    SEVERITIES,
    STEPS,
    THEN,
    Amounts,
    BookTerms,
    Capital,
    Factor,
    Horizon,
    Lending,
    Opening,
    Severity,
    Simulation,
    Stress,
    Terms,
    Timing,
)
from ipcredit.head import SCHEMA, Head, Reading, read_file
from ipcredit.reader import Cursor, Report, Source, Title, shown
from ipcredit.repayment import REPAYMENTS
from ipcredit.source import KeyPath
from ipcredit.traits import PARTS

SECTIONS = (
    "factor", "severity", "timing", "horizon", "simulation", "stress", "book", "pd", "capital",
    "opening", "lending",
)  # fmt: skip
_HEAD = ("schema", "id", "edition", "currency", "title", "source", "assumed", "sources", "note")
_MOST_ENTRIES = 200
_PROVENANCE = ("source", "assumed")


@dataclass(frozen=True, slots=True)
class Content(Head):
    """Everything a scenario file says, checked."""

    terms: Terms
    note: Title | None


class _Within(frozenset[str]):
    """Paths a person has changed, and all that lies within them: entries of lists and tables."""

    def __contains__(self, path: object) -> bool:
        return any(f"{path}.".startswith(f"{changed}.") for changed in self)


def read_content(
    raw: dict[str, Any],
    edition: str,
    where: Callable[[KeyPath], str],
    changed: frozenset[str],
) -> Reading[Content]:
    """The content of a scenario, its amounts by path in minor units, and all problems."""

    def content(top: Cursor, sources: tuple[Source, ...]) -> Content:
        schema = top.take("schema")
        if schema != SCHEMA or isinstance(schema, bool):
            given = "-" if schema is None else shown(schema)
            top.problem("policy.schema", "schema", allowed=SCHEMA, given=given)
        identity, title = top.text("id", required=True), top.title(required=True)
        top.take("currency")
        top.take("sources")
        named, note = top.text("edition", edition), top.title("note")
        terms = _terms(top)
        top.finish((*_HEAD, *SECTIONS))
        report = top.report
        title = title or Title(identity, identity)
        start = (identity, named, report.currency, "", title, InForce(), sources)
        return Content(*start, tuple(report.numbers), report.scopes, terms, note)

    return read_file(raw, Report(where, changed=_Within(changed), kind="scenario"), content)


def _terms(top: Cursor) -> Terms:
    tables = {key: top.child(key) for key in SECTIONS}

    def section(key: str, read: Callable[[Cursor], Any]) -> Any:
        table = tables[key]
        # Asked of an empty table, a section answers that everything is absent.
        return read(table if table is not None else Cursor({}, (key,), top.report, bare=True))

    return Terms(
        section("factor", _factor),
        section("severity", _severity),
        section("timing", _timing),
        section("horizon", _horizon),
        section("simulation", _simulation),
        section("stress", _stress),
        section("book", _book),
        _pd(tables["pd"]) if tables["pd"] is not None else None,
        section("capital", _capital),
        section("opening", _opening),
        section("lending", _lending),
    )


# -- values ----------------------------------------------------------------------------------


def _real(cur: Cursor, key: str, low: float, high: float) -> float | None:
    found = cur.number(key, low=Fraction(low), high=Fraction(high))
    return None if found is None else float(found)


def _whole(cur: Cursor, key: str, low: int, high: int) -> int | None:
    found = cur.number(key, low=low, high=high, whole=True)
    return None if found is None else int(found)


def _word(cur: Cursor, key: str, allowed: tuple[str, ...]) -> str | None:
    """A word that decides something: like a number it has a source."""
    found = cur.word(key, allowed)
    if cur.take(key) in allowed:
        cur.record(found, key)
    return found or None


def _list(cur: Cursor, key: str) -> list[Any]:
    """The entries of a list; one value stands for a list of one."""
    given = cur.take(key)
    if given is None:
        return []
    found = given if isinstance(given, list) else [given]
    if not found or len(found) > _MOST_ENTRIES:
        cur.problem("scenario.list", key, given=shown(given), most=_MOST_ENTRIES)
        return []
    return found


def _reals(cur: Cursor, key: str, low: float, high: float) -> tuple[float, ...]:
    bounds = Fraction(low), Fraction(high)
    found = [
        cur.as_number(x, key, at, low=bounds[0], high=bounds[1])
        for at, x in enumerate(_list(cur, key))
    ]
    return tuple(float(value) for value in found if value is not None)


def _shares(cur: Cursor, key: str) -> Mapping[str, Fraction]:
    """A table of shares that add up to 1."""
    table = cur.child(key)
    if table is None:
        return {}
    names = [name for name in table.rest() if name not in _PROVENANCE]
    found = {name: table.number(name, low=0, high=1) for name in names}
    table.finish(names)
    exact = {name: share for name, share in found.items() if share is not None}
    if len(exact) == len(found) and sum(exact.values()) != 1:
        cur.problem("scenario.shares", key, total=float(sum(exact.values())))
    return exact


# -- sections --------------------------------------------------------------------------------


def _factor(cur: Cursor) -> Factor:
    kind = _word(cur, "kind", FACTORS)
    correlation = _real(cur, "correlation", 0, 1) if kind != "gamma" else None
    variance = _real(cur, "variance", 0, 1000) if kind != "gaussian" else None
    autocorrelation = _real(cur, "autocorrelation", -1, 1)
    by, within = _word(cur, "by", GROUPS), _real(cur, "within", 0, 1)
    cur.finish(("kind", "correlation", "variance", "autocorrelation", "by", "within"))
    allowed = ", ".join(GROUPS)
    if cur.has("by") and (kind == "gamma" or (variance is not None and correlation is None)):
        cur.problem("scenario.by-gamma", "by")
    if cur.has("within") and not cur.has("by"):
        cur.problem("scenario.within-alone", "within", allowed=allowed)
    if within is not None and correlation is not None and within < correlation:
        cur.problem("scenario.within-low", "within", given=f"{within:g}", least=f"{correlation:g}")
    return Factor(kind, correlation, variance, autocorrelation, by, within)


def _severity(cur: Cursor) -> Severity:
    kind = _word(cur, "kind", SEVERITIES)
    recovery = _real(cur, "recovery", 0, 1)
    sd = _real(cur, "sd", 0, 0.5) if kind != "fixed" else None
    slope, delay = _real(cur, "slope", -1, 1), _real(cur, "delay_months", 0, 1200)
    cur.finish(("kind", "recovery", "sd", "slope", "delay_months"))
    if kind == "beta" and sd and recovery is not None and sd * sd >= recovery * (1 - recovery):
        most = f"{(recovery * (1 - recovery)) ** 0.5:.4f}"
        cur.problem("scenario.spread", "sd", given=sd, mean=recovery, most=most)
    return Severity(kind, recovery, sd, slope, delay)


def _timing(cur: Cursor) -> Timing:
    exposure = _word(cur, "exposure", EXPOSURES)
    curve = _reals(cur, "curve", 0, 1)
    months: tuple[int, ...] = ()
    cumulative: tuple[float, ...] = ()
    if not cur.has("curve"):
        months = tuple(int(value) for value in _reals(cur, "months", 1, 1200))
        cumulative = _reals(cur, "cumulative", 0, 1)
        if len(months) != len(cumulative):
            cur.problem("scenario.pairs", "cumulative", left=len(months), right=len(cumulative))
    cur.finish(("exposure", "curve", "months", "cumulative"))
    for key, values in (("curve", curve), ("months", months), ("cumulative", cumulative)):
        if any(later < earlier for earlier, later in pairwise(values)):
            cur.problem("scenario.falls", key)
    if curve and curve[-1] != 1:
        cur.problem("scenario.curve-end", "curve", given=curve[-1])
    if cumulative and not cumulative[-1]:
        cur.problem("scenario.no-defaults", "cumulative")
    return Timing(curve, months, cumulative, exposure)


def _horizon(cur: Cursor) -> Horizon:
    found = Horizon(_whole(cur, "years", 1, 100), _word(cur, "step", STEPS))
    cur.finish(("years", "step"))
    return found


def _simulation(cur: Cursor) -> Simulation:
    found = Simulation(_whole(cur, "seed", 0, 10**9), _whole(cur, "paths", 1, 10**9))
    cur.finish(("seed", "paths"))
    return found


def _stress(cur: Cursor) -> Stress:
    pd = _reals(cur, "pd", 0, 1000)
    rates: tuple[float, ...] = ()
    base = None
    if not cur.has("pd"):
        rates, base = _reals(cur, "rates", 0, 1), _real(cur, "base", 0, 1)
    factor = _reals(cur, "factor", -10, 10)
    then = _word(cur, "then", THEN)
    cur.finish(("pd", "rates", "base", "factor", "then"))
    if rates and not base:
        cur.problem("scenario.no-base", "base")
    if (pd or rates or factor) and then is None:
        cur.problem("policy.required-word", "then", allowed=", ".join(THEN))
    return Stress(pd, rates, base, factor, then)


def _book(cur: Cursor) -> BookTerms:
    table = cur.child("draw_rate")
    drawn: dict[str, Fraction] = {}
    if table is not None:
        found = {part: table.number(part, low=0, high=1) for part in PARTS}
        table.finish(PARTS)
        drawn = {part: rate for part, rate in found.items() if rate is not None}
    terms = BookTerms(
        drawn,
        cur.number("take_up", low=0, high=1),
        _shares(cur, "lenders"),
        _shares(cur, "districts"),
        _whole(cur, "term_months", 1, 1200),
        _word(cur, "repayment", REPAYMENTS),
    )
    cur.finish(("draw_rate", "take_up", "lenders", "districts", "term_months", "repayment"))
    return terms


def _pd(cur: Cursor) -> Curve | None:
    """A curve by its name in the shipped file, or written out."""
    name = cur.text("curve", required=cur.has("curve"))
    if not name or cur.has("by"):
        return read_curve(name or "scenario", cur)
    cur.finish(("curve",))
    try:
        load_curve(name)  # says what is wrong: one that is right has been written out by now
    except UsageError as error:
        cur.report.problems.extend(
            type(problem)(
                problem.code, cur.report.where((*cur.path, "curve")), "pd.curve", problem.args
            )
            for problem in error.problems
        )
    return None


def _capital(cur: Cursor) -> Capital:
    found = Capital(cur.money("committed"), cur.money("paid_in"), cur.money("cash"))
    cur.finish(("committed", "paid_in", "cash"))
    return found


def _amounts(cur: Cursor) -> tuple[int | None, ...]:
    return tuple(cur.money(name) for name in AMOUNTS)


def _opening(cur: Cursor) -> Opening:
    whole = _amounts(cur)
    found: dict[str, dict[str, Amounts]] = {"lenders": {}, "districts": {}}
    for key, of in found.items():
        for name, table in cur.children(key):
            of[name] = Amounts(*_amounts(table))
            table.finish(AMOUNTS)
    cur.finish((*AMOUNTS, "lenders", "districts"))
    return Opening(Amounts(*whole), found["lenders"], found["districts"])


def _lending(cur: Cursor) -> Lending:
    amounts = []
    for at, written in enumerate(_list(cur, "new")):
        amount = cur.as_money(written, "new", at)
        amounts.append(amount)
        if amount is not None and amount < 0:
            cur.problem("policy.too-low", "new", given=shown(written), low=0, high=None)
    rollover = _real(cur, "rollover", 0, 1)
    cur.finish(("new", "rollover"))
    return Lending(tuple(amount for amount in amounts if amount is not None), rollover)
