"""The waterfall against a naive second implementation, on random streams loaded onto thresholds."""

from __future__ import annotations

import concurrent.futures
import functools
import os
from collections import Counter
from typing import Any

import pytest

from ipcredit.fund.waterfall import pay
from oracles import fund_waterfall
from oracles.fund_streams import Stream, stream

LONG = os.environ.get("IPCREDIT_LONG") == "1"
SEEDS = 100_000 if LONG else 2_000
STATUS = {
    "settled": "paid",
    "uncovered": "not-covered",
    "refused": "refused",
    "deferred": "deferred",
    "open": "not-due",
}


def rest_of(item: Stream) -> str:
    return next((party.name for party in item.terms.parties if party.share is None), "lender")


def may_change(item: Stream, path: str) -> bool:
    """Whether a cut is one of a pot that pays its missing part later (the rows say when)."""
    return item.terms.money.shortage == "deferred" and path.startswith(("pots.", "money"))


def still_owed(owed: int, borne: int, got: int) -> int:
    """What the fund owes and can still pay: not more than what the party that bears it lacks."""
    return min(owed, max(borne - got, 0))


def by_engine(item: Stream) -> dict[Any, Any]:
    """Everything that the engine says of a stream, one entry a fact."""
    found = pay(item.terms, item.claims, item.recoveries, item.positions, item.money)
    facts: dict[Any, Any] = {}
    rest = rest_of(item)
    late = functools.partial(may_change, item)
    for it in found.decisions:
        name = it.claim.id
        facts[name, "due"] = it.due
        facts[name, "status"] = (it.status, it.settled)
        facts[name, "stopped by"] = it.reason if it.status in ("refused", "deferred") else ""
        facts[name, "fund"] = (it.fund, it.clawed_back, it.returned)
        if it.settled:
            facts[name, "loss"] = (it.loss, it.eligible, it.recovered_before)
            facts[name, "parties"] = {k: v for k, v in it.parties.items() if v}
            got = sum(
                row.amount
                for row in found.rows
                if (row.claim, row.kind, row.party) == (name, "recovery", rest)
                and row.day > it.settled
            )
            facts[name, "owed"] = still_owed(it.owed, it.parties.get(rest, 0), got)
        if it.status == "paid":
            facts[name, "cover"] = (it.rule, it.share)
            facts[name, "cuts"] = [
                (cut.path, cut.before, cut.after)
                for cut in it.cuts
                if cut.before is not None and not late(cut.path)
            ]
    rows: Counter[Any] = Counter()
    for row in found.rows:
        rows[row.day, row.claim, row.kind, row.party, row.pot, row.district] += row.amount
    facts |= {("row", *key): amount for key, amount in rows.items() if amount}
    left: dict[tuple[str, str], int] = {}
    for pot in found.pots:
        purse = (pot.pot, pot.district)
        if pot.left != left.get(purse, 0):
            facts["pot", pot.day, *purse] = left[purse] = pot.left
    for trip in found.breakers:
        scope = "" if trip.per == "fund" else trip.scope
        facts["breaker", trip.day, trip.path, scope] = (trip.tripped, trip.measure, trip.base)
    for use in found.limits:
        if use.used:
            facts["used", use.path, "" if use.per == "fund" else use.scope, use.year] = use.used
    return facts


def by_oracle(item: Stream) -> dict[Any, Any]:
    """The same facts by the oracle."""
    found = fund_waterfall.pay(item.terms, item.claims, item.recoveries, item.positions, item.money)
    facts: dict[Any, Any] = {}
    rest = rest_of(item)
    late = functools.partial(may_change, item)
    for name, it in found.cases.items():
        facts[name, "due"] = it.due
        facts[name, "status"] = (STATUS[it.status], it.settled)
        facts[name, "stopped by"] = it.reason if it.status in ("refused", "deferred") else ""
        facts[name, "fund"] = (it.fund, it.clawed_back, it.got["fund"])
        if it.settled:
            facts[name, "loss"] = (
                it.loss,
                it.eligible,
                min(it.before, it.claim.principal + it.claim.interest),
            )
            facts[name, "parties"] = {k: v for k, v in it.parties.items() if v}
            facts[name, "owed"] = still_owed(sum(it.owed.values()), it.parties[rest], it.got[rest])
        if it.status == "settled":
            facts[name, "cover"] = (f"cover.rules.{it.rule}", it.share)
            facts[name, "cuts"] = [cut for cut in it.cuts if not late(cut[0])]
    facts |= {("row", *key): amount for key, amount in found.rows.items()}
    facts |= {("pot", *key): left for key, left in found.pots.items()}
    for day, path, scope, *trip in found.breakers:
        facts["breaker", day, path, scope] = tuple(trip)
    facts |= {("used", *key): used for key, used in found.used.items() if used}
    return facts


def differences(seed: int) -> list[str]:
    """What the two say differently of one stream."""
    item = stream(seed)
    engine, oracle = by_engine(item), by_oracle(item)
    return [
        f"seed {seed}: {key}: engine {engine.get(key)}, oracle {oracle.get(key)}"
        for key in {**engine, **oracle}
        if engine.get(key) != oracle.get(key)
    ]


def differences_in(seeds: range) -> list[str]:
    return [line for seed in seeds for line in differences(seed)]


@pytest.mark.slow
def test_engine_pays_what_the_oracle_pays():
    if not LONG:
        assert differences_in(range(SEEDS)) == []
        return
    shards = [range(first, first + 1_000) for first in range(0, SEEDS, 1_000)]
    with concurrent.futures.ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = [line for lines in pool.map(differences_in, shards) for line in lines]
    assert found == []
