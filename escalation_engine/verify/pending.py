"""How long something can stay owed: the part of a graph in which it is, and the time spent there.

People may act at any instant, so that a state lasts at most until the first of its timers; a timer
that runs on through several states counts once. What is armed anew in a loop bounds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from escalation_engine.chart.model import Chart, MomentKind
from escalation_engine.core import Case, Input, Step
from escalation_engine.verify.components import components
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.observation import path_of

__all__ = ["Pending", "Span", "most", "renewed_by", "silent_span"]

Name = tuple[str, str]
"""A watch: timer or clock, and its key."""

Span = Mapping[str, timedelta]
"""How long something takes, by kinds of time."""

_NOTHING = timedelta()


@dataclass(slots=True)
class Pending:
    """The nodes of a graph in which something is owed. `renewed` are timers armed anew in one."""

    graph: Graph
    nodes: frozenset[int]
    renewed: Callable[[int], frozenset[Name]]
    endless: list[int] = field(default_factory=list)
    _component: dict[int, int] = field(default_factory=dict)
    _parts: list[list[int]] = field(default_factory=list)
    _known: dict[tuple[int, Name | None], Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parts = components(
            sorted(self.nodes), lambda node: [edge.target for edge in self._inside(node)]
        )
        for number, part in enumerate(self._parts):
            self._component.update(dict.fromkeys(part, number))
        unbound = [part for part in self._parts if not self._running(part)]
        # What is closed has been judged; there no time passes any more.
        self.endless = [node for part in unbound for node in part if not self._case(node).is_closed]
        self.endless.sort(key=lambda node: (self.graph.distances[node], node))

    def longest(self, begins: Iterable[int]) -> Span:
        """Return how long it is owed at most from any of these nodes; none of them is endless."""
        longest: Span = {}
        for node in begins:
            longest = most(longest, self._longest(self._component[node], None))
        return longest

    def _longest(self, number: int, cover: Name | None) -> Span:
        known = self._known.get((number, cover))
        if known is not None:
            return known
        part = self._parts[number]
        running = self._running(part)
        added: Span = {}
        if running and cover not in running:
            cover = min(running, key=running.__getitem__)
            added = {self.graph.model.kinds.of[cover]: running[cover]}
        after: Span = {}
        for node in part:
            for edge in self._inside(node):
                target = self._component[edge.target]
                if target != number:
                    kept = None if cover in self._renewing(edge) else cover
                    after = most(after, self._longest(target, kept))
        found = {
            kind: added.get(kind, _NOTHING) + after.get(kind, _NOTHING)
            for kind in added.keys() | after
        }
        self._known[number, cover] = found
        return found

    def _running(self, part: list[int]) -> dict[Name, timedelta]:
        """Return the timers that run on in the whole part, and how long at most."""
        armed = [self._armed(node) for node in part]
        kept = set.intersection(*(set(one) for one in armed))
        for node in part:
            kept -= self.renewed(node)
            for edge in self._inside(node):
                if self._component.get(edge.target) == self._component.get(node):
                    kept -= self._renewing(edge)
        return {key: max(one[key] for one in armed) for key in kept}

    def _armed(self, node: int) -> dict[Name, timedelta]:
        case = self._case(node)
        watches = [(("timer", key), watch) for key, watch in case.timers.items()]
        watches += [(("clock", name), watch) for name, watch in case.clocks.items()]
        return {name: one.pending[-1].at - EPOCH for name, one in watches if one.pending}

    def _renewing(self, edge: Edge) -> frozenset[Name]:
        return renewed_by(self.graph.model.chart, edge.steps, edge.input)

    def _inside(self, node: int) -> list[Edge]:
        return [edge for edge in self.graph.edges[node] if edge.target in self.nodes]

    def _case(self, node: int) -> Case:
        return self.graph.nodes[node].case


def renewed_by(chart: Chart, steps: tuple[Step, ...], input: Input | None) -> frozenset[Name]:
    """Return the timers that a decision arms anew or ends, and the clocks that it starts."""
    left: set[tuple[str, str]] = set()
    happened = {(MomentKind.EVENT, step.event) for step in steps}
    for step in steps:
        for move in step.moves:
            leaves, enters = path_of(chart, step.event, move, input)
            left |= {(move.track, path) for path in leaves}
            happened |= {(MomentKind.ENTERING, f"{move.track}.{path}") for path in enters}
    timers = {("timer", key) for key, one in chart.timers.items() if (one.track, one.scope) in left}
    clocks = {
        ("clock", name)
        for name, clock in chart.clocks.items()
        if any((moment.kind, moment.name) in happened for moment in clock.starts)
    }
    return frozenset(timers | clocks)


def most(one: Span, other: Span) -> Span:
    """Return the larger of each kind of time."""
    return {
        kind: max(one.get(kind, _NOTHING), other.get(kind, _NOTHING)) for kind in one.keys() | other
    }


def silent_span(
    graph: Graph, node: int, nodes: frozenset[int], before: frozenset[int] = frozenset()
) -> Span | None:
    """Return how long it is owed from a node when nobody acts; None: for ever."""
    if node not in nodes:
        return {}
    silent = [edge for edge in graph.edges[node] if edge.kind is not Kind.PEOPLE]
    if not silent or node in before:
        return None
    longest: Span = {}
    for edge in silent:
        after = silent_span(graph, edge.target, nodes, before | {node})
        if after is None:
            return None
        kind = edge.kind_of_time
        longest = most(longest, {**after, kind: after.get(kind, _NOTHING) + edge.passed})
    return longest
