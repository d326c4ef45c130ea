"""Plain text for a terminal: widths, padding, and lines folded where a reader expects it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

_CLOSING, _OPENING = "、，。；：！？）」』】〕》”’％…", "（「『【〔《“‘"
# A figure stays with its sign and its unit.
_TIED = re.compile(
    r"(?<=[≥≤<>=→×÷+\-]) (?=[^ ])|(?<=\d) (?=[%\u4e00-\u9fff])|(?<=\b[A-Z]{3}) (?=\d)"
    r"|(?<=\d) (?=(?:[mb]illion|points?|years?|months?|days)\b)"
)
_TIE = "\ue000"


def width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two.

    >>> width("A 级"), width("tier")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns."""
    return text + " " * max(columns - width(text), 0)


def printable(text: str) -> str:
    r"""The text without what would move a terminal's cursor or change its colours.

    >>> printable("a\x1b[31mb\nc")
    'a [31mb c'
    """
    return "".join(char if char.isprintable() else " " for char in text)


def native(text: str, lang: str) -> str:
    """Percentages as each language writes them: 5% in Chinese, 5 % in English (ISO 80000-1)."""
    return text.replace(" %", "%") if lang == "zh" else text


def _pieces(text: str) -> Iterator[str]:
    """The text cut where a line may end; a blank stays at the end of its piece.

    Chinese may be cut between any two characters, but no line begins with a closing mark or
    ends with an opening one.
    """
    piece, inside = "", False
    for at, char in enumerate(text):
        piece += " " if char == _TIE else char
        after = text[at + 1] if at + 1 < len(text) else ""
        inside = char == "[" or (inside and char != "]")  # marks: [1], [假定]
        if inside or _TIE in (char, after):
            continue
        wide = _width(char) == 2 or (after and _width(after) == 2)
        may_end = wide and char not in _OPENING and after not in _CLOSING and after != " "
        if char == " " or may_end:
            yield piece
            piece = ""
    if piece:
        yield piece


def folded(text: str, columns: int, first: str = "", rest: str = "") -> list[str]:
    """The text as lines of at most ``columns``; ``first`` and ``rest`` stand before the lines.

    A word longer than a line is not broken.

    >>> folded("销售收入不超过两亿元。", 12, "- ", "  ")
    ['- 销售收入不', '  超过两亿', '  元。']
    >>> folded("at most CNY 2 million", 14)
    ['at most', 'CNY 2 million']
    """
    if width(first) + width(text) <= columns:
        return [(first + text).rstrip()]
    lines, line, taken, empty = [], first, width(first), True
    for piece in _pieces(_TIED.sub(_TIE, text)):
        if not empty and taken + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line, taken = rest, width(rest)
        line += piece
        taken += width(piece)
        empty = False
    return [*lines, line.rstrip()]
