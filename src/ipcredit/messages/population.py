"""Texts of the synthetic population (en, zh)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "population.range": (
        '"{given}" is out of range; allowed is {low} to {high}; choose a number in between',
        "“{given}”超出范围；可取 {low} 至 {high}；请改用其间的数",
    ),
    "population.whole": (
        '"{given}" is not a whole number; allowed are whole numbers; round it yourself',
        "“{given}”不是整数；应为整数；请自行取整",
    ),
    "population.shares": (
        "the shares of the choice add up to {total}; they must add up to 1; correct them",
        "各选项的占比合计为 {total}；合计必须为 1；请改正",
    ),
    "population.twice": (
        "this correlation is given twice; each pair of quantities is given once; remove one",
        "该相关系数给出了两次；每对变量只写一次；请删除其一",
    ),
    "population.not-a-correlation": (
        'the correlations contradict each other from "{name}" on; together they must be possible '
        "(a positive definite matrix); make them smaller or fill in the pairs left at 0",
        "自“{name}”起相关系数互相矛盾；整体须可能成立（矩阵正定）；请调小，或补上未写（即 0）的变量对",
    ),
    "population.field-range": (
        "the population file gives this field {low} to {high}; allowed is {lo} to {hi}; narrow low "
        "and high of the quantity behind it",
        "总体文件使该字段取到 {low} 至 {high}；可取 {lo} 至 {hi}；请收窄对应变量的 low 与 high",
    ),
    # -- cells of a table
    "csv.yes": ("yes", "是"),
    "csv.no": ("no", "否"),
}
