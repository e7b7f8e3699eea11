"""The branches of a chart by name, and those that a decision has taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from escalation_engine.chart.model import Branch, Chart
from escalation_engine.core import DUE, Decision, Due, Entry, Refusal

__all__ = ["Aim", "BranchName", "FiredName", "aims_of", "branches_of", "taken_by", "taken_in"]


class BranchName(NamedTuple):
    """One way of one leaf: `leaf` is empty for an opening, `event` for `always`."""

    track: str
    leaf: str
    event: str
    number: int
    declared_in: str

    def __str__(self) -> str:
        where = self.leaf or "the opening"
        return f"{where}: {self.event or 'always'}, branch {self.number}"


class FiredName(NamedTuple):
    """A timer that fires, by its key."""

    key: str

    def __str__(self) -> str:
        return f"{self.key} fires"


Aim = BranchName | FiredName


def aims_of(chart: Chart) -> tuple[Aim, ...]:
    """Return everything that a tour is to take: each branch, and each timer that sends."""
    timers = [FiredName(timer.key) for timer in chart.timers.values() if timer.send]
    return (*branches_of(chart), *timers)


def branches_of(chart: Chart) -> dict[BranchName, Branch]:
    """Return every branch of a chart, openings first, in document order."""
    main = chart.main.name
    found = [(main, one) for opening in chart.openings.values() for one in opening.branches]
    for track in chart.tracks:
        for events in track.branches.values():
            found += [(track.name, one) for branches in events.values() for one in branches]
        found += [(track.name, one) for always in track.always.values() for one in always]
    return {_name(track, branch): branch for track, branch in found}


def taken_in(entry: Entry) -> Iterator[Aim]:
    """Yield the branches that an entry says were taken, and the timer that has fired."""
    if isinstance(due := entry.input, Due) and due.label == DUE and due.kind == "timer":
        yield FiredName(due.key)
    for step in entry.steps:
        for move in step.moves:
            if move.branch:  # A track that is stopped at the end takes none.
                yield BranchName(move.track, move.source, step.event, move.branch, move.declared_in)


def taken_by(found: Iterable[Decision | Refusal]) -> Iterator[Aim]:
    """Yield the branches that decisions have taken, and the timers that have fired."""
    for one in found:
        if isinstance(one, Decision):
            yield from taken_in(one.entry)


def _name(track: str, branch: Branch) -> BranchName:
    transition = branch.transition
    return BranchName(track, branch.leaf, branch.event, branch.number, transition.declared_in)
