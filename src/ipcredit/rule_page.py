"""The page that rules are printed on: its words, and the marks that say where each number comes from.

Rows remember the paths of their numbers, so that a printed page can be checked for completeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipcredit.head import Head
from ipcredit.paper import Row
from ipcredit.reader import Number, Title
from ipcredit.rule_words import written_text
from ipcredit.rulebook import Rulebook
from ipcredit.wording import say

Book = Rulebook[Head]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where numbers come from, in a few characters; ``paths`` are the numbers it stands for."""

    text: str = ""
    paths: tuple[str, ...] = ()
    changed: bool = False


class RulePage:
    """What every block of one printed edition shares: its language and its marks."""

    def __init__(self, book: Book, lang: str) -> None:
        self.book, self.lang = book, lang
        self.currency = book.currency
        self.reasons: dict[Title, list[str]] = {}
        """Reasons of assumptions in order of appearance, with the rules that have no number."""
        self._numbered = {item.id: at for at, item in enumerate(book.content.sources, 1)}

    # -- words -------------------------------------------------------------------------------

    def say(self, code: str, **args: object) -> str:
        """The text of a message code in the page's language."""
        return say(code, self.lang, **args)

    def join(self, parts: Iterable[str]) -> str:
        """Several things as one list."""
        return self.say("show.comma").join(parts)

    def name(self, title: Title | None, otherwise: str) -> str:
        """A title, or what stands in for one."""
        return otherwise if title is None else title.text(self.lang)

    def written(self, raw: str, path: str) -> str:
        """A value as the file writes it in words, where it has any."""
        return written_text(raw, path, {}, self.currency, self.lang)

    def columns(self, *names: str) -> tuple[str, ...]:
        """Column headings by name, ``basis`` last."""
        return tuple(self.say(f"show.column.{name}") for name in (*names, "basis"))

    # -- rows and marks ----------------------------------------------------------------------

    def row(self, *cells: str, mark: Mark | None = None) -> Row:
        """A row that ends with its mark."""
        mark = mark or Mark()
        return Row((*cells, mark.text), mark.paths, mark.changed)

    def fact(self, label: str, text: str, mark: Mark | None = None) -> Row:
        """A labelled fact; ``label`` is a message code."""
        return self.row(self.say(label), text, mark=mark)

    def number(self, reason: Title) -> int:
        """The number of a reason, given when it is first met."""
        self.reasons.setdefault(reason, [])
        return list(self.reasons).index(reason) + 1

    def mark(self, *paths: str) -> Mark:
        """Where the numbers at these paths (or below them) come from, and who changed them."""
        numbers = [number for path in paths for number in self.book.under(path)]
        marks = [mark for number in numbers for mark in self._marks(number)]
        changes = [
            change
            for change in self.book.changes
            if any(_touches(change.path, path) for path in paths)
        ]
        for change in changes:
            old, new = (self.written(raw, change.path) for raw in (change.old, change.new))
            marks.append(self.say("show.mark.changed", old=old, new=new))
        text = self.join(dict.fromkeys(mark for mark in marks if mark))
        return Mark(text, tuple(number.path for number in numbers), bool(changes))

    def first_mark(self, *paths: str) -> Mark:
        """The mark of the first of these paths that has one."""
        return next((mark for mark in map(self.mark, paths) if mark.text), Mark())

    def rule_mark(self, rule: str, *paths: str) -> Mark:
        """The mark of these paths (of all below the rule, if none are named); where there is no
        number, the source that holds for the rule itself."""
        found = self.mark(*(paths or (rule,)))
        if found.text:
            return found
        source, assumed = self.book.scope(rule)
        if assumed is None:
            return Mark(self._source(source), found.paths)
        number = self.number(assumed)
        if rule not in self.reasons[assumed]:
            self.reasons[assumed].append(rule)
        return Mark(self.say("show.mark.assumed", number=number), found.paths)

    def parted(self, **paths: Sequence[str]) -> Mark:
        """One mark for several sorts of number in a row, told apart where they differ.

        Names are ``condition``, ``points`` or ``amount``.
        """
        found = {what: self.mark(*given) for what, given in paths.items() if given}
        shown = {what: mark for what, mark in found.items() if mark.text}
        texts = list(dict.fromkeys(mark.text for mark in shown.values()))
        if len(texts) > 1:
            texts = [
                self.say("show.mark.part", what=self.say(f"show.mark.{what}"), mark=mark.text)
                for what, mark in shown.items()
            ]
        covered = tuple(path for mark in found.values() for path in mark.paths)
        changed = any(mark.changed for mark in found.values())
        return Mark(self.say("show.semicolon").join(texts), covered, changed)

    def _marks(self, number: Number) -> tuple[str, ...]:
        if number.changed:
            return ()
        if number.assumed is None:
            return (self._source(number.source),)
        mark = self.say("show.mark.assumed", number=self.number(number.assumed))
        # A reading is ours, the rule that is read is the document's.
        return (self._source(number.source), mark) if number.is_reading else (mark,)

    def _source(self, source: str) -> str:
        return f"[{self._numbered[source]}]" if source in self._numbered else ""


def _touches(changed: str, path: str) -> bool:
    return changed == path or changed.startswith(path + ".")
