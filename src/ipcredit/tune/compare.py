"""Two policies on the same firms: who moves, who gains and loses by which rule, what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipcredit.assess import AnyFirms
from ipcredit.errors import Problem, UsageError
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.policy import Policy
from ipcredit.results import to_json
from ipcredit.tune import compare_html, compare_picture, compare_text
from ipcredit.tune.compare_data import FRAMES, data_of, rows_of
from ipcredit.tune.movements import LISTED, Movements, Mover
from ipcredit.tune.outcome import Outcome, Setting, setting
from ipcredit.tune.parameters import parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Comparison", "Mover", "compare"]


class Comparison(Movements):
    """The answer of :func:`compare`: figures as in :class:`Movements`, and how they are shown."""

    def text(self, lang: str = "zh", width: int = 100) -> str:
        """The page for a terminal in ``zh``, ``en`` or ``both``."""
        return compare_text.text_of(self, lang, width)

    def __str__(self) -> str:
        return self.text("en")

    def html(self, lang: str = "zh") -> str:
        """The page as one HTML file with its picture inside, in ``zh``, ``en`` or ``both``.

        Without matplotlib the page has no picture and says so.
        """
        return compare_html.html_of(self, lang)

    def frame(self, name: str = "lines") -> Any:
        """A table as a pandas DataFrame: one of :data:`ipcredit.tune.compare_data.FRAMES`.

        Raises:
            UsageError: no such table.
        """
        if name not in FRAMES:
            args = {"value": name, "allowed": ", ".join(FRAMES)}
            raise UsageError(Problem("fund-results.word", key="name", args=args))
        import pandas as pd

        if name == "migration":
            return pd.DataFrame(self.matrix, self.before.states, self.after.states)
        columns, rows = rows_of(self, name)
        return pd.DataFrame(rows, columns=list(columns))

    def draw(self, lang: str = "zh") -> tuple[Figure, tuple[Problem, ...]]:
        """The picture, and remarks (that Chinese could not be drawn).

        Raises:
            UsageError: matplotlib is not installed.
        """
        return compare_picture.draw(self, lang)

    def save(self, path: str | Path, lang: str = "zh") -> tuple[Problem, ...]:
        """Draw into a PNG, SVG or PDF file; returns remarks as :meth:`draw`.

        Raises:
            UsageError: matplotlib is not installed, the file has another ending or cannot be
                written.
        """
        return compare_picture.save(self, path, lang)

    def to_dict(self) -> Mapping[str, Any]:
        """As JSON data; amounts in whole minor units."""
        return data_of(self)

    def to_json(self) -> str:
        """As JSON text, stable to the byte for the same content."""
        return to_json(self.to_dict())


def compare(
    policy: Policy,
    other: Policy,
    firms: AnyFirms,
    fund: Fund | None = None,
    scenario: Scenario | None = None,
    on: dt.date | None = None,
    *,
    pd: Any = None,
    listed: int = LISTED,
) -> Comparison:
    """What changes if ``other`` takes the place of ``policy``; the firms and the day are the same.

    Each firm's default probability is read once, from ``pd`` (one for each firm, NaN where it has
    none of its own) or from ``policy``'s score, and kept under ``other``: new labels change no
    loss.  Neither policy is touched.

    Raises:
        UsageError: a fund without a scenario (all that is needed is listed); different
            currencies; as :func:`ipcredit.tune.outcome.setting`.
        PortfolioError: two firms have one name.

    >>> from ipcredit.population import population
    >>> policy = Policy.load("chongqing-knowledge", on=dt.date(2023, 8, 11))
    >>> found = compare(policy, policy.change("line.tiers.B.amount", "450 万元"),
    ...     population(200, seed=7), on=dt.date(2023, 8, 11))
    >>> int(found.gains.sum()), int(found.loses.sum()), found.parameters[0].path
    (20, 0, 'line.tiers.B.amount')
    """
    if other.currency != policy.currency:
        args = {"given": other.currency, "currency": policy.currency}
        raise UsageError(Problem("tune-compare.currency", key=other.id, args=args))
    given = setting(policy, firms, on=on, fund=fund, scenario=scenario, pd=pd)
    before, after = outcomes(given, policy, other)
    return Comparison(given, before, after, parameters(policy, other), listed)


def outcomes(given: Setting, policy: Policy, other: Policy) -> tuple[Outcome, Outcome]:
    """Both outcomes, on two threads where there is a fund: NumPy works outside the lock."""
    if given.fund is None:
        return given.outcome(policy), given.outcome(other)
    _ = given.districts, given.sizes, given.borrowers  # once, before the threads ask for them
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(given.outcome, (policy, other))
    return first, second
