"""Which share of each loan's loss a fund covers, by its cover rules, uplifts and conditions.

Exact for one claim and for a million loans alike: bounds are compared as whole numbers, shares
stay fractions, and only as many of them are made as differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.errors import PortfolioError, Problem
from ipcredit.fund.terms import Cover, CoverRule, Step, Terms, When
from ipcredit.traits import AMOUNTS, Bools, Codes, Ints, Traits

MILLION: Final = 10**6
COVER_RULE: Final = "cover_rule"
"""The word of a claim that names its cover rule, where the fund lets it be declared."""
OTHER_SCHEME: Final = "other_scheme"
"""The word of a claim that says whether another scheme has paid for the loan (yes, no)."""

Floats = npt.NDArray[np.float64]
Rules = npt.NDArray[np.int16]
_Cases = tuple[npt.NDArray[np.intp], list[Fraction], Bools]


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """The cover of ``n`` loans.

    ``shares``: the shares that occur, at least one; ``index`` int32[n] points into them, -1 where
    the fund covers nothing.  ``rule`` int16[n]: the cover rule that decided, -1 for none.
    ``uplift`` int64[n]: bit k is set where uplift k fits.  ``most`` bool[n]: the share was cut to
    ``cover.most``.  ``condition`` int16[n]: the first condition that failed, -1 for none.
    """

    shares: tuple[Fraction, ...]
    index: Codes
    rule: Rules
    uplift: Ints
    most: Bools
    condition: Rules

    @property
    def float64(self) -> Floats:
        """The shares that occur as float64, in the order of ``shares``."""
        return np.array([float(share) for share in self.shares], dtype=np.float64)

    def share_of(self, row: int) -> Fraction:
        """The exact share of one loan, 0 where it is not covered."""
        at = int(self.index[row])
        return self.shares[at] if at >= 0 else Fraction(0)


def covering(terms: Terms, traits: Traits) -> Covering:
    """The cover of every loan.

    Whether another scheme has paid is asked only where the traits have that column
    (:data:`OTHER_SCHEME`): of a book nobody has claimed anything yet.

    Raises:
        PortfolioError: loans lack a trait that some clause asks for, one problem a trait.

    >>> from ipcredit.fund.terms import Claim, Cover, Money, Recoveries
    >>> half = Fraction(1, 2)
    >>> rule = CoverRule("small", None, When(), "size", (Step(Fraction(500), half),), False, "")
    >>> terms = Terms("any", Claim(False, True, 0, 0, ""), Cover((rule,), "best"),
    ...               Money(0, None, None, None, "committed", "refused", (), Fraction(0), None,
    ...                     (), ""), Recoveries("pro-rata", True, ""))
    >>> found = covering(terms, Traits(2, numbers={"size": np.array([500, 501])}))
    >>> found.index.tolist(), found.shares
    ([0, -1], (Fraction(1, 2),))
    """
    lacking = {name: rows for name in needed(terms) if (rows := ~traits.known(name)).any()}
    if lacking:
        rules = {"rules": ", ".join(rule.name for rule in terms.cover.rules)}
        problems = [
            Problem(
                f"fund-pay.loans-lack{'-rule' if name == COVER_RULE else ''}",
                key=name,
                args={"count": int(rows.sum()), **rules},
            )
            for name, rows in lacking.items()
        ]
        raise PortfolioError(problems)
    _check_declared(terms, traits)
    condition = _failed(terms, traits)
    cases = [_cases(rule, traits) for rule in terms.cover.rules]
    rule = _picked(terms, traits, cases)
    uplift = np.zeros(traits.n, dtype=np.int64)
    for at, item in enumerate(terms.cover.uplifts):
        uplift |= holds(item.when, traits).astype(np.int64) << at
    return _shared(terms, cases, rule, uplift, condition)


def _check_declared(terms: Terms, traits: Traits) -> None:
    """Refuse cover rules declared that the fund does not have."""
    if terms.cover.pick != "declared":
        return
    codes, labels = traits.words[COVER_RULE]
    rules = [rule.name for rule in terms.cover.rules]
    problems = [
        Problem(
            "fund-pay.no-rule", key=COVER_RULE, args={"given": label, "rules": ", ".join(rules)}
        )
        for at, label in enumerate(labels)
        if label not in rules and (codes == at).any()
    ]
    if problems:
        raise PortfolioError(problems)


def needed(terms: Terms) -> tuple[str, ...]:
    """The traits that the clauses of a fund ask of every loan."""
    declared = (COVER_RULE,) if terms.cover.pick == "declared" else ()
    return (*terms.attributes, *declared)


def holds(when: When, traits: Traits) -> Bools:
    """Of which loans every test of a rule holds, bool[n]; a trait that is not known fails it.

    >>> from fractions import Fraction
    >>> share = When(at_most=(("collateral_share", Fraction(3, 10)),))
    >>> holds(share, Traits(2, numbers={"collateral_share": np.array([300_000, 300_001])})).tolist()
    [True, False]
    """
    found = np.ones(traits.n, dtype=np.bool_)
    for name, allowed in when.words:
        found &= _among(traits, name, allowed)
    if when.tags:
        tagged = np.zeros(traits.n, dtype=np.bool_)
        for tag in when.tags:
            if tag in traits.tags:
                tagged |= traits.tags[tag]
        found &= tagged
    for bounds, test in (
        (when.at_least, lambda column, bound: column >= ceil(bound)),
        (when.above, lambda column, bound: column > floor(bound)),
        (when.at_most, lambda column, bound: column <= floor(bound)),
        (when.below, lambda column, bound: column < ceil(bound)),
    ):
        for name, bound in bounds:
            found &= _bounded(traits, name, bound, test)
    return found


def _among(traits: Traits, name: str, allowed: tuple[str, ...]) -> Bools:
    if name not in traits.words:
        return np.zeros(traits.n, dtype=np.bool_)
    codes, labels = traits.words[name]
    fitting = [at for at, label in enumerate(labels) if label in allowed]
    if len(fitting) == 1:  # by far the most frequent case, and the quickest
        found: Bools = codes == fitting[0]
        return found
    return np.isin(codes, fitting)


def _bounded(
    traits: Traits, name: str, bound: Fraction, test: Callable[[Ints, Fraction], Bools]
) -> Bools:
    if name not in traits.numbers:
        return np.zeros(traits.n, dtype=np.bool_)
    scaled = bound if name in AMOUNTS else bound * MILLION
    return test(traits.numbers[name], scaled) & traits.known(name)


def _failed(terms: Terms, traits: Traits) -> Rules:
    """The first condition that fails, -1 for none."""
    failed = np.full(traits.n, -1, dtype=np.int16)
    for at, item in enumerate(terms.conditions):
        met = holds(item.when, traits)
        if item.one_scheme and OTHER_SCHEME in traits.words:
            met &= ~_among(traits, OTHER_SCHEME, ("yes",))
        failed[(failed < 0) & ~met] = at
    return failed


def _steps_reached(rule: CoverRule, traits: Traits) -> tuple[npt.NDArray[np.intp], Bools]:
    """Into which step each loan falls, and whether it falls into any."""
    if not rule.by:
        return np.zeros(traits.n, dtype=np.intp), np.ones(traits.n, dtype=np.bool_)
    factor = 1 if rule.by in AMOUNTS else MILLION
    tops = [floor(step.up_to * factor) for step in rule.steps if step.up_to is not None]
    at = np.searchsorted(np.array(tops, dtype=np.int64), traits.numbers[rule.by], side="left")
    return at, at < len(rule.steps)


def sliced(steps: tuple[Step, ...], amount: int) -> Fraction:
    """The share of an amount each of whose slices counts at its own step's share.

    >>> steps = (Step(Fraction(100), Fraction(1, 2)), Step(None, Fraction(1, 4)))
    >>> sliced(steps, 50), sliced(steps, 200)
    (Fraction(1, 2), Fraction(3, 8))
    """
    if amount <= 0:
        return steps[0].rate
    below, total = Fraction(0), Fraction(0)
    for step in steps:
        top = Fraction(amount) if step.up_to is None else min(step.up_to, Fraction(amount))
        total += (top - below) * step.rate
        below = top
        if top == amount:
            break
    return total / amount


def _cases(rule: CoverRule, traits: Traits) -> _Cases:
    """Which of the rule's shares each loan has, these shares, and where the rule fits."""
    at, inside = _steps_reached(rule, traits)
    fits = holds(rule.when, traits) & inside
    if not rule.slices:
        return np.where(inside, at, 0), [step.rate for step in rule.steps], fits
    sizes, which = np.unique(traits.numbers[rule.by], return_inverse=True)
    return which, [sliced(rule.steps, int(size)) for size in sizes], fits


def _picked(terms: Terms, traits: Traits, cases: Sequence[_Cases]) -> Rules:
    """The rule that decides: the best, the worst or the first that fits, or the one declared."""
    pick = terms.cover.pick
    chosen = np.full(traits.n, -1, dtype=np.int16)
    if pick == "declared":
        for at, rule in enumerate(terms.cover.rules):
            chosen[cases[at][2] & _among(traits, COVER_RULE, (rule.name,))] = at
        return chosen
    # Shares are compared by their rank among all that occur: exact, and quick.
    order = {share: at for at, share in enumerate(sorted({s for _, row, _ in cases for s in row}))}
    rank = np.zeros(traits.n, dtype=np.int64)
    for at, (which, rates, fits) in enumerate(cases):
        mine = np.array([order[rate] for rate in rates], dtype=np.int64)[which]
        better = fits & (chosen < 0)
        if pick == "best":
            better |= fits & (mine > rank)
        elif pick == "worst":
            better |= fits & (mine < rank)
        chosen[better] = at
        rank[better] = mine[better]
    return chosen


def _shared(
    terms: Terms,
    cases: Sequence[_Cases],
    rule: Rules,
    uplift: Ints,
    condition: Rules,
) -> Covering:
    """The exact shares of the rules picked, uplifts added, one for each case that differs."""
    covered = (rule >= 0) & (condition < 0)
    index = np.full(len(rule), -1, dtype=np.int32)
    most = np.zeros(len(rule), dtype=np.bool_)
    shares: dict[Fraction, int] = {}
    for at, (which, rates, _) in enumerate(cases):
        rows = np.flatnonzero(covered & (rule == at))
        if not len(rows):
            continue
        keys, where = np.unique(uplift[rows] * len(rates) + which[rows], return_inverse=True)
        found = [
            _lifted(terms.cover, rates[key % len(rates)], key // len(rates))
            for key in keys.tolist()
        ]
        index[rows] = np.array([shares.setdefault(share, len(shares)) for share, _ in found])[where]
        most[rows] = np.array([cut for _, cut in found])[where]
    return Covering(tuple(shares) or (Fraction(0),), index, rule, uplift, most, condition)


def _lifted(cover: Cover, share: Fraction, bits: int) -> tuple[Fraction, bool]:
    """The share after uplifts, and whether ``cover.most`` cut it; never below 0."""
    for at, item in enumerate(cover.uplifts):
        if bits >> at & 1:
            share += item.points
    if cover.most is not None and share > cover.most:
        return cover.most, True
    return max(share, Fraction(0)), False
