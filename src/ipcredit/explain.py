"""Why a firm got what it got: the decision codes of one row, decoded into cited steps.

Nothing is judged here.  The row is run once more through the same plan, with a trace for the
amounts between the stages; everything else is read off the codes.
"""

from __future__ import annotations

from ipcredit.assess import Assessment
from ipcredit.conditions import column_fields
from ipcredit.figures import both, in_both, joined, label_of
from ipcredit.needs import needs_of
from ipcredit.plan import FAIL, PASS, WAIVED
from ipcredit.rates import Series
from ipcredit.reader import Title
from ipcredit.rules import Confirmation, Gate, Indicator, Tiers
from ipcredit.scoring import NONE, UNKNOWN
from ipcredit.steps import (
    Explanation,
    Input,
    Reason,
    Step,
    Steps,
    condition_title,
)
from ipcredit.steps_money import money_steps, term_steps
from ipcredit.steps_score import score_steps
from ipcredit.wording import band_text

_HOLDS = {PASS: True, FAIL: False, WAIVED: True}


def explain(assessment: Assessment, row: int = 0, rates: Series | None = None) -> Explanation:
    """The steps by which one row of an assessment came out as it did.

    ``rates`` gives the values of the policy's rate series.  An invalid row has no steps; its
    problems are the reasons.

    >>> from ipcredit import Policy, assess
    >>> result = assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501})
    >>> [s.outcome.en for s in explain(result).steps if s.path == "gates.staff-size"]
    ['not met (Staff: 501; required: ≤ 500)']
    """
    problems = assessment.firms.problems.get(row)
    if problems:
        reasons = tuple(Reason("", in_both(p.text)) for p in problems)
        return Explanation((), (), reasons, (both("note.person-decides"),))
    steps = Steps(assessment, row)
    score_steps(steps)
    _admission(steps)
    if steps.rules.tiers is not None:
        _grading(steps, steps.rules.tiers)
    steps.section = "line"
    money_steps(steps)
    if steps.status == "eligible":
        steps.section = "terms"
        term_steps(steps, rates or {})
    missing = needs_of(assessment, row)
    return Explanation(tuple(steps.told), missing, _reasons(steps, missing), _notes(steps))


# -- conditions -----------------------------------------------------------------------------------


def _admission(steps: Steps) -> None:
    """Every condition of admission, and what confirms a firm directly."""
    steps.section = "gates"
    for rule in steps.rules.gates:
        _gate(steps, rule)
    for confirmation in steps.rules.confirmations:
        _confirmation(steps, confirmation)


def _gate(steps: Steps, rule: Gate) -> None:
    code = steps.code("gate", rule.name)
    word = {PASS: "met", FAIL: "not-met", WAIVED: "waived", UNKNOWN: "open"}[code]
    given = in_both(lambda lang: steps.figures.required(rule.condition, lang))
    args: dict[str, object] = {"given": given}
    if code == WAIVED:
        args["by"] = joined("words.list-comma", _waiving(steps, rule, PASS))
    elif code == FAIL and (by := _waiving(steps, rule, UNKNOWN)):
        word, code, args["by"] = "not-met-yet", UNKNOWN, joined("words.list-comma", by)
    title = condition_title(rule, steps.currency, steps.figures.titles)
    steps.add("gate", rule.path, title, both(f"step.gate-{word}", **args),
              column_fields(rule.condition), holds=_HOLDS.get(code))  # fmt: skip


def _waiving(steps: Steps, rule: Gate, code: int) -> list[Title]:
    """The direct confirmations that waive a condition and came out so."""
    return [
        condition_title(item, steps.currency, steps.figures.titles)
        for item in steps.rules.confirmations
        if rule.name in item.waives and steps.code("confirm", item.name) == code
    ]


def _confirmation(steps: Steps, rule: Confirmation) -> None:
    code = steps.code("confirm", rule.name)
    word = {PASS: "met", FAIL: "not-met", UNKNOWN: "open"}[code]
    given = in_both(lambda lang: steps.figures.required(rule.condition, lang))
    title = condition_title(rule, steps.currency, steps.figures.titles)
    steps.add("confirm", rule.path, title, both(f"step.confirm-{word}", given=given),
              column_fields(rule.condition), holds=_HOLDS.get(code))  # fmt: skip


# -- tier -----------------------------------------------------------------------------------------


def _grading(steps: Steps, tiers: Tiers) -> None:
    """The tier, and what raised it."""
    steps.section = "tier"
    graded, final = steps.code("tier", "graded"), steps.code("tier", "")
    raised = steps.code("tier", "raised")
    outcome = _tier_outcome(steps, tiers)
    if steps.status == "refused" and graded >= 0:
        outcome = both("step.tier-refused", then=outcome)
    fields = [name for name in (tiers.rows, tiers.columns) if name]
    if tiers.indicator is not None:
        fields = list(tiers.indicator.measure.fields)
    steps.add("tier", tiers.path, both("words.tier"), outcome, fields)
    if raised >= 0 and final >= 0 and steps.status != "refused":
        rule = steps.rules.raises[raised]
        given = in_both(lambda lang: steps.figures.given(rule.condition, lang))
        outcome = both("step.raised", title=given, tier=tiers.labels[final], count=rule.tiers)
        title = condition_title(rule, steps.currency, steps.figures.titles)
        steps.add("raise", rule.path, title, outcome, column_fields(rule.condition), holds=True)


def _tier_outcome(steps: Steps, tiers: Tiers) -> Title:
    """The tier as graded: figure and condition, or the two grades it was looked up by."""
    graded, table = steps.code("tier", "graded"), tiers.indicator
    if table is None:
        given = [
            both("step.given", label=label_of(name), value=steps.figures.shown(name))
            for name in (tiers.rows, tiers.columns)
        ]
        figure = joined("words.comma", given)
        if graded >= 0:
            return both("step.tier-matrix", figure=figure, tier=tiers.labels[graded])
        return both("step.tier-none-matrix" if graded == NONE else "step.tier-open", figure=figure)
    cuts = [band.cut.at for band in table.bands if band.cut is not None]
    figure = in_both(lambda lang: steps.figures.figure_text(table.measure, lang, cuts))
    if graded == UNKNOWN:
        return both("step.tier-open", figure=figure)
    band = table.bands[graded if graded >= 0 else -1]
    condition = in_both(lambda lang: band_text(band, table, steps.currency, lang))
    code = "step.tier" if graded >= 0 else "step.tier-none"
    return both(code, figure=figure, tier=band.label, condition=condition)


# -- why, and what to know ------------------------------------------------------------------------


def _reasons(steps: Steps, missing: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Reason, ...]:
    """Why the firm is not eligible; empty where it is."""
    if steps.status == "refused":
        failed = [s for s in steps.told if s.kind == "gate" and s.section == "gates"
                  and s.holds is False]  # fmt: skip
        if not failed:
            failed = [step for step in steps.told if step.kind == "tier"]
        return tuple(Reason(step.path, _cited(steps, step)) for step in failed)
    if steps.status == "incomplete":
        fields = joined("words.list-comma", [label_of(name) for name, _ in missing])
        return (Reason("", both("reason.incomplete", fields=fields)),)
    if steps.status == "invalid":
        tables = [table for item in steps.rules.dimensions for table in item.indicators]
        wrong = [
            label_of(table.expert) for table in tables if table.expert and _outside(steps, table)
        ]
        if not wrong:  # then it is an expert's points on a whole dimension
            experts = [item.expert for item in steps.rules.dimensions if item.expert]
            wrong = [label_of(name) for name in experts if steps.figures.value(name) is not None]
        return (Reason("", both("reason.expert", fields=joined("words.list-comma", wrong))),)
    return ()


def _outside(steps: Steps, table: Indicator) -> bool:
    """Whether the expert's points may be what makes the row invalid."""
    given = steps.figures.value(table.expert)
    item = next(d for d in steps.rules.dimensions if table in d.indicators)
    code = steps.code("band", f"{item.name}.{table.name}")
    if given is None or code == UNKNOWN:
        return False
    low, high = table.bands[code if code >= 0 else -1].points
    return not low <= given <= high


def _cited(steps: Steps, step: Step) -> Title:
    """A step as a reason: what it is, how it came out, and what it rests on."""
    text = both("reason.rule", title=step.title, outcome=step.outcome)
    if step.changed:
        return both("reason.changed", text=text)
    documents = [steps.policy.content.source(name) for name in step.sources]
    names = "; ".join(source.document for source in documents if source is not None)
    if step.assumed and not names:
        return both("reason.assumed", text=text)
    code = "reason.source-assumed" if step.assumed else "reason.source"
    return both(code, text=text, source=names) if names else text


def _notes(steps: Steps) -> tuple[Title, ...]:
    remarks = steps.a.firms.remarks.get(steps.row, ())
    notes = [in_both(remark.text) for remark in remarks]
    policy, on = steps.policy, steps.a.on
    if policy.last_confirmed is not None:
        notes.append(both("note.last-confirmed", date=policy.last_confirmed.isoformat()))
    elif not policy.in_force.holds(on):
        notes.append(both("note.not-in-force", on=on.isoformat()))
    if policy.changes:
        notes.append(both("note.changed", count=len(policy.changes)))
    return (*notes, both("note.person-decides"))


__all__ = ["Explanation", "Input", "Reason", "Step", "explain"]
