"""The period clauses of many paths against the exact waterfall, claim by claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipcredit.fund.claims import Claim, Position, Recovery
from ipcredit.fund.path_clauses import Clauses
from ipcredit.fund.path_cohorts import Cohort, Groups
from ipcredit.fund.path_money import purses_of
from ipcredit.fund.terms import (
    Breaker,
    Ceiling,
    Cover,
    CoverRule,
    Limit,
    Money,
    Party,
    Pot,
    Quota,
    Recoveries,
    Step,
    Terms,
    When,
)
from ipcredit.fund.terms import Claim as ClaimTerms
from ipcredit.fund.waterfall import pay

LENDERS, DISTRICTS, CLASSES = ("A", "B", "C"), ("north", "south"), ("x", "y")
YEARS = 6
FIRST = dt.date(2025, 6, 30)
DAYS = [FIRST + dt.timedelta(365 * t) for t in range(YEARS)]


def rule(name: str, share: str, words: tuple[str, ...] = ()) -> CoverRule:
    when = When(words=(("class", words),)) if words else When()
    return CoverRule(
        name, None, when, "", (Step(None, Fraction(share)),), False, f"cover.rules.{name}"
    )


def made(rng: np.random.Generator) -> Terms:
    """Random terms: every clause that acts on sums, each present half of the time."""

    def some(chance: float = 0.5) -> bool:
        return bool(rng.random() < chance)

    def one(*of: str) -> str:
        return of[rng.integers(len(of))]

    limits = []
    for at in range(rng.integers(0, 5)):
        measure = one("claims", "payouts")
        amount = None
        steps: tuple[Step, ...] = ()
        base = ""
        if some():
            amount = int(rng.integers(1, 40)) * 10**8
        else:
            base = one("volume", "year-volume", "balance", "opening-balance", "capital")
            steps = (Step(None, Fraction(int(rng.integers(1, 12)), 100)),)
            if some(0.3):
                steps = (
                    Step(Fraction(10**10), Fraction(9, 100)),
                    Step(None, Fraction(int(rng.integers(1, 5)), 100)),
                )
        deductible = some(0.2)
        limits.append(
            Limit(
                f"l{at}", None, measure, one("lender", "district", "fund"),
                Ceiling(amount=amount, base=base, steps=steps),
                When(words=(("class", ("x",)),)) if some(0.3) else When(),
                some(0.4), deductible, some(0.4) and not deductible, False, f"limits.l{at}",
            )
        )  # fmt: skip
    breakers = tuple(
        Breaker(
            f"b{at}", None, one("overdue", "claims", "payouts"),
            one("volume", "balance", "capital", "year-volume"),
            one("lender", "district", "fund"), Fraction(int(rng.integers(1, 40)), 100),
            one("warning", "acceptance", "payment", "payment"),
            one("below", "year-end", "never"), some(0.3), some(0.3), f"breakers.b{at}",
        )
        for at in range(rng.integers(0, 3))
    )  # fmt: skip
    pots: tuple[Pot, ...] = ()
    shortage = one("refused", "deferred")
    if some() and shortage == "refused":
        # Which of two purses that owe for one claim pays first is a matter of the claim level.
        pots = (
            Pot("city", None, Fraction(2, 5), some(), "pots.city"),
            Pot("other", None, Fraction(3, 5), some(), "pots.other"),
        )
    parties = (Party("insurer", None, Fraction(1, 10), None, "parties.insurer"),) if some() else ()
    return Terms(
        covers="any",
        claim=ClaimTerms(False, True, 365 if some(0.3) else 0, 0, "claim"),
        cover=Cover((rule("x", "4/5", ("x",)), rule("y", "1/2", ("y",))), "first"),
        money=Money(
            int(rng.integers(2, 90)) * 10**8, None, None, None, "committed",
            shortage, (("north", Fraction(1, 2)), ("south", Fraction(1, 2))), Fraction(0), None, (), "money",
        ),
        recoveries=Recoveries(one("pro-rata", "fund-first", "lender-first"), some(0.7), "recoveries"),
        parties=parties, pots=pots, limits=tuple(limits), breakers=breakers,
        quota=Quota(Fraction(int(rng.integers(1, 5)), 100), Fraction(1, 20) if some() else None, "quota")
        if some(0.3) else None,
    )  # fmt: skip


@dataclass
class Stream:
    """The same events for both: claims, their recoveries, what lenders report."""

    claims: list[Claim]
    recoveries: list[Recovery]
    positions: list[Position]
    principal: np.ndarray  # [YEARS, G]
    back: np.ndarray  # [YEARS, G], share recovered of the defaults of a year
    lag: int
    volume: np.ndarray
    balance: np.ndarray
    opening: np.ndarray


CELLS = [(a, b, c) for a in range(3) for b in range(2) for c in range(2)]


def stream(rng: np.random.Generator) -> Stream:
    claims, recoveries = [], []
    principal = np.zeros((YEARS, len(CELLS)))
    share = np.round(rng.uniform(0, 0.9, (YEARS, len(CELLS))), 2)
    lag = int(rng.integers(1, 3))
    for t in range(YEARS):
        for at, (a, b, c) in enumerate(CELLS):
            for number in range(rng.integers(0, 3)):
                amount = int(rng.integers(1, 900)) * 10**6
                name = f"{t}-{at}-{number}"
                claims.append(
                    Claim(
                        name, name, name, LENDERS[a], DISTRICTS[b], DAYS[t], amount,
                        words={"class": CLASSES[c]},
                    )
                )  # fmt: skip
                principal[t, at] += amount
                if t + lag < YEARS:
                    back = round(amount * share[t, at])
                    recoveries.append(Recovery(DAYS[t + lag], name, back))
    new = rng.integers(10, 300, (YEARS, 6)) * 10**8
    volume = new.cumsum(axis=0)
    balance = (volume * rng.uniform(0.2, 1.0, (YEARS, 6))).astype(np.int64)
    opening = rng.integers(1, 100, 6) * 10**8
    places = [(LENDERS[at // 2], DISTRICTS[at % 2]) for at in range(6)]
    before = dt.date(2024, 12, 31)
    positions = [Position(before, *places[at], 0, int(opening[at])) for at in range(6)]
    positions += [
        Position(DAYS[t], *places[at], int(volume[t, at]), int(balance[t, at]))
        for t in range(YEARS)
        for at in range(6)
    ]
    return Stream(claims, recoveries, positions, principal, share, lag, volume, balance, opening)


def groups(terms: Terms) -> Groups:
    cells = np.array(CELLS)
    limited = {limit.name: cells[:, 2] == 0 for limit in terms.limits if limit.when.words}
    return Groups(
        cells[:, 0].astype(np.intp), cells[:, 1].astype(np.intp),
        np.where(cells[:, 2] == 0, 0.8, 0.5), 3, 2, limited,
    )  # fmt: skip


def by_period(terms: Terms, events: Stream) -> tuple[np.ndarray, np.ndarray]:
    """Fund's payments and what it got back by period and cell, in floats."""
    money = {"committed": float(terms.money.committed or 0)}
    where = groups(terms)
    purses = purses_of(terms, money, DISTRICTS, np.array([0.5, 0.5]))
    clauses = Clauses(terms, where, purses, money, 1)
    due = terms.claim.overdue_days // 365
    paid, back = np.zeros((YEARS, len(CELLS))), np.zeros((YEARS, len(CELLS)))
    cell = [2 * a + b for a, b, _ in CELLS]
    # A lender's position in a district stands in the first of its two groups there.
    weight = np.array([1.0 if c == 0 else 0.0 for _, _, c in CELLS])
    clauses.open({"balance": (events.opening[cell] * weight)[:, None]})
    before = np.zeros(6)
    for t in range(YEARS):
        if t:
            clauses.new_year()
        lent = (events.volume[t] - before)[cell] * weight
        before = events.volume[t]
        clauses.positions(lent[:, None], (events.balance[t][cell] * weight)[:, None])
        cohort = Cohort(
            t, t + due, events.principal[t][:, None], 1.0, where.share[:, None],
            {t + events.lag: events.back[t][:, None]},
        )  # fmt: skip
        flow = clauses.step(t, cohort)
        paid[t], back[t] = flow.paid[:, 0], flow.back[:, 0]
    return paid, back


def exact(terms: Terms, events: Stream) -> tuple[np.ndarray, np.ndarray]:
    """The same by the waterfall of whole minor units."""
    result = pay(terms, events.claims, events.recoveries, events.positions, until=DAYS[-1])
    paid, back = np.zeros((YEARS, len(CELLS))), np.zeros((YEARS, len(CELLS)))
    for row in result.rows:
        if row.party == "fund":
            at = int(row.claim.split("-")[1])
            if row.kind == "loss":
                paid[DAYS.index(row.day), at] += row.amount
            elif row.kind == "recovery":
                back[DAYS.index(row.day), at] += row.amount
    return paid, back


@given(st.integers(0, 2**31))
@example(0)
@settings(max_examples=60, deadline=None)
def test_a_period_pays_what_the_waterfall_pays_on_that_day(seed: int) -> None:
    rng = np.random.default_rng(seed)
    terms, events = made(rng), stream(rng)
    paid, back = by_period(terms, events)
    exact_paid, exact_back = exact(terms, events)
    # Each claim rounds down by less than a unit at each cut; amounts are about 10**8.
    np.testing.assert_allclose(paid, exact_paid, atol=300)
    np.testing.assert_allclose(back, exact_back, atol=300)
