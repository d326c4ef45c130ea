"""Several factors in one period: against one factor, closed forms, and sampling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from fund_random import book_of, limit, random_book, random_terms, terms_of
from ipcredit.errors import PortfolioError, UsageError
from ipcredit.fund.exact import simulate
from ipcredit.fund.exact_figures import Exact
from ipcredit.fund.exact_groups import MOST_GROUPS, classes_of, factors_total
from ipcredit.fund.fund import Fund
from ipcredit.fund.one_period import Factor, Severity
from ipcredit.fund.one_period_build import Assumptions, compile_one_period
from ipcredit.fund.one_period_groups import firm_groups
from ipcredit.fund.paths import simulate_paths
from ipcredit.fund.sampled import sample
from ipcredit.fund.sampled_figures import Sampled
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.size import required_capital
from ipcredit.fund.tail.book import WHOLE, total_loss
from ipcredit.fund.tail.mixing import Gaussian
from ipcredit.fund.tail.severity import Severity as Lost

MILLION = 10**6 * 100


def problem_of(book, correlation, within, by="district", severity=None, terms=None):
    factor = Factor("gaussian", correlation, by, within)
    assumed = Assumptions(factor, 0.3, severity or Severity())
    return compile_one_period(terms or terms_of(), book, assumed)


def many_loans(seed, firms=1200, districts=4, **columns):
    rng = np.random.default_rng(seed)
    owed = rng.integers(10, 60, firms) * MILLION
    place = rng.integers(0, districts, firms)
    return book_of(rng.uniform(0.01, 0.05, firms), owed, district=place, **columns)


def grouped(problem, group, factor):
    """The problem with groups as given, also where they could be left out."""
    return replace(problem, group=np.asarray(group, np.int32), factor=factor)


# -- what several factors come to where one would do --------------------------------------------------


def test_within_equal_to_the_correlation_is_one_factor_to_the_bit():
    book = many_loans(1)
    plain = compile_one_period(
        terms_of(), book, Assumptions(Factor("gaussian", 0.12), 0.3, Severity())
    )
    equal = problem_of(book, 0.12, 0.12)
    assert equal.group is None
    assert Exact(equal).gross.spread() == Exact(plain).gross.spread()
    for name in ("due", "loss", "lenders"):
        ours, theirs = (sample(p, scenarios=500, seed=3) for p in (equal, plain))
        assert (getattr(ours, name) == getattr(theirs, name)).all()


@pytest.mark.parametrize(
    ("correlation", "within", "one"),
    [(0.12, 0.12, 0.12), (0.05, 0.050001, 0.05), (0.11999, 0.12, 0.12)],
)
def test_the_law_of_several_factors_meets_the_law_of_one(correlation, within, one):
    rng = np.random.default_rng(2)
    amounts, pd = rng.integers(10, 60, 1200) * 1.0, rng.uniform(0.01, 0.05, 1200)
    classes = rng.integers(0, 3, 1200).astype(np.int32)
    factor = Factor("gaussian", correlation, "district", within)
    found = factors_total(amounts, pd, classes, factor, WHOLE, fine=True)
    single = total_loss(amounts, pd, Gaussian(one))
    assert found.mean == pytest.approx(single.mean, rel=1e-12)
    for level in (0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
        x = single.at_tail(level)
        for ours, theirs in ((found.tail, single.tail), (found.stop_loss, single.stop_loss)):
            error = max(5 * found.law.error_at(x), 1e-4)
            assert ours(x) == pytest.approx(float(theirs(x)), rel=error)
        size = found.at_tail(level)
        assert float(single.tail(size)) == pytest.approx(level, rel=max(error, 0.02))


def test_one_group_without_anything_in_common_is_one_factor():
    book = many_loans(3, districts=1)
    plain = compile_one_period(
        terms_of(), book, Assumptions(Factor("gaussian", 0.2), 0.3, Severity())
    )
    alone = problem_of(book, 0.0, 0.2)
    assert alone.group is None
    assert Exact(alone).gross.spread() == Exact(plain).gross.spread()
    # The sampler itself, with the group left in.
    left = grouped(plain, np.zeros(plain.firms), Factor("gaussian", 0.0, "district", 0.2))
    law = Exact(plain).gross
    assert Exact(left).gross.spread().quantiles == law.spread().quantiles
    draws = Sampled(left, 40_000, 5, None)
    for level in (0.2, 0.05, 0.01):
        x = law.at_tail(level)
        chance = draws.dry(x)
        assert abs(chance.value - law.tail(x)) < 5 * chance.error


def test_firms_alone_in_their_groups_are_independent_where_nothing_is_common():
    firms = 300
    book = book_of([0.03] * firms, [MILLION] * firms, district=np.arange(firms))
    problem = problem_of(book, 0.0, 0.4)
    assert problem.group is not None
    gross = Exact(problem).gross
    draws = sample(problem, scenarios=20_000, seed=4)
    for count in range(0, 22, 3):
        true = binom.sf(count, firms, 0.03)
        assert gross.tail((count + 0.5) * 0.8 * MILLION) == pytest.approx(true, rel=1e-9)
        hits = (draws.due > (count + 0.5) * 0.8 * MILLION).mean()
        assert abs(hits - true) < 5 * np.sqrt(true * (1 - true) / 20_000) + 1e-4
    # With something in common they are as under that factor alone.
    common = Exact(problem_of(book, 0.1, 0.4)).gross
    plain = total_loss(np.full(firms, 0.8 * MILLION), np.full(firms, 0.03), Gaussian(0.1))
    assert common.at_tail(1e-3) == plain.at_tail(1e-3)


# -- against sampling -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_law_agrees_with_sampling(seed):
    rng = np.random.default_rng([5, seed])
    correlation = float(rng.choice([0.0, 0.03, 0.1]))
    within = correlation + float(rng.choice([0.05, 0.15, 0.3]))
    book = many_loans([6, seed], firms=1500, districts=int(rng.integers(2, 9)))
    problem = problem_of(book, correlation, within)
    law = Exact(problem).gross
    assert law.method == "factors"
    draws = Sampled(problem, 20_000, seed, None)
    mean = draws.spread("gross").mean
    assert abs(mean.value - law.expected().value) < 5 * mean.error
    for level in (0.3, 0.05, 0.01, 0.002):
        x = law.at_tail(level)
        ours, theirs = law.chance(x), draws.dry(x)
        assert abs(ours.value - theirs.value) < 5 * np.hypot(ours.error, theirs.error)
        ours, over = law.excess(x), np.maximum(draws.draws.due - x, 0.0)
        error = over.std() / np.sqrt(len(over))
        assert abs(ours.value - over.mean()) < 5 * np.hypot(ours.error, error)


def test_severity_moves_with_the_factor_of_the_group():
    book = many_loans(7, firms=600, districts=3)
    problem = problem_of(book, 0.05, 0.25, severity=Severity(0.2, 0.4))
    law, draws = Exact(problem).loss, Sampled(problem, 20_000, 2, None)
    assert law.method == "factors"
    mean = draws.spread("loss").mean
    # Bad years have more defaults and lose more of each.
    plain = float((problem.by_firm(problem.loss) * problem.pd).sum())
    assert mean.value > plain + 5 * mean.error
    for level in (0.3, 0.05, 0.01):
        x = law.at_tail(level)
        hits = (draws.draws.loss > x).mean()
        ours = law.chance(x)
        error = np.hypot(ours.error, np.sqrt(level / 20_000))
        assert abs(ours.value - hits) < 5 * error
    assert abs(mean.value - law.expected().value) < 5 * mean.error


@pytest.mark.parametrize("seed", range(10))
def test_whatever_the_clauses_exact_and_sampled_agree(seed):
    rng = np.random.default_rng([8, seed])
    book = random_book(rng)
    terms = random_terms(rng, book)
    assumed = Assumptions(Factor("gaussian", 0.05, "district", 0.3), None, Severity())
    problem = compile_one_period(terms, book, assumed)
    exact, draws = Exact(problem), Sampled(problem, 10_000, 1, None)
    for name in ("loss", "gross", "net"):
        law = getattr(exact, name)
        sampled = draws.spread(name).mean
        assert np.isfinite(sampled.value)
        if law is None:
            assert exact.reason or not exact.plain
            continue
        found = law.expected()
        assert abs(sampled.value - found.value) <= 5 * np.hypot(sampled.error, found.error) + 1


# -- laws ---------------------------------------------------------------------------------------------


def test_more_correlation_within_groups_makes_the_tail_heavier():
    book = many_loans(9)
    sizes = [Exact(problem_of(book, 0.05, within)).gross for within in (0.05, 0.1, 0.2, 0.35, 0.6)]
    for level in (1e-2, 1e-3, 1e-4):
        found = [law.at_tail(level) for law in sizes]
        assert found == sorted(found)
        assert found[-1] > 1.2 * found[0]
    # And between groups: from nothing in common to one factor for all.
    across = [Exact(problem_of(book, c, 0.35)).gross.at_tail(1e-3) for c in (0.0, 0.1, 0.2, 0.35)]
    assert across == sorted(across)


def test_the_same_seed_gives_the_same_numbers_with_any_workers():
    terms = terms_of(limits=(limit("cap", per="lender", rate="0.03"),))
    book = many_loans(10, firms=300, lender=np.arange(300) % 3)
    problem = problem_of(book, 0.05, 0.3, terms=terms)
    once = sample(problem, scenarios=9_000, seed=11)
    with ThreadPoolExecutor(3) as pool:
        again = sample(problem, scenarios=9_000, seed=11, executor=pool)
    assert (once.due == again.due).all()
    assert (once.z == again.z).all()
    assert once.z.shape == (9_000, 4)
    assert not (once.due == sample(problem, scenarios=9_000, seed=12).due).all()
    few = sample(problem, scenarios=100, seed=11)
    assert (few.due == once.due[:100]).all()
    assert Exact(problem).loss.spread() == Exact(problem).loss.spread()


def test_two_firms_of_a_group_are_correlated_as_stated():
    book = many_loans(12, firms=40, districts=2)
    z = sample(problem_of(book, 0.1, 0.4), scenarios=40_000, seed=1).z
    assert z.shape == (40_000, 2)
    assert np.corrcoef(z.T)[0, 1] == pytest.approx(0.1 / 0.4, abs=0.02)
    assert z.std(axis=0) == pytest.approx([1.0, 1.0], abs=0.02)
    apart = sample(problem_of(book, 0.0, 1.0), scenarios=40_000, seed=1)
    assert np.corrcoef(apart.z.T)[0, 1] == pytest.approx(0.0, abs=0.02)


def test_groups_that_move_as_one_default_in_the_order_of_their_probability():
    pd = [0.02, 0.05, 0.1, 0.02, 0.05, 0.1]
    problem = problem_of(book_of(pd, [MILLION] * 6, district=[0, 0, 0, 1, 1, 1]), 0.0, 1.0)
    assert Exact(problem).gross is None
    due = sample(problem, scenarios=40_000, seed=2).due / (0.8 * MILLION)
    # All six with 0.02 squared; at least one with 1 - 0.9 squared.
    assert (due > 5.5).mean() == pytest.approx(4e-4, abs=5e-4)
    assert (due > 0.5).mean() == pytest.approx(0.19, abs=0.01)
    # Not two or more: none at all, or the weakest of one group and none of the other.
    assert (due > 1.5).mean() == pytest.approx(1 - 0.9**2 - 2 * 0.9 * 0.05, abs=0.01)


# -- groups of a book -----------------------------------------------------------------------------------


def test_a_firm_goes_with_its_largest_loan():
    book = book_of(
        [0.02, 0.03, 0.04], [5, 7, 7, 3, 2], firm=[0, 0, 1, 1, 2], lender=[0, 1, 2, 0, 1]
    )
    group, several = firm_groups(book, "lender")
    assert [book.lenders[at] for at in group] == ["lender-1", "lender-2", "lender-1"]
    assert several == 2
    tie = book_of([0.02], [7, 7], firm=[0, 0], lender=[1, 0])
    group, several = firm_groups(tie, "lender")
    assert (tie.lenders[group[0]], several) == ("lender-1", 1)


def test_firms_alone_are_one_class():
    group = np.array([3, 1, 3, 9], np.int32)
    assert classes_of(group, alone=True).tolist() == [0, -1, 0, -1]
    assert classes_of(group, alone=False).tolist() == [1, 0, 1, 2]


def test_the_expansion_says_where_it_does_not_serve():
    rng = np.random.default_rng(13)
    amounts, pd = rng.integers(10, 60, 400) * 1.0, rng.uniform(0.01, 0.05, 400)
    classes = (np.arange(400) % 4).astype(np.int32)
    factor = Factor("gaussian", 0.05, "district", 0.3)

    def total(a=amounts, p=pd, c=classes, f=factor, severity=WHOLE):
        return factors_total(a, p, c, f, severity, fine=False)

    assert total() is not None
    assert total(a=np.where(np.arange(400) == 0, 1e4, amounts)) is None
    assert total(c=(np.arange(400) % (MOST_GROUPS + 1)).astype(np.int32)) is None
    assert total(f=Factor("gaussian", 0.05, "district", 1.0)) is None
    assert total(a=amounts[:20], p=pd[:20], c=classes[:20]) is None
    assert total(severity=Lost(np.full(400, 0.5), np.full(400, 0.1))) is None
    # Sure defaults are added, not expanded.
    sure = total(p=np.where(np.arange(400) < 3, 1.0, pd))
    least = float(amounts[:3].sum())
    assert sure.tail(least - 0.5) == pytest.approx(1.0)
    assert sure.mean == pytest.approx(least + float(amounts[3:] @ pd[3:]))


# -- the whole answer -----------------------------------------------------------------------------------


@pytest.fixture
def scenario():
    base = Scenario.load("chongqing-assumed").change("simulation.paths", 4_000)
    return base.change("factor.by", "class").change("factor.within", 0.3)


@pytest.fixture
def book():
    return many_loans(14, firms=900, **{"class": [f"sector {at % 5}" for at in range(900)]})


def fund():
    return Fund.load("chongqing-knowledge@2019")


def test_simulate_with_sectors(book, scenario):
    result = simulate(book, fund(), scenario)
    assert result.loss.quantile(0.99).method == "factors"
    assert result.loss.quantile(0.99).error > 0
    assert (result.about.factor_by, result.about.factor_within) == ("class", 0.3)
    assert result.to_dict()["scenario"]["factor_within"] == 0.3
    assert "correlation 0.09, and 0.3 within one class" in " ".join(result.text("en").split())
    assert "相关系数 0.09，同一类别之内 0.3" in result.text("zh").replace("\n", "")
    assert "expansion at random points of several factors" in " ".join(result.text("en").split())
    assert simulate(book, fund(), scenario).to_json() == result.to_json()
    one = simulate(book, fund(), Scenario.load("chongqing-assumed"))
    assert "factor_by" not in one.to_dict()["scenario"]
    assert result.loss.quantile(0.999).value > one.loss.quantile(0.999).value


def test_exact_alone_is_refused_with_the_reason(book, scenario):
    with pytest.raises(UsageError, match="groups-"):
        simulate(book, fund(), scenario, method="exact")


def test_everything_sampled_agrees(book, scenario):
    law = simulate(book, fund(), scenario)
    drawn = simulate(book, fund(), scenario, method="sampled", scenarios=20_000)
    for name in ("loss", "gross", "net"):
        for level in (0.9, 0.99):
            ours, theirs = (getattr(r, name).quantile(level) for r in (law, drawn))
            assert abs(ours.value - theirs.value) < 5 * np.hypot(ours.error, theirs.error)
    ours, theirs = law.exhaustion, drawn.exhaustion
    assert abs(ours.value - theirs.value) < 5 * np.hypot(ours.error, theirs.error)


def test_the_capital_for_a_target_grows_with_the_correlation_within(book, scenario):
    sizes = [
        required_capital(book, fund(), scenario.change("factor.within", within), 0.005).capital
        for within in (0.09, 0.2, 0.45)
    ]
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_a_factor_that_stands_still_is_that_of_every_group(book, scenario):
    still = scenario.change("stress.then", "back").change("stress.factor", [-1.5])
    plain = Scenario.load("chongqing-assumed").change("factor.correlation", 0.3)
    plain = plain.change("simulation.paths", 4_000)
    plain = plain.change("stress.then", "back").change("stress.factor", [-1.5])
    ours, theirs = (simulate(book, fund(), each) for each in (still, plain))
    assert ours.loss == theirs.loss


def test_firms_in_several_groups_are_told(scenario):
    firm = [*range(200), 0, 1]
    sector = [f"sector {at % 3}" for at in range(202)]
    book = book_of(
        [0.03] * 200, [MILLION] * 202, firm=firm, district=[0] * 202, **{"class": sector}
    )
    result = simulate(book, fund(), scenario)
    said = [note.en for note in result.about.notes]
    assert any(
        "2 firms have loans in several groups; each moves with the group of its largest loan" in one
        for one in said
    )


def test_what_is_absent_is_asked_for(book, scenario):
    with pytest.raises(UsageError, match=r"factor\.within"):
        simulate(book, fund(), Scenario.load("chongqing-assumed").change("factor.by", "class"))
    with pytest.raises(PortfolioError, match="class"):
        simulate(many_loans(15, firms=50), fund(), scenario)


def test_years_are_refused(book, scenario):
    with pytest.raises(UsageError) as refused:
        simulate_paths(book, fund(), scenario)
    problems = [p for p in refused.value.problems if p.code == "fund-paths.one-factor"]
    assert str(problems[0].text("en")) == (
        'factor.by: years are simulated with one factor for all firms, not one for each "class"; '
        "remove by and within from [factor], or look at one period (--one-year) [fund-paths.one-factor]"
    )
    assert "多年模拟只用全体企业共同的一个因子，不支持按“class”分组" in problems[0].text("zh")
