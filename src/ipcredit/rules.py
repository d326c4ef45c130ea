"""The rules of a policy as frozen data: what is measured, in which bands, with what effect.

Nothing here computes a result: :mod:`ipcredit.grammar` reads these from a file and
:mod:`ipcredit.assess` evaluates them on columns.  Every rule carries ``path``, the dotted place
in the policy file, by which explanations and changes find it again.

They are named tuples, as are other small records that every command loads: as frozen as a
frozen dataclass, and declared in a fifth of its time.  Start-up time is a budget.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from ipcredit.reader import Title


class Op(StrEnum):
    """The comparison words a policy file may use; there is no default."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    IS = "is"
    ONE_OF = "one_of"


class Cut(NamedTuple):
    """A threshold on an ascending scale: met where value >= ``at`` (``strict``: > ``at``)."""

    at: Fraction
    strict: bool


class Term(NamedTuple):
    """A weighted sum of fields: ``sum(weight * field) / scale``.

    ``skip_none``: years that do not exist (a firm younger than the window) are left out.
    """

    fields: tuple[tuple[str, int], ...]
    scale: int
    text: str
    skip_none: bool = False


class Measure(NamedTuple):
    """One figure computed from a firm's fields, exact until it is compared.

    kind: ``field`` (``num``), ``ratio`` (``num / den``), ``growth`` (``series`` oldest first,
    ``method``), ``since`` / ``until`` (time from or to the date in ``num``; thresholds count
    ``unit``), ``points`` (of the dimension or total named ``of``).
    unit: ``money``, ``count``, ``share``, ``decimal``, ``days``, ``months``, ``years``,
    ``points``, ``flag`` or ``choice``.
    """

    kind: str
    unit: str
    num: Term | None = None
    den: Term | None = None
    series: tuple[str, ...] = ()
    method: str = ""
    of: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it reads."""
        terms = [term for term in (self.num, self.den) if term is not None]
        return (*(name for term in terms for name, _ in term.fields), *self.series)


class Compare(NamedTuple):
    """A measure against one threshold, or against the codes of a choice."""

    measure: Measure
    op: Op
    cut: Cut | None  # numeric: the cut, met (or, for at_most and less_than, not met)
    values: tuple[int, ...]  # is / one_of: column codes
    shown: str
    path: str


class AllOf(NamedTuple):
    """Every part holds."""

    parts: tuple[Condition, ...]
    path: str


class AnyOf(NamedTuple):
    """At least one part holds."""

    parts: tuple[Condition, ...]
    path: str


class ByClass(NamedTuple):
    """The first class whose ``when`` holds decides; outside all classes the condition fails."""

    cases: tuple[tuple[str, Condition | None, Condition], ...]
    path: str


Condition = Compare | AllOf | AnyOf | ByClass


class Band(NamedTuple):
    """One row of a band table.

    ``cut`` for numeric bands, ``values`` for categories; neither for the row below all.
    ``points``: lowest and highest (equal unless an expert gives whole points inside).
    """

    label: str
    op: Op | None
    cut: Cut | None
    values: tuple[int, ...]
    points: tuple[Fraction, Fraction]
    shown: str
    path: str


class Indicator(NamedTuple):
    """A measure with its band table, best band first as in the file.

    ``rising``: larger is met later in the table's favour (at_least / more_than).
    ``otherwise``: index of the band that holds when no other does (-1: none needed).
    ``expert``: field with the expert's whole points inside the band, or empty.
    """

    name: str
    title: Title | None
    measure: Measure
    bands: tuple[Band, ...]
    rising: bool
    categorical: bool
    otherwise: int
    zero_denominator: str
    expert: str
    path: str


class Dimension(NamedTuple):
    """A group of indicators or of other dimensions, with how their points combine.

    role: ``base`` (weighted into the total), ``bonus`` (added), ``separate`` (not in the total).
    pick: ``best``, ``worst``, ``first``, ``sum`` or ``declared`` (by the field ``declared``).
    ``expert``: field with the expert's whole points inside the range that its indicators leave.
    """

    name: str
    title: Title
    role: str
    weight: Fraction
    pick: str
    declared: str
    missing_option: str
    cap: Fraction | None
    indicators: tuple[Indicator, ...]
    of: tuple[str, ...]
    path: str
    expert: str = ""


class Gate(NamedTuple):
    """A condition every firm must meet (unless a confirmation waives it)."""

    name: str
    title: Title | None
    condition: Condition
    path: str


class Confirmation(NamedTuple):
    """A condition that waives gates when it holds."""

    name: str
    title: Title | None
    condition: Condition
    waives: tuple[str, ...]
    path: str


class Tiers(NamedTuple):
    """How a firm gets its tier: bands of a measure, or a matrix of two choices.

    ``labels`` best first.  ``matrix[row][column]`` is an index into ``labels``, -1 for none.
    """

    labels: tuple[str, ...]
    titles: tuple[Title | None, ...]
    indicator: Indicator | None
    rows: str
    columns: str
    matrix: tuple[tuple[int, ...], ...]
    path: str


class Raise(NamedTuple):
    """A class of firm whose tier is raised by ``tiers``, not above ``not_above``."""

    name: str
    title: Title | None
    condition: Condition
    tiers: int
    not_above: int
    path: str


class LimitCase(NamedTuple):
    """One row of a limit: an ``amount``, or ``share`` of ``of``, for firms where ``when`` holds."""

    name: str
    when: Condition | None
    amount: int | None
    share: Fraction | None
    of: Term | None
    path: str


class Limit(NamedTuple):
    """An upper limit: the first case that fits decides; ``less`` is deducted from it.

    ``skip``: where a figure it needs is missing the limit is not applied (and the result says
    so) instead of leaving the line open.
    """

    name: str
    title: Title | None
    cases: tuple[LimitCase, ...]
    less: tuple[str, ...]
    skip: bool
    path: str


class BaseMethod(NamedTuple):
    """One way to reckon the base or the receivables line; ``options`` as the method defines."""

    name: str
    method: str
    title: Title | None
    options: tuple[tuple[str, object], ...]
    indicator: Indicator | None
    amounts: tuple[int, ...]
    path: str

    def option(self, key: str) -> object:
        """The option ``key``, or ``None``."""
        return dict(self.options).get(key)


class Part(NamedTuple):
    """One component of the comprehensive line, before joint limits.

    The knowledge line has ``tiers`` (an amount for each tier label, ``None`` where it carries no
    line); the base and the receivables line have ``methods`` and ``pick``.  ``limits`` cap it,
    ``deduct`` is credit already held, ``gates`` set it to nothing, ``step`` is the unit it is
    rounded down to.
    """

    name: str
    title: Title
    tiers: tuple[int | None, ...]
    methods: tuple[BaseMethod, ...]
    pick: str
    limits: tuple[Limit, ...]
    deduct: tuple[str, ...]
    gates: tuple[Gate, ...]
    step: int
    cover: str
    path: str


class JointLimit(NamedTuple):
    """A limit on the sum of several parts; ``cuts_first`` says which part gives way."""

    limit: Limit
    over: tuple[str, ...]
    cuts_first: str
    path: str


class Loan(NamedTuple):
    """Terms of the loan drawn on the line: longest term, rate rule, validity of the result."""

    max_term_months: int | None
    rate_series: str
    rate_spread: Fraction | None
    valid_months: int | None
    renewal: Title | None
    path: str


class Rules(NamedTuple):
    """Everything a policy says about how a firm is judged."""

    dimensions: tuple[Dimension, ...]
    gates: tuple[Gate, ...]
    confirmations: tuple[Confirmation, ...]
    tiers: Tiers | None
    raises: tuple[Raise, ...]
    parts: tuple[Part, ...]
    joint: tuple[JointLimit, ...]
    loan: Loan | None
    favourable: tuple[str, ...]
    none_scores: str

    def dimension(self, name: str) -> Dimension:
        """The dimension called ``name``."""
        return next(item for item in self.dimensions if item.name == name)

    @property
    def top(self) -> tuple[Dimension, ...]:
        """Dimensions that count towards the total directly."""
        inner = {child for item in self.dimensions for child in item.of}
        return tuple(d for d in self.dimensions if d.name not in inner and d.role != "separate")
