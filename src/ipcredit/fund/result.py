"""What a fund may have to pay in one period: every figure with how it was found and how wrong
it may be."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ipcredit.fund.result_text import result_text
from ipcredit.reader import Title

VERSION: Final = 1
LEVELS: Final = (0.5, 0.9, 0.95, 0.99, 0.995, 0.999)
"""Levels of quantiles and expected shortfalls."""
TAIL: Final = 0.99
"""Level of the shortfall that is split by tier, lender and district."""
ERRORS: Final = {
    "exact": "none",
    "lattice": "bound",
    "expansion": "estimate",
    "factors": "standard",
    "sampled": "standard",
}
"""What the error of a figure means, by method: there is none beyond rounding; it is a bound; it
is an estimate of the neglected terms; it is the standard error (``factors``: of random factor
points, the neglected terms added)."""


def in_units(data: Any, currency: str) -> Any:
    """JSON data whose amounts are fen (``_fen``), under the keys of the currency.

    >>> in_units({"rows": [{"money_fen": 5}]}, "KRW"), in_units({"a_fen": 1}, "CNY")
    ({'rows': [{'money_minor': 5}]}, {'a_fen': 1})
    """
    if currency == "CNY":
        return data
    if isinstance(data, Mapping):
        return {
            (f"{key[:-4]}_minor" if str(key).endswith("_fen") else key): in_units(value, currency)
            for key, value in data.items()
        }
    return [in_units(item, currency) for item in data] if isinstance(data, list) else data


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, its error and the method it comes from (a key of :data:`ERRORS`).

    >>> Figure(0.25, 0.0, "exact").data()
    {'value': 0.25, 'error': 0.0, 'method': 'exact'}
    """

    value: float
    error: float
    method: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.isfinite(self.error)):
            raise ArithmeticError(f"{self.value} ± {self.error}")

    def data(self, *, money: bool = False) -> dict[str, Any]:
        """As JSON data; amounts as whole minor units."""
        value: float = round(self.value) if money else self.value
        error: float = math.ceil(self.error) if money else self.error
        key = "_fen" if money else ""
        return {f"value{key}": value, f"error{key}": error, "method": self.method}


@dataclass(frozen=True, slots=True)
class Spread:
    """How an amount is distributed: its mean, quantiles and expected shortfalls by level."""

    mean: Figure
    quantiles: tuple[tuple[float, Figure], ...]
    shortfalls: tuple[tuple[float, Figure], ...]

    def quantile(self, level: float) -> Figure:
        """The amount not exceeded with probability ``level``, one of :data:`LEVELS`."""
        return dict(self.quantiles)[level]

    def shortfall(self, level: float) -> Figure:
        """The mean of the worst ``1 - level`` of cases."""
        return dict(self.shortfalls)[level]

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "mean": self.mean.data(money=True),
            "quantiles": {f"{q:g}": f.data(money=True) for q, f in self.quantiles},
            "shortfalls": {f"{q:g}": f.data(money=True) for q, f in self.shortfalls},
        }


@dataclass(frozen=True, slots=True)
class PurseRow:
    """A pot, or a district's part of it.  ``money`` and ``dry`` by capital: committed, paid-in, cash.

    ``dry``: probability that it is asked for more than it has.  ``wanted``: expected payments
    asked of it; ``unpaid``: the part of them that the tested capital cannot pay.
    """

    pot: str
    district: str
    money: Mapping[str, float]
    dry: Mapping[str, Figure]
    wanted: Figure
    unpaid: Figure

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "pot": self.pot,
            "district": self.district,
            "money_fen": {kind: round(amount) for kind, amount in self.money.items()},
            "dry": {kind: figure.data() for kind, figure in self.dry.items()},
            "wanted": self.wanted.data(money=True),
            "unpaid": self.unpaid.data(money=True),
        }


@dataclass(frozen=True, slots=True)
class PartRow:
    """A tier, lender or district: what it owes, its expected loss, its part of what the fund owes.

    ``due`` adds up to the expected payout, ``shortfall`` to the expected shortfall at
    :data:`TAIL`.
    """

    name: str
    firms: int
    outstanding: int
    loss: float
    due: Figure
    shortfall: Figure

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "name": self.name,
            "firms": self.firms,
            "outstanding_fen": self.outstanding,
            "loss_fen": round(self.loss),
            "due": self.due.data(money=True),
            "shortfall": self.shortfall.data(money=True),
        }


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """How often a limit cuts, or a breaker trips, for one lender, district or the fund (``who``)."""

    name: str
    path: str
    title: Title | None
    scope: str
    who: str
    stops: str  # what a breaker stops; empty for a limit
    chance: Figure

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "name": self.name,
            "path": self.path,
            "scope": self.scope,
            "who": self.who,
            "stops": self.stops,
            "chance": self.chance.data(),
        }


@dataclass(frozen=True, slots=True)
class About:
    """What was computed: fund, book, scenario and what they leave open."""

    fund: str
    edition: str
    title: Title
    fund_fingerprint: str
    currency: str
    tested: str
    capital: Mapping[str, float]
    most_leverage: float | None
    firms: int
    loans: int
    outstanding: int
    lent: int
    several_lenders: int
    book: str
    scenario: str
    scenario_fingerprint: str
    factor: str
    factor_value: float
    mean_pd: float
    assumed: tuple[tuple[str, Title], ...] = ()
    unpublished: tuple[Title, ...] = ()
    notes: tuple[Title, ...] = ()
    as_of: str = ""
    pots: Mapping[str, Title] = field(default_factory=dict)  # names of the purses
    factor_by: str = ""
    factor_within: float = 0.0

    @property
    def leverage(self) -> float | None:
        """Balance covered over the tested capital, ``None`` without capital."""
        money = self.capital[self.tested]
        return self.outstanding / money if money else None

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "fund": {
                "id": self.fund,
                "edition": self.edition,
                "title": _title(self.title),
                "fingerprint": self.fund_fingerprint,
            },
            "currency": self.currency,
            "capital_fen": {kind: round(amount) for kind, amount in self.capital.items()},
            "tested": self.tested,
            "leverage": self.leverage,
            "most_leverage": self.most_leverage,
            "book": {
                "source": self.book,
                "as_of": self.as_of,
                "firms": self.firms,
                "loans": self.loans,
                "lent_fen": self.lent,
                "outstanding_fen": self.outstanding,
                "firms_at_several_lenders": self.several_lenders,
                "mean_pd": self.mean_pd,
            },
            "scenario": {
                "name": self.scenario,
                "fingerprint": self.scenario_fingerprint,
                "factor": self.factor,
                "factor_value": self.factor_value,
                **self._groups(),
            },
            "assumed": [{"path": path, "reason": _title(why)} for path, why in self.assumed],
            "unpublished": [_title(title) for title in self.unpublished],
            "notes": [_title(note) for note in self.notes],
        }

    def _groups(self) -> dict[str, Any]:
        if not self.factor_by:
            return {}
        return {"factor_by": self.factor_by, "factor_within": self.factor_within}


@dataclass(frozen=True, slots=True)
class OnePeriodResult:
    """One year of a fund, every default on one date.

    ``loss``: principal lost.  ``gross``: what the fund owes under its clauses, before a purse runs
    dry.  ``net``: the part of it that does not come back.  ``paid``: what the purses are expected
    to pay of it.  ``dry``: by capital, the probability that more is owed than the whole fund has;
    ``dry[about.tested]`` is the headline.  ``why_sampled``: why some figures are sampled, empty if
    none is; ``conditioned``: firms at several lenders that were gone through case by case.
    ``curve``: amounts with the probability that the fund owes more.
    """

    about: About
    loss: Spread
    gross: Spread
    net: Spread
    paid: Figure
    dry: Mapping[str, Figure]
    purses: tuple[PurseRow, ...]
    tiers: tuple[PartRow, ...]
    lenders: tuple[PartRow, ...]
    districts: tuple[PartRow, ...]
    limits: tuple[ClauseRow, ...]
    breakers: tuple[ClauseRow, ...]
    why_sampled: str = ""
    scenarios: int = 0
    seed: int | None = None
    conditioned: int = 0
    curve: tuple[tuple[float, float], ...] = ()

    @property
    def exhaustion(self) -> Figure:
        """Probability that more is owed than the fund's tested capital."""
        return self.dry[self.about.tested]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that figures come from."""
        figures = [s.mean for s in (self.loss, self.gross, self.net)]
        figures += [self.exhaustion, *(f for row in self.purses for f in row.dry.values())]
        figures += [row.shortfall for row in (*self.tiers, *self.lenders)]
        return tuple(dict.fromkeys(figure.method for figure in figures))

    def to_dict(self) -> dict[str, Any]:
        """As JSON data: amounts as whole minor units (``_fen``; ``_minor`` outside CNY), no NaN."""
        data: dict[str, Any] = {
            "version": VERSION,
            "kind": "fund-one-period",
            **self.about.data(),
            "loss": self.loss.data(),
            "gross": self.gross.data(),
            "net": self.net.data(),
            "paid": self.paid.data(money=True),
            "dry": {kind: figure.data() for kind, figure in self.dry.items()},
            "purses": _rows(self.purses),
            "tiers": _rows(self.tiers),
            "lenders": _rows(self.lenders),
            "districts": _rows(self.districts),
            "limits": _rows(self.limits),
            "breakers": _rows(self.breakers),
            "why_sampled": self.why_sampled,
            "scenarios": self.scenarios,
            "seed": self.seed,
            "conditioned_firms": self.conditioned,
            "curve": [[round(amount), chance] for amount, chance in self.curve],
        }
        found: dict[str, Any] = in_units(data, self.about.currency)
        return found

    def to_json(self) -> str:
        """The result as JSON text, the same to the byte for the same result."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)

    def text(self, lang: str = "zh") -> str:
        """The treasurer's page in ``zh``, ``en`` or ``both``."""
        return result_text(self, lang)

    def __str__(self) -> str:
        return self.text("en")

    def frame(self, name: str) -> Any:
        """One of the tables (purses, tiers, lenders, districts, limits, breakers) for pandas."""
        import pandas

        found = in_units(_rows(getattr(self, name)), self.about.currency)
        rows = [_flat(row) for row in found]
        return pandas.DataFrame(rows)


def _rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [row.data() for row in rows]


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            found.update(_flat(value, f"{before}{key}."))
        else:
            found[before + key] = value
    return found


def _title(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}
