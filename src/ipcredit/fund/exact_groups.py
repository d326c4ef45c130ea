"""The law of a total under several factors: one for all firms, one more for each group."""

from __future__ import annotations

from typing import Final

import numpy as np

from ipcredit.fund.one_period import Factor, Floats, Ints
from ipcredit.fund.tail.book import total_loss
from ipcredit.fund.tail.distribution import Distribution, Error
from ipcredit.fund.tail.factor_law import FactorLaw
from ipcredit.fund.tail.factors import factor_book
from ipcredit.fund.tail.mixing import Gaussian
from ipcredit.fund.tail.severity import Severity
from ipcredit.fund.tail.unit import common_unit

METHOD: Final = "factors"
MOST_GROUPS: Final = 64
"""Groups with a factor of their own that the expansion takes on."""
MOST_NEGLECTED: Final = 1e-2
"""Estimated relative error of the expansion, at tails of 1e-2 and 1e-4, above which to sample."""
_CHECKED: Final = (1e-2, 1e-4)
_POINTS_FINE: Final = 512
_POINTS_COARSE: Final = 256
ALONE: Final = -1


def classes_of(group: Ints, *, alone: bool) -> Ints:
    """Classes of firms: groups numbered from 0, and -1 for a firm that is its group's only one.

    Such a firm moves with nobody but through the common factor (``alone``: where that is all
    that the group's factor does).

    >>> classes_of(np.array([4, 7, 4], dtype=np.int32), alone=True).tolist()
    [0, -1, 0]
    """
    _, place, count = np.unique(group, return_inverse=True, return_counts=True)
    single = (count == 1) & alone
    number = np.where(single, ALONE, np.cumsum(~single) - 1)
    return number[place].astype(np.int32)


def one_factor(classes: Ints, factor: Factor) -> Gaussian | None:
    """The single factor that firms of these classes have in common; ``None``: they have several."""
    kinds = np.unique(classes)
    if len(kinds) > 1:
        return None
    return Gaussian(factor.value if kinds[0] == ALONE else factor.within)


def factors_total(
    amounts: Floats, pd: Floats, classes: Ints, factor: Factor, severity: Severity, *, fine: bool
) -> Distribution | None:
    """The law of what defaulting firms add up to; ``None`` where the expansion does not serve.

    It does not for more than :data:`MOST_GROUPS` groups, groups that move as one (a correlation
    of 1), firms that are a large part of the total, severities of several kinds, and where it
    neglects too much.
    """
    groups = int(classes.max()) + 1
    if groups > MOST_GROUPS or factor.within >= 1.0 or np.ndim(severity.mean):
        return None
    sure = (pd >= 1.0) & (amounts > 0)
    if sure.any() and not severity.fixed:
        return None
    certain = float(amounts[sure].sum()) * float(severity.mean)
    some = (pd > 0.0) & ~sure & (amounts > 0)
    if not some.any():
        return None
    common, own = np.sqrt(factor.value), np.sqrt(factor.within - factor.value)
    # The last class is that of firms alone in their group.
    loadings = np.zeros((groups + 1, groups + 1))
    loadings[:, 0] = common
    loadings[np.arange(groups), np.arange(groups) + 1] = own
    kind = np.where(classes == ALONE, groups, classes)
    values, chance = amounts[some], pd[some]
    mean = float(values @ chance) * float(severity.mean)
    if severity.sensitivity:
        # Its own factor does the same to every firm, whatever groups have in common.
        book = values, chance, Gaussian(factor.within), severity
        mean = total_loss(*book, method="expansion").mean
    try:
        points = factor_book(values, chance, kind[some], loadings, severity)
    except ValueError:
        return None  # a few firms are a large part of it
    if points.dominant > 0:
        return None
    unit = (common_unit(values) or 0.0) * float(severity.mean) if severity.fixed else 0.0
    law = FactorLaw(points, mean, unit=unit, points=_POINTS_FINE if fine else _POINTS_COARSE)
    if any(law.neglected(law.at_tail(tail)) > MOST_NEGLECTED for tail in _CHECKED):
        return None

    def error() -> Error:
        return Error("estimate", law.error_at(law.at_tail(_CHECKED[0])))

    reason = "several factors"
    return Distribution(law, certain + mean, METHOD, reason, law.nodes, None, certain, error)
