"""Finds out what the two sides of a comparison mean, and that they compare.

A bare word is a value of the field it is compared with before it is a name; `(word)` is a name
first. Faults are collected; what is faulty goes on as an operand of any type and no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from escalation_engine.condition.fault import FaultKind, Faults, listed
from escalation_engine.condition.syntax import Literal, Name, Parameter, Summed, Written
from escalation_engine.condition.tree import Channel, Constant, Count, Field
from escalation_engine.condition.typed import (
    ANYTHING,
    Typed,
    add_up,
    do_compare,
    is_value_of,
    is_writable,
    typed_constant,
)
from escalation_engine.condition.vocabulary import Domain, Kind, Vocabulary

__all__ = ["Operands"]

_BUILT_IN = ("channel", "sender", "this_level", "unknown")
_BY_PLACE = {"first_level": 0, "last_level": -1}
_NOTHING = frozenset({"null", "Null", "NULL", "None", "none", "nil", "unset"})


class Operands:
    """The operands of one vocabulary; faults go to `faults`."""

    def __init__(self, vocabulary: Vocabulary, faults: Faults) -> None:
        self._vocabulary = vocabulary
        self._faults = faults

    def must_swap(self, left: Written, right: Written) -> bool:
        """Return whether the value stands on the left and what it is compared with on the right."""
        if not self._is_reference(right):
            return False
        if isinstance(left, Name) and left.text == "this_level":
            # A level's name is a value here, not a field of that name.
            return not (isinstance(right, Name) and right.text in self._vocabulary.levels)
        return not self._is_reference(left)

    def left(self, written: Written) -> Typed:
        """Return what stands alone or on the left: a name, never a bare value."""
        match written:
            case Name():
                return self._reference(written) or self._unknown(written)
            case Literal(value):
                return typed_constant(value, str(value))
            case Parameter():
                return self.parameter(written)
            case Summed(terms):
                typed = [(added, self.left(term), term.offset) for added, term in terms]
                return add_up(typed, self._faults)
            case _:
                message = "a condition stands where a value is compared"
                hint = "join conditions by `and`, `or`, `not`"
                self._faults.add(FaultKind.TYPE, message, written.offset, hint)
                return ANYTHING

    def right(self, written: Written, left: Typed) -> Typed:
        """Return what the left is compared with: of its type, or a fault is added."""
        right = self._right(written, left)
        if left.domain is None or right.domain is None:
            return right
        return self._fitting(left.domain, right, right.domain, written)

    def parameter(self, written: Parameter) -> Typed:
        """Return the value that is bound to the parameter."""
        parameters = self._vocabulary.parameters
        if written.name not in parameters:
            accepted = [f"${name}" for name in parameters]
            message = f"`${written.name}` is no parameter; accepted: {listed(accepted)}"
            self._add_unknown(message, written.offset, f"${written.name}", accepted)
            return ANYTHING
        value = parameters[written.name]
        if value is None:
            return ANYTHING
        if isinstance(value, bool | int | float | str) and is_writable(value):
            return typed_constant(value, f"${written.name}")
        message = f"`${written.name}` holds {value!r:.60}, which no condition can compare"
        hint = "accepted are numbers, texts, true and false"
        self._faults.add(FaultKind.TYPE, message, written.offset, hint)
        return ANYTHING

    def _is_reference(self, written: Written) -> bool:
        if not isinstance(written, Name):
            return isinstance(written, Summed)
        vocabulary = self._vocabulary
        return (
            written.text in _BUILT_IN[:3]
            or written.text in vocabulary.fields
            or written.text in vocabulary.counts
        )

    def _reference(self, name: Name) -> Typed | None:
        text, vocabulary = name.text, self._vocabulary
        in_fields, in_counts = text in vocabulary.fields, text in vocabulary.counts
        if (text in _BUILT_IN) + in_fields + in_counts > 1:
            message = f"`{text}` has two meanings here: {self._meanings(text)}"
            self._faults.add(FaultKind.UNKNOWN_NAME, message, name.offset, "rename one of them")
            return ANYTHING
        if in_fields:
            domain = self._closed(vocabulary.fields[text])
            # Messages name the field as its author wrote it.
            return Typed(Field(domain.name), replace(domain, name=text))
        if in_counts:
            return Typed(Count(vocabulary.counts[text]), Domain(Kind.INTEGER, text))
        if text == "channel":
            return Typed(Channel(), Domain(Kind.TEXT, "channel"), takes_words=True)
        if text == "this_level":
            return self._this_level(name)
        if text == "sender":
            message = "`sender` is compared with a role, slot or side"
            hint = "write `sender is NAME`, `sender is not NAME` or `sender in [..]`"
            self._faults.add(FaultKind.TYPE, message, name.offset, hint)
            return ANYTHING
        return None

    def _meanings(self, text: str) -> str:
        meanings = {
            "a word of the language": text in _BUILT_IN,
            "a data field": text in self._vocabulary.fields,
            "a count": text in self._vocabulary.counts,
        }
        return " and ".join(meaning for meaning, applies in meanings.items() if applies)

    def _this_level(self, name: Name) -> Typed:
        level = self._vocabulary.this_level
        if level is None:
            message = "`this_level` has a meaning only inside a ladder"
            self._faults.add(FaultKind.UNKNOWN_NAME, message, name.offset)
            return ANYTHING
        domain = Domain(Kind.LEVEL, "this_level", self._vocabulary.levels)
        return Typed(Constant(level, is_word=True), domain)

    def _closed(self, domain: Domain) -> Domain:
        if domain.values or domain.kind not in (Kind.LEVEL, Kind.ROLE):
            return domain
        people = tuple(dict.fromkeys(self._vocabulary.people.values()))
        values = self._vocabulary.levels if domain.kind is Kind.LEVEL else people
        return replace(domain, values=values)

    def _unknown(self, name: Name) -> Typed:
        vocabulary = self._vocabulary
        accepted = [*vocabulary.fields, *vocabulary.counts]
        accepted += list(vocabulary.state_names) if vocabulary.bare_states else ["channel"]
        if vocabulary.this_level is not None:
            accepted.append("this_level")
        message = f"`{name.text}` is no name known here; accepted: {listed(accepted)}"
        self._add_unknown(message, name.offset, name.text, accepted)
        return ANYTHING

    def _add_unknown(self, message: str, offset: int, name: str, accepted: Iterable[str]) -> None:
        self._faults.add(FaultKind.UNKNOWN_NAME, message, offset, name=name, accepted=accepted)

    def _right(self, written: Written, left: Typed) -> Typed:
        if not isinstance(written, Name):
            return self.left(written)
        value = self._word(written.text, left)
        is_reference = self._is_reference(written)
        if value is not None and not (written.is_grouped and is_reference):
            return value
        if is_reference:
            return self._reference(written) or ANYTHING
        if left.takes_words:
            return typed_constant(written.text, written.text)
        if left.domain is None:
            return ANYTHING
        return self._no_value(written, left.domain)

    def _word(self, text: str, left: Typed) -> Typed | None:
        if left.domain is None or not left.domain.kind.has_values:
            return None
        if left.domain.kind is Kind.ROLE:
            text = self._vocabulary.people.get(text, text)
        if left.domain.kind is Kind.LEVEL and text in _BY_PLACE and self._vocabulary.ladder:
            text = self._vocabulary.ladder[_BY_PLACE[text]]
            return Typed(Constant(text, is_word=True), left.domain)
        if text not in left.domain.values:
            return None
        return Typed(Constant(text, is_word=True), left.domain)

    def _no_value(self, name: Name, domain: Domain) -> Typed:
        hint = f"write `{domain.name} is unset`" if name.text in _NOTHING else ""
        if domain.kind.has_values:
            self._add_no_value(name.text, domain, name.offset, hint)
        elif domain.kind is Kind.TEXT:
            message = f"`{name.text}` is no name known here, and a text stands in quotes"
            hint = hint or f"write '{name.text}'"
            self._faults.add(FaultKind.UNKNOWN_NAME, message, name.offset, hint)
        elif hint:
            message = f"`{name.text}` is no value; `{domain.name}` is {domain.kind.value}"
            self._faults.add(FaultKind.VALUE, message, name.offset, hint)
        else:
            self._unknown(name)
        return ANYTHING

    def _add_no_value(self, text: str, domain: Domain, offset: int, hint: str = "") -> None:
        accepted = [str(value) for value in domain.values]
        message = f"`{text}` is no value of `{domain.name}`; accepted: {listed(accepted)}"
        self._faults.add(FaultKind.VALUE, message, offset, hint, name=text, accepted=accepted)

    def _fitting(self, left: Domain, right: Typed, domain: Domain, written: Written) -> Typed:
        node = right.node
        if left.kind.has_values and isinstance(node, Constant):
            # An inherited condition is read for every level, also for one that the field excludes.
            is_this_level = isinstance(written, Name) and written.text == "this_level"
            if is_this_level or is_value_of(left, node.value):
                return replace(right, node=replace(node, is_word=True))
            self._add_no_value(str(node.value), left, written.offset)
            return ANYTHING
        if not do_compare(left, domain):
            message = (
                f"`{left.name}` is {left.kind.value} and `{domain.name}` is {domain.kind.value}: "
                "they do not compare"
            )
            hint = f"write `{left.name} is set`" if left.kind.is_opaque else ""
            self._faults.add(FaultKind.TYPE, message, written.offset, hint)
            return ANYTHING
        if isinstance(node, Field) and node.name in left.values:
            return replace(right, node=replace(node, is_also_value=True))
        if isinstance(node, Constant):
            return replace(right, node=replace(node, is_word=False))
        return right
