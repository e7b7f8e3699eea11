"""Cuts the text of a condition into tokens.

Knows words, numbers and symbols, not what they mean; foreign symbols get a hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from escalation_engine.condition.fault import FaultKind, Unreadable

__all__ = ["RESERVED", "Token", "TokenKind", "is_plain_word", "tokenize"]

RESERVED = frozenset({"and", "or", "not", "in", "is", "set", "unset", "true", "false"})


class TokenKind(Enum):
    """The kinds of token."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    PARAMETER = "parameter"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. `text` is what it says: a string without its quotes, `$` left off."""

    kind: TokenKind
    text: str
    offset: int

    def __str__(self) -> str:
        match self.kind:
            case TokenKind.END:
                return "the end of the condition"
            case TokenKind.PARAMETER:
                return f"`${self.text}`"
            case TokenKind.STRING:
                return f"the text '{self.text}'"
            case _:
                return f"`{self.text}`"


_WORD = r"[^\W\d]\w*(?:\.\w+)*"
_IS_WORD = re.compile(_WORD)
_PATTERN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<name>{_WORD})
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | \$(?P<parameter>{_WORD})
    | '(?P<single>(?:[^']|'')*)'
    | "(?P<double>(?:[^"]|"")*)"
    | (?P<foreign>===|!==|<>|=>|=<|&&|\|\||\*\*)
    | (?P<symbol>==|!=|<=|>=|[<>+\-()\[\],])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_HINTS = {
    "=": "write `==`",
    "===": "write `==`",
    "!==": "write `!=`",
    "<>": "write `!=`",
    "≠": "write `!=`",
    "=>": "write `>=`",
    "≥": "write `>=`",
    "=<": "write `<=`",
    "≤": "write `<=`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    "*": "numbers can only be added and subtracted; anything richer is a guard",
    "**": "numbers can only be added and subtracted; anything richer is a guard",
    "/": "numbers can only be added and subtracted; anything richer is a guard",
    "%": "numbers can only be added and subtracted; anything richer is a guard",
    "$": "the name of a parameter follows `$` at once",
    "{": "a list is written in `[` and `]`",
    "}": "a list is written in `[` and `]`",
    "'": "the text that begins here has no closing quote; a quote within a text is doubled",
    '"': "the text that begins here has no closing quote; a quote within a text is doubled",
    "‘": "write straight quotes",
    "’": "write straight quotes",
    "“": "write straight quotes",
    "”": "write straight quotes",
    "–": "write `-`",
    "−": "write `-`",
}


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of the text, an END last. Raises `Unreadable` at a foreign symbol."""
    tokens = []
    for match in _PATTERN.finditer(text):
        token = _token(match)
        if token is not None:
            tokens.append(token)
    tokens.append(Token(TokenKind.END, "", len(text)))
    return tuple(tokens)


def is_plain_word(text: str) -> bool:
    """Return whether the text reads as one name without quotes."""
    return _IS_WORD.fullmatch(text) is not None and text not in RESERVED


def _token(match: re.Match[str]) -> Token | None:
    offset = match.start()
    text = match[0]
    match match.lastgroup:
        case "space":
            return None
        case "name":
            return Token(TokenKind.NAME, text, offset)
        case "number":
            _must_end_here(match)
            return Token(TokenKind.NUMBER, text, offset)
        case "parameter":
            return Token(TokenKind.PARAMETER, text[1:], offset)
        case "single":
            return Token(TokenKind.STRING, text[1:-1].replace("''", "'"), offset)
        case "double":
            return Token(TokenKind.STRING, text[1:-1].replace('""', '"'), offset)
        case "symbol":
            return Token(TokenKind.SYMBOL, text, offset)
        case _:
            message = f"`{text}` is no part of a condition"
            raise Unreadable(FaultKind.SYNTAX, message, offset, _HINTS.get(text, ""))


def _must_end_here(match: re.Match[str]) -> None:
    after = match.string[match.end() : match.end() + 1]
    if after in {".", "_"} or after.isalnum():
        raise Unreadable(
            FaultKind.SYNTAX,
            f"`{match[0]}{after}` is no number; accepted are numbers like `3` and `2.5`",
            match.start(),
            "a time limit is no condition: it belongs to a timer or a clock",
        )
