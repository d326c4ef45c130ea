"""The command line: parsing and printing only."""

from __future__ import annotations

import datetime as dt
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipcredit import messages
from ipcredit.assess import Assessment, assess
from ipcredit.cases import run_cases
from ipcredit.console import (
    DONE,
    INTERRUPTED,
    POLICY,
    ROWS,
    USAGE,
    as_written,
    asked_lang,
    check_out,
    default_lang,
    opened,
    report_columns,
    run,
    say_error,
    soften,
    terminal_columns,
    unwritable,
    write,
)
from ipcredit.errors import IpCreditError, PolicyError, Problem, UsageError
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy, check_file
from ipcredit.policy_tables import check_text, compare_text, list_text, show_text
from ipcredit.population import population as generate
from ipcredit.population import write_csv as write_population
from ipcredit.rates import Series, day_of, read_rates
from ipcredit.report_text import score_text
from ipcredit.results import read_results, result_of, to_json, write_list
from ipcredit.schemes_map import map_data, map_text, schemes_map
from ipcredit.tables import counts_text, table_text, write_csv
from ipcredit.template import toml_text, write_xlsx
from ipcredit.verify import verify as verified
from ipcredit.verify import verify_text
from ipcredit.version import VERSION

DEFAULT_POLICY = "chongqing-knowledge"
EVERY_POLICY = "all"

_FIRST_DAY, _LAST_DAY = dt.date(1990, 1, 1), dt.date(2200, 12, 31)
_HELP = {"help_option_names": ["--help", "-h"], "max_content_width": 100}

app = typer.Typer(
    name="ipcredit",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings=_HELP,
    help="Knowledge-value lending to technology SMEs: tier, lines and reasons. "
    "科技型企业知识价值信用贷款测算。",
)
policy_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Policies. 政策。")
app.add_typer(policy_app, name="policy")


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


def _lang(given: Lang | None) -> str:
    return given.value if given is not None else default_lang()


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.date.today()
    day = day_of(text)
    if day is None:
        raise UsageError(Problem("cli.date", key="--on", args={"given": text}))
    if not _FIRST_DAY <= day <= _LAST_DAY:
        args = {"given": text, "first": _FIRST_DAY, "last": _LAST_DAY}
        raise UsageError(Problem("cli.day-range", key="--on", args=args))
    return day


def _policy(name: str, day: dt.date, changes: list[str] | None = None) -> Policy:
    policy = Policy.load(name, on=day)
    problems: list[Problem] = []
    for change in changes or ():
        path, sign, value = change.partition("=")
        if not sign:
            problems.append(Problem("cli.set", key="--set", args={"given": change}))
            continue
        try:
            policy = policy.change(path.strip(), value.strip())
        except UsageError as error:
            problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return policy


def _form(given: Format | None, out: str | None, read: str) -> Format:
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


def _firms(origin: str) -> Firms:
    if origin == "-":
        return Firms.from_firms([Firm.read("-")])
    if Path(origin).is_dir():
        raise UsageError(Problem("file.folder", origin))
    return Firms.read(origin)


def _rates(path: str | None) -> Series:
    return {} if path is None else read_rates(path)


def _code(result: Assessment) -> int:
    return DONE if (result.status < 2).all() else ROWS


# -- firms ----------------------------------------------------------------------------------------


@app.command()
def score(
    firm: FirmArgument,
    policy: PolicyOption = DEFAULT_POLICY,
    on: OnOption = None,
    set_: SetOption = None,
    rates: RatesOption = None,
    lang: LangOption = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Form of the result (default: text). 形式。")
    ] = None,
    out: OutOption = None,
) -> None:
    """Score one firm, or every row of a table. 对一户企业或一张企业表评分。

    With `--policy all` one firm is scored by every shipped scheme.
    """
    tongue, chosen = _lang(lang), _form(form, out, firm)
    day = _day(on)
    if policy == EVERY_POLICY:
        raise typer.Exit(_score_all(firm, day, set_, _rates(rates), tongue, chosen, out))
    rules, series = _policy(policy, day, set_), _rates(rates)
    result = assess(rules, _firms(firm), on=day)
    if chosen is Format.JSON:
        _write_json(result, series, out)
    elif chosen is Format.CSV:
        _write_csv(result, tongue, out)
    elif len(result) == 1:
        write(score_text(result, 0, tongue, series, columns=report_columns(out)), out)
    else:
        tables = ("zh", "en") if tongue == "both" else (tongue,)
        columns = report_columns(out)
        write("\n\n".join("\n".join(table_text(result, one, columns)) for one in tables), out)
    if out is not None:
        write(messages.text("cli.written", tongue, path=out))
        one = "zh" if tongue == "both" else tongue
        only = messages.text(f"status.{result.status_of()}", one) if len(result) == 1 else ""
        write(only or counts_text(result, one))
    raise typer.Exit(_code(result))


def _write_json(result: Assessment, series: Series, out: str | None) -> None:
    with opened(out) as stream:
        if len(result) == 1:
            stream.write(to_json(result_of(result, 0, series)))
        else:
            found = (result_of(result, row, series) for row in range(len(result)))
            write_list(found, stream.write)
        stream.write("\n")


def _write_csv(result: Assessment, lang: str, out: str | None) -> None:
    # Reasons in one language: two in a cell serve nobody.
    one = "zh" if lang == "both" else lang
    with opened(out) as stream:
        write_csv(result, as_written(stream), one)
    if out is None:
        print(counts_text(result, one), file=sys.stderr)


def _score_all(
    origin: str,
    day: dt.date,
    changes: list[str] | None,
    series: Series,
    lang: str,
    form: Format,
    out: str | None,
) -> int:
    """One firm against every shipped scheme; a scheme that lacks figures is a result."""
    if changes:
        raise UsageError(Problem("map.changes", key="--set"))
    if form is Format.CSV:
        raise UsageError(Problem("map.form", key="--format", args={"given": form}))
    firms = _firms(origin)
    if len(firms) != 1:
        raise UsageError(Problem("map.one-firm", origin, args={"rows": len(firms)}))
    firm = firms.row(0)
    found = schemes_map(firm, on=day, rates=series)
    text = to_json(map_data(found)) if form is Format.JSON else map_text(found, firm, day, lang)
    write(text, out)
    return ROWS if firm.problems else DONE


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
    day = _day(on)
    rules, series = _policy(policy, day, set_), _rates(rates)
    firms = _firms(firm)
    if row > len(firms):
        raise UsageError(Problem("cli.row", key="--row", args={"given": row, "rows": len(firms)}))
    result = assess(rules, firms, on=day)
    columns = report_columns(out)
    write(score_text(result, row - 1, _lang(lang), series, tier=tier, columns=columns), out)
    raise typer.Exit(DONE if result.status[row - 1] < 2 else ROWS)


@app.command()
def verify(
    file: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="File of `score --format json`. 已保存的结果文件。"),
    ],
    lang: LangOption = None,
) -> None:
    """Recompute a saved result and say whether it still holds. 复核已保存的结果。"""
    tongue, results = _lang(lang), read_results(file)
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


# -- policies -------------------------------------------------------------------------------------


@policy_app.command("list")
def policy_list(lang: LangOption = None) -> None:
    """List schemes, editions, dates in force and evidence. 列出政策与版本。"""
    write(list_text(_lang(lang), width=terminal_columns()))


@policy_app.command("show")
def policy_show(
    name: PolicyArgument,
    on: OnOption = None,
    set_: SetOption = None,
    lang: LangOption = None,
) -> None:
    """Print a policy's tables, sources and assumptions. 打印政策条文表。"""
    write(show_text(_policy(name, _day(on), set_), _lang(lang), width=terminal_columns()))


@policy_app.command("check")
def policy_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A policy file. 政策文件。")],
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Golden cases to run on it. 用例文件。")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Report all problems of a policy file; run cases on it. 检查政策文件。"""
    tongue, problems = _lang(lang), check_file(file)
    write(check_text(file, problems, tongue))
    if problems:
        raise typer.Exit(POLICY)
    if cases is not None:
        report = run_cases(cases, Policy.load(file.absolute()))
        lines = [problem.text(tongue) for problem in report.failed]
        args = {"passed": report.passed, "failed": len(report.failed)}
        write("\n".join([*lines, messages.text("cli.cases", tongue, **args)]))
        raise typer.Exit(ROWS if report.failed else DONE)


@policy_app.command("compare")
def policy_compare(
    before: PolicyArgument,
    after: Annotated[str, typer.Argument(metavar="OTHER", help="The other policy. 另一项政策。")],
    on: OnOption = None,
    lang: LangOption = None,
) -> None:
    """Print in which rules two policies differ. 比较两项政策。"""
    day = _day(on)
    first, second = _policy(before, day), _policy(after, day)
    write(compare_text(first, second, _lang(lang), width=terminal_columns()))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version. 版本。")] = False,
) -> None:
    if version:
        write(f"ipcredit {VERSION}")
        raise typer.Exit()


# -- the program ----------------------------------------------------------------------------------


def main() -> None:
    """Run the command line; every foreseen failure ends in a text and an exit code."""
    soften()
    lang = asked_lang(sys.argv[1:])
    try:
        code = run(app, sys.argv[1:])
        sys.stdout.flush()
    except PolicyError as error:
        say_error(error, lang)
        code = POLICY
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
