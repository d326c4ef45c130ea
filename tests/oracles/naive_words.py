"""Words, units and figures of the naive interpreter: how a policy file writes what it compares."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

NONE = "(none)"
OPS: dict[str, Callable[[int], bool]] = {
    "at_least": lambda sign: sign >= 0,
    "more_than": lambda sign: sign > 0,
    "at_most": lambda sign: sign <= 0,
    "less_than": lambda sign: sign < 0,
    "is": lambda sign: sign == 0,
}
WORDS = (*OPS, "one_of")
SUFFIXES = ("", "_prev", "_prev2")
SECTIONS = {
    "schema", "id", "edition", "currency", "country", "in_force", "source", "assumed", "title",
    "sources", "silent", "favourable", "gates", "confirm", "tiers", "raise", "line", "base",
    "receivables", "limits", "loan", "cover",
}  # fmt: skip
META = {"source", "assumed", "reading"}
UNITS = {"分": 1, "元": 100, "万元": 10**6, "亿元": 10**10}
WON = {"": 1, "million": 10**6, "billion": 10**9}
EPOCH = date(1970, 1, 1)

Firm = Mapping[str, Any]
Table = Mapping[str, Any]


def fen(text: str) -> int:
    """An amount as written in the shipped policies: whole fen, or whole won."""
    if text.startswith("KRW"):
        number, _, unit = text.removeprefix("KRW").strip().partition(" ")
        return int(Fraction(number) * WON[unit])
    found = re.fullmatch(r"(-?)([\d,]+)(?:\.(\d+))?\s*(\D+)", text.strip())
    assert found, text
    digits = Fraction(f"{found[2].replace(',', '')}.{found[3] or '0'}")
    amount = digits * UNITS[found[4].strip()]
    assert amount.denominator == 1, text
    return -int(amount) if found[1] else int(amount)


def months_later(day: date, months: int) -> date:
    """The monthly anniversary; the last day of the month where the day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def later(day: date, count: int, unit: str) -> date:
    if unit == "days":
        return day + timedelta(days=count)
    return months_later(day, count * (12 if unit == "years" else 1))


def one_more(text: str, step: int) -> str:
    """An amount ``step`` minor units larger."""
    minor = fen(text) + step
    return f"KRW {minor}" if text.startswith("KRW") else f"{minor} 分"


def held(firm: Firm, names: Any) -> int:
    """Amounts together; what does not exist is nothing."""
    return sum(0 if firm[name] == NONE else firm[name] for name in names)


def sign(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def comparison(table: Table) -> tuple[str, Any] | None:
    """The one comparison word of a table and its threshold."""
    found = [(word, table[word]) for word in WORDS if word in table]
    return found[0] if found else None


def band_tables(table: Table) -> dict[str, Table]:
    return {k: v for k, v in table.items() if isinstance(v, dict) and comparison(v)}


def named(tables: Table) -> dict[str, Any]:
    """The tables of a table, without its provenance."""
    return {name: value for name, value in tables.items() if name not in META}


def nothing(firm: Firm) -> list[str]:
    return [name for name, value in firm.items() if value == NONE]


def times(every: Any, unit: Any, count: int) -> Any:
    return f"{int(unit) * count} 分" if isinstance(every, str) else unit * count


def in_columns(threshold: Any, kind: str) -> Fraction:
    """A written threshold in column units."""
    if kind == "money":
        return Fraction(fen(threshold))
    assert isinstance(threshold, int | Decimal | Fraction), threshold
    return Fraction(threshold) * (10**6 if kind in ("share", "decimal") else 1)
