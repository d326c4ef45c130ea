"""What is known about one firm: read, checked, and kept as exact integers.

Nothing that is wrong with a firm's data raises: every problem is collected with its place,
so that one run reports all of them.  Only input that cannot be read at all raises.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from ipcredit import source as toml
from ipcredit.errors import FirmError, Problem, UsageError
from ipcredit.fields import FIELDS
from ipcredit.intake import Intake, KeyPath, Place
from ipcredit.money import plain
from ipcredit.sheets import SHEET_SUFFIXES, Sheet, open_sheet, unreadable
from ipcredit.values import REDACTED, SEPARATOR, is_missing, shown, written_value

SUFFIXES: Final = (".toml", ".json", *SHEET_SUFFIXES)

# Headings of a sheet that has one field a row.
_FIELD_HEADS: Final = frozenset({"field", "字段", "字段名"})
_LABEL_HEADS: Final = frozenset({"label", "名称", "项目"})
_VALUE_HEADS: Final = frozenset({"value", "值", "数值", "填写值"})


@dataclass(frozen=True, slots=True, repr=False)
class Firm:
    """One firm: ``values`` in column units (fen, millionths, days since 1970-01-01, index of
    the choice), ``texts``, and the names in ``none`` that are known not to exist.

    A field that is in none of them is not known; not known is never zero.  ``problems`` make
    the firm invalid, ``remarks`` do not.  Two firms are equal when what is known is equal.

    >>> firm = Firm.from_dict({"sales": "3200.5 万元", "staff_total": 36})
    >>> firm.values["sales"], firm.values["staff_total"], firm.problems
    (3200500000, 36, ())
    """

    values: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    none: frozenset[str] = frozenset()
    currency: str = "CNY"
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = field(default=(), compare=False)
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))
        object.__setattr__(self, "texts", MappingProxyType(dict(self.texts)))

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only views cannot be pickled; worker processes get plain dicts and wrap them again.
        parts = (dict(self.values), dict(self.texts), self.none, self.currency)
        return Firm, (*parts, self.problems, self.remarks, self.source)

    def __repr__(self) -> str:
        # No values here: logs and tracebacks must not show who the firm's people are.
        known = len(self.values) + len(self.texts) + len(self.none)
        return f"<Firm: {known} values known, {len(self.problems)} problems>"

    @classmethod
    def from_dict(
        cls,
        mapping: Mapping[str, Any],
        *,
        where: str | Place = "",
        currency: str = "CNY",
        source: str = "",
    ) -> Firm:
        """The firm that a dict describes, flat or in groups, ``finance`` also as a list of years.

        Money is text with its unit, or an integer under ``NAME_fen`` (``NAME_minor`` outside
        CNY).  ``where`` is the place for messages, or a function from the path of a key to it.
        The key ``currency`` overrides the argument.  Never raises for what a value is: see
        ``problems``.

        >>> Firm.from_dict({"staff_total": -3}).problems[0].text()
        'staff_total: "-3" is negative; allowed is 0 or more; correct it [firm.negative]'
        """
        place = (lambda path: where) if isinstance(where, str) else where
        intake = Intake(place, currency)
        intake.take(mapping)
        return finished(intake, source)

    @classmethod
    def read(cls, origin: str | Path | IO[str] | IO[bytes]) -> Firm:
        """The firm in a TOML, JSON, XLSX or CSV file; ``-`` or a stream holds TOML or JSON.

        Raises:
            UsageError: the input cannot be read (missing, broken, of an unknown kind).
        """
        if not isinstance(origin, str | Path):
            return _read_text(_stream_text(origin), getattr(origin, "name", "") or "-")
        if str(origin) == "-":
            return _read_text(_stream_text(sys.stdin.buffer), "-")
        path = Path(origin)
        suffix = path.suffix.lower()
        if suffix == ".toml":
            document = toml.read_toml(path)
            return cls.from_dict(document.data, where=document.where, source=str(path))
        if suffix == ".json":
            return _read_json(_file_text(path), str(path))
        if suffix in SHEET_SUFFIXES:
            return read_sheet(open_sheet(path))
        args = {"suffix": suffix, "known": ", ".join(SUFFIXES)}
        raise UsageError(Problem("file.suffix", str(path), args=args))

    def check(self) -> None:
        """Raise if anything is wrong.

        Raises:
            FirmError: with all problems of the firm.
        """
        if self.problems:
            raise FirmError(self.problems)

    def to_dict(self, lang: str | None = None, *, redact: bool = True) -> dict[str, Any]:
        """The firm as JSON-able data that :meth:`from_dict` reads back exactly.

        Money is ``NAME_fen`` (``NAME_minor`` outside CNY); shares and other decimals are text.
        With ``lang`` the keys are the labels of that language and money is text with its unit.
        Personal values are replaced by ``[redacted]`` unless ``redact`` is false.

        >>> Firm.from_dict({"sales": "1 元", "market_share": 0.1}).to_dict()
        {'currency': 'CNY', 'market_share': '0.1', 'sales_fen': 100}
        """
        found: dict[str, Any] = {"currency": self.currency}
        for name, declared in FIELDS.items():
            key = declared.label(lang) if lang else name
            if declared.personal and redact and (name in self.values or name in self.texts):
                found[key] = REDACTED
            elif name in self.texts:
                text = self.texts[name]
                found[key] = text.split(SEPARATOR) if declared.many else text
            elif name in self.none:
                found[key] = "none"
            elif name not in self.values:
                continue
            elif declared.kind == "money" and not lang:
                suffix = "_fen" if self.currency == "CNY" else "_minor"
                found[name + suffix] = self.values[name]
            elif declared.kind == "flag":
                found[key] = bool(self.values[name])
            elif declared.kind in ("count", "number", "year"):
                found[key] = self.values[name]
            else:
                found[key] = written_value(declared, self.values[name], self.currency)
        return found


def finished(intake: Intake, source: str) -> Firm:
    """The firm that has been taken in, checked."""
    remarks = intake.finish()
    return Firm(
        intake.values,
        intake.texts,
        frozenset(intake.none),
        intake.currency,
        tuple(intake.problems),
        remarks,
        source,
    )


def upright(cells: list[Any]) -> tuple[int, int] | None:
    """Columns of the label (-1 if there is none) and of the value when these header cells head
    a sheet of one firm, one field a row; None when they head one firm a row.

    >>> upright(["field", "label", "unit", "value"]), upright(["name", "sales"])
    ((1, 3), None)
    """
    words = [_words(cell) for cell in cells]
    values = [column for column, found in enumerate(words) if found & _VALUE_HEADS]
    if not words or not words[0] & _FIELD_HEADS or len(values) != 1:
        return None
    labels = [column for column, found in enumerate(words) if found & _LABEL_HEADS]
    return (labels[0] if labels else -1), values[0]


def _words(cell: Any) -> set[str]:
    """What a header cell says; a sheet in both languages has "值 / value"."""
    return {word.strip() for word in plain(str(cell)).casefold().split("/")}


def read_sheet(sheet: Sheet) -> Firm:
    """The firm in a sheet: one field a row under ``field`` and ``value``, or one row of values
    under field names.  Names may be labels in either language.

    Raises:
        UsageError: no firm in it, or more than one.
    """
    number, header = next(sheet.rows, (0, []))
    rows = list(sheet.rows)
    if not rows:
        raise UsageError(Problem("file.no-rows", sheet.file))
    columns = upright(header)
    if columns is None and len(rows) > 1:
        args = {"count": len(rows)}
        raise UsageError(Problem("file.many-firms", sheet.file, args=args))
    intake = Intake(lambda path: sheet.place(int(path[0]), int(path[1])), "CNY")
    if columns is None:
        number, cells = rows[0]
        intake.take_rows(cells_under(header, cells, number))
    else:
        intake.take_rows(_fields_down(rows, *columns))
    return finished(intake, sheet.file)


def cells_under(
    header: list[Any], cells: list[Any], number: int
) -> Iterator[tuple[str, Any, KeyPath]]:
    """Cells of one row with the names they stand under; blank cells under no name are skipped."""
    for column, cell in enumerate(cells):
        name = str(header[column]).strip() if column < len(header) else ""
        if name or not is_missing(cell):
            yield name, cell, (number, column)


def _fields_down(
    rows: list[tuple[int, list[Any]]], label: int, value: int
) -> Iterator[tuple[str, Any, KeyPath]]:
    for number, cells in rows:
        raw = cells[value] if value < len(cells) else None
        name = str(cells[0]).strip()
        if not name and 0 <= label < len(cells):
            name = str(cells[label]).strip()
        if name or not is_missing(raw):
            yield name, raw, (number, value)


def _file_text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return _stream_text(stream)
    except OSError as error:
        raise unreadable(path, error) from None


def _stream_text(stream: IO[str] | IO[bytes]) -> str:
    name = getattr(stream, "name", "") or "-"
    content = stream.read()
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        args = {"position": error.start}
        raise UsageError(Problem("file.encoding", str(name), args=args)) from None


def _read_text(text: str, name: str) -> Firm:
    if text.lstrip().startswith("{"):
        return _read_json(text, name)
    document = toml.parse(text.replace("\r\n", "\n"), name)
    return Firm.from_dict(document.data, where=document.where, source=name)


def _read_json(text: str, name: str) -> Firm:
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            twice.extend(key for key in found if keys.count(key) > 1)
        return found

    def constant(word: str) -> Any:
        raise ValueError(f"{word} is not a number")

    try:
        data = json.loads(
            text, parse_float=Decimal, parse_constant=constant, object_pairs_hook=pairs
        )
    except json.JSONDecodeError as error:
        where, reason = f"{name}:{error.lineno}", f"{error.msg} (column {error.colno})"
        raise UsageError(Problem("file.json", where, args={"reason": reason})) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(Problem("file.json", name, args={"reason": str(error)})) from None
    if not isinstance(data, dict):
        raise UsageError(Problem("file.json-object", name, args={"found": shown(data)}))
    firm = Firm.from_dict(data, where=name, source=name)
    if not twice:
        return firm
    extra = tuple(Problem("firm.given-twice", name, key, {"other": key}) for key in twice)
    return replace(firm, problems=firm.problems + extra)
