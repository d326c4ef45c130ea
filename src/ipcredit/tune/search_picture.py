"""A search as a picture: every policy tried, the frontier, the limit, the policy before and after.

How a picture comes about (fonts, files, matplotlib) is in :mod:`ipcredit.pictures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ipcredit import messages, pictures
from ipcredit.errors import Problem
from ipcredit.fund.plots import unit_of
from ipcredit.pictures import BLUE, GREY, ORANGE, RED, SKY, Words, quiet
from ipcredit.tune.search_data import Found
from ipcredit.tune.search_problem import MONEY, OWN
from ipcredit.tune.search_run import Trial
from ipcredit.tune.search_text import Figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE: Final = (10.5, 6.2)


def draw(
    found: Found, lang: str = "zh", against: str | None = None
) -> tuple[Figure, tuple[Problem, ...]]:
    """The picture, and remarks (that Chinese could not be drawn).

    Raises:
        UsageError: matplotlib is not installed; there is no such figure to draw against.
    """
    metric = found.against[0] if against is None else against
    frontier = found.frontier(metric)

    def compose(figure: Figure, words: Words) -> None:
        figure.suptitle(str(words["title"]), fontsize=12)
        _points(figure.add_subplot(), found, metric, frontier, words)

    return pictures.draw(lambda spoken: _words(found, metric, spoken), compose, lang, _SIZE)


def save(
    found: Found, path: str | Path, lang: str = "zh", against: str | None = None
) -> tuple[Problem, ...]:
    """Draw into a PNG, SVG or PDF file; returns remarks as :func:`draw`.

    Raises:
        UsageError: as :func:`draw`, or the file has another ending or cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw(found, lang, against)
    pictures.save(figure, path)
    return remarks


# -- inside ------------------------------------------------------------------------------------


def _words(found: Found, metric: str, lang: str) -> Words:
    def say(code: str, **args: object) -> str:
        return messages.text(f"tune-search.plot.{code}", lang, **args)

    _, unit = unit_of(found.baseline.currency, lang)
    figures = Figures(found.baseline.currency, lang)

    def axis(name: str) -> str:
        own = name == OWN
        label = found.goal.name if own else messages.text(f"tune-search.metric.{name}", lang)
        kind = "money" if name in MONEY else "share" if name == "dry" else "plain"
        return say(f"{kind}-axis", name=label, unit=unit)

    limit = next((one for one in found.limits if one.metric == metric), None)
    notes = [say("note", tried=f"{found.tried:,}", space=f"{found.space.size:,}",
                 firms=f"{found.firms:,}", on=found.on.isoformat())]  # fmt: skip
    if found.fund is not None and found.scenario is not None:
        notes.append(say("fund", fund=found.fund.title.text(lang),
                         scenario=found.scenario.title.text(lang)))  # fmt: skip
    return {
        "title": say("title", title=found.baseline.title.text(lang)),
        "x": axis(metric),
        "y": axis(found.goal.metric),
        **{name: say(name) for name in ("tried", "broken", "frontier", "before", "best")},
        "limit": "" if limit is None else say("limit", value=figures.plain(metric, limit.limit)),
        pictures.NOTES: tuple(notes),
    }


def _points(axes: Axes, found: Found, metric: str, frontier: Sequence[Trial], words: Words) -> None:
    def place(trials: Sequence[Trial]) -> tuple[list[float], list[float]]:
        return ([_scaled(found, metric, one) for one in trials],
                [_scaled(found, found.goal.metric, one) for one in trials])  # fmt: skip

    kept = [one for one in found.trials if one.feasible]
    broken = [one for one in found.trials if not one.feasible]
    axes.scatter(*place(broken), marker="x", s=16, color=GREY, linewidth=0.8,
                 label=str(words["broken"]) if broken else None)  # fmt: skip
    axes.scatter(*place(kept), marker="o", s=16, color=SKY, label=str(words["tried"]))
    axes.plot(*place(frontier), color=BLUE, linewidth=1.6, marker=".", markersize=6,
              drawstyle="steps-post" if found.spends(metric) else "steps-pre",
              label=str(words["frontier"]))  # fmt: skip
    before = next(one for one in found.trials
                  if one.measures == found.before and one.point == found.space.own)  # fmt: skip
    axes.scatter(*place([before]), marker="D", s=70, color=ORANGE, edgecolor="black", zorder=4,
                 label=str(words["before"]))  # fmt: skip
    axes.scatter(*place([found.best]), marker="*", s=220, color=RED, edgecolor="black", zorder=5,
                 label=str(words["best"]))  # fmt: skip
    limit = next((one for one in found.limits if one.metric == metric), None)
    if limit is not None:
        at = _in_units(found, metric, limit.limit)
        axes.axvline(at, color="#555555", linewidth=1.2, linestyle="--", zorder=1,
                     label=str(words["limit"]))  # fmt: skip
    axes.set_xlabel(str(words["x"]), fontsize=10)
    axes.set_ylabel(str(words["y"]), fontsize=10)
    for axis in (axes.xaxis, axes.yaxis):
        _thousands(axis)
    quiet(axes, "y")
    axes.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _scaled(found: Found, metric: str, one: Trial) -> float:
    return _in_units(found, metric, one.measures.of(metric))


def _in_units(found: Found, metric: str, value: float) -> float:
    """Money in the unit drawn, probabilities in per cent."""
    if metric in MONEY:
        return value / unit_of(found.baseline.currency, "en")[0]
    return 100 * value if metric == "dry" else value


def _thousands(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
