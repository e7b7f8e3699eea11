"""A scenario: a story in YAML about one case, with what is expected after each step and at the end.

Process owners write it; it is played on the real engine by `playing.play`, in tests and by
`escalate play --script`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
)

from escalation_engine.errors import DefinitionError, Mark
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedMap, locate
from escalation_engine.loader.yaml import parse
from escalation_engine.testing.expected import Expected, Part, Text, Texts, listed
from escalation_engine.testing.faulty import note_faults

__all__ = [
    "START",
    "Acting",
    "Answer",
    "AtStep",
    "Away",
    "DeliverStep",
    "Directory",
    "DirectoryStep",
    "Expected",
    "Facts",
    "FulfilStep",
    "Guards",
    "NoteStep",
    "OpenStep",
    "RecordStep",
    "Refused",
    "Scenario",
    "Script",
    "SendStep",
    "Step",
    "WaitStep",
    "read_scenario",
]


START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""The instant at which a scenario begins that does not say: a Monday morning."""

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


_KINDS = ("open", "send", "record", "fulfil", "wait", "at", "directory", "deliver", "note")


def _kind(value: object) -> str | None:
    keys = value if isinstance(value, Mapping) else ()
    return next((f"a step: {kind}" for kind in _KINDS if kind in keys), None)


Step = Annotated[
    Annotated[OpenStep, Tag("a step: open")]
    | Annotated[SendStep, Tag("a step: send")]
    | Annotated[RecordStep, Tag("a step: record")]
    | Annotated[FulfilStep, Tag("a step: fulfil")]
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


class Script(Part):
    """What a scenario file says."""

    model_config = ConfigDict(title="Scenario")

    scenario: Text = Field(description="The claim, as a title.")
    process: Text = Field(description="The process file, relative to this file.")
    shows: tuple[Text, ...] = Field((), description="Acceptance criteria that it stands for.")
    starts: AwareDatetime = Field(
        START, description="The instant at which it begins; else a Monday in January, 09:00 UTC."
    )
    parameters: dict[Text, Any] = Field(default_factory=dict, description="Knobs that are turned.")
    people: dict[Text, Texts] = Field(min_length=1, description="Person to roles.")
    directory: Directory | None = Field(
        None,
        description="Who holds a role now. A role that is not named is held by the first of "
        "`people` who has it. Without `directory` the role itself holds the case.",
    )
    guards: Guards = Field(
        default_factory=dict,
        description="Answers of the host. A list is used up in order, then its last answer stays.",
    )
    steps: tuple[Step, ...] = Field(min_length=1, description="What happens, in order.")
    then: Expected | None = Field(None, description="What is expected at the end.")


_MODELS: dict[str, type[BaseModel]] = {
    "": Script,
    "then": Expected,
    "record": Facts,
    "Away": Away,
    "a step: open": OpenStep,
    "a step: send": SendStep,
    "a step: record": RecordStep,
    "a step: directory": DirectoryStep,
    "a step: deliver": DeliverStep,
    "a step: note": NoteStep,
    "a step: fulfil": FulfilStep,
    "a step: wait": WaitStep,
    "a step: at": AtStep,
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that was read. It knows the place of all that it says."""

    path: Path
    script: Script
    tree: MarkedMap

    @property
    def process_file(self) -> Path:
        """The process that it is about."""
        return self.path.parent / self.script.process

    def mark(self, *path: str | int) -> Mark:
        """Return the place of what stands at `path`, or of what is around it."""
        return locate(self.tree, path)


def read_scenario(path: Path | str) -> Scenario:
    """Return the scenario in a file. Raises DefinitionError with every fault found, OSError."""
    path = Path(path)
    content = path.read_bytes()
    tree, findings = parse(content, str(path))
    if tree is None or findings:
        raise DefinitionError(findings)
    faults = Faults(str(path), text=content.decode())
    try:
        script = Script.model_validate(tree)
    except ValidationError as error:
        note_faults(error.errors(include_url=False), tree, faults, models=_MODELS)
        raise DefinitionError(faults.in_file_order()) from None
    _note_strangers(script, tree, faults)
    if faults.findings:
        raise DefinitionError(faults.in_file_order())
    return Scenario(path, script, tree)


def _note_strangers(script: Script, tree: MarkedMap, faults: Faults) -> None:
    for index, step in enumerate(script.steps):
        if isinstance(step, Acting) and step.by not in script.people:
            message = f"`{step.by}` is not one of the people"
            mark = locate(tree, ("steps", index, "by"))
            faults.add("E113", message, mark, f"accepted: {', '.join(script.people)}")
