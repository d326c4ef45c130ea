"""The steps from a firm's figures to its points."""

from __future__ import annotations

from fractions import Fraction

from ipcredit.figures import both, in_both
from ipcredit.reader import Title
from ipcredit.rules import Dimension, Indicator
from ipcredit.scoring import UNKNOWN
from ipcredit.steps import Steps, indicator_title
from ipcredit.wording import band_text, percent, plain


def score_steps(steps: Steps) -> None:
    """The dimensions that count towards the total, and the total itself."""
    steps.section = "score"
    for item in steps.rules.top:
        dimension_steps(steps, item)
    if not steps.rules.top:
        return
    points = steps.figures.points("total")
    outcome = in_both(lambda lang: steps.figures.points_text(points, lang))
    terms = [_term(steps, item) for item in steps.rules.top]
    if len(terms) > 1 and all(terms):
        outcome = both("step.total-sum", sum=" + ".join(filter(None, terms)), points=outcome)
    steps.add("total", "total", both("report.total"), outcome)


def _term(steps: Steps, item: Dimension) -> str | None:
    """A dimension's part of the sum of points; ``None`` where it is open."""
    bounds = steps.figures.points(item.name)
    if bounds is None or bounds[0] != bounds[1]:
        return None
    weighted = item.role != "bonus" and item.weight != 1
    return f"{plain(bounds[0])} × {percent(item.weight)}" if weighted else plain(bounds[0])


def dimension_steps(steps: Steps, item: Dimension, level: int = 0) -> None:
    """A dimension and, under it, what it is made of."""
    if len(item.indicators) == 1 and item.weight == 1 and item.cap is None:
        _indicator(steps, item, item.indicators[0], level)
        return
    bounds = steps.figures.points(item.name)
    args: dict[str, object] = {
        "points": in_both(lambda lang: steps.figures.points_text(bounds, lang))
    }
    code = "step.points"
    if len(item.indicators) + len(item.of) > 1:
        code, args["pick"] = "step.dimension", _pick(steps, item)
    if item.role != "bonus" and item.weight != 1:
        code += "-weighted"
        args["weight"] = percent(item.weight)
    also = [f"{item.path}.max"]
    if item.missing_option == "others" and _judged_on_others(steps, item):
        also.append("silent.missing_option")
    steps.add("dimension", item.path, item.title, both(code, **args), level=level,
              cite=f"{item.path}.weight", also=also)  # fmt: skip
    for child in item.of:
        dimension_steps(steps, steps.rules.dimension(child), level + 1)
    for table in item.indicators:
        _indicator(steps, item, table, level + 1)


def _pick(steps: Steps, item: Dimension) -> Title:
    """How the parts of a dimension combine, which one counted, and the most they may add up to."""
    pick = both(f"pick.{item.pick}")
    winner = steps.code("winner", item.name)
    if item.pick != "sum" and winner >= 0 and item.indicators:
        title = indicator_title(item.indicators[winner], item)
        pick = both("pick.named", pick=pick, winner=title)
    if item.cap is not None:
        pick = both("pick.capped", pick=pick, most=plain(item.cap))
    return pick


def _judged_on_others(steps: Steps, item: Dimension) -> bool:
    """Whether an option is open and the others decide."""
    bounds = steps.figures.points(item.name)
    names = [f"{item.name}.{table.name}" for table in item.indicators]
    unknown = any(steps.code("band", name) == UNKNOWN for name in names)
    return unknown and bounds is not None and bounds[0] == bounds[1]


def _indicator(steps: Steps, item: Dimension, table: Indicator, level: int) -> None:
    """One figure and the band it is in."""
    code = steps.code("band", f"{item.name}.{table.name}")
    cuts = [band.cut.at for band in table.bands if band.cut is not None]
    figure = in_both(lambda lang: steps.figures.figure_text(table.measure, lang, cuts))
    also = []
    if steps.figures.no_denominator(table.measure):
        also.append("silent.zero_denominator")
    if code == UNKNOWN:
        outcome = both("step.band-open", figure=figure)
    else:
        band = table.bands[code if code >= 0 else -1]
        low, high = band.points
        given = steps.figures.value(table.expert) if table.expert else None
        if given is not None:
            low = high = Fraction(given)
        points = in_both(lambda lang: steps.figures.points_text((low, high), lang))
        condition = in_both(lambda lang: band_text(band, table, steps.currency, lang))
        word = "step.band" if code >= 0 else "step.band-none"
        if code >= 0 and table.categorical and len(band.values) == 1:
            word = "step.band-plain"  # the condition is the figure
        args = {"figure": figure, "band": band.label, "points": points}
        outcome = both(word, **args, **({"condition": condition} if word == "step.band" else {}))
        if given is not None:
            outcome = both("step.expert", then=outcome)
    fields = (*table.measure.fields, *([table.expert] if table.expert else []))
    own = steps.policy.under(f"{table.path}.points") or len(item.indicators) > 1
    cite = table.path if own else item.path
    title = indicator_title(table, item)
    steps.add("indicator", table.path, title, outcome, fields, level=level, cite=cite, also=also)
