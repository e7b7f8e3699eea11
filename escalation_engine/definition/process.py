"""A whole process file, and the sources that its elements cite."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictInt, StrictStr

from escalation_engine.definition.data import DataField, Parameter
from escalation_engine.definition.model import FindingCode, Model, Name, Path, Text, Traced
from escalation_engine.definition.people import Role, Slot
from escalation_engine.definition.promise import Promise
from escalation_engine.definition.state import Expectations, On, State, Track
from escalation_engine.definition.time import CalendarEntry, Clock, Digest, Duty, Timer
from escalation_engine.definition.transition import Branches, Openings
from escalation_engine.definition.wording import (
    Action,
    Checklist,
    Count,
    Event,
    Guard,
    Message,
    TaskList,
)

__all__ = ["Process", "Source"]

StatementId = StrictInt | StrictStr


class Source(Model):
    """A document that elements cite as `NAME` or `NAME.STATEMENT`."""

    title: Text = Field(description="The title of the document.")
    document: Text | None = Field(None, description="Where it is kept.")
    statements: tuple[StatementId, ...] = Field((), description="The statements that can be cited.")
    furniture: tuple[StatementId, ...] = Field(
        (), description="Statements that ask for nothing, such as headings."
    )
    ignore: dict[FindingCode, Text] = Field(
        default_factory=dict,
        description="Findings of the check that are meant, each with the reason why.",
    )
    repeats: dict[Text, StatementId] = Field(
        default_factory=dict,
        description="Statements that only repeat another: 22: 20. An element cites the other.",
    )


class Process(Traced):
    """An escalation procedure: who works on a case where, what moves it on, and how it ends."""

    model_config = ConfigDict(title="Escalation process")

    process: Name = Field(description="The name of the process.")
    kind: Literal["process", "track"] = Field(
        "process", description="track: made to be taken in by processes."
    )
    version: Annotated[StrictInt, Field(ge=1)] = Field(
        description="Rises with every published change."
    )
    title: Text = Field(description="What people call it.")
    valid_from: Text | None = Field(
        None, description="The date from which on this version opens cases, such as 2026-04-08."
    )
    valid_by: Path | None = Field(
        None,
        description="A field of type date or instant that `valid_from` is held against; without "
        "it the day on which the case is opened.",
    )
    description: Text | None = Field(None, description="What it is for.")
    guidance: Text | None = Field(
        None, description="How people shall conduct themselves; not enforced."
    )
    sources: dict[Name, Source] = Field(
        default_factory=dict, description="Documents that are cited."
    )
    references: dict[Name, Text] = Field(
        default_factory=dict,
        description="Documents outside that rule parts of it, such as a schedule.",
    )
    sealed: tuple[Text, ...] = Field(
        (), description="Paths that no tailoring may touch, such as roles.it_manager."
    )
    parameters: dict[Name, Parameter] = Field(
        default_factory=dict, description="Values that the text demands and does not give."
    )
    expects: Expectations | None = Field(None, description="What a track needs from its taker.")
    data: dict[Name, DataField] = Field(default_factory=dict, description="The facts of a case.")
    roles: dict[Name, Role] = Field(default_factory=dict, description="Who takes part.")
    slots: dict[Name, Slot] = Field(
        default_factory=dict, description="Capacities besides owner, assignee and poc."
    )
    guards: dict[Name, Guard] = Field(default_factory=dict, description="Questions for the host.")
    actions: dict[Name, Action] = Field(
        default_factory=dict, description="Things that the host does."
    )
    messages: dict[Name, Message] = Field(default_factory=dict, description="What people are told.")
    checklists: dict[Name, Checklist] = Field(
        default_factory=dict, description="Items to be answered."
    )
    tasks: dict[Name, TaskList] = Field(
        default_factory=dict, description="Lists of tasks that are named while a case runs."
    )
    counts: dict[Name, Count] = Field(
        default_factory=dict, description="What is counted in a case."
    )
    events: dict[Name, Event] = Field(
        default_factory=dict, description="Titles and contents of events."
    )
    calendars: dict[Name, CalendarEntry] = Field(
        default_factory=dict, description="The hours in which working time counts."
    )
    clocks: dict[Name, Clock] = Field(default_factory=dict, description="Targets across states.")
    duties: dict[Name, Duty] = Field(default_factory=dict, description="What is owed.")
    digests: dict[Name, Digest] = Field(
        default_factory=dict, description="Recurring lists across cases."
    )
    timers: dict[Name, Timer] = Field(
        default_factory=dict, description="Timers that run as long as a case does."
    )
    promises: dict[Name, Promise] = Field(
        default_factory=dict, description="What is true of every case: verified and watched."
    )
    opens: dict[Name, Openings] = Field(
        default_factory=dict, description="Events that open a case."
    )
    start: Name | None = Field(None, description="Short for opening by `open` in this state.")
    on: On = Field(default_factory=dict)
    always: Branches | None = Field(None, description="Branches looked at after every input.")
    states: dict[Name, State] = Field(default_factory=dict, description="The states.")
    tracks: dict[Name, Track] = Field(
        default_factory=dict, description="The tracks beside each other."
    )
