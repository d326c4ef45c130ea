"""Knowledge-value lending to technology SMEs: from a policy file to a credit line.

>>> from ipcredit import Policy, assess
>>> policy = Policy.load("cn-tech-sme@2017")
>>> assess(policy, {"staff_total": 501}).status_of()
'refused'
"""

from __future__ import annotations

from ipcredit.assess import Assessment, assess
from ipcredit.errors import FirmError, IpCreditError, PolicyError, Problem, UsageError
from ipcredit.firm import Firm
from ipcredit.firms import Firms
from ipcredit.policy import Policy
from ipcredit.version import VERSION

__version__ = VERSION

__all__ = [
    "Assessment",
    "Firm",
    "FirmError",
    "Firms",
    "IpCreditError",
    "Policy",
    "PolicyError",
    "Problem",
    "UsageError",
    "assess",
]
