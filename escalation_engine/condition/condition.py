"""A condition: read once from text, asked often. Reading reports all faults, asking never fails."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from escalation_engine.condition.evaluate import Holds, prepare
from escalation_engine.condition.facts import Facts
from escalation_engine.condition.fault import ConditionFault, Faults, Unreadable
from escalation_engine.condition.parse import parse
from escalation_engine.condition.reading import fields_of, reading_of
from escalation_engine.condition.resolve import resolve
from escalation_engine.condition.tree import All, Any, Not, Tree, Truth, all_of, any_of, not_
from escalation_engine.condition.vocabulary import Scalar, Vocabulary
from escalation_engine.condition.write import write

__all__ = ["Condition", "condition_of", "read_condition"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A well-formed condition. Two with the same canonical text are equal.

    The sets tell what the answer can depend on. `constants` gives, per field and count (and
    `channel`), what it is compared with; fields that are compared with each other are `related`
    instead. `holds` answers True, False or None: unknown.
    """

    text: str
    tree: Tree = field(compare=False, repr=False)
    holds: Holds = field(compare=False, repr=False)
    fields: frozenset[str] = field(compare=False, repr=False)
    counts: frozenset[str] = field(compare=False, repr=False)
    states: frozenset[str] = field(compare=False, repr=False)
    people: frozenset[str] = field(compare=False, repr=False)
    calendars: frozenset[str] = field(compare=False, repr=False)
    events: frozenset[str] = field(compare=False, repr=False)
    moments: frozenset[str] = field(compare=False, repr=False)
    reads_channel: bool = field(compare=False, repr=False)
    constants: Mapping[str, frozenset[Scalar]] = field(compare=False, repr=False)
    related: frozenset[frozenset[str]] = field(compare=False, repr=False)

    def holds_with_pending(self, facts: Facts, pending: Collection[str]) -> bool | None:
        """Return the answer, with every part that reads a `pending` field unknown.

        None means that the answer depends on what is still to come, or is unknown anyway.
        """
        if self.fields.isdisjoint(pending):
            return self.holds(facts)
        return prepare(_forget(self.tree, frozenset(pending)))(facts)

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[object, ...]:
        # Closures cannot be copied or pickled; they are made again from the tree.
        return condition_of, (self.tree,)


def read_condition(text: str, vocabulary: Vocabulary) -> Condition | tuple[ConditionFault, ...]:
    """Return the condition, or all its faults in the order of the text; never raises.

    A fault of syntax comes alone. At most 2,000 characters and 50 levels of nesting are read.
    """
    faults = Faults()
    try:
        tree = resolve(parse(text), vocabulary, faults)
    except Unreadable as unreadable:
        return (unreadable.fault,)
    return faults.found or condition_of(tree)


def condition_of(tree: Tree) -> Condition:
    """Return the condition that a resolved tree says."""
    reading = reading_of(tree)
    return Condition(
        text=write(tree),
        tree=tree,
        holds=prepare(tree),
        fields=frozenset(reading.fields),
        counts=frozenset(reading.counts),
        states=frozenset(reading.states),
        people=frozenset(reading.people),
        calendars=frozenset(reading.calendars),
        events=frozenset(reading.events),
        moments=frozenset(reading.moments),
        reads_channel=reading.reads_channel,
        constants=MappingProxyType(reading.constants),
        related=frozenset(reading.related),
    )


def _forget(tree: Tree, pending: frozenset[str]) -> Tree:
    match tree:
        case All(parts):
            return all_of(_forget(part, pending) for part in parts)
        case Any(parts):
            return any_of(_forget(part, pending) for part in parts)
        case Not(part):
            return not_(_forget(part, pending))
        case _:
            return tree if fields_of(tree).isdisjoint(pending) else Truth(None)
