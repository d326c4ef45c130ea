"""What holds for every book: means, monotone tails, splitting, capping."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.fund.tail import Gamma, Gaussian, Severity, total_loss
from ipcredit.fund.tail.accounts import account_losses
from ipcredit.fund.tail.payouts import capped

probabilities = st.one_of(st.just(0.0), st.just(1.0), st.floats(1e-9, 1.0))
books = st.lists(
    st.tuples(st.one_of(st.integers(0, 12).map(float), st.floats(1e-3, 12)), probabilities),
    min_size=1,
    max_size=15,
)
mixings = st.one_of(
    st.floats(0.0, 1.0).map(lambda rho: Gaussian(round(rho, 3))),
    st.floats(0.0, 2.0).map(lambda variance: Gamma(round(variance, 3))),
)
few = settings(max_examples=15, deadline=None)


@few
@given(books, mixings, st.sampled_from([0.0, 0.6, 1.0]))
def test_mean_and_shape(book, mixing, share) -> None:
    exposures, pds = map(np.array, zip(*book, strict=True))
    loss = total_loss(exposures, pds, mixing, Severity(share), points=2**10)
    total = share * float(exposures.sum())
    assert abs(loss.mean - share * float(exposures @ pds)) <= 1e-12 * max(1.0, total)
    if loss.points is not None:
        assert abs(float(loss.points @ loss.probabilities) - loss.mean) <= 1e-8 * max(1.0, total)
        assert loss.probabilities.min() >= 0.0
    x = np.linspace(-1.0, total + 1.0, 60)
    tail = np.asarray(loss.tail(x))
    assert np.all(np.diff(tail) <= 1e-14)
    assert tail[0] == 1.0
    assert tail[-1] == 0.0
    stop = np.asarray(loss.stop_loss(x))
    assert np.all(np.diff(stop) <= 1e-12 * max(1.0, total))
    assert np.isfinite(stop).all()
    quantiles = [loss.quantile(level) for level in (0.0, 0.5, 0.9, 0.999, 1.0)]
    assert quantiles == sorted(quantiles)
    assert loss.shortfall(0.9) >= loss.quantile(0.9) - 1e-9


@few
@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0.001, 0.9)), min_size=2, max_size=10),
    st.integers(0, 95),
    st.randoms(use_true_random=False),
)
def test_order_and_splitting_across_accounts_change_nothing(book, percent, chance) -> None:
    units, pds = map(np.array, zip(*book, strict=True))
    units, mixing, x = units.astype(float), Gaussian(percent / 100), np.arange(0.0, 60.0, 3.0)
    plain = np.asarray(total_loss(units, pds, mixing).tail(x))
    order = list(range(units.size))
    chance.shuffle(order)
    assert np.abs(total_loss(units[order], pds[order], mixing).tail(x) - plain).max() < 1e-12
    # A firm's loan split over two lenders is still one firm.
    firms = np.concatenate([np.arange(units.size)] * 2)
    half = np.concatenate([np.floor(units / 2), np.ceil(units / 2)])
    accounts = np.repeat([0, 1], units.size)
    split = account_losses(half, firms, accounts, pds, mixing, [lambda loss: loss] * 2)
    assert np.abs(split.total.tail(x) - plain).max() < 1e-11
    # Scale: all amounts in another unit of money.
    scaled = total_loss(units * 250_000, pds, mixing)
    assert np.abs(scaled.tail(x * 250_000) - plain).max() < 1e-12


@few
@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0.001, 0.9)), min_size=2, max_size=12),
    st.integers(1, 20),
    st.integers(0, 3),
)
def test_a_lower_cap_never_raises_the_sum(book, cap, less) -> None:
    units, pds = map(np.array, zip(*book, strict=True))
    loans = units.astype(float), np.arange(units.size), np.arange(units.size) % 2, pds
    x = np.arange(0.0, 45.0, 1.0)
    tails = []
    for limit in (1e9, float(cap), float(max(cap - less, 0))):
        found = account_losses(*loans, Gaussian(0.2), [capped(1.0, limit)] * 2)
        tails.append(np.asarray(found.total.tail(x)))
    assert np.all(tails[1] <= tails[0] + 1e-13)
    assert np.all(tails[2] <= tails[1] + 1e-13)


@few
@given(st.integers(100, 400), st.floats(0.002, 0.2), st.floats(0.02, 0.6))
def test_more_risk_is_never_less_tail(firms, pd, rho) -> None:
    exposures = np.linspace(1.0, 3.0, firms)
    x = np.linspace(0.0, float(exposures.sum()), 25)
    low = np.asarray(total_loss(exposures, pd, Gaussian(rho), points=2**10).tail(x))
    high = np.asarray(
        total_loss(exposures, min(1.0, 1.5 * pd), Gaussian(rho), points=2**10).tail(x)
    )
    assert np.all(high >= low - 1e-6)
