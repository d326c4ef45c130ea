"""Judge firms by a policy: columns in, decisions out. The one evaluation core.

One firm is a column of length one.  Rows with something missing are judged by the same code on
bounds of what the missing values could be, so that a firm is `incomplete` only where the answer
depends on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.frame import Array, Bools, Ends, Frame, Rows, rough_ends, together
from ipcredit.frame import ends as exact_ends
from ipcredit.gaps import KEPT, Earlier, Gaps, Key, Taken, is_missing
from ipcredit.plan import INVALID, NO_POINTS, STATUSES, Outcome, Plan, plan_of
from ipcredit.policy import Policy
from ipcredit.scoring import NONE, UNKNOWN
from ipcredit.threads import shared

CHUNK = 65_536
"""Rows judged at a time: small enough for the processor's cache, large enough for NumPy."""
SHARED_CHUNK = 4 * CHUNK
"""Rows judged at a time by each of several threads.  Between any two calls of NumPy they wait
for each other at the interpreter's lock; the calls must be long, or the waiting is."""

AnyFirms = Firm | Firms | Mapping[str, Any] | Sequence[Firm | Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The decisions of one policy on a batch of firms, as columns of small codes and amounts.

    ``status`` int8[n] indexes :data:`ipcredit.plan.STATUSES`.  ``codes`` holds one column for
    each decision, by kind and name (``("band", "rd.to-sales")``, ``("gate", "size")`` …).
    Amounts are int64[n] in minor units of ``currency``.
    """

    policy: Policy
    on: dt.date
    firms: Firms = field(repr=False)
    codes: Mapping[Key, Array] = field(repr=False)

    def __len__(self) -> int:
        return len(self.status)

    @property
    def status(self) -> npt.NDArray[np.int8]:
        """Status codes, int8[n]: indices into ``STATUSES``."""
        return self.codes["status", ""]  # type: ignore[return-value]

    @property
    def currency(self) -> str:
        """ISO 4217 code of every amount."""
        return self.policy.currency

    @property
    def plan(self) -> Plan:
        """The policy's rules ready to run, with the scales of its points."""
        return plan_of(self.policy)

    def status_of(self, row: int = 0) -> str:
        """``eligible``, ``refused``, ``incomplete`` or ``invalid``."""
        return STATUSES[self.status[row]]

    def tier_of(self, row: int = 0) -> str | None:
        """The tier's label; ``None`` where the firm has none or it is not determined."""
        tiers = self.policy.rules.tiers
        if tiers is None or self.status_of(row) in ("refused", "invalid"):
            return None
        code = int(self.codes["tier", ""][row])
        return tiers.labels[code] if code >= 0 else None

    @property
    def total(self) -> npt.NDArray[np.float64]:
        """Total points, float64[n], NaN where they depend on something missing."""
        return self.points("total")

    def points(self, name: str) -> npt.NDArray[np.float64]:
        """Points of a dimension (or ``total``), float64[n], NaN where not determined."""
        column = self.codes["points", name]
        return np.where(column == NO_POINTS, np.nan, column / self.plan.scales[name])

    def part(self, name: str) -> npt.NDArray[np.int64]:
        """A part of the line (``knowledge``, ``base`` … or ``total``), int64[n] minor units.

        The smallest int64 stands where the policy has no such line or it is not determined.
        """
        return self.codes["part", name]  # type: ignore[return-value]

    def line_of(self, name: str, row: int = 0) -> int | None:
        """A part of one firm's line in minor units; ``None``: no such line, or not determined."""
        column = self.codes.get(("part", name))
        if column is None or self.status_of(row) == "invalid":
            return None
        amount = int(column[row])
        return None if amount == np.iinfo(np.int64).min else amount

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts of the line, in the policy's order."""
        return tuple(part.name for part in self.policy.rules.parts)

    def missing_of(self, row: int = 0) -> tuple[str, ...]:
        """The fields that the policy reads and the firm does not give."""
        found = []
        for name in self.plan.fields:
            column = self.firms.columns.get(name)
            if column is None or column[row] == np.iinfo(column.dtype).min:
                found.append(name)
        return tuple(found)

    @property
    def bytes_per_firm(self) -> float:
        """Size of the result: bytes of decision codes and amounts for each firm."""
        return sum(column.nbytes for column in self.codes.values()) / max(len(self), 1)


def assess(
    policy: Policy, firms: AnyFirms, *, on: dt.date | None = None, threads: int = 1
) -> Assessment:
    """Judge one firm or a batch by a policy, as of the day ``on`` (default: today).

    ``firms``: a :class:`Firm`, a dict of one firm's fields, a sequence of either, or
    :class:`Firms` (columns).  Bad data never raise: such rows come out as ``invalid`` with
    their problems, and incomplete ones name what is missing.

    ``threads``: how many may work on a batch of hundreds of thousands of firms.  A second one
    saves up to a quarter of the time on processors that have nothing else to do; the result is
    the same whatever their number.

    Raises:
        UsageError: the firms' currency is not the policy's.

    >>> import datetime as dt
    >>> policy = Policy.load("cn-tech-sme", on=dt.date(2026, 6, 30))
    >>> result = assess(policy, {"staff_total": 501}, on=dt.date(2026, 6, 30))
    >>> result.status_of()
    'refused'
    """
    batch = columns_of(firms, policy.currency)
    if batch.currency != policy.currency:
        args = {"given": batch.currency, "currency": policy.currency}
        raise UsageError(Problem("assess.currency", key="currency", args=args))
    day = on or dt.date.today()
    plan = plan_of(policy)
    codes = _judge(plan, batch, day, threads)
    for row in batch.problems:
        codes["status", ""][row] = INVALID
    return Assessment(policy, day, batch, codes)


def columns_of(firms: AnyFirms, currency: str = "CNY") -> Firms:
    """Any of the forms in which firms are given, as columns."""
    if isinstance(firms, Firms):
        return firms
    if isinstance(firms, Firm):
        return Firms.from_firms([firms])
    if isinstance(firms, Mapping):
        return Firms.from_firms([Firm.from_dict(firms, currency=currency)])
    return Firms.from_firms(
        [f if isinstance(f, Firm) else Firm.from_dict(f, currency=currency) for f in firms]
    )


def _judge(plan: Plan, firms: Firms, on: dt.date, threads: int) -> dict[Key, Array]:
    """Judge all rows, a chunk at a time; those with something missing are judged on bounds."""
    rows = len(firms)
    columns, known = firms.needed(plan.fields, plan.denominators)
    if rows <= CHUNK:
        ends = known
        if len(known) < len(columns):
            ends = _all_ends(columns, known, plan.denominators)
            firms.keep(ends, plan.denominators)
        missing = _rows_missing(columns, ends)
        if missing is None or missing.all():
            found = plan.run(Frame(columns, rows, on, bounded=missing is not None, ends=ends))
            for key in plan.point_keys:
                found[key] = found[key].astype(np.int32, copy=False)
            return found
        known = ends
    found, ends = _Batch(plan, columns, known, rows, on).judged(threads)
    firms.keep(ends, plan.denominators)
    return found


class _Batch:
    """A batch being judged, chunk by chunk, by one thread or several.

    Each chunk writes rows of its own, so that the result does not depend on who does what.
    Rows with gaps are put together across chunks: judged a few at a time, the calls would cost
    more than the rows.
    """

    def __init__(
        self,
        plan: Plan,
        columns: Mapping[str, Array],
        known: Mapping[str, Ends],
        rows: int,
        on: dt.date,
    ) -> None:
        self.plan, self.columns, self.known, self.rows, self.on = plan, columns, known, rows, on
        self._found: list[Mapping[str, Ends]] = []  # what was found out about each chunk
        self._out: dict[Key, Array] = {}
        self._gaps = Gaps(list(columns), rows)
        self._skipped = False
        self._lock = Lock()

    def judged(self, threads: int) -> tuple[dict[Key, Array], dict[str, Ends]]:
        """Codes of all rows, and the bounds of all columns."""
        shared(self._judge, _pieces(self.rows, threads), threads)
        ends = {name: together(found[name] for found in self._found) for name in self.columns}
        work = [
            (field, rows[piece], ends)
            for field, rows in self._gaps.sorted()
            for piece in _pieces(len(rows), threads)
        ]
        shared(self._judge_gaps, work, threads)
        return {key: column for key, column in self._out.items() if key[0] != KEPT}, ends

    def _judge(self, part: slice) -> None:
        """Judge a chunk; its rows with something missing wait."""
        chunk = {name: column[part] for name, column in self.columns.items()}
        ends = _all_ends(chunk, self.known, self.plan.denominators)
        self._found.append(ends)
        if self._gaps.look(chunk, ends, part):
            frame = Frame(chunk, part.stop - part.start, self.on, bounded=False, ends=ends)
            keep = any(gap for _, _, gap in ends.values())
            self._put(self.plan.run(frame, keep=keep), part)
        else:
            self._skipped = True

    def _judge_gaps(self, work: tuple[str, Rows, Mapping[str, Ends]]) -> None:
        """Judge rows that wait, on bounds: all that lack one field, or (``""``) any others."""
        field, rows, ends = work
        lacking = {field} if field else self._gaps.lacking
        earlier = None
        if field or not self._skipped:
            touched = frozenset[Key]().union(*map(self.plan.touched, lacking))
            earlier = Earlier(self._out, rows, touched)
        ends = {name: (*of[:2], of[2] and name in lacking) for name, of in ends.items()}
        some = Taken(self.columns, rows, field)
        frame = Frame(some, len(rows), self.on, bounded=True, ends=ends, unknown=field)
        self._put(self.plan.run(frame, earlier=earlier), rows)

    def _put(self, found: Outcome, where: slice | Rows) -> None:
        with self._lock:
            for key, column in found.items():
                if key not in self._out:
                    self._out[key] = np.empty(self.rows, _held(key, column))
        for key, column in found.items():
            self._out[key][where] = column


def _all_ends(
    columns: Mapping[str, Array], known: Mapping[str, Ends], closely: Container[str]
) -> dict[str, Ends]:
    """The bounds of the columns' values; those not known yet are looked for, some ``closely``.

    Found a chunk at a time they cost little: the chunk is read into the processor's cache, where
    its rules are judged next.
    """
    return {
        name: known[name]
        if name in known
        else (exact_ends if name in closely else rough_ends)(column)
        for name, column in columns.items()
    }


def _held(key: Key, column: Array) -> np.dtype[Any]:
    """The type in which a result holds a column: points are computed in narrower ones."""
    return np.dtype(np.int32) if key[0] == "points" else column.dtype


def _pieces(rows: int, threads: int) -> list[slice]:
    """All rows in pieces of about equal size, for so many threads; few rows are one piece."""
    threads = max(1, min(threads, rows // CHUNK))
    most = CHUNK if threads == 1 else SHARED_CHUNK
    count = -(-rows // (most * threads)) * threads
    size = max(1, -(-rows // max(count, 1)))
    return [slice(at, min(at + size, rows)) for at in range(0, rows, size)]


def _rows_missing(columns: Mapping[str, Array], ends: Mapping[str, Ends]) -> Bools | None:
    """Rows with a missing figure; ``None``: no row."""
    found: Bools | None = None
    for name, (_, _, any_missing) in ends.items():
        if any_missing:
            gone = is_missing(columns[name])
            found = gone if found is None else found | gone
    return found


__all__ = ["NONE", "UNKNOWN", "Assessment", "assess", "columns_of"]
