"""A sweep as a picture: lines over one axis, heat maps over two.

How a picture comes about (fonts, files, matplotlib) is in :mod:`ipcredit.pictures`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ipcredit import messages, pictures
from ipcredit.errors import Problem
from ipcredit.fund.plots import unit_of
from ipcredit.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, Words, quiet
from ipcredit.tune.outcome import OTHER_STATES
from ipcredit.tune.sweep_data import Sweep, SweepRow
from ipcredit.tune.sweep_text import state_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS: Final = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY)
_MARKS: Final = "osD^vPX"
_STYLES: Final = ("-", "--", "-.", ":")
_MAP: Final = "cividis"  # one hue path, told apart by colour-blind readers and in grey
_MOST_TICKS: Final = 9
_SHOWN: Final = 7
"""Most cells along an axis in which the number itself is written."""


def draw(found: Sweep, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture, and remarks (that Chinese could not be drawn).

    Raises:
        UsageError: matplotlib is not installed.
    """
    two = len(found.axes) == 2
    return pictures.draw(
        lambda spoken: _words(found, spoken),
        lambda figure, words: (_maps if two else _lines)(figure, found, words),
        lang,
        (11.5, 8.2 if _panels(found) > 2 else 4.8),
    )


def save(found: Sweep, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw into a PNG, SVG or PDF file; returns remarks as :func:`draw`.

    Raises:
        UsageError: matplotlib is not installed, the file has another ending or cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw(found, lang)
    pictures.save(figure, path)
    return remarks


def _panels(found: Sweep) -> int:
    return 4 if found.baseline.fund is not None else 2


def _words(found: Sweep, lang: str) -> Words:
    def say(code: str, **args: object) -> str:
        return messages.text(f"tune-sweep.plot.{code}", lang, **args)

    _, unit = unit_of(found.policy.currency, lang)
    axes = tuple(axis.name for axis in found.axes)
    ticks = {
        f"ticks{at}": tuple(axis.label(found.policy, step, lang) for step in range(len(axis.steps)))
        for at, axis in enumerate(found.axes)
    }
    title = messages.text("tune-sweep.title", lang, title=found.policy.title.text(lang),
                          paths=" × ".join(axis.name for axis in found.axes))  # fmt: skip
    note = say("note", firms=f"{found.firms:,}", on=found.on.isoformat())
    notes: tuple[str, ...] = (note,)
    if found.given_fund is not None and found.scenario is not None:
        fund = say("fund", fund=found.given_fund.title.text(lang),
                   scenario=found.scenario.title.text(lang))  # fmt: skip
        notes = (note, fund)
    return {
        "title": title,
        "axes": axes,
        **ticks,
        "states": tuple(state_text(state, lang) for state in found.states),
        **{
            name: say(name, unit=unit)
            for name in (
                "firms", "firms-axis", "eligible", "moved", "lines", "lines-axis", "expected",
                "expected-axis", "dry", "dry-axis", "whole", "worst", "as-is",
            )
        },
        pictures.NOTES: notes,
    }  # fmt: skip


# -- one axis ----------------------------------------------------------------------------------


def _lines(figure: Figure, found: Sweep, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    panels = [_firms, _money, _expected, _dry][: _panels(found)]
    for at, panel in enumerate(panels):
        axes = figure.add_subplot(len(panels) // 2, 2, at + 1)
        places = range(len(found.rows))
        panel(axes, found, words)
        step = max(1, -(-len(places) // _MOST_TICKS))
        labels = list(words["ticks0"])
        slanted = max(map(len, labels)) * min(len(labels), _MOST_TICKS) > 60
        axes.set_xticks(list(places)[::step], labels[::step], rotation=20 if slanted else 0,
                        ha="right" if slanted else "center")  # fmt: skip
        axes.set_xlabel(words["axes"][0], fontsize=9)
        own = next((row.places[0] for row in found.rows if row.is_baseline), None)
        if own is not None:
            axes.axvline(own, color="#555555", linewidth=1.1, linestyle="--", zorder=0)
            low, high = axes.get_ylim()
            axes.set_ylim(low, high + 0.08 * (high - low))  # room for the label
            axes.annotate(str(words["as-is"]), (own, 1), xycoords=("data", "axes fraction"),
                          xytext=(3, -2), textcoords="offset points", va="top", fontsize=8,
                          color="#555555")  # fmt: skip
        quiet(axes, "y")


def _firms(axes: Axes, found: Sweep, words: Words) -> None:
    tiers = len(found.states) - len(OTHER_STATES)
    for at in range(tiers + 1):  # and those below every tier
        axes.plot(
            range(len(found.rows)), [row.counts[at] for row in found.rows],
            color=_COLOURS[at % 7], marker=_MARKS[at % 7], linestyle=_STYLES[at % 4],
            markersize=5, label=words["states"][at],
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_title(str(words["firms"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["firms-axis"]), fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _money(axes: Axes, found: Sweep, words: Words) -> None:
    size, _ = unit_of(found.policy.currency, "en")
    _curve(axes, [row.total / size for row in found.rows], BLUE, "o", "")
    axes.set_title(str(words["lines"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["lines-axis"]), fontsize=9)
    _thousands(axes.yaxis)


def _expected(axes: Axes, found: Sweep, words: Words) -> None:
    size, _ = unit_of(found.policy.currency, "en")
    _curve(axes, [_year(row, "expected") / size for row in found.rows], ORANGE, "s", "")
    axes.set_title(str(words["expected"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["expected-axis"]), fontsize=9)
    _thousands(axes.yaxis)


def _dry(axes: Axes, found: Sweep, words: Words) -> None:
    whole = [100 * _year(row, "dry") for row in found.rows]
    worst = [100 * _year(row, "worst_dry") for row in found.rows]
    axes.plot(range(len(worst)), worst, color=RED, marker="^", markersize=9, linestyle="--",
              markerfacecolor="none", label=str(words["worst"]))  # fmt: skip
    _curve(axes, whole, BLUE, "o", str(words["whole"]))
    axes.set_title(str(words["dry"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["dry-axis"]), fontsize=9)
    axes.set_ylim(0, 1.15 * max(*whole, *worst) or 1.0)
    axes.legend(fontsize=8, frameon=False, loc="best")


def _curve(axes: Axes, values: Sequence[float], colour: str, mark: str, label: str) -> None:
    axes.plot(range(len(values)), values, color=colour, marker=mark, markersize=5, label=label)


def _year(row: SweepRow, name: str) -> float:
    figure = None if row.fund is None else getattr(row.fund, name)
    return 0.0 if figure is None else float(figure.value)


def _thousands(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


# -- two axes ----------------------------------------------------------------------------------


def _maps(figure: Figure, found: Sweep, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    size, _ = unit_of(found.policy.currency, "en")
    panels: list[tuple[str, str, Callable[[SweepRow], float]]] = [
        ("eligible", "firms-axis", lambda row: float(row.eligible))
        if len({row.eligible for row in found.rows}) > 1
        else ("moved", "firms-axis", lambda row: float(row.moved)),
        ("lines", "lines-axis", lambda row: row.total / size),
        ("expected", "expected-axis", lambda row: _year(row, "expected") / size),
        ("dry", "dry-axis", lambda row: 100 * _year(row, "dry")),
    ]
    panels = panels[: _panels(found)]
    for at, (title, unit, value) in enumerate(panels):
        axes = figure.add_subplot(len(panels) // 2, 2, at + 1)
        _map(figure, axes, found, words, [value(row) for row in found.rows])
        axes.set_title(str(words[title]), loc="left", fontsize=10)
        bar = axes.images[0].colorbar
        if bar is not None:  # each map has one
            bar.set_label(str(words[unit]), fontsize=9)


def _map(figure: Figure, axes: Axes, found: Sweep, words: Words, values: Sequence[float]) -> None:
    """One heat map: the first axis upwards, the second to the right; the baseline is framed."""
    from matplotlib.patches import Rectangle

    rows, columns = (len(axis.steps) for axis in found.axes)
    grid = [list(values[start : start + columns]) for start in range(0, rows * columns, columns)]
    low, high = min(values), max(values)
    image = axes.imshow(grid, cmap=_MAP, origin="lower", aspect="auto",
                        vmin=low, vmax=high if high > low else low + 1)  # fmt: skip
    bar = figure.colorbar(image, ax=axes)
    bar.ax.tick_params(labelsize=8)
    _thousands(bar.ax.yaxis)
    for which, name, count in ((axes.xaxis, 1, columns), (axes.yaxis, 0, rows)):
        step = max(1, -(-count // _MOST_TICKS))
        which.set_ticks(list(range(count))[::step], list(words[f"ticks{name}"])[::step])
    slanted = columns > 4 and max(map(len, words["ticks1"])) > 8
    axes.tick_params(axis="x", labelsize=8, rotation=20 if slanted else 0)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel(words["axes"][1], fontsize=9)
    axes.set_ylabel(words["axes"][0], fontsize=9)
    if max(rows, columns) <= _SHOWN:
        for at, value in enumerate(values):
            dark = high == low or (value - low) / (high - low) < 0.55
            axes.text(at % columns, at // columns, _short(value), ha="center", va="center",
                      fontsize=8, color="white" if dark else "black")  # fmt: skip
    own = next((row.places for row in found.rows if row.is_baseline), None)
    if own is not None:
        axes.add_patch(Rectangle((own[1] - 0.47, own[0] - 0.46), 0.94, 0.92, fill=False,
                                 edgecolor=RED, linewidth=2))  # fmt: skip


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
