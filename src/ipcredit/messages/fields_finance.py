"""Labels and definitions of the fields: finance, operations, credit, relations, negative list (en, zh).

Name of the field -> label en, label zh, definition en, definition zh.
"""

from __future__ import annotations

LABELS: dict[str, tuple[str, str, str, str]] = {
    "fiscal_year": (
        "Fiscal year",
        "会计年度",
        "The calendar year of the figures.",
        "财务数据所属的年份。",
    ),
    "audited": (
        "Audited",
        "财务报表经审计",
        "Whether the financial statements are audited.",
        "财务报表是否经会计师事务所审计。",
    ),
    "sales": (
        "Sales",
        "销售收入",
        "Total revenue from sales of products and services.",
        "销售收入总额。",
    ),
    "total_cost": (
        "Total cost and expense",
        "成本费用支出总额",
        "Total of costs and expenses.",
        "成本费用支出总额。",
    ),
    "cost_of_sales": (
        "Cost of sales",
        "销售成本",
        "Cost of the products and services sold.",
        "已销售产品和服务的成本。",
    ),
    "net_profit": (
        "Net profit",
        "净利润",
        "Profit after tax; a loss is negative.",
        "税后净利润，亏损以负数表示。",
    ),
    "total_assets": (
        "Total assets",
        "资产总额",
        "Total assets at the end of the year.",
        "年末资产总额。",
    ),
    "net_assets": (
        "Net assets",
        "净资产",
        "Total assets less total liabilities at the end of the year; may be negative.",
        "年末资产总额减负债总额，可为负数。",
    ),
    "total_debt": (
        "Total liabilities",
        "负债总额",
        "Total liabilities at the end of the year.",
        "年末负债总额。",
    ),
    "inventory": ("Inventory", "存货", "Inventory at the end of the year.", "年末存货余额。"),
    "receivables": (
        "Accounts receivable",
        "应收账款",
        "Accounts receivable at the end of the year.",
        "年末应收账款余额。",
    ),
    "payables": (
        "Accounts payable",
        "应付账款",
        "Accounts payable at the end of the year.",
        "年末应付账款余额。",
    ),
    "prepayments": (
        "Prepayments",
        "预付账款",
        "Prepayments to suppliers at the end of the year.",
        "年末预付账款余额。",
    ),
    "advance_receipts": (
        "Advance receipts",
        "预收账款",
        "Receipts in advance from customers at the end of the year.",
        "年末预收账款余额。",
    ),
    "tax_paid": ("Tax paid", "实缴税额", "Taxes actually paid.", "实际缴纳的各项税款总额。"),
    "invoiced_sales": (
        "Invoiced sales",
        "开票销售额",
        "Sales for which invoices were issued.",
        "已开具发票的销售额。",
    ),
    "expected_growth": (
        "Expected growth of sales",
        "预计销售收入年增长率",
        "Expected growth of sales in the coming year over the last full fiscal year.",
        "下一年度销售收入较最近一个完整会计年度的预计增长率。",
    ),
    "working_capital_own_funds": (
        "Own funds for working capital",
        "营运资金中的自有资金",
        "The firm's own funds that serve as working capital.",
        "借款人可用作营运资金的自有资金。",
    ),
    "working_capital_other_sources": (
        "Working capital from other sources",
        "其他渠道提供的营运资金",
        "Working capital from sources other than own funds and bank loans.",
        "自有资金和银行贷款以外的其他渠道提供的营运资金。",
    ),
    "working_capital_turns": (
        "Turns of working capital",
        "营运资金周转次数",
        "How often working capital turns over in a year.",
        "营运资金一年内的周转次数。",
    ),
    "projected_sales": (
        "Projected sales",
        "预计销售收入",
        "Sales projected for the coming year.",
        "下一年度的预计销售收入。",
    ),
    "months_operating": (
        "Months of operation",
        "持续经营月数",
        "Full months for which the firm has been operating.",
        "企业持续经营的时间，按足月计。",
    ),
    "brand_score": (
        "Brand score",
        "品牌影响力评分",
        "Points for brand influence given by the lender's officer.",
        "贷款银行经办人员对企业品牌影响力的评分。",
    ),
    "social_score": (
        "Social responsibility score",
        "社会责任评分",
        "Points for social responsibility given by the lender's officer.",
        "贷款银行经办人员对企业社会责任的评分。",
    ),
    "health_score": (
        "Healthy operation score",
        "健康经营评分",
        "Points for healthy operation given by the lender's officer.",
        "贷款银行经办人员对企业健康经营的评分。",
    ),
    "knowledge_loans_here": (
        "Knowledge-value loans at this lender",
        "本行知识价值信用贷款余额",
        "Outstanding knowledge-value credit loans at this lender.",
        "企业在本行的知识价值信用贷款余额。",
    ),
    "knowledge_loans_elsewhere": (
        "Knowledge-value loans at other lenders",
        "他行知识价值信用贷款余额",
        "Outstanding knowledge-value credit loans at other lenders.",
        "企业在其他银行的知识价值信用贷款余额。",
    ),
    "commercial_value_loans_here": (
        "Commercial-value loans at this lender",
        "本行商业价值信用贷款余额",
        "Outstanding commercial-value credit loans at this lender.",
        "企业在本行的商业价值信用贷款余额。",
    ),
    "commercial_value_loans_elsewhere": (
        "Commercial-value loans at other lenders",
        "他行商业价值信用贷款余额",
        "Outstanding commercial-value credit loans at other lenders.",
        "企业在其他银行的商业价值信用贷款余额。",
    ),
    "working_capital_loans": (
        "Working-capital loans",
        "现有流动资金贷款余额",
        "Outstanding working-capital loans at all lenders, without commercial-value loans, which are "
        "deducted from the line they use.",
        "企业在各银行的现有流动资金贷款余额，不含商业价值信用贷款（该部分从其占用的额度中扣减）。",
    ),
    "other_loans_here": (
        "Other loans at this lender",
        "本行其他贷款余额",
        "Outstanding loans at this lender other than knowledge-value and commercial-value loans.",
        "企业在本行除知识价值、商业价值信用贷款以外的贷款余额。",
    ),
    "other_loans_elsewhere": (
        "Other loans at other lenders",
        "他行其他贷款余额",
        "Outstanding loans at other lenders other than knowledge-value and commercial-value loans.",
        "企业在其他银行除知识价值、商业价值信用贷款以外的贷款余额。",
    ),
    "overdue_now": (
        "Overdue now",
        "当前逾期",
        "Whether a loan of the firm is overdue at present.",
        "企业目前是否存在逾期贷款。",
    ),
    "lender_net_capital": (
        "Lender's net capital",
        "贷款银行资本净额",
        "The lender's own net capital, given by the lender.",
        "贷款银行自身的资本净额，由银行填报。",
    ),
    "related_credit_here": (
        "Credit of the group at this lender",
        "本行集团客户其他成员授信余额",
        "Credit at this lender of the group of connected clients, without the firm itself.",
        "企业所属集团客户在本行的授信余额（不含本企业）。",
    ),
    "related_sales_share": (
        "Share of sales to related parties",
        "关联销售占比",
        "Share of sales made to related parties in the last full fiscal year.",
        "最近一个完整会计年度对关联方的销售收入占销售收入的比例。",
    ),
    "guarantees_given": (
        "Guarantees given",
        "对外担保余额",
        "Outstanding guarantees that the firm has given for others.",
        "企业为他人提供的担保余额。",
    ),
    "major_accident": (
        "Major accident",
        "重大安全、重大质量事故",
        "Whether a major safety or quality accident occurred in the previous or the current year.",
        "上一年及当年内是否发生重大安全、重大质量事故。",
    ),
    "environmental_breach": (
        "Serious environmental breach",
        "严重环境违法行为",
        "Whether a serious breach of environmental law occurred in the previous or the current year.",
        "上一年及当年内是否发生严重环境违法行为。",
    ),
    "integrity_breach": (
        "Serious research-integrity breach",
        "科研严重失信行为",
        "Whether a serious breach of research integrity occurred in the previous or the current year.",
        "上一年及当年内是否发生科研严重失信行为。",
    ),
    "abnormal_list": (
        "On the list of abnormal operations",
        "经营异常名录",
        "Whether the firm is on the list of enterprises with abnormal operations.",
        "企业是否列入经营异常名录。",
    ),
    "dishonest_list": (
        "On the list of serious dishonesty",
        "严重违法失信企业名单",
        "Whether the firm is on the list of seriously law-breaking and dishonest enterprises.",
        "企业是否列入严重违法失信企业名单。",
    ),
    "tax_breach": (
        "Serious tax breach",
        "重大税收违法行为",
        "Whether a serious breach of tax law occurred in the previous or the current year.",
        "上一年及当年内是否发生重大税收违法行为。",
    ),
    "litigation_as_defendant": (
        "Litigation as defendant",
        "作为被告涉诉",
        "Whether the firm was sued as defendant in the previous or the current year.",
        "上一年及当年内是否作为被告涉及诉讼。",
    ),
}
