"""Pictures: one place that knows matplotlib, its fonts and its files.

matplotlib is the extra ``plots`` and is loaded when a picture is drawn.  Chinese text is drawn only
with a font that has every character of it: without one the picture is in English and says what to
install (``docs/decisions/0009-matplotlib.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ipcredit import messages
from ipcredit.errors import Problem, UsageError

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

# From the palette of Okabe and Ito: told apart by colour-blind readers, and in grey.
BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
GREEN: Final = "#009E73"
RED: Final = "#D55E00"
SKY: Final = "#56B4E9"
PURPLE: Final = "#CC79A7"
GREY: Final = "#999999"

Words = Mapping[str, str | tuple[str, ...]]
"""Every text of a picture by its role, so that a font can be judged before anything is drawn."""
NOTES: Final = "notes"
"""The role of the small lines below a picture."""


def draw(
    words_in: Callable[[str], Words],
    compose: Callable[[Figure, Words], None],
    lang: str = "zh",
    size: tuple[float, float] = (11, 5.6),
) -> tuple[Figure, tuple[Problem, ...]]:
    """A picture, and remarks (that Chinese could not be drawn).

    ``words_in`` gives all texts in a language, ``compose`` draws with them; texts under
    :data:`NOTES` stand below the picture.  ``size`` in inches.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(Problem("chart.no-matplotlib")) from None
    words = words_in(lang)
    font = _font(_all(words))
    remarks: tuple[Problem, ...] = ()
    if font is None:
        words, font = words_in("en"), LATIN
        if lang != "en":
            remarks = (Problem("chart.no-font"),)
            note = messages.text("chart.no-font", "en")
            words = {**words, NOTES: (*words.get(NOTES, ()), note)}
        words = _drawable(words)
    settings: dict[Any, Any] = {
        "font.family": list(dict.fromkeys([font, LATIN])),
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=size, dpi=150, layout="constrained")
        compose(figure, words)
        notes = words.get(NOTES, ())
        if notes:
            text = "\n".join((notes,) if isinstance(notes, str) else notes)
            figure.supxlabel(text, fontsize=8, color="#333333", linespacing=1.3)
    return figure, remarks


def check_suffix(path: str | Path) -> None:
    """Refuse a file that no picture can be written to, before anything is reckoned.

    Raises:
        UsageError: it ends in none of :data:`SUFFIXES`.
    """
    suffix = Path(path).suffix
    if suffix.lower() not in SUFFIXES:
        args = {"given": suffix, "allowed": ", ".join(SUFFIXES)}
        raise UsageError(Problem("chart.suffix", str(path), args=args))


def save(figure: Figure, path: str | Path) -> None:
    """Write a picture as PNG, SVG or PDF: the same picture gives the same bytes.

    Raises:
        UsageError: the file has another ending or cannot be written.
    """
    check_suffix(path)
    import matplotlib

    target = Path(path)
    # No date and no random names in the file.
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    try:
        with matplotlib.rc_context({"svg.hashsalt": "ipcredit"}):
            figure.savefig(target, metadata=metadata[target.suffix.lower()])
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unwritable", str(path), args=args)) from None


def quiet(axes: Axes, along: str) -> None:
    """Thin lines along one axis (``x`` or ``y``) to read values by, no box around."""
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


# -- fonts -----------------------------------------------------------------------------------


def _all(words: Words) -> str:
    return "".join("".join(text) for text in words.values())


def _drawable(words: Words) -> Words:
    """The words with "?" for what the Latin font cannot draw (a title in a user's file may hold
    anything): never an empty box."""
    known = _characters(LATIN)

    def plain(text: str) -> str:
        return "".join(c if ord(c) in known or c == "\n" else "?" for c in text)

    return {
        role: plain(text) if isinstance(text, str) else tuple(map(plain, text))
        for role, text in words.items()
    }


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
