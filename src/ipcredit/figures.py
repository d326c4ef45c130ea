"""The figures of one firm as the rules see them, exact and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ipcredit.assess import Assessment
from ipcredit.conditions import Test, column_fields
from ipcredit.counting import Scores
from ipcredit.fields import FIELDS, MILLION
from ipcredit.frame import Frame, day_number
from ipcredit.layout import native
from ipcredit.plan import NO_POINTS
from ipcredit.reader import Title
from ipcredit.rule_words import closed, comparisons
from ipcredit.rules import ByClass, Condition, Measure, Term
from ipcredit.wording import (
    amount,
    condition_text,
    counted,
    figure_text,
    measure_text,
    plain,
    required_text,
    say,
    value_text,
)

Bounds = Mapping[str, tuple[Fraction, Fraction]]


def chinese(text: str) -> str:
    """Chinese text as it is set: no blanks between characters and brackets, 5% in one piece.

    >>> chinese("研发费用（前一年度） ÷ 销售收入 的 5 %")
    '研发费用（前一年度）÷ 销售收入的 5%'
    """
    return closed(native(text, "zh")).replace("） ", "）").replace(" （", "（")


def in_both(make: Callable[[str], str]) -> Title:
    """A title from a function of the language, each set as its language is."""
    return Title(chinese(make("zh")), make("en"))


def both(code: str, **args: object) -> Title:
    """A message in both languages; arguments that are titles are put in by language.

    >>> both("reason.rule", title=Title("人数", "Staff"), outcome=5).en
    'Staff: 5'
    """

    def side(lang: str) -> str:
        filled = {k: v.text(lang) if isinstance(v, Title) else v for k, v in args.items()}
        return say(code, lang, **filled)

    return in_both(side)


def joined(code: str, parts: Sequence[Title]) -> Title:
    """Titles as one list; ``code`` is the message that stands between them."""
    return in_both(lambda lang: say(code, lang).join(part.text(lang) for part in parts))


def label_of(name: str) -> Title:
    """A field's label in both languages."""
    return Title(FIELDS[name].zh, FIELDS[name].en)


class Figures:
    """One row of an assessment, read by measure.

    ``points``: bounds of the points of dimensions and ``total``; without them points that are
    not determined are said to be open.
    """

    def __init__(self, assessment: Assessment, row: int, points: Bounds | None = None) -> None:
        self._a, self._row, self._points = assessment, row, points
        self.currency = assessment.currency
        self.titles = {
            lang: {d.name: d.title.text(lang) for d in assessment.policy.rules.dimensions}
            for lang in ("zh", "en")
        }

    # -- single fields ---------------------------------------------------------------------------

    def raw(self, name: str) -> int:
        """The value as stored, sentinels included."""
        column = self._a.firms.columns.get(name)
        return FIELDS[name].missing if column is None else int(column[self._row])

    def is_missing(self, name: str) -> bool:
        """Whether the field is not known."""
        return self.raw(name) == FIELDS[name].missing

    def value(self, name: str) -> int | None:
        """The value in column units; ``None`` if missing or known not to exist."""
        value, spec = self.raw(name), FIELDS[name]
        return None if value in (spec.missing, spec.none) else value

    def text(self, name: str, lang: str) -> str:
        """The value in words."""
        value, spec = self.raw(name), FIELDS[name]
        if value == spec.missing:
            return say("words.missing", lang)
        if value == spec.none:
            return say("words.none", lang)
        return value_text(name, value, self.currency, lang)

    def shown(self, name: str) -> Title:
        """The value in both languages."""
        return in_both(lambda lang: self.text(name, lang))

    def money(self, value: int) -> Title:
        """An amount in both languages."""
        return in_both(lambda lang: amount(value, self.currency, lang))

    # -- measures --------------------------------------------------------------------------------

    def sum(self, term: Term) -> Fraction | None:
        """A weighted sum of fields; ``None`` where one is missing or does not exist."""
        total = Fraction(0)
        for name, weight in term.fields:
            value = self.value(name)
            if value is None:
                if term.skip_none and not self.is_missing(name):
                    continue
                return None
            unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
            total += Fraction(value * weight, term.scale * unit)
        return total

    def points(self, name: str) -> tuple[Fraction, Fraction] | None:
        """Bounds of the points of a dimension or of the total; ``None`` where only open."""
        if self._points is not None:
            return self._points[name]
        value = int(self._a.codes["points", name][self._row])
        if value == NO_POINTS:
            return None
        exact = Fraction(value, self._a.plan.scales[name])
        return exact, exact

    def figure(self, about: Measure) -> Fraction | None:
        """The exact figure of a measure (a compound rate: to 12 digits), if there is one."""
        if about.kind == "points":
            bounds = self.points(about.of)
            return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None
        if about.kind == "growth":
            return self._growth(about)
        assert about.num is not None
        num = self.sum(about.num)
        if about.kind != "ratio" or num is None or about.den is None:
            return num
        den = self.sum(about.den)
        return num / den if den is not None and den > 0 else None

    def _growth(self, about: Measure) -> Fraction | None:
        years = [self.value(name) for name in about.series]
        if any(map(self.is_missing, about.series)) or years[-1] is None:
            return None
        last = Fraction(years[-1])
        base = [None if year is None or year <= 0 else Fraction(year) for year in years[:-1]]
        if about.method == "mean_of_ratios":
            if base[1] is None:
                return Fraction(0)
            known = [year for year in (*base, last) if year is not None]
            rates = [later / earlier for earlier, later in pairwise(known)]
            return sum(rates, Fraction(0)) / len(rates) - 1
        start = base[0]
        if start is None:
            return None
        if about.method == "mean_of_two_rates":
            second = base[1]
            return None if second is None else (second / start + last / second) / 2 - 1
        if about.method == "cagr":
            return None if last < 0 else Fraction(str(round(float(last / start) ** 0.5 - 1, 12)))
        return last / start - 1

    def no_denominator(self, about: Measure) -> bool:
        """Whether this is a ratio whose denominator is known and not above 0."""
        if about.kind != "ratio" or about.den is None:
            return False
        den = self.sum(about.den)
        return den is not None and den <= 0

    def figure_text(self, about: Measure, lang: str, cuts: Sequence[Fraction] = ()) -> str:
        """The figure in words: the value, what is missing, or why there is none."""
        if about.kind == "points":
            return self.points_text(self.points(about.of), lang)
        if about.unit in ("flag", "choice") or about.kind in ("since", "until"):
            assert about.num is not None
            return self._single(about, lang)
        figure = self.figure(about)
        if figure is not None:
            return figure_text(figure, about.unit, self.currency, lang, cuts)
        if any(map(self.is_missing, about.fields)):
            return say("words.missing", lang)
        return say("words.zero-denominator" if self.no_denominator(about) else "words.none", lang)

    def _single(self, about: Measure, lang: str) -> str:
        assert about.num is not None
        name = about.num.fields[0][0]
        text, value = self.text(name, lang), self.value(name)
        if about.kind == "since" and value is not None and value > day_number(self._a.on):
            return say("words.to-come", lang, date=text)
        return text

    def points_text(self, bounds: tuple[Fraction, Fraction] | None, lang: str) -> str:
        """Points with their unit, as a range where they are not determined."""
        if bounds is None:
            return say("report.open", lang)
        lo, hi = bounds
        text = plain(lo) if lo == hi else f"{plain(lo)}–{plain(hi)}"
        return counted("words.unit.points", text, lang)

    # -- conditions ------------------------------------------------------------------------------

    def holds(self, rule: Condition) -> bool | None:
        """Whether a condition holds, by the core; ``None`` where it is open."""
        scores = Scores()
        for name, (lo, hi) in (self._points or {}).items():
            scale = self._a.plan.scales[name]
            low = np.array([int(lo * scale)], np.int32)
            scores.points[name] = low, low if lo == hi else np.array([int(hi * scale)], np.int32)
        names = column_fields(rule)
        columns = {name: np.array([self.raw(name)], FIELDS[name].dtype) for name in names}
        bounded = any(map(self.is_missing, names))
        frame = Frame(columns, 1, self._a.on, bounded=bounded)
        found = Test(rule, self._a.plan.scales).run(frame, scores)
        must, may = bool(found.must[0]), bool(found.may[0])
        return must if must == may else None

    def _class(self, rule: ByClass) -> tuple[Condition | None, Condition] | None:
        """The class of firms that this one is in, where that is known."""
        for _, when, then in rule.cases:
            holds = when is None or self.holds(when)
            if holds:
                return when, then
            if holds is None:
                return None
        return None

    def given(self, rule: Condition, lang: str) -> str:
        """The figures that a condition looks at, each once."""
        found: dict[str, str] = {}
        for leaf in comparisons(rule):
            about = leaf.measure
            label = measure_text(about, lang, self.titles[lang])
            if about.kind in ("since", "until") and about.num is not None:
                label = FIELDS[about.num.fields[0][0]].label(lang)
            cuts = [] if leaf.cut is None else [leaf.cut.at]
            value = self.figure_text(about, lang, cuts)
            if about.kind == "points" and (exact := self.figure(about)) is not None:
                value = plain(exact)  # the label says that it is points
            found.setdefault(label, say("step.given", lang, label=label, value=value))
        return say("words.comma", lang).join(found.values())

    def required(self, rule: Condition, lang: str) -> str:
        """The figures that a condition looks at, and what it asks for.

        >>> from ipcredit import Policy, assess
        >>> policy = Policy.load("cn-tech-sme@2017")
        >>> size = next(gate for gate in policy.rules.gates if gate.name == "staff-size")
        >>> Figures(assess(policy, {"staff_total": 501}), 0).required(size.condition, "en")
        'Staff: 501; required: ≤ 500'
        """
        titles = self.titles[lang]
        asked, looked_at = required_text(rule, self.currency, lang, titles), [rule]
        mine = self._class(rule) if isinstance(rule, ByClass) else None
        if mine is not None:
            when, then = mine
            asked, looked_at = required_text(then, self.currency, lang, titles), [then]
            if when is not None:
                looked_at.insert(0, when)
                cause = condition_text(when, self.currency, lang, titles)
                asked = say("words.if", lang, when=cause, then=asked)
        given = say("words.comma", lang).join(self.given(one, lang) for one in looked_at)
        return say("step.required", lang, given=given, rule=asked)


__all__ = ["Bounds", "Figures", "both", "in_both", "joined", "label_of"]
