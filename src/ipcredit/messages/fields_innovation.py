"""Labels and definitions of the fields: identity, talent, R&D, rights, products, titles (en, zh).

Name of the field -> label en, label zh, definition en, definition zh.
"""

from __future__ import annotations

LABELS: dict[str, tuple[str, str, str, str]] = {
    "name": (
        "Firm name",
        "企业名称",
        "Full registered name of the firm.",
        "营业执照登记的企业全称。",
    ),
    "uscc": (
        "Unified social credit code",
        "统一社会信用代码",
        "The 18-character code on the business licence.",
        "营业执照载明的 18 位统一社会信用代码。",
    ),
    "country": (
        "Country",
        "注册国家",
        "Country in which the firm is registered.",
        "企业注册所在国家。",
    ),
    "region": (
        "Province",
        "所在省份",
        "Province or municipality of registration.",
        "企业注册所在的省、自治区、直辖市。",
    ),
    "district": (
        "District",
        "所在区县",
        "District or county of registration.",
        "企业注册所在的区县。",
    ),
    "industry": (
        "Industry code",
        "行业代码",
        "Code of the main activity in the industrial classification for national economic activities.",
        "主营业务对应的国民经济行业分类代码。",
    ),
    "registered_on": (
        "Date of establishment",
        "成立日期",
        "Date of establishment on the business licence.",
        "营业执照载明的成立日期。",
    ),
    "resident_enterprise": (
        "Resident enterprise",
        "居民企业",
        "Whether the firm is a resident enterprise registered in China.",
        "企业是否为在中国境内注册的居民企业。",
    ),
    "restricted_industry": (
        "Prohibited, restricted or obsolete",
        "禁止、限制或淘汰类",
        "Whether the firm's products or services are prohibited, restricted or obsolete by state rules.",
        "企业提供的产品或服务是否属于国家规定的禁止、限制或淘汰类。",
    ),
    "filed_tech_firm": (
        "Filed technology enterprise",
        "科技型企业入库",
        "Whether the firm is filed in the province's technology-enterprise system.",
        "企业是否已在所在省份的科技型企业系统备案入库。",
    ),
    "loan_purpose": (
        "Loan purpose",
        "贷款用途",
        "What the loan applied for will pay for.",
        "本次申请贷款的用途。",
    ),
    "contact_person": (
        "Contact person",
        "联系人",
        "The person to contact about the application.",
        "本次申请的联系人姓名。",
    ),
    "legal_representative": (
        "Legal representative",
        "法定代表人",
        "The legal representative on the business licence.",
        "营业执照载明的法定代表人姓名。",
    ),
    "researchers": (
        "Key researchers",
        "主要研发人员",
        "Names of the main research staff, separated by semicolons.",
        "主要研发人员姓名，以分号分隔。",
    ),
    "consent_tax_data": (
        "Consent to tax data",
        "涉税信息查询授权",
        "Whether the firm has consented in writing to the use of its tax data.",
        "企业是否已书面授权查询和使用其涉税信息。",
    ),
    "consent_credit_data": (
        "Consent to credit data",
        "征信信息查询授权",
        "Whether the firm has consented in writing to the use of its credit records.",
        "企业是否已书面授权查询和使用其征信信息。",
    ),
    "staff_total": ("Staff", "职工总数", "All staff of the firm.", "企业全部职工人数。"),
    "sci_tech_staff": (
        "Science and technology staff",
        "科技人员数",
        "Staff in science and technology work; part-time and temporary staff count from 6 months a year.",
        "从事科技活动的人员数，兼职、临时聘用人员全年累计工作 6 个月以上方可计入。",
    ),
    "rd_staff": (
        "R&D staff",
        "研发人员数",
        "Staff who work in research and development.",
        "从事研究开发活动的人员数。",
    ),
    "senior_talent": (
        "Senior talent",
        "高层次人才数",
        "Staff who hold a talent title of provincial level or above.",
        "获得省级及以上人才称号的人员数。",
    ),
    "postgraduate_staff": (
        "Staff with a postgraduate degree",
        "研究生学历人员数",
        "Staff with a master's or doctor's degree.",
        "具有硕士或博士学位的职工人数。",
    ),
    "rd_expense": (
        "R&D expense",
        "研发费用",
        "Total expense on research and development.",
        "研究开发费用总额。",
    ),
    "rd_domestic": (
        "R&D expense in China",
        "境内研发费用",
        "The part of R&D expense incurred in China.",
        "研究开发费用中在中国境内发生的部分。",
    ),
    "rd_outsourced": (
        "Contracted-out R&D expense",
        "委托外部研发费用",
        "The part of R&D expense for research given to others.",
        "研究开发费用中委托外部研究开发的部分。",
    ),
    "rd_institution": (
        "R&D institution",
        "研发机构级别",
        "The highest level at which an R&D institution of the firm is recognised.",
        "企业研发机构获得认定的最高级别。",
    ),
    "rd_option": (
        "R&D option",
        "研发投入指标选项",
        "The R&D indicator the firm has declared to be judged on.",
        "企业申报时选定的研发投入评价指标。",
    ),
    "class1_related": (
        "Class I rights related to the main product",
        "与主要产品相关的Ⅰ类知识产权数",
        "Rights in force related to the main product: invention patents (national-defence ones too), "
        "new plant varieties, national crop varieties, national new drugs, national first-class "
        "protected TCM, integrated-circuit layouts.",
        "与主要产品（服务）相关且在有效期内的发明专利（含国防专利）、植物新品种、国家级农作物品种、"
        "国家新药、国家一级中药保护品种、集成电路布图设计专有权的数量。",
    ),
    "class2_related": (
        "Class II rights related to the main product",
        "与主要产品相关的Ⅱ类知识产权数",
        "Rights in force related to the main product: utility models, designs, software copyrights "
        "(no trademarks).",
        "与主要产品（服务）相关且在有效期内的实用新型专利、外观设计专利、软件著作权的数量（不含商标）。",
    ),
    "class1_owned": (
        "Class I rights by own application",
        "自主申请的Ⅰ类知识产权数",
        "Class I rights related to the main product that the firm applied for itself, not transferred in.",
        "与主要产品相关的Ⅰ类知识产权中由企业自主申请（非转让取得）的数量。",
    ),
    "class1_high_value": (
        "High-value class I rights",
        "高价值Ⅰ类知识产权数",
        "Class I rights related to the main product that are of high value in the sense of the document.",
        "与主要产品相关的Ⅰ类知识产权中符合文件所称高价值的数量。",
    ),
    "class2_kept_2y": (
        "Class II rights that count with age",
        "符合年限要求的Ⅱ类知识产权数",
        "Software copyrights, and utility models and designs kept more than 2 years after grant, "
        "related to the main product.",
        "与主要产品相关的软件著作权，以及授权后维持超过 2 年的实用新型专利、外观设计专利的数量。",
    ),
    "invention_patents": (
        "Invention patents",
        "发明专利数",
        "Invention patents in force that the firm owns.",
        "企业拥有的有效发明专利数量。",
    ),
    "utility_models": (
        "Utility models",
        "实用新型专利数",
        "Utility models in force that the firm owns.",
        "企业拥有的有效实用新型专利数量。",
    ),
    "designs": (
        "Designs",
        "外观设计专利数",
        "Designs in force that the firm owns.",
        "企业拥有的有效外观设计专利数量。",
    ),
    "software_copyrights": (
        "Software copyrights",
        "软件著作权数",
        "Registered software copyrights that the firm owns.",
        "企业拥有的已登记软件著作权数量。",
    ),
    "patents_pledged": (
        "Pledged patents",
        "已质押专利数",
        "Patents that are pledged for a loan at present.",
        "目前已设立质权的专利数量。",
    ),
    "main_revenue": (
        "Main-business revenue",
        "主营业务收入",
        "Revenue of the main business.",
        "主营业务收入总额。",
    ),
    "high_tech_revenue": (
        "High-tech revenue",
        "高新技术产品（服务）收入",
        "Revenue from high-tech products and services.",
        "高新技术产品（服务）收入。",
    ),
    "innovative_products": (
        "Innovative products",
        "创新产品数",
        "Products on an official list of new or innovative products.",
        "列入政府部门发布的新产品或创新产品目录的产品数量。",
    ),
    "years_in_niche": (
        "Years in the niche market",
        "从事特定细分市场年限",
        "Full years in which the firm has worked in its niche market.",
        "企业从事特定细分市场的时间，按足年计。",
    ),
    "market_share": (
        "Market share",
        "市场占有率",
        "Share of the leading product in its domestic niche market.",
        "主导产品在国内细分市场的占有率。",
    ),
    "has_high_tech_certificate": (
        "High-tech enterprise certificate",
        "高新技术企业资格",
        "Whether the firm holds a high-tech enterprise certificate that is valid.",
        "企业是否拥有有效期内的高新技术企业资格证书。",
    ),
    "high_tech_until": (
        "High-tech certificate valid until",
        "高新技术企业证书有效期至",
        "Last day on which the high-tech enterprise certificate is valid.",
        "高新技术企业证书有效期的截止日期。",
    ),
    "high_growth_filed": (
        "Filed high-growth technology firm",
        "高成长性科技企业备案",
        "Whether the firm is filed as a high-growth technology firm.",
        "企业是否备案为高成长性科技企业。",
    ),
    "sme_title": (
        "SME title",
        "优质中小企业称号",
        "The highest title of the firm among technology-based, innovative, specialised, little giant.",
        "企业在科技型、创新型、专精特新、“小巨人”中获得的最高称号。",
    ),
    "national_award_rank": (
        "Rank in a national S&T award",
        "国家级科技奖励排名",
        "The firm's rank among the winners of its last national science and technology award.",
        "企业最近一次获得国家级科技奖励时在获奖单位中的排名。",
    ),
    "national_award_on": (
        "Date of the national S&T award",
        "国家级科技奖励获奖日期",
        "Date of the firm's last national science and technology award.",
        "企业最近一次获得国家级科技奖励的日期。",
    ),
    "provincial_award_rank": (
        "Rank in a provincial S&T award",
        "省级科技奖励排名",
        "The firm's rank among the winners of its last provincial science and technology award.",
        "企业最近一次获得省级科技奖励时在获奖单位中的排名。",
    ),
    "provincial_award_on": (
        "Date of the provincial S&T award",
        "省级科技奖励获奖日期",
        "Date of the firm's last provincial science and technology award.",
        "企业最近一次获得省级科技奖励的日期。",
    ),
    "standard_led_on": (
        "Date of the last standard led",
        "最近主导制定标准日期",
        "Date of the last international, national or industry standard the firm led.",
        "企业最近一次主导制定国际标准、国家标准或行业标准的日期。",
    ),
}
