"""A mapping of names and values, taken apart: every value read once, every problem kept.

Used for one firm by :class:`ipcredit.firm.Firm`; the checks of values against each other are
worded here once, for one firm and for columns of firms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ipcredit.errors import Problem
from ipcredit.fields import FIELDS, MISSING, NONE, YEAR_SUFFIXES, Field
from ipcredit.messages.fields import GROUPS
from ipcredit.money import MINOR_DIGITS
from ipcredit.names import Slot, nearest, slot_of
from ipcredit.values import (
    REDACTED,
    BadValue,
    is_missing,
    minor_of,
    shown,
    text_of,
    value_of,
    written_value,
)

KeyPath = tuple[str | int, ...]
Place = Callable[[KeyPath], str]

# What has to agree: a part and its whole, and two fiscal years so many years apart.
PARTS: Final = tuple((f.name, f.part_of) for f in FIELDS.values() if f.part_of)
YEAR_GAPS: Final = (
    ("fiscal_year_prev", "fiscal_year", 1),
    ("fiscal_year_prev2", "fiscal_year_prev", 1),
    ("fiscal_year_prev2", "fiscal_year", 2),
)
OLD_NUMBER: Final = 15  # digits of a registration number from before the unified code
COST_PAIRS: Final = tuple((f"rd_expense{s}", f"total_cost{s}") for s in YEAR_SUFFIXES)


class Intake:
    """A firm being read: every key lands here once, every problem is kept."""

    def __init__(self, place: Place, currency: str) -> None:
        self.place = place
        self.currency = currency
        self.values: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.none: set[str] = set()
        self.paths: dict[str, KeyPath] = {}
        self.problems: list[Problem] = []

    def refuse(self, code: str, path: KeyPath, key: str = "", **args: str) -> None:
        """Keep a problem with its place."""
        self.problems.append(Problem(code, self.place(path), key, args))

    def take(self, mapping: Mapping[str, Any]) -> None:
        """Take the whole mapping: the currency first, because amounts depend on it."""
        if "currency" in mapping:
            self.take_currency(mapping["currency"], ("currency",))
        for key, raw in mapping.items():
            if key == "currency":
                continue
            slot = slot_of(key)
            if slot is not None:
                self.put(slot, raw, (key,))
            elif key == "finance" and isinstance(raw, list | tuple):
                self.take_years(raw)
            elif key in GROUPS and isinstance(raw, Mapping):
                self.take_group(raw, (key,))
            elif not (key in GROUPS and raw is None):
                self.unknown(key, raw, (key,))

    def take_currency(self, given: Any, path: KeyPath) -> None:
        """Take the currency of the amounts, an ISO code."""
        if isinstance(given, str) and given.strip() in MINOR_DIGITS:
            self.currency = given.strip()
        elif not is_missing(given):
            args = {"currency": shown(given), "known": ", ".join(MINOR_DIGITS)}
            self.refuse("money.unknown-currency", path, "currency", **args)

    def take_rows(self, rows: Iterable[tuple[str, Any, KeyPath]]) -> None:
        """Take names and values from a sheet, where a name may stand twice."""
        rows = list(rows)
        for key, raw, path in rows:
            if key == "currency":
                self.take_currency(raw, path)
        for key, raw, path in rows:
            slot = slot_of(key)
            if slot is not None:
                self.put(slot, raw, path)
            elif key != "currency":
                self.unknown(key, raw, path)

    def take_group(self, mapping: Mapping[str, Any], path: KeyPath, ago: int = 0) -> None:
        """Take the fields of one group, or of one fiscal year so many years before the last."""
        for key, raw in mapping.items():
            slot = slot_of("fiscal_year" if key == "year" else key)
            if slot is not None and ago:
                slot = slot_of(slot.ago(ago)) if slot.field.years and not slot.field.ago else None
            if slot is None:
                self.unknown(key, raw, (*path, key))
            else:
                self.put(slot, raw, (*path, key))

    def take_years(self, tables: list[Any] | tuple[Any, ...]) -> None:
        """The ``[[finance]]`` tables, in any order: newest year first, then by distance."""
        years: list[tuple[int, int]] = []
        filled = [i for i, table in enumerate(tables) if not isinstance(table, Mapping) or table]
        if len(filled) > len(YEAR_SUFFIXES):
            self.refuse("firm.years-many", ("finance",), "finance", count=str(len(filled)))
        for index in filled:
            table = tables[index]
            path = ("finance", index)
            if not isinstance(table, Mapping):
                self.refuse("firm.not-a-value", path, "finance", value=shown(table))
                continue
            given = table.get("year", table.get("fiscal_year"))
            year = _year(given)
            # A lone table without a year is the last one, but only where the last one stands.
            if is_missing(given) and (len(filled) > 1 or index):
                self.refuse("firm.year-missing", path, "finance")
            elif year is not None and any(year == other for other, _ in years):
                self.refuse("firm.year-twice", (*path, "year"), "year", value=str(year))
            elif year is not None or len(filled) == 1:
                years.append((year or 0, index))
        years.sort(reverse=True)
        placed = [index for _, index in years[: len(YEAR_SUFFIXES)]]
        for ago, index in enumerate(placed):
            self.take_group(tables[index], ("finance", index), ago)
        for index in filled:
            if index not in placed and isinstance(tables[index], Mapping):
                # No year to put it in; what is wrong inside it is said all the same.
                aside = Intake(self.place, self.currency)
                aside.take_group(tables[index], ("finance", index))
                self.problems.extend(aside.problems)

    def unknown(self, key: Any, raw: Any, path: KeyPath) -> None:
        """Refuse a name that is not known, with the nearest one that is."""
        if isinstance(raw, Mapping):
            self.refuse("firm.unknown-group", path, shown(key), groups=", ".join(GROUPS))
            return
        self.problems.append(unknown_field(str(key), self.place(path)))

    def put(self, slot: Slot, raw: Any, path: KeyPath) -> None:
        """Read one value and keep it, or keep what is wrong with it."""
        declared = slot.field
        name = declared.name
        try:
            if declared.personal and isinstance(raw, str) and raw == REDACTED:
                value: int | str | None = REDACTED
            elif declared.kind == "text":
                value = text_of(declared, raw)
            elif not slot.minor:
                value = value_of(declared, raw, self.currency)
            elif slot.fen and self.currency != "CNY":
                raise BadValue("firm.minor-name", currency=self.currency, name=name)
            else:
                value = minor_of(declared, raw, self.currency)
        except BadValue as bad:
            self.problems.append(problem_of(bad, declared, slot.key, self.place(path)))
            self.paths.setdefault(name, path)
            return
        if value is None or value == MISSING:
            return
        if name in self.paths:
            first = self.paths[name]
            other = self.place(first) or ".".join(str(part) for part in first)
            self.refuse("firm.given-twice", path, slot.key, other=other)
            return
        self.paths[name] = path
        if isinstance(value, str):
            self.texts[name] = value
        elif value == NONE:
            self.none.add(name)
        else:
            self.values[name] = value

    def finish(self) -> tuple[Problem, ...]:
        """Check the values against each other; returns the remarks."""
        self.problems.extend(disagreements(self.values, self.currency, self._place_of))
        return tuple(remarks_of(self.values, self.texts, self.currency, self._place_of))

    def _place_of(self, name: str) -> str:
        return self.place(self.paths[name])


def _year(given: Any) -> int | None:
    try:
        year = value_of(FIELDS["fiscal_year"], given)
    except BadValue:
        return None
    return None if year == MISSING else year


def problem_of(bad: BadValue, declared: Field, key: str, where: str) -> Problem:
    """The problem for a value that cannot be used; personal values are not shown in it."""
    details: dict[str, Any] = dict(bad.details)
    if declared.personal:
        details |= dict.fromkeys(details.keys() & {"value", "text"}, REDACTED)
    return Problem(bad.code, where, key, details)


def unknown_field(key: str, where: str) -> Problem:
    """A name that is no field, with the nearest one that is."""
    close = nearest(key)
    if close:
        return Problem("firm.unknown-field", where, shown(key), {"nearest": close})
    return Problem("firm.unknown-field-none", where, shown(key))


def disagreements(
    values: Mapping[str, int], currency: str, place: Callable[[str], str]
) -> Iterator[Problem]:
    """Problems between values: a part above its whole, fiscal years that are not consecutive."""
    for part, whole in PARTS:
        if part in values and whole in values and values[part] > values[whole]:
            yield part_problem(part, whole, values[part], values[whole], currency, place(part))
    for earlier, later, ago in YEAR_GAPS:
        if earlier in values and later in values and values[later] - values[earlier] != ago:
            if earlier == "fiscal_year_prev2" and ago == 2 and "fiscal_year_prev" in values:
                continue  # said already by one of the two steps
            yield year_problem(earlier, values[earlier], values[later], ago, place(earlier))


def part_problem(
    part: str, whole: str, value: int, limit: int, currency: str, where: str = ""
) -> Problem:
    """A part is above its whole."""
    args = {
        "value": written_value(FIELDS[part], value, currency),
        "whole": whole,
        "limit": written_value(FIELDS[whole], limit, currency),
    }
    return Problem("firm.part-of", where, part, args)


def year_problem(name: str, value: int, last: int, ago: int, where: str = "") -> Problem:
    """Two fiscal years are not as far apart as their names say."""
    args = {"value": str(value), "last": str(last), "ago": str(ago)}
    return Problem("firm.years", where, name, args)


def cost_remark(name: str, value: int, limit: int, currency: str, where: str = "") -> Problem:
    """R&D expense is above total cost and expense, which happens when it is capitalised."""
    args = {
        "value": written_value(FIELDS[name], value, currency),
        "limit": written_value(FIELDS[name], limit, currency),
    }
    return Problem("firm.rd-above-cost", where, name, args)


def old_number_remark(code: str, where: str = "") -> Problem:
    """A registration number from before the unified social credit code."""
    return Problem("firm.old-number", where, "uscc", {"value": code})


def remarks_of(
    values: Mapping[str, int],
    texts: Mapping[str, str],
    currency: str,
    place: Callable[[str], str],
) -> Iterator[Problem]:
    """What is worth a look and not wrong."""
    for name, cost in COST_PAIRS:
        if name in values and cost in values and values[name] > values[cost]:
            yield cost_remark(name, values[name], values[cost], currency, place(name))
    code = texts.get("uscc", "")
    if len(code) == OLD_NUMBER:
        yield old_number_remark(code, place("uscc"))
