"""What a caller hands in: checked and frozen here, once; nobody behind the edge looks again.

Whether the process accepts it is not decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from escalation_engine.chart.model import ENGINE
from escalation_engine.core import EMPTY, Actor, FrozenMap, freeze
from escalation_engine.errors import BadInput
from escalation_engine.runtime.plain import (
    DATA_BYTES,
    DATA_NODES,
    NESTING,
    Walk,
    kind_of,
    plain_string,
    shown,
)

__all__ = [
    "DATA_BYTES",
    "DATA_NODES",
    "LIMIT",
    "NAME_CHARACTERS",
    "NESTING",
    "TEXT_BYTES",
    "Given",
    "checked_actor",
    "checked_answers",
    "checked_choice",
    "checked_count",
    "checked_data",
    "checked_flag",
    "checked_instant",
    "checked_name",
    "checked_string",
    "checked_text",
    "optional_name",
    "optional_string",
    "required_text",
]

NAME_CHARACTERS = 200
"""The most characters of an id, a key, a reference, a channel or the name of an event."""
TEXT_BYTES = 64 * 1024
"""The most bytes of a note or of evidence, as UTF-8."""
LIMIT = 1_000_000
"""The most cases, firings or attempts that one call may ask for."""
Given = Mapping[str, Mapping[str, str | tuple[str, str | None]]]
"""Checklist to item to answer, or to (answer, reason)."""


def checked_actor(by: object) -> Actor:
    """Return the actor, who must not pretend to be the engine."""
    if not isinstance(by, Actor):
        raise BadInput(
            "by", f"{kind_of(by)} is not an actor", accepted='Actor("ann", roles={"tier1"})'
        )
    name = checked_name("by.id", by.id)
    roles = {checked_name("by.roles", role) for role in by.roles}
    if name == ENGINE or ENGINE in roles:
        raise BadInput("by", f"{ENGINE!r} is reserved: the engine acts under this name itself")
    return Actor(name, roles)


def checked_name(what: str, value: object) -> str:
    """Return an id, a key or the like: some characters of text, not too many."""
    found = plain_string(what, value)
    if not found.strip():
        raise BadInput(what, "is empty", accepted=f"1 to {NAME_CHARACTERS} characters")
    if len(found) > NAME_CHARACTERS:
        raise BadInput(what, f"has {len(found)} characters", accepted=f"at most {NAME_CHARACTERS}")
    return found


def optional_name(what: str, value: object) -> str | None:
    """Return a name, or None where none was given."""
    return None if value is None else checked_name(what, value)


def checked_string(what: str, value: object) -> str:
    """Return any text that a store can hold."""
    return plain_string(what, value)


def optional_string(what: str, value: object) -> str | None:
    """Return any text, or None where none was given."""
    return None if value is None else plain_string(what, value)


def checked_text(what: str, value: object) -> str | None:
    """Return a note or evidence; a blank one, as empty forms send it, is none."""
    if value is None:
        return None
    found = plain_string(what, value)
    if (size := len(found.encode())) > TEXT_BYTES:
        raise BadInput(what, f"has {size} bytes", accepted=f"at most {TEXT_BYTES}")
    return found if found.strip() else None


def required_text(what: str, value: object) -> str:
    """Return a text that is not blank."""
    text = checked_text(what, value)
    if text is None:
        raise BadInput(what, "is empty", accepted="some words")
    return text


def checked_choice(what: str, value: object, choices: tuple[str, ...]) -> str:
    """Return one of the choices."""
    if isinstance(value, str) and str.__str__(value) in choices:
        return str.__str__(value)
    raise BadInput(what, f"{shown(value)} is not known", accepted=", ".join(choices))


def checked_count(what: str, value: object, *, kind: str = "count") -> int:
    """Return a whole number of at least one; `kind` says what it is."""
    most = LIMIT if kind == "limit" else _REVISIONS
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    accepted = f"1 to {most:,}" if kind == "limit" else "1 or more"
    raise BadInput(what, f"{shown(value)} is no {kind}", accepted=accepted)


_REVISIONS = 2**63 - 1


def checked_flag(what: str, value: object) -> bool | None:
    """Return True or False, or None where neither was given."""
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(what, f"{kind_of(value)} is neither", accepted="True, False or None")


def checked_instant(what: str, value: object) -> datetime | None:
    """Return an aware instant in UTC, or None where none was given."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise BadInput(what, f"{kind_of(value)} is not an instant", accepted="an aware datetime")
    if value.utcoffset() is None:
        raise BadInput(what, "the datetime has no time zone", accepted="an aware datetime")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadInput(
            what, "is outside the years 1 to 9999 in UTC", accepted="an aware datetime"
        ) from None


def checked_data(what: str, value: object) -> FrozenMap:
    """Return JSON data frozen: a mapping of names to JSON values, not too large or too deep."""
    if value is None:
        return EMPTY
    if not isinstance(value, Mapping):
        raise BadInput(what, f"{kind_of(value)} is no mapping", accepted="field to JSON value")
    if not value:
        return EMPTY
    frozen = Walk(what).mapping(value, (), NESTING)
    if (size := len(json.dumps(frozen).encode())) > DATA_BYTES:
        raise BadInput(what, f"has {size} bytes as JSON", accepted=f"at most {DATA_BYTES}")
    return frozen


def checked_answers(value: object) -> FrozenMap:
    """Return answers to checklists as checklist to item to (answer, reason or None)."""
    what = "checklists"
    if value is None:
        return EMPTY
    found: dict[str, dict[str, tuple[str, str | None]]] = {}
    for checklist, items in _entries(what, value):
        name = f"{what}[{checklist}]"
        found[checklist] = {
            item: _answer(name, item, given) for item, given in _entries(name, items)
        }
    frozen: FrozenMap = freeze(found)
    return frozen


def _answer(what: str, item: str, given: object) -> tuple[str, str | None]:
    match given:
        case str():
            return checked_name(what, given), None
        case (answer, reason):
            return checked_name(what, answer), checked_text(what, reason)
    raise BadInput(
        f"{what}[{item}]", f"{shown(given)} is no answer", accepted='"yes" or ("na", "reason")'
    )


def _entries(what: str, value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise BadInput(
            what, f"{kind_of(value)} is no mapping", accepted="checklist to item to answer"
        )
    return [(checked_name(what, key), item) for key, item in value.items()]
