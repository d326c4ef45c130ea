"""A saved result verifies, and says where it was tampered with."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ipcredit import Firm, Policy, UsageError, assess
from ipcredit.resources import config_dir
from ipcredit.results import result_of, to_json
from ipcredit.verify import verify

ON = dt.date(2026, 6, 30)
EXAMPLES = config_dir() / "examples"


def saved(policy: Policy, **changes: object) -> dict:
    known = Firm.read(EXAMPLES / "firms" / "all-schemes.toml").to_dict(redact=False)
    firm = {k: v for k, v in {**known, **changes}.items() if v is not None}
    return json.loads(to_json(result_of(assess(policy, firm, on=ON))))


@pytest.mark.parametrize(
    "name", ["cn-tech-sme@2017", "chongqing-knowledge@2023", "cn-high-tech@2016"]
)
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "eligible"),
        (
            {"resident_enterprise": False, "filed_tech_firm": False, "core_ip_owned": False},
            "refused",
        ),
        ({"sales_fen": None, "sales_prev_fen": None}, "incomplete"),
    ],
)
def test_a_saved_result_verifies(name, changes, status):
    found = saved(Policy.load(name), **changes)
    if found["status"] != status:
        pytest.fail(f"{name} {changes}: {found['status']}")
    answer = verify(found)
    assert (answer.recomputes, answer.shipped) == (True, True)


@pytest.mark.parametrize(
    ("tamper", "key"),
    [
        (lambda r: r.update(status="refused"), "status"),
        (lambda r: r.update(tier="E"), "tier"),
        (lambda r: r.update(knowledge_line_fen=r["knowledge_line_fen"] + 1), "knowledge_line_fen"),
        (
            lambda r: r["policy"]["content"]["line"]["tiers"]["A"].update(amount="499 万元"),
            "policy",
        ),
        (lambda r: r["firm"].update(sales_fen=r["firm"]["sales_fen"] - 1), "firm"),
    ],
)
def test_tampering_is_seen_and_named(tamper, key):
    found = saved(Policy.load("chongqing-knowledge@2023"))
    tamper(found)
    answer = verify(found)
    assert not answer.recomputes
    named = [name for name, *_ in (*answer.differences, *answer.edited)]
    assert any(name.startswith(key) for name in named)


def test_a_changed_policy_verifies_as_the_shipped_edition_with_its_changes():
    changed = Policy.load("chongqing-knowledge@2023").change("line.tiers.B.amount", "450 万元")
    answer = verify(saved(changed))
    assert (answer.recomputes, answer.shipped) == (True, True)
    assert len(answer.changes) == 1


def test_a_later_format_and_a_stranger_are_refused():
    found = saved(Policy.load("cn-tech-sme@2017"))
    with pytest.raises(UsageError) as later:
        verify({**found, "version": 2})
    assert later.value.problems[0].code == "verify.version"
    with pytest.raises(UsageError) as stranger:
        verify({"hello": 1})
    assert stranger.value.problems[0].code == "verify.not-a-result"
