"""Problems in a fund file, and questions about funds that cannot be answered (en, zh).

Each text says what is wrong; what is allowed; what to do.
"""

from __future__ import annotations

from ipcredit.messages import policy

_SAID = policy.TEXTS  # what is wrong with a table, a value or a date is said as in a policy

TEXTS: dict[str, tuple[str, str]] = {
    "fund.schema": _SAID["policy.schema"],
    "fund.required": _SAID["policy.required"],
    "fund.required-word": _SAID["policy.required-word"],
    "fund.unknown-key": _SAID["policy.unknown-key"],
    "fund.unknown-key-near": _SAID["policy.unknown-key-near"],
    "fund.key-without-effect": _SAID["policy.key-without-effect"],
    "fund.not-a-table": _SAID["policy.not-a-table"],
    "fund.not-text": _SAID["policy.not-text"],
    "fund.not-texts": _SAID["policy.not-texts"],
    "fund.not-flag": _SAID["policy.not-flag"],
    "fund.not-date": _SAID["policy.not-date"],
    "fund.not-number": _SAID["policy.not-number"],
    "fund.percent": _SAID["policy.percent"],
    "fund.not-whole": _SAID["policy.not-whole"],
    "fund.number-size": _SAID["policy.number-size"],
    "fund.out-of-unit": _SAID["policy.out-of-unit"],
    "fund.out-of-range": _SAID["policy.out-of-range"],
    "fund.too-low": _SAID["policy.too-low"],
    "fund.money-unit": _SAID["policy.money-unit"],
    "fund.not-one-of": _SAID["policy.not-one-of"],
    "fund.empty": _SAID["policy.empty"],
    "fund.no-source": _SAID["policy.no-source"],
    "fund.no-reason": _SAID["policy.no-reason"],
    "fund.unknown-source": _SAID["policy.unknown-source"],
    "fund.no-date": _SAID["policy.no-date"],
    "fund.dates-order": _SAID["policy.dates-order"],
    "fund.unknown-edition": _SAID["policy.unknown-edition"],
    "fund.before-first": _SAID["policy.before-first"],
    "fund.between": _SAID["policy.between"],
    "fund.ended": _SAID["policy.ended"],
    "fund.not-a-value": _SAID["policy.not-a-value"],
    "fund.no-value": _SAID["policy.no-value"],
    "fund.currency": (
        "the fund has no known currency; allowed are {allowed}; name one",
        "基金未写明可识别的币种；可用 {allowed}；请写一个",
    ),
    "fund.exactly-one": (
        "exactly one of several keys is needed, found: {given}; allowed are {allowed}; write one",
        "几个键须恰有其一，现有：{given}；可用 {allowed}；请写一个",
    ),
    "fund.not-tables": (
        'a list of tables is needed, found "{given}"; allowed is [ {{ … }}, {{ … }} ]; write it so',
        "须为表的列表，现为“{given}”；须写成 [ {{ … }}, {{ … }} ]；请照此书写",
    ),
    # -- shares
    "fund.band-open": (
        "this band has no up_to, and others stand below it; only the last band may be open; give "
        "it a bound or move it",
        "本档没有 up_to，其后还有其他档；只有末档可以不设上界；请补充上界或移至最后",
    ),
    "fund.band-order": (
        '"{given}" is not above the bound before it; bounds rise from band to band; reorder or '
        "correct them",
        "“{given}”不高于前一档的界限；界限须逐档递增；请调整顺序或改正",
    ),
    "fund.slices": (
        '"slices" counts each part of the amount at its own share, and "{given}" is not that '
        'amount; slices go by size; write by = "size" or applies = "whole"',
        "“slices”按金额分段计算，而“{given}”不是该金额；分段只能按 size；"
        '请写 by = "size" 或 applies = "whole"',
    ),
    "fund.uplifts": (
        "{given} uplifts are too many to be checked in every combination; allowed are {most}; join "
        "some of them",
        "上浮项共 {given} 个，过多而无法逐一核对组合；最多 {most} 个；请合并",
    ),
    "fund.shares-above": (
        "fund and fixed parties together bear {given} % of a loss; at most 100 % is allowed, uplifts "
        "included; lower a share or set most in [cover]",
        "基金与各固定分担方合计承担损失的 {given}%；连同上浮不得超过 100%；"
        "请降低比例或在 [cover] 中设 most",
    ),
    "fund.shares-sum": (
        "with the lender's stated share the parties bear {given} % of a loss; it must be exactly "
        "100 % for every rule; correct a share, or leave the lender out to give it the rest",
        "写明贷款机构的比例后，各方合计承担损失的 {given}%；每条规则均须恰为 100%；"
        "请改正比例，或不写贷款机构的比例而由其承担其余",
    ),
    "fund.share-negative": (
        "after uplifts the fund's share may be {given} %; it must be 0 % or more; correct the points",
        "调整后基金承担的比例可能为 {given}%；不得低于 0%；请改正百分点",
    ),
    "fund.two-rests": (
        "another party bears the rest already; one party at most has rest = true; give this one a "
        "share",
        "已有其他分担方承担其余；至多一方写 rest = true；请为本方写明比例",
    ),
    "fund.below-least": (
        "this party may bear only {given} %; its least is {least} %; correct the shares or the least",
        "该分担方可能只承担 {given}%；其下限为 {least}%；请改正比例或下限",
    ),
    "fund.pots-sum": (
        "the pots pay {given} % of each payment together; their shares must add to exactly 100 %; "
        "correct them",
        "各资金池合计支付每笔代偿的 {given}%；其比例之和须恰为 100%；请改正",
    ),
    "fund.districts-sum": (
        "the districts hold {given} % of the money together; their shares must add to exactly 100 %; "
        "correct them",
        "各区县合计占资金的 {given}%；其比例之和须恰为 100%；请改正",
    ),
    # -- to which loans
    "fund.bounds": (
        "a bound on a number has at most one lower and one upper word, found: {given}; allowed are "
        "{allowed}; write one or two",
        "对数值的限定至多各有一个下界和一个上界，现有：{given}；可用 {allowed}；请写一个或两个",
    ),
    "fund.bounds-empty": (
        'no number lies between the two bounds, the upper one being "{given}"; the lower bound must '
        "be below the upper; correct one",
        "两个界限之间没有任何数值，上界为“{given}”；下界须低于上界；请改正其一",
    ),
    # -- limits, breakers, money
    "fund.breaker-four": (
        "the breaker does not say: {given}; measure (what is measured), over (over which "
        "denominator), per (per whom) and stops (what stops) are never implied; add them, marked "
        "as assumed where they are not public",
        "熔断条款没有写明：{given}；measure（度量什么）、over（以什么为分母）、per（对谁）、"
        "stops（停止什么）均不得省略；请补充，未公布的标为 assumed",
    ),
    "fund.clawback": (
        'only payments can be taken back; clawback goes with measure = "payouts" and kind = '
        '"cap"; correct or remove it',
        '只有已付的代偿可以追回；clawback 只用于 measure = "payouts" 且 kind = "cap"；请改正或删除',
    ),
    "fund.paid-in-above": (
        '"{given}" is more than the commitment; what is paid in is at most what is committed; '
        "correct one",
        "“{given}”超过承诺额；实缴额不得超过承诺额；请改正其一",
    ),
    # -- questions
    "fund.unknown": (
        "no such fund; known are {allowed}; choose one, or give the path of a .toml file",
        "没有这只基金；已有 {allowed}；请选一只，或给出 .toml 文件的路径",
    ),
    "fund.unknown-near": (
        'no such fund; known are {allowed}; did you mean "{nearest}"?',
        "没有这只基金；已有 {allowed}；是否指“{nearest}”？",
    ),
    "fund.no-such-path": (
        "the fund has no such value; `ipcredit fund show` lists all; correct the path",
        "基金中没有该项；全部各项见 `ipcredit fund show`；请改正路径",
    ),
    "fund.no-such-path-near": (
        'the fund has no such value; the nearest is "{nearest}"; correct the path',
        "基金中没有该项；最接近的是“{nearest}”；请改正路径",
    ),
    "fund.changes-nothing": (
        '"{given}" is what the fund says already; a change must change something; remove it or '
        "give another value",
        "“{given}”与基金现值相同；修改须使基金有所变化；请删除该项修改或改用其他值",
    ),
}
