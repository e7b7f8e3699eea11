"""A journey: opening, events, records and waits in one case, with what the host's guards answer.

It is a value. It knows no chart and does nothing; a model, a host or the engine takes its steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from escalation_engine.core import Actor, Fulfilled, Opened, Recorded, Sent

__all__ = ["Doing", "Journey", "JourneyStep", "Said", "Waiting"]

Said = Opened | Sent | Recorded | Fulfilled
"""What a person can do in a journey."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Somebody does something; `guards` are the answers that the host's guards give to it."""

    input: Said
    guards: Mapping[str, bool] = field(default_factory=dict)

    @property
    def by(self) -> Actor:
        """Who does it."""
        return self.input.by

    @property
    def event(self) -> str:
        """The event that is sent or opens the case; a duty's name, or `record`."""
        match self.input:
            case Opened(event=name) | Sent(event=name) | Fulfilled(duty=name):
                return name
            case Recorded():
                return "record"

    @property
    def data(self) -> dict[str, Any]:
        """The data that come along."""
        return dict(self.input.data)

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """The answers to checklists that are recorded, as the engine's `record` takes them."""
        found = self.input.checklists if isinstance(self.input, Recorded) else {}
        return {
            checklist: {
                item: answer if why is None else (answer, why)
                for item, (answer, why) in items.items()
            }
            for checklist, items in found.items()
        }

    @property
    def said(self) -> dict[str, Any]:
        """Everything but the event, as the engine's `send` and `open_case` take it."""
        return {
            "by": self.input.by,
            "data": self.data,
            "note": self.input.note,
            "channel": self.input.channel,
            "evidence": self.input.evidence,
            "on_behalf_of": self.input.on_behalf_of,
        }

    def __str__(self) -> str:
        parts = [self.event, f"by {self.input.by.id}"]
        if isinstance(self.input, Recorded):
            parts += [f"{name} {_items(items)}" for name, items in self.input.checklists.items()]
        elif isinstance(self.input, Fulfilled):
            parts[0] = f"fulfil {self.event}"
        if self.input.on_behalf_of is not None:
            parts.append(f"for {self.input.on_behalf_of}")
        if self.input.data:
            parts.append("{" + _pairs(self.input.data) + "}")
        if self.input.note is not None:
            parts.append("with a note")
        if self.guards:
            told = {name: "yes" if answer else "no" for name, answer in self.guards.items()}
            parts.append(f"({_pairs(told)})")
        return " ".join(parts)

    def _repr_pretty_(self, printer: Any, _is_cycle: object) -> None:  # how Hypothesis prints it
        printer.text(f"<{self}>")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Time passes until an instant, and what is due on the way happens; `why` says which instant.

    `guards` are the answers to what is asked on the way.
    """

    until: datetime
    guards: Mapping[str, bool] = field(default_factory=dict)
    why: str = field(default="", compare=False)

    def __str__(self) -> str:
        why = f", {self.why}" if self.why else ""
        return f"wait until {self.until.isoformat(' ', 'seconds')}{why}"

    def _repr_pretty_(self, printer: Any, _is_cycle: object) -> None:  # how Hypothesis prints it
        printer.text(f"<{self}>")


JourneyStep = Doing | Waiting


@dataclass(frozen=True, slots=True)
class Journey:
    """What happens to one case of a process from an instant on."""

    process: str
    starts: datetime
    steps: tuple[JourneyStep, ...] = ()

    @property
    def people(self) -> dict[str, Actor]:
        """Everybody who does something, by id, in the order of their first step."""
        return {step.by.id: step.by for step in self.steps if isinstance(step, Doing)}

    def __str__(self) -> str:
        return "\n".join(f"{number:>4}  {step}" for number, step in enumerate(self.steps, 1))

    def __repr__(self) -> str:
        steps = "; ".join(map(str, self.steps))
        return f"<journey through {self.process} from {self.starts.isoformat()}: {steps}>"

    def _repr_pretty_(self, printer: Any, _is_cycle: object) -> None:  # how Hypothesis prints it
        printer.text(repr(self))


def _pairs(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in facts.items())


def _items(items: Mapping[str, tuple[str, str | None]]) -> str:
    return "{" + _pairs({name: answer for name, (answer, _) in items.items()}) + "}"
