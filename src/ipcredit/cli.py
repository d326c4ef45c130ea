"""The command line: parsing and printing only."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ipcredit import messages
from ipcredit.errors import IpCreditError, PolicyError, Problem, UsageError
from ipcredit.version import VERSION

DONE, ROWS, USAGE, POLICY, INTERRUPTED = 0, 1, 2, 3, 130
DEFAULT_POLICY = "chongqing-knowledge"

app = typer.Typer(
    name="ipcredit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
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


def _default_lang() -> Lang:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return Lang.ZH if value.lower().startswith("zh") else Lang.EN
    return Lang.EN


LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="Language (default: that of the terminal). 语言。")
]
PolicyOption = Annotated[
    str, typer.Option("--policy", help="Policy name, name@edition, or a file. 政策名或文件。")
]
OnOption = Annotated[
    str | None, typer.Option("--on", help="Day of the judgement, YYYY-MM-DD (default: today). 评价日。")
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
    typer.Option("--patents", help="CSV or XLSX of the firm's rights, counted here. 知识产权清单。"),
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
    str, typer.Argument(metavar="FIRM", help="TOML, JSON, XLSX or CSV file; - for standard input.")
]


def _day(text: str | None, option: str = "--on") -> dt.date:
    if text is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(Problem("cli.date", key=option, args={"given": text})) from None


def _exported(text: str | None) -> dt.date | None:
    return None if text is None else _day(text, "--exported")


def _policy(name: str, on: str | None, changes: list[str] | None) -> Any:
    from ipcredit.policy import Policy

    policy = Policy.load(name, on=_day(on))
    problems = []
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


def _form(given: Format | None, out: str | None) -> Format:
    """The form asked for: ``--format`` wins over the suffix of ``--out``."""
    if given is not None:
        return given
    suffix = Path(out).suffix.lower() if out else ""
    if suffix in ("", ".txt", ".md"):
        return Format.TEXT
    if suffix in (".json", ".csv"):
        return Format(suffix[1:])
    args = {"given": suffix, "allowed": ".txt, .json, .csv"}
    raise UsageError(Problem("cli.suffix", str(out), args=args))


def _write(text: str, out: str | None) -> None:
    if out is None:
        print(text)
        return
    try:
        # A byte-order mark only where a spreadsheet needs it to recognise Chinese.
        encoding = "utf-8-sig" if out.lower().endswith(".csv") else "utf-8"
        with open(out, "w", encoding=encoding, newline="") as stream:
            stream.write(text if text.endswith("\n") else text + "\n")
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unwritable", out, args=args)) from None


def _firms(origin: str) -> Any:
    from ipcredit.firm import Firm
    from ipcredit.firms import Firms

    if origin == "-":
        return Firms.from_firms([Firm.read("-")])
    return Firms.read(origin)


def _rates(path: str | None) -> Any:
    from ipcredit.rates import read_rates

    return {} if path is None else read_rates(path)


@app.command()
def score(
    firm: FirmArgument,
    policy: PolicyOption = DEFAULT_POLICY,
    on: OnOption = None,
    set_: SetOption = None,
    rates: RatesOption = None,
    lang: LangOption = None,
    form: Annotated[Format | None, typer.Option("--format", help="text, json or csv.")] = None,
    out: OutOption = None,
    patents_: PatentsOption = None,
    map_: MapOption = None,
    owner: OwnerOption = None,
    exported: ExportedOption = None,
) -> None:
    """Score one firm, or every row of a table. 对一户企业或一张企业表评分。"""
    from ipcredit.assess import assess
    from ipcredit.patents.listing import rights_data, rights_text

    tongue = lang or _default_lang()
    chosen = _form(form, out)
    rules = _policy(policy, on, set_)
    series = _rates(rates)
    firms = _firms(firm)
    rights = None
    if patents_ is not None:
        firms, rights = _with_rights(firms, patents_, rules, _day(on), owner, map_, exported)
    elif map_ or owner or exported:
        option = "--map" if map_ else "--owner" if owner else "--exported"
        raise UsageError(Problem("rights.map-alone", key=option))
    result = assess(rules, firms, on=_day(on))
    if chosen is Format.JSON:
        from ipcredit.results import result_of, to_json

        found = [result_of(result, row, series) for row in range(len(result))]
        if rights is not None:
            found[0]["rights"] = rights_data(rights.found)
        _write(to_json(found[0] if len(found) == 1 else found), out)
    elif chosen is Format.CSV or len(result) != 1:
        _write_rows(result, tongue, out)
    else:
        from ipcredit.report_text import score_text

        text = score_text(result, 0, tongue, series)
        if rights is not None:
            text += "\n\n" + rights_text(rights.found, tongue)
            if rights.worth is not None:
                text += "\n\n" + "\n".join(_worth_lines(rights.worth, tongue))
        _write(text, out)
    raise typer.Exit(DONE if (result.status < 2).all() else ROWS)


def _with_rights(
    firms: Any,
    path: str,
    rules: Any,
    on: dt.date,
    owner: list[str] | None,
    map_: str | None,
    exported: str | None,
) -> tuple[Any, Any]:
    """The one firm with the counts of its rights, and what was counted."""
    from ipcredit.firms import Firms
    from ipcredit.patents.firm_rights import firm_with_rights

    if len(firms) != 1:
        raise UsageError(Problem("rights.one-firm", key="--patents", args={"rows": len(firms)}))
    rights = firm_with_rights(
        firms.row(0), path, on, terms=rules.content.patents, owner=owner or (),
        column_map=map_, exported=_exported(exported),
    )  # fmt: skip
    return Firms.from_firms([rights.firm]), rights


def _worth_lines(found: Any, lang: Lang) -> list[str]:
    explained = found.explain()
    tongues = ("zh", "en") if lang is Lang.BOTH else (lang.value,)
    return [line for tongue in tongues for line in explained.lines(tongue)]


def _write_rows(result: Any, lang: Lang, out: str | None) -> None:
    import io

    from ipcredit.tables import counts_text, write_csv

    stream = io.StringIO(newline="")
    one = Lang.ZH if lang is Lang.BOTH else lang
    write_csv(result, stream, one)
    _write(stream.getvalue().rstrip("\r\n"), out)
    print(counts_text(result, one), file=sys.stderr if out is None else sys.stdout)


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
    lang: LangOption = None,
) -> None:
    """Explain one firm's result, and what a better tier needs. 解释结果与提升条件。"""
    from ipcredit.assess import assess
    from ipcredit.report_text import lifts_text, score_text

    tongue = lang or _default_lang()
    rules = _policy(policy, on, set_)
    firms = _firms(firm)
    if row > len(firms):
        raise UsageError(Problem("cli.row", key="--row", args={"given": row, "rows": len(firms)}))
    result = assess(rules, firms, on=_day(on))
    _write(score_text(result, row - 1, tongue), None)
    if tier is not None:
        _write("\n" + lifts_text(result, tier, row - 1, tongue), None)
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
    from ipcredit.patents.firm_rights import counted
    from ipcredit.patents.listing import rights_data, rights_text
    from ipcredit.results import to_json

    chosen = _form(form, out)
    found = counted(file, _day(on), owner, column_map=map_, exported=_exported(exported))
    if chosen is Format.CSV:
        args = {"given": "csv", "allowed": "text, json"}
        raise UsageError(Problem("cli.suffix", "--format", args=args))
    if chosen is Format.JSON:
        _write(to_json(rights_data(found)), out)
    else:
        _write(rights_text(found, lang or _default_lang()), out)
    raise typer.Exit(ROWS if found.rights.problems else DONE)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A result saved by `score --format json`.")],
    lang: LangOption = None,
) -> None:
    """Recompute a saved result and say whether it still holds. 复核已保存的结果。"""
    from ipcredit.results import read_results, verify_text
    from ipcredit.results import verify as verified

    tongue = lang or _default_lang()
    found = [verified(result) for result in read_results(file)]
    for one in found:
        print(verify_text(one, tongue))
    raise typer.Exit(DONE if all(one.recomputes for one in found) else ROWS)


@app.command()
def template(
    lang: LangOption = None,
    out: OutOption = None,
) -> None:
    """Write an empty firm file with labels and definitions (.toml, .xlsx). 空白企业资料表。"""
    from ipcredit.template import toml_text, write_xlsx

    tongue = lang or Lang.BOTH
    if out is not None and out.lower().endswith(".xlsx"):
        write_xlsx(out, tongue)
    else:
        _write(toml_text(tongue), out)


@app.command()
def population(
    n: Annotated[int, typer.Option("--n", min=1, help="Number of firms. 户数。")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed. 随机种子。")] = 7,
    out: OutOption = None,
) -> None:
    """Write a synthetic population of firms as CSV. 生成合成企业样本。"""
    from ipcredit.population import population as generate
    from ipcredit.population import write_csv

    write_csv(generate(n, seed), out if out is not None else sys.stdout)


@policy_app.command("list")
def policy_list(lang: LangOption = None) -> None:
    """List schemes, editions, dates in force and evidence. 列出政策与版本。"""
    from ipcredit.policy_tables import list_text

    print(list_text(lang or _default_lang(), width=_width()))


@policy_app.command("show")
def policy_show(
    name: Annotated[str, typer.Argument(help="Policy name, name@edition, or a file.")],
    on: OnOption = None,
    set_: SetOption = None,
    lang: LangOption = None,
) -> None:
    """Print a policy's tables, sources and assumptions. 打印政策条文表。"""
    from ipcredit.policy_tables import show_text

    print(show_text(_policy(name, on, set_), lang or _default_lang(), width=_width()))


@policy_app.command("check")
def policy_check(
    file: Annotated[Path, typer.Argument(help="A policy file.")],
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Golden cases to run on it. 用例文件。")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Report all problems of a policy file; run cases on it. 检查政策文件。"""
    from ipcredit.policy import Policy, check_file
    from ipcredit.policy_tables import check_text

    tongue = lang or _default_lang()
    problems = check_file(file)
    print(check_text(file, problems, tongue))
    if problems:
        raise typer.Exit(POLICY)
    if cases is not None:
        from ipcredit.cases import report_text, run_cases

        report = run_cases(cases, Policy.load(file))
        print(report_text(report, tongue))
        raise typer.Exit(ROWS if report.failed else DONE)


@policy_app.command("compare")
def policy_compare(
    before: Annotated[str, typer.Argument(help="Policy name, name@edition, or a file.")],
    after: Annotated[str, typer.Argument(help="The policy to compare with it.")],
    lang: LangOption = None,
) -> None:
    """Print in which rules two policies differ. 比较两项政策。"""
    from ipcredit.policy_tables import compare_text

    first, second = _policy(before, None, None), _policy(after, None, None)
    print(compare_text(first, second, lang or _default_lang(), width=_width()))


def _width() -> int:
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, 60)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version. 版本。")] = False,
) -> None:
    if version:
        print(f"ipcredit {VERSION}")
        raise typer.Exit()


def main() -> None:
    """Run the command line; every foreseen failure ends in a text and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a character (GBK and the like) must not end the program.
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        app()
    except PolicyError as error:
        _fail(error, POLICY)
    except IpCreditError as error:
        _fail(error, USAGE)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of a pipe has enough: no more output, and no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE) from None


def _fail(error: IpCreditError, code: int) -> None:
    lang = _asked_lang()
    print(error.text(lang), file=sys.stderr)
    if len(error.problems) > 1:
        print(messages.text("cli.problems", lang, count=len(error.problems)), file=sys.stderr)
    raise SystemExit(code)


def _asked_lang() -> str:
    """The language of the failed command line, read without parsing it again."""
    words = sys.argv[1:]
    for at, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and at + 1 < len(words):
            value = words[at + 1]
        if value in list(Lang):
            return value
    return _default_lang()
