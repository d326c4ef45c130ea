"""Interest rates: a dated series that the user supplies, and a policy's rate rule on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from ipcredit.errors import Problem, UsageError
from ipcredit.rules import Loan
from ipcredit.sheets import Sheet, open_sheet

Series = Mapping[str, Mapping[dt.date, Decimal]]

_COLUMNS = ("series", "date", "rate")
_DECIMALS = 12


class Rate(NamedTuple):
    """A yearly loan rate as a share: ``base``, the value of ``series`` published on
    ``published``, plus ``spread``."""

    series: str
    published: dt.date
    base: Decimal
    spread: Fraction

    @property
    def value(self) -> Decimal:
        """The rate as a share, exact (0.031 is 3.1 %)."""
        # A policy's spread is a decimal of a few digits, so the division ends.
        spread = Decimal(self.spread.numerator) / Decimal(self.spread.denominator)
        return self.base + spread


def read_rates(path: str | Path) -> Series:
    """Rate series from a CSV or XLSX table with the columns ``series``, ``date`` and ``rate``.

    ``rate`` is a yearly share as a decimal, 0.031 for 3.1 %; ``date`` the day of publication.

    Raises:
        UsageError: the file cannot be read, a column is missing, a cell is wrong, or a series
            has two values for one day; holds all problems with their cells.
    """
    sheet = open_sheet(path)
    first, header = next(sheet.rows, (1, []))
    names = [str(cell).strip().lower() for cell in header]
    absent = [name for name in _COLUMNS if name not in names]
    if absent:
        args = {"missing": ", ".join(absent)}
        raise UsageError(Problem("rates.columns", sheet.place(first), args=args))
    at = {name: names.index(name) for name in _COLUMNS}
    found: dict[str, dict[dt.date, Decimal]] = {}
    problems: list[Problem] = []
    for row, cells in sheet.rows:
        texts = {name: _text(cells, column) for name, column in at.items()}
        if any(texts.values()):
            problems += _take(found, texts, sheet, row, at)
    if problems:
        raise UsageError(problems)
    return found


def _take(
    found: dict[str, dict[dt.date, Decimal]],
    texts: Mapping[str, str],
    sheet: Sheet,
    row: int,
    at: Mapping[str, int],
) -> list[Problem]:
    """Put one row into the series; what is wrong with it."""

    def problem(name: str, code: str, **args: str) -> Problem:
        return Problem(code, sheet.place(row, at[name]), name, args)

    series, day, rate = texts["series"], _day(texts["date"]), _rate(texts["rate"])
    problems = []
    if not series:
        problems.append(problem("series", "rates.series"))
    if day is None:
        problems.append(problem("date", "rates.date", given=texts["date"]))
    if rate is None:
        problems.append(problem("rate", "rates.rate", given=texts["rate"]))
    if problems or day is None or rate is None:
        return problems
    known = found.setdefault(series, {}).setdefault(day, rate)
    if known != rate:
        args = {"series": series, "date": day.isoformat(), "given": str(rate), "other": str(known)}
        return [problem("rate", "rates.twice", **args)]
    return []


def _text(cells: list[object], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value).strip()


def day_of(text: str) -> dt.date | None:
    """The day written ``YYYY-MM-DD``; ``None`` for any other text, also other ISO forms.

    >>> day_of("2026-01-20"), day_of("20260120"), day_of("2026-W04-2")
    (datetime.date(2026, 1, 20), None, None)
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _day(text: str) -> dt.date | None:
    return day_of(text.removesuffix(" 00:00:00"))


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return None
    exponent = rate.as_tuple().exponent
    # The size first: 1e-999999999 must not be written out.
    if not isinstance(exponent, int) or not -_DECIMALS <= exponent <= 0:
        return None
    return rate if -1 < rate < 1 else None


def rate_on(loan: Loan | None, series: Series, on: dt.date) -> Rate | None:
    """The rate of a loan granted on a day: the latest value published by then, plus the spread.

    ``None`` where the policy has no rate rule or the series has no value by that day.

    >>> loan = Loan(12, "LPR-1Y", Fraction(0), None, None, "loan")
    >>> known = {"LPR-1Y": {dt.date(2026, 1, 20): Decimal("0.03")}}
    >>> rate_on(loan, known, dt.date(2026, 2, 1)).value
    Decimal('0.03')
    """
    if loan is None or loan.rate_spread is None:
        return None
    values = series.get(loan.rate_series, {})
    known = [day for day in values if day <= on]
    if not known:
        return None
    return Rate(loan.rate_series, max(known), values[max(known)], loan.rate_spread)
