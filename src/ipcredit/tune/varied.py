"""A policy with some of its numbers set, for questions that ask about many such policies.

:meth:`~ipcredit.policy.Policy.change` is one change by a person: it marks the number and refuses to
change nothing.  A sweep or a draw sets several numbers at once, of which some may be as they were.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ipcredit.errors import PolicyError, Problem, UsageError
from ipcredit.money import MoneyError, parse_money
from ipcredit.policy import Policy
from ipcredit.reader import has_own_source, nearest, one_line, shown
from ipcredit.rule_words import units_by_path, written_text
from ipcredit.rules import Band, Indicator


def varied(policy: Policy, values: Mapping[str, Any]) -> Policy:
    """The policy with the numbers at these paths set, read once; itself where nothing differs.

    Provenance is not marked: it is for reckoning, :func:`changed` is for keeping.

    Raises:
        UsageError: a path names no value.
        PolicyError: such a policy is not valid.

    >>> policy = Policy.load("chongqing-knowledge@2023")
    >>> varied(policy, {"tiers.B.at_least": 70}) is policy
    True
    >>> steps = {"tiers.A.at_least": 65, "tiers.B.at_least": 60}
    >>> found = varied(policy, steps)
    >>> found == policy.change("tiers.B.at_least", 60).change("tiers.A.at_least", 65)
    True
    """
    data = copy.deepcopy(dict(policy.canonical))
    for path, value in values.items():
        holder, key = _place(data, path)
        holder[key] = _plain(value, holder[key])
    found = Policy.from_canonical(data)
    return policy if found.fingerprint == policy.fingerprint else found


def changed(policy: Policy, values: Mapping[str, Any]) -> Policy:
    """The policy changed at these paths as a person changes it, in an order that is valid.

    What stays as it is, is left out; without any change it is the policy itself.

    Raises:
        UsageError, PolicyError: as :meth:`~ipcredit.policy.Policy.change`.
    """
    todo = {path: value for path, value in values.items() if not _same(policy, path, value)}
    found = policy
    while todo:
        errors: list[Problem] = []
        for path, value in list(todo.items()):
            try:
                found = found.change(path, value)
            except PolicyError as error:
                errors += error.problems
            else:
                del todo[path]
                break
        else:
            raise PolicyError(errors)
    return found


def value_at(policy: Policy, path: str) -> Any:
    """The value at a path as JSON data: a number, or an amount as text.

    Raises:
        UsageError: the path names no value; the problem names the nearest.

    >>> value_at(Policy.load("chongqing-knowledge@2023"), "line.tiers.B.amount")
    '400 万元'
    """
    holder, key = _place(policy.canonical, path)
    return holder[key]


def number_at(policy: Policy, path: str) -> Fraction | None:
    """The value at a path as a number (an amount in minor units); ``None`` where it is none."""
    value = value_at(policy, path)
    return number_of(value, policy.currency)


def number_of(value: Any, currency: str) -> Fraction | None:
    """A value as a number: an amount of money in minor units, ``None`` for words and flags.

    >>> number_of("450 万元", "CNY"), number_of(0.35, "CNY"), number_of("none", "CNY")
    (Fraction(450000000, 1), Fraction(7, 20), None)
    """
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal | Fraction):
        return Fraction(str(value))
    if isinstance(value, str):
        try:
            return Fraction(parse_money(value, currency))
        except MoneyError:
            try:
                return Fraction(value)
            except (ValueError, ZeroDivisionError):
                return None
    return None


def is_money(policy: Policy, path: str) -> bool:
    """Whether the value at a path is an amount of money."""
    value = value_at(policy, path)
    return isinstance(value, str) and number_of(value, policy.currency) is not None


def value_text(policy: Policy, path: str, value: Any, lang: str) -> str:
    """A value as the policy's own page writes it, with its unit."""
    return written_text(shown(value), path, units_by_path(policy.rules), policy.currency, lang)


def tables(policy: Policy) -> Iterator[Indicator]:
    """Every band table of a policy: of dimensions, of tiers, of the parts of the line."""
    rules = policy.rules
    for dimension in rules.dimensions:
        yield from dimension.indicators
    if rules.tiers is not None and rules.tiers.indicator is not None:
        yield rules.tiers.indicator
    for part in rules.parts:
        for method in part.methods:
            if method.indicator is not None:
                yield method.indicator


def cut_path(band: Band) -> str:
    """The path of a band's threshold.

    >>> from ipcredit.policy import Policy
    >>> tiers = Policy.load("chongqing-knowledge@2023").rules.tiers
    >>> cut_path(tiers.indicator.bands[1])
    'tiers.B.at_least'
    """
    return f"{band.path}.{band.op}"


def ladders(policy: Policy) -> Iterator[Sequence[str]]:
    """Paths of numbers that the policy holds in order: thresholds of each table, lines by tier."""
    for table in tables(policy):
        if not table.categorical:
            yield [cut_path(band) for band in table.bands if band.cut is not None]
    tiers = policy.rules.tiers
    for part in policy.rules.parts:
        if tiers is not None and part.tiers:
            labels = [label for label, amount in zip(tiers.labels, part.tiers, strict=True)
                      if amount is not None]  # fmt: skip
            yield [f"{part.path}.tiers.{label}.amount" for label in labels]


# -- inside ------------------------------------------------------------------------------------


def _place(data: Any, path: str) -> tuple[Any, Any]:
    """The table or list that holds the one value at ``path``, and its key there."""
    holder, key, node = None, "", data
    for part in path.split("."):
        holder = node
        try:
            place = int(part) if isinstance(node, list) else part
            node = node[place]
        except (KeyError, IndexError, TypeError, ValueError):
            near = nearest(path, _paths(data, ""))
            code = "policy.no-such-path-near" if near else "policy.no-such-path"
            raise UsageError(Problem(code, key=one_line(path), args={"nearest": near})) from None
        key = place  # type: ignore[assignment]
    if has_own_source(node):
        return node, "value"
    if isinstance(node, dict):
        inside = ", ".join(f"{path}.{name}" for name in node)
        problem = Problem("policy.not-a-value", key=one_line(path), args={"allowed": inside})
        raise UsageError(problem)
    return holder, key


def _paths(data: Any, start: str) -> Iterator[str]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        path = f"{start}.{key}" if start else str(key)
        if isinstance(value, dict | list):
            yield from _paths(value, path)
        else:
            yield path


def _plain(value: Any, old: Any) -> Any:
    """A value as JSON data, text that stands for a number as that number."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, str) and isinstance(old, int | float) and not isinstance(old, bool):
        try:
            value = Fraction(value)
        except (ValueError, ZeroDivisionError):
            return value
    if isinstance(value, Fraction | Decimal):
        value = int(value) if value == int(value) else float(value)
    return value


def _same(policy: Policy, path: str, value: Any) -> bool:
    old = value_at(policy, path)
    if old == value:
        return True
    number = number_of(value, policy.currency)
    return number is not None and number == number_of(old, policy.currency)
