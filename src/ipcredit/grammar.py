"""Read gates, dimensions and indicators from a policy file."""

from __future__ import annotations

from fractions import Fraction

from ipcredit.bands import MOST_POINTS, Points, points_table, read_bands
from ipcredit.fields import FIELDS
from ipcredit.measures import MEASURES, Names, condition, known_field, measure, unknown_dimension
from ipcredit.reader import Cursor, Title
from ipcredit.rules import Confirmation, Dimension, Gate, Indicator

ROLES = ("base", "bonus", "separate")
PICKS = ("best", "worst", "first", "sum", "declared")
ZERO_DENOMINATOR = ("none", "lowest", "highest")
MISSING_OPTION = ("unknown", "others")
# Kinds of fields in which an expert's whole points can stand.
_EXPERT = ("count", "number", "decimal")
_MOST_WEIGHT = 1_000


def gate(name: str, cur: Cursor, names: Names) -> Gate | None:
    """A gate: a condition with a title."""
    title = cur.title()
    found = condition(cur, names, extra=("title",))
    return None if found is None else Gate(name, title, found, ".".join(map(str, cur.path)))


def confirmation(
    name: str, cur: Cursor, names: Names, gates: tuple[str, ...]
) -> Confirmation | None:
    """A direct confirmation: a condition that waives gates."""
    title, waives = cur.title(), cur.words("waives")
    found = condition(cur, names, extra=("title", "waives"))
    if not cur.has("waives"):
        cur.problem("policy.required", "waives")
    elif cur.raw["waives"] == []:
        cur.problem("policy.empty", "waives")
    for waived in waives:
        if waived not in gates:
            allowed = ", ".join(gates) or "-"
            cur.problem("policy.not-one-of", "waives", given=waived, allowed=allowed)
    path = ".".join(map(str, cur.path))
    return None if found is None else Confirmation(name, title, found, waives, path)


# -- dimensions ------------------------------------------------------------------------------


def dimension(name: str, cur: Cursor, names: Names) -> Dimension:
    """A dimension: indicators or other dimensions, and how their points combine."""
    from_dimensions = cur.words("of")
    points = points_table(cur)
    # An indicator is judged before there are any points.
    before = Names(names.dimensions, names.defaults, points=False)
    tables = cur.children("indicators")
    indicators = [indicator(label, table, before, points) for label, table in tables]
    several = len(tables) + len(from_dimensions) > 1
    picks = tuple(pick for pick in PICKS if pick != "declared" or not from_dimensions)
    pick = cur.word("pick", picks, "best", required=several)
    declared = ""
    if pick == "declared" or cur.has("declared"):
        declared = _declared(cur, [label for label, _ in tables])
        if pick != "declared":
            cur.problem("policy.key-without-effect", "declared")
    role = cur.word("role", ROLES, "base")
    weight = cur.number("weight", low=0, high=_MOST_WEIGHT)
    if role == "bonus" and cur.has("weight"):
        cur.problem("policy.key-without-effect", "weight")
    found = Dimension(
        name,
        cur.title(required=True) or Title(name, name),
        role,
        Fraction(1) if weight is None else weight,
        pick,
        declared,
        cur.word("missing_option", MISSING_OPTION, names.defaults["missing_option"]),
        cur.number("max", low=0, high=MOST_POINTS),
        tuple(i for i in indicators if i is not None),
        from_dimensions,
        ".".join(map(str, cur.path)),
        "" if from_dimensions else _expert(cur),
    )
    if several and pick in ("best", "worst", "first") and not found.missing_option:
        cur.problem("policy.missing-undeclared")
    for child in from_dimensions:
        if child not in names.dimensions:
            unknown_dimension(cur, "of", child, names.dimensions)
    empty = (cur.raw.get("indicators"), cur.raw.get("of")) in (({}, None), (None, []))
    if empty or (cur.has("indicators") and cur.has("of")):
        cur.problem("policy.not-a-dimension", allowed="indicators, of")
    if from_dimensions and points:
        cur.problem("policy.key-without-effect", "points")
    cur.finish(("declared", "expert"))
    return found


def _expert(cur: Cursor) -> str:
    """The field with an expert's points, or an empty text."""
    name = cur.text("expert")
    if name and known_field(cur, name, "expert") and FIELDS[name].kind not in _EXPERT:
        cur.problem("policy.mixed-kinds", "expert", given=FIELDS[name].kind)
    return name


def _declared(cur: Cursor, indicators: list[str]) -> str:
    """The field in which a firm says which indicator counts."""
    name = cur.text("declared", required=True)
    if known_field(cur, name, "declared") is None:
        return ""
    if FIELDS[name].kind != "choice":
        cur.problem("policy.not-a-choice", "declared", given=name)
        return ""
    choices = FIELDS[name].choices
    for label in indicators:
        if label not in choices:
            allowed = ", ".join(choices)
            cur.problem("policy.not-one-of", "declared", given=label, allowed=allowed)
    return name


def indicator(
    name: str,
    cur: Cursor,
    names: Names,
    shared: Points | None,
    *,
    scored: bool = True,
    own: bool = True,
) -> Indicator | None:
    """A measure with its band table; ``scored``: bands carry points (``own``: may give them)."""
    title = cur.title()
    expert = _expert(cur) if scored and own else ""
    zero = cur.word("zero_denominator", ZERO_DENOMINATOR, names.defaults["zero_denominator"])
    about = measure(cur, names)
    points = points_table(cur) if scored and own and cur.has("points") else shared
    if about is not None and about.kind == "ratio" and not zero:
        cur.problem("policy.zero-undeclared")
    if about is not None and about.kind != "ratio" and cur.has("zero_denominator"):
        cur.problem("policy.key-without-effect", "zero_denominator")
    if about is None or points is None:
        for key in cur.rest():  # bands cannot be read without what they measure or are worth
            if isinstance(cur.raw[key], dict):
                cur.take(key)
        cur.finish(("unit", *MEASURES))
        return None
    table = read_bands(cur, about, points, scored=scored, own=own)
    if table is None:
        return None
    return Indicator(
        name,
        title,
        about,
        table.bands,
        table.rising,
        table.categorical,
        table.otherwise,
        zero,
        expert,
        ".".join(map(str, cur.path)),
    )
