"""Payments on claims as text for a person: who owes what, why, by which source, from which pot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ipcredit.fund.page_blocks import FundPage
from ipcredit.fund.page_limits import unpublished
from ipcredit.fund.pay import PayResult
from ipcredit.fund.terms import LENDER
from ipcredit.fund.waterfall_pots import pots_of
from ipcredit.fund.waterfall_results import FUND, STATUSES, Decision, PotBalance
from ipcredit.layout import printable
from ipcredit.paper import Block, Paper, Row
from ipcredit.reader import Title
from ipcredit.rule_blocks import assumptions, sources
from ipcredit.rule_page import Mark
from ipcredit.wording import percent

MOST_CLAIMS = 200
"""Claims that the text shows one by one; JSON and CSV hold all."""
_OWN = ("cover", "cover.most", "cover.of_liability", "covers", "money", "quota")
"""Clauses that have no title of their own in a fund file."""


def pay_text(result: PayResult, lang: str, *, width: int = 100, color: bool = False) -> str:
    """The whole result: each claim with who bears what and which clause decided, totals, pots.

    ``lang`` is ``zh``, ``en`` or ``both`` (Chinese first).  Lines are folded at ``width``.
    """
    if lang == "both":
        return "\n\n".join(pay_text(result, one, width=width, color=color) for one in ("zh", "en"))
    page = _Page(result, lang)
    paper = Paper(width, lang, color)
    for block in page.blocks():
        paper.block(block)
    paper.line()
    paper.line(page.own("person"))
    return paper.text()


class _Page(FundPage):
    """The blocks of one result in one language."""

    def __init__(self, result: PayResult, lang: str) -> None:
        super().__init__(result.fund, lang)
        self.result, self.payments = result, result.payments
        terms = self.terms
        self.titles: dict[str, Title | None] = {}
        self.titles |= {item.path: item.title for item in terms.conditions}
        self.titles |= {item.path: item.title for item in terms.cover.rules}
        self.titles |= {item.path: item.title for item in pots_of(terms)}
        self.titles |= {item.path: item.title for item in terms.limits}
        self.titles |= {item.path: item.title for item in terms.breakers}
        self.parties = {item.name: item.title for item in terms.parties}
        self.pots = {item.name: item.title for item in pots_of(terms)}

    def own(self, code: str, **args: object) -> str:
        """A text of this report."""
        return self.say(f"fund-pay.{code}", **args)

    def heads_of(self, *names: str) -> tuple[str, ...]:
        """Column headings by name."""
        return tuple(self.own(f"column.{name}") for name in names)

    def blocks(self) -> Iterator[Block]:
        """Everything, in the order in which it is printed."""
        yield self._head()
        yield from self._left_out()
        yield from self._claims()
        yield self._totals()
        yield self._pots()
        yield from self._shared("lender", lambda item: item.claim.lender)
        yield from self._shared("district", lambda item: item.claim.district)
        yield from self._breakers()
        yield from self._limits()
        yield from unpublished(self)
        yield sources(self)
        yield from assumptions(self)

    # -- names -----------------------------------------------------------------------------------

    def clause(self, path: str) -> str:
        """A clause by its title, with what it is; its path where it has none."""
        if path in _OWN:
            return self.own(f"clause.{path}")
        title = self.titles.get(path)
        return path if title is None else title.text(self.lang)

    def clause_mark(self, path: str) -> Mark:
        """Where a clause comes from."""
        return self.mark("covers") if path == "covers" else self.rule_mark(path)

    def party(self, name: str) -> str:
        """A party by its title."""
        if name == FUND:
            return self.own("party.fund")
        title = self.parties.get(name)
        if title is None:
            return self.own("party.lender") if name == LENDER else name
        return title.text(self.lang)

    def pot(self, name: str) -> str:
        """A pot by its title."""
        title = self.pots.get(name)
        return name if title is None else title.text(self.lang)

    def who(self, per: str, scope: str) -> str:
        """Whose a limit or a breaker is."""
        return printable(scope) if scope else self.put(f"per.{per}")

    # -- blocks ----------------------------------------------------------------------------------

    def _head(self) -> Block:
        fund, payments = self.result.fund, self.payments
        last = payments.last_day
        tally = dict.fromkeys(STATUSES, 0)
        for item in payments.decisions:
            tally[item.status] += 1
        counts = self.join(
            self.own(f"count.{name}", count=count) for name, count in tally.items() if count
        )
        given = f"{fund.id}@{fund.edition}"
        facts = [
            Row((self.own("fact.fund"), f"{given}  {fund.fingerprint[:12]}", "")),
            Row((self.own("fact.last-day"), self.own("none") if last is None else f"{last}", "")),
            Row((self.own("fact.claims"), counts or self.own("none"), "")),
            self.row(
                self.own("fact.tested"),
                self.put(f"capital.{self.terms.money.tested}"),
                mark=self.mark("money.tested"),
            ),
        ]
        facts += [
            Row(
                (self.own("fact.changed"), f"{change.path}: {change.old} → {change.new}", ""),
                (),
                True,
            )
            for change in fund.changes
        ]
        return Block(self.own("heading", title=fund.title.text(self.lang)), 0, facts=tuple(facts))

    def _left_out(self) -> Iterator[Block]:
        problems = self.result.problems
        if problems:
            notes = tuple(printable(problem.text(self.lang)) for problem in problems)
            yield Block(self.own("section.left-out", count=len(problems)), notes=notes)

    def _claims(self) -> Iterator[Block]:
        decisions = self.payments.decisions
        if not decisions:
            return
        rows = [self._claim(item) for item in decisions[:MOST_CLAIMS]]
        more = len(decisions) - MOST_CLAIMS
        yield Block(
            self.own("section.claims"),
            notes=(self.own("more-claims", count=more),) if more > 0 else (),
            columns=self.heads_of("claim", "loss", "fund", "others", "decided", "basis"),
            rows=tuple(rows),
        )

    def _claim(self, item: Decision) -> Row:
        claim = item.claim
        day = item.due if item.settled is None else item.settled
        status = f"{self.own(f'status.{item.status}')} {day}"
        others = [
            f"{self.party(party)} {self.money(amount)}"
            for party, amount in item.parties.items()
            if amount
        ]
        fund = [self.money(item.fund)]
        for code, amount in (
            ("owed", item.owed), ("returned", item.returned), ("clawed", item.clawed_back),
        ):  # fmt: skip
            if amount:
                fund.append(self.own(f"fund-{code}", amount=self.money(amount)))
        # What decided stands first; what else lowered it follows in the order in which it acted.
        paths = list(dict.fromkeys(filter(None, (item.decided_by, *item.lowered))))
        texts = [self.clause(path) for path in paths[:1]]
        if len(paths) > 1:
            texts.append(self.own("lowered", clauses=self.join(map(self.clause, paths[1:]))))
        mark = self.clause_mark(paths[0]) if paths else Mark()
        name = f"{printable(claim.id)}\n{printable(f'{claim.lender} {claim.district}').strip()}"
        name = f"{name}\n{status}"
        cells = (name, self.money(item.loss), "\n".join(fund), "\n".join(others))
        return self.row(*cells, "\n".join(texts), mark=mark)

    def _totals(self) -> Block:
        rows = [
            Row((self.party(party), self.money(amount)))
            for party, amount in self.payments.totals().items()
        ]
        rows.append(Row((self.own("returned"), self.money(self.payments.returned))))
        columns = self.heads_of("party", "bears")
        return Block(self.own("section.totals"), columns=columns, rows=tuple(rows))

    def _pots(self) -> Block:
        last: dict[tuple[str, str], PotBalance] = {}
        for item in self.payments.pots:
            last[item.pot, item.district] = item
        rows = [
            Row((
                self.pot(item.pot), printable(item.district) or self.own("none"),
                *(self.money(amount) for amount in (item.capital, item.paid, item.back, item.left)),
            ))
            for _, item in sorted(last.items())
        ]  # fmt: skip
        columns = self.heads_of("pot", "district", "capital", "paid", "back", "left")
        return Block(self.own("section.pots"), columns=columns, rows=tuple(rows))

    def _shared(self, what: str, key: Callable[[Decision], str]) -> Iterator[Block]:
        found: dict[str, list[int]] = {}
        for item in self.payments.decisions:
            sums = found.setdefault(key(item), [0, 0, 0])
            for at, amount in enumerate((1, item.loss, item.fund)):
                sums[at] += amount
        if len(found) > 1:
            rows = [
                Row((printable(name), str(count), self.money(loss), self.money(paid)))
                for name, (count, loss, paid) in sorted(found.items())
            ]
            columns = self.heads_of(what, "count", "loss", "fund")
            yield Block(self.own(f"section.{what}"), columns=columns, rows=tuple(rows))

    def _breakers(self) -> Iterator[Block]:
        if not self.terms.breakers:
            return
        rows = []
        for item in self.payments.breakers:
            rate = percent(Fraction(item.measure, item.base)) if item.base else self.own("no-base")
            amounts = f"{self.money(item.measure)} ÷ {self.money(item.base)} = {rate}"
            state = self.own("tripped" if item.tripped else "lifted")
            who = self.who(item.per, item.scope)
            mark = self.clause_mark(item.path)
            rows.append(
                self.row(f"{item.day}", self.clause(item.path), who, state, amounts, mark=mark)
            )
        yield Block(
            self.own("section.breakers"),
            notes=() if rows else (self.own("no-breaker"),),
            columns=self.heads_of("day", "clause", "whom", "state", "measured", "basis"),
            rows=tuple(rows),
        )

    def _limits(self) -> Iterator[Block]:
        rows = []
        for item in self.payments.limits:
            whom = self.who(item.per, item.scope)
            if item.year:
                whom = f"{whom} {item.year}"
            ceiling = self.own("none") if item.ceiling is None else self.money(item.ceiling)
            cells = (self.clause(item.path), whom, self.money(item.used), ceiling)
            rows.append(self.row(*cells, mark=self.clause_mark(item.path)))
        if rows:
            more = len(rows) - MOST_CLAIMS
            yield Block(
                self.own("section.limits"),
                notes=(self.own("more-limits", count=more),) if more > 0 else (),
                columns=self.heads_of("clause", "whom", "used", "ceiling", "basis"),
                rows=tuple(rows[:MOST_CLAIMS]),
            )
