"""Read gates, dimensions and indicators from a policy file."""

from __future__ import annotations

from fractions import Fraction

from ipcredit.bands import Points, points_table, read_bands
from ipcredit.fields import FIELDS
from ipcredit.measures import Names, condition, known_field, measure
from ipcredit.reader import Cursor, Title, nearest
from ipcredit.rules import Confirmation, Dimension, Gate, Indicator

ROLES = ("base", "bonus", "separate")
PICKS = ("best", "worst", "first", "sum", "declared")
ZERO_DENOMINATOR = ("none", "lowest", "highest")
MISSING_OPTION = ("unknown", "others")


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
    if not waives:
        cur.problem("policy.empty", "waives")
    for waived in waives:
        if waived not in gates:
            allowed = ", ".join(gates)
            cur.problem("policy.not-one-of", "waives", given=waived, allowed=allowed)
    path = ".".join(map(str, cur.path))
    return None if found is None else Confirmation(name, title, found, waives, path)


# -- dimensions ------------------------------------------------------------------------------


def dimension(name: str, cur: Cursor, names: Names) -> Dimension | None:
    """A dimension: indicators or other dimensions, and how their points combine."""
    from_dimensions = cur.words("of")
    points = points_table(cur)
    indicators = [
        indicator(label, table, names, points) for label, table in cur.children("indicators")
    ]
    several = len(indicators) + len(from_dimensions) > 1
    pick = cur.word("pick", PICKS, "best", required=several)
    declared = cur.text("declared", required=pick == "declared")
    if declared:
        _declared(cur, declared, [i.name for i in indicators if i is not None])
    found = Dimension(
        name,
        cur.title(required=True) or Title(name, name),
        cur.word("role", ROLES, "base"),
        cur.number("weight", low=0) if cur.has("weight") else Fraction(1),  # type: ignore[arg-type]
        pick,
        declared,
        cur.word("missing_option", MISSING_OPTION, names.defaults["missing_option"]),
        cur.number("max", low=0),
        tuple(i for i in indicators if i is not None),
        from_dimensions,
        ".".join(map(str, cur.path)),
    )
    if several and pick in ("best", "worst", "first") and not found.missing_option:
        cur.problem("policy.missing-undeclared")
    for child in from_dimensions:
        if child not in names.dimensions or child == name:
            near = nearest(child, names.dimensions)
            cur.problem("policy.unknown-dimension", "of", given=child, nearest=near)
    if bool(indicators) == bool(from_dimensions):
        cur.problem("policy.not-a-dimension", allowed="indicators, of")
    cur.finish(("indicators", "of", "points", "pick", "role", "weight", "max", "title"))
    return found


def _declared(cur: Cursor, field_name: str, indicators: list[str]) -> None:
    if known_field(cur, field_name, "declared") is None:
        return
    choices = FIELDS[field_name].choices
    for name in indicators:
        if name not in choices:
            cur.problem("policy.not-one-of", "declared", given=name, allowed=", ".join(choices))


def indicator(
    name: str, cur: Cursor, names: Names, shared: Points, *, scored: bool = True
) -> Indicator | None:
    """A measure with its band table; ``scored``: bands carry points."""
    title = cur.title()
    expert = cur.text("expert")
    if expert:
        known_field(cur, expert, "expert")
    zero = cur.word("zero_denominator", ZERO_DENOMINATOR, names.defaults["zero_denominator"])
    about = measure(cur, names)
    own = points_table(cur)
    if about is not None and about.kind == "ratio" and not zero:
        cur.problem("policy.zero-undeclared")
    if about is None:
        return None
    table = read_bands(cur, about, own or shared, scored=scored)
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
