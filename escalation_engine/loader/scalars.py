"""Resolve plain scalars by the YAML 1.2 core schema, narrowed to what a process needs.

Narrower than the core schema on purpose, so that a word is never a value by surprise:

- the only booleans are `true` and `false`, the only nulls `null`, `~` and nothing at all;
- `.inf` and `.nan` stay text, since no quantity of a process is infinite or undefined, and so does
  a float too large for one (`1e999`);
- an integer beyond 64 bits stays text, since neither JSON readers nor databases can hold it.

What stays text and should have been a number is refused later, by the type of its field.
"""

from __future__ import annotations

import math
import re
from typing import Final, TypeAlias

__all__ = ["Scalar", "resolve"]

Scalar: TypeAlias = bool | int | float | str | None

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}
_MAY_BE_A_NUMBER: Final = frozenset("+-.0123456789")
# YAML 1.2.2, 10.3.2: octal and hexadecimal have no sign; a decimal may begin with zeros.
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
)
_BASES: Final = {"0o": 8, "0x": 16}
_LONGEST_INTEGER: Final = 24  # "0o" and the 22 digits of 64 bits
_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**63 - 1


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar. A quoted scalar is always its text: do not ask."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAY_BE_A_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _integer(text: str) -> int | str:
    """The number, or the text when it does not fit into 64 bits (checked before converting)."""
    if len(text) > _LONGEST_INTEGER:
        return text
    base = _BASES.get(text[:2])
    number = int(text) if base is None else int(text[2:], base)
    return number if _SMALLEST <= number <= _LARGEST else text
