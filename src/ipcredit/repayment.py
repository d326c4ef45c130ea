"""What is still owed on a loan: bullet, or equal instalments of principal, exact to the fen."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

REPAYMENTS: Final = ("bullet", "instalments")
"""How principal comes back: all of it at the end, or equal parts of it each month."""
BULLET, INSTALMENTS = range(2)


def months_between(start: npt.NDArray[np.integer], on: dt.date) -> Ints:
    """Monthly due dates passed from ``start`` (days since 1970-01-01) up to ``on``, int64[n].

    The due date of a month is the day of the start, or the month's last day where it is shorter;
    a due date on ``on`` itself has passed.  0 before the first one.

    >>> days = np.array([dt.date(2025, 1, 31).toordinal() - dt.date(1970, 1, 1).toordinal()])
    >>> [int(months_between(days, dt.date(2025, *day))[0]) for day in ((2, 27), (2, 28), (3, 30))]
    [0, 1, 1]
    """
    first = np.asarray(start).astype("datetime64[D]")
    month = first.astype("datetime64[M]")
    day = (first - month.astype("datetime64[D]")).astype(np.int64)
    last = np.datetime64(on, "D")
    this = last.astype("datetime64[M]")
    length = int(((this + 1).astype("datetime64[D]") - this.astype("datetime64[D]")).astype(int))
    due = np.minimum(day, length - 1)
    passed = (this - month).astype(np.int64) - (due > on.day - 1)
    return np.asarray(np.maximum(passed, 0))


def still_owed(
    principal: Ints,
    months: npt.NDArray[np.integer],
    term_months: npt.NDArray[np.integer],
    repayment: npt.NDArray[np.integer],
) -> Ints:
    """Principal owed after ``months`` due dates, all int[n], in minor units, exact.

    After k of T instalments ``floor(principal x k / T)`` has come back: instalments differ by at
    most one unit and add up to the principal.  A bullet loan is owed in full until month T.
    ``term_months`` is above 0, amounts and terms as :class:`ipcredit.portfolio.Portfolio` has them.

    >>> months, ones = np.arange(5), np.ones(5, np.int64)
    >>> still_owed(100 * ones, months, 3 * ones, INSTALMENTS * ones).tolist()
    [100, 67, 34, 0, 0]
    """
    term = np.asarray(term_months, np.int64)
    passed = np.clip(np.asarray(months, np.int64), 0, term)
    back = np.asarray(principal, np.int64) * passed // term
    ended = np.where(passed >= term, principal, 0)
    owed: Ints = principal - np.where(np.asarray(repayment) == INSTALMENTS, back, ended)
    return owed
