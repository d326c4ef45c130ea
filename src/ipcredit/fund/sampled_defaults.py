"""Who defaults, drawn at a cost that grows with the number of defaults, not of firms.

Firms of similar default probability form a block.  Over all scenarios of a batch a block is one
line on which firm f in scenario s holds a stretch of length -log(1 - p): a Poisson process of
rate 1 hits the stretch with probability p exactly, and its points are only sums of exponential
gaps.  The block's highest probability is used for all its firms; what that draws too many is
thinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ipcredit.fund.one_period import Floats, Ints
from ipcredit.fund.tail.mixing import Gamma, Gaussian

Places = npt.NDArray[np.int64]
Uniforms = Callable[[str, int], Floats]

# Highest over lowest default probability of a block: wider blocks draw more that is thinned.
_SPREAD: Final = 1.5
# Above this probability drawing each firm by itself is cheaper.
_DENSE: Final = 0.25
_DENSE_CELLS: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class Block:
    """Firms ``start`` up to ``stop`` in the order of their default probability."""

    start: int
    stop: int
    level: bool  # all have the same


def blocks(pd: Floats) -> tuple[Block, ...]:
    """Firms with ascending ``pd`` cut into blocks; those that never default are in none.

    >>> [(b.start, b.stop) for b in blocks(np.array([0.0, 0.01, 0.012, 0.03, 1.0]))]
    [(1, 3), (3, 4), (4, 5)]
    """
    found, at = [], int(np.searchsorted(pd, 0.0, side="right"))
    while at < len(pd):
        top = min(pd[at] * _SPREAD, 1.0) if pd[at] < 1 else 2.0
        # Firms sure to default are a block of their own.
        whole = int(np.searchsorted(pd, 1.0, side="left"))
        stop = int(np.searchsorted(pd, top, side="right"))
        stop = max(min(stop, whole) if at < whole else stop, at + 1)
        found.append(Block(at, stop, bool(pd[at] == pd[stop - 1])))
        at = stop
    return tuple(found)


class Drawer:
    """Draws the defaults of firms with ascending default probabilities ``pd`` [F]."""

    def __init__(self, pd: Floats, mixing: Gaussian | Gamma) -> None:
        self.pd, self.mixing = pd, mixing
        self.blocks = blocks(pd)
        self._at: Floats = pd if mixing.comonotone else mixing.coordinates(pd)[0]
        if isinstance(mixing, Gamma):
            with np.errstate(over="ignore"):
                self._at = np.exp(self._at)

    def __call__(self, z: Floats, uniforms: Uniforms) -> tuple[Places, Places]:
        """Scenario and firm of every default, given the factor ``z`` [S] of each scenario."""
        scenarios, firms = [], []
        for number, block in enumerate(self.blocks):
            for scenario, firm in self._block(block, z, _named(uniforms, str(number))):
                scenarios.append(scenario)
                firms.append(firm)
        if not firms:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(scenarios), np.concatenate(firms)

    def _block(
        self, block: Block, z: Floats, uniforms: Uniforms
    ) -> Iterator[tuple[Places, Places]]:
        high = self.mixing.conditional_pd(self.pd[block.stop - 1 : block.stop], z)[:, 0]
        dense = high > _DENSE
        if dense.any():
            yield from self._each(block, np.flatnonzero(dense), z, uniforms)
        rate = -np.log1p(-np.where(dense, 0.0, high))
        found = _hits(rate, block.stop - block.start, uniforms)
        if found is None:
            return
        scenario, firm = found
        firm += block.start
        if not block.level:
            kept = self._thinned(block, z, scenario, firm, high, uniforms)
            scenario, firm = scenario[kept], firm[kept]
        yield scenario, firm

    def _thinned(
        self,
        block: Block,
        z: Floats,
        scenario: Places,
        firm: Places,
        high: Floats,
        uniforms: Uniforms,
    ) -> npt.NDArray[np.bool_]:
        """Which of the firms drawn with the block's highest probability default with their own."""
        drawn = uniforms("thin", len(firm)) * high[scenario]
        low = self.mixing.conditional_pd(self.pd[block.start : block.start + 1], z)[:, 0]
        # Below the lowest probability of the block nothing has to be worked out.
        kept = drawn < low[scenario]
        open_ = np.flatnonzero(~kept)
        chance = self._pairs(firm[open_], self._level(z)[scenario[open_]])
        kept[open_] = drawn[open_] < chance
        return kept

    def _level(self, z: Floats) -> Floats:
        """What of a scenario enters a firm's probability."""
        if isinstance(self.mixing, Gamma):
            return self.mixing.factor(z)
        rho = float(np.asarray(self.mixing.correlation))
        shift: Floats = z * np.sqrt(rho / (1.0 - rho))
        return shift

    def _pairs(self, firm: Places, level: Floats) -> Floats:
        """The conditional probability of each firm, given the level of its own scenario."""
        from scipy.special import ndtr

        if isinstance(self.mixing, Gamma):
            chance: Floats = -np.expm1(-level * self._at[firm])
            return chance
        below: Floats = ndtr(self._at[firm] - level)
        return below

    def _each(
        self, block: Block, scenarios: Places, z: Floats, uniforms: Uniforms
    ) -> Iterator[tuple[Places, Places]]:
        firms = block.stop - block.start
        rows = max(1, _DENSE_CELLS // firms)
        for part, low in enumerate(range(0, len(scenarios), rows)):
            here = scenarios[low : low + rows]
            chance = self.mixing.conditional_pd(self.pd[block.start : block.stop], z[here])
            drawn = uniforms(f"each/{part}", chance.size).reshape(chance.shape)
            scenario, firm = np.nonzero(drawn < chance)
            yield here[scenario], firm + block.start


class Grouped:
    """Draws the defaults of firms of several groups, each with a factor of its own.

    ``pd`` [F] ascending, ``group`` [F]; two firms of one group have the asset correlation
    ``within``, all others ``correlation``.
    """

    def __init__(self, pd: Floats, group: Ints, correlation: float, within: float) -> None:
        labels, place = np.unique(group, return_inverse=True)
        self.place = place
        self.names = [f"group/{label}" for label in labels.tolist()]
        self.share = correlation / within if within > 0 else 0.0
        self._members = [np.flatnonzero(place == at) for at in range(len(labels))]
        self._drawers = [Drawer(pd[who], Gaussian(within)) for who in self._members]

    def own(self, z: Floats, uniforms: Uniforms, size: int) -> Floats:
        """The own factor of each group [S, G], standard normal; ``z`` [S] is the common one.

        ``size`` scenarios are drawn, and as many as ``z`` has are kept.
        """
        from scipy.special import ndtri

        apart = [ndtri(uniforms(f"{name}/factor", size))[: len(z)] for name in self.names]
        common, rest = np.sqrt(self.share), np.sqrt(1.0 - self.share)
        result: Floats = common * z[:, None] + rest * np.stack(apart, axis=1)
        return result

    def __call__(self, own: Floats, uniforms: Uniforms) -> tuple[Places, Places]:
        """Scenario and firm of every default, given the own factors [S, G]."""
        scenarios, firms = [], []
        for at, drawer in enumerate(self._drawers):
            scenario, firm = drawer(own[:, at], _named(uniforms, self.names[at]))
            scenarios.append(scenario)
            firms.append(self._members[at][firm])
        return np.concatenate(scenarios), np.concatenate(firms)


def _named(uniforms: Uniforms, prefix: str) -> Uniforms:
    return lambda name, count: uniforms(f"{prefix}/{name}", count)


def _hits(rate: Floats, firms: int, uniforms: Uniforms) -> tuple[Places, Places] | None:
    """Scenario and firm (from 0) hit by a Poisson process; ``rate`` [S] is a firm's stretch."""
    ends = np.cumsum(rate * firms)
    total = float(ends[-1])
    if total <= 0:
        return None
    points = _points(total, uniforms)
    last = np.searchsorted(points, ends, side="right")
    counts = np.diff(last, prepend=0)
    points = points[: last[-1]]
    scenario = np.repeat(np.arange(len(rate)), counts)
    start = np.concatenate([[0.0], ends[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = 1.0 / rate
    firm = ((points - np.repeat(start, counts)) * np.repeat(stretch, counts)).astype(np.int64)
    np.clip(firm, 0, firms - 1, out=firm)
    fresh = np.ones(len(firm), dtype=np.bool_)
    np.logical_or(firm[1:] != firm[:-1], scenario[1:] != scenario[:-1], out=fresh[1:])
    return scenario[fresh], firm[fresh]


def _points(total: float, uniforms: Uniforms) -> Floats:
    """The points of a Poisson process of rate 1 on (0, total] and a few beyond, ascending."""
    count = int(total + 6.0 * np.sqrt(total) + 16.0)
    points = np.cumsum(-np.log(uniforms("gap/0", count)))
    more = 0
    while points[-1] <= total:
        more += 1
        further = points[-1] + np.cumsum(-np.log(uniforms(f"gap/{more}", count)))
        points = np.concatenate([points, further])
    return points
