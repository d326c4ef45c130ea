"""Golden cases: firms whose result is known, in a file a policymaker can read and write.

A case file names a policy and a day, describes one firm, and then says case by case what changes
and what must come out::

    policy = "cn-tech-sme@2017"
    on     = 2026-06-30

    [firm]
    staff_total = 100

    [[case]]
    name    = "501 staff are too many"
    firm    = { staff_total = 501 }
    missing = ["total_cost"]
    expect  = { status = "refused", gates = { staff-size = "fail" } }
    why     = "at most 500"
    source  = "国科发政〔2017〕115号"
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ipcredit.assess import Assessment, assess
from ipcredit.errors import Problem, UsageError
from ipcredit.fields import FIELDS
from ipcredit.firm import Firm
from ipcredit.money import MoneyError, parse_money, written
from ipcredit.plan import NO_POINTS, STATUSES
from ipcredit.policy import Policy
from ipcredit.reader import Cursor, Report, nearest, shown
from ipcredit.source import Document, KeyPath, read_toml
from ipcredit.wording import plain

_NONE = "none"
_GATES = {0: "fail", 1: "pass", 2: "waived", -1: "open"}
_LINES = {
    "knowledge_line": "knowledge",
    "base_line": "base",
    "receivables_line": "receivables",
    "comprehensive_line": "total",
}
_TABLES = ("points", "bands", "gates", "confirm")


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases hold, and what is wrong with the others: a problem for each difference."""

    passed: int
    failed: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    path: KeyPath
    firm: Firm
    expect: tuple[tuple[str, str, Any], ...]  # key, name inside it or "", expected value


def run_cases(path: str | Path, policy: Policy | None = None) -> CaseReport:
    """Judge every case of a file by its policy (or by ``policy``) and compare.

    Raises:
        UsageError: the file cannot be read.
        PolicyError: the policy file that it names is wrong.

    >>> from ipcredit.errors import UsageError
    >>> try:
    ...     run_cases("no-such-file.toml")
    ... except UsageError as error:
    ...     print(error.problems[0].code)
    file.unreadable
    """
    document = read_toml(path)
    reader = _Reader(document, policy)
    cases = reader.read()
    failed = list(reader.report.problems)
    judged = reader.policy
    if judged is None or reader.on is None:
        return CaseReport(0, tuple(failed))
    passed = 0
    for case in cases:
        result = assess(judged, case.firm, on=reader.on)
        wrong = list(_differences(case, result, document))
        passed += not wrong
        failed += wrong
    return CaseReport(passed, tuple(sorted(failed, key=_line)))


def _line(problem: Problem) -> int:
    tail = problem.where.rpartition(":")[2]
    return int(tail) if tail.isdigit() else 0


# -- reading ---------------------------------------------------------------------------------


class _Reader:
    """Reads a case file; every problem is kept with its line."""

    def __init__(self, document: Document, policy: Policy | None) -> None:
        self.document = document
        self.report = Report(document.where)
        self.policy = policy
        self.on: dt.date | None = None

    def table(self, value: dict[str, Any], *path: str | int) -> Cursor:
        return Cursor(value, path, self.report, bare=True)

    def read(self) -> list[_Case]:
        """The cases that can be judged."""
        top = self.table(self.document.data)
        self.on = top.date("on")
        if not top.has("on"):
            top.problem("policy.required", "on")
        self._policy(top)
        firm = top.take("firm")
        base = self._firm({} if firm is None else firm, ("firm",))
        listed = top.take("case")
        top.finish(("policy", "on", "firm", "case"))
        self.report.problems.extend(base.problems)
        if not isinstance(listed, list) or not listed:
            top.problem("case.none", "case")
            return []
        found = [self._case(item, at, base) for at, item in enumerate(listed)]
        self._names(found)
        return [case for case in found if case is not None]

    def _policy(self, top: Cursor) -> None:
        name = top.text("policy", required=self.policy is None)
        if self.policy is not None or not name:
            return
        if name.endswith(".toml"):
            name = str(Path(self.document.name).parent / name)
        try:
            self.policy = Policy.load(name, on=self.on)
        except UsageError as error:
            where = self.document.where(("policy",))
            self.report.problems.extend(
                replace(problem, where=problem.where or where) for problem in error.problems
            )

    def _firm(self, given: Any, path: KeyPath) -> Firm:
        if not isinstance(given, dict):
            self.report.problem("policy.not-a-table", path, given=shown(given))
            given = {}
        currency = "CNY" if self.policy is None else self.policy.currency
        return Firm.from_dict(
            given, where=lambda key: self.document.where((*path, *key)), currency=currency
        )

    def _case(self, item: Any, at: int, base: Firm) -> _Case | None:
        path: KeyPath = ("case", at)
        if not isinstance(item, dict):
            self.report.problem("policy.not-a-table", path, given=shown(item))
            return None
        before = len(self.report.problems)
        cur = self.table(item, *path)
        name = cur.text("name", required=True)
        missing = self._missing(cur)
        given = self._firm(cur.take("firm") or {}, (*path, "firm"))
        for field in missing:
            if field in given.values or field in given.none:
                cur.problem("case.not-missing", "missing", given=field)
        for key in ("why", "source"):
            cur.text(key, required=True)
        expect = self._expect(cur)
        cur.finish(("name", "firm", "missing", "expect", "why", "source"))
        if len(self.report.problems) > before:
            return None
        return _Case(name, path, self._merged(base, given, missing, path), tuple(expect))

    def _missing(self, cur: Cursor) -> tuple[str, ...]:
        words = cur.words("missing")
        for name in words:
            if name not in FIELDS:
                near = nearest(name, FIELDS)
                code = "firm.unknown-field" if near else "firm.unknown-field-none"
                cur.problem(code, "missing", nearest=near)
        return words

    def _merged(self, base: Firm, given: Firm, missing: Sequence[str], path: KeyPath) -> Firm:
        """The base firm with what the case gives instead, checked as one firm."""
        new = {*given.values, *given.texts, *given.none, *missing}
        whole = Firm(
            {**{k: v for k, v in base.values.items() if k not in new}, **given.values},
            {**{k: v for k, v in base.texts.items() if k not in new}, **given.texts},
            (base.none - new) | given.none,
            given.currency,
        )

        def where(key: KeyPath) -> str:
            return self.document.where((*path, "firm", *key))

        again = Firm.from_dict(whole.to_dict(redact=False), where=where)
        return replace(again, problems=(*given.problems, *again.problems))

    def _names(self, cases: Sequence[_Case | None]) -> None:
        seen: dict[str, KeyPath] = {}
        for case in cases:
            if case is not None and case.name in seen:
                line = self.document.line(seen[case.name])
                self.report.problem("case.twice", (*case.path, "name"), given=case.name, line=line)
            elif case is not None:
                seen[case.name] = (*case.path, "name")

    # -- expectations --------------------------------------------------------------------------

    def _expect(self, cur: Cursor) -> list[tuple[str, str, Any]]:
        value = cur.take("expect")
        if not isinstance(value, dict) or not value:
            cur.problem("case.nothing-expected", "expect")
            return []
        table = self.table(value, *cur.path, "expect")
        found: list[tuple[str, str, Any]] = []
        if table.has("status"):
            found.append(("status", "", table.word("status", STATUSES)))
        for key in ("tier", "graded"):
            if table.has(key):
                labels = self._known("tier")
                found.append((key, "", table.word(key, (*labels, _NONE))))
        if table.has("missing"):
            found.append(("missing", "", table.words("missing")))
        found += [(key, "", self._amount(table, key)) for key in _LINES if table.has(key)]
        for key in _TABLES:
            inner = table.take(key)
            if inner is None:
                continue
            if not isinstance(inner, dict):
                table.problem("policy.not-a-table", key, given=shown(inner))
                continue
            found += self._inner(self.table(inner, *table.path, key), key)
        table.finish(("status", "tier", "graded", "missing", *_LINES, *_TABLES))
        return found

    def _amount(self, table: Cursor, key: str) -> int | None:
        value = table.take(key)
        if value == _NONE:
            return None
        if not isinstance(value, str):
            table.problem("case.amount", key, given=shown(value))
            return None
        currency = "CNY" if self.policy is None else self.policy.currency
        try:
            return parse_money(value, currency)
        except MoneyError as error:
            table.problem(error.code, key, **error.details)
            return None

    def _inner(self, table: Cursor, key: str) -> Iterator[tuple[str, str, Any]]:
        known = self._known(key)
        for name in table.rest():
            if self.policy is not None and name not in known:
                near = nearest(name, known)
                code = "case.unknown-name-near" if near else "case.unknown-name"
                allowed = ", ".join(known) or "-"
                table.take(name)
                table.problem(code, name, given=name, nearest=near, allowed=allowed)
            elif key == "points":
                value = table.take(name)
                if isinstance(value, bool) or not isinstance(value, int | Decimal):
                    table.problem("policy.not-number", name, given=shown(value))
                else:
                    yield key, name, Fraction(value)
            elif key == "gates":
                yield key, name, table.word(name, _GATES.values())
            elif key == "confirm":
                yield key, name, table.flag(name)
            else:
                yield key, name, table.text(name)

    def _known(self, key: str) -> tuple[str, ...]:
        """Names that the policy has for a table of expectations."""
        if self.policy is None:
            return ()
        rules = self.policy.rules
        if key == "tier":
            return () if rules.tiers is None else rules.tiers.labels
        if key == "points":
            return (*(item.name for item in rules.dimensions), *(("total",) if rules.top else ()))
        if key == "bands":
            return tuple(f"{d.name}.{i.name}" for d in rules.dimensions for i in d.indicators)
        listed = rules.gates if key == "gates" else rules.confirmations
        return tuple(item.name for item in listed)


# -- comparing -------------------------------------------------------------------------------


def _differences(case: _Case, result: Assessment, document: Document) -> Iterator[Problem]:
    """What came out otherwise than expected, and what is wrong with the firm if that is news."""
    wanted = {key: value for key, _, value in case.expect}
    if case.firm.problems and wanted.get("status") != "invalid":
        yield from case.firm.problems
        return
    for key, name, expected in case.expect:
        got = _got(result, key, name)
        if got == expected or (key == "missing" and set(expected) <= set(got)):
            continue
        what = f"{key}.{name}" if name else key
        path = (*case.path, "expect", key, *([name] if name else []))
        args = {
            "name": case.name,
            "what": what,
            "got": _shown(key, got, result),
            "expected": _shown(key, expected, result),
        }
        if got == "incomplete":
            args["got"] += f" ({', '.join(result.missing_of())})"
        yield Problem("case.mismatch", document.where(path), ".".join(map(str, path)), args)


def _got(result: Assessment, key: str, name: str) -> Any:
    """What came out for one row, in the words of an expectation."""
    codes = result.codes
    if key == "status":
        return result.status_of()
    if key == "tier":
        return result.tier_of() or _NONE
    if key == "graded":
        tiers = result.policy.rules.tiers
        code = -1 if tiers is None else int(codes["tier", "graded"][0])
        return "open" if code == -1 else _NONE if tiers is None or code < 0 else tiers.labels[code]
    if key == "missing":
        return result.missing_of()
    if key in _LINES:
        return result.line_of(_LINES[key])
    if key == "points":
        points = int(codes["points", name][0])
        return None if points == NO_POINTS else Fraction(points, result.plan.scales[name])
    if key == "gates":
        return _GATES[int(codes["gate", name][0])]
    if key == "confirm":
        return {0: False, 1: True}.get(int(codes["confirm", name][0]), "open")
    return _band(result.policy, name, int(codes["band", name][0]))


def _band(policy: Policy, name: str, code: int) -> str:
    dimension, _, indicator = name.partition(".")
    bands = next(
        item.bands
        for item in policy.rules.dimension(dimension).indicators
        if item.name == indicator
    )
    return {-1: "open", -2: _NONE}.get(code) or bands[code].label


def _shown(key: str, value: Any, result: Assessment) -> str:
    if value is None:
        return _NONE
    if key in _LINES:
        return written(value, result.currency)
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, tuple):
        return ", ".join(value) or "-"
    return shown(value)
