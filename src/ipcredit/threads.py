"""Work shared out among a few threads that live no longer than the work.

NumPy releases the interpreter's lock while it computes, so threads are enough.  No pool is
kept: starting a thread costs a fraction of a millisecond, once for millions of firms, and what
does not exist cannot be inherited by a forked process or be in the way when the interpreter ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

Part = TypeVar("Part")


def shared(work: Callable[[Part], None], parts: Sequence[Part], threads: int) -> None:
    """Do ``work`` on every part, in any order; the calling thread works too.

    The first exception of any of them is raised once all have stopped.

    >>> done = []
    >>> shared(done.append, range(5), threads=3)
    >>> sorted(done)
    [0, 1, 2, 3, 4]
    """
    waiting = deque(parts)
    failed: list[BaseException] = []

    def until_empty() -> None:
        while not failed:
            try:
                part = waiting.popleft()
            except IndexError:
                return
            try:
                work(part)
            except BaseException as error:
                failed.append(error)

    helpers = []
    for _ in range(min(threads, len(parts)) - 1):
        # A thread starts with NumPy's own settings; this one is to compute as its caller does.
        helper = Thread(target=copy_context().run, args=(until_empty,), daemon=True)
        try:
            helper.start()
        except RuntimeError:  # no more threads, or the interpreter is ending: do it alone
            break
        helpers.append(helper)
    until_empty()
    for helper in helpers:
        helper.join()
    if failed:
        raise failed[0]
