"""A fund file says what it says: every clause is read, every key counts, nothing is made up."""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipcredit.errors import FundError, UsageError
from ipcredit.fund.fund import Fund, check_fund_file, fund_files, funds
from ipcredit.fund.page import show_page
from ipcredit.fund.reading import meet, possible
from ipcredit.fund.terms import (
    Ceiling,
    Claim,
    Cover,
    CoverRule,
    Growth,
    Step,
    Surcharge,
    Uplift,
    When,
)
from ipcredit.resources import config_dir

CATALOGUE = tomllib.loads((Path(__file__).parent / "fund_errors.toml").read_text(encoding="utf-8"))
BASE = CATALOGUE["base"]
EDITIONS = [f"{name}@{edition}" for name in funds() for edition in fund_files(name)]
F = Fraction


def raw_base():
    return tomllib.loads(BASE, parse_float=Decimal)


def base():
    return Fund.from_canonical(raw_base())


def with_value(path, value):
    """The base fund with one value replaced (``None``: taken out)."""
    raw = raw_base()
    *way, last = path
    holder = raw
    for key in way:
        holder = holder[key]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return raw


def leaves(node, place=()):
    if not isinstance(node, dict | list):
        yield place, node
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from leaves(value, (*place, key))


# -- every clause --------------------------------------------------------------------------------


def test_shares_and_parties():
    terms = base().terms
    cover = terms.cover
    assert terms.covers == "knowledge"
    assert (cover.pick, cover.most, cover.of_liability) == ("first", F(3, 5), F(4, 5))
    flat, sized = cover.rules
    assert flat.when == When(words=(("mode", ("guaranteed",)),), tags=("old-list",))
    assert (flat.by, flat.steps, flat.slices) == ("", (Step(None, F(1, 5)),), False)
    steps = (Step(F(5_000_000_00), F(1, 2)), Step(F(15_000_000_00), F(2, 5)), Step(None, F(3, 10)))
    assert (sized.by, sized.steps, sized.slices) == ("size", steps, True)
    key, late = cover.uplifts
    assert key.when.words == (("part", ("knowledge", "base")),)
    assert (late.when.above, late.points) == ((("support_years", F(10)),), F(-1, 20))
    assert [(p.name, p.share, p.least) for p in terms.parties] == [
        ("insurer", F(1, 5), None),
        ("guarantor", None, F(1, 10)),
    ]
    assert [(p.name, p.share, p.by_district) for p in terms.pots] == [
        ("city", F(2, 5), False),
        ("district", F(3, 5), True),
    ]


def test_claims_and_conditions():
    terms = base().terms
    assert terms.claim == Claim(False, True, 90, 30, "claim")
    rate, one = terms.conditions
    bounds = (("rate_over_benchmark", F(0)),), (("rate_over_benchmark", F(3, 10)),)
    assert (rate.when.at_least, rate.when.at_most) == bounds
    assert one.one_scheme
    assert not rate.one_scheme


def test_limits():
    first, cap, account, budget = base().terms.limits
    assert (first.measure, first.per, first.deductible) == ("claims", "lender", True)
    assert first.ceiling == Ceiling(None, "volume", (Step(None, F(1, 100)),))
    growth = Growth(F(1, 5), F(1, 2), F(2, 5), F(1, 2), F(3, 10))
    rate = F(22, 100)
    assert cap.ceiling == Ceiling(None, "volume", (Step(None, rate),), F(1, 2), growth)
    assert (cap.net, cap.clawback, cap.yearly, cap.deductible) == (True, True, False, False)
    assert account.ceiling.steps == (Step(F(2_500_000_00), F(9, 10)), Step(None, F(1, 10)))
    assert (budget.ceiling, budget.yearly) == (Ceiling(50_000_000_00), True)
    assert budget.when.below == (("revenue", F(100_000_000_00)),)
    quota = base().terms.quota
    assert (quota.rate, quota.most) == (F(1, 50), F(1, 25))


def test_a_breaker_says_its_four_things():
    (found,) = base().terms.breakers
    four = (found.measure, found.over, found.per, found.stops)
    assert four == ("claims", "year-volume", "lender", "payment")
    assert (found.at, found.lifts) == (F(2, 25), "year-end")
    assert found.strict
    assert found.yearly


def test_money_fees_and_recoveries():
    terms = base().terms
    money = terms.money
    assert (money.committed, money.paid_in, money.cash) == (
        1_100_000_000_00,
        200_000_000_00,
        100_000_000_00,
    )
    assert (money.tested, money.shortage, money.interest) == ("committed", "deferred", F(1, 100))
    assert money.districts == (("north", F(1, 2)), ("south", F(1, 2)))
    assert (money.top_up.to, money.top_up.most) == (F(1), 100_000_000_00)
    assert [(use.name, use.share, use.amount) for use in money.uses] == [("bridge", F(1, 5), None)]
    assert (terms.leverage.most, terms.leverage.capital) == (F(20), "cash")
    (fee,) = terms.fees
    assert (fee.rate, fee.waived) == (F(1, 100), True)
    assert fee.surcharges[1] == Surcharge("overdue", F(1, 10), F(3, 20))
    assert (terms.recoveries.order, terms.recoveries.to_pot) == ("pro-rata", True)
    assert [item.name for item in terms.unpublished] == ["breaker"]


def test_what_a_file_does_not_say_is_the_plain_rule():
    raw = raw_base()
    for key in ("conditions", "pots", "parties", "limits", "quota", "breakers", "leverage", "fees"):
        del raw[key]
    for key in ("districts", "top_up", "uses", "interest", "committed", "paid_in", "cash"):
        del raw["money"][key]
    del raw["unpublished"], raw["cover"]["uplift"], raw["claim"]["waiting_days"]
    terms = Fund.from_canonical(raw).terms
    assert (terms.parties, terms.pots, terms.limits, terms.breakers) == ((), (), (), ())
    assert (terms.quota, terms.leverage, terms.money.top_up) == (None, None, None)
    # Missing is not zero: an amount that is not stated is not known.
    assert (terms.money.committed, terms.money.paid_in, terms.money.cash) == (None, None, None)
    assert terms.claim.waiting_days == 0
    assert terms.attributes == ("mode", "tags", "size")


# -- sources -------------------------------------------------------------------------------------


def test_every_value_has_its_source_and_a_value_may_bring_its_own():
    reason = {"zh": "未公布", "en": "not public"}
    raw = with_value(("breakers", "stop", "over"), {"value": "balance", "assumed": reason})
    fund = Fund.from_canonical(raw)
    assert fund.terms.breakers[0].over == "balance"
    (number,) = fund.under("breakers.stop.over")
    assert (number.path, number.shown) == ("breakers.stop.over.value", "balance")
    assert (number.evidence, number.assumed.zh) == ("assumed", "未公布")
    assert fund.assumed() == (number,)
    counts = fund.evidence()
    assert counts == {"official": 0, "secondary": len(fund.numbers) - 1, "assumed": 1}
    others = [item for item in fund.numbers if item is not number]
    assert {(item.source, item.evidence) for item in others} == {("rule", "secondary")}


def test_words_and_lists_may_bring_their_own_source_too():
    reason = {"zh": "未公布", "en": "not public"}
    bands = {"value": [{"up_to": "100 万元", "rate": 1}], "assumed": reason}
    raw = with_value(("limits", "account", "bands"), bands)
    raw["cover"]["rules"]["guaranteed"]["when"]["tags"] = {"value": ["a", "b"], "assumed": reason}
    raw["in_force"] = {"from": {"value": dt.date(2026, 1, 1), "assumed": reason}}
    fund = Fund.from_canonical(raw)
    assert [(n.path, n.shown) for n in fund.assumed()] == [
        ("in_force.from.value", "2026-01-01"),
        ("cover.rules.guaranteed.when.tags.value", "a, b"),
        ("limits.account.bands.value.0.up_to", "100 万元"),
        ("limits.account.bands.value.0.rate", "1"),
    ]
    assert fund.terms.limits[2].ceiling.steps == (Step(F(1_000_000_00), F(1)),)
    assert fund.canonical["limits"]["account"]["bands"]["value"][0]["up_to"] == "100 万元"
    changed = fund.change("cover.rules.guaranteed.when.tags.value.1", "c")
    assert [n.path for n in changed.numbers if n.changed] == [
        "cover.rules.guaranteed.when.tags.value"
    ]
    assert changed.change("cover.rules.guaranteed.when.tags", ["a", "b"]) == fund


# -- shipped funds -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EDITIONS)
def test_every_shipped_fund_loads_and_comes_back_from_what_it_saves(name):
    fund = Fund.load(name)
    assert check_fund_file(fund_files(fund.id)[fund.edition]) == []
    assert f"{fund.id}@{fund.edition}" == name
    saved = json.loads(json.dumps(fund.canonical, ensure_ascii=False))
    again = Fund.from_canonical(saved)
    assert again == fund
    assert again.terms == fund.terms
    assert again.compare(fund) == ()


@pytest.mark.parametrize("name", EDITIONS)
def test_every_number_of_a_shipped_fund_has_a_source_and_every_assumption_two_reasons(name):
    fund = Fund.load(name)
    known = {source.id for source in fund.content.sources}
    for number in fund.numbers:
        assert number.source in known or number.assumed is not None
        if number.assumed is not None:
            assert number.assumed.zh != number.assumed.en


@pytest.mark.parametrize("name", EDITIONS)
def test_a_change_and_its_undoing_give_the_same_fund(name):
    fund = Fund.load(name)
    texts = dict(leaves(copy.deepcopy(dict(fund._raw))))
    for number in fund.numbers:
        place = tuple(int(p) if p.isdecimal() else p for p in number.path.split("."))
        value = texts.get(place)
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            continue
        try:
            changed = fund.change(number.path, value / 2 if value else Decimal(1))
        except FundError:
            continue  # shares that add to one
        assert changed != fund
        assert [c.path for c in changed.changes] == [number.path]
        assert [n.path for n in changed.numbers if n.changed] == [number.path]
        assert [d.path for d in fund.compare(changed)] == [number.path]
        back = changed.change(number.path, value)
        assert (back.fingerprint, back.changes) == (fund.fingerprint, ())


# What the public texts say, written down a second time and by hand: value by value.
PUBLISHED = {
    "chongqing-knowledge@2017": {
        "covers.value": "knowledge",
        "cover.rules.principal.share": 0.8,
        "pots.city.share": 0.4,
        "pots.district.share": 0.6,
        "money.committed": "11 亿元",
        "money.paid_in_least.value": 0.1,
        "claim.advance": True,
        "claim.interest": False,
    },
    "chongqing-knowledge@2019": {"money.committed": "31 亿元", "cover.rules.principal.share": 0.8},
    "chongqing-commercial@2023": {
        "cover.rules.principal.share": 0.8,
        "quota.rate": 0.02,
        "quota.most": 0.04,
    },
    "guangzhou@2025": {
        "cover.rules.by-size.bands.0.up_to": "500 万元",
        "cover.rules.by-size.bands.0.share": 0.4,
        "cover.rules.by-size.bands.1.up_to": "1,500 万元",
        "cover.rules.by-size.bands.1.share": 0.3,
        "cover.rules.by-size.bands.2.up_to": "3,000 万元",
        "cover.rules.by-size.bands.2.share": 0.2,
        "cover.uplift.key-firm.points": 0.15,
        "cover.uplift.monetary-tool.points": 0.05,
        "cover.most.value": 0.5,
        "breakers.deferral.at": 0.03,
        "breakers.deferral.stops": "payment",
        "limits.annual.amount": "15 亿元",
        "limits.annual-guaranteed.amount": "5,000 万元",
        "cover.rules.guaranteed.share": 0.2,
        "in_force.from": "2025-10-01",
        "in_force.until": "2028-09-30",
    },
    "henan@2025": {
        "cover.rules.university.share": 0.8,
        "cover.rules.university.when.revenue.below": "1,000 万元",
        "cover.rules.pure-credit.share": 0.6,
        "cover.rules.by-revenue.bands.0.share": 0.6,
        "cover.rules.by-revenue.bands.0.up_to": "2,000 万元",
        "cover.rules.by-revenue.bands.1.share": 0.5,
        "cover.rules.by-revenue.bands.1.up_to": "5,000 万元",
        "cover.rules.by-revenue.bands.2.share": 0.4,
        "cover.rules.by-revenue.bands.2.up_to": "1 亿元",
        "cover.rules.by-revenue.bands.3.share": 0.3,
        "limits.lender-rate.rate": 0.02,
        "limits.lender-amount.amount": "1,000 万元",
        "conditions.rate.when.rate_over_benchmark.at_most": 0.3,
        "conditions.collateral.when.collateral_share.at_most": 0.3,
    },
    "hubei@2025": {
        "breakers.warning.at": 0.05,
        "breakers.stop.at": 0.08,
        "breakers.stop.stops": "payment",
        "pots.province.share": 0.5,
    },
    "national-tech@2024": {
        "cover.rules.first.share": 0.4,
        "cover.rules.second.share": 0.35,
        "cover.rules.third.share": 0.3,
        "parties.lender.least": 0.2,
        "parties.province.least": 0.2,
        "limits.borrower.amount": "3,000 万元",
        "limits.payout-rate.rate": 0.05,
        "fees.guarantee.rate": 0.01,
    },
    "zhongshan@undated": {
        "cover.rules.fund.share": 0.54,
        "parties.lender.share": 0.26,
        "parties.insurer.share": 0.16,
        "parties.appraiser.share": 0.04,
    },
    "anhui@undated": {
        "cover.rules.direct.share": 0.3,
        "cover.rules.guaranteed.share": 0.2,
        "cover.uplift.favoured.points": 0.05,
        "cover.of_liability.value": 0.8,
    },
    "eif-capped@cosme": {"limits.cap.guarantee_rate": 0.5, "limits.cap.rate": 0.2},
    "us-sba@undated": {
        "cover.rules.by-size.bands.0.share": 0.85,
        "cover.rules.by-size.bands.1.share": 0.75,
    },
    "uk-efg@2009": {"cover.rules.rate.share": 0.75, "limits.claims.rate": 0.13},
    "kibo@undated": {"cover.rules.base.share": 0.85, "leverage.most": 20},
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_numbers_of_a_shipped_fund(name):
    found = {".".join(map(str, place)): v for place, v in leaves(dict(Fund.load(name).canonical))}
    expected = PUBLISHED[name]
    assert {path: found.get(path) for path in expected} == expected


@pytest.mark.parametrize(
    ("name", "limit", "volume", "ceiling"),
    [
        ("eif-capped@cosme", "cap", 100_000_000_00, 10_000_000_00),
        ("eif-capped@covid-measure", "cap", 100_000_000_00, 11_000_000_00),
        ("uk-efg@2009", "claims", 100_000_000_00, 13_000_000_00),
        ("canada-csbfp@before-2009", "account", 2_000_000_00, 500_000_00),
        ("canada-csbfp@from-2009", "account", 2_000_000_00, 530_000_00),
        ("canada-csbfp@from-2009", "account", 250_000_00, 225_000_00),
    ],
)
def test_ceilings_of_shipped_funds_come_out_as_reckoned_by_hand(name, limit, volume, ceiling):
    limits = {item.name: item for item in Fund.load(name).terms.limits}
    assert limits[limit].ceiling.of(volume) == ceiling


# Clauses of real schemes that no shipped fund has: each can be written, as the scheme has it.
ALSO = {
    "a first-loss tranche borne by the lender, shared up to a second bound": """
        [limits.first]
        measure = "claims"
        per     = "lender"
        kind    = "deductible"
        rate    = 0.05
        of      = "volume"
        [limits.second]
        measure = "claims"
        per     = "lender"
        rate    = 0.15
        of      = "volume"
        """,
    "a fee with surcharges by experience, and waived": """
        [fees.guarantee]
        rate   = 0.0037
        waived = true
        surcharges = [
          { measure = "overdue", at = 0.05, add = 0.10 }, { measure = "overdue", at = 0.10, add = 0.15 },
          { measure = "overdue", at = 0.15, add = 0.20 }, { measure = "overdue", at = 0.20, add = 0.25 },
          { measure = "payouts", at = 0.05, add = 0.10 }, { measure = "payouts", at = 0.10, add = 0.15 },
        ]
        """,
    "cover that falls after ten years of support": """
        [cover]
        pick = "best"
        [cover.rules.young]
        by    = "support_years"
        bands = [{ up_to = 10, share = 0.85 }, { share = 0.80 }]
        [cover.rules.flat]
        share = 0.75
        [cover.uplift.long]
        when   = { support_years = { above = 20 } }
        points = -0.05
        """,
    "a cap for each firm, and recovery before payment": """
        [claim]
        interest     = false
        advance      = false
        overdue_days = 0
        waiting_days = 180
        [limits.firm]
        measure = "payouts"
        per     = "firm"
        amount  = "300 万元"
        """,
    "four parties, 40/30/20/10": """
        [cover.rules.fund]
        share = 0.20
        [parties.guarantor]
        share = 0.40
        [parties.province]
        share = 0.30
        [parties.lender]
        share = 0.10
        """,
    "three pots": """
        [pots.province]
        share = 0.70
        [pots.city]
        share = 0.15
        [pots.district]
        share = 0.15
        per   = "district"
        """,
    "leverage of the money paid in": """
        [leverage]
        most    = 10
        capital = "paid-in"
        """,
    "money that is also used for bridge loans, topped up each year": """
        [money]
        tested    = "cash"
        shortage  = "deferred"
        cash      = "1.1 亿元"
        districts = { north = 0.3, south = 0.7 }
        top_up    = { to = 1, most = "5000 万元" }
        uses      = { bridge = { share = 0.2 }, other = { amount = "100 万元" } }
        """,
}


@pytest.mark.parametrize("name", ALSO)
def test_clauses_of_other_schemes_can_be_written(name):
    raw = raw_base()
    for key in ("parties", "quota", "limits", "breakers", "leverage", "fees"):
        del raw[key]
    raw["cover"] = {"rules": {"flat": {"share": Decimal("0.5")}}}
    raw |= tomllib.loads(ALSO[name], parse_float=Decimal)
    if name == "four parties, 40/30/20/10":
        assert sum(p.share for p in Fund.from_canonical(raw).terms.parties) == F(4, 5)
    fund = Fund.from_canonical(raw)
    assert show_page(fund, "zh") != show_page(base(), "zh")


# -- the class -----------------------------------------------------------------------------------


def test_loading_by_name_edition_day_and_path():
    by_day = Fund.load("chongqing-knowledge", on=dt.date(2017, 11, 30))
    assert by_day.edition == "2017"
    later = Fund.load("chongqing-knowledge", on=dt.date(2026, 1, 1))
    assert (later.edition, later.last_confirmed) == ("2019", dt.date(2019, 3, 31))
    path = config_dir() / "funds" / "chongqing-knowledge" / "2019.toml"
    assert Fund.load(path) == Fund.load("chongqing-knowledge@2019")
    assert len(funds()) == 13
    assert Fund.load("henan@2025") != Fund.load("hubei@2025")
    assert len({Fund.load(name) for name in (*EDITIONS, *EDITIONS)}) == len(EDITIONS)


def test_a_fund_never_changes():
    fund = Fund.load("zhongshan@undated")
    before = fund.fingerprint
    with pytest.raises(FrozenInstanceError):
        fund.fingerprint = ""
    changed = fund.change("money.tested", "cash")
    assert (changed.terms.money.tested, fund.terms.money.tested) == ("cash", "committed")
    assert fund.fingerprint == before


def test_a_value_with_its_own_source_is_changed_by_its_key():
    fund = Fund.load("chongqing-knowledge@2019")
    by_key, by_path = (
        fund.change(path, 90) for path in ("claim.overdue_days", "claim.overdue_days.value")
    )
    assert by_key == by_path
    assert by_key.changes == by_path.changes
    assert by_key.terms.claim.overdue_days == 90
    assert by_key.change("claim.overdue_days", 0) == fund


def test_a_change_that_breaks_the_fund_is_refused():
    with pytest.raises(FundError) as caught:
        Fund.load("zhongshan@undated").change("parties.insurer.share", 0.1)
    assert [problem.code for problem in caught.value.problems] == ["fund.shares-sum"]


def test_an_amount_is_the_same_however_it_is_spelt():
    fund = Fund.load("chongqing-knowledge@2019")
    with pytest.raises(UsageError):
        fund.change("money.committed", "310,000 万元")
    assert fund.change("money.committed", "3200 百万元") == fund.change(
        "money.committed", "32 亿元"
    )


# -- every key counts ----------------------------------------------------------------------------

VALUES = [
    place
    for place, value in leaves(raw_base())
    if place[0] not in ("schema", "id", "source", "title", "sources", "currency", "in_force")
]


def other(value):
    """Another value that may stand at the same place."""
    words = {
        "knowledge": "base", "first": "best", "size": "revenue", "slices": "whole",
        "guaranteed": "direct", "direct": "guaranteed", "deductible": "cap", "district": "fund",
        "committed": "cash", "deferred": "refused", "claims": "payouts", "payouts": "claims",
        "lender": "district", "fund": "lender", "volume": "balance", "balance": "volume",
        "year-volume": "balance", "payment": "acceptance", "year-end": "never",
        "overdue": "payouts", "cash": "paid-in", "pro-rata": "fund-first", "base": "receivables",
    }  # fmt: skip
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value / 2 if value else Decimal("0.01")
    if value in words:
        return words[value]
    number, space, unit = value.partition(" ")
    return f"{Decimal(number) * 2}{space}{unit}" if unit in ("万元", "亿元") else f"{value}-x"


@pytest.mark.parametrize("place", VALUES, ids=lambda place: ".".join(map(str, place)))
def test_each_value_of_a_file_makes_a_difference(place):
    """Another value gives other terms, or a fund that is refused; it is never read over."""
    fund = base()
    raw = with_value(place, other(dict(leaves(raw_base()))[place]))
    try:
        changed = Fund.from_canonical(raw)
    except FundError:
        return
    assert changed.terms != fund.terms
    assert changed.fingerprint != fund.fingerprint


def test_most_other_values_are_accepted():
    """The test above says little of values that are refused: they are few, and each has its reason."""
    refused = []
    for place in VALUES:
        try:
            Fund.from_canonical(with_value(place, other(dict(leaves(raw_base()))[place])))
        except FundError as error:
            refused.append((".".join(map(str, place)), error.problems[0].code))
    assert refused == [
        ("conditions.one.one_scheme", "fund.key-without-effect"),
        ("cover.rules.by-size.by", "fund.slices"),
        ("parties.guarantor.rest", "fund.key-without-effect"),
        ("pots.city.share", "fund.pots-sum"),
        ("pots.district.share", "fund.pots-sum"),
        ("pots.district.per", "fund.key-without-effect"),
        ("money.districts.north", "fund.districts-sum"),
        ("money.districts.south", "fund.districts-sum"),
        ("limits.cap.measure", "fund.clawback"),
        ("fees.guarantee.surcharges.0.measure", "fund.band-order"),
        ("fees.guarantee.surcharges.1.measure", "fund.band-order"),
        ("fees.guarantee.surcharges.1.at", "fund.band-order"),
        ("fees.guarantee.surcharges.2.measure", "fund.not-one-of"),
    ]


@pytest.mark.parametrize("place", VALUES, ids=lambda place: ".".join(map(str, place)))
def test_each_value_left_out_makes_a_difference(place):
    fund = base()
    try:
        terms = Fund.from_canonical(with_value(place, None)).terms
    except FundError:
        terms = None
    assert terms != fund.terms


def test_an_unknown_key_is_refused_in_every_table():
    raw = raw_base()
    tables = [(), *(place for place, _ in tables_of(raw) if place != ("money", "districts"))]
    assert len(tables) > 30
    for place in tables:
        bad = raw_base()
        node = bad
        for key in place:
            node = node[key]
        node["zzzz"] = 1
        with pytest.raises(FundError) as caught:
            Fund.from_canonical(bad)
        assert any("zzzz" in problem.key for problem in caught.value.problems), place


def tables_of(node, place=()):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict):
            yield (*place, key), value
        if isinstance(value, dict | list):
            yield from tables_of(value, (*place, key))


# -- laws ----------------------------------------------------------------------------------------

shares = st.integers(0, 20).map(lambda n: F(n, 20))
bounds = st.integers(0, 5).map(F)
tests = st.builds(
    When,
    words=st.one_of(
        st.just(()),
        st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(
            lambda found: (("class", tuple(found)),)
        ),
    ),
    at_least=st.one_of(st.just(()), bounds.map(lambda b: (("size", b),))),
    above=st.one_of(st.just(()), bounds.map(lambda b: (("size", b),))),
    at_most=st.one_of(st.just(()), bounds.map(lambda b: (("size", b),))),
    below=st.one_of(st.just(()), bounds.map(lambda b: (("size", b),))),
)


def passes(test, kind, size):
    value = {"class": kind}
    return (
        all(value[name] in words for name, words in test.words)
        and all(size >= bound for _, bound in test.at_least)
        and all(size > bound for _, bound in test.above)
        and all(size <= bound for _, bound in test.at_most)
        and all(size < bound for _, bound in test.below)
    )


@given(tests, tests)
def test_a_loan_that_passes_two_tests_shows_that_they_meet(one, two):
    halves = [F(n, 4) for n in range(-1, 25)]
    found = any(passes(one, k, s) and passes(two, k, s) for k in "abcz" for s in halves)
    if found:
        assert meet(one, two)
        assert meet(two, one)


@given(
    shares,
    st.lists(st.tuples(st.integers(-10, 10).map(lambda n: F(n, 20)), tests), max_size=4),
    st.one_of(st.none(), shares),
    st.sampled_from("abcz"),
    bounds,
)
def test_every_share_a_loan_can_have_is_among_the_possible_ones(share, ups, most, kind, size):
    uplifts = tuple(
        Uplift(str(at), None, test, points, "") for at, (points, test) in enumerate(ups)
    )
    rule = CoverRule("r", None, When(), "", (Step(None, share),), False, "")
    total = share + sum(up.points for up in uplifts if passes(up.when, kind, size))
    total = total if most is None else min(total, most)
    assert total in possible(Cover((rule,), "first", uplifts, most), rule)


# -- whatever stands in a file -------------------------------------------------------------------

RAW = [
    raw_base(),
    *(
        tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for path in sorted((config_dir() / "funds").glob("*/*.toml"))
    ),
]


def nodes(node, place=()):
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key, (*place, key)
        if isinstance(value, dict | list):
            yield from nodes(value, (*place, key))


PARTS = [copy.deepcopy(holder[key]) for raw in RAW for holder, key, _ in nodes(raw)]
KEYS = sorted({key for raw in RAW for _, key, _ in nodes(raw) if isinstance(key, str)})
KEYS += ["value", "reading", "slices", "factor", "a.b", "a\nb", ""]
texts = st.one_of(
    st.sampled_from(["", " ", "a\nb", "x" * 200, "450 万元", "-5 万元", "9999999 亿元", "5%", "cash",
                     "slices", "payouts", "claims", "fund", "rule", "opening-balance"]),
    st.text(max_size=6),
)  # fmt: skip
numbers = st.one_of(
    st.integers(-3, 200),
    st.sampled_from([10**9, 10**12, -(10**30), Decimal("1e-300"), Decimal("1e999999")]),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(-2, 2, places=2),
)
values = st.recursive(
    st.one_of(numbers, texts, st.dates(), st.datetimes(), st.booleans(), st.sampled_from(PARTS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=4,
)


@st.composite
def damaged(draw):
    raw = copy.deepcopy(draw(st.sampled_from(RAW)))
    for _ in range(draw(st.integers(1, 3))):
        holder, key, _ = draw(st.sampled_from(list(nodes(raw))))
        act = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if act == "replace":
            holder[key] = copy.deepcopy(draw(values))
        elif act == "remove":
            del holder[key]
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(values))
        else:
            holder.append(copy.deepcopy(draw(values)))
        if not raw:
            break
    return raw


def said(error):
    """Every problem is one line, in both languages."""
    for lang in ("zh", "en"):
        lines = error.text(lang).splitlines()
        assert len(lines) == len(error.problems)
        assert all(line.strip() for line in lines)


@settings(max_examples=300)
@given(damaged())
@example({})
@example({"cover": {"rules": {"a": 5}}, "pots": [], "limits": {"x": {"bands": [5]}}})
@example(
    {**raw_base(), "cover": {"rules": {"a.b": {"bands": [{}], "by": []}}, "pick": {"value": 1}}}
)
@example({**raw_base(), "money": {"value": 1, "source": "rule"}})
@example(
    {**raw_base(), "fees": {"f": {"rate": 0, "surcharges": [{"at": {"value": 1, "source": 5}}]}}}
)
def test_a_damaged_fund_is_an_answer_or_a_list_of_problems(raw):
    try:
        fund = Fund.from_canonical(raw)
    except FundError as error:
        said(error)
        return
    for lang in ("zh", "en"):
        assert fund.fingerprint[:12] in show_page(fund, lang)
    assert Fund.from_canonical(json.loads(json.dumps(fund.canonical))) == fund


@settings(max_examples=100)
@given(st.sampled_from(EDITIONS), st.data())
def test_a_change_is_a_fund_or_a_problem(name, data):
    fund = Fund.load(name)
    paths = [".".join(map(str, place)) for place, _ in leaves(dict(fund._raw))]
    path = data.draw(st.one_of(st.sampled_from(paths), st.text(max_size=10)))
    value = data.draw(st.one_of(numbers, texts, st.booleans(), st.none(), st.floats()))
    try:
        changed = fund.change(path, value)
    except (FundError, UsageError) as error:
        said(error)
    else:
        assert changed != fund


def test_values_that_are_valid_only_together_are_changed_together():
    fund = Fund.load("zhongshan")
    both = [("cover.rules.fund.share", 0.5), ("parties.lender.share", 0.3)]
    changed = fund.change_all(both)
    assert [c.path for c in changed.changes] == [path for path, _ in both]
    back = changed.change_all([("cover.rules.fund.share", 0.54), ("parties.lender.share", 0.26)])
    assert (back.fingerprint, back.changes) == (fund.fingerprint, ())
    with pytest.raises(UsageError) as error:
        fund.change_all([("cover.rules.fund.share", "0.54"), ("cover.nothing", 1)])
    assert error.value.problems[0].code.startswith("fund.no-such-path")
    with pytest.raises(UsageError) as error:
        fund.change_all([("cover.rules.fund.share", "0.54")])
    assert [p.code for p in error.value.problems] == ["fund.changes-nothing"]
    with pytest.raises(FundError):
        fund.change("cover.rules.fund.share", 0.5)
