"""Lenders' accounts: payout functions applied before accounts are added, shared firms first."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ipcredit.fund.tail import Gamma, Gaussian, Severity, total_loss
from ipcredit.fund.tail.accounts import account_losses
from ipcredit.fund.tail.payouts import capped, layer, stepped
from oracles import loss_convolution as oracle


def test_ten_capped_accounts_against_the_plain_convolution() -> None:
    draw = np.random.default_rng(21)
    firms = np.arange(120)
    units, pds = draw.integers(1, 9, 120), draw.uniform(0.01, 0.15, 120)
    account = firms % 10
    caps = draw.integers(3, 12, 10)
    found = account_losses(
        units.astype(float), firms, account, pds, Gaussian(0.2), [capped(1.0, c) for c in caps]
    )
    z, weights = oracle.factor_grid(0.05)
    conditional = oracle.conditional(pds, 0.2, z)
    total = np.zeros((z.size, int(caps.sum()) + 1))
    total[:, 0] = 1.0
    for number, cap in enumerate(caps):
        mine = account == number
        loss = oracle.convolved(units[mine], conditional[:, mine])
        paid = loss[:, : cap + 1].copy()
        paid[:, cap] = loss[:, cap:].sum(axis=1)
        assert found.accounts[number].tail(0.0) == pytest.approx(weights @ (1 - paid[:, 0]))
        assert found.mean_payouts[number] == pytest.approx(weights @ paid @ np.arange(cap + 1))
        total = np.stack(
            [np.convolve(a, b)[: total.shape[1]] for a, b in zip(total, paid, strict=True)]
        )
    expected = oracle.tails(weights @ total)
    assert found.total.tail(np.arange(expected.size)) == pytest.approx(expected, abs=1e-13)
    assert found.complete
    assert found.total.error.kind == "round-off"


def test_ten_caps_on_rounded_lattices_are_right_to_1e_4() -> None:
    draw = np.random.default_rng(5)
    exposures = draw.integers(50, 501, 500) * 10_000.0
    pds, account = draw.uniform(0.01, 0.06, 500), draw.integers(0, 10, 500)
    caps = [capped(0.8, 0.06 * 0.6 * exposures[account == a].sum()) for a in range(10)]
    book = exposures, np.arange(500), account, pds, Gaussian(0.15), caps, Severity(0.6)
    quick = account_losses(*book)
    fine = account_losses(*book, points=2**14, account_points=2**13)
    assert quick.total.error.kind == "estimate"
    for part in (0.3, 0.6, 0.9, 0.98):
        x = part * fine.total.largest
        assert quick.total.tail(x) == pytest.approx(fine.total.tail(x), rel=1e-4)
    assert quick.total.mean == pytest.approx(fine.total.mean, rel=1e-5)
    assert quick.total.tail(quick.total.largest) == 0.0
    for level in (0.3, 0.1, 0.05, 1e-3):
        assert quick.total.at_tail(level) == pytest.approx(fine.total.at_tail(level), rel=1e-4)


def test_no_payout_function_is_the_total_loss() -> None:
    draw = np.random.default_rng(6)
    units, pds = draw.integers(1, 20, 80).astype(float), draw.uniform(0.01, 0.2, 80)
    for mixing in (Gaussian(0.0), Gaussian(0.25), Gamma(0.4)):
        plain = total_loss(units, pds, mixing, method="lattice")
        found = account_losses(
            units, np.arange(80), np.arange(80) % 4, pds, mixing, [lambda loss: loss] * 4
        )
        x = np.arange(0, 400, 7.0)
        assert found.total.tail(x) == pytest.approx(plain.tail(x), abs=1e-13)
        assert found.total.mean == pytest.approx(plain.mean, rel=1e-12)
        assert found.mean_losses.sum() == pytest.approx(plain.mean, rel=1e-12)


def _enumerated(units, firms, accounts, pds, rho, payouts):
    """Every outcome of a few firms, given the factor, without any convolution."""
    z, weights = oracle.factor_grid(0.05)
    conditional = oracle.conditional(pds, rho, z)
    outcomes: dict[float, float] = {}
    for state in itertools.product((0, 1), repeat=pds.size):
        chance = weights @ np.prod(np.where(state, conditional, 1 - conditional), axis=1)
        lost = units * np.array(state)[firms]
        paid = sum(
            float(pay(np.array([lost[accounts == a].sum()]))[0]) for a, pay in enumerate(payouts)
        )
        outcomes[paid] = outcomes.get(paid, 0.0) + float(chance)
    return outcomes


def test_firms_with_several_lenders_are_conditioned_on() -> None:
    units = np.array([3.0, 2.0, 4.0, 5.0, 1.0, 2.0, 3.0, 6.0, 2.0, 4.0, 1.0])
    firms = np.array([0, 0, 1, 1, 1, 2, 3, 3, 4, 5, 6])
    accounts = np.array([0, 1, 0, 1, 2, 0, 1, 2, 2, 0, 1])
    pds = np.array([0.1, 0.2, 0.05, 0.3, 0.15, 0.08, 1.0])
    payouts = [
        capped(1.0, 6.0),
        layer(1.0, 2.0, 5.0),
        stepped(np.array([0.0, 4.0]), np.array([1.0, 0.5])),
    ]
    found = account_losses(units, firms, accounts, pds, Gaussian(0.3), payouts)
    assert (found.shared, found.conditioned, found.complete) == (3, 3, True)
    outcomes = _enumerated(units, firms, accounts, pds, 0.3, payouts)
    for x in (0.0, 2.0, 4.5, 7.0, 9.0, 11.0, 13.0):
        expected = sum(chance for paid, chance in outcomes.items() if paid > x)
        assert found.total.tail(x) == pytest.approx(expected, abs=1e-12)
    assert found.total.mean == pytest.approx(sum(p * c for p, c in outcomes.items()), rel=1e-12)
    reordered = account_losses(units, firms, 2 - accounts, pds, Gaussian(0.3), payouts[::-1])
    assert reordered.total.tail(7.0) == pytest.approx(found.total.tail(7.0), rel=1e-12)


def test_too_many_shared_firms_are_flagged() -> None:
    firms = np.repeat(np.arange(20), 2)
    book = np.ones(40), firms, np.tile([0, 1], 20), np.full(20, 0.1), Gaussian(0.2)
    found = account_losses(*book, [capped(1.0, 5.0)] * 2, most_shared=3)
    assert (found.shared, found.conditioned, found.complete) == (20, 3, False)
    whole = account_losses(*book, [capped(1.0, 5.0)] * 2, most_shared=8)
    # What is left out makes the tail too light.
    assert found.total.tail(8.0) < whole.total.tail(8.0)
    assert found.total.mean == pytest.approx(whole.total.mean)


def test_random_severity_in_accounts() -> None:
    book = np.full(4, 10.0), np.array([0, 0, 1, 2]), np.array([0, 1, 0, 1]), np.full(3, 0.2)
    found = account_losses(*book, Gaussian(0.2), [lambda x: x] * 2, Severity(0.5, 0.2))
    assert found.total.mean == pytest.approx(4 * 10 * 0.5 * 0.2, rel=1e-9)
    assert found.mean_losses.sum() == pytest.approx(4.0)
    assert found.shared == 1


def test_empty_accounts_and_nothing_to_pay() -> None:
    book = [1.0, 2.0], [0, 1], [0, 0], [0.1, 0.2], Gaussian(0.1)
    found = account_losses(*book, [capped(1.0, 2.0), capped(1.0, 5.0)])
    assert found.mean_payouts[1] == 0.0
    nothing = account_losses(*book, [capped(0.0, 2.0), capped(1.0, 0.0)])
    assert nothing.total.tail(0.0) == 0.0
    assert nothing.total.mean == 0.0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"payouts": [lambda x: -x]}, "at least 0 and never fall"),
        ({"payouts": [lambda x: x * np.nan]}, "finite amount"),
        ({"payouts": []}, "at least one payout"),
        ({"firms": [0, 5]}, "firm numbers"),
        ({"accounts": [0, 1]}, "account numbers"),
        ({"mixing": Gaussian(1.0)}, "sample instead"),
        ({"mixing": Gamma(0.5, "poisson")}, "sample instead"),
        ({"severity": Severity(0.5, sensitivity=0.2)}, "sample instead"),
        ({"pds": [0.1, 1.2]}, "must lie in"),
        ({"exposures": [1.0, -2.0]}, "at least 0"),
    ],
)
def test_bad_accounts_are_told(changes, text: str) -> None:
    given = {
        "exposures": [1.0, 2.0],
        "firms": [0, 1],
        "accounts": [0, 0],
        "pds": [0.1, 0.2],
        "mixing": Gaussian(0.1),
        "payouts": [capped(1.0, 1.0)],
    }
    with pytest.raises(ValueError, match=text):
        account_losses(**{**given, **changes})
