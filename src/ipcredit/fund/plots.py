"""Pictures of a fund: the year's cost against its capital, cash over the years, the frontier.

How a picture comes about (fonts, files, matplotlib) is in :mod:`ipcredit.pictures`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ipcredit import messages, pictures
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.frontier import FrontierRow
from ipcredit.fund.path_result import Fan, PathsResult
from ipcredit.fund.result import OnePeriodResult
from ipcredit.fund.result_text import about_money, percent, purse_name
from ipcredit.fund.sizing import Sizing
from ipcredit.money import minor_digits
from ipcredit.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, Words, quiet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Amounts are drawn in a unit that leaves few digits: CNY in 万元, others in whole units.
_UNITS: Final = {"CNY": (1_000_000, "万元", "CNY 10,000")}
_LINES: Final = (RED, ORANGE, PURPLE)
_CURVES: Final = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, GREY)
_LEAST: Final = 1e-6
"""Probabilities below are not drawn."""
_MOST_CURVES: Final = 7


def unit_of(currency: str, lang: str) -> tuple[float, str]:
    """Minor units in the unit drawn, and its name.

    >>> unit_of("CNY", "zh"), unit_of("EUR", "en")
    ((1000000.0, '万元'), (100.0, 'EUR'))
    """
    if currency in _UNITS:
        size, zh, en = _UNITS[currency]
        return float(size), zh if lang == "zh" else en
    return float(10 ** minor_digits(currency)), currency


def save_simulation(
    year: OnePeriodResult, years: PathsResult | None, path: str | Path, lang: str = "zh"
) -> tuple[Problem, ...]:
    """Draw a simulation into a PNG, SVG or PDF file; returns remarks (no Chinese font).

    Raises:
        UsageError: matplotlib is not installed, or the file cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw_simulation(year, years, lang)
    pictures.save(figure, path)
    return remarks


def draw_simulation(
    year: OnePeriodResult, years: PathsResult | None = None, lang: str = "zh"
) -> tuple[Figure, tuple[Problem, ...]]:
    """The year's cost with the fund's limits; with ``years`` also cash as a fan and running dry."""
    return pictures.draw(
        lambda spoken: _simulation_words(year, years, spoken),
        lambda figure, words: _simulation(figure, year, years, words),
        lang,
        (11, 5) if years is None else (11, 8.4),
    )


def save_frontier(found: Sizing, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw capital against the probability of running dry, one curve for each other choice.

    Raises:
        UsageError: nothing was varied, matplotlib is not installed, or the file cannot be written.
    """
    pictures.check_suffix(path)
    figure, remarks = draw_frontier(found, lang)
    pictures.save(figure, path)
    return remarks


def draw_frontier(found: Sizing, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """As :func:`save_frontier`, the picture itself."""
    if not found.rows:
        raise UsageError(Problem("fund-plot.no-frontier", key="--plot"))
    return pictures.draw(
        lambda spoken: _frontier_words(found, spoken),
        lambda figure, words: _frontier(figure, found, words),
        lang,
        (10, 5.6),
    )


# -- one year, several years ----------------------------------------------------------------------


def _say(code: str, lang: str, **args: object) -> str:
    return messages.text(f"fund-plot.{code}", lang, **args)


def _simulation_words(year: OnePeriodResult, years: PathsResult | None, lang: str) -> Words:
    about = year.about
    _, unit = unit_of(about.currency, lang)
    limits = tuple(
        _say("limit", lang, capital=messages.text(f"fund-results.capital.{kind}", lang),
             amount=about_money(amount, about.currency, lang), chance=percent(year.dry[kind].value))
        for kind, amount in about.capital.items()
    )  # fmt: skip
    method = messages.text(f"fund-results.method.{year.exhaustion.method}", lang)
    notes = [_say("scenario", lang, scenario=about.scenario, method=method)]
    if about.assumed:
        notes[0] += "; " + _say("assumed", lang, count=len(about.assumed))
    words: dict[str, str | tuple[str, ...]] = {
        "title": _say("year", lang, title=about.title.text(lang), edition=about.edition),
        "amount": _say("amount", lang, unit=unit),
        "chance": _say("chance", lang),
        "expected": _say("expected", lang,
                         amount=about_money(year.gross.mean.value, about.currency, lang)),
        "limits": limits,
    }  # fmt: skip
    if years is not None:
        bands = tuple(_say("band", lang, low=percent(low), high=percent(high))
                      for low, high in _bands(_cash(years)))  # fmt: skip
        words |= {
            "cash": _cash_title(years, lang),
            "cash-axis": _say("cash-axis", lang, unit=unit),
            "periods": _say("periods", lang),
            "bands": bands,
            "mean": _say("mean", lang),
            "dry": _say("dry-title", lang),
            "dry-axis": _say("dry-axis", lang),
            "capitals": tuple(
                messages.text(f"fund-results.capital.{kind}", lang) for kind in _kinds(years)
            ),
            "labels": years.periods,
        }
        notes.append(_say("sampled", lang, paths=f"{years.paths:,}", seed=years.seed))
    words[pictures.NOTES] = tuple(notes)
    return words


def _simulation(
    figure: Figure, year: OnePeriodResult, years: PathsResult | None, words: Words
) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    if years is None:
        _exceedance(figure.add_subplot(), year, words)
        return
    grid = figure.add_gridspec(2, 2)
    _exceedance(figure.add_subplot(grid[0, :]), year, words)
    _fan(figure.add_subplot(grid[1, 0]), years, words)
    _dry(figure.add_subplot(grid[1, 1]), years, words)


def _exceedance(axes: Axes, year: OnePeriodResult, words: Words) -> None:
    """The probability of owing more than an amount, and where the capitals stand."""
    size, _ = unit_of(year.about.currency, "en")
    amounts = [x / size for x, _ in year.curve]
    chances = [100 * max(p, _LEAST / 10) for _, p in year.curve]
    axes.plot(amounts, chances, color=BLUE, linewidth=2)
    axes.fill_between(amounts, chances, 100 * _LEAST / 10, color=BLUE, alpha=0.12)
    mean = year.gross.mean.value / size
    axes.axvline(mean, color=GREY, linewidth=1.2, linestyle=":", label=str(words["expected"]))
    kinds = zip(year.about.capital.items(), words["limits"], _LINES, strict=False)
    for at, ((_, amount), label, colour) in enumerate(kinds):
        style = ("-", "--", "-.")[at % 3]
        axes.axvline(amount / size, color=colour, linewidth=1.6, linestyle=style, label=label)
    axes.set_yscale("log")
    axes.set_ylim(100 * _LEAST, 150)
    axes.set_xlim(0, max([*amounts, *(a / size for a in year.about.capital.values())]) * 1.02 or 1)
    axes.set_xlabel(str(words["amount"]), fontsize=9)
    axes.set_ylabel(str(words["chance"]), fontsize=9)
    axes.legend(fontsize=8, framealpha=0.9, edgecolor="none", loc="upper right")
    _plain_numbers(axes, "both")
    quiet(axes, "y")


def _cash(years: PathsResult) -> Fan:
    """The cash of the whole fund, or of its first pot where it has several."""
    names = [fan.name for fan in years.fans if fan.name.startswith("cash:")]
    return years.fan("cash:" if "cash:" in names else names[0])


def _cash_title(years: PathsResult, lang: str) -> str:
    """Whose cash is drawn: of several pots, the first."""
    pot = _cash(years).name.removeprefix("cash:")
    several = sum(fan.name.startswith("cash:") for fan in years.fans) > 1
    name = purse_name(pot, "", years.pots, lang)
    return _say("cash-of" if several and pot else "cash", lang, pot=name)


def _kinds(years: PathsResult) -> list[str]:
    """The capitals of which it is known whether the whole fund ran dry."""
    return [row.capital for row in years.dry if row.pot == "" and row.district == ""]


def _bands(fan: Fan) -> list[tuple[float, float]]:
    """Pairs of levels around the middle, the widest first."""
    levels = sorted(level for level, _ in fan.quantiles)
    low = [level for level in levels if level < 0.5]
    return [(level, 1 - level) for level in low if any(abs(1 - level - x) < 1e-9 for x in levels)]


def _fan(axes: Axes, years: PathsResult, words: Words) -> None:
    size, _ = unit_of(years.currency, "en")
    fan = _cash(years)
    places = list(range(1, len(years.periods) + 1))
    by_level = {round(level, 6): [q.value / size for q in items] for level, items in fan.quantiles}
    for (low, high), label, alpha in zip(_bands(fan), words["bands"], (0.15, 0.3), strict=False):
        axes.fill_between(
            places, by_level[round(low, 6)], by_level[round(high, 6)], color=BLUE, alpha=alpha,
            linewidth=0, label=label,
        )  # fmt: skip
    mean = [item.value / size for item in fan.mean]
    axes.plot(places, mean, color=BLUE, linewidth=2, marker="o", label=str(words["mean"]))
    axes.axhline(0, color=RED, linewidth=1)
    axes.set_title(str(words["cash"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["cash-axis"]), fontsize=9)
    _periods(axes, places, words)
    axes.legend(fontsize=8, framealpha=0.9, edgecolor="none")
    _plain_numbers(axes, "y")
    quiet(axes, "y")


def _dry(axes: Axes, years: PathsResult, words: Words) -> None:
    places = list(range(1, len(years.periods) + 1))
    for at, (kind, label) in enumerate(zip(_kinds(years), words["capitals"], strict=True)):
        row = years.runs_dry(kind)
        values = [100 * item.value for item in row]
        errors = [196 * item.error for item in row]
        axes.errorbar(
            places, values, yerr=errors, color=_LINES[at % 3], marker="os^"[at % 3],
            linestyle=("-", "--", "-.")[at % 3], capsize=3, label=label,
        )  # fmt: skip
    axes.set_title(str(words["dry"]), loc="left", fontsize=10)
    axes.set_ylabel(str(words["dry-axis"]), fontsize=9)
    axes.set_ylim(bottom=0)
    _periods(axes, places, words)
    axes.legend(fontsize=8, framealpha=0.9, edgecolor="none")
    quiet(axes, "y")


def _periods(axes: Axes, places: Sequence[int], words: Words) -> None:
    step = max(len(places) // 12, 1)
    axes.set_xticks(places[::step], list(words["labels"])[::step])
    axes.set_xlabel(str(words["periods"]), fontsize=9)


def _plain_numbers(axes: Axes, which: str) -> None:
    """Amounts with thousands, percentages without powers of ten."""
    from matplotlib.ticker import FuncFormatter

    number = FuncFormatter(lambda value, _: f"{value:,.10g}")
    if which == "both":
        axes.xaxis.set_major_formatter(number)
    axes.yaxis.set_major_formatter(number)


# -- frontier ---------------------------------------------------------------------------------


def _curves(found: Sizing) -> dict[str, list[FrontierRow]]:
    """Rows by what is varied besides the capital, in order of capital."""
    curves: dict[str, list[FrontierRow]] = defaultdict(list)
    for row in found.rows:
        label = ", ".join(f"{path} = {value}" for path, value in row.values)
        curves[label].append(row)
    return {label: sorted(rows, key=lambda row: row.capital) for label, rows in curves.items()}


def _frontier_words(found: Sizing, lang: str) -> Words:
    size = found.size
    _, unit = unit_of(found.fund.currency, lang)
    method = messages.text(f"fund-results.method.{size.reached.method}", lang)
    title = found.fund.title.text(lang)
    needed = about_money(size.capital, found.fund.currency, lang)
    return {
        "title": _say("frontier", lang, title=title, edition=found.fund.edition),
        "amount": _say("capital-axis", lang, unit=unit),
        "chance": _say("dry-year", lang),
        "target": _say("target", lang, target=percent(size.target)),
        "needed": _say("needed", lang, amount=needed),
        "curves": tuple(_curves(found)),
        pictures.NOTES: (_say("scenario", lang, scenario=found.scenario.id, method=method),),
    }


def _frontier(figure: Figure, found: Sizing, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    axes = figure.add_subplot()
    size, _ = unit_of(found.fund.currency, "en")
    labels = words["curves"]
    for at, (rows, label) in enumerate(zip(_curves(found).values(), labels, strict=True)):
        if at == _MOST_CURVES:
            break
        places = [row.capital / size for row in rows]
        values = [100 * max(row.dry.value, _LEAST / 10) for row in rows]
        axes.plot(places, values, color=_CURVES[at], marker="os^Dv*X"[at], label=label or None)
    axes.axhline(100 * found.size.target, color=GREY, linestyle=":", label=str(words["target"]))
    axes.axvline(found.size.capital / size, color=GREY, linestyle="--", label=str(words["needed"]))
    axes.set_yscale("log")
    axes.set_ylim(bottom=100 * _LEAST)
    axes.set_xlabel(str(words["amount"]), fontsize=9)
    axes.set_ylabel(str(words["chance"]), fontsize=9)
    axes.legend(fontsize=8, framealpha=0.9, edgecolor="none")
    _plain_numbers(axes, "both")
    quiet(axes, "y")
