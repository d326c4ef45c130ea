"""What ``ipcredit policy list``, ``show`` and ``check`` print, and the difference of two policies.

Every function returns plain text of at most ``width`` columns (``color=True`` adds terminal
colours).  ``lang`` is ``zh``, ``en`` or ``both``: both prints the whole text in Chinese and then
in English.  Nothing is printed that a GBK console cannot show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ipcredit.errors import PolicyError, Problem
from ipcredit.layout import native
from ipcredit.paper import Block, Paper, Row
from ipcredit.policy import Policy, edition_files, schemes
from ipcredit.policy_blocks import admission, evaluation, favourable, silence
from ipcredit.policy_line_blocks import crediting, grading
from ipcredit.policy_page import Page
from ipcredit.reader import EVIDENCE
from ipcredit.rule_blocks import (
    assumptions,
    evidence_text,
    head,
    others,
    sources,
    whole_percent,
)
from ipcredit.rule_words import dates_text, known, units_by_path, written_text
from ipcredit.rulebook import Difference
from ipcredit.wording import say


def policy_blocks(policy: Policy, lang: str) -> tuple[Block, ...]:
    """A policy as blocks of text and tables in ``zh`` or ``en``, in the order they are printed.

    Every number of the policy stands in one of them: see ``Row.paths``.

    >>> policy_blocks(Policy.load("cn-tech-sme@2017"), "en")[1].heading
    'Sources'
    """
    page = Page(policy, lang)
    start = head(page, "show.head.policy", *favourable(page))
    blocks = [start, sources(page), *evaluation(page), *admission(page)]
    blocks += [*grading(page), *crediting(page)]
    quiet, left = silence(page), None
    blocks += [] if quiet is None else [quiet]
    left = others(page, blocks)
    blocks += [] if left is None else [left]
    return (*blocks, *assumptions(page))


def show_text(policy: Policy, lang: str, *, width: int = 100, color: bool = False) -> str:
    """The whole policy, to be compared with the published text line by line and signed.

    >>> print(show_text(Policy.load("cn-tech-sme@2017"), "zh").splitlines()[0])
    科技型中小企业评价
    """

    def one(lang: str) -> str:
        sign = say("show.sign", lang, fingerprint=policy.fingerprint[:12])
        paper = Paper(width, lang, color)
        for block in policy_blocks(policy, lang):
            paper.block(block)
        paper.line()
        paper.line(sign)
        return paper.text()

    return _in(lang, one)


def list_text(lang: str, *, width: int = 100, color: bool = False) -> str:
    """Every edition of every shipped scheme: title, days in force, currency, share of evidence.

    An edition that does not load keeps its row, with the number of its problems.
    """

    def one(lang: str) -> str:
        rows = [row for scheme in schemes() for row in _editions(scheme, lang)]
        columns = ("edition", "title", "dates", "currency", "numbers", "shares")
        block = Block(
            say("show.list", lang, count=len(rows)),
            0,
            notes=(say("show.list-note", lang),),
            columns=tuple(say(f"show.column.{name}", lang) for name in columns),
            rows=tuple(rows),
        )
        paper = Paper(width, lang, color)
        paper.block(block)
        return paper.text()

    return _in(lang, one)


def _editions(scheme: str, lang: str) -> Iterator[Row]:
    for edition, path in edition_files(scheme).items():
        name = f"{scheme}@{edition}"
        try:
            policy = Policy.load(name)
        except PolicyError as error:
            args = {"count": len(error.problems), "path": path.name}
            yield Row((name, say("show.broken", lang, **args), "", "", "", ""))
            continue
        marks = [number.evidence for number in policy.numbers]
        shares = [whole_percent(marks.count(mark), len(marks)) for mark in EVIDENCE]
        yield Row(
            (
                name,
                policy.title.text(lang),
                dates_text(policy.in_force, lang),
                policy.currency,
                str(len(marks)),
                " / ".join(shares),
            )
        )


def check_text(path: str | Path, problems: Sequence[Problem], lang: str) -> str:
    """What checking a policy file has found: one problem a line and their count, or that it is in
    order, with its fingerprint and what it contains.

    ``problems``: of :func:`ipcredit.policy.check_file` for the same file.
    """

    def one(lang: str) -> str:
        if problems:
            lines = [problem.text(lang) for problem in problems]
            return "\n".join([*lines, say("show.check-bad", lang, count=len(lines), path=path)])
        # An absolute path, because a bare name would be looked up among the shipped schemes.
        policy = Policy.load(Path(path).absolute())
        rules = policy.rules
        counts = {
            "dimensions": len(rules.dimensions),
            "indicators": sum(len(item.indicators) for item in rules.dimensions),
            "gates": len(rules.gates),
            "confirmations": len(rules.confirmations),
            "tiers": 0 if rules.tiers is None else len(rules.tiers.labels),
            "parts": len(rules.parts),
        }
        facts = {
            "policy": f"{policy.id}@{policy.edition}",
            "fingerprint": policy.fingerprint,
            "rules": say("show.rule-counts", lang, **counts),
            "numbers": evidence_text(policy, lang),
        }
        lines = [
            say("show.check-fact", lang, label=say(f"show.head.{key}", lang), text=text)
            for key, text in facts.items()
        ]
        return native("\n".join([say("show.check-ok", lang, path=path), *lines]), lang)

    return _in(lang, one)


# -- comparison ------------------------------------------------------------------------------


def compare_text(
    before: Policy, after: Policy, lang: str, *, width: int = 100, color: bool = False
) -> str:
    """Every value in which two policies differ, with title, path and source, before and after."""

    def one(lang: str) -> str:
        sides = [_Side(policy, lang) for policy in (before, after)]
        facts = [
            Row((say(f"show.compare.{when}", lang), side.name(), ""))
            for when, side in zip(("before", "after"), sides, strict=True)
        ]
        found = before.compare(after)
        paper = Paper(width, lang, color)
        paper.block(Block(say("show.compare", lang), 0, facts=tuple(facts)))
        for block in _differences(found, sides[0], sides[1], lang):
            paper.block(block)
        paper.line()
        count = say("show.compare-count", lang, count=len(found))
        paper.line(count if found else say("show.compare-same", lang))
        return paper.text()

    return _in(lang, one)


def _differences(
    found: Sequence[Difference], before: _Side, after: _Side, lang: str
) -> Iterator[Block]:
    """The differences rule by rule, in the order of the files."""
    names = ("key", "before", "after", "basis")
    columns = tuple(say(f"show.column.{name}", lang) for name in names)
    rules: dict[str, list[Row]] = {}
    titles: dict[str, str] = {}
    for item in found:
        side = after if item.before == "-" else before
        rule, title = side.rule_of(item.path)
        titles.setdefault(rule, title)
        rules.setdefault(rule, []).append(_difference(item, rule, before, after, lang))
    for rule, rows in rules.items():
        yield Block(titles[rule], 4, rule, columns=columns, rows=tuple(rows))


def _difference(item: Difference, rule: str, before: _Side, after: _Side, lang: str) -> Row:
    sides = ((before, item.before), (after, item.after))
    absent = say("show.absent", lang)
    texts = [absent if raw == "-" else side.value(raw, item.path) for side, raw in sides]
    bases = [side.basis(item.path) for side, raw in sides if raw != "-"]
    basis = say("show.basis-arrow", lang).join(dict.fromkeys(bases))
    key = item.path.removeprefix(rule).lstrip(".")
    return Row((key, *texts, basis))


class _Side:
    """One of two policies compared: its titles, values in words and sources."""

    def __init__(self, policy: Policy, lang: str) -> None:
        self.policy, self.lang = policy, lang
        self._units = units_by_path(policy.rules)
        self._numbers = {number.path: number for number in policy.numbers}

    def name(self) -> str:
        """What the policy is called, with its fingerprint."""
        policy = self.policy
        args = {"policy": f"{policy.id}@{policy.edition}", "fingerprint": policy.fingerprint[:12]}
        return say("show.compare-side", self.lang, **args)

    def value(self, raw: str, path: str) -> str:
        """A value in words."""
        return written_text(raw, path, self._units, self.policy.currency, self.lang)

    def rule_of(self, path: str) -> tuple[str, str]:
        """The nearest rule above a value, and the titles of all rules on the way to it."""
        parts = path.split(".")
        if parts[0] == "title" or not isinstance(self.policy.canonical.get(parts[0]), Mapping):
            return "", self.policy.title.text(self.lang)
        node: Any = self.policy.canonical
        found: list[str] = []
        deepest = 1
        for depth, part in enumerate(parts[:-1], 1):
            node = node.get(part) if isinstance(node, Mapping) else None
            title = node.get("title") if isinstance(node, Mapping) else None
            if isinstance(title, Mapping):
                found.append(str(title.get(self.lang, part)))
                deepest = depth
            elif depth == 1:
                code = f"show.key.{part}"
                found.append(say(code, self.lang) if known(code) else part)
        return ".".join(parts[:deepest]), say("show.title-path", self.lang).join(found)

    def basis(self, path: str) -> str:
        """Where a value comes from: the document, the reason of an assumption, or a person."""
        if any(path == change.path for change in self.policy.changes):
            return say("show.basis-changed", self.lang)
        number = self._numbers.get(path)
        if number is not None:
            source, assumed = number.source, number.assumed
        else:
            source, assumed = self.policy.scope(path)
        if assumed:
            return say("show.basis-assumed", self.lang, reason=assumed.text(self.lang))
        document = self.policy.content.source(source)
        return say("show.no-basis", self.lang) if document is None else document.document


def _in(lang: str, one: Callable[[str], str]) -> str:
    if lang != "both":
        return one(lang)
    return f"{one('zh')}\n\n{one('en')}"
