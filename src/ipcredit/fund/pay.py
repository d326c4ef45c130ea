"""Pay the claims of a file on a fund: the good ones are paid, everything else is listed."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery
from ipcredit.fund.claims_file import Ledger
from ipcredit.fund.fund import Fund
from ipcredit.fund.waterfall import pay
from ipcredit.fund.waterfall_needs import (
    claim_problems,
    lacks_of_fund,
    money_problems,
    position_problems,
)
from ipcredit.fund.waterfall_results import BreakerEvent, Decision, LimitUse, Payments, PotBalance
from ipcredit.tables import harmless
from ipcredit.version import VERSION

FORMAT: Final = "ipcredit-fund-pay"
FORMAT_VERSION: Final = 1
_NONE: Final[Ledger[Any]] = Ledger()


@dataclass(frozen=True, slots=True)
class PayResult:
    """The payments on the good claims, what is wrong with the others, and what was asked.

    ``until``: the last day asked for.
    """

    fund: Fund
    payments: Payments
    problems: tuple[Problem, ...]
    until: dt.date | None

    @property
    def is_complete(self) -> bool:
        """Whether every row of every file could be used (else the exit code is 1)."""
        return not self.problems


def pay_claims(
    fund: Fund,
    claims: Ledger[Claim],
    recoveries: Ledger[Recovery] = _NONE,
    positions: Ledger[Position] = _NONE,
    money: Ledger[MoneyEvent] = _NONE,
    until: dt.date | None = None,
) -> PayResult:
    """Pay what can be paid of claims read from files.

    Claims and recoveries that cannot be used are left out and listed.  Positions and money bear on
    every claim: where a row of theirs is wrong nothing is paid.

    Raises:
        PortfolioError: rows of the positions or of the money are wrong; all are listed.
        UsageError: what a clause needs is absent.
    """
    terms = fund.terms
    shared = [
        *positions.problems,
        *position_problems(positions.items, positions.place),
        *money.problems,
        *money_problems(terms, money.items, money.place),
    ]
    if shared:
        raise PortfolioError(shared)
    lacks = lacks_of_fund(terms, claims.items, positions.items, money.items)
    if lacks:
        raise UsageError(lacks)
    bad = claim_problems(terms, claims.items, positions.items, claims.place)
    good = [claim for at, claim in enumerate(claims.items) if at not in bad]
    left_out = claims.left_out | {claims.items[at].id for at in bad}
    used, unusable = _usable(good, left_out, recoveries)
    problems = (
        *claims.problems,
        *(problem for found in bad.values() for problem in found),
        *recoveries.problems,
        *unusable,
    )
    payments = pay(terms, good, used, positions.items, money.items, until)
    return PayResult(fund, payments, problems, until)


def _usable(
    good: Sequence[Claim], left_out: frozenset[str], recoveries: Ledger[Recovery]
) -> tuple[list[Recovery], list[Problem]]:
    """Recoveries of the claims that are paid, and problems of those that belong to no claim."""
    known = {claim.id for claim in good}
    used, unusable = [], []
    for at, item in enumerate(recoveries.items):
        if item.claim in known:
            used.append(item)
        elif item.claim not in left_out:
            args = {"claim": item.claim}
            where = recoveries.place(at)
            unusable.append(Problem("fund-pay.unknown-claim", where, "claim", args))
    return used, unusable


# -- as data --------------------------------------------------------------------------------------


def pay_json(result: PayResult) -> dict[str, Any]:
    """The whole result as JSON-able data (format version 1).

    Money is whole minor units under keys ending ``_fen`` (``_minor`` outside CNY).
    """
    fund, payments = result.fund, result.payments
    unit = unit_of(fund)
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "ipcredit": VERSION,
        "currency": fund.currency,
        "until": None if result.until is None else result.until.isoformat(),
        "last_day": None if payments.last_day is None else payments.last_day.isoformat(),
        "complete": result.is_complete,
        "fund": {
            "id": fund.id,
            "edition": fund.edition,
            "title": {"zh": fund.title.zh, "en": fund.title.en},
            "fingerprint": fund.fingerprint,
            "changes": [{"path": c.path, "old": c.old, "new": c.new} for c in fund.changes],
        },
        "totals": {f"{party}_{unit}": amount for party, amount in payments.totals().items()},
        f"returned_{unit}": payments.returned,
        "claims": [_decision(item, unit) for item in payments.decisions],
        "payments": [
            {
                "day": row.day.isoformat(),
                "claim": row.claim,
                "kind": row.kind,
                "party": row.party,
                "pot": row.pot,
                "district": row.district,
                f"amount_{unit}": row.amount,
            }
            for row in payments.rows
        ],
        "pots": [_pot(item, unit) for item in payments.pots],
        "breakers": [_breaker(item, unit) for item in payments.breakers],
        "limits": [_limit(item, unit) for item in payments.limits],
        "assumed": [
            {"path": number.path.removesuffix(".value"), "zh": number.assumed.zh, "en": number.assumed.en}
            for number in fund.assumed()
            if number.assumed is not None
        ],
        "unpublished": [
            {"path": item.path, "zh": item.title.zh, "en": item.title.en}
            for item in fund.terms.unpublished
        ],
        "problems": [
            {"code": item.code, "where": item.where, "key": item.key, "zh": item.text("zh"),
             "en": item.text("en")}
            for item in result.problems
        ],
    }  # fmt: skip


def unit_of(fund: Fund) -> str:
    """The end of the keys of amounts: ``fen`` for CNY, else ``minor``."""
    return "fen" if fund.currency == "CNY" else "minor"


def _decision(item: Decision, unit: str) -> dict[str, Any]:
    claim = item.claim
    return {
        "claim": claim.id,
        "loan": claim.loan,
        "firm": claim.firm,
        "lender": claim.lender,
        "district": claim.district,
        "overdue_on": claim.overdue_on.isoformat(),
        "due": item.due.isoformat(),
        "settled": None if item.settled is None else item.settled.isoformat(),
        "status": item.status,
        "decided_by": item.decided_by,
        "reason": item.reason,
        "rule": item.rule,
        "share": None if item.status == "not-covered" else str(item.share),
        "uplifts": list(item.uplifts),
        f"principal_{unit}": claim.principal,
        f"interest_{unit}": claim.interest,
        f"recovered_before_{unit}": item.recovered_before,
        f"loss_{unit}": item.loss,
        f"eligible_{unit}": item.eligible,
        f"fund_{unit}": item.fund,
        f"owed_{unit}": item.owed,
        f"clawed_back_{unit}": item.clawed_back,
        f"returned_{unit}": item.returned,
        "parties": {f"{party}_{unit}": amount for party, amount in item.parties.items()},
        "cuts": [
            {"path": cut.path, f"before_{unit}": cut.before, f"after_{unit}": cut.after}
            for cut in item.cuts
        ],
    }


def _pot(item: PotBalance, unit: str) -> dict[str, Any]:
    return {
        "day": None if item.day is None else item.day.isoformat(),
        "pot": item.pot,
        "district": item.district,
        f"capital_{unit}": item.capital,
        f"paid_{unit}": item.paid,
        f"back_{unit}": item.back,
        f"left_{unit}": item.left,
    }


def _breaker(item: BreakerEvent, unit: str) -> dict[str, Any]:
    return {
        "day": item.day.isoformat(),
        "path": item.path,
        "per": item.per,
        "scope": item.scope,
        "tripped": item.tripped,
        f"measure_{unit}": item.measure,
        f"base_{unit}": item.base,
    }


def _limit(item: LimitUse, unit: str) -> dict[str, Any]:
    found = {f"used_{unit}": item.used, f"ceiling_{unit}": item.ceiling}
    return {**{name: getattr(item, name) for name in ("path", "per", "scope", "year")}, **found}


def pay_rows(result: PayResult) -> Iterator[list[str]]:
    """The dated payments as rows of a table, the header first; texts are safe in a spreadsheet."""
    yield ["day", "claim", "kind", "party", "pot", "district", f"amount_{unit_of(result.fund)}",
           "lender", "decided_by"]  # fmt: skip
    decisions = {item.claim.id: item for item in result.payments.decisions}
    for row in result.payments.rows:
        item = decisions[row.claim]
        texts = (row.claim, row.kind, row.party, row.pot, row.district)
        yield [row.day.isoformat(), *map(harmless, texts), str(row.amount),
               harmless(item.claim.lender), item.decided_by]  # fmt: skip


def write_pay_csv(result: PayResult, stream: IO[str]) -> None:
    """Write the dated payments as CSV (the caller opens the stream with ``newline=""``)."""
    csv.writer(stream).writerows(pay_rows(result))
