"""Problems in a policy file, and questions about policies that cannot be answered (en, zh).

Each text says what is wrong; what is allowed; what to do.
"""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- bands
    "policy.bands-alike": (
        '"{given}" is taken by band {other} already; each band needs its own threshold or category; '
        "change or remove one of the two",
        "“{given}”已由 {other} 档占用；各档须有各自的界限或类别；请修改或删除其一",
    ),
    "policy.bands-direction": (
        "this band points the other way than band {other}; a table rises (at_least, more_than) "
        "or falls (at_most, less_than); use one direction",
        "本档方向与 {other} 档相反；同一张表只能递增（at_least、more_than）或递减"
        "（at_most、less_than）；请统一方向",
    ),
    "policy.bands-gap": (
        "this band leaves a gap to band {other} or overlaps it; the last band may only be the exact "
        "complement, {need}; write it so, or give its label points without a band",
        "本档与 {other} 档之间有空档或重叠；末档只能是上一档的互补，即 {need}；"
        "请照此书写，或末档只写分值、不写界限",
    ),
    "policy.bands-order": (
        'threshold "{given}" is out of order after band {other}; the best band stands first; '
        "reorder the bands",
        "界限“{given}”与前面的 {other} 档顺序不符；最优档须排在最前；请调整顺序",
    ),
    "policy.gap": (
        "values beyond band {given} fall in no band; the last label of points takes them and has no "
        "band; add such a label with its points",
        "超出 {given} 档的取值没有归属；此类取值归入 points 的最后一档，该档不写界限；"
        "请补充该档及其分值",
    ),
    "policy.no-bands": (
        'there is no band here; a band is a table with one comparison, as in "A = {{ at_least = '
        '0.06 }}"; add the bands',
        "此处没有分档；一档是带一个比较词的表，如“A = {{ at_least = 0.06 }}”；请补充分档",
    ),
    "policy.label-without-points": (
        "this band has no points; labels with points are {allowed}; add its points or correct the "
        "label",
        "本档没有分值；已有分值的档次为 {allowed}；请补充分值或更正档名",
    ),
    "policy.points-range": (
        '"{given}" is no range of points; a range is [lowest, highest] in whole points; correct it',
        "“{given}”不是分值区间；区间须写成 [最低分, 最高分]，均为整数分；请改正",
    ),
    "policy.step": (
        "these steps cannot be counted; a step needs a figure to count, every, points and max above "
        "0, max a multiple of points and at most {most} steps; correct it",
        "阶梯计分无法计算；须有可计数的数据，every、points、max 均大于 0，max 为 points 的整数倍，"
        "且不超过 {most} 级；请改正",
    ),
    "policy.too-fine": (
        "points, weights and maxima here have too many digits to be added exactly; a few digits are "
        "allowed, as in weight = 0.35; round them",
        "此处分值、权重与上限的位数过多，无法精确相加；只可保留少数几位，如 weight = 0.35；请减少位数",
    ),
    "policy.lines-order": (
        "this tier carries more than one above it; amounts must not rise from the first tier to "
        "the last; correct the amounts",
        "本等级的额度高于其上的等级；额度自首级至末级不得上升；请改正额度",
    ),
    # -- measures and conditions
    "policy.one-measure": (
        "a rule measures exactly one thing, found: {given}; allowed are {allowed}; name one",
        "一条规则只度量一项，现有：{given}；可用 {allowed}；请写一项",
    ),
    "policy.one-comparison": (
        "exactly one comparison word is needed, found: {given}; allowed are {allowed}; write one",
        "须恰有一个比较词，现有：{given}；可用 {allowed}；请写一个",
    ),
    "policy.ratio-two": (
        'a ratio has two figures, found "{given}"; allowed is [numerator, denominator]; write it so',
        "比率须有两项，现为“{given}”；须为 [分子, 分母]；请照此书写",
    ),
    "policy.not-field": (
        '"{given}" is not a field; allowed is a field name or {{ of = "field", times = number }}; '
        "correct it",
        '“{given}”不是字段；须为字段名或 {{ of = "字段", times = 数值 }}；请改正',
    ),
    "policy.unknown-field": (
        'the firm has no figure field "{given}"; `ipcredit template` lists all fields; correct it',
        "企业没有数据字段“{given}”；全部字段见 `ipcredit template`；请改正",
    ),
    "policy.unknown-field-near": (
        'the firm has no figure field "{given}"; the nearest is "{nearest}"; correct it',
        "企业没有数据字段“{given}”；最接近的是“{nearest}”；请改正",
    ),
    "policy.unknown-dimension": (
        'there is no dimension "{given}" here; known are {allowed}; correct it',
        "此处没有维度“{given}”；已有 {allowed}；请改正",
    ),
    "policy.unknown-dimension-near": (
        'there is no dimension "{given}" here; the nearest is "{nearest}"; correct it',
        "此处没有维度“{given}”；最接近的是“{nearest}”；请改正",
    ),
    "policy.points-here": (
        '"{given}" is not known yet where indicators are judged; points may stand in gates, tiers '
        "and lines, and a dimension adds up others with of; move the rule",
        "评定指标时“{given}”尚未得出；得分只能用于准入条件、等级与额度，维度汇总其他维度须用 of；"
        "请移动该规则",
    ),
    "policy.window": (
        '"{given}" is not known for those years; .sum2, .sum3, growth and in_each_of need the newest '
        "of three fiscal years; use such a field",
        "“{given}”没有相应年度的数据；.sum2、.sum3、growth 与 in_each_of 须用三年度字段的最近一年；"
        "请换用字段",
    ),
    "policy.window-input": (
        '"{given}" is a sum over years; input takes one field; write sum = "{given}"',
        '“{given}”是多年合计；input 只取一个字段；请写成 sum = "{given}"',
    ),
    "policy.mixed-kinds": (
        "figures of these kinds cannot be used together here: {given}; allowed are figures of one "
        "kind (amounts, counts, or shares); use others",
        "此处不能合用这些类别的数据：{given}；须为同类数据（金额、计数或比例）；请换用",
    ),
    "policy.times-size": (
        "these factors are too large or too fine to be added exactly; allowed are factors such as "
        "0.8, 1.25 or 12; round them",
        "系数过大或过细，无法精确相加；可用 0.8、1.25、12 一类的系数；请减少位数",
    ),
    "policy.not-money": (
        '"{given}" is not an amount of money; an amount field is needed here; use one',
        "“{given}”不是金额；此处须用金额字段；请换用",
    ),
    "policy.date-input": (
        '"{given}" is a date; a rule measures the time since or until it; write since = "{given}" or '
        'until = "{given}"',
        '“{given}”是日期；规则度量的是距该日期的时间；请写成 since = "{given}" 或 until = '
        '"{given}"',
    ),
    "policy.needs-date": (
        '"{given}" is not a date; since and until need a date field; use one',
        "“{given}”不是日期；since 与 until 须用日期字段；请换用",
    ),
    "policy.needs-is": (
        '"{given}" is a category; allowed are is and one_of; use one of them',
        "“{given}”是类别；只能用 is 或 one_of；请改用",
    ),
    "policy.needs-number-word": (
        '"{given}" does not compare figures here; allowed are {allowed}; use one of them',
        "“{given}”在此处不能比较数值；可用 {allowed}；请改用",
    ),
    "policy.not-a-choice": (
        '"{given}" is not a category; declared, rows and columns need a field with choices; use one',
        "“{given}”不是类别；declared、rows、columns 须用有选项的字段；请换用",
    ),
    "policy.not-conditions": (
        'a list of conditions is needed, found "{given}"; allowed is [ {{ … }}, {{ … }} ]; write it '
        "so",
        "须为条件列表，现为“{given}”；须写成 [ {{ … }}, {{ … }} ]；请照此书写",
    ),
    "policy.empty": (
        "nothing is listed here; at least one item is needed; add it or remove the key",
        "此处没有列出任何项；至少须有一项；请补充或删除该键",
    ),
    "policy.zero-undeclared": (
        "a ratio does not say what a denominator of 0 means; allowed are none, lowest, highest; set "
        "zero_denominator here or in [silent]",
        "比率未说明分母为 0 时的含义；可用 none、lowest、highest；请在此处或 [silent] 中写明 "
        "zero_denominator",
    ),
    "policy.missing-undeclared": (
        "a choice among options does not say what a missing one means; allowed are unknown, others; "
        "set missing_option here or in [silent]",
        "多项择一未说明缺少一项时如何处理；可用 unknown、others；请在此处或 [silent] 中写明 "
        "missing_option",
    ),
    # -- structure
    "policy.schema": (
        "schema {given} is not known; allowed is {allowed}; write schema = {allowed}",
        "无法识别 schema {given}；可用 {allowed}；请写 schema = {allowed}",
    ),
    "policy.currency": (
        "the policy has no known currency; allowed are {allowed}; name one",
        "政策未写明可识别的币种；可用 {allowed}；请写一个",
    ),
    "policy.required": (
        "this key is missing or empty; it is required here; add it",
        "缺少该键或其内容为空；此处必须填写；请补充",
    ),
    "policy.required-word": (
        "this key is required here; allowed are {allowed}; add it",
        "此处须有该键；可用 {allowed}；请补充",
    ),
    "policy.required-one": (
        "something is missing here; one of {allowed} is needed; add it",
        "此处内容不全；须有 {allowed} 之一；请补充",
    ),
    "policy.unknown-key": (
        "unknown key; allowed here are {allowed}; correct or remove it",
        "未知的键；此处可用 {allowed}；请改正或删除",
    ),
    "policy.unknown-key-near": (
        'unknown key; the nearest known one is "{nearest}"; correct or remove it',
        "未知的键；最接近的是“{nearest}”；请改正或删除",
    ),
    "policy.key-without-effect": (
        "this key has no effect beside the other keys here; a key must count; remove it or the other",
        "该键与此处其他键并列时不起作用；写出的键须起作用；请删除其一",
    ),
    "policy.not-a-section": (
        "neither a section of a policy nor a dimension; sections are {allowed}, and a dimension has "
        "indicators or of; correct it",
        "既不是政策的组成部分，也不是维度；组成部分为 {allowed}，维度须有 indicators 或 of；请改正",
    ),
    "policy.not-a-section-near": (
        'neither a section of a policy nor a dimension; the nearest section is "{nearest}", and a '
        "dimension has indicators or of; correct it",
        "既不是政策的组成部分，也不是维度；最接近的组成部分是“{nearest}”，维度须有 indicators 或 of；"
        "请改正",
    ),
    "policy.not-a-dimension": (
        "this dimension is empty or made of two things; allowed is exactly one of {allowed}; keep "
        "one and fill it",
        "该维度内容为空，或由两类内容构成；须恰有 {allowed} 之一；请保留其一并填写",
    ),
    "policy.reserved-name": (
        "this name stands for the total of all dimensions; a dimension needs another; rename it",
        "该名称专指全部维度的总分；维度须另取名称；请改名",
    ),
    "policy.two-parents": (
        'dimension "{given}" belongs to "{other}" already; it may count once; remove it from one',
        "维度“{given}”已属于“{other}”；只能计一次；请从其一删除",
    ),
    "policy.nesting-cycle": (
        "this dimension contains itself; of may name only other dimensions that do not contain it; "
        "remove it from its own parts",
        "该维度包含自身；of 只能列不包含本维度的其他维度；请从其组成中删除",
    ),
    "policy.case-after-all": (
        'case "{given}" has no "when" and hides those after it; such a case stands last; move it',
        "情形“{given}”没有 when，会遮蔽其后各项；此种情形须放在最后；请移动",
    ),
    "policy.needs-tiers": (
        "this section needs tiers; lines and raises refer to [tiers]; add [tiers] or remove the "
        "section",
        "本部分须以等级为依据；额度与等级上调均引用 [tiers]；请补充 [tiers] 或删除本部分",
    ),
    "policy.not-a-table": (
        'a table is needed, found "{given}"; allowed is {{ … }} or a [section]; write it so',
        "须为表，现为“{given}”；须写成 {{ … }} 或 [小节]；请照此书写",
    ),
    "policy.not-text": (
        'a text is needed, found "{given}"; a text stands in quotes; correct it',
        "须为文本，现为“{given}”；文本须加引号；请改正",
    ),
    "policy.not-texts": (
        'a list of texts is needed, found "{given}"; allowed is ["…", "…"]; write it so',
        '须为文本列表，现为“{given}”；须写成 ["…", "…"]；请照此书写',
    ),
    "policy.not-flag": (
        'true or false is needed, found "{given}"; neither stands in quotes; write one',
        "须为 true 或 false，现为“{given}”；两者均不加引号；请改正",
    ),
    "policy.not-date": (
        'a date is needed, found "{given}"; allowed is year, month, day as in 2023-08-11; write it so',
        "须为日期，现为“{given}”；须为年、月、日，如 2023-08-11；请照此书写",
    ),
    "policy.not-number": (
        'a number is needed, found "{given}"; a number stands without quotes; correct it',
        "须为数值，现为“{given}”；数值不加引号；请改正",
    ),
    "policy.percent": (
        '"{given}" is not a number; a share is written as a decimal, 5 % as 0.05; correct it',
        "“{given}”不是数值；比例须写成小数，5% 写作 0.05；请改正",
    ),
    "policy.not-whole": (
        '"{given}" is not a whole number; whole numbers are counted here; correct it',
        "“{given}”不是整数；此处只计整数；请改正",
    ),
    "policy.number-size": (
        '"{given}" is too large or too fine; a number goes up to {most} either way with at most '
        "{digits} digits; correct it",
        "“{given}”过大或过细；数值绝对值不超过 {most}，有效数字不超过 {digits} 位；请改正",
    ),
    "policy.out-of-unit": (
        '"{given}" is out of range for a share; allowed is {low} to {high}; write 6 % as 0.06',
        "“{given}”超出比例的范围；可取 {low} 至 {high}；6% 请写作 0.06",
    ),
    "policy.out-of-range": (
        '"{given}" is out of range; allowed is {low} to {high}; correct it',
        "“{given}”超出范围；可取 {low} 至 {high}；请改正",
    ),
    "policy.too-low": (
        '"{given}" is too low; allowed is {low} or more; correct it',
        "“{given}”过低；须为 {low} 或以上；请改正",
    ),
    "policy.money-unit": (
        'amount "{given}" has no unit; an amount is a text with its unit; write it as in '
        '"{example}"',
        "金额“{given}”没有单位；金额须为带单位的文本；请写成“{example}”的形式",
    ),
    "policy.not-one-of": (
        '"{given}" is not allowed; allowed are {allowed}; choose one',
        "不可用“{given}”；可用 {allowed}；请选一个",
    ),
    # -- sources and dates
    "policy.no-source": (
        'the value "{given}" has no source; every number needs one; add source = "…" or assumed = '
        '"reason" here or above',
        '数值“{given}”没有来源；每个数值均须有来源；请在此处或上层补充 source = "…" 或 assumed = '
        '"理由"',
    ),
    "policy.no-reason": (
        "{given} without a reason; an assumption needs its reason; write why",
        "{given} 没有理由；假定须写明理由；请补充",
    ),
    "policy.unknown-source": (
        'there is no source "{given}"; known are {known}; add it under [sources] or correct it',
        "没有来源“{given}”；已有 {known}；请在 [sources] 中补充或改正",
    ),
    "policy.no-date": (
        "no day is given on which it is known to be in force; allowed are from, until, after, seen, "
        "last_seen; give from, seen or last_seen",
        "没有已知施行的日期；可用 from、until、after、seen、last_seen；请至少写明 from、seen 或 "
        "last_seen",
    ),
    "policy.dates-order": (
        "the dates are out of order ({given}); after, from, seen, last_seen, until must not fall; "
        "correct them",
        "日期顺序不符（{given}）；after、from、seen、last_seen、until 须依次不早于前者；请改正",
    ),
    # -- questions
    "policy.unknown": (
        "no such policy; known are {allowed}; choose one, or give the path of a .toml file",
        "没有这项政策；已有 {allowed}；请选一项，或给出 .toml 文件的路径",
    ),
    "policy.unknown-near": (
        'no such policy; known are {allowed}; did you mean "{nearest}"?',
        "没有这项政策；已有 {allowed}；是否指“{nearest}”？",
    ),
    "policy.unknown-edition": (
        '{scheme} has no edition "{given}"; known are {allowed}; choose one',
        "{scheme} 没有版本“{given}”；已有 {allowed}；请选一个",
    ),
    "policy.before-first": (
        "{scheme} is not known for {on}; the first edition known is {edition}, in force {dates}; "
        "ask for a later date or name an edition as {scheme}@{edition}",
        "{on} 适用的 {scheme} 未知；已知最早版本为 {edition}，施行期 {dates}；请改用较晚日期，"
        "或指定版本，如 {scheme}@{edition}",
    ),
    "policy.between": (
        "{on} lies between two known states of {scheme}; known are {edition} ({dates}) and {other} "
        "({other_dates}), which one held is not public; name one as {scheme}@{edition}",
        "{on} 介于 {scheme} 的两个已知版本之间；已知 {edition}（{dates}）与 {other}（{other_dates}），"
        "当日适用哪一版未公开；请指定版本，如 {scheme}@{edition}",
    ),
    "policy.ended": (
        "{scheme} ended on {until}; the last edition known is {edition}, none is known for {on}; "
        "name an edition as {scheme}@{edition}",
        "{scheme} 已于 {until} 终止；已知最后版本为 {edition}，{on} 没有适用版本；请指定版本，如 "
        "{scheme}@{edition}",
    ),
    "policy.no-such-path": (
        "the policy has no such value; `ipcredit policy show` lists all; correct the path",
        "政策中没有该项；全部各项见 `ipcredit policy show`；请改正路径",
    ),
    "policy.no-such-path-near": (
        'the policy has no such value; the nearest is "{nearest}"; correct the path',
        "政策中没有该项；最接近的是“{nearest}”；请改正路径",
    ),
    "policy.not-a-value": (
        "this names a table, not one value; inside it are {allowed}; name one of them",
        "这是一个表，不是单个值；其中有 {allowed}；请指定其一",
    ),
    "policy.no-value": (
        "a change needs a value; a value is never removed by a change; give a number, text, date, "
        "true or false",
        "修改须给出取值；修改不能删除原值；请给出数值、文本、日期、true 或 false",
    ),
    "policy.changes-nothing": (
        '"{given}" is what the policy says already; a change must change something; remove it or '
        "give another value",
        "“{given}”与政策现值相同；修改须使政策有所变化；请删除该项修改或改用其他值",
    ),
    "assess.currency": (
        "the firm is in {given}, the policy in {currency}; amounts of two currencies are never "
        "mixed; choose another policy or restate the firm",
        "企业数据以 {given} 计，政策以 {currency} 计；不同币种的金额不得混用；请换用政策或折算企业数据",
    ),
}
