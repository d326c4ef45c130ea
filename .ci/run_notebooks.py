"""Run notebooks top to bottom in a real kernel and hold them to what they promise.

    python .ci/run_notebooks.py --lang zh --out DIR notebooks/01_score_a_firm.py ...

Each is run in one language (prose in the other is left out) and written as DIR/NAME.LANG.ipynb.
It fails where a cell raises, where anything is written to stderr (a warning), where no picture
was drawn, and where the last cell is not a decision in words.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

LEAST_WORDS = 40
"""Characters of a decision."""


def main() -> int:
    """Run what the command line names; 1 where something does not hold."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--lang", choices=("zh", "en"), required=True)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--timeout", type=int, default=300, help="seconds for one cell")
    asked.add_argument("files", type=Path, nargs="+")
    args = asked.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    os.environ["IPCREDIT_LANG"] = args.lang
    failures = 0
    for path in args.files:
        start = time.monotonic()
        book = in_language(jupytext.read(path), args.lang)
        found = run(book, path.parent, args.timeout)
        nbformat.write(book, args.out / f"{path.stem}.{args.lang}.ipynb")
        found += wrong_with(book) if not found else []
        print(f"{path.stem} {args.lang}: {time.monotonic() - start:.1f} s")
        for text in found:
            failures += 1
            print(f"  {text}")
    return 1 if failures else 0


def in_language(book: Any, lang: str) -> Any:
    """The notebook without the prose of the other language."""
    book.cells = [cell for cell in book.cells if cell.metadata.get("lang", lang) == lang]
    return book


def run(book: Any, folder: Path, timeout: int) -> list[str]:
    """Execute in a kernel of this interpreter's environment; what a cell raised."""
    client = NotebookClient(
        book,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        # The kernel listens on this machine only, and says on every start that others on it could.
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [str(error)]
    return []


def wrong_with(book: Any) -> list[str]:
    """What an executed notebook does not hold."""
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    found = [
        f"stderr: {output.text}"
        for output in outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    if not any("image/png" in output.get("data", {}) for output in outputs):
        found.append("no picture was drawn")
    # A page is one string of a caller's; rich, left to itself, shows it in pieces and returns none.
    if any("\x1f" in output.get("data", {}).get("text/plain", "") for output in outputs):
        found.append("a page was shown in pieces instead of being returned as text")
    if any(output.get("text", "").isspace() for output in outputs):
        found.append("a page came out empty")
    last = code[-1]
    said = [output.data.get("text/markdown", "") for output in last.outputs if "data" in output]
    if "decision" not in last.metadata.get("tags", []) or len("".join(said)) < LEAST_WORDS:
        found.append("does not end with a decision in words")
    return found


if __name__ == "__main__":
    sys.exit(main())
