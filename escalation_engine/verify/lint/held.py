"""W601: states in which people do something and nobody has the case.

Only where the process declares roles: a first sketch without any is not yet about who.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_engine.chart.model import Body, Branch, Chart, State, StateKind
from escalation_engine.verify.flaw import Flaw, state_element
from escalation_engine.verify.graph import Edge, Graph, Kind

__all__ = ["held"]

_HOLDING = frozenset({"owner", "assignee", "poc"})


def held(graph: Graph) -> Iterator[Flaw]:
    """Yield each state of work of the main track that a case can be in while nobody holds it."""
    chart = graph.model.original
    if not chart.roles:
        return
    seen = set()
    for node in sorted(_unheld(graph, chart)):
        case = graph.nodes[node].case
        if not case.states or case.is_closed:
            continue
        leaf = graph.leaf(node)
        if leaf.path in seen or leaf.kind is not StateKind.WORK:
            continue
        if not any(edge.kind is Kind.PEOPLE and edge.target != node for edge in graph.edges[node]):
            continue
        seen.add(leaf.path)
        yield Flaw(
            "W601",
            f"nobody has the case in `{leaf.path}`: no `owner` or `assignee` is named on the way",
            state_element(chart.main, leaf),
            "name an `assignee` at the state, or let an event `assign` one",
        )


def _unheld(graph: Graph, chart: Chart) -> set[int]:
    """Return the configurations that some way leads to on which nobody was given the case."""
    branches = _branches(chart)
    found, waiting = {0}, [0]
    while waiting:
        for edge in graph.edges[waiting.pop()]:
            if edge.target not in found and not _gives(edge, chart, branches):
                found.add(edge.target)
                waiting.append(edge.target)
    return found


_Key = tuple[str, str, str, int]


def _branches(chart: Chart) -> dict[_Key, Branch]:
    found: dict[_Key, Branch] = {}
    for track in chart.tracks:
        for leaf, events in track.branches.items():
            for event, listed in events.items():
                found |= {(track.name, leaf, event, one.number): one for one in listed}
        for leaf, listed in track.always.items():
            found |= {(track.name, leaf, "", one.number): one for one in listed}
    for event, opening in chart.openings.items():
        found |= {(chart.main.name, "", event, one.number): one for one in opening.branches}
    return found


def _gives(edge: Edge, chart: Chart, branches: dict[_Key, Branch]) -> bool:
    """Return whether a way gives the case to somebody, by an event or by entering a state."""
    for step in edge.steps:
        for move in step.moves:
            branch = branches.get((move.track, move.source, step.event, move.branch))
            if branch is not None and _assigns(branch.transition.body):
                return True
            if any(_assigns(state.entry) for state in _around(chart, move.track, move.target)):
                return True
    return False


def _around(chart: Chart, track: str, leaf: str) -> Iterator[State]:
    """Yield a leaf and the states around it: all of them were entered at some time."""
    states = next(one.states for one in chart.tracks if one.name == track)
    state = states.get(leaf)
    while state is not None:
        yield state
        state = states.get(state.parent)


def _assigns(body: Body) -> bool:
    return any(one.slot in _HOLDING for one in body.assign)
