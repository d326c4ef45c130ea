"""Blocks of text and tables as plain data, and the one way in which they become printed text.

Lines are at most as wide as asked, Chinese is broken where it may be, and nothing of ours is
printed that a GBK console cannot show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ipcredit.layout import native

if TYPE_CHECKING:
    from rich.table import Table

_NUMERALS = "零一二三四五六七八九十"
_CHANGED = "bold yellow"
# Stand-ins that rich takes for a space of no width and for a letter; text() takes them out.
_MAY_BREAK, _MUST_NOT_BREAK = "\x1f", "\ue000"
_WIDE = "\u2018-\u201f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef\u2160-\u217f"
_CLOSING, _OPENING = "、，。；：！？）」』】〕》”％", "（「『【〔《“"
_IS_WIDE = re.compile(f"[{_WIDE}]")
_FIGURE = re.compile(
    rf"(?<=[≥≤<>\d\[]) (?=[\d%{_WIDE}])|(?<=假定) (?=\d)|(?<=assumed) (?=\d)| (?==)|(?<==) "
    r"|(?<=[≥≤<>]) (?=[A-Z]{3} \d)|(?<=\b[A-Z]{3}) (?=\d)|(?<=\d) (?=(?:years|months|days|points)\b)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, and the numbers shown in them."""

    cells: tuple[str, ...]
    paths: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with what stands under it: notes, facts (label, text, mark), one table.

    ``level``: 0 the policy, 1 a section, 2 a rule, 3 a part of a rule, 4 without a number of its
    own.  ``path`` is the rule's place in the file, empty for what is no rule.
    """

    heading: str
    level: int = 1
    path: str = ""
    notes: tuple[str, ...] = ()
    facts: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def numeral(number: int, level: int, lang: str) -> str:
    """The number of a heading as official texts write it, by level.

    >>> numeral(2, 1, "zh"), numeral(12, 2, "zh"), numeral(3, 3, "zh"), numeral(2, 1, "en")
    ('二、', '（十二）', '3. ', '2. ')
    """
    if lang != "zh" or level == 3:
        return f"{number}. "
    tens, ones = divmod(number, 10)
    text = _NUMERALS[ones] if number <= 10 and ones else ""
    if number >= 10:
        text = ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")
    return f"{text}、" if level == 1 else f"（{text}）"


def breakable(text: str) -> str:
    """Text with marks for where a line may break and where a space may not.

    Chinese breaks between any two characters, but no line begins with a closing mark or ends
    with an opening one; a figure keeps its sign and its unit; compounds and dotted paths break
    at their joints.
    """
    text = _FIGURE.sub(_MUST_NOT_BREAK, text)
    return "".join(
        char + _MAY_BREAK if _between(char, after) else char
        for char, after in zip_longest(text, text[1:], fillvalue="\n")
    )


def _between(char: str, after: str) -> bool:
    """Whether a line may break between two characters that are not blanks."""
    if (char + after).split() != [char + after] or _MUST_NOT_BREAK in (char, after):
        return False
    if char.isdecimal() and after not in _OPENING:  # 173号, 2017年
        return False
    if char in "-." and after.isalpha():  # technology-based, base.gates
        return True
    chinese = _IS_WIDE.match(char) or _IS_WIDE.match(after)
    return chinese is not None and char not in _OPENING and after not in _CLOSING


class Paper:
    """Text of a given width in the making."""

    def __init__(self, width: int, lang: str, color: bool) -> None:
        from rich.console import Console

        self.lang, self._file = lang, StringIO()
        self._counts = [0] * 5
        # An environment of its own: what is printed must not depend on NO_COLOR, COLUMNS and
        # the like; whether to colour is the caller's word.
        self._console: Console = Console(
            file=self._file,
            width=width,
            color_system="standard" if color else None,
            force_terminal=color,
            # In a notebook rich would show the page itself, in pieces, and leave the file empty.
            force_jupyter=False,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
            _environ={},
        )

    def text(self) -> str:
        """What has been written, without blanks at the ends of lines."""
        text = self._file.getvalue().replace(_MAY_BREAK, "").replace(_MUST_NOT_BREAK, " ")
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")

    def line(self, text: str = "", style: str | None = None) -> None:
        """Write one paragraph."""
        self._console.print(self._fitted(text), style=style)

    def _fitted(self, text: str) -> str:
        return breakable(native(text, self.lang))

    def block(self, block: Block) -> None:
        """Write a block: heading, notes, facts and table."""
        self._heading(block)
        indent = (0, 0, 2, 4, 2)[block.level]
        for note in block.notes:
            self._padded(self._fitted(note), indent)
        if block.facts:
            self._padded(self._facts(block.facts), indent)
        if block.rows:
            self._padded(self._table(block.columns, block.rows), indent)

    def _heading(self, block: Block) -> None:
        from rich.cells import cell_len

        level = block.level
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * (4 - level)
        number = numeral(self._counts[level], level, self.lang) if 0 < level < 4 else ""
        heading = number + block.heading
        if block.path:
            heading += f"  {block.path}"
        if level == 3:
            heading = f"  {heading}"
        self.line()
        self.line(heading, "bold")
        if level < 2:
            self.line(("=" if level == 0 else "-") * min(cell_len(heading), self._console.width))

    def _padded(self, what: Any, indent: int) -> None:
        from rich.padding import Padding

        self._console.print(Padding(what, (0, 0, 0, indent)))

    def _facts(self, facts: Sequence[Row]) -> Table:
        from rich.table import Table

        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        marks = min(self._room(row.cells[-1] for row in facts), self._console.width // 3)
        table.add_column(overflow="fold", width=marks)
        self._fill(table, facts)
        return table

    def _table(self, columns: Sequence[str], rows: Sequence[Row]) -> Table:
        from rich.box import Box
        from rich.table import Table

        # Plain hyphens: box-drawing characters are two columns wide on a Chinese console.
        rule = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
        table = Table(box=rule, show_edge=False, pad_edge=False, padding=(0, 1))
        # Names and keys, which stand first, are not broken while there is room.
        most = self._console.width // 3
        widths = {0: min(self._room((columns[0], *(row.cells[0] for row in rows))), most)}
        marks = self._room((columns[-1], *(row.cells[-1] for row in rows)))
        if marks <= most and any(row.paths for row in rows):
            widths[len(columns) - 1] = marks
        for at, column in enumerate(columns):
            table.add_column(self._fitted(column), overflow="fold", width=widths.get(at))
        self._fill(table, rows)
        return table

    def _fill(self, table: Table, rows: Iterable[Row]) -> None:
        for row in rows:
            style = _CHANGED if row.changed else None
            table.add_row(*map(self._fitted, row.cells), style=style)

    def _room(self, texts: Iterable[str]) -> int:
        """The width that the longest of these texts needs."""
        from rich.cells import cell_len

        lines = [line for text in texts for line in self._fitted(text).split("\n")]
        return max(map(cell_len, lines))
