"""Does a firm's tier hang on the weights? Weights drawn around their values; firms near a cut-off.

As composite-indicator practice asks (OECD and JRC, Handbook on Constructing Composite Indicators,
2008, part 1.7): weights are uncertain, so ranks and classes are looked at under many of them.

Law of the weights: the shares of the dimensions in the sum of their weights are drawn from a
Dirichlet law whose means are the shares as they are (gamma quantiles of raw Philox uniforms), then
rounded to ten-thousandths that add up to the same sum.  ``spread`` is the relative standard
deviation of a weight of average size; smaller weights vary by more of themselves, larger by less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import AnyFirms, Assessment, assess, columns_of
from ipcredit.errors import Problem, UsageError
from ipcredit.policy import Policy
from ipcredit.population.draws import uniforms
from ipcredit.results import to_json
from ipcredit.tune import robustness_page
from ipcredit.tune.grading import GRID, Grading, cut_table, grading, settled_rows, weighted
from ipcredit.tune.near import POINTS, near_in
from ipcredit.tune.robustness_page import RobustnessData
from ipcredit.tune.varied import varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MOST_SPREAD: Final = 0.5


class Robustness(RobustnessData):
    """The answer of :func:`robustness`: figures, and how they are shown."""

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return robustness_page.text_of(self, lang, width)

    def __str__(self) -> str:
        return self.text("en")

    def draw(self, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
        """Who changes tier against points, and how many do in a draw; and remarks.

        Raises:
            UsageError: matplotlib is not installed.
        """
        return robustness_page.draw(self, lang)

    def save(self, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
        """Draw into a PNG, SVG or PDF file; returns remarks as :meth:`draw`.

        Raises:
            UsageError: as :meth:`draw`, or the file has another ending or cannot be written.
        """
        return robustness_page.save(self, path, lang)

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())


def robustness(
    policy: Policy,
    firms: AnyFirms,
    *,
    spread: float = 0.1,
    draws: int = 200,
    seed: int = 7,
    on: dt.date | None = None,
    points: float = POINTS,
) -> Robustness:
    """How many firms would be in another tier if the weights were a little different, and which.

    Looked at are firms that meet every condition, whose points are known and that give what a
    raise of the tier asks for.

    Raises:
        UsageError: the policy has no tiers over points or fewer than two weights; ``spread`` is
            not above 0 and at most 0.5; no firm is graded.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> found = robustness(policy, population(300, seed=7), draws=50, on=dt.date(2023, 8, 11))
    >>> found.graded, 0.02 < found.mean_flips < 0.2
    (268, True)
    """
    _check(spread, draws)
    table = cut_table(policy)
    drawn = weighted(policy)
    if len(drawn) < 2:
        raise UsageError(Problem("tune-sweep.no-weights", key=f"{policy.id}: weight"))
    batch = columns_of(firms, policy.currency)
    judged = assess(policy, batch, on=on or dt.date.today())
    rows = settled_rows(judged, table.measure.of)
    if not rows.size:
        raise UsageError(Problem("tune-sweep.no-firms", key="firms"))
    weights = draw_weights([item.weight for item in drawn], spread, draws, seed)
    counts = _Counts(judged, rows)
    paths = tuple(f"{item.path}.weight" for item in drawn)
    for totals, tiers in _grades(judged, weights, paths, rows):
        counts.add(totals, tiers)
    return Robustness(
        policy, judged, rows, paths, weights, spread, seed, counts.flips / draws,
        counts.elsewhere(), np.array(counts.moved), np.array(counts.shift),
        np.array(counts.spearman), near_in(judged, points),
    )  # fmt: skip


def draw_weights(values: Any, spread: float, draws: int, seed: int) -> Ints:
    """Weights in ten-thousandths, int64[draws, d], each draw with the same sum.

    >>> found = draw_weights([0.4, 0.35, 0.25], 0.1, 3, seed=7)
    >>> found.shape, set(found.sum(axis=1).tolist())
    ((3, 3), {10000})
    """
    from scipy.special import gammaincinv

    shares = np.array([float(value) for value in values])
    whole = round(float(shares.sum()) * GRID)
    shares = shares / shares.sum()
    d = len(shares)
    strength = (d - 1) / spread**2 - 1
    raw = np.stack([
        gammaincinv(strength * share, uniforms(seed, 0, f"weights.{at}", draws))
        for at, share in enumerate(shares)
    ], axis=1)  # fmt: skip
    exact = raw / raw.sum(axis=1, keepdims=True) * whole
    found: Ints = np.floor(exact).astype(np.int64)
    # What rounding down has left goes to the largest remainders, so that the sum is kept.
    order = np.argsort(found - exact, axis=1, kind="stable")
    left = whole - found.sum(axis=1)
    for at, row in enumerate(order):
        found[at, row[: left[at]]] += 1
    return found


# -- inside ------------------------------------------------------------------------------------


def _grades(
    judged: Assessment, weights: Ints, paths: tuple[str, ...], rows: npt.NDArray[np.intp]
) -> Iterator[tuple[Floats, npt.NDArray[np.int8]]]:
    """Totals and tiers of the graded firms under each draw: recombined where that is the same."""
    fast = grading(judged)
    if fast is not None:
        for draw in weights.tolist():
            totals = fast.totals(draw)
            yield totals.astype(np.float64), fast.tiers(totals)
        return
    for draw in weights.tolist():
        values = {path: times / GRID for path, times in zip(paths, draw, strict=True)}
        yield judged_again(judged, values, rows)


def judged_again(
    judged: Assessment, values: dict[str, float], rows: npt.NDArray[np.intp]
) -> tuple[Floats, npt.NDArray[np.int8]]:
    """Totals and tiers of the rows under a policy with other numbers, by the core."""
    policy = varied(judged.policy, values)
    again = judged if policy is judged.policy else assess(policy, judged.firms, on=judged.on)
    tier = again.codes["tier", ""][rows].astype(np.int8)
    none = np.int8(len(cut_table(policy).bands))
    return again.points(cut_table(policy).measure.of)[rows], np.where(tier < 0, none, tier)


class _Counts:
    """What is kept of each draw."""

    def __init__(self, judged: Assessment, rows: npt.NDArray[np.intp]) -> None:
        from scipy.stats import rankdata

        self._rank = rankdata
        self.bands = len(cut_table(judged.policy).bands)
        tier = judged.codes["tier", ""][rows].astype(np.int8)
        self.tier = np.where(tier < 0, np.int8(self.bands), tier)
        self.ranks = rankdata(-judged.points(cut_table(judged.policy).measure.of)[rows])
        self.flips = np.zeros(len(rows))
        self.seen = np.zeros((len(rows), self.bands + 1), np.int32)
        self.moved: list[float] = []
        self.shift: list[float] = []
        self.spearman: list[float] = []

    def add(self, totals: Floats, tiers: npt.NDArray[np.int8]) -> None:
        changed = tiers != self.tier
        self.flips += changed
        where = np.flatnonzero(changed)
        self.seen[where, tiers[where]] += 1
        self.moved.append(float(changed.mean()))
        ranks = self._rank(-totals)
        self.shift.append(float(np.abs(ranks - self.ranks).mean()))
        self.spearman.append(_correlation(self.ranks, ranks))

    def elsewhere(self) -> npt.NDArray[np.int8]:
        """The tier that a firm has most often instead of its own; its own where never."""
        most = self.seen.argmax(axis=1).astype(np.int8)
        return np.where(self.flips > 0, most, self.tier)


def _correlation(one: Floats, two: Floats) -> float:
    """Spearman's correlation: that of the ranks; 1 where there is nothing to order."""
    first, second = one - one.mean(), two - two.mean()
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size > 0 else 1.0


def _check(spread: float, draws: Any) -> None:
    problems = []
    if not 0 < spread <= MOST_SPREAD:
        args = {"given": spread, "low": 0, "high": MOST_SPREAD}
        problems.append(Problem("tune-sweep.share", key="spread", args=args))
    if not isinstance(draws, int) or draws < 1:
        told = {"given": draws, "low": 1}
        problems.append(Problem("tune-sweep.whole", key="draws", args=told))
    if problems:
        raise UsageError(problems)


__all__ = ["Grading", "Robustness", "RobustnessData", "draw_weights", "robustness"]
