"""Texts of the fund commands, of the page on a fund's size, and of the pictures (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "fund-cli.no-csv": (
        "this result is no table; allowed are text and json; choose one of them",
        "该结果不是表格；可选 text 或 json；请改用其一",
    ),
    "fund-cli.folder": (
        "this is a folder; allowed is a file ending in .txt or .json; add the file's name",
        "这是一个文件夹；应为以 .txt 或 .json 结尾的文件；请补上文件名",
    ),
    "fund-cli.no-scenario": (
        "no scenario was named, and nothing is assumed in its place; shipped are {known}; name "
        "one of them or a file of your own, or give each value with --set",
        "未指定情景，程序不作任何默认假定；随附的有 {known}；请选用其一或自备文件，或用 --set 逐项给出",
    ),
    "fund-cli.set": (
        '"{given}" is not a change; allowed is PATH=VALUE; write it as in '
        "cover.rules.principal.share=0.7 or factor.correlation=0.12",
        "“{given}”不是一项修改；应为 路径=值；请写成 cover.rules.principal.share=0.7 或 "
        "factor.correlation=0.12 的形式",
    ),
    # -- size
    "fund-size.vary": (
        'cannot read "{given}"; allowed is PATH=VALUE,VALUE with a path of the fund, such as '
        "cover.rules.principal.share=0.7,0.8; correct it",
        "无法读取“{given}”；应为 路径=值,值，路径取自基金文件，如 cover.rules.principal.share=0.7,0.8；请改正",
    ),
    "fund-size.heading": (
        "{fund} ({edition}): what running dry with probability {target} at most asks for",
        "{fund}（{edition}）：用尽概率不超过 {target} 所需的资金",
    ),
    "fund-size.capital": ("Capital needed, {tested}", "所需资金（{tested}）"),
    "fund-size.capital-text": (
        "{amount}; the whole fund then runs dry with probability {chance}",
        "{amount}；整个基金用尽的概率为 {chance}",
    ),
    "fund-size.each": ("If every purse is to hold", "若每个资金池均须达标"),
    "fund-size.each-text": (
        "{amount}, divided among the purses as the fund divides its money",
        "{amount}，按基金的资金分配方式划分到各资金池",
    ),
    "fund-size.leverage": ("Leverage it allows", "可支持的放大倍数"),
    "fund-size.balance": ("Balance covered", "在保余额"),
    "fund-size.expected": ("Expected payouts in a year", "一年预计代偿"),
    "fund-size.net": ("Expected to be lost for good", "预计最终损失"),
    "fund-size.fee": ("Break-even fee", "盈亏平衡费率"),
    "fund-size.fee-text": ("{rate} of the balance a year", "每年余额的 {rate}"),
    "fund-size.certain": (
        "Most it can owe in the year", "一年内最多应补偿",
    ),
    "fund-size.present": ("Capital at present", "现有资金"),
    "fund-size.lending": ("Lending it supports", "现有资金可支持的贷款"),
    "fund-size.lending-text": ("{amount}, {scale} times the book", "{amount}，为本贷款表的 {scale} 倍"),
    "fund-size.lending-any": (
        "any amount of such loans: nothing is owed with more than the target probability",
        "不限：应补偿金额大于零的概率不超过目标",
    ),
    "fund-size.cap": ("Cap rate that keeps the target", "满足目标的封顶率"),
    "fund-size.cap-text": ("{rate} ({clause})", "{rate}（{clause}）"),
    "fund-size.purses": ("Each purse by itself", "各资金池单独所需"),
    "fund-size.column.purse": ("Purse", "资金池"),
    "fund-size.column.needed": ("Needed", "所需资金"),
    "fund-size.column.share": ("Share of the money", "资金占比"),
    "fund-size.frontier": ("Cover, cap and capital", "补偿比例、上限与资金规模"),
    "fund-size.column.capital": ("Capital", "资金"),
    "fund-size.column.expected": ("Expected payouts", "预计代偿"),
    "fund-size.column.worst": ("Mean of the worst 1 %", "最坏 1% 的均值"),
    "fund-size.column.leverage": ("Leverage", "放大倍数"),
    "fund-size.column.dry": ("Runs dry", "用尽概率"),
    "fund-size.notes": ("How it was found", "测算方法"),
    "fund-size.method": (
        "Method: {method}; {count} evaluations of the tail.",
        "方法：{method}；尾部计算 {count} 次。",
    ),
    "fund-size.method-once": ("Method: {method}.", "方法：{method}。"),
    # -- pictures
    "fund-plot.year": (
        "{title} ({edition}): what one year may cost",
        "{title}（{edition}）：一年可能的代偿",
    ),
    "fund-plot.amount": ("owed by the fund in a year, {unit}", "基金一年应补偿（{unit}）"),
    "fund-plot.chance": ("probability of owing more, %", "应补偿超过该数的概率（%）"),
    "fund-plot.expected": ("expected {amount}", "预计 {amount}"),
    "fund-plot.limit": ("{capital} {amount}: exceeded with probability {chance}",
                        "{capital} {amount}：超过的概率 {chance}"),
    "fund-plot.cash": ("Cash of the fund", "基金现金"),
    "fund-plot.cash-of": ("Cash of the pot {pot}", "资金池 {pot} 的现金"),
    "fund-plot.cash-axis": ("cash at the end of the period, {unit}", "期末现金（{unit}）"),
    "fund-plot.periods": ("period", "期"),
    "fund-plot.band": ("{low} to {high} of paths", "{low} 至 {high} 的路径"),
    "fund-plot.mean": ("mean", "均值"),
    "fund-plot.dry-title": ("Having run dry", "累计用尽概率"),
    "fund-plot.dry-axis": ("probability by the end of the period, %", "截至期末的概率（%）"),
    "fund-plot.dry-year": ("probability of running dry within a year, %", "一年内用尽的概率（%）"),
    "fund-plot.frontier": (
        "{title} ({edition}): capital against running dry",
        "{title}（{edition}）：资金规模与用尽概率",
    ),
    "fund-plot.capital-axis": ("capital, {unit}", "资金（{unit}）"),
    "fund-plot.target": ("target {target}", "目标 {target}"),
    "fund-plot.needed": ("needed: {amount}", "所需：{amount}"),
    "fund-plot.no-frontier": (
        "there is nothing to draw; give values to try with --vary or --capital",
        "没有可绘制的内容；请用 --vary 或 --capital 给出备选取值",
    ),
    "fund-plot.scenario": (
        "scenario {scenario}; {method}",
        "情景 {scenario}；{method}",
    ),
    "fund-plot.sampled": ("{paths} paths, seed {seed}", "{paths} 条路径，种子 {seed}"),
    "fund-plot.assumed": ("{count} assumed values", "{count} 个假定取值"),
}  # fmt: skip
