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
    "tune-sweep.firms-needed": (
        "no firms are given; give firms= (columns, a list, or population(1000, seed=7))",
        "未给出企业；请给出 firms=（列数据、列表，或 population(1000, seed=7)）",
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
    "tune-sweep.sens.column.first": ("First-order", "一阶"),
    "tune-sweep.sens.column.total": ("Total", "总效应"),
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
    "tune-sweep.sens.plot-note": (
        "{count} parameters, {points} policies judged on {firms} firms ({on}), seed {seed};"
        " thin lines: 95 % bootstrap interval.",
        "{count} 项参数，在 {firms} 户企业上（{on}）试算政策 {points} 个，种子 {seed}；细线：95 % 自助区间。",
    ),
    # -- robustness ----------------------------------------------------------------------------
    "tune-sweep.near.title": (
        "{title}: firms within {points} points of a cut-off",
        "{title}：距等级线 {points} 分以内的企业",
    ),
    "tune-sweep.near.note": (
        "{count} of {graded} graded firms ({share}) on {on}: {above} reach the cut-off, {below} miss it.",
        "{on} 可评级企业 {graded} 户，其中 {count} 户（{share}）：{above} 户刚达线，{below} 户差一点。",
    ),
    "tune-sweep.near.by-cut": ("By cut-off", "按等级线"),
    "tune-sweep.near.firms": ("The nearest", "最接近者"),
    "tune-sweep.column.tier": ("Tier", "等级"),
    "tune-sweep.column.cut": ("Cut-off", "等级线"),
    "tune-sweep.column.above": ("Reach it", "达线"),
    "tune-sweep.column.below": ("Miss it", "未达"),
    "tune-sweep.column.firm": ("Firm", "企业"),
    "tune-sweep.column.points": ("Points", "分值"),
    "tune-sweep.column.distance": ("Distance", "距离"),
    "tune-sweep.more-firms": (
        "and {count} more; the frame has all",
        "另有 {count} 户；数据框中有全部",
    ),
    "tune-sweep.robust.title": (
        "{title}: does the grade hang on the weights?",
        "{title}：等级是否取决于权重？",
    ),
    "tune-sweep.robust.note": (
        "{draws} draws of the weights around their values (a weight of average size varies by"
        " {spread} of itself, their sum is kept), seed {seed}; {graded} graded firms of {firms},"
        " {on}. The policy itself stays as it is ({fingerprint}).",
        "权重围绕现值抽取 {draws} 次（平均大小的权重标准差为其 {spread}，权重之和不变），种子 {seed}；"
        "企业 {firms} 户，可评级 {graded} 户，{on}。政策本身不变（{fingerprint}）。",
    ),
    "tune-sweep.robust.answer": (
        "On average {mean} of the graded firms are in another tier than now; {ever} change it in at"
        " least one draw of twenty, {often} in at least half of them. {near} stand within {points}"
        " points of a cut-off.",
        "平均有 {mean} 的可评级企业等级与现行不同；{ever} 在至少二十分之一的抽取中变动，{often} 在半数以上变动。"
        "{near} 距等级线不足 {points} 分。",
    ),
    "tune-sweep.robust.ranks": (
        "Ranks move by {shift} places on average (worst draw {worst}); Spearman correlation with the"
        " present order {spearman} on average, {least} at least.",
        "名次平均移动 {shift} 位（最大一次 {worst}）；与现行次序的 Spearman 相关平均 {spearman}，最低 {least}。",
    ),
    "tune-sweep.robust.weights": ("Weights drawn", "所抽权重"),
    "tune-sweep.robust.tiers": ("By tier", "按等级"),
    "tune-sweep.robust.firms": ("Firms most at risk", "最易变动的企业"),
    "tune-sweep.column.weight": ("Weight", "权重"),
    "tune-sweep.column.drawn": ("Drawn (5 % – 95 %)", "抽取（5 %–95 %）"),
    "tune-sweep.column.firms": ("Firms", "户数"),
    "tune-sweep.column.flips": ("In another tier", "等级变动"),
    "tune-sweep.column.else": ("Most often else", "变动时多为"),
    "tune-sweep.robust.plot.share": ("Share of draws in another tier", "等级变动的抽取比例"),
    "tune-sweep.robust.plot.share-axis": ("draws in another tier, %", "等级变动的抽取（%）"),
    "tune-sweep.robust.plot.points-axis": ("points, the policy's weights", "分值（现行权重）"),
    "tune-sweep.robust.plot.cut": ("cut-off", "等级线"),
    "tune-sweep.robust.plot.drawn": ("Firms in another tier, by draw", "每次抽取等级变动的企业"),
    "tune-sweep.robust.plot.drawn-axis": ("firms in another tier, %", "等级变动的企业（%）"),
    "tune-sweep.robust.plot.mean": ("average", "平均"),
    "tune-sweep.robust.plot.draws-axis": ("draws", "抽取次数"),
    # -- inverse questions ---------------------------------------------------------------------
    "tune-sweep.cutoffs.title": (
        "{title}: cut-offs for given shares of firms",
        "{title}：按企业比例反求等级线",
    ),
    "tune-sweep.cutoffs.note": (
        "{graded} firms that meet the conditions and whose points are known, {on}. Firms with equal"
        " points stay together; a share is as near as that allows. Shares are of tiers by points,"
        " before a raise; the last column is after raises.",
        "{on} 符合条件且分值已知的企业 {graded} 户。同分企业不拆分，比例取所能达到的最近值。"
        "比例按分值定级（提级之前）计算，末列为提级之后。",
    ),
    "tune-sweep.cutoffs.same": (
        "These are the cut-offs that the policy has.",
        "与现行等级线相同。",
    ),
    "tune-sweep.column.now": ("Now", "现行"),
    "tune-sweep.column.asked": ("Asked", "要求"),
    "tune-sweep.column.reached": ("Reached", "达到"),
    "tune-sweep.column.raised": ("After raises", "提级后"),
    "tune-sweep.cutoffs.ties": (
        "Where ties stand in the way: down to a tier, what is asked and the nearest there is",
        "同分所致：至某级为止的要求与可取的最近值",
    ),
    "tune-sweep.column.higher": ("Higher cut-off", "较高等级线"),
    "tune-sweep.column.lower": ("Lower cut-off", "较低等级线"),
    "tune-sweep.cutoffs.alternative": ("{cut}: {share}", "{cut}：{share}"),
    "tune-sweep.fund-for.title": (
        "{fund}: capital for today's eligible firms",
        "{fund}：支持现有全部符合条件企业所需资金",
    ),
    "tune-sweep.fund-for.answer": (
        "If all {eligible} eligible firms borrow, the fund needs {capital} ({tested}) so that it is"
        " exceeded with a probability of {target} at most; with the scenario's take-up of {take_up},"
        " {less}. It has {present}: {gap}.",
        "若符合条件的 {eligible} 户全部借款，{tested}资金须有 {capital}，被超出的概率才不大于 {target}；"
        "按情景的用款率 {take_up}，须有 {less}。基金现有 {present}：{gap}。",
    ),
    "tune-sweep.fund-for.short": ("{amount} short if all borrow", "全部借款时缺 {amount}"),
    "tune-sweep.fund-for.enough": ("enough if all borrow", "全部借款亦足够"),
    "tune-sweep.fund-for.unknown": ("how much is not known", "数额未知"),
    "tune-sweep.fund-for.note": (
        "{policy} {edition}, {on}; scenario {scenario}; {left} firms could not be put into the book.",
        "{policy} {edition}，{on}；情景 {scenario}；{left} 户无法入册。",
    ),
    "tune-sweep.column.question": ("Who borrows", "借款者"),
    "tune-sweep.column.loans": ("Loans", "贷款笔数"),
    "tune-sweep.column.outstanding": ("Owed, {unit}", "余额（{unit}）"),
    "tune-sweep.column.capital": ("Capital, {unit}", "所需资金（{unit}）"),
    "tune-sweep.column.leverage": ("Times", "放大倍数"),
    "tune-sweep.fund-for.all": ("all eligible firms", "全部符合条件的企业"),
    "tune-sweep.fund-for.some": ("those that take a loan by the scenario", "按情景借款的企业"),
}
