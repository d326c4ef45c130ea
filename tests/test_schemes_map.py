"""One firm against every shipped scheme: nothing in the way of the map is an error."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ipcredit import cli
from ipcredit.assess import assess
from ipcredit.errors import UsageError
from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.policy import Policy, schemes
from ipcredit.resources import config_dir
from ipcredit.results import result_of
from ipcredit.schemes_map import NOT_APPLICABLE, map_data, map_text, schemes_map

ON = dt.date(2026, 6, 30)
FIRM_FILE = config_dir() / "examples" / "firms" / "chongqing-maker.toml"
FIRM = Firm.read(FIRM_FILE)


def mapped(firm=FIRM, on=ON):
    return {entry.policy.id: entry for entry in schemes_map(firm, on=on)}


def run(*args):
    return CliRunner().invoke(cli.app, ["score", *map(str, args), "--policy", "all"])


# -- what it says ------------------------------------------------------------------------------


def test_every_shipped_scheme_is_there_once_in_order():
    assert [entry.policy.id for entry in schemes_map(FIRM, on=ON)] == schemes()
    assert [item["id"] for item in map_data(schemes_map(FIRM, on=ON))] == schemes()


def test_an_entry_is_the_result_of_its_scheme():
    for name, entry in mapped().items():
        if entry.status == NOT_APPLICABLE:
            continue
        alone = result_of(assess(Policy.load(name, on=ON), FIRM, on=ON))
        (item,) = [one for one in map_data([entry]) if one["id"] == name]
        for key in ("status", "tier", "points", "reasons", "missing", "lifts", "currency", "on"):
            assert item[key] == alone[key]
        assert item["lines"] == {k: v for k, v in alone.items() if k.endswith("_line_fen")}
        assert item["edition"] == alone["policy"]["edition"]


def test_the_example_firm_qualifies_here_lacks_figures_there_and_is_no_korean_firm():
    found = {name: entry.status for name, entry in mapped().items()}
    assert found["chongqing-knowledge"] == found["chongqing-commercial"] == "eligible"
    assert found["cn-tech-sme"] == "eligible"
    assert found["kibo"] == NOT_APPLICABLE
    assert "incomplete" in found.values()


def test_a_scheme_that_lacks_figures_names_them():
    firm = Firm.from_dict({k: v for k, v in FIRM.to_dict().items() if k != "health_score"})
    (item,) = map_data([mapped(firm)["chongqing-commercial"]])
    assert item["status"] == "incomplete"
    assert [one["field"] for one in item["missing"]] == ["health_score"]
    text = map_text(schemes_map(firm, on=ON), firm, ON, "en")
    assert f"needs: {FIELDS['health_score'].label('en')}\n" in text


def test_what_a_refused_firm_misses_is_counted_in_its_own_units():
    firm = Firm.from_dict({**FIRM.to_dict(), "has_high_tech_certificate": False,
                           "class2_related": 0, "class1_related": 0,
                           "rd_expense_fen": 170_400_000})  # fmt: skip
    (item,) = map_data([mapped(firm)["cn-tech-sme"]])
    assert item["status"] == "refused"
    assert item["reasons"]
    assert item["lifts"]
    for lift in item["lifts"]:
        assert lift["to"] == "eligible"
        assert all(lever["then"] > lever["now"] for lever in lift["levers"])
    zh, en = (map_text(schemes_map(firm, on=ON), firm, ON, lang) for lang in ("zh", "en"))
    assert item["lifts"][0]["text"]["en"] in en
    assert item["lifts"][0]["text"]["zh"] in zh
    assert item["reasons"][0]["en"] in en


# -- what does not apply ------------------------------------------------------------------------


def test_a_scheme_of_another_country_says_so():
    note = mapped()["kibo"].note
    assert (note.en, note.zh) == (
        "a scheme of another country: Korea; the firm is registered in: China",
        "他国方案：韩国；企业注册地：中国",
    )


def test_a_scheme_of_another_currency_says_so():
    firm = Firm.from_dict({"technology_grade": "A", "risk_grade": "R3"})
    note = mapped(firm)["kibo"].note
    assert (note.en, note.zh) == (
        "its amounts are in KRW, the firm's in CNY",
        "该方案以 KRW 计价，企业数据以 CNY 计价",
    )


def test_a_korean_firm_meets_the_korean_scheme_alone():
    firm = Firm.from_dict({"currency": "KRW", "country": "KR", "technology_grade": "A",
                           "risk_grade": "R3", "guarantee_purpose": "green"})  # fmt: skip
    found = mapped(firm)
    assert [name for name, one in found.items() if one.status != NOT_APPLICABLE] == ["kibo"]
    (item,) = map_data([found["kibo"]])
    assert item["lines"]["knowledge_line_minor"] == 6_000_000_000


def test_a_day_between_two_editions_is_answered_with_both_names_not_with_one_of_them():
    entry = mapped(on=dt.date(2020, 1, 1))["chongqing-knowledge"]
    assert (entry.status, entry.edition) == (NOT_APPLICABLE, "")
    assert "2017" in entry.note.en
    assert "2023" in entry.note.zh
    (item,) = map_data([entry])
    assert (item["edition"], item["lines"], item["on"]) == (None, {}, None)
    with pytest.raises(UsageError):
        Policy.load("chongqing-knowledge", on=dt.date(2020, 1, 1))


def test_before_every_scheme_nothing_applies():
    long_ago = dt.date(2001, 1, 1)
    assert {one.status for one in mapped(on=long_ago).values()} == {NOT_APPLICABLE}
    assert map_text(schemes_map(FIRM, on=long_ago), FIRM, long_ago, "both")


def test_an_edition_whose_end_is_not_known_says_when_it_was_last_confirmed():
    assert "2023-08-11" in mapped()["chongqing-knowledge"].note.en


# -- as data and as a command -----------------------------------------------------------------------


def test_the_data_are_json_with_the_same_keys_in_every_item():
    items = map_data(schemes_map(FIRM, on=ON))
    assert json.loads(json.dumps(items)) == items
    keys = {"id", "edition", "title", "on", "status", "tier", "points", "currency", "lines",
            "reasons", "missing", "lifts", "note"}  # fmt: skip
    assert {frozenset(item) for item in items} == {frozenset(keys)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_names_every_scheme_and_groups_what_qualifies_first(lang):
    text = map_text(schemes_map(FIRM, on=ON), FIRM, ON, lang)
    places = [text.index(entry.policy.title.text(lang)) for entry in schemes_map(FIRM, on=ON)]
    status = [entry.status for entry in schemes_map(FIRM, on=ON)]
    good = [at for at, one in zip(places, status, strict=True) if one == "eligible"]
    rest = [at for at, one in zip(places, status, strict=True) if one != "eligible"]
    assert max(good) < min(rest)
    assert "None" not in text


def test_the_command_ends_well_though_schemes_lack_figures():
    done = run(FIRM_FILE, "--on", "2026-06-30", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "Lacks figures" in done.output
    assert "Does not apply" in done.output


def test_the_command_writes_json(tmp_path):
    out = tmp_path / "map.json"
    done = run(FIRM_FILE, "--on", "2026-06-30", "--out", out)
    assert done.exit_code == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found == map_data(schemes_map(FIRM, on=ON))


def test_a_firm_with_wrong_data_is_judged_by_no_scheme(tmp_path):
    path = tmp_path / "firm.toml"
    path.write_text('name = "x"\nstaff_total = -3\n', encoding="utf-8")
    done = run(path, "--lang", "en")
    assert done.exit_code == 1
    assert "staff_total" in done.output
    assert "Qualifies" not in done.output


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--set", "line.tiers.B.amount=450万元"), "map.changes"),
        (("--format", "csv"), "map.form"),
    ],
)
def test_what_has_no_one_meaning_for_ten_schemes_is_refused(more, code):
    done = run(FIRM_FILE, *more)
    assert isinstance(done.exception, UsageError)
    assert [problem.code for problem in done.exception.problems] == [code]


def test_a_table_of_firms_is_refused(tmp_path):
    path = Path(tmp_path / "firms.csv")
    path.write_text("name,staff_total\na,1\nb,2\n", encoding="utf-8")
    done = run(path)
    assert [problem.code for problem in done.exception.problems] == ["map.one-firm"]
