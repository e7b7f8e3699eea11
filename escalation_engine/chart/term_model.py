"""The terms of a chart: fields, people, and what is asked, done, told and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from escalation_engine.chart.body_model import Passing
from escalation_engine.condition.vocabulary import Domain

__all__ = [
    "Action",
    "Checklist",
    "Contact",
    "Count",
    "Event",
    "Field",
    "Guard",
    "Item",
    "Message",
    "Moment",
    "MomentKind",
    "Role",
    "Slot",
    "TaskList",
    "Wording",
]


class MomentKind(Enum):
    """What can start, stop, count and reset."""

    EVENT = "event"
    ENTERING = "entering"
    LEAVING = "leaving"
    SLOT = "slot"
    CHECKLIST = "checklist"
    CLOCK_BREACHED = "clock_breached"
    CLOCK_MET = "clock_met"
    DUTY_MISSED = "duty_missed"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens in a case; `name` is canonical, for states `TRACK.PATH`."""

    kind: MomentKind
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of the case: its schema for people and `jsonschema`, its domain for conditions."""

    name: str
    title: str
    type: str
    domain: Domain
    schema: Mapping[str, object]
    default: object = None
    changes: str = "on_events"
    by: Passing | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel and its address; an address of None is unbound."""

    channel: str
    address: str | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A named responsibility."""

    name: str
    title: str
    side: str = ""
    contacts: tuple[Contact, ...] = ()
    alternates: tuple[str, ...] = ()
    chosen_by: tuple[str, ...] = ()
    refuses_when_nobody: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A capacity in which somebody holds the case."""

    name: str
    title: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A question for the host."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the host does after commit."""

    name: str
    title: str
    arguments: Mapping[str, Field]
    reports: tuple[str, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text with placeholders in braces."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """What people are told, with translations by language tag."""

    name: str
    wording: Wording
    translations: Mapping[str, Wording]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist."""

    name: str
    text: str
    passes: frozenset[str]
    answers: tuple[str, ...]
    reason_for: frozenset[str]
    by: Passing | None = None
    recorded_by: Passing | None = None
    adds_task: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks that are named while the case runs."""

    name: str
    title: str
    by: Passing | None = None
    reset_on: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """Items to be answered."""

    name: str
    title: str
    items: Mapping[str, Item]
    reset_on: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How often something has happened; above `at_most` the event is refused."""

    name: str
    title: str
    up_on: tuple[Moment, ...]
    reset_on: tuple[Moment, ...] = ()
    once_per_person: bool = False
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an event is called, must bring (`needs`) and may bring at all (`brings`)."""

    name: str
    title: str
    needs: tuple[str, ...] = ()
    brings: frozenset[str] = frozenset()
