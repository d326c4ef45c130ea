"""One-period sampling: the same clauses as the waterfall, the same numbers for any worker."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest

from fund_random import (
    book_of,
    breaker,
    claims_of,
    limit,
    positions_of,
    random_assumptions,
    random_book,
    random_terms,
    recoveries_of,
    terms_of,
)
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.one_period import Factor
from ipcredit.fund.one_period_build import Assumptions, compile_one_period
from ipcredit.fund.sampled import chunk_size, evaluate, mean_of, quantile_of, sample
from ipcredit.fund.sampled_defaults import Drawer, blocks
from ipcredit.fund.sampled_figures import Sampled
from ipcredit.fund.scenario_terms import Amounts, Opening
from ipcredit.fund.tail.mixing import Gamma, Gaussian
from ipcredit.fund.waterfall import pay
from ipcredit.population.draws import uniforms


def on_one_date(problem, firms):
    """The sampler's answer when exactly these firms (in the problem's order) default."""
    places = np.asarray(firms, np.int64)
    nothing = np.zeros(1)
    return evaluate(problem, nothing, nothing + 1, np.zeros(len(places), np.int64), places)


@pytest.mark.parametrize("seed", range(120))
def test_pays_what_the_waterfall_pays_for_the_same_defaults(seed):
    rng = np.random.default_rng([2026, seed])
    book = random_book(rng, most=40)
    terms = random_terms(rng, book)
    problem = compile_one_period(terms, book, random_assumptions(rng))
    order = np.argsort(book.pd, kind="stable")
    for _ in range(3):
        hit = rng.random(len(order)) < rng.choice([0.1, 0.4, 0.9])
        found = on_one_date(problem, np.flatnonzero(hit))
        claims = claims_of(book, order[hit])
        if not claims:
            assert found.paid[0] == 0
            continue
        returned = recoveries_of(terms, book, claims)
        paid = pay(terms, claims, returned, positions_of(book))
        # Every clause rounds each claim down once.
        slack = len(claims) * (len(terms.limits) + len(terms.pots) + 3)
        assert found.paid[0] == pytest.approx(paid.paid, abs=slack), terms
        pots = {}
        for row in paid.rows:
            if row.party == "fund":
                pots[row.pot, row.district] = pots.get((row.pot, row.district), 0) + row.amount
        for purse, wanted in zip(problem.purses, found.wanted[0], strict=True):
            got = pots.get((purse.pot, purse.district), 0)
            assert min(wanted, purse.money["committed"]) == pytest.approx(got, abs=slack)


# -- drawing defaults -----------------------------------------------------------------------------


def stream(seed):
    return lambda name, count: uniforms(seed, 0, name, count)


@pytest.mark.parametrize("mixing", [Gaussian(0.0), Gaussian(0.3), Gamma(0.5), Gaussian(1.0)])
def test_each_firm_defaults_as_often_as_its_probability_says(mixing):
    pd = np.sort(np.array([0.0, 0.004, 0.005, 0.02, 0.025, 0.3, 0.9, 1.0]))
    z = np.repeat([-2.0, 0.0, 1.0], 20_000)
    scenario, firm = Drawer(pd, mixing)(z, stream(5))
    assert len(np.unique(scenario * len(pd) + firm)) == len(firm)  # no firm defaults twice
    for value in (-2.0, 0.0, 1.0):
        true = mixing.conditional_pd(pd, [value])[0]
        rate = np.bincount(firm[z[scenario] == value], minlength=len(pd)) / 20_000
        error = np.sqrt(np.maximum(true * (1 - true), 1e-12) / 20_000)
        assert (np.abs(rate - true) < 4.5 * error + 1e-9).all()


def test_defaults_of_two_firms_are_independent_given_the_factor():
    pd = np.array([0.1, 0.1])
    scenario, firm = Drawer(pd, Gaussian(0.0))(np.zeros(100_000), stream(6))
    both = np.bincount(scenario[firm == 0], minlength=100_000) & np.bincount(
        scenario[firm == 1], minlength=100_000
    )
    assert abs(both.mean() - 0.01) < 4.5 * np.sqrt(0.01 * 0.99 / 100_000)


def test_blocks_hold_every_firm_that_can_default_once():
    rng = np.random.default_rng(1)
    pd = np.sort(np.concatenate([[0.0, 0.0, 1.0, 1.0], rng.uniform(0, 1, 200)]))
    found = blocks(pd)
    assert found[0].start == 2
    assert [b.start for b in found[1:]] == [b.stop for b in found[:-1]]
    assert found[-1].stop == len(pd)
    assert all(pd[b.stop - 1] <= 1.5 * pd[b.start] + 1e-15 for b in found)


# -- sampling -------------------------------------------------------------------------------------


def small_problem(committed_share=0.15, correlation=0.2):
    rng = np.random.default_rng(8)
    owed = rng.integers(1, 60, 80) * 10**6
    book = book_of(
        rng.uniform(0.01, 0.1, 80), owed, lender=rng.integers(0, 3, 80), district=owed % 2
    )
    terms = terms_of(limits=(limit("cap", rate="0.2"),), breakers=(breaker("npl", at="0.3"),))
    money = int(owed.sum() * committed_share)
    assumed = Assumptions(Factor("gaussian", correlation), 0.4, money={"committed": money})
    return compile_one_period(terms, book, assumed)


def test_the_same_numbers_for_any_number_of_workers():
    problem = small_problem()
    count = 2 * chunk_size(problem) + 17
    alone = sample(problem, scenarios=count, seed=3)
    with ThreadPoolExecutor(3) as pool:
        shared = sample(problem, scenarios=count, seed=3, executor=pool)
    for field in fields(alone):
        one, other = getattr(alone, field.name), getattr(shared, field.name)
        for a, b in zip(one, other, strict=True) if isinstance(one, tuple) else ((one, other),):
            np.testing.assert_array_equal(a, b)
    assert alone.scenarios == count


def test_another_seed_gives_other_numbers():
    problem = small_problem()
    one, other = (sample(problem, scenarios=50, seed=seed) for seed in (1, 2))
    assert (one.z != other.z).any()


def test_a_shifted_factor_finds_the_same_probability_with_less_error():
    problem = small_problem(0.12)
    money = problem.capital["committed"]
    plain = sample(problem, scenarios=60_000, seed=4, parts=False)
    tilted = sample(problem, scenarios=20_000, seed=5, shift=-2.0, parts=False)
    often = mean_of(plain.due > money)
    rare = mean_of(tilted.due > money, tilted.weight)
    assert abs(often.value - rare.value) < 4.5 * np.hypot(often.error, rare.error)
    assert mean_of(tilted.weight).value == pytest.approx(1.0, abs=0.2)


def test_a_rare_exhaustion_is_looked_for_where_years_are_bad():
    rng = np.random.default_rng(12)
    owed = rng.integers(1, 60, 400) * 10**6
    book = book_of(rng.uniform(0.01, 0.05, 400), owed)
    money = int(owed.sum() * 0.2)
    assumed = Assumptions(Factor("gaussian", 0.15), 0.4, money={"committed": money})
    problem = compile_one_period(terms_of(), book, assumed)
    true = Exact(problem).gross.chance(money).value
    assert true < 1e-3
    found = Sampled(problem, 8_000, 3, None).dry(money)
    assert abs(found.value - true) < 4.5 * found.error
    assert found.error < 0.1 * true  # by hits alone it would be more than a third


def test_processes_give_the_same_numbers():
    problem = small_problem()
    count = chunk_size(problem) + 5
    alone = sample(problem, scenarios=count, seed=3)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        shared = sample(problem, scenarios=count, seed=3, executor=pool)
    np.testing.assert_array_equal(alone.due, shared.due)


def test_the_state_on_the_first_day_counts():
    book = book_of([0.1, 0.1], [1_000_000, 1_000_000], lender=[0, 1])
    before = Opening(Amounts(paid=300_000, recovered=100_000), {"lender-0": Amounts(paid=150_000)})
    assumed = Assumptions(Factor("gaussian", 0.1), 0.4, money={"committed": 10**6}, opening=before)
    terms = terms_of(limits=(limit("cap", rate="0.2"), limit("all", per="fund", amount=10**6)))
    problem = compile_one_period(terms, book, assumed)
    lenders, whole = problem.clauses
    assert lenders.ceiling.tolist() == [50_000, 200_000]
    assert whole.ceiling.tolist() == [700_000]
    assert problem.capital["committed"] == 800_000


def test_parts_of_what_is_owed_add_up_in_every_scenario():
    drawn = sample(small_problem(), scenarios=500, seed=2)
    for parts in (drawn.tiers, drawn.lenders, drawn.districts):
        np.testing.assert_allclose(parts.sum(axis=1), drawn.due, rtol=1e-12, atol=1e-3)
    assert (drawn.paid <= drawn.due * (1 + 1e-12)).all()
    assert (drawn.net <= drawn.due * (1 + 1e-12)).all()


def test_blame_is_shared_by_all_years_in_which_the_caps_are_reached():
    # Both lenders are capped in more than one year of a hundred: those years are all alike.
    book = book_of([0.3, 0.3, 0.3, 0.3], [10**7 // 3] * 4, lender=[0, 0, 1, 1], tier=[0, 1, 0, 1])
    terms = terms_of(limits=(limit("cap", rate="0.3"),))
    problem = compile_one_period(terms, book, Assumptions(Factor("gaussian", 0.0), 0.4))
    draws = Sampled(problem, 20_000, 3, None)
    whole = draws.spread("gross").shortfall(0.99).value
    assert whole == pytest.approx(0.3 * 4 * (10**7 // 3))
    parts = draws.parts_worst("tier")
    assert sum(part.value for part in parts) == pytest.approx(whole)
    for part in parts:
        assert abs(part.value - whole / 2) < 4.5 * part.error


def test_quantiles_of_a_sample():
    values = np.arange(1.0, 1001.0)
    assert quantile_of(values, 0.99).value == 990.0
    assert quantile_of(values, 0.5).value == 500.0
    assert 2 < quantile_of(values, 0.99).error < 5
