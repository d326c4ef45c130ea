"""The replay of the pilot, computed by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ipcredit.errors import UsageError
from ipcredit.fund.replay import lent_by, read_pilot, replay, replay_text

YI = 10**10  # 亿元 in fen


def test_levels_are_the_capital_over_four_fifths_of_a_years_lending() -> None:
    rows = {(row.month, row.kind): row for row in replay()}
    assert len(rows) == 8
    # 11 / (0.8 x 1.3): nothing was lent before 2017.
    assert rows["2017-12", "committed"].level == Fraction(11) / (Fraction(8, 10) * Fraction(13, 10))
    # 12 of the 15 months from 2017-12 to 2019-03: 18.8 x 12 / 15 = 15.04.
    assert rows["2019-03", "committed"].balance == Fraction(1504, 100) * YI
    assert rows["2019-03", "paid-in"].level == Fraction(31, 10) / (
        Fraction(8, 10) * Fraction(1504, 100)
    )
    # 12 of 51 months of 176.73; 12 of 27 months of 39.63.
    assert rows["2023-06", "paid-in"].level == 5 / (
        Fraction(8, 10) * Fraction(17673, 100) * Fraction(12, 51)
    )
    assert rows["2025-09", "paid-in"].level == 5 / (
        Fraction(8, 10) * Fraction(3963, 100) * Fraction(12, 27)
    )


def test_that_a_fund_cannot_be_emptied_is_an_answer() -> None:
    rows = {(row.month, row.kind): row for row in replay()}
    # 80 % of everything lent by 2019-03 is 16.08, below 31.
    assert rows["2019-03", "committed"].outlasts
    assert not rows["2019-03", "committed"].can_be_emptied
    assert rows["2019-03", "paid-in"].can_be_emptied
    # 50 is more than 80 % of the balance of 2023-06, not of everything lent until then.
    assert not rows["2023-06", "committed"].can_be_emptied
    assert not rows["2023-06", "committed"].outlasts
    # 10 % of 11 is more than 80 % of 1.3.
    assert rows["2017-12", "paid-in"].outlasts


def test_what_is_assumed_is_said_with_its_reason() -> None:
    rows = {(row.month, row.kind): row for row in replay()}
    words = {key: " ".join(item.en for item in row.assumed) for key, row in rows.items()}
    assert "2020" not in words["2019-03", "committed"]
    assert "2020" in words["2023-06", "committed"]
    assert "2020" in words["2025-09", "committed"]
    assert "even between 2017-12 and 2019-03" in words["2019-03", "paid-in"]
    assert "even between" not in words["2017-12", "paid-in"]
    assert all(row.data()["assumed"] for row in rows.values())


def test_the_page_says_it_in_both_languages() -> None:
    rows = replay()
    page = replay_text(rows, "both")
    assert "2019-03，实缴额 31,000 万元，余额 15.04 亿元：违约比例达到 25.8%" in page
    assert "it cannot be emptied, not even if everything lent so far defaults" in page
    assert "2023-06, paid in CNY 500 million" in page


def test_lending_between_two_points_is_even() -> None:
    points = read_pilot().points
    assert lent_by(points, 2017 * 12 + 12) == (Fraction(13, 10) * YI, True)
    low, exact = lent_by(points, 2018 * 12 + 3)
    assert low == (Fraction(13, 10) + Fraction(188, 10) * Fraction(3, 15)) * YI
    assert not exact
    assert lent_by(points, 2010 * 12)[0] == 0


def test_a_wrong_file_is_refused_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "pilot.toml"
    path.write_text(
        'schema = 1\nid = "x"\ncurrency = "CNY"\n[title]\nzh="x"\nen="x"\n[rules]\nk=1\n'
    )
    with pytest.raises(UsageError) as caught:
        read_pilot(path)
    keys = {problem.key for problem in caught.value.problems}
    assert {"rules.cover", "rules.paid_in_least", "rules.balance_months", "rules.k"} <= keys
