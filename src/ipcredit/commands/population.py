"""``ipcredit population``: synthetic firms."""

from __future__ import annotations

from typing import Annotated

import typer

from ipcredit.cli_options import OutOption, command_app
from ipcredit.console import check_out, opened
from ipcredit.population import population as generate
from ipcredit.population import write_csv as write_population

app = command_app()


@app.command()
def population(
    n: Annotated[int, typer.Option("--n", help="Number of firms. 户数。")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed. 随机种子。")] = 7,
    missing: Annotated[
        float, typer.Option("--missing", help="Share of firms with blanks. 缺项企业占比。")
    ] = 0.0,
    out: OutOption = None,
) -> None:
    """Write a synthetic population of firms as CSV. 生成合成企业样本。"""
    check_out(out, [".csv"])
    firms = generate(n, seed, missing=missing)
    if out is not None:
        write_population(firms, out)
        return
    with opened(None) as stream:
        write_population(firms, stream)
