"""What the calibrated Chongqing policy gives on the reference population: the figures of decision 0004.

    python benchmarks/calibration.py                 # the tables of decision 0004 (20 s)
    python benchmarks/calibration.py --n 20000 --seed 11 --short

Prints tables, asserts nothing; tests/test_calibration.py holds the fit and that decision 0004
quotes these tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from ipcredit.assess import Assessment, assess
from ipcredit.fields import FIELDS
from ipcredit.firms import Firms
from ipcredit.plan import plan_of
from ipcredit.policy import Policy
from ipcredit.population import Spec, population, read_spec

POLICY = "chongqing-knowledge@2023"
N, SEED = 100_000, 7
ON = dt.date(2025, 6, 30)
WAN = 1_000_000  # fen in 万元

# Assumed: between what one district disbursed of what was applied for (166 / 265 = 0.63,
# 2020-05) and all of the line; the published averages fix only the product of rate and mean line.
DRAW_RATE = 0.75
TARGET = (165.0, 175.0)  # 万元 a loan; published 166 (2023-06 to 2025-09), 172.5 (to 2025-09)
RATIO = 163.45 / 236.46  # commercial to knowledge loans led along, 2025-09


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error from sampling firms."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.1f} ± {self.error:.1f}"


def mean(values: np.ndarray, times: float = 1.0) -> Mean:
    return Mean(
        float(values.mean() * times), float(values.std(ddof=1) / len(values) ** 0.5 * times)
    )


@dataclass(frozen=True)
class Figures:
    """What a policy gives on a population; amounts in 万元 per eligible firm."""

    n: int
    eligible: Mean
    tiers: dict[str, float]
    graded: dict[str, float]
    line: Mean
    drawn: Mean
    loan: Mean  # drawn by those with a line left
    base: Mean
    ratio: Mean
    no_method: float  # share of the base lines' sum where the working-capital method does not apply


def judged(policy: Policy, firms: Firms) -> Assessment:
    return assess(policy, firms, on=ON)


def figures(policy: Policy, firms: Firms, draw_rate: float = DRAW_RATE) -> Figures:
    """The figures of one policy on one population."""
    result = judged(policy, firms)
    eligible = result.status == 0
    line, base = result.part("knowledge")[eligible] / WAN, result.part("base")[eligible] / WAN
    labels = policy.rules.tiers.labels
    share = {}
    for kind in ("", "graded"):
        codes = result.codes["tier", kind][eligible]
        share[kind] = {label: float((codes == at).mean()) for at, label in enumerate(labels)}
    ratio = base.mean() / line.mean()
    spread = (base - ratio * line).std(ddof=1) / len(line) ** 0.5 / line.mean()
    silent = ~np.isin(result.codes["method-code", "base.working-capital"][eligible], (0, 4, 5, 6))
    return Figures(
        len(firms),
        mean(eligible.astype(float), 100),
        share[""],
        share["graded"],
        mean(line),
        mean(line, draw_rate),
        mean(line[line > 0], draw_rate),
        mean(base),
        Mean(float(ratio), float(spread)),
        float(base[silent].sum() / base.sum()),
    )


# -- raising what is favourable ------------------------------------------------------------------


def raised(firms: Firms, name: str, by: int) -> Firms:
    """The same firms with one field higher, as far as its bounds and its whole allow."""
    field = FIELDS[name]
    column = firms.column(name) + np.int64(by)
    if field.hi is not None:
        column = np.minimum(column, field.hi)
    if field.part_of is not None:
        column = np.minimum(column, firms.column(field.part_of))
    return Firms(firms.n, {**firms.columns, name: column}, firms.texts, firms.currency)


STEPS = {"money": (1, 100 * WAN), "count": (1, 7)}


def fallen(policy: Policy, firms: Firms) -> Iterator[tuple[str, int, int, int]]:
    """For every favourable field and step: rows that rose, and rows in which anything fell."""
    before = _standing(judged(policy, firms))
    for name in policy.rules.favourable:
        for by in STEPS[FIELDS[name].kind]:
            after = _standing(judged(policy, raised(firms, name, by)))
            fell = np.any([b > a for b, a in zip(before, after, strict=True)], axis=0)
            rose = np.any([b < a for b, a in zip(before, after, strict=True)], axis=0)
            yield name, by, int(rose.sum()), int(fell.sum())


def _standing(result: Assessment) -> list[np.ndarray]:
    """Columns of which higher is better: eligible or not, tier, every part and their sum."""
    found = [(result.status == 0).astype(np.int64)]
    if ("tier", "") in result.codes:
        tier = result.codes["tier", ""].astype(np.int64)
        found.append(np.where((result.status == 0) & (tier >= 0), -tier, -99))
    return [*found, *(result.part(name) for name in (*result.parts, "total") if result.parts)]


# -- tables -------------------------------------------------------------------------------------------


def fit_table(policy: Policy, n: int, seeds: tuple[int, ...]) -> list[str]:
    rows = [
        "| seed | eligible, % | mean line | mean drawn | mean loan | mean base line | base : line |"
    ]
    rows.append("|---|---|---|---|---|---|---|")
    for seed in seeds:
        f = figures(policy, population(n, seed))
        rows.append(
            f"| {seed} | {f.eligible} | {f.line} | **{f.drawn}** | {f.loan} | {f.base} | "
            f"{f.ratio.value:.3f} ± {f.ratio.error:.3f} |"
        )
    return rows


def tier_table(policy: Policy, firms: Firms) -> list[str]:
    f = figures(policy, firms)
    rows = ["| tier | A | B | C | D | E |", "|---|---|---|---|---|---|"]
    for word, shares in (("as graded, %", f.graded), ("after raising, %", f.tiers)):
        rows.append(f"| {word} | " + " | ".join(f"{100 * x:.1f}" for x in shares.values()) + " |")
    return rows


def cuts_of(policy: Policy) -> dict[str, int]:
    """The tier cut-offs in points."""
    return {band.label: int(band.cut.at) for band in policy.rules.tiers.indicator.bands}


def with_cuts(policy: Policy, cuts: dict[str, int]) -> Policy:
    """The policy with other cut-offs, changed in an order that keeps every step valid."""
    now = cuts_of(policy)
    up = [label for label in cuts if cuts[label] > now[label]]
    down = [label for label in reversed(cuts) if cuts[label] < now[label]]
    for label in (*up, *down):
        policy = policy.change(f"tiers.{label}.at_least", cuts[label])
    return policy


def moved(policy: Policy, by: int, labels: str = "ABCDE") -> Policy:
    """The policy with some cut-offs ``by`` points higher."""
    return with_cuts(policy, {k: v + by * (k in labels) for k, v in cuts_of(policy).items()})


LADDERS = (
    # even ladders in fives, steps of 10, 15 and 20; then uneven ones that fit
    (75, 65, 55, 45, 35), (85, 75, 65, 55, 45), (90, 80, 70, 60, 50), (95, 85, 75, 65, 55),
    (80, 65, 50, 35, 20), (85, 70, 55, 40, 25), (90, 75, 60, 45, 30),
    (90, 70, 50, 30, 10), (95, 75, 55, 35, 15), (100, 80, 60, 40, 20),
    (90, 80, 50, 40, 25), (80, 75, 60, 40, 30), (75, 65, 60, 35, 20), (90, 65, 60, 45, 30),
)  # fmt: skip


def ladder_table(policy: Policy, firms: Firms) -> list[str]:
    rows = ["| cut-offs A to E | eligible, % | A | B | C | D | E | mean drawn |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for ladder in LADDERS:
        f = figures(with_cuts(policy, dict(zip("ABCDE", ladder, strict=True))), firms)
        shares = " | ".join(f"{100 * share:.0f}" for share in f.tiers.values())
        rows.append(
            f"| {' / '.join(map(str, ladder))} | {f.eligible.value:.1f} | {shares} | "
            f"{f.drawn.value:.1f} |"
        )
    return rows


def cut_table(policy: Policy, firms: Firms) -> list[str]:
    rows = ["| cut-offs | eligible, % | mean line | mean drawn |", "|---|---|---|---|"]
    cases = [("as they are", policy)]
    cases += [(f"all {by:+d}", moved(policy, by)) for by in (-5, 5)]
    cases += [(f"{label} {by:+d}", moved(policy, by, label)) for label in "ABCDE" for by in (-5, 5)]
    for word, changed in cases:
        f = figures(changed, firms)
        rows.append(
            f"| {word} | {f.eligible.value:.1f} | {f.line.value:.1f} | {f.drawn.value:.1f} |"
        )
    return rows


def rate_table(policy: Policy, firms: Firms) -> list[str]:
    rows = ["| draw rate | 0.65 | 0.70 | 0.75 | 0.80 | 0.85 |", "|---|---|---|---|---|---|"]
    drawn = [figures(policy, firms, rate).drawn.value for rate in (0.65, 0.70, 0.75, 0.80, 0.85)]
    return [*rows, "| mean drawn | " + " | ".join(f"{value:.1f}" for value in drawn) + " |"]


CHANGES = (
    ("ip.weight", "0.45", "rd.weight", "0.30"),
    ("ip.weight", "0.35", "rd.weight", "0.40"),
    ("operating.weight", "0.20", "ip.weight", "0.45"),
    ("operating.weight", "0.30", "ip.weight", "0.35"),
)


def weight_table(policy: Policy, firms: Firms) -> list[str]:
    rows = ["| weights | eligible, % | mean drawn |", "|---|---|---|"]
    for first, one, second, two in CHANGES:
        f = figures(policy.change(first, one).change(second, two), firms)
        rows.append(
            f"| {first} {one}, {second} {two} | {f.eligible.value:.1f} | {f.drawn.value:.1f} |"
        )
    return rows


def respread(spec: Spec, name: str, key: str, value: float) -> Spec:
    """The population file with one parameter of one quantity replaced."""
    marginal = spec.marginals[name]
    given = MappingProxyType({**marginal.given, key: value})
    return replace(
        spec,
        marginals=MappingProxyType({**spec.marginals, name: replace(marginal, given=given)}),
    )


SPREADS = (
    ("sales", "median", 0.8), ("sales", "median", 1.25),
    ("rd_intensity", "median", 0.8), ("rd_intensity", "median", 1.25),
    ("class1", "none", 0.9), ("class1", "none", 1.1),
    ("class2", "median", 0.8), ("class2", "median", 1.25),
    ("certificate", "share", 2.0), ("debt", "mean", 1.15), ("margin", "mean", 0.5),
)  # fmt: skip


def population_table(policy: Policy, n: int, seed: int) -> list[str]:
    rows = ["| population | eligible, % | mean drawn | base : line |", "|---|---|---|---|"]
    spec = read_spec()
    for name, key, times in SPREADS:
        firms = population(
            n, seed, respread(spec, name, key, spec.marginals[name].given[key] * times)
        )
        f = figures(policy, firms)
        rows.append(
            f"| {name} {key} × {times:g} | {f.eligible.value:.1f} | {f.drawn.value:.1f} | "
            f"{f.ratio.value:.3f} |"
        )
    return rows


def anchor_table(firms: Firms) -> list[str]:
    """What the population was not built on but can be held against."""
    column = firms.columns
    special = column["sme_title"] >= 3
    rights = column["class1_related"] + column["class2_related"]
    intensity = column["rd_expense"] / column["sales"]
    rows = [
        ("specialised SMEs and above, % of firms", special.mean() * 100, "11.7"),
        ("their mean R&D intensity, %", intensity[special].mean() * 100, "more than 5.2"),
        ("their mean number of rights", rights[special].mean(), "more than 20"),
        ("their mean years in the niche", column["years_in_niche"][special].mean(), "more than 10"),
        ("holders of the high-tech certificate, %", column["has_high_tech_certificate"].mean() * 100, "14.8"),
        ("firms with a loss, %", (column["net_profit"] < 0).mean() * 100, "28.0"),
    ]  # fmt: skip
    head = ["| reference population | synthetic | published |", "|---|---|---|"]
    return [*head, *(f"| {word} | {value:.1f} | {public} |" for word, value, public in rows)]


def monotone_table(policy: Policy, firms: Firms) -> list[str]:
    head = ["| raised field | by | firms that rise | firms that fall |", "|---|---|---|---|"]
    return [
        *head,
        *(
            f"| {name} | {by if FIELDS[name].kind != 'money' else f'{by:,} fen'} | {rose} | {fell} |"
            for name, by, rose, fell in fallen(policy, firms)
        ),
    ]


def tables(n: int, seed: int, *, short: bool = False) -> Iterator[tuple[str, list[str]]]:
    """All tables, each with its heading, as lines of Markdown."""
    policy = Policy.load(POLICY)
    firms = population(n, seed)
    yield "fit", fit_table(policy, n, (seed,) if short else (seed, 11, 2025))
    yield "tiers", tier_table(policy, firms)
    if short:
        return
    f = figures(policy, firms)
    share = f"{100 * f.no_method:.1f} %"
    yield "day sum", [f"{share} of all base lines go to firms where working capital does not apply"]
    yield "cut-offs", cut_table(policy, firms)
    yield "other ladders", ladder_table(policy, firms)
    yield "draw rate", rate_table(policy, firms)
    yield "weights", weight_table(policy, firms)
    yield "population", population_table(policy, n, seed)
    yield "anchors", anchor_table(firms)
    yield "favourable", monotone_table(policy, firms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=N)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--short", action="store_true", help="only the fit and the tiers")
    asked = parser.parse_args()
    policy = Policy.load(POLICY)
    print(f"policy {policy.id}@{policy.edition} {policy.fingerprint[:12]}, n = {asked.n:,}, 万元")
    print(f"fields read: {len(plan_of(policy).fields)}; draw rate {DRAW_RATE}; ratio {RATIO:.3f}")
    for heading, lines in tables(asked.n, asked.seed, short=asked.short):
        print(f"\n## {heading}\n", *lines, sep="\n")


if __name__ == "__main__":
    main()
