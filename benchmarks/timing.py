"""How things are measured here: interleaved, best and median, memory in a pass of its own."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
# (set-up, work): only the work is timed; what the set-up returns is handed to it.
Contender = tuple[Callable[[], Any], Callable[[Any], Any]]


def one_thread() -> None:
    """Hold every numerical library to one thread; call before importing numpy."""
    for variable in THREAD_VARIABLES:
        os.environ[variable] = "1"


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "min_s": min(seconds),
        "median_s": statistics.median(seconds),
        "max_s": max(seconds),
        "runs": len(seconds),
    }


def interleaved(contenders: Mapping[str, Contender], repeat: int) -> dict[str, dict[str, float]]:
    """Seconds of each contender's work; every round runs all of them, starting at another.

    One round before the counted ones warms caches and memory.  The collector is off while
    a contender works, and what it made is dropped before the next one starts.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(repeat + 1):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            set_up, work = contenders[name]
            given = set_up()
            gc.collect()
            gc.disable()
            try:
                start = time.perf_counter()
                made = work(given)
                took = time.perf_counter() - start
            finally:
                gc.enable()
            del made, given
            if turn:
                seconds[name].append(took)
    return {name: _spread(taken) for name, taken in seconds.items()}


def calls(
    contenders: Mapping[str, Callable[[], Any]], repeat: int, batch_s: float = 0.05
) -> dict[str, dict[str, float]]:
    """Seconds a call, from interleaved batches of about ``batch_s`` seconds each."""

    def batch(work: Callable[[], Any], count: int) -> Callable[[Any], None]:
        def run(_: Any) -> None:
            for _i in range(count):
                work()

        return run

    counts = {}
    for name, work in contenders.items():
        work()
        start = time.perf_counter()
        work()
        counts[name] = max(1, int(batch_s / max(time.perf_counter() - start, 1e-7)))
    taken = interleaved(
        {name: (lambda: None, batch(work, counts[name])) for name, work in contenders.items()},
        repeat,
    )
    return {
        name: {
            "min_s": row["min_s"] / counts[name],
            "median_s": row["median_s"] / counts[name],
            "max_s": row["max_s"] / counts[name],
            "runs": row["runs"] * counts[name],
        }
        for name, row in taken.items()
    }


def memory(contender: Contender) -> dict[str, int]:
    """Bytes the work leaves behind while its result is held, and its peak, beyond the inputs.

    Counted by tracemalloc, which numpy reports its arrays to; never in a timed run.
    """
    set_up, work = contender
    given = set_up()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        made = work(given)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del made
    return {"result_bytes": held - before, "peak_bytes": peak - before}


def processes(
    commands: Mapping[str, Sequence[str]], repeat: int, env: Mapping[str, str], cwd: Path
) -> dict[str, dict[str, Any]]:
    """Seconds of whole processes, interleaved; a command that fails says why instead."""
    result: dict[str, dict[str, Any]] = {}
    good: dict[str, Sequence[str]] = {}
    for name, command in commands.items():
        done = _run(command, env, cwd)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
            result[name] = {"failed": f"exit {done.returncode}: {lines[-1][:160]}"}
        else:
            good[name] = command

    def contender(command: Sequence[str]) -> Contender:
        return (lambda: None), (lambda _: _run(command, env, cwd))

    contenders = {name: contender(command) for name, command in good.items()}
    taken = interleaved(contenders, repeat) if contenders else {}
    return {name: taken.get(name) or result[name] for name in commands}


def _run(
    command: Sequence[str], env: Mapping[str, str], cwd: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=dict(env), cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return {
        "cores": os.cpu_count(),
        "cores_usable": usable,
        "threads_used": 1,
        "processor": model or platform.processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in ("numpy", "typer", "OpenFisca-Core")},
        "load_average_1m": round(os.getloadavg()[0], 2),
    }


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
