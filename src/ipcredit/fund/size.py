"""How large a fund must be, what a fund of a given size can carry, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

import numpy as np

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.exact import problem_of, sampled_of
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.fund import Fund
from ipcredit.fund.one_period import OnePeriod, sums
from ipcredit.fund.result import Figure, in_units
from ipcredit.fund.sampled import Executor, quantile_of, shortfall_of
from ipcredit.fund.sampled_figures import Sampled
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.scenario_terms import Opening
from ipcredit.money import format_money
from ipcredit.portfolio import Portfolio

MOST_EVALUATIONS: Final = 20
"""Tail evaluations of one search at most."""
# A search is over when the probability is as near to the target as this, relatively.
_CLOSE: Final = 1e-5
# A hair over the root, so that rounding does not miss the target.
_OVER: Final = 1e-9
Rules = TypeVar("Rules", Fund, Scenario)
_PATHS: Final = {"committed": "committed", "paid-in": "paid_in", "cash": "cash"}


class Law(Protocol):
    """What the searches ask of the law of what a fund owes."""

    def chance(self, x: float) -> Figure:
        """P(amount > x)."""

    def at_tail(self, probability: float) -> float:
        """The smallest amount exceeded with at most this probability."""

    def shortfall(self, level: float) -> float:
        """The mean of the worst 1 - level."""

    @property
    def mean(self) -> float:
        """The expected amount."""


class _Drawn:
    """The law as sampled."""

    def __init__(self, draws: Sampled, values: Any, chance: Callable[[float], Figure]) -> None:
        self.draws, self.values, self.chance = draws, values, chance

    def at_tail(self, probability: float) -> float:
        return quantile_of(self.values, 1.0 - probability).value

    def shortfall(self, level: float) -> float:
        return shortfall_of(self.values, level).value

    @property
    def mean(self) -> float:
        return float(self.values.mean())


@dataclass(frozen=True, slots=True)
class PurseSize:
    """What one purse needs for the target, and its share of the fund's money."""

    pot: str
    district: str
    needed: int
    share: float


@dataclass(frozen=True, slots=True)
class Size:
    """The capital for a target probability of exhaustion; amounts in minor units.

    ``capital``: so that the whole fund is exceeded with probability ``target`` at most;
    ``reached``: the probability there.  ``each``: so that every purse is, divided as the fund
    divides its money (``None`` where some purse could not be looked at by itself).
    ``leverage``: balance over ``capital``.  ``fee``: yearly rate on the balance that pays the
    expected net cost.  ``most``: no more than this can be owed, whoever defaults.
    """

    target: float
    capital: int
    reached: Figure
    each: int | None
    purses: tuple[PurseSize, ...]
    outstanding: int
    expected: float
    net: float
    evaluations: int
    currency: str
    most: int

    @property
    def leverage(self) -> float | None:
        """Balance over capital; ``None`` where no capital is needed."""
        return self.outstanding / self.capital if self.capital else None

    @property
    def fee(self) -> float:
        """The break-even fee: expected net cost over the balance, a year."""
        return self.net / self.outstanding if self.outstanding else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        data: dict[str, Any] = {
            "version": 1,
            "kind": "fund-size",
            "target": self.target,
            "capital_fen": self.capital,
            "reached": self.reached.data(),
            "each_purse_fen": self.each,
            "purses": [
                {"pot": p.pot, "district": p.district, "needed_fen": p.needed, "share": p.share}
                for p in self.purses
            ],
            "outstanding_fen": self.outstanding,
            "leverage": self.leverage,
            "expected_fen": round(self.expected),
            "net_fen": round(self.net),
            "break_even_fee": self.fee,
            "evaluations": self.evaluations,
        }
        found: dict[str, Any] = in_units(data, self.currency)
        return found

    def __str__(self) -> str:
        return f"{format_money(self.capital, self.currency, 'en')} ({self.reached.value:.3g})"


@dataclass(frozen=True, slots=True)
class Found:
    """The value a search found, the probability there, and how many tails it took."""

    value: float
    reached: Figure
    evaluations: int


def required_capital(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    target: float,
    *,
    executor: Executor | None = None,
) -> Size:
    """The smallest tested capital that is exceeded with probability ``target`` at most.

    Raises:
        UsageError: as :func:`ipcredit.fund.exact.simulate`; the target is not between 0 and 1.
    """
    _check_target(target)
    given = with_capital(fund, scenario, 0) if _lacks_capital(fund, scenario) else scenario
    problem, loans = problem_of(book, fund, given)
    law, net = _laws(problem, given, executor)
    capital, evaluations = law.at_tail(target), 1
    reached = law.chance(capital)
    if moves_with_capital(fund):
        found = _search_capital(book, fund, given, target, capital, executor)
        capital, reached, evaluations = found.value, found.reached, found.evaluations
        problem = problem_of(book, fund, with_capital(fund, given, int(capital)))[0]
        law, net = _laws(problem, given, executor)
    purses = _purses(problem, target)
    whole = int(np.ceil(capital - 1e-6))
    each = None
    if purses is not None:
        asked = [p.needed / p.share for p in purses if p.needed]
        each = max([whole, *(int(np.ceil(a - 1e-6)) for a in asked)])
    return Size(
        target, whole, reached, each, tuple(purses or ()), int(loans.outstanding.sum()),
        law.mean, net, evaluations, fund.currency, most_owed(problem),
    )  # fmt: skip


def supported_lending(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    target: float,
    *,
    executor: Executor | None = None,
) -> Found:
    """By how much the book could be larger (or must be smaller) at the fund's present capital.

    ``value`` scales every loan; amounts in the fund's clauses stay as they are.

    Raises:
        UsageError: as :func:`required_capital`; or no scale reaches the target.
    """
    _check_target(target)

    def reached(scale: float) -> Figure:
        larger = _scaled(book, scale)
        problem, _ = problem_of(larger, fund, scenario)
        return law_of(problem, scenario, executor).chance(problem.capital[problem.tested])

    problem, _ = problem_of(book, fund, scenario)
    money = problem.capital[problem.tested]
    if money <= 0:
        return Found(0.0, Figure(0.0, 0.0, "exact"), 1)
    law = law_of(problem, scenario, executor)
    needed = law.at_tail(target) * (1 + _OVER)
    guess = money / needed if needed > 0 else 1.0
    if needed > 0 and scales_with_book(fund, scenario):
        return Found(guess, law.chance(needed), 1)
    return _root(reached, target, guess, 1e-4 * guess, 1e4 * guess, "scale", rising=True)


def scales_with_book(fund: Fund, scenario: Scenario) -> bool:
    """Whether a book k times as large is owed k times as much, whoever defaults.

    It is where no clause that counts money has an amount of its own; then
    P(k L > C) = P(L > C / k), and no larger book has to be looked at.
    """
    if moves_with_capital(fund) or scenario.terms.opening != Opening():
        return False
    ceilings = [limit.ceiling for limit in fund.terms.limits]
    return not any(
        ceiling.amount is not None or any(step.up_to is not None for step in ceiling.steps)
        for ceiling in ceilings
    )


def value_for(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    path: str,
    target: float,
    low: float,
    high: float,
    *,
    executor: Executor | None = None,
) -> Found:
    """The value of one of the fund's numbers at which the target is just kept.

    ``path`` is one that more of makes exhaustion more likely (a cover share, a cap rate, a cap)
    or less; it is searched between ``low`` and ``high``.

    Raises:
        UsageError: no value in between reaches the target, or as :func:`required_capital`.
        FundError: the fund's file does not allow such a value.
    """
    _check_target(target)

    def reached(value: float) -> Figure:
        # A fund file has room for so many digits.
        other = with_value(fund, path, float(f"{value:.10g}"))
        problem, _ = problem_of(book, other, scenario)
        return law_of(problem, scenario, executor).chance(problem.capital[problem.tested])

    bottom, top = reached(low), reached(high)
    rising = top.value >= bottom.value
    least, most = (bottom, top) if rising else (top, bottom)
    if most.value <= target:
        # Even the value that pays most keeps it.
        return Found(high if rising else low, most, 2)
    if least.value > target:
        raise _unreachable(low, high, target)
    middle = 0.5 * (low + high)
    return _root(reached, target, middle, low, high, path, rising=rising, used=2)


def law_of(problem: OnePeriod, scenario: Scenario, executor: Executor | None = None) -> Law:
    """The law of what the fund owes: exact where its clauses allow it, else sampled."""
    gross = Exact(problem).gross
    if gross is not None:
        return gross
    draws = sampled_of(problem, scenario, None, None, executor)
    return _Drawn(draws, draws.draws.due, draws.dry)


def _laws(problem: OnePeriod, scenario: Scenario, executor: Executor | None) -> tuple[Law, float]:
    """The law of what the fund owes, and the expected net cost."""
    exact = Exact(problem)
    gross, net = exact.gross, exact.net
    if gross is not None and net is not None:
        return gross, net.mean
    draws = sampled_of(problem, scenario, None, None, executor)
    cost = float(draws.draws.net.mean()) if net is None else net.mean
    if gross is not None:
        return gross, cost
    return _Drawn(draws, draws.draws.due, draws.dry), cost


def _purses(problem: OnePeriod, target: float) -> list[PurseSize] | None:
    exact = Exact(problem)
    found = []
    for purse in problem.purses:
        law = exact.purse(purse)
        if law is None:
            return None
        share = purse.share * purse.part
        needed = int(np.ceil(law.at_tail(target) - 1e-6))
        if needed and not share:
            return None
        found.append(PurseSize(purse.pot, purse.district, needed, share))
    return found


def most_owed(problem: OnePeriod) -> int:
    """What the fund never owes more than, whoever defaults: limits that add up over all claims
    are counted, breakers are not, for they stop payment only in some bad years."""
    claims = sums(problem.cell, problem.due, problem.cells)
    most = float(claims @ problem.share)
    for clause in problem.clauses:
        if clause.deductible or (clause.group < 0).any():
            continue
        share = np.ones(len(clause.ceiling))
        counted = claims * problem.share
        if clause.measure == "claims":
            counted, share = claims, np.zeros(len(clause.ceiling))
            np.maximum.at(share, clause.group, problem.share)
        by_group = sums(clause.group, counted, len(clause.ceiling))
        most = min(most, float(np.minimum(by_group, clause.ceiling) @ share))
    return int(np.ceil(most - 1e-6))


def _check_target(target: float) -> None:
    if not 0.0 < target < 1.0:
        args = {"value": f"{target:g}", "allowed": "0 < target < 1"}
        raise UsageError(Problem("fund-results.out-of-range", key="target", args=args))


def _lacks_capital(fund: Fund, scenario: Scenario) -> bool:
    name = _PATHS[fund.terms.money.tested]
    return getattr(fund.terms.money, name) is None and getattr(scenario.terms.capital, name) is None


def with_value(book: Rules, path: str, value: Any) -> Rules:
    """The fund or scenario with another value, or as it is where it has that value already.

    Raises:
        UsageError, FundError: there is no such value, or it cannot be that.
    """
    try:
        return book.change(path, value)
    except UsageError as error:
        if all(problem.code.endswith(".changes-nothing") for problem in error.problems):
            return book
        raise


def with_capital(fund: Fund, scenario: Scenario, amount: int) -> Scenario:
    """The scenario with another tested capital, in minor units."""
    path = f"capital.{_PATHS[fund.terms.money.tested]}"
    return with_value(scenario, path, format_money(amount, scenario.currency, "zh"))


def moves_with_capital(fund: Fund) -> bool:
    """Whether what is owed depends on how much money there is."""
    terms = fund.terms
    bases = (*(limit.ceiling.base for limit in terms.limits), *(b.over for b in terms.breakers))
    return "capital" in bases


def _search_capital(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    target: float,
    guess: float,
    executor: Executor | None,
) -> Found:
    def reached(amount: float) -> Figure:
        given = with_capital(fund, scenario, int(np.ceil(amount)))
        problem, _ = problem_of(book, fund, given)
        return law_of(problem, given, executor).chance(float(int(np.ceil(amount))))

    most = float(book.outstanding.sum())
    start = min(max(guess, most * 1e-6), most)
    return _root(reached, target, start, 0.0, most, "capital", rising=False)


def _scaled(book: Portfolio, scale: float) -> Portfolio:
    owed = np.rint(book.outstanding * scale).astype(np.int64)
    lent = np.rint(book.principal * scale).astype(np.int64)
    return replace(book, outstanding=owed, principal=lent)


def _root(
    reached: Callable[[float], Figure],
    target: float,
    guess: float,
    low: float,
    high: float,
    key: str,
    *,
    rising: bool,
    used: int = 0,
) -> Found:
    """Where a probability that rises (or falls) with a value just keeps the target.

    On the probit scale, where tails are nearly straight; the value returned keeps the target.
    """
    from scipy.special import ndtri

    def gap(figure: Figure) -> float:
        """Above 0 where the target is missed."""
        if figure.value <= 0.0 or figure.value >= 1.0:
            return -np.inf if figure.value <= 0.0 else np.inf
        return float(ndtri(figure.value) - ndtri(target))

    best: tuple[float, Figure] | None = None
    last: tuple[float, float] | None = None
    x, count = guess, used
    while count < MOST_EVALUATIONS:
        figure = reached(x)
        count += 1
        value = gap(figure)
        if value <= 0 and (best is None or (x > best[0]) == rising):
            best = (x, figure)
        if abs(figure.value - target) <= _CLOSE * target and value <= 0:
            break
        if (value <= 0) == rising:
            low = x
        else:
            high = x
        if high - low <= 1e-12 * abs(high):
            break
        step = _secant(x, value, last, rising=rising)
        last = (x, value)
        x = x + step if low < x + step < high else 0.5 * (low + high)
    if best is None:
        raise _unreachable(low, high, target, key)
    return Found(best[0], best[1], count)


def _secant(x: float, value: float, last: tuple[float, float] | None, *, rising: bool) -> float:
    """The next step; a little over the root, so that the target is kept on the way."""
    if not np.isfinite(value):
        return float("nan")
    if last is None or not np.isfinite(last[1]) or value == last[1]:
        side = 1.0 if (value <= 0) == rising else -1.0
        return side * 0.02 * abs(x)
    step = -value * (x - last[0]) / (value - last[1])
    return step * (1 + 1e-7)


def _unreachable(low: float, high: float, target: float, key: str = "") -> UsageError:
    args = {"low": f"{low:g}", "high": f"{high:g}", "target": f"{target:g}"}
    return UsageError(Problem("fund-results.unreachable", key=key, args=args))
