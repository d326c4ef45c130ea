"""The working state of one claim while a stream is paid, and how whole units are divided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from ipcredit.fund.claims import Claim
from ipcredit.fund.terms import LENDER, Limit, Pot
from ipcredit.fund.waterfall_results import Cut, Decision, PotBalance

Key = tuple[str, int]
"""A scope of a limit, and the year where the limit starts afresh each year (else 0)."""


def divided(weights: Sequence[int], total: int) -> list[int]:
    """A total divided in proportion to weights: rounded down, the odd units one each from the
    first weight that is not 0.  Where the total is below the sum no part is above its weight.

    >>> divided([30, 30, 40], 50), divided([0, 1, 1], 1), divided([0], 5)
    ([15, 15, 20], [0, 1, 0], [0])
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [weight * total // whole for weight in weights]
    odd = total - sum(parts)
    for at, weight in enumerate(weights):
        if not odd:
            break
        if weight:
            parts[at] += 1
            odd -= 1
    return parts


class Purse:
    """One purse: a pot, or a district's part of it."""

    __slots__ = ("back", "capital", "district", "paid", "pot")

    def __init__(self, pot: Pot, district: str) -> None:
        self.pot, self.district = pot, district
        self.capital = self.paid = self.back = 0

    @property
    def left(self) -> int:
        """What it can still pay."""
        return max(self.capital - self.paid + self.back, 0)

    def balance(self, day: dt.date | None) -> PotBalance:
        """How it stands."""
        pot, district = self.pot.name, self.district
        return PotBalance(day, pot, district, self.capital, self.paid, self.back, self.left)


class Counted:
    """What one limit has counted of one claim, as far as it can give room back."""

    __slots__ = ("amount", "key", "limit", "used")

    def __init__(self, limit: Limit, used: dict[Key, int], key: Key, amount: int) -> None:
        self.limit, self.used, self.key, self.amount = limit, used, key, amount

    def release(self, amount: int) -> None:
        """Give room back, at most what was counted."""
        amount = min(amount, self.amount)
        self.amount -= amount
        self.used[self.key] -= amount


class Case:
    """One claim on its way through the waterfall."""

    __slots__ = (
        "amount", "applies", "back", "before", "borne", "claim", "clawed", "counted", "cuts", "due",
        "eligible", "got", "is_overdue", "is_settled", "loss", "most", "owed", "paid", "pots",
        "reason", "recovered", "rule", "scopes", "settled", "share", "shared", "status", "uplifts", "wanted",
    )  # fmt: skip

    def __init__(self, claim: Claim, due: dt.date) -> None:
        self.claim, self.due = claim, due
        self.scopes = {
            "claim": claim.id,
            "firm": claim.firm,
            "lender": claim.lender,
            "district": claim.district,
            "fund": "",
        }
        self.share, self.rule, self.most = Fraction(0), "", False
        self.uplifts: tuple[str, ...] = ()
        self.applies: tuple[bool, ...] = ()  # by limit
        self.status, self.reason = "not-due", ""
        self.settled: dt.date | None = None
        self.is_overdue = self.is_settled = False
        self.recovered = 0  # in all so far
        self.before = 0  # of it, before the claim was settled
        self.eligible = self.amount = self.loss = 0
        self.paid = self.clawed = self.owed = 0
        self.back = self.shared = 0  # of recoveries after settling: the fund's part; shared in all
        self.borne: dict[str, int] = {}  # by the other parties
        self.got: dict[str, int] = {}  # of recoveries, by the other parties
        self.pots: list[tuple[Purse, list[int]]] = []  # purse, [paid, returned]
        self.counted: list[Counted] = []  # by limits that may give room back
        self.cuts: list[Cut] = []
        self.wanted = (0, 0)  # what the pots were to pay, and how many clauses had lowered it

    @property
    def principal_left(self) -> int:
        """Principal not recovered so far (recoveries pay principal first)."""
        return max(self.claim.principal - self.recovered, 0)

    @property
    def out(self) -> int:
        """What the fund has paid and has neither clawed back nor got back."""
        return self.paid - self.clawed - self.back

    def lower(self, path: str, after: int) -> None:
        """A clause leaves ``after`` of the amount that is being worked on."""
        self.cuts.append(Cut(path, self.amount, after))
        self.amount = after

    def relieve(self) -> None:
        """What the pots owed is paid in full: their shortage has lowered nothing in the end."""
        amount, clauses = self.wanted
        if self.paid == amount:
            del self.cuts[clauses:]

    def decision(self) -> Decision:
        """What has become of it."""
        claim = self.claim
        loss, borne, before = self.loss, self.borne, self.before
        if not self.is_settled:  # nobody has paid: the lender carries it all
            before = min(self.recovered, claim.whole)
            loss = claim.whole - before
            borne = {LENDER: loss}
        return Decision(
            claim, self.due, self.settled, self.status, self.reason, self.share, self.rule,
            self.uplifts, self.eligible, loss, before, self.paid - self.clawed, self.owed,
            self.clawed, self.back, borne, tuple(self.cuts),
        )  # fmt: skip
