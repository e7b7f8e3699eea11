"""The chart: a definition in its one flat form, which engine, verifier, diagram and tests all read.

Every name is resolved and canonical, every ladder and inherited transition is expanded, every level
target is a state. A chart is well formed by construction; nobody downstream checks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from escalation_engine.chart.body_model import (
    Amount,
    Assignment,
    Body,
    Extend,
    Given,
    GivenKind,
    HolderKind,
    Link,
    Passing,
    Recipient,
    Requirements,
)
from escalation_engine.chart.promise_model import Promise, PromiseForm
from escalation_engine.chart.term_model import (
    Action,
    Checklist,
    Contact,
    Count,
    Event,
    Field,
    Guard,
    Item,
    Message,
    Moment,
    MomentKind,
    Role,
    Slot,
    TaskList,
    Wording,
)
from escalation_engine.chart.time_model import (
    Clock,
    Digest,
    Duty,
    NamedCalendar,
    Timer,
    Validity,
    Warning,
)
from escalation_engine.condition import Condition

__all__ = [
    "ENGINE",
    "MAIN",
    "Action",
    "Amount",
    "Assignment",
    "Body",
    "Branch",
    "Chart",
    "Checklist",
    "Clock",
    "Contact",
    "Count",
    "Digest",
    "Duty",
    "Event",
    "Extend",
    "Field",
    "Given",
    "GivenKind",
    "Guard",
    "HolderKind",
    "Item",
    "Link",
    "Message",
    "Moment",
    "MomentKind",
    "NamedCalendar",
    "Opening",
    "Passing",
    "Promise",
    "PromiseForm",
    "Recipient",
    "Requirements",
    "Role",
    "Slot",
    "State",
    "StateKind",
    "TaskList",
    "Timer",
    "Track",
    "Transition",
    "Validity",
    "Warning",
    "Wording",
]

MAIN = "main"
"""The track that `states:` written directly stand in."""

ENGINE = "engine"
"""The actor that timers, reports, sent events and ends of linked cases act as."""


class StateKind(Enum):
    """What resting in a state means."""

    WORK = "work"
    DECISION = "decision"
    END = "end"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition as declared, shared by the branches of all leaves that inherit it."""

    event: str
    declared_in: str
    number: int
    to: str
    when: Condition | None = None
    guards: tuple[tuple[str, bool], ...] = ()
    by: Passing | None = None
    recorded_by: Passing | None = None
    requires: Requirements | None = None
    asks: Requirements | None = None
    refuse: str = ""
    body: Body = Body()
    visibility: str = "internal"
    title: str = ""
    source: tuple[str, ...] = ()
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of one leaf: which states it leaves (inner to outer) and enters (outer to inner).

    `target` is the leaf it leads to; None stays. With `is_back` the target is remembered at run
    time, `leaves` and `enters` are found then. `event` is empty for `always`.
    """

    event: str
    leaf: str
    number: int
    transition: Transition
    target: str | None = None
    is_back: bool = False
    leaves: tuple[str, ...] = ()
    enters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A scope of a track: a leaf, or a compound or ladder around leaves."""

    path: str
    parent: str
    title: str = ""
    kind: StateKind = StateKind.WORK
    is_leaf: bool = True
    start: str = ""
    outcome: str = ""
    level: str = ""
    remembers: bool = False
    must_resolve: bool = False
    entry: Body = Body()
    exit: Body = Body()
    description: str = ""
    guidance: str = ""
    source: tuple[str, ...] = ()
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One region: its scopes by full path, and for each leaf its branches by event.

    `start` is the leaf a side track begins in; empty for the main track, which openings enter.
    """

    name: str
    title: str
    start: str
    enters: tuple[str, ...]
    must_be_idle: bool
    states: Mapping[str, State]
    branches: Mapping[str, Mapping[str, tuple[Branch, ...]]]
    always: Mapping[str, tuple[Branch, ...]]

    def scopes(self, leaf: str) -> tuple[str, ...]:
        """Return the leaf and the scopes around it, innermost first."""
        found = []
        path = leaf
        while path:
            found.append(path)
            path = self.states[path].parent
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Opening:
    """An event that opens cases: what it must bring, and all that it may bring."""

    event: str
    branches: tuple[Branch, ...]
    needs: tuple[str, ...] = ()
    brings: frozenset[str] = frozenset()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole process, flat. `hash` names its content, `source` is the merged text it came from."""

    process: str
    version: int
    title: str
    kind: str
    hash: str
    source: str = field(repr=False)
    openings: Mapping[str, Opening]
    tracks: tuple[Track, ...]
    fields: Mapping[str, Field]
    roles: Mapping[str, Role]
    slots: Mapping[str, Slot]
    guards: Mapping[str, Guard]
    actions: Mapping[str, Action]
    messages: Mapping[str, Message]
    checklists: Mapping[str, Checklist]
    counts: Mapping[str, Count]
    events: Mapping[str, Event]
    parameters: Mapping[str, object]
    calendars: Mapping[str, NamedCalendar] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    digests: Mapping[str, Digest] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    tasks: Mapping[str, TaskList] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    description: str = ""
    validity: Validity = Validity()

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def main(self) -> Track:
        """The first track: when it ends, the case ends."""
        return self.tracks[0]
