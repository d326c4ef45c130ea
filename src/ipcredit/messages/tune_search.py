"""Texts of searches (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- what can go wrong ---------------------------------------------------------------------
    "tune-search.no-vary": (
        "nothing to vary; give by path (low, high, step), as in"
        ' {{"tiers.B.at_least": (60, 80, 5), "line.tiers.B.amount": ("300 万元", "500 万元", "10 万元")}}',
        "没有可变动的参数；请按路径给出（低, 高, 步长），如"
        ' {{"tiers.B.at_least": (60, 80, 5), "line.tiers.B.amount": ("300 万元", "500 万元", "10 万元")}}',
    ),
    "tune-search.no-number": (
        '"{given}" is not a number or an amount, so it has no steps; leave it out',
        "“{given}”不是数值或金额，没有步长可言；请删去",
    ),
    "tune-search.triple": (
        "{given} is no range with a step; give three values: (low, high, step)",
        "{given} 不是带步长的区间；请给出三个值：（低, 高, 步长）",
    ),
    "tune-search.unit-money": (
        '"{given}" has no unit of money; write low, high and step as the policy does, as in "{example}"',
        "“{given}”没有货币单位；低、高、步长请按政策文件书写，如“{example}”",
    ),
    "tune-search.unit-number": (
        '"{given}" is no number; write low, high and step as the policy does, as in {example}',
        "“{given}”不是数值；低、高、步长请按政策文件书写，如 {example}",
    ),
    "tune-search.range": (
        "({given}) is no range; low must be below high and the step above 0",
        "（{given}）不是区间；低须小于高，步长须大于 0",
    ),
    "tune-search.step": (
        "steps of {step} from {low} do not reach {high}; end at {below} or {above}, or change the step",
        "从 {low} 起每步 {step} 到不了 {high}；请以 {below} 或 {above} 为上限，或改步长",
    ),
    "tune-search.no-order": (
        "no values of these ranges are in the order that the policy keeps (thresholds and lines from"
        " the best tier to the last); move the ranges apart, or vary the neighbours too",
        "这些区间中没有符合政策次序的取值（等级线与额度须由高等级到低等级递减）；请错开区间，或将相邻等级一同变动",
    ),
    "tune-search.objective": (
        '"{given}" is no objective; allowed: {allowed}, or a function of an Outcome',
        "“{given}”不是可选目标；可选：{allowed}，或以 Outcome 为参数的函数",
    ),
    "tune-search.objective-near": (
        '"{given}" is no objective; did you mean "{nearest}"? Allowed: {allowed}, or a function of'
        " an Outcome",
        "“{given}”不是可选目标；是否为“{nearest}”？可选：{allowed}，或以 Outcome 为参数的函数",
    ),
    "tune-search.no-part": (
        "the policy grants no such line, so {given} cannot be sought; its parts: {parts}",
        "该政策没有此项额度，无法以 {given} 为目标；其额度组成：{parts}",
    ),
    "tune-search.no-fund": (
        "this is a figure of a fund; give fund=Fund.load(…) and scenario=Scenario.load(…)",
        "这是基金的数值；请给出 fund=Fund.load(…) 与 scenario=Scenario.load(…)",
    ),
    "tune-search.limit-cost": (
        '{given} is no amount; write the most expected net cost of a year with its unit, as "5000 万元", or "same"',
        "{given} 不是金额；请写明一年预期净成本上限及单位，如“5000 万元”，或“same”（与现行相同）",
    ),
    "tune-search.limit-lines": (
        '{given} is no amount; write the lines in total with their unit, as "20 亿元", or "same"',
        "{given} 不是金额；请写明授信总额及单位，如“20 亿元”，或“same”（与现行相同）",
    ),
    "tune-search.limit-dry": (
        '{given} is no probability; allowed: from 0 to 1, as 0.01, or "same"',
        "{given} 不是概率；允许 0 至 1，如 0.01，或“same”（与现行相同）",
    ),
    "tune-search.limit-firms": (
        '{given} is no number of firms; allowed: a whole number from 0, or "same"',
        "{given} 不是企业户数；须为不小于 0 的整数，或“same”（与现行相同）",
    ),
    "tune-search.whole": (
        "{given} is not allowed; allowed: a whole number from {least}",
        "{given} 不允许；须为不小于 {least} 的整数",
    ),
    "tune-search.no-figure": (
        "this objective gave {given}; it must give a finite number for every policy",
        "该目标函数给出 {given}；对每项政策都须给出有限数值",
    ),
    "tune-search.against": (
        '"{given}" is no figure of a frontier here; allowed: {allowed}',
        "“{given}”不能作为前沿的另一数值；可选：{allowed}",
    ),
    "tune-search.nothing-most": (
        "none of the {tried} policies tried keeps to every limit; the nearest comes to {value} here,"
        " {short} ({by}) above the limit of {limit}; raise the limit or widen the ranges",
        "所试 {tried} 项政策均不满足全部限制；最接近者此项为 {value}，超出上限 {limit} 达 {short}（{by}）；"
        "请放宽限制或扩大区间",
    ),
    "tune-search.nothing-least": (
        "none of the {tried} policies tried keeps to every limit; the nearest comes to {value} here,"
        " {short} ({by}) below the limit of {limit}; lower the limit or widen the ranges",
        "所试 {tried} 项政策均不满足全部限制；最接近者此项为 {value}，低于下限 {limit} 达 {short}（{by}）；"
        "请放宽限制或扩大区间",
    ),
    # -- words -----------------------------------------------------------------------------------
    "tune-search.metric.lines": ("lines in total", "授信总额"),
    "tune-search.metric.knowledge": ("knowledge lines", "知识价值授信额度"),
    "tune-search.metric.firms": ("firms with a line", "获得额度的企业户数"),
    "tune-search.metric.cost": ("expected net cost a year", "一年预期净成本"),
    "tune-search.metric.dry": ("probability of exhaustion", "基金耗尽概率"),
    "tune-search.limit.budget": ("budget (expected net cost)", "预算（预期净成本）"),
    "tune-search.limit.exhaustion": ("probability of exhaustion", "基金耗尽概率"),
    "tune-search.limit.lines_at_most": ("most lines in total", "授信总额上限"),
    "tune-search.limit.lines_at_least": ("least lines in total", "授信总额下限"),
    "tune-search.limit.firms_at_least": ("least firms with a line", "获得额度的企业户数下限"),
    "tune-search.most": ("at most {value}", "不高于 {value}"),
    "tune-search.least": ("at least {value}", "不低于 {value}"),
    "tune-search.binds": ("binds", "起作用"),
    "tune-search.free": ("does not bind", "不起作用"),
    "tune-search.same": ("as it is", "不变"),
    "tune-search.assumed": ("assumed", "假定"),
    "tune-search.end.low": ("lowest tried", "已到区间低端"),
    "tune-search.end.high": ("highest tried", "已到区间高端"),
    "tune-search.sought": ("{name} (sought)", "{name}（目标）"),
    "tune-search.mark.best": ("best", "最优"),
    "tune-search.mark.before": ("as it is", "现行"),
    "tune-search.mark.broken": ("breaks a limit", "超出限制"),
    # -- the page --------------------------------------------------------------------------------
    "tune-search.title": ("{title}: the best policy found", "{title}：搜索所得最优方案"),
    "tune-search.answer": (
        "{sought}: {after}; as it is {before} ({change}).",
        "{sought}：{after}；现行 {before}（{change}）。",
    ),
    "tune-search.answer-broken": (
        "{sought}: {after}; as it is {before} ({change}), but the policy as it is breaks a limit.",
        "{sought}：{after}；现行 {before}（{change}），但现行政策超出限制。",
    ),
    "tune-search.as-is": (
        "Nothing tried is better than the policy as it is. {sought}: {value}.",
        "所试方案均不优于现行政策。{sought}：{value}。",
    ),
    "tune-search.bound": ("What holds it back: {limits}.", "起约束作用的限制：{limits}。"),
    "tune-search.bound-range": (
        "No limit holds it back; some parameters stand at the end of the range tried.",
        "没有限制起约束作用；部分参数已到所试区间的端点。",
    ),
    "tune-search.unbound": (
        "No limit holds it back: no single step would be better.",
        "没有限制起约束作用：任一参数再动一步都不会更好。",
    ),
    "tune-search.changes": ("What changes", "变动"),
    "tune-search.figures": ("What it does", "结果"),
    "tune-search.limits": ("Limits", "限制"),
    "tune-search.frontier": ("Frontier", "前沿"),
    "tune-search.how": ("How it was found", "搜索方法"),
    "tune-search.column.parameter": ("Parameter", "参数"),
    "tune-search.column.before": ("As it is", "现行"),
    "tune-search.column.best": ("Best", "最优"),
    "tune-search.column.end": ("Range", "区间"),
    "tune-search.column.basis": ("Now rests on", "现行依据"),
    "tune-search.column.figure": ("Figure", "数值"),
    "tune-search.column.change": ("Change", "增减"),
    "tune-search.column.limit": ("Limit", "限制"),
    "tune-search.column.allowed": ("Allowed", "允许"),
    "tune-search.column.slack": ("Left", "余量"),
    "tune-search.column.held": ("Binds", "是否起作用"),
    "tune-search.column.mark": ("Mark", "标记"),
    "tune-search.move": (
        "{path} at {value} would change {sought} by {change}, but breaks: {limits}.",
        "{path} 改为 {value} 可使{sought}变动 {change}，但将突破：{limits}。",
    ),
    "tune-search.unit": ("{name}, {unit}", "{name}（{unit}）"),
    "tune-search.frontier-note": (
        "Policies tried that no other beats in both figures; the limit on {against} is left open"
        " here, the others are kept. Between them others may lie that were not tried.",
        "所试方案中两项数值均不被他者超过者；此处不限制{against}，其余限制照守。其间可能还有未试的方案。",
    ),
    "tune-search.settled.all": (
        "All {space} policies of these steps were tried: none is better.",
        "这些步长的全部 {space} 项方案均已试算：没有更优者。",
    ),
    "tune-search.settled.pairs": (
        "{tried} of {space} policies were tried (differential evolution, seed {seed}, then steps"
        " around the best). No change of one or two parameters by one step is better; others may be.",
        "在 {space} 项方案中试算 {tried} 项（差分进化，种子 {seed}，再在最优者周围逐步改进）。"
        "任意一项或两项参数各动一步都不会更好；更远处不能排除。",
    ),
    "tune-search.settled.steps": (
        "{tried} of {space} policies were tried (differential evolution, seed {seed}, then steps"
        " around the best), {allowed} allowed. No change of one parameter by one step is better;"
        " others may be.",
        "在 {space} 项方案中试算 {tried} 项（差分进化，种子 {seed}，再在最优者周围逐步改进），限试 {allowed} 项。"
        "任意一项参数动一步都不会更好；更远处不能排除。",
    ),
    "tune-search.settled.no": (
        "{tried} of {space} policies were tried (differential evolution, seed {seed}); the {allowed}"
        " allowed were used up before all steps around the best were tried. Allow more.",
        "在 {space} 项方案中试算 {tried} 项（差分进化，种子 {seed}）；限试的 {allowed} 项用尽时，"
        "最优者周围尚未试完。请放宽限试数。",
    ),
    "tune-search.refused": (
        "{count} more were refused by the policy's own checks.",
        "另有 {count} 项被政策自身的检查拒绝。",
    ),
    "tune-search.firms-note": (
        "{firms} firms, {on}. Default probabilities were read once from the policy as it is: a new"
        " label changes no loss. The policy itself stays as it is ({fingerprint}).",
        "企业 {firms} 户，{on}。违约概率只按现行政策读取一次：更换等级名称不改变任何损失。"
        "政策本身不变（{fingerprint}）。",
    ),
    "tune-search.assumed-policy": (
        "{count} numbers of the policy are assumed; the best policy rests on them.",
        "政策中有 {count} 项数值为假定；最优方案以其为前提。",
    ),
    "tune-search.assumed-fund": (
        "Fund: {fund} ({f} numbers assumed); scenario: {scenario} ({s} assumed).",
        "基金：{fund}（{f} 项假定）；情景：{scenario}（{s} 项假定）。",
    ),
    "tune-search.sampled": (
        "This fund's figures are sampled: policies that differ by less than their error may stand in"
        " the wrong order.",
        "该基金的数值由抽样得出：差别小于误差的方案，其次序可能不准。",
    ),
    "tune-search.decides": (
        "This is what the figures allow, not a decision: whether firms' treatment is fair and the"
        " assumptions hold is for a person to judge.",
        "以上是数字所允许的方案，不是决定：对企业是否公平、假定是否成立，由人判断。",
    ),
    # -- the picture -----------------------------------------------------------------------------
    "tune-search.plot.title": ("{title}: what the policies tried bring", "{title}：所试方案的结果"),
    "tune-search.plot.tried": ("keeps to the limits", "满足限制"),
    "tune-search.plot.broken": ("breaks a limit", "超出限制"),
    "tune-search.plot.frontier": ("frontier", "前沿"),
    "tune-search.plot.before": ("as it is", "现行"),
    "tune-search.plot.best": ("best", "最优"),
    "tune-search.plot.limit": ("limit: {value}", "限制：{value}"),
    "tune-search.plot.money-axis": ("{name}, {unit}", "{name}（{unit}）"),
    "tune-search.plot.share-axis": ("{name}, %", "{name}（%）"),
    "tune-search.plot.plain-axis": ("{name}", "{name}"),
    "tune-search.plot.note": (
        "{tried} policies tried of {space}, {firms} firms, {on}. Found by figures; a person decides.",
        "在 {space} 项方案中试算 {tried} 项，企业 {firms} 户，{on}。由数字得出，由人决定。",
    ),
    "tune-search.plot.fund": ("Fund: {fund}; {scenario}.", "基金：{fund}；{scenario}。"),
}
