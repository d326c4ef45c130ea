"""What every printed edition of rules has: head, sources, assumptions, and the numbers left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipcredit.fields import FIELDS
from ipcredit.paper import Block, Row
from ipcredit.reader import EVIDENCE, Number
from ipcredit.rule_page import Book, Mark, RulePage
from ipcredit.rule_words import currency_text, dates_text
from ipcredit.rules import Op
from ipcredit.wording import say

# -- head and sources ------------------------------------------------------------------------


def evidence_text(book: Book, lang: str) -> str:
    """How many numbers are official, secondary, assumed, and changed by a person.

    >>> from ipcredit.policy import Policy
    >>> evidence_text(Policy.load("cn-tech-sme@2017"), "en")
    '49 in all: official 0 (0 %), secondary 46 (94 %), assumed 3 (6 %)'
    """
    marks = ["changed" if n.changed else n.evidence for n in book.numbers]
    kinds = [*EVIDENCE, *(["changed"] if "changed" in marks else [])]
    parts = [
        say(
            "show.evidence-part",
            lang,
            mark=say(f"show.evidence.{kind}", lang),
            count=marks.count(kind),
            share=whole_percent(marks.count(kind), len(marks)),
        )
        for kind in kinds
    ]
    text = say("show.comma", lang).join(parts)
    return say("show.evidence-all", lang, total=len(marks), parts=text)


def whole_percent(part: int, whole: int) -> str:
    """A share in whole percent; never 0 % or 100 % where that is only nearly so.

    >>> whole_percent(1, 300), whole_percent(299, 300), whole_percent(0, 300)
    ('<1 %', '>99 %', '0 %')
    """
    rounded = round(100 * part / whole) if whole else 0
    if part and not rounded:
        return "<1 %"
    return ">99 %" if rounded == 100 and part < whole else f"{rounded} %"


def head(page: RulePage, label: str, *more: Row) -> Block:
    """What the edition is, when it holds, and how far its numbers can be trusted.

    ``label``: message code of what it is; ``more``: facts at the end.
    """
    book, lang = page.book, page.lang
    country = book.content.country
    known = FIELDS["country"]
    if country in known.choices:
        country = known.choice_label(country, lang)
    dates = page.mark("in_force")
    facts = [
        page.fact(label, f"{book.id}@{book.edition}"),
        page.fact("show.head.dates", dates_text(book.in_force, lang), dates),
    ]
    if book.last_confirmed is not None:
        text = page.say("show.confirmed", date=book.last_confirmed)
        facts.append(page.fact("show.head.confirmed", text))
    facts.append(page.fact("show.head.currency", currency_text(book.currency, lang)))
    if country:
        facts.append(page.fact("show.head.country", country))
    facts += [
        page.fact("show.head.fingerprint", book.fingerprint),
        page.fact("show.head.numbers", evidence_text(book, lang)),
    ]
    changes = [
        page.say("show.change", path=change.path, old=change.old, new=change.new)
        for change in book.changes
    ]
    text = "\n".join(changes) or page.say("show.no-changes")
    facts.append(page.fact("show.head.changes", text, Mark(changed=bool(changes))))
    return Block(book.title.text(lang), 0, facts=(*facts, *more))


def sources(page: RulePage) -> Block:
    """The documents that numbers come from, numbered as the marks name them."""
    book, lang = page.book, page.lang
    taken = [n.source for n in book.numbers if n.evidence != "assumed" and not n.changed]
    rows = []
    for at, item in enumerate(book.content.sources, 1):
        title = [] if item.title is None else [item.title.text(lang)]
        notes = [] if item.note is None else [item.note.text(lang)]
        cells = (
            f"[{at}]",
            "\n".join([item.document, *title]),
            item.published.isoformat() if item.published else page.say("show.dash"),
            page.say(f"show.evidence.{item.evidence}"),
            str(taken.count(item.id)),
            "\n".join([*notes, *([item.url] if item.url else [])]),
        )
        rows.append(Row(cells))
    columns = ("number", "document", "published", "evidence", "numbers", "note")
    return Block(
        page.say("show.section.sources"),
        notes=(page.say("show.reading"),),
        columns=tuple(page.say(f"show.column.{name}") for name in columns),
        rows=tuple(rows),
    )


# -- assumptions ---------------------------------------------------------------------------------


def assumptions(page: RulePage) -> Iterator[Block]:
    """Every assumed number, under the reason for which it was assumed."""
    assumed = page.book.assumed()
    for number in assumed:
        if number.assumed is not None:
            page.number(number.assumed)
    notes = () if page.reasons else (page.say("show.no-assumed"),)
    yield Block(page.say("show.section.assumed"), notes=notes)
    for at, (reason, rules) in enumerate(page.reasons.items(), 1):
        numbers = [number for number in assumed if number.assumed == reason]
        args = {"number": at, "count": len(numbers), "reason": reason.text(page.lang)}
        inside = page.say("show.assumed-rules", rules=page.join(rules))
        yield Block(
            page.say("show.assumed-reason", **args),
            4,
            notes=(inside,) if rules else (),
            columns=(page.say("show.column.path"), page.say("show.column.values")),
            rows=tuple(by_table(numbers)),
        )


def by_table(numbers: Iterable[Number]) -> Iterator[Row]:
    """Numbers by the table they stand in, one row each: ``ip.points``, ``A = 70, B = 60``."""
    tables: dict[str, list[tuple[str, str]]] = {}
    for number in numbers:
        path = number.path.removesuffix(".value")  # of a value with a source of its own
        table, _, key = path.rpartition(".")
        if key in set(Op):
            table = table.rpartition(".")[0]
        inner = path.removeprefix(table).lstrip(".")
        tables.setdefault(table, []).append((inner, number.shown))
    for table, written in tables.items():
        parts = [f"{key} = {text}" if text else key for key, text in written]
        yield Row((table, ", ".join(parts)))


def others(page: RulePage, blocks: Iterable[Block]) -> Block | None:
    """The numbers that none of these blocks shows; ``None`` where there are none."""
    shown = {path for block in blocks for row in (*block.facts, *block.rows) for path in row.paths}
    rows = [
        page.row(number.path, number.shown, mark=page.mark(number.path))
        for number in page.book.numbers
        if number.path not in shown
    ]
    if not rows:
        return None
    heading = page.say("show.section.others")
    return Block(heading, columns=page.columns("path", "values"), rows=tuple(rows))
