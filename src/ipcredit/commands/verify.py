"""``ipcredit verify``: recompute a saved result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipcredit import messages
from ipcredit.cli_options import LangOption, command_app, lang_of
from ipcredit.console import DONE, ROWS, write
from ipcredit.errors import PolicyError, UsageError
from ipcredit.results import read_results
from ipcredit.verify import verify as verified
from ipcredit.verify import verify_text

app = command_app()


@app.command()
def verify(
    file: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="File of `score --format json`. 已保存的结果文件。"),
    ],
    lang: LangOption = None,
) -> None:
    """Recompute a saved result and say whether it still holds. 复核已保存的结果。"""
    tongue, results = lang_of(lang), read_results(file)
    code = DONE
    for at, result in enumerate(results, 1):
        if len(results) > 1:
            firm = result.get("firm")
            name = str(firm.get("name", "")) if isinstance(firm, dict) else ""
            args = {"at": at, "count": len(results), "name": name}
            write(messages.text("verify.heading", tongue, **args))
        try:
            found = verified(result)
        except PolicyError as error:
            write(f"{messages.text('verify.policy', tongue)}\n{error.text(tongue)}")
            code = ROWS
        except UsageError as error:
            if len(results) == 1:
                raise
            write(error.text(tongue))
            code = ROWS
        else:
            write(verify_text(found, tongue))
            code = code if found.recomputes else ROWS
    raise typer.Exit(code)
