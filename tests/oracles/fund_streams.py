"""Random funds and streams of claims, loaded onto thresholds: exactly at, one unit off, odd units.

Claims come first; the numbers of the clauses are then drawn from them (sums of some claims, their
own traits, ratios to a reported base), so that ties and near misses are common.  One seed gives
one stream, on every machine.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from fractions import Fraction

from ipcredit.fund import terms as t
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery

SHARES = [Fraction(n, 20) for n in range(1, 21)] + [Fraction(1, 3), Fraction(2, 3), Fraction(3, 7)]
CLASSES = ("A", "B", "C")
TAGS = ("key-list", "ip-pledged")
BEFORE = dt.date(2023, 12, 30)
"""Everybody reports on this day, so that no opening balance is unknown."""
DAYS = [
    dt.date(2024, 12, 30),
    dt.date(2024, 12, 31),
    dt.date(2025, 1, 1),
    dt.date(2025, 1, 2),
    dt.date(2025, 1, 3),
    dt.date(2025, 6, 30),
    dt.date(2025, 12, 30),
    dt.date(2025, 12, 31),
    dt.date(2026, 1, 1),
    dt.date(2026, 1, 5),
]


HUGE = 10**12
"""Amounts that no 32-bit number holds; nothing is clawed back or put off at this size, because
the engine then gives money back to the purses unit by unit."""
PROFILES = ("mixed", "mixed", "mixed", "payouts", "purses")
"""``payouts``: little stands before the limits on payouts, most of them claw back or count net;
``purses``: payments are put off for want of money that comes later."""


@dataclass(frozen=True)
class Stream:
    """One fund and everything that happens to it."""

    terms: t.Terms
    claims: tuple[Claim, ...]
    recoveries: tuple[Recovery, ...]
    positions: tuple[Position, ...]
    money: tuple[MoneyEvent, ...]


class Maker:
    """Draws one stream."""

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        self.profile = self.rng.choice(PROFILES)
        self.days = sorted(self.rng.sample(DAYS, self.rng.randint(2, 7)))
        self.lenders = ["bank-a", "bank-b", "bank-c"][: self.rng.randint(1, 3)]
        self.districts = ["east", "north", "west"][: self.rng.randint(1, 3)]
        self.firms = ["f1", "f2", "f3", "f4"][: self.rng.randint(1, 4)]
        self.scale = self.rng.choice([3, 10, 10, 100, 1_000, 10**6, HUGE])
        self.rules = ["r1", "r2", "r3"][: self.rng.choice([1, 1, 2, 3])]
        count = self.rng.choice([1, 2, 3, 4, 5, 6, 8])
        self.claims = [self.claim(number) for number in range(count)]
        self.positions = self.make_positions()

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def near(self, value: int) -> int:
        """A whole number at a threshold, one below or one above it."""
        return max(value + self.rng.choice([-1, 0, 0, 1]), 0)

    def nudge(self, value: Fraction, unit: Fraction) -> Fraction:
        return max(value + self.rng.choice([-1, 0, 0, 1]) * unit, Fraction(0))

    # ------------------------------------------------------------------ events

    def amount(self) -> int:
        return self.rng.choice([self.rng.randint(1, self.scale), self.scale, 1 + self.scale // 3])

    def claim(self, number: int) -> Claim:
        rng = self.rng
        principal = self.amount()
        return Claim(
            id=f"c{rng.randint(0, 99):02d}-{number}",
            loan=f"l{number}",
            firm=rng.choice(self.firms),
            lender=rng.choice(self.lenders),
            district=rng.choice(self.districts),
            overdue_on=rng.choice(self.days),
            principal=principal,
            interest=rng.choice([0, 0, 1, rng.randint(0, self.scale)]),
            own_liability=rng.choice([principal, principal // 2, principal * 2, 0]),
            other_public=rng.choice([0, 0, 1, principal // 4, principal]),
            other_scheme=self.maybe(0.1),
            cover_rule=rng.choice(self.rules),
            words={"class": rng.choice(CLASSES), "mode": "credit", "part": "knowledge"},
            tags=frozenset(tag for tag in TAGS if self.maybe(0.4)),
            numbers={
                "size": rng.randint(1, 3 * self.scale),
                "revenue": rng.randint(0, 3 * self.scale),
                "support_years": rng.randint(0, 12) * 1_000_000,
                "collateral_share": rng.choice([0, 299_999, 300_000, 300_001]),
                "rate_over_benchmark": rng.choice([299_999, 300_000, 300_001]),
            },
        )

    def make_recoveries(self) -> list[Recovery]:
        found = []
        for claim in self.claims:
            if self.maybe(0.4):
                continue
            later = [day for day in self.days if day >= claim.overdue_on]
            later += [claim.overdue_on + dt.timedelta(days=n) for n in (0, 1, 2, 40)]
            for _ in range(self.rng.randint(1, 4)):
                loss = claim.principal + claim.interest
                part = self.rng.choice([1, 2, max(loss // 3, 1), self.rng.randint(1, loss), loss])
                found.append(Recovery(self.rng.choice(later), claim.id, part))
        return found

    def make_positions(self) -> list[Position]:
        found = []
        for lender in self.lenders:
            for district in self.districts:
                volume = self.amount()
                found.append(Position(BEFORE, lender, district, volume, (volume + 1) // 2))
                for day in self.days:
                    if self.maybe(0.4):
                        volume += self.rng.choice([0, 1, self.amount(), 10 * self.amount()])
                        balance = self.rng.choice([volume, volume, volume // 2, volume // 3, 0])
                        found.append(Position(day, lender, district, volume, balance))
        return found

    def make_money(self, pots: tuple[t.Pot, ...]) -> list[MoneyEvent]:
        found = []
        counts = [2, 3, 5] if self.profile == "purses" else [0, 0, 1, 2, 3]
        for _ in range(self.rng.choice(counts)):
            pot, by_district = "fund", False
            if pots:
                one = self.rng.choice(pots)
                pot, by_district = one.name, one.by_district
            amounts = [self.rng.choice([self.amount(), 1, None]) for _ in range(3)]
            district = self.rng.choice(self.districts) if by_district else ""
            found.append(MoneyEvent(self.rng.choice(self.days), pot, district, *amounts))
        return found

    # ------------------------------------------------------------------ clauses

    def some_sum(self) -> int:
        """What some of the claims add up to, or a part of it."""
        some = self.rng.sample(self.claims, self.rng.randint(1, len(self.claims)))
        total = sum(claim.principal for claim in some)
        return int(total * self.rng.choice([Fraction(1), Fraction(1, 2), self.share()]))

    def share(self) -> Fraction:
        return self.rng.choice(SHARES)

    def when(self, chance: float = 0.4) -> t.When:
        if not self.maybe(chance):
            return t.When()
        rng = self.rng
        kind = rng.choice(["class", "lender", "district", "tags", "number", "number"])
        if kind == "class":
            return t.When(words=(("class", tuple(rng.sample(CLASSES, rng.randint(1, 2)))),))
        if kind == "lender":
            return t.When(words=(("lender", (rng.choice(self.lenders),)),))
        if kind == "district":
            return t.When(words=(("district", (rng.choice(self.districts),)),))
        if kind == "tags":
            return t.When(tags=tuple(rng.sample(TAGS, rng.randint(1, 2))))
        name = rng.choice(["size", "revenue", "support_years", "collateral_share"])
        bound = (name, self.bound(name))
        return t.When(**{rng.choice(["at_least", "above", "at_most", "below"]): (bound,)})

    def bound(self, name: str) -> Fraction:
        """A bound at the number of one of the claims or one unit off."""
        unit = Fraction(1) if name in ("size", "revenue") else Fraction(1, 1_000_000)
        return self.nudge(self.rng.choice(self.claims).numbers[name] * unit, unit)

    def steps(self, name: str, most: Fraction) -> tuple[t.Step, ...]:
        bounds: list[Fraction | None] = sorted({self.bound(name) for _ in range(2)} - {Fraction(0)})
        if not bounds or self.maybe(0.85):
            bounds.append(None)
        return tuple(t.Step(up_to, min(self.share(), most)) for up_to in bounds)

    def cover(self, most: Fraction) -> t.Cover:
        rules = []
        for name in self.rules:
            by = self.rng.choice(["", "", "size", "revenue", "support_years"])
            steps = self.steps(by, most) if by else (t.Step(None, min(self.share(), most)),)
            slices = by == "size" and self.maybe(0.5)
            path = f"cover.rules.{name}"
            rules.append(t.CoverRule(name, None, self.when(0.15), by, steps, slices, path))
        uplifts = []
        for name in ("u1", "u2")[: self.rng.choice([0, 0, 1, 2])]:
            points = self.rng.choice([Fraction(3, 20), Fraction(1, 20), Fraction(-1, 10)])
            path = f"cover.uplift.{name}"
            uplifts.append(t.Uplift(name, None, self.when(0.7), points, path))
        return t.Cover(
            rules=tuple(rules),
            pick=self.rng.choice(t.PICKS),
            uplifts=tuple(uplifts),
            most=most if uplifts or self.maybe(0.2) else None,
            of_liability=self.share() if self.maybe(0.2) else None,
        )

    def parties(self, room: Fraction) -> tuple[t.Party, ...]:
        found = []
        for name in ("insurer", "guarantor", "lender")[: self.rng.choice([0, 0, 0, 1, 2, 3])]:
            share = min(self.share() / 4, room)
            if share > 0:
                room -= share
                found.append(t.Party(name, None, share, None, f"parties.{name}"))
        if self.maybe(0.2):
            found.append(t.Party("treasury", None, None, None, "parties.treasury"))
        self.rng.shuffle(found)
        return tuple(found)

    def pots(self) -> tuple[t.Pot, ...]:
        shares = self.rng.choice(
            [
                [],
                [],
                [Fraction(1)],
                [Fraction(2, 5), Fraction(3, 5)],
                [Fraction(1, 2), Fraction(1, 2)],
                [Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)],
                [Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)],
            ]
        )
        return tuple(
            t.Pot(name, None, share, self.maybe(0.4), f"pots.{name}")
            for name, share in zip(("city", "area", "bank-fund"), shares, strict=False)
        )

    def money(self) -> t.Money:
        amounts = [self.near(self.some_sum()), 0, 100 * self.scale, 10**15]
        chances = {"payouts": [1, 0, 2, 4], "purses": [4, 2, 0, 0]}.get(
            self.profile, [5, 0.3, 3, 2]
        )
        committed, paid_in, cash = self.rng.choices(amounts, chances, k=3)
        shares: tuple[tuple[str, Fraction], ...] = ()
        if self.maybe(0.5):
            each = Fraction(1, len(self.districts))
            shares = tuple((name, each) for name in self.districts)
        return t.Money(
            committed=committed,
            paid_in=paid_in,
            paid_in_least=None,
            cash=cash,
            tested=self.rng.choice(t.CAPITALS),
            shortage=self.shortage(),
            districts=shares,
            interest=Fraction(0),
            top_up=None,
            uses=(),
            path="money",
        )

    def shortage(self) -> str:
        return "deferred" if self.profile == "purses" else self.rng.choice(t.SHORTAGES)

    def any_base(self) -> int:
        """A volume or balance that somebody reports, or a sum of some."""
        some = self.rng.sample(self.positions, self.rng.randint(1, min(3, len(self.positions))))
        return sum(self.rng.choice([item.volume, item.balance]) for item in some)

    def rate(self) -> Fraction:
        """A rate that takes a base to the sum of some claims, or one unit off."""
        if self.maybe(0.5):
            return Fraction(max(self.near(self.some_sum()), 1), max(self.any_base(), 1))
        return self.share()

    def ceiling(self) -> t.Ceiling:
        payouts = self.profile == "payouts"
        if self.maybe(0.1 if payouts else 0.45):
            return t.Ceiling(amount=self.near(self.some_sum()))
        base = self.rng.choice(["balance", "year-volume", "capital"] if payouts else t.BASES)
        guarantee = self.rng.choice([Fraction(1), Fraction(1), Fraction(1, 2)])
        if self.maybe(0.2):
            initial, most = self.share() / 2, self.share() / 2
            growth = t.Growth(initial, self.share(), self.share(), Fraction(1, 2), most)
            return t.Ceiling(None, base, (t.Step(None, growth.rate),), guarantee, growth)
        bounds: list[Fraction | None] = [None]
        if self.maybe(0.4):
            bounds = sorted({Fraction(self.near(self.any_base()) + 1) for _ in range(2)})
            if self.maybe(0.6):
                bounds.append(None)
        steps = tuple(t.Step(up_to, self.rate()) for up_to in bounds)
        return t.Ceiling(None, base, steps, guarantee)

    def limits(self) -> tuple[t.Limit, ...]:
        found = []
        payouts = self.profile == "payouts"
        counts = [0, 0, 0, 1] if self.profile == "purses" else [0, 1, 1, 2, 3, 4]
        for number in range(self.rng.choice(counts)):
            measure = "payouts" if payouts else self.rng.choice(t.MEASURES)
            deductible = self.maybe(0.05 if payouts else 0.2)
            cap_on_payouts = measure == "payouts" and not deductible
            name = f"m{number}"
            found.append(
                t.Limit(
                    name=name,
                    title=None,
                    measure=measure,
                    per=self.rng.choice(t.SCOPES),
                    ceiling=self.ceiling(),
                    when=self.when(0.25),
                    yearly=self.maybe(0.3),
                    deductible=deductible,
                    net=self.maybe(0.3) and not deductible,
                    clawback=cap_on_payouts and self.maybe(0.75 if payouts else 0.35),
                    path=f"limits.{name}",
                )
            )
        return tuple(found)

    def breakers(self) -> tuple[t.Breaker, ...]:
        found = []
        counts = [0, 0, 1, 1, 2, 3] if self.profile == "mixed" else [0, 0, 0, 1]
        for number in range(self.rng.choice(counts)):
            name = f"b{number}"
            found.append(
                t.Breaker(
                    name=name,
                    title=None,
                    measure=self.rng.choice(t.BREAKER_MEASURES),
                    over=self.rng.choice(t.BASES),
                    per=self.rng.choice(t.BREAKER_SCOPES),
                    at=self.rate(),
                    stops=self.rng.choice(t.STOPS),
                    lifts=self.rng.choice(t.LIFTS),
                    strict=self.maybe(0.4),
                    yearly=self.maybe(0.3),
                    path=f"breakers.{name}",
                )
            )
        return tuple(found)

    def conditions(self) -> tuple[t.Condition, ...]:
        found = []
        counts = [0, 0, 0, 0, 0, 1, 2] if self.profile == "mixed" else [0, 0, 0, 0, 0, 1]
        for number in range(self.rng.choice(counts)):
            one, path = self.maybe(0.4), f"conditions.k{number}"
            when = t.When() if one else self.when(1)
            found.append(t.Condition(f"k{number}", None, when, one, path))
        return tuple(found)

    def terms(self) -> t.Terms:
        rng = self.rng
        most = rng.choice([Fraction(4, 5), Fraction(1, 2), Fraction(27, 50), Fraction(1)])
        quota = None
        if self.maybe(0.25):
            top = self.share() if self.maybe(0.7) else None
            quota = t.Quota(self.share() / rng.choice([1, 7, 10]), top, "quota")
        return t.Terms(
            covers="any",
            claim=t.Claim(
                interest=self.maybe(0.3),
                advance=self.maybe(0.7),
                overdue_days=rng.choice([0, 0, 1, 3]),
                waiting_days=rng.choice([0, 0, 0, 1]),
                path="claim",
            ),
            cover=self.cover(most),
            money=self.money(),
            recoveries=t.Recoveries(rng.choice(t.RECOVERY_ORDERS), self.maybe(0.6), "recoveries"),
            parties=self.parties(1 - most),
            pots=self.pots(),
            conditions=self.conditions(),
            limits=self.limits(),
            quota=quota,
            breakers=self.breakers(),
        )


def stream(seed: int) -> Stream:
    """The stream of a seed."""
    maker = Maker(seed)
    terms = maker.terms()
    money = maker.make_money(terms.pots)
    recoveries = maker.make_recoveries()
    for items in (maker.claims, recoveries, maker.positions, money):
        maker.rng.shuffle(items)
    return Stream(
        terms, tuple(maker.claims), tuple(recoveries), tuple(maker.positions), tuple(money)
    )
