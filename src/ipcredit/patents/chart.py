"""The portfolio as a picture: what each field adds to its value, and how long protection lasts.

The only module that knows matplotlib (the extra ``plots``), which is loaded when a picture is
drawn.  Chinese text is drawn only with a font that has every character of it: without one the
picture is in English and says what to install.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ipcredit import messages
from ipcredit.errors import Problem, UsageError
from ipcredit.patents.explain import decimals
from ipcredit.patents.portfolio import Portfolio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",  # the name under which the collection of all regions is listed
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "SimSun",
)
"""Fonts with Chinese characters, the first that is installed and has all of them is used."""
LATIN: Final = "DejaVu Sans"  # comes with matplotlib
SUFFIXES: Final = (".png", ".svg", ".pdf")
FIELDS_SHOWN: Final = 8

# From the palette of Okabe and Ito: told apart by colour-blind readers, and in grey.
_BLUE, _ORANGE, _GREY = "#0072B2", "#E69F00", "#999999"


@dataclass(frozen=True, slots=True)
class _Words:
    """Every text of the picture, so that a font can be judged before anything is drawn."""

    title: str
    subtitle: str
    fields_title: str
    fields_axis: str
    fields: tuple[str, ...]
    life_title: str
    value_axis: str
    rights_axis: str
    years_axis: str
    nothing: str
    notes: tuple[str, ...]

    def all(self) -> str:
        """All characters of the picture, one text."""
        singles = [
            getattr(self, name) for name in self.__dataclass_fields__
            if name not in ("fields", "notes")
        ]  # fmt: skip
        return "".join((*singles, *self.fields, *self.notes))


def draw(folio: Portfolio, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
    """The picture of a portfolio, and remarks (that Chinese could not be drawn).

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(Problem("chart.no-matplotlib")) from None
    words = _words(folio, lang)
    font = _font(words.all())
    remarks: tuple[Problem, ...] = ()
    if font is None:
        words, font = _words(folio, "en"), LATIN
        if lang != "en":
            remarks = (Problem("chart.no-font"),)
            note = messages.text("chart.no-font", "en")
            words = replace(words, notes=(*words.notes, note))
        words = _drawable(words)
    settings: dict[Any, Any] = {
        "font.family": list(dict.fromkeys([font, LATIN])),
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(11, 5.6), dpi=150, layout="constrained")
        _compose(figure, folio, words)
    return figure, remarks


def save_chart(folio: Portfolio, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
    """Draw a portfolio into a PNG, SVG or PDF file; returns remarks as :func:`draw`.

    Raises:
        UsageError: matplotlib is not installed, the file has another ending or cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        args = {"given": target.suffix, "allowed": ", ".join(SUFFIXES)}
        raise UsageError(Problem("chart.suffix", str(path), args=args))
    figure, remarks = draw(folio, lang)
    import matplotlib

    # No date and no random names in the file: the same portfolio gives the same picture.
    kind = target.suffix.lower()
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    try:
        with matplotlib.rc_context({"svg.hashsalt": "ipcredit"}):
            figure.savefig(target, metadata=metadata[kind])
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unwritable", str(path), args=args)) from None
    return remarks


# -- words and fonts -------------------------------------------------------------------------


def _words(folio: Portfolio, lang: str) -> _Words:
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
    return _Words(
        title=say("title", value=decimals(folio.low), on=on),
        subtitle=say("subtitle", method=method, rights=folio.count),
        fields_title=say("fields"),
        fields_axis=say("axis.points"),
        fields=tuple(labels),
        life_title=say("life"),
        value_axis=say("axis.value"),
        rights_axis=say("axis.rights"),
        years_axis=say("axis.years", on=on),
        nothing=say("nothing"),
        notes=tuple(notes),
    )


def _drawable(words: _Words) -> _Words:
    """The words with "?" for what the Latin font cannot draw (a title in a norms file may hold
    anything): never an empty box."""
    known = _characters(LATIN)

    def plain(text: str) -> str:
        return "".join(c if ord(c) in known else "?" for c in text)

    changed: dict[str, Any] = {}
    for name in words.__dataclass_fields__:
        value = getattr(words, name)
        changed[name] = tuple(map(plain, value)) if isinstance(value, tuple) else plain(value)
    return replace(words, **changed)


def _font(text: str) -> str | None:
    """The first installed font that has every character of a text, ``None`` where there is none."""
    needed = {ord(character) for character in text if not character.isspace()}
    for again in (False, True):
        if again:
            _look_again()
        for name in (LATIN, *FONTS):
            if needed <= _characters(name):
                return name
    return None


def _characters(name: str) -> set[int]:
    """Code points that a font can draw; none where it is not installed."""
    from matplotlib import font_manager

    paths = [font.fname for font in font_manager.fontManager.ttflist if font.name == name]
    if not paths:
        return set()
    return set(font_manager.get_font(paths[0]).get_charmap())


def _look_again() -> None:
    """Make fonts known that were installed after matplotlib wrote its list of them."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            try:
                font_manager.fontManager.addfont(path)
            except (OSError, RuntimeError):  # not a font after all
                continue


# -- drawing ---------------------------------------------------------------------------------


def _compose(figure: Figure, folio: Portfolio, words: _Words) -> None:
    figure.suptitle(f"{words.title}\n{words.subtitle}", fontsize=12, linespacing=1.3)
    if not folio.count:
        figure.text(0.5, 0.5, words.nothing, ha="center", va="center", fontsize=12)
        return
    grid = figure.add_gridspec(2, 2, width_ratios=(1.15, 1))
    _by_field(figure.add_subplot(grid[:, 0]), folio, words)
    upper = figure.add_subplot(grid[0, 1])
    lower = figure.add_subplot(grid[1, 1], sharex=upper)
    _life(upper, lower, folio, words)
    if words.notes:
        figure.supxlabel("\n".join(words.notes), fontsize=8, color="#333333", linespacing=1.3)


def _by_field(axes: Axes, folio: Portfolio, words: _Words) -> None:
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
    colours = [_BLUE if at < plain else _GREY for at in places]
    axes.barh(list(places), adds, color=colours, height=0.65)
    axes.set_yticks(list(places), words.fields)
    axes.invert_yaxis()
    axes.set_title(words.fields_title, loc="left", fontsize=10)
    axes.set_xlabel(words.fields_axis, fontsize=9)
    for at, (value, count) in enumerate(zip(adds, counts, strict=True)):
        text = f"{decimals(value, 1)}  ({count})"
        axes.annotate(
            text, (value, at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8
        )
    axes.set_xlim(0, max(adds, default=0) * 1.2 or 1)
    _quiet(axes, "x")


def _life(upper: Axes, lower: Axes, folio: Portfolio, words: _Words) -> None:
    from matplotlib.ticker import MaxNLocator

    years = [alive.years for alive in folio.life]
    last = max((a.years for a in folio.life if a.rights), default=0) + 2
    upper.set_title(words.life_title, loc="left", fontsize=10)
    points = [alive.points for alive in folio.life]
    counts = [alive.rights for alive in folio.life]
    for axes, heights, colour in ((upper, points, _BLUE), (lower, counts, _ORANGE)):
        axes.step(years, heights, where="post", color=colour, linewidth=2)
        axes.fill_between(years, heights, step="post", color=colour, alpha=0.2)
        axes.set_ylim(0, max(heights) * 1.15 or 1)
        axes.set_xlim(0, last)
        _quiet(axes, "y")
    upper.set_ylabel(words.value_axis, fontsize=8)
    upper.tick_params(labelbottom=False)
    lower.set_ylabel(words.rights_axis, fontsize=8)
    lower.set_xlabel(words.years_axis, fontsize=9)
    lower.xaxis.set_major_locator(MaxNLocator(integer=True))
    lower.yaxis.set_major_locator(MaxNLocator(integer=True))


def _quiet(axes: Axes, along: str) -> None:
    """Thin lines along one axis to read values by, no box around."""
    axes.grid(axis="x" if along == "x" else "y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def texts_of(figure: Figure) -> Iterable[str]:
    """Every text in a picture, for whoever wants to check or read it out."""
    from matplotlib.text import Text

    figure.draw_without_rendering()  # labels of ticks are empty until then
    return [text.get_text() for text in figure.findobj(match=Text)]
