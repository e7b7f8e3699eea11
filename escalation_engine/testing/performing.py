"""Takes the steps of a scenario on the real engine: opens, sends, records, waits, delivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escalation_engine.chart.model import Chart
from escalation_engine.core import Actor
from escalation_engine.runtime import Engine
from escalation_engine.testing.clock import ManualClock
from escalation_engine.testing.elapsing import instant_after, pass_time
from escalation_engine.testing.scenario import (
    AtStep,
    DeliverStep,
    DirectoryStep,
    FulfilStep,
    NoteStep,
    OpenStep,
    RecordStep,
    SendStep,
    Step,
    TaskStep,
    WaitStep,
)
from escalation_engine.testing.stage import ScriptedDirectory, ScriptedHooks

__all__ = ["Performing"]

_Acting = SendStep | RecordStep | NoteStep | FulfilStep | TaskStep


class Performing:
    """Takes one step after the other; the case that they are about is `case_id`."""

    def __init__(
        self,
        chart: Chart,
        *,
        engine: Engine,
        clock: ManualClock,
        hooks: ScriptedHooks,
        directory: ScriptedDirectory | None,
        people: Mapping[str, Actor],
    ) -> None:
        self.case_id: str | None = None
        self.chart = chart
        self._engine = engine
        self._clock = clock
        self._hooks = hooks
        self._directory = directory
        self.people = people

    def take(self, step: Step) -> None:
        """Take a step. Raises what the engine raises, LookupError for what the script lacks."""
        match step:
            case DirectoryStep():
                if self._directory is None:
                    raise LookupError("there is no `directory` at the top that could change")
                self._directory.change(step.directory)
            case DeliverStep():
                self._hooks.report(step.deliver)
                self._engine.tick()
            case WaitStep():
                until = instant_after(self.chart, self._clock.now(), step.wait)
                pass_time(self._engine, self._clock, until=until)
            case AtStep():
                if step.at < (now := self._clock.now()):
                    raise LookupError(f"it is {now.isoformat()} already, and time goes on only")
                pass_time(self._engine, self._clock, until=step.at)
            case OpenStep():
                self._open(step)
            case SendStep() | RecordStep() | NoteStep() | FulfilStep() | TaskStep():
                self._act(step, self.opened())

    def opened(self) -> str:
        """Return the id of the case. Raises LookupError before it is open."""
        if self.case_id is None:
            raise LookupError("the case is not open yet: the first step opens it")
        return self.case_id

    def _open(self, step: OpenStep) -> None:
        if self.case_id is not None:
            raise LookupError("the case is open already; a scenario is about one case")
        case = self._engine.open_case(
            self.chart.process,
            event=step.open,
            reference=step.reference,
            by=self.people[step.by],
            channel=step.channel,
            data=step.data,
            note=step.note,
            evidence=step.evidence,
            on_behalf_of=step.on_behalf_of,
        )
        self.case_id = case.id

    def _act(self, step: _Acting, case_id: str) -> None:
        by, channel = self.people[step.by], step.channel
        if isinstance(step, TaskStep):
            self._change_task(step, case_id)
            return
        if isinstance(step, NoteStep):
            self._engine.note(case_id, step.note, by=by, kind=step.kind, channel=channel)
            return
        along: dict[str, Any] = {
            "by": by,
            "channel": channel,
            "note": step.note,
            "evidence": step.evidence,
            "on_behalf_of": step.on_behalf_of,
        }
        match step:
            case SendStep():
                self._engine.send(case_id, step.send, data=step.data, **along)
            case FulfilStep():
                self._engine.fulfil(case_id, step.fulfil, data=step.data, **along)
            case RecordStep():
                facts = step.record
                self._engine.record(case_id, data=facts.data, checklists=facts.answers(), **along)

    def _change_task(self, step: TaskStep, case_id: str) -> None:
        ((tasks, text),) = step.task.items()
        engine, by = self._engine, self.people[step.by]
        along: dict[str, Any] = {"note": step.note, "channel": step.channel}
        if step.is_ == "added":
            engine.add_task(case_id, tasks, text, owner=step.owner, by=by, **along)
            return
        listed = engine.case(case_id).tasks.get(tasks, ())
        number = next((task.number for task in listed if task.text == text), 0)
        match step.is_:
            case "finished":
                engine.finish_task(case_id, tasks, number, by=by, **along)
            case "reopened":
                engine.reopen_task(case_id, tasks, number, by=by, **along)
            case "given":
                engine.give_task(case_id, tasks, number, owner=step.owner, by=by, **along)
