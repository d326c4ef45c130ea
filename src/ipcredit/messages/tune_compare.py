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
    "tune-compare.no-line": (
        "the fund covers the part {covers} of a line, and the policy {policy} has no such part;"
        " give the fund that covers its lines",
        "基金覆盖额度的 {covers} 部分，而政策 {policy} 没有该部分；请给出覆盖其额度的基金",
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
    # -- the page
    "tune-compare.title": ("Two policies on the same firms", "同一批企业，两套政策"),
    "tune-compare.before": ("Before", "变动前"),
    "tune-compare.after": ("After", "变动后"),
    "tune-compare.firms": ("Firms", "企业数"),
    "tune-compare.day": ("As of", "评价日"),
    "tune-compare.fund": ("Fund", "基金"),
    "tune-compare.scenario": ("Scenario", "情景"),
    "tune-compare.changed": ("{name}, changed values: {count}", "{name}，改动 {count} 处"),
    "tune-compare.answer-firms": (
        "Firms that gain: {gain}; that lose: {lose}. Eligible: {before} → {after}.",
        "受益企业 {gain} 户，受损企业 {lose} 户；符合条件的企业 {before} → {after} 户。",
    ),
    "tune-compare.answer-lines": (
        "All lines together: {total}, a change of {change} ({share}).",
        "授信额度合计 {total}，变动 {change}（{share}）。",
    ),
    "tune-compare.answer-fund": (
        "The fund expects to owe {before} → {after} a year; it owes more than it has with"
        " probability {dry_before} → {dry_after}.",
        "基金每年预期代偿 {before} → {after}；所需代偿超过资金的概率 {dry_before} → {dry_after}。",
    ),
    "tune-compare.parameters": ("What differs, and what it rests on", "不同的参数及其依据"),
    "tune-compare.no-difference": (
        "The two policies do not differ in any value.",
        "两套政策没有不同的参数。",
    ),
    "tune-compare.migration": ("From tier to tier", "等级迁移"),
    "tune-compare.migration-note": (
        "Firms by what they were (rows) and become (columns). No tier: below the lowest;"
        " refused: a condition is not met.",
        "按变动前（行）与变动后（列）的结果统计户数。无等级：低于最低等级；不符合：未满足准入条件。",
    ),
    "tune-compare.from-to": ("from \\ to", "前 \\ 后"),
    "tune-compare.all": ("All", "合计"),
    "tune-compare.tier": ("tier {tier}", "{tier} 级"),
    "tune-compare.state.eligible": ("eligible", "符合"),
    "tune-compare.state.none": ("no tier", "无等级"),
    "tune-compare.state.refused": ("refused", "不符合"),
    "tune-compare.state.incomplete": ("incomplete", "资料不全"),
    "tune-compare.state.invalid": ("invalid", "数据有误"),
    "tune-compare.decisions": ("Rules that decide otherwise", "判定不同的规则"),
    "tune-compare.decisions-note": (
        "Firms for which a rule that both policies have comes out otherwise.",
        "两套政策共有的规则中，判定结果不同的企业户数。",
    ),
    "tune-compare.winners": ("Who gains most", "受益最多的企业"),
    "tune-compare.losers": ("Who loses most", "受损最多的企业"),
    "tune-compare.winners-note": (
        "Firms with a larger line, or the same line and a better tier: {count}; listed: {listed}.",
        "额度增加，或额度不变而等级上升的企业 {count} 户，列出 {listed} 户。",
    ),
    "tune-compare.losers-note": (
        "Firms with a smaller line, or the same line and a worse tier: {count}; listed: {listed}.",
        "额度减少，或额度不变而等级下降的企业 {count} 户，列出 {listed} 户。",
    ),
    "tune-compare.no-reason": ("amounts follow from other figures", "由其他金额变动引起"),
    "tune-compare.lines": ("Lines by part", "各部分额度"),
    "tune-compare.total": ("All parts", "合计"),
    "tune-compare.districts": ("Lines by district", "各区县额度"),
    "tune-compare.sizes": ("Lines by size of firm", "各规模额度"),
    "tune-compare.sizes-note": (
        "By annual sales: micro below CNY 3 million, small below 20 million, medium below"
        " 400 million, large above (bounds of sales for industry in 工信部联企业〔2011〕300号;"
        " staff is not asked).",
        "按年营业收入：微型 300 万元以下，小型 2,000 万元以下，中型 40,000 万元以下，其余为大型"
        "（取工信部联企业〔2011〕300号工业企业的营业收入界限，不看从业人员）。",
    ),
    "tune-compare.size.micro": ("micro", "微型"),
    "tune-compare.size.small": ("small", "小型"),
    "tune-compare.size.medium": ("medium", "中型"),
    "tune-compare.size.large": ("large", "大型"),
    "tune-compare.not-given": ("not given", "未填"),
    "tune-compare.shortened": (
        "{count} more are not shown here; the table and the JSON data hold all.",
        "另有 {count} 行未列出，数据表与 JSON 含全部。",
    ),
    "tune-compare.fund-year": ("The fund in one year", "基金一年"),
    "tune-compare.fund.borrowers": ("Firms that borrow", "贷款企业数"),
    "tune-compare.fund.outstanding": ("Loans that the fund covers", "基金覆盖的贷款"),
    "tune-compare.fund.expected": ("Expected payout", "预期代偿"),
    "tune-compare.fund.net": ("Expected net cost, after recoveries", "扣除追偿后的预期净成本"),
    "tune-compare.fund.quantile": (
        "Payout not exceeded in {level} of years",
        "{level} 的年份代偿不超过",
    ),
    "tune-compare.fund.dry": (
        "Probability of owing more than the {tested} capital of {money}",
        "代偿超过{tested}资金 {money} 的概率",
    ),
    "tune-compare.method": ("{method}, relative error {error}", "{method}，相对误差 {error}"),
    "tune-compare.points": ("{value} pp", "{value} 个百分点"),
    "tune-compare.pots": ("The pots", "各资金池"),
    "tune-compare.pots-note": (
        "What each pot is expected to be asked for in a year, and the probability that it is"
        " asked for more than it has.",
        "每个资金池一年内预期被要求支付的金额，以及要求超过其资金的概率。",
    ),
    "tune-compare.pot": ("{pot}: {district}", "{pot}：{district}"),
    "tune-compare.one-pot": ("the fund", "基金"),
    "tune-compare.notes": ("To keep in mind", "说明"),
    "tune-compare.note-open": (
        "Firms without an answer (incomplete or invalid): {before} before, {after} after; they"
        " count as no line and as neither gain nor loss.",
        "没有结论的企业（资料不全或数据有误）：变动前 {before} 户，变动后 {after} 户；"
        "不计额度，也不计受益或受损。",
    ),
    "tune-compare.note-pd": (
        "Each firm's default probability is read once, from its own figure or from the score under"
        " the policy before, and kept under the other: a new label changes no loss. The same firms"
        " take up loans under both.",
        "每户的违约概率只读取一次，取自其自有数值或变动前政策的评分，变动后不变：更换等级名称不改变损失。"
        "两套政策下由同样的企业贷款。",
    ),
    "tune-compare.note-left": (
        "Not in the fund's book, because something is missing or invalid: {before} firms before,"
        " {after} after. What they would cost is not in the figures.",
        "因资料缺失或有误未计入基金贷款：变动前 {before} 户，变动后 {after} 户；其损失不在结果之内。",
    ),
    "tune-compare.note-assumed": (
        "Assumed values behind the fund's figures: {fund} of the fund, {scenario} of the scenario.",
        "基金结果所用的假定数值：基金 {fund} 项，情景 {scenario} 项。",
    ),
    "tune-compare.column.path": ("Value", "参数"),
    "tune-compare.column.before": ("Before", "变动前"),
    "tune-compare.column.after": ("After", "变动后"),
    "tune-compare.column.change": ("Change", "变动"),
    "tune-compare.column.basis": ("Rests on", "依据"),
    "tune-compare.column.rule": ("Rule", "规则"),
    "tune-compare.column.firms": ("Firms", "户数"),
    "tune-compare.column.firm": ("Firm", "企业"),
    "tune-compare.column.tier": ("Tier", "等级"),
    "tune-compare.column.line-change": ("Line", "额度变动"),
    "tune-compare.column.why": ("By which rule", "原因"),
    "tune-compare.column.part": ("Part", "部分"),
    "tune-compare.column.district": ("District", "区县"),
    "tune-compare.column.size": ("Size", "规模"),
    "tune-compare.column.eligible-before": ("Eligible before", "变动前符合"),
    "tune-compare.column.eligible-after": ("after", "变动后符合"),
    "tune-compare.column.figure": ("Figure", "指标"),
    "tune-compare.column.method": ("Method", "方法"),
    "tune-compare.column.pot": ("Pot", "资金池"),
    "tune-compare.column.expected-before": ("Expected payout before", "变动前预期支付"),
    "tune-compare.column.expected-after": ("after", "变动后"),
    "tune-compare.column.dry-before": ("Runs dry before", "变动前不足概率"),
    "tune-compare.column.dry-after": ("after", "变动后"),
    "tune-compare.rule.limit": ("{title}: the limit that binds", "{title}：起作用的限额"),
    "tune-compare.rule.method": ("{title}: the method chosen", "{title}：选用的方法"),
    "tune-compare.rule.part-gate": ("{title}: conditions", "{title}：条件"),
    "tune-compare.rule.raised": ("Tier raised", "等级上调"),
    # -- the picture and the HTML page
    "tune-compare.picture.title": ("{policy}: {before} → {after}", "{policy}：{before} → {after}"),
    "tune-compare.picture.matrix": (
        "From tier to tier: firms (shade: share of the row)",
        "等级迁移：户数（颜色：占本行比例）",
    ),
    "tune-compare.picture.from": ("before", "变动前"),
    "tune-compare.picture.to": ("after", "变动后"),
    "tune-compare.picture.flow": ("Where the firms go", "企业去向"),
    "tune-compare.picture.better": ("better", "上升"),
    "tune-compare.picture.worse": ("worse", "下降"),
    "tune-compare.picture.same": ("unchanged or open", "不变或待定"),
    "tune-compare.picture.amount": ("Lines in all, {unit}", "额度合计（{unit}）"),
    "tune-compare.picture.whole": ("whole fund", "基金整体"),
    "tune-compare.picture.pots": ("Probability of running dry", "资金不足的概率"),
    "tune-compare.picture.chance": (
        "Probability in one year, % (of being asked for more than the money)",
        "一年内要求超过资金的概率（%）",
    ),
    "tune-compare.picture.districts": ("Lines by district", "各区县额度变动"),
    "tune-compare.picture.change": ("Change of lines, {unit}", "额度变动（{unit}）"),
    "tune-compare.picture.answer": (
        "Firms: {firms}; gain: {gain}; lose: {lose}",
        "企业 {firms} 户，受益 {gain} 户，受损 {lose} 户",
    ),
    "tune-compare.picture.fund": (
        "{fund}; scenario {scenario}; {method}",
        "{fund}；情景 {scenario}；{method}",
    ),
    "tune-compare.picture.rest": (
        "{count} more pots are not drawn: the ones shown are most likely to run dry",
        "另有 {count} 个资金池未画出，所列为最可能不足者",
    ),
    "tune-compare.picture.missing": (
        "The picture needs matplotlib: pip install 'ipcredit[plots]'.",
        "图需要 matplotlib：pip install 'ipcredit[plots]'。",
    ),
    "tune-compare.picture.nothing": ("There are no firms.", "没有企业。"),
    "tune-compare.because": ("{title}: {before}; now {after}", "{title}：{before}；现为 {after}"),
}
