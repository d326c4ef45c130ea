"""``ipcredit template``: an empty firm file."""

from __future__ import annotations

from ipcredit.cli_options import Lang, LangOption, OutOption, command_app
from ipcredit.console import check_out, unwritable, write
from ipcredit.template import toml_text, write_xlsx

app = command_app()


@app.command()
def template(lang: LangOption = None, out: OutOption = None) -> None:
    """Write an empty firm file with labels and definitions (.toml, .xlsx). 空白企业资料表。"""
    tongue = lang or Lang.BOTH
    check_out(out, [".toml", ".xlsx"])
    if out is not None and out.lower().endswith(".xlsx"):
        try:
            write_xlsx(out, tongue)
        except OSError as error:
            raise unwritable(out, error.strerror or str(error)) from None
    else:
        write(toml_text(tongue), out)
