"""Problems in a firm's data and in amounts of money (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # amounts of money
    "money.no-unit": (
        'the amount "{text}" has no unit; an amount needs its unit; write it as in "{example}"',
        "金额“{text}”没有单位；金额必须带单位；请写成“{example}”的形式",
    ),
    "money.not-an-amount": (
        '"{text}" is not an amount; allowed is a number with its unit; write it as in "{example}"',
        "“{text}”不是金额；应为带单位的数字；请写成“{example}”的形式",
    ),
    "money.unknown-unit": (
        '"{text}" has the unknown unit "{unit}"; allowed are units of {currency}; '
        'write it as in "{example}"',
        "“{text}”的单位“{unit}”无法识别；应为 {currency} 的单位；请写成“{example}”的形式",
    ),
    "money.currency": (
        '"{text}" is in {found}; amounts here are in {currency}; convert it and write it as in '
        '"{example}"',
        "“{text}”的币种是 {found}；此处金额币种为 {currency}；请折算后写成“{example}”的形式",
    ),
    "money.too-fine": (
        'the amount "{text}" is finer than the smallest unit; the smallest unit is {finest}; '
        "round it yourself",
        "金额“{text}”小于最小货币单位；最小单位为 {finest}；请自行取整",
    ),
    "money.range": (
        'the amount "{text}" is out of range; amounts go up to {limit} either way; '
        "check the number and its unit",
        "金额“{text}”超出范围；绝对值不超过 {limit}；请核对数字和单位",
    ),
    "money.unknown-currency": (
        'unknown currency "{currency}"; known are {known}; use one of these codes',
        "未知币种“{currency}”；已知币种为 {known}；请使用其中之一",
    ),
    # a value that cannot be used
    "firm.unknown-field": (
        'unknown field; did you mean "{nearest}"?',
        "未知字段；是否指“{nearest}”？",
    ),
    "firm.unknown-field-none": (
        "unknown field; no field has a similar name; see the empty firm file for the list",
        "未知字段；没有名称相近的字段；字段清单见空白企业文件",
    ),
    "firm.unknown-group": (
        "unknown group of fields; allowed are {groups}; move its fields or correct the name",
        "未知的字段分组；应为 {groups} 之一；请移动其中的字段或更正名称",
    ),
    "firm.not-a-value": (
        "{value} stands where one value belongs; allowed is one value; correct it",
        "此处应为单个值，而不是 {value}；只能填写一个值；请更正",
    ),
    "firm.not-text": (
        "{value} is a number or another value where text belongs; allowed is text, so that no "
        "digit gets lost; write it in quotes, in a spreadsheet format the cell as text",
        "{value} 是数字或其他值，此处应为文字；须为文字，以免丢失数位；请加引号，"
        "在电子表格中请将单元格设为文本格式",
    ),
    "firm.not-a-number": (
        '"{value}" is not a number; allowed is a number such as 36; correct it, or leave it out '
        "if it is not known",
        "“{value}”不是数字；应为数字，如 36；请更正，未知则留空",
    ),
    "firm.not-whole": (
        '"{value}" is not a whole number; allowed are whole numbers; correct it',
        "“{value}”不是整数；应为整数；请更正",
    ),
    "firm.percent": (
        '"{value}" is a percentage; allowed is a plain number; write {share}',
        "“{value}”是百分数；应为小数；请写成 {share}",
    ),
    "firm.too-fine": (
        '"{value}" has more than 6 decimals; allowed are at most 6; round it yourself',
        "“{value}”的小数超过 6 位；最多 6 位；请自行取整",
    ),
    "firm.negative": (
        '"{value}" is negative; allowed is 0 or more; correct it',
        "“{value}”为负数；应为 0 或以上；请更正",
    ),
    "firm.share-range": (
        '"{value}" is not a share; allowed is a number from 0 to 1; write 6 percent as 0.06',
        "“{value}”不是比例；应为 0 至 1 之间的数；百分之六请写成 0.06",
    ),
    "firm.out-of-range": (
        '"{value}" is out of range; allowed is {lo} to {hi}; correct it',
        "“{value}”超出范围；应为 {lo} 至 {hi}；请更正",
    ),
    "firm.amount-range": (
        'the amount "{value}" is out of range; amounts go up to {limit} either way; '
        "check the number and its unit",
        "金额“{value}”超出范围；绝对值不超过 {limit}；请核对数字和单位",
    ),
    "firm.not-minor": (
        '"{value}" is not a whole number of minor units; allowed is a whole number (fen for CNY); '
        'write it as in 450000000, or give the amount with its unit under the name without "_fen"',
        "“{value}”不是整数个最小货币单位；应为整数（人民币以分计）；请写成 450000000 的形式，"
        "或使用不带“_fen”的字段名并写明单位",
    ),
    "firm.minor-name": (
        "this name is for amounts in fen; the currency here is {currency}; use {name}_minor",
        "此字段名用于以分计的金额；此处币种为 {currency}；请使用 {name}_minor",
    ),
    "firm.not-a-date": (
        '"{value}" is not a date; allowed is year, month, day; write it as in 2025-03-01',
        "“{value}”不是日期；应为年、月、日；请写成 2025-03-01 的形式",
    ),
    "firm.not-a-flag": (
        '"{value}" is neither yes nor no; allowed are yes, no, true, false, 1, 0, 是, 否; '
        "write one of them",
        "“{value}”既不是“是”也不是“否”；可填 是、否、yes、no、true、false、1、0；请填写其中之一",
    ),
    "firm.choice": (
        '"{value}" is not one of the choices; allowed are {choices}; write one of them',
        "“{value}”不在可选项中；可选项为 {choices}；请填写其中之一",
    ),
    "firm.uscc-length": (
        '"{value}" has {length} characters; allowed is a unified social credit code of 18 (or an '
        "old registration number of 15 digits); copy it again from the business licence",
        "“{value}”为 {length} 位；统一社会信用代码应为 18 位（旧注册号为 15 位数字）；"
        "请按营业执照重新填写",
    ),
    "firm.uscc-character": (
        '"{value}" contains "{character}"; a unified social credit code has digits and capital '
        "letters without I, O, S, V, Z; copy it again from the business licence",
        "“{value}”含有字符“{character}”；统一社会信用代码由数字和除 I、O、S、V、Z 外的大写字母组成；"
        "请按营业执照重新填写",
    ),
    "firm.uscc-check": (
        '"{value}" ends in "{last}"; by the other 17 characters the check character is '
        '"{expected}"; copy it again from the business licence',
        "“{value}”的末位是“{last}”；按前 17 位计算，校验码应为“{expected}”；请按营业执照重新填写",
    ),
    "firm.error-cell": (
        'the cell shows the error "{value}"; allowed is a value, or blank if it is not known; '
        "correct the cell",
        "单元格显示错误“{value}”；应为数值，未知则留空；请更正该单元格",
    ),
    "firm.no-result": (
        'the formula "{value}" has no saved result; allowed is a value; open the book in a '
        "spreadsheet program and save it, or type the value",
        "公式“{value}”没有已保存的计算结果；应为数值；请用电子表格软件打开并保存，或直接填写数值",
    ),
    "firm.placeholder": (
        '"{value}" is the mark of the empty firm file; allowed is a value; fill it in, or leave '
        "the line out if it is not known",
        "“{value}”是空白企业文件中的占位符；应为实际值；请填写，未知则删去该行",
    ),
    "firm.given-twice": (
        'given twice, also as "{other}"; allowed is once; delete one of the two',
        "重复填写，另见“{other}”；只能填写一次；请删去其中一处",
    ),
    # values that do not agree with each other
    "firm.part-of": (
        "{value} is more than {whole}, which is {limit}; a part cannot exceed the whole; "
        "correct one of the two",
        "{value} 大于 {whole}（{limit}）；部分不能大于整体；请更正其中之一",
    ),
    "firm.years": (
        "fiscal year {value} is not {ago} before {last}; fiscal years must be "
        "consecutive; correct the years or add the one that is missing",
        "会计年度 {value} 与 {last} 之间应相差 {ago} 年；会计年度必须连续；请更正年份或补充缺少的年度",
    ),
    "firm.year-missing": (
        "this [[finance]] table has no year; each needs its fiscal year when there are several; "
        "add a line such as year = 2025",
        "此 [[finance]] 表缺少年份；有多个年度时每个表都须注明会计年度；请补充一行，如 year = 2025",
    ),
    "firm.year-twice": (
        "fiscal year {value} is given twice; allowed is one [[finance]] table a year; "
        "correct the year or delete one of the two",
        "会计年度 {value} 重复；每个年度只能有一个 [[finance]] 表；请更正年份或删去其中之一",
    ),
    "firm.years-many": (
        "there are {count} [[finance]] tables; allowed are at most 3; keep the last 3 fiscal years",
        "共有 {count} 个 [[finance]] 表；最多 3 个；请保留最近 3 个会计年度",
    ),
    # remarks: not refusals
    "firm.rd-above-cost": (
        "R&D expense {value} is more than total cost and expense, {limit}; part of it may be "
        "capitalised; check that both are of the same year",
        "研发费用 {value} 大于成本费用支出总额（{limit}）；其中可能有资本化部分；请核对两者是否为同一年度",
    ),
    "firm.old-number": (
        "{value} is a 15-digit registration number from before the unified social credit code; "
        "it has been accepted; give the 18-character code if there is one",
        "{value} 是统一社会信用代码启用前的 15 位注册号；已予接受；如有 18 位代码请改用",
    ),
    # input that cannot be read
    "file.json": (
        "the file is not JSON: {reason}; correct it at this line",
        "文件不是有效的 JSON：{reason}；请更正此行",
    ),
    "file.json-object": (
        "the JSON holds {found}; allowed is one object with the fields of one firm; correct it",
        "JSON 内容为{found}；应为包含一家企业各字段的一个对象；请更正",
    ),
    "file.suffix": (
        'the file kind "{suffix}" is not known; allowed are {known}; save it as one of them',
        "无法识别的文件类型“{suffix}”；可用 {known}；请另存为其中一种",
    ),
    "file.csv": (
        "the line is not CSV: {reason}; correct it (a quote inside a quoted cell is written twice)",
        "此行不是有效的 CSV：{reason}；请更正（引号内的引号须写两次）",
    ),
    "file.csv-encoding": (
        "the text is neither UTF-8 nor GB18030 from this line on; allowed are these two; "
        "save the file again as UTF-8",
        "自此行起文本既不是 UTF-8 也不是 GB18030；只支持这两种编码；请另存为 UTF-8",
    ),
    "file.xlsx": (
        "the file cannot be read as XLSX: {reason}; allowed is a workbook without a password; "
        "save it again as XLSX",
        "无法按 XLSX 读取：{reason}；应为未加密的工作簿；请重新另存为 XLSX",
    ),
    "file.sheet": (
        'there is no sheet "{sheet}"; the book has {names}; name one of them',
        "没有工作表“{sheet}”；工作簿中有 {names}；请指定其中之一",
    ),
    "file.no-rows": (
        "the table has no firm; allowed is a header and at least one row below it; fill it in",
        "表中没有企业；应有表头和至少一行数据；请填写",
    ),
    "file.many-firms": (
        "the table has {count} firms; allowed is one here; read it as a list of firms",
        "表中有 {count} 家企业；此处只能有一家；请按企业清单读取",
    ),
    # columns of firms
    "firm.extra-cell": (
        '"{value}" stands under no field name; allowed are cells under the names of the header; '
        "delete it or name the column",
        "“{value}”没有对应的字段名；单元格须在表头字段名之下；请删除或补充列名",
    ),
    "firm.column-unit": (
        "a column of plain numbers has no unit; an amount needs its unit; name it {name}_fen if it "
        'holds whole fen, or write each amount as in "450 万元"',
        "整列金额没有单位；金额必须带单位；以分计的整数请命名为 {name}_fen，"
        "或逐个写成“450 万元”的形式",
    ),
    "firm.column-shape": (
        "this is not a column of values; allowed is one value a firm; give a one-dimensional array",
        "这不是一列数值；每家企业应有一个值；请提供一维数组",
    ),
    "firm.column-length": (
        "the columns have different lengths ({found}); allowed is one value a firm in each; "
        "make them equal",
        "各列长度不一致（{found}）；每列应每家企业一个值；请使其一致",
    ),
    "firm.currencies": (
        "the firms count in different currencies ({found}); allowed is one a batch; "
        "assess each currency on its own",
        "各企业币种不一致（{found}）；同一批次只能有一种币种；请按币种分别评估",
    ),
    "firm.currency-mixed": (
        "this row counts in {found}, the first one in {currency}; allowed is one currency a file; "
        "move the row to a file of its own",
        "此行币种为 {found}，首行为 {currency}；一个文件只能有一种币种；请将此行移至单独的文件",
    ),
    # the empty firm file
    "template.title": ("Firm file", "企业资料文件"),
    "template.how": (
        "Remove the # before a line and replace the … by the value; leave the # where it is not known",
        "删去行首的 # 并将 … 替换为实际值；未知的项目保留 #",
    ),
    "template.zero": (
        "Not known is not zero: write 0 only for what is known to be 0",
        "未知不等于零：仅在确知为零时填写 0",
    ),
    "template.money": (
        'An amount carries its unit: "450 万元", "1.5 亿元", "1234.56 元"',
        "金额必须带单位：“450 万元”“1.5 亿元”“1234.56 元”",
    ),
    "template.currency": ("Currency of all amounts", "全部金额的币种"),
    "template.year-0": ("Last full fiscal year", "最近一个完整会计年度"),
    "template.year-1": ("The year before it", "前一年度"),
    "template.year-2": ("Two years before it", "前二年度"),
    "template.year-note": (
        "explanations as in the last full fiscal year",
        "说明同最近一个完整会计年度",
    ),
    "template.choices": ("choices", "可选"),
    "template.nothing": ('write "none" if there is none', "没有则填“无”"),
    "template.source": ("source", "来源"),
    "template.yes": ("yes", "是"),
    "template.no": ("no", "否"),
    "template.field": ("field", "字段"),
    "template.label": ("label", "名称"),
    "template.unit": ("unit", "单位"),
    "template.value": ("value", "值"),
    "template.definition": ("definition", "说明"),
    "template.sheet": ("Firm", "企业资料"),
}
