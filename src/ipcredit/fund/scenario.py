"""A scenario: correlation, severity, timing, stress and all else a fund's risk depends on.

Nothing here has a default: a value that a question needs and the scenario does not give is asked
for, together with all others.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Self

from ipcredit.default_rates import curve_table
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.scenario_file import Content, read_content
from ipcredit.fund.scenario_terms import EXAMPLES, KEYS, Capital, Opening, Terms
from ipcredit.head import Reading
from ipcredit.reader import Title, nearest, one_line, shown
from ipcredit.resources import config_dir
from ipcredit.rulebook import Change, Rulebook, exact
from ipcredit.source import Document, KeyPath, parse, read_toml

_OPEN = ("book.draw_rate.", "book.lenders.", "book.districts.", "opening.lenders.",
         "opening.districts.", "pd.")  # fmt: skip


# What a saved scenario says of a value that a person has added.
_GIVEN = {"zh": "由使用者给出", "en": "given by the user"}


@dataclass(frozen=True, eq=False)
class Scenario(Rulebook[Content]):
    """One scenario, frozen, every number with its source or the reason it is assumed.

    Make one with :meth:`load`; :meth:`change` returns another.

    >>> scenario = Scenario.load("chongqing-assumed").change("factor.correlation", 0.12)
    >>> scenario.need("factor.correlation")
    (0.12,)
    """

    kind: ClassVar[str] = "scenario"
    _error: ClassVar[type[UsageError]] = UsageError

    @property
    def terms(self) -> Terms:
        """What it says, as frozen data."""
        return self.content.terms

    @property
    def note(self) -> Title | None:
        """What to keep in mind when reading a result that uses it."""
        return self.content.note

    # -- making one ----------------------------------------------------------------------------

    @staticmethod
    def load(name: str | Path) -> Scenario:
        """The shipped scenario called ``name``, or the one in a file.

        Raises:
            UsageError: no such scenario, or the file is wrong; holds all problems.
        """
        given = str(name)
        if given.endswith(".toml") or "/" in given or "\\" in given:
            return Scenario._from_document(read_toml(given))
        known = scenarios()
        if given not in known:
            near = nearest(given, known)
            code = "scenario.unknown-near" if near else "scenario.unknown"
            args = {"nearest": near, "allowed": ", ".join(known) or "-"}
            raise UsageError(Problem(code, key=one_line(given), args=args))
        return Scenario._from_document(read_toml(config_dir() / "scenarios" / f"{given}.toml"))

    @staticmethod
    def blank(currency: str = "CNY") -> Scenario:
        """A scenario that says nothing, to be filled with :meth:`change`.

        >>> Scenario.blank().change("severity.recovery", 0.3).terms.severity.recovery
        0.3
        """
        title = {"zh": "未命名情景", "en": "Unnamed scenario"}
        raw = {"schema": 1, "id": "unnamed", "currency": currency, "title": title}
        return Scenario._build(raw, None, (), "")

    @staticmethod
    def from_canonical(data: Mapping[str, Any]) -> Scenario:
        """The scenario embedded in a saved result (:attr:`canonical`).

        Raises:
            UsageError: the data are not a valid scenario.
        """
        return Scenario._build(exact(dict(data)), None, (), "")

    @staticmethod
    def _read(
        raw: dict[str, Any],
        edition: str,
        where: Callable[[KeyPath], str],
        changed: frozenset[str],
    ) -> Reading[Content]:
        return read_content(raw, edition, where, changed)

    def in_currency(self, currency: str) -> Scenario:
        """The scenario for a fund in another currency; one that gives amounts stays in its own.

        Raises:
            UsageError: it gives amounts.

        >>> Scenario.load("chongqing-assumed").in_currency("EUR").currency
        'EUR'
        """
        if currency == self.currency:
            return self
        self.check_currency(currency)
        raw = {**self._raw, "currency": currency}
        return self._build(raw, self._document, self.changes, self.file, self._unchanged)

    def check_currency(self, currency: str) -> None:
        """Refuse amounts in a currency that a fund does not count in.

        Raises:
            UsageError: the scenario gives amounts, and they are in another currency.
        """
        terms = self.terms
        given = [
            name
            for name, is_there in (
                ("capital", terms.capital != Capital()),
                ("opening", terms.opening != Opening()),
                ("lending.new", bool(terms.lending.new)),
            )
            if is_there
        ]
        if currency != self.currency and given:
            args = {"found": self.currency, "currency": currency, "given": ", ".join(given)}
            raise UsageError(
                Problem("scenario.other-currency", self.file or self.id, "currency", args)
            )

    # -- asking it -----------------------------------------------------------------------------

    def need(self, *paths: str) -> tuple[Any, ...]:
        """The values at the paths, in their order; ``a|b``: the first of the two that is given.

        ``pd`` asks for the curve.

        Raises:
            UsageError: some are absent; one problem for each, with how to give it.
        """
        values, problems = [], []
        for path in paths:
            ways = path.split("|")
            found = next((v for way in ways if (v := self.terms.at(way)) is not None), None)
            values.append(found)
            if found is None:
                problems.append(self._lacks(ways))
        if problems:
            raise UsageError(problems)
        return tuple(values)

    def _lacks(self, ways: list[str]) -> Problem:
        path = ways[0]
        section, _, key = path.partition(".")
        example = EXAMPLES[path]
        args = {
            "section": section,
            "line": f"{key} = {example}" if key else example,
            "set": f"{path}={example}" if key else 'pd.curve="chongqing-assumed"',
        }
        return Problem("scenario.lacks", self.file or self.id, " | ".join(ways), args)

    # -- what-if -------------------------------------------------------------------------------

    @classmethod
    def _build(
        cls,
        raw: dict[str, Any],
        document: Document | None,
        changes: tuple[Change, ...],
        file: str,
        unchanged: Mapping[str, Any] | None = None,
    ) -> Self:
        """A curve that is only named is written out, so that a saved result holds it."""
        pd = raw.get("pd")
        if isinstance(pd, dict) and isinstance(pd.get("curve"), str) and "by" not in pd:
            try:
                table, sources = curve_table(pd["curve"])
            except UsageError:
                pass  # the reader of the section says what is wrong
            else:
                raw = {**raw, "pd": {**pd, **table}}
                if sources:
                    raw["sources"] = {**sources, **raw.get("sources", {})}
        return super()._build(raw, document, changes, file, unchanged)

    def _set(self, path: str, value: Any) -> Scenario:
        """As for every rulebook; a value that a scenario may hold and this one does not is added."""
        if isinstance(value, list | tuple):
            value = _read_value(value)
        raw = copy.deepcopy(dict(self._raw))
        if path == "pd.curve" and value is not None:
            raw["pd"] = {}  # the old curve goes as a whole
        elif value is None or not self._addable(path):
            return super()._set(path, value)
        *parents, key = path.split(".")
        holder = raw
        for parent in parents:
            holder = holder.setdefault(parent, {})
        new = _read_value(value)
        if parents == ["pd"]:
            holder[key] = new
            if key != "curve":
                holder.setdefault("assumed", _GIVEN)
        elif isinstance(new, dict):
            holder[key] = {**new, "assumed": _GIVEN}
        else:
            holder[key], path = {"value": new, "assumed": _GIVEN}, f"{path}.value"
        others = tuple(change for change in self.changes if change.path != path)
        changes = (*others, Change(path, "-", shown(new)))
        return self._build(raw, self._document, changes, self.file, self._unchanged)

    def _addable(self, path: str) -> bool:
        if path not in KEYS and not path.startswith(_OPEN):
            return False
        node: Any = self._raw
        for part in path.split("."):
            if not isinstance(node, dict):
                return False
            if part not in node:
                return True
            node = node[part]
        return False


def scenarios() -> list[str]:
    """Ids of the shipped scenarios, sorted.

    >>> "chongqing-assumed" in scenarios()
    True
    """
    return sorted(path.stem for path in (config_dir() / "scenarios").glob("*.toml"))


def check_scenario_file(path: str | Path) -> list[Problem]:
    """All problems of a scenario file; empty where it loads."""
    try:
        Scenario._from_document(read_toml(path))
    except UsageError as error:
        return list(error.problems)
    return []


def _read_value(value: Any) -> Any:
    """A value as a file would hold it: text that stands for a number, list or table is read."""
    if hasattr(value, "item"):  # a NumPy number, as sweeps in notebooks have them
        value = value.item()
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list | tuple):
        return [_read_value(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _read_value(item) for key, item in value.items()}
    if isinstance(value, str):
        try:
            return parse(f"value = {value}").data["value"]
        except UsageError:
            return value
    return value
