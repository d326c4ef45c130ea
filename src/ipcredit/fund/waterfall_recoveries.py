"""How money recovered after a payment is shared among those who bore the loss."""

from __future__ import annotations

from ipcredit.fund.terms import LENDER
from ipcredit.fund.waterfall_results import FUND
from ipcredit.fund.waterfall_state import Case


def shares_of_recovery(case: Case, amount: int, order: str) -> tuple[dict[str, int], int]:
    """Who gets what of an amount recovered on a settled claim, and how much of it was shared.

    Never more than the loss is shared over time; what exceeds it goes to the lender.
    """
    shared = min(amount, case.loss - case.shared)
    if order == "pro-rata":
        parts = _pro_rata(case, shared)
    elif order == "fund-first":
        parts = {FUND: min(shared, case.out)}
    else:
        lender = max(case.borne.get(LENDER, 0) - case.got.get(LENDER, 0), 0)
        parts = {FUND: min(shared - min(shared, lender), case.out)}
    parts[LENDER] = amount - sum(parts.values())
    return parts, shared


def _pro_rata(case: Case, shared: int) -> dict[str, int]:
    """Each party but the lender by what it bore, rounded down, never more than it still lacks."""
    if not case.loss:
        return {}
    fund = shared * (case.paid - case.clawed) // case.loss
    parts = {FUND: min(fund, case.out)}
    for party, borne in case.borne.items():
        if party != LENDER:
            still = max(borne - case.got.get(party, 0), 0)
            parts[party] = min(shared * borne // case.loss, still)
    return parts
