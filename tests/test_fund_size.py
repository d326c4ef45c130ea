"""Sizing: the tail at the answer is the target, and every search is short."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fund_random import book_of
from ipcredit.errors import UsageError
from ipcredit.fund.exact import problem_of, simulate
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.frontier import frontier
from ipcredit.fund.fund import Fund, fund_files
from ipcredit.fund.one_period import Trip
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import (
    MOST_EVALUATIONS,
    law_of,
    required_capital,
    supported_lending,
    value_for,
    with_capital,
)
from ipcredit.source import parse

TARGET = 0.002
SHARE = "cover.rules.principal.share"


@pytest.fixture(scope="module")
def book():
    rng = np.random.default_rng(5)
    firms = 3_000
    return book_of(
        rng.uniform(0.01, 0.06, firms),
        rng.integers(50, 501, firms) * 10**6 + rng.integers(0, 10**6, firms),
        district=rng.integers(0, 2, firms),
    )


@pytest.fixture(scope="module")
def fund():
    return Fund.load("chongqing-knowledge@2019").change("money.committed", "8 亿元")


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("chongqing-assumed")


def dry(book, fund, scenario):
    problem, _ = problem_of(book, fund, scenario)
    return law_of(problem, scenario).chance(problem.capital[problem.tested]).value


def test_the_tail_at_the_capital_found_is_the_target(book, fund, scenario):
    size = required_capital(book, fund, scenario, TARGET)
    assert dry(book, fund, with_capital(fund, scenario, size.capital)) == pytest.approx(
        TARGET, rel=1e-6
    )
    assert size.reached.value <= TARGET * (1 + 1e-9)
    assert size.evaluations <= MOST_EVALUATIONS
    assert size.leverage == pytest.approx(int(book.outstanding.sum()) / size.capital)
    assert size.fee == pytest.approx(size.net / size.outstanding)


def test_every_purse_holds_at_the_larger_capital(book, fund, scenario):
    size = required_capital(book, fund, scenario, TARGET)
    assert size.each > size.capital
    result = simulate(book, fund, with_capital(fund, scenario, size.each))
    worst = max(row.dry["committed"].value for row in result.purses)
    assert worst == pytest.approx(TARGET, rel=1e-4)


def test_less_risk_asks_for_more_money(book, fund, scenario):
    sizes = [required_capital(book, fund, scenario, t).capital for t in (0.05, 0.01, 0.001, 1e-5)]
    assert sizes == sorted(sizes)


def test_the_book_that_a_fund_supports_just_keeps_the_target(book, fund, scenario):
    found = supported_lending(book, fund, scenario, TARGET)
    assert found.evaluations <= MOST_EVALUATIONS
    assert found.reached.value == pytest.approx(TARGET, rel=1e-4)
    assert found.reached.value <= TARGET


def test_the_cover_that_keeps_the_target(book, fund, scenario):
    found = value_for(book, fund, scenario, SHARE, TARGET, 0.2, 1.0)
    assert found.evaluations <= MOST_EVALUATIONS
    assert found.reached.value <= TARGET
    assert dry(book, fund.change(SHARE, round(found.value * 1.01, 6)), scenario) > TARGET


def test_a_value_that_always_keeps_the_target_is_the_end_of_the_range(book, fund, scenario):
    rich = with_capital(fund, scenario, int(book.outstanding.sum()))
    assert value_for(book, fund, rich, SHARE, TARGET, 0.2, 0.9).value == 0.9


def test_a_target_out_of_reach_is_said(book, fund, scenario):
    with pytest.raises(UsageError, match="unreachable"):
        value_for(book, fund, with_capital(fund, scenario, 10**7), SHARE, TARGET, 0.5, 0.9)
    with pytest.raises(UsageError, match="out of range"):
        required_capital(book, fund, scenario, 0.0)


def test_the_frontier_has_a_row_for_each_combination(book, fund, scenario):
    capital = [4 * 10**10, 8 * 10**10]
    rows = frontier(book, fund, scenario, {SHARE: [0.6, 0.8]}, capital)
    assert [(dict(r.values)[SHARE], r.capital) for r in rows] == [
        (share, money) for share in (0.6, 0.8) for money in capital
    ]
    for low, high in zip(rows[::2], rows[1::2], strict=True):
        assert high.dry.value < low.dry.value
    assert rows[2].dry.value > rows[0].dry.value
    assert rows[3].dry.value == pytest.approx(dry(book, fund, scenario))
    assert rows[0].data()["capital_fen"] == capital[0]


def test_a_law_that_must_be_sampled_is_sized_by_its_quantile(book, fund, scenario):
    # A breaker that stops single lenders has no exact law.
    stopping = fund.change("claim.overdue_days", 90)
    drawn = scenario.change("simulation.paths", 4000)
    problem, _ = problem_of(book, stopping, drawn)
    trip = Trip("npl", "breakers.npl", None, "overdue", "district", "payment",
                problem.purses[1].member.astype(np.int32), np.array([3e10, 3e10]))  # fmt: skip
    stopped = replace(problem, breakers=(trip,))
    assert Exact(stopped).gross is None
    law = law_of(stopped, drawn)
    assert law.chance(law.at_tail(0.01)).value <= 0.01
    assert law.chance(0.99 * law.at_tail(0.01)).value > 0.008
    assert law.shortfall(0.99) >= law.at_tail(0.01) > law.mean


def test_capital_that_clauses_depend_on_is_searched(book, scenario):
    source = Path(fund_files("chongqing-knowledge")["2019"]).read_text(encoding="utf-8")
    clause = """
[limits.half]
source  = "reports"
measure = "payouts"
per     = "firm"
rate    = 0.5
of      = "capital"
"""
    fund = Fund._from_document(parse(source + clause))
    size = required_capital(book, fund, scenario, TARGET)
    assert size.evaluations <= MOST_EVALUATIONS
    assert size.reached.value <= TARGET
    plain = required_capital(book, Fund.load("chongqing-knowledge@2019"), scenario, TARGET)
    # Half the capital for one firm cuts nothing here.
    assert size.capital == pytest.approx(plain.capital, rel=1e-3)


def test_size_as_plain_data(book, fund, scenario):
    data = required_capital(book, fund, scenario, TARGET).to_dict()
    assert data["kind"] == "fund-size"
    assert isinstance(data["capital_fen"], int)
    assert len(data["purses"]) == 3
