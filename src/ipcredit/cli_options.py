"""What commands share: options with their help, and how what is asked for is read."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipcredit.console import check_out, default_lang
from ipcredit.errors import Problem, UsageError
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.rates import Series, day_of, read_rates

DEFAULT_POLICY = "chongqing-knowledge"

_FIRST_DAY, _LAST_DAY = dt.date(1990, 1, 1), dt.date(2200, 12, 31)


class Lang(StrEnum):
    """Language of what is printed."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class Format(StrEnum):
    """Form of the result."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


_SUFFIXES = {".txt": Format.TEXT, ".json": Format.JSON, ".csv": Format.CSV}

LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="Language (default: that of the terminal). 语言。")
]
PolicyOption = Annotated[
    str,
    typer.Option("--policy", help="Policy name, name@edition, or a file. 政策名、版本或文件。"),
]
OnOption = Annotated[
    str | None,
    typer.Option("--on", help="Day of the judgement, YYYY-MM-DD (default: today). 评价日。"),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change one value of the policy: PATH=VALUE. 修改政策数值。"),
]
OutOption = Annotated[
    str | None, typer.Option("--out", help="Write to this file instead of the screen. 输出文件。")
]
RatesOption = Annotated[
    str | None,
    typer.Option("--rates", help="CSV of a rate series (series, date, rate). 利率序列表。"),
]
PatentsOption = Annotated[
    str | None,
    typer.Option(
        "--patents", help="CSV or XLSX of the firm's rights, counted here. 知识产权清单。"
    ),
]
MapOption = Annotated[
    str | None, typer.Option("--map", help="Column map of the table of rights. 列对照文件。")
]
OwnerOption = Annotated[
    list[str] | None,
    typer.Option("--owner", help="A name of the owner; may be repeated. 权利人名称，可重复。"),
]
ExportedOption = Annotated[
    str | None,
    typer.Option("--exported", help="Day of the export, on which statuses hold. 导出日期。"),
]
FirmArgument = Annotated[
    str,
    typer.Argument(
        metavar="FIRM",
        help="TOML, JSON, XLSX or CSV file; - for TOML or JSON on standard input. 企业资料文件。",
    ),
]
PolicyArgument = Annotated[
    str, typer.Argument(metavar="POLICY", help="Policy name, name@edition, or a file. 政策。")
]


def command_app() -> typer.Typer:
    """What a module of :mod:`ipcredit.commands` that is one command hangs it on."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group_app(about: str) -> typer.Typer:
    """What a module of :mod:`ipcredit.commands` with several commands hangs them on."""
    app = typer.Typer(help=about, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    app.callback()(_together)
    return app


def _together() -> None:
    # typer takes an app of one command for that command, unless it has a callback.
    return


def lang_of(given: Lang | None) -> str:
    """The language asked for, or that of the terminal."""
    return given.value if given is not None else default_lang()


def day_asked(text: str | None, option: str = "--on") -> dt.date:
    """The day of an option; today where it is not given."""
    if text is None:
        return dt.date.today()
    day = day_of(text)
    if day is None:
        raise UsageError(Problem("cli.date", key=option, args={"given": text}))
    if not _FIRST_DAY <= day <= _LAST_DAY:
        args = {"given": text, "first": _FIRST_DAY, "last": _LAST_DAY}
        raise UsageError(Problem("cli.day-range", key=option, args=args))
    return day


def exported_day(text: str | None) -> dt.date | None:
    """The day of an export, if it is given."""
    return None if text is None else day_asked(text, "--exported")


def form_asked(given: Format | None, out: str | None, read: str) -> Format:
    """The form asked for: that of ``--format``, or of the suffix of ``--out``; they must agree."""
    suffix = Path(out).suffix.lower() if out else ""
    if given is None:
        check_out(out, _SUFFIXES, read)
        return _SUFFIXES.get(suffix, Format.TEXT)
    if suffix == ".xlsx" or _SUFFIXES.get(suffix, given) is not given:
        args = {"given": suffix, "form": given.value}
        raise UsageError(Problem("cli.form-conflict", str(out), args=args))
    check_out(out, [suffix], read)
    return given


def policy_asked(name: str, day: dt.date, changes: list[str] | None = None) -> Policy:
    """The policy called ``name`` on that day, with every ``PATH=VALUE`` changed."""
    policy = Policy.load(name, on=day)
    problems: list[Problem] = []
    pairs = []
    for change in changes or ():
        path, sign, value = change.partition("=")
        if sign:
            pairs.append((path.strip(), value.strip()))
        else:
            problems.append(Problem("cli.set", key="--set", args={"given": change}))
    try:
        policy = policy.change_all(pairs) if pairs else policy
    except UsageError as error:
        problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return policy


def firms_asked(origin: str) -> Firms:
    """The firms of a file, or the one on standard input."""
    if origin == "-":
        return Firms.from_firms([Firm.read("-")])
    if Path(origin).is_dir():
        raise UsageError(Problem("file.folder", origin))
    return Firms.read(origin)


def rates_asked(path: str | None) -> Series:
    """The rate series of a file; none where no file is given."""
    return {} if path is None else read_rates(path)
