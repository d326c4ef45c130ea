"""Default probabilities from points or external ratings, as data with its source; observed rates.

A firm's probability comes from its score and evidence, never from the label a policy gives it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.reader import EVIDENCE, Cursor, Number, Report, Title, nearest, one_line
from ipcredit.resources import config_dir
from ipcredit.source import Document, read_toml

Floats = npt.NDArray[np.float64]

SCHEMA: Final = 1
FILE: Final = "default-rates.toml"
KINDS: Final = ("points", "rating")


@dataclass(frozen=True, slots=True)
class CurveStep:
    """The one-year probability from so many points upward (``None``: of all below)."""

    at_least: Fraction | None
    pd: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One-year default probability by points or by external rating.

    ``steps``: highest first, the last one open.  ``ratings``: label and probability.
    ``numbers`` holds every value with its source or the reason it is assumed.

    >>> curve = Curve.stepped("mine", {80: 0.01, 60: 0.02}, otherwise=0.05)
    >>> curve.of_points(np.array([85.0, 80.0, 79.9, 0.0])).tolist()
    [0.01, 0.01, 0.02, 0.05]
    """

    id: str
    title: Title
    by: str
    steps: tuple[CurveStep, ...] = ()
    ratings: tuple[tuple[str, float], ...] = ()
    numbers: tuple[Number, ...] = ()

    @staticmethod
    def stepped(name: str, steps: Mapping[float, float], *, otherwise: float) -> Curve:
        """A curve over points: probability from each number of points upward, and below all.

        Raises:
            UsageError: a probability outside 0 to 1.
        """
        ordered = sorted(steps.items(), reverse=True)
        found = [CurveStep(Fraction(repr(float(at))), float(pd)) for at, pd in ordered]
        _probabilities([*steps.values(), otherwise])
        return Curve(name, Title(name, name), "points", (*found, CurveStep(None, float(otherwise))))

    @staticmethod
    def rated(name: str, ratings: Mapping[str, float]) -> Curve:
        """A curve over external ratings.

        Raises:
            UsageError: a probability outside 0 to 1.
        """
        _probabilities(list(ratings.values()))
        found = tuple((label, float(pd)) for label, pd in ratings.items())
        return Curve(name, Title(name, name), "rating", (), found)

    def of_points(self, points: Floats) -> Floats:
        """The probability of each number of points, float64[n]; NaN where the points are NaN."""
        bounds = [
            float(step.at_least) for step in reversed(self.steps) if step.at_least is not None
        ]
        values = np.array([step.pd for step in reversed(self.steps)])
        at = np.searchsorted(np.array(bounds), points, side="right")
        return np.where(np.isnan(points), np.nan, values[at])

    def of_ratings(self, codes: npt.NDArray[np.integer], labels: list[str]) -> Floats:
        """The probability of each rating code (-1: none), float64[n]; NaN where it has none."""
        known = dict(self.ratings)
        values = np.array([*(known.get(label, np.nan) for label in labels), np.nan])
        return np.asarray(values[codes], np.float64)

    @property
    def assumed(self) -> tuple[Title, ...]:
        """Why its values are assumed, each reason once."""
        reasons = (n.assumed for n in self.numbers if n.assumed is not None)
        return tuple(dict.fromkeys(reasons))


@dataclass(frozen=True, slots=True)
class Observed:
    """Default rates that were observed: a fact about the past, not a probability.

    ``window_months``: over how long.  ``rates``: label, share that defaulted, number of defaults
    (``None``: not published).  No default seen does not make the probability 0.
    """

    id: str
    title: Title
    window_months: int
    firms: int | None
    rates: tuple[tuple[str, float, int | None], ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class DefaultRates:
    """A file of curves and observed rates."""

    curves: Mapping[str, Curve]
    observed: Mapping[str, Observed]
    file: str = ""


def curve_table(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A curve as its file writes it, with the source it names: to be kept in a scenario.

    Raises:
        UsageError: no such curve, or the file is wrong; holds all problems.
    """
    curve = load_curve(name)
    file = str(name).rpartition("#")[0]
    data = read_toml(file or config_dir() / "reference" / FILE).data
    table = copy.deepcopy(data["curves"][curve.id])
    source = table.get("source", data.get("source"))
    if source and "assumed" not in table:
        table["source"] = source
    return table, {source: data["sources"][source]} if source in data.get("sources", {}) else {}


def load_curve(name: str | Path) -> Curve:
    """The curve called ``name`` in the shipped file, or ``FILE.toml#name`` in another.

    Raises:
        UsageError: no such curve, or the file is wrong; holds all problems.
    """
    file, _, curve = str(name).rpartition("#")
    rates = default_rates(file or None)
    if curve not in rates.curves:
        near = nearest(curve, rates.curves)
        code = "rates.unknown-curve-near" if near else "rates.unknown-curve"
        args = {
            "given": one_line(curve),
            "nearest": near,
            "allowed": ", ".join(rates.curves) or "-",
        }
        raise UsageError(Problem(code, key="curve", args=args))
    return rates.curves[curve]


def default_rates(path: str | Path | None = None) -> DefaultRates:
    """The file of default rates at ``path``, by default the shipped one.

    Raises:
        UsageError: the file cannot be read or is wrong; holds all problems with their lines.

    >>> default_rates().observed["kibo-2005-2007"].window_months
    30
    """
    document = read_toml(config_dir() / "reference" / FILE if path is None else path)
    return rates_of(document)


def rates_of(document: Document) -> DefaultRates:
    """What a parsed file of default rates says.

    Raises:
        UsageError: the file is wrong; holds all problems with their lines.
    """
    report = Report(document.where)
    # Before anything that may name one of them.
    known = {"sources": document.data.get("sources", {})}
    report.sources = _sources(Cursor(known, (), report, bare=True))
    top = Cursor(document.data, (), report)
    top.take("sources")
    if top.take("schema") != SCHEMA:
        given = str(document.data.get("schema"))
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=given)
    top.text("id", required=True)
    top.title(required=True)
    curves = {name: read_curve(name, cur) for name, cur in top.children("curves")}
    observed = {name: _observed(name, cur) for name, cur in top.children("observed")}
    top.finish(("schema", "id", "title", "sources", "curves", "observed"))
    if report.problems:
        raise UsageError(report.problems)
    return DefaultRates(curves, observed, document.name)


def _sources(top: Cursor) -> dict[str, str]:
    found = {}
    for name, cur in top.children("sources"):
        cur.text("document", required=True)
        cur.title()
        cur.title("note")
        cur.date("published")
        cur.text("url")
        found[name] = cur.word("evidence", EVIDENCE[:2], required=True)
        cur.finish()
    return found


def read_curve(name: str, cur: Cursor) -> Curve:
    """A curve from its table; what is wrong lands in the cursor's report."""
    before = len(cur.report.numbers)
    title = cur.title() or Title(name, name)
    by = cur.word("by", KINDS, required=True)
    steps: tuple[CurveStep, ...] = ()
    ratings: tuple[tuple[str, float], ...] = ()
    if by == "points":
        steps = _steps(cur)
    elif by == "rating":
        table = cur.child("ratings")
        if table is None:
            cur.problem("policy.required", "ratings")
        else:
            found = [
                (label, table.number(label, low=0, high=1))
                for label in table.rest()
                if label not in ("source", "assumed")
            ]
            ratings = tuple((label, float(pd)) for label, pd in found if pd is not None)
    cur.finish(("title", "by", "steps" if by == "points" else "ratings"))
    numbers = tuple(cur.report.numbers[before:])
    return Curve(name, title, by, steps, ratings, numbers)


def _steps(cur: Cursor) -> tuple[CurveStep, ...]:
    given = cur.take("steps")
    if not isinstance(given, list) or not given or not all(isinstance(x, dict) for x in given):
        cur.problem("rates.steps", "steps")
        return ()
    found = []
    for at, table in enumerate(given):
        step = cur.at("steps", table, at)
        last = at == len(given) - 1
        bound = step.number("at_least", required=not last)
        pd = step.number("pd", low=0, high=1, required=True)
        step.finish(("at_least", "pd"))
        if last and bound is not None:
            step.problem("rates.last-open", "at_least")
        found.append(CurveStep(bound, float(pd or 0)))
    bounds = [step.at_least for step in found if step.at_least is not None]
    if any(low >= high for high, low in pairwise(bounds)):
        cur.problem("rates.order", "steps")
    return tuple(found)


def _observed(name: str, cur: Cursor) -> Observed:
    before = len(cur.report.numbers)
    title = cur.title() or Title(name, name)
    window = cur.number("window_months", low=1, high=1200, whole=True, required=True)
    firms = cur.number("firms", low=1, whole=True)
    rates: list[tuple[str, float, int | None]] = []
    for label, table in cur.children("rates"):
        rate = table.number("rate", low=0, high=1, required=True)
        defaults = table.number("defaults", low=0, whole=True)
        table.finish(("rate", "defaults"))
        rates.append((label, float(rate or 0), None if defaults is None else int(defaults)))
    cur.finish(("title", "window_months", "firms", "rates"))
    numbers = tuple(cur.report.numbers[before:])
    whole = None if firms is None else int(firms)
    return Observed(name, title, int(window or 0), whole, tuple(rates), numbers)


def _probabilities(values: list[Any]) -> None:
    for value in values:
        if not 0 <= value <= 1:
            args = {"value": str(value)}
            raise UsageError(Problem("portfolio.probability", key="pd", args=args))
