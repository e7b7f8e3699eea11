"""S5 and the ties of time: where two things hold at once and only their order decides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from escalation_engine.chart.model import Branch, Chart, Track
from escalation_engine.core import Sent
from escalation_engine.verify.choosing import branches_of, draft_of
from escalation_engine.verify.epoch import EPOCH
from escalation_engine.verify.flaw import Element, Flaw, branch_element
from escalation_engine.verify.graph import Edge, Graph
from escalation_engine.verify.inputs import Inputs

__all__ = ["excludes", "overlaps", "ties"]


def overlaps(graph: Graph) -> Iterator[Flaw]:
    """Yield pairs of conditional branches of which both are enabled for one input."""
    crowded = _crowded(graph.model.chart)
    if not crowded:
        return
    inputs = Inputs(graph.model)
    seen: set[tuple[Element, Element]] = set()
    for node, (case, outstanding, _) in enumerate(graph.nodes):
        here = {(track, leaf) for track, leaf in case.states.items()}
        events = {event for track, leaf, event in crowded if (track, leaf) in here}
        for input, _ in inputs(case, outstanding) if events else ():
            if not isinstance(input, Sent) or input.event not in events:
                continue
            draft = draft_of(graph.model, case, input, ())
            if draft is None:
                continue
            listed = [
                (track, branch)
                for track, branch in branches_of(graph.model.chart, case, input)
                if _is_conditional(branch)
                and (branch.transition.when is None or branch.transition.when.holds(draft) is True)
            ]
            for (track, one), (other_track, other) in combinations(listed, 2):
                pair = branch_element(track, one), branch_element(other_track, other)
                if track is not other_track or pair in seen or pair[0] == pair[1]:
                    continue  # One branch to a level that the data name stands for many.
                if excludes(one, other):
                    continue
                seen.add(pair)
                taken = [edge for edge in graph.edges[node] if edge.input == input][:1]
                yield _overlap(track, (one, other), (*graph.path(node), *taken))


def ties(graph: Graph) -> Iterator[Flaw]:
    """Yield timers of one kind of time that fall due at one instant and both move the case."""
    seen = set()
    for node, (case, _, _) in enumerate(graph.nodes):
        due = [
            key
            for key, one in case.timers.items()
            if one.pending and one.pending[0].at <= EPOCH and graph.model.chart.timers[key].send
        ]
        for pair in combinations(sorted(due), 2):
            if pair in seen:
                continue
            seen.add(pair)
            timer = graph.model.chart.timers[pair[0]]
            yield Flaw(
                "W405",
                f"`{pair[0]}` and `{pair[1]}` fall due at one instant: the order in which they "
                "are written decides",
                Element(timer.track, timer.scope, section="timers", name=pair[0]),
                "let one of them fall due later",
                graph.path(node),
            )
    yield from _races(graph)


def _races(graph: Graph) -> Iterator[Flaw]:
    """Yield timers of one state that count in different kinds of time: either may come first."""
    timers = graph.model.chart.timers
    kinds = graph.model.kinds.of
    seen = set()
    for node in graph.nodes:
        running = [timers[key] for key in node.case.timers if timers[key].send]
        for one, other in combinations(running, 2):
            is_race = (one.track, one.scope) == (other.track, other.scope)
            is_race &= kinds["timer", one.key] != kinds["timer", other.key]
            if not is_race or (one.key, other.key) in seen or one.send == other.send:
                continue
            seen.add((one.key, other.key))
            yield Flaw(
                "W406",
                f"`{one.key}` and `{other.key}` race in different kinds of time: the calendar "
                "decides which comes first",
                Element(one.track, one.scope, section="timers", name=one.key),
                "count both in one kind of time, or let one of them only warn",
            )


def _crowded(chart: Chart) -> set[tuple[str, str, str]]:
    """Return (track, leaf, event) with more than one conditional branch."""
    return {
        (track.name, leaf, event)
        for track in chart.tracks
        for leaf, events in track.branches.items()
        for event, branches in events.items()
        if sum(map(_is_conditional, branches)) > 1
    }


def _is_conditional(branch: Branch) -> bool:
    return branch.transition.when is not None or bool(branch.transition.guards)


def excludes(one: Branch, other: Branch) -> bool:
    """Guards exclude each other where one wants the yes and the other the no; scopes overrule."""
    wanted = dict(one.transition.guards)
    if one.transition.declared_in != other.transition.declared_in:
        return True  # What is declared inside goes before what is declared around it, by rule.
    return any(wanted.get(name, yes) is not yes for name, yes in other.transition.guards)


def _overlap(track: Track, pair: tuple[Branch, Branch], path: tuple[Edge, ...]) -> Flaw:
    first, second = (_said(branch) for branch in pair)
    return Flaw(
        "W302",
        f"two branches of `{pair[0].event}` in `{pair[0].leaf}` hold at once: {first}, and "
        f"{second}; the first is taken",
        branch_element(track, pair[0]),
        "make the conditions exclude each other, or say under `ignore` that the order is meant",
        path,
    )


def _said(branch: Branch) -> str:
    one = branch.transition
    parts = [str(one.when)] if one.when is not None else []
    parts += [f"{'' if wanted else 'not '}{name}" for name, wanted in one.guards]
    return f"`{' and '.join(parts)}`"
