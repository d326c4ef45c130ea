"""Read a whole fund file: its head, its sources and every clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ipcredit.fund import reading, reading_limits
from ipcredit.fund.reading import told
from ipcredit.fund.terms import COVERS, Terms
from ipcredit.head import HEAD, Head, Reading, read_file, read_head
from ipcredit.reader import Cursor, Report, Source
from ipcredit.source import KeyPath

SECTIONS = (
    *HEAD, "covers", "claim", "conditions", "cover", "parties", "pots", "money", "limits", "quota",
    "breakers", "leverage", "fees", "recoveries", "unpublished",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content(Head):
    """Everything a fund file says, checked."""

    terms: Terms


def read_content(
    raw: dict[str, Any],
    edition: str,
    where: Callable[[KeyPath], str],
    changed: frozenset[str],
) -> Reading[Content]:
    """The content of a fund, its amounts by path in minor units, and all problems."""

    def content(top: Cursor, sources: tuple[Source, ...]) -> Content:
        start = read_head(top, edition, sources)
        terms = _terms(top)
        top.finish(SECTIONS)
        report = top.report
        return Content(*start, tuple(report.numbers), report.scopes, terms)

    return read_file(raw, Report(where, changed=changed, kind="fund"), content)


def _section(top: Cursor, key: str) -> Cursor:
    """A section that every file has; an empty one, so that its keys are asked for, where it has not."""
    table = top.child(key)
    if table is None and not top.has(key):
        top.problem("policy.required", key)
    if table is not None:
        return table
    # What is asked of a section that is not there is no problem besides.
    quiet = Report(top.report.where, top.report.currency, top.report.sources)
    return Cursor({}, (key,), quiet)


def _terms(top: Cursor) -> Terms:
    covers = told(top, "covers", COVERS, required=True)
    claim = reading.claim(_section(top, "claim"))
    conditions = tuple(reading.condition(*item) for item in top.children("conditions"))
    before = len(top.report.problems)
    cover = reading.cover(_section(top, "cover"))
    parties = reading.parties(top.children("parties"))
    if len(top.report.problems) == before:  # what could not be read is not added up
        reading.check_shares(top, cover, parties)
    pots = reading.pots(top)
    limits = tuple(reading_limits.limit(*item) for item in top.children("limits"))
    quota, leverage = top.child("quota"), top.child("leverage")
    return Terms(
        covers,
        claim,
        cover,
        reading_limits.money(_section(top, "money"), pots),
        reading_limits.recoveries(_section(top, "recoveries")),
        parties,
        pots,
        conditions,
        limits,
        None if quota is None else reading_limits.quota(quota),
        tuple(reading_limits.breaker(*item) for item in top.children("breakers")),
        None if leverage is None else reading_limits.leverage(leverage),
        tuple(reading_limits.fee(*item) for item in top.children("fees")),
        tuple(reading_limits.unpublished(*item) for item in top.children("unpublished")),
    )
