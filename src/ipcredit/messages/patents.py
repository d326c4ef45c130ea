"""Texts of patents and other rights: numbers, reading, what counts (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "map.patents": (
        "rights cannot be counted for all schemes at once; each scheme counts its own; name one "
        "policy with --policy",
        "不能同时为全部方案计数知识产权；各方案计数口径不同；请用 --policy 指定一项政策",
    ),
    # -- numbers: why one is rejected
    "number.empty": (
        "there is no number; allowed is an application, publication or registration number; add it",
        "没有号码；应为申请号、公开（公告）号或登记号；请补上",
    ),
    "number.scientific": (
        '"{given}" is a number that a spreadsheet has shortened, its last digits are lost; allowed '
        "are all digits; export again with the column as text",
        "“{given}”被电子表格改成科学计数法，末尾数字已丢失；须为完整号码；请将该列设为文本后重新导出",
    ),
    "number.several": (
        '"{given}" holds several numbers; allowed is one; give each right its own row',
        "“{given}”含多个号码；只能有一个；请每项权利单独一行",
    ),
    "number.year": (
        '"{given}" begins with the year {year}; eight digits begin with 85 to 99 or 00 to 03, twelve '
        "with 2003 or later; compare the number with the certificate",
        "“{given}”的年份为 {year}；八位号码以 85 至 99 或 00 至 03 开头，十二位号码以 2003 或更晚的年份开头；"
        "请与证书核对",
    ),
    "number.kind-digit": (
        'the digit for the kind in "{given}" is {digit}; allowed are 1, 2, 3, 8, 9; compare the '
        "number with the certificate",
        "“{given}”的种类位为 {digit}；只能是 1、2、3、8、9；请与证书核对",
    ),
    "number.letter": (
        'the letter {letter} at the end of "{given}" does not belong to the kind that its digit '
        "{digit} says; A, B, C follow inventions, U, Y utility models, S, D designs; compare the "
        "number with the certificate",
        "“{given}”末尾的字母 {letter} 与其种类位 {digit} 不符；A、B、C 为发明，U、Y 为实用新型，S、D 为外观设计；"
        "请与证书核对",
    ),
    "number.check": (
        'the check digit of "{given}" is {last}; by the other digits it must be {expected}; compare '
        "the number with the certificate",
        "“{given}”的校验位为 {last}；按其余各位应为 {expected}；请与证书核对",
    ),
    "number.x-place": (
        'there is an X within "{given}"; it may only stand last, as the check digit; compare the '
        "number with the certificate",
        "“{given}”中间有 X；X 只能是最后的校验位；请与证书核对",
    ),
    "number.dot-place": (
        'a dot of "{given}" stands out of place; the only dot stands before the check digit; compare '
        "the number with the certificate",
        "“{given}”的小数点位置不对；只能在校验位之前有一个；请与证书核对",
    ),
    "number.character": (
        '"{given}" contains "{character}"; allowed are digits, the prefix CN or ZL, and X as check '
        "digit (the digit 0 is not the letter O); correct the number",
        "“{given}”含有“{character}”；只能是数字、CN 或 ZL 前缀及校验位 X（数字 0 不是字母 O）；请改正",
    ),
    "number.length": (
        '"{given}" has {count} digits; allowed are {allowed}; compare the number with the certificate',
        "“{given}”有 {count} 位；应为 {allowed} 位；请与证书核对",
    ),
    # -- numbers: what to know about one that is used
    "number.no-check": (
        '"{given}" has no check digit; it is used as {text}, and nothing guards its digits against a '
        "slip; compare it with the certificate",
        "“{given}”没有校验位；按 {text} 使用，其各位数字无从校验；请与证书核对",
    ),
    "number.other-x": (
        'the check digit of "{given}" is written with another sign than X; it is used as {text}; '
        "correct it at the source",
        "“{given}”的校验位不是字母 X；按 {text} 使用；请在源文件中改正",
    ),
    "number.excel-number": (
        '"{given}" stands as an amount, a check digit 0 may be lost; it is used as {text}; export the '
        "column as text",
        "“{given}”存为数值，校验位 0 可能已丢失；按 {text} 使用；请将该列导出为文本",
    ),
    "number.is-publication": (
        '"{given}" is a publication number in a column of application numbers; it is used as '
        "{text}; move it to its column",
        "“{given}”是公开（公告）号，却在申请号一列；按 {text} 使用；请移到相应列",
    ),
    "number.is-application": (
        '"{given}" is an application number in a column of publication numbers; it is used as '
        "{text}; move it to its column",
        "“{given}”是申请号，却在公开（公告）号一列；按 {text} 使用；请移到相应列",
    ),
    "number.no-stage": (
        '"{given}" has no letter at its end, so it does not say whether the right is granted; it is '
        "used as {text}; give the grant date or the status",
        "“{given}”末尾没有字母，看不出是否已授权；按 {text} 使用；请提供授权日或法律状态",
    ),
    "number.foreign": (
        '"{given}" belongs to another office and is not checked; it is used as {text}; compare it '
        "with the source",
        "“{given}”属其他专利局，未作校验；按 {text} 使用；请与来源核对",
    ),
    "number.unchecked": (
        'the form of "{given}" is not known and not checked; it is used as {text}; compare it with '
        "the certificate",
        "“{given}”的格式未知，未作校验；按 {text} 使用；请与证书核对",
    ),
    # -- a table of rights
    "rights.empty": (
        "the table has no rows; a heading and one row for each right are needed; export again",
        "表中没有数据行；需有表头及每项权利一行；请重新导出",
    ),
    "rights.no-heading": (
        "no row has headings that are known (first row: {found}); known layouts are {layouts}; write "
        "a column map and give it with --map",
        "找不到可识别的表头（首行为：{found}）；已知样式有 {layouts}；请编写列对照文件并用 --map 指定",
    ),
    "rights.no-number-column": (
        "no column gives a number (layout {layout}; headings found: {found}); needed is one of "
        "{expected}; add the column to the export or name it in a column map (--map)",
        "没有号码列（样式 {layout}；表头为：{found}）；需有 {expected} 之一；请在导出时加上，或在列对照文件（--map）中指明",
    ),
    "rights.map-heading": (
        'the table has no heading "{given}" that {map} names (nearest: {nearest}); every heading of '
        "the map must be in the table; correct the map",
        "表中没有 {map} 指明的表头“{given}”（最接近的是：{nearest}）；列对照中的表头必须都在表中；请改正列对照文件",
    ),
    "rights.row-length": (
        "the row has {cells} cells under {width} headings, so they may stand under wrong headings; "
        "the row is left out; put quotation marks around cells that contain the separator",
        "本行有 {cells} 个单元格而表头只有 {width} 个，可能错列；本行未采用；请给含分隔符的单元格加引号",
    ),
    "rights.no-name": (
        'there are data in a column without a heading, right of "{left}" (a merged cell?); each '
        "column needs its own heading; the column is not read until it has one",
        "“{left}”右侧有一列数据没有表头（合并单元格？）；每列须有自己的表头；补上之前该列不读取",
    ),
    "rights.cell-error": (
        '"{value}" is the error of a formula; allowed is a value; correct the formula or type the '
        "value",
        "“{value}”是公式错误；应为具体的值；请改正公式或直接填写",
    ),
    "rights.date": (
        '"{value}" is not a whole date; allowed is 2025-06-30, 2025/6/30, 20250630 or 2025年6月30日; '
        "correct it",
        "“{value}”不是完整日期；应为 2025-06-30、2025/6/30、20250630 或 2025年6月30日；请改正",
    ),
    "rights.count": (
        '"{value}" is not a whole number of 0 or more; the fact stays not known; correct it',
        "“{value}”不是大于等于 0 的整数；该事实按未知处理；请改正",
    ),
    "rights.flag": (
        '"{value}" is neither yes nor no nor a number of times; the fact stays not known; write 是 '
        "or 否",
        "“{value}”既不是“是/否”，也不是次数；该事实按未知处理；请填“是”或“否”",
    ),
    "rights.word": (
        '"{value}" ({count} cells) is not a word that is known here; the fact stays not known; '
        "translate the word in a column map (--map)",
        "“{value}”（{count} 个单元格）不是已知用语；该事实按未知处理；请在列对照文件（--map）中说明其含义",
    ),
    "rights.two-numbers": (
        '"{given}" and "{other}" in one row are two numbers for the same thing; the first is used; '
        "correct the row",
        "同一行中“{given}”与“{other}”是同一事项的两个号码；采用先读到的“{other}”；请改正该行",
    ),
    "rights.kind-clash": (
        "the row says {given}, its number says {told}; the kind stays not known and the right does "
        "not count; correct the row",
        "该行写明种类为 {given}，其号码却是 {told}；种类按未知处理，不予计数；请改正该行",
    ),
    "rights.filed-year": (
        "the filing date {date} is after {year}, the year of the application number; the date is not "
        "used; correct the row",
        "申请日 {date} 晚于申请号的年份 {year}；该日期不采用；请改正该行",
    ),
    "rights.two-facts": (
        '{number}: this row says "{second}", the row at {other} says "{first}"; the fact stays not '
        "known; correct one of them",
        "{number}：本行为“{second}”，{other} 处为“{first}”；该事实按未知处理；请改正其中之一",
    ),
    "rights.merged": (
        "rows of one number are one right (also at {places}); nothing has to be done",
        "号码相同的行合并为一项权利（另见 {places}）；无需处理",
    ),
    "rights.repeated-heading": (
        "the heading stands again in {count} rows ({rows}); they are skipped; nothing has to be done",
        "表头在 {count} 行中重复出现（第 {rows} 行）；已跳过；无需处理",
    ),
    "rights.unused-columns": (
        "columns that are not used: {names}; nothing has to be done, unless one of them is a fact that "
        "is lacking: then name it in a column map (--map)",
        "未使用的列：{names}；一般无需处理；若其中有缺少的事实，请在列对照文件（--map）中指明",
    ),
    "rights.lacking": (
        "no column gives {fields}; what depends on them stays not known and does not count; add the "
        "columns, or give facts that hold for every row in a column map (--map)",
        "没有给出 {fields} 的列；取决于它们的事项按未知处理，不予计数；请补充这些列，或在列对照文件（--map）中写明对全表成立的事实",
    ),
    "rights.serial-dates": (
        'dates of "{name}" stand as serial numbers of a spreadsheet; they are read as days from '
        "1899-12-30; export the column as dates if they look wrong",
        "“{name}”列的日期存为电子表格序列号；按 1899-12-30 起算的天数读取；若有误，请将该列导出为日期",
    ),
    # -- a column map
    "map.unknown": (
        'unknown key (nearest: "{nearest}"); allowed are {allowed}; correct or remove it',
        "未知的键（最接近的是“{nearest}”）；可用的有 {allowed}；请改正或删除",
    ),
    "map.layout": (
        '"{given}" is not a known layout; known are {allowed}; correct or remove it',
        "“{given}”不是已知样式；已知样式有 {allowed}；请改正或删除",
    ),
    "map.shape": (
        "this value does not fit here; headings and separators are texts or lists of texts, columns, "
        "defaults and words are tables; see docs/methods/patents.md",
        "此处不能是这样的值；表头与分隔符为文本或文本列表，columns、defaults、words 为表；参见 docs/methods/patents.zh.md",
    ),
    "map.word": (
        '"{given}" is not a meaning that is known; allowed are {allowed}; correct it',
        "“{given}”不是已知的含义；可用的有 {allowed}；请改正",
    ),
    # -- from rights to the firm
    "rights.replaced": (
        "the figure {given} of the firm file is replaced by {count} counted from the records; see the "
        "list of rights",
        "企业资料中的 {given} 由按权利记录计得的 {count} 取代；见权利清单",
    ),
    "rights.replaced-open": (
        "the figure {given} of the firm file is replaced by {count} counted from the records (up to "
        "{open} more if what is not known were favourable); see the list of rights",
        "企业资料中的 {given} 由按权利记录计得的 {count} 取代（若未知事项有利，至多另加 {open}）；见权利清单",
    ),
    "rights.at-least": (
        "{count} counted from the records, up to {open} more if what is not known were favourable; "
        "see the list of rights",
        "按权利记录计得 {count}，若未知事项有利，至多另加 {open}；见权利清单",
    ),
    "rights.given-kept": (
        "the records leave it open (none counts for certain, up to {open} may), so the figure {given} "
        "of the firm file is used; add the lacking facts",
        "按权利记录无法确定（确定可计的为零，可能的至多 {open}），故采用企业资料中的 {given}；请补充所缺事实",
    ),
    "rights.given-dropped": (
        "the figure {given} of the firm file is above the whole counted from the records, and the "
        "records leave it open; it is not used; add the lacking facts",
        "企业资料中的 {given} 大于按权利记录计得的总数，而权利记录又无法确定；不予采用；请补充所缺事实",
    ),
    # -- why a right does not count
    "right.kind-unknown": ("the kind of right is not known", "权利种类未知"),
    "right.kind-other": ("a kind of right that counts in no class", "不计入任何类别的权利种类"),
    "right.office-unknown": ("the granting office is not known", "授权机构未知"),
    "right.foreign": ("not a right granted in China", "非在中国授予的权利"),
    "right.no-number": (
        "no usable number, so it cannot be told from another record",
        "没有可用的号码，无法与其他记录区分",
    ),
    "right.dates-contradict": ("its dates contradict each other", "各日期相互矛盾"),
    "right.invalidated": (
        "declared invalid, as if it had never been",
        "已被宣告无效，视为自始不存在",
    ),
    "right.not-granted": ("granted only on {granted}", "{granted} 才获授权"),
    "right.not-granted-status": (
        "not granted (status: {status})",
        "尚未授权（法律状态：{status}）",
    ),
    "right.expired": ("its term ended on {end}", "保护期已于 {end} 届满"),
    "right.expired-status": (
        "expired by its status of {status_on}",
        "按 {status_on} 的法律状态已届满",
    ),
    "right.lapsed": ("lapsed on {lapsed}", "已于 {lapsed} 失效"),
    "right.lapsed-status": (
        "{status} by its status of {status_on}",
        "按 {status_on} 的法律状态：{status}",
    ),
    "right.status-contradicts": (
        "the status says pending, yet there is a grant date {granted}",
        "法律状态为审中，却有授权日 {granted}",
    ),
    "right.before-status": (
        "the status holds on {status_on} and no dates tell the day before it",
        "法律状态只说明 {status_on} 当日，此前无日期可据",
    ),
    "right.status-old": (
        "the status of {status_on} is {days} days old, at most {most} are believed; export again",
        "{status_on} 的法律状态已过 {days} 天，最多采信 {most} 天；请重新导出",
    ),
    "right.status-undated": (
        "it is not known on which day the status holds; give the day of the export (--exported)",
        "不知法律状态是哪一天的；请给出导出日期（--exported）",
    ),
    "right.status-unknown": (
        "the status is not known and no dates tell",
        "法律状态未知，亦无日期可据",
    ),
    "right.term-unknown": (
        "the end of its term is not known, and the day asked is after the status of {status_on}",
        "保护期届满日未知，而评价日晚于法律状态日期 {status_on}",
    ),
    "right.grant-unknown": (
        "the day of grant or registration is not known",
        "授权日或登记日未知",
    ),
    "right.not-owned": ("the firm is not among the owners", "企业不在权利人之列"),
    "right.owner-unknown": ("the owner is not known", "权利人未知"),
    "right.before-transfer": (
        "transferred on {transferred_on}; who owned it before is not known",
        "{transferred_on} 转让，此前的权利人未知",
    ),
    "right.transfer-undated": (
        "it changed hands on a day that is not known",
        "曾转让，转让日未知",
    ),
    "right.owned": ("owned", "企业拥有"),
    "right.not-asked": ("ownership not asked", "未核对权属"),
    "right.no-class": ("of no class", "不属于任何类别"),
    "right.not-related": (
        "not related to the main product, so not in its class",
        "与主要产品无关，不计入所属类别",
    ),
    "right.related-unknown": (
        "whether it is related to the main product is not known, so not in its class",
        "是否与主要产品相关未知，不计入所属类别",
    ),
    "right.same-family": (
        "same family as {other}, which counts in a better class",
        "与 {other} 同族，该族已计入更高类别",
    ),
    "right.own-no": (
        "not applied for by the firm itself",
        "非企业自主申请取得",
    ),
    "right.own-unknown": (
        "whether the firm applied for it itself is not known",
        "是否企业自主申请未知",
    ),
    "right.held-no": (
        "transferred on {transferred_on}, less than a year before",
        "{transferred_on} 受让，未满一年",
    ),
    "right.held-unknown": ("the day of its transfer is not known", "受让日未知"),
    "right.first-owners-no": (
        "the firm is owner number {place}",
        "企业为第 {place} 权利人",
    ),
    "right.kept-no": (
        "granted on {granted}, not yet kept for more than two years",
        "{granted} 授权，维持未超过两年",
    ),
    "right.kept-unknown": ("how long it has been kept is not known", "维持年限未知"),
    # -- the list
    "rights.title": (
        "Rights on {on}: {count} records of {source}; owner: {owner}",
        "{on} 的知识产权：{source} 共 {count} 条记录；权利人：{owner}",
    ),
    "rights.owner-not-asked": ("not asked, every right is taken as owned", "未核对，视为全部拥有"),
    "rights.sure": ("{count}", "{count}"),
    "rights.sure-open": (
        "{count} (up to {most} if what is not known were favourable)",
        "{count}（若未知事项有利，至多 {most}）",
    ),
    "rights.counted": ("What counts ({count})", "计入的（{count}）"),
    "rights.left-out": ("What does not count ({count})", "不计入的（{count}）"),
    "rights.not-known": (
        "What is not known and hence does not count ({count})",
        "因情况未知而不计入的（{count}）",
    ),
    "rights.numberless": ("(no number)", "（无号码）"),
    "rights.more": (
        "... and {count} more; --format json lists all",
        "……另有 {count} 条；--format json 列出全部",
    ),
    "rights.problems": ("Problems of the file ({count})", "文件中的问题（{count}）"),
    "rights.notes": ("Notes on the file ({count})", "关于文件的说明（{count}）"),
    "rights.remarked": ("Remarks on records ({count})", "关于记录的说明（{count}）"),
    "rights.assumed": ("Readings of our own used here", "此处采用的我方理解"),
    "rights.one-firm": (
        "rights of a file belong to one firm, the table has {rows}; allowed is a file of one firm; "
        "score the firms one by one",
        "一份权利文件只属于一户企业，而表中有 {rows} 户；只能用于单户资料；请逐户评分",
    ),
    "rights.map-alone": (
        "this option belongs to a file of rights; give it with --patents FILE, or leave it out",
        "该选项用于权利文件；请与 --patents FILE 一起使用，或去掉",
    ),
    "status-of.-": ("not known", "未知"),
    "status-of.granted": ("granted", "授权"),
    "status-of.pending": ("pending", "审中"),
    "status-of.lapsed": ("lapsed", "失效"),
    "status-of.expired": ("expired", "届满"),
    "status-of.withdrawn": ("withdrawn", "撤回"),
    "status-of.refused": ("refused", "驳回"),
    "status-of.invalidated": ("invalidated", "宣告无效"),
    "kind-of.unknown": ("kind not known", "种类未知"),
    "kind-of.invention": ("invention", "发明"),
    "kind-of.pct_invention": ("invention (PCT)", "发明（PCT）"),
    "kind-of.utility_model": ("utility model", "实用新型"),
    "kind-of.pct_utility": ("utility model (PCT)", "实用新型（PCT）"),
    "kind-of.design": ("design", "外观设计"),
    "kind-of.software_copyright": ("software copyright", "软件著作权"),
    "kind-of.plant_variety": ("plant variety", "植物新品种"),
    "kind-of.crop_variety": ("national crop variety", "国家级农作物品种"),
    "kind-of.ic_layout": ("layout of integrated circuits", "集成电路布图设计"),
    "kind-of.national_drug": ("national new drug", "国家新药"),
    "kind-of.tcm_protection": ("first-class protected TCM", "国家一级中药保护品种"),
    "kind-of.other": ("another kind", "其他"),
}
