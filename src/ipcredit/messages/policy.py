"""Problems in a policy file, and questions about policies that cannot be answered (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- bands
    "policy.bands-alike": (
        'band "{given}" is already taken by band {other}; each band needs its own threshold; '
        "change or remove one",
        "分档“{given}”与 {other} 档重复；每档须有各自的界限；请修改或删除其一",
    ),
    "policy.bands-direction": (
        "this band points the other way than band {other}; a table rises (at_least, more_than) "
        "or falls (at_most, less_than); use one direction",
        "本档方向与 {other} 档相反；一张表只能递增（at_least、more_than）或递减"
        "（at_most、less_than）；请统一方向",
    ),
    "policy.bands-gap": (
        "this band leaves a gap to band {other} or overlaps it; the complement is {need}; write it "
        "so, or leave the last band without a comparison",
        "本档与 {other} 档之间有空档或重叠；互补的写法是 {need}；请照此书写，或最后一档不写比较",
    ),
    "policy.bands-order": (
        'threshold "{given}" is out of order after band {other}; the best band comes first; '
        "reorder the bands",
        "界限“{given}”排在 {other} 档之后顺序不对；最优档在前；请调整顺序",
    ),
    "policy.gap": (
        "values beyond band {given} fall in no band; give the lowest label points without a band",
        "超出 {given} 档的取值没有归属；请为最低一档只写分值、不写界限",
    ),
    "policy.no-bands": (
        'there is no band here; a band is a table with one comparison, as in "A = {{ at_least = '
        '0.06 }}"; add the bands',
        "此处没有分档；一档是带一个比较的表，如“A = {{ at_least = 0.06 }}”；请补充",
    ),
    "policy.label-without-points": (
        "this band has no points; labels with points are {allowed}; add its points or correct the "
        "label",
        "本档没有分值；已有分值的档次是 {allowed}；请补充分值或更正档名",
    ),
    "policy.step": (
        "a step needs every, points and max, each above 0, and max a multiple of points; correct it",
        "阶梯计分须有 every、points、max，均大于 0，且 max 为 points 的整数倍；请改正",
    ),
    "policy.lines-order": (
        "a lower tier carries more than a higher one; amounts must not rise from the first tier to "
        "the last; correct the amounts",
        "较低等级的额度高于较高等级；额度自首档至末档不得上升；请改正",
    ),
    # -- measures and conditions
    "policy.one-measure": (
        "a rule measures exactly one thing, found: {given}; allowed are {allowed}; name one",
        "一条规则只能度量一项，现有：{given}；可用 {allowed}；请写一项",
    ),
    "policy.one-comparison": (
        "exactly one comparison word is needed, found: {given}; allowed are {allowed}; write one",
        "须恰有一个比较词，现有：{given}；可用 {allowed}；请写一个",
    ),
    "policy.ratio-two": (
        'a ratio has two figures, found "{given}"; write [numerator, denominator]',
        "比率须有两项，现为“{given}”；请写成 [分子, 分母]",
    ),
    "policy.not-field": (
        '"{given}" is not a field; write a field name or {{ of = "field", times = number }}',
        "“{given}”不是字段；请写字段名或 {{ of = \"字段\", times = 数值 }}",
    ),
    "policy.unknown-field": (
        'the firm has no figure field "{given}"; `ipcredit template` lists all fields; correct it',
        "企业没有数值字段“{given}”；`ipcredit template` 列出全部字段；请改正",
    ),
    "policy.unknown-field-near": (
        'the firm has no figure field "{given}"; did you mean "{nearest}"?',
        "企业没有数值字段“{given}”；是否指“{nearest}”？",
    ),
    "policy.unknown-dimension": (
        'there is no dimension "{given}"; the nearest is "{nearest}"; correct it',
        "没有名为“{given}”的维度；最接近的是“{nearest}”；请改正",
    ),
    "policy.window": (
        '"{given}" is not known for those years; .sum2 and .sum3, growth and in_each_of need a '
        "field of three fiscal years; use another field",
        "“{given}”没有相应年度的数据；.sum2、.sum3、growth 与 in_each_of 须用三年度字段；请换用",
    ),
    "policy.mixed-kinds": (
        "these figures cannot be combined here ({given}); use figures of one kind",
        "此处不能合并这些类别的数据（{given}）；请使用同类数据",
    ),
    "policy.date-input": (
        '"{given}" is a date; measure the time with since = "{given}" or until = "{given}"',
        "“{given}”是日期；请用 since = \"{given}\" 或 until = \"{given}\" 度量时间",
    ),
    "policy.needs-date": (
        '"{given}" is not a date; since and until need a date field; use another field',
        "“{given}”不是日期；since 与 until 须用日期字段；请换用",
    ),
    "policy.needs-is": (
        '"{given}" is a category; allowed are is and one_of; use one of them',
        "“{given}”是类别；只能用 is 或 one_of；请改用",
    ),
    "policy.not-a-choice": (
        '"{given}" is not a category; one_of, rows and columns need one; use a number comparison',
        "“{given}”不是类别；one_of、rows、columns 须用类别；请改用数值比较",
    ),
    "policy.not-conditions": (
        'a list of conditions is needed, found "{given}"; write [ {{ … }}, {{ … }} ]',
        "须为条件列表，现为“{given}”；请写成 [ {{ … }}, {{ … }} ]",
    ),
    "policy.empty": (
        "nothing is listed; name at least one",
        "没有列出任何项；至少写一项",
    ),
    "policy.zero-undeclared": (
        "a ratio does not say what a denominator of 0 means; allowed are none, lowest, highest; set "
        "zero_denominator here or in [silent]",
        "比率未说明分母为 0 的含义；可用 none、lowest、highest；请在此处或 [silent] 中写 "
        "zero_denominator",
    ),
    "policy.missing-undeclared": (
        "a choice among options does not say what a missing one means; allowed are unknown, others; "
        "set missing_option here or in [silent]",
        "多项择一未说明缺一项时如何处理；可用 unknown、others；请在此处或 [silent] 中写 "
        "missing_option",
    ),
    # -- structure
    "policy.schema": (
        "schema {given} is not known; allowed is {allowed}; write schema = {allowed}",
        "不认识的 schema {given}；可用 {allowed}；请写 schema = {allowed}",
    ),
    "policy.currency": (
        "the policy needs a currency; allowed are {allowed}; name one",
        "政策须写明币种；可用 {allowed}；请写一个",
    ),
    "policy.required": (
        "this key is required here; add it",
        "此处须有该键；请补充",
    ),
    "policy.unknown-key": (
        "unknown key; allowed are {allowed}; remove or correct it",
        "未知的键；可用 {allowed}；请删除或改正",
    ),
    "policy.unknown-key-near": (
        'unknown key; did you mean "{nearest}"?',
        "未知的键；是否指“{nearest}”？",
    ),
    "policy.not-a-section": (
        "neither a section of a policy nor a dimension; a dimension has indicators or of; correct it",
        "既不是政策的组成部分，也不是维度；维度须有 indicators 或 of；请改正",
    ),
    "policy.not-a-section-near": (
        'neither a section of a policy nor a dimension; did you mean "{nearest}"?',
        "既不是政策的组成部分，也不是维度；是否指“{nearest}”？",
    ),
    "policy.not-a-dimension": (
        "a dimension has exactly one of {allowed}; keep one",
        "维度须恰有 {allowed} 之一；请保留其一",
    ),
    "policy.two-parents": (
        'dimension "{given}" already belongs to "{other}"; it may count once; remove it from one',
        "维度“{given}”已属于“{other}”；只能计一次；请从其一删除",
    ),
    "policy.nesting-cycle": (
        "this dimension contains itself; remove it from its own parts",
        "该维度包含自身；请从其组成中删除",
    ),
    "policy.case-after-all": (
        'case "{given}" has no "when" and hides those after it; it must be last; move it',
        "情形“{given}”没有 when，会遮蔽其后各项；须放在最后；请移动",
    ),
    "policy.line-needs-tiers": (
        "a line needs tiers; add [tiers]",
        "额度须有等级；请补充 [tiers]",
    ),
    "policy.not-a-table": (
        'a table is needed, found "{given}"; write {{ … }} or a [section]',
        "须为表，现为“{given}”；请写成 {{ … }} 或 [小节]",
    ),
    "policy.not-text": (
        'a text is needed, found "{given}"; write it in quotes',
        "须为文本，现为“{given}”；请加引号",
    ),
    "policy.not-texts": (
        'a list of texts is needed, found "{given}"; write ["…", "…"]',
        "须为文本列表，现为“{given}”；请写成 [\"…\", \"…\"]",
    ),
    "policy.not-flag": (
        'true or false is needed, found "{given}"; write one without quotes',
        "须为 true 或 false，现为“{given}”；请不加引号书写",
    ),
    "policy.not-date": (
        'a date is needed, found "{given}"; write it as 2023-08-11 without quotes',
        "须为日期，现为“{given}”；请写成 2023-08-11，不加引号",
    ),
    "policy.not-number": (
        'a number is needed, found "{given}"; write it without quotes',
        "须为数值，现为“{given}”；请不加引号书写",
    ),
    "policy.percent": (
        '"{given}" is not a number; a share is written as a decimal, 5 % as 0.05; correct it',
        "“{given}”不是数值；比例写成小数，5% 写作 0.05；请改正",
    ),
    "policy.not-whole": (
        'a whole number is needed, found "{given}"; correct it',
        "须为整数，现为“{given}”；请改正",
    ),
    "policy.out-of-unit": (
        '"{given}" is out of range; allowed is {low} to {high}; a share of 6 % is 0.06',
        "“{given}”超出范围；可取 {low} 至 {high}；比例 6% 写作 0.06",
    ),
    "policy.money-unit": (
        'amount "{given}" has no unit; an amount is a text with its unit; write "450 万元"',
        "金额“{given}”没有单位；金额须为带单位的文本；请写成“450 万元”",
    ),
    "policy.not-one-of": (
        '"{given}" is not allowed; allowed are {allowed}; choose one',
        "不可用“{given}”；可用 {allowed}；请选一个",
    ),
    # -- sources and dates
    "policy.no-source": (
        'the value "{given}" has no source; every number needs one; add source = "…" or assumed = '
        '"reason" here or above',
        "数值“{given}”没有来源；每个数值都须有来源；请在此处或上层写 source = \"…\" 或 assumed = "
        "\"理由\"",
    ),
    "policy.no-reason": (
        "assumed without a reason; an assumption needs its reason; write why",
        "assumed 没有理由；假定须写明理由；请补充",
    ),
    "policy.unknown-source": (
        'there is no source "{given}"; known are {known}; add it under [sources] or correct it',
        "没有来源“{given}”；已有 {known}；请在 [sources] 中补充或改正",
    ),
    "policy.no-date": (
        "nothing is known about when it is in force; allowed are from, until, after, seen, "
        "last_seen; give from, seen or last_seen",
        "没有任何施行日期；可用 from、until、after、seen、last_seen；请写 from、seen 或 last_seen",
    ),
    "policy.dates-order": (
        "the dates are out of order ({given}); after, from, seen, last_seen, until must not fall; "
        "correct them",
        "日期顺序不对（{given}）；after、from、seen、last_seen、until 须依次不早于前者；请改正",
    ),
    # -- questions
    "policy.unknown": (
        'no such policy; the nearest is "{nearest}"; known are {allowed}',
        "没有这项政策；最接近的是“{nearest}”；已有 {allowed}",
    ),
    "policy.unknown-edition": (
        '{scheme} has no edition "{given}"; known are {allowed}; choose one',
        "{scheme} 没有版本“{given}”；已有 {allowed}；请选一个",
    ),
    "policy.before-first": (
        "{scheme} is not known for {on}; the first edition known is {edition}, in force {dates}; "
        "ask for a later date or name an edition as {scheme}@{edition}",
        "{on} 的 {scheme} 未知；已知最早版本为 {edition}，施行期 {dates}；请改用较晚日期，或指定版本 "
        "{scheme}@{edition}",
    ),
    "policy.between": (
        "{on} lies between two known states of {scheme}: {edition} ({dates}) and {other} "
        "({other_dates}); which one held is not public; name one as {scheme}@{edition}",
        "{on} 介于 {scheme} 两个已知版本之间：{edition}（{dates}）与 {other}（{other_dates}）；"
        "当日适用哪一版未公开；请指定版本，如 {scheme}@{edition}",
    ),
    "policy.ended": (
        "{scheme} ended on {until} (edition {edition}) and no later edition is known for {on}; name "
        "an edition as {scheme}@{edition}",
        "{scheme} 已于 {until} 终止（版本 {edition}），{on} 没有已知的后续版本；请指定版本，如 "
        "{scheme}@{edition}",
    ),
    "policy.no-such-path": (
        'the policy has no such value; the nearest is "{nearest}"; `ipcredit policy show` lists all',
        "政策中没有该项；最接近的是“{nearest}”；`ipcredit policy show` 列出全部",
    ),
    "policy.not-a-value": (
        "this names a table, not one value; inside it are {allowed}; name one of them",
        "这是一个表，不是单个值；其中有 {allowed}；请指定其一",
    ),
    "policy.changes-nothing": (
        '"{given}" is what the policy says already; a change must change something; remove it or '
        "give another value",
        "“{given}”与政策现值相同；修改须有变化；请删除或改用其他值",
    ),
    "assess.currency": (
        "the firm is in {given}, the policy in {currency}; amounts of two currencies are never "
        "mixed; choose another policy or restate the firm",
        "企业数据以 {given} 计，政策以 {currency} 计；不混用币种；请换用政策或重述企业数据",
    ),
}
