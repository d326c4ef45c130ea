"""A book, a fund and assumptions compiled for many years: who owes what in which period.

Both engines read the same :class:`Plan`.  A *unit* is a firm with all its loans of one *block*:
block 0 is the book, every later one is the lending of a period, a copy of the book's loans
as they were lent, scaled to the amount.  An *item* is a unit's loans in one group.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.covering import covering, holds
from ipcredit.fund.path_cohorts import Groups
from ipcredit.fund.path_money import Purse, added, purses_of
from ipcredit.fund.terms import Limit, Terms
from ipcredit.repayment import INSTALMENTS, months_between
from ipcredit.traits import Bools

if TYPE_CHECKING:
    from ipcredit.portfolio import Portfolio

Array: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int32]

STEPS: Final = {"year": 1, "quarter": 4}
_WIDE: Final = ("lender", "district", "fund")
_MONTHS: Final = 12
_DAYS: Final = 365
_BY_GROUP: Final = ("balance", "relent", "principal")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a simulation assumes beside the book and the fund; every field comes from a scenario.

    ``autocorrelation``: of the factor from one year to the next.  ``timing``: share of
    a vintage's defaults by the end of each year of age (empty: the same hazard at every age).
    ``amortised``: what is lost is what is owed by then, not what was owed at the start.  ``stress``: multipliers of the
    default probability by year (the last one goes on); ``factors``: the factor's value by year,
    None where it is drawn.  ``slope``: loss share added per unit the factor is below zero.
    ``lending``: new lending by year, minor units; ``rollover``: share of repaid principal lent
    again.  ``capital``: committed, paid-in, cash, what is known.  ``opening``: by scope ("fund",
    "lender" or "district"), its name and the amount's name, minor units.
    """

    years: int
    step: str
    correlation: float
    autocorrelation: float
    seed: int
    paths: int
    recovery: float
    recovery_sd: float = 0.0
    slope: float = 0.0
    delay_months: float = 12.0
    timing: tuple[float, ...] = ()
    amortised: bool = True
    stress: tuple[float, ...] = ()
    factors: tuple[float | None, ...] = ()
    lending: tuple[float, ...] = ()
    rollover: float = 0.0
    capital: dict[str, float] = field(default_factory=dict)
    opening: dict[tuple[str, str, str], float] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Periods a year."""
        return STEPS[self.step]

    @property
    def carried(self) -> float:
        """The autocorrelation of the factor from one period to the next."""
        size = float(abs(self.autocorrelation) ** (1.0 / self.steps))
        return size if self.autocorrelation >= 0 else -size

    @property
    def periods(self) -> int:
        """Periods of the whole simulation."""
        return self.years * self.steps

    @property
    def cycle(self) -> int:
        """Years of the timing curve; after it a firm that still owes starts afresh."""
        return max(len(self.timing), 1)

    def yearly(self, pd: Array, age: int) -> Array:
        """The hazard of a year of age (from 0) of firms with these one-year probabilities.

        Over the years of the curve as many default as without it; the curve says when.

        >>> made = Assumptions(1, "year", 0.1, 0.5, 1, 1, 0.4, timing=(0.75, 1.0))
        >>> [round(float(made.yearly(np.array([0.1]), age)[0]), 4) for age in (0, 1)]
        [0.1425, 0.0554]
        """
        if not self.timing:
            return pd
        at = age % self.cycle
        whole = 1 - (1 - pd) ** self.cycle
        before = self.timing[at - 1] if at else 0.0
        alive = 1 - whole * before
        hazard: Array = whole * (self.timing[at] - before) / np.where(alive > 0, alive, 1.0)
        return hazard

    def stress_of(self, period: int) -> float:
        """The multiplier of default probabilities in a period."""
        if not self.stress:
            return 1.0
        return self.stress[min(period // self.steps, len(self.stress) - 1)]

    def factor_of(self, period: int) -> float | None:
        """The factor's given value in a period, None where it is drawn."""
        year = period // self.steps
        return self.factors[year] if year < len(self.factors) else None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Units that start together: ``start`` period, ``scale`` of the book's loans, ``age`` int32[F]
    years of the firm's oldest loan when the block starts."""

    start: int
    scale: float
    age: Codes


@dataclass(frozen=True, eq=False)
class Plan:
    """The compiled problem: F firms, M covered loans, I items, G groups, T periods.

    ``item_firm``, ``item_group`` int32[I]; ``loan_item`` int32[M].  ``money``: capital of the
    whole fund by name.  ``tier`` int32[F].
    """

    terms: Terms
    assumed: Assumptions
    pd: Array
    tier: Codes
    tiers: tuple[str, ...]
    groups: Groups
    lenders: tuple[str, ...]
    districts: tuple[str, ...]
    purses: tuple[Purse, ...]
    money: dict[str, float]
    item_firm: Codes
    item_group: Codes
    loan_item: Codes
    principal: Array
    outstanding: Array
    months_left: Array
    term_months: Array
    instalments: Bools
    loan_recovery: Array
    loan_lag: Codes
    blocks: tuple[Block, ...]
    due_lag: int
    shared_firms: int
    narrow: tuple[tuple[Limit, Bools], ...]  # limits per claim or firm, to which loans
    covered: Bools
    book_principal: float
    _known: dict[tuple[object, ...], Array] = field(default_factory=dict, repr=False)

    @property
    def length(self) -> float:
        """Years a period."""
        return 1.0 / self.assumed.steps

    def loan_balance(self, block: int, period: int, *, rolled: bool) -> Array:
        """What each loan owes at the start of a period had nobody defaulted, float64[M]."""
        found = self.blocks[block]
        months = (period - found.start) * _MONTHS * self.length
        if months < 0:
            return np.zeros(len(self.principal))
        if block == 0:
            amount, left = self.outstanding, self.months_left
        else:
            amount, left = self.principal * found.scale, self.term_months
        factor = profile(
            months, left, self.term_months, self.instalments,
            self.assumed.rollover if rolled else 0.0, _MONTHS * self.length,
        )  # fmt: skip
        result: Array = amount * factor
        return result

    def balance(self, block: int, period: int, *, rolled: bool = True) -> Array:
        """What each item owes at the start of a period had nobody defaulted, float64[I]."""
        loans = self.loan_balance(block, period, rolled=rolled)
        return added(self.loan_item, loans, len(self.item_firm))

    def hazard(self, block: int, period: int) -> Array:
        """The unconditional probability of each firm of a block to default in a period, [F]."""
        found = self.blocks[block]
        years = (period - found.start) // self.assumed.steps
        ages = (found.age + years) % self.assumed.cycle
        yearly = np.empty(len(self.pd))
        for age in np.unique(ages):
            mine = ages == age
            yearly[mine] = self.assumed.yearly(self.pd[mine], int(age))
        yearly = np.minimum(yearly * self.assumed.stress_of(period), 1.0)
        result: Array = 1 - (1 - yearly) ** self.length
        return result

    def principal_of(self, block: int) -> Array:
        """What was lent in a block, by item, float64[I]."""
        amounts = self.principal * self.blocks[block].scale
        return added(self.loan_item, amounts, len(self.item_firm))

    def relent(self, block: int, period: int) -> Array:
        """What is lent again at the start of a period of what was repaid, by item, float64[I]."""
        before = self.loan_balance(block, period - 1, rolled=True)
        now = self.loan_balance(block, period, rolled=True)
        # balance = before - repaid + rollover x repaid
        share = self.assumed.rollover
        repaid = (before - now) / (1 - share) if share < 1 else self._repaid(block, period)
        amounts = share * np.maximum(repaid, 0.0)
        return added(self.loan_item, amounts, len(self.item_firm))

    def _repaid(self, block: int, period: int) -> Array:
        """With everything lent again the balance says nothing: a little less is."""
        almost = replace(self, assumed=replace(self.assumed, rollover=1 - 1e-6))
        before = almost.loan_balance(block, period - 1, rolled=True)
        return (before - almost.loan_balance(block, period, rolled=True)) / 1e-6

    @cached_property
    def covered_groups(self) -> Array:
        """1 for the groups of loans that the fund covers, 0 for the others, float64[G]."""
        found = np.zeros(len(self.groups))
        found[self.item_group[self.loan_item[self.covered]]] = 1.0
        return found

    @cached_property
    def units(self) -> int:
        """How many units can default."""
        return len(self.blocks) * len(self.pd)

    def kept(self, what: str, block: int, period: int, *, rolled: bool = True) -> Array:
        """``balance``, ``relent``, ``principal``, ``hazard`` or ``loans`` (balances), found once.

        The first three by group, the others by firm and loan.  For what every chunk of paths asks.
        """
        key = (what, block, period, rolled, self.assumed.rollover)
        if key not in self._known:
            if what == "balance":
                found = self.by_group(self.balance(block, period, rolled=rolled))
            elif what == "relent":
                found = self.by_group(self.relent(block, period))
            elif what == "principal":
                found = self.by_group(self.principal_of(block))
            elif what == "hazard":
                found = self.hazard(block, period)
            else:
                found = self.loan_balance(block, period, rolled=rolled)
            self._known[key] = found
        return self._known[key]

    def slim(self, *, warm: bool) -> Plan:
        """The plan without its loans and firms, as cells need it on a worker.

        ``warm``: with the sums by group that paths ask for where lending can stop.
        """
        if warm:
            self.kept("principal", 0, 0)
            for block in range(len(self.blocks)):
                for period in range(self.blocks[block].start, self.assumed.periods):
                    self.kept("balance", block, period)
                    self.kept("balance", block, period, rolled=False)
                    if period > self.blocks[block].start and self.assumed.rollover > 0:
                        self.kept("relent", block, period)
        known = {key: value for key, value in self._known.items() if key[0] in _BY_GROUP}
        none, codes = np.zeros(0), np.zeros(0, dtype=np.int32)
        flags = np.zeros(0, dtype=np.bool_)
        return replace(
            self, pd=none, tier=codes, item_firm=codes, item_group=codes, loan_item=codes,
            principal=none, outstanding=none, months_left=none, term_months=none,
            instalments=flags, loan_recovery=none, loan_lag=codes, covered=flags,
            blocks=tuple(replace(block, age=codes) for block in self.blocks),
            narrow=(), _known=known,
        )  # fmt: skip

    def by_group(self, values: Array) -> Array:
        """Values of items added up by group, float64[G]."""
        return added(self.item_group, values, len(self.groups))


def profile(
    months: float, left: Array, term: Array, instalments: Bools, rollover: float, step: float
) -> Array:
    """What is still owed after ``months``, as a share of what was owed at the start.

    Bullet loans owe everything until ``left`` months are over, instalments fall evenly.  With
    ``rollover`` that share of what is repaid in each ``step`` is lent again for ``term`` months.

    >>> one = np.array([12.0])
    >>> [float(profile(m, one, one, np.array([True]), 0.0, 3.0)[0]) for m in (0, 3, 12)]
    [1.0, 0.75, 0.0]
    >>> float(profile(12.0, one, one, np.array([False]), 0.5, 12.0)[0])
    0.5
    """
    if rollover <= 0:
        return _owed(months, left, instalments)
    kinds = np.stack([left, term, instalments.astype(np.float64)])
    unique, at = np.unique(kinds, axis=1, return_inverse=True)
    flags = unique[2] > 0
    count = round(months / step)
    relent: list[Array] = [np.zeros(unique.shape[1])]
    for now in range(1, count + 1):
        repaid = _owed((now - 1) * step, unique[0], flags) - _owed(now * step, unique[0], flags)
        for then in range(1, now):
            since = (now - then) * step
            share = _owed(since - step, unique[1], flags) - _owed(since, unique[1], flags)
            repaid = repaid + relent[then] * share
        relent.append(rollover * repaid)
    total = _owed(months, unique[0], flags)
    for then in range(1, count + 1):
        total = total + relent[then] * _owed((count - then) * step, unique[1], flags)
    result: Array = total[at.ravel()]
    return result


def _owed(months: float, left: Array, instalments: Bools) -> Array:
    share = np.clip(1 - months / np.maximum(left, 1e-9), 0.0, 1.0)
    result: Array = np.where(instalments, share, (months < left - 1e-9) * 1.0)
    return result


def compiled(book: Portfolio, terms: Terms, assumed: Assumptions, lag_days: int = 0) -> Plan:
    """The plan of a book under a fund's terms.

    Raises:
        UsageError: the capital a payment is tested against is not known.
        PortfolioError: loans lack a trait that some clause asks for.
    """
    book = book.covered(terms.covers)
    book.need("start", "term_months", "repayment", "district")
    cover = covering(terms, book.traits)
    money = capital_of(terms, assumed.capital)
    wide = [limit for limit in terms.limits if limit.per in _WIDE]
    holding = {lim.name: holds(lim.when, book.traits) for lim in wide if lim.when.attributes}
    shares = np.append(cover.float64, 0.0)[cover.index]
    if terms.cover.of_liability is not None:
        shares = np.minimum(shares, float(terms.cover.of_liability))
    kinds = np.stack([book.lender, book.district, cover.index, *holding.values()]).astype(np.int32)
    unique, group = np.unique(kinds, axis=1, return_inverse=True)
    group = group.ravel().astype(np.int32)
    first = np.zeros(unique.shape[1], dtype=np.intp)
    first[group] = np.arange(len(group))
    groups = Groups(
        unique[0].astype(np.intp), unique[1].astype(np.intp), shares[first],
        len(book.lenders), len(book.districts),
        {name: unique[3 + at] > 0 for at, name in enumerate(holding)},
    )  # fmt: skip
    pairs, item = np.unique(book.firm.astype(np.int64) * len(groups) + group, return_inverse=True)
    lent_to = np.unique(np.stack([book.firm, book.lender]), axis=1)
    steps = assumed.steps
    return Plan(
        terms=terms, assumed=assumed, pd=np.asarray(book.pd, dtype=np.float64), tier=book.tier,
        tiers=book.tiers, groups=groups, lenders=book.lenders, districts=book.districts,
        purses=purses_of(terms, money, book.districts, _district_shares(book, terms)),
        money=money,
        item_firm=(pairs // len(groups)).astype(np.int32),
        item_group=(pairs % len(groups)).astype(np.int32),
        loan_item=item.ravel().astype(np.int32),
        principal=book.principal.astype(np.float64),
        outstanding=book.outstanding.astype(np.float64),
        months_left=_months_left(book),
        term_months=np.maximum(book.term_months.astype(np.float64), 1.0),
        instalments=(book.repayment == INSTALMENTS) & assumed.amortised,
        loan_recovery=np.where(np.isnan(book.recovery), assumed.recovery, book.recovery),
        loan_lag=_lag(
            np.where(np.isnan(book.recovery_months), assumed.delay_months, book.recovery_months),
            steps,
        ),
        blocks=_blocks(book, assumed),
        due_lag=round(lag_days * steps / _DAYS),
        shared_firms=int((np.bincount(lent_to[0], minlength=len(book.pd)) > 1).sum()),
        narrow=tuple(
            (limit, holds(limit.when, book.traits)) for limit in terms.limits
            if limit.per not in _WIDE
        ),
        covered=cover.index >= 0,
        book_principal=float(book.principal.sum()),
    )  # fmt: skip


def capital_of(terms: Terms, given: dict[str, float]) -> dict[str, float]:
    """Committed, paid-in and cash: the scenario's, else the fund's own, else what follows from it.

    The least paid-in share of the commitment stands for what is paid in, that for the cash.

    Raises:
        UsageError: the capital that bounds payments is not known.
    """
    money = terms.money
    own = {"committed": money.committed, "paid-in": money.paid_in, "cash": money.cash}
    known = {name: float(value) for name, value in own.items() if value is not None}
    known |= given
    if "paid-in" not in known and "committed" in known and money.paid_in_least is not None:
        known["paid-in"] = known["committed"] * float(money.paid_in_least)
    if "cash" not in known and "paid-in" in known:
        known["cash"] = known["paid-in"]
    if money.tested not in known:
        key = f"capital.{money.tested.replace('-', '_')}"
        raise UsageError(Problem("fund-paths.no-capital", key=key, args={"key": key}))
    return {name: known[name] for name in ("committed", "paid-in", "cash") if name in known}


def _district_shares(book: Portfolio, terms: Terms) -> Array:
    named = dict(terms.money.districts)
    if named:
        return np.array([float(named.get(name, 0)) for name in book.districts])
    owed = added(book.district, book.outstanding.astype(np.float64), len(book.districts))
    total = owed.sum()
    return owed / total if total > 0 else np.full(len(owed), 1.0 / max(len(owed), 1))


def _months_left(book: Portfolio) -> Array:
    """Months to the end of each loan; a loan past its end is owed for one month more."""
    passed = months_between(book.start, book.as_of)
    left: Array = np.maximum(book.term_months - passed, 1).astype(np.float64)
    return left


def _lag(months: Array, steps: int) -> Codes:
    """Periods from default to recovery: nearest whole number, at least one."""
    return np.maximum(np.rint(months * steps / _MONTHS), 1).astype(np.int32)


def _blocks(book: Portfolio, assumed: Assumptions) -> tuple[Block, ...]:
    today = int(np.datetime64(book.as_of, "D").astype(np.int64))
    oldest = np.full(len(book.pd), today, dtype=np.int64)
    np.minimum.at(oldest, book.firm, book.start)
    age = np.maximum((today - oldest) // _DAYS, 0).astype(np.int32)
    blocks = [Block(0, 1.0, age)]
    total = float(book.principal.sum())
    fresh = np.zeros(len(book.pd), dtype=np.int32)
    for year, amount in enumerate(assumed.lending[: assumed.years]):
        if amount > 0:
            blocks.append(Block(year * assumed.steps, amount / total, fresh))
    return tuple(blocks)
