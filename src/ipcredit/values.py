"""One value as a person or a spreadsheet gives it, read into column units.

This is the only place where a single value is parsed: files, dicts, spreadsheet cells and
columns of objects all pass through :func:`value_of` and :func:`text_of`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from ipcredit.fields import EPOCH, MILLION, MISSING, NONE, Field
from ipcredit.messages.fields import CHOICES
from ipcredit.money import MAX_MINOR, MoneyError, example, parse_money, plain, shortened, written
from ipcredit.sheets import CellError

REDACTED: Final = "[redacted]"
SEPARATOR: Final = "; "

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_DATE: Final = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2|年([0-9]{1,2})月)([0-9]{1,2})日?")
_NOTHING: Final = frozenset({"none", "无"})
_FLAGS: Final = {
    "yes": 1, "true": 1, "1": 1, "1.0": 1, "是": 1, "有": 1,
    "no": 0, "false": 0, "0": 0, "0.0": 0, "否": 0, "无": 0,
}  # fmt: skip
_ERROR_CELLS: Final = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_PLACEHOLDER: Final = "…"
# GB 32100-2015 leaves out I, O, S, V, Z.
_USCC_ALPHABET: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
# No number a firm has needs more characters.
_LONGEST: Final = 60
# A float share is read as the 6-decimal number it stands for when it is this close to it.
_FLOAT_TOLERANCE: Final = Decimal("1e-9")


class BadValue(ValueError):
    """A value that cannot be used; ``code`` names the message, ``details`` fill it."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


def shown(raw: Any) -> str:
    """A value as a message shows it: as written, shortened when long.

    >>> shown(True), shown(36.0), shown("x" * 100)[-3:]
    ('true', '36.0', 'xx…')
    """
    if isinstance(raw, bool):
        text = "true" if raw else "false"
    elif isinstance(raw, list | tuple | dict):
        text = {list: "a list", tuple: "a list", dict: "a table"}[type(raw)]
    else:
        text = str(raw)
    return shortened(text)


def is_missing(raw: Any) -> bool:
    """Whether a value says nothing: None, blank text, NaN, pandas.NA, NaT.

    >>> [is_missing(raw) for raw in (None, "  ", float("nan"), 0, "none")]
    [True, True, True, False, False]
    """
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip() and not isinstance(raw, CellError)
    if isinstance(raw, float):
        return raw != raw
    if isinstance(raw, Decimal):
        return raw.is_nan()
    return type(raw).__name__ in ("NAType", "NaTType")


def value_of(field: Field, raw: Any, currency: str = "CNY") -> int:
    """The value in the field's column units; ``MISSING`` when it says nothing, ``NONE`` when
    a nullable field is known not to exist.

    Raises:
        BadValue: the value cannot be used for this field.

    >>> from ipcredit.fields import FIELDS
    >>> value_of(FIELDS["sales"], "3200.5 万元"), value_of(FIELDS["market_share"], "0.05")
    (3200500000, 50000)
    """
    return _PARSERS[field.kind](field, raw, currency)


def minor_of(field: Field, raw: Any, currency: str = "CNY") -> int:
    """The value of ``NAME_fen`` or ``NAME_minor``: a whole number of minor units.

    Raises:
        BadValue: not a whole number, negative where that is not allowed, or out of range.

    >>> from ipcredit.fields import FIELDS
    >>> minor_of(FIELDS["sales"], 3_200_500_000.0)
    3200500000
    """
    if type(raw) is not int:
        if is_missing(raw):
            return MISSING
        if _nothing(field, raw):
            return NONE
        try:
            number = _decimal(raw)
        except BadValue as bad:
            if bad.code == "firm.not-a-number":
                raise BadValue("firm.not-minor", value=shown(raw)) from None
            raise
        raw = _integral(number)
        if raw is None:
            raise BadValue("firm.not-minor", value=shown(number))
    return _amount(field, raw, raw, currency)


def text_of(field: Field, raw: Any) -> str | None:
    """The value of a text field, None when it says nothing.

    Raises:
        BadValue: not text, or a unified social credit code that is wrong.

    >>> from ipcredit.fields import FIELDS
    >>> text_of(FIELDS["uscc"], "91110000600037341l")
    '91110000600037341L'
    """
    if is_missing(raw):
        return None
    if isinstance(raw, list | tuple) and field.many:
        parts = [text for item in raw if (text := text_of(field, item))]
        return SEPARATOR.join(parts) or None
    if not isinstance(raw, str):
        code = "firm.not-a-value" if isinstance(raw, list | tuple | dict) else "firm.not-text"
        raise BadValue(code, value=shown(raw))
    _check_cell(raw)
    text = unicodedata.normalize("NFC", raw).strip()
    if text == _PLACEHOLDER:
        raise BadValue("firm.placeholder", value=text)
    if field.many:
        names = re.split(r"[;；、\n]", text)
        return SEPARATOR.join(name.strip() for name in names if name.strip()) or None
    return _uscc(text) if field.name == "uscc" else text


def check_range(field: Field, value: int, text: str, currency: str = "CNY") -> None:
    """Refuse a value outside the field's bounds; ``text`` is what the message shows.

    Raises:
        BadValue: below ``field.lo`` or above ``field.hi``.
    """
    lo, hi = field.lo, field.hi
    if (lo is None or value >= lo) and (hi is None or value <= hi):
        return
    if field.kind == "money" and abs(value) > MAX_MINOR:
        raise BadValue("firm.amount-range", value=text, limit=written(MAX_MINOR, currency))
    if field.kind == "share":
        raise BadValue("firm.share-range", value=text)
    if lo == 0 and value < 0:
        raise BadValue("firm.negative", value=text)
    bounds = [written_value(field, bound or 0, currency) for bound in (lo, hi)]
    raise BadValue("firm.out-of-range", value=text, lo=bounds[0], hi=bounds[1])


def written_value(field: Field, value: int, currency: str = "CNY") -> str:
    """A column value as a file would write it, for messages and for ``Firm.to_dict``.

    >>> from ipcredit.fields import FIELDS
    >>> written_value(FIELDS["market_share"], 50_000), written_value(FIELDS["sales"], 320_050_000)
    ('0.05', '320.05 万元')
    """
    if field.kind == "money":
        return written(value, currency)
    if field.kind in ("share", "decimal"):
        return _millionths(value)
    if field.kind == "date":
        return date.fromordinal(value + EPOCH).isoformat()
    if field.kind == "choice":
        return field.choices[value]
    if field.kind == "flag":
        return "true" if value else "false"
    return str(value)


def _millionths(value: int) -> str:
    whole, rest = divmod(abs(value), MILLION)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def _check_cell(raw: str) -> None:
    """Refuse what a spreadsheet shows in place of a value: an error is not a blank."""
    if isinstance(raw, CellError) and raw.startswith("="):
        raise BadValue("firm.no-result", value=shown(raw))
    if isinstance(raw, CellError) or (raw[:1] == "#" and raw.strip() in _ERROR_CELLS):
        raise BadValue("firm.error-cell", value=shown(raw))


def _decimal(raw: Any) -> Decimal:
    """The number a value stands for; a float is the decimal that is printed for it."""
    if isinstance(raw, bool):
        raise BadValue("firm.not-a-number", value=shown(raw))
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        raw = Decimal(repr(float(raw)))
    if isinstance(raw, Decimal):
        # The exponent is bounded so that turning it into an integer stays cheap.
        if not raw.is_finite() or not -400 < raw.adjusted() < 400:
            raise BadValue("firm.not-a-number", value=shown(raw))
        return raw
    if isinstance(raw, str):
        _check_cell(raw)
        text = plain(raw)
        if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
            raise BadValue(_not_number(text), value=shown(raw))
        return Decimal(text.replace(",", ""))
    if hasattr(raw, "item"):  # a NumPy scalar
        return _decimal(raw.item())
    code = "firm.not-a-value" if isinstance(raw, list | tuple | dict) else "firm.not-a-number"
    raise BadValue(code, value=shown(raw))


def _not_number(text: str) -> str:
    if _PLACEHOLDER in text:
        return "firm.placeholder"
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].rstrip()):
        return "firm.percent"
    return "firm.not-a-number"


def _integral(number: Decimal) -> int | None:
    whole, parts = number.as_integer_ratio()
    return whole if parts == 1 else None


def _nothing(field: Field, raw: Any) -> bool:
    return field.nullable and isinstance(raw, str) and raw.strip().casefold() in _NOTHING


def _parse_whole(field: Field, raw: Any, currency: str) -> int:
    if type(raw) is not int:
        if is_missing(raw):
            return MISSING
        if _nothing(field, raw):
            return NONE
        try:
            number = _decimal(raw)
        except BadValue as bad:
            if bad.code == "firm.percent":
                raise BadValue("firm.not-a-number", **bad.details) from None
            raise
        value = _integral(number)
        if value is None:
            raise BadValue("firm.not-whole", value=shown(raw))
    else:
        value = raw
    return _amount(field, value, raw, currency)


def _parse_millionths(field: Field, raw: Any, currency: str) -> int:
    if is_missing(raw):
        return MISSING
    try:
        number = _decimal(raw)
    except BadValue as bad:
        if bad.code == "firm.percent":
            percent = Decimal(plain(str(raw)).rstrip("% ").replace(",", ""))
            bad.details["share"] = f"{(percent / 100).normalize():f}"
        raise
    top, bottom = number.as_integer_ratio()
    value, rest = divmod(top * MILLION, bottom)
    if rest:
        nearest = int((number * MILLION).to_integral_value())
        close = isinstance(raw, float) and abs(number * MILLION - nearest) <= abs(
            nearest * _FLOAT_TOLERANCE
        )
        if not close:
            raise BadValue("firm.too-fine", value=shown(raw))
        value = nearest
    check_range(field, value, shown(raw), currency)
    return value


def _parse_money(field: Field, raw: Any, currency: str) -> int:
    if isinstance(raw, str):
        if is_missing(raw):
            return MISSING
        _check_cell(raw)
        if _PLACEHOLDER in raw:
            raise BadValue("firm.placeholder", value=shown(raw))
        if _nothing(field, raw):
            return NONE
        try:
            value = parse_money(raw, currency)
        except MoneyError as error:
            if error.code == "money.range":
                raise BadValue(
                    "firm.amount-range", value=shown(raw), limit=error.details["limit"]
                ) from None
            raise BadValue(error.code, **error.details) from None
        return _amount(field, value, raw, currency)
    if is_missing(raw):
        return MISSING
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raise BadValue("money.no-unit", text=shown(raw), example=example(currency))
    if hasattr(raw, "item"):
        return _parse_money(field, raw.item(), currency)
    if isinstance(raw, list | tuple | dict):
        raise BadValue("firm.not-a-value", value=shown(raw))
    raise BadValue("money.not-an-amount", text=shown(raw), example=example(currency))


def _amount(field: Field, value: int, raw: Any, currency: str) -> int:
    """The value, checked; what a message would show is only made for one that is refused."""
    lo, hi = field.lo, field.hi
    if (lo is not None and value < lo) or (hi is not None and value > hi):
        check_range(field, value, shown(raw), currency)
    return value


def _parse_date(field: Field, raw: Any, currency: str) -> int:
    if type(raw) is date:
        return raw.toordinal() - EPOCH
    if is_missing(raw):  # before the next line: NaT is a datetime
        return MISSING
    if isinstance(raw, datetime):
        if raw.hour or raw.minute or raw.second or raw.microsecond:
            raise BadValue("firm.not-a-date", value=shown(raw))
        return raw.toordinal() - EPOCH
    if _nothing(field, raw):
        return NONE
    if isinstance(raw, str):
        _check_cell(raw)
        text = plain(raw)
        if _PLACEHOLDER in text:
            raise BadValue("firm.placeholder", value=shown(raw))
        found = _DATE.fullmatch(text.removesuffix(" 00:00:00").removesuffix("T00:00:00"))
        # "2025-03-01日" is neither form.
        if found and (found[4] is not None) == text.endswith("日"):
            try:
                day = date(int(found[1]), int(found[3] or found[4]), int(found[5]))
            except ValueError:
                raise BadValue("firm.not-a-date", value=shown(raw)) from None
            return day.toordinal() - EPOCH
    if isinstance(raw, list | tuple | dict):
        raise BadValue("firm.not-a-value", value=shown(raw))
    if hasattr(raw, "item"):  # numpy.datetime64
        return _parse_date(field, raw.item(), currency)
    raise BadValue("firm.not-a-date", value=shown(raw))


def _parse_flag(field: Field, raw: Any, currency: str) -> int:
    if isinstance(raw, bool):
        return int(raw)
    if is_missing(raw):
        return MISSING
    if isinstance(raw, str):
        _check_cell(raw)
        text = plain(raw).casefold()
        if text in _FLAGS:
            return _FLAGS[text]
        if _nothing(field, raw):
            return NONE
        code = "firm.placeholder" if text == _PLACEHOLDER else "firm.not-a-flag"
        raise BadValue(code, value=shown(raw))
    if isinstance(raw, int | float | Decimal) and raw in (0, 1):
        return int(raw)
    if hasattr(raw, "item"):
        return _parse_flag(field, raw.item(), currency)
    code = "firm.not-a-value" if isinstance(raw, list | tuple | dict) else "firm.not-a-flag"
    raise BadValue(code, value=shown(raw))


@cache
def _choice_words(base: str) -> dict[str, int]:
    """Every spelling of a choice (code, Chinese and English label) -> its index."""
    words: dict[str, int] = {}
    for index, (code, labels) in enumerate(CHOICES[base].items()):
        for word in (code, *labels):
            words[word.casefold()] = index
    return words


def _parse_choice(field: Field, raw: Any, currency: str) -> int:
    if isinstance(raw, str):
        if is_missing(raw):
            return MISSING
        _check_cell(raw)
        text = plain(raw).casefold()
        index = _choice_words(field.base).get(text)
        if index is not None:
            return index
        if text == _PLACEHOLDER:
            raise BadValue("firm.placeholder", value=shown(raw))
    elif is_missing(raw):
        return MISSING
    elif isinstance(raw, list | tuple | dict):
        raise BadValue("firm.not-a-value", value=shown(raw))
    raise BadValue("firm.choice", value=shown(raw), choices=", ".join(field.choices))


def _uscc(text: str) -> str:
    """A unified social credit code, normalised; only its own mod-31 check is applied.

    A failing organisation code inside a passing code is common and not an error.
    """
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if code == "...":  # what NFKC makes of the mark
        raise BadValue("firm.placeholder", value=text)
    if len(code) == 15 and code.isascii() and code.isdigit():
        return code  # a registration number from before the unified code
    if len(code) != 18:
        raise BadValue("firm.uscc-length", value=shown(text), length=str(len(code)))
    for character in code:
        if character not in _USCC_ALPHABET:
            raise BadValue("firm.uscc-character", value=shown(text), character=character)
    # Imported here: it costs as much as everything else that reading one firm imports.
    from stdnum.cn import uscc

    expected = uscc.calc_check_digit(code[:17])
    if code[17] != expected:
        raise BadValue("firm.uscc-check", value=shown(text), last=code[17], expected=expected)
    return code


_PARSERS: Final[dict[str, Callable[[Field, Any, str], int]]] = {
    "money": _parse_money,
    "count": _parse_whole,
    "number": _parse_whole,
    "year": _parse_whole,
    "share": _parse_millionths,
    "decimal": _parse_millionths,
    "date": _parse_date,
    "flag": _parse_flag,
    "choice": _parse_choice,
}
