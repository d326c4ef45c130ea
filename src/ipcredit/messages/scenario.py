"""Problems in a scenario file, and questions a scenario does not answer (en, zh).

Each text says what is wrong; what is allowed; what to do.
"""

from __future__ import annotations

from ipcredit.messages import policy

_SAID = policy.TEXTS  # what is wrong with a table, a value or a date is said as in a policy

TEXTS: dict[str, tuple[str, str]] = {
    "scenario.schema": _SAID["policy.schema"],
    "scenario.required": _SAID["policy.required"],
    "scenario.required-word": _SAID["policy.required-word"],
    "scenario.unknown-key": _SAID["policy.unknown-key"],
    "scenario.unknown-key-near": _SAID["policy.unknown-key-near"],
    "scenario.key-without-effect": _SAID["policy.key-without-effect"],
    "scenario.not-a-table": _SAID["policy.not-a-table"],
    "scenario.not-text": _SAID["policy.not-text"],
    "scenario.not-date": _SAID["policy.not-date"],
    "scenario.not-number": _SAID["policy.not-number"],
    "scenario.percent": _SAID["policy.percent"],
    "scenario.not-whole": _SAID["policy.not-whole"],
    "scenario.number-size": _SAID["policy.number-size"],
    "scenario.out-of-unit": _SAID["policy.out-of-unit"],
    "scenario.out-of-range": _SAID["policy.out-of-range"],
    "scenario.too-low": _SAID["policy.too-low"],
    "scenario.money-unit": _SAID["policy.money-unit"],
    "scenario.not-one-of": _SAID["policy.not-one-of"],
    "scenario.no-source": _SAID["policy.no-source"],
    "scenario.no-reason": _SAID["policy.no-reason"],
    "scenario.unknown-source": _SAID["policy.unknown-source"],
    "scenario.not-a-value": _SAID["policy.not-a-value"],
    "scenario.no-value": _SAID["policy.no-value"],
    "scenario.currency": (
        'the currency "{given}" of this scenario is not known; allowed are {allowed}; write one of '
        "these codes",
        "情景的币种“{given}”无法识别；可用 {allowed}；请写其中一个代码",
    ),
    # -- what is written
    "scenario.list": (
        '"{given}" is no list of values; allowed is a list of 1 to {most}, one a year, as in [1.5, 2]; '
        "correct it",
        "“{given}”不是一组数值；须为 1 至 {most} 项的列表，每年一项，如 [1.5, 2]；请改正",
    ),
    "scenario.shares": (
        "the shares add up to {total}; they must add up to 1; correct them",
        "各占比合计为 {total}；合计必须为 1；请改正",
    ),
    "scenario.spread": (
        "a standard deviation of {given} is not possible for a share with mean {mean}; allowed is less "
        "than {most}; make it smaller",
        "均值为 {mean} 的比例，标准差不可能达到 {given}；须小于 {most}；请调小",
    ),
    "scenario.by-gamma": (
        "groups of firms go with the gaussian factor only, and this one is gamma; remove by and within, "
        'or write kind = "gaussian" with a correlation',
        '分组只适用于高斯因子，而此处为伽马因子；请删去 by 与 within，或改写 kind = "gaussian" 并给出相关系数',
    ),
    "scenario.within-alone": (
        "a correlation within groups says nothing without groups; allowed for by are {allowed}; write "
        'by = "district" beside it, or remove it',
        '未说明如何分组时，组内相关系数没有意义；by 可取 {allowed}；请在旁边写 by = "district"，或删去此项',
    ),
    "scenario.within-low": (
        "firms of one group cannot move together less than all firms do; allowed is {least} (correlation) "
        "to 1, not {given}; raise within or lower correlation",
        "同组企业的相关系数不能低于全体企业的相关系数；可取 {least}（correlation）至 1，而不是 {given}；"
        "请调高 within 或调低 correlation",
    ),
    "scenario.pairs": (
        "{left} ages and {right} rates do not match; each age needs its cumulative rate; correct one of "
        "the lists",
        "月龄有 {left} 项而累计违约率有 {right} 项，二者不符；每个月龄须有一个累计违约率；请改正",
    ),
    "scenario.falls": (
        "the values fall; cumulative values and ages may only rise; correct the order",
        "数值出现下降；累计值与月龄只能上升；请调整顺序",
    ),
    "scenario.curve-end": (
        "the curve ends at {given}; the last year holds all defaults, so it must be 1; correct it",
        "曲线末值为 {given}；末年应含全部违约，须为 1；请改正",
    ),
    "scenario.no-defaults": (
        "the last cumulative rate is 0; shares of no defaults say nothing; give rates above 0",
        "最后一个累计违约率为 0；没有违约便无从分配；请给出大于 0 的数值",
    ),
    "scenario.no-base": (
        "the rates have no base above 0; each is divided by the rate of ordinary times; write base = "
        "0.0187 beside them",
        "这些违约率没有大于 0 的基准；每项须除以平常年份的违约率；请在旁边写 base = 0.0187",
    ),
    # -- questions
    "scenario.lacks": (
        "the scenario does not say this, and nothing is assumed in its place; write {line} under "
        "[{section}] with a source or the reason it is assumed, or give --set {set}",
        "情景未给出此项，且不会代为假定；请在 [{section}] 下写 {line} 并注明来源或假定理由，或使用 "
        "--set {set}",
    ),
    "scenario.unknown": (
        "no such scenario is shipped; known are {allowed}; choose one, or name a .toml file",
        "没有随附此情景；已有 {allowed}；请选择其一，或指定 .toml 文件",
    ),
    "scenario.unknown-near": (
        'no such scenario is shipped; the nearest is "{nearest}"; known are {allowed}; choose one, or '
        "name a .toml file",
        "没有随附此情景；最接近的是“{nearest}”；已有 {allowed}；请选择其一，或指定 .toml 文件",
    ),
    "scenario.no-such-path": (
        "a scenario has no such value; docs/scenario-file.md lists all of them; correct the path",
        "情景中没有此项；全部项目见 docs/scenario-file.md；请更正路径",
    ),
    "scenario.no-such-path-near": (
        'a scenario has no such value; the nearest is "{nearest}"; correct the path',
        "情景中没有此项；最接近的是“{nearest}”；请更正路径",
    ),
    "scenario.other-currency": (
        "the scenario gives amounts in {found} ({given}) and the fund counts in {currency}; amounts "
        "must be in the fund's currency; convert them and set currency to {currency}, or leave them out",
        "情景以 {found} 给出金额（{given}），而基金以 {currency} 计；金额须用基金的币种；请折算并将 currency 改为 "
        "{currency}，或删去这些金额",
    ),
    "scenario.changes-nothing": (
        "the scenario says {given} here already; a change must change something; give another value or "
        "drop the change",
        "情景此处已是 {given}；修改须有所改变；请换一个值或取消修改",
    ),
}
