"""The people of a journey: one for each role, a second where the process tells persons apart."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.model import Chart, Passing, Transition
from escalation_engine.core import Actor, Case

__all__ = ["passes", "people_of"]

SOMEBODY = Actor("somebody")


def people_of(chart: Chart) -> tuple[Actor, ...]:
    """Return who acts in journeys through the chart; at least one."""
    found = [Actor(f"a_{role}", {role}) for role in chart.roles]
    if _tells_persons_apart(chart):
        found += [Actor(f"other_{role}", {role}) for role in chart.roles]
    return tuple(found) or (SOMEBODY,)


def passes(case: Case | None, actor: Actor, passing: Passing | None) -> bool:
    """Return whether the actor looks like one who passes; without a gate everybody does."""
    if passing is None or not passing.roles.isdisjoint(actor.roles):
        return True
    holders = {} if case is None else case.slots
    return any(
        holder.person == actor.id or (holder.person is None and holder.role in actor.roles)
        for slot in passing.slots
        for holder in holders.get(slot, ())
    )


def _tells_persons_apart(chart: Chart) -> bool:
    if any(count.once_per_person for count in chart.counts.values()):
        return True
    return any(
        transition.requires is not None and transition.requires.different_from
        for transition in _transitions(chart)
    )


def _transitions(chart: Chart) -> Iterator[Transition]:
    for opening in chart.openings.values():
        yield from (branch.transition for branch in opening.branches)
    for track in chart.tracks:
        for events in track.branches.values():
            for branches in events.values():
                yield from (branch.transition for branch in branches)
