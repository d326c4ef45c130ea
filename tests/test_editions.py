"""Choosing an edition reads the others no further than their dates, and loses nothing by it."""

from __future__ import annotations

import datetime as dt

import pytest

from ipcredit import Policy, PolicyError, UsageError, policy
from ipcredit.editions import known_dates
from ipcredit.policy import edition_files, schemes
from ipcredit.resources import config_dir
from ipcredit.source import read_head, read_toml

SHIPPED = [(scheme, edition) for scheme in schemes() for edition in edition_files(scheme)]
TEXT = (config_dir() / "policies" / "kibo" / "undated.toml").read_text(encoding="utf-8")
DATES = next(line for line in TEXT.splitlines() if line.startswith("in_force"))


@pytest.mark.parametrize(("scheme", "edition"), SHIPPED)
def test_the_head_of_every_shipped_file_says_its_dates(scheme, edition):
    head = read_head(edition_files(scheme)[edition]).data
    assert not [key for key, value in head.items() if key == "sources" or key == "loan"]
    assert known_dates(head["in_force"]) == Policy.load(f"{scheme}@{edition}").in_force


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("a = 1\n[b]\nc = 2\n", {"a": 1}),
        ("a = 1\r\n  [[b]]\r\nc = 2\r\n", {"a": 1}),
        ("a = 1\n", {"a": 1}),
        ("[b]\nc = 2\n", {}),
        # A line that opens a bracket and no table: the whole file is read.
        ('a = """\n[b]"""\n[c]\nd = 1\n', {"a": "[b]", "c": {"d": 1}}),
        ("a = [\n[1],\n]\n[c]\n", {"a": [[1]], "c": {}}),
    ],
)
def test_the_head_of_a_file(tmp_path, text, head):
    path = tmp_path / "a.toml"
    path.write_bytes(text.encode())
    assert read_head(path).data == head
    assert read_toml(path).data.items() >= head.items()


def test_a_head_that_is_no_toml_is_said_with_its_line(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = 1\nb =\n[c]\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_head(path)
    assert [problem.where for problem in error.value.problems] == [f"{path}:2"]


@pytest.mark.parametrize(
    "table",
    [None, 1, {}, {"from": "2020-01-01"}, {"from": dt.datetime(2020, 1, 1)},
     {"start": dt.date(2020, 1, 1)}],
)  # fmt: skip
def test_dates_that_are_not_plain_are_left_to_the_whole_reading(table):
    assert known_dates(table) is None


@pytest.fixture
def editions(tmp_path, monkeypatch):
    """A scheme of two editions, of which the older one is as told."""

    def make(older: str):
        files = {}
        for name, text in {"old": older, "new": TEXT.replace(DATES, NEW)}.items():
            files[name] = tmp_path / f"{name}.toml"
            named = text.replace('edition  = "undated"', f'edition  = "{name}"')
            files[name].write_text(named, encoding="utf-8")
        monkeypatch.setattr(policy, "edition_files", lambda scheme: files)

    return make


OLD = DATES.replace("seen = 2025-12-31", "seen = 2010-01-01, last_seen = 2019-12-31")
NEW = DATES.replace("seen = 2025-12-31", "from = 2020-01-01")


def test_a_mistake_in_another_edition_is_no_obstacle(editions):
    editions(TEXT.replace(DATES, OLD) + "\n[nonsense]\n")
    assert Policy.load("any", on=dt.date(2021, 1, 1)).edition == "new"
    with pytest.raises(PolicyError):
        Policy.load("any", on=dt.date(2015, 1, 1))


def test_an_edition_without_dates_is_said_whatever_the_day(editions):
    editions(TEXT.replace(DATES + "\n", ""))
    with pytest.raises(PolicyError) as error:
        Policy.load("any", on=dt.date(2021, 1, 1))
    assert "policy.required" in [problem.code for problem in error.value.problems]


def test_dates_in_a_table_of_their_own_count_too(editions):
    assumed = DATES[DATES.index("assumed") :].removesuffix(" }")
    table = f"\n[in_force]\nseen = 2010-01-01\nlast_seen = 2019-12-31\n{assumed}\n"
    editions(TEXT.replace(DATES + "\n", "") + table)
    assert Policy.load("any", on=dt.date(2015, 1, 1)).edition == "old"
    assert Policy.load("any", on=dt.date(2021, 1, 1)).edition == "new"
