"""The shape of the house: what may import what, how long a file may be, what is public."""

from __future__ import annotations

import ast
import re
import runpy
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from pathlib import Path

import pytest

import ipcredit
from ipcredit import messages

PACKAGE = Path(ipcredit.__file__).parent
AIM, LIMIT = 450, 480  # lines of a module: what we aim at, what fails

# The public names. Adding one is a decision, removing one breaks somebody: both go into
# CHANGELOG.md together with this list.
PUBLIC = (
    "Assessment",
    "Firm",
    "FirmError",
    "Firms",
    "IpCreditError",
    "Policy",
    "PolicyError",
    "Problem",
    "UsageError",
    "assess",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# The copied configuration is data, not modules.
MODULES = {
    module_name(path): path for path in sorted(PACKAGE.rglob("*.py")) if "_config" not in path.parts
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(node: ast.AST) -> Iterator[str]:
    """The dotted names an import statement needs; of ``from a import b``, a.b if it is ours."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield full if full in MODULES else node.module


def running_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a module but what is under ``if TYPE_CHECKING:``, which never runs."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")):
            yield node
            yield from running_nodes(node)


def test_no_import_cycle():
    graph = {
        name: {
            target
            for node in running_nodes(tree)
            for target in imported(node)
            if target in MODULES and target != name
        }
        for name, tree in TREES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(" > ".join(reversed(cycle.args[1])))


@pytest.mark.checkout
def test_imports_inside_functions_are_the_documented_lazy_edges(root):
    ruff = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    lazy = tuple(ruff["lint"]["flake8-tidy-imports"]["banned-module-level-imports"])
    hidden = sorted(
        {
            f"{name}:{node.lineno}: {target}"
            for name, tree in TREES.items()
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            for target in imported(node)
            if not any(target == edge or target.startswith(f"{edge}.") for edge in lazy)
        }
    )
    assert hidden == [], f"move to the top of the module, or document as lazy: {hidden}"


def test_modules_can_be_read_in_one_sitting():
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()
    }
    long = {name: lines for name, lines in lengths.items() if lines > AIM}
    assert all(lines <= LIMIT for lines in long.values()), f"over {AIM} lines: {long}"


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert not [name for name in MODULES if drawers & set(name.split("."))]


def test_import_is_light():
    heavy = (
        "pandas",
        "scipy",
        "typer",
        "rich",
        "matplotlib",
        "xlsxwriter",
        "python_calamine",
        "stdnum",
    )
    program = f"import sys, ipcredit; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_public_names_are_pinned():
    assert tuple(ipcredit.__all__) == PUBLIC
    missing = [name for name in PUBLIC if not hasattr(ipcredit, name)]
    assert missing == []


def test_version_is_that_of_the_distribution():
    assert ipcredit.__version__ == metadata.version("ipcredit")


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("code", sorted(messages.CATALOGUE))
def test_every_message_exists_in_both_languages(code):
    en, zh = messages.CATALOGUE[code]
    assert en.strip()
    assert zh.strip()
    assert placeholders(en) == placeholders(zh)


def test_no_message_is_defined_twice():
    codes = [
        ast.literal_eval(key)
        for name, tree in TREES.items()
        if name.startswith("ipcredit.messages.")
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "TEXTS"
        for key in node.value.keys
    ]
    assert sorted(codes) == sorted(messages.CATALOGUE)


def repository_files(root: Path) -> list[Path]:
    """What git tracks or would track; without git (an unpacked sdist), nothing."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, check=False,
    )  # fmt: skip
    names = listed.stdout.decode("utf-8").split("\0") if listed.returncode == 0 else []
    return [root / name for name in names if name and (root / name).is_file()]


@pytest.mark.checkout
def test_no_file_names_a_place_on_one_machine(root):
    machine = re.compile(
        r"(?<![\w.:/])/(?:work|root|home|Users|opt|mnt|farm|tmp)/|[A-Z]:\\Users\\|\.\./shared"
    )
    found = []
    for path in repository_files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a spreadsheet or a picture
        lines = text.splitlines()
        found += [
            f"{path.relative_to(root)}:{n}"
            for n, line in enumerate(lines, 1)
            if machine.search(line)
        ]
    assert found == []


@pytest.mark.checkout
def test_dependencies_are_named_without_addresses(root):
    patterns = ("constraints*.txt", "*requirements*.txt", "*.lock")
    named = [path for pattern in patterns for at in ("", "*/") for path in root.glob(at + pattern)]
    assert named
    address = re.compile(r"://|--hash|sha256|--(extra-)?index-url|--find-links|@ *file")
    assert [path.name for path in named if address.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.checkout
def test_constraints_name_every_direct_dependency(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = "".join(path.read_text(encoding="utf-8") for path in root.glob("constraints*.txt"))
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = [re.match(r"[\w.-]+", wanted)[0] for group in groups for wanted in group]
    assert [name for name in names if not re.search(rf"(?m)^{name}==", pinned)] == []


@pytest.mark.checkout
def test_both_readmes_give_the_commands_that_ci_runs(root):
    script = runpy.run_path(str(root / ".ci" / "readme_command.py"))
    en, zh = ((root / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    for name in script["NAMES"]:
        assert script["command"](name, en) == script["command"](name, zh)
