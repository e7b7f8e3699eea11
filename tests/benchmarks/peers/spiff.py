"""SpiffWorkflow: the ladder in BPMN, a task for each tier and a gateway behind it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.contender import (
    STATES,
    Contender,
    Opened,
    Shelf,
    Step,
    cannot_resolve_here,
    is_staffed,
)

__all__ = ["IN_MEMORY", "PERSISTED", "bpmn"]

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
    'targetNamespace="urn:ladder"><bpmn:process id="ladder" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"
ASKED = (
    "<bpmn:conditionExpression>cannot_resolve_here() and is_staffed()</bpmn:conditionExpression>"
)


def bpmn() -> str:
    """Return the ladder: where a guard says no, the case comes back to the same tier."""
    return HEAD + "".join(_elements()) + TAIL


def _elements() -> Iterator[str]:
    yield '<bpmn:startEvent id="start"/><bpmn:endEvent id="end"/>'
    yield _flow("start", "tier1")
    for tier, above in zip(STATES, STATES[1:], strict=False):
        yield f'<bpmn:manualTask id="{tier}"/>'
        yield f'<bpmn:exclusiveGateway id="after_{tier}" default="after_{tier}-{tier}"/>'
        yield _flow(tier, f"after_{tier}")
        yield _flow(f"after_{tier}", above, ASKED)
        yield _flow(f"after_{tier}", tier)
    yield '<bpmn:manualTask id="decision"/>' + _flow("decision", "end")


def _flow(source: str, target: str, inside: str = "") -> str:
    ends = f'id="{source}-{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inside}</bpmn:sequenceFlow>"


class Workflows:
    """Opens workflows of the ladder, and completes what is ready."""

    def __init__(self) -> None:
        parser = import_module("SpiffWorkflow.bpmn.parser").BpmnParser()
        parser.add_bpmn_io(BytesIO(bpmn().encode()), filename="ladder.bpmn")
        self.spec = parser.get_spec("ladder")
        script_engine = import_module("SpiffWorkflow.bpmn.script_engine")
        environment = script_engine.TaskDataEnvironment(
            {"cannot_resolve_here": cannot_resolve_here, "is_staffed": is_staffed}
        )
        self.scripts = script_engine.PythonScriptEngine(environment)
        self.ready = import_module("SpiffWorkflow").TaskState.READY
        self.workflow = import_module("SpiffWorkflow.bpmn").BpmnWorkflow

    def opened(self) -> Any:
        """Return a workflow in tier1."""
        found = self.workflow(self.spec, script_engine=self.scripts)
        found.do_engine_steps()
        return found

    def escalate(self, workflow: Any) -> str:
        """Complete the task that is ready, and return the next."""
        workflow.get_next_task(state=self.ready, manual=True).run()
        workflow.do_engine_steps()
        return str(workflow.get_next_task(state=self.ready, manual=True).task_spec.name)


def in_memory(_folder: Path, _cases: int) -> Opened:
    """A workflow for each case, which keeps its finished tasks."""
    workflows = Workflows()

    def opened() -> Step:
        case = workflows.opened()
        return lambda: workflows.escalate(case)

    return opened


def serialised(folder: Path, _cases: int) -> Opened:
    """Its serialiser's JSON in a row: the whole workflow with its specification, each time."""
    workflows, shelf = Workflows(), Shelf(folder / "spiff.db")
    serialiser = import_module("SpiffWorkflow.bpmn.serializer").BpmnWorkflowSerializer()

    def opened() -> Step:
        number = shelf.add(serialiser.serialize_json(workflows.opened()))

        def step() -> str:
            case = serialiser.deserialize_json(shelf.load(number))
            case.script_engine = workflows.scripts
            state = workflows.escalate(case)
            shelf.save(number, serialiser.serialize_json(case))
            return state

        return step

    return opened


IN_MEMORY = (Contender("SpiffWorkflow", "SpiffWorkflow", "every task so far", in_memory),)
PERSISTED = (
    Contender(
        "SpiffWorkflow, its serialiser",
        "SpiffWorkflow",
        "specification and tasks, one row",
        serialised,
    ),
)
