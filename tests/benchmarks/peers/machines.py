"""State machines and statecharts: transitions, python-statemachine, sismic, xstate-statemachine."""

from __future__ import annotations

import pickle
from importlib import import_module
from itertools import count
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

__all__ = ["IN_MEMORY", "PERSISTED"]

GUARDS = ["cannot_resolve_here", "is_staffed"]
RUNGS = list(zip(STATES, STATES[1:], strict=False))


class Ticket:
    """A model of `transitions`: a state and the two guards."""

    state = ""

    def cannot_resolve_here(self) -> bool:
        """Answer the first guard."""
        return True

    def is_staffed(self) -> bool:
        """Answer the second guard."""
        return True


def stock_machine(model: object) -> Any:
    """Return a machine of `transitions` with all its defaults, for one model or for none."""
    machine = import_module("transitions").Machine(model, list(STATES), initial="tier1")
    for source, dest in RUNGS:
        machine.add_transition("escalate", source, dest, conditions=GUARDS)
    return machine


def stock(_folder: Path, _cases: int) -> Opened:
    """One machine, and a model for each case, as its authors advise."""
    machine = stock_machine(None)

    def opened() -> Step:
        ticket: Any = Ticket()
        machine.add_model(ticket)

        def step() -> str:
            ticket.escalate()
            state: str = ticket.state
            return state

        return step

    return opened


def stock_pickled(folder: Path, _cases: int) -> Opened:
    """A machine for each case, pickled into a row."""
    shelf = Shelf(folder / "transitions.db")

    def opened() -> Step:
        ticket = Ticket()
        stock_machine(ticket)
        number = shelf.add(pickle.dumps(ticket))

        def step() -> str:
            loaded = pickle.loads(shelf.load(number))  # type: ignore[arg-type]  # noqa: S301 - ours
            loaded.escalate()
            shelf.save(number, pickle.dumps(loaded))
            state: str = loaded.state
            return state

        return step

    return opened


def ladder_class() -> Any:
    """Return the ladder as a class of python-statemachine."""
    statemachine = import_module("statemachine")
    states = {
        name: statemachine.State(initial=name == "tier1", final=name == "decision")
        for name in STATES
    }
    escalate: Any = None
    for source, dest in RUNGS:
        way = states[source].to(states[dest], cond=GUARDS)
        escalate = way if escalate is None else escalate | way
    body = {"cannot_resolve_here": cannot_resolve_here, "is_staffed": is_staffed}
    return type("Ladder", (statemachine.StateMachine,), {**states, **body, "escalate": escalate})


def python_statemachine(_folder: Path, _cases: int) -> Opened:
    """An instance for each case."""
    ladder = ladder_class()

    def opened() -> Step:
        case = ladder()

        def step() -> str:
            case.send("escalate")
            return str(next(iter(case.configuration_values)))

        return step

    return opened


class Row:
    """A model whose state is a row, as python-statemachine shows it for a persistent model."""

    def __init__(self, shelf: Shelf, number: int) -> None:
        self._shelf = shelf
        self._number = number

    @property
    def state(self) -> Any:
        """Return what the row holds; an empty one is a case that has not begun."""
        return self._shelf.load(self._number) or None

    @state.setter
    def state(self, value: str) -> None:
        self._shelf.save(self._number, value)


def python_statemachine_kept(folder: Path, _cases: int) -> Opened:
    """An instance for each event, on a model whose state is a row."""
    shelf, ladder = Shelf(folder / "python_statemachine.db"), ladder_class()

    def opened() -> Step:
        number = shelf.add("")
        ladder(Row(shelf, number))

        def step() -> str:
            case = ladder(Row(shelf, number))
            case.send("escalate")
            return str(next(iter(case.configuration_values)))

        return step

    return opened


def sismic(_folder: Path, _cases: int) -> Opened:
    """An interpreter for each case; its guards are Python text in the statechart."""
    rungs = [
        f"    - name: {source}\n      transitions:\n      - {{target: {dest}, event: escalate, "
        f"guard: 'cannot_resolve_here() and is_staffed()'}}\n"
        for source, dest in RUNGS
    ]
    text = (
        "statechart:\n  name: ladder\n  root state:\n    name: root\n    initial: tier1\n"
        f"    states:\n{''.join(rungs)}    - name: decision\n"
    )
    chart = import_module("sismic.io").import_from_yaml(text)
    interpreter = import_module("sismic.interpreter").Interpreter
    hooks = {"cannot_resolve_here": cannot_resolve_here, "is_staffed": is_staffed}

    def opened() -> Step:
        case = interpreter(chart, initial_context=hooks)
        case.execute()

        def step() -> str:
            case.queue("escalate")
            case.execute()
            return str(case.configuration[-1])

        return step

    return opened


def xstate_machine() -> Any:
    """Return the ladder as a machine of xstate-statemachine."""
    package = import_module("xstate_statemachine")
    guard = {"type": "and", "children": GUARDS}
    states: dict[str, Any] = {
        source: {"on": {"escalate": {"target": dest, "guard": guard}}} for source, dest in RUNGS
    }
    config = {"id": "ladder", "initial": "tier1", "states": {**states, "decision": {}}}
    guards = {"cannot_resolve_here": cannot_resolve_here, "is_staffed": is_staffed}
    return package.create_machine(config, logic=package.MachineLogic(guards=guards))


def only_state(interpreter: Any) -> str:
    """Return the last part of the one state that is active."""
    return str(next(iter(interpreter.current_state_ids))).rpartition(".")[2]


def xstate(_folder: Path, _cases: int) -> Opened:
    """A synchronous interpreter for each case."""
    machine = xstate_machine()
    interpreter = import_module("xstate_statemachine").SyncInterpreter

    def opened() -> Step:
        case = interpreter(machine).start()

        def step() -> str:
            case.send("escalate")
            return only_state(case)

        return step

    return opened


def xstate_kept(folder: Path, _cases: int) -> Opened:
    """Its own loop: load from its SQLite store, start, send, save with a version check."""
    machine, numbers = xstate_machine(), count(1)
    persistence = import_module("xstate_statemachine.persistence")
    store = persistence.SQLiteStore(str(folder / "xstate.db"))

    def opened() -> Step:
        key = f"ladder:{next(numbers)}"
        with persistence.persisted(store, key, machine):
            pass

        def step() -> str:
            with persistence.persisted(store, key, machine) as case:
                case.send("escalate")
                return only_state(case)

        return step

    return opened


IN_MEMORY = (
    Contender("transitions", "transitions", "the state", stock),
    Contender("python-statemachine", "python-statemachine", "the state", python_statemachine),
    Contender("sismic", "sismic", "the states", sismic),
    Contender("xstate-statemachine", "xstate-statemachine", "the states", xstate),
)
PERSISTED = (
    Contender("transitions, pickled", "transitions", "model and machine, one row", stock_pickled),
    Contender(
        "python-statemachine, model on a row",
        "python-statemachine",
        "the state, one row",
        python_statemachine_kept,
    ),
    Contender(
        "xstate-statemachine, its SQLite store",
        "xstate-statemachine",
        "its snapshot, one row with a version; not synced",
        xstate_kept,
    ),
)
