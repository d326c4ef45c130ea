"""The console a person sits at: its language and width, what is written, how a failure is said."""

from __future__ import annotations

import errno
import locale
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import typer
from typer.main import get_command

from ipcredit import messages
from ipcredit.errors import IpCreditError, Problem, UsageError
from ipcredit.layout import printable
from ipcredit.report_text import COLUMNS

TYPER_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises for a command line it cannot read; it gives the class no public name."""

DONE, ROWS, USAGE, POLICY, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; a row is incomplete or invalid, or a result does not verify; the question
cannot be asked; a policy file is wrong; interrupted."""

_NARROWEST = 40


def default_lang() -> str:
    """The language of the terminal: Chinese or, for any other, English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    found = (locale.getlocale()[0] or "").lower()
    return "zh" if found.startswith(("zh", "chinese")) else "en"


def asked_lang(words: Sequence[str]) -> str:
    """The language of a command line that failed, read without parsing it again.

    >>> asked_lang(["score", "--lang", "zh"]), asked_lang(["score", "--lang=both"])
    ('zh', 'both')
    """
    for at, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and at + 1 < len(words):
            value = words[at + 1]
        if value in ("zh", "en", "both"):
            return value
    return default_lang()


def terminal_columns(most: int | None = None) -> int:
    """The width of the terminal, within what can be read."""
    columns = max(shutil.get_terminal_size((COLUMNS, 24)).columns, _NARROWEST)
    return columns if most is None else min(columns, most)


def report_columns(out: str | None) -> int:
    """The width of a report: that of the terminal, or the usual one for a file."""
    return COLUMNS if out is not None else terminal_columns(COLUMNS)


# -- writing --------------------------------------------------------------------------------------


def soften() -> None:
    """Let no character end the program that the console (GBK and the like) cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def check_out(out: str | None, allowed: Iterable[str], read: str = "") -> None:
    """Refuse a file that is not to be written, before anything is reckoned.

    Raises:
        UsageError: ``out`` ends in no ``allowed`` suffix, lies in no folder, is a folder, or is
            the file that is ``read``.
    """
    if out is None:
        return
    path, suffixes = Path(out), list(allowed)
    if path.suffix.lower() not in suffixes:
        args = {"given": path.suffix, "allowed": ", ".join(suffixes)}
        raise UsageError(Problem("cli.suffix", out, args=args))
    if read not in ("", "-") and _is_same(path, Path(read)):
        raise UsageError(Problem("cli.same-file", out))
    if path.is_dir():
        raise unwritable(out, os.strerror(errno.EISDIR))
    if not path.parent.is_dir():
        raise unwritable(out, os.strerror(errno.ENOENT))


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def unwritable(out: str, reason: str) -> UsageError:
    """The error for a file that cannot be written."""
    return UsageError(Problem("file.unwritable", out, args={"reason": reason}))


@contextmanager
def opened(out: str | None) -> Iterator[IO[str]]:
    """A stream to write to: the file, or standard output.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        if out is None:
            yield sys.stdout
            sys.stdout.flush()
            return
        # A byte-order mark only where a spreadsheet needs it to recognise Chinese.
        encoding = "utf-8-sig" if out.lower().endswith(".csv") else "utf-8"
        with Path(out).open("w", encoding=encoding, newline="", errors="backslashreplace") as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(out or "-", error.strerror or str(error)) from None


def write(text: str, out: str | None = None) -> None:
    """Write a text and end its line."""
    with opened(out) as stream:
        stream.write(text if text.endswith("\n") else f"{text}\n")


def as_written(stream: IO[str]) -> IO[str]:
    """The stream, so set that line ends go out as they are (CSV has its own)."""
    reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
    if reconfigure is not None and stream is sys.stdout:
        reconfigure(newline="")
    return stream


# -- failing --------------------------------------------------------------------------------------


def say_error(error: IpCreditError, lang: str) -> None:
    """All problems on standard error, one a line, and how many there are."""
    text = "\n".join(printable(problem.text(lang)) for problem in error.problems)
    if len(error.problems) > 1:
        text += "\n" + messages.text("cli.problems", lang, count=len(error.problems))
    sys.stderr.write(f"{text}\n")


def run(app: typer.Typer, words: list[str]) -> int:
    """Parse a command line and carry it out; the exit code.

    Not through typer's own loop: that answers a closed pipe, an interruption and a wrong
    option in its own way and in English only.

    Raises:
        UsageError: the command line cannot be read, or what it asks for cannot be done.
    """
    command = get_command(app)
    try:
        with command.make_context("ipcredit", words) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except TYPER_USAGE_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error}\n")
            return USAGE
        raise UsageError(usage_problem(error)) from None
    return DONE


def usage_problem(error: Any) -> Problem:
    """What typer says about a command line, as a problem with what is allowed and what to do."""
    kind, context = type(error).__name__, error.ctx
    command = context.command_path if context is not None else "ipcredit"
    args: dict[str, Any] = {"command": command}
    if kind == "MissingParameter":
        return Problem("cli.missing", key=_name(error.param), args=args)
    if kind == "NoSuchOption":
        options = [name for item in context.command.params for name in item.opts]
        allowed = ", ".join(sorted(name for name in options if name.startswith("--")))
        return Problem("cli.no-option", key=error.option_name, args={**args, "allowed": allowed})
    if kind == "BadOptionUsage":
        return Problem("cli.no-value", key=error.option_name, args={"key": error.option_name})
    if kind == "BadParameter" and error.param is not None:
        return _bad_value(error.param, error.message, args)
    # What is left has no class of its own, only an English sentence around what was given.
    commands = getattr(getattr(context, "command", None), "commands", {})
    no_command = re.search(r"No such command '(.*?)'", error.message)
    if no_command is not None:
        known = {"given": no_command[1], "allowed": ", ".join(commands)}
        return Problem("cli.no-command", args={**args, **known})
    extra = re.search(r"extra argument.*\((.*)\)", error.message)
    if extra is not None:
        return Problem("cli.extra", args={**args, "given": extra[1]})
    return Problem("cli.usage", args={**args, "reason": error.message})


def _name(param: Any) -> str:
    options = [name for name in param.opts if name.startswith("--")] if param is not None else []
    return str(options[0] if options else getattr(param, "metavar", "") or "")


def _bad_value(param: Any, message: str, args: dict[str, Any]) -> Problem:
    kind = param.type
    if getattr(kind, "choices", None):
        allowed = ", ".join(str(getattr(choice, "value", choice)) for choice in kind.choices)
        return Problem("cli.choice", key=_name(param), args={"allowed": allowed})
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is not None and most is not None:
        return Problem("cli.whole", key=_name(param), args={"least": least, "most": most})
    if least is not None:
        return Problem("cli.whole-from", key=_name(param), args={"least": least})
    if getattr(kind, "name", "") in ("float", "integer"):
        return Problem("cli.number", key=_name(param))
    return Problem("cli.usage", key=_name(param), args={**args, "reason": message})
