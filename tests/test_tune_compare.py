"""Two policies on the same firms: the matrix, gains, lines, reasons and the fund."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund_made import made
from ipcredit import Policy, assess
from ipcredit.errors import PortfolioError, UsageError
from ipcredit.firms import Firms
from ipcredit.fund.exact import simulate
from ipcredit.fund.fund import Fund
from ipcredit.fund.scenario import Scenario
from ipcredit.fund.scored_book import scored_book
from ipcredit.population import population
from ipcredit.traits import MISSING
from ipcredit.tune.compare import compare
from ipcredit.tune.compare_data import groups_of, lines_of
from ipcredit.tune.groups import by_district, by_size
from ipcredit.tune.outcome import outcome, read_pd, setting

ON = dt.date(2023, 8, 11)
FIRMS = population(240, seed=7, missing=0.1)
KNOWN = population(120, seed=11)
POLICY = Policy.load("chongqing-knowledge", on=ON)
FUND = Fund.load("chongqing-knowledge@2017")
SCENARIO = Scenario.load("chongqing-assumed")
TIERS = ("A", "B", "C", "D", "E")


def with_cuts(cuts: tuple[int, ...], policy: Policy = POLICY) -> Policy:
    """The policy with other cut-offs, set in an order that never leaves the ladder."""
    order = zip(TIERS, sorted(cuts, reverse=True), strict=True)
    # All up out of the way first: every step of the way must be a valid policy.
    for tier, high in zip(TIERS, (999, 998, 997, 996, 995), strict=True):
        policy = policy.change(f"tiers.{tier}.at_least", high)
    for tier, cut in reversed(list(order)):
        policy = policy.change(f"tiers.{tier}.at_least", cut)
    return policy


def in_loops(policy: Policy, firms: Firms) -> list[tuple[str, int]]:
    """State and line of each firm, asked one by one."""
    judged = assess(policy, firms, on=ON)
    found = []
    for row in range(len(judged)):
        state, tier = judged.status_of(row), judged.tier_of(row)
        line = judged.line_of("total", row) or 0
        if state == "eligible":
            found.append((tier or "eligible", line))
            continue
        gates = [c for (kind, _), c in judged.codes.items() if kind == "gate"]
        if state == "refused" and all(gate[row] != 0 for gate in gates):
            state = "none"
        found.append((state, 0))
    return found


# -- firms ----------------------------------------------------------------------------------------


def test_a_firm_by_hand():
    """One more employee may be employed: the firm of 501 is no longer refused, only open."""
    policy = Policy.load("cn-tech-sme@2017")
    firms = Firms.from_columns({"staff_total": [500, 501, 502, -1]})
    found = compare(policy, policy.change("gates.staff-size.at_most", 501), firms, on=ON)
    states = found.before.states
    assert states == found.after.states == ("eligible", "none", "refused", "incomplete", "invalid")
    expected = np.zeros((5, 5), int)
    expected[3, 3] = expected[2, 3] = expected[2, 2] = expected[4, 4] = 1
    assert found.matrix.tolist() == expected.tolist()
    assert not found.gains.any()
    assert not found.loses.any()
    assert [(p.path, p.before, p.after) for p in found.parameters] == [
        ("gates.staff-size.at_most", "500", "501")
    ]
    assert found.parameters[0].basis_after.en == "changed by the user"


def test_the_matrix_and_the_lines_are_those_of_the_firms_one_by_one():
    other = with_cuts((80, 66, 50, 41, 20)).change("line.tiers.B.amount", "450 万元")
    other = other.change("gates.not-overdue.is", True)
    found = compare(POLICY, other, FIRMS, on=ON)
    one, two = in_loops(POLICY, FIRMS), in_loops(other, FIRMS)
    rows, columns = found.before.states, found.after.states
    expected = np.zeros((len(rows), len(columns)), int)
    for (a, _), (b, _) in zip(one, two, strict=True):
        expected[rows.index(a), columns.index(b)] += 1
    assert found.matrix.tolist() == expected.tolist()
    assert found.before.total == sum(line for _, line in one)
    assert found.after.total == sum(line for _, line in two)
    open_ = ("incomplete", "invalid")
    changes = [
        0 if a in open_ or b in open_ else y - x for (a, x), (b, y) in zip(one, two, strict=True)
    ]
    assert found.change.tolist() == changes
    best = sorted((c for c in changes if c > 0), reverse=True)[:10]
    assert [mover.change for mover in found.winners if mover.change] == best
    assert found.losers[0].change == min(changes) < 0


def test_parts_districts_and_sizes_add_up_to_the_totals():
    found = compare(POLICY, with_cuts((80, 60, 50, 41, 20)), FIRMS, on=ON)
    *parts, total = lines_of(found)
    assert total[0] == "total"
    assert sum(a for _, a, _ in parts) == total[1] == found.before.total
    assert sum(b for _, _, b in parts) == total[2] == found.after.total
    for name in ("districts", "sizes"):
        pairs = groups_of(found, name)
        assert sum(a.line for a, _ in pairs) == found.before.total
        assert sum(b.line for _, b in pairs) == found.after.total
        assert sum(b.eligible for _, b in pairs) == found.after.eligible
        assert sum(a.firms for a, _ in pairs) == len(FIRMS)
    assert found.matrix.sum(axis=1).tolist() == list(found.before.counts)
    assert found.matrix.sum(axis=0).tolist() == list(found.after.counts)


cuts = st.lists(st.integers(5, 95), min_size=5, max_size=5, unique=True).map(tuple)


@settings(deadline=None, max_examples=15)
@given(cuts, cuts)
def test_swapping_the_policies_mirrors_everything(one, two):
    first, second = with_cuts(one), with_cuts(two)
    there, back = compare(first, second, FIRMS, on=ON), compare(second, first, FIRMS, on=ON)
    assert there.matrix.tolist() == back.matrix.T.tolist()
    assert there.change.tolist() == (-back.change).tolist()
    assert there.gains.tolist() == back.loses.tolist()
    assert there.loses.tolist() == back.gains.tolist()
    assert {d.path: d.firms for d in there.decisions} == {d.path: d.firms for d in back.decisions}
    assert there.change.sum() == there.after.line[there._known].sum() - (
        there.before.line[there._known].sum()
    )


@settings(deadline=None, max_examples=10)
@given(cuts)
def test_lower_cut_offs_make_nobody_lose(values):
    """A ladder that starts lower everywhere raises tiers and never lowers one."""
    higher = tuple(value + 3 for value in values)
    found = compare(with_cuts(higher), with_cuts(values), FIRMS, on=ON)
    assert not found.loses.any()


def test_a_policy_with_itself_changes_nothing():
    found = compare(POLICY, POLICY, KNOWN, FUND, SCENARIO, on=ON)
    assert np.array_equal(found.matrix, np.diag(np.diag(found.matrix)))
    assert not found.change.any()
    assert found.decisions == found.winners == found.losers == found.parameters == ()
    assert found.before.fund == found.after.fund
    assert found.before.fund is not None


def test_neither_policy_is_touched():
    other = with_cuts((80, 60, 50, 41, 20))
    before = POLICY.fingerprint, other.fingerprint, FUND.fingerprint, SCENARIO.fingerprint
    compare(POLICY, other, KNOWN, FUND, SCENARIO, on=ON).to_dict()
    assert before == (
        POLICY.fingerprint, other.fingerprint, FUND.fingerprint, SCENARIO.fingerprint
    )  # fmt: skip


# -- reasons --------------------------------------------------------------------------------------


def test_a_reason_names_the_rule_that_made_the_difference():
    other = POLICY.change("gates.not-overdue.is", True)
    found = compare(POLICY, other, FIRMS, on=ON)
    mover = found.winners[0]
    (reason,) = found.because(mover.row)
    assert (reason.kind, reason.path) == ("gate", "gates.not-overdue")
    assert reason.title.zh != reason.title.en
    assert mover.before == "refused"
    assert found.because(found.losers[0].row)[0].path == "gates.not-overdue"
    assert found.decisions[0].path == "gates.not-overdue"


def test_a_tier_is_the_reason_and_a_changed_line_too():
    lower = POLICY.change("tiers.B.at_least", 65)
    found = compare(POLICY, lower, KNOWN, on=ON)
    assert {r.path for m in found.winners for r in found.because(m.row)} <= {
        "tiers",
        "raise.high-tech",
    }
    assert all(found.because(mover.row)[0].path == "tiers" for mover in found.winners)
    richer = POLICY.change("line.tiers.B.amount", "450 万元")
    found = compare(POLICY, richer, KNOWN, on=ON)
    assert {found.because(m.row)[0].path for m in found.winners} == {"line.tiers.B"}
    assert {m.change for m in found.winners} == {50_000_000}


def test_conditions_of_a_part_and_confirmations_are_decisions_too():
    stricter = POLICY.change("base.gates.no-litigation.is", True)
    found = compare(POLICY, stricter, KNOWN, on=ON)
    titles = {d.kind: d.title.en for d in found.decisions}
    assert titles["part-gate"] == "Commercial-credit base line: conditions"
    assert {r.path for m in found.losers for r in found.because(m.row)} == {
        "base.gates.no-litigation"
    }
    policy = Policy.load("cn-tech-sme@2017")
    name = next(c.path for c in policy.rules.confirmations)
    other = policy.change(f"{name}.is", False)
    found = compare(policy, other, KNOWN, on=ON)
    assert name in {d.path for d in found.decisions}


def test_the_same_rule_elsewhere_is_another_rule():
    """Only rules at one place in both files are held against each other."""
    one, two = Policy.load("hubei-knowledge@2025"), Policy.load("chongqing-commercial@2023")
    paths = {d.path for d in compare(one, two, KNOWN, on=ON).decisions}
    assert not any(path.startswith("tiers") for path in paths)


def test_a_policy_without_tiers_makes_a_book_too():
    commercial = Policy.load("chongqing-commercial@2023")
    found = outcome(commercial, KNOWN, on=ON, fund=made(source="made"), scenario=SCENARIO)
    assert found.fund is not None
    assert found.fund.borrowers > 0
    assert found.states[0] == "eligible"


def test_an_edition_against_the_next_one():
    found = compare(Policy.load("chongqing-knowledge@2017"), POLICY, KNOWN, on=ON)
    assert [name for name, _, _ in lines_of(found)] == ["knowledge", "base", "total"]
    assert all(found.because(mover.row) for mover in (*found.winners, *found.losers))
    assert not any(p.path.startswith(("sources.", "in_force")) for p in found.parameters)


# -- the fund -------------------------------------------------------------------------------------


def test_the_books_are_those_of_scored_book():
    judged = assess(POLICY, FIRMS, on=ON)
    given_ = setting(POLICY, FIRMS, on=ON, fund=FUND, scenario=SCENARIO)
    assert given_.borrowers is not None
    mine, left = given_.borrowers.book(judged)
    whole = scored_book(judged, SCENARIO, leave_out=("incomplete", "invalid"))
    incomplete = outcome(POLICY, FIRMS, on=ON).tiers["incomplete"]
    assert left >= incomplete > 0
    assert mine is not None
    for name in ("firms", "loans", "lenders", "districts", "tiers"):
        assert getattr(mine, name) == getattr(whole, name), name
    for name in ("pd", "tier", "firm", "lender", "district", "part", "principal", "outstanding",
                 "start", "term_months", "repayment", "score"):  # fmt: skip
        assert np.array_equal(getattr(mine, name), getattr(whole, name)), name
    assert mine.traits.numbers.keys() == whole.traits.numbers.keys()
    assert np.array_equal(mine.traits.numbers["revenue"], whole.traits.numbers["revenue"])
    assert (mine.traits.numbers["size"] != MISSING).all()
    part, _ = given_.borrowers.book(judged, "knowledge")
    assert part is not None
    assert np.array_equal(part.principal, whole.covered("knowledge").principal)


@pytest.mark.parametrize("districts", [None, {"南": 0.5, "北": 0.5}])
def test_the_books_of_a_users_own_firms(districts):
    """Names out of order or absent, districts absent, no sales."""
    texts = {
        "uscc": [None if row % 3 else f"91500000MA{(row * 7) % 120:08}" for row in range(120)],
        "name": [None if row % 4 == 1 else f"企业{(row * 11) % 120}" for row in range(120)],
        "district": [None if row % 5 == 2 else f"区{row % 4}" for row in range(120)],
    }
    firms = Firms(120, KNOWN.columns, texts, "CNY")
    raw = {**SCENARIO.canonical}
    if districts:
        assumed = {"assumed": {"zh": "试", "en": "a try"}}
        raw["book"] = {**raw["book"], "districts": {**districts, **assumed}}
    scenario = Scenario.from_canonical(raw)
    judged = assess(POLICY, firms, on=ON)
    given_ = setting(POLICY, firms, on=ON, fund=FUND, scenario=scenario)
    assert given_.borrowers is not None
    mine, _ = given_.borrowers.book(judged)
    whole = scored_book(judged, scenario)
    assert mine is not None
    for name in ("firms", "loans", "lenders"):
        assert getattr(mine, name) == getattr(whole, name), name
    for name in ("pd", "tier", "firm", "lender", "part", "principal", "score"):
        assert np.array_equal(getattr(mine, name), getattr(whole, name)), name
    shown = [
        [book.districts[code] if code >= 0 else None for code in book.district.tolist()]
        for book in (mine, whole)
    ]
    assert shown[0] == shown[1]
    bare = {name: column for name, column in KNOWN.columns.items() if name != "sales"}
    plain = setting(POLICY, Firms(120, bare, {}, "CNY"), on=ON, fund=FUND, scenario=SCENARIO)
    assert plain.borrowers is not None
    book, left = plain.borrowers.book(plain.baseline)
    assert left > 0 or (book is not None and "revenue" not in book.traits.numbers)


def test_the_fund_is_that_of_a_simulation():
    found = outcome(POLICY, KNOWN, on=ON, fund=FUND, scenario=SCENARIO).fund
    assert found is not None
    book = scored_book(assess(POLICY, KNOWN, on=ON), SCENARIO)
    result = simulate(book, FUND, SCENARIO)
    assert found.expected == result.gross.mean
    assert found.net == result.net.mean
    assert found.quantile == result.gross.quantile(0.99)
    assert found.dry == result.dry[found.tested]
    assert [(p.pot, p.district, p.expected, p.dry) for p in found.pots] == [
        (p.pot, p.district, p.wanted, p.dry[found.tested]) for p in result.purses
    ]
    assert found.pot("city") is found.pots[0]
    assert found.worst is max(found.pots, key=lambda pot: pot.dry.value)
    with pytest.raises(KeyError):
        found.pot("nobody")


def test_relabelling_tiers_changes_no_loss():
    """With one line for all tiers a tier is only a name: everybody may be called A."""
    flat = POLICY
    for tier in "BADE":
        flat = flat.change(f"line.tiers.{tier}.amount", "300 万元")
    # The lowest cut-off stays where it was: nobody is let in or put out.
    found = compare(flat, with_cuts((29, 28, 27, 26, 25), flat), KNOWN, FUND, SCENARIO, on=ON)
    assert found.before.tiers["E"] > found.after.tiers["E"]
    assert found.matrix[:5, 0].sum() > found.before.tiers["A"]
    assert found.before.fund == found.after.fund
    assert found.before.total == found.after.total


def test_probabilities_are_read_once_and_kept():
    heavier = POLICY.change("line.tiers.B.amount", "450 万元")
    other = with_cuts((80, 60, 50, 41, 20), heavier)
    given_ = setting(POLICY, KNOWN, on=ON, fund=FUND, scenario=SCENARIO)
    judged = assess(POLICY, KNOWN, on=ON)
    curve = SCENARIO.terms.pd
    assert curve is not None
    assert np.array_equal(given_.pd, curve.of_points(judged.total))
    assert given_.outcome(other).fund != given_.outcome(POLICY).fund
    alone = outcome(other, KNOWN, on=ON, fund=FUND, scenario=SCENARIO, baseline=POLICY)
    assert alone.fund == given_.outcome(other).fund
    # Another edition scores otherwise: its own reading of the probabilities is another one.
    old = Policy.load("chongqing-knowledge@2017")
    kept, own = (
        given_.outcome(old).fund,
        outcome(old, KNOWN, on=ON, fund=FUND, scenario=SCENARIO).fund,
    )
    assert kept is not None
    assert own is not None
    assert kept.outstanding == own.outstanding
    assert kept.expected.value != own.expected.value


def test_a_figure_of_its_own_comes_before_the_score():
    judged = assess(POLICY, KNOWN, on=ON)
    own = np.full(len(KNOWN), np.nan)
    own[3] = 0.5
    found = read_pd(judged, SCENARIO, own)
    plain = read_pd(judged, SCENARIO)
    assert found[3] == 0.5
    assert np.array_equal(np.delete(found, 3), np.delete(plain, 3))
    assert read_pd(judged, SCENARIO, 0.02).tolist() == [0.02] * len(KNOWN)
    twice = outcome(POLICY, KNOWN, on=ON, fund=FUND, scenario=SCENARIO, pd=0.02).fund
    once = outcome(POLICY, KNOWN, on=ON, fund=FUND, scenario=SCENARIO, pd=0.01).fund
    assert once is not None
    assert twice is not None
    assert twice.expected.value == pytest.approx(2 * once.expected.value)


def test_a_policy_under_which_nobody_borrows_costs_nothing():
    nobody = with_cuts((205, 204, 203, 202, 201))
    found = compare(POLICY, nobody, KNOWN, FUND, SCENARIO, on=ON)
    assert found.after.fund is not None
    assert found.after.fund.expected.value == found.after.fund.dry.value == 0
    assert found.after.fund.money == found.before.fund.money
    assert found.after.fund.pots == ()
    assert "CNY 0" in found.text("en")


def test_sampled_figures_carry_their_error():
    """Of a fund whose clauses go together pots are sampled with the scenario's paths and seed."""
    fund = Fund.load("hubei")
    scenario = SCENARIO.change("simulation.paths", 200).change("capital.committed", "1 亿元")
    found = outcome(POLICY, KNOWN, on=ON, fund=fund, scenario=scenario).fund
    assert found is not None
    sampled = [pot for pot in found.pots if pot.dry.method == "sampled"]
    assert sampled
    assert all(pot.expected.error > 0 for pot in sampled if pot.expected.value)
    again = outcome(POLICY, KNOWN, on=ON, fund=fund, scenario=scenario).fund
    assert found == again


def test_a_fund_that_has_to_be_sampled_as_a_whole():
    """Lenders that a breaker stops, under a ceiling of the whole fund: accounts go together."""
    fund = made(
        source="made",
        breakers={"stop": {"measure": "overdue", "over": "balance", "per": "lender", "at": 0.2,
                           "stops": "payment", "lifts": "below"}},
        limits={"lender": {"measure": "payouts", "per": "lender", "kind": "cap",
                           "amount": "3000 万元"}},
    )  # fmt: skip
    scenario = SCENARIO.change("simulation.paths", 300)
    other = POLICY.change("line.tiers.B.amount", "450 万元")
    found = compare(POLICY, other, KNOWN, fund, scenario, ON)
    year = found.before.fund
    assert year is not None
    assert year.expected.method == year.quantile.method == year.dry.method == "sampled"
    assert year.expected.error > 0
    assert " ± " in found.text("en")


@pytest.mark.parametrize("fund", ["chongqing-knowledge@2017", "zhongshan", "hubei"])
def test_the_capital_of_a_fund_that_is_asked_for_nothing(fund):
    """The tested capital is the same with a book and without one."""
    scenario = SCENARIO.change("capital.committed", "3 亿元").change("simulation.paths", 50)
    nobody = with_cuts((205, 204, 203, 202, 201))
    found = compare(POLICY, nobody, KNOWN, Fund.load(fund), scenario, ON)
    assert found.after.fund is not None
    assert found.before.fund is not None
    assert found.after.fund.money == found.before.fund.money > 0


# -- what is refused ------------------------------------------------------------------------------


def test_a_fund_without_a_scenario_is_refused_with_the_list():
    with pytest.raises(UsageError) as error:
        compare(POLICY, POLICY, KNOWN, FUND, on=ON)
    codes = [(p.code, p.key) for p in error.value.problems]
    assert codes[0] == ("tune-compare.no-scenario", "scenario")
    keys = " ".join(key for _, key in codes[1:])
    for needed in ("factor.correlation", "severity.recovery", "book.draw_rate", "book.take_up",
                   "book.lenders", "simulation.seed", "pd"):  # fmt: skip
        assert needed in keys
    assert "基金" in error.value.text("zh")
    with pytest.raises(UsageError) as error:
        compare(POLICY, POLICY, KNOWN, Fund.load("hubei"), on=ON)
    assert "capital.committed" in [p.key for p in error.value.problems]


def test_what_a_scenario_lacks_is_said_at_once():
    blank = Scenario.blank().change("severity.recovery", 0.3)
    with pytest.raises(UsageError) as error:
        compare(POLICY, POLICY, KNOWN, FUND, blank, on=ON)
    assert len(error.value.problems) >= 5


def test_a_line_that_no_fund_covers_is_refused():
    certified = Policy.load("cn-tech-sme@2017")
    commercial = Policy.load("chongqing-commercial@2023")
    for policy in (certified, commercial):
        with pytest.raises(UsageError) as error:
            compare(policy, policy, KNOWN, FUND, SCENARIO, on=ON)
        assert error.value.problems[0].code == "tune-compare.no-line"


def test_a_draw_rate_for_every_part_is_asked_for():
    scenario = Scenario.load("chongqing-assumed")
    raw = {"knowledge": 0.75}
    scenario = Scenario.from_canonical(
        {**scenario.canonical, "book": {**scenario.canonical["book"],
         "draw_rate": {"assumed": {"zh": "试", "en": "a try"}, **raw}}}
    )  # fmt: skip
    outcome(POLICY, KNOWN, on=ON, fund=FUND, scenario=scenario)  # knowledge is all it covers
    with pytest.raises(UsageError) as error:
        outcome(POLICY, KNOWN, on=ON, fund=made(source="made"), scenario=scenario)
    assert error.value.problems[0].key == "draw_rate.base"


def test_a_curve_over_ratings_cannot_judge_a_score():
    raw = {**SCENARIO.canonical}
    raw["pd"] = {
        "by": "rating", "title": {"zh": "评级", "en": "ratings"},
        "assumed": {"zh": "试", "en": "a try"}, "ratings": {"BB": 0.01, "B": 0.05},
    }  # fmt: skip
    with pytest.raises(UsageError) as error:
        setting(POLICY, KNOWN, on=ON, fund=FUND, scenario=Scenario.from_canonical(raw))
    assert error.value.problems[0].code == "tune-compare.pd-rating"


def test_currencies_must_agree():
    won = Policy.load("kibo@undated")
    for call in (
        lambda: compare(POLICY, won, KNOWN, on=ON),
        lambda: compare(POLICY, POLICY, KNOWN, Fund.load("kibo"), SCENARIO, on=ON),
    ):
        with pytest.raises(UsageError) as error:
            call()
        assert error.value.problems[0].code == "tune-compare.currency"


@pytest.mark.parametrize("own", [[0.1, 0.2], [1.5] * 120])
def test_probabilities_that_are_none_are_refused(own):
    with pytest.raises(UsageError):
        setting(POLICY, KNOWN, on=ON, fund=FUND, scenario=SCENARIO, pd=own)


def test_a_curve_is_needed_where_a_firm_has_no_figure():
    plain = Policy.load("cn-little-giant@2026")
    with pytest.raises(UsageError) as error:
        read_pd(assess(plain, KNOWN, on=ON), SCENARIO)
    assert error.value.problems[0].code == "portfolio.no-points"


def test_two_firms_of_one_name_are_refused():
    columns = dict(KNOWN.columns)
    names = list(KNOWN.texts["name"])
    names[5] = names[9]
    twins = Firms(KNOWN.n, columns, {**KNOWN.texts, "name": names}, "CNY")
    with pytest.raises(PortfolioError) as error:
        outcome(POLICY, twins, on=ON, fund=FUND, scenario=SCENARIO)
    assert error.value.problems[0].args["row"] == 10


# -- groups ---------------------------------------------------------------------------------------


def test_groups_keep_firms_that_say_nothing():
    firms = Firms.from_columns(
        {"sales_fen": [1, 2_000_000_000, 40_000_000_000], "district": ["b", None, "a"]}
    )
    assert by_district(firms).labels == ("a", "b", "-")
    assert by_district(firms).codes.tolist() == [1, 2, 0]
    sizes = by_size(firms)
    assert sizes is not None
    assert [sizes.labels[code] for code in sizes.codes] == ["micro", "medium", "large"]
    silent = by_size(Firms.from_columns({"staff_total": [3]}))
    assert silent is not None
    assert silent.labels[silent.codes[0]] == "-"
    assert by_size(Firms.from_columns({"sales_minor": [3]}, currency="KRW")) is None
    assert by_district(Firms.from_columns({"staff_total": [3]})).labels == ("-",)


# -- small things that others build on ------------------------------------------------------------


def test_an_outcome_says_what_it_holds():
    found = outcome(POLICY, KNOWN, on=ON)
    assert found.firms == 120
    assert found.eligible == sum(found.tiers[tier] for tier in TIERS)
    assert found.part("knowledge").sum() + found.part("base").sum() == found.total
    assert not found.part("receivables").any()
    assert found.fund is None
    assert setting(POLICY, KNOWN, on=ON).borrowers is None
    assert setting(POLICY, KNOWN, on=ON, scenario=SCENARIO).borrowers is None


def test_policies_with_other_tiers_are_compared_by_being_eligible():
    none = Policy.load("cn-tech-sme@2017")
    columns = {"staff_total": [501, 3]}
    found = compare(none, POLICY, Firms.from_columns(columns), on=ON)
    assert found.before.states[0] == "eligible"
    assert not (found.gains & found.loses).any()
    there, back = compare(none, POLICY, KNOWN, on=ON), compare(POLICY, none, KNOWN, on=ON)
    assert there.gains.tolist() == back.loses.tolist()
    assert there.gains.sum() > 0


def test_a_policy_without_points_or_districts_in_another_currency():
    """A guarantee in won: own probabilities, no score to read, no sales, no district."""
    policy = Policy.load("kibo@undated")
    grades = {"technology_grade": [0, 1, 2, 3] * 10, "risk_grade": [1] * 40}
    firms = Firms.from_columns({**grades, "guarantee_purpose": [0] * 40}, currency="KRW")
    raw = {**made(source="made").canonical, "currency": "KRW"}
    raw["money"] = {**raw["money"], "committed": "10 억원"}
    scenario = Scenario.from_canonical({**SCENARIO.canonical, "currency": "KRW"})
    scenario = scenario.change("book.take_up", 1).change("factor.correlation", 1)
    part = policy.rules.parts[0].name
    assert part in scenario.terms.book.draw_rate
    found = outcome(policy, firms, on=dt.date(2026, 1, 1), fund=Fund.from_canonical(raw),
                    scenario=scenario, pd=0.02)  # fmt: skip
    assert found.fund is not None
    assert found.fund.borrowers == found.eligible > 0
    # All default together: the payout is all or nothing.
    assert found.fund.expected.value == pytest.approx(0.02 * 0.8 * found.fund.outstanding, rel=1e-9)
    assert found.fund.dry.value == pytest.approx(0.02)
    assert found.fund.quantile.value == pytest.approx(0.8 * found.fund.outstanding, rel=1e-9)
    assert found.fund.quantile.error == 0
    assert "expected" in found.fund.to_dict()
    with pytest.raises(UsageError):
        outcome(policy, firms, on=dt.date(2026, 1, 1), fund=Fund.from_canonical(raw),
                scenario=scenario)  # fmt: skip
