"""S4: every state, branch, timer and end is used on some path; and if not, why not.

What a parameter switches off is exempt: a timer with `none`, a branch whose condition is fixed, and
what only such a timer could set off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from escalation_engine.chart.model import Branch, Chart, StateKind, Timer, Track
from escalation_engine.condition.tree import Truth
from escalation_engine.core import Refusal
from escalation_engine.verify.answering import every_way
from escalation_engine.verify.choosing import branches_of, chosen, draft_of
from escalation_engine.verify.explore import explore
from escalation_engine.verify.flaw import Element, Flaw, branch_element, state_element
from escalation_engine.verify.graph import Graph
from escalation_engine.verify.inputs import Inputs
from escalation_engine.verify.switches import is_off, switched_on

__all__ = ["alive", "taken"]


def alive(graph: Graph) -> Iterator[Flaw]:
    """Yield what no path uses. Says nothing of what has not been explored to its end."""
    if not graph.is_whole:
        return
    dead = list(_dead(graph))
    for chart in switched_on(graph.model.original) if dead else ():
        other = explore(chart, watchers=graph.model.watchers, most=len(graph.nodes) * 8 + 1000)
        still = {flaw.element for flaw in _dead(other)} if other.is_whole else set()
        dead = [flaw for flaw in dead if flaw.element in still]
    yield from dead


def taken(graph: Graph) -> set[Element]:
    """Return the branches that some path takes, as elements."""
    return {
        branch_element(track, branch)
        for track in graph.model.chart.tracks
        for branch in _branches(graph.model.chart, track)
        if (track.name, branch.leaf, branch.event, branch.number) in graph.used
    }


def _dead(graph: Graph) -> Iterator[Flaw]:
    for track in graph.model.chart.tracks:
        reached = {
            node.case.states[track.name] for node in graph.nodes if track.name in node.case.states
        }
        # What is left again within one decision, by `always` or a sent event, is reached too.
        reached |= {source for name, source, _, _ in graph.used if name == track.name}
        yield from _dead_states(track, reached)
        yield from _dead_branches(graph, track, reached)
    yield from _dead_timers(graph)


def _dead_states(track: Track, reached: set[str]) -> Iterator[Flaw]:
    """A scope none of whose leaves is reached is named once, without what is inside."""
    live = {path for leaf in reached for path in track.scopes(leaf)}
    for path, state in track.states.items():
        if path in live or (state.parent and state.parent not in live):
            continue
        sort = "end" if state.kind is StateKind.END else "state"
        yield Flaw(
            "E203",
            f"the {sort} `{path}` is never reached",
            state_element(track, state),
            "lead something to it, or take it out",
        )


class _Place(NamedTuple):
    declared_in: str
    event: str
    number: int


def _dead_branches(graph: Graph, track: Track, reached: set[str]) -> Iterator[Flaw]:
    chart = graph.model.chart
    live: set[_Place] = set()
    dead: dict[_Place, Branch] = {}
    for branch in _branches(chart, track):
        place = _Place(branch.transition.declared_in, branch.event, branch.transition.number)
        if branch.leaf and branch.leaf not in reached:
            continue
        if (track.name, branch.leaf, branch.event, branch.number) in graph.used:
            live.add(place)
        else:
            dead.setdefault(place, branch)
    for place, branch in dead.items():
        if place not in live and not _is_exempt(graph, branch):
            yield _why_dead(graph, track, branch)


def _branches(chart: Chart, track: Track) -> Iterator[Branch]:
    if track is chart.main:
        for opening in chart.openings.values():
            yield from opening.branches
    for events in track.branches.values():
        for branches in events.values():
            yield from branches
    for branches in track.always.values():
        yield from branches


def _is_exempt(graph: Graph, branch: Branch) -> bool:
    """A refusal in words is never taken; nor is what a parameter has decided against."""
    one = branch.transition
    if one.refuse or (one.when is not None and one.when.tree == Truth(False)):
        return True
    return _is_settled(graph.model.chart, branch)


def _is_settled(chart: Chart, branch: Branch) -> bool:
    """Return whether a branch before it holds by a parameter, so that this one is switched off."""
    for track in chart.tracks:
        for other in track.branches.get(branch.leaf, {}).get(branch.event, ()):
            if other is branch:
                return False
            when = other.transition.when
            if when is not None and when.tree == Truth(True) and not other.transition.guards:
                return True
    return False


def _why_dead(graph: Graph, track: Track, branch: Branch) -> Flaw:
    """Try once more everything that could take the branch, and say what stood in the way."""
    model, inputs = graph.model, Inputs(graph.model)
    element = branch_element(track, branch)
    where = f" in `{branch.leaf}`" if branch.leaf else ""
    name = f"`{branch.event}`{where}" if branch.event else f"`always`{where}"
    for node, (case, outstanding, _) in enumerate(graph.nodes):
        if not branch.leaf or not branch.event or case.is_closed:
            break
        if case.states.get(track.name) != branch.leaf:
            continue
        for input, _ in inputs(case, outstanding):
            if getattr(input, "event", None) != branch.event:
                continue
            for found, answered in every_way(model.chart, case, input):
                draft = draft_of(model, case, input, answered)  # type: ignore[arg-type]  # an event
                if not isinstance(found, Refusal) or draft is None:
                    continue
                listed = branches_of(model.chart, case, input)  # type: ignore[arg-type]  # the same
                if any(one is branch for _, one in chosen(draft, listed)):
                    why = "; ".join(dict.fromkeys(one.message for one in found.reasons))
                    return Flaw(
                        "E210",
                        f"nothing that can be reached ever meets the gates of {name}: {why}",
                        element,
                        "let something on the way here bring what the gate asks for",
                        graph.path(node),
                    )
    when = branch.transition.when
    why = f"its condition never holds there: {when}" if when else "another branch always goes first"
    if not branch.event:
        why = f"it never holds: {when}" if when else "nothing ever looks at it"
    return Flaw("E203", f"a branch of {name} is never taken: {why}", element, "mend or remove it")


def _dead_timers(graph: Graph) -> Iterator[Flaw]:
    fired = graph.fired
    armed = {key for node in graph.nodes for key, one in node.case.timers.items() if one.pending}
    for key, timer in graph.model.chart.timers.items():
        if key in fired or is_off(timer):
            continue
        element = Element(timer.track, timer.scope, section="timers", name=key)
        if key in armed:
            yield Flaw(
                "W404",
                f"the timer `{key}` can never win: something else always falls due before it",
                element,
                "give it less time, or take it out",
            )
        elif _is_passed(graph, timer):
            yield Flaw(
                "E203", f"the timer `{key}` never runs: no case stays where it is armed", element
            )
        elif _is_reached(graph, timer):
            why = (
                "the fact that it is agreed in is never set"
                if timer.after.agreed_in
                else ("its amount is never known there")
            )
            yield Flaw("E203", f"the timer `{key}` never runs: {why}", element)


def _is_passed(graph: Graph, timer: Timer) -> bool:
    """Return whether cases only pass the scope of a timer, within one decision."""
    passed = {source for track, source, _, _ in graph.used if track == timer.track}
    is_inside = any(f"{leaf}.".startswith(f"{timer.scope}.") for leaf in passed)
    return is_inside and not _is_reached(graph, timer)


def _is_reached(graph: Graph, timer: Timer) -> bool:
    scope = timer.scope
    for node in graph.nodes:
        leaf = node.case.states.get(timer.track, "")
        if leaf == scope or leaf.startswith(f"{scope}.") or (leaf and not scope):
            return True
    return False
