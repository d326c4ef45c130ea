"""What counted, what did not, and why: each right with its reason, as text and as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ipcredit import messages
from ipcredit.errors import Problem
from ipcredit.fields import EPOCH, MISSING, MISSING8
from ipcredit.fields import FIELDS as FIRM_FIELDS
from ipcredit.patents.counting import FIELDS, Counts
from ipcredit.patents.right import KINDS, STATUSES, plain_value
from ipcredit.patents.standing import NO, UNKNOWN, YES
from ipcredit.reader import Title

COUNTED: Final = "counted"
LEFT_OUT: Final = "left-out"
NOT_KNOWN: Final = "not-known"
_SECTIONS: Final = (COUNTED, LEFT_OUT, NOT_KNOWN)
_WORDS: Final = {NO: "no", UNKNOWN: "unknown", YES: "yes"}
MOST: Final = 100
"""Rights that a text shows of each section; the data hold all."""

_CLASSES: Final = (("class1", "class1_related"), ("class2", "class2_related"))
# Conditions of finer fields whose failing a text explains; the others are in the data.
_FINER: Final = {"class1": ("own", "held", "first-owners"), "class2": ("kept",)}


@dataclass(frozen=True, slots=True)
class Listed:
    """One right: whether it counts in any field, in which, and why not (or not in more).

    ``reasons`` are the reason why it does not stand, or for a right that stands why it does not
    count in its class.  ``states`` says yes, no or unknown for every field.
    """

    row: int
    number: str
    verdict: str
    fields: tuple[str, ...]
    reasons: tuple[Title, ...]
    codes: tuple[str, ...]
    states: Mapping[str, str]
    where: str
    remarks: tuple[Problem, ...]


def listed(found: Counts, row: int) -> Listed:
    """What became of one right."""
    states = {name: int(found.states[name][row]) for name in FIELDS}
    fields = tuple(name for name, state in states.items() if state == YES)
    standing = int(found.standing.state[row])
    if standing != YES:
        codes: tuple[str, ...] = (found.standing.why(row),)
        verdict = NOT_KNOWN if standing == UNKNOWN else LEFT_OUT
    else:
        codes = tuple(_not_in_class(found, row))
        unknown = "related-unknown" in codes
        verdict = COUNTED if fields else NOT_KNOWN if unknown else LEFT_OUT
    reasons = tuple(_reason(found, row, code) for code in codes)
    return Listed(
        row,
        found.rights.number(row),
        verdict,
        fields,
        reasons,
        codes,
        {name: _WORDS[state] for name, state in states.items()},
        found.rights.place(int(found.rights.rows[row])),
        found.rights.remarks.get(row, ()),
    )


def _not_in_class(found: Counts, row: int) -> Iterator[str]:
    """Why a right in force and owned does not count in its class, or not in a finer field."""
    for cls, field in _CLASSES:
        if found.conditions[cls][row] != YES:
            continue
        if found.states[field][row] == YES:
            for name in _FINER[cls]:
                if (state := int(found.conditions[name][row])) != YES:
                    yield f"{name}-{_WORDS[state]}"
            return
        related = int(found.conditions["related"][row])
        if related == YES:
            yield "same-family"
        else:
            yield "not-related" if related == NO else "related-unknown"
        return
    yield "no-class"


def _reason(found: Counts, row: int, code: str) -> Title:
    """A reason with its dates, in both languages."""
    rights, on = found.rights, found.on
    day = {
        name: rights.columns[name][row]
        for name in ("granted", "lapsed", "status_on", "transferred_on")
    }
    day["end"] = found.standing.ends[row]
    status = int(rights.columns["status"][row])
    word = "-" if status == MISSING8 else STATUSES[status]
    args: dict[str, Any] = {name: _date(value) for name, value in day.items()}
    args["days"] = on.toordinal() - EPOCH - int(day["status_on"])
    args["most"] = found.rules.carried_days
    args["place"] = int(found.standing.place[row])
    if code == "not-granted" and (day["granted"] == MISSING or word == "pending"):
        code = "not-granted-status"
    elif code in ("expired", "lapsed") and not _passed(found, row, code):
        code = f"{code}-status"
    elif code == "same-family":
        args["other"] = _family_lead(found, row)
    return Title(*(
        messages.text(f"right.{code}", lang, **args, status=messages.text(f"status-of.{word}", lang))
        for lang in ("zh", "en")
    ))  # fmt: skip


def _passed(found: Counts, row: int, code: str) -> bool:
    """Whether the day of the term's end or of the lapse is known to be over."""
    ends = found.standing.ends if code == "expired" else found.rights.columns["lapsed"]
    return bool(ends[row] != MISSING and ends[row] <= found.on.toordinal() - EPOCH)


def _date(value: Any) -> str:
    return "-" if value == MISSING else str(plain_value("filed", int(value)))


def _family_lead(found: Counts, row: int) -> str:
    """The number of the member that counts for this right's family."""
    here = np.flatnonzero(found.family == found.family[row])
    counted = [at for at in here.tolist() if found.states["class1_related"][at] == YES]
    return min((found.rights.number(at) for at in counted), default="-")


def all_listed(found: Counts) -> list[Listed]:
    """Every right, in the order of the file."""
    return [listed(found, row) for row in range(len(found.rights))]


# -- text ------------------------------------------------------------------------------------------


def rights_text(found: Counts, lang: str = "zh", most: int = MOST) -> str:
    """The counts and the list of rights by what became of them, with reasons and places."""
    if lang == "both":
        return "\n\n".join(rights_text(found, one, most) for one in ("zh", "en"))
    rights = found.rights
    asked = "; ".join(found.owner) if found.owner else _say("rights.owner-not-asked", lang)
    source = rights.source or "-"
    lines = [_say("rights.title", lang, on=found.on, count=len(rights), source=source, owner=asked)]
    lines += [f"  {line}" for line in _count_lines(found, lang)]
    items = all_listed(found)
    for section in _SECTIONS:
        here = [item for item in items if item.verdict == section]
        if not here:
            continue
        lines += ["", _say(f"rights.{section}", lang, count=len(here))]
        lines += [f"  {_line(found, item, lang)}" for item in here[:most]]
        if len(here) > most:
            lines.append(f"  {_say('rights.more', lang, count=len(here) - most)}")
    lines += _file_lines(found, lang, most)
    return "\n".join(lines)


def _say(code: str, lang: str, **args: Any) -> str:
    return messages.text(code, lang, **args)


def _count_lines(found: Counts, lang: str) -> Iterator[str]:
    colon = _say("words.colon", lang)
    for name, count in found.counts.items():
        label = FIRM_FIELDS[name].label(lang)
        code = "rights.sure-open" if found.open[name] else "rights.sure"
        yield f"{label}{colon}{_say(code, lang, count=count, most=count + found.open[name])}"


def _line(found: Counts, item: Listed, lang: str) -> str:
    kind = int(found.rights.columns["kind"][item.row])
    name = "unknown" if kind == MISSING8 else KINDS[kind]
    number = item.number or _say("rights.numberless", lang)
    parts = [f"{number}  {_say(f'kind-of.{name}', lang)}"]
    comma = _say("words.list-comma", lang)
    if item.fields:
        parts.append(comma.join(FIRM_FIELDS[field].label(lang) for field in item.fields))
    parts += [reason.text(lang) for reason in item.reasons]
    parts.append(item.where)
    return "  ".join(parts)


def _file_lines(found: Counts, lang: str, most: int) -> Iterator[str]:
    """What the file has against itself, and remarks on numbers."""
    rights = found.rights
    for code, items in (("rights.problems", rights.problems), ("rights.notes", rights.notes)):
        if items:
            yield ""
            yield _say(code, lang, count=len(items))
            yield from (f"  - {problem.text(lang)}" for problem in items[:most])
            if len(items) > most:
                yield f"  {_say('rights.more', lang, count=len(items) - most)}"
    remarked = sorted(rights.remarks)
    if remarked:
        yield ""
        yield _say("rights.remarked", lang, count=len(remarked))
        for row in remarked[:most]:
            yield from (f"  - {remark.text(lang)}" for remark in rights.remarks[row])
        if len(remarked) > most:
            yield f"  {_say('rights.more', lang, count=len(remarked) - most)}"
    yield ""
    yield _say("rights.assumed", lang)
    for path, zh, en in found.rules.assumed:
        yield f"  - {zh if lang == 'zh' else en} ({path})"


# -- data ------------------------------------------------------------------------------------------


def rights_data(found: Counts) -> dict[str, Any]:
    """The counts, every right with its reasons, and the problems of the file, JSON-able."""
    rights = found.rights
    return {
        "on": found.on.isoformat(),
        "source": rights.source,
        "owner": None if found.owner is None else list(found.owner),
        "per_family": found.per_family,
        "records": len(rights),
        "fields": {
            name: {"count": count, "open": found.open[name]} for name, count in found.counts.items()
        },
        "rights": [_right_data(found, item) for item in all_listed(found)],
        "problems": [_problem(problem) for problem in rights.problems],
        "notes": [_problem(problem) for problem in rights.notes],
        "assumed": [
            {"path": path, "reason": {"zh": zh, "en": en}} for path, zh, en in found.rules.assumed
        ],
    }


def _right_data(found: Counts, item: Listed) -> dict[str, Any]:
    right = found.rights.right(item.row)
    facts = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name in ("kind", "office", "title", "filed", "granted", "status", "status_on", "family")
        if (value := getattr(right, name)) is not None
    }
    return {
        "number": item.number or None,
        "verdict": item.verdict,
        **facts,
        "fields": item.states,
        "conditions": {
            name: _WORDS[int(state[item.row])] for name, state in found.conditions.items()
        },
        "reasons": [
            {"code": code, "zh": reason.zh, "en": reason.en}
            for code, reason in zip(item.codes, item.reasons, strict=True)
        ],
        "remarks": [_problem(remark) for remark in item.remarks],
        "where": item.where,
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {
        "code": problem.code,
        "where": problem.where,
        "zh": problem.text("zh"),
        "en": problem.text("en"),
    }
