"""The clauses of a compensation or guarantee fund as frozen data: what a fund file can say.

Shares and rates are exact fractions, amounts are whole minor units of the fund's currency.
Which clause means what, and in which order clauses act, is in ``docs/fund-file.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ipcredit.reader import Title
from ipcredit.traits import PARTS

COVERS = (*PARTS, "any")
"""The part of a firm's credit that a fund covers, as in the policies; ``any``: every loan."""
PICKS = ("best", "worst", "first", "declared")
SCOPES = ("claim", "firm", "lender", "district", "fund")
"""Over whom a limit or a breaker adds up, from the narrowest to the widest."""
BASES = ("volume", "year-volume", "balance", "opening-balance", "capital")
"""Denominators: all that was lent; lent this calendar year; owed now; owed at the end of the year
before; the fund's own capital."""
MEASURES = ("claims", "payouts")
"""What a limit counts: eligible principal claimed, or what the fund pays."""
BREAKER_MEASURES = ("overdue", "claims", "payouts")
"""What a breaker watches: principal overdue and not recovered; claimed; paid by the fund."""
STOPS = ("warning", "lending", "acceptance", "payment")
"""What stops: nothing; new loans; claims falling due are refused; payment is put off."""
LIFTS = ("below", "year-end", "never")
CAPITALS = ("committed", "paid-in", "cash")
SHORTAGES = ("refused", "deferred")
APPLIES = ("whole", "slices")
"""Whether the whole amount takes the share of its band, or each part of it that of its own."""
BY = ("size", "revenue", "support_years")
"""Attributes of a loan that bands of shares go by."""
KINDS = ("cap", "deductible")
BREAKER_SCOPES = ("lender", "district", "fund")
POT_SCOPES = ("fund", "district")
SURCHARGE_MEASURES = ("overdue", "payouts")
RECOVERY_ORDERS = ("pro-rata", "fund-first", "lender-first")
LENDER = "lender"
"""The party that bears what nobody else does."""


@dataclass(frozen=True, slots=True)
class When:
    """To which loans a rule applies; every test given must hold, none given means all.

    ``words``: attribute (``class``, ``mode``, ``part``) to the words allowed.  ``tags``: at least
    one of them is on the loan.  ``at_least`` / ``below``: bounds on an attribute of
    :data:`ipcredit.traits.NUMERIC` (amounts in minor units), lower bound included, upper bound excluded;
    ``at_most`` / ``above`` the other way round.
    """

    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tags: tuple[str, ...] = ()
    at_least: tuple[tuple[str, Fraction], ...] = ()
    above: tuple[tuple[str, Fraction], ...] = ()
    at_most: tuple[tuple[str, Fraction], ...] = ()
    below: tuple[tuple[str, Fraction], ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of a loan that it asks for."""
        bounds = (*self.at_least, *self.above, *self.at_most, *self.below)
        names = (*(name for name, _ in self.words), *(name for name, _ in bounds))
        return tuple(dict.fromkeys((*names, *(("tags",) if self.tags else ()))))


@dataclass(frozen=True, slots=True)
class Step:
    """The rate from one bound to the next: ``up_to`` is included, ``None`` is open."""

    up_to: Fraction | None
    rate: Fraction


@dataclass(frozen=True, slots=True)
class CoverRule:
    """The fund's share of a claim: one share, or steps ``by`` a numeric attribute.

    ``slices``: each part of the amount at its own step's share (only by ``size``); otherwise the
    whole claim takes the share of the step it falls into.
    """

    name: str
    title: Title | None
    when: When
    by: str  # "" for one share
    steps: tuple[Step, ...]  # one step, open, for one share
    slices: bool
    path: str


@dataclass(frozen=True, slots=True)
class Uplift:
    """Percentage points added to (or, below zero, taken from) the share of the claims it fits."""

    name: str
    title: Title | None
    when: When
    points: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Which share of a claim the fund pays.

    ``most``: no share is above it after uplifts.  ``of_liability``: with all other public money
    the fund pays at most this share of the party's own liability.
    """

    rules: tuple[CoverRule, ...]
    pick: str
    uplifts: tuple[Uplift, ...] = ()
    most: Fraction | None = None
    of_liability: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who else bears a fixed share of each eligible loss (insurer, guarantor, other treasury).

    ``share`` is ``None`` for the one party that bears the rest (the lender, unless named).
    """

    name: str
    title: Title | None
    share: Fraction | None
    least: Fraction | None
    path: str


@dataclass(frozen=True, slots=True)
class Pot:
    """One purse: its share of each payment of the fund; ``by_district``: one purse a district."""

    name: str
    title: Title | None
    share: Fraction
    by_district: bool
    path: str


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate that grows with use: ``min(most, (1 + unused x share x factor) x initial)``."""

    initial: Fraction
    unused: Fraction
    share: Fraction
    factor: Fraction
    most: Fraction

    @property
    def rate(self) -> Fraction:
        """The rate in force.

        >>> tenth = Fraction(1, 10)
        >>> Growth(2 * tenth, 5 * tenth, 4 * tenth, 5 * tenth, 3 * tenth).rate
        Fraction(11, 50)
        """
        return min(self.most, (1 + self.unused * self.share * self.factor) * self.initial)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much a limit allows: a fixed amount, or steps of rates over a base.

    With ``guarantee_rate`` the base is multiplied by it first (cap = volume x guarantee rate x
    cap rate).  Each slice of the base up to ``step.up_to`` counts at its step's rate.
    """

    amount: int | None = None
    base: str = ""
    steps: tuple[Step, ...] = ()
    guarantee_rate: Fraction = Fraction(1)
    growth: Growth | None = None

    def of(self, base: int) -> int:
        """The ceiling in minor units over ``base``, rounded down.

        >>> quarter = Fraction(250_000)
        >>> steps = (Step(quarter, Fraction(9, 10)), Step(2 * quarter, Fraction(1, 2)),
        ...          Step(None, Fraction(1, 10)))
        >>> Ceiling(base="volume", steps=steps).of(2_000_000)
        500000
        """
        if self.amount is not None:
            return self.amount
        reach = base * self.guarantee_rate
        below, total = Fraction(0), Fraction(0)
        for step in self.steps:
            top = reach if step.up_to is None else min(reach, step.up_to)
            total += max(top - below, Fraction(0)) * step.rate
            below = max(below, top)
        return int(total)  # base is never negative: int() rounds down


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted may not pass the ceiling (``deductible``: only what passes it is paid).

    ``per``: over whom it adds up.  ``yearly``: it starts afresh each calendar year.  ``net``:
    what the fund recovers frees room again.  ``clawback``: where the ceiling falls below what is
    paid, the lender pays the excess back.
    """

    name: str
    title: Title | None
    measure: str
    per: str
    ceiling: Ceiling
    when: When
    yearly: bool
    deductible: bool
    net: bool
    clawback: bool
    path: str


@dataclass(frozen=True, slots=True)
class Quota:
    """A lender's allowance that each loan disbursed feeds: ``rate`` x the loan, carried over.

    It is never above ``most`` x the balance owed; each payment uses it up.
    """

    rate: Fraction
    most: Fraction | None
    path: str


@dataclass(frozen=True, slots=True)
class Breaker:
    """At ``at`` (included) and above, ``measure`` over ``over`` stops ``stops``, ``per`` whom."""

    name: str
    title: Title | None
    measure: str
    over: str
    per: str
    at: Fraction
    stops: str
    lifts: str
    strict: bool  # above ``at``, not at it
    yearly: bool  # the measure counts this calendar year only
    path: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What is a claim, and when it is due.

    ``interest``: overdue interest is eligible besides principal.  ``advance``: the fund pays
    before recovery and shares what comes in later; otherwise only the loss after
    ``waiting_days`` of recovery is paid.  Due = first day overdue + overdue_days + waiting_days.
    """

    interest: bool
    advance: bool
    overdue_days: int
    waiting_days: int
    path: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of cover; ``one_scheme``: no other scheme has paid for the loan."""

    name: str
    title: Title | None
    when: When
    one_scheme: bool
    path: str


@dataclass(frozen=True, slots=True)
class Recoveries:
    """How money recovered after a payment is shared; ``to_pot``: the fund's part can pay again."""

    order: str
    to_pot: bool
    path: str


@dataclass(frozen=True, slots=True)
class TopUp:
    """The budget refills: each year back to ``to`` x the money at the start; ``most`` a year."""

    to: Fraction
    most: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Use:
    """Another use of the same cash (bridge refinancing): at most ``share`` of it is lent out."""

    name: str
    title: Title | None
    share: Fraction | None
    amount: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Money:
    """What money there is; every amount may be left to the user (``None``).

    ``tested``: the capital a payment must not exceed.  ``shortage``: what happens to a claim that
    the pot cannot pay.  ``districts``: how the districts' money is divided (``lending``: as
    balances at the start, or the shares named).  ``interest``: a year, on cash.
    """

    committed: int | None
    paid_in: int | None
    paid_in_least: Fraction | None  # share of the commitment at the start
    cash: int | None
    tested: str
    shortage: str
    districts: tuple[tuple[str, Fraction], ...]  # empty: pro rata to lending
    interest: Fraction
    top_up: TopUp | None
    uses: tuple[Use, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Leverage:
    """The balance covered is at most ``most`` x the capital named."""

    most: Fraction
    capital: str
    path: str


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A step of a fee's surcharge: from ``at`` of the measure upward, ``add`` of the fee more."""

    measure: str  # overdue | payouts, over the balance
    at: Fraction
    add: Fraction


@dataclass(frozen=True, slots=True)
class Fee:
    """A guarantee fee a year on the covered balance, with surcharges by experience."""

    name: str
    title: Title | None
    rate: Fraction
    waived: bool
    surcharges: tuple[Surcharge, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A clause that is known to exist and whose number is not public: it is left out, visibly."""

    name: str
    title: Title
    path: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Every clause of one edition of a fund."""

    covers: str
    claim: Claim
    cover: Cover
    money: Money
    recoveries: Recoveries
    parties: tuple[Party, ...] = ()
    pots: tuple[Pot, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limits: tuple[Limit, ...] = ()
    quota: Quota | None = None
    breakers: tuple[Breaker, ...] = ()
    leverage: Leverage | None = None
    fees: tuple[Fee, ...] = ()
    unpublished: tuple[Unpublished, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of loans that some clause asks for, in the order of the clauses."""
        whens = (
            *(item.when for item in self.conditions),
            *(item.when for item in self.cover.rules),
            *(item.when for item in self.cover.uplifts),
            *(item.when for item in self.limits),
        )
        by = (rule.by for rule in self.cover.rules if rule.by)
        return tuple(dict.fromkeys((*(name for when in whens for name in when.attributes), *by)))
