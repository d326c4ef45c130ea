"""The figures of a sensitivity analysis, its page and its picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ipcredit import messages, pictures
from ipcredit.errors import Problem
from ipcredit.fund.fund import Fund
from ipcredit.fund.plots import unit_of
from ipcredit.fund.scenario import Scenario
from ipcredit.paper import Block, Row
from ipcredit.pictures import BLUE, ORANGE, Words, quiet
from ipcredit.policy import Policy
from ipcredit.tune.ranges import LeftOut, Range
from ipcredit.tune.sobol import CONFIDENCE, Indices
from ipcredit.tune.sweep_text import page
from ipcredit.tune.varied import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS: Final = 12
"""Parameters shown on the page and in pictures; the frame has all."""
_MOST_PANELS: Final = 6
_MONEY: Final = ("lines", "expected", "net", "quantile")


class Index(NamedTuple):
    """What one parameter explains of one output, with limits of the 95 % interval."""

    output: str
    path: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True, eq=False)
class SensitivityData:
    """Sobol indices of a policy's numbers for every output.

    ``outputs``: ``eligible``, ``moved`` (firms in another state than now), ``lines``, ``tier:A`` …
    and with a fund ``expected``, ``net``, ``quantile``, ``dry``.  ``points``: policies judged.
    ``n``: the sample of each matrix.  ``left_out``: assumed values that are not varied.
    """

    policy: Policy
    on: dt.date
    ranges: tuple[Range, ...]
    left_out: tuple[LeftOut, ...]
    outputs: tuple[str, ...]
    indices: Indices
    points: int
    n: int
    seed: int
    firms: int
    fund: Fund | None
    scenario: Scenario | None

    def index(self, output: str, path: str) -> Index:
        """The indices of one parameter for one output; NaN where the output does not move.

        Raises:
            ValueError: there is no such output or parameter.
        """
        at = [item.path for item in self.ranges].index(path)
        return self._index(self.outputs.index(output), at)

    def _index(self, output: int, at: int) -> Index:
        i = self.indices
        columns = (i.first, i.first_low, i.first_high, i.total, i.total_low, i.total_high)
        return Index(self.outputs[output], self.ranges[at].path,
                     *(float(column[output, at]) for column in columns))  # fmt: skip

    def ranked(self, output: str) -> list[Index]:
        """All parameters for one output, the largest total index first."""
        which = self.outputs.index(output)
        found = [self._index(which, at) for at in range(len(self.ranges))]
        return sorted(found, key=lambda item: -item.total if item.total == item.total else 0.0)

    def moves(self, output: str) -> bool:
        """Whether an output moves at all over these ranges."""
        return bool(self.indices.moves[self.outputs.index(output)])

    def frame(self) -> Any:
        """One row for each output and parameter as a pandas DataFrame."""
        import pandas as pd

        rows = [self._index(output, at)
                for output in range(len(self.outputs)) for at in range(len(self.ranges))]  # fmt: skip
        return pd.DataFrame(rows, columns=list(Index._fields))

    def to_dict(self) -> dict[str, Any]:
        """As JSON data; ``null`` where an output does not move."""

        def plain(value: float) -> float | None:
            return None if np.isnan(value) else value

        return {
            "version": 1,
            "kind": "tune-sensitivity",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "on": self.on.isoformat(),
            "firms": self.firms,
            "fund": None if self.fund is None else self.fund.id,
            "scenario": None if self.scenario is None else self.scenario.id,
            "n": self.n,
            "seed": self.seed,
            "policies": self.points,
            "confidence": CONFIDENCE,
            "ranges": [
                {"path": item.path, "value": item.written(item.value),
                 "low": item.written(item.low), "high": item.written(item.high),
                 "assumed": item.assumed, "cut": item.cut}
                for item in self.ranges
            ],
            "left_out": [{"path": o.path, "value": o.shown, "reason": o.reason}
                         for o in self.left_out],
            "outputs": [
                {"name": name, "mean": float(self.indices.mean[at]),
                 "deviation": float(self.indices.deviation[at]),
                 "indices": [
                     {key: plain(value) if isinstance(value, float) else value
                      for key, value in item._asdict().items() if key != "output"}
                     for item in (self._index(at, k) for k in range(len(self.ranges)))
                 ]}
                for at, name in enumerate(self.outputs)
            ],
        }  # fmt: skip


# -- the page ------------------------------------------------------------------------------------


def text_of(found: SensitivityData, lang: str, width: int = 100) -> str:
    """The page in ``zh``, ``en`` or ``both``."""
    return page(lambda spoken: _blocks(found, spoken), lang, width)


def _say(code: str, lang: str, **args: object) -> str:
    return messages.text(f"tune-sweep.sens.{code}", lang, **args)


def output_text(name: str, currency: str, lang: str) -> str:
    """An output in words, with its unit."""
    if name.startswith("tier:"):
        return _say("out.tier", lang, tier=name.removeprefix("tier:"))
    return _say(f"out.{name}", lang, unit=unit_of(currency, lang)[1])


def _scaled(found: SensitivityData, name: str, value: float) -> str:
    if name in _MONEY:
        value /= unit_of(found.policy.currency, "en")[0]
    elif name == "dry":
        value *= 100
    return f"{float(f'{value:.4g}'):,.10g}"


def _blocks(found: SensitivityData, lang: str) -> Iterator[Block]:
    notes = [
        _say("note", lang, count=len(found.ranges), points=f"{found.points:,}",
             firms=f"{found.firms:,}", on=found.on.isoformat(), seed=found.seed,
             fingerprint=found.policy.fingerprint[:12])
    ]  # fmt: skip
    cut = [item.path for item in found.ranges if item.cut]
    if cut:
        shown = ", ".join(cut[:MOST_ROWS]) + (" …" if len(cut) > MOST_ROWS else "")
        notes.append(_say("cut", lang, count=len(cut), paths=shown))
    if found.left_out:
        notes.append(_say("left-out", lang, count=len(found.left_out)))
    title = _say("title", lang, title=found.policy.title.text(lang))
    yield Block(title, 0, notes=tuple(notes))
    for at, name in enumerate(found.outputs):
        label = output_text(name, found.policy.currency, lang)
        if not found.moves(name):
            yield Block(_say("still", lang, name=label))
            continue
        mean, deviation = float(found.indices.mean[at]), float(found.indices.deviation[at])
        ranked = found.ranked(name)
        rest = [_say("sum", lang, first=f"{found.indices.first[at].sum():.2f}")]
        if len(ranked) > MOST_ROWS:
            rest.append(_say("more", lang, count=len(ranked) - MOST_ROWS))
        yield Block(
            _say("output", lang, name=label, mean=_scaled(found, name, mean),
                 deviation=_scaled(found, name, deviation)),
            notes=tuple(rest),
            columns=tuple(_say(f"column.{c}", lang)
                          for c in ("parameter", "range", "first", "total")),
            rows=tuple(_row(found, item, lang) for item in ranked[:MOST_ROWS]),
        )  # fmt: skip


def _row(found: SensitivityData, item: Index, lang: str) -> Row:
    one = next(r for r in found.ranges if r.path == item.path)
    ends = [value_text(found.policy, one.path, one.written(end), lang)
            for end in (one.low, one.high)]  # fmt: skip
    name = _say("assumed", lang, path=item.path) if one.assumed else item.path
    return Row((
        name,
        " – ".join(ends),
        f"{item.first:.2f} ({item.first_low:.2f}, {item.first_high:.2f})",
        f"{item.total:.2f} ({item.total_low:.2f}, {item.total_high:.2f})",
    ))  # fmt: skip


# -- the picture -----------------------------------------------------------------------------------


def draw(found: SensitivityData, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture, and remarks (that Chinese could not be drawn)."""
    names = _drawn(found)
    rows = -(-len(names) // 2)
    bars = min(len(found.ranges), MOST_ROWS)
    return pictures.draw(
        lambda spoken: _words(found, names, spoken),
        lambda figure, words: _compose(figure, found, names, words),
        lang,
        (12, max(3.4, 1.4 + rows * (1.0 + 0.30 * bars))),
    )


def save(found: SensitivityData, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw into a PNG, SVG or PDF file; returns remarks as :func:`draw`."""
    pictures.check_suffix(path)
    figure, remarks = draw(found, lang)
    pictures.save(figure, path)
    return remarks


def _drawn(found: SensitivityData) -> list[str]:
    """Outputs that move: money, firms and the fund before single tiers."""
    moving = [name for name in found.outputs if found.moves(name)]
    moving.sort(key=lambda name: name.startswith("tier:"))
    return moving[:_MOST_PANELS]


def _words(found: SensitivityData, names: list[str], lang: str) -> Words:
    currency = found.policy.currency
    note = _say("plot-note", lang, count=len(found.ranges), points=f"{found.points:,}",
                firms=f"{found.firms:,}", on=found.on.isoformat(), seed=found.seed)  # fmt: skip
    return {
        "title": _say("title", lang, title=found.policy.title.text(lang)),
        "outputs": tuple(output_text(name, currency, lang) for name in names),
        "first": _say("column.first", lang),
        "total": _say("column.total", lang),
        "axis": _say("axis", lang),
        pictures.NOTES: (note,),
    }


def _compose(figure: Figure, found: SensitivityData, names: list[str], words: Words) -> None:
    figure.suptitle(str(words["title"]), fontsize=12)
    rows = -(-len(names) // 2)
    for at, name in enumerate(names):
        axes = figure.add_subplot(rows, 2 if len(names) > 1 else 1, at + 1)
        _bars(axes, found.ranked(name)[:MOST_ROWS], words)
        axes.set_title(words["outputs"][at], loc="left", fontsize=10)
        if at == 0:
            axes.legend(fontsize=8, frameon=False, loc="lower right")


def _bars(axes: Axes, ranked: list[Index], words: Words) -> None:
    places = np.arange(len(ranked))
    for shift, colour, name in ((-0.2, BLUE, "first"), (0.2, ORANGE, "total")):
        values = np.array([max(getattr(item, name), 0.0) for item in ranked])
        low = np.array([max(getattr(item, f"{name}_low"), 0.0) for item in ranked])
        high = np.array([max(getattr(item, f"{name}_high"), 0.0) for item in ranked])
        errors = [np.maximum(values - low, 0), np.maximum(high - values, 0)]
        axes.barh(places + shift, values, height=0.38, color=colour, label=words[name],
                  xerr=errors, error_kw={"elinewidth": 0.8, "ecolor": "#444444"})  # fmt: skip
    axes.set_yticks(places, [item.path for item in ranked])
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel(str(words["axis"]), fontsize=9)
    quiet(axes, "x")
    axes.tick_params(axis="y", labelsize=8)
