"""Which firms have a factor of their group beside the common one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ipcredit.fund.one_period import Factor, Ints, OnePeriod
from ipcredit.messages import text
from ipcredit.portfolio import Portfolio
from ipcredit.reader import Title


def firm_groups(book: Portfolio, by: str) -> tuple[Ints, int]:
    """The group of every firm, int32[F]: that of its largest loan, of equal ones the first.

    Also how many firms have loans in several groups.
    """
    columns = {"lender": book.lender, "district": book.district}
    code = columns[by] if by in columns else book.traits.words[by][0]
    group = np.full(len(book.firms), -1, dtype=np.int32)
    # Written last is what stays: the largest loan, the first of equal ones.
    order = np.lexsort((-np.arange(len(code)), book.outstanding))
    group[book.firm[order]] = code[order]
    differ = np.zeros(len(book.firms), dtype=np.bool_)
    differ[book.firm[code != group[book.firm]]] = True
    return group, int(np.count_nonzero(differ))


def with_groups(problem: OnePeriod, book: Portfolio) -> OnePeriod:
    """The problem with the group of each firm; with one factor where groups add none."""
    factor = problem.factor
    if not factor.by:
        return problem
    codes, several = firm_groups(book, factor.by)
    # The problem's firms: those with loans, ascending default probability.
    order = np.argsort(book.pd, kind="stable")
    group = codes[order]
    group = group[group >= 0]
    notes = problem.notes
    if several:
        titles = [text("fund-results.note.groups", lang, count=several) for lang in ("zh", "en")]
        notes = (*notes, Title(*titles))
    if factor.within == factor.value or len(np.unique(group)) == 1:
        return replace(problem, factor=Factor("gaussian", factor.within), notes=notes)
    return replace(problem, group=group, notes=notes)
