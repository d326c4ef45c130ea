"""The ranges over which a policy's numbers are drawn, and the grid that a policy file allows.

Law: each number is uniform over its range and independent of the others.  A range is rounded to the
grid of the number: two digits more than the file writes, whole numbers where only whole ones are
allowed, whole units of money.  Numbers that the policy holds in order (thresholds of a table, lines
by tier) may not have ranges that meet: ranges that a person gives are refused with limits that
would do, ranges of ``assumed`` are cut in the middle between neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.money import format_money, minor_digits
from ipcredit.policy import Policy
from ipcredit.reader import shown
from ipcredit.tune.varied import is_money, ladders, number_at, number_of, value_at, varied

_FINER: Final = 2
_HALVINGS: Final = 6


@dataclass(frozen=True, slots=True)
class Range:
    """One number's range: exact, in the unit of the file (minor units for money), on a grid.

    ``cut``: the range of ``assumed`` was narrowed to what the policy allows.
    """

    path: str
    value: Fraction
    low: Fraction
    high: Fraction
    step: Fraction
    money: bool
    currency: str
    assumed: bool
    cut: bool = False

    def at(self, number: float) -> Any:
        """The value on the grid nearest to a number, as the file would hold it."""
        exact = round(Fraction(number) / self.step) * self.step
        return self.written(min(max(exact, self.low), self.high))

    def written(self, exact: Fraction) -> Any:
        """An exact number as a policy file holds it."""
        if self.money:
            return format_money(int(exact), self.currency, "zh")
        return int(exact) if exact.denominator == 1 else float(exact)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An assumed value that is not varied, and why: ``word``, ``zero`` or ``fixed``."""

    path: str
    shown: str
    reason: str


def given_ranges(policy: Policy, ranges: Mapping[str, Any]) -> tuple[Range, ...]:
    """The ranges a person gives, checked.

    Raises:
        UsageError: unknown paths, what is no number, no range, ranges of neighbours that meet,
            ends that the policy does not allow; all at once.
    """
    problems: list[Problem] = []
    found: list[Range] = []
    for path, ends in ranges.items():
        try:
            value = number_at(policy, path)
        except UsageError as error:
            problems += error.problems
            continue
        if value is None:
            args = {"given": shown(value_at(policy, path))}
            problems.append(Problem("tune-sweep.no-number", key=path, args=args))
            continue
        ends = list(ends) if isinstance(ends, Sequence) and not isinstance(ends, str) else [ends]
        numbers = [number_of(end, policy.currency) for end in ends]
        low, high = (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)
        if low is None or high is None or low >= high:
            args = {"given": ", ".join(shown(end) for end in ends)}
            problems.append(Problem("tune-sweep.range", key=path, args=args))
            continue
        found.append(_range(policy, path, value, low, high))
    problems += _meeting(policy, found)
    problems += [problem for item in found for problem in _refused(policy, item)]
    if problems:
        raise UsageError(problems)
    return tuple(found)


def assumed_ranges(policy: Policy, share: float) -> tuple[tuple[Range, ...], tuple[LeftOut, ...]]:
    """Every assumed number from ``1 - share`` to ``1 + share`` times itself, and what is left out.

    Raises:
        UsageError: the share is not above 0 and at most 1.
    """
    part = Fraction(str(share))
    if not 0 < part <= 1:
        args = {"given": share, "low": 0, "high": 1}
        raise UsageError(Problem("tune-sweep.share", key="assumed", args=args))
    found: dict[str, Range] = {}
    out: list[LeftOut] = []
    for number in policy.assumed():
        try:
            value = number_at(policy, number.path)
        except UsageError:  # how a rule is read, not a value of the file
            value = None
        if not value:
            reason = "word" if value is None else "zero"
            out.append(LeftOut(number.path, number.shown, reason))
            continue
        reach = abs(value) * part
        found[number.path] = _range(policy, number.path, value, value - reach, value + reach)
    _cut_apart(policy, found)
    kept = []
    for item in found.values():
        narrow = _allowed(policy, item)
        if narrow is None:
            out.append(LeftOut(item.path, shown(item.written(item.value)), "fixed"))
        else:
            kept.append(narrow)
    return tuple(kept), tuple(out)


# -- the grid ----------------------------------------------------------------------------------


def _range(policy: Policy, path: str, value: Fraction, low: Fraction, high: Fraction) -> Range:
    numbers = {number.path: number for number in policy.numbers}
    number = numbers.get(path)
    assumed = number is not None and number.evidence == "assumed" and not number.changed
    money = is_money(policy, path)
    if money:
        step = Fraction(10 ** minor_digits(policy.currency))
    else:
        written = "" if number is None else number.shown
        digits = max(len(str(end).partition(".")[2]) for end in (written, _decimal(value)))
        step = Fraction(1, 10 ** (digits + _FINER))
        if not _accepts(policy, path, value + step) and not _accepts(policy, path, value - step):
            step = Fraction(1)
    item = Range(path, value, low, high, step, money, policy.currency, assumed)
    # Ends on the grid, not beyond what is asked.
    inner = -(-low // step) * step, (high // step) * step
    return replace(item, low=Fraction(inner[0]), high=Fraction(inner[1]))


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _accepts(policy: Policy, path: str, value: Fraction) -> bool:
    number = int(value) if value.denominator == 1 else float(value)
    try:
        varied(policy, {path: number})
    except PolicyError as error:
        # A neighbour in the way says nothing about digits.
        return not any(problem.code == "policy.not-whole" for problem in error.problems)
    return True


# -- order ---------------------------------------------------------------------------------------


def _neighbours(
    policy: Policy, found: Mapping[str, Range]
) -> Iterator[tuple[Fraction, str, Fraction, str]]:
    """Every two numbers that stand next to each other in an order: lower and higher."""
    for paths in ladders(policy):
        values = []
        for path in paths:
            value = found[path].value if path in found else number_at(policy, path)
            if value is not None:
                values.append((value, path))
        if any(path in found for path in paths):
            values.sort()
            for (low, lower), (high, higher) in pairwise(values):
                yield low, lower, high, higher


def _meeting(policy: Policy, found: Sequence[Range]) -> list[Problem]:
    """Ranges of neighbours that meet, each with limits that do not."""
    by_path = {item.path: item for item in found}
    problems = []
    for low, lower, high, higher in _neighbours(policy, by_path):
        top = by_path[lower].high if lower in by_path else low
        bottom = by_path[higher].low if higher in by_path else high
        if top < bottom or (top == bottom and _may_be_equal(lower)):
            continue
        first, second = (lower, higher) if lower in by_path else (higher, lower)
        item = by_path[first]
        wall = (low + high) / 2 if second in by_path else (high if first == lower else low)
        edge = (
            _up_to(item, wall)
            if first == lower
            else _from(item, wall, beyond=second not in by_path)
        )
        ends = (item.low, edge) if first == lower else (edge, item.high)
        allowed = ", ".join(shown(item.written(end)) for end in ends)
        args = {"other": second, "allowed": f"({allowed})"}
        problems.append(Problem("tune-sweep.overlap", key=first, args=args))
    return problems


def _cut_apart(policy: Policy, found: dict[str, Range]) -> None:
    """Cut ranges of neighbours that meet: in the middle, or before a neighbour that stays."""
    for low, lower, high, higher in list(_neighbours(policy, found)):
        middle = (low + high) / 2
        if lower in found:
            item = found[lower]
            wall = _up_to(item, middle if higher in found else high)
            if wall < item.high:
                found[lower] = replace(item, high=wall, cut=True)
        if higher in found:
            item = found[higher]
            wall = (
                _from(item, middle, beyond=False)
                if lower in found
                else _from(item, low, beyond=True)
            )
            if wall > item.low:
                found[higher] = replace(item, low=wall, cut=True)


def _may_be_equal(path: str) -> bool:
    return path.endswith(".amount")


def _up_to(item: Range, wall: Fraction) -> Fraction:
    """The highest point of the grid below a wall."""
    return Fraction((-(-wall // item.step) - 1) * item.step)


def _from(item: Range, wall: Fraction, *, beyond: bool = False) -> Fraction:
    """The lowest point of the grid at a wall or above; ``beyond``: not at it."""
    at = Fraction(-(-wall // item.step) * item.step)
    return at + item.step if beyond and at == wall else at


def _allowed(policy: Policy, item: Range) -> Range | None:
    """The range with ends that the policy allows, each halved towards the value until it does."""
    low, high = item.low, item.high
    for _ in range(_HALVINGS):
        if low == item.value or not _reasons(policy, item, low):
            break
        low = _rounded((low + item.value) / 2, item.step)
    else:
        low = item.value
    for _ in range(_HALVINGS):
        if high == item.value or not _reasons(policy, item, high):
            break
        high = _rounded((high + item.value) / 2, item.step)
    else:
        high = item.value
    if low >= high:
        return None
    return replace(item, low=low, high=high, cut=item.cut or (low, high) != (item.low, item.high))


def _rounded(value: Fraction, step: Fraction) -> Fraction:
    return Fraction(round(value / step) * step)


def _reasons(policy: Policy, item: Range, end: Fraction) -> tuple[Problem, ...]:
    try:
        varied(policy, {item.path: item.written(end)})
    except PolicyError as error:
        return error.problems
    return ()


def _refused(policy: Policy, item: Range) -> Iterator[Problem]:
    """Ends that the policy does not allow while all else is as it is.

    That a neighbour stands in the way is said by :func:`_meeting`, with limits."""
    for end in (item.low, item.high):
        for problem in _reasons(policy, item, end):
            if problem.code not in ("policy.bands-order", "policy.lines-order"):
                where = f"{item.path} = {shown(item.written(end))}"
                yield Problem(problem.code, where, problem.key, problem.args)
