"""Random funds and books for tests: every clause that matters when all defaults fall on one date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ipcredit.fund.claims import Claim as Claimed
from ipcredit.fund.claims import Position, Recovery
from ipcredit.fund.one_period import Factor, Severity
from ipcredit.fund.one_period_build import Assumptions
from ipcredit.fund.terms import (
    Breaker,
    Ceiling,
    Claim,
    Cover,
    CoverRule,
    Limit,
    Money,
    Pot,
    Quota,
    Recoveries,
    Step,
    Terms,
    Uplift,
    When,
)
from ipcredit.portfolio import Portfolio

DAY = dt.date(2026, 6, 30)
ALL = When()
KINDS = ("firm", "lender", "district", "fund")


def terms_of(**changes) -> Terms:
    """A fund that pays 80 % of principal out of one pot of 10 billion."""
    rule = CoverRule("all", None, ALL, "", (Step(None, Fraction(4, 5)),), False, "cover.rules.all")
    plain = Terms(
        "any",
        Claim(False, True, 0, 0, "claim"),
        Cover((rule,), "best"),
        Money(10**12, None, None, None, "committed", "refused", (), Fraction(0), None, (), "money"),
        Recoveries("pro-rata", True, "recoveries"),
    )
    return replace(plain, **changes)


def limit(name, measure="payouts", per="lender", *, amount=None, rate=None, base="volume", **more):
    """A limit by amount, or by rate over a base."""
    steps = () if rate is None else (Step(None, Fraction(rate).limit_denominator(10**6)),)
    ceiling = Ceiling(amount, "" if rate is None else base, steps)
    given = {"when": ALL, "yearly": False, "deductible": False, "net": False, "clawback": False}
    return Limit(name, None, measure, per, ceiling, path=f"limits.{name}", **{**given, **more})


def breaker(name, per="lender", at="0.08", stops="payment", over="balance", measure="overdue"):
    """A breaker on what is overdue."""
    path = f"breakers.{name}"
    return Breaker(name, None, measure, over, per, Fraction(at), stops, "below", False, False, path)


def book_of(pd, owed, firm=None, lender=None, district=None, tier=None, **columns) -> Portfolio:
    """A book from plain lists; ``pd`` and ``tier`` by firm."""
    count = len(owed)
    firm = np.arange(count) if firm is None else np.asarray(firm)
    lender = np.zeros(count, int) if lender is None else lender
    district = np.zeros(count, int) if district is None else district
    if tier is not None:
        columns["tier"] = [f"T{tier[f]}" for f in firm]
    return Portfolio.from_arrays(
        as_of=DAY,
        firm=[f"firm-{i:05}" for i in firm],
        lender=[f"lender-{i}" for i in lender],
        district=[f"district-{i}" for i in district],
        part="knowledge",
        principal=np.asarray(owed, np.int64),
        outstanding=np.asarray(owed, np.int64),
        pd=np.asarray(pd, float)[firm],
        **columns,
    )


def random_book(rng, most=120) -> Portfolio:
    """Some firms have several loans, some at several lenders; some never or always default."""
    loans = int(rng.integers(3, most))
    firms = int(rng.integers(max(1, loans // 2), loans + 1))
    firm = np.concatenate([np.arange(firms), rng.integers(0, firms, loans - firms)])
    pd = rng.choice([0.01, 0.02, 0.05, 0.1, 0.2], firms) * rng.uniform(0.5, 1.5, firms)
    if rng.random() < 0.2:
        pd[rng.integers(0, firms)] = rng.choice([0.0, 1.0])
    home = rng.integers(0, rng.integers(1, 5), firms)
    lender = home[firm]
    moved = rng.random(loans) < rng.choice([0.0, 0.0, 0.03])
    lender = np.where(moved, (lender + 1) % (home.max() + 1), lender)
    district = rng.integers(0, rng.integers(1, 4), firms)[firm]
    owed = rng.integers(1, 60, loans) * rng.choice([10**6, 10**7, 123_457])
    mode = rng.choice(["direct", "guaranteed"], loans)
    size = owed.astype(np.int64)
    recovery = np.full(loans, rng.choice([0.0, 0.3, 0.6]))
    if rng.random() < 0.3:
        recovery = rng.choice([0.2, 0.5], loans)
    tier = rng.integers(0, 3, firms)
    return book_of(
        pd, owed, firm, lender, district, tier, mode=list(mode), size=size, recovery=recovery
    )


def random_terms(rng, book: Portfolio) -> Terms:
    """A fund with a random choice of clauses, scaled to the book."""
    owed = int(book.outstanding.sum())
    firm = int(book.owed_by_firms.max())
    limits = []
    for number in range(int(rng.choice([0, 0, 1, 1, 2, 3]))):
        per = str(rng.choice(("claim", *KINDS)))
        measure = str(rng.choice(["claims", "payouts"]))
        when = When((("mode", ("direct",)),)) if rng.random() < 0.2 else ALL
        deductible = bool(rng.random() < 0.25)
        more = {"when": when, "deductible": deductible}
        if per in ("claim", "firm"):
            share = rng.uniform(0.05, 0.3) if deductible else rng.uniform(0.3, 1.0)
            more["amount"] = int(firm * share)
        else:
            more["rate"] = round(float(rng.uniform(0.005, 0.03 if deductible else 0.2)), 4)
            more["base"] = str(rng.choice(["volume", "balance", "capital", "opening-balance"]))
        limits.append(limit(f"limit-{number}", measure, per, **more))
    breakers = []
    if rng.random() < 0.3:
        per, stops = (
            str(rng.choice(KINDS[1:])),
            str(rng.choice(["warning", "acceptance", "payment"])),
        )
        measure = str(rng.choice(["overdue", "overdue", "overdue", "claims", "payouts"]))
        at = f"{rng.uniform(0.05, 0.3):.3f}"
        breakers.append(breaker("npl", per, at, stops, measure=measure))
    pots = ()
    if rng.random() < 0.6:
        city = Fraction(int(rng.integers(1, 9)), 10)
        pots = (Pot("city", None, city, False, "pots.city"),
                Pot("local", None, 1 - city, bool(rng.random() < 0.7), "pots.local"))  # fmt: skip
    quota = Quota(Fraction(2, 100), Fraction(4, 100), "quota") if rng.random() < 0.15 else None
    rules = terms_of().cover.rules
    if rng.random() < 0.3:
        steps = (Step(Fraction(30 * 10**6), Fraction(2, 5)), Step(None, Fraction(1, 5)))
        rules = (CoverRule("bands", None, ALL, "size", steps, False, "cover.rules.bands"),)
    uplifts = (Uplift("up", None, When((("mode", ("direct",)),)), Fraction(1, 10), "cover.uplift"),)
    cover = Cover(rules, "best", uplifts if rng.random() < 0.2 else ())
    claim = Claim(False, bool(rng.random() < 0.85), 0, 0, "claim")
    money = replace(terms_of().money, committed=int(owed * rng.choice([0.02, 0.1, 0.3, 1.0])))
    return terms_of(
        claim=claim, cover=cover, limits=tuple(limits), breakers=tuple(breakers), pots=pots, quota=quota, money=money
    )  # fmt: skip


def random_assumptions(rng) -> Assumptions:
    """A factor; severity as the loans have it."""
    kind = str(rng.choice(["gaussian", "gaussian", "gamma"]))
    value = (
        float(rng.choice([0.0, 0.05, 0.2])) if kind == "gaussian" else float(rng.choice([0.2, 1.0]))
    )
    return Assumptions(Factor(kind, value), None, Severity())


def claims_of(book: Portfolio, defaulted) -> list[Claimed]:
    """The claims of one date when these firms default."""
    modes, labels = book.traits.words["mode"]
    sizes = book.traits.numbers["size"]
    return [
        Claimed(
            f"claim-{at:05}",
            book.loans[at],
            book.firms[book.firm[at]],
            book.lenders[book.lender[at]],
            book.districts[book.district[at]],
            DAY,
            int(book.outstanding[at]),
            words={"mode": labels[modes[at]]},
            numbers={"size": int(sizes[at])},
        )
        for at in np.flatnonzero(np.isin(book.firm, defaulted))
    ]


def recoveries_of(terms: Terms, book: Portfolio, claims: list[Claimed]) -> list[Recovery]:
    """What comes back before payment, where the fund pays after recovery."""
    if terms.claim.advance:
        return []
    loans = {name: at for at, name in enumerate(book.loans)}
    found = []
    for claim in claims:
        lost = int(claim.principal * (1.0 - book.recovery[loans[claim.loan]]))
        found.append(Recovery(DAY, claim.id, claim.principal - lost))
    return found


def positions_of(book: Portfolio) -> list[Position]:
    """The lenders' positions at the end of the year before: the book itself."""
    day = dt.date(DAY.year - 1, 12, 31)
    found = []
    for lender, name in enumerate(book.lenders):
        for district, place in enumerate(book.districts):
            mine = (book.lender == lender) & (book.district == district)
            if mine.any():
                volume, balance = book.principal[mine].sum(), book.outstanding[mine].sum()
                found.append(Position(day, name, place, int(volume), int(balance)))
    return found
