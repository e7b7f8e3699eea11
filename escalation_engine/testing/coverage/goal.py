"""What there is to cover in a process: each thing once, in document order, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from escalation_engine.chart.amount import is_off
from escalation_engine.chart.model import Chart, PromiseForm, StateKind, Transition
from escalation_engine.errors import Mark
from escalation_engine.loader import Loaded
from escalation_engine.testing.coverage.place import Places
from escalation_engine.testing.journey.branches import branches_of

__all__ = ["KINDS", "Aim", "Goal", "goals_of", "has_gate", "transition_name"]

KINDS = {
    "state": "states",
    "transition": "transitions",
    "guard": "guards' answers",
    "time": "timers and clocks, just before and due",
    "refusal": "refusals",
    "end": "ends",
    "promise": "promises called for",
}
"""Each kind of goal with its plural, in the order of a report."""


class Aim(NamedTuple):
    """What is to be covered, by kind and name; equal ones are the same."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Goal:
    """An aim with the place in the file that it comes from."""

    aim: Aim
    mark: Mark


def goals_of(loaded: Loaded) -> tuple[Goal, ...]:
    """Return the goals of a process, by kind and in document order."""
    places = Places(loaded.origins)
    found = {aim: Goal(aim, mark) for aim, mark in _goals(loaded.chart, places)}
    order = list(KINDS)
    return tuple(sorted(found.values(), key=lambda goal: order.index(goal.aim.kind)))


def transition_name(track: str, transition: Transition) -> str:
    """Return the name of a transition: where it is declared, its event, which branch."""
    where = ".".join(filter(None, (track, transition.declared_in)))
    return f"{where}: {transition.event or 'always'} {transition.number}"


def has_gate(transition: Transition) -> bool:
    """Return whether a transition can refuse what chooses it."""
    return bool(transition.by or transition.requires or transition.refuse)


def _goals(chart: Chart, places: Places) -> Iterator[tuple[Aim, Mark]]:
    for track in chart.tracks:
        for state in track.states.values():
            if state.is_leaf:
                mark = places.state(track.name, state.path)
                yield Aim("state", f"{track.name}.{state.path}"), mark
                if state.kind is StateKind.END:
                    yield Aim("end", f"{track.name}.{state.path}"), mark
    for name, branch in branches_of(chart).items():
        transition = branch.transition
        mark = places.transition(name.track, transition, is_opening=not branch.leaf)
        called = transition_name(name.track, transition)
        if not transition.refuse:
            yield Aim("transition", called), mark
        if has_gate(transition):
            yield Aim("refusal", called), mark
    for guard in chart.guards:
        for word in ("yes", "no"):
            yield Aim("guard", f"{guard}: {word}"), places.top("guards", guard)
    for timer in chart.timers.values():
        if not is_off(timer.after):
            mark = places.timer(timer.track, timer.scope, timer.key.rpartition(":")[2])
            yield from ((Aim("time", f"{timer.key}, {when}"), mark) for when in _WHEN)
    for promise in chart.promises.values():
        if promise.form is not PromiseForm.POSSIBLE:  # It speaks of the process, not of a case.
            yield Aim("promise", promise.name), places.top("promises", promise.name)
    for clock in chart.clocks.values():
        if not is_off(clock.target):
            mark = places.top("clocks", clock.name)
            yield from ((Aim("time", f"{clock.name}, {when}"), mark) for when in _WHEN)


_WHEN = ("just before", "due")
