"""Rows of one number made one right: facts that agree are kept, facts that differ are not known.

An export often has a row for the application and one for the grant of the same patent.  What the
grant's row says goes before what the application's row says, and what changes with time is taken
from the latest status.  The order of the rows does not matter.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

import numpy as np

from ipcredit.errors import Problem
from ipcredit.money import shortened
from ipcredit.patents.right import (
    CHOICES,
    COUNTS,
    DATES,
    FLAGS,
    LISTS,
    WORDS,
    Coded,
    Rights,
    missing_of,
    plain_value,
)

# Facts of the day of the export, not of the document.
_LATEST: Final = (
    "status", "status_on", "owners", "licensed", "pledged", "pledge_large", "litigated",
    "forward_citations", "forward_citations_5y", "family_size", "transferred_on", "lapsed",
    "product_related", "applied", "used_before", "acquired",
)  # fmt: skip
# Both stages of a Chinese patent have one number since the letters A and B belong together.
_TWO_STAGES: Final = re.compile(r"(CN[1-3][0-9]{8})[AB][0-9]?")


def merged(rights: Rights) -> Rights:
    """The rights with rows of one number made one; differing facts are problems.

    >>> from ipcredit.patents.right import Right
    >>> rows = [Right(application_no="CN201710601862.3", claims=9),
    ...         Right(application_no="CN201710601862.3", claims=8, family="F1")]
    >>> one = merged(Rights.of(rows))
    >>> len(one), one.right(0).claims, one.right(0).family, [p.key for p in one.problems]
    (1, None, 'F1', ['claims'])
    """
    keys = _keys(rights)
    _, inverse, sizes = np.unique(keys.codes, return_inverse=True, return_counts=True)
    alone = (keys.codes < 0) | (sizes[inverse] == 1)
    if alone.all():
        return rights
    groups: dict[int, list[int]] = {}
    for row in np.flatnonzero(~alone).tolist():
        groups.setdefault(int(keys.codes[row]), []).append(row)
    joining = _Joining(rights)
    for rows in groups.values():
        joining.join(rows)
    lead = {rows[0] for rows in groups.values()}
    keep = np.array([row for row in range(len(rights)) if alone[row] or row in lead], np.int64)
    return joining.done().take(keep)


def _keys(rights: Rights) -> Coded[str]:
    """What tells one right from another: the number of application, else of grant, else published."""
    application, grant, published = (
        rights.texts[name] for name in ("application_no", "grant_no", "publication_no")
    )
    if (application.codes >= 0).all():
        return application
    lone = np.flatnonzero(application.codes < 0).tolist()
    names = [grant[row] or published[row] for row in lone]
    stems = [None if name is None else _stem(name) for name in names]
    # A row with both numbers tells which application a row without one belongs to.
    told: dict[str, str] = {}
    for column in (grant, published):
        both = np.flatnonzero((application.codes >= 0) & (column.codes >= 0))
        rows = np.full(len(column.words), -1)
        rows[column.codes[both]] = both
        wanted = set(stems)
        for code, word in enumerate(column.words):
            # The first 11 characters are the stem of a number in two stages.
            if rows[code] >= 0 and (word[:11] in wanted or word in wanted):
                told.setdefault(_stem(word), str(application[int(rows[code])]))
    codes = application.codes.copy()
    known = {word: code for code, word in enumerate(application.words)}
    for row, stem in zip(lone, stems, strict=True):
        codes[row] = -1 if stem is None else known.setdefault(told.get(stem, stem), len(known))
    return Coded(codes, tuple(known))


def _stem(number: str) -> str:
    found = _TWO_STAGES.fullmatch(number)
    return found[1] if found else number


class _Joining:
    """Columns being changed: the first row of each group takes the facts of all its rows."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.columns = {name: column.copy() for name, column in rights.columns.items()}
        self.texts: dict[str, dict[int, Any]] = {name: {} for name in (*WORDS, *LISTS)}
        self.problems = list(rights.problems)
        self.remarks: dict[int, tuple[Problem, ...]] = {}

    def join(self, rows: Sequence[int]) -> None:
        """Make these rows one."""
        as_of = self.rights.columns["status_on"]
        granted = self.rights.texts["grant_no"].codes >= 0
        by_stage = _ranked(rows, lambda row: int(granted[row]))
        by_time = _ranked(rows, lambda row: (int(as_of[row]), int(granted[row])))
        for name in (*CHOICES, *FLAGS, *DATES, *COUNTS):
            ranks = by_time if name in _LATEST else by_stage
            column, missing = self.rights.columns[name], missing_of(name)
            found = self._agreed(name, ranks, {row: int(column[row]) for row in rows}, missing)
            self.columns[name][rows[0]] = found
        for name in (*WORDS, *LISTS):
            ranks = by_time if name in _LATEST else by_stage
            texts = {row: self.rights.texts[name][row] for row in rows}
            self.texts[name][rows[0]] = self._agreed(name, ranks, texts, None)
        said = (remark for row in rows for remark in self.rights.remarks.get(row, ()))
        others = ", ".join(self._place(row) for row in rows[1:])
        joined = Problem("rights.merged", self._place(rows[0]), args={"places": others})
        self.remarks[rows[0]] = (*said, joined)

    def _place(self, row: int) -> str:
        return self.rights.place(int(self.rights.rows[row]))

    def _agreed(
        self, name: str, ranks: Iterable[Sequence[int]], values: Mapping[int, Any], missing: Any
    ) -> Any:
        """The fact of the best rows that give it; missing when they differ."""
        for rank in ranks:
            found = {values[row]: row for row in reversed(rank) if values[row] != missing}
            if not found:
                continue
            if len(found) > 1 and name != "title":
                first, second = sorted(found.values())[:2]
                args = {
                    "other": self._place(first),
                    "first": self._shown(name, values[first]),
                    "second": self._shown(name, values[second]),
                    "number": self.rights.number(first),
                }
                self.problems.append(Problem("rights.two-facts", self._place(second), name, args))
                return missing
            return min(found)  # titles may be translated differently
        return missing

    def _shown(self, name: str, value: Any) -> str:
        if name not in self.rights.columns:
            return shortened(str(value))
        return str(plain_value(name, value))

    def done(self) -> Rights:
        """The rights with the joined facts in the first row of each group."""
        texts = dict(self.rights.texts)
        for name, changes in self.texts.items():
            column = texts[name]
            known = {word: code for code, word in enumerate(column.words)}
            codes = column.codes.copy()
            for row, word in changes.items():
                codes[row] = -1 if word is None else known.setdefault(word, len(known))
            texts[name] = Coded(codes, tuple(known))
        remarks = ChainMap(self.remarks, self.rights.remarks)  # type: ignore[arg-type]
        return replace(
            self.rights,
            columns=self.columns,
            texts=texts,
            remarks=remarks,
            problems=tuple(self.problems),
        )


def _ranked(rows: Sequence[int], rank: Callable[[int], Any]) -> list[list[int]]:
    """The rows in groups of equal rank, the best first."""
    ordered = sorted(rows, key=rank, reverse=True)
    return [list(group) for _, group in groupby(ordered, key=rank)]
