"""Where each part of a definition was written: from a path of keys to file, line and column.

A path names what an author writes, from the top of the merged process: `("roles", "desk")`,
`("states", "support", "each_level", "on", "escalate", "by", 0)`, `("timers", "nagging")`. Levels
are laid over `each_level` before, so `("states", "support", "levels", "tier2", "on", "escalate")`
leads to the one line in `each_level` that every level shares. What stands in a taken-in track file
has the path to its name in front: `("tracks", "vendor", "process", "states", "engaged")`, and the
`process` may be left out where the track itself says nothing under the next key.

`read(path)` returns these beside the chart; what is found in a chart later is placed with them:

    loaded = read("processes/help_desk.yaml")
    at = loaded.origins.path_to_state("main", "support.tier2.work")     # a state of the chart
    place = loaded.origins.place_of((*at, "on", "resolve"))             # a transition of it
    Finding(code, message, place.mark, excerpt=place.excerpt)

`nearest` never fails: it gives the place of the deepest part that a path reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from escalation_engine.errors import Mark
from escalation_engine.loader.excerpt import excerpt
from escalation_engine.loader.tree import MarkedMap, Step, walk

__all__ = ["Origins", "Path", "Place"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, and its line with a caret below the column, as findings show it."""

    mark: Mark
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Origins:
    """The places of a merged definition, and of the track files that it takes in."""

    tree: MarkedMap = field(repr=False)
    taken: Mapping[str, MarkedMap] = field(default_factory=dict, repr=False)
    lines: Mapping[str, list[str]] = field(default_factory=dict, repr=False)

    def place_of(self, path: Path, *, at_value: bool = False) -> Place | None:
        """Return where the key at the end of a path stands, or its value; None without such."""
        step, is_whole = self._walk(path)
        return self._place(step, at_value=at_value) if is_whole else None

    def nearest(self, path: Path, *, at_value: bool = False) -> Place:
        """Return the same for as much of the path as there is."""
        return self._place(self._walk(path)[0], at_value=at_value)

    def value_of(self, path: Path) -> object:
        """Return what stands at a path in the merged text; None without such."""
        step, is_whole = self._walk(path)
        return step.value if is_whole else None

    def removed_in(self, path: Path) -> Iterator[tuple[str, Mark]]:
        """Yield each key that a tailoring has taken away inside of a path, and where it did."""
        step, is_whole = self._walk(path)
        if is_whole:
            yield from _removed(step.value)

    def path_to_state(self, track: str, state: str) -> Path | None:
        """Return the path to a state of the chart, such as `support.tier2.work`, in its track.

        An empty state is the track itself. None where the definition has no such track or state.
        """
        path: Path = ("tracks", track)
        if self._walk(path)[1] is False:
            if "states" not in self.tree:
                return None
            path = ()  # the states written directly are a track without a name of its own
        for name in state.split(".") if state else ():
            inner = ((*path, group, name) for group in ("states", "levels"))
            found = next((one for one in inner if self._walk(one)[1]), None)
            if found is None:
                return None
            path = found
        return path

    def _place(self, step: Step, *, at_value: bool) -> Place:
        mark = step.value_mark if at_value else step.key_mark
        return Place(mark, excerpt(self.lines.get(mark.file, ()), mark.line, mark.column))

    def _walk(self, path: Path) -> tuple[Step, bool]:
        """The last step that the path reaches, and whether it is the whole path."""
        match path:
            case ("tracks", str(track), "process", _, *_) if track in self.taken:
                step, count = walk(self.taken[track], path[3:])
                return step, count == len(path) - 3
            case ("tracks", str(track), inner, *_) if track in self.taken:
                own, _ = walk(self.tree, path[:2])
                if not (isinstance(own.value, MarkedMap) and inner in own.value):
                    step, count = walk(self.taken[track], path[2:])
                    return step, count == len(path) - 2
        step, count = walk(self.tree, path)
        return step, count == len(path)


def _removed(node: object) -> Iterator[tuple[str, Mark]]:
    if isinstance(node, MarkedMap):
        yield from node.removed.items()
        for value in node.values():
            yield from _removed(value)
