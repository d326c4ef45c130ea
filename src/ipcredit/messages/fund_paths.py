"""Texts of the simulation of many years and of the replay of the pilot (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- problems
    "fund-paths.no-capital": (
        "how much money the fund has is not known, and payments are tested against it; give it in the"
        ' scenario under [capital] or with --set "{key}=1 亿元"',
        "基金资金规模未知，而代偿以其为上限；请在情景的 [capital] 中给出，或使用 --set “{key}=1 亿元”",
    ),
    "fund-paths.currency": (
        "amounts are in {given}, the fund's in {fund}; convert them first",
        "金额币种为 {given}，基金为 {fund}；请先换算",
    ),
    "fund-paths.gaussian-only": (
        'years are simulated with a gaussian factor only, not "{given}"; use kind = "gaussian"',
        '多年模拟只支持高斯因子，不支持“{given}”；请用 kind = "gaussian"',
    ),
    "fund-paths.one-factor": (
        'years are simulated with one factor for all firms, not one for each "{given}"; remove by and'
        " within from [factor], or look at one period (--one-year)",
        "多年模拟只用全体企业共同的一个因子，不支持按“{given}”分组；请从 [factor] 删去 by 与 within，"
        "或改用单期计算（--one-year）",
    ),
    "fund-paths.correlation": (
        "the correlation {given} must be at least 0 and below 1",
        "相关系数 {given} 应不小于 0 且小于 1",
    ),
    "fund-paths.count": (
        "the number of paths {given} must be from 1 to {most}",
        "路径数 {given} 应在 1 至 {most} 之间",
    ),
    "fund-paths.engine": (
        'no engine is called "{given}"; allowed: {allowed}',
        "没有名为“{given}”的引擎；可用：{allowed}",
    ),
    "fund-paths.error": ("the relative error {given} must be above 0", "相对误差 {given} 应大于 0"),
    # -- the engine and why
    "fund-paths.engine-asked": ("asked for", "按要求选用"),
    "fund-paths.engine-few": (
        "about {expected} defaults on a path, not more than {most}: firm by firm",
        "每条路径约 {expected} 起违约，不超过 {most}：逐户模拟",
    ),
    "fund-paths.engine-shared": (
        "{count} firms borrow from several lenders, more than a fifth: firm by firm",
        "{count} 户向多家银行借款，超过五分之一：逐户模拟",
    ),
    "fund-paths.engine-many": (
        "about {expected} defaults on a path, more than {most}: by cells of lender, district and terms",
        "每条路径约 {expected} 起违约，多于 {most}：按银行、区县与条款分组模拟",
    ),
    "fund-paths.running": ("simulating", "正在模拟"),
    # -- notes
    "fund-paths.note-period": (
        "each period is one date: lending and positions at its start, then recoveries, breakers and claims",
        "每一期视为一天：期初放款并确定余额，然后依次处理追偿、熔断和代偿申请",
    ),
    "fund-paths.note-shared": (
        "{count} firms borrow from several lenders; by cells their lenders default independently given the factor",
        "{count} 户向多家银行借款；分组模拟时，给定因子后各银行的违约相互独立",
    ),
    "fund-paths.note-narrow": (
        'limits per claim and per firm act on expected amounts; engine="firms" applies them to each claim',
        '单笔与单户限额按期望金额计算；engine="firms" 逐笔计算',
    ),
    "fund-paths.note-unpublished": (
        "a clause exists whose number is not public and is left out: {clause}",
        "有一条款存在但数值未公布，未计入：{clause}",
    ),
    # -- the page
    "fund-paths.title": (
        "Simulation of fund {fund} over {periods} periods, {paths} paths",
        "基金 {fund} 的多年模拟：{periods} 期、{paths} 条路径",
    ),
    "fund-paths.engine-line": ("Engine: {engine} ({reason})", "引擎：{engine}（{reason}）"),
    "fund-paths.by-period": (
        "By period (mean ± standard error; 95 % quantile)",
        "逐期（均值 ± 标准误；95% 分位数）",
    ),
    "fund-paths.period": ("Period", "期"),
    "fund-paths.paid": ("Payouts", "代偿"),
    "fund-paths.back": ("Recoveries of the fund", "基金追回"),
    "fund-paths.fees": ("Fees", "保费"),
    "fund-paths.topped-up": ("Top-ups", "财政补足"),
    "fund-paths.defaulted": ("Principal defaulted", "违约本金"),
    "fund-paths.dry": (
        "Probability of having run dry by the end of each period",
        "截至各期末资金用尽的概率",
    ),
    "fund-paths.whole": ("whole fund", "全部资金"),
    "fund-paths.tested-mark": ("{name} (tested)", "{name}（以此为上限）"),
    "fund-paths.committed": ("committed", "承诺额"),
    "fund-paths.paid-in": ("paid in", "实缴额"),
    "fund-paths.cash": ("cash", "现金"),
    "fund-paths.need": (
        "Most money out at one time: mean {mean}, 95 % {high}, 99 % {top}",
        "任一时点最大净支出：均值 {mean}，95% 分位 {high}，99% 分位 {top}",
    ),
    "fund-paths.breakers": ("Breakers", "熔断"),
    "fund-paths.breaker": (
        "{name}: trips in {ever} of paths; without it {costs}",
        "{name}：{ever} 的路径触发；若取消，{costs}",
    ),
    "fund-paths.breaker-plain": ("{name}: trips in {ever} of paths", "{name}：{ever} 的路径触发"),
    "fund-paths.bears": ("{party} bears {amount} more", "{party}多承担 {amount}"),
    "fund-paths.bearers": (
        "Who bears the defaults, all periods, net of recoveries of the fund",
        "各方最终承担（各期合计，已扣基金追回）",
    ),
    "fund-paths.by-lender": ("Payouts by lender", "按银行的代偿"),
    "fund-paths.by-district": ("Payouts by district", "按区县的代偿"),
    "fund-paths.by-tier": ("Payouts by tier", "按等级的代偿"),
    "fund-paths.no-tier": ("no tier", "无等级"),
    "fund-paths.gross-net": ("{name}: {gross}; net {net}", "{name}：{gross}；净额 {net}"),
    "fund-paths.cut": ("Cut by limits, all periods", "被限额削减（各期合计）"),
    "fund-paths.notes": ("Notes", "说明"),
    "fund-paths.assumed": ("Assumed ({count})", "假定（{count} 项）"),
    "fund-paths.fund": ("the fund", "基金"),
    "fund-paths.lender": ("the lender", "银行"),
    # -- the replay of the pilot
    "fund-paths.replay-title": (
        "Which share of the loans owed would have had to default to empty the fund",
        "须有多大比例的贷款余额违约，才会用尽基金",
    ),
    "fund-paths.replay-row": (
        "{month}, {kind} {capital}, balance {balance}: {verdict}",
        "{month}，{kind} {capital}，余额 {balance}：{verdict}",
    ),
    "fund-paths.replay-level": ("at a default level of {level}", "违约比例达到 {level}"),
    "fund-paths.replay-never": (
        "it cannot be emptied, not even if everything owed defaults",
        "即使余额全部违约也不会用尽",
    ),
    "fund-paths.replay-outlasts": (
        "it cannot be emptied, not even if everything lent so far defaults",
        "即使累计放款全部违约也不会用尽",
    ),
    "fund-paths.replay-interpolated": (
        "lending twelve months before is not public; taken as even between {a} and {b}",
        "十二个月前的累计放款未公布；按 {a} 至 {b} 之间均匀放款推算",
    ),
    "fund-paths.replay-assumed": ("Assumed", "假定"),
}
