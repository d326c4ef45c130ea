"""A million firms, one firm, wrong decisions, one process: ipcredit beside its peers, one run.

    python benchmarks/score_million.py [--json result.json]

Needs one environment with the project's run-time packages and OpenFisca-Core
(constraints-peers.txt).  A peer that is not installed, or ipcredit before its core exists,
is left out and said so.  Figures are printed, never asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import timing

timing.one_thread()

# After the thread settings, which numpy reads once when it is loaded.
import numpy as np  # noqa: E402

import edge_firms  # noqa: E402
import ours  # noqa: E402
import truth  # noqa: E402
from peers import numpy_tech_sme  # noqa: E402

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))

ON = edge_firms.ON
DAY = ON.isoformat()
NUMPY = "NumPy program (score only)"
NUMPY_WHERE = "NumPy program (score only, np.where)"
CALCULATE = "OpenFisca calculate"
BUILD_CALCULATE = "OpenFisca build + calculate"
# A batch finds out the bounds of its columns when it is first judged, and keeps them: every round
# gets a batch that knows nothing yet. What it saves to be judged again is shown in rows of its own.
ASSESS = "ipcredit assess, 1 thread"
ASSESS_AGAIN = "ipcredit assess, the same batch again, 1 thread"
COLUMNS_ASSESS = "ipcredit from_columns + assess, 1 thread"
ASSESS_MISSING = "ipcredit assess, 2 % of cells missing, 1 thread"
MISSING_AGAIN = "ipcredit assess, 2 % of cells missing, the same batch again, 1 thread"
# All peers compute on one thread, so that is the comparison. What more threads bring is shown
# beside it, in rows that name their number.
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
ASSESS_THREADS = f"ipcredit assess, {THREADS} threads"
MISSING_THREADS = f"ipcredit assess, 2 % of cells missing, {THREADS} threads"
Table = dict[str, dict[str, Any]]
# Two states of the C library's allocator. As the system sets it, memory goes back to the kernel
# after each call and its pages are faulted in again by the next: an 8 MB column costs a
# millisecond or two before anything is computed, and the time wavers. Kept, it measures the
# computing alone. Neither is the truth alone, so both are shown (GNU libc; no effect elsewhere).
ALLOCATORS: dict[str, dict[str, str]] = {
    "default": {},
    "kept": {"MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_MMAP_THRESHOLD_": "100000000000"},
}


class Peers:
    """What of the comparison is there; ``absent`` says why the rest is not."""

    def __init__(self) -> None:
        self.absent: dict[str, str] = {}
        self.ours: ours.Ours | None = None
        self.openfisca: Any = None
        try:
            from peers import openfisca_tech_sme

            self.openfisca = openfisca_tech_sme
        except ImportError as error:
            self.absent["OpenFisca"] = str(error)
        try:
            self.ours = ours.Ours(ON)
        except Exception as error:  # the package may be half written: say it, measure the rest
            self.absent["ipcredit"] = f"{type(error).__name__}: {error}"


# --- (a) a million firms --------------------------------------------------------------------


def _openfisca_contenders(of: Any, columns: dict[str, np.ndarray]) -> dict[str, timing.Contender]:
    ready = of.prepare(columns)

    def both(tbs: Any) -> tuple[timing.Contender, timing.Contender]:
        def build(_: Any = None) -> Any:
            return of.build(tbs, ready, DAY)

        # A simulation keeps what it calculated: every run needs a fresh one. What the
        # simulation holds is its result, so it is returned and counted.
        def calculate(simulation: Any) -> Any:
            return simulation, of.calculate(simulation, DAY)

        return (build, calculate), (lambda: None, lambda _: calculate(build()))

    calculate, build_calculate = both(of.system())
    scale, build_scale = both(of.system("scale"))
    return {
        CALCULATE: calculate,
        BUILD_CALCULATE: build_calculate,
        f"{CALCULATE} (parameter scale)": scale,
        f"{BUILD_CALCULATE} (parameter scale)": build_scale,
        f"{CALCULATE} (float64 forced, no option)": both(of.system(precision="double"))[0],
    }


def million(peers: Peers, firms: edge_firms.EdgeFirms, repeat: int) -> Table:
    columns = firms.columns
    contenders: dict[str, timing.Contender] = {
        NUMPY: (lambda: None, lambda _: numpy_tech_sme.score(columns)),
        NUMPY_WHERE: (lambda: None, lambda _: numpy_tech_sme.score_where(columns)),
    }
    if peers.openfisca:
        contenders |= _openfisca_contenders(peers.openfisca, columns)
    if peers.ours:
        me = peers.ours
        known = me.firms(columns)
        gaps = me.firms(edge_firms.make(len(firms.side), missing_share=0.02).columns)
        contenders[ASSESS] = (lambda: me.fresh(known), me.assess)
        contenders[ASSESS_AGAIN] = (lambda: known, me.assess)
        contenders[COLUMNS_ASSESS] = (lambda: columns, lambda c: me.assess(me.firms(c)))
        contenders[ASSESS_MISSING] = (lambda: me.fresh(gaps), me.assess)
        contenders[MISSING_AGAIN] = (lambda: gaps, me.assess)
        if THREADS > 1:
            contenders[ASSESS_THREADS] = (lambda: me.fresh(known), lambda c: me.assess(c, THREADS))
            contenders[MISSING_THREADS] = (lambda: me.fresh(gaps), lambda c: me.assess(c, THREADS))
    table: Table = timing.interleaved(contenders, repeat)
    for name, contender in contenders.items():
        used = timing.memory(contender)
        table[name] |= {key: value / len(firms.side) for key, value in used.items()}
    return table


def million_in_process(allocator: str, firms: int, repeat: int) -> Table:
    """:func:`million` in a process of its own, in that state of the allocator."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "million.json"
        subprocess.run(
            [
                sys.executable,
                __file__,
                "--parts",
                "a",
                "--in-process",
                "--json",
                str(found),
                "--firms",
                str(firms),
                "--repeat",
                str(repeat),
            ],
            env=os.environ | ALLOCATORS[allocator],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        table: Table = json.loads(found.read_text("utf-8"))["million"]["as started"]
        return table


# --- (b) one firm ---------------------------------------------------------------------------


def one_firm(peers: Peers, repeat: int) -> Table:
    contenders = {}
    if peers.openfisca:
        of = peers.openfisca
        tbs, situation = of.system(), of.situation(ours.as_openfisca(), DAY)
        contenders["OpenFisca, JSON situation"] = lambda: of.one(tbs, situation, DAY)
    if peers.ours:
        me = peers.ours
        fen, text = ours.as_dict(text=False), ours.as_dict(text=True)
        contenders["ipcredit, dict with whole fen"] = lambda: me.assess(fen)
        contenders["ipcredit, dict with amounts as text"] = lambda: me.assess(text)
    return timing.calls(contenders, repeat) if contenders else {}


# --- (c) wrong decisions --------------------------------------------------------------------


def wrong_decisions(peers: Peers, firms: edge_firms.EdgeFirms) -> Table:
    columns, side = firms.columns, firms.side
    total, eligible = truth.of_columns(columns, ON)
    _check_truth(columns, total, eligible)

    def row(points: np.ndarray, passed: np.ndarray | None) -> dict[str, Any]:
        wrong = np.asarray(points) != total
        by_side = {
            name: {"firms": int((side == i).sum()), "wrong_points": int(wrong[side == i].sum())}
            for i, name in enumerate(edge_firms.SIDES)
        }
        answer = {"wrong_points": int(wrong.sum()), "wrong_eligible": None, "by_side": by_side}
        if passed is not None:
            off = passed != eligible
            answer["wrong_eligible"] = int(off.sum())
            for i, name in enumerate(edge_firms.SIDES):
                by_side[name]["wrong_eligible"] = int(off[side == i].sum())
        return answer

    table = {NUMPY: row(numpy_tech_sme.score(columns), None)}
    if peers.openfisca:
        of = peers.openfisca
        ready = of.prepare(columns)
        for formulation, precision, words in (
            ("comparisons", "single", "OpenFisca, comparisons"),
            ("scale", "single", "OpenFisca, parameter scale"),
            ("comparisons", "double", "OpenFisca, float64 forced"),
        ):
            simulation = of.build(of.system(formulation, precision), ready, DAY)
            table[words] = row(*of.calculate(simulation, DAY))
    if peers.ours:
        answer = peers.ours.assess(peers.ours.firms(columns))
        table["ipcredit"] = row(peers.ours.total(answer), peers.ours.eligible(answer))
    return table


def _check_truth(
    columns: dict[str, np.ndarray], total: np.ndarray, eligible: np.ndarray, sample: int = 2000
) -> None:
    """The yardstick itself: the int64 answers against ``Fraction`` on the first firms."""
    for i in range(min(sample, len(total))):
        firm = {name: int(column[i]) for name, column in columns.items()}
        if truth.of_one(firm, ON) != (int(total[i]), bool(eligible[i])):
            raise SystemExit(f"the two exact answers differ on firm {i}: {firm}")


# --- (d) whole processes --------------------------------------------------------------------

OPENFISCA_IMPORT = "from peers import openfisca_tech_sme"
OPENFISCA_ONE = (
    "import ours\n"
    "from peers import openfisca_tech_sme as of\n"
    f"print(of.one(of.system(), of.situation(ours.as_openfisca(), '{DAY}'), '{DAY}'))"
)


def whole_processes(peers: Peers, runs: int, score: str) -> Table:
    python = sys.executable
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), str(HERE)])}
    # As on a person's machine: byte code is cached, by the run that goes before the timed ones.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        firm = Path(folder) / "firm.toml"
        firm.write_text(ours.as_toml(), encoding="utf-8")
        commands: dict[str, list[str]] = {
            "python (bare)": [python, "-c", "pass"],
            "import numpy": [python, "-c", "import numpy"],
            "import typer": [python, "-c", "import typer"],
            "import numpy, typer": [python, "-c", "import numpy, typer"],
        }
        if peers.openfisca:
            commands["import OpenFisca"] = [python, "-c", OPENFISCA_IMPORT]
            commands["OpenFisca, one firm"] = [python, "-c", OPENFISCA_ONE]
        if peers.ours:
            commands["import ipcredit"] = [python, "-c", "import ipcredit"]
            arguments = [part.format(firm=firm) for part in score.split()]
            commands["ipcredit score FIRM"] = [python, "-m", "ipcredit", *arguments]
        return timing.processes(commands, runs, env, Path(folder))


# --- printing -------------------------------------------------------------------------------


def _lines(title: str, heads: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells: list[str]) -> str:
        first, *rest = cells
        return "  ".join(
            [
                first.ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)),
            ]
        ).rstrip()

    return ["", title, line(heads), *(line(row) for row in rows)]


def printed(result: dict[str, Any]) -> str:
    box, n = result["machine"], result["firms"]
    versions = ", ".join(f"{k} {v}" for k, v in box["versions"].items() if v)
    lines = [
        f"{n:,} firms (half ordinary, half on an edge), seed {edge_firms.SEED}, on {DAY}",
        f"{box['processor']}, {box['cores']} cores, {box['cores_usable']} usable; 1 thread "
        f"unless a row says otherwise; "
        f"Python {box['python']}, {versions}; load {box['load_average_1m']}",
        *(f"left out: {name} ({why})" for name, why in result["absent"].items()),
    ]
    for state, table in result.get("million", {}).items():
        mine = [table[name]["min_s"] for name in (ASSESS, ASSESS_THREADS) if name in table]
        lines += _lines(
            f"(a) all firms, allocator {state}: milliseconds, and bytes a firm beyond the inputs",
            [
                *("", "best", "median", "x NumPy"),
                *("1 thread/this", f"{THREADS} threads/this")[: len(mine)],
                *("kept B", "peak B"),
            ],
            [
                [
                    name,
                    f"{r['min_s'] * 1e3:.1f}",
                    f"{r['median_s'] * 1e3:.1f}",
                    f"{r['min_s'] / table[NUMPY]['min_s']:.2f}",
                    *(f"{seconds / r['min_s']:.2f}" for seconds in mine),
                    f"{r['result_bytes']:.1f}",
                    f"{r['peak_bytes']:.1f}",
                ]
                for name, r in table.items()
            ],
        )
    if table := result.get("one_firm"):
        lines += _lines(
            "(b) one firm, microseconds a call",
            ["", "best", "median"],
            [
                [name, f"{r['min_s'] * 1e6:.1f}", f"{r['median_s'] * 1e6:.1f}"]
                for name, r in table.items()
            ],
        )
    if table := result.get("wrong"):
        sides = {side: r["firms"] for side, r in table[NUMPY]["by_side"].items()}
        lines += _lines(
            "(c) wrong answers: points / eligibility (firms: "
            + ", ".join(f"{side} {count:,}" for side, count in sides.items())
            + ")",
            ["", "all", *sides],
            [
                [name, _both(r), *(_both(r["by_side"][side]) for side in sides)]
                for name, r in table.items()
            ],
        )
    if table := result.get("processes"):
        lines += _lines(
            "(d) whole processes, milliseconds",
            ["", "best", "median", "runs"],
            [
                [name, f"{r['min_s'] * 1e3:.0f}", f"{r['median_s'] * 1e3:.0f}", str(r["runs"])]
                for name, r in table.items()
                if "failed" not in r
            ],
        )
        lines += [f"{name}: {r['failed']}" for name, r in table.items() if "failed" in r]
    return "\n".join(lines)


def _both(row: dict[str, Any]) -> str:
    passed = row.get("wrong_eligible")
    return f"{row['wrong_points']} / {'-' if passed is None else passed}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--firms", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=7, help="rounds of (a) and (b)")
    options.add_argument("--runs", type=int, default=20, help="rounds of (d)")
    options.add_argument("--parts", default="abcd", help="which of a, b, c, d to run")
    options.add_argument(
        "--score", default="score {firm} --policy cn-tech-sme", help="arguments of ipcredit in (d)"
    )
    options.add_argument("--json", type=Path, help="also write the figures here")
    options.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()

    peers = Peers()
    firms = edge_firms.make(asked.firms)
    result: dict[str, Any] = {
        "machine": timing.machine(),
        "firms": asked.firms,
        "seed": edge_firms.SEED,
        "on": DAY,
        "repeat": asked.repeat,
        "runs": asked.runs,
        "absent": peers.absent,
    }
    if "a" in asked.parts:
        result["million"] = (
            {"as started": million(peers, firms, asked.repeat)}
            if asked.in_process
            else {
                state: million_in_process(state, asked.firms, asked.repeat) for state in ALLOCATORS
            }
        )
    if "b" in asked.parts:
        result["one_firm"] = one_firm(peers, asked.repeat)
    if "c" in asked.parts:
        result["wrong"] = wrong_decisions(peers, firms)
    if "d" in asked.parts:
        result["processes"] = whole_processes(peers, asked.runs, asked.score)
    print(printed(result))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
