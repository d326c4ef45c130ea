"""Where a notebook's pictures and sentences go: into the notebook, or onto a terminal without one."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from ipcredit.errors import Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def notebook() -> Any:
    """The IPython of a running notebook kernel, ``None`` on a terminal, in a script or without it."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


def tell(text: str) -> None:
    """Say something in words: Markdown in a notebook, plain lines elsewhere."""
    if notebook() is None:
        print(text)  # noqa: T201
        return
    from IPython.display import Markdown, display

    display(Markdown(text))


def show(drawn: tuple[Figure, tuple[Problem, ...]], lang: str = "zh") -> bytes:
    """Show a picture in a notebook; returns it as PNG. Remarks (no Chinese font) are said.

    ``drawn``: what :func:`ipcredit.pictures.draw` and every ``draw`` of this library returns.
    """
    figure, remarks = drawn
    data = png_of(figure)
    if notebook() is not None:
        from IPython.display import Image, display

        width = round(figure.get_figwidth() * 90)  # inches, at what a page of a notebook holds
        display(Image(data, width=width))
    for remark in remarks:
        tell(remark.text(lang))
    return data


def png_of(figure: Figure) -> bytes:
    """A picture as PNG: the same picture gives the same bytes."""
    stream = BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
