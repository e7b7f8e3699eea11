"""What a caller hands in: checked and frozen here, once; nobody behind the edge looks again.

Whether the process accepts it is not decided here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from escalation_engine.chart.model import ENGINE
from escalation_engine.core import EMPTY, Actor, FrozenMap, freeze
from escalation_engine.errors import BadInput

__all__ = [
    "DATA_BYTES",
    "NAME_CHARACTERS",
    "NESTING",
    "TEXT_BYTES",
    "Given",
    "checked_actor",
    "checked_answers",
    "checked_choice",
    "checked_count",
    "checked_data",
    "checked_instant",
    "checked_name",
    "checked_text",
    "optional_name",
    "required_text",
]

NAME_CHARACTERS = 200
"""The most characters of an id, a key, a reference, a channel or the name of an event."""
TEXT_BYTES = 64 * 1024
"""The most bytes of a note or of evidence, as UTF-8."""
DATA_BYTES = 1024 * 1024
"""The most bytes of an event's data, as JSON."""
NESTING = 32
"""How deep data may be nested."""

Given = Mapping[str, Mapping[str, str | tuple[str, str | None]]]
"""Checklist to item to answer, or to (answer, reason)."""


def checked_actor(by: object) -> Actor:
    """Return the actor, who must not pretend to be the engine."""
    if not isinstance(by, Actor):
        raise BadInput(
            "by", f"{_kind(by)} is not an actor", accepted='Actor("ann", roles={"tier1"})'
        )
    checked_name("by.id", by.id)
    for role in by.roles:
        checked_name("by.roles", role)
    if by.id == ENGINE or ENGINE in by.roles:
        raise BadInput("by", f"{ENGINE!r} is reserved: the engine acts under this name itself")
    return by


def checked_name(what: str, value: object) -> str:
    """Return an id, a key or the like: some characters of text, not too many."""
    found = _string(what, value)
    if not found.strip():
        raise BadInput(what, "is empty", accepted=f"1 to {NAME_CHARACTERS} characters")
    if len(found) > NAME_CHARACTERS:
        raise BadInput(what, f"has {len(found)} characters", accepted=f"at most {NAME_CHARACTERS}")
    return found


def optional_name(what: str, value: object) -> str | None:
    """Return a name, or None where none was given."""
    return None if value is None else checked_name(what, value)


def checked_text(what: str, value: object) -> str | None:
    """Return a note or evidence; a blank one, as empty forms send it, is none."""
    if value is None:
        return None
    found = _string(what, value)
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
    if value in choices:
        return str(value)
    raise BadInput(what, f"{value!r} is not known", accepted=", ".join(choices))


def checked_count(what: str, value: object, *, kind: str = "count") -> int:
    """Return a whole number of at least one; `kind` says what it is."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise BadInput(what, f"{value!r} is no {kind}", accepted="1 or more")


def checked_instant(what: str, value: object) -> datetime | None:
    """Return an aware instant in UTC, or None where none was given."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise BadInput(what, f"{_kind(value)} is not an instant", accepted="an aware datetime")
    if value.utcoffset() is None:
        raise BadInput(what, "the datetime has no time zone", accepted="an aware datetime")
    return value.astimezone(UTC)


def checked_data(what: str, value: object) -> FrozenMap:
    """Return JSON data frozen: a mapping of names to JSON values, not too large or too deep."""
    if value is None:
        return EMPTY
    if not isinstance(value, Mapping):
        raise BadInput(what, f"{_kind(value)} is no mapping", accepted="field to JSON value")
    if not value:
        return EMPTY
    _check_json(what, value, NESTING)
    frozen: FrozenMap = freeze(value)
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
        f"{what}[{item}]", f"{given!r} is no answer", accepted='"yes" or ("na", "reason")'
    )


def _entries(what: str, value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise BadInput(
            what, f"{_kind(value)} is no mapping", accepted="checklist to item to answer"
        )
    return [(checked_name(what, key), item) for key, item in value.items()]


def _check_json(what: str, value: object, depth: int) -> None:
    match value:
        case None | bool() | int():
            return
        case float():
            if not math.isfinite(value):
                raise BadInput(what, f"{value} is not a JSON number", accepted="a finite number")
        case str():
            _string(what, value)
        case Mapping() | list() | tuple():
            if depth == 0:
                raise BadInput(what, "is nested too deep", accepted=f"at most {NESTING} levels")
            pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, item in pairs:
                if isinstance(value, Mapping):
                    _string(f"a key of {what}", key)
                _check_json(f"{what}[{key!r}]", item, depth - 1)
        case _:
            raise BadInput(what, f"{_kind(value)} is not JSON", accepted=_ACCEPTED)


_ACCEPTED = "text, number, true or false, list, mapping; write instants and dates as ISO 8601 text"


def _string(what: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(what, f"{_kind(value)} is not text", accepted="a str")
    # PostgreSQL stores neither; refused everywhere, so that a case may move between stores.
    if "\0" in value:
        raise BadInput(what, "holds a NUL character", accepted="text without it")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadInput(
                what, "holds half a surrogate pair", accepted="text in Unicode"
            ) from None
    return value


def _kind(value: object) -> str:
    return f"a value of type {type(value).__name__}"
