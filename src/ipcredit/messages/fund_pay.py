"""Problems and texts of paying the claims on a fund (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # loans and claims
    "fund-pay.loans-lack": (
        "{count} loans lack it and a clause of the fund asks for it; allowed is a value for every "
        "loan; fill in the column",
        "有 {count} 笔贷款缺少此项，而基金条款需要；每笔贷款都应有值；请补充该列",
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
    "fund-pay.no-capital": (
        "the fund tests its payments against money that is {tested}, and none is given; allowed is "
        "an amount in the fund file or in a file of money; give it with --set or --money",
        "本基金按 {tested} 口径的资金检验支付，但没有给出金额；可在基金文件或资金文件中给出；"
        "请用 --set 或 --money 给出",
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
}
