"""The patent value of a firm under a policy: from counted rights to the field ``patent_value``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from ipcredit.errors import Problem
from ipcredit.fields import FIELDS, MILLION
from ipcredit.firm import Firm
from ipcredit.patents.counting import Counts
from ipcredit.patents.explain import Explained, decimals, explain_portfolio, explain_right
from ipcredit.patents.portfolio import Portfolio, portfolio
from ipcredit.patents.terms import PatentTerms
from ipcredit.patents.value import Norms, ValueSpec, shipped, value_rights

FIELD: Final = "patent_value"


@dataclass(frozen=True, slots=True)
class Worth:
    """What a firm's rights are worth under a policy's terms.

    ``value`` is in millionths of a point, as the firm's field holds it, ``None`` where it is open
    and the policy asks for a known one.
    """

    terms: PatentTerms
    portfolio: Portfolio
    value: int | None

    def data(self) -> dict[str, Any]:
        """The value, how it is spread and every right's own value, JSON-able."""
        folio, values = self.portfolio, self.portfolio.values
        low, high = values.points("low"), values.points("high")
        numbers = values.figures.rights.number
        return {
            "method": values.method.name,
            "on": values.on.isoformat(),
            "norms": values.norms.id if values.method.needs_norms else None,
            "synthetic_norms": values.method.needs_norms and values.norms.synthetic,
            "value": None if self.value is None else self.value / MILLION,
            "low": folio.low,
            "high": folio.high,
            "counted": folio.count,
            "families": [
                {"number": numbers(row), "members": int(members), "adds": float(adds)}
                for row, members, adds in zip(
                    folio.lead.tolist(), folio.members, folio.adds, strict=True
                )
            ],
            "herfindahl": {
                name: {"count": spread.by_count, "value": spread.by_value}
                for name, spread in (
                    ("fields", folio.fields),
                    ("families", folio.families),
                    ("ages", folio.ages),
                )
            },
            "fields": [
                {
                    "zh": folio.field_label(group.code, "zh"),
                    "en": folio.field_label(group.code, "en"),
                    "rights": group.rights,
                    "adds": group.adds,
                }
                for group in folio.fields.groups
            ],
            "life": [
                {"years": alive.years, "rights": alive.rights, "points": alive.points}
                for alive in folio.life
            ],
            "shares": {
                name: {"yes": share.yes, "no": share.no, "unknown": share.unknown}
                for name, share in folio.shares.items()
            },
            "rights": [
                {
                    "number": numbers(row),
                    "state": values.state_of(row),
                    "low": float(low[row]),
                    "high": float(high[row]),
                    "counted": bool(folio.counted[row]),
                }
                for row in range(len(values))
            ],
        }

    def explain(self) -> Explained:
        """The value of the portfolio, family by family."""
        return explain_portfolio(self.portfolio, self.terms.missing)

    def explain_right(self, row: int) -> Explained:
        """The value of one right, figure by figure."""
        return explain_right(self.portfolio.values, row)


def worth(
    found: Counts,
    terms: PatentTerms,
    norms: Norms | None = None,
    spec: ValueSpec | None = None,
) -> Worth:
    """The value of the rights that ``found`` counts; ``norms`` as for ``value_rights``.

    ``found`` must have been counted with ``per_family=terms.one_per_family``.

    Raises:
        ValueError: it was not.

    >>> import datetime as dt
    >>> from ipcredit.patents.counting import count_rights
    >>> from ipcredit.patents.right import Right
    >>> terms = PatentTerms("allison", "lowest", one_per_family=True, related_only=False)
    >>> record = Right("invention", "CN", "CN201710601862.3", filed=dt.date(2017, 7, 21),
    ...                granted=dt.date(2019, 5, 3), status="granted",
    ...                status_on=dt.date(2025, 6, 30), owners=("甲公司",), acquired="own",
    ...                inventors=4, claims=10)
    >>> worth(count_rights([record], dt.date(2025, 6, 30), "甲公司"), terms).value
    25000000
    """
    if found.per_family != terms.one_per_family:
        raise ValueError("counted by another rule on families than the policy's")
    spec = spec or shipped()
    values = value_rights(found.rights, spec.method(terms.method), norms, on=found.on)
    folio = portfolio(values, found, related_only=terms.related_only, rule=spec.aggregation)
    return Worth(terms, folio, folio.value(terms.missing))


def with_worth(firm: Firm, found: Worth, source: str = "") -> Firm:
    """The firm with the value of its rights in place of a figure given without records.

    An open value leaves the firm's own figure, if it has one; both cases are remarked, and so
    are norms that are made up.
    """
    given = firm.values.get(FIELD)
    values = dict(firm.values)
    remarks = list(firm.remarks)
    shown = "-" if given is None else decimals(given / MILLION, 6)
    if found.value is None:
        args = {
            "given": shown,
            "low": decimals(found.portfolio.low),
            "high": decimals(found.portfolio.high),
        }
        code = "value.left-open" if given is None else "value.given-kept"
        remarks.append(Problem(code, source, FIELD, args))
    else:
        most = FIELDS[FIELD].hi
        assert most is not None  # declared with a bound
        values[FIELD] = min(found.value, most)
        if given is not None and given != values[FIELD]:
            args = {"given": shown, "value": decimals(values[FIELD] / MILLION, 6)}
            remarks.append(Problem("value.replaced", source, FIELD, args))
    norms = found.portfolio.values.norms
    if found.portfolio.values.method.needs_norms and norms.synthetic:
        remarks.append(Problem("value.made-up", source, FIELD, {"norms": norms.id}))
    return replace(firm, values=values, remarks=tuple(remarks))
