"""``ipcredit policy``: list, show, check and compare policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipcredit import messages
from ipcredit.cases import run_cases
from ipcredit.cli_options import (
    LangOption,
    OnOption,
    PolicyArgument,
    SetOption,
    day_asked,
    group_app,
    lang_of,
    policy_asked,
)
from ipcredit.console import DONE, POLICY, ROWS, terminal_columns, write
from ipcredit.policy import Policy, check_file
from ipcredit.policy_tables import check_text, compare_text, list_text, show_text

app = group_app("Policies. 政策。")


@app.command("list")
def policy_list(lang: LangOption = None) -> None:
    """List schemes, editions, dates in force and evidence. 列出政策与版本。"""
    write(list_text(lang_of(lang), width=terminal_columns()))


@app.command("show")
def policy_show(
    name: PolicyArgument,
    on: OnOption = None,
    set_: SetOption = None,
    lang: LangOption = None,
) -> None:
    """Print a policy's tables, sources and assumptions. 打印政策条文表。"""
    write(
        show_text(policy_asked(name, day_asked(on), set_), lang_of(lang), width=terminal_columns())
    )


@app.command("check")
def policy_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A policy file. 政策文件。")],
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Golden cases to run on it. 用例文件。")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Report all problems of a policy file; run cases on it. 检查政策文件。"""
    tongue, problems = lang_of(lang), check_file(file)
    write(check_text(file, problems, tongue))
    if problems:
        raise typer.Exit(POLICY)
    if cases is not None:
        report = run_cases(cases, Policy.load(file.absolute()))
        lines = [problem.text(tongue) for problem in report.failed]
        args = {"passed": report.passed, "failed": len(report.failed)}
        write("\n".join([*lines, messages.text("cli.cases", tongue, **args)]))
        raise typer.Exit(ROWS if report.failed else DONE)


@app.command("compare")
def policy_compare(
    before: PolicyArgument,
    after: Annotated[str, typer.Argument(metavar="OTHER", help="The other policy. 另一项政策。")],
    on: OnOption = None,
    lang: LangOption = None,
) -> None:
    """Print in which rules two policies differ. 比较两项政策。"""
    day = day_asked(on)
    first, second = policy_asked(before, day), policy_asked(after, day)
    write(compare_text(first, second, lang_of(lang), width=terminal_columns()))
