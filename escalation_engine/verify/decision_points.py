"""S6: every decision point has somebody to decide, and something to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_engine.chart.model import Assignment, Branch, HolderKind, StateKind, Track
from escalation_engine.verify.ends import motionless
from escalation_engine.verify.flaw import Flaw, state_element
from escalation_engine.verify.graph import Graph, Rest
from escalation_engine.verify.reads import all_branches

__all__ = ["answerable"]

_ACCOUNTABLE = {"owner", "assignee"}


def answerable(graph: Graph) -> Iterator[Flaw]:
    """Yield the decision points that nobody answers for, or where nothing can be decided."""
    owned: set[str] = set()
    without: set[str] = set()
    idle: set[str] = set()
    track = graph.model.chart.main
    still = motionless(graph, range(1, len(graph.nodes)))
    for node in sorted(range(1, len(graph.nodes)), key=graph.distances.__getitem__):
        rest = graph.rest(node)
        if rest not in (Rest.FINAL, Rest.RESUMABLE):
            continue
        leaf = graph.leaf(node)
        if leaf.path not in owned | without:
            (owned if _is_owned(graph, track, leaf.path) else without).add(leaf.path)
            if leaf.path in without:
                yield Flaw(
                    "E207",
                    f"nobody answers for the decision point `{leaf.path}`: it has no owner and "
                    "no assignee",
                    state_element(track, leaf),
                    "name an `owner` or an `assignee`",
                    graph.path(node),
                )
        if rest is Rest.RESUMABLE and node in still and leaf.path not in idle:
            if node in graph.unseen:
                continue
            idle.add(leaf.path)
            yield Flaw(
                "E208",
                f"at the decision point `{leaf.path}` nothing can be decided: no option is "
                "enabled and no timer runs",
                state_element(track, leaf),
                "give it an option that is enabled in every case that comes here",
                graph.path(node),
            )


def _is_owned(graph: Graph, track: Track, leaf: str) -> bool:
    """Return whether whoever comes here is given an owner or an assignee on the way in."""
    if any(_assigns(track.states[path].entry.assign) for path in track.scopes(leaf)):
        return True
    arriving = [one for one in all_branches(graph.model.chart) if one.target == leaf and one.enters]
    return bool(arriving) and all(_gives(track, one) for one in arriving)


def _gives(track: Track, branch: Branch) -> bool:
    return _assigns(branch.transition.body.assign) or (
        branch.leaf in track.states and _keeps(track, branch.leaf)
    )


def _keeps(track: Track, leaf: str) -> bool:
    """A state from which a case comes has an assignee, and the case keeps it."""
    is_work = track.states[leaf].kind is not StateKind.END
    return is_work and any(_assigns(track.states[path].entry.assign) for path in track.scopes(leaf))


def _assigns(assignments: Iterable[Assignment]) -> bool:
    return any(
        one.slot in _ACCOUNTABLE and one.kind is not HolderKind.NOBODY for one in assignments
    )
