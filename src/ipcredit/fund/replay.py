"""The Chongqing pilot at its public dates: what default level would have emptied the fund.

No default or payout figure of the pilot is public, so nothing is simulated: the fund is divided by
what it would have paid had everything owed defaulted.  Data: ``config/reference/pilot-2017-2025.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ipcredit import messages
from ipcredit.errors import UsageError
from ipcredit.money import format_money
from ipcredit.reader import EVIDENCE, Cursor, Report, Title
from ipcredit.resources import config_dir
from ipcredit.source import read_toml

FILE: Final = "pilot-2017-2025.toml"
CAPITALS: Final = ("committed", "paid-in")
SCHEMA: Final = 1
# Balances between two public figures are shown to ten thousand yuan.
_SHOWN: Final = 10**6


@dataclass(frozen=True, slots=True)
class Point:
    """One public date: cumulative lending and the fund, minor units (``fund`` None: no question).

    ``assumed``: why each value that is assumed is so, by its name.
    """

    month: str
    lent: int
    fund: int | None
    assumed: dict[str, Title]


@dataclass(frozen=True, slots=True)
class Pilot:
    """The pilot as far as it is public; months are ``YYYY-MM``, points in order of time."""

    currency: str
    cover: Fraction
    paid_in_least: Fraction
    balance_months: int
    points: tuple[Point, ...]
    assumed: dict[str, Title]


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One date and capital: what share of the balance would have had to default.

    ``lent`` by then, ``balance`` owed then, ``capital``, all in minor units.  ``level``: the share
    of the balance whose default uses the capital up; above 1 the fund cannot be emptied.
    ``outlasts``: even the default of everything ever lent would not empty it.  ``assumed``: what of
    it is assumed, and why.
    """

    month: str
    kind: str
    lent: int
    balance: Fraction
    capital: Fraction
    level: Fraction
    outlasts: bool
    assumed: tuple[Title, ...]

    @property
    def can_be_emptied(self) -> bool:
        """Whether defaults of the balance can use the capital up."""
        return self.level <= 1

    def data(self) -> dict[str, Any]:
        """As JSON data; shares as numbers, amounts in whole minor units, rounded down."""
        return {
            "month": self.month,
            "capital": self.kind,
            "lent_fen": self.lent,
            "balance_fen": int(self.balance),
            "capital_fen": int(self.capital),
            "level": float(self.level),
            "can_be_emptied": self.can_be_emptied,
            "outlasts_all_lending": self.outlasts,
            "assumed": [{"zh": item.zh, "en": item.en} for item in self.assumed],
        }


def read_pilot(path: str | Path | None = None) -> Pilot:
    """The pilot's data, by default those shipped.

    Raises:
        UsageError: the file cannot be read or is wrong; holds all problems with their lines.

    >>> [point.month for point in read_pilot().points][-1]
    '2025-09'
    """
    document = read_toml(config_dir() / "reference" / FILE if path is None else path)
    report = Report(document.where)
    top = Cursor(document.data, (), report)
    report.sources = _sources(top)
    if top.take("schema") != SCHEMA:
        given = str(document.data.get("schema"))
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=given)
    currency = top.text("currency", required=True)
    top.text("id", required=True)
    top.title(required=True)
    rules = top.child("rules")
    numbers: dict[str, Fraction] = {}
    if rules is None:
        top.problem("policy.required", "rules")
    else:
        for key in ("cover", "paid_in_least", "balance_months"):
            found = rules.number(key, required=True)
            numbers[key] = Fraction(1) if found is None else Fraction(found)
        rules.finish()
    points = []
    for name, cur in top.children("dates"):
        month = cur.text("month", required=True)
        lent, fund = cur.money("lent", required=True), cur.money("fund")
        cur.finish()
        points.append(Point(month, lent or 0, fund, _assumed_of(report, f"dates.{name}.")))
    top.finish()
    if report.problems:
        raise UsageError(report.problems)
    return Pilot(
        currency, numbers["cover"], numbers["paid_in_least"], int(numbers["balance_months"]),
        tuple(sorted(points, key=lambda point: point.month)), _assumed_of(report, "rules."),
    )  # fmt: skip


def replay(pilot: Pilot | None = None) -> tuple[ReplayRow, ...]:
    """For each public date with a fund: against the commitment, and against what must be paid in.

    >>> [(row.month, row.kind, row.can_be_emptied) for row in replay()][:2]
    [('2017-12', 'committed', False), ('2017-12', 'paid-in', False)]
    """
    data = read_pilot() if pilot is None else pilot
    rows = []
    for at, point in enumerate(data.points):
        if point.fund is None:
            continue
        before, exact = lent_by(data.points, _months(point.month) - data.balance_months)
        balance = point.lent - before
        reasons = [*data.assumed.values(), *point.assumed.values()]
        if not exact:
            first = data.points[at - 1]
            reasons.append(_say("fund-paths.replay-interpolated", a=first.month, b=point.month))
        for kind in CAPITALS:
            part = Fraction(1) if kind == "committed" else data.paid_in_least
            capital = point.fund * part
            level = capital / (data.cover * balance)
            rows.append(
                ReplayRow(
                    point.month,
                    kind,
                    point.lent,
                    Fraction(balance),
                    capital,
                    level,
                    data.cover * point.lent < capital,
                    tuple(reasons),
                )
            )
    return tuple(rows)


def lent_by(points: Sequence[Point], month: int) -> tuple[Fraction, bool]:
    """Cumulative lending by a month (years x 12 + months): evenly between two points.

    Also whether it is a point's own figure.  Before the first point it is that point's.
    """
    known = [(_months(point.month), point.lent) for point in points]
    for (a, low), (b, high) in pairwise(known):
        if a <= month <= b:
            part = Fraction(month - a, b - a)
            return low + part * (high - low), month in (a, b)
    return Fraction(known[0][1] if month < known[0][0] else known[-1][1]), month == known[-1][0]


def replay_text(rows: Sequence[ReplayRow], lang: str = "en", currency: str = "CNY") -> str:
    """The rows as a page in ``zh``, ``en`` or ``both``."""
    if lang == "both":
        return replay_text(rows, "zh", currency) + "\n" + replay_text(rows, "en", currency)
    found = [messages.text("fund-paths.replay-title", lang)]
    for row in rows:
        if row.outlasts:
            verdict = "fund-paths.replay-outlasts"
        else:
            verdict = "fund-paths.replay-level" if row.can_be_emptied else "fund-paths.replay-never"
        found.append(
            messages.text(
                "fund-paths.replay-row", lang, month=row.month,
                kind=messages.text(f"fund-paths.{row.kind}", lang),
                capital=format_money(int(row.capital), currency, lang),
                balance=format_money(round(row.balance / _SHOWN) * _SHOWN, currency, lang),
                verdict=messages.text(verdict, lang, level=f"{float(row.level):.1%}"),
            )
        )  # fmt: skip
    reasons = dict.fromkeys(
        f"  {row.month}: {item.text(lang)}" for row in rows for item in row.assumed
    )
    return "\n".join([*found, messages.text("fund-paths.replay-assumed", lang), *reasons]) + "\n"


def _months(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def _say(code: str, **args: str) -> Title:
    return Title(messages.text(code, "zh", **args), messages.text(code, "en", **args))


def _assumed_of(report: Report, prefix: str) -> dict[str, Title]:
    return {
        number.path: number.assumed
        for number in report.numbers
        if number.path.startswith(prefix) and number.assumed is not None
    }


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
