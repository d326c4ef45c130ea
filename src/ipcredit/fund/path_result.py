"""What a simulation of many years says, every sampled number with its standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from ipcredit.fund.path_plan import Plan
from ipcredit.fund.path_run import SERIES, SPLITS, Chunk, Job, parties
from ipcredit.fund.path_text import page
from ipcredit.fund.result import in_units
from ipcredit.fund.terms import LENDER
from ipcredit.reader import Title
from ipcredit.results import to_json

Array: TypeAlias = npt.NDArray[np.float64]

VERSION: Final = 1
LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Levels of the quantile fans."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sampled number and its standard error."""

    value: float
    error: float

    def data(self, *, money: bool = False) -> dict[str, float]:
        """As JSON data; amounts as whole minor units."""
        if money:
            return {"value_fen": round(self.value), "error_fen": round(self.error)}
        return {"value": self.value, "error": self.error}


@dataclass(frozen=True, slots=True)
class Fan:
    """An amount by period: its mean and its quantiles by level."""

    name: str
    mean: tuple[Sampled, ...]
    quantiles: tuple[tuple[float, tuple[Sampled, ...]], ...]

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "name": self.name,
            "mean": [item.data(money=True) for item in self.mean],
            "quantiles": {
                f"{level:g}": [item.data(money=True) for item in items]
                for level, items in self.quantiles
            },
        }


@dataclass(frozen=True, slots=True)
class Dry:
    """Probability that a purse has been asked for more than a capital leaves, by period.

    ``pot`` is "" for the whole fund as if it were one purse; ``district`` is "" for a pot (any
    of its purses).
    """

    capital: str
    pot: str
    district: str
    by_period: tuple[Sampled, ...]

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "capital": self.capital,
            "pot": self.pot,
            "district": self.district,
            "probability": [item.data() for item in self.by_period],
        }


@dataclass(frozen=True, slots=True)
class BreakerRow:
    """One breaker: when and how often it trips, and what taking it out moves between parties.

    ``ever``: probability that it trips for anyone; ``tripped``, ``first``: by period, that it is
    tripped, and that it trips for the first time; ``periods``: tripped, averaged over whom it is
    for.  ``cost``: what each party bears more (below zero: less) without it, on the same random
    numbers; empty where that was not asked for.
    """

    name: str
    title: Title | None
    stops: str
    ever: Sampled
    tripped: tuple[Sampled, ...]
    first: tuple[Sampled, ...]
    periods: Sampled
    cost: Mapping[str, Sampled]

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "name": self.name,
            "stops": self.stops,
            "ever": self.ever.data(),
            "tripped": [item.data() for item in self.tripped],
            "first": [item.data() for item in self.first],
            "periods": self.periods.data(),
            "without_it": {name: item.data(money=True) for name, item in self.cost.items()},
        }


@dataclass(frozen=True, slots=True)
class Part:
    """A tier, lender, district or party over all years: paid out, and net of what came back."""

    name: str
    gross: Sampled
    net: Sampled

    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "name": self.name,
            "gross": self.gross.data(money=True),
            "net": self.net.data(money=True),
        }


@dataclass(frozen=True, slots=True)
class PathsResult:
    """Many years of a fund over many paths; amounts in minor units of ``currency``.

    ``engine``: ``cells`` or ``firms``, and the ``reason`` for it; ``periods``: their labels.
    ``fans``: payouts, recoveries, fees, top-ups, defaults, cash of each pot and committed room.
    ``cut``: what each limit took off payouts or claims, over all years.  ``bearers``: what each
    party bears in the end.  ``notes``: what to keep in mind.
    """

    engine: str
    reason: Title
    paths: int
    seed: int
    currency: str
    fund: Mapping[str, str]
    scenario: Mapping[str, str]
    book: Mapping[str, Any]
    periods: tuple[str, ...]
    fans: tuple[Fan, ...]
    dry: tuple[Dry, ...]
    need: Fan
    breakers: tuple[BreakerRow, ...]
    cut: Mapping[str, Sampled]
    bearers: Mapping[str, Sampled]
    by_tier: tuple[Part, ...]
    by_lender: tuple[Part, ...]
    by_district: tuple[Part, ...]
    money: Mapping[str, float]
    tested: str
    assumed: tuple[Title, ...] = ()
    notes: tuple[Title, ...] = ()
    pots: Mapping[str, Title] = field(default_factory=dict)  # names of the pots

    def fan(self, name: str) -> Fan:
        """The fan of one amount: ``paid``, ``back``, ``cash:<pot>`` and so on."""
        return next(item for item in self.fans if item.name == name)

    def runs_dry(self, capital: str = "", pot: str = "", district: str = "") -> tuple[Sampled, ...]:
        """The probability of having run dry, by period; the tested capital unless named."""
        wanted = (capital or self.tested, pot, district)
        return next(
            item.by_period for item in self.dry if (item.capital, item.pot, item.district) == wanted
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON data with its version; amounts in ``_fen``, outside CNY in ``_minor``."""
        data = {
            "version": VERSION,
            "kind": "fund-paths",
            "engine": self.engine,
            "reason": _both(self.reason),
            "paths": self.paths,
            "seed": self.seed,
            "currency": self.currency,
            "fund": dict(self.fund),
            "scenario": dict(self.scenario),
            "book": dict(self.book),
            "tested": self.tested,
            "money_fen": {name: round(amount) for name, amount in self.money.items()},
            "periods": list(self.periods),
            "fans": [item.data() for item in self.fans],
            "dry": [item.data() for item in self.dry],
            "peak_need": self.need.data(),
            "breakers": [item.data() for item in self.breakers],
            "cut": {name: item.data(money=True) for name, item in self.cut.items()},
            "bearers": {name: item.data(money=True) for name, item in self.bearers.items()},
            "by_tier": [item.data() for item in self.by_tier],
            "by_lender": [item.data() for item in self.by_lender],
            "by_district": [item.data() for item in self.by_district],
            "assumed": [_both(item) for item in self.assumed],
            "notes": [_both(item) for item in self.notes],
        }
        found: dict[str, Any] = in_units(data, self.currency)
        return found

    def to_json(self) -> str:
        """As JSON text."""
        return to_json(self.to_dict())

    def text(self, lang: str = "en") -> str:
        """A page in ``zh``, ``en`` or ``both``."""
        return page(self, lang)

    def to_frame(self) -> Any:
        """The fans as a pandas data frame: one row an amount and period."""
        import pandas as pd

        rows = [
            {
                "amount": fan.name,
                "period": period,
                "mean_fen": fan.mean[at].value,
                "error_fen": fan.mean[at].error,
                **{f"q{level:g}_fen": items[at].value for level, items in fan.quantiles},
            }
            for fan in self.fans
            for at, period in enumerate(self.periods)
        ]
        return pd.DataFrame(rows)


def _both(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


# -- from chunks ----------------------------------------------------------------------------------


def mean_of(values: Array) -> Sampled:
    """The mean of paths and its standard error."""
    count = values.size
    spread = float(values.std(ddof=1)) if count > 1 else 0.0
    return Sampled(float(values.mean()), spread / float(np.sqrt(count)))


def fan_of(name: str, values: Array) -> Fan:
    """The fan of [periods, paths]; the error of a quantile is half the gap of the order statistics
    one standard deviation of its rank away."""
    ranked = np.sort(values, axis=1)
    count = ranked.shape[1]
    quantiles = []
    for level in LEVELS:
        at = level * (count - 1)
        off = np.sqrt(count * level * (1 - level))
        low, high = (int(np.clip(round(at + side * off), 0, count - 1)) for side in (-1, 1))
        found = np.quantile(values, level, axis=1)
        half = (ranked[:, high] - ranked[:, low]) / 2
        rows = tuple(Sampled(float(v), float(e)) for v, e in zip(found, half, strict=True))
        quantiles.append((level, rows))
    return Fan(name, tuple(mean_of(row) for row in values), tuple(quantiles))


@dataclass(slots=True)
class Gathered:
    """All chunks side by side, in the order of their numbers."""

    job: Job
    chunks: Sequence[Chunk]
    paths: int = field(init=False)

    def __post_init__(self) -> None:
        self.paths = sum(chunk.paths for chunk in self.chunks)

    @property
    def plan(self) -> Plan:
        """The plan that was simulated."""
        return self.job.plan

    def fans(self) -> tuple[Fan, ...]:
        """The fans of everything kept by period."""
        fans = [
            fan_of(name, np.concatenate([chunk.series[name] for chunk in self.chunks], axis=1))
            for name in SERIES
        ]
        for kind in ("cash", "room"):
            for pot in getattr(self.chunks[0], kind):
                values = [getattr(chunk, kind)[pot] for chunk in self.chunks]
                fans.append(fan_of(f"{kind}:{pot}", np.concatenate(values, axis=1)))
        return tuple(fans)

    def need(self) -> Fan:
        """The most money out at any time, one period for all years."""
        values = np.concatenate([chunk.need for chunk in self.chunks])
        return fan_of("need", values[None, :])

    def share(self, counts: npt.NDArray[Any]) -> tuple[Sampled, ...]:
        """Probabilities from numbers of paths."""
        found = np.asarray(counts, dtype=np.float64) / self.paths
        errors = np.sqrt(found * (1 - found) / self.paths)
        return tuple(Sampled(float(p), float(e)) for p, e in zip(found, errors, strict=True))

    def dry(self) -> tuple[Dry, ...]:
        """Running dry: the whole, each pot, each district's purse."""
        rows = []
        for capital, pot in sorted(self.chunks[0].dry, key=_dry_order):
            counts = np.sum([chunk.dry[capital, pot].sum(axis=1) for chunk in self.chunks], axis=0)
            rows.append(Dry(capital, pot, "", self.share(counts)))
        for capital, pot in self.chunks[0].dry_purse:
            table = np.sum([chunk.dry_purse[capital, pot] for chunk in self.chunks], axis=0)
            for at, district in enumerate(self.plan.districts):
                rows.append(Dry(capital, pot, district, self.share(table[:, at])))
        return tuple(rows)

    def breakers(self) -> tuple[BreakerRow, ...]:
        """Every breaker of the terms."""
        rows = []
        for breaker in self.plan.terms.breakers:
            name = breaker.name
            flags = np.concatenate([chunk.tripped[name] for chunk in self.chunks], axis=1)
            ever = np.logical_or.accumulate(flags, axis=0)
            first = np.diff(ever.sum(axis=1), prepend=0)
            periods = np.concatenate([chunk.periods[name] for chunk in self.chunks])
            cost = {}
            if name in self.job.without:
                for party in parties(self.plan):
                    values = [chunk.cost[name][party] for chunk in self.chunks]
                    cost[party] = mean_of(np.concatenate(values))
            rows.append(
                BreakerRow(
                    name,
                    breaker.title,
                    breaker.stops,
                    self.share(ever[-1:].sum(axis=1))[0],
                    self.share(flags.sum(axis=1)),
                    self.share(first),
                    mean_of(periods),
                    cost,
                )
            )
        return tuple(rows)

    def totals(self, prefix: str) -> dict[str, Sampled]:
        """Totals over all years whose names begin so; a chunk without one has none of it."""
        names = {name for chunk in self.chunks for name in chunk.totals if name.startswith(prefix)}
        order = {f"party:{party}": at for at, party in enumerate((*parties(self.plan), LENDER))}
        found = {}
        for name in sorted(names, key=lambda n: (order.get(n, 99), n)):
            values = [chunk.totals.get(name, np.zeros(chunk.paths)) for chunk in self.chunks]
            found[name.removeprefix(prefix)] = mean_of(np.concatenate(values))
        return found

    def split(self, per: str) -> tuple[Part, ...]:
        """Expected payments over all years by lender, district or tier."""
        assert per in SPLITS
        sums = np.sum([chunk.split[per] for chunk in self.chunks], axis=0) / self.paths
        names = {
            "lender": self.plan.lenders,
            "district": self.plan.districts,
            "tier": (*self.plan.tiers, ""),
        }[per]
        rows = []
        for at, name in enumerate(names):
            gross, gross2, net, net2 = sums[:, at]
            if name == "" and gross == 0:
                continue
            rows.append(Part(name, self._sampled(gross, gross2), self._sampled(net, net2)))
        return tuple(rows)

    def _sampled(self, mean: float, square: float) -> Sampled:
        spread = max(float(square) - float(mean) ** 2, 0.0)
        return Sampled(float(mean), float(np.sqrt(spread / self.paths)))


def _dry_order(key: tuple[str, str]) -> tuple[int, str]:
    return ("committed", "paid-in", "cash").index(key[0]), key[1]
