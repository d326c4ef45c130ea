"""One firm against every shipped scheme (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "map.head": (
        "Of {count} schemes on {on}: qualifies {eligible}, does not qualify {refused}, lacks figures "
        "{incomplete}, does not apply {other}",
        "{on} 共 {count} 个方案：符合 {eligible}，不符合 {refused}，资料不全 {incomplete}，不适用 {other}",
    ),
    "map.head-invalid": (
        "The firm's data are wrong; no scheme was applied. Correct them:",
        "企业数据有误，未对任何方案测算。请改正：",
    ),
    "map.eligible": ("Qualifies", "符合"),
    "map.refused": ("Does not qualify", "不符合"),
    "map.incomplete": ("Lacks figures", "资料不全"),
    "map.invalid": ("Figures that do not fit the scheme", "数据与方案不符"),
    "map.not-applicable": ("Does not apply", "不适用"),
    "map.scheme": ("{title} ({id})", "{title}（{id}）"),
    "map.tier": ("tier {tier}", "{tier} 级"),
    "map.points": ("{points} points", "{points} 分"),
    "map.why": ("why: {text}", "原因：{text}"),
    "map.needs": ("needs: {fields}", "尚缺：{fields}"),
    "map.lift-tier": ("for tier {tier}: {text}", "达到 {tier} 级还差：{text}"),
    "map.lift": ("to qualify: {text}", "达到条件还差：{text}"),
    "map.lift-or": ("or: {text}", "或：{text}"),
    "map.currency": (
        "its amounts are in {policy}, the firm's in {firm}",
        "该方案以 {policy} 计价，企业数据以 {firm} 计价",
    ),
    "map.country": (
        "a scheme of another country: {policy}; the firm is registered in: {firm}",
        "他国方案：{policy}；企业注册地：{firm}",
    ),
    "map.changes": (
        "--set changes one policy and cannot be given with --policy all; name the policy",
        "--set 只修改一项政策，不能与 --policy all 同用；请指明政策",
    ),
    "map.one-firm": (
        "--policy all takes one firm, the table has {rows}; give a file with one firm",
        "--policy all 一次只评一户，表中有 {rows} 户；请提供单户文件",
    ),
    "map.form": (
        'the map of all schemes is not written as "{given}"; allowed are text and json; choose one',
        "方案总览不能写成“{given}”；可用 text 或 json；请选一种",
    ),
}
