"""Writes a resolved condition as its canonical text, with canonical names and few parentheses."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from escalation_engine.condition.tokens import is_plain_word
from escalation_engine.condition.tree import (
    All,
    Among,
    Any,
    Channel,
    Compare,
    Constant,
    Count,
    During,
    Event,
    Field,
    Flag,
    Happens,
    InState,
    IsSet,
    Not,
    Operand,
    Sender,
    Sum,
    Tree,
    Truth,
)

__all__ = ["write"]


def write(tree: Tree) -> str:
    """Return the text that reads back as an equal condition where names are canonical."""
    match tree:
        case Truth(value):
            return {True: "true", False: "false", None: "unknown"}[value]
        case Flag(name):
            return name
        case Compare(left, operator, right):
            return f"{_operand(left)} {operator.value} {_right_side(right)}"
        case Among(subject, constants):
            return f"{_operand(subject)} in {_list(_constant(item) for item in constants)}"
        case IsSet(subject):
            return f"{_operand(subject)} is set"
        case InState(state):
            return f"in {_name(state)}"
        case Event(name):
            return f"event {_name(name)}"
        case Happens(kind, name, word_after):
            return f"{kind} {_name(name)} {word_after}".rstrip()
        case During(calendar):
            return f"during {_name(calendar)}"
        case Sender(names):
            return _sender(names, is_negated=False)
        case Not(part):
            return _negated(part)
        case All(parts):
            return " and ".join(_grouped(part, Any) for part in parts)
        case Any(parts):
            return " or ".join(write(part) for part in parts)
        case _:
            assert_never(tree)


def _negated(part: Tree) -> str:
    match part:
        case Among(subject, constants):
            return f"{_operand(subject)} not in {_list(_constant(item) for item in constants)}"
        case IsSet(subject):
            return f"{_operand(subject)} is unset"
        case During(calendar):
            return f"outside {_name(calendar)}"
        case Sender(names):
            return _sender(names, is_negated=True)
        case _:
            return f"not {_grouped(part, All, Any)}"


def _grouped(part: Tree, *looser: type[All] | type[Any]) -> str:
    return f"({write(part)})" if isinstance(part, looser) else write(part)


def _sender(names: tuple[str, ...], *, is_negated: bool) -> str:
    if len(names) == 1:
        return f"sender {'is not' if is_negated else 'is'} {_name(names[0])}"
    return f"sender {'not in' if is_negated else 'in'} {_list(_name(name) for name in names)}"


def _right_side(operand: Operand) -> str:
    # Bare, the name would be read as a value of the field on the left.
    is_ambiguous = isinstance(operand, Field) and operand.is_also_value
    return f"({_operand(operand)})" if is_ambiguous else _operand(operand)


def _operand(operand: Operand) -> str:
    match operand:
        case Field(name) | Count(name):
            return name
        case Channel():
            return "channel"
        case Constant():
            return _constant(operand)
        case Sum():
            return _sum(operand)
        case _:
            assert_never(operand)


def _sum(total: Sum) -> str:
    signed = [(is_added, _operand(term)) for is_added, term in total.terms]
    if not signed[0][0]:
        return _number(total.constant) + _signed(signed)
    text = signed[0][1] + _signed(signed[1:])
    if total.constant:
        text += _signed([(total.constant > 0, _number(abs(total.constant)))])
    return text


def _signed(terms: list[tuple[bool, str]]) -> str:
    return "".join(f" {'+' if is_added else '-'} {text}" for is_added, text in terms)


def _constant(constant: Constant) -> str:
    value = constant.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _name(value) if constant.is_word else _quoted(value)
    return _number(value)


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    # Never an exponent, which the grammar does not know.
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"


def _name(text: str) -> str:
    return text if is_plain_word(text) else _quoted(text)


def _quoted(text: str) -> str:
    if "'" in text and '"' not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"
