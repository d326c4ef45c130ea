"""Which column of an export is which fact: known layouts, words, and a person's own column map.

The headings and words are data, ``config/reference/patent-layouts.toml``.  A column map is a small
TOML file of the same shape for a table that nobody has seen before.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.patents.right import CHOICES, COUNTS, DATES, FLAGS, LISTS, WORDS
from ipcredit.resources import config_dir
from ipcredit.source import Document, read_toml

FILE: Final = "reference/patent-layouts.toml"

NUMBER_FIELDS: Final = ("application_no", "publication_no", "grant_no", "registration_no")
"""Fields of numbers; a table needs at least one of them."""
COLUMN_FIELDS: Final = (
    *NUMBER_FIELDS,
    *(name for name in (*WORDS, *CHOICES, *FLAGS, *DATES, *COUNTS, *LISTS)
      if name not in NUMBER_FIELDS),
    "publication_on",
    "status_event_on",
    "ipc_main",
    "family_members",
    "inventor_names",
    "applicants_owners",
    "transfers",
)  # fmt: skip
"""Every field that a column can give."""

UNCLEAR: Final = "unclear"


@dataclass(frozen=True, slots=True)
class Layout:
    """One known shape of a table: headings by field, and how lists within a cell are separated."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    separators: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """What a word means: the whole cell is one of ``words``, or one of ``parts`` is in it."""

    means: str
    words: frozenset[str]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """All layouts, the words of kinds, statuses and ways of acquiring, and names of offices."""

    layouts: tuple[Layout, ...]
    words: Mapping[str, tuple[Rule, ...]]
    offices: Mapping[str, str]

    def meaning(self, about: str, text: str) -> str:
        """What a cell says about ``kind``, ``status`` or ``acquired``; empty when not known.

        >>> book().meaning("status", "专利权有效期届满"), book().meaning("kind", "发明授权")
        ('expired', 'invention')
        """
        key = word_key(text)
        if key in CHOICES[about]:
            return key
        for rule in self.words[about]:
            if key in rule.words or any(part in key for part in rule.parts):
                return rule.means
        return ""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A person's own map: headings by field, facts that hold for every row, own words.

    ``defaults`` fill what a column does not give; ``status_on`` is the day of the export.
    """

    name: str = ""
    layout: str = ""
    sheet: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    separators: tuple[str, ...] | None = None


def heading_key(text: str) -> str:
    """A heading as it is compared: without blanks, brackets, strokes, width and case.

    >>> heading_key("公开（公告）号") == heading_key("公开/公告号") == heading_key("公开公告号")
    True
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold() or text.strip()


def word_key(text: str) -> str:
    """A word in a cell as it is compared: half width, small letters, single blanks in Latin."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", plain)


@functools.cache
def book() -> Book:
    """The shipped layouts and words."""
    data = read_toml(config_dir() / FILE).data
    found: dict[str, Layout] = {}
    for name, table in data["layouts"].items():
        base = found.get(table.get("extends", ""), Layout(name, {}))
        columns = {key: tuple(heads) for key, heads in table.get("columns", {}).items()}
        if table.get("fields"):
            columns = {key: (key,) for key in COLUMN_FIELDS}
        separators = tuple(table.get("separators", base.separators))
        found[name] = Layout(
            name,
            {**base.columns, **columns},
            separators,
            tuple(table.get("separators_people", separators)),
            frozenset(heading_key(mark) for mark in table.get("marks", ())),
        )
    words = {
        about: tuple(
            Rule(
                rule["means"],
                frozenset(word_key(word) for word in rule.get("is", ())),
                tuple(word_key(part) for part in rule.get("has", ())),
            )
            for rule in rules
        )
        for about, rules in data["words"].items()
    }
    offices = {word_key(n): code for code, names in data["offices"].items() for n in names}
    offices |= {code.casefold(): code for code in data["offices"]}
    return Book(tuple(found.values()), words, offices)


def matched(headings: Sequence[str], layout: Layout, own: ColumnMap) -> dict[str, int]:
    """Column by field: a person's own headings first, then those of the layout."""
    at: dict[str, int] = {}
    for column, heading in enumerate(headings):
        if heading:
            at.setdefault(heading_key(heading), column)
    found: dict[str, int] = {}
    used: set[int] = set()
    for columns in (own.columns, layout.columns):
        for name, heads in columns.items():
            if name in found:
                continue
            for head in heads:
                column = at.get(heading_key(head), -1)
                if column >= 0 and column not in used:
                    found[name] = column
                    used.add(column)
                    break
    return found


def chosen(headings: Sequence[str], own: ColumnMap) -> tuple[Layout, dict[str, int]]:
    """The layout that knows most of these headings, and the columns it finds."""
    keys = {heading_key(heading) for heading in headings if heading}
    best: tuple[int, Layout, dict[str, int]] | None = None
    for layout in book().layouts:
        if own.layout and layout.name != own.layout:
            continue
        found = matched(headings, layout, own)
        score = 10 * len(found) + len(layout.marks & keys)
        if best is None or score > best[0]:
            best = score, layout, found
    assert best is not None
    return best[1], best[2]


# -- a person's own map ----------------------------------------------------------------------------


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    many = value if isinstance(value, list) else [value]
    return bool(many) and all(isinstance(item, str) and item for item in many)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


_KEYS: Final[dict[str, Callable[[Any], bool]]] = {
    "layout": _is_text,
    "sheet": _is_text,
    "separators": _is_texts,
    "columns": _is_table,
    "defaults": _is_table,
    "words": _is_table,
}
_NO_DEFAULT: Final = frozenset({*NUMBER_FIELDS, "title", "ipc_main", "family_members", "citing"})


def read_map(path: str | Path) -> ColumnMap:
    """A column map from a TOML file (docs/methods/patents.md).

    Raises:
        UsageError: the file cannot be read, or something in it is not known; all problems at once.
    """
    document = read_toml(path)
    problems = list(_map_problems(document))
    if problems:
        raise UsageError(problems)
    data = document.data
    separators = data.get("separators")
    return ColumnMap(
        document.name,
        data.get("layout", ""),
        data.get("sheet"),
        {key: _texts(heads) for key, heads in data.get("columns", {}).items()},
        dict(data.get("defaults", {})),
        {
            about: {word_key(word): means for word, means in table.items()}
            for about, table in data.get("words", {}).items()
        },
        None if separators is None else _texts(separators),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _map_problems(document: Document) -> Iterator[Problem]:
    data = document.data
    names = [layout.name for layout in book().layouts]
    for key, value in data.items():
        if key not in _KEYS:
            yield _unknown(document, (key,), _KEYS)
        elif key == "layout" and value not in names:
            args = {"given": str(value), "allowed": ", ".join(names)}
            yield _problem(document, "layout", (key,), **args)
        elif not _KEYS[key](value):
            yield _problem(document, "shape", (key,))
    for key, value in _table(data, "columns"):
        if key not in COLUMN_FIELDS:
            yield _unknown(document, ("columns", key), COLUMN_FIELDS)
        elif not _is_texts(value):
            yield _problem(document, "shape", ("columns", key))
    allowed = [name for name in COLUMN_FIELDS if name not in _NO_DEFAULT]
    for key, value in _table(data, "defaults"):
        if key not in allowed:
            yield _unknown(document, ("defaults", key), allowed)
        elif not isinstance(value, str | bool | int | dt.date):
            yield _problem(document, "shape", ("defaults", key))
    for about, table in _table(data, "words"):
        if about not in CHOICES or not isinstance(table, dict):
            yield _unknown(document, ("words", about), tuple(CHOICES))
            continue
        for word, means in table.items():
            if means not in CHOICES[about]:
                args = {"given": str(means), "allowed": ", ".join(CHOICES[about])}
                yield _problem(document, "word", ("words", about, word), **args)


def _problem(document: Document, code: str, path: tuple[str, ...], **args: str) -> Problem:
    return Problem(f"map.{code}", document.where(path), ".".join(path), args)


def _unknown(document: Document, path: tuple[str, ...], known: Iterable[str]) -> Problem:
    allowed = list(known)
    near = next(iter(get_close_matches(path[-1], allowed, 1)), "-")
    return _problem(document, "unknown", path, nearest=near, allowed=", ".join(allowed))


def _table(data: Mapping[str, Any], key: str) -> list[tuple[str, Any]]:
    value = data.get(key, {})
    return list(value.items()) if isinstance(value, dict) else []
