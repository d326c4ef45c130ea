"""The accounts of synthetic firms: three fiscal years that hang together, in whole fen.

Amounts are rounded first and added afterwards, so that every identity holds exactly: total cost
is cost of sales, R&D and other expense; assets are debt and net assets; parts stay in their whole.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from ipcredit.fields import YEAR_SUFFIXES
from ipcredit.population.draws import Draws, Floats, Ints

DAYS = 360
Columns: TypeAlias = dict[str, Ints]


class Books:
    """Accounts of one chunk of firms; ``certified`` firms pay the lower income tax."""

    def __init__(self, draws: Draws, certified: Ints, loans: Ints) -> None:
        self.draws, self.constants = draws, draws.spec.constants
        self.certified, self.loans = certified, loans
        self.step = int(self.constants["step"])

    def amount(self, fen: Floats) -> Ints:
        """Amounts as somebody types them: rounded to the file's step."""
        return amounts(fen, self.step)

    def drifted(self, name: str, suffix: str) -> Floats:
        """A ratio of this year, or of an earlier one, which differs a little."""
        value = self.draws.value(name)
        if not suffix:
            return value
        return value * np.exp(self.constants["drift"] * self.draws.normal(name + suffix))

    def years(self, sales: Ints) -> Columns:
        """Every yearly figure for the last three fiscal years, from the sales of the last."""
        columns: Columns = {}
        growth = ("growth", "growth_before")
        for ago, suffix in enumerate(YEAR_SUFFIXES):
            if ago:
                earlier = sales / self.draws.value(growth[ago - 1])
                sales = np.maximum(self.amount(earlier), self.step)
            year = self.profit(sales, suffix)
            year |= self.balance(sales, year["cost_of_sales"], suffix)
            year |= self.revenue(sales, year, suffix)
            columns |= {name + suffix: column for name, column in year.items()}
        return columns

    def profit(self, sales: Ints, suffix: str) -> Columns:
        """From sales to net profit: R&D and other expense, the margin leaves the cost."""
        intensity = np.minimum(self.drifted("rd_intensity", suffix), 0.95)
        other = self.drifted("other_cost", suffix)
        margin = self.draws.value("margin")
        if suffix:
            margin = margin + self.constants["margin_drift"] * self.draws.normal("margin" + suffix)
        rest = np.maximum(1 - margin - intensity - other, self.constants["cost_least"])
        rd = self.amount(intensity * sales)
        cost = np.maximum(self.amount(rest * sales), self.step)
        total = cost + rd + self.amount(other * sales)
        before_tax = sales - total
        rate = np.where(
            self.certified == 1, self.constants["certified_tax"], self.constants["ordinary_tax"]
        )
        tax = self.amount(np.maximum(before_tax, 0) * rate)
        turnover_tax = self.amount(self.drifted("value_added_tax", suffix) * sales)
        domestic = self.amount(rd * self.draws.value("rd_domestic"))
        outsourced = self.amount(rd * self.draws.value("rd_outsourced"))
        return {
            "sales": sales,
            "rd_expense": rd,
            "rd_domestic": np.minimum(domestic, rd),
            "rd_outsourced": np.minimum(outsourced, rd),
            "cost_of_sales": cost,
            "total_cost": total,
            "net_profit": before_tax - tax,
            "tax_paid": tax + turnover_tax,
        }

    def balance(self, sales: Ints, cost: Ints, suffix: str) -> Columns:
        """The year end: what is turned over in days, all assets, debt, net assets."""
        turns = {
            "receivables": ("receivable_days", sales),
            "inventory": ("inventory_days", cost),
            "payables": ("payable_days", cost),
            "prepayments": ("prepayment_days", cost),
            "advance_receipts": ("advance_days", sales),
        }
        year = {
            name: self.amount(self.drifted(days, suffix) * flow / DAYS)
            for name, (days, flow) in turns.items()
        }
        current = year["receivables"] + year["inventory"] + year["prepayments"]
        least = self.amount(current / self.constants["current_to_total"])
        assets = np.maximum(self.amount(self.drifted("assets", suffix) * sales), least)
        owed = year["payables"] + year["advance_receipts"] + (0 if suffix else self.loans)
        debt = np.maximum(self.amount(self.drifted("debt", suffix) * assets), owed)
        return {**year, "total_assets": assets, "total_debt": debt, "net_assets": assets - debt}

    def revenue(self, sales: Ints, year: Columns, suffix: str) -> Columns:
        """Parts of sales: main business, high-tech, invoiced."""
        main = np.minimum(self.draws.value("main_share"), 1)
        tech = self.draws.value("high_tech_share")
        # The certificate asks for 60 %.
        tech = np.where(self.certified == 1, np.maximum(tech, 0.6), tech)
        parts = {
            "main_revenue": main,
            "high_tech_revenue": tech,
            "invoiced_sales": self.draws.value("invoiced"),
        }
        return {name: np.minimum(self.amount(sales * part), sales) for name, part in parts.items()}


def amounts(fen: Floats | Ints, step: int) -> Ints:
    """Amounts rounded to whole multiples of ``step`` minor units, int64.

    >>> amounts(np.array([1_234_567.0]), 10_000).tolist()
    [1230000]
    """
    whole: Ints = np.rint(np.asarray(fen) / step).astype(np.int64)
    return whole * step


def working_capital_need(columns: Columns) -> Floats:
    """Roughly what the last year's sales tie up, in fen; below 0 where suppliers pay for it.

    Only to give a firm own funds in proportion; the exact need is the policy's own method.
    """
    sales, cost = columns["sales"], columns["cost_of_sales"]
    on_sales = columns["receivables"] - columns["advance_receipts"]
    on_cost = columns["inventory"] + columns["prepayments"] - columns["payables"]
    return np.asarray(cost * (on_sales / sales + on_cost / cost))
