"""What is the same on every path: lending, recovery, limits per claim and firm, by group and period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.path_cohorts import ceiling
from ipcredit.fund.path_money import added
from ipcredit.fund.path_plan import Plan
from ipcredit.fund.terms import Limit

Array: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """By period, float64[G, 1]: what is lent; of what defaults the share that is eligible after
    limits per claim and firm, the payment over it, and by lag (weight, mean recovery).

    ``tier`` [T][G, tiers + 1]: each tier's part of the expected payment, firms of none last.
    ``opening``: where the fund stands on the first day, by name float64[G, 1].
    """

    lent: tuple[Array, ...]
    eligible: tuple[Array | float, ...]
    cover: tuple[Array, ...]
    recovery: tuple[dict[int, tuple[Array, Array]], ...]
    tier: tuple[Array, ...]
    opening: dict[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Narrow:
    """Limits per claim and firm on defaults that are not added up yet."""

    plan: Plan
    base: float

    def amounts(self, owed: Array, loan: Array, firm: Array) -> tuple[Array, Array]:
        """Eligible, and wanted of the fund, of each default; ``loan``, ``firm``: whose it is."""
        plan = self.plan
        group = plan.item_group[plan.loan_item]
        at = loan.astype(np.intp)
        eligible = owed * plan.covered[at]
        eligible = self._limited("claims", eligible, at, firm)
        wanted = eligible * plan.groups.share[group[at]]
        return eligible, self._limited("payouts", wanted, at, firm)

    def _limited(
        self, measure: str, amount: Array, loan: npt.NDArray[np.intp], firm: Array
    ) -> Array:
        for per in ("claim", "firm"):
            for limit, applies in self.plan.narrow:
                if limit.measure == measure and limit.per == per:
                    amount = self._cut(limit, amount, applies[loan], firm)
        return amount

    def _cut(
        self, limit: Limit, amount: Array, applies: npt.NDArray[np.bool_], firm: Array
    ) -> Array:
        top = float(ceiling(limit.ceiling, np.array([self.base]))[0])
        counted = amount * applies
        if limit.per == "firm":
            _, at = np.unique(firm, return_inverse=True)
            counted = added(at.ravel(), counted, len(at))[at.ravel()]
        kept = np.maximum(counted - top, 0.0) if limit.deductible else np.minimum(counted, top)
        factor = kept / np.where(counted > 0, counted, 1.0)
        result: Array = np.where(applies, amount * factor, amount)
        return result


def shares(plan: Plan) -> Shares:
    """The fixed shares of a plan, weighted by the probability of default."""
    periods = range(plan.assumed.periods)
    lent = tuple(_lent(plan, t) for t in periods)
    made = [_expected(plan, t) for t in periods]
    return Shares(
        lent,
        tuple(item[0] for item in made),
        tuple(item[1] for item in made),
        tuple(item[2] for item in made),
        tuple(item[3] for item in made),
        _opening(plan),
    )


def _opening(plan: Plan) -> dict[str, Array]:
    """The opening state by group: the fund's spread as its lending, a lender's or district's own."""
    lent = plan.by_group(plan.principal_of(0))
    found: dict[str, Array] = {}
    for (per, place, name), amount in plan.assumed.opening.items():
        where = np.ones(len(lent), dtype=np.bool_)
        if per == "lender":
            where = plan.groups.lender == plan.lenders.index(place)
        elif per == "district":
            where = plan.groups.district == plan.districts.index(place)
        weight = np.where(where, lent, 0.0)
        part = amount * weight / max(float(weight.sum()), 1.0)
        found[name] = np.where(where, part, found.get(name, np.zeros(len(lent))))
    return {name: values[:, None] for name, values in found.items()}


def _lent(plan: Plan, period: int) -> Array:
    total = plan.by_group(plan.principal_of(0)) if period == 0 else np.zeros(len(plan.groups))
    for at, block in enumerate(plan.blocks):
        if at and block.start == period:
            total = total + plan.by_group(plan.principal_of(at))
        if period and block.start < period and plan.assumed.rollover > 0:
            total = total + plan.by_group(plan.relent(at, period))
    return total[:, None]


def _expected(
    plan: Plan, period: int
) -> tuple[Array | float, Array, dict[int, tuple[Array, Array]], Array]:
    """Sums over loans of one period, weighted by what is expected to default."""
    groups = len(plan.groups)
    loan_group = plan.item_group[plan.loan_item]
    loan_firm = plan.item_firm[plan.loan_item]
    tiers = len(plan.tiers) + 1
    tier = plan.tier[loan_firm] % tiers  # -1, no tier, comes last
    principal, eligible, wanted = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    by_tier = np.zeros(groups * tiers)
    lags = [int(lag) for lag in np.unique(plan.loan_lag)]
    recovered = {lag: np.zeros((2, groups)) for lag in lags}
    narrow = Narrow(plan, plan.book_principal)
    loans = np.arange(len(loan_group), dtype=np.float64)
    for at, block in enumerate(plan.blocks):
        if block.start > period:
            continue
        owed = plan.loan_balance(at, period, rolled=True)
        hazard = plan.hazard(at, period)[loan_firm]
        expected = owed * hazard
        principal += added(loan_group, expected, groups)
        if plan.narrow:
            part, want = narrow.amounts(owed, loans, loan_firm.astype(np.float64))
            part, want = part * hazard, want * hazard
            eligible += added(loan_group, part, groups)
        else:
            want = expected * plan.groups.share[loan_group]
        wanted += added(loan_group, want, groups)
        by_tier += added(loan_group * tiers + tier, want, groups * tiers)
        for lag, sums in recovered.items():
            mine = expected if len(lags) == 1 else expected * (plan.loan_lag == lag)
            sums[0] += added(loan_group, mine, groups)
            sums[1] += added(loan_group, mine * plan.loan_recovery, groups)
    if not plan.narrow:
        eligible = principal * plan.covered_groups
    whole = np.where(principal > 0, principal, 1.0)
    part_of = eligible / whole if plan.narrow else plan.covered_groups * 1.0
    cover = wanted / np.where(eligible > 0, eligible, 1.0)
    recovery = {
        lag: (
            (sums[0] / whole)[:, None],
            (sums[1] / np.where(sums[0] > 0, sums[0], 1.0))[:, None],
        )
        for lag, sums in recovered.items()
    }
    split = by_tier.reshape(groups, tiers)
    split = split / np.where(wanted > 0, wanted, 1.0)[:, None]
    everything = bool((part_of == 1).all())
    return 1.0 if everything else part_of[:, None], cover[:, None], recovery, split
