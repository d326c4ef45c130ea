"""Two policies over a population with the exact tail of every pot: seconds, and against scoring.

    python benchmarks/tune.py [--firms 100000] [--repeat 5]

The shipped knowledge-value policy against one whose B starts at 65 with a line of 4.5 million, the
fund of 2019 (a city pot and one for each district), the assumed scenario.  A comparison is counted
from the two policies and the firms in memory to every figure: both scored, both books made,
expected payout, net cost, 99 % quantile and exhaustion of the fund and of every pot, the matrix,
gains and losses, the firms that gain and lose most.  Told apart: what explains the ten firms
listed on each side in words, the page, the picture.  Two threads at most.  Figures are printed,
never asserted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

import timing

timing.one_thread()

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

from ipcredit import Policy, assess  # noqa: E402
from ipcredit.errors import UsageError  # noqa: E402
from ipcredit.fund.fund import Fund  # noqa: E402
from ipcredit.fund.scenario import Scenario  # noqa: E402
from ipcredit.population import population  # noqa: E402
from ipcredit.tune.compare import compare  # noqa: E402

ON = dt.date(2023, 8, 11)


def whole(policy, other, firms, fund=None, scenario=None):
    """A comparison with every figure in it, nothing left to be worked out later."""
    found = compare(policy, other, firms, fund, scenario, ON)
    return (
        found,
        found.matrix,
        found.gains,
        found.loses,
        found.decisions,
        found.winners,
        found.losers,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    firms = population(given.firms, seed=7)
    policy = Policy.load("chongqing-knowledge", on=ON)
    other = policy.change("tiers.B.at_least", 65).change("line.tiers.B.amount", "450 万元")
    fund, scenario = Fund.load("chongqing-knowledge@2019"), Scenario.load("chongqing-assumed")
    work = {
        "scoring both policies": (
            lambda: None,
            lambda _: (assess(policy, firms, on=ON), assess(other, firms, on=ON)),
        ),
        "comparison without a fund": (lambda: None, lambda _: whole(policy, other, firms)),
        "comparison with every pot": (
            lambda: None,
            lambda _: whole(policy, other, firms, fund, scenario),
        ),
    }
    taken = timing.interleaved(work, given.repeat)
    base = taken["scoring both policies"]["median_s"]
    found = whole(policy, other, firms, fund, scenario)[0]
    pots = len(found.after.fund.pots)
    print(f"{given.firms:,} firms, {pots} pots, {found.after.fund.borrowers:,} borrowers")
    for name, row in taken.items():
        ratio = row["median_s"] / base
        print(f"  {name:28} median {row['median_s']:6.3f} s  best {row['min_s']:6.3f} s"
              f"  {ratio:5.1f} x scoring")  # fmt: skip
    for name, show in (
        ("reasons and page, both", lambda: found.text("both")),
        ("picture", lambda: found.draw("en")[0].draw_without_rendering()),
    ):
        start = time.perf_counter()
        try:
            show()
        except UsageError as error:
            print(f"  {name:28} {error}")
            continue
        print(f"  {name:28} once   {time.perf_counter() - start:6.3f} s")


if __name__ == "__main__":
    main()
