"""A result as data that can be kept: written, read back, and recomputed years later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ipcredit.assess import Assessment, assess
from ipcredit.errors import IpCreditError, Problem, UsageError
from ipcredit.explain import Explanation, Step, explain
from ipcredit.firm import Firm
from ipcredit.lifts import what_is_missing
from ipcredit.messages import text
from ipcredit.plan import NO_POINTS
from ipcredit.policy import Policy
from ipcredit.rates import Rate, Series, months_after, rate_on
from ipcredit.reader import Title
from ipcredit.version import VERSION

FORMAT = "ipcredit-result"
FORMAT_VERSION = 1
_MOST_LIFTS = 8


def result_of(assessment: Assessment, row: int = 0, rates: Series | None = None) -> dict[str, Any]:
    """One firm's result as JSON-able data (format version 1).

    Money is whole minor units under keys ending ``_fen`` (``_minor`` outside CNY); ``null`` means
    that the scheme has no such line or that it is not determined.  The result holds the policy,
    its changes and the firm (personal data redacted), so that :func:`verify` can recompute it.

    >>> result = result_of(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}))
    >>> result["status"], result["tier"], result["comprehensive_line_fen"]
    ('refused', None, None)
    """
    policy, found = assessment.policy, explain(assessment, row)
    unit = "fen" if policy.currency == "CNY" else "minor"
    firm = assessment.firms.row(row)
    money = {f"{name}_line_{unit}": assessment.line_of(name, row) for name in _parts(assessment)}
    money[f"comprehensive_line_{unit}"] = assessment.line_of("total", row)
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "ipcredit": VERSION,
        "on": assessment.on.isoformat(),
        "status": assessment.status_of(row),
        "tier": assessment.tier_of(row),
        "points": _points(assessment, row),
        "currency": policy.currency,
        **money,
        **_loan(assessment, rates or {}),
        "reasons": [_texts(reason) for reason in found.reasons],
        "missing": [{"field": name, "needed_by": list(paths)} for name, paths in found.missing],
        "lifts": _lifts(assessment, row),
        "policy": _policy(policy),
        "assumed": _assumed(found),
        "steps": [_step(step) for step in found.steps],
        "notes": [_texts(note) for note in found.notes],
        "firm": firm.to_dict(),
    }


def _parts(assessment: Assessment) -> tuple[str, ...]:
    # The two lines of the founding text are always there, null where a scheme has none.
    return tuple(dict.fromkeys(("knowledge", "base", *assessment.parts)))


def _points(assessment: Assessment, row: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, name in assessment.codes:
        if kind == "points":
            value = int(assessment.codes[kind, name][row])
            scaled = Decimal(value) / assessment.plan.scales[name]
            found[name] = None if value == NO_POINTS else _plain(scaled)
    return found


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _loan(assessment: Assessment, rates: Series) -> dict[str, Any]:
    loan = assessment.policy.rules.loan
    rate = rate_on(loan, rates, assessment.on)
    valid = None if loan is None else loan.valid_months
    return {
        "rate": None if loan is None or loan.rate_spread is None else _rate(assessment, rate),
        "max_term_months": None if loan is None else loan.max_term_months,
        "valid_until": None if valid is None else months_after(assessment.on, valid).isoformat(),
    }


def _rate(assessment: Assessment, rate: Rate | None) -> dict[str, Any]:
    loan = assessment.policy.rules.loan
    assert loan is not None and loan.rate_spread is not None
    return {
        "series": loan.rate_series,
        "spread": str(loan.rate_spread),
        "value": None if rate is None else str(rate.value),
        "base": None if rate is None else str(rate.base),
        "published": None if rate is None else rate.published.isoformat(),
    }


def _lifts(assessment: Assessment, row: int) -> list[dict[str, Any]]:
    return [
        {
            "to": lift.target,
            "levers": [
                {"field": lever.field, "now": lever.now, "then": lever.then}
                for lever in lift.levers
            ],
            "text": _texts(lift.title(assessment.currency)),
        }
        for lift in what_is_missing(assessment, row=row)[:_MOST_LIFTS]
    ]


def _policy(policy: Policy) -> dict[str, Any]:
    confirmed = policy.last_confirmed
    return {
        "id": policy.id,
        "edition": policy.edition,
        "title": _texts(policy.title),
        "fingerprint": policy.fingerprint,
        "changes": [{"path": c.path, "old": c.old, "new": c.new} for c in policy.changes],
        "last_confirmed": None if confirmed is None else confirmed.isoformat(),
        "sources": {
            s.id: {"document": s.document, "evidence": s.evidence} for s in policy.content.sources
        },
        "content": policy.canonical,
    }


def _assumed(found: Explanation) -> list[dict[str, Any]]:
    return [{"path": path, "reason": _texts(reason)} for path, reason in found.assumed]


def _step(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "path": step.path,
        "title": _texts(step.title),
        "inputs": [
            {"field": i.field, "value": i.value, "text": _texts(i.text)} for i in step.inputs
        ],
        "outcome": _texts(step.outcome),
        "holds": step.holds,
        "sources": list(step.sources),
        "assumed": [_texts(reason) for reason in step.assumed],
        "changed": list(step.changed),
    }


def _texts(title: Title) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def to_json(result: Any) -> str:
    """The result as JSON text, stable to the byte for the same content.

    >>> print(to_json({"status": "符合"}))
    {
      "status": "符合"
    }
    """
    return json.dumps(result, ensure_ascii=False, indent=2)


# -- verify ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a saved result recomputes, and whether its policy is the shipped edition.

    ``differences`` name keys with (saved, recomputed).  ``shipped``: ``True``, ``False``, or
    ``None`` where no such edition is shipped here.
    """

    recomputes: bool
    shipped: bool | None
    differences: tuple[tuple[str, str, str], ...]
    version: str
    policy: str
    on: str
    changes: int


_COMPARED = ("status", "tier", "points", "currency", "max_term_months", "valid_until", "reasons")


def verify(result: Mapping[str, Any]) -> Verification:
    """Recompute a saved result from what it holds, and compare its policy with the shipped one.

    Raises:
        UsageError: this is not a result, of a later format version, or not recomputable.

    >>> saved = result_of(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}))
    >>> found = verify(saved)
    >>> found.recomputes, found.shipped
    (True, True)
    """
    try:
        if result["format"] != FORMAT:
            raise KeyError("format")
        if result["version"] != FORMAT_VERSION:
            args = {"given": result["version"], "allowed": FORMAT_VERSION}
            raise UsageError(Problem("verify.version", key="version", args=args))
        policy = Policy.from_canonical(result["policy"]["content"])
        firm = Firm.from_dict(result["firm"], currency=result["currency"])
        on = dt.date.fromisoformat(result["on"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(Problem("verify.not-a-result", args={"reason": str(error)})) from None
    if result["status"] == "invalid":
        raise UsageError(Problem("verify.invalid", key="status"))
    again = result_of(assess(policy, firm, on=on))
    money = [key for key in again if key.endswith(("_line_fen", "_line_minor"))]
    differences = [
        (key, _short(result.get(key)), _short(again[key]))
        for key in (*_COMPARED, *money)
        if result.get(key) != again[key]
    ]
    if result["policy"]["fingerprint"] != policy.fingerprint:
        saved = str(result["policy"]["fingerprint"])
        differences.append(("policy.fingerprint", saved, policy.fingerprint))
    return Verification(
        not differences,
        _is_shipped(result, policy),
        tuple(differences),
        str(result["ipcredit"]),
        f"{policy.id}@{policy.edition}",
        on.isoformat(),
        len(result["policy"]["changes"]),
    )


def verify_text(found: Verification, lang: str) -> str:
    """A verification in words: who made it, whether it recomputes, whose policy it used."""
    if found.shipped is None:
        shipped = "verify.unknown-edition"
    elif found.shipped:
        shipped = "verify.shipped-changed" if found.changes else "verify.shipped"
    else:
        shipped = "verify.not-shipped"
    made = text("verify.made-by", lang, version=found.version, policy=found.policy, on=found.on)
    lines = [made]
    if found.recomputes:
        lines.append(text("verify.holds", lang))
    for key, saved, again in found.differences:
        lines.append(text("verify.differs", lang, key=key, saved=saved, again=again))
    return "\n".join([*lines, text(shipped, lang)])


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_shipped(result: Mapping[str, Any], policy: Policy) -> bool | None:
    """Whether the edition here, with the result's declared changes, is the policy it used."""
    try:
        shipped = Policy.load(f"{policy.id}@{policy.edition}")
        for change in result["policy"]["changes"]:
            shipped = shipped.change(change["path"], change["new"])
    except IpCreditError:
        return None
    return shipped.fingerprint == policy.fingerprint


def read_results(path: str | Path) -> list[dict[str, Any]]:
    """The saved results in a JSON file: one, or a list as a batch writes it.

    Raises:
        UsageError: the file cannot be read or is not JSON.
    """
    try:
        data = json.loads(Path(path).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        args = {"reason": error.strerror or str(error)}
        raise UsageError(Problem("file.unreadable", str(path), args=args)) from None
    except UnicodeDecodeError as error:
        problem = Problem("file.encoding", str(path), args={"position": error.start})
        raise UsageError(problem) from None
    except json.JSONDecodeError as error:
        reason = f"{error.msg} (column {error.colno})"
        where = f"{path}:{error.lineno}"
        raise UsageError(Problem("file.json", where, args={"reason": reason})) from None
    found = data if isinstance(data, list) else [data]
    if not found or not all(isinstance(one, dict) for one in found):
        raise UsageError(Problem("verify.not-a-result", str(path), args={"reason": "format"}))
    return found
