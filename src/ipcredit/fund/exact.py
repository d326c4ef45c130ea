"""What a fund may have to pay in one period: exact where its clauses allow it, sampled elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.covering import covering
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.fund import Fund
from ipcredit.fund.one_period import Factor, Floats, Ints, OnePeriod, Severity
from ipcredit.fund.one_period_build import Assumptions, compile_one_period, covered_book
from ipcredit.fund.result import (
    About,
    ClauseRow,
    Figure,
    OnePeriodResult,
    PartRow,
    PurseRow,
    Spread,
)
from ipcredit.fund.sampled import Executor
from ipcredit.fund.sampled_figures import Sampled
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.tail.mixing import Gaussian
from ipcredit.fund.tail.severity import SeverityClass
from ipcredit.messages import text
from ipcredit.portfolio import Portfolio
from ipcredit.reader import Title

METHODS: Final = ("auto", "exact", "sampled")
# The scenario's slope is per standard deviation of the factor; the severity law bends it near
# 0 and 1, so that the mean over all years stays what it is.
_STEPS: Final = 60
# Points of the curve drawn, and the tail it goes out to.
_CURVE: Final = 81
_FARTHEST: Final = 1e-6
# What of a scenario one period uses.
_USED: Final = (
    "factor.kind", "factor.correlation", "factor.variance", "factor.by", "factor.within",
    "severity.kind", "severity.recovery", "severity.sd", "severity.slope", "stress.", "capital.",
    "opening.",
)  # fmt: skip


def simulate(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    *,
    method: str = "auto",
    scenarios: int | None = None,
    seed: int | None = None,
    executor: Executor | None = None,
) -> OnePeriodResult:
    """One year of a fund with every default on one date: what it owes, and how likely it runs dry.

    ``method``: ``auto`` samples only what cannot be had exactly, ``exact`` refuses such funds,
    ``sampled`` samples everything.  ``scenarios`` and ``seed`` of the sampling: the scenario's,
    unless given.  ``executor``: where it samples, any with ``concurrent.futures``' ``map``.

    Raises:
        UsageError: the fund covers no loan of the book; the scenario or the fund lack what is
            needed (all of it listed); ``method="exact"`` and the fund's clauses do not allow it.
        PortfolioError: a clause asks for an attribute that a loan does not have.
    """
    if method not in METHODS:
        args = {"value": method, "allowed": ", ".join(METHODS)}
        raise UsageError(Problem("fund-results.word", key="method", args=args))
    problem, loans = problem_of(book, fund, scenario)
    exact = Exact(problem)
    draws: Sampled | None = None
    if method == "sampled":
        draws = sampled_of(problem, scenario, scenarios, seed, executor)
        maker = _Maker(problem, None, draws)
    else:
        maker = _Maker(problem, exact, None)
        lacking = maker.lacking()
        if lacking and method == "exact":
            args = {"figures": ", ".join(lacking), "reason": exact.reason or "-"}
            raise UsageError(Problem("fund-results.not-exact", key="method", args=args))
        if lacking:
            draws = sampled_of(problem, scenario, scenarios, seed, executor)
            maker = _Maker(problem, exact, draws)
    return maker.result(_about(problem, loans, fund, scenario))


def problem_of(book: Portfolio, fund: Fund, scenario: Scenario) -> tuple[OnePeriod, Portfolio]:
    """The compiled problem and the loans of the book that the fund covers.

    Raises:
        UsageError, PortfolioError: as :func:`simulate`.
    """
    scenario.check_currency(fund.currency)
    loans = covered_book(fund.terms, book, scenario.terms.factor.by or "")
    assumed = assumptions(scenario, loans)
    problem = compile_one_period(fund.terms, loans, assumed)
    return _stressed(problem, scenario), loans


def assumptions(scenario: Scenario, book: Portfolio) -> Assumptions:
    """What one period needs of a scenario.

    Raises:
        UsageError: it lacks some of it.
    """
    terms = scenario.terms
    kind = terms.factor.kind or ("gamma" if terms.factor.variance is not None else "gaussian")
    value = "factor.variance" if kind == "gamma" else "factor.correlation"
    by = terms.factor.by or ""
    asked = [value, "factor.within"] if by else [value]
    if np.isnan(book.recovery).any():
        asked.append("severity.recovery")
    if terms.severity.kind == "beta":
        asked.append("severity.sd")
    given = scenario.need(*asked)
    recovery = terms.severity.recovery
    deviation = float(terms.severity.sd or 0.0) if terms.severity.kind == "beta" else 0.0
    lost = 1.0 - (recovery if recovery is not None else float(np.nanmean(book.recovery)))
    severity = Severity(deviation, sensitivity_of(lost, float(terms.severity.slope or 0.0)))
    capital = {
        "committed": terms.capital.committed,
        "paid-in": terms.capital.paid_in,
        "cash": terms.capital.cash,
    }
    money = {name: amount for name, amount in capital.items() if amount is not None}
    within = float(given[1]) if by else 0.0
    factor = Factor(kind, float(given[0]), by, within)
    return Assumptions(factor, recovery, severity, money, terms.opening)


def sensitivity_of(mean: float, slope: float) -> float:
    """The sensitivity of the severity law whose mean loss rises by ``slope`` per unit the factor
    falls, where the factor is average.

    >>> round(sensitivity_of(0.6, 0.05), 4), sensitivity_of(0.6, 0.0), sensitivity_of(1.0, 0.1)
    (0.1295, 0.0, 0.0)
    """
    from scipy.special import ndtri

    if slope <= 0 or not 0 < mean < 1:
        return 0.0
    middle = float(ndtri(mean))
    # The steepest the law can be; a steeper slope is taken as that.
    low, high = 0.0, 1.0 / max(abs(middle), 0.02)
    for _ in range(_STEPS):
        s = 0.5 * (low + high)
        rise = s * np.exp(-0.5 * middle * middle * (1 + s * s)) / np.sqrt(2 * np.pi)
        low, high = (s, high) if rise < slope else (low, s)
    return float(low)


def _stressed(problem: OnePeriod, scenario: Scenario) -> OnePeriod:
    """The first year of a stress: default probabilities multiplied, or the factor standing still.

    With groups the factor of every group stands still at the value.
    """
    stress = scenario.terms.stress
    pd = np.minimum(problem.pd * stress.multipliers(1)[0], 1.0)
    if stress.factor:
        z = np.array([stress.factor[0]])
        several = problem.group is not None
        mixing = Gaussian(problem.factor.within) if several else problem.factor.mixing
        pd = mixing.conditional_pd(pd, z)[0]
        law = problem.severity

        def lost(share: Floats) -> Floats:
            values, place = np.unique(share.round(12), return_inverse=True)
            laws = [SeverityClass(float(v), 0.0, law.sensitivity) for v in values]
            return np.array([one.mean_at(z)[0] for one in laws])[place]

        share = problem.loss / np.where(problem.owed > 0, problem.owed, 1.0)
        return replace(
            problem,
            pd=pd,
            loss=problem.owed * lost(share),
            net=lost(problem.net),
            factor=Factor("gaussian", 0.0),
            severity=Severity(law.deviation),
            group=None,
        )
    return replace(problem, pd=pd)


def sampled_of(
    problem: OnePeriod,
    scenario: Scenario,
    scenarios: int | None,
    seed: int | None,
    executor: Executor | None,
) -> Sampled:
    """Draws with the scenario's number of paths and its seed, unless given.

    Raises:
        UsageError: neither is given.
    """
    asked = [] if scenarios is not None else ["simulation.paths"]
    asked += [] if seed is not None else ["simulation.seed"]
    scenario.need(*asked)
    given = scenario.terms.simulation
    count = scenarios if scenarios is not None else given.paths
    key = seed if seed is not None else given.seed
    if count is None or key is None:
        raise AssertionError
    return Sampled(problem, max(count, 2), key, executor)


def _about(problem: OnePeriod, loans: Portfolio, fund: Fund, scenario: Scenario) -> About:
    leverage = fund.terms.leverage
    used = [number for number in scenario.assumed() if number.path.startswith(_USED)]
    open_numbers = [*fund.assumed(), *used]
    mean_pd = float(problem.by_firm(problem.owed) @ problem.pd) / max(
        float(problem.owed.sum()), 1.0
    )
    notes = [] if scenario.note is None else [scenario.note]
    if fund.terms.cover.of_liability is not None:
        notes.append(_title("fund-results.note.liability"))
    if not fund.terms.claim.advance and not problem.severity.fixed:
        notes.append(_title("fund-results.note.mean-loss"))
    uncovered = int((covering(fund.terms, loans.traits).index < 0).sum())
    if uncovered:
        args = {"count": uncovered, "loans": len(loans)}
        notes.append(_title("fund-results.note.uncovered", **args))
    return About(
        fund=fund.id,
        edition=fund.edition,
        title=fund.title,
        fund_fingerprint=fund.fingerprint,
        currency=fund.currency,
        tested=problem.tested,
        capital=problem.capital,
        most_leverage=None if leverage is None else float(leverage.most),
        firms=problem.firms,
        loans=len(loans),
        outstanding=int(loans.outstanding.sum()),
        lent=int(loans.principal.sum()),
        several_lenders=problem.multi_lender,
        book=loans.source,
        scenario=scenario.id,
        scenario_fingerprint=scenario.fingerprint,
        factor=problem.factor.kind,
        factor_value=float(scenario.terms.factor.correlation or 0.0)
        if scenario.terms.factor.by
        else problem.factor.value,
        mean_pd=mean_pd,
        assumed=tuple((n.path, n.assumed) for n in open_numbers if n.assumed is not None),
        unpublished=tuple(item.title for item in fund.terms.unpublished),
        notes=(*notes, *problem.notes, *loans.assumed),
        as_of=loans.as_of.isoformat(),
        pots={pot.name: pot.title for pot in fund.terms.pots if pot.title is not None},
        factor_by=scenario.terms.factor.by or "",
        factor_within=float(scenario.terms.factor.within or 0.0),
    )


def _title(code: str, **args: object) -> Title:
    return Title(text(code, "zh", **args), text(code, "en", **args))


class _Maker:
    """Puts a result together from what is exact and, where that is missing, what is sampled."""

    def __init__(self, problem: OnePeriod, exact: Exact | None, sampled: Sampled | None) -> None:
        self.problem, self.exact, self.sampled = problem, exact, sampled

    def lacking(self) -> list[str]:
        """Figures that cannot be had without sampling."""
        exact = self.exact
        if exact is None:
            return ["*"]
        found = [name for name in ("loss", "gross", "net") if getattr(exact, name) is None]
        found += ["purses"] if any(exact.purse(p) is None for p in self.problem.purses) else []
        found += ["limits"] if exact.limits is None else []
        found += (
            ["breakers"] if any(exact.breaker(b) is None for b in self.problem.breakers) else []
        )
        for name, codes, names in self._groups():
            if (
                exact.parts_mean(codes, len(names), name) is None
                or exact.parts_worst(codes, len(names)) is None
            ):
                found.append(f"{name}s")
        return found

    def _groups(self) -> list[tuple[str, Ints, Sequence[str]]]:
        problem = self.problem
        tier = problem.tier[problem.firm]
        tiers: tuple[str, ...] = problem.tiers
        if (tier < 0).any():
            tier, tiers = np.where(tier < 0, len(tiers), tier).astype(np.int32), (*tiers, "-")
        return [
            ("tier", tier, tiers),
            ("lender", problem.lender, problem.lenders),
            ("district", problem.district, problem.districts),
        ]

    def result(self, about: About) -> OnePeriodResult:
        """The whole result."""
        purses = tuple(self._purses())
        unpaid = sum(row.unpaid.value for row in purses)
        spreads = {name: self._spread(name) for name in ("loss", "gross", "net")}
        gross = spreads["gross"].mean
        error = gross.error + sum(row.unpaid.error for row in purses)
        method = self._worst([gross.method, *(row.unpaid.method for row in purses)])
        paid = Figure(max(gross.value - unpaid, 0.0), error, method if unpaid else gross.method)
        lost = spreads["loss"].mean.value
        parts = {
            name: tuple(self._parts(name, codes, names, lost))
            for name, codes, names in self._groups()
        }
        draws = self.sampled
        return OnePeriodResult(
            about=about,
            loss=spreads["loss"],
            gross=spreads["gross"],
            net=spreads["net"],
            paid=paid,
            dry={kind: self._dry(kind) for kind in self.problem.capital},
            purses=purses,
            tiers=parts["tier"],
            lenders=parts["lender"],
            districts=parts["district"],
            limits=tuple(self._limits()),
            breakers=tuple(self._breakers()),
            why_sampled=self._why(),
            scenarios=0 if draws is None else draws.scenarios,
            seed=None if draws is None else draws.seed,
            conditioned=0 if self.exact is None else self.exact.conditioned,
            curve=self._curve(spreads["gross"].quantile(0.999).value),
        )

    def _curve(self, far: float) -> tuple[tuple[float, float], ...]:
        """Amounts and the probability that more is owed, for a picture: out to a tail of 1e-6."""
        law = None if self.exact is None else self.exact.gross
        last = 1.5 * far if law is None else law.at_tail(_FARTHEST)
        chance = self._draws.dry if law is None else law.chance
        amounts = np.linspace(0.0, max(last, 1.0), _CURVE)
        return tuple((float(x), chance(float(x)).value) for x in amounts)

    @staticmethod
    def _worst(methods: list[str]) -> str:
        order = ("exact", "lattice", "expansion", "factors", "sampled")
        return max(methods, key=order.index)

    def _why(self) -> str:
        if self.sampled is None:
            return ""
        return "asked" if self.exact is None else self.exact.reason or "together"

    @property
    def _draws(self) -> Sampled:
        if self.sampled is None:
            raise AssertionError
        return self.sampled

    def _spread(self, name: str) -> Spread:
        found = None if self.exact is None else self.exact.spread(name)
        return self._draws.spread(name) if found is None else found

    def _dry(self, kind: str) -> Figure:
        money = self.problem.capital[kind]
        law = None if self.exact is None else self.exact.gross
        return self._draws.dry(money) if law is None else law.chance(money)

    def _purses(self) -> list[PurseRow]:
        found = []
        for at, purse in enumerate(self.problem.purses):
            law = None if self.exact is None else self.exact.purse(purse)
            if law is None:
                found.append(self._draws.purse(at))
                continue
            dry = {kind: law.chance(money) for kind, money in purse.money.items()}
            unpaid = law.excess(purse.money[self.problem.tested])
            found.append(
                PurseRow(purse.pot, purse.district, purse.money, dry, law.expected(), unpaid)
            )
        return found

    def _limits(self) -> list[ClauseRow]:
        found = None if self.exact is None else self.exact.limits
        return self._draws.limits() if found is None else found

    def _breakers(self) -> list[ClauseRow]:
        rows: list[ClauseRow] = []
        for at, trip in enumerate(self.problem.breakers):
            found = None if self.exact is None else self.exact.breaker(trip)
            rows += self._draws.breaker(at) if found is None else found
        return rows

    def _parts(self, scope: str, codes: Ints, names: Sequence[str], lost: float) -> list[PartRow]:
        problem, count, exact = self.problem, len(names), self.exact
        owed = np.bincount(codes, problem.owed, minlength=count)
        chance = problem.pd[problem.firm]
        loss = np.bincount(codes, problem.loss * chance, minlength=count)
        # Where bad years lose more, the parts are taken to lose more alike.
        loss = loss * (lost / loss.sum() if loss.sum() > 0 else 0.0)
        pairs = np.unique(np.stack([problem.firm, codes]), axis=1)
        firms = np.bincount(pairs[1], minlength=count)
        due = None if exact is None else exact.parts_mean(codes, count, scope)
        worst = None if exact is None else exact.parts_worst(codes, count)
        due = self._draws.parts_mean(scope) if due is None else due
        worst = self._draws.parts_worst(scope) if worst is None else worst
        rows = zip(names, firms, owed, loss, due, worst, strict=True)
        return [PartRow(n, int(f), round(o), float(x), d, w) for n, f, o, x, d, w in rows if f]
