"""The states of a written process as a tree, with ladders laid out level by level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.verify.oracle.written import Mapping

__all__ = ["Node", "Process", "read"]

_OF_A_STATE = ("on", "timers", "states")
_ROOT = ("on", "timers", "always", "states", "start")


@dataclass(eq=False)
class Node:
    """A state, or the track around all its states."""

    name: str
    body: Mapping
    parent: Node | None = None
    children: dict[str, Node] = field(default_factory=dict)
    written_in: list[Mapping] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Return the full name, beginning with the track."""
        return f"{self.parent.path}.{self.name}" if self.parent else self.name

    @property
    def kind(self) -> str:
        """Return `decision`, `end`, `idle` or nothing."""
        return str(self.body.get("kind", ""))

    @property
    def is_ladder(self) -> bool:
        """Tell whether its inner states are levels."""
        return "levels" in self.body

    def outwards(self) -> Iterator[Node]:
        """Yield it and all that contain it."""
        node: Node | None = self
        while node:
            yield node
            node = node.parent

    def below(self) -> Iterator[Node]:
        """Yield it and all that it contains."""
        yield self
        for child in self.children.values():
            yield from child.below()

    def contains(self, other: Node) -> bool:
        """Tell whether the other stands inside it."""
        return other is not self and self in other.outwards()

    def first_leaf(self) -> Node:
        """Return the leaf in which it starts."""
        node = self
        while node.children:
            node = node.children[node.body.get("start", next(iter(node.children)))]
        return node


@dataclass(eq=False)
class Process:
    """A written process, with the tree of each track."""

    written: Mapping
    tracks: list[Node]
    by_path: dict[str, Node]

    @property
    def opens(self) -> Mapping:
        """Return what opens a case."""
        opens: Mapping = self.written.get("opens") or self.tracks[0].body["opens"]
        return opens

    def target(self, declared: Node, name: str) -> Node:
        """Return the state that a name means where it is written."""
        if name in ("next_level", "first_level"):
            return self._level(declared, name)
        parts = name.split(".")
        for scope in declared.outwards():
            node: Node | None = scope
            for part in parts:
                node = node.children.get(part) if node else None
            if node:
                return node
        raise LookupError(name)

    def _level(self, declared: Node, name: str) -> Node:
        level = next(n for n in declared.outwards() if n.parent and n.parent.is_ladder)
        ladder = level.parent
        assert ladder
        levels = list(ladder.children.values())
        if name == "first_level":
            return levels[0]
        after = levels.index(level) + 1
        if after < len(levels):
            return levels[after]
        return self.target(ladder, ladder.body["after_last_level"])


def read(written: Mapping) -> Process:
    """Lay out the tracks of a process."""
    if "tracks" in written:
        roots = [_node(name, body, None) for name, body in written["tracks"].items()]
    else:
        body = {key: written[key] for key in _ROOT if key in written}
        roots = [_node("main", body, None)]
    by_path = {node.path: node for root in roots for node in root.below()}
    return Process(written, roots, by_path)


def _node(name: str, body: Mapping, parent: Node | None, *also: Mapping) -> Node:
    node = Node(name, body, parent, written_in=[body, *also])
    for child, inner in body.get("states", {}).items():
        node.children[child] = _node(child, inner, node)
    for child, own in body.get("levels", {}).items():
        node.children[child] = _node(child, _over(body.get("each_level", {}), own), node, own)
    return node


def _over(base: Mapping, own: Mapping) -> Mapping:
    merged = {**base, **own}
    for key in _OF_A_STATE:
        if key in base and key in own:
            merged[key] = {**base[key], **own[key]}
    return merged
