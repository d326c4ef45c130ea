"""The page a policy is printed on: the page of all rules, and a policy's own words.

:mod:`ipcredit.policy_blocks` and :mod:`ipcredit.policy_line_blocks` fill it,
:mod:`ipcredit.policy_tables` prints it.
"""

from __future__ import annotations

from ipcredit.policy import Policy
from ipcredit.rule_page import RulePage
from ipcredit.rule_words import condition_words, units_by_path, written_text
from ipcredit.rules import Condition


class Page(RulePage):
    """What every block of one printed policy shares: its language, its marks, its titles."""

    def __init__(self, policy: Policy, lang: str) -> None:
        super().__init__(policy, lang)
        self.policy = policy
        self.titles = {item.name: item.title.text(lang) for item in policy.rules.dimensions}
        self._units = units_by_path(policy.rules)

    def words(self, rule: Condition) -> str:
        """A condition in words."""
        return condition_words(rule, self.currency, self.lang, self.titles)

    def written(self, raw: str, path: str) -> str:
        """A value as the file writes it in words, where it has any."""
        return written_text(raw, path, self._units, self.currency, self.lang)
