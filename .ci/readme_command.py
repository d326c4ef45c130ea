"""Print a command as README.md gives it, so that CI runs what a reader is told to type.

Usage: python3 .ci/readme_command.py tests|score [FILE]

The command is the only line of the code fence that follows ``<!-- ci:NAME -->``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("score", "tests")


def command(name: str, text: str) -> str:
    """The one-line command marked ``name`` in a README's text; ValueError if not exactly one."""
    fence = rf"^<!-- ci:{re.escape(name)} -->\n+```[a-z]*\n(?P<lines>.*?)^```"
    found = [match["lines"] for match in re.finditer(fence, text, re.MULTILINE | re.DOTALL)]
    if len(found) != 1 or len(found[0].splitlines()) != 1:
        raise ValueError(
            f'need one "<!-- ci:{name} -->" followed by a code fence of one line, found {found}'
        )
    return found[0].strip()


if __name__ == "__main__":
    readme = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "README.md"
    print(command(sys.argv[1], readme.read_text(encoding="utf-8")))
