"""Which words of a condition name something of the process, and where they stand in its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from escalation_engine.condition.fault import Unreadable
from escalation_engine.condition.parse import parse
from escalation_engine.condition.syntax import (
    Asked,
    Compared,
    Joined,
    Listed,
    Literal,
    Name,
    Negated,
    Parameter,
    Prefix,
    Prefixed,
    Summed,
    Written,
)
from escalation_engine.loader.named import Named
from escalation_engine.loader.positions import STATE

__all__ = ["AskedName", "names_asked"]

_FACTS = ("data", "counts")
_PEOPLE = ("roles", "slots")
_PREFIXED = {
    Prefix.IN: (STATE,), Prefix.EVENT: ("events",), Prefix.DURING: ("calendars",),
    Prefix.OUTSIDE: ("calendars",), Prefix.OUTCOME: (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name in a condition: of one of these kinds, or a value of a field; levels are values."""

    name: str
    start: int
    kinds: tuple[str, ...] = ()
    value_of: str = ""


def names_asked(text: str, named: Named) -> Iterator[AskedName]:
    """Yield the names of a condition; of one that cannot be read, nothing."""
    try:
        written = parse(text)
    except Unreadable:
        return
    yield from _names(written, named)


def _names(written: Written, named: Named) -> Iterator[AskedName]:
    match written:
        case Name(text, offset):
            yield AskedName(text, offset, _FACTS)
        case Parameter(name, offset):
            yield AskedName(name, offset + 1, ("parameters",))
        case Prefixed(prefix, name, offset):
            yield AskedName(name, offset, _PREFIXED[prefix])
        case Compared(left, _, right):
            is_reversed = not _is_fact(left, named) and _is_fact(right, named)
            first, second = (right, left) if is_reversed else (left, right)
            yield from _compared(first, (second,), named)
        case Listed(subject, items):
            yield from _compared(subject, items, named)
        case Asked(part) | Negated(part):
            yield from _names(part, named)
        case Joined(_, parts):
            for part in parts:
                yield from _names(part, named)
        case Summed(terms):
            for _, part in terms:
                yield from _names(part, named)
        case Literal():
            return
        case _:
            assert_never(written)


def _compared(subject: Written, values: tuple[Written, ...], named: Named) -> Iterator[AskedName]:
    """Yield the subject, and what the values that it is compared with name."""
    yield from _names(subject, named)
    about = subject.text if isinstance(subject, Name) else ""
    for value in values:
        match value:
            case Name(text, offset) if about == "sender":
                yield AskedName(text, offset, _PEOPLE)
            case Name(text, offset) if about == "this_level" or _is_closed(about, named):
                yield AskedName(text, offset, value_of=about)
            case Literal(str() as text, offset) if about == "this_level" or _is_closed(
                about, named
            ):
                yield AskedName(text, offset + 1, value_of=about)
            case Name(text) if about == "channel" or text in named.values_of(about):
                continue
            case _:
                yield from _names(value, named)


def _is_fact(written: Written, named: Named) -> bool:
    if not isinstance(written, Name):
        return False
    return written.text in ("sender", "channel", "this_level") or any(
        named.element(kind, written.text) for kind in _FACTS
    )


def _is_closed(field: str, named: Named) -> bool:
    """The values of the field are levels or roles."""
    return named.type_of(field) in ("level", "role")
