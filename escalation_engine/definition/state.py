"""Where a case can be: simple, compound and ladder states, and the tracks that they stand in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from escalation_engine.definition.model import (
    Model,
    Name,
    Names,
    Path,
    Renamed,
    Scalar,
    Text,
)
from escalation_engine.definition.time import Timer
from escalation_engine.definition.transition import Body, Branches, Openings

__all__ = ["Expectations", "State", "Track"]

On = Annotated[
    dict[Path, Branches],
    Field(description="Event to branch, or to branches: the first that holds, in order, wins."),
]


class State(Renamed):
    """A place where a case rests: simple, compound (`states`) or a ladder (`levels`)."""

    title: Text | None = Field(None, description="What people call it.")
    description: Text | None = Field(None, description="What goes on here.")
    guidance: Text | None = Field(
        None, description="How people shall conduct themselves; not enforced."
    )
    kind: Literal["decision", "end", "idle"] | None = Field(
        None,
        description="decision: somebody must decide. end: the track is over. idle: it rests.",
    )
    outcome: Name | None = Field(None, description="How an end ends.")
    owner: Path | None = Field(None, description="Who becomes accountable on entry.")
    assignee: Path | None = Field(None, description="Who works on it from entry.")
    entry: Body | None = Field(None, description="What happens on entering.")
    exit: Body | None = Field(None, description="What happens on leaving.")
    on: On = Field(default_factory=dict)
    always: Branches | None = Field(
        None, description="Looked at on entry and after every accepted input, instead of an event."
    )
    start: Path | None = Field(
        None, description="The first inner state; otherwise the first written."
    )
    states: dict[Name, State] = Field(default_factory=dict, description="Inner states.")
    levels: dict[Name, State] = Field(default_factory=dict, description="An ordered ladder.")
    each_level: State | None = Field(
        None, description="What every level of the ladder goes through."
    )
    after_last_level: Path | None = Field(None, description="Where next_level leads from the last.")
    before_first_level: Path | None = Field(
        None, description="Where previous_level leads from the first."
    )
    timers: dict[Name, Timer] = Field(
        default_factory=dict,
        description="What happens when it lasts: armed on entry, gone on exit.",
    )
    must_resolve: StrictBool = Field(
        False, description="A level from which no way leads further up."
    )


class Track(Renamed):
    """A track, written here (`states`) or taken in from a file (`process`)."""

    title: Text | None = Field(None, description="What people call it.")
    opens: dict[Name, Openings] = Field(
        default_factory=dict, description="Opening events, in the first track only."
    )
    start: Path | None = Field(None, description="The state in which it begins.")
    on: On = Field(default_factory=dict)
    always: Branches | None = Field(None, description="Branches looked at after every input.")
    states: dict[Name, State] = Field(default_factory=dict, description="Its states.")
    timers: dict[Name, Timer] = Field(
        default_factory=dict, description="Timers that run as long as the track does."
    )
    at_end: Literal["stop", "must_be_idle"] = Field(
        "stop", description="What happens to it when the main track ends."
    )
    process: Annotated[StrictStr, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(@[0-9]+)?$")] | None = (
        Field(None, description="The track file to take in, as NAME@VERSION.")
    )
    parameters: dict[Name, Scalar] = Field(
        default_factory=dict,
        description="Values for the parameters of the track taken in; $name is one of ours.",
    )
    roles: dict[Name, Path] = Field(default_factory=dict, description="Their role name to ours.")
    data: dict[Name, Path] = Field(default_factory=dict, description="Their field name to ours.")
    shares: Names = Field((), description="Events that are ours and theirs at once.")


class Expectations(Model):
    """What a track file needs from whoever takes it in."""

    data: Names = Field((), description="Fields of the taker that it reads or sets.")
    roles: Names = Field((), description="Roles of the taker that it names.")
    tracks: Names = Field((), description="Tracks of the taker that it looks at.")
    events: Names = Field((), description="Events of the taker that it sends or takes.")
