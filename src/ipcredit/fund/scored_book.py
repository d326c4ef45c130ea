"""The book that scored firms would make under a scenario's draw rates, take-up and default curve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from ipcredit.assess import Assessment
from ipcredit.fund.scenario import Scenario
from ipcredit.portfolio import Portfolio


def scored_book(
    assessment: Assessment,
    scenario: Scenario,
    *,
    pd: Any = None,
    as_of: dt.date | None = None,
    leave_out: Collection[str] = (),
) -> Portfolio:
    """Loans of scored firms, as the scenario's ``[book]``, ``[pd]`` and seed say.

    ``pd``: each firm's own default probability in place of the scenario's curve.

    Raises:
        UsageError: the scenario does not say something that is needed; holds all of it.
        PortfolioError: firms incomplete or invalid that ``leave_out`` does not name.
    """
    scenario.need("book.draw_rate", "book.take_up", "book.lenders", "simulation.seed",
                  *(() if pd is not None else ("pd",)))  # fmt: skip
    terms = scenario.terms
    return Portfolio.from_assessments(
        assessment,
        draw_rate=dict(terms.book.draw_rate),
        take_up=terms.book.take_up,
        pd=terms.pd if pd is None else pd,
        lenders=dict(terms.book.lenders),
        districts=dict(terms.book.districts) or None,
        seed=terms.simulation.seed,
        as_of=as_of,
        term_months=terms.book.term_months,
        repayment=terms.book.repayment,
        leave_out=leave_out,
    )
