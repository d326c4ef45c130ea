"""Cells of an XLSX file that hold an error, or a formula without a saved result.

The reader gives both as blank, and blank means "not known" here.  A module of its own because
what it needs takes longer to load than a firm to score, and most firms come as text.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree

BROKEN: Final = (zipfile.BadZipFile, ElementTree.ParseError, KeyError)
"""What is raised for a file that is broken."""


def flaws(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """What such cells show (the error, or the formula after ``=``), by row and column from 0.

    Raises:
        One of :data:`BROKEN`: the file is no spreadsheet, or misses a part of one.
    """
    with zipfile.ZipFile(path) as book:
        part, stale = _part(book, sheet)
        data = book.read(part)
        if b't="e"' not in data and b"<f" not in data and b":f" not in data:
            return {}  # most sheets: no second pass over the cells
        with book.open(part) as stream:
            return dict(_flawed(stream, stale=stale))


def _part(book: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    """The part that holds a sheet, and whether its formulas await calculation.

    Programs that write formulas without calculating them put 0 for every result and ask
    for a calculation on load; a spreadsheet program drops the request when it saves.
    """
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    }
    target, stale = "", False
    for element in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
        name = element.tag.rpartition("}")[2]
        if name == "sheet" and element.get("name") == sheet:
            keys = [key for key in element.attrib if key.rpartition("}")[2] == "id"]
            target = links[element.attrib[keys[0]]]
        elif name == "calcPr":
            stale = element.get("fullCalcOnLoad") in ("1", "true")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}", stale


def _flawed(stream: IO[bytes], *, stale: bool) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = -1
    for event, element in ElementTree.iterparse(stream, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if name == "row" and event == "start":
            row = int(element.get("r", row + 2)) - 1
            column = -1
        elif name == "row":
            element.clear()
        elif name == "c" and event == "start":
            column = _column(element.get("r", "")) if element.get("r") else column + 1
        elif name == "c":
            found = {child.tag.rpartition("}")[2]: child.text for child in element}
            value, formula = found.get("v"), found.get("f")
            if element.get("t") == "e":
                yield (row, column), value or "#N/A"
            elif "f" in found and (stale or (not value and element.get("t") != "str")):
                yield (row, column), f"={formula or ''}"


def _column(address: str) -> int:
    column = 0
    for letter in address:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return column - 1
