"""Loan by loan in plain NumPy: what one writes first for a fund of many years.

Every loan of every vintage draws a normal number a year; defaults are added up by lender; the
fund pays its share up to each lender's cap until the stop trips, and gets its part of what is
recovered a year later.  Paths go in batches so that NumPy's overhead does not count.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri


def simulate(
    pd: np.ndarray,
    amount: np.ndarray,
    lender: np.ndarray,
    starts: tuple[int, ...],
    years: int,
    correlation: float,
    autocorrelation: float,
    share: float,
    cap: float,
    stop: float,
    recovery: float,
    paths: int,
    term: int,
    seed: int = 1,
) -> np.ndarray:
    """Payouts [paths, years]; every vintage is the whole book, lent at the start of its year,
    repaid in equal parts over ``term`` years."""
    order = np.argsort(lender, kind="stable")
    pd, amount, lender = pd[order], amount[order].astype(np.float64), lender[order]
    first = np.flatnonzero(np.diff(lender, prepend=-1))
    threshold = ndtri(pd).astype(np.float64)
    volume = np.add.reduceat(amount, first)
    rng = np.random.default_rng(seed)
    batch = max(1, min(paths, 2_000_000 // len(pd)))
    paid = np.zeros((paths, years))
    for low in range(0, paths, batch):
        size = min(batch, paths - low)
        paid[low : low + size] = _batch(
            rng, threshold, amount, first, volume, starts, years, correlation, autocorrelation,
            share, cap, stop, recovery, size, term,
        )  # fmt: skip
    return paid


def _batch(
    rng, threshold, amount, first, volume, starts, years, correlation, carried,
    share, cap, stop, recovery, size, term,
):  # fmt: skip
    lenders = len(first)
    alive = [np.ones((size, len(amount)), dtype=bool) for _ in starts]
    used, lent = np.zeros((size, lenders)), np.zeros(lenders)
    lost_before = np.zeros(size)
    overdue, stopped = np.zeros(size), np.zeros(size, dtype=bool)
    paid = np.zeros((size, years))
    factor = np.zeros(size)
    for year in range(years):
        drawn = rng.standard_normal(size)
        factor = drawn if year == 0 else carried * factor + np.sqrt(1 - carried**2) * drawn
        loss = np.zeros((size, lenders))
        for at, start in enumerate(starts):
            left = 1 - (year - start) / term
            if year < start or left <= 0:
                continue
            if year == start:
                lent = lent + volume
            latent = rng.standard_normal((size, len(amount)))
            latent *= np.sqrt(1 - correlation)
            latent += np.sqrt(correlation) * factor[:, None]
            hit = (latent < threshold) & alive[at]
            alive[at] &= ~hit
            loss += np.add.reduceat(hit * (amount * left), first, axis=1)
        overdue = overdue - recovery * lost_before + loss.sum(axis=1)
        lost_before = loss.sum(axis=1)
        stopped |= overdue >= stop * lent.sum()
        pay = np.minimum(share * loss, np.maximum(cap * lent - used, 0.0))
        pay[stopped] = 0.0
        used += pay
        paid[:, year] = pay.sum(axis=1)
    return paid
