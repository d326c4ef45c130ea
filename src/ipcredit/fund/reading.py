"""Read what a fund file says about whom and what it covers, and at which shares.

Each function takes a :class:`~ipcredit.reader.Cursor`, records what is wrong and reads on, so
that one run reports every problem.  What cannot be read becomes ``None`` or a stand-in; a file
with a problem is never used.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from ipcredit.fund.terms import (
    APPLIES,
    BY,
    LENDER,
    PICKS,
    POT_SCOPES,
    Claim,
    Condition,
    Cover,
    CoverRule,
    Party,
    Pot,
    Step,
    Uplift,
    When,
)
from ipcredit.reader import Cursor, shown
from ipcredit.traits import AMOUNTS, NUMERIC, PARTS, WORDS
from ipcredit.wording import rounded

LOWER, UPPER = ("at_least", "above"), ("at_most", "below")
BOUNDS = (*LOWER, *UPPER)
MOST_DAYS = 36_500
MOST_UPLIFTS = 10
_ONE = Fraction(1)


def path_of(cur: Cursor) -> str:
    """The dotted path of the table a cursor stands on."""
    return ".".join(map(str, cur.path))


def in_percent(value: Fraction) -> str:
    """A share as messages show it, without the sign, which the languages set differently."""
    return rounded(value * 100)


def told(
    cur: Cursor, key: str, allowed: Sequence[str], default: str = "", *, required: bool = False
) -> str:
    """A word that decides something: like a number it has a source."""
    found = cur.word(key, allowed, default, required=required)
    if cur.take(key) in allowed:
        cur.record(found, key)
    return found


def decided(cur: Cursor, key: str, default: bool = False, *, required: bool = False) -> bool:
    """``true`` or ``false``; like a number it has a source."""
    if required and not cur.has(key):
        cur.problem("policy.required-word", key, allowed="true, false")
    found = cur.flag(key, default)
    if isinstance(cur.take(key), bool):
        cur.record(found, key)
    return found


def share(cur: Cursor, key: str, *, required: bool = False) -> Fraction | None:
    """A share of 0 to 1."""
    return cur.number(key, low=0, high=1, required=required)


def one_of(cur: Cursor, keys: Sequence[str]) -> str:
    """The one of these keys that is given; a problem and ``""`` where it is not exactly one."""
    given = [key for key in keys if cur.has(key)]
    if len(given) == 1:
        return given[0]
    args = {"given": ", ".join(given) or "-", "allowed": ", ".join(keys)}
    cur.problem("policy.exactly-one", **args)
    for key in given:
        cur.take(key)
    return ""


def items(cur: Cursor, key: str) -> list[Cursor]:
    """The tables of the list at ``key``, at least one."""
    value = cur.take(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        cur.problem("policy.not-tables", key, given=shown(value))
        return []
    if not value:
        cur.problem("policy.empty", key)
    scope, place = cur.own.get(key, cur.scope), cur.placed(key)
    return [Cursor(item, (*place, at), cur.report, scope) for at, item in enumerate(value)]


def steps(cur: Cursor, key: str, rate: str, *, money: bool) -> tuple[Step, ...]:
    """Bands ``{ up_to = …, share = … }``: bounds rise, only the last may be open."""
    found: list[Step] = []
    tables = items(cur, key)
    for at, table in enumerate(tables):
        bound: Fraction | int | None = None
        if table.has("up_to"):
            bound = table.money("up_to") if money else table.number("up_to", low=0)
        elif at < len(tables) - 1:
            table.problem("policy.band-open")
        value = share(table, rate, required=True)
        table.finish(("up_to", rate))
        last = found[-1].up_to if found else Fraction(0)
        if bound is not None and last is not None and bound <= last:
            args = {"given": shown(table.take("up_to"))}
            table.problem("policy.band-order", "up_to", **args)
        found.append(Step(None if bound is None else Fraction(bound), value or Fraction(0)))
    return tuple(found)


# -- to which loans --------------------------------------------------------------------------


def when(cur: Cursor) -> When:
    """The test ``when = { … }`` of a rule; without one it applies to all loans."""
    table = cur.child("when")
    if table is None:
        return When()
    if not table.raw:
        cur.problem("policy.empty", "when")
    words = tuple((name, _allowed(table, name)) for name in WORDS if table.has(name))
    tags = _allowed(table, "tags") if table.has("tags") else ()
    bounds: dict[str, list[tuple[str, Fraction]]] = {op: [] for op in BOUNDS}
    for name in NUMERIC:
        inner = table.child(name)
        if inner is not None:
            for op, bound in _bounds(inner, money=name in AMOUNTS):
                bounds[op].append((name, bound))
    table.finish((*WORDS, "tags", *NUMERIC))
    kinds = {op: tuple(found) for op, found in bounds.items()}
    return When(words, tags, **kinds)


def _allowed(cur: Cursor, name: str) -> tuple[str, ...]:
    """The words at ``name``; like numbers they have a source."""
    value = cur.take(name)
    if isinstance(value, str) and name != "tags":
        found: tuple[str, ...] = (cur.text(name, required=True),)
    else:
        found = cur.words(name)
    if value == []:
        cur.problem("policy.empty", name)
    for word in found:
        if name == "part" and word and word not in PARTS:
            cur.problem("policy.not-one-of", name, given=word, allowed=", ".join(PARTS))
    if found:
        cur.record(value, name)
    return found


def _bounds(cur: Cursor, *, money: bool) -> list[tuple[str, Fraction]]:
    """One lower bound, one upper bound, or both."""
    found = []
    for op in BOUNDS:
        value = cur.money(op) if money else cur.number(op)
        if value is not None:
            found.append((op, Fraction(value)))
    cur.finish(BOUNDS)
    given = [op for op in BOUNDS if cur.has(op)]
    pairs = [sum(op in side for op in given) for side in (LOWER, UPPER)]
    if not given or max(pairs) > 1:
        args = {"given": ", ".join(given) or "-", "allowed": ", ".join(BOUNDS)}
        cur.problem("policy.bounds", **args)
    elif len(found) == 2:
        (low_op, low), (high_op, high) = found
        if low > high or (low == high and (low_op, high_op) != ("at_least", "at_most")):
            cur.problem("policy.bounds-empty", high_op, given=shown(cur.take(high_op)))
    return found


def meet(one: When, other: When) -> bool:
    """Whether a loan may pass both tests, as far as words and bounds tell.

    >>> small = When(at_most=(("size", Fraction(5)),))
    >>> meet(small, When(above=(("size", Fraction(5)),))), meet(small, When(tags=("a",)))
    (False, True)
    """
    mine, theirs = dict(one.words), dict(other.words)
    if any(not set(mine[name]) & set(theirs[name]) for name in mine.keys() & theirs.keys()):
        return False
    both = (one, other)
    for name in NUMERIC:
        lows = [(v, False) for w in both for n, v in w.at_least if n == name]
        lows += [(v, True) for w in both for n, v in w.above if n == name]
        highs = [(v, False) for w in both for n, v in w.at_most if n == name]
        highs += [(v, True) for w in both for n, v in w.below if n == name]
        for low, low_open in lows:
            if any(low > h or (low == h and (low_open or h_open)) for h, h_open in highs):
                return False
    return True


def condition(name: str, cur: Cursor) -> Condition:
    """A condition of cover: a test, or that no other scheme has paid."""
    title = cur.title()
    chosen = one_of(cur, ("when", "one_scheme"))
    test = when(cur) if chosen == "when" else When()
    single = decided(cur, "one_scheme") if chosen == "one_scheme" else False
    if chosen == "one_scheme" and cur.take("one_scheme") is False:
        cur.problem("policy.key-without-effect", "one_scheme")
    cur.finish(("when", "one_scheme"))
    return Condition(name, title, test, single, path_of(cur))


def claim(cur: Cursor) -> Claim:
    """What is a claim, and when it is due."""
    days = cur.number("overdue_days", low=0, high=MOST_DAYS, whole=True, required=True)
    wait = cur.number("waiting_days", low=0, high=MOST_DAYS, whole=True)
    found = Claim(
        decided(cur, "interest", required=True),
        decided(cur, "advance", default=True, required=True),
        int(days or 0),
        int(wait or 0),
        path_of(cur),
    )
    cur.finish()
    return found


# -- shares ----------------------------------------------------------------------------------


def cover(cur: Cursor) -> Cover:
    """Which share of a claim the fund pays."""
    tables = cur.children("rules")
    if not cur.has("rules"):
        cur.problem("policy.required", "rules")
    elif cur.raw["rules"] == {}:
        cur.problem("policy.empty", "rules")
    pick = told(cur, "pick", PICKS, "first", required=len(tables) > 1)
    rules = tuple(_rule(name, table) for name, table in tables)
    uplifts = tuple(_uplift(name, table) for name, table in cur.children("uplift"))
    found = Cover(rules, pick, uplifts, share(cur, "most"), share(cur, "of_liability"))
    if len(uplifts) > MOST_UPLIFTS:
        cur.problem("policy.uplifts", "uplift", given=len(uplifts), most=MOST_UPLIFTS)
    cur.finish(("rules", "uplift", "pick", "most", "of_liability"))
    return found


def _rule(name: str, cur: Cursor) -> CoverRule:
    title, test = cur.title(), when(cur)
    chosen = one_of(cur, ("share", "bands"))
    by, slices = "", False
    found: tuple[Step, ...] = (Step(None, Fraction(0)),)
    if chosen == "share":
        found = (Step(None, share(cur, "share") or Fraction(0)),)
    elif chosen == "bands":
        by = told(cur, "by", BY, BY[0], required=True)
        slices = told(cur, "applies", APPLIES, APPLIES[0]) == "slices"
        if slices and by != "size":
            cur.problem("policy.slices", "applies", given=by)
        found = steps(cur, "bands", "share", money=by in AMOUNTS)
    cur.finish(("share", "by", "applies", "bands", "when"))
    return CoverRule(name, title, test, by, found, slices, path_of(cur))


def _uplift(name: str, cur: Cursor) -> Uplift:
    title, test = cur.title(), when(cur)
    points = cur.number("points", low=-1, high=1, required=True)
    cur.finish(("when", "points"))
    return Uplift(name, title, test, points or Fraction(0), path_of(cur))


def parties(tables: Sequence[tuple[str, Cursor]]) -> tuple[Party, ...]:
    """Who bears the rest of a loss besides the fund."""
    found: list[Party] = []
    for name, cur in tables:
        title, least = cur.title(), share(cur, "least")
        chosen = one_of(cur, ("share", "rest"))
        part = share(cur, "share") if chosen == "share" else None
        if chosen == "rest" and not decided(cur, "rest", default=True):
            cur.problem("policy.key-without-effect", "rest")
        if chosen == "rest" and any(party.share is None for party in found):
            cur.problem("policy.two-rests", "rest")
        if part is not None and least is not None and part < least:
            cur.problem(
                "policy.below-least", "least", given=in_percent(part), least=in_percent(least)
            )
        cur.finish(("share", "rest", "least"))
        # A wrong share is no rest besides: there may be one rest only.
        known = None if chosen == "rest" else part or Fraction(0)
        found.append(Party(name, title, known, least, path_of(cur)))
    return tuple(found)


def pots(top: Cursor) -> tuple[Pot, ...]:
    """The purses that pay, and how they divide each payment."""
    found = []
    before = len(top.report.problems)
    for name, cur in top.children("pots"):
        title, part = cur.title(), share(cur, "share", required=True)
        by_district = told(cur, "per", POT_SCOPES, POT_SCOPES[0]) == "district"
        cur.finish(("share", "per"))
        found.append(Pot(name, title, part or Fraction(0), by_district, path_of(cur)))
    total = sum((pot.share for pot in found), Fraction(0))
    if found and total != 1 and len(top.report.problems) == before:
        top.problem("policy.pots-sum", "pots", given=in_percent(total))
    return tuple(found)


def check_shares(top: Cursor, terms: Cover, others: Sequence[Party]) -> None:
    """No loss is borne twice, and where the lender's share is stated none is left over."""
    fixed = sum((party.share or Fraction(0) for party in others), Fraction(0))
    rest = next((party for party in others if party.share is None), None)
    exact = rest is None and any(party.name == LENDER for party in others)
    least = rest.least if rest is not None and rest.least is not None else Fraction(0)
    for rule in terms.rules:
        path = tuple(rule.path.split("."))
        totals = [fixed + found for found in possible(terms, rule)]
        high, low = max(totals), min(totals)
        if high > 1:
            top.report.problem("policy.shares-above", path, given=in_percent(high))
        elif exact and low != 1:
            top.report.problem("policy.shares-sum", path, given=in_percent(low))
        elif 1 - high < least:
            args = {"given": in_percent(1 - high), "least": in_percent(least)}
            top.report.problem("policy.below-least", path, **args)
        if low < fixed:
            top.report.problem("policy.share-negative", path, given=in_percent(low - fixed))


def possible(terms: Cover, rule: CoverRule) -> list[Fraction]:
    """Every share that a claim under a rule may have after uplifts, not cut at 0.

    >>> rule = CoverRule("r", None, When(), "", (Step(None, Fraction(2, 5)),), False, "")
    >>> more = Uplift("m", None, When(), Fraction(1, 5), "")
    >>> possible(Cover((rule,), "first", (more,), Fraction(1, 2)), rule)
    [Fraction(2, 5), Fraction(1, 2)]
    """
    fitting = [up for up in terms.uplifts[:MOST_UPLIFTS] if meet(up.when, rule.when)]
    found = set()
    for count in range(len(fitting) + 1):
        for chosen in combinations(fitting, count):
            if all(meet(a.when, b.when) for a, b in combinations(chosen, 2)):
                points = sum((up.points for up in chosen), Fraction(0))
                top = _ONE + 9 if terms.most is None else terms.most
                found |= {min(step.rate + points, top) for step in rule.steps}
    return sorted(found)
