"""How a case moves: branches, their gates, and the bodies of transitions, entries and exits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StrictStr, StringConstraints

from escalation_engine.definition.model import (
    Model,
    Name,
    Names,
    Path,
    Scalar,
    Text,
    Traced,
    listed,
)

__all__ = [
    "Amount",
    "Body",
    "Branch",
    "Branches",
    "Condition",
    "Extension",
    "LevelField",
    "OpenCase",
    "Opening",
    "Openings",
    "Requirements",
    "ValueFrom",
    "Word",
]

Condition = Annotated[
    StrictStr,
    Field(
        min_length=1,
        max_length=2000,
        description="A condition on facts, such as decision == close.",
    ),
]


class ValueFrom(Model):
    """A value taken from the case or the input instead of written down."""

    field: Path | None = Field(None, description="The value of another data field.")
    slot: Path | None = Field(None, description="Who holds a slot: the person, or else the role.")


class LevelField(Model):
    """A target that the data name: the level in a field of type level."""

    level: Path = Field(description="A data field of type level.")


OPENING_PATTERN = r"^\$?[A-Za-z][A-Za-z0-9_]*$"


class OpenCase(Model):
    """A linked case that is opened after commit."""

    process: StrictStr = Field(description="The process, or $parameter.")
    event: (
        Annotated[StrictStr, StringConstraints(pattern=OPENING_PATTERN, max_length=81)] | None
    ) = Field(None, description="Its opening event, where it has several, or $parameter.")
    with_: tuple[Path, ...] | dict[Name, Path] = Field(
        (), alias="with", description="Data handed over: names, or their name to ours."
    )
    send: Path | dict[Name, Path] | None = Field(
        None, description="The event sent here when it ends; or one per outcome, with `otherwise`."
    )


OpenCases = Annotated[
    tuple[OpenCase, ...],
    BeforeValidator(listed, json_schema_input_type=OpenCase | tuple[OpenCase, ...]),
]


PAST_PATTERN = r"^due of [A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$"
Word = Annotated[StrictStr, StringConstraints(min_length=1, max_length=80)]
Amount = Annotated[
    StrictStr | dict[Word, StrictStr],
    Field(
        description="A duration such as 4 working hours, $parameter, none; "
        "{depends_on: FIELD, VALUE: DURATION, otherwise: DURATION}; or {agreed_in: FIELD}."
    ),
]


class Extension(Model):
    """A later due time for a clock."""

    by: Amount = Field(description="How much later.")
    at_most: Annotated[StrictInt, Field(ge=1)] | None = Field(
        None, description="How often in one case."
    )


def _do(value: object) -> object:
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, list):
        return (
            {name: {} for name in value} if all(isinstance(name, str) for name in value) else value
        )
    return value


Arguments = dict[Name, Scalar | ValueFrom]
Do = Annotated[
    dict[Path, Arguments],
    BeforeValidator(_do, json_schema_input_type=Path | tuple[Path, ...] | dict[Path, Arguments]),
]


class Body(Traced):
    """What happens on a transition, on entering or leaving a state. It moves no state itself."""

    set: dict[Path, Scalar | ValueFrom] = Field(
        default_factory=dict,
        description="Data to set: a value, $parameter, sender, now, channel, note, evidence, "
        "this_level, {field: NAME} or {slot: NAME}.",
    )
    clear: Names = Field((), description="Data fields to empty.")
    assign: dict[Path, Path] = Field(
        default_factory=dict,
        description="Slot to holder: a role, sender, a person field, nobody, or back.",
    )
    do: Do = Field(default_factory=dict, description="Actions of the host, after commit.")
    notify: dict[Path, Path] = Field(
        default_factory=dict, description="Role, slot or everyone_told, to message."
    )
    send: Names = Field((), description="Internal events, run to completion in the same decision.")
    open_case: OpenCases = Field((), description="Linked cases to open.")
    extend: dict[Path, Extension] = Field(
        default_factory=dict, description="Clocks that become due later, and by how much."
    )
    reason: Text | None = Field(None, description="Why, as the journal shall say it.")


class Requirements(Model):
    """What must hold, or the event is refused with everything that is missing."""

    data: Names = Field((), description="Data fields that must be set, by the event or before.")
    note: StrictBool = Field(False, description="The event must carry a note.")
    guard: Names = Field((), description="Guards that must say yes; their reason is passed on.")
    evidence: StrictBool = Field(False, description="The event must carry evidence.")
    checklist: Names = Field((), description="Checklists that must be complete.")
    duty: Names = Field((), description="Duties that must be done.")
    tasks: Names = Field((), description="Task lists on which a task has to stand.")
    tasks_done: Names = Field((), description="Task lists on which none may be open.")
    past: Annotated[StrictStr, StringConstraints(pattern=PAST_PATTERN)] | None = Field(
        None, description="`due of CLOCK`: only once that clock was due."
    )
    different_from: dict[Path, Path] = Field(
        default_factory=dict,
        description="Separation of duty: sender or slot, to the slot or person to differ from.",
    )


class Rules(Body):
    """What branches and openings share: who may, what is needed, what happens, where it is said."""

    when: Condition | None = Field(None, description="Chosen only when this condition is true.")
    if_: Names = Field((), alias="if", description="Chosen only when these guards say yes.")
    unless: Names = Field((), description="Chosen only when these guards say no.")
    by: Names | None = Field(None, description="Who may send it: roles, slots, sides, or engine.")
    recorded_by: Names | None = Field(
        None, description="Who may record the word of those on their behalf, with evidence."
    )
    requires: Requirements | None = Field(
        None, description="Hard gates: unmet, the event is refused."
    )
    asks: Requirements | None = Field(None, description="Soft gates: unmet, it is recorded.")
    refuse: Text | None = Field(None, description="Says no, in these words.")
    visibility: Literal["internal", "client"] = Field(
        "internal", description="Whether the client's view of the journal shows it."
    )
    title: Text | None = Field(None, description="What people call this way on.")


class Branch(Rules):
    """One way on. Without `to` the case stays; to its own state it leaves and enters again."""

    to: Path | LevelField | None = Field(
        None,
        description="A state, next_level, previous_level, first_level, this_level, back, "
        "or {level: FIELD}.",
    )


class Opening(Rules):
    """An event by which a case comes to exist."""

    to: Path = Field(description="The state in which the case begins.")
    needs: Names = Field((), description="Data fields that must come with it.")
    may_bring: Names = Field((), description="Data fields that may come with it.")


Branches = Annotated[
    tuple[Branch, ...],
    Field(min_length=1),
    BeforeValidator(
        listed,
        json_schema_input_type=Branch | Annotated[tuple[Branch, ...], Field(min_length=1)],
    ),
]
Openings = Annotated[
    tuple[Opening, ...],
    Field(min_length=1),
    BeforeValidator(
        listed,
        json_schema_input_type=Opening | Annotated[tuple[Opening, ...], Field(min_length=1)],
    ),
]
