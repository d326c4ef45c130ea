"""Many firms as columns, one row each: none is lost, invalid rows keep their problems."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ipcredit.columns import Column, IntColumn, read_column
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS, NONE
from ipcredit.firm import Firm, read_sheet, upright
from ipcredit.frame import Ends
from ipcredit.intake import (
    COST_PAIRS,
    OLD_NUMBER,
    PARTS,
    YEAR_GAPS,
    cost_remark,
    old_number_remark,
    part_problem,
    problem_of,
    unknown_field,
    year_problem,
)
from ipcredit.money import MINOR_DIGITS, plain
from ipcredit.names import Slot, slot_of
from ipcredit.sheets import SHEET_SUFFIXES, Sheet, open_sheet
from ipcredit.values import is_missing, shown

_ABSENT: Ends = (0, 0, True)
Problems = dict[int, list[Problem]]

_COLUMNS = {
    name: (np.dtype(declared.dtype), declared.missing, declared.none)
    for name, declared in FIELDS.items()
    if declared.dtype
}
"""Type and sentinels of each field's column, at hand for every single firm."""
_NARROW = frozenset(name for name, (dtype, _, _) in _COLUMNS.items() if dtype.itemsize == 1)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Firms:
    """Firms in columns of length ``n``, in column units (see :class:`ipcredit.fields.Field`).

    Only fields that the input names have a column; :meth:`column` gives any.  ``problems`` and
    ``remarks`` are by row; a row with problems is invalid and its bad values are not known.

    >>> firms = Firms.from_columns({"sales_fen": [100, 250], "staff_total": [3, -1]})
    >>> len(firms), firms.columns["sales"].tolist(), [p.code for p in firms.problems[1]]
    (2, [100, 250], ['firm.negative'])
    """

    n: int
    columns: Mapping[str, IntColumn] = field(default_factory=dict)
    texts: Mapping[str, list[str | None]] = field(default_factory=dict)
    currency: str = "CNY"
    problems: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    remarks: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    source: str = ""
    _ends: dict[str, Ends] = field(default_factory=dict, init=False)
    _rough: dict[str, Ends] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        return self.n

    def needed(
        self, names: Iterable[str], closely: Container[str] = ()
    ) -> tuple[dict[str, IntColumn], dict[str, Ends]]:
        """The columns of these fields, and bounds where they are known (some ``closely``)."""
        columns: dict[str, IntColumn] = {}
        bounds: dict[str, Ends] = {}
        for name in names:
            column = self.columns.get(name)
            if column is None:
                dtype, missing, _ = _COLUMNS[name]
                column, bounds[name] = np.full(self.n, missing, dtype), _ABSENT
            elif known := self._ends.get(name) or (name not in closely and self._rough.get(name)):
                bounds[name] = known
            columns[name] = column
        return columns, bounds

    def keep(self, bounds: Mapping[str, Ends], closely: Container[str]) -> None:
        """Remember bounds of columns that cannot change: read-only, owning their memory."""
        for name, found in bounds.items():
            column = self.columns.get(name)
            if column is not None and not column.flags.writeable and column.base is None:
                (self._ends if name in closely else self._rough)[name] = found

    def __repr__(self) -> str:
        return f"<Firms: {self.n} rows, {len(self.problems)} with problems>"

    def column(self, name: str) -> IntColumn:
        """The column of a field, all MISSING where the input has none; read-only.

        >>> Firms.from_columns({"staff_total": [3]}).column("overdue_now").tolist()
        [-128]
        """
        if name in self.columns:
            return self.columns[name]
        declared = FIELDS[name]
        empty = np.array(declared.missing, dtype=declared.dtype)
        column: IntColumn = np.broadcast_to(empty, (self.n,))
        return column

    def row(self, index: int) -> Firm:
        """One row as a :class:`Firm`, with its problems and remarks.

        Raises:
            IndexError: there is no such row.
        """
        if not -self.n <= index < self.n:
            raise IndexError(index)
        index %= self.n
        values, none = {}, set()
        for name, column in self.columns.items():
            value = int(column[index])
            declared = FIELDS[name]
            if value == declared.none:
                none.add(name)
            elif value != declared.missing:
                values[name] = value
        texts = {name: text for name, rows in self.texts.items() if (text := rows[index])}
        return Firm(
            values,
            texts,
            frozenset(none),
            self.currency,
            self.problems.get(index, ()),
            self.remarks.get(index, ()),
            self.source,
        )

    def __iter__(self) -> Iterator[Firm]:
        return (self.row(index) for index in range(self.n))

    @classmethod
    def from_firms(cls, firms: Iterable[Firm]) -> Firms:
        """The firms as rows, in their order.

        Raises:
            UsageError: they count in different currencies.
        """
        rows = list(firms)
        if len(rows) == 1:
            return cls._of_one(rows[0])
        currencies = sorted({firm.currency for firm in rows})
        if len(currencies) > 1:
            raise UsageError(Problem("firm.currencies", args={"found": ", ".join(currencies)}))
        columns: dict[str, IntColumn] = {}
        texts: dict[str, list[str | None]] = {}
        known = dict.fromkeys(name for firm in rows for name in (*firm.values, *firm.none))
        for name in known:
            dtype, missing, none = _COLUMNS[name]
            column = np.array(
                [none if name in firm.none else firm.values.get(name, missing) for firm in rows],
                dtype,
            )
            column.setflags(write=False)
            columns[name] = column
        for name in dict.fromkeys(name for firm in rows for name in firm.texts):
            texts[name] = [firm.texts.get(name) for firm in rows]
            declared = FIELDS[name]
            if declared.kind != "text" and name not in columns:
                columns[name] = np.full(len(rows), declared.missing, declared.dtype)
        sources = {firm.source for firm in rows}
        return cls(
            len(rows),
            columns,
            texts,
            currencies[0] if currencies else "CNY",
            {row: firm.problems for row, firm in enumerate(rows) if firm.problems},
            {row: firm.remarks for row, firm in enumerate(rows) if firm.remarks},
            sources.pop() if len(sources) == 1 else "",
        )

    @classmethod
    def _of_one(cls, firm: Firm) -> Firms:
        """One firm's columns, cut from one array a type: a service scores firms one by one."""
        wide: dict[str, int] = {}
        narrow: dict[str, int] = {}
        for name, value in firm.values.items():
            (narrow if name in _NARROW else wide)[name] = value
        for name in firm.none:
            (narrow if name in _NARROW else wide)[name] = _COLUMNS[name][2]
        known = {*wide, *narrow}
        unknown = [name for name in firm.texts if name in _COLUMNS and name not in known]
        for name in unknown:
            (narrow if name in _NARROW else wide)[name] = _COLUMNS[name][1]
        columns: dict[str, IntColumn] = {}
        for values, dtype in ((wide, np.int64), (narrow, np.int8)):
            cells: Any = np.array([*values.values()], dtype).reshape(-1, 1)
            cells.setflags(write=False)
            columns.update(zip(values, cells, strict=True))
        found = cls(
            1,
            columns,
            {name: [text] for name, text in firm.texts.items()},
            firm.currency,
            {0: firm.problems} if firm.problems else {},
            {0: firm.remarks} if firm.remarks else {},
            firm.source,
        )
        for values in (wide, narrow):
            found._ends.update({name: (value, value, False) for name, value in values.items()})
        found._ends.update(dict.fromkeys(unknown, _ABSENT))
        return found

    @classmethod
    def from_columns(cls, data: Any, *, currency: str = "CNY", source: str = "") -> Firms:
        """Firms from a mapping of name to array or sequence, or from a data frame.

        Whole amounts are named ``NAME_fen`` (``NAME_minor`` outside CNY); amounts under
        ``NAME`` are text with their unit.  Shares are floats or text from 0 to 1; dates are
        ``datetime64``, text, or days since 1970-01-01; choices are text or whole numbers (index
        of the choice).  NaN, None, NaT and the smallest integer of an array's dtype are MISSING.

        Raises:
            UsageError: unknown or repeated names, unequal lengths, amounts without a unit.
        """
        names = list(data.columns) if hasattr(data, "columns") else list(data)
        slots = resolve(names, lambda _: source)
        if "currency" in names:
            currency = _one_currency(data["currency"], currency)
        check_currency(currency)
        taken: dict[str, Column] = {}
        problems: list[Problem] = []
        lengths: dict[str, int] = {}
        for name, slot in zip(names, slots, strict=True):
            if slot is None:
                if name != "currency":
                    problems.append(unknown_field(str(name), source))
                continue
            try:
                column = read_column(slot, data[name], currency)
            except UsageError as error:
                problems.extend(error.problems)
                continue
            taken[slot.field.name] = column
            lengths[str(name)] = len(column)
        if len(set(lengths.values())) > 1:
            found = ", ".join(f"{name} {length}" for name, length in lengths.items())
            problems.append(Problem("firm.column-length", source, args={"found": found}))
        if problems:
            raise UsageError(problems)
        n = next(iter(lengths.values()), 0)
        return _built(n, taken, currency, source, lambda row, _: f"{source}[{row}]", {})

    @classmethod
    def read(cls, path: str | Path) -> Firms:
        """All firms in a file: a CSV or XLSX table with one firm a row under field names or
        labels, or a file of one firm as :meth:`Firm.read` takes it.

        A row that is wrong is kept with its problems.

        Raises:
            UsageError: the file cannot be read, or its header has unknown or repeated names.
        """
        if Path(path).suffix.lower() not in SHEET_SUFFIXES:
            return cls.from_firms([Firm.read(path)])
        sheet = open_sheet(path)
        first, header = next(sheet.rows, (0, []))
        if not header:
            raise UsageError(Problem("file.no-rows", sheet.file))
        if upright(header):
            again = iter([(first, header), *sheet.rows])
            return cls.from_firms([read_sheet(Sheet(sheet.file, sheet.name, again))])
        return _from_rows(sheet, first, header)

    @classmethod
    def read_csv(cls, path: str | Path) -> Firms:
        """Firms in a CSV file, one a row; see :meth:`read`."""
        return cls.read(path)


def check_currency(currency: str) -> None:
    """Refuse a currency that is not in the table of minor units.

    Raises:
        UsageError: unknown currency.
    """
    if currency not in MINOR_DIGITS:
        args = {"currency": shown(currency), "known": ", ".join(MINOR_DIGITS)}
        raise UsageError(Problem("money.unknown-currency", args=args))


def _one_currency(values: Iterable[Any], default: str) -> str:
    found = sorted({str(value).strip() for value in values if not is_missing(value)})
    if len(found) > 1:
        raise UsageError(Problem("firm.currencies", args={"found": ", ".join(found)}))
    return found[0] if found else default


def resolve(names: list[Any], place: Callable[[int], str]) -> list[Slot | None]:
    """The field of every column name; None for a blank name and for ``currency``.

    Raises:
        UsageError: all names that are unknown or stand for a field that has a column already.
    """
    slots: list[Slot | None] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for index, name in enumerate(names):
        slot = slot_of(name)
        slots.append(slot)
        if slot is None:
            if not is_missing(name) and name != "currency":
                problems.append(unknown_field(str(name), place(index)))
        elif slot.field.name in seen:
            args = {"other": seen[slot.field.name]}
            problems.append(Problem("firm.given-twice", place(index), str(name), args))
        else:
            seen[slot.field.name] = str(name)
    if problems:
        raise UsageError(problems)
    return slots


def _from_rows(sheet: Sheet, first: int, header: list[Any]) -> Firms:
    header = [plain(cell) if isinstance(cell, str) else cell for cell in header]
    slots = resolve(header, lambda column: sheet.place(first, column))
    places = {slot.field.name: index for index, slot in enumerate(slots) if slot}
    money_name = header.index("currency") if "currency" in header else -1
    taken: dict[str, Column] = {}
    ordered: list[tuple[int, Column]] = []
    problems: Problems = {}
    currency = ""
    lines = array("q")
    width = len(header)
    for row, (number, cells) in enumerate(sheet.rows):
        lines.append(number)
        given = cells[money_name] if 0 <= money_name < len(cells) else None
        if row == 0:
            currency = str(given).strip() if not is_missing(given) else "CNY"
            check_currency(currency)
            ordered = [(i, Column(slot, currency)) for i, slot in enumerate(slots) if slot]
            taken = {column.field.name: column for _, column in ordered}
        elif not is_missing(given) and str(given).strip() != currency:
            args = {"found": shown(given), "currency": currency}
            where = sheet.place(number, money_name)
            problems.setdefault(row, []).append(
                Problem("firm.currency-mixed", where, "currency", args)
            )
        for index, column in ordered:
            bad = column.append(cells[index] if index < len(cells) else None)
            if bad:
                where = sheet.place(number, index)
                problem = problem_of(bad, column.field, column.slot.key, where)
                problems.setdefault(row, []).append(problem)
        for index in range(len(cells)):
            if (index >= width or is_missing(header[index])) and not is_missing(cells[index]):
                where = sheet.place(number, index)
                args = {"value": shown(cells[index])}
                problems.setdefault(row, []).append(Problem("firm.extra-cell", where, "", args))
    if not lines:
        raise UsageError(Problem("file.no-rows", sheet.file))

    def place(row: int, name: str) -> str:
        return sheet.place(lines[row], places[name])

    return _built(len(lines), taken, currency, sheet.file, place, problems)


def _built(
    n: int,
    taken: Mapping[str, Column],
    currency: str,
    source: str,
    place: Callable[[int, str], str],
    problems: Problems,
) -> Firms:
    columns: dict[str, IntColumn] = {}
    texts: dict[str, list[str | None]] = {}
    for name, column in taken.items():
        for row, bad in column.bad.items():
            problem = problem_of(bad, column.field, column.slot.key, place(row, name))
            problems.setdefault(row, []).append(problem)
        if column.field.kind != "text":
            columns[name] = column.array()
        if column.field.kind == "text" or column.redacted:
            texts[name] = column.text_rows()
    remarks: Problems = {}
    _disagreements(columns, currency, place, problems)
    _remarks(columns, texts, currency, place, remarks)
    return Firms(
        n,
        columns,
        texts,
        currency,
        {row: tuple(found) for row, found in sorted(problems.items())},
        {row: tuple(found) for row, found in sorted(remarks.items())},
        source,
    )


def _disagreements(
    columns: Mapping[str, IntColumn],
    currency: str,
    place: Callable[[int, str], str],
    problems: Problems,
) -> None:
    """The checks of :func:`ipcredit.intake.disagreements`, a column at a time."""
    for part, whole in PARTS:
        if part in columns and whole in columns:
            left, right = columns[part], columns[whole]
            for row in np.flatnonzero((left > right) & (right > NONE)).tolist():
                value, limit, where = int(left[row]), int(right[row]), place(row, part)
                problems.setdefault(row, []).append(
                    part_problem(part, whole, value, limit, currency, where)
                )
    said: set[int] = set()
    for earlier, later, ago in YEAR_GAPS:
        if earlier in columns and later in columns:
            left, right = columns[earlier], columns[later]
            wrong = (left > NONE) & (right > NONE) & (left != right - ago)
            for row in np.flatnonzero(wrong).tolist():
                if row in said and ago > 1:
                    continue
                said.add(row)
                where = place(row, earlier)
                problems.setdefault(row, []).append(
                    year_problem(earlier, int(left[row]), int(right[row]), ago, where)
                )


def _remarks(
    columns: Mapping[str, IntColumn],
    texts: Mapping[str, list[str | None]],
    currency: str,
    place: Callable[[int, str], str],
    remarks: Problems,
) -> None:
    """The remarks of :func:`ipcredit.intake.remarks_of`, a column at a time."""
    for name, cost in COST_PAIRS:
        if name in columns and cost in columns:
            left, right = columns[name], columns[cost]
            for row in np.flatnonzero((left > right) & (right > NONE)).tolist():
                value, limit, where = int(left[row]), int(right[row]), place(row, name)
                remarks.setdefault(row, []).append(cost_remark(name, value, limit, currency, where))
    for row, code in enumerate(texts.get("uscc", ())):
        if code and len(code) == OLD_NUMBER:
            remarks.setdefault(row, []).append(old_number_remark(code, place(row, "uscc")))
