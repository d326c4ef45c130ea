"""Why a right, and a portfolio, got its value: every step with its figures, in both languages.

Nothing is judged here: the steps are read off :class:`~ipcredit.patents.value.Values` and
:class:`~ipcredit.patents.portfolio.Portfolio`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from ipcredit import messages
from ipcredit.fields import EPOCH, MISSING
from ipcredit.patents.portfolio import Portfolio, Spread
from ipcredit.patents.value.figures import BOUNDLESS, Figure
from ipcredit.patents.value.scored import Part
from ipcredit.patents.value.spec import ValueSpec, shipped
from ipcredit.patents.value.valuing import KNOWN, OPEN, OUTSIDE, Values
from ipcredit.reader import Number, Title

FAMILIES_SHOWN: Final = 10
GROUPS_SHOWN: Final = 8
LIFE_SHOWN: Final = (0, 1, 3, 5, 10, 15)
_FLAGS: Final = ("licensed", "pledged", "litigated", "product_related")
_WINDOW_YEARS: Final = 5
_UNBOUNDED: Final = BOUNDLESS // 1000  # no count of a record comes near it


@dataclass(frozen=True, slots=True)
class Explained:
    """A headline, its steps, and what to know about them; ``sources`` are documents, ``assumed``
    the places of assumed numbers with their reasons."""

    title: Title
    steps: tuple[Title, ...]
    notes: tuple[Title, ...] = ()
    sources: tuple[Title, ...] = ()
    assumed: tuple[tuple[str, Title], ...] = ()

    def lines(self, lang: str) -> list[str]:
        """The explanation as lines of text, steps and notes indented."""
        reasons = (both("value.assumed", path=path, reason=why) for path, why in self.assumed)
        cited = (both("value.source", document=source) for source in self.sources)
        inner = [*self.steps, *self.notes, *cited, *reasons]
        return [self.title.text(lang), *(f"  {line.text(lang)}" for line in inner)]


def both(code: str, **args: object) -> Title:
    """A message in both languages; arguments that are titles are put in by language."""

    def side(lang: str) -> str:
        filled = {
            key: arg.text(lang) if isinstance(arg, Title) else arg for key, arg in args.items()
        }
        return messages.text(code, lang, **filled)

    return Title(side("zh"), side("en"))


def decimals(value: float | Fraction, most: int = 2) -> str:
    """A number with at most so many decimals; more where it would look like a whole one.

    >>> decimals(12.5), decimals(Fraction(1, 3)), decimals(10.002), decimals(20)
    ('12.5', '0.33', '10.002', '20')
    """
    whole = value == round(value)
    for digits in range(most, most + 5):
        text = f"{float(value):,.{digits}f}"
        if whole or float(text.replace(",", "")) != round(value):
            break
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- one right -------------------------------------------------------------------------------


def explain_right(values: Values, row: int, spec: ValueSpec | None = None) -> Explained:
    """The value of one right, indicator by indicator.

    ``spec`` is the file the method was read from (default: the shipped one).

    >>> from ipcredit.patents.right import Right, Rights
    >>> from ipcredit.patents.value import value_rights
    >>> rights = Rights.of([Right(kind="invention", filed=dt.date(2013, 5, 20), claims=30)])
    >>> values = value_rights(rights, "allison", on=dt.date(2025, 6, 30))
    >>> explain_right(values, 0).steps[6].en
    'claims: 30, required > 25, points 1'
    """
    spec = spec or shipped()
    method = values.method
    number = values.figures.rights.number(row) or str(row + 1)
    state = int(values.state[row])
    if state in (KNOWN, OPEN):
        title = both(
            "value.right",
            number=number,
            method=method.title,
            value=_range(values.low[row], values.high[row], 4),
            top=decimals(method.top),
            points=both(
                "value.points",
                points=_range(values.points("low")[row], values.points("high")[row], 2),
            ),
        )
    else:
        word = both(f"value.state.{values.state_of(row)}")
        title = both("value.right-none", number=number, state=word, method=method.title)
    steps = [] if values.state_of(row) == "outside" else list(_steps(values, row))
    notes = list(_notes(values, row)) if steps else []
    numbers = spec.provenance(method.path)
    if method.needs_norms and steps:
        numbers = (*numbers, *_cohort_numbers(values, row))
    documents = [spec.sources[n.source] for n in numbers if n.source in spec.sources]
    return Explained(
        title,
        tuple(steps),
        tuple(notes),
        tuple(dict.fromkeys(Title(doc.document, doc.document) for doc in documents)),
        _assumed(numbers),
    )


def _steps(values: Values, row: int) -> Iterator[Title]:
    """Every indicator in the order of the method, under the heading of its group if it has one."""
    parts = {part.name: part for part in values.parts}
    if not values.method.groups:
        yield from (_step(values, part, row) for part in values.parts)
        return
    for group in values.method.groups:
        inside = [parts[indicator.figure] for indicator in group.indicators]
        low, high = (
            math.fsum(part.weight * float(getattr(part, side)[row]) for part in inside)
            for side in ("low", "high")
        )
        top = decimals(group.weight * values.method.top)
        yield both("value.group", title=group.title, points=_range(low, high, 2), top=top)
        yield from (_step(values, part, row) for part in inside)


def _step(values: Values, part: Part, row: int) -> Title:
    figure = values.figures.figure(part.name)
    name, given = both(f"figure.{part.name}"), _given(part.name, figure, row)
    low, high = float(part.low[row]), float(part.high[row])
    weight = decimals(part.weight, 4)
    if values.method.form == "composite":
        norm = _norm(values, part.name, row)
        if math.isnan(norm):
            return both("value.part.no-norm", figure=name, given=given)
        share = _range(low, high, 4)
        args = {"norm": decimals(norm), "share": share, "weight": weight}
        return both("value.part.composite", figure=name, given=given, **args)
    if values.method.form == "points":
        item = next(item for item in values.method.items if item.figure == part.name)
        test = both("words.yes") if item.figure in _FLAGS else item.test.shown
        share = _range(low * part.weight, high * part.weight, 2)
        return both("value.part.points", figure=name, given=given, test=test, share=share)
    share = _range(low, high, 2)
    return both("value.part.weighted", figure=name, given=given, share=share, weight=weight)


def _given(name: str, figure: Figure, row: int) -> Title:
    """What the record says, in words: a number, yes or no, not known, or between two bounds."""
    exact = figure.at(row)
    if exact is None:
        low, high = int(figure.low[row]), int(figure.high[row])
        den = 1 if figure.den is None else int(figure.den[row])
        if not low or not den:
            return both("value.not-known")
        if high < _UNBOUNDED:
            return _range(low / den, high / den, 2)
        return both("value.at-least", low=decimals(low / den))
    if name in _FLAGS:
        return both("words.yes" if exact else "words.no")
    text = decimals(exact, 4 if name == "generality" else 2)
    return Title(text, text)


def _range(low: float, high: float, most: int) -> Title:
    """One number, or the two bounds between which it lies."""
    ends = [decimals(float(end), most) for end in (low, high)]
    if ends[0] == ends[1]:
        return Title(ends[0], ends[0])
    return both("value.between", low=ends[0], high=ends[1])


def _norm(values: Values, name: str, row: int) -> float:
    cohort, inside = values.norms.cohorts(values.fields[row : row + 1], _filed(values, row))
    return float(values.norms.norm(cohort, name)[0]) if inside[0] else math.nan


def _filed(values: Values, row: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    column = values.figures.column("filed")[row : row + 1]
    return np.array(column, np.int64)


def _cohort(values: Values, row: int) -> tuple[int, int] | None:
    """Field and year of filing of one right, ``None`` where either is not known."""
    field, filed = int(values.fields[row]), int(_filed(values, row)[0])
    if field < 0 or filed == MISSING:
        return None
    return field, dt.date.fromordinal(filed + EPOCH).year


def _notes(values: Values, row: int) -> Iterator[Title]:
    if values.method.needs_norms:
        cohort = _cohort(values, row)
        if cohort is None:
            yield both("value.no-cohort")
        else:
            yield both("value.cohort", field=values.norms.titles[cohort[0]], year=cohort[1])
        if values.norms.synthetic:
            yield both("value.synthetic", title=values.norms.title)
    published = int(values.figures.column("published")[row])
    if "forward_citations_5y" in values.method.figures and published != MISSING:
        day = dt.date.fromordinal(published + EPOCH)
        if (values.on.year - _WINDOW_YEARS, values.on.month, values.on.day) < (
            day.year,
            day.month,
            day.day,
        ):
            yield both("value.window-open")


def _cohort_numbers(values: Values, row: int) -> tuple[Number, ...]:
    cohort = _cohort(values, row)
    if cohort is None:
        return ()
    path = f"norms.{values.norms.fields[cohort[0]]}.{cohort[1]}."
    return tuple(number for number in values.norms.numbers if number.path.startswith(path))


def _assumed(numbers: Iterable[Number]) -> tuple[tuple[str, Title], ...]:
    """Each reason once, with the table of the first number that it stands for."""
    found: dict[Title, str] = {}
    for number in numbers:
        if number.assumed is not None:
            found.setdefault(number.assumed, number.path.rpartition(".")[0])
    return tuple((path, reason) for reason, path in found.items())


# -- the portfolio ---------------------------------------------------------------------------


def explain_portfolio(folio: Portfolio, missing: str = "unknown") -> Explained:
    """The value of a portfolio: its families best first, and how it is spread.

    ``missing`` is what the policy says of an open value (``unknown`` or ``lowest``).
    """
    values = folio.values
    open_value = folio.low != folio.high and missing == "unknown"
    value = _range(folio.low, folio.high, 2) if open_value else _plain(folio.low)
    title = both(
        "portfolio.value",
        value=value,
        families=len(folio.lead),
        rights=folio.count,
        method=values.method.title,
        on=values.on.isoformat(),
    )
    steps = [*_families(folio), *_spreads(folio), *_life(folio), *_shares(folio)]
    spec = shipped()
    return Explained(
        title,
        tuple(steps),
        tuple(_portfolio_notes(folio, missing)),
        (),
        _assumed(spec.provenance("portfolio")) if folio.rule is spec.aggregation else (),
    )


def _plain(value: float) -> Title:
    text = decimals(value)
    return Title(text, text)


def _families(folio: Portfolio) -> Iterator[Title]:
    if not folio.count:
        yield both("portfolio.none")
        return
    rights = folio.values.figures.rights
    points = folio.values.points("low")
    yield both("portfolio.rule", times=decimals(folio.rule.times, 4))
    valued = folio.values.state != OUTSIDE
    for at, row in enumerate(folio.lead[:FAMILIES_SHOWN].tolist()):
        if not valued[row]:
            continue
        yield both(
            "portfolio.family",
            rank=at + 1,
            number=rights.number(row) or str(row + 1),
            members=int(folio.members[at]),
            points=decimals(points[row]),
            factor=decimals(folio.factor[row], 4),
            times=decimals(float(folio.rule.times) ** at, 4),
            adds=decimals(folio.adds[at], 2),
        )
    rest = folio.adds[FAMILIES_SHOWN:]
    if rest.any():
        yield both("portfolio.rest", count=len(rest), adds=decimals(math.fsum(rest)))


def _spreads(folio: Portfolio) -> Iterator[Title]:
    if not folio.count:
        return

    def field_name(code: int) -> Title:
        return Title(folio.field_label(code, "zh"), folio.field_label(code, "en"))

    def age_name(code: int) -> Title:
        ages = folio.rule.ages
        if code + 1 == len(ages):
            return both("portfolio.age-last", low=ages[code])
        return both("portfolio.age", low=ages[code], high=ages[code + 1])

    yield from _spread("fields", folio.fields, field_name)
    yield from _spread("families", folio.families, None)
    yield from _spread("ages", folio.ages, age_name)


def _spread(what: str, spread: Spread, name: Callable[[int], Title] | None) -> Iterator[Title]:
    none = both("value.not-known")
    by_count, by_value = (
        none if index is None else _plain(index) for index in (spread.by_count, spread.by_value)
    )
    yield both(
        "portfolio.concentration",
        what=both(f"portfolio.by.{what}"),
        count=by_count,
        value=by_value,
        unknown=spread.unknown,
    )
    for group in spread.groups[:GROUPS_SHOWN] if name is not None else ():
        assert name is not None  # as above
        yield both(
            "portfolio.group",
            name=name(group.code),
            rights=group.rights,
            value=decimals(group.points),
            adds=decimals(group.adds),
        )


def _life(folio: Portfolio) -> Iterator[Title]:
    for alive in folio.life:
        if alive.years in LIFE_SHOWN and (alive.rights or not alive.years) and folio.count:
            yield both(
                "portfolio.life",
                years=alive.years,
                rights=alive.rights,
                value=decimals(alive.points),
            )


def _shares(folio: Portfolio) -> Iterator[Title]:
    for name, share in folio.shares.items():
        if not folio.count:
            continue
        part = both("value.not-known") if share.share is None else _percent(share.share)
        yield both(
            f"portfolio.share.{name}",
            yes=share.yes,
            known=share.yes + share.no,
            share=part,
            unknown=share.unknown,
        )


def _percent(share: float) -> Title:
    text = f"{decimals(share * 100, 1)} %"
    return Title(text, text)


def _portfolio_notes(folio: Portfolio, missing: str) -> Iterator[Title]:
    states = folio.states()
    if folio.low != folio.high:
        yield both(
            "portfolio.open",
            low=decimals(folio.low),
            high=decimals(folio.high),
            open=states["open"],
            unnormed=states["not_normalised"],
            unacquired=folio.no_way,
        )
        if missing == "lowest":
            yield both("portfolio.lowest")
    if states["outside"]:
        yield both("portfolio.outside", count=states["outside"])
    if folio.no_family:
        yield both("portfolio.no-families", count=folio.no_family)
    if folio.life_unknown:
        yield both("portfolio.life-unknown", count=folio.life_unknown)
    if folio.values.method.needs_norms and folio.values.norms.synthetic:
        yield both("value.synthetic", title=folio.values.norms.title)
