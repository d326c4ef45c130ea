"""A comparison as a picture: from tier to tier, lines, and how likely each pot runs dry.

How a picture comes about (fonts, files, matplotlib) is in :mod:`ipcredit.pictures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from ipcredit import pictures
from ipcredit.errors import Problem
from ipcredit.money import minor_digits
from ipcredit.pictures import BLUE, GREY, ORANGE, SKY, Words, quiet
from ipcredit.tune.compare_data import groups_of, lines_of, pots_of
from ipcredit.tune.compare_text import ComparePage
from ipcredit.tune.flow import draw_flow
from ipcredit.tune.movements import Movements
from ipcredit.tune.outcome import OTHER_STATES, Group

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_POTS: Final = 10
"""Pots, and districts, that are drawn: the ones most likely to run dry, or that change most."""
_MANY: Final = 9
"""States from which labels are set aslant and numbers smaller."""
_DARK: Final = 0.55
"""Shade from which numbers in cells are white."""
# Units in which totals are drawn: minor units of CNY (whole units of others), both names.
_CNY: Final = (
    (10**10, "亿元", "CNY 100 million"),
    (10**6, "万元", "CNY 10,000"),
    (100, "元", "CNY"),
)
_OTHERS: Final = ((10**9, "十亿", "billion"), (10**6, "百万", "million"))
_THICK: Final = 6
"""Bars that the plot has room for at least, so that a single one is no wall."""


def draw(found: Movements, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture, and remarks (that Chinese could not be drawn).

    Raises:
        UsageError: matplotlib is not installed.
    """
    return pictures.draw(
        lambda spoken: words_of(found, spoken),
        lambda figure, words: _compose(figure, found, words),
        lang,
        (12, 9.6),
    )


def save(found: Movements, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw into a PNG, SVG or PDF file; returns remarks as :func:`draw`.

    Raises:
        UsageError: matplotlib is not installed, the file has another ending or cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw(found, lang)
    pictures.save(figure, path)
    return remarks


def unit_of(largest: int, currency: str, lang: str) -> tuple[float, str]:
    """Minor units in the unit that leaves few digits for totals, and its name.

    >>> unit_of(5 * 10**12, "CNY", "zh"), unit_of(5 * 10**8, "CNY", "en")
    ((10000000000.0, '亿元'), (1000000.0, 'CNY 10,000'))
    """
    if currency == "CNY":
        chosen = next((u for u in _CNY if largest >= 10 * u[0]), _CNY[-1])
        return float(chosen[0]), chosen[1] if lang == "zh" else chosen[2]
    one = float(10 ** minor_digits(currency))
    for scale, zh, en in _OTHERS:
        if largest >= 10 * scale * one:
            return scale * one, f"{zh} {currency}" if lang == "zh" else f"{currency} {en}"
    return one, currency


def words_of(found: Movements, lang: str) -> Words:
    """Every text of the picture in a language."""
    page = ComparePage(found, lang)
    say = page.say
    kept = _kept(found)
    _, unit = unit_of(_largest(found), found.before.currency, lang)
    one, two = found.before, found.after
    policy = one.policy.title.text(lang)
    notes = [
        say("picture.answer", gain=page.count(int(found.gains.sum())),
            lose=page.count(int(found.loses.sum())), firms=page.count(one.firms))
    ]  # fmt: skip
    words: dict[str, str | tuple[str, ...]] = {
        "title": say("picture.title", policy=policy, before=one.policy.edition,
                     after=say("changed", name=two.policy.edition, count=len(two.policy.changes))
                     if two.policy.changes else two.policy.edition),
        "nothing": say("picture.nothing"),
        "matrix": say("picture.matrix"),
        "from": say("picture.from"),
        "to": say("picture.to"),
        "flow": say("picture.flow"),
        "rows": tuple(page.state(one.states[at]) for at in kept[0]),
        "columns": tuple(page.state(two.states[at]) for at in kept[1]),
        "legend": tuple(say(f"picture.{name}") for name in ("better", "worse", "same")),
        "lines": say("lines"),
        "parts": tuple(page.part(name) for name, _, _ in lines_of(found)),
        "amount": say("picture.amount", unit=unit),
        "before": say("before"),
        "after": say("after"),
    }  # fmt: skip
    if found.setting.fund is not None and one.fund is not None and two.fund is not None:
        names = [page.say("picture.whole"), *(page.pot(*pot[:2]) for pot in _pots(found))]
        words |= {"pots": tuple(names), "pots-title": say("picture.pots"),
                  "chance": say("picture.chance")}  # fmt: skip
        notes.append(say("picture.fund", fund=found.setting.fund.title.text(lang),
                         scenario=found.setting.scenario.id if found.setting.scenario else "-",
                         method=page.how(one.fund.dry, two.fund.dry)))  # fmt: skip
        rest = len(pots_of(found)) - len(_pots(found))
        if rest:
            notes.append(say("picture.rest", count=rest))
    else:
        words |= {
            "districts": tuple(page.label(a.label) for a, _ in _districts(found)),
            "districts-title": say("picture.districts"),
            "change": say("picture.change", unit=unit),
        }
    words[pictures.NOTES] = tuple(notes)
    return words


def _largest(found: Movements) -> int:
    return max(found.before.total, found.after.total)


def _kept(found: Movements) -> tuple[list[int], list[int]]:
    """States that some firm has, before and after."""
    matrix = found.matrix
    rows = [at for at in range(matrix.shape[0]) if matrix[at].any()]
    return rows, [at for at in range(matrix.shape[1]) if matrix[:, at].any()]


def _pots(found: Movements) -> list[tuple[str, str, float, float]]:
    """Pots of the whole fund first, then the districts' most likely to run dry."""
    rows = [(pot, area, row[2].value, row[5].value) for pot, area, row in pots_of(found)]
    whole = [row for row in rows if not row[1]]
    areas = sorted((row for row in rows if row[1]), key=lambda row: -max(row[2], row[3]))
    return [*whole, *areas][:MOST_POTS]


def _districts(found: Movements) -> list[tuple[Group, Group]]:
    """The districts whose lines change most."""
    pairs = groups_of(found, "districts")
    return sorted(pairs, key=lambda pair: -abs(pair[1].line - pair[0].line))[:MOST_POTS]


def _compose(figure: Figure, found: Movements, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=13)
    if not found.before.firms:
        figure.text(0.5, 0.5, str(words["nothing"]), ha="center", va="center", fontsize=12)
        return
    grid = figure.add_gridspec(2, 2, height_ratios=(1.25, 1), width_ratios=(1, 1))
    rows, columns = _kept(found)
    matrix = found.matrix[np.ix_(rows, columns)]
    _matrix(figure.add_subplot(grid[0, 0]), matrix, words)
    axes = figure.add_subplot(grid[0, 1])
    axes.set_title(str(words["flow"]), loc="left", fontsize=11)
    names = found.before.states, found.after.states
    better = _better(names, rows, columns)
    draw_flow(axes, matrix, better, words)
    _lines(figure.add_subplot(grid[1, 0]), found, words)
    last = figure.add_subplot(grid[1, 1])
    if "pots" in words:
        _dots(last, found, words)
    else:
        _bars(last, found, words)


def _better(
    names: tuple[tuple[str, ...], tuple[str, ...]], rows: Sequence[int], columns: Sequence[int]
) -> list[list[int]]:
    """Of each cell: 1 a better state, -1 a worse one, 0 the same or not to be compared."""
    labels = list(dict.fromkeys((*names[0], *names[1])))
    if names[0] != names[1]:
        return [
            [0 if names[0][r] == names[1][c] else _side(names[0], r, names[1], c) for c in columns]
            for r in rows
        ]
    last = len(labels) - len(OTHER_STATES)  # refused is no better than no tier
    open_ = {len(labels) - 2, len(labels) - 1}
    return [
        [0 if open_ & {r, c} else int(np.sign(min(r, last) - min(c, last))) for c in columns]
        for r in rows
    ]


def _side(one: Sequence[str], r: int, two: Sequence[str], c: int) -> int:
    """Between policies with other tiers only being eligible can be compared."""
    return int(c < len(two) - len(OTHER_STATES)) - int(r < len(one) - len(OTHER_STATES))


def _matrix(axes: Axes, matrix: np.ndarray, words: Words) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    shades = LinearSegmentedColormap.from_list("shades", ["#FFFFFF", SKY, "#004B7A"])
    small = 8 if matrix.shape[1] <= _MANY else 6
    axes.imshow(share, cmap=shades, vmin=0, vmax=1, aspect="auto")
    for row in range(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            if matrix[row, column]:
                colour = "white" if share[row, column] > _DARK else "black"
                axes.text(column, row, f"{matrix[row, column]:,}", ha="center", va="center",
                          fontsize=small, color=colour)  # fmt: skip
    axes.set_xticks(range(matrix.shape[1]), list(words["columns"]))
    if matrix.shape[1] > _MANY:
        axes.tick_params(axis="x", labelrotation=45)
    axes.set_yticks(range(matrix.shape[0]), list(words["rows"]))
    axes.set_xticks(np.arange(matrix.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(matrix.shape[0] + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="#CCCCCC", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    axes.tick_params(which="major", length=0, labelsize=8)
    axes.set_title(str(words["matrix"]), loc="left", fontsize=11)
    axes.set_xlabel(str(words["to"]), fontsize=9)
    axes.set_ylabel(str(words["from"]), fontsize=9)


def _lines(axes: Axes, found: Movements, words: Words) -> None:
    size, _ = unit_of(_largest(found), found.before.currency, "en")
    rows = lines_of(found)
    places = np.arange(len(rows))
    for at, (colour, key) in enumerate(((GREY, "before"), (BLUE, "after"))):
        values = [(row[2] if at else row[1]) / size for row in rows]
        spots = places + (at - 0.5) * 0.36
        axes.barh(spots, values, height=0.34, color=colour, label=str(words[key]))
        for spot, value in zip(spots, values, strict=True):
            axes.annotate(_number(value), (value, spot), xytext=(3, 0),
                          textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_yticks(places, list(words["parts"]))
    axes.invert_yaxis()
    axes.set_xlim(0, max(_largest(found) / size, 1e-9) * 1.22)
    axes.set_title(str(words["lines"]), loc="left", fontsize=11)
    axes.set_xlabel(str(words["amount"]), fontsize=9)
    _plain(axes)
    _legend(axes, 2)
    quiet(axes, "x")


def _dots(axes: Axes, found: Movements, words: Words) -> None:
    one, two = found.before.fund, found.after.fund
    assert one is not None
    assert two is not None
    before = [100 * x for x in (one.dry.value, *(row[2] for row in _pots(found)))]
    after = [100 * x for x in (two.dry.value, *(row[3] for row in _pots(found)))]
    places = range(len(before))
    for at, left, right in zip(places, before, after, strict=True):
        axes.plot([left, right], [at, at], color=GREY, linewidth=1.5, zorder=1)
    axes.scatter(before, places, s=44, facecolor="white", edgecolor="#555555", linewidth=1.5,
                 label=str(words["before"]), zorder=2)  # fmt: skip
    axes.scatter(after, places, s=40, color=BLUE, marker="D", label=str(words["after"]), zorder=3)
    axes.set_yticks(list(places), list(words["pots"]))
    axes.invert_yaxis()
    axes.set_xlim(0, max(*before, *after, 1e-9) * 1.15)
    axes.set_title(str(words["pots-title"]), loc="left", fontsize=11)
    axes.set_xlabel(str(words["chance"]), fontsize=9)
    _plain(axes)
    _legend(axes, 2)
    quiet(axes, "x")
    axes.tick_params(axis="y", labelsize=8)


def _bars(axes: Axes, found: Movements, words: Words) -> None:
    size, _ = unit_of(_largest(found), found.before.currency, "en")
    values = [(b.line - a.line) / size for a, b in _districts(found)]
    places = range(len(values))
    axes.barh(places, values, height=0.65, color=[BLUE if v >= 0 else ORANGE for v in values])
    axes.axvline(0, color="#555555", linewidth=0.8)
    axes.set_yticks(list(places), list(words["districts"]))
    axes.set_ylim(max(len(values), _THICK) - 0.5, -0.5)
    axes.set_title(str(words["districts-title"]), loc="left", fontsize=11)
    axes.set_xlabel(str(words["change"]), fontsize=9)
    if not any(values):
        axes.set_xlim(-1, 1)
    _plain(axes)
    quiet(axes, "x")
    axes.tick_params(axis="y", labelsize=8)


def _legend(axes: Axes, columns: int) -> None:
    """Above the plot at the right, where no bar and no title stands."""
    axes.legend(fontsize=8, frameon=False, ncols=columns, loc="lower right",
                bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"


def _plain(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
