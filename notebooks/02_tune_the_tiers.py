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
# # 二、调等级：谁升谁降，花多少，基金还撑得住吗
#
# **问题：** 如果 B 级从 65 分起（现为 70 分）、额度提到 450 万元，哪些企业受影响，基金多赔多少、
# 会不会用尽？同样的钱，能不能买到更好的一套等级和额度？
#
# 下一格第一行选语言。默认用合成的参照总体；换成自己的企业只需一行：
# `firms = Firms.read("my.csv")`。

# %% [markdown] lang="en"
# # 2. Tune the tiers: who moves, what does it cost, does the fund still hold?
#
# **Question:** if tier B starts at 65 points (now 70) and its line becomes CNY 4.5 million, who
# moves, what does the fund pay more, does it still hold? And could the same money buy a better
# set of cut-offs and lines?
#
# The first line of the next cell chooses the language. The firms are the synthetic reference
# population; your own take their place in one line: `firms = Firms.read("my.csv")`.

# %%
import os

LANG = os.environ.get("IPCREDIT_LANG", "zh")  # "zh" or "en"

import datetime as dt

from ipcredit import Firms, Policy
from ipcredit.fund.fund import Fund
from ipcredit.fund.replay import replay
from ipcredit.fund.scenario import Scenario
from ipcredit.money import format_money
from ipcredit.population import population
from ipcredit.tune.compare import compare
from ipcredit.tune.outcome import outcome
from ipcredit.tune.panel import panel
from ipcredit.tune.panel_show import show, tell
from ipcredit.tune.robustness import robustness
from ipcredit.tune.search import search
from ipcredit.tune.sweep import sweep


def say(zh, en):
    """The text in the language chosen above."""
    return zh if LANG == "zh" else en


def money(amount):
    """An amount in minor units as a banker writes it, to ten thousand yuan."""
    return format_money(round(amount / 10**6) * 10**6, "CNY", LANG)


def chance(figure):
    """A probability, with two digits."""
    share = 100 * figure.value
    return f"{share:.2g}%" if share >= 0.001 else "< 0.001%"


firms = population(int(os.environ.get("IPCREDIT_N", "1000")), seed=7)
# Your own firms, in one line: firms = Firms.read("my.csv")
if "IPCREDIT_FIRMS" in os.environ:
    firms = Firms.read(os.environ["IPCREDIT_FIRMS"])

ON = dt.date(2023, 8, 11)  # the day on which the firms are judged
TARGET = 0.01  # the fund may run dry once in a hundred years
policy = Policy.load("chongqing-knowledge@2023")
start = policy.fingerprint
fund = Fund.load("chongqing-knowledge@2019")
scenario = Scenario.load("chongqing-assumed")

# %% [markdown] lang="zh"
# ## 这批企业配多少基金（假定）
#
# 公布的基金属于全市，这批企业只是一个样本。这里假定基金与贷款余额之比，等于试点最紧的公开时点上
# 实缴额与余额之比（见笔记 04）。有自己的数字，就把 `CAPITAL` 写成金额，如 `"5,000 万元"`。

# %% [markdown] lang="en"
# ## The fund for these firms (assumed)
#
# The published fund is the whole city's and these firms are a sample. Assumed here: the fund's
# ratio to the balance is what the paid-in part was to the pilot's balance at the tightest public
# date (notebook 04). With a figure of your own write it into `CAPITAL`, as `"5,000 万元"`.

# %%
CAPITAL = None

if CAPITAL is None:
    tight = min((row for row in replay() if row.kind == "paid-in"), key=lambda row: row.level)
    ratio = float(tight.capital / tight.balance)
    owed = outcome(policy, firms, on=ON, fund=fund, scenario=scenario).fund.outstanding
    CAPITAL = format_money(max(round(ratio * owed / 10**8), 1) * 10**8, "CNY", "zh")
    tell(
        say(
            f"假定：{tight.month} 实缴额为余额的 {ratio:.1%}；这批企业的余额 {money(owed)}，"
            f"配基金 {CAPITAL}。",
            f"Assumed: in {tight.month} {ratio:.1%} of the balance was paid in; these firms would "
            f"owe {money(owed)}, so the fund is taken as {CAPITAL}.",
        )
    )
# All of it is paid in.
scenario = scenario.change("capital.committed", CAPITAL).change("capital.paid_in", CAPITAL)
tell(
    say(
        f"政策中假定的数值 {len(policy.assumed())} 个，情景中 {len(scenario.assumed())} 个。",
        f"Assumed values: {len(policy.assumed())} of the policy, {len(scenario.assumed())} of the "
        "scenario.",
    )
)

# %% [markdown] lang="zh"
# ## 一、拟议的改动
#
# 每户的违约概率只按现行政策的得分读一次，改了等级名称不会改变损失。

# %% [markdown] lang="en"
# ## 1. The change proposed
#
# Each firm's default probability is read once, from its points under the policy as it is: a new
# label changes no loss.

# %%
other = policy.change("tiers.B.at_least", 65).change("line.tiers.B.amount", "450 万元")
change = compare(policy, other, firms, fund, scenario, ON, listed=5)
print(change.text(LANG))
show(change.draw(LANG), LANG)

# %% [markdown] lang="zh"
# ## 二、自己动手
#
# 在 JupyterLab 中拖动滑块，等级、额度与基金的尾部即时重算；没有滑块的地方给出同样的表和图。

# %% [markdown] lang="en"
# ## 2. By hand
#
# In JupyterLab move a slider: tiers, lines and the tail of the fund are reckoned anew. Where there
# are no sliders the same tables and picture stand still.

# %%
knobs = panel(
    policy,
    firms,
    {
        "tiers.B.at_least": (60, 80, 1),
        "tiers.C.at_least": (45, 65, 1),
        "line.tiers.B.amount": ("300 万元", "500 万元", "10 万元"),
    },
    fund,
    scenario,
    lang=LANG,
    on=ON,
)
knobs.show()
show(knobs.draw(), LANG)

# %% [markdown] lang="zh"
# ## 三、一个参数走一遍：B 级起点

# %% [markdown] lang="en"
# ## 3. One parameter end to end: where tier B starts

# %%
steps = sweep(policy, {"tiers.B.at_least": [60, 65, 70, 75, 80]}, firms, fund=fund,
              scenario=scenario, on=ON)  # fmt: skip
print(steps.text(LANG))
show(steps.draw(LANG), LANG)

# %% [markdown] lang="zh"
# ## 四、等级有多稳
#
# 权重未公开，是假定的。把权重在原值附近抽动，多少企业会换等级？

# %% [markdown] lang="en"
# ## 4. How firm are the tiers?
#
# The weights are not public but assumed. Drawn around their values, how many firms change tier?

# %%
steady = robustness(policy, firms, spread=0.1, draws=100, on=ON)
print(steady.text(LANG))
show(steady.draw(LANG), LANG)

# %% [markdown] lang="zh"
# ## 五、这笔钱能买到的最好政策
#
# 目标：额度合计最大。限制：预期净成本最多比现在高 5%，整个基金一年内用尽的概率不超过 1%
# （现在已超过的，不再升高），符合企业不减少。

# %% [markdown] lang="en"
# ## 5. The best policy that this money can buy
#
# Sought: the largest lines in all. Limits: an expected net cost at most 5 % above today's, a
# probability of running dry within a year of at most 1 % (or today's, where that is more), and no
# fewer firms than today.

# %%
now = change.before
budget = format_money(max(round(now.fund.net.value * 1.05 / 10**6), 1) * 10**6, "CNY", "zh")
best = search(
    policy,
    firms,
    vary={
        "tiers.B.at_least": (60, 80, 5),
        "line.tiers.B.amount": ("350 万元", "500 万元", "50 万元"),
        # More of them take more time: "tiers.C.at_least": (50, 60, 5), ...
    },
    objective="lending",
    budget=budget,
    exhaustion=max(TARGET, now.fund.dry.value),
    firms_at_least=int((now.line > 0).sum()),
    fund=fund,
    scenario=scenario,
    on=ON,
)
print(best.text(LANG))
show(best.draw(LANG), LANG)
assert policy.fingerprint == start  # trying policies has not touched the one in force

# %% [markdown] lang="zh"
# ## 决定

# %% [markdown] lang="en"
# ## Decision

# %% tags=["decision"]
after = change.after
cost = after.fund.net.value - now.fund.net.value
holds = after.fund.dry.value <= max(TARGET, now.fund.dry.value)
cheap = after.fund.net.value <= now.fund.net.value * 1.05
names = {
    "budget": ("预期净成本", "the expected net cost"),
    "exhaustion": ("基金用尽概率", "the probability of running dry"),
    "firms_at_least": ("企业户数", "the number of firms"),
}
gain, lose = int(change.gains.sum()), int(change.loses.sum())
effect = say(
    f"它使 {gain:,} 户受益、{lose:,} 户受损，基金每年预期净成本变动 {money(cost)}，"
    f"用尽概率由 {chance(now.fund.dry)} 变为 {chance(after.fund.dry)}。",
    f"It makes {gain:,} firms gain and {lose:,} lose, changes the fund's expected net cost by "
    f"{money(cost)} a year, and its probability of running dry from {chance(now.fund.dry)} to "
    f"{chance(after.fund.dry)}.",
)
pot = after.fund.worst
if pot is not None and pot.dry.value > TARGET:
    effect += say(
        f"但最易用尽的一个区县资金池（{pot.district or pot.pot}）概率为 {chance(pot.dry)}："
        "样本小的区县宜合并或由市级兜底。",
        f" The pot most likely to run dry ({pot.district or pot.pot}) does so with "
        f"{chance(pot.dry)}: pool the small districts or let the city stand behind them.",
    )
if holds and cheap:
    verdict = say("**可以采用拟议的改动。**", "**Adopt the change proposed.**")
elif holds:
    verdict = say(
        "**基金撑得住，但超出 5% 的预算：拟议的改动暂不采用。**",
        "**The fund holds, but the cost is more than 5 % above today's: do not adopt the change yet.**",
    )
else:
    verdict = say(
        "**不采用拟议的改动：基金撑不住。**", "**Do not adopt the change: the fund does not hold.**"
    )
if best.changes and best.policy == other:
    advice = say(
        "在同样的约束下试过的取值中，拟议的改动正是最好的一套。",
        "Of the values tried under the limits set, the change proposed is itself the best.",
    )
elif best.changes:
    found = say("，", ", ").join(f"{path} = {value}" for path, value in best.changes.items())
    bound = say("、", ", ").join(say(*names[name]) for name in best.binding if name in names)
    extra = money(best.after.lines - best.before.lines)
    advice = say(
        f"同样的约束下更好的一套：{found}，额度合计再增 {extra}"
        + (f"，受{bound}约束。" if bound else "，没有一项约束起作用，可放宽试算范围。"),
        f"Better under the limits set: {found}; the lines grow by {extra} in all, "
        + (f"held back by {bound}." if bound else "held back by no limit: widen the range tried."),
    )
else:
    advice = say(
        "试过的取值中没有比现行政策更好的：等级和额度维持不变。",
        "Of the values tried none is better than the policy in force: leave tiers and lines alone.",
    )
doubt = say(
    f"权重抽动时平均 {steady.mean_flips:.1%} 的企业换等级："
    + ("定档前先复核临近门槛的企业。" if steady.mean_flips > 0.05 else "等级足够稳定。"),
    f"With weights drawn around their values {steady.mean_flips:.1%} of the firms change tier on "
    "average: "
    + (
        "review the firms near a cut-off before the tiers are fixed."
        if steady.mean_flips > 0.05
        else "the tiers are firm enough."
    ),
)
tell("\n\n".join((verdict + say("", " ") + effect, advice, doubt)))
