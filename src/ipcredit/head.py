"""What every file of rules begins with: its name and dates, and the documents its numbers come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ipcredit.editions import InForce, in_force
from ipcredit.errors import Problem
from ipcredit.money import MINOR_DIGITS
from ipcredit.reader import EVIDENCE, Cursor, Number, Report, Source, Title, shown

SCHEMA = 1
HEAD = (
    "schema", "id", "edition", "currency", "country", "in_force", "source", "assumed", "title",
    "sources",
)  # fmt: skip
"""The keys of a head."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says before its rules, every number with its source, and the sources by table."""

    id: str
    edition: str
    currency: str
    country: str
    title: Title
    in_force: InForce
    sources: tuple[Source, ...]
    numbers: tuple[Number, ...]
    scopes: Mapping[str, tuple[str, Title | None]]

    def source(self, source_id: str) -> Source | None:
        """The source called ``source_id``."""
        return next((item for item in self.sources if item.id == source_id), None)


Start = tuple[str, str, str, str, Title, InForce, tuple[Source, ...]]
"""The fields of a :class:`Head` that are known before the rules are read, in their order."""
Found = TypeVar("Found", bound=Head)
Reading = tuple[Found | None, Mapping[str, int], list[Problem]]
"""What a file says (``None`` where it is wrong), its amounts by path, and all problems."""


def read_file(
    raw: dict[str, Any], report: Report, content: Callable[[Cursor, tuple[Source, ...]], Found]
) -> Reading[Found]:
    """A whole file of rules; ``content`` reads all of it but the sources and the currency.

    Problems come in line order.
    """
    sources = tuple(_sources(raw, report))
    report.sources = {item.id: item.evidence for item in sources}
    currency = raw.get("currency")
    if isinstance(currency, str) and currency in MINOR_DIGITS:
        report.currency = currency
    else:
        given = "-" if currency is None else shown(currency)
        allowed = ", ".join(MINOR_DIGITS)
        report.problem("policy.currency", ("currency",), given=given, allowed=allowed)
    found = content(Cursor(raw, (), report), sources)
    problems = sorted(report.problems, key=_line)
    return (None if problems else found), report.money, problems


def _line(problem: Problem) -> int:
    tail = problem.where.rpartition(":")[2]
    return int(tail) if tail.isdigit() else 0


def _sources(raw: dict[str, Any], report: Report) -> list[Source]:
    table = raw.get("sources", {})
    if not isinstance(table, dict):
        report.problem("policy.not-a-table", ("sources",), given=shown(table))
        return []
    found = []
    for name, value in table.items():
        if not isinstance(value, dict):
            report.problem("policy.not-a-table", ("sources", name), given=shown(value))
            continue
        # Nothing stands behind a source: the two words of provenance are unknown keys in it.
        cur = Cursor(value, ("sources", name), report, bare=True)
        found.append(
            Source(
                name,
                cur.text("document", required=True),
                cur.title(),
                cur.date("published"),
                cur.word("evidence", EVIDENCE[:2], required=True),
                cur.title("note"),
                cur.text("url"),
            )
        )
        cur.finish(("document", "title", "published", "evidence", "url", "note"))
    return found


def read_head(top: Cursor, edition: str, sources: tuple[Source, ...]) -> Start:
    """The head of a file; ``edition`` is the name it has where it gives none itself."""
    schema = top.take("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema != SCHEMA:
        given = "-" if schema is None else shown(schema)
        top.problem("policy.schema", "schema", allowed=SCHEMA, given=given)
    identity = top.text("id", required=True)
    edition = top.text("edition", edition)
    top.take("currency")
    country = top.text("country")
    title = top.title(required=True) or Title(identity, identity)
    top.take("sources")
    dates = top.child("in_force")
    if not top.has("in_force"):
        top.problem("policy.required", "in_force")
    known = in_force(dates) if dates is not None else InForce()
    return identity, edition, top.report.currency, country, title, known, sources
