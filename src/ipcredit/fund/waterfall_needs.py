"""What a stream must bring for a fund's clauses to be answered: nothing is assumed in silence.

What is wrong with one claim is told apart from what the whole stream lacks: the good claims of a
file can be paid without the bad ones, but not without the fund's capital.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ipcredit.errors import Problem
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery
from ipcredit.fund.covering import COVER_RULE, needed
from ipcredit.fund.terms import Terms
from ipcredit.fund.waterfall_pots import capital_kind, district_weights, pots_of
from ipcredit.money import MAX_MINOR
from ipcredit.traits import NUMERIC

Place = Callable[[int], str]
"""Where a claim, recovery, position or event of money stands in its file, by its number."""


def nowhere(_: int) -> str:
    """The place of data from memory."""
    return ""


def needs_of_stream(
    terms: Terms,
    claims: Sequence[Claim],
    recoveries: Sequence[Recovery],
    positions: Sequence[Position],
    money: Sequence[MoneyEvent],
) -> list[Problem]:
    """Everything that is absent or cannot be used, empty where the stream can be paid."""
    by_claim = claim_problems(terms, claims, positions)
    return [
        *(problem for found in by_claim.values() for problem in found),
        *recovery_problems(claims, recoveries),
        *position_problems(positions),
        *money_problems(terms, money),
        *lacks_of_fund(terms, claims, positions, money),
    ]


# -- single claims --------------------------------------------------------------------------------


def claim_problems(
    terms: Terms, claims: Sequence[Claim], positions: Sequence[Position], place: Place = nowhere
) -> dict[int, list[Problem]]:
    """What is wrong with single claims, by their number."""
    asks = [name for name in needed(terms) if name not in ("lender", "district", COVER_RULE)]
    declared = terms.cover.pick == "declared"
    rules = frozenset(rule.name for rule in terms.cover.rules)
    one_scheme = any(item.one_scheme for item in terms.conditions)
    reports = _Reports(terms, positions)
    times = Counter(claim.id for claim in claims)
    found: dict[int, list[Problem]] = {}
    for at, claim in enumerate(claims):
        bad: list[tuple[str, str, dict[str, object]]] = []
        if times[claim.id] > 1:
            bad.append(("fund-pay.claim-twice", "claim", {"claim": claim.id}))
        for name, value in (("principal", claim.principal), ("interest", claim.interest or 0)):
            if not 0 <= value <= MAX_MINOR:
                bad.append(("fund-pay.amount", name, {"value": value}))
        bad += [("fund-pay.lacks", name, {}) for name in asks if not _is_known(claim, name)]
        if declared and claim.cover_rule not in rules:
            args: dict[str, object] = {"rules": ", ".join(sorted(rules)), "given": claim.cover_rule}
            bad.append(("fund-pay.no-rule", COVER_RULE, args))
        if terms.cover.of_liability is not None:
            for name in ("own_liability", "other_public"):
                if getattr(claim, name) is None:
                    bad.append(("fund-pay.lacks", name, {}))
        if terms.claim.interest and claim.interest is None:
            bad.append(("fund-pay.lacks", "interest", {}))
        if one_scheme and claim.other_scheme is None:
            bad.append(("fund-pay.lacks", "other_scheme", {}))
        bad += reports.lacking(claim)
        if bad:
            where = place(at)
            found[at] = [Problem(code, where, _key(claim, key), args) for code, key, args in bad]
    return found


def _key(claim: Claim, key: str) -> str:
    return f"{claim.id}: {key}" if claim.id else key


def _is_known(claim: Claim, name: str) -> bool:
    if name == "tags":
        return claim.tags is not None
    return name in claim.numbers if name in NUMERIC else claim.word(name) != ""


class _Reports:
    """Since when positions are known of each lender, district and the fund, and who needs them."""

    def __init__(self, terms: Terms, positions: Sequence[Position]) -> None:
        self.wait = dt.timedelta(terms.claim.overdue_days + terms.claim.waiting_days)
        self.at_once = any(item.measure == "overdue" for item in terms.breakers)
        self.asked = _bases_asked(terms)
        self.first: dict[tuple[str, str], dt.date] = {}
        for item in positions:
            for key in (("lender", item.lender), ("district", item.district), ("fund", "")):
                self.first[key] = min(self.first.get(key, item.day), item.day)

    def lacking(self, claim: Claim) -> Iterator[tuple[str, str, dict[str, object]]]:
        """What positions lack for one claim; nothing where there are none at all (said once)."""
        if not self.first:
            return
        due = claim.overdue_on + self.wait
        day = claim.overdue_on if self.at_once else due
        scopes = {"lender": claim.lender, "district": claim.district, "fund": ""}
        for per, opening in self.asked:
            first = self.first.get((per, scopes[per]))
            args: dict[str, object] = {"scope": scopes[per] or "-", "day": day.isoformat()}
            if first is None or first > day:
                yield f"fund-pay.no-position.{per}", per, args
            elif opening and first.year >= due.year:
                yield "fund-pay.no-opening", per, {**args, "year": due.year - 1}


def _bases_asked(terms: Terms) -> list[tuple[str, bool]]:
    """Whose positions clauses ask for, and whether for those at the end of the year before."""
    bases = [(item.per, item.ceiling.base) for item in terms.limits if item.ceiling.amount is None]
    bases += [(item.per, item.over) for item in terms.breakers]
    bases += [("lender", "balance")] if terms.quota is not None else []
    found: dict[str, bool] = {}
    for per, base in bases:
        if base != "capital":
            per = per if per in ("lender", "district") else "fund"
            found[per] = found.get(per, False) or base == "opening-balance"
    return list(found.items())


# -- the other events -----------------------------------------------------------------------------


def recovery_problems(
    claims: Sequence[Claim], recoveries: Sequence[Recovery], place: Place = nowhere
) -> list[Problem]:
    """Recoveries of claims that are not there, and amounts that cannot be."""
    known = {claim.id for claim in claims}
    found = []
    for at, item in enumerate(recoveries):
        if item.claim not in known:
            args = {"claim": item.claim}
            found.append(Problem("fund-pay.unknown-claim", place(at), "claim", args))
        if not 0 <= item.amount <= MAX_MINOR:
            args = {"value": str(item.amount)}
            found.append(Problem("fund-pay.amount", place(at), f"{item.claim}: amount", args))
    return found


def position_problems(positions: Sequence[Position], place: Place = nowhere) -> list[Problem]:
    """Amounts that cannot be, and two reports of the same day."""
    found = []
    seen: set[tuple[dt.date, str, str]] = set()
    for at, item in enumerate(positions):
        for name, value in (("volume", item.volume), ("balance", item.balance)):
            if not 0 <= value <= MAX_MINOR:
                args = {"value": str(value)}
                found.append(Problem("fund-pay.amount", place(at), f"{item.lender}: {name}", args))
        key = (item.day, item.lender, item.district)
        if key in seen:
            args = {"lender": item.lender, "district": item.district, "day": item.day.isoformat()}
            found.append(Problem("fund-pay.position-twice", place(at), "lender", args))
        seen.add(key)
    return found


def money_problems(
    terms: Terms, money: Sequence[MoneyEvent], place: Place = nowhere
) -> list[Problem]:
    """Money for pots that are not there, or without the district that a pot asks for."""
    pots = {pot.name: pot for pot in pots_of(terms)}
    found = []
    for at, item in enumerate(money):
        if item.pot not in pots:
            args = {"given": item.pot, "pots": ", ".join(pots)}
            found.append(Problem("fund-pay.unknown-pot", place(at), "pot", args))
        elif pots[item.pot].by_district and not item.district:
            args = {"pot": item.pot}
            found.append(Problem("fund-pay.pot-district", place(at), "district", args))
        elif item.district and not pots[item.pot].by_district:
            args = {"pot": item.pot}
            found.append(Problem("fund-pay.pot-no-district", place(at), "district", args))
    return found


# -- what the fund's clauses need as a whole ------------------------------------------------------


def lacks_of_fund(
    terms: Terms,
    claims: Sequence[Claim],
    positions: Sequence[Position],
    money: Sequence[MoneyEvent],
) -> list[Problem]:
    """What no claim can be paid without: positions, capital, purses of the districts."""
    found = []
    if claims and not positions and (clauses := _asking(terms)):
        args = {"clauses": ", ".join(clauses)}
        found.append(Problem("fund-pay.positions-needed", key="positions", args=args))
    kind = capital_kind(terms.money)
    given = getattr(terms.money, kind) is not None
    if not given and all(getattr(item, kind) is None for item in money):
        code = f"fund-pay.no-capital.{terms.money.tested}"
        return [*found, Problem(code, key=f"money.{kind}")]
    if any(pot.by_district for pot in pots_of(terms)):
        found += _district_lacks(terms, claims, positions, money, given=given)
    return found


def _asking(terms: Terms) -> list[str]:
    """Paths of the clauses that are measured over positions."""
    found = [
        item.path
        for item in terms.limits
        if item.ceiling.amount is None and item.ceiling.base != "capital"
    ]
    found += [item.path for item in terms.breakers if item.over != "capital"]
    return found + ([terms.quota.path] if terms.quota is not None else [])


def _district_lacks(
    terms: Terms,
    claims: Sequence[Claim],
    positions: Sequence[Position],
    money: Sequence[MoneyEvent],
    *,
    given: bool,
) -> Iterator[Problem]:
    weights = district_weights(terms, positions) if given else {}
    if given and not any(weights.values()):
        yield Problem("fund-pay.no-lending", key="money.districts")
        return
    kind = capital_kind(terms.money)
    for pot in pots_of(terms):
        if pot.by_district:
            there = {item.district for item in money
                     if item.pot == pot.name and getattr(item, kind) is not None}  # fmt: skip
            there |= set(weights)
            for district in sorted({claim.district for claim in claims} - there):
                args = {"pot": pot.name, "district": district}
                yield Problem("fund-pay.no-purse", key=pot.path, args=args)
