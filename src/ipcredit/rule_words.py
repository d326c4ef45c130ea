"""Rules of a policy in words, as a printed policy needs them: conditions item by item, dates in
force, methods of the base line, values as the file writes them.

Shorter phrases (one figure, one comparison) are in :mod:`ipcredit.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import cast

from ipcredit import messages
from ipcredit.editions import InForce
from ipcredit.fields import FIELDS
from ipcredit.messages.fields import UNITS
from ipcredit.money import MoneyError, parse_money
from ipcredit.rules import (
    AllOf,
    AnyOf,
    BaseMethod,
    ByClass,
    Compare,
    Condition,
    Indicator,
    Measure,
    Rules,
)
from ipcredit.wording import (
    amount,
    compared,
    figure_text,
    measure_text,
    percent,
    plain,
    say,
)
from ipcredit.working_capital import ON_COST, ON_SALES, WorkingCapital

_COUNTED = ("persons", "rights", "products")
_GAP = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def known(code: str) -> bool:
    """Whether there is a text for this message code."""
    return code in messages.CATALOGUE


def labels(names: tuple[str, ...], lang: str) -> str:
    """Fields by their labels, as one list."""
    return say("show.comma", lang).join(FIELDS[name].label(lang) for name in names)


def dates_text(dates: InForce, lang: str) -> str:
    """What is known about the days in force, and what is not public, as a sentence.

    >>> import datetime as dt
    >>> dates_text(InForce(after=dt.date(2018, 8, 29), seen=dt.date(2023, 8, 11)), "zh")
    '2018-08-29 之后开始，2023-08-11 见于施行'
    """
    args = {"start": dates.start, "after": dates.after, "seen": dates.seen}
    if dates.start:
        code = "from"
    elif dates.after:
        code = "after-seen" if dates.seen else "after"
    else:
        code = "seen" if dates.seen else "unknown-start"
    found = [say(f"show.dates.{code}", lang, **args)]
    if dates.last_seen:
        found.append(say("show.dates.last-seen", lang, last_seen=dates.last_seen))
    if dates.until:
        found.append(say("show.dates.until", lang, until=dates.until))
    return say("show.dates.comma", lang).join(found)


def currency_text(currency: str, lang: str) -> str:
    """A currency by name and code."""
    code = f"show.currency.{currency}"
    return say(code, lang) if known(code) else currency


def closed(text: str) -> str:
    """Text without the blanks that a phrase leaves between two Chinese characters.

    >>> closed("销售收入 ≤ 2 亿元 的"), closed("职工总数 ≤ 500 的")
    ('销售收入 ≤ 2 亿元的', '职工总数 ≤ 500 的')
    """
    return _GAP.sub("", text)


def measure_with_unit(about: Measure, lang: str, titles: Mapping[str, str]) -> str:
    """What is measured, and in what it is counted: ``职工总数（人）``."""
    label = measure_text(about, lang, titles)
    if about.kind != "field" or about.unit != "count" or about.num is None:
        return label
    unit = FIELDS[about.num.fields[0][0]].unit
    if unit not in _COUNTED:
        return label
    word = UNITS[unit][1 if lang == "zh" else 0]
    return say("show.with-unit", lang, label=label, unit=word)


# -- conditions ------------------------------------------------------------------------------


def condition_words(
    rule: Condition, currency: str, lang: str, titles: Mapping[str, str], depth: int = 0
) -> str:
    """A condition in words; several items stand on lines of their own, numbered and indented."""

    def words(part: Condition, inner: int = depth + 1) -> str:
        return condition_words(part, currency, lang, titles, inner)

    if isinstance(rule, Compare):
        left = measure_text(rule.measure, lang, titles)
        return f"{left} {compared(rule.measure, rule.op, rule.cut, rule.values, currency, lang)}"
    if isinstance(rule, ByClass):
        return _items(say("show.by-class", lang), _classes(rule, words, lang), depth, lang)
    if each_year(rule):
        text = words(rule.parts[0], depth)
        return closed(say("show.each-year", lang, text=text, years=len(rule.parts)))
    if len(rule.parts) == 1:
        return words(rule.parts[0], depth)
    code = "show.all-of" if isinstance(rule, AllOf) else "show.any-of"
    return _items(say(code, lang), [words(part) for part in rule.parts], depth, lang)


def _classes(rule: ByClass, words: Callable[[Condition], str], lang: str) -> list[str]:
    found = []
    for _, when, then in rule.cases:
        if when is None:
            found.append(say("show.class-rest", lang, then=words(then)))
        else:
            found.append(closed(say("show.class", lang, when=words(when), then=words(then))))
    if all(when is not None for _, when, _ in rule.cases):
        found.append(say("show.class-none", lang))
    return found


def _items(opening: str, items: list[str], depth: int, lang: str) -> str:
    indent = "  " * (depth + 1)
    lines = [
        indent + say("show.item", lang, number=at, text=text) for at, text in enumerate(items, 1)
    ]
    return "\n".join([opening, *lines])


def each_year(rule: Condition) -> bool:
    """Whether this is ``in_each_of``: one comparison, once for each of several years."""
    return (
        isinstance(rule, AllOf)
        and len(rule.parts) > 1
        and all(isinstance(part, Compare) and part.path == rule.path for part in rule.parts)
    )


def comparisons(rule: Condition) -> Iterator[Compare]:
    """Every comparison in a condition."""
    if isinstance(rule, Compare):
        yield rule
    elif isinstance(rule, ByClass):
        for _, when, then in rule.cases:
            for part in (when, then):
                if part is not None:
                    yield from comparisons(part)
    elif isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from comparisons(part)


# -- values as the file writes them ----------------------------------------------------------

_UNIT_OF_KEY = {
    "weight": "share",
    "share": "share",
    "less_own_margin": "share",
    "growth": "share",
    "spread": "share",
    "amount": "money",
    "round_down_to": "money",
    "max_term_months": "months",
    "months": "months",
}
_WORDY = (
    "pick", "role", "zero_denominator", "missing_option", "when_missing", "cuts_first", "margin",
    "turns", "average", "growth",
)  # fmt: skip


def units_by_path(rules: Rules) -> dict[str, str]:
    """The unit of every threshold of a policy, by the path of its value."""
    conditions = [gate.condition for gate in rules.gates]
    conditions += [item.condition for item in rules.confirmations]
    conditions += [item.condition for item in rules.raises]
    tables = [item for dimension in rules.dimensions for item in dimension.indicators]
    if rules.tiers is not None and rules.tiers.indicator is not None:
        tables.append(rules.tiers.indicator)
    limits = [joint.limit for joint in rules.joint]
    for part in rules.parts:
        conditions += [gate.condition for gate in part.gates]
        tables += [item.indicator for item in part.methods if item.indicator is not None]
        limits += part.limits
    conditions += [case.when for limit in limits for case in limit.cases if case.when is not None]
    found = {
        f"{one.path}.{one.op}": one.measure.unit
        for condition in conditions
        for one in comparisons(condition)
    }
    for table in tables:
        for band in table.bands:
            key = "every" if band.path.endswith(".step") else band.op
            found[f"{band.path}.{key}"] = table.measure.unit
    return found


def written_text(raw: str, path: str, units: Mapping[str, str], currency: str, lang: str) -> str:
    """A value as the file writes it (``0.06``, ``450 万元``, ``true``) in words, where it has any.

    >>> written_text("0.06", "rd.weight", {}, "CNY", "en"), written_text("true", "x", {}, "CNY", "zh")
    ('6 %', '是')
    """
    if raw in ("true", "false"):
        return say("words.yes" if raw == "true" else "words.no", lang)
    key = path.rpartition(".")[2]
    if key in _WORDY and known(f"show.word.{raw}"):
        return say(f"show.word.{raw}", lang)
    if raw in FIELDS:
        return FIELDS[raw].label(lang)
    unit = units.get(path, _UNIT_OF_KEY.get(key, ""))
    if ".amounts." in path:
        unit = "money"
    elif ".points" in path:
        unit = "points"
    try:
        if unit == "money":
            return amount(parse_money(raw, currency), currency, lang)
        return figure_text(Fraction(Decimal(raw)), unit, currency, lang) if unit else raw
    except (InvalidOperation, MoneyError, ValueError):
        return raw


# -- methods of the base line ----------------------------------------------------------------

Fact = tuple[str, str, str]
"""A labelled fact: message code of the label, the text, the key of its value in the file."""


def method_facts(rule: BaseMethod, lang: str) -> list[Fact]:
    """How a method reckons its amount, one fact for each thing it was told.

    >>> one = BaseMethod("tax", "tax_multiple", None,
    ...                  (("multiple", Fraction(7)), ("years", Fraction(2))), None, (), "base")
    >>> method_facts(one, "en")
    [('show.fact.formula', '7 times Tax paid, mean of 2 years', 'multiple years')]
    """
    if rule.method == "working_capital":
        return _working_capital(cast(WorkingCapital, rule.option("rule")), lang)
    if rule.method == "tax_multiple":
        years = cast(Fraction, rule.option("years"))
        text = say(
            "show.formula.tax_multiple",
            lang,
            multiple=plain(cast(Fraction, rule.option("multiple"))),
            tax=FIELDS["tax_paid"].label(lang),
            years=plain(years),
        )
        return [("show.fact.formula", text, "multiple years")]
    if rule.method == "share_of":
        own = cast(Fraction | None, rule.option("less_own_margin"))
        text = say(
            "show.formula.share_of" if own is None else "show.formula.share_of-own",
            lang,
            share=percent(cast(Fraction, rule.option("share"))),
            of=_shared(rule, lang),
            own="" if own is None else percent(own),
        )
        return [("show.fact.formula", text, "share less_own_margin")]
    return []


def _shared(rule: BaseMethod, lang: str) -> str:
    """What a share is taken of: a field, or what is left of it."""
    of = labels(cast(tuple[str, ...], rule.option("of")), lang)
    less = cast(tuple[str, ...], rule.option("less") or ())
    if not less:
        return of
    taken = " - ".join(FIELDS[name].label(lang) for name in less)
    return say("show.formula.rest", lang, of=of, less=taken)


def _working_capital(rule: WorkingCapital, lang: str) -> list[Fact]:
    def label(name: str) -> str:
        return FIELDS[name].label(lang)

    def stated(name: str) -> str:
        return say("show.stated", lang, field=label(name))

    names = {"sales": label("sales"), "cost": label("cost_of_sales"), "profit": label("net_profit")}
    formula = say(
        "show.formula.working_capital", lang, less=labels(rule.less, lang), sales=names["sales"]
    )
    margin = rule.margin
    turns = rule.turns
    if isinstance(margin, Fraction):
        margin_text = percent(margin)
    else:
        margin_text = say(f"show.margin.{margin}", lang, **names)
    if isinstance(turns, Fraction):
        turns_text = plain(turns)
    elif turns == "stated":
        turns_text = stated("working_capital_turns")
    else:
        signs = ON_SALES | ON_COST
        turns_text = say(
            "show.turns.balances",
            lang,
            added=labels(tuple(name for name, sign in signs.items() if sign > 0), lang),
            taken=labels(tuple(name for name, sign in signs.items() if sign < 0), lang),
            on_sales=labels(tuple(ON_SALES), lang),
            **names,
        )
    growth = rule.growth
    facts = [
        ("show.fact.formula", formula, ""),
        ("show.fact.margin", margin_text, "margin"),
        (
            "show.fact.growth",
            percent(growth) if isinstance(growth, Fraction) else stated("expected_growth"),
            "growth",
        ),
        ("show.fact.turns", turns_text, "turns"),
    ]
    if turns == "balances":
        facts.append(("show.fact.average", say(f"show.average.{rule.average}", lang), "average"))
    return facts


def step_text(table: Indicator, currency: str, lang: str) -> str:
    """``step`` in words, empty for any other table: points for each full unit, at most so many."""
    one = table.bands[-2] if len(table.bands) > 1 else None
    if one is None or one.cut is None or not one.path.endswith(".step"):
        return ""
    every = figure_text(one.cut.at, table.measure.unit, currency, lang)
    points, most = plain(one.points[0]), plain(table.bands[0].points[0])
    return closed(say("show.step", lang, every=every, points=points, most=most))


__all__ = [
    "Fact",
    "closed",
    "comparisons",
    "condition_words",
    "currency_text",
    "dates_text",
    "each_year",
    "known",
    "labels",
    "measure_with_unit",
    "method_facts",
    "step_text",
    "units_by_path",
    "written_text",
]
