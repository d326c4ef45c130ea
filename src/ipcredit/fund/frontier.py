"""Cover against cap against capital: what each combination costs and how likely it runs dry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ipcredit.fund.exact import problem_of
from ipcredit.fund.fund import Fund
from ipcredit.fund.result import TAIL, Figure, in_units
from ipcredit.fund.sampled import Executor
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import law_of, moves_with_capital, with_capital, with_value
from ipcredit.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """One combination: the values given, what the fund owes, and how likely it runs dry.

    ``expected`` and ``shortfall`` (at :data:`ipcredit.fund.result.TAIL`) in minor units.
    """

    values: tuple[tuple[str, Any], ...]
    capital: int
    expected: float
    shortfall: float
    dry: Figure
    leverage: float | None
    currency: str = "CNY"

    def data(self) -> dict[str, Any]:
        """As JSON data, flat: one column a value."""
        amounts = {
            "capital_fen": self.capital,
            "expected_fen": round(self.expected),
            "shortfall_fen": round(self.shortfall),
        }
        return {
            **dict(self.values),
            **in_units(amounts, self.currency),
            "dry": self.dry.value,
            "dry_error": self.dry.error,
            "method": self.dry.method,
            "leverage": self.leverage,
        }


def frontier(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    values: Mapping[str, Sequence[Any]],
    capital: Sequence[int] = (),
    *,
    executor: Executor | None = None,
) -> list[FrontierRow]:
    """Every combination of values of the fund's numbers and of its tested capital (minor units).

    ``values``: dotted path to the values tried, as :meth:`Fund.change` takes them; without
    ``capital`` the fund's own.

    Raises:
        UsageError, PortfolioError: as :func:`ipcredit.fund.exact.simulate`.
        FundError: the fund's file does not allow such a value.
    """
    paths = tuple(values)
    rows: list[FrontierRow] = []
    for chosen in product(*values.values()):
        other = fund
        for path, value in zip(paths, chosen, strict=True):
            other = with_value(other, path, value)
        named = tuple(zip(paths, chosen, strict=True))
        rows.extend(_of_fund(book, other, scenario, named, capital, executor))
    return rows


def _of_fund(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    named: tuple[tuple[str, Any], ...],
    capital: Sequence[int],
    executor: Executor | None,
) -> Iterator[FrontierRow]:
    """The rows of one fund: one law for all capitals, unless what is owed depends on it."""
    again = moves_with_capital(fund)
    law = None
    for amount in capital or (None,):
        if law is None or again:
            given = scenario if amount is None else with_capital(fund, scenario, amount)
            problem, loans = problem_of(book, fund, given)
            law = law_of(problem, given, executor)
        money = int(problem.capital[problem.tested]) if amount is None else amount
        owed = int(loans.outstanding.sum())
        leverage = owed / money if money else None
        worst = law.shortfall(TAIL)
        yield FrontierRow(named, money, law.mean, worst, law.chance(money), leverage, fund.currency)
