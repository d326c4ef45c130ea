"""The numbers of each row put in their places: application, publication, grant, registration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipcredit.errors import Problem
from ipcredit.fields import MISSING8
from ipcredit.patents.cells import is_blank
from ipcredit.patents.numbers import (
    REJECTED,
    REMARKS,
    Number,
    parse_application,
    parse_foreign,
    parse_publication,
    parse_registration,
)
from ipcredit.patents.right import KINDS
from ipcredit.sheets import CellError

_PARSERS: Final[dict[str, Callable[[Any], Number]]] = {
    "application_no": parse_application,
    "publication_no": parse_publication,
    "grant_no": parse_publication,
    "registration_no": parse_registration,
}
_PATENTS: Final = ("invention", "pct_invention", "utility_model", "pct_utility", "design")
_CODES: Final = {name: code for code, name in enumerate(KINDS)}
_LETTER: Final = re.compile(r"[0-9]([A-Z])[0-9]?$")
# The application number tells more than a word or a publication does: came in by PCT or not.
_FINER: Final = {("invention", "pct_invention"), ("utility_model", "pct_utility")}


@dataclass(slots=True)
class RowNumbers:
    """What the numbers of all rows say; ``remarked`` are numbers with something to know."""

    application_no: list[str | None]
    publication_no: list[str | None]
    grant_no: list[str | None]
    office: list[str | None]
    kind: list[int]
    year: list[int]
    stage: list[str]
    problems: list[Problem] = field(default_factory=list)
    remarked: dict[int, list[tuple[str, Number, Any]]] = field(default_factory=dict)
    clashed: set[int] = field(default_factory=set)


def read_numbers(
    columns: Mapping[str, Sequence[Any]],
    kinds: NDArray[np.int8],
    offices: Sequence[str | None],
    where: Callable[[int, str], str],
    heading: Callable[[str], str],
) -> RowNumbers:
    """Parse the columns of numbers; ``kinds`` and ``offices`` are what other columns say.

    ``where`` gives the place of a row's cell, ``heading`` the name of a column, by field.
    """
    size = len(kinds)
    found = RowNumbers(
        [None] * size, [None] * size, [None] * size, list(offices), kinds.tolist(),
        [0] * size, [""] * size,
    )  # fmt: skip
    patents = {KINDS.index(name) for name in _PATENTS} | {MISSING8}
    problem: Problem | None
    for name, cells in columns.items():
        parse = _PARSERS[name]
        for row, cell in enumerate(cells):
            if (type(cell) is not str or len(cell) < 7) and is_blank(cell):
                continue
            office = offices[row]
            if office is not None and office != "CN":
                number = parse_foreign(cell, office)
            else:
                number = parse(cell)
                if number.verdict == REJECTED and kinds[row] not in patents:
                    number = parse_registration(cell)
            if isinstance(cell, CellError):
                problem = Problem("rights.cell-error", args={"value": str(cell)})
            elif number.verdict == REJECTED:
                problem = number.problem(cell)
            else:
                problem = _place(found, row, name, number, cell)
            if problem is not None:
                made = Problem(problem.code, where(row, name), heading(name), problem.args)
                found.problems.append(made)
    return found


def _place(found: RowNumbers, row: int, name: str, number: Number, cell: Any) -> Problem | None:
    """Put one number where it belongs; what it contradicts is a problem."""
    if number.notes and not REMARKS.isdisjoint(number.notes):
        found.remarked.setdefault(row, []).append((name, number, cell))
    if number.form == "application":
        slot, found.year[row] = found.application_no, number.year
    elif number.form == "foreign":
        letter = _LETTER.search(number.text)
        if name == "application_no":
            slot = found.application_no
        elif name == "grant_no" or (letter is not None and letter[1] in "BC"):
            slot = found.grant_no
        else:
            slot = found.publication_no
    elif number.form == "registration" or number.stage == "grant" or name == "grant_no":
        slot = found.grant_no
    else:
        slot = found.publication_no
    if number.form == "publication":
        found.stage[row] = number.stage or found.stage[row]
    if slot[row] is not None and slot[row] != number.text:
        args = {"given": number.text, "other": slot[row]}
        return Problem("rights.two-numbers", args=args)
    slot[row] = number.text
    if found.office[row] is None and number.office:
        found.office[row] = number.office
    return _kind(found, row, number.kind)


def _kind(found: RowNumbers, row: int, told: str) -> Problem | None:
    if not told or row in found.clashed:
        return None
    code, before = _CODES[told], found.kind[row]
    if before in (MISSING8, code):
        found.kind[row] = code
        return None
    pair = KINDS[before], told
    if pair in _FINER:
        found.kind[row] = code
    elif (pair[1], pair[0]) not in _FINER:
        found.kind[row] = MISSING8
        found.clashed.add(row)
        return Problem("rights.kind-clash", args={"given": pair[0], "told": told})
    return None
