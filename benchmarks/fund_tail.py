"""One-period loss tails beside their peers: time and error, each against an exact lattice.

    python benchmarks/fund_tail.py [--quick] [--json FILE]

The reference book: 2,000 loans, exposure uniform on 0.5 to 5 million in steps of 10,000,
default probability uniform on 1 to 6 % (seed 2026), loss given default 60 %, one Gaussian
factor with correlation 0.15.  FinancePy's recursion runs where FinancePy is installed, else
the same double loop written out in benchmarks/peers/recursion.py (slower unless numba is
there; the table says which).  Every time is the best of several; read the ratios.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import timing

timing.one_thread()

import numpy as np  # noqa: E402
from scipy.special import ndtri  # noqa: E402

from ipcredit.fund.tail import Gaussian, Severity, total_loss  # noqa: E402
from ipcredit.fund.tail.accounts import account_losses  # noqa: E402
from ipcredit.fund.tail.lattice import conditional_transforms, placed  # noqa: E402
from ipcredit.fund.tail.payouts import capped  # noqa: E402
from peers import recursion  # noqa: E402

RHO, LGD, LEVELS = 0.15, 0.6, (1e-2, 1e-4, 1e-6)
STEP = 10_000.0


def reference_book(loans: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(2026)
    return draw.integers(50, 501, loans) * STEP, draw.uniform(0.01, 0.06, loans)


def best(work: Callable[[], Any], repeat: int = 7, batch_s: float = 0.02) -> float:
    """Seconds a call: best of some batches."""
    start = time.perf_counter()
    work()
    count = max(1, int(batch_s / max(time.perf_counter() - start, 1e-7)))
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _call in range(count):
            work()
        times.append((time.perf_counter() - start) / count)
        if sum(times) * count > 20.0:
            break
    return min(times)


def machine() -> dict[str, float]:
    draw = np.random.Generator(np.random.SFC64(1))
    block = np.empty(1_000_000)
    single = np.empty(1_000_000, dtype=np.float32)
    uniform = best(lambda: draw.random(out=block))
    normal = best(lambda: draw.standard_normal(out=single, dtype=np.float32))
    probabilities = draw.uniform(0.01, 0.06, 1_000_000)
    return {
        "uniforms_per_s": 1e6 / uniform,
        "normals_per_s": 1e6 / normal,
        "ndtri_million_s": best(lambda: ndtri(probabilities)),
    }


def errors(law: Any, exact: Any, shift: float = 0.0) -> list[float]:
    """Relative errors of the tail at the exact quantiles of the reference levels."""
    found = []
    for level in LEVELS:
        x = exact.at_tail(level)
        found.append(float(law.tail(x + shift)) / float(exact.tail(x)) - 1.0)
    return found


def expansion(exact: Any, book: tuple[np.ndarray, np.ndarray]) -> dict[str, Any]:
    given = (*book, Gaussian(RHO), Severity(LGD))
    places = [exact.at_tail(level) for level in LEVELS]

    def everything() -> list[float]:
        law = total_loss(*given)
        return [law.tail(x) for x in places]

    law = total_loss(*given)
    # A fresh evaluation each time: nothing is kept between calls.
    return {
        "method": law.method,
        "nodes": law.nodes,
        "build_and_three_tails_s": best(everything, 15),
        "tail_s": best(lambda: law.tail(places[1]), 15),
        "fund_size_s": best(lambda: law.at_tail(1e-4), 15),
        "fund_size_error": law.at_tail(1e-4) / places[1] - 1.0,
        "errors": errors(law, exact),
        "error_stated": law.error.value,
    }


def same_lattice(book: tuple[np.ndarray, np.ndarray], nodes: int = 100) -> dict[str, Any]:
    """FinancePy's recursion and our transform on the same nodes and the same lattice."""
    units = np.rint(book[0] / 500_000.0)
    beta = np.full(units.size, np.sqrt(RHO))
    size = 1 << int(units.sum()).bit_length()
    z = recursion.LOWEST_Z + np.arange(nodes) * (-2.0 * recursion.LOWEST_Z / nodes)
    weights = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) * (z[1] - z[0])
    mixing = Gaussian(RHO)

    def ours() -> np.ndarray:
        part = placed(units, book[1], mixing, 1.0)
        return np.fft.irfft(weights @ conditional_transforms([part], mixing, z, size), size)

    def theirs() -> np.ndarray:
        return recursion.distribution(book[1], units, beta, nodes)

    peer = theirs()
    same_pds = recursion.with_given_pds(mixing.conditional_pd(book[1], z), units, weights)
    mine = ours()[: peer.size]
    return {
        "who": recursion.WHO,
        "recursion_s": best(theirs, 3),
        "ours_s": best(ours, 7),
        "largest_difference": float(np.abs(mine - same_pds).max()),
        "difference_to_its_own_normal_function": float(np.abs(mine - peer).max()),
    }


def monte_carlo(book: tuple[np.ndarray, np.ndarray], scenarios: int = 20_000) -> dict[str, Any]:
    """Good dense NumPy: single-precision normals, one comparison, one matrix product."""
    draw = np.random.Generator(np.random.SFC64(7))
    a = (ndtri(book[1]) / np.sqrt(1 - RHO)).astype(np.float32)
    b = np.float32(np.sqrt(RHO / (1 - RHO)))
    losses = (book[0] * LGD).astype(np.float32)
    noise = np.empty((500, a.size), dtype=np.float32)

    def batch() -> np.ndarray:
        draw.standard_normal(out=noise, dtype=np.float32)
        z = draw.standard_normal((500, 1), dtype=np.float32)
        np.add(noise, b * z, out=noise)
        return np.less(noise, a, out=np.empty(noise.shape, bool)).astype(np.float32) @ losses

    seconds = best(batch, max(3, scenarios // 500 // 8))
    rate = 500 * a.size / seconds
    needed = (1 - 1e-4) / 1e-4 / 0.01**2
    return {"loan_scenarios_per_s": rate, "one_percent_at_1e-4_s": needed * a.size / rate}


def million() -> dict[str, Any]:
    exposures, pds = reference_book(1_000_000)
    x = 0.2 * LGD * float(exposures.sum())

    def work() -> float:
        return float(total_loss(exposures, pds, Gaussian(RHO), Severity(LGD)).tail(x))

    law = total_loss(exposures, pds, Gaussian(RHO), Severity(LGD))
    return {
        "million_loans_s": best(work, 5),
        "ndtri_million_s": best(lambda: ndtri(pds), 5),
        "nodes": law.nodes,
        "method": law.method,
    }


def concentrated(book: tuple[np.ndarray, np.ndarray], exact_points: int) -> dict[str, Any]:
    """One loan of 3, 9 and 30 % of the book: what "auto" takes, against an exact lattice."""
    rows = {}
    for share in (0.03, 0.09, 0.3):
        exposures = np.rint(book[0] / 50_000.0) * 50_000.0
        big = share / (1 - share) * exposures[1:].sum()
        exposures[0] = np.rint(big / 50_000.0) * 50_000.0
        given = exposures, book[1], Gaussian(RHO), Severity(LGD)
        chosen = total_loss(*given)
        exact = total_loss(*given, method="lattice", points=exact_points)
        rows[f"{share:.0%}"] = {
            "method": chosen.method,
            "seconds": best(lambda given=given: total_loss(*given), 3),
            "errors": errors(chosen, exact, 0.5 * 50_000.0 * LGD),
            "truth": exact.error.kind,
        }
    return rows


def ten_caps(book: tuple[np.ndarray, np.ndarray], quick: bool) -> dict[str, Any]:
    """Ten lenders, each paid 80 % of its losses up to 6 % of its book's loss."""
    exposures, pds = book
    account = np.random.default_rng(5).integers(0, 10, exposures.size)
    caps = [capped(0.8, 0.06 * LGD * exposures[account == a].sum()) for a in range(10)]
    given = (exposures, np.arange(exposures.size), account, pds, Gaussian(RHO), caps, Severity(LGD))
    found = account_losses(*given)
    finer = (2**14, 2**13) if quick else (2**16, 2**14)
    fine = account_losses(*given, points=finer[0], account_points=finer[1])
    places = [part * fine.total.largest for part in (0.3, 0.6, 0.9, 0.98)]
    return {
        "seconds": best(lambda: account_losses(*given), 3),
        "errors": [float(found.total.tail(x)) / float(fine.total.tail(x)) - 1 for x in places],
        "tails": [float(fine.total.tail(x)) for x in places],
        "all_capped": float(fine.total.tail(fine.total.largest * (1 - 1e-12))),
    }


def table(found: dict[str, Any]) -> None:
    m, e, s = found["machine"], found["expansion"], found["same lattice"]
    c, n = found["monte carlo"], found["million"]
    ours = e["build_and_three_tails_s"]
    rows = [
        ("random numbers of this machine", f"{m['uniforms_per_s'] / 1e6:,.0f} M uniforms/s, {m['normals_per_s'] / 1e6:,.0f} M normals/s"),
        (f"{e['method']}, {e['nodes']} nodes, build and three tails", f"{ours * 1e3:.3f} ms"),
        ("  relative errors at 1e-2, 1e-4, 1e-6", ", ".join(f"{x:.0e}" for x in e["errors"]) + f" (stated {e['error_stated']:.0e})"),
        (f"{s['who']}, 100 nodes", f"{s['recursion_s'] * 1e3:.0f} ms: {s['recursion_s'] / ours:,.0f} x"),
        ("our lattice, its nodes and lattice", f"{s['ours_s'] * 1e3:.1f} ms: {s['recursion_s'] / s['ours_s']:.1f} x, largest difference {s['largest_difference']:.0e}"),
        ("dense NumPy Monte Carlo", f"{c['loan_scenarios_per_s'] / 1e6:.0f} M loan-scenarios/s, 1 % at 1e-4 in {c['one_percent_at_1e-4_s']:,.0f} s: {c['one_percent_at_1e-4_s'] / ours:,.0f} x"),
        ("a million loans", f"{n['million_loans_s'] * 1e3:.0f} ms = {n['million_loans_s'] / n['ndtri_million_s']:.1f} x ndtri of a million ({n['nodes']} nodes)"),
        ("fund size for 1e-4", f"{e['fund_size_s'] * 1e6:.0f} us = {e['fund_size_s'] / e['tail_s']:.1f} tails of {e['tail_s'] * 1e6:.0f} us, error {e['fund_size_error']:.0e}"),
    ]  # fmt: skip
    for share, row in found["concentrated"].items():
        wrong = ", ".join(f"{x:.0e}" for x in row["errors"])
        rows.append(
            (
                f"one loan {share}: {row['method']}",
                f"{row['seconds'] * 1e3:.0f} ms, errors {wrong} ({row['truth']} truth)",
            )
        )
    t = found["ten caps"]
    wrong = ", ".join(f"{x:.0e}" for x in t["errors"])
    rows.append(
        (
            "ten per-lender caps",
            f"{t['seconds'] * 1e3:.0f} ms, errors {wrong}; all capped with {t['all_capped']:.3f}",
        )
    )
    for name, value in rows:
        print(f"{name:48s} {value}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a coarser certificate")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    book = reference_book()
    # Exact: every loss is a multiple of 6,000; the quick one rounds to 50,000 first.
    if options.quick:
        book = np.rint(book[0] / 50_000.0) * 50_000.0, book[1]
    exact = total_loss(
        *book,
        Gaussian(RHO),
        Severity(LGD),
        method="lattice",
        points=2**17 if options.quick else 2**20,
    )
    if exact.error.kind != "round-off":
        raise SystemExit("the certificate is not exact")
    found = {
        "machine": machine(),
        "expansion": expansion(exact, book),
        "same lattice": same_lattice(book),
        "monte carlo": monte_carlo(book),
        "million": million(),
        "concentrated": concentrated(book, 2**18),
        "ten caps": ten_caps(book, options.quick),
    }
    table(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
