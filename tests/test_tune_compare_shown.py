"""A comparison as text, frames, JSON, HTML and picture."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import xml.dom.minidom

import numpy as np
import pytest

from fund_made import made
from ipcredit import Policy, UsageError
from ipcredit.firms import Firms
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.messages.tune_compare import TEXTS
from ipcredit.population import population
from ipcredit.tune import compare_picture
from ipcredit.tune.compare import compare
from ipcredit.tune.compare_data import FRAMES, pots_of
from ipcredit.tune.compare_picture import unit_of
from ipcredit.tune.flow import apart, spots_of

ON = dt.date(2023, 8, 11)
POLICY = Policy.load("chongqing-knowledge", on=ON)
OTHER = (
    POLICY.change("tiers.B.at_least", 65)
    .change("line.tiers.B.amount", "450 万元")
    .change("tiers.E.at_least", 27)
)
FIRMS = population(120, seed=7, missing=0.1)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def plain():
    """Without a fund."""
    return compare(POLICY, OTHER, FIRMS, on=ON)


@pytest.fixture(scope="module")
def funded():
    """With a fund of 40 pots."""
    fund = Fund.load("chongqing-knowledge@2017")
    return compare(POLICY, OTHER, FIRMS, fund, Scenario.load("chongqing-assumed"), ON)


# -- text -----------------------------------------------------------------------------------------


def test_the_page_answers_first_and_in_both_languages(funded):
    english, chinese = funded.text("en"), funded.text("zh")
    assert str(funded) == english
    assert funded.text("both") == f"{chinese}\n\n{english}"
    head = english.split("\n\n")[0]
    gain, lose = int(funded.gains.sum()), int(funded.loses.sum())
    assert f"Firms that gain: {gain}; that lose: {lose}." in head
    assert "The fund expects to owe" in head
    assert "changed by the user" in english
    assert "由使用者改动" in chinese
    for mover in (*funded.winners, *funded.losers):
        assert mover.name in chinese
    assert "default probability is read once" in " ".join(english.split())
    assert "incomplete" in english
    assert "{" not in english + chinese


def test_nothing_of_ours_breaks_a_gbk_console(funded):
    funded.text("both").encode("gbk")


def test_a_comparison_with_itself_says_so():
    text = compare(POLICY, POLICY, FIRMS, on=ON).text("en")
    assert "The two policies do not differ in any value." in text
    assert "Firms that gain: 0; that lose: 0." in text
    assert "a change of CNY 0 (+0.00 %)" in text


def test_long_tables_are_cut_and_say_so():
    """Fifty districts: the page shows forty, the frame all."""
    firms = population(120, seed=7)
    names = [f"D{row % 50:02}" for row in range(120)]
    many = Firms(firms.n, firms.columns, {**firms.texts, "district": names}, "CNY")
    found = compare(POLICY, OTHER, many, on=ON)
    assert "10 more are not shown here" in found.text("en")
    assert len(found.before.districts) == 50
    fund = Fund.load("chongqing-knowledge@2017")
    scenario = Scenario.load("chongqing-assumed").change("book.take_up", 1)
    funded = compare(POLICY, OTHER, many, fund, scenario, ON)
    assert funded.after.fund is not None
    hidden = max(len(funded.before.fund.pots), len(funded.after.fund.pots)) - 40
    assert hidden > 0
    assert f"{hidden} more are not shown here" in funded.text("en")
    old = Policy.load("chongqing-knowledge@2017")
    edition = compare(old, POLICY, firms, on=ON)
    assert f"{len(edition.parameters) - 40} more are not shown here" in edition.text("en")


def test_a_pot_is_called_by_its_title():
    """A fund that does not name its pots has one, which is the fund."""
    firms = population(60, seed=7)
    scenario = Scenario.load("chongqing-assumed")
    text = compare(POLICY, OTHER, firms, made(source="made"), scenario, ON).text("en")
    assert "\nthe fund" in text
    assert "基金" in compare(POLICY, OTHER, firms, made(source="made"), scenario, ON).text("zh")


def test_a_currency_without_classes_of_size_shows_none():
    policy = Policy.load("kibo@undated")
    firms = Firms.from_columns({"staff_total": [3, 4]}, currency="KRW")
    text = compare(policy, policy, firms, on=dt.date(2026, 1, 1)).text("en")
    assert "Lines by size" not in text
    assert "KRW 0" in text


def test_every_text_is_in_both_languages_with_the_same_places():
    for code, (english, chinese) in TEXTS.items():
        places = [sorted(re.findall(r"{(\w+)}", text)) for text in (english, chinese)]
        assert places[0] == places[1], code
        assert HAN.search(chinese) or not re.search("[a-z]{4}", re.sub(r"{\w+}", "", chinese)), code


# -- data -----------------------------------------------------------------------------------------


def test_json_holds_every_figure(funded):
    data = json.loads(funded.to_json())
    assert (data["format"], data["version"]) == ("ipcredit-comparison", 1)
    assert np.array(data["migration"]["firms"]).sum() == data["firms"] == 120
    assert data["migration"]["firms"] == funded.matrix.tolist()
    total = data["lines"]["total"]
    assert total["after_fen"] - total["before_fen"] == total["change_fen"]
    assert total["after_fen"] == data["after"]["lines"]["total_fen"]
    assert data["winners"][0]["reasons"][0]["title"].keys() == {"zh", "en"}
    assert data["before"]["fund"]["expected"]["method"] == "exact"
    assert {p["path"] for p in data["parameters"]} == {c.path for c in OTHER.changes}
    assert funded.to_json() == funded.to_json()


def test_amounts_outside_cny_are_minor_units():
    policy = Policy.load("kibo@undated")
    firms = Firms.from_columns({"staff_total": [3, 4]}, currency="KRW")
    data = compare(policy, policy, firms, on=dt.date(2026, 1, 1)).to_dict()
    assert set(data["lines"]["total"]) == {"before_minor", "after_minor", "change_minor"}
    assert data["before"]["sizes"] == []


def test_frames(funded):
    pytest.importorskip("pandas")
    frames = {name: funded.frame(name) for name in FRAMES}
    assert frames["migration"].to_numpy().sum() == 120
    assert frames["migration"].loc["E", "none"] == funded.matrix[4, 5]
    lines = frames["lines"].set_index("part")
    parts = lines.drop(index="total").sum()
    assert (parts == lines.loc["total"]).all()
    assert frames["districts"]["change_fen"].sum() == lines.loc["total", "change_fen"]
    assert frames["sizes"]["firms"].sum() == 120
    firms = frames["firms"]
    assert firms["change_fen"].sum() == funded.change.sum()
    assert len(firms) >= int(funded.gains.sum() + funded.loses.sum())
    fund = frames["fund"]
    assert set(fund["what"]) == {"expected_fen", "net_fen", "quantile_fen", "dry"}
    pots = fund[(fund["what"] == "expected_fen") & (fund["pot"] != "")]
    whole = fund[(fund["what"] == "expected_fen") & (fund["pot"] == "")]
    assert pots["before"].sum() == pytest.approx(whole["before"].sum(), rel=1e-9)
    assert pots["after"].sum() == pytest.approx(whole["after"].sum(), rel=1e-9)
    assert len(frames["parameters"]) == 3
    assert frames["decisions"]["firms"].max() <= 120
    with pytest.raises(UsageError) as error:
        funded.frame("nothing")
    assert "migration" in error.value.text("en")


def test_frames_without_a_fund(plain):
    pytest.importorskip("pandas")
    assert plain.frame("fund").empty
    assert pots_of(plain) == []
    assert plain.frame().equals(plain.frame("lines"))


# -- HTML -----------------------------------------------------------------------------------------


def parsed(html: str):
    return xml.dom.minidom.parseString(html.removeprefix("<!DOCTYPE html>\n"))


def test_html_is_well_formed_and_self_contained(funded):
    document = parsed(funded.html("both"))
    assert [a.getAttribute("lang") for a in document.getElementsByTagName("article")] == [
        "zh-CN", "en"
    ]  # fmt: skip
    assert not document.getElementsByTagName("script")
    assert not document.getElementsByTagName("link")
    for image in document.getElementsByTagName("image"):
        assert image.getAttribute("xlink:href").startswith("data:")
    ids = re.findall(r'\bid="([^"]+)"', funded.html("both"))
    assert len(ids) == len(set(ids))


def test_html_escapes_what_others_wrote():
    firms = population(120, seed=7)
    evil = "<script>alert('&')</script>"
    names = [f"{evil}{row:04}" for row in range(120)]
    texts = {**firms.texts, "name": names, "district": [evil] * 120}
    found = compare(POLICY, OTHER, Firms(firms.n, firms.columns, texts, "CNY"), on=ON)
    html = found.html("en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    parsed(html)


def test_html_without_matplotlib_says_so(plain, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    html = plain.html("en")
    assert "<svg" not in html
    assert "ipcredit[plots]" in html
    parsed(html)


# -- the picture ----------------------------------------------------------------------------------


@pytest.fixture
def no_chinese(monkeypatch):
    """A machine on which no font has Chinese characters."""
    from ipcredit import pictures

    monkeypatch.setattr(pictures, "FONTS", ())
    monkeypatch.setattr(pictures, "_look_again", lambda: None)


def test_the_picture_says_what_it_shows(funded, no_chinese):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from ipcredit.pictures import texts_of

    figure, remarks = funded.draw("zh")
    texts = list(texts_of(figure))
    assert [remark.code for remark in remarks] == ["chart.no-font"]
    assert not HAN.search("".join(texts))
    for expected in ("tier A", "no tier", "Probability of running dry", "whole fund",
                     "Lines in all, CNY 10,000", "better", "worse"):  # fmt: skip
        assert expected in texts
    counts = [f"{n:,}" for n in funded.matrix.ravel().tolist() if n]
    assert set(counts) <= set(texts)


def test_no_text_lies_on_another(funded, no_chinese):
    """Labels of the bands and numbers in cells, as they are laid out."""
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, _ = funded.draw("en")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    for axes in figure.axes:
        boxes = [t.get_window_extent(renderer) for t in axes.texts if t.get_text()]
        for at, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[at + 1 :])


def test_without_a_fund_the_districts_are_drawn(plain, no_chinese, tmp_path):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from ipcredit.pictures import texts_of

    texts = list(texts_of(plain.draw("en")[0]))
    assert "Lines by district" in texts
    assert "Change of lines, CNY 10,000" in texts
    one, two = tmp_path / "a.png", tmp_path / "b.png"
    plain.save(one, "en")
    plain.save(two, "en")
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(UsageError):
        plain.save(tmp_path / "a.gif")


def test_policies_with_other_tiers_and_no_firms_can_be_drawn(no_chinese):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from ipcredit.pictures import texts_of

    old = Policy.load("hubei-knowledge@2025")
    found = compare(old, POLICY, FIRMS, on=ON)
    labels = {f"tier {tier}" for tier in (*old.rules.tiers.labels, *POLICY.rules.tiers.labels)}
    drawn = " ".join(texts_of(found.draw("en")[0]))
    assert sum(label in drawn for label in labels) > 2
    nobody = Firms(0, {name: c[:0] for name, c in FIRMS.columns.items()}, {}, "CNY")
    empty = compare(POLICY, OTHER, nobody, on=ON)
    assert "There are no firms." in list(texts_of(empty.draw("en")[0]))
    assert "All lines together: CNY 0" in empty.text("en")


def test_many_tiers_one_pot_and_no_change_can_be_drawn(no_chinese):
    pytest.importorskip("matplotlib", reason="the extra plots is not installed")
    from ipcredit.pictures import texts_of

    policy = Policy.load("kibo@undated")
    columns = {
        "technology_grade": [at % 10 for at in range(200)],
        "risk_grade": [at % 3 + 1 for at in range(200)],
        "guarantee_purpose": [0] * 200,
    }
    firms = Firms.from_columns(columns, currency="KRW")
    found = compare(policy, policy, firms, on=dt.date(2026, 1, 1))
    figure, _ = found.draw("en")
    assert "tier AAA" in list(texts_of(figure))
    ticks = figure.axes[0].get_xticklabels()
    assert len(ticks) == 10
    assert {tick.get_rotation() for tick in ticks} == {45}
    scenario = Scenario.load("chongqing-assumed")
    single = compare(POLICY, OTHER, population(60, seed=7), made(source="made"), scenario, ON)
    drawn = list(texts_of(single.draw("en")[0]))
    assert "the fund" in drawn
    assert not any("not drawn" in text for text in drawn)


def test_better_and_worse():
    names = ("A", "B", "none", "refused", "incomplete", "invalid")
    better = compare_picture._better((names, names), range(6), range(6))
    assert better[1][0] == 1
    assert better[0][1] == better[0][3] == -1
    assert better[2][3] == better[3][2] == better[4][0] == better[0][5] == 0
    other = ("X", "none", "refused", "incomplete", "invalid")
    assert compare_picture._better((names, other), [0, 3], [0, 2]) == [[0, -1], [1, 0]]


def test_units_of_totals():
    assert unit_of(10**8, "CNY", "zh") == (1e6, "万元")
    assert unit_of(10**12, "CNY", "en") == (1e10, "CNY 100 million")
    assert unit_of(500, "CNY", "en") == (100.0, "CNY")
    assert unit_of(10**8, "KRW", "zh") == (1e6, "百万 KRW")
    assert unit_of(10**12, "EUR", "en") == (1e11, "EUR billion")
    assert unit_of(10**4, "KRW", "zh") == (1.0, "KRW")


def test_labels_keep_their_distance():
    places = apart(np.array([0.0, 0.001, 0.002, 0.5]), 0.05)
    assert (np.diff(places) >= 0.05 - 1e-12).all()
    assert places[3] == 0.5
    spots = spots_of(np.array([0.2, 0.0, 0.8]))
    assert spots[0][0] == 0
    assert spots[-1][1] == pytest.approx(1)
