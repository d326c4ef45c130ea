"""The treasurer's page: one answer in a paragraph, then the tables behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipcredit.fund.result import OnePeriodResult


def result_text(result: OnePeriodResult, lang: str) -> str:
    """The page in ``zh``, ``en`` or ``both``."""
    return ""
