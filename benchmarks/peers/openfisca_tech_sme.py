"""The whole policy cn-tech-sme as an OpenFisca-Core tax-benefit system.

Entity: a firm (OpenFisca's "person" entity).  Accounts and staff are YEAR variables read for
the last full year, states and decisions are DAY variables, dated events are ETERNITY
variables; every threshold is a parameter.  Money is in yuan, ``value_type = float``, as in
every published country package: OpenFisca stores that as float32.  Its only other number is
``int``, stored as int32, which ends at 21.47 million yuan in fen.

OpenFisca-Core 46.0.1 offers no option for double precision.  ``precision="double"`` below sets
``Variable.dtype`` to float64 after loading: this works, and is no documented interface.

Bands come in two formulations, both ordinary OpenFisca:

* ``"scale"``: a parameter scale of type ``single_amount`` and its ``calc`` method;
* ``"comparisons"``: a sum of comparisons with the thresholds of that scale, faster, and right
  on a ratio exactly on a threshold, where ``calc`` compares a float32 with a float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.model_api import DAY, ETERNITY, YEAR, Variable, date
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

SINCE = "2017-05-03"
# Accounts and staff of the last full fiscal year; the rest is the state on the day.
OF_THE_YEAR = frozenset(
    {"sales", "total_cost", "total_assets", "rd_expense", "staff_total", "sci_tech_staff"}
)
EVENTS = frozenset({"high_tech_until", "national_award_on", "standard_led_on"})
MONEY = frozenset({"sales", "total_cost", "total_assets", "rd_expense"})
FLAGS = frozenset(
    {
        "resident_enterprise",
        "restricted_industry",
        "has_high_tech_certificate",
        "major_accident",
        "environmental_breach",
        "integrity_breach",
        "abnormal_list",
        "dishonest_list",
    }
)
INPUTS = tuple(
    sorted(
        OF_THE_YEAR
        | EVENTS
        | FLAGS
        | {"class1_related", "class2_related", "national_award_rank", "rd_institution"}
    )
)

Firm = Entity("firm", "firms", "A firm", "An enterprise that asks to be evaluated.")


# --- parameters -----------------------------------------------------------------------------


def _value(value: float) -> dict[str, Any]:
    return {"values": {SINCE: {"value": value}}}


def _points(*bands: tuple[float, int]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"threshold": {SINCE: {"value": 0}}, "amount": {SINCE: {"value": 0}}}
    ]
    rows += [
        {"threshold": {SINCE: {"value": at}}, "amount": {SINCE: {"value": points}}}
        for at, points in bands
    ]
    return {"brackets": rows, "metadata": {"type": "single_amount"}}


PARAMETERS = {
    "gates": {
        "max_staff": _value(500),
        "max_sales": _value(200_000_000),
        "max_assets": _value(200_000_000),
    },
    "score": {
        "staff": _points((0.10, 4), (0.15, 8), (0.20, 12), (0.25, 16), (0.30, 20)),
        "rd_to_sales": _points((0.02, 10), (0.03, 20), (0.04, 30), (0.05, 40), (0.06, 50)),
        "rd_to_cost": _points((0.10, 10), (0.15, 20), (0.20, 30), (0.25, 40), (0.30, 50)),
        "class_1": _points((1, 30)),
        "class_2": _points((1, 6), (2, 12), (3, 18), (4, 24)),
        "pass_mark": _value(60),
    },
    "confirmation": {"award_rank": _value(3), "years": _value(5)},
}


# --- inputs ---------------------------------------------------------------------------------


class RdInstitution(Enum):
    none = "None"
    enterprise = "Enterprise level"
    city = "City level"
    provincial = "Provincial or ministerial level"
    national = "National level"


def _input(name: str) -> type[Variable]:
    """An input variable; its default is what OpenFisca takes where nothing is given."""
    period = YEAR if name in OF_THE_YEAR else ETERNITY if name in EVENTS else DAY
    attributes: dict[str, Any] = {
        "entity": Firm,
        "definition_period": period,
        "label": name.replace("_", " "),
    }
    if name in MONEY:
        attributes |= {"value_type": float, "unit": "currency-CNY"}
    elif name in EVENTS:
        attributes |= {"value_type": date}
    elif name in FLAGS:
        attributes |= {"value_type": bool}
    elif name == "rd_institution":
        attributes |= {
            "value_type": Enum,
            "possible_values": RdInstitution,
            "default_value": RdInstitution.none,
        }
    else:
        attributes |= {"value_type": int}
    return type(name, (Variable,), attributes)


# --- formulas -------------------------------------------------------------------------------


def _ratio(part: Any, whole: Any) -> Any:
    return np.divide(
        part,
        whole,
        out=np.zeros(len(whole), np.result_type(part, whole, np.float32)),
        where=whole > 0,
    )


def _by_scale(value: Any, scale: Any) -> Any:
    return scale.calc(value)


def _by_comparisons(value: Any, scale: Any) -> Any:
    points = np.zeros(len(value), dtype=np.int32)
    below = 0
    for threshold, amount in zip(scale.thresholds[1:], scale.amounts[1:], strict=True):
        points += (value >= threshold) * np.int32(amount - below)
        below = amount
    return points


class staff_ratio(Variable):
    value_type = float
    entity = Firm
    definition_period = YEAR
    label = "Share of science and technology staff in all staff"

    def formula(firm, period):
        return _ratio(firm("sci_tech_staff", period), firm("staff_total", period))


class rd_to_sales(Variable):
    value_type = float
    entity = Firm
    definition_period = YEAR
    label = "R&D expense over sales"

    def formula(firm, period):
        return _ratio(firm("rd_expense", period), firm("sales", period))


class rd_to_cost(Variable):
    value_type = float
    entity = Firm
    definition_period = YEAR
    label = "R&D expense over total cost and expense"

    def formula(firm, period):
        return _ratio(firm("rd_expense", period), firm("total_cost", period))


def _scored(points: Any) -> tuple[type[Variable], ...]:
    """The three scored indicators, their bands read by ``points(value, scale)``."""

    class staff_points(Variable):
        value_type = int
        entity = Firm
        definition_period = DAY
        label = "Points for science and technology staff, of 20"

        def formula(firm, period, parameters):
            ratio = firm("staff_ratio", period.last_year)
            return points(ratio, parameters(period).score.staff)

    class rd_points(Variable):
        value_type = int
        entity = Firm
        definition_period = DAY
        label = "Points for R&D, of 50: the better of the two options"

        def formula(firm, period, parameters):
            score = parameters(period).score
            return np.maximum(
                points(firm("rd_to_sales", period.last_year), score.rd_to_sales),
                points(firm("rd_to_cost", period.last_year), score.rd_to_cost),
            )

    class ip_points(Variable):
        value_type = int
        entity = Firm
        definition_period = DAY
        label = "Points for intellectual property of the main product, of 30"

        def formula(firm, period, parameters):
            score = parameters(period).score
            return np.maximum(
                points(firm("class1_related", period), score.class_1),
                points(firm("class2_related", period), score.class_2),
            )

    return staff_points, rd_points, ip_points


class total(Variable):
    value_type = int
    entity = Firm
    definition_period = DAY
    label = "Total points, of 100"

    def formula(firm, period):
        return firm("staff_points", period) + firm("rd_points", period) + firm("ip_points", period)


class common_conditions(Variable):
    value_type = bool
    entity = Firm
    definition_period = DAY
    label = "All common conditions are met"

    def formula(firm, period, parameters):
        gates = parameters(period).gates
        year = period.last_year
        return (
            firm("resident_enterprise", period)
            & (firm("staff_total", year) <= gates.max_staff)
            & (firm("sales", year) <= gates.max_sales)
            & (firm("total_assets", year) <= gates.max_assets)
            & ~firm("restricted_industry", period)
            & ~firm("major_accident", period)
            & ~firm("environmental_breach", period)
            & ~firm("integrity_breach", period)
            & ~firm("abnormal_list", period)
            & ~firm("dishonest_list", period)
        )


class direct_confirmation(Variable):
    value_type = bool
    entity = Firm
    definition_period = DAY
    label = "One of the four grounds of direct confirmation is given"

    def formula(firm, period, parameters):
        confirmation = parameters(period).confirmation
        today = np.datetime64(period.start.date)
        since = np.datetime64(period.start.offset(-confirmation.years, "year").date)
        certificate = firm("has_high_tech_certificate", period) & (
            firm("high_tech_until", period) >= today
        )
        rank = firm("national_award_rank", period)
        award = (
            (rank >= 1)
            & (rank <= confirmation.award_rank)
            & (firm("national_award_on", period) >= since)
        )
        level = firm("rd_institution", period)
        institution = (level == RdInstitution.provincial) | (level == RdInstitution.national)
        standard = firm("standard_led_on", period) >= since
        return certificate | award | institution | standard


class eligible(Variable):
    value_type = bool
    entity = Firm
    definition_period = DAY
    label = "A technology-based small or medium enterprise"

    def formula(firm, period, parameters):
        by_score = (firm("total", period) >= parameters(period).score.pass_mark) & (
            firm("staff_points", period) > 0
        )
        return firm("common_conditions", period) & (firm("direct_confirmation", period) | by_score)


# --- the system and its two entry points ----------------------------------------------------


def system(formulation: str = "comparisons", precision: str = "single") -> TaxBenefitSystem:
    """The policy as a tax-benefit system; build it once, as one does with OpenFisca."""
    tbs = TaxBenefitSystem([Firm])
    tbs.parameters = ParameterNode("", data=PARAMETERS)
    points = {"comparisons": _by_comparisons, "scale": _by_scale}[formulation]
    tbs.add_variables(
        *(_input(name) for name in INPUTS),
        staff_ratio,
        rd_to_sales,
        rd_to_cost,
        *_scored(points),
        total,
        common_conditions,
        direct_confirmation,
        eligible,
    )
    if precision == "double":
        for variable in tbs.variables.values():
            if variable.value_type is float:
                variable.dtype = np.float64
    return tbs


def period_of(name: str, on: str) -> str:
    """The period an input is given for: last full year, for ever, or the day itself."""
    if name in OF_THE_YEAR:
        return str(int(on[:4]) - 1)
    return "ETERNITY" if name in EVENTS else on


def prepare(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """ipcredit columns as an OpenFisca user would hold them; not part of what is timed.

    Yuan as float64, flags as bool, dates as datetime64[D]; "none" becomes OpenFisca's default.
    """
    ready: dict[str, np.ndarray] = {}
    for name in INPUTS:
        column = columns[name]
        none = column <= np.iinfo(column.dtype).min + 1
        known = np.where(none, 0, column)
        if name in MONEY:
            ready[name] = known / 100
        elif name in EVENTS:
            ready[name] = known.astype("datetime64[D]")
        elif name in FLAGS:
            ready[name] = known.astype(bool)
        else:
            ready[name] = known
    return ready


def build(tbs: TaxBenefitSystem, ready: Mapping[str, np.ndarray], on: str) -> Simulation:
    """A simulation of many firms from arrays (``SimulationBuilder`` and ``set_input``)."""
    count = len(ready["sales"])
    simulation = SimulationBuilder.build_default_simulation(tbs, count=count)
    for name, array in ready.items():
        simulation.set_input(name, period_of(name, on), array)
    return simulation


def calculate(simulation: Simulation, on: str) -> tuple[np.ndarray, np.ndarray]:
    """Total points (int32) and eligibility (bool)."""
    return simulation.calculate("total", on), simulation.calculate("eligible", on)


def situation(firm: Mapping[str, Any], on: str) -> dict[str, Any]:
    """One firm, values as JSON has them, as the situation OpenFisca's own API reads."""
    values = {name: {period_of(name, on): value} for name, value in firm.items()}
    return {"firms": {"firm": values}}


def one(tbs: TaxBenefitSystem, firm_situation: dict[str, Any], on: str) -> tuple[int, bool]:
    """Build one firm from its situation and calculate it."""
    simulation = SimulationBuilder().build_from_entities(tbs, firm_situation)
    points, passed = calculate(simulation, on)
    return int(points[0]), bool(passed[0])
