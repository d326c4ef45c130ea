"""The configuration is found from a checkout and from an installed package, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipcredit import resources
from ipcredit.errors import UsageError


def directory(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def test_shipped_policies_and_examples_are_found():
    config = resources.config_dir()
    assert list((config / "policies").glob("*/*.toml"))
    assert list((config / "examples" / "firms").iterdir())


def test_an_installed_package_uses_its_own_copy(tmp_path):
    package = tmp_path / "site-packages" / "ipcredit"
    copy = directory(package / "_config" / "policies").parent
    assert resources._find(package) == copy


def test_a_checkout_uses_the_config_at_its_root(tmp_path):
    config = directory(tmp_path / "config" / "policies").parent
    package = directory(tmp_path / "src" / "ipcredit")
    assert resources._find(package) == config


def test_the_copy_in_the_package_comes_first(tmp_path):
    directory(tmp_path / "config" / "policies")
    copy = directory(tmp_path / "src" / "ipcredit" / "_config" / "policies").parent
    assert resources._find(tmp_path / "src" / "ipcredit") == copy


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param("lib/config/policies", id="a config above site-packages is not ours"),
        pytest.param("lib/site-packages/ipcredit/_config/other", id="a copy without policies"),
    ],
)
def test_what_is_not_ours_is_not_taken(tmp_path, strange):
    directory(tmp_path / strange)
    package = tmp_path / "lib" / "site-packages" / "ipcredit"
    package.mkdir(parents=True, exist_ok=True)
    with pytest.raises(UsageError) as caught:
        resources._find(package)
    (problem,) = caught.value.problems
    assert problem.code == "install.no-config"
    for language in ("zh", "en"):
        assert str(package / "_config") in problem.text(language)


def test_a_config_without_policies_is_not_taken(tmp_path):
    directory(tmp_path / "config" / "examples")
    package = directory(tmp_path / "src" / "ipcredit")
    with pytest.raises(UsageError, match=r"install\.no-config"):
        resources._find(package)
