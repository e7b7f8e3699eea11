"""What a promise sees of one accepted input: how the case stands after it, and what passed with it.

Seen after each decision as a whole: a state that is only passed through is a moment and no state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from escalation_engine.chart.model import Branch, Chart, Track
from escalation_engine.condition import Condition, Facts
from escalation_engine.core import Case, Corrected, Decision, Due, Entry, Input, Move, Recorded
from escalation_engine.core.step import path_to

__all__ = ["Observation", "path_of"]


class Observation:
    """One accepted input; it answers conditions as `Facts`. `before` is blank for an opening."""

    channel = None

    def __init__(self, chart: Chart, before: Case, decision: Decision) -> None:
        self._before = _Standing(before)
        self._is_first = not before.states
        self.case = decision.case
        self._entry = decision.entry
        self.data = decision.case.data
        self.counts = decision.case.counts
        self.events = frozenset(
            step.event for step in decision.entry.steps if step.event and step.moves
        )
        self._chart = chart
        self._moments: frozenset[str] | None = None

    @property
    def moments(self) -> frozenset[str]:
        """Every moment that has passed, in the words of the language; events are apart."""
        if self._moments is None:
            self._moments = frozenset(_moments(self._chart, self._before.case, self._entry))
        return self._moments

    @property
    def is_last(self) -> bool:
        """The case has ended with it."""
        return self.case.is_closed

    @property
    def is_silent(self) -> bool:
        """Nobody acted: something had fallen due."""
        return isinstance(self._entry.input, Due)

    def makes_true(self, condition: Condition) -> bool:
        """Return whether the condition happens: it is true now and was not, or it is a moment."""
        if condition.holds(self) is not True:
            return False
        return self._is_first or condition.holds(self._before) is not True

    def with_passed(self, passed: frozenset[str]) -> Facts:
        """Return the same facts, with these events and moments as what has passed."""
        return _Looked(self, passed)

    def sender_is(self, _name: str) -> bool:
        """Return False: a promise does not ask who sent it."""
        return False

    def is_in(self, state: str) -> bool:
        """Return whether `TRACK.PATH` is active."""
        return _is_in(self.case, state)

    def is_during(self, _calendar: str) -> bool | None:
        """Return None: a promise does not ask for the hour."""
        return None

    def is_event(self, name: str) -> bool:
        """Return whether some track took this event."""
        return name in self.events

    def happens(self, moment: str, /) -> bool:
        """Return whether the moment has passed."""
        return moment in self.moments


class _Standing:
    """A case between two inputs: it answers conditions, and no moment passes."""

    channel = None

    def __init__(self, case: Case) -> None:
        self.case = case
        self.data = case.data
        self.counts = case.counts

    def sender_is(self, _name: str) -> bool:
        return False

    def is_in(self, state: str) -> bool:
        return _is_in(self.case, state)

    def is_during(self, _calendar: str) -> bool | None:
        return None

    def is_event(self, _name: str) -> bool:
        return False

    def happens(self, _moment: str, /) -> bool:
        return False


class _Looked(_Standing):
    """A case that is looked back on: what passed at any time has happened."""

    def __init__(self, seen: Observation, passed: frozenset[str]) -> None:
        super().__init__(seen.case)
        self._passed = passed

    def is_event(self, name: str) -> bool:
        return name in self._passed

    def happens(self, moment: str, /) -> bool:
        return moment in self._passed


def _is_in(case: Case, state: str) -> bool:
    track, _, path = state.partition(".")
    leaf = case.states.get(track, "")
    return leaf == path or leaf.startswith(f"{path}.")


def _moments(chart: Chart, before: Case, entry: Entry) -> Iterator[str]:
    for step in entry.steps:
        for move in step.moves:
            left, entered = path_of(chart, step.event, move, entry.input)
            yield from (f"leaving {move.track}.{path}" for path in left)
            yield from (f"entering {move.track}.{path}" for path in entered)
    yield from (f"slot {slot} changes" for slot in entry.slots)
    for change in entry.timing:
        if change.kind == "clock" and change.what == "breached":
            yield f"clock {change.key} breached"
        elif change.kind == "clock" and (change.what, change.detail) == ("stopped", "met"):
            yield f"clock {change.key} met"
        elif change.kind == "duty" and change.what == "missed":
            yield f"duty {change.key} missed"
    if isinstance(entry.input, Recorded):
        for name in entry.input.checklists:
            if _completes(chart, before, entry.input, name):
                yield f"checklist {name} complete"


_Path = tuple[tuple[str, ...], tuple[str, ...]]


def path_of(chart: Chart, event: str, move: Move, input: Input | None) -> _Path:
    """Return the states that a move leaves and enters, inner and outer first."""
    track = next(one for one in chart.tracks if one.name == move.track)
    if not move.source:
        return (), track.scopes(move.target)
    if isinstance(input, Corrected) and move.branch == 0:
        return path_to(track, move.source, move.target, "")
    branch = _branch(track, event, move)
    if branch is None:  # A side track stops where it stands.
        return (), ()
    if branch.is_back:  # Going back enters nothing anew (decision 0009).
        return path_to(track, move.source, move.target, move.declared_in)[0], ()
    return branch.leaves, branch.enters


def _branch(track: Track, event: str, move: Move) -> Branch | None:
    branches = track.branches.get(move.source, {}).get(event, ())
    if not event:
        branches = track.always.get(move.source, ())
    return next((one for one in branches if one.number == move.branch), None)


def _completes(chart: Chart, before: Case, recorded: Recorded, name: str) -> bool:
    """Return whether the answers recorded make a checklist complete that was not."""
    known = {item: one.answer for item, one in before.checklists.get(name, {}).items()}
    now = known | {item: answer for item, (answer, _) in recorded.checklists[name].items()}
    items = chart.checklists[name].items.values()

    def is_complete(answers: Mapping[str, str]) -> bool:
        return all(answers.get(item.name) in item.passes for item in items)

    return is_complete(now) and not is_complete(known)
