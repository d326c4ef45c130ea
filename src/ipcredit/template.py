"""The empty firm file: every field with its label, unit and definition, ready to fill in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from ipcredit import messages
from ipcredit.fields import FIELDS, YEAR_SUFFIXES, Field, group_label
from ipcredit.messages.fields import GROUPS, UNITS

PLACEHOLDER: Final = "…"

_COLUMNS: Final = ("field", "label", "unit", "value", "definition")
_WIDTHS: Final = (32, 34, 24, 24, 90)
# A fixed date of creation makes two empty files equal byte by byte.
_CREATED: Final = datetime(2020, 1, 1)


def toml_text(lang: str = "both") -> str:
    """The empty firm file as TOML, comments in ``zh``, ``en`` or ``both``.

    Every field stands commented out under its group, yearly figures in three ``[[finance]]``
    tables; read as it is, it gives a firm of which nothing is known.

    >>> from ipcredit.firm import Firm
    >>> import tomllib
    >>> len(Firm.from_dict(tomllib.loads(toml_text("zh"))).values)
    0
    """
    return "\n".join(_toml_lines(lang)) + "\n"


def _toml_lines(lang: str) -> Iterator[str]:
    def say(code: str) -> str:
        return messages.text(code, lang)

    yield f"# {say('template.title')}"
    for code in ("template.how", "template.zero", "template.money"):
        yield f"# {say(code)}"
    yield ""
    yield f"# {say('template.currency')}"
    yield '# currency = "CNY"'
    for group in GROUPS:
        fields = [f for f in FIELDS.values() if f.group == group and not f.years]
        if not fields:
            continue
        yield from ("", f"# ---- {_group(group, lang)}", f"[{group}]")
        for field in fields:
            yield from _toml_field(field, field.name, lang)
    for ago in range(len(YEAR_SUFFIXES)):
        heading = f"{_group('finance', lang)}: {say(f'template.year-{ago}')}"
        if ago:
            heading += f" ({say('template.year-note')})"
        yield from ("", f"# ---- {heading}", "[[finance]]")
        # The year, then the group's own figures, then yearly figures of other groups.
        yearly = [f for f in FIELDS.values() if f.years and not f.ago]
        for field in sorted(yearly, key=lambda f: f.group != "finance"):
            key = "year" if field.name == "fiscal_year" else field.name
            if ago:
                yield f"# {key} = {_blank(field)}  # {_in(lang, field.label)}"
            else:
                yield from _toml_field(field, key, lang)


def _group(group: str, lang: str) -> str:
    return _in(lang, lambda one: group_label(group, one))


def _toml_field(field: Field, key: str, lang: str) -> Iterator[str]:
    yield ""
    unit = _in(lang, lambda one: UNITS[field.unit][one == "zh"])
    yield f"# {_in(lang, field.label)} [{unit}]"
    yield from (f"#   {line}" for line in _explained(field, lang))
    yield f"# {key} = {_blank(field)}"


def _blank(field: Field) -> str:
    text = f"{PLACEHOLDER} 万元" if field.kind == "money" else PLACEHOLDER
    return json.dumps(text, ensure_ascii=False)


def _explained(field: Field, lang: str) -> Iterator[str]:
    """Definition, choices, what to write when there is none, and the document."""
    for one in ("zh", "en") if lang == "both" else (lang,):
        line = field.definition(one)
        if field.nullable:
            line += f" ({messages.text('template.nothing', one)})"
        yield line
        if field.choices:
            known = "; ".join(f"{code} = {field.choice_label(code, one)}" for code in field.choices)
            yield f"{messages.text('template.choices', one)}: {known}"
    if field.source:
        yield f"{messages.text('template.source', lang)}: {field.source}"


def _in(lang: str, label: Callable[[str], str]) -> str:
    """A label in one language, or in both with a stroke between."""
    if lang == "both":
        return f"{label('zh')} / {label('en')}"
    return label("zh" if lang == "zh" else "en")


def write_xlsx(target: str | Path | IO[bytes], lang: str = "both") -> None:
    """Write the empty firm file as a spreadsheet: one field a row, the value column empty.

    The value column has text format, so that identifiers keep all their digits; choices and
    yes/no questions have drop-down lists.

    Raises:
        OSError: the file cannot be written.
    """
    # Loaded only when a spreadsheet is written.
    import xlsxwriter

    output = str(target) if isinstance(target, Path) else target
    book = xlsxwriter.Workbook(output, {"strings_to_numbers": False, "in_memory": True})
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet(messages.text("template.sheet", "en" if lang == "en" else "zh"))
    head = book.add_format({"bold": True, "bg_color": "#DDE8F0", "border": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    value = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
    for column, (name, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, value if name == "value" else plain)
        sheet.write_string(0, column, messages.text(f"template.{name}", lang), head)
    sheet.freeze_panes(1, 1)
    for row, field in enumerate(FIELDS.values(), 1):
        _write_row(sheet, row, field, lang, plain, value)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(str(error)) from None


def _write_row(sheet: Any, row: int, field: Field, lang: str, plain: Any, value: Any) -> None:
    sheet.write_string(row, 0, field.name, plain)
    sheet.write_string(row, 1, _in(lang, field.label), plain)
    unit = _in(lang, lambda one: UNITS[field.unit][one == "zh"])
    sheet.write_string(row, 2, unit, plain)
    sheet.write_blank(row, 3, None, value)
    sheet.write_string(row, 4, "\n".join(_explained(field, lang)), plain)
    if field.kind == "flag":
        one = "en" if lang == "en" else "zh"
        source = [messages.text(f"template.{word}", one) for word in ("yes", "no")]
    elif field.choices:
        source = list(field.choices)
    else:
        return
    sheet.data_validation(row, 3, row, 3, {"validate": "list", "source": source})
