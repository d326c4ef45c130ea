"""What a search maximises and what it must keep to: figures of one policy, and limits on them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.exact import problem_of, sampled_of
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.fund import Fund
from ipcredit.fund.result import Figure
from ipcredit.money import MoneyError, parse_money
from ipcredit.policy import Policy
from ipcredit.reader import nearest, one_line, shown
from ipcredit.tune.fund_year import NOTHING
from ipcredit.tune.outcome import Outcome, Setting

Objective = str | Callable[[Outcome], float]

OBJECTIVES: Final = {"lending": "lines", "knowledge": "knowledge", "firms": "firms", "cost": "cost"}
"""What may be asked for, and the figure it is; all are to be large, ``cost`` small."""
SAME: Final = "same"
"""A limit that is what the policy as it is comes to."""
OWN: Final = "objective"
"""The figure that a person's own function gives."""
OF_FUND: Final = ("cost", "dry")
MONEY: Final = ("lines", "knowledge", "cost")


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one policy that a search looks at; amounts in minor units.

    ``firms`` that get a line above 0 (without lines in the policy: eligible ones); ``lines`` and
    ``knowledge`` added up; ``cost``: expected net cost of the fund's year, ``dry``: probability
    that the whole fund owes more than its tested capital.  ``objective``: what is sought.
    """

    firms: int
    lines: int
    knowledge: int
    cost: Figure | None
    dry: Figure | None
    objective: float

    def of(self, metric: str) -> float:
        """The figure called ``metric``."""
        found = getattr(self, metric)
        return float(found.value if isinstance(found, Figure) else found)


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing a policy must keep to: ``metric`` at most (or at least) ``limit``.

    ``name``: the argument it was given by.
    """

    name: str
    metric: str
    most: bool
    limit: float

    def slack(self, value: float) -> float:
        """What is left; below 0 where it is broken."""
        return self.limit - value if self.most else value - self.limit

    def excess(self, value: float) -> float:
        """By how much it is broken, as a share of the limit; 0 where it is kept."""
        return max(-self.slack(value), 0.0) / (abs(self.limit) or 1.0)


@dataclass(frozen=True, eq=False)
class Goal:
    """What is sought and what must be kept to."""

    objective: Objective
    limits: tuple[Limit, ...]

    @property
    def metric(self) -> str:
        """The figure that is sought."""
        return OBJECTIVES[self.objective] if isinstance(self.objective, str) else OWN

    @property
    def name(self) -> str:
        """What is sought, as the person gave it."""
        if isinstance(self.objective, str):
            return self.objective
        return str(getattr(self.objective, "__name__", OWN))

    @property
    def small(self) -> bool:
        """Whether less of it is better."""
        return self.metric == "cost"

    def against(self, before: Measures) -> Goal:
        """The same goal, with the figures of the policy as it is where a limit is :data:`SAME`."""
        limits = tuple(
            replace(one, limit=before.of(one.metric)) if math.isnan(one.limit) else one
            for one in self.limits
        )
        return replace(self, limits=limits)

    def loss(self, found: Measures) -> float:
        """What is sought, turned so that less is better."""
        return found.objective if self.small else -found.objective

    def violation(self, found: Measures) -> float:
        """How far the limits are broken, as shares of them, added up; 0 where all are kept."""
        return sum(limit.excess(found.of(limit.metric)) for limit in self.limits)


def goal_of(
    policy: Policy,
    objective: Objective,
    fund: Fund | None,
    *,
    budget: Any = None,
    exhaustion: Any = None,
    lines_at_most: Any = None,
    lines_at_least: Any = None,
    firms_at_least: Any = None,
) -> Goal:
    """The goal a person asks for.

    Raises:
        UsageError: an unknown objective, limits that are none, a fund's figure without a fund.
    """
    problems: list[Problem] = []
    limits: list[Limit] = []
    given: tuple[tuple[str, Any, str, bool, Callable[[Any, str], float]], ...] = (
        ("budget", budget, "cost", True, _money),
        ("exhaustion", exhaustion, "dry", True, _share),
        ("lines_at_most", lines_at_most, "lines", True, _money),
        ("lines_at_least", lines_at_least, "lines", False, _money),
        ("firms_at_least", firms_at_least, "firms", False, _whole),
    )
    for name, value, metric, most, read in given:
        if value is None:
            continue
        try:
            number = math.nan if _is_same(value) else read(value, policy.currency)
            limits.append(Limit(name, metric, most, number))
        except (MoneyError, ValueError, TypeError, ArithmeticError):
            args = {"given": one_line(shown(value))}
            problems.append(Problem(f"tune-search.limit-{metric}", key=name, args=args))
        if metric in OF_FUND and fund is None:
            problems.append(Problem("tune-search.no-fund", key=name))
    problems += _wrong_objective(policy, objective, fund)
    if problems:
        raise UsageError(problems)
    return Goal(objective, tuple(limits))


class Judge:
    """The figures of one policy after another, for the same firms, fund and probabilities.

    A firm's default probability was read once (:class:`Setting`); labels are never asked.
    """

    def __init__(self, setting: Setting, goal: Goal) -> None:
        self.setting, self.goal = setting, goal

    @cached_property
    def _plain(self) -> Setting:
        return replace(self.setting, fund=None, scenario=None)

    def measures(self, policy: Policy) -> Measures:
        """The figures of one policy.

        Raises:
            UsageError, PortfolioError: as :func:`ipcredit.tune.outcome.outcome`; the person's own
                function gives no number.
        """
        own = not isinstance(self.goal.objective, str)
        outcome = (self.setting if own else self._plain).outcome(policy)
        cost = dry = None
        if outcome.fund is not None:
            cost, dry = outcome.fund.net, outcome.fund.dry
        elif self.setting.fund is not None:
            cost, dry = self._year(outcome)
        has_lines = bool(outcome.assessment.parts)
        firms = int(np.count_nonzero(outcome.line)) if has_lines else outcome.eligible
        found = Measures(firms, outcome.total, outcome.lines.get("knowledge", 0), cost, dry, 0.0)
        sought = self._own(outcome) if own else found.of(self.goal.metric)
        return replace(found, objective=sought)

    def _own(self, outcome: Outcome) -> float:
        if isinstance(self.goal.objective, str):
            raise AssertionError
        value: Any = self.goal.objective(outcome)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            args = {"given": one_line(repr(value))}
            raise UsageError(Problem("tune-search.no-figure", key=self.goal.name, args=args))
        return number

    def _year(self, outcome: Outcome) -> tuple[Figure, Figure]:
        """Expected net cost and the probability that the whole fund runs dry, and no more."""
        fund, scenario = self.setting.fund, self.setting.scenario
        lenders = self.setting.borrowers
        if fund is None or scenario is None or lenders is None:
            raise AssertionError
        book, _ = lenders.book(outcome.assessment, fund.terms.covers)
        if book is None:
            return NOTHING, NOTHING
        problem, _ = problem_of(book, fund, scenario)
        exact = Exact(problem)
        money = problem.capital[problem.tested]
        gross, net = exact.gross, exact.net
        if gross is not None and net is not None:
            return net.expected(), gross.chance(money)
        drawn = sampled_of(problem, scenario, None, None, None)
        cost = drawn.spread("net").mean if net is None else net.expected()
        return cost, drawn.dry(money) if gross is None else gross.chance(money)


# -- inside ------------------------------------------------------------------------------------


def _is_same(value: Any) -> bool:
    return isinstance(value, str) and value == SAME


def _wrong_objective(policy: Policy, objective: Objective, fund: Fund | None) -> list[Problem]:
    if not isinstance(objective, str):
        return []
    if objective not in OBJECTIVES:
        near = nearest(objective, OBJECTIVES)
        args = {"given": one_line(objective), "nearest": near, "allowed": ", ".join(OBJECTIVES)}
        code = "objective-near" if near else "objective"
        return [Problem(f"tune-search.{code}", key="objective", args=args)]
    parts = [part.name for part in policy.rules.parts]
    lacks = not parts if objective == "lending" else "knowledge" not in parts
    if objective in ("lending", "knowledge") and lacks:
        args = {"given": objective, "parts": ", ".join(parts) or "-"}
        return [Problem("tune-search.no-part", key="objective", args=args)]
    if objective == "cost" and fund is None:
        return [Problem("tune-search.no-fund", key="objective")]
    return []


def _money(value: Any, currency: str) -> float:
    if not isinstance(value, str):
        raise TypeError
    amount = parse_money(value, currency)
    if amount < 0:
        raise ValueError
    return float(amount)


def _share(value: Any, _: str) -> float:
    number = float(value)
    if isinstance(value, bool) or not 0 <= number <= 1:
        raise ValueError
    return number


def _whole(value: Any, _: str) -> float:
    if isinstance(value, bool) or int(value) != value or value < 0:
        raise ValueError
    return float(value)
