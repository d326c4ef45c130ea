"""No policy, change or name whatever ends in anything but an answer or a list of problems."""

from __future__ import annotations

import copy
import datetime as dt
import json
import tomllib
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from ipcredit import Policy, PolicyError, UsageError, assess
from ipcredit.fields import FIELDS
from ipcredit.resources import config_dir

TRIAL = tomllib.loads((Path(__file__).parent / "policy_errors.toml").read_text(encoding="utf-8"))
TEXTS = [
    TRIAL["base"],
    *(path.read_text(encoding="utf-8") for path in (config_dir() / "policies").glob("*/*.toml")),
]
RAW = [tomllib.loads(text, parse_float=Decimal) for text in TEXTS]


def nodes(node, place=()):
    """Every place of a tree: the table or list it is in, the key there, and the whole path."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key, (*place, key)
        if isinstance(value, dict | list):
            yield from nodes(value, (*place, key))


PARTS = [copy.deepcopy(holder[key]) for raw in RAW for holder, key, _ in nodes(raw)]
MORE_KEYS = """
sum growth since until step every max in_each_of classes when any_of all_of matrix rows columns
labels expert declared none times of titles cases less rate total
"""
MORE_WORDS = """
none best declared sum separate bonus lowest others share_of scorecard tax_multiple A B KRW RMB 5%
working_capital stated pro_rata knowledge base total.points research.points sales.sum sales.sum3
sales_prev.sum2 2023-08-11
"""
KEYS = sorted({key for raw in RAW for _, key, _ in nodes(raw) if isinstance(key, str)})
KEYS += [*MORE_KEYS.split(), "a.b", "a\nb", ""]
WORDS = [*MORE_WORDS.split(), "", " ", "a\nb", "x" * 200, "450 万元", "-5 万元", "9999999 亿元"]

numbers = st.one_of(
    st.integers(-3, 200),
    st.sampled_from([10**6, 10**9, 10**12, -(10**30), 2**64]),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(-2, 2, places=2),
    st.sampled_from([Decimal("1e-300"), Decimal("1e999999"), Decimal("0.333333333333")]),
)
texts = st.one_of(st.sampled_from(WORDS), st.sampled_from(sorted(FIELDS)), st.text(max_size=8))
dates = st.one_of(st.dates(), st.datetimes(), st.times())
values = st.recursive(
    st.one_of(numbers, texts, dates, st.booleans(), st.sampled_from(PARTS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    ),
    max_leaves=4,
)


@st.composite
def spoiled(draw):
    """A policy's raw tree with one to three places replaced, renamed, deleted or added."""
    raw = copy.deepcopy(draw(st.sampled_from(RAW)))
    for _ in range(draw(st.integers(1, 3))):
        places = [(holder, key) for holder, key, _ in nodes(raw)]
        if not places:
            break
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        what = draw(st.sampled_from(["replace", "replace", "replace", "rename", "delete", "add"]))
        if what == "delete":
            del holder[key]
        elif what == "rename" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = holder.pop(key)
        elif what == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(values))
        else:
            holder[key] = copy.deepcopy(draw(values))
    return raw


def check_problems(error):
    assert error.problems
    for problem in error.problems:
        for lang in ("zh", "en"):
            assert "\n" not in problem.text(lang)


@given(spoiled())
def test_a_spoiled_policy_loads_or_is_refused_with_problems(raw):
    try:
        policy = Policy.from_canonical(raw)
    except (PolicyError, UsageError) as error:
        check_problems(error)
        return
    # What loads can be saved, read back and used.
    saved = json.loads(json.dumps(policy.canonical, allow_nan=False))
    assert Policy.from_canonical(saved) == policy
    if policy.currency == "CNY":
        firms = [{}, {"sales": "100 万元", "staff_total": 10}]
        assess(policy, firms, on=dt.date(2026, 1, 1))


PATHS = [
    (policy, ".".join(map(str, place)))
    for raw, policy in zip(RAW, map(Policy.from_canonical, RAW), strict=True)
    for holder, key, place in nodes(raw)
    if not isinstance(holder[key], dict)
]


@given(st.sampled_from(PATHS), values)
@example(PATHS[0], None)
def test_a_change_of_any_value_to_any_other_is_made_or_refused_with_problems(target, value):
    policy, path = target
    before = policy.fingerprint
    try:
        changed = policy.change(path, value)
    except (PolicyError, UsageError) as error:
        check_problems(error)
    else:
        assert changed.fingerprint != before
    assert policy.fingerprint == before


@given(st.text(max_size=12), values)
def test_a_path_of_any_text_is_found_or_refused(path, value):
    try:
        PATHS[0][0].change(path, value)
    except (PolicyError, UsageError) as error:
        check_problems(error)


@given(st.text(max_size=20))
def test_a_policy_of_any_name_is_found_or_refused(name):
    try:
        Policy.load(name)
    except (PolicyError, UsageError) as error:
        check_problems(error)
