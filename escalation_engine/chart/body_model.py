"""What happens in a chart and what must hold for it: bodies and gates, every name canonical."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

__all__ = [
    "Amount",
    "Assignment",
    "Body",
    "Extend",
    "Given",
    "GivenKind",
    "HolderKind",
    "Link",
    "Passing",
    "Recipient",
    "Requirements",
]


class GivenKind(Enum):
    """Where a value comes from when it is needed."""

    LITERAL = "literal"
    FIELD = "field"
    SLOT = "slot"
    SENDER = "sender"
    NOW = "now"
    CHANNEL = "channel"
    NOTE = "note"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Given:
    """A value to be: `content` is the literal, or the field or slot it is taken from."""

    kind: GivenKind
    content: object = None


class HolderKind(Enum):
    """Who a slot is given to."""

    ROLE = "role"
    SENDER = "sender"
    PERSON = "person"
    NOBODY = "nobody"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A slot to be moved; `name` is the role, or the person field."""

    slot: str
    kind: HolderKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: exactly one of a role, a slot, or (neither) everyone who was told before."""

    role: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A linked case to open: `data` maps their field to ours, `send` their outcome to our event."""

    process: str
    event: str
    data: Mapping[str, str]
    send: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passing:
    """Who passes a gate: holders of roles, holders of slots, perhaps the engine itself."""

    names: tuple[str, ...]
    roles: frozenset[str]
    slots: frozenset[str]
    engine: bool = False


@dataclass(frozen=True, slots=True)
class Requirements:
    """What must be there. An empty one demands nothing. `past` is a clock that must be due."""

    data: tuple[str, ...] = ()
    note: bool = False
    guards: tuple[str, ...] = ()
    evidence: bool = False
    checklists: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    tasks_done: tuple[str, ...] = ()
    past: str = ""
    different_from: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A duration or schedule: fixed (`text`), by a field (`depends_on`), or agreed in a field.

    Texts are canonical. `table` maps values of the field, as YAML writes them (`true`, `2`), to
    texts; `text` is then what holds otherwise, or empty.
    """

    text: str = ""
    depends_on: str = ""
    table: Mapping[str, str] | None = None
    agreed_in: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that it may come to, as far as that is known."""
        return tuple(text for text in (self.text, *(self.table or {}).values()) if text)


@dataclass(frozen=True, slots=True)
class Extend:
    """A clock that becomes due later, at most so often in one case."""

    clock: str
    by: Amount
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What happens, in the order of these attributes."""

    set: tuple[tuple[str, Given], ...] = ()
    clear: tuple[str, ...] = ()
    assign: tuple[Assignment, ...] = ()
    do: tuple[tuple[str, tuple[tuple[str, Given], ...]], ...] = ()
    notify: tuple[tuple[Recipient, str], ...] = ()
    open_case: tuple[Link, ...] = ()
    send: tuple[str, ...] = ()
    extend: tuple[Extend, ...] = ()
    reason: str = ""
