"""Shipped editions of §5–§8 beside their independent oracles, on firms placed on the thresholds.

Run ``python -m oracles.schemes`` in ``tests/`` for 20,000 firms a scheme, ``--all`` for 100,000.
An oracle speaks of a few things under other names than the policy; the tables below translate.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.fields import EPOCH, FIELDS, NONE
from ipcredit.firms import Firms
from ipcredit.policy import Policy, edition_files

from . import (
    cn_high_tech,
    cn_high_tech_firms,
    cn_innovative_sme,
    cn_innovative_sme_firms,
    cn_little_giant_2026,
    cn_little_giant_2026_firms,
    cn_specialised_sme_2022,
    cn_specialised_sme_2022_firms,
    cn_specialised_sme_2026,
    cn_specialised_sme_2026_firms,
    kibo_limits,
    kibo_limits_firms,
)
from .grounds import raw_of
from .scheme_loading import ON

FEW, ALL = 20_000, 100_000
LAST_DAY_2022 = date(2026, 3, 31)
Said = Mapping[str, Any]
RENAMED = {
    "points_net_assets_growth": "points_growth_assets",
    "points_sales_growth": "points_growth_sales",
    "points_rd_incentives": "points_incentives",
    "points_rd_training": "points_training",
}
Path = tuple[str, ...]  # where a value stands in what the oracle says


@dataclass(frozen=True)
class Scheme:
    """One edition, its oracle, and which value of the engine is which value of the oracle.

    ``gates``: the engine's gates that together are one of the oracle's (met or waived);
    ``marks``: gates that are met by themselves, whatever waives them; ``bands``: indicators
    whose points the oracle names.
    """

    edition: str
    draw: Callable[..., list[dict]]
    judge: Callable[[Mapping[str, Any], date], dict]
    on: date = ON
    points: Mapping[str, Path] = field(default_factory=dict)
    bands: Mapping[str, Path] = field(default_factory=dict)
    gates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    marks: Mapping[str, Path] = field(default_factory=dict)
    confirms: Mapping[str, str] = field(default_factory=dict)
    decoy: bool = True  # a total revenue other than sales, which the policy must not read


def _named(kind: str, *names: str) -> dict[str, Path]:
    return {name: (kind, name.rpartition(".")[2].replace("-", "_")) for name in names}


SCHEMES = {
    "cn_high_tech": Scheme(
        "cn-high-tech@2016",
        cn_high_tech_firms.firms,
        cn_high_tech.judge,
        points=_named("points", "ip", "conversion", "organisation", "growth", "total"),
        gates={
            "age": ["age"],
            "core_ip": ["core-ip"],
            "field": ["field"],
            "staff": ["staff"],
            "rd_intensity": ["rd-intensity"],
            "domestic": ["domestic"],
            "revenue": ["high-tech-revenue"],
            "conduct": ["no-major-accident", "no-environmental-breach", "no-violation"],
            "score": ["enough-points"],
        },
        decoy=False,
    ),
    "cn_innovative_sme": Scheme(
        "cn-innovative-sme@2022",
        cn_innovative_sme_firms.firms,
        cn_innovative_sme.judge,
        on=LAST_DAY_2022,
        points={
            **_named("points", "ip", "rd"),
            **_named("dimensions", "innovation", "growth", "specialisation"),
            "total": ("total",),
        },
        bands={
            "growth.main-revenue": ("points", "main_growth"),
            **_named("points", "growth.debt", "specialisation.field", "specialisation.main-share"),
        },
        marks=_named("minima", "innovation", "growth", "specialisation"),
        confirms={n: n.replace("-", "_") for n in ("award", "title", "rd-institution", "equity")},
    ),
    "cn_specialised_sme_2022": Scheme(
        "cn-specialised-sme@2022",
        cn_specialised_sme_2022_firms.firms,
        cn_specialised_sme_2022.judge,
        on=LAST_DAY_2022,
        points={
            **_named("points", "digital", "quality", "margin", "debt", "ip", "rd", "rd-staff"),
            **_named("points", "rd-institution"),
            **_named("dimensions", "specialisation", "refinement", "province", "innovation"),
            "total": ("total",),
        },
        bands={
            "specialisation.years": ("points", "niche_years"),
            **_named("points", "specialisation.main-share", "specialisation.main-growth"),
            **_named("points", "specialisation.field"),
        },
        gates={
            "niche": ["years-in-niche"],
            "rd": ["rd-amount", "rd-share"],
            "revenue": ["revenue"],
            "score_or_alternative": ["enough-points"],
        },
        confirms={n: n.replace("-", "_") for n in ("award", "rd", "equity", "maker-china")},
    ),
    "cn_specialised_sme_2026": Scheme(
        "cn-specialised-sme@2026",
        cn_specialised_sme_2026_firms.firms,
        cn_specialised_sme_2026.judge,
        gates={
            "title": ["prior-title"],
            "niche": ["years-in-niche"],
            "revenue": ["revenue"],
            "main_share": ["main-share"],
            "debt": ["debt"],
            "rd": ["rd-amount", "rd-share"],
            "class1": ["own-rights"],
            "market": ["market"],
            "quality": ["platform-score"],
        },
    ),
    "cn_little_giant_2026": Scheme(
        "cn-little-giant@2026",
        cn_little_giant_2026_firms.firms,
        cn_little_giant_2026.judge,
        gates={
            "title": ["prior-title"],
            "niche": ["years-in-niche"],
            "revenue": ["revenue", "growth"],
            "main_share": ["main-share"],
            "debt": ["debt"],
            "rd": ["rd-amount", "rd-share"],
            "class1": ["own-rights"],
            "market": ["market"],
            "chain": ["chain"],
            "quality": ["platform-score"],
        },
    ),
}


# -- firms ----------------------------------------------------------------------------------------


def drawn(scheme: Scheme, count: int, seed: int) -> list[dict]:
    """Firms of the oracle's generator, total revenue made another number than sales."""
    firms = scheme.draw(count, seed, scheme.on)
    for firm in firms if scheme.decoy else ():
        for name in [n for n in firm if n.startswith("total_revenue")]:
            if firm[name] != "none":
                firm[name] += firm[name] // 3 + 1
    return firms


def columns(firms: Sequence[Mapping[str, Any]], currency: str = "CNY") -> Firms:
    """The oracle's firms under the engine's names."""
    found = {}
    for name in firms[0]:
        spec = FIELDS[RENAMED.get(name, name)]
        values = [_cell(firm[name], choice=spec.kind == "choice") for firm in firms]
        whole = set(map(type, values)) == {int} and spec.kind not in ("share", "decimal")
        key = f"{spec.name}_fen" if spec.kind == "money" else spec.name
        found[key] = np.array(values, np.int64) if whole else values
    return Firms.from_columns(found, currency=currency)


def _cell(value: Any, *, choice: bool) -> Any:
    if isinstance(value, date):
        return value.toordinal() - EPOCH
    if isinstance(value, Decimal):
        return str(value)
    return NONE if value == "none" and not choice else value


# -- what the two say -----------------------------------------------------------------------------


def both(scheme: Scheme, result: Assessment) -> Iterator[tuple[str, list, Callable[[Said], Any]]]:
    """Each value both sides give: its name, the engine's column, and the oracle's word."""
    codes = result.codes
    for name, path in scheme.points.items():
        exact = codes["points", name] / result.plan.scales[name]
        yield f"points {name}", exact.tolist(), _at(path)
    tables = {
        f"{item.name}.{table.name}": table
        for item in result.policy.rules.dimensions
        for table in item.indicators
    }
    for name, path in scheme.bands.items():
        worth = [float(band.points[0]) for band in tables[name].bands]
        column = [0.0 if code < 0 else worth[code] for code in codes["band", name].tolist()]
        yield f"band {name}", column, _at(path)
    for name, gates in scheme.gates.items():
        met = np.logical_and.reduce([codes["gate", gate] > 0 for gate in gates])
        yield f"gate {name}", met.tolist(), _at(("gates", name))
    for name, path in scheme.marks.items():
        yield f"mark {name}", (codes["gate", f"enough-{name}"] == 1).tolist(), _at(path)
    for name, word in scheme.confirms.items():
        yield f"ground {name}", (codes["confirm", name] == 1).tolist(), _at(("alternatives", word))


def _at(path: Path) -> Callable[[Said], Any]:
    return lambda said: said[path[0]] if len(path) == 1 else said[path[0]][path[1]]


Difference = tuple[str, Any, Any, dict]  # which value, the engine's, the oracle's, the firm


@dataclass
class Verdict:
    """What came out: how many firms and values were compared, where they differ, statuses met."""

    firms: int
    values: int
    differing: list[Difference]
    statuses: dict[str, int]


def compared(name: str, count: int, seed: int = 11, policy: Policy | None = None) -> Verdict:
    """One scheme on ``count`` firms (``policy``: another one than the shipped edition)."""
    scheme = SCHEMES[name]
    firms = drawn(scheme, count, seed)
    batch = columns(firms)
    result = assess(policy or Policy.load(scheme.edition), batch, on=scheme.on)
    told = [scheme.judge(firm, scheme.on) for firm in firms]
    status = [result.status_of(row) for row in range(count)]
    # Points outside their band: the engine says "invalid" and nothing more, the oracle refuses.
    wanted = [said["status"] if said.get("valid", True) else "invalid" for said in told]
    found: list[Difference] = [
        ("status", got, want, firm)
        for got, want, firm in zip(status, wanted, firms, strict=True)
        if got != want
    ]
    valid = [row for row, word in enumerate(wanted) if word != "invalid"]
    values = count
    for what, column, word in both(scheme, result):
        values += len(valid)
        found += [
            (what, column[row], word(told[row]), firms[row])
            for row in valid
            if column[row] != word(told[row])
        ]
    return Verdict(count, values, found, {w: status.count(w) for w in sorted(set(status))})


# -- KIBO -----------------------------------------------------------------------------------------


def kibo_matrix() -> dict[tuple[str, str], str]:
    """The rating matrix as the policy file has it: it is not public, so the oracle is given it."""
    raw = raw_of(edition_files("kibo")["undated"])
    rows = {
        k: v for k, v in raw["tiers"]["matrix"].items() if isinstance(v, dict) and k != "assumed"
    }
    return {(grade, risk): tier for grade, row in rows.items() for risk, tier in row.items()}


def compared_kibo(count: int, seed: int = 11, policy: Policy | None = None) -> Verdict:
    """The Korean line on ``count`` firms; the rule has 500 different ones."""
    firms = kibo_limits_firms.firms(count, seed)
    result = assess(policy or Policy.load("kibo@undated"), columns(firms, "KRW"), on=ON)
    matrix = kibo_matrix()
    labels = result.policy.rules.tiers.labels  # type: ignore[union-attr]
    tiers = [labels[code] for code in result.codes["tier", ""].tolist()]
    found: list[Difference] = []
    status = [result.status_of(row) for row in range(count)]
    for row, firm in enumerate(firms):
        said = kibo_limits.judge(firm, ON, matrix)
        line = result.line_of("total", row) or 0  # no line is null in the engine
        for what, got in (("status", status[row]), ("tier", tiers[row]), ("line", line)):
            if got != said[what]:
                found.append((what, got, said[what], firm))
    return Verdict(count, 3 * count, found, {w: status.count(w) for w in sorted(set(status))})


def main(options: Sequence[str]) -> None:
    count = ALL if "--all" in options else FEW
    named = [word for word in options if not word.startswith("--")]
    for name in (*SCHEMES, "kibo_limits"):
        if named and name not in named:
            continue
        start = time.perf_counter()
        verdict = compared_kibo(count) if name == "kibo_limits" else compared(name, count)
        seconds = time.perf_counter() - start
        sys.stdout.write(
            f"{name}: {verdict.firms} firms, {verdict.values} values, "
            f"{len(verdict.differing)} differ, {verdict.statuses}, {seconds:.1f} s\n"
        )
        by_kind: dict[str, list[Difference]] = {}
        for one in verdict.differing:
            by_kind.setdefault(one[0], []).append(one)
        for what, some in by_kind.items():
            sys.stdout.write(f"    {what}: {len(some)}, as {some[0][1]} != {some[0][2]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
