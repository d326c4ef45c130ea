"""One firm from TOML, JSON or a stream: problems with their line, broken input with a reason."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipcredit.errors import UsageError
from ipcredit.firm import Firm
from ipcredit.firms import Firms

TOML = """\
[identity]
name = "甲公司"
registered_on = 2018-03-01

[talent]
staff_total = 36
sci_tech_stuff = 12

[[finance]]
year = 2024
sales = 2900

[[finance]]
year = 2025
sales = "3200.5 万元"
rd_expense = "160 万元"

[products]
market_share = 0.05
"""


def short(problem, folder):
    return problem.text().replace(f"{folder}/", "")


def test_toml_names_the_line(tmp_path):
    path = tmp_path / "firm.toml"
    path.write_text(TOML, encoding="utf-8")
    firm = Firm.read(path)
    assert dict(firm.values) == {
        "registered_on": 17_591, "staff_total": 36, "fiscal_year": 2025, "fiscal_year_prev": 2024,
        "sales": 3_200_500_000, "rd_expense": 160_000_000, "market_share": 50_000,
    }  # fmt: skip
    assert firm.source == str(path)
    assert [short(problem, tmp_path) for problem in firm.problems] == [
        'firm.toml:7: sci_tech_stuff: unknown field; did you mean "sci_tech_staff"? '
        "[firm.unknown-field]",
        'firm.toml:11: sales_prev: the amount "2900" has no unit; an amount needs its unit; write '
        'it as in "450 万元" [money.no-unit]',
    ]
    assert Firms.read(path).row(0) == firm


def test_windows_files(tmp_path):
    path = tmp_path / "firm.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode())
    assert [p.where.rpartition(":")[2] for p in Firm.read(path).problems] == ["7", "11"]


def test_json(tmp_path):
    path = tmp_path / "firm.json"
    path.write_text(
        '{"market_share": 0.1, "sales_fen": 100, "staff_total": null, "rd": {"rd_expense": 3}}',
        encoding="utf-8",
    )
    firm = Firm.read(path)
    assert dict(firm.values) == {"market_share": 100_000, "sales": 100}
    assert short(firm.problems[0], tmp_path).startswith('firm.json: rd_expense: the amount "3"')


def test_json_with_a_key_given_twice(tmp_path):
    path = tmp_path / "firm.json"
    path.write_text('{"staff_total": 1, "staff_total": 2}', encoding="utf-8")
    assert [short(problem, tmp_path) for problem in Firm.read(path).problems] == [
        'firm.json: staff_total: given twice, also as "staff_total"; allowed is once; delete one '
        "of the two [firm.given-twice]"
    ]


@pytest.mark.parametrize(
    ("name", "data", "en"),
    [
        (
            "a.json",
            b'{\n"sales": 1,\n}',
            "a.json:3: the file is not JSON: Expecting property name enclosed in double quotes "
            "(column 1); correct it at this line [file.json]",
        ),
        (
            "a.json",
            b'{"market_share": NaN}',
            "a.json: the file is not JSON: NaN is not a number; correct it at this line "
            "[file.json]",
        ),
        (
            "a.json",
            b"[1]",
            "a.json: the JSON holds a list; allowed is one object with the fields of one firm; "
            "correct it [file.json-object]",
        ),
        ("a.json", b"\xff{}", "a.json: not UTF-8 text (byte 0); allowed is UTF-8; save the file as UTF-8 [file.encoding]"),
        (
            "a.yaml",
            b"",
            'a.yaml: the file kind ".yaml" is not known; allowed are .toml, .json, .csv, .xlsx; '
            "save it as one of them [file.suffix]",
        ),
        (
            "a.json",
            None,
            "a.json: cannot be read: No such file or directory; a file that exists and may be read is needed; check the path [file.unreadable]",
        ),
    ],
)  # fmt: skip
def test_input_that_cannot_be_read(tmp_path, name, data, en):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        Firm.read(path)
    assert short(caught.value, tmp_path) == en
    assert caught.value.text("zh") != caught.value.text("en")


def test_broken_toml_names_the_line(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('name = "甲"\nsales = 450 万元\n', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Firm.read(path)
    assert [p.where for p in caught.value.problems] == [f"{path}:2"]


def test_streams(monkeypatch, tmp_path):
    firm = Firm.from_dict({"staff_total": 3, "name": "甲"})
    toml, found = 'staff_total = 3\nname = "甲"\n', json.dumps(firm.to_dict())
    for text in (toml, found, "\n " + found):
        assert Firm.read(io.StringIO(text)) == Firm.read(io.BytesIO(text.encode())) == firm
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert Firm.read("-") == firm
    with pytest.raises(UsageError, match="not UTF-8"):
        Firm.read(io.BytesIO(b"\xff"))
    with pytest.raises(UsageError) as caught:
        Firm.read(io.StringIO("a = \n"))
    assert [p.where for p in caught.value.problems] == ["-:1"]
    path = tmp_path / "a.toml"
    path.write_text("salse = 1", encoding="utf-8")
    with path.open() as stream:
        assert [p.where for p in Firm.read(stream).problems] == [f"{path}:1"]


def test_deeply_nested_json_is_refused():
    with pytest.raises(UsageError):
        Firm.read(io.StringIO('{"a":' + "[" * 100_000))


@given(st.dictionaries(st.sampled_from(["staff_total", "salse", "market_share", "rd"]),
                       st.integers() | st.floats() | st.none() | st.text(max_size=5)))  # fmt: skip
def test_json_is_the_dict_it_holds(mapping):
    text = json.dumps(mapping)
    if "NaN" in text or "Infinity" in text:
        return
    again = Firm.read(io.StringIO(text))
    alone = Firm.from_dict(mapping)
    assert again.values == alone.values
    assert [p.code for p in again.problems] == [p.code for p in alone.problems]
