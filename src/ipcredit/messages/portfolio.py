"""Texts of books of loans: their columns and what can be wrong in them (en, zh).

Each problem says what is wrong; what is allowed; what to do.
"""

from __future__ import annotations

from typing import Final

# Column -> label en, label zh, definition en, definition zh.
COLUMNS: Final[dict[str, tuple[str, str, str, str]]] = {
    "loan": (
        "Loan", "借据编号",
        "The loan's own number, once in a book.",
        "贷款的唯一编号，一本账中不重复。",
    ),
    "firm": (
        "Firm", "企业",
        "The borrower: all loans of one firm default together.",
        "借款企业；同一企业的全部贷款一并违约。",
    ),
    "lender": ("Lender", "贷款机构", "Who lent the money.", "发放贷款的机构。"),
    "district": (
        "District", "区县",
        "Whose territory the loan belongs to, for funds with a purse for each district.",
        "贷款所属区县，用于按区县分设资金的基金。",
    ),
    "tier": (
        "Tier", "信用等级",
        "The tier a policy gave the firm; it decides no default probability.",
        "政策评定的等级；不决定违约概率。",
    ),
    "part": (
        "Part", "额度组成部分",
        "The part of the comprehensive line that was drawn: knowledge, base or receivables.",
        "所用额度：知识价值（knowledge）、商业信用（base）或应收账款（receivables）。",
    ),
    "principal": ("Principal", "本金", "What was lent.", "发放金额。"),
    "outstanding": (
        "Outstanding", "贷款余额",
        "Principal owed now; blank: principal less the instalments due so far.",
        "目前所欠本金；留空则为本金减去已到期的分期还本。",
    ),
    "start": ("Start", "发放日", "The day the loan was paid out.", "贷款发放日期。"),
    "term_months": (
        "Term in months", "期限（月）",
        "Months from the start to the last due date.",
        "自发放日至最后还款日的月数。",
    ),
    "repayment": (
        "Repayment", "还本方式",
        "bullet: all at the end; instalments: equal parts of principal each month.",
        "bullet：到期一次还本；instalments：按月等额还本。",
    ),
    "pd": (
        "One-year default probability", "一年期违约概率",
        "The firm's probability of default within a year, a share from 0 to 1.",
        "企业一年内违约的概率，0 至 1 之间的小数。",
    ),
    "score": (
        "Score", "综合得分",
        "The firm's points, where a curve turns them into the default probability.",
        "企业得分；由曲线换算为违约概率时使用。",
    ),
    "rating": (
        "External rating", "外部评级",
        "The firm's rating by somebody else, where a curve goes by ratings.",
        "企业的外部评级；按评级换算违约概率时使用。",
    ),
    "recovery": (
        "Recovery", "追偿回收率",
        "Share of defaulted principal that comes back in the end; blank: the scenario decides.",
        "违约本金最终收回的比例；留空则由情景给出。",
    ),
    "recovery_months": (
        "Months to recovery", "追偿时间（月）",
        "Months from default to recovery; blank: the scenario decides.",
        "自违约至收回的月数；留空则由情景给出。",
    ),
    "class": (
        "Class", "企业类别",
        "The class of firm or loan that clauses of a fund ask for.",
        "基金条款所区分的企业或贷款类型。",
    ),
    "mode": (
        "Mode", "贷款模式",
        "How the loan is made, as clauses of a fund ask for it: direct, guaranteed and so on.",
        "基金条款所区分的贷款方式，如直接贷款、担保贷款。",
    ),
    "tags": (
        "Tags", "标签",
        "Marks that clauses of a fund ask for, separated by ;.",
        "基金条款所用的标记，以“;”分隔。",
    ),
    "cover_rule": (
        "Cover rule", "补偿规则",
        "The cover rule of the fund that was declared for the loan.",
        "该贷款申报适用的基金补偿规则。",
    ),
    "size": (
        "Size", "贷款规模",
        "The amount that steps by loan size go by; blank: the principal.",
        "按贷款规模分档时所用的金额；留空则为本金。",
    ),
    "revenue": ("Revenue", "营业收入", "The firm's revenue a year.", "企业年营业收入。"),
    "support_years": (
        "Years of support", "已支持年数",
        "For how many years the firm has been supported.",
        "企业已获支持的年数。",
    ),
    "collateral_share": (
        "Collateral share", "实物抵押占比",
        "Physical collateral over the loan.",
        "实物抵押金额占贷款金额的比例。",
    ),
    "rate_over_benchmark": (
        "Rate over benchmark", "利率上浮比例",
        "(Rate - benchmark) / benchmark.",
        "（贷款利率－基准利率）÷ 基准利率。",
    ),
}  # fmt: skip

# Column -> word -> other spellings.
WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "part": {
        "knowledge": ("知识价值", "知识价值信用贷款", "知识价值信用"),
        "base": ("商业信用", "商业价值", "商业价值信用贷款", "商业信用基础"),
        "receivables": ("应收账款", "应收账款贷款"),
    },
    "repayment": {
        "bullet": ("到期一次还本", "一次还本", "到期还本"),
        "instalments": ("等额还本", "按月等额还本", "分期还本", "installments"),
    },
}

UNITS: Final[dict[str, tuple[str, str]]] = {
    "text": ("text", "文字"),
    "word": ("word", "选项"),
    "amount": ("amount with its unit", "带单位的金额"),
    "date": ("date", "日期"),
    "months": ("months", "月"),
    "share": ("share", "比例"),
    "points": ("points", "分"),
    "years": ("years", "年"),
}

TEXTS: dict[str, tuple[str, str]] = {
    # -- the table as a whole
    "portfolio.unknown-column": (
        "no such column; known are {allowed}; remove it or correct the heading",
        "没有这一列；可用 {allowed}；请删除该列或更正列名",
    ),
    "portfolio.unknown-column-near": (
        'no such column; the nearest is "{nearest}"; correct the heading or remove the column',
        "没有这一列；最接近的是“{nearest}”；请更正列名或删除该列",
    ),
    "portfolio.column-twice": (
        'this column is there already as "{other}"; each column stands once; remove one',
        "该列已以“{other}”给出；每列只写一次；请删除其一",
    ),
    "portfolio.no-column": (
        "the book has no such column; it is needed; add the column, or give one value for "
        "all loans as an argument",
        "账中没有这一列；此列必填；请补上该列，或以参数给出全部贷款共用的值",
    ),
    "portfolio.no-pd-column": (
        "the book says nothing about default; allowed is a column pd, or a column score or rating "
        "together with a curve; add one of them",
        "账中没有违约信息；须有 pd 列，或 score、rating 列并另给换算曲线；请补上其一",
    ),
    "portfolio.no-owed-column": (
        "the book does not say what is owed; allowed is a column outstanding, or the columns start, "
        "term_months and repayment, from which it is worked out; add them",
        "账中没有余额信息；须有 outstanding 列，或据以推算的 start、term_months、repayment 三列；请补上",
    ),
    "portfolio.no-as-of": (
        "the day of the book is not given; it decides what is owed; give as_of as a date such as "
        "2025-09-30",
        "未给出账的截止日；余额取决于该日；请以 as_of 给出日期，如 2025-09-30",
    ),
    "portfolio.no-unit": (
        'whole numbers under "{name}" do not say their unit; allowed are amounts with their unit as '
        "text, or whole minor units under {name}_fen or {name}_minor; rename the column",
        "“{name}”下的数字没有单位；须为带单位的文字，或在 {name}_fen、{name}_minor 列以最小货币单位"
        "给出整数；请更改列名",
    ),
    "portfolio.length": (
        "the columns have different lengths: {found}; each needs one entry a loan; correct them",
        "各列长度不一：{found}；每笔贷款须各有一项；请改正",
    ),
    "portfolio.shape": (
        "the values are not one column; a list or array of one dimension is needed; correct it",
        "此值不是一列；须为一维列表或数组；请改正",
    ),
    "portfolio.empty": (
        "the book has no loan; at least one is needed; check the file or the selection",
        "账中没有贷款；至少须有一笔；请核对文件或筛选条件",
    ),
    "portfolio.total": (
        "the loans add up to more than {limit}, which is more than can be added up exactly; check "
        "the unit of the amounts",
        "贷款合计超过 {limit}，无法精确相加；请核对金额单位",
    ),
    # -- a row
    "portfolio.blank": (
        "this cell is empty; every loan needs it; fill it in",
        "此格为空；每笔贷款均须填写；请补上",
    ),
    "portfolio.duplicate": (
        'the loan "{value}" is in the book already, at {other}; each number stands once; correct or '
        "remove one",
        "借据“{value}”已在 {other} 出现；每个编号只写一次；请更正或删除其一",
    ),
    "portfolio.not-a-number": (
        '"{value}" is not a number; allowed is a number such as {example}; correct it, or leave the '
        "cell empty if it is not known",
        "“{value}”不是数字；应为数字，如 {example}；请更正，未知则留空",
    ),
    "portfolio.probability": (
        '"{value}" is not a probability; allowed is a number from 0 to 1; write 2 percent as 0.02',
        "“{value}”不是概率；应为 0 至 1 之间的数；百分之二请写成 0.02",
    ),
    "portfolio.share": (
        '"{value}" is not a share; allowed is a number from 0 to 1; write 30 percent as 0.3',
        "“{value}”不是比例；应为 0 至 1 之间的数；百分之三十请写成 0.3",
    ),
    "portfolio.range": (
        '"{value}" is out of range; allowed is {lo} to {hi}; correct it',
        "“{value}”超出范围；应为 {lo} 至 {hi}；请更正",
    ),
    "portfolio.word": (
        '"{value}" is not one of the choices; allowed are {allowed}; write one of them',
        "“{value}”不在可选项中；可选项为 {allowed}；请填写其中之一",
    ),
    "portfolio.no-principal": (
        "the principal is 0; a loan needs an amount above 0; correct it or remove the row",
        "本金为 0；贷款金额须大于 0；请更正或删除该行",
    ),
    "portfolio.above-principal": (
        "{value} is owed on a loan of {limit}; at most the principal can be owed; correct one of the "
        "two",
        "余额 {value} 高于本金 {limit}；余额不得超过本金；请更正其一",
    ),
    "portfolio.starts-later": (
        "the loan starts on {value}, after the day of the book, {limit}; allowed are loans paid out "
        "by then; correct the date or as_of",
        "发放日 {value} 晚于账的截止日 {limit}；只能是当日及以前发放的贷款；请更正日期或 as_of",
    ),
    "portfolio.owed": (
        "what is owed is not given and cannot be worked out, because {missing} is empty; needed is "
        "outstanding, or start, term_months and repayment; fill them in",
        "未给出余额，且因 {missing} 为空而无法推算；须给出 outstanding，或 start、term_months、"
        "repayment 三项；请补上",
    ),
    "portfolio.disagree": (
        'the firm "{firm}" has {value} here and {other} at {place}; all loans of one firm must agree; '
        "correct one of the two",
        "企业“{firm}”此处为 {value}，在 {place} 为 {other}；同一企业的各笔贷款须一致；请更正其一",
    ),
    "portfolio.currency": (
        "every amount of this book is in {found} ({count} loans); amounts here are in {currency}, as "
        "the fund counts; choose a fund in {found}, or convert the book and write amounts as in "
        '"{example}"',
        "账中 {count} 笔贷款的金额都以 {found} 计，而此处按基金的币种 {currency} 计；请选用以 {found} 计的基金，"
        "或折算后写成“{example}”的形式",
    ),
    "portfolio.minor-name": (
        "{name}_fen is for amounts in fen; amounts here are in {currency}, as the fund counts; name "
        "the column {name}_minor if they are whole minor units of {currency}, else choose a fund in CNY",
        "{name}_fen 列以分计，而此处按基金的币种 {currency} 计；若确为 {currency} 的最小单位，请将列名改为 "
        "{name}_minor，否则请选用以人民币计的基金",
    ),
    "portfolio.all-start-later": (
        "every loan starts after the day of the book, {limit}: the first on {first}, the last on "
        "{last}; allowed are loans paid out by then; correct the day of the book",
        "所有贷款的发放日都晚于账的截止日 {limit}：最早 {first}，最晚 {last}；只能是当日及以前发放的贷款；"
        "请更正截止日",
    ),
    "portfolio.no-pd-any": (
        "no firm has a default probability ({count} firms); needed is pd, or a score or rating and a "
        "curve that knows it; fill it in, or name a curve, on the command line under [pd] of the "
        "scenario",
        "{count} 家企业均无违约概率；须给出 pd，或给出得分、评级并配以可换算的曲线；请补上，或指定曲线"
        "（命令行在情景的 [pd] 中）",
    ),
    "portfolio.no-pd": (
        'the firm "{firm}" has no default probability; needed is pd, or a score or rating that the '
        "curve knows; fill it in",
        "企业“{firm}”没有违约概率；须给出 pd，或曲线可换算的得分、评级；请补上",
    ),
    "portfolio.no-rating": (
        'the curve "{curve}" has no rating "{value}"; known are {allowed}; correct the rating or use '
        "another curve",
        "曲线“{curve}”没有评级“{value}”；已有 {allowed}；请更正评级或换用曲线",
    ),
    "portfolio.unknown-lender": (
        '"{value}" is not one of the lenders declared; allowed are {allowed}; correct it or declare '
        "the lender",
        "“{value}”不在已声明的贷款机构中；可用 {allowed}；请更正或补充声明",
    ),
    "portfolio.unknown-district": (
        '"{value}" is not one of the districts declared; allowed are {allowed}; correct it or declare '
        "the district",
        "“{value}”不在已声明的区县中；可用 {allowed}；请更正或补充声明",
    ),
    "portfolio.unknown-tier": (
        '"{value}" is not one of the tiers declared; allowed are {allowed}; correct it or declare the '
        "tier",
        "“{value}”不在已声明的等级中；可用 {allowed}；请更正或补充声明",
    ),
    "portfolio.lacks": (
        "missing in {count} of the loans, the first is {first}; this question needs it of every loan; "
        "add it to the book",
        "有 {count} 笔贷款未给出，首笔为 {first}；此项计算须逐笔给出；请在账中补上",
    ),
    # -- notes a book carries
    "portfolio.from-pd": (
        "default probabilities of {count} firms as the book gives them",
        "{count} 户企业的违约概率由账直接给出",
    ),
    "portfolio.from-curve": (
        "default probabilities of {count} firms from the curve {curve}",
        "{count} 户企业的违约概率由曲线 {curve} 换算",
    ),
    # -- scored firms as loans
    "portfolio.not-given": (
        "not given, and nothing is assumed in its place; needed to make loans of scored firms; give "
        "it as in {example}",
        "未给出，且不会代为假定；由评定结果生成贷款时必填；写法如 {example}",
    ),
    "portfolio.no-line": (
        "the policy gives no line, so there is nothing to draw; a policy with a knowledge or base line "
        "is needed; assess the firms by one",
        "该政策没有额度，无从提款；须用设有知识价值或商业信用额度的政策；请改用此类政策评定",
    ),
    "portfolio.no-points": (
        "the policy gives no total points, which this curve goes by; needed is a curve by rating with "
        "ratings, or a figure for each firm; give one of them",
        "该政策没有综合得分，而曲线按得分换算；须用按评级的曲线并给出 ratings，或逐户给出违约概率；请改用其一",
    ),
    "portfolio.shares": (
        "the shares {given} do not add up to 1; shares from 0 to 1 that add up to 1 are needed; "
        "correct them",
        "占比 {given} 合计不为 1；各占比须在 0 至 1 之间且合计为 1；请改正",
    ),
    "portfolio.firm-twice": (
        'the firm "{firm}" is in rows {first} and {row}; each firm is assessed once for a book; remove '
        "one",
        "企业“{firm}”同时出现在第 {first} 行和第 {row} 行；每户只能评定一次；请删除其一",
    ),
    "portfolio.firm-incomplete": (
        'the firm "{firm}" (row {row}) is incomplete, so its loan is not known, and left out in silence '
        "it would understate the risk; complete its data, or state {leave}",
        "企业“{firm}”（第 {row} 行）资料不全，贷款无法确定，若悄然略去会低估风险；请补齐资料，或明确给出 "
        "{leave}",
    ),
    "portfolio.firm-invalid": (
        'the data of the firm "{firm}" (row {row}) are invalid, so its loan is not known, and left out '
        "in silence it would understate the risk; correct its data, or state {leave}",
        "企业“{firm}”（第 {row} 行）数据有误，贷款无法确定，若悄然略去会低估风险；请更正数据，或明确给出 "
        "{leave}",
    ),
    "portfolio.note-draw": (
        "share of the line that is drawn: {rates}",
        "提款占额度的比例：{rates}",
    ),
    "portfolio.note-take-up": (
        "{taken} of {eligible} eligible firms take loans up: probability {take_up}, seed {seed}",
        "{eligible} 户符合条件的企业中有 {taken} 户贷款：贷款意愿概率 {take_up}，随机种子 {seed}",
    ),
    "portfolio.note-loans": (
        "all loans are paid out on {day} for {months} months, repayment {repayment}",
        "全部贷款于 {day} 发放，期限 {months} 个月，还本方式 {repayment}",
    ),
    "portfolio.note-lenders": (
        "lenders are drawn with the shares {shares}",
        "贷款机构按占比随机分配：{shares}",
    ),
    "portfolio.note-districts": (
        "districts are drawn with the shares {shares}",
        "区县按占比随机分配：{shares}",
    ),
    "portfolio.note-incomplete": (
        "{count} firms with incomplete data are left out",
        "略去资料不全的企业 {count} 户",
    ),
    "portfolio.note-invalid": (
        "{count} firms with invalid data are left out",
        "略去数据有误的企业 {count} 户",
    ),
    # -- default rates
    "rates.unknown-curve": (
        'there is no curve "{given}"; known are {allowed}; correct it',
        "没有曲线“{given}”；已有 {allowed}；请改正",
    ),
    "rates.unknown-curve-near": (
        'there is no curve "{given}"; the nearest is "{nearest}"; correct it',
        "没有曲线“{given}”；最接近的是“{nearest}”；请改正",
    ),
    "rates.steps": (
        "there are no steps here; a curve by points is a list of steps, as in [{{ at_least = 80, pd = "
        "0.01 }}, {{ pd = 0.05 }}]; write them",
        "此处没有分档；按得分的曲线是一组分档，如 [{{ at_least = 80, pd = 0.01 }}, {{ pd = 0.05 }}]；"
        "请写出",
    ),
    "rates.last-open": (
        "the last step has a bound; it takes all points below the others, so it has none; remove "
        "at_least, or add a last step",
        "末档写了界限；末档承接其余全部得分，不写界限；请删去 at_least，或补一个末档",
    ),
    "rates.order": (
        "these steps are out of order; the highest points stand first, each bound once; reorder them",
        "分档顺序不符；得分高的在前，界限不得重复；请调整",
    ),
}
