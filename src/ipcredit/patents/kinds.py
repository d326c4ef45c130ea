"""Kinds of rights: class, term and the figures that decide what counts, from a reference file."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ipcredit.patents.right import KINDS
from ipcredit.resources import config_dir
from ipcredit.source import read_toml

FILE: Final = "reference/right-kinds.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of right: ``cls`` is 1, 2 or 0 (counts in no class).

    ``years`` is the term from filing, ``None`` where only the record tells it; filed before
    ``change`` it is ``years_before``.  ``no_fees``: nothing has to be paid to keep it in force.
    """

    name: str
    cls: int = 0
    years: int | None = None
    change: dt.date | None = None
    years_before: int | None = None
    no_fees: bool = False


@dataclass(frozen=True, slots=True)
class KindRules:
    """The kinds by name, and the figures of single conditions (see the reference file)."""

    kinds: Mapping[str, Kind]
    carried_days: int
    one_per_family: bool
    held_years: int
    kept_years: int
    first_owners: int
    high_value_years: int
    offices: frozenset[str]
    awards: tuple[str, ...]
    assumed: tuple[tuple[str, str, str], ...] = ()  # place in the file, reason zh, reason en


@functools.cache
def kind_rules() -> KindRules:
    """The shipped rules, ``config/reference/right-kinds.toml``.

    >>> rules = kind_rules()
    >>> rules.kinds["design"].years, rules.kinds["design"].years_before, rules.carried_days
    (15, 10, 365)
    """
    data = read_toml(config_dir() / FILE).data
    kinds = {name: Kind(name) for name in KINDS}
    for name, table in data["kinds"].items():
        term = table.get("term", {})
        kinds[name] = Kind(
            name,
            table["class"],
            term.get("years"),
            term.get("before"),
            term.get("years_before"),
            table.get("no_fees", {}).get("value", False),
        )
    high = data["high_value"]
    return KindRules(
        kinds,
        data["status"]["carried_days"]["value"],
        data["one_per_family"]["value"],
        data["held"]["years"],
        data["kept"]["years"],
        data["first_owners"]["most"],
        high["kept_years"],
        frozenset(high["offices"]),
        tuple(award.casefold() for award in high["awards"]),
        tuple(_assumed(data, "")),
    )


def _assumed(table: Mapping[str, Any], path: str) -> list[tuple[str, str, str]]:
    found = []
    for name, value in table.items():
        if isinstance(value, dict) and name == "assumed":
            found.append((path, value["zh"], value["en"]))
        elif isinstance(value, dict):
            found += _assumed(value, f"{path}.{name}".lstrip("."))
    return found
