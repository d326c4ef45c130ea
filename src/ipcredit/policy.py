"""A policy: one edition of a scheme, frozen, with every number's source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ipcredit.errors import PolicyError, Problem
from ipcredit.head import Reading
from ipcredit.policy_file import Content, read_content
from ipcredit.resources import config_dir
from ipcredit.rulebook import Rulebook, exact, shipped, shipped_files
from ipcredit.rules import Rules
from ipcredit.source import Document, KeyPath, read_toml


@dataclass(frozen=True, eq=False)
class Policy(Rulebook[Content]):
    """One edition of a scheme: rules, titles, sources, dates. It never changes.

    Make one with :meth:`load`; :meth:`change` returns another.

    >>> policy = Policy.load("chongqing-knowledge", on=dt.date(2023, 8, 11))
    >>> policy.edition, policy.fingerprint == policy.fingerprint
    ('2023', True)
    """

    kind: ClassVar[str] = "policy"
    _error: ClassVar[type[PolicyError]] = PolicyError

    @property
    def rules(self) -> Rules:
        """The rules as frozen data."""
        return self.content.rules

    @staticmethod
    def load(name: str | Path, on: dt.date | None = None) -> Policy:
        """The shipped policy called ``name`` (``scheme`` or ``scheme@edition``), or a file.

        ``on`` chooses the edition in force that day (default: today); of the others no more than
        their dates is read.

        Raises:
            UsageError: no such policy, or no edition known for that day.
            PolicyError: the file is wrong; holds all problems.
        """
        return Policy._find(name, on, edition_files)

    @staticmethod
    def from_canonical(data: Mapping[str, Any]) -> Policy:
        """The policy embedded in a saved result (:attr:`canonical`).

        Raises:
            PolicyError: the data are not a valid policy.
        """
        return Policy._build(exact(dict(data)), None, (), "")

    @staticmethod
    def _read(
        raw: dict[str, Any],
        edition: str,
        where: Callable[[KeyPath], str],
        changed: frozenset[str],
    ) -> Reading[Content]:
        return read_content(raw, edition, where, changed)


def edition_files(scheme: str) -> dict[str, Path]:
    """The files of a shipped scheme by edition.

    Raises:
        UsageError: there is no such scheme; the problem names the nearest and lists all.
    """
    return shipped_files(config_dir() / "policies", scheme, "policy")


def schemes() -> list[str]:
    """Ids of the shipped schemes, sorted."""
    return shipped(config_dir() / "policies")


def check_file(path: str | Path) -> list[Problem]:
    """All problems of a policy file; empty where it loads."""
    try:
        _from_document(read_toml(path))
    except PolicyError as error:
        return list(error.problems)
    return []


def _from_document(document: Document) -> Policy:
    return Policy._from_document(document)
