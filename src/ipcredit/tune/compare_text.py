"""A comparison as a page: blocks of text and tables, printed for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ipcredit.fund.fund import Fund
from ipcredit.fund.result import Figure
from ipcredit.fund.result_text import about_money, percent
from ipcredit.fund.scenario import Scenario
from ipcredit.messages import text
from ipcredit.money import format_money
from ipcredit.paper import Block, Paper, Row
from ipcredit.reader import Title
from ipcredit.tune.compare_data import groups_of, lines_of, pots_of
from ipcredit.tune.fund_year import LEVEL
from ipcredit.tune.groups import UNKNOWN
from ipcredit.tune.movements import Movements, Mover
from ipcredit.tune.outcome import NO_TIERS, OTHER_STATES, Group

MOST_ROWS: Final = 40
"""Rows of a table of districts, pots or parameters on the page; frames and JSON hold all."""


def text_of(found: Movements, lang: str, width: int = 100) -> str:
    """The page in ``zh``, ``en`` or ``both`` (Chinese first)."""
    if lang == "both":
        return f"{text_of(found, 'zh', width)}\n\n{text_of(found, 'en', width)}"
    paper = Paper(width, lang, False)
    for block in blocks_of(found, lang):
        paper.block(block)
    return paper.text()


def blocks_of(found: Movements, lang: str) -> list[Block]:
    """Everything the page says, in one language."""
    return list(ComparePage(found, lang).blocks())


class ComparePage:
    """The blocks of one comparison in one language."""

    def __init__(self, found: Movements, lang: str) -> None:
        self.found, self.lang = found, lang
        self.before, self.after = found.before, found.after
        self.currency = found.before.currency

    def say(self, code: str, **args: object) -> str:
        """A text of this page."""
        return text(f"tune-compare.{code}", self.lang, **args)

    def count(self, number: int) -> str:
        """A number of firms."""
        return f"{number:,}"

    def more(self, number: int) -> str:
        """A change in a number of firms."""
        return f"{number:+,}" if number else "0"

    def money(self, amount: int) -> str:
        """An exact amount."""
        return format_money(amount, self.currency, self.lang)

    def moved(self, amount: int) -> str:
        """A change of an amount, with its sign."""
        return f"{_sign(amount)}{self.money(abs(amount))}"

    def about(self, figure: Figure) -> str:
        """An amount that a model gives, rounded."""
        shown = about_money(figure.value, self.currency, self.lang)
        if figure.method not in ("sampled", "factors"):
            return shown
        return f"{shown} ± {about_money(figure.error, self.currency, self.lang)}"

    def chance(self, figure: Figure) -> str:
        """A probability."""
        shown = percent(figure.value)
        return (
            f"{shown} ± {percent(figure.error)}"
            if figure.method in ("sampled", "factors")
            else shown
        )

    def points(self, change: float) -> str:
        """A change of a probability, in percentage points."""
        shown = f"{100 * change:+.3g}" if abs(change) > 1e-12 else "0"
        return self.say("points", value=shown)

    def state(self, name: str) -> str:
        """A tier, or what else became of a firm."""
        known = (*OTHER_STATES, NO_TIERS)
        return self.say(f"state.{name}") if name in known else self.say("tier", tier=name)

    def label(self, name: str, kind: str = "district") -> str:
        """A district or class of size."""
        if name == UNKNOWN:
            return self.say("not-given")
        return self.say(f"size.{name}") if kind == "sizes" else name

    def part(self, name: str) -> str:
        """A part of the line."""
        if name == "total":
            return self.say("total")
        parts = (*self.before.policy.rules.parts, *self.after.policy.rules.parts)
        return next(part.title for part in parts if part.name == name).text(self.lang)

    def pot(self, pot: str, district: str) -> str:
        """A pot by its title, with the district."""
        fund = self.found.setting.fund
        titles = {} if fund is None else {p.name: p.title for p in fund.terms.pots}
        title = titles.get(pot)
        name = pot if title is None else title.text(self.lang)
        if not titles and pot == "fund":
            name = self.say("one-pot")
        return self.say("pot", pot=name, district=district) if district else name

    # -- blocks --------------------------------------------------------------------------------

    def blocks(self) -> Iterator[Block]:
        """All, top to bottom."""
        yield self.head()
        yield self.parameters()
        yield self.migration()
        if self.found.decisions:
            rows = [
                Row((d.title.text(self.lang), d.path, self.count(d.firms)))
                for d in self.found.decisions[:MOST_ROWS]
            ]
            yield Block(self.say("decisions"), columns=self.cells("rule", "path", "firms"),
                        rows=tuple(rows), notes=(self.say("decisions-note"),))  # fmt: skip
        yield self.movers("winners", self.found.winners)
        yield self.movers("losers", self.found.losers)
        yield self.lines()
        yield self.groups("districts")
        if self.before.sizes:
            yield self.groups("sizes")
        if self.found.setting.fund is not None:
            yield self.fund()
            yield self.pots()
        yield Block(self.say("notes"), notes=tuple(self.notes()))

    def cells(self, *codes: str) -> tuple[str, ...]:
        """Headings of columns."""
        return tuple(self.say(f"column.{code}") for code in codes)

    def head(self) -> Block:
        """What is compared, and the answer in three sentences."""
        one, two = self.before.policy, self.after.policy
        facts = [
            Row((self.say("before"), self.named(one.title, one.id, one.edition, len(one.changes)), "")),
            Row((self.say("after"), self.named(two.title, two.id, two.edition, len(two.changes)), "")),
            Row((self.say("firms"), f"{self.count(self.before.firms)}", "")),
            Row((self.say("day"), self.found.setting.on.isoformat(), "")),
        ]  # fmt: skip
        given = self.found.setting
        if given.fund is not None:
            fund = given.fund
            facts.append(Row((self.say("fund"), self.named(fund.title, fund.id, fund.edition, len(fund.changes)), "")))  # fmt: skip
        if given.scenario is not None:
            title = given.scenario.title.text(self.lang)
            facts.append(Row((self.say("scenario"), f"{title} ({given.scenario.id})", "")))
        return Block(self.say("title"), 0, notes=tuple(self.answer()), facts=tuple(facts))

    def named(self, title: Title, name: str, edition: str, changes: int) -> str:
        """A policy or fund with how often it was changed."""
        shown = f"{title.text(self.lang)} ({name}@{edition})"
        return self.say("changed", name=shown, count=changes) if changes else shown

    def answer(self) -> Iterator[str]:
        """Who moves, what it costs, whether the fund holds."""
        found = self.found
        gain, lose = int(found.gains.sum()), int(found.loses.sum())
        yield self.say("answer-firms", gain=self.count(gain), lose=self.count(lose),
                       before=self.count(self.before.eligible),
                       after=self.count(self.after.eligible))  # fmt: skip
        change = self.after.total - self.before.total
        share = "" if not self.before.total else f"{100 * change / self.before.total:+.2f} %"
        yield self.say(
            "answer-lines", change=self.moved(change), share=share or "-",
            total=self.money(self.after.total),
        )  # fmt: skip
        one, two = self.before.fund, self.after.fund
        if one is not None and two is not None:
            yield self.say("answer-fund", before=self.about(one.expected),
                           after=self.about(two.expected), dry_before=self.chance(one.dry),
                           dry_after=self.chance(two.dry))  # fmt: skip

    def parameters(self) -> Block:
        """What differs."""
        found = self.found.parameters
        rows = []
        for item in found[:MOST_ROWS]:
            basis = item.basis_before.text(self.lang), item.basis_after.text(self.lang)
            shown = basis[0] if basis[0] == basis[1] else " → ".join(basis)
            one, two = item.shown_before.text(self.lang), item.shown_after.text(self.lang)
            rows.append(Row((item.path, one, two, shown)))
        notes = [] if found else [self.say("no-difference")]
        if len(found) > MOST_ROWS:
            notes.append(self.say("shortened", count=len(found) - MOST_ROWS))
        columns = self.cells("path", "before", "after", "basis")
        return Block(self.say("parameters"), notes=tuple(notes), columns=columns, rows=tuple(rows))

    def migration(self) -> Block:
        """From rows to columns; states that no firm has are left out."""
        matrix = self.found.matrix
        kept_rows = [at for at in range(matrix.shape[0]) if matrix[at].any()]
        kept = [at for at in range(matrix.shape[1]) if matrix[:, at].any()]
        rows = [
            Row((self.state(self.before.states[at]),
                 *(self.count(int(matrix[at, to])) for to in kept),
                 self.count(int(matrix[at].sum()))))
            for at in kept_rows
        ]  # fmt: skip
        sums = [self.count(int(matrix[:, to].sum())) for to in kept]
        rows.append(Row((self.say("all"), *sums, self.count(int(matrix.sum())))))
        columns = (self.say("from-to"), *(self.state(self.after.states[at]) for at in kept),
                   self.say("all"))  # fmt: skip
        return Block(self.say("migration"), notes=(self.say("migration-note"),), columns=columns,
                     rows=tuple(rows))  # fmt: skip

    def movers(self, side: str, movers: Sequence[Mover]) -> Block:
        """The firms that gain or lose most, and by which rule."""
        count = int((self.found.gains if side == "winners" else self.found.loses).sum())
        rows = [self.mover(mover) for mover in movers]
        notes = [self.say(f"{side}-note", count=self.count(count), listed=len(rows))]
        columns = self.cells("firm", "tier", "line-change", "why")
        heading = self.say(side)
        return Block(heading, notes=tuple(notes), columns=columns, rows=tuple(rows))

    def mover(self, mover: Mover) -> Row:
        """One firm."""
        reasons = self.found.because(mover.row)
        why = " / ".join(reason.text(self.lang) for reason in reasons) or self.say("no-reason")
        tier = self.state(mover.before)
        if mover.after != mover.before:
            tier = f"{tier} → {self.state(mover.after)}"
        mark = text("words.comma", self.lang)
        name = mover.name if mover.district == UNKNOWN else mover.name + mark + mover.district
        return Row((name, tier, self.moved(mover.change), why))

    def lines(self) -> Block:
        """By part."""
        rows = [
            Row((self.part(name), self.money(a), self.money(b), self.moved(b - a)))
            for name, a, b in lines_of(self.found)
        ]
        columns = self.cells("part", "before", "after", "change")
        return Block(self.say("lines"), columns=columns, rows=tuple(rows))

    def groups(self, name: str) -> Block:
        """By district or size."""
        pairs = groups_of(self.found, name)
        shown = pairs
        notes = [self.say("sizes-note")] if name == "sizes" else []
        if len(pairs) > MOST_ROWS:
            shown = sorted(pairs, key=lambda pair: -abs(pair[1].line - pair[0].line))[:MOST_ROWS]
            notes.append(self.say("shortened", count=len(pairs) - MOST_ROWS))
        rows = [self.group(name, *pair) for pair in shown]
        columns = self.cells(
            "district" if name == "districts" else "size", "firms", "eligible-before",
            "eligible-after", "before", "after", "change",
        )  # fmt: skip
        return Block(self.say(name), notes=tuple(notes), columns=columns, rows=tuple(rows))

    def group(self, kind: str, one: Group, two: Group) -> Row:
        """One district or class."""
        amounts = self.money(one.line), self.money(two.line), self.moved(two.line - one.line)
        counts = one.firms, one.eligible, two.eligible
        return Row((self.label(one.label, kind), *map(self.count, counts), *amounts))

    def fund(self) -> Block:
        """Cost and exhaustion of the whole fund."""
        one, two = self.before.fund, self.after.fund
        assert one is not None
        assert two is not None
        rows = [
            Row((self.say("fund.borrowers"), self.count(one.borrowers), self.count(two.borrowers),
                 self.more(two.borrowers - one.borrowers), "")),
            Row((self.say("fund.outstanding"), self.money(one.outstanding),
                 self.money(two.outstanding), self.moved(two.outstanding - one.outstanding), "")),
        ]  # fmt: skip
        for code in ("expected", "net", "quantile"):
            a, b = getattr(one, code), getattr(two, code)
            change = self.signed(b.value - a.value)
            name = self.say(f"fund.{code}", level=f"{100 * LEVEL:g} %")
            rows.append(Row((name, self.about(a), self.about(b), change, self.how(a, b))))
        name = self.say("fund.dry", money=self.money(one.money), tested=self.tested(one.tested))
        change = self.points(two.dry.value - one.dry.value)
        rows.append(
            Row(
                (
                    name,
                    self.chance(one.dry),
                    self.chance(two.dry),
                    change,
                    self.how(one.dry, two.dry),
                )
            )
        )
        columns = self.cells("figure", "before", "after", "change", "method")
        return Block(self.say("fund-year"), columns=columns, rows=tuple(rows))

    def signed(self, change: float) -> str:
        """A change of an amount that a model gives."""
        return f"{_sign(round(change))}{about_money(abs(change), self.currency, self.lang)}"

    def tested(self, kind: str) -> str:
        """Which capital is tested."""
        return text(f"fund-results.capital.{kind}", self.lang)

    def how(self, one: Figure, two: Figure) -> str:
        """Method and error; relative to the figure, the larger of the two."""
        worst = max(one, two, key=lambda f: f.error / abs(f.value) if f.value else 0.0)
        method = text(f"fund-results.method.{worst.method}", self.lang)
        if not worst.error or not worst.value:
            return method
        return self.say("method", method=method, error=percent(worst.error / abs(worst.value)))

    def pots(self) -> Block:
        """Each pot: money, expected payout, exhaustion."""
        found = pots_of(self.found)
        shown, notes = found, [self.say("pots-note")]
        if len(found) > MOST_ROWS:
            shown = sorted(found, key=lambda row: -row[2][5].value)[:MOST_ROWS]
            notes.append(self.say("shortened", count=len(found) - MOST_ROWS))
        rows = [
            Row((self.pot(pot, district), self.about(one[1]), self.about(one[4]),
                 self.chance(one[2]), self.chance(one[5]),
                 self.points(one[5].value - one[2].value), self.how(one[2], one[5])))
            for pot, district, one in shown
        ]  # fmt: skip
        columns = self.cells("pot", "expected-before", "expected-after", "dry-before", "dry-after",
                             "change", "method")  # fmt: skip
        return Block(self.say("pots"), notes=tuple(notes), columns=columns, rows=tuple(rows))

    def notes(self) -> Iterator[str]:
        """What to keep in mind."""
        open_ = self.before.tiers["incomplete"] + self.before.tiers["invalid"]
        later = self.after.tiers["incomplete"] + self.after.tiers["invalid"]
        if open_ or later:
            yield self.say("note-open", before=self.count(open_), after=self.count(later))
        one, two = self.before.fund, self.after.fund
        if one is not None and two is not None:
            yield self.say("note-pd")
            if one.left_out or two.left_out:
                yield self.say("note-left", before=self.count(one.left_out),
                               after=self.count(two.left_out))  # fmt: skip
            given = self.found.setting
            yield self.say("note-assumed", fund=_assumed(given.fund),
                           scenario=_assumed(given.scenario))  # fmt: skip
        yield text("note.person-decides", self.lang)


def _sign(amount: int) -> str:
    return "+" if amount > 0 else "-" if amount < 0 else ""


def _assumed(rules: Fund | Scenario | None) -> int:
    return 0 if rules is None else len(rules.assumed())
