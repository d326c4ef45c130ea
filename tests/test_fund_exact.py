"""One period without sampling: closed forms, every outcome counted, and sampling as judge."""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund_random import (
    DAY,
    book_of,
    breaker,
    limit,
    random_assumptions,
    random_book,
    random_terms,
    terms_of,
)
from ipcredit import messages
from ipcredit.errors import UsageError
from ipcredit.fund import exact_figures, exact_layers
from ipcredit.fund.exact import METHODS, simulate
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.fund import Fund, funds
from ipcredit.fund.one_period import Factor, Severity
from ipcredit.fund.one_period_build import Assumptions, compile_one_period
from ipcredit.fund.result import TAIL
from ipcredit.fund.sampled import evaluate, mean_of, sample
from ipcredit.fund.sampled_figures import Sampled, above, chance_of
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.terms import Pot
from ipcredit.portfolio import Portfolio

HALVES = (
    Pot("city", None, Fraction(1, 2), False, "c"),
    Pot("own", None, Fraction(1, 2), True, "d"),
)


def assume(correlation=0.0, recovery=0.4, kind="gaussian"):
    return Assumptions(Factor(kind, correlation), recovery)


def exact_of(terms, book, correlation=0.0, recovery=0.4):
    return Exact(compile_one_period(terms, book, assume(correlation, recovery)))


def with_money(amount, **changes):
    plain = terms_of(**changes)
    return replace(plain, money=replace(plain.money, committed=amount))


# -- closed forms ---------------------------------------------------------------------------------


def test_without_correlation_equal_loans_are_binomial():
    from scipy.stats import binom

    gross = exact_of(terms_of(), book_of([0.07] * 40, [10_000] * 40)).gross
    for defaults in range(12):
        assert gross.tail(8_000 * defaults) == pytest.approx(
            binom.sf(defaults, 40, 0.07), rel=1e-9, abs=1e-15
        )
    assert gross.mean == pytest.approx(40 * 0.07 * 8_000, rel=1e-12)


def test_one_firm_is_a_coin_however_many_loans_it_has():
    book = book_of([0.03], [500, 300, 200], firm=[0, 0, 0], lender=[0, 1, 1])
    exact = exact_of(with_money(799), book, 0.2)
    assert exact.gross.tail(0.0) == pytest.approx(0.03, rel=1e-9)
    assert exact.gross.chance(799).value == pytest.approx(0.03, rel=1e-9)
    assert exact.gross.chance(800).value == 0.0
    assert exact.problem.multi_lender == 1


def test_a_very_large_pool_has_the_quantiles_of_vasicek():
    from scipy.special import ndtr, ndtri

    book = book_of([0.02] * 40_000, [1_000_000] * 40_000)
    loss = exact_of(terms_of(), book, 0.15, 0.0).loss
    for level in (0.9, 0.99, 0.999):
        share = ndtr((ndtri(0.02) + math.sqrt(0.15) * ndtri(level)) / math.sqrt(0.85))
        assert loss.quantile(level) == pytest.approx(share * 4e10, rel=2e-3)


@pytest.mark.parametrize(("pd", "chance"), [(0.0, 0.0), (1.0, 1.0)])
def test_certain_firms(pd, chance):
    exact = exact_of(with_money(1), book_of([pd] * 3, [100, 200, 300]), 0.3)
    assert exact.gross.chance(1).value == pytest.approx(chance, abs=1e-12)
    assert exact.gross.mean == pytest.approx(480 * chance)
    assert exact.gross.quantile(0.5) == pytest.approx(480 * chance)


def test_with_correlation_one_firms_default_in_the_order_of_their_probability():
    exact = exact_of(terms_of(), book_of([0.01, 0.05], [1_000, 500]), 1.0)
    assert [exact.gross.tail(x) for x in (0, 399, 400, 1_199, 1_200)] == pytest.approx(
        [0.05, 0.05, 0.01, 0.01, 0.0]
    )
    parts = exact.parts_worst(exact.problem.tier[exact.problem.firm] * 0, 1)
    assert parts[0].value == pytest.approx(exact.gross.shortfall(TAIL))


def test_a_fund_without_money_is_dry_as_soon_as_one_firm_defaults():
    exact = exact_of(with_money(0), book_of([0.1, 0.2], [1_000, 1_001]))
    assert exact.gross.chance(0).value == pytest.approx(1 - 0.9 * 0.8, rel=1e-9)
    purse = exact.purse(exact.problem.purses[0])
    assert purse.stop_loss(0.0) == pytest.approx(exact.gross.mean)


def test_a_district_can_be_dry_while_the_fund_is_full():
    book = book_of([0.05, 0.05], [1_000, 9_000], district=[0, 1])
    exact = exact_of(with_money(5_000, pots=HALVES), book)
    city, first, second = (exact.purse(purse) for purse in exact.problem.purses)
    # Each district has half of half the money by lending: 250 and 2,250.
    assert exact.problem.purses[1].money["committed"] == 250
    assert first.tail(250) == pytest.approx(0.05, rel=1e-9)
    assert second.tail(2_250) == pytest.approx(0.05, rel=1e-9)
    assert city.tail(3_600) == pytest.approx(0.05**2, rel=1e-9)


def test_a_breaker_of_the_whole_fund_pays_nothing_above_its_threshold():
    terms = terms_of(breakers=(breaker("npl", "fund", "0.5"),))
    exact = exact_of(terms, book_of([0.1] * 4, [100] * 4))
    ways = [math.comb(4, k) * 0.1**k * 0.9 ** (4 - k) for k in range(5)]
    assert exact.gross.tail(0) == pytest.approx(ways[1], rel=1e-9)
    assert exact.gross.mean == pytest.approx(ways[1] * 80, rel=1e-9)
    assert exact.breaker(exact.problem.breakers[0])[0].chance.value == pytest.approx(sum(ways[2:]))


# -- every outcome counted ------------------------------------------------------------------------


def every_outcome(problem):
    """All sets of defaults with their probabilities (no correlation), through the sampler's clauses."""
    firms = problem.firms
    hit = (np.arange(2**firms)[:, None] >> np.arange(firms)) & 1
    chance = np.prod(np.where(hit == 1, problem.pd, 1 - problem.pd), axis=1)
    scenario, firm = np.nonzero(hit)
    ones = np.ones(2**firms)
    return evaluate(problem, ones * 0, ones, scenario, firm), chance


@pytest.mark.parametrize("seed", range(40))
def test_every_figure_is_that_of_all_outcomes_together(seed):
    rng = np.random.default_rng([9, seed])
    book = random_book(rng, most=9)
    assumed = replace(random_assumptions(rng), factor=Factor("gaussian", 0.0))
    problem = compile_one_period(random_terms(rng, book), book, assumed)
    exact = Exact(problem)
    found, chance = every_outcome(problem)
    assert exact.loss.mean == pytest.approx(chance @ found.loss)
    gross = exact.gross
    if gross is None:
        assert exact.reason
        return
    assert gross.mean == pytest.approx(chance @ found.due, rel=1e-6)
    for amount in (0.0, *np.quantile(found.due, [0.3, 0.6, 0.9, 0.99])):
        # Beside each possible amount, so that rounding does not decide.
        least = np.diff(np.unique(np.append(found.due, [0.0, found.due.max() + 1e6])))
        beside = amount + 0.5 * max(float(least.min()), 1.0)
        if np.abs(found.due - beside).min() > 0.3:
            truth = chance @ (found.due > beside)
            tolerance = 1e-7 if gross.total.error.kind == "round-off" else 2e-2
            assert gross.tail(beside) == pytest.approx(truth, abs=tolerance)
    if exact.net is not None:
        assert exact.net.mean == pytest.approx(chance @ found.net, rel=1e-6)
    for name, codes, count, parts in (
        ("tier", problem.tier[problem.firm], len(problem.tiers), found.tiers[:, 1:]),
        ("lender", problem.lender, len(problem.lenders), found.lenders),
    ):
        mean = exact.parts_mean(codes, count, name)
        if mean is not None:
            assert [f.value for f in mean] == pytest.approx(list(chance @ parts), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_who_is_to_blame_for_a_bad_year(seed):
    rng = np.random.default_rng([10, seed])
    firms = int(rng.integers(2, 15))  # above ten from the lattice
    owed = rng.integers(1, 40, firms) * 1_000
    book = book_of(rng.uniform(0.02, 0.9, firms), owed, tier=rng.integers(0, 3, firms))
    exact = exact_of(terms_of(), book)
    problem = exact.problem
    found, chance = every_outcome(problem)
    worst = found.due > exact.gross.quantile(TAIL) + 1
    if not worst.any():
        worst = found.due > exact.gross.quantile(TAIL) - 1
    blame = chance[worst] @ found.tiers[worst, 1:]
    blame *= exact.gross.shortfall(TAIL) / blame.sum()
    parts = exact.parts_worst(problem.tier[problem.firm], len(problem.tiers))
    assert [f.value for f in parts] == pytest.approx(list(blame), rel=1e-6, abs=1e-3)


def test_a_firm_at_two_capped_lenders_is_gone_through_case_by_case():
    owed = [1_000, 1_000, 700, 500]
    book = book_of([0.2, 0.3, 0.4], owed, firm=[0, 0, 1, 2], lender=[0, 1, 0, 1])
    exact = exact_of(terms_of(limits=(limit("cap", rate="0.5"),)), book)
    found, chance = every_outcome(exact.problem)
    assert exact.gross.mean == pytest.approx(chance @ found.due, rel=1e-9)
    assert exact.gross.tail(1_000) == pytest.approx(chance @ (found.due > 1_000), rel=1e-9)
    assert exact.conditioned == 1


# -- sampling as judge ----------------------------------------------------------------------------


def judged(seed, scenarios=20_000):
    """A random book and fund, exact beside sampled: deviation in standard errors, or None."""
    rng = np.random.default_rng([2027, seed])
    book = random_book(rng)
    problem = compile_one_period(random_terms(rng, book), book, random_assumptions(rng))
    gross = Exact(problem).gross
    if gross is None:
        return None
    drawn = sample(problem, scenarios=scenarios, seed=seed, parts=False)
    money = problem.capital["committed"]
    found, true = chance_of(above(drawn.due, money)), gross.chance(money).value
    mean = mean_of(drawn.due)
    error = math.sqrt(max(true * (1 - true), 1 / scenarios) / scenarios)
    moved = abs(mean.value - gross.mean) / max(mean.error, 1e-9 * gross.mean + 1e-9)
    return abs(found.value - true) / error, moved


def test_sampling_agrees_with_the_exact_law_on_random_funds():
    long = bool(os.environ.get("IPCREDIT_LONG"))
    wanted, seed, misses, found = (200 if long else 20), 0, [], []
    while len(found) < wanted:
        one = judged(seed)
        seed += 1
        if one is not None:
            found.append(one)
            misses.append(max(one) > 5)
    assert not any(misses)
    # Of 20 intervals of 95 % fewer than 16 hold once in 400 times, of 200 fewer than 180 in 500.
    least = 180 if long else 16
    assert sum(dry <= 1.96 for dry, _ in found) >= least
    assert sum(mean <= 1.96 for _, mean in found) >= least


@pytest.mark.parametrize(
    ("kind", "deviation", "sensitivity"),
    [("gamma", 0.2, 0.0), ("gaussian", 0.0, 0.3), ("gaussian", 0.25, 0.3)],
)
def test_random_severity_agrees(kind, deviation, sensitivity):
    rng = np.random.default_rng(6)
    count = 600 if deviation * sensitivity else 60
    recovery = rng.choice([0.2, 0.5], count)
    book = book_of(
        rng.uniform(0.01, 0.1, count), rng.integers(1, 60, count) * 10**6, recovery=recovery
    )
    assumed = Assumptions(
        Factor(kind, 0.15 if kind == "gaussian" else 0.6),
        None,
        Severity(deviation, sensitivity),
        {"committed": 10**12},
    )
    problem = compile_one_period(terms_of(), book, assumed)
    exact, draws = Exact(problem), Sampled(problem, 30_000, 2, None)
    for name in ("loss", "net"):
        true, found = getattr(exact, name), draws.spread(name)
        if true is None:  # too few loans for the expansion
            assert deviation * sensitivity > 0
            continue
        assert abs(true.mean - found.mean.value) < 4.5 * found.mean.error
        level = found.quantile(0.99)
        assert abs(true.quantile(0.99) - level.value) < 4.5 * level.error


# -- laws -----------------------------------------------------------------------------------------

books = st.integers(0, 10**6)


@settings(max_examples=25, deadline=None)
@given(books, st.floats(0, 1.5), st.floats(1.01, 3))
def test_more_money_never_makes_the_fund_drier(seed, share, more):
    rng = np.random.default_rng(seed)
    exact = exact_of(terms_of(), random_book(rng, 25), float(rng.choice([0.0, 0.1])))
    money = share * float(exact.problem.due.sum())
    assert exact.gross.tail(money * more) <= exact.gross.tail(money) + 1e-12


@settings(max_examples=25, deadline=None)
@given(books, st.floats(0.0, 0.4), st.sampled_from(["lender", "fund", "firm", "claim"]))
def test_a_cap_never_raises_what_is_owed(seed, rate, per):
    rng = np.random.default_rng(seed)
    book = random_book(rng, 25)
    amount = int(rate * float(book.outstanding.max())) if per in ("firm", "claim") else None
    cap = limit("cap", per=per, amount=amount, rate=None if amount is not None else rate)
    hit = np.flatnonzero(rng.random(len(book.firms)) < 0.5)
    dues = []
    for limits in ((), (cap,)):
        problem = compile_one_period(terms_of(limits=limits), book, assume())
        found = evaluate(problem, np.zeros(1), np.ones(1), hit * 0, hit)
        dues.append(float(found.due[0]))
    assert dues[1] <= dues[0] * (1 + 1e-12)


def test_relabelling_every_firm_changes_no_loss():
    rng = np.random.default_rng(4)
    pd, owed = rng.uniform(0.01, 0.1, 30), rng.integers(1, 50, 30) * 10_000
    tiers = (rng.integers(0, 5, 30), np.zeros(30, int))
    laws = [exact_of(terms_of(), book_of(pd, owed, tier=tier), 0.1) for tier in tiers]
    for level in (0.5, 0.99):
        assert laws[0].gross.quantile(level) == laws[1].gross.quantile(level)
    assert laws[0].loss.mean == laws[1].loss.mean


# -- the whole result -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city_book():
    rng = np.random.default_rng(3)
    firms = 300
    return book_of(
        rng.uniform(0.01, 0.06, firms),
        rng.integers(50, 501, firms) * 10**6,
        lender=rng.integers(0, 4, firms),
        district=rng.integers(0, 3, firms),
        tier=rng.integers(0, 5, firms),
    )


@pytest.fixture(scope="module")
def chongqing():
    return Fund.load("chongqing-knowledge@2019").change("money.committed", "1 亿元")


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("chongqing-assumed").change("simulation.paths", 4000)


@pytest.fixture(scope="module")
def result(city_book, chongqing, scenario):
    return simulate(city_book, chongqing, scenario)


def test_the_shipped_fund_needs_no_sampling(result):
    assert result.why_sampled == ""
    assert "sampled" not in result.methods
    assert 0 < result.exhaustion.value < 1
    assert result.exhaustion == result.dry["committed"]


def test_parts_add_up(result):
    for rows in (result.tiers, result.lenders, result.districts):
        assert sum(row.due.value for row in rows) == pytest.approx(result.gross.mean.value)
        worst = result.gross.shortfall(TAIL).value
        assert sum(row.shortfall.value for row in rows) == pytest.approx(worst)
        assert sum(row.loss for row in rows) == pytest.approx(result.loss.mean.value)
        assert sum(row.outstanding for row in rows) == result.about.outstanding
    assert sum(row.wanted.value for row in result.purses) == pytest.approx(result.gross.mean.value)
    unpaid = sum(row.unpaid.value for row in result.purses)
    assert result.paid.value == pytest.approx(result.gross.mean.value - unpaid)


def test_the_saved_result_is_plain_json_without_nan(result):
    def reject(text):
        raise AssertionError(text)

    data = json.loads(result.to_json(), parse_constant=reject)
    assert data["version"] == 1
    assert data["gross"]["mean"]["value_fen"] == round(result.gross.mean.value)
    assert isinstance(data["capital_fen"]["committed"], int)
    assert len(data["purses"]) == 4
    assert data["unpublished"]


def test_the_page_in_both_languages(result):
    zh, en = result.text("zh"), result.text("en")
    assert "用尽的概率" in zh
    assert "runs dry with probability" in en
    assert result.text("both") == f"{zh}\n\n{en}"
    for text in (zh, en):
        assert "district-1" in text
        assert "chongqing-assumed" in text


def test_tables_for_pandas(result):
    frame = result.frame("purses")
    assert list(frame["district"]) == ["", "district-0", "district-1", "district-2"]
    assert frame["dry.committed.value"].between(0, 1).all()


def test_sampled_throughout_agrees(result, city_book, chongqing, scenario):
    drawn = simulate(city_book, chongqing, scenario, method="sampled", seed=11)
    assert drawn.methods == ("sampled",)
    assert drawn.seed == 11
    for name in ("loss", "gross", "net"):
        true, found = getattr(result, name).mean, getattr(drawn, name).mean
        assert abs(found.value - true.value) < 4 * found.error
    for row, other in zip(result.purses, drawn.purses, strict=True):
        gap = abs(row.dry["committed"].value - other.dry["committed"].value)
        assert gap < 4 * other.dry["committed"].error


def test_methods_are_checked_and_exact_refuses_what_it_cannot(city_book, scenario):
    fund = Fund.load("henan")
    with pytest.raises(UsageError, match="allowed is " + ", ".join(METHODS)):
        simulate(city_book, fund, scenario, method="guess")


def test_a_fund_that_covers_none_of_the_loans_is_refused(city_book, scenario):
    fund = Fund.load("chongqing-commercial")
    with pytest.raises(UsageError, match="no-loans"):
        simulate(city_book, fund, scenario)


def test_what_is_missing_is_asked_for(city_book, chongqing):
    with pytest.raises(UsageError, match=r"factor\.correlation"):
        simulate(city_book, chongqing, Scenario.blank())


def test_a_stress_raises_the_loss(city_book, chongqing, scenario, result):
    stressed = scenario.change("stress.then", "back").change("stress.pd", [2.0])
    found = simulate(city_book, chongqing, stressed)
    assert found.gross.mean.value == pytest.approx(2 * result.gross.mean.value, rel=1e-9)
    still = scenario.change("stress.then", "back").change("stress.factor", [-2.0])
    assert simulate(city_book, chongqing, still).gross.mean.value > result.gross.mean.value


def test_lenders_caps_are_exact_and_the_blame_is_sampled(city_book, chongqing, scenario):
    problem = compile_one_period(
        terms_of(limits=(limit("cap", rate="0.04"),)), city_book, assume(0.1)
    )
    exact = Exact(problem)
    draws = Sampled(problem, 20_000, 5, None)
    assert exact.gross is not None
    assert exact.parts_worst(problem.lender, 4) is None
    for row, other in zip(exact.limits, draws.limits(), strict=True):
        assert (row.name, row.who) == (other.name, other.who)
        assert abs(row.chance.value - other.chance.value) < 4.5 * other.chance.error


@pytest.mark.parametrize("name", [name for name in funds() if name != "kibo"])
def test_every_shipped_fund_has_an_answer(name):
    fund = Fund.load(name)
    rng = np.random.default_rng(7)
    count = 60
    owed = rng.integers(50, 501, count) * 10**6
    covers = fund.terms.covers
    book = Portfolio.from_arrays(
        as_of=DAY,
        currency=fund.currency,
        firm=[f"f{i:03}" for i in range(count)],
        lender=[f"l{i}" for i in rng.integers(0, 3, count)],
        district=[f"d{i}" for i in rng.integers(0, 2, count)],
        part="knowledge" if covers == "any" else covers,
        principal=owed,
        outstanding=owed,
        pd=rng.uniform(0.01, 0.1, count),
        size=owed,
        revenue=3 * owed,
        support_years=np.full(count, 3.0),
        collateral_share=np.zeros(count),
        rate_over_benchmark=np.zeros(count),
        mode=["direct"] * count,
        tags=["none"] * count,
        class_=["pure-credit"] * count,
        start=np.full(count, np.datetime64("2026-02-01")),
    )
    scenario = Scenario.blank(fund.currency)
    money = f"{fund.currency} 30 million"
    for path, value in (
        ("factor.correlation", 0.1),
        ("severity.recovery", 0.3),
        ("simulation.seed", 3),
        ("simulation.paths", 4000),
        (f"capital.{fund.terms.money.tested.replace('-', '_')}", money),
    ):
        scenario = scenario.change(path, value)
    result = simulate(book, fund, scenario)
    assert 0 <= result.exhaustion.value <= 1
    assert result.net.mean.value <= result.gross.mean.value * (1 + 1e-9)
    for rows in (result.tiers, result.lenders, result.districts):
        total = sum(row.due.value for row in rows)
        assert total == pytest.approx(result.gross.mean.value, rel=0.2, abs=1)
    assert fund.edition in result.text("en")
    assert json.loads(result.to_json())["fund"]["id"] == name


def test_every_reason_for_sampling_has_its_words():
    source = Path(exact_layers.__file__).read_text(encoding="utf-8")
    source += Path(exact_figures.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'_NotSeparable\("([a-z-]+)"\)', source))
    reasons |= set(re.findall(r'reason = (?:self\.reason or )?"([a-z-]+)"', source))
    assert len(reasons) >= 9
    for reason in (*reasons, "asked", "together"):
        assert f"fund-results.why.{reason}" in messages.CATALOGUE
