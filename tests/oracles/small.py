"""Small policies written as text, for tests of the language through the front door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ipcredit.assess import Assessment, assess
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy, _from_document
from ipcredit.source import parse

ON = date(2026, 6, 30)
HEAD = """\
schema   = 1
id       = "small"
edition  = "test"
currency = "CNY"
assumed  = "made up by a test"
in_force = { from = 2020-01-01 }
title    = { zh = "小", en = "small" }
silent   = { zero_denominator = "none", missing_option = "unknown" }
"""
T = 'title = { zh = "题", en = "title" }'
"""A title where one is required."""

WAN = 10**6  # 万元 in fen
DIM = f"""
[d]
{T}
points = {{ A = 30, B = 20, C = 10, D = 0 }}
"""
FIXED = f"""
[d]
{T}
[d.indicators.i]
input  = "class1_related"
points = {{ A = 100, B = 0 }}
A = {{ at_least = 1 }}
"""
"""A dimension that every firm with a right scores in full, where points do not matter."""
BASE = """
[base]
title = { zh = "基础", en = "base" }
"""


def policy(text: str) -> Policy:
    """A policy from its text without the head."""
    return _from_document(parse(HEAD + text, "small.toml"))


def judge(text: str | Policy, firm: Mapping[str, Any], on: date = ON) -> Assessment:
    """One firm by a small policy; the firm must be valid."""
    read = Firm.from_dict(firm)
    assert not read.problems, read.problems
    return assess(policy(text) if isinstance(text, str) else text, read, on=on)


def judge_all(
    text: str | Policy, firms: Sequence[Mapping[str, Any]], on: date = ON
) -> list[Assessment]:
    """Each firm alone, checked to come out the same in one batch."""
    chosen = policy(text) if isinstance(text, str) else text
    alone = [judge(chosen, firm, on) for firm in firms]
    together = assess(chosen, Firms.from_firms(Firm.from_dict(f) for f in firms), on=on)
    for row, one in enumerate(alone):
        for key, column in one.codes.items():
            assert column[0] == together.codes[key][row], key
    return alone


def points(result: Assessment, name: str = "total", row: int = 0) -> float | None:
    """Points, ``None`` where they are open."""
    value = float(result.points(name)[row])
    return None if value != value else value


def band(result: Assessment, name: str) -> str:
    """The label of an indicator's band, ``open`` or ``none``."""
    code = int(result.codes["band", name][0])
    if code < 0:
        return {-1: "open", -2: "none"}[code]
    dimension, _, indicator = name.partition(".")
    tables = result.policy.rules.dimension(dimension).indicators
    return next(t for t in tables if t.name == indicator).bands[code].label


def gate(result: Assessment, name: str) -> str:
    return {0: "fail", 1: "pass", 2: "waived", -1: "open"}[int(result.codes["gate", name][0])]


def passes(rule: str, firm: Mapping[str, Any], on: date = ON) -> str:
    """What a gate of one rule says: pass, fail or open."""
    return gate(judge(FIXED + f"[gates.g]\n{rule}\n", {"class1_related": 1, **firm}, on), "g")


def lines(text: str, firm: Mapping[str, Any]) -> dict[str, float | None]:
    """The parts of the line in 万元."""
    result = judge(text, {"class1_related": 1, **firm})
    found = {name: result.line_of(name) for name in (*result.parts, "total")}
    return {name: None if v is None else v / WAN for name, v in found.items()}
