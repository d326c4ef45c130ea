"""The synthetic reference population: the same for ever, consistent, and read back as written."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from ipcredit.errors import UsageError
from ipcredit.fields import FIELDS, NONE, YEAR_SUFFIXES
from ipcredit.firms import Firms
from ipcredit.intake import COST_PAIRS, PARTS, YEAR_GAPS
from ipcredit.plan import plan_of
from ipcredit.policy import Policy
from ipcredit.population import population, read_spec, write_csv
from ipcredit.population.draws import CHUNK, Draws, uniforms
from ipcredit.population.spec import MARGINALS, spec_of
from ipcredit.resources import config_dir
from ipcredit.source import parse

FILE = config_dir() / "reference" / "population.toml"
MASK = 2**64 - 1


@pytest.fixture(scope="module")
def firms() -> Firms:
    return population(20_000, 7)


def same(left: Firms, right: Firms) -> bool:
    return (
        left.n == right.n
        and left.columns.keys() == right.columns.keys()
        and all(np.array_equal(left.columns[name], right.columns[name]) for name in left.columns)
        and all(left.columns[name].dtype == right.columns[name].dtype for name in left.columns)
        and dict(left.texts) == dict(right.texts)
    )


# -- the same firms, whatever is asked around them --------------------------------------------------


def philox(key: tuple[int, int], counter: list[int], count: int) -> list[int]:
    """Philox 4x64 with 10 rounds, from its paper: the raw bits NumPy must give."""
    found: list[int] = []
    while len(found) < count:
        for word in range(4):
            counter[word] = counter[word] + 1 & MASK
            if counter[word]:
                break
        x, (k0, k1) = list(counter), key
        for _ in range(10):
            left, right = 0xD2E7470EE14C6C93 * x[0], 0xCA5A826395121157 * x[2]
            x = [right >> 64 ^ x[1] ^ k0, right & MASK, left >> 64 ^ x[3] ^ k1, left & MASK]
            k0, k1 = k0 + 0x9E3779B97F4A7C15 & MASK, k1 + 0xBB67AE8584CAA73B & MASK
        found += x
    return found[:count]


def test_uniforms_are_raw_philox_bits_of_seed_chunk_and_name():
    name = int.from_bytes(hashlib.sha256(b"sales").digest()[:8], "little")
    bits = philox((7, 3), [0, 0, 0, name], 10)
    assert uniforms(7, 3, "sales", 10).tolist() == [(raw >> 11) * 2.0**-53 for raw in bits]


def test_these_are_the_firms_of_seed_7():
    firms = population(1000, 7)
    digest = hashlib.sha256()
    for name, column in firms.columns.items():
        digest.update(name.encode() + column.astype("<i8").tobytes())
    # A change here changes every number quoted from the reference population: see
    # "Results that change" in CHANGELOG.md and the tables of decision 0004.
    assert digest.hexdigest()[:16] == "768e1f0424e5e1e1"


@pytest.mark.parametrize("n", [1, 777, CHUNK - 1, CHUNK, CHUNK + 1])
def test_a_firm_does_not_depend_on_how_many_are_drawn(firms, n):
    few = population(n, 7)
    assert all(np.array_equal(few.columns[k], firms.columns[k][:n]) for k in firms.columns)
    assert few.texts == {name: rows[:n] for name, rows in firms.texts.items()}


def test_the_same_seed_gives_the_same_firms_and_another_seed_others():
    assert same(population(300, 5), population(300, 5))
    assert not same(population(300, 5), population(300, 6))
    assert population(1, 2**64 - 1).n == 1


def test_chunks_do_not_repeat():
    firms = population(CHUNK + 100, 7)
    assert not np.array_equal(firms.columns["sales"][:100], firms.columns["sales"][CHUNK:])


def test_a_quantity_that_is_changed_moves_no_independent_one():
    spec = read_spec()
    wider = respread(spec, "receivable_days", "sigma", 0.9)
    one, other = population(500, 7, spec), population(500, 7, wider)
    assert not np.array_equal(one.columns["receivables"], other.columns["receivables"])
    for name in ("sales", "inventory", "class1_related", "rd_expense", "net_profit"):
        assert np.array_equal(one.columns[name], other.columns[name])


def respread(spec, name, key, value):
    marginal = spec.marginals[name]
    changed = replace(marginal, given=MappingProxyType({**marginal.given, key: value}))
    return replace(spec, marginals=MappingProxyType({**spec.marginals, name: changed}))


def test_no_firm_and_one_firm():
    none = population(0, 7)
    assert len(none) == 0
    assert set(none.columns) == set(population(1, 7).columns)


# -- firms that could exist ------------------------------------------------------------------------------


def test_every_firm_says_that_it_is_synthetic(firms):
    assert all("合成" in name and "synthetic" in name for name in firms.texts["name"])
    assert len(set(firms.texts["name"])) == len(firms)
    assert firms.texts["name"][41] == "合成企业 000042 (synthetic)"


def test_no_code_and_no_person_is_made_up(firms):
    given = {*firms.columns, *firms.texts}
    assert "uscc" not in given
    assert not [name for name in given if FIELDS[name].personal]


@pytest.mark.parametrize("policy", ["chongqing-knowledge@2023", "cn-tech-sme@2017"])
def test_every_figure_a_policy_reads_is_there(firms, policy):
    for name in plan_of(Policy.load(policy)).fields:
        column = firms.columns[name]
        assert not (column == FIELDS[name].missing).any(), name


def test_years_are_drawn_for_all_three_or_not_at_all(firms):
    for name in [name for name in firms.columns if FIELDS[name].years]:
        base = FIELDS[name].base
        assert all(base + suffix in firms.columns for suffix in YEAR_SUFFIXES)


def test_every_value_is_one_a_firm_can_have(firms):
    for name, column in firms.columns.items():
        field = FIELDS[name]
        known = column[(column != field.missing) & (column != field.none)].astype(np.int64)
        assert str(column.dtype) == field.dtype, name
        assert not column.flags.writeable
        assert field.lo is None or known.min() >= field.lo, name
        assert field.hi is None or known.max() <= field.hi, name
        assert field.nullable or not (column == field.none).any(), name


def test_parts_stay_in_their_whole_and_years_follow_each_other(firms):
    column = firms.columns
    # The population has no income beside sales: they are its total revenue.
    wholes = {**column, **{f"total_revenue{y}": column[f"sales{y}"] for y in YEAR_SUFFIXES}}
    pairs = [(part, whole) for part, whole in PARTS if part in column]
    assert len(pairs) > 15
    for part, whole in pairs:
        assert (column[part] <= wholes[whole]).all(), part
    for name, cost in COST_PAIRS:
        assert (column[name] <= column[cost]).all(), name
    for earlier, later, ago in YEAR_GAPS:
        assert (column[earlier] == column[later] - ago).all()


@pytest.mark.parametrize("suffix", YEAR_SUFFIXES)
def test_the_accounts_hang_together(firms, suffix):
    known = firms.columns["sales" + suffix] != NONE
    year = {
        name: firms.columns[name + suffix][known]
        for name in ("sales", "total_cost", "cost_of_sales", "rd_expense", "net_profit",
                     "total_assets", "total_debt", "net_assets", "receivables", "inventory",
                     "prepayments", "payables", "advance_receipts", "tax_paid")
    }  # fmt: skip
    assert (year["sales"] > 0).all()
    assert (year["cost_of_sales"] > 0).all()
    assert (year["cost_of_sales"] + year["rd_expense"] <= year["total_cost"]).all()
    assert (year["net_assets"] == year["total_assets"] - year["total_debt"]).all()
    current = year["receivables"] + year["inventory"] + year["prepayments"]
    assert (current <= year["total_assets"]).all()
    assert (year["payables"] + year["advance_receipts"] <= year["total_debt"]).all()
    tax = year["sales"] - year["total_cost"] - year["net_profit"]
    assert (tax >= 0).all()
    assert (tax <= year["tax_paid"]).all()
    assert ((tax > 0) <= (year["sales"] > year["total_cost"])).all()


def test_credit_held_is_part_of_debt_and_working_capital_loans_of_credit(firms):
    column = firms.columns
    held = [name for name in column if "loans_here" in name or "loans_elsewhere" in name]
    assert len(held) == 6
    total = sum(column[name] for name in held)
    assert (column["working_capital_loans"] <= total).all()
    assert (total <= column["total_debt"]).all()


def test_rights_titles_and_dates_agree(firms):
    column = firms.columns
    second = column["utility_models"] + column["designs"] + column["software_copyrights"]
    assert (second == column["class2_related"]).all()
    assert (column["sci_tech_staff"] >= column["rd_staff"]).all()
    certified = column["has_high_tech_certificate"] == 1
    none = FIELDS["high_tech_until"].none
    assert ((column["high_tech_until"] != none) == certified).all()
    for level in ("national", "provincial"):
        rank, on = column[f"{level}_award_rank"], column[f"{level}_award_on"]
        assert ((rank == none) == (on == none)).all()
    assert (12 * column["years_in_niche"] <= column["months_operating"]).all()


def test_months_of_operation_are_the_full_months_since_registration(firms):
    as_of = np.datetime64(read_spec().as_of)
    registered = firms.columns["registered_on"].astype("datetime64[D]")
    months = (as_of.astype("datetime64[M]") - registered.astype("datetime64[M]")).astype(np.int64)
    day = (registered - registered.astype("datetime64[M]")).astype(np.int64)
    today = (as_of - as_of.astype("datetime64[M]")).astype(np.int64)
    assert (firms.columns["months_operating"] == months - (day > today)).all()


def test_a_firm_registered_in_the_third_year_back_has_two_fiscal_years(firms):
    start = np.datetime64("2022-01-01").astype(np.int64)
    young = firms.columns["registered_on"] > start
    assert 0.05 < young.mean() < 0.3
    for name, column in firms.columns.items():
        if FIELDS[name].years and FIELDS[name].base != "fiscal_year":
            assert ((column == FIELDS[name].none) == (young & (FIELDS[name].ago == 2))).all()


def test_amounts_are_what_somebody_types(firms):
    for name, column in firms.columns.items():
        if FIELDS[name].kind == "money":
            known = column[column != NONE]
            assert (known % 10_000 == 0).all(), name  # 万元 with two decimals


# -- the file is what is drawn ---------------------------------------------------------------------------


def test_every_number_of_the_file_has_a_source_or_a_reason():
    spec = read_spec()
    evidence = spec.evidence()
    assert evidence["official"] == 0
    assert evidence["secondary"] == 2
    assert evidence["assumed"] == len(spec.numbers) - 2
    assert all(number.source or number.assumed for number in spec.numbers)
    assert set(spec.marginals) == set(MARGINALS)


def test_shares_medians_and_correlations_are_those_of_the_file():
    spec = read_spec()
    draws = Draws(spec, 7, 0, CHUNK)
    slack = 4 / CHUNK**0.5
    for name, marginal in spec.marginals.items():
        given = marginal.given
        if marginal.kind == "flag":
            assert abs(draws.flag(name).mean() - given["share"]) < slack, name
        elif marginal.kind in ("some", "count"):
            values = draws.value(name)
            assert abs((values == 0).mean() - given["none"]) < slack, name
        elif marginal.kind == "choice":
            counts = np.bincount(draws.choice(name), minlength=len(marginal.shares)) / CHUNK
            assert np.abs(counts - marginal.shares).max() < slack, name
        elif marginal.kind in ("lognormal", "logit"):
            middle = np.median(draws.value(name))
            assert abs(middle / given["median"] - 1) < 2 * slack * given.get("sigma", 1), name
        elif marginal.kind == "normal":
            assert abs(np.median(draws.value(name)) - given["mean"]) < 2 * slack * given["sd"], name
    scores = np.array([draws.score(name) for name in spec.together])
    factor = np.zeros((len(scores), len(scores)))
    for at, row in enumerate(spec.factor):
        factor[at, : len(row)] = row
    assert np.abs(np.corrcoef(scores) - factor @ factor.T).max() < slack


def test_districts_and_industries_are_labels_of_the_file(firms):
    assert set(firms.texts["district"]) == {f"区{place:02d}" for place in range(1, 39)}
    assert set(firms.texts["industry"]) == set(read_spec().marginals["industry"].labels)


def edited(old: str, new: str):
    text = FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    return spec_of(parse(text.replace(old, new), "p.toml"))


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('median = "1800 万元"', "median = 1800", "policy.money-unit", "marginals.sales.median"),
        ("median = 34\n", 'median = "34 元"\n', "policy.not-number", "marginals.staff.median"),
        ("sigma  = 0.95\nlow    = 3", "sigma = 0\nlow = 3", "policy.out-of-unit",
         "marginals.staff.sigma"),
        ("share  = 0.148", "share  = 1.48", "policy.out-of-unit", "marginals.certificate.share"),
        ("share  = 0.148\nsource = \"cq-2022\"", "share  = 0.148", "policy.no-source",
         "marginals.certificate.share"),
        ('source = "cq-2022"', 'source = "cq"', "policy.unknown-source",
         "marginals.certificate.source"),
        ("[marginals.staff]", "[marginals.stuff]", "policy.required", "marginals.staff"),
        ("innovative = 0.13, specialised = 0.112", "innovative = 0.13, specialised = 0.2",
         "population.shares", "marginals.title.shares"),
        ("little_giant = 0.008", "giant = 0.008", "policy.not-one-of",
         "marginals.title.shares.giant"),
        ("[correlation.months]\nsales = 0.30", "[correlation.months]\nsales = 0.99\ndebt = 0.99",
         "population.not-a-correlation", "correlation"),
        ("[correlation.months]\nsales = 0.30", "[correlation.months]\nsale = 0.30",
         "policy.unknown-key-near", "correlation.months.sale"),
        ("[correlation.growth_before]\n", "[correlation.growth]\ngrowth_before = 0.1\n"
         "[correlation.growth_before]\n", "population.twice", "correlation.growth_before.growth"),
        ('"sales_prev",\n]', '"sales_before",\n]', "policy.unknown-field-near", "blank.fields"),
        ("months_least       = 30", "month_least        = 30", "policy.required",
         "all.months_least"),
        ('kind    = "flag"\nshare   = 0.15', 'kind = "normal"\nmean = 0\nsd = 1',
         "policy.not-one-of", "marginals.class1_bought.kind"),
        ("schema   = 1", "schema   = 2", "policy.schema", "schema"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_population_file_is_said_with_its_line(old, new, code, key):
    with pytest.raises(UsageError) as raised:
        edited(old, new)
    problems = {(problem.code, problem.key) for problem in raised.value.problems}
    assert (code, key) in problems
    assert all(problem.where.startswith("p.toml:") for problem in raised.value.problems)
    for lang in ("en", "zh"):
        assert raised.value.text(lang)


def test_a_file_that_gives_a_field_what_it_cannot_have_is_refused():
    spec = edited('mean    = 68\nsd      = 13\nlow     = 0\nhigh    = 100',
                  "mean    = 68\nsd      = 13\nlow     = 0\nhigh    = 140")  # fmt: skip
    with pytest.raises(UsageError) as raised:
        population(5000, 7, spec)
    assert raised.value.problems[0].code == "population.field-range"
    assert raised.value.problems[0].key == "health_score"


def test_a_file_of_ones_own_is_read_from_its_path(tmp_path):
    own = tmp_path / "own.toml"
    text = FILE.read_text(encoding="utf-8").replace(
        'region             = "重庆市"', 'region = "某市"'
    )
    own.write_text(text, encoding="utf-8")
    assert set(population(3, 7, own).texts["region"]) == {"某市"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"n": -1, "seed": 7},
         'n: "-1" is out of range; allowed is 0 to 10000000; choose a number in between '
         "[population.range]"),
        ({"n": 1.5, "seed": 7},
         'n: "1.5" is not a whole number; allowed are whole numbers; round it yourself '
         "[population.whole]"),
        ({"n": 1, "seed": 2**64},
         'seed: "18446744073709551616" is out of range; allowed is 0 to 18446744073709551615; '
         "choose a number in between [population.range]"),
        ({"n": 1, "seed": 7, "missing": 2},
         'missing: "2" is out of range; allowed is 0 to 1; choose a number in between '
         "[population.range]"),
    ],
)  # fmt: skip
def test_an_argument_out_of_range_is_refused(arguments, text):
    with pytest.raises(UsageError) as raised:
        population(**arguments)
    assert raised.value.text("en") == text


# -- blanks, and the table on disk -------------------------------------------------------------------------


def test_blanks_are_left_where_asked_and_nothing_else_moves():
    whole, gaps = population(20_000, 7), population(20_000, 7, missing=0.04)
    may = set(read_spec().blank)
    gone = np.zeros(len(whole), np.int64)
    for name, column in whole.columns.items():
        differs = column != gaps.columns[name]
        assert name in may or not differs.any()
        assert (gaps.columns[name][differs] == FIELDS[name].missing).all()
        gone += differs
    assert abs((gone > 0).mean() - 0.04) < 0.006
    assert set(np.unique(gone)) == {0, 1, 2}


@pytest.mark.parametrize("lang", ["", "en", "zh"])
def test_a_table_is_read_back_to_identical_columns(tmp_path, lang):
    firms = population(400, 7, missing=0.2)
    path = tmp_path / "firms.csv"
    write_csv(firms, path, lang)
    again = Firms.read_csv(path)
    assert same(firms, again)
    assert not again.problems
    assert not again.remarks
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # Excel takes it for UTF-8


def test_a_table_says_its_units_and_its_words(tmp_path):
    write_csv(population(1, 7), tmp_path / "firms.csv", "zh")
    head, row = (tmp_path / "firms.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("企业名称,注册国家,")
    assert '"3,765.2 万元"' in row
    assert ",否," in row


def test_any_firms_can_be_written_and_personal_fields_are_not():
    firms = Firms.from_columns(
        {"name": ["甲"], "sales_minor": [123], "contact_person": ["某人"]}, currency="KRW"
    )
    stream = io.StringIO()
    write_csv(firms, stream)
    assert stream.getvalue() == "name,sales,currency\n甲,KRW 123,KRW\n"


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError) as raised:
        write_csv(population(1, 7), tmp_path / "no" / "firms.csv")
    assert raised.value.problems[0].code == "file.unwritable"
