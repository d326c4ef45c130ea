"""Texts of comparisons of policies (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "tune-compare.no-scenario": (
        "a fund needs a scenario: correlation, recovery, who borrows and how often firms default"
        " are not in the fund's file and are never filled in; give scenario=Scenario.load(…)"
        " or --scenario; what it must say:",
        "有基金就须有情景：相关系数、回收率、由谁贷款、违约概率不在基金文件中，也不会自动填补；"
        "请给出 scenario=Scenario.load(…) 或 --scenario；情景须写明：",
    ),
    "tune-compare.currency": (
        "counts in {given}, the policy in {currency}; give one in {currency}",
        "以 {given} 计，政策以 {currency} 计；请给出以 {currency} 计的文件",
    ),
    "tune-compare.pd-range": (
        "row {row}: {value} is not a probability; allowed: 0 to 1, or NaN where the score decides",
        "第 {row} 行：{value} 不是概率；允许 0 至 1，由评分决定的写 NaN",
    ),
    "tune-compare.pd-rating": (
        "the scenario's curve goes by external ratings; comparing policies needs one over points,"
        " or pd= with a figure for each firm",
        "情景的违约曲线按外部评级；比较政策须用按分值的曲线，或以 pd= 给出每户的数值",
    ),
}
