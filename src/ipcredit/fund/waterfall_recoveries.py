"""How money recovered after a payment is shared among those who bore the loss."""

from __future__ import annotations

from ipcredit.fund.terms import LENDER
from ipcredit.fund.waterfall_results import FUND
from ipcredit.fund.waterfall_state import Case


def shares_of_recovery(
    case: Case, amount: int, order: str, rest: str = LENDER
) -> tuple[dict[str, int], int]:
    """Who gets what of an amount recovered on a settled claim, and how much of it was shared.

    ``rest``: the party that bears the rest.  Never more than the loss is shared over time; what
    exceeds it goes to the lender.
    """
    shared = min(amount, case.loss - case.shared)
    if order == "pro-rata":
        parts = _pro_rata(case, shared, rest)
    elif order == "fund-first":
        parts = {FUND: min(shared, case.out)}
    else:
        lender = max(case.borne.get(LENDER, 0) - case.got.get(LENDER, 0), 0)
        parts = {FUND: min(shared - min(shared, lender), case.out)}
    parts[LENDER] = amount - sum(parts.values())
    return parts, shared


def _pro_rata(case: Case, shared: int, rest: str) -> dict[str, int]:
    """Each party but the lender by what it bore, rounded down, never more than it still lacks.

    The eligible loss is made good first, so that a fund that paid 80 % of it gets 80 %; then what
    was not eligible (interest), to whoever bears the rest.
    """
    base = case.eligible
    first = min(shared, max(base - case.shared, 0))
    fund = first * (case.paid - case.clawed) // base if base else 0
    parts = {FUND: min(fund, case.out)}
    for party, borne in case.borne.items():
        if party == LENDER:
            continue
        within = borne - (case.loss - base if party == rest else 0)
        part = first * max(within, 0) // base if base else 0
        if party == rest:
            part += shared - first
        parts[party] = min(part, max(borne - case.got.get(party, 0), 0))
    return parts
