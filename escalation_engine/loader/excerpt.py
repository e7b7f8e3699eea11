"""Show a place in a file: its line, and a caret under the column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["EXCERPT_WIDTH", "excerpt", "shown", "split_lines"]

EXCERPT_WIDTH: Final = 76  # with its indentation it fits a terminal of 80 columns
"""The most characters of a line that an excerpt shows, without its indentation."""

_INDENT: Final = "    "
_CLIPPED: Final = "…"
_UNPRINTABLE: Final = "\N{REPLACEMENT CHARACTER}"  # a terminal shall not obey a file
_SHOWN_CHARACTERS: Final = 60
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


def excerpt(text_lines: Sequence[str], line: int, column: int) -> str:
    """The line, and below it a caret under the column; both count from 1.

    A long line is clipped around the column. A column behind the end is shown at the end. Without
    such a line, or when it is blank, the excerpt is empty.
    """
    if not 1 <= line <= len(text_lines):
        return ""
    text = text_lines[line - 1]
    if not text.strip():
        return ""
    before = max(0, min(column - 1, len(text)))
    part, before = _clip(text, before)
    visible = "".join(c if c.isprintable() or c == "\t" else _UNPRINTABLE for c in part)
    caret = "".join(_blank_as_wide_as(character) for character in visible[:before])
    return f"{_INDENT}{visible}\n{_INDENT}{caret}^"


def split_lines(text: str) -> list[str]:
    """The lines of a text as YAML 1.2 and editors count them: LF, CR LF and CR end a line.

    `str.splitlines` would also split at form feeds, U+2028 and others.
    """
    return _LINE_BREAK.split(text)


def shown(text: str) -> str:
    """The text in quotes for a message, clipped when it is long."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + _CLIPPED)


def _clip(text: str, before: int) -> tuple[str, int]:
    """The part of the text around the caret, and how many of its characters precede the caret."""
    if len(text) <= EXCERPT_WIDTH:
        return text, before
    room = EXCERPT_WIDTH - 2 * len(_CLIPPED)
    start = max(0, min(before - room // 2, len(text) - room))
    head = _CLIPPED if start else ""
    tail = _CLIPPED if start + room < len(text) else ""
    return f"{head}{text[start : start + room]}{tail}", before - start + len(head)


def _blank_as_wide_as(character: str) -> str:
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
