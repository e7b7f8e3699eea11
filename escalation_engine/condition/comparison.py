"""What comparing two typed sides comes to: folded to true or false where both are fixed."""

from __future__ import annotations

from escalation_engine.condition.evaluate import COMPARE
from escalation_engine.condition.syntax import Operator
from escalation_engine.condition.tree import (
    Among,
    Compare,
    Constant,
    Field,
    IsSet,
    Operand,
    Tree,
    Truth,
    all_of,
    any_of,
    not_,
)
from escalation_engine.condition.typed import Typed, is_value_of
from escalation_engine.condition.vocabulary import Domain, Scalar

__all__ = ["UNKNOWN", "comparison", "membership"]

UNKNOWN = Truth(None)


def comparison(left: Typed, operator: Operator, right: Typed) -> Tree:
    match left.node, right.node:
        case (None, _) | (_, None):
            return UNKNOWN
        case Constant(value), Constant(other):
            return Truth(COMPARE[operator](value, other))
        case _, Constant(value) if _is_foreign(value, left.domain):
            never = _never(left.node)
            return never if operator is Operator.EQUAL else not_(never)
        case Constant(), other_side:
            return Compare(other_side, operator.mirrored, left.node)
        case _:
            return Compare(left.node, operator, right.node)


def membership(subject: Typed, items: list[Typed]) -> Tree:
    nodes = [item.node for item in items]
    constants = tuple(dict.fromkeys(node for node in nodes if isinstance(node, Constant)))
    if subject.node is None:
        return UNKNOWN
    unbound = [UNKNOWN] if None in nodes else []
    if isinstance(subject.node, Constant):
        found = any(subject.node.value == constant.value for constant in constants)
        return any_of([Truth(found), *unbound])
    known = tuple(one for one in constants if not _is_foreign(one.value, subject.domain))
    if known:
        return any_of([Among(subject.node, known), *unbound])
    return any_of([_never(subject.node), *unbound])


def _is_foreign(value: Scalar, domain: Domain | None) -> bool:
    return domain is not None and bool(domain.values) and not is_value_of(domain, value)


def _never(operand: Operand) -> Tree:
    # Only `this_level` gets here: a level that the field cannot hold. Unset stays unknown.
    assert isinstance(operand, Field)
    return all_of([not_(IsSet(operand)), UNKNOWN])
