"""A book of loans before it is trusted: typed columns, and every check of them against each other.

Files, data frames and arrays all end here, so a book means the same wherever it comes from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.fields import EPOCH
from ipcredit.money import written
from ipcredit.portfolio_cells import CellColumn, bounds_problem, out_of_bounds
from ipcredit.portfolio_columns import COLUMNS, BookColumn, Heading
from ipcredit.repayment import months_between, still_owed
from ipcredit.traits import MISSING
from ipcredit.values import BadValue, shown

AnyArray: TypeAlias = npt.NDArray[Any]
Bools: TypeAlias = npt.NDArray[np.bool_]
Place: TypeAlias = Callable[[int, str], str]

MOST_TOTAL: Final = 2**62
_ORDER: Final = {name: at for at, name in enumerate(COLUMNS)}
# What may be wrong with every loan in the same way, the column in which it is counted, and the
# message that then says it once.
_OF_ALL: Final = {
    "money.currency": "principal",
    "firm.minor-name": "principal",
    "portfolio.starts-later": "start",
    "portfolio.no-pd": "pd",
}
_AT_ONCE: Final = {
    "money.currency": "portfolio.currency",
    "firm.minor-name": "portfolio.minor-name",
    "portfolio.starts-later": "portfolio.all-start-later",
    "portfolio.no-pd": "portfolio.no-pd-any",
}
_DECLARED: Final = {"lender": "lenders", "district": "districts", "tier": "tiers"}


@dataclass
class Draft:
    """Typed columns of ``n`` loans and what is wrong with them so far.

    ``columns``: codes int32 (-1 blank) of labels, words and tags; int64 (MISSING blank); float64
    (NaN blank).  ``labels``: what the codes of a column stand for.
    """

    n: int
    currency: str
    place: Place
    loans: list[str] = field(default_factory=list)
    columns: dict[str, AnyArray] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    wrong: dict[str, AnyArray] = field(default_factory=dict)  # rows already reported
    problems: list[tuple[int, int, Problem]] = field(default_factory=list)

    def add(self, row: int, name: str, code: str, **args: Any) -> None:
        """Record a problem of one cell."""
        problem = Problem(code, self.place(row, name), name, args)
        self.problems.append((row, _ORDER[name], problem))

    def stray(self, row: int, cell: Any) -> None:
        """Record a cell that stands under no heading."""
        args = {"value": shown(cell)}
        self.problems.append((row, -1, Problem("firm.extra-cell", self.place(row, ""), "", args)))

    def blank(self, name: str) -> Bools:
        """Where a column says nothing and no problem has been said about the cell, bool[n]."""
        empty = self.empty(name)
        if name in self.wrong:
            empty[self.wrong[name]] = False
        return empty

    def empty(self, name: str) -> Bools:
        """Where a column holds no value, bool[n]; everywhere if the column is not there."""
        if name == "loan":
            return np.array([not text for text in self.loans], dtype=np.bool_)
        column = self.columns.get(name)
        if column is None:
            return np.ones(self.n, dtype=np.bool_)
        if column.dtype.kind == "f":
            return np.isnan(column)
        return np.asarray(column == (-1 if column.dtype == np.int32 else MISSING))

    def take(self, column: CellColumn) -> None:
        """Take a column read from cells."""
        name = column.column.name
        if column.column.kind == "text":
            self.loans = column.texts
        else:
            self.columns[name] = column.array
            self.labels[name] = column.labels
        self._keep(name, column.problems(self.place), column.wrong)

    def _keep(self, name: str, problems: list[tuple[int, Problem]], rows: AnyArray) -> None:
        self.problems.extend((row, _ORDER[name], problem) for row, problem in problems)
        if rows.size:
            self.wrong[name] = rows

    def take_values(self, heading: Heading, values: Any) -> None:
        """Take a column given as an array or a sequence; one value stands for all loans.

        Raises:
            UsageError: not one column, or whole numbers for an amount without its unit.
        """
        column, name = heading.column, heading.column.name
        if isinstance(values, str) or not hasattr(values, "__len__"):
            values = [values]
        elif getattr(values, "ndim", 1) == 0:
            values = [values.item()]
        found = np.asarray(values) if isinstance(values, np.ndarray) else _array(values)
        if found.ndim != 1:
            raise UsageError(Problem("portfolio.shape", key=heading.key))
        bare = found.dtype.kind in "iuf" and column.kind == "money"
        if bare and not (heading.minor or heading.unit):
            raise UsageError(Problem("portfolio.no-unit", key=name, args={"name": name}))
        typed = None if heading.unit else _typed(heading, found)
        if typed is None:
            cells = CellColumn(heading, self.currency)
            cells.extend(found.tolist())
            self.take(cells)
        else:
            self.columns[name], self.labels[name] = typed
            self._bounds(column)
        if len(found) == 1 != self.n:
            self._spread(name)

    def _spread(self, name: str) -> None:
        if name == "loan":
            self.loans = self.loans * self.n
        else:
            self.columns[name] = np.repeat(self.columns[name], self.n)
        if name in self.wrong:
            self.wrong[name] = np.arange(self.n)

    def _bounds(self, column: BookColumn) -> None:
        values = self.columns[column.name]
        known = ~self.empty(column.name)
        inside = known.copy()
        if column.lo is not None:
            inside &= values >= column.lo
        if column.hi is not None:
            inside &= values <= column.hi
        if values.dtype.kind == "f":
            inside &= np.isfinite(values)
        rows = np.flatnonzero(known & ~inside)
        found = []
        for row in rows.tolist():
            bad = _out_of_bounds(column, values[row].item(), self.currency)
            place = self.place(row, column.name)
            found.append((row, Problem(bad.code, place, column.name, dict(bad.details))))
        if rows.size:
            self.columns[column.name] = values = values.copy()
            values[rows] = np.nan if values.dtype.kind == "f" else MISSING
        self._keep(column.name, found, rows)

    # -- checks --------------------------------------------------------------------------------

    def check(self, as_of: dt.date, declared: Mapping[str, Sequence[str] | None]) -> None:
        """Everything a book must satisfy but what concerns default probabilities."""
        for column in COLUMNS.values():
            if column.required:
                for row in np.flatnonzero(self.blank(column.name)).tolist():
                    self.add(row, column.name, "portfolio.blank")
        self._duplicates()
        for name, argument in _DECLARED.items():
            self._declare(name, declared.get(argument))
        for column in COLUMNS.values():
            if column.firm and column.name in self.columns:
                self._agree(column)
        self._amounts()
        self._dates(as_of)

    def _duplicates(self) -> None:
        if len(set(self.loans)) == self.n:
            return
        first: dict[str, int] = {}
        for row, loan in enumerate(self.loans):
            at = first.setdefault(loan, row)
            if loan and at != row:
                other = self.place(at, "loan")
                self.add(row, "loan", "portfolio.duplicate", value=shown(loan), other=other)

    def _declare(self, name: str, declared: Sequence[str] | None) -> None:
        """Labels in the order declared, else sorted: the order of rows must not matter."""
        if name not in self.columns:
            self.labels[name] = [str(label) for label in declared or ()]
            return
        labels = self.labels[name]
        order = sorted(set(labels)) if declared is None else list(dict.fromkeys(declared))
        at = {label: code for code, label in enumerate(order)}
        codes = np.array([*(at.get(label, -2) for label in labels), -1], dtype=np.int32)
        column = codes[self.columns[name]]
        for row in np.flatnonzero(column == -2).tolist():
            value = shown(labels[self.columns[name][row]])
            code = f"portfolio.unknown-{name}"
            self.add(row, name, code, value=value, allowed=", ".join(order) or "-")
        self.columns[name] = np.maximum(column, -1)
        self.labels[name] = order

    def first_of_firm(self, name: str) -> AnyArray:
        """The first row of each firm whose cell of a column is filled, int64[F], -1 if none."""
        firms = self.columns["firm"]
        rows = np.flatnonzero(~self.empty(name) & (firms >= 0))
        first = np.full(max(len(self.labels["firm"]), 1), -1, np.int64)
        first[firms[rows[::-1]]] = rows[::-1]  # the last assignment holds
        return first

    def _agree(self, column: BookColumn) -> None:
        values, firms = self.columns[column.name], self.columns["firm"]
        at = self.first_of_firm(column.name)[np.maximum(firms, 0)]
        differs = (firms >= 0) & ~self.empty(column.name) & (values != values[np.maximum(at, 0)])
        for row in np.flatnonzero(differs).tolist():
            first = int(at[row])
            args = {
                "firm": shown(self.labels["firm"][firms[row]]),
                "value": self._shown(column.name, row),
                "other": self._shown(column.name, first),
                "place": self.place(first, column.name),
            }
            self.add(row, column.name, "portfolio.disagree", **args)

    def _shown(self, name: str, row: int) -> str:
        value = self.columns[name][row].item()
        if self.labels.get(name):
            return shown(self.labels[name][value])
        return written(value, self.currency) if COLUMNS[name].kind == "money" else shown(value)

    def _amounts(self) -> None:
        principal = self.columns["principal"]
        for row in np.flatnonzero(principal == 0).tolist():
            self.add(row, "principal", "portfolio.no-principal")
        owed = self.columns.get("outstanding")
        known = ~self.empty("principal")
        if owed is not None:
            above = known & ~self.empty("outstanding") & (owed > principal)
            for row in np.flatnonzero(above).tolist():
                amounts = (written(int(x[row]), self.currency) for x in (owed, principal))
                value, limit = amounts
                self.add(row, "outstanding", "portfolio.above-principal", value=value, limit=limit)
        # Blocks are summed in Python: each fits, all together may not.
        blocks = np.add.reduceat(np.where(known, principal, 0), np.arange(0, self.n, 4096))
        if sum(map(int, blocks)) > MOST_TOTAL:
            limit = written(MOST_TOTAL, self.currency)
            problem = Problem("portfolio.total", key="principal", args={"limit": limit})
            self.problems.append((-1, 0, problem))

    def _dates(self, as_of: dt.date) -> None:
        if "start" not in self.columns:
            return
        start, day = self.columns["start"], as_of.toordinal() - EPOCH
        for row in np.flatnonzero(start > day).tolist():
            value = dt.date.fromordinal(int(start[row]) + EPOCH).isoformat()
            limit = as_of.isoformat()
            self.add(row, "start", "portfolio.starts-later", value=value, limit=limit)

    def owed(self, as_of: dt.date) -> AnyArray:
        """What is owed on each loan, int64[n]; where it is blank it is worked out exactly."""
        owed = self.columns.get("outstanding", np.full(self.n, MISSING, np.int64)).copy()
        rows = np.flatnonzero(self.blank("outstanding"))
        names = ("start", "term_months", "repayment")
        ready = np.ones(len(rows), dtype=np.bool_)
        for at in names:
            ready &= ~self.empty(at)[rows]
        blanks = {name: self.blank(name) for name in names}
        for row in rows[~ready].tolist():
            lacking = [name for name in names if blanks[name][row]]
            if lacking:  # otherwise what is wrong has been said
                self.add(row, "outstanding", "portfolio.owed", missing=", ".join(lacking))
        rows = rows[ready & ~self.empty("principal")[rows]]
        if rows.size:
            months = months_between(self.columns["start"][rows], as_of)
            inputs = [self.columns[name][rows] for name in ("principal", *names[1:])]
            owed[rows] = still_owed(inputs[0], months, inputs[1], inputs[2])
        return owed

    def settle(self) -> None:
        """Refuse the book if anything is wrong with it.

        Raises:
            PortfolioError: all problems, in the order of the rows.
        """
        if self.problems:
            found = sorted(self._gathered(), key=lambda item: item[:2])
            raise PortfolioError(problem for _, _, problem in found)

    def _gathered(self) -> list[tuple[int, int, Problem]]:
        """The problems; what is wrong with every loan in the same way is one problem."""
        found = self.problems
        for code, name in _OF_ALL.items():
            own = [p for _, at, p in found if p.code == code and at == _ORDER[name]]
            of_all = len(self.labels["firm"]) if name == "pd" else self.n
            if len(own) < max(of_all, 2):
                continue
            found = [item for item in found if item[2].code != code]
            found.append((-1, 0, self._of_all(code, name, own)))
        return found

    def _of_all(self, code: str, name: str, own: Sequence[Problem]) -> Problem:
        """One problem for the same one of every loan."""
        args: dict[str, Any] = {"count": len(own), **own[0].args}
        if code == "portfolio.starts-later":
            days = sorted(str(problem.args["value"]) for problem in own)
            args |= {"first": days[0], "last": days[-1]}
        return Problem(_AT_ONCE[code], self.place(-1, ""), own[0].key, args)


def _array(values: Any) -> AnyArray:
    """Values as an array whose dtype does not hide what they are."""
    if hasattr(values, "to_numpy"):
        found: AnyArray = np.asarray(values.to_numpy())
        return found
    items = list(values)
    types = set(map(type, items))
    if len(types) == 1 and types <= {int, float, str}:
        try:
            return np.array(items, dtype=object if types == {str} else None)
        except OverflowError:
            pass
    found = np.empty(len(items), dtype=object)
    found[:] = items
    return found


def _typed(heading: Heading, found: AnyArray) -> tuple[AnyArray, list[str]] | None:
    """An array that is already what the column holds; ``None``: cell by cell."""
    kind, code = heading.column.kind, found.dtype.kind
    if kind == "real" and code in "iuf":
        return found.astype(np.float64), []
    if kind == "label" and code in "iu":
        values, codes = np.unique(found, return_inverse=True)
        return codes.astype(np.int32), [str(value) for value in values.tolist()]
    if kind == "date" and code == "M":
        return found.astype("datetime64[D]").astype(np.int64), []
    if code == "i" and (kind in ("whole", "date") or (kind == "money" and heading.minor)):
        return found.astype(np.int64), []
    if kind == "millionths" and code in "iuf":
        floats = found.astype(np.float64)
        scaled = np.rint(np.where(np.isfinite(floats), floats, 0) * 10**6)
        if np.all(np.isnan(floats) | (np.abs(scaled / 10**6 - floats) <= 1e-12)):
            return np.where(np.isnan(floats), MISSING, scaled.astype(np.int64)), []
    words = len(heading.column.words)
    if kind == "word" and code in "iu" and np.all((found >= 0) & (found < words)):
        return found.astype(np.int32), []
    return None


def _out_of_bounds(column: BookColumn, value: Any, currency: str) -> BadValue:
    if column.kind == "real":
        return bounds_problem(column, out_of_bounds(column, value), shown(value))
    if column.kind == "money":
        if value < 0:
            return BadValue("firm.negative", value=written(value, currency))
        limit = written(column.hi or 0, currency)
        return BadValue("firm.amount-range", value=shown(value), limit=limit)
    scale = 10**6 if column.kind == "millionths" else 1
    return bounds_problem(_scaled(column, scale), "portfolio.range", shown(value / scale))


def _scaled(column: BookColumn, scale: int) -> BookColumn:
    bounds = [None if bound is None else bound // scale for bound in (column.lo, column.hi)]
    return BookColumn(column.name, column.kind, column.unit, lo=bounds[0], hi=bounds[1])
