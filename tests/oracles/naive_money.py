"""The naive interpreter, continued: limits, methods, the parts of the line and what cuts them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .naive_words import SUFFIXES, Firm, Table, fen, held, named, nothing

PARTS = {"line": "knowledge", "base": "base", "receivables": "receivables"}


class Money:
    """Amounts in whole fen; mixed into :class:`oracles.naive.Naive`."""

    raw: Any
    holds: Any
    term: Any
    band: Any

    def limit(self, table: Table, firm: Firm) -> int | None:
        """The limit in fen, deductions taken off; ``None``: no case fits."""
        cases = (
            [table] if {"amount", "share"} & set(table) else list(named(table["cases"]).values())
        )
        fits = [c for c in cases if "when" not in c or self.holds(c["when"], firm)]
        if not fits:
            return None
        case = fits[0]
        if "amount" in case:
            bound = fen(case["amount"])
        else:
            whole = self.term(case["of"], {**firm, **dict.fromkeys(nothing(firm), 0)})
            assert whole is not None
            bound = max(int(whole * Fraction(case["share"]) // 1), 0)
        return max(bound - held(firm, table.get("less", [])), 0)

    def method(self, table: Table, firm: Firm) -> int | None:
        """What a method of the base line gives in fen; ``None``: it does not apply."""
        kind = table["method"]
        if kind == "scorecard":
            label, _ = self.band(table, firm, table["amounts"])
            return fen(table["amounts"][label])
        if kind == "share_of":
            rest = max(held(firm, [table["of"]]) - held(firm, table.get("less", [])), 0)
            net = Fraction(table["share"]) - Fraction(table.get("less_own_margin", 0))
            return max(int(rest * net // 1), 0)
        if kind == "tax_multiple":
            years = int(table["years"])
            mean = Fraction(held(firm, ["tax_paid" + s for s in SUFFIXES[:years]]), years)
            return int(mean * Fraction(table["multiple"]) // 1)
        return self.working_capital(table, firm)

    def working_capital(self, table: Table, firm: Firm) -> int | None:
        sales = Fraction(firm["sales"])
        stated = table["turns"] == "stated"
        if sales <= 0:
            return None
        cost = None if table["margin"] == "net" and stated else Fraction(firm["cost_of_sales"])
        growth = table["growth"]
        rise = Fraction(firm["expected_growth"], 10**6) if growth == "stated" else Fraction(growth)
        margin = (
            1 - Fraction(firm["cost_of_sales"]) / sales
            if table["margin"] == "gross"
            else Fraction(firm["net_profit"]) / sales
        )
        if stated:
            turns = Fraction(firm["working_capital_turns"], 10**6)
            if turns <= 0:
                return None
        else:
            assert cost is not None
            if cost <= 0:
                return None

            def days(name: str, turned: Fraction) -> Fraction:
                ends = [name]
                if firm.get(name + "_prev") is not None:
                    ends.append(name + "_prev")
                else:
                    assert table["average"] == "last-if-single", name
                return 360 * Fraction(held(firm, ends), len(ends)) / turned

            total = (
                days("inventory", cost)
                + days("receivables", sales)
                - days("payables", cost)
                + days("prepayments", cost)
                - days("advance_receipts", sales)
            )
            if total <= 0:
                return None
            turns = 360 / total
        need = sales * (1 - margin) * (1 + rise) / turns
        own = ("own_funds", "loans", "other_sources")
        line = need - held(firm, [f"working_capital_{name}" for name in own])
        return min(max(int(line // 1), 0), 10**15)

    def part(self, key: str, firm: Firm, tier: str) -> int:
        table = self.raw[key]
        if key == "line":
            row = table["tiers"][tier]
            amount = 0 if row.get("none") else fen(row["amount"])
        else:
            found = [self.method(t, firm) for t in named(table["methods"]).values()]
            real = [amount for amount in found if amount is not None] or [0]
            pick = table.get("pick", "first")
            amount = {"least": min, "most": max, "first": lambda items: items[0]}[pick](real)
        for limit in named(table.get("limits", {})).values():
            bound = self.limit(limit, firm)
            amount = amount if bound is None else min(amount, bound)
        amount = max(amount - held(firm, table.get("deduct", [])), 0)
        if not all(self.holds(gate, firm) for gate in named(table.get("gates", {})).values()):
            amount = 0
        return self.rounded(key, amount)

    def rounded(self, key: str, amount: int) -> int:
        table = self.raw[key]
        step = fen(table["round_down_to"]) if "round_down_to" in table else 1
        return amount - amount % step

    def joint(self, parts: dict[str, int], firm: Firm) -> None:
        for table in named(self.raw.get("limits", {})).values():
            bound = self.limit(table, firm)
            over = table["over"] if bound is not None else []
            total = sum(parts[item] for item in over)
            if bound is None or total <= bound:
                continue
            first = table["cuts_first"]
            if first == "pro_rata":
                for item in over:
                    parts[item] = parts[item] * bound // total
                continue
            left = total - bound
            for item in (first, *(o for o in reversed(over) if o != first)):
                less = min(parts[item], left)
                parts[item] -= less
                left -= less
        for key, name in PARTS.items():
            if name in parts:
                parts[name] = self.rounded(key, parts[name])
