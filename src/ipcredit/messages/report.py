"""The report on one firm, the table of many, and what ``verify`` says (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "report.no-name": ("(firm without a name)", "（未提供企业名称）"),
    "report.policy": (
        "{title} ({id}@{edition}, fingerprint {fingerprint}), as of {on}",
        "{title}（{id}@{edition}，指纹 {fingerprint}），评价日 {on}",
    ),
    "report.change": (
        "Changed by the user: {path}: {old} → {new}",
        "使用者修改：{path}：{old} → {new}",
    ),
    "report.status": ("Result", "结论"),
    "report.tier": ("Tier", "信用等级"),
    "report.total": ("Total points", "综合得分"),
    "report.none": ("-", "-"),
    "report.open": ("open", "待定"),
    "report.reasons": ("Why", "原因"),
    "report.problems": ("What is wrong in the data", "数据问题"),
    "report.missing": (
        "Missing figures on which the result depends, and the rules that need them",
        "缺少的数据（结果取决于这些数据）及所需规则",
    ),
    "report.needed-by": ("{field}: {rules}", "{field}：{rules}"),
    "report.lift": (
        "What would reach tier {tier} (any one of these, all else equal)",
        "达到 {tier} 级还差（任选一项，其他不变）",
    ),
    "report.lift-eligible": (
        "What would make it eligible (any one of these, all else equal)",
        "达到条件还差（任选一项，其他不变）",
    ),
    "report.lift-more": ("and {count} other ways", "另有 {count} 种途径"),
    "report.lift-more.one": ("and {count} other way", "另有 {count} 种途径"),
    "report.lift-there": ("Tier {tier} is reached already.", "已达到 {tier} 级。"),
    "report.lift-open": (
        "What tier {tier} needs cannot be said before the data are complete and right.",
        "数据不全或有误，无法判断达到 {tier} 级还差什么。",
    ),
    "report.lift-none": (
        "Tier {tier} is not reached by raising up to three of the figures the policy names as "
        "favourable.",
        "提高至多三项有利指标仍不能达到 {tier} 级。",
    ),
    "report.section.score": ("Evaluation", "评价指标"),
    "report.section.gates": ("Conditions of admission", "准入条件"),
    "report.section.tier": ("Tier", "信用等级"),
    "report.section.line": ("Lines", "额度核定"),
    "report.section.terms": ("Terms of the loan", "贷款条件"),
    "report.sources": ("Sources", "依据文件"),
    "report.assumed": (
        "Assumed, because not public (the policy assumes {count} values; those behind this result)",
        "假定（未公开；政策共有假定值 {count} 个，以下为本结果所用）",
    ),
    "report.assumed-mark": ("[assumed]", "[假定]"),
    "report.changed-mark": ("[changed]", "[已修改]"),
    "evidence.official": ("official", "官方文件"),
    "evidence.secondary": ("secondary", "二手资料"),
    "evidence.assumed": ("assumed", "假定"),
    # -- many firms
    "table.row": ("Row", "序号"),
    "table.name": ("Firm", "企业名称"),
    "table.status": ("Result", "结论"),
    "table.tier": ("Tier", "等级"),
    "table.points": ("Points", "得分"),
    "table.line": ("Comprehensive line", "综合授信额度"),
    # -- verify
    "verify.not-a-result": (
        "this is not a saved result ({reason}); a file that `ipcredit score --format json` wrote is "
        "needed; give that file",
        "这不是已保存的结果（{reason}）；须为 `ipcredit score --format json` 写出的文件；请提供该文件",
    ),
    "verify.lacks": ("it lacks {key}", "缺少 {key}"),
    "verify.bad-key": ("{key} cannot be read", "{key} 无法识别"),
    "verify.empty": ("it holds no result", "其中没有结果"),
    "verify.version": (
        "result format {given} is not known here; allowed is up to {allowed}; use a later ipcredit",
        "不认识的结果格式 {given}；最高可用 {allowed}；请使用更新的 ipcredit",
    ),
    "verify.invalid": (
        "the firm's data were invalid and are not kept, so nothing can be recomputed; a result with "
        "valid data is needed; correct the data and score again",
        "企业数据有误且未保存，无法重算；须为数据有效的结果；请更正数据后重新评分",
    ),
    "verify.policy": (
        "The policy in the result is not valid, so nothing can be recomputed:",
        "结果所含政策无效，无法重算：",
    ),
    "verify.heading": ("Result {at} of {count}: {name}", "第 {at} 份（共 {count} 份）：{name}"),
    "verify.made-by": (
        "Made by ipcredit {version}; policy {policy}; as of {on}",
        "由 ipcredit {version} 生成；政策 {policy}；评价日 {on}",
    ),
    "verify.holds": ("It recomputes: the same result.", "重算一致：结果相同。"),
    "verify.fails": ("It does NOT recompute. What differs:", "重算不一致。差异如下："),
    "verify.differs": (
        "{key}: saved {saved}, recomputed {again}",
        "{key}：保存的为 {saved}，重算为 {again}",
    ),
    "verify.edited": (
        "{key}: no longer what was written ({saved}); what it holds now gives {again}",
        "{key}：内容已非写出时的内容（{saved}）；现内容为 {again}",
    ),
    "verify.shipped": (
        "Its policy is the shipped edition.",
        "所用政策与随附版本一致。",
    ),
    "verify.shipped-changed": (
        "Its policy is the shipped edition with the changes it lists:",
        "所用政策为随附版本加所列修改：",
    ),
    "verify.not-shipped": (
        "Its policy is NOT the shipped edition. Values that differ:",
        "所用政策与随附版本不一致。不同的数值：",
    ),
    "verify.policy-value": (
        "{path}: shipped {shipped}, in the result {saved}",
        "{path}：随附版本 {shipped}，结果中 {saved}",
    ),
    "verify.change": ("{path}: {old} → {new}", "{path}：{old} → {new}"),
    "verify.unknown-edition": (
        "No edition {policy} is shipped with this version; its policy cannot be compared.",
        "本版本未随附政策版本 {policy}，无法比对。",
    ),
}
