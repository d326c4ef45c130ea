"""A fund's shares, claims and money as blocks of text and tables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ipcredit.fund.fund import Fund
from ipcredit.fund.page_words import band_texts, due_text, phrase, raw_text, when_text
from ipcredit.fund.terms import LENDER, CoverRule, Party, Use, When
from ipcredit.paper import Block, Row
from ipcredit.rule_page import Mark, RulePage
from ipcredit.wording import amount, percent, plain


class FundPage(RulePage):
    """What every block of one printed fund shares."""

    def __init__(self, fund: Fund, lang: str) -> None:
        super().__init__(fund, lang)
        self.terms = fund.terms

    def put(self, code: str, **args: object) -> str:
        """A phrase in the page's language."""
        return phrase(code, self.lang, **args)

    def heads(self, *names: str) -> tuple[str, ...]:
        """Column headings by name, the basis last."""
        return (*(self.put(f"column.{name}") for name in names), self.say("show.column.basis"))

    def told(self, label: str, text: str, *paths: str) -> Row:
        """A labelled fact with the marks of the values at these paths."""
        return self.fact(f"fund-show.fact.{label}", text, self.mark(*paths))

    def loans(self, test: When) -> str:
        """To which loans a rule applies."""
        return when_text(test, self.currency, self.lang)

    def money(self, minor: int) -> str:
        """An amount."""
        return amount(minor, self.currency, self.lang)

    def written(self, raw: str, path: str) -> str:
        """A value as the file writes it in words, where it has any."""
        return raw_text(raw, path, self.currency, self.lang)

    def readings(self, path: str) -> list[Row]:
        """How a rule of the text was read, as a fact of its own."""
        return [
            self.told("reading", number.assumed.text(self.lang), number.path)
            for number in self.book.under(f"{path}.reading")
            if number.assumed is not None
        ]


def covers(page: FundPage) -> Row:
    """Which loans the fund covers, as a fact of the head."""
    text = page.put(f"covers.{page.terms.covers}")
    return page.fact("fund-show.head.covers", text, page.mark("covers"))


# -- shares ----------------------------------------------------------------------------------


def shares(page: FundPage) -> Iterator[Block]:
    """Who bears what of a loss, rule by rule; the other parties; the uplifts."""
    terms, cover = page.terms, page.terms.cover
    named = [party for party in terms.parties if party.name != LENDER]
    rest = next((party for party in terms.parties if party.share is None), None)
    note = page.put("shares-note")
    if rest is not None and rest.name != LENDER:
        note = page.put("shares-note-rest", party=page.name(rest.title, rest.name))
    notes = [note]
    if any(rule.slices for rule in cover.rules):
        notes.append(page.put("slices-note"))
    if cover.uplifts:
        notes.append(page.put("uplifts-note"))
    rows = [row for rule in cover.rules for row in _rule(page, rule, named)]
    names = [page.name(party.title, party.name) for party in named]
    columns = (
        page.put("column.case"),
        page.put("column.fund"),
        *names,
        page.put("column.lender"),
        page.say("show.column.basis"),
    )
    yield Block(
        page.put("section.shares"),
        path="cover",
        notes=tuple(notes),
        facts=tuple(_cover_facts(page)),
        columns=columns,
        rows=tuple(rows),
    )
    if cover.uplifts:
        yield _uplifts(page)
    if terms.parties:
        yield _parties(page)


def _cover_facts(page: FundPage) -> Iterator[Row]:
    cover = page.terms.cover
    if len(cover.rules) > 1:
        yield page.told("pick", page.put(f"pick.{cover.pick}"), "cover.pick")
    if cover.most is not None:
        yield page.told("most", percent(cover.most), "cover.most")
    if cover.of_liability is not None:
        text = page.put("of-liability", share=percent(cover.of_liability))
        yield page.told("of-liability", text, "cover.of_liability")
    yield from page.readings("cover")
    for rule in cover.rules:
        yield from page.readings(rule.path)


def _rule(page: FundPage, rule: CoverRule, named: list[Party]) -> Iterator[Row]:
    """One row for each band of a rule, with what each party bears."""
    label = page.put("by", label=page.put(f"attribute.{rule.by}")) if rule.by else rule.name
    case = page.name(rule.title, label)
    if rule.when != When():
        case = f"{case}\n{page.loans(rule.when)}"
    if not rule.by:
        paths = (f"{rule.path}.share", f"{rule.path}.when")
        mark = page.rule_mark(rule.path, *paths)
        yield page.row(case, *_split(page, rule.steps[0].rate, named), mark=mark)
        return
    texts = band_texts(rule.by, rule.steps, page.currency, page.lang)
    yield page.row(case, *("" for _ in range(len(named) + 2)), mark=_way(page, rule))
    for at, text in enumerate(texts):
        if at == len(rule.steps):
            yield page.row(f"  {text}", *[page.put("dash")] * (len(named) + 2))
            continue
        mark = page.mark(f"{rule.path}.bands.{at}", f"{rule.path}.bands.value.{at}")
        yield page.row(f"  {text}", *_split(page, rule.steps[at].rate, named), mark=mark)


def _way(page: FundPage, rule: CoverRule) -> Mark:
    """The marks of how the bands of a rule are meant."""
    return page.mark(*(f"{rule.path}.{key}" for key in ("by", "applies", "when")))


def _split(page: FundPage, share: Fraction, named: list[Party]) -> list[str]:
    """What the fund, the named parties and the lender bear of a loss."""
    parties = page.terms.parties
    fixed = sum((party.share or Fraction(0) for party in parties), Fraction(0))
    left = 1 - share - fixed
    shown = [percent(left if party.share is None else party.share) for party in named]
    own = next((party for party in parties if party.name == LENDER), None)
    taken = any(party.share is None for party in named)
    if own is not None and own.share is not None:
        lender = own.share
    else:
        lender = Fraction(0) if taken else left
    return [percent(share), *shown, percent(lender)]


def _uplifts(page: FundPage) -> Block:
    rows = []
    for item in page.terms.cover.uplifts:
        points = plain(item.points * 100)
        cells = (
            page.name(item.title, item.name),
            page.loans(item.when),
            page.put("points-plus" if item.points > 0 else "points-minus", points=points),
        )
        paths = (f"{item.path}.points", f"{item.path}.when", f"{item.path}.reading")
        rows.append(page.row(*cells, mark=page.rule_mark(item.path, *paths)))
    heading = page.put("section.uplifts")
    columns = page.heads("uplift", "applies", "points")
    return Block(heading, 2, "cover.uplift", columns=columns, rows=tuple(rows))


def _parties(page: FundPage) -> Block:
    rows = []
    for item in page.terms.parties:
        cells = (
            page.name(item.title, item.name),
            page.put("rest") if item.share is None else percent(item.share),
            page.put("dash") if item.least is None else percent(item.least),
        )
        rows.append(page.row(*cells, mark=page.rule_mark(item.path)))
    heading = page.put("section.parties")
    columns = page.heads("party", "bears", "least")
    return Block(heading, 2, "parties", columns=columns, rows=tuple(rows))


# -- claims ----------------------------------------------------------------------------------


def claims(page: FundPage) -> Iterator[Block]:
    """What counts as a loss, when it is paid, and which loans are covered at all."""
    claim = page.terms.claim
    rest = next((party for party in page.terms.parties if party.share is None), None)
    party = page.put("lender") if rest is None else page.name(rest.title, rest.name)
    eligible = page.put("principal-interest" if claim.interest else "principal", party=party)
    advance = page.put("advance" if claim.advance else "after-recovery")
    due = due_text(claim, page.lang)
    yield Block(
        page.put("section.claim"),
        path="claim",
        facts=(
            page.told("eligible", eligible, "claim.interest"),
            page.told("advance", advance, "claim.advance"),
            page.told("due", due, "claim.overdue_days", "claim.waiting_days"),
            *page.readings("claim"),
        ),
    )
    rows = []
    for item in page.terms.conditions:
        text = page.put("one-scheme") if item.one_scheme else page.loans(item.when)
        mark = page.rule_mark(item.path)
        rows.append(page.row(page.name(item.title, item.name), text, mark=mark))
    if rows:
        heading = page.put("section.conditions")
        columns = page.heads("condition", "requires")
        yield Block(heading, 2, "conditions", columns=columns, rows=tuple(rows))


# -- money -----------------------------------------------------------------------------------


def money(page: FundPage) -> Iterator[Block]:
    """What money there is, what bounds it, and the pots that pay."""
    terms, lang = page.terms.money, page.lang
    facts = []
    for label, key, known in (
        ("committed", "committed", terms.committed),
        ("paid-in", "paid_in", terms.paid_in),
        ("cash", "cash", terms.cash),
    ):
        if known is not None or label == terms.tested:
            text = page.put("asked") if known is None else page.money(known)
            facts.append(page.told(label, text, f"money.{key}"))
    if terms.paid_in_least is not None:
        text = page.put("of-commitment", share=percent(terms.paid_in_least))
        facts.append(page.told("paid-in-least", text, "money.paid_in_least"))
    facts.append(page.told("tested", page.put(f"capital.{terms.tested}"), "money.tested"))
    facts.append(page.told("shortage", page.put(f"shortage.{terms.shortage}"), "money.shortage"))
    if any(pot.by_district for pot in page.terms.pots):
        pairs = [f"{name} {percent(part)}" for name, part in terms.districts]
        text = page.join(pairs) or page.put("districts.lending")
        facts.append(page.told("districts", text, "money.districts"))
    if page.book.under("money.interest"):
        text = page.put("a-year", rate=percent(terms.interest))
        facts.append(page.told("interest", text, "money.interest"))
    if terms.top_up is not None:
        most = "" if terms.top_up.most is None else page.money(terms.top_up.most)
        code = "top-up-most" if most else "top-up"
        text = phrase(code, lang, to=percent(terms.top_up.to), most=most)
        facts.append(page.told("top-up", text, "money.top_up"))
    facts += [_use(page, item) for item in terms.uses]
    leverage = page.terms.leverage
    if leverage is not None:
        capital = page.put(f"capital.{leverage.capital}")
        text = page.put("leverage", most=plain(leverage.most), capital=capital)
        facts.append(page.told("leverage", text, "leverage"))
    notes = () if page.terms.pots else (page.put("one-pot"),)
    facts += page.readings("money")
    yield Block(page.put("section.money"), path="money", notes=notes, facts=tuple(facts))
    if page.terms.pots:
        yield _pots(page)


def _use(page: FundPage, item: Use) -> Row:
    if item.share is not None:
        most = page.put("use-share", share=percent(item.share))
    else:
        most = page.money(item.amount or 0)
    text = page.put("use", title=page.name(item.title, item.name), most=most)
    return page.told("use", text, item.path)


def _pots(page: FundPage) -> Block:
    rows = []
    for item in page.terms.pots:
        cells = (
            page.name(item.title, item.name),
            percent(item.share),
            page.put("kept.district" if item.by_district else "kept.fund"),
        )
        rows.append(page.row(*cells, mark=page.rule_mark(item.path)))
    heading = page.put("section.pots")
    columns = page.heads("pot", "pays", "kept")
    return Block(heading, 2, "pots", columns=columns, rows=tuple(rows))
