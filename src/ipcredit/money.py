"""Amounts of money: read from text that carries its unit, kept as whole minor units.

A person writes ``"450 万元"``; inside it is an ``int`` of the currency's minor unit
(fen for CNY, whole won for KRW).  Nothing here is ever a float, and nothing is rounded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from ipcredit import messages

# Sums over a portfolio and divisions at basis points stay inside int64 below this bound.
MAX_MINOR: Final = 10**15

# ISO 4217: digits of the minor unit of the currencies the shipped schemes use.
MINOR_DIGITS: Final[dict[str, int]] = {
    "CNY": 2,
    "KRW": 0,
    "USD": 2,
    "EUR": 2,
    "GBP": 2,
    "CAD": 2,
    "INR": 2,
    "JPY": 0,
}

_CHINESE_NAMES: Final = {
    "CNY": "元",
    "KRW": "韩元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "CAD": "加元",
    "INR": "印度卢比",
    "JPY": "日元",
}
_CHINESE_SCALES: Final = {
    "": 1,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "万亿": 10**12,
}
_KOREAN_SCALES: Final = {
    "": 1,
    "천": 10**3,
    "만": 10**4,
    "백만": 10**6,
    "천만": 10**7,
    "억": 10**8,
    "조": 10**12,
}
_ENGLISH_SCALES: Final = {
    "": 1,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
_EXAMPLES: Final = {"CNY": "450 万元", "KRW": "70 억원"}

# What NFKC does to full-width forms, and only that: NFKC would also read "45²" as 452.
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x202F: " ",
    0x2212: "-",
    ord("萬"): "万",
    ord("億"): "亿",
}
_SHAPE: Final = re.compile(r"\s*([^\d\s+,.-]*)\s*([+-]?[0-9,]*(?:\.[0-9]*)?)(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_MAX_DIGITS: Final = 40
_SHOWN: Final = 60


class MoneyError(ValueError):
    """An amount that cannot be read; ``code`` names the message, ``details`` fill it.

    >>> try:
    ...     parse_money("450")
    ... except MoneyError as error:
    ...     print(error)
    the amount "450" has no unit; an amount needs its unit; write it as in "450 万元"
    """

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = {key: shortened(text) for key, text in details.items()}
        super().__init__(self.text("en"))

    def text(self, lang: str = "en") -> str:
        """What is wrong, in the language asked for."""
        return messages.text(self.code, lang, **self.details)


def plain(text: str) -> str:
    """Text with full-width digits, letters and signs as ASCII, trimmed.

    >>> plain("　４５０．５ 万元 ")
    '450.5 万元'
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_WIDE)).strip()


def shortened(text: str) -> str:
    """Text as a message shows it: a file pasted into one cell does not fill the screen.

    >>> len(shortened("9" * 5000))
    60
    """
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def minor_digits(currency: str) -> int:
    """Digits of the currency's minor unit (2 for CNY, 0 for KRW), by ISO 4217.

    Raises:
        MoneyError: the currency is not in the table (``money.unknown-currency``).

    >>> minor_digits("CNY"), minor_digits("KRW")
    (2, 0)
    """
    try:
        return MINOR_DIGITS[currency]
    except (KeyError, TypeError):
        raise MoneyError(
            "money.unknown-currency", currency=str(currency), known=", ".join(MINOR_DIGITS)
        ) from None


def example(currency: str) -> str:
    """An amount as a person would write it in this currency, for messages.

    >>> example("CNY"), example("USD")
    ('450 万元', '150,000 USD')
    """
    return _EXAMPLES.get(currency, f"150,000 {currency}")


@cache
def _units(currency: str) -> dict[str, int]:
    """Spelling of a unit (lower case, no spaces) -> minor units, of one currency."""
    one = 10 ** MINOR_DIGITS[currency]
    code = currency.lower()
    units = {word + code: scale * one for word, scale in _ENGLISH_SCALES.items()}
    name = _CHINESE_NAMES[currency]
    units |= {word + name: scale * one for word, scale in _CHINESE_SCALES.items()}
    if currency == "CNY":
        units |= {word + "元人民币": scale * one for word, scale in _CHINESE_SCALES.items()}
        units |= {word + "rmb": scale * one for word, scale in _ENGLISH_SCALES.items()}
        units |= {"分": 1, "fen": 1}
    elif currency == "KRW":
        units |= {word + "원": scale * one for word, scale in _KOREAN_SCALES.items()}
    return units


@cache
def _prefixes(currency: str) -> frozenset[str]:
    return frozenset({currency.lower()} | ({"rmb", "人民币"} if currency == "CNY" else set()))


def _unit(prefix: str, suffix: str, currency: str) -> int | None:
    """Minor units of one such unit, or None when this currency does not write it so."""
    known = _units(currency)
    if not prefix:
        return known.get(suffix)
    if prefix not in _prefixes(currency):
        return None
    if suffix in _ENGLISH_SCALES:
        return _ENGLISH_SCALES[suffix] * known[currency.lower()]
    return known.get(suffix)


def parse_money(text: str, currency: str = "CNY") -> int:
    """The amount in whole minor units of ``currency`` (fen for CNY).

    Accepts Chinese, Korean and English units (``450 万元``, ``70 억원``, ``2.5 million USD``,
    ``USD 150,000``, ``12345 fen``), thousands separators and full-width digits.

    Raises:
        MoneyError: no unit, another currency's unit, not a number, finer than the minor
            unit (never rounded), or past ``MAX_MINOR`` (``money.range``).

    >>> parse_money("450 万元"), parse_money("1,234.56 元"), parse_money("７０ 억원", "KRW")
    (450000000, 123456, 7000000000)
    """
    minor_digits(currency)
    shape = _SHAPE.fullmatch(plain(text))
    assert shape is not None  # the pattern takes any text
    prefix, digits, rest = shape[1].lower(), shape[2], "".join(shape[3].lower().split())
    number = _NUMBER.fullmatch(digits)
    if number is None:
        raise MoneyError("money.not-an-amount", text=text, example=example(currency))
    if not prefix and not rest:
        raise MoneyError("money.no-unit", text=text, example=example(currency))
    unit = _unit(prefix, rest, currency)
    if unit is None:
        raise _foreign(text, prefix, rest, currency)
    sign, whole, fraction = number[1], number[2].replace(",", ""), number[3] or ""
    fraction = fraction.rstrip("0")
    if len(whole) + len(fraction) > _MAX_DIGITS:
        code = "money.range" if len(whole) > _MAX_DIGITS // 2 else "money.too-fine"
        raise _limit(code, text, currency)
    minor, finer = divmod(int(whole + fraction) * unit, int(10 ** len(fraction)))
    if finer:
        raise _limit("money.too-fine", text, currency)
    if minor > MAX_MINOR:
        raise _limit("money.range", text, currency)
    return -minor if sign == "-" else minor


def _foreign(text: str, prefix: str, rest: str, currency: str) -> MoneyError:
    for other in MINOR_DIGITS:
        if other != currency and _unit(prefix, rest, other) is not None:
            return MoneyError(
                "money.currency",
                text=text,
                found=other,
                currency=currency,
                example=example(currency),
            )
    return MoneyError(
        "money.unknown-unit",
        text=text,
        unit=" ".join(part for part in (prefix, rest) if part),
        currency=currency,
        example=example(currency),
    )


def _limit(code: str, text: str, currency: str) -> MoneyError:
    if code == "money.range":
        return MoneyError(code, text=text, limit=written(MAX_MINOR, currency))
    finest = "1 fen" if currency == "CNY" else format_money(1, currency, "en")
    return MoneyError(code, text=text, finest=finest)


def _digits(minor: int, unit: int) -> str:
    """``minor`` in units of ``unit`` minor units, exact, thousands separated."""
    whole, rest = divmod(minor, unit)
    if not rest:
        return f"{whole:,}"
    return f"{whole:,}.{str(rest).zfill(len(str(unit)) - 1).rstrip('0')}"


def format_money(minor: int, currency: str = "CNY", lang: str = "zh") -> str:
    """The amount as a banker writes it, exact: ``450 万元`` (zh), ``CNY 4.5 million`` (en).

    The largest of 元, 万元 and 亿元 (in English: one, million, billion) that needs at most
    two decimals; 亿元 with decimals only from 10 亿元 up, because below that bankers count
    in 万元 (``12,300 万元``).  :func:`parse_money` reads it back to the same integer.

    >>> [format_money(m) for m in (450_000_000, 123_456, 12_300_000_000, 0)]
    ['450 万元', '1,234.56 元', '12,300 万元', '0 元']
    >>> format_money(450_000_000, "CNY", "en"), format_money(7_000_000_000, "KRW", "en")
    ('CNY 4.5 million', 'KRW 7 billion')
    """
    one = int(10 ** minor_digits(currency))
    size, sign = abs(minor), "-" if minor < 0 else ""
    scales = {"万": 10**4, "亿": 10**8}
    if lang != "zh":
        scales = {" million": 10**6, " billion": 10**9}
    unit, word = one, ""
    for name, scale in scales.items():
        larger = scale * one
        if size < larger or size % (larger // 100):
            continue
        if name == "亿" and size % larger and size < 10 * larger:
            continue
        unit, word = larger, name
    digits = _digits(size, unit)
    if lang == "zh":
        return f"{sign}{digits} {word}{_CHINESE_NAMES[currency]}"
    return f"{currency} {sign}{digits}{word}"


def written(minor: int, currency: str = "CNY") -> str:
    """The amount as a firm file would write it: 万元 for CNY, the ISO code elsewhere.

    >>> written(450_000_000), written(15_000_000, "USD")
    ('450 万元', 'USD 150,000')
    """
    return format_money(minor, currency, "zh" if currency == "CNY" else "en")
