"""What happens to a fund, dated: claims, recoveries, positions of the lenders, money of the pots.

Amounts are whole minor units of the fund's currency.  ``None`` means "not known", which is not 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ipcredit.fund.covering import COVER_RULE, OTHER_SCHEME
from ipcredit.traits import MISSING, NUMERIC, WORDS, Bools, Codes, Ints, Traits

FUND_POT: Final = "fund"
"""The pot of a fund that names none."""
_NOTHING: Mapping[str, str] = {}
_NO_NUMBERS: Mapping[str, int] = {}
_OWN_WORDS: Final = ("lender", "district", COVER_RULE)
_YES_NO: Final = {None: "", True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One loan in default that a lender claims for.

    ``overdue_on``: the first day overdue.  ``principal`` and ``interest``: overdue and claimed.
    ``own_liability``: the claimant's own share of the loss, ``other_public``: other public money
    already received for it (both only where the cover is capped by liability).  ``other_scheme``:
    whether another scheme has paid for the loan.  ``cover_rule``: the rule declared.  ``words``
    (class, mode, part), ``tags`` and ``numbers`` (amounts in minor units, the others in
    millionths) are the loan's traits, see :mod:`ipcredit.traits`.

    >>> Claim("c1", "loan-1", "firm-1", "bank-1", "north", dt.date(2026, 3, 1), 500_000).interest
    0
    """

    id: str
    loan: str
    firm: str
    lender: str
    district: str
    overdue_on: dt.date
    principal: int
    interest: int | None = 0
    own_liability: int | None = None
    other_public: int | None = None
    other_scheme: bool | None = None
    cover_rule: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    tags: frozenset[str] | None = None
    numbers: Mapping[str, int] = field(default_factory=lambda: _NO_NUMBERS)

    @property
    def whole(self) -> int:
        """Everything claimed: principal and, as far as it is known, interest."""
        return self.principal + (self.interest or 0)

    def word(self, name: str) -> str:
        """One of its words, empty where it is not known."""
        if name == OTHER_SCHEME:
            return _YES_NO[self.other_scheme]
        if name in _OWN_WORDS:
            return str(getattr(self, name))
        return self.words.get(name, "")


@dataclass(frozen=True, slots=True)
class Recovery:
    """Money recovered on a claim's loan on one day, before or after the fund has paid."""

    day: dt.date
    claim: str
    amount: int


@dataclass(frozen=True, slots=True)
class Position:
    """What a lender reports of its covered loans in one district at the end of a day.

    ``volume``: everything lent under the fund until then; ``balance``: owed then.  It holds until
    the next report of the same lender and district.
    """

    day: dt.date
    lender: str
    district: str
    volume: int
    balance: int


@dataclass(frozen=True, slots=True)
class MoneyEvent:
    """Money that joins a pot on one day (below zero: that leaves it for another use).

    It is added to what the fund file gives.  ``pot``: its name, ``fund`` where the fund names
    none; ``district``: where the pot has a purse for each.  Only the kinds given change.
    """

    day: dt.date
    pot: str = FUND_POT
    district: str = ""
    committed: int | None = None
    paid_in: int | None = None
    cash: int | None = None


def traits_of(claims: Sequence[Claim], names: Collection[str]) -> Traits:
    """The traits of claims in columns, those in ``names`` only.

    >>> claim = Claim("c", "l", "f", "bank", "north", dt.date(2026, 1, 1), 1, tags=frozenset("a"))
    >>> traits_of([claim], ["tags", "size"]).known("tags").tolist()
    [True]
    """
    words: dict[str, tuple[Codes, tuple[str, ...]]] = {}
    for name in (*WORDS, COVER_RULE, OTHER_SCHEME):
        if name in names:
            labels: dict[str, int] = {"": -1}
            codes = [labels.setdefault(claim.word(name), len(labels) - 1) for claim in claims]
            words[name] = np.array(codes, dtype=np.int32), tuple(labels)[1:]
    numbers: dict[str, Ints] = {
        name: np.array([claim.numbers.get(name, MISSING) for claim in claims], dtype=np.int64)
        for name in NUMERIC
        if name in names
    }
    tags: dict[str, Bools] = {}
    known = None
    if "tags" in names:
        known = np.array([claim.tags is not None for claim in claims], dtype=np.bool_)
        for tag in sorted({tag for claim in claims for tag in claim.tags or ()}):
            tags[tag] = np.array([tag in (claim.tags or ()) for claim in claims], dtype=np.bool_)
    return Traits(len(claims), words, tags, known, numbers)
