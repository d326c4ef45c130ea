"""Texts of one-period results of a fund: problems, notes and the treasurer's page (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- problems
    "fund-results.no-loans": (
        'the fund covers "{covers}" and the book has no such loan; check the part of the loans, or choose a fund that covers them',
        "基金覆盖“{covers}”类贷款，而贷款表中没有；请核对贷款的类别，或另选基金",
    ),
    "fund-results.no-recovery": (
        'of {count} loans it is not known what comes back (first: "{loan}"); give each a recovery, or put severity.recovery into the scenario',
        "有 {count} 笔贷款的回收率未知（首笔：“{loan}”）；请逐笔填写 recovery，或在情景中给出 severity.recovery",
    ),
    "fund-results.no-capital": (
        "payments are bounded by the capital {capital}, and neither the fund nor the scenario gives it; put capital.{key} into the scenario",
        "补偿以“{capital}”口径的资金为限，而基金文件和情景均未给出；请在情景中写 capital.{key}",
    ),
    "fund-results.district-money": (
        "these districts have loans but no share of the districts' money: {names}; add them to money.districts",
        "下列区县有贷款而没有区县资金份额：{names}；请在 money.districts 中补上",
    ),
    "fund-results.word": (
        '"{value}" is unknown; allowed is {allowed}; choose one of these',
        "“{value}”无法识别；可选 {allowed}；请从中选择",
    ),
    "fund-results.not-exact": (
        "not to be had without sampling: {figures} (reason: {reason}); use the method auto, which samples what is missing",
        "下列结果不抽样无法得到：{figures}（原因：{reason}）；请改用 auto 方法，只抽样缺少的部分",
    ),
    "fund-results.out-of-range": (
        "{value} is out of range; allowed is {allowed}; choose a number in between",
        "{value} 超出范围；可取 {allowed}；请改用其间的数",
    ),
    "fund-results.unreachable": (
        "no value between {low} and {high} reaches the target {target}; change the target or the fund's other clauses",
        "在 {low} 与 {high} 之间没有取值能达到目标 {target}；请调整目标或基金的其他条款",
    ),
    # -- notes
    "fund-results.note.liability": (
        "a book does not say what a claimant's own liability is: taken as the whole eligible amount, with no other public money",
        "贷款表不含申请人自身责任额：按全部可补偿金额计，且不计其他财政资金",
    ),
    "fund-results.note.mean-loss": (
        "the fund pays the loss after recovery; eligible amounts are taken at the mean recovery",
        "基金在追偿之后补偿损失；可补偿金额按平均回收率计",
    ),
}
