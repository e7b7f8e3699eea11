"""What a chart reads: every condition, gate, body and moment, wherever it stands.

The cone of influence is grown from these lists; nothing here judges what matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from escalation_engine.chart.model import (
    Amount,
    Body,
    Branch,
    Chart,
    Passing,
    Requirements,
    Transition,
)
from escalation_engine.condition import Condition

__all__ = [
    "all_bodies",
    "all_branches",
    "all_transitions",
    "amounts_read",
    "conditions_of",
    "gates_of",
    "passings_of",
    "time_bodies",
]


def all_branches(chart: Chart) -> Iterator[Branch]:
    """Yield every branch of every leaf, and those of the openings."""
    for opening in chart.openings.values():
        yield from opening.branches
    for track in chart.tracks:
        for events in track.branches.values():
            for branches in events.values():
                yield from branches
        for branches in track.always.values():
            yield from branches


def all_transitions(chart: Chart) -> list[Transition]:
    """Return every transition once, however many leaves inherit it."""
    found: dict[int, Transition] = {}
    for branch in all_branches(chart):
        found.setdefault(id(branch.transition), branch.transition)
    return list(found.values())


def time_bodies(chart: Chart) -> Iterator[Body]:
    """Yield the bodies that time runs: warnings, breaches and missed duties."""
    warnings = [timer.warnings for timer in chart.timers.values()]
    warnings += [clock.warnings for clock in chart.clocks.values()]
    yield from (one.body for one in chain(*warnings) if one.body is not None)
    yield from (clock.breach for clock in chart.clocks.values())
    yield from (duty.missed for duty in chart.duties.values())


def all_bodies(chart: Chart, transitions: list[Transition]) -> Iterator[Body]:
    """Yield every body, of transitions, of states, and of what falls due."""
    yield from (one.body for one in transitions)
    for track in chart.tracks:
        for state in track.states.values():
            yield state.entry
            yield state.exit
    yield from time_bodies(chart)


def gates_of(transitions: list[Transition]) -> Iterator[Requirements]:
    """Yield what the transitions require; what they only ask for steers nothing."""
    yield from (one.requires for one in transitions if one.requires is not None)


def passings_of(chart: Chart, transitions: list[Transition]) -> Iterator[Passing]:
    """Yield everyone who is let through somewhere: by events, fields and checklists."""
    for one in transitions:
        yield from (gate for gate in (one.by, one.recorded_by) if gate is not None)
    yield from (field.by for field in chart.fields.values() if field.by is not None)
    for checklist in chart.checklists.values():
        for item in checklist.items.values():
            yield from (gate for gate in (item.by, item.recorded_by) if gate is not None)


def conditions_of(transitions: list[Transition]) -> Iterator[Condition]:
    """Yield the conditions by which branches are chosen."""
    yield from (one.when for one in transitions if one.when is not None)


def amounts_read(amount: Amount | None) -> Iterator[str]:
    """Yield the fields that an amount depends on."""
    if amount is not None:
        yield from (name for name in (amount.depends_on, amount.agreed_in) if name)
