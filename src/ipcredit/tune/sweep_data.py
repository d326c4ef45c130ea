"""The figures of a sweep as plain data: rows, DataFrame, JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ipcredit.fund.fund import Fund
from ipcredit.fund.result import Figure
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.tune.outcome import Outcome, unit_key
from ipcredit.tune.varied import value_text


@dataclass(frozen=True, slots=True)
class Axis:
    """Parameters that move together, and their steps: a value for each path."""

    paths: tuple[str, ...]
    steps: tuple[tuple[Any, ...], ...]

    @property
    def name(self) -> str:
        """The paths in one line."""
        return " + ".join(self.paths)

    def label(self, policy: Policy, at: int, lang: str) -> str:
        """A step in words, with units."""
        pairs = zip(self.paths, self.steps[at], strict=True)
        return " + ".join(value_text(policy, path, value, lang) for path, value in pairs)


@dataclass(frozen=True, slots=True)
class FundFigures:
    """The fund's year at one step; amounts in minor units.

    ``worst``: the pot most likely to run dry and ``worst_dry`` its probability.
    """

    expected: Figure
    net: Figure
    quantile: Figure
    dry: Figure
    worst: str
    worst_dry: Figure | None


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One step: values as written, firms by state, ``moved`` (in another state than before),
    lines by part (``total`` last) in minor units, the fund's year if one was given.

    ``places``: the step on each axis, -1 for the baseline apart from the grid.
    """

    places: tuple[int, ...]
    values: tuple[str, ...]
    is_baseline: bool
    counts: tuple[int, ...]
    eligible: int
    moved: int
    lines: Mapping[str, int]
    fund: FundFigures | None

    @property
    def total(self) -> int:
        """All lines added up."""
        return self.lines["total"]


def row_of(
    places: tuple[int, ...],
    values: tuple[str, ...],
    found: Outcome,
    is_baseline: bool,
    before: Outcome,
) -> SweepRow:
    """The row of an outcome; ``before`` is the baseline's."""
    year = found.fund
    figures = None
    if year is not None:
        worst = year.worst
        figures = FundFigures(
            year.expected,
            year.net,
            year.quantile,
            year.dry,
            "" if worst is None else worst.name,
            None if worst is None else worst.dry,
        )
    moved = int(np.count_nonzero(found.state != before.state))
    return SweepRow(places, values, is_baseline, found.counts, found.eligible, moved,
                    dict(found.lines), figures)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sweep:
    """A policy over the values of one or two axes.

    ``rows`` in the order of the grid, the last axis fastest; ``baseline`` is the policy as it is,
    whether its values are in the grid (then that row is marked) or not.
    """

    policy: Policy
    on: dt.date
    axes: tuple[Axis, ...]
    baseline: SweepRow
    rows: tuple[SweepRow, ...]
    firms: int
    given_fund: Fund | None
    scenario: Scenario | None
    states: tuple[str, ...]

    def frame(self) -> Any:
        """One row a step as a pandas DataFrame; amounts in whole minor units."""
        import pandas as pd

        return pd.DataFrame([self._flat(row) for row in self.rows])

    def _flat(self, row: SweepRow) -> dict[str, Any]:
        unit = unit_key(self.policy.currency)
        found: dict[str, Any] = {}
        for axis, at in zip(self.axes, row.places, strict=True):
            if at >= 0:
                found |= dict(zip(axis.paths, axis.steps[at], strict=True))
        found["baseline"] = row.is_baseline
        found |= {"eligible": row.eligible, "moved": row.moved}
        found |= {f"firms_{state}": n for state, n in zip(self.states, row.counts, strict=True)}
        found |= {f"line_{name}_{unit}": amount for name, amount in row.lines.items()}
        if row.fund is not None:
            year = row.fund
            found |= {
                f"expected_{unit}": round(year.expected.value),
                f"net_{unit}": round(year.net.value),
                f"quantile_{unit}": round(year.quantile.value),
                "dry": year.dry.value,
                "worst_pot": year.worst,
                "worst_dry": None if year.worst_dry is None else year.worst_dry.value,
            }
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON data; amounts in whole minor units."""
        return {
            "version": 1,
            "kind": "tune-sweep",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "on": self.on.isoformat(),
            "firms": self.firms,
            "fund": None if self.given_fund is None else self.given_fund.id,
            "scenario": None if self.scenario is None else self.scenario.id,
            "axes": [
                {"paths": list(axis.paths), "steps": [list(step) for step in axis.steps]}
                for axis in self.axes
            ],
            "before": self._flat(self.baseline),
            "rows": [self._flat(row) for row in self.rows],
        }

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())
