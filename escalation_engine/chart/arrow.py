"""The arrows of a diagram: the ways of all leaves by declaration, arrows merged by their ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from escalation_engine.chart.label import line
from escalation_engine.chart.model import Branch, Track

__all__ = ["Arrow", "Arrows", "ways_of"]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, with a line per event."""

    source: str
    target: str
    lines: tuple[str, ...]
    is_back: bool = False
    change: str = ""


def ways_of(track: Track) -> list[tuple[Branch, ...]]:
    """Return the ways of a track, those of one declared transition together, in document order."""
    groups: dict[tuple[object, ...], list[Branch]] = {}
    for leaf in track.states:
        listed = [branch for found in track.branches.get(leaf, {}).values() for branch in found]
        for branch in [*listed, *track.always.get(leaf, ())]:
            written = branch.transition
            # One that leads to the level in a field is one transition with a condition per level.
            key = (branch.event, written.declared_in, written.number, str(written.when))
            groups.setdefault(key, []).append(branch)
    return [tuple(group) for group in groups.values()]


@dataclass(slots=True)
class Arrows:
    """Arrows as they are found; those with the same ends become one."""

    found: dict[tuple[str, str, bool], dict[str, list[str]]] = field(default_factory=dict)

    def add(
        self, source: str, target: str, event: str, condition: str = "", *, is_back: bool = False
    ) -> None:
        """Add an arrow for an event under a condition; both may be empty."""
        events = self.found.setdefault((source, target, is_back), {})
        conditions = events.setdefault(event, [])
        if condition not in conditions:
            conditions.append(condition)

    def merged(self) -> tuple[Arrow, ...]:
        """Return one arrow for each pair of ends, in the order in which they were found."""
        return tuple(
            Arrow(source, target, _lines(events), is_back)
            for (source, target, is_back), events in self.found.items()
        )


def _lines(events: dict[str, list[str]]) -> tuple[str, ...]:
    lines = (line(event, conditions) for event, conditions in events.items())
    return tuple(text for text in lines if text)
