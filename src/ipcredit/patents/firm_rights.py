"""A file of rights read, counted and joined to a firm, in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ipcredit.firm import Firm
from ipcredit.patents.counting import Counts, count_rights, with_rights
from ipcredit.patents.layouts import read_map
from ipcredit.patents.read import read_rights
from ipcredit.patents.terms import PatentTerms
from ipcredit.patents.worth import Worth, with_worth, worth


@dataclass(frozen=True, slots=True)
class FirmRights:
    """A firm with the counts of its rights, the counts, and their value if the policy has one."""

    firm: Firm
    found: Counts
    worth: Worth | None = None


def counted(
    path: str | Path,
    on: dt.date,
    owner: Sequence[str] | None = None,
    *,
    column_map: str | Path | None = None,
    exported: dt.date | None = None,
    per_family: bool | None = None,
) -> Counts:
    """What counts on a day of the rights in a file; see ``read_rights`` and ``count_rights``.

    Raises:
        UsageError: the file or the column map cannot be used.
    """
    own = None if column_map is None else read_map(column_map)
    rights = read_rights(path, own, exported=exported)
    return count_rights(rights, on, owner or None, per_family=per_family)


def firm_with_rights(
    firm: Firm,
    path: str | Path,
    on: dt.date,
    *,
    terms: PatentTerms | None = None,
    owner: Sequence[str] = (),
    column_map: str | Path | None = None,
    exported: dt.date | None = None,
) -> FirmRights:
    """The firm with what counts of the rights in a file, under a policy's terms if it has any.

    The firm's own name and ``owner`` (its other names) are the names that rights are owned by.

    Raises:
        UsageError: the file or the column map cannot be used.
    """
    names = [name for name in (firm.texts.get("name", ""), *owner) if name]
    per_family = None if terms is None else terms.one_per_family
    found = counted(
        path, on, names, column_map=column_map, exported=exported, per_family=per_family
    )
    joined = with_rights(firm, found, str(path))
    if terms is None:
        return FirmRights(joined, found)
    value = worth(found, terms)
    return FirmRights(with_worth(joined, value, str(path)), found, value)
