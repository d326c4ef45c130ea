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
# # 三、基金撑得住吗：一年、数年与压力情景
#
# **问题：** 给这批企业发放知识价值信用贷款，风险补偿基金一年内用尽的概率有多大？
# 遇到类似国外经历过的违约上升，还撑得住吗？若要百年一遇，基金应有多大？
#
# 下一格第一行选语言。默认用合成的参照总体；换成自己的企业只需一行：
# `firms = Firms.read("my.csv")`。

# %% [markdown] lang="en"
# # 3. Does the fund hold? One year, several years, and stress
#
# **Question:** with knowledge-value loans to these firms, how likely does the compensation fund run
# dry within a year? Does it hold when defaults rise as they did abroad? How large must it be to
# run dry once in a hundred years?
#
# The first line of the next cell chooses the language. The firms are the synthetic reference
# population; your own take their place in one line: `firms = Firms.read("my.csv")`.

# %%
import os

LANG = os.environ.get("IPCREDIT_LANG", "zh")  # "zh" or "en"

import datetime as dt

from ipcredit import Firms, Policy, assess, pictures
from ipcredit.fund.exact import simulate
from ipcredit.fund.fund import Fund
from ipcredit.fund.paths import simulate_paths
from ipcredit.fund.plots import draw_frontier, draw_simulation
from ipcredit.fund.replay import replay
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.scored_book import scored_book
from ipcredit.fund.sizing import sizing
from ipcredit.money import format_money
from ipcredit.population import population
from ipcredit.tune.panel_show import show, tell


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

ON = dt.date(2023, 8, 11)  # the day on which the firms are judged and borrow
TARGET = 0.01  # the fund may run dry once in a hundred years
PATHS = int(os.environ.get("IPCREDIT_PATHS", "4000"))  # of the several years
policy = Policy.load("chongqing-knowledge@2023")
fund = Fund.load("chongqing-knowledge@2019")
base = Scenario.load("chongqing-assumed")

# %% [markdown] lang="zh"
# ## 一、贷款与基金
#
# 哪些企业贷款、用多少额度、违约概率多高，由情景给出，全部是假定的。基金按试点最紧的公开时点上
# 实缴额与余额之比配给这批企业，也是假定的；有自己的数字，就把 `CAPITAL` 写成金额。

# %% [markdown] lang="en"
# ## 1. The loans and the fund
#
# Who borrows, how much of the line is drawn and how often firms default comes from the scenario,
# all of it assumed. The fund is given to these firms in the ratio of what was paid in to the
# balance at the pilot's tightest public date, assumed too; a figure of your own goes into
# `CAPITAL`.

# %%
CAPITAL = None  # or an amount: "5,000 万元"

judged = assess(policy, firms, on=ON)
book = scored_book(judged, base, as_of=ON, leave_out=("incomplete", "invalid"))
covered = book.covered(fund.terms.covers)
owed = int(covered.outstanding.sum())
if CAPITAL is None:
    tight = min((row for row in replay() if row.kind == "paid-in"), key=lambda row: row.level)
    ratio = float(tight.capital / tight.balance)
    CAPITAL = format_money(max(round(ratio * owed / 10**8), 1) * 10**8, "CNY", "zh")


def funded(scenario):
    """The scenario with this fund, all of it paid in."""
    for kind in ("committed", "paid_in"):
        scenario = scenario.change(f"capital.{kind}", CAPITAL)
    return scenario


base = funded(base)
tell(
    say(
        f"基金覆盖 {len(covered.loans):,} 笔贷款，余额 {money(owed)}；基金 {CAPITAL}（假定）。",
        f"The fund covers {len(covered.loans):,} loans with {money(owed)} outstanding; the fund is "
        f"{CAPITAL} (assumed).",
    )
)
for number in base.assumed():
    print(f"{number.path} = {number.shown}: {number.assumed.text(LANG)}")

# %% [markdown] lang="zh"
# ## 二、一年与数年
#
# 一年按政策条款精确计算；数年用模拟，景气逐年延续，到期部分续贷。

# %% [markdown] lang="en"
# ## 2. One year and several
#
# One year is reckoned exactly from the fund's clauses. Several years are simulated: good and bad
# years carry over, and part of what falls due is lent again.

# %%
year = simulate(covered, fund, base)
years = simulate_paths(covered, fund, base, paths=PATHS, progress=False)
print(year.text(LANG))
print(years.text(LANG))
show(draw_simulation(year, years, LANG), LANG)

# %% [markdown] lang="zh"
# ## 三、压力情景
#
# 平静年份只作对照；韩国 KIBO 2023 年代偿率的上升、美国 2005—2008 年放款批次的冲击都真实发生过。
# KIBO 的记录不含相关系数与回收率，取基准情景的数值。

# %% [markdown] lang="en"
# ## 3. Stress
#
# Calm years are there for comparison. The rise of KIBO's subrogation rate in 2023 and the shock to
# US loans of 2005 to 2008 did happen. KIBO's record has no correlation and no recovery: those of
# the base case are used.

# %%
rise = Scenario.load("kibo-rise")
for path, value in (
    ("factor.correlation", base.terms.factor.correlation),
    ("severity.recovery", base.terms.severity.recovery),
):
    rise = rise.change(path, float(value))
others = (Scenario.load("calm"), rise, Scenario.load("vintage-2005-08"))
tried = [base, *map(funded, others)]
found = {one.id: (year if one is base else simulate(covered, fund, one)) for one in tried}
for one in tried:
    result = found[one.id]
    tell(
        say(
            f"{one.title.zh}：预期应补偿 {money(result.gross.mean.value)}，百年一遇 "
            f"{money(result.gross.quantile(0.99).value)}，基金用尽概率 "
            f"{chance(result.exhaustion)}。",
            f"{one.title.en}: expected to owe {money(result.gross.mean.value)}, once in a hundred "
            f"years {money(result.gross.quantile(0.99).value)}; runs dry with probability "
            f"{chance(result.exhaustion)}.",
        )
    )


# %%
def words_in(lang):
    """Every text of the picture."""
    zh = lang == "zh"
    amount = format_money(round(year.about.capital["committed"]), "CNY", lang)
    return {
        "title": "各情景下基金一年应补偿的金额" if zh
        else "What the fund owes in a year under each scenario",
        "names": tuple(one.title.text(lang) for one in tried),
        "axis": "基金一年应补偿（万元）" if zh else "owed by the fund in a year (CNY 10,000)",
        "mean": "均值" if zh else "mean",
        "bad": "百年一遇" if zh else "once in a hundred years",
        "fund": f"基金：{amount}" if zh else f"the fund: {amount}",
        "dry": tuple(
            f"用尽概率 {chance(found[one.id].exhaustion)}" if zh
            else f"runs dry: {chance(found[one.id].exhaustion)}" for one in tried
        ),
    }  # fmt: skip


def compose(figure, words):
    """From the mean to the worst year of a hundred, with the fund as a line."""
    axes = figure.add_subplot()
    scale = 10**6
    ends = []
    for at, (one, label) in enumerate(zip(tried, words["dry"], strict=True)):
        result = found[one.id]
        mean, bad = result.gross.mean.value / scale, result.gross.quantile(0.99).value / scale
        axes.plot([mean, bad], [at, at], color=pictures.GREY, linewidth=2, zorder=1)
        axes.scatter([mean], [at], color=pictures.BLUE, marker="o", s=60, zorder=2,
                     label=words["mean"] if not at else None)  # fmt: skip
        axes.scatter([bad], [at], color=pictures.ORANGE, marker="D", s=60, zorder=2,
                     label=words["bad"] if not at else None)  # fmt: skip
        axes.annotate(label, (bad, at), xytext=(10, 0), textcoords="offset points", va="center",
                      fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        ends.append(bad)
    capital = year.about.capital["committed"] / scale
    axes.axvline(capital, color=pictures.RED, linestyle="--", linewidth=1.8, label=words["fund"])
    axes.set_yticks(range(len(tried)), words["names"])
    axes.set_ylim(len(tried) - 0.5, -0.5)
    axes.set_xlim(0, max(*ends, capital) * 1.3)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.set_xlabel(words["axis"], fontsize=9)
    axes.set_title(words["title"], loc="left", fontsize=12)
    axes.legend(fontsize=9, frameon=False, loc="upper center", ncols=3, bbox_to_anchor=(0.5, -0.16))
    pictures.quiet(axes, "x")


show(pictures.draw(words_in, compose, LANG, (11, 4.6)), LANG)

# %% [markdown] lang="zh"
# ## 四、基金应有多大
#
# 目标：一年内用尽的概率为 1%。前沿图比较不同的资金规模与补偿比例。

# %% [markdown] lang="en"
# ## 4. How large must the fund be?
#
# Target: to run dry within a year with probability 1 %. The frontier compares amounts of capital
# and shares of cover.

# %%
here = year.about.capital["committed"]
amounts = ",".join(
    format_money(max(round(here * part / 10**6), 1) * 10**6, "CNY", "zh").replace(",", "")
    for part in (0.5, 0.75, 1.0, 1.5)
)
need = sizing(covered, fund, base, TARGET, ("cover.rules.principal.share=0.6,0.8",), amounts)
print(need.text(LANG))
show(draw_frontier(need, LANG), LANG)

# %% [markdown] lang="zh"
# ## 决定

# %% [markdown] lang="en"
# ## Decision

# %% tags=["decision"]
failing = [one for one in tried if found[one.id].exhaustion.value > TARGET]
hardest = max(tried, key=lambda one: found[one.id].gross.quantile(0.99).value)
enough = found[hardest.id].gross.quantile(0.99).value
gap = need.size.capital - here
last = years.runs_dry()[-1].value
if not failing:
    verdict = say(
        f"**基金撑得住。** 所试情景下，{CAPITAL} 的基金一年内用尽的概率都不超过 {TARGET:.0%}；"
        "不必增资，把精力放在收集真实违约数据上。",
        f"**The fund holds.** Under every scenario tried, a fund of {CAPITAL} runs dry within a "
        f"year with a probability of at most {TARGET:.0%}. Add no capital; collect true default "
        "data instead.",
    )
elif base in failing:
    verdict = say(
        f"**基金不够。** 基准情景下用尽概率已达 {chance(year.exhaustion)}，超过 {TARGET:.0%}："
        f"放款前先补足 {money(max(gap, 0))}，或降低补偿比例。",
        f"**The fund is too small.** Already in the base case it runs dry with probability "
        f"{chance(year.exhaustion)}, above {TARGET:.0%}: add {money(max(gap, 0))} before "
        "lending, or lower the cover.",
    )
else:
    which = say("、", ", ").join(one.title.text(LANG) for one in failing)
    verdict = say(
        f"**平常年份够用，压力下不够。** 基准情景下用尽概率 {chance(year.exhaustion)}，"
        f"但遇到以下情景会超过 {TARGET:.0%}：{which}。照常放款，同时约定催缴安排：备足 "
        f"{money(max(enough - here, 0))}，可应对其中最坏的一种。",
        f"**Enough in ordinary years, not under stress.** In the base case it runs dry with "
        f"probability {chance(year.exhaustion)}, but above {TARGET:.0%} under: {which}. "
        f"Lend, and agree on a call for capital: another {money(max(enough - here, 0))} meets the "
        "worst of them.",
    )
horizon = say(
    f"连续 {len(years.periods)} 年不补充资金，用尽的概率为 {last:.1%}"
    + ("，应约定每年补足。" if last > TARGET else "，不需每年补足。"),
    f"Over {len(years.periods)} years without new money it runs dry with probability {last:.1%}: "
    + ("agree on a yearly top-up." if last > TARGET else "no yearly top-up is needed."),
)
caution = say(
    "以上全部依赖假定的违约率与相关系数；平静年份的结果不能用来定规模。",
    "All of this rests on assumed default rates and correlation; never size a fund by calm years.",
)
tell("\n\n".join((verdict, horizon, caution)))
