"""Find a character of a text inside its scalar in the file, whatever way the scalar is written.

Quotes, escapes, folded lines and block indentation move characters about, yet they keep the order
of those that are not blank: the place is found by counting these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from escalation_engine.errors import Mark

__all__ = ["place_inside"]

_BLANK: Final = " \t\r\n"
_PROPERTY: Final = re.compile(r"[&!]\S*[ \t]*")
_BLOCK: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
_ESCAPE: Final = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|$")
_BLANK_ESCAPES: Final = ("", " ", "\t", "n", "t", "r")


def place_inside(lines: Sequence[str], mark: Mark, value: str, offset: int) -> Mark:
    """The place of the character at `offset` of `value`, whose scalar begins at `mark`.

    A blank gives the next character that is not; the end of the text, the place behind its last.
    Where the scalar cannot be followed, as behind an alias, it is `mark`.
    """
    wanted = sum(character not in _BLANK for character in value[:offset])
    is_end = not value[offset:].strip(_BLANK)
    for number, (line, start, end) in enumerate(_characters(lines, mark)):
        if number == wanted and not is_end:
            return mark._replace(line=line + 1, column=start + 1)
        if number + 1 == wanted and is_end:
            return mark._replace(line=line + 1, column=end + 1)
    return mark


def _characters(lines: Sequence[str], mark: Mark) -> Iterator[tuple[int, int, int]]:
    """Line, start and end of every character of a scalar that is not blank, counted from 0."""
    line, column = mark.line - 1, mark.column - 1
    while found := _PROPERTY.match(lines[line], column):
        column = found.end()
        if column == len(lines[line]):
            line, column = line + 1, len(lines[line + 1]) - len(lines[line + 1].lstrip())
    opening = lines[line][column : column + 1]
    if opening == "*":
        return
    if opening in ("'", '"'):
        column += 1
    elif _BLOCK.match(lines[line], column):
        line, column = line + 1, 0
    while line < len(lines):
        text = lines[line]
        while column < len(text):
            end, is_blank = _one(text, column, opening)
            if end == column:
                return
            if not is_blank:
                yield line, column, end
            column = end
        line, column = line + 1, 0


def _one(text: str, start: int, opening: str) -> tuple[int, bool]:
    """Where the character that begins at `start` ends, and whether it is blank.

    The closing quote ends where it begins.
    """
    character = text[start]
    if opening == "'" == character:
        return (start + 2, False) if text.startswith("''", start) else (start, False)
    if opening == '"' == character:
        return start, False
    if opening == '"' and character == "\\":
        escape = _ESCAPE.match(text, start + 1)
        assert escape is not None  # it matches even nothing
        return escape.end(), _is_blank_escape(escape.group())
    return start + 1, character in _BLANK


def _is_blank_escape(escape: str) -> bool:
    """`escape` is what follows the backslash; nothing, where a line is continued."""
    if escape[:1] in ("x", "u", "U"):
        return chr(int(escape[1:], 16)) in _BLANK
    return escape in _BLANK_ESCAPES
