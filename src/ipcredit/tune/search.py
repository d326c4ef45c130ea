"""The best cut-offs and lines that given limits allow, found by trying policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ipcredit.assess import AnyFirms
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.tune import search_picture, search_text
from ipcredit.tune.outcome import setting
from ipcredit.tune.search_data import Found, Kept, Move, Setpoint
from ipcredit.tune.search_problem import Goal, Judge, Limit, Objective, goal_of
from ipcredit.tune.search_run import Run, Trial
from ipcredit.tune.search_space import Space, space_of
from ipcredit.tune.varied import changed, value_at

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Asked = TypeVar("Asked")
EXACT_UP_TO: Final = 2_000
"""Spaces of at most so many policies are tried whole."""
ALLOWED: Final = 1_000
"""Policies tried at most, unless told otherwise."""


class Search(Found):
    """The answer of :func:`search`: figures as in :class:`Found`, and how they are shown."""

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return search_text.search_page(self, lang, width)

    def __str__(self) -> str:
        return self.text("en")

    def draw(
        self, lang: str = "zh", against: str | None = None
    ) -> tuple[Figure, tuple[Problem, ...]]:
        """The frontier, and remarks (that Chinese could not be drawn).

        Raises:
            UsageError: matplotlib is not installed; as :meth:`Found.frontier`.
        """
        return search_picture.draw(self, lang, against)

    def save(
        self, path: str | Path, lang: str = "zh", against: str | None = None
    ) -> tuple[Problem, ...]:
        """Draw into a PNG, SVG or PDF file; returns remarks as :meth:`draw`.

        Raises:
            UsageError: as :meth:`draw`, or the file has another ending or cannot be written.
        """
        return search_picture.save(self, path, lang, against)


def search(
    policy: Policy,
    firms: AnyFirms,
    *,
    vary: Mapping[str, Any],
    objective: Objective = "lending",
    budget: str | None = None,
    exhaustion: float | str | None = None,
    lines_at_most: str | None = None,
    lines_at_least: str | None = None,
    firms_at_least: int | str | None = None,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    on: dt.date | None = None,
    pd: Any = None,
    seed: int = 0,
    evaluations: int = ALLOWED,
    exact_up_to: int = EXACT_UP_TO,
) -> Search:
    """The policy that gives most of what is sought and keeps to every limit.

    ``vary``: by path ``(low, high, step)``, amounts with their unit: the values tried are round by
    construction, and those the policy keeps in order are tried in order only.  ``objective``:
    ``lending`` (all lines), ``knowledge`` (the knowledge lines), ``firms`` (with a line), ``cost``
    (expected net cost of the fund, least), or a function of an
    :class:`~ipcredit.tune.outcome.Outcome`, largest.  Limits: ``budget`` (most expected net cost
    of the fund's year), ``exhaustion`` (most probability that the whole fund runs dry),
    ``lines_at_most``, ``lines_at_least``, ``firms_at_least``; ``"same"`` is what the policy as it
    is comes to.  Default probabilities are read once
    from the policy as it is: no label earns anything.

    Spaces of at most ``exact_up_to`` policies are tried whole.  Larger ones are searched by
    ``scipy.optimize.differential_evolution``, then by steps around the best, ``evaluations``
    of those at most; ``seed`` makes it the same every time.

    Raises:
        UsageError: what is asked for cannot be (all of it listed); no policy tried keeps to the
            limits; as :func:`ipcredit.tune.outcome.setting`.
        PortfolioError: as :func:`ipcredit.tune.outcome.outcome`.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> steps = ("300 万元", "500 万元", "50 万元")
    >>> found = search(policy, population(300, seed=7), vary={"line.tiers.B.amount": steps},
    ...     lines_at_most="9 亿元", on=dt.date(2023, 8, 11))
    >>> found.changes, found.binding, found.tried
    ({'line.tiers.B.amount': '450 万元'}, ('lines_at_most',), 5)
    """
    space, problems = _asked(lambda: space_of(policy, vary))
    goal, more = _asked(
        lambda: goal_of(policy, objective, fund, budget=budget, exhaustion=exhaustion,
                        lines_at_most=lines_at_most, lines_at_least=lines_at_least,
                        firms_at_least=firms_at_least)
    )  # fmt: skip
    more += _not_whole(evaluations=(evaluations, 1), seed=(seed, 0), exact_up_to=(exact_up_to, 0))
    if space is None or goal is None or more:
        raise UsageError([*problems, *more])
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    run = Run(policy, space, Judge(given, goal), evaluations)
    if space.size <= exact_up_to:
        run.everything()
    else:
        run.evolve(seed)
    best = run.best
    if not best.feasible:
        raise _nothing(run.goal, best, run)
    return Search(
        baseline=policy,
        policy=policy if best.point is None else changed(policy, space.values(best.point)),
        setpoints=tuple(_setpoints(policy, space, best)),
        goal=run.goal,
        before=run.before.measures,
        after=best.measures,
        limits=tuple(_kept(run.goal, run, best)),
        trials=tuple(sorted({id(one): one for one in [run.before, *run.trials.values()]}.values(),
                            key=run.key)),
        best=best,
        space=space,
        refused=len(run.refused),
        method=run.method,
        settled=run.settled,
        seed=seed,
        allowed=evaluations,
        firms=len(given.firms),
        on=given.on,
        fund=given.fund,
        scenario=given.scenario,
    )  # fmt: skip


# -- inside ------------------------------------------------------------------------------------


def _asked(make: Callable[[], Asked]) -> tuple[Asked | None, list[Problem]]:
    """What is made, or what is wrong with the question: all of it is said at once."""
    try:
        return make(), []
    except UsageError as error:
        return None, list(error.problems)


def _not_whole(**given: tuple[object, int]) -> list[Problem]:
    """Those that are not whole numbers from their least on."""
    return [
        Problem("tune-search.whole", key=name, args={"given": repr(value), "least": least})
        for name, (value, least) in given.items()
        if isinstance(value, bool) or not isinstance(value, int) or value < least
    ]


def _setpoints(policy: Policy, space: Space, best: Trial) -> list[Setpoint]:
    numbers = {number.path: number for number in policy.numbers}
    found = []
    for at, axis in enumerate(space.axes):
        before = after = value_at(policy, axis.path)
        end = ""
        if best.point is not None:
            step = best.point[at]
            end = {0: "low", axis.count - 1: "high"}.get(step, "")
            if axis.number(step) != axis.start:
                after = axis.value(step)
        number = numbers.get(axis.path) or numbers.get(f"{axis.path}.value")
        found.append(Setpoint(axis.path, before, after, end, number))
    return found


def _kept(goal: Goal, run: Run, best: Trial) -> list[Kept]:
    """Every limit at the best, with the steps that it forbids and that would better what is sought."""
    moves: list[tuple[float, Move, list[Limit]]] = []
    here = goal.loss(best.measures)
    near = () if best.point is None else run.space.near(best.point, 1)
    for point in near:
        one = run.trials.get(point)
        if one is None or best.point is None or goal.loss(one.measures) >= here:
            continue
        at = next(at for at, step in enumerate(point) if step != best.point[at])
        axis = run.space.axes[at]
        broken = [limit for limit in goal.limits if limit.excess(one.measures.of(limit.metric))]
        names = tuple(limit.name for limit in broken)
        move = Move(axis.path, axis.value(point[at]), one.measures.objective, names)
        moves.append((goal.loss(one.measures), move, broken))
    moves.sort(key=lambda row: (row[0], row[1].path))
    found = []
    for limit in goal.limits:
        value = best.measures.of(limit.metric)
        held = tuple(move for _, move, broken in moves if limit in broken)
        found.append(Kept(limit.name, limit.metric, limit.most, limit.limit,
                          run.before.measures.of(limit.metric), value, limit.slack(value),
                          held))  # fmt: skip
    return found


def _nothing(goal: Goal, best: Trial, run: Run) -> UsageError:
    """No policy keeps to the limits: the nearest one, and the limit it is furthest from."""
    value = {limit: best.measures.of(limit.metric) for limit in goal.limits}
    worst = max(goal.limits, key=lambda limit: limit.excess(value[limit]))
    say = search_text.Figures(run.policy.currency)
    args = {
        "tried": len(run.trials),
        "metric": worst.metric,
        "value": say.plain(worst.metric, value[worst]),
        "limit": say.plain(worst.metric, worst.limit),
        "short": say.plain(worst.metric, -worst.slack(value[worst])),
        "by": f"{100 * worst.excess(value[worst]):.3g} %",
    }
    code = "nothing-most" if worst.most else "nothing-least"
    return UsageError(Problem(f"tune-search.{code}", key=worst.name, args=args))


__all__ = ["Kept", "Move", "Search", "Setpoint", "Trial", "search"]
