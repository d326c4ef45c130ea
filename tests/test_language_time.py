"""The policy language: time since and until a date, to the day.

Small made-up policies, one sentence each, expected values by hand.
"""

from __future__ import annotations

from datetime import date

import pytest

from oracles.small import DIM, ON, band, judge, passes, points


@pytest.mark.parametrize(
    ("word", "day", "on", "expected"),
    [
        ('unit = "days"\nat_least = 365', "2025-06-29", ON, "pass"),
        ('unit = "days"\nat_least = 365', "2025-06-30", ON, "pass"),
        ('unit = "days"\nat_least = 365', "2025-07-01", ON, "fail"),
        ('unit = "days"\nmore_than = 365', "2025-06-30", ON, "fail"),
        ('unit = "days"\nmore_than = 365', "2025-06-29", ON, "pass"),
        ('unit = "days"\nat_most = 30', "2026-05-31", ON, "pass"),
        ('unit = "days"\nat_most = 30', "2026-05-30", ON, "fail"),
        ('unit = "days"\nless_than = 30', "2026-05-31", ON, "fail"),
        ('unit = "days"\nless_than = 30', "2026-06-01", ON, "pass"),
        ('unit = "days"\nis = 30', "2026-05-31", ON, "pass"),
        ('unit = "days"\nis = 30', "2026-06-01", ON, "fail"),
        ('unit = "months"\nat_least = 6', "2025-12-30", ON, "pass"),
        ('unit = "months"\nat_least = 6', "2025-12-31", ON, "pass"),  # June has no 31st
        ('unit = "months"\nat_least = 6', "2026-01-01", ON, "fail"),
        ('unit = "months"\nmore_than = 6', "2025-12-30", ON, "fail"),
        ('unit = "months"\nmore_than = 6', "2025-12-29", ON, "pass"),
        ('unit = "years"\nat_most = 5', "2021-06-30", ON, "pass"),
        ('unit = "years"\nat_most = 5', "2021-06-29", ON, "fail"),
        ('unit = "years"\nless_than = 5', "2021-06-30", ON, "fail"),
        ('unit = "years"\nless_than = 5', "2021-07-01", ON, "pass"),
        ('unit = "years"\nmore_than = 2', "2024-06-30", ON, "fail"),
        ('unit = "years"\nmore_than = 2', "2024-06-29", ON, "pass"),
        ('unit = "years"\nis = 5', "2021-06-30", ON, "pass"),
        # The anniversary of 29 February is 28 February where there is no 29th.
        ('unit = "years"\nat_least = 1', "2024-02-29", date(2025, 2, 27), "fail"),
        ('unit = "years"\nat_least = 1', "2024-02-29", date(2025, 2, 28), "pass"),
        ('unit = "years"\nat_most = 1', "2024-02-29", date(2025, 2, 28), "pass"),
        ('unit = "years"\nat_most = 1', "2024-02-29", date(2025, 3, 1), "fail"),
        ('unit = "years"\nat_least = 4', "2020-02-29", date(2024, 2, 28), "fail"),
        ('unit = "years"\nat_least = 4', "2020-02-29", date(2024, 2, 29), "pass"),
        ('unit = "years"\nat_least = 1', "2023-02-28", date(2024, 2, 28), "pass"),
        ('unit = "months"\nat_least = 1', "2026-01-31", date(2026, 2, 27), "fail"),
        ('unit = "months"\nat_least = 1', "2026-01-31", date(2026, 2, 28), "pass"),
        ('unit = "months"\nat_least = 12', "2025-06-30", ON, "pass"),
        # Today counts, tomorrow has not happened, whatever is asked.
        ('unit = "days"\nat_least = 0', "2026-06-30", ON, "pass"),
        ('unit = "days"\nat_least = 0', "2026-07-01", ON, "fail"),
        ('unit = "days"\nat_most = 5', "2026-07-01", ON, "fail"),
        ('unit = "years"\nless_than = 5', "2030-01-01", ON, "fail"),
        ('unit = "days"\nat_least = 0', "none", ON, "fail"),
        ('unit = "years"\nat_most = 5', "none", ON, "fail"),
    ],
)
def test_time_since_a_date(word, day, on, expected):
    assert passes(f'since = "standard_led_on"\n{word}', {"standard_led_on": day}, on) == expected


@pytest.mark.parametrize(
    ("word", "day", "on", "expected"),
    [
        ('unit = "days"\nat_least = 0', "2026-06-30", ON, "pass"),
        ('unit = "days"\nat_least = 0', "2026-06-29", ON, "fail"),
        ('unit = "days"\nmore_than = 0', "2026-06-30", ON, "fail"),
        ('unit = "days"\nat_least = 90', "2026-09-28", ON, "pass"),
        ('unit = "days"\nat_least = 90', "2026-09-27", ON, "fail"),
        ('unit = "days"\nat_most = 90', "2026-09-28", ON, "pass"),
        ('unit = "days"\nat_most = 90', "2026-09-29", ON, "fail"),
        ('unit = "days"\nless_than = 90', "2026-09-28", ON, "fail"),
        ('unit = "months"\nat_least = 6', "2026-12-30", ON, "pass"),
        ('unit = "months"\nat_least = 6', "2026-12-29", ON, "fail"),
        ('unit = "months"\nmore_than = 6', "2026-12-30", ON, "fail"),
        ('unit = "months"\nmore_than = 6', "2026-12-31", ON, "pass"),
        # The last day of a short month is no month end by intention: a month later is the 28th.
        ('unit = "months"\nat_least = 1', "2026-03-28", date(2026, 2, 28), "pass"),
        ('unit = "months"\nat_least = 1', "2026-03-27", date(2026, 2, 28), "fail"),
        ('unit = "months"\nat_least = 6', "2027-02-28", date(2026, 8, 31), "pass"),
        ('unit = "months"\nat_least = 6', "2027-02-27", date(2026, 8, 31), "fail"),
        ('unit = "years"\nat_least = 1', "2025-02-28", date(2024, 2, 29), "pass"),
        ('unit = "years"\nat_least = 1', "2025-02-27", date(2024, 2, 29), "fail"),
        ('unit = "days"\nat_least = 0', "none", ON, "fail"),
        ('unit = "days"\nat_most = 90', "2020-01-01", ON, "pass"),  # over already
    ],
)
def test_time_until_a_date(word, day, on, expected):
    assert passes(f'until = "high_tech_until"\n{word}', {"high_tech_until": day}, on) == expected


@pytest.mark.parametrize("word", ["at_least", "at_most"])
def test_a_missing_date_leaves_time_open(word):
    rule = f'since = "standard_led_on"\nunit = "years"\n{word} = 5'
    assert passes(rule, {}) == "open"


@pytest.mark.parametrize(
    ("day", "label", "worth"),
    [("2023-06-30", "A", 30), ("2023-07-01", "B", 20), ("2025-06-30", "B", 20),
     ("2025-07-01", "D", 0), ("2026-07-01", "none", 0)],
)  # fmt: skip
def test_time_in_a_band_table(day, label, worth):
    text = (
        DIM
        + """
[d.indicators.age]
since = "registered_on"
unit  = "years"
A = { at_least = 3 }
B = { at_least = 1 }
"""
    )
    result = judge(text, {"registered_on": day})
    assert (band(result, "d.age"), points(result)) == (label, worth)
