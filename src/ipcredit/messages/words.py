"""Words of results: statuses, parts, headings (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "status.eligible": ("eligible", "符合"),
    "status.refused": ("refused", "不符合"),
    "status.incomplete": ("incomplete", "资料不全"),
    "status.invalid": ("invalid", "数据有误"),
    "part.knowledge": ("knowledge line", "知识价值信用授信额度"),
    "part.base": ("base line", "商业信用基础授信额度"),
    # -- the command line
    "cli.usage": (
        "{reason}; see `{command} --help`",
        "{reason}；用法见 `{command} --help`",
    ),
    "cli.missing": (
        "not given; it is needed; see `{command} --help`",
        "未提供；此项必填；用法见 `{command} --help`",
    ),
    "cli.no-value": (
        "no value follows; write {key} VALUE, with quotes around a value that holds blanks",
        "其后没有数值；请写成 {key} 数值，数值含空格时加引号",
    ),
    "cli.no-option": (
        "no such option; allowed are {allowed}; see `{command} --help`",
        "没有此选项；可用 {allowed}；用法见 `{command} --help`",
    ),
    "cli.no-command": (
        'no such command "{given}"; allowed are {allowed}; see `{command} --help`',
        "没有命令“{given}”；可用 {allowed}；用法见 `{command} --help`",
    ),
    "cli.extra": (
        '"{given}" is one word too many; write one value for each option, with quotes around a value '
        'that holds blanks, as in "450 万元"; see `{command} --help`',
        '“{given}”多余；每个选项一个数值，数值含空格时加引号，如 "450 万元"；用法见 `{command} --help`',
    ),
    "cli.choice": (
        "the value is not known; allowed are {allowed}; choose one",
        "无法识别的取值；可用 {allowed}；请选一个",
    ),
    "cli.number": (
        "the value is not a number; a number is needed, as in 0.05; correct it",
        "取值不是数字；须为数字，如 0.05；请改正",
    ),
    "cli.whole": (
        "the value is not allowed; a whole number from {least} to {most} is needed; correct it",
        "取值无效；须为 {least} 至 {most} 的整数；请改正",
    ),
    "cli.whole-from": (
        "the value is not allowed; a whole number of {least} or more is needed; correct it",
        "取值无效；须为不小于 {least} 的整数；请改正",
    ),
    "cli.date": (
        '"{given}" is not a date; allowed is YYYY-MM-DD; write it as 2026-06-30',
        "“{given}”不是日期；须为 年-月-日；请写成 2026-06-30",
    ),
    "cli.day-range": (
        "{given} is out of range; allowed is {first} to {last}; correct it",
        "{given} 超出范围；须在 {first} 至 {last} 之间；请改正",
    ),
    "cli.set": (
        '"{given}" is not a change; allowed is PATH=VALUE; write it as in line.tiers.B.amount=450万元',
        "“{given}”不是修改项；须为 路径=数值；请写成 line.tiers.B.amount=450万元 的形式",
    ),
    "cli.suffix": (
        'files ending in "{given}" are not written here; allowed are {allowed}; choose one, or give '
        "--format",
        "不能写出以“{given}”结尾的文件；可用 {allowed}；请改用其一，或指定 --format",
    ),
    "cli.form-conflict": (
        'the file ends in "{given}" and --format says {form}; they must agree; change one of them',
        "文件以“{given}”结尾，而 --format 为 {form}；两者须一致；请改其一",
    ),
    "cli.same-file": (
        "this is the file that is read; a result must not overwrite it; give another name",
        "这是正在读取的文件；结果不得覆盖它；请换一个文件名",
    ),
    "cli.row": (
        "there is no row {given}; the table has {rows}; choose one of them",
        "没有第 {given} 户；表中共 {rows} 户；请改正",
    ),
    "cli.problems": ("{count} problems", "共 {count} 个问题"),
    "cli.interrupted": ("interrupted; what is written is kept", "已中断；已写出的内容保留"),
    "cli.cases": (
        "cases that hold: {passed}; that do not: {failed}",
        "案例通过 {passed} 个，未通过 {failed} 个",
    ),
    "cli.written": ("written: {path}", "已写出：{path}"),
    "cli.counts": (
        "firms: {total}; eligible {eligible}, refused {refused}, incomplete {incomplete}, "
        "invalid {invalid}",
        "共 {total} 户：符合 {eligible}，不符合 {refused}，资料不全 {incomplete}，数据有误 {invalid}",
    ),
    "cli.sum": (
        "comprehensive lines of the eligible firms: {sum}",
        "符合条件企业的综合授信额度合计：{sum}",
    ),
    "file.folder": (
        "this is a folder; a file is needed; name a file in it",
        "这是文件夹；须为文件；请指定其中的文件",
    ),
    "file.unwritable": (
        "cannot be written: {reason}; a file in a folder that exists and may be written to is "
        "needed; check the path",
        "无法写入：{reason}；须为已有且可写的文件夹中的文件；请检查路径",
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
        "not UTF-8 text (byte {position}); allowed is UTF-8; save the file as UTF-8",
        "不是 UTF-8 文本（第 {position} 字节）；须为 UTF-8；请另存为 UTF-8",
    ),
    "file.unreadable": (
        "cannot be read: {reason}; a file that exists and may be read is needed; check the path",
        "无法读取：{reason}；须为已有且可读的文件；请检查路径",
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
    "words.growth.mean_of_two_rates": (
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
    "words.unit.days.one": ("{count} day", "{count} 天"),
    "words.unit.months": ("{count} months", "{count} 个月"),
    "words.unit.months.one": ("{count} month", "{count} 个月"),
    "words.unit.years": ("{count} years", "{count} 年"),
    "words.unit.years.one": ("{count} year", "{count} 年"),
    "words.unit.points": ("{count} points", "{count} 分"),
    "words.unit.points.one": ("{count} point", "{count} 分"),
    "words.yes": ("yes", "是"),
    "words.no": ("no", "否"),
    "words.or": (" or ", "或"),
    "words.and": (" and ", "，且"),
    "words.or-else": (" or ", "，或"),
    "words.semicolon": ("; ", "；"),
    "words.if": ("if {when}: {then}", "{when}时：{then}"),
    "words.otherwise": ("otherwise: {then}", "其他情况：{then}"),
    "words.below-all": ("below all", "低于以上各档"),
    "words.above-all": ("above all", "高于以上各档"),
    "words.all-others": ("all others", "其他"),
    "words.missing": ("missing", "缺失"),
    "words.none": ("none", "无"),
    "words.zero-denominator": ("the denominator is 0", "分母为零"),
    "words.to-come": ("{date}, still to come", "{date}（尚未到）"),
    "words.colon": (": ", "："),
    "words.comma": (", ", "，"),
    "words.plus": (" + ", " + "),
    "words.list-comma": (", ", "、"),
    "words.brackets": (" ({text})", "（{text}）"),
    "words.tier": ("Tier", "信用等级"),
    "words.between": ("{low} to {high}", "{low} 至 {high}"),
    "words.no-bound": ("no limit", "不限"),
    "words.pro-rata": ("all parts in proportion", "各部分按比例"),
    "part.total": ("Comprehensive line", "综合授信额度"),
}

# What operating systems say, in Chinese; in English it stands as it is.
REASONS: dict[str, str] = {
    "No such file or directory": "文件或文件夹不存在",
    "Permission denied": "没有权限",
    "Is a directory": "这是文件夹",
    "Not a directory": "路径中有一段不是文件夹",
    "No space left on device": "磁盘已满",
    "Read-only file system": "文件系统只读",
    "File name too long": "文件名过长",
    "Invalid argument": "文件名无效",
    "Operation not permitted": "不允许此操作",
    "Input/output error": "读写出错",
}
