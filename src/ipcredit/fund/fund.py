"""A fund: one edition of the terms of a compensation or guarantee fund, frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ipcredit.errors import FundError, Problem
from ipcredit.fund.fund_file import Content, read_content
from ipcredit.fund.terms import Terms
from ipcredit.head import Reading
from ipcredit.resources import config_dir
from ipcredit.rulebook import Rulebook, exact, shipped, shipped_files
from ipcredit.source import KeyPath, read_toml


@dataclass(frozen=True, eq=False)
class Fund(Rulebook[Content]):
    """One edition of a fund: every clause, with titles, sources and dates. It never changes.

    Make one with :meth:`load`; :meth:`change` returns another.

    >>> fund = Fund.load("chongqing-knowledge@2019")
    >>> fund.change("cover.rules.principal.share", 0.7).terms.cover.rules[0].steps[0].rate
    Fraction(7, 10)
    """

    kind: ClassVar[str] = "fund"
    _error: ClassVar[type[FundError]] = FundError

    @property
    def terms(self) -> Terms:
        """The clauses as frozen data."""
        return self.content.terms

    @staticmethod
    def load(name: str | Path, on: dt.date | None = None) -> Fund:
        """The shipped fund called ``name`` (``fund`` or ``fund@edition``), or a file.

        ``on`` chooses the edition in force that day (default: today).

        Raises:
            UsageError: no such fund, or no edition known for that day.
            FundError: the file is wrong; holds all problems.
        """
        return Fund._find(name, on, fund_files)

    @staticmethod
    def from_canonical(data: Mapping[str, Any]) -> Fund:
        """The fund embedded in a saved result (:attr:`canonical`).

        Raises:
            FundError: the data are not a valid fund.
        """
        return Fund._build(exact(dict(data)), None, (), "")

    @staticmethod
    def _read(
        raw: dict[str, Any],
        edition: str,
        where: Callable[[KeyPath], str],
        changed: frozenset[str],
    ) -> Reading[Content]:
        return read_content(raw, edition, where, changed)


def fund_files(name: str) -> dict[str, Path]:
    """The files of a shipped fund by edition.

    Raises:
        UsageError: there is no such fund; the problem names the nearest and lists all.
    """
    return shipped_files(config_dir() / "funds", name, "fund")


def funds() -> list[str]:
    """Ids of the shipped funds, sorted.

    >>> "chongqing-knowledge" in funds()
    True
    """
    return shipped(config_dir() / "funds")


def check_fund_file(path: str | Path) -> list[Problem]:
    """All problems of a fund file; empty where it loads."""
    try:
        Fund._from_document(read_toml(path))
    except FundError as error:
        return list(error.problems)
    return []
