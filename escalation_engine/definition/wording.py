"""What is asked and told in words: guards, actions, messages, checklists, events, counts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr

from escalation_engine.definition.data import DataField
from escalation_engine.definition.model import (
    Model,
    Name,
    Names,
    Path,
    Renamed,
    Text,
    Traced,
    listed,
)

__all__ = [
    "Action",
    "Checklist",
    "ChecklistItem",
    "Count",
    "Event",
    "Guard",
    "Message",
    "Moment",
    "Moments",
    "SomeMoments",
    "TaskList",
    "Wording",
]


def _titled(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


def _worded(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


Moment = Annotated[
    StrictStr,
    Field(
        description="A moment: `event NAME`, `entering STATE`, `leaving STATE`, "
        "`slot NAME changes`, `checklist NAME complete`, `clock NAME breached`, `clock NAME met`, "
        "`duty NAME missed`."
    ),
]
Moments = Annotated[
    tuple[Moment, ...],
    BeforeValidator(listed, json_schema_input_type=Moment | tuple[Moment, ...]),
]
SomeMoments = Annotated[
    tuple[Moment, ...],
    Field(min_length=1),
    BeforeValidator(
        listed,
        json_schema_input_type=Moment | Annotated[tuple[Moment, ...], Field(min_length=1)],
    ),
]


class GuardBody(Traced):
    """A yes/no question that the host answers."""

    title: Text = Field(description="The question, as a person would ask it.")
    description: Text | None = Field(None, description="What the answer rests on.")


Guard = Annotated[GuardBody, BeforeValidator(_titled, json_schema_input_type=Text | GuardBody)]


class ActionBody(Traced):
    """Something that the host does, after commit, at least once."""

    title: Text = Field(description="What is done.")
    description: Text | None = Field(None, description="How, for whoever implements it.")
    arguments: dict[Name, DataField] = Field(
        default_factory=dict, description="What `do` may hand over, one schema an argument."
    )
    reports: Names = Field(
        (), description="Events, one of which the handler returns and the engine sends."
    )
    failed: Path | None = Field(
        None, description="The event sent once after the last retry failed."
    )


Action = Annotated[ActionBody, BeforeValidator(_titled, json_schema_input_type=Text | ActionBody)]


class Wording(Model):
    """A subject and a text; {data.FIELD}, {case.id}, {case.state} and so on are filled in."""

    subject: Text | None = Field(None, description="The subject line.")
    text: Text = Field(description="The text; placeholders and no logic.")


Language = Annotated[
    StrictStr,
    Field(
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$",
        description="A language tag (BCP 47), such as de or pt-BR.",
    ),
]


class MessageBody(Wording, Traced):
    """A message, with a wording per language where more than one is spoken."""

    translations: dict[Language, Wording] = Field(
        default_factory=dict, description="Language tag (BCP 47) to wording."
    )
    failed: Path | None = Field(
        None, description="The event sent once after nobody could be reached with it."
    )


Message = Annotated[
    MessageBody, BeforeValidator(_worded, json_schema_input_type=Text | MessageBody)
]


class ItemBody(Traced):
    """One question of a checklist."""

    text: Text = Field(description="The question or statement.")
    passes: tuple[StrictStr, ...] = Field(
        ("yes",), min_length=1, description="Answers that complete it."
    )
    answers: tuple[StrictStr, ...] = Field(
        ("yes", "no"), min_length=1, description="Answers that may be given."
    )
    reason_for: tuple[StrictStr, ...] = Field((), description="Answers that need a reason.")
    by: Names | None = Field(None, description="Who may answer: roles, slots or sides.")
    recorded_by: Names | None = Field(
        None, description="Who may record the answer of those, with evidence."
    )
    adds_task: dict[Name, Path] = Field(
        default_factory=dict,
        description="Answer to the task list on which it then stands as a task.",
    )


ChecklistItem = Annotated[
    ItemBody, BeforeValidator(_worded, json_schema_input_type=Text | ItemBody)
]


class Checklist(Renamed):
    """Items to be answered; complete when each has an answer that passes."""

    title: Text | None = Field(None, description="What people call it.")
    items: dict[Name, ChecklistItem] = Field(min_length=1, description="The items by name.")
    reset_on: Moments = Field((), description="When all answers are taken away.")


class TaskList(Renamed):
    """Tasks that are named while the case runs, each open until it is done."""

    title: Text | None = Field(None, description="What people call it.")
    by: Names | None = Field(
        None, description="Who may add, give and reopen tasks, and finish those of others."
    )
    reset_on: Moments = Field((), description="When all tasks are taken away.")


class Count(Renamed):
    """How often something has happened in a case, so that a loop can run out."""

    title: Text | None = Field(None, description="What people call it.")
    up_on: SomeMoments = Field(description="When it rises by one.")
    once_per: Literal["person"] | None = Field(
        None, description="Each person raises it once at most."
    )
    reset_on: Moments = Field((), description="When it goes back to nought.")
    at_most: Annotated[StrictInt, Field(ge=1)] | None = Field(
        None, description="An event that would raise it above this is refused."
    )


class EventBody(Traced):
    """What an event is called and what comes with it."""

    title: Text | None = Field(
        None, description="What people call it, such as The manager decides."
    )
    description: Text | None = Field(None, description="When to send it.")
    needs: Names = Field((), description="Data fields that must come with it.")
    may_bring: Names = Field((), description="Data fields that may come with it.")


Event = Annotated[EventBody, BeforeValidator(_titled, json_schema_input_type=Text | EventBody)]
