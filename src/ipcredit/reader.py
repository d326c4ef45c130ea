"""Walk a rules file table by table, collecting every problem with its line.

A :class:`Cursor` stands on one table.  It hands out typed values, remembers which keys were
asked for, reports the rest as unknown, and records every number together with the source that
is in scope for it: a number without one does not load.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NamedTuple

from ipcredit.errors import Problem
from ipcredit.money import MoneyError, example, parse_money, shortened
from ipcredit.source import KeyPath

EVIDENCE = ("official", "secondary", "assumed")

MOST = 10**9
"""No plain number of a file is larger either way (amounts are texts with their unit)."""
DIGITS = 15
"""Significant digits and decimals of a plain number: a saved result's float gives it back."""


class Title(NamedTuple):
    """A label in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The label in ``zh``, ``en`` or ``both``."""
        if lang == "both":
            return f"{self.zh} / {self.en}" if self.zh != self.en else self.zh
        return self.zh if lang == "zh" else self.en


class Source(NamedTuple):
    """A document that numbers come from."""

    id: str
    document: str
    title: Title | None
    published: dt.date | None
    evidence: str
    note: Title | None = None
    url: str = ""


class Number(NamedTuple):
    """One value of a rules file with its provenance: ``path`` dotted, ``shown`` as written."""

    path: str
    shown: str
    source: str
    evidence: str
    assumed: Title | None = None
    changed: bool = False

    @property
    def is_reading(self) -> bool:
        """Whether it is no number of the file but how a sourced rule is read."""
        return self.path.rpartition(".")[2] == "reading"


@dataclass(slots=True)
class Report:
    """What one reading of a file has found: problems, and every number with its source."""

    where: Callable[[KeyPath], str]
    currency: str = "CNY"
    sources: Mapping[str, str] = field(default_factory=dict)  # id -> evidence
    changed: frozenset[str] = frozenset()  # paths a person has changed
    problems: list[Problem] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    money: dict[str, int] = field(default_factory=dict)  # amounts by path, in minor units
    scopes: dict[str, tuple[str, Title | None]] = field(default_factory=dict)  # provenance by table
    kind: str = "policy"  # what is read: the family of the codes of its problems

    def problem(self, code: str, path: KeyPath, **args: Any) -> None:
        """Record that the value at ``path`` is wrong."""
        # One line, however long or broken what stands in the file is.
        args = {name: one_line(arg) if isinstance(arg, str) else arg for name, arg in args.items()}
        if "given" in args:
            args["given"] = shortened(str(args["given"]))
        if code.startswith("policy."):
            code = self.kind + code.removeprefix("policy")
        self.problems.append(Problem(code, self.where(path), one_line(dotted(path)), args))


def dotted(path: KeyPath) -> str:
    """The path as a person writes it: ``line.tiers.B.amount``."""
    return ".".join(str(part) for part in path)


def shown(value: Any) -> str:
    """A raw value as text, dates and numbers as written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "[]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {shown(item)}" for key, item in value.items()) + " }"
    return str(value)


def one_line(text: str) -> str:
    r"""The text without line breaks, as messages show it.

    >>> one_line("a\nb")
    'a b'
    """
    return " ".join(text.split())


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word closest to ``word``, or an empty string."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def has_own_source(value: Any) -> bool:
    """Whether a raw value is written with its own provenance: ``{ value = 0.1, source = "plan" }``."""
    return isinstance(value, dict) and {"value"} < set(value) <= {"value", *_PROVENANCE}


def _is_sized(value: int | Decimal) -> bool:
    """Whether a number can be compared and saved exactly (and is a number at all)."""
    if isinstance(value, int):
        return abs(value) <= MOST
    if not value.is_finite():
        return False
    if not value:
        return True
    size = value.as_tuple()
    assert isinstance(size.exponent, int)  # finite
    # The size is looked at before the value: 1e999999999 must not be written out.
    fine = len(size.digits) <= DIGITS and size.exponent >= -DIGITS
    return fine and value.adjusted() <= 9 and abs(value) <= MOST


@dataclass(slots=True)
class Cursor:
    """One table of a rules file.

    ``scope`` is the provenance that holds here: the id of a source, and the reason if assumed.
    """

    raw: dict[str, Any]
    path: KeyPath
    report: Report
    scope: tuple[str, Title | None] = ("", None)
    taken: set[str] = field(default_factory=set)
    bare: bool = False  # no provenance in this table
    # Keys written ``{ value = …, source = … }``: the provenance of that one value.
    own: dict[str, tuple[str, Title | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.bare:
            return
        source, assumed = self.scope
        if "source" in self.raw:
            source, assumed = self.text("source"), None
            if not isinstance(self.raw["source"], str):
                source = "?"  # reported; what stands below it is not sourceless besides
            elif source not in self.report.sources:
                known = ", ".join(self.report.sources) or "-"
                self.problem("policy.unknown-source", "source", given=source, known=known)
                source = source or "?"
        if "assumed" in self.raw:
            assumed = self._reason("assumed")
        self.scope = (source, assumed)
        self.report.scopes[dotted(self.path)] = self.scope
        if "reading" in self.raw:
            # The numbers of the rule keep their source; how it is read is one assumed value more.
            path = dotted((*self.path, "reading"))
            reading = self._reason("reading")
            self.report.numbers.append(Number(path, "", source, "assumed", reading))

    def _reason(self, key: str) -> Title:
        """Why values here are assumed: ``{ zh = …, en = … }``, or one text for both."""
        if isinstance(self.raw[key], dict):
            found = self.title(key) or Title("", "")
        else:
            text = self.text(key).strip()
            if not text and isinstance(self.raw[key], str):
                self.problem("policy.no-reason", key, given=key)
            found = Title(text, text)
        return Title(found.zh or "?", found.en or "?")  # reported; it counts as assumed

    # -- structure ---------------------------------------------------------------------------

    def problem(self, code: str, key: str = "", **args: Any) -> None:
        """Record a problem at ``key`` of this table (or at the table itself)."""
        self.report.problem(code, (*self.path, key) if key else self.path, **args)

    def has(self, key: str) -> bool:
        """Whether the file gives ``key`` here."""
        return key in self.raw

    def take(self, key: str) -> Any:
        """The raw value of ``key``; it counts as known from now on.

        A value may bring its own provenance: ``{ value = 0.1, source = "plan" }``.
        """
        self.taken.add(key)
        value: Any = self.raw.get(key)
        if not has_own_source(value):
            return value
        if key not in self.own:
            self.own[key] = self.at(key, value).scope
        return value["value"]

    def placed(self, *inner: str | int) -> KeyPath:
        """The path of what stands at ``inner`` below this table, as the file writes it."""
        if inner and inner[0] in self.own:
            return (*self.path, inner[0], "value", *inner[1:])
        return (*self.path, *inner)

    def rest(self) -> list[str]:
        """Keys nobody has asked for yet, in file order."""
        return [key for key in self.raw if key not in self.taken]

    def child(self, key: str) -> Cursor | None:
        """The table at ``key``; ``None`` where absent, a problem where it is no table."""
        self.taken.add(key)
        if not self.has(key):
            return None
        value = self.raw[key]
        if not isinstance(value, dict):
            self.problem("policy.not-a-table", key, given=shown(value))
            return None
        return self.at(key, value)

    def at(self, key: str | int, value: dict[str, Any], *inner: str | int) -> Cursor:
        """A cursor on ``value``, which stands at ``key`` (and ``inner``) of this table."""
        return Cursor(value, (*self.path, key, *inner), self.report, self.scope)

    def children(self, key: str) -> list[tuple[str, Cursor]]:
        """The sub-tables of the table at ``key``, in file order; empty where absent."""
        table = self.child(key)
        if table is None:
            return []
        found = [(name, table.child(name)) for name in table.rest() if name not in _PROVENANCE]
        return [(name, cursor) for name, cursor in found if cursor is not None]

    def finish(self, known: Collection[str] = ()) -> None:
        """Report every key that nobody has asked for, with the nearest key that exists.

        A ``known`` key that nobody has asked for does nothing beside the other keys here.
        """
        allowed = {*known, *self.taken} - _PROVENANCE
        for key in self.rest():
            self.taken.add(key)  # reported once
            if key in known:
                self.problem("policy.key-without-effect", key)
                continue
            near = nearest(key, allowed)
            code = "policy.unknown-key-near" if near else "policy.unknown-key"
            self.problem(code, key, nearest=near, allowed=", ".join(sorted(allowed)) or "-")

    # -- values ------------------------------------------------------------------------------

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text; where it is required it is not empty."""
        value = str(self._typed(key, str, "policy.not-text", default, required=required))
        if required and self.has(key) and not value.strip() and isinstance(self.raw[key], str):
            self.problem("policy.required", key)
            return default
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false``."""
        return bool(self._typed(key, bool, "policy.not-flag", default))

    def date(self, key: str) -> dt.date | None:
        """A date (TOML date, or ISO text as a saved result holds it)."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.problem("policy.not-date", key, given=shown(self.raw[key]))
            return None
        return value

    def word(
        self, key: str, allowed: Iterable[str], default: str = "", *, required: bool = False
    ) -> str:
        """One of the allowed words; after a problem the default or the first of them."""
        choices = list(allowed)
        value = self.take(key)
        if isinstance(value, str) and value not in choices:
            self.problem("policy.not-one-of", key, given=value, allowed=", ".join(choices) or "-")
        elif value is None and required:
            args = {"allowed": ", ".join(choices) or "-"}
            self.problem("policy.required-word", key, **args)
        elif value is not None and not isinstance(value, str):
            self.problem("policy.not-text", key, given=shown(value))
        elif value is not None:
            return str(value)
        return default or (next(iter(choices), "") if self.has(key) else "")

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where absent."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem("policy.not-texts", key, given=shown(value))
            return ()
        return tuple(value)

    def title(self, key: str = "title", *, required: bool = False) -> Title | None:
        """A label ``{ zh = "…", en = "…" }``."""
        table = self.child(key)
        if table is None:
            if required and key not in self.raw:
                self.problem("policy.required", key)
            return None
        zh, en = table.text("zh", required=True), table.text("en", required=True)
        table.finish()
        return Title(zh, en)

    def number(
        self,
        key: str,
        *,
        low: Fraction | int | None = None,
        high: Fraction | int | None = None,
        whole: bool = False,
        required: bool = False,
    ) -> Fraction | None:
        """A number, exact; ``whole`` and the inclusive bounds are checked.

        The number is recorded with the provenance in scope.
        """
        value = self.take(key)
        if value is None:
            if required:
                self.problem("policy.required", key)
            return None
        return self.as_number(value, key, low=low, high=high, whole=whole)

    def as_number(
        self,
        value: Any,
        *inner: str | int,
        low: Fraction | int | None = None,
        high: Fraction | int | None = None,
        whole: bool = False,
    ) -> Fraction | None:
        """``value`` (standing at ``inner`` below this table) as an exact number."""
        path = self.placed(*inner)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            percent = isinstance(value, str) and bool({"%", "％"} & set(value))
            code = "policy.percent" if percent else "policy.not-number"
            self.report.problem(code, path, given=shown(value))
            return None
        if not _is_sized(value):
            args = {"most": f"{MOST:,}", "digits": DIGITS}
            self.report.problem("policy.number-size", path, given=shown(value), **args)
            return None
        exact = Fraction(value) if value else Fraction(0)
        if whole and exact.denominator != 1:
            self.report.problem("policy.not-whole", path, given=shown(value))
            return None
        if (low is not None and exact < low) or (high is not None and exact > high):
            code = "policy.out-of-unit" if high == 1 else "policy.out-of-range"
            code = "policy.too-low" if high is None else code
            self.report.problem(code, path, given=shown(value), low=low, high=high)
            return None
        self.record(value, *inner)
        return exact

    def money(self, key: str, *, required: bool = False) -> int | None:
        """An amount of 0 or more with its unit, in whole minor units of the policy's currency."""
        value = self.take(key)
        if value is None:
            if required:
                self.problem("policy.required", key)
            return None
        minor = self.as_money(value, key)
        if minor is not None and minor < 0:
            self.problem("policy.too-low", key, given=value, low=0, high=None)
            return None
        return minor

    def as_money(self, value: Any, *inner: str | int) -> int | None:
        """``value`` (standing at ``inner`` below this table) as an amount."""
        path = self.placed(*inner)
        if not isinstance(value, str):
            args = {"given": shown(value), "example": example(self.report.currency)}
            self.report.problem("policy.money-unit", path, **args)
            return None
        try:
            minor = parse_money(value, self.report.currency)
        except MoneyError as error:
            self.report.problem(error.code, path, **error.details)
            return None
        self.record(value, *inner)
        self.report.money[dotted(path)] = minor
        return minor

    def record(self, value: Any, *inner: str | int) -> None:
        """Remember a number and where it comes from; a problem where that is nowhere said."""
        path = self.placed(*inner)
        source, assumed = self.own.get(str(inner[0]), self.scope) if inner else self.scope
        here = dotted(path)  # of a list: a person may have changed one of its items
        changed = any(one == here or one.startswith(f"{here}.") for one in self.report.changed)
        if not source and not assumed and not changed:
            self.report.problem("policy.no-source", path, given=shown(value))
        evidence = "assumed" if assumed else self.report.sources.get(source, "assumed")
        self.report.numbers.append(
            Number(dotted(path), shown(value), source, evidence, assumed, changed)
        )

    def _typed(
        self, key: str, kind: type, code: str, default: Any, *, required: bool = False
    ) -> Any:
        value = self.take(key)
        if value is None:
            if required:
                self.problem("policy.required", key)
            return default
        if not isinstance(value, kind):
            self.problem(code, key, given=shown(value))
            return default
        return value


_PROVENANCE = {"source", "assumed", "reading"}
