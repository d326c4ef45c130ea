"""Texts of patents and other rights: numbers, reading, what counts (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
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
}
