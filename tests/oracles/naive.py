"""A naive interpreter of the policy language: one complete firm, plain dicts, Fractions.

It reads the raw TOML tree of a policy and judges one firm in which nothing is missing.  It is
slow on purpose, knows no bounds, codes or columns, and shares no code with the engine; only the
declared list of fields (kinds and choices) is common.  What the engine decides on columns is
held against this, policy by policy and firm by firm.

A firm is a dict of column units: fen, counts, millionths, days since 1970-01-01, booleans, the
text of a choice, or ``NONE`` for what is known not to exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ipcredit.fields import FIELDS

from .naive_money import PARTS, Money
from .naive_words import (
    EPOCH,
    META,
    NONE,
    OPS,
    SECTIONS,
    SUFFIXES,
    Firm,
    Table,
    band_tables,
    comparison,
    fen,
    in_columns,
    later,
    named,
    sign,
    times,
)

Range = tuple[Fraction, Fraction]


class Naive(Money):
    """A policy's raw tree, ready to judge complete firms as of ``on``."""

    def __init__(self, raw: Mapping[str, Any], on: date) -> None:
        self.raw, self.on = raw, on
        self.dimensions = {
            key: value
            for key, value in raw.items()
            if key not in SECTIONS and isinstance(value, dict)
        }
        self.silent = raw.get("silent", {})
        self.points: dict[str, Fraction] = {}

    # -- figures ---------------------------------------------------------------------------------

    def term(self, value: Any, firm: Firm, shift: str = "") -> Fraction | None:
        """A weighted sum of fields; ``None`` where it does not exist."""
        total, exists, gap, windows = Fraction(0), False, False, False
        for item in value if isinstance(value, list) else [value]:
            times = Fraction(item["times"]) if isinstance(item, dict) else Fraction(1)
            name = item["of"] if isinstance(item, dict) else item
            base, _, window = name.partition(".")
            years = int(window[3:]) if window else 1
            windows = windows or bool(window)
            for suffix in SUFFIXES[:years]:
                figure = firm[base + suffix + shift]
                if figure == NONE:
                    gap = True
                else:
                    exists = True
                    total += times * figure
        return total if exists and (windows or not gap) else None

    def measured(
        self, table: Table, firm: Firm, zero: str = "none", shift: str = ""
    ) -> Callable[[Any], int] | None:
        """How the figure lies to a written threshold: -1, 0, 1; ``None``: it does not exist."""
        if "input" in table and table["input"].endswith(".points"):
            reached = self.points[table["input"].removesuffix(".points")]
            return lambda threshold: sign(reached, Fraction(threshold))
        if "input" in table or "sum" in table:
            value = table.get("input", table.get("sum"))
            first = value if isinstance(value, str) else value[0]
            first = first["of"] if isinstance(first, dict) else first
            figure = self.term(value, firm, shift)
            kind = FIELDS[first.partition(".")[0]].kind
            return None if figure is None else lambda t: sign(figure, in_columns(t, kind))
        if "ratio" in table:
            top, bottom = (self.term(side, firm, shift) for side in table["ratio"])
            if top is None or bottom is None:
                return None
            if bottom <= 0:
                return {"none": None, "lowest": lambda t: -1, "highest": lambda t: 1}[zero]
            return lambda threshold: sign(top / bottom, Fraction(threshold))
        if "growth" in table:
            return self.growth(table["growth"], table["method"], firm)
        return self.time(table, firm)

    def growth(self, name: str, method: str, firm: Firm) -> Callable[[Any], int] | None:
        years = SUFFIXES[: 2 if method == "year_on_year" else 3]
        now, *earlier = (firm[name + suffix] for suffix in years)
        if now == NONE:
            return None
        before, first = [0 if y == NONE else y for y in (*earlier, 0)][:2]
        if method == "year_on_year":
            return None if before <= 0 else lambda t: sign(Fraction(now, before), 1 + Fraction(t))
        if method == "cagr":
            if first <= 0:
                return None

            def root(t: Any) -> int:
                least = 1 + Fraction(t)
                if least < 0 or now < 0:
                    return 1 if now >= 0 else -1
                return sign(Fraction(now, first), least * least)

            return root
        if method == "mean_of_two_rates" and (first <= 0 or before <= 0):
            return None
        if before <= 0:
            rate = Fraction(0)
        elif first <= 0:
            rate = Fraction(now, before) - 1
        else:
            rate = (Fraction(before, first) + Fraction(now, before)) / 2 - 1
        return lambda t: sign(rate, Fraction(t))

    def time(self, table: Table, firm: Firm) -> Callable[[Any], int] | None:
        kind = "since" if "since" in table else "until"
        if firm[table[kind]] == NONE:
            return None
        day = EPOCH + timedelta(days=firm[table[kind]])
        unit = table["unit"]
        if kind == "until":
            return lambda count: sign(day, later(self.on, int(count), unit))
        if day > self.on:  # has not happened
            return None
        return lambda count: sign(self.on, later(day, int(count), unit))

    # -- conditions ------------------------------------------------------------------------------

    def compares(self, about: Table, word: Table, firm: Firm, shift: str = "") -> bool:
        found = comparison(word)
        assert found is not None
        op, threshold = found
        name = about.get("input", "")
        if name in FIELDS and FIELDS[name].kind in ("flag", "choice"):
            wanted = threshold if isinstance(threshold, list) else [threshold]
            return firm[name] in wanted
        place = self.measured(about, firm, shift=shift)
        return place is not None and OPS[op](place(threshold))

    def holds(self, table: Table, firm: Firm) -> bool:
        if "all_of" in table:
            return all(self.holds(part, firm) for part in table["all_of"])
        if "any_of" in table:
            return any(self.holds(part, firm) for part in table["any_of"])
        shifts = SUFFIXES[: int(table.get("in_each_of", 1))]
        word: Table = table
        if "classes" in table:
            classes = named(table["classes"]).values()
            fits = [t for t in classes if "when" not in t or self.holds(t["when"], firm)]
            if not fits:
                return False
            word = fits[0]
        return all(self.compares(table, word, firm, shift) for shift in shifts)

    # -- points ----------------------------------------------------------------------------------

    def band(self, table: Table, firm: Firm, points: Table) -> tuple[str, bool]:
        """The label of the band that holds and whether the figure exists."""
        bands = band_tables(table)
        name = table.get("input", "")
        rest = [label for label in points if label not in bands and label not in META]
        lowest = rest[-1] if rest and not self.complete(table, bands) else list(bands)[-1]
        if name in FIELDS and FIELDS[name].kind in ("flag", "choice"):
            for label, word in bands.items():
                if self.compares(table, word, firm):
                    return label, True
            return (lowest if points else ""), True
        zero = table.get("zero_denominator", self.silent.get("zero_denominator", "none"))
        place = self.measured(table, firm, zero)
        if place is None:
            return lowest, False
        for label, word in bands.items():
            op, threshold = comparison(word)  # type: ignore[misc]
            if OPS[op](place(threshold)):
                return label, True
        return (lowest if points else ""), True

    def complete(self, table: Table, bands: Mapping[str, Table]) -> bool:
        """Whether the bands leave nothing over: the last is the complement of the one before."""
        words = [comparison(word) for word in bands.values()]
        ops = [word[0] for word in words if word]
        name = table.get("input", "")
        if name in FIELDS and FIELDS[name].kind in ("flag", "choice"):
            taken = [v for w in words if w for v in (w[1] if isinstance(w[1], list) else [w[1]])]
            return len(taken) == (2 if FIELDS[name].kind == "flag" else len(FIELDS[name].choices))
        rising = {"at_least", "more_than"}
        return len({op in rising for op in ops}) == 2

    def indicator(self, table: Table, firm: Firm, shared: Table) -> tuple[str, bool, Range]:
        """Label, whether it exists, lowest and highest points."""
        if "step" in table:
            step = table["step"]
            place = self.measured(table, firm)
            count, most = 0, int(Fraction(step["max"]) / Fraction(step["points"]))
            if place is not None:
                every = step["every"]
                unit = fen(every) if isinstance(every, str) else Fraction(every)
                while count < most and place(times(every, unit, count + 1)) >= 0:
                    count += 1
            worth = Fraction(step["points"]) * count
            return str(worth), place is not None, (worth, worth)
        points = named(table.get("points", shared))
        label, exists = self.band(table, firm, points)
        own = table.get(label, {})
        said = own["points"] if isinstance(own, dict) and "points" in own else points[label]
        low, high = map(Fraction, said if isinstance(said, list) else [said] * 2)
        return label, exists, (low, high)

    def by_expert(self, table: Table, firm: Firm, spread: Range, out: dict[str, Any]) -> Range:
        """The expert's points, where there is one; they must lie in the range."""
        if "expert" not in table:
            return spread
        given = Fraction(firm[table["expert"]])
        if FIELDS[table["expert"]].kind == "decimal":
            given /= 10**6
        out["sound"] = out["sound"] and spread[0] <= given <= spread[1]
        return given, given

    def combined(self, table: Table, found: list[tuple[Range, bool]], firm: Firm) -> Range:
        """The points of several options, as the dimension picks, within its cap."""
        pick = table.get("pick", "best")
        if pick == "declared" and "indicators" in table:
            chosen = firm[table["declared"]]
            spread = found[list(named(table["indicators"])).index(chosen)][0]
        else:
            real = [worth for worth, exists in found if exists] or [worth for worth, _ in found]
            every = [worth for worth, _ in found]
            joins: dict[str, Callable[[list[Fraction]], Fraction]] = {
                "sum": lambda parts: sum(parts, Fraction(0)),
                "best": max,
                "worst": min,
                "first": lambda parts: parts[0],
            }
            counted = every if pick == "sum" or len(found) == 1 else real
            spread = (
                joins[pick if len(found) > 1 else "first"]([low for low, _ in counted]),
                joins[pick if len(found) > 1 else "first"]([high for _, high in counted]),
            )
        if "max" in table:
            spread = (
                min(spread[0], Fraction(table["max"])),
                min(spread[1], Fraction(table["max"])),
            )
        return spread

    def spread(self, name: str, firm: Firm, out: dict[str, Any]) -> Range:
        """Lowest and highest points of a dimension, before an expert decides inside."""
        table = self.dimensions[name]
        found: list[tuple[Range, bool]] = []
        for label, part in named(table.get("indicators", {})).items():
            band, exists, worth = self.indicator(part, firm, table.get("points", {}))
            out["band"][f"{name}.{label}"] = band if exists else NONE
            found.append((self.by_expert(part, firm, worth, out), exists))
        for child in table.get("of", []):
            worth_ = self.weighted(child, firm, out)
            found.append(((worth_, worth_), True))
        return self.combined(table, found, firm)

    def dimension(self, name: str, firm: Firm, out: dict[str, Any]) -> Fraction:
        table = self.dimensions[name]
        low, high = self.by_expert(table, firm, self.spread(name, firm, out), out)
        assert low == high, f"{name} leaves its points open"
        self.points[name] = out["points"][name] = low
        return low

    def weighted(self, name: str, firm: Firm, out: dict[str, Any]) -> Fraction:
        table = self.dimensions[name]
        points = self.dimension(name, firm, out)
        return points if table.get("role") == "bonus" else points * Fraction(table.get("weight", 1))

    # -- the whole -------------------------------------------------------------------------------

    def tier(self, firm: Firm) -> tuple[str, str]:
        """The tier as graded and as raised; empty: none."""
        table = self.raw["tiers"]
        if "matrix" in table:
            labels = table["labels"]
            label = table["matrix"][firm[table["rows"]]][firm[table["columns"]]]
            graded = "" if label == "none" else label
        else:
            labels = list(band_tables(table))
            label, exists = self.band(table, firm, {})
            graded = label if exists else ""
        if not graded:
            return "", ""
        best = at = labels.index(graded)
        for rule in named(self.raw.get("raise", {})).values():
            if self.holds(rule, firm):
                top = labels.index(rule.get("not_above", labels[0]))
                best = min(best, max(at - int(rule["tiers"]), top))
        return graded, labels[best]

    def judge(self, firm: Firm) -> dict[str, Any]:
        """Bands, points, gates, tier, parts of the line, status."""
        out: dict[str, Any] = {"band": {}, "points": {}, "sound": True}
        self.points = {}
        inner = {child for table in self.dimensions.values() for child in table.get("of", [])}
        total, any_top = Fraction(0), False
        for name, table in self.dimensions.items():
            if name in inner:
                continue
            points = self.weighted(name, firm, out)
            if table.get("role") != "separate":
                total, any_top = total + points, True
        if any_top:
            self.points["total"] = out["points"]["total"] = total
        out["confirm"] = {
            name: self.holds(table, firm)
            for name, table in named(self.raw.get("confirm", {})).items()
        }
        waived = {
            gate
            for name, holds in out["confirm"].items()
            if holds
            for gate in self.raw["confirm"][name]["waives"]
        }
        out["gate"] = {
            name: "pass" if self.holds(table, firm) else "waived" if name in waived else "fail"
            for name, table in named(self.raw.get("gates", {})).items()
        }
        passed = "fail" not in out["gate"].values()
        graded = tier = "-"
        if "tiers" in self.raw:
            graded, tier = self.tier(firm)
            passed = passed and tier != ""
        out["graded"], out["tier"] = graded, tier
        out["status"] = "eligible" if passed else "refused"
        if not out["sound"]:
            out["status"] = "invalid"
        parts: dict[str, int] = {}
        for key, name in PARTS.items():
            if key in self.raw:
                parts[name] = self.part(key, firm, tier) if passed else 0
        out["before"] = dict(parts)
        if passed:
            self.joint(parts, firm)
        out["total"] = sum(parts.values())
        if passed and "line" in self.raw and self.raw["line"]["tiers"][tier].get("none"):
            parts["knowledge"] = None  # type: ignore[assignment]
        out["parts"] = parts
        return out
