"""Firms that were scored become loans: who takes one up, how much of the line, at which lender.

Draws depend on the seed and the firm's row alone, so that another policy meets the same firms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ipcredit.assess import Assessment
from ipcredit.default_rates import Curve
from ipcredit.errors import PortfolioError, Problem, UsageError
from ipcredit.exactness import floor_of_product
from ipcredit.fields import NONE
from ipcredit.messages import text
from ipcredit.plan import STATUSES
from ipcredit.population.draws import CHUNK, uniforms
from ipcredit.reader import Title
from ipcredit.traits import MISSING, PARTS

Rows = npt.NDArray[np.intp]

_ELIGIBLE: Final = STATUSES.index("eligible")
_LEAVABLE: Final = ("incomplete", "invalid")


@dataclass(frozen=True, slots=True)
class TakeUp:
    """How scored firms become loans; ``None`` is asked for, never filled in.

    ``draw_rate``: share of the line that is drawn, one for all parts or by part.  ``take_up``:
    probability that an eligible firm takes a loan.  ``pd``: a curve, one figure, or one for each
    firm.  ``lenders`` and ``districts``: shares by name to draw from, one name, or one for each
    firm.  ``ratings``: one for each firm, for a curve by ratings.  ``leave_out``: statuses among
    incomplete and invalid whose firms get no loan.
    """

    draw_rate: Any = None
    take_up: Any = None
    pd: Any = None
    lenders: Any = None
    districts: Any = None
    seed: int | None = None
    as_of: dt.date | None = None
    term_months: int | None = None
    repayment: str | None = None
    ratings: Sequence[str] | None = None
    leave_out: Collection[str] = ()


_ASKED: Final = {
    "draw_rate": 'draw_rate={"knowledge": 0.8, "base": 0.6}',
    "take_up": "take_up=0.4",
    "pd": 'pd=load_curve("chongqing-assumed")',
    "lenders": 'lenders={"A": 0.6, "B": 0.4}',
    "seed": "seed=7",
    "term_months": "term_months=12",
    "repayment": 'repayment="bullet"',
}


def loans_of(
    assessment: Assessment, terms: TakeUp
) -> tuple[dict[str, Any], Curve | None, tuple[Title, ...]]:
    """The columns of the book, the curve if there is one, and what was stated to make it.

    Raises:
        UsageError: what is not given or cannot be used; holds all of it.
        PortfolioError: firms that are incomplete or invalid, unless they are left out.
    """
    rates = _checked(assessment, terms)
    names = _names(assessment)
    _undecided(assessment, terms, names)
    assert terms.seed is not None  # asked for above
    undecided = _unknown_loans(assessment, terms)
    rows = np.flatnonzero((assessment.status == _ELIGIBLE) & ~undecided)
    taken = rows[_drawn(terms.seed, "take-up", rows) < float(Fraction(str(terms.take_up)))]
    lenders = _placed(terms.lenders, terms.seed, "lender", len(assessment))
    districts = _districts(assessment, terms)
    parts = []
    for part, rate in rates.items():
        line = assessment.part(part)[taken]
        has = line > 0
        amount = floor_of_product([line[has], rate.numerator], [rate.denominator])
        parts.append((part, taken[has][amount > 0], amount[amount > 0]))
    of = np.concatenate([found for _, found, _ in parts])
    day = terms.as_of or assessment.on
    columns: dict[str, Any] = {
        "loan": [f"{names[row]}/{part}" for part, found, _ in parts for row in found.tolist()],
        "firm": [names[row] for row in of.tolist()],
        "lender": [lenders[row] for row in of.tolist()],
        "part": [part for part, found, _ in parts for _ in found],
        "principal": np.concatenate([amount for _, _, amount in parts]),
        "start": np.full(len(of), np.datetime64(day, "D")),
        "term_months": terms.term_months,
        "repayment": terms.repayment,
    }
    columns["outstanding"] = columns["principal"]
    if districts is not None:
        columns["district"] = [districts[row] for row in of.tolist()]
    columns |= _about_firms(assessment, of)
    curve = _probabilities(assessment, terms, of, columns)
    notes = _notes(terms, rates, day, len(rows), len(taken), assessment)
    return columns, curve, notes


# -- what is given -----------------------------------------------------------------------------


def _checked(assessment: Assessment, terms: TakeUp) -> dict[str, Fraction]:
    """The draw rate of each part; everything that is absent or wrong is refused at once."""
    problems = [
        Problem("portfolio.not-given", key=name, args={"example": example})
        for name, example in _ASKED.items()
        if getattr(terms, name) is None
    ]
    parts = [part for part in assessment.parts if part in PARTS]
    if not parts:
        problems.append(Problem("portfolio.no-line", key="assessment"))
    given = terms.draw_rate
    rates: dict[str, Fraction] = {}
    for part in parts if given is not None else ():
        key = f"draw_rate.{part}" if isinstance(given, Mapping) else "draw_rate"
        rate = given.get(part) if isinstance(given, Mapping) else given
        if rate is None:
            example = f'draw_rate={{"{part}": 0.8}}; 0 for a part that nobody draws'
            problems.append(Problem("portfolio.not-given", key=key, args={"example": example}))
        elif (exact := _share(rate)) is None:
            problems.append(Problem("portfolio.share", key=key, args={"value": str(rate)}))
        else:
            rates[part] = exact
    if terms.take_up is not None and _share(terms.take_up) is None:
        problems.append(
            Problem("portfolio.share", key="take_up", args={"value": str(terms.take_up)})
        )
    problems.extend(_wrong_lists(assessment, terms))
    if terms.seed is not None and not 0 <= terms.seed < 2**64:
        args = {"value": str(terms.seed), "lo": "0", "hi": str(2**64 - 1)}
        problems.append(Problem("portfolio.range", key="seed", args=args))
    for status in terms.leave_out:
        if status not in _LEAVABLE:
            args = {"value": str(status), "allowed": ", ".join(_LEAVABLE)}
            problems.append(Problem("portfolio.word", key="leave_out", args=args))
    if problems:
        raise UsageError(problems)
    return rates


def _wrong_lists(assessment: Assessment, terms: TakeUp) -> list[Problem]:
    problems = []
    for name in ("lenders", "districts", "ratings", "pd"):
        given = getattr(terms, name)
        if isinstance(given, Mapping):
            exact = [_share(share) for share in given.values()]
            if None in exact or sum(share or 0 for share in exact) != 1:
                total = ", ".join(map(str, given.values()))
                problems.append(Problem("portfolio.shares", key=name, args={"given": total}))
        elif _is_list(given) and len(given) != len(assessment):
            args = {"found": f"{name} {len(given)}, firms {len(assessment)}"}
            problems.append(Problem("portfolio.length", key=name, args=args))
    if isinstance(terms.pd, Curve):
        if terms.pd.by == "points" and ("points", "total") not in assessment.codes:
            problems.append(Problem("portfolio.no-points", key="pd"))
        if terms.pd.by == "rating" and terms.ratings is None:
            args = {"example": 'ratings=["BB", "B", …], one for each firm'}
            problems.append(Problem("portfolio.not-given", key="ratings", args=args))
    return problems


def _is_list(given: Any) -> bool:
    return hasattr(given, "__len__") and not isinstance(given, str | Mapping)


def _share(value: Any) -> Fraction | None:
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
    return exact if 0 <= exact <= 1 else None


# -- firms -------------------------------------------------------------------------------------


def _names(assessment: Assessment) -> list[str]:
    """What each firm is called in the book: its code, else its name, else its row."""
    texts = assessment.firms.texts
    columns = [texts[name] for name in ("uscc", "name") if name in texts]
    names = [
        next((cell for column in columns if (cell := column[row])), f"{row + 1}")
        for row in range(len(assessment))
    ]
    seen: dict[str, int] = {}
    problems = []
    for row, name in enumerate(names):
        first = seen.setdefault(name, row)
        if first != row:
            args = {"firm": name, "first": first + 1, "row": row + 1}
            problems.append(Problem("portfolio.firm-twice", assessment.firms.source, args=args))
    if problems:
        raise PortfolioError(problems)
    return names


def _unknown_loans(assessment: Assessment, terms: TakeUp) -> npt.NDArray[np.bool_]:
    """Eligible firms whose line or, where a curve asks for them, points hang on what is missing."""
    found = np.zeros(len(assessment), dtype=np.bool_)
    for part in assessment.parts:
        found |= assessment.part(part) == MISSING
    if isinstance(terms.pd, Curve) and terms.pd.by == "points":
        found |= np.isnan(assessment.total)
    found &= assessment.status == _ELIGIBLE
    # A line that does not exist is known: nothing is missing of that firm.
    for row in np.flatnonzero(found).tolist():
        found[row] = bool(assessment.missing_of(row))
    return found


def _undecided(assessment: Assessment, terms: TakeUp, names: list[str]) -> None:
    """A firm left out in silence would understate the risk."""
    problems = []
    for status in _LEAVABLE:
        if status not in terms.leave_out:
            for row in np.flatnonzero(_having(assessment, terms, status)).tolist():
                args = {"firm": names[row], "row": row + 1, "leave": f'leave_out=["{status}"]'}
                code = f"portfolio.firm-{status}"
                problems.append((row, Problem(code, assessment.firms.source, args=args)))
    if problems:
        raise PortfolioError(problem for _, problem in sorted(problems, key=lambda item: item[0]))


def _having(assessment: Assessment, terms: TakeUp, status: str) -> npt.NDArray[np.bool_]:
    has = np.asarray(assessment.status == STATUSES.index(status))
    return has | _unknown_loans(assessment, terms) if status == "incomplete" else has


def _drawn(seed: int, stream: str, rows: Rows) -> npt.NDArray[np.float64]:
    """A uniform number for each row, the same whatever other rows there are."""
    if not rows.size:
        return np.empty(0)
    chunks = range(int(rows.max()) // CHUNK + 1)
    return np.concatenate([uniforms(seed, chunk, stream, CHUNK) for chunk in chunks])[rows]


def _placed(given: Any, seed: int, stream: str, n: int) -> Sequence[str]:
    """A label for each firm: as given, or drawn with the shares given."""
    if isinstance(given, str):
        return [given] * n
    if not isinstance(given, Mapping):
        return list(given)
    labels = list(given)
    cuts = np.cumsum([float(Fraction(str(share))) for share in given.values()])[:-1]
    at = np.searchsorted(cuts, _drawn(seed, stream, np.arange(n)), side="right")
    return [labels[code] for code in at.tolist()]


def _districts(assessment: Assessment, terms: TakeUp) -> Sequence[str | None] | None:
    assert terms.seed is not None  # checked
    if terms.districts is None:
        return assessment.firms.texts.get("district")
    return _placed(terms.districts, terms.seed, "district", len(assessment))


def _about_firms(assessment: Assessment, of: Rows) -> dict[str, Any]:
    """The tier and the revenue of each loan's firm, where they are known."""
    found: dict[str, Any] = {}
    tiers = assessment.policy.rules.tiers
    if tiers is not None:
        labels = [*tiers.labels, None]
        codes = np.maximum(assessment.codes["tier", ""][of], -1)
        found["tier"] = [labels[code] for code in codes.tolist()]
    sales = assessment.firms.columns.get("sales")
    if sales is not None:
        revenue = sales[of].astype(np.int64)
        revenue[revenue == NONE] = MISSING
        found["revenue"] = revenue
    return found


def _probabilities(
    assessment: Assessment, terms: TakeUp, of: Rows, columns: dict[str, Any]
) -> Curve | None:
    """Put what the default probability comes from into the columns; the tier is not asked."""
    if ("points", "total") in assessment.codes:
        columns["score"] = assessment.total[of]
    if not isinstance(terms.pd, Curve):
        columns["pd"] = np.asarray(terms.pd, np.float64)[of] if _is_list(terms.pd) else terms.pd
        return None
    if terms.ratings is not None:
        columns["rating"] = [terms.ratings[row] for row in of.tolist()]
    return terms.pd


# -- what was stated ---------------------------------------------------------------------------


def _notes(
    terms: TakeUp,
    rates: Mapping[str, Fraction],
    day: dt.date,
    eligible: int,
    taken: int,
    assessment: Assessment,
) -> tuple[Title, ...]:
    drawn = ", ".join(f"{part} {float(rate):g}" for part, rate in rates.items())
    found = [
        _note("portfolio.note-draw", rates=drawn),
        _note(
            "portfolio.note-take-up", take_up=f"{float(Fraction(str(terms.take_up))):g}", taken=taken, eligible=eligible,
            seed=terms.seed,
        ),
        _note(
            "portfolio.note-loans", day=day.isoformat(), months=terms.term_months,
            repayment=terms.repayment,
        ),
    ]  # fmt: skip
    for name in ("lenders", "districts"):
        given = getattr(terms, name)
        if isinstance(given, Mapping):
            shares = ", ".join(f"{label} {float(share):g}" for label, share in given.items())
            found.append(_note(f"portfolio.note-{name}", shares=shares))
    for status in terms.leave_out:
        count = int(np.count_nonzero(_having(assessment, terms, status)))
        found.append(_note(f"portfolio.note-{status}", count=count))
    return tuple(found)


def _note(code: str, **args: object) -> Title:
    return Title(text(code, "zh", **args), text(code, "en", **args))
