"""The rule of Allison et al.: a point for every sentence about a right that is true.

The sentences stand in the file of methods; each compares one figure with a threshold or with
the ends of a range, exactly.
"""

from __future__ import annotations

import numpy as np

from ipcredit.patents.value.figures import Bools, Figure, Figures
from ipcredit.patents.value.scored import Part, Scored
from ipcredit.patents.value.spec import Method, Test


def score(method: Method, figures: Figures) -> Scored:
    """The points of every right; a sentence that is neither sure nor excluded leaves them open."""
    parts = []
    for item in method.items:
        sure, possible = judge(figures.figure(item.figure), item.test)
        low, high = sure.astype(np.float64), possible.astype(np.float64)
        parts.append(Part(item.figure, float(item.points), low, high))
    return Scored(tuple(parts))


def judge(figure: Figure, test: Test) -> tuple[Bools, Bools]:
    """Whether a test holds for all that the figure can be, and for some of it.

    >>> from fractions import Fraction
    >>> from ipcredit.rules import Cut
    >>> low, high = np.array([6, 18, 19, 0]), np.array([6, 18, 19, 100])
    >>> between = Test(Cut(Fraction(6), False), Cut(Fraction(18), True), "")
    >>> [column.tolist() for column in judge(Figure(low, high), between)]
    [[True, True, False, False], [True, True, False, True]]
    """
    sure = np.ones(len(figure.low), np.bool_)
    possible = sure.copy()
    if test.least is not None:
        sure &= figure.reaches(test.least, best=False)
        possible &= figure.reaches(test.least, best=True)
    if test.most is not None:
        sure &= ~figure.reaches(test.most, best=True)
        possible &= ~figure.reaches(test.most, best=False)
    return sure, possible
