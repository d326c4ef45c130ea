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
from ipcredit.frame import ends, rough_ends
from ipcredit.policy import Policy
from ipcredit.scales import kind_of
from oracles.grounds import editions, ground, name_of
from oracles.makers import batch
from oracles.thresholds import ON

core, gaps = sys.modules["ipcredit.assess"], sys.modules["ipcredit.gaps"]
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


@pytest.mark.parametrize("path", EDITIONS)
def test_rows_that_lack_one_figure_are_judged_as_if_they_were_alone(path, monkeypatch):
    policy, firms = ground(path).policy, with_gaps(path)
    whole = assess(policy, firms, on=ON)  # too few rows of a kind: judged by all rules
    monkeypatch.setattr(gaps, "WORTH", 1)
    for chunk, threads in ((97, 1), (50, 2), (10_000, 1)):
        monkeypatch.setattr(core, "CHUNK", chunk)
        monkeypatch.setattr(core, "SHARED_CHUNK", 2 * chunk)
        fresh = Firms(firms.n, firms.columns, currency=firms.currency)
        lone = assess(policy, fresh, on=ON, threads=threads)
        assert lone.codes.keys() == whole.codes.keys()
        for key, column in whole.codes.items():
            assert column.dtype == lone.codes[key].dtype
            np.testing.assert_array_equal(column, lone.codes[key], str(key))


def test_rows_are_sorted_by_what_they_lack(monkeypatch):
    monkeypatch.setattr(gaps, "WORTH", 2)
    gone = FIELDS["sales"].missing
    columns = {
        "sales": np.array([1, gone, 3, gone, 5, gone, 7]),
        "total_cost": np.array([gone, gone, 3, 4, 5, 6, 7]),
        "staff_total": np.array([1, 2, gone, 4, gone, 6, gone]),
    }
    found = gaps.Gaps(list(columns), 7)
    for part in (slice(0, 4), slice(4, 7)):
        chunk = {name: column[part] for name, column in columns.items()}
        assert found.look(chunk, {name: ends(column) for name, column in chunk.items()}, part)
    assert found.lacking == {*columns}
    assert {field: rows.tolist() for field, rows in found.sorted()} == {
        "sales": [3, 5],
        "staff_total": [2, 4, 6],
        "": [0, 1],  # the cost alone is too rare
    }


def test_a_figure_of_which_another_row_lacks_something_still_counts():
    """A denominator of 0 is masked in rows that lack other figures, too."""
    n = 3 * gaps.WORTH
    columns = {name: np.full(n, 1) for name in ("staff_total", "sci_tech_staff", "sales")}
    columns["staff_total"][:] = 0
    columns["sales"][1:] = FIELDS["sales"].missing
    policy = Policy.load("cn-tech-sme", on=ON)
    found = assess(policy, Firms(n, columns), on=ON).codes
    for key in (("band", "staff.share"), ("points", "staff")):
        assert found[key][0] == found[key][1] == found[key][-1]
    alone = assess(policy, Firms(n - 1, {k: v[1:] for k, v in columns.items()}), on=ON).codes
    for key, column in alone.items():
        np.testing.assert_array_equal(column, found[key][1:], str(key))


@pytest.mark.parametrize("dtype", [np.int8, np.int64])
def test_rough_bounds_are_never_narrower_than_the_column(dtype):
    least = int(np.iinfo(dtype).min)
    for values in (
        (3, 7),
        (3, least),
        (least,),
        (3, least + 1),
        (least, least + 1),
        (-5, least),
        (-5, 5),
    ):
        column = np.array([*values] * 40, dtype)
        (low, high, gap), (lowest, highest, any_gap) = rough_ends(column), ends(column)
        assert gap == any_gap
        assert low <= lowest
        assert highest <= high
        assert (low <= least + 1) == (lowest <= least + 1)  # "none" is never overlooked


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
