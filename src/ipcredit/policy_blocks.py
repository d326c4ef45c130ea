"""A policy's scoring and conditions as blocks of text and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ipcredit.fields import FIELDS
from ipcredit.paper import Block, Row
from ipcredit.policy_page import Page
from ipcredit.rule_words import (
    labels,
    measure_with_unit,
    step_text,
)
from ipcredit.rules import Band, Dimension, Gate, Indicator
from ipcredit.wording import band_text, measure_text, percent, plain


def favourable(page: Page) -> Iterator[Row]:
    """The figures of which more is never worse, as a fact of the head."""
    names = page.policy.rules.favourable
    if names:
        text = page.say("show.favourable", fields=labels(names, page.lang))
        yield page.fact("show.head.favourable", text)


# -- evaluation ------------------------------------------------------------------------------


def evaluation(page: Page) -> Iterator[Block]:
    """How firms are scored: the total, then every dimension with its band tables."""
    rules = page.policy.rules
    if not rules.dimensions:
        return
    total = page.say("show.total", parts=_formula(page, rules.top))
    if not rules.top:
        total = page.say("show.no-total")
    notes = (total, page.say("show.missing-note"))
    yield Block(page.say("show.section.scores"), notes=notes)
    for item in rules.dimensions:
        yield _dimension(page, item)
        for table in item.indicators:
            yield _indicator(page, item, table)


def _formula(page: Page, items: Iterable[Dimension]) -> str:
    return " + ".join(_weighted(page, items))


def _dimension(page: Page, item: Dimension) -> Block:
    rules = page.policy.rules
    parent = next((other for other in rules.dimensions if item.name in other.of), None)
    weighted = "-weighted" if item.role == "base" and item.weight != 1 else ""
    if parent is not None:
        code = f"show.role.inner{weighted}"
    else:
        code = f"show.role.{item.role}{weighted}"
    title = "" if parent is None else parent.title.text(page.lang)
    text = page.say(code, title=title, weight=percent(item.weight))
    paths = (f"{item.path}.{key}" for key in ("weight", "role", "reading"))
    mark = page.rule_mark(item.path, *paths)
    facts = [page.fact("show.fact.role", text, mark)]
    if len(item.indicators) + len(item.of) > 1:
        facts += _pick(page, item)
    if item.expert:
        text = page.say("show.expert", field=FIELDS[item.expert].label(page.lang))
        facts.append(page.fact("show.fact.expert", text))
    if item.cap is not None:
        text = page.say("show.points", count=plain(item.cap))
        facts.append(page.fact("show.fact.max", text, page.mark(f"{item.path}.max")))
    return Block(item.title.text(page.lang), 2, item.path, facts=tuple(facts))


def _pick(page: Page, item: Dimension) -> list[Row]:
    parts = [page.name(table.title, _measured(page, table)) for table in item.indicators]
    if item.of:
        parts = _weighted(page, [page.policy.rules.dimension(name) for name in item.of])
    added = bool(item.of) and item.pick == "sum"
    text = " + ".join(parts) if added else page.say("show.parts-comma").join(parts)
    field = FIELDS[item.declared].label(page.lang) if item.declared else ""
    text = page.say(f"show.pick.{item.pick}", parts=text, field=field)
    facts = [page.fact("show.fact.pick", text, page.mark(f"{item.path}.pick"))]
    if item.pick in ("best", "worst", "first") and item.missing_option:
        text = page.say(f"show.missing-option.{item.missing_option}")
        mark = page.first_mark(f"{item.path}.missing_option", "silent.missing_option")
        facts.append(page.fact("show.fact.missing-option", text, mark))
    return facts


def _weighted(page: Page, items: Iterable[Dimension]) -> list[str]:
    found = []
    for item in items:
        title = item.title.text(page.lang)
        if item.role == "base" and item.weight != 1:
            title = page.say("show.weighted", title=title, weight=percent(item.weight))
        found.append(title)
    return found


def _measured(page: Page, table: Indicator) -> str:
    return measure_text(table.measure, page.lang, page.titles)


def _indicator(page: Page, item: Dimension, table: Indicator) -> Block:
    text = measure_with_unit(table.measure, page.lang, page.titles)
    keys = ("ratio", "sum", "input", "growth", "reading")
    mark = page.mark(*(f"{table.path}.{key}" for key in keys))
    facts = []
    if table.title is not None or mark.text:  # otherwise the heading says it
        facts.append(page.fact("show.fact.measure", text, mark))
    facts += table_facts(page, table)
    if table.expert:
        given = page.say("show.expert", field=FIELDS[table.expert].label(page.lang))
        facts.append(page.fact("show.fact.expert", given))
    step = step_text(table, page.currency, page.lang)
    if step:
        mark = page.mark(f"{table.path}.step")
        facts.append(page.fact("show.fact.step", step, mark))
    own = page.policy.under(f"{table.path}.points")
    shared = f"{table.path if own else item.path}.points"
    rows = band_rows(
        page,
        table,
        [_points(page, band) for band in table.bands],
        [f"{shared}.{band.label}" for band in table.bands],
    )
    heading = page.name(table.title, text)
    columns = page.columns("band", "condition", "points")
    return Block(heading, 3, table.path, facts=tuple(facts), columns=columns, rows=tuple(rows))


def _points(page: Page, band: Band) -> str:
    low, high = map(plain, band.points)
    return low if low == high else page.say("show.range", low=low, high=high)


def table_facts(page: Page, table: Indicator) -> list[Row]:
    """What a band table says besides its bands: what a denominator of zero means."""
    if table.measure.kind != "ratio" or not table.zero_denominator:
        return []
    text = page.say(f"show.zero.{table.zero_denominator}")
    mark = page.first_mark(f"{table.path}.zero_denominator", "silent.zero_denominator")
    return [page.fact("show.fact.zero", text, mark)]


def band_rows(
    page: Page,
    table: Indicator,
    worth: Sequence[str],
    shared: Sequence[str],
    *,
    what: str = "points",
) -> list[Row]:
    """The rows of a band table: its bands, then what "below all", missing and none mean.

    ``worth`` is what each band carries, in words, ``shared`` the path of it where it is not the
    band's own; ``what`` is carried: ``points`` or an ``amount``.
    """
    rows = []
    for band, carried, path in zip(table.bands, worth, shared, strict=True):
        own = f"{band.path}.points"
        stepped = band.path.endswith(".step")
        condition = [] if band.op is None else [f"{band.path}.{band.op}"]
        points = own if page.policy.under(own) else path
        mark = page.parted(**{"condition": condition, what: [points]})
        if stepped:
            mark = page.mark(band.path)
        text = band_text(band, table, page.currency, page.lang)
        rows.append(page.row(band.label, text, carried, mark=mark))
    dash = page.say("show.dash")
    if table.bands[-1].op is not None:
        rows.append(page.row(page.say("show.below-all"), page.say("show.covered"), dash))
    missing = page.say("show.missing-means")
    rows.append(page.row(page.say("show.missing"), missing, page.say("show.open")))
    if table.measure.kind != "points":
        none = page.say("show.none-means")
        rows.append(page.row(page.say("show.none"), none, worth[-1]))
    return rows


# -- conditions ------------------------------------------------------------------------------


def admission(page: Page) -> Iterator[Block]:
    """The conditions every firm must meet, and the direct confirmations that waive some."""
    rules = page.policy.rules
    if rules.gates:
        yield Block(
            page.say("show.section.gates"),
            path="gates",
            notes=(page.say("show.gates-note"),),
            columns=page.columns("code", "name", "condition"),
            rows=tuple(gate_row(page, gate) for gate in rules.gates),
        )
    if rules.confirmations:
        gates = {gate.name: page.name(gate.title, gate.name) for gate in rules.gates}
        waived = [page.join(gates[name] for name in item.waives) for item in rules.confirmations]
        alike = len(set(waived)) == 1
        rows = []
        for item, gone in zip(rules.confirmations, waived, strict=True):
            cells = [item.name, page.name(item.title, "-"), page.words(item.condition)]
            cells += [] if alike else [gone]
            rows.append(page.row(*cells, mark=page.rule_mark(item.path)))
        if alike:
            note = page.say("show.confirm-all", gates=waived[0])
        else:
            note = page.say("show.confirm-note")
        names = ("code", "name", "condition", *(() if alike else ("waives",)))
        yield Block(
            page.say("show.section.confirm"),
            path="confirm",
            notes=(note,),
            columns=page.columns(*names),
            rows=tuple(rows),
        )


def gate_row(page: Page, gate: Gate) -> Row:
    """A condition: its key, name, wording and mark."""
    cells = (gate.name, page.name(gate.title, "-"), page.words(gate.condition))
    return page.row(*cells, mark=page.rule_mark(gate.path))


# -- silence and assumptions -----------------------------------------------------------------


def silence(page: Page) -> Block | None:
    """How the policy file settles what its text does not say."""
    facts = []
    for key in ("zero_denominator", "missing_option"):
        found = page.policy.under(f"silent.{key}")
        if found:
            kind = "zero" if key == "zero_denominator" else "missing-option"
            text = page.say(f"show.{kind}.{found[0].shown}")
            mark = page.mark(f"silent.{key}")
            facts.append(page.fact(f"show.silent.{key}", text, mark))
    if not facts:
        return None
    return Block(page.say("show.section.silent"), path="silent", facts=tuple(facts))
