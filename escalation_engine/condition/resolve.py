"""Looks up the names of a written condition and checks its types: all faults together.

Constant parts are folded, so that what is left reads exactly what the answer can depend on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from escalation_engine.condition.comparison import UNKNOWN, comparison, membership
from escalation_engine.condition.fault import FaultKind, Faults, listed
from escalation_engine.condition.operand import Operands
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
from escalation_engine.condition.tree import (
    Channel,
    Constant,
    Count,
    During,
    Event,
    Field,
    Flag,
    Happens,
    InState,
    IsSet,
    Sender,
    Tree,
    Truth,
    all_of,
    any_of,
    not_,
)
from escalation_engine.condition.typed import Typed, must_be_number
from escalation_engine.condition.vocabulary import Domain, Kind, Vocabulary

__all__ = ["resolve"]


def resolve(written: Written, vocabulary: Vocabulary, faults: Faults) -> Tree:
    """Return the condition with canonical names; worthless when `faults` has got any."""
    return _Resolver(vocabulary, faults).condition(written)


class _Resolver:
    def __init__(self, vocabulary: Vocabulary, faults: Faults) -> None:
        self._vocabulary = vocabulary
        self._faults = faults
        self._operands = Operands(vocabulary, faults)

    def condition(self, written: Written) -> Tree:
        match written:
            case Name():
                return self._bare(written)
            case Literal() | Parameter() | Summed():
                return self._alone(self._operands.left(written), written.offset)
            case Compared():
                return self._compared(written)
            case Listed():
                return self._listed(written)
            case Asked():
                return self._asked(written)
            case Prefixed():
                return self._prefixed(written)
            case Negated(part):
                return not_(self.condition(part))
            case Joined(is_all, parts):
                trees = [self.condition(part) for part in parts]
                return all_of(trees) if is_all else any_of(trees)
            case _:
                assert_never(written)

    def _bare(self, name: Name) -> Tree:
        if name.text == "unknown" and not self._is_named(name.text):
            return UNKNOWN
        state = self._vocabulary.find_state(name.text) if self._vocabulary.bare_states else None
        if state is None:
            return self._alone(self._operands.left(name), name.offset)
        if name.text in self._vocabulary.fields:
            message = f"`{name.text}` has two meanings here: a state and a data field"
            hint = f"write `in {name.text}` for the state"
            self._faults.add(FaultKind.UNKNOWN_NAME, message, name.offset, hint)
        return InState(state)

    def _is_named(self, text: str) -> bool:
        return text in self._vocabulary.fields or text in self._vocabulary.counts

    def _alone(self, operand: Typed, offset: int) -> Tree:
        match operand.node, operand.domain:
            case _, None:
                return UNKNOWN
            case Constant(bool() as value), _:
                return Truth(value)
            case Field(name), Domain(Kind.BOOLEAN):
                return Flag(name)
            case _, domain:
                message = f"`{domain.name}` is {domain.kind.value}, not a condition by itself"
                self._faults.add(FaultKind.TYPE, message, offset, _way_to_ask(domain))
                return UNKNOWN

    def _compared(self, written: Compared) -> Tree:
        first, operator, second = written.left, written.operator, written.right
        if _is_sender(first) and operator.is_equality:
            asked = self._sender((second,))
            return asked if operator is Operator.EQUAL else not_(asked)
        if self._operands.must_swap(first, second):
            first, operator, second = second, operator.mirrored, first
        left = self._operands.left(first)
        if not operator.is_equality:
            left = must_be_number(left, first.offset, self._faults)
        right = self._operands.right(second, left)
        return comparison(left, operator, right)

    def _listed(self, written: Listed) -> Tree:
        if _is_sender(written.subject):
            return self._sender(written.items)
        subject = self._operands.left(written.subject)
        items = []
        for item in written.items:
            typed = self._operands.right(item, subject)
            if typed.node is not None and not isinstance(typed.node, Constant):
                message = "a list holds values; a name is compared with `==`"
                self._faults.add(FaultKind.TYPE, message, item.offset)
            items.append(typed)
        return membership(subject, items)

    def _asked(self, written: Asked) -> Tree:
        subject = self._operands.left(written.subject)
        match subject.node:
            case Field() | Channel():
                return IsSet(subject.node)
            case Constant() if isinstance(written.subject, Parameter | Name):
                return Truth(True)
            case None if isinstance(written.subject, Parameter):
                return Truth(False)
            case None if subject.domain is None:
                return UNKNOWN
            case Count(name):
                message = f"`{name}` is a count, which is always set"
            case _:
                message = "only a data field, `channel` or a parameter can be set or unset"
        self._faults.add(FaultKind.TYPE, message, written.subject.offset)
        return UNKNOWN

    def _sender(self, items: Iterable[Written]) -> Tree:
        names: list[str] = []
        has_unbound = False
        people = self._vocabulary.people
        for item in items:
            name = self._person(item)
            if name is None:
                has_unbound = True
            elif name not in people:
                message = f"`{name}` is no role, slot or side; accepted: {listed(people)}"
                self._unknown(message, item.offset, name, people)
            elif people[name] not in names:
                names.append(people[name])
        asked: list[Tree] = [Sender(tuple(names))] if names else []
        return any_of([*asked, UNKNOWN] if has_unbound else asked)

    def _person(self, written: Written) -> str | None:
        match written:
            case Name(text):
                return text
            case Literal(str() as text):
                return text
            case Parameter():
                bound = self._operands.parameter(written)
                if bound.node is None:
                    return None
                if isinstance(bound.node, Constant) and isinstance(bound.node.value, str):
                    return bound.node.value
        message = "`sender` is compared with a role, slot or side only"
        self._faults.add(FaultKind.TYPE, message, written.offset)
        return None

    def _prefixed(self, written: Prefixed) -> Tree:
        vocabulary = self._vocabulary
        match written.prefix:
            case Prefix.IN:
                return self._state(written)
            case Prefix.EVENT:
                if not vocabulary.events:
                    return self._only_in_promises(written)
                return Event(self._looked_up(written, vocabulary.events, "an event"))
            case Prefix.DURING:
                return During(self._looked_up(written, vocabulary.calendars, "a calendar"))
            case Prefix.OUTSIDE:
                return not_(During(self._looked_up(written, vocabulary.calendars, "a calendar")))
            case Prefix.OUTCOME:
                if written.name not in vocabulary.outcomes:
                    self._looked_up(
                        written, {name: name for name in vocabulary.outcomes}, "an outcome"
                    )
                    return UNKNOWN
                return any_of(InState(end) for end in vocabulary.outcomes[written.name])
            case Prefix.ENTERING | Prefix.LEAVING:
                if not vocabulary.moments:
                    return self._only_in_promises(written)
                state = self._state(written)
                if not isinstance(state, InState):
                    return UNKNOWN
                return Happens(written.prefix.value, state.state)
            case Prefix.SLOT | Prefix.CHECKLIST | Prefix.CLOCK | Prefix.DUTY as prefix:
                if not vocabulary.moments:
                    return self._only_in_promises(written)
                known = vocabulary.moments.get(prefix.value, {})
                found = self._looked_up(written, known, f"a {prefix.value}")
                return Happens(prefix.value, found, written.word_after)
            case _:
                assert_never(written.prefix)

    def _only_in_promises(self, written: Prefixed) -> Tree:
        message = f"`{written.prefix.value}` has a meaning only in promises"
        self._faults.add(FaultKind.UNKNOWN_NAME, message, written.offset)
        return UNKNOWN

    def _state(self, written: Prefixed) -> Tree:
        state = self._vocabulary.find_state(written.name)
        if state is not None:
            return InState(state)
        names = self._vocabulary.state_names
        message = f"`{written.name}` is no state that is known here; accepted: {listed(names)}"
        self._unknown(message, written.offset, written.name, names)
        return UNKNOWN

    def _looked_up(self, written: Prefixed, names: Mapping[str, str], what: str) -> str:
        if written.name in names:
            return names[written.name]
        message = f"`{written.name}` is not {what}; accepted: {listed(names)}"
        self._unknown(message, written.offset, written.name, names)
        return written.name

    def _unknown(self, message: str, offset: int, name: str, accepted: Iterable[str]) -> None:
        self._faults.add(FaultKind.UNKNOWN_NAME, message, offset, name=name, accepted=accepted)


def _is_sender(written: Written) -> bool:
    return isinstance(written, Name) and written.text == "sender"


def _way_to_ask(domain: Domain) -> str:
    if domain.kind.is_opaque:
        return f"write `{domain.name} is set`"
    if domain.values:
        return f"write `{domain.name} == {domain.values[0]}`"
    if domain.kind.is_number:
        return f"write `{domain.name} > 0`"
    return f"write `{domain.name} == '..'` or `{domain.name} is set`"
