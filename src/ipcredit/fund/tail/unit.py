"""The largest amount of which all losses are whole multiples."""

from __future__ import annotations

from typing import Final

import numpy as np

from ipcredit.fund.tail.mixing import Floats

# Amounts are whole, or have two, four or six decimals.
_DECIMALS: Final = (1.0, 1e2, 1e4, 1e6)
_LARGEST: Final = float(2**52)


def common_unit(amounts: Floats) -> float | None:
    """Greatest common divisor of amounts with up to six decimals; None where there is none.

    >>> common_unit(np.array([150_000.0, 100_000.0])), common_unit(np.array([0.75, 1.5, 1.25]))
    (50000.0, 0.25)
    >>> common_unit(np.array([1.0, np.pi])) is None
    True
    """
    for scale in _DECIMALS:
        scaled = amounts * scale
        whole = np.rint(scaled)
        if float(whole.max()) >= _LARGEST:
            return None
        # A few ulps of the product; anything more is a digit of the amount.
        if np.all(np.abs(scaled - whole) <= 4e-16 * np.abs(scaled)):
            divisor = int(np.gcd.reduce(whole.astype(np.int64)))
            return divisor / scale if divisor else None
    return None
