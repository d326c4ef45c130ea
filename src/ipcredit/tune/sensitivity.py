"""Which parameters, also assumed ones, drive tiers, money and the fund: Sobol indices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import AnyFirms
from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.tune import sensitivity_page
from ipcredit.tune.outcome import OTHER_STATES, Outcome, setting
from ipcredit.tune.ranges import LeftOut, Range, assumed_ranges, given_ranges
from ipcredit.tune.sensitivity_page import SensitivityData
from ipcredit.tune.sobol import design, indices
from ipcredit.tune.varied import varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
LEAST: Final = 16


class Sensitivity(SensitivityData):
    """The answer of :func:`sensitivity`: figures, and how they are shown."""

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return sensitivity_page.text_of(self, lang, width)

    def __str__(self) -> str:
        return self.text("en")

    def draw(self, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
        """Bars of the largest total indices for each output; and remarks (no Chinese font).

        Raises:
            UsageError: matplotlib is not installed.
        """
        return sensitivity_page.draw(self, lang)

    def save(self, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
        """Draw into a PNG, SVG or PDF file; returns remarks as :meth:`draw`.

        Raises:
            UsageError: as :meth:`draw`, or the file has another ending or cannot be written.
        """
        return sensitivity_page.save(self, path, lang)

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())


def sensitivity(
    policy: Policy,
    ranges: Mapping[str, Sequence[Any]] | None = None,
    firms: AnyFirms | None = None,
    *,
    assumed: float | None = None,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    on: dt.date | None = None,
    pd: Any = None,
    n: int = 128,
    seed: int = 7,
    resamples: int = 200,
) -> Sensitivity:
    """How much each parameter explains of the variance of every output, with errors.

    ``ranges``: by path ``(low, high)``; or ``assumed``: every assumed number, so many (0.2: 20 %)
    below and above what it is (:mod:`ipcredit.tune.ranges` has the law).  ``n``: a power of two;
    ``n (d + 2)`` policies are judged for d parameters.

    Raises:
        UsageError: no parameters, no firms, wrong ranges (all at once), a number out of range; as
            :func:`ipcredit.tune.outcome.setting`.
        PolicyError: combinations of the ranges are no valid policy; nothing is reckoned.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> found = sensitivity(policy, {"tiers.B.at_least": (65, 75), "tiers.E.at_least": (20, 30)},
    ...     population(100, seed=7), on=dt.date(2023, 8, 11), n=16)
    >>> found.points, found.index("eligible", "tiers.E.at_least").first > 0.9
    (64, True)
    """
    if (ranges is None) == (assumed is None):
        raise UsageError(Problem("tune-sweep.both", key="ranges"))
    if firms is None:
        raise UsageError(Problem("tune-sweep.firms-needed", key="firms"))
    _check_draws(n, resamples)
    out: tuple[LeftOut, ...] = ()
    if ranges is not None:
        items = given_ranges(policy, ranges)
    else:
        items, out = assumed_ranges(policy, assumed or 0.0)
    if not items:
        raise UsageError(Problem("tune-sweep.no-parameters", key="ranges"))
    points = design([(float(item.low), float(item.high)) for item in items], n, seed).all()
    _check_points(policy, items, points)
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    before = given.outcome(policy)
    names = outputs_of(before)
    values = np.empty((len(names), points.shape[1]))
    for at, one in enumerate(_policies(policy, items, points)):
        found = before if one is policy else given.outcome(one)
        values[:, at] = list(_values(found, before))
    found_indices = indices(values, len(items), seed=seed, resamples=resamples)
    return Sensitivity(policy, given.on, items, out, names, found_indices, points.shape[1], n,
                       seed, before.firms, fund, scenario)  # fmt: skip


def outputs_of(before: Outcome) -> tuple[str, ...]:
    """Names of what is looked at, in the order of the values."""
    tiers = before.states[: -len(OTHER_STATES)]
    found = ("eligible", "moved", "lines", *(f"tier:{label}" for label in tiers))
    return found if before.fund is None else (*found, "expected", "net", "quantile", "dry")


def _values(found: Outcome, before: Outcome) -> Iterator[float]:
    yield found.eligible
    yield float(np.count_nonzero(found.state != before.state))
    yield found.total
    yield from found.counts[: -len(OTHER_STATES)]
    if found.fund is not None:
        year = found.fund
        for figure in (year.expected, year.net, year.quantile, year.dry):
            yield figure.value


def _policies(policy: Policy, items: Sequence[Range], points: Floats) -> Iterator[Policy]:
    for column in points.T.tolist():
        pairs = zip(items, column, strict=True)
        yield varied(policy, {item.path: item.at(value) for item, value in pairs})


def _check_points(policy: Policy, items: Sequence[Range], points: Floats) -> None:
    """Refuse ranges of which a combination is no valid policy, before any firm is judged.

    One number at a time has been tried; together only a few kinds of rules can break, so corners
    and a sample are enough to find out early (the rest would be refused when its turn comes).
    """
    ends = np.array([[float(item.low), float(item.high)] for item in items])
    some = points[:, :: max(points.shape[1] // 32, 1)]
    tried = np.hstack([ends, some])
    wrong: list[tuple[Problem, ...]] = []
    for column in tried.T.tolist():
        pairs = zip(items, column, strict=True)
        try:
            varied(policy, {item.path: item.at(value) for item, value in pairs})
        except PolicyError as error:
            wrong.append(error.problems)
    if wrong:
        args = {"count": len(wrong), "all": tried.shape[1]}
        raise PolicyError([Problem("tune-sweep.draws", key="ranges", args=args), *wrong[0]])


def _check_draws(n: Any, resamples: Any) -> None:
    problems = []
    if not isinstance(n, int) or n < LEAST or n & (n - 1):
        problems.append(Problem("tune-sweep.power", key="n", args={"given": n, "low": LEAST}))
    if not isinstance(resamples, int) or resamples < LEAST:
        args = {"given": resamples, "low": LEAST}
        problems.append(Problem("tune-sweep.whole", key="resamples", args=args))
    if problems:
        raise UsageError(problems)


__all__ = ["LeftOut", "Range", "Sensitivity", "SensitivityData", "outputs_of", "sensitivity"]
