"""Records what tests cover of processes, as an observer of engines and of walks with a host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime, timedelta

from escalation_engine.chart.model import Branch, Chart, StateKind, Transition
from escalation_engine.core import (
    DUE,
    Case,
    Decision,
    Due,
    Entry,
    GuardQuestion,
    Input,
    Opened,
    Refusal,
    Sent,
    Verdict,
    Watch,
)
from escalation_engine.errors import Reason
from escalation_engine.testing.coverage.goal import Aim, has_gate, transition_name
from escalation_engine.testing.journey.branches import BranchName, branches_of
from escalation_engine.verify import followers_of
from escalation_engine.verify.promised import Follower

__all__ = ["Recording"]

_MOST_CASES = 100
_JUST = 0.05
_LEAST = timedelta(minutes=1)


class Recording:
    """What has been covered so far, by process. It tells processes apart by their names."""

    def __init__(self) -> None:
        self.covered: dict[str, set[Aim]] = defaultdict(set)
        self._branches: dict[str, Mapping[BranchName, Branch]] = {}
        self._running: dict[str, tuple[Chart, Case]] = {}
        self._followers: dict[str, tuple[Follower, ...]] = {}
        self._memories: dict[str, tuple[Hashable, ...]] = {}

    def decided(
        self, chart: Chart, case: Case, input: Input, found: Decision | Refusal, *, now: datetime
    ) -> None:
        """Record what a decision or refusal covers."""
        covered = self.covered[chart.process]
        covered.update(_nearly_due(case, now))
        if isinstance(found, Refusal):
            covered.update(self._refused(chart, case, input, found))
            return
        covered.update(self._taken(chart, found.entry))
        covered.update(_answered(found.entry))
        covered.update(_standing(chart, found.case))
        covered.update(self._promised(chart, case, found))
        if isinstance(input, Due) and input.label == DUE:
            covered.add(Aim("time", f"{input.key}, due"))
        self._running.pop(found.case.id, None)
        if not found.case.is_closed:
            self._running[found.case.id] = (chart, found.case)
        if len(self._running) > _MOST_CASES:
            del self._running[next(iter(self._running))]

    def ticked(self, now: datetime) -> None:
        """Record what is nearly due in the cases that run."""
        for chart, case in self._running.values():
            self.covered[chart.process].update(_nearly_due(case, now))

    def _promised(self, chart: Chart, case: Case, found: Decision) -> Iterator[Aim]:
        """The promises that something has called for so far."""
        if not chart.promises:
            return
        followers = self._followers.setdefault(chart.hash, followers_of(chart))
        memories = self._memories.pop(found.case.id, None) if case.states else None
        if case.states and memories is None:
            return  # It was opened before anybody looked on.
        self._memories[found.case.id] = tuple([
            one.begin(found) if memories is None else one.follow(memories[number], case, found)
            for number, one in enumerate(followers)
        ])  # fmt: skip
        yield from (Aim("promise", one.promise.name) for one in followers if one.is_called_for)

    def _taken(self, chart: Chart, entry: Entry) -> Iterator[Aim]:
        known = self._known(chart)
        for step in entry.steps:
            for move in step.moves:
                key = BranchName(move.track, move.source, step.event, move.branch, move.declared_in)
                if (branch := known.get(key)) is not None:
                    yield Aim("transition", transition_name(move.track, branch.transition))

    def _refused(self, chart: Chart, case: Case, input: Input, refusal: Refusal) -> Iterator[Aim]:
        if not isinstance(input, Opened | Sent):
            return
        for (track, leaf, event, _, _), branch in self._known(chart).items():
            is_there = case.states.get(track, "") == leaf and event == input.event
            if is_there and _says_no(branch.transition, refusal):
                yield Aim("refusal", transition_name(track, branch.transition))

    def _known(self, chart: Chart) -> Mapping[BranchName, Branch]:
        if chart.hash not in self._branches:
            self._branches[chart.hash] = branches_of(chart)
        return self._branches[chart.hash]


def _says_no(transition: Transition, refusal: Refusal) -> bool:
    """Return whether a gate of this transition can have given one of the reasons."""
    return has_gate(transition) and any(_gives(transition, one) for one in refusal.reasons)


def _gives(transition: Transition, reason: Reason) -> bool:
    requires = transition.requires
    match reason.kind:
        case "wrong_role" | "missing_on_behalf_of":
            return transition.by is not None
        case "refused":
            return transition.refuse == reason.message
        case "missing_data":
            return requires is not None and reason.subject in requires.data
        case "missing_note":
            return requires is not None and requires.note
        case "missing_evidence":
            return transition.recorded_by is not None or bool(requires and requires.evidence)
        case "guard":
            return requires is not None and reason.subject in requires.guards
        case "checklist":
            name = reason.subject.partition(".")[0]
            return requires is not None and name in requires.checklists
        case "duty":
            return requires is not None and reason.subject in requires.duties
        case "not_due":
            return requires is not None and requires.past == reason.subject
        case "different_from":
            return requires is not None and bool(requires.different_from)
        case _:
            return False


def _answered(entry: Entry) -> Iterator[Aim]:
    for question, answer in entry.answers.items():
        if isinstance(question, GuardQuestion) and isinstance(answer, Verdict):
            yield Aim("guard", f"{question.guard}: {'yes' if answer.yes else 'no'}")


def _standing(chart: Chart, case: Case) -> Iterator[Aim]:
    for track in chart.tracks:
        leaf = case.states.get(track.name, "")
        if leaf in track.states:
            yield Aim("state", f"{track.name}.{leaf}")
            if track.states[leaf].kind is StateKind.END:
                yield Aim("end", f"{track.name}.{leaf}")


def _nearly_due(case: Case, now: datetime) -> Iterator[Aim]:
    """What is due within a twentieth of its time from now, or within a minute."""
    watches: dict[str, Watch] = {**case.timers, **case.clocks}
    for key, watch in watches.items():
        due_at = next((one.at for one in watch.pending if one.label == DUE), None)
        if due_at is not None:
            margin = max(_LEAST, (due_at - watch.since) * _JUST)
            if timedelta() < due_at - now <= margin:
                yield Aim("time", f"{key}, just before")
