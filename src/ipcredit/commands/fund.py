"""``ipcredit fund``: funds, what they owe, how large they must be, and who pays a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from ipcredit import messages, pictures
from ipcredit.assess import assess
from ipcredit.cli_options import (
    Format,
    LangOption,
    OnOption,
    OutOption,
    day_asked,
    firms_asked,
    form_asked,
    group_app,
    lang_of,
    policy_asked,
)
from ipcredit.console import (
    DONE,
    POLICY,
    ROWS,
    as_written,
    opened,
    report_columns,
    terminal_columns,
    write,
)
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.asked import asked_for, scenario_lines
from ipcredit.fund.claims_file import read_claims, read_money, read_positions, read_recoveries
from ipcredit.fund.exact import simulate
from ipcredit.fund.fund import Fund, check_fund_file
from ipcredit.fund.page import check_page, list_page, show_json, show_page
from ipcredit.fund.paths import simulate_paths
from ipcredit.fund.pay import pay_claims, pay_json, write_pay_csv
from ipcredit.fund.pay_text import pay_text
from ipcredit.fund.plots import save_frontier, save_simulation
from ipcredit.fund.scenario import Scenario, scenarios
from ipcredit.fund.scored_book import scored_book
from ipcredit.fund.sizing import Sizing, sizing
from ipcredit.portfolio import Portfolio
from ipcredit.results import to_json

app = group_app("Funds: what they owe, run dry, and must hold. 风险补偿基金。")

FundOption = Annotated[
    str, typer.Option("--fund", help="Fund name, name@edition, or a file. 基金名、版本或文件。")
]
FundArgument = Annotated[
    str, typer.Argument(metavar="FUND", help="Fund name, name@edition, or a file. 基金。")
]
BookArgument = Annotated[
    str,
    typer.Argument(
        metavar="BOOK", help="CSV or XLSX of loans; of firms with --policy. 贷款表或企业表。"
    ),
]
ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", help="Scenario name or file. 情景名或文件。")
]
ChangeOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change a value of fund or scenario: PATH=VALUE. 修改数值。"),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Day of the book, YYYY-MM-DD (default: today). 截止日。"),
]
ScoredOption = Annotated[
    str | None,
    typer.Option("--policy", help="Score BOOK's firms by this policy first. 先按此政策评分。"),
]
FormOption = Annotated[
    Format | None, typer.Option("--format", help="Form of the result (default: text). 形式。")
]
PlotOption = Annotated[
    str | None, typer.Option("--plot", help="Draw into this PNG, SVG or PDF file. 绘图文件。")
]


@app.command("list")
def fund_list(lang: LangOption = None) -> None:
    """List funds, editions, what they cover and evidence. 列出基金与版本。"""
    write(list_page(lang_of(lang), width=terminal_columns()))


@app.command("scenarios")
def fund_scenarios(lang: LangOption = None) -> None:
    """List scenarios and what to keep in mind. 列出情景。"""
    write("\n".join(scenario_lines(lang_of(lang))))


@app.command("show")
def fund_show(
    name: FundArgument,
    on: OnOption = None,
    set_: ChangeOption = None,
    lang: LangOption = None,
    form: FormOption = None,
    out: OutOption = None,
) -> None:
    """Print a fund's clauses, sources and assumptions. 打印基金条款表。"""
    chosen = _form(form, out)
    fund, _ = asked_for(Fund.load(name, day_asked(on)), None, set_)
    if chosen is Format.JSON:
        write(to_json(show_json(fund)), out)
    else:
        write(show_page(fund, lang_of(lang), width=report_columns(out)), out)


@app.command("check")
def fund_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A fund file. 基金文件。")],
    lang: LangOption = None,
) -> None:
    """Report all problems of a fund file. 检查基金文件。"""
    problems = check_fund_file(file)
    write(check_page(file, problems, lang_of(lang)))
    if problems:
        raise typer.Exit(POLICY)


@app.command("simulate")
def fund_simulate(
    book: BookArgument,
    fund: FundOption,
    scenario: ScenarioOption = None,
    set_: ChangeOption = None,
    as_of: AsOfOption = None,
    policy: ScoredOption = None,
    paths: Annotated[
        int | None, typer.Option("--paths", min=1, help="Paths, not the scenario's. 路径数。")
    ] = None,
    one_year: Annotated[
        bool, typer.Option("--one-year", help="The first year only, exactly. 只算一年。")
    ] = False,
    lang: LangOption = None,
    form: FormOption = None,
    out: OutOption = None,
    plot: PlotOption = None,
) -> None:
    """What a fund may have to pay, and how likely it runs dry. 测算基金的代偿与用尽概率。

    The first year is reckoned exactly; with a horizon of years in the scenario, these are
    simulated besides.
    """
    tongue, chosen = lang_of(lang), _form(form, out, book)
    _check_plot(plot)
    rules, how = _asked(fund, scenario, set_)
    with _hinting(scenario):
        loans = _book(book, rules, how, as_of, policy)
        year = simulate(loans, rules, how)
        several = not one_year and (how.terms.horizon.years or 1) > 1
        years = simulate_paths(loans, rules, how, paths=paths) if several else None
    if chosen is Format.JSON:
        data: dict[str, Any] = {"version": 1, "one_year": year.to_dict()}
        data["years"] = None if years is None else years.to_dict()
        write(to_json(data), out)
    else:
        texts = [year.text(tongue), *([] if years is None else [years.text(tongue)])]
        write("\n\n".join(texts), out)
    remarks = () if plot is None else save_simulation(year, years, plot, _one(tongue))
    _written(tongue, out, plot, remarks)


@app.command("size")
def fund_size(
    book: BookArgument,
    fund: FundOption,
    target: Annotated[
        float, typer.Option("--target", help="Probability of running dry. 用尽概率目标。")
    ],
    scenario: ScenarioOption = None,
    set_: ChangeOption = None,
    as_of: AsOfOption = None,
    policy: ScoredOption = None,
    vary: Annotated[
        list[str] | None,
        typer.Option("--vary", help="Values of the fund to try: PATH=V1,V2. 备选取值。"),
    ] = None,
    capital: Annotated[
        str | None, typer.Option("--capital", help="Amounts to try: A,B,C. 备选资金规模。")
    ] = None,
    lang: LangOption = None,
    form: FormOption = None,
    out: OutOption = None,
    plot: PlotOption = None,
) -> None:
    """The capital that a target probability asks for. 达到目标概率所需的资金。

    With values to try it also prints the frontier of cover, cap and capital.
    """
    tongue, chosen = lang_of(lang), _form(form, out, book)
    _check_plot(plot)
    if plot is not None and not (vary or capital):
        raise UsageError(Problem("fund-plot.no-frontier", key="--plot"))
    rules, how = _asked(fund, scenario, set_)
    with _hinting(scenario):
        loans = _book(book, rules, how, as_of, policy)
        found: Sizing = sizing(loans, rules, how, target, vary or (), capital)
    if chosen is Format.JSON:
        write(to_json(found.to_dict()), out)
    else:
        write(found.text(tongue), out)
    remarks = () if plot is None else save_frontier(found, plot, _one(tongue))
    _written(tongue, out, plot, remarks)


@app.command("pay")
def fund_pay(
    claims: Annotated[
        str, typer.Argument(metavar="CLAIMS", help="CSV or XLSX of claims. 代偿申请表。")
    ],
    fund: FundOption,
    recoveries: Annotated[
        str | None, typer.Option("--recoveries", help="What was recovered. 追偿所得表。")
    ] = None,
    positions: Annotated[
        str | None, typer.Option("--positions", help="What was lent and is owed. 放款与余额表。")
    ] = None,
    money: Annotated[
        str | None, typer.Option("--money", help="Money that joined the pots. 资金到位表。")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last day, YYYY-MM-DD. 截止日。")
    ] = None,
    on: OnOption = None,
    set_: ChangeOption = None,
    lang: LangOption = None,
    form: FormOption = None,
    out: OutOption = None,
) -> None:
    """Who owes what for real claims, and which clause decided it. 计算实际代偿申请的分担。"""
    tongue, chosen = lang_of(lang), form_asked(form, out, claims)
    rules, _ = asked_for(Fund.load(fund, day_asked(on)), None, set_)
    currency = rules.currency
    more: dict[str, Any] = {}
    for name, path, read in (
        ("recoveries", recoveries, read_recoveries),
        ("positions", positions, read_positions),
        ("money", money, read_money),
    ):
        if path is not None:
            more[name] = read(path, currency)
    last = None if until is None else day_asked(until, "--until")
    result = pay_claims(rules, read_claims(claims, currency), until=last, **more)
    if chosen is Format.JSON:
        write(to_json(pay_json(result)), out)
    elif chosen is Format.CSV:
        with opened(out) as stream:
            write_pay_csv(result, as_written(stream))
    else:
        write(pay_text(result, tongue, width=report_columns(out)), out)
    _written(tongue, out, None, ())
    raise typer.Exit(DONE if result.is_complete else ROWS)


# -- reading what is asked -------------------------------------------------------------------


def _form(form: Format | None, out: str | None, read: str = "") -> Format:
    if out is not None and Path(out).is_dir():
        raise UsageError(Problem("fund-cli.folder", out, "--out"))
    chosen = form_asked(form, out, read)
    if chosen is Format.CSV:
        raise UsageError(Problem("fund-cli.no-csv", key="--format"))
    return chosen


def _check_plot(plot: str | None) -> None:
    """Refuse a picture that cannot be drawn before anything is reckoned."""
    if plot is None:
        return
    pictures.check_suffix(plot)
    if find_spec("matplotlib") is None:
        raise UsageError(Problem("chart.no-matplotlib"))


@contextmanager
def _hinting(scenario: str | None) -> Iterator[None]:
    """Say beside what is lacking that no scenario was named at all."""
    try:
        yield
    except UsageError as error:
        if scenario is None and any(p.code == "scenario.lacks" for p in error.problems):
            known = {"known": ", ".join(scenarios())}
            hint = Problem("fund-cli.no-scenario", key="--scenario", args=known)
            raise UsageError([hint, *error.problems]) from None
        raise


def _asked(fund: str, scenario: str | None, changes: list[str] | None) -> tuple[Fund, Scenario]:
    rules = Fund.load(fund)
    if scenario is None:
        how = Scenario.blank(rules.currency)
    else:
        how = Scenario.load(scenario).in_currency(rules.currency)
    changed, other = asked_for(rules, how, changes)
    assert other is not None  # one was given
    return changed, other


def _book(
    origin: str, fund: Fund, scenario: Scenario, as_of: str | None, policy: str | None
) -> Portfolio:
    """The loans of a file, or those that the firms of a file would take up."""
    day = dt.date.today() if as_of is None else day_asked(as_of, "--as-of")
    if policy is not None:
        found = assess(policy_asked(policy, day), firms_asked(origin), on=day)
        return scored_book(found, scenario, as_of=day)
    return Portfolio.read(origin, as_of=day, currency=fund.currency, curve=scenario.terms.pd)


def _one(lang: str) -> str:
    # A picture is in one language.
    return "zh" if lang == "both" else lang


def _written(lang: str, out: str | None, plot: str | None, remarks: tuple[Problem, ...]) -> None:
    for path in (out, plot):
        if path is not None:
            write(messages.text("cli.written", lang, path=path))
    for remark in remarks:
        write(remark.text(lang))
