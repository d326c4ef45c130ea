"""What ``ipcredit fund list``, ``show`` and ``check`` print.

Every function returns plain text of at most ``width`` columns (``color=True`` adds terminal
colours).  ``lang`` is ``zh``, ``en`` or ``both``: both gives the whole text in Chinese and then in
English.  Nothing is printed that a GBK console cannot show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ipcredit.errors import FundError, Problem
from ipcredit.fund.fund import Fund, fund_files, funds
from ipcredit.fund.page_blocks import FundPage, claims, covers, money, shares
from ipcredit.fund.page_limits import breakers, fees, limits, recoveries, unpublished
from ipcredit.fund.page_words import phrase
from ipcredit.layout import native
from ipcredit.paper import Block, Paper, Row
from ipcredit.reader import EVIDENCE
from ipcredit.rule_blocks import assumptions, evidence_text, head, others, sources, whole_percent
from ipcredit.rule_words import dates_text
from ipcredit.wording import say


def fund_blocks(fund: Fund, lang: str) -> tuple[Block, ...]:
    """A fund as blocks of text and tables in ``zh`` or ``en``, in the order they are printed.

    Every value of the fund stands in one of them: see ``Row.paths``.

    >>> fund_blocks(Fund.load("chongqing-knowledge@2019"), "en")[2].heading
    'Who bears what of a loss'
    """
    page = FundPage(fund, lang)
    blocks = [head(page, "fund-show.head.fund", covers(page)), sources(page)]
    blocks += [*shares(page), *claims(page), *limits(page), *breakers(page), *money(page)]
    blocks += [recoveries(page), *fees(page), *unpublished(page)]
    left = others(page, blocks)
    blocks += [] if left is None else [left]
    return (*blocks, *assumptions(page))


def show_page(fund: Fund, lang: str, *, width: int = 100, color: bool = False) -> str:
    """The whole fund, to be compared with the published text line by line and signed.

    >>> print(show_page(Fund.load("zhongshan@undated"), "en").splitlines()[0])
    Zhongshan risk sharing for loans against intellectual property
    """

    def one(lang: str) -> str:
        paper = Paper(width, lang, color)
        for block in fund_blocks(fund, lang):
            paper.block(block)
        paper.line()
        paper.line(say("show.sign", lang, fingerprint=fund.fingerprint[:12]))
        return paper.text()

    return _in(lang, one)


def show_json(fund: Fund) -> dict[str, Any]:
    """The whole fund as JSON data: the file in one spelling, every value with its source.

    >>> show_json(Fund.load("zhongshan@undated"))["evidence"]["official"]
    0
    """
    return {
        "id": fund.id,
        "edition": fund.edition,
        "title": {"zh": fund.title.zh, "en": fund.title.en},
        "currency": fund.currency,
        "fingerprint": fund.fingerprint,
        "last_confirmed": fund.last_confirmed.isoformat() if fund.last_confirmed else None,
        "changes": [{"path": c.path, "old": c.old, "new": c.new} for c in fund.changes],
        "evidence": fund.evidence(),
        "values": [
            {
                "path": number.path,
                "value": number.shown,
                "source": number.source,
                "evidence": "changed" if number.changed else number.evidence,
                "reason": None
                if number.assumed is None
                else {"zh": number.assumed.zh, "en": number.assumed.en},
            }
            for number in fund.numbers
        ],
        "unpublished": [
            {"name": item.name, "zh": item.title.zh, "en": item.title.en}
            for item in fund.terms.unpublished
        ],
        "file": dict(fund.canonical),
    }


def list_page(lang: str, *, width: int = 100, color: bool = False) -> str:
    """Every edition of every shipped fund: title, what it covers, days in force, evidence.

    An edition that does not load keeps its row, with the number of its problems.
    """

    def one(lang: str) -> str:
        rows = [row for name in funds() for row in _editions(name, lang)]
        names = ("edition", "title", "covers", "dates", "values", "shares")
        own = ("edition", "covers", "values")
        block = Block(
            phrase("list", lang, count=len(rows)),
            0,
            notes=(phrase("list-note", lang),),
            columns=tuple(
                phrase(f"column.{name}", lang) if name in own else say(f"show.column.{name}", lang)
                for name in names
            ),
            rows=tuple(rows),
        )
        paper = Paper(width, lang, color)
        paper.block(block)
        return paper.text()

    return _in(lang, one)


def _editions(name: str, lang: str) -> Iterator[Row]:
    for edition, path in fund_files(name).items():
        full = f"{name}@{edition}"
        try:
            fund = Fund.load(full)
        except FundError as error:
            args = {"count": len(error.problems), "path": path.name}
            yield Row((full, phrase("broken", lang, **args), "", "", "", ""))
            continue
        counts = fund.evidence()
        total = sum(counts.values())
        yield Row(
            (
                full,
                fund.title.text(lang),
                phrase(f"list-covers.{fund.terms.covers}", lang),
                dates_text(fund.in_force, lang),
                str(total),
                " / ".join(whole_percent(counts[mark], total) for mark in EVIDENCE),
            )
        )


def check_page(path: str | Path, problems: Sequence[Problem], lang: str) -> str:
    """What checking a fund file has found: one problem a line and their count, or that it is in
    order, with its fingerprint and what it contains.

    ``problems``: of :func:`ipcredit.fund.fund.check_fund_file` for the same file.
    """

    def one(lang: str) -> str:
        if problems:
            lines = [problem.text(lang) for problem in problems]
            return "\n".join([*lines, say("show.check-bad", lang, count=len(lines), path=path)])
        # An absolute path, because a bare name would be looked up among the shipped funds.
        fund = Fund.load(Path(path).absolute())
        terms = fund.terms
        counts = {
            "rules": len(terms.cover.rules),
            "parties": len(terms.parties),
            "pots": len(terms.pots),
            "limits": len(terms.limits) + (terms.quota is not None),
            "breakers": len(terms.breakers),
            "unpublished": len(terms.unpublished),
        }
        facts = {
            "fund-show.head.fund": f"{fund.id}@{fund.edition}",
            "show.head.fingerprint": fund.fingerprint,
            "fund-show.head.clauses": phrase("clause-counts", lang, **counts),
            "show.head.numbers": evidence_text(fund, lang),
        }
        lines = [
            say("show.check-fact", lang, label=say(label, lang), text=text)
            for label, text in facts.items()
        ]
        return native("\n".join([say("show.check-ok", lang, path=path), *lines]), lang)

    return _in(lang, one)


def _in(lang: str, one: Callable[[str], str]) -> str:
    if lang != "both":
        return one(lang)
    return f"{one('zh')}\n\n{one('en')}"
