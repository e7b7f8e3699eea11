"""All configurations of a process that anybody can bring about, found breadth first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.verify.oracle.deciding import Input, decide, open_case, process_data
from tests.verify.oracle.facts import Configuration, can_hold
from tests.verify.oracle.moving import MINUTES
from tests.verify.oracle.tree import Process
from tests.verify.oracle.written import Mapping, branches

__all__ = ["Explored", "Step", "TooLarge", "explore", "goes_round"]


class TooLarge(Exception):
    """More configurations than the oracle has patience for."""


@dataclass(frozen=True)
class Step:
    """One input that was accepted, or a firing that was used up."""

    label: str
    """`H` a person, `R` what a person records, `T` a timer."""
    name: str
    after: Configuration
    minutes: int = 0
    is_refused: bool = False


@dataclass
class Explored:
    """What can be reached, in how many inputs after the opening, and what was used."""

    process: Process
    distance: dict[Configuration, int] = field(default_factory=dict)
    steps: dict[Configuration, list[Step]] = field(default_factory=dict)
    lost: list[tuple[Configuration, str]] = field(default_factory=list)
    refused_firings: list[tuple[Configuration, str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    gated: set[int] = field(default_factory=set)


def explore(process: Process, *, at_most: int = 1000) -> Explored:
    """Return everything that is reachable; raise `TooLarge` above the bound."""
    explored = Explored(process)
    waiting: deque[Configuration] = deque()

    def reach(one: Configuration, distance: int) -> None:
        if one not in explored.distance:
            explored.distance[one] = distance
            waiting.append(one)

    for outcome in open_case(process):
        explored.used |= outcome.used
        if outcome.after:
            reach(outcome.after, 0)
    while waiting:
        one = waiting.popleft()
        if len(explored.distance) > at_most:
            raise TooLarge
        explored.steps[one] = list(_steps(explored, one))
        for step in explored.steps[one]:
            reach(step.after, explored.distance[one] + 1)
    return explored


def goes_round(explored: Explored) -> bool:
    """Tell whether timers alone can lead from somewhere back to it."""
    silent = {
        one: {step.after for step in steps if step.label == "T"}
        for one, steps in explored.steps.items()
    }
    while True:
        done = {one for one, onwards in silent.items() if not onwards & silent.keys()}
        if not done:
            return bool(silent)
        silent = {one: onwards for one, onwards in silent.items() if one not in done}


def _steps(explored: Explored, one: Configuration) -> Iterator[Step]:
    process = explored.process
    if len(one.leaves) < len(process.tracks) or process.by_path[one.leaves[0]].kind == "end":
        return
    patience = min((left for _, left in one.timers), default=0)
    for waited in range(patience + 1):
        yield from _by_people(explored, one.later(waited))
    if one.timers:
        yield from _by_time(explored, one.later(patience), patience * MINUTES)


def _by_people(explored: Explored, one: Configuration) -> Iterator[Step]:
    process = explored.process
    for event in _listed(process, one):
        for brought in process_data(process, _may_bring(process, event)):
            given = Input(event, tuple(brought.items()))
            for outcome in decide(process, one, given):
                explored.used |= outcome.used
                explored.gated |= outcome.gated
                if outcome.is_lost and not _is_for_nobody(process, one, event):
                    explored.lost.append((one, event))
                elif outcome.after:
                    yield Step("H", event, outcome.after)
    for checklist in process.written.get("checklists", {}):
        if checklist in _required(process) and checklist not in one.complete:
            yield Step("R", checklist, replace(one, complete=one.complete | {checklist}))


def _is_for_nobody(process: Process, one: Configuration, event: str) -> bool:
    """Tell whether no person may send an event here, or no branch of it can hold in this state."""
    listed = [
        branch.get("by") == ["engine"] or not can_hold(branch.get("when"), one.leaves)
        for path in one.leaves
        for node in process.by_path[path].outwards()
        for branch in branches(node.body.get("on", {}).get(event))
    ]
    return all(listed)


def _may_bring(process: Process, event: str) -> Mapping:
    """Return what comes with an event: what it needs, what it may bring, what its branches ask."""
    declared: Mapping = process.written.get("events", {}).get(event, {})
    asked = [
        name
        for node in process.by_path.values()
        for branch in branches(node.body.get("on", {}).get(event))
        for name in branch.get("requires", {}).get("data", [])
    ]
    return {**declared, "may_bring": list(dict.fromkeys([*declared.get("may_bring", []), *asked]))}


def _required(process: Process) -> set[str]:
    """Return the checklists that some gate asks for."""
    found = (
        branch.get("requires", {}).get("checklist")
        for node in process.by_path.values()
        for listed in node.body.get("on", {}).values()
        for branch in branches(listed)
    )
    return {name for name in found if name}


def _listed(process: Process, one: Configuration) -> list[str]:
    events: list[str] = []
    for path in one.leaves:
        leaf = process.by_path[path]
        if leaf.kind != "end":
            events += [name for node in leaf.outwards() for name in node.body.get("on", {})]
    return list(dict.fromkeys(events))


def _by_time(explored: Explored, one: Configuration, gone: int) -> Iterator[Step]:
    """Fire the first timer that is due, in the order of definition."""
    process = explored.process
    due = {name for name, left in one.timers if left == 0}
    name, timer = next(pair for pair in _timers(process) if pair[0] in due)
    explored.used.add(id(timer))
    event = timer["send"]
    for outcome in decide(process, one.without_timer(name), Input(event, (), True, True)):
        explored.used |= outcome.used
        explored.gated |= outcome.gated
        if outcome.after:
            yield Step("T", event, outcome.after, gone)
        else:
            explored.refused_firings.append((one, name))
            yield Step("T", event, one.without_timer(name), gone, is_refused=True)


def _timers(process: Process) -> list[tuple[str, Mapping]]:
    return [
        (f"{node.path}/{name}", body)
        for root in process.tracks
        for node in root.below()
        for name, body in node.body.get("timers", {}).items()
    ]
