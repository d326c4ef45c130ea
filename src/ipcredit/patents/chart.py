"""The portfolio as a picture: what each field adds to its value, and how long protection lasts.

How a picture comes about (fonts, files, matplotlib) is in :mod:`ipcredit.pictures`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ipcredit import messages, pictures
from ipcredit.errors import Problem
from ipcredit.patents.explain import decimals
from ipcredit.patents.portfolio import Portfolio
from ipcredit.pictures import BLUE, GREY, ORANGE, Words, quiet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIELDS_SHOWN: Final = 8


def draw(folio: Portfolio, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture of a portfolio, and remarks (that Chinese could not be drawn).

    Raises:
        UsageError: matplotlib is not installed.
    """
    return pictures.draw(
        lambda spoken: words_of(folio, spoken),
        lambda figure, words: _compose(figure, folio, words),
        lang,
    )


def save_chart(folio: Portfolio, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw a portfolio into a PNG, SVG or PDF file; returns remarks as :func:`draw`.

    Raises:
        UsageError: matplotlib is not installed, the file has another ending or cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw(folio, lang)
    pictures.save(figure, path)
    return remarks


def words_of(folio: Portfolio, lang: str) -> Words:
    """Every text of the picture in a language."""

    def say(code: str, **args: object) -> str:
        return messages.text(f"chart.{code}", lang, **args)

    values = folio.values
    on = values.on.isoformat()
    method = values.method.title.text(lang)
    shown = folio.fields.groups[:FIELDS_SHOWN]
    labels = [folio.field_label(group.code, lang) for group in shown]
    if len(folio.fields.groups) > FIELDS_SHOWN:
        labels.append(say("other", count=len(folio.fields.groups) - FIELDS_SHOWN))
    if folio.fields.unknown:
        labels.append(say("unknown"))
    notes = []
    if folio.low != folio.high:
        notes.append(say("open", high=decimals(folio.high)))
    if folio.life_unknown:
        text = messages.text("portfolio.life-unknown", lang, count=folio.life_unknown)
        notes.append(text)
    if values.method.needs_norms and values.norms.synthetic:
        notes.append(say("synthetic"))
    return {
        "title": say("title", value=decimals(folio.low), on=on),
        "subtitle": say("subtitle", method=method, rights=folio.count),
        "fields_title": say("fields"),
        "fields_axis": say("axis.points"),
        "fields": tuple(labels),
        "life_title": say("life"),
        "value_axis": say("axis.value"),
        "rights_axis": say("axis.rights"),
        "years_axis": say("axis.years", on=on),
        "nothing": say("nothing"),
        "notes": tuple(notes),
    }


# -- drawing ---------------------------------------------------------------------------------


def _compose(figure: Figure, folio: Portfolio, words: Words) -> None:
    figure.suptitle(f"{words['title']}\n{words['subtitle']}", fontsize=12, linespacing=1.3)
    if not folio.count:
        figure.text(0.5, 0.5, str(words["nothing"]), ha="center", va="center", fontsize=12)
        return
    grid = figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
    _by_field(figure.add_subplot(grid[:, 0]), folio, words)
    upper = figure.add_subplot(grid[0, 1])
    lower = figure.add_subplot(grid[1, 1], sharex=upper)
    _life(upper, lower, folio, words)


def _by_field(axes: Axes, folio: Portfolio, words: Words) -> None:
    shown = folio.fields.groups[:FIELDS_SHOWN]
    rest = folio.fields.groups[FIELDS_SHOWN:]
    adds = [group.adds for group in shown]
    counts = [group.rights for group in shown]
    if rest:
        adds.append(sum(group.adds for group in rest))
        counts.append(sum(group.rights for group in rest))
    if folio.fields.unknown:
        adds.append(folio.fields.unknown_adds)
        counts.append(folio.fields.unknown)
    places = range(len(adds))
    plain = len(shown)
    colours = [BLUE if at < plain else GREY for at in places]
    axes.barh(list(places), adds, color=colours, height=0.65)
    axes.set_yticks(list(places), words["fields"])
    axes.invert_yaxis()
    axes.set_title(str(words["fields_title"]), loc="left", fontsize=10)
    axes.set_xlabel(str(words["fields_axis"]), fontsize=9)
    for at, (value, count) in enumerate(zip(adds, counts, strict=True)):
        text = f"{decimals(value, 1)}  ({count})"
        axes.annotate(
            text, (value, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8
        )
    axes.set_xlim(0, max(adds, default=0) * 1.2 or 1)
    quiet(axes, "x")


def _life(upper: Axes, lower: Axes, folio: Portfolio, words: Words) -> None:
    from matplotlib.ticker import MaxNLocator

    years = [alive.years for alive in folio.life]
    last = max((a.years for a in folio.life if a.rights), default=0) + 2
    upper.set_title(str(words["life_title"]), loc="left", fontsize=10)
    points = [alive.points for alive in folio.life]
    counts = [alive.rights for alive in folio.life]
    for axes, heights, colour in ((upper, points, BLUE), (lower, counts, ORANGE)):
        axes.step(years, heights, where="post", color=colour, linewidth=2)
        axes.fill_between(years, heights, step="post", color=colour, alpha=0.2)
        axes.set_ylim(0, max(heights) * 1.15 or 1)
        axes.set_xlim(0, last)
        quiet(axes, "y")
    upper.set_ylabel(str(words["value_axis"]), fontsize=8)
    upper.tick_params(labelbottom=False)
    lower.set_ylabel(str(words["rights_axis"]), fontsize=8)
    lower.set_xlabel(str(words["years_axis"]), fontsize=9)
    lower.xaxis.set_major_locator(MaxNLocator(integer=True))
    lower.yaxis.set_major_locator(MaxNLocator(integer=True))
