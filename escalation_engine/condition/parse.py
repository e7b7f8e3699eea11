"""Reads tokens by precedence: `or` < `and` < `not` < comparison < `+ -`.

Knows no names: what a word means is found out afterwards. Nesting is bounded, so is recursion.
"""

from __future__ import annotations

from math import isinf

from escalation_engine.condition.fault import FaultKind, Unreadable
from escalation_engine.condition.syntax import (
    Asked,
    Compared,
    Joined,
    Listed,
    Literal,
    Name,
    Negated,
    Operator,
    Parameter,
    Prefix,
    Prefixed,
    Summed,
    Written,
)
from escalation_engine.condition.tokens import RESERVED, Token, TokenKind, tokenize

__all__ = ["DEPTH_LIMIT", "LENGTH_LIMIT", "parse"]

LENGTH_LIMIT = 2_000
DEPTH_LIMIT = 50

_DIGITS_LIMIT = 400
_COMPARISONS = {operator.value: operator for operator in Operator}
_PREFIXES = {prefix.value: prefix for prefix in Prefix}


def parse(text: str) -> Written:
    """Return the condition as written. Raises `Unreadable` at the first fault of syntax."""
    if len(text) > LENGTH_LIMIT:
        message = f"the condition has {len(text)} characters; at most {LENGTH_LIMIT} are accepted"
        raise Unreadable(FaultKind.LIMIT, message, LENGTH_LIMIT, "let a guard answer it")
    tokens = tokenize(text)
    if len(tokens) == 1:
        message = "the condition is empty"
        raise Unreadable(FaultKind.SYNTAX, message, 0, "write `true` for one that always holds")
    return _Parser(tokens).condition()


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def condition(self) -> Written:
        written = self._any()
        token = self._next
        if token.kind is not TokenKind.END:
            raise _unexpected(token, "the condition could end here", _hint_after_a_whole(token))
        return written

    def _any(self) -> Written:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return _joined(parts, is_all=False)

    def _all(self) -> Written:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return _joined(parts, is_all=True)

    def _not(self) -> Written:
        token = self._next
        if not self._take("not"):
            return self._comparison()
        self._deeper(token)
        part = self._not()
        self._depth -= 1
        return Negated(part, token.offset)

    def _comparison(self) -> Written:
        left = self._sum()
        token = self._next
        compared = self._compared(left, token)
        if compared is left:
            return left
        if self._next_compares():
            hint = "write `a < b and b < c`"
            raise _unexpected(self._next, "a comparison has two sides", hint)
        return compared

    def _compared(self, left: Written, token: Token) -> Written:
        if token.kind is TokenKind.SYMBOL and token.text in _COMPARISONS:
            self._advance()
            if self._next.text == "[" and self._next.kind is TokenKind.SYMBOL:
                raise _unexpected(self._next, "one value is compared", "write `in [..]`")
            return Compared(left, _COMPARISONS[token.text], self._sum(), token.offset)
        if self._take("is"):
            return self._is(left, token)
        if self._take("in"):
            return Listed(left, self._list(), token.offset)
        if self._take("not"):
            if not self._take("in"):
                raise _unexpected(self._next, "`in [..]` follows `not` here", "")
            return Negated(Listed(left, self._list(), token.offset), token.offset)
        return left

    def _is(self, left: Written, token: Token) -> Written:
        is_negated = self._take("not")
        if self._next.text == "in" and self._next.kind is TokenKind.NAME:
            hint = "write `not in [..]`" if is_negated else "write `in [..]`"
            raise _unexpected(self._next, "a value follows `is`", hint)
        for word in ("set", "unset"):
            if self._take(word):
                asked = Asked(left, token.offset)
                return asked if (word == "set") != is_negated else Negated(asked, token.offset)
        operator = Operator.DIFFERENT if is_negated else Operator.EQUAL
        return Compared(left, operator, self._sum(), token.offset)

    def _list(self) -> tuple[Written, ...]:
        self._expect("[", "a list in `[` and `]` follows `in`")
        items = [self._term()]
        while self._take_symbol(","):
            items.append(self._term())
        self._expect("]", "a list goes on with `,` or ends with `]`")
        return tuple(items)

    def _sum(self) -> Written:
        offset = self._next.offset
        terms = [(True, self._term())]
        while self._next.kind is TokenKind.SYMBOL and self._next.text in ("+", "-"):
            is_added = self._advance().text == "+"
            terms.append((is_added, self._term()))
        return terms[0][1] if len(terms) == 1 else Summed(tuple(terms), offset)

    def _term(self) -> Written:
        token = self._advance()
        match token.kind:
            case TokenKind.NAME:
                return self._word(token)
            case TokenKind.NUMBER:
                return Literal(_number(token), token.offset)
            case TokenKind.STRING:
                return Literal(token.text, token.offset)
            case TokenKind.PARAMETER:
                return Parameter(token.text, token.offset)
            case TokenKind.SYMBOL if token.text == "-" and self._next.kind is TokenKind.NUMBER:
                return Literal(-_number(self._advance()), token.offset)
            case TokenKind.SYMBOL if token.text == "(":
                return self._group(token)
            case _:
                hint = "write `0 - x`" if token.text == "-" else ""
                raise _unexpected(token, "a name or a value stands here", hint)

    def _word(self, token: Token) -> Written:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.offset)
        prefix = _PREFIXES.get(token.text)
        name = self._next
        is_name = name.kind is TokenKind.STRING or (
            name.kind is TokenKind.NAME and name.text not in RESERVED
        )
        if prefix and is_name:
            self._advance()
            return Prefixed(prefix, name.text, name.offset, self._word_after(prefix))
        if prefix is Prefix.IN:
            hint = "write `in a or in b`" if name.text == "[" else ""
            raise _unexpected(name, "the name of a state follows `in`", hint)
        if token.text in ("and", "or", "not", "is"):
            hint = f"a value of that name is quoted: '{token.text}'"
            raise _unexpected(token, "a name or a value stands here", hint)
        return Name(token.text, token.offset)

    def _word_after(self, prefix: Prefix) -> str:
        found = next((word for word in prefix.words_after if self._take(word)), "")
        if prefix.words_after and not found:
            words = " or ".join(f"`{word}`" for word in prefix.words_after)
            accepted = f"{words} follows the name of a {prefix.value}"
            raise _unexpected(self._next, accepted, "")
        return found

    def _group(self, opening: Token) -> Written:
        self._deeper(opening)
        written = self._any()
        self._expect(")", "what `(` opened ends with `)`")
        self._depth -= 1
        if isinstance(written, Name):
            return Name(written.text, written.offset, is_grouped=True)
        return written

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            message = f"the condition is nested deeper than the {DEPTH_LIMIT} that are accepted"
            raise Unreadable(FaultKind.LIMIT, message, token.offset, "let a guard answer it")

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _next_compares(self) -> bool:
        token = self._next
        if token.kind is TokenKind.SYMBOL:
            return token.text in _COMPARISONS
        return token.kind is TokenKind.NAME and token.text in ("is", "in", "not")

    def _advance(self) -> Token:
        token = self._next
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def _take(self, word: str) -> bool:
        is_there = self._next.kind is TokenKind.NAME and self._next.text == word
        self._position += is_there
        return is_there

    def _take_symbol(self, symbol: str) -> bool:
        is_there = self._next.kind is TokenKind.SYMBOL and self._next.text == symbol
        self._position += is_there
        return is_there

    def _expect(self, symbol: str, accepted: str) -> None:
        if not self._take_symbol(symbol):
            is_round = symbol == "[" and self._next.text == "("
            hint = "a list is written in `[` and `]`" if is_round else ""
            raise _unexpected(self._next, accepted, hint)


def _joined(parts: list[Written], *, is_all: bool) -> Written:
    return parts[0] if len(parts) == 1 else Joined(is_all, tuple(parts), parts[0].offset)


def _number(token: Token) -> int | float:
    if len(token.text) > _DIGITS_LIMIT or isinf(float(token.text)):
        message = f"a number of {len(token.text)} digits is larger than what is accepted"
        raise Unreadable(FaultKind.LIMIT, message, token.offset)
    return float(token.text) if "." in token.text else int(token.text)


def _unexpected(token: Token, accepted: str, hint: str) -> Unreadable:
    message = f"{token} is not expected: {accepted}"
    return Unreadable(FaultKind.SYNTAX, message, token.offset, hint)


def _hint_after_a_whole(token: Token) -> str:
    is_name = token.kind is TokenKind.NAME
    if is_name and token.text.lower() in ("and", "or", "not", "is", "in"):
        return f"write `{token.text.lower()}`"
    if token.kind is TokenKind.SYMBOL and token.text == "(":
        return "nothing is called in a condition; what needs code is a guard"
    if is_name or token.kind in (TokenKind.NUMBER, TokenKind.STRING):
        return "two conditions are joined by `and` or `or`, a text of several words is quoted"
    return ""
