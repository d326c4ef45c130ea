"""docs/encode-your-city.md: every step of it loads, and in the end it is the shipped scheme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ipcredit.cases import run_cases
from ipcredit.policy import Policy, check_file

pytestmark = pytest.mark.checkout

NAMES = {"en": "encode-your-city.md", "zh": "encode-your-city.zh.md"}


@pytest.fixture(scope="module", params=NAMES)
def page(request, root):
    return request.param, (root / "docs" / NAMES[request.param]).read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def blocks(text, kind="toml"):
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def steps(text):
    """The policy after each block; the last block is the file of cases."""
    parts = blocks(text)[:-1]
    return ["\n".join(parts[: at + 1]) for at in range(len(parts))]


def test_each_step_loads_and_says_more(page, here):
    before = None
    for text in steps(page[1]):
        Path("hubei.toml").write_text(text, encoding="utf-8")
        assert check_file("hubei.toml") == []
        found = Policy.load("./hubei.toml")
        if before is not None:
            said = before.compare(found)
            assert said
            assert all(one.before == "-" for one in said)
        before = found


def test_the_last_step_is_the_shipped_scheme(page, here):
    Path("hubei.toml").write_text(steps(page[1])[-1], encoding="utf-8")
    assert Policy.load("./hubei.toml") == Policy.load("hubei-knowledge@2025")


def test_the_cases_of_the_last_step_hold(page, here):
    Path("hubei.toml").write_text(steps(page[1])[-1], encoding="utf-8")
    Path("hubei-cases.toml").write_text(blocks(page[1])[-1], encoding="utf-8")
    report = run_cases("hubei-cases.toml")
    assert [problem.text() for problem in report.failed] == []
    assert report.passed == 3


def test_the_mistake_on_the_page_is_answered_as_the_page_says(page, here):
    lang, text = page
    right, wrong = "A = { at_least = 0.30 }", "A = { at_least = 30 }"
    assert wrong in text
    policy = steps(text)[2]
    assert policy.count(right) == 1
    Path("hubei.toml").write_text(policy.replace(right, wrong), encoding="utf-8")
    (problem,) = check_file("hubei.toml")
    (said,) = blocks(text, "text")
    assert problem.text(lang) == said.strip()


def test_both_languages_write_the_same_file(root):
    en, zh = ((root / "docs" / name).read_text(encoding="utf-8") for name in NAMES.values())
    assert blocks(en) == blocks(zh)
    assert len(re.findall(r"^## ", en, re.MULTILINE)) == len(re.findall(r"^## ", zh, re.MULTILINE))


def test_the_hour_is_an_hour(page):
    minutes = re.findall(r"^## .*[(（](\d+)\s?(?:minutes|分钟)", page[1], re.MULTILINE)
    assert sum(map(int, minutes)) == 60
