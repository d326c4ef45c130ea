"""What a method says of many rights, part by part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator of a method: its contribution is ``weight`` times between ``low`` and
    ``high``; the two are equal where its figure is known or does not matter."""

    name: str
    weight: float
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Scored:
    """The parts of a method for every right; ``normal`` says which rights have all the norms it
    needs, ``None`` for a method that needs none."""

    parts: tuple[Part, ...]
    normal: NDArray[np.bool_] | None = None

    def total(self, side: str) -> Floats:
        """The sum of weighted parts at their ``low`` or ``high`` side."""
        found = self.parts[0].weight * getattr(self.parts[0], side)
        for part in self.parts[1:]:
            found = found + part.weight * getattr(part, side)
        return np.asarray(found)
