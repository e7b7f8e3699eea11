"""Where a text prints its steps in another order than they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from escalation_engine.chart.model import Chart, State, Track
from escalation_engine.definition import Source

__all__ = ["Misprint", "misprints"]


@dataclass(frozen=True, slots=True)
class Misprint:
    """A state that is taken first, and the one it leads to, all of which is printed before it."""

    first: str
    then: str
    printed: tuple[str, ...]


def misprints(chart: Chart, sources: Mapping[str, Source]) -> tuple[Misprint, ...]:
    """Return each step whose text is printed before that of the step that leads to it.

    What is inferred does not count, nor a loop, nor a detour that a case comes back from.
    """
    order = [
        f"{name}.{statement}" for name, source in sources.items() for statement in source.statements
    ]
    places = {cited: place for place, cited in enumerate(order)}
    return tuple(one for track in chart.tracks for one in _of(track, places))


def _of(track: Track, order: Mapping[str, int]) -> Iterator[Misprint]:
    ways = {leaf: dict.fromkeys(_stated(track, leaf)) for leaf in track.branches}
    for leaf, targets in ways.items():
        for target in targets:
            first, then = track.states[leaf], track.states[target]
            is_detour = then.remembers or leaf in _reached(target, ways)
            if not is_detour and _is_before(then, first, order):
                yield Misprint(leaf, target, then.source)


def _stated(track: Track, leaf: str) -> Iterator[str]:
    """The leaves to which the text leads from one."""
    for branch in (way for ways in track.branches[leaf].values() for way in ways):
        if branch.target and not branch.is_back and not branch.transition.inferred:
            yield branch.target


def _reached(leaf: str, ways: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [leaf]
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += ways.get(one, ())
    return found


def _is_before(one: State, other: State, order: Mapping[str, int]) -> bool:
    """Whether all that one cites is printed before all that the other does."""
    places = [[order[cited] for cited in state.source if cited in order] for state in (one, other)]
    return bool(places[0] and places[1]) and max(places[0]) < min(places[1])
