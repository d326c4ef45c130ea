"""What the edition of 2017 gives on the reference population: the figures of decision 0007.

    python benchmarks/calibration_2017.py            # the tables of decision 0007 (10 s)

Prints tables, asserts nothing; tests/test_calibration_2017.py holds the figures and that decision
0007 quotes these tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ipcredit.assess import assess
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.population import population

POLICY = "chongqing-knowledge@2017"
N, SEED = 100_000, 7
ON = dt.date(2019, 3, 31)
WAN = 1_000_000  # fen in 万元

# Published, cumulative loans: (firms, 亿元) at the end of 2017-12 and of 2019-03.
FIRST, THEN = (89, 1.3), (844, 20.1)
IN_SCOPE_FIRST, IN_SCOPE = 300, 2000  # firms in scope at the start, and "2,000+" at 2017-11
DRAW_RATE = 0.75  # that of decision 0004
MONTHS = 15  # from 2017-12 to 2019-03
TERM = 12  # months, longest term of a loan


def average(firms: int, yi: float) -> float:
    """万元 a firm."""
    return yi * 10_000 / firms


SELECTED = THEN[0] / IN_SCOPE  # share of the firms in scope that had borrowed by 2019-03


def loans_a_firm() -> float:
    """Loans a borrower has had by 2019-03: one, and a second if the first is a year old.

    First loans between the two published dates are spread evenly over the months.
    """
    a_month = (THEN[0] - FIRST[0]) / MONTHS
    a_year_old = FIRST[0] + a_month * (MONTHS - TERM)
    return 1 + a_year_old / THEN[0]


@dataclass(frozen=True)
class Lines:
    """Lines in 万元 of the eligible firms, best first, and the share that is eligible."""

    line: np.ndarray
    points: np.ndarray
    tiers: np.ndarray
    eligible: float

    def best(self, share: float) -> np.ndarray:
        """The lines of the best-graded share of the eligible firms."""
        return self.line[: round(share * len(self.line))]


def without_loans(firms: Firms) -> Firms:
    """The firms at the launch: nobody holds a loan of the kind yet."""
    none = np.zeros(len(firms), np.int64)
    held = dict.fromkeys(("knowledge_loans_here", "knowledge_loans_elsewhere"), none)
    return Firms(firms.n, {**firms.columns, **held}, firms.texts, firms.currency)


def lines(policy: Policy, firms: Firms) -> Lines:
    """The knowledge lines under a policy, sorted by line and, within a tier, by points."""
    result = assess(policy, without_loans(firms), on=ON)
    eligible = result.status == 0
    line, points = result.part("knowledge")[eligible] / WAN, result.total[eligible]
    order = np.lexsort((-points, -line))
    tiers = result.codes["tier", ""][eligible]
    return Lines(line[order], points[order], tiers[order], float(eligible.mean()))


def drawn(found: Lines, share: float = SELECTED, rate: float = DRAW_RATE) -> float:
    """万元 a borrower up to 2019-03: mean line of the selected, draw rate, loans a firm."""
    return float(found.best(share).mean()) * rate * loans_a_firm()


# -- tables -------------------------------------------------------------------------------------------


def fit_table(policy: Policy, n: int, seeds: tuple[int, ...]) -> list[str]:
    rows = [
        "| seed | eligible, % | mean line, all | mean line, selected | ± of 844 firms | drawn a firm |",
        "|---|---|---|---|---|---|",
    ]
    for seed in seeds:
        found = lines(policy, population(n, seed))
        best = found.best(SELECTED)
        error = best.std(ddof=1) / THEN[0] ** 0.5
        rows.append(
            f"| {seed} | {100 * found.eligible:.1f} | {found.line.mean():.1f} | {best.mean():.1f} | "
            f"{error:.1f} | **{drawn(found):.1f}** |"
        )
    return rows


def tier_table(found: Lines) -> list[str]:
    rows = ["| tier | A | B | C | D | E |", "|---|---|---|---|---|---|"]
    selected = found.tiers[: len(found.best(SELECTED))]
    for word, tiers in (("all eligible, %", found.tiers), ("selected, %", selected)):
        shares = np.bincount(tiers, minlength=5) / len(tiers)
        rows.append(f"| {word} | " + " | ".join(f"{100 * x:.1f}" for x in shares) + " |")
    return rows


def selection_table(found: Lines) -> list[str]:
    shares = (0.20, 0.30, 0.42, 0.50, 0.62, 1.00)
    cells = [f"{drawn(found, share):.1f}" for share in shares]
    return [
        "| best-graded share of the eligible | " + " | ".join(f"{s:.2f}" for s in shares) + " |",
        "|---|---|---|---|---|---|---|",
        "| drawn a firm | " + " | ".join(cells) + " |",
    ]


def rate_table(found: Lines) -> list[str]:
    mean = float(found.best(SELECTED).mean())
    rows = [
        "| draw rate | 0.65 | 0.70 | 0.75 | 0.80 | 0.90 | 1.00 |",
        "|---|---|---|---|---|---|---|",
    ]
    rates = (0.65, 0.70, 0.75, 0.80, 0.90, 1.00)
    once = " | ".join(f"{mean * rate:.1f}" for rate in rates)
    more = " | ".join(f"{mean * rate * loans_a_firm():.1f}" for rate in rates)
    return [
        *rows,
        f"| one loan a firm | {once} |",
        f"| {loans_a_firm():.2f} loans a firm | {more} |",
    ]


LADDERS = ((75, 60, 45, 30, 15), (80, 65, 50, 35, 20), (85, 70, 55, 40, 25), (90, 75, 60, 45, 30))


def with_cuts(policy: Policy, ladder: tuple[int, ...]) -> Policy:
    """The policy with other cut-offs, changed in an order that keeps every step valid."""
    now = {band.label: int(band.cut.at) for band in policy.rules.tiers.indicator.bands}
    wanted = dict(zip("ABCDE", ladder, strict=True))
    up = [label for label in wanted if wanted[label] > now[label]]
    down = [label for label in reversed(wanted) if wanted[label] < now[label]]
    for label in (*up, *down):
        policy = policy.change(f"tiers.{label}.at_least", wanted[label])
    return policy


def ladder_table(policy: Policy, firms: Firms) -> list[str]:
    rows = [
        "| cut-offs A to E | eligible, % | mean line, all | drawn a firm |",
        "|---|---|---|---|",
    ]
    for ladder in LADDERS:
        found = lines(with_cuts(policy, ladder), firms)
        rows.append(
            f"| {' / '.join(map(str, ladder))} | {100 * found.eligible:.1f} | "
            f"{found.line.mean():.1f} | {drawn(found):.1f} |"
        )
    return rows


CHANGES = (
    ("line.tiers.B.amount", "220 万元"), ("line.tiers.B.amount", "260 万元"),
    ("line.tiers.C.amount", "150 万元"), ("line.tiers.C.amount", "210 万元"),
    ("line.tiers.D.amount", "60 万元"), ("line.tiers.D.amount", "120 万元"),
)  # fmt: skip


def amount_table(policy: Policy, firms: Firms) -> list[str]:
    rows = ["| line of a tier | mean line, all | drawn a firm |", "|---|---|---|"]
    for path, amount in CHANGES:
        found = lines(policy.change(path, amount), firms)
        tier = path.split(".")[2]
        rows.append(f"| {tier} {amount} | {found.line.mean():.1f} | {drawn(found):.1f} |")
    return rows


def first_table(found: Lines) -> list[str]:
    """The first 89 firms: one loan each; reported, not fitted."""
    best = found.best(FIRST[0] / IN_SCOPE_FIRST)
    return [
        "| first firms, to 2017-12 | 万元 |",
        "|---|---|",
        f"| published, 1.3 亿元 ÷ 89 | {average(*FIRST):.1f} |",
        f"| drawn by the best 89 of 300 | {best.mean() * DRAW_RATE:.1f} |",
        f"| drawn if chosen at random | {found.line.mean() * DRAW_RATE:.1f} |",
    ]


def tables(n: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """All tables, each with its heading, as lines of Markdown."""
    policy = Policy.load(POLICY)
    firms = population(n, seed)
    found = lines(policy, firms)
    yield "agreement", fit_table(policy, n, (seed, 11, 2025))
    yield "tiers", tier_table(found)
    yield "selection", selection_table(found)
    yield "draw rate", rate_table(found)
    yield "cut-offs", ladder_table(policy, firms)
    yield "amounts", amount_table(policy, firms)
    yield "the first firms", first_table(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=N)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    policy = Policy.load(POLICY)
    print(f"policy {policy.id}@{policy.edition} {policy.fingerprint[:12]}, n = {asked.n:,}, 万元")
    print(
        f"published {average(*THEN):.1f}; selected {SELECTED:.3f}; loans a firm {loans_a_firm():.3f}"
    )
    for heading, rows in tables(asked.n, asked.seed):
        print(f"\n## {heading}\n", *rows, sep="\n")


if __name__ == "__main__":
    main()
