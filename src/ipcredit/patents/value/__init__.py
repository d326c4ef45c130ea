"""What a right is worth by a published method: columns of values, each with what is not known.

>>> from ipcredit.patents.right import Right, Rights
>>> import datetime as dt
>>> rights = Rights.of([Right(kind="invention", filed=dt.date(2013, 5, 20), claims=30)])
>>> values = value_rights(rights, "allison", on=dt.date(2025, 6, 30))
>>> values.low[0], values.high[0], values.state_of(0)     # age and claims; the rest is not known
(np.float64(3.0), np.float64(8.0), 'open')
"""

from __future__ import annotations

from ipcredit.patents.terms import METHODS
from ipcredit.patents.value.figures import Figures
from ipcredit.patents.value.norms import Norms, read_norms, shipped_norms
from ipcredit.patents.value.spec import Method, ValueSpec, read_methods, shipped
from ipcredit.patents.value.valuing import STATES, Values, value_rights

__all__ = [
    "METHODS",
    "STATES",
    "Figures",
    "Method",
    "Norms",
    "ValueSpec",
    "Values",
    "read_methods",
    "read_norms",
    "shipped",
    "shipped_norms",
    "value_rights",
]
