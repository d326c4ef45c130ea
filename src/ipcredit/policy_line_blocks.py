"""A policy's tiers, lines, limits and loan terms as headed blocks of text and tables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ipcredit.fields import FIELDS
from ipcredit.paper import Block, Row
from ipcredit.policy_blocks import band_rows, gate_row, table_facts
from ipcredit.policy_page import Page
from ipcredit.rule_page import Mark
from ipcredit.rule_words import labels, measure_with_unit, method_facts
from ipcredit.rules import BaseMethod, Indicator, JointLimit, Limit, LimitCase, Loan, Part, Tiers
from ipcredit.wording import amount, band_text, measure_text, percent, plain, say, side_text

# -- tiers -----------------------------------------------------------------------------------


def grading(page: Page) -> Iterator[Block]:
    """The tiers with their cut-offs and lines in one table, and which firms are raised."""
    rules = page.policy.rules
    tiers = rules.tiers
    if tiers is None:
        return
    line = next((part for part in rules.parts if part.tiers), None)
    heading = page.say("show.section.tiers" if line is None else "show.section.tiers-line")
    if tiers.indicator is None:
        yield _matrix(page, tiers, heading)
        if line is not None or any(tiers.titles):
            yield _matrix_lines(page, tiers, line)
    else:
        yield _banded(page, tiers, line, heading)
    if rules.raises:
        rows = []
        for item in rules.raises:
            cells = (
                item.name,
                page.name(item.title, "-"),
                page.words(item.condition),
                page.say("show.raise-by", count=item.tiers),
                tiers.labels[item.not_above],
            )
            rows.append(page.row(*cells, mark=page.rule_mark(item.path)))
        columns = page.columns("code", "name", "condition", "by", "not-above")
        notes = (page.say("show.raise-note"),)
        heading = page.say("show.section.raise")
        yield Block(heading, 1, "raise", notes, columns=columns, rows=tuple(rows))


def _banded(page: Page, tiers: Tiers, line: Part | None, heading: str) -> Block:
    table = tiers.indicator
    assert table is not None
    rows = []
    for at, band in enumerate(table.bands):
        condition = band_text(band, table, page.currency, page.lang)
        cells = [_tier_name(page, tiers, at), condition]
        cells += [] if line is None else [_tier_line(page, line, at)]
        mark = page.parted(
            condition=[f"{band.path}.{band.op}"],
            amount=[] if line is None else [_line_path(line, tiers.labels[at])],
        )
        rows.append(page.row(*cells, mark=mark))
    rows += _beside_bands(page, tiers, with_line=line is not None)
    measured = measure_text(table.measure, page.lang, page.titles)
    columns = [page.say("show.column.tier"), measured]
    columns += [] if line is None else [line.title.text(page.lang)]
    return Block(
        heading,
        1,
        tiers.path,
        facts=tuple(table_facts(page, table)),
        columns=(*columns, page.say("show.column.basis")),
        rows=tuple(rows),
    )


def _beside_bands(page: Page, tiers: Tiers, *, with_line: bool) -> Iterator[Row]:
    """The rows that stand below every tier table: below all, missing, does not exist."""
    table = tiers.indicator
    assert table is not None
    dash, none = page.say("show.dash"), page.say("show.tier-refused")
    if _covers_all(table):
        rest = (page.say("show.covered"), dash)
    elif table.categorical:
        rest = (page.say("words.all-others"), none)
    else:
        rest = (page.say("words.below-all" if table.rising else "words.above-all"), none)
    found = [
        (page.say("show.below-all"), *rest),
        (page.say("show.missing"), page.say("show.missing-means"), page.say("show.open")),
    ]
    if table.measure.kind != "points":
        found.append((page.say("show.none"), page.say("show.none-means-tier"), none))
    for cells in found:
        yield page.row(*(cells if with_line else (cells[0], f"{cells[1]} → {cells[2]}")))


def _covers_all(table: Indicator) -> bool:
    """Whether no value lies outside the bands."""
    if not table.categorical:
        return table.otherwise >= 0
    assert table.measure.num is not None
    spec = FIELDS[table.measure.num.fields[0][0]]
    return sum(len(band.values) for band in table.bands) == max(len(spec.choices), 2)


def _tier_name(page: Page, tiers: Tiers, at: int) -> str:
    title = tiers.titles[at]
    return tiers.labels[at] if title is None else f"{tiers.labels[at]} {title.text(page.lang)}"


def _tier_line(page: Page, line: Part, at: int) -> str:
    value = line.tiers[at]
    if value is None:
        return page.say("show.no-line")
    return amount(value, page.currency, page.lang)


def _line_path(line: Part, label: str) -> str:
    return f"{line.path}.tiers.{label}"


def _matrix(page: Page, tiers: Tiers, heading: str) -> Block:
    down, across = FIELDS[tiers.rows], FIELDS[tiers.columns]
    rows = []
    for choice, cells in zip(down.choices, tiers.matrix, strict=True):
        texts = [page.say("show.tier-none") if at < 0 else tiers.labels[at] for at in cells]
        mark = page.mark(f"{tiers.path}.matrix.{choice}")
        rows.append(page.row(down.choice_label(choice, page.lang), *texts, mark=mark))
    note = page.say(
        "show.tiers-matrix", rows=down.label(page.lang), columns=across.label(page.lang)
    )
    columns = [across.choice_label(choice, page.lang) for choice in across.choices]
    return Block(
        heading,
        1,
        tiers.path,
        notes=(note, page.say("show.matrix-note")),
        columns=(f"{down.label(page.lang)}", *columns, page.say("show.column.basis")),
        rows=tuple(rows),
    )


def _matrix_lines(page: Page, tiers: Tiers, line: Part | None) -> Block:
    rows = []
    for at, label in enumerate(tiers.labels):
        cells = [_tier_name(page, tiers, at)]
        mark = Mark()
        if line is not None:
            cells.append(_tier_line(page, line, at))
            mark = page.rule_mark(line.path, _line_path(line, label))
        rows.append(page.row(*cells, mark=mark))
    if line is not None:
        rows.append(page.row(page.say("show.tier-none"), page.say("show.tier-refused")))
    columns = [page.say("show.column.tier")]
    columns += [] if line is None else [line.title.text(page.lang)]
    heading = page.say("show.section.tiers") if line is None else line.title.text(page.lang)
    return Block(
        heading,
        4,
        columns=(*columns, page.say("show.column.basis")),
        rows=tuple(rows),
    )


# -- parts of the line -----------------------------------------------------------------------


def crediting(page: Page) -> Iterator[Block]:
    """Each part of the line, the limits on several together, and the terms of the loan."""
    rules = page.policy.rules
    if rules.parts:
        titles = " + ".join(part.title.text(page.lang) for part in rules.parts)
        total = page.say("show.parts-total", parts=titles)
        order = page.say("show.order-joint" if rules.joint else "show.order")
        yield Block(page.say("show.section.parts"), notes=(total, order))
    for part in rules.parts:
        yield from _part(page, part)
    if rules.joint:
        yield Block(page.say("show.section.joint"), path="limits")
    for joint in rules.joint:
        yield _joint(page, joint)
    if rules.loan is not None:
        yield _loan(page, rules.loan)


def _part(page: Page, part: Part) -> Iterator[Block]:
    facts = [page.fact("show.fact.amount", _how(page, part), _how_mark(page, part))]
    if part.deduct:
        mark = page.rule_mark(part.path, f"{part.path}.deduct")
        facts.append(page.fact("show.fact.deduct", labels(part.deduct, page.lang), mark))
    step = amount(part.step, page.currency, page.lang)
    mark = page.mark(f"{part.path}.round_down_to")
    facts.append(page.fact("show.fact.round", page.say("show.round", step=step), mark))
    fund = page.say("show.fund", fund=part.cover) if part.cover else page.say("show.no-fund")
    mark = page.mark(f"cover.{part.name}")
    facts.append(page.fact("show.fact.cover", fund, mark))
    yield Block(part.title.text(page.lang), 2, part.path, facts=tuple(facts))
    for method in part.methods:
        yield _method(page, method)
    for limit in part.limits:
        title = page.say("show.limit", title=page.name(limit.title, limit.name))
        yield _limit(page, limit, title, 3)
    if part.gates:
        yield Block(
            page.say("show.part-gates"),
            3,
            f"{part.path}.gates",
            columns=page.columns("code", "name", "condition"),
            rows=tuple(gate_row(page, gate) for gate in part.gates),
        )


def _how(page: Page, part: Part) -> str:
    if part.tiers:
        return page.say("show.amount-of-tier")
    comma = page.say("show.parts-comma")
    titles = comma.join(_method_title(page, method) for method in part.methods)
    pick = part.pick if len(part.methods) > 1 else "one"
    return page.say(f"show.methods.{pick}", methods=titles)


def _how_mark(page: Page, part: Part) -> Mark:
    if part.tiers:
        return Mark()
    return page.rule_mark(part.path, f"{part.path}.pick")


def _method_title(page: Page, method: BaseMethod) -> str:
    return page.name(method.title, page.say(f"show.method.{method.method}"))


def _method(page: Page, method: BaseMethod) -> Block:
    facts = []
    for label, text, keys in method_facts(method, page.lang):
        paths = [f"{method.path}.{key}" for key in keys.split()]
        mark = page.rule_mark(method.path, *paths) if paths else None
        facts.append(page.fact(label, text, mark))
    rows: tuple[Row, ...] = ()
    table = method.indicator
    if table is not None:
        text = measure_with_unit(table.measure, page.lang, page.titles)
        facts = [page.fact("show.fact.measure", text), *table_facts(page, table)]
        paths = [f"{method.path}.amounts.{band.label}" for band in table.bands]
        rows = tuple(
            band_rows(
                page,
                table,
                [amount(worth, page.currency, page.lang) for worth in method.amounts],
                paths,
                what="amount",
            )
        )
    return Block(
        page.say("show.method", title=_method_title(page, method)),
        3,
        method.path,
        facts=tuple(facts),
        columns=page.columns("band", "condition", "line") if rows else (),
        rows=rows,
    )


# -- limits ----------------------------------------------------------------------------------


def _limit(page: Page, limit: Limit, title: str, level: int, extra: tuple[Row, ...] = ()) -> Block:
    facts = list(extra)
    if limit.less:
        mark = page.rule_mark(limit.path, f"{limit.path}.less")
        facts.append(page.fact("show.fact.limit-less", labels(limit.less, page.lang), mark))
    if limit.less or any(case.of or case.when for case in limit.cases):
        text = page.say("show.limit-skip" if limit.skip else "show.limit-open")
        mark = page.mark(f"{limit.path}.when_missing")
        facts.append(page.fact("show.fact.missing", text, mark))
    first = limit.cases[0]
    if first.when is None:
        mark = page.rule_mark(first.path)
        facts.insert(len(extra), page.fact("show.fact.limit", _limit_text(page, first), mark))
        return Block(title, level, limit.path, facts=tuple(facts))
    rows = [_case(page, case) for case in limit.cases]
    if limit.cases[-1].when is not None:
        rows.append(page.row(page.say("show.other-firms"), page.say("show.not-limited")))
    columns = page.columns("case", "limit")
    return Block(title, level, limit.path, facts=tuple(facts), columns=columns, rows=tuple(rows))


def _case(page: Page, case: LimitCase) -> Row:
    firms = page.say("show.other-firms") if case.when is None else page.words(case.when)
    return page.row(firms, _limit_text(page, case), mark=page.rule_mark(case.path))


def _limit_text(page: Page, case: LimitCase) -> str:
    if case.amount is not None:
        return amount(case.amount, page.currency, page.lang)
    assert case.share is not None
    assert case.of is not None
    of = side_text(case.of, page.lang)
    return page.say("show.limit-share", share=percent(case.share), of=of)


def _joint(page: Page, joint: JointLimit) -> Block:
    titles = {part.name: part.title.text(page.lang) for part in page.policy.rules.parts}
    over = page.say("show.over-sum", parts=page.join(titles.get(n, n) for n in joint.over))
    if joint.cuts_first == "pro_rata":
        cuts = page.say("show.cuts-pro-rata")
    else:
        cuts = page.say("show.cuts", part=titles.get(joint.cuts_first, joint.cuts_first))
    extra = (
        page.fact("show.fact.over", over, page.mark(f"{joint.path}.over")),
        page.fact("show.fact.cuts", cuts, page.rule_mark(joint.path, f"{joint.path}.cuts_first")),
    )
    title = page.name(joint.limit.title, joint.limit.name)
    return _limit(page, joint.limit, title, 2, extra)


# -- loan ------------------------------------------------------------------------------------


def _loan(page: Page, loan: Loan) -> Block:
    facts = []
    if loan.max_term_months is not None:
        text = page.say("show.months-most", count=loan.max_term_months)
        facts.append(page.fact("show.fact.term", text, page.mark(f"{loan.path}.max_term_months")))
    if loan.rate_spread is not None:
        text = rate_text(loan.rate_series, loan.rate_spread, page.lang)
        facts.append(page.fact("show.fact.rate", text, page.mark(f"{loan.path}.rate")))
    if loan.valid_months is not None:
        text = page.say("show.months", count=loan.valid_months)
        facts.append(page.fact("show.fact.valid", text, page.mark(f"{loan.path}.validity")))
    if loan.renewal is not None:
        mark = page.rule_mark(f"{loan.path}.validity", f"{loan.path}.validity.renewal")
        facts.append(page.fact("show.fact.renewal", loan.renewal.text(page.lang), mark))
    # A certificate has no loan, but it has an end.
    lent = loan.max_term_months is not None or loan.rate_spread is not None
    heading = page.say("show.section.loan" if lent else "show.section.validity")
    return Block(heading, 1, loan.path, facts=tuple(facts))


def rate_text(series: str, spread: Fraction, lang: str) -> str:
    """A rate: the series it follows, and the spread in percentage points.

    >>> rate_text("LPR-1Y", Fraction("-0.0025"), "en")
    'LPR-1Y less 0.25 percentage points'
    """
    if not spread:
        return say("show.rate", lang, series=series)
    code = "show.rate-plus" if spread > 0 else "show.rate-minus"
    return say(code, lang, series=series, points=plain(abs(spread) * 100))
