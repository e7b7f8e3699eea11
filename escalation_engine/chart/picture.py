"""What a diagram of a chart shows: boxes inside boxes, and arrows between them, in any format.

A transition is drawn once, from the scope that declares it. What stays where it is becomes a line
in its box; a refusal is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from escalation_engine.chart.amount import is_off
from escalation_engine.chart.arrow import Arrow, Arrows, ways_of
from escalation_engine.chart.label import (
    condition_label,
    heading,
    line,
    state_title,
    timer_label,
    word,
)
from escalation_engine.chart.model import Branch, Chart, HolderKind, State, StateKind, Track

__all__ = ["Arrow", "Box", "BoxKind", "Picture", "Region", "picture_of"]


class BoxKind(Enum):
    """What a box stands for."""

    WORK = "work"
    DECISION = "decision"
    END = "end"
    IDLE = "idle"
    SCOPE = "scope"
    START = "start"
    ANYTIME = "anytime"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Box:
    """A state, or a small marker. `note` says who holds it or how it ends; `lines` what stays.

    `change` is added, changed or removed where two charts are compared, else empty.
    """

    id: str
    kind: BoxKind
    title: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()
    inner: tuple[Box, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """One track."""

    id: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn of one chart."""

    title: str
    regions: tuple[Region, ...]


def picture_of(chart: Chart) -> Picture:
    """Return what a diagram of the chart shows; the same chart gives the same picture."""
    return Picture(chart.title, tuple(_Drawing(chart, track).region() for track in chart.tracks))


@dataclass(slots=True)
class _Drawing:
    """Draws one track."""

    chart: Chart
    track: Track
    arrows: Arrows = field(default_factory=Arrows)
    staying: dict[str, list[str]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)

    def region(self) -> Region:
        for group in ways_of(self.track):
            self._draw(group)
        if self.track is self.chart.main:
            for opening in self.chart.openings.values():
                for branch in opening.branches:
                    self._open(branch)
        elif self.track.start:
            self.arrows.add(
                self._id("", "start"), self._id(self._entered(self.track.start, "")), ""
            )
        boxes = self._boxes("")
        return Region(
            self._id(""), self.track.title or word(self.track.name), boxes, self.arrows.merged()
        )

    def _open(self, branch: Branch) -> None:
        if branch.target is not None and not branch.transition.refuse:
            target = self._id(self._shown(branch, ""))
            label = condition_label(self.chart, branch.transition)
            self.arrows.add(self._id("", "start"), target, word(branch.event), label)

    def _draw(self, group: tuple[Branch, ...]) -> None:
        """Draw one declared transition, as few times as its targets allow."""
        transition = group[0].transition
        if transition.refuse:
            return
        label = condition_label(self.chart, transition)
        sources = self._sources(transition.declared_in, group)
        for event, source, branch in self._said(sources, transition.event):
            if branch.is_back:
                marker = self._id(self._parent(source), "history")
                self.marked.add(marker)
                start = self._id(source) if source else self._anytime("")
                self.arrows.add(start, marker, event, label, is_back=True)
            elif branch.target is None:
                said = self.staying.setdefault(source, [])
                said.append(line(event, [label] if label else []))
            else:
                target = self._shown(branch, source)
                is_inside = not source or target == source or target.startswith(f"{source}.")
                is_leaf = bool(source) and self.track.states[source].is_leaf
                start = self._anytime(source) if is_inside and not is_leaf else self._id(source)
                self.arrows.add(start, self._id(target), event, label)

    def _said(
        self, sources: list[tuple[str, Branch]], event: str
    ) -> Iterator[tuple[str, str, Branch]]:
        """Each source with the event's words, and again with those of each timer that sends it."""
        sending = [
            timer
            for timer in self.chart.timers.values()
            if timer.send == event and timer.track == self.track.name and not is_off(timer.after)
        ]
        for source, branch in sources:
            yield word(event), source, branch
            for timer in sending if event else ():
                if _contains(timer.scope, source) or _contains(source, timer.scope):
                    yield timer_label(timer), source, branch

    def _sources(self, scope: str, group: tuple[Branch, ...]) -> list[tuple[str, Branch]]:
        """The scopes to draw from: this one where all its leaves agree, else those inside it."""
        if len({(branch.target, branch.is_back) for branch in group}) == 1:
            return [(scope, group[0])]
        found = []
        for child in self._children(scope):
            inside = tuple(branch for branch in group if _contains(child.path, branch.leaf))
            if inside:
                found += self._sources(child.path, inside)
        return found

    def _shown(self, branch: Branch, source: str) -> str:
        """The scope that the arrow points at: the one named, where it leads the same way."""
        written = branch.transition.to
        assert branch.target is not None
        named = [path for path in branch.enters if path == written or path.endswith(f".{written}")]
        levels = [path for path in branch.enters if self._is_level(path)]
        for path in [*named, *levels, *branch.enters]:
            if self._starts_in(path) == branch.target:
                return self._entered(path, source)
        return branch.target

    def _is_level(self, path: str) -> bool:
        return path.rpartition(".")[2] == self.track.states[path].level

    def _entered(self, path: str, source: str) -> str:
        """The scope, or what it starts with where it is drawn around the source."""
        while not self.track.states[path].is_leaf and _contains(path, source):
            path = self._start_child(path)
        return path

    def _starts_in(self, path: str) -> str:
        while not self.track.states[path].is_leaf:
            path = self.track.states[path].start or self._children(path)[0].path
        return path

    def _start_child(self, path: str) -> str:
        leaf = self._starts_in(path)
        child = next(child.path for child in self._children(path) if _contains(child.path, leaf))
        return child if self._starts_in(child) == leaf else leaf

    def _anytime(self, scope: str) -> str:
        self.staying.setdefault(scope, [])
        return self._id(scope, "anytime")

    def _boxes(self, scope: str) -> tuple[Box, ...]:
        boxes = [self._box(state) for state in self._children(scope)]
        if scope in self.staying:
            said = tuple(dict.fromkeys(self.staying[scope]))
            boxes.insert(
                0, Box(self._id(scope, "anytime"), BoxKind.ANYTIME, "At any time", lines=said)
            )
        start = self._id(scope, "start")
        if scope:
            self.arrows.add(start, self._id(self._start_child(scope)), "")
        boxes.insert(0, Box(start, BoxKind.START))
        history = self._id(scope, "history")
        if history in self.marked:
            boxes.append(Box(history, BoxKind.HISTORY, "back to where it was"))
        return tuple(boxes)

    def _box(self, state: State) -> Box:
        id = self._id(state.path)
        is_end = state.kind is StateKind.END
        title, note = heading(
            state_title(state), word(state.outcome) if is_end else self._holder(state)
        )
        if not state.is_leaf:
            return Box(id, BoxKind.SCOPE, title, note, inner=self._boxes(state.path))
        lines = tuple(dict.fromkeys(self.staying.get(state.path, ())))
        return Box(id, BoxKind(state.kind.value), title, note, lines)

    def _holder(self, state: State) -> str:
        roles = [
            self.chart.roles[moved.name].title
            for moved in state.entry.assign
            if moved.kind is HolderKind.ROLE and moved.slot == "assignee"
        ]
        return roles[0] if roles else ""

    def _children(self, scope: str) -> list[State]:
        return [state for state in self.track.states.values() if state.parent == scope]

    def _parent(self, path: str) -> str:
        return self.track.states[path].parent if path else ""

    def _id(self, path: str, marker: str = "") -> str:
        parts = [self.track.name, *path.split(".")] if path else [self.track.name]
        return "__".join([*parts, marker] if marker else parts)


def _contains(scope: str, path: str) -> bool:
    return not scope or path == scope or path.startswith(f"{scope}.")
