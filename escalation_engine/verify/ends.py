"""S1 and S3: from everywhere a case can come to its end, and it ends clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_engine.chart.model import StateKind
from escalation_engine.core import Recorded
from escalation_engine.verify.components import components
from escalation_engine.verify.flaw import Element, Flaw, state_element
from escalation_engine.verify.graph import Edge, Graph, Kind, Rest

__all__ = ["ending", "motionless"]


def ending(graph: Graph) -> Iterator[Flaw]:
    """Yield where a case cannot end, and where it ends with something left undone."""
    goals = {node for node in range(len(graph.nodes)) if graph.rest(node) in _ENDS}
    can_end = graph.reaching(goals | graph.unseen)
    lost = [node for node in range(1, len(graph.nodes)) if node not in can_end]
    yield from _stuck(graph, lost)
    yield from _trapped(graph, lost)
    if not any(graph.nodes[node].case.is_closed for node in goals) and graph.is_whole:
        yield Flaw(
            "E204",
            "no case can ever be closed: no end of the main track can be reached",
            hint="lead some path to a state of `kind: end`",
        )
    for node in sorted(goals, key=graph.distances.__getitem__):
        if graph.rest(node) is Rest.FINAL:
            yield from _unclean(graph, node)


_ENDS = (Rest.CLOSED, Rest.FINAL)


def _stuck(graph: Graph, lost: list[int]) -> Iterator[Flaw]:
    """Nothing leads on. At a decision point that is for the rule about those (S6)."""
    seen = set()
    still = motionless(graph, lost)
    for node in _nearest_first(graph, lost):
        leaf = graph.leaf(node)
        if node not in still or leaf.path in seen or graph.rest(node) is Rest.RESUMABLE:
            continue
        seen.add(leaf.path)
        yield Flaw(
            "E201",
            f"a case can get stuck in `{leaf.path}`: nothing leads on from there",
            state_element(graph.model.chart.main, leaf),
            "add a way on, or make it an end (`kind: end`) or a decision point (`kind: decision`)",
            graph.path(_nearest_within(graph, lost, {leaf.path})),
        )


def _nearest_within(graph: Graph, lost: list[int], leaves: set[str]) -> int:
    """Return the nearest node from which a case never leaves these states any more."""
    inside = {node for node in lost if graph.leaf(node).path in leaves}
    before: dict[int, list[int]] = {}
    leaving = []
    for node in inside:
        for edge in graph.edges[node]:
            before.setdefault(edge.target, []).append(node)
            if edge.target not in inside:
                leaving.append(node)
    while leaving:
        node = leaving.pop()
        if node in inside:
            inside.discard(node)
            leaving.extend(before.get(node, ()))
    return _nearest_first(graph, sorted(inside))[0]


def motionless(graph: Graph, nodes: Iterable[int]) -> set[int]:
    """Return where nothing leads on; to record something that changes no more is no way on."""
    onwards = {node: [edge for edge in graph.edges[node] if edge.target != node] for node in nodes}
    found = {
        node
        for node, edges in onwards.items()
        if all(isinstance(edge.input, Recorded) for edge in edges)
    }
    while True:
        going = {node for node in found if any(e.target not in found for e in onwards[node])}
        if not going:
            return found
        found -= going


def _trapped(graph: Graph, lost: list[int]) -> Iterator[Flaw]:
    """Something always happens, and the end never comes."""
    inside = set(lost)
    seen = set()
    for component in components(lost, lambda node: _targets(graph, node)):
        if len(component) == 1 or any(
            target not in component for node in component for target in _targets(graph, node)
        ):
            continue
        assert inside.issuperset(component), "what leads to no end leads to nothing that does"
        leaves = {graph.leaf(node).path for node in component}
        if frozenset(leaves) in seen:
            continue
        seen.add(frozenset(leaves))
        nearest = graph.path(_nearest_within(graph, lost, leaves))
        yield _circle(graph, set(component), leaves, nearest)


def _circle(graph: Graph, inside: set[int], leaves: set[str], path: tuple[Edge, ...]) -> Flaw:
    """Where only side tracks go round, the case itself is stuck."""
    main = graph.model.chart.main
    goes = any(
        move.track == main.name
        for node in inside
        for edge in graph.edges[node]
        for step in edge.steps
        for move in step.moves
    )
    element = state_element(main, graph.leaf(path[-1].target))
    if len(leaves) == 1 and not goes and graph.rest(path[-1].target) is Rest.RESUMABLE:
        return Flaw(
            "E208",
            f"at the decision point `{min(leaves)}` nothing can be decided: no option is enabled, "
            "while other tracks go round",
            element,
            "give it an option that is enabled in every case that comes here",
            path,
        )
    if len(leaves) == 1 and not goes:
        return Flaw(
            "E201",
            f"a case can get stuck in `{min(leaves)}`: nothing leads on from there, while other "
            "tracks go round",
            element,
            "add a way on, or make it an end (`kind: end`) or a decision point (`kind: decision`)",
            path,
        )
    names = ", ".join(f"`{leaf}`" for leaf in sorted(leaves))
    return Flaw(
        "E202",
        f"a case can be trapped: it goes round in {names} and never reaches an end",
        element,
        "give one of these states a way that leads out",
        path,
    )


def _targets(graph: Graph, node: int) -> list[int]:
    return [edge.target for edge in graph.edges[node]]


def _unclean(graph: Graph, node: int) -> Iterator[Flaw]:
    """A final decision point stays for ever: nothing may run on, and side tracks must rest."""
    chart = graph.model.chart
    leaf = graph.leaf(node)
    armed = sorted(
        {edge.kind_of_time for edge in graph.edges[node] if edge.kind is not Kind.PEOPLE}
    )
    case = graph.nodes[node].case
    runs = [chart.timers[key].title for key, one in case.timers.items() if one.pending]
    if armed and runs:
        yield Flaw(
            "E205",
            f"at the final decision point `{leaf.path}` a timer still runs: {', '.join(runs)}",
            state_element(chart.main, leaf),
            "declare the timer on the states that it is meant for",
            graph.path(node),
        )
    for track in chart.tracks[1:]:
        if _comes_to_rest(graph, node, track.name):
            continue
        yield Flaw(
            "E206",
            f"at the final decision point `{leaf.path}` the track `{track.name}` never rests",
            Element(track.name, case.states[track.name]),
            "lead the side track to an `idle` state or an end",
            graph.path(node),
        )


def _comes_to_rest(graph: Graph, start: int, track: str) -> bool:
    states = next(one for one in graph.model.chart.tracks if one.name == track).states
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if states[graph.nodes[node].case.states[track]].kind in (StateKind.IDLE, StateKind.END):
            return True
        for edge in graph.edges[node]:
            if edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)
    return bool(seen & graph.unseen)


def _nearest_first(graph: Graph, nodes: list[int]) -> list[int]:
    return sorted(nodes, key=lambda node: (graph.distances[node], node))
