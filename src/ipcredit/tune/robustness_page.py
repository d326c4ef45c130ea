"""The figures of a robustness check, its page and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit import messages, pictures
from ipcredit.assess import Assessment
from ipcredit.errors import Problem
from ipcredit.fund.result_text import percent
from ipcredit.paper import Block, Row
from ipcredit.pictures import BLUE, GREY, ORANGE, Words, quiet
from ipcredit.policy import Policy
from ipcredit.tune.grading import GRID, cut_table
from ipcredit.tune.near import Near, plain
from ipcredit.tune.sweep_text import page, state_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
LISTED: Final = 20
"""Firms on the page and in JSON; the frame has all."""
SELDOM, OFTEN = 0.05, 0.5


@dataclass(frozen=True, eq=False)
class RobustnessData:
    """Tiers and ranks of the graded firms under drawn weights.

    ``rows`` intp[m] of ``judged``; ``weights`` int64[draws, d] in ten-thousandths of the numbers
    at ``paths``; ``flips`` float64[m]: share of draws in which a firm's tier is another;
    ``elsewhere`` int8[m]: the tier it then has most often (as many as there are: none);
    ``moved``, ``shift``, ``spearman`` float64[draws]: share of firms in another tier, mean
    absolute shift of rank, rank correlation with the order as it is.
    """

    policy: Policy
    judged: Assessment
    rows: npt.NDArray[np.intp]
    paths: tuple[str, ...]
    weights: npt.NDArray[np.int64]
    spread: float
    seed: int
    flips: Floats
    elsewhere: npt.NDArray[np.int8]
    moved: Floats
    shift: Floats
    spearman: Floats
    near: Near

    @property
    def draws(self) -> int:
        """How many weights were drawn."""
        return len(self.weights)

    @property
    def graded(self) -> int:
        """Firms looked at."""
        return len(self.rows)

    @property
    def mean_flips(self) -> float:
        """Share of the graded firms in another tier, on average over the draws."""
        return float(self.moved.mean())

    def share(self, least: float) -> float:
        """Share of the firms that are in another tier in at least so many of the draws."""
        return float((self.flips >= least).mean())

    @property
    def labels(self) -> tuple[str, ...]:
        """Tiers by code, ``none`` last."""
        tiers = self.policy.rules.tiers
        return (*(() if tiers is None else tiers.labels), "none")

    @property
    def tier(self) -> npt.NDArray[np.int8]:
        """Tier code of every graded firm as it is."""
        tier = self.judged.codes["tier", ""][self.rows].astype(np.int8)
        return np.where(tier < 0, np.int8(len(self.labels) - 1), tier)

    @property
    def points(self) -> Floats:
        """Points of every graded firm as it is."""
        return self.judged.points(cut_table(self.policy).measure.of)[self.rows]

    def at_risk(self) -> npt.NDArray[np.intp]:
        """Places in ``rows`` of firms that change tier in some draw, most often first."""
        order = np.lexsort((self.rows, -self.flips))
        return order[self.flips[order] > 0]

    def name(self, at: int) -> str:
        """The name of a graded firm, or its number."""
        names = self.judged.firms.texts.get("name")
        row = int(self.rows[at])
        return (names[row] if names is not None else None) or str(row + 1)

    def frame(self) -> Any:
        """One row for each graded firm as a pandas DataFrame, those most at risk first."""
        import pandas as pd

        order = np.lexsort((self.rows, -self.flips))
        labels = np.array(self.labels)
        return pd.DataFrame({
            "row": self.rows[order],
            "firm": [self.name(at) for at in order.tolist()],
            "points": self.points[order],
            "tier": labels[self.tier[order]],
            "flips": self.flips[order],
            "else": labels[self.elsewhere[order]],
        })  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As JSON data; of the firms those most at risk."""
        risky = self.at_risk()[:LISTED].tolist()
        tier, points = self.tier, self.points
        return {
            "version": 1,
            "kind": "tune-robustness",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "on": self.judged.on.isoformat(),
            "firms": len(self.judged),
            "graded": self.graded,
            "spread": self.spread,
            "draws": self.draws,
            "seed": self.seed,
            "weights": [
                {"path": path, "low": low / GRID, "high": high / GRID}
                for path, (low, high) in zip(self.paths, self._limits(), strict=True)
            ],
            "mean_flips": self.mean_flips,
            "seldom": self.share(SELDOM),
            "often": self.share(OFTEN),
            "rank_shift": float(self.shift.mean()),
            "rank_shift_worst": float(self.shift.max()),
            "spearman": float(self.spearman.mean()),
            "spearman_least": float(self.spearman.min()),
            "near": self.near.to_dict(),
            "at_risk": [
                {"row": int(self.rows[at]), "firm": self.name(at), "points": float(points[at]),
                 "tier": self.labels[tier[at]], "flips": float(self.flips[at]),
                 "else": self.labels[self.elsewhere[at]]}
                for at in risky
            ],
        }  # fmt: skip

    def _limits(self) -> list[tuple[float, float]]:
        low, high = np.percentile(self.weights, [5, 95], axis=0)
        return list(zip(low.tolist(), high.tolist(), strict=True))


# -- the page ------------------------------------------------------------------------------------


def text_of(found: RobustnessData, lang: str, width: int = 100) -> str:
    """The page in ``zh``, ``en`` or ``both``."""
    return page(lambda spoken: _blocks(found, spoken), lang, width)


def _say(code: str, lang: str, **args: object) -> str:
    return messages.text(f"tune-sweep.{code}", lang, **args)


def _note(found: RobustnessData, lang: str) -> str:
    return _say("robust.note", lang, draws=f"{found.draws:,}", spread=percent(found.spread),
                seed=found.seed, graded=f"{found.graded:,}", firms=f"{len(found.judged):,}",
                on=found.judged.on.isoformat(),
                fingerprint=found.policy.fingerprint[:12])  # fmt: skip


def _blocks(found: RobustnessData, lang: str) -> Iterator[Block]:
    answer = _say("robust.answer", lang, mean=percent(found.mean_flips),
                  ever=percent(found.share(SELDOM)), often=percent(found.share(OFTEN)),
                  near=percent(found.near.count / found.graded),
                  points=plain(found.near.within))  # fmt: skip
    ranks = _say("robust.ranks", lang, shift=f"{found.shift.mean():.1f}",
                 worst=f"{found.shift.max():.1f}", spearman=f"{found.spearman.mean():.4f}",
                 least=f"{found.spearman.min():.4f}")  # fmt: skip
    title = _say("robust.title", lang, title=found.policy.title.text(lang))
    yield Block(title, 0, notes=(answer, ranks, _note(found, lang)))
    values = {f"{item.path}.weight": item.weight for item in found.policy.rules.dimensions}
    yield Block(
        _say("robust.weights", lang),
        columns=tuple(_say(f"column.{name}", lang) for name in ("weight", "now", "drawn")),
        rows=tuple(
            Row((path, percent(float(values[path])),
                 f"{percent(low / GRID)} – {percent(high / GRID)}"))
            for path, (low, high) in zip(found.paths, found._limits(), strict=True)
        ),
    )  # fmt: skip
    tier = found.tier
    yield Block(
        _say("robust.tiers", lang),
        columns=tuple(_say(f"column.{name}", lang) for name in ("tier", "firms", "flips")),
        rows=tuple(
            Row((state_text(label, lang), f"{(tier == at).sum():,}",
                 percent(float(found.flips[tier == at].mean()))))
            for at, label in enumerate(found.labels)
            if (tier == at).any()
        ),
    )  # fmt: skip
    risky = found.at_risk()
    if not risky.size:
        return
    rest = len(risky) - LISTED
    points = found.points
    yield Block(
        _say("robust.firms", lang),
        notes=(_say("more-firms", lang, count=f"{rest:,}"),) if rest > 0 else (),
        columns=tuple(_say(f"column.{name}", lang)
                      for name in ("firm", "points", "tier", "flips", "else")),
        rows=tuple(
            Row((found.name(at), f"{points[at]:.10g}", state_text(found.labels[tier[at]], lang),
                 percent(float(found.flips[at])),
                 state_text(found.labels[found.elsewhere[at]], lang)))
            for at in risky[:LISTED].tolist()
        ),
    )  # fmt: skip


# -- the picture -----------------------------------------------------------------------------------


def draw(found: RobustnessData, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture, and remarks (that Chinese could not be drawn)."""
    return pictures.draw(
        lambda spoken: _words(found, spoken),
        lambda figure, words: _compose(figure, found, words),
        lang,
        (12, 5.2),
    )


def save(found: RobustnessData, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw into a PNG, SVG or PDF file; returns remarks as :func:`draw`."""
    pictures.check_suffix(path)
    figure, remarks = draw(found, lang)
    pictures.save(figure, path)
    return remarks


def _words(found: RobustnessData, lang: str) -> Words:
    note = _note(found, lang)
    middle = note.index("；" if lang == "zh" else "; ") + 1
    names = (
        "share",
        "share-axis",
        "points-axis",
        "cut",
        "drawn",
        "drawn-axis",
        "draws-axis",
        "mean",
    )
    return {
        "title": _say("robust.title", lang, title=found.policy.title.text(lang)),
        **{name: _say(f"robust.plot.{name}", lang) for name in names},
        pictures.NOTES: (note[:middle], note[middle:].strip()),
    }


def _compose(figure: Figure, found: RobustnessData, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    grid = figure.add_gridspec(1, 2, width_ratios=(1.7, 1))
    _against_points(figure.add_subplot(grid[0, 0]), found, words)
    _by_draw(figure.add_subplot(grid[0, 1]), found, words)


def _against_points(axes: Axes, found: RobustnessData, words: Words) -> None:
    axes.plot(found.points, 100 * found.flips, linestyle="none", marker="o", markersize=3,
              color=BLUE, alpha=0.35, markeredgewidth=0, rasterized=True)  # fmt: skip
    bands = cut_table(found.policy).bands
    for band in bands:
        if band.cut is not None:
            at = float(band.cut.at)
            axes.axvline(at, color=ORANGE, linewidth=1.2, linestyle="--",
                         label=words["cut"] if band is bands[0] else None)  # fmt: skip
            axes.annotate(band.label, (at, 1), xycoords=("data", "axes fraction"), xytext=(3, -2),
                          textcoords="offset points", va="top", fontsize=9)  # fmt: skip
    axes.set_ylim(0, max(100 * float(found.flips.max(initial=0)) * 1.15, 1))
    axes.set_title(str(words["share"]), loc="left", fontsize=10)
    axes.set_xlabel(str(words["points-axis"]), fontsize=9)
    axes.set_ylabel(str(words["share-axis"]), fontsize=9)
    quiet(axes, "y")
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0, 0.93))


def _by_draw(axes: Axes, found: RobustnessData, words: Words) -> None:
    axes.hist(100 * found.moved, bins=min(20, found.draws), color=GREY)
    axes.axvline(100 * found.mean_flips, color=BLUE, linewidth=1.6,
                 label=str(words["mean"]))  # fmt: skip
    axes.legend(fontsize=8, frameon=False, loc="upper right")
    axes.set_title(str(words["drawn"]), loc="left", fontsize=10)
    axes.set_xlabel(str(words["drawn-axis"]), fontsize=9)
    axes.set_ylabel(str(words["draws-axis"]), fontsize=9)
    quiet(axes, "y")
