"""Read TOML and remember the line of every key.

``tomllib`` parses and checks; it keeps no positions, and the libraries that do cost more
start-up than a whole score.  So the lines are found by a second, lenient pass over text that
is known to be valid, and only when somebody asks for one (an error message does).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ipcredit.errors import Problem, UsageError

Key = str | int
KeyPath = tuple[Key, ...]

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Document:
    """A parsed TOML text: ``data`` as plain dicts (floats as ``Decimal``), ``name`` for messages."""

    name: str
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return dict(_positions(self.text))

    def line(self, path: KeyPath) -> int:
        r"""Line (from 1) of the key at ``path``, or of its nearest ancestor that has one; else 1.

        >>> parse("[a]\nb = { c = 1 }\n").line(("a", "b", "c"))
        2
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1

    def where(self, path: KeyPath = ()) -> str:
        """``name:line`` of the key at ``path``."""
        return f"{self.name}:{self.line(path)}"


def parse(text: str, name: str = "") -> Document:
    """Parse a TOML text.

    Raises:
        UsageError: the text is not TOML; the problem names the line.

    >>> parse('rate = 0.05').data
    {'rate': Decimal('0.05')}
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        reason = _AT.sub("", str(error))
        raise UsageError(Problem("file.toml", f"{name}:{line}", args={"reason": reason})) from None
    except (ValueError, ArithmeticError, RecursionError):
        # Numbers of thousands of digits, exponents beyond all bounds, endless brackets.
        args = {"reason": "a number or a nesting beyond all bounds"}
        raise UsageError(Problem("file.toml", name, args=args)) from None
    return Document(name, text, data)


def read_toml(path: str | Path) -> Document:
    """Read and parse a TOML file (UTF-8, with or without a byte-order mark).

    Raises:
        UsageError: the file cannot be read, is not UTF-8, or is not TOML.
    """
    return parse(_text(path), str(path))


def read_head(path: str | Path) -> Document:
    """Like :func:`read_toml`, but of a file with tables only what stands before the first.

    Raises:
        UsageError: as :func:`read_toml`; what follows the head is not looked at.
    """
    text = _text(path)
    table = _TABLE.search(text)
    if table is not None:
        try:
            return parse(text[: table.start()], str(path))
        except UsageError:
            pass  # that line stands inside a text or a list, or the head is wrong: read it all
    return parse(text, str(path))


def _text(path: str | Path) -> str:
    name = str(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = {"position": error.start}
        raise UsageError(Problem("file.encoding", name, args=place)) from None
    except (OSError, ValueError) as error:  # ValueError: no file has such a name
        args = {"reason": getattr(error, "strerror", None) or str(error)}
        raise UsageError(Problem("file.unreadable", " ".join(name.split()), args=args)) from None
    return text.replace("\r\n", "\n")


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)


class _Scanner:
    """Walks a valid TOML text and yields ``(path, line)`` for every key and array item."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        # Offsets only grow, so the line is counted on from the last one asked for.
        self._counted, self._line = 0, 1

    def line(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def skip(self, blanks: str) -> None:
        while self.at < len(self.text):
            if self.text[self.at] in blanks:
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def key(self) -> KeyPath:
        parts: list[Key] = []
        while True:
            self.skip(" \t")
            if quoted := _STRING.match(self.text, self.at):
                parts.append(next(iter(tomllib.loads(f"{quoted[0]} = 0"))))
                self.at = quoted.end()
            elif bare := _BARE.match(self.text, self.at):
                parts.append(bare[0])
                self.at = bare.end()
            self.skip(" \t")
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def pair(self, prefix: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        line = self.line()
        path = prefix + self.key()
        for length in range(len(prefix) + 1, len(path) + 1):
            yield path[:length], line
        self.at += 1  # the equals sign
        self.skip(" \t")
        yield from self.value(path)

    def value(self, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
        opening = self.text[self.at]
        if opening in "\"'":
            found = _STRING.match(self.text, self.at)
        elif opening in "[{":
            yield from self.container(path, closing="]" if opening == "[" else "}")
            return
        else:
            found = _SCALAR.match(self.text, self.at)
        assert found is not None  # tomllib has accepted this text
        self.at = found.end()

    def container(self, path: KeyPath, closing: str) -> Iterator[tuple[KeyPath, int]]:
        self.at += 1
        item = 0
        while True:
            self.skip(" \t\r\n,")
            if self.text[self.at] == closing:
                self.at += 1
                return
            if closing == "}":
                yield from self.pair(path)
            else:
                yield (*path, item), self.line()
                yield from self.value((*path, item))
            item += 1

    def document(self) -> Iterator[tuple[KeyPath, int]]:
        prefix: KeyPath = ()
        counts: dict[KeyPath, int] = {}
        while True:
            self.skip(" \t\r\n")
            if self.at >= len(self.text):
                return
            if self.text[self.at] != "[":
                yield from self.pair(prefix)
                continue
            many = self.text.startswith("[[", self.at)
            self.at += 2 if many else 1
            line = self.line()
            prefix = self.resolve(self.key(), counts, many=many)
            self.at += 2 if many else 1
            for length in range(1, len(prefix) + 1):
                yield prefix[:length], line

    @staticmethod
    def resolve(path: KeyPath, counts: dict[KeyPath, int], *, many: bool) -> KeyPath:
        """The full path of a header: names of arrays of tables get the index of their last item."""
        full: KeyPath = ()
        for depth, part in enumerate(path):
            full = (*full, part)
            last = depth == len(path) - 1
            if last and many:
                counts[full] = counts.get(full, -1) + 1
            if full in counts:
                full = (*full, counts[full])
        return full


def _positions(text: str) -> Iterator[tuple[KeyPath, int]]:
    seen: set[KeyPath] = set()
    for path, line in _Scanner(text).document():
        if path not in seen:  # a header repeated as a prefix keeps the line it first stood on
            seen.add(path)
            yield path, line
