"""The base line: the commercial part of a line, by the lender's own method.

Methods take int64 columns (money in whole minor units, ``MISSING`` = not known, ``NONE`` =
known not to exist, which counts as 0 for money) and return a :class:`MethodResult`.  Shares
and multiples are :class:`fractions.Fraction`.  Nothing is rounded before the final line,
which is floored to the minor unit and never below 0.  A lender picks one method or the
least, most or first of several: :func:`combine`, whose bounds say what an input not known
leaves open.  Sources and edges: ``docs/methods/base-line.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np

from ipcredit.exactness import Bands, Bools, Ints, band_of_int, floor_of_product
from ipcredit.fields import MISSING, NONE
from ipcredit.money import MAX_MINOR
from ipcredit.working_capital import (
    Code,
    MethodResult,
    WorkingCapital,
    settled,
    working_capital,
)
from ipcredit.working_capital_steps import (
    WorkingCapitalSteps,
    working_capital_need,
    working_capital_steps,
)

__all__ = [
    "NO_BOUND",
    "Code",
    "Combined",
    "MethodResult",
    "Pick",
    "WorkingCapital",
    "WorkingCapitalSteps",
    "cap",
    "combine",
    "deduct",
    "rest_of",
    "scorecard",
    "share_of_invoiced",
    "share_of_sales",
    "tax_multiple",
    "working_capital",
    "working_capital_need",
    "working_capital_steps",
]

Pick: TypeAlias = Literal["least", "most", "first"]

NO_BOUND: Final = int(np.iinfo(np.int64).max)
"""Upper bound of an amount that an input not known leaves open."""

_APPLIES: Final = np.array([code.applies for code in Code])


def share_of_sales(
    sales: Ints, share: Fraction, *, less_own_margin: Fraction | None = None
) -> MethodResult:
    """``share`` of sales, reported or projected, less the firm's own margin (a share of sales).

    ``sales`` int64[n] in minor units.  A net share below 0 gives 0 with ``NEGATIVE_NEED``.
    Source: the turnover method of the Nayak committee (India): need 25 % of projected
    turnover less 5 % own margin = 20 %.

    >>> share_of_sales(np.array([1_000_001]), Fraction(25, 100),
    ...                less_own_margin=Fraction(5, 100)).amount
    array([200000])
    """
    net = share - (less_own_margin or 0)
    return _share(sales, net, ("share-of-sales",))


def share_of_invoiced(
    invoiced_sales: Ints, share: Fraction, *, less_own_margin: Fraction | None = None
) -> MethodResult:
    """``share`` of the sales for which invoices were issued; else as :func:`share_of_sales`.

    >>> share_of_invoiced(np.array([MISSING, 199]), Fraction(1, 10)).code.tolist()
    [1, 0]
    """
    net = share - (less_own_margin or 0)
    return _share(invoiced_sales, net, ("share-of-invoiced",))


def rest_of(whole: Ints, less: Sequence[Ints]) -> Ints:
    """``whole`` less several amounts, never below 0: receivables without those not eligible.

    int64[n] columns in minor units.  A rest that depends on an amount not known is ``MISSING``;
    it is 0 where the amounts that are known take all of it already.

    >>> rest_of(np.array([10, 10, 10]), [np.array([4, 11, MISSING]), np.array([5, 0, 3])])
    array([                   1,                    0, -9223372036854775808])
    """
    left, unknown = _money(whole)
    open_ = np.zeros(len(left), np.bool_)
    for column in less:
        value, gone = _money(column)
        left = left - value
        open_ |= gone
    left = np.maximum(left, 0)
    return np.where(unknown | (open_ & (left > 0)), MISSING, left)


def tax_multiple(taxes: Sequence[Ints], multiple: Fraction, *, years: int) -> MethodResult:
    """``multiple`` times the average tax paid in the last ``years`` years.

    ``taxes`` int64[n] columns, newest year first; one not known among those averaged makes
    the row ``MISSING_INPUT`` (a year without tax is 0).  Raises ``ValueError`` for more years
    than columns or fewer than 1.  Source: a bank's practice, multiples 5 to 9 (weak evidence).

    >>> tax_multiple([np.array([100]), np.array([101])], Fraction(5), years=2).amount
    array([502])
    """
    if not 1 <= years <= len(taxes):
        raise ValueError(f"{years} years of tax; 1 to {len(taxes)} are given")
    total = np.zeros(len(taxes[0]), np.int64)
    missing = np.zeros(len(total), np.bool_)
    for column in taxes[:years]:
        value, unknown = _money(column)
        total += value
        missing |= unknown
    floors = floor_of_product([total, multiple.numerator], [multiple.denominator, years])
    return MethodResult(*settled(floors, missing, Code.NEGATIVE_NEED), ("tax-multiple",))


def scorecard(points: Ints, table: Sequence[tuple[int, int]]) -> MethodResult:
    """The amount of the highest band whose points are reached; 0 below the first band.

    ``points`` int64[n] and the table's points in one whole unit (scaled alike); ``table`` is
    (points at least, amount in minor units), points ascending.  A negative list (refusals)
    is the caller's.  Raises ``ValueError`` for disorder or an amount out of range.

    >>> scorecard(np.array([59, 60, 99]), [(60, 50_000_000), (80, 100_000_000)]).amount
    array([        0,  50000000, 100000000])
    """
    if any(low[0] >= high[0] for low, high in pairwise(table)):
        raise ValueError("the points of a scorecard must ascend")
    amounts = [0, *(amount for _, amount in table)]
    if min(amounts) < 0 or max(amounts) > MAX_MINOR:
        raise ValueError(f"an amount of a scorecard lies outside 0 to {MAX_MINOR}")
    band = band_of_int(points, [least for least, _ in table])
    line = np.asarray(amounts, np.int64)[band]
    return MethodResult(*settled(line, points <= NONE, Code.NEGATIVE_NEED), ("scorecard",))


@dataclass(frozen=True, slots=True)
class Combined:
    """The base line within bounds: ``lo <= line <= hi``, int64[n] in minor units.

    ``hi`` is ``NO_BOUND`` where an input not known leaves it open; ``missing`` bool[n] is
    ``lo < hi``, so that a cap can still settle a row.  ``winner`` int8[n] is the position of
    the method whose known amount bounds the line, the first of equals; -1: no such method.
    No method applies where ``winner`` is -1 and the row is not ``missing``: the line is 0.
    """

    lo: Ints
    hi: Ints
    winner: Bands
    missing: Bools


def combine(results: Sequence[MethodResult], pick: Pick) -> Combined:
    """The least, most or first applicable of several methods, row by row.

    A method that does not apply to a row is skipped.  One whose input is not known could
    give any amount from 0 up, or not apply: ``least`` then lies between 0 and the least known
    (so a known 0 settles it), ``most`` at or above the most known, ``first`` anywhere
    unless a method before it applies.  Raises ``ValueError`` without results or for another
    word.

    >>> known = MethodResult(np.array([5, 0]), np.zeros(2, np.int8))
    >>> open_ = MethodResult(np.full(2, MISSING), np.ones(2, np.int8))
    >>> least = combine([known, open_], "least")
    >>> least.lo.tolist(), least.hi.tolist(), least.missing.tolist()
    ([0, 0], [5, 0], [True, False])
    """
    if not results or pick not in ("least", "most", "first"):
        raise ValueError(f"{pick!r} of {len(results)} methods; least, most or first of 1 or more")
    rows = len(results[0].amount)
    winner = np.full(rows, -1, np.int8)
    best = np.zeros(rows, np.int64)
    unknown = np.zeros(rows, np.bool_)
    for position, result in enumerate(results):
        better = _APPLIES[result.code]
        if pick == "first":
            better &= ~unknown & (winner < 0)
            unknown |= (result.code == Code.MISSING_INPUT) & (winner < 0)
        else:
            beats = result.amount < best if pick == "least" else result.amount > best
            better &= beats | (winner < 0)
            unknown |= result.code == Code.MISSING_INPUT
        np.copyto(best, result.amount, where=better)
        np.copyto(winner, np.int8(position), where=better)
    known = winner >= 0
    lo = best if pick == "most" else np.where(unknown, 0, best)
    hi = np.where(unknown & ~known if pick == "least" else unknown, NO_BOUND, best)
    return _combined(lo, hi, winner)


def deduct(line: Combined, held: Sequence[Ints]) -> Combined:
    """The line less what is held already (int64[n] columns, each 0 or more), never below 0.

    A held amount not known could be anything from 0 up: it takes ``lo`` to 0.

    >>> whole = combine([MethodResult(np.array([10, 10]), np.zeros(2, np.int8))], "first")
    >>> rest = deduct(whole, [np.array([4, MISSING])])
    >>> rest.lo.tolist(), rest.hi.tolist()
    ([6, 0], [6, 10])
    """
    lo, hi = line.lo, line.hi
    open_above = hi == NO_BOUND
    for column in held:
        value, unknown = _money(column)
        lo = np.where(unknown, 0, np.maximum(lo - value, 0))
        hi = np.maximum(hi - value, 0)
    return _combined(lo, np.where(open_above, NO_BOUND, hi), line.winner)


def cap(line: Combined, limit: int | Ints) -> Combined:
    """The line, at most ``limit`` (minor units, 0 or more; a number or int64[n]).

    In a column ``NONE`` is no limit, and one not known could be anything: it takes ``lo`` to 0.

    >>> line = combine([MethodResult(np.array([7]), np.zeros(1, np.int8)),
    ...                 MethodResult(np.array([MISSING]), np.ones(1, np.int8))], "most")
    >>> cap(line, 5).missing.tolist(), cap(line, 9).hi.tolist()
    ([False], [9])
    """
    if isinstance(limit, int):
        return _combined(np.minimum(line.lo, limit), np.minimum(line.hi, limit), line.winner)
    above = np.where(limit <= NONE, NO_BOUND, limit)
    lo = np.where(limit == MISSING, 0, np.minimum(line.lo, above))
    return _combined(lo, np.minimum(line.hi, above), line.winner)


def _combined(lo: Ints, hi: Ints, winner: Bands) -> Combined:
    return Combined(lo, hi, winner, lo < hi)


def _share(sales: Ints, share: Fraction, basis: tuple[str, ...]) -> MethodResult:
    value, missing = _money(sales)
    floors = floor_of_product([value, share.numerator], [share.denominator])
    return MethodResult(*settled(floors, missing, Code.NEGATIVE_NEED), basis)


def _money(column: Ints) -> tuple[Ints, Bools]:
    """A money column with both sentinels replaced by 0, and where it is not known."""
    return np.where(column <= NONE, 0, column), column == MISSING
