"""What a comparison reports of a fund's year: cost and exhaustion, and nothing that it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ipcredit.fund.exact import problem_of, sampled_of
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.exact_laws import Owed
from ipcredit.fund.fund import Fund
from ipcredit.fund.one_period import OnePeriod
from ipcredit.fund.result import Figure
from ipcredit.fund.sampled_figures import Sampled
from ipcredit.fund.scenario import Scenario
from ipcredit.portfolio import Portfolio

LEVEL: Final = 0.99
"""Level of the quantile of what the fund owes."""
NOTHING: Final = Figure(0.0, 0.0, "exact")


@dataclass(frozen=True, slots=True)
class PotYear:
    """One pot, or a district's part of it: its money, what it is asked for, how likely it runs dry.

    ``money`` is the tested capital in minor units, ``expected`` the mean of what is asked of it.
    """

    pot: str
    district: str
    money: int
    expected: Figure
    dry: Figure

    @property
    def name(self) -> str:
        """The pot, and the district where the pot is divided."""
        return f"{self.pot}/{self.district}" if self.district else self.pot


@dataclass(frozen=True, slots=True)
class FundYear:
    """One year of the fund under a policy; amounts in minor units.

    ``expected``: mean of what it owes; ``net``: of what does not come back; ``quantile``: what it
    owes is not above it with probability :data:`LEVEL`; ``dry``: probability that it owes more
    than its tested capital.  ``left_out``: firms that could not be put into the book.
    """

    currency: str
    tested: str
    money: int
    loans: int
    borrowers: int
    outstanding: int
    expected: Figure
    net: Figure
    quantile: Figure
    dry: Figure
    pots: tuple[PotYear, ...]
    left_out: int

    def pot(self, name: str) -> PotYear:
        """The pot of that name (``city``, ``district/…``).

        Raises:
            KeyError: there is none.
        """
        for pot in self.pots:
            if pot.name == name:
                return pot
        raise KeyError(name)

    @property
    def worst(self) -> PotYear | None:
        """The pot that is most likely to run dry, with money of its own."""
        return max(self.pots, key=lambda pot: pot.dry.value, default=None)

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        unit = "fen" if self.currency == "CNY" else "minor"
        return {
            "tested": self.tested,
            f"money_{unit}": self.money,
            "loans": self.loans,
            "borrowers": self.borrowers,
            f"outstanding_{unit}": self.outstanding,
            "expected": _money(self.expected, unit),
            "net": _money(self.net, unit),
            "level": LEVEL,
            "quantile": _money(self.quantile, unit),
            "dry": self.dry.data(),
            "pots": [
                {
                    "pot": pot.pot,
                    "district": pot.district,
                    f"money_{unit}": pot.money,
                    "expected": _money(pot.expected, unit),
                    "dry": pot.dry.data(),
                }
                for pot in self.pots
            ],
            "left_out": self.left_out,
        }


def _money(figure: Figure, unit: str) -> dict[str, Any]:
    data = figure.data(money=True)
    return {key.replace("_fen", f"_{unit}"): value for key, value in data.items()}


def fund_year(book: Portfolio | None, fund: Fund, scenario: Scenario, left_out: int) -> FundYear:
    """The fund's year with a book; without a book it owes nothing.

    Raises:
        UsageError: the fund or the scenario lack what is needed.
        PortfolioError: a clause asks for an attribute that a loan does not have.
    """
    if book is None:
        tested = fund.terms.money.tested
        return FundYear(fund.currency, tested, _capital(fund, scenario), 0, 0, 0, NOTHING, NOTHING,
                        NOTHING, NOTHING, (), left_out)  # fmt: skip
    problem, loans = problem_of(book, fund, scenario)
    figures = _Figures(problem, scenario)
    money = problem.capital[problem.tested]
    return FundYear(
        currency=fund.currency,
        tested=problem.tested,
        money=round(money),
        loans=len(loans),
        borrowers=len(loans.firms),
        outstanding=int(loans.outstanding.sum()),
        expected=figures.mean("gross"),
        net=figures.mean("net"),
        quantile=figures.quantile(),
        dry=figures.dry(money),
        pots=tuple(figures.pot(at) for at in range(len(problem.purses))),
        left_out=left_out,
    )


def capital_needed(fund: Fund) -> tuple[str, ...]:
    """What a scenario must say of the fund's money because the fund does not."""
    money = fund.terms.money
    own = {"committed": money.committed, "paid-in": money.paid_in, "cash": money.cash}
    derived = money.tested == "paid-in" and None not in (money.committed, money.paid_in_least)
    if own[money.tested] is not None or derived:
        return ()
    return (f"capital.{money.tested.replace('-', '_')}",)


def _capital(fund: Fund, scenario: Scenario) -> int:
    """The tested capital, where there is no book to test it by."""
    money, given = fund.terms.money, scenario.terms.capital
    committed = money.committed if given.committed is None else given.committed
    paid_in = money.paid_in if given.paid_in is None else given.paid_in
    if paid_in is None and committed is not None and money.paid_in_least is not None:
        paid_in = int(committed * money.paid_in_least)
    cash = money.cash if given.cash is None else given.cash
    return {"committed": committed, "paid-in": paid_in, "cash": cash}[money.tested] or 0


class _Figures:
    """Exact where the fund's clauses allow it, sampled elsewhere."""

    def __init__(self, problem: OnePeriod, scenario: Scenario) -> None:
        self.problem, self.scenario, self.exact = problem, scenario, Exact(problem)
        self._drawn: Sampled | None = None

    @property
    def drawn(self) -> Sampled:
        if self._drawn is None:
            self._drawn = sampled_of(self.problem, self.scenario, None, None, None)
        return self._drawn

    def mean(self, name: str) -> Figure:
        law: Owed | None = getattr(self.exact, name)
        return self.drawn.spread(name).mean if law is None else law.expected()

    def quantile(self) -> Figure:
        law = self.exact.gross
        if law is None:
            return self.drawn.spread("gross").quantile(LEVEL)
        value, beyond = law.quantile(LEVEL), 1.0 - LEVEL
        error = 0.0
        if law.relative > 1e-12:
            low = law.at_tail(min(beyond * (1 + law.relative), 1.0))
            high = law.at_tail(beyond * (1 - law.relative))
            error = max(high - value, value - low, 0.0)
        return Figure(value, error, law.method)

    def dry(self, money: float) -> Figure:
        law = self.exact.gross
        return self.drawn.dry(money) if law is None else law.chance(money)

    def pot(self, at: int) -> PotYear:
        purse = self.problem.purses[at]
        money = purse.money[self.problem.tested]
        law = self.exact.purse(purse)
        if law is None:
            row = self.drawn.purse(at)
            return PotYear(
                row.pot, row.district, round(money), row.wanted, row.dry[self.problem.tested]
            )
        return PotYear(purse.pot, purse.district, round(money), law.expected(), law.chance(money))
