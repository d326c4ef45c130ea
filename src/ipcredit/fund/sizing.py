"""The whole answer to "how large must the fund be": capital, lending, fee, cap rate, frontier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.frontier import FrontierRow, frontier
from ipcredit.fund.fund import Fund
from ipcredit.fund.result import Figure, in_units
from ipcredit.fund.result_text import about_money, percent, purse_name
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import Found, Size, required_capital, supported_lending, value_for
from ipcredit.messages import text
from ipcredit.money import MoneyError, parse_money
from ipcredit.paper import Block, Paper, Row
from ipcredit.portfolio import Portfolio
from ipcredit.reader import Title

COLUMNS: Final = 100
_CAPITALS: Final = {"committed": "committed", "paid-in": "paid_in", "cash": "cash"}


@dataclass(frozen=True, slots=True)
class Sizing:
    """What a target probability of running dry asks for.

    ``lending``: the scale of the book that the present capital carries (``None`` where no capital
    is known); ``cap``: path, title and value of the cap rate at which the present capital keeps
    the target (``None`` where the fund has no such rate, or no rate keeps it); ``certain``: the
    capital above which the fund cannot run dry in a year; ``rows``: the frontier asked for.
    """

    fund: Fund
    scenario: Scenario
    size: Size
    present: int | None
    lending: Found | None
    cap: tuple[str, Title | None, Found] | None
    certain: int
    rows: tuple[FrontierRow, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        found = self.size.to_dict()
        lending = None
        if self.lending is not None:
            lending = {
                "scale": self.lending.value,
                "outstanding_fen": round(self.lending.value * self.size.outstanding),
                "reached": self.lending.reached.data(),
            }
        cap = None
        if self.cap is not None:
            path, _, value = self.cap
            cap = {"path": path, "value": value.value, "reached": value.reached.data()}
        data = {
            **found,
            "currency": self.fund.currency,
            "fund": {"id": self.fund.id, "edition": self.fund.edition,
                     "fingerprint": self.fund.fingerprint},
            "scenario": {"id": self.scenario.id, "fingerprint": self.scenario.fingerprint},
            "present_fen": self.present,
            "certain_fen": self.certain,
            "supported_lending": lending,
            "cap_rate": cap,
            "frontier": [row.data() for row in self.rows],
        }  # fmt: skip
        units: dict[str, Any] = in_units(data, self.fund.currency)
        return units

    def text(self, lang: str) -> str:
        """The page in ``zh``, ``en`` or ``both``."""
        if lang == "both":
            return f"{self.text('zh')}\n\n{self.text('en')}"
        paper = Paper(COLUMNS, lang, False)
        for block in _blocks(self, lang):
            paper.block(block)
        return paper.text()


def sizing(
    book: Portfolio,
    fund: Fund,
    scenario: Scenario,
    target: float,
    vary: Iterable[str] = (),
    capital: str | None = None,
) -> Sizing:
    """The capital, lending, fee and cap rate for a target, and the frontier of what is varied.

    ``vary``: ``PATH=V1,V2`` of the fund; ``capital``: amounts with their unit, ``A,B``.

    Raises:
        UsageError, PortfolioError, FundError: as :func:`ipcredit.fund.exact.simulate`; a list
            that cannot be read.
    """
    values, amounts = _lists(vary), _amounts(capital, fund.currency)
    size = required_capital(book, fund, scenario, target)
    present = _present(fund, scenario)
    lending = cap = None
    if present is not None:
        if size.capital:
            lending = supported_lending(book, fund, scenario, target)
        cap = _cap_rate(book, fund, scenario, target)
    rows: tuple[FrontierRow, ...] = ()
    if values or amounts:
        if not amounts and present is None:
            amounts = (size.capital,)
        rows = tuple(frontier(book, fund, scenario, values, amounts))
    return Sizing(fund, scenario, size, present, lending, cap, size.most, rows)


def _present(fund: Fund, scenario: Scenario) -> int | None:
    """The tested capital that fund or scenario give."""
    name = _CAPITALS[fund.terms.money.tested]
    own, given = getattr(fund.terms.money, name), getattr(scenario.terms.capital, name)
    found: int | None = own if given is None else given
    return found


def _cap_rate(
    book: Portfolio, fund: Fund, scenario: Scenario, target: float
) -> tuple[str, Title | None, Found] | None:
    for limit in fund.terms.limits:
        steps = limit.ceiling.steps
        if limit.measure != "payouts" or limit.deductible or len(steps) != 1:
            continue
        path = f"limits.{limit.name}.rate"
        try:
            return path, limit.title, value_for(book, fund, scenario, path, target, 0.0, 1.0)
        except UsageError:
            continue  # no rate keeps the target, or the rate grows with use
    return None


def _lists(vary: Iterable[str]) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for item in vary:
        path, sign, values = item.partition("=")
        parts = [part.strip() for part in values.split(",") if part.strip()]
        if not sign or not parts:
            raise UsageError(Problem("fund-size.vary", key="--vary", args={"given": item}))
        found[path.strip()] = parts
    return found


def _amounts(capital: str | None, currency: str) -> tuple[int, ...]:
    if capital is None:
        return ()
    try:
        return tuple(parse_money(part.strip(), currency) for part in capital.split(","))
    except MoneyError as error:
        raise UsageError(Problem(error.code, key="--capital", args=error.details)) from None


# -- the page -------------------------------------------------------------------------------------


def _blocks(found: Sizing, lang: str) -> Iterator[Block]:
    size, currency = found.size, found.fund.currency

    def say(code: str, **args: object) -> str:
        return text(f"fund-size.{code}", lang, **args)

    def money(amount: float) -> str:
        return about_money(amount, currency, lang)

    tested = text(f"fund-results.capital.{found.fund.terms.money.tested}", lang)
    facts = [
        (say("capital", tested=tested), say("capital-text", amount=money(size.capital),
                                            chance=_chance(size.reached))),
    ]  # fmt: skip
    if size.each is not None and len(size.purses) > 1:
        facts.append((say("each"), say("each-text", amount=money(size.each))))
    facts.append((say("leverage"), "-" if size.leverage is None else f"{size.leverage:.2f}"))
    facts.append((say("balance"), money(size.outstanding)))
    facts.append((say("expected"), money(size.expected)))
    facts.append((say("net"), money(size.net)))
    facts.append((say("fee"), say("fee-text", rate=percent(size.fee))))
    facts.append((say("certain"), money(found.certain)))
    if found.present is not None:
        facts.append((say("present"), money(found.present)))
    if found.present is not None and not size.capital:
        facts.append((say("lending"), say("lending-any")))
    if found.lending is not None:
        scaled = found.lending.value * size.outstanding
        args = {"amount": money(scaled), "scale": f"{found.lending.value:.3g}"}
        facts.append((say("lending"), say("lending-text", **args)))
    if found.cap is not None:
        path, title, value = found.cap
        label = path if title is None else title.text(lang)
        facts.append((say("cap"), say("cap-text", clause=label, rate=percent(value.value))))
    name = found.fund.title.text(lang)
    heading = say("heading", fund=name, edition=found.fund.edition, target=percent(size.target))
    rows = tuple(Row((label, value, "")) for label, value in facts)
    yield Block(heading, 0, facts=rows)
    pots = {pot.name: pot.title for pot in found.fund.terms.pots if pot.title is not None}
    if len(size.purses) > 1:
        yield Block(
            say("purses"), 1,
            columns=(say("column.purse"), say("column.needed"), say("column.share")),
            rows=tuple(
                Row((purse_name(row.pot, row.district, pots, lang), money(row.needed),
                     percent(row.share)))
                for row in size.purses
            ),
        )  # fmt: skip
    if found.rows:
        yield _frontier(found, lang)
    notes = (say("method", method=text(f"fund-results.method.{size.reached.method}", lang),
                 count=size.evaluations) if size.evaluations > 1 else
             say("method-once", method=text(f"fund-results.method.{size.reached.method}", lang)),
             text("fund-results.stress", lang),
             text("fund-results.scenario", lang, scenario=found.scenario.id, factor=_factor(found, lang)),
             text("note.person-decides", lang))  # fmt: skip
    yield Block(say("notes"), 1, notes=notes)


def _factor(found: Sizing, lang: str) -> str:
    factor = found.scenario.terms.factor
    value = factor.variance if factor.kind == "gamma" else factor.correlation
    shown = "-" if value is None else f"{value:g}"
    if factor.by:
        by = text(f"fund-results.group.{factor.by}", lang)
        within = f"{factor.within or 0.0:g}"
        return text("fund-results.factor.groups", lang, value=shown, within=within, by=by)
    return text(f"fund-results.factor.{factor.kind or 'gaussian'}", lang, value=shown)


def _frontier(found: Sizing, lang: str) -> Block:
    currency = found.fund.currency
    paths = tuple(path for path, _ in found.rows[0].values)
    names = (*paths, *(text(f"fund-size.column.{name}", lang)
                       for name in ("capital", "expected", "worst", "leverage", "dry")))  # fmt: skip
    rows = []
    for row in found.rows:
        cells = [str(value) for _, value in row.values]
        cells += [about_money(amount, currency, lang)
                  for amount in (row.capital, row.expected, row.shortfall)]  # fmt: skip
        cells += ["-" if row.leverage is None else f"{row.leverage:.2f}", _chance(row.dry)]
        rows.append(Row(tuple(cells)))
    return Block(text("fund-size.frontier", lang), 1, columns=names, rows=tuple(rows))


def _chance(figure: Figure) -> str:
    if figure.method not in ("sampled", "factors"):
        return percent(figure.value)
    return f"{percent(figure.value)} ± {percent(figure.error)}"
