"""Operands with their types: which of them compare, and what a sum of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from escalation_engine.condition.fault import FaultKind, Faults
from escalation_engine.condition.tree import Constant, Count, Field, Operand, Sum
from escalation_engine.condition.vocabulary import Domain, Kind, Scalar

__all__ = [
    "ANYTHING",
    "Typed",
    "add_up",
    "do_compare",
    "is_value_of",
    "is_writable",
    "must_be_number",
    "typed_constant",
]


@dataclass(frozen=True, slots=True)
class Typed:
    """An operand and its type. No node: never a value. No domain: compares with anything.

    `takes_words`: it is compared with bare words, though no set of values closes it.
    """

    node: Operand | None
    domain: Domain | None
    takes_words: bool = False


ANYTHING = Typed(None, None)

_LITERAL_KINDS = {
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
}


def typed_constant(value: Scalar, name: str) -> Typed:
    """Return a value that stands in the text, or is bound to the parameter `name`."""
    kind = _LITERAL_KINDS[type(value)]
    return Typed(Constant(value), Domain(kind, name), takes_words=kind is Kind.TEXT)


def is_writable(value: Scalar) -> bool:
    """Return whether the grammar has a text for the value: no infinity and nothing that large."""
    if isinstance(value, bool | str):
        return True
    try:
        return isfinite(float(value))
    except OverflowError:
        return False


def is_value_of(domain: Domain, value: Scalar) -> bool:
    """Return whether the value is one of the domain's; `true` is not 1."""
    return any(type(value) is type(one) and value == one for one in domain.values)


def do_compare(left: Domain, right: Domain) -> bool:
    """Return whether a value of the one can ever equal a value of the other."""
    if left.kind.is_opaque or right.kind.is_opaque:
        return False
    if left.kind.is_word and right.kind.is_word:
        is_closed = bool(left.values) and bool(right.values)
        return not is_closed or any(is_value_of(right, value) for value in left.values)
    return left.kind is right.kind or (left.kind.is_number and right.kind.is_number)


def add_up(terms: Iterable[tuple[bool, Typed, int]], faults: Faults) -> Typed:
    """Return the sum of the terms: added or subtracted, typed, at an offset.

    The constants are added together, so that a sum has one.
    """
    kept: list[tuple[bool, Field | Count]] = []
    constant: int | float = 0
    has_values = True
    for is_added, term, offset in terms:
        match must_be_number(term, offset, faults).node:
            case (Field() | Count()) as one:
                kept.append((is_added, one))
            case Sum(inner, rest):
                kept += [(added == is_added, one) for added, one in inner]
                constant = constant + rest if is_added else constant - rest
            case Constant(int() | float() as value):
                constant = constant + value if is_added else constant - value
            case _:
                has_values = False
        if not is_writable(constant):
            faults.add(FaultKind.LIMIT, "the sum is larger than any number", offset)
            return ANYTHING
    domain = Domain(Kind.NUMBER, "the sum")
    if not has_values:
        return Typed(None, domain)
    return Typed(Sum(tuple(kept), constant) if kept else Constant(constant), domain)


def must_be_number(operand: Typed, offset: int, faults: Faults) -> Typed:
    """Return the operand; a fault and an operand of any type when it is no number."""
    if operand.domain is None or operand.domain.kind.is_number:
        return operand
    domain = operand.domain
    message = f"`{domain.name}` is {domain.kind.value}; only numbers are ordered and added"
    hint = "compare it by `==`, `!=` or `in [..]`" if domain.kind.is_word else ""
    faults.add(FaultKind.TYPE, message, offset, hint)
    return ANYTHING
