"""S7: nobody acts. Time alone brings a case to rest, within a bound, or it waits for ever.

The bound is counted by kinds of time. Those do not add up to one number: "4 working hours + 24
hours" is what it says. Side by side they may pass at once, so that each part is a most.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from escalation_engine.core import Due
from escalation_engine.verify.components import components
from escalation_engine.verify.flaw import Element, Flaw, state_element
from escalation_engine.verify.graph import Edge, Graph, Kind
from escalation_engine.verify.span_text import Span, write_span

__all__ = ["bounds", "refused_firings", "silent"]


def bounds(graph: Graph) -> dict[str, Span | None]:
    """Return for each leaf of the main track how long silence lasts at most; None: for ever."""
    spans = _spans(graph)
    found: dict[str, Span | None] = {}
    for node in range(1, len(graph.nodes)):
        if graph.nodes[node].case.is_closed:
            continue
        leaf = graph.leaf(node).path
        span = spans[node]
        known = found.get(leaf, {})
        found[leaf] = None if span is None or known is None else _most(known, span)
    return found


def silent(graph: Graph) -> Iterator[Flaw]:
    """Yield where a case waits for ever when nobody acts, or else how long it takes at most."""
    chart = graph.model.chart
    waiting = _waiting(graph)
    moves = any(edge.kind is Kind.TIME for edge in graph.all_edges())
    if waiting and not moves:
        yield Flaw(
            "W401",
            "when nobody acts, every case waits for ever: no timer moves it anywhere",
            Element(),
            "give each state a timer that sends an event, or say under `ignore` why not",
            graph.path(waiting[0]),
        )
        return
    seen = set()
    for node in waiting:
        leaf = graph.leaf(node)
        if leaf.path in seen:
            continue
        seen.add(leaf.path)
        yield Flaw(
            "W401",
            f"when nobody acts, a case waits for ever in `{leaf.path}`",
            state_element(chart.main, leaf),
            "give the state a timer that sends an event, or say under `ignore` why not",
            graph.path(node),
        )
    if not waiting and graph.is_whole:
        longest: Span = {}
        for span in bounds(graph).values():
            longest = _most(longest, span or {})
        yield Flaw(
            "I402",
            f"when nobody acts, every case comes to rest within {write_span(graph.model, longest)}",
        )


def refused_firings(graph: Graph) -> Iterator[Flaw]:
    """Yield what falls due and is refused: it is used up all the same, and nothing follows."""
    seen = set()
    for edge in sorted(graph.all_edges(), key=lambda one: graph.distances[one.source]):
        due = edge.input
        if not edge.problem or not isinstance(due, Due):
            continue
        leaf = graph.leaf(edge.source)
        if (due.key, leaf.path) in seen:
            continue
        seen.add((due.key, leaf.path))
        timer = graph.model.chart.timers.get(due.key)
        element = Element(section=f"{due.kind}s" if due.kind != "duty" else "duties", name=due.key)
        if timer is not None:
            element = Element(timer.track, timer.scope, section="timers", name=due.key)
        hint = "take the gate away for the engine, or let the state bring what it asks for"
        if leaf.level and _must_resolve(graph, leaf.path):
            hint = "the level says `must_resolve`, so that nothing leads up from it"
        yield Flaw(
            "E209",
            f"`{due.key}` falls due in `{leaf.path}` and is refused: {edge.problem}",
            element,
            hint,
            (*graph.path(edge.source), edge),
        )


def _must_resolve(graph: Graph, leaf: str) -> bool:
    track = graph.model.chart.main
    return any(track.states[path].must_resolve for path in track.scopes(leaf))


def _silent_edges(graph: Graph, node: int) -> list[Edge]:
    if graph.rest(node) is not None:
        return []
    return [
        edge for edge in graph.edges[node] if edge.kind is not Kind.PEOPLE and edge.target != node
    ]


def _waiting(graph: Graph) -> list[int]:
    """Return where time leads nowhere, or round and round, without rest; nearest first."""
    order = components(
        range(1, len(graph.nodes)),
        lambda node: [edge.target for edge in _silent_edges(graph, node)],
    )
    found = [node for part in order if len(part) > 1 or _goes_round(graph, *part) for node in part]
    for node in range(1, len(graph.nodes)):
        is_final = graph.rest(node) is not None or node in graph.unseen
        if not is_final and not _silent_edges(graph, node):
            found.append(node)
    return sorted(found, key=lambda node: (graph.distances[node], node))


def _goes_round(graph: Graph, node: int) -> bool:
    """A timer leads back to where it was armed. One that repeats only reminds of what runs on."""
    timers = graph.model.chart.timers
    return graph.rest(node) is None and any(
        edge.target == node
        and isinstance(edge.input, Due)
        and edge.input.key in timers
        and timers[edge.input.key].every is None
        for edge in graph.edges[node]
        if edge.kind is Kind.TIME and not edge.problem
    )


def _spans(graph: Graph) -> list[Span | None]:
    """Return for each node the longest silence until it rests; None where that has no bound."""
    spans: list[Span | None] = [{} for _ in graph.nodes]
    endless = set(_waiting(graph)) | graph.unseen
    order = components(
        range(1, len(graph.nodes)),
        lambda node: [edge.target for edge in _silent_edges(graph, node)],
    )
    for part in order:  # what a node leads to comes before it
        for node in part:
            spans[node] = None if node in endless else _longest(graph, node, spans)
    return spans


def _longest(graph: Graph, node: int, spans: list[Span | None]) -> Span | None:
    longest: Span = {}
    for edge in _silent_edges(graph, node):
        after = spans[edge.target]
        if after is None:
            return None
        here = {**after, edge.kind_of_time: after.get(edge.kind_of_time, timedelta()) + edge.passed}
        longest = _most(longest, here)
    return longest


def _most(one: Span, other: Span) -> Span:
    nothing = timedelta()
    return {
        kind: max(one.get(kind, nothing), other.get(kind, nothing)) for kind in one.keys() | other
    }
