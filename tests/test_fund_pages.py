"""A printed fund can be held beside the public text: every value, its source, what is not public."""

from __future__ import annotations

import json
import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len

from ipcredit import messages
from ipcredit.errors import FundError
from ipcredit.fund import terms as words
from ipcredit.fund.fund import Fund, check_fund_file, fund_files, funds
from ipcredit.fund.page import check_page, fund_blocks, list_page, show_json, show_page
from ipcredit.fund.page_words import ceiling_text, phrase, raw_text, when_text
from ipcredit.fund.terms import Ceiling, Step, When
from ipcredit.messages.fund_show import TEXTS
from ipcredit.traits import NUMERIC, WORDS

BASE = tomllib.loads((Path(__file__).parent / "fund_errors.toml").read_text(encoding="utf-8"))[
    "base"
]
EDITIONS = [f"{name}@{edition}" for name in funds() for edition in fund_files(name)]
LANGUAGES = ("zh", "en")
OTHERS = {"zh": "其他数值", "en": "Other numbers"}
F = Fraction


@pytest.fixture(scope="module")
def base():
    return Fund.from_canonical(tomllib.loads(BASE))


def flat(text):
    """A page as one line of words, wherever its lines were broken."""
    return " ".join(text.split())


def section(fund, lang, path):
    """The facts (label, text, mark) and rows of the block of a rule."""
    (block,) = [block for block in fund_blocks(fund, lang) if block.path == path]
    return [row.cells for row in (*block.facts, *block.rows)]


# -- nothing is left out -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [*EDITIONS, "trial"])
def test_every_value_stands_in_its_own_clause(name, lang, base):
    fund = base if name == "trial" else Fund.load(name)
    blocks = fund_blocks(fund, lang)
    shown = {path for block in blocks for row in (*block.facts, *block.rows) for path in row.paths}
    assert {number.path for number in fund.numbers} <= shown
    assert OTHERS[lang] not in [block.heading for block in blocks]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EDITIONS)
def test_every_row_with_values_names_where_they_come_from(name, lang):
    for block in fund_blocks(Fund.load(name), lang):
        for row in (*block.facts, *block.rows):
            if row.paths:
                assert re.search(r"\[\d+\]|假定 \d+|assumed \d+", row.cells[-1]), row


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EDITIONS)
def test_reasons_unpublished_clauses_and_sources_are_on_the_page(name, lang):
    fund = Fund.load(name)
    page = flat(show_page(fund, lang, width=400))
    for number in fund.assumed():
        assert flat(number.assumed.text(lang)).replace(" %", "%") in page.replace(" %", "%")
    for item in fund.terms.unpublished:
        assert item.title.text(lang) in page
    for source in fund.content.sources:
        assert source.document in page
    assert fund.fingerprint in page


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("name", EDITIONS)
def test_a_page_keeps_its_width_and_fits_a_chinese_console(name, width):
    for lang in LANGUAGES:
        text = show_page(Fund.load(name), lang, width=width)
        assert max(map(cell_len, text.splitlines())) <= width
        text.encode("gbk")


@pytest.mark.parametrize("name", EDITIONS)
def test_an_english_page_has_no_chinese_sentence_of_ours(name):
    """Only titles of documents may stand in Chinese."""
    fund = Fund.load(name)
    page = show_page(fund, "en", width=400)
    for document in sorted((s.document for s in fund.content.sources), key=len, reverse=True):
        page = page.replace(document, "")
    assert not re.search("[\u4e00-\u9fff]", page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_values_with_a_source_of_their_own_stand_in_their_clauses_too(lang):
    """Every value of the trial fund, written with its own assumption."""
    raw = tomllib.loads(BASE)
    own = {"zh": "理由", "en": "reason"}
    keys = [
        key for key in raw if key not in ("schema", "id", "currency", "source", "title", "sources")
    ]

    def wrapped(value, key=""):
        if isinstance(value, dict) and key != "title":
            return {name: wrapped(inner, name) for name, inner in value.items()}
        return value if key == "title" else {"value": value, "assumed": own}

    raw |= {key: wrapped(raw[key], key) for key in keys}
    fund = Fund.from_canonical(raw)
    plain = Fund.from_canonical(tomllib.loads(BASE))
    assert fund.terms == plain.terms
    assert fund.evidence()["secondary"] == 0
    assert [n.path.replace(".value", "") for n in fund.numbers] == [n.path for n in plain.numbers]
    blocks = fund_blocks(fund, lang)
    assert OTHERS[lang] not in [block.heading for block in blocks]


def test_a_page_in_both_languages_is_the_two_pages(base):
    assert show_page(base, "both") == f"{show_page(base, 'zh')}\n\n{show_page(base, 'en')}"


# -- the clauses in words ------------------------------------------------------------------------


def test_a_breaker_says_its_four_things_each_with_its_mark():
    rows = section(Fund.load("hubei@2025"), "zh", "breakers.stop")
    assert rows == [
        ("阈值", "≥ 8 %", "[2]"),
        ("度量", "逾期未收回本金", "假定 3"),
        ("分母", "贷款余额", "假定 4"),
        ("对象", "基金整体", "假定 5"),
        ("停止事项", "暂缓代偿，解除后支付", "[2]"),
        ("解除", "比率回落至阈值以下", "假定 6"),
    ]


def test_a_limit_says_what_over_what_per_whom_and_what_happens():
    rows = section(Fund.load("henan@2025"), "en", "limits.lender-rate")
    assert rows == [
        ("Measured", "payouts of the fund", "[1]"),
        ("Ceiling", "2 % of the balance owed at the end of the year before", "[1]"),
        ("Per", "each lender", "[1]"),
        ("Period", "afresh each calendar year", "[1]"),
        ("What stops", "what is above is not paid", ""),
        ("After a recovery", "no room comes back", ""),
    ]


def test_shares_stand_party_by_party():
    rows = section(Fund.load("zhongshan@undated"), "en", "cover")
    assert rows == [("compensation fund", "54 %", "16 %", "4 %", "26 %", "[1]")]
    bands = section(Fund.load("national-tech@2024"), "en", "cover")
    assert [cells[1:-1] for cells in bands[1:]] == [
        ("40 %", "20 %", "20 %", "20 %"),
        ("35 %", "20 %", "25 %", "20 %"),
        ("30 %", "20 %", "30 %", "20 %"),
    ]


def test_bands_stand_one_by_one_with_what_is_above_the_last():
    rows = section(Fund.load("guangzhou@2025"), "zh", "cover")
    assert [row[:2] for row in rows[-4:]] == [
        ("  不超过 500 万元", "40 %"),
        ("  500 万元以上至 1,500 万元", "30 %"),
        ("  1,500 万元以上至 3,000 万元", "20 %"),
        ("  超过 3,000 万元：不适用本规则", "-"),
    ]


def test_what_the_user_must_give_is_said():
    (row,) = [row for row in section(Fund.load("kibo@undated"), "en", "money") if row[0] == "Cash"]
    assert row[1] == "not in the file; the user gives it"


def test_who_bears_the_interest():
    assert section(Fund.load("zhongshan@undated"), "zh", "claim")[0][1] == (
        "逾期本金；利息由贷款机构承担"
    )
    changed = Fund.load("zhongshan@undated").change("claim.interest", True)
    assert section(changed, "zh", "claim")[0][1] == "逾期本金和利息"


@pytest.mark.parametrize(
    ("ceiling", "en", "zh"),
    [
        (Ceiling(5_000_000_00), "CNY 5 million", "500 万元"),
        (
            Ceiling(None, "capital", (Step(None, F(1, 2)),)),
            "50 % of the fund's capital",
            "基金资本 × 50 %",
        ),
        (
            Ceiling(None, "volume", (Step(F(100_00), F(9, 10)), Step(F(200_00), F(1, 2)))),
            "of all that was lent: 90 % up to CNY 100; 50 % of the next part up to CNY 200",
            "累计发放额：不超过 100 元的部分 90 %、其后至 200 元的部分 50 %",
        ),
        (
            Ceiling(None, "volume", (Step(F(100_00), F(9, 10)), Step(None, F(1, 10))), F(1, 2)),
            "of 50 % of all that was lent: 90 % up to CNY 100; 10 % of what is above",
            "累计发放额 × 50 %：不超过 100 元的部分 90 %、超过部分 10 %",
        ),
    ],
)
def test_ceilings_in_words(ceiling, en, zh):
    assert ceiling_text(ceiling, "CNY", "en") == en
    assert ceiling_text(ceiling, "CNY", "zh") == zh


def test_tests_in_words():
    test = When(
        words=(("class", ("A", "B")),),
        tags=("key-list",),
        at_least=(("support_years", F(10)),),
        at_most=(("collateral_share", F(3, 10)),),
    )
    assert when_text(test, "CNY", "en") == (
        "class of firm = A or B and marked key-list and years of support ≥ 10 years and physical "
        "collateral to loan ≤ 30 %"
    )
    assert when_text(test, "CNY", "zh") == (
        "企业类别 = A 或 B，且标有 key-list，且获支持年限 ≥ 10 年，且实物抵押占贷款 ≤ 30 %"
    )
    assert when_text(When(), "CNY", "zh") == "全部"


@pytest.mark.parametrize(
    ("raw", "path", "en", "zh"),
    [
        ("0.8", "cover.rules.a.share", "80 %", "80 %"),
        ("90", "claim.overdue_days.value", "90", "90"),
        ("20", "leverage.most", "20", "20"),
        ("0.3", "limits.cap.grows.most", "30 %", "30 %"),
        ("31 亿元", "money.committed", "CNY 3.1 billion", "31 亿元"),
        ("true", "claim.advance", "yes", "是"),
        ("balance", "breakers.stop.over.value", "the balance owed", "贷款余额"),
        ("payment", "breakers.stop.stops", "payment is put off until the breaker is lifted",
         "暂缓代偿，解除后支付"),
        ("guaranteed", "cover.rules.a.when.mode", "guaranteed", "guaranteed"),
    ],
)  # fmt: skip
def test_values_as_the_file_writes_them_in_words(raw, path, en, zh):
    assert (raw_text(raw, path, "CNY", "en"), raw_text(raw, path, "CNY", "zh")) == (en, zh)


def test_a_change_is_marked_with_the_value_before_and_after():
    fund = Fund.load("hubei@2025").change("breakers.stop.at", 0.1)
    row = section(fund, "en", "breakers.stop")[0]
    assert row == ("Threshold", "≥ 10 %", "changed: 8 % → 10 %")
    assert "已改：8% → 10%" in show_page(fund, "zh")
    days = fund.change("claim.overdue_days", 90)
    assert section(days, "zh", "claim")[2][2] == "已改：0 → 90"


# -- every word the language knows has its phrase ------------------------------------------------

PHRASES = {
    "covers": words.COVERS,
    "list-covers": words.COVERS,
    "pick": words.PICKS,
    "per": words.SCOPES,
    "base": words.BASES,
    "limit-measure": words.MEASURES,
    "breaker-measure": words.BREAKER_MEASURES,
    "stops": words.STOPS,
    "lifts": words.LIFTS,
    "capital": words.CAPITALS,
    "shortage": words.SHORTAGES,
    "order": words.RECOVERY_ORDERS,
    "kept": words.POT_SCOPES,
    "surcharge": words.SURCHARGE_MEASURES,
    "attribute": (*WORDS, *NUMERIC),
}


@pytest.mark.parametrize("kind", PHRASES)
def test_every_word_of_the_language_has_a_phrase_and_no_phrase_is_idle(kind):
    known = {code.removeprefix(f"fund-show.{kind}.") for code in TEXTS if f".{kind}." in code}
    assert known == set(PHRASES[kind])


OTHER_WAYS = {
    "covers": ["base", "receivables"],
    "claim.waiting_days": [0],
    "claim.overdue_days": [0],
    "claim.interest": [True],
    "claim.advance": [False],
    "cover.pick": ["worst", "declared"],
    "limits.first.per": ["claim", "firm"],
    "limits.account.of": ["opening-balance", "capital"],
    "limits.cap.clawback": [False],
    "breakers.stop.measure": ["payouts"],
    "breakers.stop.stops": ["lending", "acceptance"],
    "breakers.stop.lifts": ["never"],
    "money.tested": ["paid-in"],
    "recoveries.order": ["fund-first", "lender-first"],
    "recoveries.to_pot": [False],
}


def test_every_text_of_the_pages_is_used(base, monkeypatch, tmp_path):
    seen = set()
    plain = messages.text

    def text(code, lang="en", **args):
        seen.add(code)
        return plain(code, lang, **args)

    monkeypatch.setattr(messages, "text", text)
    made = [Fund.load(name) for name in EDITIONS] + [base]
    made += [base.change(path, value) for path, found in OTHER_WAYS.items() for value in found]
    made.append(base.change("claim.overdue_days", 0).change("claim.waiting_days", 0))
    raw = tomllib.loads(BASE)
    del raw["money"]["top_up"]["most"], raw["quota"]["most"]
    raw["money"]["uses"]["bridge"] = {"amount": "1 亿元"}
    raw["limits"]["account"]["bands"] = [{"rate": 0.1}]
    raw["limits"]["account"]["when"] = {"lender": "one", "district": ["north"]}
    raw["cover"]["rules"]["by-size"]["bands"] = [{"share": 0.1}]
    made.append(Fund.from_canonical(raw))
    raw["limits"]["account"]["bands"] = [{"up_to": f"{n} 万元", "rate": 0.1} for n in (1, 2)]
    made.append(Fund.from_canonical(raw))
    for fund in made:
        show_page(fund, "en")
        phrase(f"list-covers.{fund.terms.covers}", "en")
    list_page("en")
    Path(tmp_path / "trial.toml").write_text(BASE, encoding="utf-8")
    check_page(tmp_path / "trial.toml", [], "en")
    assert set(TEXTS) - seen == {"fund-show.broken"}  # see below


# -- list, check and JSON ------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_names_every_edition(lang):
    text = list_page(lang, width=400)
    rows = text.splitlines()[-len(EDITIONS) :]
    assert [row.split()[0] for row in rows] == EDITIONS
    for name, row in zip(EDITIONS, rows, strict=True):
        fund = Fund.load(name)
        assert fund.title.text(lang) in row
        assert str(len(fund.numbers)) in row.split()
    text.encode("gbk")


def test_a_fund_that_does_not_load_keeps_its_row(tmp_path, monkeypatch):
    for name, text in (("good", BASE), ("bad", BASE.replace('"CNY"', '"RMB"'))):
        (tmp_path / "funds" / name).mkdir(parents=True)
        (tmp_path / "funds" / name / "1.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("ipcredit.fund.fund.config_dir", lambda: tmp_path)
    rows = list_page("en", width=200).splitlines()
    assert rows[-2].split()[0] == "bad@1"
    assert "cannot be read," in rows[-2]
    assert "ipcredit fund check 1.toml" in rows[-2]
    assert rows[-1].split()[0] == "good@1"


def test_a_check_says_what_a_fund_contains_or_every_problem(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("trial.toml").write_text(BASE, encoding="utf-8")
    text = check_page("trial.toml", check_fund_file("trial.toml"), "en")
    assert text.splitlines()[0] == "OK: trial.toml"
    assert "rules of cover 2, parties 2, pots 2, limits 5, breakers 1, not public 1" in text
    assert Fund.load(Path("trial.toml").absolute()).fingerprint in text
    Path("trial.toml").write_text(BASE.replace('"CNY"', '"RMB"'), encoding="utf-8")
    problems = check_fund_file("trial.toml")
    text = check_page("trial.toml", problems, "zh")
    assert [problem.text("zh") for problem in problems] == text.splitlines()[:-1]
    with pytest.raises(FundError):
        Fund.load(Path("trial.toml").absolute())


@pytest.mark.parametrize("name", EDITIONS)
def test_a_fund_as_json_holds_the_whole_fund(name):
    fund = Fund.load(name)
    data = json.loads(json.dumps(show_json(fund), ensure_ascii=False))
    assert Fund.from_canonical(data["file"]) == fund
    assert [item["path"] for item in data["values"]] == [n.path for n in fund.numbers]
    assert sum(data["evidence"].values()) == len(data["values"])
    assert [item["name"] for item in data["unpublished"]] == [
        item.name for item in fund.terms.unpublished
    ]
    changed = fund.change("money.tested", "paid-in")
    data = show_json(changed)
    assert [change["new"] for change in data["changes"]] == ["paid-in"]
    assert [v["evidence"] for v in data["values"] if v["path"].startswith("money.tested")] == [
        "changed"
    ]
