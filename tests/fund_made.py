"""A plain fund for tests, whose clauses a test replaces one by one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ipcredit.fund.fund import Fund
from ipcredit.fund.terms import Terms

PLAIN: dict[str, Any] = {
    "schema": 1,
    "id": "made",
    "edition": "1",
    "currency": "CNY",
    "country": "CN",
    "covers": "any",
    "source": "made",
    "in_force": {"seen": "2020-01-01"},
    "title": {"zh": "测试基金", "en": "A fund made for tests"},
    "sources": {
        "made": {
            "document": "made for a test",
            "title": {"zh": "测试", "en": "a test"},
            "evidence": "official",
        }
    },
    "claim": {"interest": False, "advance": True, "overdue_days": 0},
    "cover": {"rules": {}},
    "money": {"committed": "100 亿元", "tested": "committed", "shortage": "refused"},
    "recoveries": {"order": "pro-rata", "to_pot": True},
}
_FLAT = {"flat": {"share": 0.80}}


def made(**clauses: Any) -> Fund:
    """The plain fund with some of its clauses replaced; 80 % where no cover rule is given.

    Money that the clauses name takes the place of the plain fund's.
    """
    raw = deepcopy(PLAIN)
    money = clauses.get("money", {})
    if {"committed", "paid_in", "cash"} & set(money):
        del raw["money"]["committed"]
    for name, clause in clauses.items():
        if isinstance(clause, dict) and name in raw:
            raw[name] |= clause
        else:
            raw[name] = clause
    if not raw["cover"]["rules"]:
        raw["cover"] = {**raw["cover"], "rules": _FLAT}
    return Fund.from_canonical(raw)


def terms_of(**clauses: Any) -> Terms:
    """The terms of :func:`made`."""
    return made(**clauses).terms
