"""What one policy does to given firms: tiers, lines by part, district and size, and the fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import AnyFirms, Assessment, assess, columns_of
from ipcredit.default_rates import Curve
from ipcredit.errors import Problem, UsageError
from ipcredit.firms import Firms
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.plan import ELIGIBLE, FAIL, INCOMPLETE, INVALID, REFUSED
from ipcredit.policy import Policy
from ipcredit.tune.borrowers import Borrowers, borrowers
from ipcredit.tune.fund_year import FundYear, capital_needed, fund_year
from ipcredit.tune.groups import Groups, by_district, by_size

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]

OTHER_STATES: Final = ("none", "refused", "incomplete", "invalid")
"""What becomes of a firm beside a tier: below every tier, refused by a condition, and so on."""
NO_TIERS: Final = "eligible"
"""The one state above them of a policy that has no tiers."""
_NEEDED: Final = (
    "factor.correlation|factor.variance", "severity.recovery", "book.draw_rate", "book.take_up",
    "book.lenders", "simulation.seed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Firms of one district or class of size: how many, how many are eligible, their lines."""

    label: str
    firms: int
    eligible: int
    line: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one policy does to firms; amounts in minor units of its currency.

    ``states``: the policy's tiers, best first (or ``eligible``), then :data:`OTHER_STATES`;
    ``state`` int8[n] indexes them, ``counts`` firms of each.  ``line`` int64[n]: the whole line,
    0 where there is none or it is not determined.  ``lines``: totals by part, ``total`` last.
    ``fund``: ``None`` where no fund was given.
    """

    assessment: Assessment
    states: tuple[str, ...]
    state: Codes
    counts: tuple[int, ...]
    line: Ints
    lines: Mapping[str, int]
    districts: tuple[Group, ...]
    sizes: tuple[Group, ...]
    fund: FundYear | None = None

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.assessment.policy

    @property
    def currency(self) -> str:
        """ISO 4217 code of every amount."""
        return self.assessment.currency

    @property
    def firms(self) -> int:
        """Firms judged."""
        return len(self.state)

    @property
    def eligible(self) -> int:
        """Firms that are eligible."""
        return sum(self.counts[: -len(OTHER_STATES)])

    @property
    def tiers(self) -> dict[str, int]:
        """Firms by state, tiers first."""
        return dict(zip(self.states, self.counts, strict=True))

    @property
    def total(self) -> int:
        """All lines added up."""
        return self.lines["total"]

    def part(self, name: str) -> Ints:
        """One part of each firm's line, int64[n], 0 where there is none."""
        return _lines(self.assessment, name)

    def to_dict(self) -> dict[str, Any]:
        """As JSON data, without the firms."""
        unit = unit_key(self.currency)
        return {
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "firms": self.firms,
            "eligible": self.eligible,
            "states": self.tiers,
            "lines": {f"{name}_{unit}": amount for name, amount in self.lines.items()},
            "districts": [_group(item, unit) for item in self.districts],
            "sizes": [_group(item, unit) for item in self.sizes],
            "fund": None if self.fund is None else self.fund.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class Setting:
    """What every policy of a question meets alike: firms, day, fund, scenario, probabilities.

    ``pd`` float64[n] is read once (:func:`read_pd`) and kept under every policy.  Make one with
    :func:`setting`; :meth:`outcome` is then cheap to ask for many policies.
    """

    firms: Firms
    on: dt.date
    baseline: Assessment
    fund: Fund | None = None
    scenario: Scenario | None = None
    pd: Floats | None = None

    @cached_property
    def districts(self) -> Groups:
        """The firms' districts."""
        return by_district(self.firms)

    @cached_property
    def sizes(self) -> Groups | None:
        """The firms' classes of size."""
        return by_size(self.firms)

    @cached_property
    def borrowers(self) -> Borrowers | None:
        """Who would take a loan; ``None`` without a fund."""
        if self.scenario is None or self.pd is None:
            return None
        return borrowers(self.firms, self.scenario, self.pd, self.districts)

    def outcome(self, policy: Policy) -> Outcome:
        """What a policy does to the firms.

        Raises:
            UsageError: the policy has no line that the fund covers.
            PortfolioError: two firms have one name, or loans lack what a clause asks for.
        """
        same = policy is self.baseline.policy
        judged = self.baseline if same else assess(policy, self.firms, on=self.on)
        states, state = states_of(judged)
        line = _lines(judged, "total")
        lines = {name: int(_lines(judged, name).sum()) for name in judged.parts}
        lines["total"] = int(line.sum())
        good = np.asarray(judged.status == ELIGIBLE)
        sizes = () if self.sizes is None else _groups(self.sizes, good, line)
        year = None
        if self.fund is not None and self.scenario is not None and self.borrowers is not None:
            book, left_out = self.borrowers.book(judged, self.fund.terms.covers)
            year = fund_year(book, self.fund, self.scenario, left_out)
        return Outcome(
            judged,
            states,
            state,
            tuple(np.bincount(state, minlength=len(states)).tolist()),
            line,
            lines,
            _groups(self.districts, good, line),
            sizes,
            year,
        )


def setting(
    policy: Policy,
    firms: AnyFirms,
    *,
    on: dt.date | None = None,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    pd: Any = None,
) -> Setting:
    """The setting of a question, with ``policy`` as its baseline.

    ``pd``: each firm's own default probability, float[n], NaN where the baseline's score decides.
    ``on``: the day, by default today.

    Raises:
        UsageError: a fund without a scenario (all that is needed is listed), a scenario that
            lacks something, another currency, or probabilities that are none.
    """
    batch = columns_of(firms, policy.currency)
    day = on or dt.date.today()
    if fund is not None:
        _check(fund, scenario, policy, pd)
    baseline = assess(policy, batch, on=day)
    known = None
    if fund is not None and scenario is not None:
        known = read_pd(baseline, scenario, pd)
    return Setting(batch, day, baseline, fund, scenario if fund is not None else None, known)


def outcome(
    policy: Policy,
    firms: AnyFirms,
    *,
    on: dt.date | None = None,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    pd: Any = None,
    baseline: Policy | None = None,
) -> Outcome:
    """What a policy does to firms; default probabilities are read from ``baseline``'s score.

    ``baseline``: by default the policy itself.  For many policies make a :func:`setting` once.

    Raises:
        UsageError: as :func:`setting`.
        PortfolioError: two firms have one name.
    """
    first = policy if baseline is None else baseline
    return setting(first, firms, on=on, fund=fund, scenario=scenario, pd=pd).outcome(policy)


def read_pd(baseline: Assessment, scenario: Scenario, own: Any = None) -> Floats:
    """Each firm's one-year default probability, float64[n]: its own figure, else by its points.

    ``own``: one figure for each firm, NaN where it has none.  NaN comes out where neither is
    known.  Labels that a policy gives are never asked.

    Raises:
        UsageError: figures outside 0 to 1 or too few of them; the scenario has no curve over
            points where one is needed.
    """
    n = len(baseline)
    found = np.full(n, np.nan)
    if own is not None:
        found = np.array(own, np.float64)
        if found.ndim == 0:
            found = np.full(n, float(found))
        if found.shape != (n,):
            args = {"found": f"pd {found.size}, firms {n}"}
            raise UsageError(Problem("portfolio.length", key="pd", args=args))
        wrong = np.flatnonzero(~np.isnan(found) & ~((found >= 0) & (found <= 1)))
        if wrong.size:
            first = int(wrong[0])
            range_args = {"value": f"{found[first]:g}", "row": first + 1}
            raise UsageError(Problem("tune-compare.pd-range", key="pd", args=range_args))
        if not np.isnan(found).any():
            return found
    (curve,) = scenario.need("pd")
    if not isinstance(curve, Curve) or curve.by != "points":
        raise UsageError(Problem("tune-compare.pd-rating", scenario.id, "pd"))
    if ("points", "total") not in baseline.codes:
        raise UsageError(Problem("portfolio.no-points", key="pd"))
    return np.where(np.isnan(found), curve.of_points(baseline.total), found)


def states_of(judged: Assessment) -> tuple[tuple[str, ...], Codes]:
    """What became of each firm: its tier, or one of :data:`OTHER_STATES`."""
    tiers = judged.policy.rules.tiers
    labels = (NO_TIERS,) if tiers is None else tiers.labels
    first, status = len(labels), judged.status
    if tiers is None:
        state = np.zeros(len(judged), np.int8)
    else:
        state = np.array(judged.codes["tier", ""], np.int8)
    refused = status == REFUSED
    state[refused] = first + 1
    if tiers is not None:
        failed = np.zeros(len(judged), np.bool_)
        for (kind, _), column in judged.codes.items():
            if kind == "gate":
                failed |= column == FAIL
        state[refused & ~failed] = first
    state[status == INCOMPLETE] = first + 2
    state[status == INVALID] = first + 3
    return (*labels, *OTHER_STATES), state


def unit_key(currency: str) -> str:
    """How keys of amounts end: ``fen`` for CNY, else ``minor``."""
    return "fen" if currency == "CNY" else "minor"


# -- inside ------------------------------------------------------------------------------------


def _check(fund: Fund, scenario: Scenario | None, policy: Policy, pd: Any) -> None:
    """Refuse what cannot be reckoned before anything is; all that is absent is said at once."""
    needed = (*_NEEDED, *(("pd",) if pd is None else ()), *capital_needed(fund))
    if scenario is None:
        problems = [Problem("tune-compare.no-scenario", key="scenario")]
        try:
            Scenario.blank(fund.currency).need(*needed)
        except UsageError as error:
            problems += [problem_without_place(problem) for problem in error.problems]
        raise UsageError(problems)
    for what, found in (("fund", fund.currency), ("scenario", scenario.currency)):
        if found != policy.currency:
            args = {"given": found, "currency": policy.currency}
            raise UsageError(Problem("tune-compare.currency", key=what, args=args))
    scenario.need(*(path for path in needed if path != "severity.recovery"))


def problem_without_place(problem: Problem) -> Problem:
    """The same problem where there is no file yet that it could stand in."""
    return Problem(problem.code, "", problem.key, problem.args)


def _lines(judged: Assessment, part: str) -> Ints:
    column = judged.codes.get(("part", part))
    if column is None:
        return np.zeros(len(judged), np.int64)
    known = (judged.status == ELIGIBLE) & (column > 0)
    return np.where(known, column, 0)


def _groups(groups: Groups, eligible: npt.NDArray[np.bool_], line: Ints) -> tuple[Group, ...]:
    rows = zip(groups.labels, groups.count().tolist(), groups.count(eligible).tolist(),
               groups.sums(line).tolist(), strict=True)  # fmt: skip
    return tuple(Group(*row) for row in rows)


def _group(item: Group, unit: str) -> dict[str, Any]:
    return {
        "label": item.label,
        "firms": item.firms,
        "eligible": item.eligible,
        f"line_{unit}": item.line,
    }
