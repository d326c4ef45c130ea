"""What a scenario can say, as frozen data: every value may be absent, none is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, Final

from ipcredit.default_rates import Curve
from ipcredit.repayment import REPAYMENTS

FACTORS: Final = ("gaussian", "gamma")
GROUPS: Final = ("district", "lender", "class")
"""What firms may be grouped by, where each group has a factor of its own beside the common one."""
SEVERITIES: Final = ("fixed", "beta")
EXPOSURES: Final = ("start", "owed")
"""What is lost when a firm defaults: what it owed at the start, or what it owes by then."""
STEPS: Final = ("year", "quarter")
THEN: Final = ("hold", "back")
"""After the last year of a stress path: its last value holds, or things are back to normal."""


@dataclass(frozen=True, slots=True)
class Factor:
    """What firms have in common.

    ``gaussian``: asset ``correlation`` 0 to 1; ``gamma``: ``variance`` of a factor of mean 1.
    ``autocorrelation``: of the factor from one year to the next, -1 to 1.  ``by``: firms of one
    group of :data:`GROUPS` have the asset correlation ``within``, all others ``correlation``.
    """

    kind: str | None = None
    correlation: float | None = None
    variance: float | None = None
    autocorrelation: float | None = None
    by: str | None = None
    within: float | None = None


@dataclass(frozen=True, slots=True)
class Severity:
    """What comes back of defaulted principal: ``recovery`` is the mean share, ``sd`` its spread.

    ``slope``: how much more is lost for each standard deviation the factor falls.
    ``delay_months``: from default to recovery.
    """

    kind: str | None = None
    recovery: float | None = None
    sd: float | None = None
    slope: float | None = None
    delay_months: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """When the defaults of a vintage come.

    ``curve``: share of all its defaults by the end of each year of its life, rising to 1.  Or
    ``months`` with ``cumulative``: default rates observed by that age, of which the last is all.
    """

    curve: tuple[float, ...] = ()
    months: tuple[int, ...] = ()
    cumulative: tuple[float, ...] = ()
    exposure: str | None = None

    def by_year(self, years: int) -> tuple[float, ...]:
        """Share of all defaults by the end of each of so many years; linear between two ages.

        >>> Timing(months=(24, 120), cumulative=(0.015, 0.15)).by_year(2)
        (0.05, 0.1)
        """
        if self.curve:
            return tuple(self.curve[min(at, len(self.curve) - 1)] for at in range(years))
        ages = (0, *self.months)
        shares = (0.0, *(rate / self.cumulative[-1] for rate in self.cumulative))
        found = []
        for age in range(12, 12 * years + 1, 12):
            at = next((i for i, known in enumerate(ages) if known >= age), None)
            if at is None:
                found.append(1.0)
                continue
            part = (age - ages[at - 1]) / (ages[at] - ages[at - 1])
            found.append(shares[at - 1] + part * (shares[at] - shares[at - 1]))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far and in which steps the simulation looks."""

    years: int | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """The seed and the number of sampled paths."""

    seed: int | None = None
    paths: int | None = None


@dataclass(frozen=True, slots=True)
class Stress:
    """A bad time, year by year.

    ``pd``: multipliers of default probabilities; or ``rates`` over ``base``, as observed.
    ``factor``: the factor's value, standing still where it is given.  ``then``: see :data:`THEN`.
    """

    pd: tuple[float, ...] = ()
    rates: tuple[float, ...] = ()
    base: float | None = None
    factor: tuple[float, ...] = ()
    then: str | None = None

    def multipliers(self, years: int) -> tuple[float, ...]:
        """The multiplier of default probabilities in each of so many years.

        >>> Stress(rates=(0.03, 0.04), base=0.02, then="back").multipliers(3)
        (1.5, 2.0, 1.0)
        """
        found = self.pd or tuple(rate / (self.base or 1.0) for rate in self.rates)
        if not found:
            return (1.0,) * years
        after = found[-1] if self.then == "hold" else 1.0
        return tuple(found[at] if at < len(found) else after for at in range(years))


@dataclass(frozen=True, slots=True)
class BookTerms:
    """How firms that were scored become loans; see :meth:`Portfolio.from_assessments`.

    ``draw_rate`` by part of the line; ``lenders`` and ``districts`` with their shares.
    """

    draw_rate: Mapping[str, Fraction] = field(default_factory=dict)
    take_up: Fraction | None = None
    lenders: Mapping[str, Fraction] = field(default_factory=dict)
    districts: Mapping[str, Fraction] = field(default_factory=dict)
    term_months: int | None = None
    repayment: str | None = None


@dataclass(frozen=True, slots=True)
class Capital:
    """What the fund has, in minor units, in place of what its file says."""

    committed: int | None = None
    paid_in: int | None = None
    cash: int | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Where a fund, a lender or a district stands on the first day, in minor units.

    ``volume`` lent so far, ``year_volume`` lent this calendar year, ``balance`` owed at the end
    of the year before, ``claims`` eligible so far, ``paid`` by the fund, ``recovered`` of it.
    """

    volume: int | None = None
    year_volume: int | None = None
    balance: int | None = None
    claims: int | None = None
    paid: int | None = None
    recovered: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """The state on the first day: of the ``whole`` fund, of lenders, of districts."""

    whole: Amounts = field(default_factory=Amounts)
    lenders: Mapping[str, Amounts] = field(default_factory=dict)
    districts: Mapping[str, Amounts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lending:
    """What is lent in the years ahead: ``new`` by year in minor units (the last one goes on).

    ``rollover``: the share of what falls due that is lent again.
    """

    new: tuple[int, ...] = ()
    rollover: float | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a scenario says."""

    factor: Factor = field(default_factory=Factor)
    severity: Severity = field(default_factory=Severity)
    timing: Timing = field(default_factory=Timing)
    horizon: Horizon = field(default_factory=Horizon)
    simulation: Simulation = field(default_factory=Simulation)
    stress: Stress = field(default_factory=Stress)
    book: BookTerms = field(default_factory=BookTerms)
    pd: Curve | None = None
    capital: Capital = field(default_factory=Capital)
    opening: Opening = field(default_factory=Opening)
    lending: Lending = field(default_factory=Lending)

    def at(self, path: str) -> Any:
        """The value at a dotted path, ``None`` where it is absent.

        Raises:
            KeyError: a scenario has no such value.
        """
        if path == "pd" or path.startswith("pd."):
            return self.pd
        section, _, key = path.partition(".")
        if path not in KEYS:
            raise KeyError(path)
        holder = getattr(self, section)
        if section == "opening" and key in AMOUNTS:
            holder = self.opening.whole
        value = getattr(holder, key)
        return None if value == () or (isinstance(value, Mapping) and not value) else value


_AMOUNTS: Final = tuple(item.name for item in fields(Amounts))
KEYS: Final[dict[str, str]] = {
    "factor.kind": '"gaussian"',
    "factor.correlation": "0.09",
    "factor.variance": "0.5",
    "factor.autocorrelation": "0.3",
    "factor.by": '"district"',
    "factor.within": "0.2",
    "severity.kind": '"fixed"',
    "severity.recovery": "0.3",
    "severity.sd": "0.2",
    "severity.slope": "0.05",
    "severity.delay_months": "24",
    "timing.curve": "[0.2, 0.6, 1]",
    "timing.months": "[24, 36, 120]",
    "timing.cumulative": "[0.015, 0.039, 0.138]",
    "timing.exposure": '"start"',
    "horizon.years": "5",
    "horizon.step": '"year"',
    "simulation.seed": "7",
    "simulation.paths": "20000",
    "stress.pd": "[1.5, 2]",
    "stress.rates": "[0.0343, 0.0406]",
    "stress.base": "0.0187",
    "stress.factor": "[-2]",
    "stress.then": '"back"',
    "book.draw_rate": "{ knowledge = 0.8 }",
    "book.take_up": "0.4",
    "book.lenders": "{ A = 0.6, B = 0.4 }",
    "book.districts": '{ "渝中区" = 0.5, "北碚区" = 0.5 }',
    "book.term_months": "12",
    "book.repayment": f'"{REPAYMENTS[0]}"',
    "capital.committed": '"11 亿元"',
    "capital.paid_in": '"3 亿元"',
    "capital.cash": '"2 亿元"',
    **{f"opening.{name}": '"0 元"' for name in _AMOUNTS},
    "opening.lenders": '{ A = { volume = "5 亿元" } }',
    "opening.districts": '{ "渝中区" = { paid = "300 万元" } }',
    "lending.new": '"5 亿元"',
    "lending.rollover": "0.7",
}
"""Every value a scenario may hold but a curve under ``pd``, with an example as a file writes it."""
EXAMPLES: Final = {**KEYS, "pd": 'curve = "chongqing-assumed"'}
AMOUNTS: Final = _AMOUNTS
