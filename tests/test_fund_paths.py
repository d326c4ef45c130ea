"""Many years of a fund: laws that hold on every path, and the two engines against each other."""

from __future__ import annotations

import datetime as dt
import json
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammainccinv, gammaincinv, ndtr

from ipcredit.errors import PortfolioError, UsageError
from ipcredit.fund import path_random, path_rare, paths
from ipcredit.fund.fund import Fund
from ipcredit.fund.path_cells import conditional, nodes_of
from ipcredit.fund.path_plan import Assumptions, Plan, compiled, profile
from ipcredit.fund.path_run import Chunk, factor_paths, run
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.terms import (
    Breaker,
    Ceiling,
    Claim,
    Cover,
    CoverRule,
    Fee,
    Leverage,
    Limit,
    Money,
    Party,
    Pot,
    Recoveries,
    Step,
    Surcharge,
    Terms,
    TopUp,
    Use,
    When,
)
from ipcredit.portfolio import Portfolio

LONG = bool(os.environ.get("IPCREDIT_LONG"))
DAY = dt.date(2025, 12, 31)
YI = 10**10


def book(
    loans: int = 200, seed: int = 3, lenders: int = 3, districts: int = 2, **given
) -> Portfolio:
    rng = np.random.default_rng(seed)
    amount = rng.integers(50, 501, loans) * 1_000_000
    columns = {
        "firm": [f"f{i}" for i in range(loans)], "lender": [f"L{i % lenders}" for i in range(loans)],
        "district": [f"D{i % districts}" for i in range(loans)], "part": "knowledge",
        "principal": amount, "outstanding": amount, "pd": rng.uniform(0.01, 0.06, loans),
        "start": DAY, "term_months": 36, "repayment": "instalments",
        "tier": [("A", "B")[i % 2] for i in range(loans)],
    }  # fmt: skip
    return Portfolio.from_arrays(as_of=DAY, **{**columns, **given})


def money(**given) -> Money:
    fields = {
        "committed": None, "paid_in": None, "paid_in_least": None, "cash": None,
        "tested": "committed", "shortage": "refused", "districts": (), "interest": Fraction(0),
        "top_up": None, "uses": (), "path": "money",
    }  # fmt: skip
    return Money(**{**fields, **given})


def terms(**given) -> Terms:
    rule = CoverRule("all", None, When(), "", (Step(None, Fraction(4, 5)),), False, "")
    fields = {
        "covers": "any", "claim": Claim(False, True, 0, 0, ""), "cover": Cover((rule,), "first"),
        "money": money(), "recoveries": Recoveries("pro-rata", True, ""),
    }  # fmt: skip
    return Terms(**{**fields, **given})


def cap(rate: str, per: str = "lender", **given) -> Limit:
    limit = Limit(
        "cap", None, "payouts", per,
        Ceiling(base="volume", steps=(Step(None, Fraction(rate)),)), When(), False, False, False,
        False, "limits.cap",
    )  # fmt: skip
    return replace(limit, **given)


def breaker(at: str, stops: str, **given) -> Breaker:
    found = Breaker(
        "stop", None, "overdue", "volume", "fund", Fraction(at), stops, "never", False, False, ""
    )
    return replace(found, **given)


def assumed(**given) -> Assumptions:
    fields = {
        "years": 4, "step": "year", "correlation": 0.15, "autocorrelation": 0.5, "seed": 7,
        "paths": 256, "recovery": 0.4, "capital": {"committed": 10.0 * YI},
    }  # fmt: skip
    return Assumptions(**{**fields, **given})


def chunks_of(plan: Plan, engine: str, count: int = 1, size: int = 256) -> list[Chunk]:
    job = paths.job_of(plan, engine)
    return [run(job, at, size, paths.maker) for at in range(count)]


def total(chunks: list[Chunk], name: str) -> np.ndarray:
    return np.concatenate([chunk.series[name] for chunk in chunks], axis=1)


ENGINES = pytest.mark.parametrize("engine", ["cells", "firms"])


# -- edges --------------------------------------------------------------------------------------


@ENGINES
def test_nothing_happens_where_nobody_can_default(engine: str) -> None:
    plan = compiled(book(pd=np.zeros(200)), terms(), assumed())
    (chunk,) = chunks_of(plan, engine)
    assert not any(values.any() for values in chunk.series.values())
    assert not chunk.dry["committed", ""].any()


@ENGINES
def test_where_all_default_at_once_the_fund_pays_its_share_of_everything(engine: str) -> None:
    given = book(pd=np.ones(200))
    plan = compiled(given, terms(), assumed())
    (chunk,) = chunks_of(plan, engine)
    owed = given.outstanding.sum()
    np.testing.assert_allclose(chunk.series["defaulted"][0], owed, rtol=1e-9)
    np.testing.assert_allclose(chunk.series["paid"][0], 0.8 * owed, rtol=1e-9)
    np.testing.assert_allclose(chunk.series["back"][1], 0.4 * 0.8 * owed, rtol=1e-9)
    assert np.abs(chunk.series["paid"][1:]).max() < 1e-3


@ENGINES
def test_one_period_of_independent_firms_has_the_mean_of_the_book(engine: str) -> None:
    given = book()
    plan = compiled(given, terms(), assumed(correlation=0.0, years=1))
    chunks = chunks_of(plan, engine, 8, 1024)
    defaulted = total(chunks, "defaulted")[0]
    expected = float((given.pd[given.firm] * given.outstanding).sum())
    spread = float((given.pd * (1 - given.pd) * given.owed_by_firms**2.0).sum())
    error = np.sqrt(spread / defaulted.size)
    assert abs(defaulted.mean() - expected) < 4 * error
    assert abs(defaulted.var() / spread - 1) < 0.1


def test_cells_pay_what_firms_pay_on_average() -> None:
    loans, count = (2_000, 40) if LONG else (600, 6)
    # Half the lenders' caps bind, and the stop trips on some paths.
    rules = terms(limits=(cap("0.05"),), breakers=(breaker("0.10", "acceptance"),))
    given = book(loans)
    lending = (0.0, float(given.principal.sum()), 0.0, 0.0)
    plan = compiled(given, rules, assumed(lending=lending))
    # The same factor paths on both sides: the difference is that of the engines alone.
    by_cells = total(chunks_of(plan, "cells", count, 1024), "paid").sum(axis=0)
    by_firms = total(chunks_of(plan, "firms", count, 1024), "paid").sum(axis=0)
    gap = by_cells - by_firms
    error = gap.std() / np.sqrt(gap.size) / by_firms.mean()
    assert abs(by_cells.mean() / by_firms.mean() - 1) < 0.01 + (0 if LONG else 2 * error)
    assert error < 0.01


# -- reproducibility ----------------------------------------------------------------------------


def same(a: Chunk, b: Chunk) -> None:
    for name in a.series:
        np.testing.assert_array_equal(a.series[name], b.series[name])


@ENGINES
def test_workers_do_not_change_a_number(engine: str) -> None:
    plan = compiled(book(), terms(limits=(cap("0.05"),)), assumed())
    job = paths.job_of(plan, engine)
    alone = paths.run_all(job, 3 * job.size + 5)
    with ThreadPoolExecutor(2) as executor:
        threads = paths.run_all(job, 3 * job.size + 5, executor)
    for a, b in zip(alone, threads, strict=True):
        same(a, b)


def test_processes_give_the_same_numbers() -> None:
    rules = terms(limits=(cap("0.05"),), breakers=(breaker("0.04", "lending"),))
    plan = compiled(book(), rules, assumed(rollover=0.5, lending=(0.0, 3.0 * YI, 0.0, 0.0)))
    job = paths.job_of(plan, "cells")
    with ProcessPoolExecutor(1) as executor:
        found = paths.run_all(job, 300, executor)
    for a, b in zip(paths.run_all(job, 300), found, strict=True):
        same(a, b)


def test_a_seed_means_the_same_numbers_for_ever() -> None:
    drawn = path_random.uniforms(7, 1, path_random.AMOUNT, 2, 3)
    np.testing.assert_allclose(drawn, PINNED_UNIFORMS, rtol=1e-15)
    plan = compiled(book(), terms(limits=(cap("0.05"),)), assumed())
    (chunk,) = chunks_of(plan, "cells")
    np.testing.assert_allclose(chunk.series["paid"].mean(axis=1), PINNED_PAID, rtol=1e-9)


PINNED_UNIFORMS = [0.4458847891826738, 0.6464215994564059, 0.6932521975526433]
PINNED_PAID = [1174200609.8672042, 534711339.4547461, 217931405.03338826, 0.0]


@given(st.floats(0.2, 1.0), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_the_gamma_quantile_is_close_to_the_exact_one(spread: float, seed: int) -> None:
    score = np.random.default_rng(seed).standard_normal(200)
    shape = spread**-2
    exact = np.where(score > 0, gammainccinv(shape, ndtr(-score)), gammaincinv(shape, ndtr(score)))
    found = path_random.gamma(score, np.full(200, spread))
    np.testing.assert_allclose(found, exact / shape, atol=5e-4)


def test_nodes_carry_conditional_probabilities_of_every_firm() -> None:
    pd = np.random.default_rng(1).uniform(0.002, 0.2, 300)
    nodes, weights = nodes_of(pd)
    assert len(nodes) < 20
    from scipy.special import ndtri

    for factor in (-3.0, 0.0, 2.0):
        exact = conditional(ndtri(pd), np.array([factor]), 0.2)[:, 0]
        by_nodes = weights @ conditional(ndtri(nodes), np.array([factor]), 0.2)[:, 0]
        np.testing.assert_allclose(by_nodes, exact, atol=2e-5)


def test_the_factor_is_stationary_and_keeps_its_autocorrelation() -> None:
    for step in ("year", "quarter"):
        plan = compiled(book(20), terms(), assumed(step=step, autocorrelation=0.6))
        factor, _ = factor_paths(plan, 0, 40_000, ())
        np.testing.assert_allclose(factor.std(axis=1), 1.0, atol=0.02)
        year = plan.assumed.steps
        assert abs(np.corrcoef(factor[0], factor[year])[0, 1] - 0.6) < 0.02


# -- laws of every path -------------------------------------------------------------------------


@given(
    st.integers(0, 10**6), st.sampled_from(["cells", "firms"]), st.sampled_from(["year", "quarter"]),
    st.sampled_from(["refused", "deferred"]), st.sampled_from(["acceptance", "payment", "lending"]),
    st.sampled_from(["pro-rata", "fund-first", "lender-first"]), st.floats(0.0, 1.0),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_no_money_is_made_or_lost(
    seed: int, engine: str, step: str, shortage: str, stops: str, order: str, rollover: float
) -> None:
    given = book(60, seed)
    rules = terms(
        money=money(shortage=shortage), recoveries=Recoveries(order, True, ""),
        parties=(Party("insurer", None, Fraction(1, 10), None, ""),),
        pots=(Pot("city", None, Fraction(2, 5), False, ""), Pot("rest", None, Fraction(3, 5), True, "")),
        limits=(cap("0.05"),), breakers=(breaker("0.06", stops, lifts="below"),),
    )  # fmt: skip
    capital = float(given.principal.sum()) * 0.03
    plan = compiled(given, rules, assumed(
        years=3, step=step, seed=seed, rollover=rollover, recovery=0.5,
        lending=(0.0, float(given.principal.sum()) / 2, 0.0), capital={"committed": capital},
    ))  # fmt: skip
    (chunk,) = chunks_of(plan, engine, 1, 64)
    paid, back, lost = (chunk.series[name] for name in ("paid", "back", "defaulted"))
    tiny = 1e-6 * capital
    # Nobody pays below zero, and more never comes back than was paid.
    assert paid.min() >= -tiny
    assert back.min() >= -tiny
    assert (back.cumsum(axis=0) <= paid.cumsum(axis=0) + tiny).all()
    # The fund never pays more than its share of what has defaulted, nor more than it has.
    assert (paid.cumsum(axis=0) <= 0.8 * lost.cumsum(axis=0) + tiny).all()
    assert ((paid - back).cumsum(axis=0) <= capital + tiny).all()
    # What all bear is what has defaulted.
    borne = sum(chunk.totals[f"party:{name}"] for name in ("fund", "insurer", "lender"))
    np.testing.assert_allclose(borne, lost.sum(axis=0), atol=tiny)
    # Cash is what was there, less what went out, plus what came in.
    room = chunk.room["city"] + chunk.room["rest"]
    np.testing.assert_allclose(room, capital - (paid - back).cumsum(axis=0), atol=tiny)
    # Nobody defaults on more than was ever lent.
    lent = given.principal.sum() * 1.5 * (1 + rollover * 6)
    assert (lost.sum(axis=0) <= lent).all()


@ENGINES
@pytest.mark.parametrize(("at", "trips"), [("0.799999", True), ("0.8", True), ("0.800001", False)])
def test_a_breaker_trips_at_its_threshold_not_below(engine: str, at: str, trips: bool) -> None:
    # Firms worth four fifths of the book default for certain, the others never.
    pd = np.where(np.arange(200) % 5 < 4, 1.0, 0.0)
    given = book(pd=pd, principal=np.full(200, 10**8), outstanding=np.full(200, 10**8))
    rules = terms(breakers=(breaker(at, "acceptance"),))
    (chunk,) = chunks_of(compiled(given, rules, assumed()), engine)
    assert (chunk.tripped["stop"][0] == trips).all()
    assert (chunk.series["paid"].sum(axis=0) > 0).all() == (not trips)
    strict = terms(breakers=(breaker("0.8", "acceptance", strict=True),))
    (chunk,) = chunks_of(compiled(given, strict, assumed()), engine)
    assert not chunk.tripped["stop"].any()


@ENGINES
def test_a_stop_of_lending_lends_no_more(engine: str) -> None:
    given = book(pd=np.ones(200))
    lending = (0.0, float(given.principal.sum()), 0.0, 0.0)
    for stops, share in (("lending", 1.0), ("warning", 2.0)):
        rules = terms(breakers=(breaker("0.5", stops),))
        plan = compiled(given, rules, assumed(lending=lending))
        (chunk,) = chunks_of(plan, engine)
        lost = chunk.series["defaulted"].sum(axis=0)
        np.testing.assert_allclose(lost, share * given.principal.sum(), rtol=1e-9)


@ENGINES
def test_leverage_bounds_new_lending(engine: str) -> None:
    given = book(pd=np.zeros(200))
    owed = float(given.principal.sum())
    rules = terms(leverage=Leverage(Fraction(10), "committed", ""))
    plan = compiled(given, rules, assumed(
        lending=(owed, 0.0, 0.0, 0.0), capital={"committed": owed * 0.15}
    ))  # fmt: skip
    job = paths.job_of(plan, engine)
    fees = terms(leverage=rules.leverage, fees=(Fee("fee", None, Fraction(1, 100), False, (), ""),))
    plan = replace(plan, terms=fees)
    job = replace(job, plan=plan)
    chunk = run(job, 0, 64, paths.maker)
    # The book and half as much again: one hundredth of it in the first year.
    np.testing.assert_allclose(chunk.series["fees"][0], 0.015 * owed, rtol=1e-2)


def test_fees_with_surcharges_top_ups_interest_and_other_uses_move_the_cash() -> None:
    given = book(pd=np.where(np.arange(200) % 10 == 0, 1.0, 0.0), principal=np.full(200, 10**8),
                 outstanding=np.full(200, 10**8), repayment="bullet")  # fmt: skip
    owed = 200 * 10**8
    rules = terms(
        money=money(tested="cash", interest=Fraction(1, 10), top_up=TopUp(Fraction(1), None, ""),
                    uses=(Use("bridge", None, Fraction(1, 2), None, ""),)),
        fees=(Fee("fee", None, Fraction(1, 100), False,
                  (Surcharge("overdue", Fraction(5, 100), Fraction(1, 2)),), ""),),
    )  # fmt: skip
    cash = owed * 0.1
    plan = compiled(given, rules, assumed(years=3, recovery=0.0, capital={"cash": cash}))
    (chunk,) = chunks_of(plan, "firms", 1, 8)
    # A tenth defaults, the fund owes 0.08; half of cash and the first fee is free for it.
    fee = 0.01 * owed
    paid = 0.5 * (cash + fee)
    np.testing.assert_allclose(chunk.series["paid"][0], paid, rtol=1e-9)
    assert chunk.dry["cash", "fund"][0].all()
    left = cash + fee - paid
    np.testing.assert_allclose(chunk.cash["fund"][0], left, rtol=1e-9)
    np.testing.assert_allclose(chunk.series["topped_up"][1], cash - left, rtol=1e-9)
    # Ten per cent of the first year is overdue: the fee is half as much again on what is left.
    dearer = 0.01 * 1.5 * 0.9 * owed
    np.testing.assert_allclose(chunk.series["fees"][1], dearer, rtol=1e-9)
    np.testing.assert_allclose(chunk.cash["fund"][1], cash * 1.1 + dearer, rtol=1e-9)


def test_balances_amortise_and_are_lent_again() -> None:
    ends, term = np.array([6.0, 24.0]), np.array([12.0, 24.0])
    bullet, parts = np.array([False, False]), np.array([True, True])
    assert profile(12.0, ends, term, bullet, 0.0, 12.0).tolist() == [0.0, 1.0]
    assert profile(12.0, ends, term, parts, 0.0, 12.0).tolist() == [0.0, 0.5]
    assert profile(12.0, ends, term, bullet, 0.7, 12.0).tolist() == [0.7, 1.0]
    np.testing.assert_allclose(profile(24.0, ends, term, bullet, 0.7, 12.0), [0.49, 0.7])
    # 1/2 repaid, 1/4 lent again; 1/2 + 1/8 repaid, 5/16 lent again; 1/8 of the first is left.
    np.testing.assert_allclose(profile(24.0, ends, term, parts, 0.5, 12.0)[1], 0.4375)


# -- the whole ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result() -> paths.PathsResult:
    fund = Fund.load("hubei")
    scenario = Scenario.load("chongqing-assumed").change("capital.committed", "1 亿元")
    return paths.simulate_paths(book(300), fund, scenario, paths=300)


def test_the_result_says_what_was_done_and_how_sure_it_is(result: paths.PathsResult) -> None:
    assert result.engine == "cells"
    assert result.paths == 300
    assert len(result.runs_dry()) == 5
    assert all(item.error > 0 for item in result.fan("paid").mean)
    rising = [item.value for item in result.runs_dry("committed", "city")]
    assert rising == sorted(rising)
    assert result.assumed
    by_lender = sum(part.gross.value for part in result.by_lender)
    by_tier = sum(part.gross.value for part in result.by_tier)
    whole = sum(item.value for item in result.fan("paid").mean)
    assert by_lender == pytest.approx(whole)
    assert by_tier == pytest.approx(whole)
    names = {row.name: row for row in result.breakers}
    assert names["warning"].cost == {}
    moved = names["stop"].cost
    assert moved["fund"].value == pytest.approx(-moved["lender"].value)
    assert moved["fund"].value >= 0


def test_the_result_is_data_text_and_a_frame(result: paths.PathsResult) -> None:
    data = json.loads(result.to_json())
    assert data["version"] == 1
    assert data["kind"] == "fund-paths"
    assert len(data["fans"][0]["mean"]) == 5
    chinese, english = result.text("zh"), result.text("en")
    assert result.text("both") == chinese + "\n" + english
    assert "熔断" in chinese
    assert "Breakers" in english
    frame = result.to_frame()
    assert len(frame) == 5 * len(result.fans)


def test_progress_is_told() -> None:
    scenario = Scenario.load("chongqing-assumed").change("capital.committed", "1 亿元")
    seen: list[tuple[int, int]] = []
    paths.simulate_paths(
        book(50), Fund.load("hubei"), scenario, paths=20, progress=lambda *at: seen.append(at)
    )
    assert seen[-1] == (20, 20)


def test_what_is_absent_is_asked_for_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        paths.simulate_paths(book(20), Fund.load("hubei"), Scenario.blank())
    assert len(caught.value.problems) >= 8
    scenario = Scenario.load("chongqing-assumed")
    with pytest.raises(UsageError, match=r"fund-paths\.no-capital"):
        paths.simulate_paths(book(20), Fund.load("hubei"), scenario, paths=10)
    funded = scenario.change("capital.committed", "1 亿元")
    with pytest.raises(PortfolioError):
        paths.simulate_paths(book(20, start=None), Fund.load("hubei"), funded, paths=10)
    with pytest.raises(UsageError, match=r"fund-paths\.count"):
        paths.simulate_paths(book(20), Fund.load("hubei"), funded, paths=0)
    with pytest.raises(UsageError, match=r"fund-paths\.engine"):
        paths.simulate_paths(book(20), Fund.load("hubei"), funded, paths=10, engine="cell")


def test_money_of_two_currencies_is_not_added() -> None:
    with pytest.raises(UsageError, match=r"fund-paths\.currency"):
        paths.simulate_paths(book(20), Fund.load("hubei"), Scenario.blank("USD"), paths=10)


def test_a_bar_is_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = Scenario.load("chongqing-assumed").change("capital.committed", "1 亿元")
    quiet = paths.simulate_paths(book(20), Fund.load("hubei"), scenario, paths=10)
    assert capsys.readouterr().err == ""
    shown = paths.simulate_paths(book(20), Fund.load("hubei"), scenario, paths=10, progress=True)
    assert "simulating" in capsys.readouterr().err
    assert quiet.to_dict() == shown.to_dict()


def test_small_books_go_firm_by_firm_and_say_so() -> None:
    plan = compiled(book(20), terms(), assumed())
    assert paths.chosen_engine(plan)[0] == "firms"
    many = compiled(book(2_000), terms(), assumed())
    engine, reason = paths.chosen_engine(many)
    assert engine == "cells"
    assert "30" in reason.en


def test_a_rare_exhaustion_agrees_with_plain_sampling() -> None:
    given = book(400)
    capital = {"committed": 0.17 * float(given.principal.sum())}
    plan = compiled(given, terms(), assumed(capital=capital))
    found = path_rare.exhaustion_of(plan, "cells", 0.02, 200_000)
    job = paths.job_of(plan, "cells")
    dry = np.concatenate([c.dry["committed", ""][-1] for c in paths.run_all(job, 60_000)])
    error = np.sqrt(dry.mean() / dry.size)
    assert 1e-4 < found.probability.value < 0.05
    assert abs(found.probability.value - dry.mean()) < 4 * (error + found.probability.error)
    assert found.plain_paths > 3 * found.paths


@pytest.mark.parametrize(("per", "measure", "each"), [
    ("claim", "payouts", 0.3), ("firm", "payouts", 0.15), ("claim", "claims", 0.24),
    ("firm", "claims", 0.12),
])  # fmt: skip
@ENGINES
def test_limits_of_a_claim_and_a_firm_are_settled_before_anything_is_added_up(
    engine: str, per: str, measure: str, each: float
) -> None:
    # Two loans of 1,000,000 yuan a firm; the limit is 300,000 yuan.
    firms = [f"f{i // 2}" for i in range(200)]
    amount = np.full(200, 10**8)
    given = book(firm=firms, pd=np.ones(200), principal=amount, outstanding=amount, tier="A")
    limit = cap("1", per, measure=measure, ceiling=Ceiling(amount=3 * 10**7))
    (chunk,) = chunks_of(compiled(given, terms(limits=(limit,)), assumed()), engine)
    np.testing.assert_allclose(chunk.series["paid"].sum(axis=0), each * amount.sum(), rtol=1e-9)


def test_a_fund_that_is_not_fresh_has_less_room() -> None:
    given = book(pd=np.ones(200))
    owed = float(given.principal.sum())
    before = {("fund", "", "paid"): 0.3 * owed, ("fund", "", "recovered"): 0.1 * owed}
    plan = compiled(given, terms(), assumed(opening=before, capital={"committed": 0.5 * owed}))
    (chunk,) = chunks_of(plan, "cells")
    np.testing.assert_allclose(chunk.series["paid"][0], 0.3 * owed, rtol=1e-9)
    # A limit counts what was paid gross: half of the volume less the three tenths.
    plan = compiled(given, terms(limits=(cap("0.5", "fund"),)), assumed(opening=before))
    (chunk,) = chunks_of(plan, "cells")
    np.testing.assert_allclose(chunk.series["paid"].sum(axis=0), 0.2 * owed, rtol=1e-9)


def test_recoveries_that_vary_keep_their_mean() -> None:
    given = book(pd=np.ones(200), recovery=None)
    plan = compiled(given, terms(), assumed(recovery_sd=0.2))
    (chunk,) = chunks_of(plan, "firms", 1, 200)
    back = chunk.series["back"][1] / chunk.series["paid"][0]
    assert abs(back.mean() - 0.4) < 4 * back.std() / np.sqrt(200)
    assert 0.005 < back.std() < 0.03
