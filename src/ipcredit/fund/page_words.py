"""Clauses of a fund in words: to which loans they apply, ceilings, values as the file writes them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ipcredit.fund.terms import Ceiling, Claim, Growth, Step, When
from ipcredit.money import MoneyError, parse_money
from ipcredit.rule_words import closed, known
from ipcredit.traits import AMOUNTS, PARTS
from ipcredit.wording import amount, percent, plain, say

_SIGNS = {"at_least": "≥", "above": ">", "at_most": "≤", "below": "<"}
_COUNTED = ("most", "to", "factor", "up_to")  # numbers that are no shares, by their key
_DAYS = ("overdue_days", "waiting_days")
_WORDS = {
    "covers": "covers", "measure": "", "per": "per", "of": "base", "over": "base",
    "stops": "stops", "lifts": "lifts", "tested": "capital", "capital": "capital",
    "shortage": "shortage", "order": "order", "pick": "pick", "districts": "districts",
}  # fmt: skip


def phrase(code: str, lang: str, **args: object) -> str:
    """A phrase of a printed fund: the text of ``fund-show.<code>``."""
    text = say(f"fund-show.{code}", lang, **args)
    return closed(text) if lang == "zh" else text


def bound_text(name: str, value: Fraction, currency: str, lang: str) -> str:
    """A bound on an attribute of a loan, in its unit."""
    if name in AMOUNTS:
        return amount(int(value), currency, lang)
    if name == "support_years":
        return phrase("years", lang, count=plain(value))
    return percent(value)


def _word(attribute: str, word: str, lang: str) -> str:
    """A word of a test; the parts of a line by their names, the others as the file writes them."""
    return phrase(f"list-covers.{word}", lang) if attribute == "part" and word in PARTS else word


def when_text(test: When, currency: str, lang: str) -> str:
    """To which loans a rule applies.

    >>> small = When(words=(("mode", ("direct",)),), below=(("revenue", Fraction(10**9)),))
    >>> when_text(small, "CNY", "en")
    "mode of the loan = direct and the firm's revenue < CNY 10 million"
    """
    either = phrase("or", lang)
    parts = []
    for name, words in test.words:
        found = either.join(_word(name, word, lang) for word in words)
        parts.append(phrase("is", lang, label=phrase(f"attribute.{name}", lang), words=found))
    if test.tags:
        parts.append(phrase("tagged", lang, words=either.join(test.tags)))
    for op, sign in _SIGNS.items():
        for name, value in getattr(test, op):
            text = bound_text(name, value, currency, lang)
            parts.append(f"{phrase(f'attribute.{name}', lang)} {sign} {text}")
    return say("words.and", lang).join(parts) or phrase("all-loans", lang)


def band_texts(by: str, steps: tuple[Step, ...], currency: str, lang: str) -> list[str]:
    """The loans of each band, and of what is above the last one where that has a bound.

    >>> bands = (Step(Fraction(10**9), Fraction(1)),)
    >>> band_texts("size", bands, "CNY", "en")
    ['up to CNY 10 million', 'above CNY 10 million: not under this rule']
    """
    found, low = [], ""
    for step in steps:
        if step.up_to is None:
            found.append(phrase("beyond" if low else "all-loans", lang, low=low))
            return found
        bound = bound_text(by, step.up_to, currency, lang)
        found.append(phrase("between" if low else "up-to", lang, low=low, bound=bound))
        low = bound
    return [*found, phrase("not-covered", lang, band=phrase("beyond", lang, low=low))]


# -- ceilings --------------------------------------------------------------------------------


def ceiling_text(ceiling: Ceiling, currency: str, lang: str) -> str:
    """How much a limit allows.

    >>> tenth = Fraction(1, 10)
    >>> cap = Ceiling(base="volume", steps=(Step(None, 2 * tenth),), guarantee_rate=5 * tenth)
    >>> ceiling_text(cap, "CNY", "en")
    '20 % of 50 % of all that was lent, which is 10 % of it'
    """
    if ceiling.amount is not None:
        return amount(ceiling.amount, currency, lang)
    base = phrase(f"base.{ceiling.base}", lang)
    share = ceiling.guarantee_rate
    if len(ceiling.steps) == 1 and ceiling.steps[0].up_to is None:
        rate = ceiling.steps[0].rate
        text = phrase("rate-of", lang, rate=percent(rate), base=base)
        if share != 1:
            args = {"rate": percent(rate), "guarantee": percent(share)}
            text = phrase("guaranteed", lang, **args, base=base, product=percent(rate * share))
    else:
        if share != 1:
            base = phrase("rate-of", lang, rate=percent(share), base=base)
        text = phrase("stepped", lang, base=base, steps=_steps(ceiling.steps, currency, lang))
    if ceiling.growth is not None:
        growth = growth_text(ceiling.growth, lang)
        text = phrase("grown", lang, ceiling=text, growth=growth)
    return text


def growth_text(growth: Growth, lang: str) -> str:
    """A rate that grows with use, as its formula."""
    args = {name: percent(getattr(growth, name)) for name in ("most", "unused", "share", "initial")}
    factor = plain(growth.factor)
    return phrase("grows", lang, rate=percent(growth.rate), factor=factor, **args)


def _steps(steps: tuple[Step, ...], currency: str, lang: str) -> str:
    parts = []
    for at, step in enumerate(steps):
        rate = percent(step.rate)
        if step.up_to is None:
            parts.append(phrase("step-last", lang, rate=rate))
        else:
            bound = amount(int(step.up_to), currency, lang)
            parts.append(phrase("step-next" if at else "step", lang, rate=rate, bound=bound))
    return say("show.parts-comma", lang).join(parts)


def due_text(claim: Claim, lang: str) -> str:
    """When a claim is due."""
    days = claim.overdue_days + claim.waiting_days
    if not days:
        return phrase("due-now", lang)
    if not claim.waiting_days:
        return phrase("due", lang, days=days)
    args = {"overdue": claim.overdue_days, "wait": claim.waiting_days}
    return phrase("due-wait", lang, days=days, **args)


def raw_text(raw: str, path: str, currency: str, lang: str) -> str:
    """A value as a fund file writes it, in words where it has any.

    >>> raw_text("0.08", "breakers.stop.at", "CNY", "en"), raw_text("90", "claim.overdue_days", "CNY", "zh")
    ('8 %', '90')
    """
    parts = [part for part in path.split(".") if part != "value"]
    key = parts[-1]
    if raw in ("true", "false"):
        return say("words.yes" if raw == "true" else "words.no", lang)
    code = f"{_WORDS.get(key, '')}.{raw}"
    if known(f"fund-show.{code}"):
        return phrase(code, lang)
    try:
        number = Fraction(Decimal(raw))
    except (InvalidOperation, ValueError, OverflowError):
        try:
            return amount(parse_money(raw, currency), currency, lang)
        except MoneyError:
            return raw
    counted = key in _DAYS or (key in _COUNTED and parts[0] in ("leverage", "money", "limits"))
    if key == "most" and "grows" in parts:
        counted = False
    return plain(number) if counted else percent(number)
