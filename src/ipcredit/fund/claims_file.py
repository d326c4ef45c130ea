"""Read what happened to a fund from tables: claims, recoveries, positions, money, a row each.

Columns stand under their names or labels in either language.  A row that is wrong is left out and
keeps its problems; what cannot be read at all is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from ipcredit.errors import Problem, UsageError
from ipcredit.fields import EPOCH, Field
from ipcredit.firms import check_currency
from ipcredit.fund.claims import FUND_POT, Claim, MoneyEvent, Position, Recovery
from ipcredit.messages.fund_pay import COLUMNS as TEXTS
from ipcredit.money import MAX_MINOR, MoneyError, parse_money, plain
from ipcredit.portfolio_cells import CellColumn
from ipcredit.portfolio_columns import COLUMNS as BOOK
from ipcredit.portfolio_columns import BookColumn, Heading
from ipcredit.sheets import Sheet, open_sheet
from ipcredit.traits import MISSING, NUMERIC
from ipcredit.values import is_missing, shown

_T = TypeVar("_T")
_LAST_DAY: Final = 2_932_896


class LedgerColumn(BookColumn):
    """A column of a table of claims, recoveries, positions or money."""

    __slots__ = ()

    def label(self, lang: str = "en") -> str:
        """The column's label in ``zh`` or ``en``."""
        return TEXTS[self.name][1 if lang == "zh" else 0]

    def definition(self, lang: str = "en") -> str:
        """What stands in the column, one sentence, in ``zh`` or ``en``."""
        return TEXTS[self.name][3 if lang == "zh" else 2]

    @property
    def field(self) -> Field:
        """The column as a field, for the parser of single values."""
        kind: Any = {"whole": "flag", "millionths": "decimal"}.get(self.kind, self.kind)
        return Field(self.name, kind, "", *TEXTS[self.name][:2], "", "", lo=self.lo, hi=self.hi)


def _text(name: str, *, required: bool = False) -> LedgerColumn:
    return LedgerColumn(name, "label", "text", required=required)


def _money(name: str, *, required: bool = False, lo: int = 0) -> LedgerColumn:
    return LedgerColumn(name, "money", "amount", required=required, lo=lo, hi=MAX_MINOR)


def _day(name: str) -> LedgerColumn:
    return LedgerColumn(name, "date", "date", required=True, lo=1 - EPOCH, hi=_LAST_DAY)


def _named(*columns: BookColumn) -> Mapping[str, BookColumn]:
    return {column.name: column for column in columns}


CLAIM_COLUMNS: Final = _named(
    _text("claim", required=True), _text("loan"), _text("firm", required=True),
    _text("lender", required=True), _text("district"), _day("overdue_on"),
    _money("principal", required=True), _money("interest"), _money("own_liability"),
    _money("other_public"), LedgerColumn("other_scheme", "whole", "flag"), _text("cover_rule"),
    *(replace(BOOK[name], required=False) for name in ("class", "mode", "part", "tags", *NUMERIC)),
)  # fmt: skip
"""Columns of a table of claims; the traits are those of a book of loans."""
RECOVERY_COLUMNS: Final = _named(
    _day("day"), _text("claim", required=True), _money("amount", required=True)
)
POSITION_COLUMNS: Final = _named(
    _day("day"), _text("lender", required=True), _text("district"),
    _money("volume", required=True), _money("balance", required=True),
)  # fmt: skip
MONEY_COLUMNS: Final = _named(
    _day("day"), _text("pot"), _text("district"),
    *(_money(name, lo=-MAX_MINOR) for name in ("committed", "paid_in", "cash")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger(Generic[_T]):
    """The good rows of a table with their places, and everything wrong with the others.

    ``left_out``: the claims named by rows that are wrong.
    """

    items: tuple[_T, ...] = ()
    places: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: frozenset[str] = frozenset()

    def place(self, at: int) -> str:
        """Where an item stands; empty for items from memory."""
        return self.places[at] if self.places else ""


def read_claims(path: str | Path, currency: str) -> Ledger[Claim]:
    """The claims of a CSV or XLSX file, one a row.

    Raises:
        UsageError: the file cannot be read, or its header is wrong.
    """
    table = _Table(path, currency, CLAIM_COLUMNS)
    return table.ledger(_claim)


def read_recoveries(path: str | Path, currency: str) -> Ledger[Recovery]:
    """The recoveries of a CSV or XLSX file: day, claim, amount.

    Raises:
        UsageError: the file cannot be read, or its header is wrong.
    """
    table = _Table(path, currency, RECOVERY_COLUMNS)
    return table.ledger(lambda row: Recovery(_date(row["day"]), row["claim"], row["amount"]))


def read_positions(path: str | Path, currency: str) -> Ledger[Position]:
    """The positions of a CSV or XLSX file: day, lender, district, volume, balance.

    Raises:
        UsageError: the file cannot be read, or its header is wrong.
    """

    def one(row: Mapping[str, Any]) -> Position:
        volume, balance = row["volume"], row["balance"]
        return Position(_date(row["day"]), row["lender"], row.get("district", ""), volume, balance)

    return _Table(path, currency, POSITION_COLUMNS).ledger(one)


def read_money(path: str | Path, currency: str) -> Ledger[MoneyEvent]:
    """The money of a CSV or XLSX file: day, pot, district, committed, paid_in, cash.

    Raises:
        UsageError: the file cannot be read, or its header is wrong.
    """

    def one(row: Mapping[str, Any]) -> MoneyEvent:
        kinds = {name: _known(row, name) for name in ("committed", "paid_in", "cash")}
        pot, district = row.get("pot") or FUND_POT, row.get("district", "")
        return MoneyEvent(_date(row["day"]), pot, district, **kinds)

    return _Table(path, currency, MONEY_COLUMNS).ledger(one)


def _claim(row: Mapping[str, Any]) -> Claim:
    tags = row.get("tags")
    other = _known(row, "other_scheme")
    return Claim(
        row["claim"],
        row.get("loan") or row["claim"],
        row["firm"],
        row["lender"],
        row.get("district", ""),
        _date(row["overdue_on"]),
        row["principal"],
        _known(row, "interest"),
        _known(row, "own_liability"),
        _known(row, "other_public"),
        None if other is None else bool(other),
        row.get("cover_rule", ""),
        {name: row[name] for name in ("class", "mode", "part") if row.get(name)},
        None if tags is None else frozenset(tag for tag in tags.split(";") if tag),
        {name: row[name] for name in NUMERIC if row.get(name, MISSING) != MISSING},
    )


def _known(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name, MISSING)
    return None if value == MISSING else int(value)


def _date(days: int) -> dt.date:
    return dt.date.fromordinal(days + EPOCH)


class _Table:
    """One table while it is read."""

    def __init__(self, path: str | Path, currency: str, columns: Mapping[str, BookColumn]) -> None:
        check_currency(currency)
        self.sheet = open_sheet(path)
        self.lines: list[int] = []
        self.problems: dict[int, list[Problem]] = {}
        first, header = next(self.sheet.rows, (0, []))
        if not header:
            raise UsageError(Problem("fund-pay.no-rows", self.sheet.file))
        self.headings = _headings(self.sheet, first, header, currency, columns)
        self.at = {heading.column.name: at for at, heading in self.headings.items()}
        cells = self._cells(header)
        self.columns: dict[str, Sequence[Any]] = {}
        for at, heading in self.headings.items():
            reader = CellColumn(heading, currency)
            if self.lines:
                reader.extend(cells[at])
            self._take(reader)

    def _cells(self, header: list[Any]) -> list[list[Any]]:
        width = len(header)
        cells: list[list[Any]] = [[] for _ in header]
        for row, (number, found) in enumerate(self.sheet.rows):
            self.lines.append(number)
            for at in range(width):
                cells[at].append(found[at] if at < len(found) else None)
            for at, cell in enumerate(found):
                if at not in self.headings and not is_missing(cell):
                    args = {"value": shown(cell)}
                    self._problem(row, Problem("firm.extra-cell", self._place(row, at), "", args))
        return cells

    def _take(self, reader: CellColumn) -> None:
        column = reader.column
        for row, problem in reader.problems(lambda row, name: self._place(row, self.at[name])):
            self._problem(row, problem)
        codes = reader.array.tolist()
        if column.kind in ("label", "tags", "word"):
            labels = column.words if column.kind == "word" else tuple(reader.labels)
            blank: Any = None if column.kind == "tags" else ""
            values: list[Any] = [labels[code] if code >= 0 else blank for code in codes]
        else:
            values = codes
            blank = MISSING
        self.columns[column.name] = values
        if column.required and blank in values:
            wrong = set(reader.wrong.tolist())
            for row, value in enumerate(values):
                if value == blank and row not in wrong:
                    where = self._place(row, self.at[column.name])
                    self._problem(row, Problem("fund-pay.blank", where, column.name))

    def _problem(self, row: int, problem: Problem) -> None:
        self.problems.setdefault(row, []).append(problem)

    def _place(self, row: int, at: int) -> str:
        return self.sheet.place(self.lines[row], at)

    def ledger(self, one: Callable[[Mapping[str, Any]], _T]) -> Ledger[_T]:
        """The good rows as items, and the problems of the others in the order of the file."""
        names = list(self.columns)
        items, places, left_out = [], [], set()
        for row, values in enumerate(zip(*self.columns.values(), strict=True)):
            found = dict(zip(names, values, strict=True))
            if row not in self.problems:
                items.append(one(found))
                places.append(self._place(row, 0))
            elif found.get("claim"):
                left_out.add(found["claim"])
        listed = (problem for _, found in sorted(self.problems.items()) for problem in found)
        return Ledger(tuple(items), tuple(places), tuple(listed), frozenset(left_out))


# -- headings -------------------------------------------------------------------------------------


def _headings(
    sheet: Sheet,
    first: int,
    header: Sequence[Any],
    currency: str,
    columns: Mapping[str, BookColumn],
) -> dict[int, Heading]:
    """The column of every heading, by its position; blank headings are left out."""
    known = {_folded(name): name for name in columns}
    for name, column in columns.items():
        known |= {_folded(column.label(lang)): name for lang in ("en", "zh")}
    found: dict[int, Heading] = {}
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for at, raw in enumerate(header):
        if is_missing(raw):
            continue
        where, text = sheet.place(first, at), str(raw)
        heading = _heading(text, currency, columns, known)
        if heading is None:
            problems.append(_unknown(text, where, columns, known))
        elif heading.column.name in seen:
            args = {"other": seen[heading.column.name]}
            problems.append(Problem("firm.given-twice", where, text, args))
        else:
            seen[heading.column.name] = text
            found[at] = heading
    for name, column in columns.items():
        if column.required and name not in seen:
            problems.append(Problem("fund-pay.no-column", sheet.place(first), name))
    if problems:
        raise UsageError(problems)
    return found


def _heading(
    text: str, currency: str, columns: Mapping[str, BookColumn], known: Mapping[str, str]
) -> Heading | None:
    text = plain(text)
    for end in ("_fen", "_minor"):
        column = columns.get(text.removesuffix(end)) if text.endswith(end) else None
        if column is not None and column.kind == "money":
            return Heading(text, column, minor=True, fen=end == "_fen")
    name = known.get(_folded(text))
    if name is not None:
        return Heading(text, columns[name])
    before, bracket, unit = text.rstrip(")").rpartition("(")
    name = known.get(_folded(before)) if bracket else None
    if name is None or columns[name].kind != "money":
        return None
    try:
        parse_money(f"1 {unit}", currency)
    except MoneyError:
        return None
    return Heading(text, columns[name], unit=unit.strip())


def _unknown(
    text: str, where: str, columns: Mapping[str, BookColumn], known: Mapping[str, str]
) -> Problem:
    near = get_close_matches(_folded(plain(text)), list(known), n=1, cutoff=0.6)
    if near:
        args = {"nearest": known[near[0]]}
        return Problem("portfolio.unknown-column-near", where, shown(text), args)
    args = {"allowed": ", ".join(columns)}
    return Problem("portfolio.unknown-column", where, shown(text), args)


def _folded(text: str) -> str:
    return "".join(plain(text).casefold().split())
