"""Firms within a hair of a cut-off, on both sides, by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ipcredit import messages
from ipcredit.assess import AnyFirms, Assessment, assess, columns_of
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.result_text import percent
from ipcredit.paper import Block, Row
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.tune.grading import cut_table, exact_total, graded_rows
from ipcredit.tune.sweep_text import page

POINTS: Final = 0.5
LISTED: Final = 20
"""Firms on the page; the frame has all."""


@dataclass(frozen=True, slots=True)
class NearFirm:
    """One firm near one cut-off: ``distance`` is points less cut-off, exact; ``reaches``: met."""

    row: int
    name: str
    points: Fraction
    tier: str
    cut_off: Fraction
    distance: Fraction
    reaches: bool


@dataclass(frozen=True, eq=False)
class Near:
    """Graded firms whose points are within ``within`` of a cut-off, the nearest first."""

    policy: Policy
    on: dt.date
    within: Fraction
    graded: int
    firms: tuple[NearFirm, ...]
    cuts: tuple[tuple[str, Fraction, int, int], ...]
    """By cut-off, best first: tier, cut-off, firms that reach it, firms that miss it."""

    @property
    def count(self) -> int:
        """Firms near at least one cut-off."""
        return len({firm.row for firm in self.firms})

    def frame(self) -> Any:
        """All of them as a pandas DataFrame, the nearest first."""
        import pandas as pd

        columns = ("row", "firm", "points", "tier", "cut_off", "distance", "reaches")
        return pd.DataFrame([_cells(firm) for firm in self.firms], columns=list(columns))

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        keys = ("row", "firm", "points", "tier", "cut_off", "distance", "reaches")
        return {
            "version": 1,
            "kind": "tune-near",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "on": self.on.isoformat(),
            "within": float(self.within),
            "graded": self.graded,
            "near": self.count,
            "cut_offs": [
                {"tier": tier, "cut_off": float(cut), "above": above, "below": below}
                for tier, cut, above, below in self.cuts
            ],
            "firms": [dict(zip(keys, _cells(firm), strict=True)) for firm in self.firms],
        }

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return page(lambda spoken: near_blocks(self, spoken), lang, width)

    def __str__(self) -> str:
        return self.text("en")


def near(
    policy: Policy, firms: AnyFirms, *, points: float = POINTS, on: dt.date | None = None
) -> Near:
    """Firms whose points lie within so many points of a cut-off, and which side they are on.

    Raises:
        UsageError: the policy has no tiers over points; ``points`` is not above 0.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> found = near(policy, population(300, seed=7), on=dt.date(2023, 8, 11))
    >>> first = found.firms[0]
    >>> first.tier, float(first.points), int(first.cut_off), first.reaches
    ('D', 40.0, 40, True)
    """
    cut_table(policy)
    batch = columns_of(firms, policy.currency)
    return near_in(assess(policy, batch, on=on or dt.date.today()), points)


def near_in(judged: Assessment, points: float = POINTS) -> Near:
    """As :func:`near`, of an assessment that is there already."""
    within = Fraction(str(points))
    if not 0 < within <= 100:
        args = {"given": points, "low": 0, "high": 100}
        raise UsageError(Problem("tune-sweep.share", key="points", args=args))
    policy = judged.policy
    table = cut_table(policy)
    of = table.measure.of
    scale = judged.plan.scales[of]
    rows = graded_rows(judged, of)
    column = judged.codes["points", of][rows].astype(np.int64)
    names = judged.firms.texts.get("name")
    found, cuts = [], []
    for band in table.bands:
        if band.cut is None:
            continue
        at = band.cut.at
        # The nearest whole numbers of the column: no float decides who is near.
        low, high = -(-(at - within) * scale // 1), (at + within) * scale // 1
        hits = np.flatnonzero((column >= int(low)) & (column <= int(high)))
        sides = [0, 0]
        for hit in hits.tolist():
            row = int(rows[hit])
            total = exact_total(judged, of, row)
            reaches = total > at if band.cut.strict else total >= at
            sides[not reaches] += 1
            name = (names[row] if names is not None else None) or str(row + 1)
            found.append(NearFirm(row, name, total, judged.tier_of(row) or "", at,
                                  total - at, reaches))  # fmt: skip
        cuts.append((band.label, at, sides[0], sides[1]))
    found.sort(key=lambda firm: (abs(firm.distance), firm.row))
    return Near(policy, judged.on, within, len(rows), tuple(found), tuple(cuts))


def plain(number: Fraction) -> str:
    """Points as people write them.

    >>> plain(Fraction(55)), plain(Fraction(-1, 20))
    ('55', '-0.05')
    """
    return f"{float(number):.10g}"


def near_blocks(found: Near, lang: str) -> Iterator[Block]:
    """The page of firms near a cut-off."""

    def say(code: str, **args: object) -> str:
        return messages.text(f"tune-sweep.{code}", lang, **args)

    reach = len({firm.row for firm in found.firms if firm.reaches})
    miss = len({firm.row for firm in found.firms if not firm.reaches})
    note = say("near.note", count=f"{found.count:,}", graded=f"{found.graded:,}",
               share=percent(found.count / max(found.graded, 1)), on=found.on.isoformat(),
               above=f"{reach:,}", below=f"{miss:,}")  # fmt: skip
    title = say("near.title", title=found.policy.title.text(lang), points=plain(found.within))
    yield Block(title, 0, notes=(note,))
    yield Block(
        say("near.by-cut"),
        columns=tuple(say(f"column.{name}") for name in ("tier", "cut", "above", "below")),
        rows=tuple(
            Row((tier, plain(cut), f"{above:,}", f"{below:,}"))
            for tier, cut, above, below in found.cuts
        ),
    )
    if not found.firms:
        return
    rest = len(found.firms) - LISTED
    yield Block(
        say("near.firms"),
        notes=(say("more-firms", count=f"{rest:,}"),) if rest > 0 else (),
        columns=tuple(say(f"column.{name}")
                      for name in ("firm", "points", "tier", "cut", "distance")),
        rows=tuple(
            Row((firm.name, plain(firm.points), firm.tier or "-", plain(firm.cut_off),
                 f"{'+' if firm.distance > 0 else ''}{plain(firm.distance)}"))
            for firm in found.firms[:LISTED]
        ),
    )  # fmt: skip


def _cells(firm: NearFirm) -> tuple[Any, ...]:
    return (firm.row, firm.name, float(firm.points), firm.tier, float(firm.cut_off),
            float(firm.distance), firm.reaches)  # fmt: skip
