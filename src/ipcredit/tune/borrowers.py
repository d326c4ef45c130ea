"""Who would borrow, drawn once: the book that each policy makes of the same firms.

The same loans as :func:`ipcredit.fund.scored_book.scored_book` makes (a test holds the two
together), without asking anew for every policy what depends on the firms alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ipcredit.assess import Assessment
from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.exactness import floor_of_product
from ipcredit.fields import EPOCH, NONE
from ipcredit.firms import Firms
from ipcredit.fund.scenario import Scenario
from ipcredit.plan import ELIGIBLE
from ipcredit.population.draws import CHUNK, uniforms
from ipcredit.portfolio import Portfolio
from ipcredit.repayment import REPAYMENTS
from ipcredit.traits import MISSING, PARTS, Traits
from ipcredit.tune.groups import UNKNOWN, Groups, ascending

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Borrowers:
    """What a book takes from the firms and the scenario, whatever the policy; columns of n firms.

    ``takes`` bool[n]: takes a loan if eligible.  ``rank`` int64[n]: place in the order of names.
    ``pd`` float64[n]: NaN where it is not known; such a firm gets no loan and is counted.
    """

    firms: Firms
    names: Sequence[str]
    rank: Ints
    takes: npt.NDArray[np.bool_]
    pd: Floats
    lender: Codes
    lenders: tuple[str, ...]
    districts: Groups
    rates: dict[str, Fraction]
    scenario: Scenario

    def book(self, assessment: Assessment, covers: str = "any") -> tuple[Portfolio | None, int]:
        """The loans under a policy that a fund covers, and how many firms could not be put in.

        No book where there is no loan.  Left out are firms that are incomplete or invalid, and
        eligible ones whose line or default probability hangs on what is missing.

        Raises:
            UsageError: the policy has no line of the part that the fund covers, or the scenario
                no draw rate for it.
        """
        eligible = assessment.status == ELIGIBLE
        known = ~np.isnan(self.pd)
        left = assessment.status > 1
        parts = [name for name in assessment.parts if name in PARTS and covers in ("any", name)]
        if not parts:
            args = {"policy": assessment.policy.id, "covers": covers}
            raise UsageError(Problem("tune-compare.no-line", key="covers", args=args))
        lines = {name: assessment.part(name) for name in parts}
        vague = eligible & ~known
        for line in lines.values():
            vague |= eligible & (line == MISSING) & self._gap(assessment)
        rows = np.flatnonzero(eligible & ~vague & self.takes)
        found: list[tuple[str, Rows, Ints]] = []
        for name, line in lines.items():
            rate = self._rate(name)
            has = rows[line[rows] > 0]
            amount = floor_of_product([line[has], rate.numerator], [rate.denominator])
            found.append((name, has[amount > 0], amount[amount > 0]))
        excluded = int(np.count_nonzero(left | vague))
        if not sum(len(amount) for _, _, amount in found):
            return None, excluded
        return self._portfolio(assessment, found), excluded

    @staticmethod
    def _gap(assessment: Assessment) -> npt.NDArray[np.bool_]:
        """Rows that lack a field which the policy reads: there a line may be open, not absent."""
        gap = np.zeros(len(assessment), np.bool_)
        for name in assessment.plan.fields:
            column = assessment.firms.columns.get(name)
            gap |= True if column is None else column == np.iinfo(column.dtype).min
        return gap

    def _rate(self, part: str) -> Fraction:
        if part not in self.rates:
            example = f'draw_rate={{"{part}": 0.8}}; 0 for a part that nobody draws'
            args = {"example": example}
            raise UsageError(Problem("portfolio.not-given", key=f"draw_rate.{part}", args=args))
        return self.rates[part]

    def _portfolio(
        self, assessment: Assessment, found: Sequence[tuple[str, Rows, Ints]]
    ) -> Portfolio:
        of = np.concatenate([rows for _, rows, _ in found])
        amount = np.concatenate([amounts for _, _, amounts in found])
        count = len(of)
        # Firms in the order of their names, as every book has them.
        at = np.unique(self.rank[of], return_index=True)[1]
        rows = of[at]
        place = np.zeros(len(self.rank), np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        part = np.repeat(
            [PARTS.index(name) for name, _, _ in found], [len(one) for _, one, _ in found]
        ).astype(np.int8)
        tiers = assessment.policy.rules.tiers
        tier = np.full(len(rows), -1, np.int32)
        if tiers is not None:
            tier = np.maximum(assessment.codes["tier", ""][rows], -1).astype(np.int32)
        score = np.full(len(rows), np.nan)
        if ("points", "total") in assessment.codes:
            score = assessment.total[rows]
        district, districts = self._placed(of)
        terms = self.scenario.terms.book
        months, repayment = terms.term_months, terms.repayment
        names = self.names
        return Portfolio(
            currency=assessment.currency,
            as_of=assessment.on,
            firms=tuple(names[row] for row in rows.tolist()),
            lenders=self.lenders,
            districts=districts,
            tiers=() if tiers is None else tiers.labels,
            pd=self.pd[rows],
            tier=tier,
            loans=tuple(f"{names[row]}/{name}" for name, some, _ in found for row in some.tolist()),
            firm=place[of],
            lender=self.lender[of],
            district=district,
            part=part,
            principal=amount,
            outstanding=amount,
            start=np.full(count, assessment.on.toordinal() - EPOCH, np.int32),
            term_months=np.full(count, -1 if months is None else months, np.int16),
            repayment=np.full(count, REPAYMENTS.index(repayment) if repayment else -1, np.int8),
            recovery=np.full(count, np.nan),
            recovery_months=np.full(count, np.nan),
            traits=self._traits(of, amount, part, district, districts),
            source=self.firms.source,
            score=score,
        )

    def _placed(self, of: Rows) -> tuple[Codes, tuple[str, ...]]:
        """District codes of the loans, and the districts that have any."""
        used, codes = np.unique(self.districts.codes[of], return_inverse=True)
        labels = [self.districts.labels[code] for code in used.tolist()]
        placed: Codes = codes.astype(np.int32)
        if labels and labels[-1] == UNKNOWN:
            placed[placed == len(labels) - 1] = -1
            labels.pop()
        return placed, tuple(labels)

    def _traits(
        self, of: Rows, amount: Ints, part: Any, district: Codes, districts: tuple[str, ...]
    ) -> Traits:
        words = {
            "part": (part.astype(np.int32), PARTS),
            "lender": (self.lender[of], self.lenders),
        }
        if districts:
            words["district"] = (district, districts)
        numbers = {"size": amount}
        sales = self.firms.columns.get("sales")
        if sales is not None:
            revenue = sales[of].astype(np.int64)
            revenue[revenue == NONE] = MISSING
            numbers["revenue"] = revenue
        return Traits(len(of), words, {}, None, numbers)


def borrowers(firms: Firms, scenario: Scenario, pd: Floats, own: Groups) -> Borrowers:
    """Who takes a loan, at which lender, in which district (``own``), by the scenario's draws.

    Raises:
        UsageError: the scenario lacks what is needed; holds all of it.
        PortfolioError: two firms have one name.
    """
    scenario.need("book.draw_rate", "book.take_up", "book.lenders", "simulation.seed")
    terms, n = scenario.terms, len(firms)
    seed = terms.simulation.seed
    assert seed is not None  # asked for above
    names, rank = _ranked(firms)
    lenders = dict(terms.book.lenders)
    districts = dict(terms.book.districts)
    take_up = float(Fraction(str(terms.book.take_up)))
    lender = _drawn(seed, "lender", n, lenders)
    if districts:
        labels = sorted(districts)
        code = np.array([labels.index(name) for name in districts], np.int32)
        own = Groups(code[_drawn(seed, "district", n, districts)], tuple(labels))
    rates = {name: Fraction(str(rate)) for name, rate in dict(terms.book.draw_rate).items()}
    takes = _uniform(seed, "take-up", n) < take_up
    return Borrowers(
        firms, names, rank, takes, pd, lender, tuple(lenders), own, rates, scenario
    )  # fmt: skip


def _uniform(seed: int, stream: str, n: int) -> Floats:
    """A uniform number for each row, as :mod:`ipcredit.portfolio_assessed` draws it."""
    chunks = [uniforms(seed, chunk, stream, CHUNK) for chunk in range(-(-n // CHUNK))]
    return np.concatenate(chunks)[:n] if chunks else np.empty(0)


def _drawn(seed: int, stream: str, n: int, shares: dict[str, Any]) -> Codes:
    cuts = np.cumsum([float(Fraction(str(share))) for share in shares.values()])[:-1]
    return np.searchsorted(cuts, _uniform(seed, stream, n), side="right").astype(np.int32)


def _ranked(firms: Firms) -> tuple[list[str], Ints]:
    """The firms' names and the place of each in their order."""
    names, n = names_of(firms), len(firms)
    if ascending(names):
        return names, np.arange(n)
    order = sorted(range(n), key=names.__getitem__)
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n)
    problems = []
    for one, two in pairwise(order):
        if names[one] == names[two]:
            args = {"firm": names[one], "first": one + 1, "row": two + 1}
            problems.append(Problem("portfolio.firm-twice", firms.source, args=args))
    if problems:
        raise PortfolioError(problems)
    return names, rank


def names_of(firms: Firms) -> list[str]:
    """What each firm is called: its code, else its name, else its row."""
    columns = [firms.texts[name] for name in ("uscc", "name") if name in firms.texts]
    if not columns:
        return [f"{row + 1}" for row in range(len(firms))]
    found: list[str | None] = list(columns[0])
    for column in columns[1:]:
        found = [own or other for own, other in zip(found, column, strict=True)]
    return [name or f"{row + 1}" for row, name in enumerate(found)]
