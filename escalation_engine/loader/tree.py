"""The marked tree: plain data that remembers where in which file it was written.

Anything that takes a dict or a list (pydantic, json, `==`) takes a tree. Places are kept beside the
data and not inside it, so a text stays a `str`. An alias shares its object with its anchor: do not
change a tree in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from escalation_engine.errors import Mark

__all__ = [
    "MarkedList",
    "MarkedMap",
    "Step",
    "Tree",
    "copied",
    "kind_of",
    "locate",
    "locate_key",
    "locate_name",
    "reach",
    "walk",
]


class MarkedMap(dict[str, object]):
    """A mapping with the place of itself, of each key, and of each value.

    `empty_keys` are the keys behind which nothing is written: their value is None, as for a written
    `null`, yet only a written one removes something where one text is laid over another. `removed`
    are the keys that were taken away so, and where.
    """

    __slots__ = ("empty_keys", "key_marks", "mark", "removed", "value_marks")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.key_marks: dict[str, Mark] = {}
        self.value_marks: dict[str, Mark] = {}
        self.empty_keys: frozenset[str] = frozenset()
        self.removed: dict[str, Mark] = {}

    def put(self, key: str, value: object, *, key_mark: Mark, value_mark: Mark) -> None:
        """Set the key to the value, with both places. A known key keeps its position."""
        self[key] = value
        self.key_marks[key] = key_mark
        self.value_marks[key] = value_mark


class MarkedList(list[object]):
    """A list with the place of itself and of each item."""

    __slots__ = ("item_marks", "mark")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.item_marks: list[Mark] = []

    def add(self, item: object, *, item_mark: Mark) -> None:
        """Append the item with its place."""
        self.append(item)
        self.item_marks.append(item_mark)


Tree: TypeAlias = MarkedMap | MarkedList


def copied(node: MarkedMap) -> MarkedMap:
    """A mapping of its own with the same keys, values and places."""
    copy = MarkedMap(node.mark)
    copy.update(node)
    copy.key_marks, copy.value_marks = dict(node.key_marks), dict(node.value_marks)
    copy.empty_keys, copy.removed = node.empty_keys, dict(node.removed)
    return copy


def locate(tree: Tree, path: Sequence[str | int]) -> Mark:
    """The place of the deepest value that the path reaches.

    Components that the tree does not have are skipped: pydantic adds the tags of unions and indices
    of its own. A path that reaches nothing gives the place of the tree.
    """
    return _walk(tree, path).value_mark


def locate_key(tree: Tree, path: Sequence[str | int]) -> Mark:
    """The place of the last key that the path reaches; an item of a list is its own key.

    Skips as `locate` does.
    """
    return _walk(tree, path).key_mark


def locate_name(tree: Tree, path: Sequence[str | int]) -> Mark:
    """The place of the name at the end of the path, wherever it is written.

    That is a key, or the name itself where a list of names or a single one stands for a mapping.
    """
    *before, name = path or ("",)
    holder = _walk(tree, before)
    if holder.value == name:
        return holder.value_mark
    if isinstance(holder.value, MarkedList) and name in holder.value:
        return holder.value.item_marks[holder.value.index(name)]
    return locate_key(tree, path)


def reach(tree: Tree, path: Sequence[str | int]) -> object:
    """The deepest value that the path reaches, as `locate` does."""
    return _walk(tree, path).value


def walk(tree: Tree, path: Sequence[str | int]) -> tuple[Step, int]:
    """What the path reaches, and how many components of it that are: it stops at the first gap."""
    reached = Step(tree, tree.mark, tree.mark)
    for count, component in enumerate(path):
        further = _step(reached.value, component)
        if further is None:
            return reached, count
        reached = further
    return reached, len(path)


def kind_of(value: object) -> str:
    """What a value is, in the words of an author: "a mapping", "a number" and so on."""
    if value is None:
        return "null"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a number")


_KINDS: Final = ((dict, "a mapping"), (list, "a list"), (str, "a text"), (bool, "a boolean"))


class Step(NamedTuple):
    """What stands at the end of a path, and where: its key, and its value."""

    value: object
    key_mark: Mark
    value_mark: Mark


def _walk(tree: Tree, path: Sequence[str | int]) -> Step:
    reached = Step(tree, tree.mark, tree.mark)
    for component in path:
        reached = _step(reached.value, component) or reached
    return reached


def _step(node: object, component: str | int) -> Step | None:
    """One component further, or None when the node has no such key or item."""
    if isinstance(node, MarkedMap) and isinstance(component, str) and component in node:
        return Step(
            node[component],
            node.key_marks.get(component, node.mark),
            node.value_marks.get(component, node.mark),
        )
    if isinstance(node, MarkedList) and isinstance(component, int) and 0 <= component < len(node):
        mark = node.item_marks[component]
        return Step(node[component], mark, mark)
    return None
