"""Loss distributions of one period without sampling: see :func:`total_loss`."""

from ipcredit.fund.tail.book import WHOLE, total_loss
from ipcredit.fund.tail.distribution import Distribution, Error
from ipcredit.fund.tail.mixing import Gamma, Gaussian, Mixing
from ipcredit.fund.tail.severity import Severity

__all__ = [
    "WHOLE",
    "Distribution",
    "Error",
    "Gamma",
    "Gaussian",
    "Mixing",
    "Severity",
    "total_loss",
]
