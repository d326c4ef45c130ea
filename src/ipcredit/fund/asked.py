"""What a person asks of a fund on the command line: changes of fund and scenario, and their lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario, scenarios
from ipcredit.fund.scenario_terms import KEYS

_SCENARIO = frozenset((*(path.partition(".")[0] for path in KEYS), "pd"))


def asked_for(
    fund: Fund, scenario: Scenario | None, changes: Iterable[str] | None
) -> tuple[Fund, Scenario | None]:
    """The fund and the scenario with every ``PATH=VALUE`` changed.

    The first word of a path says whose it is: no section of a fund file is one of a scenario.

    Raises:
        UsageError: a change cannot be read, names nothing or changes nothing; holds all of them.
        FundError: the changed fund is not valid.

    >>> fund, _ = asked_for(Fund.load("zhongshan"), None, ["cover.rules.fund.share=0.5",
    ...     "parties.lender.share=0.3"])
    >>> fund.terms.cover.rules[0].steps[0].rate
    Fraction(1, 2)
    """
    problems: list[Problem] = []
    of_fund = []
    for change in changes or ():
        path, sign, value = (part.strip() for part in change.partition("="))
        if not sign:
            problems.append(Problem("fund-cli.set", key="--set", args={"given": change}))
        elif scenario is not None and path.partition(".")[0] in _SCENARIO:
            try:
                scenario = scenario.change(path, value)
            except UsageError as error:
                problems.extend(error.problems)
        else:
            of_fund.append((path, value))
    try:
        fund = fund.change_all(of_fund) if of_fund else fund
    except UsageError as error:
        problems.extend(error.problems)
    if problems:
        raise UsageError(problems)
    return fund, scenario


def scenario_lines(lang: str) -> Iterator[str]:
    """The shipped scenarios: name, title, what to keep in mind."""
    for name in scenarios():
        found = Scenario.load(name)
        yield f"{name}: {found.title.text(lang)}"
        if found.note is not None:
            yield f"  {found.note.text(lang)}"
