"""Labels and definitions of the fields that national and foreign schemes add (en, zh).

Name of the field -> label en, label zh, definition en, definition zh.
"""

from __future__ import annotations

CHOICES: dict[str, dict[str, tuple[str, str]]] = {
    "niche_role": {
        "none": ("none", "无"),
        "six_bases": (
            "six bases, time-honoured brand or supplier of a chain",
            "“六基”领域、中华老字号或产业链配套",
        ),
        "fills_gap": ("fills a gap or lengthens a strength", "补短板、锻长板、填空白"),
    },
    "technology_grade": {
        grade: (grade, grade)
        for grade in ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")
    },
    "risk_grade": {grade: (grade, grade) for grade in ("R1", "R2", "R3", "R4", "R5")},
    "guarantee_purpose": {
        "general": ("general", "一般用途"),
        "technology_valuation": ("technology-valuation based", "基于技术评估"),
        "research_cooperation": ("research co-operation", "产学研合作"),
        "raw_materials": ("raw materials", "采购原材料"),
        "technology_intensive": ("technology-intensive", "技术密集"),
        "trade_export": ("trade and export", "贸易与出口"),
        "letter_of_credit": ("letter of credit", "信用证"),
        "green": ("green", "绿色"),
        "excellent_technology": ("excellent technology", "优秀技术"),
        "fixed_assets_replacement": (
            "fixed assets with collateral replacement",
            "固定资产（担保置换）",
        ),
    },
}

LABELS: dict[str, tuple[str, str, str, str]] = {
    "patent_value": (
        "Patent value",
        "专利价值",
        "Value of the rights in force and owned, by the method that the policy names; one strong "
        "invention is worth at most 100.",
        "有效且自有的权利按政策指定方法所得的价值，单项发明最高 100 分。",
    ),
    "appraised_inventions": (
        "Appraised value of inventions",
        "发明专利评估价值",
        "Value of the invention patents offered as a pledge, as appraised.",
        "拟质押发明专利的评估价值。",
    ),
    "appraised_utility_models": (
        "Appraised value of utility models",
        "实用新型专利评估价值",
        "Value of the utility models offered as a pledge, as appraised.",
        "拟质押实用新型专利的评估价值。",
    ),
    "appraised_trademarks": (
        "Appraised value of trademarks",
        "商标评估价值",
        "Value of the trademarks offered as a pledge, as appraised.",
        "拟质押商标的评估价值。",
    ),
    "class1_held_1y": (
        "Class I rights counted for the innovative-SME evaluation",
        "创新型中小企业评价可计Ⅰ类知识产权数",
        "Class I rights related to the main product, without those transferred in less than a year ago.",
        "与主导产品相关的Ⅰ类知识产权数，不含转让取得不满一年的。",
    ),
    "class1_applied": (
        "Class I rights in use with benefit",
        "已应用并产生效益的Ⅰ类知识产权数",
        "Class I rights that are applied with economic benefit, were not transferred in, and name the "
        "firm among the first three owners.",
        "实际应用并已产生经济效益、非转让取得且企业排名前三的Ⅰ类知识产权数。",
    ),
    "core_ip_owned": (
        "Owns core rights",
        "拥有核心自主知识产权",
        "Whether the firm owns rights granted in China and in force that support the core technology "
        "of its main product.",
        "企业是否拥有对主要产品在技术上发挥核心支持作用、在中国授权且有效的知识产权所有权。",
    ),
    "supported_field": (
        "State-supported high-tech field",
        "属于国家重点支持的高新技术领域",
        "Whether the core technology of the main product lies in a state-supported high-tech field.",
        "主要产品的核心技术是否属于《国家重点支持的高新技术领域》。",
    ),
    "strategic_industry": (
        "Strategic emerging industry",
        "属于战略性新兴产业",
        "Whether the main product belongs to a strategic emerging industry.",
        "主导产品所属领域是否为战略性新兴产业。",
    ),
    "total_revenue": (
        "Total revenue",
        "总收入",
        "Total revenue without revenue that is not taxed.",
        "收入总额减去不征税收入。",
    ),
    "market_leader": (
        "Among the market leaders",
        "细分市场位于前列",
        "Whether the main product is among the leaders of its niche in the province or the country.",
        "主导产品在全国或全省细分市场是否位于前列。",
    ),
    "national_market_rank": (
        "National market rank",
        "全国细分市场排名",
        "Rank of the main product in its national niche market.",
        "主导产品在全国细分市场的占有率排名。",
    ),
    "key_chain_position": (
        "Six bases or key link of a chain",
        "属于“六基”或产业链关键环节",
        "Whether the main product belongs to the six bases of industry or a key link of a chain.",
        "主导产品是否属于工业“六基”领域或产业链关键环节。",
    ),
    "niche_role": (
        "Role of the main product",
        "主导产品所属领域",
        "Role of the main product in its industrial chain.",
        "主导产品在产业链中的定位。",
    ),
    "digital_level": (
        "Digital maturity level",
        "数字化水平等级",
        "Level of digital maturity by the public assessment for SMEs.",
        "按中小企业数字化水平评测所得等级。",
    ),
    "quality_award": (
        "Provincial or higher quality award",
        "省级以上质量奖",
        "Whether the firm has a quality award of provincial or higher level.",
        "是否获得省级以上质量奖荣誉。",
    ),
    "iso9001": (
        "ISO 9001 system",
        "ISO9001 等质量管理体系",
        "Whether the firm has an ISO 9001 or equivalent certified management system.",
        "是否建立质量管理体系并获得 ISO9001 等认证。",
    ),
    "own_brand": (
        "Own brand",
        "拥有自主品牌",
        "Whether the firm has a brand of its own.",
        "是否拥有自主品牌。",
    ),
    "standards_took_part": (
        "Took part in standards",
        "参与制修订标准",
        "Whether the firm took part in making or revising a standard.",
        "是否参与制修订标准。",
    ),
    "national_demo_title": (
        "National innovation or IP demonstration title",
        "国家技术创新示范或知识产权优势、示范企业",
        "Whether the firm is a national technical-innovation demonstration enterprise, or a national "
        "enterprise with IP advantage or demonstration.",
        "是否为国家技术创新示范企业、知识产权优势企业或知识产权示范企业。",
    ),
    "maker_china_top500": (
        "Top 500 of Maker in China",
        "“创客中国”全国 500 强",
        "Whether the firm entered the national top 500 of the Maker in China contest in the last three years.",
        "近三年是否进入“创客中国”中小企业创新创业大赛全国 500 强企业组名单。",
    ),
    "equity_raised_2y": (
        "New equity of two years",
        "近两年新增股权融资额",
        "New qualified equity paid in during the last two years.",
        "近两年获得的合格机构投资者实缴股权融资总额。",
    ),
    "equity_raised_3y": (
        "New equity of three years",
        "近三年新增股权融资额",
        "New qualified equity paid in during the last three years.",
        "近三年获得的合格机构投资者实缴股权融资总额。",
    ),
    "platform_quality_score": (
        "Platform quality score",
        "平台综合质效得分",
        "Quality score that the national cultivation platform gives.",
        "优质中小企业梯度培育平台给出的质效得分。",
    ),
    "serious_violation": (
        "Serious violation",
        "严重违法行为",
        "Whether a serious violation of law occurred in the previous or the current year.",
        "上一年及当年内是否发生严重违法行为。",
    ),
    "technology_grade": (
        "Technology grade",
        "技术等级",
        "Grade of the technology evaluation.",
        "技术评估所得等级。",
    ),
    "risk_grade": (
        "Risk grade",
        "风险等级",
        "Grade of the risk evaluation, R1 is the best.",
        "风险评估所得等级，R1 为最优。",
    ),
    "guarantee_purpose": (
        "Purpose of the guarantee",
        "担保用途",
        "What the guaranteed loan is for.",
        "担保贷款的用途。",
    ),
    "receivables_core": (
        "Receivables on core enterprises",
        "对核心企业的应收账款",
        "Receivables confirmed by debtors on the list of core enterprises.",
        "列入核心企业名单的债务人已确认的应收账款余额。",
    ),
    "receivables_core_old": (
        "Of these: too old",
        "其中：账龄超限",
        "Receivables on core enterprises older than the lender accepts.",
        "对核心企业的应收账款中账龄超过可接受期限的部分。",
    ),
    "receivables_core_disputed": (
        "Of these: disputed",
        "其中：存在争议",
        "Receivables on core enterprises that are disputed, offset or pledged already.",
        "对核心企业的应收账款中存在争议、抵销或已质押的部分。",
    ),
    "receivables_core_excess": (
        "Of these: above the limit of one debtor",
        "其中：单一债务人超限",
        "Receivables on core enterprises above the share of one debtor that the lender accepts.",
        "对核心企业的应收账款中超过单一债务人集中度限额的部分。",
    ),
    "points_ip_advancedness": (
        "Expert: how advanced the rights are",
        "专家评分：知识产权技术先进程度",
        "Whole points an expert gives for how advanced the technology is.",
        "专家对技术先进程度给出的整数分。",
    ),
    "points_ip_support": (
        "Expert: support of the main product",
        "专家评分：对主要产品的核心支持作用",
        "Whole points an expert gives for the core support of the main product.",
        "专家对知识产权在主要产品中发挥核心支持作用给出的整数分。",
    ),
    "points_ip_quantity": (
        "Expert: number of rights",
        "专家评分：知识产权数量",
        "Whole points an expert gives for the number of rights, inside the band of the count.",
        "专家对知识产权数量在所在分档内给出的整数分。",
    ),
    "points_ip_acquired": (
        "Expert: how the rights were acquired",
        "专家评分：知识产权获得方式",
        "Whole points an expert gives for how the rights were acquired.",
        "专家对知识产权获得方式给出的整数分。",
    ),
    "points_ip_standards": (
        "Expert: standards",
        "专家评分：参与编制标准",
        "Whole bonus points an expert gives for taking part in standards.",
        "专家对参与编制国家、行业标准等给出的整数加分。",
    ),
    "points_conversion": (
        "Expert: conversion of results",
        "专家评分：科技成果转化能力",
        "Whole points an expert gives for the conversion of results, inside the band of the count.",
        "专家对科技成果转化能力在所在分档内给出的整数分。",
    ),
    "points_rd_system": (
        "Expert: R&D system and accounts",
        "专家评分：研发组织管理制度与核算",
        "Whole points an expert gives for the R&D system and its accounts.",
        "专家对研发组织管理制度、核算体系给出的整数分。",
    ),
    "points_rd_institution": (
        "Expert: R&D institution and co-operation",
        "专家评分：研发机构与产学研合作",
        "Whole points an expert gives for the R&D institution and co-operation.",
        "专家对研发机构及产学研合作给出的整数分。",
    ),
    "points_incentives": (
        "Expert: conversion incentives and platform",
        "专家评分：成果转化激励与平台",
        "Whole points an expert gives for conversion incentives and an open platform.",
        "专家对成果转化奖励制度与创新创业平台给出的整数分。",
    ),
    "points_training": (
        "Expert: training and performance",
        "专家评分：人员培养与绩效",
        "Whole points an expert gives for training, recruiting and performance pay.",
        "专家对科技人员培养进修、人才引进与绩效评价给出的整数分。",
    ),
    "points_growth_assets": (
        "Expert: growth of net assets",
        "专家评分：净资产增长率",
        "Whole points an expert gives for the growth of net assets, inside its band.",
        "专家对净资产增长率在所在分档内给出的整数分。",
    ),
    "points_growth_sales": (
        "Expert: growth of sales",
        "专家评分：销售收入增长率",
        "Whole points an expert gives for the growth of sales, inside its band.",
        "专家对销售收入增长率在所在分档内给出的整数分。",
    ),
    "conversions": (
        "Results converted in three years",
        "近三年科技成果转化数",
        "Results converted in the last three years, in total.",
        "近三年内科技成果转化的总项数。",
    ),
    "ip_advancedness": (
        "Advancedness of the rights",
        "技术先进程度",
        "Level an expert gives for how advanced the technology is.",
        "专家评定的技术先进程度。",
    ),
    "ip_support": (
        "Core support of the rights",
        "核心支持作用",
        "Level an expert gives for the core support of the main product.",
        "专家评定的知识产权对主要产品的核心支持作用。",
    ),
    "ip_acquired": (
        "How the rights were acquired",
        "知识产权获得方式",
        "Whether any right comes from the firm's own R&D, or all were transferred in.",
        "有自主研发取得的，或仅有受让、受赠、并购取得的。",
    ),
    "class2_unused": (
        "Class II rights not yet used in an accreditation",
        "未在认定中使用过的Ⅱ类知识产权数",
        "Class II rights not used in an earlier accreditation as a high-tech enterprise.",
        "以前高新技术企业认定中未使用过的Ⅱ类知识产权数。",
    ),
    "province_points": (
        "Points of the province's own indicators",
        "省级特色化指标得分",
        "Points of the indicators that the province sets itself.",
        "省级主管部门自设的特色化指标得分。",
    ),
}

_LEVELS = {
    "none": ("none", "无"),
    "low": ("low", "低"),
    "ordinary": ("ordinary", "一般"),
    "fairly": ("fairly high", "较高"),
    "high": ("high", "高"),
}
CHOICES["ip_advancedness"] = _LEVELS
CHOICES["ip_support"] = {
    "none": ("none", "无"),
    "low": ("weak", "弱"),
    "ordinary": ("ordinary", "一般"),
    "fairly": ("fairly strong", "较强"),
    "high": ("strong", "强"),
}
CHOICES["ip_acquired"] = {
    "none": ("no rights", "无知识产权"),
    "bought": ("only transfer, gift or acquisition", "仅有受让、受赠和并购"),
    "own": ("own R&D", "有自主研发"),
}
