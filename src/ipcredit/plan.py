"""The rules of a policy made ready to run, and their one evaluation on a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ipcredit.conditions import Flags, Test
from ipcredit.counting import Codes, Points, Scores
from ipcredit.credit import NO_LINE, Component, Grade, Joint, Money, Trace
from ipcredit.frame import Array, Bools, Frame, Truth, choose, either, without
from ipcredit.gaps import KEPT, Earlier, Key
from ipcredit.policy import Policy
from ipcredit.reading import denominators, fields_of, touched
from ipcredit.rules import Rules
from ipcredit.scales import in_order, kind_of, scales_of, weight
from ipcredit.scoring import NONE, UNKNOWN, Graded, Group

STATUSES = ("eligible", "refused", "incomplete", "invalid")
"""What can become of a firm, in the order of the status codes."""
ELIGIBLE, REFUSED, INCOMPLETE, INVALID = range(4)
FAIL, PASS, WAIVED = 0, 1, 2
"""Gate codes, beside ``UNKNOWN``."""
NO_POINTS = int(np.iinfo(np.int32).min)
"""Points that depend on something missing."""

Outcome = dict[Key, Array]
Which = tuple[int, ...]
"""Confirmations, by their places in the policy."""
_FLAGS = (KEPT, "flags")


class _Run(NamedTuple):
    """One run of a plan: what it reads, and what it has found so far."""

    frame: Frame
    scores: Scores
    out: Outcome
    earlier: Earlier | None
    keep: bool


class Plan:
    """A policy's rules with every threshold in column units. Built once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.scales = scales_of(rules.dimensions, rules.top)
        kind = self._kind = kind_of(rules.dimensions, rules.top)
        self.groups: list[tuple[Group, Key, list[Key], Key]] = [
            (
                Group(item, self.scales, kind),
                ("points", item.name),
                [("band", f"{item.name}.{table.name}") for table in item.indicators],
                ("winner", item.name),
            )
            for item in in_order(rules.dimensions)
        ]
        self.point_keys = [points for _, points, _, _ in self.groups]
        self.point_keys += [("points", "total")] if rules.top else []
        self.weights = {item.name: weight(item) for item in rules.dimensions}
        self.top = [
            (item.name, int(weight(item) * self.scales["total"] / self.scales[item.name]))
            for item in rules.top
        ]
        self.confirmations = [
            (("confirm", item.name), Test(item.condition, self.scales))
            for item in rules.confirmations
        ]
        self.gates: list[tuple[Key, Test, Which]] = [
            (
                ("gate", item.name),
                Test(item.condition, self.scales),
                tuple(at for at, c in enumerate(rules.confirmations) if item.name in c.waives),
            )
            for item in rules.gates
        ]
        # Most gates ask a flag for one value; these are judged in one go.
        flags = {key: test.flag for key, test, which in self.gates if test.flag and not which}
        self._flag_keys = list(flags)
        self._flags = Flags(list(flags.values()))
        # Groups of confirmations that waive a gate, each with the key of what they say together.
        self._waivers = {which: (KEPT, f"waived {which}") for _, _, which in self.gates if which}
        self._other_gates = [gate for gate in self.gates if gate[0] not in flags]
        self.grade = None if rules.tiers is None else Grade(rules.tiers, rules.raises, self.scales)
        self.components = [Component(item, self.scales) for item in rules.parts]
        self.joint = [Joint(item, self.scales) for item in rules.joint]
        self.fields = fields_of(rules)
        self.denominators = frozenset(denominators(rules))
        self._touched: dict[str, frozenset[Key]] = {}

    def touched(self, field: str) -> frozenset[Key]:
        """:func:`touched`, kept for the next batch."""
        found = self._touched.get(field)
        if found is None:
            found = self._touched[field] = touched(self.rules, field)
        return found

    def run(
        self,
        frame: Frame,
        trace: Trace | None = None,
        *,
        earlier: Earlier | None = None,
        keep: bool = False,
    ) -> Outcome:
        """Judge every row of the frame: codes, points, tier and money.

        Points may be narrower than int32, in which results hold them.

        ``trace`` (with a frame of one row) collects what an explanation shows besides.
        ``earlier`` knows the answers of some rules; these are not asked and not given again.
        ``keep``: give besides what such a run needs of several answers together (kind ``KEPT``).
        """
        # A ratio without a denominator is masked, not computed; once for all of them.
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = Scores({} if earlier is None else earlier.points())
            return self._run(_Run(frame, scores, {}, earlier, keep), trace)

    def _run(self, run: _Run, trace: Trace | None) -> Outcome:
        frame, scores, out = run.frame, run.scores, run.out
        outside = self._score(run)
        if trace is not None:
            trace.points.update(
                {k: (int(lo[0]), int(hi[0])) for k, (lo, hi) in scores.points.items()}
            )
        gates_must, gates_may = self._gates(run)
        tiers = None
        certain = passes = gates_must
        may = gates_may
        if self.grade is not None:
            graded, best, worst, raised = self.grade.run(frame, scores)
            none = np.int8(self.grade.none)
            has_must, has_may = worst < none, best < none
            may = may & has_may
            tier = best if best is worst else np.where(best == worst, best, np.int8(UNKNOWN))
            out["tier", "graded"] = np.where(graded == none, np.int8(NONE), graded)
            out["tier", "raised"] = raised
            out["tier", ""] = np.where(tier == none, np.int8(NONE), tier)
            passes = passes & has_must
            certain = passes & (tier >= 0)
            tiers = (best, worst)
        if self.components:
            settled = certain, passes, may
            certain = self._lines(frame, scores, tiers, out, settled, trace)
        if certain is may:
            status = np.logical_not(may).view(np.int8)  # ELIGIBLE or REFUSED
        else:
            status = choose(certain, np.int8(ELIGIBLE), np.full(len(may), INCOMPLETE, np.int8))
            status = choose(may, status, np.full(len(may), REFUSED, np.int8))
        if outside is not None:
            status[outside] = INVALID
        out["status", ""] = status
        return out

    def _score(self, run: _Run) -> Bools | None:
        """Grade every dimension; rows whose expert points lie outside their range."""
        scores, out, earlier = run.scores, run.out, run.earlier
        outside: Bools | None = None
        for group, points, bands, winner_key in self.groups:
            if earlier is not None and earlier.stands(points):
                continue
            graded, winner, beyond = group.run(run.frame, scores, self.weights)
            for key, found in zip(bands, graded, strict=True):
                out[key] = found.codes
            outside = either(outside, beyond)
            if winner is not None:
                out[winner_key] = winner
            out[points] = _certain(*scores.points[group.rule.name])
        if self.top and (earlier is None or not earlier.stands(("points", "total"))):
            lo, hi = self._total(scores)
            scores.points["total"] = (lo, hi)
            out["points", "total"] = _certain(lo, hi)
        if run.keep:  # narrower than in a result
            out |= {(KEPT, f"points {name}"): lo for name, (lo, _) in scores.points.items()}
        return outside

    def _total(self, scores: Scores) -> tuple[Points, Points]:
        lo = hi = None
        known = True
        for name, times in self.top:
            low, high = scores.points[name]
            known = known and low is high
            low = low if times == 1 else low * self._kind(times)
            lo = low if lo is None else lo + low
        assert lo is not None
        if known:
            return lo, lo
        for name, times in self.top:
            high = scores.points[name][1]
            high = high if times == 1 else high * self._kind(times)
            hi = high if hi is None else hi + high
        assert hi is not None
        return lo, hi

    def _gates(self, run: _Run) -> tuple[Bools, Bools]:
        """All gates together: surely passed, possibly passed."""
        frame, earlier = run.frame, run.earlier
        all_must = [] if earlier is None else self._known_gates(earlier)
        all_may = [*all_must]
        settled = True
        gates = self._other_gates
        groups: Iterable[Which] = self._waivers
        if earlier is not None:
            gates = [gate for gate in self.gates if not earlier.stands(gate[0])]
            groups = {which for _, _, which in gates if which}
        waived = self._waived(run, groups)
        if earlier is None and self._flag_keys:
            asked = self._flags.run(frame)
            run.out.update(zip(self._flag_keys, _code(asked), strict=True))
            settled = asked.must is asked.may
            all_must.append(np.logical_and.reduce(asked.must))
            all_may.append(all_must[0] if settled else np.logical_and.reduce(asked.may))
            if run.keep:
                run.out[_FLAGS] = all_must[0].view(np.int8)
        for key, test, which in gates:
            must, may = holds = test.run(frame, run.scores)
            known = must is may
            code = _code(holds)
            if which:
                by = waived[which]
                if known:  # PASS is 1 and WAIVED 2; a shift would take ten times as long
                    saved = without(by.must, must).view(np.int8)
                    code = code + saved + saved
                else:  # not passed (0) or open (-1), and surely waived
                    code = choose(by.must & (code != PASS), np.int8(WAIVED), code)
                known = known and by.must is by.may
                must = must | by.must
                may = must if known else may | by.may
            run.out[key] = code
            all_must.append(must)
            all_may.append(may)
            settled = settled and known
        if not all_must:
            every = np.ones(frame.rows, np.bool_)
            return every, every
        passes = reduce(np.logical_and, all_must)
        return passes, (passes if settled else reduce(np.logical_and, all_may))

    def _known_gates(self, earlier: Earlier) -> list[Bools]:
        """Of the gates of which it is known, whether they are passed."""
        keys = [key for key, _, _ in self.gates if earlier.stands(key)]
        if self._flag_keys and earlier.all_stand(self._flag_keys):
            keys = [_FLAGS, *(key for key in keys if key not in self._flag_keys)]
        return [earlier.truth(key).must for key in keys]

    def _waived(self, run: _Run, groups: Iterable[Which]) -> dict[Which, Truth]:
        """Whether any confirmation holds, for each of these groups of confirmations."""
        earlier = run.earlier
        confirmed: list[Truth | None] = []
        for key, test in self.confirmations:
            holds = None
            if earlier is None or not earlier.stands(key):
                holds = test.run(run.frame, run.scores)
                run.out[key] = _code(holds)
            confirmed.append(holds)
        waived = {}
        for which in groups:
            if earlier is not None:
                if all(confirmed[at] is None for at in which):
                    waived[which] = earlier.truth(self._waivers[which])
                    continue
                for at in which:
                    confirmed[at] = confirmed[at] or earlier.truth(self.confirmations[at][0])
            waived[which] = _any([one for at in which if (one := confirmed[at]) is not None])
            if run.keep:
                run.out[self._waivers[which]] = waived[which].must.view(np.int8)
        return waived

    def _lines(
        self,
        frame: Frame,
        scores: Scores,
        tiers: tuple[Codes, Codes] | None,
        out: Outcome,
        settled: tuple[Bools, Bools, Bools],
        trace: Trace | None,
    ) -> Bools:
        certain, passes, may = settled
        surely = passes if frame.bounded else may
        money: dict[str, Money] = {}
        for component in self.components:
            name = component.rule.name
            found = component.run(frame, scores, tiers, trace)
            money[name] = found.money
            out["limit", name] = found.limit
            out["before", name] = _amount(found.money, surely, may)
            if found.method is not None:
                out["method", name] = found.method
                for rule, code in zip(component.rule.methods, found.method_codes, strict=True):
                    out["method-code", f"{name}.{rule.name}"] = code
            if component.gates:
                out["part-gate", name] = found.gate_failed
        for joint in self.joint:
            out["joint", joint.rule.limit.name] = joint.run(frame, scores, money, trace).view(
                np.int8
            )
        total = np.zeros(frame.rows, np.int64)
        for component in self.components:
            name = component.rule.name
            whole = component.rounded(money[name]) if self.joint else money[name]
            amount = _amount(whole, surely, may)
            open_ = amount == NO_LINE
            certain = certain & ~open_
            total = np.where(
                open_ | (total == NO_LINE), NO_LINE, total + np.where(open_, 0, amount)
            )
            out["part", name] = self._no_line(component, amount, tiers, may)
        out["part", "total"] = total
        return certain

    @staticmethod
    def _no_line(
        component: Component, amount: Array, tiers: tuple[Codes, Codes] | None, may: Bools
    ) -> Array:
        """A tier that carries no line (or may be such a one) gives none, not 0."""
        lineless = [at for at, value in enumerate(component.rule.tiers) if value is None]
        if not lineless or tiers is None:
            return amount
        best, worst = tiers
        none = np.logical_or.reduce([(best <= at) & (at <= worst) for at in lineless])
        return np.where(may & none, NO_LINE, amount)


def _certain(lo: Points, hi: Points) -> Points:
    """The points where they are certain; as narrow as they are computed if all of them are."""
    if lo is hi:
        return lo
    return choose(lo != hi, np.int32(NO_POINTS), lo.astype(np.int32, copy=False))  # type: ignore[no-any-return]


def _amount(money: Money, surely: Bools, may: Bools) -> npt.NDArray[np.int64]:
    """The amount where it is certain; 0 for a firm that gets nothing whatever is missing.

    ``surely`` and ``may``: the firm gets a line, whatever is missing, or depending on it.
    """
    found = money.lo if money.lo is money.hi else np.where(money.lo == money.hi, money.lo, NO_LINE)
    found = np.where(may, found, 0)
    return found if surely is may else np.where(surely | (found == 0), found, NO_LINE)


def _any(confirmed: Sequence[Truth]) -> Truth:
    """Whether any of the confirmations holds."""
    must, may = confirmed[0]
    for one in confirmed[1:]:
        known = must is may and one.must is one.may
        must = must | one.must
        may = must if known else may | one.may
    return Truth(must, may)


def _code(holds: Truth) -> Codes:
    if holds.must is holds.may:
        return holds.must.view(np.int8)
    code: Codes = choose(holds.must != holds.may, np.int8(UNKNOWN), holds.must.view(np.int8))
    return code


@lru_cache(maxsize=256)
def plan_of(policy: Policy) -> Plan:
    """The plan of a policy: a pure function of frozen rules, kept for the next call."""
    return Plan(policy.rules)


__all__ = ["NO_POINTS", "Graded", "Outcome", "Plan", "plan_of"]
