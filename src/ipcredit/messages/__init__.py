"""Every text a person reads, in Chinese and English.

Each catalogue maps a code to ``(en, zh)``; placeholders are those of ``str.format``.
A test checks that both languages exist and use the same placeholders.
"""

from __future__ import annotations

from ipcredit.messages import (
    cases,
    firm,
    fund,
    fund_cli,
    fund_paths,
    fund_pay,
    fund_results,
    fund_show,
    patent_value,
    patents,
    policy,
    population,
    portfolio,
    report,
    scenario,
    schemes_map,
    show,
    steps,
    tune_compare,
    tune_panel,
    tune_search,
    tune_sweep,
    words,
)

LANGUAGES = ("zh", "en")

CATALOGUE: dict[str, tuple[str, str]] = {
    **words.TEXTS,
    **firm.TEXTS,
    **policy.TEXTS,
    **steps.TEXTS,
    **report.TEXTS,
    **show.TEXTS,
    **population.TEXTS,
    **schemes_map.TEXTS,
    **cases.TEXTS,
    **patents.TEXTS,
    **patent_value.TEXTS,
    **fund.TEXTS,
    **fund_cli.TEXTS,
    **tune_compare.TEXTS,
    **tune_sweep.TEXTS,
    **tune_search.TEXTS,
    **tune_panel.TEXTS,
    **fund_pay.TEXTS,
    **fund_results.TEXTS,
    **fund_show.TEXTS,
    **fund_paths.TEXTS,
    **portfolio.TEXTS,
    **scenario.TEXTS,
}


def text(code: str, lang: str = "en", **args: object) -> str:
    """The text of ``code`` in ``lang`` (``zh``, ``en`` or ``both``), placeholders filled.

    >>> text("status.eligible", "zh"), text("status.eligible", "en")
    ('符合', 'eligible')
    """
    en, zh = CATALOGUE[code]
    if lang == "en":
        return en.format(**args)
    reason = args.get("reason")
    here = (
        {**args, "reason": words.REASONS.get(reason, reason)} if isinstance(reason, str) else args
    )
    return zh.format(**here) if lang == "zh" else f"{zh.format(**here)} / {en.format(**args)}"
