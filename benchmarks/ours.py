"""The one place where the benchmark touches ipcredit's API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

POLICY = "cn-tech-sme"
ONE_YUAN = 100

# A firm that passes by score; values in column units (fen, persons, days, indexes).
PLAIN: dict[str, int] = {
    "fiscal_year": 2025,
    "sales": 32_000_000 * ONE_YUAN,
    "total_cost": 29_000_000 * ONE_YUAN,
    "total_assets": 41_000_000 * ONE_YUAN,
    "rd_expense": 1_650_000 * ONE_YUAN,
    "staff_total": 86,
    "sci_tech_staff": 24,
    "class1_related": 0,
    "class2_related": 3,
    "resident_enterprise": 1,
    "restricted_industry": 0,
    "has_high_tech_certificate": 0,
    "high_tech_until": int(np.iinfo(np.int64).min) + 1,
    "national_award_rank": int(np.iinfo(np.int64).min) + 1,
    "national_award_on": int(np.iinfo(np.int64).min) + 1,
    "rd_institution": 0,
    "standard_led_on": int(np.iinfo(np.int64).min) + 1,
    "major_accident": 0,
    "environmental_breach": 0,
    "integrity_breach": 0,
    "abnormal_list": 0,
    "dishonest_list": 0,
}
PLAIN_POINTS = 16 + 40 + 18
MONEY = ("sales", "total_cost", "total_assets", "rd_expense")
FLAGS = (
    "resident_enterprise",
    "restricted_industry",
    "has_high_tech_certificate",
    "major_accident",
    "environmental_breach",
    "integrity_breach",
    "abnormal_list",
    "dishonest_list",
)
NULLABLE = ("high_tech_until", "national_award_rank", "national_award_on", "standard_led_on")


def as_dict(*, text: bool) -> dict[str, Any]:
    """PLAIN as a person or a JSON body gives it: amounts as text in 万元, or whole fen."""
    firm: dict[str, Any] = {}
    for name, value in PLAIN.items():
        if name in MONEY:
            firm |= {name: f"{value / 1_000_000:.2f} 万元"} if text else {f"{name}_fen": value}
        elif name in NULLABLE:
            firm[name] = "none"
        elif name in FLAGS:
            firm[name] = bool(value)
        elif name == "rd_institution":
            firm[name] = "none"
        else:
            firm[name] = value
    return firm


def as_openfisca() -> dict[str, Any]:
    """PLAIN as an OpenFisca user writes it: yuan, and nothing for what does not exist."""
    firm: dict[str, Any] = {}
    for name, value in PLAIN.items():
        if name in MONEY:
            firm[name] = value / ONE_YUAN
        elif name in FLAGS:
            firm[name] = bool(value)
        elif name not in NULLABLE and name not in ("rd_institution", "fiscal_year"):
            firm[name] = value
    return firm


def as_toml() -> str:
    """PLAIN as a firm file."""

    def written(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')

    return "".join(f"{name} = {written(value)}\n" for name, value in as_dict(text=True).items())


def columns_of(*firms: Mapping[str, int]) -> dict[str, np.ndarray]:
    """A few firms as columns with the package's dtypes."""
    narrow = {*FLAGS, "rd_institution"}
    return {
        name: np.array([firm[name] for firm in firms], np.int8 if name in narrow else np.int64)
        for name in PLAIN
    }


class Ours:
    """ipcredit behind the few calls the benchmark needs; raises ImportError if absent."""

    def __init__(self, on: date) -> None:
        from ipcredit import Firms, Policy, assess  # may not be there yet

        self.on = on
        self._assess = assess
        self._firms = Firms
        self.policy = Policy.load(POLICY, on=on)
        # The codes of the answer "eligible", learned from firms that pass for certain, so
        # that this file needs to know no enumeration: by score, and by direct confirmation.
        confirmed = PLAIN | {"rd_institution": 4, "rd_expense": 0}
        answer = self.assess(self.firms(columns_of(PLAIN, confirmed)))
        self._eligible = np.unique(np.asarray(answer.status))
        self.points_agree = int(np.asarray(answer.total)[0]) == PLAIN_POINTS

    def firms(self, columns: Mapping[str, np.ndarray]) -> Any:
        return self._firms.from_columns(
            {f"{k}_fen" if k in MONEY else k: v for k, v in columns.items()}
        )

    @staticmethod
    def fresh(firms: Any) -> Any:
        """The same columns as a new batch, which has found out nothing about them yet."""
        return replace(firms)

    def assess(self, firms: Any, threads: int = 1) -> Any:
        """One thread, as all peers have, unless the benchmark says otherwise."""
        return self._assess(self.policy, firms, on=self.on, threads=threads)

    def total(self, answer: Any) -> np.ndarray:
        return np.asarray(answer.total)

    def eligible(self, answer: Any) -> np.ndarray:
        return np.isin(np.asarray(answer.status), self._eligible)
