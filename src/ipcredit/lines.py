"""Read tiers, lines, limits and loan terms from a policy file."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from ipcredit.fields import FIELDS
from ipcredit.grammar import gate, indicator
from ipcredit.measures import Names, condition, known_field, term
from ipcredit.reader import Cursor, Title, nearest
from ipcredit.rules import (
    BaseMethod,
    Indicator,
    JointLimit,
    Limit,
    LimitCase,
    Loan,
    Part,
    Raise,
    Tiers,
)
from ipcredit.working_capital import WorkingCapital

METHODS = ("working_capital", "share_of", "tax_multiple", "scorecard")
WHEN_MISSING = ("open", "skip")
PART_PICKS = ("least", "most", "first")


def path_of(cur: Cursor) -> str:
    """The dotted path of the table a cursor stands on."""
    return ".".join(map(str, cur.path))


def tiers(cur: Cursor, names: Names) -> Tiers | None:
    """The tier table: bands of a computed value, or a matrix of two choices."""
    label_titles = {}
    titles = cur.child("titles")
    if titles is not None:
        label_titles = {label: titles.title(label) for label in titles.rest()}
    if cur.has("matrix"):
        return _matrix(cur, label_titles)
    found = indicator("tiers", cur, names, {}, scored=False)
    if found is None:
        return None
    labels = tuple(band.label for band in found.bands)
    return Tiers(
        labels, tuple(map(label_titles.get, labels)), found, "", "", (), path_of(cur)
    )


def _matrix(cur: Cursor, titles: dict[str, Title | None]) -> Tiers | None:
    rows, columns = cur.text("rows", required=True), cur.text("columns", required=True)
    labels = cur.words("labels")
    table = cur.child("matrix")
    cur.finish(("rows", "columns", "labels", "matrix", "titles"))
    if table is None or not labels:
        cur.problem("policy.required", "labels" if not labels else "matrix")
        return None
    for key, name in (("rows", rows), ("columns", columns)):
        if known_field(cur, name, key) is None:
            return None
        if FIELDS[name].kind != "choice":
            cur.problem("policy.not-a-choice", key, given=name)
            return None
    cells = []
    for row in FIELDS[rows].choices:
        line = table.child(row)
        if line is None:
            table.problem("policy.required", row)
            continue
        codes = []
        for column in FIELDS[columns].choices:
            label = line.word(column, (*labels, "none"), required=True)
            line.record(label, column)
            codes.append(labels.index(label) if label in labels else -1)
        line.finish(FIELDS[columns].choices)
        cells.append(tuple(codes))
    table.finish(FIELDS[rows].choices)
    return Tiers(
        labels, tuple(map(titles.get, labels)), None, rows, columns, tuple(cells), path_of(cur)
    )


def raise_(name: str, cur: Cursor, names: Names, labels: tuple[str, ...]) -> Raise | None:
    """A class of firm whose tier is raised."""
    title = cur.title()
    by = cur.number("tiers", low=1, whole=True, required=True)
    top = cur.word("not_above", labels, labels[0] if labels else "")
    found = condition(cur, names, extra=("title", "tiers", "not_above"))
    if found is None or by is None:
        return None
    return Raise(name, title, found, int(by), labels.index(top) if labels else 0, path_of(cur))


def part(
    key: str, name: str, cur: Cursor, names: Names, labels: tuple[str, ...], cover: str
) -> Part | None:
    """One component of the line: from the tier table (``line``) or by methods (``base``)."""
    title = cur.title(required=True) or Title(name, name)
    amounts: tuple[int | None, ...] = ()
    methods: list[BaseMethod] = []
    if key == "line":
        amounts = _tier_amounts(cur, labels)
    else:
        methods = [
            found
            for label, table in cur.children("methods")
            if (found := _method(label, table, names)) is not None
        ]
        if not methods:
            cur.problem("policy.required", "methods")
    pick = cur.word("pick", PART_PICKS, "first", required=len(methods) > 1)
    limits = [limit(label, table, names) for label, table in cur.children("limits")]
    gates = [gate(label, table, names) for label, table in cur.children("gates")]
    step = cur.money("round_down_to")
    found_part = Part(
        name,
        title,
        amounts,
        tuple(methods),
        pick,
        tuple(item for item in limits if item is not None),
        _money_fields(cur, "deduct"),
        tuple(item for item in gates if item is not None),
        1 if not step else step,
        cover,
        path_of(cur),
    )
    known = ("tiers",) if key == "line" else ("methods", "pick")
    cur.finish((*known, "title", "limits", "deduct", "gates", "round_down_to"))
    return found_part


def _tier_amounts(cur: Cursor, labels: tuple[str, ...]) -> tuple[int | None, ...]:
    table = cur.child("tiers")
    if table is None:
        cur.problem("policy.required", "tiers")
        return ()
    amounts: list[int | None] = []
    for label in labels:
        row = table.child(label)
        if row is None:
            table.problem("policy.required", label)
            amounts.append(None)
            continue
        none = row.has("none") and row.flag("none")
        amounts.append(None if none else row.money("amount", required=True))
        row.finish(("amount", "none"))
    table.finish(labels)
    real = [amount for amount in amounts if amount is not None]
    if real != sorted(real, reverse=True):
        table.problem("policy.lines-order")
    return tuple(amounts)


def _money_fields(cur: Cursor, key: str) -> tuple[str, ...]:
    found = []
    for name in cur.words(key):
        if known_field(cur, name, key) is None:
            continue
        if FIELDS[name].kind != "money":
            cur.problem("policy.mixed-kinds", key, given=FIELDS[name].kind)
            continue
        found.append(name)
    return tuple(found)


def limit(name: str, cur: Cursor, names: Names, *, extra: tuple[str, ...] = ()) -> Limit | None:
    """An upper limit: one amount, one share, or cases by class of firm."""
    title = cur.title()
    less = _money_fields(cur, "less")
    skip = cur.word("when_missing", WHEN_MISSING, WHEN_MISSING[0]) == "skip"
    if any(cur.has(key) for key in ("amount", "share")):
        cases = [_case("", cur, names)]
        known: tuple[str, ...] = ("amount", "share", "of")
    else:
        tables = cur.children("cases")
        cases = [_case(label, table, names) for label, table in tables]
        for (label, table), case in zip(tables, cases, strict=True):
            table.finish(("amount", "share", "of", "when"))
            if case is not None and case.when is None and case is not cases[-1]:
                cur.problem("policy.case-after-all", "cases", given=label)
        known = ("cases",)
        if not cases:
            cur.problem("policy.required", "amount")
    cur.finish((*known, "title", "less", "when_missing", *extra))
    if not cases or any(case is None for case in cases):
        return None
    return Limit(name, title, tuple(c for c in cases if c is not None), less, skip, path_of(cur))


def _case(name: str, cur: Cursor, names: Names) -> LimitCase | None:
    table = cur.child("when")
    when = None if table is None else condition(table, names)
    if table is not None and when is None:
        return None
    if cur.has("amount"):
        amount = cur.money("amount")
        if amount is None:
            return None
        return LimitCase(name, when, amount, None, None, path_of(cur))
    share = cur.number("share", low=0, required=True)
    of = term(cur, cur.take("of"), "of") if cur.has("of") else None
    if of is not None and FIELDS[of.fields[0][0]].kind != "money":
        cur.problem("policy.mixed-kinds", "of", given=FIELDS[of.fields[0][0]].kind)
        return None
    if share is None or of is None:
        if of is None and not cur.has("of"):
            cur.problem("policy.required", "of")
        return None
    return LimitCase(name, when, None, share, of, path_of(cur))


# -- base line methods -----------------------------------------------------------------------


def _method(name: str, cur: Cursor, names: Names) -> BaseMethod | None:
    kind = cur.word("method", METHODS, required=True)
    title = cur.title()
    options: dict[str, Any] = {}
    table: Indicator | None = None
    amounts: tuple[int, ...] = ()
    if kind == "working_capital":
        margin = cur.word("margin", ("gross", "net"), "gross", required=True)
        turns = cur.word("turns", ("balances", "stated"), "balances", required=True)
        averages = ("both-years", "last-if-single")
        average = cur.word("average", averages, averages[0], required=True)
        growth = cur.number("growth", low=-1) if _is_number(cur.raw.get("growth")) else None
        if growth is None:
            cur.word("growth", ("stated",), "stated", required=True)
        options["rule"] = WorkingCapital(margin, turns, average, growth or "stated")  # type: ignore[arg-type]
        cur.taken.update(("margin", "turns", "average", "growth"))
    elif kind == "share_of":
        of = _money_fields(cur, "of") if isinstance(cur.raw.get("of"), list) else ()
        if not of:
            single = cur.text("of", required=True)
            of = (single,) if known_field(cur, single, "of") else ()
        options["of"] = of
        options["share"] = cur.number("share", low=0, high=1, required=True)
        options["less_own_margin"] = cur.number("less_own_margin", low=0, high=1)
    elif kind == "tax_multiple":
        options["multiple"] = cur.number("multiple", low=0, required=True)
        options["years"] = cur.number("years", low=1, high=3, whole=True, required=True)
    elif kind == "scorecard":
        table, amounts = _scorecard(cur, names)
    cur.finish(("method", "title", *options))
    if any(value is None and key != "less_own_margin" for key, value in options.items()):
        return None
    if kind == "scorecard" and table is None:
        return None
    return BaseMethod(name, kind, title, tuple(options.items()), table, amounts, path_of(cur))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _scorecard(cur: Cursor, names: Names) -> tuple[Indicator | None, tuple[int, ...]]:
    amounts_table = cur.child("amounts")
    if amounts_table is None:
        cur.problem("policy.required", "amounts")
        return None, ()
    labels = [key for key in amounts_table.rest() if key not in ("source", "assumed")]
    worth = {label: amounts_table.money(label) or 0 for label in labels}
    # Amounts play the part of points: the label without a band is the row below all.
    shared = {label: (Fraction(value), Fraction(value)) for label, value in worth.items()}
    table = indicator("score", cur, names, shared)
    if table is None:
        return None, ()
    return table, tuple(int(band.points[0]) for band in table.bands)


# -- joint limits, loan ----------------------------------------------------------------------


def joint(name: str, cur: Cursor, names: Names, parts: tuple[str, ...]) -> JointLimit | None:
    """A limit on several parts together."""
    over = cur.words("over")
    for item in over:
        if item not in parts:
            cur.problem(
                "policy.not-one-of", "over", given=item, allowed=", ".join(parts) or "-"
            )
    if not over:
        cur.problem("policy.required", "over")
    first = cur.word("cuts_first", (*parts, "pro_rata"), required=True)
    found = limit(name, cur, names, extra=("over", "cuts_first"))
    return None if found is None else JointLimit(found, over, first, path_of(cur))


def loan(cur: Cursor) -> Loan:
    """Terms of a loan drawn on the line."""
    term_months = cur.number("max_term_months", low=1, whole=True)
    series, spread = "", None
    rate = cur.child("rate")
    if rate is not None:
        series = rate.text("series", required=True)
        spread = rate.number("spread", low=-1, high=1, required=True)
        rate.finish(("series", "spread"))
    valid, renewal = None, None
    validity = cur.child("validity")
    if validity is not None:
        valid = validity.number("months", low=1, whole=True, required=True)
        renewal = validity.title("renewal")
        validity.finish(("months", "renewal"))
    cur.finish(("max_term_months", "rate", "validity"))
    return Loan(
        None if term_months is None else int(term_months),
        series,
        spread,
        None if valid is None else int(valid),
        renewal,
        path_of(cur),
    )


def cover(cur: Cursor, parts: tuple[str, ...]) -> dict[str, str]:
    """Which fund covers which part: ``knowledge = "fund-id"`` or ``{ fund = …, assumed = … }``."""
    found = {}
    for key in cur.rest():
        if key in ("source", "assumed"):
            continue
        if key not in parts:
            near = nearest(key, parts)
            cur.problem("policy.unknown-key", key, nearest=near, allowed=", ".join(parts))
            cur.take(key)
            continue
        if isinstance(cur.raw[key], dict):
            table = cur.child(key)
            assert table is not None
            found[key] = table.text("fund", required=True)
            table.record(found[key], "fund")
            table.finish(("fund",))
        else:
            found[key] = cur.text(key, required=True)
            cur.record(found[key], key)
    return found
