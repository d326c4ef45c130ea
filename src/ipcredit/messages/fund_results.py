"""Texts of one-period results of a fund: problems, notes and the treasurer's page (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- problems
    "fund-results.no-loans": (
        'the fund covers "{covers}" and the book has no such loan; check the part of the loans, or choose a fund that covers them',
        "基金覆盖“{covers}”类贷款，而贷款表中没有；请核对贷款的类别，或另选基金",
    ),
    "fund-results.no-recovery": (
        'of {count} loans it is not known what comes back (first: "{loan}"); give each a recovery, or put severity.recovery into the scenario',
        "有 {count} 笔贷款的回收率未知（首笔：“{loan}”）；请逐笔填写 recovery，或在情景中给出 severity.recovery",
    ),
    "fund-results.no-capital": (
        "payments are bounded by the capital {capital}, and neither the fund nor the scenario gives it; put capital.{key} into the scenario",
        "补偿以“{capital}”口径的资金为限，而基金文件和情景均未给出；请在情景中写 capital.{key}",
    ),
    "fund-results.district-money": (
        "these districts have loans but no share of the districts' money: {names}; add them to money.districts",
        "下列区县有贷款而没有区县资金份额：{names}；请在 money.districts 中补上",
    ),
    "fund-results.word": (
        '"{value}" is unknown; allowed is {allowed}; choose one of these',
        "“{value}”无法识别；可选 {allowed}；请从中选择",
    ),
    "fund-results.not-exact": (
        "not to be had without sampling: {figures} (reason: {reason}); use the method auto, which samples what is missing",
        "下列结果不抽样无法得到：{figures}（原因：{reason}）；请改用 auto 方法，只抽样缺少的部分",
    ),
    "fund-results.out-of-range": (
        "{value} is out of range; allowed is {allowed}; choose a number in between",
        "{value} 超出范围；可取 {allowed}；请改用其间的数",
    ),
    "fund-results.unreachable": (
        "no value between {low} and {high} reaches the target {target}; change the target or the fund's other clauses",
        "在 {low} 与 {high} 之间没有取值能达到目标 {target}；请调整目标或基金的其他条款",
    ),
    # -- notes
    "fund-results.note.liability": (
        "a book does not say what a claimant's own liability is: taken as the whole eligible amount, with no other public money",
        "贷款表不含申请人自身责任额：按全部可补偿金额计，且不计其他财政资金",
    ),
    "fund-results.note.uncovered": (
        "the fund pays nothing for {count} of the {loans} loans: no cover rule fits them, or they fail a condition; check what the book says of them against the fund's clauses",
        "{loans} 笔贷款中有 {count} 笔得不到补偿：不符合任何补偿规则或不满足条件；请对照基金条款核对账中内容",
    ),
    "fund-results.quota": ("the lender's quota", "银行的补偿额度"),
    "fund-results.note.mean-loss": (
        "the fund pays the loss after recovery; eligible amounts are taken at the mean recovery",
        "基金在追偿之后补偿损失；可补偿金额按平均回收率计",
    ),
    "fund-results.note.groups": (
        "{count} firms have loans in several groups; each moves with the group of its largest loan",
        "有 {count} 家企业的贷款分属多组；各按其最大一笔贷款所在的组计",
    ),
    # -- the treasurer's page
    "fund-results.answer": (
        "{title} ({edition}): {firms} {outstanding} in {loans}, {leverage} times the {tested} capital of {capital}. Within a year the fund is expected to owe {gross}; {net} of it does not come back. The whole fund runs dry with probability {dry}; in the worst year of a hundred it owes {worst} or more.",
        "{title}（{edition}）：{firms}共 {loans}，余额 {outstanding}，为{tested}资金 {capital}的 {leverage} 倍。一年内预计应补偿 {gross}，其中 {net}收不回来。整个基金用尽的概率为 {dry}；百年一遇的坏年份应补偿不少于 {worst}。",
    ),
    "fund-results.count.firms": ("{count} firms owe", "{count} 家企业"),
    "fund-results.count.firms-one": ("1 firm owes", "1 家企业"),
    "fund-results.count.loans": ("{count} loans", "{count} 笔贷款"),
    "fund-results.count.loans-one": ("1 loan", "1 笔贷款"),
    "fund-results.book": ("Book: {book}, as of {as_of}.", "贷款表：{book}，截止日 {as_of}。"),
    "fund-results.answer.purse": (
        "The purse most likely to run dry is {purse}: {dry}.",
        "最可能用尽的是 {purse}：{dry}。",
    ),
    "fund-results.answer.over": (
        "The balance is above the most the fund allows, {most} times.",
        "余额已超过基金允许的 {most} 倍。",
    ),
    "fund-results.answer.within": (
        "The fund allows {most} times.",
        "基金允许 {most} 倍。",
    ),
    "fund-results.capital.committed": ("committed", "承诺"),
    "fund-results.capital.paid-in": ("paid-in", "到位"),
    "fund-results.capital.cash": ("cash", "现金"),
    "fund-results.table.amounts": ("Amounts of one year", "一年的金额"),
    "fund-results.table.purses": ("Purses", "各资金池"),
    "fund-results.table.tiers": ("By tier", "按信用等级"),
    "fund-results.table.lenders": ("By lender", "按银行"),
    "fund-results.table.districts": ("By district", "按区县"),
    "fund-results.table.limits": ("How often limits cut", "各项上限触及的概率"),
    "fund-results.table.breakers": ("How often breakers trip", "各项熔断触发的概率"),
    "fund-results.column.level": ("not above", "不超过的概率"),
    "fund-results.column.loss": ("principal lost", "本金损失"),
    "fund-results.column.gross": ("owed by the fund", "基金应补偿"),
    "fund-results.column.net": ("not coming back", "收不回部分"),
    "fund-results.column.worse": ("mean beyond, owed", "更坏时应补偿均值"),
    "fund-results.row.mean": ("mean", "均值"),
    "fund-results.row.paid": ("paid by the purses", "资金池实付均值"),
    "fund-results.row.whole": ("whole fund", "整个基金"),
    "fund-results.column.purse": ("purse", "资金池"),
    "fund-results.column.money": ("money", "资金"),
    "fund-results.column.wanted": ("expected", "预计应付"),
    "fund-results.column.dry": ("dry, {capital}", "用尽（{capital}）"),
    "fund-results.column.tiers": ("tier", "等级"),
    "fund-results.column.lenders": ("lender", "银行"),
    "fund-results.column.districts": ("district", "区县"),
    "fund-results.column.firms": ("firms", "企业"),
    "fund-results.column.owed": ("balance", "余额"),
    "fund-results.column.lost": ("expected loss", "预期损失"),
    "fund-results.column.due": ("owed by the fund", "基金应补偿"),
    "fund-results.column.bad": ("in a bad year (1 %)", "坏年份（1%）"),
    "fund-results.column.limits": ("limit", "上限"),
    "fund-results.column.breakers": ("breaker", "熔断"),
    "fund-results.column.who": ("of whom", "对象"),
    "fund-results.column.chance": ("probability", "概率"),
    "fund-results.scope.claim": ("any claim", "任一笔"),
    "fund-results.scope.firm": ("any firm", "任一企业"),
    "fund-results.scope.lender": ("lender", "银行"),
    "fund-results.scope.district": ("district", "区县"),
    "fund-results.scope.fund": ("the fund", "整个基金"),
    "fund-results.stops.warning": ("a warning", "预警"),
    "fund-results.stops.lending": ("stops new loans", "停止新增贷款"),
    "fund-results.stops.acceptance": ("stops acceptance", "停止受理"),
    "fund-results.stops.payment": ("puts payment off", "暂缓补偿"),
    "fund-results.more": (
        "and {count} more; all are in the saved result",
        "另有 {count} 行，见保存的结果",
    ),
    "fund-results.methods": (
        "Method: {methods}. Every number in the saved result carries its own method and error.",
        "方法：{methods}。保存的结果中每个数字都附有方法和误差。",
    ),
    "fund-results.method.exact": (
        "closed form, no error beyond rounding",
        "解析解（仅有舍入误差）",
    ),
    "fund-results.method.lattice": ("exact lattice, error bounded", "精确格点法（误差有界）"),
    "fund-results.method.expansion": (
        "second-order expansion given the factor, error estimated",
        "给定因子的二阶展开（误差为估计值）",
    ),
    "fund-results.method.factors": (
        "expansion at random points of several factors, standard error",
        "多因子随机点上的展开（标准误差）",
    ),
    "fund-results.method.sampled": ("sampling, standard error", "抽样（标准误差）"),
    "fund-results.sampled": (
        "Sampled with {scenarios} scenarios, seed {seed}: {why}.",
        "抽样 {scenarios} 次，种子 {seed}：{why}。",
    ),
    "fund-results.why.asked": ("as asked", "按要求抽样"),
    "fund-results.why.together": (
        "who is to blame for a bad year, or what comes back, depends on limits that cut several claims together",
        "坏年份的构成或可收回部分，取决于把多笔申请一并削减的上限",
    ),
    "fund-results.why.firm-after-wide": (
        "a limit of one claim or firm acts after a limit of a lender, district or the fund",
        "单笔或单户上限在银行、区县或基金上限之后生效",
    ),
    "fund-results.why.lenders-and-districts": (
        "limits of lenders and of districts act on the same claims",
        "银行上限与区县上限作用于同一批申请",
    ),
    "fund-results.why.part-of-an-account": (
        "a limit applies to a part of a lender's, a district's or the fund's claims",
        "上限只适用于银行、区县或基金的一部分申请",
    ),
    "fund-results.why.cover-differs": (
        "claims under one limit on claims have different cover",
        "同一项申请额上限之下的补偿比例不一",
    ),
    "fund-results.why.account-after-fund": (
        "a limit of lenders or districts acts after one of the whole fund",
        "银行或区县的上限在整个基金的上限之后生效",
    ),
    "fund-results.why.fund-breaker": (
        "a breaker of the whole fund stops payments that limits of lenders or districts cut",
        "整个基金的熔断与银行或区县的上限同时作用",
    ),
    "fund-results.why.breaker-measure": (
        "what a breaker measures is not in proportion to what the fund owes",
        "熔断所计量的金额与应补偿金额不成比例",
    ),
    "fund-results.why.stopped-account": (
        "a breaker stops the payments to single lenders or districts",
        "熔断会停止对个别银行或区县的补偿",
    ),
    "fund-results.why.shared-firms": (
        "too many firms borrow from several lenders whose payments are limited",
        "在多家有上限的银行贷款的企业过多",
    ),
    "fund-results.why.random-severity": (
        "recoveries are random and worse in bad years, and the loans are too few for the expansion",
        "回收率随机且坏年份更低，而贷款笔数太少，不宜用展开",
    ),
    "fund-results.why.odd-amounts": (
        "who is to blame for a bad year is open where few loans share no common unit, or many share too fine a one",
        "贷款笔数少且金额没有公共单位（或笔数多而单位过细）时，坏年份的构成以抽样求得",
    ),
    "fund-results.why.groups-parts": (
        "with several factors, who is to blame for a bad year is counted in samples",
        "多因子时，坏年份的构成以抽样求得",
    ),
    "fund-results.why.groups-accounts": (
        "with several factors the limits of lenders or districts are not independent of each other",
        "多因子时，各银行或各区县的上限并不相互独立",
    ),
    "fund-results.why.groups-law": (
        "with several factors the expansion needs many small loans, at most 64 groups, a correlation within them below 1, and one mean recovery where recoveries are random",
        "多因子时，展开法要求贷款多而小、分组不超过 64 个、组内相关系数小于 1，且回收率随机时均值一致",
    ),
    "fund-results.why.one-order": (
        "with correlation 1 lenders' limits are not independent in any year",
        "相关系数为 1 时，各银行的上限在任何年份都不独立",
    ),
    "fund-results.several": (
        "Firms that borrow from several lenders: {several}; gone through case by case, because lenders' payments are limited: {conditioned}. All of a firm's loans default together.",
        "有 {several} 家企业在多家银行贷款；其中 {conditioned} 家因银行补偿有上限而逐一分情形计算。同一企业的贷款一并违约。",
    ),
    "fund-results.factor.gaussian": ("correlation {value}", "相关系数 {value}"),
    "fund-results.factor.groups": (
        "correlation {value}, and {within} within one {by}",
        "相关系数 {value}，同一{by}之内 {within}",
    ),
    "fund-results.group.district": ("district", "区县"),
    "fund-results.group.lender": ("lender", "银行"),
    "fund-results.group.class": ("class", "类别"),
    "fund-results.factor.gamma": (
        "a gamma factor of variance {value}",
        "方差为 {value} 的伽马因子",
    ),
    "fund-results.scenario": (
        "Scenario: {scenario}, {factor}; every default on one date.",
        "情景：{scenario}，{factor}；全部违约发生在同一日。",
    ),
    "fund-results.stress": (
        "The tail is decided by the correlation and the stress of the scenario, not by the method: try higher ones beside this result. A correlation taken from calm years is blind to a crisis.",
        "尾部结果取决于情景的相关系数和压力，而不在于计算方法：请同时试算更高的取值。只用平稳年份估计的相关系数看不见危机。",
    ),
    "fund-results.unpublished": (
        "Clauses that exist and whose numbers are not public; they are left out ({count}):",
        "存在但数值未公布、未计入的条款（{count} 项）：",
    ),
    "fund-results.assumed": ("Assumed values ({count}):", "假定取值（{count} 项）："),
    "fund-results.notes": ("Notes ({count}):", "说明（{count} 项）："),
}
