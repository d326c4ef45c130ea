"""Exact comparisons and exact floors on whole columns of whole numbers.

A firm on the threshold gets what the text says, always.  Every function here answers as
:class:`fractions.Fraction` would, for every column value with ``|x| <= 2**53`` (amounts
are bounded by 10**15), and costs about as much as the plain float expression.  Two ideas
carry all of it:

* *A float says which rows are in doubt.*  Division is correctly rounded, hence monotone,
  so a float comparison can be wrong only within a known, tiny distance of the threshold.
* *A small integer is known from its residue.*  Where a float proves that an exact integer
  (a cross product with 30 digits, say) is smaller than 2**63 in magnitude, arithmetic
  modulo 2**64 gives that integer itself.  Python integers serve the rows beyond.

Thresholds are :class:`fractions.Fraction` (or ``int``), never ``float``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Bands: TypeAlias = npt.NDArray[np.int8]
Residues: TypeAlias = npt.NDArray[np.uint64]
Growth: TypeAlias = Literal["year_on_year", "mean_of_ratios", "cagr2"]

SATURATED: Final = 2**62
"""Floors beyond this magnitude come back as plus or minus this."""

# Rows worked on at a time: the working floats then stay in the processor's cache.
_BLOCK: Final = 65_536
# Up to so many rows the cost is that of calls, not of rows.
FEW: Final = 32
_WRAP: Final = 2**64 - 1
# No ratio of columns, and no sum of two, other than 0 lies outside these magnitudes.
_SMALL: Final = Fraction(1, 2**110)
_LARGE: Final = Fraction(2**56)


class _Cut(NamedTuple):
    """A threshold p/q with its nearest float."""

    value: float
    p: int
    q: int
    strict: bool


class RatioCuts:
    """Ascending thresholds for a ratio, prepared once: floats, fractions and reach."""

    __slots__ = ("above", "cuts", "reach")

    def __init__(
        self, thresholds: Sequence[Fraction | int], strict: bool | Sequence[bool] = False
    ) -> None:
        self.cuts = _cuts(thresholds, strict)
        self.reach = max((abs(cut.p) for cut in self.cuts), default=0)
        # "More than x" is "at least the next float", so that one sorted search serves both.
        above = [math.nextafter(c.value, math.inf) if c.strict else c.value for c in self.cuts]
        self.above = np.array(sorted(above))

    def few(self, num: Ints, den: Ints, most: int | None = None) -> Bands | None:
        """:func:`band_of_ratio` for a few rows in the float-safe range; ``None`` outside of it.

        The same comparison of the same floats: for a few rows a search beats a loop of cuts.
        The caller silences divisions by 0.
        """
        largest = max(den.tolist(), default=0) if most is None else most
        if largest * self.reach > 2**51:
            return None
        return self.above.searchsorted(num / den, "right").astype(np.int8)


class WholeCuts:
    """Ascending whole thresholds ("at least"), prepared once."""

    __slots__ = ("array", "whole")

    def __init__(self, thresholds: Sequence[int]) -> None:
        self.whole = [_saturate(threshold) for threshold in thresholds]
        self.array = np.array(sorted(self.whole), np.int64)


def ratio_at_least(num: Ints, den: Ints, threshold: Fraction | int, strict: bool = False) -> Bools:
    """Whether ``num / den`` is at least (``strict``: more than) the threshold, row by row.

    ``num`` int64[n], ``den`` int64[n] with ``den > 0``; returns bool[n].  Rows with another
    ``den`` or a sentinel get an unspecified answer without a warning: mask them.  Exact, see
    :func:`band_of_ratio`.

    >>> rd, sales = np.array([5_000, 4_999]), np.array([100_000, 100_000])
    >>> ratio_at_least(rd, sales, Fraction(5, 100)).tolist()
    [True, False]
    """
    return band_of_ratio(num, den, (threshold,), strict).view(np.bool_)


def band_of_ratio(
    num: Ints,
    den: Ints,
    thresholds: Sequence[Fraction | int] | RatioCuts,
    strict: bool | Sequence[bool] = False,
    *,
    out: Floats | None = None,
    most: int | None = None,
) -> Bands:
    """How many of the ascending thresholds ``num / den`` meets: 0..k, as int8[n].

    ``num`` and ``den`` int64[n], ``den > 0`` (other rows: unspecified, silent, to be masked
    by the caller).  ``strict`` says "more than" instead of "at least", for all thresholds
    or one by one.  ``out`` float64[n] receives the ratios in float; ``most`` bounds ``den``
    from above (it is looked for where no bound is given).  Raises ``ValueError``
    when ``strict`` has another length than ``thresholds``.

    Why it is exact: a, b <= 2**53 become floats without loss, and rounding is monotone, so
    ``fl(a/b) < fl(p/q)`` proves ``a/b < p/q``, and so does ``>``.  Only rows with
    ``fl(a/b) == fl(p/q)`` can be wrong.  There a/b and p/q round alike, so they differ by
    at most an ulp, 2**-52 * p/q; but two different fractions differ by at least 1/(b*q).
    Hence for ``b * |p| <= 2**51`` equal floats mean equal fractions and no row is in doubt.
    Beyond, the doubtful rows are settled by the sign of ``a*q - b*p``: it is at most
    ``b * |p| * 2**-52`` in magnitude, so below ``b * |p| < 2**114`` its residue modulo 2**64
    is the number itself; beyond that too, by Python integers.

    >>> band_of_ratio(np.array([2, 3, 4]), np.array([100, 100, 100]),
    ...               [Fraction(2, 100), Fraction(3, 100)], strict=[False, True]).tolist()
    [1, 1, 2]
    """
    num, den = np.asarray(num, np.int64), np.asarray(den, np.int64)
    prepared = thresholds if isinstance(thresholds, RatioCuts) else RatioCuts(thresholds, strict)
    rows = len(num)
    if rows <= FEW and out is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = prepared.few(num, den, most)
        if found is not None:
            return found
    cuts = prepared.cuts
    band = np.zeros(rows, np.int8)
    work = np.empty(min(rows, _BLOCK)) if out is None else out
    flags = np.empty(min(rows, _BLOCK), np.bool_)
    with np.errstate(divide="ignore", invalid="ignore"):
        for part in blocks(rows):
            a, b, total = num[part], den[part], band[part]
            ratio = work[: len(a)] if out is None else work[part]
            met = flags[: len(a)]
            np.divide(a, b, out=ratio)
            largest = most
            if largest is None or largest * prepared.reach > 2**51:
                largest = int(b.max())
            for cut in cuts:
                compare = np.greater if cut.strict else np.greater_equal
                compare(ratio, cut.value, out=met)
                if largest * abs(cut.p) > 2**51:
                    _settle_ratio(met, ratio, a, b, cut)
                np.add(total, met.view(np.int8), out=total)
    return band


def band_of_int(values: npt.NDArray[np.integer], thresholds: Sequence[int] | WholeCuts) -> Bands:
    """How many of the ascending whole thresholds each value reaches ("at least"), as int8[n].

    "More than" or a fractional threshold is a whole one too: see :func:`least_whole`.

    >>> band_of_int(np.array([59, 60, 85]), [60, 80]).tolist()
    [0, 1, 2]
    """
    prepared = thresholds if isinstance(thresholds, WholeCuts) else WholeCuts(thresholds)
    if len(values) <= FEW:
        return prepared.array.searchsorted(values, "right").astype(np.int8)
    band = np.zeros(len(values), np.int8)
    flags = np.empty(min(len(values), _BLOCK), np.bool_)
    for part in blocks(len(values)):
        column, total = values[part], band[part]
        met = flags[: len(column)]
        for threshold in prepared.whole:
            np.greater_equal(column, threshold, out=met)
            np.add(total, met.view(np.int8), out=total)
    return band


def least_whole(threshold: Fraction | int, scale: int = 1, strict: bool = False) -> int:
    """The smallest whole v with ``v / scale`` at least (``strict``: more than) the threshold.

    Turns a written threshold into one for :func:`band_of_int` on a column in ``1/scale``.

    >>> least_whole(Fraction("0.05"), 1_000_000), least_whole(60, strict=True)
    (50000, 61)
    """
    exact = Fraction(threshold) * scale
    return math.floor(exact) + 1 if strict else math.ceil(exact)


def weighted_total(
    parts: Sequence[npt.NDArray[np.integer]], weights: Sequence[Fraction | int]
) -> tuple[Ints, int]:
    """The weighted sum of whole columns, exactly, as ``(int64[n], scale)``: total = first / scale.

    Raises ``OverflowError`` where a total could pass 2**62 and ``ValueError`` when weights
    and parts differ in number or are none.  Judge the total with :func:`band_of_int` and
    ``least_whole(threshold, scale)``.

    >>> total, scale = weighted_total([np.array([85]), np.array([70])],
    ...                               [Fraction("0.6"), Fraction("0.4")])
    >>> Fraction(int(total[0]), scale)
    Fraction(79, 1)
    """
    if not parts or len(parts) != len(weights):
        raise ValueError(f"{len(parts)} columns and {len(weights)} weights")
    exact = [Fraction(weight) for weight in weights]
    scale = math.lcm(*(weight.denominator for weight in exact))
    whole = [int(weight * scale) for weight in exact]
    reach = sum(abs(w) * _reach(part) for w, part in zip(whole, parts, strict=True))
    if reach > SATURATED:
        raise OverflowError(f"a weighted total of up to {reach}/{scale} is out of range")
    total = np.zeros(len(parts[0]), np.int64)
    for weight, part in zip(whole, parts, strict=True):
        if weight:
            total += np.asarray(part, np.int64) * weight
    return total, scale


def growth_band(
    years: Sequence[Ints],
    method: Growth,
    thresholds: Sequence[Fraction | int],
    strict: bool | Sequence[bool] = False,
) -> Bands:
    """How many of the ascending growth thresholds a series meets: 0..k, as int8[n].

    ``years`` are int64[n] columns, oldest first: Y1, Y2 for ``year_on_year`` (Y2/Y1 - 1);
    Y1, Y2, Y3 for ``mean_of_ratios`` (half of Y2/Y1 + Y3/Y2, less 1) and ``cagr2``
    ((Y3/Y1)**(1/2) - 1).  Every year but the last must be above 0: mask other rows.  A last
    year below 0 meets no ``cagr2`` threshold.  Raises ``ValueError`` for another number of
    years or an unknown method.

    Year on year is a ratio against 1 + t, and cagr2 one against (1 + t)**2.  The mean of
    ratios r1 + r2 has a float error of at most 2 u (r1 + |r2|) with u = 2**-53, the threshold
    one of u; rows within 8 u (r1 + |r2|) are settled by the sign of the exact integer
    ``q (Y2**2 + Y3 Y1) - p Y1 Y2`` for p/q = 2 (1 + t).

    >>> series = [np.array([2800]), np.array([5200]), np.array([7900])]   # 68.82 %
    >>> growth_band(series, "mean_of_ratios", [Fraction("0.68815"), Fraction("0.68825")]).tolist()
    [1]
    """
    wanted = {"year_on_year": 2, "mean_of_ratios": 3, "cagr2": 3}
    if wanted.get(method) != len(years):
        raise ValueError(f"growth {method!r} of {len(years)} years; known: {wanted}")
    columns = [np.asarray(column, np.int64) for column in years]
    factors = [1 + Fraction(threshold) for threshold in thresholds]
    if method == "year_on_year":
        return band_of_ratio(columns[1], columns[0], factors, strict)
    if method == "cagr2":
        # A root is never negative: below -100 % every non-negative series is above.
        words = _words(strict, len(factors))
        squares = [factor**2 if factor > 0 else Fraction(0) for factor in factors]
        above = [word and factor >= 0 for word, factor in zip(words, factors, strict=True)]
        return band_of_ratio(columns[2], columns[0], squares, above)
    return _band_of_mean_ratio(columns, _cuts([2 * factor for factor in factors], strict))


def floor_of_rational(
    approx: Floats, error_bound: Floats, exact: Callable[[npt.NDArray[np.intp]], list[Fraction]]
) -> Ints:
    """The floor of numbers known as float with error, exact for every row, as int64[n].

    ``approx`` float64[n]; ``error_bound`` float64[n] bounds ``|approx - true|``.  ``exact``
    is asked only for the rows (an index array) whose bound straddles a whole number.  Rows
    with NaN give 0 (mask them); floors beyond 2**62 are cut to plus or minus 2**62.

    Proof: rounding is monotone, so ``floor(fl(x+e)) >= floor(x+e)`` and
    ``ceil(fl(x-e)) - 1 <= floor(x-e)``; where the two agree the floor is decided.

    >>> third = lambda rows: [Fraction(6, 3)] * len(rows)
    >>> floor_of_rational(np.array([1.9999999999999998, 2.5]), np.full(2, 1e-15), third).tolist()
    [2, 2]
    """
    with np.errstate(invalid="ignore"):
        least = np.ceil(approx - error_bound)
        least -= 1.0
        most = np.floor(approx + error_bound)
        doubtful = least < most
        most[np.isnan(most)] = 0.0
        np.clip(most, -SATURATED, SATURATED, out=most)
        floors = most.astype(np.int64)
    if doubtful.any():
        rows = np.flatnonzero(doubtful)
        floors[rows] = [_saturate(math.floor(value)) for value in exact(rows)]
    return floors


def floor_of_product(factors: Sequence[Ints | int], divisors: Sequence[Ints | int]) -> Ints:
    """``floor(product of factors / product of divisors)``, exact for every row, as int64[n].

    Columns int64[n] or whole numbers, at least one factor a column, at most eight operands;
    every divisor must be above 0.  Floors beyond 2**62 are cut to plus or minus 2**62.

    Proof: with N the product above, Q the one below and k the nearest whole number to the
    float of N/Q, ``|N/Q - k| <= 1/2 + 2**-48 |N/Q|`` (eight conversions, eight operations of
    2**-53).  For Q < 2**58 and |k| < 2**50 therefore ``|N - k Q| < 5 * 2**58 < 2**63``, so its
    residue modulo 2**64 is r = N - k Q itself and the floor is ``k + r // Q``.  Other rows
    are done with Python integers.

    >>> floor_of_product([np.array([300_001]), 20], [100]).tolist()
    [60000]
    """
    p, q = (
        math.prod(x for x in operands if isinstance(x, int)) for operands in (factors, divisors)
    )
    common = math.gcd(p, q)
    p, q = p // common, q // common
    above = [np.asarray(x, np.int64) for x in factors if not isinstance(x, int)]
    below = [np.asarray(x, np.int64) for x in divisors if not isinstance(x, int)]
    floors = np.empty(len(above[0]), np.int64)
    with np.errstate(all="ignore"):
        for part in blocks(len(floors)):
            tops, bottoms = [x[part] for x in above], [x[part] for x in below]
            floors[part] = _floor_of_product(tops, p, bottoms, q)
    return floors


def _floor_of_product(above: list[Ints], p: int, below: list[Ints], q: int) -> Ints:
    bottom = _float_product(below, q)
    nearest = np.rint(_float_product(above, p) / bottom)
    sound = (np.abs(nearest) < 2.0**50) & (bottom < 2.0**58)
    k = nearest.astype(np.int64)
    divisor = _residue(below, q)
    rest = (_residue(above, p) - k.view(np.uint64) * divisor).view(np.int64)
    rest //= divisor.view(np.int64)
    rest += k
    if not sound.all():
        for row in np.flatnonzero(~sound):
            top = p * math.prod(int(column[row]) for column in above)
            rest[row] = _saturate(top // (q * math.prod(int(column[row]) for column in below)))
    return rest


def blocks(rows: int) -> Iterator[slice]:
    """Slices that cut ``rows`` rows into blocks small enough for the processor's cache.

    >>> list(blocks(3)), list(blocks(0))
    ([slice(0, 65536, None)], [])
    """
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def _cuts(thresholds: Sequence[Fraction | int], strict: bool | Sequence[bool]) -> list[_Cut]:
    cuts = []
    for threshold, word in zip(thresholds, _words(strict, len(thresholds)), strict=True):
        t = Fraction(threshold)
        # A threshold out there may move to the edge: its float neither overflows nor vanishes.
        if t and not _SMALL <= abs(t) <= _LARGE:
            edge = _SMALL if abs(t) < _SMALL else _LARGE
            t = edge if t > 0 else -edge
        cuts.append(_Cut(float(t), t.numerator, t.denominator, word))
    return cuts


def _words(strict: bool | Sequence[bool], count: int) -> Sequence[bool]:
    words = [strict] * count if isinstance(strict, bool) else strict
    if len(words) != count:
        raise ValueError(f"{count} thresholds and {len(words)} words for strict")
    return words


def _settle_ratio(met: Bools, ratio: Floats, a: Ints, b: Ints, cut: _Cut) -> None:
    """Decide the rows whose ratio rounds to the threshold's own float."""
    rows = np.flatnonzero(ratio == cut.value)
    if not rows.size:
        return
    a, b = a[rows], b[rows]
    if int(b.max()) * abs(cut.p) < 2**114:
        signs = (_residue([a], cut.q) - _residue([b], cut.p)).view(np.int64)
        met[rows] = signs > 0 if cut.strict else signs >= 0
    else:
        exact = [int(x) * cut.q - int(y) * cut.p for x, y in zip(a, b, strict=True)]
        met[rows] = [sign > 0 or (sign == 0 and not cut.strict) for sign in exact]


def _band_of_mean_ratio(years: Sequence[Ints], cuts: Sequence[_Cut]) -> Bands:
    """Bands of Y2/Y1 + Y3/Y2 against the cuts."""
    band = np.zeros(len(years[0]), np.int8)
    with np.errstate(all="ignore"):
        for part in blocks(len(band)):
            y1, y2, y3 = (column[part] for column in years)
            first, second = y2 / y1, y3 / y2
            value = first + second
            first += np.abs(second)
            doubt = first * 2.0**-50
            for cut in cuts:
                met = value > cut.value if cut.strict else value >= cut.value
                distance = np.abs(value - cut.value)
                rows = np.flatnonzero(distance <= doubt)
                if rows.size:
                    sums = (y1[rows], y2[rows], y3[rows])
                    met[rows] = _settle_mean(*sums, doubt[rows], cut)
                band[part] += met.view(np.int8)
    return band


def _settle_mean(y1: Ints, y2: Ints, y3: Ints, doubt: Floats, cut: _Cut) -> Bools:
    """The exact sign of q (Y2**2 + Y3 Y1) - p Y1 Y2 for rows known to lie near 0."""
    left = _residue([y2, y2], 1) + _residue([y1, y3], 1)
    signs = (_residue([left.view(np.int64)], cut.q) - _residue([y1, y2], cut.p)).view(np.int64)
    met = signs > 0 if cut.strict else signs >= 0
    # The exact number is q Y1 Y2 times a distance of at most twice the doubt.
    reach = float(min(cut.q, 2**200)) * 2.0 * doubt * y1 * y2
    beyond = np.flatnonzero(~(reach < 2.0**62))
    for row in beyond:
        a, b, c = int(y1[row]), int(y2[row]), int(y3[row])
        sign = cut.q * (b * b + c * a) - cut.p * a * b
        met[row] = sign > 0 or (sign == 0 and not cut.strict)
    return met


def _reach(column: npt.NDArray[np.integer]) -> int:
    return max(abs(int(column.max())), abs(int(column.min()))) if len(column) else 0


def _saturate(value: int) -> int:
    return max(-SATURATED, min(SATURATED, value))


def _float_product(columns: Sequence[Ints], whole: int) -> Floats:
    """The product in float64, each operand and each step rounded once."""
    product = np.asarray(float(whole))
    for column in columns:
        product = product * column
    return product


def _residue(columns: Sequence[Ints], whole: int) -> Residues:
    """The product modulo 2**64."""
    product = np.asarray(whole & _WRAP, np.uint64)
    for column in columns:
        product = product * column.view(np.uint64)
    return product
