"""The steps of a scenario: one thing each that is done, by a person, the host or time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Discriminator, Field, Tag

from escalation_engine.testing.expected import Expected, Part, Text, Texts, listed

__all__ = [
    "MODELS",
    "Acting",
    "Answer",
    "AtStep",
    "Away",
    "DeliverStep",
    "Directory",
    "DirectoryStep",
    "Facts",
    "FulfilStep",
    "Guards",
    "NoteStep",
    "OpenStep",
    "RecordStep",
    "Refused",
    "SendStep",
    "Step",
    "TaskStep",
    "WaitStep",
]

Word = Literal["yes", "no"]
Answer = Word | dict[Word, Text]
"""A guard's answer, alone or with its reason: `no`, or `{no: The part is missing}`."""
Guards = dict[Text, Annotated[tuple[Answer, ...], BeforeValidator(listed)]]


class Away(Part):
    """Nobody is there, and why."""

    unavailable: Text = Field(description="Why nobody is there, such as on leave.")


Directory = dict[Text, Text | Away | None]
Refused = Texts | dict[Text, Texts]


class _Step(Part):
    guards: Guards = Field(default_factory=dict, description="Answers of guards from here on.")
    then: Expected | None = Field(None, description="What is expected after this step.")


class Acting(_Step):
    """A step that somebody takes, and that the process may refuse."""

    by: Text = Field(description="Who does it, one of `people`.")
    channel: Text | None = Field(None, description="How it came, such as phone or email.")
    refused: Refused | None = Field(
        None,
        description="The process says no. Kind of the reason, or kind to its subject or words, "
        "such as {missing_data: resolution}.",
    )


class _Sending(Acting):
    data: dict[Text, Any] = Field(default_factory=dict, description="Data that come along.")
    note: Text | None = Field(None, description="A note that comes along.")
    evidence: Text | None = Field(None, description="What shows it.")
    on_behalf_of: Text | None = Field(None, description="Whose word it is.")


class OpenStep(_Sending):
    """The case is opened."""

    open: Text = Field(description="The opening event.")
    reference: Text | None = Field(None, description="The host's own name for the case.")


class SendStep(_Sending):
    """An event is sent."""

    send: Text = Field(description="The event.")


class Facts(Part):
    """What is recorded without an event."""

    data: dict[Text, Any] = Field(default_factory=dict, description="Field to value.")
    checklists: dict[Text, dict[Text, Text | dict[Text, Text]]] = Field(
        default_factory=dict,
        description="Checklist to item to answer; {na: reason} gives a reason along.",
    )

    def answers(self) -> dict[str, dict[str, str | tuple[str, str | None]]]:
        """Return the answers as the engine takes them."""
        return {
            checklist: {
                item: given if isinstance(given, str) else next(iter(given.items()))
                for item, given in items.items()
            }
            for checklist, items in self.checklists.items()
        }


class RecordStep(Acting):
    """Facts or answers to a checklist are recorded, without an event."""

    record: Facts = Field(description="What is recorded.")
    note: Text | None = Field(None, description="A note that comes along.")
    evidence: Text | None = Field(None, description="What shows it.")
    on_behalf_of: Text | None = Field(None, description="Whose word it is.")


class NoteStep(Acting):
    """Somebody writes something down."""

    note: Text = Field(description="What is written.")
    kind: Literal["note", "condition", "decision"] = Field("note", description="What it is.")


class FulfilStep(_Sending):
    """A duty is done."""

    fulfil: Text = Field(description="The duty.")


class TaskStep(Acting):
    """A task of a list is added, finished, given to another owner, or opened again."""

    task: dict[Text, Text] = Field(
        min_length=1, max_length=1, description="Task list to the text of the task."
    )
    is_: Literal["added", "finished", "given", "reopened"] = Field(
        "added", alias="is", description="What is done with it."
    )
    owner: Text | None = Field(None, description="Its owner, a person or a role.")
    note: Text | None = Field(None, description="A note that comes along.")


class WaitStep(_Step):
    """Time passes, and everything happens when it is due."""

    wait: Text = Field(description="How long: `2 working days`, or `until Monday 09:00`.")


class AtStep(_Step):
    """Time passes until an instant, and everything happens when it is due."""

    at: AwareDatetime = Field(description="The instant, such as 2026-06-08T10:00:00+01:00.")


class DirectoryStep(_Step):
    """Other people hold the roles from here on."""

    directory: Directory = Field(description="Role to person, or {unavailable: why}.")


class DeliverStep(_Step):
    """The host does what waits in the outbox."""

    deliver: dict[Text, Text | None] = Field(
        description="Action to the event that it reports, or `fails`; the others succeed."
    )


_KINDS = (
    "open", "send", "record", "fulfil", "task", "wait", "at", "directory", "deliver", "note",
)  # fmt: skip


def _kind(value: object) -> str | None:
    keys = value if isinstance(value, Mapping) else ()
    return next((f"a step: {kind}" for kind in _KINDS if kind in keys), None)


Step = Annotated[
    Annotated[OpenStep, Tag("a step: open")]
    | Annotated[SendStep, Tag("a step: send")]
    | Annotated[RecordStep, Tag("a step: record")]
    | Annotated[FulfilStep, Tag("a step: fulfil")]
    | Annotated[TaskStep, Tag("a step: task")]
    | Annotated[WaitStep, Tag("a step: wait")]
    | Annotated[AtStep, Tag("a step: at")]
    | Annotated[DirectoryStep, Tag("a step: directory")]
    | Annotated[DeliverStep, Tag("a step: deliver")]
    | Annotated[NoteStep, Tag("a step: note")],
    Discriminator(
        _kind,
        custom_error_type="no_step",
        custom_error_message=f"a step says what is done: {', '.join(_KINDS)}",
    ),
]


MODELS: dict[str, type[BaseModel]] = {
    "record": Facts,
    "Away": Away,
    "a step: open": OpenStep,
    "a step: send": SendStep,
    "a step: record": RecordStep,
    "a step: directory": DirectoryStep,
    "a step: deliver": DeliverStep,
    "a step: note": NoteStep,
    "a step: fulfil": FulfilStep,
    "a step: task": TaskStep,
    "a step: wait": WaitStep,
    "a step: at": AtStep,
}
"""The models by the words that faults name them with."""
