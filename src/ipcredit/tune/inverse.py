"""Inverse questions: which cut-offs give these shares, which fund supports these firms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

import numpy as np

from ipcredit import messages
from ipcredit.assess import AnyFirms, assess, columns_of
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.result_text import percent
from ipcredit.paper import Block, Row
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.rules import Band
from ipcredit.tune.grading import cut_table, graded_rows
from ipcredit.tune.near import plain
from ipcredit.tune.sweep_text import page
from ipcredit.tune.varied import changed, cut_path

SHARES: Final = (0.10, 0.20, 0.30, 0.25, 0.15)
"""What the policymaker asked for: 10, 20, 30, 25 and 15 % of the firms in A to E."""
# Most digits after the point of a cut-off; totals differ by more.
_MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A cut-off that can be had, and the firms that reach it: those of this tier and above."""

    cut_off: Fraction
    firms: int


@dataclass(frozen=True, slots=True)
class TierCut:
    """One tier: its cut-off before and after, the firms in it by points and after raises.

    ``asked`` and ``reached``: firms of this tier and better ones, as asked (exact) and as found;
    ``higher`` and ``lower``: the nearest alternatives, ``None`` where there is none.
    """

    label: str
    before: Fraction
    cut_off: Fraction
    share: Fraction
    firms: int
    raised: int
    asked: Fraction
    reached: int
    higher: Choice | None
    lower: Choice | None


@dataclass(frozen=True, eq=False)
class CutOffs:
    """Cut-offs that put given shares of the graded firms into the tiers.

    ``changed`` is the policy with them (``policy`` itself where they are what it has).
    """

    policy: Policy
    changed: Policy
    on: dt.date
    graded: int
    tiers: tuple[TierCut, ...]

    def frame(self) -> Any:
        """One row for each tier as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame([self._row(tier) for tier in self.tiers])

    def _row(self, tier: TierCut) -> dict[str, Any]:
        return {
            "tier": tier.label,
            "before": float(tier.before),
            "cut_off": float(tier.cut_off),
            "asked": float(tier.share),
            "reached": tier.firms / self.graded,
            "firms": tier.firms,
            "after_raises": tier.raised,
        }

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""

        def choice(found: Choice | None) -> dict[str, Any] | None:
            if found is None:
                return None
            return {"cut_off": float(found.cut_off), "firms_down_to_here": found.firms}

        return {
            "version": 1,
            "kind": "tune-cutoffs",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "changed_fingerprint": self.changed.fingerprint,
            "on": self.on.isoformat(),
            "graded": self.graded,
            "tiers": [
                {**self._row(tier), "higher": choice(tier.higher), "lower": choice(tier.lower)}
                for tier in self.tiers
            ],
        }

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return page(lambda spoken: _blocks(self, spoken), lang, width)

    def __str__(self) -> str:
        return self.text("en")


def cutoffs_for(
    policy: Policy,
    firms: AnyFirms,
    shares: Sequence[Any] = SHARES,
    *,
    on: dt.date | None = None,
) -> CutOffs:
    """The cut-offs that put these shares of the graded firms into the tiers, best first.

    Graded are firms that meet every condition and whose points are known.  Firms with equal
    points are never split: each cut-off is the one whose number of firms is nearest (of two as
    near, the higher cut-off), and the roundest number with that effect.

    Raises:
        UsageError: the policy has no tiers over points; the shares are not one for each tier or do
            not add up to 1; no firm is graded; fewer different totals than tiers.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> found = cutoffs_for(policy, population(300, seed=7), on=dt.date(2023, 8, 11))
    >>> [(tier.label, tier.firms) for tier in found.tiers], found.graded
    ([('A', 27), ('B', 53), ('C', 80), ('D', 68), ('E', 40)], 268)
    """
    bands = [band for band in cut_table(policy).bands if band.cut is not None]
    asked = _shares(shares, bands)
    of = cut_table(policy).measure.of
    day = on or dt.date.today()
    judged = assess(policy, columns_of(firms, policy.currency), on=day)
    rows = graded_rows(judged, of)
    if not rows.size:
        raise UsageError(Problem("tune-sweep.no-firms", key="firms"))
    scale = judged.plan.scales[of]
    values, counts = np.unique(judged.codes["points", of][rows], return_counts=True)
    totals = [Fraction(int(value), scale) for value in values[::-1]]
    above = np.cumsum(counts[::-1]).tolist()
    if len(totals) < len(bands):
        args = {"given": len(totals), "tiers": len(bands)}
        raise UsageError(Problem("tune-sweep.too-few", key="firms", args=args))
    targets = [sum(asked[: at + 1], Fraction(0)) * len(rows) for at in range(len(bands))]
    chosen = _places(above, targets)
    cuts = [_cut(totals, place, band) for place, band in zip(chosen, bands, strict=True)]
    paths = {cut_path(band): _number(cut) for band, cut in zip(bands, cuts, strict=True)}
    other = changed(policy, paths)
    again = judged if other is policy else assess(other, judged.firms, on=day)
    tier = again.codes["tier", ""][rows]
    found = []
    for at, band in enumerate(bands):
        assert band.cut is not None
        place = chosen[at]
        found.append(TierCut(
            band.label, band.cut.at, cuts[at], asked[at],
            above[place] - (above[chosen[at - 1]] if at else 0), int((tier == at).sum()),
            targets[at], above[place],
            _choice(totals, above, place - 1, band), _choice(totals, above, place + 1, band),
        ))  # fmt: skip
    return CutOffs(policy, other, day, len(rows), tuple(found))


# -- inside ------------------------------------------------------------------------------------


def _shares(shares: Sequence[Any], bands: Sequence[Band]) -> list[Fraction]:
    found = [Fraction(str(share)) for share in shares]
    if len(found) != len(bands):
        args: dict[str, Any] = {"given": len(found), "tiers": len(bands),
                                "labels": ", ".join(band.label for band in bands)}  # fmt: skip
        raise UsageError(Problem("tune-sweep.shares-count", key="shares", args=args))
    if sum(found) != 1 or min(found) <= 0:
        told = {"given": plain(sum(found, Fraction(0)))}
        raise UsageError(Problem("tune-sweep.shares-sum", key="shares", args=told))
    return found


def _places(above: Sequence[int], targets: Sequence[Fraction]) -> list[int]:
    """For each target the place whose number of firms is nearest, places strictly rising.

    Each leaves room for the tiers that follow; the last tier takes all firms.
    """
    last = len(above) - 1
    found: list[int] = []
    for at, target in enumerate(targets):
        first = found[-1] + 1 if found else 0
        final = last - (len(targets) - 1 - at)
        if at == len(targets) - 1:
            found.append(last)
            break
        near = min(range(first, final + 1), key=lambda place: (abs(above[place] - target), place))
        found.append(near)
    return found


def _cut(totals: Sequence[Fraction], place: int, band: Band) -> Fraction:
    """The roundest cut-off that the firms down to a total reach and the next do not."""
    assert band.cut is not None
    here = totals[place]
    below = totals[place + 1] if place + 1 < len(totals) else min(here - 1, Fraction(floor(here)))
    for digits in range(_MOST_DIGITS):
        unit = Fraction(1, 10**digits)
        if band.cut.strict:  # below <= cut < here
            found = (ceil(here / unit) - 1) * unit
            if found >= below:
                return found
        else:  # below < cut <= here
            found = floor(here / unit) * unit
            if found > below or (found == below == here):
                return found
    return below if band.cut.strict else here


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _choice(
    totals: Sequence[Fraction], above: Sequence[int], place: int, band: Band
) -> Choice | None:
    if not 0 <= place < len(totals):
        return None
    return Choice(_cut(totals, place, band), above[place])


def _blocks(found: CutOffs, lang: str) -> Iterator[Block]:
    def say(code: str, **args: object) -> str:
        return messages.text(f"tune-sweep.{code}", lang, **args)

    notes = [say("cutoffs.note", graded=f"{found.graded:,}", on=found.on.isoformat())]
    if found.changed is found.policy:
        notes.append(say("cutoffs.same"))
    n = found.graded
    heads = ("tier", "now", "cut", "asked", "reached", "firms", "raised")
    yield Block(
        say("cutoffs.title", title=found.policy.title.text(lang)),
        0,
        notes=tuple(notes),
        columns=tuple(say(f"column.{name}") for name in heads),
        rows=tuple(
            Row((tier.label, plain(tier.before), plain(tier.cut_off), percent(float(tier.share)),
                 percent(tier.firms / n), f"{tier.firms:,}", f"{tier.raised:,}"))
            for tier in found.tiers
        ),
    )  # fmt: skip

    def choice(one: Choice | None) -> str:
        if one is None:
            return "-"
        return say("cutoffs.alternative", cut=plain(one.cut_off), share=percent(one.firms / n))

    off = [tier for tier in found.tiers if tier.reached != tier.asked]
    if off:
        columns = ("tier", "asked", "reached", "higher", "lower")
        yield Block(
            say("cutoffs.ties"),
            columns=tuple(say(f"column.{name}") for name in columns),
            rows=tuple(
                Row((tier.label, percent(float(tier.asked / n)),
                     choice(Choice(tier.cut_off, tier.reached)), choice(tier.higher),
                     choice(tier.lower)))
                for tier in off
            ),
        )  # fmt: skip
