"""The search itself: every point of a small space, differential evolution in a large one."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ipcredit.errors import PolicyError
from ipcredit.policy import Policy
from ipcredit.tune.search_problem import Judge, Measures
from ipcredit.tune.search_space import Point, Space
from ipcredit.tune.varied import varied

ENUMERATED: Final = "enumerated"
EVOLVED: Final = "differential evolution"
# Of the policies allowed, the part that evolution may use: the rest is for the steps around the best.
_EVOLVING: Final = Fraction(2, 3)
_MEMBERS: Final = (24, 4)  # at least so many policies a generation, and so many a parameter
_STILL: Final = 12  # generations without a better policy or a new one
_POPULATIONS: Final = 8
_GENERATIONS: Final = 10_000
_REFUSED: Final = 4.0  # score above that of every policy that is valid

Key = tuple[float, float, int, Fraction, Point]


@dataclass(frozen=True, slots=True)
class Trial:
    """One policy tried: its point (``None``: the policy as it is, off the grid) and figures.

    ``violation``: how far the limits are broken, 0 where all are kept.
    """

    point: Point | None
    measures: Measures
    violation: float

    @property
    def feasible(self) -> bool:
        """Whether it keeps to every limit."""
        return self.violation == 0


class _Enough(Exception):
    """As many policies were tried as are allowed."""


class Run:
    """One search: every policy is judged once, however often it is asked for.

    ``best`` and ``settled`` are the answer: ``settled`` is how far around the best every policy
    was tried: ``all``, ``pairs`` of parameters, single ``steps``, or ``no``: the limit came first.
    """

    def __init__(self, policy: Policy, space: Space, judge: Judge, allowed: int) -> None:
        self.policy, self.space, self.judge = policy, space, judge
        self.allowed = allowed
        self.trials: dict[Point, Trial] = {}
        self.refused: set[Point] = set()
        found = judge.measures(policy)
        self.goal = judge.goal.against(found)
        self.before = Trial(space.own, found, self.goal.violation(found))
        if space.own is not None:
            self.trials[space.own] = self.before
        self.settled = "no"
        self.method = ENUMERATED

    # -- judging -------------------------------------------------------------------------------

    def trial(self, point: Point) -> Trial | None:
        """The policy at a point; ``None`` where the policy's own checks refuse it.

        Raises:
            _Enough: it would be one more than allowed.
        """
        if point in self.trials:
            return self.trials[point]
        if point in self.refused:
            return None
        if len(self.trials) >= self.allowed:
            raise _Enough
        try:
            other = varied(self.policy, self.space.values(point))
        except PolicyError:
            self.refused.add(point)
            return None
        found = self.judge.measures(other)
        self.trials[point] = Trial(point, found, self.goal.violation(found))
        return self.trials[point]

    def key(self, trial: Trial) -> Key:
        """The order of policies, best first: those that keep to the limits by what is sought, the
        others by how far they break them; of equals the one with fewer and smaller changes."""
        point = trial.point
        changes = (0, Fraction(0)) if point is None else self.space.changes(point)
        return trial.violation, self.goal.loss(trial.measures), *changes, point or ()

    @property
    def best(self) -> Trial:
        """The best policy tried, the one as it is among them."""
        return min([self.before, *self.trials.values()], key=self.key)

    # -- searching -----------------------------------------------------------------------------

    def everything(self) -> None:
        """Try every point."""
        self.allowed = self.space.size + 1
        for point in self.space.points():
            self.trial(point)
        self.settled = "all"

    def evolve(self, seed: int) -> None:
        """Differential evolution over the steps, then one step around the best, then two.

        The order of policies is kept exactly by the score: what keeps to the limits is below 1,
        what does not is between 2 and 3.
        """
        self.method = EVOLVED
        allowed = self.allowed
        self.allowed = max(math.ceil(allowed * _EVOLVING), 1)
        with suppress(_Enough):
            self._differential_evolution(seed)
        self.allowed = allowed
        try:
            self._climb()
        except _Enough:
            self.settled = "steps" if self.settled == "steps" and self._stands() else "no"

    def _stands(self) -> bool:
        """Whether every policy one step from the best was tried."""
        point = self.best.point
        tried = self.trials.keys() | self.refused
        return point is not None and all(one in tried for one in self.space.near(point, 1))

    def _score(self, x: Any) -> float:
        trial = self.trial(self.space.ordered([round(step) for step in x.tolist()]))
        if trial is None:
            return _REFUSED
        if trial.violation > 0:
            return 2.0 + trial.violation / (1.0 + trial.violation)
        scale = abs(self.before.measures.objective) or 1.0
        share = self.goal.loss(trial.measures) / scale
        return share / (1.0 + abs(share))

    def _differential_evolution(self, seed: int) -> None:
        from scipy.optimize import differential_evolution

        axes = self.space.axes
        members = max(_MEMBERS[0], _MEMBERS[1] * len(axes))
        # SciPy calls the same argument by another name since 1.15.
        known = inspect.signature(differential_evolution).parameters
        name = "rng" if "rng" in known else "seed"
        source = np.random.Generator(np.random.Philox(seed))
        # One population finds the region soon and settles early on round amounts; the next ones
        # start afresh beside the best and look around more.
        for population in range(_POPULATIONS):
            start = self.best.point or self.space.start
            differential_evolution(
                self._score,
                [(0, axis.count - 1) for axis in axes],
                integrality=[True] * len(axes),
                strategy="currenttobest1bin" if population else "best1bin",
                x0=np.array(start, np.float64),
                popsize=math.ceil(members / len(axes)),
                maxiter=_GENERATIONS,
                tol=0.0,
                atol=0.0,
                polish=False,
                callback=_Still(self),
                **{name: source},
            )

    def _climb(self) -> None:
        """Move the best by one step while that betters it, then by a pair of steps."""
        best: Trial | None = min(self.trials.values(), key=self.key, default=None)
        while best is not None and best.point is not None:
            better = self._better(best, self.space.near(best.point, 1))
            if better is None:
                self.settled = "steps"
                # Of pairs there are many: the first that is better will do.
                pairs = ([pair] for pair in self.space.near(best.point, 2))
                tried = (self._better(best, pair) for pair in pairs)
                better = next((one for one in tried if one is not None), None)
                if better is None:
                    self.settled = "pairs"
            best = better

    def _better(self, here: Trial, points: Iterable[Point]) -> Trial | None:
        """The best of some points where it is better than one."""
        near = [self.trial(point) for point in points]
        found = min((one for one in near if one is not None), key=self.key, default=here)
        return found if self.key(found) < self.key(here) else None


class _Still:
    """Ends the evolution when generations bring neither a better policy nor a new one."""

    def __init__(self, run: Run) -> None:
        self.run, self.count = run, 0
        self.last: tuple[Key, int] = (run.key(run.before), 0)

    def __call__(self, xk: Any, convergence: float = 0.0) -> bool:
        best = self.run.key(self.run.best)
        known = len(self.run.trials) + len(self.run.refused)
        better = best < self.last[0] or known > self.last[1] * 1.02
        self.count = 0 if better else self.count + 1
        if better:
            self.last = best, known
        return self.count >= _STILL
