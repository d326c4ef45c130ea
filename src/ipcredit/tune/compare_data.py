"""A comparison as tables and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from ipcredit.fund.result import Figure
from ipcredit.reader import Title
from ipcredit.tune.fund_year import LEVEL
from ipcredit.tune.movements import Movements, Mover
from ipcredit.tune.outcome import Group, unit_key
from ipcredit.version import VERSION

FORMAT: Final = "ipcredit-comparison"
FORMAT_VERSION: Final = 1
FRAMES: Final = (
    "migration", "lines", "districts", "sizes", "firms", "decisions", "fund", "parameters",
)  # fmt: skip
"""Tables of a comparison."""

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]
FundRow = tuple[int, Figure, Figure, int, Figure, Figure]
"""Money, expected payout and exhaustion before; the same after."""


def lines_of(found: Movements) -> list[tuple[str, int, int]]:
    """Each part of the line and ``total``: before and after; a part of one policy alone has 0."""
    before, after = found.before.lines, found.after.lines
    names = [name for name in dict.fromkeys((*before, *after)) if name != "total"]
    return [(name, before.get(name, 0), after.get(name, 0)) for name in (*names, "total")]


def groups_of(found: Movements, name: str) -> list[tuple[Group, Group]]:
    """``districts`` or ``sizes`` before and after."""
    return list(zip(getattr(found.before, name), getattr(found.after, name), strict=True))


def pots_of(found: Movements) -> list[tuple[str, str, FundRow]]:
    """Each pot (pot, district) with money, expected payout and exhaustion, before and after."""
    one, two = found.before.fund, found.after.fund
    if one is None or two is None:
        return []
    before = {(pot.pot, pot.district): pot for pot in one.pots}
    after = {(pot.pot, pot.district): pot for pot in two.pots}
    none = (0, Figure(0.0, 0.0, "exact"), Figure(0.0, 0.0, "exact"))
    rows = []
    for key in dict.fromkeys((*before, *after)):
        sides = [
            none if pot is None else (pot.money, pot.expected, pot.dry)
            for pot in (before.get(key), after.get(key))
        ]
        rows.append((*key, (*sides[0], *sides[1])))
    return rows


def rows_of(found: Movements, name: str) -> Table:
    """The columns and rows of one of :data:`FRAMES` but ``migration``."""
    unit = unit_key(found.before.currency)
    amounts = (f"before_{unit}", f"after_{unit}", f"change_{unit}")
    if name == "lines":
        rows: list[tuple[Any, ...]] = [(p, a, b, b - a) for p, a, b in lines_of(found)]
        return ("part", *amounts), rows
    if name in ("districts", "sizes"):
        columns: tuple[str, ...] = ("label", "firms", "eligible_before", "eligible_after", *amounts)
        return columns, [
            (a.label, a.firms, a.eligible, b.eligible, a.line, b.line, b.line - a.line)
            for a, b in groups_of(found, name)
        ]
    if name == "firms":
        columns = ("row", "name", "district", "before", "after", *amounts)
        return columns, list(_moved(found))
    if name == "decisions":
        rows = [(d.kind, d.path, d.title.zh, d.title.en, d.firms) for d in found.decisions]
        return ("kind", "path", "zh", "en", "firms"), rows
    if name == "parameters":
        columns = ("path", "before", "after", "basis_before", "basis_after")
        rows = [
            (p.path, p.before, p.after, p.basis_before.en, p.basis_after.en)
            for p in found.parameters
        ]
        return columns, rows
    columns = ("what", "pot", "district", "before", "after", "change", "error_before",
               "error_after", "method_before", "method_after")  # fmt: skip
    return columns, list(_fund_rows(found, unit))


def _moved(found: Movements) -> Iterator[tuple[Any, ...]]:
    """Every firm whose tier or line is another one."""
    sides = found.before, found.after
    labels = list(dict.fromkeys((*sides[0].states, *sides[1].states)))
    one, two = (np.array([labels.index(name) for name in s.states])[s.state] for s in sides)
    for row in np.flatnonzero((one != two) | (found.change != 0)).tolist():
        mover = found.mover(row)
        yield (*mover, int(found.change[row]))


def _fund_rows(found: Movements, unit: str) -> Iterator[tuple[Any, ...]]:
    one, two = found.before.fund, found.after.fund
    if one is None or two is None:
        return
    for what in ("expected", "net", "quantile", "dry"):
        yield _fund_row(what if what == "dry" else f"{what}_{unit}", "", "",
                        getattr(one, what), getattr(two, what))  # fmt: skip
    for pot, district, row in pots_of(found):
        yield _fund_row(f"expected_{unit}", pot, district, row[1], row[4])
        yield _fund_row("dry", pot, district, row[2], row[5])


def _fund_row(what: str, pot: str, district: str, a: Figure, b: Figure) -> tuple[Any, ...]:
    change = b.value - a.value
    return (what, pot, district, a.value, b.value, change, a.error, b.error, a.method, b.method)


def data_of(found: Movements) -> dict[str, Any]:
    """A comparison as JSON data (format version 1); amounts are whole minor units."""
    unit = unit_key(found.before.currency)
    given = found.setting
    scenario = given.scenario
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "ipcredit": VERSION,
        "on": given.on.isoformat(),
        "currency": found.before.currency,
        "firms": found.before.firms,
        "before": found.before.to_dict(),
        "after": found.after.to_dict(),
        "migration": {
            "from": list(found.before.states),
            "to": list(found.after.states),
            "firms": found.matrix.tolist(),
        },
        "gain": int(found.gains.sum()),
        "lose": int(found.loses.sum()),
        "lines": {
            name: {f"before_{unit}": a, f"after_{unit}": b, f"change_{unit}": b - a}
            for name, a, b in lines_of(found)
        },
        "winners": [_mover(found, mover, unit) for mover in found.winners],
        "losers": [_mover(found, mover, unit) for mover in found.losers],
        "decisions": [
            {"kind": d.kind, "path": d.path, "title": _both(d.title), "firms": d.firms}
            for d in found.decisions
        ],
        "parameters": [
            {
                "path": p.path,
                "before": p.before,
                "after": p.after,
                "basis_before": _both(p.basis_before),
                "basis_after": _both(p.basis_after),
            }
            for p in found.parameters
        ],
        "fund": None
        if given.fund is None
        else {
            "id": given.fund.id,
            "edition": given.fund.edition,
            "fingerprint": given.fund.fingerprint,
        },
        "scenario": None
        if scenario is None
        else {"id": scenario.id, "fingerprint": scenario.fingerprint},
        "quantile_level": LEVEL,
    }


def _mover(found: Movements, mover: Mover, unit: str) -> dict[str, Any]:
    return {
        "row": mover.row,
        "name": mover.name,
        "district": mover.district,
        "before": mover.before,
        "after": mover.after,
        f"line_before_{unit}": mover.line_before,
        f"line_after_{unit}": mover.line_after,
        f"change_{unit}": mover.change,
        "reasons": [
            {
                "kind": r.kind,
                "path": r.path,
                "title": _both(r.title),
                "before": _both(r.before),
                "after": _both(r.after),
            }
            for r in found.because(mover.row)
        ],
    }


def _both(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


__all__ = ["FRAMES", "data_of", "groups_of", "lines_of", "pots_of", "rows_of"]
