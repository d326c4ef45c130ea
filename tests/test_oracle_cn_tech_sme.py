"""国科发政〔2017〕115号 against an independent oracle that has never seen the engine."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from ipcredit.assess import Assessment, assess
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from oracles.cn_tech_sme import judge
from oracles.cn_tech_sme_firms import ON, firms

MONEY = ("rd_expense", "sales", "total_cost", "total_assets")
POINTS = {"staff": "staff_points", "rd": "rd_points", "ip": "ip_points", "total": "total"}


def assessed(drawn: list[dict]) -> Assessment:
    rows = [{(k + "_fen" if k in MONEY else k): v for k, v in firm.items()} for firm in drawn]
    batch = Firms.from_firms(Firm.from_dict(row) for row in rows)
    assert not batch.problems
    return assess(Policy.load("cn-tech-sme@2017"), batch, on=ON)


@pytest.mark.parametrize(("count", "missing"), [(100_000, 0.0), (20_000, 1.0)])
def test_no_difference(count, missing):
    drawn = firms(count, seed=11, missing=missing)
    gc.freeze()  # a hundred thousand small dicts are not worth looking through again and again
    result = assessed(drawn)
    points = {
        oracle: [None if np.isnan(x) else int(x) for x in result.points(name).tolist()]
        for name, oracle in POINTS.items()
    }
    status = [result.status_of(row) for row in range(count)]
    differing = [
        (firm, said)
        for row, (firm, said) in enumerate((firm, judge(firm, ON)) for firm in drawn)
        if status[row] != said["status"]
        or any(points[key][row] != said[key] for key in POINTS.values())
    ]
    gc.unfreeze()
    assert not differing, (len(differing), differing[:3])
    wanted = {"eligible", "refused"} | ({"incomplete"} if missing else set())
    assert set(status) == wanted


def test_the_oracle_can_disagree():
    """A policy with one threshold moved by the last digit differs from it at once."""
    drawn = firms(2_000, seed=11)
    other = Policy.load("cn-tech-sme@2017").change("rd.indicators.to-sales.C.at_least", "0.041")
    rows = [{(k + "_fen" if k in MONEY else k): v for k, v in firm.items()} for firm in drawn]
    moved = assess(other, Firms.from_firms(Firm.from_dict(row) for row in rows), on=ON)
    points = moved.points("rd")
    assert sum(points[row] != judge(f, ON)["rd_points"] for row, f in enumerate(drawn)) > 20
