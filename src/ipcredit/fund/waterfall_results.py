"""What the waterfall answers, frozen: decisions by claim, dated rows, pots over time, breakers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ipcredit.fund.claims import Claim

FUND: Final = "fund"
"""The party that is the fund itself."""
STATUSES: Final = ("paid", "refused", "deferred", "not-covered", "not-due")
"""What became of a claim: settled (also with nothing paid); refused for ever by a breaker; put
off by a breaker; not covered; not yet due at the end of the stream."""
KINDS: Final = ("loss", "recovery", "clawback")


@dataclass(frozen=True, slots=True)
class Row:
    """One dated amount of one party.

    ``kind`` ``loss``: what the party bears (for the fund: pays out of ``pot``); ``recovery``: what
    it gets of money recovered; ``clawback``: what the lender pays back to a pot.  An amount below
    zero takes back an earlier one: a part paid late relieves whoever had borne it until then.
    """

    day: dt.date
    claim: str
    kind: str
    party: str
    pot: str
    district: str
    amount: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A clause that lowered a claim: its path, the amount before and after (eligible amounts for
    limits on claims, payments for the others; ``None`` where it lowered the share)."""

    path: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one claim.

    ``reason``: path of the clause that refused, deferred or left it uncovered, else empty.
    ``eligible``: the amount before limits.  ``loss``: claimed less ``recovered_before`` the day it
    was settled; ``fund`` + all of ``parties`` = ``loss``.  ``fund``: paid net of ``clawed_back``;
    ``owed``: put off for want of money in a pot; ``returned``: the fund's part of recoveries.
    """

    claim: Claim
    due: dt.date
    settled: dt.date | None
    status: str
    reason: str
    share: Fraction
    rule: str
    uplifts: tuple[str, ...]
    eligible: int
    loss: int
    recovered_before: int
    fund: int
    owed: int
    clawed_back: int
    returned: int
    parties: Mapping[str, int]
    cuts: tuple[Cut, ...]

    @property
    def lowered(self) -> tuple[str, ...]:
        """Paths of the clauses that lowered it, in the order in which they acted."""
        return tuple(cut.path for cut in self.cuts)

    @property
    def decided_by(self) -> str:
        """Path of the clause that decided: what refused it, else what lowered it last, else the
        cover rule; empty while it is not due."""
        if self.status == "not-due":
            return ""
        return self.reason or (self.cuts[-1].path if self.cuts else self.rule)


@dataclass(frozen=True, slots=True)
class PotBalance:
    """One purse at the end of a day on which it changed (``day`` ``None``: at the start).

    ``capital``: committed, paid in or put in as cash, as the fund tests it; ``left`` = capital
    less ``paid`` plus ``back`` (clawed back, and recovered where that can pay again).
    """

    day: dt.date | None
    pot: str
    district: str
    capital: int
    paid: int
    back: int
    left: int


@dataclass(frozen=True, slots=True)
class BreakerEvent:
    """A breaker trips or lifts: ``measure`` / ``base`` on that day, ``scope`` whose they are."""

    day: dt.date
    path: str
    per: str
    scope: str
    tripped: bool
    measure: int
    base: int


@dataclass(frozen=True, slots=True)
class LimitUse:
    """How far a limit is used at the end: ``year`` 0 where it does not start afresh each year;
    ``ceiling`` as on the last day it was asked, ``None`` if it never was."""

    path: str
    per: str
    scope: str
    year: int
    used: int
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Payments:
    """Everything the waterfall has decided, in an order that does not depend on the input's.

    ``decisions`` by claim id; ``rows``, ``pots`` and ``breakers`` by day.
    """

    decisions: tuple[Decision, ...]
    rows: tuple[Row, ...]
    pots: tuple[PotBalance, ...]
    breakers: tuple[BreakerEvent, ...]
    limits: tuple[LimitUse, ...]
    last_day: dt.date | None

    @property
    def paid(self) -> int:
        """What the fund has paid in all, net of what was clawed back."""
        return sum(decision.fund for decision in self.decisions)

    @property
    def returned(self) -> int:
        """The fund's part of recoveries in all."""
        return sum(decision.returned for decision in self.decisions)

    def totals(self) -> dict[str, int]:
        """What each party has borne in all; the fund under ``fund``."""
        found = {FUND: self.paid}
        for decision in self.decisions:
            for party, amount in decision.parties.items():
                found[party] = found.get(party, 0) + amount
        return found

    def of(self, claim: str) -> Decision:
        """The decision on one claim.

        Raises:
            KeyError: there is no such claim.
        """
        for decision in self.decisions:
            if decision.claim.id == claim:
                return decision
        raise KeyError(claim)
