"""The steps from a tier to the comprehensive line, and the terms of the loan."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import cast

from ipcredit.conditions import column_fields
from ipcredit.credit import BOUNDLESS, NO_LINE, Money, method_fields, share_less
from ipcredit.fields import FIELDS
from ipcredit.figures import both, in_both, joined, label_of
from ipcredit.frame import months_after
from ipcredit.needs import method_needs
from ipcredit.rates import Series, rate_on
from ipcredit.reader import Title
from ipcredit.reading import limit_fields
from ipcredit.rules import (
    BaseMethod,
    Gate,
    JointLimit,
    Limit,
    LimitCase,
    Loan,
    Measure,
    Part,
)
from ipcredit.scoring import UNKNOWN
from ipcredit.steps import Steps, condition_title
from ipcredit.steps_score import dimension_steps
from ipcredit.wording import counted, percent, plain, rounded, term_text
from ipcredit.working_capital import ON_COST, ON_SALES, Code, Columns, WorkingCapital
from ipcredit.working_capital_steps import WorkingCapitalSteps, working_capital_steps

Range = tuple[int, int]


def money_steps(steps: Steps) -> None:
    """Each part of the line, the limits on several together, and the sum.

    A refused firm gets no line: what it would have been otherwise is not told.
    """
    parts = steps.rules.parts
    if not parts:
        return
    if steps.status == "refused":
        outcome = both("step.line-refused", amount=steps.figures.money(0))
        for part in parts:
            steps.add("line", part.path, part.title, outcome, cite="")
        steps.add("line", "total", both("part.total"), outcome, cite="")
        return
    for part in parts:
        _part(steps, part)
    cuts = [_joint(steps, rule) for rule in steps.rules.joint]
    if any(cuts):
        for part in parts:
            steps.add("line", part.path, part.title, _amount(steps, "part", part.name), cite="")
    total = _amount(steps, "part", "total")
    known = [steps.code("part", part.name, NO_LINE) for part in parts]
    if len(parts) > 1 and NO_LINE not in known:
        terms = joined("words.plus", [steps.figures.money(value) for value in known])
        total = both("step.line-sum", sum=terms, amount=total)
    steps.add("line", "total", both("part.total"), total, cite="")


def _amount(steps: Steps, kind: str, part: str) -> Title:
    """An amount of the result; no line for a tier that carries none."""
    value = steps.code(kind, part, NO_LINE)
    if value != NO_LINE:
        return steps.figures.money(value)
    tier = steps.code("tier", "", UNKNOWN)
    lineless = any(
        rule.tiers and 0 <= tier < len(rule.tiers) and rule.tiers[tier] is None
        for rule in steps.rules.parts
        if part in (rule.name, "total")
    )
    return both("step.no-line" if lineless else "step.line-open")


def _range(money: Money) -> Range:
    return int(money.lo[0]), int(money.hi[0])


def _between(steps: Steps, bounds: Range) -> Title:
    lo, hi = bounds
    if lo == hi:
        return steps.figures.money(lo)
    top = both("words.no-bound") if hi >= BOUNDLESS else steps.figures.money(hi)
    return both("words.between", low=steps.figures.money(lo), high=top)


# -- one part -------------------------------------------------------------------------------------


def _part(steps: Steps, part: Part) -> None:
    steps.add("part", part.path, part.title, _amount(steps, "before", part.name), cite="")
    now: Range = (0, BOUNDLESS)
    for name, stage, key, money in steps.trace.money:
        if name != part.name:
            continue
        bounds = _range(money)
        if stage == "tier":
            _of_tier(steps, part, bounds)
        elif stage == "method":
            _method(steps, part, next(item for item in part.methods if item.name == key), bounds[0])
        elif stage == "chosen":
            _chosen(steps, part, bounds)
        elif stage == "limit":
            _limit(steps, next(item for item in part.limits if item.name == key), bounds, now)
            bounds = min(now[0], bounds[0]), min(now[1], bounds[1])
        elif stage == "deduct":
            _deduct(steps, part, key, bounds)
        elif stage == "round":
            for gate in part.gates:
                _part_gate(steps, gate)
            if part.step > 1 and bounds != now and bounds != (0, 0):
                title = both("step.round-title", step=steps.figures.money(part.step))
                path = f"{part.path}.round_down_to"
                steps.add("round", path, title, _between(steps, bounds), level=1)
        now = bounds


def _of_tier(steps: Steps, part: Part, bounds: Range) -> None:
    tiers, tier = steps.rules.tiers, steps.code("tier", "")
    assert tiers is not None
    if tier < 0:
        path = f"{part.path}.tiers"
        steps.add("chosen", path, both("step.line-by-tier"), _between(steps, bounds), level=1)
        return
    label = tiers.labels[tier]
    none = part.tiers[tier] is None
    outcome = both("step.no-line") if none else _between(steps, bounds)
    title = both("step.line-of-tier", tier=label)
    steps.add("chosen", f"{part.path}.tiers.{label}", title, outcome, level=1)


def _chosen(steps: Steps, part: Part, bounds: Range) -> None:
    winner = steps.code("method", part.name)
    amount = _between(steps, bounds)
    if winner < 0 and bounds == (0, 0):
        outcome = both("step.chosen-none", amount=amount)
    elif winner < 0 or len(part.methods) == 1:
        return
    else:
        outcome = both("step.chosen", method=_name(part.methods[winner]), amount=amount)
    title = both(f"step.chosen-{part.pick}")
    steps.add("chosen", f"{part.path}.pick", title, outcome, level=1)


def _name(rule: BaseMethod | Limit) -> Title:
    return rule.title or Title(rule.name, rule.name)


def _deduct(steps: Steps, part: Part, key: str, bounds: Range) -> None:
    held = steps.figures.shown(key)
    if steps.figures.value(key) == 0:
        return
    title = both("step.deduct-title", label=label_of(key))
    outcome = both("step.deduct", held=held, amount=_between(steps, bounds))
    steps.add("deduct", f"{part.path}.deduct", title, outcome, [key], level=1)


def _part_gate(steps: Steps, rule: Gate) -> None:
    holds = steps.figures.holds(rule.condition)
    code = {True: "step.gate-met", False: "step.part-gate", None: "step.gate-open"}[holds]
    given = in_both(lambda lang: steps.figures.required(rule.condition, lang))
    title = condition_title(rule, steps.currency, steps.figures.titles)
    steps.add("gate", rule.path, title, both(code, given=given), column_fields(rule.condition),
              holds=holds, level=1)  # fmt: skip


def _labels(names: list[str]) -> Title:
    return joined("words.list-comma", [label_of(name) for name in names])


# -- methods --------------------------------------------------------------------------------------


def _method(steps: Steps, part: Part, rule: BaseMethod, value: int) -> None:
    code = Code(steps.code("method-code", f"{part.name}.{rule.name}"))
    amount = steps.figures.money(max(value, 0))
    if code is Code.MISSING_INPUT:
        outcome = _open_method(steps, rule)
    elif code is not Code.OK:
        outcome = both(f"step.method.{code.name.lower().replace('_', '-')}", amount=amount)
    elif rule.method == "share_of":
        outcome = _share(steps, rule, amount)
    elif rule.method == "tax_multiple":
        outcome = _tax(steps, rule, amount)
    elif rule.indicator is not None:
        figure = _score(steps, rule.indicator.measure)
        outcome = both("step.amount-of", figure=figure, amount=amount)
    else:
        outcome = both("step.amount", amount=amount)
    worked = rule.option("rule")
    if isinstance(worked, WorkingCapital):
        words = [both(f"basis.{word.replace(':', '.')}") for word in worked.basis]
        outcome = both("step.basis", then=outcome, basis=joined("words.comma", words))
    steps.add("method", rule.path, _name(rule), outcome, method_fields(rule), level=1)
    if isinstance(worked, WorkingCapital):
        _working(steps, rule, worked)
    elif rule.indicator is not None and rule.indicator.measure.of not in ("", "total"):
        dimension_steps(steps, steps.rules.dimension(rule.indicator.measure.of), level=2)


def _score(steps: Steps, about: Measure) -> Title:
    return in_both(lambda lang: steps.figures.figure_text(about, lang))


def _open_method(steps: Steps, rule: BaseMethod) -> Title:
    if rule.indicator is not None:
        return both("step.band-open", figure=_score(steps, rule.indicator.measure))
    names = method_needs(steps.a, steps.row, rule)
    return both("step.method.missing-input", fields=_labels(list(names)))


def _share(steps: Steps, rule: BaseMethod, amount: Title) -> Title:
    """A share of a figure, or of what is left of it once what is not eligible is taken out."""
    name, *less = method_fields(rule)
    share, own = cast(Fraction, rule.option("share")), rule.option("less_own_margin")
    args: dict[str, object] = {"label": label_of(name), "share": percent(share), "then": amount}
    if isinstance(own, Fraction):
        args["share"] = both("step.own", share=percent(share), own=percent(own))
    whole = steps.figures.value(name) or 0
    args["of"] = steps.figures.money(whole)
    if not share_less(rule):
        return both("step.share-of", **args)
    rest = max(whole - sum(steps.figures.value(field) or 0 for field in less), 0)
    return both("step.share-of-rest", rest=steps.figures.money(rest), **args)


def _tax(steps: Steps, rule: BaseMethod, amount: Title) -> Title:
    years = int(cast(Fraction, rule.option("years")))
    paid = [steps.figures.value(name) or 0 for name in method_fields(rule)[:years]]
    mean = steps.figures.money(sum(paid) // years)
    multiple = plain(cast(Fraction, rule.option("multiple")))
    return both("step.tax", years=years, mean=mean, multiple=multiple, then=amount)


def _working(steps: Steps, rule: BaseMethod, worked: WorkingCapital) -> None:
    """The working of the need: days of turnover, the need itself, what is taken off."""
    columns = cast(Columns, steps.a.firms.columns)
    found = working_capital_steps(columns, steps.row, worked)
    if found.day_sum is not None:
        steps.add("working", rule.path, both("step.days-title"), _days(found), level=2, cite="")
    if found.need is not None and found.margin is not None and found.growth is not None:
        outcome = both(
            "step.need",
            sales=steps.figures.shown("sales"),
            margin=percent(found.margin),
            growth=percent(found.growth),
            turns=rounded(found.overall_turns or Fraction(0)),
            need=steps.figures.money(int(found.need // 1)),
        )
        steps.add("working", rule.path, both("step.need-title"), outcome, level=2, cite="")
    held = [
        both("step.of", label=label_of(name), figure=steps.figures.money(value))
        for name, value in found.deductions.items()
        if value
    ]
    if held and found.need is not None:
        steps.add("working", rule.path, both("step.need-less"), joined("words.comma", held),
                  level=2, cite="")  # fmt: skip


def _days(found: WorkingCapitalSteps) -> Title:
    """The signed days of each balance and the turns they make; rounded to be read."""
    signs = {**ON_SALES, **ON_COST}

    def side(lang: str) -> str:
        text = ""
        for name in sorted(found.days, key=lambda item: -signs[item]):
            sign = "+" if signs[name] > 0 else "-"
            label = FIELDS[name].label(lang)
            term = f"{label} {rounded(found.days[name])}"
            text += f" {sign} {term}" if text else term
        return text

    total, turns = found.day_sum or Fraction(0), found.overall_turns
    args: dict[str, object] = {"sum": in_both(side), "total": rounded(total)}
    if turns is None or total <= 0:
        return both("step.days-not", **args)
    return both("step.days", turns=rounded(turns), **args)


# -- limits ---------------------------------------------------------------------------------------


def _limit(steps: Steps, rule: Limit, bound: Range, now: Range) -> None:
    """A limit on one part; ``now``: the amount before it."""
    word = "step.limit-cuts" if bound[1] < now[0] else "step.limit"
    if bound[0] != bound[1] or now[0] != now[1]:
        word = "step.limit-cuts" if bound[1] < now[0] else "step.limit-may"
    case, outcome = _bounded(steps, rule, bound, word)
    path = rule.path if case is None else case.path
    steps.add("limit", path, _name(rule), outcome, limit_fields(rule), level=1)


def _bounded(
    steps: Steps, rule: Limit, bound: Range, word: str, **args: object
) -> tuple[LimitCase | None, Title]:
    """The case of a limit that fits the firm, and how the limit came out."""
    case = None
    for item in rule.cases:
        holds = item.when is None or steps.figures.holds(item.when)
        case = item if holds else None
        if holds or holds is None:
            break
    if bound[0] >= BOUNDLESS:
        absent = [name for name in limit_fields(rule) if steps.figures.is_missing(name)]
        if rule.skip and absent:
            return None, both("step.skipped", fields=_labels(absent))
        return case, both("step.limit-none")
    outcome = both(word, amount=_between(steps, bound), **args)
    if case is not None and case.share is not None and case.of is not None:
        held = sum(steps.figures.value(name) or 0 for name in rule.less)
        whole = steps.figures.sum(case.of)
        parts: dict[str, object] = {
            "then": outcome,
            "share": percent(case.share),
            "label": in_both(lambda lang: term_text(case.of, lang) if case.of else ""),
            "of": steps.figures.money(int(whole or 0)),
        }
        if held:
            return case, both("step.share-held", held=steps.figures.money(held), **parts)
        return case, both("step.share-whole", **parts)
    return case, outcome


def _joint(steps: Steps, rule: JointLimit) -> bool:
    """A limit on several parts together; whether it cut."""
    bound = next(
        _range(money)
        for _, stage, key, money in steps.trace.money
        if stage == "joint" and key == rule.limit.name
    )
    cut = bool(steps.code("joint", rule.limit.name, 0))
    titles = {part.name: part.title for part in steps.rules.parts}
    first = titles.get(rule.cuts_first, both("words.pro-rata"))
    word = "step.joint-cuts" if cut else "step.limit"
    if not cut and steps.status == "incomplete":
        word = "step.limit-may"
    args: dict[str, object] = {"first": first} if cut else {}
    _, outcome = _bounded(steps, rule.limit, bound, word, **args)
    steps.add("joint", rule.path, _name(rule.limit), outcome, limit_fields(rule.limit))
    return cut


# -- terms of the loan ----------------------------------------------------------------------------


def term_steps(steps: Steps, rates: Series) -> None:
    """The rate, the longest term and how long the result holds, as the policy says them."""
    loan = steps.rules.loan
    if loan is None:
        return
    if loan.rate_spread is not None:
        outcome = rate_outcome(steps, loan, rates)
        steps.add("term", f"{loan.path}.rate", both("step.rate-title"), outcome)
    if loan.max_term_months is not None:
        months = in_both(lambda lang: counted("words.unit.months", str(loan.max_term_months), lang))
        outcome = both("step.term", months=months)
        steps.add("term", f"{loan.path}.max_term_months", both("step.term-title"), outcome)
    if loan.valid_months is not None:
        until = valid_until(loan.valid_months, steps.a.on).isoformat()
        outcome = both("step.valid", until=until)
        if loan.renewal is not None:
            outcome = both("step.valid-renewal", until=until, renewal=loan.renewal)
        steps.add("term", f"{loan.path}.validity", both("step.valid-title"), outcome)


def valid_until(months: int, on: dt.date) -> dt.date:
    """The last day of so many months from a day on; the last day there is, where that is later.

    >>> valid_until(12, dt.date(2026, 11, 23)), valid_until(12, dt.date(9999, 12, 31))
    (datetime.date(2027, 11, 23), datetime.date(9999, 12, 31))
    """
    try:
        return months_after(on, months)
    except (ValueError, OverflowError):
        return dt.date.max


def rate_outcome(steps: Steps, loan: Loan, rates: Series) -> Title:
    """The policy's rate rule, and the rate itself where the series has a value by that day."""
    spread = loan.rate_spread or Fraction(0)
    word = "step.rate-flat"
    if spread:
        word = "step.rate-plus" if spread > 0 else "step.rate-minus"
    args = {"points": plain(abs(spread) * 100)} if spread else {}
    rule = both(word, series=loan.rate_series, **args)
    rate = rate_on(loan, rates, steps.a.on)
    if rate is None:
        return both("step.rate-rule", rule=rule, series=loan.rate_series, on=steps.a.on.isoformat())
    return both(
        "step.rate",
        rate=percent(Fraction(rate.value)),
        rule=rule,
        series=rate.series,
        published=rate.published.isoformat(),
        base=percent(Fraction(rate.base)),
    )
