"""Firms for the tests of results: drawn from the synthetic population, then spoilt in places."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ipcredit import Firm, Policy
from ipcredit.population import population
from ipcredit.resources import config_dir

ON = dt.date(2026, 6, 30)
CHINESE = (
    "chongqing-commercial@2023",
    "chongqing-knowledge@2017",
    "chongqing-knowledge@2023",
    "cn-high-tech@2016",
    "cn-innovative-sme@2022",
    "cn-little-giant@2026",
    "cn-specialised-sme@2022",
    "cn-specialised-sme@2026",
    "cn-tech-sme@2017",
    "hubei-knowledge@2025",
)
MAIN = ("chongqing-knowledge@2023", "cn-tech-sme@2017")
EXAMPLES = config_dir() / "examples" / "firms"

_DRAWN = 400


@cache
def policy(name: str) -> Policy:
    return Policy.load(name)


@cache
def _population() -> Any:
    return population(_DRAWN, seed=11)


@cache
def example(name: str = "all-schemes.toml") -> dict[str, Any]:
    """A complete firm that every shipped Chinese scheme can judge."""
    return Firm.read(EXAMPLES / name).to_dict(redact=False)


def valid(firm: dict[str, Any]) -> dict[str, Any]:
    """The firm without the figures that contradict others."""
    while problems := Firm.from_dict(firm).problems:
        for problem in problems:
            name = problem.key.removesuffix("_fen")
            firm = {key: value for key, value in firm.items() if key not in (name, f"{name}_fen")}
    return firm


@cache
def drawn(row: int) -> dict[str, Any]:
    """A firm with the example's figures, and a synthetic firm's where there are some."""
    return valid({**example(), **_population().row(row).to_dict(redact=False)})


complete = st.integers(0, _DRAWN - 1).map(drawn)


@st.composite
def firms(draw: st.DrawFn, reads: tuple[str, ...] = ()) -> dict[str, Any]:
    """A firm with some figures blank, some flags turned, some amounts moved."""
    firm = dict(draw(complete))
    keys = [key for key in firm if not reads or key.removesuffix("_fen") in reads]
    for key in draw(st.lists(st.sampled_from(keys), max_size=6, unique=True)):
        value = firm[key]
        what = draw(st.sampled_from(["blank", "turn", "zero"]))
        if what == "blank":
            del firm[key]
        elif isinstance(value, bool):
            firm[key] = not value
        elif isinstance(value, int) and what == "zero":
            firm[key] = 0
    return valid(firm)
