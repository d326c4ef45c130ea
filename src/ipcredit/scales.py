"""Points as whole numbers: in which unit they are whole, and which type holds them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from ipcredit.rules import Dimension

Kind: TypeAlias = type[np.int8] | type[np.int16] | type[np.int32]


def scales_of(dimensions: Sequence[Dimension], top: Sequence[Dimension]) -> dict[str, int]:
    """Units in which the points of each dimension, and the total, are whole numbers."""
    by_name = {item.name: item for item in dimensions}
    scales: dict[str, int] = {}

    def scale(item: Dimension) -> int:
        if item.name not in scales:
            parts = [p.denominator for i in item.indicators for b in i.bands for p in b.points]
            parts += [scale(by_name[c]) * weight(by_name[c]).denominator for c in item.of]
            parts += [] if item.cap is None else [item.cap.denominator]
            scales[item.name] = math.lcm(1, *parts)
        return scales[item.name]

    for item in dimensions:
        scale(item)
    scales["total"] = math.lcm(1, *(scale(item) * weight(item).denominator for item in top))
    return scales


def kind_of(dimensions: Sequence[Dimension], top: Sequence[Dimension]) -> Kind:
    """The smallest type that holds all points of a policy, and each sum on the way to them.

    A score out of 100 fits into a byte, and columns of bytes are several times as fast.
    """
    if any(map(has_expert, dimensions)):
        return np.int32  # an expert's figure is cut to its range only after it was scaled
    scales = scales_of(dimensions, top)
    by_name = {item.name: item for item in dimensions}
    reach: dict[str, int] = {}

    def counted(item: Dimension, scale: int) -> int:
        """Reach of a dimension as a part of another, and of the factor it is multiplied by."""
        return max(1, reach[item.name]) * math.ceil(abs(weight(item)) * scale / scales[item.name])

    for item in in_order(dimensions):
        scale = scales[item.name]
        most = [max(abs(p) for b in i.bands for p in b.points) * scale for i in item.indicators]
        own = sum(most) if item.pick == "sum" else max(most, default=0)
        parts = sum(counted(by_name[name], scale) for name in item.of)
        cap = abs(item.cap or Fraction(0)) * scale
        reach[item.name] = max(math.ceil(own), parts, math.ceil(cap))
    total = sum(counted(item, scales["total"]) for item in top)
    widest = max([total, *reach.values()])
    kinds: tuple[Kind, ...] = (np.int8, np.int16)
    return next((kind for kind in kinds if widest <= np.iinfo(kind).max), np.int32)


def has_expert(rule: Dimension) -> bool:
    """Whether an expert gives points of the dimension."""
    return bool(rule.expert) or any(item.expert for item in rule.indicators)


def weight(rule: Dimension) -> Fraction:
    """The weight with which a dimension counts: bonus points are added as they are."""
    return rule.weight if rule.role != "bonus" else Fraction(1)


def in_order(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Dimensions, each after those it is made of."""
    by_name = {item.name: item for item in dimensions}
    found: dict[str, Dimension] = {}

    def visit(item: Dimension) -> None:
        for child in item.of:
            visit(by_name[child])
        found.setdefault(item.name, item)

    for item in dimensions:
        visit(item)
    return list(found.values())
