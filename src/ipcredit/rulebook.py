"""What a policy and a fund have in common: an edition of rules, frozen, with every number's source."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from ipcredit.editions import InForce, choose, known_dates
from ipcredit.errors import IpCreditError, Problem, UsageError
from ipcredit.head import Head, Reading
from ipcredit.money import format_money
from ipcredit.reader import (
    EVIDENCE,
    Number,
    Title,
    dotted,
    has_own_source,
    nearest,
    one_line,
    shown,
)
from ipcredit.source import Document, KeyPath, parse, read_head, read_toml

Content_co = TypeVar("Content_co", bound=Head, covariant=True)


class Change(NamedTuple):
    """One value a person has changed: dotted ``path``, the edition's value and the new one."""

    path: str
    old: str
    new: str


class Difference(NamedTuple):
    """One value in which two editions differ; ``-`` where one does not have it."""

    path: str
    before: str
    after: str
    source_before: str
    source_after: str


@dataclass(frozen=True, eq=False)
class Rulebook(Generic[Content_co]):
    """One edition of rules: its titles, sources and dates. It never changes.

    ``fingerprint``: SHA-256 of :attr:`canonical`, which is the file as JSON data.
    """

    content: Content_co = field(repr=False)
    canonical: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    changes: tuple[Change, ...] = ()
    last_confirmed: dt.date | None = None
    file: str = ""
    _raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _document: Document | None = field(default=None, repr=False, compare=False)
    _unchanged: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    kind: ClassVar[str]
    """What it is, as the codes of its problems begin."""
    _error: ClassVar[type[IpCreditError]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    # -- what it says ------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The id."""
        return self.content.id

    @property
    def edition(self) -> str:
        """The edition's name."""
        return self.content.edition

    @property
    def title(self) -> Title:
        """The name in both languages."""
        return self.content.title

    @property
    def currency(self) -> str:
        """ISO 4217 code of every amount in it."""
        return self.content.currency

    @property
    def in_force(self) -> InForce:
        """What is known about the days it holds."""
        return self.content.in_force

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every value with its source, in file order."""
        return self.content.numbers

    def under(self, path: str) -> tuple[Number, ...]:
        """The numbers at ``path`` or below it."""
        return tuple(
            number
            for number in self.numbers
            if number.path == path or number.path.startswith(path + ".")
        )

    def scope(self, path: str) -> tuple[str, Title | None]:
        """Source id and reason if assumed, of the table at ``path`` (or the nearest above it)."""
        while path and path not in self.content.scopes:
            path = path.rpartition(".")[0]
        return self.content.scopes.get(path, ("", None))

    def assumed(self, path: str = "") -> tuple[Number, ...]:
        """The assumed numbers (below ``path``), each with its reason."""
        chosen = self.under(path) if path else self.numbers
        return tuple(n for n in chosen if n.evidence == "assumed" and not n.changed)

    def evidence(self) -> dict[str, int]:
        """How many of its numbers are official, secondary and assumed."""
        return {mark: sum(n.evidence == mark for n in self.numbers) for mark in EVIDENCE}

    # -- making one --------------------------------------------------------------------------

    @staticmethod
    def _read(
        raw: dict[str, Any],
        edition: str,
        where: Callable[[KeyPath], str],
        changed: frozenset[str],
    ) -> Reading[Content_co]:
        raise NotImplementedError

    @classmethod
    def _find(
        cls, name: str | Path, on: dt.date | None, files_of: Callable[[str], Mapping[str, Path]]
    ) -> Self:
        """The file at a path, or the shipped edition called ``id`` or ``id@edition``."""
        text = str(name)
        if text.endswith(".toml") or "/" in text or "\\" in text:
            return cls._from_document(read_toml(text))
        identity, at, edition = text.partition("@")
        files = files_of(identity)
        if at:
            if edition not in files:
                args = {"given": one_line(edition), "scheme": identity, "allowed": ", ".join(files)}
                raise UsageError(Problem(f"{cls.kind}.unknown-edition", key=cls.kind, args=args))
            return cls._from_document(read_toml(files[edition]))
        known = [(key, cls._dates(path)) for key, path in files.items()]
        answer = choose(identity, known, on or dt.date.today(), cls.kind)
        found = cls._from_document(read_toml(files[answer.edition]))
        return replace(found, last_confirmed=answer.last_confirmed)

    @classmethod
    def _dates(cls, path: Path) -> InForce:
        """When an edition is in force. The rest is read only where its head does not say."""
        known = known_dates(read_head(path).data.get("in_force"))
        return known if known is not None else cls._from_document(read_toml(path)).in_force

    @classmethod
    def _from_document(cls, document: Document) -> Self:
        return cls._build(document.data, document, (), document.name)

    @classmethod
    def _build(
        cls,
        raw: dict[str, Any],
        document: Document | None,
        changes: tuple[Change, ...],
        file: str,
        unchanged: Mapping[str, Any] | None = None,
    ) -> Self:
        def where(path: KeyPath) -> str:
            return document.where(path) if document is not None else file

        edition = Path(file).stem if file else ""
        changed = frozenset(change.path for change in changes)
        content, money, problems = cls._read(raw, edition, where, changed)
        if problems or content is None:
            raise cls._error(problems)
        canonical = _canonical(raw, money, content.currency, content.edition)
        # Order is kept: of several cases, classes or methods the first that fits decides.
        text = json.dumps(canonical, ensure_ascii=False, separators=(",", ":"))
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        before = canonical if unchanged is None else unchanged
        return cls(content, canonical, fingerprint, changes, None, file, raw, document, before)

    # -- what-if -----------------------------------------------------------------------------

    def change(self, path: str, value: Any) -> Self:
        """A new edition with the value at ``path`` replaced; this one stays as it is.

        ``value``: a number, text (``"450 万元"``), flag, date or list; a number may also be
        given as text.  Changing a value back gives the original fingerprint.

        Raises:
            UsageError: ``path`` does not name one value, or the change changes nothing.
            PolicyError, FundError: the changed edition is not valid.
        """
        changed = self._set(path, value)
        if changed.fingerprint == self.fingerprint:
            args = {"given": one_line(shown(value))}
            raise UsageError(Problem(f"{self.kind}.changes-nothing", key=one_line(path), args=args))
        return changed

    def change_all(self, changes: Iterable[tuple[str, Any]]) -> Self:
        """As :meth:`change`, for values that are valid only together (a cut-off and the next one).

        Raises:
            UsageError: as :meth:`change`; holds what is wrong with each of them.
            PolicyError, FundError: the changed edition is not valid.
        """
        raw, known = copy.deepcopy(dict(self._raw)), self.changes
        problems: list[Problem] = []
        paths = []
        for path, value in changes:
            try:
                path, change = self._put(raw, path, value, known)
            except UsageError as error:
                problems.extend(error.problems)
                continue
            known = (*(c for c in known if c.path != path), change)
            paths.append(path)
        if problems:
            raise UsageError(problems)
        changed = self._rebuilt(raw, known)
        for path in paths:
            if _value_at(changed.canonical, path) == _value_at(self.canonical, path):
                given = {"given": one_line(next(c.new for c in known if c.path == path))}
                problems.append(Problem(f"{self.kind}.changes-nothing", key=path, args=given))
        if problems:
            raise UsageError(problems)
        return changed

    def _set(self, path: str, value: Any) -> Self:
        raw = copy.deepcopy(dict(self._raw))
        path, change = self._put(raw, path, value, self.changes)
        return self._rebuilt(raw, (*(c for c in self.changes if c.path != path), change))

    def _put(
        self, raw: dict[str, Any], path: str, value: Any, known: tuple[Change, ...]
    ) -> tuple[str, Change]:
        """Write a value into the file's data; its whole path and the change it is."""
        if value is None:
            raise UsageError(Problem(f"{self.kind}.no-value", key=one_line(path)))
        holder, key, path = _place(raw, path, self.kind)
        old = holder[key]
        holder[key] = new = _like(old, value)
        first = next((c.old for c in known if c.path == path), shown(old))
        return path, Change(path, first, shown(new))

    def _rebuilt(self, raw: dict[str, Any], changes: tuple[Change, ...]) -> Self:
        """The edition with other data; what is back at its first value is no change."""
        changed = self._build(raw, self._document, changes, self.file, self._unchanged)
        left = tuple(
            c for c in changes
            if _value_at(changed.canonical, c.path) != _value_at(self._unchanged, c.path)
        )  # fmt: skip
        if left != changes:
            changed = self._build(raw, self._document, left, self.file, self._unchanged)
        return replace(changed, last_confirmed=self.last_confirmed)

    def compare(self, other: Self) -> tuple[Difference, ...]:
        """Every value in which ``other`` differs from this one, in file order."""
        mine, theirs = _flat(self.canonical), _flat(other.canonical)
        my_sources = {n.path: _basis(n) for n in self.numbers}
        their_sources = {n.path: _basis(n) for n in other.numbers}
        return tuple(
            Difference(
                path,
                mine.get(path, "-"),
                theirs.get(path, "-"),
                my_sources.get(path, ""),
                their_sources.get(path, ""),
            )
            for path in dict.fromkeys((*mine, *theirs))
            if mine.get(path) != theirs.get(path)
        )


def _basis(number: Number) -> str:
    """What a number rests on: the reason where it is assumed, else the id of its source."""
    return f"assumed: {number.assumed.en}" if number.assumed is not None else number.source


def shipped(folder: Path) -> list[str]:
    """Ids of what is shipped in ``folder``, sorted."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def shipped_files(folder: Path, name: str, kind: str) -> dict[str, Path]:
    """The files of ``name`` in ``folder`` by edition.

    Raises:
        UsageError: there is no such one; the problem names the nearest and lists all.
    """
    known = shipped(folder)
    if name not in known:
        near = nearest(name, known)
        code = f"{kind}.unknown-near" if near else f"{kind}.unknown"
        args = {"nearest": near, "allowed": ", ".join(known) or "-"}
        raise UsageError(Problem(code, key=one_line(name), args=args))
    return {path.stem: path for path in sorted((folder / name).glob("*.toml"))}


def exact(value: Any) -> Any:
    """JSON data with every float as the decimal that was written."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


# -- inside ----------------------------------------------------------------------------------


def _place(raw: Any, path: str, kind: str) -> tuple[Any, Any, str]:
    """The table or list that holds the one value at ``path``, its key there, and its whole path.

    A value with its own source, ``{ value = …, source = … }``, may be named by its key alone.
    """
    holder: Any = None
    key: str | int = ""
    node = raw
    for part in path.split("."):
        is_index = isinstance(node, list) and part.isdecimal()
        holder, key = node, int(part) if is_index else part
        try:
            node = holder[key]
        except (KeyError, IndexError, TypeError):
            near = nearest(path, [dotted(leaf) for leaf, _ in _leaves(raw)])
            code = f"{kind}.no-such-path-near" if near else f"{kind}.no-such-path"
            problem = Problem(code, key=one_line(path), args={"nearest": near})
            raise UsageError(problem) from None
    if isinstance(node, dict) and has_own_source(node):
        return node, "value", f"{path}.value"
    if isinstance(node, dict):
        inside = ", ".join(f"{path}.{key}" for key in node)
        raise UsageError(
            Problem(f"{kind}.not-a-value", key=one_line(path), args={"allowed": inside})
        )
    return holder, key, path


def _value_at(canonical: Mapping[str, Any], path: str) -> Any:
    """The value at ``path``, ``None`` where there is none."""
    node: Any = canonical
    for part in path.split("."):
        try:
            node = node[int(part) if isinstance(node, list) else part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return node


def _canonical(
    raw: Mapping[str, Any], money: Mapping[str, int], currency: str, edition: str
) -> dict[str, Any]:
    """The file as JSON data: one spelling for every amount, number and date."""

    def plain(value: Any, path: KeyPath) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner, (*path, at)) for at, inner in enumerate(value)]
        if dotted(path) in money:
            return format_money(money[dotted(path)], currency, "zh")
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value.isoformat() if isinstance(value, dt.date) else value

    found: dict[str, Any] = plain(dict(raw), ())
    return {**found, "edition": edition}


def _leaves(raw: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    items = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _flat(canonical: Mapping[str, Any]) -> dict[str, str]:
    return {dotted(path): shown(value) for path, value in _leaves(dict(canonical))}


def _like(old: Any, value: Any) -> Any:
    """``value`` in the type of ``old``: text that stands for a number, flag or date is read."""
    if hasattr(value, "item"):  # a NumPy number, as sweeps in notebooks have them
        value = value.item()
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and not isinstance(old, str):
        try:
            return parse(f"value = {value}").data["value"]
        except UsageError:
            return value
    return copy.deepcopy(value)
