"""What a code means, as people read it: words, then an example with what mends it."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.cli.screen import mark, visible, width
from escalation_engine.finding import wrapped
from escalation_engine.verify import Explained

__all__ = ["explained_lines"]

_STYLES = {"-": "bad", "+": "good"}
_COLUMNS = 80


def explained_lines(about: Explained) -> Iterator[str]:
    """Yield the title, what it means, why it matters, and the example."""
    columns = min(width() or _COLUMNS, _COLUMNS)
    yield mark(f"{about.code}: {about.title}", "title")
    for paragraph in about.paragraphs:
        yield ""
        yield from wrapped(paragraph, columns, "")
    if about.example:
        yield ""
        yield mark(
            "An example: take out what is marked with -, write what is marked with +", "title"
        )
        yield ""
    for line in about.example:
        yield f"  {mark(line, _STYLES[line[0]])}" if line[0] in _STYLES else f"  {visible(line)}"
