"""Laws of the waterfall on random funds and streams, and the boundaries of its clauses."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund_made import terms_of
from ipcredit.errors import UsageError
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery
from ipcredit.fund.terms import (
    BASES,
    LENDER,
    Breaker,
    Ceiling,
    Limit,
    Money,
    Party,
    Pot,
    Quota,
    Recoveries,
    Step,
    Terms,
    TopUp,
    When,
)
from ipcredit.fund.waterfall import Payments, pay
from ipcredit.fund.waterfall_state import divided

START = dt.date(2025, 6, 1)
_NO_WHEN = When()
_PLAIN = terms_of()


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


# -- random funds and streams -------------------------------------------------------------------------

shares = st.integers(0, 20).map(lambda twentieths: Fraction(twentieths, 20))
small = st.integers(0, 400)
scopes = st.sampled_from(("claim", "firm", "lender", "district", "fund"))


@st.composite
def limits(draw: st.DrawFn, at: int) -> Limit:
    measure = draw(st.sampled_from(("claims", "payouts")))
    deductible = draw(st.booleans())
    if draw(st.booleans()):
        ceiling = Ceiling(amount=draw(small))
    else:
        steps = (Step(None, draw(shares)),)
        ceiling = Ceiling(base=draw(st.sampled_from(BASES)), steps=steps)
    return Limit(
        f"l{at}", None, measure, draw(scopes), ceiling, _NO_WHEN, draw(st.booleans()), deductible,
        draw(st.booleans()), measure == "payouts" and not deductible and draw(st.booleans()),
        f"limits.l{at}",
    )  # fmt: skip


@st.composite
def breakers(draw: st.DrawFn, at: int) -> Breaker:
    return Breaker(
        f"b{at}", None, draw(st.sampled_from(("overdue", "claims", "payouts"))),
        draw(st.sampled_from(BASES)), draw(st.sampled_from(("lender", "district", "fund"))),
        draw(st.integers(1, 20).map(lambda part: Fraction(part, 40))),
        draw(st.sampled_from(("warning", "lending", "acceptance", "payment"))),
        draw(st.sampled_from(("below", "year-end", "never"))), draw(st.booleans()),
        draw(st.booleans()), f"breakers.b{at}",
    )  # fmt: skip


@st.composite
def parties(draw: st.DrawFn, most: Fraction) -> tuple[Party, ...]:
    chosen = draw(st.sampled_from(("none", "insurer", "guarantor", "lender")))
    part = most * draw(shares)
    if chosen == "insurer":
        return (Party("insurer", None, part, None, "parties.insurer"),)
    if chosen == "guarantor":
        return (
            Party(LENDER, None, part, None, "parties.lender"),
            Party("guarantor", None, None, None, "parties.guarantor"),
        )
    return (Party(LENDER, None, most, None, "parties.lender"),) if chosen == "lender" else ()


@st.composite
def funds(draw: st.DrawFn, *, limited: bool = True) -> Terms:
    share = draw(shares)
    rule = replace(_PLAIN.cover.rules[0], steps=(Step(None, share),))
    pots: tuple[Pot, ...] = ()
    if draw(st.booleans()):
        part = draw(shares)
        pots = (
            Pot("city", None, part, False, "pots.city"),
            Pot("local", None, 1 - part, True, "pots.local"),
        )
    refill = TopUp(Fraction(1), None, "money.top_up")
    tested = draw(st.sampled_from(("committed", "paid-in", "cash")))
    amount = draw(st.integers(0, 1500))
    money = Money(
        amount, amount, None, amount, tested, draw(st.sampled_from(("refused", "deferred"))),
        (("north", Fraction(1, 3)), ("south", Fraction(2, 3))), Fraction(0), refill, (), "money",
    )  # fmt: skip
    wait = draw(st.sampled_from((0, 30)))
    return replace(
        _PLAIN,
        claim=replace(_PLAIN.claim, interest=draw(st.booleans()), waiting_days=wait),
        cover=replace(_PLAIN.cover, rules=(rule,)),
        money=money,
        pots=pots,
        parties=draw(parties(1 - share)),
        recoveries=Recoveries(
            draw(st.sampled_from(("pro-rata", "fund-first", "lender-first"))),
            draw(st.booleans()),
            "recoveries",
        ),
        limits=tuple(draw(limits(at)) for at in range(draw(st.integers(0, 3)) if limited else 0)),
        quota=Quota(draw(shares), draw(shares), "quota")
        if limited and draw(st.booleans())
        else None,
        breakers=tuple(
            draw(breakers(at)) for at in range(draw(st.integers(0, 2)) if limited else 0)
        ),
    )


lenders, districts = st.sampled_from(("b1", "b2")), st.sampled_from(("north", "south"))
days = st.integers(0, 400)


@st.composite
def claim_lists(draw: st.DrawFn, most_days: int = 400) -> list[Claim]:
    return [
        Claim(
            f"c{at}", f"loan{at}", f"f{draw(st.integers(0, 2))}", draw(lenders), draw(districts),
            day(draw(st.integers(0, most_days))), draw(small), draw(st.integers(0, 30)),
        )
        for at in range(draw(st.integers(1, 7)))
    ]  # fmt: skip


@st.composite
def position_lists(draw: st.DrawFn) -> list[Position]:
    found = []
    for lender in ("b1", "b2"):
        for district in ("north", "south"):
            volume = 0
            for when in (-300, 0, draw(days)):
                volume = max(volume + draw(st.integers(-50, 500)), 0)
                item = Position(day(when), lender, district, volume, draw(st.integers(0, volume)))
                found.append(item)
    return list({(item.day, item.lender, item.district): item for item in found}.values())


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Any], ...]:
    claims = draw(claim_lists())
    of = st.sampled_from([claim.id for claim in claims])
    recoveries = [
        Recovery(day(draw(st.integers(0, 600))), draw(of), draw(small))
        for _ in range(draw(st.integers(0, 6)))
    ]
    return claims, recoveries, draw(position_lists())


def events_for(terms: Terms, amount: int, when: int) -> list[MoneyEvent]:
    pot = terms.pots[1].name if terms.pots else "fund"
    place = "north" if terms.pots else ""
    return [MoneyEvent(day(when), pot, place, amount, amount, amount)]


cases = st.tuples(funds(), streams(), st.integers(0, 300), days)


def paid(case: tuple[Any, ...], until: dt.date | None = None) -> Payments:
    terms, (claims, recoveries, positions), amount, when = case
    return pay(terms, claims, recoveries, positions, events_for(terms, amount, when), until)


# -- laws ---------------------------------------------------------------------------------------------


@given(cases)
def test_what_all_parties_bear_is_the_loss_and_nobody_pays_below_zero(
    case: tuple[Any, ...],
) -> None:
    for item in paid(case).decisions:
        assert item.fund + sum(item.parties.values()) == item.loss
        assert item.loss + item.recovered_before == item.claim.principal + item.claim.interest
        assert min(item.fund, item.owed, item.clawed_back, item.returned, item.eligible) >= 0
        assert min(item.parties.values()) >= 0
        assert item.returned <= item.fund


@given(cases)
def test_the_rows_are_the_decisions(case: tuple[Any, ...]) -> None:
    result = paid(case)
    rows = Counter[tuple[str, str]]()
    recovered = Counter[str]()
    for row in result.rows:
        if row.kind == "recovery":
            recovered[row.claim] += row.amount
        else:
            rows[row.claim, row.party] += row.amount
    for item in result.decisions:
        borne = {**item.parties, "fund": item.fund} if item.settled else {}
        mine = {party: amount for (claim, party), amount in rows.items() if claim == item.claim.id}
        assert {k: v for k, v in mine.items() if v} == {k: v for k, v in borne.items() if v}
    given_back = Counter[str]()
    for recovery in case[1][1]:
        given_back[recovery.claim] += recovery.amount
    assert +recovered == +given_back
    assert [row.day for row in result.rows] == sorted(row.day for row in result.rows)


@given(cases)
def test_a_pot_never_pays_money_it_has_not_got(case: tuple[Any, ...]) -> None:
    result = paid(case)
    for pot in result.pots:
        assert pot.left == pot.capital - pot.paid + pot.back >= 0
    spent = Counter[tuple[str, str]]()
    for row in result.rows:
        if row.pot and row.kind == "loss":
            spent[row.pot, row.district] += row.amount
    last = {(pot.pot, pot.district): pot for pot in result.pots}
    assert dict(+spent) == {key: pot.paid for key, pot in last.items() if pot.paid}


@given(cases)
def test_nothing_is_paid_while_a_breaker_stops_payment(case: tuple[Any, ...]) -> None:
    result = paid(case)
    stopping = {item.path: item.per for item in case[0].breakers if item.stops == "payment"}
    by_id = {item.claim.id: item.claim for item in result.decisions}
    for row in result.rows:
        if row.party != "fund" or row.kind != "loss":
            continue
        claim = by_id[row.claim]
        scope = {"lender": claim.lender, "district": claim.district, "fund": ""}
        for path, per in stopping.items():
            events = [
                event
                for event in result.breakers
                if (event.path, event.scope) == (path, scope[per]) and event.day <= row.day
            ]
            assert not events or not events[-1].tripped


@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(case: tuple[Any, ...], rng: random.Random) -> None:
    terms, stream, amount, when = case
    mixed = tuple(rng.sample(items, len(items)) for items in stream)
    assert paid((terms, mixed, amount, when)) == paid(case)


@given(cases)
def test_what_was_decided_by_a_day_does_not_depend_on_what_comes_later(
    case: tuple[Any, ...],
) -> None:
    whole = paid(case)
    for until in {row.day for row in whole.rows[:3]}:
        part = paid(case, until)
        assert part.rows == tuple(row for row in whole.rows if row.day <= until)
        assert part.last_day == until


@given(funds(), claim_lists(0), position_lists(), st.data())
def test_lifting_a_cap_never_lowers_what_is_paid_on_one_day(
    terms: Terms, claims: list[Claim], positions: list[Position], data: st.DataObject
) -> None:
    caps = tuple(item for item in terms.limits if not item.deductible)
    terms = replace(terms, limits=caps, breakers=())
    before = pay(terms, claims, (), positions).paid
    if caps:
        gone = data.draw(st.sampled_from(caps))
        kept = tuple(item for item in caps if item is not gone)
        # An odd unit may go to another claim, whose share of it is lost in rounding.
        assert pay(replace(terms, limits=kept), claims, (), positions).paid >= before - len(claims)
    without = pay(replace(terms, limits=(), quota=None), claims, (), positions).paid
    assert without >= before


@given(funds(), st.integers(1, 4), st.integers(0, 10_000), st.data())
def test_splitting_a_loan_changes_its_payment_by_at_most_one_unit_a_piece(
    terms: Terms, pieces: int, principal: int, data: st.DataObject
) -> None:
    terms = replace(
        terms,
        limits=tuple(item for item in terms.limits if item.per != "claim" and not item.deductible),
    )
    cuts = sorted(
        data.draw(st.lists(st.integers(0, principal), min_size=pieces - 1, max_size=pieces - 1))
    )
    amounts = [b - a for a, b in pairwise([0, *cuts, principal])]
    whole = Claim("c", "l", "f", "b1", "north", day(0), principal)
    parts = [replace(whole, id=f"c{at}", principal=part) for at, part in enumerate(amounts)]
    positions = data.draw(position_lists())
    one, many = pay(terms, [whole], (), positions), pay(terms, parts, (), positions)
    assert abs(one.paid - many.paid) <= len(parts)


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=8), st.data())
def test_division_is_exact_and_within_one_unit(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    parts = divided(weights, total)
    assert sum(parts) == total
    for weight, part in zip(weights, parts, strict=True):
        assert part <= weight
        assert abs(part * sum(weights) - weight * total) <= max(sum(weights), 1)


# -- what random streams do not hit -------------------------------------------------------------------


def claim(identity: str, principal: int, when: int = 0, **more: Any) -> Claim:
    found = Claim(identity, "l", f"f-{identity}", "b1", "north", day(when), principal)
    return replace(found, **more)


def fund_pays(result: Payments) -> dict[str, int]:
    return {item.claim.id: item.fund for item in result.decisions}


BOOK = (Position(day(-200), "b1", "north", 1000, 1000),)


@pytest.mark.parametrize(("principal", "expected"), [(99, 99), (100, 100), (101, 100)])
@pytest.mark.parametrize("measure", ["claims", "payouts"])
def test_a_limit_at_its_ceiling(principal: int, expected: int, measure: str) -> None:
    limit = {"measure": measure, "per": "fund", "rate": 0.1, "of": "volume"}
    terms = terms_of(cover={"rules": {"all": {"share": 1.0}}}, limits={"cap": limit})
    result = pay(terms, [claim("a", principal)], (), BOOK)
    assert fund_pays(result) == {"a": expected}
    assert result.of("a").lowered == (() if principal <= 100 else ("limits.cap",))
    assert result.limits[0].used == expected


@pytest.mark.parametrize(
    ("strict", "overdue", "status"),
    [
        (False, 79, "paid"), (False, 80, "deferred"), (False, 81, "deferred"),
        (True, 80, "paid"), (True, 81, "deferred"),
    ],
)  # fmt: skip
def test_a_breaker_at_its_threshold(strict: bool, overdue: int, status: str) -> None:
    breaker = {"measure": "overdue", "over": "balance", "per": "lender", "at": 0.08,
               "stops": "payment", "lifts": "below", "strict": strict}  # fmt: skip
    result = pay(terms_of(breakers={"npl": breaker}), [claim("a", overdue)], (), BOOK)
    assert result.of("a").status == status
    assert len(result.breakers) == (status == "deferred")


@pytest.mark.parametrize(
    ("lifts", "settled"),
    [("below", day(30)), ("year-end", day(220)), ("never", None)],
)
def test_when_a_breaker_lifts(lifts: str, settled: dt.date | None) -> None:
    breaker = {"measure": "overdue", "over": "balance", "per": "lender", "at": 0.08,
               "stops": "payment", "lifts": lifts}  # fmt: skip
    result = pay(
        terms_of(breakers={"npl": breaker}),
        [claim("a", 80)],
        [Recovery(day(30), "a", 1)],
        BOOK,
        [MoneyEvent(day(220), committed=0)],  # a day of the stream in the next year
    )
    assert result.of("a").settled == settled
    assert result.of("a").reason == ("" if settled else "breakers.npl")


def test_over_nothing_any_claim_trips_a_breaker_and_no_claim_does_not() -> None:
    breaker = {
        "measure": "overdue",
        "over": "balance",
        "per": "fund",
        "at": 0.5,
        "stops": "payment",
    }
    nothing = (Position(day(-1), "b1", "north", 0, 0),)
    terms = terms_of(breakers={"npl": breaker})
    assert pay(terms, [claim("a", 1)], (), nothing).of("a").status == "deferred"
    assert pay(terms, [claim("a", 0)], (), nothing).of("a").status == "paid"


def test_a_net_cap_gets_its_room_back_and_a_gross_one_does_not() -> None:
    limit = {"measure": "payouts", "per": "lender", "amount": "1 元", "net": True}
    stream = ([claim("a", 200), claim("b", 200, 60)], [Recovery(day(30), "a", 50)])
    # 100 of 160 paid on 200; of 50 recovered the fund gets 100 / 200.
    assert fund_pays(pay(terms_of(limits={"cap": limit}), *stream)) == {"a": 100, "b": 25}
    gross = {**limit, "net": False}
    assert fund_pays(pay(terms_of(limits={"cap": gross}), *stream)) == {"a": 100, "b": 0}


def test_a_yearly_limit_counts_calendar_years() -> None:
    limit = {"measure": "payouts", "per": "fund", "amount": "1 元", "yearly": True}
    last, first = (dt.date(2025, 12, 31) - START).days, (dt.date(2026, 1, 1) - START).days
    claims = [claim("a", 125, last), claim("b", 125, first), claim("c", 125, first + 1)]
    assert fund_pays(pay(terms_of(limits={"cap": limit}), claims)) == {"a": 100, "b": 100, "c": 0}


def test_limits_act_from_the_claim_to_the_fund_and_each_is_named() -> None:
    caps = {
        name: {"measure": "payouts", "per": name, "amount": f"0.{amount} 元"}
        for name, amount in (
            ("fund", 50),
            ("district", 60),
            ("lender", 70),
            ("firm", 80),
            ("claim", 90),
        )
    }
    decision = pay(terms_of(limits=caps), [claim("a", 200)]).of("a")
    assert decision.lowered == tuple(f"limits.{name}" for name in reversed(caps))
    assert [cut.after for cut in decision.cuts] == [90, 80, 70, 60, 50]
    assert decision.decided_by == "limits.fund"


def test_the_quota_acts_after_the_limits_of_a_lender_and_before_those_of_a_district() -> None:
    caps = {
        name: {"measure": "payouts", "per": name, "amount": f"0.{amount} 元"}
        for name, amount in (("district", 30), ("lender", 90))
    }
    terms = terms_of(limits=caps, quota={"rate": 0.06, "most": 0.5})
    decision = pay(terms, [claim("a", 200)], (), BOOK).of("a")
    assert [(cut.path, cut.after) for cut in decision.cuts] == [
        ("limits.lender", 90), ("quota", 60), ("limits.district", 30),
    ]  # fmt: skip


def test_a_refused_claim_still_leaves_the_other_parties_their_shares() -> None:
    breaker = {"measure": "overdue", "over": "balance", "per": "fund", "at": 0.01,
               "stops": "acceptance"}  # fmt: skip
    terms = terms_of(parties={"insurer": {"share": 0.1}}, breakers={"npl": breaker})
    decision = pay(terms, [claim("a", 100)], (), BOOK).of("a")
    assert (decision.status, decision.fund, decision.decided_by) == ("refused", 0, "breakers.npl")
    assert decision.parties == {"insurer": 10, LENDER: 90}


def test_the_odd_units_of_a_cut_go_by_claim_id() -> None:
    limit = {"measure": "payouts", "per": "fund", "amount": "0.02 元"}
    claims = [claim(identity, 100) for identity in ("z", "b", "a")]
    assert fund_pays(pay(terms_of(limits={"cap": limit}), claims)) == {"a": 1, "b": 1, "z": 0}


def test_a_part_owed_is_not_paid_beyond_what_the_lender_still_lacks() -> None:
    terms = terms_of(money={"paid_in": "0.1 元", "tested": "paid-in", "shortage": "deferred"},
                     recoveries={"order": "fund-first", "to_pot": False})  # fmt: skip
    result = pay(
        terms,
        [claim("a", 100)],  # 10 of 80 paid, 70 owed
        [Recovery(day(10), "a", 70)],  # 10 to the fund, 60 to the lender: it lacks 30 of its 90
        (),
        [MoneyEvent(day(20), paid_in=1000)],
    )
    assert fund_pays(result) == {"a": 40}
    assert (result.of("a").owed, result.of("a").parties) == (0, {LENDER: 60})


def test_a_net_cap_on_claims_gets_back_what_was_shared() -> None:
    limit = {"measure": "claims", "per": "lender", "amount": "1 元", "net": True}
    stream = ([claim("a", 200), claim("b", 200, 60)], [Recovery(day(30), "a", 50)])
    # 100 of a's 200 count; of the 50 recovered the fund gets 20, but 50 were shared.
    assert fund_pays(pay(terms_of(limits={"cap": limit}), *stream)) == {"a": 80, "b": 40}


def test_what_a_pot_owes_uses_up_limits_and_quota() -> None:
    money = {"paid_in": "0.1 元", "tested": "paid-in", "shortage": "deferred"}
    claims = [claim("a", 100), claim("b", 100, 10)]
    more = [MoneyEvent(day(20), paid_in=1000)]
    limit = {"measure": "payouts", "per": "fund", "amount": "1 元"}
    limited = terms_of(money=money, limits={"cap": limit})
    assert fund_pays(pay(limited, claims, (), (), more)) == {"a": 80, "b": 20}
    quota = terms_of(money=money, quota={"rate": 0.1, "most": 0.1})
    assert fund_pays(pay(quota, claims, (), BOOK, more)) == {"a": 80, "b": 20}
    refused = terms_of(money={**money, "shortage": "refused"}, limits={"cap": limit})
    assert fund_pays(pay(refused, claims, (), (), more[:0])) == {"a": 10, "b": 0}
    early = [replace(more[0], day=day(5))]  # what was refused has not used the limit up
    assert fund_pays(pay(refused, claims, (), (), early)) == {"a": 10, "b": 80}


def test_a_volume_corrected_downward_takes_nothing_from_the_quota() -> None:
    terms = terms_of(quota={"rate": 0.1, "most": 0.5})
    lower = Position(day(-10), "b1", "north", 400, 1000)
    assert fund_pays(pay(terms, [claim("a", 200)], (), [*BOOK, lower])) == {"a": 100}


def test_the_volume_of_the_year_begins_with_the_calendar_year() -> None:
    limit = {"measure": "payouts", "per": "lender", "rate": 0.1, "of": "year-volume"}
    later = Position(day(-1), "b1", "north", 1500, 1500)  # BOOK is of the year before
    assert fund_pays(
        pay(terms_of(limits={"cap": limit}), [claim("a", 200)], (), [*BOOK, later])
    ) == {"a": 50}
    other = Position(day(-2), "b2", "north", 5000, 5000)
    by_fund = terms_of(limits={"cap": {**limit, "per": "fund", "rate": 0.01}})
    result = pay(by_fund, [claim("a", 200)], (), [*BOOK, later, other])
    assert fund_pays(result) == {"a": 55}


def test_no_more_than_the_loss_is_ever_shared() -> None:
    thirds = terms_of(cover={"rules": {"most": {"share": 0.7}}})
    # Of 3 the fund paid 2; of 1 recovered it gets 0.67 -> 0, of the 2 that are left 1.33 -> 1.
    stream = ([claim("a", 3)], [Recovery(day(1), "a", 1), Recovery(day(2), "a", 10)])
    decision = pay(thirds, *stream).of("a")
    assert (decision.fund, decision.returned) == (2, 1)


def test_no_pot_gets_back_more_than_it_paid() -> None:
    pots = {"one": {"share": 0.5}, "two": {"share": 0.5}}
    terms = terms_of(pots=pots, cover={"rules": {"all": {"share": 1.0}}})
    result = pay(terms, [claim("a", 2)], [Recovery(day(at), "a", 1) for at in (1, 2)])
    back = [(row.day, row.pot) for row in result.rows if row.kind == "recovery"]
    assert back == [(day(1), "one"), (day(2), "two")]


def test_what_is_clawed_back_is_no_longer_borne_by_the_fund() -> None:
    limit = {"measure": "payouts", "per": "lender", "rate": 0.1, "of": "volume", "clawback": True}
    terms = terms_of(limits={"cap": limit})
    reports = [
        Position(day(at), "b1", "north", volume, 1)
        for at, volume in ((-1, 1000), (10, 800), (11, 800), (30, 1000))
    ]
    claims = [claim("a", 200), claim("b", 200, 40)]
    result = pay(terms, claims, [Recovery(day(20), "a", 50)], reports)
    # 100 paid, 20 clawed back once; of 50 recovered 80 / 200; then 20 of room are there again.
    assert fund_pays(result) == {"a": 80, "b": 20}
    assert (result.of("a").clawed_back, result.of("a").returned) == (20, 20)
    assert [row.amount for row in result.rows if row.kind == "clawback"] == [-20, 20]


def test_breakers_count_what_was_eligible_and_each_year_its_own() -> None:
    breaker = {"measure": "claims", "over": "volume", "per": "lender", "at": 0.08,
               "stops": "payment", "lifts": "below"}  # fmt: skip
    terms = terms_of(breakers={"npl": breaker}, claim={"overdue_days": 30})
    claims = [claim("a", 100), claim("b", 10, 1)]
    assert pay(terms, claims, (), BOOK).of("b").status == "deferred"
    assert pay(terms, claims, [Recovery(day(5), "a", 21)], BOOK).of("b").status == "paid"
    yearly = replace(_PLAIN, breakers=(replace(terms.breakers[0], measure="overdue", yearly=True),))
    old, new = [claim("a", 79), claim("b", 80, 230)], [Recovery(day(225), "a", 79)]
    assert pay(yearly, old, new, BOOK).of("b").status == "deferred"
    assert pay(yearly, [old[0], replace(old[1], principal=79)], (), BOOK).of("b").status == "paid"


def test_the_oldest_part_owed_is_paid_first_and_one_day_pro_rata() -> None:
    terms = terms_of(money={"paid_in": "0 元", "tested": "paid-in", "shortage": "deferred"})
    claims = [claim("c", 100), claim("b", 300), claim("a", 100, 5), claim("d", 100, 20)]
    money = [MoneyEvent(day(10), paid_in=200), MoneyEvent(day(20), paid_in=200)]
    assert fund_pays(pay(terms, claims, (), (), money[:1])) == {"a": 0, "b": 150, "c": 50, "d": 0}
    # 120 owed since the first day, then a's 80; d's claim finds nothing.
    result = pay(terms, claims, (), (), money)
    assert fund_pays(result) == {"a": 80, "b": 240, "c": 80, "d": 0}
    assert result.of("d").owed == 80
    assert result.of("a").lowered == ()
    assert result.of("d").lowered == ("money",)


def test_a_part_owed_waits_while_payment_is_stopped() -> None:
    breaker = {"measure": "overdue", "over": "balance", "per": "lender", "at": 0.2,
               "stops": "payment", "lifts": "never"}  # fmt: skip
    money = {"paid_in": "0 元", "tested": "paid-in", "shortage": "deferred"}
    terms = terms_of(breakers={"npl": breaker}, money=money)
    other = Position(day(-1), "b2", "north", 1000, 1000)
    claims = [claim("a", 100), claim("b", 100, lender="b2"), claim("c", 200, 5)]
    result = pay(terms, claims, (), [*BOOK, other], [MoneyEvent(day(9), paid_in=1000)])
    assert fund_pays(result) == {"a": 0, "b": 80, "c": 0}
    assert [result.of(name).status for name in "abc"] == ["paid", "paid", "deferred"]


# -- what is refused ----------------------------------------------------------------------------------


def problems(*args: Any, **named: Any) -> list[str]:
    with pytest.raises(UsageError) as caught:
        pay(*args, **named)
    return [problem.text("en") for problem in caught.value.problems]


def test_everything_that_is_absent_is_said_at_once() -> None:
    fund: dict[str, Any] = {
        "money": {"tested": "cash", "committed": "1 元"},
        "limits": {"cap": {"measure": "payouts", "per": "lender", "rate": 0.1, "of": "volume"}},
        "conditions": {"one": {"one_scheme": True}},
        "cover": {"of_liability": 0.8, "rules": {"small": {"when": {"class": "A"}, "share": 0.5}}},
    }
    assert problems(terms_of(**fund), [claim("a", 1), claim("a", -1)]) == [
        *(
            text
            for negative in (False, True)
            for text in (
                'a: claim: the claim "a" is there more than once; allowed is one row a claim; number '
                "them apart or delete one [fund-pay.claim-twice]",
                *(
                    ["a: principal: -1 minor units is out of range; allowed is 0 up to the largest "
                     "amount; correct it [fund-pay.amount]"] if negative else []
                ),
                *(
                    f"a: {name}: it is not known and a clause of the fund asks for it; allowed is a "
                    "value for every claim; fill it in [fund-pay.lacks]"
                    for name in ("class", "own_liability", "other_public", "other_scheme")
                ),
            )
        ),
        "positions: no positions are given, and these clauses are measured over them: limits.cap; "
        "allowed is a file with what each lender has lent and is owed; give it with --positions "
        "[fund-pay.positions-needed]",
        "money.cash: the fund tests its payments against cash at hand, and none is given; allowed "
        "is an amount in the fund file or in a file of money; give it with --money "
        "[fund-pay.no-capital.cash]",
    ]  # fmt: skip


def test_events_that_fit_nothing_are_refused() -> None:
    twice = [*BOOK, *BOOK]
    events = [
        MoneyEvent(day(0), "city", committed=1),
        MoneyEvent(day(0), "fund", "north", committed=1),
    ]
    assert problems(_PLAIN, [claim("a", 1)], [Recovery(day(0), "b", -1)], twice, events) == [
        'claim: there is no claim "b"; allowed are the claims of the list; correct the number '
        "[fund-pay.unknown-claim]",
        "b: amount: -1 minor units is out of range; allowed is 0 up to the largest amount; correct "
        "it [fund-pay.amount]",
        f'lender: the position of "b1" in "north" on {day(-200)} is there twice; allowed is one '
        "report a day; delete one [fund-pay.position-twice]",
        'pot: the fund has no pot "city"; allowed are fund; name one of them '
        "[fund-pay.unknown-pot]",
        'district: the pot "fund" is one for all districts; allowed is no district here; leave it '
        "blank [fund-pay.pot-no-district]",
    ]


def _limited(per: str, base: str) -> Terms:
    limit = {"measure": "payouts", "per": per, "rate": 0.1, "of": base}
    return terms_of(limits={"cap": limit})


@pytest.mark.parametrize(
    ("terms", "positions", "codes"),
    [
        (_limited("lender", "volume"), [Position(day(1), "b1", "x", 1, 1)], ["no-position.lender"]),
        (_limited("lender", "volume"), [Position(day(0), "b1", "x", 1, 1)], []),
        (_limited("lender", "volume"), [Position(day(0), "b2", "x", 1, 1)], ["no-position.lender"]),
        (_limited("district", "balance"), [Position(day(0), "b1", "x", 1, 1)], ["no-position.district"]),
        (_limited("firm", "balance"), [Position(day(1), "b1", "x", 1, 1)], ["no-position.fund"]),
        (_limited("lender", "opening-balance"), [Position(day(0), "b1", "x", 1, 1)], ["no-opening"]),
        (_limited("lender", "opening-balance"), [Position(day(-200), "b1", "x", 1, 1)], []),
        (_limited("fund", "capital"), [], []),
    ],
)  # fmt: skip
def test_positions_that_a_clause_needs(
    terms: Terms, positions: Sequence[Position], codes: list[str]
) -> None:
    try:
        pay(terms, [claim("a", 1)], (), positions)
        found = []
    except UsageError as error:
        found = [problem.code.removeprefix("fund-pay.") for problem in error.problems]
    assert found == codes


def test_districts_without_money_are_named() -> None:
    pots = {"local": {"share": 1.0, "per": "district"}}
    money = {"committed": "1 元", "districts": {"south": 1.0}}
    (text,) = problems(terms_of(pots=pots, money=money), [claim("a", 1)])
    assert text == (
        'pots.local: the pot "local" has no money for the district "north", which has claims; '
        "allowed is an amount for each district, also 0; add it or correct the district "
        "[fund-pay.no-purse]"
    )
    money = {"committed": "1 元", "districts": "lending"}
    (text,) = problems(terms_of(pots=pots, money=money), [claim("a", 1)])
    assert text.endswith("[fund-pay.no-lending]")
    by_hand = [MoneyEvent(day(0), "local", "north", committed=5)]
    terms = terms_of(pots=pots, money={"districts": "lending"})
    terms = replace(terms, money=replace(terms.money, committed=None))
    assert fund_pays(pay(terms, [claim("a", 10)], (), (), by_hand)) == {"a": 5}
    text, *_ = problems(terms, [claim("a", 10)], (), (), [replace(by_hand[0], district="")])
    assert text.startswith('district: the pot "local" is kept by district')
