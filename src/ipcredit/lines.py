"""Read tiers, lines, limits and loan terms from a policy file."""

from __future__ import annotations

from fractions import Fraction

from ipcredit.fields import FIELDS
from ipcredit.grammar import gate, indicator
from ipcredit.measures import Names, condition, known_field, term
from ipcredit.reader import Cursor, Title
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
AVERAGES = ("both-years", "last-if-single")
MOST_TIERS = 20
MOST_MONTHS = 1_200
MOST_MULTIPLE = 1_000


def path_of(cur: Cursor) -> str:
    """The dotted path of the table a cursor stands on."""
    return ".".join(map(str, cur.path))


def tiers(cur: Cursor, names: Names) -> Tiers | None:
    """The tier table: bands of a computed value, or a matrix of two choices."""
    titles = cur.child("titles")
    if cur.has("matrix"):
        found = _matrix(cur)
    else:
        table = indicator("tiers", cur, names, {}, scored=False)
        labels = () if table is None else tuple(band.label for band in table.bands)
        found = None if table is None else Tiers(labels, (), table, "", "", (), path_of(cur))
    if found is None or titles is None:
        return found if found is None else found._replace(titles=(None,) * len(found.labels))
    shown = tuple(titles.title(label) for label in found.labels)
    titles.finish(found.labels)
    return found._replace(titles=shown)


def _matrix(cur: Cursor) -> Tiers | None:
    rows, columns = cur.text("rows", required=True), cur.text("columns", required=True)
    labels = cur.words("labels")
    table = cur.child("matrix")
    cur.finish(("rows", "columns", "labels", "matrix", "titles"))
    if not cur.has("labels"):
        cur.problem("policy.required", "labels")
    elif cur.raw["labels"] == []:
        cur.problem("policy.empty", "labels")
    fields = [_choice_field(cur, name, key) for key, name in (("rows", rows), ("columns", columns))]
    if table is None or not labels or not all(fields):
        return None
    cells = []
    for row in FIELDS[rows].choices:
        line = table.child(row)
        if line is None:
            if not table.has(row):
                table.problem("policy.required", row)
            continue
        codes = []
        for column in FIELDS[columns].choices:
            label = line.word(column, (*labels, "none"), required=True)
            if line.has(column):
                line.record(label, column)
            codes.append(labels.index(label) if label in labels else -1)
        line.finish()
        cells.append(tuple(codes))
    table.finish()
    return Tiers(labels, (), None, rows, columns, tuple(cells), path_of(cur))


def _choice_field(cur: Cursor, name: str, key: str) -> bool:
    if not name or known_field(cur, name, key) is None:
        return False
    if FIELDS[name].kind != "choice":
        cur.problem("policy.not-a-choice", key, given=name)
        return False
    return True


def raise_(name: str, cur: Cursor, names: Names, labels: tuple[str, ...]) -> Raise | None:
    """A class of firm whose tier is raised; ``labels`` is empty where tiers could not be read."""
    title = cur.title()
    by = cur.number("tiers", low=1, high=MOST_TIERS, whole=True, required=True)
    top = cur.word("not_above", labels, labels[0]) if labels else cur.text("not_above")
    found = condition(cur, names, extra=("title", "tiers", "not_above"))
    if found is None or by is None:
        return None
    return Raise(name, title, found, int(by), labels.index(top) if labels else 0, path_of(cur))


def part(
    key: str, name: str, cur: Cursor, names: Names, labels: tuple[str, ...], cover: str
) -> Part | None:
    """One component of the line: from the tier table (``line``) or by methods (the others).

    ``labels`` is empty where the tiers could not be read.
    """
    title = cur.title(required=True) or Title(name, name)
    amounts: tuple[int | None, ...] = ()
    methods: list[BaseMethod] = []
    pick = "first"
    if key == "line":
        amounts = _tier_amounts(cur, labels)
    else:
        tables = cur.children("methods")
        read = [_method(label, table, names) for label, table in tables]
        methods = [method for method in read if method is not None]
        if not cur.has("methods"):
            cur.problem("policy.required", "methods")
        elif cur.raw["methods"] == {}:
            cur.problem("policy.empty", "methods")
        pick = cur.word("pick", PART_PICKS, "first", required=len(tables) > 1)
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
        step or 1,
        cover,
        path_of(cur),
    )
    cur.finish()
    return found_part


def _tier_amounts(cur: Cursor, labels: tuple[str, ...]) -> tuple[int | None, ...]:
    table = cur.child("tiers")
    if table is None:
        if not cur.has("tiers"):
            cur.problem("policy.required", "tiers")
        return ()
    amounts: list[int | None] = []
    least: int | None = None
    for label in labels or table.rest():
        row = table.child(label)
        if row is None:
            if not table.has(label):
                table.problem("policy.required", label)
            amounts.append(None)
            continue
        none = row.has("none") and row.flag("none", default=True)
        amount = None if none else row.money("amount", required=True)
        row.finish(("amount",))
        amounts.append(amount)
        if amount is not None:
            if least is not None and amount > least:
                table.problem("policy.lines-order", label)
            least = amount if least is None else min(least, amount)
    table.finish(labels)
    return tuple(amounts)


def _money_fields(cur: Cursor, key: str) -> tuple[str, ...]:
    found = []
    for at, name in enumerate(cur.words(key)):
        if known_field(cur, name, key, at) is None:
            continue
        if FIELDS[name].kind != "money":
            cur.report.problem("policy.not-money", (*cur.path, key, at), given=name)
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
    else:
        tables = cur.children("cases")
        cases = [_case(label, table, names) for label, table in tables]
        for at, (label, table) in enumerate(tables):
            table.finish(("amount", "share", "of"))
            if not table.has("when") and at < len(tables) - 1:
                cur.report.problem("policy.case-after-all", table.path, given=label)
        if not cur.has("cases"):
            cur.problem("policy.required-one", allowed="amount, share, cases")
        elif cur.raw["cases"] == {}:
            cur.problem("policy.empty", "cases")
    cur.finish(("amount", "share", "of", "cases", *extra))
    if not cases or any(case is None for case in cases):
        return None
    return Limit(name, title, tuple(c for c in cases if c is not None), less, skip, path_of(cur))


def _case(name: str, cur: Cursor, names: Names) -> LimitCase | None:
    table = cur.child("when")
    when = None if table is None else condition(table, names)
    wrong = cur.has("when") and when is None
    if cur.has("amount"):
        amount = cur.money("amount")
        if amount is None or wrong:
            return None
        return LimitCase(name, when, amount, None, None, path_of(cur))
    if not cur.has("share"):
        cur.problem("policy.required-one", allowed="amount, share")
        return None
    share = cur.number("share", low=0, high=1)
    if not cur.has("of"):
        cur.problem("policy.required", "of")
        return None
    of = term(cur, cur.take("of"), "of")
    if of is not None and FIELDS[of.fields[0][0]].kind != "money":
        cur.problem("policy.not-money", "of", given=of.text)
        return None
    if share is None or of is None or wrong:
        return None
    return LimitCase(name, when, None, share, of, path_of(cur))


# -- methods of the base and the receivables line -----------------------------------------------------------------------


def _method(name: str, cur: Cursor, names: Names) -> BaseMethod | None:
    kind = cur.word("method", METHODS, required=True)
    if cur.raw.get("method") not in METHODS:
        return None  # which keys belong here is not known
    title = cur.title() if kind != "scorecard" else None
    options: dict[str, object] | None = {}
    table: Indicator | None = None
    amounts: tuple[int, ...] = ()
    if kind == "working_capital":
        options = _working_capital(cur)
    elif kind == "share_of":
        options = _share_of(cur)
    elif kind == "tax_multiple":
        multiple = cur.number("multiple", low=0, high=MOST_MULTIPLE, required=True)
        years = cur.number("years", low=1, high=3, whole=True, required=True)
        found = {"multiple": multiple, "years": years}
        options = None if multiple is None or years is None else {**found}
    else:
        table, amounts = _scorecard(cur, names)
        options = None if table is None else {}
        title = None if table is None else table.title
    cur.finish()
    if options is None:
        return None
    return BaseMethod(name, kind, title, tuple(options.items()), table, amounts, path_of(cur))


def _working_capital(cur: Cursor) -> dict[str, object]:
    margin = cur.word("margin", ("gross", "net"), "gross", required=True)
    turns = cur.word("turns", ("balances", "stated"), "balances", required=True)
    average = cur.word("average", AVERAGES, AVERAGES[0], required=True)
    growth: Fraction | None = None
    if isinstance(cur.raw.get("growth"), str | None):
        cur.word("growth", ("stated",), "stated", required=True)
    else:
        growth = cur.number("growth", low=-1, high=1)
    stated: Fraction | str = "stated" if growth is None else growth
    return {"rule": WorkingCapital(margin, turns, average, stated)}  # type: ignore[arg-type]


def _share_of(cur: Cursor) -> dict[str, object] | None:
    name = cur.text("of", required=True)
    share = cur.number("share", low=0, high=1, required=True)
    own = cur.number("less_own_margin", low=0, high=1)
    less = _money_fields(cur, "less")
    if not name or known_field(cur, name, "of") is None:
        return None
    if FIELDS[name].kind != "money":
        cur.problem("policy.not-money", "of", given=name)
        return None
    if share is None:
        return None
    return {"of": (name,), "less": less, "share": share, "less_own_margin": own}


def _scorecard(cur: Cursor, names: Names) -> tuple[Indicator | None, tuple[int, ...]]:
    table = cur.child("amounts")
    if table is None and not cur.has("amounts"):
        cur.problem("policy.required", "amounts")
    worth = {} if table is None else {label: table.money(label) or 0 for label in table.rest()}
    # Amounts play the part of points: the label without a band is the row below all.
    shared = {label: (Fraction(value), Fraction(value)) for label, value in worth.items()} or None
    found = indicator("score", cur, names, shared, own=False)
    if found is None:
        return None, ()
    amounts = tuple(int(band.points[0]) for band in found.bands)
    # As points they would not fit the small numbers in which points are counted.
    nothing = (Fraction(0), Fraction(0))
    bands = tuple(band._replace(points=nothing) for band in found.bands)
    return found._replace(bands=bands), amounts


# -- joint limits, loan ----------------------------------------------------------------------


def joint(name: str, cur: Cursor, names: Names, parts: tuple[str, ...]) -> JointLimit | None:
    """A limit on several parts together."""
    over = tuple(dict.fromkeys(cur.words("over")))
    for item in over:
        if item not in parts:
            allowed = ", ".join(parts) or "-"
            cur.problem("policy.not-one-of", "over", given=item, allowed=allowed)
    if not cur.has("over"):
        cur.problem("policy.required", "over")
    elif cur.raw["over"] == []:
        cur.problem("policy.empty", "over")
    sound = bool(over) and set(over) <= set(parts)
    first = cur.word("cuts_first", (*(over if sound else parts), "pro_rata"), required=True)
    found = limit(name, cur, names, extra=("over", "cuts_first"))
    return None if found is None else JointLimit(found, over, first, path_of(cur))


def loan(cur: Cursor) -> Loan:
    """Terms of a loan drawn on the line."""
    term_months = cur.number("max_term_months", low=1, high=MOST_MONTHS, whole=True)
    series, spread = "", None
    rate = cur.child("rate")
    if rate is not None:
        series = rate.text("series", required=True)
        spread = rate.number("spread", low=-1, high=1, required=True)
        rate.finish(("series", "spread"))
    valid, renewal = None, None
    validity = cur.child("validity")
    if validity is not None:
        valid = validity.number("months", low=1, high=MOST_MONTHS, whole=True, required=True)
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
    for key in parts:
        if isinstance(cur.raw.get(key), dict):
            table = cur.child(key)
            assert table is not None  # a dict, see above
            found[key] = table.text("fund", required=True)
            if table.has("fund"):
                table.record(found[key], "fund")
            table.finish()
        elif cur.has(key):
            found[key] = cur.text(key, required=True)
            cur.record(found[key], key)
    cur.finish(parts)
    return found
