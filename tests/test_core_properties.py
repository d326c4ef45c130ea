"""What holds for every firm and every shipped policy, whatever the numbers."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import sys
from datetime import timedelta
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipcredit.assess import assess
from ipcredit.errors import PolicyError, UsageError
from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.plan import plan_of
from ipcredit.policy import Policy
from oracles.grounds import editions, engine_says, ground, name_of
from oracles.makers import batch, tidy, written
from oracles.naive_words import EPOCH, NONE
from oracles.thresholds import ON, PARTS, around

EDITIONS = [pytest.param(path, id=name_of(path)) for path in editions()]
each_edition = pytest.mark.parametrize("path", EDITIONS)
seeds = st.integers(0, 2**32 - 1)
some = settings(max_examples=8)


@cache
def pool(path) -> Firms:
    found = ground(path)
    return batch(found.pool, found.policy.currency)


@cache
def whole(path):
    return assess(ground(path).policy, pool(path), on=ON)


def assert_same(left, right, rows=slice(None)):
    """All codes of two assessments are equal (those of ``left`` in the order ``rows``)."""
    assert left.codes.keys() == right.codes.keys()
    for key, column in left.codes.items():
        np.testing.assert_array_equal(column[rows], right.codes[key], err_msg=str(key))


def incomplete(path, seed, count=60) -> tuple[list[dict], list[list[str]]]:
    """Firms of the pool with one to three figures missing, and which."""
    found, rng = ground(path), random.Random(seed)
    fields = plan_of(found.policy).fields
    firms, gone = [], []
    eligible = [
        f for f, v in zip(found.pool, found.verdicts, strict=True) if v["status"] == "eligible"
    ]
    half = rng.choices(eligible or found.pool, k=count // 2)
    for firm in (*half, *rng.sample(found.pool, count - count // 2)):
        names = rng.sample(fields, min(len(fields), rng.randint(1, 3)))
        firms.append({k: None if k in names else v for k, v in firm.items()})
        gone.append(names)
    return firms, gone


# -- rows ------------------------------------------------------------------------------------


@each_edition
@given(seed=seeds)
@some
def test_a_row_alone_is_the_row_in_a_batch(path, seed):
    found, rng = ground(path), random.Random(seed)
    firms, _ = incomplete(path, seed, 8)
    firms += rng.sample(found.pool, 8)
    together = assess(found.policy, batch(firms, found.policy.currency), on=ON)
    row = rng.randrange(len(firms))
    alone = assess(found.policy, batch([firms[row]], found.policy.currency), on=ON)
    assert_same(together, alone, slice(row, row + 1))


@each_edition
def test_a_firm_as_dict_as_firm_and_as_column_is_one_firm(path):
    found = ground(path)
    for given_ in (*found.pool[:5], *incomplete(path, 3, 5)[0]):
        data = {**written(given_, found.policy.currency), "currency": found.policy.currency}
        firm = Firm.from_dict(data)
        column = assess(found.policy, Firms.from_firms([firm]), on=ON)
        assert_same(column, assess(found.policy, firm, on=ON))
        assert_same(column, assess(found.policy, data, on=ON))
        assert_same(column, assess(found.policy, [data], on=ON))
        assert_same(column, assess(found.policy, firm.to_dict(), on=ON))


@each_edition
@given(seed=seeds)
@some
def test_the_order_of_firms_is_irrelevant(path, seed):
    found = ground(path)
    order = np.random.default_rng(seed).permutation(len(found.pool))
    shuffled = Firms(
        len(order),
        {name: column[order] for name, column in pool(path).columns.items()},
        currency=found.policy.currency,
    )
    assert_same(whole(path), assess(found.policy, shuffled, on=ON), order)


@each_edition
@pytest.mark.parametrize("chunk", [1, 7, 64, 1499, 1500])
def test_a_batch_cut_into_chunks_is_the_whole(path, chunk, monkeypatch):
    found = ground(path)
    firms, _ = incomplete(path, 5, 100)
    size = 40 if chunk == 1 else 1500
    mixed = batch([*firms, *found.pool][:size], found.policy.currency)
    expected = assess(found.policy, mixed, on=ON)
    monkeypatch.setattr(sys.modules["ipcredit.assess"], "CHUNK", chunk)
    assert_same(expected, assess(found.policy, mixed, on=ON))


@each_edition
def test_an_empty_batch_is_an_empty_result(path):
    policy = ground(path).policy
    empty = assess(policy, Firms.from_columns({}, currency=policy.currency), on=ON)
    assert len(empty) == 0
    assert empty.codes.keys() == whole(path).codes.keys()


@each_edition
def test_a_column_that_no_rule_reads_changes_nothing(path):
    found = ground(path)
    rows = len(pool(path))
    extra = {"market_leader": np.ones(rows, np.int8), "conversions": np.full(rows, 7, np.int64)}
    unread = {k: v for k, v in extra.items() if k not in plan_of(found.policy).fields}
    assert unread
    columns = {**pool(path).columns, **unread}
    more = Firms(rows, columns, currency=found.policy.currency)
    assert_same(whole(path), assess(found.policy, more, on=ON))


# -- money -----------------------------------------------------------------------------------


@each_edition
def test_parts_add_up_to_the_total_and_no_amount_is_below_nothing(path):
    found = ground(path)
    if not found.policy.rules.parts:
        assert not [key for key in whole(path).codes if key[0] == "part"]
        return
    firms, _ = incomplete(path, 11, 400)
    partial = assess(found.policy, batch(firms, found.policy.currency), on=ON)
    for result in (whole(path), partial):
        parts = [result.part(name) for name in result.parts]
        total = result.part("total")
        for row in range(len(result)):
            amounts = [result.line_of(name, row) for name in result.parts]
            known = [amount for amount in amounts if amount is not None]
            assert all(amount >= 0 for amount in known)
            if result.status_of(row) == "eligible":
                assert total[row] == sum(known)
            if len(known) == len(amounts):
                assert total[row] == sum(known)
            if result.status_of(row) == "refused":
                assert set(known) <= {0}
        assert all(part.dtype == np.int64 for part in (*parts, total))
    assert whole(path).currency == found.policy.currency


@each_edition
def test_status_tier_and_line_agree(path):
    result = whole(path)
    for row in range(len(result)):
        status = result.status_of(row)
        assert status in ("eligible", "refused", "invalid")  # nothing is missing
        if result.policy.rules.tiers is not None:
            assert (result.tier_of(row) is not None) == (status == "eligible")
        assert status != "eligible" or not [
            gate for gate in result.policy.rules.gates if result.codes["gate", gate.name][row] == 0
        ]


# -- more is never worse -----------------------------------------------------------------------


FAVOURABLE = [
    pytest.param(path, name, id=f"{name_of(path)}:{name}")
    for path in editions()
    for name in Policy.load(name_of(path)).rules.favourable
]


@pytest.mark.parametrize(("path", "name"), FAVOURABLE)
def test_more_of_a_favourable_figure_never_lowers_the_result(path, name):
    """By one unit and by much, on every firm of the pool that it leaves valid."""
    found = ground(path)
    before = whole(path)
    spec = FIELDS[name]
    for step in (1, 50, 10**7):
        rows = []
        for row, firm in enumerate(found.pool):
            whole_ = firm.get(spec.part_of) if spec.part_of else None
            top = min(v for v in (spec.hi, whole_) if v is not None)
            if firm[name] != NONE and (spec.kind != "flag" or step == 1) and firm[name] < top:
                rows.append((row, {**firm, name: min(firm[name] + step, top)}))
        if not rows:
            continue
        after = assess(
            found.policy, batch([firm for _, firm in rows], found.policy.currency), on=ON
        )
        for at, (row, _) in enumerate(rows):
            if "invalid" in (before.status_of(row), after.status_of(at)):
                continue
            _assert_not_lower(before, row, after, at, found.policy)


def _assert_not_lower(before, row, after, at, policy):
    rank = {"eligible": 1, "refused": 0}
    assert rank[after.status_of(at)] >= rank[before.status_of(row)]
    tiers = policy.rules.tiers
    if tiers is not None and before.tier_of(row) is not None:
        assert tiers.labels.index(after.tier_of(at)) <= tiers.labels.index(before.tier_of(row))
    if before.parts:
        # A joint limit may take from one part what another has gained, and what it has cut is
        # rounded down once more: all together may lose less than one such unit.
        for name in before.parts:
            assert after.codes["before", name][at] >= before.codes["before", name][row], name
        unit = max(part.step for part in policy.rules.parts) if policy.rules.joint else 1
        assert (after.line_of("total", at) or 0) > (before.line_of("total", row) or 0) - unit
    if policy.rules.top:
        assert after.total[at] >= before.total[row]


# -- a policy is frozen ------------------------------------------------------------------------


def changeable(policy: Policy) -> list[tuple[str, object]]:
    """Every numeric value of a policy's rules, with another one for it."""
    found = []
    for number in policy.numbers:
        head = number.path.partition(".")[0]
        if head in ("in_force", "loan", "cover", "silent") or not number.shown:
            continue
        try:
            old = Decimal(number.shown)
        except ArithmeticError:
            if number.shown.endswith("元") or number.shown.startswith("KRW"):
                other = {"CNY": "123 万元", "KRW": "KRW 1.5 billion"}[policy.currency]
                found.append((number.path, other))
        else:
            found.append((number.path, old + 1 if old == old.to_integral_value() else old * 2))
    return found


@each_edition
def test_changing_and_changing_back_is_no_change(path):
    policy = Policy.load(name_of(path))
    baseline = json.dumps(policy.canonical, default=str)
    tried = 0
    values = changeable(policy)
    for value_path, other in random.Random(1).sample(values, min(12, len(values))):
        try:
            changed = policy.change(value_path, other)
        except PolicyError:  # out of order or out of range: another what-if
            continue
        tried += 1
        old = next(c.old for c in changed.changes)
        assert changed.fingerprint != policy.fingerprint
        assert [c.path for c in changed.changes] == [value_path]
        back = changed.change(value_path, old)
        assert back.fingerprint == policy.fingerprint
        assert back == policy
        assert back.changes == ()
        with pytest.raises(UsageError, match=r"policy\.changes-nothing"):
            policy.change(value_path, old)
    assert tried >= 2
    assert json.dumps(policy.canonical, default=str) == baseline
    assert policy.changes == ()
    assert Policy.load(name_of(path)).fingerprint == policy.fingerprint


@each_edition
def test_a_what_if_never_leaks_into_the_baseline(path):
    policy = ground(path).policy
    expected = {key: column.copy() for key, column in whole(path).codes.items()}
    for value_path, other in changeable(policy)[:6]:
        try:
            assess(policy.change(value_path, other), pool(path), on=ON)
        except PolicyError:
            continue
    again = assess(policy, pool(path), on=ON)
    for key, column in expected.items():
        np.testing.assert_array_equal(column, again.codes[key])
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.fingerprint = "another"


@each_edition
def test_a_saved_policy_is_the_same_policy(path):
    policy = Policy.load(name_of(path))
    for data in (policy.canonical, json.loads(json.dumps(policy.canonical, ensure_ascii=False))):
        again = Policy.from_canonical(data)
        assert again.fingerprint == policy.fingerprint
        assert again.canonical == policy.canonical
        assert_same(whole(path), assess(again, pool(path), on=ON))


@each_edition
def test_a_saved_policy_can_be_changed_and_changed_back(path):
    policy = Policy.from_canonical(Policy.load(name_of(path)).canonical)
    value_path, other = next((p, v) for p, v in changeable(policy) if _accepts(policy, p, v))
    once = policy.change(value_path, other)
    assert once.change(value_path, once.changes[0].old).fingerprint == policy.fingerprint


def _accepts(policy, value_path, value) -> bool:
    try:
        policy.change(value_path, value)
    except PolicyError:
        return False
    return True


def test_the_order_of_cases_is_part_of_the_policy():
    """The first case that fits decides, so two orders are two policies (and two plans)."""
    policy = Policy.load("chongqing-knowledge@2023")
    data = json.loads(json.dumps(policy.canonical, ensure_ascii=False))
    cases = data["base"]["limits"]["class"]["cases"]
    cases["other"]["when"] = {"input": "sme_title", "one_of": ["specialised"]}
    first = Policy.from_canonical(data)
    swapped = json.loads(json.dumps(data))
    swapped["base"]["limits"]["class"]["cases"] = dict(reversed(cases.items()))
    second = Policy.from_canonical(swapped)
    assert first.fingerprint != second.fingerprint
    names = [[c.name for c in p.rules.parts[1].limits[0].cases] for p in (first, second)]
    assert names == [["specialised", "other"], ["other", "specialised"]]
    assert plan_of(first).rules != plan_of(second).rules


# -- what is missing is neither zero nor none ---------------------------------------------------


def optional_fields(policy: Policy) -> set[str]:
    """Figures that a policy itself says may be missing: left out, or replaced by its own rule."""
    found: set[str] = set()
    for part in policy.rules.parts:
        for method in part.methods:
            found |= set(getattr(method.option("rule"), "optional", ()))
    limits = [limit for part in policy.rules.parts for limit in part.limits]
    for limit in (*limits, *(joint.limit for joint in policy.rules.joint)):
        if limit.skip:
            found |= set(limit.less)
            found |= {n for case in limit.cases if case.of for n, _ in case.of.fields}
    return found


def candidates(found, firm, name, rng) -> list:
    """Values that a missing figure could have, rich in those that decide something."""
    spec = FIELDS[name]
    values = {found.maker.value(name) for _ in range(4)}
    if spec.kind == "flag":
        return [True, False]
    if spec.kind == "choice":
        return list(spec.choices)
    # A year of which a part is known has been.
    been = any(firm.get(p) not in (None, NONE, 0) for p, w in PARTS.items() if w == name)
    values |= {max(spec.lo or 0, 0), *([NONE] if spec.nullable and not been else [])}
    values -= {NONE} if been else set()
    if spec.kind == "date":
        values |= {(ON - EPOCH + timedelta(days=d)).days for d in (-1, 0, 1)}
    # Where a rule compares this figure with what is known of the firm.
    for leaf in found.maker.leaves:
        values |= _solved(leaf, firm, name, rng)
    top = firm.get(spec.part_of) if spec.part_of else None
    least = [firm[p] for p, w in PARTS.items() if w == name and firm.get(p) not in (None, NONE)]
    return [
        v
        for v in values
        if v == NONE
        or (
            (spec.lo is None or v >= spec.lo)
            and (spec.hi is None or v <= spec.hi)
            and (top in (None, NONE) or v <= top)
            and all(v >= low for low in least)
        )
    ]


def _solved(leaf, firm, name, rng) -> set:
    about = leaf.about
    if "ratio" in about and all(isinstance(side, str) for side in about["ratio"]):
        num, den = about["ratio"]
        share = leaf.threshold
        if name == num and firm.get(den) not in (None, NONE):
            at = int(share * firm[den])
            return {at - 1, at, at + 1}
        if name == den and firm.get(num) not in (None, NONE) and share:
            at = int(firm[num] / share)
            return {at - 1, at, at + 1}
        return set()
    return {change[name] for _, change in around(leaf, firm, rng) if name in change}


def fillings(found, firm, gone, rng, most=120) -> list[dict]:
    """Complete firms that agree with what is known of an incomplete one."""
    filled = [firm]
    for name in gone:
        filled = [
            {**one, name: value} for one in filled for value in candidates(found, one, name, rng)
        ]
        filled = rng.sample(filled, min(most, len(filled)))
    return [f for f in filled if tidy(dict(f)) == f]


@each_edition
def test_what_is_said_of_an_incomplete_firm_holds_however_it_is_filled(path):
    """Sound: a status, a band, points, an amount that is said is that of every filling."""
    found, rng = ground(path), random.Random(17)
    optional = optional_fields(found.policy)
    firms, gone = incomplete(path, 23, 200)
    kept = [(f, g) for f, g in zip(firms, gone, strict=True) if not optional & set(g)]
    assert len(kept) > 50
    currency = found.policy.currency
    said = assess(found.policy, batch([f for f, _ in kept], currency), on=ON)
    full, of = [], []
    for row, (firm, names) in enumerate(kept):
        for filled in fillings(found, firm, names, rng, 30):
            full.append(filled)
            of.append(row)
    truth = assess(found.policy, batch(full, currency), on=ON)
    wrong = []
    for at, row in enumerate(of):
        if truth.status_of(at) == "invalid":
            continue
        claim, fact = engine_says(found.policy, said, row), engine_says(found.policy, truth, at)
        wrong += [(kept[row][1], *w) for w in _contradicted(claim, fact)]
    assert not wrong, wrong[:5]
    assert "incomplete" in {said.status_of(row) for row in range(len(said))}


def _contradicted(claim, fact):
    """What was said for certain and is otherwise in a filling."""
    for key, value in claim.items():
        if isinstance(value, dict):
            for name, inner in value.items():
                got = fact[key].get(name)
                # A gate that fails may still be waived, one that is waived may also be met.
                if key == "gate" and (inner, got) in (("fail", "waived"), ("waived", "pass")):
                    continue
                if inner is not None and got != inner:
                    yield key, name, inner, got
        elif value not in (None, "incomplete") and fact[key] != value:
            yield key, value, fact[key]


def test_incomplete_means_that_the_answer_really_depends_on_it():
    """Complete, for 115号: where a firm is called incomplete, two fillings differ."""
    path = next(p for p in editions() if name_of(p) == "cn-tech-sme@2017")
    found, rng = ground(path), random.Random(29)
    firms, gone = incomplete(path, 31, 700)
    said = assess(found.policy, batch(firms), on=ON)
    rows = [row for row in range(len(said)) if said.status_of(row) == "incomplete"]
    assert len(rows) > 150
    full, of = [], []
    for row in rows:
        for filled in fillings(found, firms[row], gone[row], rng, 400):
            full.append(filled)
            of.append(row)
    truth = assess(found.policy, batch(full), on=ON)
    statuses: dict[int, set[str]] = {row: set() for row in rows}
    for at, row in enumerate(of):
        statuses[row].add(truth.status_of(at))
    settled = [row for row, found_ in statuses.items() if len(found_) < 2]
    assert not settled, [(gone[row], statuses[row], firms[row]) for row in settled[:2]]


@each_edition
def test_missing_is_not_zero_and_not_none(path):
    """Nothing known at all: no points, no tier, no line, and never eligible."""
    policy = ground(path).policy
    nothing = assess(policy, {"currency": policy.currency}, on=ON)
    assert nothing.status_of() == "incomplete"
    for (kind, name), column in nothing.codes.items():
        if kind == "points":
            assert column[0] == -(2**31), name
        if kind == "part":
            assert column[0] == -(2**63), name
        if kind in ("gate", "confirm", "band"):
            assert column[0] == -1, (kind, name)
    assert set(nothing.missing_of()) >= set(plan_of(policy).fields) - optional_fields(policy)


@each_edition
def test_a_figure_known_not_to_exist_is_not_missing(path):
    found = ground(path)
    for name in plan_of(found.policy).fields:
        if not FIELDS[name].nullable:
            continue
        firm = tidy({**found.pool[0], name: NONE})
        result = assess(found.policy, batch([firm], found.policy.currency), on=ON)
        assert result.status_of() != "incomplete", name
        assert name not in result.missing_of()


@each_edition
def test_a_denominator_of_zero_gives_no_figure_and_no_error(path):
    """Assumed for every scheme whose text is silent: the ratio does not exist, the lowest band
    holds, a gate on it fails."""
    found = ground(path)
    zero = dict.fromkeys(("sales", "total_cost", "total_assets", "staff_total"), 0)
    firm = tidy({**found.pool[0], **{k: v for k, v in zero.items() if k in found.pool[0]}})
    firm = found.maker.judged(firm)
    result = assess(found.policy, batch([firm], found.policy.currency), on=ON)
    said = engine_says(found.policy, result, 0)
    ratios = [
        (item, table)
        for item in found.policy.rules.dimensions
        for table in item.indicators
        if table.measure.kind == "ratio" and set(table.measure.fields) & set(zero)
    ]
    for item, table in ratios:
        if all(firm[n] == 0 for n, _ in table.measure.den.fields):
            assert said["band"][f"{item.name}.{table.name}"] == NONE
    assert result.status_of() in ("eligible", "refused", "invalid")


def test_every_field_missing_alone_leaves_no_other_decision_open():
    """Only the rules that read a figure may be open because of it."""
    for path in editions():
        found = ground(path)
        plan = plan_of(found.policy)
        firms = [{**found.pool[7], name: None} for name in plan.fields]
        result = assess(found.policy, batch(firms, found.policy.currency), on=ON)
        for row, name in enumerate(plan.fields):
            for item, table in itertools.chain.from_iterable(
                [(d, t) for t in d.indicators] for d in found.policy.rules.dimensions
            ):
                code = result.codes["band", f"{item.name}.{table.name}"][row]
                if name not in table.measure.fields:
                    assert code != -1, (name_of(path), name, table.path)
