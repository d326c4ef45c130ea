"""One-period sampling: the same clauses as the waterfall, the same numbers for any worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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
    terms_of,
)

from ipcredit.fund.one_period import Factor
from ipcredit.fund.one_period_build import Assumptions, compile_one_period
from ipcredit.fund.sampled import chunk_size, evaluate, mean_of, quantile_of, sample
from ipcredit.fund.sampled_defaults import Drawer, blocks
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
        paid = pay(terms, claims, positions=positions_of(book))
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
