"""The treasurer's page: one answer in a paragraph, then the tables behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ipcredit.layout import folded, pad, width
from ipcredit.messages import text
from ipcredit.money import format_money, minor_digits
from ipcredit.reader import Title

if TYPE_CHECKING:
    from ipcredit.fund.result import ClauseRow, Figure, OnePeriodResult, PartRow

COLUMNS: Final = 100
"""Width of the page."""
_DIGITS: Final = 4
_MOST_ROWS: Final = 40


def result_text(result: OnePeriodResult, lang: str) -> str:
    """The page in ``zh``, ``en`` or ``both`` (Chinese first)."""
    if lang == "both":
        return "\n\n".join(result_text(result, one) for one in ("zh", "en"))
    return "\n".join(_Page(result, lang).lines())


def about_money(amount: float, currency: str, lang: str) -> str:
    """An amount rounded to four digits, as a banker writes it.

    >>> about_money(123_456_789.0, "CNY", "zh"), about_money(921_234_567.0, "CNY", "en")
    ('123.5 万元', 'CNY 9.212 million')
    """
    whole = round(amount)
    room = max(len(str(abs(whole))) - _DIGITS, 0)
    rounded = round(whole, -room)
    if lang != "zh":
        # One scale for a column of amounts: 9.212 million beside 34.49 million.
        one = int(10 ** minor_digits(currency))
        for word, scale in (("billion", 10**9), ("million", 10**6)):
            if abs(rounded) >= scale * one:
                return f"{currency} {rounded / (scale * one):,.10g} {word}"
    return format_money(rounded, currency, lang)


def percent(share: float) -> str:
    """A share in per cent to three digits.

    >>> percent(0.034086), percent(0.0), percent(1.0), percent(9.97e-7)
    ('3.41 %', '0 %', '100 %', '0.0000997 %')
    """
    shown = 100 * share
    if 0 < shown < 1e-9:
        return "< 0.000000001 %"
    if not 0 < shown < 1e-4:
        return f"{shown:.3g} %"
    return f"{shown:.{2 - math.floor(math.log10(shown))}f} %"


def times(ratio: float) -> str:
    """How many times one amount is another.

    >>> times(5.123), times(0.1152)
    ('5.1', '0.12')
    """
    return f"{ratio:,.1f}" if ratio >= 1 else f"{ratio:.2g}"


def purse_name(pot: str, district: str, titles: Mapping[str, Title], lang: str) -> str:
    """A purse as people call it: the title of its pot, and the district's name.

    >>> purse_name("district", "北", {"district": Title("区县", "districts")}, "zh")
    '区县/北'
    """
    name = titles[pot].text(lang) if pot in titles else pot
    return "/".join(part for part in (name, district) if part)


class _Page:
    """The page in one language."""

    def __init__(self, result: OnePeriodResult, lang: str) -> None:
        self.r, self.lang, self.about = result, lang, result.about

    def say(self, code: str, **args: object) -> str:
        return text(f"fund-results.{code}", self.lang, **args)

    def money(self, amount: float) -> str:
        return about_money(amount, self.about.currency, self.lang)

    def chance(self, figure: Figure) -> str:
        """A probability, with its standard error where it has one."""
        if figure.method not in ("sampled", "factors"):
            return percent(figure.value)
        return f"{percent(figure.value)} ± {percent(figure.error)}"

    def counted(self, what: str, count: int) -> str:
        """A number with its noun."""
        return self.say(f"count.{what}{'-one' if count == 1 else ''}", count=f"{count:,}")

    def lines(self) -> Iterator[str]:
        """Every line, top to bottom."""
        yield from folded(self._answer(), COLUMNS)
        yield from self._amounts()
        yield from self._purses()
        for name in ("tiers", "lenders", "districts"):
            yield from self._parts(name, getattr(self.r, name))
        yield from self._clauses("limits", self.r.limits)
        yield from self._clauses("breakers", self.r.breakers)
        yield from self._method()
        yield from self._open_points()

    def _answer(self) -> str:
        about, r = self.about, self.r
        tested = self.say(f"capital.{about.tested}")
        driest = max(r.purses, key=lambda row: row.dry[about.tested].value)
        leverage = "-" if about.leverage is None else times(about.leverage)
        parts = [
            self.say(
                "answer",
                title=about.title.text(self.lang),
                edition=about.edition,
                firms=self.counted("firms", about.firms),
                loans=self.counted("loans", about.loans),
                outstanding=self.money(about.outstanding),
                leverage=leverage,
                tested=tested,
                capital=self.money(about.capital[about.tested]),
                gross=self.money(r.gross.mean.value),
                net=self.money(r.net.mean.value),
                dry=self.chance(r.exhaustion),
                worst=self.money(r.gross.quantile(0.99).value),
            )
        ]
        if len(r.purses) > 1 and driest.dry[about.tested].value > 0:
            name = purse_name(driest.pot, driest.district, about.pots, self.lang)
            dry = self.chance(driest.dry[about.tested])
            parts.append(self.say("answer.purse", purse=name, dry=dry))
        if about.most_leverage is not None and about.leverage is not None:
            code = "answer.over" if about.leverage > about.most_leverage else "answer.within"
            parts.append(self.say(code, most=f"{about.most_leverage:g}"))
        return ("" if self.lang == "zh" else " ").join(parts)

    def _table(self, title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """A titled table, the first row its heading; numbers to the right."""
        yield ""
        yield title
        room = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
        for row in rows:
            cells = [pad(row[0], room[0])]
            cells += [" " * (room[at] - width(row[at])) + row[at] for at in range(1, len(row))]
            yield "  " + "  ".join(cells).rstrip()

    def _amounts(self) -> Iterator[str]:
        r = self.r
        heading = [
            self.say(f"column.{name}") for name in ("level", "loss", "gross", "net", "worse")
        ]
        spreads = (r.loss, r.gross, r.net)
        rows = [heading, [self.say("row.mean"), *(self.money(s.mean.value) for s in spreads), ""]]
        for level, _ in r.gross.quantiles:
            amounts = [self.money(s.quantile(level).value) for s in spreads]
            beyond = self.money(r.gross.shortfall(level).value)
            rows.append([f"{100 * level:g} %", *amounts, beyond])
        rows.append([self.say("row.paid"), "", self.money(r.paid.value), "", ""])
        return self._table(self.say("table.amounts"), rows)

    def _purses(self) -> Iterator[str]:
        kinds = list(self.about.capital)
        heading = [self.say("column.purse"), self.say("column.money"), self.say("column.wanted")]
        heading += [self.say("column.dry", capital=self.say(f"capital.{kind}")) for kind in kinds]
        rows = [heading]
        whole = [self.say("row.whole"), self.money(self.about.capital[self.about.tested])]
        whole += [self.money(self.r.gross.mean.value)]
        rows.append([*whole, *(self.chance(self.r.dry[kind]) for kind in kinds)])
        # A fund without pots of its own has one purse: the whole fund.
        shown = self.r.purses if len(self.r.purses) > 1 else ()
        for row in shown[:_MOST_ROWS]:
            name = purse_name(row.pot, row.district, self.about.pots, self.lang)
            cells = [name, self.money(row.money[self.about.tested]), self.money(row.wanted.value)]
            rows.append([*cells, *(self.chance(row.dry[kind]) for kind in kinds)])
        yield from self._table(self.say("table.purses"), rows)
        yield from self._more(len(self.r.purses))

    def _parts(self, name: str, parts: Sequence[PartRow]) -> Iterator[str]:
        if len(parts) < 2:
            return
        columns = ("firms", "owed", "lost", "due", "bad")
        rows = [[self.say(f"column.{name}"), *(self.say(f"column.{c}") for c in columns)]]
        for row in parts[:_MOST_ROWS]:
            amounts = (row.outstanding, row.loss, row.due.value, row.shortfall.value)
            rows.append([row.name, f"{row.firms:,}", *(self.money(a) for a in amounts)])
        yield from self._table(self.say(f"table.{name}"), rows)
        yield from self._more(len(parts))

    def _clauses(self, name: str, found: Sequence[ClauseRow]) -> Iterator[str]:
        if not found:
            return
        rows = [[self.say(f"column.{name}"), self.say("column.who"), self.say("column.chance")]]
        ordered = sorted(found, key=lambda row: -row.chance.value)
        for row in ordered[:_MOST_ROWS]:
            own = self.say("quota") if row.path == "quota" else row.name
            title = own if row.title is None else row.title.text(self.lang)
            if row.stops:
                title += f" ({self.say(f'stops.{row.stops}')})"
            who = row.who or self.say(f"scope.{row.scope}")
            rows.append([title, who, self.chance(row.chance)])
        yield from self._table(self.say(f"table.{name}"), rows)
        yield from self._more(len(found))

    def _more(self, count: int) -> Iterator[str]:
        if count > _MOST_ROWS:
            yield "  " + self.say("more", count=count - _MOST_ROWS)

    def _method(self) -> Iterator[str]:
        r, about = self.r, self.about
        yield ""
        between = "；" if self.lang == "zh" else "; "
        methods = between.join(self.say(f"method.{name}") for name in r.methods)
        yield from folded(self.say("methods", methods=methods), COLUMNS)
        if r.why_sampled:
            why = self.say(f"why.{r.why_sampled}")
            code = self.say("sampled", scenarios=f"{r.scenarios:,}", seed=r.seed, why=why)
            yield from folded(code, COLUMNS)
        if about.several_lenders:
            args = {"several": about.several_lenders, "conditioned": r.conditioned}
            yield from folded(self.say("several", **args), COLUMNS)
        if about.as_of:
            book = self.say("book", book=about.book or "-", as_of=about.as_of)
            yield from folded(book, COLUMNS)
        kind, value = about.factor, f"{about.factor_value:g}"
        factor = self.say(f"factor.{kind}", value=value)
        if about.factor_by:
            by, within = self.say(f"group.{about.factor_by}"), f"{about.factor_within:g}"
            factor = self.say("factor.groups", value=value, within=within, by=by)
        scenario = self.say("scenario", scenario=about.scenario, factor=factor)
        yield from folded(scenario, COLUMNS)

    def _open_points(self) -> Iterator[str]:
        about = self.about
        yield from folded(self.say("stress"), COLUMNS)
        for heading, titles in (
            ("unpublished", [title.text(self.lang) for title in about.unpublished]),
            ("assumed", [f"{path}: {why.text(self.lang)}" for path, why in about.assumed]),
            ("notes", [note.text(self.lang) for note in about.notes]),
        ):
            if titles:
                yield ""
                yield self.say(heading, count=len(titles))
            for title in titles:
                yield from folded(title, COLUMNS, "  - ", "    ")
