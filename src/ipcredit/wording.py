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


def counted(code: str, count: str, lang: str, **args: object) -> str:
    """A count with its unit: where the count is 1 the text of ``code.one``, if there is one.

    >>> counted("words.unit.points", "1", "en"), counted("words.unit.points", "87.5", "en")
    ('1 point', '87.5 points')
    """
    one = f"{code}.one"
    single = count == "1" and one in messages.CATALOGUE
    return say(one if single else code, lang, count=count, **args)


def term_text(term: Term, lang: str) -> str:
    """A sum of fields by their labels, yearly windows as one.

    >>> from ipcredit.rules import Term
    >>> term_text(Term((("rd_expense", 5), ("rd_outsourced", -1)), 5, "rd_expense"), "en")
    'R&D expense - Contracted-out R&D expense × 0.2'
    """
    found = ""
    for name, weight, years in _windows(term):
        text = FIELDS[name].label(lang)
        if years > 1:
            text = say("words.years-sum", lang, label=text, years=years)
        factor = abs(Fraction(weight, term.scale))
        text += "" if factor == 1 else f" × {plain(factor)}"
        sign = "-" if weight < 0 else "+" if found else ""
        found += f" {sign} {text}" if found else f"{sign}{text}"
    return found


def _windows(term: Term) -> list[tuple[str, int, int]]:
    """The fields of a sum with their weights, years that follow one another as one of so many."""
    found: list[tuple[str, int, int]] = []
    for name, weight in term.fields:
        spec = FIELDS[name]
        if found and term.skip_none and found[-1] == (spec.base, weight, spec.ago):
            found[-1] = (spec.base, weight, spec.ago + 1)
        else:
            found.append((name, weight, 1))
    return found


def side_text(term: Term, lang: str) -> str:
    """A sum of fields beside another sign: in brackets where it has several parts.

    >>> from ipcredit.rules import Term
    >>> side_text(Term((("sales", 2), ("net_assets", 1)), 2, ""), "en")
    '(Sales + Net assets × 0.5)'
    """
    text = term_text(term, lang)
    several = " + " in text or " - " in text
    return say("words.brackets", lang, text=text).strip() if several else text


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
    if about.kind == "ratio":
        assert about.den is not None
        return f"{side_text(about.num, lang)} ÷ {side_text(about.den, lang)}"
    first = term_text(about.num, lang)
    if about.kind in ("since", "until"):
        return say(f"words.{about.kind}", lang, label=first)
    return first


def plain(value: Fraction | int) -> str:
    """A number without exponent or trailing zeros; a fraction that has no end as p/q.

    >>> plain(Fraction("0.050")), plain(60), plain(Fraction(1, 3))
    ('0.05', '60', '1/3')
    """
    value = Fraction(value)
    digits = 0
    while digits < 12 and (value * 10**digits).denominator != 1:
        digits += 1
    return str(value) if digits == 12 else _fixed(value, digits)


def _fixed(value: Fraction, digits: int) -> str:
    """With so many decimals, rounded half to even, thousands separated: no float on the way."""
    scaled = round(value * 10**digits)
    whole, rest = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:0{digits}d}" if digits else "")


def rounded(value: Fraction, cuts: Sequence[Fraction] = ()) -> str:
    """A figure with two decimals, more where rounding would carry it over one of the cuts.

    >>> rounded(Fraction(2, 3)), rounded(Fraction("4.99999"), [Fraction(5)]), rounded(Fraction(5))
    ('0.67', '4.99999', '5')
    """
    digits = 2
    while digits < 12:
        near = Fraction(round(value * 10**digits), 10**digits)
        if all((near >= cut) == (value >= cut) and (near > cut) == (value > cut) for cut in cuts):
            break
        digits += 1
    return _fixed(value, digits).rstrip("0").rstrip(".")


def percent(value: Fraction, cuts: Sequence[Fraction] = ()) -> str:
    """A share in percent, rounded as :func:`rounded` does.

    >>> percent(Fraction("0.0499999"), [Fraction("0.05")]), percent(Fraction("0.05"))
    ('4.99999 %', '5 %')
    """
    return f"{rounded(value * 100, [cut * 100 for cut in cuts])} %"


def amount(minor: int, currency: str, lang: str) -> str:
    """An amount of money as a banker writes it."""
    return format_money(minor, currency, lang)


def figure_text(
    value: Fraction, unit: str, currency: str, lang: str, cuts: Sequence[Fraction] = ()
) -> str:
    """A figure in the unit of its measure; rounding never carries it over one of ``cuts``."""
    if unit == "money":
        return amount(int(value), currency, lang)
    if unit == "share":
        return percent(value, cuts)
    if unit in ("days", "months", "years", "points"):
        exact = plain(value)
        return counted(f"words.unit.{unit}", rounded(value, cuts) if "/" in exact else exact, lang)
    return rounded(value, cuts)


def value_text(name: str, value: int, currency: str, lang: str) -> str:
    """A field's stored value (column units) in words."""
    spec = FIELDS[name]
    if spec.kind == "money":
        return amount(value, currency, lang)
    if spec.kind == "share" or (spec.kind == "decimal" and spec.unit == "share"):
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
    return figure_text(cut.at, about.unit, currency, lang, (cut.at,))


def choices_text(about: Measure, values: Sequence[int], lang: str) -> str:
    """Categories by their labels."""
    assert about.num is not None
    name = about.num.fields[0][0]
    texts = [value_text(name, value, "CNY", lang) for value in values]
    return say("words.or", lang).join(texts)


def compared(
    about: Measure,
    op: Op | None,
    cut: Cut | None,
    values: tuple[int, ...],
    currency: str,
    lang: str,
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


def required_text(
    rule: Condition, currency: str, lang: str, titles: Mapping[str, str] | None = None
) -> str:
    """What a condition asks for, without repeating the figure where it asks for one alone.

    >>> from ipcredit.rules import Compare, Measure, Term
    >>> staff = Measure("field", "count", Term((("staff_total", 1),), 1, "staff_total"))
    >>> most = Compare(staff, Op.AT_MOST, Cut(Fraction(500), True), (), "500", "gates.size")
    >>> required_text(most, "CNY", "en")
    '≤ 500'
    """
    if not isinstance(rule, Compare) or rule.measure.kind in ("since", "until"):
        text = condition_text(rule, currency, lang, titles)
        return text[1:-1] if isinstance(rule, AnyOf) and len(rule.parts) > 1 else text
    text = compared(rule.measure, rule.op, rule.cut, rule.values, currency, lang)
    return text.removeprefix("= ") if rule.cut is None else text


def condition_text(
    rule: Condition, currency: str, lang: str, titles: Mapping[str, str] | None = None
) -> str:
    """A condition tree in words."""
    if isinstance(rule, Compare):
        left = measure_text(rule.measure, lang, titles)
        right = compared(rule.measure, rule.op, rule.cut, rule.values, currency, lang)
        return f"{left}{'' if left.endswith('）') else ' '}{right}"
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
    joined = say("words.and" if isinstance(rule, AllOf) else "words.or-else", lang).join(texts)
    several = isinstance(rule, AnyOf) and len(texts) > 1
    return say("words.brackets", lang, text=joined).strip() if several else joined
