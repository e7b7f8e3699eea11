"""Which elements say by `was:` how they were called in an older version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from escalation_engine.chart.model import Chart, Track

__all__ = ["Renames"]

Node = Mapping[str, Any]
_NO_NODE: Node = {}


class Renames:
    """The old names of what a chart has, as its file writes them."""

    def __init__(self, chart: Chart) -> None:
        try:
            stored = json.loads(chart.source)
        except ValueError:
            stored = {}
        written = stored.get("definition") if isinstance(stored, dict) else None
        self._root: Node = written if isinstance(written, dict) else _NO_NODE

    def old_name(self, section: str, name: str) -> str:
        """Return how an element of a section was called; as it is called where nothing is said."""
        return _was(_inside(self._root, section), name)

    def old_track(self, track: Track) -> str:
        """Return how a track was called."""
        return self.old_name("tracks", track.name)

    def old_path(self, track: Track, path: str) -> str:
        """Return the path by which a state was known in its track."""
        return ".".join(_was(holder, name) for holder, name, _ in self._along(track, path))

    def old_timer(self, track: Track, path: str, name: str) -> str:
        """Return how a timer of a scope was called; `path` is empty for the whole track."""
        nodes = [self._node(track), *(node for _, _, node in self._along(track, path))]
        node = nodes[-1]
        timers = _inside(node, "timers") or _inside(self._root, "timers")
        return _was(timers, name)

    def _node(self, track: Track) -> Node:
        tracks = _inside(self._root, "tracks")
        return _inside(tracks, track.name) if track.name in tracks else self._root

    def _along(self, track: Track, path: str) -> Iterator[tuple[Node, str, Node]]:
        """Yield each name on the way to a state with the mapping that it stands in, and its node.

        What the levels of a ladder share stands in `each_level`.
        """
        node, shared = self._node(track), _NO_NODE
        for name in filter(None, path.split(".")):
            holders = [
                _inside(one, word) for one in (node, shared) for word in ("states", "levels")
            ]
            holder = next((one for one in holders if name in one), _NO_NODE)
            shared = _inside(node, "each_level") if name in _inside(node, "levels") else _NO_NODE
            node = _inside(holder, name)
            yield holder, name, node


def _inside(node: Node, key: str) -> Node:
    found = node.get(key)
    return found if isinstance(found, dict) else _NO_NODE


def _was(holder: Node, name: str) -> str:
    written = holder.get(name)
    return str(written.get("was") or name) if isinstance(written, dict) else name
