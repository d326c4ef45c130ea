"""The values a search may try: a grid of steps for each parameter, those the policy keeps in order
tried in order only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Any

from ipcredit.errors import Problem, UsageError
from ipcredit.money import format_money
from ipcredit.policy import Policy
from ipcredit.reader import one_line, shown
from ipcredit.tune.varied import is_money, ladders, number_at, number_of, value_at

Point = tuple[int, ...]
"""A step on each parameter, counted from its low end."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One parameter: its values from ``low`` by ``step``, ``count`` of them; ``start`` is its own.

    Amounts of money in minor units.
    """

    path: str
    low: Fraction
    step: Fraction
    count: int
    start: Fraction
    currency: str = ""

    def number(self, at: int) -> Fraction:
        """The value at a step."""
        return self.low + self.step * at

    def value(self, at: int) -> Any:
        """The value at a step as a policy file holds it: a number, or an amount as text."""
        number = self.number(at)
        if self.currency:
            return format_money(int(number), self.currency, "zh")
        return int(number) if number.denominator == 1 else float(number)

    @property
    def own(self) -> int | None:
        """The step of its own value; ``None`` where that is not among them."""
        at = (self.start - self.low) / self.step
        return int(at) if at.denominator == 1 and 0 <= at < self.count else None

    @property
    def nearest(self) -> int:
        """The step nearest to its own value."""
        return min(max(round((self.start - self.low) / self.step), 0), self.count - 1)


@dataclass(frozen=True, slots=True)
class _Link:
    """One place of a chain: values ascending in the chain's sense; ``axis`` -1 where it is fixed."""

    axis: int
    values: tuple[Fraction, ...]
    down: bool

    def step(self, at: int) -> int:
        """The parameter's step at a place of ``values``."""
        return len(self.values) - 1 - at if self.down else at


class _Chain:
    """Parameters whose values must fall from each to the next (``strict``: no two alike)."""

    def __init__(self, links: Sequence[_Link], strict: bool) -> None:
        self.links, self.strict = links, strict
        self.low = [0] * len(links)
        self.high = [len(link.values) - 1 for link in links]
        for at in range(1, len(links)):
            self.high[at] = self._below(at, self.high[at - 1]) if self.high[at - 1] >= 0 else -1
        for at in range(len(links) - 2, -1, -1):
            self.low[at] = self._above(at, self.low[at + 1])

    @property
    def possible(self) -> bool:
        """Whether any values are in order."""
        return all(low <= high for low, high in zip(self.low, self.high, strict=True))

    def _below(self, at: int, before: int) -> int:
        """The last place of link ``at`` that may follow ``before`` of the link before it."""
        bound = self.links[at - 1].values[before]
        find = bisect_left if self.strict else bisect_right
        return min(find(self.links[at].values, bound) - 1, len(self.links[at].values) - 1)

    def _above(self, at: int, after: int) -> int:
        """The first place of link ``at`` that may stand before ``after`` of the next."""
        values = self.links[at + 1].values
        bound = values[min(after, len(values) - 1)]
        find = bisect_right if self.strict else bisect_left
        return find(self.links[at].values, bound)

    def ordered(self, wanted: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        """Axis and step, each as near to what is wanted as the order allows."""
        before = -1
        for at, link in enumerate(self.links):
            top = self.high[at] if at == 0 else min(self.high[at], self._below(at, before))
            place = link.step(wanted[link.axis]) if link.axis >= 0 else 0
            before = min(max(place, self.low[at]), top)
            if link.axis >= 0:
                yield link.axis, link.step(before)

    def all(self, at: int = 0, before: int = -1) -> Iterator[tuple[tuple[int, int], ...]]:
        """Every choice that is in order: axis and step of each link that is not fixed."""
        if at == len(self.links):
            yield ()
            return
        link = self.links[at]
        top = self.high[at] if at == 0 else min(self.high[at], self._below(at, before))
        for place in range(self.low[at], top + 1):
            own = ((link.axis, link.step(place)),) if link.axis >= 0 else ()
            for rest in self.all(at + 1, place):
                yield own + rest

    def count(self) -> int:
        """How many choices are in order."""
        ways = [1] * len(self.links[0].values)
        ways = [n if self.low[0] <= at <= self.high[0] else 0 for at, n in enumerate(ways)]
        for at in range(1, len(self.links)):
            found = [0] * len(self.links[at].values)
            for before, n in enumerate(ways):
                if n:
                    for place in range(
                        self.low[at], min(self.high[at], self._below(at, before)) + 1
                    ):
                        found[place] += n
            ways = found
        return sum(ways)


class Space:
    """All points of a search.

    Raises:
        UsageError: no values of some parameters are in order.
    """

    def __init__(self, policy: Policy, axes: Sequence[Steps]) -> None:
        self.axes = tuple(axes)
        self._chains = list(_chains(policy, self.axes))
        problems = []
        for chain in self._chains:
            if not chain.possible:
                paths = [self.axes[link.axis].path for link in chain.links if link.axis >= 0]
                problems.append(Problem("tune-search.no-order", key=", ".join(paths)))
        if problems:
            raise UsageError(problems)

    def ordered(self, point: Sequence[int]) -> Point:
        """The point itself if it is in order, else one near it that is."""
        wanted = dict(enumerate(point))
        found = dict(pair for chain in self._chains for pair in chain.ordered(wanted))
        return tuple(found[at] for at in range(len(self.axes)))

    @cached_property
    def size(self) -> int:
        """How many points are in order."""
        found = 1
        for chain in self._chains:
            found *= chain.count()
        return found

    def points(self) -> Iterator[Point]:
        """Every point that is in order."""
        for parts in product(*(list(chain.all()) for chain in self._chains)):
            found = dict(pair for part in parts for pair in part)
            yield tuple(found[at] for at in range(len(self.axes)))

    def near(self, point: Point, moved: int) -> Iterator[Point]:
        """The points in order that differ by one step in exactly ``moved`` parameters."""
        for chosen in combinations(range(len(point)), moved):
            for signs in product((1, -1), repeat=moved):
                other = list(point)
                for at, sign in zip(chosen, signs, strict=True):
                    other[at] += sign
                inside = all(0 <= other[at] < self.axes[at].count for at in chosen)
                if inside and self.ordered(other) == tuple(other):
                    yield tuple(other)

    def values(self, point: Point) -> dict[str, Any]:
        """The value of every parameter by path, as :func:`ipcredit.tune.varied.varied` takes them."""
        return {axis.path: axis.value(at) for axis, at in zip(self.axes, point, strict=True)}

    @property
    def own(self) -> Point | None:
        """The policy as it is; ``None`` where it is not among the points."""
        found = [axis.own for axis in self.axes]
        known = tuple(at for at in found if at is not None)
        return known if len(known) == len(found) else None

    @property
    def start(self) -> Point:
        """The point nearest to the policy as it is."""
        return self.ordered([axis.nearest for axis in self.axes])

    def changes(self, point: Point) -> tuple[int, Fraction]:
        """How many parameters differ from the policy as it is, and by how many steps in all."""
        away = [abs((axis.number(at) - axis.start) / axis.step)
                for axis, at in zip(self.axes, point, strict=True)]  # fmt: skip
        return sum(map(bool, away)), sum(away, Fraction(0))


def space_of(policy: Policy, vary: Mapping[str, Any]) -> Space:
    """The grid a person asks for: by path ``(low, high, step)``, amounts with their unit.

    Raises:
        UsageError: nothing to vary, an unknown path, no range, steps that do not reach the high
            end; all of it at once.

    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> tiers = {"tiers.A.at_least": (60, 90, 10), "tiers.B.at_least": (60, 90, 10)}
    >>> space_of(policy, tiers).size
    6
    """
    if not vary:
        raise UsageError(Problem("tune-search.no-vary", key="vary"))
    axes: list[Steps] = []
    problems: list[Problem] = []
    for path, wanted in vary.items():
        try:
            axes.append(_steps(policy, path, wanted))
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(problems)
    return Space(policy, axes)


# -- inside ------------------------------------------------------------------------------------


def _steps(policy: Policy, path: str, wanted: Any) -> Steps:
    """One parameter's grid."""
    value_at(policy, path)
    start = number_at(policy, path)
    if start is None:
        raise _wrong("no-number", path, given=shown(value_at(policy, path)))
    if not isinstance(wanted, tuple | list) or len(wanted) != 3:
        raise _wrong("triple", path, given=one_line(repr(wanted)))
    money = is_money(policy, path)
    numbers = []
    for word in wanted:
        number = number_of(word, policy.currency)
        if number is None or money != _has_unit(word):
            code = "unit-money" if money else "unit-number"
            raise _wrong(code, path, given=shown(word), example=shown(value_at(policy, path)))
        numbers.append(number)
    low, high, step = numbers
    if low >= high or step <= 0:
        given = ", ".join(map(shown, wanted))
        raise _wrong("range", path, given=given)
    count = (high - low) / step
    if count.denominator != 1:
        below = low + step * (count.numerator // count.denominator)
        ends = [
            Steps(path, end, step, 1, start, policy.currency if money else "").value(0)
            for end in (below, below + step)
        ]
        words = {"low": shown(wanted[0]), "high": shown(wanted[1]), "step": shown(wanted[2])}
        raise _wrong("step", path, below=shown(ends[0]), above=shown(ends[1]), **words)
    return Steps(path, low, step, int(count) + 1, start, policy.currency if money else "")


def _has_unit(word: Any) -> bool:
    if not isinstance(word, str):
        return False
    try:
        Fraction(word)
    except ValueError:
        return True
    return False


def _wrong(code: str, path: str, **args: object) -> UsageError:
    return UsageError(Problem(f"tune-search.{code}", key=one_line(path), args=args))


def _chains(policy: Policy, axes: Sequence[Steps]) -> Iterator[_Chain]:
    """Every parameter in one chain: those the policy holds in order together."""
    left = {axis.path: at for at, axis in enumerate(axes)}
    for ladder in ladders(policy):
        if not any(path in left for path in ladder):
            continue
        numbers = [number_at(policy, path) for path in ladder]
        known = [number for number in numbers if number is not None]
        down = len(known) < 2 or known[0] >= known[-1]
        links = [
            _link(axes, left.pop(path, -1), number, down)
            for path, number in zip(ladder, numbers, strict=True)
            if number is not None
        ]
        # Lines of two tiers may be alike, two thresholds of one table may not.
        yield _Chain(links, strict=not ladder[0].endswith(".amount"))
    for at in left.values():
        yield _Chain([_link(axes, at, axes[at].start, True)], strict=True)


def _link(axes: Sequence[Steps], axis: int, own: Fraction, down: bool) -> _Link:
    """``down``: the chain's values fall; where they rise, their signs are turned."""
    if axis < 0:
        return _Link(-1, (own if down else -own,), False)
    values = [axes[axis].number(at) for at in range(axes[axis].count)]
    return _Link(axis, tuple(values if down else [-v for v in reversed(values)]), not down)
