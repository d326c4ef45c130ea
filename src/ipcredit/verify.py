"""Recompute a saved result from what it holds, and say whether it still stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ipcredit.assess import assess
from ipcredit.errors import IpCreditError, Problem, UsageError
from ipcredit.firm import Firm
from ipcredit.messages import text
from ipcredit.policy import Policy
from ipcredit.rates import Series
from ipcredit.results import FORMAT, FORMAT_VERSION, fingerprint, result_of

Differences = tuple[tuple[str, str, str], ...]

# What must come out again.  Texts are not compared: a later version may word them better.
_ALWAYS = ("status", "tier", "points", "currency", "rate", "max_term_months", "valid_until")
_LINES = ("_line_fen", "_line_minor")
_NEEDED = {
    "format": str, "version": int, "ipcredit": str, "on": str, "status": str, "currency": str,
    "policy": dict, "policy.id": str, "policy.edition": str, "policy.fingerprint": str,
    "policy.changes": list, "policy.content": dict, "firm": dict, "firm_fingerprint": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a saved result recomputes, and whether its policy is the shipped edition.

    ``differences`` name keys with (saved, recomputed); ``edited`` keys whose content is no
    longer what its fingerprint was taken of.  ``shipped``: ``True``, ``False``, or ``None``
    where no such edition is shipped here; ``policy_differences`` name paths with (shipped, in
    the result), ``changes`` what a person declared to have changed (path, old, new).
    """

    recomputes: bool
    shipped: bool | None
    differences: Differences
    edited: Differences
    policy_differences: Differences
    version: str
    policy: str
    on: str
    changes: Differences


def verify(result: Mapping[str, Any]) -> Verification:
    """Recompute a saved result from what it holds, and compare its policy with the shipped one.

    Raises:
        UsageError: this is not a result, is of a later format version, or was invalid, so that
            there is nothing to recompute.
        PolicyError: the policy it holds is not valid.

    >>> saved = result_of(assess(Policy.load("cn-tech-sme@2017"), {"staff_total": 501}))
    >>> found = verify(saved)
    >>> found.recomputes, found.shipped
    (True, True)
    """
    _check(result)
    if result["status"] == "invalid":
        raise UsageError(Problem("verify.invalid", key="status"))
    policy = Policy.from_canonical(result["policy"]["content"])
    firm = Firm.from_dict(result["firm"], currency=result["currency"])
    on = _day(result["on"])
    again = json.loads(json.dumps(result_of(assess(policy, firm, on=on), 0, _rates(result))))
    differences = tuple(
        (key, _short(saved), _short(now))
        for key, saved, now in _compared(result, again)
        if saved != now
    )
    edited = tuple(_edited(result, policy))
    shipped, policy_differences = _shipped(result, policy)
    return Verification(
        not differences and not edited,
        shipped,
        differences,
        edited,
        policy_differences,
        result["ipcredit"],
        f"{policy.id}@{policy.edition}",
        on.isoformat(),
        tuple((c["path"], c["old"], c["new"]) for c in result["policy"]["changes"]),
    )


def _check(result: Mapping[str, Any]) -> None:
    """Refuse what is not a result that this version can read.

    Raises:
        UsageError: saying which key is absent or wrong.
    """
    if result.get("format") != FORMAT:
        raise _not_a_result("verify.lacks", "format")
    version = result.get("version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        args = {"given": version, "allowed": FORMAT_VERSION}
        raise UsageError(Problem("verify.version", key="version", args=args))
    for key, kind in _NEEDED.items():
        holder, _, inner = key.rpartition(".")
        table = result[holder] if holder else result
        if inner not in table:
            raise _not_a_result("verify.lacks", key)
        if not isinstance(table[inner], kind):
            raise _not_a_result("verify.bad-key", key)
    _day(result["on"])
    for at, change in enumerate(result["policy"]["changes"]):
        if not isinstance(change, dict) or not {"path", "old", "new"} <= set(change):
            raise _not_a_result("verify.bad-key", f"policy.changes.{at}")


def _not_a_result(code: str, key: str) -> UsageError:
    # The reason is a phrase inside the message: in both languages, since it is filled in here.
    reason = text(code, "both", key=key)
    return UsageError(Problem("verify.not-a-result", key=key, args={"reason": reason}))


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise _not_a_result("verify.bad-key", "on") from None


def _rates(result: Mapping[str, Any]) -> Series:
    """The value of the rate series that the result used."""
    rate = result.get("rate")
    if not isinstance(rate, dict) or rate.get("base") is None:
        return {}
    try:
        day = dt.date.fromisoformat(rate["published"])
        return {rate["series"]: {day: Decimal(rate["base"])}}
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise _not_a_result("verify.bad-key", "rate") from None


def _compared(
    result: Mapping[str, Any], again: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Key, saved value and recomputed value of everything that must come out again."""
    lines = dict.fromkeys(key for key in (*again, *result) if key.endswith(_LINES))
    for key in (*_ALWAYS, *lines):
        saved, now = result.get(key), again.get(key)
        if isinstance(saved, dict) and isinstance(now, dict):
            for inner in dict.fromkeys((*saved, *now)):
                yield f"{key}.{inner}", saved.get(inner), now.get(inner)
        else:
            yield key, saved, now
    yield "reasons", _picked(result, "reasons", "rule"), _picked(again, "reasons", "rule")
    yield "missing", _picked(result, "missing", "field"), _picked(again, "missing", "field")
    yield "lifts", _picked(result, "lifts", "levers"), _picked(again, "lifts", "levers")
    yield from _inputs(result, again)


def _picked(result: Mapping[str, Any], key: str, inner: str) -> Any:
    items = result.get(key)
    if not isinstance(items, list):
        return items
    return [item.get(inner) if isinstance(item, dict) else item for item in items]


def _inputs(result: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The firm's figures as the steps show them."""
    saved, now = _figures(result), _figures(again)
    for name in dict.fromkeys((*saved, *now)):
        yield f"firm.{name}", saved.get(name), now.get(name)


def _figures(result: Mapping[str, Any]) -> dict[str, Any]:
    steps = result.get("steps")
    inputs = [
        one
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, dict) and isinstance(step.get("inputs"), list)
        for one in step["inputs"]
    ]
    found: dict[str, list[Any]] = {}
    for one in inputs:
        if isinstance(one, dict):
            values = found.setdefault(str(one.get("field")), [])
            values += [one.get("value")] if one.get("value") not in values else []
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _edited(result: Mapping[str, Any], policy: Policy) -> Iterator[tuple[str, str, str]]:
    """What is no longer what its fingerprint was taken of."""
    saved = result["policy"]["fingerprint"]
    if saved != policy.fingerprint:
        yield "policy.content", saved[:12], policy.fingerprint[:12]
    known, now = result["firm_fingerprint"], fingerprint(result["firm"])
    if known != now:
        yield "firm", known[:12], now[:12]


def _shipped(result: Mapping[str, Any], policy: Policy) -> tuple[bool | None, Differences]:
    """Whether the edition here, with the result's declared changes, is the policy it used."""
    try:
        shipped = Policy.load(f"{policy.id}@{policy.edition}")
    except IpCreditError:
        return None, ()
    for change in result["policy"]["changes"]:
        try:
            shipped = shipped.change(str(change["path"]), change["new"])
        except IpCreditError:
            continue  # then it differs below
    if shipped.fingerprint == policy.fingerprint:
        return True, ()
    found = tuple((d.path, d.before, d.after) for d in shipped.compare(policy))
    return False, found


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# -- in words -------------------------------------------------------------------------------------


def verify_text(found: Verification, lang: str) -> str:
    """A verification in words: who made it, whether it recomputes, whose policy it used."""
    if lang == "both":
        return "\n\n".join(verify_text(found, one) for one in ("zh", "en"))
    lines = [text("verify.made-by", lang, version=found.version, policy=found.policy, on=found.on)]
    lines.append(text("verify.holds" if found.recomputes else "verify.fails", lang))
    for code, items in (("verify.edited", found.edited), ("verify.differs", found.differences)):
        lines += [
            "  - " + text(code, lang, key=key, saved=saved, again=again)
            for key, saved, again in items
        ]
    if found.shipped is None:
        return "\n".join([*lines, text("verify.unknown-edition", lang, policy=found.policy)])
    if found.shipped:
        lines.append(text("verify.shipped-changed" if found.changes else "verify.shipped", lang))
    else:
        lines.append(text("verify.not-shipped", lang))
    lines += [
        "  - " + text("verify.policy-value", lang, path=path, shipped=shipped, saved=saved)
        for path, shipped, saved in found.policy_differences
    ]
    lines += [
        "  - " + text("verify.change", lang, path=path, old=old, new=new)
        for path, old, new in found.changes
        if found.shipped
    ]
    return "\n".join(lines)
