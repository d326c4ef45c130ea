"""Texts of the value of rights: figures, methods, portfolio, chart, and problems (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- problems in the reference files: what is wrong; what is allowed; what to do
    "value.weights": (
        "the weights add up to {total}; they must add up to 1; correct them",
        "权重合计为 {total}；合计须为 1；请改正",
    ),
    "value.bands-order": (
        "this band is out of order; the best band stands first, thresholds and points fall from "
        "there; reorder the bands",
        "本档顺序不符；最优档在最前，界限与分值依次下降；请调整顺序",
    ),
    "value.too-fine": (
        '"{given}" has too many digits to be compared exactly; up to six decimals are allowed; '
        "round it",
        "“{given}”位数过多，无法精确比较；最多六位小数；请减少位数",
    ),
    "value.not-concave": (
        "with {given}, bought utility models could add up to more than one invention as good as "
        "each of them; at most {most} is allowed, 1 - utility factor x bought factor; lower it",
        "取 {given} 时，受让的实用新型累计可能超过一项同等质量的发明；不得超过 {most}，"
        "即 1 − 实用新型系数 × 受让系数；请调低",
    ),
    "value.ages": (
        '"{given}" is no list of ages; allowed are rising whole years that begin with 0, as in '
        "[0, 3, 6]; correct it",
        "“{given}”不是年龄分段；须为自 0 起递增的整数年，如 [0, 3, 6]；请改正",
    ),
    "value.ipc": (
        '"{given}" does not begin an IPC code; allowed are a section, a class or a subclass, as in '
        "H, H04 or H04L; correct it",
        "“{given}”不是 IPC 分类号的开头；可用部、大类或小类，如 H、H04、H04L；请改正",
    ),
    "value.field-twice": (
        '"{given}" belongs to the field {other} already; each beginning belongs to one field; '
        "remove it from one",
        "“{given}”已属于领域 {other}；每个分类号开头只能属于一个领域；请从其一删除",
    ),
    "value.year": (
        '"{given}" is not a year of filing; allowed are {low} to {high}; correct it',
        "“{given}”不是申请年份；可取 {low} 至 {high}；请改正",
    ),
    "value.norm-zero": (
        "a norm of 0 divides nothing; a norm is more than 0, and a cohort without one leaves it "
        "out; correct or remove it",
        "基准为 0 无法作除数；基准须大于 0，没有基准的队列应留空；请改正或删除",
    ),
    # -- remarks of a firm
    "value.replaced": (
        "the records give a patent value of {value} in place of the {given} given; the records are "
        "used; compare the two",
        "按权利记录，专利价值为 {value}，原填 {given}；采用记录所得；请核对",
    ),
    "value.left-open": (
        "the records leave the patent value open between {low} and {high}; it is not known; fill in "
        "the missing figures",
        "按权利记录，专利价值未定，介于 {low} 与 {high} 之间；按未知处理；请补充缺少的数据",
    ),
    "value.given-kept": (
        "the records leave the patent value open between {low} and {high}; the {given} given is kept; "
        "fill in the missing figures",
        "按权利记录，专利价值未定，介于 {low} 与 {high} 之间；保留所填的 {given}；请补充缺少的数据",
    ),
    "value.made-up": (
        'the patent value rests on the norms "{norms}", which are made up for examples; it says '
        "nothing about real rights; give norms of your own",
        "专利价值所用队列基准“{norms}”为编造的示例数据，不说明真实权利的价值；请提供自有基准",
    ),
    # -- figures of a right
    "figure.claims": ("claims", "权利要求数"),
    "figure.family_size": ("family size", "同族规模"),
    "figure.forward_citations_5y": ("citations received in five years", "五年内被引次数"),
    "figure.forward_citations": ("citations received", "被引次数"),
    "figure.backward_citations": ("citations made", "引用文献数"),
    "figure.inventors": ("inventors", "发明人数"),
    "figure.generality": ("generality", "通用性"),
    "figure.grant_lag": ("days from filing to grant", "申请至授权天数"),
    "figure.age": ("age in years", "申请以来年数"),
    "figure.remaining_life": ("remaining life in years", "剩余保护年数"),
    "figure.publication_lag": ("years from filing to publication", "申请至公开年数"),
    "figure.citations_a_year": ("citations received a year", "年均被引次数"),
    "figure.ipc_breadth": ("IPC subclasses", "IPC 小类数"),
    "figure.foreign_grants": ("foreign offices that granted it", "境外授权局数"),
    "figure.licensed": ("licensed", "已许可"),
    "figure.pledged": ("pledged", "已质押"),
    "figure.litigated": ("litigated", "曾涉诉"),
    "figure.product_related": ("related to the main product", "与主导产品相关"),
    # -- states of a value
    "value.state.known": ("known", "已知"),
    "value.state.open": ("open: figures are missing", "未定：缺少数据"),
    "value.state.not_normalised": (
        "not normalised: no norm for its cohort",
        "未归一化：所属队列没有基准",
    ),
    "value.state.outside": (
        "not valued: the method is not made for its kind",
        "不评价：方法不适用于该类权利",
    ),
    # -- explanation of one right
    "value.right": (
        "{number}: {value} of {top} by {method}, {points}",
        "{number}：{method}得 {value}，满值 {top}，{points}",
    ),
    "value.right-none": ("{number}: {state} ({method})", "{number}：{state}（{method}）"),
    "value.group": ("{title}: {points} of {top}", "{title}：{points} 分，满分 {top}"),
    "value.points": ("{points} points", "{points} 分"),
    "value.between": ("{low} to {high}", "{low} 至 {high}"),
    "value.at-least": ("{low} or more", "至少 {low}"),
    "value.not-known": ("not known", "未知"),
    "value.part.composite": (
        "{figure}: {given}, norm {norm}, share {share}, weight {weight}",
        "{figure}：{given}，基准 {norm}，比值 {share}，权重 {weight}",
    ),
    "value.part.no-norm": (
        "{figure}: {given}, no norm",
        "{figure}：{given}，没有基准",
    ),
    "value.part.points": (
        "{figure}: {given}, required {test}, points {share}",
        "{figure}：{given}，要求 {test}，得 {share} 分",
    ),
    "value.part.weighted": (
        "{figure}: {given}, points {share}, weight {weight}",
        "{figure}：{given}，{share} 分，权重 {weight}",
    ),
    "value.cohort": ("cohort: {field}, filed {year}", "队列：{field}，{year} 年申请"),
    "value.no-cohort": (
        "no cohort: its day of filing or its IPC code is not known, or no field is declared for it",
        "没有队列：申请日或 IPC 分类号未知，或未定义其所属领域",
    ),
    "value.synthetic": (
        'the cohort norms "{title}" are made up, for examples only; the value says nothing about a '
        "real right",
        "队列基准“{title}”为编造的示例数据；所得价值不说明任何真实权利的价值",
    ),
    "value.window-open": (
        "five years since publication are not over; citations can still come",
        "公开未满五年，被引次数仍可能增加",
    ),
    "value.source": ("source: {document}", "来源：{document}"),
    "value.assumed": ("assumed ({path}): {reason}", "假定（{path}）：{reason}"),
    # -- portfolio
    "portfolio.value": (
        "patent value {value} points: {families} families of {rights} counted rights, by {method}, "
        "on {on}",
        "专利价值 {value} 分：计入 {rights} 项权利、{families} 个同族，{method}，{on}",
    ),
    "portfolio.open": (
        "the value is open between {low} and {high}: {open} of the rights lack figures, {unnormed} have "
        "no norm, {unacquired} do not say how they were acquired",
        "价值未定，介于 {low} 与 {high} 之间：{open} 项缺少数据，{unnormed} 项没有基准，{unacquired} 项未说明取得方式",
    ),
    "portfolio.lowest": (
        "missing figures count at their lowest, as the policy says",
        "按政策规定，缺少的数据按最低值计",
    ),
    "portfolio.outside": (
        "{count} counted rights are of kinds that the method does not value; they add nothing",
        "{count} 项计入的权利不属于该方法评价的类别，不增加价值",
    ),
    "portfolio.none": (
        "no right counts, so the patent value is 0",
        "没有计入的权利，专利价值为 0",
    ),
    "portfolio.family": (
        "{rank}. {number} ({members} counted in its family): {points} points x {factor} x {times} = "
        "{adds}",
        "{rank}. {number}（同族计入 {members} 项）：{points} 分 × {factor} × {times} = {adds}",
    ),
    "portfolio.rest": (
        "{count} further families add {adds} together",
        "其余 {count} 个同族合计增加 {adds}",
    ),
    "portfolio.rule": (
        "each next family adds {times} of what it would have added one place higher",
        "同族按价值排序，每后移一位，所增价值乘以 {times}",
    ),
    "portfolio.concentration": (
        "concentration (Herfindahl, 1 is all in one) by {what}: {count} of rights, {value} of value; "
        "{unknown} rights not known",
        "集中度（赫芬达尔指数，1 为全部集中）按{what}：件数 {count}，价值 {value}；{unknown} 项未知",
    ),
    "portfolio.by.fields": ("technology field", "技术领域"),
    "portfolio.by.families": ("family", "同族"),
    "portfolio.by.ages": ("age band", "年龄段"),
    "portfolio.group": (
        "{name}: {rights} rights worth {value} points, adding {adds}",
        "{name}：{rights} 项，价值 {value} 分，计入 {adds} 分",
    ),
    "portfolio.age": ("{low} to under {high} years", "{low} 至不满 {high} 年"),
    "portfolio.age-last": ("{low} years or more", "{low} 年以上"),
    "portfolio.life": (
        "still protected after {years} years if kept up: {rights} rights, {value} points",
        "若持续维持，{years} 年后仍受保护：{rights} 项，{value} 分",
    ),
    "portfolio.life-unknown": (
        "{count} counted rights do not say when they end; they are not in the curve",
        "{count} 项计入的权利期限未知，不在曲线中",
    ),
    "portfolio.share.pledged": (
        "pledged: {yes} of {known} rights that say so ({share}); {unknown} do not say",
        "已质押：{known} 项有记载的权利中 {yes} 项（{share}）；{unknown} 项未记载",
    ),
    "portfolio.share.licensed": (
        "licensed: {yes} of {known} rights that say so ({share}); {unknown} do not say",
        "已许可：{known} 项有记载的权利中 {yes} 项（{share}）；{unknown} 项未记载",
    ),
    "portfolio.ipc-class": ("IPC class {ipc}", "IPC 大类 {ipc}"),
    "portfolio.no-families": (
        "{count} counted rights name no family; each stands for itself",
        "{count} 项计入的权利未注明同族，各自单独计算",
    ),
    # -- chart
    "chart.title": ("Patent portfolio: {value} points on {on}", "专利组合：{value} 分（{on}）"),
    "chart.subtitle": ("{method}; {rights} counted rights", "{method}；计入 {rights} 项权利"),
    "chart.fields": ("Value by technology field", "各技术领域的价值"),
    "chart.life": ("Remaining life", "剩余保护期"),
    "chart.axis.points": (
        "added to the portfolio value, in points (number of rights)",
        "计入组合价值的分数（括号内为件数）",
    ),
    "chart.axis.value": ("value still protected (points)", "仍受保护的价值（分）"),
    "chart.axis.rights": ("rights still protected", "仍受保护的权利（项）"),
    "chart.axis.years": ("years from {on}, if all fees are paid", "自 {on} 起的年数（若持续缴费）"),
    "chart.other": ("{count} further fields", "其余 {count} 个领域"),
    "chart.unknown": ("field not known", "领域未知"),
    "chart.nothing": ("no counted right to show", "没有可显示的计入权利"),
    "chart.synthetic": (
        "cohort norms: synthetic, for examples only",
        "队列基准：合成数据，仅供示例",
    ),
    "chart.open": ("lowest value; could be up to {high}", "按最低值；最高可达 {high}"),
    "chart.no-font": (
        "No font with Chinese characters is installed, so this picture is in English. Install one, for "
        "example fonts-noto-cjk (Noto Sans CJK SC), and draw it again.",
        "未安装中文字体，图中文字为英文。请安装中文字体（如 fonts-noto-cjk，Noto Sans CJK SC）后重新绘制。",
    ),
    "chart.suffix": (
        'a picture with the ending "{given}" is not drawn; allowed are {allowed}; choose one',
        "不能绘制以“{given}”结尾的图片；可用 {allowed}；请选一种",
    ),
    "chart.no-matplotlib": (
        'drawing needs matplotlib, which is not installed; allowed is the extra "plots"; install '
        'it with pip install "ipcredit[plots]"',
        '绘图需要 matplotlib，尚未安装；可用附加组件 plots；请运行 pip install "ipcredit[plots]"',
    ),
}
