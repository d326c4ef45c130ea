"""The synthetic book that is shipped: loans that nobody has, to firms and by lenders that do not exist.

``python -m ipcredit.portfolio_example FILE.csv`` writes it again.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from ipcredit.assess import assess
from ipcredit.default_rates import load_curve
from ipcredit.policy import Policy
from ipcredit.population import population
from ipcredit.population.draws import uniforms
from ipcredit.portfolio import Portfolio
from ipcredit.traits import PARTS

AS_OF: Final = dt.date(2025, 6, 30)
SEED: Final = 2025
FIRMS: Final = 620
LENDERS: Final = {
    "合成银行甲": "0.35",
    "合成银行乙": "0.25",
    "合成银行丙": "0.2",
    "合成银行丁": "0.12",
    "合成银行戊": "0.08",
}
DISTRICTS: Final = {"合成区一": "0.4", "合成区二": "0.3", "合成区三": "0.2", "合成区四": "0.1"}
ELSEWHERE: Final = 0.2
"""Share of the firms whose base loan is at another lender than their knowledge loan."""


def synthetic_book() -> Portfolio:
    """About 200 firms with knowledge and base loans, some at two lenders; every figure is made up.

    Firms of the synthetic population are scored by Chongqing's policy of 2023 and take loans up in
    the year before :data:`AS_OF`; default probabilities come from the assumed curve.

    >>> book = synthetic_book()
    >>> len(book.lenders), len(book.districts), bool((book.lenders_of_firms > 1).any())
    (5, 4, True)
    """
    policy = Policy.load("chongqing-knowledge@2023")
    scored = assess(policy, population(FIRMS, seed=SEED), on=AS_OF)
    book = Portfolio.from_assessments(
        scored,
        draw_rate="0.75",
        take_up="0.42",
        pd=load_curve("chongqing-assumed"),
        lenders=LENDERS,
        districts=DISTRICTS,
        seed=SEED,
        term_months=12,
        repayment="bullet",
    )
    n = len(book)
    moved = (book.part == PARTS.index("base")) & (uniforms(SEED, 0, "elsewhere", n) < ELSEWHERE)
    lender = np.where(moved, (book.lender + 1) % len(LENDERS), book.lender).astype(np.int32)
    # Loans of a year not yet due; on the last day of the book the oldest has 5 days left.
    ago = (uniforms(SEED, 0, "start", n) * 360).astype(np.int32)
    words = {**book.traits.words, "lender": (lender, book.lenders)}
    traits = replace(book.traits, words=words)
    return replace(book, lender=lender, start=book.start - ago, traits=traits)


if __name__ == "__main__":
    synthetic_book().write_csv(Path(sys.argv[1]))
