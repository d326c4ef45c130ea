"""Interest rates: a dated series that the user supplies, and a policy's rate rule on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from ipcredit.errors import Problem, UsageError
from ipcredit.rules import Loan
from ipcredit.sheets import open_sheet

Series = Mapping[str, Mapping[dt.date, Decimal]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly loan rate as a share: value of ``series`` published on ``published``, plus spread."""

    series: str
    published: dt.date
    base: Decimal
    spread: Fraction

    @property
    def value(self) -> Decimal:
        """The rate as a share (0.031 is 3.1 %)."""
        spread = Decimal(self.spread.numerator) / Decimal(self.spread.denominator)
        return self.base + spread


def read_rates(path: str | Path) -> Series:
    """Rate series from a CSV or XLSX table with the columns ``series``, ``date`` and ``rate``.

    ``rate`` is a yearly share as a decimal, 0.031 for 3.1 %.

    Raises:
        UsageError: the file cannot be read, a column is missing, or a cell is wrong; holds all
            problems with their cells.
    """
    sheet = open_sheet(path)
    _, header = next(sheet.rows, (0, []))
    names = [str(cell).strip().lower() for cell in header]
    absent = [name for name in ("series", "date", "rate") if name not in names]
    if absent:
        args = {"missing": ", ".join(absent)}
        raise UsageError(Problem("rates.columns", sheet.place(1), args=args))
    at = {name: names.index(name) for name in ("series", "date", "rate")}
    found: dict[str, dict[dt.date, Decimal]] = {}
    problems: list[Problem] = []
    for row, cells in sheet.rows:
        texts = {name: _text(cells, column) for name, column in at.items()}
        if not any(texts.values()):
            continue
        day, rate = _day(texts["date"]), _rate(texts["rate"])
        if day is None:
            problems.append(Problem("rates.date", sheet.place(row, at["date"]), "date",
                                    {"given": texts["date"]}))  # fmt: skip
        if rate is None:
            problems.append(Problem("rates.rate", sheet.place(row, at["rate"]), "rate",
                                    {"given": texts["rate"]}))  # fmt: skip
        if day is not None and rate is not None:
            found.setdefault(texts["series"], {})[day] = rate
    if problems:
        raise UsageError(problems)
    return found


def _text(cells: list[object], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value).strip()


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and -1 < rate < 1 else None


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


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month.

    >>> months_after(dt.date(2026, 1, 31), 1), months_after(dt.date(2026, 11, 23), 12)
    (datetime.date(2026, 2, 28), datetime.date(2027, 11, 23))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
