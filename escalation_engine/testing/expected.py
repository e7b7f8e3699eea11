"""What a scenario expects after a step and at the end, as its author writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
)

__all__ = ["Expected", "Part", "Text", "Texts", "listed"]


class Part(BaseModel):
    """A part of a scenario; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def listed(value: object) -> object:
    """Return a list: one thing may be written without brackets."""
    return value if isinstance(value, list) else [value]


Text = Annotated[StrictStr, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]


class Expected(Part):
    """What is expected. Lists tell what this step did; at the end, what all steps did."""

    state: Text | None = Field(None, description="The state of the main track, by its full path.")
    states: dict[Text, Text] | None = Field(None, description="Track to its state.")
    outcome: Text | None = Field(None, description="How the case ended; `none` while it is open.")
    assignee: Text | None = Field(None, description="Who works on it: person, role, or nobody.")
    owner: Text | None = Field(None, description="Who is accountable: person, role, or nobody.")
    slots: dict[Text, Text] | None = Field(None, description="Slot to person, role, or nobody.")
    data: dict[Text, Any] | None = Field(None, description="Field to value; null: not set.")
    count: dict[Text, StrictInt] | None = Field(None, description="Count to its value.")
    tasks: dict[Text, dict[Text, Literal["open", "done"]]] | None = Field(
        None, description="Task list to all its tasks by their text, open or done."
    )
    due: dict[Text, AwareDatetime | None] | None = Field(
        None, description="Timer, clock or duty to the instant it is due; null: it is not due."
    )
    clocks: dict[Text, Text] | None = Field(
        None, description="Clock to running, paused, met or breached; `none` before it starts."
    )
    duties: dict[Text, Text] | None = Field(
        None, description="Duty to waiting, open, done, missed or skipped; `none` before it opens."
    )
    notified: Texts | None = Field(None, description="Roles, slots or persons told, in order.")
    performed: Texts | None = Field(None, description="Actions asked of the host, in order.")
    alarms: Texts | None = Field(None, description="Subjects of alarms raised, in order.")
    journal: Texts | None = Field(
        None,
        description="Entries: events, record, note, what fell due, or how an attempt to tell "
        "somebody went.",
    )
    fired: Texts | None = Field(
        None, description="Timers that fired, in order; `NAME 75%` for a warning of any kind."
    )
    breached: Texts | None = Field(None, description="Clocks that were breached, in order.")
    digests: Texts | None = Field(
        None,
        description="Digests that fell due and list the case, in order: NAME, or NAME for HOLDER.",
    )
    holders: dict[Text, Texts] | None = Field(
        None, description="Slot to everybody to whom the journal says that it was given, in order."
    )
    options: Texts | None = Field(None, description="Events that somebody of `people` could send.")
    not_options: Texts | None = Field(None, description="Events that nobody of them could send.")
