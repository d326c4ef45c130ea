"""``ipcredit score``: one firm, or every row of a table.

The command that is run most, so it loads no more than it needs: the rights of a firm and the
map of all schemes only where they are asked for.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ipcredit import messages
from ipcredit.assess import Assessment, assess
from ipcredit.cli_options import (
    DEFAULT_POLICY,
    ExportedOption,
    FirmArgument,
    Format,
    LangOption,
    MapOption,
    OnOption,
    OutOption,
    OwnerOption,
    PatentsOption,
    PolicyOption,
    RatesOption,
    SetOption,
    command_app,
    day_asked,
    exported_day,
    firms_asked,
    form_asked,
    lang_of,
    policy_asked,
    rates_asked,
)
from ipcredit.console import DONE, ROWS, as_written, opened, report_columns, write
from ipcredit.errors import Problem, UsageError
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.rates import Series
from ipcredit.report_text import score_text
from ipcredit.results import result_of, to_json, write_list
from ipcredit.tables import counts_text, table_text, write_csv

if TYPE_CHECKING:
    from ipcredit.patents.firm_rights import FirmRights

EVERY_POLICY = "all"

app = command_app()


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
        raise typer.Exit(_score_all(firm, day, set_, rates_asked(rates), tongue, chosen, out))
    rules, series = policy_asked(policy, day, set_), rates_asked(rates)
    firms, rights = firms_asked(firm), None
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
    raise typer.Exit(DONE if (result.status < 2).all() else ROWS)


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
    from ipcredit.patents.firm_rights import firm_with_rights

    rights = firm_with_rights(
        firms.row(0), path, on, terms=rules.content.patents, owner=owner or (),
        column_map=map_, exported=exported_day(exported),
    )  # fmt: skip
    return Firms.from_firms([rights.firm]), rights


def _rights_texts(rights: FirmRights | None, lang: str) -> list[str]:
    """What counted and what did not, and the value, one text each."""
    if rights is None:
        return []
    from ipcredit.patents.listing import rights_text

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
                from ipcredit.patents.listing import rights_data

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
    firms = firms_asked(origin)
    if len(firms) != 1:
        raise UsageError(Problem("map.one-firm", origin, args={"rows": len(firms)}))
    firm = firms.row(0)
    from ipcredit.schemes_map import map_data, map_text, schemes_map

    found = schemes_map(firm, on=day, rates=series)
    text = to_json(map_data(found)) if form is Format.JSON else map_text(found, firm, day, lang)
    write(text, out)
    return ROWS if firm.problems else DONE
