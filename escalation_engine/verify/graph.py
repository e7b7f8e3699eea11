"""What an exploration has reached: configurations, ways between them, and the shortest there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from escalation_engine.chart.model import State, StateKind, Track
from escalation_engine.core import Input, Step
from escalation_engine.verify.answering import Answered
from escalation_engine.verify.configuration import Configuration
from escalation_engine.verify.model import Model

__all__ = ["Edge", "Graph", "Kind", "Rest"]


class Kind(Enum):
    """Who moves: people and the host, or time; a step of time alone is no move."""

    PEOPLE = "people"
    TIME = "time"
    STEP = "step"


class Rest(Enum):
    """Where a case may stay: closed, or at a decision point without or with a way on."""

    CLOSED = "closed"
    FINAL = "final decision point"
    RESUMABLE = "decision point"


class Edge(NamedTuple):
    """One way from a configuration to another. `passed` is how much time of `kind_of_time` it took.

    `problem` says why a firing was refused that had its time all the same, or why an event is lost.
    """

    source: int
    target: int
    kind: Kind
    input: Input | None
    answered: Answered = ()
    steps: tuple[Step, ...] = ()
    problem: str = ""
    kind_of_time: str = ""
    passed: timedelta = timedelta()


@dataclass(slots=True)
class Graph:
    """Everything that was reached. Node 0 is the case before it is opened.

    `is_whole` is False when a limit ended the exploration; then nodes from `first_unseen` on have
    not been looked into.
    """

    model: Model
    nodes: list[Configuration] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    arrivals: list[Edge | None] = field(default_factory=list)
    distances: list[int] = field(default_factory=list)
    used: set[tuple[str, str, str, int]] = field(default_factory=set)
    fired: set[str] = field(default_factory=set)
    transitions: int = 0
    unseen: set[int] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Everything that can be reached has been looked into."""
        return not self.unseen

    def path(self, node: int) -> tuple[Edge, ...]:
        """Return a shortest way from the opening to a node, steps of time included."""
        found = []
        edge = self.arrivals[node]
        while edge is not None:
            found.append(edge)
            edge = self.arrivals[edge.source]
        return tuple(reversed(found))

    def leaf(self, node: int) -> State:
        """Return the leaf of the main track."""
        track = self.model.chart.main
        return track.states[self.nodes[node].case.states[track.name]]

    def rest(self, node: int) -> Rest | None:
        """Return how a case may rest here; None where it is on its way."""
        configuration = self.nodes[node]
        if not configuration.case.states:
            return None
        if configuration.case.is_closed:
            return Rest.CLOSED
        leaf = self.leaf(node)
        if leaf.kind is not StateKind.DECISION:
            return None
        return Rest.RESUMABLE if leads_on(self.model.chart.main, leaf.path) else Rest.FINAL

    def all_edges(self) -> Iterator[Edge]:
        """Yield every way."""
        for edges in self.edges:
            yield from edges

    def reaching(self, goals: Iterable[int]) -> set[int]:
        """Return the nodes from which some goal can be reached, the goals themselves included."""
        before: list[list[int]] = [[] for _ in self.nodes]
        for edge in self.all_edges():
            before[edge.target].append(edge.source)
        found = set(goals)
        waiting = list(found)
        while waiting:
            for source in before[waiting.pop()]:
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        return found


def leads_on(track: Track, leaf: str) -> bool:
    """Return whether any branch of a leaf leads to another state."""
    groups = (*track.branches.get(leaf, {}).values(), track.always.get(leaf, ()))
    return any(
        branch.is_back or branch.target not in (None, leaf)
        for branches in groups
        for branch in branches
    )
