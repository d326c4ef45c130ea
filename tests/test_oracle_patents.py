"""The engine and the oracle count the same rights: 10,000 portfolios, 100,000 on demand."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import Counter
from dataclasses import fields, replace

import pytest

from ipcredit.patents.counting import FIELDS, count_rights
from ipcredit.patents.right import Right, Rights
from oracles import patent_counting as oracle
from oracles.patent_portfolios import FIRM, Portfolio, portfolio

PARTS = 10
SIZE = 100_000 if os.environ.get("IPCREDIT_LONG") == "1" else 10_000
DAY = dt.date(2026, 6, 15)


def difference(case: Portfolio, columns: bool = True) -> str:
    """What the two sides say differently, or nothing."""
    rights = Rights.of(case.rights) if columns else case.rights
    if case.per_family and columns:  # as it is asked by default
        found = count_rights(rights, on=case.day, owner=case.owner)
    else:
        found = count_rights(rights, on=case.day, owner=case.owner, per_family=case.per_family)
    counts, unsure = oracle.count(list(case.rights), case.day, case.owner, case.per_family)
    said = [
        f"{kind} {name}: engine {mine.get(name)}, oracle {theirs[name]}"
        for kind, mine, theirs in (("counts", found.counts, counts), ("open", found.open, unsure))
        for name in oracle.FIELDS
        if mine.get(name) != theirs[name]
    ]
    return "; ".join(said)


def smallest(case: Portfolio) -> Portfolio:
    """The same difference with as few rights and facts as can be."""
    for at in reversed(range(len(case.rights))):
        fewer = replace(case, rights=case.rights[:at] + case.rights[at + 1 :])
        if difference(fewer):
            case = fewer
    for at in range(len(case.rights)):
        for fact in fields(Right):
            right = case.rights[at]
            if getattr(right, fact.name) is None or fact.name in ("where", "remarks"):
                continue
            bare = replace(right, **{fact.name: None})  # type: ignore[arg-type]
            fewer = replace(case, rights=(*case.rights[:at], bare, *case.rights[at + 1 :]))
            if difference(fewer):
                case = fewer
    return case


def shown(case: Portfolio) -> str:
    """A portfolio by the facts it gives."""
    lines = [f"on {case.day}, owner {case.owner!r}, per_family {case.per_family}"]
    for right in case.rights:
        given = {fact.name: getattr(right, fact.name) for fact in fields(Right)}
        lines.append(str({k: str(v) for k, v in given.items() if v is not None and v != ()}))
    return "\n".join(lines)


@pytest.mark.parametrize("part", range(PARTS))
def test_engine_and_oracle_count_the_same(part: int) -> None:
    wrong = []
    for seed in range(part, SIZE, PARTS):
        case = portfolio(seed)
        if difference(case, columns=seed % 3 > 0):
            wrong.append(seed)
    if wrong:
        least = smallest(portfolio(wrong[0]))
        pytest.fail(
            f"{len(wrong)} portfolios differ, first {wrong[:5]}: {difference(least)}\n{shown(least)}"
        )


def test_fields_are_the_same() -> None:
    assert set(FIELDS) == set(oracle.FIELDS)


def test_portfolios_reach_every_answer_and_every_line() -> None:
    reached: Counter[tuple[str, object]] = Counter()
    for seed in range(2000):
        case = portfolio(seed)
        for right in case.rights:
            reached["force", oracle.in_force(right, case.day)[1]] += 1
            owned = oracle.place_of(right, case.day, {oracle.plain(FIRM)})
            reached["owned", owned[2]] += 1
            for name, answer in oracle.answers(right, case.day, case.owner).items():
                reached[name, answer] += 1
    force = "1 filed,1 granted,2,3,4,5,6,7 no,7 yes,7 unknown,8 no,8 unknown,9 before unknown"
    force += ",9 before yes,9 same,9 old,9 endless,9 after,10 software yes,10 software unknown"
    force += ",10 yes,10 unknown"
    owned_lines = "1 yes,1 no,1 unknown,2 yes,2 no,2 unknown,3 yes,3 no,4 later yes,4 later no"
    owned_lines += ",4 one,4 neither,4 both yes,5 unknown,5 yes,5 no,6 yes,6 no,7 unknown"
    wanted: list[tuple[str, object]] = [("force", line) for line in force.split(",")]
    wanted += [("owned", line) for line in owned_lines.split(",")]
    wanted += [(name, answer) for name in oracle.FIELDS for answer in (True, False, None)]
    assert {key: reached[key] for key in wanted if reached[key] < 10} == {}


def test_order_of_records_does_not_matter() -> None:
    for seed in range(500):
        case = portfolio(seed)
        mixed = list(case.rights)
        random.Random(seed).shuffle(mixed)
        one, two = (
            count_rights(rights, on=case.day, owner=case.owner, per_family=case.per_family)
            for rights in (case.rights, mixed)
        )
        assert (one.counts, one.open) == (two.counts, two.open), seed


def test_a_member_that_is_no_adds_nothing_and_a_second_member_neither() -> None:
    # A foreign one of the same family never changes anything; the same right again in a family
    # leaves every count as it was.
    for seed in range(500):
        case = portfolio(seed)
        again = [
            replace(right, family=right.family or f"alone {at}")
            for at, right in enumerate(case.rights)
        ]
        twins = [replace(r, application_no=f"CN2{at:05}") for at, r in enumerate(again) if r.number]
        foreign = [replace(r, office="US", application_no=f"US{at}") for at, r in enumerate(again)]
        one = count_rights(case.rights, on=case.day, owner=case.owner)
        two = count_rights([*again, *twins, *foreign], on=case.day, owner=case.owner)
        assert (one.counts, one.open) == (two.counts, two.open), seed


def test_time_never_revives() -> None:
    for seed in range(300):
        for right in portfolio(seed).rights:
            dead = False
            for later in range(-1500, 1500, 50):
                day = DAY + dt.timedelta(days=later)
                answer, line = oracle.in_force(right, day)
                assert not dead or answer is False, (seed, right, day)
                dead = dead or (answer is False and line in ("2", "4", "5", "6", "7 no"))


def right(**facts: object) -> Right:
    """An invention of the firm's own, with everything that counts, but for these facts."""
    base = Right(
        kind="invention",
        office="CN",
        application_no="CN1",
        filed=dt.date(2018, 1, 2),
        granted=dt.date(2020, 2, 29),
        status="granted",
        status_on=DAY,
        applicants=(FIRM,),
        owners=(FIRM,),
        product_related=True,
        applied=True,
        used_before=False,
        foreign_grants=("CN", "TW"),
        pledged=False,
        award="",
    )
    return replace(base, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "day", "name", "answer"),
    [
        ({}, DAY, "class1_related", True),
        ({}, DAY, "class1_applied", True),
        ({}, DAY, "class1_high_value", False),
        ({}, dt.date(2030, 3, 1), "class1_high_value", None),  # its record is too old by then
        ({"status_on": dt.date(2030, 2, 1)}, dt.date(2030, 2, 28), "class1_high_value", False),
        ({"status_on": dt.date(2030, 2, 1)}, dt.date(2030, 3, 1), "class1_high_value", True),
        ({"filed": dt.date(2006, 6, 15)}, DAY, "invention_patents", False),
        ({"filed": dt.date(2006, 6, 16)}, DAY, "invention_patents", True),
        ({"status_on": DAY - dt.timedelta(days=365)}, DAY, "invention_patents", True),
        ({"status_on": DAY - dt.timedelta(days=366)}, DAY, "invention_patents", None),
        ({"owners": ("B",), "transferred_on": DAY}, DAY, "invention_patents", False),
        ({"owners": ("B", "C", "D", FIRM)}, DAY, "class1_applied", False),
        ({"kind": "design", "filed": dt.date(2016, 6, 16)}, DAY, "designs", True),
        ({"kind": "design", "filed": dt.date(2016, 6, 15)}, DAY, "designs", False),
        ({"kind": None}, DAY, "designs", None),
    ],
)
def test_by_hand(facts: dict[str, object], day: dt.date, name: str, answer: bool | None) -> None:
    one = right(**facts)
    assert oracle.answers(one, day, FIRM)[name] is answer
    assert difference(Portfolio((one,), day, FIRM, True)) == ""
