"""What a panel shows for one position of its dials: tiers, money, and the tail of the fund."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ipcredit import pictures
from ipcredit.errors import PolicyError, Problem
from ipcredit.fund.exact import problem_of, sampled_of
from ipcredit.fund.exact_figures import Exact
from ipcredit.messages import text
from ipcredit.money import format_money
from ipcredit.paper import Block, Row
from ipcredit.pictures import BLUE, GREY, RED, Words, quiet
from ipcredit.policy import Policy
from ipcredit.tune.compare_data import lines_of
from ipcredit.tune.compare_picture import unit_of
from ipcredit.tune.compare_text import ComparePage
from ipcredit.tune.movements import Movements
from ipcredit.tune.outcome import Outcome, Setting
from ipcredit.tune.parameters import parameters
from ipcredit.tune.sweep_text import page
from ipcredit.tune.varied import varied

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS: Final = 48
_FAR: Final = 2.2
"""The curve is drawn so many times as far as the amount not exceeded in 99 % of years."""
_LEAST: Final = 1e-4
"""Percentages below are not drawn."""
Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class View:
    """One position of the dials: ``values`` by path, and what the policy then does.

    ``found``: ``None`` where the values make no valid policy; ``problems`` then say why.
    ``curves``: before and after, amounts in minor units with the probability that the fund owes
    more; empty without a fund.
    """

    baseline: Policy
    values: Mapping[str, Any]
    found: Movements | None
    problems: tuple[Problem, ...] = ()
    curves: tuple[Curve, Curve] = ((), ())

    def text(self, lang: str = "zh", width: int = 120) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return page(lambda spoken: _blocks(self, spoken), lang, width)

    def draw(self, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
        """Tiers, lines and the fund's tail; and remarks (that Chinese could not be drawn).

        Raises:
            UsageError: matplotlib is not installed.
            PolicyError: the values make no valid policy.
        """
        found = self.found
        if found is None:
            raise PolicyError(self.problems)
        with_tail = any(self.curves)
        return pictures.draw(
            lambda spoken: _words(self, found, spoken),
            lambda figure, words: _compose(figure, self, found, words),
            lang,
            (12, 7.2) if with_tail else (12, 4.2),
        )


class Views:
    """Views of one setting; what the policy does as it is, is reckoned once."""

    def __init__(self, policy: Policy, setting: Setting) -> None:
        self.policy, self.setting = policy, setting

    @cached_property
    def before(self) -> tuple[Outcome, Curve]:
        """The policy as it is."""
        return self._outcome(self.policy)

    def at(self, values: Mapping[str, Any]) -> View:
        """The view at these values; an invalid policy is no error but what is shown."""
        try:
            policy = varied(self.policy, values)
        except PolicyError as error:
            return View(self.policy, dict(values), None, tuple(error.problems))
        before, curve = self.before
        after, moved = self.before if policy is self.policy else self._outcome(policy)
        found = Movements(self.setting, before, after, parameters(self.policy, policy))
        return View(self.policy, dict(values), found, (), (curve, moved))

    def _outcome(self, policy: Policy) -> tuple[Outcome, Curve]:
        found = self.setting.outcome(policy)
        return found, tail_of(self.setting, found)


def tail_of(setting: Setting, found: Outcome) -> Curve:
    """Amounts in minor units with the probability that the fund owes more within a year."""
    fund, scenario, borrowers = setting.fund, setting.scenario, setting.borrowers
    if fund is None or scenario is None or borrowers is None or found.fund is None:
        return ()
    book, _ = borrowers.book(found.assessment, fund.terms.covers)
    if book is None or not found.fund.quantile.value:
        return ()
    problem, _ = problem_of(book, fund, scenario)
    law = Exact(problem).gross
    drawn = None if law is not None else sampled_of(problem, scenario, None, None, None)
    far = _FAR * found.fund.quantile.value
    amounts = [far * at / _POINTS for at in range(_POINTS + 1)]
    if law is not None:
        return tuple((x, law.chance(x).value) for x in amounts)
    assert drawn is not None
    return tuple((x, drawn.dry(x).value) for x in amounts)


# -- text --------------------------------------------------------------------------------------


def _blocks(view: View, lang: str) -> Iterator[Block]:
    if view.found is None:
        notes = (text("tune-panel.invalid", lang), *(p.text(lang) for p in view.problems))
        moved = tuple(Row((path, str(value))) for path, value in view.values.items())
        yield Block(text("tune-panel.dials", lang), 4, notes=notes, facts=moved)
        return
    found, shown = view.found, ComparePage(view.found, lang)
    rows = tuple(
        Row((item.path, item.shown_before.text(lang), item.shown_after.text(lang)))
        for item in found.parameters
    )
    nothing = () if rows else (text("tune-panel.nothing-moved", lang),)
    columns = shown.cells("path", "before", "after")
    yield Block(text("tune-panel.dials", lang), 4, notes=nothing, columns=columns, rows=rows)
    counts = [
        Row((shown.state(name), shown.count(a), shown.count(b), shown.more(b - a)))
        for name, a, b in _tiers(found)
    ]
    columns = shown.cells("tier", "before", "after", "change")
    yield Block(text("tune-panel.tiers", lang), 4, columns=columns, rows=tuple(counts))
    for block in (shown.lines(), *((shown.fund(),) if found.before.fund is not None else ())):
        yield Block(block.heading, 4, columns=block.columns, rows=block.rows)


def _tiers(found: Movements) -> list[tuple[str, int, int]]:
    """Firms of each state before and after; states that no firm has are left out."""
    one, two = found.before, found.after
    rows = zip(one.states, one.counts, two.counts, strict=True)
    return [(name, a, b) for name, a, b in rows if a or b]


# -- picture -----------------------------------------------------------------------------------


def _words(view: View, found: Movements, lang: str) -> Words:
    shown = ComparePage(found, lang)
    _, unit = unit_of(max(found.before.total, found.after.total), found.before.currency, lang)
    moved = tuple(
        f"{item.path}: {item.shown_before.text(lang)} → {item.shown_after.text(lang)}"
        for item in found.parameters
    )
    words: dict[str, str | tuple[str, ...]] = {
        "title": text("tune-panel.title", lang, policy=view.baseline.title.text(lang)),
        "tiers": text("tune-panel.tiers", lang),
        "firms": text("tune-panel.firms", lang),
        "states": tuple(shown.state(name) for name, _, _ in _tiers(found)),
        "lines": shown.say("lines"),
        "parts": tuple(shown.part(name) for name, _, _ in lines_of(found)),
        "amount": shown.say("picture.amount", unit=unit),
        "sides": (shown.say("before"), shown.say("after")),
        pictures.NOTES: moved or (text("tune-panel.nothing-moved", lang),),
    }
    year = found.before.fund
    if any(view.curves) and year is not None:
        _, small = unit_of(int(_farthest(view)), year.currency, lang)
        words |= {
            "tail": text("tune-panel.tail", lang),
            "owed": text("fund-plot.amount", lang, unit=small),
            "chance": text("fund-plot.chance", lang),
            "capital": text("tune-panel.capital", lang, tested=shown.tested(year.tested),
                            money=format_money(year.money, year.currency, lang)),
        }  # fmt: skip
    return words


def _farthest(view: View) -> float:
    return max(amount for curve in view.curves for amount, _ in curve)


def _compose(figure: Figure, view: View, found: Movements, words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=13)
    with_tail = "tail" in words
    grid = figure.add_gridspec(2 if with_tail else 1, 2)
    tiers = [(float(a), float(b)) for _, a, b in _tiers(found)]
    axes = figure.add_subplot(grid[0, 0])
    _pairs(axes, tiers, words, ("states", "tiers", "firms"))
    size, _ = unit_of(max(found.before.total, found.after.total), found.before.currency, "en")
    lines = [(a / size, b / size) for _, a, b in lines_of(found)]
    _pairs(figure.add_subplot(grid[0, 1]), lines, words, ("parts", "lines", "amount"))
    if with_tail:
        _tail(figure.add_subplot(grid[1, :]), view, found, words)


def _pairs(
    axes: Axes, pairs: list[tuple[float, float]], words: Words, roles: tuple[str, str, str]
) -> None:
    """Two bars for each label: as it is, and as moved."""
    for side, colour in enumerate((GREY, BLUE)):
        spots = [at + (side - 0.5) * 0.38 for at in range(len(pairs))]
        values = [pair[side] for pair in pairs]
        axes.barh(spots, values, height=0.36, color=colour, label=words["sides"][side])
        for spot, value in zip(spots, values, strict=True):
            axes.annotate(f"{value:,.4g}" if value < 1000 else f"{value:,.0f}", (value, spot),
                          xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(pairs)), list(words[roles[0]]))
    axes.invert_yaxis()
    axes.set_xlim(0, max((max(pair) for pair in pairs), default=0) * 1.16 or 1)
    axes.set_title(str(words[roles[1]]), loc="left", fontsize=11)
    axes.set_xlabel(str(words[roles[2]]), fontsize=9)
    _plain(axes)
    axes.legend(fontsize=8, frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0),
                borderaxespad=0.2)  # fmt: skip
    quiet(axes, "x")


def _tail(axes: Axes, view: View, found: Movements, words: Words) -> None:
    far = _farthest(view)
    assert found.before.fund is not None
    size, _ = unit_of(int(far), found.before.currency, "en")
    styles = ((GREY, "--", 2.4), (BLUE, "-", 1.8))
    for curve, (colour, style, width), label in zip(
        view.curves, styles, words["sides"], strict=True
    ):
        amounts = [amount / size for amount, _ in curve]
        chances = [max(100 * chance, _LEAST / 10) for _, chance in curve]
        axes.plot(amounts, chances, color=colour, linestyle=style, linewidth=width, label=label)
    money = found.before.fund.money / size
    inside = money <= far / size
    # Capital far beyond the curve is said, not drawn: the curve would shrink to a line.
    axes.plot([money, money] if inside else [], [_LEAST, 100] if inside else [], color=RED,
              linewidth=1.6, linestyle="-.", label=str(words["capital"]))  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(_LEAST, 150)
    axes.set_xlim(0, far / size)
    axes.set_title(str(words["tail"]), loc="left", fontsize=11)
    axes.set_xlabel(str(words["owed"]), fontsize=9)
    axes.set_ylabel(str(words["chance"]), fontsize=9)
    _plain(axes, both=True)
    axes.legend(fontsize=8, frameon=False, loc="upper right")
    quiet(axes, "y")


def _plain(axes: Axes, *, both: bool = False) -> None:
    from matplotlib.ticker import FuncFormatter

    number = FuncFormatter(lambda value, _: f"{value:,.10g}")
    axes.xaxis.set_major_formatter(number)
    if both:
        axes.yaxis.set_major_formatter(number)
