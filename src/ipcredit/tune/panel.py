"""Sliders in a notebook over a policy's numbers: tiers, money and the fund redrawn at each move."""

from __future__ import annotations

import datetime as dt
import html
from base64 import b64encode
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ipcredit.assess import AnyFirms
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.messages import text
from ipcredit.policy import Policy
from ipcredit.tune.outcome import setting
from ipcredit.tune.panel_show import notebook, png_of
from ipcredit.tune.panel_view import View, Views
from ipcredit.tune.search_space import Steps, space_of
from ipcredit.tune.varied import changed, number_of, value_at, value_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Dial:
    """One parameter: its values as a policy file holds them, in order; ``start`` is its own."""

    path: str
    values: tuple[Any, ...]
    start: int


class Panel:
    """The answer of :func:`panel`: a place of each dial, and what the policy then does.

    In JupyterLab with ``ipywidgets`` it shows sliders; elsewhere the same tables and picture,
    once.  :meth:`move` is what a slider does.
    """

    def __init__(self, views: Views, dials: Sequence[Dial], lang: str) -> None:
        self.views, self.dials, self.lang = views, tuple(dials), lang
        self.places = [dial.start for dial in self.dials]

    # -- what is shown -------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Any]:
        """Where the dials stand: values by path, as a policy file holds them."""
        return {d.path: d.values[at] for d, at in zip(self.dials, self.places, strict=True)}

    @property
    def view(self) -> View:
        """What the policy does there; reckoned once for each position in a row."""
        places = tuple(self.places)
        if self._seen is None or self._seen[0] != places:
            self._seen = places, self.views.at(self.values)
        return self._seen[1]

    _seen: tuple[tuple[int, ...], View] | None = None

    @property
    def policy(self) -> Policy:
        """The policy where the dials stand, its changes marked; itself where none was moved.

        Raises:
            PolicyError: the values make no valid policy.
        """
        return changed(self.views.policy, self.values)

    def move(self, path: str, value: Any) -> View:
        """Put one dial to one of its values; its own value is as good as any other.

        Raises:
            UsageError: there is no such dial, or it has no such step.
        """
        at = next((at for at, dial in enumerate(self.dials) if dial.path == path), None)
        if at is None:
            args = {"allowed": ", ".join(dial.path for dial in self.dials)}
            raise UsageError(Problem("tune-panel.no-dial", key=path, args=args))
        self.places[at] = _step(self.dials[at], value, self.views.policy.currency)
        return self.view

    def text(self, lang: str = "", width: int = 120) -> str:
        """The tables in ``zh``, ``en`` or ``both``."""
        return self.view.text(lang or self.lang, width)

    def __str__(self) -> str:
        return self.text()

    def draw(self, lang: str = "") -> tuple[Figure, tuple[Problem, ...]]:
        """The picture, and remarks (that Chinese could not be drawn).

        Raises:
            UsageError: matplotlib is not installed.
            PolicyError: the values make no valid policy.
        """
        return self.view.draw(lang or self.lang)

    def show(self) -> None:
        """Show it in a notebook; on a terminal print the tables."""
        if notebook() is None:
            print(self.text())  # noqa: T201
            return
        from IPython.display import display

        display(self)

    # -- in a notebook -------------------------------------------------------------------------

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Sliders, for front ends that have them; a static page for those that have not."""
        words, picture, remarks = self._parts()
        image = f'<img style="max-width:100%" src="data:image/png;base64,{_base64(picture)}">'
        page = [f"<p>{html.escape(remark)}</p>" for remark in remarks]
        page += [_preformatted(words), image if picture else ""]
        bundle = {"text/plain": words, "text/html": "\n".join(page)}
        if self.widget is None:
            return bundle
        # The tables as plain text, not the name of a box.
        return {**self.widget._repr_mimebundle_(), **bundle}

    @cached_property
    def widget(self) -> Any:
        """The sliders as one ``ipywidgets`` box; ``None`` without that package or a notebook."""
        if notebook() is None:
            return None
        try:
            import ipywidgets
        except ImportError:
            return None
        return _Box(self, ipywidgets).box

    def _parts(self) -> tuple[str, bytes, tuple[str, ...]]:
        """Tables, picture and remarks; a picture that cannot be drawn is said, not raised."""
        view = self.view
        if view.found is None:
            return view.text(self.lang), b"", ()
        try:
            figure, remarks = view.draw(self.lang)
        except UsageError as error:
            reason = "; ".join(problem.text(self.lang) for problem in error.problems)
            said = text("tune-panel.no-picture", self.lang, reason=reason)
            return view.text(self.lang), b"", (said,)
        return view.text(self.lang), png_of(figure), tuple(r.text(self.lang) for r in remarks)


class _Box:
    """The widgets of one panel, and what they do when one is moved."""

    def __init__(self, panel: Panel, widgets: Any) -> None:
        self.panel, self.held = panel, False
        wide = {"description_width": "initial"}
        self.sliders = [
            widgets.SelectionSlider(
                options=[
                    (value_text(panel.views.policy, dial.path, value, panel.lang), at)
                    for at, value in enumerate(dial.values)
                ],
                value=place, description=dial.path, continuous_update=False, style=wide,
                layout=widgets.Layout(width="48em"),
            )
            for dial, place in zip(panel.dials, panel.places, strict=True)
        ]  # fmt: skip
        self.reset = widgets.Button(description=text("tune-panel.reset", panel.lang))
        self.words, self.picture = widgets.HTML(), widgets.Image(format="png", width=1000)
        for slider in self.sliders:
            slider.observe(self._moved, names="value")
        self.reset.on_click(self._back)
        self.box = widgets.VBox([*self.sliders, self.reset, self.words, self.picture])
        self._redraw()

    def _moved(self, _: Any) -> None:
        if self.held:
            return
        self.panel.places = [slider.value for slider in self.sliders]
        self._redraw()

    def _back(self, _: Any) -> None:
        # One recomputation for all dials, not one for each.
        self.held = True
        for slider, dial in zip(self.sliders, self.panel.dials, strict=True):
            slider.value = dial.start
        self.held = False
        self._moved(None)

    def _redraw(self) -> None:
        words, picture, remarks = self.panel._parts()
        said = "".join(f"<p>{html.escape(remark)}</p>" for remark in remarks)
        self.words.value = _preformatted(words) + said
        self.picture.value = picture
        self.picture.layout.display = "" if picture else "none"


def panel(
    policy: Policy,
    firms: AnyFirms,
    paths: Mapping[str, Sequence[Any]],
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    *,
    lang: str = "zh",
    on: dt.date | None = None,
    pd: Any = None,
) -> Panel:
    """A panel over some of a policy's numbers, each with a slider where a notebook has sliders.

    ``paths``: by path ``(low, high, step)``, amounts with their unit.  The policy's own value is
    on every dial, between the steps if need be, and moving nothing is no error.  Values that make
    no valid policy show what is wrong with them.  The policy given is never touched.

    Raises:
        UsageError: a path or a range is wrong (all of it listed); as
            :func:`ipcredit.tune.outcome.setting`.

    >>> from ipcredit.population import population
    >>> knobs = panel(Policy.load("chongqing-knowledge@2023"), population(100, seed=7),
    ...     {"line.tiers.B.amount": ("300 万元", "500 万元", "50 万元")}, lang="en")
    >>> knobs.values
    {'line.tiers.B.amount': '400 万元'}
    >>> _ = knobs.move("line.tiers.B.amount", "450 万元")
    >>> [change.path for change in knobs.policy.changes]
    ['line.tiers.B.amount']
    """
    dials = [_dial(policy, axis) for axis in space_of(policy, paths).axes]
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    return Panel(Views(policy, given), dials, lang)


# -- inside ------------------------------------------------------------------------------------


def _dial(policy: Policy, axis: Steps) -> Dial:
    """The steps of a parameter, and its own value among them."""
    own = value_at(policy, axis.path)
    if axis.own is not None:
        values = [axis.value(at) for at in range(axis.count)]
        values[axis.own] = own
        return Dial(axis.path, tuple(values), axis.own)
    found: list[tuple[Fraction, Any]] = [
        (axis.number(at), axis.value(at)) for at in range(axis.count)
    ]
    insort(found, (axis.start, own), key=lambda pair: pair[0])
    start = next(at for at, (number, _) in enumerate(found) if number == axis.start)
    return Dial(axis.path, tuple(value for _, value in found), start)


def _step(dial: Dial, value: Any, currency: str) -> int:
    """The place of a value on a dial."""
    numbers = [number_of(one, currency) for one in dial.values]
    wanted = number_of(value, currency)
    if wanted in numbers:
        return numbers.index(wanted)
    known = [(number, one) for number, one in zip(numbers, dial.values, strict=True)
             if number is not None]  # fmt: skip
    known.sort(key=lambda pair: abs(pair[0] - wanted) if wanted is not None else pair[0])
    near = ", ".join(str(one) for _, one in known[:2])
    args = {"value": str(value), "near": near}
    raise UsageError(Problem("tune-panel.not-a-step", key=dial.path, args=args))


def _preformatted(words: str) -> str:
    style = "line-height:1.35;overflow-x:auto;white-space:pre"
    return f'<pre style="{style}">{html.escape(words)}</pre>'


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
