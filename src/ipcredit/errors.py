"""What can go wrong, said so that a person can put it right.

A :class:`Problem` is data (a code, a place, arguments); its wording in Chinese and
English lives in :mod:`ipcredit.messages`.  Errors carry *all* problems of one run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ipcredit import messages


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong and where.

    ``where`` is a file with line (``firm.toml:12``) or a sheet with cell
    (``book.xlsx:Firms!C5``), empty for data from memory.  ``key`` is the dotted key or
    field name.  ``args`` fill the message of ``code``.

    >>> Problem("firm.unknown-field", key="salse", args={"nearest": "sales"}).text("en")
    'salse: unknown field; did you mean "sales"? [firm.unknown-field]'
    """

    code: str
    where: str = ""
    key: str = ""
    args: dict[str, Any] = field(default_factory=dict, hash=False)

    def text(self, lang: str = "en") -> str:
        """The problem as one line: place, key, what is wrong, what is allowed, what to do."""
        what = messages.text(self.code, lang, **self.args)
        place = ": ".join(part for part in (self.where, self.key) if part)
        return f"{place}: {what} [{self.code}]" if place else f"{what} [{self.code}]"

    def __str__(self) -> str:
        return self.text("en")


class IpCreditError(Exception):
    """Base of every error this package raises; holds all problems found in one run."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__(self.text("en"))

    def text(self, lang: str = "en") -> str:
        """All problems, one a line, in the language asked for."""
        return "\n".join(problem.text(lang) for problem in self.problems)


class UsageError(IpCreditError):
    """The question cannot be asked: unknown policy or date, unreadable input, a path that
    does not exist or changes nothing (exit code 2)."""


class PolicyError(IpCreditError):
    """A policy file is wrong, also after a change (exit code 3)."""


class FirmError(IpCreditError):
    """What is known about a firm cannot be used as given."""


class PortfolioError(IpCreditError):
    """A book of loans cannot be used as given."""


class FundError(IpCreditError):
    """A fund file is wrong, also after a change (exit code 3)."""
