"""``ipcredit patents``: a firm's rights, and which of them count."""

from __future__ import annotations

from typing import Annotated

import typer

from ipcredit.cli_options import (
    ExportedOption,
    Format,
    LangOption,
    MapOption,
    OnOption,
    OutOption,
    OwnerOption,
    command_app,
    day_asked,
    exported_day,
    form_asked,
    lang_of,
)
from ipcredit.console import DONE, ROWS, write
from ipcredit.errors import Problem, UsageError
from ipcredit.patents.firm_rights import counted
from ipcredit.patents.listing import rights_data, rights_text
from ipcredit.results import to_json

app = command_app()


@app.command()
def patents(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV or XLSX table of rights.")],
    on: OnOption = None,
    owner: OwnerOption = None,
    map_: MapOption = None,
    exported: ExportedOption = None,
    lang: LangOption = None,
    form: Annotated[Format | None, typer.Option("--format", help="text or json.")] = None,
    out: OutOption = None,
) -> None:
    """List a firm's rights: what counts on a day, what does not, and why. 知识产权清单与计数。"""
    chosen = form_asked(form, out, file)
    found = counted(file, day_asked(on), owner, column_map=map_, exported=exported_day(exported))
    if chosen is Format.CSV:
        args = {"given": "csv", "allowed": "text, json"}
        raise UsageError(Problem("cli.suffix", "--format", args=args))
    tongue = lang_of(lang)
    text = to_json(rights_data(found)) if chosen is Format.JSON else rights_text(found, tongue)
    write(text, out)
    raise typer.Exit(ROWS if found.rights.problems else DONE)
