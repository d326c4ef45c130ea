"""How a batch is cut up and by whom it is judged never shows in the answers."""

from __future__ import annotations

import sys
import threading
from functools import cache

import numpy as np
import pytest

import ipcredit.threads as work
from ipcredit.assess import assess
from ipcredit.fields import FIELDS
from ipcredit.firms import Firms
from ipcredit.frame import ends
from ipcredit.policy import Policy
from ipcredit.scales import kind_of
from oracles.grounds import editions, ground, name_of
from oracles.makers import batch
from oracles.thresholds import ON

core = sys.modules["ipcredit.assess"]
EDITIONS = [pytest.param(path, id=name_of(path)) for path in editions()]


@cache
def with_gaps(path) -> Firms:
    """The firms of a policy's own ground; every other one lacks one of the figures it gives."""
    found = ground(path)
    firms = batch(found.pool, found.policy.currency)
    columns = {name: column.copy() for name, column in firms.columns.items()}
    rng = np.random.default_rng(7)
    for name, column in columns.items():
        column[rng.random(len(column)) < 1 / (2 * len(columns))] = FIELDS[name].missing
    return Firms(firms.n, columns, currency=firms.currency)


@pytest.mark.parametrize("path", EDITIONS)
def test_chunks_and_threads_do_not_show(path, monkeypatch):
    policy, firms = ground(path).policy, with_gaps(path)
    whole = assess(policy, firms, on=ON)
    for chunk, threads in ((97, 1), (50, 2), (64, 5)):
        monkeypatch.setattr(core, "CHUNK", chunk)
        monkeypatch.setattr(core, "SHARED_CHUNK", 2 * chunk)
        cut = assess(policy, firms, on=ON, threads=threads)
        assert cut.codes.keys() == whole.codes.keys()
        for key, column in whole.codes.items():
            assert column.dtype == cut.codes[key].dtype
            np.testing.assert_array_equal(column, cut.codes[key], str(key))


@pytest.mark.parametrize("path", EDITIONS)
def test_a_row_of_a_batch_is_judged_as_if_it_were_alone(path):
    policy, firms = ground(path).policy, with_gaps(path)
    whole = assess(policy, firms, on=ON)
    for row in range(0, len(firms), max(1, len(firms) // 60)):
        alone = assess(policy, Firms.from_firms([firms.row(row)]), on=ON)
        for key, column in whole.codes.items():
            if key != ("status", ""):  # the row as a firm of its own may have found problems
                assert column[row] == alone.codes[key][0], (row, key)


def test_pieces_cover_every_row_once_and_are_of_about_one_size():
    for rows in (1, 65_536, 65_537, 200_000, 1_000_000):
        for threads in (1, 2, 3, 64):
            pieces = core._pieces(rows, threads)
            assert [0, *(p.stop for p in pieces)] == [*(p.start for p in pieces), rows]
            sizes = [p.stop - p.start for p in pieces]
            assert max(sizes) <= (core.CHUNK if threads == 1 else core.SHARED_CHUNK)
            assert max(sizes) - sizes[-1] < len(pieces)
    assert len(core._pieces(100_000, 64)) == 2  # too few rows to share


def test_one_firm_starts_no_thread(monkeypatch):
    def never(self):
        raise AssertionError("a thread was started")

    monkeypatch.setattr(threading.Thread, "start", never)
    policy = Policy.load("cn-tech-sme", on=ON)
    assert assess(policy, {"staff_total": 501}, on=ON, threads=8).status_of() == "refused"
    assert assess(policy, [{"staff_total": 501}, {}], on=ON, threads=8).status_of() == "refused"


def test_without_another_thread_the_work_is_done_all_the_same(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    done: list[int] = []
    work.shared(done.append, range(9), 4)
    assert done == list(range(9))


def test_what_goes_wrong_in_a_thread_is_raised_and_ends_the_work():
    before = threading.active_count()

    def fail(part: int) -> None:
        raise ValueError(part)

    with pytest.raises(ValueError, match=r"^[012]$"):
        work.shared(fail, range(1000), 3)
    assert threading.active_count() == before


def test_a_column_that_changes_is_looked_at_again():
    staff = np.array([501, 36])
    firms = Firms(2, {"staff_total": staff})
    policy = Policy.load("cn-tech-sme", on=ON)
    assert assess(policy, firms, on=ON).codes["gate", "staff-size"].tolist() == [0, 1]
    staff[1] = FIELDS["staff_total"].missing
    assert assess(policy, firms, on=ON).codes["gate", "staff-size"].tolist() == [0, -1]
    staff[:] = 502, 503
    assert assess(policy, firms, on=ON).codes["gate", "staff-size"].tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [np.int8, np.int64])
@pytest.mark.parametrize("copies", [1, 40])
def test_bounds_of_a_column_leave_out_what_is_missing(dtype, copies):
    least = int(np.iinfo(dtype).min)

    def of(*values: int) -> tuple[int, int, bool]:
        return ends(np.array([*values] * copies, dtype))

    assert of(3, 7, 5) == (3, 7, False)
    assert of(3, least, 5) == (3, 5, True)
    assert of(3, least + 1, 5) == (least + 1, 5, False)
    assert of(least, least + 1, 5) == (least + 1, 5, True)
    assert of(least) == (0, 0, True)
    assert ends(np.empty(0, dtype)) == (0, 0, False)


def test_points_are_held_by_the_smallest_type_that_surely_fits():
    def kind(path) -> type:
        rules = ground(path).policy.rules
        return kind_of(rules.dimensions, rules.top)

    kinds = {name_of(path): kind(path) for path in editions()}
    assert kinds[next(name for name in kinds if name.startswith("cn-tech-sme"))] is np.int8
    assert kinds[next(name for name in kinds if name.startswith("cn-high-tech"))] is np.int32
    assert kind_of((), ()) is np.int8


def test_narrow_points_reach_the_result_as_they_always_were():
    policy = Policy.load("cn-tech-sme", on=ON)
    result = assess(policy, [{"staff_total": 36}, {}], on=ON)
    assert {c.dtype for (kind, _), c in result.codes.items() if kind == "points"} == {
        np.dtype(np.int32)
    }
