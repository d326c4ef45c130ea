"""Where the shipped policies, examples and reference data are found.

They live in ``config/`` at the root of the repository, where a policymaker edits them; a
built wheel carries a copy inside the package.  Plain paths and no ``importlib.resources``:
start-up time is a budget (see ``docs/decisions/0001-where-config-lives.md``).
"""

from __future__ import annotations

import functools
from pathlib import Path

from ipcredit.errors import Problem, UsageError


def _find(package: Path) -> Path:
    """The configuration belonging to the package in this directory."""
    packaged = package / "_config"
    checkout = package.parents[1] / "config"
    if (packaged / "policies").is_dir():
        return packaged
    # Only for a src/ layout: two levels above an installed package lies someone else's
    # directory, and a "config" there would not be ours.
    if package.parent.name == "src" and (checkout / "policies").is_dir():
        return checkout
    raise UsageError(
        Problem("install.no-config", args={"packaged": str(packaged), "checkout": str(checkout)})
    )


@functools.cache
def config_dir() -> Path:
    """The directory that holds ``policies/``, ``reference/`` and ``examples/``.

    An installed wheel answers with its own copy, an editable install with ``config/`` of
    its checkout, so that an edited policy counts at once.  Raises :class:`UsageError` if
    the installation has neither.

    >>> (config_dir() / "policies").is_dir()
    True
    """
    return _find(Path(__file__).resolve().parent)
