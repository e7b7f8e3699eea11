"""The exploration: everything that can happen to a case, breadth first, by the core's own step.

Paths are shortest because what is nearer comes first; a step of time counts nothing, what happens
then counts one. The search knows no rule of soundness: those read the graph that it leaves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from escalation_engine.chart.model import Chart
from escalation_engine.core import (
    DUE,
    EMPTY,
    Act,
    Case,
    Decision,
    Effect,
    Identity,
    Input,
    Notify,
    OpenLinked,
    Refusal,
)
from escalation_engine.verify.actors import known_persons
from escalation_engine.verify.answering import Answered, every_way
from escalation_engine.verify.configuration import Configuration, Normal, Outstanding
from escalation_engine.verify.elapse import Firing, firings, steps
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.inputs import Inputs
from escalation_engine.verify.model import Model, model_of, tasks_done
from escalation_engine.verify.watcher import Watcher

__all__ = ["MOST_CONFIGURATIONS", "Refused", "explore", "explore_from"]

MOST_CONFIGURATIONS = 100_000
"""After so many configurations an exploration ends undecided."""

MOST_WAYS = 512
"""So many combinations of answers are tried for one input; with more it ends undecided."""

Refused = Callable[[Model, int, Case, Input, Refusal, Answered], None]
"""Is told of every input that a configuration (a node) refuses."""


def explore(
    chart: Chart,
    *,
    watchers: Sequence[Watcher] = (),
    refused: Refused | None = None,
    most: int = MOST_CONFIGURATIONS,
) -> Graph:
    """Return everything that can be reached in a process.

    `most` bounds the configurations; the graph says whether it is whole.
    """
    return _Exploration(model_of(chart, watchers), refused, most).run()


def explore_from(
    model: Model, starts: Sequence[Configuration], *, most: int = MOST_CONFIGURATIONS
) -> tuple[Graph, list[int]]:
    """Return everything that can be reached from cases that are open, and the node of each.

    Node 0 stands for no case.
    """
    exploration = _Exploration(model, None, most)
    nodes = exploration.begin(starts)
    return exploration.spread(), nodes


class _Exploration:
    """One search on its way."""

    def __init__(self, model: Model, refused: Refused | None, most: int) -> None:
        self._model = model
        self._chart = model.chart
        self._refused = refused
        self._most = most
        self._normal = Normal(model)
        self._inputs = Inputs(model)
        self._graph = Graph(model)
        self._known: dict[Hashable, int] = {}
        self._waiting: deque[int] = deque()
        self._failing = {name for name, one in self._chart.messages.items() if one.failed}
        self._reporting = {
            name for name, action in self._chart.actions.items() if action.reports or action.failed
        }

    def run(self) -> Graph:
        """Explore from the openings."""
        blank = self._blank()
        for opened in self._inputs.openings(blank):
            self._try(0, blank, opened, ())
        return self.spread()

    def begin(self, starts: Sequence[Configuration]) -> list[int]:
        """Return the nodes of these configurations, from which the exploration then spreads."""
        self._blank()
        nodes = [self._node(case, outstanding, memories) for case, outstanding, memories in starts]
        for node in dict.fromkeys(nodes):
            self._graph.distances[node] = 0
            self._waiting.append(node)
        return nodes

    def _blank(self) -> Case:
        """Make node 0: the case before it is opened."""
        graph, tasks = self._graph, tasks_done(self._chart)
        blank = Case(_identity(self._chart), revision=0, at=EPOCH, states=EMPTY, tasks=tasks)
        graph.nodes.append(Configuration(blank))
        graph.edges.append([])
        graph.arrivals.append(None)
        graph.distances.append(0)
        return blank

    def spread(self) -> Graph:
        """Look into everything that is waiting, and into what that leads to."""
        graph = self._graph
        looked_into: set[int] = {0}
        while self._waiting:
            node = self._waiting.popleft()
            if node in looked_into:
                continue
            if len(graph.nodes) > self._most:
                graph.unseen |= {node, *self._waiting} - looked_into
                break
            looked_into.add(node)
            self._look_into(node)
        return graph

    def _look_into(self, node: int) -> None:
        case, outstanding, _ = self._graph.nodes[node]
        if case.is_closed:
            return
        for input, rest in self._inputs(case, outstanding):
            self._try(node, case, input, rest)
        for firing in firings(self._model, case):
            self._try(node, firing.case, firing.due, outstanding, firing)
        for kind, moved in steps(self._model, case):
            self._step(node, kind, moved)

    def _try(
        self,
        node: int,
        case: Case,
        input: Input,
        outstanding: Outstanding,
        firing: Firing | None = None,
    ) -> None:
        """Try an input with every answer of the host, and go where it leads."""
        people = known_persons(case) if self._model.cone.has_persons else ()
        refusing = self._model.refusing_roles
        ways = every_way(self._chart, case, input, people=people, refusing=refusing)
        for number, (found, answered) in enumerate(ways):
            if number == MOST_WAYS:  # A circle of sent events asks anew in each round.
                self._graph.unseen.add(node)
                return
            if isinstance(found, Refusal):
                if self._refused is not None:
                    self._refused(self._model, node, case, input, found, answered)
                continue
            self._use(found)
            self._graph.transitions += 1
            left = self._left(outstanding, found.effects)
            target = self._arrive(node, case, found, left)
            happened, problem = found.entry.steps, found.entry.problem
            edge = Edge(node, target, Kind.PEOPLE, input, answered, happened, problem)
            if firing is not None:
                if firing.due.label == DUE:
                    self._graph.fired.add(firing.due.key)
                edge = edge._replace(kind=Kind.TIME, kind_of_time=firing.kind, passed=firing.passed)
            self._go(edge)

    def _step(self, node: int, kind: str, moved: Case) -> None:
        _, outstanding, memories = self._graph.nodes[node]
        target = self._node(moved, outstanding, memories)
        passed = self._model.kinds.units[kind]
        self._go(Edge(node, target, Kind.STEP, None, kind_of_time=kind, passed=passed))

    def _arrive(self, node: int, before: Case, found: Decision, left: Outstanding) -> int:
        memories = self._graph.nodes[node].memories
        if self._model.watchers:
            if not before.states:
                memories = tuple(one.begin(found) for one in self._model.watchers)
            else:
                memories = tuple(
                    one.follow(memory, before, found)
                    for one, memory in zip(self._model.watchers, memories, strict=True)
                )
        return self._node(found.case, left, memories)

    def _node(self, case: Case, outstanding: Outstanding, memories: tuple[Hashable, ...]) -> int:
        """Return the node of a configuration, a new one where it has not been met."""
        key, normal = self._normal(case)
        outstanding = () if case.is_closed else outstanding
        known = (key, outstanding, memories)
        node = self._known.get(known)
        if node is None:
            graph = self._graph
            node = self._known[known] = len(graph.nodes)
            graph.nodes.append(Configuration(normal, outstanding, memories))
            graph.edges.append([])
            graph.arrivals.append(None)
            graph.distances.append(-1)
        return node

    def _go(self, edge: Edge) -> None:
        """Keep a way unless it is known, and look where it leads, the nearest first."""
        graph = self._graph
        source, target = edge.source, edge.target
        if source == target:
            if edge.problem or edge.kind is Kind.TIME:
                graph.edges[source].append(edge)
            return
        graph.edges[source].append(edge)
        distance = graph.distances[source] + (edge.kind is not Kind.STEP)
        known = graph.distances[target]
        if known == -1 or distance < known:
            graph.distances[target] = distance
            graph.arrivals[target] = edge
            if edge.kind is Kind.STEP:
                self._waiting.appendleft(target)
            else:
                self._waiting.append(target)

    def _use(self, found: Decision) -> None:
        """Note the branches that are taken on some path."""
        for step in found.entry.steps:
            for move in step.moves:
                self._graph.used.add((move.track, move.source, step.event, move.branch))

    def _left(self, outstanding: Outstanding, effects: tuple[Effect, ...]) -> Outstanding:
        """Return what may be reported on after these effects."""
        keys = [
            f"action {one.name}"
            for one in effects
            if isinstance(one, Act) and one.name in self._reporting
        ]
        keys += [
            f"message {one.message}"
            for one in effects
            if isinstance(one, Notify) and one.message in self._failing
        ]
        keys += [
            f"linked {' '.join(sorted(set(one.at_end.values())))}"
            for one in effects
            if isinstance(one, OpenLinked) and one.at_end
        ]
        if not keys:
            return outstanding
        counted = dict(outstanding)
        for key in keys:
            counted[key] = min(2, counted.get(key, 0) + 1)
        return tuple(sorted(counted.items()))


def _identity(chart: Chart) -> Identity:
    return Identity("the case", chart.process, chart.version, chart.hash, EPOCH)
