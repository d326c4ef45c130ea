"""Chinese application, publication and registration numbers, in all the ways people write them.

An application number is a year, a digit for the kind, a serial number and a check digit: since
2003-10-01 ``201710601862.3`` (4 + 1 + 7 + 1), before ``95115608.X`` (2 + 1 + 5 + 1).  The check
digit is the sum of the digits weighted 2..9, 2..5, modulo 11, with X for 10.  A publication
number is a digit for the kind and a serial number of six digits, of eight since August 2007, with
a letter for the stage (``CN107123456B``); those of 1985 to 1988 repeat the application number.
Sources: standard ZC 0006-2003; numbering pages of the European Patent Office's Asian help desk.

Each way of writing is *accepted* (at most the spelling was put right), *remarked* (usable, but a
person should know something) or *rejected* with the reason.  Nothing is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from operator import mul
from typing import Any, Final, NamedTuple

from ipcredit.errors import Problem
from ipcredit.money import shortened

ACCEPTED: Final = "accepted"
REMARKED: Final = "remarked"
REJECTED: Final = "rejected"

WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
"""Weights of the digits before the check digit; the eight-digit form uses the first eight."""
MODULUS: Final = 11

FIRST_YEAR: Final = 1985
LAST_OLD_YEAR: Final = 2003  # the last year of eight digits, and the first of twelve
LAST_YEAR: Final = 2099

_KINDS: Final = {
    "1": "invention",
    "2": "utility_model",
    "3": "design",
    "8": "pct_invention",
    "9": "pct_utility",
}
# The letters after a publication number by the kind that its first digit tells.
_LETTERS: Final = {
    "invention": "ABC",
    "utility_model": "UY",
    "design": "SD",
    "pct_invention": "ABC",
    "pct_utility": "UY",
}

REMARKS: Final = frozenset(
    {
        "no-check",
        "other-x",
        "excel-number",
        "is-publication",
        "is-application",
        "no-stage",
        "foreign",
        "unchecked",
    }
)
"""Notes that make a number *remarked*; all others are spellings that were put right."""


class Number(NamedTuple):
    """A number as read; ``text`` is its normalised form, empty when rejected.

    ``form``: ``application``, ``publication``, ``registration`` or ``foreign``.  ``office`` is
    the two-letter code, ``kind`` the kind of right and ``year`` that of the application, where
    the number tells them.  ``stage`` of a publication: ``application`` (published, not granted),
    ``grant``, or empty when the number does not tell.  ``notes`` name every oddity; ``reason``
    says why it is rejected, with ``details`` for the message.
    """

    verdict: str
    text: str = ""
    form: str = ""
    office: str = ""
    kind: str = ""
    year: int = 0
    stage: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""
    details: tuple[tuple[str, str], ...] = ()

    def problem(self, given: Any, where: str = "", key: str = "") -> Problem:
        """Why it was rejected, with what is allowed and what to do."""
        args = {"given": shortened(str(given)), **dict(self.details)}
        return Problem(f"number.{self.reason}", where, key, args)

    def remarks(self, given: Any, where: str = "", key: str = "") -> tuple[Problem, ...]:
        """What a person should know about a number that is used."""
        args = {"given": shortened(str(given)), "text": self.text}
        return tuple(
            Problem(f"number.{note}", where, key, args) for note in self.notes if note in REMARKS
        )


def check_digit(digits: str) -> str:
    """The check digit of eight or twelve digits: weights 2..9, 2..5, modulo 11, X for 10.

    >>> check_digit("201710601862"), check_digit("95115608"), check_digit("97101765")
    ('3', 'X', '4')
    """
    # ASCII codes in place of digits, hence too much by 48 times the weights: 0 and 1 modulo 11.
    total = sum(map(mul, WEIGHTS, digits.encode()))
    return "0123456789X"[(total - (len(digits) == 12)) % MODULUS]


def parse_application(raw: Any) -> Number:
    """The number in a column of application or patent numbers.

    >>> parse_application("ZL 2017 1 0601862.3").text
    'CN201710601862.3'
    >>> parse_application("９５１１５６０８．ｘ")[:2]
    ('accepted', 'CN95115608.X')
    >>> parse_application("201710601862").notes
    ('no-check',)
    >>> parse_application("201710601862.4").reason
    'check'
    """
    if type(raw) is str and (plain := _PLAIN.fullmatch(raw)):
        return _application(plain[1], plain[2], "", [])  # most numbers of most files
    return _parse(raw, _as_application, _as_publication, "is-publication")


def parse_publication(raw: Any) -> Number:
    """The number in a column of publication or grant numbers.

    >>> number = parse_publication("CN 107123456 B")
    >>> number.text, number.kind, number.stage
    ('CN107123456B', 'invention', 'grant')
    >>> parse_publication("CN1030001A").stage
    'application'
    """
    if type(raw) is str and (plain := _PLAIN_PUBLICATION.fullmatch(raw)):
        return _publication(plain[1], plain[2], [])
    return _parse(raw, _as_publication, _as_application, "is-application")


def parse_registration(raw: Any) -> Number:
    """The number of a right that is no patent: any text, checked only where its form is known.

    >>> parse_registration("2020sr0123456")[:2], parse_registration("A-17").verdict
    (('accepted', '2020SR0123456'), 'remarked')
    """
    notes: list[str] = []
    text = _cleaned(raw, notes)
    if not text or text == ".":
        return Number(REJECTED, reason="empty")
    return _registered(text, notes) or _done(text, "registration", [*notes, "unchecked"])


def parse_foreign(raw: Any, office: str) -> Number:
    """A number of another office, which has its own rules: letters and digits, not checked.

    >>> parse_foreign("US 9,254,383 B2", "US").text, parse_foreign("9254383", "US").text
    ('US9254383B2', 'US9254383')
    """
    text = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", str(raw)).upper())
    if not re.search(r"[0-9]", text):
        return Number(REJECTED, reason="empty")
    if not text.startswith((office, "PCT")):
        text = office + text
    return _done(text, "foreign", ["foreign"], office=office)


# -- cleaning --------------------------------------------------------------------------------------

_PLAIN: Final = re.compile(r"(?:CN|ZL)?([0-9]{12}|[0-9]{8})\.([0-9X])")
_PLAIN_PUBLICATION: Final = re.compile(r"CN([123](?:[0-9]{6}|[0-9]{8}))([ABCDSUY][0-9]?)")
_QUOTES: Final = re.compile(r"^=?[\s'\"‘’“”`]+|[\s'\"‘’“”`]+$")
_SPACES: Final = re.compile(r"[\s\u200b\u2060\ufeff]+")
_DASHES: Final = re.compile(r"[-‐‑‒–—―−_/]+")
_LABEL: Final = re.compile(
    r"^(?:中国|国家)?(?:专利|申请|公开|公告|授权公告|登记|PATENT|APPLICATION|PUBLICATION)?"
    r"(?:号码|号|NUMBER|NO\.?)[:.]?"
)
_DOTS: Final = str.maketrans(dict.fromkeys("。｡·•∙⋅․‧・,", "."))
_CROSSES: Final = str.maketrans(dict.fromkeys("ХΧ×✕✖╳", "X"))
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")
_SEVERAL: Final = re.compile(r"[;；|\n]|[0-9Xx]\s*[,，、]\s*(?:CN|ZL|[0-9]{7})", re.IGNORECASE)
_FOREIGN: Final = re.compile(r"(PCT)?([A-Z]{2})[0-9A-Z.]*[0-9][0-9A-Z.]*")
_REGISTERED: Final = (
    (re.compile(r"(?:19|20)[0-9]{2}SR[0-9]{4,7}"), "software_copyright"),
    (re.compile(r"软著登字第?[0-9]{5,8}号?"), "software_copyright"),
    (re.compile(r"CNA[0-9]{8,9}(?:\.?[0-9A-Z])?"), "plant_variety"),
    (re.compile(r"BS\.?[0-9]{8,9}(?:\.?[0-9X])?"), "ic_layout"),
    (re.compile(r"国药准字[A-Z][0-9]{8}"), ""),
)

_Reader = Callable[[str, list[str]], Number]


def _parse(raw: Any, first: _Reader, second: _Reader, crossed: str) -> Number:
    """Clean the text and read it as what its column holds, else as the other kind of number."""
    notes: list[str] = []
    text = _cleaned(raw, notes)
    if not text or text == ".":
        return Number(REJECTED, reason="empty")
    if _SCIENTIFIC.fullmatch(text):
        return Number(REJECTED, reason="scientific")
    if isinstance(raw, str) and _SEVERAL.search(raw.strip()):
        return Number(REJECTED, reason="several")
    if registered := _registered(text, notes):
        return registered
    found = first(text, notes)
    if found.verdict != REJECTED:
        return found
    other = second(text, [*notes, crossed])
    # Nine bare digits in a column of applications are a slip of one, not a publication.
    if other.verdict != REJECTED and "no-stage" not in other.notes:
        return other
    foreign = _FOREIGN.fullmatch(text)
    if foreign and (foreign[1] or foreign[2] not in ("CN", "ZL")):
        return parse_foreign(text, "WO" if foreign[1] else foreign[2])
    return found


def _cleaned(raw: Any, notes: list[str]) -> str:
    """Capitals and digits of ASCII, and dots; each thing put right is noted."""
    if not isinstance(raw, str):
        if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw:
            return ""
        notes.append("excel-number")
        return str(raw).upper().removesuffix(".0")
    text = _QUOTES.sub("", raw)
    if not text.isascii():
        wide = unicodedata.normalize("NFKC", text)
        text = _note(notes, "full-width", text, wide)
    if "," in text or not text.isascii():
        text = _note(notes, "dot", text, text.translate(_DOTS))
    text = _note(notes, "lower-case", text, text.upper())
    if not text.isascii():
        text = _note(notes, "other-x", text, text.translate(_CROSSES))
    text = _note(notes, "spaces", text, _SPACES.sub("", text))
    text = _note(notes, "dashes", text, _DASHES.sub("", text))
    text = _note(notes, "label", text, _LABEL.sub("", text))
    if re.fullmatch(r"[0-9]{9}\.0|[0-9]{13}\.0", text):  # a number that passed through a float
        notes.append("excel-number")
        text = text[:-2]
    return text


def _note(notes: list[str], name: str, before: str, after: str) -> str:
    if before != after:
        notes.append(name)
    return after


# -- reading ---------------------------------------------------------------------------------------

_APPLICATION: Final = re.compile(
    r"(?:CN|ZL|CNZL|ZLCN)?([0-9]{12}|[0-9]{8})(\.?)([0-9X]?)([ABCDSUY][0-9]?)?"
)
_PUBLICATION: Final = re.compile(
    r"(?:CN|ZL)?([123](?:[0-9]{6}|[0-9]{8})|8[5-8][123][0-9]{5})([ABCDSUY][0-9]?)?"
)
_PREFIX: Final = re.compile(r"^(?:CNZL|ZLCN|CN|ZL)")


def _as_application(text: str, notes: list[str]) -> Number:
    found = _APPLICATION.fullmatch(text)
    if found is None or (found[2] and not found[3]):
        return _malformed(text, "8, 9, 12, 13")
    if found[3] and not found[2]:
        notes = [*notes, "dot"]
    return _application(found[1], found[3], found[4] or "", notes)


def _application(digits: str, check: str, letter: str, notes: list[str]) -> Number:
    old = len(digits) == 8
    year = int(digits[:2]) + (1900 if digits[0] in "89" else 2000) if old else int(digits[:4])
    if not (FIRST_YEAR if old else LAST_OLD_YEAR) <= year <= (LAST_OLD_YEAR if old else LAST_YEAR):
        return _reject("year", year=digits[: 2 if old else 4])
    sort = digits[2 if old else 4]
    kind = _KINDS.get(sort)
    if kind is None:
        return _reject("kind-digit", digit=sort)
    if letter and letter[0] not in _LETTERS[kind]:
        return _reject("letter", letter=letter, digit=sort)
    expected = check_digit(digits)
    if not check:
        notes = [*notes, "no-check"]
    elif check != expected:
        return _reject("check", last=check, expected=expected)
    if letter:
        notes = [*notes, "letter"]
    text = f"CN{digits}.{expected}"
    return _done(text, "application", notes, office="CN", kind=kind, year=year)


def _as_publication(text: str, notes: list[str]) -> Number:
    found = _PUBLICATION.fullmatch(text)
    if found is None:
        return _malformed(text, "7, 9")
    return _publication(found[1], found[2] or "", notes)


def _publication(digits: str, letter: str, notes: list[str]) -> Number:
    sort = digits[2] if len(digits) == 8 else digits[0]
    kind = _KINDS[sort]
    if letter and letter[0] not in _LETTERS[kind]:
        return _reject("letter", letter=letter, digit=sort)
    stage = ""
    if not letter:
        notes = [*notes, "no-stage"]
    elif letter[0] in "CYD" or (letter[0] in "BUS" and len(digits) == 9):
        stage = "grant"
    else:  # A; and before 1993 also B, U and S, which came before the grant
        stage = "application"
    text = f"CN{digits}{letter}"
    return _done(text, "publication", notes, office="CN", kind=kind, stage=stage)


def _registered(text: str, notes: list[str]) -> Number | None:
    for pattern, kind in _REGISTERED:
        if pattern.fullmatch(text):
            return _done(text, "registration", notes, office="CN", kind=kind)
    return None


def _done(
    text: str,
    form: str,
    notes: list[str],
    *,
    office: str = "",
    kind: str = "",
    year: int = 0,
    stage: str = "",
) -> Number:
    verdict = ACCEPTED if not notes or REMARKS.isdisjoint(notes) else REMARKED
    return Number(verdict, text, form, office, kind, year, stage, tuple(notes))


def _reject(reason: str, **details: str) -> Number:
    return Number(REJECTED, reason=reason, details=tuple(details.items()))


def _malformed(text: str, lengths: str) -> Number:
    """The reason why a text has not even the form of a number."""
    body = _PREFIX.sub("", text)
    for at, character in enumerate(body):
        last = at == len(body) - 1
        if character.isdigit() and character.isascii():
            continue
        if character == "X" and not last:
            return _reject("x-place")
        if character == ".":
            if at != len(body) - 2:
                return _reject("dot-place")
            continue
        if character != "X":
            return _reject("character", character=character)
    count = str(sum(character in "0123456789" for character in body))
    return _reject("length", count=count + "+X" * body.endswith("X"), allowed=lengths)
