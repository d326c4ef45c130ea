"""The command line: parsing and printing only."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ipcredit import messages
from ipcredit.assess import Assessment, assess
from ipcredit.cases import run_cases
from ipcredit.cli_options import (
    ExportedOption,
    FirmArgument,
    Format,
    Lang,
    LangOption,
    MapOption,
    OnOption,
    OutOption,
    OwnerOption,
    PatentsOption,
    PolicyArgument,
    PolicyOption,
    RatesOption,
    SetOption,
    day_asked,
    exported_day,
    form_asked,
    lang_of,
)
from ipcredit.console import (
    DONE,
    INTERRUPTED,
    POLICY,
    ROWS,
    USAGE,
    as_written,
    asked_lang,
    check_out,
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
from ipcredit.patents.firm_rights import FirmRights, counted, firm_with_rights
from ipcredit.patents.listing import rights_data, rights_text
from ipcredit.policy import Policy, check_file
from ipcredit.policy_tables import check_text, compare_text, list_text, show_text
from ipcredit.population import population as generate
from ipcredit.population import write_csv as write_population
from ipcredit.rates import Series, read_rates
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
    patents_: PatentsOption = None,
    map_: MapOption = None,
    owner: OwnerOption = None,
    exported: ExportedOption = None,
) -> None:
    """Score one firm, or every row of a table. 对一户企业或一张企业表评分。

    With `--policy all` one firm is scored by every shipped scheme.
    """
    tongue, chosen = lang_of(lang), form_asked(form, out, firm)
    day = day_asked(on)
    if policy == EVERY_POLICY:
        if patents_ is not None:
            raise UsageError(Problem("map.patents", key="--patents"))
        raise typer.Exit(_score_all(firm, day, set_, _rates(rates), tongue, chosen, out))
    rules, series = _policy(policy, day, set_), _rates(rates)
    firms, rights = _firms(firm), None
    if patents_ is not None:
        firms, rights = _with_rights(firms, patents_, rules, day, owner, map_, exported)
    elif map_ or owner or exported:
        option = "--map" if map_ else "--owner" if owner else "--exported"
        raise UsageError(Problem("rights.map-alone", key=option))
    result = assess(rules, firms, on=day)
    if chosen is Format.JSON:
        _write_json(result, series, out, rights)
    elif chosen is Format.CSV:
        _write_csv(result, tongue, out)
    elif len(result) == 1:
        text = score_text(result, 0, tongue, series, columns=report_columns(out))
        write("\n\n".join([text, *_rights_texts(rights, tongue)]), out)
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


def _with_rights(
    firms: Firms,
    path: str,
    rules: Policy,
    on: dt.date,
    owner: list[str] | None,
    map_: str | None,
    exported: str | None,
) -> tuple[Firms, FirmRights]:
    """The one firm with the counts of its rights, and what was counted."""
    if len(firms) != 1:
        raise UsageError(Problem("rights.one-firm", key="--patents", args={"rows": len(firms)}))
    rights = firm_with_rights(
        firms.row(0), path, on, terms=rules.content.patents, owner=owner or (),
        column_map=map_, exported=exported_day(exported),
    )  # fmt: skip
    return Firms.from_firms([rights.firm]), rights


def _rights_texts(rights: FirmRights | None, lang: str) -> list[str]:
    """What counted and what did not, and the value, one text each."""
    if rights is None:
        return []
    texts = [rights_text(rights.found, lang)]
    if rights.worth is not None:
        tongues = ("zh", "en") if lang == "both" else (lang,)
        explained = rights.worth.explain()
        texts.append("\n".join(line for one in tongues for line in explained.lines(one)))
    return texts


def _write_json(
    result: Assessment, series: Series, out: str | None, rights: FirmRights | None = None
) -> None:
    with opened(out) as stream:
        if len(result) == 1:
            one = result_of(result, 0, series)
            if rights is not None:
                one["rights"] = rights_data(rights.found)
            stream.write(to_json(one))
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
    day = day_asked(on)
    rules, series = _policy(policy, day, set_), _rates(rates)
    firms = _firms(firm)
    if row > len(firms):
        raise UsageError(Problem("cli.row", key="--row", args={"given": row, "rows": len(firms)}))
    result = assess(rules, firms, on=day)
    columns = report_columns(out)
    write(score_text(result, row - 1, lang_of(lang), series, tier=tier, columns=columns), out)
    raise typer.Exit(DONE if result.status[row - 1] < 2 else ROWS)


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
    write(list_text(lang_of(lang), width=terminal_columns()))


@policy_app.command("show")
def policy_show(
    name: PolicyArgument,
    on: OnOption = None,
    set_: SetOption = None,
    lang: LangOption = None,
) -> None:
    """Print a policy's tables, sources and assumptions. 打印政策条文表。"""
    write(show_text(_policy(name, day_asked(on), set_), lang_of(lang), width=terminal_columns()))


@policy_app.command("check")
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


@policy_app.command("compare")
def policy_compare(
    before: PolicyArgument,
    after: Annotated[str, typer.Argument(metavar="OTHER", help="The other policy. 另一项政策。")],
    on: OnOption = None,
    lang: LangOption = None,
) -> None:
    """Print in which rules two policies differ. 比较两项政策。"""
    day = day_asked(on)
    first, second = _policy(before, day), _policy(after, day)
    write(compare_text(first, second, lang_of(lang), width=terminal_columns()))


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
