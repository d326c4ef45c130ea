"""A search as a page: the answer, what changes, what holds it back, the frontier, how it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ipcredit.fund.plots import unit_of
from ipcredit.fund.result_text import percent
from ipcredit.messages import text
from ipcredit.money import format_money
from ipcredit.paper import Block, Row
from ipcredit.tune.search_data import Found, Setpoint
from ipcredit.tune.search_problem import MONEY, OWN, Measures
from ipcredit.tune.search_run import EVOLVED, Trial
from ipcredit.tune.sweep_text import in_units, page
from ipcredit.tune.varied import value_text

MOST_ROWS: Final = 12
"""Rows of the frontier on the page; frames hold all."""
_MOST_MOVES: Final = 3
_MOST_VALUES: Final = 4
"""Parameters whose values stand in the frontier on the page."""
_DIGITS: Final = 6


class Figures:
    """Figures as the page writes them, in one language."""

    def __init__(self, currency: str, lang: str = "zh") -> None:
        self.currency, self.lang = currency, lang
        self.unit = unit_of(currency, lang)[1]

    def bare(self, metric: str, value: float) -> str:
        """A figure without the unit of money."""
        if metric in MONEY:
            return in_units(float(f"{value:.{_DIGITS}g}") if metric == "cost" else value,
                            self.currency)  # fmt: skip
        if metric == "dry":
            return percent(value)
        return f"{value:,.0f}" if metric == "firms" else f"{value:,.6g}"

    def plain(self, metric: str, value: float, *, signed: bool = False) -> str:
        """A figure with its unit, so that it can stand in a sentence."""
        if metric not in MONEY:
            return self.more(metric, value) if signed else self.bare(metric, value)
        whole = round(value)
        room = max(len(str(abs(whole))) - _DIGITS, 0)
        sign = "+" if signed and whole > 0 else ""
        return sign + format_money(round(whole, -room), self.currency, self.lang)

    def more(self, metric: str, value: float) -> str:
        """A change, with its sign."""
        if metric == "cost":
            value = float(f"{value:.4g}")
        return f"{'+' if value > 0 else ''}{self.bare(metric, value)}"

    def headed(self, name: str, metric: str) -> str:
        """The name of a figure, with the unit that its numbers are in."""
        if metric not in MONEY:
            return name
        return text("tune-search.unit", self.lang, name=name, unit=self.unit)


def search_page(found: Found, lang: str, width: int = 100) -> str:
    """The page of a search."""
    return page(lambda spoken: _Page(found, spoken).blocks(), lang, width)


class _Page:
    """The blocks of one search in one language."""

    def __init__(self, found: Found, lang: str) -> None:
        self.found, self.lang = found, lang
        self.figures = Figures(found.baseline.currency, lang)

    def say(self, code: str, **args: object) -> str:
        return text(f"tune-search.{code}", self.lang, **args)

    def blocks(self) -> Iterator[Block]:
        title = self.found.baseline.title.text(self.lang)
        yield Block(self.say("title", title=title), 0, notes=(self._answer(), self._held()))
        yield Block(
            self.say("changes"),
            columns=tuple(self.say(f"column.{name}")
                          for name in ("parameter", "before", "best", "end", "basis")),
            rows=tuple(map(self._setpoint, self.found.setpoints)),
        )  # fmt: skip
        yield self._measures()
        if self.found.limits:
            yield self._limits()
        yield self._frontier()
        yield Block(self.say("how"), notes=tuple(self._how()))

    # -- the answer ------------------------------------------------------------------------------

    def _sought(self) -> str:
        goal = self.found.goal
        return goal.name if goal.metric == OWN else self.say(f"metric.{goal.metric}")

    def _answer(self) -> str:
        found, metric = self.found, self.found.goal.metric
        before, after = found.before.objective, found.after.objective
        kept = not found.goal.violation(found.before)
        if found.policy == found.baseline:
            return self.say(
                "as-is", sought=self._sought(), value=self.figures.plain(metric, before)
            )
        return self.say(
            "answer" if kept else "answer-broken",
            sought=self._sought(),
            before=self.figures.plain(metric, before),
            after=self.figures.plain(metric, after),
            change=self.figures.plain(metric, after - before, signed=True),
        )

    def _held(self) -> str:
        found = self.found
        if found.binding:
            names = ", " if self.lang == "en" else "、"
            return self.say("bound", limits=names.join(map(self._limit_name, found.binding)))
        return self.say("bound-range" if any(p.end for p in found.setpoints) else "unbound")

    def _limit_name(self, name: str) -> str:
        return self.say(f"limit.{name}")

    # -- tables ----------------------------------------------------------------------------------

    def _value(self, path: str, value: Any) -> str:
        return value_text(self.found.baseline, path, value, self.lang)

    def _setpoint(self, one: Setpoint) -> Row:
        number, basis = one.number, "-"
        if number is not None:
            assumed = number.assumed is not None
            basis = self.say("assumed") if assumed else number.source or "-"
        end = self.say(f"end.{one.end}") if one.end else ""
        after = self._value(one.path, one.after)
        cells = (one.path, self._value(one.path, one.before),
                 after if one.changed else self.say("same"), end, basis)  # fmt: skip
        return Row(cells, (), one.changed)

    def _measures(self) -> Block:
        before, after = self.found.before, self.found.after
        rows = []
        for metric in self._metrics():
            one, two = before.of(metric), after.of(metric)
            name = self.figures.headed(self._name(metric), metric)
            sought = metric == self.found.goal.metric
            rows.append(Row((
                self.say("sought", name=name) if sought else name,
                self.figures.bare(metric, one), self.figures.bare(metric, two),
                "" if metric == "dry" else self.figures.more(metric, two - one),
            )))  # fmt: skip
        heads = tuple(self.say(f"column.{name}") for name in ("figure", "before", "best", "change"))
        return Block(self.say("figures"), columns=heads, rows=tuple(rows))

    def _name(self, metric: str) -> str:
        return self._sought() if metric == OWN else self.say(f"metric.{metric}")

    def _metrics(self) -> list[str]:
        goal, before = self.found.goal, self.found.before
        found = [goal.metric, "lines"]
        found += ["knowledge"] if self.found.before.knowledge else []
        found += ["firms"]
        found += ["cost", "dry"] if before.cost is not None else []
        return list(dict.fromkeys(found))

    def _limits(self) -> Block:
        rows = [
            Row((
                self.figures.headed(self._limit_name(one.name), one.metric),
                self.say("most" if one.most else "least",
                         value=self.figures.bare(one.metric, one.limit)),
                self.figures.bare(one.metric, one.before),
                self.figures.bare(one.metric, one.value),
                self.figures.more(one.metric, one.slack).lstrip("+"),
                self.say("binds") if one.binds else self.say("free"),
            ))
            for one in self.found.limits
        ]  # fmt: skip
        heads = tuple(self.say(f"column.{name}")
                      for name in ("limit", "allowed", "before", "best", "slack", "held"))  # fmt: skip
        return Block(
            self.say("limits"), notes=tuple(self._moves()), columns=heads, rows=tuple(rows)
        )

    def _moves(self) -> Iterator[str]:
        """For every limit that binds the step that it forbids, each step once."""
        metric, loss = self.found.goal.metric, 1 if self.found.goal.small else -1
        moves = {(move.path, move.value): move for one in self.found.limits for move in one.moves}
        comma = ", " if self.lang == "en" else "、"
        best = sorted(moves.values(), key=lambda move: (loss * move.objective, move.path))
        for move in best[:_MOST_MOVES]:
            gain = move.objective - self.found.after.objective
            yield self.say(
                "move",
                limits=comma.join(map(self._limit_name, move.broken)),
                path=move.path,
                value=self._value(move.path, move.value),
                sought=self._sought(),
                change=self.figures.plain(metric, gain, signed=True),
            )

    def _frontier(self) -> Block:
        found, against = self.found, self.found.against[0]
        rows = thinned(found.frontier(), found.best)
        metrics = list(dict.fromkeys((against, found.goal.metric, *self._metrics())))
        points = found.setpoints if len(found.setpoints) <= _MOST_VALUES else ()
        heads = (
            *(self.figures.headed(self._name(metric), metric) for metric in metrics),
            *(point.path for point in points),
            self.say("column.mark"),
        )
        cells = [
            Row((
                *(self.figures.bare(metric, row.measures.of(metric)) for metric in metrics),
                *(self._value(point.path, self._at(row, point)) for point in points),
                self._mark(row),
            ))
            for row in rows
        ]  # fmt: skip
        note = self.say("frontier-note", against=self._name(against))
        return Block(self.say("frontier"), notes=(note,), columns=heads, rows=tuple(cells))

    def _at(self, row: Trial, point: Setpoint) -> Any:
        if row.point is None:
            return point.before
        return self.found.space.values(row.point)[point.path]

    def _mark(self, row: Trial) -> str:
        if row is self.found.best:
            return self.say("mark.best")
        if row.measures == self.found.before and row.point == self.found.space.own:
            return self.say("mark.before")
        return "" if row.feasible else self.say("mark.broken")

    # -- how it was found --------------------------------------------------------------------------

    def _how(self) -> Iterator[str]:
        found = self.found
        yield self.say(f"settled.{found.settled}" if found.method == EVOLVED else "settled.all",
                       tried=f"{found.tried:,}", space=f"{found.space.size:,}",
                       seed=found.seed, allowed=f"{found.allowed:,}")  # fmt: skip
        if found.refused:
            yield self.say("refused", count=found.refused)
        yield self.say("firms-note", firms=f"{found.firms:,}", on=found.on.isoformat(),
                       fingerprint=found.baseline.fingerprint[:12])  # fmt: skip
        yield self.say("assumed-policy", count=len(found.baseline.assumed()))
        if found.fund is not None and found.scenario is not None:
            sampled = "sampled" in methods_of(found.after) | methods_of(found.before)
            yield self.say("assumed-fund", fund=found.fund.title.text(self.lang),
                           scenario=found.scenario.title.text(self.lang),
                           f=len(found.fund.assumed()), s=len(found.scenario.assumed()))  # fmt: skip
            if sampled:
                yield self.say("sampled")
        yield self.say("decides")


def methods_of(found: Measures) -> set[str]:
    """How the fund's figures were had."""
    return {figure.method for figure in (found.cost, found.dry) if figure is not None}


def thinned(rows: Sequence[Trial], best: Trial, most: int = MOST_ROWS) -> list[Trial]:
    """At most so many rows, the ends and the best among them."""
    if len(rows) <= most:
        return list(rows)
    keep = {round(at * (len(rows) - 1) / (most - 1)) for at in range(most)}
    return [row for at, row in enumerate(rows) if at in keep or row is best]
