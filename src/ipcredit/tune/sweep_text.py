"""A sweep as a page: one row a step, firms, lines and the fund."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ipcredit.fund.plots import unit_of
from ipcredit.fund.result import Figure
from ipcredit.fund.result_text import percent
from ipcredit.messages import text
from ipcredit.paper import Block, Paper, Row
from ipcredit.tune.outcome import NO_TIERS, OTHER_STATES
from ipcredit.tune.sweep_data import FundFigures, Sweep, SweepRow


def page(blocks_in: Callable[[str], Iterator[Block]], lang: str, width: int) -> str:
    """Blocks as text for a terminal, in ``zh``, ``en`` or ``both`` (Chinese first)."""
    if lang == "both":
        return f"{page(blocks_in, 'zh', width)}\n\n{page(blocks_in, 'en', width)}"
    paper = Paper(width, lang, False)
    for block in blocks_in(lang):
        paper.block(block)
    return paper.text()


def sweep_page(found: Sweep, lang: str, width: int = 100) -> str:
    """The page of a sweep."""
    return page(lambda spoken: _blocks(found, spoken), lang, width)


def state_text(state: str, lang: str) -> str:
    """A state as people say it; a tier's label is its own."""
    known = state in OTHER_STATES or state == NO_TIERS
    return text(f"tune-compare.state.{state}", lang) if known else state


def chance(figure: Figure) -> str:
    """A probability, with its standard error where it is sampled."""
    shown = percent(figure.value)
    return (
        f"{shown} ± {percent(figure.error)}" if figure.method in ("sampled", "factors") else shown
    )


def name_of(row: SweepRow, found: Sweep, lang: str) -> str:
    """The step of a row in words; the policy's own is marked."""
    steps = zip(found.axes, row.places, row.values, strict=True)
    value = " × ".join(
        value if at < 0 else axis.label(found.policy, at, lang) for axis, at, value in steps
    )
    return text("tune-sweep.baseline", lang, value=value) if row.is_baseline else value


def in_units(amount: float, currency: str) -> str:
    """An amount as a bare number in the unit of the tables (万元 for CNY).

    >>> in_units(17_636_600_000_00, "CNY")
    '1,763,660'
    """
    size, _ = unit_of(currency, "en")
    return f"{float(f'{amount / size:.8g}'):,.10g}"


def _blocks(found: Sweep, lang: str) -> Iterator[Block]:
    def say(code: str, **args: object) -> str:
        return text(f"tune-sweep.{code}", lang, **args)

    rows = list(found.rows)
    if not any(row.is_baseline for row in rows):
        rows.insert(0, found.baseline)
    currency = found.policy.currency
    _, unit = unit_of(currency, lang)
    step = say("column.step")
    names = [name_of(row, found, lang) for row in rows]
    title = found.policy.title.text(lang)
    paths = " × ".join(axis.name for axis in found.axes)
    note = say("note", count=len(found.rows), firms=f"{found.firms:,}", on=found.on.isoformat(),
               fingerprint=found.policy.fingerprint[:12])  # fmt: skip
    yield Block(say("title", title=title, paths=paths), 0, notes=(note,))

    shown = [at for at in range(len(found.states)) if any(row.counts[at] for row in rows)]
    yield Block(
        say("firms"),
        columns=(step, *(state_text(found.states[at], lang) for at in shown),
                 say("column.eligible"), say("column.moved")),
        rows=tuple(
            Row((name, *(f"{row.counts[at]:,}" for at in shown),
                 f"{row.eligible:,}", f"{row.moved:,}"))
            for name, row in zip(names, rows, strict=True)
        ),
    )  # fmt: skip
    parts = tuple(name for name in found.baseline.lines if name != "total")
    if parts:
        start = found.baseline.total
        yield Block(
            say("money", unit=unit),
            columns=(step, *(say(f"part.{name}") for name in parts),
                     say("column.total"), say("column.change")),
            rows=tuple(
                Row((name, *(in_units(row.lines[part], currency) for part in (*parts, "total")),
                     _more(row.total - start, currency)))
                for name, row in zip(names, rows, strict=True)
            ),
        )  # fmt: skip
    if found.given_fund is None or found.scenario is None:
        return
    fund = found.given_fund.title.text(lang)
    heads = tuple(say(f"column.{name}") for name in ("expected", "net", "quantile", "dry", "worst"))
    yield Block(
        say("fund", fund=fund, scenario=found.scenario.title.text(lang), unit=unit),
        columns=(step, *heads),
        rows=tuple(
            Row((name, *_year(row.fund, currency)))
            for name, row in zip(names, rows, strict=True)
            if row.fund is not None
        ),
    )


def _more(amount: int, currency: str) -> str:
    return f"{'+' if amount > 0 else ''}{in_units(amount, currency)}"


def _year(year: FundFigures, currency: str) -> Iterator[str]:
    for figure in (year.expected, year.net, year.quantile):
        yield in_units(float(f"{figure.value:.4g}"), currency)
    yield chance(year.dry)
    yield "-" if year.worst_dry is None else f"{year.worst} {chance(year.worst_dry)}"
