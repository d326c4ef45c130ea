"""The empty firm file: gives a firm of which nothing is known, and is easy to fill in."""

from __future__ import annotations

import re
import tomllib

import pytest

from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.messages.fields import GROUPS
from ipcredit.sheets import open_sheet
from ipcredit.template import toml_text, write_xlsx

LANGUAGES = ("zh", "en", "both")
SAMPLES = {
    "text": "甲", "money": "3 万元", "count": "1", "number": "1", "share": "0.05", "decimal": "0.5",
    "date": "2025-03-01", "flag": "是",
}  # fmt: skip


def sample(field):
    if field.name == "uscc":
        return "91110000600037341L"
    return field.choices[0] if field.choices else SAMPLES[field.kind]


def filled(text):
    """The template with every line uncommented and every mark replaced."""
    years = iter(range(2025, 2000, -1))

    def line(found):
        key = found[1]
        if key == "currency":
            return found[0].removeprefix("# ")
        value = str(next(years)) if key == "year" else sample(FIELDS[key])
        return f'{key} = "{value}"'

    return re.sub(r'^# (\w+) = "[^"]*"', line, text, flags=re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_untouched_nothing_is_known(lang):
    firm = Firm.from_dict(tomllib.loads(toml_text(lang)))
    assert (firm.values, firm.texts, firm.none, firm.problems) == ({}, {}, frozenset(), ())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_in_every_field_is_known(lang):
    firm = Firm.from_dict(tomllib.loads(filled(toml_text(lang))))
    assert firm.problems == ()
    assert set(firm.values) | set(firm.texts) == set(FIELDS)


def test_lines_uncommented_and_left_empty_are_refused_one_by_one():
    text = re.sub(r"^# (\w+ = )", r"\1", toml_text("zh"), flags=re.MULTILINE)
    firm = Firm.from_dict(tomllib.loads(text))
    assert not firm.values
    assert {p.code for p in firm.problems} == {"firm.placeholder"}
    assert {p.key for p in firm.problems} == {n for n, field in FIELDS.items() if not field.ago}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_field_is_explained(lang):
    text = toml_text(lang)
    for field in FIELDS.values():
        if field.ago:
            continue
        assert f"# {field.label(lang)} [" in text
        assert field.definition(lang) in text
        assert field.source in text
    headers = re.findall(r"^\[.*\]$", text, flags=re.MULTILINE)
    plain = [f"[{group}]" for group in GROUPS if group != "finance"]
    assert headers == [*plain, *["[[finance]]"] * 3]
    other = "zh" if lang == "en" else "en"
    assert FIELDS["staff_total"].definition(other) not in text
    assert "¥" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_spreadsheet(tmp_path, lang):
    path = tmp_path / "firm.xlsx"
    write_xlsx(path, lang)
    firm = Firm.read(path)
    assert (firm.values, firm.texts, firm.problems) == ({}, {}, ())
    sheet = open_sheet(path)
    rows = [cells for _, cells in sheet.rows]
    assert [row[0] for row in rows[1:]] == list(FIELDS)
    assert not any(row[3] for row in rows[1:])
    again = tmp_path / "again.xlsx"
    write_xlsx(again, lang)
    assert path.read_bytes() == again.read_bytes()


def test_spreadsheet_headings_are_read_in_every_language(tmp_path):
    for lang, heading in (("zh", "字段"), ("en", "field"), ("both", "字段 / field")):
        path = tmp_path / f"{lang}.xlsx"
        write_xlsx(path, lang)
        assert next(open_sheet(path).rows)[1][0] == heading
    with (tmp_path / "stream.xlsx").open("wb") as stream:
        write_xlsx(stream)
    assert (tmp_path / "stream.xlsx").read_bytes() == (tmp_path / "both.xlsx").read_bytes()


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        write_xlsx(tmp_path / "nowhere" / "firm.xlsx")
