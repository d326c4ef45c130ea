"""A result as data that can be kept: written, read back, and recomputed years later.

Every key is described in ``docs/result-format.md``; a test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ipcredit.assess import Assessment
from ipcredit.errors import Problem, UsageError
from ipcredit.explain import Step, explain
from ipcredit.figures import label_of
from ipcredit.lifts import what_is_missing
from ipcredit.plan import NO_POINTS
from ipcredit.policy import Policy
from ipcredit.rates import Series, rate_on
from ipcredit.reader import Title
from ipcredit.steps_money import valid_until
from ipcredit.version import VERSION

FORMAT = "ipcredit-result"
FORMAT_VERSION = 1
MOST_LIFTS = 8
"""Lifts that a result keeps; there may be more ways."""


def result_of(assessment: Assessment, row: int = 0, rates: Series | None = None) -> dict[str, Any]:
    """One firm's result as JSON-able data (format version 1).

    Money is whole minor units under keys ending ``_fen`` (``_minor`` outside CNY); ``null`` means
    that the scheme has no such line or that it is not determined.  The result holds the policy,
    its changes, the rate used and the firm (personal data redacted), so that
    :func:`ipcredit.verify.verify` can recompute it.

    >>> from ipcredit import assess
    >>> result = result_of(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}))
    >>> result["status"], result["tier"], result["comprehensive_line_fen"]
    ('refused', None, None)
    """
    policy, found = assessment.policy, explain(assessment, row, rates)
    unit = "fen" if policy.currency == "CNY" else "minor"
    firm = assessment.firms.row(row)
    money = {f"{name}_line_{unit}": assessment.line_of(name, row) for name in _parts(assessment)}
    money[f"comprehensive_line_{unit}"] = assessment.line_of("total", row)
    kept = firm.to_dict()
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
        **_loan(assessment, row, rates or {}),
        "reasons": [{"rule": r.rule, **texts(r.text)} for r in found.reasons],
        "missing": [
            {"field": name, "label": texts(label_of(name)), "needed_by": list(paths)}
            for name, paths in found.missing
        ],
        "lifts": _lifts(assessment, row),
        "policy": _policy(policy),
        "assumed": [{"path": path, "reason": texts(reason)} for path, reason in found.assumed],
        "steps": [_step(step) for step in found.steps],
        "notes": [texts(note) for note in found.notes],
        "firm": kept,
        "firm_fingerprint": fingerprint(kept),
    }


def fingerprint(data: Mapping[str, Any]) -> str:
    """SHA-256 of JSON data, the same for the same content in whatever order.

    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _parts(assessment: Assessment) -> tuple[str, ...]:
    # The two lines of the founding text are always there, null where a scheme has none.
    return tuple(dict.fromkeys(("knowledge", "base", *assessment.parts)))


def _points(assessment: Assessment, row: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    invalid = assessment.status_of(row) == "invalid"
    for kind, name in assessment.codes:
        if kind == "points":
            value = int(assessment.codes[kind, name][row])
            scaled = Decimal(value) / assessment.plan.scales[name]
            found[name] = None if invalid or value == NO_POINTS else _plain(scaled)
    return found


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _loan(assessment: Assessment, row: int, rates: Series) -> dict[str, Any]:
    """Terms of the loan; there is none for a firm that is not eligible."""
    loan = assessment.policy.rules.loan
    if loan is None or assessment.status_of(row) != "eligible":
        return {"rate": None, "max_term_months": None, "valid_until": None}
    rate = None
    if loan.rate_spread is not None:
        found = rate_on(loan, rates, assessment.on)
        rate = {
            "series": loan.rate_series,
            "spread": str(Decimal(loan.rate_spread.numerator) / loan.rate_spread.denominator),
            "base": None if found is None else str(found.base),
            "published": None if found is None else found.published.isoformat(),
            "value": None if found is None else str(found.value),
        }
    valid = loan.valid_months
    return {
        "rate": rate,
        "max_term_months": loan.max_term_months,
        "valid_until": None if valid is None else valid_until(valid, assessment.on).isoformat(),
    }


def _lifts(assessment: Assessment, row: int) -> list[dict[str, Any]]:
    return [
        {
            "to": lift.target,
            "levers": [
                {"field": lever.field, "now": lever.now, "then": lever.then}
                for lever in lift.levers
            ],
            "text": texts(lift.title(assessment.currency)),
        }
        for lift in what_is_missing(assessment, row=row)[:MOST_LIFTS]
    ]


def _policy(policy: Policy) -> dict[str, Any]:
    confirmed = policy.last_confirmed
    return {
        "id": policy.id,
        "edition": policy.edition,
        "title": texts(policy.title),
        "fingerprint": policy.fingerprint,
        "changes": [{"path": c.path, "old": c.old, "new": c.new} for c in policy.changes],
        "last_confirmed": None if confirmed is None else confirmed.isoformat(),
        "sources": {
            s.id: {
                "document": s.document,
                "title": None if s.title is None else texts(s.title),
                "published": None if s.published is None else s.published.isoformat(),
                "evidence": s.evidence,
            }
            for s in policy.content.sources
        },
        "content": policy.canonical,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "section": step.section,
        "level": step.level,
        "kind": step.kind,
        "path": step.path,
        "title": texts(step.title),
        "inputs": [
            {"field": i.field, "value": i.value, "text": texts(i.text)} for i in step.inputs
        ],
        "outcome": texts(step.outcome),
        "holds": step.holds,
        "sources": list(step.sources),
        "assumed": [texts(reason) for reason in step.assumed],
        "changed": list(step.changed),
    }


def texts(title: Title) -> dict[str, str]:
    """A title as JSON-able data."""
    return {"zh": title.zh, "en": title.en}


# -- writing and reading --------------------------------------------------------------------------


def to_json(result: Any) -> str:
    """The result as JSON text, stable to the byte for the same content.

    >>> print(to_json({"status": "符合"}))
    {
      "status": "符合"
    }
    """
    return json.dumps(result, ensure_ascii=False, indent=2)


def write_list(results: Iterable[Mapping[str, Any]], write: Callable[[str], object]) -> None:
    """Write a list of results one by one, as :func:`to_json` writes it whole.

    A batch is written as it is reckoned; what is written when a person interrupts is a list
    all the same.

    >>> pieces = []
    >>> write_list([{"a": 1}], pieces.append)
    >>> "".join(pieces) == to_json([{"a": 1}])
    True
    """
    before = "[\n"
    try:
        for result in results:
            text = before + "\n".join(f"  {line}" for line in to_json(result).split("\n"))
            write(text)
            before = ",\n"
    finally:
        write("[]" if before == "[\n" else "\n]")


def read_results(path: str | Path) -> list[dict[str, Any]]:
    """The saved results in a JSON file: one, or a list as a batch writes it.

    Raises:
        UsageError: the file cannot be read, is not JSON, or holds neither.
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
    except (ValueError, RecursionError) as error:
        raise UsageError(Problem("file.json", str(path), args={"reason": str(error)})) from None
    found = data if isinstance(data, list) else [data]
    if not found or not all(isinstance(one, dict) for one in found):
        args = {"reason": "[]" if not found else "JSON"}
        raise UsageError(Problem("verify.not-a-result", str(path), args=args))
    return found
