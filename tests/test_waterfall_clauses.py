"""Every kind of clause, by cases worked out by hand: tests/fund_clauses.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fund_made import made
from ipcredit.fund.claims import Claim, MoneyEvent, Position, Recovery
from ipcredit.fund.waterfall import Payments, pay
from ipcredit.money import parse_money

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("fund_clauses.toml").read_text(encoding="utf-8")
)["cases"]
CLAUSES = [f"C{number}" for number in range(1, 28)]


def _claim(raw: dict[str, Any], currency: str) -> Claim:
    raw = dict(raw)

    def money(name: str) -> int | None:
        text = raw.pop(name, None)
        return None if text is None else parse_money(text, currency)

    numbers = {name: amount for name in ("size", "revenue") if (amount := money(name)) is not None}
    for name in ("support_years", "collateral_share", "rate_over_benchmark"):
        if name in raw:
            numbers[name] = round(raw.pop(name) * 10**6)
    tags = raw.pop("tags", None)
    identity = raw.pop("id")
    return Claim(
        identity,
        f"loan {identity}",
        raw.pop("firm", f"firm {identity}"),
        raw.pop("lender", "bank-1"),
        raw.pop("district", "north"),
        dt.date.fromisoformat(raw.pop("overdue_on", "2026-03-01")),
        money("principal") or 0,
        money("interest") or 0,
        money("own_liability"),
        money("other_public"),
        raw.pop("other_scheme", None),
        raw.pop("cover_rule", ""),
        raw,
        None if tags is None else frozenset(tags),
        numbers,
    )


def _result(case: dict[str, Any]) -> tuple[Payments, str]:
    fund = made(**case.get("fund", {}))
    currency = fund.currency

    def amount(text: str) -> int:
        return parse_money(text, currency)

    day = dt.date.fromisoformat
    result = pay(
        fund.terms,
        [_claim(raw, currency) for raw in case["claims"]],
        [
            Recovery(day(raw["day"]), raw["claim"], amount(raw["amount"]))
            for raw in case.get("recoveries", ())
        ],
        [
            Position(
                day(raw["day"]),
                raw.get("lender", "bank-1"),
                raw.get("district", "north"),
                amount(raw["volume"]),
                amount(raw["balance"]),
            )
            for raw in case.get("positions", ())
        ],
        [
            MoneyEvent(
                day(raw["day"]),
                raw.get("pot", "fund"),
                raw.get("district", ""),
                **{k: amount(raw[k]) for k in ("committed", "paid_in", "cash") if k in raw},
            )
            for raw in case.get("money", ())
        ],
    )
    return result, currency


@pytest.mark.parametrize("case", CASES, ids=[f"{case['clause']} {case['name']}" for case in CASES])
def test_clause(case: dict[str, Any]) -> None:
    result, currency = _result(case)
    found = {item.claim.id: item for item in result.decisions}
    expected = {claim: parse_money(text, currency) for claim, text in case["pays"].items()}
    assert {claim: item.fund for claim, item in found.items()} == expected
    for claim, parties in case.get("bears", {}).items():
        assert found[claim].parties == {
            party: parse_money(text, currency) for party, text in parties.items()
        }
    for claim, path in case.get("decided", {}).items():
        assert found[claim].decided_by == path
    for claim, text in case.get("back", {}).items():
        assert found[claim].returned == parse_money(text, currency)
    for claim, text in case.get("settled", {}).items():
        assert found[claim].settled == dt.date.fromisoformat(text)
    left = {}
    for item in result.pots:  # the last one counts
        left[f"{item.pot}/{item.district}" if item.district else item.pot] = item.left
    for purse, text in case.get("left", {}).items():
        assert left[purse] == parse_money(text, currency), purse


def test_every_clause_has_a_case() -> None:
    assert sorted({case["clause"] for case in CASES}) == sorted(CLAUSES)


def test_case_names_are_sentences_of_their_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    assert all(case["why"] for case in CASES)
