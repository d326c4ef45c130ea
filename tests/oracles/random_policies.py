"""Random small policies that use every construct of the language, as raw TOML trees."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

Table = dict[str, Any]

MONEY = ("sales", "rd_expense", "total_cost", "net_profit", "total_assets", "total_debt")
COUNTS = ("staff_total", "sci_tech_staff", "class1_related", "class2_related", "years_in_niche")
NULLABLE = ("national_award_rank", "provincial_award_rank")
FLAGS = ("has_high_tech_certificate", "overdue_now", "filed_tech_firm")
CHOICES = {
    "sme_title": ("none", "tech", "innovative", "specialised", "little_giant"),
    "rd_institution": ("none", "enterprise", "city", "provincial", "national"),
}
DATES = ("registered_on", "high_tech_until", "national_award_on", "standard_led_on")
LABELS = "ABCDEF"
RISING, FALLING = ("at_least", "more_than"), ("at_most", "less_than")
COMPLEMENT = {
    "at_least": "less_than",
    "more_than": "at_most",
    "at_most": "more_than",
    "less_than": "at_least",
}


class Author:
    """Writes policies; every draw comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.dimensions: list[str] = []

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def decimal(self, low: int, high: int) -> Decimal:
        """A number with two decimals."""
        return Decimal(self.rng.randint(low, high)) / 100

    def yuan(self, low: int = 0, high: int = 2000) -> str:
        return f"{self.rng.randint(low, high)} 万元"

    # -- measures --------------------------------------------------------------------------------

    def measure(self, *, points: bool = False) -> tuple[Table, str]:
        """A measure and the unit its thresholds are written in."""
        kinds = ["money", "count", "flag", "choice", "sum", "ratio", "growth", "time", "share"]
        if points and self.dimensions:
            kinds += ["points"] * 4
        return getattr(self, "_" + self.rng.choice(kinds))()

    def _points(self) -> tuple[Table, str]:
        return {"input": f"{self.rng.choice([*self.dimensions, 'total'])}.points"}, "points"

    def _money(self) -> tuple[Table, str]:
        name = self.rng.choice(MONEY)
        return {"input": name}, "profit" if name == "net_profit" else "money"

    def _count(self) -> tuple[Table, str]:
        return {"input": self.rng.choice(COUNTS + NULLABLE)}, "count"

    def _share(self) -> tuple[Table, str]:
        return {"input": "market_share"}, "share"

    def _flag(self) -> tuple[Table, str]:
        return {"input": self.rng.choice(FLAGS)}, "flag"

    def _choice(self) -> tuple[Table, str]:
        name = self.rng.choice(list(CHOICES))
        return {"input": name}, name

    def term(self, names: tuple[str, ...], *, windows: bool) -> Any:
        items: list[Any] = []
        for name in self.rng.sample(names, self.rng.choice((1, 1, 2))):
            full = f"{name}.sum{self.rng.choice((2, 3))}" if windows and self.chance(0.3) else name
            items.append({"of": full, "times": self.decimal(5, 150)} if self.chance(0.2) else full)
        return items[0] if len(items) == 1 and isinstance(items[0], str) else items

    def _sum(self) -> tuple[Table, str]:
        if self.chance(0.5):
            return {"sum": self.term(MONEY[:3], windows=True)}, "money"
        return {"sum": self.term(COUNTS[1:4] + NULLABLE, windows=False)}, "count"

    def _ratio(self) -> tuple[Table, str]:
        table: Table = {"unit": self.rng.choice(("share", "decimal"))}
        if self.chance(0.6):
            names = ("rd_expense", "total_debt", "net_profit")
            top = self.term(names, windows=True)
            below = self.term(("sales", "total_cost", "total_assets"), windows=True)
        else:
            top = self.term(("sci_tech_staff", "class1_related", *NULLABLE), windows=False)
            below = "staff_total"
        table["ratio"] = [top, below]
        return table, table["unit"]

    def _growth(self) -> tuple[Table, str]:
        method = self.rng.choice(("year_on_year", "mean_of_ratios", "mean_of_two_rates", "cagr"))
        name = self.rng.choice(("sales", "total_assets"))
        return {"growth": name, "method": method, "unit": "share"}, "growth"

    def _time(self) -> tuple[Table, str]:
        unit = self.rng.choice(("days", "months", "years"))
        return {self.rng.choice(("since", "until")): self.rng.choice(DATES), "unit": unit}, unit

    def threshold(self, unit: str) -> Any:
        rng = self.rng
        if unit == "money":
            return self.yuan()
        if unit == "profit":
            return self.yuan(-100, 300)
        if unit == "count":
            return rng.randint(0, 12)
        if unit == "share":
            return self.decimal(0, 60)
        if unit == "decimal":
            return self.decimal(0, 300)
        if unit == "growth":
            return self.decimal(-30, 60)
        if unit == "points":
            return rng.choice((rng.randint(0, 60), self.decimal(0, 6000)))
        return rng.randint(0, {"days": 2000, "months": 70, "years": 7}[unit])

    def distinct(self, unit: str, count: int) -> list[Any]:
        """Ascending thresholds, all different."""
        found: dict[Any, Any] = {}
        for _ in range(count * 3):
            value = self.threshold(unit)
            key = int(value.split()[0]) if isinstance(value, str) else value
            found[key] = value
        return [found[key] for key in sorted(found)][:count]

    # -- conditions ------------------------------------------------------------------------------

    def condition(self, depth: int = 2, *, points: bool = True) -> Table:
        if depth and self.chance(0.25):
            parts = [
                self.condition(depth - 1, points=points) for _ in range(self.rng.choice((2, 3)))
            ]
            return {self.rng.choice(("all_of", "any_of")): parts}
        about, unit = self.measure(points=points)
        if unit == "flag" or unit in CHOICES:
            return {**about, **self.category(unit)}
        if depth and self.chance(0.2):
            cases: Table = {}
            for at in range(self.rng.choice((1, 2, 3))):
                when = {"when": self.condition(0, points=points)} if at or self.chance(0.9) else {}
                cases[f"c{at}"] = {self.word(): self.threshold(unit), **when}
            if self.chance(0.5):
                cases["rest"] = {self.word(): self.threshold(unit)}
            if "when" not in cases["c0"]:
                cases = {"c0": cases["c0"]}
            return {**about, "classes": cases}
        found = {**about, self.word(is_=unit == "count"): self.threshold(unit)}
        yearly = about.get("input") in MONEY or (
            "ratio" in about
            and str(about["ratio"])
            in (
                "['rd_expense', 'sales']",
                "['total_debt', 'total_assets']",
                "['net_profit', 'total_cost']",
            )
        )
        if yearly and self.chance(0.4):
            found["in_each_of"] = self.rng.choice((2, 3))
        return found

    def word(self, *, is_: bool = False) -> str:
        words = (*RISING, *FALLING, "is") if is_ else (*RISING, *FALLING)
        return self.rng.choice(words)

    def category(self, unit: str) -> Table:
        if unit == "flag":
            return {"is": self.chance(0.5)}
        choices = CHOICES[unit]
        if self.chance(0.5):
            return {"is": self.rng.choice(choices)}
        return {"one_of": self.rng.sample(choices, self.rng.choice((1, 2, 3)))}

    # -- dimensions ------------------------------------------------------------------------------

    def points(self, count: int) -> list[Any]:
        """Falling points for so many bands."""
        top = self.rng.choice((10, 20, 50))
        found = sorted({self.rng.randint(0, top * 2) for _ in range(count * 4)}, reverse=True)
        half = Decimal(2) if self.chance(0.3) else Decimal(1)
        return [Decimal(value) / half for value in found[:count]]

    def indicator(self, expert: str = "") -> Table:
        about, unit = self.measure()
        table: Table = {**about}
        if "ratio" in about and self.chance(0.4):
            table["zero_denominator"] = self.rng.choice(("none", "lowest", "highest"))
        if unit == "flag" or unit in CHOICES:
            values: tuple[Any, ...] = (True, False) if unit == "flag" else CHOICES[unit]
            some = self.rng.sample(values, self.rng.randint(1, len(values)))
            for label, value in zip(LABELS, some, strict=False):
                table[label] = {"is": value}
            used = len(some)
            worth = self.points(used + 1)
            table["points"] = dict(zip(LABELS, worth, strict=False))
            if used == len(values):
                del table["points"][LABELS[used]]
            return table
        if not expert and unit in ("count", "years") and "time" not in about and self.chance(0.15):
            table["step"] = {
                "every": self.rng.randint(1, 3),
                "points": 1,
                "max": self.rng.randint(1, 5),
            }
            return table
        rising = self.chance(0.6)
        cuts = self.distinct(unit, self.rng.randint(1, 4))
        cuts = cuts[::-1] if rising else cuts
        words = RISING if rising else FALLING
        for label, at in zip(LABELS, cuts, strict=False):
            table[label] = {self.rng.choice(words): at}
        used = len(cuts)
        if self.chance(0.25) and not expert:
            word, at = next(iter(table[LABELS[used - 1]].items()))
            table[LABELS[used]] = {COMPLEMENT[word]: at}
            table["points"] = dict(zip(LABELS, self.points(used + 1), strict=False))
        elif expert:
            ranges = [[k, k + 2] for k in range(3 * used, 0, -3)]
            table["points"] = dict(zip(LABELS, [*ranges, 0], strict=False))
            table["expert"] = expert
        else:
            table["points"] = dict(zip(LABELS, self.points(used + 1), strict=False))
            if self.chance(0.3):  # a band may carry its own points
                label = self.rng.choice(LABELS[:used])
                table[label]["points"] = table["points"][label]
        return table

    def dimension(self, name: str) -> Table:
        count = self.rng.choice((1, 1, 2, 3))
        table: Table = {"title": {"zh": name, "en": name}}
        pick = self.rng.choice(("best", "worst", "first", "sum"))
        labels = [f"i{at}" for at in range(count)]
        if count == 2 and self.chance(0.25):
            pick, labels = "declared", ["to-sales", "to-cost"]
            table["declared"] = "rd_option"
        expert = "health_score" if self.chance(0.1) else ""
        over_all = bool(expert) and self.chance(0.5)  # one expert over all options, or over one
        table["indicators"] = {
            label: self.indicator(expert if at == 0 or over_all else "")
            for at, label in enumerate(labels)
        }
        if over_all:
            for part in table["indicators"].values():
                part.pop("expert", None)
            table["expert"] = expert
        if count > 1:
            table["pick"] = pick
            table["missing_option"] = "unknown"
        self.finish(table)
        self.dimensions.append(name)
        return table

    def finish(self, table: Table) -> None:
        table["role"] = self.rng.choice(("base", "base", "bonus", "separate"))
        if table["role"] != "bonus" and self.chance(0.5):
            table["weight"] = self.decimal(5, 100)
        if self.chance(0.2):
            table["max"] = self.rng.randint(5, 60)

    # -- money -----------------------------------------------------------------------------------

    def limit(self) -> Table:
        table: Table = {}
        if self.chance(0.4):
            table["less"] = ["other_loans_here"]
        if self.chance(0.4):
            return {**table, "amount": self.yuan(50, 900)}
        if self.chance(0.5):
            return {**table, "share": self.decimal(1, 60), "of": self.term(MONEY[:3], windows=True)}
        cases: Table = {}
        for at in range(self.rng.choice((1, 2))):
            cases[f"k{at}"] = {"when": self.condition(1), "amount": self.yuan(50, 900)}
        if self.chance(0.7):
            cases["rest"] = {"share": self.decimal(1, 60), "of": "total_assets"}
        return {**table, "cases": cases}

    def part_rest(self, table: Table) -> None:
        if self.chance(0.5):
            table["limits"] = {f"l{at}": self.limit() for at in range(self.rng.choice((1, 2)))}
        if self.chance(0.4):
            table["deduct"] = self.rng.sample(("knowledge_loans_here", "other_loans_elsewhere"), 1)
        if self.chance(0.4):
            table["gates"] = {"g": self.condition(1)}
        if self.chance(0.5):
            table["round_down_to"] = self.rng.choice(("1 万元", "10 万元", "7 元"))

    def method(self) -> Table:
        kind = self.rng.choice(("share_of", "tax_multiple", "scorecard", "working_capital"))
        table: Table = {"method": kind}
        if kind == "share_of":
            table |= {
                "of": self.rng.choice(("sales", "projected_sales")),
                "share": self.decimal(1, 60),
            }
            if self.chance(0.5):
                table["less_own_margin"] = self.decimal(0, 20)
            if self.chance(0.4):
                table["less"] = self.rng.sample(("receivables", "inventory"), 1)
        elif kind == "tax_multiple":
            table |= {"multiple": self.decimal(100, 900), "years": self.rng.choice((1, 2, 3))}
        elif kind == "scorecard":
            about, unit = self._points() if self.dimensions else self._count()
            cuts = self.distinct(unit, 3)[::-1]
            amounts = [self.yuan(k * 100, k * 100 + 50) for k in range(len(cuts), -1, -1)]
            table |= {**about, "amounts": dict(zip(LABELS, amounts, strict=False))}
            table |= {label: {"at_least": at} for label, at in zip(LABELS, cuts, strict=False)}
        else:
            table |= {
                "margin": self.rng.choice(("gross", "net")),
                "turns": self.rng.choice(("balances", "stated")),
                "average": "both-years",
                "growth": self.rng.choice(("stated", Decimal("0.1"))),
            }
        return table

    # -- a policy ---------------------------------------------------------------------------------

    def policy(self) -> Table:
        raw: Table = {
            "schema": 1,
            "id": "random",
            "edition": "test",
            "currency": "CNY",
            "assumed": "made up by a test",
            "in_force": {"from": date(2020, 1, 1)},
            "title": {"zh": "随机", "en": "random"},
            "silent": {"zero_denominator": "none", "missing_option": "unknown"},
        }
        for at in range(self.rng.choice((1, 2, 3))):
            raw[f"d{at}"] = self.dimension(f"d{at}")
        if len(self.dimensions) > 1 and self.chance(0.5):
            inner = self.rng.sample(self.dimensions, 2)
            raw["outer"] = {
                "title": {"zh": "外层", "en": "outer"},
                "of": inner,
                "pick": self.rng.choice(("best", "worst", "first", "sum")),
                "missing_option": "unknown",
            }
            self.finish(raw["outer"])
            self.dimensions.append("outer")
        tops = [n for n in self.dimensions if raw[n].get("role") != "separate"]
        if not [n for n in tops if n not in raw.get("outer", {}).get("of", [])]:
            raw[self.dimensions[-1]]["role"] = "base"
        raw["gates"] = {f"g{at}": self.condition() for at in range(self.rng.choice((1, 2)))}
        if self.chance(0.4):
            raw["confirm"] = {
                f"c{at}": {**self.condition(1), "waives": self.rng.sample(list(raw["gates"]), 1)}
                for at in range(self.rng.choice((1, 2)))
            }
        if self.chance(0.8):
            self.money(raw)
        return raw

    def money(self, raw: Table) -> None:
        labels = self.tiers(raw)
        if self.chance(0.5):
            raw["raise"] = {
                f"r{at}": {
                    **self.condition(1),
                    "tiers": self.rng.choice((1, 1, 2)),
                    "not_above": self.rng.choice(labels),
                }
                for at in range(self.rng.choice((1, 2)))
            }
        amounts = [self.yuan(k * 100, k * 100 + 90) for k in range(len(labels), 0, -1)]
        raw["line"] = {
            "title": {"zh": "额度", "en": "line"},
            "tiers": {
                label: {"amount": amount} for label, amount in zip(labels, amounts, strict=True)
            },
        }
        if self.chance(0.3):
            raw["line"]["tiers"][labels[-1]] = {"none": True}
        self.part_rest(raw["line"])
        parts = ["knowledge"]
        for name, share in (("base", 0.7), ("receivables", 0.3)):
            if not self.chance(share):
                continue
            parts.append(name)
            count = self.rng.choice((1, 2))
            raw[name] = {
                "title": {"zh": "额度", "en": name},
                "methods": {f"m{at}": self.method() for at in range(count)},
            }
            if count > 1:
                raw[name]["pick"] = self.rng.choice(("least", "most", "first"))
            self.part_rest(raw[name])
        if self.chance(0.5):
            raw["limits"] = {f"j{at}": self.joint(parts) for at in range(self.rng.choice((1, 2)))}

    def joint(self, parts: list[str]) -> Table:
        over = self.rng.sample(parts, self.rng.randint(1, len(parts)))
        first = self.rng.choice((*over, "pro_rata"))
        return {**self.limit(), "over": over, "cuts_first": first}

    def tiers(self, raw: Table) -> list[str]:
        kind = self.rng.choice(("points", "points", "points", "field", "category", "matrix"))
        if kind == "matrix":
            labels = list(LABELS[:3])
            rows, columns = CHOICES
            raw["tiers"] = {
                "rows": rows,
                "columns": columns,
                "labels": labels,
                "matrix": {
                    row: {column: self.rng.choice([*labels, "none"]) for column in CHOICES[columns]}
                    for row in CHOICES[rows]
                },
            }
            return labels
        if kind == "category":
            some = self.rng.sample(CHOICES["sme_title"], self.rng.randint(1, 4))
            raw["tiers"] = {"input": "sme_title"}
            raw["tiers"] |= {label: {"is": v} for label, v in zip(LABELS, some, strict=False)}
            return list(LABELS[: len(some)])
        about, unit = self._points() if kind == "points" else self._ratio()
        cuts = self.distinct(unit, self.rng.randint(1, 4))[::-1]
        raw["tiers"] = {**about}
        raw["tiers"] |= {
            label: {self.rng.choice(RISING): at} for label, at in zip(LABELS, cuts, strict=False)
        }
        used = len(cuts)
        if self.chance(0.15):
            word, at = next(iter(raw["tiers"][LABELS[used - 1]].items()))
            raw["tiers"][LABELS[used]] = {COMPLEMENT[word]: at}
            used += 1
        return list(LABELS[:used])
