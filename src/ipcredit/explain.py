"""Why a firm got what it got: the decision codes of one row, decoded into cited steps.

Nothing is judged here.  The row is run once more through the same plan, with a trace for the
amounts between the stages; everything else is read off the codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ipcredit.assess import Assessment
from ipcredit.credit import BOUNDLESS, NO_LINE, Trace, method_fields, share_less
from ipcredit.conditions import column_fields
from ipcredit.fields import FIELDS, MILLION
from ipcredit.frame import Frame
from ipcredit.plan import FAIL, PASS, WAIVED, Outcome, dimension_fields, part_fields
from ipcredit.reader import Title
from ipcredit.rules import BaseMethod, Condition, Dimension, Indicator, Measure, Part, Term
from ipcredit.scoring import UNKNOWN
from ipcredit.wording import (
    amount,
    band_text,
    condition_text,
    figure_text,
    measure_text,
    percent,
    plain,
    say,
    value_text,
)
from ipcredit.working_capital import Code


@dataclass(frozen=True, slots=True)
class Input:
    """A figure of the firm that a step used; ``value`` in column units, ``None`` if missing."""

    field: str
    value: int | None
    text: Title


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to the line.

    ``kind``: ``indicator``, ``dimension``, ``total``, ``gate``, ``confirm``, ``tier``,
    ``raise``, ``method``, ``limit``, ``deduct``, ``part``, ``joint`` or ``line``.
    ``path`` is the rule's place in the policy; ``sources`` are ids of the policy's sources;
    ``assumed`` the reasons of assumed numbers it used; ``changed`` the paths changed by a person.
    ``holds``: for gates and confirmations (``None``: open).
    """

    kind: str
    path: str
    title: Title
    outcome: Title
    inputs: tuple[Input, ...] = ()
    holds: bool | None = None
    sources: tuple[str, ...] = ()
    assumed: tuple[Title, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps of one firm's result, the fields it lacks with the rules that need them, notes."""

    steps: tuple[Step, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[Title, ...]
    notes: tuple[Title, ...] = ()

    @property
    def assumed(self) -> tuple[tuple[str, Title], ...]:
        """Assumed numbers that the steps used, as (path of the rule, reason)."""
        return tuple(dict.fromkeys((s.path, reason) for s in self.steps for reason in s.assumed))


def both(code: str, **args: object) -> Title:
    """A message in both languages; arguments that are titles are put in by language."""

    def side(lang: str) -> str:
        filled = {k: v.text(lang) if isinstance(v, Title) else v for k, v in args.items()}
        return say(code, lang, **filled)

    return Title(side("zh"), side("en"))


def in_both(make: object) -> Title:
    """A title from a function of the language."""
    assert callable(make)
    return Title(make("zh"), make("en"))


def explain(assessment: Assessment, row: int = 0) -> Explanation:
    """The steps by which one row of an assessment came out as it did.

    >>> from ipcredit import Policy, assess
    >>> result = assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501})
    >>> [s.outcome.en for s in explain(result).steps if s.path == "gates.staff-size"]
    ['not met: Staff = 501, required Staff ≤ 500']
    """
    return _Explainer(assessment, row).run()


class _Explainer:
    def __init__(self, assessment: Assessment, row: int) -> None:
        self.a, self.row = assessment, row
        self.policy = assessment.policy
        self.rules = self.policy.rules
        self.currency = self.policy.currency
        self.plan = assessment.plan
        self.trace = Trace()
        columns = {}
        for name in self.plan.fields:
            spec = FIELDS[name]
            column = assessment.firms.columns.get(name)
            if column is None:
                column = np.full(1, spec.missing, spec.dtype)
                columns[name] = column
            else:
                columns[name] = column[row : row + 1]
        self.columns = columns
        gone = any(column[0] == np.iinfo(column.dtype).min for column in columns.values())
        frame = Frame(columns, 1, assessment.on, bounded=gone)
        self.out: Outcome = self.plan.run(frame, self.trace)
        self.steps: list[Step] = []
        self.titles = {
            lang: {d.name: d.title.text(lang) for d in self.rules.dimensions} for lang in ("zh", "en")
        }

    # -- putting together ----------------------------------------------------------------------

    def run(self) -> Explanation:
        if self.a.status_of(self.row) == "invalid" and self.a.firms.problems.get(self.row):
            problems = self.a.firms.problems[self.row]
            texts = tuple(Title(p.text("zh"), p.text("en")) for p in problems)
            return Explanation((), (), texts)
        inner = {child for item in self.rules.dimensions for child in item.of}
        for item in self.rules.dimensions:
            if item.name not in inner and item.role != "separate":
                self._dimension(item)
        if self.rules.top:
            self._total()
        for gate in self.rules.gates:
            self._gate("gate", gate.name, gate.title, gate.condition, gate.path)
        for confirmation in self.rules.confirmations:
            holds = int(self.out["confirm", confirmation.name][0])
            title = confirmation.title
            self._gate("confirm", confirmation.name, title, confirmation.condition,
                       confirmation.path, code=holds)  # fmt: skip
        self._tier()
        for part in self.rules.parts:
            self._part(part)
        if self.rules.parts:
            self._joint()
        return Explanation(tuple(self.steps), self._missing(), self._reasons(), self._notes())

    def _add(
        self,
        kind: str,
        path: str,
        title: Title,
        outcome: Title,
        fields: Iterable[str] = (),
        holds: bool | None = None,
        cite: str | None = None,
    ) -> None:
        """Append a step; its sources are those of the numbers under ``cite`` (default: ``path``)."""
        place = cite if cite is not None else path
        numbers = self.policy.under(place)
        sources = [n.source for n in numbers if n.source]
        reasons = [n.assumed for n in numbers if n.assumed and not n.changed]
        if not numbers:
            source, reason = self.policy.scope(place)
            sources, reasons = [source] if source else [], [reason] if reason else []
        self.steps.append(
            Step(
                kind,
                path,
                title,
                outcome,
                tuple(self._input(name) for name in dict.fromkeys(fields)),
                holds,
                tuple(dict.fromkeys(sources)),
                tuple(dict.fromkeys(reasons)),
                tuple(n.path for n in numbers if n.changed),
            )
        )

    # -- figures ---------------------------------------------------------------------------------

    def _value(self, name: str) -> int | None:
        """The value in column units, ``None`` if missing or not existing."""
        column = self.columns[name]
        value = int(column[0])
        return None if value <= int(np.iinfo(column.dtype).min) + 1 else value

    def _input(self, name: str) -> Input:
        column = self.columns[name]
        floor = int(np.iinfo(column.dtype).min)
        value = int(column[0])
        if value == floor:
            return Input(name, None, both("words.missing"))
        if value == floor + 1:
            return Input(name, None, both("words.none"))
        return Input(
            name, value, in_both(lambda lang: value_text(name, value, self.currency, lang))
        )

    def _sum(self, term: Term) -> Fraction | None:
        total = Fraction(0)
        for name, weight in term.fields:
            value = self._value(name)
            if value is None:
                if term.skip_none and self.columns[name][0] != np.iinfo(np.int64).min:
                    continue
                return None
            unit = MILLION if FIELDS[name].kind in ("share", "decimal") else 1
            total += Fraction(value * weight, term.scale * unit)
        return total

    def _figure(self, about: Measure) -> Fraction | None:
        """The exact figure of a measure (a compound rate: to 12 digits), if it exists."""
        if about.kind == "points":
            lo, hi = self.trace.points[about.of]
            return Fraction(lo, self.plan.scales[about.of]) if lo == hi else None
        if about.kind == "growth":
            years = [self._value(name) for name in about.series]
            if any(year is None or year <= 0 for year in years[:-1]) or years[-1] is None:
                return None
            known = [Fraction(year) for year in years if year is not None]
            if about.method == "cagr":
                return Fraction(str(round(float(known[2] / known[0]) ** 0.5 - 1, 12)))
            rates = [later / first for first, later in zip(known, known[1:], strict=False)]
            return sum(rates, Fraction(0)) / len(rates) - 1
        assert about.num is not None
        num = self._sum(about.num)
        if about.kind != "ratio" or num is None or about.den is None:
            return num
        den = self._sum(about.den)
        return num / den if den else None

    def _figure_title(self, about: Measure, cuts: list[Fraction]) -> Title:
        if about.unit in ("flag", "choice") or about.kind in ("since", "until"):
            assert about.num is not None
            return self._input(about.num.fields[0][0]).text
        figure = self._figure(about)
        if figure is None:
            missing = any(self.columns[name][0] == np.iinfo(self.columns[name].dtype).min
                          for name in about.fields)  # fmt: skip
            return both("words.missing" if missing else "words.none")
        return in_both(lambda lang: figure_text(figure, about.unit, self.currency, lang, cuts))

    # -- dimensions ------------------------------------------------------------------------------

    def _dimension(self, item: Dimension) -> None:
        for child in item.of:
            self._dimension(self.rules.dimension(child))
        for table in item.indicators:
            self._indicator(item, table)
        lo, hi = self.trace.points[item.name]
        scale = self.plan.scales[item.name]
        points = self._range(Fraction(lo, scale), Fraction(hi, scale))
        if len(item.indicators) == 1 and item.weight == 1 and not item.of:
            return
        several = len(item.indicators) + len(item.of) > 1
        args: dict[str, object] = {"points": points, "pick": both(f"pick.{item.pick}")}
        code = "step.dimension" if several else "step.points"
        if item.role != "bonus" and item.weight != 1:
            code += "-weighted"
            args["weight"] = percent(item.weight)
        self._add("dimension", item.path, item.title, both(code, **args), cite=f"{item.path}.weight")

    @staticmethod
    def _range(lo: Fraction, hi: Fraction) -> str:
        return plain(lo) if lo == hi else f"{plain(lo)}–{plain(hi)}"

    def _indicator(self, item: Dimension, table: Indicator) -> None:
        code = int(self.out["band", f"{item.name}.{table.name}"][0])
        cuts = [band.cut.at for band in table.bands if band.cut is not None]
        figure = self._figure_title(table.measure, cuts)
        title = table.title or in_both(
            lambda lang: measure_text(table.measure, lang, self.titles[lang])
        )
        if code == UNKNOWN:
            outcome = both("step.band-open", figure=figure)
        else:
            band = table.bands[code if code >= 0 else -1]
            code_name = "step.band" if code >= 0 else "step.band-none"
            condition = in_both(lambda lang: band_text(band, table, self.currency, lang))
            points = self._range(*band.points)
            if table.expert:
                given = self._value(table.expert)
                points = "?" if given is None else plain(given)
            outcome = both(
                code_name, figure=figure, band=band.label, condition=condition, points=points
            )
        fields = (*table.measure.fields, *([table.expert] if table.expert else []))
        self._add("indicator", table.path, title, outcome, fields, cite=self._cited(item, table))

    def _cited(self, item: Dimension, table: Indicator) -> str:
        """Where the numbers stand that grade this indicator: its own table, or the dimension's."""
        own = self.policy.under(f"{table.path}.points") or len(item.indicators) > 1
        return table.path if own else item.path

    def _total(self) -> None:
        lo, hi = self.trace.points["total"]
        scale = self.plan.scales["total"]
        points = self._range(Fraction(lo, scale), Fraction(hi, scale))
        title = both("words.total-points", title="")
        self._add("total", "total", title, both("step.total", points=points))

    # -- gates -----------------------------------------------------------------------------------

    def _gate(
        self, kind: str, name: str, title: Title | None, rule: Condition, path: str,
        code: int | None = None,
    ) -> None:  # fmt: skip
        found = int(self.out["gate", name][0]) if code is None else code
        text = in_both(lambda lang: condition_text(rule, self.currency, lang, self.titles[lang]))
        fields = tuple(n for n in column_fields(rule) if n in self.columns)
        given = self._given(fields, rule)
        word = {PASS: "met", FAIL: "not-met", WAIVED: "waived", UNKNOWN: "open"}[found]
        outcome = both(f"step.{kind}-{word}", given=given, rule=text)
        holds = {PASS: True, FAIL: False, WAIVED: True}.get(found)
        self._add(kind, path, title or text, outcome, fields, holds)

    def _given(self, fields: tuple[str, ...], rule: Condition) -> Title:
        if fields:
            return in_both(
                lambda lang: say("words.comma", lang).join(
                    f"{FIELDS[n].label(lang)} = {self._input(n).text.text(lang)}" for n in fields
                )
            )
        measure = getattr(rule, "measure", None)
        if measure is None:
            return Title("", "")
        return in_both(
            lambda lang: (
                f"{measure_text(measure, lang, self.titles[lang])} = "
                f"{self._figure_title(measure, []).text(lang)}"
            )
        )

    # -- tier and money --------------------------------------------------------------------------

    def _tier(self) -> None:
        tiers = self.rules.tiers
        if tiers is None:
            return
        graded = int(self.out["tier", "graded"][0])
        if graded >= 0 and tiers.indicator is not None:
            band = tiers.indicator.bands[graded]
            condition = in_both(
                lambda lang: band_text(band, tiers.indicator, self.currency, lang)  # type: ignore[arg-type]
            )
            outcome = both("step.tier", tier=band.label, condition=condition)
        elif graded >= 0:
            outcome = both("step.tier", tier=tiers.labels[graded], condition="")
        else:
            outcome = both("step.tier-open" if graded == UNKNOWN else "step.tier-none")
        fields = [name for name in (tiers.rows, tiers.columns) if name]
        self._add("tier", tiers.path, both("words.tier"), outcome, fields)
        raised = int(self.out["tier", "raised"][0])
        final = int(self.out["tier", ""][0])
        if raised >= 0 and final >= 0:
            rule = self.rules.raises[raised]
            text = in_both(lambda lang: condition_text(rule.condition, self.currency, lang))
            outcome = both("step.raised", tier=tiers.labels[final], count=rule.tiers)
            self._add("raise", rule.path, rule.title or text, outcome, column_fields(rule.condition))

    def _money(self, value: int) -> Title:
        return in_both(lambda lang: amount(value, self.currency, lang))

    def _between(self, lo: int, hi: int) -> Title:
        if lo == hi:
            return self._money(lo)
        top = both("words.no-bound") if hi >= BOUNDLESS else self._money(hi)
        return both("words.between", low=self._money(lo), high=top)

    def _part(self, part: Part) -> None:
        tiers = self.rules.tiers
        method = self.out.get(("method", part.name))
        for name, stage, key, money in self.trace.money:
            if name != part.name:
                continue
            lo, hi = int(money.lo[0]), int(money.hi[0])
            if stage == "tier" and tiers is not None:
                code = int(self.out["tier", ""][0])
                if code >= 0:
                    label = tiers.labels[code]
                    outcome = both("step.line-of-tier", tier=label, amount=self._money(lo))
                    self._add("part", f"{part.path}.tiers.{label}", part.title, outcome)
            elif stage == "method":
                self._method(part, key, lo)
            elif stage == "chosen" and len(part.methods) > 1 and method is not None:
                winner = int(method[0])
                if winner >= 0:
                    title = part.methods[winner].title or Title(part.methods[winner].name,) * 2  # type: ignore[call-arg]
                    outcome = both(f"step.chosen-{part.pick}", method=title, amount=self._between(lo, hi))
                    self._add("part", f"{part.path}.pick", part.title, outcome, cite=f"{part.path}.pick")
            elif stage == "limit":
                self._limit(part, key, lo, hi)
            elif stage == "deduct":
                held = self._input(key)
                if held.value != 0:
                    outcome = both("step.deduct", held=held.text, amount=self._between(lo, hi))
                    label = Title(FIELDS[key].zh, FIELDS[key].en)
                    self._add("deduct", f"{part.path}.deduct", label, outcome, [key])
        failed = int(self.out.get(("part-gate", part.name), np.array([-1]))[0])
        for at, gate in enumerate(part.gates):
            if at == failed:
                text = in_both(lambda lang: condition_text(gate.condition, self.currency, lang))  # noqa: B023
                given = self._given(column_fields(gate.condition), gate.condition)
                outcome = both("step.part-gate", given=given, rule=text)
                self._add("gate", gate.path, gate.title or text, outcome,
                          column_fields(gate.condition), holds=False)  # fmt: skip

    def _method(self, part: Part, key: str, value: int) -> None:
        rule = next(item for item in part.methods if item.name == key)
        code = Code(int(self.out["method-code", f"{part.name}.{key}"][0]))
        title = rule.title or Title(key, key)
        if code is Code.OK:
            outcome = both("step.method", amount=self._money(value))
        else:
            outcome = both(f"step.method.{code.name.lower().replace('_', '-')}",
                           amount=self._money(max(value, 0)))  # fmt: skip
        if rule.method == "working_capital":
            outcome = self._with_basis(outcome, rule.option("rule"))
        if code is Code.OK and share_less(rule):
            outcome = self._with_rest(outcome, rule)
        if rule.method == "scorecard" and rule.indicator is not None:
            of = rule.indicator.measure.of
            if of and of != "total":
                self._dimension_of_score(of)
            figure = self._figure_title(rule.indicator.measure, [])
            outcome = both("step.scorecard", figure=figure, then=outcome)
        self._add("method", rule.path, title, outcome, self._method_fields(part, key))

    def _with_basis(self, outcome: Title, rule: object) -> Title:
        """Which margin and which turns were meant is recorded with the number."""
        basis = rule.basis  # type: ignore[attr-defined]
        words = [both(f"basis.{word.replace(':', '.')}") for word in basis]
        return in_both(
            lambda lang: outcome.text(lang)
            + say("words.brackets", lang, text=say("words.comma", lang).join(w.text(lang) for w in words))
        )

    def _with_rest(self, outcome: Title, rule: BaseMethod) -> Title:
        """What a share is taken of, once what is not eligible is left out."""
        whole, *less = [self._value(name) or 0 for name in method_fields(rule)]
        share = rule.option("share")
        assert isinstance(share, Fraction)
        rest = self._money(max(whole - sum(less), 0))
        args = {"share": percent(share), "rest": rest, "whole": self._money(whole)}
        return both("step.share-of-rest", **args, then=outcome)

    def _dimension_of_score(self, name: str) -> None:
        if all(step.path != name for step in self.steps):
            self._dimension(self.rules.dimension(name))

    @staticmethod
    def _method_fields(part: Part, key: str) -> tuple[str, ...]:
        from_rule = next(item for item in part.methods if item.name == key)
        wanted = part_fields(
            Part(part.name, part.title, (), (from_rule,), "first", (), (), (), 1, "", part.path)
        )
        return tuple(name for name in wanted)

    def _limit(self, part: Part, key: str, lo: int, hi: int) -> None:
        rule = next(item for item in part.limits if item.name == key)
        bit = int(self.out["limit", part.name][0])
        bites = bit >= 0 and part.limits[bit].name == key
        title = rule.title or Title(key, key)
        word = "step.limit-cuts" if bites else "step.limit"
        if lo >= BOUNDLESS:
            word = "step.limit-none"
        case = next((c for c in rule.cases if c.amount is not None and c.amount == lo), rule.cases[0])
        outcome = both(word, amount=self._between(lo, hi))
        self._add("limit", case.path, title, outcome, [n for n in rule.less], cite=case.path)

    def _joint(self) -> None:
        for _, stage, key, money in self.trace.money:
            if stage != "joint":
                continue
            rule = next(item for item in self.rules.joint if item.limit.name == key)
            lo, hi = int(money.lo[0]), int(money.hi[0])
            cut = bool(self.out["joint", key][0])
            title = rule.limit.title or Title(key, key)
            fields = [n for c in rule.limit.cases if c.of is not None for n, _ in c.of.fields]
            if lo >= BOUNDLESS:
                outcome = both("step.joint-skipped")
            elif cut:
                first = rule.cuts_first
                part = next((p.title for p in self.rules.parts if p.name == first), None)
                giving = part or both("words.pro-rata")
                outcome = both("step.joint-cuts", amount=self._between(lo, hi), first=giving)
            else:
                outcome = both("step.joint", amount=self._between(lo, hi))
            self._add("joint", rule.path, title, outcome, [*fields, *rule.limit.less])
        for part in self.rules.parts:
            self._line("part", part.name, part.title, part.path)
        self._line("line", "total", both("part.total"), "total")

    def _line(self, kind: str, name: str, title: Title, path: str) -> None:
        value = int(self.out["part", name][0])
        if value != NO_LINE:
            outcome = both("step.line", amount=self._money(value))
        else:
            tier = int(self.out.get(("tier", ""), np.array([UNKNOWN]))[0])
            outcome = both("step.line-open" if tier == UNKNOWN or not self._lineless() else "step.no-line")
        self._add(kind, path, title, outcome, cite=path if kind == "line" else "")

    def _lineless(self) -> bool:
        """Whether the firm's tier is one that carries no line."""
        tier = int(self.out.get(("tier", ""), np.array([UNKNOWN]))[0])
        return any(p.tiers and 0 <= tier < len(p.tiers) and p.tiers[tier] is None
                   for p in self.rules.parts)  # fmt: skip

    # -- why, what is missing, notes ---------------------------------------------------------------

    def _missing(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Missing fields and the rules (by path) that read them."""
        missing = self.a.missing_of(self.row)
        readers: list[tuple[str, Iterable[str]]] = [
            (item.path, dimension_fields(item)) for item in self.rules.dimensions
        ]
        readers += [(gate.path, column_fields(gate.condition)) for gate in self.rules.gates]
        readers += [(c.path, column_fields(c.condition)) for c in self.rules.confirmations]
        readers += [(r.path, column_fields(r.condition)) for r in self.rules.raises]
        readers += [(part.path, part_fields(part)) for part in self.rules.parts]
        if self.rules.tiers is not None:
            tiers = self.rules.tiers
            readers.append((tiers.path, (tiers.rows, tiers.columns)))
        for joint in self.rules.joint:
            limit_reads = [n for c in joint.limit.cases if c.of for n, _ in c.of.fields]
            readers.append((joint.path, [*limit_reads, *joint.limit.less]))
        return tuple(
            (name, tuple(path for path, reads in readers if name in reads)) for name in missing
        )

    def _reasons(self) -> tuple[Title, ...]:
        """Why the firm is not eligible, shortest first; empty where it is."""
        status = self.a.status_of(self.row)
        if status == "refused":
            failed = [s for s in self.steps if s.kind == "gate" and s.holds is False and
                      s.path.startswith("gates.")]  # fmt: skip
            reasons = [Title(f"{s.title.zh}：{s.outcome.zh}", f"{s.title.en}: {s.outcome.en}")
                       for s in failed]  # fmt: skip
            if not reasons:
                reasons = [s.outcome for s in self.steps if s.kind == "tier"]
            return tuple(reasons)
        if status == "incomplete":
            names = [name for name, _ in self._missing()]
            labels = in_both(
                lambda lang: say("words.list-comma", lang).join(FIELDS[n].label(lang) for n in names)
            )
            return (both("reason.incomplete", fields=labels),)
        if status == "invalid":
            return (both("reason.expert"),)
        return ()

    def _notes(self) -> tuple[Title, ...]:
        remarks = self.a.firms.remarks.get(self.row, ())
        notes = [Title(r.text("zh"), r.text("en")) for r in remarks]
        confirmed = self.policy.last_confirmed
        if confirmed is not None:
            notes.append(both("note.last-confirmed", date=confirmed.isoformat()))
        if self.policy.changes:
            notes.append(both("note.changed", count=len(self.policy.changes)))
        notes.append(both("note.person-decides"))
        return tuple(notes)
