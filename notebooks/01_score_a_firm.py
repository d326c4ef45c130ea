# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="zh"
# # 一、给一家企业评级：贷不贷、贷多少、差在哪里
#
# **问题：** 一家科技型企业来申请知识价值信用贷款。按现行政策，它能否贷、能贷多少？
# 离更高一级还差什么？这个结论里有多少是假定的？
#
# 下一格第一行选语言。默认用合成的参照总体；换成自己的企业只需一行：
# `firms = Firms.read("my.csv")`（表头见 `ipcredit template`）。

# %% [markdown] lang="en"
# # 1. Score a firm: lend or not, how much, and what is missing
#
# **Question:** a technology firm asks for a knowledge-value credit loan. Under the policy in
# force, may it borrow, and how much? What keeps it from the next tier, and how much of the answer
# is assumed?
#
# The first line of the next cell chooses the language. The firms are the synthetic reference
# population; your own take their place in one line: `firms = Firms.read("my.csv")` (columns:
# `ipcredit template`).

# %%
import os

LANG = os.environ.get("IPCREDIT_LANG", "zh")  # "zh" or "en"

import datetime as dt

import numpy as np

from ipcredit import Firms, Policy, assess, pictures
from ipcredit.lifts import what_is_missing
from ipcredit.money import format_money
from ipcredit.plan import ELIGIBLE
from ipcredit.population import population
from ipcredit.report_text import score_text
from ipcredit.tune.panel_show import show, tell


def say(zh, en):
    """The text in the language chosen above."""
    return zh if LANG == "zh" else en


firms = population(int(os.environ.get("IPCREDIT_N", "1000")), seed=7)
# Your own firms, in one line: firms = Firms.read("my.csv")
if "IPCREDIT_FIRMS" in os.environ:
    firms = Firms.read(os.environ["IPCREDIT_FIRMS"])

ON = dt.date(2023, 8, 11)  # the day of the decision
policy = Policy.load("chongqing-knowledge", on=ON)
result = assess(policy, firms, on=ON)
eligible = np.flatnonzero(result.status == ELIGIBLE)
tell(
    say(
        f"{policy.title.zh}（{policy.edition} 版）；企业 {len(firms):,} 户，符合 {eligible.size:,} 户。",
        f"{policy.title.en}, edition {policy.edition}; {len(firms):,} firms, of which "
        f"{eligible.size:,} are eligible.",
    )
)

# %% [markdown] lang="zh"
# ## 看哪一家
#
# 默认挑“最差一口气”的一家：符合条件、总分离上一级门槛最近。要看别家，把 `ROW` 改成它的行号（从 0 起）。

# %% [markdown] lang="en"
# ## Which firm
#
# By default the closest call: the eligible firm whose points are nearest below the next tier. For
# another firm set `ROW` to its row, counted from 0.

# %%
ROW = None

tiers = policy.rules.tiers
cuts = np.array([float(band.cut.at) for band in tiers.indicator.bands if band.cut is not None])
total = result.total
if ROW is None:
    above = cuts[:, None] - total[eligible][None, :]
    gap = np.where(above > 0, above, np.inf).min(axis=0)
    ROW = int(eligible[np.argmin(gap)]) if eligible.size else 0
print(score_text(result, ROW, LANG))

# %% [markdown] lang="zh"
# ## 它的分数从哪里来，站在什么位置
#
# 左图：每个评价维度给总分带来几分（基础项按权重折算，加分项直接相加）。右图：全部符合企业的总分、各级门槛与这一家的位置。

# %% [markdown] lang="en"
# ## Where its points come from, and where it stands
#
# Left: the points each dimension adds to the total (base dimensions by their weight, bonuses as
# they are). Right: the totals of all eligible firms, the cut-offs of the tiers, and this firm.

# %%
inside = {name for item in policy.rules.dimensions for name in item.of}  # parts of other ones
parts = [
    item
    for item in policy.rules.dimensions
    if item.role in ("base", "bonus") and item.name not in inside
]
gained = []
for item in parts:
    share = float(item.weight) if item.role == "base" else 1.0
    gained.append(float(np.nan_to_num(result.points(item.name)[ROW])) * share)


def words_in(lang):
    """Every text of the picture."""
    zh = lang == "zh"
    tier = result.tier_of(ROW)
    return {
        "parts": tuple(item.title.text(lang) for item in parts),
        "left": "各维度计入总分" if zh else "Points that each dimension adds",
        "points": "计入总分的分数（分）" if zh else "points in the total",
        "roles": ("基础项（已乘权重）", "加分项") if zh else ("base, weighted", "bonus"),
        "right": "符合条件企业的总分" if zh else "Totals of the eligible firms",
        "total": "总分（分）" if zh else "total (points)",
        "firms": "企业数（户）" if zh else "firms",
        "here": f"本企业：{tier or '无等级'}" if zh else f"this firm: {tier or 'no tier'}",
        "tiers": tuple(tiers.labels),
    }


def compose(figure, words):
    """Two charts side by side."""
    left, right = figure.subplots(1, 2, width_ratios=(1.1, 1))
    places = np.arange(len(parts))
    roles = (("base", pictures.BLUE), ("bonus", pictures.ORANGE))
    for (role, colour), label in zip(roles, words["roles"], strict=True):
        which = [at for at, item in enumerate(parts) if item.role == role]
        left.barh(which, [gained[at] for at in which], color=colour, label=label)
    left.legend(fontsize=9, frameon=False, loc="lower right")
    for place, value in zip(places, gained, strict=True):
        left.annotate(f"{value:.1f}", (value, place), xytext=(3, 0), textcoords="offset points",
                      va="center", fontsize=9)  # fmt: skip
    left.set_yticks(places, words["parts"])
    left.invert_yaxis()
    left.set_xlim(0, max(*gained, 1.0) * 1.15)
    left.set_title(words["left"], loc="left", fontsize=11)
    left.set_xlabel(words["points"], fontsize=9)
    pictures.quiet(left, "x")
    shown = total[eligible]
    if shown.size:
        right.hist(shown, bins=24, color=pictures.SKY, edgecolor="white", linewidth=0.5)
    top = right.get_ylim()[1]
    right.set_ylim(0, top * 1.12)
    for cut, label in zip(cuts, words["tiers"], strict=False):
        right.axvline(cut, color=pictures.GREY, linewidth=1, linestyle="--")
        right.annotate(label, (cut, top * 1.12), xytext=(3, -3), textcoords="offset points",
                       va="top", fontsize=10)  # fmt: skip
    if np.isfinite(total[ROW]):
        right.axvline(total[ROW], color=pictures.RED, linewidth=2, label=words["here"])
        right.legend(fontsize=9, frameon=False, loc="upper right", bbox_to_anchor=(1.0, 0.94))
    right.set_title(words["right"], loc="left", fontsize=11)
    right.set_xlabel(words["total"], fontsize=9)
    right.set_ylabel(words["firms"], fontsize=9)
    pictures.quiet(right, "y")


show(pictures.draw(words_in, compose, LANG, (12, 4.8)), LANG)

# %% [markdown] lang="zh"
# ## 这个结论靠什么
#
# 公开的是评价的形状和五级额度；权重、分档和门槛多未公开，政策文件里逐项写明是假定的。先看等级门槛这几项。

# %% [markdown] lang="en"
# ## What the answer rests on
#
# Public are the shape of the evaluation and the five lines; most weights, bands and cut-offs are
# not, and the policy file marks each as assumed. The cut-offs of the tiers come first.

# %%
assumed = policy.assumed()
for number in policy.assumed("tiers"):
    print(f"{number.path} = {number.shown}: {number.assumed.text(LANG)}")
marks = policy.evidence()
tell(
    say(
        f"全部 {sum(marks.values())} 个数值中：官方 {marks['official']}、二手 {marks['secondary']}、"
        f"假定 {marks['assumed']}。",
        f"Of {sum(marks.values())} values {marks['official']} are official, "
        f"{marks['secondary']} secondary and {marks['assumed']} assumed.",
    )
)

# %% [markdown] lang="zh"
# ## 决定

# %% [markdown] lang="en"
# ## Decision

# %% tags=["decision"]
status, tier = result.status_of(ROW), result.tier_of(ROW)
lifts = what_is_missing(result, None, ROW) if status in ("eligible", "refused") else ()
better = lifts[0] if lifts else None
name = firms.row(ROW).texts.get("name") or say(f"第 {ROW + 1} 户", f"firm {ROW + 1}")
near = cuts[np.argmin(np.abs(cuts - total[ROW]))] if np.isfinite(total[ROW]) else None
sentences = []
if status == "eligible":
    line = result.line_of("total", ROW)
    amount = None if line is None else format_money(line, policy.currency, LANG)
    grade = say(f"，{tier} 级", f" at tier {tier}") if tier else ""
    sentences.append(
        say(f"**可贷：{name}**{grade}", f"**Lend to {name}**{grade}")
        + (
            say(f"，额度 {amount}。", f", up to {amount}.")
            if amount
            else say("，额度待补齐材料后确定。", "; the line waits for missing figures.")
        )
    )
elif status == "refused":
    sentences.append(
        say(f"**不贷：{name}** 未达到上列条件。", f"**Do not lend to {name}** as it stands.")
    )
elif status == "incomplete":
    sentences.append(
        say(
            f"**先不决定：{name}** 缺材料。", f"**No decision yet on {name}**: figures are missing."
        )
    )
else:
    sentences.append(
        say(f"**退回：{name}** 的材料有误。", f"**Send back {name}**: figures are wrong.")
    )
if better is not None:
    what = better.title(policy.currency).text(LANG)
    sentences.append(
        say(f"若{what}，可到 {better.target} 级；下次年审时先看这一项。",
            f"With {what} it reaches {better.target}: look at this first at the next review.")
        if better.target in tiers.labels
        else say(f"若{what}，即可符合。", f"With {what} it becomes eligible.")
    )  # fmt: skip
if near is not None and abs(near - total[ROW]) < 2:
    sentences.append(
        say(
            f"它离 {near:g} 分的门槛只差 {abs(near - total[ROW]):.1f} 分，而该门槛"
            "是假定的：由人复核后再定，不要只凭等级。",
            f"It is {abs(near - total[ROW]):.1f} points from the cut-off of {near:g}, which is "
            "assumed: have a person look at it and do not decide by the tier alone.",
        )
        if policy.assumed("tiers")
        else say("它离门槛不足 2 分，由人复核。", "It is within 2 points of a cut-off: review it.")
    )
tell("".join(sentences) if LANG == "zh" else " ".join(sentences))
