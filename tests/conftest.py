"""What all tests share: the repository they belong to, and reproducible random tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# In CI the same commit must give the same answer twice; at home new examples are welcome.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what reads README, docs or src when tests/ was copied to test a built wheel."""
    if (ROOT / "src" / "ipcredit").is_dir():
        return
    alone = pytest.mark.skip(reason="tests/ stands alone: the checkout's own files are not here")
    for item in items:
        if "checkout" in item.keywords:
            item.add_marker(alone)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository root; tests that ask for it carry the marker ``checkout``."""
    return ROOT
