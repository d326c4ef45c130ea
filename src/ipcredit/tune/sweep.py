"""One or two parameters over their values: what each does to firms, money and the fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipcredit.assess import AnyFirms
from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.reader import shown
from ipcredit.tune import sweep_picture, sweep_text
from ipcredit.tune.outcome import Outcome, setting
from ipcredit.tune.sweep_data import Axis, Sweep, SweepRow, row_of
from ipcredit.tune.varied import value_at, varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_AXES = 2
Grid = Mapping[str | tuple[str, ...], Sequence[Any]]


class Swept(Sweep):
    """The answer of :func:`sweep`: figures as in :class:`Sweep`, and how they are shown."""

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return sweep_text.sweep_page(self, lang, width)

    def __str__(self) -> str:
        return self.text("en")

    def draw(self, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
        """Lines for one axis, heat maps for two; and remarks (that Chinese could not be drawn).

        Raises:
            UsageError: matplotlib is not installed.
        """
        return sweep_picture.draw(self, lang)

    def save(self, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
        """Draw into a PNG, SVG or PDF file; returns remarks as :meth:`draw`.

        Raises:
            UsageError: as :meth:`draw`, or the file has another ending or cannot be written.
        """
        return sweep_picture.save(self, path, lang)


def sweep(
    policy: Policy,
    grid: Grid,
    firms: AnyFirms,
    *,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    on: dt.date | None = None,
    pd: Any = None,
) -> Swept:
    """What the policy does at each of the values of one or two parameters.

    ``grid``: by path the values; two paths give every pair of values.  Parameters that move
    together are one axis: a tuple of paths, each step a tuple of as many values.  The policy's own
    value may be among them; its row is marked.  Default probabilities are read once, as in
    :func:`ipcredit.tune.outcome.setting`.

    Raises:
        UsageError: no path or more than two, no value, an unknown path; as ``setting``.
        PolicyError: some values make no valid policy; holds all of them.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> found = sweep(policy, {"tiers.B.at_least": [65, 70, 75]}, population(200, seed=7),
    ...     on=dt.date(2023, 8, 11))
    >>> [(row.values[0], row.counts[1], row.is_baseline) for row in found.rows]
    [('65', 19, False), ('70', 20, True), ('75', 20, False)]
    """
    axes = _axes(policy, grid)
    policies = _policies(policy, axes)
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    before = given.outcome(policy)
    rows = []
    for steps, values, one in policies:
        found: Outcome = before if one is policy else given.outcome(one)
        rows.append(row_of(steps, values, found, one is policy, before))
    start = tuple(", ".join(shown(value_at(policy, path)) for path in axis.paths) for axis in axes)
    return Swept(policy, given.on, tuple(axes), row_of((-1,) * len(axes), start, before, True, before),
                 tuple(rows), before.firms, fund, scenario, before.states)  # fmt: skip


# -- inside ------------------------------------------------------------------------------------


def _axes(policy: Policy, grid: Grid) -> list[Axis]:
    """The axes of a grid, everything wrong with it said at once."""
    problems: list[Problem] = []
    if not grid or len(grid) > MOST_AXES:
        args = {"count": len(grid), "most": MOST_AXES}
        raise UsageError(Problem("tune-sweep.axes", key="grid", args=args))
    axes, taken = [], set()
    for name, values in grid.items():
        paths = (name,) if isinstance(name, str) else tuple(name)
        for path in paths:
            if path in taken:
                problems.append(Problem("tune-sweep.twice", key=path))
            taken.add(path)
            try:
                value_at(policy, path)
            except UsageError as error:
                problems += error.problems
        steps = [_step(step, isinstance(name, str)) for step in _several(values)]
        if not steps:
            problems.append(Problem("tune-sweep.no-values", key=", ".join(paths)))
        for step in steps:
            if len(step) != len(paths):
                told = {"given": shown(list(step)), "paths": len(paths), "values": len(step)}
                problems.append(Problem("tune-sweep.step", key=", ".join(paths), args=told))
        axes.append(Axis(paths, tuple(steps)))
    if problems:
        raise UsageError(problems)
    return axes


def _step(value: Any, single: bool) -> tuple[Any, ...]:
    if single:
        return (_own(value),)
    return tuple(map(_own, value)) if isinstance(value, tuple | list) else (_own(value),)


def _several(values: Any) -> Sequence[Any]:
    """The steps of an axis; one value is one step."""
    alone = isinstance(values, str) or not hasattr(values, "__iter__")
    return [values] if alone else list(values)


def _own(value: Any) -> Any:
    """A NumPy number as the number it is, a fraction as the decimal that a file would hold."""
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Decimal | Fraction):
        return int(value) if value == int(value) else float(value)
    return value


def _policies(
    policy: Policy, axes: Sequence[Axis]
) -> list[tuple[tuple[int, ...], tuple[str, ...], Policy]]:
    """Every policy of the grid before any firm is judged; all that are not valid at once."""
    found, problems = [], []
    for places in product(*(range(len(axis.steps)) for axis in axes)):
        values = dict(_chosen(axes, places))
        labels = tuple(
            ", ".join(shown(value) for value in axis.steps[at])
            for axis, at in zip(axes, places, strict=True)
        )
        try:
            found.append((places, labels, varied(policy, values)))
        except PolicyError as error:
            where = ", ".join(f"{path} = {shown(value)}" for path, value in values.items())
            problems += [Problem(p.code, where, p.key, p.args) for p in error.problems]
    if problems:
        raise PolicyError(problems)
    return found


def _chosen(axes: Sequence[Axis], places: Sequence[int]) -> Iterator[tuple[str, Any]]:
    for axis, at in zip(axes, places, strict=True):
        yield from zip(axis.paths, axis.steps[at], strict=True)


__all__ = ["Axis", "Sweep", "SweepRow", "Swept", "sweep"]
