"""One firm against every shipped scheme: what it qualifies for, what it misses and by how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ipcredit.assess import assess
from ipcredit.errors import UsageError
from ipcredit.fields import FIELDS
from ipcredit.figures import both, in_both
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy, edition_files, schemes
from ipcredit.rates import Series
from ipcredit.reader import Title
from ipcredit.results import result_of, texts
from ipcredit.wording import amount, say

NOT_APPLICABLE = "not-applicable"
"""Status of a scheme of another country or currency, or without an edition for the day."""

_MOST_LIFTS = 3
_KEPT = ("status", "tier", "points", "currency", "reasons", "missing", "lifts")


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheme of the map.

    ``policy`` is the edition of the day; where there is none (``edition`` is empty) it is the
    last one shipped, for its title.  ``result`` is that of :func:`ipcredit.results.result_of`,
    empty where the scheme does not apply; ``note`` says why, or how old the edition's dates are.
    """

    policy: Policy
    edition: str
    result: Mapping[str, Any]
    note: Title | None

    @property
    def status(self) -> str:
        """``eligible``, ``refused``, ``incomplete``, ``invalid`` or ``not-applicable``."""
        return str(self.result["status"]) if self.result else NOT_APPLICABLE


def schemes_map(
    firm: Firm, *, on: dt.date | None = None, rates: Series | None = None
) -> tuple[Entry, ...]:
    """The firm judged by the edition of the day of every shipped scheme, in the order of their ids.

    A scheme that lacks figures, is of another country or currency, or has no edition for the
    day is an entry that says so; nothing of that raises.

    Raises:
        PolicyError: a shipped policy file is wrong.

    >>> firm = Firm.from_dict({"staff_total": 501})
    >>> {e.policy.id: e.status for e in schemes_map(firm, on=dt.date(2026, 6, 30))}["cn-tech-sme"]
    'refused'
    """
    day = on or dt.date.today()
    return tuple(_entry(scheme, firm, day, rates) for scheme in schemes())


def _entry(scheme: str, firm: Firm, day: dt.date, rates: Series | None) -> Entry:
    try:
        policy = Policy.load(scheme, on=day)
    except UsageError as error:
        (problem,) = error.problems
        policy = Policy.load(f"{scheme}@{list(edition_files(scheme))[-1]}")
        return Entry(policy, "", {}, both(problem.code, **problem.args))
    strange = _strange(policy, firm)
    if strange is not None:
        return Entry(policy, policy.edition, {}, strange)
    result = result_of(assess(policy, Firms.from_firms([firm]), on=day), 0, rates)
    confirmed = policy.last_confirmed
    note = None if confirmed is None else both("note.last-confirmed", date=confirmed)
    return Entry(policy, policy.edition, result, note)


def _strange(policy: Policy, firm: Firm) -> Title | None:
    """Why the scheme is not one for this firm: its country or its currency."""
    country, spec = firm.values.get("country"), FIELDS["country"]
    own = policy.content.country
    if country is not None and own in spec.choices and spec.choices[country] != own:
        return in_both(
            lambda lang: say(
                "map.country",
                lang,
                policy=spec.choice_label(own, lang),
                firm=spec.choice_label(spec.choices[country], lang),
            )
        )
    if policy.currency != firm.currency:
        return both("map.currency", policy=policy.currency, firm=firm.currency)
    return None


# -- as data ----------------------------------------------------------------------------------


def map_data(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The map as a JSON-able list, one item a scheme.

    ``lines`` holds amounts in whole minor units under the keys of a result (null: no such line,
    or not determined); ``edition`` is null where none is known for the day.

    >>> firm = Firm.from_dict({"country": "CN"})
    >>> item = map_data(schemes_map(firm, on=dt.date(2020, 1, 1)))[1]
    >>> item["id"], item["edition"], item["status"]
    ('chongqing-knowledge', None, 'not-applicable')
    """
    return [_data(entry) for entry in entries]


def _data(entry: Entry) -> dict[str, Any]:
    policy, result = entry.policy, entry.result
    found: dict[str, Any] = {
        "id": policy.id,
        "edition": entry.edition or None,
        "title": texts(policy.title),
        "on": result.get("on"),
        **{key: result.get(key) for key in _KEPT},
        "lines": {key: value for key, value in result.items() if _is_line(key)},
        "note": None if entry.note is None else texts(entry.note),
    }
    found["status"], found["currency"] = entry.status, policy.currency
    for key in ("reasons", "missing", "lifts"):
        found[key] = found[key] or []
    return found


def _is_line(key: str) -> bool:
    return key.endswith(("_line_fen", "_line_minor"))


# -- as text ----------------------------------------------------------------------------------


def map_text(entries: Sequence[Entry], firm: Firm, on: dt.date, lang: str) -> str:
    """The map in words: what the firm qualifies for first, then what it misses.

    ``lang`` is ``zh``, ``en`` or ``both`` (Chinese first, then English).
    """
    if lang == "both":
        return "\n\n".join(map_text(entries, firm, on, one) for one in ("zh", "en"))
    name = firm.texts.get("name", say("report.no-name", lang))
    lines = [f"{name}  {firm.texts.get('uscc', '')}".rstrip()]
    if firm.problems:
        lines.append(say("map.head-invalid", lang))
        return "\n".join([*lines, *(f"  - {problem.text(lang)}" for problem in firm.problems)])
    tally = [entry.status for entry in entries]
    counts = {status: tally.count(status) for status in ("eligible", "refused", "incomplete")}
    other = len(entries) - sum(counts.values())
    lines.append(say("map.head", lang, count=len(entries), on=on, other=other, **counts))
    for status in (*counts, "invalid", NOT_APPLICABLE):
        chosen = [entry for entry in entries if entry.status == status]
        if chosen:
            lines += ["", say(f"map.{status}", lang)]
        for entry in chosen:
            lines += [f"  {text}" for text in _scheme(entry, lang)]
    return "\n".join([*lines, "", f"* {say('note.person-decides', lang)}"])


def _scheme(entry: Entry, lang: str) -> Iterator[str]:
    """One scheme: its title, and indented below what came out."""
    policy, result = entry.policy, entry.result
    name = f"{policy.id}@{entry.edition}" if entry.edition else policy.id
    yield say("map.scheme", lang, title=policy.title.text(lang), id=name)
    if entry.status == "eligible":
        yield from (f"  {text}" for text in _outcome(entry, lang))
    for reason in result.get("reasons", ()):
        if entry.status != "incomplete":  # the figures it lacks are listed below
            yield "  " + say("map.why", lang, text=reason[lang])
    if entry.status == "incomplete":
        labels = [FIELDS[item["field"]].label(lang) for item in result["missing"]]
        text = say("words.list-comma", lang).join(labels)
        yield "  " + say("map.needs", lang, fields=text)
    for at, lift in enumerate(result.get("lifts", ())[:_MOST_LIFTS]):
        text = lift["text"][lang]
        code = "map.lift" if lift["to"] == "eligible" else "map.lift-tier"
        yield "  " + say("map.lift-or" if at else code, lang, text=text, tier=lift["to"])
    if entry.note is not None:
        yield "  " + entry.note.text(lang)


def _outcome(entry: Entry, lang: str) -> Iterator[str]:
    """Tier, points and lines."""
    result = entry.result
    facts = []
    if result["tier"] is not None:
        facts.append(say("map.tier", lang, tier=result["tier"]))
    if result["points"].get("total") is not None:
        facts.append(say("map.points", lang, points=result["points"]["total"]))
    if facts:
        yield say("words.comma", lang).join(facts)
    titles = {part.name: part.title.text(lang) for part in entry.policy.rules.parts}
    titles["comprehensive"] = say("part.total", lang)
    for key, value in result.items():
        name = key.rpartition("_line_")[0]
        if _is_line(key) and name in titles and value is not None:
            text = amount(value, entry.policy.currency, lang)
            yield f"{titles[name]}{say('words.colon', lang)}{text}"
