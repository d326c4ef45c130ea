"""Texts of sweeps, sensitivity, robustness and inverse questions (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- what can go wrong ---------------------------------------------------------------------
    "tune-sweep.axes": (
        "{count} parameters; a sweep goes over one or two; let parameters move together by a"
        " tuple of paths, or ask `sensitivity` about many",
        "给出了 {count} 项参数；扫描只能一项或两项；一同变动的用路径元组，多项参数请用 sensitivity",
    ),
    "tune-sweep.twice": (
        "this path is on two axes; each parameter moves once; remove one",
        "该路径出现在两个轴上；每项参数只能变动一次；请删除其一",
    ),
    "tune-sweep.no-values": (
        "no value is given; give at least one, as in [60, 65, 70]",
        "未给出取值；请至少给出一个，如 [60, 65, 70]",
    ),
    "tune-sweep.step": (
        '"{given}" has {values} values for {paths} paths; give one value for each path of the tuple',
        "“{given}”有 {values} 个值，对应 {paths} 条路径；请为元组中每条路径各给一个值",
    ),
    "tune-sweep.range": (
        '"{given}" is no range; give (low, high) with low below high, in the unit of the policy file',
        "“{given}”不是区间；请给出 (低, 高)，低小于高，单位与政策文件相同",
    ),
    "tune-sweep.no-number": (
        '"{given}" is not a number or an amount, so it has no range; leave it out',
        "“{given}”不是数值或金额，没有区间可言；请删去",
    ),
    "tune-sweep.no-parameters": (
        "no parameter is left to vary; give ranges={{path: (low, high)}} or assumed=0.2 on a policy"
        " with assumed numbers",
        "没有可变动的参数；请给出 ranges={{路径: (低, 高)}}，或对有假定数值的政策用 assumed=0.2",
    ),
    "tune-sweep.both": (
        "ranges and assumed are both given or neither; give exactly one of them",
        "ranges 与 assumed 须恰好给出一个",
    ),
    "tune-sweep.share": (
        "{given} is outside what is allowed; allowed: more than {low}, at most {high}",
        "{given} 超出允许范围；允许大于 {low}、不超过 {high}",
    ),
    "tune-sweep.overlap": (
        "its range reaches that of {other}, but the policy holds them in order; ranges of"
        " neighbours must not meet; with these limits they would not: {allowed}",
        "其区间与 {other} 的区间相接，而政策要求两者保持次序；相邻区间不得相接；可取：{allowed}",
    ),
    "tune-sweep.draws": (
        "{count} of {all} combinations of these ranges make no valid policy; narrow the ranges;"
        " what is wrong with the first of them:",
        "这些区间的 {all} 种组合中有 {count} 种不成有效政策；请收窄区间；首个组合的问题：",
    ),
    "tune-sweep.power": (
        "{given} is not allowed; allowed: a power of two, at least {low} (as 128, 256)",
        "{given} 不允许；须为 2 的幂，且不小于 {low}（如 128、256）",
    ),
    "tune-sweep.whole": (
        "{given} is not allowed; allowed: a whole number from {low}",
        "{given} 不允许；须为不小于 {low} 的整数",
    ),
    "tune-sweep.no-tiers": (
        "the policy has no tiers that are cut from points, so there are no cut-offs to ask about;"
        " choose a policy with [tiers] over points",
        "该政策没有按分值划分的等级，谈不上等级线；请选用 [tiers] 以分值划分的政策",
    ),
    "tune-sweep.no-weights": (
        "fewer than two dimensions of the total have a weight, so none can be drawn; choose a"
        " policy with weights, or ask `sensitivity` about its points",
        "总分中有权重的指标不足两项，无从变动；请选用有权重的政策，或用 sensitivity 考察其分值",
    ),
    "tune-sweep.shares-count": (
        "{given} shares for {tiers} tiers ({labels}); give one for each",
        "{given} 个比例对应 {tiers} 个等级（{labels}）；请每级给出一个",
    ),
    "tune-sweep.shares-sum": (
        "the shares add up to {given}; they must add up to 1 and each be above 0; correct them",
        "各比例之和为 {given}；其和须为 1，且每项大于 0；请改正",
    ),
    "tune-sweep.no-firms": (
        "no firm has points that are known and passes the conditions; give firms that are graded",
        "没有分值已知且符合条件的企业；请给出可评级的企业",
    ),
    "tune-sweep.too-few": (
        "the firms have {given} different totals, {tiers} tiers need at least as many; points are"
        " never split; give more firms or fewer tiers",
        "企业只有 {given} 种总分，{tiers} 个等级至少需要同样多；同分企业不拆分；请增加企业或减少等级",
    ),
    # -- words of the pages --------------------------------------------------------------------
    "tune-sweep.baseline": ("{value} (as it is)", "{value}（现行）"),
    "tune-sweep.title": ("{title}: a sweep of {paths}", "{title}：{paths} 的扫描"),
    "tune-sweep.note": (
        "{count} steps, {firms} firms, {on}. Default probabilities are read once from the policy"
        " as it is. The policy itself stays as it is ({fingerprint}).",
        "{count} 步，企业 {firms} 户，{on}。违约概率只按现行政策读取一次。政策本身不变（{fingerprint}）。",
    ),
    "tune-sweep.firms": ("Firms", "企业户数"),
    "tune-sweep.money": ("Lines, {unit}", "授信额度（{unit}）"),
    "tune-sweep.fund": (
        "The fund's year, {unit}: {fund}; {scenario}",
        "基金一年（{unit}）：{fund}；{scenario}",
    ),
    "tune-sweep.column.step": ("Step", "取值"),
    "tune-sweep.column.eligible": ("Eligible", "符合"),
    "tune-sweep.column.moved": ("Moved", "变动"),
    "tune-sweep.column.total": ("Total", "合计"),
    "tune-sweep.column.change": ("Change", "增减"),
    "tune-sweep.column.expected": ("Expected payout", "预期代偿"),
    "tune-sweep.column.net": ("Net cost", "净成本"),
    "tune-sweep.column.quantile": ("99 % quantile", "99 % 分位"),
    "tune-sweep.column.dry": ("Exhausted", "耗尽概率"),
    "tune-sweep.column.worst": ("Pot most at risk", "最易耗尽的资金池"),
    "tune-sweep.part.knowledge": ("Knowledge", "知识价值"),
    "tune-sweep.part.base": ("Base", "基础"),
    "tune-sweep.part.receivables": ("Receivables", "应收账款"),
    # -- pictures ------------------------------------------------------------------------------
    "tune-sweep.plot.firms": ("Firms by tier", "各等级企业户数"),
    "tune-sweep.plot.firms-axis": ("firms", "企业（户）"),
    "tune-sweep.plot.eligible": ("Eligible firms", "符合条件的企业"),
    "tune-sweep.plot.moved": ("Firms in another tier than now", "等级与现行不同的企业"),
    "tune-sweep.plot.lines": ("Lines in total", "授信额度合计"),
    "tune-sweep.plot.lines-axis": ("lines, {unit}", "授信额度（{unit}）"),
    "tune-sweep.plot.expected": ("Expected payout of the year", "一年预期代偿"),
    "tune-sweep.plot.expected-axis": ("payout, {unit}", "代偿（{unit}）"),
    "tune-sweep.plot.dry": ("Probability of exhaustion", "耗尽概率"),
    "tune-sweep.plot.dry-axis": ("probability, %", "概率（%）"),
    "tune-sweep.plot.whole": ("whole fund", "全基金"),
    "tune-sweep.plot.worst": ("pot most at risk", "最易耗尽的资金池"),
    "tune-sweep.plot.as-is": ("as it is", "现行"),
    "tune-sweep.plot.fund": ("Fund: {fund}; {scenario}.", "基金：{fund}；{scenario}。"),
    "tune-sweep.plot.note": (
        "{firms} firms, {on}; dashed line or frame: the policy as it is.",
        "企业 {firms} 户，{on}；虚线或方框：现行政策。",
    ),
    # -- sensitivity ---------------------------------------------------------------------------
    "tune-sweep.sens.title": ("{title}: what drives the result", "{title}：哪些参数左右结果"),
    "tune-sweep.sens.note": (
        "{count} parameters, each uniform over its range and independent of the others; {points}"
        " policies judged on {firms} firms ({on}), seed {seed}. First: the share of the variance"
        " that the parameter explains by itself; total: with all interactions. In brackets the 95 %"
        " bootstrap interval. The policy itself stays as it is ({fingerprint}).",
        "{count} 项参数，各在区间内均匀分布且相互独立；在 {firms} 户企业上（{on}）试算政策 {points} 个，种子 {seed}。"
        "一阶：该参数单独解释的方差比例；总：含全部交互。括号内为 95 % 自助区间。政策本身不变（{fingerprint}）。",
    ),
    "tune-sweep.sens.output": (
        "{name}: mean {mean}, standard deviation {deviation}",
        "{name}：均值 {mean}，标准差 {deviation}",
    ),
    "tune-sweep.sens.still": (
        "{name}: does not move over these ranges",
        "{name}：在这些区间内不变",
    ),
    "tune-sweep.sens.sum": (
        "first-order indices add up to {first}: the rest is interaction and sampling error",
        "一阶指数合计 {first}：其余为交互作用与抽样误差",
    ),
    "tune-sweep.sens.column.parameter": ("Parameter", "参数"),
    "tune-sweep.sens.column.range": ("Range", "区间"),
    "tune-sweep.sens.column.first": ("First", "一阶"),
    "tune-sweep.sens.column.total": ("Total", "总"),
    "tune-sweep.sens.assumed": ("{path} (assumed)", "{path}（假定）"),
    "tune-sweep.sens.cut": (
        "{count} ranges were narrowed to what the policy allows: {paths}",
        "{count} 个区间按政策所允许收窄：{paths}",
    ),
    "tune-sweep.sens.left-out": (
        "{count} assumed values are not varied (words, zeros, or fixed by what stands beside them)",
        "{count} 项假定值未变动（文字、零值，或被相邻数值限定）",
    ),
    "tune-sweep.sens.more": ("and {count} with smaller total indices", "另有 {count} 项总指数更小"),
    "tune-sweep.sens.axis": ("share of the variance", "方差比例"),
    "tune-sweep.sens.out.eligible": ("Eligible firms", "符合条件的企业"),
    "tune-sweep.sens.out.moved": ("Firms in another tier than now", "等级与现行不同的企业"),
    "tune-sweep.sens.out.lines": ("Lines in total, {unit}", "授信额度合计（{unit}）"),
    "tune-sweep.sens.out.expected": ("Expected payout, {unit}", "预期代偿（{unit}）"),
    "tune-sweep.sens.out.net": ("Net cost, {unit}", "净成本（{unit}）"),
    "tune-sweep.sens.out.quantile": ("99 % quantile, {unit}", "99 % 分位（{unit}）"),
    "tune-sweep.sens.out.dry": ("Probability of exhaustion, %", "耗尽概率（%）"),
    "tune-sweep.sens.out.tier": ("Firms in tier {tier}", "{tier} 级企业"),
}
