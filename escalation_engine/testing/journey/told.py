"""A journey as a scenario file, and back: what the process says, to be played and kept.

A journey is saved in the format of scenarios, so that one command plays either, and a journey that
has found a fault can stay as a story.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    Actor,
    Decision,
    Fulfilled,
    Opened,
    Recorded,
    Refusal,
    Sent,
)
from escalation_engine.errors import BadInput
from escalation_engine.loader import load
from escalation_engine.loader.write import write_document
from escalation_engine.testing.elapsing import instant_after
from escalation_engine.testing.journey.journey import Doing, Journey, JourneyStep, Said, Waiting
from escalation_engine.testing.journey.model import Model
from escalation_engine.testing.scenario import (
    AtStep,
    FulfilStep,
    OpenStep,
    RecordStep,
    Scenario,
    SendStep,
    Step,
    WaitStep,
    read_scenario,
)

__all__ = ["journey_of", "read_journey", "scenario_text"]


def scenario_text(
    journey: Journey, chart: Chart, *, process: Path, folder: Path, title: str, remark: str = ""
) -> str:
    """Return the journey as a scenario of the process file, with what the process says to it.

    It is to stand in `folder`, from where it refers to the process; `remark` becomes a comment.
    """
    relative = os.path.relpath(process.resolve(), folder.resolve())
    document = {
        "scenario": title,
        "process": Path(relative).as_posix(),
        "starts": journey.starts.isoformat(),
        "people": {name: sorted(actor.roles) for name, actor in journey.people.items()},
        "steps": list(_told(journey, chart)),
    }
    comment = "".join(f"# {line}".rstrip() + "\n" for line in remark.splitlines())
    return comment + write_document(document)


def read_journey(path: Path | str) -> Journey:
    """Return the journey in a scenario file.

    Raises DefinitionError with every fault of the file or its process, BadInput for a step that is
    none of a journey (a note, a directory, a delivery), OSError.
    """
    scenario = read_scenario(path)
    return journey_of(scenario, load(scenario.process_file, parameters=scenario.script.parameters))


def journey_of(scenario: Scenario, chart: Chart) -> Journey:
    """Return the steps of a scenario as a journey through its process. Raises BadInput."""
    script = scenario.script
    guards: dict[str, bool] = {name: _answer(given) for name, given in script.guards.items()}
    people = {name: Actor(name, roles) for name, roles in script.people.items()}
    model = Model(chart, starts=script.starts.astimezone(UTC))
    steps: list[JourneyStep] = []
    for number, step in enumerate(script.steps, start=1):
        guards.update((name, _answer(given)) for name, given in step.guards.items())
        found = _read(step, chart, people, model.now)
        if found is None:
            what = f"step {number} of {scenario.path}"
            raise BadInput(what, "it is none of a journey", accepted="open, send, record, fulfil")
        fits = Waiting(found, guards) if isinstance(found, datetime) else Doing(found, guards)
        steps.append(model.asked(fits))
    return Journey(chart.process, script.starts.astimezone(UTC), tuple(steps))


def _answer(given: tuple[Any, ...]) -> bool:
    last = given[-1] if given else "no"
    return (last if isinstance(last, str) else next(iter(last))) == "yes"


def _told(journey: Journey, chart: Chart) -> Iterator[dict[str, object]]:
    model = Model(chart, starts=journey.starts)
    for step in journey.steps:
        found = model.take(step)
        if isinstance(step, Waiting):
            told: dict[str, object] = {"at": step.until.isoformat()}
        else:
            told = _doing(step.input)
            if isinstance(found[-1], Refusal):
                told["refused"] = list(dict.fromkeys(one.kind for one in found[-1].reasons))
        if step.guards:
            told["guards"] = {name: "yes" if yes else "no" for name, yes in step.guards.items()}
        if any(isinstance(one, Decision) for one in found) and model.case is not None:
            told["then"] = _then(chart, model.states)
        yield told


def _then(chart: Chart, states: Mapping[str, str]) -> dict[str, object]:
    if len(chart.tracks) > 1:
        return {"states": dict(states)}
    return {"state": next(iter(states.values()))}


def _doing(said: Said) -> dict[str, object]:
    told: dict[str, object]
    match said:
        case Opened():
            told = {"open": said.event}
        case Sent():
            told = {"send": said.event}
        case Fulfilled():
            told = {"fulfil": said.duty}
        case Recorded():
            told = {"record": _facts(said)}
    told["by"] = said.by.id
    if said.data and not isinstance(said, Recorded):
        told["data"] = dict(said.data)
    for key in ("note", "channel", "evidence", "on_behalf_of"):
        if (value := getattr(said, key)) is not None:
            told[key] = value
    return told


def _facts(said: Recorded) -> dict[str, object]:
    facts: dict[str, object] = {"data": dict(said.data)} if said.data else {}
    if said.checklists:
        facts["checklists"] = {
            checklist: {
                item: answer if reason is None else {answer: reason}
                for item, (answer, reason) in items.items()
            }
            for checklist, items in said.checklists.items()
        }
    return facts


def _read(
    step: Step, chart: Chart, people: Mapping[str, Actor], now: datetime
) -> Said | datetime | None:
    match step:
        case AtStep():
            return step.at.astimezone(UTC)
        case WaitStep():
            return instant_after(chart, now, step.wait)
        case OpenStep():
            return Opened(step.open, people[step.by], step.data, **_along(step))
        case SendStep():
            return Sent(step.send, people[step.by], step.data, **_along(step))
        case FulfilStep():
            return Fulfilled(step.fulfil, people[step.by], step.data, **_along(step))
        case RecordStep():
            answers = {
                checklist: {item: _with_reason(given) for item, given in items.items()}
                for checklist, items in step.record.answers().items()
            }
            return Recorded(people[step.by], step.record.data, answers, **_along(step))
        case _:
            return None


def _with_reason(given: str | tuple[str, str | None]) -> tuple[str, str | None]:
    return (given, None) if isinstance(given, str) else given


def _along(step: OpenStep | SendStep | RecordStep | FulfilStep) -> dict[str, Any]:
    return {
        "note": step.note,
        "channel": step.channel,
        "evidence": step.evidence,
        "on_behalf_of": step.on_behalf_of,
    }
