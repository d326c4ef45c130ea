"""What is known about a firm: the declared list of fields, as data.

One row declares one field; labels and definitions stand in :mod:`ipcredit.messages.fields`.
A field that exists for three fiscal years is expanded: ``sales`` (last full fiscal year),
``sales_prev`` (the year before) and ``sales_prev2`` (two years before).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

from ipcredit.messages.fields import CHOICES, GROUPS, LABELS, YEARS
from ipcredit.money import MAX_MINOR

Kind = Literal[
    "text", "money", "count", "number", "share", "decimal", "date", "year", "flag", "choice"
]

# Smallest values of the column's dtype: "not known" and "known not to exist".
MISSING: Final = -(2**63)
NONE: Final = MISSING + 1
MISSING8: Final = -128
NONE8: Final = MISSING8 + 1

# Shares and decimals are kept in millionths, dates as days since this one.
MILLION: Final = 10**6
EPOCH: Final = date(1970, 1, 1).toordinal()

YEAR_SUFFIXES: Final = ("", "_prev", "_prev2")

_M115 = "国科发政〔2017〕115号"
_M63 = "工信部企业〔2022〕63号"
_M2 = "工信部企业〔2026〕2号"
_M32 = "国科发火〔2016〕32号"
_M195 = "国科发火〔2016〕195号"


class Field(NamedTuple):
    """One declared field: its kind, unit, bounds and what it means, in both languages.

    ``lo`` and ``hi`` are inclusive, in column units (fen, millionths, days, index of the
    choice).  ``part_of`` names the field of the same year that this one cannot exceed.
    ``source`` names the document that defines the field, empty when the wording is our own.
    ``ago`` is 0 for the last full fiscal year, 1 and 2 for the years before it.

    >>> FIELDS["sales_prev"].label("en"), FIELDS["sales_prev"].ago
    ('Sales (year before)', 1)
    """

    name: str
    kind: Kind
    group: str
    en: str
    zh: str
    definition_en: str
    definition_zh: str
    source: str = ""
    unit: str = ""
    years: bool = False
    lo: int | None = None
    hi: int | None = None
    choices: tuple[str, ...] = ()
    nullable: bool = False
    part_of: str | None = None
    personal: bool = False
    many: bool = False
    base: str = ""
    ago: int = 0

    @property
    def dtype(self) -> str:
        """NumPy dtype of the field's column; empty for text, which has none."""
        if self.kind == "text":
            return ""
        return "int8" if self.kind in ("flag", "choice") else "int64"

    @property
    def missing(self) -> int:
        """The value that means "not known" in the field's column."""
        return MISSING8 if self.dtype == "int8" else MISSING

    @property
    def none(self) -> int:
        """The value that means "known not to exist" in the field's column."""
        return NONE8 if self.dtype == "int8" else NONE

    def label(self, lang: str = "en") -> str:
        """The field's label in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def definition(self, lang: str = "en") -> str:
        """The field's definition in ``zh`` or ``en``, one sentence."""
        return self.definition_zh if lang == "zh" else self.definition_en

    def choice_label(self, choice: str, lang: str = "en") -> str:
        """What a choice is called in ``zh`` or ``en``.

        >>> FIELDS["sme_title"].choice_label("little_giant", "zh")
        '专精特新“小巨人”企业'
        """
        return CHOICES[self.base][choice][1 if lang == "zh" else 0]


class _Row(NamedTuple):
    name: str
    kind: Kind
    unit: str
    source: str = ""
    years: bool = False
    lo: int | None = None
    hi: int | None = None
    nullable: bool = False
    part_of: str | None = None
    personal: bool = False
    many: bool = False


def _text(name: str, source: str = "", *, personal: bool = False, many: bool = False) -> _Row:
    return _Row(name, "text", "", source, personal=personal, many=many)


def _flag(name: str, source: str = "", *, years: bool = False, personal: bool = False) -> _Row:
    return _Row(name, "flag", "yes_no", source, years, 0, 1, personal=personal)


def _choice(name: str, source: str = "") -> _Row:
    return _Row(name, "choice", "choice", source, lo=0, hi=len(CHOICES[name]) - 1)


def _date(name: str, source: str = "", *, nullable: bool = False) -> _Row:
    # The first and the last day a date can hold, as days since 1970-01-01.
    first, last = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
    return _Row(name, "date", "date", source, lo=first, hi=last, nullable=nullable)


def _count(
    name: str,
    unit: str,
    source: str = "",
    *,
    lo: int = 0,
    hi: int = 10**9,
    part_of: str | None = None,
    nullable: bool = False,
) -> _Row:
    kind: Kind = "number" if unit == "years" else "count"
    return _Row(name, kind, unit, source, lo=lo, hi=hi, part_of=part_of, nullable=nullable)


def _money(
    name: str,
    source: str = "",
    *,
    years: bool = False,
    lo: int | None = 0,
    part_of: str | None = None,
) -> _Row:
    bottom = -MAX_MINOR if lo is None else lo
    return _Row(name, "money", "fen", source, years, bottom, MAX_MINOR, part_of=part_of)


def _share(name: str, source: str = "") -> _Row:
    return _Row(name, "share", "share", source, lo=0, hi=MILLION)


_LIST: dict[str, tuple[_Row, ...]] = {
    "identity": (
        _text("name"),
        _text("uscc", "GB 32100-2015"),
        _choice("country"),
        _text("region"),
        _text("district"),
        _text("industry", "GB/T 4754"),
        _date("registered_on"),
        _flag("resident_enterprise", _M115),
        _flag("restricted_industry", _M115),
        _flag("filed_tech_firm"),
        _choice("loan_purpose"),
        _text("contact_person", personal=True),
        _text("legal_representative", personal=True),
        _text("researchers", personal=True, many=True),
        _flag("consent_tax_data", personal=True),
        _flag("consent_credit_data", personal=True),
    ),
    "talent": (
        _count("staff_total", "persons", _M115),
        _count("sci_tech_staff", "persons", _M115, part_of="staff_total"),
        _count("rd_staff", "persons", part_of="staff_total"),
        _count("senior_talent", "persons"),
        _count("postgraduate_staff", "persons", part_of="staff_total"),
    ),
    "rd": (
        _money("rd_expense", _M115, years=True),
        _money("rd_domestic", _M32, years=True, part_of="rd_expense"),
        _money("rd_outsourced", _M32, years=True, part_of="rd_expense"),
        _choice("rd_institution"),
        _choice("rd_option", _M115),
    ),
    "ip": (
        _count("class1_related", "rights", _M115),
        _count("class2_related", "rights", _M115),
        _count("class1_owned", "rights", part_of="class1_related"),
        _count("class1_high_value", "rights", _M63, part_of="class1_related"),
        _count("class2_kept_2y", "rights", _M63, part_of="class2_related"),
        _count("invention_patents", "rights"),
        _count("utility_models", "rights"),
        _count("designs", "rights"),
        _count("software_copyrights", "rights"),
        _count("patents_pledged", "rights"),
        _count("class1_held_1y", "rights", _M63, part_of="class1_related"),
        _count("class1_applied", "rights", _M2, part_of="class1_owned"),
        _count("class2_unused", "rights", _M195, part_of="class2_related"),
        _flag("core_ip_owned", _M32),
        _Row("patent_value", "decimal", "value_points", lo=0, hi=10**15),
        _money("appraised_inventions"),
        _money("appraised_utility_models"),
        _money("appraised_trademarks"),
    ),
    "products": (
        _money("main_revenue", _M63, years=True, part_of="sales"),
        _money("high_tech_revenue", _M32, years=True, part_of="total_revenue"),
        _count("innovative_products", "products"),
        _count("years_in_niche", "years", _M63),
        _share("market_share", _M2),
        _flag("market_leader", _M2),
        _count("national_market_rank", "rank", _M2, lo=1, nullable=True),
        _flag("key_chain_position", _M2),
        _choice("niche_role", _M63),
        _flag("supported_field", _M32),
        _flag("strategic_industry", _M63),
        _count("conversions", "products", _M195),
        _count("digital_level", "level", _M63, hi=4),
        _flag("quality_award", _M63),
        _flag("iso9001", _M63),
        _flag("own_brand", _M63),
        _flag("standards_took_part", _M63),
        _Row("platform_quality_score", "decimal", "points", _M2, lo=0, hi=100 * MILLION),
    ),
    "titles": (
        _flag("has_high_tech_certificate", _M115),
        _date("high_tech_until", nullable=True),
        _flag("high_growth_filed"),
        _choice("sme_title"),
        _count("national_award_rank", "rank", _M115, lo=1, nullable=True),
        _date("national_award_on", _M115, nullable=True),
        _count("provincial_award_rank", "rank", _M63, lo=1, nullable=True),
        _date("provincial_award_on", _M63, nullable=True),
        _date("standard_led_on", _M115, nullable=True),
        _flag("national_demo_title", _M63),
        _flag("maker_china_top500", _M63),
    ),
    "finance": (
        _Row("fiscal_year", "year", "year", years=True, lo=1900, hi=2200),
        _flag("audited", years=True),
        _money("sales", _M115, years=True),
        _money("total_cost", _M115, years=True),
        _money("cost_of_sales", years=True),
        _money("net_profit", years=True, lo=None),
        _money("total_assets", _M115, years=True),
        _money("net_assets", years=True, lo=None),
        _money("total_debt", years=True),
        _money("inventory", years=True),
        _money("receivables", years=True),
        _money("payables", years=True),
        _money("prepayments", years=True),
        _money("advance_receipts", years=True),
        _money("tax_paid", years=True),
        _money("invoiced_sales", years=True),
        _money("total_revenue", _M32, years=True),
    ),
    "operations": (
        # More than -1: sales cannot fall by all of themselves or more.
        _Row("expected_growth", "decimal", "share", lo=1 - MILLION, hi=10**15),
        _money("working_capital_own_funds"),
        _money("working_capital_other_sources"),
        _Row("working_capital_turns", "decimal", "turns", lo=1, hi=10**15),
        _money("projected_sales"),
        _money("equity_raised_2y", _M63),
        _money("equity_raised_3y", _M63),
        _count("months_operating", "months"),
        _count("brand_score", "points", hi=100),
        _count("social_score", "points", hi=100),
        _count("health_score", "points", hi=100),
    ),
    "credit": (
        _money("knowledge_loans_here"),
        _money("knowledge_loans_elsewhere"),
        _money("commercial_value_loans_here"),
        _money("commercial_value_loans_elsewhere"),
        _money("working_capital_loans"),
        _money("other_loans_here"),
        _money("other_loans_elsewhere"),
        _flag("overdue_now"),
        _money("lender_net_capital"),
    ),
    "related": (
        _money("related_credit_here"),
        _share("related_sales_share"),
        _money("guarantees_given"),
    ),
    "negative": (
        _flag("major_accident", _M115),
        _flag("environmental_breach", _M115),
        _flag("integrity_breach", _M115),
        _flag("abnormal_list", _M115),
        _flag("dishonest_list", _M115),
        _flag("tax_breach"),
        _flag("litigation_as_defendant"),
        _flag("serious_violation", _M32),
    ),
    "core_receivables": (
        _money("receivables_core"),
        _money("receivables_core_old", part_of="receivables_core"),
        _money("receivables_core_disputed", part_of="receivables_core"),
        _money("receivables_core_excess", part_of="receivables_core"),
    ),
    "expert": (
        _choice("ip_advancedness", _M195),
        _choice("ip_support", _M195),
        _choice("ip_acquired", _M195),
        _count("points_ip_advancedness", "points", _M195, hi=8),
        _count("points_ip_support", "points", _M195, hi=8),
        _count("points_ip_quantity", "points", _M195, hi=8),
        _count("points_ip_acquired", "points", _M195, hi=6),
        _count("points_ip_standards", "points", _M195, hi=2),
        _count("points_conversion", "points", _M195, hi=30),
        _count("points_rd_system", "points", _M195, hi=6),
        _count("points_rd_institution", "points", _M195, hi=6),
        _count("points_incentives", "points", _M195, hi=4),
        _count("points_training", "points", _M195, hi=4),
        _count("points_growth_assets", "points", _M195, hi=10),
        _count("points_growth_sales", "points", _M195, hi=10),
        _count("province_points", "points", _M63, hi=15),
    ),
    "guarantee": (
        _choice("technology_grade"),
        _choice("risk_grade"),
        _choice("guarantee_purpose"),
    ),
}


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _expand(group: str, row: _Row) -> Iterator[Field]:
    en, zh, definition_en, definition_zh = LABELS[row.name]
    for ago, suffix in enumerate(YEAR_SUFFIXES if row.years else ("",)):
        label_en, label_zh, start_en, start_zh = YEARS[ago]
        yield Field(
            name=row.name + suffix,
            kind=row.kind,
            group=group,
            en=en + label_en,
            zh=zh + label_zh,
            definition_en=start_en + _lower(definition_en) if row.years else definition_en,
            definition_zh=start_zh + definition_zh if row.years else definition_zh,
            source=row.source,
            unit=row.unit,
            years=row.years,
            lo=row.lo,
            hi=row.hi,
            choices=tuple(CHOICES[row.name]) if row.kind == "choice" else (),
            # A year before the firm existed is known not to exist.
            nullable=row.nullable or (row.years and ago > 0),
            part_of=row.part_of + suffix if row.part_of else None,
            personal=row.personal,
            many=row.many,
            base=row.name,
            ago=ago,
        )


FIELDS: Final[dict[str, Field]] = {
    field.name: field
    for group, rows in _LIST.items()
    for row in rows
    for field in _expand(group, row)
}


def group_label(group: str, lang: str = "en") -> str:
    """What a group of fields is called in ``zh`` or ``en``.

    >>> group_label("talent", "zh")
    '人才'
    """
    return GROUPS[group][1 if lang == "zh" else 0]
