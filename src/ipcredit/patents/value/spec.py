"""Read the file of valuation methods: each parameter with its source or the reason it is assumed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ipcredit.errors import Problem, UsageError
from ipcredit.patents.right import KINDS
from ipcredit.patents.terms import figure
from ipcredit.patents.value.figures import FIGURES, FINEST
from ipcredit.patents.value.together import Aggregation, aggregation, read_ltv
from ipcredit.reader import EVIDENCE, Cursor, Number, Report, Source, Title, nearest, shown
from ipcredit.resources import config_dir
from ipcredit.rules import Cut, Op
from ipcredit.source import Document, read_toml

SCHEMA: Final = 1
FILE: Final = "patent-value.toml"

FORMS: Final = ("composite", "points", "weighted")
ABOVE: Final = ("cut",)
"""What a figure above its norm may count as: as the norm itself, so that no value exceeds its top."""

NORMED: Final = (
    "forward_citations_5y",
    "family_size",
    "claims",
    "generality",
    "backward_citations",
    "grant_lag",
)
"""Figures that a composite may use: those for which a cohort can have a norm."""


@dataclass(frozen=True, slots=True)
class Test:
    """Whether a figure lies where it is asked to: at or above ``least``, at or below ``most``."""

    least: Cut | None
    most: Cut | None
    shown: str


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence of a method of points: a test of a figure, and the points if it holds."""

    figure: str
    test: Test
    points: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One banded figure of a weighted method; ``bands`` best first, below all of them 0 points.

    ``weight`` is its share of the whole score.
    """

    figure: str
    weight: Fraction
    bands: tuple[tuple[Cut, Fraction], ...]
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """A dimension of a weighted method: legal, technical, economic."""

    name: str
    title: Title
    weight: Fraction
    indicators: tuple[Indicator, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Method:
    """A way to value one right.

    ``form`` is ``composite`` (mean of ``more`` and of 1 less each of ``less``, normalised by
    cohort), ``points`` (``items``) or ``weighted`` (``groups``).  ``top`` is the highest value
    it can give, ``kinds`` the kinds of right it is made for.  ``uncited`` is the generality of a
    right that nothing cites (``None``: not known).
    """

    name: str
    form: str
    title: Title
    kinds: tuple[str, ...]
    more: tuple[str, ...]
    less: tuple[str, ...]
    uncited: Fraction | None
    items: tuple[Item, ...]
    groups: tuple[Group, ...]
    top: Fraction
    path: str

    @property
    def needs_norms(self) -> bool:
        """Whether its figures are divided by the norms of a cohort."""
        return self.form == "composite"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it asks for, in its own order."""
        inner = (i.figure for group in self.groups for i in group.indicators)
        return (*self.more, *self.less, *(item.figure for item in self.items), *inner)


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """The whole file, checked; ``numbers`` holds every value with its provenance."""

    id: str
    title: Title
    methods: Mapping[str, Method]
    aggregation: Aggregation
    ltv: Mapping[str, Fraction]
    sources: Mapping[str, Source]
    numbers: tuple[Number, ...]
    file: str = ""

    def method(self, name: str) -> Method:
        """The method called ``name``.

        Raises:
            UsageError: there is none; the problem lists all.
        """
        if name not in self.methods:
            args = {"given": name, "allowed": ", ".join(self.methods)}
            raise UsageError(Problem("policy.not-one-of", self.file, "method", args))
        return self.methods[name]

    def provenance(self, path: str) -> tuple[Number, ...]:
        """Every number at or below ``path``, with its source or reason."""
        return tuple(n for n in self.numbers if n.path == path or n.path.startswith(f"{path}."))


@functools.cache
def shipped() -> ValueSpec:
    """The shipped file of methods.

    >>> {name: method.top for name, method in shipped().methods.items()}["allison"]
    Fraction(8, 1)
    """
    return read_methods()


def read_methods(path: str | Path | None = None) -> ValueSpec:
    """The file of methods at ``path``, by default the shipped one.

    Raises:
        UsageError: it cannot be read or is wrong; holds all problems with their lines.
    """
    return spec_of(read_toml(config_dir() / "reference" / FILE if path is None else path))


def spec_of(document: Document) -> ValueSpec:
    """The methods that a parsed file holds.

    Raises:
        UsageError: the file is wrong; holds all problems with their lines.
    """
    report = Report(document.where)
    top = Cursor(document.data, (), report)
    sources = read_sources(top)
    identity, title = head(top)
    tables = top.children("methods")
    if not tables:
        top.problem("policy.required", "methods")
    methods = {name: _method(name, cur) for name, cur in tables}
    together = aggregation(top)
    ltv = read_ltv(top.child("ltv"))
    top.finish()
    if report.problems:
        raise UsageError(report.problems)
    return ValueSpec(
        identity,
        title,
        MappingProxyType(methods),
        together,
        MappingProxyType(ltv),
        MappingProxyType(sources),
        tuple(report.numbers),
        document.name,
    )


def head(top: Cursor) -> tuple[str, Title]:
    """Schema, id and title of a reference file."""
    if top.take("schema") != SCHEMA:
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=shown(top.raw.get("schema")))
    identity = top.text("id", required=True)
    return identity, top.title(required=True) or Title(identity, identity)


def read_sources(top: Cursor) -> dict[str, Source]:
    """The documents of a reference file; their evidence is known to the report from now on."""
    found = {}
    for name, cur in top.children("sources"):
        document = cur.text("document", required=True)
        evidence = cur.word("evidence", EVIDENCE[:2], required=True)
        found[name] = Source(
            name, document, cur.title(), cur.date("published"), evidence, cur.title("note")
        )
        cur.finish(("document", "title", "published", "evidence", "note"))
    top.report.sources = {name: source.evidence for name, source in found.items()}
    return found


# -- methods ---------------------------------------------------------------------------------


def _method(name: str, cur: Cursor) -> Method:
    form = cur.word("form", FORMS, required=True)
    title = cur.title(required=True) or Title(name, name)
    choices = cur.child("choices")
    kinds: tuple[str, ...] = ()
    uncited = None
    if choices is None:
        cur.problem("policy.required", "choices")
    else:
        kinds, uncited = _choices(choices, form)
    more, less = (_figures(cur, key, NORMED) for key in ("more", "less"))
    items: tuple[Item, ...] = ()
    groups: tuple[Group, ...] = ()
    top = Fraction(1)
    if form == "composite" and not more:
        cur.problem("policy.empty" if cur.has("more") else "policy.required", "more")
    elif form == "points":
        items = _items(cur)
        top = sum((item.points for item in items), Fraction(0))
    elif form == "weighted":
        groups = tuple(_group(key, table) for key, table in _group_tables(cur))
        top = Fraction(100)
        _whole(cur, "", [group.weight for group in groups])
    known = {"composite": ("more", "less"), "points": ("items",), "weighted": ()}.get(form, ())
    cur.finish(("form", "title", "choices", *known))
    path = f"methods.{name}"
    return Method(name, form, title, kinds, more, less, uncited, items, groups, top, path)


def _choices(cur: Cursor, form: str) -> tuple[tuple[str, ...], Fraction | None]:
    kinds = cur.words("kinds")
    for at, kind in enumerate(kinds):
        if kind not in KINDS:
            args = {"given": kind, "allowed": ", ".join(KINDS)}
            cur.report.problem("policy.not-one-of", (*cur.path, "kinds", at), **args)
    if not kinds:
        cur.problem("policy.required", "kinds")
    else:
        cur.record(list(kinds), "kinds")
    uncited = None
    if form == "composite":
        cur.record(cur.word("above", ABOVE, required=True), "above")
        uncited = cur.number("uncited", low=0, high=1)
    cur.finish(("kinds", "above", "uncited") if form == "composite" else ("kinds",))
    return kinds, uncited


def _figures(cur: Cursor, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    names = cur.words(key)
    for at, name in enumerate(names):
        if name not in allowed or name in names[:at]:
            args = {"given": name, "allowed": ", ".join(n for n in allowed if n not in names)}
            cur.report.problem("policy.not-one-of", (*cur.path, key, at), **args)
    if names:
        cur.record(list(names), key)
    return names


def _known(cur: Cursor, name: str, key: str = "") -> bool:
    """Whether ``name`` is a figure; a problem where it is not."""
    if name in FIGURES:
        return True
    near = nearest(name, FIGURES)
    code = "policy.unknown-key-near" if near else "policy.unknown-key"
    cur.problem(code, key, nearest=near, allowed=", ".join(FIGURES))
    return False


def _items(cur: Cursor) -> tuple[Item, ...]:
    found = []
    for name, table in cur.children("items"):
        known = _known(table, name)
        test = _test(table)
        points = table.number("points", low=0, required=True)
        table.finish((*Op, "points"))
        if known and test is not None and points is not None:
            found.append(Item(name, test, points, f"{_dotted(cur)}.items.{name}"))
    if not found:
        cur.problem("policy.required", "items")
    return tuple(found)


_LEAST = (Op.AT_LEAST, Op.MORE_THAN)
_MOST = (Op.AT_MOST, Op.LESS_THAN)


def _test(cur: Cursor) -> Test | None:
    """The comparison of an item: one word, or one word for each end of a range."""
    if cur.has(Op.IS):
        if not cur.flag(Op.IS):
            cur.problem("policy.not-one-of", Op.IS, given=shown(cur.raw[Op.IS]), allowed="true")
            return None
        return Test(Cut(Fraction(1), False), None, "= true")
    ends = []
    for words in (_LEAST, _MOST):
        given = [word for word in words if cur.has(word)]
        if len(given) > 1:
            cur.problem("policy.one-comparison", given=", ".join(given), allowed=", ".join(words))
            return None
        ends.append(_cut(cur, given[0]) if given else None)
    if ends == [None, None]:
        cur.problem("policy.one-comparison", given="-", allowed=", ".join((*_LEAST, *_MOST)))
        return None
    signs = {Op.AT_LEAST: "≥", Op.MORE_THAN: ">", Op.AT_MOST: "≤", Op.LESS_THAN: "<"}
    parts = [f"{sign} {shown(cur.raw[word])}" for word, sign in signs.items() if cur.has(word)]
    return Test(ends[0], ends[1], ", ".join(parts))


def _cut(cur: Cursor, word: str) -> Cut | None:
    at = cur.number(word, low=0, high=FINEST, required=True)
    if at is None:
        return None
    if at.denominator > FINEST:
        cur.problem("value.too-fine", word, given=shown(cur.raw[word]))
        return None
    # "At most" and "more than" share a cut; so do "less than" and "at least".
    return Cut(at, strict=word in (Op.MORE_THAN, Op.AT_MOST))


# -- weighted --------------------------------------------------------------------------------


def _group_tables(cur: Cursor) -> list[tuple[str, Cursor]]:
    names = [
        name for name in cur.rest()
        if isinstance(cur.raw[name], dict) and "indicators" in cur.raw[name]
    ]  # fmt: skip
    found = [(name, cur.child(name)) for name in names]
    if not found:
        cur.problem("policy.required", "indicators")
    return [(name, table) for name, table in found if table is not None]


def _group(name: str, cur: Cursor) -> Group:
    title = cur.title(required=True) or Title(name, name)
    weight = figure(cur, "weight", "share", low=0, high=1) or Fraction(0)
    indicators = []
    for key, table in cur.children("indicators"):
        known = _known(table, key)
        own = table.number("weight", low=0, high=1, required=True) or Fraction(0)
        bands = _bands(table)
        table.finish(("weight", "bands"))
        if known:
            path = f"{_dotted(cur)}.indicators.{key}"
            indicators.append((own, Indicator(key, weight * own, bands, path)))
    _whole(cur, "indicators", [own for own, _ in indicators])
    cur.finish(("title", "weight", "indicators"))
    return Group(name, title, weight, tuple(i for _, i in indicators), _dotted(cur))


def _whole(cur: Cursor, key: str, weights: list[Fraction]) -> None:
    if weights and sum(weights) != 1:
        cur.problem("value.weights", key, total=float(sum(weights)))


def _bands(cur: Cursor) -> tuple[tuple[Cut, Fraction], ...]:
    """Bands from the best to the lowest; below all of them there are no points."""
    rows = cur.take("bands")
    if not isinstance(rows, list) or not rows:
        cur.problem("policy.required", "bands")
        return ()
    found: list[tuple[Cut, Fraction]] = []
    for at, row in enumerate(rows):
        if not isinstance(row, dict):
            args = {"given": shown(row)}
            cur.report.problem("policy.not-a-table", (*cur.path, "bands", at), **args)
            continue
        table = cur.at("bands", row, at)
        given = [word for word in _LEAST if table.has(word)]
        if len(given) != 1:
            args = {"given": ", ".join(given) or "-", "allowed": ", ".join(_LEAST)}
            table.problem("policy.one-comparison", **args)
        cut = _cut(table, given[0]) if given else None
        points = table.number("points", low=0, high=100, required=True)
        table.finish((*_LEAST, "points"))
        if cut is None or points is None:
            continue
        if found and (cut >= found[-1][0] or points >= found[-1][1]):
            table.problem("value.bands-order")
        found.append((cut, points))
    return tuple(found)


def _dotted(cur: Cursor) -> str:
    return ".".join(str(part) for part in cur.path)
