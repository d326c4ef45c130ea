"""A policy: one edition of a scheme, frozen, with every number's source."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from ipcredit.editions import InForce, choose, known_dates
from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.money import format_money
from ipcredit.policy_file import Content, read_content
from ipcredit.reader import EVIDENCE, Number, Title, dotted, nearest, one_line, shown
from ipcredit.resources import config_dir
from ipcredit.rules import Rules
from ipcredit.source import Document, KeyPath, parse, read_head, read_toml


class Change(NamedTuple):
    """One value a person has changed: dotted ``path``, the edition's value and the new one."""

    path: str
    old: str
    new: str


class Difference(NamedTuple):
    """One value in which two policies differ; ``-`` where a policy does not have it."""

    path: str
    before: str
    after: str
    source_before: str
    source_after: str


@dataclass(frozen=True, eq=False)
class Policy:
    """One edition of a scheme: rules, titles, sources, dates. It never changes.

    Make one with :meth:`load`; :meth:`change` returns another.

    >>> policy = Policy.load("chongqing-knowledge", on=dt.date(2023, 8, 11))
    >>> policy.edition, policy.fingerprint == policy.fingerprint
    ('2023', True)
    """

    content: Content = field(repr=False)
    canonical: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    changes: tuple[Change, ...] = ()
    last_confirmed: dt.date | None = None
    file: str = ""
    _raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _document: Document | None = field(default=None, repr=False, compare=False)
    _unchanged: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    # -- what it says ------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The scheme's id."""
        return self.content.id

    @property
    def edition(self) -> str:
        """The edition's name."""
        return self.content.edition

    @property
    def title(self) -> Title:
        """The scheme's name in both languages."""
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
    def rules(self) -> Rules:
        """The rules as frozen data."""
        return self.content.rules

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
    def load(name: str | Path, on: dt.date | None = None) -> Policy:
        """The shipped policy called ``name`` (``scheme`` or ``scheme@edition``), or a file.

        ``on`` chooses the edition in force that day (default: today); of the others no more than
        their dates is read.

        Raises:
            UsageError: no such policy, or no edition known for that day.
            PolicyError: the file is wrong; holds all problems.
        """
        text = str(name)
        if text.endswith(".toml") or "/" in text or "\\" in text:
            return _from_document(read_toml(text))
        scheme, at, edition = text.partition("@")
        files = edition_files(scheme)
        if at:
            if edition not in files:
                args = {"given": one_line(edition), "scheme": scheme, "allowed": ", ".join(files)}
                raise UsageError(Problem("policy.unknown-edition", key="policy", args=args))
            return _from_document(read_toml(files[edition]))
        dates = [(key, _dates(path)) for key, path in files.items()]
        answer = choose(scheme, dates, on or dt.date.today())
        found = _from_document(read_toml(files[answer.edition]))
        return replace(found, last_confirmed=answer.last_confirmed)

    @staticmethod
    def from_canonical(data: Mapping[str, Any]) -> Policy:
        """The policy embedded in a saved result (:attr:`canonical`).

        Raises:
            PolicyError: the data are not a valid policy.
        """
        return _build(_exact(dict(data)), None, (), "")

    # -- what-if -----------------------------------------------------------------------------

    def change(self, path: str, value: Any) -> Policy:
        """A new policy with the value at ``path`` replaced; this one stays as it is.

        ``value``: a number, text (``"450 万元"``), flag, date or list; a number may also be
        given as text.  Changing a value back gives the original fingerprint.

        Raises:
            UsageError: ``path`` does not name one value, or the change changes nothing.
            PolicyError: the changed policy is not valid.
        """
        changed = self._set(path, value)
        if changed.fingerprint == self.fingerprint:
            args = {"given": one_line(shown(value))}
            raise UsageError(Problem("policy.changes-nothing", key=path, args=args))
        return changed

    def _set(self, path: str, value: Any) -> Policy:
        if value is None:
            raise UsageError(Problem("policy.no-value", key=path))
        raw = copy.deepcopy(dict(self._raw))
        holder, key = _find(raw, path)
        old = holder[key]
        holder[key] = new = _like(old, value)
        first = next((c.old for c in self.changes if c.path == path), shown(old))
        others = tuple(c for c in self.changes if c.path != path)
        changes = (*others, Change(path, first, shown(new)))
        changed = _build(raw, self._document, changes, self.file, self._unchanged)
        if _value_at(changed.canonical, path) == _value_at(self._unchanged, path):
            changed = _build(raw, self._document, others, self.file, self._unchanged)
        return replace(changed, last_confirmed=self.last_confirmed)

    def compare(self, other: Policy) -> tuple[Difference, ...]:
        """Every value in which ``other`` differs from this policy, in file order."""
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


def edition_files(scheme: str) -> dict[str, Path]:
    """The files of a shipped scheme by edition.

    Raises:
        UsageError: there is no such scheme; the problem names the nearest and lists all.
    """
    known = schemes()
    if scheme not in known:
        near = nearest(scheme, known)
        code = "policy.unknown-near" if near else "policy.unknown"
        args = {"nearest": near, "allowed": ", ".join(known)}
        raise UsageError(Problem(code, key=one_line(scheme), args=args))
    folder = config_dir() / "policies" / scheme
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def schemes() -> list[str]:
    """Ids of the shipped schemes, sorted."""
    return sorted(path.name for path in (config_dir() / "policies").iterdir() if path.is_dir())


def check_file(path: str | Path) -> list[Problem]:
    """All problems of a policy file; empty where it loads."""
    try:
        _from_document(read_toml(path))
    except PolicyError as error:
        return list(error.problems)
    return []


# -- inside ----------------------------------------------------------------------------------


def _dates(path: Path) -> InForce:
    """When an edition is in force.  The rest of it is read only where its head does not say."""
    known = known_dates(read_head(path).data.get("in_force"))
    return known if known is not None else _from_document(read_toml(path)).in_force


def _from_document(document: Document) -> Policy:
    return _build(document.data, document, (), document.name)


def _build(
    raw: dict[str, Any],
    document: Document | None,
    changes: tuple[Change, ...],
    file: str,
    unchanged: Mapping[str, Any] | None = None,
) -> Policy:
    def where(path: KeyPath) -> str:
        return document.where(path) if document is not None else file

    edition = Path(file).stem if file else ""
    changed = frozenset(change.path for change in changes)
    content, money, problems = read_content(raw, edition, where, changed)
    if problems or content is None:
        raise PolicyError(problems)
    canonical = _canonical(raw, money, content.currency, content.edition)
    # Order is kept: of several cases, classes or methods the first that fits decides.
    text = json.dumps(canonical, ensure_ascii=False, separators=(",", ":"))
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    before = canonical if unchanged is None else unchanged
    return Policy(content, canonical, fingerprint, changes, None, file, raw, document, before)


def _find(raw: Any, path: str) -> tuple[Any, Any]:
    """The table or list that holds the one value at ``path``, and its key there."""
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
            code = "policy.no-such-path-near" if near else "policy.no-such-path"
            problem = Problem(code, key=one_line(path), args={"nearest": near})
            raise UsageError(problem) from None
    if isinstance(node, dict):
        inside = ", ".join(f"{path}.{key}" for key in node)
        raise UsageError(Problem("policy.not-a-value", key=path, args={"allowed": inside}))
    return holder, key


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
    """The policy as JSON data: one spelling for every amount, number and date."""

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


def _exact(value: Any) -> Any:
    """JSON data with every float as the decimal that was written."""
    if isinstance(value, dict):
        return {key: _exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_exact(inner) for inner in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


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
