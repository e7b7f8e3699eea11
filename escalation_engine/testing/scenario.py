"""A scenario: a story in YAML about one case, with what is expected after each step and at the end.

Process owners write it; it is played on the real engine by `playing.play`, in tests and by
`escalate play --script`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    ValidationError,
)

from escalation_engine.errors import DefinitionError, Mark
from escalation_engine.loader.faults import Faults
from escalation_engine.loader.tree import MarkedMap, locate
from escalation_engine.loader.yaml import parse
from escalation_engine.testing.expected import Expected, Part, Text, Texts
from escalation_engine.testing.faulty import note_faults
from escalation_engine.testing.steps import (
    MODELS,
    Acting,
    Answer,
    AtStep,
    Away,
    DeliverStep,
    Directory,
    DirectoryStep,
    Facts,
    FulfilStep,
    Guards,
    NoteStep,
    OpenStep,
    RecordStep,
    Refused,
    SendStep,
    Step,
    TaskStep,
    WaitStep,
)

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
    "TaskStep",
    "WaitStep",
    "read_scenario",
]


START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""The instant at which a scenario begins that does not say: a Monday morning."""


class Script(Part):
    """What a scenario file says."""

    model_config = ConfigDict(title="Scenario")

    scenario: Text = Field(description="The claim, as a title.")
    process: Text = Field(description="The process file, relative to this file.")
    shows: tuple[Text, ...] = Field((), description="Acceptance criteria that it stands for.")
    starts: AwareDatetime = Field(
        START, description="The instant at which it begins; else a Monday in January, 09:00 UTC."
    )
    configurations: Annotated[StrictInt, Field(ge=1)] | None = Field(
        None,
        description="How many configurations the process can reach, for the pytest plugin: the "
        "number changes with what the process can do.",
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


_MODELS: dict[str, type[BaseModel]] = {"": Script, "then": Expected, **MODELS}


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
