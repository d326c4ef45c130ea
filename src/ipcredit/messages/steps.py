"""Steps, reasons and notes of an explanation (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "pick.best": ("the best option counts", "取最优项"),
    "pick.worst": ("the worst option counts", "取最低项"),
    "pick.first": ("the first option that exists counts", "取首个可用项"),
    "pick.sum": ("added up", "各项相加"),
    "pick.declared": ("the option the firm declares counts", "按企业申报项"),
    "pick.named": ("{pick}: {winner}", "{pick}：{winner}"),
    "pick.capped": ("{pick}, at most {most}", "{pick}，最高 {most}"),
    # -- points
    "step.band": (
        "{figure} → band {band} ({condition}), {points}",
        "{figure} → {band} 档（{condition}），{points}",
    ),
    "step.band-plain": ("{figure} → band {band}, {points}", "{figure} → {band} 档，{points}"),
    "step.band-none": (
        "{figure} → lowest band {band}, {points}",
        "{figure} → 最低档 {band} 档，{points}",
    ),
    "step.band-open": ("open: {figure}", "待定：{figure}"),
    "step.expert": ("{then}, given by the expert", "{then}（专家评分）"),
    "step.of": ("{label} {figure}", "{label} {figure}"),
    "step.dimension": ("{points} ({pick})", "{points}（{pick}）"),
    "step.dimension-weighted": (
        "{points} ({pick}), weight {weight}",
        "{points}（{pick}），权重 {weight}",
    ),
    "step.points": ("{points}", "{points}"),
    "step.points-weighted": ("{points}, weight {weight}", "{points}，权重 {weight}"),
    "step.total-sum": ("{sum} = {points}", "{sum} = {points}"),
    # -- conditions
    "step.given": ("{label}: {value}", "{label}：{value}"),
    "step.required": ("{given}; required: {rule}", "{given}；要求：{rule}"),
    "step.gate-met": ("met ({given})", "满足（{given}）"),
    "step.gate-not-met": ("not met ({given})", "不满足（{given}）"),
    "step.gate-not-met-yet": (
        "not met ({given}), unless waived by direct confirmation, which is open: {by}",
        "不满足（{given}），能否经直接确认免予要求待定：{by}",
    ),
    "step.gate-waived": (
        "waived by direct confirmation: {by} ({given})",
        "经直接确认免予要求：{by}（{given}）",
    ),
    "step.gate-open": ("open ({given})", "待定（{given}）"),
    "step.confirm-met": ("holds ({given})", "成立（{given}）"),
    "step.confirm-not-met": ("does not hold ({given})", "不成立（{given}）"),
    "step.confirm-open": ("open ({given})", "待定（{given}）"),
    "step.part-gate": (
        "not met ({given}); this part is 0",
        "不满足（{given}）；本部分额度为零",
    ),
    "step.part-gate-open": ("open ({given})", "待定（{given}）"),
    # -- tier
    "step.tier": ("{figure} → tier {tier} ({condition})", "{figure} → {tier} 级（{condition}）"),
    "step.tier-matrix": ("{figure} → tier {tier}", "{figure} → {tier} 级"),
    "step.tier-none": (
        "{figure}; the lowest tier, {tier}, needs {condition}",
        "{figure}，未达到最低等级 {tier} 级（{condition}）",
    ),
    "step.tier-none-matrix": ("{figure}: no tier", "{figure}：不评等级"),
    "step.tier-open": ("open: {figure}", "待定：{figure}"),
    "step.tier-refused": (
        "{then}; not given, because the firm is refused",
        "{then}；企业不符合条件，不予授予",
    ),
    "step.raised": (
        "{title}: raised by {count} to tier {tier}",
        "{title}：上调 {count} 级至 {tier} 级",
    ),
    # -- money
    "step.amount": ("{amount}", "{amount}"),
    "step.amount-of": ("{figure} → {amount}", "{figure} → {amount}"),
    "step.line-of-tier": ("Line of tier {tier}", "{tier} 级对应额度"),
    "step.line-by-tier": ("Line by tier", "按等级对应额度"),
    "step.chosen-least": ("The least of the methods counts", "各方法取最低值"),
    "step.chosen-most": ("The most of the methods counts", "各方法取最高值"),
    "step.chosen-first": ("The first method that applies counts", "各方法依次取首个可用的"),
    "step.chosen": ("{method}, {amount}", "{method}，{amount}"),
    "step.chosen-none": ("no method applies, {amount}", "无可用方法，{amount}"),
    "step.share-of": ("{share} of {label} {of} → {then}", "{label} {of} × {share} → {then}"),
    "step.share-of-rest": (
        "{share} of {rest} left of {label} {of} → {then}",
        "{label} {of} 扣减后余 {rest}，按 {share} → {then}",
    ),
    "step.own": ("({share} - own funds {own})", "（{share} - 自有资金 {own}）"),
    "step.tax": (
        "mean of {years} years {mean} × {multiple} → {then}",
        "{years} 年平均 {mean} × {multiple} → {then}",
    ),
    "step.method.missing-input": ("open, a figure is missing: {fields}", "待定，缺少：{fields}"),
    "step.method.not-applicable-day-sum": (
        "does not apply, no number: the days or turns are 0 or less",
        "不适用，不出具数值：周转天数合计或周转次数不大于 0",
    ),
    "step.method.not-applicable-zero-denominator": (
        "does not apply, no number: sales or cost of sales is 0",
        "不适用，不出具数值：销售收入或销售成本为 0",
    ),
    "step.method.negative-need": ("{amount}: the need is below 0", "{amount}：测算需求小于 0"),
    "step.method.need-covered": (
        "{amount}: the need is covered by what the firm has",
        "{amount}：需求已由自有资金、现有贷款等覆盖",
    ),
    "step.method.above-range": (
        "{amount}, cut at the largest amount",
        "{amount}，以可计最大金额为限",
    ),
    "step.basis": ("{then} ({basis})", "{then}（{basis}）"),
    "basis.margin.gross": ("gross margin", "按毛利率"),
    "basis.margin.net": ("net margin", "按净利率"),
    "basis.margin.stated": ("stated margin", "按申报利润率"),
    "basis.margin.policy": ("margin set by the policy", "按政策设定利润率"),
    "basis.turns.balances": ("turns from balances", "周转次数由科目余额计算"),
    "basis.turns.stated": ("turns as stated", "按申报周转次数"),
    "basis.turns.policy": ("turns set by the policy", "按政策设定周转次数"),
    "basis.average.both-years": ("mean of two year ends", "余额取两年末平均"),
    "basis.average.last-if-single": (
        "mean of two year ends, the last alone where the other is not known",
        "余额取两年末平均，缺上年末时取本年末",
    ),
    "basis.growth.stated": ("growth as stated", "按申报预计增长率"),
    "basis.growth.policy": ("growth set by the policy", "按政策设定增长率"),
    "step.days-title": ("Days of turnover", "周转天数"),
    "step.days": (
        "{sum} = {total} days; turns 360 ÷ {total} = {turns} a year",
        "{sum} = {total} 天；周转次数 360 ÷ {total} = {turns} 次/年",
    ),
    "step.days-not": ("{sum} = {total} days", "{sum} = {total} 天"),
    "step.need-title": ("Need", "测算需求"),
    "step.need": (
        "sales {sales} × (1 - margin {margin}) × (1 + growth {growth}) ÷ turns {turns} = {need}",
        "销售收入 {sales} ×（1 - 利润率 {margin}）×（1 + 增长率 {growth}）÷ 周转次数 {turns} = {need}",
    ),
    "step.need-less": ("Less", "扣除"),
    "step.deduct-title": ("Less {label}", "扣除{label}"),
    "step.deduct": ("{held}, leaves {amount}", "{held}，余 {amount}"),
    "step.limit": ("limit {amount}, not reached", "限额 {amount}，未触及"),
    "step.limit-cuts": ("cut to the limit of {amount}", "按限额 {amount} 计"),
    "step.limit-may": ("limit {amount}", "限额 {amount}"),
    "step.limit-none": ("no limit applies", "不适用限额"),
    "step.share-held": (
        "{then}: {share} of {label} {of}, less {held} held already",
        "{then}：{label} {of} × {share}，扣除已占用 {held}",
    ),
    "step.share-whole": ("{then}: {share} of {label} {of}", "{then}：{label} {of} × {share}"),
    "step.round-title": ("Rounded down to {step}", "向下取整至 {step}"),
    "step.joint-cuts": (
        "cut to {amount}; {first} gives way first",
        "按限额 {amount} 计，先压减{first}",
    ),
    "step.skipped": ("not applied (not given: {fields})", "未适用（未提供：{fields}）"),
    "step.line-sum": ("{sum} = {amount}", "{sum} = {amount}"),
    "step.line-refused": (
        "{amount}: the firm does not meet the conditions",
        "{amount}：企业不符合准入条件",
    ),
    "step.no-line": ("this tier carries no line", "该等级不设额度"),
    "step.line-open": ("open", "待定"),
    # -- terms of the loan
    "step.term": ("at most {months}", "最长 {months}"),
    "step.rate-title": ("Rate", "利率"),
    "step.rate-rule": (
        "{rule} (no value of {series} by {on} is given)",
        "{rule}（未提供 {on} 前公布的 {series}）",
    ),
    "step.rate": (
        "{rate} a year: {rule}; {series} of {published} is {base}",
        "年利率 {rate}：{rule}；{published} 公布的 {series} 为 {base}",
    ),
    "step.rate-flat": ("{series} of the day, no spread", "当期 {series}，不加点"),
    "step.rate-plus": (
        "{series} of the day plus {points} percentage points",
        "当期 {series} 加 {points} 个百分点",
    ),
    "step.rate-minus": (
        "{series} of the day less {points} percentage points",
        "当期 {series} 减 {points} 个百分点",
    ),
    "step.term-title": ("Term", "期限"),
    "step.valid-title": ("Result valid until", "结果有效期至"),
    "step.valid": ("{until}", "{until}"),
    "step.valid-renewal": ("{until} ({renewal})", "{until}（{renewal}）"),
    # -- reasons and notes
    "reason.rule": ("{title}: {outcome}", "{title}：{outcome}"),
    "reason.source": ("{text}; source: {source}", "{text}；依据：{source}"),
    "reason.source-assumed": (
        "{text}; source: {source}, in part assumed",
        "{text}；依据：{source}，部分属假定",
    ),
    "reason.assumed": ("{text}; assumed, not public", "{text}；属假定，未公开"),
    "reason.changed": ("{text}; changed by the user", "{text}；经使用者修改"),
    "reason.incomplete": (
        "the result depends on figures that are missing: {fields}",
        "结果取决于缺失的数据：{fields}",
    ),
    "reason.expert": (
        "the expert's points lie outside their band: {fields}",
        "专家评分超出所在分档：{fields}",
    ),
    "reason.expert-short": (
        "an expert's points lie outside their band",
        "专家评分超出所在分档",
    ),
    "reason.no-tier": ("no tier", "不评等级"),
    "note.last-confirmed": (
        "The policy was last confirmed in force on {date}; later changes are not known.",
        "该政策最近一次确认施行的日期为 {date}，此后变化不详。",
    ),
    "note.not-in-force": (
        "This edition was named by the user; it is not known to have been in force on {on}.",
        "该版本由使用者指定；{on} 是否施行不详。",
    ),
    "note.changed": (
        "Values of the policy changed by the user: {count}.",
        "政策中有 {count} 个数值经使用者修改。",
    ),
    "note.person-decides": (
        "This is a calculation. A person decides.",
        "本结果为测算，授信由人审定。",
    ),
    # -- what would lift a firm
    "lift.more": ("{label}: {more} more (to {then})", "{label}增加 {more}（增至 {then}）"),
    "lift.share": (
        "{label}: {more} percentage points more (to {then})",
        "{label}提高 {more} 个百分点（升至 {then}）",
    ),
    "lift.to": ("{label}: {then}", "{label}：{then}"),
    "lift.and": (", and ", "，并且"),
    "lift.count": ("{count}", "{count}"),
    "lift.persons": ("{count}", "{count} 人"),
    "lift.rights": ("{count}", "{count} 件"),
    "lift.products": ("{count}", "{count} 项"),
    "lift.points": ("{count} points", "{count} 分"),
    "lift.points.one": ("{count} point", "{count} 分"),
    "lift.years": ("{count} years", "{count} 年"),
    "lift.years.one": ("{count} year", "{count} 年"),
    "lift.months": ("{count} months", "{count} 个月"),
    "lift.months.one": ("{count} month", "{count} 个月"),
    "lift.level": ("{count}", "{count} 级"),
    "lift.no-tier": (
        'the policy has no tier "{given}"; allowed are {allowed}; choose one',
        "政策没有等级“{given}”；可用 {allowed}；请选一个",
    ),
    "lift.no-tiers": (
        'the policy has no tiers, so "{given}" is none of them; it says eligible or refused; leave '
        "the tier out",
        "政策不分等级，没有“{given}”；其结论只有符合与不符合；请勿指定等级",
    ),
    # -- rates
    "rates.columns": (
        "the table lacks the columns {missing}; needed are series, date, rate; add them",
        "表格缺少列 {missing}；须有 series、date、rate；请补充",
    ),
    "rates.series": (
        "the series has no name; needed is one as in LPR-1Y; fill it in",
        "利率序列没有名称；须有名称，如 LPR-1Y；请填写",
    ),
    "rates.date": (
        'date "{given}" cannot be read; allowed is YYYY-MM-DD; write it as 2026-01-20',
        "日期“{given}”无法识别；须为 年-月-日；请写成 2026-01-20",
    ),
    "rates.rate": (
        'rate "{given}" cannot be read; allowed is a yearly share between -1 and 1 with at most 12 '
        "decimals; write 3.1 % as 0.031",
        "利率“{given}”无法识别；须为 -1 至 1 之间、至多 12 位小数的年利率；3.1% 请写作 0.031",
    ),
    "rates.twice": (
        "{series} of {date} is {given} here and {other} above; one value a day is allowed; keep one",
        "{series} 在 {date} 此处为 {given}，上文为 {other}；每日只能有一个数值；请保留其一",
    ),
}
