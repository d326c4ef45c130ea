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
# # 四、回放试点：基金当年会不会被用尽，两版政策差在哪里
#
# **问题：** 重庆试点 2017 年启动，任何一年的违约与代偿数字都未公布。能不能反过来问：
# 在每个公开时点，贷款余额要有多大比例违约，基金才会用尽？2023 年版比 2017 年版多惠及谁？
#
# 下一格第一行选语言。默认用合成的参照总体；换成自己的企业只需一行：
# `firms = Firms.read("my.csv")`。

# %% [markdown] lang="en"
# # 4. Replay the pilot: could its fund have been emptied, and how do the two editions differ?
#
# **Question:** the Chongqing pilot began in 2017 and has published no default or payout figure for
# any year. So turn the question round: at each public date, what share of the loans would have had
# to default to empty the fund? And whom does the edition of 2023 reach that the one of 2017 did
# not?
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
from ipcredit.fund.replay import read_pilot, replay, replay_text
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.scored_book import scored_book
from ipcredit.money import format_money
from ipcredit.population import population
from ipcredit.tune.compare import compare
from ipcredit.tune.panel_show import show, tell


def say(zh, en):
    """The text in the language chosen above."""
    return zh if LANG == "zh" else en


firms = population(int(os.environ.get("IPCREDIT_N", "1000")), seed=7)
# Your own firms, in one line: firms = Firms.read("my.csv")
if "IPCREDIT_FIRMS" in os.environ:
    firms = Firms.read(os.environ["IPCREDIT_FIRMS"])

ON = dt.date(2023, 8, 11)  # the day on which both editions judge the firms

# %% [markdown] lang="zh"
# ## 一、公开时点：要多大的违约才会用尽
#
# 只用公开的放款与基金规模，加上政策文件里的 80% 先行代偿、至少实缴承诺额的 10%。
# 余额未公布，按最近十二个月放款计；这一项与 2020 年以后的基金规模都是假定，逐条列在后面。

# %% [markdown] lang="en"
# ## 1. At the public dates: how bad would it have had to be?
#
# Only what is public goes in: what had been lent, the size of the fund, 80 % advanced, at least
# 10 % of the commitment paid in. The balance is not public and is taken as what was lent in the
# last twelve months. That, and the fund's size after 2020, are assumed; each reason is printed.

# %%
pilot = read_pilot()
rows = replay(pilot)
print(replay_text(rows, LANG))

# %% [markdown] lang="zh"
# ## 二、这样的违约有多罕见
#
# 拿参照总体按 2023 年版会形成的贷款作比：在基准情景（全部数值为假定）与一次批次冲击
# （美国 2005—2008 年放款批次）下，百年一遇的年份有多大比例的余额违约？

# %% [markdown] lang="en"
# ## 2. How rare are such defaults?
#
# For comparison take the loans that these firms would have under the edition of 2023. In the base
# case (every number of which is assumed) and in a vintage shock (US loans of 2005 to 2008): what
# share of the balance defaults in the year that is exceeded once in a hundred?

# %%
new = Policy.load("chongqing-knowledge@2023")
old = Policy.load("chongqing-knowledge@2017")
fund = Fund.load("chongqing-knowledge@2019")
base = Scenario.load("chongqing-assumed")
shock = Scenario.load("vintage-2005-08")

judged = assess(new, firms, on=ON)
book = scored_book(judged, base, as_of=ON, leave_out=("incomplete", "invalid"))
# What the fund owes of a loan in default is the cover's share of it, so the division gives back
# the share of the balance that defaults.
bad_year, mean_year = {}, {}
for scenario in (base, shock):
    year = simulate(book, fund, scenario)
    covered = float(pilot.cover) * year.about.outstanding
    bad_year[scenario.id] = year.gross.quantile(0.99).value / covered
    mean_year[scenario.id] = year.gross.mean.value / covered
for scenario in (base, shock):
    tell(
        say(
            f"{scenario.title.zh}：平均每年 {mean_year[scenario.id]:.1%} 的余额违约，"
            f"百年一遇 {bad_year[scenario.id]:.1%}。",
            f"{scenario.title.en}: {mean_year[scenario.id]:.1%} of the balance defaults in a mean "
            f"year, {bad_year[scenario.id]:.1%} in the worst of a hundred.",
        )
    )
for scenario in (base, shock):
    for number in scenario.assumed()[:3]:
        print(f"{scenario.id} {number.path} = {number.shown}: {number.assumed.text(LANG)}")

# %%
# The axis is logarithmic, in percent: from well below the smallest figure.
FROM = 70 * min(*(float(row.level) for row in rows), *bad_year.values(), 0.1)


def words_in(lang):
    """Every text of the picture."""
    zh = lang == "zh"
    kinds = ("承诺额", "实缴额（承诺额的 10%）") if zh else ("commitment", "paid in (10 % of it)")
    lines = [
        (f"{one.title.text(lang)}：{bad_year[one.id]:.1%}" if zh else
         f"{one.title.text(lang)}: {bad_year[one.id]:.1%}")
        for one in (base, shock)
    ]  # fmt: skip
    return {
        "title": "多大比例的余额违约才会用尽基金" if zh
        else "Share of the balance that would have had to default to empty the fund",
        "axis": "余额中违约的比例（%）" if zh else "share of the balance that defaults (%)",
        "months": tuple(dict.fromkeys(row.month for row in rows)),
        "kinds": kinds,
        "never": "超过 100%：用不尽" if zh else "above 100 %: cannot be emptied",
        "lines": tuple(lines),
        "notes": ("竖线：两种情景下百年一遇年份的违约比例；余额按最近十二个月放款计（假定）",) if zh
        else ("Vertical lines: defaults in the worst year of a hundred under each scenario. "
              "The balance is what was lent in twelve months (assumed).",),
    }  # fmt: skip


def compose(figure, words):
    """One row for each date; the further right, the safer."""
    axes = figure.add_subplot()
    places = {month: at for at, month in enumerate(words["months"])}
    marks = (("committed", pictures.BLUE, "s"), ("paid-in", pictures.RED, "o"))
    for (kind, colour, mark), label in zip(marks, words["kinds"], strict=True):
        mine = [row for row in rows if row.kind == kind]
        axes.scatter([100 * float(row.level) for row in mine], [places[r.month] for r in mine],
                     color=colour, marker=mark, s=70, label=label, zorder=3)  # fmt: skip
        for row in mine:
            axes.annotate(f"{100 * float(row.level):,.0f}%", (100 * float(row.level), places[row.month]),
                          xytext=(0, 8), textcoords="offset points", ha="center", fontsize=8,
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    styles = ((pictures.GREEN, "--"), (pictures.ORANGE, ":"))
    for one, label, (colour, style) in zip((base, shock), words["lines"], styles, strict=True):
        axes.axvline(
            100 * bad_year[one.id], color=colour, linestyle=style, linewidth=2, label=label
        )
    axes.axvspan(100, 2500, color=pictures.GREY, alpha=0.15, label=words["never"], linewidth=0)
    axes.set_xscale("log")
    axes.set_xlim(FROM, 2500)
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if tick >= FROM]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(places)), words["months"])
    axes.set_ylim(len(places) - 0.5, -0.6)
    axes.set_xlabel(words["axis"], fontsize=9)
    axes.set_title(words["title"], loc="left", fontsize=12)
    axes.legend(fontsize=8, frameon=False, loc="upper center", ncols=2,
                bbox_to_anchor=(0.5, -0.14))  # fmt: skip
    pictures.quiet(axes, "x")


show(pictures.draw(words_in, compose, LANG, (10, 5.6)), LANG)

# %% [markdown] lang="zh"
# ## 三、两版政策：谁升谁降，额度差多少
#
# 同一批企业、同一天，先按 2017 年版、再按 2023 年版评一遍。

# %% [markdown] lang="en"
# ## 3. The two editions: who moves, and what it does to the lines
#
# The same firms on the same day, judged by the edition of 2017 and by that of 2023.

# %%
change = compare(old, new, firms, on=ON, listed=5)
print(change.text(LANG))
show(change.draw(LANG), LANG)

# %% [markdown] lang="zh"
# ## 决定

# %% [markdown] lang="en"
# ## Decision

# %% tags=["decision"]
paid = [row for row in rows if row.kind == "paid-in"]
weakest = min(paid, key=lambda row: row.level)
hardest = max((base, shock), key=lambda one: bad_year[one.id])
worst = bad_year[hardest.id]
ample = float(weakest.level) > worst
level, seen = f"{float(weakest.level):.1%}", f"{worst:.1%}"
gain, lose = int(change.gains.sum()), int(change.loses.sum())
before, after = change.before, change.after
more = format_money(abs(after.total - before.total), new.currency, LANG)
if ample:
    first = say(
        f"**结论：即使只实缴一成，基金也够用。** 最紧的时点 {weakest.month}，要 {level} 的余额"
        f"在一年内违约才会用尽实缴额，高于“{hardest.title.zh}”百年一遇的 {seen}。不必为偿付能力"
        "增资，应先公布代偿数据。",
        f"**Even the tenth that must be paid in was enough.** At the tightest date, {weakest.month}, "
        f"{level} of the balance would have had to default within a year to use it up. The worst "
        f"year of a hundred under “{hardest.title.en}” reaches {seen}. Do not add capital for fear "
        "of insolvency; publish the payouts first.",
    )
else:
    first = say(
        f"**结论：只实缴一成，经不起“{hardest.title.zh}”。** 最紧的时点 {weakest.month}，{level} 的"
        f"余额违约就会用尽实缴额，而该情景百年一遇的年份达到 {seen}。应约定承诺额的催缴时限，"
        "并公布代偿数据。",
        f"**The tenth that must be paid in does not survive “{hardest.title.en}”.** At the tightest "
        f"date, {weakest.month}, defaults of {level} of the balance use it up; the worst year of a "
        f"hundred under that scenario reaches {seen}. Agree on how fast commitments are called in, "
        "and publish the payouts.",
    )
if after.total > before.total:
    second = say(
        f"2023 年版对这些企业更宽：{gain:,} 户受益、{lose:,} 户受损，额度合计增加 {more}；"
        "比较两个年份的放款，须先扣除这一部分。",
        f"The edition of 2023 gives these firms more: {gain:,} gain and {lose:,} lose, the lines "
        f"rise by {more} in all. Take that out before comparing the lending of the two periods.",
    )
elif after.total < before.total:
    second = say(
        f"2023 年版对这些企业更严：{gain:,} 户受益、{lose:,} 户受损，额度合计减少 {more}；"
        "放款的增长不能归于政策放宽。",
        f"The edition of 2023 gives these firms less: {gain:,} gain and {lose:,} lose, the lines "
        f"fall by {more} in all. The growth of lending is not due to a laxer policy.",
    )
else:
    second = say(
        "两版对这些企业的额度合计相同：放款的变化另有原因。",
        "Both editions give these firms the same lines in all: look elsewhere for the change.",
    )
third = say(
    "余额与 2020 年以后的基金规模都是假定的：拿到真实余额后只需改数据文件一行，再跑本页。",
    "The balance and the fund's size after 2020 are assumed: when the true figures are known, "
    "change their line in the data file and run this page again.",
)
tell("\n\n".join((first, second, third)))
