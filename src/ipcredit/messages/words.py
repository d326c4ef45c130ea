"""Words of results: statuses, parts, headings (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "status.eligible": ("eligible", "符合"),
    "status.refused": ("refused", "不符合"),
    "status.incomplete": ("incomplete", "资料不全"),
    "status.invalid": ("invalid", "数据有误"),
    "part.knowledge": ("knowledge line", "知识价值信用授信额度"),
    "part.base": ("base line", "商业信用基础授信额度"),
    "cli.date": (
        '"{given}" is not a date; write it as 2026-06-30',
        "“{given}”不是日期；请写成 2026-06-30",
    ),
    "cli.set": (
        '"{given}" is not a change; write PATH=VALUE, as in line.tiers.B.amount=450万元',
        "“{given}”不是修改项；请写成 路径=数值，如 line.tiers.B.amount=450万元",
    ),
    "cli.suffix": (
        'files ending in "{given}" are not written here; allowed are {allowed}; choose one, or give '
        "--format",
        "不能写出以“{given}”结尾的文件；可用 {allowed}；请改用其一，或指定 --format",
    ),
    "cli.row": (
        "there is no row {given}; the table has {rows}; choose one of them",
        "没有第 {given} 户；表中共 {rows} 户；请改正",
    ),
    "cli.problems": ("{count} problems", "共 {count} 个问题"),
    "cli.counts": (
        "{total} firms: {eligible} eligible, {refused} refused, {incomplete} incomplete, "
        "{invalid} invalid; comprehensive lines {sum}",
        "共 {total} 户：符合 {eligible}，不符合 {refused}，资料不全 {incomplete}，数据有误 "
        "{invalid}；综合授信额度合计 {sum}",
    ),
    "file.unwritable": (
        "cannot be written: {reason}; check the folder",
        "无法写入：{reason}；请检查文件夹",
    ),
    "install.no-config": (
        "the configuration is not installed; looked in {packaged} and {checkout}; reinstall ipcredit",
        "未找到随附的配置；已查 {packaged} 与 {checkout}；请重新安装 ipcredit",
    ),
    "file.toml": (
        "this is not valid TOML: {reason}; correct the line",
        "不是有效的 TOML：{reason}；请改正该行",
    ),
    "file.encoding": (
        "not UTF-8 text (byte {position}); save the file as UTF-8",
        "不是 UTF-8 文本（第 {position} 字节）；请另存为 UTF-8",
    ),
    "file.unreadable": (
        "cannot be read: {reason}; check the path",
        "无法读取：{reason}；请检查路径",
    ),
    # -- rules in words
    "words.years-sum": ("{label} (sum of {years} years)", "{label}（{years} 年合计）"),
    "words.total-points": ("total points", "综合得分"),
    "words.points-of": ("points of {title}", "{title}得分"),
    "words.growth.year_on_year": ("growth of {label}, year on year", "{label}同比增长率"),
    "words.growth.mean_of_ratios": (
        "growth of {label}, mean of two years",
        "{label}增长率（两年平均）",
    ),
    "words.growth.cagr": (
        "growth of {label}, compound over two years",
        "{label}两年复合增长率",
    ),
    "words.since": ("time since {label}", "{label}（距今）"),
    "words.until": ("time until {label}", "{label}（尚余）"),
    "words.unit.days": ("{count} days", "{count} 天"),
    "words.unit.months": ("{count} months", "{count} 个月"),
    "words.unit.years": ("{count} years", "{count} 年"),
    "words.unit.points": ("{count} points", "{count} 分"),
    "words.yes": ("yes", "是"),
    "words.no": ("no", "否"),
    "words.or": (" or ", "或"),
    "words.and": (" and ", "且"),
    "words.semicolon": ("; ", "；"),
    "words.if": ("if {when}: {then}", "{when}时：{then}"),
    "words.otherwise": ("otherwise: {then}", "其他情况：{then}"),
    "words.below-all": ("below all", "低于以上各档"),
    "words.above-all": ("above all", "高于以上各档"),
    "words.all-others": ("all others", "其他"),
    "words.missing": ("missing", "缺失"),
    "words.none": ("none", "无"),
    "part.total": ("comprehensive line", "综合授信额度"),
}
