"""What a resolved condition reads: names, the constants they meet, and names that meet each other.

Made for the verifier, which drops what nobody reads and cuts integers at these constants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

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
from escalation_engine.condition.vocabulary import Scalar

__all__ = ["Reading", "atoms_of", "fields_of", "reading_of"]

_Atom = Truth | Flag | Compare | Among | IsSet | InState | Event | Happens | During | Sender


@dataclass(slots=True)
class Reading:
    """What one condition reads, by canonical names."""

    fields: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    calendars: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    moments: set[str] = field(default_factory=set)
    reads_channel: bool = False
    constants: dict[str, frozenset[Scalar]] = field(default_factory=dict)
    related: set[frozenset[str]] = field(default_factory=set)


def reading_of(tree: Tree) -> Reading:
    """Return what the condition reads."""
    reading = Reading()
    for atom in atoms_of(tree):
        _note(atom, reading)
    return reading


def fields_of(atom: _Atom) -> frozenset[str]:
    """Return the data fields that one atom reads."""
    if isinstance(atom, Flag):
        return frozenset({atom.name})
    return frozenset(one.name for one in _operands_of(atom) if isinstance(one, Field))


def _operands_of(atom: _Atom) -> tuple[Field | Count | Channel, ...]:
    match atom:
        case Compare(left, _, right):
            return (*_references(left), *_references(right))
        case Among(subject) | IsSet(subject):
            return tuple(_references(subject))
        case _:
            return ()


def atoms_of(tree: Tree) -> Iterator[_Atom]:
    """Yield the parts that are no `and`, `or` and `not`, in the order of the text."""
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms_of(part)
        case Not(part):
            yield from atoms_of(part)
        case _:
            yield tree


def _note(atom: _Atom, reading: Reading) -> None:
    reading.fields |= fields_of(atom)
    reading.reads_channel |= Channel() in _operands_of(atom)
    match atom:
        case InState(state):
            reading.states.add(state)
        case Sender(names):
            reading.people.update(names)
        case During(calendar):
            reading.calendars.add(calendar)
        case Event(name):
            reading.events.add(name)
        case Happens():
            reading.moments.add(atom.moment)
        case Flag(name):
            _note_constants(name, (True,), reading)
        case Compare(left, _, right):
            _note_comparison(left, (right,), reading)
        case Among(subject, constants):
            _note_comparison(subject, constants, reading)
        case _:
            pass


def _note_comparison(left: Operand, rights: tuple[Operand, ...], reading: Reading) -> None:
    references = [one for side in (left, *rights) for one in _references(side)]
    reading.counts.update(one.name for one in references if isinstance(one, Count))
    if len(references) > 1:
        reading.related.add(frozenset(_key(one) for one in references))
        return
    values = [right.value for right in rights if isinstance(right, Constant)]
    for one in references:
        _note_constants(_key(one), tuple(_solved(left, value) for value in values), reading)


def _solved(left: Operand, value: Scalar) -> Scalar:
    # `rejections + 1 > 3` turns at rejections = 2, `5 - rejections > 3` also.
    if not isinstance(left, Sum) or isinstance(value, str):
        return value
    ((is_added, _),) = left.terms
    return value - left.constant if is_added else left.constant - value


def _note_constants(name: str, values: tuple[Scalar, ...], reading: Reading) -> None:
    reading.constants[name] = reading.constants.get(name, frozenset()).union(values)


def _references(operand: Operand) -> Iterator[Field | Count | Channel]:
    match operand:
        case Sum(terms):
            yield from (term for _, term in terms)
        case Constant():
            return
        case _:
            yield operand


def _key(reference: Field | Count | Channel) -> str:
    return "channel" if isinstance(reference, Channel) else reference.name
