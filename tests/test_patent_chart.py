"""The picture of a portfolio: its words, its fonts, and what is drawn when one is missing."""

from __future__ import annotations

import datetime as dt
import random
import re
import sys

import pytest

from ipcredit import UsageError, pictures
from ipcredit.patents import chart
from ipcredit.patents.chart import draw, save_chart
from ipcredit.patents.counting import count_rights
from ipcredit.patents.portfolio import portfolio
from ipcredit.patents.right import Citation, Right, Rights
from ipcredit.patents.value import value_rights
from ipcredit.patents.value.norms import norms_of
from ipcredit.pictures import texts_of
from ipcredit.source import parse

pytest.importorskip("matplotlib", reason="the extra plots is not installed")

ON = dt.date(2025, 6, 30)
HAN = re.compile(r"[\u4e00-\u9fff]")


def record(number, **facts):
    known = {
        "kind": "invention",
        "office": "CN",
        "application_no": f"CN20131{number:07d}.0",
        "filed": dt.date(2013, 6, 30),
        "published": dt.date(2014, 12, 1),
        "granted": dt.date(2016, 6, 30),
        "status": "granted",
        "status_on": ON,
        "ipc": ("G06F17/30",),
        "claims": 20,
        "family": f"F{number}",
        "family_size": 4,
        "forward_citations": 13,
        "forward_citations_5y": 5,
        "backward_citations": 10,
        "citing": (Citation(None, "H04L1/00"), Citation(None, "G06F1/00")),
        "acquired": "own",
    }
    return Right(**{**known, **facts})


def folio(records=None, method="oecd4", norms=None):
    if records is None:
        rnd = random.Random(3)
        codes = ["G06F1/00", "H04L1/00", "H01M1/00", "G01N1/00", "B23K1/00", "B60W1/00",
                 "A61B1/00", "A61K1/00", "C08L1/00", "E21B1/00", "D01F1/00"]  # fmt: skip
        records = [
            record(
                at,
                ipc=(rnd.choice(codes),),
                filed=dt.date(2012 + at % 9, 6, 30),
                claims=rnd.randrange(5, 40),
                granted=dt.date(2023, 1, 1),
                published=None,
            )
            for at in range(40)
        ]
        records.append(record(99, ipc=None))
    rights = Rights.of(records)
    values = value_rights(rights, method, norms, on=ON)
    return portfolio(values, count_rights(rights, ON))


@pytest.fixture
def no_chinese(monkeypatch):
    """A machine on which no font has Chinese characters."""
    monkeypatch.setattr(pictures, "FONTS", ())
    monkeypatch.setattr(pictures, "_look_again", lambda: None)


@pytest.fixture
def chinese(tmp_path, monkeypatch):
    """A font by the first name of the list that has every character of the picture, made here."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from matplotlib import font_manager

    pen = TTGlyphPen(None)
    for at, point in enumerate(((50, 0), (50, 700), (650, 700), (650, 0))):
        (pen.lineTo if at else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    needed = (
        {ord(c) for c in "".join(map("".join, chart.words_of(folio(), "zh").values()))}
        | set(range(32, 127))
        | {0x2212}
    )
    names = [".notdef", *(f"u{point:04X}" for point in sorted(needed))]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({point: f"u{point:04X}" for point in needed})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (700, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Trial Han", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "trial.ttf"
    builder.save(path)
    known = list(font_manager.fontManager.ttflist)
    font_manager.fontManager.addfont(path)
    monkeypatch.setattr(pictures, "FONTS", ("Trial Han",))
    yield "Trial Han"
    font_manager.fontManager.ttflist = known


def test_the_chinese_picture_is_chinese(chinese):
    figure, remarks = draw(folio(), "zh")
    assert remarks == ()
    words = [text for text in texts_of(figure) if text.strip()]
    assert any("专利组合" in text for text in words)
    for axis in (
        "计入组合价值的分数（括号内为件数）",
        "仍受保护的价值（分）",
        "仍受保护的权利（项）",
    ):
        assert axis in words
    assert "自 2025-06-30 起的年数（若持续缴费）" in words
    found = folio()
    for group in found.fields.groups[: chart.FIELDS_SHOWN]:
        assert found.field_label(group.code, "zh") in words
    assert any("合成数据" in text for text in words)


def test_the_english_picture_has_units_on_every_axis():
    figure, remarks = draw(folio(), "en")
    assert remarks == ()
    words = [text for text in texts_of(figure) if text.strip()]
    assert not any(HAN.search(text) for text in words)
    by_field, value, rights = figure.axes
    assert by_field.get_xlabel() == "added to the portfolio value, in points (number of rights)"
    assert value.get_ylabel() == "value still protected (points)"
    assert rights.get_ylabel() == "rights still protected"
    assert rights.get_xlabel() == "years from 2025-06-30, if all fees are paid"
    assert "Communication" not in words
    assert "Digital communication" in words
    assert "3 further fields" in words
    assert any("synthetic" in text for text in words)


def test_the_bars_add_up_to_the_value_and_the_curve_begins_with_it():
    found = folio()
    figure, _ = draw(found, "en")
    by_field, value, rights = figure.axes
    assert sum(bar.get_width() for bar in by_field.patches) == pytest.approx(found.low)
    assert value.lines[0].get_ydata()[0] == pytest.approx(found.low)
    assert rights.lines[0].get_ydata()[0] == found.count == 41
    assert len(by_field.patches) == chart.FIELDS_SHOWN + 2  # the rest, and not known


def test_without_a_chinese_font_the_picture_is_english_and_says_what_to_install(no_chinese):
    figure, remarks = draw(folio(), "zh")
    words = [text for text in texts_of(figure) if text.strip()]
    assert not any(HAN.search(text) for text in words)
    assert any("fonts-noto-cjk" in text for text in words)
    (remark,) = remarks
    assert "fonts-noto-cjk" in remark.text("zh")
    assert HAN.search(remark.text("zh"))
    assert draw(folio(), "en")[1] == ()


def test_a_title_that_no_font_can_draw_becomes_question_marks_not_boxes(no_chinese, tmp_path):
    norms = norms_of(
        parse(
            """
schema = 1
id = "own"
synthetic = false
title = { zh = "自有", en = "Own" }
[fields.c]
title = { zh = "计算机", en = "计算机 computing" }
ipc = ["G06"]
assumed = { zh = "例", en = "example" }
[norms.c]
2013 = { claims = 40, family_size = 10, forward_citations_5y = 10, generality = 0.8 }
assumed = { zh = "例", en = "example" }
"""
        )
    )
    figure, _ = draw(folio([record(1)], norms=norms), "en")
    assert "??? computing" in list(texts_of(figure))
    figure.savefig(tmp_path / "drawn.png")  # a missing glyph would be a warning, hence an error


@pytest.mark.parametrize("suffix", pictures.SUFFIXES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_is_written_without_a_missing_glyph(tmp_path, chinese, suffix, lang):
    first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
    assert save_chart(folio(), first, lang) == ()
    save_chart(folio(), second, lang)
    assert first.stat().st_size > 5_000
    assert first.read_bytes() == second.read_bytes()


def test_an_empty_portfolio_says_so():
    figure, _ = draw(folio([record(1, status=None)]), "en")
    assert "no counted right to show" in list(texts_of(figure))
    assert not figure.axes


def test_an_open_value_is_marked_as_the_lowest():
    figure, _ = draw(folio([record(1, claims=None)]), "en")
    assert any("lowest value; could be up to" in text for text in texts_of(figure))


def test_the_colours_differ_for_colour_blind_readers_and_in_grey():
    from matplotlib.colors import to_rgb

    greys = []
    for colour in (pictures.BLUE, pictures.ORANGE, pictures.GREY):
        red, green, blue = to_rgb(colour)
        greys.append(0.299 * red + 0.587 * green + 0.114 * blue)
    blue, orange, grey = greys
    assert min(abs(blue - orange), abs(blue - grey)) > 0.15


def test_endings_and_folders_that_do_not_work_are_refused(tmp_path):
    for name, code in (("chart.gif", "chart.suffix"), ("none/chart.png", "file.unwritable")):
        with pytest.raises(UsageError) as caught:
            save_chart(folio([record(1)]), tmp_path / name, "en")
        assert [problem.code for problem in caught.value.problems] == [code]


def test_without_matplotlib_the_answer_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError) as caught:
        draw(folio([record(1)]), "en")
    assert "ipcredit[plots]" in caught.value.text("en")
    assert "ipcredit[plots]" in caught.value.text("zh")


def test_nothing_else_loads_matplotlib():
    import subprocess

    program = (
        "import sys, ipcredit.patents.chart, ipcredit.patents.worth; "
        "print('matplotlib' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
