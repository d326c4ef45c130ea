"""What capital supports all of today's eligible firms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ipcredit import messages
from ipcredit.assess import AnyFirms
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.plots import unit_of
from ipcredit.fund.result_text import about_money, percent
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import Size, required_capital
from ipcredit.money import format_money
from ipcredit.paper import Block, Row
from ipcredit.plan import ELIGIBLE
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.tune.outcome import Setting, setting, unit_key
from ipcredit.tune.sweep_text import in_units, page

TARGET: Final = 0.01
"""Probability with which the capital may be exceeded in the year."""


@dataclass(frozen=True, eq=False)
class FundNeed:
    """The capital for all eligible firms (``all``) and for those that borrow by the scenario.

    Both are for a probability of ``target``; ``present`` is the fund's tested capital in minor
    units, ``None`` where it is not known.  ``left_out``: firms that could not be put into the book.
    """

    policy: Policy
    fund: Fund
    scenario: Scenario
    on: dt.date
    target: float
    eligible: int
    take_up: float
    all: Size
    borrowers: Size
    loans: tuple[int, int]
    present: int | None
    left_out: int

    @property
    def gap(self) -> int | None:
        """What is missing if all eligible firms borrow, 0 where it is enough; minor units."""
        return None if self.present is None else max(self.all.capital - self.present, 0)

    def frame(self) -> Any:
        """One row for all firms, one for the scenario's borrowers, as a pandas DataFrame."""
        import pandas as pd

        unit = unit_key(self.fund.currency)
        return pd.DataFrame([
            {
                "who": who, "loans": loans, f"outstanding_{unit}": size.outstanding,
                f"capital_{unit}": size.capital, f"expected_{unit}": round(size.expected),
                f"net_{unit}": round(size.net), "leverage": size.leverage,
                "reached": size.reached.value,
            }
            for who, loans, size in zip(("all", "borrowers"), self.loans,
                                        (self.all, self.borrowers), strict=True)
        ])  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        unit = unit_key(self.fund.currency)
        return {
            "version": 1,
            "kind": "tune-fund-need",
            "policy": self.policy.id,
            "edition": self.policy.edition,
            "fingerprint": self.policy.fingerprint,
            "fund": self.fund.id,
            "scenario": self.scenario.id,
            "on": self.on.isoformat(),
            "target": self.target,
            "eligible": self.eligible,
            "take_up": self.take_up,
            "left_out": self.left_out,
            f"present_{unit}": self.present,
            f"gap_{unit}": self.gap,
            "all": self.all.to_dict(),
            "borrowers": self.borrowers.to_dict(),
        }

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return page(lambda spoken: _blocks(self, spoken), lang, width)

    def __str__(self) -> str:
        return self.text("en")


def fund_for(
    policy: Policy,
    firms: AnyFirms,
    fund: Fund,
    scenario: Scenario,
    target: float = TARGET,
    *,
    on: dt.date | None = None,
    pd: Any = None,
) -> FundNeed:
    """The smallest tested capital that is exceeded with probability ``target`` at most, if every
    eligible firm borrows (draw rates are the scenario's), and with the scenario's take-up.

    Raises:
        UsageError: as :func:`ipcredit.tune.outcome.setting` and
            :func:`ipcredit.fund.size.required_capital`; no eligible firm borrows.
    """
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    take_up = float(scenario.terms.book.take_up or 0)
    everyone = given
    if take_up < 1:
        whole = scenario.change("book.take_up", 1)
        everyone = setting(policy, given.firms, on=given.on, fund=fund, scenario=whole, pd=pd)
    all_, loans, left = _size(everyone, fund, target)
    some, fewer, _ = (all_, loans, left) if everyone is given else _size(given, fund, target)
    return FundNeed(policy, fund, scenario, given.on, target, int((given.baseline.status == ELIGIBLE).sum()), take_up, all_,
                    some, (loans, fewer), _present(fund, scenario), left)  # fmt: skip


def _size(given: Setting, fund: Fund, target: float) -> tuple[Size, int, int]:
    assert given.borrowers is not None
    assert given.scenario is not None
    book, left = given.borrowers.book(given.baseline, fund.terms.covers)
    if book is None:
        raise UsageError(Problem("tune-sweep.no-firms", key="firms"))
    return required_capital(book, fund, given.scenario, target), len(book), left


def _present(fund: Fund, scenario: Scenario) -> int | None:
    name = {"committed": "committed", "paid-in": "paid_in", "cash": "cash"}[fund.terms.money.tested]
    given = getattr(scenario.terms.capital, name, None)
    own = getattr(fund.terms.money, name, None)
    found = own if given is None else given
    return None if found is None else int(found)


def _blocks(found: FundNeed, lang: str) -> Iterator[Block]:
    def say(code: str, **args: object) -> str:
        return messages.text(f"tune-sweep.{code}", lang, **args)

    currency = found.fund.currency
    if found.gap is None:
        gap = say("fund-for.unknown")
    elif found.gap:
        gap = say("fund-for.short", amount=about_money(found.gap, currency, lang))
    else:
        gap = say("fund-for.enough")
    present = "-" if found.present is None else format_money(found.present, currency, lang)
    answer = say(
        "fund-for.answer",
        eligible=f"{found.eligible:,}",
        capital=about_money(found.all.capital, currency, lang),
        tested=messages.text(f"fund-results.capital.{found.fund.terms.money.tested}", lang),
        target=percent(found.target),
        take_up=percent(found.take_up),
        less=about_money(found.borrowers.capital, currency, lang),
        present=present,
        gap=gap,
    )
    note = say("fund-for.note", policy=found.policy.title.text(lang), edition=found.policy.edition,
               on=found.on.isoformat(), scenario=found.scenario.title.text(lang),
               left=f"{found.left_out:,}")  # fmt: skip
    _, unit = unit_of(currency, lang)
    heads = ("question", "loans", "outstanding", "expected", "net", "capital", "leverage")
    sizes = zip(("all", "some"), found.loans, (found.all, found.borrowers), strict=True)
    yield Block(
        say("fund-for.title", fund=found.fund.title.text(lang)),
        0,
        notes=(answer, note),
        columns=tuple(say(f"column.{name}", unit=unit) for name in heads),
        rows=tuple(
            Row((say(f"fund-for.{who}"), f"{loans:,}",
                 *(in_units(float(f"{amount:.4g}"), currency) for amount in
                   (size.outstanding, size.expected, size.net, size.capital)),
                 "-" if size.leverage is None else f"{size.leverage:.1f}"))
            for who, loans, size in sizes
        ),
    )  # fmt: skip
