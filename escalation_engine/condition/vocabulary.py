"""The names that a condition may use at the place where it stands, and their types.

The caller builds a vocabulary per scope: a name as written leads to its canonical name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Domain", "Kind", "Scalar", "Vocabulary"]

Scalar = bool | int | float | str


class Kind(Enum):
    """What a field holds, as far as conditions care."""

    BOOLEAN = "yes or no"
    INTEGER = "a whole number"
    NUMBER = "a number"
    ENUM = "one of its values"
    TEXT = "a text"
    LEVEL = "a level"
    ROLE = "a role"
    PERSON = "a person"
    OPAQUE = "opaque (no condition looks into it)"

    @property
    def is_number(self) -> bool:
        """It can be ordered, added and subtracted."""
        return self in (Kind.INTEGER, Kind.NUMBER)

    @property
    def has_values(self) -> bool:
        """It takes one of a closed set of values, which are written as bare words."""
        return self in (Kind.ENUM, Kind.LEVEL, Kind.ROLE)

    @property
    def is_word(self) -> bool:
        """It compares with words and texts, for equality only."""
        return self.has_values or self is Kind.TEXT

    @property
    def is_opaque(self) -> bool:
        """A condition may only ask whether it is set."""
        return self in (Kind.PERSON, Kind.OPAQUE)


@dataclass(frozen=True, slots=True)
class Domain:
    """The type of one data field. `name` is canonical; `values` closes an enum, level or role."""

    kind: Kind
    name: str
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything that a condition may name in one scope; keys are names as written.

    `state` finds a state from the scope; without it `state_names` are found as they stand.
    `this_level` is None outside a ladder, and `ladder`, the levels of the innermost one in order,
    empty. `events`, `outcomes` (name to the end states that have it), `moments` (slot, checklist,
    clock, duty: to their names) and `bare_states` (a name alone may be a state) are for promises:
    empty and off for `when`.
    A LEVEL field without values takes `levels`, a ROLE field without values takes `people`.
    """

    fields: Mapping[str, Domain] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    state: Callable[[str], str | None] | None = None
    state_names: Collection[str] = ()
    this_level: str | None = None
    ladder: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    calendars: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, Collection[str]] = field(default_factory=dict)
    moments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bare_states: bool = False

    def find_state(self, name: str) -> str | None:
        """Return the canonical name of the state that `name` means here, or None."""
        if self.state is not None:
            return self.state(name)
        return name if name in self.state_names else None
