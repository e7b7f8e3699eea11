"""The planted defects in the form of each other library, with the strictest checks it offers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from typing import Any

from tests.benchmarks.peers.contender import is_staffed
from tests.benchmarks.peers.plan import CannotBeWritten, Defect, Way
from tests.benchmarks.peers.spiff import HEAD, TAIL

__all__ = ["in_python_statemachine", "in_sismic", "in_spiff", "in_transitions", "in_xstate"]


def _knows(defect: Defect, *concepts: str) -> None:
    """No library has an owner of a state; none has a timer that sends an event of a state."""
    if defect.asks_for and defect.asks_for not in concepts:
        raise CannotBeWritten


def _ways(defect: Defect) -> Iterator[tuple[str, Way]]:
    for state, ways in defect.ways.items():
        for way in ways:
            yield state, way


class _Model:
    """A model that has the one guard."""

    def is_staffed(self, *_: object) -> bool:
        """Answer yes."""
        return True


def in_transitions(defect: Defect) -> None:
    """A machine with a model; a state is added with every check on."""
    _knows(defect, "key")
    states = [*defect.ways, "done"]
    machine = import_module("transitions").Machine(
        _Model(), states, initial="start", auto_transitions=False
    )
    for state, way in _ways(defect):
        if way.event is None:
            raise CannotBeWritten
        conditions = "conditons" if defect.asks_for == "key" else "conditions"
        machine.add_transition(way.event, state, way.target, **{conditions: way.guard})


def in_python_statemachine(defect: Defect) -> None:
    """A class with all its validations, and one instance."""
    _knows(defect, "key")
    package = import_module("statemachine")
    states = {
        name: package.State(initial=name == "start", final=name == "done")
        for name in [*defect.ways, "done"]
    }
    events: dict[str, Any] = {}
    for state, way in _ways(defect):
        condition = "kond" if defect.asks_for == "key" else "cond"
        made = states[state].to(states[way.target], **{condition: way.guard})
        if way.event is not None:
            events[way.event] = events[way.event] | made if way.event in events else made
    type("Planted", (package.StateMachine,), {**states, **events})(_Model())


def in_sismic(defect: Defect) -> None:
    """A statechart with its schema and its validation, and an interpreter."""
    _knows(defect, "key")
    states: list[dict[str, Any]] = [{"name": "done", "type": "final"}]
    for name, ways in defect.ways.items():
        found = []
        for way in ways:
            given = {"target": way.target, "event": way.event}
            if way.guard:
                given["guard"] = f"{way.guard}()"
            if defect.asks_for == "key":
                given["gaurd"] = "True"
            found.append({key: value for key, value in given.items() if value is not None})
        states.append({"name": name, "transitions": found})
    root = {"name": "root", "initial": "start", "states": states}
    text = json.dumps({"statechart": {"name": "planted", "root state": root}})
    chart = import_module("sismic.io").import_from_yaml(text)
    hooks = {"is_staffed": is_staffed}
    import_module("sismic.interpreter").Interpreter(chart, initial_context=hooks)


def in_xstate(defect: Defect) -> None:
    """A machine with strict configuration, strict targets and strict events; an interpreter."""
    _knows(defect, "key")
    package = import_module("xstate_statemachine")
    states: dict[str, Any] = {"done": {"type": "final"}}
    for name, ways in defect.ways.items():
        on: dict[str, list[dict[str, Any]]] = {}
        state: dict[str, Any] = {"on": on}
        for way in ways:
            given: dict[str, Any] = {"target": way.target}
            if way.guard:
                given["guard"] = way.guard
            if defect.asks_for == "key":
                given["gaurd"] = "is_staffed"
            into = (
                state.setdefault("always", [])
                if way.event is None
                else on.setdefault(way.event, [])
            )
            into.append(given)
        states[name] = state
    machine = package.create_machine(
        {"id": "planted", "initial": "start", "states": states},
        logic=package.MachineLogic(guards={"is_staffed": is_staffed}),
        strict_config=True,
    )
    package.SyncInterpreter(machine, strict=True)


def in_spiff(defect: Defect) -> None:
    """BPMN held to its schema; a state is a task with a gateway, an event a flow out of it."""
    _knows(defect, "key")
    package = import_module("SpiffWorkflow.bpmn.parser")
    validator = import_module("SpiffWorkflow.bpmn.parser.BpmnParser").BpmnValidator()
    parser = package.BpmnParser(validator=validator)
    parser.add_bpmn_io(BytesIO(_bpmn(defect).encode()), filename="planted.bpmn")
    import_module("SpiffWorkflow.bpmn").BpmnWorkflow(parser.get_spec("ladder"))


def _bpmn(defect: Defect) -> str:
    ends = "id='{0}-{1}-{2}' sourceRef='{0}' targetRef='{1}'{4}"
    flow = f"<bpmn:sequenceFlow {ends}>{{3}}</bpmn:sequenceFlow>"
    misspelt = " targtRef='done'" if defect.asks_for == "key" else ""
    parts = ["<bpmn:startEvent id='begin'/><bpmn:endEvent id='done'/>"]
    parts.append(flow.format("begin", "start", 0, "", ""))
    for name, ways in defect.ways.items():
        kind = "task" if any(way.event is None for way in ways) else "manualTask"
        parts.append(f"<bpmn:{kind} id='{name}'/>")
        if len(ways) > 1 or any(way.guard for way in ways):
            parts.append(f"<bpmn:exclusiveGateway id='after_{name}'/>")
            parts.append(flow.format(name, f"after_{name}", 0, "", ""))
        for number, way in enumerate(ways):
            is_choice = len(ways) > 1 or way.guard
            asked = f"{way.guard}()" if way.guard else f"event == '{way.event}'"
            inside = f"<bpmn:conditionExpression>{asked}</bpmn:conditionExpression>"
            source = f"after_{name}" if is_choice else name
            parts.append(
                flow.format(source, way.target, number, inside if is_choice else "", misspelt)
            )
    return HEAD + "".join(parts) + TAIL
