"""Amounts: every way a person writes them, exact to the minor unit, or refused with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipcredit.money import (
    MAX_MINOR,
    MINOR_DIGITS,
    MoneyError,
    format_money,
    minor_digits,
    parse_money,
    plain,
    written,
)

AMOUNTS = st.integers(-MAX_MINOR, MAX_MINOR)
CURRENCIES = st.sampled_from(sorted(MINOR_DIGITS))
LANGUAGES = st.sampled_from(["zh", "en"])


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("450 万元", "CNY", 450_000_000),
        ("450万元", "CNY", 450_000_000),
        ("1.5 亿元", "CNY", 15_000_000_000),
        ("3000000 元", "CNY", 300_000_000),
        ("12345 分", "CNY", 12_345),
        ("12345 fen", "CNY", 12_345),
        ("1,234.56 元", "CNY", 123_456),
        ("０．０１　元", "CNY", 1),
        ("４５０万元", "CNY", 450_000_000),
        ("1，234．5 元", "CNY", 123_450),
        ("450 萬元", "CNY", 450_000_000),
        ("2 千万元", "CNY", 2_000_000_000),
        ("3 百万元", "CNY", 300_000_000),
        ("人民币 450 万元", "CNY", 450_000_000),
        ("450 万元人民币", "CNY", 450_000_000),
        ("RMB 450", "CNY", 45_000),
        ("4.5 million CNY", "CNY", 450_000_000),
        ("-450 万元", "CNY", -450_000_000),
        ("−450 万元", "CNY", -450_000_000),
        ("+1 元", "CNY", 100),
        ("0 元", "CNY", 0),
        ("1.10 元", "CNY", 110),
        ("1.000 元", "CNY", 100),
        ("150000 USD", "USD", 15_000_000),
        ("USD 150,000", "USD", 15_000_000),
        ("usd150000", "USD", 15_000_000),
        ("2.5 million USD", "USD", 250_000_000),
        ("USD 2.5 Million", "USD", 250_000_000),
        ("15 万美元", "USD", 15_000_000),
        ("2 crore INR", "INR", 2_000_000_000),
        ("70 억원", "KRW", 7_000_000_000),
        ("5000만원", "KRW", 50_000_000),
        ("7 billion KRW", "KRW", 7_000_000_000),
        ("7000000000 원", "KRW", 7_000_000_000),
        ("70 亿韩元", "KRW", 7_000_000_000),
    ],
)
def test_reads_what_people_write(text, currency, minor):
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code", "en", "zh"),
    [
        (
            "450",
            "CNY",
            "money.no-unit",
            'the amount "450" has no unit; an amount needs its unit; write it as in "450 万元"',
            "金额“450”没有单位；金额必须带单位；请写成“450 万元”的形式",
        ),
        (
            "15",
            "USD",
            "money.no-unit",
            'the amount "15" has no unit; an amount needs its unit; write it as in "150,000 USD"',
            "金额“15”没有单位；金额必须带单位；请写成“150,000 USD”的形式",
        ),
        (
            "many 元",
            "CNY",
            "money.not-an-amount",
            '"many 元" is not an amount; allowed is a number with its unit; '
            'write it as in "450 万元"',
            "“many 元”不是金额；应为带单位的数字；请写成“450 万元”的形式",
        ),
        (
            "450 万",
            "CNY",
            "money.unknown-unit",
            '"450 万" has the unknown unit "万"; allowed are units of CNY; '
            'write it as in "450 万元"',
            "“450 万”的单位“万”无法识别；应为 CNY 的单位；请写成“450 万元”的形式",
        ),
        (
            "150000 USD",
            "CNY",
            "money.currency",
            '"150000 USD" is in USD; amounts here are in CNY; convert it and write it as in '
            '"450 万元"',
            "“150000 USD”的币种是 USD；此处金额币种为 CNY；请折算后写成“450 万元”的形式",
        ),
        (
            "0.001 元",
            "CNY",
            "money.too-fine",
            'the amount "0.001 元" is finer than the smallest unit; the smallest unit is 1 fen; '
            "round it yourself",
            "金额“0.001 元”小于最小货币单位；最小单位为 1 fen；请自行取整",
        ),
        (
            "0.5 원",
            "KRW",
            "money.too-fine",
            'the amount "0.5 원" is finer than the smallest unit; the smallest unit is KRW 1; '
            "round it yourself",
            "金额“0.5 원”小于最小货币单位；最小单位为 KRW 1；请自行取整",
        ),
        (
            "100001 亿元",
            "CNY",
            "money.range",
            'the amount "100001 亿元" is out of range; amounts go up to 100,000 亿元 either way; '
            "check the number and its unit",
            "金额“100001 亿元”超出范围；绝对值不超过 100,000 亿元；请核对数字和单位",
        ),
        (
            "1 元",
            "XYZ",
            "money.unknown-currency",
            'unknown currency "XYZ"; known are CNY, KRW, USD, EUR, GBP, CAD, INR, JPY; '
            "use one of these codes",
            "未知币种“XYZ”；已知币种为 CNY, KRW, USD, EUR, GBP, CAD, INR, JPY；请使用其中之一",
        ),
    ],
)
def test_says_what_is_wrong(text, currency, code, en, zh):
    with pytest.raises(MoneyError) as caught:
        parse_money(text, currency)
    assert caught.value.code == code
    assert str(caught.value) == caught.value.text("en") == en
    assert caught.value.text("zh") == zh


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "元", "万元", "1,23 元", "1,2345 元", ",1 元", "1. 元", ".5 元", "1.2.3 元", "--1 元",
        "1e3 元", "0x10 元", "45² 元", "½ 元", "٤٥٠ 元", "1 2 元", "(450) 万元", "nan 元", "∞ 元",
        "¥450", "450 万元 元", "USD 450 元",
    ],
)  # fmt: skip
def test_refuses_what_could_be_read_in_two_ways(text):
    with pytest.raises(MoneyError):
        parse_money(text)


def test_range_is_inclusive_on_both_sides():
    assert parse_money(f"{MAX_MINOR} fen") == MAX_MINOR
    assert parse_money(f"-{MAX_MINOR} fen") == -MAX_MINOR
    assert parse_money(f"{MAX_MINOR - 1} fen") == MAX_MINOR - 1
    for text in (f"{MAX_MINOR + 1} fen", f"-{MAX_MINOR + 1} fen", "9" * 5000 + " 元"):
        with pytest.raises(MoneyError, match="out of range") as caught:
            parse_money(text)
        assert caught.value.code == "money.range"
        assert len(str(caught.value)) < 250


def test_digits_beyond_the_minor_unit_are_refused_however_many():
    for text in ("0.0000001 万元", "0." + "3" * 100 + " 元"):
        with pytest.raises(MoneyError) as caught:
            parse_money(text)
        assert caught.value.code == "money.too-fine"
    assert parse_money("0.000001 万元") == 1
    assert parse_money("0.010000000000000000000000000000 元") == 1


@pytest.mark.parametrize(
    ("minor", "zh", "en"),
    [
        (0, "0 元", "CNY 0"),
        (1, "0.01 元", "CNY 0.01"),
        (123_456, "1,234.56 元", "CNY 1,234.56"),
        (999_999, "9,999.99 元", "CNY 9,999.99"),
        (1_000_000, "1 万元", "CNY 10,000"),
        (450_000_000, "450 万元", "CNY 4.5 million"),
        (3_200_500_000, "3,200.5 万元", "CNY 32,005,000"),
        (10_000_000_000, "1 亿元", "CNY 100 million"),
        (12_300_000_000, "12,300 万元", "CNY 123 million"),
        (123_000_000_000, "12.3 亿元", "CNY 1.23 billion"),
        (-450_000_000, "-450 万元", "CNY -4.5 million"),
        (MAX_MINOR, "100,000 亿元", "CNY 10,000 billion"),
    ],
)
def test_writes_amounts_as_bankers_do(minor, zh, en):
    assert format_money(minor, "CNY", "zh") == zh
    assert format_money(minor, "CNY", "en") == en


def test_written_form_is_the_one_of_firm_files():
    assert written(450_000_000) == "450 万元"
    assert written(7_000_000_000, "KRW") == "KRW 7 billion"


def test_minor_digits():
    assert [minor_digits(code) for code in ("CNY", "KRW", "JPY", "USD")] == [2, 0, 0, 2]
    with pytest.raises(MoneyError, match='unknown currency "cny"'):
        minor_digits("cny")


@given(AMOUNTS, CURRENCIES, LANGUAGES)
@example(MAX_MINOR, "CNY", "zh")
@example(-1, "KRW", "en")
@example(10_000, "JPY", "zh")
def test_what_is_written_reads_back_to_the_same_amount(minor, currency, lang):
    text = format_money(minor, currency, lang)
    assert parse_money(text, currency) == minor
    assert parse_money(text.replace(" ", ""), currency) == minor
    assert "¥" not in text


@given(AMOUNTS, st.sampled_from([("元", 100), ("万元", 10**6), ("亿元", 10**10), ("分", 1)]))
def test_any_unit_gives_the_same_amount_exactly(minor, unit):
    name, fen = unit
    assert parse_money(f"{Decimal(minor) / fen:f} {name}") == minor


@given(AMOUNTS, st.sampled_from(["zh", "en"]))
def test_full_width_text_reads_like_plain_text(minor, lang):
    text = format_money(minor, "CNY", lang)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert parse_money(wide.replace(" ", "　")) == minor


@given(st.text(max_size=30), CURRENCIES)
def test_any_text_is_read_or_refused(text, currency):
    try:
        minor = parse_money(text, currency)
    except MoneyError as error:
        minor = len(error.text("zh")) + len(error.text("en"))
    assert abs(minor) <= MAX_MINOR


@given(AMOUNTS, CURRENCIES, CURRENCIES, LANGUAGES)
def test_an_amount_of_another_currency_is_never_taken(minor, currency, other, lang):
    if currency != other:
        with pytest.raises(MoneyError) as caught:
            parse_money(format_money(minor, currency, lang), other)
        assert caught.value.code == "money.currency"


def test_plain_leaves_other_characters_alone():
    assert plain("  ＡＢ　１２ ") == "AB 12"
    assert plain("45²") == "45²"
