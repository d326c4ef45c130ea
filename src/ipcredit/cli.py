"""The command line: the list of commands, each loaded when it is run, and the program."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from ipcredit import messages
from ipcredit.console import (
    DONE,
    INTERRUPTED,
    POLICY,
    ROWS,
    USAGE,
    asked_lang,
    run,
    say_error,
    soften,
    write,
)
from ipcredit.errors import FundError, IpCreditError, PolicyError, PortfolioError
from ipcredit.version import VERSION

COMMANDS: Final = {
    "score": "Score one firm, or every row of a table. 对一户企业或一张企业表评分。",
    "explain": "Explain one firm's result, and what a better tier needs. 解释结果与提升条件。",
    "patents": "List a firm's rights: what counts on a day, what does not, and why. 知识产权清单与计数。",
    "verify": "Recompute a saved result and say whether it still holds. 复核已保存的结果。",
    "template": "Write an empty firm file with labels and definitions (.toml, .xlsx). 空白企业资料表。",
    "population": "Write a synthetic population of firms as CSV. 生成合成企业样本。",
    "policy": "Policies. 政策。",
    "fund": "Funds: what they owe, run dry, and must hold. 风险补偿基金。",
}
"""Every command, or group of commands, with the first line of its help, as ``--help`` lists them.

The command ``x`` is the ``app`` of the module ``ipcredit.commands.x``.  The line is said twice,
here and there, so that the list can be printed without loading what it lists; a test compares.
"""


class _Commands(TyperGroup):
    """Commands of which only the one that is run is loaded: start-up time is a budget."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, line in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is run, in place of the one that stands for it in lists."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, get_command(import_module(f"ipcredit.commands.{name}").app), rest


app = typer.Typer(
    name="ipcredit",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    help="Knowledge-value lending to technology SMEs: tier, lines and reasons. "
    "科技型企业知识价值信用贷款测算。",
)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version. 版本。")] = False,
) -> None:
    if version:
        write(f"ipcredit {VERSION}")
        raise typer.Exit()


def main() -> None:
    """Run the command line; every foreseen failure ends in a text and an exit code."""
    # What is loaded stays until the end: without this line the collector walks through all of it
    # while a policy is read and again at exit, a tenth of the time of a score.
    gc.freeze()
    soften()
    lang = asked_lang(sys.argv[1:])
    try:
        code = run(app, sys.argv[1:])
        sys.stdout.flush()
    except (PolicyError, FundError) as error:
        say_error(error, lang)
        code = POLICY
    except PortfolioError as error:
        say_error(error, lang)
        code = ROWS
    except IpCreditError as error:
        say_error(error, lang)
        code = USAGE
    except KeyboardInterrupt:
        print(messages.text("cli.interrupted", lang), file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has enough: no more output, and no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    raise SystemExit(code)
