"""Rules and figures in words, Chinese or English: what tables and explanations are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

from ipcredit import messages
from ipcredit.fields import FIELDS, MILLION
from ipcredit.money import format_money
from ipcredit.rules import (
    AllOf,
    AnyOf,
    Band,
    ByClass,
    Compare,
    Condition,
    Cut,
    Indicator,
    Measure,
    Op,
    Term,
)

_SIGNS = {Op.AT_LEAST: "≥", Op.MORE_THAN: ">", Op.AT_MOST: "≤", Op.LESS_THAN: "<", Op.IS: "="}
_EPOCH = dt.date(1970, 1, 1)


def say(code: str, lang: str, **args: object) -> str:
    """The text of a message code (see :mod:`ipcredit.messages`)."""
    return messages.text(code, lang, **args)


def term_text(term: Term, lang: str) -> str:
    """A sum of fields by their labels, yearly windows as one.

    >>> from ipcredit.rules import Term
    >>> term_text(Term((("rd_expense", 1),), 1, "rd_expense"), "en")
    'R&D expense'
    """
    if len(term.fields) == 1:
        name, weight = term.fields[0]
        label = FIELDS[name].label(lang)
        return label if weight == term.scale else f"{label} × {plain(Fraction(weight, term.scale))}"
    bases = {FIELDS[name].base or name for name, _ in term.fields}
    if len(bases) == 1 and term.skip_none:
        label = FIELDS[next(iter(bases))].label(lang)
        return say("words.years-sum", lang, label=label, years=len(term.fields))
    parts = []
    for name, weight in term.fields:
        label = FIELDS[name].label(lang)
        factor = Fraction(weight, term.scale)
        parts.append(label if factor == 1 else f"{label} × {plain(factor)}")
    return " + ".join(parts)


def measure_text(about: Measure, lang: str, titles: Mapping[str, str] | None = None) -> str:
    """What is measured; ``titles`` name the dimensions whose points may be meant."""
    if about.kind == "points":
        title = (titles or {}).get(about.of, about.of)
        code = "words.total-points" if about.of == "total" else "words.points-of"
        return say(code, lang, title=title)
    if about.kind == "growth":
        label = FIELDS[about.series[-1]].label(lang)
        return say(f"words.growth.{about.method}", lang, label=label)
    assert about.num is not None
    first = term_text(about.num, lang)
    if about.kind == "ratio":
        assert about.den is not None
        return f"{first} ÷ {term_text(about.den, lang)}"
    if about.kind in ("since", "until"):
        return say(f"words.{about.kind}", lang, label=first)
    return first


def plain(value: Fraction | int) -> str:
    """A number without exponent or trailing zeros; a fraction that has no end as p/q.

    >>> plain(Fraction("0.050")), plain(60), plain(Fraction(1, 3))
    ('0.05', '60', '1/3')
    """
    value = Fraction(value)
    if value.denominator == 1:
        return f"{value.numerator:,}"
    digits = 0
    while digits < 12 and (value * 10**digits).denominator != 1:
        digits += 1
    return str(value) if digits == 12 else f"{float(value):,.{digits}f}"


def percent(value: Fraction, cuts: Sequence[Fraction] = ()) -> str:
    """A share in percent with two decimals, more where rounding would touch one of the cuts.

    >>> percent(Fraction("0.0499999"), [Fraction("0.05")]), percent(Fraction("0.05"))
    ('4.99999 %', '5 %')
    """
    for digits in range(2, 13):
        rounded = Fraction(round(value * 100 * 10**digits), 10**digits)
        if all((rounded / 100 >= cut) == (value >= cut) for cut in cuts) and all(
            (rounded / 100 > cut) == (value > cut) for cut in cuts
        ):
            break
    return f"{float(rounded):.{digits}f}".rstrip("0").rstrip(".") + " %"


def amount(minor: int, currency: str, lang: str) -> str:
    """An amount of money as a banker writes it."""
    return format_money(minor, currency, lang)


def figure_text(
    value: Fraction, unit: str, currency: str, lang: str, cuts: Sequence[Fraction] = ()
) -> str:
    """A figure in the unit of its measure."""
    if unit == "money":
        return amount(int(value), currency, lang)
    if unit == "share":
        return percent(value, cuts)
    if unit in ("days", "months", "years"):
        return say(f"words.unit.{unit}", lang, count=plain(value))
    if unit == "points":
        return say("words.unit.points", lang, count=plain(value))
    return plain(value)


def value_text(name: str, value: int, currency: str, lang: str) -> str:
    """A field's stored value (column units) in words."""
    spec = FIELDS[name]
    if spec.kind == "money":
        return amount(value, currency, lang)
    if spec.kind == "share":
        return percent(Fraction(value, MILLION))
    if spec.kind == "decimal":
        return plain(Fraction(value, MILLION))
    if spec.kind == "date":
        return (_EPOCH + dt.timedelta(days=value)).isoformat()
    if spec.kind == "flag":
        return say("words.yes" if value else "words.no", lang)
    if spec.kind == "choice":
        return spec.choice_label(spec.choices[value], lang)
    return f"{value:,}" if spec.kind != "year" else str(value)


def threshold_text(about: Measure, cut: Cut, currency: str, lang: str) -> str:
    """A threshold in the unit of its measure."""
    return figure_text(cut.at, about.unit, currency, lang)


def choices_text(about: Measure, values: Sequence[int], lang: str) -> str:
    """Categories by their labels."""
    assert about.num is not None
    name = about.num.fields[0][0]
    texts = [value_text(name, value, "CNY", lang) for value in values]
    return say("words.or", lang).join(texts)


def compared(
    about: Measure, op: Op | None, cut: Cut | None, values: tuple[int, ...], currency: str, lang: str
) -> str:
    """The right-hand side of a comparison: ``≥ 6 %``, ``= 是``."""
    if op is None:
        return say("words.below-all", lang)
    if cut is None:
        return f"= {choices_text(about, values, lang)}"
    return f"{_SIGNS[op]} {threshold_text(about, cut, currency, lang)}"


def band_text(band: Band, table: Indicator, currency: str, lang: str) -> str:
    """The condition of one band of a table; what holds below all the others is said so."""
    if band.op is None and table.categorical:
        return say("words.all-others", lang)
    if band.op is None and not table.rising:
        return say("words.above-all", lang)
    return compared(table.measure, band.op, band.cut, band.values, currency, lang)


def condition_text(
    rule: Condition, currency: str, lang: str, titles: Mapping[str, str] | None = None
) -> str:
    """A condition tree in words."""
    if isinstance(rule, Compare):
        left = measure_text(rule.measure, lang, titles)
        return f"{left} {compared(rule.measure, rule.op, rule.cut, rule.values, currency, lang)}"
    if isinstance(rule, ByClass):
        parts = []
        for _, when, then in rule.cases:
            result = condition_text(then, currency, lang, titles)
            if when is None:
                parts.append(say("words.otherwise", lang, then=result))
            else:
                cause = condition_text(when, currency, lang, titles)
                parts.append(say("words.if", lang, when=cause, then=result))
        return say("words.semicolon", lang).join(parts)
    texts = [condition_text(part, currency, lang, titles) for part in rule.parts]
    joined = say("words.and" if isinstance(rule, AllOf) else "words.or", lang).join(texts)
    return f"({joined})" if isinstance(rule, AnyOf) and len(texts) > 1 else joined
