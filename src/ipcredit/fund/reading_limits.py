"""Read what bounds a fund and what money it has: limits, breakers, fees, pots' money, recoveries."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ipcredit.fund.reading import (
    decided,
    in_percent,
    items,
    one_of,
    path_of,
    share,
    steps,
    told,
    when,
)
from ipcredit.fund.terms import (
    BASES,
    BREAKER_MEASURES,
    BREAKER_SCOPES,
    CAPITALS,
    KINDS,
    LIFTS,
    MEASURES,
    RECOVERY_ORDERS,
    SCOPES,
    SHORTAGES,
    STOPS,
    SURCHARGE_MEASURES,
    Breaker,
    Ceiling,
    Fee,
    Growth,
    Leverage,
    Limit,
    Money,
    Pot,
    Quota,
    Recoveries,
    Step,
    Surcharge,
    TopUp,
    Unpublished,
    Use,
)
from ipcredit.reader import Cursor, Title, shown

CEILINGS = ("amount", "rate", "bands", "grows")
FOUR = ("measure", "over", "per", "stops")
"""What a breaker must say: what is measured, over what, per whom, and what stops."""
MOST_LEVERAGE = 1_000
_NONE = Fraction(0)


def limit(name: str, cur: Cursor) -> Limit:
    """An upper limit (or a deductible) on claims or payouts."""
    title = cur.title()
    measure = told(cur, "measure", MEASURES, required=True)
    per = told(cur, "per", SCOPES, required=True)
    test = when(cur)
    deductible = told(cur, "kind", KINDS, KINDS[0]) == "deductible"
    flags = {key: decided(cur, key) for key in ("yearly", "net", "clawback")}
    if flags["clawback"] and (measure != "payouts" or deductible):
        cur.problem("policy.clawback", "clawback")
    ceiling = _ceiling(cur)
    cur.finish((*CEILINGS, "of", "guarantee_rate"))
    return Limit(
        name, title, measure, per, ceiling, test, flags["yearly"], deductible, flags["net"],
        flags["clawback"], path_of(cur),
    )  # fmt: skip


def _ceiling(cur: Cursor) -> Ceiling:
    chosen = one_of(cur, CEILINGS)
    if not chosen:
        for key in ("of", "guarantee_rate"):
            cur.take(key)
        return Ceiling()
    if chosen == "amount":
        return Ceiling(cur.money("amount"))
    base = told(cur, "of", BASES, required=True)
    guaranteed = share(cur, "guarantee_rate")
    rate = Fraction(1) if guaranteed is None else guaranteed
    if chosen == "bands":
        return Ceiling(None, base, steps(cur, "bands", "rate", money=True), rate)
    if chosen == "rate":
        return Ceiling(None, base, (Step(None, share(cur, "rate") or _NONE),), rate)
    growth = _growth(cur)
    found = () if growth is None else (Step(None, growth.rate),)
    return Ceiling(None, base, found, rate, growth)


def _growth(cur: Cursor) -> Growth | None:
    table = cur.child("grows")
    if table is None:
        return None
    initial, unused, part, most = (
        share(table, key, required=True) or _NONE for key in ("initial", "unused", "share", "most")
    )
    factor = table.number("factor", low=0, high=10, required=True) or _NONE
    table.finish()
    return Growth(initial, unused, part, factor, most)


def quota(cur: Cursor) -> Quota:
    """A lender's allowance that new loans feed."""
    rate = share(cur, "rate", required=True)
    found = Quota(rate or _NONE, share(cur, "most"), path_of(cur))
    cur.finish()
    return found


def breaker(name: str, cur: Cursor) -> Breaker:
    """What stops the fund, at which ratio; the four things of :data:`FOUR` are never implied."""
    missing = [key for key in FOUR if not cur.has(key)]
    if missing:
        cur.problem("policy.breaker-four", given=", ".join(missing))
    title = cur.title()
    words = (BREAKER_MEASURES, BASES, BREAKER_SCOPES, STOPS)
    measure, over, per, stops = (
        told(cur, key, allowed) for key, allowed in zip(FOUR, words, strict=True)
    )
    at = share(cur, "at", required=True)
    lifts = told(cur, "lifts", LIFTS, LIFTS[0])
    strict, yearly = decided(cur, "strict"), decided(cur, "yearly")
    cur.finish()
    return Breaker(
        name, title, measure, over, per, at or _NONE, stops, lifts, strict, yearly, path_of(cur)
    )


def leverage(cur: Cursor) -> Leverage:
    """The bound on the balance covered, in multiples of a capital."""
    most = cur.number("most", low=0, high=MOST_LEVERAGE, required=True)
    capital = told(cur, "capital", CAPITALS, required=True)
    cur.finish()
    return Leverage(most or _NONE, capital, path_of(cur))


def fee(name: str, cur: Cursor) -> Fee:
    """A yearly fee, with surcharges by experience."""
    title, rate = cur.title(), share(cur, "rate", required=True)
    waived = decided(cur, "waived")
    found: list[Surcharge] = []
    for table in items(cur, "surcharges") if cur.has("surcharges") else ():
        measure = told(table, "measure", SURCHARGE_MEASURES, required=True)
        at = share(table, "at", required=True)
        add = table.number("add", low=0, high=10, required=True)
        table.finish()
        before = [item.at for item in found if item.measure == measure]
        if at is not None and before and at <= before[-1]:
            table.problem("policy.band-order", "at", given=shown(table.take("at")))
        found.append(Surcharge(measure, at or _NONE, add or _NONE))
    cur.finish(("rate", "waived", "surcharges"))
    return Fee(name, title, rate or _NONE, waived, tuple(found), path_of(cur))


def unpublished(name: str, cur: Cursor) -> Unpublished:
    """A clause whose number is not public."""
    title = cur.title(required=True) or Title(name, name)
    cur.finish()
    return Unpublished(name, title, path_of(cur))


# -- money -----------------------------------------------------------------------------------


def money(cur: Cursor, pots: Sequence[Pot]) -> Money:
    """What money there is, what bounds a payment and what happens when it is short."""
    committed, paid_in = cur.money("committed"), cur.money("paid_in")
    cash, least = cur.money("cash"), share(cur, "paid_in_least")
    if committed is not None and paid_in is not None and paid_in > committed:
        cur.problem("policy.paid-in-above", "paid_in", given=cur.take("paid_in"))
    tested = told(cur, "tested", CAPITALS, required=True)
    shortage = told(cur, "shortage", SHORTAGES, required=True)
    districts = _districts(cur, needed=any(pot.by_district for pot in pots))
    interest = share(cur, "interest")
    refill = cur.child("top_up")
    top_up = None if refill is None else _top_up(refill)
    uses = tuple(_use(name, table) for name, table in cur.children("uses"))
    cur.finish()
    return Money(
        committed, paid_in, least, cash, tested, shortage, districts, interest or _NONE, top_up,
        uses, path_of(cur),
    )  # fmt: skip


def _districts(cur: Cursor, *, needed: bool) -> tuple[tuple[str, Fraction], ...]:
    value = cur.take("districts")
    if not isinstance(value, dict):
        told(cur, "districts", ("lending",), required=needed)
        if value is not None and not needed:
            cur.problem("policy.key-without-effect", "districts")
        return ()
    table, before = cur.at("districts", value), len(cur.report.problems)
    found = [(name, share(table, name) or _NONE) for name in table.rest() if _is_name(name)]
    table.finish()
    total = sum((part for _, part in found), _NONE)
    if not needed:
        cur.problem("policy.key-without-effect", "districts")
    elif total != 1 and len(cur.report.problems) == before:
        cur.problem("policy.districts-sum", "districts", given=in_percent(total))
    return tuple(found)


def _is_name(key: str) -> bool:
    return key not in ("source", "assumed", "reading")


def _top_up(cur: Cursor) -> TopUp:
    to = cur.number("to", low=0, high=10, required=True)
    found = TopUp(to or _NONE, cur.money("most"), path_of(cur))
    cur.finish()
    return found


def _use(name: str, cur: Cursor) -> Use:
    title = cur.title()
    chosen = one_of(cur, ("share", "amount"))
    part = share(cur, "share") if chosen == "share" else None
    amount = cur.money("amount") if chosen == "amount" else None
    cur.finish(("share", "amount"))
    return Use(name, title, part, amount, path_of(cur))


def recoveries(cur: Cursor) -> Recoveries:
    """How money that comes back is shared."""
    order = told(cur, "order", RECOVERY_ORDERS, required=True)
    to_pot = decided(cur, "to_pot", default=True, required=True)
    cur.finish()
    return Recoveries(order, to_pot, path_of(cur))
