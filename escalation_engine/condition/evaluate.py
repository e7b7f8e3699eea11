"""Turns a resolved condition into nested closures that answer True, False or None: unknown.

Kleene logic: an unset field makes its comparison unknown. Nothing executes but these closures.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from typing import Any as Anything
from typing import assert_never

from escalation_engine.condition.facts import Facts
from escalation_engine.condition.syntax import Operator
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

__all__ = ["COMPARE", "Holds", "prepare"]

Holds = Callable[[Facts], bool | None]
_Read = Callable[[Facts], Anything]

COMPARE: dict[Operator, Callable[[Anything, Anything], bool]] = {
    Operator.EQUAL: python.eq,
    Operator.DIFFERENT: python.ne,
    Operator.LESS: python.lt,
    Operator.AT_MOST: python.le,
    Operator.MORE: python.gt,
    Operator.AT_LEAST: python.ge,
}


def prepare(tree: Tree) -> Holds:
    """Return the function that answers the condition for the facts it is given."""
    match tree:
        case Truth(value):
            return lambda _: value
        case Flag(name):
            return lambda facts: facts.data.get(name)  # type: ignore[return-value]  # a boolean field holds no other value
        case Compare():
            return _compare(tree)
        case Among(subject, constants):
            return _among(_reader(subject), tuple(item.value for item in constants))
        case IsSet(subject):
            read = _reader(subject)
            return lambda facts: read(facts) is not None
        case InState(state):
            return lambda facts: facts.is_in(state)
        case Event(name):
            return lambda facts: facts.is_event(name)
        case Happens():
            moment = tree.moment
            return lambda facts: facts.happens(moment)
        case During(calendar):
            return lambda facts: facts.is_during(calendar)
        case Sender(names):
            return lambda facts: any(facts.sender_is(name) for name in names)
        case Not(part):
            return _negation(prepare(part))
        case All(parts):
            return _all(tuple(prepare(part) for part in parts))
        case Any(parts):
            return _any(tuple(prepare(part) for part in parts))
        case _:
            assert_never(tree)


def _negation(part: Holds) -> Holds:
    def holds(facts: Facts) -> bool | None:
        answer = part(facts)
        return None if answer is None else not answer

    return holds


def _all(parts: tuple[Holds, ...]) -> Holds:
    def holds(facts: Facts) -> bool | None:
        result: bool | None = True
        for part in parts:
            answer = part(facts)
            if answer is None:
                result = None
            elif not answer:
                return False
        return result

    return holds


def _any(parts: tuple[Holds, ...]) -> Holds:
    def holds(facts: Facts) -> bool | None:
        result: bool | None = False
        for part in parts:
            answer = part(facts)
            if answer is None:
                result = None
            elif answer:
                return True
        return result

    return holds


def _compare(tree: Compare) -> Holds:
    match tree:
        case Compare(Field(name), Operator.EQUAL, Constant(value)):
            return lambda facts: None if (found := facts.data.get(name)) is None else found == value
        case Compare(Field(name), Operator.DIFFERENT, Constant(value)):
            return lambda facts: None if (found := facts.data.get(name)) is None else found != value
        case Compare(Count(name), operator, Constant(value)):
            compare = COMPARE[operator]
            return lambda facts: compare(facts.counts.get(name, 0), value)
        case _:
            return _compare_any(_reader(tree.left), COMPARE[tree.operator], _reader(tree.right))


def _compare_any(left: _Read, compare: Callable[[Anything, Anything], bool], right: _Read) -> Holds:
    def holds(facts: Facts) -> bool | None:
        found, other = left(facts), right(facts)
        return None if found is None or other is None else compare(found, other)

    return holds


def _among(read: _Read, values: tuple[object, ...]) -> Holds:
    def holds(facts: Facts) -> bool | None:
        found = read(facts)
        return None if found is None else found in values

    return holds


def _reader(operand: Operand) -> _Read:
    match operand:
        case Field(name):
            return lambda facts: facts.data.get(name)
        case Count(name):
            return lambda facts: facts.counts.get(name, 0)
        case Channel():
            return lambda facts: facts.channel
        case Constant(value):
            return lambda _: value
        case Sum(terms, constant):
            return _sum(tuple((added, _reader(term)) for added, term in terms), constant)
        case _:
            assert_never(operand)


def _sum(terms: tuple[tuple[bool, _Read], ...], constant: int | float) -> _Read:
    def read(facts: Facts) -> int | float | None:
        total = constant
        for is_added, term in terms:
            found = term(facts)
            if found is None:
                return None
            try:
                total = total + found if is_added else total - found
            except OverflowError:  # an integer too large to meet a decimal: not known
                return None
        return total

    return read
