"""``ipcredit explain``: one firm's result, and what a better tier needs."""

from __future__ import annotations

from typing import Annotated

import typer

from ipcredit.assess import assess
from ipcredit.cli_options import (
    DEFAULT_POLICY,
    FirmArgument,
    LangOption,
    OnOption,
    OutOption,
    PolicyOption,
    RatesOption,
    SetOption,
    command_app,
    day_asked,
    firms_asked,
    lang_of,
    policy_asked,
    rates_asked,
)
from ipcredit.console import DONE, ROWS, check_out, report_columns, write
from ipcredit.errors import Problem, UsageError
from ipcredit.report_text import score_text

app = command_app()


@app.command()
def explain(
    firm: FirmArgument,
    policy: PolicyOption = DEFAULT_POLICY,
    row: Annotated[int, typer.Option("--row", min=1, help="Row of a table. 表中第几户。")] = 1,
    tier: Annotated[
        str | None, typer.Option("--tier", help="What this tier still needs. 目标等级。")
    ] = None,
    on: OnOption = None,
    set_: SetOption = None,
    rates: RatesOption = None,
    lang: LangOption = None,
    out: OutOption = None,
) -> None:
    """Explain one firm's result, and what a better tier needs. 解释结果与提升条件。"""
    check_out(out, [".txt"], firm)
    day = day_asked(on)
    rules, series = policy_asked(policy, day, set_), rates_asked(rates)
    firms = firms_asked(firm)
    if row > len(firms):
        raise UsageError(Problem("cli.row", key="--row", args={"given": row, "rows": len(firms)}))
    result = assess(rules, firms, on=day)
    columns = report_columns(out)
    write(score_text(result, row - 1, lang_of(lang), series, tier=tier, columns=columns), out)
    raise typer.Exit(DONE if result.status[row - 1] < 2 else ROWS)
