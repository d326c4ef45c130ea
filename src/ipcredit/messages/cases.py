"""What a golden case says and what a policy gives instead (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "case.mismatch": (
        'in "{name}", {what} is {got}; it should be {expected}; correct the case or the policy',
        "“{name}”：{what} 为 {got}；应为 {expected}；请更正案例或政策",
    ),
    "case.unknown-name": (
        'the policy has no "{given}" here; it has {allowed}; name one of them',
        "政策中此处没有“{given}”；现有 {allowed}；请改用其一",
    ),
    "case.unknown-name-near": (
        'the policy has no "{given}" here; the nearest is "{nearest}"; correct it',
        "政策中此处没有“{given}”；最接近的是“{nearest}”；请改正",
    ),
    "case.none": (
        "the file has no case; a case is a table [[case]] with name, firm and expect; add one",
        "文件中没有案例；案例是带 name、firm、expect 的 [[case]] 表；请补充",
    ),
    "case.nothing-expected": (
        'the case expects nothing; as in expect = {{ status = "eligible" }}; say what must come out',
        '案例没有写明预期；例如 expect = {{ status = "eligible" }}；请写明应得的结果',
    ),
    "case.twice": (
        'another case is called "{given}" already (line {line}); a name is said once; rename one',
        "已有名为“{given}”的案例（第 {line} 行）；名称不可重复；请改名",
    ),
    "case.not-missing": (
        'this case gives "{given}" and calls it missing; a figure is given or missing; keep one',
        "该案例既给出“{given}”又称其缺失；数据或有或缺；请保留其一",
    ),
    "case.amount": (
        '"{given}" is no amount; an amount with its unit or "none" is needed; write "450 万元"',
        "“{given}”不是金额；须为带单位的金额或“none”；请写成“450 万元”",
    ),
}
