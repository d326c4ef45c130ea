"""A comparison as one HTML file: the same blocks as the page, with the picture inside."""

from __future__ import annotations

import re
import tempfile
from html import escape
from pathlib import Path
from typing import Final

from ipcredit.errors import UsageError
from ipcredit.layout import native
from ipcredit.messages import text
from ipcredit.paper import Block, Row
from ipcredit.tune.compare_picture import save
from ipcredit.tune.compare_text import blocks_of
from ipcredit.tune.movements import Movements

_STYLE: Final = """
body { font: 15px/1.5 "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #222; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 1.8em; }
table { border-collapse: collapse; margin: .6em 0; font-size: .92em; }
th, td { border-bottom: 1px solid #ddd; padding: .25em .7em; text-align: left; vertical-align: top; }
th { border-bottom: 2px solid #888; } td.n, th.n { text-align: right; white-space: nowrap; }
svg { max-width: 100%; height: auto; } nav { font-size: .9em; } .wide { overflow-x: auto; }
"""
_NUMERIC: Final = re.compile(r"[+\-±\d]|CNY|[A-Z]{3} [\d-]")
_TAGS: Final = {"zh": "zh-CN", "en": "en"}


def html_of(found: Movements, lang: str) -> str:
    """The page in ``zh``, ``en`` or ``both`` (Chinese first)."""
    spoken = ("zh", "en") if lang == "both" else (lang,)
    title = text("tune-compare.title", spoken[0])
    body = "\n".join(_body(found, one) for one in spoken)
    return (
        f'<!DOCTYPE html>\n<html lang="{_TAGS[spoken[0]]}">\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n"
        "</body>\n</html>\n"
    )


def _body(found: Movements, lang: str) -> str:
    first, *rest = blocks_of(found, lang)
    parts = [_block(first, lang), _picture(found, lang), *(_block(block, lang) for block in rest)]
    return f'<article lang="{_TAGS[lang]}">\n' + "\n".join(parts) + "\n</article>"


def _picture(found: Movements, lang: str) -> str:
    """The picture as SVG; ids carry the language, so that two may stand in one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        try:
            save(found, path, lang)
        except UsageError:
            return f"<p>{escape(text('tune-compare.picture.missing', lang))}</p>"
        drawn = path.read_text(encoding="utf-8")
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r'\bid="', f'id="{lang}-', drawn)
    drawn = re.sub(r'(href="|url\()#', rf"\1#{lang}-", drawn)
    return f'<figure class="wide">{drawn}</figure>'


def _block(block: Block, lang: str) -> str:
    level = "h1" if block.level == 0 else "h2"
    parts = [f"<{level}>{_said(block.heading, lang)}</{level}>"]
    parts += [f"<p>{_said(note, lang)}</p>" for note in block.notes]
    if block.facts:
        rows = "\n".join(_row(fact, lang, head=1) for fact in block.facts)
        parts.append(f"<table>\n{rows}\n</table>")
    if block.rows:
        head = "".join(
            f'<th{_class(at, block.rows)} scope="col">{_said(name, lang)}</th>'
            for at, name in enumerate(block.columns)
        )
        rows = "\n".join(_row(row, lang, table=block.rows) for row in block.rows)
        parts.append(
            f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n'
            "</tbody>\n</table></div>"
        )
    return "\n".join(parts)


def _row(row: Row, lang: str, head: int = 0, table: tuple[Row, ...] = ()) -> str:
    cells = [cell for at, cell in enumerate(row.cells) if table or at < len(row.cells) - 1 or cell]
    found = "".join(
        f'<th scope="row">{_said(cell, lang)}</th>'
        if at < head
        else f"<td{_class(at, table)}>{_said(cell, lang)}</td>"
        for at, cell in enumerate(cells)
    )
    return f"<tr>{found}</tr>"


def _class(at: int, rows: tuple[Row, ...]) -> str:
    """Columns of numbers are set to the right."""
    cells = [row.cells[at] for row in rows]
    numeric = at > 0 and bool(cells) and all(_NUMERIC.match(cell) for cell in cells)
    return ' class="n"' if numeric else ""


def _said(words: str, lang: str) -> str:
    return escape(native(words, lang))
