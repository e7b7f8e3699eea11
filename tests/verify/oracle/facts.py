"""What a configuration of the oracle is, and which conditions hold in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.verify.oracle.tree import Process
from tests.verify.oracle.written import Condition

__all__ = ["Configuration", "can_hold", "holds"]

Pairs = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Configuration:
    """Everything that decides what can happen next."""

    leaves: tuple[str, ...]
    """The path of the leaf of each track."""
    data: Pairs = ()
    counts: Pairs = ()
    memory: Pairs = ()
    timers: Pairs = ()
    """The armed timers, each with what remains of its time, in steps of the grid."""
    complete: frozenset[str] = frozenset()
    """The checklists that are complete."""

    def later(self, steps: int) -> Configuration:
        """Return it with so much of the time gone."""
        return replace(self, timers=tuple((name, left - steps) for name, left in self.timers))

    def without_timer(self, name: str) -> Configuration:
        """Return it with a timer used up."""
        return replace(self, timers=tuple(pair for pair in self.timers if pair[0] != name))


def holds(
    tree: tuple[Any, ...], process: Process, leaves: list[str], facts: dict[str, Any]
) -> bool | None:
    """Return whether a condition is true, false or, with something unset, unknown (Kleene)."""
    match tree:
        case ("and", left, right):
            both = [holds(side, process, leaves, facts) for side in (left, right)]
            return False if False in both else None if None in both else True
        case ("or", left, right):
            both = [holds(side, process, leaves, facts) for side in (left, right)]
            return True if True in both else None if None in both else False
        case ("not", inner):
            value = holds(inner, process, leaves, facts)
            return None if value is None else not value
        case ("set", name):
            return facts.get(name) is not None
        case ("unset", name):
            return facts.get(name) is None
        case ("flag", name):
            return facts.get(name)
        case ("in", state):
            return any(_is_in(leaf, state) for leaf in leaves)
        case (sign, name, value):
            return _compare(sign, facts.get(name), value)
    raise ValueError(tree)


def can_hold(condition: Condition | None, leaves: tuple[str, ...]) -> bool:
    """Tell whether some facts make a condition true in these states."""
    return condition is None or True in _possible(condition.tree, leaves)


def _possible(tree: tuple[Any, ...], leaves: tuple[str, ...]) -> set[bool]:
    match tree:
        case ("in", state):
            return {any(_is_in(leaf, state) for leaf in leaves)}
        case ("not", inner):
            return {not value for value in _possible(inner, leaves)}
        case ("and", left, right):
            both = [_possible(side, leaves) for side in (left, right)]
            return {one and other for one in both[0] for other in both[1]}
        case ("or", left, right):
            both = [_possible(side, leaves) for side in (left, right)]
            return {one or other for one in both[0] for other in both[1]}
    return {True, False}


def _is_in(leaf: str, state: str) -> bool:
    track = leaf.partition(".")[0]
    return any((leaf + ".").startswith(name + ".") for name in (state, f"{track}.{state}"))


def _compare(sign: str, left: Any, right: Any) -> bool | None:
    if left is None:
        return None
    if sign == "==":
        return bool(left == right)
    if sign == "!=":
        return bool(left != right)
    return bool(left < right if sign == "<" else left >= right)
