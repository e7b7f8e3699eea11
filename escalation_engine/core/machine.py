"""The fence around `transitions`: one shared machine per track, driven through a throw-away cursor.

A case is a value and never a model of the machine. No callbacks are used, so none can run late, be
looked up by name, or leave a state half changed. The stock way of triggering is kept beside the
planned one as its oracle: both choose the same branch for the same facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from transitions import Event, Machine, Transition

from escalation_engine.chart.model import Track
from escalation_engine.condition import Facts
from escalation_engine.core.prepared import Prepared, prepare

if TYPE_CHECKING:
    from transitions import EventData

__all__ = ["ALWAYS", "Cursor", "Event", "GuardedFacts", "Machine", "build_machine", "chooses"]

ALWAYS = ""
"""The event name under which `always` branches stand in a machine."""


class GuardedFacts(Facts, Protocol):
    """The facts of a case, and the host's answers to its guards."""

    def guard(self, name: str) -> bool:
        """Return what the host answers; raises Unanswered where it has to be asked first."""


class Cursor:
    """Where a machine stands during one trigger: a state, the facts, and the branch it chose."""

    __slots__ = ("branch", "facts", "state")

    def __init__(self, state: str, facts: GuardedFacts) -> None:
        self.state = state
        self.facts = facts
        self.branch: Prepared | None = None


def chooses(branch: Prepared, facts: GuardedFacts) -> bool:
    """Return whether every chooser of a branch holds: its condition first, then its guards."""
    when = branch.when
    if when is not None and when(facts) is not True:
        return False
    for name, wanted in branch.guards:  # noqa: SIM110 - a generator costs more than the answers
        if facts.guard(name) is not wanted:
            return False
    return True


class BranchTransition(Transition):
    """A transition of the library that knows the branch it stands for."""

    def __init__(self, branch: Prepared) -> None:
        # A way back has no fixed target: for the machine it is internal, the core moves the case.
        target: Any = branch.branch.target
        choosers: Any = [self._chooses]
        super().__init__(branch.source, target, conditions=choosers)
        self.branch = branch

    def _chooses(self, event_data: EventData) -> bool:
        return chooses(self.branch, _cursor(event_data).facts)

    def _change_state(self, event_data: EventData) -> None:
        assert self.dest is not None
        _cursor(event_data).state = self.dest

    def execute(self, event_data: EventData) -> bool:
        """Do as the library does, and leave the branch on the cursor when it was chosen."""
        done: bool = super().execute(event_data)
        if done:
            _cursor(event_data).branch = self.branch
        return done


def _cursor(event_data: EventData) -> Cursor:
    cursor = event_data.model
    assert isinstance(cursor, Cursor)
    return cursor


class PlannedEvent(Event):
    """An event whose branches are looked up in a table instead of being walked with callbacks."""

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name, machine)
        self.plan: dict[str, tuple[Prepared, ...]] = {}

    def trigger(self, model: object, *_args: Any, **_named: Any) -> bool:
        """Move the cursor along the first branch that holds; return whether there is one."""
        cursor: Cursor = model  # type: ignore[assignment]  # the core hands in nothing else
        facts = cursor.facts
        for branch in self.plan.get(cursor.state, ()):
            if chooses(branch, facts):
                cursor.branch = branch
                cursor.state = branch.target
                return True
        return False


class TrackMachine(Machine):
    """The machine of one track, shared by all cases and all threads: nothing in it ever changes."""

    event_cls = PlannedEvent


class StockMachine(Machine):
    """The same machine with the library's own trigger: the oracle of the planned one."""

    event_cls = Event


def build_machine(track: Track, *, stock: bool = False) -> Machine:
    """Return the machine of a track; `stock` leaves the library's own way of triggering."""
    leaves = [path for path, state in track.states.items() if state.is_leaf]
    machine = (StockMachine if stock else TrackMachine)(
        model=None,
        states=leaves,
        initial=None,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=True,
    )
    tables = [*((leaf, events) for leaf, events in track.branches.items())]
    tables += [(leaf, {ALWAYS: branches}) for leaf, branches in track.always.items()]
    for leaf, events in tables:
        for name, branches in events.items():
            event = machine.events.get(name)
            if event is None:
                event = machine.events[name] = machine.event_cls(name, machine)
            prepared = tuple(prepare(track, branch) for branch in branches)
            for branch in prepared:
                event.add_transition(BranchTransition(branch))
            if isinstance(event, PlannedEvent):
                event.plan[leaf] = prepared
    return machine
