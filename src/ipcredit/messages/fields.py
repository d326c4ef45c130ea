"""What the fields of a firm, their groups, units and choices are called (en, zh).

The Chinese wording follows the vocabulary of the published schemes.
"""

from __future__ import annotations

from ipcredit.messages import fields_finance, fields_innovation, fields_schemes

GROUPS: dict[str, tuple[str, str]] = {
    "identity": ("Identity", "企业基本情况"),
    "talent": ("Talent", "人才"),
    "rd": ("R&D", "研发投入"),
    "ip": ("Intellectual property", "知识产权"),
    "products": ("Products", "产品与市场"),
    "titles": ("Titles and awards", "资质与荣誉"),
    "finance": ("Finance", "财务数据"),
    "operations": ("Operations", "经营情况"),
    "credit": ("Credit", "信贷情况"),
    "related": ("Related parties", "关联关系"),
    "negative": ("Negative list", "负面清单"),
    "core_receivables": ("Receivables to pledge", "应收账款质押"),
    "expert": ("Experts' points", "专家评分"),
    "guarantee": ("Technology guarantee", "技术担保"),
}

# By years ago: label (en, zh) and how the definition starts (en, zh).
YEARS: tuple[tuple[str, str, str, str], ...] = (
    ("", "", "In the last full fiscal year: ", "最近一个完整会计年度："),
    (
        " (year before)",
        "（前一年度）",
        "In the year before the last full fiscal year: ",
        "最近一个完整会计年度的前一年度：",
    ),
    (
        " (two years before)",
        "（前二年度）",
        "Two years before the last full fiscal year: ",
        "最近一个完整会计年度的前二年度：",
    ),
)

UNITS: dict[str, tuple[str, str]] = {
    "": ("text", "文字"),
    "fen": ("amount with its unit", "金额（须带单位）"),
    "persons": ("persons", "人"),
    "rights": ("rights", "件"),
    "products": ("products", "项"),
    "years": ("full years", "年（足年）"),
    "months": ("full months", "个月（足月）"),
    "rank": ("rank", "位次"),
    "points": ("points, 0 to 100", "分（0 至 100）"),
    "value_points": ("points of patent value", "专利价值分"),
    "level": ("level", "级"),
    "share": ("share, 0.05 is 5 %", "比例（0.05 即 5%）"),
    "turns": ("times a year", "次/年"),
    "date": ("date, as in 2025-03-01", "日期（如 2025-03-01）"),
    "year": ("year, as in 2025", "年份（如 2025）"),
    "yes_no": ("yes or no", "是或否"),
    "choice": ("one of the choices", "从选项中选一"),
}

CHOICES: dict[str, dict[str, tuple[str, str]]] = {
    "country": {
        "CN": ("China", "中国"),
        "KR": ("Korea", "韩国"),
        "other": ("another country", "其他国家"),
    },
    "loan_purpose": {
        "working_capital": ("working capital", "日常经营周转"),
        "rd": ("research and development", "研究开发"),
        "raw_materials": ("raw materials", "采购原材料"),
        "trade": ("trade and export", "贸易与出口"),
        "fixed_assets": ("fixed assets", "购置固定资产"),
        "other": ("another purpose", "其他用途"),
    },
    "rd_institution": {
        "none": ("none", "无研发机构"),
        "enterprise": ("the firm's own", "企业自建"),
        "city": ("recognised by the city", "市级"),
        "provincial": ("recognised by province or ministry", "省部级"),
        "national": ("recognised nationally", "国家级"),
    },
    "rd_option": {
        "to-sales": ("R&D expense to sales", "研发费用占销售收入"),
        "to-cost": ("R&D expense to total cost and expense", "研发费用占成本费用支出总额"),
    },
    "sme_title": {
        "none": ("none", "无称号"),
        "tech": ("technology-based SME", "科技型中小企业"),
        "innovative": ("innovative SME", "创新型中小企业"),
        "specialised": ("specialised and innovative SME", "专精特新中小企业"),
        "little_giant": ("little giant", "专精特新“小巨人”企业"),
    },
}

# Name of the field (first year) -> label en, label zh, definition en, definition zh.
LABELS: dict[str, tuple[str, str, str, str]] = (
    fields_innovation.LABELS | fields_finance.LABELS | fields_schemes.LABELS
)
CHOICES.update(fields_schemes.CHOICES)
