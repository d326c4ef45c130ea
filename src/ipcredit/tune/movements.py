"""Who moves between two policies: the matrix, gains and losses, and the rules behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ipcredit.tune.borrowers import names_of
from ipcredit.tune.outcome import OTHER_STATES, Outcome, Setting
from ipcredit.tune.parameters import Parameter
from ipcredit.tune.reasons import Because, Decision, because, decisions

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LISTED: Final = 10
"""Winners, and losers, that are named unless asked otherwise."""


class Mover(NamedTuple):
    """A firm that gains or loses: where it stood and stands, its line in minor units."""

    row: int
    name: str
    district: str
    before: str
    after: str
    line_before: int
    line_after: int

    @property
    def change(self) -> int:
        """What its line gains."""
        return self.line_after - self.line_before


@dataclass(frozen=True, eq=False)
class Movements:
    """What changes for the firms and the fund if ``after`` takes the place of ``before``.

    ``parameters``: every value in which the policies differ, with what it rests on.
    """

    setting: Setting
    before: Outcome
    after: Outcome
    parameters: tuple[Parameter, ...]
    listed: int = LISTED

    # -- firms ---------------------------------------------------------------------------------

    @cached_property
    def matrix(self) -> Ints:
        """Firms by state before (rows) and after (columns), int64."""
        rows, columns = len(self.before.states), len(self.after.states)
        pairs = self.before.state.astype(np.int64) * columns + self.after.state
        found: Ints = np.bincount(pairs, minlength=rows * columns).reshape(rows, columns)
        return found

    @cached_property
    def change(self) -> Ints:
        """What each firm's line gains, int64[n]; 0 where it is not determined under both."""
        return np.where(self._known, self.after.line - self.before.line, 0)

    @cached_property
    def _known(self) -> Bools:
        """Firms on which both policies come to an answer."""
        both = (_answered(self.before), _answered(self.after))
        return both[0] & both[1]

    @cached_property
    def _places(self) -> tuple[Ints, Ints] | None:
        """How far down each firm stands, where both policies have the same tiers."""
        if self.before.states != self.after.states:
            return None
        # Refused firms are all alike: no tier is no better than a condition not met.
        last = len(self.before.states) - len(OTHER_STATES)
        return tuple(  # type: ignore[return-value]
            np.minimum(one.state.astype(np.int64), last) for one in (self.before, self.after)
        )

    @cached_property
    def gains(self) -> Bools:
        """Firms with a larger line, or the same line and a better tier, bool[n]."""
        return self._side(1)

    @cached_property
    def loses(self) -> Bools:
        """Firms with a smaller line, or the same line and a worse tier, bool[n]."""
        return self._side(-1)

    def _side(self, sign: int) -> Bools:
        more = sign * self.change > 0
        places = self._places
        if places is not None:
            better = sign * (places[0] - places[1]) > 0
        else:
            better = sign * (_eligible(self.after) - _eligible(self.before)) > 0
        result: Bools = more | (self._known & (self.change == 0) & better)
        return result

    @cached_property
    def winners(self) -> tuple[Mover, ...]:
        """The firms that gain most, at most ``listed``."""
        return self._movers(self.gains)

    @cached_property
    def losers(self) -> tuple[Mover, ...]:
        """The firms that lose most, at most ``listed``."""
        return self._movers(self.loses)

    def _movers(self, which: Bools, most: int | None = None) -> tuple[Mover, ...]:
        rows = np.flatnonzero(which)
        # The largest change first; of equal ones the first row.
        rows = rows[np.argsort(-np.abs(self.change[rows]), kind="stable")]
        rows = rows[: self.listed if most is None else most]
        return tuple(self.mover(row) for row in rows.tolist())

    def mover(self, row: int) -> Mover:
        """One firm, before and after."""
        before, after, groups = self.before, self.after, self.setting.districts
        return Mover(
            row,
            self._names[row],
            groups.labels[groups.codes[row]],
            before.states[before.state[row]],
            after.states[after.state[row]],
            int(before.line[row]),
            int(after.line[row]),
        )

    @cached_property
    def _names(self) -> list[str]:
        return names_of(self.setting.firms)

    def because(self, row: int) -> tuple[Because, ...]:
        """The rules by which one firm comes out otherwise."""
        if row not in self._reasons:
            found = because(self.before.assessment, self.after.assessment, row)
            self._reasons[row] = found
        return self._reasons[row]

    @cached_property
    def _reasons(self) -> dict[int, tuple[Because, ...]]:
        return {}

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The rules that decide some firm otherwise, and how many."""
        return decisions(self.before.assessment, self.after.assessment)


def _answered(found: Outcome) -> Bools:
    result: Bools = found.state < len(found.states) - 2
    return result


def _eligible(found: Outcome) -> Ints:
    return (found.state < len(found.states) - len(OTHER_STATES)).astype(np.int64)
