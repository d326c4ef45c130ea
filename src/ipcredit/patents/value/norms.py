"""Technology fields and the norms of their cohorts: what a figure is divided by.

A cohort is a technology field in a year of filing.  Its norms are the most that a right of the
cohort shows (of claims, of citations …); a file of them says for every number where it is from.
Where a cohort has no norm the value is "not normalised": nothing is put in its place.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import UsageError
from ipcredit.fields import MISSING
from ipcredit.patents.right import Rights
from ipcredit.patents.value.spec import NORMED, head, read_sources
from ipcredit.reader import Cursor, Number, Report, Source, Title
from ipcredit.resources import config_dir
from ipcredit.source import Document, read_toml

FILE: Final = "patent-cohorts.toml"
YEARS: Final = (1900, 2200)

_PREFIX = re.compile(r"[A-H](?:[0-9]{2}[A-Z]?)?")


@dataclass(frozen=True, slots=True)
class Norms:
    """Norms by cohort, as columns.

    ``table[field, year - first_year, figure]`` is a norm (days for the grant lag), ``nan`` where
    there is none; figures are in the order of ``NORMED``.  ``prefixes`` maps the beginning of an
    IPC code (section, class or subclass) to a position in ``fields``.  ``synthetic``: made up,
    for examples; every result that uses them says so.
    """

    id: str
    title: Title
    synthetic: bool
    as_of: date | None
    fields: tuple[str, ...]
    titles: tuple[Title, ...]
    prefixes: Mapping[str, int]
    first_year: int
    table: NDArray[np.float64]
    sources: Mapping[str, Source]
    numbers: tuple[Number, ...]
    file: str = ""

    def field_of(self, ipc: tuple[str, ...]) -> int:
        """The position of the field that a right with these IPC codes belongs to, -1 for none.

        The first code counts; of several declared beginnings the longest.

        >>> norms = shipped_norms()
        >>> norms.fields[norms.field_of(("G06F17/30", "H04L29/06"))]
        'computing'
        """
        code = ipc[0] if ipc else ""
        for length in (4, 3, 1):
            found = self.prefixes.get(code[:length])
            if found is not None:
                return found
        return -1

    def fields_of(self, rights: Rights) -> NDArray[np.int64]:
        """The field of every right, -1 where it has none or its IPC is not known."""
        known: dict[str, int] = {}
        codes = []
        words = rights.texts["ipc"].words
        for word in words:
            start = word[0][:4] if word else ""
            found = known.get(start)
            if found is None:
                found = known[start] = self.field_of(word)
            codes.append(found)
        return np.array([*codes, -1], np.int64)[rights.texts["ipc"].codes]

    def cohorts(
        self, fields: NDArray[np.int64], filed: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Position of each right's cohort among all (field times years), and whether it has one."""
        years = filed.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970 - self.first_year
        count = self.table.shape[1]
        inside = (fields >= 0) & (filed != MISSING) & (years >= 0) & (years < count)
        return np.where(inside, fields * count + years, 0), inside

    def norm(self, cohorts: NDArray[np.int64], figure: str) -> NDArray[np.float64]:
        """The norm of a figure for each cohort position, ``nan`` where there is none."""
        flat = self.table[:, :, NORMED.index(figure)].reshape(-1)
        return np.asarray(flat[cohorts])

    def label(self, field: int, lang: str) -> str:
        """The title of a field."""
        return self.titles[field].text(lang)


@functools.cache
def shipped_norms() -> Norms:
    """The shipped cohort norms: synthetic, for examples.

    >>> shipped_norms().synthetic
    True
    """
    return read_norms()


def read_norms(path: str | Path | None = None) -> Norms:
    """The cohort norms at ``path``, by default the shipped synthetic ones.

    Raises:
        UsageError: the file cannot be read or is wrong; holds all problems with their lines.
    """
    return norms_of(read_toml(config_dir() / "reference" / FILE if path is None else path))


def norms_of(document: Document) -> Norms:
    """The norms that a parsed file holds.

    Raises:
        UsageError: the file is wrong; holds all problems with their lines.
    """
    report = Report(document.where)
    top = Cursor(document.data, (), report)
    sources = read_sources(top)
    identity, title = head(top)
    synthetic = top.flag("synthetic")
    if not top.has("synthetic"):
        top.problem("policy.required", "synthetic")
    as_of = top.date("as_of")
    fields, titles, prefixes = _fields(top)
    first_year, table = _norms(top, fields)
    top.finish(("schema", "id", "title", "synthetic", "as_of", "fields", "norms", "sources"))
    if report.problems:
        raise UsageError(report.problems)
    table.setflags(write=False)
    return Norms(
        identity,
        title,
        synthetic,
        as_of,
        fields,
        titles,
        MappingProxyType(prefixes),
        first_year,
        table,
        MappingProxyType(sources),
        tuple(report.numbers),
        document.name,
    )


def _fields(top: Cursor) -> tuple[tuple[str, ...], tuple[Title, ...], dict[str, int]]:
    names: list[str] = []
    titles: list[Title] = []
    prefixes: dict[str, int] = {}
    for name, cur in top.children("fields"):
        titles.append(cur.title(required=True) or Title(name, name))
        codes = cur.words("ipc")
        if not codes:
            cur.problem("policy.required", "ipc")
        else:
            cur.record(list(codes), "ipc")
        for at, code in enumerate(codes):
            place = (*cur.path, "ipc", at)
            if not _PREFIX.fullmatch(code):
                cur.report.problem("value.ipc", place, given=code)
            elif code in prefixes:
                other = names[prefixes[code]] if prefixes[code] < len(names) else name
                cur.report.problem("value.field-twice", place, given=code, other=other)
            else:
                prefixes[code] = len(names)
        names.append(name)
        cur.finish(("title", "ipc"))
    if not names:
        top.problem("policy.required", "fields")
    return tuple(names), tuple(titles), prefixes


def _norms(top: Cursor, fields: tuple[str, ...]) -> tuple[int, NDArray[np.float64]]:
    found: dict[tuple[int, int], list[float]] = {}
    for name, cur in top.children("norms"):
        if name not in fields:
            args = {"given": name, "allowed": ", ".join(fields) or "-"}
            cur.problem("policy.not-one-of", **args)
            continue
        for year, cohort in _years(cur):
            found[fields.index(name), year] = _cohort(cohort)
    if not found:
        top.problem("policy.required", "norms")
        return 0, np.full((len(fields), 0, len(NORMED)), np.nan)
    years = [year for _, year in found]
    table = np.full((len(fields), max(years) - min(years) + 1, len(NORMED)), np.nan)
    for (field, year), row in found.items():
        table[field, year - min(years)] = row
    return min(years), table


def _years(cur: Cursor) -> list[tuple[int, Cursor]]:
    found = []
    for key in cur.rest():
        if key in ("source", "assumed"):
            continue
        table = cur.child(key)
        if not key.isdecimal() or not YEARS[0] <= int(key) <= YEARS[1]:
            cur.problem("value.year", key, given=key, low=YEARS[0], high=YEARS[1])
        elif table is not None:
            found.append((int(key), table))
    cur.finish()
    return found


def _cohort(cur: Cursor) -> list[float]:
    """Norms of one cohort in the order of ``NORMED``; a figure without one is ``nan``."""
    row = []
    for name in NORMED:
        norm = cur.number(name, low=0, high=1 if name == "generality" else None)
        if norm is not None and norm == 0:
            # Dividing by it would give nothing, not 0: a cohort without any has no norm.
            cur.problem("value.norm-zero", name)
        row.append(float("nan") if norm is None else float(norm))
    if not any(cur.has(name) for name in NORMED):
        cur.problem("policy.required-one", allowed=", ".join(NORMED))
    cur.finish(NORMED)
    return row
