"""A book of loans outstanding: who owes what to whom, and how likely each firm is to default.

The unit of default is the firm: its loans, at all its lenders, default together.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import Assessment
from ipcredit.default_rates import Curve
from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.portfolio_assessed import TakeUp, loans_of
from ipcredit.portfolio_build import Built, build
from ipcredit.portfolio_file import draft_of_arrays, draft_of_frame, draft_of_sheet
from ipcredit.portfolio_write import frame_of, write_book
from ipcredit.reader import Title
from ipcredit.repayment import REPAYMENTS
from ipcredit.traits import PARTS, Traits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp] | npt.NDArray[np.bool_]

NO_START: Final = int(np.iinfo(np.int32).min)
"""Stands for a start that is not known; an unknown term or repayment is -1."""


@dataclass(frozen=True, slots=True)
class Group:
    """Loans that share a label: how many, of how many firms, what was lent and what is owed."""

    label: str
    loans: int
    firms: int
    principal: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a book is, in a few numbers; amounts in minor units.

    ``largest_firm`` is the largest share that one firm owes of everything owed, ``largest_loan``
    likewise; ``mean_pd`` is weighted by what is owed, ``expected_defaults`` counts firms.
    """

    loans: int
    firms: int
    lenders: int
    firms_at_several_lenders: int
    principal: int
    outstanding: int
    largest_firm: float
    largest_loan: float
    mean_pd: float
    expected_defaults: float
    by_part: tuple[Group, ...]
    by_lender: tuple[Group, ...]
    by_district: tuple[Group, ...]
    by_tier: tuple[Group, ...]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Portfolio:
    """Loans in columns of length M, firms in columns of length F; every array is read-only.

    ``pd`` float64[F]: one-year default probability of each of ``firms``; ``tier`` int32[F] indexes
    ``tiers`` (-1: none).  ``firm``, ``lender``, ``district`` int32[M] index ``firms``, ``lenders``,
    ``districts`` (district -1: not known); ``part`` int8[M] indexes
    :data:`ipcredit.traits.PARTS`.  ``principal`` and ``outstanding`` int64[M] in minor units.
    ``start`` int32[M] days since 1970-01-01, ``term_months`` int16[M], ``repayment`` int8[M] index of
    :data:`ipcredit.repayment.REPAYMENTS` (not known: :data:`NO_START`, -1, -1).  ``recovery`` and
    ``recovery_months`` float64[M], NaN where the scenario decides.

    >>> book = Portfolio.from_arrays(as_of=dt.date(2025, 9, 30), firm=["a", "a", "b"],
    ...     lender=["x", "y", "x"], part="knowledge", principal=[300, 200, 500], outstanding=[300, 200, 450],
    ...     pd=[.02, .02, .05])
    >>> book.firms, book.pd.tolist(), book.outstanding.tolist()
    (('a', 'b'), [0.02, 0.05], [300, 200, 450])
    """

    currency: str
    as_of: dt.date
    firms: tuple[str, ...]
    lenders: tuple[str, ...]
    districts: tuple[str, ...]
    tiers: tuple[str, ...]
    pd: Floats
    tier: Codes
    loans: tuple[str, ...]
    firm: Codes
    lender: Codes
    district: Codes
    part: npt.NDArray[np.int8]
    principal: Ints
    outstanding: Ints
    start: Codes
    term_months: npt.NDArray[np.int16]
    repayment: npt.NDArray[np.int8]
    recovery: Floats
    recovery_months: Floats
    traits: Traits
    pd_source: tuple[Title, ...] = ()
    assumed: tuple[Title, ...] = ()
    source: str = ""
    score: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.loans)

    def __repr__(self) -> str:
        return f"<Portfolio: {len(self)} loans of {len(self.firms)} firms, {self.as_of}>"

    # -- making one ----------------------------------------------------------------------------

    @classmethod
    def read(
        cls,
        path: str | Path,
        *,
        as_of: dt.date | None = None,
        currency: str = "CNY",
        curve: Curve | None = None,
        lenders: Sequence[str] | None = None,
        districts: Sequence[str] | None = None,
        tiers: Sequence[str] | None = None,
        **given: Any,
    ) -> Portfolio:
        """The book in a CSV or XLSX file, one loan a row under column names or labels.

        ``as_of``: the day of the book.  ``lenders``, ``districts``, ``tiers``: the ones that may
        occur.  ``given``: one value for all loans of a column that the file does not have.

        Raises:
            UsageError: the file cannot be read, or its header or the arguments are wrong.
            PortfolioError: at least one row is wrong; holds every problem with its place.
        """
        draft = draft_of_sheet(path, currency, given)
        built = build(draft, as_of, curve, lenders=lenders, districts=districts, tiers=tiers)
        return _of(built, str(path))

    from_csv = read
    from_xlsx = read

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        as_of: dt.date | None = None,
        currency: str = "CNY",
        curve: Curve | None = None,
        lenders: Sequence[str] | None = None,
        districts: Sequence[str] | None = None,
        tiers: Sequence[str] | None = None,
        source: str = "",
        **given: Any,
    ) -> Portfolio:
        """The book in a data frame (or a mapping of columns), headed as a file is.

        Amounts are text with their unit, or whole minor units under ``principal_fen`` and so on.

        Raises:
            UsageError: wrong columns or arguments.
            PortfolioError: at least one row is wrong; holds every problem.
        """
        draft = draft_of_frame(frame, currency, source, given)
        built = build(draft, as_of, curve, lenders=lenders, districts=districts, tiers=tiers)
        return _of(built, source)

    @classmethod
    def from_arrays(
        cls,
        *,
        as_of: dt.date | None = None,
        currency: str = "CNY",
        curve: Curve | None = None,
        lenders: Sequence[str] | None = None,
        districts: Sequence[str] | None = None,
        tiers: Sequence[str] | None = None,
        assumed: Sequence[Title] = (),
        source: str = "",
        **columns: Any,
    ) -> Portfolio:
        """The book in arrays named as the columns of a file (``class_`` for ``class``).

        Amounts are whole minor units, dates ``datetime64`` or days since 1970-01-01, ``pd``,
        ``recovery`` and so on floats; one value stands for all loans.  ``loan`` may be left out:
        the loans are then numbered.

        Raises:
            UsageError: wrong columns or arguments.
            PortfolioError: at least one loan is wrong; holds every problem.
        """
        draft = draft_of_arrays(columns, currency, source)
        built = build(draft, as_of, curve, lenders=lenders, districts=districts, tiers=tiers)
        return replace(_of(built, source), assumed=(*built.assumed, *assumed))

    @classmethod
    def from_assessments(
        cls,
        assessment: Assessment,
        *,
        draw_rate: Any = None,
        take_up: Any = None,
        pd: Any = None,
        lenders: Any = None,
        districts: Any = None,
        seed: int | None = None,
        as_of: dt.date | None = None,
        term_months: int | None = None,
        repayment: str | None = None,
        ratings: Sequence[str] | None = None,
        leave_out: Collection[str] = (),
    ) -> Portfolio:
        """The book that scored firms would make, on the day ``as_of`` (default: of the assessment).

        Each eligible firm takes loans up with probability ``take_up`` (a draw of its own row, the
        same under another policy) and draws ``draw_rate`` of each part of its line, rounded down.
        ``pd``: a :class:`Curve` over the points (or ``ratings``), one figure, or one for each firm;
        the tier decides nothing.  ``lenders``, ``districts``: shares by name to draw from, one name,
        or one for each firm; districts default to the firm's own.  What was stated is in
        :attr:`assumed`.

        Raises:
            UsageError: something is not given or wrong; holds all of it.
            PortfolioError: firms incomplete or invalid that ``leave_out`` does not name.
        """
        terms = TakeUp(
            draw_rate, take_up, pd, lenders, districts, seed, as_of, term_months, repayment,
            ratings, leave_out,
        )  # fmt: skip
        columns, curve, notes = loans_of(assessment, terms)
        tiers = assessment.policy.rules.tiers
        return cls.from_arrays(
            as_of=as_of or assessment.on,
            currency=assessment.currency,
            curve=curve,
            tiers=tiers.labels if tiers is not None else None,
            lenders=list(lenders) if isinstance(lenders, Mapping) else None,
            districts=list(districts) if isinstance(districts, Mapping) else None,
            assumed=notes,
            source=assessment.firms.source,
            **columns,
        )

    # -- parts of it ---------------------------------------------------------------------------

    def take(self, rows: Rows) -> Portfolio:
        """The book of some of the loans; lenders, districts and tiers stay as they are.

        Raises:
            PortfolioError: none of the loans is left.
        """
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else np.asarray(rows, np.intp)
        if not at.size:
            raise PortfolioError(Problem("portfolio.empty", self.source))
        kept, firm = np.unique(self.firm[at], return_inverse=True)
        of_loans = {
            name: getattr(self, name)[at]
            for name in (
                "lender", "district", "part", "principal", "outstanding", "start", "term_months",
                "repayment", "recovery", "recovery_months",
            )
        }  # fmt: skip
        return replace(
            self,
            firms=tuple(self.firms[i] for i in kept.tolist()),
            loans=tuple(self.loans[i] for i in at.tolist()),
            firm=firm.astype(np.int32),
            pd=self.pd[kept],
            tier=self.tier[kept],
            score=self.score[kept],
            traits=self.traits.take(at),
            **of_loans,
        )

    def covered(self, part: str) -> Portfolio:
        """The loans of one part of the credit (``any``: all of them), as a fund says what it covers.

        Raises:
            UsageError: no such part.
            PortfolioError: the book has no loan of that part.
        """
        if part == "any":
            return self
        if part not in PARTS:
            args = {"value": part, "allowed": ", ".join((*PARTS, "any"))}
            raise UsageError(Problem("portfolio.word", key="part", args=args))
        return self.take(self.part == PARTS.index(part))

    def need(self, *columns: str) -> None:
        """Check that columns which a book may leave blank are filled for every loan.

        Raises:
            PortfolioError: one problem for each that is not, with the first such loan.
        """
        problems = []
        for name in columns:
            rows = np.flatnonzero(~self.known(name))
            if rows.size:
                args = {
                    "count": int(rows.size),
                    "first": self.loans[int(rows[0])],
                }
                problems.append(Problem("portfolio.lacks", self.source, name, args))
        if problems:
            raise PortfolioError(problems)

    def known(self, column: str) -> npt.NDArray[np.bool_]:
        """Of which loans a column that may be blank is filled, bool[M]."""
        if column == "start":
            return np.asarray(self.start != NO_START)
        if column in ("district", "term_months", "repayment"):
            return np.asarray(getattr(self, column) >= 0)
        if column in ("recovery", "recovery_months"):
            return np.asarray(~np.isnan(getattr(self, column)))
        if column == "tier":
            return np.asarray(self.tier[self.firm] >= 0)
        return self.traits.known(column)

    # -- what it says --------------------------------------------------------------------------

    @property
    def lenders_of_firms(self) -> Ints:
        """At how many lenders each firm has loans, int64[F]."""
        pairs = _distinct(self.firm.astype(np.int64) * (len(self.lenders) + 1) + self.lender)
        return np.bincount(pairs // (len(self.lenders) + 1), minlength=len(self.firms))

    @property
    def owed_by_firms(self) -> Ints:
        """What each firm owes in all, int64[F] minor units."""
        return _sums(self.firm, self.outstanding, len(self.firms))

    def groups(self, name: str) -> tuple[Group, ...]:
        """Loans by ``part``, ``lender``, ``district`` or ``tier``; ``-`` where it is not known."""
        labels = {"part": PARTS, "lender": self.lenders, "district": self.districts}
        words = labels.get(name, self.tiers)
        codes = self.tier[self.firm] if name == "tier" else getattr(self, name)
        at = np.where(codes < 0, len(words), codes).astype(np.int64)
        size = len(words) + 1
        loans = np.bincount(at, minlength=size)
        pairs = _distinct(at * (len(self.firms) + 1) + self.firm)
        firms = np.bincount(pairs // (len(self.firms) + 1), minlength=size)
        lent, owed = _sums(at, self.principal, size), _sums(at, self.outstanding, size)
        return tuple(
            Group(label, int(loans[i]), int(firms[i]), int(lent[i]), int(owed[i]))
            for i, label in enumerate((*words, "-"))
            if loans[i]
        )

    def summary(self) -> Summary:
        """The book in a few numbers."""
        owed, by_firm = int(self.outstanding.sum()), self.owed_by_firms
        total = max(owed, 1)
        return Summary(
            len(self),
            len(self.firms),
            len(self.groups("lender")),
            int(np.count_nonzero(self.lenders_of_firms > 1)),
            int(self.principal.sum()),
            owed,
            int(by_firm.max()) / total,
            int(self.outstanding.max()) / total,
            float(np.dot(by_firm / total, self.pd)),
            float(self.pd.sum()),
            *(self.groups(name) for name in ("part", "lender", "district", "tier")),
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything in the book, for results that name what they were computed from."""
        digest = hashlib.sha256(repr((self.currency, self.as_of.isoformat())).encode())
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                digest.update(item.name.encode() + np.ascontiguousarray(value).tobytes())
            elif isinstance(value, tuple) and item.name not in ("pd_source", "assumed"):
                digest.update("\0".join((item.name, *value)).encode())
        for name, (codes, labels) in sorted(self.traits.words.items()):
            digest.update("\0".join((name, *labels)).encode() + codes.tobytes())
        columns: Mapping[str, Any] = {**self.traits.tags, **self.traits.numbers}
        for name in sorted(columns):
            digest.update(name.encode() + columns[name].tobytes())
        return digest.hexdigest()

    # -- writing it ----------------------------------------------------------------------------

    def to_frame(self) -> Any:
        """The book as a pandas data frame that :meth:`from_frame` reads back to the same book."""
        return frame_of(self)

    def write_csv(self, path: str | Path, lang: str = "") -> None:
        """Write the book as a CSV file that :meth:`read` reads back to the same book.

        ``lang``: ``""`` for column names as header, ``zh`` or ``en`` for labels.

        Raises:
            UsageError: the file cannot be written.
        """
        write_book(self, path, lang)


def _distinct(values: Ints) -> Ints:
    """The values that occur, sorted; sorting beats hashing a million of them."""
    found = np.sort(values)
    return found[np.diff(found, prepend=found[:1] - 1) > 0]


def _sums(codes: npt.NDArray[np.integer], amounts: Ints, size: int) -> Ints:
    """Exact sums by code: bincount adds floats, so amounts go in two halves."""
    high, low = amounts >> 26, amounts & ((1 << 26) - 1)
    upper = np.bincount(codes, weights=high, minlength=size).astype(np.int64)
    lower = np.bincount(codes, weights=low, minlength=size).astype(np.int64)
    return np.asarray((upper << 26) + lower)


def _of(built: Built, source: str) -> Portfolio:
    given = {item.name: getattr(built, item.name) for item in fields(built)}
    return Portfolio(**given, source=source)


__all__ = ["NO_START", "REPAYMENTS", "Group", "Portfolio", "Summary"]
