"""The columns of a book of loans: names, labels, units, bounds, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, Literal

from ipcredit.fields import EPOCH, MILLION, Field
from ipcredit.messages.portfolio import COLUMNS as TEXTS
from ipcredit.messages.portfolio import WORDS
from ipcredit.money import MAX_MINOR, MoneyError, parse_money, plain
from ipcredit.repayment import REPAYMENTS
from ipcredit.traits import PARTS

Kind = Literal["text", "label", "word", "tags", "money", "date", "whole", "millionths", "real"]

LONGEST_TERM: Final = 1200
"""Months of the longest loan."""


@dataclass(frozen=True, slots=True)
class BookColumn:
    """One column of a book; ``lo`` and ``hi`` are inclusive, in the column's own units.

    ``kind``: text (one loan's own), label (shared by loans), word (one of ``words``), tags,
    money (minor units), date (days since 1970-01-01), whole, millionths, real (float).
    ``firm``: it says something about the firm, so all loans of one firm must agree.

    >>> COLUMNS["pd"].label("zh"), COLUMNS["pd"].kind, COLUMNS["pd"].hi
    ('一年期违约概率', 'real', 1)
    """

    name: str
    kind: Kind
    unit: str
    required: bool = False
    firm: bool = False
    lo: int | None = None
    hi: int | None = None
    words: tuple[str, ...] = ()

    def label(self, lang: str = "en") -> str:
        """The column's label in ``zh`` or ``en``."""
        return TEXTS[self.name][1 if lang == "zh" else 0]

    def definition(self, lang: str = "en") -> str:
        """What stands in the column, one sentence, in ``zh`` or ``en``."""
        return TEXTS[self.name][3 if lang == "zh" else 2]

    @property
    def field(self) -> Field:
        """The column as a field, for the parser of single values."""
        kinds: dict[str, Any] = {"whole": "number", "millionths": "decimal"}
        kind = kinds.get(self.kind, self.kind)
        labels, many = TEXTS[self.name][:2], self.kind == "tags"
        return Field(self.name, kind, "", *labels, "", "", lo=self.lo, hi=self.hi, many=many)


_ALL: Final = (
    BookColumn("loan", "text", "text", required=True),
    BookColumn("firm", "label", "text", required=True),
    BookColumn("lender", "label", "text", required=True),
    BookColumn("district", "label", "text"),
    BookColumn("tier", "label", "text", firm=True),
    BookColumn("part", "word", "word", required=True, words=PARTS),
    BookColumn("principal", "money", "amount", required=True, lo=0, hi=MAX_MINOR),
    BookColumn("outstanding", "money", "amount", lo=0, hi=MAX_MINOR),
    BookColumn("start", "date", "date", lo=1 - EPOCH, hi=2_932_896),
    BookColumn("term_months", "whole", "months", lo=1, hi=LONGEST_TERM),
    BookColumn("repayment", "word", "word", words=REPAYMENTS),
    BookColumn("pd", "real", "share", firm=True, lo=0, hi=1),
    BookColumn("score", "real", "points", firm=True),
    BookColumn("rating", "label", "text", firm=True),
    BookColumn("recovery", "real", "share", lo=0, hi=1),
    BookColumn("recovery_months", "real", "months", lo=0, hi=LONGEST_TERM),
    BookColumn("class", "label", "text"),
    BookColumn("mode", "label", "text"),
    BookColumn("tags", "tags", "text"),
    BookColumn("cover_rule", "label", "text"),
    BookColumn("size", "money", "amount", lo=0, hi=MAX_MINOR),
    BookColumn("revenue", "money", "amount", firm=True, lo=0, hi=MAX_MINOR),
    BookColumn("support_years", "millionths", "years", lo=0, hi=200 * MILLION),
    BookColumn("collateral_share", "millionths", "share", lo=0, hi=1000 * MILLION),
    BookColumn("rate_over_benchmark", "millionths", "share", lo=-1000 * MILLION, hi=1000 * MILLION),
)
COLUMNS: Final[dict[str, BookColumn]] = {column.name: column for column in _ALL}
"""Every column of a book, in the order in which a book is written."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: its column; ``unit`` is what stands behind each bare number of an amount.

    ``minor``: whole minor units (``principal_fen``, ``principal_minor``).
    """

    key: str
    column: BookColumn
    unit: str = ""
    minor: bool = False
    fen: bool = False


def heading_of(name: Any, currency: str = "CNY") -> Heading | None:
    """The column of a heading: its name, ``NAME_fen``, a label, or one with a unit in brackets.

    >>> heading_of("本金（万元）").unit, heading_of("principal_fen").minor, heading_of("pdd")
    ('万元', True, None)
    """
    if not isinstance(name, str):
        return None
    text = plain(name)
    for column in COLUMNS.values():
        if column.kind == "money" and text in (f"{column.name}_fen", f"{column.name}_minor"):
            return Heading(text, column, minor=True, fen=text.endswith("_fen"))
    found = _known().get(_folded(text))
    if found is not None:
        return Heading(text, COLUMNS[found])
    before, bracket, unit = text.rstrip(")").rpartition("(")
    found = _known().get(_folded(before)) if bracket else None
    if found is None or COLUMNS[found].kind != "money":
        return None
    try:
        parse_money(f"1 {unit}", currency)
    except MoneyError:
        return None
    return Heading(text, COLUMNS[found], unit=unit.strip())


def nearest_column(name: str) -> str:
    """The column whose name or label is nearest, empty when none is near.

    >>> nearest_column("prinzipal"), nearest_column("qqq")
    ('principal', '')
    """
    close = get_close_matches(_folded(plain(name)), list(_known()), n=1, cutoff=0.6)
    return _known()[close[0]] if close else ""


def word_codes(column: BookColumn) -> dict[str, int]:
    """Every spelling of the words of a column, folded, with the word's index.

    >>> word_codes(COLUMNS["part"])["商业信用"]
    1
    """
    found = {}
    for code, word in enumerate(column.words):
        for spelling in (word, *WORDS[column.name][word]):
            found[_folded(spelling)] = code
    return found


def folded_words(texts: Iterable[str]) -> list[str]:
    """Texts as the spellings of words are compared."""
    return [_folded(plain(text)) for text in texts]


@cache
def _known() -> dict[str, str]:
    names = {name: name for name in COLUMNS}
    return names | {
        _folded(plain(column.label(lang))): name
        for name, column in COLUMNS.items()
        for lang in ("en", "zh")
    }


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
