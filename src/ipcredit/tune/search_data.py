"""The answer of a search as plain data: the best policy, what holds it back, the frontier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.result import Figure
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.reader import Number
from ipcredit.results import to_json
from ipcredit.tune.outcome import unit_key
from ipcredit.tune.search_problem import MONEY, Goal, Measures
from ipcredit.tune.search_run import Trial
from ipcredit.tune.search_space import Space


@dataclass(frozen=True, slots=True)
class Setpoint:
    """One parameter: its value before and after, and whether it stands at the end of its range.

    ``number``: its provenance in the policy as it is.  ``end``: ``low``, ``high`` or empty.
    """

    path: str
    before: Any
    after: Any
    end: str
    number: Number | None

    @property
    def changed(self) -> bool:
        """Whether it differs from the policy as it is."""
        return bool(self.before != self.after)


@dataclass(frozen=True, slots=True)
class Move:
    """One parameter one step on from the best: what it would bring, and which limits it breaks."""

    path: str
    value: Any
    objective: float
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One limit at the best policy: its value there, what is left, and whether it binds.

    It binds where some parameter moved by one step would better what is sought and breaks it:
    ``moves``, the best first.
    """

    name: str
    metric: str
    most: bool
    limit: float
    before: float
    value: float
    slack: float
    moves: tuple[Move, ...]

    @property
    def binds(self) -> bool:
        """Whether it holds the best policy back."""
        return bool(self.moves)


@dataclass(frozen=True, eq=False)
class Found:
    """The best policy a search found, and how it was found.

    ``policy`` carries the changes (it is the baseline itself where nothing is better); ``before``
    and ``after`` are the figures of both.  ``trials``: every policy tried; ``refused``: by the
    policy's own checks.  ``settled``: how far around the best everything was tried (``all``,
    ``pairs``, ``steps``, ``no``).
    """

    baseline: Policy
    policy: Policy
    setpoints: tuple[Setpoint, ...]
    goal: Goal
    before: Measures
    after: Measures
    limits: tuple[Kept, ...]
    trials: tuple[Trial, ...]
    best: Trial
    space: Space
    refused: int
    method: str
    settled: str
    seed: int
    allowed: int
    firms: int
    on: dt.date
    fund: Fund | None
    scenario: Scenario | None

    @property
    def changes(self) -> dict[str, Any]:
        """The values that differ from the policy as it is, by path."""
        return {one.path: one.after for one in self.setpoints if one.changed}

    @property
    def binding(self) -> tuple[str, ...]:
        """The limits that hold the best policy back."""
        return tuple(limit.name for limit in self.limits if limit.binds)

    @property
    def tried(self) -> int:
        """Policies judged, each once."""
        return len(self.trials)

    @property
    def gain(self) -> float:
        """By how much what is sought is better than before, in its own unit."""
        return self.goal.loss(self.before) - self.goal.loss(self.after)

    # -- the frontier ----------------------------------------------------------------------------

    @property
    def against(self) -> tuple[str, ...]:
        """Figures that a frontier may be drawn against, the first by default."""
        found = [limit.metric for limit in self.goal.limits]
        found += ["cost", "dry"] if self.fund is not None else []
        found += ["lines", "firms"]
        return tuple(dict.fromkeys(one for one in found if one != self.goal.metric))

    def frontier(self, against: str | None = None) -> tuple[Trial, ...]:
        """The policies tried that no other beats in both what is sought and one other figure.

        Limits on other figures are kept, those on this one are not: it shows what more or less of
        it would buy.  Sorted by that figure.

        Raises:
            UsageError: there is no such figure.
        """
        metric = self.against[0] if against is None else against
        if metric not in self.against:
            args = {"given": metric, "allowed": ", ".join(self.against)}
            raise UsageError(Problem("tune-search.against", key="against", args=args))
        sign = 1.0 if self.spends(metric) else -1.0
        others = [limit for limit in self.goal.limits if limit.metric != metric]
        rows = [
            (sign * one.measures.of(metric), self.goal.loss(one.measures), at)
            for at, one in enumerate(self.trials)
            if not any(limit.excess(one.measures.of(limit.metric)) for limit in others)
        ]
        kept: list[Trial] = []
        best = float("inf")
        for _, loss, at in sorted(rows):
            if loss < best:
                best = loss
                kept.append(self.trials[at])
        return tuple(kept if sign > 0 else reversed(kept))

    def spends(self, metric: str) -> bool:
        """Whether little of a figure is better."""
        if metric == "lines":
            return not any(one.metric == "lines" and not one.most for one in self.goal.limits)
        return metric in ("cost", "dry")

    # -- forms ------------------------------------------------------------------------------------

    def frame(self, trials: Sequence[Trial] | None = None) -> Any:
        """Every policy tried (or those given, as of :meth:`frontier`) as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(
            [self._flat(one) for one in (self.trials if trials is None else trials)]
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        unit = unit_key(self.baseline.currency)
        return {
            "version": 1,
            "kind": "search",
            "policy": self.baseline.id,
            "edition": self.baseline.edition,
            "fingerprint": self.baseline.fingerprint,
            "best_fingerprint": self.policy.fingerprint,
            "on": self.on.isoformat(),
            "firms": self.firms,
            "fund": None if self.fund is None else self.fund.id,
            "scenario": None if self.scenario is None else self.scenario.id,
            "objective": self.goal.name,
            "changes": [
                {"path": one.path, "before": one.before, "after": one.after, "end": one.end}
                for one in self.setpoints
            ],
            "before": _figures(self.before, unit),
            "after": _figures(self.after, unit),
            "limits": [
                {"name": one.name, "limit": one.limit, "before": one.before, "value": one.value,
                 "slack": one.slack, "binds": one.binds,
                 "moves": [{"path": move.path, "value": move.value, "objective": move.objective,
                            "broken": list(move.broken)} for move in one.moves]}
                for one in self.limits
            ],
            "frontier_against": self.against[0],
            "frontier": [self._flat(one) for one in self.frontier()],
            "method": self.method,
            "settled": self.settled,
            "seed": self.seed,
            "space": self.space.size,
            "tried": self.tried,
            "refused": self.refused,
            "allowed": self.allowed,
        }  # fmt: skip

    def to_json(self) -> str:
        """As JSON text."""
        return to_json(self.to_dict())

    def _flat(self, one: Trial) -> dict[str, Any]:
        values = (
            {point.path: point.before for point in self.setpoints}
            if one.point is None
            else self.space.values(one.point)
        )
        figures = _figures(one.measures, unit_key(self.baseline.currency))
        same = one.measures == self.before and one.point == self.space.own
        return {**values, **figures, "feasible": one.feasible, "baseline": same,
                "best": one is self.best}  # fmt: skip


def _figures(found: Measures, unit: str) -> dict[str, Any]:
    result: dict[str, Any] = {"objective": found.objective, "firms": found.firms}
    for name in (*MONEY, "dry"):
        value = getattr(found, name)
        plain = value.value if isinstance(value, Figure) else value
        money = name in MONEY and plain is not None
        result[f"{name}_{unit}" if name in MONEY else name] = round(plain) if money else plain
    return result
