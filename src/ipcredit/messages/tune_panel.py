"""Texts of the panel in a notebook (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "tune-panel.not-a-step": (
        "{value} is not among the steps of this dial; the nearest are {near}",
        "{value} 不在该滑块的取值之内；最近的取值：{near}",
    ),
    "tune-panel.no-dial": (
        "the panel has no such dial; allowed: {allowed}",
        "面板没有该滑块；可用：{allowed}",
    ),
    "tune-panel.dials": ("What was moved", "所调参数"),
    "tune-panel.nothing-moved": ("Nothing: the policy as it is.", "未调整：政策原样。"),
    "tune-panel.invalid": (
        "These values make no valid policy; move a dial. What is wrong:",
        "这些取值不构成有效政策，请再调整。问题：",
    ),
    "tune-panel.reset": ("Back to the policy", "恢复政策原值"),
    "tune-panel.static": (
        'No sliders here: they need JupyterLab and ipywidgets (pip install "ipcredit[notebooks]").',
        '此处没有滑块：需要 JupyterLab 和 ipywidgets（pip install "ipcredit[notebooks]"）。',
    ),
    "tune-panel.no-picture": ("No picture: {reason}", "没有图：{reason}"),
    "tune-panel.title": (
        "{policy}: as it is and as moved",
        "{policy}：原值与调整后",
    ),
    "tune-panel.tiers": ("Firms by tier", "各等级企业数"),
    "tune-panel.firms": ("firms", "企业数（户）"),
    "tune-panel.tail": ("How much the fund may owe in a year", "基金一年可能应补偿多少"),
    "tune-panel.capital": ("{tested} capital: {money}", "{tested}资金：{money}"),
}
