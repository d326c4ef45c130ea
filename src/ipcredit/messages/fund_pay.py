"""Problems and texts of paying the claims on a fund (en, zh)."""

from __future__ import annotations

from typing import Final

# Column -> label en, label zh, definition en, definition zh.
COLUMNS: Final[dict[str, tuple[str, str, str, str]]] = {
    "claim": ("Claim", "代偿编号", "The claim's own number.", "每笔代偿申请的唯一编号。"),
    "loan": ("Loan", "借据编号", "The loan in default.", "逾期贷款的编号。"),
    "firm": ("Firm", "企业", "The borrower.", "借款企业。"),
    "lender": ("Lender", "贷款机构", "Who lent the money.", "发放贷款的机构。"),
    "district": ("District", "区县", "Whose territory the loan belongs to.", "贷款所属区县。"),
    "overdue_on": ("Overdue on", "逾期日", "The first day overdue.", "首个逾期日。"),
    "principal": ("Overdue principal", "逾期本金", "Principal claimed.", "申请代偿的本金。"),
    "interest": ("Overdue interest", "逾期利息", "Interest claimed.", "申请代偿的利息。"),
    "own_liability": (
        "Own liability", "自身责任额",
        "The claimant's own share of the loss.",
        "申请方自身应承担的损失。",
    ),
    "other_public": (
        "Other public money", "其他财政补偿",
        "Other public money received for the loan.",
        "该笔贷款已获的其他财政资金。",
    ),
    "other_scheme": (
        "Other scheme paid", "其他补偿已支付",
        "Whether another scheme has paid for the loan.",
        "该笔贷款是否已由其他政策补偿。",
    ),
    "cover_rule": (
        "Cover rule", "申报补偿规则",
        "The cover rule declared, where the fund leaves the choice.",
        "基金允许申报时所选的补偿规则。",
    ),
    "day": ("Day", "日期", "The day it happened.", "发生日期。"),
    "amount": ("Amount", "金额", "What was recovered.", "追偿所得金额。"),
    "volume": (
        "Volume lent", "累计放款额",
        "Everything lent under the fund until that day.",
        "截至当日在基金项下的累计放款。",
    ),
    "balance": ("Balance owed", "贷款余额", "What is owed on that day.", "当日贷款余额。"),
    "pot": ("Pot", "资金池", "The pot that the money joins.", "资金进入的资金池。"),
    "committed": ("Committed", "承诺资金", "Added to the commitment.", "新增承诺资金。"),
    "paid_in": ("Paid in", "到位资金", "Added to the money paid in.", "新增到位资金。"),
    "cash": (
        "Cash", "现金",
        "Added to the cash; below zero for another use.",
        "新增现金；转作他用时为负。",
    ),
}  # fmt: skip

TEXTS: dict[str, tuple[str, str]] = {
    # loans and claims
    "fund-pay.loans-lack": (
        "{count} loans lack it and a clause of the fund asks for it; allowed is a value for every "
        "loan; fill in the column",
        "有 {count} 笔贷款缺少此项，而基金条款需要；每笔贷款都应有值；请补充该列",
    ),
    "fund-pay.loans-lack-rule": (
        "{count} loans do not say which cover rule of the fund was declared for them; allowed are "
        "{rules}; add the column cover_rule and fill it in for every loan",
        "有 {count} 笔贷款未注明申报适用的补偿规则；可用 {rules}；请增加 cover_rule（补偿规则）列并逐笔填写",
    ),
    "fund-pay.lacks": (
        "it is not known and a clause of the fund asks for it; allowed is a value for every claim; "
        "fill it in",
        "此项未知，而基金条款需要；每笔索赔都应有值；请填写",
    ),
    "fund-pay.claim-twice": (
        'the claim "{claim}" is there more than once; allowed is one row a claim; number them apart '
        "or delete one",
        "索赔“{claim}”重复出现；每笔索赔只能有一行；请改编号或删去其中之一",
    ),
    "fund-pay.amount": (
        "{value} minor units is out of range; allowed is 0 up to the largest amount; correct it",
        "{value}（最小货币单位）超出范围；应为 0 至最大金额；请更正",
    ),
    "fund-pay.no-rule": (
        'the cover rule "{given}" is not one of the fund; allowed are {rules}; declare one of them',
        "补偿规则“{given}”不属于本基金；可用 {rules}；请申报其中之一",
    ),
    "fund-pay.no-position.lender": (
        'the lender "{scope}" has reported no position by {day}, and a clause is measured over it; '
        "allowed is a report on or before that day; add it, or correct the name",
        "机构“{scope}”在 {day} 前没有报送规模，而有条款以其为分母；应有当日或之前的报送；"
        "请补充或更正名称",
    ),
    "fund-pay.no-position.district": (
        'no position in the district "{scope}" is reported by {day}, and a clause is measured over '
        "it; allowed is a report on or before that day; add it, or correct the name",
        "区县“{scope}”在 {day} 前没有报送规模，而有条款以其为分母；应有当日或之前的报送；"
        "请补充或更正名称",
    ),
    "fund-pay.no-position.fund": (
        "no position is reported by {day}, and a clause is measured over them; allowed is a report "
        "on or before that day; add it",
        "{day} 前没有任何规模报送，而有条款以其为分母；应有当日或之前的报送；请补充",
    ),
    "fund-pay.no-opening": (
        'no position of "{scope}" is from {year} or before, and a clause is measured over the '
        "balance at the end of that year; allowed is a report of it, also of 0; add it",
        "“{scope}”没有 {year} 年或更早的规模，而有条款以该年年末余额为分母；应有报送，余额为 0 "
        "也须报送；请补充",
    ),
    # tables
    "fund-pay.no-rows": (
        "the table is empty; allowed is a header and rows below it; fill it in",
        "表为空；应有表头和数据行；请填写",
    ),
    "fund-pay.no-column": (
        "the table has no such column; it is needed; add it",
        "表中没有这一列；此列必填；请补充",
    ),
    "fund-pay.blank": (
        "this cell is empty; every row needs it; fill it in",
        "此格为空；每行均须填写；请填写",
    ),
    # recoveries, positions, money
    "fund-pay.unknown-claim": (
        'there is no claim "{claim}"; allowed are the claims of the list; correct the number',
        "没有索赔“{claim}”；应为索赔清单中的编号；请更正",
    ),
    "fund-pay.position-twice": (
        'the position of "{lender}" in "{district}" on {day} is there twice; allowed is one report '
        "a day; delete one",
        "“{lender}”在“{district}”{day} 的规模重复；每天只能报送一次；请删去其中之一",
    ),
    "fund-pay.unknown-pot": (
        'the fund has no pot "{given}"; allowed are {pots}; name one of them',
        "本基金没有资金池“{given}”；可用 {pots}；请填写其中之一",
    ),
    "fund-pay.pot-district": (
        'the pot "{pot}" is kept by district; allowed is a district with every amount; name it',
        "资金池“{pot}”按区县分设；每笔金额须注明区县；请填写",
    ),
    "fund-pay.pot-no-district": (
        'the pot "{pot}" is one for all districts; allowed is no district here; leave it blank',
        "资金池“{pot}”不分区县；此处不应填写区县；请留空",
    ),
    # what the fund needs as a whole
    "fund-pay.positions-needed": (
        "no positions are given, and these clauses are measured over them: {clauses}; allowed is a "
        "file with what each lender has lent and is owed; give it with --positions",
        "没有给出各机构规模，而下列条款以其为分母：{clauses}；应提供各机构的放款额和余额；"
        "请用 --positions 给出",
    ),
    "fund-pay.no-capital.committed": (
        "the fund tests its payments against what is committed, and none is given; allowed is an amount in the "
        "fund file or in a file of money; give it with --money",
        "本基金的支付受限于承诺额，但没有给出金额；可在基金文件或资金文件中给出；请用 --money 给出",
    ),
    "fund-pay.no-capital.paid-in": (
        "the fund tests its payments against what is paid in, and none is given; allowed is an amount in the "
        "fund file or in a file of money; give it with --money",
        "本基金的支付受限于实缴额，但没有给出金额；可在基金文件或资金文件中给出；请用 --money 给出",
    ),
    "fund-pay.no-capital.cash": (
        "the fund tests its payments against cash at hand, and none is given; allowed is an amount in the "
        "fund file or in a file of money; give it with --money",
        "本基金的支付受限于现金，但没有给出金额；可在基金文件或资金文件中给出；请用 --money 给出",
    ),
    "fund-pay.no-lending": (
        "the money of the districts is divided by their balances, and none is above 0 on the first "
        "day reported; allowed are positions, or shares in the fund file; give one of them",
        "区县资金按贷款余额划分，但首个报送日没有大于 0 的余额；应有规模报送或在基金文件中写明比例；"
        "请给出其中之一",
    ),
    "fund-pay.no-purse": (
        'the pot "{pot}" has no money for the district "{district}", which has claims; allowed is '
        "an amount for each district, also 0; add it or correct the district",
        "资金池“{pot}”没有区县“{district}”的资金，而该区县有索赔；每个区县都应有金额，0 也须写明；"
        "请补充或更正区县",
    ),
    # the report
    "fund-pay.heading": ("Claims on: {title}", "代偿测算：{title}"),
    "fund-pay.fact.fund": ("Fund", "基金版本"),
    "fund-pay.fact.last-day": ("Last day looked at", "测算截至"),
    "fund-pay.fact.claims": ("Claims", "代偿申请"),
    "fund-pay.fact.tested": ("Payments are tested against", "支付受限于"),
    "fund-pay.fact.changed": ("Changed", "已修改"),
    "fund-pay.count.paid": ("{count} settled", "已结 {count} 笔"),
    "fund-pay.count.refused": ("{count} refused", "不予受理 {count} 笔"),
    "fund-pay.count.deferred": ("{count} put off", "暂缓 {count} 笔"),
    "fund-pay.count.not-covered": ("{count} not covered", "不属补偿范围 {count} 笔"),
    "fund-pay.count.not-due": ("{count} not yet due", "未到期 {count} 笔"),
    "fund-pay.status.paid": ("settled", "已结"),
    "fund-pay.status.refused": ("refused", "不予受理"),
    "fund-pay.status.deferred": ("put off", "暂缓"),
    "fund-pay.status.not-covered": ("not covered", "不属补偿范围"),
    "fund-pay.status.not-due": ("not yet due", "未到期"),
    "fund-pay.section.left-out": (
        "Left out, because it cannot be used as given: {count}",
        "因无法使用而未计入：{count} 处",
    ),
    "fund-pay.section.claims": ("Claim by claim", "逐笔结果"),
    "fund-pay.section.totals": ("Who bears what", "各方承担"),
    "fund-pay.section.pots": ("Pots", "资金池"),
    "fund-pay.section.lender": ("By lender", "按贷款机构"),
    "fund-pay.section.district": ("By district", "按区县"),
    "fund-pay.section.breakers": ("Breakers", "熔断记录"),
    "fund-pay.section.limits": ("Limits used", "限额使用"),
    "fund-pay.more-claims": (
        "{count} more claims are not shown; JSON and CSV hold all.",
        "另有 {count} 笔未列出；JSON 和 CSV 包含全部。",
    ),
    "fund-pay.more-limits": (
        "{count} more rows are not shown; JSON holds all.",
        "另有 {count} 行未列出；JSON 包含全部。",
    ),
    "fund-pay.no-breaker": ("None has tripped.", "未触发。"),
    "fund-pay.no-base": ("over nothing", "分母为零"),
    "fund-pay.none": ("-", "-"),
    "fund-pay.tripped": ("tripped", "触发"),
    "fund-pay.lifted": ("lifted", "解除"),
    "fund-pay.returned": ("of it returned to the fund", "其中已返还基金"),
    "fund-pay.fund-owed": ("owed {amount}", "欠付 {amount}"),
    "fund-pay.fund-returned": ("returned {amount}", "已返还 {amount}"),
    "fund-pay.fund-clawed": ("clawed back {amount}", "已追回 {amount}"),
    "fund-pay.lowered": ("also lowered by: {clauses}", "此前已调减：{clauses}"),
    "fund-pay.party.fund": ("The fund", "基金"),
    "fund-pay.party.lender": ("lender", "贷款机构"),
    "fund-pay.clause.cover": ("no cover rule fits", "无适用的补偿规则"),
    "fund-pay.clause.cover.most": ("highest share", "补偿比例上限"),
    "fund-pay.clause.cover.of_liability": (
        "all public money within a share of the own liability",
        "财政资金合计不超过自身责任额的规定比例",
    ),
    "fund-pay.clause.covers": ("another part than the fund covers", "不属基金覆盖的贷款类别"),
    "fund-pay.clause.money": ("the pot is short", "资金不足"),
    "fund-pay.clause.quota": ("the lender's quota", "机构额度"),
    "fund-pay.column.claim": ("Claim", "代偿编号"),
    "fund-pay.column.loss": ("Loss", "损失"),
    "fund-pay.column.fund": ("Fund pays", "基金支付"),
    "fund-pay.column.others": ("Others bear", "其他方承担"),
    "fund-pay.column.decided": ("Decided by", "决定条款"),
    "fund-pay.column.basis": ("Basis", "依据"),
    "fund-pay.column.party": ("Party", "分担方"),
    "fund-pay.column.bears": ("Bears", "承担"),
    "fund-pay.column.pot": ("Pot", "资金池"),
    "fund-pay.column.district": ("District", "区县"),
    "fund-pay.column.lender": ("Lender", "贷款机构"),
    "fund-pay.column.count": ("Claims", "笔数"),
    "fund-pay.column.capital": ("Put in", "投入"),
    "fund-pay.column.paid": ("Paid", "已付"),
    "fund-pay.column.back": ("Came back", "返还"),
    "fund-pay.column.left": ("Left", "余额"),
    "fund-pay.column.day": ("Day", "日期"),
    "fund-pay.column.clause": ("Clause", "条款"),
    "fund-pay.column.whom": ("Whom", "对象"),
    "fund-pay.column.state": ("State", "状态"),
    "fund-pay.column.measured": ("Measured", "测算值"),
    "fund-pay.column.used": ("Used", "已用"),
    "fund-pay.column.ceiling": ("Ceiling", "上限"),
    "fund-pay.person": (
        "Worked out from the terms above; whether a claim is paid is decided by the people "
        "responsible for the fund.",
        "以上按所列条款测算；是否支付由基金管理人员决定。",
    ),
}
