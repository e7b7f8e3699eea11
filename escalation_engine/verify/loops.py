"""S8: however people choose, a case ends: every loop of human moves has a count that runs out.

A count that a condition or a limit reads makes each round another configuration, until it runs
out. What is left in a circle can go on for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from escalation_engine.core import Move
from escalation_engine.verify.components import components
from escalation_engine.verify.flaw import Element, Flaw
from escalation_engine.verify.graph import Edge, Graph, Kind

__all__ = ["loops"]


def loops(graph: Graph, *, is_meant: Callable[[Element], bool] = lambda _: False) -> Iterator[Flaw]:
    """Yield each loop without a count, by the move that leads back; and timers that it re-arms.

    A move that is meant to repeat goes first, then the one that leads furthest back. What goes
    round without it is looked for then, so that one loop is told once, and the levels of a ladder
    as one.
    """
    rearmed: set[str] = set()
    told: set[_Form] = set()
    live = set(range(1, len(graph.nodes)))
    near = _nearness(graph)
    while True:
        furthest = _furthest(graph, live, told, near, is_meant)
        if not furthest:
            return
        for edge, move, inside in furthest:
            form = _form(graph, edge, move)
            if form in told:
                continue
            told.add(form)
            circle = _from_nearest(graph, (edge, *_way(graph, edge.target, edge.source, inside)))
            yield _loop(graph, _element(edge, move), circle)
            yield from _rearmed(graph, circle, rearmed)


_Form = tuple[str, str, str]
"""A move as it is written: track, where it is declared with `*` for each level, event."""


_Nearness = dict[tuple[tuple[str, str], ...], int]


def _furthest(
    graph: Graph,
    live: set[int],
    told: set[_Form],
    near: _Nearness,
    is_meant: Callable[[Element], bool],
) -> list[tuple[Edge, Move, set[int]]]:
    """Return for each circle that is left the human move that leads furthest back."""

    def targets(node: int) -> list[int]:
        return [edge.target for edge in graph.edges[node] if not _is_told(graph, edge, told)]

    found = []
    left: set[int] = set()
    for part in components(sorted(live), targets):
        if len(part) == 1:
            continue
        inside = set(part)
        moves = [
            (edge, move)
            for node in part
            for edge in graph.edges[node]
            if not _is_told(graph, edge, told) and (move := _human(edge, inside)) is not None
        ]
        meant = [one for one in moves if is_meant(_element(*one))]
        # Where only time leads back, any move that people make in the circle keeps it going.
        backs = meant or [one for one in moves if _is_back(graph, one[0], near)] or moves
        if backs:
            left |= inside
            furthest = min(backs, key=lambda one: _order(graph, one[0], near))
            wanted = _form(graph, *furthest)
            alike = [one for one in backs if _form(graph, *one) == wanted]
            nearest = min(alike, key=lambda one: (graph.distances[one[0].source], one[0].source))
            found.append((*nearest, inside))
    live.intersection_update(left)
    return found


def _order(graph: Graph, edge: Edge, near: _Nearness) -> tuple[int, int, int]:
    """The larger the way back the earlier; then what is nearer to the opening."""
    source, target = (near[_states(graph, node)] for node in (edge.source, edge.target))
    return target - source, graph.distances[edge.source], edge.source


def _states(graph: Graph, node: int) -> tuple[tuple[str, str], ...]:
    return tuple(graph.nodes[node].case.states.items())


def _nearness(graph: Graph) -> _Nearness:
    """How near states are to the opening, whatever is set: data and counts do not lead forward."""
    near: _Nearness = {}
    for node in range(1, len(graph.nodes)):
        states, distance = _states(graph, node), graph.distances[node]
        near[states] = min(distance, near.get(states, distance))
    return near


def _is_told(graph: Graph, edge: Edge, told: set[_Form]) -> bool:
    if not told or edge.kind is not Kind.PEOPLE:
        return False
    return any(_form(graph, edge, move) in told for step in edge.steps for move in step.moves)


def _form(graph: Graph, edge: Edge, move: Move) -> _Form:
    states = next(one.states for one in graph.model.chart.tracks if one.name == move.track)
    parts = move.declared_in.split(".") if move.declared_in else []
    written = []
    for index, part in enumerate(parts):
        state = states[".".join(parts[: index + 1])]
        written.append("*" if state.level == part else part)
    return move.track, ".".join(written), _event(edge, move)


def _human(edge: Edge, inside: set[int]) -> Move | None:
    """Return the move by which people lead a case on within a circle."""
    if edge.kind is not Kind.PEOPLE or edge.target not in inside:
        return None
    moves = [move for step in edge.steps for move in step.moves if move.source != move.target]
    return moves[0] if moves else None


def _is_back(graph: Graph, edge: Edge, near: _Nearness) -> bool:
    """Whether it leads to where a case can be no later than here."""
    return near[_states(graph, edge.target)] <= near[_states(graph, edge.source)]


def _element(edge: Edge, move: Move) -> Element:
    return Element(move.track, move.declared_in, _event(edge, move))


def _event(edge: Edge, move: Move) -> str:
    return next(step.event for step in edge.steps if move in step.moves)


def _way(graph: Graph, start: int, goal: int, inside: set[int]) -> tuple[Edge, ...]:
    """Return a shortest way from one node of a circle to another."""
    came: dict[int, Edge | None] = {start: None}
    waiting = deque([start])
    while waiting and goal not in came:
        node = waiting.popleft()
        for edge in graph.edges[node]:
            if edge.target in inside and edge.target not in came:
                came[edge.target] = edge
                waiting.append(edge.target)
    found = []
    last = came[goal]
    while last is not None:
        found.append(last)
        last = came[last.source]
    return tuple(reversed(found))


def _from_nearest(graph: Graph, circle: tuple[Edge, ...]) -> tuple[Edge, ...]:
    """Return the circle from where it is entered first, all the way round."""
    nearest = min(range(len(circle)), key=lambda one: graph.distances[circle[one].source])
    return circle[nearest:] + circle[:nearest]


def _loop(graph: Graph, element: Element, circle: tuple[Edge, ...]) -> Flaw:
    leaves = [graph.nodes[one.source].case.states[element.track] for one in circle]
    names = " -> ".join(f"`{leaf}`" for leaf in [*_without_stays(leaves), leaves[0]])
    return Flaw(
        "W209",
        f"people can go round for ever by `{element.event or 'always'}`: {names}",
        element,
        "count the event and let a condition or `at_most` read the count, or say under `ignore` "
        "why not",
        (*graph.path(circle[0].source), *circle),
    )


def _without_stays(leaves: list[str]) -> list[str]:
    return [leaf for index, leaf in enumerate(leaves) if index == 0 or leaf != leaves[index - 1]]


def _rearmed(graph: Graph, circle: tuple[Edge, ...], seen: set[str]) -> Iterator[Flaw]:
    """A timer that the circle arms anew bounds its state, and not the case."""
    armed = [
        {key for key, one in graph.nodes[edge.source].case.timers.items() if one.pending}
        for edge in circle
    ]
    always = armed[0].intersection(*armed)
    for key in sorted(armed[0].union(*armed) - always):
        timer = graph.model.chart.timers[key]
        if key in seen or not timer.send:
            continue
        seen.add(key)
        yield Flaw(
            "W403",
            f"the timer `{key}` is armed anew in a loop, so that it sets no bound for the case",
            Element(timer.track, timer.scope, section="timers", name=key),
            "a timer on a state around the loop, or on the whole process, does",
        )
